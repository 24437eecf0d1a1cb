"""Checks of the exercises of the chapter *Beginnings and depth*."""

import numpy as np

from ..teach import check


def square(answer):
    mistakes = {
        "each of the 300 terms adds its share": 0.005,
        "the mean square of the inputs is missing": 3.0,
        "0.5 is already a mean square": 300 * 0.01 * 0.25,
        "0.01 is already a variance": 300 * 0.01**2 * 0.5,
        "this is its root, the size": np.sqrt(1.5),
    }
    check(answer, 1.5, mistakes, name="mean square")


def r(answer):
    mistakes = {
        "this is the standard deviation; U(−r, r) reaches further": np.sqrt(2 / 150),
        "this is Glorot's rule": np.sqrt(6 / 200),
        "He's rule counts the inputs": np.sqrt(6 / 50),
        "this is the variance": 2 / 150,
        "take the root": 6 / 150,
        "the factor 2 for ReLU is missing": np.sqrt(3 / 150),
    }
    check(answer, 0.2, mistakes, name="r")


def leaky(answer):
    mistakes = {
        "this is He's rule, for slope 0": 0.02,
        "this is the rule for the identity": 0.01,
        "a slope changes squares by its square": 2 / 150,
        "this is the standard deviation": np.sqrt(0.016),
    }
    check(answer, 0.016, mistakes, name="variance")


def _large_draw(start):
    """Shape and standard deviation of a large matrix: the same for every law of that variance."""

    def summary(n_in, n_out, seed):
        W = start(n_in, n_out, np.random.default_rng(seed))
        return None if W is None else np.array([*np.shape(W), 1000 * np.std(W)])

    return summary


def _normal(std):
    return _large_draw(lambda n_in, n_out, rng: rng.normal(0, std(n_in, n_out), (n_in, n_out)))


def mended(answer):
    mistakes = {
        "rng.normal takes the standard deviation: the root of the variance": _normal(lambda i, o: 2 / i),
        "ReLU lets half through: the factor 2 was right": _normal(lambda i, o: i**-0.5),
        "He's rule counts the inputs": _normal(lambda i, o: (2 / o) ** 0.5),
        "this is Glorot's rule": _normal(lambda i, o: (2 / (i + o)) ** 0.5),
        "W has the shape (n_in, n_out)": _large_draw(lambda i, o, rng: rng.normal(0, (2 / i) ** 0.5, (o, i))),
        "U(−r, r) with this r has a third of the variance": _large_draw(
            lambda i, o, rng: rng.uniform(-1, 1, (i, o)) * (2 / i) ** 0.5
        ),
    }
    right = _normal(lambda i, o: (2 / i) ** 0.5)
    at = [(400, 900, 0), (900, 300, 1)]
    check(
        _large_draw(answer) if callable(answer) else answer, right, mistakes, name="start", at=at, rtol=0.01
    )


def layers(answer):
    mistakes = {
        "4⁻⁶³ is 2⁻¹²⁶ itself, not below it": 63,
        "4⁻ᵏ, not 10⁻ᵏ": 38,
        "this is for halves: a sigmoid leaves a quarter": 127,
        "this is for halves, and 2⁻¹²⁶ is not below itself": 126,
    }
    check(answer, 64, mistakes, name="k")


def _right_clip(g, longest):
    return g * min(1.0, longest / max(np.linalg.norm(g), 1e-300))


def clip(answer):
    mistakes = {
        "a gradient that is short enough stays as it is": lambda g, longest: (
            g * longest / max(np.linalg.norm(g), 1e-300)
        ),
        "this clips each entry, which turns the gradient": lambda g, longest: np.clip(g, -longest, longest),
        "divide by the norm, not by its square": lambda g, longest: (
            g * min(1.0, longest / max(float(g @ g), 1e-300))
        ),
        "this divides by the norm but forgets the length": lambda g, longest: (
            g / max(1.0, float(np.linalg.norm(g)))
        ),
    }
    at = [
        (np.array([3.0, -4.0]), 2.0),
        (np.array([0.3, 0.4, 0.0]), 2.0),
        (np.zeros(3), 1.0),
        (np.array([0.9, 0.9]), 1.0),
    ]
    check(answer, _right_clip, mistakes, name="clip", at=at)


def next_q(answer):
    mistakes = {
        "the weights enter with their variance: square the scale": lambda q, c, g, z: (
            c * np.mean(g(np.sqrt(q) * z) ** 2)
        ),
        "q is a mean square: z has the size √q": lambda q, c, g, z: c**2 * np.mean(g(q * z) ** 2),
        "square after g, then take the mean": lambda q, c, g, z: c**2 * np.mean(g(np.sqrt(q) * z)) ** 2,
        "the activation is missing": lambda q, c, g, z: c**2 * q * np.mean(z**2),
        "g has to be squared": lambda q, c, g, z: c**2 * np.mean(g(np.sqrt(q) * z)),
    }

    def right(q, scale, g, z):
        return scale**2 * np.mean(g(np.sqrt(q) * z) ** 2)

    z = np.random.default_rng(4).normal(size=50)
    at = [(0.5, 1.3, np.tanh, z), (2.0, 0.7, np.tanh, z), (1.5, 2.0, lambda v: np.maximum(v, 0), z)]
    check(answer, right, mistakes, name="next_q", at=at)


def born_dead(answer):
    mistakes = {
        "this is the probability that it lives": (7 / 8) ** 19,
        "a probability is at most 1: layers don't add up": 19 / 8,
        "there are 19 hidden layers, and each may be the one": 1 - (7 / 8) ** 18,
        "this is for two units a layer": 1 - 0.75**19,
        "all three units must be off at once: 2⁻³": 1 - 0.5**19,
    }
    check(answer, 1 - (7 / 8) ** 19, mistakes, name="probability")


def branch(answer):
    mistakes = {
        "this is α²": 2 ** (1 / 50) - 1,
        "this lets it grow by e": 50**-0.5,
        "this is for the size; the mean square is its square": (4 ** (1 / 50) - 1) ** 0.5,
    }
    check(answer, (2 ** (1 / 50) - 1) ** 0.5, mistakes, name="α")


def units(answer):
    mistakes = {
        "255 kinks need 255 units, but these can't also make the first slope": [255, 16],
        "two units a layer, and one more than kinks in the wide network": [255, 8],
        "a unit makes one kink, so 128 make 129 pieces at most": [128, 16],
        "each of the eight layers has two units": [256, 8],
        "these are the pieces of eight units in one layer": [9, 16],
    }
    check(answer, [256, 16], mistakes, name="[one layer, eight layers]")
