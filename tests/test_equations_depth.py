"""The equations of the chapter on beginnings and depth, each against something of another origin."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import integrate, stats

from mlcore.explore.chapters import depth
from mlcore.gradcheck import gradient_errors
from mlcore.initialise import glorot_normal, he_normal
from mlcore.layers import (
    ACTIVATIONS,
    Identity,
    Linear,
    ReLU,
    Sequential,
    Sigmoid,
    SoftmaxCrossEntropy,
    Tanh,
)
from mlcore.mlp import forward_pass

RNG = np.random.default_rng


def network(widths, activation, start=glorot_normal, seed=0):
    rng, layers = RNG(seed), []
    for shape in zip(widths, widths[1:]):
        layers += [Linear(*shape, rng, start), activation()]
    return Sequential(layers[:-1])


def cost(net, X, Y):
    return float(SoftmaxCrossEntropy().forward(net(X), Y))


def slopes(net, X, Y, where, h=1e-6):
    """∂C by single entries of a parameter array, by central differences."""
    found = []
    for array, index in where:
        old, values = array[index], []
        for step in (h, -h):
            array[index] = old + step
            values.append(cost(net, X, Y))
        array[index] = old
        found.append((values[0] - values[1]) / (2 * h))
    return np.array(found)


@pytest.mark.equation("eq-twin-units")
@pytest.mark.parametrize("activation", [Sigmoid, Tanh, ReLU])
def test_units_with_equal_weights_in_and_out_have_equal_gradients(activation):
    rng = RNG(1)
    net, X, Y = network((5, 4, 6, 3), activation), rng.normal(size=(7, 5)), np.eye(3)[rng.integers(0, 3, 7)]
    before, after = net.layers[0], net.layers[2]
    before.W[:, 2], after.W[2] = before.W[:, 0], after.W[0]
    pairs = (
        [(before.W, (p, 0)) for p in range(5)] + [(before.b, (0,))] + [(after.W, (0, o)) for o in range(6)]
    )
    twins = (
        [(before.W, (p, 2)) for p in range(5)] + [(before.b, (2,))] + [(after.W, (2, o)) for o in range(6)]
    )
    first, second = slopes(net, X, Y, pairs), slopes(net, X, Y, twins)
    assert np.abs(first).max() > 1e-3
    assert_allclose(first, second, atol=1e-8)
    after.W[2, 0] += 0.5  # different ways out, and they part
    assert np.abs(slopes(net, X, Y, pairs[:5]) - slopes(net, X, Y, twins[:5])).max() > 1e-3


@pytest.mark.equation("eq-sum-square")
def test_mean_square_of_a_sum_whatever_the_inputs_are():
    rng = RNG(2)
    for a in (np.full(30, 0.7), rng.exponential(size=30), np.linspace(-1, 2, 30)):  # not independent, not 0
        for W in (rng.normal(0, 0.3, (100_000, 30)), rng.choice([-0.3, 0.3], size=(100_000, 30))):
            assert_allclose(np.mean((W @ a) ** 2), 30 * 0.09 * np.mean(a**2), rtol=0.03)


@pytest.mark.equation("eq-uniform-variance")
def test_variance_of_a_uniform_weight():
    for r in (0.1, 1.0, 2.5):
        assert_allclose(stats.uniform(-r, 2 * r).var(), r**2 / 3)


@pytest.mark.equation("eq-backward-variance")
@pytest.mark.parametrize("activation", [Identity, Tanh, ReLU])
def test_mean_square_of_the_errors_a_layer_back(activation):
    rng, g, ratios = RNG(3), activation(), []
    for _ in range(300):
        theta = depth.weights([40, 60, 30, 50], lambda n, _: 1.2 / np.sqrt(n), rng)
        Z, _ = forward_pass(theta, rng.normal(size=(4, 40)), g)
        back = depth.errors_back(theta, Z, rng.normal(size=(4, 50)), g)
        slope = np.mean(g.dg(Z[0], g.g(Z[0])) ** 2)
        ratios.append((np.mean(back[0] ** 2), slope * 30 * (1.44 / 60) * np.mean(back[1] ** 2)))
    measured, derived = np.mean(ratios, axis=0)
    assert_allclose(measured, derived, rtol=0.05)


@pytest.mark.equation("eq-telescope")
def test_one_sided_starts_leave_the_ratio_of_two_widths():
    widths, rng, found = (50, 80, 20, 70, 40), RNG(4), []
    for _ in range(400):
        theta = depth.weights(widths, lambda n, _: n**-0.5, rng)
        delta = rng.normal(size=(4, 40))
        Z = [np.zeros((4, n)) for n in widths[1:]]
        found.append(np.mean(depth.errors_back(theta, Z, delta, Identity())[0] ** 2))
    assert_allclose(np.mean(found), 40 / 80, rtol=0.08)


@pytest.mark.equation("eq-relu-half")
@pytest.mark.parametrize("law", [stats.norm(0, 1.3), stats.uniform(-2, 4), stats.laplace(), stats.t(5)])
def test_half_of_the_second_moment_survives(law):
    kept = integrate.quad(lambda z: max(z, 0) ** 2 * law.pdf(z), -60, 60, points=[-2, 0, 2], limit=200)[0]
    assert_allclose(kept, law.moment(2) / 2, rtol=1e-3)


@pytest.mark.equation("eq-variance-map", "eq-backward-factor")
@pytest.mark.parametrize("name", ["tanh", "sigmoid", "relu"])
def test_map_and_factor_against_integrals_and_a_wide_network(name):
    g = ACTIVATIONS[name]()
    for q, scale in ((0.1, 1.0), (2.0, 1.5), (44.0, 10.0)):  # the last saturates

        def mean(f, q=q):
            return integrate.quad(lambda v: f(np.sqrt(q) * v) * stats.norm.pdf(v), -12, 12, points=[0])[0]

        expected = scale**2 * mean(lambda z: float(g.g(np.array(z))) ** 2)
        assert_allclose(depth.next_square(q, scale, g), expected, rtol=1e-3)
        slope = mean(lambda z: float((g.g(np.array(z + 1e-6)) - g.g(np.array(z - 1e-6))) / 2e-6) ** 2)
        assert_allclose(depth.mean_square_slope(q, g), slope, rtol=1e-3)
    rng, n = RNG(5), 1500
    theta = depth.weights([n, n, n], lambda n, _: 1.3 / np.sqrt(n), rng)
    z = 0.8 * rng.normal(size=(2, n))
    Z, _ = forward_pass(theta, g.g(z), g)
    q = depth.squares_by_layer(np.mean(z**2), 1.3, g, 3)
    assert_allclose([np.mean(v**2) for v in Z], q[1:], rtol=0.15)
    delta = rng.normal(size=(2, n))
    back = depth.errors_back(theta, Z, delta, g)
    chi = 1.69 * depth.mean_square_slope(q[1], g)
    assert_allclose(np.mean(back[0] ** 2), chi * np.mean(delta**2), rtol=0.15)


@pytest.mark.equation("eq-tanh-decay")
def test_tanh_at_scale_one_decays_as_one_over_twice_the_depth():
    q = depth.squares_by_layer(1.0, 1.0, Tanh(), 4000)
    assert_allclose(1 / q[3999] - 1 / q[1999], 2 * 2000, rtol=0.01)
    small = 1e-3
    assert_allclose((small - depth.next_square(small, 1.0, Tanh())) / small**2, 2, rtol=0.01)


@pytest.mark.equation("eq-vanishing-step")
def test_a_step_back_is_bounded_by_norm_and_slope():
    rng = RNG(6)
    for activation, steepest in ((Sigmoid, 0.25), (Tanh, 1.0), (ReLU, 1.0)):
        for n_in, n_out in ((6, 4), (3, 8)):
            W, z = rng.normal(size=(n_in, n_out)), rng.normal(size=(1, n_in))
            net = Sequential([activation(), Linear(n_in, n_out, rng)])
            net.layers[1].W[:] = W
            net.forward(z)
            top = np.sqrt(np.linalg.eigvalsh(W.T @ W)[-1])
            for _ in range(50):
                delta = rng.normal(size=(1, n_out))
                back = np.linalg.norm(net.backward(delta))
                assert back <= steepest * top * np.linalg.norm(delta) * (1 + 1e-12)
    net = Sequential([Sigmoid(), Linear(1, 1, rng)])  # equality at z = 0
    net.layers[1].W[:] = 3.0
    net.forward(np.zeros((1, 1)))
    assert_allclose(net.backward(np.ones((1, 1))), 0.75)


@pytest.mark.equation("eq-sigmoid-tanh")
def test_a_tanh_network_in_sigmoids():
    rng = RNG(7)
    W, b = [rng.normal(size=s) for s in ((3, 5), (5, 4), (4, 2))], [rng.normal(size=n) for n in (5, 4, 2)]
    x = rng.normal(size=(6, 3))
    h, s = np.tanh(x @ W[0] + b[0]), 1 / (1 + np.exp(-(x @ (2 * W[0]) + 2 * b[0])))
    h = np.tanh(h @ W[1] + b[1])
    s = 1 / (1 + np.exp(-(s @ (4 * W[1]) + 2 * b[1] - 2 * np.ones(5) @ W[1])))
    assert_allclose(h @ W[2] + b[2], s @ (2 * W[2]) + b[2] - np.ones(4) @ W[2])


@pytest.mark.equation("eq-born-dead")
@pytest.mark.parametrize("n, hidden", [(1, 3), (2, 4), (3, 12)])
def test_probability_that_a_layer_is_off(n, hidden):
    rng, off = RNG(8), 0
    a = rng.normal(size=(20_000, 1, n))
    for _ in range(hidden):
        a = np.maximum(a @ rng.uniform(-1, 1, (20_000, n, n)), 0)
    off = np.mean(a.max(axis=(1, 2)) == 0)
    assert abs(off - (1 - (1 - 2.0**-n) ** hidden)) < 4 * np.sqrt(0.25 / 20_000)


@pytest.mark.equation("eq-skip", "eq-skip-jacobian")
def test_a_block_with_a_skip_and_its_jacobian():
    rng = RNG(9)
    line = Linear(5, 5, rng)
    block, z = depth.Skip([Tanh(), line]), rng.normal(size=(4, 5))
    assert_allclose(block(z), z + np.tanh(z) @ line.W)
    assert max(gradient_errors(block, z, rng=rng).values()) < 1e-12
    block.forward(z[:1])
    delta = rng.normal(size=(1, 5))
    J = np.array([(block(z[:1] + h)[0] - block(z[:1] - h)[0]) / 2e-6 for h in 1e-6 * np.eye(5)]).T
    assert_allclose(block.backward(delta)[0], J.T @ delta[0], rtol=1e-6)
    assert_allclose(J, np.eye(5) + line.W.T * (1 - np.tanh(z[0]) ** 2), rtol=1e-6, atol=1e-8)


@pytest.mark.equation("eq-skip-growth")
def test_growth_with_a_skip():
    rng, ratios = RNG(10), []
    for alpha in (0.3, 1.0):
        for _ in range(200):
            a = rng.normal(size=(2, 60))
            ratios.append(
                np.mean((a + alpha * np.maximum(a, 0) @ he_normal(60, 60, rng)) ** 2) / np.mean(a**2)
            )
        assert_allclose(np.mean(ratios), 1 + alpha**2, rtol=0.03)
        ratios.clear()


@pytest.mark.equation("eq-normalise", "eq-normalise-backward")
def test_normalisation_and_its_way_back():
    z = RNG(11).gamma(2.0, size=(9, 4))
    layer = depth.Normalise()
    assert_allclose(layer(z), stats.zscore(z, axis=0))
    assert max(gradient_errors(layer, z, rng=RNG(0)).values()) < 1e-12


@pytest.mark.equation("eq-normalise-scale")
@pytest.mark.parametrize("c", [0.2, 3.0])
def test_behind_a_normalisation_the_scale_of_weights_cancels(c):
    rng = RNG(12)
    X, Y = rng.normal(size=(8, 3)), np.eye(2)[rng.integers(0, 2, 8)]
    line, out = Linear(3, 4, rng), Linear(4, 2, rng)
    net = Sequential([line, depth.Normalise(), Tanh(), out])
    where = [(line.W, (i, o)) for i in range(3) for o in range(4)]
    value, gradient = cost(net, X, Y), slopes(net, X, Y, where)
    line.W[:] *= c
    assert_allclose(cost(net, X, Y), value)
    assert_allclose(slopes(net, X, Y, where), gradient / c, rtol=1e-5, atol=1e-8)


@pytest.mark.equation("eq-clip")
def test_clipping_shortens_and_does_not_turn():
    rng = RNG(13)
    for _ in range(20):
        g, longest = rng.normal(size=5) * rng.exponential(), 1.0
        short = depth.clipped(g, longest)
        length = np.linalg.norm(g)
        assert_allclose(np.linalg.norm(short), min(length, longest))
        assert_allclose(short @ g, np.linalg.norm(short) * length)
    assert not depth.clipped(np.zeros(3), 1.0).any()


@pytest.mark.equation("eq-tent", "eq-sawtooth", "eq-piece-limit")
def test_tents_in_tents_and_what_one_layer_can_do():
    x = np.arange(2**10 + 1) / 2**10
    assert_allclose(depth.tent(x), 1 - np.abs(2 * x - 1))
    for n in range(1, 8):
        y = depth.sawtooth(x, n)
        assert depth.pieces(y) == 2**n
        assert_allclose(y, np.abs((x * 2 ** (n - 1) + 0.5) % 1 - 0.5) * 2, atol=1e-12)  # a triangular wave
    rng = RNG(14)
    for N in (1, 5, 20):  # kinks on the grid, so that pieces can be counted
        kink = rng.choice(x[1:-1], N, replace=False)
        w = rng.choice([-1.0, 1.0], N)
        y = np.maximum(w * (x[:, None] - kink), 0) @ rng.normal(size=N)
        assert depth.pieces(y) == N + 1


@pytest.mark.parametrize("n", [1, 2, 3])
def test_one_layer_needs_a_unit_more_than_the_sawtooth_has_kinks(n):
    x, kinks = np.linspace(0, 1, 2**n + 1), np.arange(2**n) / 2**n
    slopes = np.diff(depth.sawtooth(x, n)) * 2**n
    assert_allclose(np.maximum(x[:, None] - kinks, 0) @ np.diff(slopes, prepend=0), depth.sawtooth(x, n))
    jumps = np.diff(slopes)  # a unit for each: those that face left make the first slope
    assert_allclose(np.abs(jumps), 2.0 ** (n + 1))
    for facing in np.ndindex(*[2] * len(jumps)):
        assert abs(-np.array(facing) @ jumps - slopes[0]) > 2**n - 1e-9


@pytest.mark.parametrize(
    ("activation", "scale"), [("tanh", 2.0), ("tanh", 0.5), ("ReLU", 2.0), ("ReLU", 2**0.5)]
)
def test_stairs_are_said_to_meet_where_iterating_the_map_from_both_ends_does(activation, scale):
    _, describe = depth.variance_map([scale])
    g = {"tanh": np.tanh, "ReLU": lambda z: np.maximum(z, 0)}[activation]
    z = np.linspace(-10, 10, 4001)
    small, large = 0.02, 4.0
    for _ in range(200):
        small, large = (
            scale**2 * np.average(g(q**0.5 * z) ** 2, weights=np.exp(-(z**2) / 2)) for q in (small, large)
        )
    meet = small > 1e-6 and abs(large / small - 1) < 0.01
    assert (
        ("where map and diagonal meet" in describe(activation, scale))
        == meet
        == (activation == "tanh" and scale == 2)
    )
