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
from ._estimator import Estimator
from ._numerics import shrinkage
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
    Equation eq-ridge. Source: Peeters, lecture slides, Ridge regularization (where one formula penalises θ₀
    too and another does not; here it is free).
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
        self.theta_ = shrinkage.solve(X, y, delta) if delta > 0 else LinearRegression().fit(X, y).theta_
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
    deltas = check.grid(deltas, 0, name="deltas")
    thetas, some = np.empty((len(deltas), X.shape[1] + 1)), deltas > 0
    if some.any():
        thetas[some] = shrinkage.path(X, y, deltas[some])
    if not some.all():
        thetas[~some] = LinearRegression().fit(X, y).theta_
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
    X, deltas = check.matrix(X), check.grid(deltas, 0, name="deltas")
    return shrinkage.degrees_of_freedom(X, deltas)


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
    X, y = check.X_y(X, y)
    deltas, d = check.grid(deltas, 0, name="deltas"), X.shape[1]
    with np.errstate(over="ignore"):
        e, one_minus_h, k = shrinkage.left_out(X, y, deltas)  # (n, m): residuals y − ŷ, and 1 − leverages
        missed = check.within(e / one_minus_h, y, what="what a point is missed by", name="y")
    if k < d and np.any(deltas == 0):
        what = f"the {d} columns of X (centred) have rank {k} only, so the fits with δ = 0 are not unique"
        cure = "those with the shortest slopes are used. Take δ > 0, or leave out columns."
        check.warn(f"{what}; {cure}", check.RankDeficiencyWarning)
    return missed
