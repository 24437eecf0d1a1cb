"""Layers: values against other libraries, gradients against the complex step, shapes and contracts."""

import copy
import pickle

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from mlcore.gradcheck import gradcheck, gradient_errors
from mlcore.initialise import zeros
from mlcore.layers import (
    ACTIVATIONS,
    ELU,
    Elementwise,
    Identity,
    Layer,
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


def rng(seed=0):
    return np.random.default_rng(seed)


def one_hot(labels, K):
    return np.eye(K)[labels]


EVERY_ACTIVATION = [*(activation() for activation in ACTIVATIONS.values()), LeakyReLU(0.3)]


# ------------------------------------------------------------------------------------------------ activations
@pytest.mark.parametrize(
    "layer, formula, slope",
    [
        pytest.param(
            Sigmoid(),
            special.expit,
            lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
            marks=pytest.mark.equation("eq-activation-sigmoid"),
        ),
        pytest.param(
            Tanh(),
            lambda z: 2 * special.expit(2 * z) - 1,
            lambda z: 1 / np.cosh(z) ** 2,
            marks=pytest.mark.equation("eq-activation-tanh"),
        ),
        pytest.param(
            ReLU(),
            lambda z: (z + abs(z)) / 2,
            lambda z: np.heaviside(z, 0),
            marks=pytest.mark.equation("eq-activation-relu"),
        ),
        pytest.param(
            LeakyReLU(0.2),
            lambda z: np.where(z > 0, z, z / 5),
            lambda z: 0.2 + 0.8 * np.heaviside(z, 0),
            marks=pytest.mark.equation("eq-activation-leaky"),
        ),
        pytest.param(
            Softplus(),
            lambda z: np.logaddexp(0, z),
            special.expit,
            marks=pytest.mark.equation("eq-activation-softplus"),
        ),
        pytest.param(
            ELU(),
            lambda z: np.where(z > 0, z, special.expm1(z)),
            lambda z: np.where(z > 0, 1, np.exp(z)),
            marks=pytest.mark.equation("eq-activation-elu"),
        ),
        (Identity(), lambda z: z, np.ones_like),
    ],
)
def test_values_and_slopes(layer, formula, slope):
    z = np.concatenate((rng().normal(size=50) * 5, [-30, -1e-9, 1e-9, 30]))[:, None]
    np.testing.assert_allclose(layer.forward(z), formula(z), rtol=1e-13, atol=1e-15)
    np.testing.assert_array_equal(layer(z), layer.forward(z))
    np.testing.assert_allclose(layer.backward(np.ones_like(z)), slope(z), rtol=1e-10)


EPS, SMALLEST_NORMAL = np.finfo(float).eps, np.finfo(float).tiny


def from_end_to_end():
    """Numbers of all sizes and both signs, with all that float64 has where e⁻ᶻ underflows."""
    sizes = np.concatenate((np.logspace(-323, 2.87, 200), np.linspace(1, 745, 100)))
    return np.concatenate((-sizes, [0.0], sizes))[:, None]


def exactly(formula, z):
    with mpmath.workdps(700):  # e^-1490 beside 1 needs that many
        return np.array([[float(formula(mpmath.mpf(v)))] for v in z[:, 0].tolist()])


@pytest.mark.parametrize(
    "layer, formula, slope",
    [
        (
            Sigmoid(),
            lambda z: 1 / (1 + mpmath.exp(-z)),
            lambda z: mpmath.exp(-z) / (1 + mpmath.exp(-z)) ** 2,
        ),
        (Tanh(), mpmath.tanh, lambda z: mpmath.sech(z) ** 2),
        (ReLU(), lambda z: max(z, 0), lambda z: z > 0),
        (LeakyReLU(0.25), lambda z: max(z, z / 4), lambda z: 1 if z > 0 else 0.25),
        (Softplus(), lambda z: mpmath.log1p(mpmath.exp(z)), lambda z: 1 / (1 + mpmath.exp(-z))),
        (ELU(), lambda z: z if z > 0 else mpmath.expm1(z), lambda z: mpmath.exp(min(z, 0))),
    ],
    ids=["sigmoid", "tanh", "relu", "leaky_relu", "softplus", "elu"],
)
def test_values_and_slopes_are_right_to_the_last_digits(layer, formula, slope):
    z = from_end_to_end()
    a, da = layer.forward(z), layer.backward(np.ones_like(z))
    np.testing.assert_allclose(a, exactly(formula, z), rtol=2 * EPS, atol=3 * EPS * SMALLEST_NORMAL)
    np.testing.assert_allclose(da, exactly(slope, z), rtol=4 * EPS, atol=3 * EPS * SMALLEST_NORMAL)


@pytest.mark.parametrize(
    "layer, limits, slopes",
    [
        (Identity(), [-np.inf, np.inf], [1, 1]),
        (Sigmoid(), [0, 1], [0, 0]),
        (Tanh(), [-1, 1], [0, 0]),
        (ReLU(), [0, np.inf], [0, 1]),
        (LeakyReLU(0.0), [0, np.inf], [0, 1]),
        (LeakyReLU(0.1), [-np.inf, np.inf], [0.1, 1]),
        (Softplus(), [0, np.inf], [0, 1]),
        (ELU(), [-1, np.inf], [0, 1]),
    ],
    ids=repr,
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_limits_of_activations(layer, limits, slopes, dtype):
    z = np.array([[-np.inf, np.inf]], dtype)
    huge = np.array([[-1, 1]], dtype) * np.finfo(dtype).max
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(layer.forward(z), [limits])
        np.testing.assert_array_equal(layer.backward(np.ones_like(z)), np.array([slopes], dtype))
        assert np.isnan(layer(np.array([[np.nan]], dtype)))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert np.isfinite(layer.forward(huge)).all()
        np.testing.assert_array_equal(layer.backward(np.ones_like(z)), np.array([slopes], dtype))


@pytest.mark.equation("eq-elementwise-jacobian")
@pytest.mark.parametrize("layer", EVERY_ACTIVATION, ids=repr)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None, derandomize=True)
def test_gradients_of_activations(layer, m, n, seed):
    assert gradcheck(layer, 3 * rng(seed).normal(size=(m, n)), rng=rng(seed + 1)) < 1e-12


@pytest.mark.parametrize("layer", EVERY_ACTIVATION, ids=repr)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_extreme_values_and_precision(layer, dtype):
    z = np.array([[-1e4, -1000, -100, 0, 100, 1000, 1e4]], dtype)
    a, slope = layer.forward(z), layer.backward(np.ones_like(z))
    assert a.dtype == slope.dtype == dtype and np.isfinite(a).all()
    assert np.all((slope >= 0) & (slope <= 1))
    assert np.all(np.diff(a[0]) >= 0)  # all of them rise


@pytest.mark.parametrize("layer", EVERY_ACTIVATION, ids=repr)
def test_the_real_and_the_complex_formula_are_one_function(layer):
    z = np.vstack((rng().normal(size=(20, 3)) * 10, [[-1e4, 800, 1e4]]))
    if isinstance(layer, (Sigmoid, Tanh, Softplus)):
        z[0] = 0  # smooth there
    np.testing.assert_allclose(layer(z + 0j).real, layer(z), rtol=1e-12, atol=1e-15)
    layer.forward(z)
    slopes = layer.backward(np.ones_like(z))
    np.testing.assert_allclose(layer(z + 1e-20j).imag / 1e-20, slopes, rtol=1e-12, atol=1e-15)


def test_at_the_kink():
    z, one = np.zeros((1, 1)), np.ones((1, 1))
    for layer, slope in ((ReLU(), 0), (LeakyReLU(0.1), 0.1), (ELU(), 1)):
        layer.forward(z)
        assert layer.backward(one) == slope


@pytest.mark.parametrize("layer", EVERY_ACTIVATION, ids=repr)
def test_jacobians(layer):
    z = [1, -2]  # whole numbers
    layer.forward([z])
    np.testing.assert_array_equal(layer.jacobian(z), np.diag(layer.backward(np.ones((1, 2)))[0]))
    with pytest.raises(ValueError, match="z must be a 1-D array"):
        layer.jacobian([z])  # numpy.diag would take the diagonal of it


# ----------------------------------------------------------------------------------------------- linear layer
@pytest.mark.equation("eq-layer-forward", "eq-backprop-weights", "eq-backprop-biases", "eq-backprop-hidden")
@given(st.integers(1, 7), st.integers(1, 7), st.integers(1, 7), st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_linear_layer_index_by_index(m, n_in, n_out, seed):
    layer, z = Linear(n_in, n_out, rng(seed)), rng(seed).normal(size=(m, n_in))
    delta = rng().normal(size=(m, n_out))
    layer.b[:] = rng(seed).normal(size=n_out)
    W, b = layer.W, layer.b
    a, dz, (dW, db) = layer.forward(z), layer.backward(delta), layer.grads
    rows, inputs, outputs = range(m), range(n_in), range(n_out)
    for ours, expected in (
        (a, [[sum(z[i, k] * W[k, o] for k in inputs) + b[o] for o in outputs] for i in rows]),
        (dz, [[sum(delta[i, o] * W[k, o] for o in outputs) for k in inputs] for i in rows]),
        (dW, [[sum(z[i, k] * delta[i, o] for i in rows) for o in outputs] for k in inputs]),
        (db, [sum(delta[i, o] for i in rows) for o in outputs]),
    ):
        np.testing.assert_allclose(ours, expected, rtol=1e-9, atol=1e-12)
    assert max(gradient_errors(layer, z, rng=rng(seed)).values()) < 1e-12


def test_backward_changes_no_parameter():
    net = Sequential([Linear(3, 4, rng()), Tanh(), Linear(4, 2, rng())])
    before = net.theta.copy()
    net.forward(np.ones((5, 3)))
    net.backward(np.ones((5, 2)))
    np.testing.assert_array_equal(net.theta, before)
    assert net.grad.any()


def test_single_precision_starts_from_the_same_weights_and_stays_single():
    double, single = (Linear(3, 4, rng(), dtype=dtype) for dtype in ("float64", "float32"))
    np.testing.assert_array_equal(single.W, double.W.astype("float32"))
    z = np.ones((2, 3), "float32")
    assert single.forward(z).dtype == single.backward(np.ones((2, 4), "float32")).dtype == np.float32
    assert single.grads[0].dtype == np.float32


@pytest.mark.parametrize(
    "convert",
    [
        lambda z: z.tolist(),
        lambda z: z.astype(np.int64),
        lambda z: z.astype(np.float16),
        np.asfortranarray,
        lambda z: np.repeat(z, 2, axis=0)[::2],
        lambda z: (z.setflags(write=False), z)[1],
    ],
)
def test_any_array_will_do(convert):
    z = np.arange(6.0).reshape(2, 3)
    for make in (
        lambda: Linear(3, 3, rng()),
        Sigmoid,
        ReLU,
        ELU,
        lambda: Sequential([Linear(3, 3, rng()), Tanh()]),
    ):
        expected, layer = make().forward(z.copy()), make()
        a = layer.forward(convert(z.copy()))
        np.testing.assert_allclose(a, expected, rtol=2e-3)
        assert layer.backward(np.ones((2, 3))).shape == (2, 3)


# ----------------------------------------------------------------------------------------------------- losses
LOSSES = [SquaredError, SigmoidCrossEntropy, SoftmaxCrossEntropy]


@pytest.mark.equation("eq-loss-squared", "eq-loss-sigmoid", "eq-loss-softmax", "eq-backprop-output")
@pytest.mark.parametrize("loss", LOSSES)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_gradients_of_losses(loss, m, K, seed):
    target = one_hot(rng(seed).integers(0, K, m), K)
    assert gradcheck(loss(), 3 * rng(seed).normal(size=(m, K)), target, rng=rng(seed)) < 1e-12


@pytest.mark.parametrize("size", [1, 1e2, 1e4])
def test_cross_entropies_with_fifty_digits(size):
    z, y = size * rng().normal(size=(6, 4)), rng(1).integers(0, 4, 6)
    with mpmath.workdps(50):
        exact = lambda z, k: -mpmath.log(mpmath.exp(z[k]) / sum(map(mpmath.exp, z)))  # noqa: E731
        softmax = float(sum(exact([mpmath.mpf(v) for v in row], k) for row, k in zip(z, y)))
        sigmoid = float(sum(mpmath.log(1 + mpmath.exp(-v)) for v in z[:, 0].tolist()))
    np.testing.assert_allclose(SoftmaxCrossEntropy().forward(z, one_hot(y, 4)), softmax, rtol=1e-13)
    np.testing.assert_allclose(SigmoidCrossEntropy().forward(z[:, :1], np.ones((6, 1))), sigmoid, rtol=1e-13)


@given(st.floats(0, 700), st.booleans(), st.integers(2, 5))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_network_that_is_sure_keeps_its_digits(z, right, K):
    # ŷ is next to y where it is right: −log ŷ and ŷ − y are the small numbers that 1 − ŷ is, and not 0
    with mpmath.workdps(400):
        exact = mpmath.exp(-mpmath.mpf(z))
        cost, wrong = float(mpmath.log1p(exact)), float(exact / (1 + exact))
        softmax_cost, softmax_wrong = (
            float(mpmath.log1p((K - 1) * exact)),
            float(exact / (1 + (K - 1) * exact)),
        )
    sigmoid, softmax = SigmoidCrossEntropy(), SoftmaxCrossEntropy()
    y, sign = (1.0, 1) if right else (0.0, -1)
    assert sigmoid.forward([[sign * z]], [[y]]) == pytest.approx(cost, rel=1e-14, abs=0)
    assert sigmoid.backward() == pytest.approx(-sign * wrong, rel=1e-14, abs=0)
    scores = [[z, *[0.0] * (K - 1)]]
    assert softmax.forward(scores, one_hot([0], K)) == pytest.approx(softmax_cost, rel=1e-14, abs=0)
    expected = [[-(K - 1) * softmax_wrong, *[softmax_wrong] * (K - 1)]]
    np.testing.assert_allclose(softmax.backward(), expected, rtol=1e-14)


def test_two_classes_by_softmax_and_by_sigmoid():
    z, y = rng().normal(size=(8, 1)) * 3, rng(1).integers(0, 2, (8, 1)).astype(float)
    sigmoid, softmax = SigmoidCrossEntropy(), SoftmaxCrossEntropy()
    cost = softmax.forward(np.hstack((0 * z, z)), np.hstack((1 - y, y)))
    np.testing.assert_allclose(sigmoid.forward(z, y), cost, rtol=1e-13)
    np.testing.assert_allclose(sigmoid.backward(), softmax.backward()[:, 1:], rtol=1e-12, atol=1e-16)


def test_a_loss_sums_over_the_examples():
    for loss in LOSSES:
        z, y = rng().normal(size=(3, 2)), one_hot([0, 1, 1], 2)
        parts = [loss().forward(z[i : i + 1], y[i : i + 1]) for i in range(3)]
        np.testing.assert_allclose(loss().forward(z, y), sum(parts), rtol=1e-13)


@pytest.mark.parametrize("loss", LOSSES)
def test_losses_refuse_what_would_broadcast(loss):
    for shape, target_shape in (((3, 1), 3), (3, 3), ((3, 2), (3, 1))):
        with pytest.raises(ValueError, match=r"one shape \(m, K\); got"):
            loss().forward(np.ones(shape), np.ones(target_shape))
    with pytest.raises(ValueError, match="needs a forward before it"):
        loss().backward()


def test_softmax_wants_rows_that_sum_to_one():
    for target in ([[1.0, 1, 0]], [[0.0, 0, 0]], [[2.0, 0, 0]], [[np.nan, 0, 0]]):
        with pytest.raises(ValueError, match="every row of target must sum to 1"):
            SoftmaxCrossEntropy().forward(np.ones((2, 3)), [[0, 1, 0], *target])
    smooth = SoftmaxCrossEntropy()
    assert gradcheck(smooth, rng().normal(size=(1, 3)), np.array([[0.2, 0.5, 0.3]]), rng=rng()) < 1e-14


@pytest.mark.parametrize(
    "loss, target",
    [
        (SigmoidCrossEntropy(), [[0.5], [-1.0]]),
        (SigmoidCrossEntropy(), [[0.5], [1.1]]),
        (SigmoidCrossEntropy(), [[0.5], [np.nan]]),
        (SoftmaxCrossEntropy(), [[2.0, -1]]),
        (SoftmaxCrossEntropy(), [[1.5, -0.25, -0.25]]),
    ],
)
def test_targets_must_be_probabilities(loss, target):
    right = np.full(np.shape(target), 1 / np.shape(target)[1])
    loss.forward(np.ones(right.shape), right)
    before = loss.backward()
    with pytest.raises(ValueError, match="target must be made of probabilities, 0 <= y <= 1; got"):
        loss.forward(2 * np.ones(right.shape), target)
    np.testing.assert_array_equal(loss.backward(), before)


# ------------------------------------------------------------------------------------------------- sequential
architectures = st.tuples(
    st.lists(st.integers(1, 5), min_size=2, max_size=5),
    st.sampled_from(sorted(ACTIVATIONS)),
    st.integers(1, 5),
    st.sampled_from(LOSSES),
    st.integers(0, 2**32 - 1),
)


def network(widths, activation, seed):
    layers = []
    for n_in, n_out in zip(widths, widths[1:]):
        layers += [Linear(n_in, n_out, rng(seed + n_in)), ACTIVATIONS[activation]()]
        layers[-2].b[:] = rng(seed).normal(size=n_out)
    return Sequential(layers[:-1])


@pytest.mark.equation("eq-network-forward", "eq-layer-delta", "eq-layer-gradient")
@given(architectures)
@settings(max_examples=80, deadline=None, derandomize=True)
def test_gradients_of_networks(architecture):
    widths, activation, m, loss, seed = architecture
    net, target = network(widths, activation, seed), one_hot(rng(seed).integers(0, widths[-1], m), widths[-1])
    errors = gradient_errors(net, rng(seed).normal(size=(m, widths[0])), target, loss=loss(), rng=rng(seed))
    assert max(errors.values()) < 1e-10
    assert len(errors) == 1 + 2 * (len(widths) - 1)


def test_one_vector_holds_all_parameters():
    net = network([3, 4, 2], "tanh", 0)
    first, _, last = net.layers
    assert net.theta.shape == net.grad.shape == (3 * 4 + 4 + 4 * 2 + 2,)
    flat = np.concatenate((first.W.ravel(), first.b, last.W.ravel(), last.b))
    np.testing.assert_array_equal(net.theta, flat)
    np.testing.assert_array_equal(net.is_weight, np.repeat([True, False, True, False], [12, 4, 8, 2]))
    net.theta += 1
    np.testing.assert_array_equal(first.W.ravel(), flat[:12] + 1)
    net.theta = np.arange(26.0)  # writes into the vector, does not replace it
    np.testing.assert_array_equal(last.b, [24, 25])
    last.W[0, 0] = -1
    assert net.theta[16] == -1
    net.forward(np.ones((2, 3))), net.backward(np.ones((2, 2)))
    np.testing.assert_array_equal(net.grad, np.concatenate([g.ravel() for g in net.grads]))
    assert all(np.shares_memory(g, net.grad) for layer in net.layers for g in layer.grads)


def nested():
    """A network within a network within a network, and the same in one."""
    layers = [Linear(3, 4, rng()), Tanh(), Linear(4, 5, rng(1)), Sigmoid(), Linear(5, 2, rng(2))]
    first, tanh, *inner = copy.deepcopy(layers)
    net = Sequential([Sequential([first, tanh]), Sequential([inner[0], Sequential(inner[1:])])])
    return net, Sequential(layers)


def test_a_network_is_a_layer_too():
    net, flat = nested()
    z, delta = rng().normal(size=(6, 3)), rng().normal(size=(6, 2))
    for n in (net, flat):
        n.theta += 0.1
        n.forward(z)
    np.testing.assert_array_equal(net(z), flat(z))
    np.testing.assert_array_equal(net.backward(delta), flat.backward(delta))
    np.testing.assert_array_equal(net.grad, flat.grad)
    np.testing.assert_array_equal(net.is_weight, flat.is_weight)
    assert net.grad.all() and gradcheck(net, z, rng=rng()) < 1e-14
    net.layers[1].theta = 7  # the inner network and the outer one share their numbers
    assert np.all(net.theta[16:] == 7) and np.all(net.layers[1].layers[1].layers[1].b == 7)


@pytest.mark.parametrize(
    "disconnect",
    [
        lambda net: Sequential(net.layers[:1]),  # takes the layers over
        lambda net: Sequential([net.layers[1].layers[1].layers[1]]),
        lambda net: net.layers.append(Linear(2, 2, rng())),
        lambda net: net.layers.pop(),
        lambda net: net.layers[1].layers.insert(0, Linear(4, 4, rng())),
        lambda net: net.layers[0].layers[0].params.__setitem__(0, np.ones((3, 4))),
        lambda net: setattr(net.layers[0].layers[0], "grads", [np.zeros((3, 4)), np.zeros(4)]),
    ],
)
def test_a_network_that_lost_its_layers_does_not_train_in_silence(disconnect):
    net, _ = nested()
    kept, z = disconnect(net), rng().normal(size=(6, 3))  # kept, so that the layers live
    net.forward(z)
    for use in (
        lambda: net.theta,
        lambda: setattr(net, "theta", 0),
        lambda: net.backward(np.ones((6, 2))),
        lambda: net.fill_grads(np.ones((6, 2))),
        lambda: gradcheck(net, z, rng=rng()),
    ):
        with pytest.raises(ValueError, match="parameters of the layers must be views into theta; got others"):
            use()
    if isinstance(kept, Sequential):
        assert gradcheck(kept, rng().normal(size=(2, kept.params[0].shape[0])), rng=rng()) < 1e-14
    again = Sequential([Linear(3, 2, rng()), *net.layers[2:]])  # whatever there is can be put together anew
    assert gradcheck(again, z, rng=rng()) < 1e-14


def test_the_gradient_is_written_in_place():
    net, z = network([3, 4, 2], "tanh", 0), np.ones((2, 3))
    net.grad = np.zeros(net.theta.size)
    net.forward(z), net.backward(np.ones((2, 2)))
    assert net.grad.any() and net.layers[0].grads[0].any()


@pytest.mark.parametrize("make", [lambda: network([3, 4, 2], "tanh", 0), lambda: nested()[0]])
@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))])
def test_a_copy_is_a_network_of_its_own(duplicate, make):
    net, z = make(), np.ones((2, 3))
    other = duplicate(net)
    np.testing.assert_array_equal(other(z), net(z))
    before = net(z)
    other.theta += 1
    assert np.abs(other(z) - before).max() > 0.1
    np.testing.assert_array_equal(net(z), before)
    for n in (net, other):
        n.forward(z), n.backward(np.ones((2, 2)))
        assert n.grad.any() and gradcheck(n, z, rng=rng()) < 1e-14


def test_a_copied_layer_has_parameters_of_its_own_in_a_network():
    layer = Linear(3, 3, rng())
    net = Sequential([layer, Tanh(), copy.copy(layer)])
    assert net.theta.size == 24 and gradcheck(net, np.ones((2, 3)), rng=rng()) < 1e-14


def test_the_first_layer_can_do_without_the_derivative_of_the_input():
    net, z, delta = network([3, 4, 2], "softplus", 0), rng().normal(size=(5, 3)), rng().normal(size=(5, 2))
    net.forward(z), net.backward(delta)
    grad = net.grad.copy()
    net.grad[:] = 0
    assert net.fill_grads(delta) is None
    np.testing.assert_array_equal(net.grad, grad)


def test_calling_a_network_remembers_nothing():
    net = network([3, 4, 2], "relu", 0)
    net(np.ones((2, 3)))
    with pytest.raises(ValueError, match="needs a forward before it"):
        net.backward(np.ones((2, 2)))
    net.forward(np.ones((2, 3)))
    net.forget()
    with pytest.raises(ValueError, match="backward of Linear needs a forward before it"):
        net.backward(np.ones((2, 2)))


@given(st.permutations(range(6)), st.integers(0, 2**32 - 1), st.sampled_from(sorted(ACTIVATIONS)))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_the_order_of_hidden_units_means_nothing(order, seed, activation):
    net, z = network([4, 6, 3], activation, seed), rng(seed).normal(size=(5, 4))
    target = rng().normal(size=(5, 3))
    other, loss, order = copy.deepcopy(net), SquaredError(), list(order)
    first, _, last = other.layers
    first.W[:], first.b[:], last.W[:] = first.W[:, order], first.b[order], last.W[order]
    costs = [loss.forward(n.forward(z), target) for n in (net, other)]
    np.testing.assert_allclose(*costs, rtol=1e-12)
    for n in (net, other):
        loss.forward(n.forward(z), target), n.backward(loss.backward())
    np.testing.assert_allclose(net.layers[0].grads[0][:, order], first.grads[0], rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(net.layers[2].grads[0][order], last.grads[0], rtol=1e-9, atol=1e-11)


def test_units_that_start_equal_stay_equal():
    # N18: all weights 0 is the case of the lectures; equal columns of any value are no better
    z, y = rng().normal(size=(20, 3)), rng(1).normal(size=(20, 1))
    for value in (0.0, 0.5):
        net = Sequential([Linear(3, 5, initialise=zeros), Sigmoid(), Linear(5, 1, initialise=zeros)])
        loss = SquaredError()
        net.theta = value
        for _ in range(50):
            loss.forward(net.forward(z), y), net.backward(loss.backward())
            net.theta -= 0.01 * net.grad
        first, _, last = net.layers
        assert np.ptp(first.W, axis=1).max() < 1e-13 and np.ptp(last.W) < 1e-13
        assert np.abs(net.theta - value).max() > 0.01  # it did learn something: five copies of one unit


def test_other_activations_can_be_written_in_two_lines():
    class Sine(Elementwise):
        def g(self, z):
            return np.sin(z)

        def dg(self, z, a):
            return np.cos(z)

    net = Sequential([Linear(3, 4, rng()), Sine(), Linear(4, 1, rng())])
    assert gradcheck(net, rng().normal(size=(5, 3)), rng=rng()) < 1e-13


# -------------------------------------------------------------------------------------------------- bad input
@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: Linear(0, 3, rng()), "n_in must be a whole number >= 1; got int: 0"),
        (lambda: Linear(3, 0, rng()), "n_out must be a whole number >= 1"),
        (lambda: Linear(3, 2, rng(), dtype=int), 'dtype must be "float32" or "float64"; got'),
        (lambda: Linear(3, 2, rng()).jacobian(np.ones(4)), r"z must have shape \(m, 3\)"),
        (lambda: Tanh()(None), r"z must be an array of real numbers; got .*NoneType"),
        (lambda: Tanh()(np.ma.masked_array([[1.0, 2]], [[1, 0]])), "z must be .* got a masked array"),
        (lambda: SquaredError().forward([[1.0]], [[1j]]), "target must be an array of real numbers"),
        (lambda: Sequential([net := Sequential([Tanh()]), net]), "must be different objects"),
        (lambda: Linear(3, 2), "rng must be a numpy.random.Generator"),
        (lambda: Linear(3, 2, rng()).forward(np.ones(3)), r"z must have shape \(m, 3\), .* got \(3,\)"),
        (lambda: Linear(3, 2, rng())(np.ones((2, 4))), r"z must have shape \(m, 3\), .* got \(2, 4\)"),
        (
            lambda: Linear(3, 2, rng()).backward(np.ones((1, 2))),
            "backward of Linear needs a forward before it",
        ),
        (lambda: Tanh().backward(np.ones((1, 2))), "backward of Tanh needs a forward before it"),
        (lambda: LeakyReLU(-0.1), "slope must be a finite number >= 0"),
        (lambda: LeakyReLU(1.5), "slope must be a number from 0 to 1; got 1.5"),
        (lambda: Sequential([]), "at least one Layer; got"),
        (lambda: Sequential([Linear(2, 3, rng()), np.tanh]), "sequence of at least one Layer"),
        (lambda: Sequential([Tanh] * 2), "sequence of at least one Layer"),
        (lambda: Sequential([Tanh()] * 2), "must be different objects"),
        (
            lambda: Sequential([Linear(2, 3, rng()), Tanh(), Linear(4, 1, rng())]),
            r"3 outputs must be followed by one with as many inputs; got Linear\(2, 3\) before Linear\(4",
        ),
        (
            lambda: Sequential([Sequential([Linear(2, 3, rng())]), Linear(4, 1, rng())]),
            "3 outputs must be followed by one with as many inputs",
        ),
    ],
)
def test_bad_input(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize("layer", [Linear(3, 2, rng()), Tanh()])
def test_delta_must_have_the_shape_of_the_output(layer):
    a = layer.forward(np.ones((4, 3)))
    for delta in (np.ones(len(a)), np.ones((1, a.shape[1])), 1.0):
        with pytest.raises(ValueError, match=r"delta must have the shape \(4, \d\) of the output of forward"):
            layer.backward(delta)


def test_representations():
    assert repr(Sequential([Linear(3, 2, rng()), LeakyReLU(0.1), Linear(2, 1, rng()), Sigmoid()])) == (
        "Sequential([Linear(3, 2), LeakyReLU(slope=0.1), Linear(2, 1), Sigmoid()])"
    )
    assert isinstance(Sequential([Tanh()]), Layer) and Sequential([Tanh()]).theta.shape == (0,)
