"""Sigmoid, logit, softplus, log-sum-exp, softmax and one-hot against mpmath, limits and their definitions."""

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import special

from mlcore import log_sum_exp, logit, one_hot, sigmoid, softmax, softplus

EPS = np.finfo(float).eps
Z = np.concatenate(
    (np.linspace(-745, 745, 61), [-1e4, -36.8, -1e-8, -1e-300, 0, 1e-300, 1e-8, 0.3, 36.8, 1e4])
)


def exactly(f, values):
    with mpmath.workdps(400):  # e^-10000 beside 1 needs that many
        return np.array([float(f(mpmath.mpf(float(v)))) for v in values])


def smallest_normal(values):
    return np.where(np.abs(values) < np.finfo(float).tiny, 0, values)


@pytest.mark.parametrize(
    "ours, exact, ulps",
    [
        (sigmoid, lambda z: 1 / (1 + mpmath.exp(-z)), 4),
        (softplus, lambda z: mpmath.log1p(mpmath.exp(z)), 4),
    ],
)
def test_right_to_the_last_digits_from_end_to_end(ours, exact, ulps):
    expected = smallest_normal(exactly(exact, Z))
    assert_allclose(smallest_normal(ours(Z)), expected, rtol=ulps * EPS)


def test_logit_keeps_its_digits_everywhere():
    p = np.concatenate(
        (
            np.logspace(-300, -1, 40),
            np.linspace(0.01, 0.99, 45),
            0.5 + np.logspace(-16, -2, 15),
            0.5 - np.logspace(-16, -2, 15),
            1 - np.logspace(-15, -2, 14),
        )
    )
    assert_allclose(logit(p), exactly(lambda p: mpmath.log(p / (1 - p)), p), rtol=4 * EPS)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.floats(-700, 30))
def test_logit_is_the_inverse_of_the_sigmoid(z):
    # p = σ(z) is stored with a relative error of eps, which is one of eps/(1 − p) in the log-odds
    p = sigmoid(z)
    assert_allclose(logit(p), z, atol=4 * EPS * max(1 / (1 - p), abs(z)))


def test_limits():
    with np.errstate(all="raise"):
        assert_array_equal(sigmoid([-np.inf, np.inf]), [0, 1])
        assert_array_equal(softplus([-np.inf, np.inf]), [0, np.inf])
        assert_array_equal(logit([0, 1, 0.5]), [-np.inf, np.inf, 0])
        z = [[-np.inf, -np.inf], [np.inf, 1000], [np.inf, np.inf], [np.inf, -np.inf], [-np.inf, 3]]
        assert_array_equal(log_sum_exp(z), [-np.inf, np.inf, np.inf, np.inf, 3])
        assert_array_equal(
            softmax([[np.inf, 1000], [-np.inf, 3], [np.inf, -np.inf]]), [[1, 0], [0, 1], [1, 0]]
        )
        assert_array_equal(softmax([[-np.inf, np.inf]], axis=0), [[1, 1]])  # of one class
    for f in (sigmoid, softplus, logit, log_sum_exp, softmax):
        assert np.isnan(f(np.array([np.nan, 0.5]))).any()


@pytest.mark.parametrize("z", [[np.inf, np.inf, 0], [-np.inf, -np.inf], [[0.0, 1], [np.inf, np.inf]]])
def test_softmax_has_no_limit_without_a_largest_score(z):
    with pytest.raises(
        ValueError, match="z must have a largest score along the axis; got several that are ∞"
    ):
        softmax(z)


@pytest.mark.parametrize("f", [sigmoid, softplus, log_sum_exp, softmax])
def test_no_finite_number_overflows(f):
    z = np.array([[-1e308, 1e4, 1e308], [-1000.0, 0, 1000], [-1e4, -1e4, -1e4]])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert np.all(np.isfinite(f(z[1:])))
        assert not np.any(np.isnan(f(1.7 * z)))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.floats(0, 700), st.integers(1, 4))
def test_log_sum_exp_keeps_the_digits_of_small_terms(z, n):
    with mpmath.workdps(400):
        exact = float(mpmath.log1p(n * mpmath.exp(-mpmath.mpf(z))))
    assert_allclose(log_sum_exp([0.0, *[-z] * n]), exact, rtol=1e-14)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.sampled_from([1.0, 30.0, 800.0]))
def test_sums_over_any_axis(seed, size):
    rng = np.random.default_rng(seed)
    z = size * rng.normal(size=tuple(rng.integers(1, 5, size=3)))
    for axis in (0, 1, 2, -1):
        assert_allclose(log_sum_exp(z, axis=axis), special.logsumexp(z, axis=axis), rtol=1e-13, atol=1e-13)
        pi = softmax(z, axis=axis)
        assert_allclose(pi.sum(axis=axis), 1, rtol=1e-14)
        assert_allclose(pi, special.softmax(z, axis=axis), rtol=1e-12)
        assert_allclose(softmax(z + 7, axis=axis), pi, rtol=1e-12 * size, atol=1e-300)


def test_softmax_of_two_is_the_sigmoid_of_the_difference():
    z = np.random.default_rng(0).normal(size=(50, 2)) * 20
    assert_allclose(softmax(z)[:, 1], sigmoid(z[:, 1] - z[:, 0]), rtol=1e-13)


@pytest.mark.parametrize("f", [sigmoid, logit, softplus, log_sum_exp, softmax])
def test_precision_is_kept_shapes_are_kept_and_nothing_is_changed(f):
    values = np.array([[0.25, 0.5], [0.75, 0.0]])
    for dtype, out in ((np.float32, np.float32), (np.float64, np.float64), (np.float16, np.float64)):
        a = values.astype(dtype)
        a.flags.writeable = False
        assert f(a).dtype == out
        assert_allclose(f(a[:, ::-1]), f(values[:, ::-1]), rtol=1e-6)
    assert f(values[:0]).shape == ((0,) if f is log_sum_exp else (0, 2))
    assert_allclose(f([[1, 0]]), f(np.array([[1.0, 0.0]])))
    if f not in (log_sum_exp, softmax):
        assert np.shape(f(0.5)) == () and f(0.5) == f(np.array([0.5]))[0]


@pytest.mark.parametrize("f", [sigmoid, logit, softplus, log_sum_exp, softmax])
@pytest.mark.parametrize(
    "bad, words",
    [
        ("a", r"real numbers; got text \(a str"),
        ([1j], "real numbers; got complex numbers"),
        (None, "NoneType"),
        ([[1], [1, 2]], "cannot turn into an array"),
    ],
)
def test_what_is_no_real_number(f, bad, words):
    with pytest.raises(ValueError, match=words):
        f(bad)


@pytest.mark.parametrize("p, got", [(1.5, "1.5"), ([0.2, -1e-9], "-1e-09"), ([[np.inf]], "inf")])
def test_logit_of_what_is_no_probability(p, got):
    with pytest.raises(ValueError, match=f"0 <= p <= 1; got {got}"):
        logit(p)


def test_one_hot():
    assert_array_equal(one_hot([2, 0, 1], 4), [[0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 0]])
    assert_array_equal(one_hot(np.array([1.0, 0.0]), 2), [[0, 1], [1, 0]])
    assert one_hot([True], 2).dtype == np.float64
    labels = np.random.default_rng(0).integers(0, 7, size=40)
    assert_array_equal(one_hot(labels, 7).argmax(axis=1), labels)


@pytest.mark.parametrize(
    "labels, K, words",
    [
        ([0, 3], 3, "whole numbers from 0 to 2; got 3 at position 1"),
        ([-1], 3, "got -1"),
        ([0.5], 3, "got 0.5"),
        ([0], 0, "K must be a whole number >= 1"),
        ([[0]], 3, "labels must be a 1-D"),
        (["a"], 3, "labels must be"),
    ],
)
def test_bad_labels(labels, K, words):
    with pytest.raises(ValueError, match=words):
        one_hot(labels, K)
