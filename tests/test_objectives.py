"""LeastSquares: value against definition, derivatives against differences, minimum against the estimators."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore import LeastSquares, LinearRegression
from mlcore.datasets import load_diabetes
from mlcore.ridge import Ridge


def setting(seed, delta):
    rng = np.random.default_rng(seed)
    m, d = int(rng.integers(2, 20)), int(rng.integers(1, 6))
    X, y = rng.normal(size=(m, d)), rng.normal(size=m)
    return X, y, LeastSquares(X, y, delta), rng.normal(size=d + 1)


seeds, deltas = st.integers(0, 10**6), st.sampled_from([0.0, 0.3, 2.0, 10.0])


@settings(max_examples=40, deadline=None)
@given(seeds, deltas)
def test_value_is_the_sum_of_squares_and_the_penalty_without_the_intercept(seed, delta):
    X, y, J, theta = setting(seed, delta)
    total = 0.0
    for row, target in zip(X, y):
        total += (target - theta[0] - sum(a * t for a, t in zip(row, theta[1:]))) ** 2
    for t in theta[1:]:
        total += delta**2 * t**2
    assert J.value(theta) == pytest.approx(total, rel=1e-12)
    assert isinstance(J.value(theta), float)


@settings(max_examples=40, deadline=None)
@given(seeds, deltas)
def test_gradient_and_hessian_are_the_differences_of_value_and_gradient(seed, delta):
    # J is quadratic: a central difference has no truncation error whatever the step, so a step of 1 loses no
    # digits
    X, y, J, theta = setting(seed, delta)
    unit = np.eye(theta.size)
    gradient = np.array([(J.value(theta + u) - J.value(theta - u)) / 2 for u in unit])
    hessian = np.array([(J.grad(theta + u) - J.grad(theta - u)) / 2 for u in unit])
    np.testing.assert_allclose(J.grad(theta), gradient, rtol=1e-10, atol=1e-10 * np.abs(gradient).max())
    np.testing.assert_allclose(J.hess(theta), hessian, rtol=1e-10, atol=1e-10 * np.abs(hessian).max())


@settings(max_examples=40, deadline=None)
@given(seeds, deltas)
def test_gradient_by_a_complex_step(seed, delta):
    # the definition written out once more, for complex θ: the imaginary part of J(θ + ihu)/h, with no
    # difference taken
    X, y, J, theta = setting(seed, delta)

    def value(t):
        return np.sum((y - t[0] - X @ t[1:]) ** 2) + delta**2 * np.sum(t[1:] ** 2)

    step = [value(theta + 1e-30j * u).imag / 1e-30 for u in np.eye(theta.size)]
    np.testing.assert_allclose(J.grad(theta), step, rtol=1e-11, atol=1e-12 * np.abs(step).max())


@settings(max_examples=40, deadline=None)
@given(seeds, deltas)
def test_hessian_is_symmetric_and_not_negative(seed, delta):
    _, _, J, theta = setting(seed, delta)
    H = J.hess(theta)
    np.testing.assert_array_equal(H, H.T)
    assert np.linalg.eigvalsh(H).min() > -1e-12 * np.abs(H).max()
    np.testing.assert_array_equal(H, J.hess(np.zeros_like(theta)))


def test_one_newton_step_reaches_the_minimum_from_anywhere():
    X, y, J, theta = setting(4, 0.5)
    theta = theta - np.linalg.solve(J.hess(theta), J.grad(theta))
    np.testing.assert_allclose(theta, Ridge(0.5).fit(X, y).theta_, rtol=1e-10)


@pytest.mark.parametrize("model, delta", [(LinearRegression(), 0.0), (Ridge(0.0), 0.0), (Ridge(3.0), 3.0),
                                          (Ridge(100.0), 100.0)])
def test_the_gradient_is_zero_at_the_estimates(model, delta):
    data = load_diabetes()
    J = LeastSquares(data.X, data.y, delta)
    theta = model.fit(data.X, data.y).theta_
    scale = np.abs(J.hess(theta)) @ np.abs(theta)  # the size of the terms that cancel
    assert np.all(np.abs(J.grad(theta)) <= 1e-12 * scale)
    rng = np.random.default_rng(0)
    for _ in range(20):
        assert J.value(theta + 1e-3 * rng.normal(size=11) * np.abs(theta)) > J.value(theta)


@pytest.mark.parametrize("theta, words", [
    ([1.0, 2.0], r"theta must have shape \(4,\), the intercept first; got \(2,\)"),
    (1.0, r"theta must have shape \(4,\).*got \(\)"), (np.zeros((4, 1)), r"got \(4, 1\)"),
    ([1, 2, 3, np.nan], "theta must be .* finite"), ("abcd", "theta must be"),
])
@pytest.mark.parametrize("method", ["value", "grad", "hess"])
def test_bad_theta(method, theta, words):
    with pytest.raises(ValueError, match=words):
        getattr(LeastSquares(np.ones((5, 3)), np.ones(5)), method)(theta)


@pytest.mark.parametrize("arguments, words", [
    ((np.ones(3), np.ones(3)), "X must be a 2-D"), ((np.ones((3, 1)), np.ones(2)), "same number of rows"),
    ((np.ones((3, 1)), np.ones(3), -1), "delta must be .* >= 0; got -1"),
    ((np.ones((3, 1)), np.ones(3), None), "delta must"),
])
def test_bad_data(arguments, words):
    with pytest.raises(ValueError, match=words):
        LeastSquares(*arguments)


def test_nothing_is_changed_in_place_nor_shared():
    X, y, theta = np.ones((3, 1)), np.ones(3), np.ones(2)
    J = LeastSquares(X, y, 1.0)
    before = J.value(theta)
    J.grad(theta), J.hess(theta)
    np.testing.assert_array_equal(theta, 1.0)
    X[:] = 5.0
    assert J.value(theta) == before
