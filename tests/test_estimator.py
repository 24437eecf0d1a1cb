"""What all estimators share: parameters by name, a score, fits that start afresh, every kind of array."""

import numpy as np
import pytest
from estimators import Frame, each_classifier, each_model, each_regressor, outputs, table
from sklearn.base import clone
from sklearn.metrics import accuracy_score, r2_score

from mlcore import LinearRegression, Ridge
from mlcore._estimator import Estimator


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
def test_a_fit_forgets_the_last_one(model):
    X, y = table(model)
    fresh, used = clone(model).fit(X, y), clone(model)
    used.fit(X[10:40, :2], y[10:40])
    assert used.n_features_in_ == 2 and used.fit(X, y) is used and used.n_features_in_ == 4
    np.testing.assert_array_equal(outputs(used, X), outputs(fresh, X))
    assert vars(used).keys() == vars(fresh).keys()


@each_model
def test_no_count_of_columns_before_the_fit(model):
    with pytest.raises(AttributeError):
        _ = clone(model).n_features_in_


# ------------------------------------------------------------------------------------------------------ score
@each_regressor
def test_score_is_r2(model):
    X, y = table(model)
    model = clone(model).fit(X, y)
    assert model.score(X, y) == pytest.approx(r2_score(y, model.predict(X)), rel=1e-12)
    assert type(model.score(X, y)) is float


@each_classifier
def test_score_is_accuracy(model):
    X, y = table(model)
    model = clone(model).fit(X[:30], y[:30])
    assert model.score(X, y) == accuracy_score(y, model.predict(X)) > 0.5
    assert type(model.score(X, y)) is float


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


# -------------------------------------------------------------------------------------- what comes in as data
@each_model
@pytest.mark.parametrize(
    "convert",
    [
        Frame,
        np.ndarray.tolist,
        np.asfortranarray,
        lambda a: a[::-1][::-1],
        lambda a: np.repeat(a, 2, axis=-1)[..., ::2],
    ],
    ids=["frame", "lists", "fortran", "reversed", "strided"],
)
def test_array_likes(model, convert):
    X, y = table(model)
    expected = clone(model).fit(X, y)
    fitted = clone(model).fit(convert(X), convert(y))
    np.testing.assert_allclose(outputs(fitted, convert(X)), outputs(expected, X), rtol=1e-9)
    assert fitted.score(convert(X), convert(y)) == pytest.approx(expected.score(X, y), rel=1e-9)


@each_model
@pytest.mark.parametrize("dtype", ["f2", "f4", "i4", "i1", ">f8", "longdouble"])
def test_other_precisions_and_whole_numbers_become_float64(model, dtype):
    X, y = table(model)
    X = np.round(X * 4)  # exact in all of them
    if y.dtype.kind == "f":
        y = np.round(y / 4)
    expected = clone(model).fit(X, y)
    fitted = clone(model).fit(X.astype(dtype), y.astype(dtype) if y.dtype.kind == "f" else y)
    np.testing.assert_array_equal(outputs(fitted, X.astype(dtype)), outputs(expected, X))
    assert outputs(fitted, X.astype(dtype)).dtype == np.float64


@each_classifier
@pytest.mark.parametrize(
    "labels",
    [[7, -3, 40], [0.0, 2.0, 5.0], ["ja", "nein", "vielleicht"], [b"a", b"b", b"c"]],
    ids=["integers", "floats", "text", "bytes"],
)
def test_labels_come_back_as_they_were(model, labels):
    X, y = table(model)
    names, codes = np.unique(y, return_inverse=True)
    labels = np.array(labels)[: len(names)]
    fitted = clone(model).fit(X, labels[codes])
    np.testing.assert_array_equal(fitted.classes_, np.sort(labels))
    assert fitted.classes_.dtype == fitted.predict(X).dtype == labels.dtype
    order = np.argsort(labels)
    np.testing.assert_allclose(fitted.predict_proba(X).sum(axis=1), 1, rtol=1e-12)
    if (order == np.arange(len(names))).all():  # the names sort like the species: the same fit
        np.testing.assert_array_equal(fitted.predict_proba(X), clone(model).fit(X, y).predict_proba(X))
    assert fitted.score(X, labels[codes]) > 0.5


@each_classifier
def test_two_classes_of_booleans(model):
    X, y = table(model)
    fitted = clone(model).fit(X, y == "virginica")
    assert fitted.classes_.tolist() == [False, True] and fitted.predict(X).dtype == bool
