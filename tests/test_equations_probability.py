"""The equations on probability, each against something that does not share its origin."""

import itertools
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import integrate, optimize, stats

from mlcore import Bernoulli, Gaussian, LinearRegression, MultivariateGaussian, empirical_cov, empirical_mean

SEEDS = range(3)

# a joint distribution of two dependent variables, in exact fractions: P(x, y)
JOINT = {(0, 0): Fraction(1, 8), (0, 3): Fraction(1, 4), (2, 1): Fraction(1, 3), (5, 1): Fraction(7, 24)}


def mean_of(f):
    """E[f(x, y)] under JOINT, exactly."""
    return sum(P * f(x, y) for (x, y), P in JOINT.items())


def gaussian(d, seed):
    """A random mean (d,) and covariance matrix (d, d)."""
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(d, d + 2))
    return rng.normal(size=d), A @ A.T


def over_the_line(f):
    return integrate.quad(f, -15, 15, epsabs=1e-12, points=[-1, 0])[0]  # as far as any density here reaches


# ------------------------------------------------------------------------------------ averages and covariance
@pytest.mark.equation("eq-expectation")
def test_expectations_are_the_integral_and_the_sum():
    # E[e^x] of a Gaussian is exp(μ + σ²/2), E[x²] of an exponential with rate 2 is 2/4, of a die it is 91/6
    p = stats.norm(0.3, 0.8).pdf
    assert over_the_line(lambda x: np.exp(x) * p(x)) == pytest.approx(np.exp(0.3 + 0.32), rel=1e-9)
    assert integrate.quad(lambda x: x**2 * 2 * np.exp(-2 * x), 0, np.inf)[0] == pytest.approx(0.5, rel=1e-9)
    assert sum(Fraction(1, 6) * x**2 for x in range(1, 7)) == Fraction(91, 6)
    rolls = np.random.default_rng(0).integers(1, 7, size=40_000)  # and it is what an average tends to
    assert np.mean(rolls**2) == pytest.approx(91 / 6, rel=0.02)


@pytest.mark.equation("eq-empirical-density")
@pytest.mark.parametrize("f", [lambda x: x, np.cos, lambda x: x**3])
def test_narrow_spikes_at_the_data_integrate_to_the_average(f):
    # normal densities of width h in place of the spikes: the integral differs from the average by O(h²)
    x, h = np.array([-1.0, 0.2, 0.5, 2.0]), 1e-4
    grid = np.linspace(-8, 8, 401)  # in units of h, around each spike
    weights = stats.norm.pdf(grid) * (grid[1] - grid[0])
    integral = sum(f(xi + h * grid) @ weights for xi in x) / len(x)
    assert integral == pytest.approx(np.mean(f(x)), abs=1e-7)


@pytest.mark.equation("eq-empirical-mean", "eq-empirical-cov")
@pytest.mark.parametrize("seed", SEEDS)
def test_empirical_mean_and_covariance_in_exact_fractions(seed):
    X = np.random.default_rng(seed).integers(-9, 9, size=(7, 3))
    rows = [[Fraction(int(v)) for v in row] for row in X]
    mean = [sum(row[j] for row in rows) / 7 for j in range(3)]
    S = np.array(
        [
            [float(sum((row[j] - mean[j]) * (row[k] - mean[k]) for row in rows) / 7) for k in range(3)]
            for j in range(3)
        ]
    )
    assert_allclose(empirical_mean(X), [float(v) for v in mean], rtol=1e-15, atol=1e-15)
    assert_allclose(empirical_cov(X), S, rtol=1e-14, atol=1e-14)
    Xc = X - X.mean(axis=0)
    assert_allclose(Xc.T @ Xc / 7, S, rtol=1e-13, atol=1e-13)


@pytest.mark.equation("eq-empirical-mean")
def test_the_empirical_mean_tends_to_the_expectation():
    mu, Sigma = gaussian(3, 1)
    X = np.random.default_rng(1).multivariate_normal(mu, Sigma, size=20_000)
    assert_allclose(empirical_mean(X), mu, atol=4 * np.sqrt(np.diag(Sigma).max() / 20_000))


@pytest.mark.equation("eq-covariance")
def test_both_forms_of_the_covariance_in_exact_fractions():
    mx, my = mean_of(lambda x, y: x), mean_of(lambda x, y: y)
    centred = mean_of(lambda x, y: (x - mx) * (y - my))
    assert sum(JOINT.values()) == 1 and centred == mean_of(lambda x, y: x * y) - mx * my != 0


@pytest.mark.equation("eq-covariance")
def test_the_second_form_keeps_no_digit_of_data_far_from_zero():
    x = 1e8 + np.random.default_rng(0).normal(size=1000)
    assert empirical_cov(x) == pytest.approx(1, abs=0.1) and abs(np.mean(x**2) - np.mean(x) ** 2 - 1) > 0.5


@pytest.mark.equation("eq-covariance-matrix")
def test_the_covariance_matrix_gives_the_variance_of_every_combination():
    mx, my = mean_of(lambda x, y: x), mean_of(lambda x, y: y)
    Sigma = [
        [mean_of(lambda x, y: (x - mx) ** 2), mean_of(lambda x, y: (x - mx) * (y - my))],
        [mean_of(lambda x, y: (y - my) * (x - mx)), mean_of(lambda x, y: (y - my) ** 2)],
    ]
    for a, b in itertools.product(range(-3, 4), repeat=2):
        center = a * mx + b * my
        variance = mean_of(lambda x, y, a=a, b=b, center=center: (a * x + b * y - center) ** 2)
        assert variance == a * a * Sigma[0][0] + 2 * a * b * Sigma[0][1] + b * b * Sigma[1][1] >= 0


@pytest.mark.equation("eq-unbiased-cov")
def test_average_over_all_samples_in_exact_fractions():
    # three draws from JOINT, all 4³ of them with their probabilities
    mx, my = mean_of(lambda x, y: x), mean_of(lambda x, y: y)
    truth = mean_of(lambda x, y: (x - mx) * (y - my))
    average = unbiased = 0
    for sample in itertools.product(JOINT, repeat=3):
        P = np.prod([JOINT[point] for point in sample])
        xs, ys = ([Fraction(v) for v in column] for column in zip(*sample))
        s = sum((x - sum(xs) / 3) * (y - sum(ys) / 3) for x, y in zip(xs, ys))
        average, unbiased = average + P * s / 3, unbiased + P * s / 2
    assert average == Fraction(2, 3) * truth and unbiased == truth
    X = np.array(list(JOINT), dtype=float)
    assert_allclose(empirical_cov(X, unbiased=True), 4 / 3 * empirical_cov(X), rtol=1e-15)


# -------------------------------------------------------------------------------------------------- Gaussians
@pytest.mark.equation("eq-gaussian")
@pytest.mark.parametrize("mu, sigma", [(0, 1), (-3, 0.05), (1e3, 40)])
def test_gaussian_density(mu, sigma):
    for z in (-3, -0.5, 0, 1, 6):
        x = mu + sigma * z
        exact = float(mpmath.npdf(x, mu, sigma))
        density = np.exp(-((x - mu) ** 2) / (2 * sigma**2)) / np.sqrt(2 * np.pi * sigma**2)
        assert density == pytest.approx(exact, rel=1e-9)
        assert Gaussian(mu, sigma).pdf(x) == pytest.approx(exact, rel=1e-11)


@pytest.mark.equation("eq-gaussian-moments")
@pytest.mark.parametrize("mu, sigma", [(0.0, 1.0), (-1.0, 0.3)])
def test_area_mean_and_variance(mu, sigma):
    p = Gaussian(mu, sigma).pdf
    moments = [
        over_the_line(lambda x, f=f: f(x) * p(x)) for f in (lambda x: 1, lambda x: x, lambda x: (x - mu) ** 2)
    ]
    assert_allclose(moments, [1, mu, sigma**2], atol=1e-9)
    assert Gaussian(0, 0.1).pdf(0.0) > 3  # no probability


@pytest.mark.equation("eq-mvn", "eq-mvn-cholesky")
@pytest.mark.parametrize("d", [1, 2, 3, 5])
def test_both_forms_of_the_density_and_the_way_it_is_computed(d):
    mu, Sigma = gaussian(d, d)
    inverse, det = np.linalg.inv(Sigma), np.linalg.det(Sigma)
    L = np.zeros((d, d))  # Cholesky, entry by entry
    for j in range(d):
        L[j, j] = np.sqrt(Sigma[j, j] - L[j, :j] @ L[j, :j])
        for i in range(j + 1, d):
            L[i, j] = (Sigma[i, j] - L[i, :j] @ L[j, :j]) / L[j, j]
    assert_allclose(L @ L.T, Sigma, rtol=1e-12)
    assert_allclose(2 * np.sum(np.log(np.diag(L))), np.log(det), rtol=1e-9)
    assert_allclose(np.linalg.det(2 * np.pi * Sigma), (2 * np.pi) ** d * det, rtol=1e-9)
    for x in np.random.default_rng(9).normal(size=(4, d)):
        z = np.zeros(d)
        for j in range(d):  # Lz = x − μ from the top
            z[j] = (x[j] - mu[j] - L[j, :j] @ z[:j]) / L[j, j]
        quadratic = (x - mu) @ inverse @ (x - mu)
        assert_allclose(z @ z, quadratic, rtol=1e-8)
        assert_allclose(MultivariateGaussian(mu, Sigma).mahalanobis(x[None]), np.sqrt(quadratic), rtol=1e-8)
        exact = stats.multivariate_normal(mu, Sigma).pdf(x)
        assert_allclose(np.exp(-quadratic / 2) / ((2 * np.pi) ** (d / 2) * det**0.5), exact, rtol=1e-7)
        assert_allclose(np.exp(-quadratic / 2) / np.linalg.det(2 * np.pi * Sigma) ** 0.5, exact, rtol=1e-7)
        assert_allclose(MultivariateGaussian(mu, Sigma).pdf(x[None]), exact, rtol=1e-8)


@pytest.mark.equation("eq-mvn-sample")
def test_a_triangle_makes_correlated_numbers_from_independent_ones():
    mu, Sigma = gaussian(3, 4)
    L = np.linalg.cholesky(Sigma)
    z = np.random.default_rng(4).normal(size=(20_000, 3))
    X = mu + z @ L.T
    assert_allclose(MultivariateGaussian(mu, Sigma).sample(20_000, np.random.default_rng(4)), X, atol=1e-12)
    distances = np.einsum("ij,jk,ik->i", X - mu, np.linalg.inv(Sigma), X - mu)
    assert stats.kstest(distances, "chi2", args=(3,)).pvalue > 0.01
    assert_allclose(np.cov(X.T), Sigma, atol=0.05 * np.abs(Sigma).max())


@pytest.mark.equation("eq-mvn-independent")
def test_independent_variables_multiply():
    mu, sigma = np.array([0.4, -1.0]), 0.7
    for x in np.random.default_rng(0).normal(size=(5, 2)):
        exact = stats.norm.pdf(x[0], mu[0], sigma) * stats.norm.pdf(x[1], mu[1], sigma)
        front = (2 * np.pi * sigma**2) ** -0.5
        product = (
            front
            * np.exp(-((x[0] - mu[0]) ** 2) / (2 * sigma**2))
            * front
            * np.exp(-((x[1] - mu[1]) ** 2) / (2 * sigma**2))
        )
        assert_allclose(product, exact, rtol=1e-12)
        assert_allclose(MultivariateGaussian(mu, sigma**2 * np.eye(2)).pdf(x[None]), exact, rtol=1e-12)


@pytest.mark.equation("eq-bivariate")
@pytest.mark.parametrize("rho, s1, s2", [(0.8, 1.0, 2.0), (-0.3, 3.0, 1.0), (0.5, 2.0, 1.9)])
def test_ellipses_turn_with_the_correlation(rho, s1, s2):
    Sigma = np.array([[s1**2, rho * s1 * s2], [rho * s1 * s2, s2**2]])
    X = stats.multivariate_normal([0, 0], Sigma).rvs(20_000, random_state=1)
    assert np.corrcoef(X.T)[0, 1] == pytest.approx(rho, abs=0.03)
    assert np.linalg.det(Sigma) == pytest.approx((1 - rho**2) * s1**2 * s2**2, rel=1e-12)
    # the long axis: the direction in which the level line reaches farthest
    angles = np.linspace(-np.pi / 2, np.pi / 2, 200_001)
    u = np.column_stack((np.cos(angles), np.sin(angles)))
    reach = 1 / MultivariateGaussian([0, 0], Sigma).mahalanobis(u)
    phi = angles[reach.argmax()]
    assert np.tan(2 * phi) == pytest.approx(2 * rho * s1 * s2 / (s1**2 - s2**2), rel=1e-3)


@pytest.mark.equation("eq-bivariate")
def test_equal_spreads_turn_by_45_degrees_whatever_the_correlation():
    for rho in (0.1, 0.5, 0.99):
        _, V = np.linalg.eigh(np.array([[4.0, 4 * rho], [4 * rho, 4.0]]))
        assert_allclose(np.abs(V[:, 1]), np.sqrt(0.5))


# ----------------------------------------------------------------------------------------- maximum likelihood
@pytest.mark.equation("eq-log-likelihood")
def test_log_likelihood_is_the_logarithm_of_a_product_too_small_for_float64():
    x = np.random.default_rng(0).normal(2, 3, size=1000)
    tosses = np.random.default_rng(0).integers(0, 2, size=3000)
    product = mpmath.mpf(1)  # whose exponent has no end
    for value in x:
        product *= mpmath.npdf(value, 2, 3)
    assert 0 < product < mpmath.mpf(10) ** -400 and np.prod(stats.norm.pdf(x, 2, 3)) == 0
    assert Gaussian(2, 3).log_likelihood(x) == pytest.approx(float(mpmath.log(product)), rel=1e-12)
    assert MultivariateGaussian([2], [[9]]).log_likelihood(x[:, None]) == pytest.approx(
        float(mpmath.log(product)), rel=1e-12
    )
    probability = mpmath.mpf(0.3) ** int(tosses.sum()) * (1 - mpmath.mpf(0.3)) ** int((1 - tosses).sum())
    assert Bernoulli(0.3).log_likelihood(tosses) == pytest.approx(float(mpmath.log(probability)), rel=1e-12)


@pytest.mark.equation("eq-likelihood-example")
def test_first_example_of_maximum_likelihood():
    y = np.array([1, 0.5, 1.5])
    ratio = np.prod(stats.norm.pdf(y, 1, 1)) / np.prod(stats.norm.pdf(y, 2.5, 1))
    assert ratio == pytest.approx(np.exp(3.375), rel=1e-12) == pytest.approx(29.2, abs=0.05)
    assert (np.sum((y - 1) ** 2), np.sum((y - 2.5) ** 2)) == (0.5, 7.25)
    ours = Gaussian(1, 1).log_likelihood(y) - Gaussian(2.5, 1).log_likelihood(y)
    assert ours == pytest.approx(3.375, rel=1e-12)
    best = optimize.minimize_scalar(lambda theta: -np.prod(stats.norm.pdf(y, theta, 1)))
    assert best.x == pytest.approx(1, abs=1e-7)


@pytest.mark.equation("eq-gaussian-mle", "eq-mvn-mle")
@pytest.mark.parametrize("d", [1, 2])
def test_an_optimiser_finds_the_mean_and_the_covariance_over_m(d):
    X = np.random.default_rng(d).normal(size=(25, d)) @ (np.eye(d) + 0.7 * np.tri(d)) + 2
    rows, columns = np.tril_indices(d)

    def unpack(v):
        L = np.zeros((d, d))
        L[rows, columns] = v[d:]
        return v[:d], L @ L.T

    def nll(v):
        mu, Sigma = unpack(v)
        return -np.sum(stats.multivariate_normal(mu, Sigma, allow_singular=True).logpdf(X))

    start = np.concatenate((np.zeros(d), np.eye(d)[rows, columns]))
    mu, Sigma = unpack(optimize.minimize(nll, start, method="BFGS", options={"gtol": 1e-4}).x)
    mean = sum(X) / 25
    assert_allclose(mu, mean, atol=1e-4)
    assert_allclose(Sigma, sum(np.outer(x - mean, x - mean) for x in X) / 25, atol=1e-4)
    best = MultivariateGaussian.fit(X)
    assert_allclose(best.mu, mu, atol=1e-4)
    assert_allclose(best.Sigma, Sigma, atol=1e-4)
    if d == 1:
        one = Gaussian.fit(X[:, 0])
        assert_allclose([one.mu, one.sigma**2], [mu[0], Sigma[0, 0]], atol=1e-4)


# ------------------------------------------------------------------------------------------ linear regression
def line(seed, m=12, d=2):
    rng = np.random.default_rng(seed)
    X = np.column_stack((np.ones(m), rng.normal(size=(m, d))))
    y = X @ rng.normal(size=d + 1) + 0.5 * rng.normal(size=m)
    return X, y, rng.normal(size=d + 1), rng.uniform(0.5, 2)


def nll(X, y, theta, sigma):
    e = y - X @ theta
    return len(y) / 2 * np.log(2 * np.pi * sigma**2) + e @ e / (2 * sigma**2)


@pytest.mark.equation("eq-linear-likelihood", "eq-linear-nll")
@pytest.mark.parametrize("seed", SEEDS)
def test_likelihood_of_linear_regression(seed):
    X, y, theta, sigma = line(seed)
    m, J = len(y), np.sum((y - X @ theta) ** 2)
    product = np.prod(stats.norm.pdf(y, X @ theta, sigma))
    joint = stats.multivariate_normal(X @ theta, sigma**2 * np.eye(m)).pdf(y)
    factors = [
        (2 * np.pi * sigma**2) ** -0.5 * np.exp(-((yi - xi @ theta) ** 2) / (2 * sigma**2))
        for xi, yi in zip(X, y)
    ]
    for value in (np.prod(factors), (2 * np.pi * sigma**2) ** (-m / 2) * np.exp(-J / (2 * sigma**2)), joint):
        assert_allclose(value, product, rtol=1e-10)
    assert_allclose(nll(X, y, theta, sigma), -np.log(product), rtol=1e-12)
    assert_allclose(nll(X, y, theta, sigma), -Gaussian(0, sigma).log_likelihood(y - X @ theta), rtol=1e-12)


@pytest.mark.equation("eq-linear-nll-gradient")
@pytest.mark.parametrize("seed", SEEDS)
def test_gradient_of_the_nll_by_complex_steps_and_where_it_vanishes(seed):
    X, y, theta, sigma = line(seed)

    def gradients(theta, sigma):
        e = y - X @ theta
        return np.append(-X.T @ e / sigma**2, len(y) / sigma - e @ e / sigma**3)

    steps = [nll(X, y, theta + 1e-30j * u, sigma).imag / 1e-30 for u in np.eye(3)]
    steps.append(nll(X, y, theta, sigma + 1e-30j).imag / 1e-30)
    assert_allclose(gradients(theta, sigma), steps, rtol=1e-12)
    model = LinearRegression().fit(X[:, 1:], y)
    assert_allclose(gradients(model.theta_, model.sigma_), 0, atol=1e-10)


# -------------------------------------------------------------------------------------- Bernoulli and entropy
@pytest.mark.equation("eq-bernoulli", "eq-bernoulli-moments")
@pytest.mark.parametrize("p", [0.0, 0.2, 0.5, 1.0])
def test_bernoulli_probabilities_and_moments(p):
    for x in (0, 1):
        assert p**x * (1 - p) ** (1 - x) == pytest.approx(stats.bernoulli(p).pmf(x), rel=1e-15)
        assert Bernoulli(p).pmf(x) == pytest.approx(stats.bernoulli(p).pmf(x), rel=1e-15)
    assert_allclose(stats.bernoulli(p).stats("mv"), [p, p * (1 - p)], atol=1e-15)
    assert_allclose([Bernoulli(p).mean, Bernoulli(p).variance], stats.bernoulli(p).stats("mv"), atol=1e-15)


@pytest.mark.equation("eq-bernoulli-likelihood", "eq-bernoulli-mle")
@pytest.mark.parametrize("tosses", [[1, 0, 0, 1, 1, 0, 1], [0, 0, 1], [1, 1, 0, 1]])
def test_likelihood_of_tosses_and_its_maximum(tosses):
    k, m = sum(tosses), len(tosses)

    def likelihood(p):
        return k * np.log(p) + (m - k) * np.log(1 - p)

    assert_allclose(likelihood(0.3), np.sum(stats.bernoulli(0.3).logpmf(tosses)), rtol=1e-12)
    assert_allclose(likelihood(0.3), Bernoulli(0.3).log_likelihood(tosses), rtol=1e-12)
    for p in (0.2, 0.7):
        assert_allclose(k / p - (m - k) / (1 - p), likelihood(p + 1e-30j).imag / 1e-30, rtol=1e-12)
    best = optimize.minimize_scalar(
        lambda p: -np.prod(stats.bernoulli(p).pmf(tosses)),
        bounds=(0, 1),
        method="bounded",
        options={"xatol": 1e-9},
    )
    assert best.x == pytest.approx(k / m, abs=1e-6) and Bernoulli.fit(tosses).p == k / m


@pytest.mark.equation("eq-gaussian-conditional")
def test_gaussian_given_the_first_variable():
    mu, Sigma = gaussian(2, 5)
    s1, s2 = np.sqrt(np.diag(Sigma))
    rho = Sigma[0, 1] / (s1 * s2)
    joint, grid = stats.multivariate_normal(mu, Sigma), mu[1] + s2 * np.linspace(-9, 9, 4001)
    for x1 in mu[0] + s1 * np.array([-2.0, 0.3, 1.5]):
        cut = joint.pdf(np.column_stack((np.full(4001, x1), grid)))
        cut /= cut.sum() * (grid[1] - grid[0])  # divided by its area, p(x₁)
        formula = Gaussian(mu[1] + rho * s2 / s1 * (x1 - mu[0]), s2 * np.sqrt(1 - rho**2)).pdf(grid)
        assert_allclose(cut, formula, atol=1e-9)


@pytest.mark.equation("eq-entropy")
def test_entropy_as_a_sum_and_as_an_integral():
    P = np.array([0.5, 0.25, 0.125, 0.125])
    assert_allclose(-np.sum(P * np.log(P)) / np.log(2), 1.75)  # bits: the mean length of 0, 10, 110, 111
    assert_allclose(-np.sum(P * np.log(P)), stats.entropy(P))
    for rate in (0.5, 2.0, 20.0):  # of an exponential density it is 1 − log(rate), negative for the last

        def surprise(x, rate=rate):
            p = rate * np.exp(-rate * x)
            return -p * (np.log(rate) - rate * x)

        assert integrate.quad(surprise, 0, np.inf)[0] == pytest.approx(1 - np.log(rate), rel=1e-8)


@pytest.mark.equation("eq-bernoulli-entropy")
@pytest.mark.parametrize("p", [0.0, 1e-9, 0.11, 0.5, 0.9, 1.0])
def test_entropy_of_a_coin(p):
    exact = float(stats.entropy([p, 1 - p]))
    assert Bernoulli(p).entropy() == pytest.approx(exact, rel=1e-7)
    if 0 < p < 1:
        assert -p * np.log(p) - (1 - p) * np.log(1 - p) == pytest.approx(exact, rel=1e-7)
    assert Bernoulli(p).entropy() <= np.log(2)


@pytest.mark.equation("eq-gaussian-entropy")
@pytest.mark.parametrize("sigma", [0.1, 1.0, 7.0])
def test_entropy_of_a_gaussian_by_quadrature(sigma):
    for mu in (0.0, 5.0):
        n = stats.norm(mu, sigma)
        integral, _ = integrate.quad(lambda x, n=n: -n.pdf(x) * n.logpdf(x), mu - 12 * sigma, mu + 12 * sigma)
        assert 0.5 * np.log(2 * np.pi * np.e * sigma**2) == pytest.approx(integral, rel=1e-8)
        assert Gaussian(mu, sigma).entropy() == pytest.approx(integral, rel=1e-8)


@pytest.mark.equation("eq-mvn-entropy")
@pytest.mark.parametrize("d", [1, 2, 4])
def test_entropy_in_d_dimensions(d):
    mu, Sigma = gaussian(d, 7)
    exact = float(stats.multivariate_normal(mu, Sigma).entropy())
    ours = MultivariateGaussian(mu, Sigma)
    assert 0.5 * np.log((2 * np.pi * np.e) ** d * np.linalg.det(Sigma)) == pytest.approx(exact, rel=1e-9)
    assert ours.entropy() == pytest.approx(exact, rel=1e-12)
    X = stats.multivariate_normal(mu, Sigma).rvs(20_000, random_state=2).reshape(-1, d)
    surprise = -ours.log_pdf(X)
    assert surprise.mean() == pytest.approx(exact, abs=4 * np.sqrt(d / 2 / 20_000))
    doubled = MultivariateGaussian(mu, 4 * Sigma).entropy()
    assert doubled - ours.entropy() == pytest.approx(d * np.log(2), rel=1e-12)
