"""The equations of the ridge chapter, each against something that does not share its origin."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import optimize
from sklearn.linear_model import Ridge as PeerRidge
from sklearn.preprocessing import StandardScaler as PeerScaler

from mlcore import LeastSquares, LinearRegression
from mlcore.basis import StandardScaler
from mlcore.datasets import load_diabetes
from mlcore.exercises import ridge as exercises
from mlcore.ridge import Ridge, ridge_dof, ridge_path

SEEDS = range(4)


def centred_data(seed, m=30, d=4):
    """Correlated centred columns X (m, d), a centred y (m,) and a δ."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(m, d)) @ rng.normal(size=(d, d))
    y = X @ rng.normal(size=d) + rng.normal(size=m)
    return X - X.mean(axis=0), y - y.mean(), rng.uniform(0.5, 5)


def cost(theta, X, y, delta):
    """J_δ, summed term by term."""
    return sum((yi - sum(xij * tj for xij, tj in zip(xi, theta))) ** 2 for xi, yi in zip(X, y)) + sum(
        delta**2 * tj**2 for tj in theta
    )


def numeric_gradient(f, theta, h=1e-6):
    return np.array([(f(theta + h * e) - f(theta - h * e)) / (2 * h) for e in np.eye(len(theta))])


def peer(delta, fit_intercept=False):
    """scikit-learn's ridge, by the singular value decomposition; its α is our δ²."""
    return PeerRidge(alpha=delta**2, fit_intercept=fit_intercept, solver="svd")


def closed(X, y, delta):
    """The textbook formula, for well-conditioned data."""
    return np.linalg.inv(X.T @ X + delta**2 * np.eye(X.shape[1])) @ X.T @ y


@pytest.mark.equation("eq-standardise")
@pytest.mark.parametrize("seed", SEEDS)
def test_standardised_columns_have_mean_0_and_deviation_1_and_are_those_of_a_peer(seed):
    X = np.random.default_rng(seed).normal(50, 7, size=(12, 3)) * [1, 100, 0.01]
    m = len(X)
    mean = sum(X) / m
    deviation = (sum((X - mean) ** 2) / m) ** 0.5
    Z = StandardScaler().fit_transform(X)
    assert_allclose(Z, (X - mean) / deviation, rtol=1e-10, atol=1e-12)
    assert_allclose(Z, PeerScaler().fit_transform(X), rtol=1e-10, atol=1e-12)
    assert_allclose((Z.T @ Z)[np.diag_indices(3)], m)


@pytest.mark.equation("eq-svd")
@pytest.mark.parametrize("seed", SEEDS)
def test_svd_is_a_sum_of_rank_one_matrices_with_perpendicular_directions(seed):
    X, _, _ = centred_data(seed)
    eigenvalues, V = np.linalg.eigh(X.T @ X)  # an independent way to V and s
    s, V = np.sqrt(eigenvalues[::-1]), V[:, ::-1]
    U = X @ V / s
    assert np.all(np.diff(s) <= 0)
    assert_allclose(U.T @ U, np.eye(4), atol=1e-8)
    assert_allclose(V.T @ V, np.eye(4), atol=1e-12)
    assert_allclose(V @ V.T, np.eye(4), atol=1e-12)
    assert_allclose(sum(s[j] * np.outer(U[:, j], V[:, j]) for j in range(4)), X, atol=1e-10)
    assert_allclose(U @ np.diag(s) @ V.T, X, atol=1e-10)


@pytest.mark.equation("eq-svd-right-angle", "eq-svd-gram")
@pytest.mark.parametrize("seed", SEEDS)
def test_directions_with_the_longest_images_have_images_at_right_angles(seed):
    X, _, _ = centred_data(seed)
    longest = optimize.minimize(lambda v: -np.sum((X @ v) ** 2) / (v @ v), np.ones(4), tol=1e-12).x
    first = longest / np.linalg.norm(longest)  # found by a search, not by a decomposition
    rng = np.random.default_rng(seed)
    for v in rng.normal(size=(5, 4)):
        v = v - first * (first @ v)
        v /= np.linalg.norm(v)
        a, b = X @ first, X @ v
        for phi in rng.uniform(0, 2 * np.pi, 3):
            turned = X @ (first * np.cos(phi) + v * np.sin(phi))
            wave = a @ a * np.cos(phi) ** 2 + 2 * a @ b * np.cos(phi) * np.sin(phi) + b @ b * np.sin(phi) ** 2
            assert_allclose(turned @ turned, wave, rtol=1e-9)
        h = 1e-5
        up, down = (np.sum((X @ (first * np.cos(p) + v * np.sin(p))) ** 2) for p in (h, -h))
        assert_allclose((up - down) / (2 * h), 2 * a @ b, atol=1e-4 * (a @ a))
        assert_allclose(a @ b, 0, atol=1e-4 * (a @ a))
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    assert_allclose(np.linalg.norm(X @ first), s[0], rtol=1e-7)
    assert_allclose(Vt.T @ np.diag(s) @ U.T @ U @ np.diag(s) @ Vt, X.T @ X, atol=1e-9 * s[0] ** 2)
    assert_allclose(np.linalg.eigvalsh(X.T @ X), s[::-1] ** 2, rtol=1e-7)
    assert_allclose(X.T @ X @ Vt.T, Vt.T * s**2, atol=1e-9 * s[0] ** 2)


@pytest.mark.equation("eq-pair-length")
@pytest.mark.parametrize("rho", [-0.6, 0.0, 0.9])
def test_length_of_a_pair_of_standardised_columns_in_every_direction(rho):
    rng = np.random.default_rng(4)
    Z = StandardScaler().fit_transform(rng.normal(size=(30, 2)) @ [[1, rho], [0, 1]])
    m, r = 30, np.corrcoef(Z.T)[0, 1]
    for phi in np.linspace(0, 2 * np.pi, 17):
        v = np.array([np.cos(phi), np.sin(phi)])
        longhand = sum((z @ v) ** 2 for z in Z)
        assert_allclose(m * (v @ [[1, r], [r, 1]] @ v), longhand, rtol=1e-9)
        assert_allclose(m * (1 + r * np.sin(2 * phi)), longhand, rtol=1e-9)


@pytest.mark.equation("eq-ls-svd")
@pytest.mark.parametrize("seed", SEEDS)
def test_least_squares_divides_by_the_singular_values(seed):
    X, y, _ = centred_data(seed)
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    S, V = np.diag(s), Vt.T
    by_qr = LinearRegression().fit(X, y).theta_[1:]
    assert_allclose(sum(Vt[j] * (U[:, j] @ y) / s[j] for j in range(4)), by_qr, rtol=1e-8)
    for chain in (
        np.linalg.inv(V @ S @ U.T @ U @ S @ V.T) @ V @ S @ U.T @ y,
        V @ np.diag(s**-2) @ V.T @ V @ S @ U.T @ y,
        V @ np.diag(1 / s) @ U.T @ y,
    ):
        assert_allclose(chain, by_qr, rtol=1e-7)


def noise_response(fit, X, theta_true, sigma):
    """Exact mean and covariance over noise of an estimator that is linear in y: fit it to unit vectors."""
    A = np.column_stack([fit(e) for e in np.eye(len(X))])  # (d, m)
    return A @ (X @ theta_true), sigma**2 * A @ A.T


@pytest.mark.equation("eq-ls-variance", "eq-ridge-model")
@pytest.mark.parametrize("seed", SEEDS)
def test_least_squares_is_unbiased_with_variance_sigma2_over_s2_in_each_direction(seed):
    X, _, _ = centred_data(seed)
    truth = np.random.default_rng(seed + 9).normal(size=4)
    mean, covariance = noise_response(lambda y: np.linalg.lstsq(X, y, rcond=None)[0], X, truth, sigma=1.7)
    s, Vt = np.linalg.svd(X)[1:]
    assert_allclose(mean, truth, rtol=1e-9)
    assert_allclose(Vt @ covariance @ Vt.T, np.diag(1.7**2 / s**2), rtol=1e-8, atol=1e-10 / s[-1] ** 2)


@pytest.mark.equation("eq-ridge-model")
def test_model_with_noise_gives_the_computed_mean_and_covariance_in_a_simulation():
    X, _, delta = centred_data(5)
    truth, rng = np.array([1.0, -2.0, 0.5, 3.0]), np.random.default_rng(5)
    draws = np.array([closed(X, X @ truth + 1.5 * rng.normal(size=len(X)), delta) for _ in range(4000)])
    mean, covariance = noise_response(lambda y: closed(X, y, delta), X, truth, 1.5)
    assert_allclose(draws.mean(axis=0), mean, atol=5 * np.sqrt(np.diag(covariance).max() / 4000))
    assert_allclose(np.cov(draws.T), covariance, atol=0.1 * np.abs(covariance).max())


@pytest.mark.equation("eq-pair")
@pytest.mark.parametrize("rho", [0.0, 0.3, 0.9])
def test_two_standardised_columns_have_these_singular_values_and_directions(rho):
    rng = np.random.default_rng(3)
    Q, _ = np.linalg.qr(np.column_stack((np.ones(25), rng.normal(size=(25, 2)))))
    a, b = 5 * Q[:, 1:].T  # perpendicular, mean 0, mean square 1
    X = np.column_stack((a, rho * a + np.sqrt(1 - rho**2) * b))
    assert_allclose(np.corrcoef(X.T)[0, 1], rho, atol=1e-12)
    assert_allclose(np.linalg.svd(X, compute_uv=False) ** 2, [25 * (1 + rho), 25 * (1 - rho)], rtol=1e-9)
    for v, s2 in (([1, 1], 25 * (1 + rho)), ([1, -1], 25 * (1 - rho))):
        assert_allclose(X.T @ X @ v, s2 * np.array(v), atol=1e-10)


@pytest.mark.equation("eq-ridge-cost")
@pytest.mark.parametrize("seed", SEEDS)
def test_cost_is_the_sum_of_squares_plus_the_penalty(seed):
    X, y, delta = centred_data(seed)
    theta = np.random.default_rng(seed).normal(size=4)
    e = y - X @ theta
    assert_allclose(e @ e + delta**2 * theta @ theta, cost(theta, X, y, delta), rtol=1e-12)
    assert_allclose(LeastSquares(X, y, delta).value([0, *theta]), cost(theta, X, y, delta), rtol=1e-12)


@pytest.mark.equation("eq-ridge-gradient")
@pytest.mark.parametrize("seed", SEEDS)
def test_gradient_agrees_with_finite_differences(seed):
    X, y, delta = centred_data(seed)
    theta = np.random.default_rng(seed).normal(size=4)
    numeric = numeric_gradient(lambda t: cost(t, X, y, delta), theta)
    scale = np.abs(numeric).max()
    assert_allclose(2 * X.T @ (X @ theta - y) + 2 * delta**2 * theta, numeric, atol=1e-6 * scale)
    assert_allclose(-2 * X.T @ y + 2 * X.T @ X @ theta + 2 * delta**2 * theta, numeric, atol=1e-6 * scale)
    expanded = y @ y - 2 * y @ X @ theta + theta @ X.T @ X @ theta + delta**2 * theta @ theta
    assert_allclose(expanded, cost(theta, X, y, delta), rtol=1e-10)


@pytest.mark.equation("eq-ridge", "eq-ridge-normal")
@pytest.mark.parametrize("seed", SEEDS)
def test_closed_form_is_the_minimum_found_by_an_optimiser_and_by_a_peer(seed):
    X, y, delta = centred_data(seed)
    theta = closed(X, y, delta)
    found = optimize.minimize(cost, np.zeros(4), args=(X, y, delta), method="BFGS", options={"gtol": 1e-6}).x
    assert_allclose(theta, found, atol=1e-4 * np.abs(theta).max())
    assert_allclose(theta, peer(delta).fit(X, y).coef_, rtol=1e-8)
    assert_allclose(theta, Ridge(delta).fit(X, y).theta_[1:], rtol=1e-8)
    G = X.T @ X + delta**2 * np.eye(4)
    assert_allclose(G @ found, X.T @ y, atol=1e-4 * np.abs(X.T @ y).max())


@pytest.mark.equation("eq-ridge-convex")
@pytest.mark.parametrize("shape", [(30, 4), (3, 8)])  # the second: more columns than rows
def test_quadratic_form_is_positive_even_where_the_gram_matrix_is_singular(shape):
    rng = np.random.default_rng(0)
    X, delta = rng.normal(size=shape), 0.7
    K = X.T @ X + delta**2 * np.eye(shape[1])
    for v in rng.normal(size=(50, shape[1])):
        assert_allclose(v @ K @ v, np.sum((X @ v) ** 2) + delta**2 * np.sum(v**2), rtol=1e-10)
        assert v @ K @ v >= delta**2 * v @ v * (1 - 1e-12) > 0
    assert np.linalg.eigvalsh(K)[0] >= delta**2 * (1 - 1e-10)


@pytest.mark.equation("eq-ridge-bowl")
@pytest.mark.parametrize("shape", [(30, 4), (3, 8)])
def test_cost_above_its_minimum_is_the_quadratic_form(shape):
    rng = np.random.default_rng(1)
    X, y, delta = rng.normal(size=shape), rng.normal(size=shape[0]), 0.7
    best = peer(delta).fit(X, y).coef_
    G = X.T @ X + delta**2 * np.eye(shape[1])
    for v in 3 * rng.normal(size=(20, shape[1])):
        expanded = cost(best, X, y, delta) - 2 * v @ (X.T @ (y - X @ best) - delta**2 * best) + v @ G @ v
        assert_allclose(cost(best + v, X, y, delta), expanded, rtol=1e-10)
        assert_allclose(cost(best + v, X, y, delta), cost(best, X, y, delta) + v @ G @ v, rtol=1e-9)
        rise = np.sum((X @ v) ** 2) + delta**2 * v @ v
        assert_allclose(cost(best + v, X, y, delta) - cost(best, X, y, delta), rise, rtol=1e-9)


@pytest.mark.equation("eq-ridge-condition")
@pytest.mark.parametrize("seed", SEEDS)
def test_condition_number(seed):
    X, _, delta = centred_data(seed)
    s = np.linalg.svd(X, compute_uv=False)
    condition = np.linalg.cond(X.T @ X + delta**2 * np.eye(4))
    assert_allclose(condition, (s[0] ** 2 + delta**2) / (s[-1] ** 2 + delta**2), rtol=1e-8)


@pytest.mark.equation("eq-ridge-free", "eq-ridge-intercept", "eq-ridge-centred")
@pytest.mark.parametrize("seed", SEEDS)
def test_free_intercept_is_centring(seed):
    X, y, delta = centred_data(seed)
    X, y = X + [3, -5, 10, 0], y + 40  # not centred any more
    slopes = np.random.default_rng(seed).normal(size=4)

    def full(theta0, theta=slopes):
        return sum((y - theta0 * np.ones(len(y)) - X @ theta) ** 2) + delta**2 * sum(theta**2)

    assert_allclose(full(1.3), LeastSquares(X, y, delta).value(np.append(1.3, slopes)), rtol=1e-12)
    best = y.mean() - X.mean(axis=0) @ slopes
    assert_allclose(optimize.minimize_scalar(full).x, best, rtol=1e-7)
    numeric = numeric_gradient(lambda t: full(t[0]), np.array([1.3]))[0]
    assert_allclose(-2 * len(y) * (y.mean() - 1.3 - X.mean(axis=0) @ slopes), numeric, rtol=1e-6)
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    assert_allclose(full(best), cost(slopes, Xc, yc, delta), rtol=1e-10)
    theirs, ours = peer(delta, fit_intercept=True).fit(X, y), Ridge(delta).fit(X, y).theta_
    assert_allclose([theirs.intercept_, *theirs.coef_], ours, rtol=1e-8)
    theta = closed(Xc, yc, delta)
    assert_allclose([y.mean() - X.mean(axis=0) @ theta, *theta], ours, rtol=1e-8)


@pytest.mark.equation("eq-penalised-intercept")
@pytest.mark.parametrize("seed", SEEDS)
def test_penalised_intercept_of_centred_columns_and_what_a_shift_does(seed):
    X, y, delta = centred_data(seed)
    m, y = len(y), y + 40
    A = np.column_stack((np.ones(m), X))
    both = closed(A, y, delta)  # δ² on every diagonal element
    assert_allclose(both[0], m / (m + delta**2) * y.mean(), rtol=1e-9)
    assert_allclose((m + delta**2) * both[0], np.ones(m) @ y, rtol=1e-9)
    assert_allclose((y - A @ both).mean(), delta**2 / (m + delta**2) * y.mean(), rtol=1e-8)
    shifted = closed(A, y + 100, delta)
    assert_allclose((A @ (shifted - both)).mean(), 100 * m / (m + delta**2), rtol=1e-9)
    free, free_shifted = Ridge(delta).fit(X, y).theta_, Ridge(delta).fit(X, y + 100).theta_
    assert_allclose(free_shifted - free, [100, 0, 0, 0, 0], atol=1e-9)


def within_budget(X, y, t):
    """The smallest squared error with ‖θ‖² ≤ t, by sequential quadratic programming."""
    found = optimize.minimize(
        lambda v: np.sum((y - X @ v) ** 2),
        np.zeros(X.shape[1]),
        jac=lambda v: 2 * X.T @ (X @ v - y),
        method="SLSQP",
        constraints={"type": "ineq", "fun": lambda v: t - v @ v},
        options={"ftol": 1e-13, "maxiter": 500},
    )
    assert found.success
    return found.x


@pytest.mark.equation("eq-ridge-budget", "eq-ridge-constrained")
@pytest.mark.parametrize("seed", SEEDS)
def test_ridge_solves_the_problem_with_a_budget(seed):
    X, y, delta = centred_data(seed)
    theta = closed(X, y, delta)
    t = theta @ theta

    def error(v):
        return np.sum((y - X @ v) ** 2)

    assert_allclose(within_budget(X, y, t), theta, atol=1e-4 * np.sqrt(t))
    for v in np.random.default_rng(seed).normal(size=(200, 4)) * np.sqrt(t) / 2:
        assert error(v) >= error(theta) + delta**2 * (t - v @ v) - 1e-9 * error(theta)


@pytest.mark.equation("eq-ridge-norm")
@pytest.mark.parametrize("seed", SEEDS)
def test_budget_falls_with_delta_at_the_stated_rate(seed):
    X, y, delta = centred_data(seed)
    U, s, _ = np.linalg.svd(X, full_matrices=False)
    z2, k, h = (U.T @ y) ** 2, delta**2, 1e-5

    def t(k):
        return np.sum(closed(X, y, np.sqrt(k)) ** 2)

    assert_allclose(np.sum(s**2 * z2 / (s**2 + k) ** 2), t(k), rtol=1e-9)
    slope = -2 * np.sum(s**2 * z2 / (s**2 + k) ** 3)
    assert_allclose(slope, (t(k + h) - t(k - h)) / (2 * h), rtol=1e-5)
    norms = np.sum(ridge_path(X, y, np.linspace(0, 30, 50))[:, 1:] ** 2, axis=1)
    assert slope < 0 and np.all(np.diff(norms) < 0)


@pytest.mark.equation("eq-ridge-lagrangian")
@pytest.mark.parametrize("seed", SEEDS)
def test_multiplier_is_delta_squared_and_zero_where_the_budget_does_not_bind(seed):
    X, y, delta = centred_data(seed)
    theta = closed(X, y, delta)
    t, mu = theta @ theta, delta**2

    def L(v):
        return np.sum((y - X @ v) ** 2) + mu * (v @ v - t)

    v = theta + 0.3
    assert_allclose(numeric_gradient(L, v), 2 * X.T @ (X @ v - y) + 2 * mu * v, rtol=1e-5, atol=1e-4)
    assert_allclose(2 * X.T @ (X @ theta - y) + 2 * mu * theta, 0, atol=1e-8 * np.abs(X.T @ y).max())
    assert mu * (theta @ theta - t) == 0
    # how fast the smallest error falls as the budget grows is the multiplier: dE/dt = −μ
    h = 1e-4
    low, high = closed(X, y, np.sqrt(mu - h)), closed(X, y, np.sqrt(mu + h))
    errors = [np.sum((y - X @ v) ** 2) for v in (low, high)]
    assert_allclose((errors[1] - errors[0]) / (high @ high - low @ low), -mu, rtol=1e-4)
    least_squares = closed(X, y, 0)
    generous = within_budget(X, y, 2 * least_squares @ least_squares)  # the budget does not bind
    assert_allclose(generous, least_squares, atol=1e-3 * np.abs(least_squares).max())


@pytest.mark.equation("eq-weight-decay")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_gradient_step_is_decay_and_a_least_squares_step_and_ends_at_ridge(seed):
    X, y, delta = centred_data(seed)
    s = np.linalg.svd(X, compute_uv=False)
    eta = 0.9 / (s[0] ** 2 + delta**2)
    theta = np.random.default_rng(seed).normal(size=4)
    gradient = LeastSquares(X, y, delta).grad(np.append(0, theta))[1:]
    step = (1 - 2 * eta * delta**2) * theta - 2 * eta * X.T @ (X @ theta - y)
    assert_allclose(step, theta - eta * gradient, rtol=1e-9, atol=1e-12)
    right = closed(X, y, delta)
    Vt = np.linalg.svd(X)[2]
    factor = 1 - 2 * eta * (s**2 + delta**2)
    assert_allclose(Vt @ (step - right), factor * (Vt @ (theta - right)), atol=1e-9)
    for _ in range(4000):
        theta = (1 - 2 * eta * delta**2) * theta - 2 * eta * X.T @ (X @ theta - y)
    assert_allclose(theta, right, rtol=1e-7)


@pytest.mark.equation("eq-ridge-tangent")
@pytest.mark.parametrize("seed", SEEDS)
def test_gradient_of_the_error_is_parallel_to_the_radius(seed):
    X, y, delta = centred_data(seed)
    theta = peer(delta).fit(X, y).coef_
    downhill = -numeric_gradient(lambda v: np.sum((y - X @ v) ** 2), theta) / 2
    assert_allclose(downhill, X.T @ (y - X @ theta), atol=1e-5)
    assert_allclose(downhill, delta**2 * theta, rtol=1e-4, atol=1e-5)


@pytest.mark.equation("eq-ridge-path", "eq-ridge-shrink")
@pytest.mark.parametrize("seed", SEEDS)
def test_path_from_one_decomposition_and_its_factors(seed):
    X, y, _ = centred_data(seed)
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    V, deltas = Vt.T, np.array([0.1, 1, 3, 10])
    paths = ridge_path(X, y, deltas)[:, 1:]
    for delta, theta in zip(deltas, paths):
        right = np.linalg.solve(X.T @ X + delta**2 * np.eye(4), X.T @ y)
        terms = [V[:, j] * s[j] / (s[j] ** 2 + delta**2) * (U[:, j] @ y) for j in range(4)]
        assert_allclose(sum(terms), right, rtol=1e-8)
        assert_allclose(theta, right, rtol=1e-8)
        least_squares = np.linalg.lstsq(X, y, rcond=None)[0]
        assert_allclose(V.T @ right, s**2 / (s**2 + delta**2) * (V.T @ least_squares), rtol=1e-7, atol=1e-10)


@pytest.mark.equation("eq-ridge-hat", "eq-ridge-dof")
@pytest.mark.parametrize("seed", SEEDS)
def test_hat_matrix_its_trace_and_the_covariance_it_stands_for(seed):
    X, y, delta = centred_data(seed)
    m = len(y)
    ones = np.ones((m, m)) / m
    H = ones + X @ np.linalg.inv(X.T @ X + delta**2 * np.eye(4)) @ X.T
    U, s, _ = np.linalg.svd(X, full_matrices=False)
    terms = [s[j] ** 2 / (s[j] ** 2 + delta**2) * np.outer(U[:, j], U[:, j]) for j in range(4)]
    assert_allclose(ones + sum(terms), H, atol=1e-10)
    y = y + 40  # need not be centred
    theirs = peer(delta, fit_intercept=True).fit(X, y).predict(X)
    assert_allclose(H @ y, theirs, rtol=1e-9)
    assert_allclose(y.mean() + X @ Ridge(delta).fit(X, y).theta_[1:], theirs, rtol=1e-9)
    A, D = (
        np.column_stack((np.ones(m), X)),
        np.diag([0, 1, 1, 1, 1]),
    )  # as the basis-function chapter writes it
    assert_allclose(A @ np.linalg.inv(A.T @ A + delta**2 * D) @ A.T, H, atol=1e-9)
    # each prediction's response to its own observation, measured by refitting
    own = [Ridge(delta).fit(X, e).predict(X)[i] for i, e in enumerate(np.eye(m))]
    assert_allclose(sum(own) - 1, ridge_dof(X, [delta])[0], rtol=1e-9)
    assert_allclose(np.trace(H) - 1, np.sum(s**2 / (s**2 + delta**2)), rtol=1e-9)
    assert_allclose(ridge_dof(X, [0.0, delta, 1e8]), [4, np.trace(H) - 1, 0], atol=1e-9)


@pytest.mark.equation("eq-ridge-dof")
def test_degrees_of_freedom_are_the_covariance_of_fit_and_data_in_a_simulation():
    X, _, delta = centred_data(2)
    rng = np.random.default_rng(2)
    Y = 2.0 * rng.normal(size=(20_000, len(X)))
    fitted = Y.mean(axis=1, keepdims=True) + Y @ X @ np.linalg.inv(X.T @ X + delta**2 * np.eye(4)) @ X.T
    assert_allclose(np.mean(fitted * Y, axis=0).sum() / 2.0**2 - 1, ridge_dof(X, [delta])[0], rtol=0.05)


@pytest.mark.equation("eq-ridge-bias", "eq-ridge-covariance")
@pytest.mark.parametrize("seed", SEEDS)
def test_bias_and_covariance_from_the_response_to_each_observation(seed):
    X, _, delta = centred_data(seed)
    truth, sigma = np.random.default_rng(seed + 9).normal(size=4), 1.7
    mean, covariance = noise_response(lambda y: peer(delta).fit(X, y).coef_, X, truth, sigma)
    K = X.T @ X + delta**2 * np.eye(4)
    assert_allclose(mean - truth, -(delta**2) * np.linalg.solve(K, truth), rtol=1e-7, atol=1e-12)
    inverse = np.linalg.inv(K)
    assert_allclose(covariance, sigma**2 * inverse @ X.T @ X @ inverse, rtol=1e-7, atol=1e-12)


@pytest.mark.equation("eq-ridge-mse-split")
def test_mean_squared_error_of_a_sample_is_variance_plus_squared_bias():
    X, _, delta = centred_data(3)
    truth, rng = np.array([3.0, -1.0, 0.5, 2.0]), np.random.default_rng(3)
    estimates = np.array([peer(delta).fit(X, X @ truth + rng.normal(size=30)).coef_ for _ in range(200)])
    mean = estimates.mean(axis=0)  # over the 200 sets the split is exact
    mse = np.mean([sum((estimate - truth) ** 2) for estimate in estimates])
    assert_allclose(np.trace(np.cov(estimates.T, bias=True)) + sum((mean - truth) ** 2), mse, rtol=1e-10)
    assert_allclose((estimates - mean).mean(axis=0) @ (mean - truth), 0, atol=1e-10)


@pytest.mark.equation("eq-ridge-mse", "eq-ridge-mse-slope")
@pytest.mark.parametrize("seed", SEEDS)
def test_mean_squared_error_and_its_slope(seed):
    X, _, delta = centred_data(seed)
    truth, sigma = np.random.default_rng(seed + 9).normal(size=4), 1.7
    s, Vt = np.linalg.svd(X)[1:]
    a = Vt @ truth

    def mse(k):
        mean, covariance = noise_response(lambda y: closed(X, y, np.sqrt(k)), X, truth, sigma)
        return np.sum((mean - truth) ** 2) + np.trace(covariance)

    k = delta**2
    assert_allclose(np.sum((k**2 * a**2 + sigma**2 * s**2) / (s**2 + k) ** 2), mse(k), rtol=1e-8)
    h = 1e-4 * k
    slope = np.sum(2 * s**2 * (k * a**2 - sigma**2) / (s**2 + k) ** 3)
    assert_allclose(slope, (mse(k + h) - mse(k - h)) / (2 * h), rtol=1e-4, atol=1e-8 * mse(k))
    for fraction in (0.1, 0.5, 0.999):  # the interval in which ridge beats least squares for certain
        assert mse(fraction * sigma**2 / np.max(a**2)) < mse(0)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_predictions_have_each_term_times_s_squared_and_gain_up_to_the_same_bound(seed):
    X, _, delta = centred_data(seed)
    truth, sigma = np.random.default_rng(seed + 9).normal(size=4), 1.7
    s, Vt = np.linalg.svd(X)[1:]
    a = Vt @ truth

    def of_predictions(k):
        mean, covariance = noise_response(lambda y: closed(X, y, np.sqrt(k)), X, truth, sigma)
        return (np.sum((X @ (mean - truth)) ** 2) + np.trace(X @ covariance @ X.T)) / len(X)

    k = delta**2
    terms = (k**2 * a**2 + sigma**2 * s**2) / (s**2 + k) ** 2
    assert_allclose(np.sum(terms * s**2) / len(X), of_predictions(k), rtol=1e-8)
    values = [of_predictions(fraction * sigma**2 / np.max(a**2)) for fraction in (0, 0.1, 0.5, 0.999)]
    assert np.all(np.diff(values) < 0)


def test_least_squares_on_new_normal_rows_costs_what_the_chapter_quotes():
    rng, m, d = np.random.default_rng(0), 20, 6
    excess = []  # of one new row each, given the training rows: the noise of its prediction over σ²
    for _ in range(20_000):
        A = np.column_stack((np.ones(m), rng.normal(size=(m, d))))
        new = np.append(1, rng.normal(size=d))
        excess.append(new @ np.linalg.solve(A.T @ A, new))
    se = np.std(excess, ddof=1) / np.sqrt(len(excess))
    assert abs(np.mean(excess) - (1 / m + (1 + 1 / m) * d / (m - d - 2))) < 3 * se < 0.03


def test_the_limit_of_ridge_is_the_shortest_solution():
    X, y, _ = centred_data(0)
    X = np.column_stack((X, X[:, 0] + X[:, 1]))  # one singular value is zero
    assert_allclose(ridge_path(X, y, [1e-4])[0, 1:], np.linalg.pinv(X) @ y, rtol=1e-5)


def test_ridge_turns_the_sign_of_ldl_as_the_chapter_says():
    data = load_diabetes()
    columns = [data.feature_names.index(name) for name in ("tc", "ldl")]
    pair = StandardScaler().fit_transform(data.X[:, columns])
    assert np.corrcoef(pair.T)[0, 1] == pytest.approx(0.897, abs=5e-4)
    path = ridge_path(pair, data.y, [0, 6.38, 6.39])[:, 1:]
    assert_allclose(path[1], peer(6.38, fit_intercept=True).fit(pair, data.y).coef_, rtol=1e-6)
    assert path[0, 1] < 0 and path[1, 1] < 0 < path[2, 1]
    zero = optimize.brentq(lambda delta: peer(delta, fit_intercept=True).fit(pair, data.y).coef_[1], 5, 8)
    rho, r1, r2 = (np.corrcoef(np.column_stack((pair, data.y)).T)[i] for i in ((0, 1), (0, 2), (1, 2)))
    assert_allclose(zero, np.sqrt(442 * (rho * r1 / r2 - 1)), rtol=1e-6)  # as an exercise derives


def test_the_standard_errors_of_tc_and_ldl_are_53_and_71_percent():
    data = load_diabetes()
    A = np.column_stack((np.ones(442), StandardScaler().fit_transform(data.X)))
    theta, (rss,) = np.linalg.lstsq(A, data.y, rcond=None)[:2]
    se = np.sqrt(rss / (442 - 11) * np.diag(np.linalg.inv(A.T @ A)))
    share = (se / np.abs(theta))[1:]
    columns = [data.feature_names.index(name) for name in ("tc", "ldl")]
    assert_allclose(share[columns], [0.53, 0.71], atol=0.005)


def told(capsys, ask, answer):
    ask(answer)
    return capsys.readouterr().out


def test_the_checks_of_the_exercises_tell_the_mistakes(capsys):
    assert "take the root" in told(capsys, exercises.sign_delta, 40.8)
    assert "upside down" in told(capsys, exercises.prior, 0.2)
    assert "right end" in told(capsys, exercises.all_positive, 37)
    assert "not right" in told(capsys, exercises.all_positive, 100)
    assert "exchanged" in told(capsys, exercises.sign_delta, np.float64("nan"))

    def predict(X, y, X_new, delta):  # as the exercise prints it
        Z = (X - X.mean(axis=0)) / X.std(axis=0)
        Z_new = (X_new - X_new.mean(axis=0)) / X_new.std(axis=0)
        A = np.column_stack((np.ones(len(Z)), Z))
        A_new = np.column_stack((np.ones(len(Z_new)), Z_new))
        G = A.T @ A + delta * np.eye(A.shape[1])
        return A_new @ np.linalg.solve(G, A.T @ y)

    assert "three faults" in told(capsys, exercises.repaired, predict)
