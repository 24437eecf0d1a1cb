"""Checks at the door: every public function of mlcore passes its input through here.

Each check returns a clean float64 value or raises a ``ValueError`` that says what was expected and what came.
Nothing is ever changed in place.
"""

import sys
import warnings
from decimal import Decimal
from math import isfinite
from numbers import Integral, Real

import numpy as np


class NumericalWarning(UserWarning):
    """The answer is computable, but float64 arithmetic or the data themselves limit what it means."""


class RankDeficiencyWarning(NumericalWarning):
    """The columns of a design are linearly dependent to working precision, so θ̂ is not unique."""


class NearSingularWarning(NumericalWarning):
    """A covariance matrix is so close to singular that densities lose most of their digits."""


class DivergenceWarning(NumericalWarning):
    """An iteration ran away instead of going downhill: usually the learning rate is too large."""


class ConvergenceWarning(NumericalWarning):
    """An iteration was stopped at its limit of steps before it had reached the minimum."""


class SeparableDataWarning(NumericalWarning):
    """Some hyperplane separates the classes without error, so the likelihood has no maximum at a finite θ."""


class NotFittedError(ValueError, AttributeError):
    """``predict`` (or another method that needs θ̂) was called before ``fit``."""


def warn(message, category):
    """Warn at the line that called mlcore, however many calls of its own lie between.

    Python shows a warning once for each line, so at a line of mlcore the second one would not be seen.
    """
    frame, level = sys._getframe(1), 2
    while frame.f_back and frame.f_globals.get("__name__", "").startswith("mlcore."):
        frame, level = frame.f_back, level + 1
    warnings.warn(message, category, stacklevel=level)


def expect(good, what, got, hint=""):
    """Unless it is `good`, raise the ``ValueError`` that says `what` was expected and what was `got`."""
    if not good:
        raise ValueError(f"{what}; got {got}. {hint}".rstrip())


def _shape(a):
    return f"a {a.ndim}-D array of shape {a.shape}" if a.ndim else f"a single value ({a.item()!r})"


def _described(value):
    return f"{type(value).__name__}: {value!r:.80}"


def _refuse_sparse_and_masked(values, name, form):
    """What NumPy would turn into something else in silence: sparse is an object to it, a mask it forgets.

    Attributes are asked of the class: those of a data frame are also the names of its columns.
    """
    kind, what = type(values), f"{name} must be {form}"
    expect(not hasattr(kind, "toarray"), what, f"a sparse {kind.__name__}", f"Use {name}.toarray().")
    arrays = values if isinstance(values, (list, tuple)) else [values]
    masked = [a for a in arrays if isinstance(a, np.ndarray) and hasattr(type(a), "mask")]
    hidden = sum(int(np.sum(a.mask)) for a in masked)
    got, cure = f"a masked array with {hidden} masked entries", "Fill them or drop their rows."
    expect(not hidden, what, got, cure)


def _as_array(values, name, form):
    """`values` as an array of real numbers, of whatever shape and precision; `form` is what was expected."""
    if type(values) is np.ndarray and values.dtype.kind in "fiub":
        return values  # as nearly always, and it is looked at often
    _refuse_sparse_and_masked(values, name, form)
    try:
        a = np.asarray(values)
    except (ValueError, OverflowError) as error:  # ragged lists and the like
        got = f"a {type(values).__name__} that NumPy cannot turn into an array ({error})"
        raise ValueError(f"{name} must be {form}; got {got}.") from None
    if a.dtype.kind == "O":
        a = _from_objects(a, name, form)
    if a.dtype.kind not in "fiub":
        what = {"O": "objects", "c": "complex numbers", "U": "text", "S": "bytes", "M": "dates", "m": "times"}
        hint = " Complex data not supported: pass real and imaginary parts." if a.dtype.kind == "c" else ""
        got = f"{what.get(a.dtype.kind, 'entries')} (a {type(values).__name__} of dtype {a.dtype})"
        raise ValueError(f"{name} must be {form} of real numbers; got {got}.{hint}")
    return a


def _from_objects(a, name, form):
    """Objects that are all real numbers as float64, such as a data frame's columns of several types make."""
    for at, value in np.ndenumerate(a):
        if not isinstance(value, (Real, Decimal, np.bool_)):
            got, cure = f"a missing value ({value!r}){_place(at)}", "Fill them in, or drop their rows."
            expect(not (at and _is_missing(value)), f"{name} must be {form} of finite numbers", got, cure)
            return a  # refused by the caller, as what they are
    try:
        return a.astype(np.float64) if a.ndim else a
    except (ValueError, OverflowError):  # 10**400, or a decimal that signals that it is no number
        got = "objects beyond the range of float64"
        raise ValueError(f"{name} must be {form} of real numbers; got {got}.") from None


def _is_missing(value):
    """Whether it is None, NaN, or what pandas has for them."""
    missing = value is None or type(value).__name__ in ("NAType", "NaTType")
    return missing or (isinstance(value, Real) and value != value)


def _place(at):
    return "".join(f"{word} {i}" for word, i in zip((" at row", ", column"), at))


def _as_float(values, name, form, dtype=np.float64):
    """`values` as a finite array of this dtype, whatever its shape; `form` describes what was expected."""
    given = _as_array(values, name, form)
    with np.errstate(over="ignore", invalid="ignore"):
        a = given.astype(dtype, copy=False)  # where it cannot hold a number that becomes inf, refused below
    if (bad := ~np.isfinite(a)).any():
        first, place = given[bad][0], _place(np.argwhere(bad)[0])
        beyond = f"{name} must be within the range of {a.dtype}"
        expect(not np.isfinite(first), beyond, f"{first}{place}: not finite")
        got = f"{'NaN' if np.isnan(first) else first}{place} ({int(bad.sum())} such entries of {a.size})"
        raise ValueError(f"{name} must be {form} of finite numbers; got {got}.")
    return a


def every(good, values, *, name, what):
    """Return the array `values` where all of it is `good`, an array of truth values; `what` is expected."""
    if not good.all():
        at = np.argwhere(~good)[0]
        place = f" at position {at[0]}" if len(at) == 1 else _place(at)
        raise ValueError(f"{name} must {what}; got {values[tuple(at)]:g}{place}.")
    return values


def finite(values, *, name):
    """Return `values`, finite real numbers in any shape, as a float64 array, or raise ``ValueError``."""
    return _as_float(values, name, "an array")


def matrix(X, *, name="X", dtype=np.float64):
    """Return `X` as a finite matrix.

    Parameters
    ----------
    X : array_like, shape (m, d)
        One example a row, one feature a column. Anything `numpy.asarray` understands, data frames and
        objects that are all real numbers included.
    name : str
        What to call it in the error.
    dtype : dtype
        float64, or float32.

    Returns
    -------
    ndarray, shape (m, d)
        `X` itself where it is of this dtype already: callers must not write into it.

    Raises
    ------
    ValueError
        Not two-dimensional, empty, sparse, masked, complex, not numeric, or not finite.
    """
    form, x = "a 2-D array of shape (m, d)", name.lower()
    X = _as_float(X, name, form, dtype)
    if X.ndim == 2 and X.size:
        return X
    hint = f"Reshape your data: {x}[:, None] for a single feature, {x}[None] for a single row."
    expect(X.ndim == 2, f"{name} must be {form}", _shape(X), hint if X.ndim == 1 else "")
    got = f"0 {'feature' if len(X) else 'sample'}(s) (shape={X.shape}) while a minimum of 1 is required"
    raise ValueError(f"{name} must have at least one row and one column; got {got}.")


def features(X, *, name="X"):
    """Return `X` as `matrix` does; a 1-D array of length m, a single feature, becomes one column (m, 1)."""
    X = finite(X, name=name)
    return matrix(X[:, None] if X.ndim == 1 else X, name=name)


def vector(y, *, name="y", dtype=np.float64):
    """Return `y` as a finite vector, or raise ``ValueError``.

    Parameters
    ----------
    y : array_like, shape (m,)
    name : str
        What to call it in the error.
    dtype : dtype
        float64, or float32.

    Returns
    -------
    ndarray, shape (m,)

    Raises
    ------
    ValueError
        Not one-dimensional, empty, sparse, masked, complex, not numeric, or not finite.
    """
    form = "a 1-D array of shape (m,)"
    if y is None:
        raise ValueError(f"{name} must be {form}: a fit requires y to be passed, but the target y is None.")
    y = _as_float(y, name, form, dtype)
    hint = f"Use {name}.ravel() for a single column." if y.ndim == 2 and 1 in y.shape else ""
    expect(y.ndim == 1, f"{name} must be {form}", _shape(y), hint)
    expect(y.size, f"{name} must have at least one entry", "an empty array")
    return y


def X_y(X, y):
    """Return `X` (m, d) and `y` (m,) as finite float64 arrays of the same length, or raise ``ValueError``."""
    X, y = matrix(X), vector(y)
    rows(X=X, y=y)
    return X, y


def rows(**arrays):
    """Raise ``ValueError`` unless the arrays, given by their names, have equally many rows."""
    if len({len(a) for a in arrays.values()}) > 1:
        got = " and ".join(f"{name} of shape {a.shape}" for name, a in arrays.items())
        raise ValueError(f"{' and '.join(arrays)} must have the same number of rows; got {got}.")


def at_least(value, low, *, name, strict=False):
    """Return the number `value` as a float, if it is finite and at least `low`.

    Parameters
    ----------
    value : real number
        A Python or NumPy number; not a bool, a string, None or an array.
    low : float
        The smallest value allowed; −∞ for any.
    name : str
        What to call it in the error.
    strict : bool
        Whether `low` itself is refused.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        Not a real finite number, or too small.
    """
    bound = f" {'>' if strict else '>='} {low:g}" if isfinite(low) else ""
    expected = f"{name} must be a finite number{bound}"
    expect(isinstance(value, Real) and not isinstance(value, bool), expected, _described(value))
    try:
        number = float(value)
    except OverflowError:
        raise ValueError(f"{expected}; got a number beyond the range of float64.") from None
    good = number > low if strict else number >= low
    expect(good and isfinite(number), expected, f"{number:g}")
    return number


def truth(value, *, name):
    """Return the truth value `value` as a bool; anything else, "False" for one, is a ``ValueError``."""
    expect(isinstance(value, (bool, np.bool_)), f"{name} must be True or False", _described(value))
    return bool(value)


def one_of(value, choices, *, name):
    """Return the text `value` if it is among the `choices`, or raise ``ValueError``."""
    form = f"one of {', '.join(choices)}" if len(choices) > 2 else '"{}" or "{}"'.format(*choices)
    expect(isinstance(value, str) and value in choices, f"{name} must be {form}", f"{value!r:.80}")
    return value


def has(value, *methods, name, form):
    """Return the object `value` if it has the `methods`; described as `form`; no class will do."""
    able = all(callable(getattr(value, method, None)) for method in methods)
    expect(able and not isinstance(value, type), f"{name} must be {form}", _described(value))
    return value


def count(value, low, *, name):
    """Return the whole number `value` as an int if it is at least `low`, or raise ``ValueError``."""
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    expect(whole and value >= low, f"{name} must be a whole number >= {low}", _described(value))
    return int(value)


def grid(values, low, *, name, strict=False):
    """Return `values` as a float64 vector whose entries are all at least `low` (above it if `strict`).

    Raises
    ------
    ValueError
        Not a non-empty 1-D sequence of finite numbers, or an entry too small.
    """
    grid = _as_float(values, name, "a 1-D sequence")
    hint = f"Use [{grid.item():g}] for a single value." if grid.ndim == 0 else ""
    what = f"{name} must be a 1-D sequence of at least one number"
    expect(grid.ndim == 1 and grid.size, what, _shape(grid), hint)
    good, sign = (grid > low, ">") if strict else (grid >= low, ">=")
    return every(good, grid, name=f"every entry of {name}", what=f"be {sign} {low:g}")


def generator(rng):
    """Return `rng` if it is a `numpy.random.Generator`, or raise ``ValueError``."""
    form = "rng must be a numpy.random.Generator, such as np.random.default_rng(0)"
    expect(isinstance(rng, np.random.Generator), form, _described(rng))
    return rng


def fitted(estimator):
    """Raise `NotFittedError` (a ``ValueError``) unless `estimator` has been fitted."""
    if not any(name.endswith("_") and not name.startswith("_") for name in vars(estimator)):
        kind = type(estimator).__name__
        raise NotFittedError(f"this {kind} must be fitted first: call fit; got one without fitted values.")


def column_names(X):
    """The names of a data frame's columns as an array of objects; None if it is none, or not all are text."""
    kind = type(X)  # on the frame itself, "columns" might be the name of a column
    names = X.column_names if hasattr(kind, "column_names") else X.columns if hasattr(kind, "columns") else ()
    names = list(names)
    return np.array(names, dtype=object) if names and all(isinstance(name, str) for name in names) else None


def _check_names(names, estimator, name):
    """Raise ``ValueError`` unless the columns have the names of the fit, in that order."""
    known, kind = getattr(estimator, "feature_names_in_", None), type(estimator).__name__
    if names is None and known is not None:
        what = f"{name} does not have valid feature names, but {kind} was fitted with feature names"
        warn(f"{what}: its columns are taken for {', '.join(known)}, in this order.", UserWarning)
    elif names is not None and known is None:
        what = f"{name} has feature names, but {kind} was fitted without feature names"
        warn(f"{what}: its columns are taken in the order in which they stand.", UserWarning)
    elif names is not None and list(names) != list(known):
        what = "The feature names should match those that were passed during fit.\n"
        if set(names) == set(known):
            what += "Feature names must be in the same order as they were in fit.\n"
            raise ValueError(f"{what}At fit they were {', '.join(known)}; now they are {', '.join(names)}.")
        if new := sorted(set(names) - set(known)):
            what += "\n- ".join(["Feature names unseen at fit time:", *new[:5]]) + "\n"
        if gone := sorted(set(known) - set(names)):
            what += "\n- ".join(["Feature names seen at fit time, yet now missing:", *gone[:5]]) + "\n"
        raise ValueError(what)


def columns(X, estimator, *, name="X", named=True, dtype=np.float64):
    """Return `X` (m, d) as `matrix` does; the fitted `estimator` insists on the d columns of its fit.

    If `named`, also on their names, should it know any: those of a data frame.

    Raises
    ------
    ValueError
        Not fitted (`NotFittedError`), bad `X`, another number of columns, or a data frame whose columns have
        other names, or the same in another order.

    Warns
    -----
    UserWarning
        Only one of the two, the data at fit and `X`, is a data frame with names.
    """
    fitted(estimator)
    if named:
        _check_names(column_names(X), estimator, name)
    X, d = matrix(X, name=name, dtype=dtype), estimator.n_features_in_
    what = f"{name} has {X.shape[1]} features, but {type(estimator).__name__} is expecting {d} features"
    expect(X.shape[1] == d, f"{what} as input, as at fit", f"shape {X.shape}")
    return X


def fraction(value, *, name):
    """Return the number `value` as a float if 0 <= `value` < 1, or raise ``ValueError``."""
    number = at_least(value, 0, name=name)
    expect(number < 1, f"{name} must be a number >= 0 and < 1", f"{number:g}")
    return number


def within(result, X, *, what, name="X"):
    """Return the `result` that was computed from `X` if it is finite; `what` names it in the error."""
    if not np.isfinite(result).all():
        got = f"numbers up to {np.abs(X).max():g}"
        raise ValueError(f"{name} must hold numbers for which {what} stays within float64; got {got}.")
    return result


def real(values, *, name):
    """Return `values` as an array of float32 or float64, whichever it is; other real numbers become float64.

    Infinities and NaN pass. Not real numbers, sparse or masked: ``ValueError``.
    """
    a = _as_array(values, name, "an array")
    return a if a.dtype in (np.float32, np.float64) else a.astype(np.float64)


def labels(y, *, name="y"):
    """Return class labels as a vector of whole numbers, booleans or text.

    Parameters
    ----------
    y : array_like, shape (m,)
        Python objects, such as data frames hold, are fine if they are all numbers or all text.
    name : str
        What to call it in the error.

    Returns
    -------
    ndarray, shape (m,)
        Entries as they were given: nothing is converted but objects to what they are.

    Raises
    ------
    ValueError
        Not one-dimensional, empty, missing values, or numbers that are not whole: targets of a regression.
    """
    _refuse_sparse_and_masked(y, name, "a 1-D array of shape (m,)")
    try:
        labels = np.asarray(y)
    except ValueError:  # ragged lists; vector has the words for all that is no vector
        return vector(y, name=name)
    if labels.ndim > 1:  # a column of text, say
        vector(np.zeros(labels.shape), name=name)
    if labels.dtype.kind == "T" or (labels.dtype.kind == "U" and not isinstance(y, np.ndarray)):
        labels = np.asarray(y, dtype=object)  # a list of text and numbers must not become text silently
    if labels.dtype.kind == "O" and labels.ndim == 1:
        if missing := [i for i, label in enumerate(labels) if _is_missing(label)]:
            got = f"a missing value ({labels[missing[0]]!r}) at row {missing[0]}"
            count = f"{len(missing)} such entries of {len(labels)}"
            raise ValueError(f"{name} must hold a label for each row; got {got} ({count}). Drop their rows.")
        kinds = {type(label) for label in labels}
        alike = any(all(issubclass(kind, one) for kind in kinds) for one in ((Real, np.bool_), str, bytes))
        got = f"a mixture of {', '.join(sorted(kind.__name__ for kind in kinds))}"
        expect(alike, f"{name} must hold labels that are all numbers or all text", got)
        labels = np.asarray(labels.tolist())
    if labels.dtype.kind not in "biufUS" or labels.ndim != 1 or labels.size == 0:
        labels = vector(y, name=name)
    if labels.dtype.kind == "f":
        whole = vector(labels, name=name)
        if np.any(bad := whole != np.floor(whole)):
            what = f"{name} must hold class labels, whole numbers or text"
            raise ValueError(f"Unknown label type: {what}; got continuous values such as {whole[bad][0]:g}.")
    return labels
