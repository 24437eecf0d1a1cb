"""What `make figures` does on a page; nothing is judged by its speed here."""

import sys
from pathlib import Path

import browser
import pytest
from test_live import able  # noqa: F401  (fixture)
from test_site import SITE

TOOLS = str(Path(__file__).resolve().parents[1] / "book" / "_tools")
sys.path.insert(0, TOOLS)
import figures  # noqa: E402

sys.path.remove(TOOLS)


@pytest.fixture(scope="module")
def address():
    with browser.serving(SITE) as host:
        yield host


@pytest.fixture
def context(chromium):
    context = chromium.new_context()
    context.set_default_timeout(0)
    yield context
    context.close()


@pytest.mark.parametrize("kind, classes", [("curve", None), ("boundary", 3)])
def test_points_are_many_and_apart(kind, classes):
    points = [point.split("_") for point in figures.scattered(kind, classes)]
    assert len({(x, y) for x, y, *_ in points}) == figures.POINTS == 200
    assert {label for _, _, *rest in points for label in rest} == set("012" if classes else "")


@pytest.mark.parametrize("case", [figures.CASES[0], figures.CASES[-1]], ids=lambda case: case[0])
def test_a_drag_is_timed_at_each_move(case, context, address):
    waits = figures.drag(context, address, *case, moves=4)
    assert len(waits) >= 4 and min(waits) > 0


def test_code_in_the_page_is_timed(able, context, address):  # noqa: F811
    found = figures.live(context, address)
    waits = ("first result", "first explorer", "slider", "Stop", "Restart")
    assert set(found) == {*waits, "MB"} and min(found[wait] for wait in waits) > 0
    assert found["first result"] <= found["first explorer"]


def test_the_longest_cell_is_found(able, context, address):  # noqa: F811
    seconds, number = figures.longest(context, address, "explorers")
    assert seconds > 0 and number >= 1
