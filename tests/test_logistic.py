"""Logistic regression against mpmath, scikit-learn and what is known of separable and dependent data."""

import warnings

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import optimize
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression as Peer

from mlcore import (
    ConvergenceWarning,
    DivergenceWarning,
    LogisticNLL,
    LogisticRegression,
    NumericalWarning,
    RankDeficiencyWarning,
    SeparableDataWarning,
    SoftmaxRegression,
    StandardScaler,
)


def data(seed=0, m=80, d=3, noise=1.0):
    """Two overlapping classes, labels 0 and 1."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(m, d)) @ rng.normal(size=(d, d)) + rng.normal(size=d)
    z = (X - X.mean(axis=0)) @ rng.normal(size=d)
    return X, (z + noise * z.std() * rng.logistic(size=m) > 0).astype(int)


def exactly(X, y, delta, start):
    """θ̂ by Newton's method with 40 digits."""
    with mpmath.workdps(40):
        A = mpmath.matrix(np.column_stack((np.ones(len(X)), X)).tolist())
        y, n, penalty = mpmath.matrix(y.tolist()), X.shape[1] + 1, mpmath.mpf(delta) ** 2
        D = mpmath.diag([0] + [2 * penalty] * (n - 1))
        theta = mpmath.matrix(start.tolist())
        for _ in range(4):
            pi = (A * theta).apply(lambda z: 1 / (1 + mpmath.exp(-z)))
            S = mpmath.diag([p * (1 - p) for p in pi])
            theta -= mpmath.lu_solve(A.T * S * A + D, A.T * (pi - y) + D * theta)
        return np.array([float(t) for t in theta])


def peer(delta, **options):
    return Peer(C=1 / (2 * delta**2) if delta else np.inf, solver="newton-cholesky", tol=1e-13, **options)


@pytest.mark.equation("eq-logistic-nll", "eq-irls")
@pytest.mark.parametrize("delta", [0.0, 0.1, 3.0])
@pytest.mark.parametrize("seed", range(3))
def test_theta_is_right_to_the_last_digits(seed, delta):
    X, y = data(seed, m=40)
    model = LogisticRegression(delta).fit(X, y)
    assert_allclose(model.theta_, exactly(X, y, delta, model.theta_), rtol=1e-13, atol=1e-14)
    assert len(model.history_) == model.n_iter_ + 1 <= 13
    J = LogisticNLL(X, y, delta)
    assert model.history_[0] == pytest.approx(40 * np.log(2))
    assert model.history_[-1] == pytest.approx(J.value(model.theta_), rel=1e-13)
    assert np.all(np.diff(model.history_) <= 1e-14 * model.history_[0])


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.sampled_from([0.2, 1.0, 10.0]))
def test_a_peer_finds_the_same(seed, delta):
    rng = np.random.default_rng(seed)
    X, y = data(seed, m=int(rng.integers(2, 60)), d=int(rng.integers(1, 6)))
    y[:2] = 0, 1
    ours, theirs = LogisticRegression(delta).fit(X, y), peer(delta).fit(X, y)
    assert_allclose(ours.theta_, np.append(theirs.intercept_, theirs.coef_), rtol=1e-6, atol=1e-8)
    assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), rtol=1e-6, atol=1e-9)
    assert_allclose(ours.decision_function(X), theirs.decision_function(X), rtol=1e-6, atol=1e-7)
    assert_array_equal(ours.predict(X), theirs.predict(X))
    assert ours.score(X, y) == theirs.score(X, y)


def test_a_real_table_as_it_is_and_standardised():
    X, y = load_breast_cancer(return_X_y=True)
    for table, delta in ((X, 1.0), (StandardScaler().fit_transform(X), np.sqrt(0.5))):
        model = LogisticRegression(delta).fit(table, y)
        J = LogisticNLL(table, y, delta)
        noise = 1e-13 * np.abs(np.column_stack((np.ones(len(X)), table))).sum(axis=0)
        assert np.all(np.abs(J.grad(model.theta_)) <= noise)
        theirs = peer(delta, max_iter=1000).fit(table, y)
        assert J.value(model.theta_) <= J.value(np.append(theirs.intercept_, theirs.coef_[0])) * (1 + 1e-14)
    assert_allclose(model.theta_, np.append(theirs.intercept_, theirs.coef_), rtol=1e-8)


@pytest.mark.parametrize("shift, scale", [(1e8, 1.0), (0.0, 1e-8), (-1e5, 1e6), (0.0, 1e100)])
@pytest.mark.parametrize("delta", [0.0, 0.5])
def test_predictions_do_not_depend_on_origin_and_units(shift, scale, delta):
    X, y = data(4)
    X = np.round(X * 2**10) / 2**10  # so that the shift rounds little away
    moved = LogisticRegression(delta * scale).fit(X * scale + shift, y)
    assert_allclose(
        moved.predict_proba(X * scale + shift),
        LogisticRegression(delta).fit(X, y).predict_proba(X),
        atol=1e-6 if shift else 1e-10,
    )


def test_gradient_descent_gets_there_too():
    X, y = data(5)
    X = StandardScaler().fit_transform(X)
    ours = LogisticRegression(0.5, method="gradient", steps=5000).fit(X, y)
    assert_allclose(ours.theta_, LogisticRegression(0.5).fit(X, y).theta_, atol=1e-6)
    A, theta = np.column_stack((np.ones(80), X)), np.zeros(4)
    for _ in range(7):  # the lecture's loop
        theta = theta - 0.01 * A.T @ (1 / (1 + np.exp(-A @ theta)) - y)
    with pytest.warns(ConvergenceWarning, match="stopped after 7 steps"):
        few = LogisticRegression(method="gradient", eta=0.01, steps=7).fit(X, y)
    assert_allclose(few.theta_, theta, rtol=1e-12)
    assert few.n_iter_ == 7 and len(few.history_) == 8


@pytest.mark.parametrize("unit, origin", [(1e-9, 0.0), (1e9, 0.0), (1.0, 1e6)])
def test_gradient_descent_is_not_done_before_every_column_is(unit, origin):
    rng = np.random.default_rng(3)
    X = rng.normal(size=(50, 2))
    y = (X[:, 0] + rng.logistic(size=50) > 0).astype(int)
    y[:20] = np.arange(20) % 2
    with pytest.warns(ConvergenceWarning, match="stopped after 1000 steps"):
        LogisticRegression(method="gradient").fit(X * [unit, 1] + origin, y)
    LogisticRegression(method="gradient").fit(StandardScaler().fit_transform(X * [unit, 1]), y)


def test_gradient_descent_that_diverges_says_so_once():
    X, y = data(6)
    with pytest.warns(DivergenceWarning) as caught:
        model = LogisticRegression(100.0, method="gradient", eta=1.0).fit(X, y)
    assert len(caught) == 1 and np.all(np.isfinite(model.theta_))


@pytest.mark.parametrize("y", [["no", "yes"] * 6, [3, -7] * 6, [2.0, 1.0] * 6, [True, False] * 6])
def test_labels_of_any_kind(y):
    X = np.column_stack((np.arange(12.0) % 5, np.arange(12.0) % 2))
    model = LogisticRegression(1.0).fit(X, y)
    assert_array_equal(model.classes_, sorted(set(y)))
    assert model.score(X, y) == 1.0 and model.predict(X).tolist() == list(y)
    assert_allclose(model.predict_proba(X)[:, 1], 1 / (1 + np.exp(-model.decision_function(X))))


def test_probabilities_at_both_ends():
    X, y = data(7)
    model = LogisticRegression(1.0).fit(X, y)
    model.theta_ = np.array([0.0, 1.0, 0.0, 0.0])
    far = np.array([[-1e4, 0, 0], [-700, 0, 0], [0, 0, 0], [40, 0, 0], [1e4, 0, 0]])
    with np.errstate(all="raise", under="ignore"):
        pi = model.predict_proba(far)
    assert_allclose(pi[:, 1], [0, np.exp(-700), 0.5, 1, 1], rtol=1e-13)
    assert_allclose(pi[:, 0], [1, 1, 0.5, np.exp(-40), 0], rtol=1e-13)
    assert_array_equal(model.predict(far), [0, 0, 0, 1, 1])


@pytest.mark.parametrize("seed", range(150))
def test_newton_knows_when_it_has_arrived(seed):
    # few rows, coarse numbers: costs that rounding makes constant long before the gradient is exactly 0
    rng = np.random.default_rng(seed)
    m, d = int(rng.integers(4, 10)), int(rng.integers(1, 4))
    X, y = np.round(rng.normal(9, 1, size=(m, d)), 1), np.arange(m) % 2
    model = LogisticRegression(10.0 ** rng.uniform(-3, 1)).fit(X, y)  # a warning would be an error
    assert model.n_iter_ < 40


# --------------------------------------------------------------------------------------------- separable data
def separable(X, y):
    """By linear programming: "completely", "partly" or None."""
    signed = (2 * y - 1)[:, None] * np.column_stack((np.ones(len(X)), X))
    bounds = [(-1, 1)] * signed.shape[1]
    strict = optimize.linprog(
        np.append(np.zeros(signed.shape[1]), -1),
        A_ub=np.column_stack((-signed, np.ones(len(X)))),
        b_ub=np.zeros(len(X)),
        bounds=[*bounds, (None, 1)],
    )
    if -strict.fun > 1e-9:
        return "completely"
    weak = optimize.linprog(-signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(X)), bounds=bounds)
    return "partly" if -weak.fun > 1e-9 else None


def fitted(model, X, y):
    """The model and the texts of its warnings about separable data."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.fit(X, y)
    texts = [str(w.message) for w in caught if w.category is SeparableDataWarning]
    assert len(texts) <= 1 and not [w for w in caught if not issubclass(w.category, UserWarning)]
    return model, texts


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def test_separable_data_are_recognised_and_others_are_not(seed):
    # few points on a coarse grid: separable in all ways, with many ties
    rng = np.random.default_rng(seed)
    m, d = int(rng.integers(4, 14)), int(rng.integers(1, 4))
    X, y = rng.integers(0, 3, size=(m, d)).astype(float), rng.integers(0, 2, size=m)
    y[:2] = 0, 1
    kind, (model, texts) = separable(X, y), fitted(LogisticRegression(), X, y)
    assert bool(texts) == (kind is not None)
    if texts:
        assert ("without a single error" in texts[0]) == (kind == "completely") and "delta > 0" in texts[0]
    pi = model.predict_proba(X)
    assert np.all(np.isfinite(model.theta_)) and np.all((pi >= 0) & (pi <= 1))
    if kind == "completely":
        assert model.score(X, y) == 1.0 and model.history_[-1] < np.log(2)
    _, texts = fitted(LogisticRegression(0.5), X, y)  # with a penalty there is a minimum
    assert texts == []


@pytest.mark.parametrize("seed", range(60))
def test_where_classes_separate_in_part_the_rest_is_fitted_as_if_alone(seed):
    # dummies: some groups of one class only, the others with their shares
    rng = np.random.default_rng(seed)
    groups, y = rng.integers(0, 4, size=12), rng.integers(0, 2, size=12)
    groups[:3], y[:3] = [0, 0, 1], [0, 1, 1]
    y[groups == 1] = 1
    X = np.eye(4)[groups]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RankDeficiencyWarning)
        model, texts = fitted(LogisticRegression(), X, y)
    shares = np.array([y[groups == g].mean() for g in groups])
    assert "all other rows on it" in texts[0]
    assert_allclose(model.predict_proba(X)[:, 1], shares, atol=1e-12)
    assert np.abs(model.theta_).max() < 1000
    limit = -sum(np.log(np.where(y == 1, shares, 1 - shares)))
    assert model.history_[-1] == pytest.approx(limit, rel=1e-12)
    assert model.history_[-1] == pytest.approx(LogisticNLL(X, y).value(model.theta_), rel=1e-12)
    assert np.all(np.diff(model.history_) <= 1e-14) and model.n_iter_ == len(model.history_) - 1


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
def test_textbook_cases_of_separation(unit):
    x = unit * np.array([1.0, 2, 3, 4, 5, 6])[:, None]
    assert "without a single error" in fitted(LogisticRegression(), x, [0, 0, 0, 1, 1, 1])[1][0]
    tied = unit * np.array([1.0, 2, 3, 3, 4, 5])[:, None]
    model, texts = fitted(LogisticRegression(), tied, [0, 0, 0, 1, 1, 1])
    assert "all other rows on it" in texts[0]
    assert model.history_[-1] == pytest.approx(2 * np.log(2), rel=1e-9)  # the limit: a coin for the tied ones
    # a group in which all are of one class
    rng = np.random.default_rng(0)
    group, other = np.repeat([1.0, 0], [10, 40]), unit * rng.normal(size=50)
    y = np.where(group == 1, 1, rng.integers(0, 2, size=50))
    assert fitted(LogisticRegression(), np.column_stack((group, other)), y)[1]
    y[0] = 0  # a single exception, and there is a minimum
    assert not fitted(LogisticRegression(), np.column_stack((group, other)), y)[1]


def test_sure_points_alone_are_no_separation():
    x, rng = np.append(np.linspace(-3, 3, 60), 60.0), np.random.default_rng(0)
    y = (2 * x + rng.logistic(size=61) > 0).astype(int)
    model, texts = fitted(LogisticRegression(), x[:, None], y)
    assert texts == [] and model.decision_function(x[:, None])[-1] > 30
    y[-1] = 0  # an outlier, sure of the wrong class, is none either
    assert fitted(LogisticRegression(), x[:, None], y)[1] == []


def test_classes_that_overlap_by_a_hair_are_not_separable():
    x, y = np.array([-1, -0.5, 1e-4, -1e-4, 0.5, 1])[:, None], np.array([0, 0, 0, 1, 1, 1])
    model, texts = fitted(LogisticRegression(), x, y)
    assert texts == [] and model.decision_function(x).max() > 16
    assert np.abs(LogisticNLL(x, y).grad(model.theta_)).max() < 1e-15


def test_gradient_descent_recognises_complete_separation():
    x = np.array([-2.0, -1, 1, 2])[:, None]
    model, texts = fitted(LogisticRegression(method="gradient"), x, [0, 0, 1, 1])
    assert "without a single error" in texts[0] and model.score(x, [0, 0, 1, 1]) == 1
    assert model.history_[-1] < np.log(2) <= model.history_[-2]


@pytest.mark.parametrize(
    "x, y, words",
    [
        ([1.4, 1.6, 1.7, 3.0, 3.3, 3.5], [0, 0, 0, 1, 1, 1], "without a single error"),
        ([0, 1, 2, 2, 3, 4], [0, 0, 0, 1, 1, 1], "all other rows on it"),
    ],
)
@pytest.mark.parametrize("model", [LogisticRegression, SoftmaxRegression])
def test_a_descent_that_was_stopped_proves_no_minimum(model, x, y, words):
    with pytest.warns(NumericalWarning) as caught:  # of a minimum not reached nothing is said: there is none
        model(method="gradient", steps=20).fit(np.array(x, dtype=float)[:, None], y)
    assert [w.category for w in caught] == [SeparableDataWarning] and words in str(caught[0].message)


def test_no_more_steps_are_counted_than_were_allowed():
    x, y = np.array([0, 1, 2, 2, 3, 4.0])[:, None], [0, 0, 0, 1, 1, 1]
    model, texts = fitted(LogisticRegression(steps=3), x, y)
    assert "all other rows on it" in texts[0] and model.n_iter_ == 3 == len(model.history_) - 1
    assert model.history_[-1] == pytest.approx(2 * np.log(2), rel=1e-9)


# ------------------------------------------------------------------------------------------ dependent columns
@pytest.mark.parametrize("delta", [0.0, 0.4])
def test_dependent_columns_change_no_probability(delta):
    X, y = data(9)
    more = np.column_stack((X, X[:, 0] - 2 * X[:, 1], np.full(80, 0.1), X[:, 2] * 1e-3))
    model = LogisticRegression(delta)
    if delta:
        assert_allclose(
            model.fit(more, y).theta_,
            np.append(peer(delta).fit(more, y).intercept_, peer(delta).fit(more, y).coef_),
            atol=1e-6,
        )
        return
    with pytest.warns(RankDeficiencyWarning, match="rank 4, but 7 columns, the constant included"):
        model.fit(more, y)
    assert_allclose(model.predict_proba(more), LogisticRegression().fit(X, y).predict_proba(X), atol=1e-12)
    # of all slopes with these predictions the shortest: perpendicular to what changes none of them
    _, _s, Vt = np.linalg.svd(more - more.mean(axis=0))
    assert_allclose(Vt[3:] @ model.theta_[1:], 0, atol=1e-10)
    assert model.theta_[5] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("value", [0.0, 0.1, -1e9])
def test_constant_columns_leave_the_share_of_the_classes(value):
    y = np.array([0, 1, 1, 1, 1])
    with pytest.warns(RankDeficiencyWarning, match="rank 1, but 3 columns, the constant included"):
        model = LogisticRegression().fit(np.full((5, 2), value), y)
    assert_allclose(model.theta_, [np.log(4), 0, 0], atol=1e-14)
    assert_allclose(
        LogisticRegression(1.0).fit(np.full((5, 2), value), y).theta_, [np.log(4), 0, 0], atol=1e-7
    )


def test_nearly_dependent_columns_keep_their_digits():
    X, y = data(10, m=40, d=2)
    X = np.column_stack((X, X[:, 0] + 1e-7 * np.random.default_rng(0).normal(size=40)))
    model = LogisticRegression().fit(X, y)
    assert_allclose(model.theta_, exactly(X, y, 0, model.theta_), rtol=1e-7)


@pytest.mark.parametrize("gap", [1e-2, 1e-5, 1e-7, 1e-9])
@pytest.mark.parametrize("delta", [1e-3, 1e-6, 1e-7, 1e-9])
def test_tiny_penalties_on_nearly_dependent_columns(gap, delta):
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=40), rng.normal(size=40)
    X, y = np.column_stack((a, a + gap * b)), (a + b + rng.normal(size=40) > 0).astype(int)
    model = LogisticRegression(delta).fit(X, y)
    exact = exactly(X, y, delta, model.theta_)  # with long slopes, rounding the scores costs digits
    best, digits = LogisticNLL(X, y, delta).value(exact), 1e-12 + 1e-15 * np.abs(exact).max()
    assert model.history_[-1] == pytest.approx(best, rel=digits) and model.n_iter_ < 30
    if (gap, delta) == (1e-7, 1e-7):
        assert model.history_[-1] == pytest.approx(16.4758, abs=5e-5)


@pytest.mark.parametrize("delta", [0.0, 1e-9, 1e-6, 1e-3])
@pytest.mark.parametrize("high", [1.0, 10.0, 1000.0])
def test_tiny_penalties_on_raw_powers(high, delta):
    rng = np.random.default_rng(2)
    x = rng.uniform(0, high, 60)
    y = (x / high - 0.5 + 0.2 * rng.logistic(size=60) > 0).astype(int)
    X = np.column_stack((x, x**2, x**3))
    model = LogisticRegression(delta).fit(X, y)
    assert_allclose(model.theta_, exactly(X, y, delta, model.theta_), rtol=1e-6)


def test_more_columns_than_rows():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(8, 20)), np.arange(8) % 2
    theirs = peer(0.5, max_iter=1000).fit(X, y)
    assert_allclose(
        LogisticRegression(0.5).fit(X, y).theta_, np.append(theirs.intercept_, theirs.coef_), atol=1e-7
    )
    with pytest.warns(RankDeficiencyWarning), pytest.warns(SeparableDataWarning):
        model = LogisticRegression().fit(X, y)
    assert model.score(X, y) == 1


# -------------------------------------------------------------------------------------------------- bad input
@pytest.mark.parametrize(
    "options, words",
    [
        ({"method": "newton"}, r"method must be one of \['irls', 'gradient'\]; got 'newton'"),
        ({"method": None}, "method"),
        ({"steps": 0}, "steps must be a whole number >= 1"),
        ({"method": "gradient", "eta": 0}, "eta must be"),
        ({"delta": -1}, "delta must be"),
        ({"method": "gradient", "eta": "big"}, "eta must be"),
        ({"eta": "big"}, "eta must be"),
        ({"eta": np.nan}, "eta must be"),
    ],
)
def test_bad_parameters(options, words):
    X, y = data()
    with pytest.raises(ValueError, match=words):
        LogisticRegression(**options).fit(X, y)


@pytest.mark.parametrize("K", [3, 5])
def test_more_than_two_classes(K):
    with pytest.raises(ValueError, match=f"Only binary classification.*got {K}.*SoftmaxRegression"):
        LogisticRegression().fit(np.arange(10.0)[:, None], np.arange(10) % K)


def test_labels_of_another_kind_in_score():
    X, y = data()
    model = LogisticRegression(1.0).fit(X, y)
    with pytest.raises(ValueError, match="labels met at fit.*got '[01]'"):
        model.score(X, y.astype(str))
    with pytest.raises(ValueError, match="labels met at fit.*got 2"):
        model.score(X, y + 1)


@pytest.mark.parametrize("delta", [0.0, 1.0])
@pytest.mark.parametrize("scale", [2.0**-600, 2.0**-500, 2.0**600])
def test_columns_whose_squares_leave_float64(scale, delta):
    X, y = data(m=30)
    ours = LogisticRegression(delta).fit(X * scale, y).predict_proba(X * scale)
    small = scale < 1 and delta > 0  # next to this penalty such columns say nothing
    expected = np.tile([1 - y.mean(), y.mean()], (30, 1)) if small else None
    if expected is None:
        expected = LogisticRegression(0.0).fit(X, y).predict_proba(X)  # δ is nothing next to large ones
    assert_allclose(ours, expected, rtol=1e-9)
    if scale > 1:
        with pytest.raises(ValueError, match="squares are within float64.*Standardise"):
            LogisticRegression(delta, method="gradient").fit(X * scale, y)


@pytest.mark.parametrize("size", [1e301, 1e308, 1.7e308])
@pytest.mark.parametrize("delta", [0.0, 1.0])
@pytest.mark.parametrize("model", [LogisticRegression, SoftmaxRegression])
def test_columns_whose_sums_leave_float64_are_refused(model, delta, size):
    X, y = data(m=30)
    with pytest.raises(ValueError, match="deviations from the mean are below 1e300.*Standardise"):
        model(delta).fit(size * np.sign(X), y)


@pytest.mark.parametrize("delta", [1e-170, 1.35e154, 1e300])
@pytest.mark.parametrize("method", ["irls", "gradient"])
def test_penalties_whose_square_leaves_float64(delta, method):
    with pytest.raises(ValueError, match="delta must be 0 or from 1e-150 to 1e150"):
        LogisticRegression(delta, method=method).fit(*data(m=30))


def test_scores_beyond_float64_are_refused():
    X, y = data()
    model = LogisticRegression(1.0).fit(X, y)
    model.theta_ = np.array([0.0, 1.0, -1.0, 1.0])
    for call in (model.predict_proba, model.decision_function, model.predict):
        with pytest.raises(ValueError, match="stays within float64; got numbers up to 1.7e[+]308"):
            call(1.7e308 * np.sign(model.theta_[None, 1:]))


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("method", ["irls", "gradient"])
def test_layout_of_the_columns_does_not_matter(order, method):
    X, y = data(11)
    model = LogisticRegression(2.0, method=method, steps=3000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        a, b = model.fit(X, y).theta_, model.fit(np.array(X, order=order)[::-1], y[::-1]).theta_
    assert_allclose(a, b, rtol=1e-9)
