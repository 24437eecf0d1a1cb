"""The equations on neural networks, each against something that does not share its origin."""

import mpmath
import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import special

from mlcore import SGD, cost_and_grad
from mlcore.layers import (
    ELU,
    LeakyReLU,
    Linear,
    ReLU,
    Sequential,
    Sigmoid,
    SigmoidCrossEntropy,
    SoftmaxCrossEntropy,
    Softplus,
    SquaredError,
    Tanh,
)

SEEDS = range(3)
B, WIDTHS = 5, (4, 3, 6, 2)


def draw(seed):
    """Inputs, one-hot targets, weights and biases of a network with two hidden layers of sigmoids."""
    rng = np.random.default_rng(seed)
    W = [rng.normal(size=shape) for shape in zip(WIDTHS, WIDTHS[1:])]
    b = [rng.normal(size=n) for n in WIDTHS[1:]]
    return rng.normal(size=(B, 4)), np.eye(2)[rng.integers(0, 2, B)], W, b


def network(W, b, activation=Sigmoid):
    layers = []
    for Wl, bl in zip(W, b):
        layers += [Linear(*Wl.shape, np.random.default_rng(0)), activation()]
        layers[-2].W[:], layers[-2].b[:] = Wl, bl
    return Sequential(layers[:-1])


def slow_outputs(X, W, b):
    """Unit by unit, with plain Python numbers (real or complex)."""
    rows = []
    for x in X.tolist():
        a = x
        for l in range(len(W)):
            z = [sum(a[k] * W[l][k, o] for k in range(len(a))) + b[l][o] for o in range(len(b[l]))]
            a = [1 / (1 + np.exp(-v)) for v in z]
        rows.append(z)
    return np.array(rows)


def slow_cost(X, Y, W, b):
    """Cross-entropy of the softmax, summed over examples and classes, straight from its definition."""
    cost = 0
    for z, y in zip(slow_outputs(X, W, b), Y):
        total = sum(np.exp(z))
        cost -= sum(yk * np.log(np.exp(zk) / total) for zk, yk in zip(z, y))
    return cost


def gradient(cost, arrays, l=0):
    """∂cost/∂arrays[l], with one complex step for each entry; `cost` sees what stands there."""
    original = arrays[l]
    slopes = np.empty(original.shape)
    for index in np.ndindex(original.shape):
        arrays[l] = original.astype(complex)
        arrays[l][index] += 1e-20j
        slopes[index] = cost().imag / 1e-20
    arrays[l] = original
    return slopes


def by_complex_step(X, Y, W, b, l):
    """∂C/∂W⁽ˡ⁾ and ∂C/∂b⁽ˡ⁾ of the slow cost."""
    return [gradient(lambda: slow_cost(X, Y, W, b), parameters, l) for parameters in (W, b)]


@pytest.mark.equation("eq-layer-forward", "eq-network-forward")
@pytest.mark.parametrize("seed", SEEDS)
def test_forward_pass_unit_by_unit(seed):
    X, _, W, b = draw(seed)
    assert_allclose(network(W, b)(X), slow_outputs(X, W, b), rtol=1e-12)
    column = W[0].T @ X[0][:, None] + b[0][:, None]  # an example as a column
    assert_allclose(network(W, b).layers[0](X)[0], column[:, 0], rtol=1e-13)
    ones = np.ones((B, 1))
    assert_allclose(X @ W[0] + ones @ b[0][None, :], network(W, b).layers[0](X), rtol=1e-13)


@pytest.mark.equation("eq-identity-collapse")
@pytest.mark.parametrize("seed", SEEDS)
def test_layers_without_activation_are_one_linear_map(seed):
    X, _, W, _ = draw(seed)
    net = Sequential([network([Wl], [np.zeros(Wl.shape[1])]).layers[0] for Wl in W])
    unit = np.eye(4)
    collapsed = np.array([net(unit[k : k + 1])[0] for k in range(4)])  # where the unit vectors go
    assert_allclose(collapsed, W[0] @ W[1] @ W[2], rtol=1e-12)
    assert_allclose(net(X), X @ collapsed, rtol=1e-9, atol=1e-12)
    assert np.linalg.matrix_rank(collapsed) <= 2


@pytest.mark.equation("eq-xor")
def test_xor_by_hand():
    net = network([np.ones((2, 2)), np.array([[1.0], [-2.0]])], [np.array([0.0, -1.0]), np.zeros(1)], ReLU)
    X = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    assert net(X)[:, 0].tolist() == [0, 1, 1, 0]
    assert [max(0, a + b) - 2 * max(0, a + b - 1) for a, b in X] == [0, 1, 1, 0]
    A = np.column_stack((np.ones(4), X))  # the best line says 1/2 everywhere
    assert_allclose(A @ np.linalg.lstsq(A, [0, 1, 1, 0], rcond=None)[0], 0.5)


@pytest.mark.equation("eq-mlp-regression")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_network_of_sigmoids_is_a_sum_of_steps(seed):
    rng = np.random.default_rng(seed)
    w, b, v, c = rng.normal(size=3) * 5, rng.normal(size=3), rng.normal(size=3), rng.normal()
    net = network([w[None, :], v[:, None]], [b, np.array([c])])
    x = np.linspace(-3, 3, 41)
    expected = c + sum(v[k] / (1 + np.exp(-(w[k] * x + b[k]))) for k in range(3))
    assert_allclose(net(x[:, None])[:, 0], expected, rtol=1e-9)
    step = network([np.array([[200.0]]), np.array([[3.0]])], [np.array([-100.0]), np.array([1.0])])
    assert_allclose(step(np.array([[0.5 - 4 / 200], [0.5], [0.5 + 4 / 200]]))[:, 0], [1, 2.5, 4], atol=0.06)
    with np.errstate(divide="ignore"):  # the printed sign: a pole where the step should be
        assert np.isinf(1 / (1 - np.exp(-(200.0 * 0.5 - 100))))


@pytest.mark.parametrize(
    "layer, g, slope, low, high",
    [
        pytest.param(
            Sigmoid(),
            lambda z: 1 / (1 + mpmath.exp(-z)),
            1 / 4,
            0,
            1,
            marks=pytest.mark.equation("eq-activation-sigmoid"),
        ),
        pytest.param(
            Tanh(),
            lambda z: (mpmath.exp(z) - mpmath.exp(-z)) / (mpmath.exp(z) + mpmath.exp(-z)),
            1,
            -1,
            1,
            marks=pytest.mark.equation("eq-activation-tanh"),
        ),
        pytest.param(
            ReLU(), lambda z: max(0, z), 1, 0, np.inf, marks=pytest.mark.equation("eq-activation-relu")
        ),
        pytest.param(
            LeakyReLU(0.1),
            lambda z: max(z, mpmath.mpf(0.1) * z),
            1,
            -np.inf,
            np.inf,
            marks=pytest.mark.equation("eq-activation-leaky"),
        ),
        pytest.param(
            Softplus(),
            lambda z: mpmath.log(1 + mpmath.exp(z)),
            1,
            0,
            np.inf,
            marks=pytest.mark.equation("eq-activation-softplus"),
        ),
        pytest.param(
            ELU(),
            lambda z: z if z > 0 else mpmath.exp(z) - 1,
            1,
            -1,
            np.inf,
            marks=pytest.mark.equation("eq-activation-elu"),
        ),
    ],
)
def test_activations_derivatives_and_ranges(layer, g, slope, low, high):
    z = np.linspace(-6, 6, 48)[:, None]  # without 0
    a = layer.forward(z)
    da = layer.backward(np.ones_like(z))
    with mpmath.workdps(40):
        assert_allclose(a[:, 0], [float(g(mpmath.mpf(v))) for v in z[:, 0]], rtol=1e-12, atol=1e-15)
        slopes = [float(mpmath.diff(g, mpmath.mpf(v))) for v in z[:, 0]]
        assert_allclose(da[:, 0], slopes, rtol=1e-10, atol=1e-15)
    assert np.all((low <= a) & (a <= high)) and np.all((da >= 0) & (da <= slope))


@pytest.mark.equation("eq-loss-squared")
@pytest.mark.parametrize("seed", SEEDS)
def test_squared_error(seed):
    rng = np.random.default_rng(seed)
    y_hat, y, loss = rng.normal(size=(B, 2)), rng.normal(size=(B, 2)), SquaredError()
    cost = lambda: sum((p - q) ** 2 for p, q in zip(place[0].ravel(), y.ravel()))  # noqa: E731
    place = [y_hat]
    assert_allclose(loss.forward(y_hat, y), cost(), rtol=1e-12)
    assert_allclose(loss.backward(), gradient(cost, place), rtol=1e-12)


@pytest.mark.equation("eq-loss-sigmoid", "eq-backprop-output")
@pytest.mark.parametrize("seed", SEEDS)
def test_two_classes_one_output(seed):
    rng = np.random.default_rng(seed)
    z, y, loss = rng.normal(size=(B, 1)) * 3, rng.integers(0, 2, (B, 1)).astype(float), SigmoidCrossEntropy()
    p = special.expit(z)
    likelihood = np.sum(special.xlogy(y, p) + special.xlogy(1 - y, 1 - p))
    assert_allclose(loss.forward(z, y), -likelihood, rtol=1e-10)

    def cost():
        pairs = ((1 / (1 + np.exp(-v)), t) for v, t in zip(place[0][:, 0], y[:, 0]))
        return -sum(t * np.log(p) + (1 - t) * np.log(1 - p) for p, t in pairs)

    place = [z]
    assert_allclose(loss.backward(), gradient(cost, place), rtol=1e-9)
    assert_allclose(loss.backward(), p - y, rtol=1e-9)


@pytest.mark.equation("eq-loss-softmax", "eq-mlp-likelihood", "eq-backprop-output")
@pytest.mark.parametrize("seed", SEEDS)
def test_many_classes(seed):
    rng = np.random.default_rng(seed)
    z, labels, loss = rng.normal(size=(B, 4)) * 3, rng.integers(0, 4, B), SoftmaxCrossEntropy()
    Y, p = np.eye(4)[labels], special.softmax(z, axis=1)
    likelihood = np.prod(p[np.arange(B), labels])  # what each example has of its own class
    assert_allclose(np.prod(p**Y), likelihood, rtol=1e-12)
    assert_allclose(np.exp(-loss.forward(z, Y)), likelihood, rtol=1e-12)
    assert not np.isclose(np.prod(np.sum(p**Y, axis=1)), likelihood)  # factors joined by +, as printed

    def cost():
        return -sum(np.log(np.exp(row[k]) / sum(np.exp(row))) for row, k in zip(place[0], labels))

    place = [z]
    assert_allclose(loss.backward(), gradient(cost, place), rtol=1e-10)
    assert_allclose(loss.backward(), p - Y, rtol=1e-10)


@pytest.mark.equation("eq-layer-delta", "eq-layer-gradient")
@pytest.mark.parametrize("seed", SEEDS)
def test_one_layer_of_any_kind_sums_over_its_outputs(seed):
    # a linear layer with an activation as one layer a = f(z, W): all partial derivatives one by one
    X, _, W, b = draw(seed)
    rng = np.random.default_rng(seed + 7)
    z, v, n_out = X[0], rng.normal(size=3), 3
    f = lambda z, W: np.tanh(z @ W + b[0])  # noqa: E731

    def step(F, at):
        return np.array(
            [F(at + 1e-20j * e.reshape(at.shape)).imag / 1e-20 for e in np.eye(at.size)]
        )  # (at.size, outputs)

    delta = 2 * (f(z, W[0]) - v)  # C = Σ (a_o − v_o)²
    da_dz, da_dW = step(lambda at: f(at, W[0]), z), step(lambda at: f(z, at), W[0])
    cost = lambda z, W: np.sum((f(z, W) - v) ** 2)  # noqa: E731
    by_z = [sum(delta[o] * da_dz[i, o] for o in range(n_out)) for i in range(4)]
    by_W = [sum(delta[o] * da_dW[i, o] for o in range(n_out)) for i in range(12)]
    assert_allclose(by_z, step(lambda at: cost(at, W[0]), z), rtol=1e-10)
    assert_allclose(by_W, step(lambda at: cost(z, at), W[0]), rtol=1e-10)
    net = Sequential([network([W[0]], [b[0]]).layers[0], Tanh()])
    net.forward(z[None])
    assert_allclose(net.backward(delta[None])[0], by_z, rtol=1e-10)
    assert_allclose(net.grads[0].ravel(), by_W, rtol=1e-10)


@pytest.mark.equation("eq-elementwise-jacobian")
@pytest.mark.parametrize("layer", [Sigmoid(), Tanh(), ReLU(), LeakyReLU(0.3), Softplus(), ELU()], ids=repr)
def test_the_jacobian_of_an_activation_is_diagonal(layer):
    rng = np.random.default_rng(0)
    z, delta = rng.normal(size=4), rng.normal(size=4)
    J = np.array([layer(z[None] + 1e-20j * e)[0].imag / 1e-20 for e in np.eye(4)]).T  # row o, column i
    assert np.count_nonzero(J - np.diag(np.diag(J))) == 0
    slope = np.diag(J)
    assert_allclose(J, (slope[:, None] @ np.ones((1, 4))) * np.eye(4))
    assert_allclose(layer.jacobian(z), J, rtol=1e-12)
    layer.forward(z[None])
    assert_allclose(layer.backward(delta[None])[0], delta @ J, rtol=1e-12)
    assert_allclose(delta @ np.diag(slope), delta * slope)


@pytest.mark.equation(
    "eq-backprop-output",
    "eq-backprop-hidden",
    "eq-backprop-weights",
    "eq-backprop-biases",
    "eq-backprop-columns",
)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_four_equations_in_rows_and_in_columns(seed):
    X, Y, W, b = draw(seed)
    A, Z = [X], []
    for Wl, bl in zip(W, b):
        Z.append(A[-1] @ Wl + bl)
        A.append(special.expit(Z[-1]))
    slope = [special.expit(z) * special.expit(-z) for z in Z]
    Delta = [None, None, special.softmax(Z[2], axis=1) - Y]
    for l in (1, 0):
        Delta[l] = (Delta[l + 1] @ W[l + 1].T) * slope[l]
    net, loss = network(W, b), SoftmaxCrossEntropy()
    loss.forward(net.forward(X), Y), net.backward(loss.backward())
    for l in range(3):
        dW, db = by_complex_step(X, Y, W, b, l)
        assert_allclose(A[l].T @ Delta[l], dW, rtol=1e-9, atol=1e-12)
        assert_allclose(sum(Delta[l]), db, rtol=1e-9, atol=1e-12)
        assert_allclose(net.grads[2 * l], dW, rtol=1e-9, atol=1e-12)
        assert_allclose(net.grads[2 * l + 1], db, rtol=1e-9, atol=1e-12)

    transposed = [Wl.T for Wl in W]  # (n_l, n_{l−1}), and an example is a column
    one = slice(0, 1)
    delta = Delta[2][0][:, None]
    for l in (2, 1, 0):
        dW, db = by_complex_step(X[one], Y[one], W, b, l)
        a = (X if l == 0 else A[l])[0][:, None]
        assert_allclose(delta @ a.T, dW.T, rtol=1e-9, atol=1e-12)
        assert_allclose(delta[:, 0], db, rtol=1e-9, atol=1e-12)
        if l:
            with pytest.raises(ValueError):  # without the transposition, as printed: shapes do not fit
                transposed[l] @ delta
            delta = (transposed[l].T @ delta) * slope[l - 1][0][:, None]


@pytest.mark.equation("eq-backprop-third")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_gradient_of_the_third_last_layer_sums_over_j(seed):
    X, Y, W, b = draw(seed)
    X, Y = X[:1], Y[:1]
    a0 = X[0]
    z1 = a0 @ W[0] + b[0]
    z2 = special.expit(z1) @ W[1] + b[1]
    y_hat = special.softmax(special.expit(z2) @ W[2] + b[2])
    slope = lambda z: special.expit(z) * special.expit(-z)  # noqa: E731
    terms = np.array(
        [
            [
                [
                    a0[h]
                    * slope(z1[i])
                    * W[1][i, j]
                    * slope(z2[j])
                    * sum(W[2][j, k] * (y_hat[k] - Y[0, k]) for k in range(2))
                    for j in range(6)
                ]
                for i in range(3)
            ]
            for h in range(4)
        ]
    )  # (h, i, j)
    numeric, _ = by_complex_step(X, Y, W, b, 0)
    assert_allclose(terms.sum(axis=2), numeric, rtol=1e-9, atol=1e-14)
    for j in range(6):  # no single term will do
        assert not np.allclose(terms[:, :, j], numeric, rtol=0.1, atol=0)


@pytest.mark.equation("eq-vanishing")
@pytest.mark.parametrize("activation, largest", [(Sigmoid, 1 / 4), (Tanh, 1), (ReLU, 1), (ELU, 1)])
def test_what_comes_back_is_bounded_by_norms_and_slopes(activation, largest):
    rng = np.random.default_rng(0)
    W = [np.linalg.qr(rng.normal(size=(6, 6)))[0] for _ in range(10)]  # norm 1
    for scale in (1.0, 0.7, 2.0):
        net = network([scale * Q for Q in W], [rng.normal(size=6) for _ in W], activation)
        net.forward(rng.normal(size=(1, 6)))
        delta = last = rng.normal(size=(1, 6))
        for layer in net.layers[:0:-1]:  # to the outputs of the first linear layer
            delta = layer.backward(delta)
        bound = scale**9 * largest**9 * np.linalg.norm(last)
        assert 0 < np.linalg.norm(delta) <= bound * (1 + 1e-12)
        if activation is Sigmoid and scale == 1:
            assert np.linalg.norm(delta) < 1e-5 * np.linalg.norm(last)
    widest = network([np.eye(6) for _ in W], [np.zeros(6) for _ in W], ELU)  # equality can be reached
    widest.forward(np.ones((1, 6)))
    delta = np.ones((1, 6))
    for layer in widest.layers[:0:-1]:
        delta = layer.backward(delta)
    assert_allclose(delta, 1)


@pytest.mark.equation("eq-gradcheck")
def test_the_complex_step_has_all_digits_and_the_central_difference_half_of_them():
    C = lambda z: np.sum(np.exp(z) / (np.sin(z) ** 3 + np.cos(z) ** 3))  # noqa: E731
    z, v = np.array([1.5, 0.4]), np.array([0.3, -1.2])
    with mpmath.workdps(50):
        term = lambda t: mpmath.exp(t) / (mpmath.sin(t) ** 3 + mpmath.cos(t) ** 3)  # noqa: E731
        exact = float(sum(v[i] * mpmath.diff(term, z[i]) for i in range(2)))
    assert_allclose(C(z + 1e-20j * v).imag / 1e-20, exact, rtol=1e-14)
    central = lambda h: (C(z + h * v) - C(z - h * v)) / (2 * h)  # noqa: E731
    assert_allclose(central(1e-5), exact, rtol=1e-8)
    ratio = (central(2e-2) - exact) / (central(1e-2) - exact)
    assert 3.5 < ratio < 4.5  # O(h²)
    assert min(abs(central(10.0**-k) / exact - 1) for k in range(1, 16)) > 1e-13
    imaginary = lambda h: C(z + 1j * h * v).imag / h  # noqa: E731
    assert 3.5 < (imaginary(2e-2) - exact) / (imaginary(1e-2) - exact) < 4.5


@pytest.mark.equation("eq-batch-cost", "eq-network-decay")
@pytest.mark.parametrize("seed", SEEDS)
def test_cost_of_a_batch_is_its_mean_plus_decay_of_the_weights_alone(seed):
    X, Y, W, b = draw(seed)
    net, loss, delta, m = network(W, b), SoftmaxCrossEntropy(), 0.7, 40
    decay = delta**2 / m * net.is_weight
    cost = cost_and_grad(net, loss, X, Y, decay)
    penalty = sum(w**2 for Wl in W for w in Wl.ravel())
    assert_allclose(cost, slow_cost(X, Y, W, b) / B + delta**2 / m * penalty, rtol=1e-12)
    for l in range(3):
        dW, db = by_complex_step(X, Y, W, b, l)
        assert_allclose(net.grads[2 * l], dW / B + 2 * delta**2 / m * W[l], rtol=1e-9, atol=1e-12)
        assert_allclose(net.grads[2 * l + 1], db / B, rtol=1e-9, atol=1e-12)


@pytest.mark.equation("eq-batch-cost")
def test_the_mean_over_all_batches_of_a_partition_is_the_mean_of_all():
    X, Y, W, b = draw(0)
    X, Y = np.vstack((X, X[::-1] + 0.1, X * 0.3)), np.vstack((Y, Y, Y[::-1]))  # 15 examples
    net, loss = network(W, b), SoftmaxCrossEntropy()
    decay = 0.01 * net.is_weight
    parts = [
        (cost_and_grad(net, loss, X[i : i + 5], Y[i : i + 5], decay), net.grad.copy()) for i in (0, 5, 10)
    ]
    whole = cost_and_grad(net, loss, X, Y, decay), net.grad.copy()
    assert_allclose(np.mean([cost for cost, _ in parts]), whole[0], rtol=1e-12)
    assert_allclose(np.mean([grad for _, grad in parts], axis=0), whole[1], rtol=1e-9, atol=1e-12)
    step, _ = SGD(0.1).update(net.grad, SGD(0.1).init(net.theta))  # a small step against it goes down
    net.theta += step
    assert cost_and_grad(net, loss, X, Y, decay) < whole[0]
