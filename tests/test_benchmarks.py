"""The harness of the measurements with a clock of its own; every row on tiny sizes; what the book reads."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import __main__ as bench
from benchmarks import scaling
from benchmarks.harness import UnequalAccuracy, race

ROOT = Path(__file__).resolve().parents[1]
RESULTS = json.loads((ROOT / "benchmarks" / "results.json").read_text(encoding="utf-8"))
CASES = list(bench.cases(quick=True))


class Track:
    """Two runners whose times are set, a clock that shows them, and a list of who ran when."""

    def __init__(self, ours, theirs):
        self.now, self.log = 0.0, []
        self.ours, self.theirs = (self._runner(*pair) for pair in (("ours", ours), ("theirs", theirs)))

    def _runner(self, name, times):
        times = itertools.cycle(times)

        def run():
            self.log.append(name)
            self.now += next(times)
            return name

        return run

    def race(self, errors=(0.0, 0.0), floor=1e-12, **options):
        return race(self.ours, self.theirs, lambda *_: errors, floor=floor, clock=lambda: self.now, **options)


def test_both_run_in_turn_and_take_turns_in_going_first():
    track = Track([1.0], [2.0])
    assert track.race(seconds=0, fewest=4).pairs == 4
    assert track.log[:2] == ["ours", "theirs"]  # the warm-up, which finds the errors
    assert track.log[-8:] == ["ours", "theirs", "theirs", "ours", "ours", "theirs", "theirs", "ours"]


def test_a_ratio_is_that_of_a_pair():
    # a machine that becomes ten times slower halfway: medians of times would be of different halves
    speed = [1.0] * 3 + [1.0, 1.0, 10.0, 10.0, 10.0]
    track = Track([3 * s for s in speed], [4 * s for s in speed])
    found = track.race(seconds=0, fewest=6)
    assert found.ratio == pytest.approx((0.75, 0.75, 0.75))
    uneven = Track([1.0], [1.0, 1.0, 1.0, 2.0, 4.0, 5.0, 10.0]).race(seconds=0, fewest=5)
    assert uneven.ratio == pytest.approx(np.quantile([1, 1 / 2, 1 / 4, 1 / 5, 1 / 10], (0.25, 0.5, 0.75)))
    assert uneven.seconds == pytest.approx((1.0, 4.0))


def test_more_pairs_as_time_allows_and_short_work_is_repeated():
    assert Track([0.1], [0.1]).race(seconds=4.1, fewest=3).pairs == 20
    track = Track([0.0009], [0.5])
    found = track.race(seconds=0, fewest=3)
    assert track.log.count("theirs") == 2 + 3  # warm-up, a look at how long it takes, three pairs
    assert track.log.count("ours") == 2 + 3 * 5  # 5 ms at least are timed
    assert found.seconds == pytest.approx((0.0009, 0.5))


@pytest.mark.parametrize(
    "errors, fair",
    [
        ((1e-9, 1e-3), True),
        ((1e-13, 0.0), True),
        ((1e-3, 1e-3), True),
        ((1.02e-3, 1e-3), False),
        ((1e-9, 1e-15), False),
        ((np.nan, 1.0), False),
        ((np.inf, np.inf), True),
    ],
)
def test_unequal_accuracy_is_no_race(errors, fair):
    track = Track([1.0], [1.0])
    if fair:
        assert track.race(errors, seconds=0).errors == errors
        return
    with pytest.raises(UnequalAccuracy, match="ours has an error of"):
        track.race(errors, seconds=0)
    assert len(track.log) == 2  # nothing was timed


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.work} | {case.peer}")
def test_every_row_runs_and_both_sides_do_the_same(case):
    pytest.importorskip(case.needs)
    ours, theirs, errors = case.build()
    first, second = errors(ours(), theirs())
    assert first <= max(1.01 * second, case.floor)
    assert errors(ours(), theirs()) == pytest.approx((first, second), rel=1e-3, abs=1e-9)  # and so again


@pytest.mark.parametrize("name, grows, peer, needs, builds", list(scaling.series(quick=True)))
def test_every_point_of_the_plots_runs(name, grows, peer, needs, builds):
    pytest.importorskip(needs)
    for _, build in builds[:1]:
        ours, theirs, errors = build()
        assert np.all(np.isfinite(errors(ours(), theirs())))


def test_results_hold_the_whole_table():
    names = [(case.work, case.peer) for case in bench.cases()]
    assert [(row["work"], row["peer"]) for row in RESULTS["rows"]] == names
    for row, case in zip(RESULTS["rows"], bench.cases()):
        assert (row["goal"], row["accuracy"]) == (case.goal, case.accuracy)
        assert not row.get("skipped"), "the stored table is to be complete: run it where PyTorch is installed"
        low, median, high = row["ratio"]
        assert 0 < low <= median <= high and row["pairs"] >= 9
        assert row["errors"][0] <= max(1.02 * row["errors"][1], case.floor)
    assert [curve["title"] for curve in RESULTS["scaling"]] == [one[0] for one in scaling.series()]
    for curve, one in zip(RESULTS["scaling"], scaling.series()):
        assert curve["sizes"] == [size for size, _ in one[4]]
        assert len(curve["ours"]) == len(curve["theirs"]) == len(curve["sizes"])
    assert RESULTS["machine"]["threads"] == 1


def test_results_tell_of_the_machine_and_not_whose_it_is():
    text = json.dumps(RESULTS["machine"])
    assert "/" not in text and bench.platform.node() not in text
    assert set(RESULTS["machine"]["packages"]) == {"numpy", "scikit-learn", "scipy", "torch"}


def test_one_thread_however_it_is_started():
    code = (
        "import benchmarks, sklearn.linear_model, threadpoolctl\n"
        "print({pool['num_threads'] for pool in threadpoolctl.threadpool_info()})"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "", "OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"},
    )
    assert result.stdout.strip() == "{1}"


def test_a_row_whose_peer_is_missing_is_skipped_and_says_so(monkeypatch, capsys):
    monkeypatch.setattr(bench, "find_spec", lambda name: None)
    results = bench.run(quick=True, words=["PyTorch"])
    assert results["rows"] and all(row["skipped"] == "torch is not installed" for row in results["rows"])
    assert capsys.readouterr().out.count("skipped: torch is not installed") == len(results["rows"])


def test_only_what_was_asked_for_is_measured():
    results = bench.run(quick=True, words=["ridge, 10,000"])
    assert [row["work"] for row in results["rows"]] == ["ridge, 10,000 × 100"] and not results["scaling"]
    assert results["rows"][0]["pairs"] == 3 and len(results["rows"][0]["ratio"]) == 3


def test_the_page_says_where_a_goal_was_missed():
    notebook = json.loads((ROOT / "book" / "benchmarks.ipynb").read_text(encoding="utf-8"))
    source = next(text for cell in notebook["cells"] if "def goal(" in (text := "".join(cell["source"])))
    room = {}
    exec(source[source.index("def goal(") : source.index("\n\n\n", source.index("def goal("))], room)
    said = [("missed" in room["goal"](row), row) for row in RESULTS["rows"]]
    assert all(missed == bool(row["goal"] and row["ratio"][1] > row["goal"]) for missed, row in said)
    assert "missed" not in room["goal"]({"goal": 0.5, "skipped": "not installed"})
