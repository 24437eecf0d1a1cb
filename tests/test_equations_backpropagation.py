"""The equations that the chapter on backpropagation adds, each against something of another origin."""

from itertools import product

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import special

from mlcore.layers import Tanh, softmax_cross_entropy
from mlcore.mlp import backward_pass, forward_pass

SEEDS = range(3)


class Counted:
    """A number that counts how often it is multiplied, by whoever does it."""

    tally = 0

    def __init__(self, value):
        self.value = value

    def __mul__(self, other):
        Counted.tally += 1
        return Counted(self.value * getattr(other, "value", other))

    def __add__(self, other):
        return Counted(self.value + getattr(other, "value", other))

    __rmul__, __radd__ = __mul__, __add__


def counted(array):
    return np.vectorize(Counted, otypes=[object])(array)


def multiplications(work):
    Counted.tally = 0
    work()
    return Counted.tally


def jacobians(widths, rng):
    return [rng.normal(size=(out, into)) for into, out in zip(widths, widths[1:])]


@pytest.mark.equation("eq-path-sum")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_sum_over_all_paths_is_the_derivative(seed):
    rng = np.random.default_rng(seed)
    W = [rng.normal(size=shape) for shape in ((3, 4), (4, 2), (2, 3))]  # z[l] = tanh(z[l−1]) W, a row
    z1, weights = rng.normal(size=3), rng.normal(size=3)

    def cost(z):
        for M in W:
            z = np.tanh(z) @ M
        return np.sum(weights * z**2)

    measured = [cost(z1 + 1e-20j * e).imag / 1e-20 for e in np.eye(3)]
    z = [z1]
    for M in W:
        z.append(np.tanh(z[-1]) @ M)
    local = [(M / np.cosh(at)[:, None] ** 2).T for M, at in zip(W, z)]  # ∂z[l]_o/∂z[l−1]_i, row o
    last = 2 * weights * z[-1]
    total = np.zeros(3)
    for i, j, k, o in product(range(3), range(4), range(2), range(3)):
        total[i] += local[0][j, i] * local[1][k, j] * local[2][o, k] * last[o]
    assert_allclose(total, measured, rtol=1e-10)


@pytest.mark.equation("eq-path-count")
@pytest.mark.parametrize("widths", [(2, 3), (3, 2, 4), (2, 3, 3, 2)])
def test_multiplications_of_paths_and_of_layers(widths):
    rng, L = np.random.default_rng(0), len(widths)
    J, last = [counted(M) for M in jacobians(widths, rng)], counted(rng.normal(size=widths[-1]))

    def paths():
        for path in product(*map(range, widths)):
            term = last[path[-1]]
            for M, i, o in zip(J, path, path[1:]):
                term = term * M[o, i]

    def layers():
        delta = last
        for M in reversed(J):
            delta = delta @ M

    assert multiplications(paths) == (L - 1) * np.prod(widths)
    assert multiplications(layers) == sum(a * b for a, b in zip(widths, widths[1:]))


@pytest.mark.equation("eq-output-sigmoid")
def test_the_slope_of_the_sigmoid_cancels_the_fraction():
    for z, y in product((-3.0, -0.2, 1.7), (0.0, 1.0, 0.3)):
        p = special.expit(z)
        cost = lambda a: -y * np.log(a) - (1 - y) * np.log(1 - a)  # noqa: B023, E731
        by_p = cost(p + 1e-20j).imag / 1e-20
        assert_allclose(by_p, (p - y) / (p * (1 - p)), rtol=1e-10)
        by_z = cost(1 / (1 + np.exp(-(z + 1e-20j)))).imag / 1e-20
        assert_allclose(by_z, p - y, rtol=1e-10)
        assert_allclose(by_p * p * (1 - p), by_z, rtol=1e-10)


@pytest.mark.equation("eq-output-softmax")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_output_error_of_the_softmax_needs_rows_that_sum_to_one(seed):
    rng = np.random.default_rng(seed)
    z, y = rng.normal(size=4), rng.dirichlet(np.ones(4))

    def slope(target):
        def cost(s):
            return -np.sum(target * np.log(np.exp(s) / np.sum(np.exp(s))))

        return np.array([cost(z + 1e-20j * e).imag / 1e-20 for e in np.eye(4)])

    p = special.softmax(z)
    middle = [-sum(y[k] * ((k == c) - p[c]) for k in range(4)) for c in range(4)]
    assert_allclose(slope(y), middle, rtol=1e-9)
    assert_allclose(slope(y), p - y, rtol=1e-9)
    assert not np.allclose(slope(2 * y), p - 2 * y, rtol=1e-3)
    assert_allclose(slope(2 * y), 2 * p - 2 * y, rtol=1e-9)


@pytest.mark.equation("eq-error-definition", "eq-hidden-entry", "eq-weight-entry")
@pytest.mark.parametrize("seed", SEEDS)
def test_entry_by_entry(seed):
    rng = np.random.default_rng(seed)
    theta = [(rng.normal(size=s), rng.normal(size=s[1])) for s in ((3, 4), (4, 2))]
    X, Y = rng.normal(size=(5, 3)), np.eye(2)[rng.integers(0, 2, 5)]
    (W1, b1), (W2, b2) = theta
    Z1 = X @ W1 + b1
    delta = special.softmax(np.tanh(Z1) @ W2 + b2, axis=1) - Y

    def cost(Z1, W2):
        S = np.tanh(Z1) @ W2 + b2
        return np.sum(np.log(np.sum(np.exp(S), axis=1))) - np.sum(Y * S)

    for i, p in product(range(5), range(4)):  # example i, unit p
        step = np.zeros((5, 4), complex)
        step[i, p] = 1e-20j
        entry = sum(delta[i, o] * W2[p, o] for o in range(2)) / np.cosh(Z1[i, p]) ** 2
        assert_allclose(cost(Z1 + step, W2).imag / 1e-20, entry, rtol=1e-9)
    for p, o in product(range(4), range(2)):
        step = np.zeros((4, 2), complex)
        step[p, o] = 1e-20j
        entry = sum(np.tanh(Z1[i, p]) * delta[i, o] for i in range(5))
        assert_allclose(cost(Z1, W2 + step).imag / 1e-20, entry, rtol=1e-9)


@pytest.mark.equation("eq-third-errors")
@pytest.mark.parametrize("seed", SEEDS)
def test_errors_of_two_layers_behind_one_another(seed):
    rng = np.random.default_rng(seed)
    V, W, y = rng.normal(size=(3, 5)), rng.normal(size=(5, 2)), np.eye(2)[rng.integers(2)]
    z_i = rng.normal(size=3)

    def cost_from_j(z_j):
        s = np.tanh(z_j) @ W
        return np.log(np.sum(np.exp(s))) - y @ s

    z_j = np.tanh(z_i) @ V
    p = special.softmax(np.tanh(z_j) @ W)
    delta_j = [sum(W[j, k] * (p[k] - y[k]) for k in range(2)) / np.cosh(z_j[j]) ** 2 for j in range(5)]
    delta_i = [sum(V[i, j] * delta_j[j] for j in range(5)) / np.cosh(z_i[i]) ** 2 for i in range(3)]
    by_j = [cost_from_j(z_j + 1e-20j * e).imag / 1e-20 for e in np.eye(5)]
    by_i = [cost_from_j(np.tanh(z_i + 1e-20j * e) @ V).imag / 1e-20 for e in np.eye(3)]
    assert_allclose(delta_j, by_j, rtol=1e-9)
    assert_allclose(delta_i, by_i, rtol=1e-9)


@pytest.mark.equation("eq-pass-count")
@pytest.mark.parametrize("sizes", [(3, 4, 2), (2, 5, 3, 1), (4, 2)])
def test_multiplications_of_a_pass_back(sizes):
    rng, B = np.random.default_rng(0), 3
    real = [(rng.normal(size=pair), rng.normal(size=pair[1])) for pair in zip(sizes, sizes[1:])]
    theta = [(counted(W), counted(b)) for W, b in real]
    X = rng.normal(size=(B, sizes[0]))

    class Free:
        """A bend that costs no multiplication of its own; only the products with W are to be counted."""

        def g(self, z):
            return z

        def dg(self, z, a):
            return np.ones(z.shape, dtype=int)

    Z, A = forward_pass(theta, counted(X), Free())
    weights = sum(a * b for a, b in zip(sizes, sizes[1:]))
    assert multiplications(lambda: forward_pass(theta, counted(X), Free())) == B * weights
    bends = B * sum(sizes[1:-1])  # the products ⊙, which the formula leaves out
    back = multiplications(lambda: backward_pass(theta, Z, A, counted(np.ones(Z[-1].shape)), Free()))
    assert back - bends == B * (2 * weights - sizes[0] * sizes[1])
    assert (B * weights + back - bends) / (B * weights) < 3


@pytest.mark.equation("eq-kink")
@pytest.mark.parametrize("z, h", [(0.1, 0.05), (0.1, 0.1), (0.1, 0.4), (1e-3, 0.5)])
def test_a_difference_across_the_kink_of_relu(z, h):
    measured = (max(0, z + h) - max(0, z - h)) / (2 * h)
    assert_allclose(1 - measured, max(0, (h - z) / (2 * h)), atol=1e-12)


def test_what_the_chapter_says_of_two_softmaxes():
    best = min(
        softmax_cross_entropy(special.softmax(s * np.eye(10)[:1]), np.eye(10)[:1])[0] for s in (5, 50, 500)
    )
    assert_allclose(best, np.log(9 + np.e) - 1, rtol=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_example_in_a_batch_hides_a_missing_sum(seed):
    rng = np.random.default_rng(seed)
    theta = [(rng.normal(size=s), rng.normal(size=s[1])) for s in ((3, 4), (4, 2))]
    for B, same in ((1, True), (4, False)):
        Z, A = forward_pass(theta, rng.normal(size=(B, 3)), Tanh())
        dZ = rng.normal(size=Z[-1].shape)
        (_, db), _ = backward_pass(theta, Z, A, dZ, Tanh())
        first = (dZ @ theta[1][0].T * Tanh().dg(Z[0], A[1]))[0]
        assert np.allclose(first, db) == same
