"""For the suite as a whole: how it is spread over processes, and the figures that it reports at its end."""

import re
import statistics
import sys
from pathlib import Path

import browser
import pytest
from playwright.sync_api import sync_playwright


@pytest.fixture(scope="session")
def chromium():
    """The one browser of a process: Playwright refuses a second."""
    path = browser.find()
    assert path, browser.MISSING
    with sync_playwright() as playwright:
        chromium = browser.launch(playwright, path)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def axe():
    """The script that finds what a page keeps from readers with other eyes or hands."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "book" / "_ext"))
    try:
        import vendor
    finally:
        sys.path.pop(0)
    return (vendor.fetch() / "axe-core" / "axe.min.js").read_text("utf-8")


# What takes longest begins first, so that at the end no process waits for another's.
LONG = ("test_build", "test_live_runtime", "test_lite", "test_live", "test_site")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """With --dist loadscope, keep a notebook in one process, but spread pages, and chapters that run live."""
    config.option.loadscopereorder = False  # by the number of tests, of which the longest modules have few
    from xdist.scheduler import LoadScopeScheduling

    class ByPage(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            page = re.search(r"test_site\.py::\w+\[([\w/.]+\.html)|::test_every_cell_of_\w+\[(\w+)", nodeid)
            return page[page.lastindex] if page else super()._split_scope(nodeid)

    return ByPage(config, log) if config.getvalue("dist") == "loadscope" else None


def pytest_terminal_summary(terminalreporter):
    times = {}
    for report in terminalreporter.getreports("passed"):
        times.update((name, value) for name, value in report.user_properties if name.startswith("explorer "))
    if times:
        everything = [t for values in times.values() for t in values]
        slowest = max(times, key=lambda name: percentile_95(times[name]))
        terminalreporter.write_line(
            f"slider to changed figure, 95th percentile: {percentile_95(everything):.1f} ms; "
            f"slowest: {slowest} {percentile_95(times[slowest]):.1f} ms"
        )


def percentile_95(values):
    return statistics.quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]
