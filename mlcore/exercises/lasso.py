"""Checks of the exercises of the chapter *The lasso*."""

import numpy as np

from ..basis import StandardScaler
from ..datasets import load_diabetes
from ..lasso import Lasso, lasso_path, soft_threshold
from ..linear import LinearRegression
from ..teach import check


def _diabetes(*names):
    """Standardised columns, all or those named, and the targets."""
    data = load_diabetes()
    X = StandardScaler().fit_transform(data.X)
    columns = [data.feature_names.index(name) for name in names]
    return X[:, columns] if names else X, data.y


def _slopes(X, y, delta):
    return Lasso(delta).fit(X, y).theta_[1:]


def slope_of_one(answer):
    def slope(x, y, delta, centred=True, share=0.5):
        x, y = (x - x.mean(), y - y.mean()) if centred else (x, y)
        return soft_threshold(x @ y, share * delta**2) / (x @ x)

    def divided_first(x, y, delta):
        x, y = x - x.mean(), y - y.mean()
        return soft_threshold(x @ y / (x @ x), delta**2 / 2)

    x, y = np.array([1.0, 2.0, 4.0, 5.0]), np.array([2.0, 1.0, 5.0, 4.0])
    mistakes = {
        "centre x and y first": lambda x, y, delta: slope(x, y, delta, centred=False),
        "the threshold is δ²/2, not δ²": lambda x, y, delta: slope(x, y, delta, share=1.0),
        "threshold c, then divide by a": divided_first,
    }
    check(answer, slope, mistakes, name="slope", at=[(x, y, 0.0), (x, y, 2.0), (x, -y, 1.0), (x, y, 6.0)])


def pull(answer):
    X = np.array([[2.0, 0, 1], [0, 1, 1], [1, 3, 0], [3, 1, 2], [4, 2, 4], [2, 2, 1]])
    y, theta = np.array([4.0, 0, -1, 6, 9, 2]), np.array([1.7, 0.0, 0.0])
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    right = 2 * Xc.T @ (yc - Xc @ theta) / 16
    mistakes = {
        "centre X and y first": 2 * X.T @ (y - X @ theta) / 16,
        "divide by δ², not by δ": 4 * right,
        "the residual is y − Xθ, not y": 2 * Xc.T @ yc / 16,
    }
    check(answer, right, mistakes, name="pull")


def raw_delta_max(answer):
    data = load_diabetes()
    yc = data.y - data.y.mean()
    largest = np.abs(data.X.T @ yc).max()
    mistakes = {
        "this is δ²: take the square root": 2 * largest,
        "the factor 2 is missing": np.sqrt(largest),
        "centre y first": np.sqrt(2 * np.abs(data.X.T @ data.y).max()),
        "these are the standardised columns": np.sqrt(2 * np.abs(_diabetes()[0].T @ yc).max()),
    }
    check(answer, np.sqrt(2 * largest), mistakes, name="δ_max")


def orthonormal_lasso(answer):
    rng = np.random.default_rng(4)
    B = rng.normal(size=(12, 4))
    Q = np.linalg.qr(B - B.mean(axis=0))[0]  # (12, 4): orthonormal, each column of mean zero
    y = 3 * rng.normal(size=12) + 5
    mistakes = {
        "this is ridge regression": lambda Q, y, delta: Q.T @ y / (1 + delta**2),
        "the threshold is δ²/2, not δ²": lambda Q, y, delta: soft_threshold(Q.T @ y, delta**2),
        "keep or kill is another penalty: survivors shrink, too": lambda Q, y, delta: (
            Q.T @ y * (np.abs(Q.T @ y) > delta**2 / 2)
        ),
    }
    check(answer, _slopes, mistakes, name="slopes", at=[(Q, y, 1.0), (Q, y, 2.0)])


def delta_2(answer):
    two, y = _diabetes("bmi", "bp")
    knot = float(lasso_path(two, y).deltas[1])
    mistakes = {
        "this is δ₂²": knot**2,
        "the factor 2 is missing": knot / np.sqrt(2),
        "without the first feature it would be this; but bmi explains part of bp": np.sqrt(
            2 * (two.T @ (y - y.mean()))[1]
        ),
    }
    check(answer, knot, mistakes, name="δ₂")


def lasso_by_exhaustion(answer):
    data = load_diabetes()
    three, y = data.X[:40, :3] / data.X[:40, :3].std(axis=0), data.y[:40]
    mistakes = {
        "this is least squares": lambda X, y, delta: LinearRegression().fit(X, y).theta_[1:],
        "the equations hold s·δ²/2, not s·δ²": lambda X, y, delta: _slopes(X, y, np.sqrt(2) * delta),
    }
    cases = [(three, y, delta) for delta in (2.0, 15.0, 30.0, 80.0)]
    check(answer, _slopes, mistakes, name="slopes", at=cases)


def w(answer):
    X, _ = _diabetes()

    def rows(strength):
        return np.linalg.solve(X.T @ X + strength * np.eye(10), X.T)

    bmi = load_diabetes().feature_names.index("bmi")
    mistakes = {
        "this is row 3 in counting from 1; Python counts from 0 (`names.index`)": rows(400.0)[bmi + 1],
        "δ² belongs on the diagonal, not δ": rows(20.0)[bmi],
        "this is least squares": rows(0.0)[bmi],
    }
    check(answer, rows(400.0)[bmi], mistakes, name="w")
