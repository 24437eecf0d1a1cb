"""Checks of the exercises of the chapter *Networks*."""

import numpy as np

from ..teach import check


def size(answer):
    mistakes = {
        "these are the weights; each unit behind the input has a bias too": 2720,
        "a bias belongs to each unit that takes a weighted sum, not to the inputs": 2842,
        "the layer of 16 units is missing": 2410,
    }
    check(answer, 2778, mistakes, name="parameters")


def output(answer):
    mistakes = {
        "the weights are transposed: column o of W belongs to unit o": -1.0,
        "where is the activation? a negative z becomes 0": -8.0,
        "a bias is missing": 3.0,
    }
    check(answer, 2.0, mistakes, name="output")


def softplus_gap(answer):
    mistakes = {
        "that is where the gap is largest; how large is it there?": 0.0,
        "this is the slope of softplus at 0": 0.5,
        "natural logarithm: this is the one to base 10": np.log10(2),
    }
    check(answer, np.log(2), mistakes, name="largest gap")


def collapsed(answer):
    mistakes = {
        "the biases of the first layer go through the second: add b[1]ᵀW[2]": [4, -1, 3],
        "the bias of the second layer is missing": [4, -1, 1],
        "W[1] is transposed": [2, 3, 4],
    }
    check(answer, [4, -1, 4], mistakes, name="(slope, slope, intercept)")


def _networks():
    rng = np.random.default_rng(3)
    for widths in ((2, 3, 1), (4, 5, 3, 2)):
        theta = [(rng.normal(size=shape), rng.normal(size=shape[1])) for shape in zip(widths, widths[1:])]
        yield theta, rng.normal(size=(6, widths[0]))


def forward(answer):
    def run(theta, X, last=False, bias=True, first=False):
        A = np.tanh(X) if first else X
        for l, (W, b) in enumerate(theta):
            Z = A @ W + (b if bias else 0)
            A = np.tanh(Z) if last or l < len(theta) - 1 else Z
        return A

    mistakes = {
        "there is no activation behind the last layer": lambda t, X: run(t, X, last=True),
        "the biases are missing": lambda t, X: run(t, X, bias=False),
        "the inputs go into the first layer as they are": lambda t, X: run(t, X, first=True),
    }
    check(answer, run, mistakes, name="forward", at=list(_networks()))


def parity(answer):
    mistakes = {
        "this is XOR of two inputs: at s = 3 it gives −1": [1, -2, 0],
        "at s = 3 the first two units give 3 and 2, so together −1": [1, -2, 1],
        "at s = 2 the first unit already gives 2": [1, -1, 1],
    }
    check(answer, [1, -2, 2], mistakes, name="v")


def dead(answer):
    mistakes = {
        "the sign: a large bias keeps the unit alive": 3.0,
        "the corner (1, 1) is not the worst: the second weight is negative": -1.0,
        "this would do if only the first input counted": -2.0,
    }
    check(answer, -3.0, mistakes, name="b")


def pieces(answer):
    mistakes = {
        "this is for an interval of length 1; here the pieces are π/n wide": 12,
        "rounded down it is not quite enough": 35,
        "this is for steps; ramps need far fewer": 1571,
        "with (n + 1) in the place of n: n pieces need n + 1 points, but it is the pieces that count": 37,
    }
    check(answer, 36, mistakes, name="n")


def _values():
    rng, x = np.random.default_rng(5), np.linspace(0, 1, 33)
    return [(rng.normal(size=n + 1), x) for n in (1, 4, 7)]


def ramps(answer):
    def right(y, x):
        return np.interp(x, np.linspace(0, 1, len(y)), y)

    def summed(y, x, changes=True, start=True, wide=True):
        n = len(y) - 1
        slope = np.diff(y) * (n if wide else 1)
        v = np.diff(slope, prepend=0.0) if changes else slope
        return start * y[0] + np.maximum(x[:, None] - np.arange(n) / n, 0) @ v

    mistakes = {
        "a unit changes the slope: its weight is the difference of two slopes": lambda y, x: summed(
            y, x, changes=False
        ),
        "the sum starts at y[0]": lambda y, x: summed(y, x, start=False),
        "a slope is rise over run, and a piece is 1/n wide": lambda y, x: summed(y, x, wide=False),
    }
    check(answer, right, mistakes, name="ramps", at=_values())


def mended(answer):
    rng = np.random.default_rng(7)
    sizes = [(3, 3), (4, 4), (1, 3)]  # examples and units; one example gets a wrong shape from b[:, None]
    at = [(rng.normal(size=(m, 2)), rng.normal(size=(2, n)), rng.normal(size=n)) for m, n in sizes]
    mistakes = {
        "still one bias for each example; it should be one for each unit": lambda X, W, b: np.maximum(
            X @ W + b[:, None], 0
        ),
        "the bias has a row for each unit now; it needs one for each example, len(X)": lambda X, W, b: (
            np.maximum(X @ W + np.tile(b, (len(b), 1)), 0)
        ),
        "the bias is gone; it should be mended, not taken out": lambda X, W, b: np.maximum(X @ W, 0),
        "the activation is gone": lambda X, W, b: X @ W + b,
    }
    check(answer, lambda X, W, b: np.maximum(X @ W + b, 0), mistakes, name="layer", at=at)


def lam(answer):
    mistakes = {
        "this is the limit for steps that stand close together": 4 / 9,
        "divide by w²": 2 * (1 + np.cosh(1.5)),
        "the argument of cosh is w s": 2 * (1 + np.cosh(0.5)) / 9,
        "the distance of the steps is 1, so s is 1/2": 2 * (1 + np.cosh(3)) / 9,
    }
    check(answer, 2 * (1 + np.cosh(1.5)) / 9, mistakes, name="λ")
