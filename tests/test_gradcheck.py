"""The gradient check itself: it passes what is right, and no broken layer slips through."""

import numpy as np
import pandas as pd
import pytest

from mlcore.gradcheck import gradcheck, gradient_errors
from mlcore.layers import (
    ELU,
    Elementwise,
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


def rng():
    return np.random.default_rng(0)


class NoBias(Linear):
    def fill_grads(self, delta):
        super().fill_grads(delta)
        self.grads[1][:] = 0


class NotTransposed(Linear):
    def backward(self, delta):
        self.fill_grads(delta)
        return delta @ self.W


class MeanGradient(Linear):
    def fill_grads(self, delta):
        super().fill_grads(delta)
        self.grads[0] /= len(delta)


class OneEntryWrong(Linear):
    def fill_grads(self, delta):
        super().fill_grads(delta)
        self.grads[0][1, 2] *= 1.001


class SlopeOfTheOutput(Elementwise):
    def g(self, z):
        return np.tanh(z)

    def dg(self, z, a):
        return 1 - z * z


class WrongSign(SoftmaxCrossEntropy):
    def backward(self):
        return -super().backward()


class Halved(SquaredError):
    def backward(self):
        return super().backward() / 2


class NotANumber(Tanh):
    def dg(self, z, a):
        return np.full_like(z, np.nan)


ONE_HOT = np.eye(3)[[0, 2, 1, 1, 0]]
RIGHT = [
    Linear(3, 4, rng()),
    Sigmoid(),
    Tanh(),
    ReLU(),
    LeakyReLU(0.2),
    Softplus(),
    ELU(),
    Sequential([Linear(3, 4, rng()), Tanh(), Linear(4, 2, rng())]),
]
BROKEN = [
    (NoBias(3, 3, rng()), "params[1]"),
    (NotTransposed(3, 3, rng()), "z"),
    (MeanGradient(3, 3, rng()), "params[0]"),
    (OneEntryWrong(3, 3, rng()), "params[0]"),
    (SlopeOfTheOutput(), "z"),
    (Sequential([Linear(3, 3, rng()), SlopeOfTheOutput(), Linear(3, 2, rng())]), "params[0]"),
    (Sequential([Linear(3, 3, rng()), Tanh(), MeanGradient(3, 2, rng())]), "params[2]"),
]


@pytest.mark.equation("eq-gradcheck")
@pytest.mark.parametrize("layer", RIGHT, ids=repr)
def test_what_is_right_passes(layer):
    z = rng().normal(size=(5, 3))
    assert gradcheck(layer, z, rng=rng()) < 1e-14
    assert 0 < gradcheck(layer, z, rng=rng(), method="central") < 1e-8


@pytest.mark.equation("eq-gradcheck")
@pytest.mark.parametrize("loss", [SquaredError(), SigmoidCrossEntropy(), SoftmaxCrossEntropy()])
def test_losses_pass_alone_and_behind_a_network(loss):
    z, net = rng().normal(size=(5, 3)), Sequential([Linear(3, 4, rng()), ELU(), Linear(4, 3, rng())])
    for method, limit in (("complex", 1e-14), ("central", 1e-8)):
        assert gradcheck(loss, z, ONE_HOT, rng=rng(), method=method) < limit
        assert gradcheck(net, z, ONE_HOT, loss=loss, rng=rng(), method=method) < limit


@pytest.mark.equation("eq-gradcheck")
@pytest.mark.parametrize("method", ["complex", "central"])
@pytest.mark.parametrize("layer, culprit", BROKEN)
def test_every_broken_layer_is_caught_and_named(layer, culprit, method):
    z = rng().normal(size=(5, 3))
    errors = gradient_errors(layer, z, rng=rng(), method=method)
    assert errors[culprit] > 1e-5
    if not isinstance(layer, Sequential):  # in a network, all that lies before is wrong too
        assert all(error < 1e-8 for name, error in errors.items() if name != culprit)
    assert gradcheck(layer, z, rng=rng(), method=method) == max(errors.values())


@pytest.mark.parametrize("loss", [WrongSign(), Halved()])
def test_broken_losses_are_caught(loss):
    z = rng().normal(size=(5, 3))
    assert gradcheck(loss, z, ONE_HOT, rng=rng()) > 0.4
    assert gradcheck(Sequential([Linear(3, 3, rng())]), z, ONE_HOT, loss=loss, rng=rng()) > 0.4


def test_a_gradient_that_is_not_a_number_does_not_pass():
    error = gradcheck(NotANumber(), np.ones((2, 2)), rng=rng())
    assert np.isnan(error) and not error < 1e-8


def test_a_derivative_of_zero_is_no_division_by_zero():
    assert gradcheck(ReLU(), -np.ones((2, 2)), rng=rng()) == 0


class Flipped(Elementwise):
    def __init__(self, right):
        super().__init__()
        self.g, self.dg = right.g, lambda z, a: -right.dg(z, a)


@pytest.mark.parametrize("layer, size", [(Sigmoid(), 600), (Tanh(), 300), (ELU(), 600), (Softplus(), 600)])
def test_a_tiny_gradient_passes_if_it_is_right_and_not_if_it_is_wrong(layer, size):
    for z in -np.array([[0.1, 0.1], [0.5, 0.5], [1.0, 1.0]])[:, None] * size:
        assert gradcheck(layer, z, rng=rng()) < 1e-14
        assert gradcheck(Flipped(layer), z, rng=rng()) > 0.1
        assert gradcheck(layer, z, rng=rng(), method="central") < 1e-6


@pytest.mark.parametrize("z", [20.0, 40.0, 300.0])
def test_a_loss_of_a_network_that_is_sure(z):
    scores, first = np.array([[z, 0, 1]]), np.array([[1.0, 0, 0]])
    assert gradcheck(SoftmaxCrossEntropy(), scores, first, rng=rng()) < 1e-14
    assert gradcheck(WrongSign(), scores, first, rng=rng()) > 0.1
    for y in (0.0, 1.0):
        assert gradcheck(SigmoidCrossEntropy(), [[z], [z + 1]], np.full((2, 1), y), rng=rng()) < 1e-14


@pytest.mark.parametrize("method, limit", [("complex", 1e-13), ("central", 1e-8)])
@pytest.mark.parametrize("seed", range(5))
def test_a_gradient_of_zero_passes(method, limit, seed):
    draws = np.random.default_rng(seed)
    net, z = Sequential([Linear(3, 4, draws), Tanh(), Linear(4, 1, draws)]), draws.normal(size=(5, 3))
    for loss, target in (
        (SquaredError(), net(z)),  # its minimum
        (SigmoidCrossEntropy(), 1 / (1 + np.exp(-net(z)))),
        (SoftmaxCrossEntropy(), np.ones((5, 1))),  # of a single class
    ):
        assert gradcheck(net, z, target, loss=loss, rng=draws, method=method) < limit
        assert gradcheck(loss, net(z), target, rng=draws, method=method) < limit
    assert gradcheck(SigmoidCrossEntropy(), [[1e-9], [0.0]], [[0.5], [0.5]], rng=draws, method=method) < limit


def test_a_huge_gradient_does_not_hide_what_is_wrong():
    z = np.full((2, 2), 1e-160)
    assert gradcheck(Sequential([MeanGradient(2, 2, rng())]), z, rng=rng()) > 0.1
    assert gradcheck(MeanGradient(2, 2, rng()), 1e200 * np.ones((2, 2)), rng=rng()) > 0.1


def test_a_broken_layer_is_found_in_a_network_within_a_network():
    inner = Sequential([Tanh(), MeanGradient(3, 2, rng())])
    z = rng().normal(size=(5, 3))
    errors = gradient_errors(Sequential([Linear(3, 3, rng()), inner]), z, rng=rng())
    assert errors["params[2]"] > 0.1 and sum(errors.values()) - errors["params[2]"] < 1e-13


def test_single_precision_is_checked_against_double():
    layer = Sequential([Linear(3, 4, rng(), dtype="float32"), Tanh()])
    assert 1e-9 < gradcheck(layer, np.ones((2, 3)), rng=rng()) < 1e-6


def test_nothing_is_changed():
    net, z = Sequential([Linear(3, 4, rng()), Sigmoid(), Linear(4, 3, rng())]), rng().normal(size=(5, 3))
    theta, z_before = net.theta.copy(), z.copy()
    gradcheck(net, z, ONE_HOT, loss=SoftmaxCrossEntropy(), rng=rng())
    np.testing.assert_array_equal(net.theta, theta)
    np.testing.assert_array_equal(z, z_before)
    net.theta += 1  # the layers still look into this vector
    np.testing.assert_array_equal(net.layers[0].W.ravel(), theta[:12] + 1)
    assert np.isrealobj(net.layers[1]._z) and np.isrealobj(net.backward(ONE_HOT))


class ForgetsTheShift(Linear):
    def fill_grads(self, delta):
        self.grads = [self._z.T @ delta]


class KeepsToItself:
    """Holds layers, but hands none of their gradients on."""

    def __init__(self, *layers):
        self.layers = list(layers)

    def forward(self, z):
        for layer in self.layers:
            z = layer.forward(z)
        return z

    def backward(self, delta):
        for layer in reversed(self.layers):
            delta = layer.backward(delta)
        return delta


@pytest.mark.parametrize(
    "layer", [ForgetsTheShift(3, 2, rng()), KeepsToItself(MeanGradient(3, 3, rng()), Tanh())]
)
def test_parameters_without_a_derivative_are_told_of(layer):
    with pytest.raises(ValueError, match="a derivative for z and each of params, of shapes"):
        gradcheck(layer, np.ones((5, 3)), rng=rng())


class OnlyReal(Elementwise):
    def g(self, z):
        return np.abs(z) ** 3

    def dg(self, z, a):
        return 3 * z * np.abs(z)


def test_a_forward_that_drops_the_imaginary_part_is_told_of():
    with pytest.raises(ValueError, match='keeps the imaginary part; .* Use method="central"'):
        gradcheck(OnlyReal(), np.ones((2, 2)), rng=rng())
    assert gradcheck(OnlyReal(), np.array([[1.0, -2.0]]), rng=rng(), method="central") < 1e-8


@pytest.mark.parametrize(
    "arguments, words",
    [
        (dict(rng=None), "rng must be a numpy.random.Generator"),
        (dict(method="forward"), 'method must be "complex" or "central"; got'),
        (dict(loss=SquaredError()), "a loss needs a target"),
    ],
)
def test_bad_input(arguments, words):
    with pytest.raises(ValueError, match=words):
        gradcheck(Tanh(), np.ones((2, 2)), **(dict(rng=rng()) | arguments))


def test_a_target_may_be_a_data_frame():
    z = rng().normal(size=(5, 3))
    assert gradcheck(SquaredError(), z, pd.DataFrame(ONE_HOT), rng=rng()) < 1e-14


def test_a_target_needs_a_loss():
    with pytest.raises(ValueError, match="a target is for a loss"):
        gradcheck(Tanh(), np.ones((2, 2)), np.ones((2, 2)), rng=rng())


def test_a_loss_needs_a_target():
    with pytest.raises(ValueError, match="a loss needs a target"):
        gradcheck(SquaredError(), np.ones((2, 2)), rng=rng())
