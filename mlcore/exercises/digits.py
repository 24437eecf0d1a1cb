"""Checks of the exercises of the chapter *Reading digits*."""

import numpy as np

from ..teach import check


def parameters(answer):
    right = [785 * 64 + 65 * 10, 785 * 128 + 129 * 64 + 65 * 10]
    mistakes = {
        "the biases are missing": [784 * 64 + 64 * 10, 784 * 128 + 128 * 64 + 64 * 10],
        "the biases of the output are missing": [785 * 64 + 64 * 10, 785 * 128 + 129 * 64 + 64 * 10],
        "the biases of the hidden units are missing": [784 * 64 + 65 * 10, 784 * 128 + 128 * 64 + 65 * 10],
    }
    check(answer, right, mistakes, name="parameters", rtol=1e-6)


def images_needed(answer):
    mistakes = {
        "the standard error goes in squared, as 0.001²": 0.04 * 0.96 / 0.001,
        "0.1 percentage points are 0.001": 0.04 * 0.96 / 0.1**2,
        "the variance of a coin is p(1 − p), not p": 0.04 / 0.001**2,
        "that is for a standard error of 1 point": 384,
    }
    check(answer, 38_400, mistakes, name="images")


def _errors(seed, n):
    rng = np.random.default_rng(seed)
    return (rng.random(n) < 0.3).astype(int), (rng.random(n) < 0.2).astype(int)


def compare(answer):
    def counts(first, second):
        return np.sum(first > second), np.sum(first < second), len(first)

    def right(first, second):
        a, b, n = counts(first, second)
        return (a - b) / n, (a - b) / np.sqrt(a + b)

    def swapped(first, second):
        return right(second, first)

    def unpaired(first, second):
        p, q, n = first.mean(), second.mean(), len(first)
        return p - q, (p - q) / np.sqrt((p * (1 - p) + q * (1 - q)) / n)

    def counted(first, second):
        a, b, _ = counts(first, second)
        return a - b, (a - b) / np.sqrt(a + b)

    def among(first, second):
        a, b, _ = counts(first, second)
        return (a - b) / (a + b), (a - b) / np.sqrt(a + b)

    def by_all(first, second):
        a, b, n = counts(first, second)
        return (a - b) / n, (a - b) / np.sqrt(n)

    mistakes = {
        "the signs: the first reader's errors count positive": swapped,
        "z compares as if the images were different ones: only disagreements count": unpaired,
        "the first number is a count; divide it by the number of images": counted,
        "d̄ is a mean over all images, not over the disagreements": among,
        "under the root stands the number of disagreements, not of images": by_all,
    }
    check(answer, right, mistakes, name="(d̄, z)", at=[_errors(0, 200), _errors(1, 350)])


def left_by_one(answer):
    images = np.random.default_rng(0).random((3, 784))

    def grid(move):
        return lambda images: move(images.reshape(-1, 28, 28)).reshape(-1, 784)

    def left(g):
        return np.pad(g, ((0, 0), (0, 0), (0, 1)))[:, :, 1:]

    def right(g):
        return np.pad(g, ((0, 0), (0, 0), (1, 0)))[:, :, :-1]

    def up(g):
        return np.pad(g, ((0, 0), (0, 1), (0, 0)))[:, 1:]

    mistakes = {
        "the ink that leaves on the left comes back on the right: np.roll wraps round": grid(
            lambda g: np.roll(g, -1, axis=2)
        ),
        "that is a shift to the right": grid(right),
        "that is a shift upwards: the columns are the last axis": grid(up),
        "in the flat array the first pixel of a row moves to the end of the row above": lambda images: np.pad(
            images, ((0, 0), (0, 1))
        )[:, 1:],
    }
    check(answer, grid(left), mistakes, name="left_by_one", at=[images, images[:1]])


def mended_shuffle(answer):
    X, y = np.arange(12.0).reshape(6, 2), np.arange(6.0)

    def seen(shuffle):
        """Whether rows and labels stay together, whether all are there, and whether the order has changed."""

        def look(seed):
            A, b = shuffle(X.copy(), y.copy(), np.random.default_rng(seed))
            A, b = np.asarray(A, dtype=float), np.asarray(b, dtype=float)
            whole = A.shape == X.shape and b.shape == y.shape and np.array_equal(np.sort(b), y)
            together = whole and np.array_equal(A, X[b.astype(int)])
            return float(whole), float(together), float(not np.array_equal(b, y))

        return look

    def parted(X, y, rng):
        return X[rng.permutation(len(X))], y[rng.permutation(len(y))]

    def drawn(X, y, rng):
        rows = rng.integers(len(X), size=len(X))
        return X[rows], y[rows]

    mistakes = {
        "images and labels still part: draw one order for both": seen(parted),
        "this draws with replacement: some examples are lost": seen(drawn),
        "nothing is shuffled": seen(lambda X, y, rng: (X, y)),
        "only the images are shuffled": seen(lambda X, y, rng: (X[rng.permutation(len(X))], y)),
    }
    if callable(answer):
        answer = seen(answer)
    right = seen(lambda X, y, rng: [part[np.random.default_rng(5).permutation(6)] for part in (X, y)])
    check(answer, right, mistakes, name="shuffle", at=[0, 3])


def mended_scaling(answer):
    rng = np.random.default_rng(0)
    at = [(rng.normal(3, 2, (5, 3)), rng.normal(2, 3, (4, 3)))]
    flat = rng.normal(size=(6, 2))
    flat[:, 1] = 0.5
    at.append((flat, rng.normal(size=(3, 2))))

    def scaled(by, *, centre=True):
        def scale(A, B):
            M, S = by(A, B)
            mean, spread = M.mean(axis=0), S.std(axis=0)
            out = [(part - centre * mean) / np.where(spread > 1e-12, spread, 1.0) for part in (A, B)]
            return np.vstack(out)

        return scale

    def joined(A, B):
        both = np.vstack((A, B))
        return both, both

    def each(A, B):
        return np.vstack([scaled(lambda A, B: (A, A))(part, part)[: len(part)] for part in (A, B)])

    mistakes = {
        "mean and spread are still those of both sets together": scaled(joined),
        "the test images are standardised by themselves: a single new image could not be": each,
        "they come from the test set; take them from the training set": scaled(lambda A, B: (B, B)),
        "the mean is not subtracted": scaled(lambda A, B: (A, A), centre=False),
    }
    if callable(answer):
        given = answer

        def answer(A, B):
            with np.errstate(all="ignore"):
                return np.vstack(list(given(A, B)))

    check(answer, scaled(lambda A, B: (A, A)), mistakes, name="scaling", at=at)


def matrix_rates(answer):
    mistakes = {
        "the second is about the answers, a column: 90 of 112": [0.13, 0.9],
        "the first is the share that is right": [0.87, 90 / 112],
        "both are the wrong way round": [90 / 112, 0.13],
        "90 of 112 are right; you gave the share that is wrong": [0.13, 22 / 112],
    }
    check(answer, [0.13, 90 / 112], mistakes, name="rates")


def attend(answer):
    def output(score):
        w = np.exp([score, 0, 0])
        return float(w @ [10, 20, 30] / w.sum())

    mistakes = {
        "the scores are divided by √n = 2": output(2.0),
        "they are divided by √n, not by n": output(0.5),
        "that is the value of the best key: a softmax gives the others a share": 10.0,
        "that is the plain mean: the weights are the softmax of the scores": 20.0,
    }
    check(answer, output(1.0), mistakes, name="output", rtol=3e-3)
