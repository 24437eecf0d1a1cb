"""Formulas lose groups that nobody can see, and nothing else."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[1]
TRAPS = r"""
f(x) = (a + b)(c - d) \\ -(-x) \\ \left(\sum_{i=1}^m |x_i|\right)^2 \\ \Phi\theta^\top\Sigma \\ E[A \mid B]
\max(0, z) \\ \{{=}\} \\ x {+} y \\ {-}1 \\ \bigl(\tfrac12\bigr)^{-1} \\ \sqrt{a - b} \\ \arg\min_x f
\underbrace{x + y}_{= 0} \\ \begin{pmatrix}1 & -1\\0 & \ddots\end{pmatrix} \\ x^{(i)\top} \\ \hat y
""".replace("\n", r" \\ ").split(r" \\ ")
WHERE = """([before, after]) => {
  const signs = markup => {
    const place = document.createElement("div");
    place.innerHTML = markup;
    document.body.replaceChildren(place);
    return [...place.querySelectorAll("mi, mn, mo, mtext")].map(sign => {
      const { x, y, width, height } = sign.getBoundingClientRect();
      return [sign.textContent, ...[x, y, width, height].map(Math.fround)].join(" ");
    });
  };
  return [signs(before), signs(after)];
}"""


@pytest.fixture(scope="module")
def extensions():
    """The folder of the book's extensions can be imported from."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "book" / "_ext"))
        yield


@pytest.fixture(scope="module")
def mathml(extensions):
    import mathml

    return mathml


@pytest.fixture(scope="module")
def formulas(extensions):
    """Every displayed formula of the book, and what is known to be a trap."""
    import ledger

    return [*filter(None, TRAPS), *(equation.latex for equation in ledger.scan(ROOT).equations)]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_primes_stand_beside_their_letter_as_large_as_it(count, mathml):
    formula = mathml.convert("f" + count * "'")
    assert "".join(formula.itertext()) == "f" + count * "′" and formula.find(".//msup") is None
    spaces = {(sign.get("lspace"), sign.get("rspace")) for sign in formula.iter("mo")}
    assert spaces == {("0em", "0em")}


@pytest.mark.parametrize("display", [False, True])
def test_every_sign_stays_where_it_was(display, mathml, formulas, chromium, monkeypatch):
    formulas = [mathml.whole(tex) if display else tex for tex in formulas if display or r"\begin" not in tex]

    def drawn():
        mathml.convert.cache_clear()
        return [mathml.markup(mathml.convert(tex, display)) for tex in formulas]

    after = drawn()
    with monkeypatch.context() as patch:
        patch.setattr(mathml, "ungroup", lambda row: None)
        before = drawn()
    mathml.convert.cache_clear()
    assert sum(map(len, after)) < sum(map(len, before))
    page = chromium.new_page()
    sheet = (mathml.vendor.fetch() / "temml/dist/Temml-STIX2.css").read_text("utf-8")
    page.set_content(f"<!DOCTYPE html><style>{sheet}</style><body>")
    moved = []
    for tex, pair in zip(formulas, zip(before, after, strict=True), strict=True):
        was, now = page.evaluate(WHERE, pair)
        if was != now:
            moved.append(tex)
    page.close()
    assert not moved


def test_a_formula_is_broken_behind_a_bracket_of_given_size_with_a_power(mathml):
    tex = r"C \approx \bigl(\nabla^2 f(a)\bigr)^{-1}, \qquad \text{for one}\quad S \approx \frac{1}{g}"
    parts = ["".join(part.itertext()) for part in mathml.pieces(mathml.convert(tex, True), True, long=0)]
    assert parts == ["C", "≈(∇2f(a))−1,", "for\xa0oneS", "≈1g"]


@pytest.mark.parametrize("display", [False, True])
def test_pieces_stand_where_the_whole_formula_does_where_there_is_room(display, mathml, formulas, chromium):
    page = chromium.new_page(viewport={"width": 4000, "height": 800})
    sheets = [mathml.vendor.fetch() / "temml/dist/Temml-STIX2.css", ROOT / "book" / "_ext" / "mathml.css"]
    sheets = "".join(sheet.read_text("utf-8") for sheet in sheets)
    page.set_content(f"<!DOCTYPE html><style>{sheets}</style><body>")
    moved, several = [], 0
    for tex in formulas:
        tex = mathml.whole(tex) if display else tex
        if not display and r"\begin" in tex:
            continue
        whole = mathml.markup(mathml.convert(tex, display))
        parts = mathml.pieces(mathml.convert(tex, display), display)
        several += len(parts) > 1
        pair = [whole, mathml.joined(parts) if display else "<wbr>".join(map(mathml.markup, parts))]
        was, now = page.evaluate(WHERE, [f'<div class="formula">{text}</div>' for text in pair])
        places = [
            [(sign.split()[0], *map(float, sign.split()[-4:])) for sign in signs] for signs in (was, now)
        ]
        first = [signs[0][1] for signs in places if signs]
        for (sign, x, y, *size), (same, x_now, y_now, *size_now) in zip(*places, strict=True):
            off = [x - first[0] - x_now + first[1], y - y_now, *(a - b for a, b in zip(size, size_now))]
            if sign != same or max(map(abs, off)) > 0.1:
                moved.append((tex, sign, off))
                break
    page.close()
    assert several > (100 if display else 10)
    assert not moved, (len(moved), moved[:5])


def test_aligned_rows_stand_as_in_a_table_and_break_where_there_is_no_room(mathml, formulas, chromium):
    sheets = [mathml.vendor.fetch() / "temml/dist/Temml-STIX2.css", ROOT / "book" / "_ext" / "mathml.css"]
    sheets = "".join(sheet.read_text("utf-8") for sheet in sheets)
    tables, grids, several = [], [], r"\begin{aligned} a &= b + c \\ &= d \end{aligned}"
    assert mathml.aligned(mathml.convert(several, True)) is None  # short rows
    for tex in map(mathml.whole, formulas):
        if grid := mathml.aligned(mathml.convert(tex, True)):
            tables.append(mathml.markup(mathml.convert(tex, True)))
            grids.append(grid)
    assert len(grids) > 100

    def page(width, texts):
        page = chromium.new_page(viewport={"width": width, "height": 800})
        boxes = "".join(f'<div class="math"><div class="formula">{text}</div></div>' for text in texts)
        page.set_content(f"<!DOCTYPE html><style>{sheets}</style><body>{boxes}")
        return page

    wide = """[...document.querySelectorAll('.formula')]
        .filter(box => box.scrollWidth > box.clientWidth + 1).length"""
    counts = []
    for texts in (tables, grids):
        phone = page(390, texts)
        counts.append(phone.evaluate(wide))
        phone.close()
    assert counts[1] < counts[0] / 4
    desk = page(2000, [])
    for pair in zip(tables, grids):
        was, now = desk.evaluate(WHERE, [f'<div class="formula">{text}</div>' for text in pair])
        places = [
            [(sign.split()[0], *map(float, sign.split()[-4:])) for sign in signs] for signs in (was, now)
        ]
        (_, x0, y0, *_), (_, x1, y1, *_) = (signs[0] for signs in places)
        for (sign, x, y, *size), (same, x_now, y_now, *size_now) in zip(*places, strict=True):
            assert sign == same and size == pytest.approx(size_now, abs=0.1)
            assert [x - x0, y - y0] == pytest.approx([x_now - x1, y_now - y1], abs=3), pair
    desk.close()


X, MINUS = "<mi>x</mi>", "<mo>−</mo>"
OPEN, CLOSE = '<mo form="prefix" stretchy="false">(</mo>', '<mo form="postfix" stretchy="false">)</mo>'
GROWING = '<mo form="prefix" stretchy="true">(</mo>'


@pytest.mark.parametrize(
    "before, after",
    [
        (f"<mrow>{X}{MINUS}{X}</mrow>", None),  # in <math>
        (f"<mrow>{X}</mrow>", None),
        (f"<msub>{X}<mrow>{X}{MINUS}{X}</mrow></msub>", None),  # one part of several
        (f"<mrow>{X}<mrow>{MINUS}</mrow></mrow>", None),  # a sign alone
        (f"<mrow>{X}<mrow>{MINUS}{X}</mrow></mrow>", None),  # a sign of its own, not one between two
        (f"<mrow>{X}<mrow>{X}{X}</mrow></mrow>", None),  # Firefox parts upright letters from italic ones
        (f'<mrow>{X}<mrow class="wide">{X}</mrow></mrow>', None),
        (f"<mrow>{X}<mrow>{OPEN}{X}{CLOSE}</mrow></mrow>", f"<mrow>{X}{OPEN}{X}{CLOSE}</mrow>"),
        (f"<mrow>{X}<mrow>{GROWING}{X}{CLOSE}</mrow></mrow>", None),
        (f"<mrow>{X}<mrow>{X}</mrow></mrow>", f"<mrow>{X}{X}</mrow>"),
        (f"<mtd><mrow>{X}{MINUS}{X}</mrow></mtd>", None),
        (f"<mrow><mrow>{X}{MINUS}{X}</mrow></mrow>", f"<mrow>{X}{MINUS}{X}</mrow>"),
        ("<mtd><mrow></mrow></mtd>", "<mtd></mtd>"),
    ],
)
def test_groups_that_count_stay(before, after, mathml):
    formula = ElementTree.fromstring(f"<math>{before}</math>")
    mathml.ungroup(formula)
    assert mathml.markup(formula) == f"<math>{after or before}</math>"


def test_only_a_break_outside_all_environments_asks_for_another(mathml):
    rows = r"\begin{aligned} a &= \begin{pmatrix} 1 \\ 2 \end{pmatrix} \\ &= c \end{aligned} ."
    assert mathml.whole(rows) == rows
    assert mathml.whole(r"a \\ b") == r"\begin{split}a \\ b\end{split}"


@pytest.mark.parametrize(
    "tex, text",
    [
        ("10^{-6}", "10⁻⁶"),
        (r"\hat\theta = (X^\top X)^{-1}X^\top y", "θ\u0302=(XᵀX)⁻¹Xᵀy"),
        (r"\frac{\delta^2}{2}", "δ²/2"),
        (r"\frac{a + b}{2}", "(a+b)/2"),
        (r"\frac{\partial f}{\partial\theta_1}", "∂f/∂θ₁"),
        (r"\sqrt{a + b}", "√(a+b)"),
        (r"\pi_k^{y_{ik}}", "πₖ^(yᵢₖ)"),
        (r"\sum_{i=1}^m x", "∑ᵢ₌₁ᵐx"),
        (r"\frac{1}{2}\theta_1^2", "(1/2)θ₁²"),
        (r"\frac{1}{2} + \theta", "1/2+θ"),
        (r"\begin{pmatrix} 4 & 2 \\ 2 & 5 \end{pmatrix}", "(4 2; 2 5)"),
    ],
)
def test_a_search_shows_a_formula_as_plain_text(tex, text, mathml):
    import search_texts

    assert search_texts.in_a_line(mathml.convert(tex, True)) == text


def test_a_search_knows_the_first_page_that_defines_a_term(mathml):
    import search_texts

    definitions = {"lasso": {"b": "sec", "a": "top"}, "gone": {"z": "sec"}}
    texts = {"a": {"": ["A", ""], "sec": ["S", ""]}, "b": {"sec": ["S", ""]}}
    assert search_texts.defined(definitions, ["a", "b"], texts) == {"lasso": ["a", ""]}
    assert search_texts.defined(definitions, ["b", "a"], texts) == {"lasso": ["b", "sec"]}
