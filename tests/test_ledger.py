"""Every displayed equation of the book has a label and a check, and no tag or mark points into the void."""

import importlib.util
import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def load(path):
    """A script of the book as a module, without putting its folder on the path."""
    spec = importlib.util.spec_from_file_location(f"_book_{path.stem}", path)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ledger = load(ROOT / "book" / "_ext" / "ledger.py")


# ------------------------------------------------------------------------------------------------ this book
def test_equations_code_and_checks_of_this_book_fit_together():
    found = ledger.scan(ROOT)
    assert not found.problems, "\n" + "\n".join(found.problems)


# -------------------------------------------------------------------------------- a small book that is right
CHAPTER = r"""# Ridge

Text.

$$
\hat\theta = (X^\top X + \delta^2 I)^{-1} X^\top y
$$ (eq-ridge)

(r14)=
## Why a ridge

$$ J = 0 $$ (eq-two)

```{math}
:label: eq-three

a = b
```

```text
$$ not maths $$
## not a heading
```

:::{admonition} Solution
$$
c = d
$$ (eq-four)
:::

> $$
> e = f
> $$ (eq-five)
"""

CODE = '''
"""Not a tag: (eq-nothing)."""


class Ridge:
    def fit(self, X, y):
        text = "# (eq-string)"
        theta = solve(X, y)  # (eq-ridge)
        # (eq-two, eq-three)

        other = 1
        return theta, text  # shape (d+1,) (eq-four) (eq-five)
'''

TESTS = """
import pytest, numpy as np


def agree(a, b):
    np.testing.assert_allclose(a, b)


@pytest.mark.equation("eq-ridge", "eq-two")
def test_ridge():
    assert solve() == 1


@pytest.mark.equation("eq-three")
class TestThree:
    @pytest.mark.equation("eq-four")
    def test_it(self):
        agree(1, 1)


@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.equation("eq-five"))])
def test_five(x):
    with pytest.raises(ValueError):
        solve()
"""


@pytest.fixture
def book(tmp_path):
    """A function that writes a small book, with parts replaced, and scans it."""

    def write(chapter=CHAPTER, code=CODE, tests=TESTS, notebook=None, name="test_ridge.py"):
        for folder in ("book", "mlcore", "tests"):
            (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / "_toc.yml").write_text(
            "format: jb-book\nroot: book/intro\nchapters:\n- file: book/ridge\n"
        )
        (tmp_path / "book" / "ridge.md").write_text(chapter, encoding="utf-8")
        (tmp_path / "book" / "ahead.md").write_text("# Not in the table of contents\n", encoding="utf-8")
        if notebook:
            cells = [dict(cell_type=kind, source=text.splitlines(keepends=True)) for kind, text in notebook]
            (tmp_path / "book" / "intro.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
        (tmp_path / "mlcore" / "ridge.py").write_text(code, encoding="utf-8")
        (tmp_path / "tests" / name).write_text(tests, encoding="utf-8")
        return ledger.scan(tmp_path)

    return write


def test_what_is_right_has_no_problem(book):
    found = book()
    assert found.problems == []
    assert [(e.label, e.section, e.where) for e in found.equations] == [
        ("eq-ridge", "Ridge", "line 5"),
        ("eq-two", "Why a ridge", "line 12"),
        ("eq-three", "Why a ridge", "line 14"),
        ("eq-four", "Why a ridge", "line 26"),
        ("eq-five", "Why a ridge", "line 31"),
    ]
    assert {e.chapter for e in found.equations} == {"Ridge"}
    assert [e.latex for e in found.equations][:3] == [
        r"\hat\theta = (X^\top X + \delta^2 I)^{-1} X^\top y",
        "J = 0",
        "a = b",
    ]
    assert [(line.label, line.number, line.code) for line in found.lines] == [
        ("eq-ridge", 8, "theta = solve(X, y)"),
        ("eq-two", 11, "other = 1"),
        ("eq-three", 11, "other = 1"),
        ("eq-four", 12, "return theta, text  # shape (d+1,)"),
        ("eq-five", 12, "return theta, text  # shape (d+1,)"),
    ]
    assert {line.function for line in found.lines} == {"Ridge.fit"}
    assert [(c.label, c.test) for c in found.checks] == [
        ("eq-ridge", "test_ridge"),
        ("eq-two", "test_ridge"),
        ("eq-four", "TestThree::test_it"),
        ("eq-three", "TestThree::test_it"),
        ("eq-five", "test_five"),
    ]


def test_notebooks_are_read_cell_by_cell_in_the_order_of_the_contents(book, tmp_path):
    found = book(
        notebook=[
            ("markdown", "# Start\n\n## Part\n"),
            ("code", "print('$$ no $$')"),
            ("markdown", "\n$$ x $$ (eq-x)"),
        ]
    )
    equation = found.equations[0]
    assert (equation.label, equation.chapter, equation.section, equation.where) == (
        "eq-x",
        "Start",
        "Part",
        "cell 3, line 2",
    )
    assert [p for p in found.problems if "(eq-x)" in p] == found.problems != []
    assert [path.stem for path in ledger.chapters(tmp_path)] == ["intro", "ridge", "ahead"]


# --------------------------------------------------------------------------------- each way of being wrong
def only(found, *parts):
    """There is exactly one problem, and its message says all of this."""
    assert len(found.problems) == 1, found.problems
    for part in parts:
        assert part in found.problems[0], found.problems[0]


@pytest.mark.parametrize(
    ("extra", "parts"),
    [
        ("\n$$\nz = 1\n$$\n", ("ridge.md, line 35", "without a label (z = 1)", "write it as")),
        ("\n$$ z = 1 $$\n", ("without a label (z = 1)",)),
        ("\n```{math}\nz = 1\n```\n", ("line 35", "without a label (z = 1)")),
        ("\n````{note}\n```{tip}\n$$ z $$\n```\n````\n", ("line 37", "without a label (z)")),
        ("\n$$ z = 1 $$ (eq_Z)\n", ("the label (eq_Z) does not look like",)),
        (
            "\n```{math}\n---\nlabel: eq_z\n---\nz = 1\n```\n",
            ("line 35", "the label (eq_z) does not look like"),
        ),
        ("\n```{note}\n:class: tip\n\n$$ z $$\n```\n", ("line 38", "without a label (z)")),
        ("\n- a list\n\n  $$\n  z\n  $$\n", ("line 37", "without a label (z)")),
        ("\n$$\nz = 1\n", ("line 35", "opens or closes no displayed equation")),
        ("\nText that runs into\n$$\nz = 1\n$$ (eq-two)\n", ("line 35", "leave an empty line above it")),
        ("\n\\begin{align}\nz &= 1\n\\end{align}\n", ("line 35", r"\begin{align}", "aligned")),
        (
            "\n$$ z = 1 $$ (eq-two)\n",
            ("line 35: the label (eq-two) is already defined in book/ridge.md, line 12",),
        ),
        ("\n$$ z = 1 $$ (eq-new)\n", ("nothing checks (eq-new)", '@pytest.mark.equation("eq-new")')),
    ],
)
def test_red_an_equation_that_is_not_in_order(book, extra, parts):
    only(book(chapter=CHAPTER + extra), *parts)


def test_red_a_tag_without_an_equation(book):
    only(
        book(code=CODE + "x = 1  # (eq-rigde)\n"),
        "mlcore/ridge.py:13 is tagged (eq-rigde)",
        "did you mean eq-ridge?",
        "correct the tag, or remove it",
    )


def test_red_a_check_of_an_equation_that_is_gone(book):
    only(
        book(tests=TESTS.replace('"eq-ridge", ', '"eq-ridge", "eq-gone", ')),
        "tests/test_ridge.py:10 test_ridge checks (eq-gone)",
        "labels no equation",
        "correct the mark, or remove it",
    )


def test_red_an_equation_whose_check_is_gone(book):
    only(book(tests=TESTS.replace('"eq-ridge", ', "")), "book/ridge.md, line 5: nothing checks (eq-ridge)")


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("assert solve() == 1", "solve()", ("test_ridge.py:10 test_ridge", "asserts nothing")),
        ("assert solve() == 1", "assert True", ("asserts nothing",)),
        (
            "    np.testing.assert_allclose(a, b)",
            "    return a, b",
            ("TestThree::test_it", "asserts nothing"),
        ),
        ("    assert solve() == 1", "    pytest.skip('no')\n    assert solve() == 1", ("test_ridge", "skip")),
        ("def test_ridge", "@pytest.mark.skipif(True, reason='')\ndef test_ridge", ("test_ridge", "skip")),
        ("def test_ridge", "@pytest.mark.xfail\ndef test_ridge", ("test_ridge", "expected to fail")),
        ("import pytest, numpy as np", "import pytest\nnp = pytest.importorskip('numpy')", ("whole file",)),
        ("def test_ridge", "def ridge", ("pytest collects only",)),
        ('"eq-ridge", "eq-two"', '"eq-ridge", "eq-two", *MORE', ("literally",)),
        (
            "def agree",
            'pytestmark = pytest.mark.equation("eq-ridge")\n\n\ndef agree',
            ("belongs to no test",),
        ),
    ],
)
def test_red_a_check_that_checks_nothing(book, old, new, parts):
    assert old in TESTS
    only(book(tests=TESTS.replace(old, new, 1)), *parts)


def test_red_a_check_in_a_file_that_is_never_run(book):
    found = book(name="ridge_checks.py")
    assert len(found.problems) == 3 and all("pytest collects only" in p for p in found.problems)


def test_line_numbers_of_tags_and_checks_are_those_of_the_files():
    found = ledger.scan(ROOT)
    for line in found.lines:
        text = (ROOT / line.path).read_text(encoding="utf-8").splitlines()[line.number - 1]
        assert line.code.split("  #")[0] in text
    for check in found.checks:
        text = (ROOT / check.path).read_text(encoding="utf-8").splitlines()[check.number - 1]
        assert text.split("(")[0].endswith("def " + check.test.split("::")[-1])


# ------------------------------------------------------------------------------------ the page of the book
CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book" / "_ext")!r})
extensions = ["myst_parser", "ledger"]
myst_enable_extensions = ["amsmath", "colon_fence", "dollarmath"]
root_doc = "book/intro"
numfig = True
exclude_patterns = ["_build"]
"""


@pytest.fixture
def build(tmp_path):
    """A function that builds the small book; returns the ledger's page, warnings, and pages written."""
    pytest.importorskip("myst_parser")
    book = tmp_path / "book"
    for folder in (book, tmp_path / "mlcore", tmp_path / "tests"):
        folder.mkdir()
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "_toc.yml").write_text(
        "root: book/intro\nchapters:\n- file: book/ridge\n- file: book/ledger\n"
    )
    (book / "intro.md").write_text("# Book\n\n```{toctree}\nridge\nledger\n```\n")
    (book / "ledger.md").write_text("# Ledger\n\n```{ledger}\n```\n")
    (book / "ridge.md").write_text(CHAPTER.replace("## Why a ridge", r"## Why a *ridge*, $\delta$"))
    (tmp_path / "mlcore" / "ridge.py").write_text(CODE)
    (tmp_path / "tests" / "test_ridge.py").write_text(TESTS)

    def run():
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "sphinx",
                "--no-color",
                "-b",
                "html",
                str(tmp_path),
                str(tmp_path / "_build"),
            ],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        written = set(re.findall(r"writing output.*? book/(\w+)$", done.stdout, re.M))
        page = (tmp_path / "_build" / "book" / "ledger.html").read_text(encoding="utf-8")
        page = re.sub(r'</?span( class="pre")?>', "", page)  # where a long name may be broken
        return page, done.stderr, written

    run.root = tmp_path
    return run


def test_page_shows_every_equation_and_follows_every_change(build):
    page, warnings, _ = build()
    assert "WARNING" not in warnings
    assert "5 equations in 1 chapter, 5 of them computed in mlcore, checked by 3 tests." in page
    assert 'href="ridge.html#equation-eq-ridge"' in page and 'id="ledger-eq-ridge"' in page
    assert re.search(r'href="ridge.html#(why-a-ridge-delta|r14)"', page)  # the section goes by both names
    assert "mlcore/ridge.py:8" in page and "tests/test_ridge.py::test_ridge" in page
    entry, proof = re.search(r'id="ledger-eq-ridge"(.*?)<details>(.*?)</details>', page, re.S).groups()
    assert re.match(r'\W*<p class="ledger-label"><a [^>]*>\(1\)</a>', entry.partition(">")[2])
    assert "eq-ridge is its name" in re.sub("<[^>]*>", "", proof)
    assert "eq-ridge" not in re.sub("<[^>]*>", "", entry)

    same, _, written = build()
    assert same == page and not written  # nothing changed: nothing is written

    code = build.root / "mlcore" / "ridge.py"
    code.write_text("\n" + code.read_text())
    page, _, written = build()
    assert "mlcore/ridge.py:9" in page and "mlcore/ridge.py:8" not in page and "ledger" in written
    assert "ridge" not in written

    tests = build.root / "tests" / "test_ridge.py"
    tests.write_text(tests.read_text().replace("def test_ridge", "def test_renamed"))
    page, _, _ = build()
    assert "test_ridge.py::test_renamed" in page and "test_ridge.py::test_ridge" not in page

    chapter = build.root / "book" / "ridge.md"
    chapter.write_text(
        chapter.read_text().replace("# Ridge\n", "# Ridges\n").replace("## Why a", "## Whence a")
    )
    page, _, _ = build()
    assert "Ridges: 5 equations" in page.replace("</a>", "") and "Whence a" in page and "Why a" not in page
    assert re.search(r'href="ridge.html#(whence-a-ridge-delta|r14)"', page)


def test_a_page_can_hold_one_part_of_the_book(build):
    (build.root / "_toc.yml").write_text(
        "root: book/intro\nparts:\n- caption: First things\n  chapters:\n  - file: book/ridge\n"
        "- caption: Second things\n  chapters:\n  - file: book/lasso\n  - file: book/ledger\n"
    )
    (build.root / "book" / "intro.md").write_text("# Book\n\n```{toctree}\nridge\nlasso\nledger\n```\n")
    (build.root / "book" / "lasso.md").write_text("# Lasso\n\n$$ a = b $$ (eq-lasso)\n")
    page = build.root / "book" / "ledger.md"
    page.write_text("# Ledger\n\n```{ledger} Second things\n```\n")
    shown, _, _ = build()
    assert "1 equation in 1 chapter, 0 of them computed in mlcore, checked by 0 tests." in shown
    assert 'id="ledger-eq-lasso"' in shown and 'id="ledger-eq-ridge"' not in shown
    page.write_text("# Ledger\n\n```{ledger} Third things\n```\n")
    _, warnings, _ = build()
    assert "no part of _toc.yml has the caption 'Third things'" in warnings


def test_build_warns_where_sphinx_and_the_scanner_disagree(build):
    chapter = build.root / "book" / "ridge.md"
    chapter.write_text(
        chapter.read_text()
        + textwrap.dedent(
            """
            ```{toctree}
            $$ g = h $$ (eq-six)
            ```

            ```{note}
            $$ i = j $$
            ```
            """
        )
    )
    _, warnings, _ = build()
    assert "the equation (eq-six) is in the source but not on the page: take it out" in warnings
    assert "a displayed equation that is not in the ledger (i = j)" in warnings
