"""The lasso: least squares with the penalty δ²‖θ‖₁ on the slopes, the intercept free.

The penalty has a corner where a slope is zero, and many slopes stay in it. Centre the columns, so that the
intercept has nothing to do, and call the residual e = y − Xθ: the minimum is where no slope gains by moving,

    2xⱼᵀe = δ² sign θⱼ  where θⱼ ≠ 0,      |2xⱼᵀe| ≤ δ²  where θⱼ = 0.

Two ways to get there stand here in plain form. `lasso_by_coordinate_descent` goes round the slopes; for each
alone the minimum is a soft threshold. `lasso_path_by_homotopy` finds the solutions for all δ at once: while
the signs stay as they are the conditions are linear equations, so θ̂ is a straight line in δ². It starts with
all slopes zero at the largest |2xⱼᵀy| and follows each line down to its end, a *knot*, where a column
reaches the bound δ² (it enters) or a slope reaches zero (it leaves) [1]_ [2]_. What `Lasso` and `lasso_path`
run is the latter, with care for ties, for columns that are nearly alike and for rounding.

References
----------
.. [1] M. R. Osborne, B. Presnell, B. A. Turlach, "A new approach to variable selection in least squares
   problems", IMA J. Numer. Anal. 20 (2000), 389-403.
.. [2] B. Efron, T. Hastie, I. Johnstone, R. Tibshirani, "Least angle regression", Ann. Statist. 32 (2004),
   407-499, section 3.1.
"""

from dataclasses import dataclass

import numpy as np

from . import _checks as check
from ._estimator import Estimator
from ._numerics.columns import centred_X_y, lengths, triangle_by_products, triangle_by_qr
from ._numerics.homotopy import homotopy


def soft_threshold(z, threshold):
    """Move `z` towards zero by `threshold`, and stop at zero: sign(z) max(|z| − threshold, 0).

    The lasso coefficient of a centred column of length 1 at right angles to the others is
    ``soft_threshold(x @ y, delta**2 / 2)``.

    Parameters
    ----------
    z : array_like
    threshold : float or array_like
        At least 0; broadcast against `z`.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        A negative threshold, or entries that are not finite real numbers.

    Notes
    -----
    Equation eq-soft-threshold.
    """
    z, threshold = check.finite(z, name="z"), check.finite(threshold, name="threshold")
    check.every(threshold >= 0, threshold, name="threshold", what="be >= 0")
    return np.sign(z) * np.maximum(np.abs(z) - threshold, 0)  # (eq-soft-threshold)


def lasso_by_coordinate_descent(X, y, delta, sweeps=1000):
    """θ̂, the intercept first: each slope in turn, round and round (plain form).

    Parameters
    ----------
    X : ndarray, shape (m, d)
        No constant columns.
    y : ndarray, shape (m,)
    delta : float
    sweeps : int
        How often to go round; nearly dependent columns need many.

    Returns
    -------
    ndarray, shape (d + 1,)

    Notes
    -----
    Equation eq-soft-threshold, with what the other slopes leave of `y` in the place of y.
    """
    x_mean, y_mean = X.mean(axis=0), y.mean()
    Xc, e = X - x_mean, y - y_mean  # e: the residuals of θ = 0
    theta = np.zeros(X.shape[1])
    for _ in range(sweeps):
        for j, x in enumerate(Xc.T):
            e = e + theta[j] * x  # as if column j were not there
            c = x @ e
            theta[j] = soft_threshold(c, delta**2 / 2) / (x @ x)  # (eq-soft-threshold)
            e = e - theta[j] * x
    return np.append(y_mean - x_mean @ theta, theta)  # (eq-lasso-centred)


def lasso_path_by_homotopy(X, y):
    """All solutions: the knots of the path and θ̂ there, from all slopes zero to least squares (plain form).

    Parameters
    ----------
    X : ndarray, shape (m, d)
        Linearly independent columns with m > d, no ties.
    y : ndarray, shape (m,)

    Returns
    -------
    deltas : ndarray, shape (n_knots,)
        The knots δ, descending.
    thetas : ndarray, shape (n_knots, d + 1)
        The solutions θ̂ there, the intercept first.

    Notes
    -----
    Equations eq-lasso-delta-max, eq-lasso-path and eq-lasso-events. The line through a knot leads away from
    what happened there, so of the events only those ahead count: s b < 0 for a slope that shrinks as δ² comes
    down, and ±q < 1 for a column on which the bound ±δ² closes in.
    """
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    c = 2 * Xc.T @ yc
    knots = [np.abs(c).max()]  # δ²  (eq-lasso-delta-max)
    s = np.where(np.abs(c) == knots[0], np.sign(c), 0)  # signs, 0: column is out
    thetas = [np.zeros(len(s))]
    while knots[-1] > 0:
        A = s != 0
        XA = Xc[:, A]
        a, b = np.linalg.solve(XA.T @ XA, np.array([XA.T @ yc, s[A] / 2]).T).T
        p, q = 2 * Xc[:, ~A].T @ (yc - XA @ a), 2 * Xc[:, ~A].T @ (XA @ b)
        events = np.zeros((3, len(s)))  # δ² where a column leaves, meets +δ², meets −δ²
        events[0, A] = np.where(s[A] * b < 0, a / b, 0)  # (eq-lasso-events)
        events[1, ~A] = np.where(q < 1, p / (1 - q), 0)  # (eq-lasso-events)
        events[2, ~A] = np.where(-q < 1, p / (-1 - q), 0)  # (eq-lasso-events)
        event, j = np.unravel_index(events.argmax(), events.shape)
        knots.append(max(events[event, j], 0))
        thetas.append(np.zeros(len(s)))
        thetas[-1][A] = a - knots[-1] * b  # (eq-lasso-path)
        s[j] = (0, 1, -1)[event]
    slopes = np.array(thetas)
    return np.sqrt(knots), np.column_stack((y.mean() - slopes @ X.mean(axis=0), slopes))


def kkt_violations(X, y, theta, delta):
    """By how much `theta` violates the conditions of a minimum, column by column (plain form).

    Parameters
    ----------
    X : ndarray, shape (m, d)
    y : ndarray, shape (m,)
    theta : ndarray, shape (d + 1,)
        The intercept first.
    delta : float or ndarray, shape (d,)

    Returns
    -------
    ndarray, shape (d,)
        0 for a minimum; in units of `y` times units of the columns.

    Notes
    -----
    Equation eq-lasso-kkt.
    """
    intercept, slopes = theta[0], theta[1:]
    e = y - intercept - X @ slopes
    c = 2 * (X - X.mean(axis=0)).T @ e
    at_zero = np.maximum(np.abs(c) - delta**2, 0)  # (eq-lasso-kkt)
    elsewhere = np.abs(c - delta**2 * np.sign(slopes))  # (eq-lasso-kkt)
    return np.where(slopes == 0, at_zero, elsewhere)


@dataclass(frozen=True, eq=False)
class LassoPath:
    """The lasso solutions for all δ, as the knots between which θ̂ is linear in δ².

    Attributes
    ----------
    deltas : ndarray, shape (n_knots,)
        δ at the knots, descending. The first is the smallest δ for which all slopes are zero.
    thetas : ndarray, shape (n_knots, d + 1)
        θ̂ at the knots, the intercept first.
    """

    deltas: np.ndarray
    thetas: np.ndarray

    def at(self, deltas):
        """θ̂ for any δ on the path.

        Parameters
        ----------
        deltas : array_like, shape (n,)
            Each at least the last knot. Above the first knot all slopes are zero.

        Returns
        -------
        ndarray, shape (n, d + 1)

        Raises
        ------
        ValueError
            A δ that is not a finite number, or below the end of the path.

        Notes
        -----
        Equation eq-lasso-path.
        """
        deltas, knots = check.grid(deltas, float(self.deltas[-1]), name="deltas"), self.deltas[::-1]
        unit = knots[-1] or 1.0  # squares stay within float64
        squared, at_knots = (np.minimum(deltas, unit) / unit) ** 2, (knots / unit) ** 2
        lines = [np.interp(squared, at_knots, theta) for theta in self.thetas[::-1].T]  # (eq-lasso-path)
        return np.column_stack(lines)


def lasso_path(X, y, delta_min=0.0):
    """All lasso solutions for δ ≥ `delta_min`, exactly, by homotopy.

    Parameters
    ----------
    X : array_like, shape (m, d)
        Columns in their own units; more columns than rows, dependent and constant columns are fine.
    y : array_like, shape (m,)
    delta_min : float, default 0.0
        Where to stop. At 0 the last knot is a least-squares solution.

    Returns
    -------
    LassoPath

    Raises
    ------
    ValueError
        Bad `X` or `y`, lengths that differ, a `delta_min` that is not a finite number ≥ 0, or units so far
        apart that float64 cannot hold the columns side by side, or θ̂.

    Warns
    -----
    RankDeficiencyWarning
        Columns are so nearly dependent that the path ends above `delta_min`: further down, rounding θ̂ changes
        2xⱼᵀe by a fair part of δ² itself, and which columns are in use would be chance. Down to there the
        conditions hold to some 1 % of δ², where columns are of about equal length.

    Notes
    -----
    Where columns are dependent the solution may not be unique; of equal columns the one with the least index
    is used. Source: Peeters, lecture slides, LASSO regularization; the algorithm is described in the module's
    docstring.
    """
    X, y = check.X_y(X, y)
    delta_min = check.at_least(delta_min, 0, name="delta_min")
    R, z, x_mean, y_mean = triangle_by_products(X, y) or triangle_by_qr(X, y)
    with np.errstate(over="ignore", invalid="ignore"):
        deltas, slopes = homotopy(R, z, delta_min)
        thetas = np.column_stack((y_mean - slopes @ x_mean, slopes))
    finite, what = np.isfinite(thetas).all(), "X and y must be in units in which |θ̂| < 1e308"
    check.expect(finite, what, "larger coefficients", "Standardise first.")
    return LassoPath(deltas, thetas)


def lasso_kkt(X, y, theta, delta):
    """How far `theta` is from satisfying the conditions for a lasso minimum.

    Parameters
    ----------
    X : array_like, shape (m, d)
    y : array_like, shape (m,)
    theta : array_like, shape (d + 1,)
        The intercept first.
    delta : float
        Lasso strength δ ≥ 0.

    Returns
    -------
    float
        The largest violation: of 2xⱼᵀe = δ² sign θⱼ or |2xⱼᵀe| ≤ δ² (xⱼ centred), each relative to the most
        that its column could have, 2‖xⱼ‖‖y − ȳ‖, or of Σe = 0, relative to Σ|y − ȳ|. Around 1e-15 for a
        solution; not relative where those scales are 0.

    Raises
    ------
    ValueError
        Bad `X`, `y` or `theta`, lengths that do not match, a `delta` that is not a finite number ≥ 0, or a
        violation beyond float64.

    Notes
    -----
    Equation eq-lasso-kkt.
    """
    X, y = check.X_y(X, y)
    Xc, yc, x_mean, y_mean = centred_X_y(X, y)
    theta, delta = check.vector(theta, name="theta"), check.at_least(delta, 0, name="delta")
    what = f"theta must have the intercept and one slope a column, {X.shape[1] + 1} entries"
    check.expect(len(theta) == X.shape[1] + 1, what, len(theta))
    length, size, spread = lengths(Xc), lengths(yc[:, None])[0] or 1.0, np.abs(yc).sum() or 1.0
    length = np.where(length > 0, length, 1.0)
    with np.errstate(over="ignore", invalid="ignore"):
        slopes, scaled_delta = theta[1:] / size * length, delta / np.sqrt(length) / np.sqrt(size)
        violations = kkt_violations(Xc / length, yc / size, np.append(0.0, slopes), scaled_delta)
        off_centre = len(yc) * abs(y_mean / spread - x_mean @ (theta[1:] / spread) - theta[0] / spread)
    worst = float(max(violations.max() / 2, off_centre))
    what = "theta and delta must be such that the conditions can be computed in float64"
    check.expect(np.isfinite(worst), what, f"|theta| up to {np.abs(theta).max():g}, delta = {delta:g}")
    return worst


class Lasso(Estimator):
    """The lasso: the θ that minimises ‖y − [1 X]θ‖² + δ²(|θ₁| + … + |θ_d|).

    Many slopes of θ̂ are exactly zero. The intercept θ₀ is not penalised; the slopes are penalised in the
    units of their columns: standardise first (`StandardScaler`) unless the units are alike.

    Parameters
    ----------
    delta : float, default 1.0
        Lasso strength δ ≥ 0; δ² is in units of `y` times units of the columns. scikit-learn's ``alpha`` is
        δ²/2m.

    Attributes
    ----------
    theta_ : ndarray, shape (d + 1,)
        θ̂, the intercept first.

    Notes
    -----
    Equation eq-lasso-kkt; `lasso_path` says how. Source: Peeters, lecture slides, LASSO regularization.
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
        Lasso
            The estimator itself.

        Raises
        ------
        ValueError
            Bad `X` or `y`, lengths that differ, or a `delta` that is not a finite number ≥ 0.

        Warns
        -----
        RankDeficiencyWarning
            Columns are so nearly dependent that `lasso_path` ends above δ; θ̂ is the solution where it ends.
        """
        delta = check.at_least(self.delta, 0, name="delta")
        self.theta_ = lasso_path(X, y, delta_min=delta).thetas[-1]
        return self
