"""Checks of the exercises of the chapter *What is learning*."""

import numpy as np

from ..datasets import load_digits
from ..nearest import class_means, left_share, nearest_mean
from ..teach import check


def _split():
    """The digits, and the rows for learning and for testing."""
    digits = load_digits()
    order = np.random.default_rng(0).permutation(len(digits.y))
    return digits.X, digits.y, order[:1000], order[1000:]


def kinds(answer):
    right = [1, 2, 3, 1, 2]
    reasons = (
        "(a) asks how much, and prices have near misses",
        "(b) asks for yes or no",
        "(c) has forty classes, without an order",
        "(d) asks how many minutes, and minutes have near misses",
        "(e) asks for yes or no",
    )
    try:
        wrong = [why for why, given, kind in zip(reasons, answer, right, strict=True) if given != kind]
    except (TypeError, ValueError):  # no answer, or not five of them
        wrong = []
    check(answer, right, {"; ".join(wrong): answer} if wrong else None, name="kinds")


def rows(answer):
    right = np.eye(3)[[2, 0, 1, 1]]
    mistakes = {
        "one row for each example, one column for each class: this is the transpose": right.T,
        "the classes are counted from 0": np.eye(3)[[1, 2, 0, 0]],
    }
    check(answer, right, mistakes, name="Y")


def nearest(answer):
    mistakes = {
        "of two equal distances `argmin` takes the first": [1, 5, 5, 10],
        "squared distances are asked for": [0, 5**0.5, 5**0.5, 10**0.5],
        "squared distances are asked for, and of two equal ones `argmin` takes the first": [
            1,
            5**0.5,
            5**0.5,
            10**0.5,
        ],
        "the largest distance does not win": [2, 5, 5, 10],
    }
    check(answer, [0, 5, 5, 10], mistakes, name="nearest", rtol=2e-3)


def error(answer):
    y_hat, y = np.array([1, 2, 3, 3, 0]), np.array([1, 2, 0, 3, 1])
    mistakes = {
        "this is the share of right answers, the accuracy": lambda a, b: np.mean(a == b),
        "this is the number of mistakes; divide by the number of examples": lambda a, b: np.sum(a != b),
        "how far a label is off does not matter, only whether it is right": lambda a, b: np.mean(
            np.abs(a - b)
        ),
    }
    check(
        answer, lambda a, b: np.mean(a != b), mistakes, name="error", at=[(y_hat, y), (y, y), (1 - y_hat, y)]
    )


def neighbour(answer):
    X, y, train, test = _split()

    def read(rows, known):
        d2 = -2 * X[rows] @ X[known].T + (X[known] ** 2).sum(axis=1)
        return np.mean(y[known][d2.argmin(axis=1)] != y[rows])

    right = read(test, train)
    means = np.mean(nearest_mean(class_means(X[train], y[train], 10), X[test]) != y[test])
    mistakes = {
        "these are still images that it has learnt from": 0.0,
        "train and test are exchanged": read(train, test),
        "in per cent; a share is asked for": 100 * right,
        "this is the accuracy, not the error rate": 1 - right,
        "this is the accuracy, not the error rate, and in per cent": 100 * (1 - right),
        "this is the error of the ten means": means,
        "this is the error of the ten means, and in per cent": 100 * means,
    }
    check(answer, right, mistakes, name="error of the nearest neighbour", rtol=0.03)


def careful(answer):
    X, y, _, _ = _split()
    chosen = (y == 3) | (y == 8)
    share, eight = left_share(X[chosen]), y[chosen] == 8
    thetas = np.round(np.arange(0.30, 0.601, 0.01), 2)

    def best(eights, threes):
        charges = [eights * np.sum(share[eight] <= t) + threes * np.sum(share[~eight] > t) for t in thetas]
        return thetas[np.argmin(charges)]

    mistakes = {
        "this is best when both mistakes cost the same": best(1, 1),
        "here a missed 3 costs five times as much": best(1, 5),
    }
    check(answer, best(5, 1), mistakes, name="θ")


def centres(answer):
    mistakes = {
        "the mean is best for squares, the median for absolute distances": [22, 3],
        "for squares it is the mean": [3, 3],
        "for absolute distances it is not the mean": [22, 22],
    }
    check(answer, [3, 22], mistakes, name="centres")


def scores(answer):
    rng = np.random.default_rng(5)
    theta, X = rng.normal(size=(3, 4)), rng.normal(size=(6, 4))

    def right(theta, X):
        return X @ theta.T - (theta**2).sum(axis=1) / 2

    mistakes = {
        "the length of θ is missing": lambda theta, X: X @ theta.T,
        "right in order, but not linear in x: drop the term that all classes share, then halve": (
            lambda theta, X: -np.sum((X[:, None] - theta) ** 2, axis=2)
        ),
        "right in order, but not linear in x: drop the term that all classes share": (
            lambda theta, X: -np.sum((X[:, None] - theta) ** 2, axis=2) / 2
        ),
        "these are squared distances, and the smallest wins; a score is largest for the nearest": (
            lambda theta, X: np.sum((X[:, None] - theta) ** 2, axis=2)
        ),
        "the sign of c: a long θ lowers the score": lambda theta, X: X @ theta.T + (theta**2).sum(axis=1) / 2,
        "when you halve, halve both terms": lambda theta, X: X @ theta.T - (theta**2).sum(axis=1),
        "the sign: the nearest class has the largest score": lambda theta, X: -right(theta, X),
        "right, but twice as large: the term with x has no factor": lambda theta, X: 2 * right(theta, X),
    }
    check(answer, right, mistakes, name="scores", at=[(theta, X), (2 * theta, X[:2])])


def confused(answer):
    X, y, train, test = _split()
    theta = class_means(X[train], y[train], 10)
    counts = np.zeros((10, 10), dtype=int)
    np.add.at(counts, (y[test], nearest_mean(theta, X[test])), 1)
    pairs = counts + counts.T
    np.fill_diagonal(pairs, 0)
    small, large = np.unravel_index(np.triu(pairs).argmax(), pairs.shape)
    mistakes = {
        "the smaller digit first": [large, small, pairs.max()],
        "add both directions: a read as b, and b read as a": [small, large, counts[small, large]],
        "the other direction counts too": [small, large, counts[large, small]],
        "this is for the shifted images; read `images[test]` as they are": [1, 6, 79],
        "this is the box of cards; the ten means are asked for": [0, 2, 91],
        "this is the nearest neighbour; the ten means are asked for": [1, 4, 2],
    }
    check(answer, [small, large, pairs.max()], mistakes, name="confused")
