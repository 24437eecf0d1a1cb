"""Ridge regression against mpmath, scikit-learn, brute-force refits and the definition itself."""

import warnings

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge as SklearnRidge
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from mlcore import (
    LeastSquares,
    LinearRegression,
    RankDeficiencyWarning,
    Ridge,
    StandardScaler,
    polynomial,
    ridge_dof,
    ridge_loo,
    ridge_path,
)
from mlcore._numerics.columns import gram


def data(m, d, seed=0, offset=3.0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(m, d)) * np.exp(rng.normal(size=d)) + offset
    return X, X @ rng.normal(size=d) + rng.normal(size=m) + 5


def exactly(X, y, delta):
    """θ from the normal equations with 60 digits."""
    with mpmath.workdps(60):
        m, d = X.shape
        A = mpmath.matrix(np.column_stack((np.ones(m), X)).tolist())
        G = A.T * A
        for j in range(1, d + 1):
            G[j, j] += mpmath.mpf(delta) ** 2
        return np.array([float(t) for t in mpmath.lu_solve(G, A.T * mpmath.matrix(y.tolist()))])


SHAPES = [(30, 3), (8, 8), (9, 8), (5, 12), (2, 3), (1, 2), (60, 1)]


@pytest.mark.equation("eq-ridge")
@pytest.mark.parametrize("m, d", SHAPES)
@pytest.mark.parametrize("delta", [1e-3, 0.5, 30.0])
def test_ridge_is_the_closed_form(m, d, delta):
    X, y = data(m, d)
    theta = exactly(X, y, delta)
    np.testing.assert_allclose(Ridge(delta).fit(X, y).theta_, theta, rtol=1e-9, atol=1e-11)
    reference = SklearnRidge(alpha=delta**2, solver="svd").fit(X, y)
    np.testing.assert_allclose(Ridge(delta).fit(X, y).predict(X), reference.predict(X), rtol=1e-9)


@pytest.mark.equation("eq-ridge")
def test_theta_is_where_the_gradient_of_the_penalised_objective_vanishes():
    X, y = data(40, 5)
    for delta in (0.1, 2.0):
        objective, theta = LeastSquares(X, y, delta), Ridge(delta).fit(X, y).theta_
        scale = np.abs(objective.grad(0 * theta)).max()
        np.testing.assert_allclose(objective.grad(theta) / scale, 0, atol=1e-13)


@pytest.mark.equation("eq-ridge-path")
@pytest.mark.parametrize("m, d", SHAPES)
def test_path_is_one_fit_after_another(m, d):
    X, y = data(m, d, seed=1)
    deltas = np.array([10.0, 0.01, 1.0, 1e4])
    path = ridge_path(X, y, deltas)
    assert path.shape == (4, d + 1)
    np.testing.assert_allclose(path, [exactly(X, y, delta) for delta in deltas], rtol=1e-9, atol=1e-11)


@pytest.mark.equation("eq-ridge", "eq-ridge-path")
@pytest.mark.parametrize("low, high, digits", [(-1, 1, 12), (0, 10, 8)])
def test_digits_survive_a_raw_polynomial(low, high, digits):
    # columns from 1 to 1e10: the SVD alone would keep some 5 digits fewer of the second design
    x = np.linspace(low, high, 40)
    X, y = polynomial(x, 10), np.sin(x) + 0.1 * np.random.default_rng(0).normal(size=40)
    for delta in (1e-6, 1e-3, 1.0, 100.0):
        theta = exactly(X, y, delta)
        for ours in (Ridge(delta).fit(X, y).theta_, ridge_path(X, y, [delta])[0]):
            assert np.abs(ours - theta).max() <= 10.0**-digits * np.abs(theta).max()


# ------------------------------------------------------------------------------ products of centred columns
def in_long_double(X, y):
    """Products of the centred columns, and the means, in more digits than float64 has."""
    A = np.column_stack((X, y)).astype(np.longdouble)
    mean = A.mean(axis=0)
    mean = mean + (A - mean).mean(axis=0)
    return (A - mean).T @ (A - mean), mean


@pytest.mark.parametrize("m, d", [(2, 1), (40, 3), (9000, 12), (70_000, 1)])
@pytest.mark.parametrize("offset", [0.0, 10.0, 1e6])
def test_products_keep_their_digits_far_from_the_origin(m, d, offset):
    rng = np.random.default_rng(m)
    X, y = rng.normal(size=(m, d)) + offset, rng.normal(size=m) - offset  # many blocks where m is large
    wanted, mean = in_long_double(X, y)
    G, b, yy, origin, drift, y_mean = gram(X, y)
    size = np.sqrt(np.diag(wanted).astype(float))
    error = np.abs(np.block([[G, b[:, None]], [b, yy]]) - wanted) / np.outer(size, size)
    assert error.max() < 2e-14
    np.testing.assert_allclose([*(origin + drift), y_mean], mean.astype(float), rtol=1e-15, atol=1e-15)


def test_products_say_when_they_have_lost_digits():
    X, y = data(6400, 2)

    def is_given_up(X, y=y):
        return gram(X, y) is None

    assert not is_given_up(X)
    assert not is_given_up(np.column_stack((X, np.full(6400, 0.1))))  # a constant column is exact zeros
    misled = X.copy()
    misled[::100, 0] += 1e6  # the very rows that the origin is taken from: it is nowhere near the mean
    assert is_given_up(misled)
    assert is_given_up(np.column_stack((X, 0.1 + 1e-17 * np.arange(6400))))  # varies by its rounding alone
    assert is_given_up(X * 1e200) and is_given_up(X * 1e-200) and is_given_up(X, y * 1e200)


@pytest.mark.equation("eq-ridge", "eq-ridge-path")
@pytest.mark.parametrize("kind", ["far away", "units", "nearly constant", "sampled rows far away"])
def test_many_rows(kind):
    X, y = data(3000, 4)
    if kind == "far away":
        X += 1e6
    if kind == "units":
        X *= [1e-8, 1.0, 1e8, 1e3]
    if kind == "nearly constant":
        X[:, 0] = 1e6 + 1e-3 * X[:, 0]
    if kind == "sampled rows far away":
        X[::46, 0] += 1e5
    for delta in (1e-3, 1.0, 50.0):
        G, mean = in_long_double(X, y)
        unit = np.sqrt(np.diag(G)[:-1]).astype(float)
        H = G[:-1, :-1] + delta**2 * np.eye(4)
        slopes = np.zeros(4, dtype=np.longdouble)
        for _ in range(20):  # refinement, the residual in long doubles
            left = (G[:-1, -1] - H @ slopes) / unit
            scaled = (H / np.outer(unit, unit)).astype(float)
            slopes = slopes + np.linalg.solve(scaled, left.astype(float)) / unit
        wanted = slopes.astype(float)
        rtol = 1e-10 if kind == "sampled rows far away" else 1e-12  # by SVD, so with one unit for all columns
        for theta in (Ridge(delta).fit(X, y).theta_, ridge_path(X, y, [delta])[0]):
            atol = rtol * np.abs(wanted * unit).max()
            np.testing.assert_allclose(theta[1:] * unit, wanted * unit, rtol=0, atol=atol)
            assert theta[0] == pytest.approx(float(mean[-1] - mean[:-1] @ slopes), rel=rtol)


@pytest.mark.equation("eq-ridge")
@pytest.mark.parametrize("seed", range(3))
def test_units_cost_no_digits(seed):
    # solved in columns of one length: as they come, from 1e-5 to 1e5, two to three digits would be gone
    rng, d = np.random.default_rng(seed), 40
    X = rng.normal(size=(1000, d)) @ (np.eye(d) + rng.normal(size=(d, d)) / 12) + rng.uniform(-5, 5, d)
    X *= 10.0 ** rng.uniform(-5, 5, d)
    y = (X / X.std(axis=0)).sum(axis=1) + rng.normal(size=1000)
    G, _ = in_long_double(X, y)
    H, b = G[:-1, :-1] + 9 * np.eye(d), G[:-1, -1]
    unit = np.sqrt(np.diag(H)).astype(float)
    wanted = np.zeros(d, dtype=np.longdouble)
    for _ in range(6):
        left = ((b - H @ wanted) / unit).astype(float)
        wanted = wanted + np.linalg.solve((H / np.outer(unit, unit)).astype(float), left) / unit
    error = (Ridge(3.0).fit(X, y).theta_[1:] - wanted) * unit
    assert np.linalg.norm(error.astype(float)) <= 1e-14 * np.linalg.norm((wanted * unit).astype(float))


@pytest.mark.parametrize("offset", [1e8, 1e10, 1e12, 1e15])
@pytest.mark.parametrize("m", [6, 12, 3000])
def test_columns_far_from_0_lose_no_digits(offset, m):
    X = np.tile(np.round(np.random.default_rng(0).normal(size=(6, 3)) * 64), (m // 6, 1))  # whole numbers
    y = np.tile(np.arange(6.0) ** 2, m // 6)
    for delta in (1e-3, 30.0):
        slopes = exactly(X, y, delta)[1:]
        for theta in (Ridge(delta).fit(X + offset, y).theta_, ridge_path(X + offset, y, [delta])[0]):
            np.testing.assert_allclose(theta[1:], slopes, rtol=1e-11)
        np.testing.assert_allclose(ridge_loo(X + offset, y, [delta]), ridge_loo(X, y, [delta]), rtol=1e-10)
    np.testing.assert_allclose(ridge_dof(X + offset, [1e-3, 30.0]), ridge_dof(X, [1e-3, 30.0]), rtol=1e-12)


@pytest.mark.parametrize("delta", [1.35e154, 1e300, 1.7e308])
def test_a_huge_penalty_leaves_the_mean(delta):
    X, y = data(9, 2)
    others = (y.sum() - y) / 8
    np.testing.assert_allclose(Ridge(delta).fit(X, y).theta_, [y.mean(), 0, 0], atol=1e-300)
    np.testing.assert_allclose(ridge_loo(X, y, [delta])[0], y - others, rtol=1e-13)
    assert 0 <= ridge_dof(X, [delta])[0] < 1e-300


def test_a_tiny_penalty_beside_a_tiny_column():
    X, y = data(9, 2)
    theta = LinearRegression().fit(X, y).theta_
    for unit in (1e-150, 1e-162, 1e-200):
        for delta in (1e-170, 1e-220):
            if delta < unit / 1e8:  # it does nothing, then
                units = [1, 1, unit]
                np.testing.assert_allclose(
                    Ridge(delta).fit(X * units[1:], y).theta_ * units, theta, rtol=1e-12
                )


@given(st.floats(-300, 300), st.floats(-250, 250), st.floats(-3, 3))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_in_any_units_the_right_number_or_an_error(log_X, log_y, log_delta):
    X, y = data(9, 2, offset=0.5)
    unit_X, unit_y, delta = 10.0**log_X, 10.0**log_y, 10.0**log_delta
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            theta = Ridge(delta * unit_X).fit(X * unit_X, y * unit_y).theta_
        except ValueError as error:
            assert "Standardise first" in str(error) and abs(log_y - log_X) > 300
            return
        loo = ridge_loo(X * unit_X, y * unit_y, [delta * unit_X, 0.0])
    back = np.append(theta[0] / unit_y, [float(mpmath.mpf(t) * unit_X / unit_y) for t in theta[1:]])
    np.testing.assert_allclose(back, Ridge(delta).fit(X, y).theta_, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(loo / unit_y, ridge_loo(X, y, [delta, 0.0]), rtol=1e-9)


@pytest.mark.parametrize("unit", [1e-10, 1e-6, 1e-3, 1e3, 1e6, 1e10])
@pytest.mark.parametrize("share", [1e-4, 1e-6, 1e-10])
def test_nearly_perpendicular_columns_in_different_units(unit, share):
    """Solving with a triangle must not exchange its rows: that lost nine digits of the short column."""
    rng = np.random.default_rng(0)
    q = np.linalg.qr(np.column_stack((np.ones(50), rng.normal(size=(50, 3)))))[0][:, 1:].T
    X, y = np.column_stack((q[0] / unit, unit * (q[1] + share * q[0]))), q[0] + q[1] + 0.1 * q[2]
    delta = 0.1 / unit
    np.testing.assert_allclose(ridge_path(X, y, [delta])[0][1:], exactly(X, y, delta)[1:], rtol=1e-14)


def test_units_too_different_are_refused():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(9, 3)) * [1e60, 1e-80, 1e-40]
    with pytest.raises(ValueError, match="units that are more alike"):
        Ridge(1e-250).fit(X, rng.normal(size=9))


def test_delta_zero_is_least_squares():
    X, y = data(30, 4)
    theta = LinearRegression().fit(X, y).theta_
    np.testing.assert_array_equal(Ridge(0).fit(X, y).theta_, theta)
    np.testing.assert_array_equal(ridge_path(X, y, [1, 0.0])[1], theta)


@pytest.mark.parametrize("m", [30, 3])
def test_dependent_columns_need_a_penalty(m):
    X, y = data(m, 3)
    X = np.hstack((X, X[:, :1]))
    with pytest.warns(RankDeficiencyWarning):
        theta = Ridge(0.0).fit(X, y).theta_
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a positive δ needs no warning, however small
        small = ridge_path(X, y, [1e-200, 1e-20, 1e-9, 1e-7])
        np.testing.assert_allclose(Ridge(1e-9).fit(X, y).theta_, small[2], rtol=1e-9)
    np.testing.assert_allclose(small, np.tile(theta, (4, 1)), rtol=1e-8)  # the limit is the shortest
    np.testing.assert_allclose(small[:, 1], small[:, 4], rtol=1e-9)


def test_constant_columns_and_constant_targets():
    X, y = data(12, 2)
    with_constant = np.column_stack((np.full(12, 0.1), X))
    theta = ridge_path(with_constant, y, [1e-20, 1.0])
    np.testing.assert_array_equal(theta[:, 1], 0)
    np.testing.assert_allclose(theta[:, [0, 2, 3]], ridge_path(X, y, [1e-20, 1.0]), rtol=1e-12)
    np.testing.assert_array_equal(ridge_path(X, np.full(12, 0.3), [0.1]), [[0.3, 0, 0]])
    np.testing.assert_array_equal(ridge_dof(np.ones((5, 2)), [0.0, 1.0]), 0)


@pytest.mark.equation("eq-ridge")
@given(st.integers(0, 2**32 - 1), st.floats(-1e3, 1e3), st.floats(0.01, 100))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_the_intercept_is_free_and_units_go_through(seed, shift, unit):
    X, y = data(15, 3, seed)
    theta = Ridge(0.7).fit(X, y).theta_
    shifted = Ridge(0.7).fit(X, y + shift).theta_
    np.testing.assert_allclose(shifted[1:], theta[1:], rtol=1e-9, atol=1e-11 * (1 + abs(shift)))
    np.testing.assert_allclose(shifted[0], theta[0] + shift, rtol=1e-9, atol=1e-9 * (1 + abs(shift)))
    scaled = Ridge(0.7 * unit).fit(X * unit, y).theta_
    np.testing.assert_allclose(scaled[1:] * unit, theta[1:], rtol=1e-9, atol=1e-11)


@pytest.mark.equation("eq-ridge-dof")
@pytest.mark.parametrize("m, d", [(30, 3), (6, 9), (9, 8)])
def test_dof_is_the_trace_of_the_smoother(m, d):
    X, _ = data(m, d)
    deltas = np.array([0.01, 1.0, 50.0])
    smoother = [ridge_path(X, column, deltas) for column in np.eye(m)]  # ŷ is linear in y
    trace = sum(theta[:, 0] + theta[:, 1:] @ X[i] for i, theta in enumerate(smoother))
    np.testing.assert_allclose(ridge_dof(X, deltas), trace - 1, rtol=1e-10)


@pytest.mark.equation("eq-ridge-dof")
def test_dof_between_rank_and_zero():
    X, _ = data(30, 4)
    X = np.hstack((X, X[:, :1], np.ones((30, 1))))
    dof = ridge_dof(X, [0, 1e-6, 1, 100, 1e9])
    np.testing.assert_allclose(dof[:2], 4, rtol=1e-9)
    assert np.all(np.diff(dof[1:]) < 0) and dof[-1] < 1e-12


def left_out(X, y, fit):
    """Residuals by really refitting."""
    predictions = [fit(np.delete(X, i, 0), np.delete(y, i)).predict(X[i : i + 1])[0] for i in range(len(y))]
    return y - predictions


@pytest.mark.equation("eq-loo")
@given(
    st.integers(2, 12),
    st.integers(1, 14),
    st.integers(0, 2**32 - 1),
    st.sampled_from(["plain", "twin", "spike", "units"]),
)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_loo_is_what_refitting_gives(m, d, seed, kind):
    X, y = data(m, d, seed)
    if kind == "twin":
        X = np.hstack((X, X[:, :1]))
    if kind == "spike":  # a column that only the first point has: leverage 1 for δ = 0
        X[:, 0] = np.arange(m) == 0
    if kind == "units":
        X[:, 0] *= 1e4
    deltas = np.array([1e-5, 1e-2, 1.0, 100.0])
    residuals = ridge_loo(X, y, deltas)
    assert residuals.shape == (4, m)
    for row, delta in zip(residuals, deltas):
        refitted = left_out(X, y, Ridge(delta).fit)
        np.testing.assert_allclose(row, refitted, rtol=1e-6, atol=1e-6 * np.abs(y).max())


@pytest.mark.equation("eq-loo")
@pytest.mark.parametrize("m, d", [(20, 3), (6, 4), (5, 4), (6, 9)])
@pytest.mark.filterwarnings("ignore::mlcore.RankDeficiencyWarning")
def test_loo_without_a_penalty(m, d):
    X, y = data(m, d)
    np.testing.assert_allclose(ridge_loo(X, y, [0.0])[0], left_out(X, y, LinearRegression().fit), rtol=1e-8)
    X[:, 0] = np.arange(m) == 0
    refitted = left_out(X, y, LinearRegression().fit)
    np.testing.assert_allclose(ridge_loo(X, y, [0.0])[0], refitted, rtol=1e-8, atol=1e-9)


@pytest.mark.equation("eq-loo")
def test_loo_keeps_its_digits_close_to_interpolation():
    # more columns than rows and a tiny δ: residuals and 1 - h are about 1e-14, their ratio is not
    X, y = data(10, 20, offset=0.0)
    refitted = left_out(X, y, Ridge(1e-7).fit)
    np.testing.assert_allclose(ridge_loo(X, y, [1e-7])[0], refitted, rtol=1e-10)


def test_loo_warns_of_dependent_columns_only_without_a_penalty():
    X, y = data(12, 2)
    X = np.hstack((X, X))
    ridge_loo(X, y, [1e-12, 1.0])
    with pytest.warns(RankDeficiencyWarning, match="rank 2"):
        ridge_loo(X, y, [0.0, 1.0])


def test_inside_scikit_learn():
    X, y = load_diabetes(return_X_y=True)
    deltas = [0.01, 0.1, 1.0]
    search = GridSearchCV(make_pipeline(StandardScaler(), Ridge()), {"ridge__delta": deltas}, cv=5).fit(X, y)
    pipe = make_pipeline(StandardScaler(), SklearnRidge())
    theirs = GridSearchCV(pipe, {"ridge__alpha": np.square(deltas)}, cv=5)
    np.testing.assert_allclose(
        search.cv_results_["mean_test_score"], theirs.fit(X, y).cv_results_["mean_test_score"], rtol=1e-9
    )
    model = Ridge(2.0)
    assert clone(model).get_params() == {"delta": 2.0} and repr(model) == "Ridge(delta=2.0)"


def test_inputs_are_not_changed():
    X, y = data(8, 2)
    before = X.copy(), y.copy()
    Ridge().fit(X, y), ridge_path(X, y, [1.0]), ridge_loo(X, y, [1.0]), ridge_dof(X, [1.0])
    np.testing.assert_array_equal(X, before[0])
    np.testing.assert_array_equal(y, before[1])


X, Y = data(6, 2)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: Ridge(-1.0).fit(X, Y), "delta must be a finite number >= 0; got -1"),
        (lambda: Ridge("1").fit(X, Y), "delta must be a finite number >= 0; got str"),
        (lambda: Ridge(np.nan).fit(X, Y), "delta must be a finite number >= 0"),
        (lambda: Ridge(None).fit(X, Y), "delta must be a finite number >= 0"),
        (lambda: Ridge().fit(X, Y[:-1]), "same number of rows"),
        (lambda: Ridge().fit(X[:, 0], Y), "2-D"),
        (lambda: Ridge().predict(X), "must be fitted first"),
        (lambda: Ridge().fit(X, Y).predict(X[:, :1]), "expecting 2 features"),
        (lambda: ridge_path(X, Y, []), "deltas must be a 1-D sequence"),
        (lambda: ridge_path(X, Y, 1.0), "deltas must be a 1-D sequence"),
        (lambda: ridge_path(X, Y, [1.0, -2.0]), "every entry of deltas must be >= 0; got -2 at position 1"),
        (lambda: ridge_path(X, Y * np.nan, [1.0]), "finite"),
        (lambda: ridge_dof(X, [np.inf]), "finite"),
        (lambda: ridge_dof(X[:0], [1.0]), "at least one row"),
        (lambda: ridge_loo(X, Y, [-1.0]), "every entry of deltas must be >= 0"),
        (lambda: ridge_loo(X[:1], Y[:1], [1.0]), "at least two rows"),
        (lambda: ridge_loo(X, Y[:-1], [1.0]), "same number of rows"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_residuals_beyond_float64_are_refused():
    X, y = np.array([[0.0], [1], [2], [3]]), 1.7e308 * np.array([1.0, -1, 1, -1])
    with pytest.raises(
        ValueError, match="y must hold numbers for which .* stays within float64; got .*1.7e[+]308"
    ):
        ridge_loo(X, y, [1.0])
