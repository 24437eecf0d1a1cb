"""LinearRegression against certified values, exact rational arithmetic, and closed forms."""

import json
import warnings
from fractions import Fraction
from functools import cache
from math import log10, sqrt
from pathlib import Path

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from sklearn import linear_model

import mlcore
from mlcore import LinearRegression, RankDeficiencyWarning
from mlcore._numerics.factor import RANK_TOLERANCE
from mlcore._numerics.refinement import twofold_matvec
from mlcore.basis import polynomial
from mlcore.datasets import load_diabetes, load_nist
from mlcore.linear import _LARGE

EPS = np.finfo(np.float64).eps


# --------------------------------------------------------------------------- exact arithmetic, for comparison
def solve_exactly(A, b):
    """The solution of a square system of Fractions, by Gaussian elimination."""
    n, rows = len(A), [[*row, right] for row, right in zip(A, b)]
    for i in range(n):
        pivot = next(k for k in range(i, n) if rows[k][i] != 0)
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for k in range(i + 1, n):
            factor = rows[k][i] / rows[i][i]
            rows[k] = [x - factor * p for x, p in zip(rows[k], rows[i])]
    x = [Fraction(0)] * n
    for i in reversed(range(n)):
        x[i] = (rows[i][n] - sum(rows[i][j] * x[j] for j in range(i + 1, n))) / rows[i][i]
    return x


def least_squares_exactly(A, y):
    """θ̂ and the sum of squared residuals, from the normal equations, in Fractions."""
    columns = list(zip(*A))
    gram = [[sum(a * b for a, b in zip(p, q)) for q in columns] for p in columns]
    theta = solve_exactly(gram, [sum(a * b for a, b in zip(p, y)) for p in columns])
    rss = sum((v - sum(a * t for a, t in zip(row, theta))) ** 2 for row, v in zip(A, y))
    return theta, rss


def fractions(X):
    """[1 X] and y as Fractions: a float64 is a fraction, exactly."""
    return [[Fraction(1), *map(Fraction, row)] for row in X.tolist()]


# ---------------------------------------------------------------------------------- NIST's certified problems
NIST = json.loads(
    (Path(mlcore.__file__).parent / "data" / "nist_strd.json").read_text(encoding="utf-8"),
    parse_float=Fraction,
    parse_int=Fraction,
)  # decimal numbers as they are printed

# Digits that agree with the certified values. LinearRegression gives the solution for the float64 numbers
# that it is handed to the last digit (see test_nist_to_the_last_digit_of_the_stored_numbers), so what is
# missing from 15 here is lost before it sees them, when decimals are rounded to float64 and powers are
# computed: from these columns a program can do better by luck only (errors that happen to cancel). The
# condition number says how much that costs: about 1e9 for Filip with scaled columns, so 16 - 9 = 7 digits and
# a bit; Wampler1, 3, 4, 5 and all but one column of Longley are whole numbers, exact in float64.
DIGITS = {
    "Norris": 14.0,
    "Pontius": 13.5,
    "Filip": 7.6,
    "Longley": 14.6,
    "Wampler1": 15,
    "Wampler2": 13.2,
    "Wampler3": 15,
    "Wampler4": 15,
    "Wampler5": 15,
}


@cache
def problem(name):
    """X (m, d) and y (m,) in float64, powers formed in float64."""
    data, _ = load_nist(name)
    return data.X, data.y


@pytest.mark.parametrize("name", NIST)
def test_nist_as_it_is_loaded_is_what_nist_printed(name):
    (data, theta), (A, y) = load_nist(name), exact_problem(name)
    assert_allclose(data.X, np.array([[float(v) for v in row[1:]] for row in A]), rtol=4e-16 * 10)
    assert np.array_equal(data.y, [float(v) for v in y])
    assert np.array_equal(theta, [float(v) for v in NIST[name]["certified_estimates"]])
    with pytest.raises(ValueError, match="one of Norris"):
        load_nist("Norris2")


@cache
def exact_problem(name):
    """[1 X] and y in Fractions, from the decimal numbers."""
    data = NIST[name]
    if "X" in data:
        return [[Fraction(1), *row] for row in data["X"]], data["y"]
    return [[x**k for k in range(int(data["degree"]) + 1)] for x in data["x"]], data["y"]


def digits(theta, certified):
    """Log relative error: the number of decimal digits that the worst coefficient has right, up to 15."""
    worst = max(abs(Fraction(float(t)) - c) / abs(c) for t, c in zip(theta, certified, strict=True))
    return 15.0 if worst < 1e-15 else -log10(worst)


@pytest.mark.parametrize("name", NIST)
def test_nist_data_are_transcribed_without_a_slip(name):
    A, y = exact_problem(name)
    theta, rss = least_squares_exactly(A, y)
    assert digits(theta, NIST[name]["certified_estimates"]) > 14
    sd = sqrt(rss / (len(y) - len(theta)))
    assert sd == pytest.approx(float(NIST[name]["certified_residual_standard_deviation"]), rel=1e-14)
    with mpmath.workdps(100):
        M = mpmath.matrix([[mpmath.mpf(v.numerator) / v.denominator for v in row] for row in A])
        inverse = mpmath.inverse(M.T * M)
        for j, certified in enumerate(NIST[name]["certified_standard_deviations"]):
            assert sd * sqrt(inverse[j, j]) == pytest.approx(float(certified), rel=1e-14)


@pytest.mark.parametrize("name", NIST)
def test_nist_certified_digits(name):
    X, y = problem(name)
    model = LinearRegression().fit(X, y)  # and no warning: Filip is not rank-deficient
    assert model.rank_ == X.shape[1] + 1
    assert digits(model.theta_, NIST[name]["certified_estimates"]) >= DIGITS[name]
    m, certified = len(y), float(NIST[name]["certified_residual_standard_deviation"])
    assert model.sigma_ * sqrt(m / (m - model.rank_)) == pytest.approx(certified, rel=1e-9, abs=1e-13)


@pytest.mark.parametrize("name", NIST)
def test_nist_to_the_last_digit_of_the_stored_numbers(name):
    X, y = problem(name)
    exact, rss = least_squares_exactly(fractions(X), [Fraction(v) for v in y.tolist()])
    model = LinearRegression().fit(X, y)
    for got, right in zip(model.theta_.tolist(), exact):
        assert abs(Fraction(got) - right) <= 2 * EPS * abs(right)
    assert model.sigma_ == pytest.approx(sqrt(rss / len(y)), rel=1e-12, abs=1e-15 * np.abs(y).max())


@pytest.mark.parametrize("gap", [1e-2, 1e-4, 1e-6, 1e-8, 1e-9, 1e-10, 1e-12])
@pytest.mark.parametrize("residual", [0.0, 1e-3, 1.0])
def test_nearly_equal_columns_and_a_mean_far_from_zero(gap, residual):
    x, w, noise = np.random.default_rng(0).standard_normal((3, 20))
    X = np.column_stack((x, x + gap * w))
    Q = np.linalg.qr(np.column_stack((np.ones(20), x, w)))[0]
    noise -= Q @ (Q.T @ noise)  # the worst case: θ̂ stays near 1, and QR alone loses digits with κ²
    y = 1 + X.sum(axis=1) + residual * noise
    theta = LinearRegression().fit(X, y).theta_
    exact, _ = least_squares_exactly(fractions(X), [Fraction(v) for v in y.tolist()])
    np.testing.assert_allclose(theta, [float(v) for v in exact], rtol=1e-14)


def test_polynomial_features_keep_filips_digits():
    X, y = problem("Filip")
    theta = LinearRegression().fit(polynomial(X[:, :1], 10), y).theta_
    assert digits(theta, NIST["Filip"]["certified_estimates"]) > 7


def test_filip_defeats_the_usual_tolerance():
    # the reason for scaled columns and a tolerance of our own: by NumPy's default the eleven columns have
    # rank 10
    X, y = problem("Filip")
    theta, _, rank, _ = np.linalg.lstsq(np.column_stack((np.ones(len(y)), X)), y, rcond=None)
    assert rank < 11 and digits(theta, NIST["Filip"]["certified_estimates"]) < 1


# ------------------------------------------------------------------------------------------- twice the digits
@settings(max_examples=100, deadline=None)
@given(st.data())
def test_twofold_products_are_correct_to_the_last_digit_or_so(data):
    m, n = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 9))
    numbers = st.floats(-1e20, 1e20).filter(lambda v: v == 0 or abs(v) > 1e-60)
    A, b = data.draw(arrays(float, (m, n), elements=numbers)), data.draw(arrays(float, n, elements=numbers))
    if n > 2:  # make most of the sum cancel
        A[:, -1], b[-1] = A[:, 0], -b[0]
    for row, got in zip(A.tolist(), twofold_matvec(A, b).tolist()):
        terms = [Fraction(a) * Fraction(v) for a, v in zip(row, b.tolist())]
        assert abs(Fraction(got) - sum(terms)) <= EPS * abs(sum(terms)) + n * EPS**2 * sum(map(abs, terms))


def test_twofold_products_in_blocks():
    rng = np.random.default_rng(0)
    A, b = rng.normal(size=(1000, 70)), rng.normal(size=70)  # more than one block
    np.testing.assert_allclose(twofold_matvec(A, b), A @ b, rtol=0, atol=1e-13)
    np.testing.assert_allclose(twofold_matvec(A.T, A[:, 0]), A.T @ A[:, 0], rtol=0, atol=1e-11)


# ------------------------------------------------------------------------------------------ the least squares
def random_problem(seed, m=30, d=4):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(m, d)) * 10.0 ** rng.integers(-1, 2, d) + rng.normal(size=d)
    return X, rng.normal(size=m)


@pytest.mark.parametrize("seed", range(5))
def test_agrees_with_scikit_learn(seed):
    X, y = random_problem(seed)
    model, other = LinearRegression().fit(X, y), linear_model.LinearRegression().fit(X, y)
    np.testing.assert_allclose(model.theta_, np.append(other.intercept_, other.coef_), rtol=1e-9)
    np.testing.assert_allclose(model.predict(X), other.predict(X), rtol=0, atol=1e-12)
    assert model.score(X, y) == pytest.approx(other.score(X, y), rel=1e-12)


def test_published_coefficients_of_the_diabetes_data():
    # columns centred and of length 1, as in the R package lars; these end its path
    data = load_diabetes()
    X = data.X - data.X.mean(axis=0)
    theta = LinearRegression().fit(X / np.linalg.norm(X, axis=0), data.y).theta_
    published = [
        152.133,
        -10.012,
        -239.819,
        519.840,
        324.390,
        -792.184,
        476.746,
        101.045,
        177.064,
        751.279,
        67.625,
    ]
    np.testing.assert_allclose(theta, published, atol=0.02)


def test_one_feature_in_closed_form():
    x, y = np.array([0.0, 1.0, 2.0, 5.0]), np.array([1.0, 0.0, 4.0, 3.0])
    dx, dy = x - x.mean(), y - y.mean()
    slope = np.sum(dx * dy) / np.sum(dx**2)
    model = LinearRegression().fit(x[:, None], y)
    np.testing.assert_allclose(model.theta_, [y.mean() - slope * x.mean(), slope], rtol=1e-15)
    assert model.sigma_ == pytest.approx(np.sqrt(np.mean((dy - slope * dx) ** 2)), rel=1e-15)


@settings(max_examples=60, deadline=None)
@given(
    arrays(float, (12, 3), elements=st.integers(-50, 50).map(float)),
    arrays(float, 12, elements=st.integers(-9, 9).map(float)),
)
def test_residuals_are_orthogonal_to_the_columns_of_any_design(X, y):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RankDeficiencyWarning)
        model = LinearRegression().fit(X, y)
    A = np.column_stack((np.ones(12), X))
    e = y - model.predict(X)
    assert np.all(np.abs(A.T @ e) <= 1e-10 * (1 + np.linalg.norm(A, axis=0)))
    assert model.rank_ == np.linalg.matrix_rank(A)
    assert model.sigma_**2 * 12 == pytest.approx(e @ e, rel=1e-9, abs=1e-20)


def test_an_exact_fit_has_no_noise():
    X = np.random.default_rng(0).integers(-9, 9, (10, 3)).astype(float)
    model = LinearRegression().fit(X, X @ [1.0, -2.0, 3.0] + 4.0)
    np.testing.assert_array_equal(model.theta_, [4.0, 1.0, -2.0, 3.0])
    assert model.sigma_ < 1e-15 and model.score(X, model.predict(X)) == 1.0


def test_units_do_not_matter():
    X, y = random_problem(1)
    theta = LinearRegression().fit(X, y).theta_
    exponents = np.array([-600, 0, 300, 600])
    scaled = LinearRegression().fit(np.ldexp(X, exponents), np.ldexp(y, 200)).theta_
    np.testing.assert_array_equal(scaled[0], np.ldexp(theta[0], 200))
    np.testing.assert_array_equal(scaled[1:], np.ldexp(theta[1:], 200 - exponents))
    units = np.array([1e-250, 1e150, 1.0, 1e-200])
    extreme = LinearRegression().fit(X * units, y * 1e-50)
    np.testing.assert_allclose(extreme.theta_[1:] * units * 1e50, theta[1:], rtol=1e-12)


def test_a_far_origin_does_not_matter():
    x = np.arange(10.0)
    y = x**2
    near = LinearRegression().fit(x[:, None], y)
    far = LinearRegression().fit(x[:, None] + 1e12, y)  # whole numbers, exact in float64
    assert far.theta_[1] == near.theta_[1] and far.rank_ == 2
    assert far.theta_[0] == pytest.approx(near.theta_[0] - 1e12 * near.theta_[1], rel=1e-15)
    assert far.sigma_ == pytest.approx(near.sigma_, rel=1e-9)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("offset", [1e8, 1e10, 1e12, 1e13])
@pytest.mark.parametrize("m", [20, 60_000])
def test_columns_far_from_0_lose_no_digits(offset, seed, m):
    rng = np.random.default_rng(seed)
    X, y = (
        np.tile(np.round(rng.normal(size=(20, 2)) * 64), (m // 20, 1)),
        np.tile(rng.normal(size=20), m // 20),
    )
    near, far = LinearRegression().fit(X, y), LinearRegression().fit(X + offset, y)  # whole numbers, exact
    exact, rss = least_squares_exactly(fractions(X[:20]), [Fraction(v) for v in y[:20].tolist()])
    np.testing.assert_allclose(far.theta_[1:], [float(v) for v in exact[1:]], rtol=1e-14)
    assert far.theta_[0] == pytest.approx(float(exact[0] - Fraction(offset) * sum(exact[1:])), rel=1e-14)
    assert far.sigma_ == pytest.approx(sqrt(rss / 20), rel=1e-13)
    np.testing.assert_allclose(far.predictive_std(X + offset), near.predictive_std(X), rtol=1e-12)


@pytest.mark.parametrize("unit_X, unit_y", [(1e-200, 1e200), (1e200, 1e-200), (1e-310, 1.0), (1.0, 1.0)])
def test_slopes_beyond_float64_are_refused(unit_X, unit_y):
    X, y = random_problem(4)
    model = LinearRegression().fit(X, y)
    before = model.theta_
    if unit_X == 1.0:
        X = X * [1.0, 1.0, 1e200, 1.0]
        y = y * 1e-200  # one slope of five would vanish
    with pytest.raises(ValueError, match="units in which slopes"):
        model.fit(X * unit_X, y * unit_y)
    assert model.theta_ is before


def test_constant_targets():
    X, _ = random_problem(2)
    model = LinearRegression().fit(X, np.full(30, 7.0))
    np.testing.assert_allclose(model.theta_, [7.0, 0, 0, 0, 0], atol=1e-15)
    np.testing.assert_array_equal(LinearRegression().fit(X, np.zeros(30)).theta_, 0.0)


def test_inputs_are_left_alone_and_any_memory_order_gives_the_same():
    X, y = random_problem(3)
    theta = LinearRegression().fit(X.copy(), y.copy()).theta_
    X.flags.writeable = y.flags.writeable = False
    np.testing.assert_array_equal(LinearRegression().fit(X, y).theta_, theta)
    other = LinearRegression().fit(np.asfortranarray(X), y[::-1][::-1]).theta_
    np.testing.assert_allclose(other, theta, rtol=4 * EPS)


# ------------------------------------------------------------------------------------------- large designs
def many_times(X, y):
    """The problem with every row repeated, so with the same θ̂, as large as the quick way asks for."""
    times = 1 + _LARGE // X.size
    return np.tile(X, (times, 1)), np.tile(y, times)


@pytest.mark.parametrize(
    "gap, offset, quick",
    [
        (1.0, 0.0, True),
        (1.0, 1e6, True),
        (1e-2, 3.0, True),
        (1e-2, 1e3, True),
        (1e-6, 0.0, False),
        (1e-6, 3.0, False),
    ],
)
def test_large_designs_lose_no_digits(gap, offset, quick):
    x, w, v, noise = np.random.default_rng(0).standard_normal((4, 24))
    X = np.column_stack((x, x + gap * w, 100 * v)) + offset  # the normal equations alone: 1e-16/gap²
    y = X @ [1.0, 1.0, 0.01] + noise
    exact, rss = least_squares_exactly(fractions(X), [Fraction(v) for v in y.tolist()])
    big, target = many_times(X, y)
    assert LinearRegression()._fit_by_gram(big, target) == quick
    model = LinearRegression().fit(big, target)
    np.testing.assert_allclose(model.theta_[1:], [float(v) for v in exact[1:]], rtol=5e-14)
    np.testing.assert_allclose(model.theta_[0], float(exact[0]), rtol=1e-14)
    assert model.sigma_ == pytest.approx(sqrt(rss / len(y)), rel=1e-12) and model.rank_ == 4
    careful = LinearRegression()
    careful._fit_by_qr(big, target)
    np.testing.assert_allclose(model.predictive_std(X), careful.predictive_std(X), rtol=1e-9)
    np.testing.assert_allclose(model._leverage(X).sum(), 4 * len(X) / len(big), rtol=1e-8)


@pytest.mark.parametrize("noise", [0.0, 1e-12, 1e-7, 1e-4, 1e-2])
def test_the_noise_of_large_designs_however_little_it_is(noise):
    x, w, v, e = np.random.default_rng(1).standard_normal((4, 24))
    X = np.column_stack((x, v, x + 0.004 * w))
    y = X @ [1.0, 2.0, 3.0] + 0.5 + noise * e
    _, rss = least_squares_exactly(fractions(X), [Fraction(v) for v in y.tolist()])
    model = LinearRegression().fit(*many_times(X, y))
    assert model.sigma_ == pytest.approx(sqrt(rss / len(y)), rel=1e-11, abs=0)


def test_large_designs_that_the_quick_way_leaves_alone():
    rng = np.random.default_rng(0)
    wide = rng.normal(size=(200, 501))
    with pytest.warns(RankDeficiencyWarning, match="rank 200"):
        LinearRegression().fit(wide, wide[:, 0])
    X = rng.normal(size=(_LARGE, 2))
    y = X @ [1.0, -2.0] + 3
    for units in ([1e-200, 1e200], [1e160, 1e160], [1e-170, 1e-170]):  # whose squares are no float64
        theta = LinearRegression().fit(X * units, y).theta_
        np.testing.assert_allclose(theta * [1, *units], [3, 1, -2], rtol=1e-14)
    np.testing.assert_array_equal(LinearRegression().fit(X, np.full(len(X), 0.1)).theta_[1:], 0)


# -------------------------------------------------------------------------------------------- rank deficiency
def shortest(X, y):
    """Of all least-squares solutions the one with the shortest slopes, by a pseudo-inverse."""
    Xc = np.where(np.ptp(X, axis=0) > 0, X - X.mean(axis=0), 0.0)
    slopes = np.linalg.pinv(Xc, rcond=1e-10) @ (y - y.mean())
    return np.append(y.mean() - X.mean(axis=0) @ slopes, slopes)


def dependent_designs():
    rng = np.random.default_rng(5)
    Z = rng.normal(size=(20, 3)) + [0.0, 1.0, 50.0]
    yield "twice the same column", np.column_stack((Z, Z[:, 0])), 4
    yield "the same in other units", np.column_stack((Z, 2.54 * Z[:, 0])), 4
    yield "the same from another zero", np.column_stack((Z, 32 + 1.8 * Z[:, 1])), 4
    yield "the sum of others", np.column_stack((Z, Z.sum(axis=1))), 4
    yield "a constant column", np.column_stack((Z, np.full(20, 0.1))), 4
    yield "a zero column", np.column_stack((Z, np.zeros(20))), 4
    yield "all the groups", np.eye(4)[rng.integers(0, 4, 20)], 4
    yield "more columns than rows", rng.normal(size=(5, 9)), 5
    yield "as many columns as rows", rng.normal(size=(5, 5)), 5
    yield "nothing but constants", np.full((6, 2), 3.3), 1
    yield "one row", np.array([[1.0, 2.0]]), 1


@pytest.mark.parametrize("X, rank", [pytest.param(X, rank, id=name) for name, X, rank in dependent_designs()])
def test_dependent_columns(X, rank):
    y = np.random.default_rng(6).normal(size=len(X))
    with pytest.warns(RankDeficiencyWarning, match=rf"\[1 X\] has rank {rank}, but {X.shape[1] + 1} columns"):
        model = LinearRegression().fit(X, y)
    assert model.rank_ == rank
    np.testing.assert_allclose(model.theta_, shortest(X, y), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(model.predict(X), X @ shortest(X, y)[1:] + shortest(X, y)[0], atol=1e-11)
    assert model._leverage(X).sum() == pytest.approx(rank, rel=1e-10)


@pytest.mark.parametrize("seed", range(40))
def test_dependence_is_seen_through_rounding_with_a_margin(seed):
    # if a new LAPACK makes the margin shrink, this says so before a user sees a wrong rank
    rng = np.random.default_rng(seed)
    m, d = int(10 ** rng.uniform(1.5, 3.5)), int(rng.integers(2, 20))
    X = rng.normal(size=(m, d)) * 10.0 ** rng.uniform(-3, 3, d) + 10.0 ** rng.uniform(-3, 5, d)
    X[:, -1] = [
        X[:, 0] * 2.54,
        X[:, :-1].sum(axis=1),
        np.full(m, X[0, 0]),
        X[:, :-1] @ rng.normal(size=d - 1) + 3.7,
    ][seed % 4]
    if seed % 5 == 0:
        X = np.eye(d)[rng.permutation(np.arange(m) % d)]
    with pytest.warns(RankDeficiencyWarning):
        model = LinearRegression().fit(X, X[:, 0])
    assert model.rank_ == d
    Z = (X - X.mean(axis=0)) / np.linalg.norm(X, axis=0)
    assert np.linalg.svd(Z, compute_uv=False)[d - 2] > 1e3 * RANK_TOLERANCE * sqrt(d)  # the next is far above


@pytest.mark.parametrize("kind", ["constant", "sum"])
def test_dependence_is_seen_in_long_columns(kind):
    # sums over many rows round more; it must not show in what counts as dependent
    X = np.random.default_rng(1).uniform(0.5, 1, size=(200_000, 3))
    X[:, 2] = 0.1 if kind == "constant" else X[:, 0] + X[:, 1]
    with pytest.warns(RankDeficiencyWarning, match="rank 3, but 4"):
        LinearRegression().fit(X, X[:, 0])


@pytest.mark.parametrize("degree", range(1, 13))
def test_raw_powers_are_independent_as_long_as_float64_can_tell(degree):
    x = np.linspace(-1, 3, 60)
    assert LinearRegression().fit(polynomial(x, degree), np.cos(x)).rank_ == degree + 1


# -------------------------------------------------------------------------------------------- predictive band
@pytest.mark.parametrize("seed", range(3))
def test_predictive_std_from_the_covariance_of_theta(seed):
    X, y = random_problem(seed, m=12, d=3)
    model = LinearRegression().fit(X, y)
    new = random_problem(seed + 10, m=5, d=3)[0]
    A = fractions(X)
    gram = [[sum(a * b for a, b in zip(p, q)) for q in zip(*A)] for p in zip(*A)]
    for row, got in zip(fractions(new), model.predictive_std(new)):
        h = sum(a * b for a, b in zip(row, solve_exactly(gram, row)))  # x̃ᵀ(AᵀA)⁻¹x̃, exactly
        assert got == pytest.approx(model.sigma_ * sqrt(1 + h), rel=1e-12)


def test_predictive_std_of_a_line_in_closed_form():
    rng = np.random.default_rng(8)
    x, new = rng.uniform(2, 5, 15), np.linspace(-5, 10, 7)
    model = LinearRegression().fit(x[:, None], 3 * x + rng.normal(size=15))
    h = 1 / 15 + (new - x.mean()) ** 2 / np.sum((x - x.mean()) ** 2)
    np.testing.assert_allclose(model.predictive_std(new[:, None]), model.sigma_ * np.sqrt(1 + h), rtol=1e-13)


def test_predictive_std_refuses_what_is_too_far_off():
    model = LinearRegression().fit([[0.0], [1.0], [2.0], [3.0]], [0.0, 1.0, 1.0, 3.0])
    assert np.isfinite(model.predictive_std([[1e150]])).all()
    with pytest.raises(
        ValueError, match="variance of a prediction stays within float64; got numbers up to 1e"
    ):
        model.predictive_std([[1e160]])


@pytest.mark.parametrize("name", NIST)
def test_leverages_sum_to_the_rank_and_lie_between_0_and_1(name):
    X, y = problem(name)
    model = LinearRegression().fit(X, y)
    h = model._leverage(X)
    assert h.sum() == pytest.approx(model.rank_, rel=1e-6)
    assert np.all(h > 0) and np.all(h < 1 + 1e-6)
