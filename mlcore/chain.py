"""Two orders of the chain rule, counted: the same product of Jacobians from the right or from the left.

The layers z⁽ˡ⁾ = f⁽ˡ⁾(z⁽ˡ⁻¹⁾), l = 1 … L, have Jacobians J⁽ˡ⁾ of shape (n_l, n_{l−1}), and together
∂z⁽ᴸ⁾/∂z⁽⁰⁾ = J⁽ᴸ⁾ ⋯ J⁽²⁾ J⁽¹⁾. A matrix product is associative, so the order in which the factors are
multiplied changes nothing but the work: forward accumulation carries a matrix with n₀ columns, reverse
accumulation one with n_L rows. A cost is a single number, n_L = 1, so reverse accumulation multiplies a
vector with matrices: that is backpropagation. Its price is memory. It begins at the end, so it has to keep
the activations of the whole way there.
"""

from dataclasses import dataclass

import numpy as np

from . import _checks as check


@dataclass(frozen=True, eq=False)
class Accumulated:
    """The Jacobian of a chain of layers, and what it took to compute it.

    Attributes
    ----------
    jacobian : ndarray, shape (n_L, n_0)
    multiplications : int
        Products of two numbers, in the matrix products. (A layer whose Jacobian is diagonal is multiplied out
        like any other, to compare the orders and nothing else.)
    stored : int
        The most numbers that had to be kept from one step to the next: activations and the running product.
        The Jacobian of a single layer is made when its turn comes and not kept.
    """

    jacobian: np.ndarray
    multiplications: int
    stored: int

    def __repr__(self):
        return f"{self.multiplications} multiplications, {self.stored} numbers stored"


def forward_accumulation(layers, x):
    """∂z⁽ᴸ⁾/∂z⁽⁰⁾ at x from the first layer on: J⁽ᴸ⁾(⋯(J⁽²⁾J⁽¹⁾)).

    Parameters
    ----------
    layers : sequence of Layer
        With a method ``jacobian(z)``, as `Linear` and the activations have.
    x : array_like, shape (n_0,)
        One example.

    Returns
    -------
    Accumulated

    Raises
    ------
    ValueError
        No layer, or an `x` that is not a vector of the length that the first layer takes.

    Notes
    -----
    Equations eq-chain-forward, eq-chain-count. Goes along with the forward pass and forgets every activation
    at once. Source: Peeters, lecture slides, two ways to implement gradient computation.
    """
    z, product, multiplications, stored = _first_activation(layers, x), None, 0, 0
    for layer in layers:
        J = layer.jacobian(z)  # (n_l, n_{l−1})
        multiplications += 0 if product is None else J.size * product.shape[1]  # (eq-chain-count)
        product = J if product is None else J @ product  # (n_l, n_0)  (eq-chain-forward)
        z = layer(z[None])[0]
        stored = max(stored, z.size + product.size)
    return Accumulated(product, multiplications, stored)


def reverse_accumulation(layers, x):
    """∂z⁽ᴸ⁾/∂z⁽⁰⁾ at x from the last layer back: ((J⁽ᴸ⁾J⁽ᴸ⁻¹⁾)⋯)J⁽¹⁾.

    Parameters, return value and errors as for `forward_accumulation`.

    Notes
    -----
    Equations eq-chain-reverse, eq-chain-count. Peeters's slides say "less memory" of this order: it stores no
    matrices where n_L = 1, but all the activations, which the other order does not. Source: as above.
    """
    activations = [_first_activation(layers, x)]
    for layer in layers[:-1]:
        activations.append(layer(activations[-1][None])[0])
    product, multiplications = None, 0
    stored = kept = sum(z.size for z in activations)
    for layer in reversed(layers):
        z = activations.pop()
        J = layer.jacobian(z)  # (n_l, n_{l−1})
        multiplications += 0 if product is None else product.shape[0] * J.size  # (eq-chain-count)
        product = J if product is None else product @ J  # (n_L, n_{l−1})  (eq-chain-reverse)
        kept -= z.size
        stored = max(stored, kept + product.size)
    return Accumulated(product, multiplications, stored)


def _first_activation(layers, x):
    """`x` as a vector, if there are layers to put it through that can take it."""
    check.expect(len(layers), "layers must be a sequence of at least one layer", "none")
    for layer in layers:
        check.has(layer, "jacobian", name="every layer", form="Linear or an activation, with a jacobian")
    return check.vector(x, name="x")
