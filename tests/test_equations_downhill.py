"""The equations of the chapter *Downhill*, beside those of test_equations_optimisation.py."""

from decimal import Decimal, getcontext

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import integrate, optimize

from mlcore import LeastSquares, LogisticNLL, newton
from mlcore.objectives import PseudoHuber, TwoWells, Valley
from mlcore.optimisers import (
    backtrack,
    bfgs_update,
    conjugate_gradients,
    gradient_descent,
    two_loop_recursion,
)

SEEDS = range(4)


def numeric_gradient(f, theta, h=1e-6):
    return np.array([(f(theta + h * e) - f(theta - h * e)) / (2 * h) for e in np.eye(len(theta))])


def numeric_hessian(f, theta, h=1e-3):
    E = np.eye(len(theta)) * h
    return np.array(
        [
            [
                (f(theta + a + b) - f(theta + a - b) - f(theta - a + b) + f(theta - a - b)) / (4 * h**2)
                for a in E
            ]
            for b in E
        ]
    )


def data(seed, m=25, d=3):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(m, d)) @ rng.normal(size=(d, d))
    return X, X @ rng.normal(size=d) + rng.normal(size=m)


def bowl(seed, kappa=30.0, n=4):
    """A Hessian with eigenvalues from 1/κ to 1, and its eigenvectors."""
    rng = np.random.default_rng(seed)
    V, _ = np.linalg.qr(rng.normal(size=(n, n)))
    eigenvalues = np.geomspace(1 / kappa, 1, n)
    return V @ np.diag(eigenvalues) @ V.T, eigenvalues, V


@pytest.mark.equation("eq-descent-bowl")
@pytest.mark.parametrize("seed", SEEDS)
def test_least_squares_is_a_bowl_everywhere(seed):
    X, y = data(seed)
    A = np.column_stack((np.ones(len(X)), X))
    best, H = np.linalg.lstsq(A, y, rcond=None)[0], 2 * A.T @ A
    J = LeastSquares(X, y)
    for theta in np.random.default_rng(seed).normal(size=(5, 4)) * 10:
        d = theta - best
        assert_allclose(np.sum((y - A @ theta) ** 2), np.sum((y - A @ best) ** 2) + d @ H @ d / 2)
        assert_allclose(J.grad(theta), H @ d, rtol=1e-8)


@pytest.mark.equation("eq-error-step", "eq-eigen-factors")
@pytest.mark.parametrize("seed", SEEDS)
def test_each_direction_of_the_error_has_its_own_factor(seed):
    X, y = data(seed)
    A = np.column_stack((np.ones(len(X)), X))
    best, H = np.linalg.lstsq(A, y, rcond=None)[0], 2 * A.T @ A
    eigenvalues, V = np.linalg.eigh(H)
    eta, start = 1.3 / eigenvalues[-1], best + np.random.default_rng(seed).normal(size=4)
    path = gradient_descent(LeastSquares(X, y), start, eta, 20) - best
    assert_allclose(path[1], (np.eye(4) - eta * H) @ path[0], atol=1e-10)
    for k in (1, 5, 20):
        assert_allclose(V.T @ path[k], (1 - eta * eigenvalues) ** k * (V.T @ path[0]), atol=1e-9)


@pytest.mark.equation("eq-best-rate", "eq-descent-factor")
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kappa", [1.5, 10.0, 200.0])
def test_the_best_rate_is_where_the_spectral_norm_is_least(seed, kappa):
    H, eigenvalues, _ = bowl(seed, kappa)
    L, mu = eigenvalues[-1], eigenvalues[0]

    def worst(eta):
        return np.linalg.norm(np.eye(4) - eta * H, 2)

    found = optimize.minimize_scalar(worst, bounds=(0, 2.5), method="bounded", options={"xatol": 1e-10})
    assert_allclose(found.x, 2 / (L + mu), rtol=1e-5)
    assert_allclose(worst(2 / (L + mu)), (kappa - 1) / (kappa + 1), rtol=1e-10)
    assert_allclose(found.fun, (kappa - 1) / (kappa + 1), rtol=1e-5)


@pytest.mark.equation("eq-descent-steps")
@pytest.mark.parametrize("kappa", [2.0, 20.0, 500.0])
@pytest.mark.parametrize("part", [1e-2, 1e-6])
def test_steps_are_counted_as_the_logarithm_says(kappa, part):
    size, steps = 1.0, 0
    while size > part:
        size, steps = size * (kappa - 1) / (kappa + 1), steps + 1
    assert steps == int(np.ceil(np.log(1 / part) / np.log((kappa + 1) / (kappa - 1))))
    assert_allclose(np.log((kappa + 1) / (kappa - 1)), 2 / kappa + 2 / (3 * kappa**3), atol=kappa**-5)
    if kappa >= 20:
        assert abs(steps - kappa / 2 * np.log(1 / part)) < 1.2


@pytest.mark.equation("eq-line-hessian", "eq-line-condition")
@pytest.mark.parametrize("seed", SEEDS)
def test_condition_of_a_line_from_mean_and_deviation(seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=30) * rng.uniform(0.2, 5) + rng.uniform(-4, 4)
    H = LeastSquares(x[:, None], x).hess(np.zeros(2))
    assert_allclose(H, 60 * np.array([[1, x.mean()], [x.mean(), x.mean() ** 2 + x.var()]]), rtol=1e-10)
    mu, L = np.linalg.eigvalsh(H)
    assert_allclose((L + mu, L * mu), (60 * (1 + x.mean() ** 2 + x.var()), 3600 * x.var()), rtol=1e-9)
    kappa = np.linalg.cond(np.column_stack((np.ones(30), x))) ** 2
    assert_allclose(kappa + 2 + 1 / kappa, (1 + x.mean() ** 2 + x.var()) ** 2 / x.var(), rtol=1e-9)
    z = (x - x.mean()) / x.std()
    assert_allclose(np.linalg.cond(np.column_stack((np.ones(30), z))), 1, rtol=1e-10)


@pytest.mark.equation("eq-armijo", "eq-descent-lemma")
@pytest.mark.parametrize("seed", SEEDS)
def test_backtracking_ends_where_the_bound_says_and_lowers_the_cost(seed):
    X, y = data(seed)
    J, rng = LogisticNLL(X, (y > 0).astype(float), 0.1), np.random.default_rng(seed)
    L = J.max_curvature()
    for theta in rng.normal(size=(10, 4)) * 3:
        value, g = J.value_and_grad(theta)
        for t in rng.uniform(0, 4 / L, size=20):
            assert J.value(theta - t * g) <= value - t * (1 - t * L / 2) * (g @ g) + 1e-12 * value
        t = backtrack(J, theta, value, g, -g, 64.0)
        f = numeric_gradient(J.value, theta)
        assert J.value(theta - t * g) <= value - 1e-4 * t * f @ f + 1e-6
        assert t >= (1 - 1e-4) / L
        if t < 64:  # twice as long would not have done
            assert J.value(theta - 2 * t * g) > value - 1e-4 * 2 * t * (g @ g)


class Bowed:
    """½θᵀHθ + Σ log cosh θᵢ: no bowl, convex, with curvatures from λ_min of H to L of H and 1 more."""

    def __init__(self, H):
        self.H = H

    def value(self, theta):
        return theta @ self.H @ theta / 2 + np.log(np.cosh(theta)).sum()

    def grad(self, theta):
        return self.H @ theta + np.tanh(theta)


class Plateau:
    """Σ θᵢ²/(1 + θᵢ²), at least 0, with curvatures up to 2: the cost is not convex."""

    def value(self, theta):
        return np.sum(theta**2 / (1 + theta**2))

    def grad(self, theta):
        return 2 * theta / (1 + theta**2) ** 2


@pytest.mark.equation("eq-descent-sum")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_smallest_gradient_falls_as_the_sum_says(seed):
    H, eigenvalues, _ = bowl(seed)
    start = 3 * np.random.default_rng(seed).normal(size=4)
    for J, L in ((Bowed(H), eigenvalues[-1] + 1), (Plateau(), 2.0)):
        path = gradient_descent(J, start, 1 / L, 300)
        costs = np.array([J.value(theta) for theta in path])
        slopes = np.array([np.sum(numeric_gradient(J.value, theta) ** 2) for theta in path])
        assert np.all(costs[1:] <= costs[:-1] - slopes[:-1] / (2 * L) + 1e-8)
        for k in (1, 10, 300):
            assert slopes[:k].sum() / (2 * L) <= costs[0] - costs[k] + 1e-8
            assert slopes[:k].min() <= 2 * L * costs[0] / k + 1e-8  # both costs are 0 at least


@pytest.mark.equation("eq-descent-strong")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_strongly_convex_cost_falls_by_a_factor(seed):
    H, eigenvalues, _ = bowl(seed)
    mu, L = eigenvalues[0], eigenvalues[-1] + 1
    J, start = Bowed(H), 3 * np.random.default_rng(seed).normal(size=4)
    path = gradient_descent(J, start, 1 / L, 100)  # the minimum is 0, at 0
    costs = np.array([J.value(theta) for theta in path])
    slopes = np.array([np.sum(numeric_gradient(J.value, theta) ** 2) for theta in path])
    assert np.all(costs <= slopes / (2 * mu) + 1e-8)
    assert np.all(costs[1:] <= (1 - mu / L) * costs[:-1] + 1e-14)
    for theta, p in zip(path, np.random.default_rng(seed).normal(size=(100, 4)) * 2):
        bound = J.value(theta) + numeric_gradient(J.value, theta) @ p + mu * p @ p / 2
        assert J.value(theta + p) >= bound - 1e-8


@pytest.mark.equation("eq-descent-convex")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_convex_cost_falls_like_1_over_k(seed):
    _, _, V = bowl(seed)
    start = 15 * np.random.default_rng(seed).normal(size=4)
    flat, L = Bowed(V @ np.diag([0, 0, 0, 1.0]) @ V.T), 2.0  # lowest at 0, with cost 0
    path = gradient_descent(flat, start, 1 / L, 100)
    costs = np.array([flat.value(theta) for theta in path])
    distances = np.sum(path**2, axis=1)
    for k in range(100):
        g = numeric_gradient(flat.value, path[k])
        middle = g @ path[k] - g @ g / (2 * L)
        assert costs[k + 1] <= middle + 1e-6
        assert_allclose(middle, L / 2 * (distances[k] - distances[k + 1]), atol=1e-5)
        assert (k + 1) * costs[k + 1] <= costs[1 : k + 2].sum() + 1e-12 <= L / 2 * distances[0] + 1e-12


@pytest.mark.equation("eq-gauss-newton")
def test_gradient_and_hessian_of_half_a_sum_of_squares():
    valley, theta = Valley(), np.array([-1.2, 1.8])
    w = np.array([theta[0] ** 2 - theta[1], theta[0] - 1])
    slopes = np.array([[2 * theta[0], 1], [-1, 0]])  # a column for each entry
    assert_allclose(w @ w / 2, valley.value(theta))
    assert_allclose(slopes @ w, numeric_gradient(valley.value, theta), rtol=1e-6)
    bends = np.diag([2.0, 0.0]), np.zeros((2, 2))
    hessian = slopes @ slopes.T + sum(part * bend for part, bend in zip(w, bends))
    assert_allclose(hessian, numeric_hessian(valley.value, theta), atol=1e-4)
    for _ in range(2):
        theta = theta - np.linalg.solve(slopes @ slopes.T, slopes @ w)
        w = np.array([theta[0] ** 2 - theta[1], theta[0] - 1])
        slopes = np.array([[2 * theta[0], 1], [-1, 0]])
    assert_allclose(theta, 1, atol=1e-12)


def test_collinear_columns_leave_the_pace_to_the_smallest_positive_eigenvalue():
    X, y = data(0)
    J = LeastSquares(np.column_stack((X, X[:, 0] - X[:, 1])), y)
    eigenvalues = np.linalg.eigvalsh(J.hess(np.zeros(5)))
    assert abs(eigenvalues[0]) < 1e-9 * eigenvalues[-1] < eigenvalues[1]
    eta = 2 / (eigenvalues[1] + eigenvalues[-1])
    costs = np.array([J.value(theta) for theta in gradient_descent(J, np.zeros(5), eta, 60)])
    left = costs - LeastSquares(X, y).value(np.linalg.lstsq(np.column_stack((np.ones(25), X)), y)[0])
    factor = (eigenvalues[-1] - eigenvalues[1]) / (eigenvalues[-1] + eigenvalues[1])
    assert np.all(left <= factor ** (2 * np.arange(61)) * left[0] * (1 + 1e-6))


@pytest.mark.equation("eq-stopping", "eq-small-steps")
@pytest.mark.parametrize("seed", SEEDS)
def test_gradient_bounds_the_error_and_a_late_step_is_a_small_part_of_it(seed):
    H, eigenvalues, _ = bowl(seed, kappa=50.0)
    error = np.random.default_rng(seed).normal(size=4)
    for eta in (1.0, 2 / (1 + 1 / 50)):
        e = error
        for _ in range(400):
            g = H @ e
            assert np.linalg.norm(e) <= np.linalg.norm(g) / eigenvalues[0] * (1 + 1e-12)
            e = e - eta * g
        if eta == 1.0:  # only the flattest direction is left
            assert_allclose(np.linalg.norm(e) / np.linalg.norm(eta * H @ e), 50, rtol=1e-3)
    flat = np.linalg.eigh(H)[1][:, 0]
    assert_allclose(1 / np.linalg.norm(2 / (1 + 1 / 50) * H @ flat), (50 + 1) / 2, rtol=1e-10)


@pytest.mark.equation("eq-plateau")
def test_time_across_a_plateau_by_integration():
    # the exact flow dθ/dk = −ηf′(θ) takes ∫ dθ/(ηf′), of which θ⁴/8η is the leading part
    for theta0, eta in ((30.0, 0.5), (100.0, 0.2)):
        time, _ = integrate.quad(lambda t, eta=eta: (1 + t**2) ** 2 / (2 * t * eta), 1, theta0)
        assert_allclose(time, theta0**4 / (8 * eta), rtol=5 / theta0**2)
    theta, steps = 30.0, 0
    while theta > 1:
        theta, steps = theta - 0.5 * 2 * theta / (1 + theta**2) ** 2, steps + 1
    assert_allclose(steps, 30**4 / 4, rtol=0.01)


@pytest.mark.equation("eq-saddle-growth")
@pytest.mark.parametrize("eta", [0.02, 0.15])
def test_time_at_a_saddle_is_the_logarithm_of_the_noise(eta):
    nu = 2 * np.sqrt(2) - 2
    direction = np.linalg.eigh([[0, -2], [-2, 4]])[1][:, 0]
    for noise in (1e-5, 1e-11):
        path = gradient_descent(TwoWells(), noise * direction, eta, 2000)
        steps = np.argmax(np.linalg.norm(path, axis=1) > 1e-2)
        assert abs(steps - np.log(1e-2 / noise) / np.log(1 + eta * nu)) < 1.01


@pytest.mark.equation("eq-two-wells")
def test_the_two_wells_their_derivatives_minima_and_saddle():
    def f(theta):
        return (theta[0] ** 2 - 1) ** 2 / 4 + 2 * (theta[1] - theta[0] / 2) ** 2

    for theta in np.random.default_rng(0).normal(size=(8, 2)):
        value, grad, hess = TwoWells().taylor(theta)
        assert_allclose(value, f(theta), rtol=1e-12)
        assert_allclose(grad, numeric_gradient(f, theta), atol=1e-7)
        assert_allclose(hess, numeric_hessian(f, theta), atol=1e-4)
        assert_allclose(hess, [[3 * theta[0] ** 2, -2], [-2, 4]])
    assert_allclose(TwoWells().grad([1.0, 0.5]), 0)
    assert_allclose(TwoWells().grad([-1.0, -0.5]), 0)
    assert_allclose(np.linalg.eigvalsh(TwoWells().hess([0.0, 0.0])), [2 - 8**0.5, 2 + 8**0.5])


def test_the_valley_of_the_library_is_that_of_the_equation():
    def f(theta):
        return (theta[0] ** 2 - theta[1]) ** 2 / 2 + (theta[0] - 1) ** 2 / 2

    for theta in np.random.default_rng(0).normal(size=(8, 2)):
        value, grad, hess = Valley().taylor(theta)
        assert_allclose(value, f(theta), rtol=1e-12)
        assert_allclose(grad, numeric_gradient(f, theta), atol=1e-6)
        assert_allclose(hess, numeric_hessian(f, theta), atol=1e-4)


@pytest.mark.equation("eq-newton-system")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_model_is_lowest_where_the_system_is_solved(seed):
    H, _, _ = bowl(seed)
    g = np.random.default_rng(seed).normal(size=4)
    found = optimize.minimize(
        lambda p: g @ p + p @ H @ p / 2,
        np.zeros(4),
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-14, "maxiter": 10**5, "maxfev": 10**5},
    ).x
    assert_allclose(found, -np.linalg.inv(H) @ g, rtol=1e-3, atol=1e-3)
    assert_allclose(g + H @ np.linalg.solve(H, -g), 0, atol=1e-12)


@pytest.mark.equation("eq-newton-error", "eq-newton-sqrt")
def test_errors_are_squared_with_the_factor_of_the_third_derivative():
    getcontext().prec = 200
    theta, root = Decimal("1.3"), Decimal(2).sqrt()
    for _ in range(6):
        error, f1, f2 = theta - root, theta**2 - 2, 2 * theta
        after = theta - f1 / f2
        assert abs(after - (theta + 2 / theta) / 2) < Decimal("1e-190")
        # f‴ = 2 everywhere, so c does not matter
        assert abs((after - root) / (2 / (2 * f2) * error**2) - 1) < Decimal("1e-20")
        theta = after
    fourth = Decimal(1)  # θ⁴, where f″ is 0: no squares, two thirds for ever
    for _ in range(5):
        after = fourth - 4 * fourth**3 / (12 * fourth**2)
        assert abs(after / fourth - Decimal(2) / 3) < Decimal("1e-190")
        fourth = after
    # f = exp(θ) − 2θ: f‴ = exp, and c lies between θ and θ̂
    theta = Decimal(1)
    for _ in range(5):
        error = theta - Decimal(2).ln()
        after = theta - (theta.exp() - 2) / theta.exp()
        c = ((after - Decimal(2).ln()) / error**2 * 2 * theta.exp()).ln()
        assert min(theta, Decimal(2).ln()) <= c <= max(theta, Decimal(2).ln())
        theta = after


@pytest.mark.equation("eq-pseudo-huber", "eq-pseudo-huber-derivatives")
@pytest.mark.parametrize("seed", SEEDS)
def test_pseudo_huber_against_differences_and_its_two_limits(seed):
    X, y = data(seed)
    A, rng, c = np.column_stack((np.ones(len(X)), X)), np.random.default_rng(seed), 0.7

    def f(theta):
        return c**2 * sum(np.sqrt(1 + (e / c) ** 2) - 1 for e in y - A @ theta)

    J = PseudoHuber(X, y, c)
    for theta in rng.normal(size=(5, 4)):
        value, grad, hess = J.taylor(theta)
        assert_allclose(value, f(theta), rtol=1e-10)
        assert_allclose(grad, numeric_gradient(f, theta), rtol=1e-5, atol=1e-6)
        assert_allclose(hess, numeric_hessian(f, theta), rtol=1e-4, atol=1e-4)
        assert np.linalg.eigvalsh(hess)[-1] <= J.max_curvature()
    e = y - A @ np.ones(4)
    assert_allclose(PseudoHuber(X, y, 1e5).value(np.ones(4)), e @ e / 2, rtol=1e-6)
    assert_allclose(PseudoHuber(X, y, 1e-6).value(np.ones(4)) / 1e-6, np.abs(e).sum(), rtol=1e-4)


def test_pseudo_huber_refuses_what_is_no_size():
    with pytest.raises(ValueError, match="c must be"):
        PseudoHuber([[1.0], [2.0]], [1.0, 2.0], 0.0)
    with pytest.raises(ValueError, match="c must be at least 2e[+]70"):
        PseudoHuber([[1.0], [2.0]], [1.0, 2e100], 1.0)
    with pytest.raises(ValueError, match="theta must have shape"):
        PseudoHuber([[1.0], [2.0]], [1.0, 2.0], 1.0).value([1.0])


@pytest.mark.equation("eq-newton-eigen")
@pytest.mark.parametrize("signs", [(1, 1), (1, -1), (-1, -1)])
def test_a_pure_newton_step_ends_at_the_stationary_point_of_any_kind(signs):
    V, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(2, 2)))
    H, centre, theta = V @ np.diag([2.0 * signs[0], 5.0 * signs[1]]) @ V.T, np.array([3.0, -1.0]), np.ones(2)
    after = theta - np.linalg.solve(H, H @ (theta - centre))
    assert_allclose(V.T @ (after - centre), 0, atol=1e-12)


@pytest.mark.equation("eq-newton-affine")
@pytest.mark.parametrize("seed", SEEDS)
def test_newton_walks_through_the_same_points_in_any_units(seed):
    X, y = data(seed)
    rng = np.random.default_rng(seed)
    T = rng.normal(size=(4, 4)) + 3 * np.eye(4)
    J, u = LogisticNLL(X, (y > 0).astype(float), 0.5), rng.normal(size=4) / 3
    theta = T @ u

    def G(v):
        return J.value(T @ v)

    g_u, H_u = numeric_gradient(G, u), numeric_hessian(G, u)  # know nothing of the chain rule
    assert_allclose(g_u, T.T @ J.grad(theta), rtol=1e-4, atol=1e-5)
    step = -np.linalg.solve(J.hess(theta), J.grad(theta))
    assert_allclose(-T @ np.linalg.solve(H_u, g_u), step, rtol=1e-2, atol=1e-3)
    descent = -T @ T.T @ J.grad(theta)  # steepest descent in u, seen in θ
    assert abs(descent @ J.grad(theta)) < 0.99 * np.linalg.norm(descent) * np.linalg.norm(J.grad(theta))


def quadratic_pairs(seed, n=5):
    rng = np.random.default_rng(seed)
    B = rng.normal(size=(n, n))
    H, M, s = B @ B.T + np.eye(n), np.diag(rng.uniform(0.5, 2, n)), rng.normal(size=n)
    return H, M, s, H @ s, rng.normal(size=n)


@pytest.mark.equation("eq-bfgs-check")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_update_takes_the_turn_to_the_step(seed):
    _, M, s, r, _ = quadratic_pairs(seed)
    gamma = 1 / (r @ s)
    assert_allclose((np.eye(5) - gamma * np.outer(r, s)) @ r, 0, atol=1e-10)
    new = bfgs_update(M, s, r)
    assert_allclose(new @ r, s, rtol=1e-9)
    v = np.random.default_rng(seed + 9).normal(size=5)
    w = v - gamma * r * (s @ v)
    assert_allclose(v @ new @ v, w @ M @ w + gamma * (s @ v) ** 2, rtol=1e-9)


def test_bfgs_with_best_lengths_knows_the_inverse_after_as_many_steps_as_parameters():
    H, _, _, _, start = quadratic_pairs(3)
    theta, M = start, np.eye(5)
    for _ in range(5):
        g = H @ theta
        p = -M @ g
        s = -(g @ p) / (p @ H @ p) * p
        theta, M = theta + s, bfgs_update(M, s, H @ s)
    assert_allclose(M, np.linalg.inv(H), rtol=1e-6, atol=1e-8)
    assert_allclose(theta, 0, atol=1e-8)


@pytest.mark.equation("eq-conjugate-gradients")
@pytest.mark.parametrize("seed", SEEDS)
def test_conjugate_gradients_step_to_the_lowest_point_of_all_directions_so_far(seed):
    H, _, _, _, start = quadratic_pairs(seed)
    centre = np.random.default_rng(seed + 5).normal(size=5)
    g, path, krylov, M, quasi = H @ (start - centre), [start], [], np.eye(5), start
    for k in range(1, 6):
        path.append(conjugate_gradients(lambda p, H=H: H @ p, start, g, k, tol=0))
        krylov.append(g if k == 1 else H @ krylov[-1])  # lowest of all start + span(g, Hg, …, Hᵏ⁻¹g)
        K = np.linalg.qr(np.array(krylov).T)[0]
        lowest = start + K @ np.linalg.solve(K.T @ H @ K, K.T @ -g)
        assert_allclose(path[k], lowest, atol=1e-6)
        slope = H @ (quasi - centre)  # and it is BFGS with the best lengths
        step = -M @ slope
        step = -(slope @ step) / (step @ H @ step) * step
        quasi, M = quasi + step, bfgs_update(M, step, H @ step)
        assert_allclose(path[k], quasi, atol=1e-6)
    assert_allclose(path[5], centre, atol=1e-6)
    steps = np.diff(path, axis=0)
    steps = steps / np.linalg.norm(steps, axis=1)[:, None]
    across = steps @ H @ steps.T
    assert_allclose(across - np.diag(np.diag(across)), 0, atol=1e-4 * np.abs(across).max())


def test_conjugate_gradients_shrink_the_error_by_the_root_of_the_condition():
    spread = np.geomspace(1 / 470, 1, 1000)
    q = (np.sqrt(470) - 1) / (np.sqrt(470) + 1)
    for k in (10, 50, 100, 150):
        e = conjugate_gradients(lambda p: spread * p, np.ones(1000), spread, k, tol=0)
        assert np.sqrt(spread @ e**2) <= 2 * q**k * np.sqrt(spread.sum())


@pytest.mark.equation("eq-two-loop")
@pytest.mark.parametrize("seed", SEEDS)
def test_one_update_applied_to_a_vector_from_right_to_left(seed):
    _, M, s, r, g = quadratic_pairs(seed)
    gamma = 1 / (r @ s)
    a = gamma * s @ g
    p = M @ (g - a * r)
    by_hand = p - gamma * (r @ p) * s + a * s
    assert_allclose(by_hand, bfgs_update(M, s, r) @ g, rtol=1e-9)
    assert_allclose(two_loop_recursion(g, [(s, r, gamma)], lambda q: M @ q), by_hand, rtol=1e-9)


def test_newton_leaves_the_saddle_that_pure_steps_walk_to():
    found = newton(TwoWells(), [0.4, 1.0])
    assert_allclose(np.abs(found.theta), [1, 0.5], rtol=1e-6)
