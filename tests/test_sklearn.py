"""mlcore inside scikit-learn: its own checks of estimators, pipelines, cross-validation and searches."""

import warnings

import numpy as np
import pytest
from estimators import (
    CLASSIFIERS,
    REGRESSORS,
    each_classifier,
    each_model,
    each_regressor,
    grid,
    kind,
    outputs,
    table,
)
from sklearn.base import clone, is_classifier, is_regressor
from sklearn.compose import TransformedTargetRegressor
from sklearn.exceptions import NotFittedError
from sklearn.metrics import accuracy_score, log_loss, r2_score
from sklearn.model_selection import GridSearchCV, KFold, cross_val_predict, cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler as TheirScaler
from sklearn.utils import get_tags
from sklearn.utils.estimator_checks import estimator_checks_generator
from sklearn.utils.validation import check_is_fitted

from mlcore import LinearRegression, LogisticRegression, RBFRegression, Ridge, StandardScaler
from mlcore._estimator import Parameters

#: The checks of scikit-learn that mlcore does not pass: the words in which each ends, and why that is right.
EXCEPTIONS = {
    "check_dtype_object": (
        "of real numbers; got objects",
        "Objects that are all numbers are fitted, and others refused: but the check wants a TypeError where "
        "mlcore has a ValueError.",
    ),
    "check_estimators_unfitted": (
        "should raise a NotFittedError",
        "The check wants scikit-learn's own NotFittedError, which mlcore cannot raise without importing it. "
        "mlcore's has the same bases, ValueError and AttributeError.",
    ),
    "check_supervised_y_2d": (
        r"got a 2-D array of shape \(30, 1\). Use y.ravel\(\)",
        "A column y of shape (m, 1) is refused, with advice: y − ŷ would quietly be an (m, m) matrix. The "
        "check wants it accepted, with a warning of scikit-learn's.",
    ),
}


class OurScaler(StandardScaler):
    """Under its own name the checks take it for scikit-learn's, and set a parameter `with_mean`."""


ESTIMATORS = [*REGRESSORS, *CLASSIFIERS, OurScaler()]


def checks():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "does not inherit from BaseEstimator": that is the point
        for estimator in ESTIMATORS:
            for _, check in estimator_checks_generator(estimator):
                if check.func.__name__ != "check_array_api_input":  # about arrays that are not NumPy's
                    yield estimator, check


def describe(value):
    if hasattr(value, "func"):
        return "-".join([value.func.__name__, *map(str, value.keywords.values())])
    return kind(value)


@pytest.mark.filterwarnings("ignore::mlcore.NumericalWarning")  # some feed random labels, or a single row
@pytest.mark.parametrize("estimator, check", list(checks()), ids=describe)
def test_scikit_learns_own_check(estimator, check):
    words, _ = EXCEPTIONS.get(check.func.__name__, (None, ""))
    if check.func.__name__ == "check_estimators_unfitted" and not hasattr(estimator, "predict"):
        words = None  # it asks nothing of a transformer
    if words:
        with pytest.raises((AssertionError, ValueError), match=words):  # one that passes after all is red
            check(clone(estimator))
        return
    check(clone(estimator))


def test_every_exception_belongs_to_a_check():
    assert set(EXCEPTIONS) <= {check.func.__name__ for _, check in checks()}


def test_nothing_here_inherits_from_scikit_learn():
    for estimator in ESTIMATORS:
        packages = {base.__module__.partition(".")[0] for base in type(estimator).__mro__}
        assert isinstance(estimator, Parameters) and packages <= {"mlcore", "builtins", __name__}


# ---------------------------------------------------------------------------------------------- what it knows
@each_regressor
def test_it_is_a_regressor(model):
    tags = get_tags(model)
    assert is_regressor(model) and not is_classifier(model)
    assert tags.target_tags.required and not tags.input_tags.sparse and not tags.input_tags.allow_nan


@each_classifier
def test_it_is_a_classifier(model):
    tags = get_tags(model)
    assert is_classifier(model) and not is_regressor(model) and tags.target_tags.required
    assert tags.classifier_tags.multi_class is not isinstance(model, LogisticRegression)


def test_the_scaler_is_a_transformer():
    tags = get_tags(StandardScaler())
    assert tags.estimator_type is None and tags.transformer_tags is not None and not tags.target_tags.required


@each_model
def test_it_is_known_whether_a_model_is_fitted(model):
    with pytest.raises(NotFittedError):
        check_is_fitted(clone(model))
    check_is_fitted(clone(model).fit(*table(model)))


def test_clone_copies_arrays():
    centers = np.zeros((3, 4))
    copy = clone(RBFRegression(centers=centers))
    np.testing.assert_array_equal(copy.centers, centers)
    assert copy.centers is not centers


# ------------------------------------------------------------------------------------------ its tools at work
@each_model
@pytest.mark.parametrize("scaler", [TheirScaler, StandardScaler], ids=["theirs", "ours"])
def test_pipeline(model, scaler):
    X, y = table(model)
    pipeline = make_pipeline(scaler(), clone(model)).fit(X * 1000 + 5, y)
    alone = clone(model).fit(X, y)
    np.testing.assert_allclose(outputs(pipeline, X * 1000 + 5), outputs(alone, X), rtol=1e-8, atol=1e-12)
    assert pipeline.score(X * 1000 + 5, y) == pytest.approx(alone.score(X, y), rel=1e-8)
    assert pipeline.n_features_in_ == 4


@each_model
def test_cross_validation_is_what_a_loop_would_do(model):
    X, y = table(model)
    parts = KFold(3)
    scores, predictions = cross_val_score(model, X, y, cv=parts), cross_val_predict(model, X, y, cv=parts)
    metric = accuracy_score if is_classifier(model) else r2_score
    for k, (train, test) in enumerate(parts.split(X)):
        predicted = clone(model).fit(X[train], y[train]).predict(X[test])
        assert scores[k] == pytest.approx(metric(y[test], predicted), rel=1e-10)
        np.testing.assert_array_equal(predictions[test], predicted)


@each_classifier
def test_scores_that_ask_for_probabilities(model):
    X, y = table(model)
    losses = cross_val_score(model, X, y, cv=KFold(3), scoring="neg_log_loss")
    for loss, (train, test) in zip(losses, KFold(3).split(X)):
        fitted = clone(model).fit(X[train], y[train])
        pi = fitted.predict_proba(X[test])
        assert loss == pytest.approx(-log_loss(y[test], pi, labels=fitted.classes_))
    assert cross_val_score(model, X, y, cv=3, scoring="roc_auc_ovr").min() > 0.5


@each_model
def test_grid_search(model):
    X, y = table(model)
    search = GridSearchCV(
        Pipeline([("scale", TheirScaler()), ("model", clone(model))]),
        {f"model__{name}": values for name, values in grid(model).items()},
        cv=3,
        error_score="raise",
    )
    search.fit(X, y)
    scores = search.cv_results_["mean_test_score"]
    assert len(scores) == np.prod([len(values) for values in grid(model).values()], initial=1)
    best = clone(search.estimator).set_params(**search.best_params_)
    assert cross_val_score(best, X, y, cv=3).mean() == pytest.approx(scores.max(), rel=1e-12)
    np.testing.assert_array_equal(search.predict(X), best.fit(X, y).predict(X))


def test_errors_pass_through_a_search():
    with pytest.raises(ValueError, match="delta must be a finite number >= 0; got -1"):
        GridSearchCV(Ridge(), {"delta": [-1.0]}, cv=3, error_score="raise").fit(*table(Ridge()))


def test_transformed_targets():
    X, y = table(LinearRegression())
    model = TransformedTargetRegressor(LinearRegression(), func=np.log, inverse_func=np.exp).fit(X, y)
    expected = np.exp(LinearRegression().fit(X, np.log(y)).predict(X))
    np.testing.assert_allclose(model.predict(X), expected, rtol=1e-12)
