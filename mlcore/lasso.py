"""The lasso: least squares with the penalty δ²‖θ‖₁ on the slopes, the intercept free; its exact path.

With centred columns xⱼ and the residual r = y − Xθ, the minimum is where no slope can be moved to advantage:

    2xⱼᵀr = δ² sign θⱼ  where θⱼ ≠ 0,      |2xⱼᵀr| ≤ δ²  where θⱼ = 0.

While the signs stay as they are these are linear equations, so θ̂ is piecewise linear in δ². The path starts
with all slopes zero at the δ² that equals the largest |2xⱼᵀy|, and follows the line until a column reaches
the bound (it enters) or a coefficient reaches zero (it leaves); there, at a *knot*, the line turns [1]_ [2]_.

In this module ``bound`` is δ²/2, the bound on |xⱼᵀr|.

References
----------
.. [1] M. R. Osborne, B. Presnell, B. A. Turlach, "A new approach to variable selection in least squares
   problems", IMA J. Numer. Anal. 20 (2000), 389-403.
.. [2] B. Efron, T. Hastie, I. Johnstone, R. Tibshirani, "Least angle regression", Ann. Statist. 32 (2004),
   407-499, section 3.1.
"""

from dataclasses import dataclass

import numpy as np

from ._checks import check_at_least, check_columns, check_grid, check_vector, check_X_y
from ._estimator import Estimator
from ._numerics.columns import EPS, centred_X_y, triangle, with_intercept

_ROUNDING = 16 * EPS  # a correlation |xᵀr| is known to this, relative to ‖x‖‖y‖
_DEPENDENT = 1e-13  # a column this close to the plane of others (relative to its length) adds nothing to them
_TIE = 1e-13  # bounds closer than this, relatively, are taken as equal
_PATIENCE = 100  # exchanges a column at one and the same knot, before giving up


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
        A negative threshold.

    Notes
    -----
    Equation eq-soft-threshold.
    """
    z, threshold = np.asarray(z, dtype=np.float64), np.asarray(threshold, dtype=np.float64)
    if not np.all(threshold >= 0):
        raise ValueError(f"threshold must be >= 0; got {threshold.min():g}.")
    return np.sign(z) * np.maximum(np.abs(z) - threshold, 0)  # (eq-soft-threshold)


class _Active:
    """The columns in play, with the signs of their coefficients and the factors X_A = QR.

    On one line of the path Rθ_A = b − bound z, where b = Qᵀy and Rᵀz = signs, and the residual is y − Qb +
    bound Qz. What a column x outside needs is its part in these, xᵀ(y − Qb) and xᵀQz; both are brought up to
    date with one product of X and a vector when a column comes in.
    """

    def __init__(self, X, y):
        n, d = X.shape
        most = min(n, d)
        self.X, self.y = X, y
        self.norms = np.sqrt((X**2).sum(axis=0))  # (d,)
        self.fuzz = _ROUNDING * self.norms * np.sqrt(y @ y)  # (d,): xᵀr is known to this
        self.tiny = self.fuzz / np.where(self.norms > 0, self.norms, 1.0) ** 2  # (d,): and θ to this
        self.open = np.ones(d, dtype=bool)  # columns that are neither in nor dependent on those that are
        self.rest, self.rate = y @ X, np.zeros(d)  # (d,): xᵀ(y − Qb), xᵀQz
        # of all that follows the first k entries are used
        self._columns, self._signs = np.empty(most, dtype=int), np.empty(most)
        self._b, self._z = np.empty(most), np.empty(most)
        self._Q = np.empty((n, most), order="F")
        self._R, self._inverse = np.zeros((most, most)), np.zeros((most, most))
        self._use(0)

    def _use(self, k):
        self.k, self.columns, self.signs = k, self._columns[:k], self._signs[:k]  # (k,), (k,)
        self.b, self.z, self.Q = self._b[:k], self._z[:k], self._Q[:, :k]  # (k,), (k,), (n, k)
        self.R, self.inverse = self._R[:k, :k], self._inverse[:k, :k]  # (k, k), and roughly R⁻¹

    def add(self, j, sign):
        """Let column `j` in, with the sign its coefficient will have, unless it depends on those in play."""
        self.open[j] = False
        x, Q, k = self.X[:, j], self.Q, self.k
        r = x @ Q  # (k,)
        q = x - Q @ r
        length = np.sqrt(q @ q)
        if length < 0.5 * self.norms[j]:  # take off what rounding left along Q
            again = q @ Q
            q, r = q - Q @ again, r + again
            length = np.sqrt(q @ q)
        if k == len(self._R) or length <= _DEPENDENT * self.norms[j]:
            return
        q /= length
        self._Q[:, k], self._R[:k, k], self._R[k, k] = q, r, length
        self._inverse[:k, k], self._inverse[k, k] = self.inverse @ r / -length, 1 / length
        self._columns[k], self._signs[k] = j, sign
        self._b[k], self._z[k] = q @ self.y, (sign - r @ self.z) / length
        along = q @ self.X  # (d,)
        self.rest -= self._b[k] * along
        self.rate += self._z[k] * along
        self._use(k + 1)

    def drop(self, j):
        """Let column `j` go, and restore the triangle behind it."""
        p, k = int(np.argmax(self.columns == j)), self.k
        H, tail = np.linalg.qr(self.R[p:, p + 1 :])  # (k-p, k-p-1), and its upper triangle
        self._Q[:, p : k - 1] = self._Q[:, p:k] @ H
        self._R[:p, p : k - 1], self._R[p : k - 1, p : k - 1] = self._R[:p, p + 1 : k], tail
        self._inverse[:p, p : k - 1] = self.inverse[:p, p:] @ H
        self._inverse[p : k - 1, p : k - 1] = self.inverse[p + 1 :, p:] @ H
        for entries in (self._columns, self._signs):
            entries[p : k - 1] = entries[p + 1 : k]
        self._use(k - 1)
        self.open[:] = True
        self.open[self.columns] = False
        self.b[:], self.z[:] = self.y @ self.Q, self.solve(self.R.T, self.inverse.T, self.signs)
        self.rest, self.rate = (self.y - self.Q @ self.b) @ self.X, (self.Q @ self.z) @ self.X

    def solve(self, R, inverse, B):
        """Solve R x = B with a rough R⁻¹: NumPy cannot solve with a triangle in k² steps, but multiply."""
        x, size = inverse @ B, np.vdot(B, B)
        for enough in (1e-16, 1e-28, 1e-28):  # each correction multiplies what is left by the error of R⁻¹
            left = B - R @ x
            x += inverse @ left
            if np.vdot(left, left) <= enough * size:
                return x
        return np.linalg.solve(R, B)

    def coefficients(self, bound):
        """θ_A where the bound is `bound`, and its growth for each unit that the bound comes down: (2, k)."""
        right = np.array((self.b - bound * self.z, self.z)).T  # (k, 2)
        return self.solve(self.R, self.inverse, right).T  # (eq-lasso-path)

    def vanishing(self, theta):
        """Which of the coefficients `theta` (k,) are zero but for rounding, or have the wrong sign by it."""
        return self.signs * theta <= self.tiny[self.columns]

    def all(self, theta, bound):
        """The coefficients of all d columns, with exact zeros, from those in play, `theta` (k,)."""
        zero = self.vanishing(theta)
        if zero.any():  # solve for the others alone
            others = _Active(self.X, self.y)
            for j, sign in zip(self.columns[~zero], self.signs[~zero]):
                others.add(j, sign)
            return others.all(others.coefficients(bound)[0], bound)
        full = np.zeros(self.X.shape[1])
        full[self.columns] = theta
        return full

    def leaving(self, theta, growth, bound):
        """The bound, `bound` or below, at which each coefficient in play becomes zero: (k,), 0 for never."""
        theta, growth, least = self.signs * theta, self.signs * growth, self.tiny[self.columns]
        theta[theta <= least] = 0.0
        crossing = theta + bound * growth < -8 * least  # what it would be for bound 0
        below = np.divide(theta, growth, out=np.zeros(self.k), where=crossing)  # (eq-lasso-events), a/b
        return np.maximum((bound + below) * crossing, 0)

    def entering(self, bound):
        """The bound, `bound` or below, at which each column outside meets it: (d,), 0 for never; its sign."""
        sign = np.sign(self.rest)  # of xᵀr = rest + bound * rate at the end, so where they can meet
        rest, rate = np.abs(self.rest), sign * self.rate
        fuzz_rate = _ROUNDING * np.sqrt(self.z @ self.z) * self.norms  # (d,): xᵀQz is known to this
        gap = 1 - rate  # how fast the bound comes down upon it
        out = (gap > fuzz_rate) & (rest > self.fuzz) & self.open
        # (eq-lasso-events), ±p/(1 ∓ q): solves rest + at * rate = at
        at = np.divide(rest, gap, out=np.zeros(len(gap)), where=out)
        # where the gap is small, rounding would make a knot of its own
        due = out & (bound * gap - rest <= self.fuzz + bound * fuzz_rate)
        return np.where(due, bound, np.minimum(at, bound)), sign


def _homotopy(X, y, end):
    """Follow the path on centred `X` (n, d), `y` (n,) from all slopes zero down to the bound `end`.

    Yields
    ------
    bound : float
    theta : ndarray, shape (d,)
        The coefficients at each knot, and at `end`.
    """
    active, turns = _Active(X, y), 0
    reach = np.abs(X.T @ y)  # (d,)
    bound = first = np.where(reach > active.fuzz, reach, 0.0).max()  # (eq-lasso-delta-max)
    yield bound, np.zeros(X.shape[1])
    while bound > end:
        theta, growth = active.coefficients(bound)  # (k,), (k,)
        at, sign = active.entering(bound)  # (d,), (d,)
        at[active.columns] = active.leaving(theta, growth, bound)
        top = at.max()
        j = np.argmax(at >= top * (1 - _TIE))  # ties: the least index, lest exchanges go in circles
        turns = 0 if top < bound * (1 - _TIE) else turns + 1
        if turns > _PATIENCE * len(at):  # no tie has ever been seen to outlast so many exchanges
            raise RuntimeError(
                "lasso_path cannot tell which of the columns that tie at "
                f"δ = {np.sqrt(2 * bound):g} enter. Leave out sums of other columns."
            )
        top = max(top if top > EPS * first else 0.0, end)
        theta, bound = theta + (bound - top) * growth, top
        if bound == end:
            yield bound, active.all(theta, bound)
            return
        enters = active.open[j]
        if not enters:
            active.drop(j)
            theta, _ = active.coefficients(bound)
        if not turns:  # the bound has moved: a knot
            yield bound, active.all(theta, bound)
        if enters:
            active.add(j, sign[j])


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
        deltas = check_grid(deltas, float(self.deltas[-1]), name="deltas")
        knots = self.deltas**2  # (n_knots,)
        upper = np.clip(np.searchsorted(-knots, -(deltas**2)) - 1, 0, max(len(knots) - 2, 0))  # (n,)
        lower = np.minimum(upper + 1, len(knots) - 1)
        gap = np.where(lower > upper, knots[upper] - knots[lower], 1.0)
        share = np.clip((knots[upper] - deltas**2) / gap, 0, 1)[:, None]  # (n, 1)
        return (1 - share) * self.thetas[upper] + share * self.thetas[lower]  # (eq-lasso-path)


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
        Bad `X` or `y`, lengths that differ, or a `delta_min` that is not a finite number ≥ 0.

    Notes
    -----
    Where columns are dependent the solution may not be unique; of equal columns the one with the least index
    is used. Source: lecture deck D, LASSO regularization; the algorithm is described in the module's
    docstring.
    """
    X, y = check_X_y(X, y)
    delta_min = check_at_least(delta_min, 0, name="delta_min")
    R, z, x_mean, y_mean = triangle(X, y)
    bounds, slopes = zip(*_homotopy(R, z, delta_min**2 / 2))
    deltas = np.sqrt(2 * np.array(bounds))
    if len(deltas) > 1:
        deltas[-1] = delta_min  # without the rounding of a square root of a square
    return LassoPath(deltas, with_intercept(np.array(slopes), x_mean, y_mean))


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
        The largest violation: of 2xⱼᵀr = δ² sign θⱼ or |2xⱼᵀr| ≤ δ² (xⱼ centred), relative to 2 max |xⱼᵀ(y −
        ȳ)|, or of Σr = 0, relative to Σ|y − ȳ|. Around 1e-15 for a solution; not relative where those scales
        are 0.

    Raises
    ------
    ValueError
        Bad `X`, `y` or `theta`, lengths that do not match, or a `delta` that is not a finite number ≥ 0.

    Notes
    -----
    Equation eq-lasso-kkt.
    """
    X, y = check_X_y(X, y)
    Xc, yc, x_mean, y_mean = centred_X_y(X, y)
    theta, delta = check_vector(theta, name="theta"), check_at_least(delta, 0, name="delta")
    if len(theta) != len(x_mean) + 1:
        raise ValueError(
            f"theta must have the intercept and one slope a column, {len(x_mean) + 1} entries; "
            f"got {len(theta)}."
        )
    intercept, slopes = theta[0], theta[1:]
    r = yc - Xc @ slopes  # (m,)
    c = 2 * Xc.T @ r  # (d,)
    at_zero, elsewhere = np.abs(c) - delta**2, np.abs(c - delta**2 * np.sign(slopes))  # (eq-lasso-kkt)
    violation = np.where(slopes == 0, at_zero, elsewhere)  # (d,)
    off_centre = abs(len(yc) * (y_mean - x_mean @ slopes - intercept))  # |Σr|
    scale, scale_y = 2 * np.abs(Xc.T @ yc).max(), np.abs(yc).sum()
    return float(max(violation.max() / (scale or 1.0), off_centre / (scale_y or 1.0), 0.0))


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
    Equation eq-lasso-kkt; `lasso_path` says how. Source: lecture deck D, LASSO regularization.
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
        """
        delta = check_at_least(self.delta, 0, name="delta")
        self.theta_ = lasso_path(X, y, delta_min=delta).thetas[-1]
        return self

    def predict(self, X):
        """Return ŷ = θ₀ + Xθ₁…d, shape (m,), for `X` (m, d)."""
        X = check_columns(X, self)
        return self.theta_[0] + X @ self.theta_[1:]
