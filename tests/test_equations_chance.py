"""Equations of the chapter *Probability: numbers that scatter*, each against something of another origin.

Others are tested in test_equations_probability.py.
"""

import itertools
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import integrate, stats

from mlcore.explore.chapters.probability import long_axis

# a joint distribution of two dependent variables, in exact fractions: P(x, y)
JOINT = {(0, 0): Fraction(1, 8), (0, 3): Fraction(1, 4), (2, 1): Fraction(1, 3), (5, 1): Fraction(7, 24)}


def mean_of(f, joint=JOINT):
    return sum(P * f(x, y) for (x, y), P in joint.items())


def variance_of(f, joint=JOINT):
    center = mean_of(f, joint)
    return mean_of(lambda x, y: (f(x, y) - center) ** 2, joint)


# ------------------------------------------------------------------------------------------------ densities
@pytest.mark.equation("eq-density")
def test_probabilities_are_areas():
    draws = stats.gamma(3).rvs(40_000, random_state=0)
    assert integrate.quad(stats.gamma(3).pdf, 0, np.inf)[0] == pytest.approx(1, rel=1e-9)
    for a, b in ((0, 1), (1, 2.5), (2.5, 9)):
        area = integrate.quad(stats.gamma(3).pdf, a, b)[0]
        assert area == pytest.approx(stats.gamma(3).cdf(b) - stats.gamma(3).cdf(a), rel=1e-9)
        assert area == pytest.approx(np.mean((draws >= a) & (draws <= b)), abs=4 * 0.5 / 200)


@pytest.mark.equation("eq-density-unit")
@pytest.mark.parametrize("c", [0.1, 1.8, 25.4])
def test_a_change_of_units_divides_the_density(c):
    for y in (0.3, 2.0, 40.0):  # SciPy's scale is the same change of units, made by its own code
        assert stats.gamma(3).pdf(y / c) / c == pytest.approx(stats.gamma(3, scale=c).pdf(y), rel=1e-12)
        slope = (stats.gamma(3).cdf((y + 1e-5) / c) - stats.gamma(3).cdf((y - 1e-5) / c)) / 2e-5
        assert slope == pytest.approx(stats.gamma(3).pdf(y / c) / c, rel=1e-4, abs=1e-9)


# -------------------------------------------------------------------------- expectation, variance, covariance
@pytest.mark.equation("eq-expectation-linear", "eq-variance")
def test_expectations_add_and_factors_are_squared_in_exact_fractions():
    mx, my = mean_of(lambda x, y: x), mean_of(lambda x, y: y)
    for a, b, c in itertools.product((-2, 0, 3), (-1, 4), (0, 7)):
        assert mean_of(lambda x, y, a=a, b=b, c=c: a * x + b * y + c) == a * mx + b * my + c
        assert variance_of(lambda x, y, a=a, c=c: a * x + c) == a * a * variance_of(lambda x, y: x)
    assert variance_of(lambda x, y: x) == mean_of(lambda x, y: x * x) - mx**2  # the centred form is the other


@pytest.mark.equation("eq-empirical-mean")
def test_the_mean_as_a_product_with_ones():
    X = np.random.default_rng(0).normal(size=(9, 3))
    assert_allclose(X.T @ np.ones(9) / 9, [sum(column) / 9 for column in X.T.tolist()], rtol=1e-12)


@pytest.mark.equation("eq-correlation", "eq-correlation-bound")
@pytest.mark.parametrize("seed", range(3))
def test_correlation_and_its_bounds(seed):
    x, y = np.random.default_rng(seed).normal(size=(2, 15)) @ np.tri(15)
    cov = np.mean((x - x.mean()) * (y - y.mean()))
    rho = cov / (x.std() * y.std())
    assert rho == pytest.approx(stats.pearsonr(x, y).statistic, rel=1e-12) and -1 <= rho <= 1
    for sign in (-1, 1):
        assert np.var(x / x.std() + sign * y / y.std()) == pytest.approx(2 + 2 * sign * rho, rel=1e-12)
        line = 3 + sign * 2 * x
        assert np.cov(x, line, bias=True)[0, 1] / (x.std() * line.std()) == pytest.approx(sign)


@pytest.mark.equation("eq-independent-product")
def test_expectations_of_products_in_exact_fractions():
    px, py = (
        {-1: Fraction(1, 3), 2: Fraction(2, 3)},
        {0: Fraction(1, 4), 5: Fraction(1, 4), 7: Fraction(1, 2)},
    )
    joint = {(x, y): px[x] * py[y] for x in px for y in py}
    mx, my = mean_of(lambda x, y: x, joint), mean_of(lambda x, y: y, joint)
    assert mean_of(lambda x, y: x * y, joint) == mx * my
    assert mean_of(lambda x, y: (x - mx) * (y - my), joint) == 0
    # and it needs the independence
    assert mean_of(lambda x, y: x * y) != mean_of(lambda x, y: x) * mean_of(lambda x, y: y)


@pytest.mark.equation("eq-combination-variance")
@pytest.mark.parametrize("seed", range(3))
def test_variance_of_combinations(seed):
    rng = np.random.default_rng(seed)
    X, a = rng.normal(size=(8, 4)) @ rng.normal(size=(4, 4)), rng.normal(size=4)
    assert a @ np.cov(X.T, bias=True) @ a == pytest.approx(np.var(X @ a), rel=1e-10)
    assert np.linalg.eigvalsh(np.cov(X.T, bias=True))[0] > -1e-12


# --------------------------------------------------------------------------------------------- estimators
@pytest.mark.equation("eq-estimator-bias", "eq-mean-variance")
def test_mean_of_three_draws_over_all_samples_in_exact_fractions():
    values = {0: Fraction(1, 2), 1: Fraction(1, 3), 6: Fraction(1, 6)}
    mu = sum(P * x for x, P in values.items())
    variance = sum(P * (x - mu) ** 2 for x, P in values.items())
    samples = [
        (values[a] * values[b] * values[c], Fraction(a + b + c, 3), max(a, b, c))
        for a, b, c in itertools.product(values, repeat=3)
    ]
    assert sum(P for P, _, _ in samples) == 1
    assert sum(P * mean for P, mean, _ in samples) - mu == 0  # no bias
    assert sum(P * (mean - mu) ** 2 for P, mean, _ in samples) == variance / 3
    # the largest of three underestimates the largest possible value: 6 with 1 − (5/6)³, …
    bias = sum(P * largest for P, _, largest in samples) - 6
    assert bias == 6 * (1 - Fraction(5, 6) ** 3) + 1 * (Fraction(5, 6) ** 3 - Fraction(1, 8)) - 6 < 0


@pytest.mark.equation("eq-scatter-split")
def test_scatter_splits_at_any_point():
    X = [[Fraction(v) for v in row] for row in ((1, 5), (2, -3), (7, 0), (4, 4))]
    mean = [sum(column) / 4 for column in zip(*X)]
    for mu in ([Fraction(1, 3), Fraction(-2)], [Fraction(0), Fraction(9, 7)]):
        for j, k in itertools.product(range(2), repeat=2):
            left = sum((x[j] - mean[j]) * (x[k] - mean[k]) for x in X)
            right = sum((x[j] - mu[j]) * (x[k] - mu[k]) for x in X)
            assert left == right - 4 * (mean[j] - mu[j]) * (mean[k] - mu[k])


@pytest.mark.equation("eq-conditional", "eq-bayes")
def test_conditions_turned_round_in_exact_fractions():
    xs, ys = {x for x, _ in JOINT}, {y for _, y in JOINT}
    px = {x: sum(P for (a, _), P in JOINT.items() if a == x) for x in xs}
    py = {y: sum(P for (_, b), P in JOINT.items() if b == y) for y in ys}
    assert px == {0: Fraction(3, 8), 2: Fraction(1, 3), 5: Fraction(7, 24)}
    for x in xs:
        given_x = {y: JOINT.get((x, y), 0) / px[x] for y in ys}
        assert sum(given_x.values()) == 1
        for y in ys:  # counted among the cases with that y, against Bayes' rule
            counted = JOINT.get((x, y), 0) / sum(JOINT.get((a, y), 0) for a in xs)
            assert counted == given_x[y] * px[x] / py[y]
    assert py[1] == sum(JOINT.get((x, 1), 0) / px[x] * px[x] for x in xs) == Fraction(5, 8)


@pytest.mark.equation("eq-conditional", "eq-bayes")
def test_conditional_densities_of_a_joint_gaussian():
    # y = x + noise: p(y | x) is N(x, s²) by construction; the rule must find p(x | y), known in closed form
    s, y = 0.7, 1.3
    joint = stats.multivariate_normal([0, 0], [[1, 1], [1, 1 + s**2]])
    for x in (-1.0, 0.2, 2.0):
        forward, px, py = stats.norm(x, s).pdf(y), stats.norm.pdf(x), stats.norm(0, np.hypot(1, s)).pdf(y)
        assert joint.pdf([x, y]) == pytest.approx(forward * px, rel=1e-9)
        back = stats.norm(y / (1 + s**2), s / np.hypot(1, s)).pdf(x)
        assert forward * px / py == pytest.approx(back, rel=1e-9)
    area = integrate.quad(lambda x: stats.norm(x, s).pdf(y) * stats.norm.pdf(x), -9, 9)[0]
    assert area == pytest.approx(py, rel=1e-9)


@pytest.mark.equation("eq-best-prediction")
def test_the_conditional_mean_is_the_best_prediction_in_exact_fractions():
    for x in {x for x, _ in JOINT}:
        given = {y: P for (a, y), P in JOINT.items() if a == x}
        total = sum(given.values())
        given = {y: P / total for y, P in given.items()}
        g = sum(P * y for y, P in given.items())
        for f in (Fraction(-1), Fraction(1, 3), Fraction(5, 2), g):
            error = sum(P * (y - f) ** 2 for y, P in given.items())
            assert error == sum(P * (y - g) ** 2 for y, P in given.items()) + (g - f) ** 2


# ----------------------------------------------------------------------------------------------- Gaussians
@pytest.mark.equation("eq-gaussian-area", "eq-gaussian-second-moment")
def test_area_and_second_moment_with_many_digits():
    with mpmath.workdps(25):
        area = mpmath.quad(lambda z: mpmath.exp(-z * z / 2), [-mpmath.inf, 0, mpmath.inf])
        rings = mpmath.quad(lambda r: mpmath.exp(-r * r / 2) * 2 * mpmath.pi * r, [0, mpmath.inf])
        second = mpmath.quad(lambda z: z * z * mpmath.exp(-z * z / 2), [-mpmath.inf, 0, mpmath.inf])
        assert abs(area**2 - 2 * mpmath.pi) < 1e-18 and abs(rings - 2 * mpmath.pi) < 1e-18
        assert abs(second / mpmath.sqrt(2 * mpmath.pi) - 1) < 1e-18


@pytest.mark.equation("eq-gaussian-share")
@pytest.mark.parametrize("k", [0.5, 1, 2, 3])
def test_share_within_k_deviations(k):
    counted = integrate.quad(stats.norm(5, 2).pdf, 5 - 2 * k, 5 + 2 * k)[0]
    halves = 2 / np.sqrt(2 * np.pi) * integrate.quad(lambda z: np.exp(-z * z / 2), 0, k)[0]
    error = 2 / np.sqrt(np.pi) * integrate.quad(lambda t: np.exp(-t * t), 0, k / np.sqrt(2))[0]
    assert_allclose([halves, error, float(mpmath.erf(k / mpmath.sqrt(2)))], counted, rtol=1e-9)


def triangle(d, seed):
    rng = np.random.default_rng(seed)
    return np.tril(rng.normal(size=(d, d)), -1) + np.diag(rng.uniform(0.5, 2, d)), rng


@pytest.mark.equation("eq-mvn-linear")
@pytest.mark.parametrize("d", [2, 3])
def test_mean_and_covariance_of_a_linear_map_over_all_signs(d):
    # entries ±1 with equal chance are independent with mean 0 and variance 1: all 2^d of them
    L, rng = triangle(d, d)
    mu = rng.normal(size=d)
    X = np.array([mu + L @ z for z in itertools.product((-1, 1), repeat=d)])
    assert_allclose(X.mean(axis=0), mu, atol=1e-12)
    assert_allclose(np.cov(X.T, bias=True), L @ L.T, atol=1e-12)


@pytest.mark.equation("eq-cholesky-2")
@pytest.mark.parametrize("s1, s2, rho", [(1, 2, 0.5), (0.3, 4, -0.9), (2, 2, 0)])
def test_factor_of_two_variables(s1, s2, rho):
    L = [[s1, 0], [rho * s2, s2 * np.sqrt(1 - rho**2)]]
    Sigma = [[s1**2, rho * s1 * s2], [rho * s1 * s2, s2**2]]
    assert_allclose(L, np.linalg.cholesky(Sigma), atol=1e-12)


@pytest.mark.equation("eq-mvn-change")
@pytest.mark.parametrize("d", [1, 2, 4])
def test_density_of_a_linear_map(d):
    L, rng = triangle(d, 10 + d)
    mu, x = rng.normal(size=(2, d))
    z, Sigma = np.linalg.inv(L) @ (x - mu), L @ L.T
    assert z @ z == pytest.approx((x - mu) @ np.linalg.inv(Sigma) @ (x - mu), rel=1e-9)
    assert np.linalg.det(Sigma) == pytest.approx(np.linalg.det(L) ** 2, rel=1e-9)
    density = (2 * np.pi) ** (-d / 2) * np.exp(-z @ z / 2) / np.linalg.det(L)
    assert density == pytest.approx(stats.multivariate_normal(mu, Sigma).pdf(x), rel=1e-8)


@pytest.mark.equation("eq-mvn-map")
@pytest.mark.parametrize("a1, a2", [(0, 1), (2, -1), (-0.5, 3)])
def test_a_combination_of_two_by_integrals_along_lines(a1, a2):
    mu, Sigma, b = np.array([1.0, -2.0]), np.array([[2.0, 0.9], [0.9, 0.7]]), 0.4
    joint, a = stats.multivariate_normal(mu, Sigma), np.array([a1, a2])
    combined = stats.norm(a @ mu + b, np.sqrt(a @ Sigma @ a))
    for y in combined.mean() + np.array([-1.5, 0.2, 2]) * combined.std():
        # all points with a₁x₁ + a₂x₂ + b = y; per unit of y the plane holds 1/|a₂|
        line = integrate.quad(
            lambda x, y=y: joint.pdf([x, (y - b - a1 * x) / a2]) / abs(a2), -14, 16, limit=200
        )
        assert line[0] == pytest.approx(combined.pdf(y), rel=1e-7)


@pytest.mark.equation("eq-mvn-map")
def test_an_invertible_map_and_one_that_drops_entries():
    rng = np.random.default_rng(4)
    L, mu, b = np.tril(rng.normal(size=(3, 3))) + 2 * np.eye(3), rng.normal(size=3), rng.normal(size=3)
    A, x = rng.normal(size=(3, 3)), rng.normal(size=3)
    before = stats.multivariate_normal(mu, L @ L.T).pdf(x)
    after = stats.multivariate_normal(A @ mu + b, A @ L @ L.T @ A.T).pdf(A @ x + b)
    assert after == pytest.approx(before / abs(np.linalg.det(A)), rel=1e-8)
    rest = integrate.quad(
        lambda t: stats.multivariate_normal(mu, L @ L.T).pdf([*x[:2], t]), -40, 40, points=[mu[2]], limit=200
    )
    marginal = stats.multivariate_normal(mu[:2], (L @ L.T)[:2, :2]).pdf(x[:2])
    assert rest[0] == pytest.approx(marginal, rel=1e-6)


@pytest.mark.equation("eq-mvn-uncorrelated")
def test_blocks_without_covariance_are_independent_if_jointly_gaussian():
    rng = np.random.default_rng(5)
    (A, B), mu, x = rng.normal(size=(2, 2, 2)), rng.normal(size=4), rng.normal(size=4)
    one, other, zero = A @ A.T, B @ B.T, np.zeros((2, 2))
    joint = stats.multivariate_normal(mu, np.block([[one, zero], [zero, other]])).pdf(x)
    parts = (
        stats.multivariate_normal(mu[:2], one).pdf(x[:2]),
        stats.multivariate_normal(mu[2:], other).pdf(x[2:]),
    )
    assert joint == pytest.approx(parts[0] * parts[1], rel=1e-9)
    # each Gaussian and uncorrelated, but not jointly Gaussian: y = ±x; E[x²y²] is 3, not 1
    x = rng.normal(size=40_000)
    y = rng.choice([-1, 1], 40_000) * x
    assert stats.kstest(y, "norm").pvalue > 0.01 and abs(np.mean(x * y)) < 0.03
    assert np.mean(x**2 * y**2) == pytest.approx(3, abs=0.3)


@pytest.mark.equation("eq-bivariate")
@pytest.mark.parametrize("s1, s2, rho", [(0.5, 1, 0.3), (2, 1, 0.3), (1, 1, -0.2), (1, 2, -0.8), (1.5, 1, 0)])
def test_the_angle_is_that_of_the_long_axis(s1, s2, rho):
    _, V = np.linalg.eigh(np.array([[s1**2, rho * s1 * s2], [rho * s1 * s2, s2**2]]))
    phi = np.radians(long_axis(s1, s2, rho))
    assert abs(V[:, 1] @ [np.cos(phi), np.sin(phi)]) == pytest.approx(1, rel=1e-12)


@pytest.mark.equation("eq-turned-covariance")
@pytest.mark.parametrize("s1, s2, rho", [(1, 2, 0.5), (1.5, 1, -0.9), (2, 2, 0.4)])
def test_covariance_in_turned_axes(s1, s2, rho):
    Sigma = np.array([[s1**2, rho * s1 * s2], [rho * s1 * s2, s2**2]])
    for phi in np.linspace(-1.5, 1.5, 7):
        c, s = np.cos(phi), np.sin(phi)
        R = np.array([[c, s], [-s, c]])
        exact = (R @ Sigma @ R.T)[0, 1]
        first = -(s1**2) * c * s + rho * s1 * s2 * (c**2 - s**2) + s2**2 * s * c
        second = -0.5 * (s1**2 - s2**2) * np.sin(2 * phi) + rho * s1 * s2 * np.cos(2 * phi)
        assert_allclose([first, second], exact, atol=1e-12)


@pytest.mark.equation("eq-ellipse-share")
@pytest.mark.parametrize("c", [0.5, 1, 2, 3])
def test_what_an_ellipse_holds(c):
    assert 1 - np.exp(-(c**2) / 2) == pytest.approx(stats.chi2(2).cdf(c**2), rel=1e-9)
    rings = integrate.quad(lambda r: np.exp(-r * r / 2) / (2 * np.pi) * 2 * np.pi * r, 0, c)[0]
    assert rings == pytest.approx(stats.chi2(2).cdf(c**2), rel=1e-9)


# ------------------------------------------------------------------------------------------------- entropy
@pytest.mark.equation("eq-gaussian-most-entropy")
def test_no_density_of_the_same_variance_has_more_entropy():
    densities = [stats.laplace(), stats.uniform(), stats.expon(), stats.logistic()]
    densities += [stats.t(5), stats.gamma(2.5), stats.beta(2, 3)]
    for p in densities:
        mean, variance = p.mean(), p.var()
        q = stats.norm(mean, np.sqrt(variance))
        low, high = p.ppf([1e-13, 1 - 1e-13])
        gap = integrate.quad(
            lambda x, p=p, q=q: p.pdf(x) * (q.logpdf(x) - p.logpdf(x)), low, high, limit=400
        )[0]
        assert gap == pytest.approx(float(p.entropy() - q.entropy()), abs=2e-5) and gap < -0.01
    t = np.geomspace(1e-6, 1e6, 1001)
    assert np.all(np.log(t) <= t - 1)
