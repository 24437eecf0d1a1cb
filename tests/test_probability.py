"""Distributions against SciPy, mpmath with many digits, quadrature, closed forms and their definitions."""

import warnings

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.testing import assert_allclose, assert_array_equal
from scipy import integrate, optimize, stats

from mlcore import (
    Bernoulli,
    Gaussian,
    MultivariateGaussian,
    NearSingularWarning,
    empirical_cov,
    empirical_mean,
)

quick = settings(deadline=None, derandomize=True, max_examples=60)
finite = st.floats(-1e6, 1e6, allow_nan=False)


def positive_definite(d, rng, spread=0.0):
    """A random covariance matrix, its standard deviations e^(spread·z)."""
    A = rng.normal(size=(d, d + 2))
    scale = np.exp(spread * rng.normal(size=d))
    return (A @ A.T) * np.outer(scale, scale)


def exact_log_pdf(mu, Sigma, x):
    with mpmath.workdps(60):
        S = mpmath.matrix(Sigma.tolist())
        r = mpmath.matrix([mpmath.mpf(a) - mpmath.mpf(b) for a, b in zip(x, mu)])
        quadratic = (r.T * mpmath.lu_solve(S, r))[0]
        return float(-(quadratic + mpmath.log(mpmath.det(S)) + len(mu) * mpmath.log(2 * mpmath.pi)) / 2)


# ------------------------------------------------------------------------------ empirical mean and covariance
@quick
@given(arrays.arrays(np.float64, st.tuples(st.integers(1, 12), st.integers(1, 5)), elements=finite))
def test_mean_and_covariance_are_those_of_numpy(X):
    scale = np.abs(X).max() + 1e-300
    assert_allclose(empirical_mean(X), X.mean(axis=0), rtol=0, atol=1e-14 * scale)
    S = empirical_cov(X)
    assert_allclose(S, np.cov(X.T, ddof=0).reshape(S.shape), rtol=0, atol=1e-13 * scale**2)
    assert_array_equal(S, S.T)
    if len(X) > 1:
        assert_allclose(
            empirical_cov(X, unbiased=True), np.cov(X.T).reshape(S.shape), rtol=0, atol=1e-13 * scale**2
        )


def test_a_vector_is_one_variable():
    x = np.array([1.0, 4.0, 4.0])
    assert empirical_mean(x) == 3.0 and empirical_cov(x) == 2.0 and empirical_cov(x, unbiased=True) == 3.0
    assert np.ndim(empirical_mean(x)) == np.ndim(empirical_cov(x)) == np.ndim(empirical_mean([2.0, 2.0])) == 0


def test_a_large_mean_costs_no_digits():
    z = np.random.default_rng(0).normal(size=(500, 3))
    X = z + [1e8, -1e8, 3e9]
    with mpmath.workdps(40):
        columns = [[mpmath.mpf(v) for v in column] for column in X.T]
        means = [mpmath.fsum(column) / 500 for column in columns]
        exact = np.array(
            [
                [
                    float(mpmath.fsum((a - p) * (b - q) for a, b in zip(c, e)) / 500)
                    for e, q in zip(columns, means)
                ]
                for c, p in zip(columns, means)
            ]
        )
    assert_allclose(empirical_cov(X), exact, rtol=1e-12, atol=1e-12)
    assert_allclose(empirical_mean(X), [float(v) for v in means], rtol=2e-16)
    naive = X.T @ X / 500 - np.outer(X.mean(axis=0), X.mean(axis=0))
    assert np.abs(naive - exact).max() > 0.5  # what E[xxᵀ] − x̄x̄ᵀ makes of it: no digit is right


def test_unbiased_is_right_on_average_and_the_other_too_small():
    # all 3⁴ samples of size 4 from {0, 1, 5}, each as likely as any other: exact averages, no simulation
    population = np.array([0.0, 1.0, 5.0])
    samples = np.stack(np.meshgrid(*[population] * 4), axis=-1).reshape(-1, 4)
    assert np.mean([empirical_cov(x, unbiased=True) for x in samples]) == pytest.approx(population.var())
    assert np.mean([empirical_cov(x) for x in samples]) == pytest.approx(0.75 * population.var())


# ---------------------------------------------------------------------------------------- univariate Gaussian
@quick
@given(finite, st.floats(1e-3, 1e3), st.floats(-37, 37))
def test_gaussian_is_that_of_scipy(mu, sigma, z):
    g, x = Gaussian(mu, sigma), mu + sigma * z
    reference = stats.norm(mu, sigma)
    assert_allclose(g.log_pdf(x), reference.logpdf(x), rtol=1e-13, atol=1e-12)
    assert_allclose(g.pdf(x), reference.pdf(x), rtol=1e-11)
    assert g.entropy() == pytest.approx(reference.entropy(), rel=1e-13, abs=1e-14)


def test_gaussian_integrates_to_one_with_its_mean_variance_and_entropy():
    g = Gaussian(-1.5, 0.3)
    for f, value in (
        (lambda x: 1, 1),
        (lambda x: x, -1.5),
        (lambda x: (x + 1.5) ** 2, 0.09),
        (lambda x: -g.log_pdf(x), g.entropy()),
    ):
        integral, _ = integrate.quad(lambda x, f=f: f(x) * g.pdf(x), -13.5, 10.5, points=[-1.5], epsabs=1e-13)
        assert integral == pytest.approx(value, rel=1e-10)


def test_densities_too_small_for_float64_have_logarithms():
    g = Gaussian(0.0, 1.0)
    with mpmath.workdps(40):
        exact = float(-(mpmath.mpf(1e6) ** 2) / 2 - mpmath.log(2 * mpmath.pi) / 2)
    assert g.pdf(1e6) == 0.0 and g.log_pdf(1e6) == pytest.approx(exact, rel=1e-15)
    assert g.log_pdf(1e200) == -np.inf and Gaussian(-1e308, 1e-300).log_pdf(1e308) == -np.inf
    x = np.linspace(-3, 3, 2000)
    assert np.prod(g.pdf(x)) == 0.0  # the product over the points is lost, the sum of logarithms is not
    assert g.log_likelihood(x) == pytest.approx(-0.5 * (x @ x) - 1000 * np.log(2 * np.pi), rel=1e-13)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 1, 4), (0,)])
def test_any_shape_comes_back(shape):
    x = np.zeros(shape)
    assert np.shape(Gaussian(0, 1).pdf(x)) == np.shape(Gaussian(0, 1).log_pdf(x)) == shape
    assert np.shape(Bernoulli(0.5).pmf(x)) == np.shape(Bernoulli(0.5).log_pmf(x)) == shape


@quick
@given(arrays.arrays(np.float64, st.integers(2, 20), elements=st.floats(-100, 100), unique=True))
def test_no_gaussian_is_more_likely_than_the_fitted(x):
    best = Gaussian.fit(x)
    assert_allclose([best.mu, best.sigma], stats.norm.fit(x), rtol=1e-10, atol=1e-13 * np.abs(x).max())
    top = best.log_likelihood(x)
    for a, b in ((0.1, 1), (-0.1, 1), (0, 1.1), (0, 0.9), (0.3, 1.2)):
        assert Gaussian(best.mu + a * best.sigma, b * best.sigma).log_likelihood(x) < top


def test_fitting_survives_a_large_offset():
    x = 1e8 + np.random.default_rng(1).normal(size=1000)
    g = Gaussian.fit(x)
    shifted = Gaussian.fit(x - 1e8)  # the subtraction is exact
    assert g.sigma == pytest.approx(shifted.sigma, rel=1e-13)
    assert g.mu == pytest.approx(1e8 + shifted.mu, rel=1e-15)


# -------------------------------------------------------------------------------------- multivariate Gaussian
@pytest.mark.parametrize("d", [1, 2, 3, 6, 20])
def test_multivariate_gaussian_is_that_of_scipy(d):
    rng = np.random.default_rng(d)
    mu, Sigma, X = rng.normal(size=d), positive_definite(d, rng), 3 * rng.normal(size=(9, d))
    g, reference = MultivariateGaussian(mu, Sigma), stats.multivariate_normal(mu, Sigma)
    assert_allclose(g.log_pdf(X), reference.logpdf(X).reshape(9), rtol=1e-10)
    assert_allclose(g.pdf(X), reference.pdf(X).reshape(9), rtol=1e-8)
    assert g.entropy() == pytest.approx(float(reference.entropy()), rel=1e-12)
    assert g.log_likelihood(X) == pytest.approx(np.sum(reference.logpdf(X)), rel=1e-11)
    distances = [np.sqrt((x - mu) @ np.linalg.inv(Sigma) @ (x - mu)) for x in X]
    assert_allclose(g.mahalanobis(X), distances, rtol=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_units_cost_no_digits(seed):
    # standard deviations from about 1e-9 to 1e9, correlations as they come
    rng = np.random.default_rng(seed)
    Sigma = positive_definite(5, rng, spread=8)
    mu = rng.normal(size=5) * np.sqrt(np.diag(Sigma))
    X = mu + np.sqrt(np.diag(Sigma)) * rng.normal(size=(6, 5))
    exact = [exact_log_pdf(mu, Sigma, x) for x in X]
    assert_allclose(MultivariateGaussian(mu, Sigma).log_pdf(X), exact, rtol=2e-13)


def test_the_digits_that_the_warning_promises_are_there():
    rho = 1 - 1e-11
    Sigma = np.array([[1.0, rho], [rho, 1.0]])
    with pytest.warns(NearSingularWarning, match="close to singular.*about 4 digits"):
        g = MultivariateGaussian([0, 0], Sigma)
    X = np.array([[1.0, 1.0], [1.0, 1.0 + 3e-6], [-2.0, -2.0]])
    assert_allclose(g.log_pdf(X), [exact_log_pdf([0, 0], Sigma, x) for x in X], rtol=1e-4)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        MultivariateGaussian([0, 0], [[1.0, 1 - 1e-8], [1 - 1e-8, 1.0]])  # eight digits: no word about it


def test_one_dimension_and_many_are_the_same_gaussian():
    x = np.linspace(-3, 4, 11)
    g, h = Gaussian(0.5, 1.3), MultivariateGaussian([0.5], [[1.69]])
    assert_allclose(h.log_pdf(x[:, None]), g.log_pdf(x), rtol=1e-13)
    assert h.entropy() == pytest.approx(g.entropy(), rel=1e-14)


def test_bivariate_density_integrates_to_one():
    g = MultivariateGaussian([1.0, -2.0], [[1.0, 0.8], [0.8, 2.0]])
    axis = np.arange(-15, 15, 0.1)  # a sum over a grid: exact to rounding for so smooth a function
    X = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    p = g.pdf(X) * 0.01
    assert p.sum() == pytest.approx(1, rel=1e-12)
    assert_allclose(p @ X, g.mu, rtol=1e-10)
    assert_allclose((X - g.mu).T @ (p[:, None] * (X - g.mu)), g.Sigma, rtol=1e-10)
    assert -(p @ g.log_pdf(X)) == pytest.approx(g.entropy(), rel=1e-10)


@quick
@given(st.integers(1, 4), st.integers(0, 10**6))
def test_an_affine_map_takes_a_gaussian_to_a_gaussian(d, seed):
    # the density of Ax + b is p(x)/|det A|, the distances stay, the entropy grows by log |det A|
    rng = np.random.default_rng(seed)
    g = MultivariateGaussian(rng.normal(size=d), positive_definite(d, rng))
    A, b, X = rng.normal(size=(d, d)) + 3 * np.eye(d), rng.normal(size=d), rng.normal(size=(5, d))
    S = A @ g.Sigma @ A.T
    h = MultivariateGaussian(A @ g.mu + b, (S + S.T) / 2)
    log_det = np.linalg.slogdet(A)[1]
    assert_allclose(h.log_pdf(X @ A.T + b), g.log_pdf(X) - log_det, rtol=1e-7, atol=1e-7)
    assert_allclose(h.mahalanobis(X @ A.T + b), g.mahalanobis(X), rtol=1e-6)
    assert h.entropy() == pytest.approx(g.entropy() + log_det, rel=1e-7, abs=1e-7)


@pytest.mark.parametrize("d, m", [(1, 2), (2, 10), (4, 5), (5, 200)])
def test_no_multivariate_gaussian_is_more_likely_than_the_fitted(d, m):
    rng = np.random.default_rng(d)
    X = rng.normal(size=(m, d)) @ rng.normal(size=(d, d)) + 5
    best = MultivariateGaussian.fit(X)
    assert_allclose(best.mu, X.mean(axis=0), rtol=1e-13)
    assert_allclose(best.Sigma, np.cov(X.T, ddof=0).reshape(d, d), rtol=1e-10, atol=1e-12)
    top = best.log_likelihood(X)
    # tr(Σ̂⁻¹Σ̂) = d: the exponents add up to −md/2 whatever the data
    assert_allclose(np.sum(best.mahalanobis(X) ** 2), m * d, rtol=1e-6)
    for k in range(10):
        change = 0.1 * positive_definite(d, rng)
        for other in (
            MultivariateGaussian(best.mu, best.Sigma + change),
            MultivariateGaussian(best.mu + 0.1 * rng.normal(size=d), best.Sigma),
            MultivariateGaussian(best.mu, best.Sigma * (1.1 if k % 2 else 0.9)),
        ):
            assert other.log_likelihood(X) < top


def test_points_out_of_reach_have_density_zero_and_no_warning():
    g = MultivariateGaussian([0.0, 0.0], [[1.0, 0.5], [0.5, 1.0]])
    assert_array_equal(g.log_pdf([[1e200, 0], [1e308, -1e308], [-1e308, 1e308]]), -np.inf)
    assert_array_equal(g.pdf([[1e3, 0]]), 0.0)
    tiny = MultivariateGaussian([1e308, 0.0], [[1e-300, 0], [0, 1e-300]])
    assert_array_equal(tiny.log_pdf([[-1e308, 1e308]]), -np.inf)


def test_what_was_given_is_copied_and_kept():
    mu, Sigma = np.zeros(2), np.eye(2)
    g = MultivariateGaussian(mu, Sigma)
    mu[0] = Sigma[0, 0] = 7.0
    assert g.mu[0] == 0 and g.Sigma[0, 0] == 1
    with pytest.raises(ValueError, match="read-only"):
        g.Sigma[0, 0] = 2.0


# -------------------------------------------------------------------------------------------------- Bernoulli
@pytest.mark.parametrize("p", [0.0, 1e-300, 1e-20, 0.1, 0.5, 1 - 1e-15, 1.0])
def test_bernoulli_is_that_of_mpmath(p):
    b = Bernoulli(p)
    with mpmath.workdps(330):
        q = 1 - mpmath.mpf(p)
        log_p, log_q = (float(mpmath.log(v)) if v > 0 else -np.inf for v in (mpmath.mpf(p), q))
        entropy = float(-mpmath.fsum(v * mpmath.log(v) for v in (mpmath.mpf(p), q) if v > 0))
        variance = float(p * q)
    assert_allclose(b.log_pmf([1, 0]), [log_p, log_q], rtol=1e-15)
    assert_allclose(b.pmf([1, 0]), [p, float(q)], rtol=1e-15)
    assert b.entropy() == pytest.approx(entropy, rel=1e-14, abs=0)
    assert (b.mean, b.variance) == (p, pytest.approx(variance, rel=1e-15, abs=0))


@quick
@given(st.lists(st.integers(0, 1), min_size=1, max_size=30), st.floats(0.001, 0.999))
def test_no_coin_is_more_likely_than_the_fitted(x, p):
    best = Bernoulli.fit(x)
    assert best.p == sum(x) / len(x)
    assert Bernoulli(p).log_likelihood(x) <= best.log_likelihood(x) + 1e-12
    k = sum(x)
    by_counts = k * np.log(p) + (len(x) - k) * np.log1p(-p)
    assert Bernoulli(p).log_likelihood(x) == pytest.approx(by_counts, rel=1e-12)
    assert best.log_likelihood(x) == pytest.approx(-len(x) * best.entropy(), rel=1e-12, abs=1e-14)


def test_the_impossible_has_likelihood_zero():
    assert Bernoulli(1.0).log_likelihood([1, 1]) == 0.0 and Bernoulli(1.0).log_likelihood([1, 0]) == -np.inf
    assert Bernoulli(0.0).entropy() == Bernoulli(1.0).entropy() == 0.0


def test_entropy_is_largest_for_the_fair_coin():
    top = optimize.minimize_scalar(lambda p: -Bernoulli(p).entropy(), bounds=(0, 1), method="bounded")
    assert top.x == pytest.approx(0.5, abs=1e-6)
    assert Bernoulli(0.5).entropy() == pytest.approx(np.log(2), rel=1e-15)


# --------------------------------------------------------------------------------------------------- sampling
def test_samples_follow_their_distribution():
    rng = np.random.default_rng(1)
    assert stats.kstest(Gaussian(3.0, 0.2).sample(4000, rng), stats.norm(3.0, 0.2).cdf).pvalue > 0.01
    tosses = Bernoulli(0.3).sample(4000, rng)
    assert tosses.dtype == np.int64 and stats.binomtest(int(tosses.sum()), 4000, 0.3).pvalue > 0.01
    g = MultivariateGaussian([1.0, -2.0, 0.0], positive_definite(3, rng))
    X = g.sample(4000, rng)
    assert X.shape == (4000, 3)
    assert stats.kstest(g.mahalanobis(X) ** 2, "chi2", args=(3,)).pvalue > 0.01
    direction = rng.normal(size=3)  # every combination of the entries is Gaussian
    spread = np.sqrt(direction @ g.Sigma @ direction)
    assert stats.kstest(X @ direction, "norm", args=(direction @ g.mu, spread)).pvalue > 0.01
    assert_allclose(empirical_cov(X), g.Sigma, atol=0.1 * np.abs(g.Sigma).max())


@pytest.mark.parametrize(
    "distribution", [Gaussian(1, 2), MultivariateGaussian([0, 1], np.eye(2)), Bernoulli(0.3)], ids=repr
)
def test_samples_come_from_the_generator_alone(distribution):
    first = distribution.sample(9, np.random.default_rng(3))
    np.random.seed(0)  # noqa: NPY002 the global one must not matter
    assert_array_equal(distribution.sample(9, np.random.default_rng(3)), first)
    with pytest.raises(ValueError, match="rng must be a numpy.random.Generator.*got int: 0"):
        distribution.sample(3, 0)
    with pytest.raises(ValueError, match="m must be a whole number >= 1; got int: 0"):
        distribution.sample(0, np.random.default_rng(0))


def test_parameters_are_shown():
    assert repr(Gaussian(1, 0.5)) == "Gaussian(mu=1, sigma=0.5)"
    assert repr(Bernoulli(0.25)) == "Bernoulli(p=0.25)"
    assert repr(MultivariateGaussian([0], [[2]])) == "MultivariateGaussian(mu=[0.0], Sigma=[[2.0]])"


# --------------------------------------------------------------------------------------- the edges of float64
@pytest.mark.parametrize("unit", [1e-320, 1e-170, 1e-100, 1e160, 5e307])
def test_gaussians_are_fitted_in_any_unit(unit):
    x = np.array([1.0, 2.0, 3.0, 3.0]) * unit
    with mpmath.workdps(40):
        mean = sum(map(mpmath.mpf, x)) / 4
        sigma = mpmath.sqrt(sum((mpmath.mpf(v) - mean) ** 2 for v in x) / 4)
    fitted = Gaussian.fit(x)
    assert_allclose([fitted.mu, fitted.sigma], [float(mean), float(sigma)], rtol=1e-15, atol=5e-324)


@quick
@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(min_value=5e-324, allow_infinity=False),
)
def test_log_densities_are_right_for_all_finite_numbers(x, mu, sigma):
    with mpmath.workdps(1500):  # enough for x − μ without rounding
        z = (mpmath.mpf(x) - mpmath.mpf(mu)) / mpmath.mpf(sigma)
        exact = -(z**2) / 2 - mpmath.log(sigma) - mpmath.log(2 * mpmath.pi) / 2
        exact = float(exact) if exact > -mpmath.mpf(1.7e308) else -np.inf
    found = Gaussian(mu, sigma).log_pdf(x)
    assert found == exact or found == pytest.approx(exact, rel=1e-14, abs=1e-12) or found < exact == -1.7e308
    if mpmath.mpf(sigma) ** 2 < 1.7e308 and sigma**2 > 1e-300:
        many = MultivariateGaussian([mu], [[sigma**2]])
        assert many.mahalanobis([[x]])[0] == pytest.approx(float(abs(z)), rel=1e-14)


def test_distances_whose_squares_are_beyond_float64():
    standard = MultivariateGaussian([0, 0], np.eye(2))
    far = standard.mahalanobis([[3e200, -4e200], [3e-200, 4e-200], [0, 0], [1.7e308, 1.7e308]])
    assert_allclose(far, [5e200, 5e-200, 0, np.inf], rtol=1e-15)
    rows = standard.log_pdf([[1e200, 0], [0, 1]])
    assert rows[0] == -np.inf and rows[1] == pytest.approx(-0.5 - np.log(2 * np.pi))
    wide = MultivariateGaussian([-1.7e308], [[1e308]])
    assert wide.mahalanobis([[1.7e308]])[0] == pytest.approx(3.4e154, rel=1e-14)
    for distribution, x in ((Gaussian(0, 1e-100), np.full(9, 1e54)), (standard, np.full((9, 2), 1e154))):
        assert distribution.log_likelihood(x) == -np.inf  # the terms are finite, their sum is not


# -------------------------------------------------------------------------------------------------- bad input
X = np.array([[1.0, 2.0], [3.0, 5.0], [0.0, 1.0]])


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: Gaussian(np.nan), "mu must be a finite number; got nan"),
        (lambda: Gaussian("0"), "mu must be a finite number; got str"),
        (lambda: Gaussian([0.0]), "mu must be a finite number; got list"),
        (lambda: Gaussian(0, 0), "sigma must be a finite number > 0; got 0"),
        (lambda: Gaussian(0, -1), "sigma must be .* > 0; got -1"),
        (lambda: Gaussian(0, np.inf), "sigma must be .* > 0; got inf"),
        (lambda: Gaussian().pdf([0, np.nan]), "x must be an array of finite numbers; got NaN at row 1"),
        (lambda: Gaussian().log_pdf("a"), "real numbers; got text"),
        (lambda: Gaussian().log_likelihood([]), "x must have at least one entry"),
        (lambda: Gaussian().log_likelihood(X), "x must be a 1-D array"),
        (lambda: Gaussian.fit([2.0, 2.0]), "x must have a variance above 0.*got 2 values from 2 to 2"),
        (lambda: Gaussian.fit([0.1] * 3), "got 3 values from 0.1"),
        (lambda: Gaussian.fit([5]), "got 1 values from 5 to 5"),
        (lambda: Gaussian.fit(X), "x must be a 1-D array"),
        (lambda: MultivariateGaussian([0, 0], np.eye(3)), r"Sigma must have shape \(2, 2\).*got \(3, 3\)"),
        (lambda: MultivariateGaussian([0, 0], [1, 1]), r"Sigma must be a 2-D array"),
        (lambda: MultivariateGaussian(0, [[1]]), "mu must be a 1-D array"),
        (lambda: MultivariateGaussian([0, np.inf], np.eye(2)), "mu must be .*finite"),
        (lambda: MultivariateGaussian([0, 0], [[1, 0], [0, np.nan]]), "Sigma must be .*finite.*NaN"),
        (
            lambda: MultivariateGaussian([0, 0], [[1, 0.5], [0.4, 1]]),
            r"symmetric; got 0.5 at \(0, 1\) and 0.4",
        ),
        (
            lambda: MultivariateGaussian([0, 0], [[1, 0], [0, -2]]),
            "diagonal must be > 0; got -2 at position 1",
        ),
        (lambda: MultivariateGaussian([0, 0], [[0, 0], [0, 1]]), "diagonal must be > 0; got 0 at position 0"),
        (
            lambda: MultivariateGaussian([0, 0], [[1, 2], [2, 1]]),
            "positive definite.*smallest eigenvalue is -1",
        ),
        (lambda: MultivariateGaussian([0, 0], [[1, 1], [1, 1]]), "positive definite"),
        (lambda: MultivariateGaussian.fit(X[:2]), r"more rows than columns.*got shape \(2, 2\)"),
        (lambda: MultivariateGaussian.fit(X[:, [0, 0]]), "positive definite"),
        (lambda: MultivariateGaussian.fit(X[:, 0]), "X must be a 2-D array"),
        (
            lambda: MultivariateGaussian([0, 0], np.eye(2)).pdf([0, 0]),
            r"shape \(m, 2\).*got \(2,\).*X\[None\]",
        ),
        (lambda: MultivariateGaussian([0, 0], np.eye(2)).mahalanobis(np.eye(3)), r"\(m, 2\).*got \(3, 3\)"),
        (lambda: MultivariateGaussian([0], [[1]]).log_pdf([[np.nan]]), "finite numbers; got NaN at row 0"),
        (lambda: Bernoulli(1.5), r"p must be a probability, in \[0, 1\]; got 1.5"),
        (lambda: Bernoulli(-0.1), "p must be .* >= 0; got -0.1"),
        (lambda: Bernoulli(None), "p must be a finite number"),
        (
            lambda: Bernoulli(0.5).pmf([0, 2]),
            r"x must consist of zeros and ones; got 2 at position 1",
        ),
        (lambda: Bernoulli(0.5).log_pmf(0.5), "zeros and ones; got 0.5"),
        (lambda: Bernoulli.fit([0, 1, -1]), "zeros and ones; got -1"),
        (lambda: Bernoulli.fit([]), "at least one entry"),
        (lambda: empirical_mean(np.zeros((2, 2, 2))), "X must be a 2-D array"),
        (lambda: empirical_mean(3.0), "X must be a 2-D array.*3.0"),
        (lambda: empirical_mean([]), "X must have at least one"),
        (lambda: empirical_mean([1.0, -1e200]), "squares stay within float64.*got 1e\\+200"),
        (lambda: empirical_cov([[1.0, np.inf]]), "finite.*inf at row 0, column 1"),
        (lambda: empirical_cov([[1.0, 2.0]], unbiased=True), r"at least two rows.*got shape \(1, 2\)"),
        (lambda: empirical_cov([["a"]]), "real numbers; got text"),
        (lambda: empirical_cov([1.0, 2.0], unbiased="False"), "unbiased must be True or False; got str"),
        (
            lambda: Gaussian(0, 1e-309).pdf([0.0, 1.0]),
            r"density must be below 1.8e308.*got exp\(710.*log_pdf",
        ),
        (lambda: MultivariateGaussian([0, 0], 1e-320 * np.eye(2)).pdf([[0, 0]]), "density must be below"),
        (
            lambda: Gaussian(0, 1.7e308).sample(100, np.random.default_rng(0)),
            "draws must stay within float64",
        ),
        (
            lambda: MultivariateGaussian([0, 0], [[1e-300, 1e300], [1e300, 1e-300]]),
            "must be positive definite.*eigenvalue is -1e\\+100",
        ),
        (lambda: MultivariateGaussian.fit(X * [1e-170, 1]), "variances keep their digits.* at column 0"),
        (lambda: MultivariateGaussian.fit(X * 1e200), "squares stay within float64"),
    ],
)
def test_bad_input(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@quick
@given(st.integers(2, 6), st.integers(0, 10**6), st.booleans())
def test_points_in_a_hyperplane_have_no_density(d, seed, offset):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(30, d)) + 1000 * offset
    X[:, -1] = X[:, :-1] @ rng.normal(size=d - 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NearSingularWarning)
        with pytest.raises(ValueError, match="positive definite"):
            MultivariateGaussian.fit(X)


@pytest.mark.parametrize(
    "convert",
    [
        np.ndarray.tolist,
        np.asfortranarray,
        lambda a: a.astype(np.float16),
        lambda a: a.astype(np.int8),
        lambda a: a[::-1][::-1],
        lambda a: np.repeat(a, 2, axis=-1)[..., ::2],
    ],
    ids=["list", "fortran", "half", "integers", "reversed", "strided"],
)
def test_array_likes(convert):
    g = MultivariateGaussian([0, 1], [[1, 0.5], [0.5, 2]])
    frozen = X.copy()
    frozen.flags.writeable = False
    for f in (
        empirical_mean,
        empirical_cov,
        g.log_pdf,
        g.mahalanobis,
        Gaussian(1, 2).log_pdf,
        lambda a: MultivariateGaussian.fit(a).Sigma,
    ):
        assert_array_equal(f(convert(frozen)), f(X))
        assert np.asarray(f(convert(frozen))).dtype == np.float64
