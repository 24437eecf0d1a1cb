"""The equations of the first chapter, each against something that does not share its origin."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import optimize
from sklearn.metrics import accuracy_score
from sklearn.neighbors import NearestCentroid
from sklearn.preprocessing import OneHotEncoder

from mlcore import one_hot
from mlcore.datasets import load_digits
from mlcore.nearest import class_means, left_share, nearest_mean


def classes(seed, m=60, d=4, K=3):
    rng = np.random.default_rng(seed)
    y = np.append(np.arange(K), rng.integers(K, size=m - K))
    return rng.normal(size=(m, d)) + 0.7 * rng.normal(size=(K, d))[y], y


@pytest.mark.equation("eq-training-set", "eq-learner")
def test_what_is_learnt_is_all_that_predictions_need():
    digits = load_digits()
    X, y = digits.X[:500].copy(), digits.y[:500].copy()
    assert len(X) == len(y)  # m pairs
    theta = class_means(X, y, 10)
    before = nearest_mean(theta, digits.X[500:])
    X[:], y[:] = np.nan, 0  # the training set has done its work
    assert np.array_equal(nearest_mean(theta, digits.X[500:]), before)


def test_left_share_counts_the_ink_of_the_left_half():
    X = np.zeros((3, 64))
    X[0, [0, 11]], X[1, [4, 63]], X[2, [3, 4, 60, 7]] = 2, 5, 1  # row 8 r + c: left if c < 4
    assert_allclose(left_share(X), [1, 0, 0.25])


@pytest.mark.equation("eq-class-means", "eq-nearest-mean")
@pytest.mark.parametrize("seed", range(5))
def test_nearest_mean_is_scikit_learns_nearest_centroid(seed):
    X, y = classes(seed)
    theta, peer = class_means(X, y, 3), NearestCentroid().fit(X, y)
    assert_allclose(theta, peer.centroids_, rtol=1e-12, atol=1e-14)
    new = classes(seed + 100)[0]
    assert np.array_equal(nearest_mean(theta, new), peer.predict(new))


@pytest.mark.equation("eq-error-rate")
@pytest.mark.parametrize("seed", range(3))
def test_error_rate_is_what_the_accuracy_leaves(seed):
    X, y = classes(seed)
    y_hat = nearest_mean(class_means(X, y, 3), X)
    rate = sum(1 for a, b in zip(y_hat, y) if a != b) / len(y)
    assert 0 < rate < 1
    assert_allclose(np.mean(y_hat != y), rate)
    assert_allclose(rate, 1 - accuracy_score(y, y_hat))


@pytest.mark.equation("eq-means-cost")
@pytest.mark.parametrize("seed", range(3))
def test_a_general_minimiser_of_the_cost_finds_the_class_means(seed):
    X, y = classes(seed)

    def cost(flat):
        return sum(np.linalg.norm(x - flat.reshape(3, 4)[k]) ** 2 for x, k in zip(X, y))

    found = optimize.minimize(cost, np.zeros(12)).x
    assert_allclose(found.reshape(3, 4), class_means(X, y, 3), atol=1e-4)


@pytest.mark.equation("eq-mean-minimises")
@pytest.mark.parametrize("seed", range(3))
def test_sum_of_squares_around_the_mean_and_around_any_number(seed):
    rng = np.random.default_rng(seed)
    a = rng.normal(3, 2, size=20)
    for t in rng.normal(3, 4, size=10):
        assert_allclose(np.sum((a - t) ** 2), 20 * np.var(a) + 20 * (np.mean(a) - t) ** 2, rtol=1e-12)


@pytest.mark.equation("eq-one-hot")
def test_one_hot_rows_are_scikit_learns():
    y = np.array([2, 0, 1, 1, 4])
    peer = OneHotEncoder(categories=[range(5)], sparse_output=False).fit_transform(y[:, None])
    assert np.array_equal(one_hot(y, 5), peer)
