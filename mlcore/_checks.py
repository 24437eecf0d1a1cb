"""Checks at the door: every public function of mlcore passes its input through here.

Each check returns a clean float64 value or raises a ``ValueError`` that says what was expected and what came.
Nothing is ever changed in place.
"""

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


def _shape(a):
    return f"a {a.ndim}-D array of shape {a.shape}" if a.ndim else f"a single value ({a.item()!r})"


def _as_float64(values, name, form, finite=True):
    """`values` as a (finite) float64 array, whatever its shape; `form` describes what was expected."""
    if hasattr(values, "toarray") and not isinstance(values, np.ndarray):
        raise ValueError(
            f"{name} must be {form}; got a sparse {type(values).__name__}. Use {name}.toarray()."
        )
    if hasattr(values, "filled") and np.any(values.mask):  # np.asarray would uncover what a mask hides
        raise ValueError(
            f"{name} must be {form}; got a masked array with {int(np.sum(values.mask))} masked "
            "entries. Fill them or drop their rows."
        )
    try:
        a = np.asarray(values)
    except (ValueError, OverflowError) as error:  # ragged lists and the like
        raise ValueError(
            f"{name} must be {form}; got a {type(values).__name__} "
            f"that NumPy cannot turn into an array ({error})."
        ) from None
    if a.dtype.kind not in "fiub":
        what = {"O": "objects", "c": "complex numbers", "U": "text", "S": "bytes", "M": "dates", "m": "times"}
        hint = " Complex data not supported: pass real and imaginary parts." if a.dtype.kind == "c" else ""
        raise ValueError(
            f"{name} must be {form} of real numbers; got {what.get(a.dtype.kind, 'entries')} "
            f"(a {type(values).__name__} of dtype {a.dtype}).{hint}"
        )
    with np.errstate(over="ignore"):  # a long double too large for float64 becomes inf, refused below
        a = a.astype(np.float64, copy=False)
    with np.errstate(over="ignore", invalid="ignore"):
        total = a.sum() if finite else 0.0  # one quick pass: finite only if all entries are
    if not np.isfinite(total) and (bad := ~np.isfinite(a)).any():
        where = [int(i) for i in np.argwhere(bad)[0]]
        place = "".join(f"{word} {i}" for word, i in zip((" at row", ", column"), where))
        what = "NaN" if np.isnan(a[bad][0]) else a[bad][0]
        raise ValueError(
            f"{name} must be {form} of finite numbers; got {what}{place} "
            f"({int(bad.sum())} such entries of {a.size})."
        )
    return a


def check_finite(values, *, name):
    """Return `values`, finite real numbers in any shape, as a float64 array, or raise ``ValueError``."""
    return _as_float64(values, name, "an array")


def check_X(X, *, name="X", finite=True):
    """Return `X` as a finite float64 matrix.

    Parameters
    ----------
    X : array_like, shape (m, d)
        One example a row, one feature a column. Anything `numpy.asarray` understands, data frames included.
    name : str
        What to call it in the error.
    finite : bool
        Whether to look for NaN and inf. It is a pass over the data, and for callers who see from their
        results that there were any, one too many.

    Returns
    -------
    ndarray, shape (m, d), float64
        `X` itself where it is float64 already: callers must not write into it.

    Raises
    ------
    ValueError
        Not two-dimensional, empty, sparse, masked, complex, not numeric, or not finite.
    """
    X = _as_float64(X, name, "a 2-D array of shape (m, d)", finite)
    if X.ndim != 2:
        x, hint = name.lower(), ""
        if X.ndim == 1:
            hint = f" Reshape your data: {x}[:, None] for a single feature, {x}[None] for a single row."
        raise ValueError(f"{name} must be a 2-D array of shape (m, d); got {_shape(X)}.{hint}")
    if X.size == 0:
        what = "sample(s)" if len(X) == 0 else "feature(s)"
        raise ValueError(
            f"{name} must have at least one row and one column; got 0 {what} (shape={X.shape}) "
            "while a minimum of 1 is required."
        )
    return X


def check_vector(y, *, name="y", finite=True):
    """Return `y` as a finite float64 vector, or raise ``ValueError``.

    Parameters
    ----------
    y : array_like, shape (m,)
    name : str
        What to call it in the error.
    finite : bool
        As in `check_X`.

    Returns
    -------
    ndarray, shape (m,), float64

    Raises
    ------
    ValueError
        Not one-dimensional, empty, sparse, masked, complex, not numeric, or not finite.
    """
    if y is None:
        raise ValueError(
            f"{name} must be a 1-D array of shape (m,): a fit requires y to be passed, but the "
            "target y is None."
        )
    y = _as_float64(y, name, "a 1-D array of shape (m,)", finite)
    if y.ndim != 1:
        hint = f" Use {name}.ravel() for a single column." if y.ndim == 2 and 1 in y.shape else ""
        raise ValueError(f"{name} must be a 1-D array of shape (m,); got {_shape(y)}.{hint}")
    if y.size == 0:
        raise ValueError(f"{name} must have at least one entry; got an empty array.")
    return y


def check_X_y(X, y, *, finite=True):
    """Return `X` (m, d) and `y` (m,) as finite float64 arrays of the same length, or raise ``ValueError``.

    `finite` is that of `check_X`.
    """
    X, y = check_X(X, finite=finite), check_vector(y, finite=finite)
    check_rows(X, y)
    return X, y


def check_rows(X, y):
    """Raise ``ValueError`` unless the arrays `X` (m, d) and `y` (m,) are of the same length."""
    if len(X) != len(y):
        raise ValueError(
            f"X and y must have the same number of rows; got X of shape {X.shape} and y of shape {y.shape}."
        )


def check_at_least(value, low, *, name, strict=False):
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

    Raises
    ------
    ValueError
        Not a real finite number, or too small.
    """
    bound = f" {'>' if strict else '>='} {low:g}" if isfinite(low) else ""
    expected = f"{name} must be a finite number{bound}"
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ValueError(f"{expected}; got {type(value).__name__}: {value!r:.80}.")
    try:
        number = float(value)
    except OverflowError:
        raise ValueError(f"{expected}; got a number beyond the range of float64.") from None
    if not isfinite(number) or number < low or (strict and number == low):
        raise ValueError(f"{expected}; got {number:g}.")
    return number


def check_count(value, low, *, name):
    """Return the whole number `value` as an int if it is at least `low`, or raise ``ValueError``."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < low:
        raise ValueError(
            f"{name} must be a whole number >= {low}; got {type(value).__name__}: {value!r:.80}."
        )
    return int(value)


def check_grid(values, low, *, name, strict=False):
    """Return `values` as a float64 vector whose entries are all at least `low` (above it if `strict`).

    Raises
    ------
    ValueError
        Not a non-empty 1-D sequence of finite numbers, or an entry too small.
    """
    grid = _as_float64(values, name, "a 1-D sequence")
    if grid.ndim != 1 or grid.size == 0:
        hint = f" Use [{grid.item():g}] for a single value." if grid.ndim == 0 else ""
        raise ValueError(f"{name} must be a 1-D sequence of at least one number; got {_shape(grid)}.{hint}")
    bad = (grid <= low) if strict else (grid < low)
    if bad.any():
        raise ValueError(
            f"every entry of {name} must be {'>' if strict else '>='} {low:g}; "
            f"got {grid[bad][0]:g} at position {int(bad.argmax())}."
        )
    return grid


def check_rng(rng):
    """Return `rng` if it is a `numpy.random.Generator`, or raise ``ValueError``."""
    if not isinstance(rng, np.random.Generator):
        raise ValueError(
            "rng must be a numpy.random.Generator, such as np.random.default_rng(0); "
            f"got {type(rng).__name__}: {rng!r:.80}."
        )
    return rng


def check_fitted(estimator):
    """Raise `NotFittedError` (a ``ValueError``) unless `estimator` has been fitted."""
    if not any(name.endswith("_") and not name.startswith("_") for name in vars(estimator)):
        kind = type(estimator).__name__
        raise NotFittedError(
            f"this {kind} must be fitted first: call fit before the method you called; "
            f"got a {kind} without fitted values."
        )


def check_columns(X, estimator, *, name="X"):
    """Return `X` (m, d) as `check_X` does; the fitted `estimator` insists on the d columns of its fit.

    Raises
    ------
    ValueError
        Not fitted (`NotFittedError`), bad `X`, or another number of columns.
    """
    check_fitted(estimator)
    X, d = check_X(X, name=name), estimator.n_features_in_
    if X.shape[1] != d:
        raise ValueError(
            f"{name} has {X.shape[1]} features, but {type(estimator).__name__} is expecting {d} "
            f"features as input, as at fit; got shape {X.shape}."
        )
    return X


def check_fraction(value, *, name):
    """Return the number `value` as a float if 0 <= `value` < 1, or raise ``ValueError``."""
    number = check_at_least(value, 0, name=name)
    if number >= 1:
        raise ValueError(f"{name} must be a number >= 0 and < 1; got {number:g}.")
    return number


def check_real(values, *, name):
    """Return `values` as an array of float32 or float64, whichever it is; other real numbers become float64.

    Infinities and NaN pass. Not real numbers: ``ValueError``.
    """
    try:
        a = np.asarray(values)
    except ValueError as error:  # ragged lists
        raise ValueError(
            f"{name} must be an array of real numbers; got a {type(values).__name__} that NumPy "
            f"cannot turn into one ({error})."
        ) from None
    if a.dtype in (np.float32, np.float64):
        return a
    if a.dtype.kind not in "fiub":
        raise ValueError(
            f"{name} must be an array of real numbers; got a {type(values).__name__} of dtype {a.dtype}."
        )
    return a.astype(np.float64)


def check_labels(y, *, name="y"):
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
    try:
        labels = np.asarray(y)
    except ValueError:  # ragged lists; check_vector has the words for all that is no vector
        return check_vector(y, name=name)
    if labels.dtype.kind == "U" and not isinstance(y, np.ndarray):
        labels = np.asarray(y, dtype=object)  # a list of text and numbers must not become text silently
    if labels.dtype.kind == "O" and labels.ndim == 1:
        kinds = {type(label) for label in labels}
        if len(kinds) > 1 and not all(issubclass(kind, (Real, np.bool_)) for kind in kinds):
            raise ValueError(
                f"{name} must hold labels that are all numbers or all text; got a mixture of "
                f"{', '.join(sorted(kind.__name__ for kind in kinds))}."
            )
        labels = np.asarray(labels.tolist())
    masked = hasattr(y, "filled") and np.any(y.mask)  # a data frame's mask is a method
    if labels.dtype.kind not in "biufUS" or labels.ndim != 1 or labels.size == 0 or masked:
        return check_vector(y, name=name)
    if labels.dtype.kind == "f":
        whole = check_vector(labels, name=name)
        if np.any(bad := whole != np.floor(whole)):
            raise ValueError(
                f"Unknown label type: {name} must hold class labels, whole numbers or text; "
                f"got continuous values such as {whole[bad][0]:g}."
            )
    return labels
