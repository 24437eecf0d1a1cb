"""The equations of the chapter on training."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import minimize_scalar
from scipy.special import expit
from scipy.stats import norm

from mlcore import Adam, LogisticRegression, MLPClassifier, MLPRegressor, Momentum
from mlcore.exercises import training as exercises
from mlcore.explore.chapters.training import (
    fit_together,
    follow,
    follow_rates,
    random_features,
    train_stack,
    train_together,
)
from mlcore.gradcheck import numerical_gradient
from mlcore.layers import ReLU, Tanh, sigmoid_cross_entropy, softmax_cross_entropy, squared_error
from mlcore.mlp import backward_pass, forward_pass, train_network

SEEDS = range(3)


def network(rng, sizes):
    return [(rng.normal(size=(p, q)), rng.normal(size=q)) for p, q in zip(sizes, sizes[1:])]


def by_hand(theta, x):
    """The output for one example, unit by unit."""
    for l, (W, b) in enumerate(theta):
        z = [sum(x[k] * W[k, o] for k in range(len(x))) + b[o] for o in range(len(b))]
        x = [np.tanh(v) for v in z] if l < len(theta) - 1 else z
    return np.array(x)


@pytest.mark.equation("eq-network-cost", "eq-network-step")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_step_on_all_examples_goes_down_the_cost_that_is_printed(seed):
    rng = np.random.default_rng(seed)
    theta, X, Y = network(rng, (3, 4, 2)), rng.normal(size=(6, 3)), rng.normal(size=(6, 2))
    delta, eta, m = 0.8, 0.03, 6

    def J(flat):
        W1, b1, W2, b2 = np.split(flat, np.cumsum([12, 4, 8]))
        pairs = [(W1.reshape(3, 4), b1), (W2.reshape(4, 2), b2)]
        cost = sum(np.sum((by_hand(pairs, x) - y) ** 2) for x, y in zip(X, Y))
        return cost + delta**2 * (W1 @ W1 + W2 @ W2)

    flat = np.concatenate([np.ravel(a) for pair in theta for a in pair])
    after = train_network(
        theta, X, Y, Tanh(), squared_error, eta=eta, batch=m, epochs=1, rng=rng, delta=delta
    )
    moved = np.concatenate([np.ravel(a) for pair in after for a in pair])
    assert_allclose(moved, flat - eta / m * numerical_gradient(J, flat), rtol=1e-6, atol=1e-8)


@pytest.mark.equation("eq-network-step")
def test_without_a_gradient_the_weights_shrink_by_the_factor_and_biases_stay():
    rng = np.random.default_rng(0)
    theta, X = network(rng, (3, 4, 2)), rng.normal(size=(20, 3))

    def silent(Z, Y):
        return 0.0, np.zeros_like(Z)

    how = {"eta": 0.1, "batch": 5, "epochs": 2, "rng": rng, "delta": 3.0}
    after = train_network(theta, X, np.zeros((20, 2)), ReLU(), silent, **how)
    for (W, b), (V, c) in zip(theta, after):
        assert_allclose(V, W * (1 - 2 * 0.1 * 9 / 20) ** 8, rtol=1e-12)
        assert_allclose(c, b)


@pytest.mark.equation("eq-batch-rows", "eq-batch-outer")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_batch_is_its_examples(seed):
    rng = np.random.default_rng(seed)
    theta, X, Y = network(rng, (3, 5, 2)), rng.normal(size=(7, 3)), rng.dirichlet([1, 1], 7)
    Z, A = forward_pass(theta, X, Tanh())
    assert_allclose(Z[-1], [by_hand(theta, x) for x in X], rtol=1e-12)
    grads = backward_pass(theta, Z, A, softmax_cross_entropy(Z[-1], Y)[1], Tanh())
    alone = []
    for x, y in zip(X, Y):
        z, a = forward_pass(theta, x[None], Tanh())
        alone.append(backward_pass(theta, z, a, softmax_cross_entropy(z[-1], y[None])[1], Tanh()))
    for l in (0, 1):
        assert_allclose(grads[l][0], sum(g[l][0] for g in alone), rtol=1e-10, atol=1e-12)
        assert_allclose(grads[l][1], sum(g[l][1] for g in alone), rtol=1e-10, atol=1e-12)
    last = softmax_cross_entropy(Z[-1], Y)[1]
    assert_allclose(grads[1][0], sum(np.outer(a, d) for a, d in zip(A[1], last)), rtol=1e-10, atol=1e-12)
    assert_allclose(grads[1][1], last.T @ np.ones(7), rtol=1e-10, atol=1e-12)


@pytest.mark.equation("eq-network-logistic")
def test_without_a_hidden_layer_the_cost_is_the_logistic_one_and_so_is_the_minimum():
    rng = np.random.default_rng(4)
    X, y = rng.normal(size=(60, 3)), rng.integers(2, size=60)
    w, b, delta = rng.normal(size=3), 0.3, 0.7
    p = expit(X @ w + b)
    likelihood = np.prod(np.where(y == 1, p, 1 - p))
    Z = forward_pass([(w[:, None], np.array([b]))], X, ReLU())[0][-1]
    printed = np.sum(np.log1p(np.exp(Z[:, 0])) - y * Z[:, 0]) + delta**2 * w @ w
    assert_allclose(printed, -np.log(likelihood) + delta**2 * w @ w, rtol=1e-12)
    assert_allclose(sigmoid_cross_entropy(Z, y[:, None])[0] + delta**2 * w @ w, printed, rtol=1e-12)
    net = MLPClassifier(
        hidden=(), optimiser=Momentum(5, 0.9), batch=60, epochs=1500, delta=delta, random_state=0
    )
    ((W, c),) = net.fit(X, y).theta_
    assert_allclose(np.append(c, W[:, 0]), LogisticRegression(delta=delta).fit(X, y).theta_, rtol=1e-8)


@pytest.mark.equation("eq-network-nll")
@pytest.mark.parametrize("seed", SEEDS)
def test_squared_error_is_the_gaussian_likelihood(seed):
    rng = np.random.default_rng(seed)
    y, y_hat, sigma = rng.normal(size=8), rng.normal(size=8), 0.6
    printed = np.sum((y - y_hat) ** 2) / (2 * sigma**2) + 4 * np.log(2 * np.pi * sigma**2)
    assert_allclose(printed, -norm(y_hat, sigma).logpdf(y).sum(), rtol=1e-12)


@pytest.mark.equation("eq-early-step", "eq-early-coordinate", "eq-early-path")
@pytest.mark.parametrize("seed", SEEDS)
def test_descent_from_zero_keeps_the_printed_share(seed):
    rng = np.random.default_rng(seed)
    F, y = rng.normal(size=(12, 4)), rng.normal(size=12)
    U, s, Vt = np.linalg.svd(F, full_matrices=False)
    eta, theta = 0.3 * 12 / s[0] ** 2, np.zeros(4)
    for k in range(1, 30):
        before = Vt @ theta - U.T @ y / s
        slope = numerical_gradient(lambda v: np.sum((y - F @ v) ** 2) / 12, theta)
        theta = theta - 2 * eta / 12 * F.T @ (F @ theta - y)
        assert_allclose(2 / 12 * F.T @ (F @ (Vt.T @ (before + U.T @ y / s)) - y), slope, rtol=1e-6, atol=1e-7)
        assert_allclose(Vt @ theta - U.T @ y / s, (1 - 2 * eta * s**2 / 12) * before, rtol=1e-9, atol=1e-12)
        share = 1 - (1 - 2 * eta * s**2 / 12) ** k
        assert_allclose(theta, Vt.T @ (share * (U.T @ y) / s), rtol=1e-9, atol=1e-12)


@pytest.mark.equation("eq-early-ridge")
def test_short_steps_keep_what_ridge_keeps_where_q_is_small_and_one_minus_exp_elsewhere():
    rng = np.random.default_rng(1)
    F, y, k, m = rng.normal(size=(20, 5)) * [9, 3, 1, 0.1, 0.01], rng.normal(size=20), 4000, 20
    U, s, Vt = np.linalg.svd(F, full_matrices=False)
    eta, theta = 1e-3 * m / s[0] ** 2, np.zeros(5)
    for _ in range(k):
        theta = theta - 2 * eta / m * F.T @ (F @ theta - y)
    delta2 = m / (2 * eta * k)
    ridge = np.linalg.solve(F.T @ F + delta2 * np.eye(5), F.T @ y)
    q = s**2 / delta2
    goal = U.T @ y / s
    assert_allclose(Vt @ theta / goal, 1 - np.exp(-q), rtol=3e-3)
    assert_allclose(Vt @ ridge / goal, q / (1 + q), rtol=1e-6)
    assert_allclose((Vt @ theta / (Vt @ ridge))[q < 1e-3], 1, rtol=1e-3)


@pytest.mark.equation("eq-early-gap")
def test_the_two_shares_differ_by_less_than_a_fifth_and_a_bit():
    q = np.concatenate(([0.0], np.geomspace(1e-6, 1e6, 20_001)))
    gap = (1 - np.exp(-q)) - q / (1 + q)
    assert np.all(gap >= -1e-15) and gap.max() < 0.21
    assert_allclose(gap, 1 / (1 + q) - np.exp(-q), atol=1e-15)
    top = minimize_scalar(lambda v: np.exp(-v) - 1 / (1 + v), bounds=(0, 10), method="bounded")
    assert 0.20 < -top.fun < 0.21


def test_follow_is_one_training_looked_at_several_times():
    rng = np.random.default_rng(0)
    theta, X, Y = network(rng, (2, 3, 1)), rng.normal(size=(9, 2)), rng.normal(size=(9, 1))
    how = {"eta": 0.01, "batch": 4}
    kept = follow(theta, X, Y, Tanh(), squared_error, [0, 2, 5], rng=np.random.default_rng(1), **how)
    at_once = train_network(theta, X, Y, Tanh(), squared_error, epochs=5, rng=np.random.default_rng(1), **how)
    assert kept[0][0][0] is theta[0][0]
    assert_allclose(kept[5][1][0], at_once[1][0], rtol=1e-12)


@pytest.mark.parametrize("loss", [squared_error, softmax_cross_entropy])
def test_runs_side_by_side_end_where_each_ends_alone(loss):
    rng = np.random.default_rng(0)
    starts = [network(rng, (2, 4, 3)) for _ in range(3)]
    X, Y = rng.normal(size=(9, 2)), np.eye(3)[[0, 1, 2] * 3]
    how, eta, delta = {"batch": 4, "epochs": 5}, [0.01, 0.1, 0.3], [0, 1, 0.5]
    rngs = [np.random.default_rng(s) for s in range(3)]
    together = train_together(starts, X, Y, Tanh(), loss, eta=eta, delta=delta, rngs=rngs, **how)
    for s, ends in enumerate(together):
        rng = np.random.default_rng(s)
        alone = train_network(starts[s], X, Y, Tanh(), loss, eta=eta[s], delta=delta[s], rng=rng, **how)
        for got, wanted in zip(ends, alone, strict=True):
            assert_allclose(got[0], wanted[0], rtol=1e-10)
            assert_allclose(got[1], wanted[1], rtol=1e-10, atol=1e-14)


def test_rates_side_by_side_are_followed_as_each_alone():
    rng = np.random.default_rng(0)
    theta, X, Y = network(rng, (2, 3, 1)), rng.normal(size=(9, 2)), rng.normal(size=(9, 1))
    runs = follow_rates(theta, X, Y, Tanh(), squared_error, [0, 2, 5], [0.01, 0.1], batch=4, seed=1)
    for eta, run in runs.items():
        rng = np.random.default_rng(1)
        alone = follow(theta, X, Y, Tanh(), squared_error, [0, 2, 5], eta=eta, batch=4, rng=rng)
        for epoch in (0, 2, 5):
            assert_allclose(run[epoch][0][0], alone[epoch][0][0], rtol=1e-10)


@pytest.mark.parametrize("K", [0, 2, 3])
@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("stop", [{}, {"early_stopping": True, "patience": 2, "validation": 0.2}])
def test_estimators_side_by_side_are_those_that_fit_alone(K, own, stop):
    rng, kind = np.random.default_rng(0), MLPClassifier if K else MLPRegressor
    X, y = rng.normal(size=(3, 41, 2)), rng.normal(size=(3, 41))
    y = rng.integers(K, size=(3, 41)) if K else y
    X, y = (X, y) if own else (X[0], y[0])

    def nets():
        how = {"hidden": (5,), "optimiser": Adam(0.03), "batch": 9, "epochs": 12, **stop}
        return [kind(delta=0.4 * s, random_state=s, **how) for s in range(3)]

    for s, (got, net) in enumerate(zip(fit_together(nets(), X, y), nets(), strict=True)):
        net.fit(*(X[s], y[s]) if own else (X, y))
        assert_allclose(got.network_.theta, net.network_.theta, rtol=1e-8, atol=1e-10)
        assert_allclose(got.predict(X.reshape(-1, 2)), net.predict(X.reshape(-1, 2)), rtol=1e-6)


def test_networks_side_by_side_fit_as_well_as_one_and_do_not_touch_each_other():
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(3, 15, 2)), rng.normal(size=(3, 15, 1))
    predict = train_stack(X, Y, 40, 1500, 0.01, np.random.default_rng(1))
    assert np.mean((predict(X) - Y) ** 2) < 1e-2
    Y2 = Y.copy()
    Y2[1] += 1
    other = train_stack(X, Y2, 40, 1500, 0.01, np.random.default_rng(1))
    assert_allclose(other(X)[[0, 2]], predict(X)[[0, 2]], rtol=1e-9)


def test_random_features_are_the_same_for_all_examples():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(6, 3))
    features = random_features(X, 5, rng)
    assert features(X).shape == (6, 5) and features(X).min() == 0
    assert_allclose(features(X)[2:4], features(X[2:4]))


def told(capsys, ask, answer):
    ask(answer)
    return capsys.readouterr().out


def test_the_checks_of_the_exercises_take_what_is_right_and_tell_the_mistakes(capsys):
    for right in (lambda rows, n: rows[n:], lambda rows, n: np.setdiff1d(rows, rows[:n])):
        assert "right" in told(capsys, exercises.apart, right)
    assert "still share" in told(capsys, exercises.apart, lambda rows, n: rows[: len(rows) - n])
    assert "nothing to check" in told(capsys, exercises.apart, lambda rows, n: None)
    assert "a function is wanted" in told(capsys, exercises.apart, 3)
    assert ": right" in told(capsys, exercises.shrink, 0.9046)
    assert ": right" not in told(capsys, exercises.shrink, 0.905)
    assert "run from 0 to 19" in told(capsys, exercises.seen, 21)
    assert "already ended" in told(capsys, exercises.patience, [6, 3])
    assert ": right" in told(capsys, exercises.patience, (5, 3))
