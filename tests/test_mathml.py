"""Formulas lose groups that nobody can see, and nothing else."""

from pathlib import Path

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


@pytest.fixture
def mathml(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    import mathml

    yield mathml
    mathml.convert.cache_clear()


@pytest.fixture
def formulas(monkeypatch):
    """Every displayed formula of the book, and what is known to be a trap."""
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    import ledger

    return [*filter(None, TRAPS), *(equation.latex for equation in ledger.scan(ROOT).equations)]


@pytest.mark.parametrize("display", [False, True])
def test_every_sign_stays_where_it_was(display, mathml, formulas, chromium, monkeypatch):
    formulas = [mathml.whole(tex) if display else tex for tex in formulas if display or r"\begin" not in tex]

    def drawn():
        mathml.convert.cache_clear()
        return [mathml.markup(mathml.convert(tex, display)) for tex in formulas]

    after = drawn()
    monkeypatch.setattr(mathml, "ungroup", lambda row: None)
    before = drawn()
    assert sum(map(len, after)) < sum(map(len, before))
    page = chromium.new_page()
    page.set_content("<!DOCTYPE html><body>")
    moved = []
    for tex, pair in zip(formulas, zip(before, after, strict=True), strict=True):
        was, now = page.evaluate(WHERE, pair)
        if was != now:
            moved.append(tex)
    page.close()
    assert not moved


def test_groups_that_count_stay(mathml):
    def drawn(tex):
        return mathml.markup(mathml.convert(tex))

    assert "<math><mrow>" in drawn("a = b")  # without it, Chromium leaves no space around =
    assert "<msub><mi>x</mi><mrow>" in drawn("x_{a + b} = 1")
    assert drawn(r"\left(\frac12\right) + 1").count("<mrow>") == 2  # the bracket grows with its group alone
    assert drawn(r"f(x) + g(y)").count("<mrow>") == 1


def test_only_a_break_outside_all_environments_asks_for_another(mathml):
    rows = r"\begin{aligned} a &= \begin{pmatrix} 1 \\ 2 \end{pmatrix} \\ &= c \end{aligned} ."
    assert mathml.whole(rows) == rows
    assert mathml.whole(r"a \\ b") == r"\begin{split}a \\ b\end{split}"
