"""Checks of the exercises of the chapter *Training*."""

import numpy as np

from ..functions import sigmoid
from ..teach import check


def steps(answer):
    mistakes = {
        "the last batch is smaller, and it is a step too": 2800,
        "this is the number of steps in one epoch": 57,
        "these are the examples seen": 89850,
        "one batch too many in each epoch": 2900,
    }
    check(answer, 2850, mistakes, name="steps")


def shrink(answer):
    mistakes = {
        "this is one step; an epoch has 20": 0.995,
        "the derivative of a square has a 2": 0.9975**20,
        "δ enters squared": 0.999**20,
        "this is what is taken away": 1 - 0.995**20,
    }
    check(answer, 0.995**20, mistakes, name="factor", rtol=6e-5)


def _batches():
    rng = np.random.default_rng(11)
    for B, d, m in ((4, 3, 40), (7, 2, 30)):
        y = rng.integers(2, size=B).astype(float)
        yield rng.normal(size=d), 0.3, rng.normal(size=(B, d)), y, 0.5, 2.0, m


def step(answer):
    def run(w, b, X, y, eta, delta, m, mean=True, decay=1.0, free=True, over=None, sign=1):
        e = (sigmoid(X @ w + b) - y) / (len(y) if mean else 1)
        rate = decay * 2 * delta**2 / (over or m)
        dw, db = X.T @ e + rate * w, e.sum() + (0 if free else rate * b)
        return np.append(w - sign * eta * dw, b - sign * eta * db)

    mistakes = {
        "the sum over the batch; take the mean": lambda *a: run(*a, mean=False),
        "the penalty has a gradient as well": lambda *a: run(*a, decay=0.0),
        "the penalty's gradient has a factor 2": lambda *a: run(*a, decay=0.5),
        "the bias is free of the penalty": lambda *a: run(*a, free=False),
        "the penalty is divided by all m examples, not by those of the batch": lambda *a: run(
            *a, over=len(a[3])
        ),
        "uphill: a step goes against the gradient": lambda *a: run(*a, sign=-1),
    }
    check(answer, run, mistakes, name="step", at=list(_batches()))


def different(answer):
    mistakes = {
        "they start alike; what could make them differ?": 16,
        "the units are not zero: with 0.1 everywhere the gradient is not zero either": 0,
        "all 16 go the same way": 2,
    }
    check(answer, 1, mistakes, name="different units")


def gradients(answer):
    rng = np.random.default_rng(12)
    at = [(rng.normal(size=(B, n)), rng.normal(size=(B, k))) for B, n, k in ((5, 3, 2), (4, 4, 4))]

    def right(A, dZ):
        return np.vstack((A.T @ dZ, dZ.sum(axis=0)))

    mistakes = {
        "still one number for all units; sum over the examples alone": lambda A, dZ: np.vstack(
            (A.T @ dZ, np.full(dZ.shape[1], dZ.sum()))
        ),
        "only one example counts for the bias": lambda A, dZ: np.vstack((A.T @ dZ, dZ[0])),
        "the weights are summed over the batch, so the bias is too, not averaged": lambda A, dZ: np.vstack(
            (A.T @ dZ, dZ.mean(axis=0))
        ),
    }
    check(answer, right, mistakes, name="gradients", at=at)


def seen(answer):
    mistakes = {
        "look at rows[: m - n] and rows[:n] again": 0,
        "the positions of rows[:20] run from 0 to 19": 21,
        "a fifth would be missed if the 80 were drawn at random; they are not": 16,
        "these are the training rows that are not held out": 60,
        "these are the rows of the training set": 80,
    }
    check(answer, 20, mistakes, name="held-out examples that were seen")


def apart(answer):
    rng = np.random.default_rng(13)
    at = [(rng.permutation(m), n) for m, n in ((10, 3), (21, 6))]
    mistakes = {
        "they still share rows with rows[:n]": lambda rows, n: rows[: len(rows) - n],
        "the last held-out row is among them": lambda rows, n: rows[n - 1 :],
        "one row is in neither part": lambda rows, n: rows[n + 1 :],
    }

    def in_order(f):  # which rows counts, not their order
        def ordered(rows, n):
            found = f(rows, n)
            return found if found is None else np.sort(found, axis=None)

        return ordered if callable(f) else f

    mistakes = {text: in_order(f) for text, f in mistakes.items()}
    check(in_order(answer), in_order(lambda rows, n: rows[n:]), mistakes, name="training rows", at=at)


def rate(answer):
    mistakes = {
        "the other way: a sum is larger than a mean, so the step must be shorter": 10.0,
        "the same rate would make steps fifty times as long": 0.2,
        "this is the factor": 50.0,
    }
    check(answer, 0.004, mistakes, name="η")


def strength(answer):
    mistakes = {
        "this is δ²": 5.0,
        "there is a 2 in the gradient of a square": np.sqrt(10),
        "upside down": np.sqrt(0.2),
    }
    check(answer, np.sqrt(5), mistakes, name="δ")


def patience(answer):
    mistakes = {
        "at epoch 6 training has already ended: 4 and 5 brought nothing better": [6, 3],
        "the 0.58 comes too late: 4 and 5 brought nothing better": [6, 6],
        "two epochs without a new best: 4 and 5": [4, 3],
        "the parameters that are kept are those of the best epoch": [5, 5],
        "first the epoch at which it stops, then the one that is kept": [3, 5],
        "the network cannot see that 0.58 is coming": [8, 6],
    }
    check(answer, [5, 3], mistakes, name="(stops, keeps)")


def ignored(answer):
    mistakes = {
        "1 + 2⁻²³ is the next number after 1": 23,
        "there is a smaller k: half-way cases go to the even neighbour, which is 1": 25,
        "this is for float64": 53,
    }
    check(answer, 24, mistakes, name="k")


def compared(answer):
    d = np.array([0.3, 0.1, 0.6, 0.1, 0.4])
    a, b = np.array([5.1, 4.6, 5.9, 5.0, 5.4]), np.array([4.8, 4.5, 5.3, 4.9, 5.0])
    unpaired = np.sqrt(a.var(ddof=1) / 5 + b.var(ddof=1) / 5)
    mistakes = {
        "this treats the runs as unrelated; take the five differences": [0.3, unpaired],
        "this is the standard deviation of the differences; divide by √5": [0.3, d.std(ddof=1)],
        "divide by 4 in the variance, not by 5": [0.3, d.std() / 5**0.5],
    }
    check(answer, [0.3, d.std(ddof=1) / 5**0.5], mistakes, name="(difference, standard error)")
