"""The equations on optimisation, each against something that does not share its origin."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import optimize

from mlcore import (
    SGD,
    Adagrad,
    Adam,
    LeastSquares,
    LogisticNLL,
    Momentum,
    Objective,
    RMSProp,
    lbfgs,
    minibatches,
    minimise,
    newton,
)
from mlcore._numerics.descent import line_search
from mlcore.optimisers import two_loop_recursion

SEEDS = range(4)


def numeric_gradient(f, theta, h=1e-6):
    return np.array([(f(theta + h * e) - f(theta - h * e)) / (2 * h) for e in np.eye(len(theta))])


def data(seed, m=25, d=3):
    """A design with its column of ones, and targets."""
    rng = np.random.default_rng(seed)
    A = np.column_stack((np.ones(m), rng.normal(size=(m, d)) @ rng.normal(size=(d, d))))
    return A, A @ rng.normal(size=d + 1) + rng.normal(size=m)


def labels(seed):
    A, y = data(seed)
    return A, (y > np.median(y)).astype(float)


def steps(rule, gradients):
    """The steps that a rule makes of gradients (n, 2)."""
    state, made = rule.init(np.zeros(2)), []
    for g in gradients:
        step, state = rule.update(g, state)
        made.append(step.copy())
    return np.array(made)


def random_gradients(seed, n=30):
    return np.random.default_rng(seed).normal(size=(n, 2)) * [1, 100]


def valley(theta):
    return (theta[0] ** 2 - theta[1]) ** 2 / 2 + (theta[0] - 1) ** 2 / 2


class Valley(Objective):
    def taylor(self, theta):
        a, b = theta
        yield valley(theta)
        yield np.array([2 * a * (a**2 - b) + a - 1, b - a**2])


@pytest.mark.equation("eq-gradient-descent")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_step_goes_against_the_slope_that_differences_measure(seed):
    A, y = data(seed)
    J, theta = LeastSquares(A[:, 1:], y), np.random.default_rng(seed).normal(size=4)
    expected = theta - 1e-3 * numeric_gradient(lambda t: np.sum((y - A @ t) ** 2), theta)
    found = minimise(J, theta, SGD(1e-3), steps=1)
    assert_allclose(found.theta, expected, rtol=1e-5)
    assert found.history[1] < found.history[0]


@pytest.mark.equation("eq-stability-bound")
@pytest.mark.parametrize("seed", SEEDS)
def test_error_shrinks_along_each_eigenvector_by_its_factor_up_to_the_bound(seed):
    A, y = data(seed)
    best, H = np.linalg.lstsq(A, y, rcond=None)[0], 2 * A.T @ A
    eigenvalues, V = np.linalg.eigh(H)
    J, theta = LeastSquares(A[:, 1:], y), best + V @ np.ones(4)
    assert_allclose(J.max_curvature(), eigenvalues[-1], rtol=1e-10)
    for part in (0.3, 1.0, 1.99, 2.01):
        eta = part / eigenvalues[-1]
        after = theta - eta * J.grad(theta)
        assert_allclose(V.T @ (after - best), (1 - eta * eigenvalues) * (V.T @ (theta - best)), atol=1e-9)
        error = theta - best
        for _ in range(4000):
            error = error - eta * H @ error
        assert (np.linalg.norm(error) < np.linalg.norm(theta - best)) == (part < 2)
        assert np.all(np.abs(1 - eta * eigenvalues) < 1) == (part < 2)


@pytest.mark.equation("eq-valley")
def test_the_valley_its_derivatives_and_the_two_rates_of_the_deck():
    rng = np.random.default_rng(0)
    for theta in rng.normal(size=(10, 2)) * 2:
        assert_allclose(Valley().grad(theta), numeric_gradient(valley, theta), atol=1e-6)
    h = np.array(
        [
            numeric_gradient(lambda t, j=j: numeric_gradient(valley, t, 1e-4)[j], np.ones(2), 1e-4)
            for j in (0, 1)
        ]
    )
    assert_allclose(h, [[5, -2], [-2, 1]], atol=1e-6)
    assert_allclose(np.linalg.eigvalsh([[5, -2], [-2, 1]])[-1], 3 + 2 * np.sqrt(2), rtol=1e-12)
    assert_allclose(optimize.minimize(valley, [0, 0], method="BFGS").x, 1, atol=1e-4)
    slow, fast = (minimise(Valley(), [0.0, 0.0], SGD(eta), steps=200, tol=0) for eta in (0.1, 0.6))
    assert_allclose(slow.theta, 1, atol=0.05)
    assert np.abs(slow.theta - 1).max() > 1e-3  # after 200 steps: too slow
    assert fast.history[-20:].min() > 1e-3  # the minimum throws it out again


@pytest.mark.equation("eq-quadratic-model")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_model_is_right_to_third_order(seed):
    A, y = labels(seed)
    J, rng = LogisticNLL(A[:, 1:], y, 0.3), np.random.default_rng(seed)
    theta, p = rng.normal(size=4), rng.normal(size=4)
    value, g, H = J.taylor(theta)

    def error(t):
        return J.value(theta + t * p) - (value + t * g @ p + t**2 * p @ H @ p / 2)

    assert abs(error(0.01) / error(0.02) * 8 - 1) < 0.1  # a cubic remainder


@pytest.mark.equation("eq-newton-step")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_newton_step_ends_where_the_model_is_lowest(seed):
    A, y = labels(seed)
    J, theta = LogisticNLL(A[:, 1:], y, 1.0), np.full(4, 0.1)
    _value, g, H = J.taylor(theta)
    lowest = optimize.minimize(
        lambda p: g @ p + p @ H @ p / 2, np.zeros(4), method="BFGS", options={"gtol": 1e-9}
    ).x
    found = newton(J, theta, steps=1).theta - theta
    t = found @ lowest / (lowest @ lowest)  # the safeguard may double a step
    assert_allclose(found, t * lowest, rtol=1e-5)
    assert min(abs(t - length) for length in (1, 2, 4)) < 1e-5
    assert_allclose(g + H @ lowest, 0, atol=1e-6)


@pytest.mark.equation("eq-newton-least-squares")
@pytest.mark.parametrize("seed", SEEDS)
def test_one_newton_step_from_anywhere_is_the_least_squares_fit(seed):
    A, y = data(seed)
    start = np.random.default_rng(seed).normal(size=4) * 50
    step = start - np.linalg.inv(2 * A.T @ A) @ (2 * A.T @ (A @ start - y))
    assert_allclose(step, np.linalg.lstsq(A, y, rcond=None)[0], rtol=1e-8)
    assert_allclose(newton(LeastSquares(A[:, 1:], y), start, steps=1).theta, step, rtol=1e-8)


@pytest.mark.equation("eq-stochastic-gradient")
def test_the_gradients_of_all_batches_average_to_the_gradient():
    A, y = labels(0)
    theta, B, m = np.random.default_rng(1).normal(size=4), 2, 6
    A, y = A[:m], y[:m]
    batches = [(i, j) for i in range(m) for j in range(m) if i != j]
    mean = np.mean([m / B * LogisticNLL(A[list(b), 1:], y[list(b)]).grad(theta) for b in batches], axis=0)
    assert_allclose(mean, LogisticNLL(A[:, 1:], y).grad(theta), rtol=1e-12)
    # and so do those that minibatches draws, within the noise of 3000 epochs
    rng = np.random.default_rng(2)
    drawn = [
        m / B * LogisticNLL(A[rows, 1:], y[rows]).grad(theta)
        for _ in range(1000)
        for rows in list(minibatches(m, B, rng))[:1]
    ]
    deviation = np.std(drawn, axis=0) / np.sqrt(1000)
    assert np.all(np.abs(np.mean(drawn, axis=0) - mean) < 4 * deviation)


@pytest.mark.equation("eq-sgd-noise")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_stochastic_step_is_the_wanted_one_and_noise_of_mean_zero(seed):
    A, y = data(seed)
    theta, eta, m = np.random.default_rng(seed).normal(size=4), 0.01, len(y)
    wanted = theta - eta * LeastSquares(A[:, 1:], y).grad(theta)
    made = [theta + steps_of_one_row(A, y, theta, i, eta * m) for i in range(m)]
    noise = [
        eta * (LeastSquares(A[:, 1:], y).grad(theta) - m * LeastSquares(A[[i], 1:], y[[i]]).grad(theta))
        for i in range(m)
    ]
    assert_allclose(made, wanted + np.array(noise), rtol=1e-9, atol=1e-9)
    assert_allclose(np.mean(noise, axis=0), 0, atol=1e-10)
    assert np.abs(noise).max() > 0.01


def steps_of_one_row(A, y, theta, i, eta):
    return -eta * 2 * (A[i] @ theta - y[i]) * A[i]


@pytest.mark.equation("eq-step-conditions")
def test_rates_that_meet_the_conditions_settle_and_others_do_not():
    # the mean of noisy numbers by stochastic descent on ½(θ − x)², true answer 0, start at 5
    def end(rate, n=40_000):
        rng, theta, last = np.random.default_rng(0), 5.0, []
        for k in range(1, n + 1):
            theta -= rate(k) * (theta - rng.normal())
            if k > n - 2000:
                last.append(theta)
        return np.sqrt(np.mean(np.square(last)))

    assert end(lambda k: 1 / k) < 0.02
    assert end(lambda k: 0.3) > 0.3  # Σ η² = ∞: the noise stays
    assert end(lambda k: 0.3 / k**2) > 2  # Σ η < ∞: it stops on the way
    n = np.arange(1, 10**6 + 1)
    assert np.sum(1 / n) > 14 and np.sum(1 / n**2.0) < np.pi**2 / 6


@pytest.mark.equation("eq-sgd")
@pytest.mark.parametrize("batch", [1, 7, 25, 100])
def test_one_epoch_of_each_batch_size_written_out(batch):
    A, y = data(0)
    theta, path, rule = np.zeros(4), np.zeros(4), SGD(0.003)
    state = rule.init(path)
    for rows in minibatches(25, batch, np.random.default_rng(3)):
        for_all = np.zeros(4)
        for i in rows:
            for_all += (y[i] - A[i] @ theta) * A[i]
        theta = theta + 2 * 0.003 * for_all
        step, state = rule.update(LeastSquares(A[rows, 1:], y[rows]).grad(path), state)
        path += step
    assert_allclose(path, theta, rtol=1e-10)
    if batch >= 25:  # one full batch is steepest descent
        assert_allclose(path, -0.003 * LeastSquares(A[:, 1:], y).grad(np.zeros(4)), rtol=1e-10)


@pytest.mark.equation("eq-momentum", "eq-heavy-ball")
@pytest.mark.parametrize("alpha", [0.0, 0.5, 0.9])
def test_both_forms_of_momentum_make_the_same_steps(alpha):
    gradients, eta = random_gradients(0), 0.1
    theta, before, slides = np.zeros(2), np.zeros(2), []
    for g in gradients:  # as Peeters's slides write it, in θ and not in steps
        theta, before = theta + alpha * (theta - before) + (1 - alpha) * (-eta * g), theta
        slides.append(theta - before)
    ball, velocity = [], np.zeros(2)
    for g in gradients:
        velocity = alpha * velocity - (1 - alpha) * eta * g
        ball.append(velocity)
    ours = steps(Momentum(eta, alpha), gradients)
    assert_allclose(ours, slides, rtol=1e-9, atol=1e-10)
    assert_allclose(ours, ball, rtol=1e-9, atol=1e-10)
    constant = steps(Momentum(eta, alpha), np.ones((500, 2)))
    assert_allclose(constant[-1], -eta, rtol=1e-9)


@pytest.mark.equation("eq-adagrad")
def test_adagrad_by_hand_and_against_the_printed_form():
    gradients, eta, epsilon = random_gradients(1), 0.1, 1e-3
    expected = [
        [-eta / (np.sqrt(sum(g**2 for g in column[: k + 1])) + epsilon) * column[k] for column in gradients.T]
        for k in range(30)
    ]
    assert_allclose(steps(Adagrad(eta, epsilon), gradients), expected, rtol=1e-12)
    # the root makes steps independent of the unit of the cost; without it they are not
    assert_allclose(
        steps(Adagrad(eta, 1e-300), 10 * gradients), steps(Adagrad(eta, 1e-300), gradients), rtol=1e-12
    )
    printed = -eta / np.cumsum(gradients**2, axis=0) * gradients
    assert not np.allclose(printed, expected)


@pytest.mark.equation("eq-rmsprop")
def test_rmsprop_by_its_weights_written_out():
    gradients, eta, rho, epsilon = random_gradients(2), 0.1, 0.8, 1e-3
    expected = []
    for k in range(30):
        weights = (1 - rho) * rho ** np.arange(k, -1, -1.0)
        v = weights @ gradients[: k + 1] ** 2
        expected.append(-eta * gradients[k] / (np.sqrt(v) + epsilon))
    assert_allclose(steps(RMSProp(eta, rho, epsilon), gradients), expected, rtol=1e-12)


@pytest.mark.equation("eq-adam", "eq-adam-bias")
def test_adam_by_its_weights_written_out():
    gradients, (eta, b1, b2, epsilon) = random_gradients(3), (0.1, 0.8, 0.95, 1e-3)
    expected = []
    for k in range(1, 31):
        w1, w2 = (b ** np.arange(k - 1, -1, -1.0) for b in (b1, b2))
        assert_allclose((1 - b1) * w1.sum(), 1 - b1**k, rtol=1e-12)
        recursive = 0.0
        for g in gradients[:k]:
            recursive = b1 * recursive + (1 - b1) * g
        assert_allclose((1 - b1) * w1 @ gradients[:k], recursive, rtol=1e-10)
        u, v = w1 @ gradients[:k] / w1.sum(), w2 @ gradients[:k] ** 2 / w2.sum()  # true weighted means
        expected.append(-eta * u / (np.sqrt(v) + epsilon))
    assert_allclose(steps(Adam(eta, b1, b2, epsilon), gradients), expected, rtol=1e-11)
    assert_allclose(np.abs(steps(Adam(0.01), gradients)[0]), 0.01, rtol=1e-6)  # so the first step is η
    assert_allclose((1 - 0.9) / np.sqrt(1 - 0.999), 3.16, atol=0.005)


def pairs(seed, n=5, k=3):
    """Steps and turns of a quadratic, oldest first, and a starting guess."""
    rng = np.random.default_rng(seed)
    B = rng.normal(size=(n, n))
    S = rng.normal(size=(k, n))
    return [(s, (B @ B.T + np.eye(n)) @ s) for s in S], np.diag(rng.uniform(0.5, 2, size=n))


@pytest.mark.equation("eq-lbfgs-secant", "eq-lbfgs-update")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_two_loops_are_the_matrix_updates(seed):
    taught, guess = pairs(seed)
    M = guess
    for s, r in taught:
        gamma = 1 / (r @ s)
        left = np.eye(5) - gamma * np.outer(s, r)
        M = left @ M @ left.T + gamma * np.outer(s, s)
        assert_allclose(M @ r, s, rtol=1e-9)
        assert_allclose(M, M.T, atol=1e-12)
        assert np.linalg.eigvalsh(M)[0] > 0
    g = np.random.default_rng(seed + 1).normal(size=5)
    ours = two_loop_recursion(g, [(s, r, 1 / (r @ s)) for s, r in taught], lambda v: guess @ v)
    assert_allclose(ours, M @ g, rtol=1e-9)


@pytest.mark.equation("eq-lbfgs-update")
def test_no_symmetric_matrix_with_the_secant_property_is_closer():
    # closer in the norm in which BFGS is the least change: ‖W^½(M′ − M)W^½‖ with any W for which W s = r
    taught, M = pairs(0, n=4, k=1)
    s, r = taught[0]
    rng = np.random.default_rng(0)
    W = np.outer(r, r) / (r @ s)
    P = rng.normal(size=(4, 4))
    P -= np.outer(P @ s, s) / (s @ s)
    W = W + P.T @ P  # symmetric, W s = r
    gamma = 1 / (r @ s)
    left = np.eye(4) - gamma * np.outer(s, r)
    best = left @ M @ left.T + gamma * np.outer(s, s)

    def distance(N):
        return np.trace(W @ (N - M) @ W @ (N - M))

    for _ in range(100):
        E = rng.normal(size=(4, 4))
        E = E + E.T
        Q = np.eye(4) - np.outer(r, r) / (r @ r)
        assert distance(best + 0.3 * Q @ E @ Q) >= distance(best) * (1 - 1e-10)


@pytest.mark.equation("eq-wolfe")
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("scale", [1e-6, 0.1, 1.0, 100.0])
def test_every_length_meets_both_conditions_and_keeps_the_curvature_positive(seed, scale):
    A, y = labels(seed)
    J, theta = LogisticNLL(A[:, 1:], y, 0.1), np.random.default_rng(seed).normal(size=4)
    value, g = J.value_and_grad(theta)
    p = -scale * g
    t, new, grad = line_search(J, theta, value, p, p @ g)
    f = LogisticNLL(A[:, 1:], y, 0.1).value
    assert f(theta + t * p) <= f(theta) + 1e-4 * t * p @ numeric_gradient(f, theta) + 1e-9
    assert p @ numeric_gradient(f, theta + t * p) >= 0.9 * p @ numeric_gradient(f, theta) - 1e-6 * scale
    assert (t * p) @ (grad - g) > 0 and new == J.value(theta + t * p)
    assert lbfgs(J, theta).converged
