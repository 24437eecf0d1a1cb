"""Ridge regression: least squares with the penalty δ²‖θ‖² on the slopes, the intercept free.

Three things are computed from one factorisation of the centred design, X = U diag(s) Vᵀ: the coefficients for
all δ, the effective degrees of freedom, and the leave-one-out residuals. δ shrinks the component of θ̂ along
each column of V by the factor s²/(s² + δ²): hardly at all where the data say much (s ≫ δ), almost to zero
where they say little.
"""

import warnings

import numpy as np

from ._checks import RankDeficiencyWarning, check_at_least, check_columns, check_grid, check_X, check_X_y
from ._estimator import Estimator
from ._numerics.columns import EPS, centred_X_y, compressed, gram, gram_is_safe, with_intercept
from .linear import RANK_TOLERANCE, LinearRegression


def _svd(Xc, size):
    """Thin SVD of centred columns, without the directions in which they are dependent.

    Parameters
    ----------
    Xc : ndarray, shape (m, d)
    size : ndarray, shape (d,)
        √m times the means that were taken off: the entries were rounded in proportion to these.

    Returns
    -------
    U (m, k), s (k,), V (d, k)
        k is the rank of the columns, the constant not counted, that `LinearRegression` finds.

    Notes
    -----
    The QR factorisation with the longest columns first keeps the small singular values of columns in very
    different units (a raw polynomial, say) accurate, which the SVD alone would drown in the rounding of the
    large ones.
    """
    length = np.linalg.norm(Xc, axis=0)
    order = np.argsort(-length)
    Q, R = np.linalg.qr(Xc[:, order])  # (m, n), (n, d) with n = min(m, d)
    U, s, Vt = np.linalg.svd(R, full_matrices=False)
    unit = np.hypot(length, size)[order]
    alike = np.linalg.svd(R / np.where(unit > 0, unit, 1.0), compute_uv=False)  # (n,)
    k = np.sum(alike > RANK_TOLERANCE * np.sqrt(len(order)))
    V = np.empty_like(Vt.T)
    V[order] = Vt.T
    return Q @ U[:, :k], s[:k], V[:, :k]


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
        X, y = check_X_y(X, y, finite=False)  # the products below are not if these are not
        delta = check_at_least(self.delta, 0, name="delta")
        m, d = X.shape
        if delta > 0 and d < m:
            G, b, _, x_mean, y_mean = gram(X, y)  # XᵀX (d, d), Xᵀy (d,) of the centred columns
            A = G + delta**2 * np.eye(d)
            if gram_is_safe(A):
                unit = np.sqrt(np.diag(A))  # in which all columns are alike
                slopes = np.linalg.solve(A / np.outer(unit, unit), b / unit) / unit  # (eq-ridge)
                self.theta_ = np.append(y_mean - x_mean @ slopes, slopes)
                return self
        self.theta_ = ridge_path(X, y, [delta])[0]  # XᵀX squares the condition number: factor X itself
        return self

    def predict(self, X):
        """Return ŷ = θ₀ + Xθ₁…d, shape (m,), for `X` (m, d)."""
        X = check_columns(X, self)
        return self.theta_[0] + X @ self.theta_[1:]


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
    X, y = check_X_y(X, y, finite=False)
    deltas = check_grid(deltas, 0, name="deltas")
    R, z, x_mean, y_mean = compressed(X, y)  # (n, d), (n,): m rows are now d + 1 at most
    U, s, V = _svd(R, np.sqrt(len(y)) * x_mean)  # (n, k), (k,), (d, k)
    shrink = s / (s**2 + deltas[:, None] ** 2)  # (n_deltas, k)
    slopes = (shrink * (U.T @ z)) @ V.T  # (n_deltas, d)  (eq-ridge-path)
    thetas = with_intercept(slopes, x_mean, y_mean)
    if np.any(deltas == 0):
        thetas[deltas == 0] = LinearRegression().fit(X, y).theta_
    return thetas


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
    X, deltas = check_X(X, finite=False), check_grid(deltas, 0, name="deltas")
    R, _, x_mean, _ = compressed(X, X[:, 0])  # any y will do
    _, s, _ = _svd(R, np.sqrt(len(X)) * x_mean)
    return (s**2 / (s**2 + deltas[:, None] ** 2)).sum(axis=1)  # (eq-ridge-dof)


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
    e, one_minus_h, k = leave_one_out(X, y, deltas)  # (n, m): residuals y − ŷ, and 1 − leverages
    d = np.shape(X)[1]
    if k < d and np.any(np.equal(deltas, 0)):
        warnings.warn(
            f"the {d} columns of X (centred) have rank {k} only, so the fits with δ = 0 are not "
            "unique; those with the shortest slopes are used. Take δ > 0, or leave out columns.",
            RankDeficiencyWarning,
            stacklevel=2,
        )
    return e / one_minus_h  # (eq-loo)


def leave_one_out(X, y, deltas):
    """Numerator and denominator of the leave-one-out residuals, and the rank of the centred columns.

    Returns
    -------
    e, one_minus_h : ndarray, shape (n, m)
        Residuals and 1 − h, from the part of the data that the fit does not explain: 1 − h would lose its
        digits to cancellation where h is close to 1. For points with h = 1 at δ = 0 both are divided by δ²,
        so that the ratio is right for δ = 0 too, as the limit.
    k : int
    """
    X, y = check_X_y(X, y)
    delta2 = check_grid(deltas, 0, name="deltas")[:, None] ** 2  # (n, 1)
    Xc, yc, x_mean, _ = centred_X_y(X, y)  # (m, d), (m,)
    m = len(yc)
    if m == 1:
        raise ValueError("X must have at least two rows to leave one out; got one.")
    # Rotate the constant vector onto the first axis: centred columns have no part along it; m - 1 rows remain
    U, s, _ = _svd(Xc[1:] + Xc[0] / (np.sqrt(m) - 1), np.sqrt(m) * x_mean)  # (m - 1, k), (k,)
    U = np.vstack((U.sum(axis=0) / np.sqrt(m), U - U.sum(axis=0) / (m - np.sqrt(m))))  # (m, k), rotated back
    b = U.T @ yc  # (k,)
    e_outside, outside = _outside(U, yc)  # (m,), (m,): what remains for δ = 0
    pinned = outside <= (8 * m * EPS) ** 2  # nothing, whatever y is there
    e_outside[pinned] = outside[pinned] = 0.0
    w = 1 / (s**2 + delta2)  # (n, k): δ²w is what δ leaves along each column of U
    times = np.where(pinned, 1.0, delta2)  # (n, m)
    return e_outside + times * ((w * b) @ U.T), outside + times * (w @ U.T**2), len(s)


def _outside(U, yc):
    """Residuals of `yc` (m,) after a fit of the constant and the columns of `U` (m, k); 1 − h: (m,), (m,)."""
    m = len(yc)
    e, outside = yc - U @ (U.T @ yc), 1 - 1 / m - (U**2).sum(axis=1)
    near = np.flatnonzero(outside < 0.01)  # few unless k is close to m: here the difference has lost digits
    P = -1 / m - U[near] @ U.T
    P[np.arange(len(near)), near] += 1  # rows of the projection onto the residuals
    e[near], outside[near] = P @ yc, (P**2).sum(axis=1)
    return e, outside
