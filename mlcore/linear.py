"""Linear regression: least squares in its plain forms, and to all the digits that float64 data hold.

The functions are the equations as the chapter prints them; `X` (m, n) has the column of ones in it.
`LinearRegression` brings the intercept itself, and keeps the digits that they lose. The textbook formula
(XᵀX)⁻¹Xᵀy squares the condition number of X. Instead:

1. The columns are centred and factored by QR and singular values (`mlcore._numerics.factor`). Where they are
   far from 0, their first row is taken off before anything else, which is exact.
2. θ̂ and the residuals are refined together with twice the digits (`mlcore._numerics.refinement`).

Large designs are first tried the quick way: the normal equations of the centred columns, and one step of
refinement with the residuals of that θ̂. Where the condition number of XᵀX, columns scaled, is below 10⁶, and
the fit leaves residuals that are more than rounding, this is as exact: the step squares the error, and over
many rows the rounding of the residuals averages out.
"""

import numpy as np

from . import _checks as check
from ._estimator import Estimator
from ._numerics.columns import blocks, from_first_row, gram, in_units, lengths, within_range
from ._numerics.factor import factor
from ._numerics.refinement import refine, twofold_matvec

_LARGE = 100_000  # entries of X: from here on the quick way is tried


def residual_sum_of_squares(X, y, theta):
    """J(θ) = ‖y − Xθ‖², its gradient (n,) and its Hessian (n, n), `X` (m, n) with the ones."""
    e = y - X @ theta  # (m,)
    J = e @ e  # (eq-cost)
    gradient = -2 * X.T @ e  # (eq-cost-gradient)
    hessian = 2 * X.T @ X  # (eq-cost-hessian)
    return J, gradient, hessian


def solve_by_inverse(X, y):
    """θ̂ (n,) as the formula is printed, with an inverse: for comparison only."""
    return np.linalg.inv(X.T @ X) @ (X.T @ y)


def solve_normal_equations(X, y):
    """θ̂ (n,) from the normal equations XᵀXθ = Xᵀy, without an inverse."""
    return np.linalg.solve(X.T @ X, X.T @ y)  # (eq-normal)


def gram_schmidt(X):
    """Q (m, n), orthonormal columns, and R (n, n), upper triangular, with X = QR; `X` (m, n) of rank n.

    The procedure as one does it by hand. `numpy.linalg.qr` uses reflections, which keep QᵀQ = I to all
    digits even where columns are nearly dependent; its R may have negative entries on the diagonal.
    """
    n = X.shape[1]
    Q, R = np.zeros(X.shape), np.zeros((n, n))
    for j in range(n):
        R[:j, j] = Q[:, :j].T @ X[:, j]  # shadows on the columns before
        v = X[:, j] - Q[:, :j] @ R[:j, j]  # (eq-gram-schmidt)
        R[j, j] = np.sqrt(v @ v)
        Q[:, j] = v / R[j, j]
    return Q, R


def solve_by_qr(X, y):
    """θ̂ (n,) from X = QR: Rθ = Qᵀy. XᵀX is never formed."""
    Q, R = np.linalg.qr(X)  # (m, n), (n, n)
    return np.linalg.solve(R, Q.T @ y)  # (eq-qr)


def leverage(X, rows):
    """h(x) = x̃ᵀ([1 X]ᵀ[1 X])⁻¹x̃ of each of the `rows` (k, d), `X` (m, d) without the ones: (k,)."""
    Xc, xc = X - X.mean(axis=0), rows - X.mean(axis=0)  # (m, d), (k, d)
    w = np.linalg.solve(Xc.T @ Xc, xc.T).T  # (k, d)
    return 1 / len(X) + (xc * w).sum(axis=1)  # (eq-leverage)


def predictive_std(X, y, rows):
    """Standard deviation (k,) of new observations at `rows` (k, d) after a fit to `X` (m, d), `y` (m,)."""
    A = np.column_stack((np.ones(len(X)), X))  # (m, d + 1)
    sigma = np.sqrt(np.mean((y - A @ solve_by_qr(A, y)) ** 2))  # (eq-sigma-ml)
    return sigma * np.sqrt(1 + leverage(X, rows))  # (eq-predictive-std)


def linear_nll(X, y, theta, sigma):
    """−log p(y | X, θ, σ), and its derivatives by θ (n,) and by σ, `X` (m, n) with the ones."""
    m, e = len(y), y - X @ theta  # (m,)
    J, v = e @ e, sigma**2
    nll = m / 2 * np.log(2 * np.pi * v) + J / (2 * v)  # (eq-linear-nll)
    by_theta = -X.T @ e / v  # (eq-linear-nll-gradient)
    by_sigma = m / sigma - J / sigma**3  # (eq-linear-nll-gradient)
    return nll, by_theta, by_sigma


def most_likely(X, y):
    """θ̂ (n,) and σ̂ that make the targets `y` (m,) most plausible under Gaussian noise, `X` (m, n)."""
    theta = solve_by_qr(X, y)
    e = y - X @ theta  # (m,)
    return theta, np.sqrt(e @ e / len(y))  # (eq-sigma-ml)


def standard_errors(X, y):
    """Standard error of each entry of θ̂ (n,), with the unbiased σ̂, `X` (m, n) with the ones."""
    e = y - X @ solve_by_qr(X, y)  # (m,)
    variance = e @ e / (X.shape[0] - X.shape[1])  # (eq-sigma-unbiased)
    B = np.linalg.inv(np.linalg.qr(X, mode="r"))  # R⁻¹ (n, n)
    covariance = variance * B @ B.T  # (eq-theta-covariance)
    return np.sqrt(np.diag(covariance))  # (eq-standard-error)


def least_absolute_deviations(X, y, rounds=300):
    """θ (n,) of the least Σ|y − Xθ|, to 4 digits of it, by least squares weighted by 1/|e|, `X` (m, n)."""
    theta = solve_by_qr(X, y)
    floor = 1e-6 * np.abs(y - X @ theta).mean()  # no weight becomes infinite
    for _ in range(rounds):
        e = y - X @ theta  # (m,)
        root = 1 / np.sqrt(np.maximum(np.abs(e), floor))
        theta = solve_by_qr(X * root[:, None], y * root)  # of Σ e²/|e| = Σ|e|
    return theta


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

    Raises
    ------
    ValueError
        Bad input: see `mlcore` for what is accepted.

    Warns
    -----
    RankDeficiencyWarning
        From `fit`, where the columns are linearly dependent in float64 (with the constant: a constant column
        is). The predictions are still the least-squares ones; of all the θ̂ that give them, `theta_` is the
        one with the shortest slopes ‖θ₁…θ_d‖, which is also where ridge regression goes for δ → 0.

    Notes
    -----
    Equations eq-model, eq-normal, eq-qr, eq-sigma-ml, eq-predictive-std. Source: Peeters, lecture slides,
    linear regression and maximum likelihood; the module's docstring explains the arithmetic. Refinement with
    twice the digits needs some six temporary arrays of the size of `X`.
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
        X, y = check.X_y(X, y)
        if X.size < _LARGE or not self._fit_by_gram(X, y):
            self._fit_by_qr(X, y)
        return self

    def _fit_by_gram(self, X, y):
        """Set θ̂ by the normal equations and a step of refinement; return False where that would not do."""
        products = gram(X, y)
        if products is None or np.diag(products[0]).min() <= 0:
            return False
        G, b, yy, origin, drift, y_mean = products
        unit = np.sqrt(np.diag(G))
        eigenvalues, V = np.linalg.eigh(G / np.outer(unit, unit))
        if eigenvalues[0] < 1e-6 * eigenvalues[-1]:
            return False
        m, W = len(y), V / np.sqrt(eigenvalues) / unit[:, None]  # (d, d): WWᵀ = (XᵀX)⁻¹, columns centred
        slopes = W @ (W.T @ b)  # with an error of 1e6 EPS at most, which the next step squares
        g, total, rss = 0.0, 0.0, 0.0
        for rows, Z in blocks(X, origin):
            e = y[rows] - y_mean - (Z @ slopes - drift @ slopes)
            g, total, rss = g + e @ Z, total + e.sum(), rss + e @ e
        h = W.T @ (g - total * drift)
        rss -= h @ h + total**2 / m  # as it is after the step
        if rss < 1e-10 * yy:  # an almost exact fit: what is left has no digits
            return False
        step, before = W @ h, slopes
        slopes = before + step
        lost = step - (slopes - before)  # rounded away: it counts where columns are far from 0
        terms = np.concatenate(([y_mean, total / m], -drift, -origin, -origin))
        height = twofold_matvec(terms[None], np.concatenate((np.ones(2), slopes, slopes, lost)))
        theta = np.append(height, slopes)
        self.theta_, self.rank_, self.sigma_ = theta, len(theta), float(np.sqrt(rss / m))
        self._m, self._centre, self._W = m, (origin, drift), W
        return True

    def _fit_by_qr(self, X, y):
        """Set θ̂ by QR of the scaled columns, and refinement with twice the digits."""
        X, k = within_range(X)
        (D, start), (t, y_start) = from_first_row(X), from_first_row(y)
        factors = factor(D, lengths(X))
        theta, rms = refine(D, t, np.append(y_start, start), factors)
        if k:
            size = np.abs(X).max(axis=0) / (np.abs(y).max() or 1.0)
            theta = in_units(theta, np.append(0, np.full(len(start), -k)), size)
        factors.warn_if_dependent()
        self.theta_, self.rank_, self.sigma_ = theta, factors.rank + 1, rms
        self._m, self._W = len(y), np.ldexp(factors.W, -k)
        self._centre = np.ldexp(start, k), np.ldexp(factors.mean, k)

    def predictive_std(self, X):
        """Standard deviation of a new observation at each row of `X`: σ̂√(1 + h(x)).

        The 1 is the noise of the new observation, the leverage h(x) the uncertainty of θ̂: 1/m for the height
        of the fit at the mean, and a part for its slopes, which grows with the distance from the data.
        ŷ ± 1.96 times this is the predictive band of 95 % (with σ̂ in place of the unknown σ, so for large m).

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
            Not fitted, bad `X`, not as many columns as at fit, or rows so far off that the square of the
            result is beyond float64.
        """
        X = check.columns(X, self)
        with np.errstate(over="ignore", invalid="ignore"):
            std = self.sigma_ * np.sqrt(1 + self._leverage(X))
        return check.within(std, X, what="the variance of a prediction")

    def _leverage(self, X):
        """x̃ᵀ([1 X]ᵀ[1 X])⁻¹x̃ for each row x of `X`, x̃ = [1 x], the training data in the middle: (m,)."""
        origin, drift = self._centre  # their sum is the mean; X − origin loses no digits
        rows = (X - origin - drift) @ self._W  # (m, rank_ - 1)
        return 1 / self._m + (rows**2).sum(axis=1)
