"""The book's style sheet holds what some page can match, and nothing that none can."""

import base64
import importlib.util
import io
import re
from pathlib import Path

import pytest
import tinycss2
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[1]
spec = importlib.util.spec_from_file_location("stylesheet", ROOT / "book" / "_ext" / "stylesheet.py")
stylesheet = importlib.util.module_from_spec(spec)
spec.loader.exec_module(stylesheet)

PAGE = '<main id="top"><p class="a b" title="t" style="color: var(--used-in-a-page)">text</p></main>'
DATA = r'<script type="application/json">["<g class=\"in-a-frame\"></g>"]</script>'
SCRIPT = 'node.classList.add("set-by-script"); node.dataset.isLit = ""; make("dialog")'


@pytest.fixture
def names():
    names = stylesheet.Names()
    names.add_page(PAGE + DATA)
    names.add_script(SCRIPT)
    return names


@pytest.mark.parametrize(
    "selector, stays",
    [
        ("p", True),
        ("P.a.b", True),
        ("p.c", False),
        ("#top > .a", True),
        ("#bottom > .a", False),
        (".a:hover", True),
        (".a::before", True),
        (".c:hover", False),
        (".set-by-script", True),
        ("dialog[open]::backdrop", True),
        ("[data-is-lit] p", True),
        ("[data-is-dim] p", False),
        ("[title='x']", True),
        ("g.in-a-frame", True),
        ("p:not(.c)", True),
        ("p:is(.c, .b)", True),
        ("p:is(.c, .d)", False),
        (":where(.c p) .b", False),
        (":root", True),
        ("*", True),
    ],
)
def test_a_rule_stays_if_a_page_or_a_script_knows_its_names(selector, stays, names):
    rules = tinycss2.parse_stylesheet(f"{selector} {{color: red}}")
    assert bool("".join(stylesheet.prune(rules, names))) == stays


def test_of_a_list_of_selectors_those_stay_that_can_match(names):
    rules = tinycss2.parse_stylesheet("@media print { .a, .c { color: red } .c { color: blue } }")
    assert "".join(stylesheet.prune(rules, names)).split() == [
        "@media",
        "print",
        "{",
        ".a{color:",
        "red}",
        "}",
    ]
    assert not "".join(stylesheet.prune(tinycss2.parse_stylesheet("@media print { .c { top: 0 } }"), names))


def test_properties_and_animations_go_that_nothing_names(names):
    css = (
        ":root{--chain: var(--end); --end: 1px; --used-in-a-page: url('a;b'); --set:1}\n"
        ":root{--read: calc(2 * (1px + 2px))}\n"
        ".a{width: var(--read); animation: turn 1s}\n"
        "@keyframes turn{to {top: 0}}\n@keyframes fade{to {opacity: 0}}\n"
    )
    left = stylesheet.drop_unnamed(css, names)
    assert set(re.findall(r"--[\w-]+(?=:)", left)) == {"--used-in-a-page", "--read"}
    assert "url('a;b')" in left and "calc(2 * (1px + 2px))" in left
    assert "turn{" in left and "fade" not in left


def test_addresses_follow_the_sheet():
    css = "a{src: url(../x.woff2); b: url('y.png'); c: url(data:z)}"
    assert stylesheet.moved(css, "math/m.css") == "a{src: url(x.woff2); b: url(math/y.png); c: url(data:z)}"


def test_the_icons_font_has_the_signs_of_the_sheet(tmp_path):
    glyphs = {code: f"icon{code:x}" for code in (0xF0C9, 0xF0C8)}
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0)), pen.lineTo((9, 0)), pen.lineTo((9, 9)), pen.closePath()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", *glyphs.values()])
    builder.setupCharacterMap(glyphs)
    builder.setupGlyf(dict.fromkeys([".notdef", *glyphs.values()], pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", *glyphs.values()], (10, 0)))
    builder.setupHorizontalHeader(ascent=9)
    builder.setupPost()
    builder.save(tmp_path / "icons.ttf")
    old = r"@font-face{font-family:Font Awesome\ 6 Free;src:url(all.woff2)}" + "\n"
    css = stylesheet.with_icons(old + '.bars:before{content:"\\f0c9"}\n', tmp_path / "icons.ttf")
    assert "all.woff2" not in css and css.count("@font-face") == 1
    packed = base64.b64decode(re.search(r"base64,([^)]*)\)", css)[1])
    assert list(TTFont(io.BytesIO(packed)).getBestCmap()) == [0xF0C9]
