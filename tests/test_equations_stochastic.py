"""The equations of the chapter on stochastic gradients, against enumeration, quadrature and simulation."""

from itertools import combinations, permutations, product

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.linalg import solve_discrete_lyapunov

from mlcore import LeastSquares, LogisticNLL
from mlcore.exercises import stochastic as exercises
from mlcore.optimisers import stochastic_descent

SEEDS = range(3)


def numbers(seed, m=6):
    return np.random.default_rng(seed).normal(3, 2, size=m)


def problem(seed, m=12, d=3):
    """X (m, d), y (m,), θ (d,), and the gradients (m, d) of the squared errors of the rows."""
    rng = np.random.default_rng(seed)
    X, y, theta = rng.normal(size=(m, d)), rng.normal(size=m), rng.normal(size=d)
    return X, y, theta, 2 * X * (X @ theta - y)[:, None]


@pytest.mark.equation("eq-sum-of-gradients")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_gradient_of_the_sum_is_the_sum_of_the_gradients(seed):
    X, y, theta, each = problem(seed)
    steps = 1e-6 * np.eye(3)
    slope = [(np.sum((y - X @ (theta + s)) ** 2) - np.sum((y - X @ (theta - s)) ** 2)) / 2e-6 for s in steps]
    assert_allclose(each.sum(axis=0), slope, rtol=1e-6)


@pytest.mark.equation("eq-population-gradient")
def test_the_mean_over_examples_estimates_an_integral():
    theta = 0.3  # J_x = (x − θ)⁴, x exponential with mean 1

    def slope(x):
        return -4 * (x - theta) ** 3

    integral, _ = quad(lambda x: slope(x) * np.exp(-x), 0, 60)
    h = 1e-4
    cost = [quad(lambda x, t=t: (x - t) ** 4 * np.exp(-x), 0, 60)[0] for t in (theta - h, theta + h)]
    assert_allclose(integral, (cost[1] - cost[0]) / (2 * h), rtol=1e-6)
    drawn = slope(np.random.default_rng(0).exponential(size=200_000))
    assert abs(drawn.mean() - integral) < 4 * drawn.std() / np.sqrt(200_000)


@pytest.mark.equation("eq-variance-with")
@pytest.mark.parametrize("B", [1, 2, 3])
def test_the_variance_with_replacement_over_all_batches(B):
    g, m = numbers(0, 5), 5
    all_batches = [m / B * sum(batch) for batch in product(g, repeat=B)]
    assert_allclose(np.mean(all_batches), g.sum())
    assert_allclose(np.var(all_batches), m**2 * g.var() / B)


@pytest.mark.equation("eq-batch-indicators")
@pytest.mark.parametrize("B", [1, 2, 4, 6])
def test_the_indicators_over_all_batches(B):
    m = 6
    chi = np.array([[i in batch for i in range(m)] for batch in combinations(range(m), B)], float)
    covariance = np.cov(chi.T, bias=True)
    assert_allclose(chi.mean(axis=0), B / m)
    assert_allclose(np.diag(covariance), B / m * (m - B) / m, atol=1e-15)
    off = covariance[~np.eye(m, dtype=bool)]
    assert_allclose(off, -B / m * (m - B) / (m * (m - 1)), atol=1e-15)


@pytest.mark.equation("eq-batch-variance")
@pytest.mark.parametrize("B", [1, 2, 3, 5, 6])
def test_the_variance_without_replacement_over_all_batches(B):
    g, m = numbers(1), 6
    all_batches = [m / B * sum(batch) for batch in combinations(g, B)]
    assert_allclose(np.var(all_batches), m**2 * g.var() / B * (m - B) / (m - 1), atol=1e-12)


@pytest.mark.equation("eq-gradient-angle")
@pytest.mark.parametrize("B", [4, 40, 300])
def test_the_angle_in_many_dimensions(B):
    rng, m, d = np.random.default_rng(2), 400, 600
    each = rng.normal(size=(m, d)) + 0.15 * rng.normal(size=d)
    whole = each.sum(axis=0)
    angles = []
    for _ in range(60):
        g = each[rng.choice(m, B, replace=False)].sum(axis=0)
        angles.append(np.arccos(g @ whole / np.linalg.norm(g) / np.linalg.norm(whole)))
    tangent = m / np.linalg.norm(whole) * np.sqrt(each.var(axis=0).sum() / B * (m - B) / (m - 1))
    assert_allclose(np.tan(np.mean(angles)), tangent, rtol=0.05)


@pytest.mark.equation("eq-sgd-mean")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_step_on_one_number_is_a_mean_of_old_and_new(seed):
    y, rows, theta, eta = numbers(seed), [1, 4], 0.7, 0.03
    m, L = len(y), 2 * len(y)
    theirs = LeastSquares(np.zeros((m, 1)), y)  # its intercept is our θ, its slope does nothing
    assert_allclose(theirs.hess([theta, 0.0])[0, 0], L)
    g_hat = m / 2 * LeastSquares(np.zeros((2, 1)), y[rows]).grad([theta, 0.0])[0]
    assert_allclose(g_hat, L * (theta - y[rows].mean()))
    assert_allclose(theta - eta * g_hat, (1 - eta * L) * theta + eta * L * y[rows].mean())


def cloud(eta_L, variance):
    """The variance of Σ ηL (1 − ηL)ⁿ yₙ, added up term after term."""
    weights = eta_L * (1 - eta_L) ** np.arange(20_000)
    return variance * np.sum(weights**2)


@pytest.mark.equation("eq-sgd-cloud")
@pytest.mark.parametrize("eta_L", [0.01, 0.3, 1.0, 1.9])
def test_the_variance_of_the_cloud(eta_L):
    y, B = numbers(0, 40), 5
    formula = eta_L / (2 - eta_L) * y.var() / B
    assert_allclose(cloud(eta_L, y.var() / B), formula, rtol=1e-9)
    if eta_L >= 0.3:
        rng, theta = np.random.default_rng(1), np.full(20_000, y.mean())
        for _ in range(150):
            theta = theta - eta_L * (theta - y[rng.integers(40, size=(20_000, B))].mean(axis=1))
        assert_allclose(theta.var(), formula, rtol=0.05)
    else:
        assert_allclose(formula, eta_L / 2 * y.var() / B, rtol=0.01)


@pytest.mark.equation("eq-cloud-direction")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_cloud_along_an_eigenvector(seed):
    X, y, _, _ = problem(seed)
    H = 2 * X.T @ X
    best = np.linalg.solve(H, 2 * X.T @ y)
    each = len(y) * 2 * X * (X @ best - y)[:, None]
    C = np.cov(each.T, bias=True)
    curvatures, vectors = np.linalg.eigh(H)
    eta = 0.7 / curvatures[-1]
    V = solve_discrete_lyapunov(np.eye(3) - eta * H, eta**2 * C)
    for curvature, v in zip(curvatures, vectors.T):
        assert_allclose(v @ V @ v, eta * (v @ C @ v) / (curvature * (2 - eta * curvature)), rtol=1e-9)


@pytest.mark.equation("eq-sgd-bias-variance")
def test_bias_and_variance_over_all_sequences():
    y, start, rates = numbers(2, 4), 10.0, np.array([0.9, 0.5, 0.3, 0.6])
    ends = []
    for seen in product(y, repeat=4):
        theta = start
        for rate, value in zip(rates, seen):
            theta -= rate * (theta - value)
        ends.append(theta)
    assert_allclose(np.mean(ends) - y.mean(), (start - y.mean()) * np.prod(1 - rates))
    weights = [rates[k] ** 2 * np.prod((1 - rates[k + 1 :]) ** 2) for k in range(4)]
    assert_allclose(np.var(ends), y.var() * np.sum(weights))
    V = 0
    for rate in rates:
        V = (1 - rate) ** 2 * V + rate**2 * y.var()
    assert_allclose(np.var(ends), V)


@pytest.mark.equation("eq-product-bounds")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_product_lies_between_the_bounds(seed):
    rates = np.random.default_rng(seed).uniform(0, 0.5, size=30)
    product_of_all = np.prod(1 - rates)
    assert np.exp(-2 * rates.sum()) < product_of_all < np.exp(-rates.sum())
    root = np.pi * 0.5**0.5  # Euler: Π (1 − x²/k²) = sin(πx)/(πx) for rates 0.5/k²
    assert np.exp(-(np.pi**2) / 6) < np.sin(root) / root < np.exp(-(np.pi**2) / 12)


@pytest.mark.equation("eq-running-mean")
@pytest.mark.parametrize("seed", SEEDS)
def test_rates_of_one_over_k_make_the_running_mean(seed):
    y, theta = numbers(seed, 50), 1e3
    for k, value in enumerate(y, 1):
        theta -= 1 / k * (theta - value)
        assert_allclose(theta, y[:k].mean(), rtol=1e-12)


@pytest.mark.equation("eq-iterate-average")
@pytest.mark.parametrize("eta_L", [0.05, 0.8, 1.7])
def test_the_mean_of_the_iterates_is_the_mean_of_the_data_and_a_rest(eta_L):
    y, path = numbers(0, 200), [9.0]
    for value in y:
        path.append(path[-1] - eta_L * (path[-1] - value))
    n = len(y)
    assert_allclose(np.mean(path[:n]), y.mean() + (path[0] - path[n]) / (eta_L * n), rtol=1e-12)


@pytest.mark.equation("eq-average-excess")
@pytest.mark.parametrize("eta_L", [0.1, 0.5, 1.5])
def test_the_excess_of_the_mean_does_not_depend_on_the_rate(eta_L):
    X, _, _, each = problem(0)
    H, C = 2 * X.T @ X, np.cov(each.T, bias=True)
    eta, n, I = eta_L / np.linalg.eigvalsh(H)[-1], 20_000, np.eye(3)
    keep, covariance, power = I - eta * H, np.zeros((3, 3)), np.eye(3)
    for _ in range(n - 1):  # the noise of a step enters the mean as η Σ keepʲ, j up to the steps that follow
        weight = np.linalg.solve(H, I - power @ keep)
        power = power @ keep
        covariance += weight @ C @ weight.T / n**2
    inverse = np.linalg.inv(H)
    expected = inverse @ C @ inverse / n
    assert_allclose(covariance, expected, atol=0.02 * expected.max())
    assert_allclose(np.trace(H @ covariance) / 2, np.trace(C @ inverse) / (2 * n), rtol=0.05)


def test_the_excess_of_the_mean_grows_where_the_cloud_makes_noise():
    # one parameter, gradients 2(x²θ − xe): the cloud V adds Var(2x²) V to the noise at the minimum
    rng, m = np.random.default_rng(0), 40
    x, e = rng.normal(size=m), rng.normal(size=m)
    e -= x * (x @ e) / (x @ x)  # so that the minimum is at 0
    H, pulls, own = 2 * x @ x, -2 * m * x * e, 2 * m * x**2
    eta, n, runs = 0.15 / H, 3000, 3000
    V = eta * np.mean(pulls**2) / (2 * H - eta * np.mean(own**2))
    expected = (np.mean(pulls**2) + np.var(own) * V) / (2 * H * n)
    theta, total = np.zeros(runs), np.zeros(runs)
    for _ in range(n):
        total += theta
        i = rng.integers(m, size=runs)
        theta = theta - eta * (own[i] * theta + pulls[i])
    found = 0.5 * H * (total / n) ** 2
    assert expected > 1.1 * np.mean(pulls**2) / (2 * H * n)
    assert abs(found.mean() - expected) < 4 * found.std() / np.sqrt(runs)


@pytest.mark.equation("eq-epoch-variance")
@pytest.mark.parametrize("eta_L", [0.05, 0.5, 1.3])
def test_the_variance_after_an_epoch_over_all_orders(eta_L):
    y, m = numbers(3, 6), 6
    ends = []
    for order in permutations(y):
        theta = 4.0
        for value in order:
            theta -= eta_L * (theta - value)
        ends.append(theta)
    w = eta_L * (1 - eta_L) ** np.arange(m)
    assert_allclose(np.var(ends), y.var() * m / (m - 1) * (w @ w - w.sum() ** 2 / m), rtol=1e-10)


@pytest.mark.equation("eq-three-rates")
def test_three_ways_to_write_a_step():
    X, y, theta, _ = problem(1)
    rows, m, B, eta = [0, 5, 7], 12, 3, 0.01
    total = LogisticNLL(X[rows], y[rows] > 0).grad(np.append(0, theta))
    path = stochastic_descent(
        lambda t, r: LogisticNLL(X[r], y[r] > 0).grad(t),
        np.append(0, theta),
        m,
        m,
        lambda k: eta,
        1,
        np.random.default_rng(0),
    )  # a single batch of all rows: there the three rates are η, mη, η
    assert_allclose(path[1], path[0] - eta * LogisticNLL(X, y > 0).grad(path[0]), rtol=1e-12)
    mean_step, sum_step = m * eta * total / B, (m * eta / B) * total
    assert_allclose(mean_step, eta * m / B * total)
    assert_allclose(sum_step, mean_step)


@pytest.mark.equation("eq-linear-scaling")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_large_step_equals_small_ones_to_second_order(seed):
    X, y, start, _ = problem(seed)
    m, B = len(y), 4

    def gap(eta):
        theta = start
        for i in range(B):
            theta = theta - eta * m * 2 * X[i] * (X[i] @ theta - y[i])
        g_hat = m / B * 2 * X[:B].T @ (X[:B] @ start - y[:B])
        return np.linalg.norm(theta - (start - B * eta * g_hat)), np.linalg.norm(theta - start)

    (wide, step), (narrow, half) = gap(1e-5), gap(5e-6)
    assert 3.8 < wide / narrow < 4.2 and 1.9 < step / half < 2.1
    assert wide < 0.01 * step


@pytest.mark.equation("eq-scaled-cloud")
@pytest.mark.parametrize("B", [1, 8, 30, 39])
def test_the_cloud_when_rate_and_batch_grow_together(B):
    eta_L, variance = 0.05, 3.0
    assert_allclose(cloud(B * eta_L, variance / B), eta_L * variance / (2 - B * eta_L), rtol=1e-9)


def test_mistakes_of_the_exercises_are_told(capsys):
    def online(theta, X, y, eta):
        for i in range(len(y)):
            theta += 2 * eta * (y[i] - X[i] @ theta) * X[i]
        return theta

    for answer, words in (
        (lambda: exercises.count([2344, 150_000]), "rounds once"),
        (lambda: exercises.count([2340, 149_760]), "left over"),
        (lambda: exercises.count([235, 15_000]), "one epoch"),
        (lambda: exercises.variances([84, 168]), "multiply by it"),
        (lambda: exercises.cloud_factor(17.3), "factor of the variance"),
        (lambda: exercises.share_left(0.4393), "upper bound"),
        (lambda: exercises.share_left(0.193), "lower bound"),
        (lambda: exercises.share_left(0.642), "share that is gone"),
        (lambda: exercises.online_epoch(online), "changes the θ of the caller"),
        (
            lambda: exercises.late_mean(lambda path: path[len(path) // 2 + 1 :].mean(axis=0)),
            "one row too late",
        ),
        (lambda: exercises.late_mean(lambda path: path[-(len(path) // 2) :].mean(axis=0)), "one row too few"),
    ):
        answer()
        assert words in capsys.readouterr().out
    for answer in (lambda: exercises.cloud_factor(4.16), lambda: exercises.share_left(0.358)):
        answer()
        assert capsys.readouterr().out.endswith(": right\n")
