"""Ridge regression: least squares with the penalty δ²‖θ‖² on the slopes, the intercept free.

Three things are computed from one factorisation of the centred design, X = U diag(s) Vᵀ: the coefficients for
all δ, the effective degrees of freedom, and the leave-one-out residuals. δ shrinks the component of θ̂ along
each column of V by the factor s²/(s² + δ²): hardly at all where the data say much (s ≫ δ), almost to zero
where they say little.

The functions that come first are the equations as the chapters print them. `Ridge`, `ridge_path`, `ridge_dof`
and `ridge_loo` do the same with more digits, for columns in any units, dependent ones, and δ = 0.
"""

import numpy as np

from . import _checks as check
from ._checks import RankDeficiencyWarning, warn
from ._estimator import Estimator
from ._numerics.columns import (
    EPS,
    centred_X_y,
    gram,
    gram_is_safe,
    in_units,
    lengths,
    triangle,
    triangle_by_qr,
    with_intercept,
    within_range,
)
from ._numerics.factor import RANK_TOLERANCE, factor_centred
from .linear import LinearRegression


def solve_ridge(X, y, delta):
    """θ̂ (d + 1,) for `X` (m, d), `y` (m,): centre, solve for the slopes, add the free intercept."""
    x_mean, y_mean = X.mean(axis=0), y.mean()
    X, y, I = X - x_mean, y - y_mean, np.eye(X.shape[1])
    theta = np.linalg.solve(X.T @ X + delta**2 * I, X.T @ y)  # (eq-ridge)
    return np.append(y_mean - x_mean @ theta, theta)


def solve_ridge_path(X, y, deltas):
    """Slopes (n, d) for all `deltas` (n,) from one singular value decomposition of the centred `X` (m, d)."""
    U, s, Vt = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    return [Vt.T @ (s / (s**2 + delta**2) * (U.T @ y)) for delta in deltas]  # (eq-ridge-path)


def degrees_of_freedom(X, deltas):
    """Σⱼ sⱼ²/(sⱼ² + δ²) for each of the `deltas` (n,), s the singular values of the centred `X` (m, d)."""
    s = np.linalg.svd(X - X.mean(axis=0), compute_uv=False)
    return [np.sum(s**2 / (s**2 + delta**2)) for delta in deltas]  # (eq-ridge-dof)


def leave_one_out(X, y, deltas):
    """What each row of `X` (m, d) is missed by when it is left out, for each of the `deltas` > 0: (n, m)."""
    U, s, _ = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)  # (m, k), (k,)
    yc, missed = y - y.mean(), []
    for delta in deltas:
        kept = s**2 / (s**2 + delta**2)  # (k,)
        e = yc - U @ (kept * (U.T @ yc))  # (m,)
        h = 1 / len(y) + U**2 @ kept  # (eq-rbf-leverage)
        missed.append(e / (1 - h))  # (eq-loo)
    return np.array(missed)


def _svd(Xc, least, offset=0.0):
    """Thin SVD of centred columns `Xc` (m, d), without the directions in which they are dependent.

    With their `offset` (d,), √m times the means, the rank k is the one that `LinearRegression` finds, the
    constant not counted; without it the columns are taken to be exact, however far from 0 they were. Returns
    U (m, k), s (k,), V (d, k).

    The QR factorisation with the longest columns first keeps the small singular values of columns in very
    different units (a raw polynomial, say) accurate, which the SVD alone would drown in the rounding of the
    large ones. Where it does not, and the strength `least` does not hide it, that is a ``ValueError``.
    """
    (m, d), length = Xc.shape, lengths(Xc)
    order, unit = np.argsort(-length), np.hypot(length, offset)
    P = None
    if m >= d and np.all(length > 0):
        P, R = np.linalg.qr(Xc[:, order])  # (m, d), (d, d)
        alike = np.linalg.svd(R / unit[order], compute_uv=False)
    if P is None or alike[-1] <= RANK_TOLERANCE * np.sqrt(d):  # dependent columns
        factors = factor_centred(Xc, 0 * length, unit)
        Q, R = np.linalg.qr(factors.S[:, order])  # (k, k), (k, d)
        P = factors.P @ Q
    U, s, Vt = np.linalg.svd(R, full_matrices=False)
    if np.any(lengths(R - (U * s) @ Vt) > np.maximum(1e-8 * length[order], 1e-4 * least)):
        raise ValueError(
            "columns of X must be in units that are more alike; got centred columns with lengths from "
            f"{length[length > 0].min():g} to {length.max():g}, and float64 cannot tell what the "
            "short ones do. Standardise first."
        )
    V = np.empty_like(Vt.T)
    V[order] = Vt.T
    return P @ U, s, V


class Ridge(Estimator):
    """Ridge regression: the θ that minimises ‖y − [1 X]θ‖² + δ²(θ₁² + … + θ_d²).

    The intercept θ₀ is not penalised, so a shift of `y` shifts the predictions and nothing else. The slopes
    are penalised in the units of their columns: standardise first (`StandardScaler`) unless the units are
    alike.

    Parameters
    ----------
    delta : float, default 1.0
        Ridge strength δ ≥ 0, in units of the columns of `X`. 0 is `LinearRegression`. scikit-learn's
        ``alpha`` is δ².

    Attributes
    ----------
    theta_ : ndarray, shape (d + 1,)
        θ̂, the intercept first.

    Notes
    -----
    Equation eq-ridge. Source: lecture deck D, Ridge regularization (where one formula penalises θ₀ too and
    another does not; here it is free).
    """

    def __init__(self, delta=1.0):
        self.delta = delta

    def fit(self, X, y):
        """Find θ̂.

        Parameters
        ----------
        X : array_like, shape (m, d)
        y : array_like, shape (m,)

        Returns
        -------
        Ridge
            The estimator itself.

        Raises
        ------
        ValueError
            Bad `X` or `y`, lengths that differ, or a `delta` that is not a finite number ≥ 0.

        Warns
        -----
        RankDeficiencyWarning
            δ = 0 and linearly dependent columns: see `LinearRegression`. A positive δ makes θ̂ unique.
        """
        X, y = check.X_y(X, y)
        delta = check.at_least(self.delta, 0, name="delta")
        products = gram(X, y) if 1e-140 < delta < 1e140 and len(X) > X.shape[1] else None
        if products is not None:
            G, b, _, origin, drift, y_mean = products  # XᵀX (d, d), Xᵀy (d,) of the centred columns
            A = G + delta**2 * np.eye(len(b))
            if gram_is_safe(A):
                unit = np.sqrt(np.diag(A))  # in which all columns are alike
                slopes = np.linalg.solve(A / np.outer(unit, unit), b / unit) / unit
                self.theta_ = np.append(y_mean - drift @ slopes - origin @ slopes, slopes)
                return self
        self.theta_ = _path(X, y, np.array([delta]), triangle_by_qr)[0]
        return self


def ridge_path(X, y, deltas):
    """Ridge coefficients for many δ from one factorisation.

    Parameters
    ----------
    X : array_like, shape (m, d)
    y : array_like, shape (m,)
    deltas : array_like, shape (n,)
        Ridge strengths δ ≥ 0, in any order.

    Returns
    -------
    ndarray, shape (n, d + 1)
        One row a δ, the intercept first. A row with δ = 0 is `LinearRegression`'s.

    Raises
    ------
    ValueError
        Bad `X` or `y`, lengths that differ, or a δ that is not a finite number ≥ 0.

    Warns
    -----
    RankDeficiencyWarning
        δ = 0 is among the `deltas` and the columns are linearly dependent.

    Notes
    -----
    Equation eq-ridge-path: with the thin SVD X = U diag(s) Vᵀ (centred), θ̂(δ) = V diag(s/(s² + δ²)) Uᵀy.
    """
    X, y = check.X_y(X, y)
    return _path(X, y, check.grid(deltas, 0, name="deltas"), triangle)


def _path(X, y, deltas, fewer_rows):
    """As `ridge_path`; `fewer_rows` is `triangle` or `triangle_by_qr`, where products have been tried."""
    least_squares = deltas == 0
    if least_squares.all():
        return np.tile(LinearRegression().fit(X, y).theta_, (len(deltas), 1))
    Xs, ys, delta, power_X, power_y = _within_range(X, y, deltas)
    R, z, x_mean, y_mean = fewer_rows(Xs, ys)  # (n, d), (n,): m rows are now d + 1 at most
    U, s, V = _svd(R, delta.min())  # (n, k), (k,), (d, k)
    h = np.hypot(s, delta)  # (n_deltas, k): s² + δ² = h² may be beyond float64
    slopes = (s / h / h * (U.T @ z)) @ V.T  # (n_deltas, d)
    thetas = with_intercept(slopes, x_mean, y_mean)
    power = np.append(power_y, np.full(X.shape[1], power_y - power_X))
    if abs(power_X) + abs(power_y) < 300:  # nothing can be beyond float64
        thetas = np.ldexp(thetas, power)
    else:
        thetas = in_units(thetas, power, np.abs(Xs).max(axis=0) / (np.abs(ys).max() or 1.0))
    if least_squares.any():
        thetas[least_squares] = LinearRegression().fit(X, y).theta_
    return thetas


def _within_range(X, y, deltas):
    """`X`, `y` and `deltas` (n, 1) in units in which squares are float64 numbers, and the powers of these."""
    (X, power_X), (y, power_y) = within_range(X, 450), within_range(y, 0)
    with np.errstate(over="ignore"):  # and a larger δ does nothing that 1e300 does not
        delta = np.minimum(np.ldexp(deltas, -power_X), 1e300)[:, None]
    return X, y, delta, power_X, power_y


def ridge_dof(X, deltas):
    """Effective degrees of freedom of ridge regression, Σⱼ sⱼ²/(sⱼ² + δ²).

    This is the trace of the matrix that takes y to ŷ − ȳ: d for δ = 0 (if the columns are independent), and
    towards 0 for large δ. It counts the slopes only; the free intercept adds one.

    Parameters
    ----------
    X : array_like, shape (m, d)
    deltas : array_like, shape (n,)
        Ridge strengths δ ≥ 0.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    ValueError
        Bad `X`, or a δ that is not a finite number ≥ 0.

    Notes
    -----
    Equation eq-ridge-dof, s the singular values of the centred X.
    """
    X, deltas = check.matrix(X), check.grid(deltas, 0, name="deltas")
    X, y, delta, _, _ = _within_range(X, X[:, 0], deltas)  # any y will do
    R, _, x_mean, _ = triangle(X, y)
    _, s, _ = _svd(R, delta.min(), np.sqrt(len(X)) * x_mean if np.any(deltas == 0) else 0.0)
    return ((s / np.hypot(s, delta)) ** 2).sum(axis=1)


def ridge_loo(X, y, deltas):
    """Leave-one-out residuals of ridge regression, without refitting.

    Entry (k, i) is yᵢ minus its prediction by the ridge regression with δₖ that was fitted, intercept and
    all, to the other m − 1 points. It is the ordinary residual divided by what the leverage of the point
    leaves of 1.

    Parameters
    ----------
    X : array_like, shape (m, d)
        At least two rows.
    y : array_like, shape (m,)
    deltas : array_like, shape (n,)
        Ridge strengths δ ≥ 0.

    Returns
    -------
    ndarray, shape (n, m)
        In units of `y`. Their mean square over a row is the leave-one-out error for that δ.

    Raises
    ------
    ValueError
        Bad `X` or `y`, lengths that differ, a single row, or a δ that is not a finite number ≥ 0.

    Warns
    -----
    RankDeficiencyWarning
        δ = 0 is among the `deltas` and the columns are linearly dependent. The fits without a point are then
        those with the shortest slopes, the limit of δ → 0.

    Notes
    -----
    Equation eq-loo. Both numerator and denominator come from the part of the data that the fit does *not*
    explain, so no digits cancel when the fit is close to interpolation.
    """
    e, one_minus_h, k = left_out(X, y, deltas)  # (n, m): residuals y − ŷ, and 1 − leverages
    d = np.shape(X)[1]
    if k < d and np.any(np.equal(deltas, 0)):
        warn(
            f"the {d} columns of X (centred) have rank {k} only, so the fits with δ = 0 are not "
            "unique; those with the shortest slopes are used. Take δ > 0, or leave out columns.",
            RankDeficiencyWarning,
        )
    return e / one_minus_h


def left_out(X, y, deltas):
    """Numerator and denominator of the leave-one-out residuals, and the rank of the centred columns.

    Returns
    -------
    e, one_minus_h : ndarray, shape (n, m)
        Residuals and 1 − h, from the part of the data that the fit does not explain: 1 − h would lose its
        digits to cancellation where h is close to 1. For points with h = 1 at δ = 0 both are divided by δ²,
        so that the ratio is right for δ = 0 too, as the limit.
    k : int
    """
    X, y = check.X_y(X, y)
    deltas, m = check.grid(deltas, 0, name="deltas"), len(y)
    if m == 1:
        raise ValueError("X must have at least two rows to leave one out; got one.")
    X, y, delta, _, power_y = _within_range(X, y, deltas)
    Xc, yc, x_mean, _ = centred_X_y(X, y)  # (m, d), (m,)
    # Rotate the constant vector onto the first axis: centred columns have no part along it; m - 1 rows remain
    R = Xc[1:] + Xc[0] / (np.sqrt(m) - 1)
    U, s, _ = _svd(R, delta.min(), np.sqrt(m) * x_mean if np.any(deltas == 0) else 0.0)  # (m - 1, k), (k,)
    U = np.vstack((U.sum(axis=0) / np.sqrt(m), U - U.sum(axis=0) / (m - np.sqrt(m))))  # (m, k), rotated back
    b = U.T @ yc  # (k,)
    e_outside, outside = _outside(U, yc)  # (m,), (m,): what remains for δ = 0
    pinned = outside <= (8 * m * EPS) ** 2  # nothing, whatever y is there
    e_outside[pinned] = outside[pinned] = 0.0
    h = np.hypot(s, delta)  # (n, k)
    held = (delta / h) ** 2  # (n, k): what δ leaves along each column of U, δ²/(s² + δ²)
    e, one_minus_h = e_outside + (held * b) @ U.T, outside + held @ U.T**2
    if pinned.any():
        held = (h.min(axis=1, keepdims=True) / h) ** 2  # in proportion, and not 0 for δ = 0
        e[:, pinned], one_minus_h[:, pinned] = (held * b) @ U[pinned].T, held @ U[pinned].T ** 2
    return np.ldexp(e, power_y), one_minus_h, len(s)


def _outside(U, yc):
    """Residuals of `yc` (m,) after a fit of the constant and the columns of `U` (m, k); 1 − h: (m,), (m,)."""
    m = len(yc)
    e, outside = yc - U @ (U.T @ yc), 1 - 1 / m - (U**2).sum(axis=1)
    near = np.flatnonzero(outside < 0.01)  # few unless k is close to m: here the difference has lost digits
    P = -1 / m - U[near] @ U.T
    P[np.arange(len(near)), near] += 1  # rows of the projection onto the residuals
    e[near], outside[near] = P @ yc, (P**2).sum(axis=1)
    return e, outside
