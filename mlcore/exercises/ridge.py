"""Checks of the exercises of the chapter *Ridge regression*."""

import numpy as np

from ..basis import StandardScaler
from ..datasets import load_diabetes
from ..linear import LinearRegression
from ..objectives import LeastSquares
from ..ridge import Ridge, ridge_dof, solve_ridge
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
        "this is what it is divided by": 5.0,
        "this is 1/δ²: XᵀX = I adds 1 to δ²": 1 / 4,
        "the coefficient is divided by 1 + δ², not by its root": 1 / np.sqrt(5),
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
    check(answer, [3.5, ratio], mistakes, name="(δ, factor)", rtol=5e-3)


def all_positive(answer):
    """The share of samples whose coefficient of ldl is positive, in the limit of a large δ."""
    X, y = _diabetes("tc", "ldl")
    rng = np.random.default_rng(0)
    samples = [rng.choice(len(y), 60, replace=False) for _ in range(100)]
    pull = [(X[rows] - X[rows].mean(axis=0))[:, 1] @ y[rows] for rows in samples]
    mistakes = {
        "that is what least squares gives: move δ to its right end": 37,
        "a large δ makes the answers alike, not right: the caption of the explorer counts them": 100,
        "these are the negative ones": 11,
    }
    check(answer, int(np.sum(np.array(pull) > 0)), mistakes, name="number of samples")


def sign_delta(answer):
    X, y = _diabetes("tc", "ldl")
    m, tc, ldl = len(y), X[:, 0], X[:, 1]
    right = np.sqrt(m * (tc @ ldl / m * (tc @ y) / (ldl @ y) - 1))
    mistakes = {
        "this is δ², take the root": right**2,
        "XᵀX has m on its diagonal, and m times the correlation beside it": right / np.sqrt(m),
        "the other way round: it is ρ r₁/r₂, with r₁ the larger one": np.sqrt(
            abs(m * (tc @ ldl / m * (ldl @ y) / (tc @ y) - 1))
        ),
    }
    if isinstance(answer, float) and np.isnan(answer):
        print("δ: not yet: under the root stands a negative number; are r₁ and r₂ exchanged?")
    else:
        check(answer, right, mistakes, name="δ", rtol=5e-3)


def repaired(answer):
    def predict(
        X, y, X_new, delta, *, leak=False, square=True, taxed=False, pooled=False, level=True, ddof=0
    ):
        train = np.vstack((X, X_new)) if pooled else X
        scale = X_new if leak else train
        Z = (X - train.mean(axis=0)) / train.std(axis=0, ddof=ddof)
        Z_new = (X_new - scale.mean(axis=0)) / scale.std(axis=0, ddof=ddof)
        strength = delta if square else np.sqrt(delta)
        if taxed:
            A = np.column_stack((np.ones(len(Z)), Z))
            theta = np.linalg.solve(A.T @ A + strength**2 * np.eye(A.shape[1]), A.T @ y)
        else:
            theta = solve_ridge(Z, y, strength)
        return level * theta[0] + Z_new @ theta[1:]

    def variant(**wrong):
        return lambda *args: predict(*args, **wrong)

    def pooled_and_centred(X, y, X_new, delta):
        both = np.vstack((X, X_new))
        Z, Z_new = (X - both.mean(axis=0)) / both.std(axis=0), (X_new - both.mean(axis=0)) / both.std(axis=0)
        theta = np.linalg.solve(Z.T @ Z + delta**2 * np.eye(Z.shape[1]), Z.T @ (y - y.mean()))
        return y.mean() + Z_new @ theta

    mistakes = {
        "nothing has changed yet: look for three faults": variant(leak=True, square=False, taxed=True),
        "one fault is left: the intercept is still penalised": variant(taxed=True),
        "one fault is left: new rows are standardised by their own means": variant(leak=True),
        "one fault is left: δ² belongs on the diagonal": variant(square=False),
        "two faults are left: the intercept and the new rows": variant(taxed=True, leak=True),
        "two faults are left: the intercept and δ²": variant(taxed=True, square=False),
        "two faults are left: the new rows and δ²": variant(leak=True, square=False),
        "y was centred: add its mean to the predictions": variant(level=False),
        "means and deviations come from the training rows alone: new rows would leak in": variant(
            pooled=True
        ),
        "means and deviations of the training rows alone, or the new rows leak in": pooled_and_centred,
        "the deviations divide by m (`std` without `ddof`), as in eq-standardise": variant(ddof=1),
    }
    data = load_diabetes()
    X, y = data.X, data.y
    places = [(X[:60], y[:60], X[60:70], 4.0), (X[::3], y[::3], X[1::9], 9.0)]
    check(answer, predict, mistakes, name="predict", at=places)


def prior(answer):
    mistakes = {
        "this is δ², take the root": 25.0,
        "upside down: the narrower the invented errors, the stronger the penalty": 1 / 5,
        "only the ratio of the two deviations counts": 75.0 * 15.0,
    }
    check(answer, 5.0, mistakes, name="δ")


def dual(answer):
    X, y = _diabetes()
    X, y = X[:6] - X[:6].mean(axis=0), y[:6] - y[:6].mean()
    mistakes = {
        "these are the coefficients of the rows: multiply by Xᵀ": np.linalg.solve(X @ X.T + 4 * np.eye(6), y),
        "δ = 2 enters squared": X.T @ np.linalg.solve(X @ X.T + 2 * np.eye(6), y),
    }
    check(answer, X.T @ np.linalg.solve(X @ X.T + 4 * np.eye(6), y), mistakes, name="slopes")
