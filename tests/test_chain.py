"""Two orders of the chain rule: the same Jacobian, and numbers of operations that can be counted by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.chain import forward_accumulation, reverse_accumulation
from mlcore.layers import Linear, Sequential, Sigmoid, Tanh


def chain(widths, seed=0):
    rng = np.random.default_rng(seed)
    return [layer for n_in, n_out in zip(widths, widths[1:]) for layer in (Linear(n_in, n_out, rng), Tanh())]


def complex_step(layers, x):
    """The Jacobian column by column, with an imaginary step along each input."""
    net = Sequential(layers)
    return np.column_stack([net(x[None] + 1e-20j * e)[0].imag / 1e-20 for e in np.eye(len(x))])


@pytest.mark.equation("eq-chain-forward", "eq-chain-reverse")
@given(st.lists(st.integers(1, 6), min_size=2, max_size=6), st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_both_orders_give_the_jacobian(widths, seed):
    layers, x = chain(widths, seed), np.random.default_rng(seed).normal(size=widths[0])
    forward, reverse = forward_accumulation(layers, x), reverse_accumulation(layers, x)
    assert forward.jacobian.shape == reverse.jacobian.shape == (widths[-1], widths[0])
    expected = complex_step(layers, x)
    np.testing.assert_allclose(forward.jacobian, expected, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(reverse.jacobian, expected, rtol=1e-10, atol=1e-14)


@pytest.mark.equation("eq-chain-reverse")
def test_reverse_accumulation_is_backpropagation():
    layers, x = chain([5, 4, 1]), np.linspace(-1, 1, 5)
    net = Sequential(layers)
    net.forward(x[None])
    reverse = reverse_accumulation(layers, x)
    np.testing.assert_allclose(reverse.jacobian, net.backward(np.ones((1, 1))), rtol=1e-12)


@pytest.mark.equation("eq-chain-count")
@given(st.lists(st.integers(1, 6), min_size=2, max_size=6))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_numbers_of_multiplications(widths):
    n = [widths[0]] + [width for width in widths[1:] for _ in range(2)]  # n_0 … n_L: Linear, Tanh, Linear, …
    L = len(n) - 1
    layers, x = chain(widths), np.zeros(widths[0])
    forward, reverse = forward_accumulation(layers, x), reverse_accumulation(layers, x)
    assert forward.multiplications == n[0] * sum(n[i] * n[i - 1] for i in range(2, L + 1))
    assert reverse.multiplications == n[L] * sum(n[i] * n[i - 1] for i in range(1, L))


@pytest.mark.equation("eq-chain-count")
def test_counts_of_a_network_with_one_output_by_hand():
    rng = np.random.default_rng(0)  # 100 -> 10 -> 10 -> 1
    layers, x = [Linear(100, 10, rng), Sigmoid(), Linear(10, 1, rng)], np.ones(100)
    forward, reverse = forward_accumulation(layers, x), reverse_accumulation(layers, x)
    assert forward.multiplications == 10 * 10 * 100 + 1 * 10 * 100  # matrix times matrix
    assert reverse.multiplications == 1 * 10 * 10 + 1 * 10 * 100  # vector times matrix
    assert forward.stored == 10 + 10 * 100  # one activation, one matrix
    assert reverse.stored == 100 + 10 + 10  # all the activations; the vector is smaller than what it replaces
    assert repr(reverse) == "1100 multiplications, 120 numbers stored"


def test_memory_of_the_reverse_order_grows_with_depth_and_that_of_the_forward_order_does_not():
    x = np.ones(3)
    stored = [
        (forward_accumulation(layers, x).stored, reverse_accumulation(layers, x).stored)
        for layers in (chain([3] * depth + [1]) for depth in (2, 4, 8))
    ]
    forward, reverse = zip(*stored)
    assert len(set(forward)) == 1 and reverse[0] < reverse[1] < reverse[2]


@pytest.mark.parametrize("function", [forward_accumulation, reverse_accumulation])
@pytest.mark.parametrize(
    "layers, x, words",
    [
        ([], [1.0], "at least one layer; got none"),
        (chain([2, 1]), [[1.0, 2.0]], "x must be a 1-D array"),
        (chain([2, 1]), [1.0, 2.0, 3.0], r"z must have shape \(m, 2\)"),
        (chain([2, 1]), [np.nan, 1], "finite"),
        ([Sequential(chain([2, 1]))], [1.0, 2.0], "every layer must be Linear or an activation"),
    ],
)
def test_bad_input(function, layers, x, words):
    with pytest.raises(ValueError, match=words):
        function(layers, x)
