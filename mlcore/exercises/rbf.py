"""Checks of the exercises of the chapter *Radial basis functions*."""

import numpy as np

from ..datasets import make_sinusoid
from ..rbf_regression import rbf_grid
from ..ridge import ridge_loo
from ..teach import check


def width(answer):
    value, half = np.exp(-1), np.sqrt(4 * np.log(2))
    mistakes = {
        "the distance lacks a square root: r² = λ ln 2": [value, half**2],
        "√λ is where the bump has fallen to 1/e, not to one half": [value, 2.0],
        "this is the formula with 2σ²: here λ itself is in the exponent": [np.exp(-0.5), np.sqrt(2) * half],
        "this is the full width; the distance from the centre is half of it": [value, 2 * half],
    }
    check(answer, [value, half], mistakes, name="value and distance")


def design(answer):
    squared = np.array([[1.0, 9.0], [0.0, 4.0], [4.0, 0.0]])

    def matrix(exponents):
        return np.column_stack([np.ones(3), np.exp(-exponents)])

    mistakes = {
        "the distances must be squared": matrix(np.sqrt(squared) / 2),
        "λ = 2 is missing in the exponent": matrix(squared),
        "this takes 2 for σ: exp(−r²/8) instead of exp(−r²/2)": matrix(squared / 8),
        "the column of ones belongs in front": np.roll(matrix(squared / 2), -1, axis=1),
    }
    check(answer, matrix(squared / 2), mistakes, name="Φ")


def limits(answer):
    mistakes = {
        "with δ = 1 even the narrowest bumps do not interpolate: the penalty shrinks them": [
            [1, 2, 6],
            [3, 3, 3],
        ],
        "at the end λ → 0 the intercept is free: shrink towards the mean, not towards zero": [
            [0.5, 1, 3],
            [3, 3, 3],
        ],
        "for λ → ∞ the centred columns are zero, but θ₀ remains and takes the mean": [
            [2, 2.5, 4.5],
            [0, 0, 0],
        ],
        "the two rows are exchanged": [[3, 3, 3], [2, 2.5, 4.5]],
        "the penalty is δ² per weight and the data count 1: divide by 1 + δ², not by 1 + 2δ²": [
            [7 / 3, 8 / 3, 4],
            [3, 3, 3],
        ],
    }
    check(answer, [[2, 2.5, 4.5], [3, 3, 3]], mistakes, name="ŷ at both ends")


def loo(answer):
    def right(K, y, delta):
        return ridge_loo(K, y, [delta])[0]

    def hat(K, delta, first=0.0):
        """The hat matrix; `first` is the penalty on the intercept."""
        Phi = np.column_stack([np.ones(len(K)), K])
        D = np.diag([first, *np.ones(K.shape[1])])
        return Phi @ np.linalg.solve(Phi.T @ Phi + delta**2 * D, Phi.T)

    def divided(H, y):
        return (y - H @ y) / (1 - np.diag(H))

    mistakes = {
        "these are the ordinary residuals: divide by 1 − h": lambda K, y, delta: y - hat(K, delta) @ y,
        "the intercept is penalised too: D has a 0 in front": lambda K, y, delta: divided(
            hat(K, delta, 1.0), y
        ),
        "δ must be squared": lambda K, y, delta: divided(hat(K, np.sqrt(delta)), y),
        "divide by 1 − h, not by its square": lambda K, y, delta: (
            right(K, y, delta) / (1 - np.diag(hat(K, delta)))
        ),
        "the sign: e = y − ŷ": lambda K, y, delta: -right(K, y, delta),
    }
    rng = np.random.default_rng(4)
    K, y = rng.normal(size=(7, 3)), rng.normal(size=7)
    check(answer, right, mistakes, name="leave-one-out residuals", at=[(K, y, 0.5), (K, y, 2.0)])


def slope(answer, season):
    """`season` is the chapter's fit to the days of 2012."""
    mu, theta, lam = season.centers_[:, 0], season.theta_[1:], season.lam

    def right(x):
        return np.sum(-2 * (x - mu) / lam * np.exp(-((x - mu) ** 2) / lam) * theta)

    mistakes = {
        "the factor 2 of the square is missing": lambda x: right(x) / 2,
        "the inner derivative is missing: the exponential alone is the curve, not its slope": lambda x: (
            season.predict([[x]])[0] - season.theta_[0]
        ),
        "the constant θ₀ drops out": lambda x: right(x) + season.theta_[0],
        "the inner derivative lacks 1/λ": lambda x: right(x) * lam,
    }
    check(answer, right, mistakes, name="dŷ/dx", at=[50.0, 120.0, 300.0])


def number_of_centres(answer):
    X, y = make_sinusoid(30, 0.3, np.random.default_rng(2))
    lams, deltas = np.geomspace(1e-3, 100, 15), np.geomspace(1e-3, 10, 15)
    wanted = 1.02**2 * rbf_grid(X, y, lams, deltas).min()
    enough = next(
        n for n in range(2, 13) if rbf_grid(X, y, lams, deltas, centers=np.linspace(0, 4, n)).min() <= wanted
    )
    mistakes = {
        "that is one too many": enough + 1,
        "that is one too few: its error is more than 2 % above": enough - 1,
    }
    check(answer, enough, mistakes, name="number of centres")
