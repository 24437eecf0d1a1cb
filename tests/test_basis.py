"""Basis functions against scikit-learn, SciPy and the formulas themselves."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures
from sklearn.preprocessing import StandardScaler as SklearnScaler

from mlcore import LinearRegression, StandardScaler, polynomial, polynomial_names, rbf


@pytest.mark.equation("eq-polynomial")
def test_polynomial_of_one_feature_is_its_powers():
    x = np.array([-2.0, 0.0, 0.5, 3.0])
    Phi = polynomial(x, 5)
    np.testing.assert_allclose(Phi, x[:, None] ** np.arange(1, 6), rtol=1e-15)
    np.testing.assert_array_equal(Phi, polynomial(x[:, None], 5))


@pytest.mark.equation("eq-polynomial-2d")
def test_polynomial_of_two_features_in_the_order_promised():
    a, b = 2.0, 3.0
    np.testing.assert_array_equal(polynomial([[a, b]], 2), [[a, b, a * a, a * b, b * b]])
    assert polynomial_names(2, 2) == ["x1", "x2", "x1²", "x1·x2", "x2²"]


@pytest.mark.equation("eq-polynomial", "eq-polynomial-2d")
@pytest.mark.parametrize("d, degree", [(1, 1), (1, 12), (2, 5), (3, 4), (6, 2)])
def test_polynomial_agrees_with_sklearn(d, degree):
    X = np.random.default_rng(d).normal(size=(7, d))
    features = PolynomialFeatures(degree, include_bias=False).fit(X)
    Phi = polynomial(X, degree)
    np.testing.assert_allclose(Phi, features.transform(X), rtol=1e-14)
    names = features.get_feature_names_out([f"x{j + 1}" for j in range(d)])
    raised = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
    wanted = [
        "·".join(
            part.split("^")[0] + part.split("^")[1].translate(raised) if "^" in part else part
            for part in name.split(" ")
        )
        for name in names
    ]
    assert polynomial_names(d, degree) == wanted
    assert Phi.shape[1] == math.comb(d + degree, d) - 1


def test_names_with_two_digits():
    assert polynomial_names(1, 12)[-3:] == ["x1¹⁰", "x1¹¹", "x1¹²"]
    assert polynomial_names(11, 1)[-1] == "x11"


@pytest.mark.equation("eq-rbf")
@given(st.integers(1, 4), st.floats(0.01, 100), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_rbf_agrees_with_scipy_distances(d, lam, seed):
    rng = np.random.default_rng(seed)
    X, centers = rng.normal(size=(6, d)), rng.normal(size=(4, d))
    wanted = np.exp(-cdist(X, centers, "sqeuclidean") / lam)
    np.testing.assert_allclose(rbf(X, centers, lam), wanted, rtol=1e-12)


@pytest.mark.equation("eq-rbf")
def test_rbf_by_hand():
    np.testing.assert_allclose(
        rbf([0.0, 2.0], [1.0, 2.0, 3.0], 2.0), np.exp([[-0.5, -2.0, -4.5], [-0.5, 0.0, -0.5]]), rtol=1e-15
    )
    np.testing.assert_allclose(rbf([[0.0, 0.0]], [[3.0, 4.0]], 25.0), [[math.exp(-1)]], rtol=1e-15)


def test_rbf_is_one_at_the_centre_and_zero_far_away():
    X = np.random.default_rng(0).normal(size=(50, 3)) + 1e8  # ‖x‖² − 2xᵀμ + ‖μ‖² would be noise here
    Phi = rbf(X, X, 1e-3)
    assert np.all(np.diag(Phi) == 1)
    assert np.all((Phi >= 0) & (Phi <= 1))
    np.testing.assert_array_equal(Phi, Phi.T)
    near = rbf([1e8, 1e8 + 0.5], [1e8], 1.0)
    np.testing.assert_allclose(near[:, 0], [1, math.exp(-0.25)], rtol=1e-15)
    far = rbf([[1e300, -1e300], [0.0, 0.0]], [[-1e300, 1e300], [1e200, 0.0]], 1e-300)
    np.testing.assert_array_equal(far, 0)
    np.testing.assert_array_equal(rbf([0.0], [0.0], 5e-324), 1)


@pytest.mark.equation("eq-standardise")
def test_scaler_against_sklearn_and_back():
    X = np.random.default_rng(1).normal(size=(40, 3)) * [1e-6, 1, 1e9] + [5, -3, 1e10]
    ours, theirs = StandardScaler(), SklearnScaler()
    Z = ours.fit_transform(X)
    np.testing.assert_allclose(Z, theirs.fit_transform(X), rtol=1e-9, atol=1e-8)
    np.testing.assert_allclose(Z, (X - np.mean(X, axis=0)) / np.std(X, axis=0), rtol=1e-9, atol=1e-8)
    np.testing.assert_allclose(ours.inverse_transform(Z), X, rtol=1e-12)
    np.testing.assert_allclose(ours.transform(X[:2]), Z[:2])
    np.testing.assert_allclose([Z.mean(axis=0), Z.std(axis=0)], [[0] * 3, [1] * 3], atol=1e-7)


def test_scaler_leaves_constant_columns_at_zero():
    X = np.column_stack((np.full(7, 0.1), np.arange(7.0), np.zeros(7)))
    scaler = StandardScaler().fit(X)
    np.testing.assert_array_equal(scaler.scale_[[0, 2]], 1)
    np.testing.assert_array_equal(scaler.mean_[[0, 2]], [0.1, 0])
    np.testing.assert_array_equal(scaler.transform(X)[:, [0, 2]], 0)


@pytest.mark.parametrize("unit", [1e-300, 1e300])
def test_scaler_in_extreme_units(unit):
    x = np.array([[1.0], [2.0], [3.0]])
    Z = StandardScaler().fit_transform(x * unit)
    np.testing.assert_allclose(Z, StandardScaler().fit_transform(x), rtol=1e-14, atol=1e-15)


@pytest.mark.equation("eq-standardise")
@pytest.mark.parametrize("offset", [1.7e12, 1.7e15, -4e15])
def test_scaler_keeps_the_digits_of_columns_far_from_0(offset):
    x = np.array([0.0, 1, 2, 3, 4, 5, 11])[:, None]
    scaler = StandardScaler().fit(x + offset)  # whole numbers, exact
    assert scaler.scale_[0] == pytest.approx(x.std(), rel=1e-15)
    np.testing.assert_allclose(scaler.transform(x + offset), (x - x.mean()) / x.std(), rtol=1e-14)
    np.testing.assert_array_equal(scaler.inverse_transform(scaler.transform(x + offset)), x + offset)


def test_scaler_of_nanoseconds():
    ticks = 1_764_000_000_000_000_000 + 256 * np.array([0, 1, 3, 4, 9])  # float64 has one number in 256 there
    X = ticks.astype(float)[:, None]
    Z = StandardScaler().fit_transform(X)[:, 0]
    exact = np.array([5 * int(t) for t in ticks - ticks[0]], float) - float((ticks - ticks[0]).sum())
    np.testing.assert_allclose(Z, exact / np.sqrt(np.mean(exact**2)), rtol=1e-14)


@pytest.mark.parametrize(
    "x", [[1.7e308, -1.7e308, 0.0], [1.7e308, 1.69e308, 1.6e308], [1e-310, 2e-310, 4e-310]]
)
def test_scaler_at_the_ends_of_float64(x):
    X, unit = np.array(x)[:, None], max(x)
    Z = StandardScaler().fit_transform(X)
    np.testing.assert_allclose(Z, StandardScaler().fit_transform(X / unit), rtol=1e-9, atol=1e-12)
    assert np.all(np.abs(Z) < 2)


@pytest.mark.parametrize(
    "call",
    [
        lambda: StandardScaler().fit([[0.0], [1e-10]]).transform([[1e308]]),
        lambda: StandardScaler().fit([[0.0], [1e10]]).inverse_transform([[1e308]]),
        lambda: StandardScaler().fit([[-1.7e308], [1.7e308]]).inverse_transform([[1.5]]),
    ],
)
def test_scaler_refuses_what_would_be_beyond_float64(call):
    with pytest.raises(ValueError, match=r"must hold numbers for which .* stays within float64; got numbers"):
        call()


def test_bumps_wider_than_the_largest_square():
    x, lam = [0.0, 1.3e154, 1.5e154, 1e156, 1e308], 1e308
    expected = [float(mpmath.exp(-(mpmath.mpf(v) ** 2) / mpmath.mpf(lam))) for v in x]
    np.testing.assert_allclose(rbf(x, [0.0], lam)[:, 0], expected, rtol=1e-14)


def test_scaler_in_a_pipeline():
    rng = np.random.default_rng(2)
    X, y = rng.normal(size=(20, 2)), rng.normal(size=20)
    pipe = clone(make_pipeline(StandardScaler(), LinearRegression())).fit(X, y)
    np.testing.assert_allclose(pipe.predict(X), LinearRegression().fit(X, y).predict(X), rtol=1e-12)


def test_inputs_are_not_changed():
    X, centers = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.0, 1.0]])
    before = X.copy(), centers.copy()
    polynomial(X, 3), rbf(X, centers, 2.0), StandardScaler().fit_transform(X)
    np.testing.assert_array_equal(X, before[0])
    np.testing.assert_array_equal(centers, before[1])
    assert polynomial(X.astype(np.float32), 2).dtype == np.float64


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: polynomial(np.zeros((2, 2, 2)), 2), "2-D array of shape"),
        (lambda: polynomial([], 2), "at least one"),
        (lambda: polynomial([1.0, np.nan], 2), "finite"),
        (lambda: polynomial(["a", "b"], 2), "real numbers"),
        (lambda: polynomial([1.0], 0), "degree must be a whole number >= 1; got int: 0"),
        (lambda: polynomial([1.0], 2.5), "degree must be a whole number >= 1; got float: 2.5"),
        (lambda: polynomial([1.0], True), "degree must be a whole number"),
        (lambda: polynomial([1e200], 2), "Standardise X first"),
        (lambda: polynomial_names(0, 2), "d must be a whole number >= 1"),
        (lambda: polynomial_names(2, "3"), "degree must be a whole number"),
        (lambda: rbf([1.0], [1.0], 0.0), "lam must be a finite number > 0; got 0"),
        (lambda: rbf([1.0], [1.0], -1.0), "lam must be a finite number > 0; got -1"),
        (lambda: rbf([1.0], [1.0], np.nan), "lam must be a finite number > 0"),
        (lambda: rbf([1.0], [1.0], [1.0]), "lam must be a finite number > 0; got list"),
        (lambda: rbf([[1.0, 2.0]], [1.0], 1.0), "the same number of columns"),
        (lambda: rbf([1.0], [], 1.0), "centers must have at least one"),
        (lambda: rbf([np.inf], [1.0], 1.0), "X must be .* finite"),
        (lambda: StandardScaler().fit([1.0, 2.0]), r"x\[:, None\]"),
        (lambda: StandardScaler().transform([[1.0]]), "must be fitted first"),
        (lambda: StandardScaler().fit([[1.0], [2.0]]).transform([[1.0, 2.0]]), "expecting 1 feature"),
        (
            lambda: StandardScaler().fit([[1.0], [2.0]]).inverse_transform([[1.0, 2.0]]),
            "Z has 2 features, but",
        ),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
