"""Checks of the exercises of the chapter *Probability: numbers that scatter*."""

from math import e, log, log2, pi, sqrt

import numpy as np

from ..datasets import load_seattle
from ..teach import check


def fahrenheit(answer):
    peak = 0.096
    mistakes = {
        "a degree Fahrenheit is the smaller one, so fewer days share it": peak * 1.8,
        "the unit has changed, so the number must": peak,
        "the zero points of the scales do not matter for a density": peak / 1.8 + 32,
        "rounded too far: three decimals, please": 0.05,
    }
    check(answer, peak / 1.8, mistakes, name="density", rtol=0.01)


def die(answer):
    mistakes = {
        "the second number is E[x²]: subtract the square of the mean": [3.5, 91 / 6],
        "the second number is the standard deviation": [3.5, sqrt(35 / 12)],
        "nothing is estimated here: divide by 6, not by 5": [3.5, 3.5],
        "the variance is rounded too far: two decimals, please": [3.5, 2.9],
    }
    check(answer, [3.5, 35 / 12], mistakes, name="(mean, variance)", rtol=3e-3)


def difference(answer):
    mistakes = {
        "the covariance enters with a minus sign, since a = (1, −1)": 37,
        "that would be so for independent variables": 25,
        "variances add, here less twice the covariance; they are not subtracted": 7,
        "this is the standard deviation": sqrt(13),
        "the covariance is ρσ₁σ₂ = 6, and counts twice": 19,
    }
    check(answer, 13, mistakes, name="variance", rtol=1e-3)


def spam(answer):
    mistakes = {
        "this is P(word | spam); asked is P(spam | word)": 0.9,
        "this is P(spam and word): divide by P(word)": 0.18,
        "this is P(word)": 0.22,
        "P(word) needs the other mail too, with its own weight of 0.8": 0.18 / (0.18 + 0.05),
        "give it as a number between 0 and 1, not in percent": 82,
        "rounded too far: two decimals, please": 0.8,
    }
    check(answer, 0.18 / 0.22, mistakes, name="probability", rtol=5e-3)


def covariance(answer):
    def right(X):
        Xc = X - X.mean(axis=0)
        return Xc.T @ Xc / len(X)

    def gram(X):
        return X.T @ X / len(X)

    mistakes = {
        "divide by m, not by m − 1": lambda X: right(X) * len(X) / (len(X) - 1),
        "subtract the mean of each column first": gram,
        "subtract the mean of each column, not that of all numbers": lambda X: gram(X - X.mean()),
        "these are correlations": lambda X: np.corrcoef(X.T),
        "this is (m, m): one row and column for each example": lambda X: (
            (X - X.mean(axis=0)) @ (X - X.mean(axis=0)).T / len(X)
        ),
        "divide by the number of examples": lambda X: right(X) * len(X),
    }
    rng = np.random.default_rng(3)
    check(
        answer, right, mistakes, name="covariance", at=[rng.normal(5, 2, (9, 3)), rng.normal(-1, 1, (5, 2))]
    )


def uncorrelated(answer):
    mistakes = {
        "y = 0 happens exactly when x = 0: what is P(x = 0 and y = 0)?": [0, 1 / 9, 1 / 9],
        "the product of P(x = 0) and P(y = 0), please": [0, 1 / 3, 1 / 3],
        "E[xy] = E[x³]; add the three values with their signs": [2 / 3, 1 / 3, 1 / 9],
        "rounded too far: two decimals, please": [0, 0.3, 0.1],
        "the last one is rounded too far: two decimals, please": [0, 1 / 3, 0.1],
        "the joint probability is rounded too far: two decimals, please": [0, 0.3, 1 / 9],
    }
    check(answer, [0, 1 / 3, 1 / 9], mistakes, name="(covariance, joint, product)", rtol=0.015)


def log_density(answer):
    def right(x, mu, sigma):
        return -((x - mu) ** 2) / (2 * sigma**2) - 0.5 * np.log(2 * np.pi * sigma**2)

    mistakes = {
        "nothing is mended yet": lambda x, mu, sigma: (
            -((x - mu) ** 2) / sigma**2 - 0.5 * np.log(2 * np.pi * sigma)
        ),
        "the exponent is right now; look under the root": lambda x, mu, sigma: (
            -((x - mu) ** 2) / (2 * sigma**2) - 0.5 * np.log(2 * np.pi * sigma)
        ),
        "the root is right now; look at the exponent": lambda x, mu, sigma: (
            -((x - mu) ** 2) / sigma**2 - 0.5 * np.log(2 * np.pi * sigma**2)
        ),
        "this is the density, not its logarithm": lambda x, mu, sigma: np.exp(right(x, mu, sigma)),
    }
    check(
        answer, right, mistakes, name="log_density", at=[(1.0, 0.0, 2.0), (-3.0, 1.0, 0.5), (0.2, 0.0, 1.3)]
    )


def rho_of_angle(answer):
    mistakes = {
        "the formula has tan 2φ, with twice the angle": 0.75 * sqrt(2) - 0.75,
        "the difference of the variances is 4 − 1, not 2 − 1": 0.25,
        "the factor 2 in 2ρσ₁σ₂ is missing": 1.5,
    }
    check(answer, 0.75, mistakes, name="ρ", rtol=5e-3)


def cholesky(answer):
    Sigma = np.array([[4.0, 2.0], [2.0, 5.0]])
    values, vectors = np.linalg.eigh(Sigma)
    mistakes = {
        "this is Lᵀ: the triangle stands below the diagonal": [[2, 1], [0, 2]],
        "LLᵀ is Σ, but this L is symmetric and no triangle": vectors @ np.diag(np.sqrt(values)) @ vectors.T,
        "the root of every entry is no factor: multiply it out": np.sqrt(Sigma),
        "the last entry is √(5 − 1²)": [[2, 0], [1, sqrt(5)]],
    }
    check(answer, [[2, 0], [1, 2]], mistakes, name="L", rtol=1e-3)


def sample_size(answer):
    mistakes = {
        "σ is divided by √m, so square the ratio": 33,
        "this is √m squared once too often": 1089**2,
        "0.1 is the standard error σ/√m, not its square": 108.9,
        "square σ, too: m = σ²/0.1²": 330,
        "this is σ², nearly; divide by 0.1²": 11,
        "this is σ²; divide by 0.1²": 10.89,
    }
    check(answer, 1089, mistakes, name="m", rtol=2e-3)


def outside(answer):
    data = load_seattle()
    dates = np.datetime64("2012-01-01") + data.X[:, 0].astype(int)
    month, y = dates.astype("datetime64[M]").astype(int) % 12, data.y
    parts = [y[month == k] for k in range(12)]

    def shares(far):
        return [np.mean(far(part)) for part in parts]

    mistakes = {
        "these are shares inside, not outside": shares(lambda v: np.abs(v - v.mean()) <= 2 * v.std()),
        "count both sides": shares(lambda v: v - v.mean() > 2 * v.std()),
        "each month has a mean and a deviation of its own": shares(
            lambda v: np.abs(v - y.mean()) > 2 * y.std()
        ),
        "one deviation is not two": shares(lambda v: np.abs(v - v.mean()) > v.std()),
        "divide by m in the standard deviation, not by m − 1: one day more or less falls outside": shares(
            lambda v: np.abs(v - v.mean()) > 2 * v.std(ddof=1)
        ),
    }
    right = shares(lambda v: np.abs(v - v.mean()) > 2 * v.std())
    mistakes["rounded too far: three decimals, please"] = np.round(right, 2)
    mistakes["give shares between 0 and 1, not percentages"] = 100 * np.array(right)
    check(answer, right, mistakes, name="shares", rtol=0.02)


def two_dice(answer):
    P = np.array([1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1]) / 36
    nats = float(-np.sum(P * np.log(P)))
    mistakes = {
        "these are nats: divide by log 2": nats,
        "that would be so if all eleven sums were equally likely": log2(11),
        "this is the entropy of the pair of dice, which says more than their sum": log2(36),
        "this is the entropy of one die": log2(6),
        "the sign: −log P is positive": -nats / log(2),
    }
    check(answer, nats / log(2), mistakes, name="entropy", rtol=3e-3)


def no_entropy(answer):
    mistakes = {
        "this is the variance": 1 / (2 * pi * e),
        "here the density at the mean is 1; the entropy averages −log p": 1 / sqrt(2 * pi),
    }
    check(answer, 1 / sqrt(2 * pi * e), mistakes, name="σ", rtol=5e-3)
