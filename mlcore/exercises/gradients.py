"""Checks of the exercises of the chapter *Gradients and curvature*."""

import numpy as np

from ..basis import StandardScaler
from ..datasets import load_diabetes
from ..objectives import LeastSquares
from ..teach import check


def _cost():
    """The cost of the ten standardised columns of the diabetes data."""
    data = load_diabetes()
    return LeastSquares(StandardScaler().fit_transform(data.X), data.y)


def partials(answer):
    mistakes = {
        "the second entry lacks the term 3": [-4, 4],
        "in θ₁²θ₂ the derivative with respect to θ₁ keeps the factor θ₂": [4, 7],
        "the entries are in the wrong order": [7, -4],
        "the derivative of θ₁² is 2θ₁, not θ₁": [-2, 7],
    }
    check(answer, [-4.0, 7.0], mistakes, name="gradient")


def slope(answer):
    mistakes = {
        "v must have length 1: divide by its length": 14.0,
        "this is the slope along the gradient itself": 10.0,
        "divide by the length of v, not by its square": 7.0,
    }
    check(answer, 14 / np.sqrt(2), mistakes, name="slope", rtol=1e-3)


def step(answer, error=None):
    u, size = 2.0**-53, 1e6 + 1
    half = "u is 2⁻⁵³, half of np.finfo(float).eps"
    mistakes = {
        half: (6 * u * size) ** (1 / 3),
        "the 3 under the root is missing": (u * size) ** (1 / 3),
        "this is the best step for eᵗ without the million": (3 * u) ** (1 / 3),
        "this is the best step of the forward quotient": 2 * np.sqrt(u * size),
        "a cube root is wanted, not a square root": np.sqrt(3 * u * size),
    }
    best = (3 * u * size) ** (1 / 3)
    check(answer, best, mistakes, name="h", rtol=0.02)
    if error is not None:
        bound = best**2 / 6 + u * size / best
        mistakes = {
            "this is the bound without the million": (3 * u) ** (2 / 3) / 2,
            "this is the part of truncation alone": best**2 / 6,
            "this is the part of rounding alone": u * size / best,
            half: (6 * u * size) ** (2 / 3) / 2,
        }
        check(error, bound, mistakes, name="bound", rtol=0.03)


def mended(answer):
    J = _cost()

    def penalised(theta):
        return J.grad(theta) + 2 * 25 * theta * (np.arange(11) > 0)

    mistakes = {
        "this is the one with the fault: it charges θ₀ as well, so entry 0 has 2δ²θ₀ too much": (
            lambda t: J.grad(t) + 50 * t
        ),
        "δ enters squared: 2δ² is 2 · 25": lambda t: J.grad(t) + 10 * t * (np.arange(11) > 0),
        "the sign of the residual is turned: −2Xᵀe belongs to e = y − Xθ": (
            lambda t: -J.grad(t) + 50 * t * (np.arange(11) > 0)
        ),
        "the penalty δ²θ² has the derivative 2δ²θ": lambda t: J.grad(t) + 25 * t * (np.arange(11) > 0),
        "the penalty is missing": J.grad,
    }
    places = [np.ones(11), np.arange(11.0), np.full(11, -20.0)]
    check(answer, penalised, mistakes, name="gradient", at=places)


def eigenvalues(answer):
    mistakes = {
        "these are the entries of the first row": [3, 1],
        "right numbers; the larger one first": [-2, 4],
        "the product of the two is the determinant, 1 − 9 = −8": [4, 2],
    }
    check(answer, [4.0, -2.0], mistakes, name="eigenvalues")


def critical(answer):
    mistakes = {
        "the other way round: look at the sign of 6θ₁": [-1, 1],
        "these are the values of θ₂": [0, 0],
        "these are the values of f": [-2, 2],
        "the right points; of each give θ₁ only": [[1, 0], [-1, 0]],
        "the right points, in the other order; and of each give θ₁ only": [[-1, 0], [1, 0]],
    }
    check(answer, [1.0, -1.0], mistakes, name="θ₁ of the minimum and of the saddle")


def paths(answer):
    mistakes = {
        "these are the paths through x alone": [3, 3],
        "these are the paths through y alone": [12, 4],
        "these are ∂z/∂x and ∂z/∂y: go one step further": [3, 4],
        "right numbers, wrong order: ∂z/∂a comes first": [7, 15],
    }
    check(answer, [15.0, 7.0], mistakes, name="(∂z/∂a, ∂z/∂b)")


def columns(answer):
    def right(theta):
        a, b = theta
        return np.array([[b, 2 * a, 0.0], [a, 0.0, np.cos(b)]])

    mistakes = {
        "the derivative of θ₁² is 2θ₁": lambda t: right(t) - np.array([[0, t[0], 0], [0, 0, 0]]),
        "this is the Jacobian; the book's ∂w/∂θ is its transpose": lambda t: right(t).T,
    }
    places = [np.array([1.0, 2.0]), np.array([-0.5, 0.3]), np.array([2.0, -1.0])]
    check(answer, right, mistakes, name="∂w/∂θ", at=places)


def largest(answer):
    J = _cost()
    eigenvalues = np.linalg.eigvalsh(J.hess(np.zeros(11)))
    mistakes = {
        "this is the largest eigenvalue of XᵀX; the Hessian has a factor 2": eigenvalues[-1] / 2,
        "this is the smallest": eigenvalues[0],
        "this is the second largest: start from a random v, and go on longer": eigenvalues[-2],
        "this is the curvature along the intercept, 2m: start from a random v": 884.0,
    }
    check(answer, eigenvalues[-1], mistakes, name="largest curvature", rtol=1e-3)
