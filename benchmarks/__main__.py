"""Run all measurements, print the table, and write it with the data of the plots to ``results.json``.

python -m benchmarks                 all of it, some minutes
python -m benchmarks ridge lasso     what has one of these words in its name, printed only
python -m benchmarks --quick         a trial run on tiny sizes, printed only
"""

import argparse
import json
import os
import platform
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

from threadpoolctl import threadpool_info

from . import classification, linear, networks, scaling
from .harness import race

RESULTS = Path(__file__).with_name("results.json")


def cases(quick=False):
    """All rows of the table."""
    return chain(*(topic.cases(quick) for topic in (linear, classification, networks)))


def run(quick=False, words=(), seconds=3.0):
    """Measure, printing each row; return what ``results.json`` holds."""

    def wanted(name):
        return not words or any(word in name for word in words)

    rows = [_row(case, quick, seconds) for case in cases(quick) if wanted(f"{case.work} {case.peer}")]
    curves = [_curve(*one, quick, seconds / 3) for one in scaling.series(quick) if wanted(one[0])]
    return {"machine": machine(), "rows": rows, "scaling": curves}


def _row(case, quick, seconds):
    row = {"work": case.work, "peer": case.peer, "goal": case.goal, "accuracy": case.accuracy}
    if find_spec(case.needs) is None:
        row["skipped"] = f"{case.needs} is not installed"
    else:
        length = {"seconds": 0, "fewest": 3} if quick else {"seconds": seconds, "fewest": 9}
        found = race(*case.build(), floor=case.floor, **length)
        row |= {
            "ratio": _short(found.ratio),
            "seconds": _short(found.seconds),
            "errors": _short(found.errors),
            "pairs": found.pairs,
        }
    print(_line(row), flush=True)
    return row


def _curve(title, grows, peer, needs, builds, quick, seconds):
    curve = {"title": title, "grows": grows, "peer": peer, "sizes": [size for size, _ in builds]}
    if find_spec(needs) is None:
        return curve | {"skipped": f"{needs} is not installed"}
    length = {"seconds": 0, "fewest": 3} if quick else {"seconds": seconds, "fewest": 5}
    found = [race(*build(), floor=1e-11, **length) for _, build in builds]
    print(f"{title}, {grows}: ratios", *(f"{one.ratio[1]:.2f}" for one in found), flush=True)
    ours, theirs = zip(*(one.seconds for one in found))
    return curve | {"ours": _short(ours), "theirs": _short(theirs)}


def _short(numbers):
    return [float(f"{number:.3g}") for number in numbers]


def _line(row):
    work = f"{row['work']} | {row['peer']}"
    if "skipped" in row:
        return f"{work:105s} skipped: {row['skipped']}"
    low, median, high = row["ratio"]
    ours, theirs = row["errors"]
    return (
        f"{work:105s} {median:5.2f} ({low:.2f}–{high:.2f})  goal {row['goal']}  "
        f"errors {ours:.1e} {theirs:.1e}"
    )


def machine():
    """What the numbers depend on, without names of hosts or folders."""

    def installed(name):
        try:
            return version(name)
        except PackageNotFoundError:
            return None

    pools = sorted(
        {
            f"{p['internal_api']} {p['version'] or ''}, {p.get('architecture', '')}".strip(" ,")
            for p in threadpool_info()
        }
    )
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "libraries": pools,
        "threads": max((pool["num_threads"] for pool in threadpool_info()), default=1),
        "packages": {name: installed(name) for name in ("numpy", "scikit-learn", "scipy", "torch")},
    }


def _processor():
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.partition("\n")[0])
    parser.add_argument("words", nargs="*", help="only what has one of these in its name; nothing is written")
    parser.add_argument("--quick", action="store_true", help="tiny sizes; nothing is written")
    options = parser.parse_args()
    if find_spec("torch") is None:
        print("PyTorch is not installed here: its rows are skipped. See benchmarks/README.md.")
    results = run(options.quick, options.words)
    print(json.dumps(results["machine"], ensure_ascii=False))
    if not options.quick and not options.words:
        RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"written: benchmarks/{RESULTS.name}")


if __name__ == "__main__":
    main()
