"""Distributions and what data say about them: Gaussians in one and in several dimensions, and the Bernoulli.

A distribution is a value: its parameters are checked when it is made, and meant to stay. Everything is
computed from the *logarithm* of the density. Densities of points far out, and products over many points, are
smaller than any float64; their logarithms are ordinary numbers. Logarithms are natural, so entropies are in
nats (divide by log 2 for bits).
"""

from math import inf, log, log1p, pi, sqrt

import numpy as np

from . import _checks as check
from ._checks import NearSingularWarning, warn
from ._numerics.columns import EPS, exponent

LOG_2PI = log(2 * pi)
LARGEST = np.finfo(np.float64).max  # 1.8e308
SMALLEST_SPREAD = 1e-146  # squares of less than that lose digits: below 2.2e-308 float64 has few of them


def empirical_mean(X):
    """The mean of each column, x̄ = (1/m) Σᵢ x⁽ⁱ⁾: what an average over data says of the expectation E[x].

    Parameters
    ----------
    X : array_like, shape (m, d) or (m,)
        One example a row; a 1-D array is m values of a single variable.

    Returns
    -------
    ndarray, shape (d,), or a number
        In the units of `X`.

    Raises
    ------
    ValueError
        Neither 1-D nor 2-D, empty, or not made of real numbers below 1e150.

    Notes
    -----
    Equation eq-empirical-mean. Source: Peeters, lecture slides, expectation (its empirical density, δ(x⁽ⁱ⁾),
    lacks a variable: it is (1/m) Σᵢ δ(x − x⁽ⁱ⁾)).
    """
    X = _sample(X)
    mean = X.mean(axis=0)  # (eq-empirical-mean)
    return mean + (X - mean).mean(axis=0)  # what rounding left: the mean of equal values is exact


def empirical_cov(X, *, unbiased=False):
    """The empirical covariance matrix, (1/m) Σᵢ (x⁽ⁱ⁾ − x̄)(x⁽ⁱ⁾ − x̄)ᵀ.

    Parameters
    ----------
    X : array_like, shape (m, d) or (m,)
        One example a row; a 1-D array is m values of a single variable.
    unbiased : bool
        Whether to divide by m − 1 instead of m. The mean x̄ was fitted to the same data and lies too close to
        them, so that the sum over m is too small on average, by the factor (m − 1)/m.

    Returns
    -------
    ndarray, shape (d, d), or a number (the variance) for a 1-D array
        In squared units of `X`.

    Raises
    ------
    ValueError
        Neither 1-D nor 2-D, empty, or not made of real numbers below 1e150; fewer than two rows if
        `unbiased`.

    Notes
    -----
    Equations eq-empirical-cov and eq-unbiased-cov. The mean is subtracted first: E[xxᵀ] − x̄x̄ᵀ, equal on
    paper, cancels its digits where the mean is large against the spread. Source: Peeters, lecture slides,
    covariance.
    """
    X, unbiased = _sample(X), check.truth(unbiased, name="unbiased")
    Xc = X - empirical_mean(X)  # (m, d)
    m = len(Xc)
    what = "X must have at least two rows for the unbiased covariance"
    check.expect(m > 1 or not unbiased, what, f"shape {X.shape}")
    return Xc.T @ Xc / (m - 1 if unbiased else m)  # (d, d)  (eq-empirical-cov, eq-unbiased-cov)


def _sample(X):
    """`X` (m, d) or (m,) as a float64 array whose squares are finite."""
    X = check.finite(X, name="X")
    X = check.vector(X, name="X") if X.ndim == 1 else check.matrix(X)
    largest = np.abs(X).max()
    check.expect(largest <= 1e150, "X must be such that squares stay within float64, |x| < 1e150", largest)
    return X


# ------------------------------------------------------------------------------------------------ plain forms
def mean_and_cov(X):
    """x̄ (d,) and the empirical covariance matrix (d, d), over m, of the rows of `X` (m, d)."""
    mean = X.mean(axis=0)  # (eq-empirical-mean)
    Xc = X - mean  # first the mean is taken away, then the products are made
    return mean, Xc.T @ Xc / len(X)  # (eq-empirical-cov)


def gaussian_density(x, mu, sigma):
    """The density of N(μ, σ²) at each entry of `x`."""
    z = (x - mu) / sigma  # distance from the mean, in standard deviations
    return np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi * sigma**2)  # (eq-gaussian)


def mvn_log_density(X, mu, Sigma):
    """The logarithm of the density of N(μ, Σ) at each row of `X` (m, d): (m,)."""
    L = np.linalg.cholesky(Sigma)  # (d, d), Σ = LLᵀ
    z = np.linalg.solve(L, (X - mu).T)  # (d, m)  (eq-mvn-cholesky)
    log_det = 2 * np.sum(np.log(np.diag(L)))  # log |Σ|
    constant = len(mu) * np.log(2 * np.pi)
    return -0.5 * (np.sum(z**2, axis=0) + log_det + constant)  # (eq-mvn)


def mvn_draws(mu, Sigma, m, rng):
    """`m` independent draws from N(μ, Σ): (m, d)."""
    L = np.linalg.cholesky(Sigma)  # (d, d)
    z = rng.normal(size=(m, len(mu)))  # independent, mean 0, variance 1
    return mu + z @ L.T  # (eq-mvn-sample)


def discrete_entropy(P):
    """−Σ P log P in nats of probabilities `P` (n,) that add up to 1."""
    P = P[P > 0]  # 0 log 0 counts as 0
    return -np.sum(P * np.log(P))  # (eq-entropy)


class _Density:
    """What both Gaussians do with their ``log_pdf(x)``."""

    def pdf(self, x):
        """The density p(x), in 1/(units of x), for each `x` as in `log_pdf`; 0 where it is below 1e-323.

        Raises
        ------
        ValueError
            Bad `x`, or a density above 1.8e308, which float64 has no number for: `log_pdf` has.
        """
        log_p = self.log_pdf(x)
        largest, hint = np.max(log_p, initial=-inf), "Use log_pdf, or larger units of x."
        what = "the density must be below 1.8e308 to be a float64"
        check.expect(largest <= log(LARGEST), what, f"exp({largest:g})", hint)
        return np.exp(log_p)

    def log_likelihood(self, x):
        """Σᵢ log p(x⁽ⁱ⁾), the logarithm of the joint density of independent values or rows `x`."""
        with np.errstate(over="ignore"):  # −∞ below −1.8e308
            return float(np.sum(self.log_pdf(x)))  # (eq-log-likelihood)


class Gaussian(_Density):
    """The univariate Gaussian N(μ, σ²), p(x) = (2πσ²)^(−½) exp(−(x − μ)²/2σ²).

    Parameters
    ----------
    mu : float
        Mean μ.
    sigma : float
        Standard deviation σ > 0, in the units of x: not the variance, which the name N(μ, σ²) carries.

    Raises
    ------
    ValueError
        `mu` is not a finite number, or `sigma` not a finite number above 0.

    Notes
    -----
    Equation eq-gaussian. Source: Peeters, lecture slides, univariate Gaussian distribution.
    """

    def __init__(self, mu=0.0, sigma=1.0):
        self.mu = check.at_least(mu, -inf, name="mu")
        self.sigma = check.at_least(sigma, 0, name="sigma", strict=True)

    @classmethod
    def fit(cls, x):
        """The Gaussian under which the values `x` (m,) are most likely: their mean and spread (divided by m).

        Raises
        ------
        ValueError
            Bad `x`, or all its values equal: then the likelihood grows without bound as σ → 0.

        Notes
        -----
        Equation eq-gaussian-mle. Source: Peeters, lecture slides, maximum likelihood estimation.
        """
        x = check.vector(x, name="x")
        k = exponent(x)  # in units of 2ᵏ, exactly, no square overflows or vanishes
        z = np.ldexp(x, -k)
        mu, variance = empirical_mean(z), empirical_cov(z)  # (eq-gaussian-mle)
        what = "x must have a variance above 0, or the likelihood has no maximum"
        check.expect(variance > 0, what, f"{len(x)} values from {x.min():g} to {x.max():g}")
        return cls(np.ldexp(mu, k), np.ldexp(sqrt(variance), k))

    def log_pdf(self, x):
        """log p(x) for each entry of `x`, an array of any shape, in its shape."""
        z = _standardised(check.finite(x, name="x"), self.mu, self.sigma)
        with np.errstate(over="ignore"):  # beyond the range of float64 the logarithm of the density is −∞
            return -0.5 * z * z - log(self.sigma) - 0.5 * LOG_2PI  # (eq-gaussian)

    def log_likelihood(self, x):
        """Σᵢ log p(x⁽ⁱ⁾), the logarithm of the joint density of independent values `x` (m,)."""
        return super().log_likelihood(check.vector(x, name="x"))

    def entropy(self):
        """½ log(2πeσ²) in nats. A density may have a negative entropy: σ < 1/√(2πe) = 0.242 does."""
        return 0.5 * (1 + LOG_2PI) + log(self.sigma)  # (eq-gaussian-entropy)

    def sample(self, m, rng):
        """`m` independent draws, shape (m,), with the `numpy.random.Generator` `rng`.

        Raises
        ------
        ValueError
            Bad `m` or `rng`, or draws beyond the range of float64.
        """
        z = check.generator(rng).normal(size=check.count(m, 1, name="m"))
        with np.errstate(over="ignore"):
            x = self.mu + self.sigma * z
        what = "draws must stay within float64, |x| < 1.8e308"
        check.expect(np.isfinite(x).all(), what, f"larger ones from {self}")
        return x

    def __repr__(self):
        return f"Gaussian(mu={self.mu:g}, sigma={self.sigma:g})"


class MultivariateGaussian(_Density):
    """The Gaussian N(μ, Σ) in d dimensions, p(x) = |2πΣ|^(−½) exp(−½ (x − μ)ᵀ Σ⁻¹ (x − μ)).

    Parameters
    ----------
    mu : array_like, shape (d,)
        Mean μ.
    Sigma : array_like, shape (d, d)
        Covariance matrix Σ, symmetric and positive definite.

    Raises
    ------
    ValueError
        Bad numbers, shapes that do not fit, a matrix that is not symmetric or, to working precision, not
        positive definite: then the points lie in a hyperplane, and there is no density.

    Warns
    -----
    NearSingularWarning
        `Sigma` is so close to singular that log densities keep fewer than six digits.

    Notes
    -----
    Equations eq-mvn and eq-mvn-cholesky. With the standard deviations s and the Cholesky factor L of the
    correlation matrix, Σ = diag(s) L Lᵀ diag(s), no inverse is needed: z = L⁻¹((x − μ)/s) comes from solving
    a triangular system, (x − μ)ᵀ Σ⁻¹ (x − μ) is zᵀz, and log |Σ| is twice the sum of the logarithms of s and
    of the diagonal of L. Dividing by s first makes the digits independent of the units. Source: Peeters,
    lecture slides, multi-dimensional Gaussian distribution (which prints (2π)^d/2 for (2π)^(d/2)).
    """

    def __init__(self, mu, Sigma):
        self.mu, self.Sigma = check.vector(mu, name="mu").copy(), check.matrix(Sigma, name="Sigma").copy()
        d = len(self.mu)
        what = f"Sigma must have shape {(d, d)}, as mu has {d} entries"
        check.expect(self.Sigma.shape == (d, d), what, self.Sigma.shape)
        self.mu.flags.writeable = self.Sigma.flags.writeable = False  # what follows would not notice a change
        self._s, self._L = _factors(self.Sigma)  # (d,), (d, d)
        self._log_det = 2 * float(np.log(self._s).sum() + np.log(np.diag(self._L)).sum())  # log |Σ|

    @classmethod
    def fit(cls, X):
        """The Gaussian under which the rows of `X` (m, d) are most likely: empirical mean and covariance.

        Raises
        ------
        ValueError
            Bad `X`, or an empirical covariance that is singular, as it is for m ≤ d or dependent columns:
            then the likelihood grows without bound. Numbers above 1e150, or that differ by less than 1e-146.

        Notes
        -----
        Equation eq-mvn-mle. Source: Peeters, lecture slides, maximum likelihood estimation.
        """
        X = check.matrix(X)
        m, d = X.shape
        why = "or its points lie in a hyperplane and the likelihood has no maximum"
        check.expect(m > d, f"X must have more rows than columns, {why}", f"shape {X.shape}")
        mu, Sigma = empirical_mean(X), empirical_cov(X)  # (eq-mvn-mle)
        spread = np.abs(X - mu).max(axis=0)  # (d,)
        if np.any(tiny := (spread > 0) & (spread < SMALLEST_SPREAD)):
            what = f"X must vary by {SMALLEST_SPREAD:g} or more, so that variances keep their digits"
            raise ValueError(f"{what}; got {spread[tiny][0]:g} at column {tiny.argmax()}.")
        return cls(mu, Sigma)

    def mahalanobis(self, X):
        """√((x − μ)ᵀ Σ⁻¹ (x − μ)), c on the ellipse of size c around μ, of each row of `X`: (m,)."""
        z, k = self._whitened(X)
        with np.errstate(over="ignore"):
            return np.ldexp(np.sqrt(np.sum(z**2, axis=0)), k)

    def log_pdf(self, X):
        """log p(x) for each row of `X` (m, d), shape (m,)."""
        z, k = self._whitened(X)
        with np.errstate(over="ignore"):  # beyond the range of float64 the distance is ∞
            half = np.ldexp(np.sum(z**2, axis=0), 2 * k - 1)  # ½ (x − μ)ᵀ Σ⁻¹ (x − μ)
        return -half - 0.5 * (self._log_det + len(self.mu) * LOG_2PI)  # (eq-mvn)

    def entropy(self):
        """½ log((2πe)ᵈ |Σ|) in nats: it grows with log |Σ|, and is not proportional to |Σ|."""
        return 0.5 * (len(self.mu) * (1 + LOG_2PI) + self._log_det)  # (eq-mvn-entropy)

    def sample(self, m, rng):
        """`m` independent draws, shape (m, d), with the `numpy.random.Generator` `rng`."""
        z = check.generator(rng).normal(size=(check.count(m, 1, name="m"), len(self.mu)))
        return self.mu + self._s * (z @ self._L.T)  # (eq-mvn-sample)

    def _whitened(self, X):
        """L⁻¹((x − μ)/s) of each row of `X` (m, d): z (d, m) in the units 2ᵏ, k (m,). No square overflows."""
        X, d = check.finite(X, name="X"), len(self.mu)
        hint = "Use X[None] for a single point." if X.shape == (d,) else ""
        good = X.ndim == 2 and X.shape[1] == d
        check.expect(good, f"X must have shape (m, {d}), one point a row", X.shape, hint)
        far = _standardised(X, self.mu, self._s).T  # (d, m)
        beyond = np.isinf(far).any(axis=0)  # (m,): the distance is ∞, and this unit makes it so
        far = np.clip(far, -LARGEST, LARGEST)
        k = np.frexp(np.abs(far).max(axis=0))[1] + 1000 * beyond
        return np.linalg.solve(self._L, np.ldexp(far, 1000 * beyond - k)), k  # (eq-mvn-cholesky)

    def __repr__(self):
        return f"MultivariateGaussian(mu={self.mu.tolist()}, Sigma={self.Sigma.tolist()})"


def _standardised(x, mu, s):
    """(x − μ)/s, also where x − μ is beyond the range of float64."""
    with np.errstate(over="ignore"):
        z = (x - mu) / s
        return np.where(np.isinf(z), (x / 4 - mu / 4) / s * 4, z)[()]


def _factors(Sigma):
    """Standard deviations s (d,) and the Cholesky factor L (d, d) of the correlation matrix of `Sigma`."""
    variances, what = np.diag(Sigma), "be positive definite, so variances on its diagonal must be > 0"
    s = np.sqrt(check.every(variances > 0, variances, name="Sigma", what=what))
    with np.errstate(over="ignore"):
        C = np.clip(Sigma / s[:, None] / s, -1e100, 1e100)  # (d, d): the correlation matrix
    off = np.abs(C - C.T)
    i, j = divmod(int(off.argmax()), len(s))
    got = f"{Sigma[i, j]:g} at ({i}, {j}) and {Sigma[j, i]:g} at ({j}, {i})"
    check.expect(off.max() <= 1e-10, "Sigma must be symmetric", got)
    eigenvalues = np.linalg.eigvalsh(C)  # (d,), the smallest first
    good = eigenvalues[0] > 8 * len(s) * EPS * eigenvalues[-1]
    what = "no combination of the variables may be constant or have a negative variance"
    got = f"correlations whose smallest eigenvalue is {eigenvalues[0]:.2g}"
    check.expect(good, f"Sigma must be positive definite: {what}", got)
    if (digits := -np.log10(EPS * eigenvalues[-1] / eigenvalues[0])) < 6:
        what = "some combination of the variables hardly varies, and log densities keep about"
        cure = "Leave out a variable that the others almost determine."
        warn(f"Sigma is close to singular: {what} {digits:.0f} digits. {cure}", NearSingularWarning)
    return s, np.linalg.cholesky(C)


def tosses_log_likelihood(k, m, p):
    """log P(x⁽¹⁾, …, x⁽ᵐ⁾ | p) of `m` tosses with `k` ones, for 0 < p < 1 of any shape."""
    return k * np.log(p) + (m - k) * np.log(1 - p)  # (eq-bernoulli-likelihood)


class Bernoulli:
    """The toss of a coin: x is 1 with probability p and 0 with probability 1 − p, P(x) = pˣ(1 − p)¹⁻ˣ.

    Parameters
    ----------
    p : float
        Probability of 1, in [0, 1], both ends included.

    Attributes
    ----------
    p, mean, variance : float
        p, p and p(1 − p).

    Raises
    ------
    ValueError
        `p` is not a number in [0, 1].

    Notes
    -----
    Equation eq-bernoulli. Source: Peeters, lecture slides, Bernoulli distribution.
    """

    def __init__(self, p):
        self.p = check.at_least(p, 0, name="p")
        check.expect(self.p <= 1, "p must be a probability, in [0, 1]", f"{self.p:g}")

    @classmethod
    def fit(cls, x):
        """The coin under which the tosses `x` (m,), zeros and ones, are most likely: p = the share of ones.

        Raises
        ------
        ValueError
            Bad `x`, or entries other than 0 and 1.

        Notes
        -----
        Equation eq-bernoulli-mle.
        """
        return cls(float(np.mean(_tosses(check.vector(x, name="x")))))  # (eq-bernoulli-mle)

    @property
    def mean(self):
        """The expectation p of x."""
        return self.p

    @property
    def variance(self):
        """The variance p(1 − p) of x."""
        return self.p * (1 - self.p)  # (eq-bernoulli-moments)

    def log_pmf(self, x):
        """log P(x) for each entry of `x`, zeros and ones in an array of any shape; −∞ for the impossible."""
        log_p, log_q = (log(self.p) if self.p > 0 else -inf), (log1p(-self.p) if self.p < 1 else -inf)
        return np.where(_tosses(check.finite(x, name="x")) == 1, log_p, log_q)[()]

    def pmf(self, x):
        """P(x) for each entry of `x`, zeros and ones in an array of any shape."""
        return np.where(_tosses(check.finite(x, name="x")) == 1, self.p, 1 - self.p)[()]  # (eq-bernoulli)

    def log_likelihood(self, x):
        """Σᵢ log P(x⁽ⁱ⁾), the logarithm of the probability of independent tosses `x` (m,)."""
        return float(np.sum(self.log_pmf(check.vector(x, name="x"))))  # (eq-log-likelihood)

    def entropy(self):
        """−p log p − (1 − p) log(1 − p) in nats, with 0 log 0 = 0: from 0 to log 2 = 0.693."""
        p = self.p
        return -p * log(p) - (1 - p) * log1p(-p) if 0 < p < 1 else 0.0  # (eq-bernoulli-entropy)

    def sample(self, m, rng):
        """`m` independent tosses, shape (m,), int64, with the `numpy.random.Generator` `rng`."""
        return (check.generator(rng).random(check.count(m, 1, name="m")) < self.p).astype(np.int64)

    def __repr__(self):
        return f"Bernoulli(p={self.p:g})"


def _tosses(x):
    """`x`, if it is made of zeros and ones."""
    return check.every((x == 0) | (x == 1), x, name="x", what="consist of zeros and ones")
