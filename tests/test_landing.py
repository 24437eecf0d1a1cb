"""The first page: an explorer above the fold, and each chapter with its number, question and drawing.

What holds for every page (nothing wider than a phone, axe, explorers that move) is tested in test_site.py.
"""

import gzip
import os
import re
import sys
import xml.etree.ElementTree as ET
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import yaml
from browser import HANG
from docutils import nodes
from sphinx import addnodes
from sphinx.errors import ExtensionError

from mlcore.explore import COLORS
from mlcore.explore.chapters.intro import SIGMA, believable, thirty_points

ROOT = Path(__file__).resolve().parents[1]
SITE = Path(os.environ.get("MLCORE_SITE") or ROOT / "_build" / "site")
PAGE = SITE / "book" / "intro.html"
CHAPTERS = [
    chapter["file"].removeprefix("book/")
    for part in yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))["parts"]
    if part.get("numbered")
    for chapter in part["chapters"]
]

sys.path.insert(0, str(ROOT / "book" / "_ext"))
try:
    import landing
    import thumbnails
finally:
    sys.path.pop(0)


# ---------------------------------------------------------------------------------------------- the list
ROW = re.compile(
    r'<li><p><a class="reference internal" href="(?P<name>\w+)\.html">'
    r'<span class="landing-number">(?P<number>\d+)</span> '
    r'<span class="landing-title">(?P<title>[^<]+)</span> '
    r'<span class="landing-question">(?P<question>[^<]+)</span> (?P<drawing><svg.*?</svg>)</a></p></li>'
)


def test_every_chapter_is_listed_as_it_is_numbered_and_named():
    rows = [match.groupdict() for match in ROW.finditer(PAGE.read_text("utf-8"))]
    assert [row["name"] for row in rows] == CHAPTERS
    for row in rows:
        chapter = unescape(
            re.search(r"<title>(.*?)</title>", (SITE / "book" / f"{row['name']}.html").read_text("utf-8"))[1]
        )
        assert chapter.startswith(f"{row['number']}. {unescape(row['title'])}"), row["name"]
        assert row["question"].endswith("?") and 'aria-hidden="true"' in row["drawing"]
    assert len({row["question"] for row in rows}) == len({row["drawing"] for row in rows}) == len(CHAPTERS)


def listed(questions, chapters=("book/ridge", "book/lasso")):
    """The list of a book with these chapters in one part, and an appendix."""
    toctrees = nodes.bullet_list()
    toctrees += addnodes.toctree(caption="Before", numbered=0, entries=[(None, "book/notation")])
    toctrees += addnodes.toctree(caption="Part", numbered=999, entries=[(None, name) for name in chapters])
    app = SimpleNamespace(
        config=SimpleNamespace(root_doc="book/intro"),
        builder=SimpleNamespace(get_relative_uri=lambda page, name: f"{name}.html"),
        env=SimpleNamespace(
            tocs={"book/intro": toctrees},
            toc_secnumbers={name: {"": (k,)} for k, name in enumerate(chapters, 3)},
            titles={name: nodes.title("", f"{name.title()}: more") for name in chapters},
        ),
    )
    page = nodes.section("", nodes.title("", "From A to B-C"), landing.chapter_list(questions=questions))
    landing._list_chapters(app, page, "book/intro")
    return page


def test_list_follows_the_table_of_contents():
    page = listed({"lasso": "Which?", "ridge": "How?"})
    assert [title.astext() for title in page.findall(nodes.title)] == ["From A to B-C", "Part"]
    said = [link.astext().split("<svg")[0] for link in page.findall(nodes.reference)]
    assert said == ["3 Book/Ridge How? ", "4 Book/Lasso Which? "]


@pytest.mark.parametrize(
    "questions, chapters, message",
    [
        ({"ridge": "How?"}, ["book/ridge", "book/lasso"], "no question for the chapter lasso"),
        ({"ridge": "How?", "lasso": ""}, ["book/ridge", "book/lasso"], "no question for the chapter lasso"),
        ({"ridge": "How?", "trees": "Why?"}, ["book/ridge"], "no numbered chapter in _toc.yml: trees"),
        ({"trees": "Why?"}, ["book/trees"], "no drawing for the chapter trees"),
    ],
)
def test_red_a_chapter_without_its_question_or_drawing(questions, chapters, message):
    with pytest.raises(ExtensionError, match=message):
        listed(questions, chapters)


# ------------------------------------------------------------------------------------------- the drawings
@pytest.mark.parametrize("name", CHAPTERS)
def test_drawing_is_a_few_shapes_in_the_explorers_colours(name):
    drawing = thumbnails.svg(name)
    assert drawing == thumbnails.svg(name)
    shapes = list(ET.fromstring(drawing))
    assert 2 <= len(shapes) <= 8 and len(drawing) < 4000
    for shape in shapes:
        inks = re.findall(r"(?:fill|stroke):([^;]+)", shape.get("style"))
        assert set(inks) - {"none"} <= {f"var(--explorer-{n},{value})" for n, value in vars(COLORS).items()}
        places = np.array(re.findall(r"[ML]([-\d.e+]+) ([-\d.e+]+)", shape.get("d")), dtype=float)
        inside = (places >= 0) & (places <= (thumbnails.WIDTH, thumbnails.HEIGHT))
        assert np.isfinite(places).all() and inside.all(axis=1).any(), "nothing to be seen"


# ------------------------------------------------------------------------------------------- the explorer
def test_curve_is_off_by_what_the_words_say():
    """The same least squares by the SVD of the centred bumps."""
    (X, y), lam = thirty_points(), 0.5
    _, describe = believable([lam, 7.0])
    Phi = np.exp(-((X - X.T) ** 2) / lam)
    U, s, _ = np.linalg.svd(Phi - Phi.mean(axis=0), full_matrices=False)
    left = y - y.mean() - U @ (s**2 / (s**2 + 0.05**2) * (U.T @ (y - y.mean())))
    assert describe(lam).startswith(f"Off by {np.sqrt(np.mean(left**2)):.2f} on these thirty points")
    assert "accidents" in describe(lam) and f"scatter by {SIGMA}" in describe(7.0)


def test_page_is_small():
    page = PAGE.read_text("utf-8")
    explorer = re.search(r'<figure class="explorer.*?data-src="([^"]*)".*?</figure>', page, re.S)
    frames = (PAGE.parent / explorer[1]).read_bytes()
    assert len(gzip.compress(explorer[0].encode())) + len(gzip.compress(frames)) <= 15_000
    assert len(re.findall(r"<[a-z]", page)) <= 1500


# ------------------------------------------------------------------------------------------ in a browser
@pytest.fixture
def show(chromium):
    """A function that opens the page in a window of a size."""
    contexts = []

    def show(width, height, **options):
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        context.set_default_timeout(1000 * HANG)
        page = context.new_page()
        page.goto(PAGE.resolve().as_uri(), wait_until="load")
        return page

    yield show
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    "width, height, whole", [(1280, 800, True), (1440, 900, True), (1920, 1080, True), (390, 844, False)]
)
def test_title_and_explorer_stand_above_the_fold(width, height, whole, show):
    page = show(width, height)
    figure = page.locator("figure.explorer")
    seen = [
        page.locator("article h1"),
        page.get_by_text("nothing to install"),
        page.get_by_role("link", name="exercises and data"),
        page.get_by_role("link", name="Start reading"),
        figure.locator("input"),
    ]
    for element in [*seen, *[figure] * whole]:
        box = element.bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= height
    assert figure.bounding_box()["width"] >= min(400, width - 80)


def test_curve_moves_when_the_reader_moves_it(show):
    page = show(1280, 800)
    page.wait_for_selector("figure.explorer[data-frames=here]")
    slider, drawing = page.locator("figure.explorer input"), page.locator("figure.explorer .explorer-panels")
    curves = [drawing.inner_html()]
    for key in ("ArrowRight", "End"):
        slider.press(key)
        curves.append(drawing.inner_html())
    assert len(set(curves)) == 3
    assert "too stiff" in page.locator("figure.explorer figcaption").inner_text()
    assert page.locator("figure.explorer .explorer-play").count() == 0  # it never moves by itself


@pytest.mark.parametrize("part", ["svg", ".landing-question", ".landing-number"])
@pytest.mark.parametrize("width", [1280, 390])
def test_row_is_a_link_as_a_whole(width, part, show):
    page = show(width, 844)
    led = page.locator(f".landing-part li {part}").evaluate_all(
        """parts => parts.map(part => {
            part.scrollIntoView({block: "center", behavior: "instant"});
            const { x, y, width, height } = part.getBoundingClientRect();
            const hit = document.elementFromPoint(x + width / 2, y + height / 2);
            return hit.closest("a")?.getAttribute("href");
        })"""
    )
    assert led == [f"{name}.html" for name in CHAPTERS]


def test_no_button_opens_contents_that_are_not_there(show):
    page = show(390, 844)
    assert page.locator(".bd-header-article .primary-toggle").is_visible()
    assert page.locator(".secondary-toggle:visible").count() == 0


def test_reading_starts_with_the_first_chapter(show):
    link = show(1280, 800).get_by_role("link", name="Start reading")
    assert link.get_attribute("href") == f"{CHAPTERS[0]}.html"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_drawings_have_the_colours_of_the_explorer(theme, show):
    """A drawing's blue is that of the curve in the same theme."""
    ink = "selector => getComputedStyle(document.querySelector(selector)).getPropertyValue('stroke')"
    page = show(1280, 800, color_scheme=theme)
    drawing = page.evaluate(ink, "a[href='momentum.html'] path[style*='--explorer-fit']")
    assert drawing == page.evaluate(ink, "figure.explorer path[style*='--explorer-fit']")
