"""What chapters show: source, tables, and the checker of exercises."""

import contextlib
import io
import json
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcore.teach import check, source, table


# --------------------------------------------------------------------------------------------------- source
def outer(x):
    """A docstring.

    In two parts.
    """

    # a comment stays
    def inner(y):
        "Short."
        return y + x  # (eq-example)

    text = """not a docstring"""
    return inner, text


class Thing:
    """Doc."""

    number = 1

    def method(self, x):
        """Doc."""
        return x

    @property
    def half(self):
        """Doc."""
        return self.number / 2

    class Alone(Exception):
        """Only this."""


def test_source_keeps_the_code_and_drops_the_docstrings():
    shown = source(outer)
    assert repr(shown).splitlines() == [
        "# " + __name__.replace(".", "/") + ".py",
        "def outer(x):",
        "    # a comment stays",
        "    def inner(y):",
        "        return y + x  # (eq-example)",
        "",
        '    text = """not a docstring"""',
        "    return inner, text",
    ]
    assert shown._repr_markdown_() == f"```python\n{shown!r}\n```"


def test_source_of_a_method_is_dedented_and_the_file_named_once():
    shown = repr(source(Thing.method, Thing.half))
    assert shown.startswith("# ") and shown.count("# ") == 1
    assert "\ndef method(self, x):\n    return x\n\n\n@property\ndef half(self):" in shown.replace(
        "\n\n@", "\n\n\n@"
    )


def test_source_of_a_class_keeps_a_docstring_that_is_the_whole_body():
    shown = repr(source(Thing))
    assert '"""Only this."""' in shown and shown.count('"""') == 2
    namespace = {}
    exec(shown, namespace)  # what is shown still runs
    assert namespace["Thing"]().half == 0.5


@pytest.mark.parametrize("thing", [3, "text", len, np.sin, None])
def test_source_refuses_what_has_none(thing):
    with pytest.raises(ValueError, match="source"):
        source(thing)
    with pytest.raises(ValueError, match="at least one"):
        source()


# ---------------------------------------------------------------------------------------------------- table
def test_table_formats_aligns_and_escapes():
    shown = table(
        {"name": ["a|b", "long name"], "δ": [1, 20], "θ̂": np.array([0.123456, -1e-9])},
        formats={"θ̂": "{:.2f}"},
    )
    assert shown._repr_markdown_().splitlines() == [
        "| name | δ | θ̂ |",
        "| :--- | ---: | ---: |",
        "| a\\|b | 1 | 0.12 |",
        "| long name | 20 | 0.00 |",
    ]
    assert repr(shown).splitlines() == [
        "name        δ     θ̂",
        "a|b         1  0.12",
        "long name  20  0.00",
    ]


def test_table_defaults_and_functions():
    shown = table({"m": [442, None], "x": [np.pi, 1e-9], "f": ["p", True]}, formats={"m": lambda v: f"<{v}>"})
    assert shown._repr_markdown_().splitlines()[2:] == ["| <442> | 3.142 | p |", "|  | 10⁻⁹ | True |"]


@pytest.mark.parametrize(
    ("column", "right"),
    [
        (["-0.2 ± 0.3 %", "11.5% ± 1.3%", "", "–", "1e-3", "+4"], True),
        ([7, "1.5", None], True),
        (["1", "7 to 10"], False),
        (["0.03, 3"], False),
        (["a"], False),
        ([True], False),
    ],
)
def test_texts_of_numbers_stand_as_numbers(column, right):
    shown = table({"a": column})
    assert ("---:" in shown.markdown.splitlines()[1]) == right
    longest, *others = sorted(repr(shown).splitlines()[1:], key=len, reverse=True)
    assert not right or all(not line or len(line) == len(longest) for line in others)


def test_numbers_are_printed_as_in_books_but_not_in_code():
    shown = table({"a": ["-0.2 ± 0.1", "`x = -1`"]})
    assert shown.markdown.splitlines()[2:] == ["| −0.2 ± 0.1 |", "| `x = -1` |"]
    assert repr(shown).splitlines()[1] == "-0.2 ± 0.1"


@pytest.mark.parametrize(
    ("columns", "formats", "message"),
    [
        ({}, None, "at least one column"),
        ([1, 2], None, "dict"),
        ({"a": [1, 2], "b": [1]}, None, "a: 2, b: 1"),
        ({"a": [[1, 2]]}, None, "one-dimensional"),
        ({"a": "text"}, None, "one-dimensional"),
        ({"a": [1]}, {"b": "{}"}, "formats for b, but the columns are a"),
    ],
)
def test_table_refuses(columns, formats, message):
    with pytest.raises(ValueError, match=message):
        table(columns, formats)


# ---------------------------------------------------------------------------------------------------- check
def says(capsys, *args, **kwargs):
    assert check(*args, **kwargs) is None
    out, err = capsys.readouterr()
    assert err == "" and out.count("\n") == 1
    return out.strip()


theta = np.array([1.5, -2.0, 0.25])
matrix = np.array([[1.0, 2.0], [3.0, 5.0]])


@pytest.mark.parametrize(
    ("answer", "right", "line"),
    [
        (None, theta, "nothing to check yet"),
        (..., 3.0, "nothing to check yet"),
        (theta + 1e-9, theta, "right"),
        ([1.5, -2, 0.25], theta, "right"),
        (3, 3.0, "right"),
        (np.float32(0.1), 0.1, "right"),
        (0, 0.0, "right"),
        (10**30, 1e30, "right"),
        ("three", 3.0, "not yet: real numbers are wanted; got a str"),
        ([[1, 2], [3]], matrix, "not yet: real numbers are wanted; got a list"),
        (1j * theta, theta, "not yet: real numbers are wanted; got an array of complex128"),
        (np.sin, 3.0, "this is a function; a value is wanted (call it?)"),
        (theta[:, None], theta, "not yet: the shape should be (3,); got (3, 1) (the numbers are right: "
         "`.ravel()` or `.item()`?)"),
        (theta[1:], theta, "not yet: the shape should be (3,); got (2,) (one entry short: is the intercept, "
         "the column of ones, in it?)"),
        (np.ones((2, 3)), np.ones((3, 2)), "not yet: the shape should be (3, 2); got (2, 3) (transposed?)"),
        (theta, 2.0, "not yet: the shape should be () (a number); got (3,)"),
        ([], theta, "not yet: the shape should be (3,); got (0,)"),
        ([1.5, np.nan, 0.25], theta, "not yet: 1 of 3 entries is not finite; entry [1] is nan"),
        (np.inf, 2.0, "not yet: the value is not finite; it is inf"),
        (-theta, theta, "not yet: the sign is turned round"),
        (-3.0, 3.0, "not yet: the sign is turned round"),
        (2 * theta, theta, "not yet: this is twice the right answer"),
        (-theta / 2, theta, "not yet: this is half the right answer, and the sign is turned round"),
        (442 * theta, theta, "not yet: every entry is 442 times too large (a sum where a mean is wanted, "
         "perhaps?)"),
        (theta / 442, theta, "not yet: every entry is 442 times too small (a mean where a sum is wanted, "
         "perhaps?)"),
        (0.3 * theta, theta, "not yet: every entry is 0.3 times the right one"),
        (0 * theta, theta, "not yet: all zeros"),
        (matrix.T, matrix, "not yet: this is the transpose of the right matrix"),
        (theta + 0.5, theta, "not yet: every entry is 0.5 too large"),
        (theta[::-1], theta, "not yet: the numbers are right, but in another order"),
        (3.13, np.pi, "not yet: close: about 2 digits are right. Rounded on the way, or "
         "stopped too early?"),
        ([0.37, 1.67], [np.exp(-1), 1.6651], "not yet: close: about 2 digits are right. Rounded on the way, "
         "or stopped too early?"),
        ([0.048, 0.035], [0.0482, 0.0354], "not yet: close: about 1 digit is right. Rounded on the way, or "
         "stopped too early?"),
        ([200, 0.9], [200, 0.95], "not yet: 1 of 2 entries are right; the furthest off: entry [1] is 0.9, "
         "which is 0.05 too small"),
        ([15, 0.02], [15, 0.01], "not yet: 1 of 2 entries are right; the furthest off: entry [1] is 0.02, "
         "which is 0.01 too large"),
        (1.02 * theta, theta, "not yet: every entry is 1.02 times the right one"),
        (5.0, 3.0, "not yet: 5 is 2 too large"),
        ([1.5, -2.0, 0.75], theta, "not yet: 2 of 3 entries are right; the furthest off: entry [2] is "
         "0.75, which is 0.5 too large"),
        ([[1, 2], [3, 1]], matrix, "not yet: 3 of 4 entries are right; the furthest off: entry [1, 1] "
         "is 1, which is 4 too small"),
    ],
)  # fmt: skip
def test_check_says_what_is_wrong(capsys, answer, right, line):
    assert says(capsys, answer, right, name="θ̂") == "θ̂: " + line


def test_check_recognises_listed_mistakes_first(capsys):
    mistakes = {"you forgot the factor 2": theta / 2, "the intercept is missing": theta[1:]}
    assert says(capsys, theta / 2, theta, mistakes) == "your answer: not yet: you forgot the factor 2"
    assert says(capsys, theta[1:], theta, mistakes) == "your answer: not yet: the intercept is missing"
    assert says(capsys, theta, theta, mistakes) == "your answer: right"


def test_check_compares_functions(capsys):
    def right(x, a):
        return a * x**2

    at = [(np.array([1.0, 2.0]), 3.0), (np.array([0.5, 4.0]), -1.0)]

    def says_of(f, **kwargs):
        return says(capsys, f, right, at=at, name="f", **kwargs)

    assert says_of(lambda x, a: a * x * x) == "f: right"
    assert says_of(None) == "f: nothing to check yet"
    assert says_of(lambda x, a: None) == (
        "f: nothing to check yet (the function returns None; is a `return` missing?)"
    )
    assert says_of(4.0) == "f: a function is wanted; got a float"
    assert says_of(lambda x: x).startswith("f: raises TypeError for ([1. 2.], 3.0): ")
    assert says_of(lambda x, a: 2 * a * x**2) == "f: not yet: this is twice the right answer"
    assert says_of(lambda x, a: 1 / (x - 1)) == (
        "f: not yet for ([1. 2.], 3.0): 1 of 2 entries is not finite; entry [0] is inf"
    )
    assert says_of(lambda x, a: a * x, mistakes={"the square is missing": lambda x, a: a * x}) == (
        "f: not yet: the square is missing"
    )
    pole = {"there is a pole at 1": lambda x, a: 1 / (x - 1)}
    assert says_of(lambda x, a: 1 / (x - 1), mistakes=pole) == (
        "f: not yet for ([1. 2.], 3.0): there is a pole at 1"
    )
    assert "not finite" in says_of(lambda x, a: 2 / (x - 1), mistakes=pole)
    wrong = says_of(lambda x, a: a * x)
    assert wrong.startswith(
        "f: not yet: 0 of 2 entries are right for ([0.5 4. ], -1.0); the furthest off: entry [0]"
    )


def test_check_hands_out_copies(capsys):
    x = np.ones(3)

    def spoil(x):
        x *= 0
        return x

    assert "all zeros" in says(capsys, spoil, lambda x: x, at=[x])
    assert (x == 1).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (dict(right=np.nan), "finite"),
        (dict(right="x"), "finite real numbers"),
        (dict(right=[]), "finite"),
        (dict(right=np.sin), "at="),
        (dict(right=1.0, at=[1]), "for functions"),
        (dict(right=1.0, rtol=0), "rtol"),
        (dict(right=1.0, mistakes={"same": 1.0}), "never be recognised"),
        (dict(right=1.0, mistakes={"f": np.sin}), "both be functions"),
        (dict(right=1.0, mistakes={2.0: "text"}), "sentence"),
        (dict(right=1.0, mistakes={"text": "x"}), "real numbers"),
    ],
)
def test_check_refuses_a_faulty_exercise(arguments, message):
    with pytest.raises(ValueError, match=message):
        check(None, **arguments)


numbers = st.one_of(
    st.none(),
    st.floats(),
    st.integers(-(10**30), 10**30),
    st.text(max_size=3),
    st.lists(st.floats(), max_size=4),
    st.lists(st.lists(st.floats(), max_size=3), max_size=3),
    st.builds(object),
    st.dictionaries(st.text(max_size=1), st.integers(), max_size=2),
)


@given(answer=numbers, right=st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=3))
def test_check_never_raises_for_a_reader(answer, right):
    line = io.StringIO()
    with contextlib.redirect_stdout(line), warnings.catch_warnings():
        warnings.simplefilter("error")
        check(answer, right)
    said = line.getvalue()
    assert said.startswith("your answer: ") and said.count("\n") == 1


@pytest.mark.parametrize("shown", [table({"δ": [0.5, 1.0]}), source(check)], ids=["table", "source"])
def test_the_page_gets_markdown_and_the_terminal_text(shown):
    pytest.importorskip("IPython")
    from IPython.core.formatters import DisplayFormatter

    data, _ = DisplayFormatter().format(shown)
    assert set(data) == {"text/plain", "text/markdown"}
    json.dumps(data)
