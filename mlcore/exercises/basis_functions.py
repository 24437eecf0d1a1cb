"""Checks of the exercises of the chapter *Basis functions*."""

import numpy as np

from ..basis import polynomial
from ..datasets import load_seattle, make_quadratic
from ..linear import LinearRegression
from ..ridge import Ridge, ridge_dof
from ..teach import check
from ..validation import folds, one_standard_error


def row(answer):
    mistakes = {
        "the constant 1 is the model's, not φ's": [1.0, 3.0, -2.0, 9.0, -6.0, 4.0],
        "x₁x₂ stands between the two squares": [3.0, -2.0, 9.0, 4.0, -6.0],
        "x₁x₂ = 3 · (−2) is negative": [3.0, -2.0, 9.0, 6.0, 4.0],
        "(−2)² is positive": [3.0, -2.0, 9.0, -6.0, -4.0],
    }
    check(answer, [3.0, -2.0, 9.0, -6.0, 4.0], mistakes, name="φ(3, −2)")


def amplitude(answer):
    seattle = load_seattle()
    angle = 2 * np.pi / 365.25 * seattle.X[:, 0]
    mean, cosine, sine = (
        LinearRegression().fit(np.column_stack((np.cos(angle), np.sin(angle))), seattle.y).theta_
    )
    right = np.hypot(cosine, sine)
    mistakes = {
        "that is the swing from winter to summer, twice the amplitude": 2 * right,
        "that is the mean of the year": mean,
        "one of the two waves alone is not the amplitude": abs(cosine),
        "square the coefficients before you add them": abs(cosine) + abs(sine),
    }
    check(answer, right, mistakes, name="amplitude", rtol=1e-2)


def points(answer):
    mistakes = {
        "m is right; the training error lies below the noise floor": [200, 1.05],
        "m is right; the noise floor is 1, and the training error lies p/m below it": [200, 1.0],
        "m is right; p/m alone is how far the training error lies below the floor": [200, 0.05],
        "m is right; 2p/m is the gap between the two errors, p/m that between training and floor": [200, 0.9],
        "m is right; the training error is 1 − p/m, not 1/(1 + p/m)": [200, 1 / 1.05],
        "p/m = 0.05 gives m = 20p; nothing is to be subtracted": [190, 0.95],
        "that is where the gap between test and training is 5 %": [400, 0.975],
    }
    check(answer, [200, 0.95], mistakes, name="[m, training error]", rtol=1e-3)


def largest(answer):
    X, y = make_quadratic(8, 1.0, np.random.default_rng(8))
    grid = np.linspace(-1, 1, 400)

    def highest(degree):
        model = LinearRegression().fit(polynomial(X, degree), y)
        return np.round(np.abs(model.predict(polynomial(grid, degree))).max())

    mistakes = {
        "that is the largest y of the data; look at the curve on the grid": np.round(np.abs(y).max()),
        "the degree is 7, which has 8 parameters with the intercept": highest(6),
    }
    check(answer, highest(7), mistakes, name="largest |ŷ|")


def estimate(answer, Z):
    """`Z` holds the powers of the chapter's 50 points."""
    y = make_quadratic(50, 1.0, np.random.default_rng(3))[1]

    def corrected(delta, extra=1.0, factor=2.0):
        residuals = y - Ridge(delta).fit(Z, y).predict(Z)
        return np.mean(residuals**2) + factor / 50 * (extra + ridge_dof(Z, [delta])[0])

    mistakes = {
        "the free intercept is a parameter too": lambda delta: corrected(delta, extra=0.0),
        "the optimism has a factor 2": lambda delta: corrected(delta, factor=1.0),
        "that is the training error alone": lambda delta: corrected(delta, factor=0.0),
        "the optimism is to be added, not subtracted": lambda delta: corrected(delta, factor=-2.0),
    }
    check(answer, corrected, mistakes, name="estimate", at=[0.01, 0.3, 10.0])


def enough(answer):
    mistakes = {
        "there p/m is below 0.1, but new inputs cost more: read the test error in the figure": 110,
        "that is the rule p/m; now move the figure to degree 9": 100,
        "at that size it is, but at a smaller one already": 300,
    }
    check(answer, 180, mistakes, name="sample size")


def new_inputs(answer):
    mistakes = {
        "that is p/m, the mean over the old inputs": 2 / 30,
        "the slope's part is the variance of the new inputs divided by Σxᵢ², which is m/6": 1 / 30
        + 1 / 3 / 6,
    }
    check(answer, 0.1, mistakes, name="average leverage")


def constant_loo(answer):
    mistakes = {
        "the residuals grow by 50/49, their squares by its square": 4 * 50 / 49,
        "that is the training error; each residual is divided by 1 − h": 4.0,
        "the residuals are divided by 1 − h, not multiplied": 4 * (49 / 50) ** 2,
    }
    check(answer, 4 * (50 / 49) ** 2, mistakes, name="leave-one-out error", rtol=2e-3)


def gcv(answer):
    mistakes = {
        "the residuals are divided by 1 − p/m, their squares by its square": 0.9 / 0.9,
        "that is the expansion for small p/m; the first question wants the quotient": 0.9 * 1.2,
        "divide, don't multiply": 0.9 * 0.81,
    }
    check(answer, 0.9 / 0.81, mistakes, name="leave-one-out error", rtol=5e-3)


def _fold_errors(X, y, parts, on_itself=False):
    """Mean squared residual of each part."""
    out = []
    for part in parts:
        rows = part if on_itself else np.setdiff1d(np.arange(len(y)), part)
        out.append(np.mean((y[part] - LinearRegression().fit(X[rows], y[rows]).predict(X[part])) ** 2))
    return np.array(out)


def k_fold(answer):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(23, 2)), rng.normal(size=23)

    def right(X, y, parts):
        return _fold_errors(X, y, parts) @ [len(part) for part in parts] / len(y)

    mistakes = {
        "each part is judged by a fit to itself": lambda X, y, parts: np.mean(
            _fold_errors(X, y, parts, True)
        ),
        "the parts differ in size: average over the examples, not over the parts": lambda X, y, parts: (
            np.mean(_fold_errors(X, y, parts))
        ),
        "take the mean of the squares, not its root": lambda X, y, parts: np.sqrt(right(X, y, parts)),
    }
    check(answer, right, mistakes, name="k_fold", at=[(X, y, folds(23, k, rng)) for k in (3, 4)])


def paired_rule(answer):
    rng = np.random.default_rng(0)
    common = rng.gamma(0.5, 2.0, size=60)

    def draw(step):
        return np.array([common * (1 + step * (k - 3) ** 2) + 0.1 * rng.gamma(2, size=60) for k in range(9)])

    def right(squares):
        d = squares - squares[np.argmin(squares.mean(axis=1))]
        return np.flatnonzero(d.mean(axis=1) <= d.std(axis=1, ddof=1) / np.sqrt(d.shape[1]))[-1]

    mistakes = {
        "that is the standard error of one error, not of the difference": one_standard_error,
        "the last such row is wanted, not the best": lambda squares: np.argmin(squares.mean(axis=1)),
    }
    check(answer, right, mistakes, name="row", at=[draw(0.004), draw(0.01), draw(0.02)])
