"""What all estimators share, alone and inside scikit-learn."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone, is_classifier, is_regressor
from sklearn.compose import TransformedTargetRegressor
from sklearn.exceptions import NotFittedError as SklearnNotFittedError
from sklearn.metrics import r2_score
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import get_tags
from sklearn.utils.validation import check_is_fitted

from mlcore import LinearRegression
from mlcore._estimator import Estimator
from mlcore.basis import StandardScaler as OurScaler
from mlcore.datasets import load_diabetes
from mlcore.lasso import Lasso
from mlcore.rbf_regression import RBFRegression
from mlcore.ridge import Ridge

MODELS = [LinearRegression(), Ridge(2.0), Lasso(3.0), RBFRegression(lam=20.0, delta=0.5)]
GRIDS = [{}, {"delta": [0.1, 10.0]}, {"delta": [0.1, 10.0]}, {"lam": [5.0, 50.0], "delta": [0.1, 1.0]}]
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)


class Frame:
    """Stands for data frames: all that NumPy sees of them is __array__."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype=dtype)


def table(m=60, d=4):
    data = load_diabetes()
    X = data.X[:m, 2:2 + d]
    return (X - X.mean(axis=0)) / X.std(axis=0), data.y[:m]


# ------------------------------------------------------------------------------------------------- parameters
class Everything(Estimator):
    def __init__(self, first, second=2.0, *, third=None):
        self.first, self.second, self.third = first, second, third


def test_parameters_by_name():
    model = Everything(np.zeros((3, 1)), third="x")
    assert list(model.get_params()) == ["first", "second", "third"]
    assert model.get_params(deep=False)["first"] is model.first
    assert model.set_params(second=5, third=None) is model and (model.second, model.third) == (5, None)
    assert repr(model) == "Everything(first=<array (3, 1)>, second=5, third=None)"
    assert repr(LinearRegression()) == "LinearRegression()"
    assert repr(Ridge(delta=0.5)) == "Ridge(delta=0.5)"
    assert LinearRegression().get_params() == {}


def test_an_unknown_parameter_is_refused_and_nothing_is_set():
    model = Everything(1)
    with pytest.raises(ValueError, match=r"be among \['first', 'second', 'third'\]; got \['fourth'\]"):
        model.set_params(first=7, fourth=8)
    assert model.first == 1


@each_model
def test_constructor_arguments_are_stored_untouched(model):
    kind, odd = type(model), object()
    names = kind().get_params()
    built = kind(**dict.fromkeys(names, odd))
    assert all(value is odd for value in built.get_params().values())


@each_model
def test_fitting_changes_no_parameter_and_forgets_the_last_fit(model):
    X, y = table()
    fresh, used = clone(model), clone(model)
    before = used.get_params()
    used.fit(X[:30, :2], y[:30]).fit(X, y)
    assert used.get_params() == before
    np.testing.assert_array_equal(used.theta_, fresh.fit(X, y).theta_)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(used)).predict(X), used.predict(X))


# ------------------------------------------------------------------------------------------------------ score
@each_model
def test_score_is_r2(model):
    X, y = table()
    model = clone(model).fit(X, y)
    assert model.score(X, y) == pytest.approx(r2_score(y, model.predict(X)), rel=1e-12)
    assert isinstance(model.score(X, y), float)


def test_score_of_constant_targets():
    X = np.arange(4.0)[:, None]
    model = LinearRegression().fit(X, np.full(4, 2.0))
    assert model.score(X, np.full(4, model.predict(X)[0])) in (0.0, 1.0)
    model.theta_ = np.array([2.0, 0.0])
    assert model.score(X, np.full(4, 2.0)) == 1.0 and model.score(X, np.full(4, 3.0)) == 0.0
    assert model.score(X[:1], [2.0]) == 1.0


@pytest.mark.parametrize("y, words", [(np.zeros(3), "same number"), (np.zeros((4, 1)), "must be a 1-D")])
def test_score_of_bad_targets(y, words):
    X = np.arange(4.0)[:, None]
    with pytest.raises(ValueError, match=words):
        LinearRegression().fit(X, X[:, 0]).score(X, y)


# ----------------------------------------------------------------------------------------------- scikit-learn
@each_model
def test_clone_copies_parameters_and_not_the_fit(model):
    fitted = clone(model).fit(*table())
    copy = clone(fitted)
    assert copy.get_params() == model.get_params() and not hasattr(copy, "theta_")


def test_clone_copies_arrays():
    centers = np.zeros((3, 4))
    copy = clone(RBFRegression(centers=centers))
    np.testing.assert_array_equal(copy.centers, centers)
    assert copy.centers is not centers


@each_model
def test_it_is_a_regressor(model):
    assert is_regressor(model) and not is_classifier(model)
    tags = get_tags(model)
    assert tags.target_tags.required and not tags.input_tags.sparse and not tags.input_tags.allow_nan


def test_the_scaler_is_a_transformer():
    tags = get_tags(OurScaler())
    assert tags.estimator_type is None and tags.transformer_tags is not None and not tags.target_tags.required


@each_model
def test_scikit_learn_knows_whether_it_is_fitted(model):
    with pytest.raises(SklearnNotFittedError):
        check_is_fitted(clone(model))
    check_is_fitted(clone(model).fit(*table()))


@each_model
@pytest.mark.parametrize("scaler", [StandardScaler, OurScaler], ids=["theirs", "ours"])
def test_pipeline(model, scaler):
    X, y = table()
    pipeline = make_pipeline(scaler(), clone(model)).fit(X * 1000 + 5, y)
    np.testing.assert_allclose(pipeline.predict(X * 1000 + 5), clone(model).fit(X, y).predict(X), rtol=1e-9)
    assert pipeline.score(X * 1000 + 5, y) == pytest.approx(clone(model).fit(X, y).score(X, y), rel=1e-9)


@each_model
def test_cross_validation_is_what_a_loop_would_do(model):
    X, y = table()
    scores, predictions = cross_val_score(model, X, y, cv=3), cross_val_predict(model, X, y, cv=3)
    for k, test in enumerate(np.split(np.arange(60), 3)):
        train = np.setdiff1d(np.arange(60), test)
        part = clone(model).fit(X[train], y[train])
        assert scores[k] == pytest.approx(part.score(X[test], y[test]), rel=1e-10)
        np.testing.assert_allclose(predictions[test], part.predict(X[test]), rtol=1e-10)


@pytest.mark.parametrize("model, grid", list(zip(MODELS, GRIDS)), ids=lambda value: type(value).__name__)
def test_grid_search(model, grid):
    X, y = table()
    search = GridSearchCV(Pipeline([("scale", StandardScaler()), ("model", clone(model))]),
                          {f"model__{name}": values for name, values in grid.items()},
                          cv=3, error_score="raise")
    search.fit(X, y)
    scores = search.cv_results_["mean_test_score"]
    assert len(scores) == np.prod([len(values) for values in grid.values()], initial=1)
    best = clone(search.estimator).set_params(**search.best_params_)
    assert cross_val_score(best, X, y, cv=3).mean() == pytest.approx(scores.max(), rel=1e-12)
    np.testing.assert_allclose(search.predict(X), best.fit(X, y).predict(X), rtol=1e-12)


def test_errors_pass_through_a_search():
    with pytest.raises(ValueError, match="delta must be a finite number >= 0; got -1"):
        GridSearchCV(Ridge(), {"delta": [-1.0]}, cv=3, error_score="raise").fit(*table())


def test_transformed_targets():
    X, y = table()
    model = TransformedTargetRegressor(LinearRegression(), func=np.log, inverse_func=np.exp).fit(X, y)
    expected = np.exp(LinearRegression().fit(X, np.log(y)).predict(X))
    np.testing.assert_allclose(model.predict(X), expected, rtol=1e-12)


# -------------------------------------------------------------------------------------- what comes in as data
@each_model
@pytest.mark.parametrize(
    "convert",
    [Frame, np.ndarray.tolist, np.asfortranarray, lambda a: a.astype(">f8"), lambda a: a[::-1][::-1]],
    ids=["frame", "lists", "fortran", "big-endian", "strided"])
def test_array_likes(model, convert):
    X, y = table()
    expected = clone(model).fit(X, y).predict(X)
    fitted = clone(model).fit(convert(X), convert(y))
    np.testing.assert_allclose(fitted.predict(convert(X)), expected, rtol=1e-11)
    assert fitted.score(convert(X), convert(y)) == pytest.approx(r2_score(y, expected), rel=1e-11)


@each_model
def test_single_precision_and_whole_numbers_become_float64(model):
    X, y = table()
    X, y = np.round(X * 4), np.round(y)  # exact in all three
    expected = clone(model).fit(X, y)
    for kind in (np.float32, np.int32, np.int8):
        fitted = clone(model).fit(X.astype(kind), y.astype(np.int64 if kind == np.int8 else kind))
        np.testing.assert_array_equal(fitted.theta_, expected.theta_)
        assert fitted.theta_.dtype == fitted.predict(X.astype(kind)).dtype == np.float64


@each_model
def test_read_only_input_is_enough_and_stays_as_it_was(model):
    X, y = table()
    before = X.copy(), y.copy()
    X.flags.writeable = y.flags.writeable = False
    clone(model).fit(X, y).predict(X)
    np.testing.assert_array_equal(X, before[0])
    np.testing.assert_array_equal(y, before[1])
