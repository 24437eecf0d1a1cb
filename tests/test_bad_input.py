"""Bad input is refused with a ValueError that says what was expected and what came; odd input just works."""

import warnings

import numpy as np
import pandas as pd
import pytest
from estimators import Frame, each_classifier, each_model, kind
from scipy import sparse
from sklearn.base import clone, is_classifier

from mlcore import (
    SGD,
    Adagrad,
    Adam,
    DivergenceWarning,
    Lasso,
    LeastSquares,
    LinearRegression,
    LogisticNLL,
    LogisticRegression,
    MLPClassifier,
    MLPRegressor,
    Momentum,
    RankDeficiencyWarning,
    RBFRegression,
    Ridge,
    RMSProp,
    SoftmaxNLL,
    SoftmaxRegression,
    lbfgs,
    log_sum_exp,
    minibatches,
    minimise,
    newton,
    one_hot,
    polynomial,
    rbf,
    sigmoid,
    soft_threshold,
    softmax,
    softplus,
)
from mlcore.layers import Linear, Sequential, SoftmaxCrossEntropy

X, Y = np.random.default_rng(0).normal(size=(8, 2)), np.arange(8.0)
RNG = np.random.default_rng(0)


def target(model):
    """A y (8,) for the model; the labels cannot be told apart by a line."""
    return np.array([0, 1, 1, 0, 0, 1, 0, 1]) if is_classifier(model) else Y


BAD_X = {
    "1-D": (X[:, 0], r"X must be a 2-D array of shape \(m, d\); got a 1-D.*\(8,\).*x\[:, None\]"),
    "3-D": (X[None], r"2-D.*\(1, 8, 2\)"),
    "a number": (3.0, "2-D.*3.0"),
    "no rows": (np.empty((0, 2)), r"at least one row.*\(0, 2\)"),
    "no columns": (np.empty((8, 0)), r"at least one row and one column.*\(8, 0\)"),
    "nan": (np.where(np.eye(8, 2), np.nan, X), "finite.*NaN at row 0, column 0"),
    "inf": (np.where(np.eye(8, 2), np.inf, X), "finite.*inf at row 0, column 0"),
    "text": (X.astype(str), "real numbers; got text"),
    "objects": (np.where(X > 1, "high", X.astype(object)), "real numbers; got objects"),
    "missing": (np.where(X > 1, None, X.astype(object)), r"missing value \(None\) at row"),
    "missing in a frame": (pd.DataFrame(X).astype("Float64").where(X < 1), "missing value .<NA>. at row"),
    "complex": (X + 0j, "real numbers; got complex"),
    "dates": (X.astype("datetime64[s]"), "real numbers; got dates"),
    "sparse": (sparse.csr_array(X), "sparse.*toarray"),
    "masked": (np.ma.masked_array(X, mask=X > 1), "masked"),
    "ragged": ([[1.0, 2.0], [3.0]], "cannot turn into an array"),
    "none": (None, "NoneType"),
}
BAD_Y = {
    "2-D": (Y[:, None], r"y must be a 1-D array of shape \(m,\); got a 2-D.*\(8, 1\). Use y.ravel"),
    "a number": (1.0, "1-D.*1.0"),
    "empty": ([], "at least one entry"),
    "too short": (Y[:7], r"same number of rows.*\(8, 2\).*\(7,\)"),
    "nan": (np.where(Y == 3, np.nan, Y), "y must be.*finite.*NaN at row 3"),
    "inf": (np.where(Y == 3, -np.inf, Y), "finite.*-inf at row 3"),
    "text": (Y.astype(str), "real numbers; got text"),
    "objects": (np.where(Y > 1, "high", Y.astype(object)), "real numbers; got objects"),
    "complex": (Y + 0j, "real numbers; got complex"),
    "none": (None, "requires y to be passed, but the target y is None"),
}
WHOLE = np.arange(8) % 2
BAD_LABELS = {
    **{case: BAD_Y[case] for case in ("a number", "empty", "complex", "none")},
    "2-D": (WHOLE[:, None], r"y must be a 1-D array.*\(8, 1\). Use y.ravel"),
    "too short": (WHOLE[:7], r"same number of rows.*\(8, 2\).*\(7,\)"),
    "one class": (np.ones(8), "at least two classes to tell apart; got one class only, 1.0"),
    "continuous": (Y / 3, "Unknown label type.*whole numbers or text; got continuous values such as 0.33"),
    "nan": (np.where(Y == 3, np.nan, WHOLE), "finite.*NaN at row 3"),
    "inf": (np.where(Y == 3, np.inf, WHOLE), "finite.*inf at row 3"),
    "mixture": (["a", 1] * 4, "all numbers or all text; got a mixture of int, str"),
    "missing text": (
        ["a", "b", None, "a"] * 2,
        r"a label for each row; got a missing value \(None\) at row 2 \(2 such",
    ),
    "masked": (np.ma.masked_array(WHOLE, mask=Y > 6), "masked"),
    "ragged": ([[0], [1, 0]] * 4, "cannot turn into an array"),
    "one-hot": (np.eye(2)[WHOLE], r"1-D array.*\(8, 2\)"),
}
BAD_NUMBERS = {
    "negative": -1.0,
    "nan": np.nan,
    "inf": np.inf,
    "text": "1",
    "none": None,
    "bool": True,
    "list": [1.0],
    "array": np.array([1.0]),
    "complex": 1j,
}


@each_model
@pytest.mark.parametrize("case", BAD_X)
def test_bad_X_at_fit(model, case):
    bad, words = BAD_X[case]
    with pytest.raises(ValueError, match=words):
        clone(model).fit(bad, target(model))


@each_model
@pytest.mark.parametrize("case", dict.fromkeys([*BAD_Y, *BAD_LABELS]))
def test_bad_y_at_fit(model, case):
    cases = BAD_LABELS if is_classifier(model) else BAD_Y
    if case in cases:
        bad, words = cases[case]
        with pytest.raises(ValueError, match=words):
            clone(model).fit(X, bad)


@each_model
@pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function", "score"])
@pytest.mark.parametrize("case", [*BAD_X, "other columns"])
def test_bad_X_after_fit(model, method, case):
    bad, words = BAD_X.get(case, (X[:, :1], r"X has 1 features, but \w+ is expecting 2.*\(8, 1\)"))
    if hasattr(model, method):
        fitted = clone(model).fit(X, target(model))
        with pytest.raises(ValueError, match=words):
            getattr(fitted, method)(bad, *([target(model)] if method == "score" else []))


@each_model
def test_not_fitted(model):
    for method in ("predict", "predict_proba", "decision_function", "score"):
        if hasattr(model, method):
            with pytest.raises(ValueError, match=f"{kind(model)} must be fitted first"):
                getattr(clone(model), method)(X, *([target(model)] if method == "score" else []))


@each_model
def test_a_failed_fit_leaves_no_half_fitted_model(model):
    fresh = clone(model)
    with pytest.raises(ValueError):
        fresh.fit(X, target(model)[:3])
    assert not [name for name in vars(fresh) if name.endswith("_")]
    with pytest.raises(ValueError, match="must be fitted first"):
        fresh.predict(X)


@each_model
def test_a_failed_fit_keeps_the_last_good_one(model):
    fitted = clone(model).fit(X, target(model))
    before = fitted.predict(X)
    with pytest.raises(ValueError):
        fitted.fit(np.where(np.eye(8, 2), np.nan, X), target(model))
    np.testing.assert_array_equal(fitted.predict(X), before)


@each_classifier
def test_labels_not_seen_at_fit(model):
    fitted = clone(model).fit(X, WHOLE)
    with pytest.raises(ValueError, match=r"y must hold labels met at fit, from .*\[0, 1\].*; got 2"):
        fitted.score(X, WHOLE + 1)
    with pytest.raises(ValueError, match="labels met at fit.* got 'a'"):
        fitted.score(X, ["a"] * 8)


def test_three_classes_are_too_many_for_two():
    with pytest.raises(ValueError, match=r"Only binary.*got 3: \[0, 1, 2\]. Use SoftmaxRegression"):
        LogisticRegression().fit(X, np.arange(8) % 3)


@pytest.mark.parametrize(
    "make", [Ridge, Lasso, RBFRegression, LogisticRegression, SoftmaxRegression, MLPRegressor, MLPClassifier]
)
@pytest.mark.parametrize("case", BAD_NUMBERS)
def test_bad_delta(make, case):
    model = make(delta=BAD_NUMBERS[case])  # the constructor stores it, untouched
    with pytest.raises(ValueError, match="delta must be a finite number >= 0; got"):
        model.fit(X, target(model))


@pytest.mark.parametrize("case", [*BAD_NUMBERS, "zero"])
def test_bad_lam(case):
    with pytest.raises(ValueError, match="lam must be a finite number > 0; got"):
        RBFRegression(lam=BAD_NUMBERS.get(case, 0.0), delta=1.0).fit(X, Y)


@pytest.mark.parametrize(
    "centers, words",
    [
        (np.zeros((3, 1)), "same number of columns"),
        (np.full((3, 2), np.nan), "centers must be.*finite"),
        ("abc", "centers must be"),
        (np.zeros((0, 2)), "centers must have at least one row"),
    ],
)
def test_bad_centers(centers, words):
    with pytest.raises(ValueError, match=words):
        RBFRegression(lam=1.0, delta=1.0, centers=centers).fit(X, Y)


def test_bad_X_for_the_predictive_band():
    model = LinearRegression()
    with pytest.raises(ValueError, match="must be fitted first"):
        model.predictive_std(X)
    model.fit(X, Y)
    with pytest.raises(ValueError, match="X has 1 features, but LinearRegression is expecting 2"):
        model.predictive_std(X[:, :1])
    with pytest.raises(ValueError, match="X must be a 2-D"):
        model.predictive_std(X[:, 0])


@each_model
def test_one_row_is_little_but_not_wrong(model):
    fresh = clone(model)
    if is_classifier(model):
        with pytest.raises(ValueError, match="one class only"):
            fresh.fit(X[:1], WHOLE[:1])
        return
    if isinstance(model, LinearRegression):
        with pytest.warns(RankDeficiencyWarning, match="rank 1"):
            fresh.fit(X[:1], Y[1:2])
    else:
        fresh.fit(X[:1], Y[1:2])
    if not isinstance(model, MLPRegressor):  # which is on its way only
        np.testing.assert_allclose(fresh.predict(X[:1]), [1.0])


# ----------------------------------------------------------------------------- objectives, optimisers, layers
RULES = [SGD, Momentum, Adagrad, RMSProp, Adam]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("case", [*BAD_NUMBERS, "zero"])
def test_bad_learning_rates(rule, case):
    with pytest.raises(ValueError, match="eta must be a finite number > 0; got"):
        rule(eta=BAD_NUMBERS.get(case, 0.0)).init(np.zeros(2))


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: SoftmaxNLL(X, np.eye(3)), r"same number of rows; got X .*\(8, 2\) and Y .*\(3, 3\)"),
        (
            lambda: SoftmaxNLL(X, np.eye(2)[WHOLE] * 2),
            "one-hot: in every row a single 1 and all else 0.* row 0",
        ),
        (lambda: SoftmaxNLL(X, np.where(Y[:, None] == 5, 1, np.eye(2)[WHOLE])), "one-hot.* in row 5"),
        (lambda: SoftmaxNLL(X, np.zeros((8, 2))), "one-hot.* in row 0"),
        (lambda: SoftmaxNLL(X, np.full((8, 2), 0.5)), "one-hot"),
        (lambda: SoftmaxNLL(X, WHOLE), "must be a 2-D array"),
        (lambda: SoftmaxNLL(X, np.eye(2)[WHOLE]).value(np.zeros(3)), r"shape \(3, 2\).*got \(3,\)"),
        (lambda: LogisticNLL(X, WHOLE + 1), "y must be made of 0 and 1; got 2"),
        (lambda: LogisticNLL(X, WHOLE).grad(np.zeros(2)), r"theta must have shape \(3,\).*got \(2,\)"),
        (lambda: LogisticNLL(X, WHOLE, delta=-1), "delta must be a finite number >= 0; got -1"),
        (lambda: one_hot([0, 1, 3], 3), "labels must be whole numbers from 0 to 2; got 3 at position 2"),
        (lambda: one_hot([0, -1], 3), "got -1 at position 1"),
        (lambda: one_hot([0.5], 3), "got 0.5 at position 0"),
        (lambda: one_hot([0], 0), "K must be a whole number >= 1"),
        (lambda: Linear(0, 3), "n_in must be a whole number >= 1; got int: 0"),
        (lambda: Linear(3, 0), "n_out must be a whole number >= 1; got int: 0"),
        (lambda: Sequential([]), "at least one Layer; got"),
        (lambda: Sequential([Linear(2, 3, RNG), Linear(2, 1, RNG)]), "3 outputs must be followed"),
        (
            lambda: SoftmaxCrossEntropy().forward(np.zeros((2, 3)), np.eye(2)),
            r"one shape.*\(2, 3\) and \(2, 2\)",
        ),
        (lambda: SoftmaxCrossEntropy().forward(np.zeros((2, 3)), np.zeros((2, 3))), "sum to 1.*got 0 at"),
        (
            lambda: MLPClassifier(hidden=(0,)).fit(X, WHOLE),
            "every width in hidden must be a whole number >= 1",
        ),
        (lambda: list(minibatches(0, 1, RNG)), "m must be a whole number >= 1; got int: 0"),
        (lambda: list(minibatches(5, 0, RNG)), "batch must be a whole number >= 1; got int: 0"),
        (lambda: list(minibatches(5, 2, 0)), "rng must be a numpy.random.Generator"),
    ],
)
def test_bad_input_of_the_smaller_parts(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_batch_may_be_larger_than_the_data():
    batches = list(minibatches(5, 64, np.random.default_rng(0)))
    assert len(batches) == 1 and sorted(batches[0].tolist()) == [0, 1, 2, 3, 4]
    large, full = (MLPRegressor(hidden=(2,), epochs=3, batch=b, random_state=0).fit(X, Y) for b in (64, 8))
    np.testing.assert_array_equal(large.predict(X), full.predict(X))


def test_running_away_is_stopped_explained_and_the_last_good_parameters_kept():
    with pytest.warns(DivergenceWarning, match="step|epoch") as caught:
        found = minimise(LeastSquares(X, Y), np.zeros(3), SGD(10.0), steps=1000)
    assert np.isfinite(found.theta).all() and np.isfinite(found.history).all() and not found.converged
    assert "learning rate" in str(caught[0].message)
    with pytest.warns(DivergenceWarning):
        model = MLPRegressor(hidden=(4,), optimiser=SGD(1e6), epochs=20, random_state=0).fit(X, Y)
    assert np.isfinite(model.predict(X)).all() and np.isfinite(model.history_).all()


@pytest.mark.parametrize(
    "f, expected",
    [
        (sigmoid, [[1, 0, 0.5]]),
        (softplus, [[1e4, 0, np.log(2)]]),
        (softmax, [[1, 0, 0]]),
        (log_sum_exp, [1e4]),
    ],
)
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16, np.int32])
def test_logits_of_ten_thousand(f, expected, dtype):
    z = np.array([[1e4, -1e4, 0.0]]).astype(dtype)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_allclose(f(z), expected, rtol=1e-6)


@each_classifier
def test_scores_of_ten_thousand(model):
    fitted = clone(model).fit(X, WHOLE)
    pi = fitted.predict_proba(X * 1e5)
    assert np.isfinite(pi).all()
    np.testing.assert_allclose(pi.sum(axis=1), 1, rtol=1e-12)


def test_numbers_whose_sums_overflow():
    huge = np.where(np.eye(8, 2), -1e308, 1e308)
    for bad_X, y in ((huge, Y), (X, huge[:, 0])):
        with pytest.raises(ValueError, match="[Xy] must be in units in which its squares stay within"):
            Lasso().fit(bad_X, y)


@pytest.mark.parametrize("model", [Ridge(), Ridge(0.0), LinearRegression()], ids=repr)
def test_numbers_whose_sums_overflow_are_no_harm_to_least_squares(model):
    sign = np.where(np.eye(8, 2), -1.0, 1.0)
    wanted = LinearRegression().fit(sign, Y).theta_
    np.testing.assert_allclose(
        clone(model).fit(sign * 1e307, Y).theta_ * [1, 1e307, 1e307], wanted, rtol=1e-12
    )
    small = clone(model).fit(X, sign[:, 0]).theta_
    np.testing.assert_allclose(clone(model).fit(X, sign[:, 0] * 1e307).theta_ / 1e307, small, rtol=1e-12)


@each_model
def test_read_only_frames_with_gaps_are_as_good_as_arrays(model):
    wide = np.repeat(X, 3, axis=1)
    wide.flags.writeable = False
    odd, y = wide[:, ::3], target(model)
    fitted = clone(model).fit(Frame(odd), Frame(y))
    np.testing.assert_allclose(fitted.predict(odd), clone(model).fit(X, y).predict(X), rtol=1e-9)


# ------------------------------------------------------------------------------ the wrong kind of argument
COST = LogisticNLL(X, target(LogisticRegression()))
MASKED = np.ma.masked_greater([1.0, 2.0, 3.0], 2)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: minimise(COST, np.zeros(3), SGD, steps=3), r"optimiser must be a rule, .*got type: <class"),
        (lambda: minimise(COST, np.zeros(3), None, steps=3), "optimiser must be a rule, .*got NoneType"),
        (
            lambda: minimise(LogisticNLL, np.zeros(3), SGD(0.1), steps=3),
            "objective must be a cost, .*got type",
        ),
        (lambda: minimise(COST, MASKED, SGD(0.1), steps=3), "theta must be.*masked"),
        (lambda: newton("x", [0.0]), "objective must be a cost, .*got str: 'x'"),
        (lambda: lbfgs(None, [0.0]), "objective must be a cost, .*got NoneType"),
        (
            lambda: MLPRegressor(early_stopping="False").fit(X, Y),
            "early_stopping must be True or False; got str",
        ),
        (lambda: MLPRegressor(early_stopping=0).fit(X, Y), "early_stopping must be True or False; got int"),
        (lambda: soft_threshold([1j], 1), "z must be an array of real numbers; got complex"),
        (lambda: soft_threshold(None, 1), "z must be an array of real numbers; got objects"),
        (lambda: soft_threshold([1.0], np.nan), "threshold must be.*got NaN"),
        (lambda: soft_threshold(MASKED, 1), "z must be.*masked"),
        (lambda: soft_threshold(1, MASKED), "threshold must be.*masked"),
        (lambda: polynomial(MASKED, 2), "X must be.*masked"),
        (lambda: rbf(MASKED, [0.0], 1.0), "X must be.*masked"),
        (lambda: rbf([0.0], MASKED, 1.0), "centers must be.*masked"),
        (lambda: polynomial(sparse.eye_array(3), 2), r"got a sparse dia_array. Use X.toarray\(\)"),
        (lambda: rbf(sparse.eye_array(3), np.eye(3), 1.0), "got a sparse"),
        (lambda: RBFRegression(centers=sparse.eye_array(2)).fit(X, Y), r"centers.toarray\(\)"),
        *[
            (lambda function=function: function(MASKED), "masked")
            for function in (sigmoid, softmax, softplus, log_sum_exp)
        ],
        (lambda: MLPRegressor(dtype="float32").fit(np.ma.masked_greater(X.astype("f4"), 0), Y), "masked"),
        (lambda: MLPRegressor(epochs=1).fit(X, Y).predict(np.ma.masked_greater(X, 0)), "masked"),
    ],
)
def test_what_an_argument_is_not(call, words):
    with pytest.raises(ValueError, match=words):
        call()
