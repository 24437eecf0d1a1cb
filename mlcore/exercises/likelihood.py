"""Checks of the exercises of the chapter *Likelihood*."""

import numpy as np

from ..datasets import load_cars
from ..linear import leverage, most_likely, solve_by_qr
from ..linear import standard_errors as right_standard_errors
from ..teach import check


def _cars():
    """The columns 1 and weight (1000 lb), and gallons per 100 miles."""
    cars = load_cars()
    weight = cars.X[:, list(cars.feature_names).index("weight")] / 1000
    return np.column_stack((np.ones(len(weight)), weight)), 100 / cars.y


def ratio(answer):
    mistakes = {
        "this is the logarithm of the ratio": 2.25,
        "the exponent is half the difference of the sums of squares": np.exp(4.5),
        "this is the ratio the other way round": np.exp(-2.25),
        "only one of the two values was used": np.exp(0.375),
    }
    check(answer, np.exp(2.25), mistakes, name="ratio", rtol=2e-3)


def narrower(answer):
    mistakes = {
        "the width goes with the root of the number of tosses": 1 / 100,
        "this belongs to 50 times the tosses, from 10 to 500; a hundred times is asked": 1 / np.sqrt(50),
        "this belongs to 50 times the tosses, from m = 10 to 500; a hundred times is asked": 0.14,
        "this is what the explorer shows for 50 times the tosses; a hundred times is asked": 0.15,
        "by how many times narrower is right; give the width as a share of the old one": 10,
    }
    check(answer, 1 / 10, mistakes, name="share of the old width", rtol=3e-3)


def rate(answer):
    counts = np.array([2, 0, 1, 3, 1, 5])
    mistakes = {
        "this is the median; the derivative is zero at the mean": np.median(counts),
        "this is the sum; divide by the number of days": counts.sum(),
        "the day without a call counts, too": counts.sum() / 5,
    }
    check(answer, counts.mean(), mistakes, name="θ̂")


def bound(answer):
    mistakes = {
        "0.95 is the probability that it shows up at least once; the bound leaves 0.05 for none": (
            1 - 0.95 ** (1 / 60)
        ),
        "this is 3/m, a good approximation; the exact value is asked": 3 / 60,
        "this is 1 − p": 0.05 ** (1 / 60),
        "this is the most plausible value; the largest that is not refuted is asked": 0.0,
    }
    check(answer, 1 - 0.05 ** (1 / 60), mistakes, name="bound", rtol=1e-3)


def nll(answer):
    X, y = _cars()

    def formed(front, weight):
        def wrong(theta, sigma):
            return front(sigma) + weight(sigma) * np.sum((y - X @ theta) ** 2)

        return wrong

    m = len(y)
    right = formed(lambda s: m / 2 * np.log(2 * np.pi * s**2), lambda s: 1 / (2 * s**2))
    mistakes = {
        "this is the log-likelihood: the sign of both terms is turned": lambda t, s: -right(t, s),
        "under the logarithm σ is squared: 2πσ²": formed(
            lambda s: m / 2 * np.log(2 * np.pi * s), lambda s: 1 / (2 * s**2)
        ),
        "the first term is missing: it is what keeps σ small": formed(
            lambda s: 0.0, lambda s: 1 / (2 * s**2)
        ),
        "the squares are divided by 2σ², not by σ²": formed(
            lambda s: m / 2 * np.log(2 * np.pi * s**2), lambda s: 1 / s**2
        ),
        "in front of the logarithm stands m/2": formed(
            lambda s: np.log(2 * np.pi * s**2) / 2, lambda s: 1 / (2 * s**2)
        ),
    }
    best, sigma = most_likely(X, y)
    places = [(best, sigma), (np.array([0.0, 1.0]), 2.0), (np.array([1.0, 1.5]), 0.3)]
    check(answer, right, mistakes, name="nll", at=places)


def repaired(answer):
    def right(x, mu, sigma):
        return np.sum(-0.5 * np.log(2 * np.pi * sigma**2) - (x - mu) ** 2 / (2 * sigma**2))

    def by_product(x, mu, sigma):
        return np.log(np.prod(np.exp(-((x - mu) ** 2) / 2 / sigma**2) / np.sqrt(2 * np.pi * sigma**2)))

    mistakes = {
        "one fault is left: under the root stands 2πσ², with the square": lambda x, mu, sigma: np.sum(
            -0.5 * np.log(2 * np.pi * sigma) - (x - mu) ** 2 / (2 * sigma**2)
        ),
        "one fault is left: the logarithm is natural, not to base 10": lambda x, mu, sigma: (
            right(x, mu, sigma) / np.log(10)
        ),
        "the exponents are divided by 2σ², not by 2σ": lambda x, mu, sigma: np.sum(
            -0.5 * np.log(2 * np.pi * sigma**2) - (x - mu) ** 2 / (2 * sigma)
        ),
    }
    few, many = np.array([1.0, 0.5, 1.5]), np.linspace(-3, 3, 2000)
    if callable(answer):
        with np.errstate(all="ignore"):
            value = answer(many.copy(), 0.0, 2.0)
        if value is not None and np.ndim(value) == 0 and np.isneginf(value):
            print("log_likelihood: not yet: −∞ for 2000 values: sum logarithms, do not multiply densities")
            return
    check(
        answer,
        right,
        mistakes,
        name="log_likelihood",
        at=[(few, 1.0, 2.0), (few, 2.5, 0.5), (many, 0.0, 2.0)],
    )


def arrivals(answer):
    mistakes = {
        "θ̂ is right; its mean is m/(m + 1) of θ": [7.0, 1.0],
        "no θ below the largest value is possible: such a value would have density 0": [8.0, 0.8],
        "the second number is the factor by which θ̂ falls short, not the one that repairs it": [7.0, 1.25],
    }
    check(answer, [7.0, 0.8], mistakes, name="[θ̂, factor]")


def variances(answer):
    mistakes = {
        "the intercept is a parameter too: divide by m − d − 1": [1.2, 12 / 7],
        "these are standard deviations; variances are asked": np.sqrt([1.2, 2.0]).tolist(),
        "only one degree of freedom is taken away, but four parameters were fitted": [1.2, 12 / 9],
    }
    check(answer, [1.2, 2.0], mistakes, name="[σ̂², unbiased]", rtol=3e-3)


def leverage_and_shift(answer):
    weights = np.array([2.0, 2, 2, 3, 3, 3, 4, 4, 4, 13])[:, None]
    h = leverage(weights, weights[-1:])[0]
    mistakes = {
        "the term 1/m is missing": [81 / 96, 81 / 96],
        "the 1 under the root of the predictive band does not belong to the leverage": [1 + h, 1 + h],
        "the mean and the sum of squares must contain the tenth car": [1 / 9 + 100 / 6, 1 / 9 + 100 / 6],
        "(a) is right; the shift in (b) is the leverage times 1 gallon": [h, 1.0],
        "(a) is right; by 1 − h changes the residual, the prediction by h": [h, round(1 - h, 3)],
        "(a) is right; 1 − h belongs to the residual, h to the prediction": [h, 1 - h],
    }
    check(answer, [h, h], mistakes, name="leverage and shift", rtol=2e-3)


def standard_errors(answer):
    X, y = _cars()

    def scaled(by):
        return lambda X, y: right_standard_errors(X, y) * by(X, y)

    mistakes = {
        "the noise's variance is J/(m − d − 1) here; you divided by m": scaled(
            lambda X, y: np.sqrt((len(y) - X.shape[1]) / len(y))
        ),
        "X has d + 1 columns already: divide by X.shape[0] − X.shape[1]": scaled(
            lambda X, y: np.sqrt((len(y) - X.shape[1]) / (len(y) - X.shape[1] - 1))
        ),
        "X has d + 1 columns, and all of them count: divide by X.shape[0] − X.shape[1]": scaled(
            lambda X, y: np.sqrt((len(y) - X.shape[1]) / (len(y) - X.shape[1] + 1))
        ),
        "these are variances: take the root": lambda X, y: right_standard_errors(X, y) ** 2,
        "σ̂ is missing, or it is 1": lambda X, y: np.sqrt(np.diag(np.linalg.inv(X.T @ X))),
        "the inverse comes first, then its diagonal: diag(XᵀX)⁻¹ ignores the other columns": lambda X, y: (
            np.sqrt(np.sum((y - X @ solve_by_qr(X, y)) ** 2) / (len(y) - X.shape[1]) / np.diag(X.T @ X))
        ),
    }
    check(answer, right_standard_errors, mistakes, name="standard_errors", at=[(X, y), (X[::33], y[::33])])


def laplace(answer):
    mistakes = {
        "this is the mean, which belongs to Gaussian noise": [4.6, 3.36],
        "b̂ is right; θ̂ is the mean, which belongs to Gaussian noise": [4.6, 2.8],
        "θ̂ is right; b̂ is the mean of the absolute residuals, not of their squares": [3.0, 21.2],
        "θ̂ is right; b̂ is the mean, not the median, of the absolute residuals": [3.0, 1.0],
        "θ̂ is right; divide the sum of the absolute residuals by m": [3.0, 14.0],
    }
    check(answer, [3.0, 2.8], mistakes, name="[θ̂, b̂]", rtol=3e-3)


def growing_noise(answer):
    X, y = _cars()
    w = X[:, 1]

    def fit(power):
        root = w**-power
        return solve_by_qr(X * root[:, None], y * root)

    mistakes = {
        "this is least squares with equal weights": fit(0),
        "the rows are to be divided by the weight itself, so that the squares are weighted by 1/weight²": fit(
            0.5
        ),
        "the weights entered twice: divide rows by the weight, not by its square": fit(2),
        "the heavy cars got more weight: divide, do not multiply": fit(-1),
        "divide both sides of a car's equation by its weight, `gallons` too": solve_by_qr(X / w[:, None], y),
        "divide both sides of a car's equation by its weight, the row of `A` too": solve_by_qr(X, y / w),
        "rounded too far: three digits, please": np.round(fit(1), 1),
    }
    check(answer, fit(1), mistakes, name="θ̂", rtol=3e-3)
