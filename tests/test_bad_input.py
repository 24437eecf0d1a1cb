"""Every estimator refuses what it cannot use, with a ValueError that says what was expected and what came."""

import numpy as np
import pytest
from scipy import sparse

from mlcore import LinearRegression, RankDeficiencyWarning
from mlcore.lasso import Lasso
from mlcore.rbf_regression import RBFRegression
from mlcore.ridge import Ridge

X, Y = np.random.default_rng(0).normal(size=(8, 2)), np.arange(8.0)
MODELS = [LinearRegression(), Ridge(), Lasso(), RBFRegression(delta=0.1)]
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)

BAD_X = {
    "1-D": (X[:, 0], r"X must be a 2-D array of shape \(m, d\); got a 1-D.*\(8,\).*x\[:, None\]"),
    "3-D": (X[None], r"2-D.*\(1, 8, 2\)"),
    "a number": (3.0, "2-D.*3.0"),
    "no rows": (np.empty((0, 2)), r"at least one row.*\(0, 2\)"),
    "no columns": (np.empty((8, 0)), r"at least one row and one column.*\(8, 0\)"),
    "nan": (np.where(np.eye(8, 2), np.nan, X), "finite.*NaN at row 0, column 0"),
    "inf": (np.where(np.eye(8, 2), np.inf, X), "finite.*inf at row 0, column 0"),
    "text": (X.astype(str), "real numbers; got text"),
    "objects": (X.astype(object), "real numbers; got objects"),
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
    "objects": (Y.astype(object), "real numbers; got objects"),
    "complex": (Y + 0j, "real numbers; got complex"),
    "none": (None, "requires y to be passed, but the target y is None"),
}
BAD_NUMBERS = {"negative": -1.0, "nan": np.nan, "inf": np.inf, "text": "1", "none": None, "bool": True,
               "list": [1.0], "array": np.array([1.0]), "complex": 1j}


@each_model
@pytest.mark.parametrize("case", BAD_X)
def test_bad_X_at_fit(model, case):
    bad, words = BAD_X[case]
    with pytest.raises(ValueError, match=words):
        type(model)(**model.get_params()).fit(bad, Y)


@each_model
@pytest.mark.parametrize("case", BAD_Y)
def test_bad_y_at_fit(model, case):
    bad, words = BAD_Y[case]
    with pytest.raises(ValueError, match=words):
        type(model)(**model.get_params()).fit(X, bad)


@each_model
@pytest.mark.parametrize("method", ["predict", "score"])
@pytest.mark.parametrize("case", [*BAD_X, "other columns"])
def test_bad_X_after_fit(model, method, case):
    bad, words = BAD_X.get(case, (X[:, :1], r"X has 1 features, but \w+ is expecting 2.*\(8, 1\)"))
    fitted = type(model)(**model.get_params()).fit(X, Y)
    with pytest.raises(ValueError, match=words):
        getattr(fitted, method)(bad, *([Y] if method == "score" else []))


@each_model
def test_not_fitted(model):
    fresh = type(model)(**model.get_params())
    for call in (lambda: fresh.predict(X), lambda: fresh.score(X, Y)):
        with pytest.raises(ValueError, match=f"{type(model).__name__} must be fitted first"):
            call()


@each_model
def test_a_failed_fit_leaves_no_half_fitted_model(model):
    fresh = type(model)(**model.get_params())
    with pytest.raises(ValueError):
        fresh.fit(X, Y[:3])
    assert not [name for name in vars(fresh) if name.endswith("_")]


@pytest.mark.parametrize("kind", [Ridge, Lasso, RBFRegression])
@pytest.mark.parametrize("case", BAD_NUMBERS)
def test_bad_delta(kind, case):
    model = kind(delta=BAD_NUMBERS[case])  # the constructor stores it, untouched
    with pytest.raises(ValueError, match="delta must be a finite number >= 0; got"):
        model.fit(X, Y)


@pytest.mark.parametrize("case", [*BAD_NUMBERS, "zero"])
def test_bad_lam(case):
    with pytest.raises(ValueError, match="lam must be a finite number > 0; got"):
        RBFRegression(lam=BAD_NUMBERS.get(case, 0.0), delta=1.0).fit(X, Y)


@pytest.mark.parametrize("centers, words", [
    (np.zeros((3, 1)), "same number of columns"), (np.full((3, 2), np.nan), "centers must be.*finite"),
    ("abc", "centers must be"), (np.zeros((0, 2)), "centers must have at least one row"),
])
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
    fresh = type(model)(**model.get_params())
    if isinstance(model, LinearRegression):
        with pytest.warns(RankDeficiencyWarning, match="rank 1"):
            fresh.fit(X[:1], Y[1:2])
    else:
        fresh.fit(X[:1], Y[1:2])
    np.testing.assert_allclose(fresh.predict(X[:1]), [1.0])
