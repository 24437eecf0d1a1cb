"""The equations of the chapter on digits, each against something that does not share its origin."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from mlcore import softmax
from mlcore.exercises import digits as exercises
from mlcore.explore.chapters.digits import outline
from mlcore.functions import attention
from mlcore.layers import ReLU, softmax_cross_entropy
from mlcore.mlp import backward_pass, forward_pass, train_network
from mlcore.validation import paired_difference

each_seed = pytest.mark.parametrize("seed", range(3))


def small_network(rng, d=6, n=5, K=3):
    return [(rng.normal(size=(d, n)), rng.normal(size=n)), (rng.normal(size=(n, K)), rng.normal(size=K))]


@pytest.mark.equation("eq-mcnemar")
@each_seed
def test_disagreements_alone_give_the_paired_difference_and_its_error(seed):
    rng = np.random.default_rng(seed)
    first, second = (rng.random(400) < 0.3) * 1.0, (rng.random(400) < 0.2) * 1.0
    n, n10, n01 = 400, np.sum(first > second), np.sum(first < second)
    mean = (n10 - n01) / n
    se = np.sqrt((n10 + n01 - n * mean**2) / (n * (n - 1)))
    assert_allclose((mean, se), paired_difference(first, second), rtol=1e-12)
    d = first - second
    assert_allclose((mean, se), (d.mean(), stats.sem(d)), rtol=1e-12)


@pytest.mark.equation("eq-mcnemar")
def test_the_error_is_the_spread_over_many_sets_of_images_and_z_is_standard_normal():
    rng = np.random.default_rng(0)
    hard = rng.random((4000, 500)) < 0.2  # both readers fail on hard images
    first = hard | (rng.random(hard.shape) < 0.05)
    second = hard | (rng.random(hard.shape) < 0.05)
    n10, n01 = np.sum(first & ~second, axis=1), np.sum(second & ~first, axis=1)
    mean = (n10 - n01) / 500
    se = np.sqrt((n10 + n01 - 500 * mean**2) / (500 * 499))
    assert_allclose(mean.std(), np.sqrt(np.mean(se**2)), rtol=0.04)
    z = (n10 - n01) / np.sqrt(n10 + n01)
    assert abs(z.mean()) < 0.06
    assert_allclose(z.std(), 1, rtol=0.04)


@pytest.mark.equation("eq-digits-permutation")
@each_seed
def test_a_network_trained_on_rearranged_columns_is_the_rearranged_network(seed):
    rng = np.random.default_rng(seed)
    theta, X, Y = small_network(rng), rng.normal(size=(20, 6)), np.eye(3)[rng.integers(3, size=20)]
    order = rng.permutation(6)
    moved = [(theta[0][0][order], theta[0][1]), theta[1]]
    Z, A = forward_pass(theta, X, ReLU())
    Z2, A2 = forward_pass(moved, X[:, order], ReLU())
    assert_allclose(Z2[-1], Z[-1], rtol=1e-12)
    grads = [backward_pass(t, z, a, z[-1] - Y, ReLU()) for t, z, a in ((theta, Z, A), (moved, Z2, A2))]
    assert_allclose(grads[1][0][0], grads[0][0][0][order], rtol=1e-10)
    how = {"eta": 0.1, "batch": 5, "epochs": 10, "delta": 0.3}
    one, two = (
        train_network(t, x, Y, ReLU(), softmax_cross_entropy, rng=np.random.default_rng(1), **how)
        for t, x in ((theta, X), (moved, X[:, order]))
    )
    assert_allclose(two[0][0], one[0][0][order], rtol=1e-8)
    assert_allclose(two[1][0], one[1][0], rtol=1e-8)


@pytest.mark.equation("eq-digits-temperature")
@each_seed
def test_a_temperature_divides_all_log_odds(seed):
    z = np.random.default_rng(seed).normal(size=5) * 3
    for T in (0.5, 2.0, 7.0):
        pi = np.exp(z) ** (1 / T)  # the odds to the power 1/T
        pi /= pi.sum()
        assert_allclose(softmax(z / T), pi, rtol=1e-12)
        before = np.log(softmax(z)[:, None] / softmax(z))
        assert_allclose(np.log(pi[:, None] / pi), before / T, rtol=1e-9, atol=1e-12)
        assert np.array_equal(np.argsort(pi), np.argsort(z))


@pytest.mark.equation("eq-digits-ray")
@each_seed
def test_far_out_the_scores_are_straight_lines_and_one_class_takes_all(seed):
    rng = np.random.default_rng(seed)
    theta, x = small_network(rng), rng.normal(size=6)
    (W, b), (V, c) = theta
    on = x @ W > 0
    u, r = (x @ W)[on] @ V[on], b[on] @ V[on] + c

    def scores(s):
        return forward_pass(theta, s * x[None], ReLU())[0][-1][0]

    turn = np.max(-b / (x @ W))  # beyond it no unit changes its mind
    for s in (max(turn, 0) + 1, 100, 1e4):
        assert_allclose(scores(s), s * u + r, rtol=1e-9, atol=1e-9)
    pi = softmax(scores(1e4))
    assert_allclose(pi[u.argmax()], 1, atol=1e-12)
    l, k = np.argsort(u)[-2:]
    s = max(turn, 0) + 1.5
    pi = softmax(scores(s))
    assert_allclose(pi[l] / pi[k], np.exp(s * (u[l] - u[k]) + r[l] - r[k]), rtol=1e-9)


@pytest.mark.equation("eq-attention")
@each_seed
def test_attention_is_a_weighted_mean_by_loops(seed):
    rng = np.random.default_rng(seed)
    Q, keys, values = rng.normal(size=(3, 7)), rng.normal(size=(5, 7)), rng.normal(size=(5, 2))
    output, weights = attention(Q, keys, values)
    for i, q in enumerate(Q):
        raw = [np.exp(sum(a * b for a, b in zip(q, k)) / 7**0.5) for k in keys]
        w = [value / sum(raw) for value in raw]
        assert_allclose(weights[i], w, rtol=1e-12)
        assert_allclose(output[i], sum(a * v for a, v in zip(w, values)), rtol=1e-12)
        assert np.all(values.min(axis=0) <= output[i]) and np.all(output[i] <= values.max(axis=0))


@pytest.mark.equation("eq-attention")
def test_the_root_of_n_keeps_the_scores_at_the_size_of_one():
    rng = np.random.default_rng(0)
    for n in (4, 100):
        scores = np.sum(rng.normal(size=(20_000, n)) * rng.normal(size=(20_000, n)), axis=1) / np.sqrt(n)
        assert_allclose(scores.std(), 1, rtol=0.03)


def test_an_outline_encloses_the_pixels_and_leaves_holes():
    mask = np.zeros((6, 6), dtype=bool)
    mask[1:5, 1:5] = True
    mask[2:4, 2] = False  # a hole of two pixels
    mask[0, 0] = True  # touches by a corner
    corners, codes = outline(mask)
    rings = np.flatnonzero(np.array(codes) == 79)
    area, begin = 0.0, 0
    for end in rings:
        x, y = corners[begin:end].T
        area += np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) / 2
        begin = end + 1
    assert abs(area) == mask.sum()
    assert len(outline(np.zeros((3, 3), dtype=bool))[0]) == 0


def wrapped(images):
    return np.roll(images.reshape(-1, 28, 28), -1, axis=2).reshape(-1, 784)


def both_scaled(A, B):
    both = np.vstack((A, B))
    spread = np.where(both.std(axis=0) > 0, both.std(axis=0), 1)
    return [(part - both.mean(axis=0)) / spread for part in (A, B)]


def two_orders(X, y, rng):
    return X[rng.permutation(len(X))], y[rng.permutation(len(y))]


def one_order(X, y, rng):
    order = rng.permutation(len(X))
    return X[order], y[order]


@pytest.mark.parametrize(
    "ask, answer, message",
    [
        (exercises.parameters, [784 * 64 + 640, 784 * 128 + 128 * 64 + 640], "the biases are missing"),
        (exercises.images_needed, 384, "1 point"),
        (exercises.compare, lambda a, b: ((a - b).sum(), 0.0), "not yet"),
        (exercises.left_by_one, wrapped, "wraps round"),
        (exercises.mended_shuffle, two_orders, "still part"),
        (exercises.mended_shuffle, one_order, "shuffle: right"),
        (exercises.mended_shuffle, lambda X, y, rng: (X, y), "nothing is shuffled"),
        (exercises.mended_scaling, both_scaled, "both sets together"),
        (exercises.matrix_rates, [0.13, 0.9], "a column"),
        (exercises.attend, 16.4, "output: right"),
        (exercises.attend, 20, "plain mean"),
    ],
)
def test_an_exercise_names_the_mistake(ask, answer, message, capsys):
    ask(answer)
    assert message in capsys.readouterr().out
