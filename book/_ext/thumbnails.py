"""A drawing for each chapter, to be known at 96 × 64 pixels: few and bold shapes, in the explorers' colours.

A function has the name of its chapter and yields its shapes. What looks like a curve is one: mlcore computes
it.
"""

import numpy as np

from mlcore import basis
from mlcore.datasets import load_digits, make_blobs, make_spirals
from mlcore.explore import COLORS
from mlcore.explore._pieces import level_curve
from mlcore.explore.chapters.many_classes import region
from mlcore.explore.chapters.momentum import walk
from mlcore.functions import sigmoid
from mlcore.lasso import Lasso
from mlcore.linear import solve_by_qr
from mlcore.logistic import LogisticRegression
from mlcore.nearest import left_share
from mlcore.optimisers import SGD, Momentum
from mlcore.probability import gaussian_density
from mlcore.ridge import solve_ridge
from mlcore.softmax_regression import SoftmaxRegression

WIDTH, HEIGHT = 96, 64
CIRCLE = np.array([np.cos(np.linspace(0, 2 * np.pi, 41)), np.sin(np.linspace(0, 2 * np.pi, 41))])


def svg(name):
    """The drawing of the chapter `name`: decoration, its title and question say more."""
    shapes = "".join(globals()[name]())
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true" focusable="false">{shapes}</svg>'


class Pen:
    """Draws a part of the plane: each method makes one SVG path of the points (x, y)."""

    def __init__(self, left, right, low, high):
        self.corner, self.size = np.array([left, high]), np.array([right - left, low - high])

    def line(self, x, y, color, width=3.0, fill=0.0):
        """From point to point, over an area of the line's colour if `fill` is its opacity."""
        return _path("M" + "L".join(self._places(x, y)), color, width, fill)

    def segments(self, x, y, color, width=3.0):
        """From the first point to the second, from the third to the fourth, and so on."""
        places = self._places(x, y)
        return _path("".join(f"M{a}L{b}" for a, b in zip(places[::2], places[1::2])), color, width)

    def dots(self, x, y, color, size=7.0):
        return self.segments(np.repeat(x, 2), np.repeat(y, 2), color, size)

    def areas(self, corners, color, opacity):
        """Polygons, from a list of corners (n, 2) for each."""
        return _path("".join("M" + "L".join(self._places(*c.T)) + "Z" for c in corners), color, 0, opacity)

    def _places(self, x, y):
        points = np.column_stack(np.broadcast_arrays(x, y))  # (n, 2)
        return [f"{a:.4g} {b:.4g}" for a, b in (points - self.corner) / self.size * (WIDTH, HEIGHT)]


def _path(places, color, width=0.0, fill=0.0):
    name = next(name for name, value in vars(COLORS).items() if value == color)
    ink = f"var(--explorer-{name},{color})"
    area = f"fill:{ink};fill-opacity:{fill:g}" if fill else "fill:none"
    line = f"stroke:{ink};stroke-width:{width:g}" if width else "stroke:none"
    return f'<path style="{area};{line}" d="{places}"/>'


# --------------------------------------------------------------------------------------------- regression


def what_is_learning():
    """Threes and eights by the share of ink in their left half, and a number between them."""
    digits, pen = load_digits(), Pen(0.2, 0.7, -0.9, 7.6)
    for digit, color in ((3, COLORS.warn), (8, COLORS.fit)):
        share = np.round(left_share(digits.X[digits.y == digit][:20]) / 0.04) * 0.04
        yield pen.dots(share, [np.sum(share[:k] == share[k]) for k in range(20)], color)
    yield pen.segments([0.42, 0.42], [-0.6, 7.3], COLORS.data)


def linear_regression():
    """A line, and the squares whose total area it keeps small."""
    x, y = np.array([1.4, 3.0, 5.4, 6.3, 8.5]), np.array([2.5, 1.0, 4.8, 2.2, 5.3])
    pen, theta = Pen(0, 9.6, 0, 6.4), solve_by_qr(np.vander(x, 2), y)
    fit = np.vander(x, 2) @ theta
    e = y - fit
    squares = np.transpose([(x, y), (x - e, y), (x - e, fit), (x, fit)], (2, 0, 1))
    yield pen.areas(squares, COLORS.warn, 0.5)
    yield pen.line([0.3, 9.3], np.vander([0.3, 9.3], 2) @ theta, COLORS.fit)
    yield pen.dots(x, y, COLORS.data)


def probability():
    """A bell over the bars that it stands for."""
    draws, edges = np.random.default_rng(2).normal(0, 1, 150), np.linspace(-2.7, 2.7, 10)
    pen, bars = Pen(-3.1, 3.1, -0.03, 0.49), np.histogram(draws, edges, density=True)[0]
    boxes = [np.array([(a, 0), (a, bar), (a + 0.52, bar), (a + 0.52, 0)]) for a, bar in zip(edges, bars)]
    yield pen.areas(boxes, COLORS.muted, 0.5)
    x = np.linspace(-3, 3, 41)
    yield pen.line(x, gaussian_density(x, 0, 1), COLORS.fit)


def likelihood():
    """Three readings, and how plausible a bell makes each."""
    readings, x, pen = np.array([-0.9, 0.1, 1.4]), np.linspace(-3, 3, 41), Pen(-3.1, 3.1, -0.05, 0.48)
    mu, upright = readings.mean(), np.repeat(readings, 2)
    yield pen.line(x, gaussian_density(x, mu, 1), COLORS.fit)
    yield pen.segments(upright, gaussian_density(upright, mu, 1) * np.tile([0, 1], 3), COLORS.warn)
    yield pen.dots(readings, gaussian_density(readings, mu, 1), COLORS.warn, 9)


BEST, GRAM = np.array([2.8, 0.9]), np.array([[1.0, 0.6], [0.6, 1.0]])
ROWS = np.vstack((np.linalg.cholesky(GRAM).T, -np.linalg.cholesky(GRAM).T))  # centred: BEST fits them exactly


def _budget(theta, edge):
    """Level curves around the best fit, and a budget whose edge they touch in θ."""
    pen, height = Pen(-2.0, 3.7, -1.75, 2.05), (theta - BEST) @ GRAM @ (theta - BEST)
    for share in (1.0, 0.4, 0.08):
        yield pen.line(*level_curve(BEST, GRAM, share * height, 41), COLORS.fit, 2)
    yield pen.line(*edge, COLORS.truth, fill=0.25)
    yield pen.dots(*theta[:, None], COLORS.warn, 10)


def ridge():
    theta = solve_ridge(ROWS, ROWS @ BEST, 1.7)[1:]
    return _budget(theta, np.linalg.norm(theta) * CIRCLE)


def lasso():
    theta = Lasso(2.64).fit(ROWS, ROWS @ BEST).theta_[1:]
    return _budget(theta, np.abs(theta).sum() * CIRCLE[:, ::10])


def basis_functions():
    """A polynomial that passes through all points, and one that does not try."""
    x, y = np.array([-1, -0.7, -0.3, 0.0, 0.4, 0.7, 1]), np.array([1.6, 0.5, 0.9, -0.1, 0.5, 0.3, 1.7])
    pen, across = Pen(-1.15, 1.15, -0.9, 2.3), np.linspace(-1.08, 1.08, 61)
    for n, color in ((7, COLORS.warn), (3, COLORS.fit)):
        yield pen.line(across, np.vander(across, n) @ solve_by_qr(np.vander(x, n), y), color)
    yield pen.dots(x, y, COLORS.data)


def rbf():
    """Bumps, and their sum."""
    x, pen = np.linspace(0, 6, 61), Pen(-0.1, 6.1, -0.08, 1.7)
    bumps = basis.rbf(x, [1.2, 2.7, 4.5], 0.8) * [0.9, 1.2, 0.8]  # (61, 3)
    for bump in bumps.T:
        yield pen.line(x, bump, COLORS.alt, 1.5, 0.25)
    yield pen.line(x, bumps.sum(axis=1), COLORS.fit, 3.5)


# -------------------------------------------------------------------------------------------- optimisation


def gradients():
    """A parabola, its slope in a point, and the circle that bends as it does there."""
    x, pen, slope = np.linspace(-2.5, 2.6, 41), Pen(-2.6, 3.1, -0.55, 3.25), -0.5
    here = np.array([slope, slope**2 / 2])  # of x²/2, whose second derivative is 1
    normal = (1 + slope**2) * np.array([-slope, 1])
    yield pen.line(*(here + normal)[:, None] + np.linalg.norm(normal) * CIRCLE, COLORS.alt, 2)
    yield pen.line(x, x**2 / 2, COLORS.fit)
    yield pen.line(*here[:, None] + np.outer([1, slope], [-1.9, 1.9]), COLORS.warn)
    yield pen.dots(*here[:, None], COLORS.warn, 9)


def _valley(rule, steps, color):
    """The path of a rule in a narrow valley."""
    curvature, pen = np.array([1.0, 14.0]), Pen(-3.9, 2.7, -1.1, 1.1)
    for height in (9.0, 3.5, 0.8):
        yield pen.line(*level_curve(np.zeros(2), np.diag(curvature), height, 41), COLORS.muted, 1.5)
    path = walk(rule, lambda theta: curvature * theta, (-3.0, 0.6), steps)
    yield pen.line(*path.T, color)
    yield pen.dots(*path[:1].T, color, 9)


def downhill():
    return _valley(SGD(0.132), 24, COLORS.warn)


def momentum():
    return _valley(Momentum(0.2, 0.85), 60, COLORS.fit)


def stochastic():
    """What single examples ask for, and what they ask for on average."""
    rng, pen = np.random.default_rng(5), Pen(-0.1, 1.4, -0.1, 0.9)
    turns, lengths = rng.normal(0.55, 0.3, 13), rng.uniform(0.7, 1.3, 13)
    steps = lengths * np.array([np.cos(turns), np.sin(turns)])  # (2, 13)
    yield pen.segments(*np.kron(steps, [0, 1]), COLORS.muted, 2)
    yield pen.dots(*steps, COLORS.muted, 5)
    yield pen.segments(*np.outer(steps.mean(axis=1), [0, 1]), COLORS.warn, 5)
    yield pen.dots(*steps.mean(axis=1, keepdims=True), COLORS.warn, 11)


# ------------------------------------------------------------------------------------------ classification


def one_neuron():
    """No and yes, and the probability of yes."""
    x, y = np.array([-3.4, -2.6, -1.9, -0.7, 0.7, -0.7, 0.7, 1.9, 2.6, 3.4]), np.repeat([0, 1], 5)
    pen, across = Pen(-4, 4, -0.2, 1.2), np.linspace(-3.8, 3.8, 41)
    theta = LogisticRegression().fit(x[:, None], y).theta_
    yield pen.line(across, sigmoid(theta[0] + theta[1] * across), COLORS.fit)
    yield pen.dots(x[:5], y[:5], COLORS.warn)
    yield pen.dots(x[5:], y[5:], COLORS.truth)


def many_classes():
    """Three kinds, and the part of the plane that each one owns."""
    X, y = make_blobs(15, 0.32, np.random.default_rng(0))
    box = (-2.3, 2.2), (-1.55, 1.45)
    theta, pen = SoftmaxRegression(0.1).fit(X, y).theta_, Pen(*box[0], *box[1])
    for k, color in enumerate((COLORS.fit, COLORS.warn, COLORS.truth)):
        yield pen.areas([region(theta, k, box)], color, 0.3)
        yield pen.dots(*X[y == k].T, color)


# ----------------------------------------------------------------------------------------- neural networks


def networks():
    """What three neurons of a layer enclose, and no line could."""
    radius, pen = np.linspace(0, 3, 301), Pen(-3.0, 3.0, -1.75, 2.25)
    scores = np.einsum("r,ki,in->rkn", radius, [[0.87, 0.5], [-0.87, 0.5], [0, -1]], CIRCLE)  # (301, 3, 41)
    edge = radius[np.sum(sigmoid(4 - 4 * scores).sum(axis=1) > 2.5, axis=0)]
    yield pen.line(*edge * CIRCLE, COLORS.fit, fill=0.25)
    yield pen.dots(*0.5 * CIRCLE[:, 4::8], COLORS.fit)
    yield pen.dots(
        *np.transpose([(-2.5, 1.3), (-2, 0), (-2.3, -1.2), (2.4, 1.2), (2, 0), (2.2, -1.1)]), COLORS.warn
    )


def backpropagation():
    """A network, and the way back through it."""
    layers = [[(0, 1), (0, -1)], [(1, 1.7), (1, 0), (1, -1.7)], [(2, 0)]]
    edges = [end for left, right in zip(layers, layers[1:]) for a in left for b in right for end in (a, b)]
    pen = Pen(-0.4, 2.6, -2.3, 2.3)
    yield pen.segments(*np.transpose(edges), COLORS.muted, 2)
    yield pen.line([2, 1, 0], [0, 1.7, 1], COLORS.warn, 4)
    yield pen.dots(*np.vstack(layers).T, COLORS.fit, 13)
    yield pen.line([0.35, 0.12, 0.42], [1.62, 1.1, 0.82], COLORS.warn, 4)


def training():
    """Two spirals, which a network learns to tell apart."""
    X, y = make_spirals(110, 0.0, np.random.default_rng(7))
    pen = Pen(-1.56, 1.56, -1.04, 1.04)
    for k, color in enumerate((COLORS.fit, COLORS.warn)):
        yield pen.dots(*X[y == k].T, color, 6)


def depth():
    """The size of signals that explode, live on or die, layer by layer."""
    layer, pen = np.arange(9), Pen(-0.5, 8.5, -0.15, 2.25)
    yield pen.segments(np.repeat(layer, 2), np.tile([0, 2.1], 9), COLORS.muted, 2)
    for factor, color in ((1.095, COLORS.warn), (1.0, COLORS.truth), (0.7, COLORS.fit)):
        yield pen.line(layer, factor**layer, color)


def digits():
    """A digit in 8 × 8 pixels."""
    image, pen = load_digits().X[13].reshape(8, 8), Pen(-2.3, 10.3, 8.2, -0.2)
    square = np.array([(0, 0), (0, 1), (1, 1), (1, 0)])
    for low, high, opacity in ((1, 6, 0.25), (6, 12, 0.6), (12, 17, 1.0)):
        places = np.argwhere((image >= low) & (image < high))[:, None, ::-1]  # (n, 1, 2)
        yield pen.areas(places + square, COLORS.fit, opacity)
