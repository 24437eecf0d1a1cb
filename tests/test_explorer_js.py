"""explorer.js in a real browser: what it shows at a slider's position is what Python draws for those values."""

import functools
import itertools
from importlib.resources import files

import numpy as np
import pytest
from browser import HANG

from mlcore.explore import Slider, _explorer, _page, explore, panels
from mlcore.explore._svg import SvgWriter, markup

SLOPES, KINDS = [-1.0, 0.0, 2.0], ["line", "dots", "nothing"]


def draw(slope, kind):
    """Attributes, texts and whole subtrees change here."""
    fig, (left, right) = panels(2)
    x = np.linspace(0, 1, 4)
    left.plot(*([[], []] if kind == "nothing" else [x, slope * x]), "o" if kind == "dots" else "-")
    left.set(xlim=(0, 1), ylim=(-1, 2))
    left.set_title(
        f"{kind} < {slope:g}", rotation=10 if kind == "dots" else 0
    )  # an attribute that comes and goes
    for k in range(int(slope) + 2):  # more artists for a steeper slope
        right.axhline(k)
    right.set(ylim=(-1, 5))
    return fig


def describe(slope, kind):
    return f"A {kind} of slope {slope:g}."


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(_explorer.FACE, "static")
        patch.setattr(_page, "_page", {"names": set(), "seconds": 0.0, "bytes": 0})
        sliders = dict(slope=Slider(SLOPES, "slope"), kind=Slider(KINDS, "kind"))
        figure = explore(draw, describe=describe, name="demo", play="slope", **sliders)._repr_mimebundle_()[
            "text/html"
        ]
    css, js = (
        files("mlcore.explore").joinpath(f"explorer.{kind}").read_text("utf-8") for kind in ("css", "js")
    )
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(
        f"<!DOCTYPE html><meta charset=utf-8><style>{css}</style><body>{figure}<script>{js}</script>", "utf-8"
    )
    return path.as_uri()


@pytest.fixture
def page(address, chromium):
    page = chromium.new_page()
    page.set_default_timeout(1000 * HANG)
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.address = address
    yield page
    page.close()
    assert not page.complaints


def goto(page, fragment=""):
    page.goto("about:blank")  # another fragment alone would not load the page anew
    page.goto(page.address + fragment)


def shows(page, slope, kind):
    """Whether the panels are, as trees, what the browser makes of Python's frame for these values."""
    return page.evaluate(
        """frame => {
            const [shown, drawn] = [document.querySelector(".explorer-panels"), document.createElement("div")];
            drawn.innerHTML = frame;
            return shown.children.length === drawn.children.length &&
                [...shown.children].every((child, k) => child.isEqualNode(drawn.children[k]));
        }""",
        frame_of(slope, kind),
    )


@functools.cache
def frame_of(slope, kind):
    return markup(*SvgWriter("demo").panels(draw(slope, kind)))


def test_every_frame_from_every_other(page):
    goto(page)
    slope, kind = page.locator("input[type=range]").all()
    positions = list(itertools.product(range(3), range(3)))
    for start in positions:
        for end in positions:
            for i, j in (start, end):
                slope.evaluate("(e, v) => { e.value = v; e.dispatchEvent(new Event('input')); }", i)
                kind.evaluate("(e, v) => { e.value = v; e.dispatchEvent(new Event('input')); }", j)
            i, j = end
            assert shows(page, SLOPES[i], KINDS[j])
            assert page.locator("figcaption").text_content() == describe(SLOPES[i], KINDS[j])


def test_address_follows_and_restores(page):
    goto(page)
    page.locator("input").first.press("End")
    page.wait_for_function("location.hash")
    assert page.evaluate("location.hash") == "#demo:slope=2,kind=dots"
    goto(page, "#demo:slope=-1,kind=nothing")
    assert page.locator("figcaption").text_content() == "A nothing of slope -1."
    page.locator("input").first.press("ArrowRight")
    page.locator("input").last.press("ArrowLeft")  # back at the start: nothing to remember
    page.wait_for_function("!location.hash")


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("#demo:slope=1.4", "A dots of slope 2."),  # the nearest
        ("#demo:kind=line", "A line of slope 0."),
        ("#demo:slope=steep,size=3,kind=", "A dots of slope 0."),
        ("#demo", "A dots of slope 0."),
        ("#other:slope=2;demo:slope=2", "A dots of slope 2."),
    ],
)
def test_address_by_hand(page, fragment, text):
    goto(page, fragment)
    assert page.locator("figcaption").text_content() == text


def test_play_runs_to_the_end_and_starts_over(page):
    goto(page)
    button = page.locator(".explorer-play")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    page.wait_for_function(
        "document.querySelector('.explorer-play').getAttribute('aria-pressed') === 'false'"
    )
    assert page.locator("output").first.text_content() == "2"
    button.click()
    assert page.locator("output").first.text_content() == "-1"
    button.click()
    assert button.get_attribute("aria-pressed") == "false"


def test_no_play_where_motion_is_unwelcome(page):
    page.emulate_media(reduced_motion="reduce")
    goto(page)
    assert page.locator(".explorer-play").is_hidden()
    assert page.locator("input").first.is_visible()
