"""Checks of the exercises of the chapter *Many classes*."""

import numpy as np

from ..functions import log_sum_exp, one_hot, softmax
from ..teach import check

_SCORES = [
    np.array([[1.0, 2.0, 0.5], [-1.0, 0.0, 3.0]]),
    np.array([[0.3, -0.2, 1.1, 0.0]]),
    np.random.default_rng(0).normal(size=(5, 3)) * 2,
]
_LARGE = [
    *_SCORES,
    np.array([[1000.0, 0.0], [1000.0, 1001.0]]),
    np.array([[30.0, 0.0], [0.0, 1.0]]),
    np.array([[1000.0, 0.0], [0.0, 1.0]]),  # the largest of all is not the largest of each row
]


def _shares(E):
    return E / E.sum(axis=1, keepdims=True)


def three_shares(answer):
    logs = np.log([1.0, 2.0, 5.0])
    mistakes = {
        "these are the exponentials; divide them by their sum": [1, 2, 5],
        "these are the scores' own shares: the exponentials are missing": logs / logs.sum(),
        "these are shares of the softmax of 1, 2 and 5: the scores are their logarithms": softmax(
            [1.0, 2, 5]
        ),
    }
    check(answer, [1 / 8, 2 / 8, 5 / 8], mistakes, name="shares")


def temperature(answer):
    right = -1 / np.log((np.sqrt(5) - 1) / 2)
    mistakes = {
        "that is q = e^(−1/T); solve for T": (np.sqrt(5) - 1) / 2,
        "that is 1/T, a factor on the scores": 1 / right,
        "the third class is missing: with two classes alone T would have to be infinite": np.log(2),
    }
    check(answer, right, mistakes, name="temperature", rtol=1e-3)


def log_softmax(answer):
    def right(Z):
        return Z - log_sum_exp(Z)[:, None]

    mistakes = {
        "this is the softmax; its logarithm is wanted": softmax,
        "the sum runs over the examples: the classes are the columns, axis=1": lambda Z: (
            Z - log_sum_exp(Z, axis=0)
        ),
        "the largest score is subtracted, but the logarithm of the sum is not": lambda Z: (
            Z - Z.max(axis=1, keepdims=True)
        ),
        "the largest score is subtracted under the sum only; it belongs in both places": lambda Z: (
            Z - log_sum_exp(Z - Z.max(axis=1, keepdims=True))[:, None]
        ),
        "the logarithm of a ready-made softmax is −∞ where a probability has rounded to 0": lambda Z: np.log(
            softmax(Z)
        ),
        "e¹⁰⁰⁰ overflows: subtract the row's largest score first": lambda Z: (
            Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
        ),
        "the largest of all scores leaves a row (0, 1) nothing: subtract each row's own": lambda Z: (
            Z - Z.max() - np.log(np.exp(Z - Z.max()).sum(axis=1, keepdims=True))
        ),
    }
    check(answer, right, mistakes, name="log_softmax", at=_LARGE)


def mended_probabilities(answer):
    mistakes = {
        "each column still sums to 1; it is the rows that should": lambda Z: softmax(Z, axis=0),
        "all entries of the array sum to 1; it is each row that should": lambda Z: softmax(Z.ravel()).reshape(
            Z.shape
        ),
        "the sum runs along the row now; the largest score must be the row's own as well": lambda Z: _shares(
            np.exp(Z - Z.max(axis=0))
        ),
        "the rows sum to 1 now, but for (1000, 0) e¹⁰⁰⁰ overflows: subtract the row's largest score": (
            lambda Z: _shares(np.exp(Z))
        ),
        "the largest of all scores leaves a row (0, 1) beside (1000, 0) nothing: subtract each row's own": (
            lambda Z: _shares(np.exp(Z - Z.max()))
        ),
        "the exponentials are right, the division by their sum is missing": lambda Z: np.exp(
            Z - Z.max(axis=1, keepdims=True)
        ),
    }
    check(answer, softmax, mistakes, name="probabilities", at=_LARGE)


def double_softmax(answer):
    right = np.log(np.e + 9) - 1
    mistakes = {
        "that is the probability it gets; what does it cost?": np.e / (np.e + 9),
        "that is the cost of knowing nothing, log 10": np.log(10),
        "that is the log-sum-exp; the score of the right class, 1, is to be subtracted": right + 1,
        "with nine wrong classes and one right: the sum is e + 9, not e + 10": np.log(np.e + 10) - 1,
    }
    check(answer, right, mistakes, name="lowest cost", rtol=1e-3)


def mended_gradient(answer):
    def gradient(theta, X, Y, delta, *, divide=1.0, free=True, factor=2.0, sign=1.0):
        penalty = factor * delta**2 * theta
        if free:
            penalty[0] = 0.0
        return sign * X.T @ (softmax(X @ theta) - Y) / divide + penalty

    rng = np.random.default_rng(1)
    at = []
    for m in (4, 7):
        X = np.column_stack((np.ones(m), rng.normal(size=(m, 2))))
        at.append((rng.normal(size=(3, 3)), X, one_hot(rng.integers(0, 3, size=m), 3), 0.7))
    mistakes = {
        "the likelihood is still divided by m, and the intercepts are penalised": lambda t, X, Y, d: gradient(
            t, X, Y, d, divide=len(X), free=False
        ),
        "the likelihood is still divided by m, and the penalty is not": lambda t, X, Y, d: gradient(
            t, X, Y, d, divide=len(X)
        ),
        "the intercepts, row 0, are still penalised": lambda t, X, Y, d: gradient(t, X, Y, d, free=False),
        "the penalty is a square: its slope has a factor 2": lambda t, X, Y, d: gradient(
            t, X, Y, d, factor=1.0
        ),
        "the error is π − Y, not Y − π": lambda t, X, Y, d: gradient(t, X, Y, d, sign=-1.0),
        "this is the gradient of a mean; wanted is that of the sum, without dividing": lambda t, X, Y, d: (
            gradient(t, X, Y, d) / len(X)
        ),
    }
    check(answer, gradient, mistakes, name="gradient", at=at)


def jacobian(answer):
    pi = np.array([0.5, 0.3, 0.2])
    off = np.outer(pi, pi)
    mistakes = {
        "off the diagonal the sign is minus: what one class gains, the others lose": np.diag(pi)
        - off
        + 2 * (off - np.diag(np.diag(off))),
        "the diagonal is π(1 − π), not π": np.diag(pi) - (off - np.diag(np.diag(off))),
        "the entries off the diagonal are missing: each probability reacts to each score": np.diag(
            pi * (1 - pi)
        ),
    }
    check(answer, np.diag(pi) - off, mistakes, name="Jacobian")


def flat_directions(answer):
    mistakes = {
        "the constant counts too: d + 1 directions": [12, 1, 65],
        "the intercept of each class is a parameter too": [13, 1, 60],
        "the intercepts are free of the penalty: their common shift stays flat": [13, 0, 65],
    }
    check(answer, [13, 1, 65], mistakes, name="flat, flat with penalty, entries")


def pair(answer):
    mistakes = {
        "the wrong way round: the penalty on two half columns counts half, so δ must be larger": [
            3 / np.sqrt(2),
            0.8,
        ],
        "δ² is doubled, not δ": [6, 0.8],
        "δ is right; your weight is the difference of her two columns": [3 * np.sqrt(2), 0.4],
        "your weight is twice hers, not half": [3 * np.sqrt(2), 0.2],
    }
    check(answer, [3 * np.sqrt(2), 0.8], mistakes, name="(δ, weight)", rtol=1e-3)
