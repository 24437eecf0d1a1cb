"""The lasso path by homotopy, with care for rounding and ties: what runs behind `mlcore.lasso.lasso_path`.

The equations are those of the plain form `mlcore.lasso.lasso_path_by_homotopy`, in other units: ``bound`` is
δ²/2, and powers of two bring `y` and each column to a length from 1/2 to 1. Then column j has a weight wⱼ, in
proportion to one over its length, and the conditions of a minimum are xⱼᵀr = bound wⱼ sign θⱼ, or |xⱼᵀr| ≤
bound wⱼ. So each column is judged in its own unit.

What floating point asks for beyond the equations:

- θ is carried along the path. At a knot the factors would give it anew, but of columns that are alike to ε
  only to rounding/ε², and that may have the wrong sign.
- What rounding cannot tell apart happens at one knot, judged by its effect on θ and on xᵀr and not by the
  distance of the bounds; of several columns the one with the least index comes first.
- Of nearly dependent columns the slopes grow as the bound comes down. Where rounding them moves xᵀr by a fair
  part of the bound itself, what enters or leaves is chance: there the path ends, with a warning.
"""

import numpy as np

from .._checks import RankDeficiencyWarning, warn
from .columns import EPS, expect_alike, lengths

_ROUNDING = 16 * EPS  # xᵀr and θ are known to this, relative to ‖y‖
_DEPENDENT = 1e-13  # a column this close to the plane of others adds nothing to them
_TIE = 1e-13  # columns that enter at bounds closer than this, relatively, tie
_LARGE = 1e3  # slopes up to this, relative to ‖y‖, may be rounded without harm
_UNSURE = 0.1  # the path ends where rounding may change xᵀr by this, relative to the bound
_PATIENCE = 30  # exchanges a column at one and the same knot, before the path ends
_SHORT = 900  # columns that are shorter than the longest by more than this power of two count as zero


class ActiveSet:
    """The columns in play, with the signs of their coefficients and the factors X_A = QR.

    On one line of the path Rθ_A = b − bound z, where b = Qᵀy and Rᵀz = s_A w_A. For all columns xᵀr = p +
    bound q, where p = xᵀ(y − Qb) and q = xᵀQz; both are brought up to date with one product of X and a vector
    when a column comes in.
    """

    def __init__(self, X, y, weights):
        n, d = X.shape
        most = min(n, d)
        self.X, self.y, self.weights = X, y, weights
        self.size = self.peak = np.sqrt(y @ y)
        self.noise = _ROUNDING * self.size
        self.open = np.ones(d, dtype=bool)  # columns that are neither in nor dependent on those that are
        self.p, self.q = y @ X, np.zeros(d)
        # of all that follows the first k entries are used
        self._columns, self._signs = np.empty(most, dtype=int), np.empty(most)
        self._b, self._z = np.empty(most), np.empty(most)
        self._Q = np.empty((n, most), order="F")
        self._R, self._inverse = np.zeros((most, most)), np.zeros((most, most))
        self._resize(0)

    def _resize(self, k):
        self.columns, self.signs = self._columns[:k], self._signs[:k]  # (k,), (k,)
        self.b, self.z, self.Q = self._b[:k], self._z[:k], self._Q[:, :k]  # (k,), (k,), (n, k)
        self.R, self.inverse = self._R[:k, :k], self._inverse[:k, :k]  # (k, k), and roughly R⁻¹

    def add(self, j, sign):
        """Let column `j` in, with the sign its coefficient will have, unless it depends on those in play."""
        self.open[j] = False
        x, Q, k = self.X[:, j], self.Q, len(self.columns)
        r = x @ Q  # (k,)
        new = x - Q @ r
        length = np.sqrt(new @ new)
        if 3 * length**2 < r @ r:  # take off what rounding left along Q
            again = new @ Q
            new, r = new - Q @ again, r + again
            length = np.sqrt(new @ new)
        if k == len(self._R) or length <= _DEPENDENT:
            return
        z = (sign * self.weights[j] - r @ self.z) / length
        new /= length
        self._Q[:, k], self._R[:k, k], self._R[k, k] = new, r, length
        self._inverse[:k, k], self._inverse[k, k] = self.inverse @ r / -length, 1 / length
        self._columns[k], self._signs[k], self._b[k], self._z[k] = j, sign, new @ self.y, z
        along = new @ self.X  # (d,)
        self.p -= self._b[k] * along
        self.q += z * along
        self._resize(k + 1)

    def drop(self, j):
        """Let column `j` go, and restore the triangle behind it."""
        i, k = int(np.argmax(self.columns == j)), len(self.columns)
        H, tail = np.linalg.qr(self.R[i:, i + 1 :])  # (k-i, k-i-1), and its upper triangle
        self._Q[:, i : k - 1] = self._Q[:, i:k] @ H
        self._R[:i, i : k - 1], self._R[i : k - 1, i : k - 1] = self._R[:i, i + 1 : k], tail
        self._inverse[:i, i : k - 1] = self.inverse[:i, i:] @ H
        self._inverse[i : k - 1, i : k - 1] = self.inverse[i + 1 :, i:] @ H
        for entries in (self._columns, self._signs):
            entries[i : k - 1] = entries[i + 1 : k]
        self._resize(k - 1)
        self.open[:] = True
        self.open[self.columns] = False
        self.b[:] = self.y @ self.Q
        weights = self.signs * self.weights[self.columns]
        unit = np.abs(weights).max(initial=1.0)
        self.z[:] = unit * self.solve(self.R.T, self.inverse.T, weights / unit)
        self.p, self.q = (self.y - self.Q @ self.b) @ self.X, (self.Q @ self.z) @ self.X

    def solve(self, R, inverse, B):
        """Solve R x = B with a rough R⁻¹: NumPy cannot solve with a triangle in k² steps, but multiply."""
        x, size = inverse @ B, np.vdot(B, B)
        for left_over in (1e-16, 1e-28, 1e-28):  # each correction multiplies it by the error of R⁻¹
            left = B - R @ x
            x += inverse @ left
            if np.vdot(left, left) <= left_over * size:
                return x
        return np.linalg.solve(R, B)

    def line(self, theta, bound):
        """The line of the path that goes through `bound`, where θ_A has been carried to `theta` (k,).

        Returns
        -------
        theta : ndarray, shape (k,)
            Anew from the factors, if that agrees.
        growth : ndarray, shape (k,)
            Of θ_A as the bound comes down.
        p : ndarray, shape (d,)
            xᵀr for bound 0.
        """
        scaled = bound * self.z
        anew, growth = self.solve(self.R, self.inverse, np.array((self.b - scaled, scaled)).T).T
        growth = growth / (bound or 1.0)
        if np.abs(anew - theta).max(initial=0) <= self.noise:
            return theta, growth, self.p
        came, size = theta == 0, np.abs(anew)  # came just now
        self.peak = max(self.peak, size.max())
        noise = _ROUNDING * self.peak
        moved = np.abs(self.R @ (anew - theta)).max()  # what it changes in Xθ
        if moved <= 64 * noise and np.where(came, size <= noise, self.signs * anew > 0).all():
            self.peak = max(self.size, size.max())
            return np.where(came, 0.0, anew), growth, self.p
        r = self.y - self.X[:, self.columns] @ theta  # (n,)
        return theta, growth, r @ self.X - bound * self.q

    def event(self, theta, growth, p, bound):
        """How far the bound comes down until a column enters or leaves, on the `line` given.

        Returns
        -------
        step, top : float
            `bound` minus `step` is `top`: both, as either may be tiny beside `bound`.
        j : int
            The column.
        sign : float
            Of its coefficient, if it enters.
        """
        theta, growth = self.signs * theta, self.signs * growth
        crosses = theta + bound * growth < -8 * self.noise  # what it would be for bound 0
        sign = np.sign(p)  # of xᵀr for bound 0, so of the bound that it can meet
        p, gap = np.abs(p), self.weights - sign * self.q  # how fast the bound comes down upon it
        noise_q, closing = _ROUNDING * bound * np.abs(self.z).max(initial=0), bound * gap
        meets = (closing > noise_q) & (p > self.noise) & self.open
        now = meets & (closing - p <= self.noise + noise_q)
        now[self.columns] = crosses & (theta <= self.noise)
        j = int(np.argmax(now))  # of several the least index, lest exchanges go in circles
        if now[j]:
            return 0.0, bound, j, sign[j]
        enters = np.divide(p, gap, out=np.zeros(len(gap)), where=meets)  # at this bound
        top = enters.max()
        step, j = bound - top, int(np.argmax(enters >= top * (1 - _TIE)))
        if crosses.any():
            never = np.full(len(theta), np.inf)
            leaves = np.divide(theta, -growth, out=never, where=crosses)  # after this step
            i = np.argmin(leaves)
            if leaves[i] <= step:
                return leaves[i], bound - leaves[i], int(self.columns[i]), 0.0
        return step, top, j, sign[j]


def follow(X, y, weights, end):
    """Follow the path of scaled `X` (n, d), `y` (n,) from all slopes zero down to the bound `end`.

    Yields
    ------
    bound : float
    theta : ndarray, shape (d,)
        The coefficients at each knot, and at `end`, or above it where rounding ends the path.
    """
    active, theta, exchanges = ActiveSet(X, y, weights), np.zeros(X.shape[1]), 0
    reach = np.abs(active.p)  # (d,)
    bound = first = np.max(np.where(reach > active.noise, reach, 0.0) / weights)
    arrived = theta.copy()
    while bound > end:
        A = active.columns
        start, growth, p = active.line(theta[A], bound)
        step, top, j, sign = active.event(start, growth, p, bound)
        theta[A], start = start, start + min(step, bound - end) * growth
        least = bound if exchanges > _PATIENCE * len(theta) else 0.0  # no tie was ever seen to outlast those
        if (size := active.signs @ start) > _LARGE * active.size:
            least = max(least, _ROUNDING * size / (_UNSURE * max(weights[j], weights[A].max(initial=0.0))))
        if end < top <= least:  # the next event would be chance
            end = min(bound, least)
            start = theta[A] + (bound - end) * growth
        last = top <= end
        if np.abs(start - arrived[A]).max(initial=0) > 8 * active.noise:
            yield bound, theta.copy()
            arrived, exchanges = theta.copy(), 0
            arrived[A] = start
        theta[A], bound, exchanges = start, top, exchanges + 1
        if last:
            theta[A] = active.line(start, end)[0]
        elif active.open[j]:
            active.add(j, sign)
        else:
            active.drop(j)
            theta[j] = 0.0
    yield min(end, first), theta


def homotopy(X, y, delta_min):
    """The knots of the lasso path of centred `X` (n, d), `y` (n,) for δ ≥ `delta_min`.

    Returns
    -------
    deltas : ndarray, shape (n_knots,)
    slopes : ndarray, shape (n_knots, d)
    """
    length = lengths(np.column_stack((X, y)))
    powers = np.frexp(length)[1].astype(int)
    j, k = powers[:-1], powers[-1]
    longest = j.max()
    k += (longest + k) % 2
    unit = 2.0 ** float((longest + k) // 2)  # of δ
    end = min(delta_min / unit, 1e150) ** 2 / 2
    short = j < max(longest - _SHORT, -1000)
    lost = np.any(length[:-1][short] > 0) and end < 2.0**-_SHORT
    expect_alike(not lost, length[:-1])
    j[short] = longest
    X, y = X * np.where(short, 0.0, 2.0**-j), y * 2.0**-k
    bounds, thetas = (np.array(part) for part in zip(*follow(X, y, 2.0 ** (longest - j), end)))
    thetas[np.abs(thetas) <= 8 * _ROUNDING * length[-1] * 2.0**-k] = 0.0  # zero but for rounding
    deltas = np.sqrt(2 * bounds) * unit
    if bounds[-1] > end:
        what = f"lasso_path ends at δ = {deltas[-1]:.2g} and does not reach {delta_min:.2g}"
        why = "columns of X are nearly dependent, so below that rounding decides which of them are in use"
        cure = "Take a larger δ, or leave out columns that are nearly sums of others."
        warn(f"{what}: {why}. {cure}", RankDeficiencyWarning)
    if np.any(deltas[:-1] <= deltas[1:]):  # coefficients change places within rounding: neighbours in float64
        for i in range(len(deltas) - 2, -1, -1):
            deltas[i] = max(deltas[i], np.nextafter(deltas[i + 1], np.inf))
    return deltas, np.ldexp(thetas, k - j)
