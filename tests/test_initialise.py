"""Initial weights: their variance, their range, and what equal weights do."""

import numpy as np
import pytest

from mlcore import initialise
from mlcore.layers import Linear, ReLU, Sequential, Tanh

RANDOM = [
    initialise.uniform,
    initialise.glorot_normal,
    initialise.glorot_uniform,
    initialise.he_normal,
    initialise.he_uniform,
]


@pytest.mark.equation("eq-glorot", "eq-he")
@pytest.mark.parametrize(
    "start, variance",
    [
        (initialise.uniform, lambda i, o: 0.2**2 / 12),
        (initialise.glorot_normal, lambda i, o: 2 / (i + o)),
        (initialise.glorot_uniform, lambda i, o: 2 / (i + o)),
        (initialise.he_normal, lambda i, o: 2 / i),
        (initialise.he_uniform, lambda i, o: 2 / i),
    ],
)
@pytest.mark.parametrize("n_in, n_out", [(500, 400), (100, 2000), (2000, 100)])
def test_mean_and_variance(start, variance, n_in, n_out):
    W = start(n_in, n_out, np.random.default_rng(0))
    n, expected = W.size, variance(n_in, n_out)
    assert W.shape == (n_in, n_out) and W.dtype == np.float64
    assert abs(W.mean()) < 5 * np.sqrt(expected / n)
    assert abs(W.var() / expected - 1) < 5 * np.sqrt(2 / n)


@pytest.mark.parametrize(
    "start, r",
    [
        (initialise.uniform, 0.1),
        (initialise.glorot_uniform, np.sqrt(6 / 90)),
        (initialise.he_uniform, np.sqrt(6 / 40)),
    ],
)
def test_uniform_weights_fill_their_range(start, r):
    W = start(40, 50, np.random.default_rng(1))
    assert 0.99 * r < W.max() <= r and -r <= W.min() < -0.99 * r


@pytest.mark.equation("eq-he", "eq-glorot")
@pytest.mark.parametrize(
    "activation, start",
    [(ReLU, initialise.he_normal), (ReLU, initialise.he_uniform), (Tanh, initialise.glorot_normal)],
)
def test_signals_keep_their_size_through_twenty_layers(activation, start):
    rng = np.random.default_rng(2)
    layers = [layer for _ in range(20) for layer in (Linear(200, 200, rng, start), activation())]
    net, z = Sequential(layers[:-1]), 0.1 * rng.normal(size=(100, 200))
    out = net.forward(z).std() / z.std()
    back = net.backward(np.ones((100, 200))).std()
    assert 0.2 < out < 5 and 0.2 < back < 5
    smaller = Sequential(
        [
            Linear(200, 200, rng, initialise.uniform) if isinstance(layer, Linear) else layer
            for layer in layers[:-1]
        ]
    )
    assert smaller(z).std() / z.std() < 0.02  # U(−0.1, 0.1) lets a deep network fade out


def test_the_same_generator_gives_the_same_weights():
    for start in RANDOM:
        np.testing.assert_array_equal(*(start(3, 4, np.random.default_rng(5)) for _ in range(2)))
    assert not initialise.zeros(3, 4).any() and initialise.zeros(3, 4).shape == (3, 4)


@pytest.mark.parametrize("start", [initialise.zeros, *RANDOM])
def test_widths_whose_sum_leaves_their_type(start):
    small, same = (start(n(200), n(100), np.random.default_rng(0)) for n in (np.uint8, int))
    np.testing.assert_array_equal(small, same)
    layers = [Linear(n(200), n(100), np.random.default_rng(0), start) for n in (np.uint8, int)]
    np.testing.assert_array_equal(*(layer.W for layer in layers))


@pytest.mark.parametrize("start", [initialise.zeros, *RANDOM])
@pytest.mark.parametrize(
    "widths, words",
    [
        ((0, 3), "n_in must be a whole number >= 1; got int: 0"),
        ((3, -1), "n_out must be"),
        ((2.0, 3), "n_in must be"),
    ],
)
def test_bad_widths(start, widths, words):
    with pytest.raises(ValueError, match=words):
        start(*widths, np.random.default_rng(0))


@pytest.mark.parametrize("start", RANDOM)
@pytest.mark.parametrize("rng", [None, 0, np.random])
def test_a_generator_is_needed(start, rng):
    with pytest.raises(ValueError, match="rng must be a numpy.random.Generator"):
        start(2, 3, rng)
