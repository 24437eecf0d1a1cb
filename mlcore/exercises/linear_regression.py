"""Checks of the exercises of the chapter *Linear regression*."""

import numpy as np

from ..datasets import load_cars
from ..teach import check


def gradient(answer):
    mistakes = {
        "the factor 2 is missing": [-3, -2],
        "the second entry lacks the factor x": [-6, -6],
        "the minus sign from the inner derivative is missing": [6, 4],
    }
    check(answer, [-6, -4], mistakes, name="gradient")


def prediction(answer):
    mpg = load_cars().y
    gallons = 100 / mpg
    mistakes = {
        "the mean of the reciprocals is not the reciprocal of the mean": 100 / mpg.mean(),
        "this is the median; the line passes through the means": np.median(gallons),
    }
    check(answer, gallons.mean(), mistakes, name="prediction")


def normal_matrix(answer):
    def right(x):
        return np.diag([len(x), np.sum((x - x.mean()) ** 2)])

    mistakes = {
        "x was not centred": lambda x: np.array([[len(x), x.sum()], [x.sum(), x @ x]]),
        "this is the covariance matrix's scaling: do not divide by m": lambda x: right(x) / len(x),
    }
    weight = load_cars().X[:, 1] / 1000
    check(answer, right, mistakes, name="normal_matrix", at=[weight, weight[::33] - 3])


def theta_weighted(answer):
    X = np.column_stack((np.ones(4), np.arange(4.0)))
    y, w = np.array([1.0, 2.0, 2.0, 5.0]), np.array([1.0, 1.0, 1.0, 3.0])

    def solve(left, right):
        return np.linalg.solve((X.T * left) @ X, (X.T * right) @ y)

    mistakes = {
        "this is the fit without weights": solve(1, 1),
        "the weights entered twice: W² instead of W": solve(w**2, w**2),
        "the weights belong on both sides: in XᵀWX as well as in XᵀWy": solve(1, w),
    }
    check(answer, solve(w, w), mistakes, name="theta_weighted")


def shortest(answer):
    mistakes = {
        "same predictions, but it is not the shortest pair: its length is 5": [5, 0],
        "same predictions, but it is not the shortest pair: its length is 2.5": [0, 2.5],
        "these add up to 5, but the second column is doubled": [2.5, 2.5],
        "the direction is perpendicular to the right one": [2, -1],
    }
    check(answer, [1, 2], mistakes, name="(θ₁, θ₂)")
