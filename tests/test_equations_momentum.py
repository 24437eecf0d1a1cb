"""The equations of *From momentum to Adam*, each against something that does not share its origin."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import optimize, signal

from mlcore import SGD, Adagrad, Adam, Momentum, RMSProp
from mlcore.exercises import momentum as exercises
from mlcore.explore.chapters.momentum import (
    costs_by_rate,
    rate_of,
    saddle,
    saddle_grad,
    valley,
    valley_grad,
    walk,
)
from mlcore.optimisers import adam_step

SEEDS = range(4)


def matrix(alpha, c):
    return np.array([[1 + alpha - c, -alpha], [1.0, 0.0]])


def quadratic(seed, n=4):
    rng = np.random.default_rng(seed)
    B = rng.normal(size=(n, n))
    return B @ B.T + 0.3 * np.eye(n), rng.normal(size=n), rng.normal(size=n)


@pytest.mark.equation("eq-momentum-theta")
@pytest.mark.parametrize("alpha", [0.0, 0.5, 0.9])
def test_the_form_in_theta_and_the_rule(alpha):
    H, best, start = quadratic(0)
    thetas = [start, start]  # no step before the first
    for _ in range(20):
        g = H @ (thetas[-1] - best)
        thetas.append(thetas[-1] + alpha * (thetas[-1] - thetas[-2]) + (1 - alpha) * (-0.05 * g))
    path = walk(Momentum(0.05, alpha), lambda t: H @ (t - best), start, 20)
    assert_allclose(path, thetas[1:], rtol=1e-10, atol=1e-12)


@pytest.mark.equation("eq-momentum-mean")
@pytest.mark.parametrize("alpha", [0.3, 0.9])
def test_a_step_is_a_filtered_gradient(alpha):
    g = np.random.default_rng(0).normal(size=(40, 3))
    left = iter(g)
    steps = np.diff(walk(Momentum(0.1, alpha), lambda _: next(left), np.zeros(3), 40), axis=0)
    assert_allclose(steps, -0.1 * signal.lfilter([1 - alpha], [1, -alpha], g, axis=0), rtol=1e-9, atol=1e-13)
    k = np.arange(1, 41)
    weights = (1 - alpha) * alpha ** (40.0 - k)
    assert_allclose(steps[-1], -0.1 * weights @ g, rtol=1e-9)
    assert_allclose(weights.sum(), 1 - alpha**40, rtol=1e-12)


@pytest.mark.equation("eq-momentum-memory")
@pytest.mark.parametrize("alpha", [0.0, 0.5, 0.9, 0.99])
def test_the_three_sums(alpha):
    j = np.arange(20_000)
    w = (1 - alpha) * alpha ** j.astype(float)
    assert_allclose((j * w).sum(), alpha / (1 - alpha), rtol=1e-9, atol=1e-12)
    assert_allclose(w[:7].sum(), 1 - alpha**7, rtol=1e-12)
    assert_allclose((w**2).sum(), (1 - alpha) / (1 + alpha), rtol=1e-9)


@pytest.mark.equation("eq-momentum-recurrence", "eq-momentum-matrix")
@pytest.mark.parametrize("seed", SEEDS)
def test_errors_along_eigenvectors_follow_the_recurrence_and_the_matrix(seed):
    H, best, start = quadratic(seed)
    eta, alpha = 0.1, 0.7
    path = walk(Momentum(eta, alpha), lambda t: H @ (t - best), start, 12)
    values, V = np.linalg.eigh(H)
    for value, v in zip(values, V.T):
        xi, c = (path - best) @ v, (1 - alpha) * eta * value
        assert_allclose(xi[2:], (1 + alpha - c) * xi[1:-1] - alpha * xi[:-2], rtol=1e-7, atol=1e-9)
        power = np.linalg.matrix_power(matrix(alpha, c), 11)
        assert_allclose(power @ [xi[1], xi[0]], [xi[12], xi[11]], rtol=1e-7, atol=1e-9)


@pytest.mark.equation("eq-momentum-roots")
@pytest.mark.parametrize(
    "alpha, c", [(0.1, 0.2), (0.64, 1.0), (0.9, 3.4), (0.5, 0.01), (0.3, 2.7), (0.9, -0.3)]
)
def test_the_roots_are_the_eigenvalues(alpha, c):
    values = np.linalg.eigvals(matrix(alpha, c))
    half = (1 + alpha - c) / 2
    root = np.sqrt(complex(half**2 - alpha))
    assert_allclose(np.sort_complex([half + root, half - root]), np.sort_complex(values), atol=1e-9)
    assert_allclose([values.sum(), values.prod()], [1 + alpha - c, alpha], atol=1e-12)
    assert_allclose(rate_of(alpha, c), np.abs(values).max(), rtol=1e-9)


@pytest.mark.equation("eq-momentum-swing")
def test_complex_exactly_within_the_range_and_of_size_root_alpha():
    rng = np.random.default_rng(0)
    for alpha, c in zip(rng.uniform(0, 1, 300), rng.uniform(0, 4, 300)):
        values = np.linalg.eigvals(matrix(alpha, c))
        inside = (1 - np.sqrt(alpha)) ** 2 < c < (1 + np.sqrt(alpha)) ** 2
        assert inside == (np.abs(values.imag).max() > 1e-9)
        if inside:
            assert_allclose(np.abs(values), np.sqrt(alpha), rtol=1e-9)


@pytest.mark.equation("eq-momentum-size")
def test_roots_within_q_exactly_under_the_two_conditions():
    rng = np.random.default_rng(1)
    seen = []
    for alpha, c, q in zip(rng.uniform(0, 1, 2000), rng.uniform(-1, 5, 2000), rng.uniform(0.05, 1.5, 2000)):
        inside = np.abs(np.linalg.eigvals(matrix(alpha, c))).max() <= q
        assert inside == (alpha <= q**2 and abs(1 + alpha - c) <= q + alpha / q)
        seen.append(inside)
    assert 0.1 < np.mean(seen) < 0.9


@pytest.mark.equation("eq-momentum-bound")
@pytest.mark.parametrize("alpha", [0.0, 0.5, 0.9])
def test_descent_explodes_just_above_the_bound_and_not_below(alpha):
    H, best, start = quadratic(2)
    bound = 2 / np.linalg.eigvalsh(H)[-1] * (1 + alpha) / (1 - alpha)
    ends = [
        np.linalg.norm(walk(Momentum(part * bound, alpha), lambda t: H @ (t - best), start, 800)[-1] - best)
        for part in (0.99, 1.01)
    ]
    assert ends[0] < 1e-3 and ends[1] > 1e3


@pytest.mark.equation("eq-momentum-limit", "eq-momentum-best")
@pytest.mark.parametrize("kappa", [2.0, 10.0, 81.0, 1000.0])
def test_no_pair_is_faster_than_the_best_one(kappa):
    low, L = 0.7, 0.7 * kappa

    def factor(pair):
        alpha, eta = 1 / (1 + np.exp(-pair[0])), np.exp(pair[1])
        return max(rate_of(alpha, (1 - alpha) * eta * value) for value in (low, L))

    q = (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)
    best = np.log(q**2 / (1 - q**2)), np.log(1 / np.sqrt(low * L))
    assert_allclose(factor(best), q, rtol=1e-5)  # double roots: the root of rounding
    found = optimize.differential_evolution(factor, [(-8, 8), (-8, 4)], seed=0, tol=1e-10, maxiter=150)
    assert found.fun > q * (1 - 1e-6)
    assert_allclose(found.fun, q, rtol=3e-2)
    inside = np.linspace(low, L, 50)  # the ends decide
    assert rate_of(q**2, (1 - q**2) / np.sqrt(low * L) * inside).max() < q * (1 + 1e-5)
    rng = np.random.default_rng(0)
    for alpha, q in zip(rng.uniform(0, 1, 50), rng.uniform(0, 1, 50)):  # the chain of inequalities
        if alpha <= q**2:
            ends = [1 + alpha - q - alpha / q, 1 + alpha + q + alpha / q]
            assert_allclose(ends[1] / ends[0], (1 + q) / (1 - q) * (q + alpha) / (q - alpha), rtol=1e-8)
            assert ends[1] / ends[0] <= ((1 + q) / (1 - q)) ** 2 * (1 + 1e-9)


@pytest.mark.equation("eq-momentum-double")
@pytest.mark.parametrize("kappa", [4.0, 81.0, 470.0])
def test_errors_at_both_ends_of_the_best_pair(kappa):
    q = (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)
    curvature, k = np.array([1.0, kappa]), np.arange(41)[:, None]
    path = walk(Momentum(1 / np.sqrt(kappa), q**2), lambda t: curvature * t, np.ones(2), 40)
    r = np.array([q, -q])
    assert_allclose(path, (1 + (1 - r) * k) * r**k, rtol=1e-5, atol=1e-9)


def test_growth_out_of_a_saddle():
    for eta, alpha, factor in ((0.3, 0.0, 1.3), (3.0, 0.9, 1.657), (0.3, 0.9, 1.142)):
        path = walk(Momentum(eta, alpha), lambda t: -t, np.array([1.0]), 200)[:, 0]
        assert_allclose(path[-1] / path[-2], factor, atol=5e-4)
        assert_allclose(rate_of(alpha, -(1 - alpha) * eta), factor, atol=5e-4)


@pytest.mark.equation("eq-momentum-step-noise")
@pytest.mark.parametrize("alpha", [0.0, 0.5, 0.9])
def test_variance_of_a_step_in_pure_noise(alpha):
    rng = np.random.default_rng(0)
    steps = np.diff(
        walk(Momentum(0.1, alpha), lambda t: 3 * rng.normal(size=t.shape), np.zeros(2000), 300), axis=0
    )
    assert_allclose(steps[-100:].var(), (1 - alpha) / (1 + alpha) * 0.01 * 9, rtol=0.02)


@pytest.mark.equation("eq-momentum-noisy", "eq-momentum-hover")
@pytest.mark.parametrize("alpha", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("product", [0.05, 0.7, 1.7])
def test_variance_around_the_minimum_solves_the_lyapunov_equation(alpha, product):
    value, sigma = 3.0, 2.0
    eta = product / value
    M, w = matrix(alpha, (1 - alpha) * eta * value), ((1 - alpha) * eta * sigma) ** 2
    noise = np.diag([w, 0.0])
    V = np.linalg.solve(np.eye(4) - np.kron(M, M), noise.ravel()).reshape(2, 2)  # V = MVMᵀ + noise
    formula = eta * sigma**2 / (value * (2 - eta * value * (1 - alpha) / (1 + alpha)))
    assert_allclose(V[0, 0], formula, rtol=1e-9)
    b = 1 + alpha - (1 - alpha) * product
    assert_allclose(V[0, 0], (1 + alpha) * w / ((1 - alpha) * ((1 + alpha) ** 2 - b**2)), rtol=1e-9)
    rng = np.random.default_rng(0)
    path = walk(
        Momentum(eta, alpha), lambda t: value * t + sigma * rng.normal(size=t.shape), np.zeros(3000), 600
    )
    assert_allclose(path[-100:].var(), formula, rtol=0.05)


@pytest.mark.equation("eq-nesterov")
@pytest.mark.parametrize("kappa", [10.0, 81.0])
def test_nesterov_shrinks_by_one_minus_one_over_root_kappa(kappa):
    curvature = np.geomspace(1, kappa, 7)
    alpha = (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)
    theta, step, errors = np.ones(7), np.zeros(7), []
    for _ in range(int(60 * np.sqrt(kappa))):
        step = alpha * step - curvature * (theta + alpha * step) / kappa
        theta = theta + step
        errors.append(np.linalg.norm(theta))
    k = len(errors)
    assert_allclose(
        (errors[-1] / errors[k // 2]) ** (1 / (k - 1 - k // 2)), 1 - 1 / np.sqrt(kappa), rtol=0.01
    )
    assert 1 - 1 / np.sqrt(kappa) > alpha  # the best heavy ball is faster, where it converges


@pytest.mark.parametrize("kappa", [10.0, 81.0])
def test_roots_of_nesterovs_variant(kappa):
    alpha = (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)
    sizes = []
    for value in np.linspace(1, kappa, 9):
        roots = np.roots([1, -(1 - value / kappa) * (1 + alpha), (1 - value / kappa) * alpha])
        sizes.append(np.abs(roots).max())
        assert_allclose(sizes[-1], np.sqrt((1 - value / kappa) * alpha), rtol=1e-5, atol=1e-9)
    assert_allclose([sizes[0], max(sizes)], 1 - 1 / np.sqrt(kappa), rtol=1e-5)


def test_a_double_root_has_a_second_solution():
    k, r = np.arange(1, 20), 0.7
    xi = k * r**k
    assert_allclose(xi[2:], 2 * r * xi[1:-1] - r**2 * xi[:-2], rtol=1e-12)


@pytest.mark.equation("eq-adagrad-scale")
def test_a_root_takes_the_scale_away_and_no_root_does_not():
    g = np.random.default_rng(0).normal(size=(20, 3))
    for s in (1e-3, 50.0):
        left, right = iter(g), iter(s * g)
        a = walk(Adagrad(0.1, 1e-300), lambda _, left=left: next(left), np.zeros(3), 20)
        b = walk(Adagrad(0.1, 1e-300), lambda _, right=right: next(right), np.zeros(3), 20)
        assert_allclose(a, b, rtol=1e-9)
    assert not np.allclose(g[-1] / (g**2).sum(axis=0), 50 * g[-1] / ((50 * g) ** 2).sum(axis=0))


@pytest.mark.equation("eq-adagrad-rare")
@pytest.mark.parametrize("p", [1.0, 0.1, 0.01])
def test_rate_of_a_rare_feature(p):
    rng = np.random.default_rng(0)
    k, G = 200_000, 3.0
    g = G * rng.choice([-1, 1], size=k) * (rng.uniform(size=k) < p)
    _, state = Adagrad(0.2).update(g[-1:], np.array([np.sum(g[:-1] ** 2)]))
    assert_allclose(0.2 / np.sqrt(state[0]), 0.2 / (G * np.sqrt(p * k)), rtol=0.05)


@pytest.mark.equation("eq-adam-first")
@pytest.mark.parametrize("g", [1e-3, -7.0])
def test_the_first_step_with_and_without_correction(g):
    step, _ = Adam(0.01).update(np.array([g]), Adam(0.01).init(np.zeros(1)))
    assert_allclose(step, -0.01 * np.sign(g), rtol=1e-4)
    u, v = 0.1 * g, 0.001 * g**2
    assert_allclose(-0.01 * u / np.sqrt(v), -0.01 * 0.1 / np.sqrt(0.001) * np.sign(g), rtol=1e-12)
    assert_allclose(0.1 / np.sqrt(0.001), 3.162, atol=5e-4)


@pytest.mark.equation("eq-adam-signal")
@pytest.mark.parametrize("noise", [0.1, 1.0, 5.0])
def test_mean_step_under_a_steady_signal_with_noise(noise):
    rng = np.random.default_rng(0)
    rule = Adam(1.0, 0.9, 0.9999)
    path = walk(rule, lambda t: 2 + 2 * noise * rng.normal(size=t.shape), np.zeros(200), 3000)
    assert_allclose((path[1000] - path[3000]).mean() / 2000, 1 / np.sqrt(1 + noise**2), rtol=0.02)


@pytest.mark.equation("eq-adam-noise")
@pytest.mark.parametrize("beta1", [0.0, 0.5, 0.9])
def test_root_mean_square_of_a_step_in_pure_noise(beta1):
    rng = np.random.default_rng(0)
    path = walk(Adam(0.2, beta1, 0.9999), lambda t: 7 * rng.normal(size=t.shape), np.zeros(1000), 1500)
    steps = np.diff(path[500:], axis=0)
    assert_allclose(np.sqrt((steps**2).mean()), 0.2 * np.sqrt((1 - beta1) / (1 + beta1)), rtol=0.02)


@pytest.mark.equation("eq-adam-longest")
@pytest.mark.parametrize("beta1, beta2", [(0.9, 0.999), (0.5, 0.9), (0.0, 0.99)])
def test_no_step_is_longer_than_the_bound_and_one_is_as_long(beta1, beta2):
    bound = (1 - beta1) / np.sqrt((1 - beta2) * (1 - beta1**2 / beta2))

    def last(gradients):
        state = (100_000, 0.0, 0.0)  # the corrections are over
        for g in gradients:
            step, state = adam_step(g, state, 1.0, beta1, beta2, 1e-300)
        return abs(step)

    def ratio(logs):  # of positive gradients, the best case
        return -np.log(last(np.exp(logs)))

    rng = np.random.default_rng(0)
    assert max(last(rng.standard_t(1, size=30)) for _ in range(300)) <= bound * (1 + 1e-9)
    found = optimize.minimize(ratio, np.zeros(30), bounds=[(-30, 30)] * 30)
    best = np.exp(-found.fun)
    assert 0.97 * bound < best <= bound * (1 + 1e-9)
    if beta1:
        assert_allclose(last((beta2 / beta1) ** np.arange(-300.0, 0)), bound, rtol=1e-6)


@pytest.mark.equation("eq-reddi")
@pytest.mark.parametrize("C", [3.0, 10.0])
def test_adam_goes_to_the_worst_end_and_sgd_to_the_best(C):
    theta, plain, state = 0.0, 0.0, (0, 0.0, 0.0)
    for k in range(1, 20_001):
        g = C if k % 3 == 1 else -1.0
        step, state = adam_step(g, state, 0.3 / k**0.5, 0.0, 1 / (1 + C**2), 1e-8)
        theta, plain = np.clip(theta + step, -1, 1), np.clip(plain - 0.3 / k**0.5 * g, -1, 1)
    assert theta > 0.98 and plain < -0.9
    assert C - 2 > 0  # the cost of a period has the slope C − 2: −1 is best


def test_the_usual_shares_fail_as_well_where_the_period_is_long():
    theta, state, path = 0.0, (0, 0.0, 0.0), []
    for k in range(1, 10 * 4990 + 1):
        g = 5000.0 if k % 4990 == 1 else -1.0
        step, state = adam_step(g, state, 0.3 / k**0.5, 0.9, 0.999, 1e-8)
        theta = min(1.0, max(-1.0, theta + step))
        path.append(theta)
    assert np.mean(path[-4990:]) > 0.98 and 5000 - 4989 > 0


@pytest.mark.equation("eq-adamw")
def test_decoupled_decay_shrinks_every_entry_alike_and_a_penalty_does_not():
    # torch.optim.AdamW written out: θ shrinks by 1 − ηw first, w = 2δ², and Adam's step of the data follows
    g = np.random.default_rng(0).normal(size=(50, 2)) * [0.1, 10]
    eta, w, theta, state = 0.01, 2 * 0.3**2, np.ones(2), (0, 0.0, 0.0)
    other, rule = np.ones(2), Adam(eta)
    memory = rule.init(other)
    for now in g:
        step, state = adam_step(now, state, eta, 0.9, 0.999, 1e-8)
        theta = theta + step - eta * w * theta
        other = (1 - eta * w) * other
        step, memory = rule.update(now, memory)
        other = other + step
    assert_allclose(theta, other, rtol=1e-9)


@pytest.mark.parametrize("value, grad", [(valley, valley_grad), (saddle, saddle_grad)])
def test_slopes_of_the_surfaces(value, grad):
    for theta in np.random.default_rng(0).normal(size=(5, 2)):
        assert_allclose(grad(theta), optimize.approx_fprime(theta, value, 1e-7), atol=1e-5)


def test_rules_of_the_table_keep_and_change_what_it_says():
    rng = np.random.default_rng(1)
    g, Q = rng.normal(size=(10, 3)), np.linalg.qr(rng.normal(size=(3, 3)))[0]

    def total(rule, gradients):
        left = iter(gradients)
        return walk(rule, lambda _: next(left), np.zeros(3), 10)[-1]

    for rule in (SGD(0.1), Momentum(0.1), Adagrad(0.1), RMSProp(0.1), Adam(0.1)):
        linear = isinstance(rule, (SGD, Momentum))
        assert np.allclose(total(rule, 100 * g), total(rule, g), rtol=1e-5) != linear
        assert np.allclose(total(rule, g @ Q.T), Q @ total(rule, g), rtol=1e-5) == linear


def test_mistakes_of_the_exercises_are_told(capsys):
    for answer, words in (
        (lambda: exercises.converted(0.001), "other way round"),
        (lambda: exercises.memory(10), "63 %"),
        (lambda: exercises.best_pair([9 / 11, 0.1, 9 / 11]), "square of the factor"),
        (lambda: exercises.turn(0.3217505544), "angle a step"),
        (lambda: exercises.adagrad_steps(lambda g: -0.1 * g / (np.cumsum(g**2, axis=0) + 1e-8)), "root"),
        (lambda: exercises.second_step(-0.01 / 0.19), "sign"),
        (lambda: exercises.rare_ratio(25), "root"),
        (lambda: exercises.converted(1.0), "twice"),
        (lambda: exercises.memory(28.4), "whole gradients"),
        (lambda: exercises.best_pair([0.961, 0.1, 0.98]), "made of κ"),
        (lambda: exercises.best_pair([0.669, 0.0198, 0.818]), "best η of plain descent"),
        (lambda: exercises.second_step(0.224), "neither average"),
        (lambda: exercises.second_step(0.526), "g₁ is forgotten"),
        (
            lambda: exercises.adagrad_steps(lambda g: -0.1 * g / (np.sqrt(np.cumsum(g**2, axis=1)) + 1e-8)),
            "axis=0",
        ),
        (
            lambda: exercises.adagrad_steps(lambda g: -0.1 * g / (np.sqrt((g**2).sum(axis=0)) + 1e-8)),
            "running sum",
        ),
        (lambda: exercises.cycle([0, 0, 0]), "Nesterov"),
        (lambda: exercises.cycle([-1.80, 0.647, 2.12]), ": right"),
        (lambda: exercises.drift(1.0), "sum of the gradients"),
    ):
        answer()
        assert words in capsys.readouterr().out


@pytest.mark.parametrize("beta1", [0.5, 0.9])
def test_changing_rates_do_not_outrun_the_memory(beta1):
    # a step as a matrix on (error, u) has the determinant β₁ whatever the rate, and the roots stay at √β₁
    rng = np.random.default_rng(0)
    product = np.eye(2)
    for k in range(1, 41):
        rate = rng.uniform(0.01, 5)
        step = np.array([[1 - rate * (1 - beta1), -rate * beta1], [1 - beta1, beta1]])
        product = step @ product
        assert np.linalg.norm(product, 2) >= beta1 ** (k / 2) * (1 - 1e-9)
    assert_allclose(np.linalg.det(product), beta1**40, rtol=1e-6)


def test_costs_by_rate_holds_what_diverges():
    starts = np.array([(1.0, 1.0), (2.0, 3.0)])
    costs = costs_by_rate({"SGD": SGD}, valley_grad, valley, starts, 150, [0.1, 1.0])["SGD"]
    assert costs.shape == (2, 2) and costs[0, 0] == 0 and np.isfinite(costs[0]).all()
    assert np.isinf(costs[1, 1])
