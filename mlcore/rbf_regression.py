"""Regression with radial basis functions: ridge regression on bumps, which is still linear in θ."""

import numpy as np

from . import _checks as check
from ._estimator import Estimator, scores
from ._numerics.columns import within_range
from ._numerics.shrinkage import left_out, left_out_symmetric
from .basis import rbf, rbf_features
from .ridge import Ridge, solve_ridge


def fit_rbf(X, y, centers, lam, delta):
    """θ̂ (n + 1,) of a ridge regression of `y` (m,) on bumps over the `centers` (n, d), `X` (m, d)."""
    return solve_ridge(rbf_features(X, centers, lam), y, delta)


def predict_rbf(X, centers, lam, theta):
    """θ₀ and the sum of the weighted bumps at each row of `X` (m, d): (m,)."""
    return theta[0] + rbf_features(X, centers, lam) @ theta[1:]  # (eq-rbf-model)


class RBFRegression(Estimator):
    """Ridge regression on the features φₖ(x) = exp(−‖x − μₖ‖²/λ), the intercept free.

    Parameters
    ----------
    lam : float, default 1.0
        Width λ > 0 of the kernels, in squared units of the columns of `X`.
    delta : float, default 0.0
        Ridge strength δ ≥ 0. With one kernel on each training point and δ = 0 the model passes through all
        points.
    centers : array_like, shape (n, d), or None
        The centres μ (a 1-D array for a single feature); None puts one kernel on each training point.

    Attributes
    ----------
    centers_ : ndarray, shape (n, d)
        The centres used.
    theta_ : ndarray, shape (n + 1,)
        θ̂, the intercept first, in units of `y`.

    Notes
    -----
    Equation eq-rbf-model. Source: Peeters, lecture slides, Kernel regression with RBFs.
    """

    def __init__(self, lam=1.0, delta=0.0, centers=None):
        self.lam = lam
        self.delta = delta
        self.centers = centers

    def fit(self, X, y):
        """Find θ̂.

        Parameters
        ----------
        X : array_like, shape (m, d)
        y : array_like, shape (m,)

        Returns
        -------
        RBFRegression
            The estimator itself.

        Raises
        ------
        ValueError
            Bad `X` or `y`, lengths that differ, λ not > 0, δ not ≥ 0, or centres with another number of
            columns.

        Warns
        -----
        RankDeficiencyWarning
            δ = 0, and the kernels are linearly dependent in float64: as many kernels as points (the intercept
            is one parameter more), or λ so large that neighbouring kernels look the same. A positive δ makes
            θ̂ unique.
        """
        X, y = check.X_y(X, y)
        self.centers_ = check.features(X if self.centers is None else self.centers, name="centers").copy()
        self.theta_ = Ridge(self.delta).fit(rbf(X, self.centers_, self.lam), y).theta_
        return self

    @property
    def n_features_in_(self):
        """Number of columns d at fit, under the name that scikit-learn looks for."""
        return self.centers_.shape[1]

    def predict(self, X):
        """Return ŷ, shape (m,), for `X` (m, d)."""
        return scores(rbf(check.columns(X, self), self.centers_, self.lam), self.theta_)


def rbf_grid(X, y, lams, deltas, centers=None):
    """Mean squared leave-one-out error of `RBFRegression` on a grid of λ and δ, one factorisation a λ.

    The centres stay where they are when a point is left out: with ``centers=None`` the kernel on that point
    remains, only its target is withheld. So the features are fixed and `ridge_loo` gives the errors without
    refitting.

    Parameters
    ----------
    X : array_like, shape (m, d)
        At least two rows.
    y : array_like, shape (m,)
    lams : array_like, shape (n_lams,)
        Widths λ > 0.
    deltas : array_like, shape (n_deltas,)
        Ridge strengths δ ≥ 0.
    centers : array_like, shape (n, d), or None
        The centres μ; None puts one kernel on each training point.

    Returns
    -------
    ndarray, shape (n_lams, n_deltas)
        In squared units of `y`.

    Raises
    ------
    ValueError
        Bad `X` or `y`, lengths that differ, λ not > 0, δ not ≥ 0, or centres with another number of columns.

    Warns
    -----
    RankDeficiencyWarning
        Once for the whole grid: δ = 0 is in it, and for some λ the kernels are linearly dependent in float64.
        The fits with δ = 0 are then those with the shortest slopes, the limit of δ → 0.

    Notes
    -----
    Equation eq-loo on the features of eq-rbf.
    """
    X, y = check.X_y(X, y)
    lams, deltas = check.grid(lams, 0, name="lams", strict=True), check.grid(deltas, 0, name="deltas")
    # eigenvalues of Φ are known to m EPS; a δ that is not far above that needs the SVD, and care
    symmetric = centers is None and len(y) > 1 and 1e-6 * len(y) < deltas.min() and deltas.max() < 1e140
    centers = X if centers is None else check.features(centers, name="centers")
    errors, dependent = np.empty((len(lams), len(deltas))), []
    y, power = within_range(y, 0)  # its squares may be beyond float64; their mean is not, in this unit
    for i, lam in enumerate(lams):
        if symmetric:
            missed = left_out_symmetric(rbf(X, X, lam), y, deltas)  # (n_deltas, m)
        else:
            e, one_minus_h, rank = left_out(rbf(X, centers, lam), y, deltas)
            missed = e / one_minus_h
            dependent += [lam] if rank < len(centers) else []
        errors[i] = np.mean(missed**2, axis=1)
    if dependent and np.any(deltas == 0):
        which = f"{len(dependent)} of {len(lams)} λ (from {min(dependent):g} to {max(dependent):g})"
        what = f"with δ = 0 the fits for {which} are not unique, as the {len(centers)} kernels are dependent"
        cure = "those with the shortest slopes are used. Take δ > 0."
        check.warn(f"{what}; {cure}", check.RankDeficiencyWarning)
    with np.errstate(over="ignore", under="ignore"):
        result = np.ldexp(errors, 2 * power)
    good = np.isfinite(result).all() and not np.any((result == 0) & (errors > 0))
    check.expect(good, "y must have squares that stay within float64", f"|y| near 2**{power}")
    return result
