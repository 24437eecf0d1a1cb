"""The equations of the chapter on the lasso, each against something that does not share its origin."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import linprog, minimize, minimize_scalar
from scipy.stats import norm
from sklearn.linear_model import Lasso as SklearnLasso
from sklearn.linear_model import lars_path

from mlcore import Lasso, lasso_kkt, lasso_path, ridge_path, soft_threshold
from mlcore.datasets import load_diabetes
from mlcore.exercises import lasso as exercises

SEEDS = range(6)


def problem(seed, m=30, d=5):
    """Correlated columns with means that are not zero, two useless features, noise."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(m, d)) @ (np.eye(d) + 0.4 * rng.normal(size=(d, d))) + rng.normal(size=d)
    theta = np.where(np.arange(d) < d - 2, rng.normal(size=d) * 2, 0)
    return X, 3 + X @ theta + rng.normal(size=m)


def centred(X, y):
    return X - X.mean(axis=0), y - y.mean()


def cost(X, y, theta0, theta, delta):
    """The lasso's J, term by term."""
    total = 0.0
    for row, target in zip(X, y):
        total += (target - theta0 - sum(x * t for x, t in zip(row, theta))) ** 2
    return total + delta**2 * sum(abs(t) for t in theta)


def reference(X, y, delta):
    """Slopes by scikit-learn's coordinate descent, whose cost is J/2m."""
    model = SklearnLasso(alpha=delta**2 / (2 * len(y)), tol=1e-14, max_iter=100_000).fit(X, y)
    return model.intercept_, model.coef_


@pytest.mark.equation("eq-l1-norm")
@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=6))
def test_the_1_norm_is_a_sum_of_absolute_values(theta):
    size = sum(t if t > 0 else -t for t in theta)
    assert np.linalg.norm(theta, 1) == size
    # what it is: the largest sᵀθ over all signs s, so it is convex and has corners
    assert max(np.dot(s, theta) for s in itertools.product((-1, 1), repeat=len(theta))) == size


@pytest.mark.equation("eq-l1-norm", "eq-lasso")
def test_the_penalty_needs_its_bars():
    X, y = problem(0)
    y = -y  # coefficients of both signs
    theta = Lasso(4.0).fit(X, y).theta_
    with_bars = cost(X, y, theta[0], theta[1:], 4.0)
    assert theta[1:].min() < 0 < theta[1:].max()
    A = np.column_stack((np.ones(len(y)), X))
    without = np.linalg.solve(A.T @ A, A.T @ y - 8.0 * (np.arange(6) > 0))  # minimises RSS + δ² Σ θ_j
    assert cost(X, y, without[0], without[1:], 4.0) > 1.01 * with_bars
    assert np.count_nonzero(without[1:]) == 5  # no corners, no zeros


@pytest.mark.equation("eq-lasso")
@pytest.mark.parametrize("seed", SEEDS)
def test_lasso_minimises_the_cost_displayed(seed):
    X, y = problem(seed)
    rng = np.random.default_rng(seed)
    for delta in (0.7, 3.0, 8.0):
        theta = Lasso(delta).fit(X, y).theta_
        intercept, slopes = reference(X, y, delta)
        np.testing.assert_allclose(theta, [intercept, *slopes], atol=1e-9)
        best = cost(X, y, theta[0], theta[1:], delta)
        for step in (*1e-4 * np.eye(6), *-1e-4 * np.eye(6), rng.normal(size=6)):
            other = theta + step
            assert cost(X, y, other[0], other[1:], delta) > best


@pytest.mark.equation("eq-lasso-centred")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_intercept_and_the_centred_cost(seed):
    X, y = problem(seed)
    theta, delta = np.random.default_rng(seed).normal(size=5), 1.7
    theta0 = y.mean() - X.mean(axis=0) @ theta
    slope = np.imag(np.sum((y - (theta0 + 0.5 + 1e-30j) - X @ theta) ** 2)) / 1e-30  # complex step
    assert slope == pytest.approx(-2 * np.sum(y - (theta0 + 0.5) - X @ theta), rel=1e-12)
    found = minimize_scalar(lambda t: cost(X, y, t, theta, delta))
    assert found.x == pytest.approx(theta0, abs=1e-6)
    Xc, yc = centred(X, y)
    assert cost(Xc, yc, 0.0, theta, delta) == pytest.approx(cost(X, y, theta0, theta, delta), rel=1e-12)


@pytest.mark.equation("eq-lasso-constrained")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_solution_is_the_best_point_of_its_diamond(seed):
    X, y = problem(seed)
    Xc, yc = centred(X, y)
    delta = 4.0
    theta = reference(X, y, delta)[1]
    t = np.abs(theta).sum()

    def rss(split):  # θ = positive part − negative part
        return np.sum((yc - Xc @ (split[:5] - split[5:])) ** 2)

    found = minimize(
        rss,
        np.full(10, t / 20),
        method="SLSQP",
        bounds=[(0, None)] * 10,
        options={"ftol": 1e-12, "maxiter": 500},
        constraints={"type": "ineq", "fun": lambda split: t - split.sum()},
    )
    best = np.sum((yc - Xc @ theta) ** 2)
    assert found.fun == pytest.approx(best, rel=1e-6)
    rng = np.random.default_rng(seed)
    for _ in range(200):
        other = theta + rng.normal(size=5)
        other *= min(1, t / np.abs(other).sum())
        middle = np.sum((yc - Xc @ other) ** 2) + delta**2 * np.abs(other).sum()
        assert best + delta**2 * t <= middle + 1e-9
        assert middle <= np.sum((yc - Xc @ other) ** 2) + delta**2 * t + 1e-9


def slopes_allowed(f, t, candidates):
    """The candidates s whose line through (t, f(t)) stays below f."""
    z = np.linspace(-5, 5, 2001)
    return [s for s in candidates if np.all(f(z) >= f(t) + s * (z - t) - 1e-12)]


@pytest.mark.equation("eq-subgradient")
def test_subgradients_are_slopes_of_lines_below():
    candidates = np.linspace(-3, 3, 61)
    assert slopes_allowed(np.square, 0.7, candidates) == pytest.approx([1.4])  # smooth: the derivative only
    kink = slopes_allowed(lambda z: np.maximum(2 * z, -z), 0.0, candidates)
    np.testing.assert_allclose([min(kink), max(kink), len(kink)], [-1, 2, 31])


@pytest.mark.equation("eq-subgradient-abs")
@pytest.mark.parametrize(("t", "low", "high"), [(-2.0, -1, -1), (-0.01, -1, -1), (0.0, -1, 1), (0.5, 1, 1)])
def test_subgradients_of_the_absolute_value(t, low, high):
    candidates = np.linspace(-1.5, 1.5, 31)
    found = slopes_allowed(np.abs, t, candidates)
    np.testing.assert_allclose(found, [s for s in candidates if low - 1e-9 <= s <= high + 1e-9])


@pytest.mark.equation("eq-subgradient-minimum")
@pytest.mark.parametrize("seed", SEEDS)
def test_zero_is_a_subgradient_exactly_at_minima(seed):
    rng = np.random.default_rng(seed)
    places, weights = rng.integers(-4, 5, 4), rng.integers(1, 4, 4)

    def f(z):  # kinks at whole numbers only: minima are on the grid, and may fill an interval
        return np.abs(np.subtract.outer(z, places)) @ weights

    grid = np.arange(-5, 6)
    for t in grid:
        minimum = f(t) == f(grid).min()
        assert minimum == (slopes_allowed(f, t, [0.0]) == [0.0])
        left, right = f(t) - f(t - 1), f(t + 1) - f(t)  # slopes at either side: all subgradients lie between
        assert minimum == (left <= 0 <= right)


@pytest.mark.equation("eq-lasso-scalar", "eq-soft-threshold")
@pytest.mark.parametrize("seed", SEEDS)
def test_one_coefficient(seed):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=12) + 1, 2 * rng.normal(size=12) + 5
    x_c, y_c = centred(x, y)
    a, c = x_c @ x_c, x_c @ y_c
    for delta in (0.0, 1.0, 1.5 * np.sqrt(abs(c)), 0.7 * np.sqrt(abs(c))):

        def J(t, delta=delta):
            return y_c @ y_c - 2 * c * t + a * t**2 + delta**2 * abs(t)

        for t in (-1.3, 0.4, c / a):
            assert J(t) == pytest.approx(np.sum((y_c - x_c * t) ** 2) + delta**2 * abs(t), rel=1e-12)
        tau = delta**2 / 2
        formula = np.sign(c) * max(abs(c) - tau, 0) / a
        found = minimize_scalar(J, bracket=(-2, 2), tol=1e-12)
        assert found.x == pytest.approx(formula, abs=1e-6)
        assert soft_threshold(c, tau) / a == pytest.approx(formula, abs=1e-15)
        assert Lasso(delta).fit(x[:, None], y).theta_[1] == pytest.approx(formula, abs=1e-13)


@pytest.mark.equation("eq-soft-threshold")
@given(st.floats(-10, 10), st.floats(0, 10))
def test_soft_threshold_solves_its_three_cases(c, tau):
    t = float(soft_threshold(c, tau))
    if t == 0:
        assert abs(c) <= tau * (1 + 1e-15) + 1e-300
    else:
        assert t - c + tau * np.sign(t) == pytest.approx(0, abs=1e-14)


@pytest.mark.equation("eq-lasso-expansion")
@pytest.mark.parametrize("seed", SEEDS)
def test_expansion_of_the_squared_error(seed):
    X, y = centred(*problem(seed))
    theta, h = np.random.default_rng(seed).normal(size=(2, 5))
    r = y - X @ theta
    left = np.sum((y - X @ (theta + h)) ** 2)
    assert left == pytest.approx(np.sum((r - X @ h) ** 2), rel=1e-12)
    assert left == pytest.approx(r @ r - 2 * h @ X.T @ r + np.sum((X @ h) ** 2), rel=1e-12)


@pytest.mark.equation("eq-lasso-kkt")
@pytest.mark.parametrize("seed", SEEDS)
def test_conditions_hold_at_the_minimum_and_only_there(seed):
    X, y = problem(seed)
    Xc, yc = centred(X, y)
    for delta in (1.0, 4.0, 9.0):
        intercept, theta = reference(X, y, delta)
        pull = 2 * Xc.T @ (yc - Xc @ theta)
        assert np.all(np.abs(pull[theta == 0]) <= delta**2)
        np.testing.assert_allclose(pull[theta != 0], delta**2 * np.sign(theta[theta != 0]), rtol=1e-6)
        assert lasso_kkt(X, y, [intercept, *theta], delta) < 1e-8
        moved = theta * 1.01 + 0.01
        assert lasso_kkt(X, y, [y.mean() - X.mean(axis=0) @ moved, *moved], delta) > 1e-4


@pytest.mark.equation("eq-lasso-kkt")
@pytest.mark.parametrize("seed", SEEDS)
def test_conditions_are_the_one_sided_derivatives(seed):
    """J falls in neither direction along coordinate j exactly if the condition of j holds."""
    X, y = centred(*problem(seed))
    theta = np.where(np.arange(5) % 2, 0.0, np.random.default_rng(seed).normal(size=5))
    delta, step = 5.0, 1e-6
    pull = 2 * X.T @ (y - X @ theta)
    for j, e in enumerate(np.eye(5)):
        up = (cost(X, y, 0, theta + step * e, delta) - cost(X, y, 0, theta, delta)) / step
        down = (cost(X, y, 0, theta - step * e, delta) - cost(X, y, 0, theta, delta)) / step
        if theta[j]:
            assert up == pytest.approx(delta**2 * np.sign(theta[j]) - pull[j], abs=2e-3)
            assert down == pytest.approx(pull[j] - delta**2 * np.sign(theta[j]), abs=2e-3)
        else:
            assert min(up, down) == pytest.approx(delta**2 - abs(pull[j]), abs=2e-3)


@pytest.mark.equation("eq-lasso-delta-max")
@pytest.mark.parametrize("seed", SEEDS)
def test_where_the_path_begins(seed):
    X, y = problem(seed)
    Xc, yc = centred(X, y)
    delta_max = np.sqrt(2 * np.abs(Xc.T @ yc).max())
    assert not reference(X, y, 1.0001 * delta_max)[1].any()
    assert np.count_nonzero(reference(X, y, 0.9999 * delta_max)[1]) == 1
    assert lasso_path(X, y).deltas[0] == pytest.approx(delta_max, rel=1e-12)


@pytest.mark.equation("eq-lasso-path")
@pytest.mark.parametrize("seed", SEEDS)
def test_active_coefficients_are_linear_in_delta_squared(seed):
    X, y = problem(seed)
    Xc, yc = centred(X, y)
    path = lasso_path(X, y)
    for delta in (0.5, 2.0, 5.0, 9.0):
        theta = reference(X, y, delta)[1]
        A, s = theta != 0, np.sign(theta)
        XA = Xc[:, A]
        a = np.linalg.solve(XA.T @ XA, XA.T @ yc)
        b = np.linalg.solve(XA.T @ XA, s[A]) / 2
        np.testing.assert_allclose(a - delta**2 * b, theta[A], atol=1e-9)
        np.testing.assert_allclose(2 * XA.T @ (yc - XA @ theta[A]), delta**2 * s[A], atol=1e-7)
        np.testing.assert_allclose(path.at([delta])[0, 1:], theta, atol=1e-9)
    for high, low in itertools.pairwise(path.deltas):
        inside = np.sqrt([(1 - part) * high**2 + part * low**2 for part in (0.1, 0.5, 0.9)])
        first, middle, last = (reference(X, y, delta)[1] for delta in inside)
        np.testing.assert_allclose(middle, (first + last) / 2, atol=1e-8)


def peer_path(seed):
    """Centred data, and scikit-learn's path through them: knots in terms of δ², coefficients (d, knots)."""
    if seed == "diabetes":  # where a feature leaves and comes back
        data = load_diabetes()
        X, y = centred(data.X / data.X.std(axis=0), data.y)
    else:
        X, y = centred(*problem(seed))
    alphas, _, coefficients = lars_path(X, y, method="lasso")
    return X, y, 2 * len(y) * alphas, coefficients


@pytest.mark.equation("eq-lasso-events")
@pytest.mark.parametrize("seed", [*SEEDS, "diabetes"])
def test_next_knot_is_the_largest_event_below(seed):
    X, y, knots, coefficients = peer_path(seed)
    left = 0
    for k in range(len(knots) - 2):
        middle = (coefficients[:, k] + coefficients[:, k + 1]) / 2
        A, s = middle != 0, np.sign(middle)
        XA = X[:, A]
        a, b = np.linalg.solve(XA.T @ XA, np.column_stack((XA.T @ y, s[A] / 2))).T
        leave = a / b
        p, q = 2 * X[:, ~A].T @ (y - XA @ a), 2 * X[:, ~A].T @ XA @ b
        events = np.concatenate((leave, p / (1 - q), p / (-1 - q)))
        ahead = events[events < knots[k] * (1 - 1e-9)].max()
        assert ahead == pytest.approx(knots[k + 1], rel=1e-9)
        left += ahead in leave
    assert seed != "diabetes" or left == 1
    np.testing.assert_allclose(lasso_path(X, y).deltas[:-1] ** 2, knots[:-1], rtol=1e-9)


@pytest.mark.equation("eq-lasso-rates", "eq-lasso-newcomer")
@pytest.mark.parametrize("seed", [*SEEDS, "diabetes"])
def test_growth_of_a_newcomer(seed):
    """Against the change between the next two knots of scikit-learn's path."""
    X, _, knots, coefficients = peer_path(seed)
    seen = 0
    for k in range(1, len(knots) - 1):
        before, after = (coefficients[:, i] + coefficients[:, i + 1] for i in (k - 1, k))
        A, s = before != 0, np.sign(after)
        new = np.flatnonzero(~A & (after != 0))
        if len(new) != 1:
            continue  # a feature leaves
        (j,) = new
        seen += 1
        XA, x = X[:, A], X[:, j]
        u = (coefficients[:, k + 1] - coefficients[:, k]) / (knots[k] - knots[k + 1])
        moved = XA @ u[A] + x * u[j]
        np.testing.assert_allclose(2 * XA.T @ moved, s[A], rtol=1e-6)
        assert 2 * x @ moved == pytest.approx(s[j], rel=1e-6)
        others = np.linalg.solve(XA.T @ XA, np.column_stack((s[A] / 2, XA.T @ x)))
        np.testing.assert_allclose(u[A], others[:, 0] - others[:, 1] * u[j], rtol=1e-5, atol=1e-9)
        q = 2 * x @ XA @ others[:, 0]
        beyond = x - XA @ np.linalg.lstsq(XA, x, rcond=None)[0]  # at right angles to the active columns
        assert q + 2 * x @ beyond * u[j] == pytest.approx(s[j], rel=1e-6)
        assert u[j] == pytest.approx((s[j] - q) / 2 / (beyond @ beyond), rel=1e-6)
        assert s[j] * u[j] > 0 and s[j] * q < 1
    assert seen >= 3


@pytest.mark.equation("eq-lasso-dof")
def test_degrees_of_freedom_are_the_coefficients_in_use():
    # one column of length 1 and normal noise: both sides by integration, the mean adds 1
    for mu, tau, sigma in ((0.0, 1.0, 1.0), (0.7, 1.5, 0.8), (2.0, 0.3, 1.4)):
        edges = [(-tau - mu) / sigma, (tau - mu) / sigma]

        def follow(z, mu=mu, tau=tau, sigma=sigma):  # the fit times the noise
            c = mu + sigma * z
            return np.sign(c) * max(abs(c) - tau, 0) * sigma * z * norm.pdf(z)

        covariance = quad(follow, -12, 12, points=edges, limit=200)[0]
        in_use = norm.cdf(edges[0]) + norm.sf(edges[1])
        assert covariance / sigma**2 == pytest.approx(in_use, rel=1e-7)
    # correlated columns, by simulation with scikit-learn; the noise is mirrored, so fits average out
    X, y = problem(1)
    rng = np.random.default_rng(0)
    truth, delta, sigma = X @ np.array([1.0, -2.0, 0.5, 0, 0]), 6.0, 2.0
    differences = []
    for noise in sigma * rng.normal(size=(400, len(y))):
        fits = [reference(X, truth + sign * noise, delta) for sign in (1, -1)]
        follow = (fits[0][0] - fits[1][0] + X @ (fits[0][1] - fits[1][1])) @ noise / 2 / sigma**2
        counted = 1 + np.mean([np.count_nonzero(theta) for _, theta in fits])
        differences.append(follow - counted)
    se = np.std(differences, ddof=1) / np.sqrt(400)
    assert abs(np.mean(differences)) < 3 * se and se < 0.15


def test_counting_is_not_enough_where_the_fit_jumps():
    # one column of length 1 and pure noise: the hard threshold τ uses 2τp(τ) more than the chance to be kept
    for tau in (0.5, 1.0, 2.0):
        uses = 2 * quad(lambda z: z**2 * norm.pdf(z), tau, 12)[0]
        assert uses == pytest.approx(2 * norm.sf(tau) + 2 * tau * norm.pdf(tau), rel=1e-9)
        soft = 2 * quad(lambda z, tau=tau: (z - tau) * z * norm.pdf(z), tau, 12)[0]
        assert soft == pytest.approx(2 * norm.sf(tau), rel=1e-9)


@pytest.mark.equation("eq-lasso-recovery")
def test_where_recovery_sets_in():
    """By linear programming, without an intercept: success is rare well below, common well above."""
    rng = np.random.default_rng(0)
    d, k = 80, 6
    beyond = [
        2 * quad(lambda z, tau=tau: (z - tau) ** 2 * norm.pdf(z), tau, 12)[0] for tau in np.linspace(0, 3, 61)
    ]
    needed = np.min(k * (1 + np.linspace(0, 3, 61) ** 2) + (d - k) * np.array(beyond))
    share = {}
    for m in (round(needed) - 8, round(needed) + 8):
        found = 0
        for _ in range(20):
            X, theta = rng.normal(size=(m, d)), np.zeros(d)
            theta[:k] = rng.choice([-1, 1], k) * rng.uniform(1, 2, k)
            program = linprog(np.ones(2 * d), A_eq=np.hstack((X, -X)), b_eq=X @ theta, bounds=(0, None))
            found += np.abs(program.x[:d] - program.x[d:] - theta).max() < 1e-6
        share[m] = found / 20
    low, high = share.values()
    assert low <= 0.25 and high >= 0.75, share


@pytest.mark.equation("eq-compressed-sensing")
@pytest.mark.parametrize("seed", SEEDS)
def test_limits_of_lasso_and_ridge_explain_with_the_smallest_norm(seed):
    rng = np.random.default_rng(seed)
    m, n, k = 20, 40, 3
    A = rng.normal(size=(m, n))
    A -= A.mean(axis=0)  # the free intercept has nothing to do
    theta = np.zeros(n)
    theta[:k] = rng.choice([-1, 1], k) * rng.uniform(1, 2, k)
    y = A @ theta
    rows = np.hstack((A, -A))[1:]  # row 0 follows from the others
    program = linprog(np.ones(2 * n), A_eq=rows, b_eq=y[1:], bounds=(0, None))
    sparse = program.x[:n] - program.x[n:]
    found = lasso_path(A, y).thetas[-1, 1:]
    np.testing.assert_allclose(found, sparse, atol=1e-7)
    np.testing.assert_allclose(found, theta, atol=1e-9)
    short = np.linalg.pinv(A) @ y
    np.testing.assert_allclose(ridge_path(A, y, [1e-5])[0, 1:], short, atol=1e-8)
    np.testing.assert_allclose(A @ short, y, atol=1e-10)
    assert np.linalg.norm(short) < np.linalg.norm(theta) and np.abs(short).sum() > np.abs(theta).sum()


@pytest.mark.equation("eq-lasso-midpoint")
@given(st.integers(0, 10**6), st.floats(0, 5))
def test_midpoint_beats_the_mean_of_two_costs(seed, delta):
    rng = np.random.default_rng(seed)
    X, y, (one, two) = rng.normal(size=(8, 3)), rng.normal(size=8), rng.normal(size=(2, 3))

    def J(theta):
        return np.sum((y - X @ theta) ** 2) + delta**2 * np.abs(theta).sum()

    middle = (one + two) / 2
    r = np.array([y - X @ one, y - X @ two])
    left = np.sum((r.sum(axis=0) / 2) ** 2) + delta**2 * np.abs(one + two).sum() / 2
    assert J(middle) == pytest.approx(left, rel=1e-9)
    bound = J(one) / 2 + J(two) / 2 - np.sum((X @ one - X @ two) ** 2) / 4
    assert J(middle) <= bound * (1 + 1e-12) + 1e-12
    same_signs = np.abs(one)
    other = np.abs(two)  # where the penalty is linear the bound is exact
    exact = J(same_signs) / 2 + J(other) / 2 - np.sum((X @ same_signs - X @ other) ** 2) / 4
    assert J((same_signs + other) / 2) == pytest.approx(exact, rel=1e-9, abs=1e-12)


def told(capsys, ask, answer):
    ask(answer)
    return capsys.readouterr().out


def exhausted(X, y, delta, half=2, signs=True, bounds=True):
    """The solution of the exercise, with the factor ½ and the two tests as one likes."""
    Xc, yc = centred(X, y)
    for pattern in itertools.product((-1, 0, 1), repeat=3):
        s, theta = np.array(pattern), np.zeros(3)
        XA = Xc[:, s != 0]
        theta[s != 0] = np.linalg.solve(XA.T @ XA, XA.T @ yc - delta**2 / half * s[s != 0])
        pull = np.abs(2 * Xc.T @ (yc - Xc @ theta))[s == 0]
        if (not signs or (np.sign(theta) == s).all()) and (not bounds or (pull <= delta**2).all()):
            return theta
    return None


def test_the_checks_of_the_exercises_tell_the_mistakes(capsys):
    def wrong(**change):
        return told(capsys, exercises.lasso_by_exhaustion, lambda *args: exhausted(*args, **change))

    assert wrong() == "slopes: right\n"
    assert "do the equations hold" in wrong(half=1)
    assert "first test is missing" in wrong(signs=False)
    assert "second test is missing" in wrong(bounds=False)
    assert "nothing to check yet" in told(capsys, exercises.lasso_by_exhaustion, lambda *args: None)
    assert "raises ZeroDivisionError" in told(capsys, exercises.lasso_by_exhaustion, lambda *args: 1 / 0)
    assert "right" in told(capsys, exercises.rescaled, [3.16, 1.41])
    assert "δ must grow" in told(capsys, exercises.rescaled, [np.sqrt(10), 1 / np.sqrt(2)])
    assert "1 − ρ" in told(capsys, exercises.delta_2, 146.8)
    assert "right" in told(capsys, exercises.prior, 25)
    for answer, word in ((625, "root"), (6.25, "Gaussian prior"), (17.68, "the 2"), (3.54, "σ², not σ")):
        assert word in told(capsys, exercises.prior, answer)
