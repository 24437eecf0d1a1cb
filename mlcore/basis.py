"""Basis functions φ: new columns computed from old ones, so that a model linear in θ can bend.

Nothing is fitted here except the means and widths of `StandardScaler`. None of the functions adds the
constant column: the estimators bring the intercept θ₀ themselves. `monomials` and `rbf_features` are the
equations as the chapters print them; `polynomial` and `rbf` check what they get, multiply less, and need less
memory.
"""

from collections import Counter
from itertools import combinations_with_replacement

import numpy as np

from . import _checks as check
from ._estimator import Parameters
from ._numerics.columns import centred, lengths


def monomials(X, degree):
    """All products of up to `degree` columns of `X` (m, d), by degree: (m, n)."""
    columns = []
    for k in range(1, degree + 1):
        for chosen in combinations_with_replacement(X.T, k):  # repeated or not
            product = np.prod(chosen, axis=0)  # (eq-polynomial) (eq-polynomial-2d)
            columns.append(product)
    return np.column_stack(columns)


def rbf_features(X, centers, lam):
    """exp(−‖x − μ‖²/λ) for each row x of `X` (m, d) and each row μ of `centers` (n, d): (m, n)."""
    squared = ((X[:, None, :] - centers) ** 2).sum(axis=2)  # ‖x − μ‖², (m, n)
    return np.exp(-squared / lam)  # (eq-rbf)


def _index_tuples(d, degree):
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
    Equations eq-polynomial (one feature) and eq-polynomial-2d (several). Source: Peeters, lecture slides,
    Non-linear regression (regression with basis functions).
    """
    X, degree = check.features(X), check.count(degree, 1, name="degree")
    products = {(): np.ones(len(X))}  # the empty product; every other is a shorter one times one more factor
    with np.errstate(over="ignore", invalid="ignore"):
        for index in _index_tuples(X.shape[1], degree):
            products[index] = products[index[:-1]] * X[:, index[-1]]
    del products[()]  # the constant column is the intercept's
    Phi = np.column_stack(list(products.values()))  # (m, n)
    what = f"powers of X up to degree {degree} must stay within float64"
    check.expect(np.isfinite(Phi).all(), what, f"|x| up to {np.abs(X).max():g}", "Standardise X first.")
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
    d, degree = check.count(d, 1, name="d"), check.count(degree, 1, name="degree")
    raised = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

    def factor(j, power):
        return f"x{j + 1}" + (str(power).translate(raised) if power > 1 else "")

    powers = [Counter(index) for index in _index_tuples(d, degree)]
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
    Equation eq-rbf. Source: Peeters, lecture slides, Non-linear regression (regression with basis functions).
    Squared distances are sums of squared differences, not ‖x‖² − 2xᵀμ + ‖μ‖², which loses all digits of a
    small distance between points far from the origin.
    """
    X, centers = check.features(X), check.features(centers, name="centers")
    lam = check.at_least(lam, 0, name="lam", strict=True)
    alike, got = X.shape[1] == centers.shape[1], f"X of shape {X.shape} and centers of shape {centers.shape}"
    check.expect(alike, "X and centers must have the same number of columns", got)
    if lam > 1e280:  # in this unit, a power of two, λ is far below the largest square of float64
        X, centers, lam = np.ldexp(X, -200), np.ldexp(centers, -200), np.ldexp(lam, -400)
    with np.errstate(over="ignore"):  # so where a square is beyond it and inf, exp(-inf) = 0 is right
        squared = sum(np.subtract.outer(x, mu) ** 2 for x, mu in zip(X.T, centers.T))  # ‖x − μ‖², (m, n)
        return np.exp(-squared / lam)


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
        X = check.matrix(X)
        self._unit = np.where(np.abs(X).max(axis=0) > 1e290, 2.0**-40, 1.0)  # (d,): no sum may overflow
        X = X * self._unit
        self._start = X[0]  # taken off first: exactly, where a column is far from 0 for its spread
        Xc, self._shift = centred(X - self._start)
        scale = np.maximum(lengths(Xc) / np.sqrt(len(X)), np.nextafter(0, 1))
        self._scale = np.where((X[0] == X).all(axis=0), self._unit, scale)
        self.mean_, self.scale_ = (self._start + self._shift) / self._unit, self._scale / self._unit
        return self

    @property
    def n_features_in_(self):
        """Number of columns d at fit, under the name that scikit-learn looks for."""
        return len(self.mean_)

    def transform(self, X):
        """Return the standardised columns of `X` (m, d)."""
        X = check.columns(X, self)
        # (X − mean_) / scale_, with the digits that mean_ has no room for
        with np.errstate(over="ignore"):
            Z = ((X * self._unit - self._start) - self._shift) / self._scale  # (eq-standardise)
        return check.within(Z, X, what="(x − mean) / std")

    def fit_transform(self, X, y=None):
        """Fit to `X` (m, d), then transform it."""
        return self.fit(X).transform(X)

    def inverse_transform(self, Z):
        """Return the columns in their own units again: `X` (m, d) from the standardised `Z` (m, d)."""
        Z = check.columns(Z, self, name="Z", named=False)
        with np.errstate(over="ignore"):
            X = ((Z * self._scale + self._shift) + self._start) / self._unit
        return check.within(X, Z, what="mean + std · z", name="Z")
