"""What all estimators share: parameters by name, a score, fits that start afresh, every kind of array."""

import pickle
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from estimators import Frame, each_classifier, each_model, each_regressor, kind, outputs, table
from sklearn.base import clone
from sklearn.metrics import accuracy_score, r2_score

from mlcore import (
    LinearRegression,
    LogisticRegression,
    NumericalWarning,
    RBFRegression,
    Ridge,
    SoftmaxRegression,
    StandardScaler,
    rbf_grid,
    ridge_loo,
    ridge_path,
)
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


# ---------------------------------------------------------------------------------------------- refused fits
REFUSED = {
    "text in X": lambda X, y: (np.where(X > 1, "a", X.astype(object)), y),
    "NaN in X": lambda X, y: (np.where(X > 1, np.nan, X), y),
    "other columns, and a NaN in y": lambda X, y: (X[:, :2], [*y[:-1].tolist(), float("nan")]),
    "lengths": lambda X, y: (X[:, :3], y[:-1]),
    "y as a column": lambda X, y: (X[:, :2], y[:, None]),
    "no rows": lambda X, y: (X[:0], y[:0]),
}


@each_model
@pytest.mark.parametrize("spoil", REFUSED.values(), ids=list(REFUSED))
def test_a_refused_fit_leaves_the_model_as_it_was(model, spoil):
    X, y = table(model)
    frame = pd.DataFrame(X, columns=list("abcd"))
    model = clone(model).fit(frame, y)
    before, expected = {**vars(model)}, outputs(model, frame)
    with pytest.raises(ValueError):
        model.fit(*spoil(X, y))
    assert vars(model).keys() == before.keys() and all(vars(model)[k] is v for k, v in before.items())
    np.testing.assert_array_equal(outputs(model, frame), expected)


@each_model
@pytest.mark.parametrize("bad", [-1.0, "x", None, np.nan])
def test_a_bad_parameter_leaves_the_model_as_it_was(model, bad):
    X, y = table(model)
    model = clone(model).fit(X, y)
    expected = outputs(model, X)
    names = [n for n in model.get_params() if n in ("delta", "lam", "epochs", "method")]
    for name in names:
        good = getattr(model, name)
        with pytest.raises(ValueError):
            model.set_params(**{name: bad}).fit(X[:, :2], y)
        np.testing.assert_array_equal(outputs(model.set_params(**{name: good}), X), expected)


@each_model
def test_an_interrupted_fit_leaves_the_model_as_it_was(model, monkeypatch):
    X, y = table(model)
    model = clone(model).fit(X, y)
    expected = outputs(model, X)

    class Stopping:
        shape, ndim = X.shape, 2

        def __array__(self, *args, **kwargs):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        model.fit(X[:, :2], Stopping())
    np.testing.assert_array_equal(outputs(model, X), expected)


# ----------------------------------------------------------------------------------------------- data frames
ODD_NAMES = [
    "filled",
    "toarray",
    "mask",
    "dtype",
    "shape",
    "ndim",
    "columns",
    "values",
    "index",
    "size",
    "T",
    "sum",
]


@each_model
@pytest.mark.parametrize("names", [ODD_NAMES[k : k + 4] for k in (0, 4, 8)], ids=" ".join)
def test_names_of_columns_are_names_and_nothing_else(model, names):
    X, y = table(model)
    frame, target = pd.DataFrame(X, columns=names), pd.Series(y, index=[*ODD_NAMES, *range(len(y) - 12)])
    model = clone(model)
    expected = outputs(clone(model).fit(X, y), X)  # but for rounding: a frame keeps its columns in one piece
    np.testing.assert_allclose(outputs(model.fit(frame, target), frame), expected, rtol=1e-10)
    assert list(model.feature_names_in_) == names and model.score(frame, target) is not None
    assert list(pickle.loads(pickle.dumps(model)).feature_names_in_) == names


@each_model
def test_the_columns_of_a_frame_must_be_those_of_the_fit(model):
    X, y = table(model)
    frame = pd.DataFrame(X, columns=list("abcd"))
    model = clone(model).fit(frame, y)
    for other, words in (
        (
            frame[["b", "a", "c", "d"]],
            "(?s)same order as they were in fit.*were a, b, c, d; now they are b, a, c, d",
        ),
        (frame.rename(columns={"a": "e"}), "(?s)unseen at fit time:.- e.*yet now missing:.- a"),
        (frame[["a", "b"]], "(?s)missing:.- c.- d"),
    ):
        with pytest.raises(ValueError, match=words):
            model.predict(other)
        with pytest.raises(ValueError, match="should match those that were passed during fit"):
            model.score(other, y)
    with pytest.warns(UserWarning, match="does not have valid feature names.* a, b, c, d, in this order"):
        model.predict(X)
    model.fit(X, y)
    assert not hasattr(model, "feature_names_in_")
    with pytest.warns(UserWarning, match="has feature names, but .* without"):
        model.predict(frame)
    assert not hasattr(model.fit(pd.DataFrame(X), y), "feature_names_in_")  # numbers are no names


def test_the_scaler_knows_its_columns_and_survives_a_refused_fit():
    X, _ = table(Ridge())
    frame = pd.DataFrame(X, columns=ODD_NAMES[:4])
    scaler = StandardScaler()
    Z = scaler.fit_transform(frame)
    assert list(scaler.feature_names_in_) == ODD_NAMES[:4]
    with pytest.raises(ValueError, match="same order as they were in fit"):
        scaler.transform(frame[ODD_NAMES[3::-1]])
    with pytest.raises(ValueError, match="got NaN"):
        scaler.fit(np.where(X > 1, np.nan, X))
    np.testing.assert_array_equal(scaler.transform(frame), Z)
    np.testing.assert_allclose(scaler.inverse_transform(Z), X, atol=1e-14)  # Z has no names, and needs none


@each_model
@pytest.mark.parametrize(
    "convert",
    [
        lambda X: pd.DataFrame(X).astype({0: bool}),  # as get_dummies beside numbers
        lambda X: pd.DataFrame(X).astype({0: "Int64"}).astype({1: "Float64"}),
        lambda X: pd.DataFrame(X).astype("Float64"),
        lambda X: pd.DataFrame(X).astype({0: "boolean", 1: "float32"}),
        lambda X: pd.DataFrame([[Fraction(v) for v in row] for row in X.tolist()]),
        lambda X: X.astype(object),
    ],
)
def test_frames_of_several_types_of_numbers(model, convert):
    X, y = table(model)
    X = np.column_stack((X[:, 0] > 0, X[:, 1:])).astype(float)
    mixed = convert(X)
    expected = outputs(clone(model).fit(np.asarray(mixed, dtype=float), y), np.asarray(mixed, dtype=float))
    np.testing.assert_allclose(outputs(clone(model).fit(mixed, y), mixed), expected, rtol=1e-10)


@each_classifier
@pytest.mark.parametrize(
    "convert",
    [
        lambda y: np.array(y, dtype=np.dtypes.StringDType()),
        lambda y: [str(label) if i % 2 else np.str_(label) for i, label in enumerate(y)],
        lambda y: pd.Series(y, dtype="string"),
        lambda y: pd.Series(y, dtype="category"),
    ],
    ids=["StringDType", "str and np.str_", "string", "category"],
)
def test_text_labels_of_every_kind(model, convert):
    X, y = table(model)
    expected = clone(model).fit(X, y).predict(X)
    fitted = clone(model).fit(X, convert(y))
    np.testing.assert_array_equal(fitted.predict(X), expected)
    assert fitted.score(X, convert(y)) == np.mean(expected == y)


# ---------------------------------------------------------------------------------------- scores of any size
class Told(Estimator):
    """Predicts what it was told."""

    def __init__(self, y_hat):
        self.y_hat = y_hat

    def predict(self, X):
        return np.asarray(self.y_hat, dtype=float)


@pytest.mark.parametrize("unit", [1e-300, 1e-170, 1e-30, 1.0, 1e30, 1e160, 1.7e308])
def test_r2_has_no_unit(unit):
    y, y_hat = np.array([0, 1, 0, 1.0]), np.array([0.2, 0.6, 0.2, 0.6])
    assert Told(unit * y_hat).score(None, unit * y) == pytest.approx(0.6, rel=1e-12)
    assert Told(-unit * (2 * y - 1)).score(None, unit * (2 * y - 1)) == -3.0


def test_r2_far_off():
    assert Told([1e200, 1e200]).score(None, [0.0, 1e-200]) == -np.inf
    assert Told([0.3] * 10).score(None, [0.1] * 10) == 0.0  # a constant y, whose mean is rounded
    offset = 1e15 + np.arange(6.0)
    exact = 1 - Fraction(6) / sum(Fraction(2 * k - 5, 2) ** 2 for k in range(6))
    assert Told(offset + 1).score(None, offset) == pytest.approx(float(exact), rel=1e-14)


# ---------------------------------------------------------------------------------------- warnings of a fit
@pytest.mark.parametrize("model", [LinearRegression(), LogisticRegression(), SoftmaxRegression()], ids=kind)
def test_warnings_point_to_the_call_of_fit(model):
    x = np.arange(6.0)
    with pytest.warns(NumericalWarning) as caught:
        model.fit(np.column_stack((x, 2 * x)), (x > 2).astype(int))
    assert {warning.filename for warning in caught} == {__file__}


@pytest.mark.parametrize(
    "call",
    [
        lambda X, y: Ridge(0.0).fit(X, y),
        lambda X, y: ridge_path(X, y, [0.0]),
        lambda X, y: ridge_path(X, y, [0.0, 1.0]),
        lambda X, y: ridge_loo(X, y, [0.0, 1.0]),
        lambda X, y: RBFRegression().fit(X, y),
        lambda X, y: rbf_grid(X, y, [1.0], [0.0]),
        lambda X, y: LinearRegression().fit(pd.DataFrame(X[:, :1], columns=["a"]), y).score(X[:, :1], y),
        lambda X, y: LogisticRegression(1.0).fit(pd.DataFrame(X, columns=["a", "b"]), y).predict(X),
        lambda X, y: LogisticRegression(1.0).fit(pd.DataFrame(X, columns=["a", "b"]), y).score(X, y),
    ],
)
def test_warnings_point_to_the_call_whatever_lies_between(call):
    """Python shows a warning once for each line: at one of the library's own, only the first is ever seen."""
    x = np.arange(6.0)
    with pytest.warns(UserWarning) as caught:
        call(np.column_stack((x, 2 * x)), (x > 2).astype(int))
    assert [warning.filename for warning in caught] == [__file__]
