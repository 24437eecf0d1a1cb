"""Linear regression by orthogonal factorisation, to all the digits that float64 data hold.

How the digits are kept
-----------------------
The textbook formula (XᵀX)⁻¹Xᵀy squares the condition number of X. Instead:

1. Each column is centred (which takes the intercept out) and divided by its length before centring. Rounding
   then disturbs each entry of the scaled column by about one part in 2⁵³ of that length, the same for every
   column, so one tolerance tells dependent columns from nearly dependent ones.
2. Householder QR, and the singular values of the small factor R. A singular value at the level of rounding
   means a direction that the data do not determine.
3. Iterative refinement of θ̂ and the residuals together [1]_: what is left of the equations y = r + [1 X]θ
   and [1 X]ᵀr = 0 is computed with twice the digits and solved for with the same factors. `numpy.longdouble`
   would do on some machines and is plain float64 on others (Windows, macOS on ARM, browsers), so the extra
   digits come from error-free transformations of float64 numbers [2]_, which are exact wherever float64 is.

Large designs are first tried the quick way: the normal equations of the centred columns, and one step of
refinement with the residuals of that θ̂. Where the condition number of XᵀX, columns scaled, is below 10⁶ this
is as exact: the step squares the error, and over many rows the rounding of the residuals averages out.

References
----------
.. [1] Å. Björck, "Iterative refinement of linear least squares solutions I", BIT 7 (1967), 257-278.
.. [2] T. Ogita, S. M. Rump, S. Oishi, "Accurate sum and dot product", SIAM J. Sci. Comput. 26 (2005),
   1955-1988, algorithms 3.3 (TwoProduct) and 5.3 (Dot2).
.. [3] G. W. Stewart, "Rank degeneracy", SIAM J. Sci. Stat. Comput. 5 (1984), 403-413: scale columns so that
   their errors are alike, then look at the singular values.
"""

import warnings

import numpy as np

from ._checks import RankDeficiencyWarning, check_columns, check_X_y
from ._estimator import Estimator
from ._numerics.columns import EPS, blocks, gram

_LARGE = 100_000  # entries of X: from here on the quick way is tried

# Times √d. Rounding lifts the smallest singular value of dependent columns to 7 eps √d at most in thousands
# of random designs of all shapes; a raw polynomial of degree 10 on x from -9 to -3 has it at 900,000 eps √d.
RANK_TOLERANCE = 32 * EPS


def _twofold_matvec(A, b):
    """A @ b, rounded once from a sum carried with twice the digits of float64 (algorithm Dot2).

    `A` (m, n) and `b` (n,) must stay far from overflow: 134217729 times an entry is formed.
    """
    b1, b2 = _halves(b)
    result, block = np.empty(len(A)), max(1, 2**15 // max(1, A.shape[1]))
    for i in range(0, len(A), block):  # blocks that fit in the cache
        a = A[i : i + block]
        a1, a2 = _halves(a)
        p = a * b
        # exactly a·b = p + what is summed here (TwoProduct)
        error = (a2 * b2 - (((p - a1 * b1) - a2 * b1) - a1 * b2)).sum(axis=1)
        while p.shape[1] > 1:  # add in pairs, and collect what each addition rounds away (TwoSum)
            k = p.shape[1] // 2
            left, right, odd = p[:, :k], p[:, k : 2 * k], p[:, 2 * k :]
            total = left + right
            shadow = total - left
            error += ((left - (total - shadow)) + (right - shadow)).sum(axis=1)
            p = np.hstack((total, odd)) if odd.size else total
        result[i : i + block] = p[:, 0] + error
    return result


def _halves(a):
    """`a` as the exact sum of two numbers of 26 bits, whose products are exact (Veltkamp's splitting)."""
    c = 134217729.0 * a  # 2²⁷ + 1
    high = c - (c - a)
    return high, a - high


class LinearRegression(Estimator):
    """Least squares: the θ that minimises ‖y − [1 X]θ‖², to the last digits.

    With Gaussian noise this is the maximum-likelihood estimate. The answer is that of the given float64
    numbers to nearly all 15 digits wherever the columns are independent in float64, a raw polynomial of
    degree 10 included. (Powers that were rounded when they were computed limit what the answer means: a
    relative error of 1e-16 in the columns is multiplied by the condition number.)

    Attributes
    ----------
    theta_ : ndarray, shape (d + 1,)
        θ̂, the intercept first. In units of `y`, and of `y` per unit of the column.
    rank_ : int
        Rank of [1 X] (m, d + 1): how many parameters the data determine. d + 1 where θ̂ is unique.
    sigma_ : float
        Maximum-likelihood estimate of the standard deviation of the noise, √(‖y − ŷ‖²/m), in units of `y`.
        It divides by m, so it is a little too small; for the unbiased variance multiply σ² by m/(m − rank_).

    Warns
    -----
    RankDeficiencyWarning
        From `fit`, where the columns are linearly dependent in float64 (with the constant: a constant column
        is). The predictions are still the least-squares ones; of all the θ̂ that give them, `theta_` is the
        one with the shortest slopes ‖θ₁…θ_d‖, which is also where ridge regression goes for δ → 0.

    Raises
    ------
    ValueError
        Bad input: see `mlcore` for what is accepted.

    Notes
    -----
    Equations eq-model, eq-normal, eq-qr, eq-sigma-ml, eq-predictive-std. Source: lecture deck D, linear
    regression and maximum likelihood; the module's docstring explains the arithmetic.
    Refinement with twice the digits needs some six temporary arrays of the size of `X`.
    """

    def fit(self, X, y):
        """Find θ̂.

        Parameters
        ----------
        X : array_like, shape (m, d)
        y : array_like, shape (m,)

        Returns
        -------
        LinearRegression
            The estimator itself.

        Raises
        ------
        ValueError
            Bad `X` or `y`, or lengths that differ.

        Warns
        -----
        RankDeficiencyWarning
            [1 X] has linearly dependent columns.
        """
        X, y = check_X_y(X, y)
        if X.size < _LARGE or len(X) <= X.shape[1] or not self._fit_by_gram(X, y):
            self._fit_by_qr(X, y)
        return self

    def _fit_by_gram(self, X, y):
        """Set θ̂ by the normal equations and a step of refinement; return False where that would not do."""
        m, d = X.shape
        G, b, _, mean, y_mean = gram(X, y)
        unit = np.sqrt(np.diag(G))
        if not np.all(unit > 0):
            return False
        eigenvalues, V = np.linalg.eigh(G / np.outer(unit, unit))
        if eigenvalues[0] < 1e-6 * eigenvalues[-1]:
            return False
        W = V / np.sqrt(eigenvalues) / unit[:, None]  # (d, d): WWᵀ = (XᵀX)⁻¹, columns centred
        slopes = W @ (W.T @ b)  # with an error of 1e6 EPS at most, which the next step squares
        g, total, rss = 0.0, 0.0, 0.0
        for rows, Z in blocks(X, mean):  # centred
            e = y[rows] - y_mean - Z @ slopes
            g, total, rss = g + e @ Z, total + e.sum(), rss + e @ e
        slopes += W @ (W.T @ g)
        self.theta_ = np.append(y_mean + total / m - mean @ slopes, slopes)
        self.rank_, self.sigma_ = d + 1, float(np.sqrt(rss / m))
        self._m, self._mean, self._W = m, mean, W
        return True

    def _fit_by_qr(self, X, y):
        """Set θ̂ by QR of the scaled columns, and refinement with twice the digits."""
        m, d = X.shape
        # powers of two, so exact: units as different as 1e-200 and 1e200 cannot overflow below
        unit_X, unit_y = np.frexp(np.abs(X).max(axis=0))[1], np.frexp(np.abs(y).max())[1]
        X, y = np.ldexp(X, -unit_X), np.ldexp(y, -unit_y)

        mean = _twofold_matvec(np.ascontiguousarray(X.T), np.ones(m)) / m  # so constant columns become 0
        length = np.sqrt((X**2).sum(axis=0))
        length[length == 0] = 1.0
        Q, R = np.linalg.qr((X - mean) / length)  # (m, k), (k, d), k = min(m, d)
        U, s, Vt = np.linalg.svd(R, full_matrices=False)
        rank = int(np.sum(s > RANK_TOLERANCE * np.sqrt(d)))
        P, V = Q @ U[:, :rank], Vt[:rank].T  # (m, rank): orthonormal basis of the centred columns; (d, rank)
        W = V / (s[:rank] * length[:, None])  # (d, rank): (X - mean) @ W = P

        A = np.column_stack((np.ones(m), X))  # (m, d + 1)
        At, units = np.ascontiguousarray(A.T), np.concatenate(([np.sqrt(m)], length))

        def solve(f, g):
            """The θ and r of r + Aθ = f, Aᵀr = g; f = y, g = 0: the least-squares solution, residuals."""
            # f is centred: rounding turns P a little towards the constant if columns are nearly dependent
            z = P.T @ (f - f.mean()) - W.T @ (g[1:] - mean * g[0])
            shift, slopes = f.mean() - g[0] / m, W @ z
            return np.concatenate(([shift - mean @ slopes], slopes)), f - shift - P @ z

        theta, r = solve(y, np.zeros(d + 1))
        last = np.linalg.norm(units * theta)
        for k in range(10):
            f = _twofold_matvec(np.column_stack((y, r, A)), np.concatenate(([1, -1], -theta)))  # y − r − Aθ
            step, change = solve(f, -_twofold_matvec(At, r))
            size = np.linalg.norm(units * step)
            if k > 0 and size >= last / 2:  # only rounding is left; but the first θ may have no right digit
                break
            theta, r = theta + step, r + change
            # the next step will be rounded away, even if this one was a thousand times better than it should
            if 1000 * size * size <= EPS * last * np.linalg.norm(units * theta):
                break
            last = size

        if rank < d:
            # of all θ with these predictions the shortest: its slopes lie in the row space of the centred X
            B = np.linalg.qr(np.ldexp(V * length[:, None], (unit_X - unit_X.max())[:, None]))[0]  # (d, rank)
            slopes = np.ldexp(theta[1:], -unit_X)
            slopes = np.ldexp(B @ (B.T @ slopes), unit_X)
            theta = np.concatenate(([theta[0] + mean @ (theta[1:] - slopes)], slopes))
            warnings.warn(
                f"[1 X] has rank {rank + 1}, but {d + 1} columns, the constant included: to rounding, some "
                "columns are constant or sums of multiples of others, so many θ fit equally well. theta_ is "
                "the one with the shortest slopes; single coefficients mean nothing. Leave columns out, or "
                "use Ridge.",
                RankDeficiencyWarning,
                stacklevel=3,
            )
        self.theta_ = np.ldexp(theta, unit_y - np.concatenate(([0], unit_X)))
        self.rank_ = rank + 1
        self.sigma_ = float(np.ldexp(np.sqrt(r @ r / m), unit_y))  # (eq-sigma-ml)
        self._m, self._mean, self._W = m, np.ldexp(mean, unit_X), np.ldexp(W, -unit_X[:, None])

    def predict(self, X):
        """ŷ = θ̂₀ + Xθ̂₁…d.

        Parameters
        ----------
        X : array_like, shape (m, d)

        Returns
        -------
        ndarray, shape (m,)
            In units of `y`.

        Raises
        ------
        ValueError
            Not fitted, bad `X`, or not as many columns as at fit.
        """
        X = check_columns(X, self)
        return self.theta_[0] + X @ self.theta_[1:]  # (eq-model)

    def predictive_std(self, X):
        """Standard deviation of a new observation at each row of `X`: σ̂√(1 + 1/m + leverage).

        The 1 is the noise of the new observation, the rest the uncertainty of θ̂: of the mean, and of the
        slopes, which grows with the distance from the data. ŷ ± 1.96 times this is the predictive band of
        95 % (with σ̂ in place of the unknown σ, so for large m).

        Parameters
        ----------
        X : array_like, shape (m, d)

        Returns
        -------
        ndarray, shape (m,)
            In units of `y`. Directions in which the training data did not vary at all are not counted,
            although nothing is known about them: see `rank_`.

        Raises
        ------
        ValueError
            Not fitted, bad `X`, or not as many columns as at fit.
        """
        X = check_columns(X, self)
        return self.sigma_ * np.sqrt(1 + self._leverage(X))  # (eq-predictive-std)

    def _leverage(self, X):
        """x̃ᵀ([1 X]ᵀ[1 X])⁻¹x̃ for each row x of `X`, x̃ = [1 x], the training data in the middle: (m,)."""
        rows = (X - self._mean) @ self._W  # (m, rank_ - 1)
        return 1 / self._m + (rows**2).sum(axis=1)  # (eq-leverage)
