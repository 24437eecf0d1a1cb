"""Checks of the exercises of the chapter *Linear regression*."""

import numpy as np

from ..datasets import load_cars
from ..teach import check


def _twelve():
    """Weight − 3 (1000 lb) and miles per gallon of every 33rd car."""
    cars = load_cars()
    return cars.X[::33, 1] / 1000 - 3, cars.y[::33]


def gradient(answer):
    mistakes = {
        "the factor 2 is missing": [-3, -2],
        "the second entry lacks the factor x": [-6, -6],
        "the minus sign from the inner derivative is missing": [6, 4],
    }
    check(answer, [-6, -4], mistakes, name="gradient")


def tilted(answer):
    x, y = _twelve()
    mistakes = {
        "this is the mean of y; the line must pass through the point of the means, and x̄ is not quite zero": (
            y.mean()
        ),
        "the sign is turned: θ₀ = ȳ − x̄θ₁, and θ₁ is negative": y.mean() - 16 * x.mean(),
        "this is the intercept that belongs to the best slope; here the slope is −16": (
            y.mean() + 7.873667 * x.mean()
        ),
        "this is the best slider position; the question is about the best number": 23,
    }
    check(answer, y.mean() + 16 * x.mean(), mistakes, name="θ₀")


def prediction(answer):
    mpg = load_cars().y
    gallons = 100 / mpg
    mistakes = {
        "the mean of the reciprocals is not the reciprocal of the mean": 100 / mpg.mean(),
        "this is in miles per gallon, and of the other line": mpg.mean(),
        "this is in miles per gallon; gallons per 100 miles are asked for": 100 / gallons.mean(),
        "this is the median; the line passes through the means": np.median(gallons),
    }
    check(answer, gallons.mean(), mistakes, name="prediction")


def normal_matrix(answer):
    def right(x):
        return np.diag([len(x), np.sum((x - x.mean()) ** 2)])

    def columns(x):
        return np.column_stack((np.ones(len(x)), x - x.mean()))  # (m, 2)

    mistakes = {
        "this is XXᵀ, a number for each two cars; XᵀX has one for each two columns": (
            lambda x: columns(x) @ columns(x).T
        ),
        "this is the variance of x, one number; XᵀX has two rows and two columns, the ones included": (
            lambda x: np.cov(x)
        ),
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


def through_origin(answer):
    cars = load_cars()
    x, y = cars.X[:, 1] / 1000, 100 / cars.y
    dx, dy = x - x.mean(), y - y.mean()
    mistakes = {
        "right as far as it goes; give three digits after the point": 1.6,
        "this is the slope of the line with an intercept": (dx @ dy) / (dx @ dx),
        "this is the slope of the line with an intercept, rounded": round((dx @ dy) / (dx @ dx), 2),
        "this is the mean of the ratios y/x; each car counts with its squared weight": np.mean(y / x),
        "this is the ratio of the means; each car counts with its squared weight": y.mean() / x.mean(),
        "this predicts the weight from the fuel: divide by Σx²": (x @ y) / (y @ y),
    }
    check(answer, (x @ y) / (x @ x), mistakes, name="slope", rtol=4e-4)


def gram_schmidt_by_hand(answer):
    mistakes = {
        "the intercept forgets r₁₂: the first row of R says 2θ₀ + 4θ₁ = 10": [5, 2],
        "slope and intercept are exchanged": [2, 1],
        "these are the entries of Qᵀy; Rθ = Qᵀy is still to be solved": [10, 4],
        "the second column of Q has length 1: divide by r₂₂ = 2": [-3, 4],
    }
    check(answer, [1, 2], mistakes, name="[θ₀, θ₁]")


def back_substitution(answer):
    def solved(R, c, divide=True, start=1, order=-1, sign=1):
        theta = np.zeros(len(c))
        for j in range(len(c))[::order]:
            rest = c[j] - sign * R[j, j + start :] @ theta[j + start :]
            theta[j] = rest / R[j, j] if divide else rest
        return theta

    mistakes = {
        "the division by R[j, j] is missing": lambda R, c: solved(R, c, divide=False),
        "the rows must be taken from the bottom up": lambda R, c: solved(R, c, order=1),
        "what is known already must be subtracted from c[j]": lambda R, c: solved(R, c, sign=-1),
        "only the diagonal was used": lambda R, c: c / np.diag(R),
        "one entry is skipped: the sum begins at j + 1": lambda R, c: solved(R, c, start=2),
    }
    places = [
        (np.array([[2.0, 4.0], [0.0, 2.0]]), np.array([10.0, 4.0])),
        (np.array([[1.0, -2.0, 3.0], [0.0, 4.0, 1.0], [0.0, 0.0, -0.5]]), np.array([2.0, 1.0, 3.0])),
    ]
    check(answer, lambda R, c: np.linalg.solve(R, c), mistakes, name="solve_upper", at=places)


def cost_of_a_column(answer):
    def right(X, y, theta):
        return np.sum((y.ravel() - X @ theta) ** 2)

    mistakes = {
        "y (m, 1) and Xθ (m,) still broadcast to (m, m)": lambda X, y, theta: np.sum((y - X @ theta) ** 2),
        "this is the mean; the cost of this book is the sum": lambda X, y, theta: right(X, y, theta) / len(y),
        "dividing by m does not mend it: all pairs of a target and a prediction are still in the sum": (
            lambda X, y, theta: np.sum((y - X @ theta) ** 2) / len(y)
        ),
    }
    X = np.column_stack((np.ones(4), np.arange(4.0)))
    y = np.array([[1.0], [2.0], [2.0], [5.0]])
    places = [(X, y, np.array([0.0, 1.0])), (X, y, np.array([1.0, -2.0]))]
    check(answer, right, mistakes, name="cost", at=places)


def leverage_of_a_mean(answer):
    mistakes = {
        "this is the prediction itself; how much does it move per unit of one target?": 392,
        "all 392 leverages add up to 1, the number of parameters": 1,
        "with an intercept alone there is no term that depends on the weight": 2 / 392,
    }
    check(answer, 1 / 392, mistakes, name="h", rtol=2e-2)
