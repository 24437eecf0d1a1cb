"""Checks of the exercises of the chapter *One neuron*."""

import numpy as np

from ..basis import StandardScaler
from ..datasets import load_breast_cancer
from ..functions import sigmoid
from ..objectives import LogisticNLL
from ..optimisers import irls
from ..teach import check


def _two():
    """Mean radius and mean texture, standardised, and the labels."""
    data = load_breast_cancer()
    return StandardScaler().fit_transform(data.X[:, :2]), data.y


def _with_ones(X):
    return np.column_stack((np.ones(len(X)), X))


def odds(answer):
    mistakes = {
        "the factor acts on the odds, not on the probability": 0.6,
        "these are the odds; turn them into a probability": 0.75,
        "odds are p/(1 − p), not p": 0.375,
    }
    check(answer, 0.75 / 1.75, mistakes, name="probability")


def gate(answer):
    corners = _with_ones(np.array([[0, 0], [0, 1], [1, 0], [1, 1]]))
    theta = np.asarray(answer)
    if answer is not None and (theta.shape != (3,) or theta.dtype.kind not in "biuf"):
        check(answer, np.zeros(3), name="θ₀, θ₁, θ₂")  # says which shape, or that numbers are wanted
        return
    answer = None if answer is None else (corners @ theta > 0).astype(int)
    mistakes = {
        "your neuron computes AND; x₂ should speak against": [0, 0, 0, 1],
        "your neuron computes x₁ alone; x₂ should speak against": [0, 0, 1, 1],
        "your neuron fires for x₂ and not x₁: the two are swapped": [0, 1, 0, 0],
        "your neuron also fires at (0, 0): lower the bias": [1, 0, 1, 0],
        "your neuron never fires: raise the bias": [0, 0, 0, 0],
    }
    check(answer, [0, 0, 1, 0], mistakes, name="outputs for (0,0), (0,1), (1,0), (1,1)")


def stable_sigmoid(answer):
    def without_warning(z):
        with np.errstate(all="raise", under="ignore"):  # an underflow is meant, and NumPy is silent about it
            try:
                return answer(z)
            except FloatingPointError as error:
                raise RuntimeWarning(f"{error}; in a notebook that is a warning") from None

    def clipped(size):
        return lambda z: sigmoid(np.clip(z, -size, size))

    mistakes = {
        "this is the probability of the other class, σ(−z)": lambda z: sigmoid(-z),
        "1 + tanh(z/2) subtracts numbers near 1, and small probabilities lose their digits": lambda z: (
            0.5 * (1 + np.tanh(z / 2))
        ),
        "1 − σ(|z|) subtracts numbers near 1, and small probabilities lose their digits": lambda z: np.where(
            z < 0, 1 - sigmoid(np.abs(z)), sigmoid(z)
        ),
    } | {
        f"clipping z to ±{size} changes the probability of the rare class": clipped(size)
        for size in (20, 30, 50, 100, 500)
    }
    # one number a call: each small probability is compared by itself, to six digits
    alone = [np.array([z]) for z in (-2.0, -30.0, -100.0, -300.0, -700.0, 0.0, 3.0)]
    at = [*alone, np.array([[1.0, -1000.0], [710.0, -710.0]]), np.array([-800.0, -2.0, 800.0])]
    check(without_warning if callable(answer) else answer, sigmoid, mistakes, name="σ(z)", at=at)


def mended_cost(answer):
    rng = np.random.default_rng(0)
    calls = [(rng.uniform(0.05, 0.95, m), rng.integers(0, 2, m)) for m in (6, 9)]

    def right(pi, y):
        return -np.sum(y * np.log(pi) + (1 - y) * np.log(1 - pi))

    mistakes = {
        "the minus sign still covers the first term only": lambda pi, y: (
            -np.sum(y * np.log(pi)) + np.sum((1 - y) * np.log(1 - pi))
        ),
        "a mean now; the book's cost is a sum": lambda pi, y: right(pi, y) / len(y),
        "the term of the benign has gone": lambda pi, y: -np.sum(y * np.log(pi)),
    }
    check(answer, right, mistakes, name="cost", at=calls)


def mended_gradient(answer):
    rng = np.random.default_rng(0)
    calls = []
    for m in (7, 12):
        X = _with_ones(rng.normal(size=(m, 2)))
        calls.append((rng.normal(size=3), X, np.where(rng.random(m) < 0.5, -1, 1)))

    def right(theta, X, s):
        return X.T @ (sigmoid(X @ theta) - (s + 1) / 2)

    mistakes = {
        "labels of −1 still stand where the formula needs 0": lambda theta, X, s: (
            X.T @ (sigmoid(X @ theta) - s)
        ),
        "s/2 is not enough: −1 must become 0 and +1 must become 1": lambda theta, X, s: (
            X.T @ (sigmoid(X @ theta) - s / 2)
        ),
        "the factor 2 belongs to least squares": lambda theta, X, s: 2 * right(theta, X, s),
    }
    check(answer, right, mistakes, name="gradient", at=calls)


def inflection(answer):
    mistakes = {
        "there the slope is zero, not the curvature": 1.0,
        "there the sigmoid itself has its inflection; the square moves it": 0.5,
        "that is 1 − π": 2 / 3,
    }
    check(answer, 1 / 3, mistakes, name="π")


def newton_step(answer):
    X, y = _two()
    A = _with_ones(X)
    calls = [(A, y, np.zeros(3)), (A, y, np.array([-0.5, 1.0, 0.3]))]

    def parts(A, y, theta):
        pi = sigmoid(A @ theta)
        return A.T @ (pi - y), (A.T * (pi * (1 - pi))) @ A

    def right(A, y, theta):
        g, H = parts(A, y, theta)
        return theta - np.linalg.solve(H, g)

    def uphill(A, y, theta):
        g, H = parts(A, y, theta)
        return theta + np.linalg.solve(H, g)

    def step_alone(A, y, theta):
        return right(A, y, theta) - theta

    def unweighted(A, y, theta):
        return theta - np.linalg.solve(A.T @ A, parts(A, y, theta)[0])

    mistakes = {
        "the sign: Newton's step goes against H⁻¹g": uphill,
        "this is the step alone; add it to θ": step_alone,
        "the weights π(1 − π) are missing from the Hessian": unweighted,
    }
    check(answer, right, mistakes, name="next θ", at=calls)


def bound(answer):
    X, y = _two()
    J = LogisticNLL(X, y)
    theta = irls(X, y).theta
    start, end = J.max_curvature(), float(np.linalg.eigvalsh(J.hess(theta))[-1])
    mistakes = {
        "these are 1/L: the bound is 2/L": [1 / start, 1 / end],
        "the weights at θ = 0 are ¼: the first is too small by 4": [2 / (4 * start), 2 / end],
        "these are the eigenvalues themselves": [start, end],
    }
    check(answer, [2 / start, 2 / end], mistakes, name="(bound at 0, bound at θ̂)", rtol=5e-3)


def odds_ratio(answer):
    X, y = _two()
    spread = load_breast_cancer().X[:, 0].std()
    J, theta = LogisticNLL(X, y), irls(X, y).theta
    w = theta[1] / spread
    se = np.sqrt(np.linalg.inv(J.hess(theta))[1, 1]) / spread
    right = np.exp([w, w - 1.96 * se, w + 1.96 * se])
    mistakes = {
        "these are per standard deviation; divide by the spread of the radius first": right**spread,
        "these are the log-odds; take the exponential": np.log(right),
        "1.96 times the standard error, before the exponential": np.exp([w, w - se, w + se]),
        "take the exponential of the ends; the interval is not e^w ± 1.96 SE": [
            right[0],
            right[0] - 1.96 * se,
            right[0] + 1.96 * se,
        ],
    }
    check(answer, right, mistakes, name="(odds ratio, lower, upper)", rtol=5e-3)


def threshold(answer):
    mistakes = {
        "that is the threshold when both mistakes count alike": 0.5,
        "1/30 forgets that the false alarm counts too: 1/(1 + 30)": 1 / 30,
        "upside down: the dearer a missed tumour, the lower the threshold": 30 / 31,
    }
    check(answer, 1 / 31, mistakes, name="threshold", rtol=4e-3)


def prior_shift(answer):
    y = load_breast_cancer().y
    old = np.log(y.mean() / (1 - y.mean()))
    new = np.log(0.01 / 0.99)
    mistakes = {
        "the sign: malignant has become rarer, so the intercept must fall": old - new,
        "this is the new log-odds; subtract the old": new,
        "use odds, not probabilities: log(0.01/0.99), not log 0.01": np.log(0.01 / y.mean()),
    }
    check(answer, new - old, mistakes, name="change of θ₀")
