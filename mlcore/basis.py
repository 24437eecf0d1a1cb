"""Basis functions φ: new columns computed from old ones, so that a model linear in θ can bend.

Nothing is fitted here except the means and widths of `StandardScaler`. None of the functions adds the
constant column: the estimators bring the intercept θ₀ themselves.
"""

from collections import Counter
from itertools import combinations_with_replacement

import numpy as np

from ._checks import check_at_least, check_columns, check_count, check_X
from ._estimator import Parameters


def as_columns(X, *, name="X"):
    """Return `X` as a finite float64 matrix (m, d); a 1-D array of length m becomes one column (m, 1)."""
    return check_X(X[:, None] if np.ndim(X := np.asarray(X)) == 1 else X, name=name)


def _monomials(d, degree):
    """Index tuples of all monomials of degree 1..degree: (0,), (1,), (0, 0), (0, 1), (1, 1), … for d = 2."""
    return [index for k in range(1, degree + 1) for index in combinations_with_replacement(range(d), k)]


def polynomial(X, degree):
    """All monomials of the columns of `X`, of degree 1 up to `degree`.

    For one feature these are x, x², …; for two x₁, x₂, x₁², x₁x₂, x₂², …: by degree, and within a degree in
    lexicographic order. There are (d + degree)! / (d! degree!) − 1 of them.

    Parameters
    ----------
    X : array_like, shape (m, d) or (m,)
        A 1-D array is one feature.
    degree : int
        At least 1.

    Returns
    -------
    ndarray, shape (m, n)

    Raises
    ------
    ValueError
        Bad `X`, a `degree` that is not a whole number ≥ 1, or powers beyond the range of float64.

    Notes
    -----
    Equations eq-polynomial (one feature) and eq-polynomial-2d (several).
    Source: lecture deck D, Non-linear regression (regression with basis functions).
    """
    X, degree = as_columns(X), check_count(degree, 1, name="degree")
    products = {(): np.ones(len(X))}  # the empty product; every other is a shorter one times one more factor
    with np.errstate(over="ignore", invalid="ignore"):
        for index in _monomials(X.shape[1], degree):
            products[index] = products[index[:-1]] * X[:, index[-1]]  # (eq-polynomial) (eq-polynomial-2d)
    del products[()]  # the constant column is the intercept's
    Phi = np.column_stack(list(products.values()))  # (m, n)
    if not np.isfinite(Phi).all():
        raise ValueError(
            f"powers of X up to degree {degree} must stay within the range of float64 "
            f"(about 1.8e308); got |x| up to {np.abs(X).max():g}. Standardise X first."
        )
    return Phi


def polynomial_names(d, degree):
    """Names of the columns of `polynomial`, in its order.

    Parameters
    ----------
    d : int
        Number of features.
    degree : int

    Returns
    -------
    list of str
        ``["x1", "x2", "x1²", "x1·x2", "x2²"]`` for d = 2 and degree 2.

    Raises
    ------
    ValueError
        `d` or `degree` is not a whole number ≥ 1.
    """
    d, degree = check_count(d, 1, name="d"), check_count(degree, 1, name="degree")
    raised = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

    def factor(j, power):
        return f"x{j + 1}" + (str(power).translate(raised) if power > 1 else "")

    powers = [Counter(index) for index in _monomials(d, degree)]
    return ["·".join(factor(j, power) for j, power in counts.items()) for counts in powers]


def rbf(X, centers, lam):
    """Radial basis functions: one bump on each centre, φₖ(x) = exp(−‖x − μₖ‖²/λ).

    Each value lies between 0 and 1, and is 1 exactly at the centre. λ is in squared units of x: at the
    distance √λ a bump has fallen to 1/e.

    Parameters
    ----------
    X : array_like, shape (m, d) or (m,)
        A 1-D array is one feature.
    centers : array_like, shape (n, d) or (n,)
        The centres μ, with as many columns as `X`.
    lam : float
        Width λ > 0.

    Returns
    -------
    ndarray, shape (m, n)

    Raises
    ------
    ValueError
        Bad `X` or `centers`, different numbers of columns, or λ not a positive number.

    Notes
    -----
    Equation eq-rbf. Source: lecture deck D, Non-linear regression (regression with basis functions). Squared
    distances are sums of squared differences, not ‖x‖² − 2xᵀμ + ‖μ‖², which loses all digits of a small
    distance between points far from the origin.
    """
    X, centers = as_columns(X), as_columns(centers, name="centers")
    lam = check_at_least(lam, 0, name="lam", strict=True)
    if X.shape[1] != centers.shape[1]:
        raise ValueError(
            f"X and centers must have the same number of columns; "
            f"got X of shape {X.shape} and centers of shape {centers.shape}."
        )
    with np.errstate(over="ignore"):  # a squared distance beyond float64 is inf, and exp(-inf) = 0 is right
        squared = sum(
            np.subtract.outer(x, mu) ** 2 for x, mu in zip(X.T, centers.T)
        )  # ‖x − μ‖², shape (m, n)
        return np.exp(-squared / lam)  # (eq-rbf)


class StandardScaler(Parameters):
    """Shift each column to mean 0 and scale it to standard deviation 1: z = (x − mean) / std.

    A penalty on θ treats all features alike only if their units are alike; this makes them so. The standard
    deviation is that of the population (divided by m); a constant column has none and is only shifted.

    Attributes
    ----------
    mean_ : ndarray, shape (d,)
        Column means, in the units of the columns.
    scale_ : ndarray, shape (d,)
        Column standard deviations, in the units of the columns; 1 for a constant column.

    Notes
    -----
    Equation eq-standardise.
    """

    def fit(self, X, y=None):
        """Find `mean_` and `scale_` of the columns of `X` (m, d); `y` is ignored. Returns the scaler."""
        X = check_X(X)
        largest = np.abs(X).max(axis=0)  # (d,)
        unit = np.where(largest > 0, largest, 1.0)  # in this unit no square can overflow
        Z = X / unit
        self.mean_ = Z.mean(axis=0) * unit
        self.scale_ = Z.std(axis=0) * unit
        self.scale_[self.scale_ == 0] = (
            1.0  # Z of a constant column is exactly ±1 or 0, so its spread exactly 0
        )
        return self

    @property
    def n_features_in_(self):
        """Number of columns d at fit, under the name that scikit-learn looks for."""
        return len(self.mean_)

    def transform(self, X):
        """Return the standardised columns of `X` (m, d)."""
        X = check_columns(X, self)
        return (X - self.mean_) / self.scale_  # (eq-standardise)

    def fit_transform(self, X, y=None):
        """Fit to `X` (m, d), then transform it."""
        return self.fit(X).transform(X)

    def inverse_transform(self, Z):
        """Return the columns in their own units again: `X` (m, d) from the standardised `Z` (m, d)."""
        Z = check_columns(Z, self, name="Z")
        return Z * self.scale_ + self.mean_
