"""Checks of the exercises of the chapter *From momentum to Adam*."""

import numpy as np

from ..optimisers import Adagrad, Adam
from ..teach import check

_GRADIENTS = [
    np.array([[3.0, 1.0], [0.5, -2.0], [-1.0, 4.0]]),
    np.random.default_rng(0).normal(size=(8, 3)) * [1, 10, 100],
]


def _steps(rule, gradients):
    """All steps that a rule makes of gradients (n, d), which must not be changed."""
    state, made = rule.init(gradients[0]), []
    for g in gradients:
        step, state = rule.update(g, state)
        made.append(step.copy())
    return np.array(made)


def converted(answer):
    mistakes = {
        "that is η′ itself: the library's form has no factor 1 − α before the gradient": 0.01,
        "the other way round: η is larger than η′": 0.001,
        "this divides by α, not by 1 − α": 0.01 / 0.9,
        "divided by 1 − α twice": 1.0,
    }
    check(answer, 0.1, mistakes, name="η")


def memory(answer):
    mistakes = {
        "1/(1 − α) gradients carry about 63 % of the weight": 10,
        "one too few: these carry just under 95 %": 28,
        "how many whole gradients?": np.log(0.05) / np.log(0.9),
        "these carry 90 %": 22,
    }
    check(answer, 29, mistakes, name="gradients", rtol=2e-3)


def best_pair(answer):
    alpha, eta, q = (9 / 11) ** 2, 0.1, 9 / 11
    mistakes = {
        "α is the square of the factor: α = q²": [q, eta, q],
        "this is the heavy-ball η′; the book's η is η′/(1 − α)": [alpha, (1 - alpha) * eta, q],
        "the factor has √κ in it; this is that of plain descent": [alpha, eta, 99 / 101],
        "the factor has √κ in it; this q, and with it α = q², is made of κ": [(99 / 101) ** 2, eta, 99 / 101],
        "this is the best η of plain descent, 2/(λ_min + L)": [alpha, 2 / 101, q],
        "all three are those of plain descent, where α is 0": [0, 2 / 101, 99 / 101],
        "η is one over the *root* of the product of the curvatures": [alpha, 0.01, q],
    }
    check(answer, [alpha, eta, q], mistakes, name="(α, η, q)", rtol=2e-3)


def turn(answer):
    angle = np.arccos(1.8 / (2 * np.sqrt(0.9)))
    mistakes = {
        "this is the angle a step; how many of them make a full turn?": angle,
        "half a turn: a full one is 2π": np.pi / angle,
        "the real part of the root is (1 + α − c)/2, to be divided by √α": 2 * np.pi / np.arccos(0.9),
    }
    check(answer, 2 * np.pi / angle, mistakes, name="steps a turn", rtol=3e-3)


def adagrad_steps(answer):
    def right(g):
        return _steps(Adagrad(0.1), g)

    def without_root(g):
        return -0.1 * g / (np.cumsum(g**2, axis=0) + 1e-8)

    def without_now(g):
        before = np.cumsum(g**2, axis=0) - g**2
        return -0.1 * g / (np.sqrt(before) + 1e-8)

    def total(g):
        return np.tile(np.sqrt((g**2).sum(axis=0)), (len(g), 1))

    mistakes = {
        "the sum runs over the entries: it should run over the steps, axis=0": lambda g: (
            -0.1 * g / (np.sqrt(np.cumsum(g**2, axis=1)) + 1e-8)
        ),
        "this divides by the sum of all gradients, later ones too: a running sum, cumsum": lambda g: (
            -0.1 * g / (total(g) + 1e-8)
        ),
        "these are the places after each step; the steps themselves are wanted": lambda g: np.cumsum(
            right(g), axis=0
        ),
        "uphill: check the sign": lambda g: -right(g),
        "the root of the sum is missing": without_root,
        "the sum includes the present gradient": without_now,
        "one sum for each entry: sum over the steps, axis=0, alone": lambda g: (
            -0.1 * g / (np.sqrt(np.cumsum((g**2).sum(axis=1)))[:, None] + 1e-8)
        ),
        "this divides by the root of the mean, not of the sum": lambda g: (
            -0.1 * g / (np.sqrt(np.cumsum(g**2, axis=0) / np.arange(1, len(g) + 1)[:, None]) + 1e-8)
        ),
    }
    check(answer, right, mistakes, name="steps", at=_GRADIENTS)


def second_step(answer):
    right = 0.01 / 0.19
    mistakes = {
        "the sign: the mean gradient is negative now, so the step goes up": -right,
        "without the correction of u: divide by 1 − β₁²": 0.01,
        "g₁ is forgotten, and u is not corrected: u₂ remembers nine tenths of u₁": 0.1,
        "g₁ is forgotten: u₂ remembers nine tenths of u₁ = 0.1": 0.1 / 0.19,
        "neither average is corrected": 0.01 / np.sqrt(0.001 * 1.999),
        "the momentum of the first step does not make it 1: u₂ is a mean of +1 and −1": -1.0,
        "this is plain −g₂: where is the mean u₂?": 1.0,
    }
    check(answer, right, mistakes, name="second step, in units of η", rtol=2e-3)


def mended_adam(answer):
    def corrected_by(of_u, of_v):
        def steps(g):
            u, v, out = np.zeros(g.shape[1]), np.zeros(g.shape[1]), []
            for k, now in enumerate(g, 1):
                u, v = 0.9 * u + 0.1 * now, 0.999 * v + 0.001 * now**2
                out.append(-0.1 * (u / (1 - of_u**k)) / (np.sqrt(v / (1 - of_v**k)) + 1e-8))
            return np.array(out)

        return steps

    mistakes = {
        "v̂ still divides by 1 − β₁ᵏ; v has the share β₂": corrected_by(0.9, 0.9),
        "the corrections are exchanged: u has the share 0.9 and v 0.999": corrected_by(0.999, 0.9),
        "the correction of u was right: u has the share 0.9": corrected_by(0.999, 0.999),
        "the corrections are gone; they should be mended, not taken out": corrected_by(0, 0),
        "the correction of u is gone; only that of v was wrong": corrected_by(0, 0.999),
    }
    check(answer, lambda g: _steps(Adam(0.1), g), mistakes, name="Adam", at=_GRADIENTS)


def rare_ratio(answer):
    mistakes = {
        "that is how many times rarer it is; the sum stands under a root": 25,
        "upside down: the rare feature has the larger rate": 1 / 5,
    }
    check(answer, 5, mistakes, name="ratio of the rates")


def drift(answer):
    v3 = (0.1 * (0.1 * 0.9 + 0.9) + 8.1) / (1 - 0.001)  # v after the 3
    first, second = 0.1 * v3 + 0.9, 0.1 * (0.1 * v3 + 0.9) + 0.9
    right = -3 / np.sqrt(v3) + 1 / np.sqrt(first) + 1 / np.sqrt(second)
    mistakes = {
        "the sign: a step goes against the gradient": -right,
        "this is the sum of the gradients, not of the steps": 1.0,
        "and with the sign turned, but undivided: divide each by √v": -1.0,
        "each step with a v of its own: v falls between two large gradients": -3 / np.sqrt(v3)
        + 2 / np.sqrt(v3),
    }
    check(answer, right, mistakes, name="steps of one period, in units of η", rtol=3e-3)


def cycle(answer):
    def slope(theta):
        return 25 * theta if theta < 1 else theta + 24 if theta < 2 else 25 * theta - 24

    theta, step, path = 3.3, 0.0, []
    for _ in range(600):
        step = 4 / 9 * step - slope(theta) / 9
        theta += step
        path.append(theta)
    mistakes = {
        "the minimum, where Nesterov's variant ends: are α = 4/9 and η′ = 1/9 in your loop?": np.zeros(3),
    }
    check(answer, np.sort(path[-3:]), mistakes, name="the three points", rtol=2e-3)
