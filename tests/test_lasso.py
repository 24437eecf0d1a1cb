"""The lasso path against its optimality conditions, scikit-learn, and the closed form where there is one."""

import itertools
import warnings

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.base import clone
from sklearn.datasets import load_diabetes
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import Lasso as SklearnLasso
from sklearn.linear_model import lars_path
from sklearn.model_selection import cross_val_score

from mlcore import (
    Lasso,
    LinearRegression,
    RankDeficiencyWarning,
    lasso_kkt,
    lasso_path,
    rbf,
    soft_threshold,
)
from mlcore._numerics import homotopy
from mlcore._numerics.homotopy import ActiveSet


def data(m, d, seed=0, offset=2.0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(m, d)) + offset
    return X, X @ (rng.normal(size=d) * (rng.random(d) < 0.6)) + rng.normal(size=m) - 4


def all_along(path):
    """δ at the knots, between them and above the first."""
    deltas = path.deltas
    return np.concatenate(
        (deltas, (deltas[1:] + deltas[:-1]) / 2, 0.9 * deltas[1:] + 0.1 * deltas[:-1], deltas[:1] * 1.5)
    )


def worst_kkt(X, y, path):
    deltas = all_along(path)
    return max(lasso_kkt(X, y, theta, delta) for delta, theta in zip(deltas, path.at(deltas)))


def objective(X, y, theta, delta):
    return np.sum((y - theta[0] - X @ theta[1:]) ** 2) + delta**2 * np.abs(theta[1:]).sum()


# ------------------------------------------------------------------------------------------------ conditions
@pytest.mark.equation("eq-lasso-kkt")
def test_kkt_is_zero_at_a_minimum_and_only_there():
    X, y = data(30, 5)
    theta = Lasso(3.0).fit(X, y).theta_
    assert np.any(theta == 0) and np.count_nonzero(theta[1:]) >= 2
    assert lasso_kkt(X, y, theta, 3.0) < 1e-13
    lowest, rng = objective(X, y, theta, 3.0), np.random.default_rng(1)
    for size in (1e-4, 1e-2, 1.0):
        for step in rng.normal(size=(50, 6)) * size:
            assert objective(X, y, theta + step, 3.0) > lowest
            assert lasso_kkt(X, y, theta + step, 3.0) > 1e-3 * size
    assert lasso_kkt(X, y, theta, 3.3) > 1e-3  # the minimum for another δ
    assert lasso_kkt(X, y, theta + [0.1, 0, 0, 0, 0, 0], 3.0) > 1e-3  # only the intercept is off


@pytest.mark.equation("eq-lasso-kkt")
def test_kkt_by_hand():
    # one centred column: the slope is x'y = 4 moved by δ²/2, divided by x'x = 2
    X, y = np.array([[-1.0], [0.0], [1.0]]), np.array([-2.0, 0.0, 2.0])
    assert lasso_kkt(X, y, [0, 1.0], 2.0) < 1e-15  # 2x'r = 4 = δ²
    assert lasso_kkt(X, y, [0, 0.0], 3.0) == 0  # 2x'r = 8 <= 9
    assert lasso_kkt(X, y, [0, 0.0], 2.0) == pytest.approx((8 - 4) / 8)
    assert lasso_kkt(X, y, [0, -1.0], 2.0) == pytest.approx((12 + 4) / 8)


@pytest.mark.equation("eq-lasso-kkt", "eq-lasso-path")
@given(
    st.integers(2, 14),
    st.integers(1, 16),
    st.integers(0, 2**32 - 1),
    st.sampled_from(["plain", "twins", "sums", "units", "zero", "mirror"]),
)
@settings(max_examples=80, deadline=None, derandomize=True)
def test_random_designs_satisfy_the_conditions(m, d, seed, kind):
    X, y = data(m, d, seed)
    if kind == "twins":
        X = np.hstack((X, X[:, ::-1]))
    if kind == "sums":
        X = np.column_stack((X, X.sum(axis=1), X[:, 0] - X[:, -1]))
    if kind == "units":
        X = X * 10.0 ** np.random.default_rng(seed).integers(-3, 4, size=d)
    if kind == "zero":
        X = np.column_stack((np.zeros(m), X, np.full(m, 0.1)))
    if kind == "mirror":
        X = np.hstack((X, -X[:, :2]))
    path = lasso_path(X, y)
    assert worst_kkt(X, y, path) <= 1e-12
    assert np.all(np.diff(path.deltas) < 0) and path.deltas[-1] == 0
    assert not path.thetas[0, 1:].any()


@pytest.mark.equation("eq-lasso-kkt", "eq-lasso-path")
@given(
    st.integers(2, 9).flatmap(
        lambda m: st.tuples(
            arrays(
                np.float64, st.tuples(st.just(m), st.integers(1, 10)), elements=st.integers(-2, 2).map(float)
            ),
            arrays(np.float64, m, elements=st.integers(-3, 3).map(float)),
        )
    )
)
@example((np.kron([[1.0, 1], [1, -1]], np.kron([[1.0, 1], [1, -1]], [[1.0, 1], [1, -1]])), np.arange(8.0)))
@example((np.array([[1.0], [-1], [-1], [2], [-1]]), np.array([0.0, -1, -3, -3, -2])))  # at right angles
@example((np.eye(6), np.array([1.0, -1, 1, -1, 1, -1])))
@example((np.array([[1.0, 0, 1], [0, 1, 1], [-1, -1, -2]]), np.array([1.0, 1, -2])))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_ties_and_dependent_columns(design):
    X, y = design  # whole numbers: several columns reach the bound at once, coefficients vanish together
    if np.abs((X - X.mean(axis=0)).T @ (y - y.mean())).max() < 1e-9:
        assert len(lasso_path(X, y).deltas) == 1 or not lasso_path(X, y).thetas[:, 1:].any()
        return
    path = lasso_path(X, y)
    assert worst_kkt(X, y, path) <= 1e-12
    slopes = np.abs(path.thetas[:, 1:])
    assert slopes[slopes > 0].min(initial=1) > 1e-12  # zeros are zeros


@pytest.mark.equation("eq-lasso-kkt")
@pytest.mark.parametrize("seed", range(40))
def test_pairs_of_ones(seed):
    # rows of the identity added in pairs: up to a dozen columns reach the bound together, most are dependent
    rng = np.random.default_rng(1_007_200 + seed)
    m, d = 6 + 2 * (seed % 3), 30
    X = np.eye(m)[:, rng.integers(0, m, d)] + np.eye(m)[:, rng.integers(0, m, d)]
    y = rng.integers(0, 2, m) * 1.0
    if y.min() < y.max():
        path = lasso_path(X, y)
        assert worst_kkt(X, y, path) <= 1e-12
        assert np.all(path.deltas[1:] < path.deltas[:-1] * (1 - 1e-9))  # what happens at once is one knot


@pytest.mark.equation("eq-lasso-kkt")
@pytest.mark.parametrize("seed", [*range(40), 3309, 3448])
def test_plus_and_minus_ones(seed):
    rng = np.random.default_rng(seed)
    m, d = rng.integers(3, 12, size=2)
    X, y = rng.choice([-1.0, 1.0], (m, d)), rng.choice([-1.0, 1.0], m)
    if np.abs((X - X.mean(axis=0)).T @ (y - y.mean())).max() > 1e-9:
        path = lasso_path(X, y)
        assert worst_kkt(X, y, path) <= 1e-12
        assert np.all(path.deltas[1:] < path.deltas[:-1] * (1 - 1e-9))
        slopes = np.abs(path.thetas[:, 1:])
        assert slopes[slopes > 0].min(initial=1) > 1e-12  # what vanishes only at δ = 0 makes no knot before


@pytest.mark.equation("eq-lasso-kkt")
def test_larger_designs():
    for m, d in ((200, 30), (30, 200)):
        X, y = data(m, d)
        path = lasso_path(X, y)
        assert worst_kkt(X, y, path) <= 1e-12
    assert np.count_nonzero(path.thetas[-1, 1:]) <= 29  # p > m: no more than m − 1 columns in


@pytest.mark.equation("eq-lasso-path")
@given(st.integers(2, 12), st.integers(1, 15), st.integers(0, 2**32 - 1), st.floats(1e-3, 1))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_what_is_updated_is_what_one_would_compute(n, d, seed, gap):
    rng = np.random.default_rng(seed)
    X, y, weights = rng.normal(size=(n, d)), rng.normal(size=n), 10.0 ** rng.integers(0, 5, d)
    X[:, -1] = X[:, 0] + gap * X[:, -1]
    X /= np.linalg.norm(X, axis=0)
    active = ActiveSet(X, y, weights)
    for j in rng.integers(0, d, 3 * d):
        if j in active.columns:
            active.drop(j)
        elif active.open[j]:
            active.add(j, rng.choice([-1.0, 1.0]))
        Q, R, A = active.Q, active.R, active.columns
        np.testing.assert_allclose(Q.T @ Q, np.eye(len(A)), atol=1e-14)
        np.testing.assert_allclose(Q @ R, X[:, A], atol=1e-14)
        if len(A) > 1 and np.linalg.cond(R) > 1e5:  # all below loses as many digits, also later
            return
        np.testing.assert_allclose(active.inverse @ R, np.eye(len(A)), atol=1e-8)
        np.testing.assert_allclose(active.b, Q.T @ y, atol=1e-13)
        np.testing.assert_allclose(R.T @ active.z, active.signs * weights[A], atol=1e-12 * weights.max())
        np.testing.assert_allclose(active.p, X.T @ (y - Q @ active.b), atol=1e-12)
        scale_z = 1 + np.linalg.norm(active.z)
        np.testing.assert_allclose(active.q / scale_z, X.T @ (Q @ active.z) / scale_z, atol=1e-12)
        assert not active.open[A].any()
        bound = 0.3 / scale_z
        theta = np.linalg.solve(R, active.b - bound * active.z) if len(A) else np.zeros(0)
        carried, growth, p = active.line(theta, bound)
        np.testing.assert_allclose(R @ carried, active.b - bound * active.z, atol=1e-12)
        np.testing.assert_allclose(bound * (R @ growth), bound * active.z, atol=1e-12)
        np.testing.assert_allclose(p, active.p, atol=1e-10)  # and where θ was not found anew, from it


def test_a_rough_inverse_is_corrected_and_a_useless_one_noticed():
    active, R = ActiveSet(*data(5, 3), np.ones(3)), np.triu(np.full((3, 3), 2.0))
    B, exact = np.array([[1.0, 2], [3, 4], [5, 6]]), np.linalg.inv(R)
    for inverse in (exact, exact * (1 + 1e-6), exact * 1.05, 0 * R, -R):
        np.testing.assert_allclose(R @ active.solve(R, inverse, B), B, rtol=1e-14)


@pytest.mark.equation("eq-lasso-path")
def test_at_is_interpolation_in_delta_squared():
    path = lasso_path(*data(25, 6))
    deltas = np.concatenate((path.deltas, np.linspace(0, 1.2, 50) * path.deltas[0]))
    for theta, found in zip(path.thetas.T, path.at(deltas).T):
        np.testing.assert_allclose(
            found, np.interp(deltas**2, path.deltas[::-1] ** 2, theta[::-1]), atol=1e-12
        )
    np.testing.assert_array_equal(path.at(path.deltas), path.thetas)  # at the knots to the last digit


def exact_kkt(X, y, theta, delta):
    """The largest violation, relative to 2‖xⱼ‖‖y‖, in long double; and the size of θ in such units."""
    X, y, slopes = X.astype(np.longdouble), y.astype(np.longdouble), theta[1:].astype(np.longdouble)
    X, y = X - X.mean(axis=0), y - y.mean()
    most = np.sqrt((X**2).sum(axis=0)) * np.sqrt(y @ y)
    most[most == 0] = 1
    c, bound = 2 * X.T @ (y - X @ slopes), np.longdouble(delta) ** 2
    off = np.where(slopes == 0, np.abs(c) - bound, np.abs(c - bound * np.sign(slopes)))
    return float(max((off / most).max(), 0) / 2), 1 + float((most * np.abs(slopes)).sum() / (y @ y))


def assert_solves_everywhere(X, y, rng):
    """The conditions hold at the knots, anywhere between them, down to tiny δ or the end, and for `Lasso`."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", RankDeficiencyWarning)
        path = lasso_path(X, y)
    assert len(said) == (path.deltas[-1] > 0) and np.all(np.diff(path.deltas) < 0)
    share = rng.random(len(path.deltas) - 1)
    deltas = [path.deltas, share * path.deltas[1:] + (1 - share) * path.deltas[:-1]]
    further = np.maximum(path.deltas[0] * 10.0 ** rng.uniform(-10, 0, 4), path.deltas[-1])
    deltas = np.concatenate((*deltas, further))
    thetas = [*path.at(deltas), Lasso(deltas[-1]).fit(X, y).theta_]
    for theta, delta in zip(thetas, [*deltas, deltas[-1]]):
        violation, size = exact_kkt(X, y, theta, delta)
        assert violation <= 1e-10 * size  # θ itself is rounded


@pytest.mark.equation("eq-lasso-kkt", "eq-lasso-path")
@given(
    st.integers(2, 9),
    st.integers(1, 8),
    st.integers(0, 2**32 - 1),
    st.sampled_from(["noise", "integers", "tenths"]),
    st.lists(st.tuples(st.sampled_from(["twin", "sum", "chain"]), st.floats(7, 17)), min_size=1, max_size=3),
    st.booleans(),
)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_near_twins_and_near_sums(m, d, seed, kind, extras, units):
    rng = np.random.default_rng(seed)
    if kind == "integers":  # ties
        X, y = rng.integers(-2, 3, (m, d)) * 1.0, rng.integers(-3, 4, m) * 1.0
    else:
        X, y = rng.normal(size=(m, d)), rng.normal(size=m)
    if kind == "tenths":
        X, y = X.round(1), y.round(1)
    for what, digits in extras:
        i, j = rng.integers(d, size=2)
        base = {"twin": X[:, i], "sum": X[:, i] - X[:, j], "chain": X[:, -1]}[what]
        near = base + 10.0**-digits * rng.integers(-2, 3, m) if digits < 16.5 else base
        X = np.column_stack((X, rng.choice([-1.0, 1.0]) * near))
    X = X[:, rng.permutation(X.shape[1])]
    if units:
        X = X * 2.0 ** rng.integers(-40, 41, X.shape[1])
    spread = np.ptp(X, axis=0)
    X[:, spread < 1e-12 * np.abs(X).max(axis=0)] = 0  # constant but for rounding
    if np.ptp(y) > 0:
        assert_solves_everywhere(X, y, rng)


@pytest.mark.equation("eq-lasso-path")
def test_twins_that_differ_in_the_thirteenth_digit():
    x, gap = np.array([1, -0.1, -1.4, 0.4, -1.1]), 1e-13 * np.array([0, 3, 2, 0.5, -2])
    X, y = np.column_stack((x, [-0.5, -0.2, -0.3, -0.3, 0], x + gap)), np.array([0, 0, 1.2, 0.8, -2])
    rng = np.random.default_rng(0)
    assert_solves_everywhere(X, y, rng)
    alone = lasso_path(X[:, :2], y)
    deltas = np.linspace(0.01, 1, 20) * alone.deltas[0]
    found = lasso_path(X, y).at(deltas)
    np.testing.assert_allclose(found[:, 1] + found[:, 3], alone.at(deltas)[:, 1], atol=1e-11)
    np.testing.assert_allclose(found[:, 2], alone.at(deltas)[:, 2], atol=1e-11)


@pytest.mark.equation("eq-lasso-kkt")
@pytest.mark.parametrize("seed", range(10))
def test_columns_in_very_different_units(seed):
    rng = np.random.default_rng(seed)
    m, d = 12, 4
    X, y = rng.normal(size=(m, d)), rng.normal(size=m)
    units = 2.0 ** rng.integers(-400, 401, d)
    wanted = LinearRegression().fit(X, y).theta_
    np.testing.assert_allclose(
        Lasso(0.0).fit(X * units, y).theta_ * [1, *units], wanted, rtol=1e-9, atol=1e-12
    )
    X = X * 10.0 ** rng.integers(-25, 26, d)
    assert_solves_everywhere(X, y, rng)
    without = np.append(np.mean(y), np.zeros(d))  # the column in the smallest unit is as wrong as any other
    path = lasso_path(X, y)
    assert lasso_kkt(X, y, without, 0.0) > 0.1
    small = np.argmin(np.abs(X).max(axis=0))
    left_out = np.delete(np.arange(d), small)
    theta = np.zeros(d + 1)
    theta[[0, *(1 + left_out)]] = Lasso(0.0).fit(X[:, left_out], y).theta_
    r = y - theta[0] - X @ theta[1:]
    x = X[:, small] - X[:, small].mean()
    cosine = abs(x @ r) / np.linalg.norm(x) / np.linalg.norm(y - y.mean())
    assert lasso_kkt(X, y, theta, 0.0) == pytest.approx(cosine, rel=1e-6, abs=1e-12)
    assert lasso_kkt(X, y, path.thetas[-1], 0.0) < 1e-12


@pytest.mark.parametrize(
    "power_x, power_y", [(0, 0), (-400, 400), (400, -400), (-400, -400), (330, 330), (-1, 0)]
)
def test_units_change_nothing(power_x, power_y):
    X, y = data(15, 4, seed=5)
    path, moved = lasso_path(X, y), lasso_path(X * 2.0**power_x, y * 2.0**power_y)
    root = 2.0 ** ((power_x + power_y) / 2)
    np.testing.assert_allclose(moved.deltas / root, path.deltas, rtol=1e-13, atol=0)
    scale = np.ldexp(1.0, [power_y] + [power_y - power_x] * 4)
    np.testing.assert_allclose(moved.thetas / scale, path.thetas, rtol=1e-9, atol=1e-13)
    middle = path.deltas[1] / 2
    theta = Lasso(middle * root).fit(X * 2.0**power_x, y * 2.0**power_y).theta_
    np.testing.assert_allclose(theta / scale, Lasso(middle).fit(X, y).theta_, rtol=1e-9, atol=1e-13)
    assert lasso_kkt(X * 2.0**power_x, y * 2.0**power_y, theta, middle * root) < 1e-13


@pytest.mark.filterwarnings("error")
def test_strengths_at_the_edges_of_float64():
    X, y = data(15, 3)
    nothing, everything = [y.mean(), 0, 0, 0], LinearRegression().fit(X, y).theta_
    for delta in (1e150, 1.4e154, 1e155, 1e200, 1.7e308):
        np.testing.assert_allclose(Lasso(delta).fit(X, y).theta_, nothing, rtol=1e-14)
        np.testing.assert_allclose(lasso_path(X, y).at([delta])[0], nothing, rtol=1e-14)
        assert lasso_kkt(X, y, nothing, delta) < 1e-15
    assert lasso_kkt(X, y, everything, 1e100) > 1e190
    with pytest.raises(ValueError, match="conditions can be computed in float64"):
        lasso_kkt(X, y, everything, 1e200)
    for delta in (1e-320, 1e-170, 1e-80):
        np.testing.assert_allclose(Lasso(delta).fit(X, y).theta_, everything, rtol=1e-12)
        np.testing.assert_allclose(lasso_path(X, y).at([delta])[0], everything, rtol=1e-12)
        small = X * [1, 1e-165, 1]
        theta = Lasso(delta).fit(small, y).theta_
        assert lasso_kkt(small, y, theta, delta) < 1e-13
        assert (theta[2] == 0) == (delta == 1e-80)  # which keeps it out
    with pytest.raises(ValueError, match="units"):
        Lasso(0.0).fit(X * [1, 1e-160, 1e140], y)
    np.testing.assert_array_equal(Lasso(1e20).fit(X * [1, 1e-160, 1e140], y).theta_[1:3], 0)
    for a, b in ((1e-200, 1e200), (1e200, 1e-200), (1, 1e160), (1e160, 1), (1, 1e-170)):
        try:
            theta = Lasso(0.0).fit(X * a, y * b).theta_
        except ValueError as error:
            assert "units" in str(error)
        else:
            np.testing.assert_allclose(theta[1:] / b * a, everything[1:], rtol=1e-9)


# ------------------------------------------------------------------------------------------- other solvers
@pytest.mark.equation("eq-lasso-kkt")
@pytest.mark.parametrize("m, d", [(50, 6), (10, 25)])
def test_against_coordinate_descent(m, d):
    X, y = data(m, d, seed=3)
    path = lasso_path(X, y)
    for delta in path.deltas[0] * np.array([0.9, 0.5, 0.2]):
        theirs = SklearnLasso(alpha=delta**2 / (2 * m), tol=1e-13, max_iter=10**6).fit(X, y)
        wanted = np.concatenate(([theirs.intercept_], theirs.coef_))
        for theta in (path.at([delta])[0], Lasso(delta).fit(X, y).theta_):
            np.testing.assert_allclose(theta, wanted, rtol=1e-5, atol=1e-5)
            assert objective(X, y, theta, delta) <= objective(X, y, wanted, delta) * (1 + 1e-14)


@pytest.mark.equation("eq-lasso-path")
def test_against_lars_knot_for_knot():
    X, y = load_diabetes(return_X_y=True)
    path = lasso_path(X, y)
    alphas, _, coefs = lars_path(X - X.mean(axis=0), y - y.mean(), method="lasso")
    np.testing.assert_allclose(path.deltas**2 / (2 * len(y)), alphas, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(path.thetas[:, 1:], coefs.T, rtol=1e-8, atol=1e-8)
    assert len(path.deltas) == 13  # ten columns: one of them leaves and comes back
    signs = np.sign(path.thetas[:, 1:])
    assert any(0 in column[np.flatnonzero(column)[0] :] for column in signs.T)


@pytest.mark.equation("eq-lasso-kkt")
def test_every_sign_pattern_tried():
    # with three columns the best of all 27 sign patterns can be found by solving each one's linear equations
    X, y = data(12, 3, seed=8)
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    for delta in lasso_path(X, y).deltas[0] * np.array([0.2, 0.6]):
        best = np.inf
        for signs in itertools.product((-1, 0, 1), repeat=3):
            A, s, theta = np.flatnonzero(signs), np.array(signs), np.zeros(3)
            if len(A):
                theta[A] = np.linalg.solve(Xc[:, A].T @ Xc[:, A], Xc[:, A].T @ yc - delta**2 / 2 * s[A])
            best = min(best, np.sum((yc - Xc @ theta) ** 2) + delta**2 * np.abs(theta).sum())
        assert objective(X, y, Lasso(delta).fit(X, y).theta_, delta) == pytest.approx(best, rel=1e-13)


# ------------------------------------------------------------------------------------------- closed forms
@pytest.mark.equation("eq-soft-threshold")
def test_orthogonal_columns_are_soft_thresholded():
    rng = np.random.default_rng(0)
    Q = np.linalg.qr(np.column_stack((np.ones(9), rng.normal(size=(9, 5)))))[0][:, 1:]  # and centred
    length, y = np.array([1.0, 2.0, 0.5, 3.0, 1.0]), rng.normal(size=9) * 5
    X, z = Q * length, Q.T @ y
    for delta in (0.0, 0.5, 1.5, 4.0):
        wanted = [np.sign(c) * max(abs(c) - delta**2 / 2, 0) / n**2 for c, n in zip(z * length, length)]
        np.testing.assert_allclose(Lasso(delta).fit(X, y).theta_[1:], wanted, atol=1e-13)
        np.testing.assert_allclose(soft_threshold(z * length, delta**2 / 2) / length**2, wanted, atol=1e-14)


@pytest.mark.equation("eq-soft-threshold")
@given(st.floats(-10, 10), st.floats(0, 5))
@settings(deadline=None)
def test_soft_threshold_minimises(z, threshold):
    def f(t):
        return (t - z) ** 2 / 2 + threshold * np.abs(t)

    t = soft_threshold(z, threshold)
    assert f(t) <= f(t + np.linspace(-20, 20, 4001)).min() + 1e-12


@pytest.mark.equation("eq-lasso-path")
def test_path_is_linear_in_delta_squared_between_knots():
    X, y = data(25, 6, seed=2)
    path = lasso_path(X, y)
    for high, low in zip(path.deltas[:-1], path.deltas[1:]):
        for share in (0.25, 0.5):
            delta = np.sqrt(share * high**2 + (1 - share) * low**2)
            between = share * path.at([high]) + (1 - share) * path.at([low])
            np.testing.assert_allclose(path.at([delta]), between, rtol=1e-10, atol=1e-12)
            np.testing.assert_allclose(Lasso(delta).fit(X, y).theta_, between[0], rtol=1e-10, atol=1e-12)


def test_ends_of_the_path():
    X, y = data(25, 4)
    path = lasso_path(X, y)
    largest = np.sqrt(2 * np.abs((X - X.mean(axis=0)).T @ (y - y.mean())).max())
    assert path.deltas[0] == pytest.approx(largest, rel=1e-14)
    above = path.at([largest * 1.01, largest * 100])
    np.testing.assert_allclose(above, [[y.mean(), 0, 0, 0, 0]] * 2, rtol=1e-14)
    np.testing.assert_allclose(path.at([0.0])[0], LinearRegression().fit(X, y).theta_, rtol=1e-12)
    np.testing.assert_allclose(Lasso(0.0).fit(X, y).theta_, LinearRegression().fit(X, y).theta_, rtol=1e-12)
    short = lasso_path(X, y, delta_min=1.0)
    assert short.deltas[-1] == 1.0
    np.testing.assert_allclose(short.at([1.0, 2.0]), path.at([1.0, 2.0]), rtol=1e-12)
    with pytest.raises(ValueError, match="every entry of deltas must be >= 1; got 0.5"):
        short.at([2.0, 0.5])
    assert len(lasso_path(X, y, delta_min=1e6).deltas) == 1


def test_a_path_ends_at_the_very_strength_that_was_asked_for():
    X, y = data(20, 3)
    for delta in np.linspace(0.1, 1.0, 50):
        path = lasso_path(X, y, delta_min=delta)
        assert path.deltas[-1] == delta and path.at([delta]).shape == (1, 4)


# ----------------------------------------------------------------------------------------- degenerate data
def test_nothing_to_explain():
    X, _ = data(10, 3)
    for y in (np.full(10, 0.1), np.full(10, 1e15)):
        path = lasso_path(X, y)
        np.testing.assert_array_equal(path.deltas, [0])
        np.testing.assert_array_equal(path.thetas, [[y[0], 0, 0, 0]])
        np.testing.assert_array_equal(path.at([0, 5]), [[y[0], 0, 0, 0]] * 2)
    for X in (np.zeros((4, 2)), np.full((4, 1), 0.1)):
        np.testing.assert_array_equal(lasso_path(X, [1.0, 2, 3, 4]).thetas[:, 1:], 0)
    np.testing.assert_array_equal(Lasso().fit([[3.0, 4.0]], [2.0]).theta_, [2, 0, 0])  # a single point


def test_of_twins_one_is_used():
    X, y = data(20, 3)
    alone = lasso_path(X, y)
    both = lasso_path(np.hstack((X, X, X * 0.5)), y)  # the shrunk copies cost more
    np.testing.assert_allclose(both.deltas, alone.deltas, rtol=1e-12)
    np.testing.assert_allclose(both.thetas[:, :4], alone.thetas, rtol=1e-9, atol=1e-11)
    np.testing.assert_array_equal(both.thetas[:, 4:], 0)


def test_noise_free_sparse_signal_is_found_from_few_rows():
    rng = np.random.default_rng(4)
    X, theta = rng.normal(size=(40, 100)), np.zeros(100)
    theta[[3, 50, 77]] = [2.0, -3.0, 1.5]
    found = lasso_path(X, X @ theta + 1.0).at([1e-4])[0]
    np.testing.assert_allclose(found, [1.0, *theta], atol=1e-6)
    np.testing.assert_array_equal(np.flatnonzero(found[1:]), [3, 50, 77])


def test_nearly_equal_columns():
    X, y = data(30, 2)
    for gap in (1e-3, 1e-6, 1e-9):
        near = np.column_stack((X, X[:, 0] + gap * np.random.default_rng(0).normal(size=30)))
        path = lasso_path(near, y)
        size = max(1, np.abs(path.thetas).max())  # θ itself is rounded
        assert worst_kkt(near, y, path) <= 1e-13 * size


@pytest.mark.equation("eq-lasso-kkt", "eq-lasso-path")
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("lam", [0.01, 0.1, 1, 10, 100])
def test_the_path_ends_where_columns_become_dependent(lam, seed):
    # a bump on each of 60 points: numerically these columns have rank 6 to 50, and θ̂ grows without bound
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(-1, 1, 60))
    y = np.sin(3 * x) + 0.1 * rng.normal(size=60)
    X = rbf(x, x, lam)
    with pytest.warns(RankDeficiencyWarning, match="nearly dependent") as said:
        path = lasso_path(X, y)
    end = path.deltas[-1]
    assert len(said) == 1 and f"ends at δ = {end:.2g}" in str(said[0].message) and 0 < end < 1e-3
    most = 2 * np.linalg.norm(X - X.mean(axis=0), axis=0).max() * np.linalg.norm(y - y.mean())
    deltas = all_along(path)
    for delta, theta in zip(deltas, path.at(deltas)):
        assert exact_kkt(X, y, theta, delta)[0] * most <= max(0.02 * delta**2, 1e-13 * most)
    for delta in (0.1, 1e-2, max(end, 1e-3)):  # coordinate descent has not converged, and may be worse only
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            theirs = SklearnLasso(alpha=delta**2 / 120, tol=1e-13, max_iter=3000).fit(X, y)
        wanted = objective(X, y, np.append(theirs.intercept_, theirs.coef_), delta)
        assert objective(X, y, path.at([delta])[0], delta) <= wanted * (1 + 1e-13)
    with pytest.warns(RankDeficiencyWarning, match=r"does not reach 1e-06.*Take a larger δ"):
        np.testing.assert_array_equal(Lasso(1e-6).fit(X, y).theta_, path.thetas[-1])
    found = Lasso(2 * end).fit(X, y).theta_  # and says nothing; twins share their sum as rounding has it
    assert exact_kkt(X, y, found, 2 * end)[0] * most <= max(0.02 * (2 * end) ** 2, 1e-13 * most)
    rows = np.column_stack((np.ones(60), X))
    np.testing.assert_allclose(rows @ found, rows @ path.at([2 * end])[0], rtol=0, atol=1e-8)


def test_gives_up_rather_than_hang(monkeypatch):
    monkeypatch.setattr(homotopy, "_PATIENCE", 0)
    X, y = np.vstack((np.eye(3), -np.eye(3))), np.array([1.0, 1, 1, -1, -1, -1])
    with pytest.warns(RankDeficiencyWarning, match="lasso_path ends at δ = 2 "):
        path = lasso_path(X, y)
    assert worst_kkt(X, y, path) <= 1e-12


# ----------------------------------------------------------------------------------------------- estimator
def test_inside_scikit_learn():
    X, y = load_diabetes(return_X_y=True)
    m = len(y) * 4 // 5
    ours = cross_val_score(clone(Lasso(np.sqrt(2 * m * 0.3))), X[:440], y[:440], cv=5)
    theirs = cross_val_score(SklearnLasso(alpha=0.3 * m / 352, tol=1e-10), X[:440], y[:440], cv=5)
    np.testing.assert_allclose(ours, theirs, atol=1e-3)
    assert repr(Lasso(2.0)) == "Lasso(delta=2.0)"


def test_inputs_are_not_changed():
    X, y = data(8, 2)
    before = X.copy(), y.copy()
    Lasso().fit(X, y), lasso_path(X, y), lasso_kkt(X, y, [0.0, 1, 1], 1.0)
    np.testing.assert_array_equal(X, before[0])
    np.testing.assert_array_equal(y, before[1])


X, Y = data(6, 2)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: Lasso(-1.0).fit(X, Y), "delta must be a finite number >= 0; got -1"),
        (lambda: Lasso([1.0]).fit(X, Y), "delta must be a finite number >= 0; got list"),
        (lambda: Lasso().fit(X, Y[:-1]), "same number of rows"),
        (lambda: Lasso().fit(X[:, 0], Y), "2-D"),
        (lambda: Lasso().predict(X), "must be fitted first"),
        (lambda: Lasso().fit(X, Y).predict(X[:, :1]), "expecting 2 features"),
        (lambda: lasso_path(X, Y, delta_min=-1), "delta_min must be a finite number >= 0"),
        (lambda: lasso_path(X, Y * np.inf), "finite"),
        (lambda: lasso_path(X[:0], Y[:0]), "at least one row"),
        (lambda: lasso_path(X, Y).at(1.0), "deltas must be a 1-D sequence"),
        (lambda: lasso_path(X, Y).at([np.nan]), "finite"),
        (lambda: lasso_kkt(X, Y, [1.0, 2.0], 1.0), "one slope a column, 3 entries; got 2"),
        (lambda: lasso_kkt(X, Y, [1.0, 2.0, np.nan], 1.0), "theta must be .* finite"),
        (lambda: lasso_kkt(X, Y, [1.0, 2.0, 3.0], -1.0), "delta must be a finite number >= 0"),
        (lambda: soft_threshold([1.0], -1.0), "threshold must be >= 0; got -1"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
