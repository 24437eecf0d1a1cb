"""The displayed equations of the chapter on basis functions, each against something independent of it.

Expectations are exact, not simulated: the equations use of the noise only its mean 0 and covariance σ²I, and
so they must hold for the noise that takes each of the 2m values ±σ√m eᵢ equally often.
"""

from math import comb

import numpy as np
import pytest
from sklearn.preprocessing import PolynomialFeatures

from mlcore import LinearRegression, Ridge, polynomial, polynomial_names, ridge_dof
from mlcore.datasets import make_quadratic

SIGMA = 0.7


def design(m=12, degree=3, seed=0):
    x = np.random.default_rng(seed).uniform(-1, 1, m)
    return np.column_stack([x**k for k in range(degree + 1)])


def noises(m):
    """All values of a noise with mean 0 and covariance σ²I, one a row."""
    values = SIGMA * np.sqrt(m) * np.vstack([np.eye(m), -np.eye(m)])
    np.testing.assert_allclose(values.T @ values / len(values), SIGMA**2 * np.eye(m))
    return values


def hat(P):
    return P @ np.linalg.inv(P.T @ P) @ P.T


def expected_errors(smoother, f):
    """Training and test error of ŷ = Sy, by summing over all values of the noise."""
    m = len(f)
    train = np.mean([np.mean((f + e - smoother @ (f + e)) ** 2) for e in noises(m)])
    test = np.mean([np.mean((f + fresh - smoother @ (f + e)) ** 2) for e in noises(m) for fresh in noises(m)])
    return train, test


@pytest.mark.equation("eq-polynomial")
@pytest.mark.parametrize("degree", [1, 2, 5])
def test_powers_of_one_feature(degree):
    x = np.random.default_rng(1).normal(size=7)
    by_hand = np.array([[v**k for k in range(1, degree + 1)] for v in x])
    np.testing.assert_allclose(polynomial(x, degree), by_hand, rtol=1e-14)


@pytest.mark.equation("eq-polynomial-2d")
def test_quadratic_features_of_two_inputs():
    X = np.random.default_rng(2).normal(size=(6, 2))
    a, b = X.T
    np.testing.assert_allclose(polynomial(X, 2), np.column_stack([a, b, a * a, a * b, b * b]), rtol=1e-14)
    np.testing.assert_allclose(
        polynomial(X, 2), PolynomialFeatures(2, include_bias=False).fit_transform(X), rtol=1e-14
    )


@pytest.mark.equation("eq-basis-model", "eq-basis-normal")
def test_normal_equations_hold_for_any_basis():
    rng = np.random.default_rng(3)
    x, y = rng.uniform(-1, 1, 15), rng.normal(size=15)
    Phi = np.column_stack([np.sin(x), np.exp(x), np.abs(x)])
    model = LinearRegression().fit(Phi, y)
    tilde = np.column_stack([np.ones(15), Phi])
    np.testing.assert_allclose(model.predict(Phi), tilde @ model.theta_, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(tilde.T @ tilde @ model.theta_, tilde.T @ y, rtol=1e-11, atol=1e-13)

    def cost(theta):
        return (y - tilde @ theta) @ (y - tilde @ theta)

    theta = rng.normal(size=4)
    by_complex_step = [cost(theta + 1e-30j * np.eye(4)[j]).imag / 1e-30 for j in range(4)]
    np.testing.assert_allclose(2 * tilde.T @ (tilde @ theta - y), by_complex_step, rtol=1e-13)


@pytest.mark.equation("eq-monomial-count")
@pytest.mark.parametrize(("d", "degree"), [(1, 4), (2, 2), (3, 4), (6, 3)])
def test_number_of_monomials(d, degree):
    exponents = {e for e in np.ndindex(*[degree + 1] * d) if 0 < sum(e) <= degree}
    assert comb(d + degree, d) - 1 == len(exponents) == polynomial(np.ones((1, d)), degree).shape[1]
    assert len(set(polynomial_names(d, degree))) == len(exponents)
    assert comb(64 + 3, 64) - 1 == 47904  # the number in the text


@pytest.mark.equation("eq-quadratic-truth")
def test_made_data_follow_the_stated_truth():
    X, y = make_quadratic(50_000, SIGMA, np.random.default_rng(4))
    x = X[:, 0]
    np.testing.assert_allclose(
        make_quadratic(9, 0.0, np.random.default_rng(4))[1],
        [1 - v + 2 * v**2 for v in make_quadratic(9, 0.0, np.random.default_rng(4))[0][:, 0]],
    )
    noise = y - (1 - x + 2 * x**2)
    assert abs(noise.mean()) < 5 * SIGMA / np.sqrt(50_000)
    assert abs(np.mean(noise**2) - SIGMA**2) < 5 * np.sqrt(2) * SIGMA**2 / np.sqrt(50_000)


@pytest.mark.equation("eq-hat")
def test_hat_matrix_is_a_projection_and_fits():
    P = design()
    H, y = hat(P), np.random.default_rng(5).normal(size=12)
    np.testing.assert_allclose(H @ y, LinearRegression().fit(P[:, 1:], y).predict(P[:, 1:]), rtol=1e-10)
    np.testing.assert_allclose(H, H.T, atol=1e-12)
    np.testing.assert_allclose(H @ H, H, atol=1e-12)
    np.testing.assert_allclose(np.trace(H), 4, rtol=1e-12)


@pytest.mark.equation("eq-train-error", "eq-test-error", "eq-optimism")
@pytest.mark.parametrize("degree", [1, 3])
def test_expected_errors_of_least_squares(degree):
    P = design(degree=degree)
    m, p = P.shape
    f = np.random.default_rng(6).normal(size=m)  # no polynomial: the bias is not zero
    train, test = expected_errors(hat(P), f)
    bias = np.mean((f - hat(P) @ f) ** 2)
    np.testing.assert_allclose(train, bias + SIGMA**2 * (1 - p / m), rtol=1e-11)
    np.testing.assert_allclose(test, bias + SIGMA**2 * (1 + p / m), rtol=1e-11)
    np.testing.assert_allclose(test - train, 2 * SIGMA**2 * p / m, rtol=1e-10)


@pytest.mark.equation("eq-ridge-training")
@pytest.mark.parametrize("delta", [0.1, 1.0, 7.0])
def test_training_error_of_ridge_by_singular_values(delta):
    rng = np.random.default_rng(7)
    Phi, y = rng.normal(size=(12, 4)) + 3, rng.normal(size=12)
    residual = y - Ridge(delta).fit(Phi, y).predict(Phi)
    U, s, _ = np.linalg.svd(Phi - Phi.mean(axis=0), full_matrices=False)
    yc = y - y.mean()
    outside = yc - U @ (U.T @ yc)
    np.testing.assert_allclose(
        residual @ residual,
        outside @ outside + np.sum((delta**2 / (s**2 + delta**2)) ** 2 * (U.T @ y) ** 2),
        rtol=1e-11,
    )


@pytest.mark.equation("eq-ridge-optimism")
@pytest.mark.parametrize("delta", [0.1, 2.0])
def test_optimism_of_ridge(delta):
    Phi = np.random.default_rng(8).normal(size=(10, 3)) + 2
    smoother = np.column_stack([Ridge(delta).fit(Phi, e).predict(Phi) for e in np.eye(10)])
    f = np.random.default_rng(9).normal(size=10)
    train, test = expected_errors(smoother, f)
    np.testing.assert_allclose(test - train, 2 * SIGMA**2 / 10 * np.trace(smoother), rtol=1e-10)
    np.testing.assert_allclose(test - train, 2 * SIGMA**2 / 10 * (1 + ridge_dof(Phi, [delta])[0]), rtol=1e-10)
