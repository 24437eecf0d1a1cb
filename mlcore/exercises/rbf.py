"""Checks of the exercises of the chapter *Radial basis functions*."""

import numpy as np

from ..datasets import make_sinusoid
from ..rbf_regression import RBFRegression, rbf_grid
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
    check(answer, [value, half], mistakes, name="value and distance", rtol=1e-2)


def units(answer):
    mistakes = {
        "λ = 2σ²: halve it before the root": [np.sqrt(450.0), 1 / 450],
        "λ = 2σ², so σ is the root of λ/2": [225.0, 1 / 450],
        "gamma is one over λ, not λ": [15.0, 450.0],
        "gamma is 1/λ = 1/(2σ²): the 2 is in λ already": [15.0, 1 / 900],
        "gamma is 1/λ = 1/(2σ²), not 1/σ²": [15.0, 1 / 225],
        "gamma is 1/λ = 1/(2σ²): σ must be squared": [15.0, 1 / 30],
        "gamma is 1/λ = 1/(2σ²), not 1/σ": [15.0, 1 / 15],
    }
    check(answer, [15.0, 1 / 450], mistakes, name="σ and gamma", rtol=1e-2)


def wide(answer):
    mistakes = {
        "the weight changes by −0.4, and the bump is nearly 1 everywhere: the curve goes down": 0.4,
        "a narrow bump would leave the other end alone; this one is e^(−9/30) there": 0.0,
        "this is the change at the centre; at x = 0 the bump is e^(−9/30)": -0.4,
        "the distance must be squared: e^(−9/30), not e^(−3/30)": -0.4 * np.exp(-3 / 30),
        "λ itself is in the exponent: e^(−9/30), not e^(−9/60)": -0.4 * np.exp(-9 / 60),
        "that is the factor; the weight changes by −0.4": np.exp(-9 / 30),
    }
    check(answer, -0.4 * np.exp(-9 / 30), mistakes, name="change of ŷ(0)", rtol=0.02)


def matrix(answer):
    def right(X, centers, lam):
        return np.exp(-np.sum((X[:, None, :] - centers[None, :, :]) ** 2, axis=2) / lam)

    def squared(X, centers):
        return np.sum((X[:, None, :] - centers[None, :, :]) ** 2, axis=2)

    mistakes = {
        "the distances must be squared": lambda X, C, lam: np.exp(-np.sqrt(squared(X, C)) / lam),
        "divide by λ, not by λ²": lambda X, C, lam: np.exp(-squared(X, C) / lam**2),
        "divide by λ, not by 2λ": lambda X, C, lam: np.exp(-squared(X, C) / (2 * lam)),
        "the minus sign in the exponent is missing": lambda X, C, lam: np.exp(squared(X, C) / lam),
        "rows are points, columns are centres: transpose": lambda X, C, lam: right(X, C, lam).T,
        "this is the squared distance alone: exp(−·/λ) of it": lambda X, C, lam: squared(X, C),
    }
    rng = np.random.default_rng(7)
    X, centers = rng.normal(size=(4, 3)), rng.normal(size=(2, 3))
    check(answer, right, mistakes, name="Φ", at=[(X, centers, 0.7), (X, centers, 3.0)])


def twins(answer):
    mistakes = {
        "no curve passes through both, so it takes neither": 0.0,
        "with δ → 0 the penalty no longer pulls towards the mean of all points": 10 / 3,
        "that is the third point's value, at x = 5": 6.0,
        "the later target does not win: both count the same, so the curve passes halfway": 3.0,
        "the first target does not win: both count the same, so the curve passes halfway": 1.0,
    }
    check(answer, 2.0, mistakes, name="ŷ at the double point")


def predict_new(answer):
    def right(X, y, new, lam, delta):
        return RBFRegression(lam, delta).fit(X, y).predict(new)

    def own_centres(X, y, new, lam, delta):
        theta = RBFRegression(lam, delta).fit(X, y).theta_
        return theta[0] + np.exp(-((new - new.T) ** 2) / lam) @ theta[1:]

    def no_intercept(X, y, new, lam, delta):
        model = RBFRegression(lam, delta).fit(X, y)
        return model.predict(new) - model.theta_[0]

    mistakes = {
        "the bumps still stand on the new points: the centres are those of the fit": own_centres,
        "θ₀ is missing": no_intercept,
    }
    rng = np.random.default_rng(9)
    X, y, new = rng.uniform(0, 4, (8, 1)), rng.normal(5, 1, 8), rng.uniform(0, 4, (8, 1))
    check(answer, right, mistakes, name="predictions", at=[(X, y, new, 0.5, 0.1), (X, y, new, 2.0, 1.0)])


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
    check(answer, matrix(squared / 2), mistakes, name="Φ", rtol=1.5e-2)


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
    def right(Phi, y, delta):
        return ridge_loo(Phi, y, [delta])[0]

    def hat(Phi, delta, first=0.0):
        """The hat matrix; `first` is the penalty on the intercept."""
        A = np.column_stack([np.ones(len(Phi)), Phi])
        D = np.diag([first, *np.ones(Phi.shape[1])])
        return A @ np.linalg.solve(A.T @ A + delta**2 * D, A.T)

    def divided(H, y):
        return (y - H @ y) / (1 - np.diag(H))

    mistakes = {
        "these are the ordinary residuals: divide by 1 − h": lambda Phi, y, delta: y - hat(Phi, delta) @ y,
        "the intercept is penalised too: D has a 0 in front": lambda Phi, y, delta: divided(
            hat(Phi, delta, 1.0), y
        ),
        "δ must be squared": lambda Phi, y, delta: divided(hat(Phi, np.sqrt(delta)), y),
        "divide by 1 − h, not by its square": lambda Phi, y, delta: (
            right(Phi, y, delta) / (1 - np.diag(hat(Phi, delta)))
        ),
        "the sign: e = y − ŷ": lambda Phi, y, delta: -right(Phi, y, delta),
    }
    rng = np.random.default_rng(4)
    Phi, y = rng.normal(size=(7, 3)), rng.normal(size=7)
    check(answer, right, mistakes, name="leave-one-out residuals", at=[(Phi, y, 0.5), (Phi, y, 2.0)])


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
