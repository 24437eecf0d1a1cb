"""Every equation of the chapter on likelihood that is not tested with the distributions or the line."""

import mpmath
import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import integrate, optimize, stats

from mlcore import LinearRegression
from mlcore.linear import least_absolute_deviations, most_likely, standard_errors
from mlcore.probability import MultivariateGaussian

SEEDS = range(3)


def design(seed, m=12, d=2):
    """X (m, d + 1) with the ones, and a generator."""
    rng = np.random.default_rng(seed)
    return np.column_stack((np.ones(m), rng.normal(1, 2, size=(m, d)))), rng


# ---------------------------------------------------------------------------------------------- three numbers
@pytest.mark.equation("eq-likelihood")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_joint_density_of_independent_values_is_the_product(seed):
    y = np.random.default_rng(seed).normal(size=4)
    joint = stats.multivariate_normal(np.full(4, 0.7), np.eye(4)).pdf(y)
    assert_allclose(np.prod([stats.norm.pdf(value, 0.7, 1) for value in y]), joint, rtol=1e-12)


@pytest.mark.equation("eq-likelihood-bell", "eq-mean-mle")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_likelihood_of_a_mean_is_a_bell_around_the_mean_of_the_data(seed):
    y = np.random.default_rng(seed).normal(3, 2, size=7)
    S = np.sum((y - y.mean()) ** 2)
    for theta in (-1.0, 2.0, 5.0):
        split = (2 * np.pi) ** (-7 / 2) * np.exp(-(S + 7 * (y.mean() - theta) ** 2) / 2)
        assert_allclose(split, np.prod(stats.norm.pdf(y, theta, 1)), rtol=1e-10)
        assert_allclose(
            split / stats.norm.pdf(theta, y.mean(), 1 / np.sqrt(7)),
            (2 * np.pi) ** -3 * np.exp(-S / 2) / np.sqrt(7),  # does not depend on θ
            rtol=1e-10,
        )
    best = optimize.minimize_scalar(lambda theta: -np.sum(stats.norm.logpdf(y, theta, 1)))
    assert best.x == pytest.approx(y.mean(), abs=1e-6)


@pytest.mark.equation("eq-likelihood-area")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_area_under_the_likelihood_is_not_one(seed):
    y = np.random.default_rng(seed).normal(size=3 + seed)
    m, S = len(y), np.sum((y - y.mean()) ** 2)
    area = integrate.quad(lambda theta: np.prod(stats.norm.pdf(y, theta, 1)), -20, 20, points=[0])[0]
    formula = (2 * np.pi) ** (-(m - 1) / 2) * m**-0.5 * np.exp(-S / 2)
    assert area == pytest.approx(formula, rel=1e-8) and abs(area - 1) > 0.5


@pytest.mark.equation("eq-product-derivative")
def test_the_derivative_of_a_product_is_the_product_times_the_derivative_of_the_sum_of_logarithms():
    y, theta = np.array([1, 0.5, 1.5, 3]), 0.4

    def p(theta):
        return np.exp(-((y - theta) ** 2) / 2) / np.sqrt(2 * np.pi)

    slopes = (y - theta) * p(theta)
    by_rule = sum(slopes[i] * np.prod(np.delete(p(theta), i)) for i in range(4))
    numeric = np.prod(p(theta + 1e-30j)).imag / 1e-30
    assert_allclose(by_rule, numeric, rtol=1e-12)
    assert_allclose(np.prod(p(theta)) * np.sum(np.log(p(theta + 1e-30j)).imag) / 1e-30, numeric, rtol=1e-12)


# ---------------------------------------------------------------------------------------------------- a coin
@pytest.mark.equation("eq-bernoulli-curvature")
@pytest.mark.parametrize("k, m", [(3, 10), (150, 500)])
def test_the_logarithm_of_a_coins_likelihood_is_nearly_a_parabola(k, m):
    best = mpmath.mpf(k) / m

    def f(p):
        return k * mpmath.log(p) + (m - k) * mpmath.log(1 - p)

    curvature = -m / (best * (1 - best))
    assert float(mpmath.diff(f, best, 2)) == pytest.approx(float(curvature), rel=1e-9)
    step = mpmath.mpf(10) ** -4
    assert float((f(best + step) - f(best)) / step**2) == pytest.approx(float(curvature / 2), rel=2e-3)


@pytest.mark.equation("eq-tosses-variance")
@pytest.mark.parametrize("p", [0.1, 0.5])
def test_the_variance_of_the_share_of_ones(p):
    k = np.arange(21)
    assert stats.binom(20, p).pmf(k) @ (k / 20 - p) ** 2 == pytest.approx(p * (1 - p) / 20, rel=1e-12)


@pytest.mark.equation("eq-rule-of-three")
@pytest.mark.parametrize("m", [60, 731])
def test_the_largest_probability_that_zero_counts_do_not_refute(m):
    exact = stats.beta.ppf(0.95, 1, m)  # the one-sided bound of Clopper and Pearson
    assert 1 - 0.05 ** (1 / m) == pytest.approx(exact, rel=1e-10)
    assert 1 - np.exp(-2.996 / m) == pytest.approx(exact, rel=1e-3)
    assert 3 / m == pytest.approx(exact, rel=0.03)
    assert stats.binom.pmf(0, m, exact) == pytest.approx(0.05, rel=1e-10)


@pytest.mark.equation("eq-rule-of-succession")
@pytest.mark.parametrize("k, m", [(0, 5), (2, 7), (4, 4)])
def test_one_more_of_each_is_the_mean_of_the_normalised_likelihood(k, m):
    above = integrate.quad(lambda p: p ** (k + 1) * (1 - p) ** (m - k), 0, 1)[0]
    below = integrate.quad(lambda p: p**k * (1 - p) ** (m - k), 0, 1)[0]
    assert above / below == pytest.approx((k + 1) / (m + 2), rel=1e-9)


# ------------------------------------------------------------------------------------------ linear regression
@pytest.mark.equation("eq-noise-model", "eq-residuals-are-noise", "eq-sigma-bias", "eq-sigma-unbiased")
def test_residuals_are_projected_noise_and_their_squares_miss_one_variance_a_parameter():
    X, rng = design(0, m=8, d=2)
    H = X @ np.linalg.inv(X.T @ X) @ X.T
    theta, sigma, n = np.array([1.0, -2, 0.5]), 1.7, 40_000
    noise = rng.normal(0, sigma, size=(n, 8))
    y = X @ theta + noise
    e = y - (X @ np.linalg.lstsq(X, y.T)[0]).T
    assert_allclose(e, noise @ (np.eye(8) - H), atol=1e-10)
    J = (e**2).sum(axis=1)
    assert_allclose(J, np.einsum("ni,ij,nj->n", noise, np.eye(8) - H, noise), rtol=1e-8, atol=1e-10)
    assert abs(J.mean() - sigma**2 * 5) < 4 * J.std() / np.sqrt(n) < 0.3
    assert abs((J / 8).mean() / sigma**2 - 5 / 8) < 0.01 and abs((J / 5).mean() / sigma**2 - 1) < 0.02


@pytest.mark.equation("eq-mvn-nll")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_nll_of_a_covariance_matrix_by_its_eigenvalues(seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(9, 3)) @ rng.normal(size=(3, 3))
    centred = x - x.mean(axis=0)
    C, B = centred.T @ centred / 9, rng.normal(size=(3, 3))
    Sigma = B @ B.T + np.eye(3)
    nll = -stats.multivariate_normal(x.mean(axis=0), Sigma).logpdf(x).sum()
    values, V = np.linalg.eigh(Sigma)
    root = V / np.sqrt(values) @ V.T
    a = np.linalg.eigvalsh(root @ C @ root)
    by_trace = 4.5 * np.linalg.slogdet(2 * np.pi * Sigma)[1] + 4.5 * np.trace(np.linalg.solve(Sigma, C))
    by_eigenvalues = 4.5 * np.linalg.slogdet(2 * np.pi * C)[1] + 4.5 * np.sum(a - np.log(a))
    assert_allclose([by_trace, by_eigenvalues], nll, rtol=1e-10)
    assert -MultivariateGaussian.fit(x).log_likelihood(x) < nll


# ------------------------------------------------------------------------------------------------ uncertainty
@pytest.mark.equation("eq-standard-error")
def test_standard_errors_and_the_coverage_of_their_intervals():
    X, rng = design(1, m=80, d=2)
    truth, sigma, n = np.array([1.0, -2, 0.5]), 0.7, 4000
    y = X @ truth + rng.normal(0, sigma, size=(n, 80))
    thetas = np.linalg.lstsq(X, y.T)[0].T
    errors = np.array([standard_errors(X, row) for row in y])
    assert_allclose(np.sqrt((errors**2).mean(axis=0)), thetas.std(axis=0), rtol=0.05)
    e = y[0] - X @ thetas[0]
    formula = np.sqrt(e @ e / 77 * np.diag(np.linalg.inv(X.T @ X)))
    assert_allclose(errors[0], formula, rtol=1e-10)
    inside = np.abs(thetas - truth) <= 1.96 * errors
    assert_allclose(inside.mean(axis=0), 2 * stats.t(77).cdf(1.96) - 1, atol=0.015)


@pytest.mark.equation("eq-prediction-error", "eq-predictive-distribution")
def test_the_error_of_a_prediction_is_gaussian_with_the_variances_of_both_sources():
    X, rng = design(2, m=10, d=1)
    row, truth, sigma, n = np.array([1.0, 6.0]), np.array([2.0, -1]), 0.6, 40_000
    y = X @ truth + rng.normal(0, sigma, size=(n, 10))
    strayed = (np.linalg.lstsq(X, y.T)[0].T - truth) @ row
    own = rng.normal(0, sigma, n)
    error = (row @ truth + own) - (strayed + row @ truth)
    assert_allclose(error, own - strayed, atol=1e-12)
    h = row @ np.linalg.inv(X.T @ X) @ row
    assert error.std() == pytest.approx(sigma * np.sqrt(1 + h), rel=0.02)
    assert stats.kstest(error, stats.norm(0, sigma * np.sqrt(1 + h)).cdf).pvalue > 1e-3
    model = LinearRegression().fit(X[:, 1:], y[0])
    middle, s = model.predict([[6.0]])[0], model.predictive_std([[6.0]])[0]
    theta, sigma_ml = most_likely(X, y[0])
    assert_allclose([middle, s], [row @ theta, sigma_ml * np.sqrt(1 + h)], rtol=1e-10)


# ------------------------------------------------------------------------------------------------ other noise
@pytest.mark.equation("eq-laplace", "eq-laplace-nll")
@pytest.mark.parametrize("seed", SEEDS)
def test_laplace_noise_and_its_nll(seed):
    X, rng = design(seed, m=15)
    y, theta = X @ [1, 2, 3] + rng.laplace(size=15), np.array([1.1, 1.9, 3.2])
    e = y - X @ theta
    assert_allclose(np.exp(-np.abs(e) / 0.8) / (2 * 0.8), stats.laplace(0, 0.8).pdf(e), rtol=1e-12)
    nll = 15 * np.log(2 * 0.8) + np.abs(e).sum() / 0.8
    assert nll == pytest.approx(-stats.laplace(0, 0.8).logpdf(e).sum(), rel=1e-12)
    best = optimize.minimize_scalar(
        lambda b: 15 * np.log(2 * b) + np.abs(e).sum() / b, bounds=(0.01, 10), method="bounded"
    )
    assert best.x == pytest.approx(np.abs(e).mean(), rel=1e-4)
    least = np.abs(y - X @ least_absolute_deviations(X, y)).sum()
    rivals = [
        optimize.minimize(lambda t: np.abs(y - X @ t).sum(), theta + s, method="Nelder-Mead").fun
        for s in (0, 1)
    ]
    assert least <= min(rivals) * (1 + 1e-4)


@pytest.mark.equation("eq-median")
def test_the_derivative_of_absolute_deviations_counts_sides():
    y = np.array([1.0, 2, 3, 4, 13])
    for theta in (0.5, 1.5, 2.9, 3.1, 20.0):
        slope = (np.abs(y - theta - 1e-6).sum() - np.abs(y - theta + 1e-6).sum()) / 2e-6
        assert slope == pytest.approx(np.sum(y < theta) - np.sum(y > theta), abs=1e-6)
    best = optimize.minimize_scalar(lambda theta: np.abs(y - theta).sum(), bounds=(0, 20), method="bounded")
    assert best.x == pytest.approx(3, abs=1e-4)


# ------------------------------------------------------------------------------------------ the general rule
@pytest.mark.equation("eq-kullback")
@pytest.mark.parametrize("mu, sigma", [(0.0, 1.0), (0.5, 1.0), (0.0, 2.0), (-1.0, 0.7)])
def test_the_excess_surprise_is_positive_except_for_the_truth(mu, sigma):
    truth, model = stats.norm(0, 1), stats.norm(mu, sigma)
    surprise = integrate.quad(lambda x: -truth.pdf(x) * model.logpdf(x), -12, 12)[0]
    excess = surprise - truth.entropy()
    ratio = integrate.quad(lambda x: truth.pdf(x) * (truth.logpdf(x) - model.logpdf(x)), -12, 12)[0]
    assert excess == pytest.approx(ratio, abs=1e-8)
    assert excess == pytest.approx(np.log(sigma) + (1 + mu**2) / (2 * sigma**2) - 0.5, abs=1e-8)
    assert abs(excess) < 1e-8 if (mu, sigma) == (0, 1) else excess > 0.05
    a = np.linspace(0.05, 8, 100)
    assert np.all(-np.log(a) >= 1 - a)


@pytest.mark.equation("eq-information")
@pytest.mark.parametrize(
    "log_density",
    [
        lambda x, t: stats.norm(0.3, t).logpdf(x),
        lambda x, t: stats.logistic(t).logpdf(x),
        lambda x, t: stats.t(5, t).logpdf(x),
    ],
    ids=["σ of a Gaussian", "place of a logistic", "place of Student's"],
)
def test_the_slope_has_mean_zero_and_the_mean_curvature_as_variance(log_density):
    t, h = 1.4, 1e-3

    def mean(f):
        return integrate.quad(lambda x: np.exp(log_density(x, t)) * f(x), -40, 40, points=[0.0, 2.0])[0]

    def slope(x):
        return (log_density(x, t + h) - log_density(x, t - h)) / (2 * h)

    def curvature(x):
        return (log_density(x, t + h) - 2 * log_density(x, t) + log_density(x, t - h)) / h**2

    assert mean(slope) == pytest.approx(0, abs=1e-5)
    information = mean(lambda x: slope(x) ** 2)
    assert information > 0.1
    assert mean(curvature) == pytest.approx(-information, rel=1e-4)


@pytest.mark.equation("eq-observed-information")
def test_the_inverse_hessian_of_the_nll_is_the_covariance_of_the_estimate():
    X, rng = design(0, m=12, d=1)
    y, s = X @ [1.0, 2] + rng.normal(0, 0.8, size=12), 0.8
    # the line: exact, the second differences of the squares
    steps = np.eye(2) * 1e-2

    def nll(theta):
        return -stats.norm(X @ theta, s).logpdf(y).sum()

    best = np.linalg.lstsq(X, y)[0]
    hessian = [
        [
            (nll(best + u + v) - nll(best + u - v) - nll(best - u + v) + nll(best - u - v)) / 4e-4
            for u in steps
        ]
        for v in steps
    ]
    many = (X @ best)[:, None] + rng.normal(0, s, size=(12, 40_000))
    assert_allclose(np.linalg.inv(hessian), s**2 * np.linalg.inv(X.T @ X), rtol=1e-6)
    assert_allclose(np.cov(np.linalg.lstsq(X, many)[0]), np.linalg.inv(hessian), rtol=0.05, atol=0.003)
    # the rate of exponential waiting times: nearly, for 400 of them
    x = rng.exponential(1 / 3, size=(10_000, 400))
    rates = 1 / x.mean(axis=1)
    curvature = 400 / rates**2  # of −m log λ + λ Σx
    assert rates.std() == pytest.approx(np.mean(1 / np.sqrt(curvature)), rel=0.03)
