"""The equations of the chapter on networks on what networks can represent."""

from copy import deepcopy

import mpmath
import numpy as np
import pytest
from numpy.testing import assert_allclose

from mlcore import MLPRegressor
from mlcore.explore.chapters.networks import bump, ramp_network, step_network
from mlcore.layers import Linear, ReLU, Sequential, Sigmoid, Tanh
from mlcore.mlp import forward_pass

SEEDS = range(3)


def run(theta, X, activation):
    return forward_pass(theta, X, activation)[0][-1]


@pytest.mark.equation("eq-network-size")
@pytest.mark.parametrize("widths", [(2, 2, 1), (64, 32, 10), (3, 5, 4, 2)])
def test_number_of_parameters(widths):
    rng, layers = np.random.default_rng(0), []
    for n_in, n_out in zip(widths, widths[1:]):
        layers += [Linear(n_in, n_out, rng), ReLU()]
    P = sum((n_in + 1) * n_out for n_in, n_out in zip(widths, widths[1:]))
    assert Sequential(layers[:-1]).theta.size == P


@pytest.mark.equation("eq-identity-bias")
@pytest.mark.parametrize("seed", SEEDS)
def test_two_layers_with_biases_and_no_activation_are_one(seed):
    rng = np.random.default_rng(seed)
    first, second = Linear(4, 3, rng), Linear(3, 2, rng)
    first.b[:], second.b[:] = rng.normal(size=3), rng.normal(size=2)
    X = rng.normal(size=(6, 4))
    intercept = second(first(np.zeros((1, 4))))  # what becomes of nothing
    slopes = second(first(np.eye(4))) - intercept
    assert_allclose(slopes, first.W @ second.W, rtol=1e-10, atol=1e-12)
    assert_allclose(intercept[0], first.b @ second.W + second.b, rtol=1e-12)
    assert_allclose(second(first(X)), X @ (first.W @ second.W) + first.b @ second.W + second.b, rtol=1e-10)


@pytest.mark.equation("eq-xor-hidden")
def test_hidden_values_of_xor():
    X = [(0, 0), (0, 1), (1, 0), (1, 1)]
    hidden = [(max(0, a + b), max(0, a + b - 1)) for a, b in X]
    assert hidden == [(0, 0), (1, 0), (1, 0), (2, 1)]
    assert [p - 2 * q for p, q in hidden] == [a ^ b for a, b in X]
    theta = [(np.ones((2, 2)), np.array([0.0, -1])), (np.array([[1.0], [-2]]), np.zeros(1))]
    Z, A = forward_pass(theta, np.array(X, dtype=float), ReLU())
    assert A[1].tolist() == [list(row) for row in hidden]
    assert Z[-1][:, 0].tolist() == [0, 1, 1, 0]


CURVES = [  # f, bounds of |f′| and |f″| on [0, 1]
    (lambda x: np.sin(2 * np.pi * x) + x / 2, 2 * np.pi + 0.5, 4 * np.pi**2),
    (np.exp, np.e, np.e),
    (lambda x: 1 / (1 + x), 1.0, 2.0),
]


@pytest.mark.equation("eq-steps", "eq-steps-error")
@pytest.mark.parametrize("f, M, _", CURVES)
@pytest.mark.parametrize("n", [2, 3, 7, 20])
def test_steps(f, M, _, n):
    x = np.setdiff1d(np.linspace(0, 1, 5000), np.arange(n + 1) / n)
    middle = (np.floor(x * n) + 0.5) / n  # of the piece in which x lies
    total = f(np.array(0.5 / n)) + sum(
        (f(np.array((k + 0.5) / n)) - f(np.array((k - 0.5) / n))) * (x > k / n) for k in range(1, n)
    )
    assert_allclose(total, f(middle), rtol=1e-10, atol=1e-12)
    assert np.abs(f(x) - total).max() <= M / (2 * n)
    far = np.abs(x * n - np.round(x * n)) > 0.25
    by_network = run(step_network(f, n, sharp=200.0), x[:, None], Sigmoid())[:, 0]
    assert_allclose(by_network[far], total[far], rtol=1e-9, atol=1e-9)


@pytest.mark.equation("eq-steps-error")
def test_no_smaller_bound_holds_for_steps():
    x = np.array([0.2499999])  # the end of a piece, for the line with slope 3
    assert_allclose(np.abs(3 * x - 3 * 0.125), 3 / (2 * 4), rtol=1e-5)


@pytest.mark.equation("eq-ramps", "eq-ramps-error")
@pytest.mark.parametrize("f, _, M2", CURVES)
@pytest.mark.parametrize("n", [1, 2, 5, 20])
def test_ramps(f, _, M2, n):
    x, knot = np.linspace(0, 1, 4001), np.arange(n + 1) / n
    by_network = run(ramp_network(f, n), x[:, None], ReLU())[:, 0]
    assert_allclose(by_network, np.interp(x, knot, f(knot)), rtol=1e-9, atol=1e-9)
    assert np.abs(f(x) - by_network).max() <= M2 / (8 * n**2) * (1 + 1e-9)


@pytest.mark.equation("eq-ramps-error")
@pytest.mark.parametrize("n", [1, 4, 9])
def test_a_parabola_reaches_the_bound_of_ramps(n):
    x = np.linspace(0, 1, 2 * n + 1)  # with the middles of the pieces
    error = np.abs(x**2 - run(ramp_network(np.square, n), x[:, None], ReLU())[:, 0]).max()
    assert_allclose(error, 2 / (8 * n**2), rtol=1e-9)


@pytest.mark.equation("eq-universal")
def test_wide_networks_come_close_in_the_plane_and_polynomials_do_not():
    rng = np.random.default_rng(0)
    t = np.linspace(-1, 1, 33)
    X = np.stack(np.meshgrid(t, t), axis=-1).reshape(-1, 2)
    y = np.sin(3 * X[:, 0]) * np.abs(X[:, 1])  # continuous, with an edge

    def largest_error(g, n):
        W, b = rng.normal(size=(2, n)) * 3, rng.uniform(-3, 3, n)
        A = np.column_stack((np.ones(len(X)), g(X @ W + b)))
        return np.abs(A @ np.linalg.lstsq(A, y, rcond=1e-11)[0] - y).max()

    for g in (ReLU().g, Tanh().g, Sigmoid().g):
        errors = [largest_error(g, n) for n in (10, 60, 500)]
        assert errors[0] > 0.5 and errors[1] < 0.4 and errors[2] < 0.05  # any ε, with n for it
    assert all(largest_error(np.square, n) > 0.5 for n in (10, 60, 500))


@pytest.mark.equation("eq-network-features")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_network_is_linear_in_its_last_hidden_layer(seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(30, 3)), rng.normal(size=30)
    net = MLPRegressor(hidden=(5, 4), activation="tanh", epochs=3, random_state=seed).fit(X, y)
    W, b = net.theta_[-1]
    phi = Sequential(deepcopy(net.network_.layers[:-1]))(X)  # all but the last layer
    assert phi.shape == (30, 4)
    expected = [sum(p * w for p, w in zip(row, W[:, 0])) + b[0] for row in phi]
    assert_allclose(net.predict(X), expected, rtol=1e-10)


@pytest.mark.equation("eq-last-layer")
@pytest.mark.parametrize("seed", SEEDS)
def test_derivative_of_the_cost_by_the_last_layer(seed):
    rng = np.random.default_rng(seed)
    Phi, y, theta = rng.normal(size=(20, 4)), rng.normal(size=20), rng.normal(size=4)
    Phi[:, 0] = 1
    steps = [theta + 1e-20j * unit for unit in np.eye(4)]
    slopes = [np.sum((Phi @ step - y) ** 2).imag / 1e-20 for step in steps]
    assert_allclose(2 * Phi.T @ (Phi @ theta - y), slopes, rtol=1e-10)
    best = np.linalg.lstsq(Phi, y, rcond=None)[0]
    assert_allclose(Phi.T @ (Phi @ best - y), 0, atol=1e-12)


@pytest.mark.equation("eq-sigmoid-bump", "eq-bump-gaussian")
@pytest.mark.parametrize("w, s", [(1, 0.3), (3, 0.5), (2, 1.4)])
def test_bump_of_two_sigmoids(w, s):
    def sigmoid(z):
        return 1 / (1 + mpmath.exp(-z))

    def difference(x):
        return sigmoid(w * (x + s)) - sigmoid(w * (x - s))

    for x in (-2.0, 0.0, 0.4, 3.0):
        closed = mpmath.sinh(w * s) / (mpmath.cosh(w * x) + mpmath.cosh(w * s))
        assert_allclose(float(closed), float(difference(x)), rtol=1e-12)
        assert_allclose(bump(np.array(w * x), w * s), float(difference(x) / difference(0)), rtol=1e-9)
    lam = 2 * (1 + mpmath.cosh(w * s)) / w**2
    assert_allclose(float(difference(0)), float(mpmath.tanh(mpmath.mpf(w * s) / 2)), rtol=1e-12)
    curvature = mpmath.diff(difference, 0, 2) / difference(0)
    gaussian = mpmath.diff(lambda x: mpmath.exp(-(x**2) / lam), 0, 2)
    assert_allclose(float(curvature), float(gaussian), rtol=1e-6)
