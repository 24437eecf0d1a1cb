"""Checks of the exercises of the chapter *Ridge regression*."""

import numpy as np

from ..basis import StandardScaler
from ..datasets import load_diabetes
from ..linear import LinearRegression
from ..objectives import LeastSquares
from ..ridge import Ridge, ridge_dof
from ..teach import check


def _diabetes(*names):
    """Standardised columns, all or those named, and the targets."""
    data = load_diabetes()
    X = StandardScaler().fit_transform(data.X)
    columns = [list(data.feature_names).index(name) for name in names]
    return X[:, columns] if names else X, data.y


def factor(answer):
    mistakes = {
        "δ enters squared": 1 / 3,
        "that is the part that is taken away": 4 / 5,
        "one half is the factor for δ = 1": 1 / 2,
    }
    check(answer, 1 / 5, mistakes, name="factor")


def slopes(answer):
    X, y = _diabetes()

    def ridge(delta):
        return Ridge(delta).fit(X, y).theta_[1:]

    mistakes = {
        "the invented rows are δI, not δ²I: they are squared by the cost": ridge(25.0),
        "this is least squares without the invented rows": LinearRegression().fit(X, y).theta_[1:],
        "the invented rows are I: where is δ?": ridge(1.0),
    }
    check(answer, ridge(5.0), mistakes, name="slopes")


def gradient(answer):
    cost = LeastSquares(*_diabetes("tc", "ldl"), delta=5.0)

    def off(entries):
        return lambda theta: cost.grad(theta) + entries * theta

    mistakes = {
        "the intercept is free: no penalty on θ₀": off(np.array([50, 0, 0])),
        "the penalty δ²θ² has the derivative 2δ²θ": off(np.array([0, -25, -25])),
        "the penalty is missing": off(np.array([0, -50, -50])),
        "the penalty has δ² in front, not δ": off(np.array([0, -40, -40])),
    }
    places = [np.zeros(3), np.array([150.0, 20.0, -5.0]), np.array([1.0, 2.0, 3.0])]
    check(answer, cost.grad, mistakes, name="gradient", at=places)


def delta_half(answer):
    X, _ = _diabetes()

    def leaves(wanted, low=0.0, high=1e3):
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if ridge_dof(X, [middle])[0] > wanted else (low, middle)
        return middle

    mistakes = {
        "this is δ²": leaves(5) ** 2,
        "this δ leaves 4: the intercept is not counted": leaves(4),
    }
    check(answer, leaves(5), mistakes, name="δ", rtol=2e-3)


def twins(answer):
    x, y = _diabetes("bmi")
    x, y = x[:, 0], y - y.mean()
    each, alone = x @ y / (2 * x @ x + 100), x @ y / (x @ x + 100)
    mistakes = {
        "this is the coefficient of a single column": [alone, alone],
        "close, but the penalty on the sum w is δ²/2, not δ²": [alone / 2, alone / 2],
        "this is the sum of the two": [2 * each, 2 * each],
        "this is least squares, shared": [x @ y / (2 * x @ x)] * 2,
    }
    check(answer, [each, each], mistakes, name="coefficients")


def best_price(answer):
    ratio = 6 / 18.25
    mistakes = {
        "the first number is δ², take the root": [12.25, ratio],
        "δ is right; the factor is upside down": [3.5, 1 / ratio],
        "δ is right; is the factor squared once too often?": [3.5, ratio**2],
    }
    check(answer, [3.5, ratio], mistakes, name="(δ, factor)", rtol=1e-3)
