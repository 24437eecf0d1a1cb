"""Code has few elements, its colours, and every sign and blank of its text."""

import html
import re
from pathlib import Path

import pytest
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES, Operator, Text

ROOT = Path(__file__).resolve().parents[1]
STYLES = ["a11y-high-contrast-light", "a11y-high-contrast-dark"]
KINDS = {name: kind for kind, name in STANDARD_TYPES.items()}
SESSION = '>>> f(3)\n4\n>>>    "a" + \\\n...  b\nTraceback (most recent call last):\n  ...\nValueError: no\n'
SOURCES = {"pycon": SESSION, "ipython3": "%matplotlib inline\nx = 3 # a\n", "text": " a\n\n b\n"}
SOURCES |= {"python": (ROOT / "mlcore" / "ridge.py").read_text("utf-8")}


@pytest.fixture
def formatter(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    import highlight as extension

    return lambda styles: extension.Formatter(seen_in=styles)


def signs(markup, style):
    """Each sign of a code block that leaves ink, and how it looks, operators taken for text."""
    style, kind, shown = get_style_by_name(style), None, []
    for opened, text in re.findall(r'<span class="(\w+)">|([^<]+)|<[^>]*>', markup):
        kind = KINDS[opened] if opened else kind if text else None
        look = style.style_for_token(Text if kind in (None, Operator) else kind)
        ground = style.style_for_token(KINDS["w"])["color"]
        look = {**look, "color": look["color"] or ground}
        shown += [(sign, str(look)) for sign in html.unescape(text) if not sign.isspace()]
    return shown


@pytest.mark.parametrize("language", SOURCES)
def test_text_and_colours_are_those_of_pygments(language, formatter):
    lexer = get_lexer_by_name(language)
    before = highlight(SOURCES[language], lexer, HtmlFormatter())
    after = highlight(SOURCES[language], lexer, formatter(STYLES))

    def text(markup):
        return html.unescape(re.sub("<[^>]+>", "", markup))

    assert text(after) == text(before)
    for style in STYLES:
        assert signs(after, style) == signs(before, style)
    if language == "python":
        assert after.count("<span") < 0.5 * before.count("<span")


def test_a_prompt_stands_alone(formatter):
    """It is left out when a reader copies, so nothing else may be in its span."""
    shown = highlight(SESSION, get_lexer_by_name("pycon"), formatter(STYLES))
    assert {html.unescape(prompt) for prompt in re.findall(r'<span class="gp">(.*?)</span>', shown)} == {
        ">>> ",
        "... ",
    }


def test_what_looks_different_in_one_style_stays_apart(formatter):
    code = 'f(1, "a")  # b\n'
    one, two = (
        highlight(code, get_lexer_by_name("python"), formatter(styles))
        for styles in (["bw"], ["bw", "default"])
    )
    assert one.count("<span") < two.count("<span")


def test_blanks_join_no_neighbour_whose_ground_is_seen(formatter):
    code = 'print("a" + b)\n'
    shown = highlight(code, get_lexer_by_name("python"), formatter(["colorful", "monokai"]))
    assert '"a"</span> ' in shown


def test_plain_names_and_operators_are_text(formatter):
    """A style may give them a colour; it would take as many elements as all others together."""
    shown = highlight(
        "a = b + 3\n", get_lexer_by_name("python"), formatter(["github-dark-high-contrast"] * 2)
    )
    assert re.findall(r"<span class=.*?</span>", shown) == ['<span class="l">3</span>']
