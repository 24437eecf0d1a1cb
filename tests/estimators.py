"""Every estimator of mlcore: settings that fit in no time, a grid to search, and data that suit it."""

import numpy as np
import pytest

from mlcore import (
    Adam,
    Lasso,
    LinearRegression,
    LogisticRegression,
    MLPClassifier,
    MLPRegressor,
    RBFRegression,
    Ridge,
    SoftmaxRegression,
)
from mlcore.datasets import load_diabetes, load_iris

NETWORK = {"hidden": (5,), "epochs": 20, "optimiser": Adam(0.01), "random_state": 0}
REGRESSORS = [
    LinearRegression(),
    Ridge(2.0),
    Lasso(3.0),
    RBFRegression(lam=20.0, delta=0.5),
    MLPRegressor(**NETWORK),
]
CLASSIFIERS = [LogisticRegression(0.5), SoftmaxRegression(0.5), MLPClassifier(**NETWORK)]
GRIDS = {
    LinearRegression: {},
    RBFRegression: {"lam": [5.0, 50.0], "delta": [0.1, 1.0]},
    MLPRegressor: {"hidden": [(2,), (5, 3)]},
    MLPClassifier: {"activation": ["tanh", "relu"]},
}


def kind(model):
    return type(model).__name__


each_model = pytest.mark.parametrize("model", REGRESSORS + CLASSIFIERS, ids=kind)
each_regressor = pytest.mark.parametrize("model", REGRESSORS, ids=kind)
each_classifier = pytest.mark.parametrize("model", CLASSIFIERS, ids=kind)


def table(model, m=60):
    """Standardised X (m, 4) and a y (m,) for the model: progressions, or species by name in random order."""
    if kind(model) in map(kind, REGRESSORS):
        data = load_diabetes()
        X, y = data.X[:m, 2:6], data.y[:m]
    else:
        data = load_iris()
        classes = 2 if isinstance(model, LogisticRegression) else 3
        rows = np.random.default_rng(0).permutation(np.flatnonzero(data.y > 2 - classes))[:m]
        X, y = data.X[rows], np.array(data.target_names)[data.y[rows]]
    return (X - X.mean(axis=0)) / X.std(axis=0), y


def grid(model):
    """Values to search over, by parameter."""
    return GRIDS.get(type(model), {"delta": [0.1, 10.0]})


def outputs(model, X):
    """What a fitted model says of `X` (m, d), in numbers: predictions (m,) or probabilities (m, K)."""
    return getattr(model, "predict_proba", model.predict)(X)


class Frame:
    """Stands for data frames: NumPy sees __array__ only, and `mask` is a method, unlike in masked arrays."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype=dtype)

    def mask(self):
        return self
