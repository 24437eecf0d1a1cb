"""Checks of the exercises of the chapter *Stochastic gradients*."""

import numpy as np

from ..teach import check


def count(answer):
    mistakes = {
        "the last batch of an epoch is smaller, but it is a step too": [2340, 150_000],
        "ten epochs are no single row of 150 000 images: each one ends with a smaller batch": [
            2343.75,
            150_000,
        ],
        "each epoch ends with a smaller batch; this rounds once, for all ten together": [2344, 150_000],
        "each epoch ends with a smaller batch, which is a step too": [2343, 150_000],
        "the images that are left over are looked at too, in a smaller batch": [2340, 149_760],
        "this is one epoch of ten": [235, 15_000],
        "the steps are right; the last batch of an epoch has only 24 images": [2350, 150_400],
        "an epoch is one pass through all images, not one step": [10, 640],
    }
    check(answer, [2350, 150_000], mistakes, name="[steps, gradients]")


def variances(answer):
    mistakes = {
        "these are the variances of the batch's mean: ĝ is m times that": [28 / 3, 14 / 3],
        "the variance over the examples divides by m, not m − 1": [126, 63],
        "without replacement the factor is (m − B)/(m − 1), not (m − B)/m": [84, 28],
        "the first is with replacement, the second without": [42, 84],
        "the first is right; the factor (m − B)/(m − 1) is below 1: multiply by it": [84, 168],
        "the first is right; without replacement nothing is left to chance only for B = m": [84, 0],
    }
    check(answer, [84, 42], mistakes, name="[with, without]")


def rates(answer):
    m, batch, rate = 392, 32, 0.01
    mistakes = {
        "the other way round: a gradient that is larger wants a smaller rate": [rate * m, rate * batch],
        "the two are exchanged": [rate / batch, rate / m],
        "the first: ĝ is an estimate of a sum over m": [rate * batch / m, rate / batch],
        "the second: a sum over the batch is B times its mean": [rate / m, rate],
    }
    check(answer, [rate / m, rate / batch], mistakes, name="[η for ĝ, η for the batch's sum]", rtol=2e-3)


def _problem(seed, m=7):
    """Start, X, y: a small least-squares problem."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=2), rng.normal(size=(m, 2)), rng.normal(size=m)


def online_epoch(answer):
    def right(theta, X, y, eta):
        for i in range(len(y)):
            theta = theta + 2 * eta * (y[i] - X[i] @ theta) * X[i]
        return theta

    def all_at_once(theta, X, y, eta):
        return theta + 2 * eta * X.T @ (y - X @ theta)

    def scaled(theta, X, y, eta):
        return right(theta, X, y, eta * len(y))

    def in_place(theta, X, y, eta):
        before = theta.copy()
        answer(theta, X, y, eta)
        return not np.array_equal(theta, before)

    mistakes = {
        "all residuals are taken at the first θ: this is one batch step": all_at_once,
        "only the first row is used: is the `return` inside the loop?": lambda theta, X, y, eta: right(
            theta, X[:1], y[:1], eta
        ),
        "the rows are taken from the last to the first": lambda theta, X, y, eta: right(
            theta, X[::-1], y[::-1], eta
        ),
        "the factor 2 of the derivative is missing": lambda theta, X, y, eta: right(theta, X, y, eta / 2),
        "the equation takes the batch's sum: no factor m": scaled,
        "uphill: check the sign": lambda theta, X, y, eta: right(theta, X, y, -eta),
    }
    at = [(*_problem(seed), 0.05) for seed in range(3)]
    check(answer, right, mistakes, name="online epoch", at=at)
    try:
        changed = in_place(*_problem(0), 0.05)
    except Exception:  # the check has said so
        return
    if changed:
        print("but it changes the θ of the caller: write theta = theta + … in place of theta += …")


def _epoch(theta, X, y, batch, eta, *, stop=0, by_batch=False, m=None):
    m = m or len(y)
    for start in range(0, len(y) - stop, batch):
        rows = slice(start, start + batch)
        e = y[rows] - X[rows] @ theta
        theta = theta + 2 * eta * m / (batch if by_batch else len(e)) * X[rows].T @ e
    return theta


def mended_epoch(answer):
    mistakes = {
        "the last examples are never looked at": lambda *args: _epoch(*args, stop=args[3]),
        "no example is lost any more, but the last, smaller batch is divided by the wrong number": (
            lambda *args: _epoch(*args, by_batch=True)
        ),
        "this is a step against the batch's mean: ĝ is m times that": lambda *args: _epoch(*args, m=1),
        "still as it was: which examples are looked at when m = 7 and B = 3?": (
            lambda *args: _epoch(*args, stop=args[3], by_batch=True)
        ),
    }
    at = [(*_problem(seed), batch, 0.01) for seed, batch in ((0, 3), (1, 4), (2, 2))]
    check(answer, _epoch, mistakes, name="mended epoch", at=at)


def cloud_factor(answer):
    ratio = (0.2 / 1.8 / 4) / (0.05 / 1.95 / 16)
    mistakes = {
        "this is the factor of the variance": ratio,
        "nearly: that is the short form ηL/2, the question wants the whole formula": 4.0,
        "the batch is forgotten": ((0.2 / 1.8) / (0.05 / 1.95)) ** 0.5,
        "upside down": ratio**-0.5,
    }
    check(answer, ratio**0.5, mistakes, name="factor", rtol=2e-3)


def share_left(answer):
    root = np.pi * 0.5**0.5  # Euler: the product of 1 − x²/k² is sin(πx)/(πx)
    mistakes = {
        "this is e to minus the sum, the upper bound": np.exp(-(np.pi**2) / 12),
        "this is e to minus twice the sum, the lower bound": np.exp(-(np.pi**2) / 6),
        "this is the sum of the rates": np.pi**2 / 12,
        "this is the share that is gone": 1 - np.sin(root) / root,
    }
    check(answer, np.sin(root) / root, mistakes, name="share", rtol=3e-3)


def weights(answer):
    mistakes = {
        "these are the weights of the plain running mean, ηL = 1/k": [1 / 3, 1 / 3, 1 / 3],
        "the newest number has the largest weight": [1 / 2, 1 / 3, 1 / 6],
        "these are the rates: each older number is shrunk by the steps after it": [1, 2 / 3, 1 / 2],
    }
    check(answer, [1 / 6, 1 / 3, 1 / 2], mistakes, name="weights", rtol=3e-3)


def late_mean(answer):
    paths = [np.random.default_rng(seed).normal(size=(n, 2)) for seed, n in enumerate((6, 9, 10))]
    mistakes = {
        "this is the mean of all iterates": lambda path: path.mean(axis=0),
        "one mean for each parameter: axis=0": lambda path: np.full(2, path[len(path) // 2 :].mean()),
        "for odd n this takes one row too few: begin at row ⌊n/2⌋": lambda path: path[
            -(len(path) // 2) :
        ].mean(axis=0),
        "this begins one row too late: row ⌊n/2⌋ belongs to it": lambda path: path[len(path) // 2 + 1 :].mean(
            axis=0
        ),
        "this is the first half": lambda path: path[: len(path) // 2].mean(axis=0),
        "this is the last iterate": lambda path: path[-1],
    }
    check(
        answer,
        lambda path: path[len(path) // 2 :].mean(axis=0),
        mistakes,
        name="mean of the second half",
        at=paths,
    )


def scaling(answer):
    mistakes = {
        "the batch is right; the factor compares with B = 1, whose own 2 − ηL is 1.95": [40, 2],
        "the batch is right; the factor is upside down": [40, 1 / 1.95],
        "the bound on ηL is 2, not 1": [20, 1.95],
    }
    check(answer, [40, 1.95], mistakes, name="[B, factor]", rtol=1e-3)
