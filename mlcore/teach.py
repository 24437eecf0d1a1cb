"""What a chapter shows besides figures: code from its source, tables, and answers to exercises checked.

Nothing here draws; all output is text (Markdown and plain), the same in every run.
"""

import ast
import inspect
import numbers
import re
import textwrap
import unicodedata
from collections.abc import Mapping

import numpy as np

__all__ = ["check", "source", "table"]


class Markdown:
    """Text with two faces: Markdown for a page or a notebook, plain text everywhere else."""

    def __init__(self, markdown: str, plain: str):
        self.markdown, self.plain = markdown, plain

    def _repr_markdown_(self):
        return self.markdown

    def __repr__(self):
        return self.plain


# --------------------------------------------------------------------------------------------------- source
def source(*objects) -> Markdown:
    """The source of functions, methods or classes without their docstrings, for display in a notebook.

    The code is read from where it runs, so a page cannot show code that is not the code. Comments stay, and
    with them the equation labels. A line with the file's name comes first.

    Parameters
    ----------
    *objects
        Functions, methods (`Ridge.fit`), properties (`MLPRegressor.theta_`) or classes, in the order given.

    Returns
    -------
    Markdown
        A block of code.

    Raises
    ------
    ValueError
        If nothing is given, or something that has no Python source (a number, a built-in).
    """
    if not objects:
        raise ValueError("source() needs at least one function, method or class")
    parts, last = [], None
    for obj in objects:
        origin, code = _source(obj)
        if origin and origin != last:
            code = f"# {origin}\n{code}"
        parts.append(code)
        last = origin
    code = "\n\n".join(parts)
    return Markdown(f"```python\n{code}\n```", code)


def _source(obj):
    """File as one would import it (`mlcore/ridge.py`, None for a notebook's own) and source of one object."""
    if isinstance(obj, property):
        obj = obj.fget
    if not (inspect.isroutine(obj) or inspect.isclass(obj)):
        raise ValueError(f"source() shows functions, methods and classes; got {obj!r:.60}")
    obj = inspect.unwrap(obj)
    try:
        code = textwrap.dedent(inspect.getsource(obj))
    except (OSError, TypeError):
        raise ValueError(f"source() found no Python source of {obj!r:.60}") from None
    module = inspect.getmodule(obj)
    origin = None
    if module is not None and module.__name__ != "__main__":
        origin = module.__name__.replace(".", "/") + (
            "/__init__.py" if hasattr(module, "__path__") else ".py"
        )
    return origin, _without_docstrings(code)


def _without_docstrings(code: str) -> str:
    lines = code.splitlines()
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        if ast.get_docstring(node) is not None and len(node.body) > 1:  # alone it is the body: keep it
            first, end = node.body[0].lineno - 1, node.body[0].end_lineno
            while end < len(lines) and not lines[end].strip():  # and the blank lines that set it off
                end += 1
            lines[first:end] = [None] * (end - first)
    return "\n".join(line for line in lines if line is not None)


# ---------------------------------------------------------------------------------------------------- table
def table(columns, formats=None) -> Markdown:
    """A table for display in a notebook.

    Parameters
    ----------
    columns : mapping of str to sequence, each of length n
        Heading -> values: numbers, strings or None (an empty cell). A column of numbers is set flush right,
        so are strings such as "-0.2 ± 0.3 %".
    formats : mapping of str to str or callable, optional
        Heading -> format such as ``"{:.2f}"``, or a function from a value to text. Without one, integers are
        shown in full and other numbers with four significant digits.

    Returns
    -------
    Markdown
        A pipe table, its numbers as books print them; as plain text, columns set apart by two spaces.

    Raises
    ------
    ValueError
        If columns differ in length or are not one-dimensional, or a format belongs to no column.
    """
    if not isinstance(columns, Mapping) or not columns:
        raise ValueError(
            f"table() needs a dict of heading -> values with at least one column; got {columns!r:.60}"
        )
    formats = dict(formats or {})
    unknown = sorted(set(formats) - set(columns))
    if unknown:
        raise ValueError(f"formats for {', '.join(unknown)}, but the columns are {', '.join(columns)}")
    values = {name: _column(name, column) for name, column in columns.items()}
    lengths = {name: len(column) for name, column in values.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(
            "all columns must have the same length; got " + ", ".join(f"{n}: {k}" for n, k in lengths.items())
        )
    right = [all(v is None or _is_number(v) or _is_figure(v) for v in column) for column in values.values()]
    texts = [[_cell(v, formats.get(name)) for v in column] for name, column in values.items()]
    heads = [str(name) for name in values]
    rows = list(zip(*texts))

    def md(cells):
        return "| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |"

    def printed(cells):
        return md(c if "`" in c else minus(c) for c in cells)

    rule = "| " + " | ".join("---:" if r else ":---" for r in right) + " |"
    widths = [max(map(_width, [head, *column])) for head, column in zip(heads, texts)]

    def plain(cells):
        padded = (
            " " * (w - _width(c)) + c if r else c + " " * (w - _width(c))
            for c, w, r in zip(cells, widths, right)
        )
        return "  ".join(padded).rstrip()

    return Markdown("\n".join([md(heads), rule, *map(printed, rows)]), "\n".join(map(plain, [heads, *rows])))


def _column(name, values):
    if isinstance(values, (str, bytes)) or np.ndim(values) != 1:
        raise ValueError(f"column {name!r} must be a one-dimensional sequence of values; got {values!r:.60}")
    return list(values)


def _is_number(value):
    return isinstance(value, numbers.Real) and not isinstance(value, (bool, np.bool_))


_FIGURE = re.compile(r"(?:[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?: ?%)?(?: ± \d+(?:\.\d+)?(?: ?%)?)?|–)?")


def _is_figure(value):
    """Whether it is the text of a number, perhaps with its error or %, or says that there is none."""
    return isinstance(value, str) and _FIGURE.fullmatch(value) is not None


def _cell(value, how):
    if value is None:
        return ""
    if how is None:
        if not _is_number(value):
            return str(value)
        how = "{:d}" if isinstance(value, numbers.Integral) else "{:.4g}"
    text = how(value) if callable(how) else how.format(value)
    # a zero has no sign: whether rounding leaves 0.00 or -0.00 differs from machine to machine
    return text.replace("-", "", 1) if text.lstrip().startswith("-") and not text.strip("-0. ") else text


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def minus(text):
    """Numbers as books print them: a minus sign for a hyphen, 5.6 · 10⁻⁷ for 5.6e-07, on one line."""

    def power(match):
        digits, exponent = match[1], int(match[2])
        if not exponent:
            return digits
        factor = "" if digits == "1" else f"{digits}\u00a0·\u00a0"
        return factor + "10" + str(exponent).translate(_RAISED)

    text = re.sub(r"(?<![\w.])(\d+(?:\.\d+)?)e([+-]\d+)", power, text)
    return re.sub(r"(?<!\w)-(?=\d)", "−", text)


def _width(text):
    return sum(not unicodedata.combining(c) for c in text)  # the hat of θ̂ takes no room


# ---------------------------------------------------------------------------------------------------- check
def check(answer, right, mistakes=None, name="your answer", at=None, rtol=None) -> None:
    """Print whether the answer to an exercise is right, and if not, what is wrong with it.

    Wrong answers never raise: a reader sees one line that helps. What is recognised, in this order: no answer
    yet, something that is no number, the mistakes the author lists, a wrong shape, nan or inf, a turned sign
    or another constant factor, a transpose, a constant difference, the right numbers in another order, too
    few digits; otherwise the entry that is furthest off, relative to its size, is named.

    Parameters
    ----------
    answer : array_like, number, function or None
        What the reader found.
    right : array_like, number or function
        What it should be.
    mistakes : mapping of str to the kind of `right`, optional
        Sentence -> the wrong value that the mistake leads to: ``{"you forgot the factor 2": g / 2}``.
    name : str
        What the answer is called in the message.
    at : sequence, optional
        For functions: the arguments at which they are compared; a tuple holds several arguments of one call.
    rtol : float, optional
        Largest difference allowed, relative to each entry of `right`, or a thousandth of the largest. If not
        given, 2e-3 for values, so that an answer may be rounded as a reader would write it, and 1e-6 for
        whole numbers and for functions.

    Raises
    ------
    ValueError
        If the exercise itself is at fault: `right` is not finite numbers, functions come without `at`, a
        listed mistake equals the right answer.
    """
    if rtol is None:
        rtol = 1e-6 if callable(right) or np.asarray(right).dtype.kind in "iub" else 2e-3
    targets, calls = _targets(right, at, rtol)
    known = {
        text: _mistake(text, wrong, targets, calls, rtol) for text, wrong in dict(mistakes or {}).items()
    }
    with np.errstate(all="ignore"):  # an answer of 1e308 must not end in a warning
        print(f"{name}: {_verdict(answer, targets, calls, known, rtol)}")


def _targets(right, at, rtol):
    """Right values as a list of arrays, and the arguments that gave them (None for plain values)."""
    if not (_is_number(rtol) and 0 < rtol < 1):
        raise ValueError(f"rtol must be a number between 0 and 1; got {rtol!r}")
    calls = None
    if callable(right):
        if at is None or len(at) == 0:
            raise ValueError(
                "to compare functions, give the arguments to compare them at: at=[x1, x2, (x3, y3)]"
            )
        calls = [args if isinstance(args, tuple) else (args,) for args in at]
    elif at is not None:
        raise ValueError("at=... is for functions; `right` is not a function")
    values = [right] if calls is None else [right(*_copies(args)) for args in calls]
    targets = [_array(value) for value in values]
    for value, target in zip(values, targets):
        if target is None or target.size == 0 or not np.isfinite(target).all():
            raise ValueError(f"the right answer must be finite real numbers; got {value!r:.60}")
    return targets, calls


def _mistake(text, wrong, targets, calls, rtol):
    """A listed mistake as a list of arrays."""
    if not isinstance(text, str):
        raise ValueError(f"mistakes maps a sentence to a wrong value; got the key {text!r:.60}")
    if callable(wrong) != (calls is not None):
        raise ValueError(f"the mistake {text!r} and the right answer must both be functions or both values")
    with np.errstate(all="ignore"):  # a mistake may be an overflow
        given = [wrong] if calls is None else [wrong(*_copies(args)) for args in calls]
    values = [_array(v) for v in given]
    if any(v is None for v in values):
        raise ValueError(f"the mistake {text!r} must lead to real numbers; got {wrong!r:.60}")
    if _same(values, targets, rtol):
        raise ValueError(f"the mistake {text!r} leads to the right answer, so it can never be recognised")
    return values


def _verdict(answer, targets, calls, known, rtol):
    if answer is None or answer is Ellipsis:
        return "nothing to check yet"
    if calls is None:
        if callable(answer):
            return "this is a function; a value is wanted (call it?)"
        given = [answer]
    else:
        if not callable(answer):
            return f"a function is wanted; got {_kind(answer)}"
        given = []
        for args in calls:
            try:
                given.append(answer(*_copies(args)))
            except Exception as error:  # the reader's code: whatever it raises is what the line reports
                return f"raises {type(error).__name__} for {_arguments(args)}: {error}"
        if all(value is None for value in given):
            return "nothing to check yet (the function returns None; is a `return` missing?)"
    values = [_array(value) for value in given]
    for i, (raw, value, target) in enumerate(zip(given, values, targets)):
        where = "" if calls is None else f" for {_arguments(calls[i])}"
        if value is None:
            return f"not yet{where}: real numbers are wanted; got {_kind(raw)}"
        if value.shape != target.shape:
            listed = _recognised(values, known, rtol)
            return f"not yet{where}: {listed or _shape(value, target)}"
        bad = np.argwhere(~np.isfinite(value))
        if len(bad):
            listed = _recognised(values, known, rtol)
            finite = f"{_places(len(bad), value.size)} not finite; {_entry(value, bad[0])}"
            return f"not yet{where}: {listed or finite}"
    if _same(values, targets, rtol):
        return "right"
    hint = _recognised(values, known, rtol) or _pattern(values, targets, rtol)
    return f"not yet: {hint or _largest(values, targets, calls, rtol)}"


def _recognised(values, known, rtol):
    return next((text for text, wrong in known.items() if _alike(values, wrong, rtol)), None)


def _alike(values, wrong, rtol):
    """True if nan and inf stand in the same places and all other entries agree."""
    if any(v is None or v.shape != w.shape for v, w in zip(values, wrong)):
        return False
    rest = [[np.where(np.isfinite(a), 0.0, a) for a in arrays] for arrays in (values, wrong)]
    if not all(np.array_equal(v, w, equal_nan=True) for v, w in zip(*rest)):
        return False
    return _same(*([np.where(np.isfinite(a), a, 0.0) for a in arrays] for arrays in (values, wrong)), rtol)


def _pattern(values, targets, rtol):
    """A mistake recognised by how the values differ from the right ones, in words; None if by nothing."""
    a, r = np.concatenate([v.ravel() for v in values]), np.concatenate([t.ravel() for t in targets])
    if not a.any():
        return "all zeros" if a.size > 1 else "zero is not it"
    several = np.count_nonzero(np.abs(r) > 1e-3 * np.abs(r).max()) > 1  # one is a multiple of any
    unit = _scale(r)  # as in `_same`: each entry counts by itself
    u, w = a / unit, r / unit
    gap = np.abs(u - w).max()
    loose = max(rtol, 1e-9)
    explained = min(loose, gap / 10)  # a pattern leaves less of the difference than rounding does
    if r.any():
        factor = float(u @ w / (w @ w))
        if factor and np.abs(u - factor * w).max() <= explained * max(1, abs(factor)):
            said = _factor(factor, several, min(10 * loose, 1e-2))
            if said:
                return said
    for v, t in zip(values, targets):
        if v.ndim == 2 and v.shape[0] == v.shape[1] > 1 and _same([v.T], [t], rtol):
            return "this is the transpose of the right matrix"
    if a.size > 1:
        shift = float(np.mean(a - r))
        if shift and np.abs(a - r - shift).max() <= 1e-2 * abs(shift):
            return f"every entry is {abs(shift):.4g} too {'large' if shift > 0 else 'small'}"
        if np.abs((np.sort(a) - np.sort(r)) / _scale(np.sort(r))).max() <= explained:
            return "the numbers are right, but in another order"
    if gap <= 2e-2:
        digits = max(1, int(-np.log10(gap)))
        said = "1 digit is" if digits == 1 else f"{digits} digits are"
        return f"close: about {said} right. Rounded on the way, or stopped too early?"
    return None


def _factor(factor, several, tol):
    """A constant factor in words; None if it says nothing."""

    def near(x):
        return abs(factor - x) <= tol * abs(x)

    if near(-1):
        return "the sign is turned round"
    sign = ", and the sign is turned round" if factor < 0 else ""
    for size, word in ((2, "twice"), (0.5, "half")):
        if near(size) or near(-size):
            return f"this is {word} the right answer{sign}"
    if not several:
        return None
    size = abs(factor)
    for number, word in ((size, "large"), (1 / size, "small")):
        if 2 < number < 1e6 and abs(number - round(number)) <= tol * number:
            hint = "a sum where a mean is wanted" if word == "large" else "a mean where a sum is wanted"
            return f"every entry is {round(number)} times too {word}{sign} ({hint}, perhaps?)"
    return f"every entry is {size:.4g} times the right one{sign}"


def _shape(value, target):
    text = f"the shape should be {_shape_name(target.shape)}; got {_shape_name(value.shape)}"
    if value.ndim == 2 and value.shape[::-1] == target.shape:
        return text + " (transposed?)"
    if value.size == target.size:
        same = _same([value.reshape(target.shape)], [target], 1e-6)
        return text + (" (the numbers are right: `.ravel()` or `.item()`?)" if same else "")
    if value.ndim == target.ndim == 1 and value.size == target.size - 1:
        return text + " (one entry short: is the intercept, the column of ones, in it?)"
    return text


def _shape_name(shape):
    return f"{shape}" if shape else "() (a number)"


def _largest(values, targets, calls, rtol):
    """Which entry is furthest off, and how many are right."""
    gaps = [np.abs(v - t) / _scale(t) for v, t in zip(values, targets)]
    i = int(np.argmax([gap.max() for gap in gaps]))
    place = np.unravel_index(int(np.argmax(gaps[i])), gaps[i].shape)
    gap = float(values[i][place] - targets[i][place])
    where = "" if calls is None else f" for {_arguments(calls[i])}"
    size = f"{abs(gap):.4g} too {'large' if gap > 0 else 'small'}"
    if values[i].size == 1:
        return f"{float(values[i][place]):.6g} is {size}{where}"
    good = int((gaps[i] <= rtol).sum())
    return (
        f"{good} of {gaps[i].size} entries are right{where}; the furthest off: "
        f"{_entry(values[i], place)}, which is {size}"
    )


def _entry(value, place):
    if value.ndim == 0:
        return f"it is {float(value):.6g}"
    index = ", ".join(str(int(i)) for i in place)
    return f"entry [{index}] is {float(value[tuple(place)]):.6g}"


def _places(count, size):
    return "the value is" if size == 1 else f"{count} of {size} entries {'is' if count == 1 else 'are'}"


def _same(values, targets, rtol):
    """True if all entries agree with their targets, relative to each or to a thousandth of the largest."""
    for value, target in zip(values, targets):
        if value.shape != target.shape:
            return False
        if not np.all(np.abs(value - target) <= rtol * _scale(target)):  # nan compares False: not the same
            return False
    return True


def _scale(target):
    """What differences are measured by: each entry itself, or a thousandth of the largest; 1 if all are 0."""
    return np.maximum(np.abs(target), np.abs(target).max(initial=0.0) / 1000 or 1.0)


def _array(value):
    """A value as a float64 array, or None if it is not real numbers."""
    try:
        array = np.asarray(float(value) if isinstance(value, int) else value)  # an int may be beyond int64
        return array.astype(np.float64) if array.dtype.kind in "buif" else None
    except Exception:  # ragged lists, objects whose conversion fails
        return None


def _copies(args):
    """Arguments of which a reader's function may change what it likes."""
    return tuple(arg.copy() if isinstance(arg, np.ndarray) else arg for arg in args)


def _kind(value):
    kind = type(value).__name__
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype.name}"
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _arguments(args):
    def one(arg):
        text = (
            np.array2string(arg, precision=4, threshold=6, edgeitems=2)
            if isinstance(arg, np.ndarray)
            else f"{arg!r}"
        )
        text = " ".join(text.split())
        return text if len(text) <= 40 else text[:39] + "…"

    return "(" + ", ".join(map(one, args)) + ")"
