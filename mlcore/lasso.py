"""The lasso: least squares with the penalty δ²‖θ‖₁ on the slopes, the intercept free; its whole path, exactly.

With centred columns xⱼ and the residual r = y − Xθ, the minimum is where no slope can be moved to advantage:

    2xⱼᵀr = δ² sign θⱼ  where θⱼ ≠ 0,      |2xⱼᵀr| ≤ δ²  where θⱼ = 0.

While the signs stay as they are these are linear equations, so θ̂ is piecewise linear in δ². The path starts with all
slopes zero at the δ² that equals the largest |2xⱼᵀy|, and follows the line until a column reaches the bound (it
enters) or a coefficient reaches zero (it leaves); there, at a *knot*, the line turns [1]_ [2]_.

In this module ``bound`` is δ²/2, the bound on |xⱼᵀr|.

References
----------
.. [1] M. R. Osborne, B. Presnell, B. A. Turlach, "A new approach to variable selection in least squares problems",
   IMA J. Numer. Anal. 20 (2000), 389-403.
.. [2] B. Efron, T. Hastie, I. Johnstone, R. Tibshirani, "Least angle regression", Ann. Statist. 32 (2004), 407-499,
   section 3.1.
"""

from dataclasses import dataclass

import numpy as np

from ._centred import EPS, centred_X_y, compressed, with_intercept
from ._checks import check_at_least, check_columns, check_fitted, check_grid, check_vector
from ._estimator import Estimator

_ROUNDING = 16 * EPS  # a correlation |xᵀr| is known to this, relative to ‖x‖‖y‖
_DEPENDENT = 1e-13  # a column this close to the plane of others (relative to its length) adds nothing to them
_PATIENCE = 1000  # exchanges at one and the same knot before columns that want to enter are turned away


def soft_threshold(z, threshold):
    """Move `z` towards zero by `threshold`, and stop at zero: sign(z) max(|z| − threshold, 0).

    The lasso coefficient of a column of length 1 at right angles to the others is ``soft_threshold(x @ y, delta**2/2)``.

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


def _solve_upper(R, B):
    """Solve R x = B (k, n) for an upper triangle R (k, k), in halves."""
    k = len(R)
    if k <= 32:
        return np.linalg.solve(R, B) if k else B
    h = k // 2
    below = _solve_upper(R[h:, h:], B[h:])
    return np.vstack((_solve_upper(R[:h, :h], B[:h] - R[:h, h:] @ below), below))


class _Active:
    """The columns whose coefficients are not zero, with their signs and factors X_A = QR.

    On a line of the path R θ_A = b − bound z, with b = Qᵀy and Rᵀz = signs; the residual is y − Qb + bound Qz.
    """

    def __init__(self, X, y):
        n = min(X.shape)
        self.X, self.y = X, y
        self.norms = np.sqrt((X**2).sum(axis=0))  # (d,)
        self.columns, self.signs = [], np.empty(0)
        self._Q, self._R = np.empty((len(X), n), order="F"), np.zeros((n, n))
        self.b, self.z = np.empty(0), np.empty(0)

    @property
    def Q(self):
        return self._Q[:, :len(self.columns)]  # (n, k)

    @property
    def R(self):
        return self._R[:len(self.columns), :len(self.columns)]  # (k, k)

    def add(self, j, sign):
        """Let column `j` in; False if it is a linear combination of those that are in already."""
        x, Q, k = self.X[:, j], self.Q, len(self.columns)
        r = Q.T @ x  # (k,)
        q = x - Q @ r
        again = Q.T @ q  # what rounding left along Q
        q, r = q - Q @ again, r + again
        length = np.sqrt(q @ q)
        if length <= _DEPENDENT * np.sqrt(x @ x) or k == len(self._R):
            return False
        self._Q[:, k], self._R[:k, k], self._R[k, k] = q / length, r, length
        self.columns.append(j)
        self.signs = np.append(self.signs, sign)
        self.b = np.append(self.b, self._Q[:, k] @ self.y)
        self.z = np.append(self.z, (sign - r @ self.z) / length)
        return True

    def drop(self, place):
        """Let the column at `place` in the list go, and factor the others again."""
        del self.columns[place]
        k, self.signs = len(self.columns), np.delete(self.signs, place)
        self._Q[:, :k], self._R[:k, :k] = np.linalg.qr(self.X[:, self.columns])
        self.b = self.Q.T @ self.y
        self.z = _solve_upper(self.R[::-1, ::-1].T, self.signs[::-1, None])[::-1, 0]

    def coefficients(self, bound):
        """θ_A where the bound is `bound`, and by how much it grows for each unit that the bound comes down: (k, 2)."""
        return _solve_upper(self.R, np.column_stack((self.b - bound * self.z, self.z)))


    def vanishing(self, theta):
        """Which of the coefficients `theta` (k,) are zero but for rounding, or have the wrong sign by it."""
        return self.signs * theta * self.norms[self.columns] <= _ROUNDING * np.sqrt(self.y @ self.y)

    def all_coefficients(self, bound):
        """θ (d,) where the bound is `bound`, with exact zeros."""
        theta = self.coefficients(bound)[:, 0]
        zero = self.vanishing(theta)
        if zero.any():  # solve for the others alone
            others = _Active(self.X, self.y)
            for j, sign in zip(np.array(self.columns)[~zero], self.signs[~zero]):
                others.add(j, sign)
            return others.all_coefficients(bound)
        full = np.zeros(self.X.shape[1])
        full[self.columns] = theta
        return full


def _next_event(active, bound, blocked):
    """The largest bound, this one included, at which a column enters or leaves.

    Returns
    -------
    at : float
        The bound there; 0 if nothing happens any more.
    j : int
        Index of the column; among several at once the least, so that no sequence of exchanges can go round in circles.
    sign : float
        Sign with which it enters; 0 if it leaves.
    """
    X, columns = active.X, active.columns
    at = np.zeros((3, X.shape[1]))  # bounds at which each column leaves; enters with sign +1; enters with sign -1
    theta, growth = active.coefficients(bound).T  # (k,), (k,)
    theta = np.where(active.vanishing(theta), 0.0, theta)
    shrinking = active.signs * growth < 0
    at[0, columns] = np.where(shrinking, bound + theta / np.where(shrinking, growth, 1.0), 0.0)

    u = active.Q @ active.z  # (n,): the direction with the same inner product, ±1, with all active columns
    rest = X.T @ (active.y - active.Q @ active.b)  # (d,): inner products with the residual are rest + bound * rate
    rate = X.T @ u
    fuzz = _ROUNDING * active.norms * np.sqrt(active.y @ active.y)
    fuzz_rate = _ROUNDING * active.norms * np.sqrt(u @ u)
    for row, sign in ((1, 1.0), (2, -1.0)):
        gap = 1 - sign * rate  # how fast the bound comes down on this column
        out = (gap > fuzz_rate) & (sign * rest > fuzz)
        at[row] = np.where(out, sign * rest / np.where(out, gap, 1.0), 0.0)
        due = out & (sign * (rest + bound * rate) >= bound - fuzz - bound * fuzz_rate)
        at[row, due] = bound
    at[1:, columns] = 0.0
    at[1:, list(blocked)] = 0.0
    at = np.clip(at, 0, bound)
    j = int(at.max(axis=0).argmax())
    row = int(at[:, j].argmax())
    return at[row, j], j, (0.0, 1.0, -1.0)[row]


def _homotopy(X, y, end):
    """Follow the path on centred `X` (n, d), `y` (n,) from all slopes zero down to the bound `end`.

    Yields
    ------
    bound : float
    theta : ndarray, shape (d,)
        The coefficients at a knot, or at `end`.
    """
    active, blocked, turns = _Active(X, y), set(), 0
    reach = np.abs(X.T @ y)  # (d,)
    bound = first = max(np.where(reach > _ROUNDING * active.norms * np.sqrt(y @ y), reach, 0.0).max(), end)
    yield bound, np.zeros(X.shape[1])
    while bound > end:
        at, j, sign = _next_event(active, bound, blocked)
        moved = at < bound
        turns = 0 if moved else turns + 1
        bound = max(at if at > EPS * first else 0.0, end)
        if bound == end:
            break
        if not sign:
            active.drop(active.columns.index(j))
            if turns < _PATIENCE:
                blocked.clear()
        if moved:
            yield bound, active.all_coefficients(bound)
        if sign and (turns >= _PATIENCE or not active.add(j, sign)):
            blocked.add(j)
    if bound < first:
        yield bound, active.all_coefficients(bound)


@dataclass(frozen=True)
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
        knots = self.deltas[::-1]**2
        return np.column_stack([np.interp(deltas**2, knots, theta[::-1]) for theta in self.thetas.T])  # (eq-lasso-path)


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
    Where columns are dependent the solution may not be unique; of equal columns the one with the least index is used.
    Source: lecture deck D, LASSO regularization; the algorithm is described in the module's docstring.
    """
    delta_min = check_at_least(delta_min, 0, name="delta_min")
    Xc, yc, x_mean, y_mean = centred_X_y(X, y)
    bounds, slopes = zip(*_homotopy(*compressed(Xc, yc), delta_min**2 / 2))
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
        The largest violation: of 2xⱼᵀr = δ² sign θⱼ or |2xⱼᵀr| ≤ δ² (xⱼ centred), relative to 2 max |xⱼᵀ(y − ȳ)|, or
        of Σr = 0, relative to Σ|y − ȳ|. Around 1e-15 for a solution; not relative where those scales are 0.

    Raises
    ------
    ValueError
        Bad `X`, `y` or `theta`, lengths that do not match, or a `delta` that is not a finite number ≥ 0.

    Notes
    -----
    Equation eq-lasso-kkt.
    """
    Xc, yc, x_mean, y_mean = centred_X_y(X, y)
    theta, delta = check_vector(theta, name="theta"), check_at_least(delta, 0, name="delta")
    if len(theta) != len(x_mean) + 1:
        raise ValueError(f"theta must have the intercept and one slope a column, {len(x_mean) + 1} entries; "
                         f"got {len(theta)}.")
    intercept, slopes = theta[0], theta[1:]
    r = yc - Xc @ slopes  # (m,)
    c = 2 * Xc.T @ r  # (d,)
    violation = np.where(slopes != 0, np.abs(c - delta**2 * np.sign(slopes)), np.abs(c) - delta**2)  # (eq-lasso-kkt)
    off_centre = abs(len(yc) * (y_mean - x_mean @ slopes - intercept))  # |Σr|
    scale, scale_y = 2 * np.abs(Xc.T @ yc).max(), np.abs(yc).sum()
    return float(max(violation.max() / (scale or 1.0), off_centre / (scale_y or 1.0), 0.0))


class Lasso(Estimator):
    """The lasso: the θ that minimises ‖y − [1 X]θ‖² + δ²(|θ₁| + … + |θ_d|).

    Many slopes of θ̂ are exactly zero. The intercept θ₀ is not penalised; the slopes are penalised in the units of their
    columns: standardise first (`StandardScaler`) unless the units are alike.

    Parameters
    ----------
    delta : float, default 1.0
        Lasso strength δ ≥ 0; δ² is in units of `y` times units of the columns. scikit-learn's ``alpha`` is δ²/2m.

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
        check_fitted(self)
        return self.theta_[0] + check_columns(X, len(self.theta_) - 1) @ self.theta_[1:]
