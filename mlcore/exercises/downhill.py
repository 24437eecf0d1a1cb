"""Checks of the exercises of the chapter *Downhill*."""

import numpy as np

from ..datasets import load_cars
from ..objectives import LeastSquares, TwoWells, Valley
from ..optimisers import backtrack
from ..teach import check


def zigzag(answer):
    mistakes = {
        "below η = 1/L the steep part keeps its sign": [0, 1],
        "right up to 2/L; but below η = 1/L the steep part keeps its sign": [0, 2],
        "above 5/3 the steep part still shrinks, only slower than the flat one": [1, 5 / 3],
        "above η = 2/L the steep factor is below −1: its part changes sign and grows": [1, 5],
    }
    check(answer, [1, 2], mistakes, name="rates", rtol=5e-3)


def two_steps(answer):
    mistakes = {
        "this is one step": [-0.2, 1.4],
        "that is uphill: the step goes against the gradient": [4.84, 3.38],
        "the gradient is (4θ₁, θ₂): each direction has its own factor": [0.04, 0.08],
        "the factor of θ₁ is 1 − 1.2 = −0.2, and twice negative is positive": [-0.04, 0.98],
    }
    check(answer, [0.04, 0.98], mistakes, name="θ")


def largest_rate(answer):
    data = load_cars()
    x, y = data.X[:, [data.feature_names.index("acceleration")]], data.y
    L = LeastSquares(x, y).max_curvature()
    mistakes = {
        "this is 1/L: stable, but the limit is 2/L": 1 / L,
        "the Hessian is 2XᵀX: the factor 2 is missing": 4 / L,
        "is the column of ones in X?": 1 / np.sum(x**2),
        "this is L itself": L,
    }
    check(answer, 2 / L, mistakes, name="η", rtol=1e-3)


def steps_needed(answer):
    mistakes = {
        "this is for η = 1/L, whose factor is 1 − 1/κ": 322,
        "the error, not the cost, is to be a thousandth; the cost is the square": 82,
        "use the natural logarithm on both sides": 71,
        "round up: after 162 steps it is not yet there": 162,
    }
    check(answer, 163, mistakes, name="steps", rtol=3e-3)


# the last two tell apart a share of 0, of 10⁻⁴ and of 10⁻²
_PLACES = [np.array(theta) for theta in ((-1.5, 1), (0, 2), (3, 0), (-1.83, 1.84), (-1.97, 2.38))]


def length(answer):
    J = Valley()

    def search(side, share):
        def first(theta):
            (value, grad), t = J.value_and_grad(theta), 1.0
            while J.value(theta + side * t * grad) > value - share * t * grad @ grad:
                t = t / 2
            return t

        return first

    def right(theta):
        value, grad = J.value_and_grad(theta)
        return backtrack(J, theta, value, grad, -grad)

    mistakes = {
        "the cost is still tried on the uphill side, so no length is short enough": search(1, 1e-4),
        "the share of the slope that is asked for is too large; 1e-4 is enough": search(-1, 0.9),
        "any fall of the cost is taken; it must be 1e-4 of what the slope promises": search(-1, 0.0),
    }
    check(answer, right, mistakes, name="length", at=_PLACES)


def newton_step(answer):
    J = TwoWells()

    def moved(step):
        def after(theta):
            _, grad, hess = J.taylor(theta)
            return theta + step(grad, hess)

        return after

    mistakes = {
        "that is the step; add it to θ": lambda theta: (
            moved(lambda g, H: -np.linalg.solve(H, g))(theta) - theta
        ),
        "the sign: the model is lowest at θ − H⁻¹g": moved(lambda g, H: np.linalg.solve(H, g)),
        "the Hessian is to be divided by, not multiplied with": moved(lambda g, H: -H @ g),
        "this is steepest descent with η = 1: where is the Hessian?": moved(lambda g, H: -g),
        "this uses the diagonal of the Hessian only": moved(lambda g, H: -g / np.diag(H)),
    }
    places = [np.array([1.6, -1.0]), np.array([0.8, 1.0]), np.array([0.4, 1.0])]
    check(answer, moved(lambda g, H: -np.linalg.solve(H, g)), mistakes, name="θ after the step", at=places)


class _Whole(float):
    """A number that adds and multiplies, but neither divides nor can be divided by."""

    def _closed(name):
        plain = getattr(float, name)
        return lambda self, *other: _Whole(plain(self, *map(float, other)))

    __add__ = __radd__ = _closed("__add__")
    __mul__ = __rmul__ = _closed("__mul__")
    __sub__, __rsub__, __neg__ = _closed("__sub__"), _closed("__rsub__"), _closed("__neg__")

    def __truediv__(self, other):
        raise ArithmeticError("this divides. Multiply out first: θ² times (a − 1/θ) has no fraction left")

    __rtruediv__ = __truediv__

    def __pow__(self, n):
        return self / self if n < 0 else _Whole(float(self) ** n)


def reciprocal(answer):
    mistakes = {
        "the sign: θ − f′/f″ with f″ = 1/θ²": lambda theta, a: a * theta**2,
        "this is steepest descent with η = 1": lambda theta, a: theta - a + 1 / float(theta),
        "this is where the steps end; one step from θ is wanted": lambda theta, a: 1 / float(a),
    }
    places = [(_Whole(theta), _Whole(a)) for theta, a in ((0.3, 2.0), (0.1, 7.0), (0.2, 3.0))]
    check(answer, lambda theta, a: theta * (2 - a * theta), mistakes, name="next θ", at=places)


def exact_length(answer):
    def right(g, H):
        return g @ g / (g @ H @ g)

    mistakes = {
        "upside down": lambda g, H: g @ H @ g / (g @ g),
        "a factor 2 too small: the derivative of ½t²gᵀHg is t gᵀHg": lambda g, H: right(g, H) / 2,
        "this is 1/L: right if g lies along the steepest eigenvector only": (
            lambda g, H: 1 / np.linalg.eigvalsh(H)[-1]
        ),
    }
    places = [
        (np.array([1.0, 1.0]), np.diag([1.0, 9.0])),
        (np.array([2.0, -1.0]), np.array([[5.0, -2.0], [-2.0, 1.0]])),
    ]
    check(answer, right, mistakes, name="t", at=places)


def secant(answer):
    mistakes = {
        "M is s/r, a step over a turn of the gradient; this is r/s": 4.0,
        "the step goes against the gradient: −Mg": 2 / 3,
        "this is M; the next θ is wanted": 1 / 3,
    }
    check(answer, 4 / 3, mistakes, name="θ₂", rtol=3e-3)


def saddle_step(answer):
    mistakes = {
        "this is the pure Newton step: it ends on the saddle": [0.0, 0.0],
        "this is steepest descent with η = 1, which takes no notice of the curvature 4": [-3.0, 0.2],
        "θ₂ should move away from 0, for that is downhill": [0.0, -0.2],
    }
    check(answer, [0.0, 0.2], mistakes, name="θ")


def mean_rate(answer):
    mistakes = {
        "the cost is m times smaller and halved as well": 442 * 2e-4,
        "the wrong way round: a smaller cost has a smaller gradient and needs a larger rate": 2e-4 / 884,
        "this is the rate for the sum": 2e-4,
    }
    check(answer, 2e-4 * 884, mistakes, name="η", rtol=2e-3)


def fits(answer):
    mistakes = {
        "this is for float32; a float64 has 8 bytes": 63245.3,  # rounded down or not
        "one number has 8 bytes, not one": 126491,
        "a Hessian has d² entries": 2e9,
        "10⁹ bytes are meant, not 2³⁰": 46340,
        "8 · 44 722² is a little more than 16·10⁹: round down": 44722,
        "nearly; a whole number is wanted": 44721.36,
    }
    check(answer, 44721, mistakes, name="parameters", rtol=5e-6)
