"""Softmax regression against scikit-learn, logistic regression, its own optimum and separable data."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import optimize
from sklearn.datasets import load_digits, load_iris
from sklearn.linear_model import LogisticRegression as Peer

from mlcore import (
    ConvergenceWarning,
    LogisticRegression,
    RankDeficiencyWarning,
    SeparableDataWarning,
    SoftmaxNLL,
    SoftmaxRegression,
    StandardScaler,
    one_hot,
    softmax,
)
from mlcore._numerics.separation import recession

METHODS = ["lbfgs", "newton"]
each_method = pytest.mark.parametrize("method", METHODS)


def data(seed=0, m=100, d=3, K=4, noise=2.0):
    """K overlapping classes, labels 0 … K − 1, each there."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(m, d)) @ rng.normal(size=(d, d)) + rng.normal(size=d)
    y = ((X - X.mean(axis=0)) @ rng.normal(size=(d, K)) + noise * rng.gumbel(size=(m, K))).argmax(axis=1)
    y[:K] = np.arange(K)
    return X, y


def peer(X, y, delta):
    """θ (d + 1, K) of scikit-learn, its rows shifted to sum 0."""
    model = Peer(C=1 / (2 * delta**2), solver="newton-cholesky", tol=1e-13, max_iter=1000).fit(X, y)
    theta = np.vstack((model.intercept_, model.coef_.T))
    return theta - theta.mean(axis=1, keepdims=True)


@each_method
@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.sampled_from([0.3, 1.0, 10.0]), st.integers(3, 6))
def test_a_peer_finds_the_same(method, seed, delta, K):
    rng = np.random.default_rng(seed)
    X, y = data(seed, m=int(rng.integers(K, 60)), d=int(rng.integers(1, 5)), K=K)
    model = SoftmaxRegression(delta, method=method).fit(X, y)
    assert_allclose(model.theta_, peer(X, y, delta), atol=1e-5 if method == "lbfgs" else 1e-7)
    assert_allclose(model.theta_.sum(axis=1), 0, atol=1e-10)
    pi = model.predict_proba(X)
    assert_allclose(pi, softmax(np.column_stack((np.ones(len(X)), X)) @ model.theta_), rtol=1e-12)
    assert_allclose(pi.sum(axis=1), 1, rtol=1e-14)
    assert_array_equal(model.predict(X), pi.argmax(axis=1))


@pytest.mark.equation("eq-softmax-nll", "eq-softmax-gradient")
@pytest.mark.parametrize("delta", [0.0, 0.5])
@each_method
def test_the_gradient_is_zero_at_theta(method, delta):
    X, y = data(1)
    model, J = SoftmaxRegression(delta, method=method).fit(X, y), SoftmaxNLL(X, one_hot(y, 4), delta)
    noise = np.abs(np.column_stack((np.ones(100), X))).sum(axis=0)[:, None]
    assert np.all(np.abs(J.grad(model.theta_)) <= (1e-6 if method == "lbfgs" else 1e-14) * noise)
    assert model.history_[0] == pytest.approx(100 * np.log(4))
    assert model.history_[-1] == pytest.approx(J.value(model.theta_), rel=1e-13)
    assert len(model.history_) == model.n_iter_ + 1
    assert np.all(np.diff(model.history_) <= 1e-14 * model.history_[0])


def test_both_methods_and_gradient_descent_agree():
    X, y = data(2)
    X = StandardScaler().fit_transform(X)
    newton = SoftmaxRegression(1.0, method="newton").fit(X, y)
    assert_allclose(SoftmaxRegression(1.0).fit(X, y).theta_, newton.theta_, atol=1e-6)
    slow = SoftmaxRegression(1.0, method="gradient", steps=5000).fit(X, y)
    assert_allclose(slow.theta_, newton.theta_, atol=1e-6)
    assert_allclose(slow.theta_.sum(axis=1), 0, atol=1e-12)
    with pytest.warns(ConvergenceWarning, match="stopped after 3 steps"):
        SoftmaxRegression(1.0, steps=3).fit(X, y)


@pytest.mark.equation("eq-softmax-two-classes")
@each_method
@pytest.mark.parametrize("delta", [0.0, 0.1, 3.0])
def test_two_classes_are_logistic_regression(method, delta):
    X, y = data(3, K=2)
    two, one = (
        SoftmaxRegression(delta, method=method).fit(X, y),
        LogisticRegression(delta / np.sqrt(2)).fit(X, y),
    )
    tolerance = {"atol": 1e-6 if method == "lbfgs" else 1e-12}
    assert_allclose(two.theta_[:, 1] - two.theta_[:, 0], one.theta_, **tolerance)
    assert_allclose(two.theta_[:, 1], -two.theta_[:, 0], **tolerance)
    assert_allclose(two.predict_proba(X), one.predict_proba(X), **tolerance)
    assert_allclose(two.decision_function(X), one.decision_function(X), atol=1e-5)
    assert two.decision_function(X).shape == (100,)
    assert two.history_[-1] == pytest.approx(one.history_[-1], rel=1e-12)


def test_digits_reach_a_lower_cost_than_the_peer_and_the_same_coefficients():
    X, y = load_digits(return_X_y=True)
    X, delta = X / 16, np.sqrt(0.5)
    model, J = SoftmaxRegression(delta).fit(X, y), SoftmaxNLL(X, one_hot(y, 10), delta)
    theirs = Peer(C=1.0, solver="lbfgs", tol=1e-4).fit(X, y)
    assert J.value(model.theta_) < J.value(np.vstack((theirs.intercept_, theirs.coef_.T)))
    assert np.abs(J.grad(model.theta_)).max() < 1e-4
    close = Peer(C=1.0, solver="lbfgs", tol=1e-8, max_iter=5000).fit(X, y)
    assert_allclose(model.theta_[1:], close.coef_.T, atol=1e-4)
    assert model.score(X, y) == close.score(X, y) and model.n_iter_ < 80


@pytest.mark.parametrize("shift, scale", [(1e7, 1.0), (0.0, 1e-7), (-1e5, 1e6)])
@each_method
def test_predictions_do_not_depend_on_origin_and_units(method, shift, scale):
    X, y = data(4)
    expected = SoftmaxRegression(0.5, method="newton").fit(X, y).predict_proba(X)
    moved = SoftmaxRegression(0.5 * scale, method=method).fit(X * scale + shift, y)
    assert_allclose(moved.predict_proba(X * scale + shift), expected, atol=1e-5)


@each_method
def test_columns_in_very_different_units(method):
    X, y = data(5)
    X = X * [1e-4, 1, 1e4]
    model = SoftmaxRegression(0.01, method=method).fit(X, y)
    assert model.history_[-1] <= SoftmaxRegression(0.01, method="newton").fit(X, y).history_[-1] * (1 + 1e-10)


@pytest.mark.parametrize("labels", [["ant", "bee", "cat"], [10, -3, 7], [2.0, 1.0, 0.0]])
def test_labels_of_any_kind(labels):
    X, y = data(6, K=3)
    model, plain = SoftmaxRegression(1.0).fit(X, np.array(labels)[y]), SoftmaxRegression(1.0).fit(X, y)
    order = np.argsort(labels)
    assert_array_equal(model.classes_, np.array(labels)[order])
    assert_allclose(model.theta_, plain.theta_[:, order], atol=1e-6)
    assert_array_equal(model.predict(X), np.array(labels)[plain.predict(X)])
    assert model.decision_function(X).shape == (100, 3)


def test_scores_of_ten_thousand():
    X, y = data(7, d=1, K=3)
    model = SoftmaxRegression(1.0).fit(X, y)
    model.theta_ = np.array([[0.0, 0, 0], [1, 0, -1]])
    with np.errstate(all="raise", under="ignore"):
        pi = model.predict_proba([[1e4], [-1e4], [0.0]])
    assert_allclose(pi, [[1, 0, 0], [0, 0, 1], [1 / 3, 1 / 3, 1 / 3]], atol=1e-15)


# ------------------------------------------------------------------------------- separable, dependent columns
def separable(X, y, K):
    """By linear programming: "completely", "partly" or None. The rows are scores own − other ≥ 0 for a θ."""
    A = np.column_stack((np.ones(len(X)), X))
    rows = np.array(
        [np.kron(a, np.eye(K)[c] - np.eye(K)[k]) for a, c in zip(A, y) for k in range(K) if k != c]
    )
    n, bounds = rows.shape[1], [(-1, 1)] * rows.shape[1]
    strict = optimize.linprog(
        np.append(np.zeros(n), -1),
        A_ub=np.column_stack((-rows, np.ones(len(rows)))),
        b_ub=np.zeros(len(rows)),
        bounds=[*bounds, (None, 1)],
    )
    if -strict.fun > 1e-9:
        return "completely"
    weak = optimize.linprog(-rows.sum(axis=0), A_ub=-rows, b_ub=np.zeros(len(rows)), bounds=bounds)
    return "partly" if -weak.fun > 1e-9 else None


def fitted(model, X, y):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.fit(X, y)
    assert all(issubclass(w.category, UserWarning) for w in caught)
    return model, [str(w.message) for w in caught if w.category is SeparableDataWarning]


def rows_of_any_kind(seed):
    """X (m, d), labels 0 … K − 1 and K: ties on a grid, far-off rows, dummies; labels by chance or not."""
    rng = np.random.default_rng(seed)
    K, d, kind = int(rng.integers(2, 5)), int(rng.integers(1, 4)), seed % 4
    m = int(rng.integers(K + 1, 16))
    if kind == 0:
        X = rng.integers(0, 3, size=(m, d)).astype(float)
    elif kind == 1:
        X = np.round(3 * rng.standard_cauchy(size=(m, d)))
    elif kind == 2:
        X = rng.standard_t(0.7, size=(m, d))
    else:
        X = np.eye(d + 1)[rng.integers(0, d + 1, size=m)]
    z = X @ rng.normal(size=(X.shape[1], K))
    y = (z / (1e-9 + np.abs(z).mean()) + rng.choice([0, 0.3, 2]) * rng.gumbel(size=(m, K))).argmax(axis=1)
    y[:K] = np.arange(K)
    return X, y, K


@each_method
@pytest.mark.parametrize("seed", range(100))
def test_separable_data_are_recognised_and_others_are_not(method, seed):
    X, y, K = rows_of_any_kind(seed)
    unit = np.median(np.abs(X - np.median(X, axis=0)), axis=0)  # for the linear programme
    kind = separable((X - np.median(X, axis=0)) / np.where(unit > 0, unit, 1), y, K)
    model, texts = fitted(SoftmaxRegression(method=method), X, y)
    assert bool(texts) == (kind is not None)
    if texts:
        assert ("without a single error" in texts[0]) == (kind == "completely") and "delta > 0" in texts[0]
    pi = model.predict_proba(X)
    assert np.all(np.isfinite(model.theta_)) and np.all((pi >= 0) & (pi <= 1))
    assert fitted(SoftmaxRegression(0.5, method=method), X, y)[1] == []
    if kind == "completely":
        assert model.score(X, y) == 1
        return
    J = SoftmaxNLL(X, one_hot(y, K))
    assert model.history_[-1] == pytest.approx(J.value(model.theta_), rel=1e-9)
    assert np.all(np.diff(model.history_) <= 1e-12 * model.history_[0])
    _, same = np.unique(X, axis=0, return_inverse=True)
    for group in range(same.max() + 1):  # whatever θ is, equal rows have equal probabilities
        assert np.ptp(pi[same == group], axis=0).max() < 1e-10


@each_method
def test_dummies_get_the_shares_of_their_groups(method):
    for seed in range(60):
        rng = np.random.default_rng(seed)
        groups = np.append([0, 1, 2], rng.integers(0, 3, size=6))
        y = np.append([2, 1, 0], rng.integers(0, 3, size=6))
        X, Y = np.eye(3)[groups], one_hot(y, 3)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = SoftmaxRegression(method=method).fit(X, y)
        shares = np.array([Y[groups == g].mean(axis=0) for g in groups])
        sure = np.all(shares.max(axis=1) == 1)
        if not sure:
            assert_allclose(model.predict_proba(X), shares, atol=1e-6 if method == "lbfgs" else 1e-10)
            assert np.abs(model.theta_).max() < 1000
            assert model.history_[-1] == pytest.approx(-np.log((shares * Y).sum(axis=1)).sum(), rel=1e-12)


@each_method
@pytest.mark.parametrize(
    "x, y, kind",
    [
        ([-3, -3, -7, -2, 0, -33], [1, 1, 0, 0, 1, 0], None),
        ([1, 2, 4915, -4, 1], [2, 2, 0, 2, 1], "partly"),  # class 0 is all that is above 2
        ([1, 2, 4915, -4, 1], [2, 1, 0, 2, 1], "partly"),
    ],
)
def test_far_rows_do_not_mislead(method, x, y, kind):
    X = np.array(x, dtype=float)[:, None]
    assert separable(X, np.array(y), max(y) + 1) == kind
    assert bool(fitted(SoftmaxRegression(method=method), X, y)[1]) == (kind is not None)


@each_method
def test_one_class_of_iris_is_told_from_the_others_without_error(method):
    X, y = load_iris(return_X_y=True)
    model, texts = fitted(SoftmaxRegression(method=method), X, y)
    assert "all other rows on it" in texts[0] and model.score(X, y) > 0.98
    rest = y > 0  # the cost of the two others alone is the limit
    assert model.history_[-1] == pytest.approx(
        LogisticRegression().fit(X[rest], y[rest]).history_[-1], rel=1e-6
    )


@each_method
def test_dependent_columns_change_no_probability(method):
    X, y = data(8)
    more = np.column_stack((X, X[:, 0] - 2 * X[:, 1], np.full(100, 0.1)))
    with pytest.warns(RankDeficiencyWarning, match="rank 4, but 6 columns, the constant included"):
        model = SoftmaxRegression(method=method).fit(more, y)
    expected = SoftmaxRegression(method="newton").fit(X, y)
    assert_allclose(model.predict_proba(more), expected.predict_proba(X), atol=1e-6)
    _, _s, Vt = np.linalg.svd(more - more.mean(axis=0))
    assert_allclose(Vt[3:] @ model.theta_[1:], 0, atol=1e-10)  # the shortest slopes
    SoftmaxRegression(0.1, method=method).fit(more, y)  # with a penalty, nothing to warn of


# -------------------------------------------------------------------------------------------------- bad input
@pytest.mark.parametrize(
    "options, words",
    [
        ({"method": "irls"}, r"method must be one of \['lbfgs', 'newton', 'gradient'\]; got 'irls'"),
        ({"steps": -1}, "steps must be"),
        ({"delta": "a"}, "delta must be"),
        ({"method": "gradient", "eta": -1.0}, "eta must be"),
    ],
)
def test_bad_parameters(options, words):
    X, y = data()
    with pytest.raises(ValueError, match=words):
        SoftmaxRegression(**options).fit(X, y)


@each_method
def test_a_small_cost_keeps_its_digits(method):
    x, y = np.array([[-2.0], [-1], [1], [2]]), [0, 0, 1, 1]
    model = SoftmaxRegression(1e-8, method=method).fit(x, y)  # separable: the penalty alone ends the descent
    expected = LogisticRegression(1e-8 / np.sqrt(2)).fit(x, y)
    assert 0 < model.history_[-1] < 1e-12
    assert model.history_[-1] == pytest.approx(expected.history_[-1], rel=1e-6)


def test_inputs_stay_as_they_were():
    X, y = data(9)
    X.flags.writeable = y.flags.writeable = False
    for method in METHODS:
        SoftmaxRegression(0.5, method=method).fit(X, y)


@pytest.mark.parametrize("seed", [47, 99, 305])
def test_hyperplanes_are_found_however_many_steps_that_takes(seed):
    rng = np.random.default_rng(seed)
    m, d, K = (int(rng.integers(*span)) for span in ((60, 300), (2, 8), (2, 6)))
    X = rng.normal(size=(m, 1)) ** np.arange(1, d + 1)
    z = X @ rng.normal(size=(d, K))
    y = (z / np.abs(z).mean() + rng.choice([0, 1e-3, 0.01, 0.03]) * rng.gumbel(size=(m, K))).argmax(axis=1)
    y = np.unique(y, return_inverse=True)[1]
    K, A = y.max() + 1, np.column_stack((np.ones(m), X))
    moved = np.any([moved for _, moved in recession(X, y, K)], axis=0)  # (m, K)
    left = np.argwhere(~moved & (y[:, None] != np.arange(K)))
    A /= np.linalg.norm(A, axis=1, keepdims=True)
    rows = np.array([np.kron(A[i], np.eye(K)[y[i]] - np.eye(K)[k]) for i, k in left])
    more = optimize.linprog(-rows.sum(axis=0), A_ub=-rows, b_ub=np.zeros(len(rows)), bounds=(-1, 1))
    assert abs(more.fun) < 1e-9  # of what they leave, no hyperplane separates anything


def test_newton_goes_on_where_lbfgs_ends_in_rounding():
    X = np.round(3 * np.random.default_rng(192).standard_cauchy(size=(10, 2)))
    y = np.arange(10) % 3
    model = SoftmaxRegression(1e-6).fit(X, y)  # a warning would be an error
    assert model.history_[-1] == pytest.approx(
        SoftmaxRegression(1e-6, method="newton").fit(X, y).history_[-1], rel=1e-9
    )


# 39 rows of whole numbers, whose classes almost separate: rounding turned a step of L-BFGS uphill
UPHILL = (
    "100210 210222 120222 202012 022102 100021 012220 212101 202121 210012 102020 111111 021020 "
    "001110 012221 010101 112002 020101 220001 111110 101000 012111 221021 221022 022201 001112 "
    "211111 020101 021211 112010 111110 020221 022112 221101 110101 011211 120122 100210 210222"
)


def test_a_step_that_rounding_turns_uphill_is_not_taken():
    X = np.array([list(map(float, row)) for row in UPHILL.split()])
    y = np.array(list(map(int, "444414210404332413133201140323301142000")))
    assert separable(X, y, 5) == "partly"
    model, texts = fitted(SoftmaxRegression(), X, y)
    assert "all other rows on it" in texts[0]
    assert model.history_[-1] == pytest.approx(4 * np.log(2), rel=1e-12)  # four pairs of rows that are tied


@pytest.mark.parametrize("unit", [1e-155, 1e-200, 1e-300])
def test_next_to_a_penalty_tiny_columns_say_nothing(unit):
    X, y = data(10)[0], np.arange(100) % 4  # balanced: the intercepts have nothing to do
    model = SoftmaxRegression(1.0).fit(X * unit, y)
    assert_allclose(model.predict_proba(X * unit), 0.25, rtol=1e-12)


@pytest.mark.parametrize(("width", "K"), [(0.02, 3), (0.03, 2), (0.03, 3)])
def test_bumps_far_from_most_points_mislead_no_fit(width, K):
    """Entries from 1 to 1e-300 in a column: the way along a direction that separates drowned in rounding."""
    rng = np.random.default_rng(0)
    x, y = rng.uniform(-1, 1, (60, 2)), rng.integers(0, K, 60)
    centres = np.stack(np.meshgrid(*[np.linspace(-1, 1, 7)] * 2), axis=-1).reshape(-1, 2)
    X = np.exp(-np.sum((x[:, None] - centres) ** 2, axis=2) / (2 * width**2))
    model, texts = fitted(SoftmaxRegression(steps=100), X, y)
    assert any("no minimum" in text for text in texts) and not any("divide" in text for text in texts)
    cost = SoftmaxNLL(X, one_hot(y, K)).value(model.theta_)
    assert cost < 0.3 * 60 * np.log(K) and model.history_[-1] == pytest.approx(cost, rel=1e-9)
