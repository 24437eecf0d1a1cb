"""Checks of the exercises of the chapter *Backpropagation*."""

from contextlib import suppress

import numpy as np

from ..functions import one_hot, sigmoid, softmax
from ..layers import Sigmoid, linear_backward
from ..mlp import forward_pass
from ..teach import check


def _case(sizes, B, seed):
    """Parameters, sums, inputs and a first error for a network of these widths and B examples."""
    rng = np.random.default_rng(seed)
    theta = [(rng.normal(size=pair), rng.normal(size=pair[1])) for pair in zip(sizes, sizes[1:])]
    X = rng.normal(size=(B, sizes[0]))
    Z, A = forward_pass(theta, X, Sigmoid())
    return [W for W, _ in theta], Z, A, softmax(Z[-1]) - one_hot(np.arange(B) % sizes[-1], sizes[-1])


_SQUARE = _case((4, 4, 4, 4), 5, 0)
_UNEVEN = _case((5, 4, 3, 2), 6, 1)
_LAYERS = [
    (delta, z, W)
    for delta, z, W in (
        (np.array([[1.0, -2.0]]), np.array([[3.0, 0.5, -1.0]]), np.array([[1.0, 2], [0, -1], [4, 1]])),
        tuple(np.random.default_rng(2).normal(size=size) for size in ((4, 3), (4, 5), (5, 3))),
    )
]


def _flat(*arrays):
    return np.concatenate([np.ravel(a) for a in arrays])


def _errors(W, Z, dZ, slope=lambda Z, l: sigmoid(Z[l]) * sigmoid(-Z[l]), transpose=True):
    """Δ of all layers, flat, first layer first."""
    found = [dZ]
    for l in reversed(range(len(W) - 1)):
        back = found[0] @ (W[l + 1].T if transpose else W[l + 1])
        found.insert(0, back * slope(Z, l))
    return _flat(*found)


def other_weight(answer):
    slope = -4 * sigmoid(1.0) * sigmoid(-1.0) * (sigmoid(1.0) - 2)  # x₂ · 2(ŷ − y) · v₂ · σ′(z₂)
    mistakes = {
        "the sign: x₂ is −2, which turns that of δ₂": -slope,
        "that is δ₂; the weight's derivative is its input times that": slope / -2,
        "without σ′(z₂): the bend is missing": -4 * (sigmoid(1.0) - 2),
    }
    check(answer, slope, mistakes, name="∂C/∂W₂₂", rtol=3e-3)


def by_hand(answer):
    mistakes = {
        "the second unit is off: its z is negative, so nothing passes it": [6, 8, 12, 16],
        "these are the δ times the wrong input: each weight is multiplied by the x it starts from": [
            12,
            0,
            6,
            0,
        ],
        "without the factor 2 of the square": [3, 0, 6, 0],
        "the sign: ŷ − y is 1 here": [-6, 0, -12, 0],
    }
    with suppress(ValueError):  # rows of different lengths: check says so
        answer = np.ravel(answer) if np.shape(answer) == (2, 2) else answer  # the matrix will do
    check(answer, [6, 0, 12, 0], mistakes, name="(∂C/∂W₁₁, ∂C/∂W₁₂, ∂C/∂W₂₁, ∂C/∂W₂₂)")


def how_many(answer):
    last = 128 * 784 + 64 * 128
    mistakes = {
        "upside down: forward accumulation does more here": last / (784 * (128 * 64 + 64)),
        "that is n₀: it would be right if both sums had the same terms": 784,
    }
    check(answer, 784 * (64 * 128 + 64) / last, mistakes, name="forward / reverse")


def linear_back(answer):
    def right(delta, z, W):
        return _flat(*linear_backward(delta, z, W))

    def with_parts(dz=None, dW=None, db=None):
        def wrong(delta, z, W):
            parts = linear_backward(delta, z, W)
            mine = [part if f is None else f(delta, z, W) for part, f in zip(parts, (dz, dW, db))]
            return _flat(*mine)

        return wrong

    def flat(delta, z, W):
        given = answer(delta, z, W)
        if given is None:
            return None
        two_axes = len(delta) > 1 and np.shape(given[-1]) == (1, W.shape[1])
        return np.append(_flat(*given), 0.0) if two_axes else _flat(*given)

    def kept_axis(delta, z, W):
        return np.append(right(delta, z, W), [0.0] * (len(delta) > 1))

    mistakes = {
        "∂C/∂b has shape (1, n) and b has (n,): no keepdims here": kept_axis,
        "∂C/∂W is transposed: it has the shape of W, input first": with_parts(dW=lambda d, z, W: d.T @ z),
        "∂C/∂b is a mean over the batch; the cost is a sum": with_parts(db=lambda d, z, W: d.mean(axis=0)),
        "∂C/∂W is a mean over the batch; the cost is a sum": with_parts(dW=lambda d, z, W: z.T @ d / len(z)),
        "∂C/∂b is still one row for each example: sum over the batch": with_parts(db=lambda d, z, W: d),
        "∂C/∂b is summed over the outputs: sum over the examples, axis=0": with_parts(
            db=lambda d, z, W: d.sum(axis=1)
        ),
    }
    check(flat if callable(answer) else answer, right, mistakes, name="dz, dW, db", at=_LAYERS)


def softmax_back(answer):
    rng = np.random.default_rng(3)
    at = [tuple(rng.normal(size=(2, B, 4))) for B in (1, 3)]

    def right(delta, z):
        p = softmax(z)
        return p * (delta - np.sum(delta * p, axis=1, keepdims=True))

    mistakes = {
        "only the diagonal of the Jacobian: every output depends on every score": lambda d, z: (
            d * softmax(z) * (1 - softmax(z))
        ),
        "the second term is missing: ŷ ⊙ δ is not all": lambda d, z: d * softmax(z),
        "sum within each example, axis=1 with keepdims, not over all": lambda d, z: (
            softmax(z) * (d - np.sum(d * softmax(z)))
        ),
        "the δ of the sum is not weighted by ŷ": lambda d, z: (
            softmax(z) * (d - np.sum(d, axis=1, keepdims=True))
        ),
    }
    check(answer, right, mistakes, name="softmax backward", at=at)


def transpose(answer):
    def lists(W, Z, A, dZ):
        given = answer(W, Z, dZ)
        return None if given is None else _flat(*given)

    mistakes = {
        "still without the transposition: it exchanges this layer and the next": lambda W, Z, A, d: _errors(
            W, Z, d, transpose=False
        ),
        "the weights are those of this layer, W[l]; the error comes through those of the next": (
            lambda W, Z, A, d: _wrong_weights(W, Z, d)
        ),
        "the bend is gone: multiply by σ′(Z[l])": lambda W, Z, A, d: _errors(W, Z, d, slope=lambda Z, l: 1.0),
    }
    at = [_SQUARE, _case((4, 4, 4, 4), 3, 5)]
    right = lambda W, Z, A, d: _errors(W, Z, d)  # noqa: E731
    check(lists if callable(answer) else answer, right, mistakes, name="errors", at=at)


def _wrong_weights(W, Z, dZ):
    found = [dZ]
    for l in reversed(range(len(W) - 1)):
        found.insert(0, (found[0] @ W[l].T) * sigmoid(Z[l]) * sigmoid(-Z[l]))
    return _flat(*found)


def wrong_slope(answer):
    def lists(W, Z, A, dZ):
        given = answer(W, Z, dZ)
        return None if given is None else _flat(*given)

    at = [_SQUARE, _case((4, 4, 4, 4), 3, 6)]
    right = lambda W, Z, A, d: _errors(W, Z, d)  # noqa: E731
    mistakes = {
        "still the slope of the layer above: the error of layer l passes g′ at Z[l]": lambda W, Z, A, d: (
            _errors(W, Z, d, slope=lambda Z, l: sigmoid(Z[l + 1]) * sigmoid(-Z[l + 1]))
        ),
        "a(1 − a) takes a = σ(z), not z": lambda W, Z, A, d: _errors(
            W, Z, d, slope=lambda Z, l: Z[l] * (1 - Z[l])
        ),
        "the activation itself, not its derivative": lambda W, Z, A, d: _errors(
            W, Z, d, slope=lambda Z, l: sigmoid(Z[l])
        ),
        "no slope at all: the wrong one was to be replaced, not taken out": lambda W, Z, A, d: _errors(
            W, Z, d, slope=lambda Z, l: 1.0
        ),
    }
    check(lists if callable(answer) else answer, right, mistakes, name="errors", at=at)


def bias_step(answer):
    rng = np.random.default_rng(4)
    at = [(rng.normal(size=3), rng.normal(size=(B, 3)), 0.1) for B in (3, 7)]
    mistakes = {
        "the mean: here the cost is a sum over the batch": lambda b, d, eta: b - eta * d.mean(axis=0),
        "only the last example counts": lambda b, d, eta: b - eta * d[-1],
        "only the first example counts": lambda b, d, eta: b - eta * d[0],
        "uphill: check the sign": lambda b, d, eta: b + eta * d.sum(axis=0),
        "still one row of biases for each example: sum over the batch": lambda b, d, eta: b - eta * d,
    }
    check(answer, lambda b, d, eta: b - eta * d.sum(axis=0), mistakes, name="new biases", at=at)


def mean_or_sum(answer):
    mistakes = {
        "the other way round: 256 examples make the sum larger, so the step must be smaller": 0.1 * 256 / 32,
        "that is the rate for a mean, which need not change with the batch": 0.1,
        "that is the rate that a sum over 32 needs; the batch is now 256": 0.1 / 32,
    }
    check(answer, 0.1 / 256, mistakes, name="η")


def one_softmax(answer):
    rng = np.random.default_rng(5)
    at = [(rng.normal(size=(B, 4)), one_hot(rng.integers(4, size=B), 4)) for B in (1, 6)]

    def right(Z, Y):
        return softmax(Z) - Y

    mistakes = {
        "softmax twice: the loss has one inside, so it wants the scores": lambda Z, Y: (
            softmax(softmax(Z)) - Y
        ),
        "no softmax at all: a derivative must compare probabilities": lambda Z, Y: Z - Y,
        "along the wrong axis: each example, each row, sums to one": lambda Z, Y: softmax(Z.T).T - Y,
        "uphill: it is prediction minus target": lambda Z, Y: Y - softmax(Z),
    }
    check(answer, right, mistakes, name="∂C/∂Z", at=at)


def checkpoints(answer):
    mistakes = {
        "keeps every activation, or multiplies; the starts and one stretch are in memory: add": 100,
        "that is the stretch, or the starts; both are in memory at the same time": 10,
    }
    once = (
        isinstance(answer, (int, float, np.number)) and answer == 19
    )  # the start of the stretch counted once
    check(20 if once else answer, 20, mistakes, name="activations")
