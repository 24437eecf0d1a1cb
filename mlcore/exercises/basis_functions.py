"""Checks of the exercises of the chapter *Basis functions*."""

import numpy as np

from ..basis import polynomial
from ..datasets import load_seattle, make_quadratic
from ..linear import LinearRegression
from ..ridge import Ridge, ridge_dof
from ..teach import check


def row(answer):
    mistakes = {
        "the constant 1 is the model's, not φ's": [1.0, 3.0, -2.0, 9.0, -6.0, 4.0],
        "x₁x₂ stands between the two squares": [3.0, -2.0, 9.0, 4.0, -6.0],
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
    check(answer, right, mistakes, name="amplitude", rtol=1e-3)


def points(answer):
    mistakes = {
        "m is right; the training error lies below the noise floor": [200, 1.05],
        "that is where the gap between test and training is 5 %": [400, 0.975],
    }
    check(answer, [200, 0.95], mistakes, name="[m, training error]")


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
