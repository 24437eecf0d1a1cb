"""What the chapter *Beginnings and depth* draws and computes: signals through many layers, both ways.

Sizes are root mean squares. The scale of weights W (n_in, n_out) is their standard deviation times √n_in.
"""

import numpy as np

from mlcore.explore import COLORS, panels, show
from mlcore.explore._pieces import spread
from mlcore.layers import ACTIVATIONS, Layer, ReLU, Sequential
from mlcore.mlp import forward_pass

NAMES = {"identity": "identity", "tanh": "tanh", "sigmoid": "sigmoid", "ReLU": "relu"}
STEEPEST = {"identity": 1.0, "tanh": 1.0, "sigmoid": 0.25, "ReLU": 1.0}  # the largest slope
_NODES = np.linspace(-9, 9, 1801)  # for expectations over a standard normal Z
_WEIGHTS = np.exp(-(_NODES**2) / 2) / np.sum(np.exp(-(_NODES**2) / 2))


def _brief(value):
    """A positive number with two digits, three from 100 to 999."""
    return f"{value:.0f}" if 99.5 <= value < 1000 else f"{value:.2g}"


def rms(A):
    """Root mean square of all entries."""
    return float(np.sqrt(np.mean(A**2)))


# ------------------------------------------------------------------------------------------------ the theory
def next_square(q, scale, g):
    """Mean square of the sums a layer further on, from that of this layer, for an activation g."""
    a = g.g(np.sqrt(q) * _NODES)
    return scale**2 * (_WEIGHTS @ a**2)  # (eq-variance-map)


def squares_by_layer(q, scale, g, layers):
    """Mean squares of the sums of layers 1, 2, …, `layers`, from that of the first: shape (layers,)."""
    found = [q]
    for _ in range(layers - 1):
        found.append(next_square(found[-1], scale, g))
    return np.array(found)


def mean_square_slope(q, g):
    """E[g′(z)²] for a normal z with mean 0 and mean square q."""
    if isinstance(g, ReLU):
        return 0.5  # the node at 0 would count as one side or the other
    z = np.sqrt(q) * _NODES
    return _WEIGHTS @ g.dg(z, g.g(z)) ** 2  # (eq-backward-factor)


# -------------------------------------------------------------------------------------------------- networks
def weights(widths, std, rng):
    """A network without biases: Gaussian weights of a standard deviation `std(n_in, n_out)`."""
    shapes = zip(widths, widths[1:])
    return [(rng.normal(0, std(*shape), shape), np.zeros(shape[1])) for shape in shapes]


def errors_back(theta, Z, delta, g):
    """Δ of all layers, from the first to the last, with Δ of the last given: a list of (B, n_l)."""
    found = [delta]
    for (W, _), z in zip(theta[:0:-1], Z[-2::-1]):
        delta = (delta @ W.T) * g.dg(z, g.g(z))
        found.insert(0, delta)
    return found


def twins(theta, digits=9):
    """How many different units the first layer has: columns of W and b that differ."""
    W, b = theta[0]
    return len(np.unique(np.round(np.vstack((W, b)), digits), axis=1).T)


def clipped(grad, longest):
    """The gradient, shortened to the length `longest` if it is longer."""
    return grad * min(1, longest / max(np.linalg.norm(grad), 1e-300))  # (eq-clip)


class Skip(Sequential):
    """Layers with a skip connection around them: their input is added to their output."""

    def __call__(self, z):
        return z + super().__call__(z)

    def forward(self, z):
        return z + super().forward(z)  # (eq-skip)

    def backward(self, delta):
        return delta + super().backward(delta)  # (eq-skip-jacobian)


class Normalise(Layer):
    """Every unit's sums with mean 0 and standard deviation 1 over the batch."""

    def __call__(self, z):
        z = z - z.mean(axis=0)
        self.s = np.sqrt((z**2).mean(axis=0))
        return z / self.s  # (eq-normalise)

    def backward(self, delta):
        _, a = self._remembered(delta)
        inner = delta - delta.mean(axis=0) - a * (delta * a).mean(axis=0)
        return inner / self.s  # (eq-normalise-backward)


# ------------------------------------------------------------------------------------------- pieces of axes
def _sizes(ax, last, low, high, title):
    """Axes for sizes of powers of ten against the layer."""
    ax.set(yscale="log", xlim=(-0.3, last + 0.6), ylim=(low, high), xlabel="layer")
    ax.set_title(title)
    lowest, highest = np.log10((low, high))
    step = np.ceil((highest - lowest) / 5)
    ax.set_yticks(10.0 ** (step * np.arange(np.ceil(lowest / step), highest / step)))  # 1 is one of them
    ax.minorticks_off()
    ax.axhline(1, color=COLORS.muted, linewidth=0.7)


def _leaves(ax, layer, values, end):
    """Says at the edge of `_sizes` axes that a curve goes on outside; an empty text if it does not.

    The text stands at the layer where the curve ends, or on this side of the curve where that is in its way.
    """
    (low, high), last = ax.get_ylim(), values[np.argmax(np.abs(np.log(values)))]
    word = "↓ goes on" if last < low else "↑ goes on" if last > high else ""
    height, away = low * 30 if last < low else high / 300, np.abs(layer - end)
    seen = away[(low < values) & (values < high)].min()  # from the end to where the curve leaves
    before = away[(values > 100 * height) if last < low else (values < height / 3)].min()
    back = before if word and seen < 6 else 0  # the word is as long as five layers
    if end == layer[-1]:
        ax.text(end - back, height, word, color=COLORS.muted, fontsize=9, ha="right")
    else:
        ax.text(end + back, height, word, color=COLORS.muted, fontsize=9, ha="left")


# --------------------------------------------------------------------------------------------- first screen
def init_scale(scales, layers=20, width=200, batch=20, seed=0):
    """Explorer of the scale at the start: sizes of activations forward and of errors back, layer by layer.

    Returns
    -------
    draw, describe : callable
        Functions of ``activation``, a key of `NAMES`, and of ``scale``.
    size : callable
        Size of the activations behind the last layer, likewise.
    """
    known = {}

    def run(activation, scale):
        if (activation, scale) not in known:
            rng, g = np.random.default_rng(seed), ACTIVATIONS[NAMES[activation]]()
            theta = weights([width] * (layers + 1), lambda n, _: scale / np.sqrt(n), rng)
            Z, A = forward_pass(theta, rng.normal(size=(batch, width)), g)
            back = errors_back(theta, Z, rng.normal(size=(batch, width)), g)
            forward = [rms(a) for a in A] + [rms(g.g(Z[-1]))]
            known[activation, scale] = np.array(forward), np.array([rms(delta) for delta in back])
        return known[activation, scale]

    def size(activation, scale):
        return run(activation, scale)[0][-1]

    def draw(activation, scale):
        forward, back = run(activation, scale)
        fig, (left, right) = panels(2)
        left.plot(range(layers + 1), forward, "o-", color=COLORS.fit, markersize=4, gid=show("activations"))
        right.plot(range(1, layers + 1), back, "o-", color=COLORS.warn, markersize=4, gid=show("errors"))
        for ax, title in ((left, "forward: size of activations →"), (right, "← back: size of errors")):
            _sizes(ax, layers, 1e-14, 1e8, title)
            x, side = (0.2, "left") if ax is left else (layers, "right")
            for y, word in ((1e6, "explodes"), (1e-12, "dies out")):
                ax.text(x, y, word, color=COLORS.muted, fontsize=9, ha=side)
        _leaves(left, np.arange(layers + 1), forward, layers)
        _leaves(right, np.arange(1, layers + 1), back, 1)
        return fig

    def describe(activation, scale):
        forward, back = run(activation, scale)
        return (
            f"Twenty layers of 200 units, {activation}, scale {scale:.2f}. Left, activations begin with size "
            f"1 at layer 0 and have {_brief(forward[-1])} behind layer 20. Right, errors begin with size 1 "
            f"at layer 20 and arrive at layer 1 with {_brief(back[0])}."
        )

    return draw, describe, size


# ---------------------------------------------------------------------------------------------- variance map
def variance_map(scales, starts=(0.02, 4.0), layers=20, width=300, seed=1):
    """Explorer of the map from the mean square of a layer to that of the next, over measured networks.

    Returns
    -------
    draw, describe : callable
        Functions of ``activation``, a key of `NAMES`, and of ``scale``.
    """
    low, high = 1e-3, 1e2
    q = np.geomspace(low, high, 61)
    looks = dict(zip(starts, (COLORS.truth, COLORS.warn)))
    known = {}

    def measured(activation, scale):
        if (activation, scale) not in known:
            rng, g = np.random.default_rng(seed), ACTIVATIONS[NAMES[activation]]()
            theta = weights([width] * layers, lambda n, _: scale / np.sqrt(n), rng)
            found = []
            for start in starts:
                z = np.sqrt(start) * rng.normal(size=(4, width))  # sums of layer 1
                Z, _ = forward_pass(theta, g.g(z), g)
                found.append(np.array([np.mean(z**2)] + [np.mean(z**2) for z in Z]))
            known[activation, scale] = found
        return known[activation, scale]

    def draw(activation, scale):
        g = ACTIVATIONS[NAMES[activation]]()
        fig, (left, right) = panels(2)
        left.plot([low, high], [low, high], color=COLORS.muted, linewidth=0.8, gid=show("diagonal"))
        left.plot(q, [next_square(v, scale, g) for v in q], color=COLORS.fit, gid=show("map"))
        for start, dots in zip(starts, measured(activation, scale)):
            path = np.clip(squares_by_layer(dots[0], scale, g, layers), low / 10, high * 10)
            inside = np.clip(dots, low / 10, high * 10)
            stairs = np.repeat(path, 2)
            left.plot(stairs[:-1], stairs[1:], color=looks[start], linewidth=0.8, gid=show("stairs"))
            left.plot(inside[:-1], inside[1:], ".", color=looks[start], gid=show("measured"))
            steps = np.arange(1, layers + 1)
            right.plot(steps, path, color=looks[start], linewidth=1.0, gid=show("by the map"))
            right.plot(steps, inside[:layers], ".", color=looks[start], gid=show("measured"))
        left.set(xscale="log", yscale="log", xlim=(low, high), ylim=(low, high))
        left.set(xlabel="mean square q of a layer's sums", ylabel="q of the next layer")
        left.minorticks_off()
        left.set_title(f"{activation}, scale {scale:.2f}")
        right.set(yscale="log", xlim=(0.5, layers + 0.5), ylim=(low, high), xlabel="layer", ylabel="q")
        right.minorticks_off()
        right.set_title("lines: the map; dots: measured")
        return fig

    def describe(activation, scale):
        g = ACTIVATIONS[NAMES[activation]]()
        ends = [squares_by_layer(start, scale, g, layers)[-1] for start in starts]
        ways = " and ".join(f"from {start:g} to {end:.2g}" for start, end in zip(starts, ends))
        meet = ", where map and diagonal meet" if max(ends) < 1.05 * min(ends) else ""
        return (
            f"How the mean square q of a layer's sums becomes the next layer's, {activation}, scale "
            f"{scale:.2f}. Left, the stairs of a small and of a large input go between map and diagonal; "
            f"right, the same layer by layer, dots measured in {width} units a layer. From layer 1 to "
            f"layer {layers} q goes by the map {ways}{meet}."
        )

    return draw, describe


# ------------------------------------------------------------------------------------------------- vanishing
STARTS = {
    "U(−0.1, 0.1)": lambda n_in, n_out: 0.1 / np.sqrt(3),
    "Glorot": lambda n_in, n_out: np.sqrt(2 / (n_in + n_out)),
    "He": lambda n_in, n_out: np.sqrt(2 / n_in),
}


def error_sizes(X, activation, hidden, start, width=32, seed=0):
    """Norms of Δ by layer, relative to the last: measured, the proved bound, and the typical value.

    The weights are Gaussian, with the variance of the start. The typical value is that of a norm, whose
    square is n_l mean squares, so n_l stands for the n_{l+1} of the factor between mean squares.

    Parameters
    ----------
    X : ndarray, shape (B, d)
    activation : str
        A key of `NAMES`.
    hidden : int
        Number of hidden layers.
    start : str
        A key of `STARTS`.
    width, seed : int

    Returns
    -------
    measured, bound, typical : ndarray, shape (hidden + 1,)
    """
    rng, g = np.random.default_rng(seed), ACTIVATIONS[NAMES[activation]]()
    widths, std = [X.shape[1]] + [width] * hidden + [10], STARTS[start]
    theta = weights(widths, std, rng)
    Z, _ = forward_pass(theta, X, g)
    back = errors_back(theta, Z, rng.normal(size=Z[-1].shape), g)
    measured = np.array([np.linalg.norm(delta) for delta in back])
    q = [widths[0] * std(*widths[:2]) ** 2 * np.mean(X**2)]
    for shape in zip(widths[1:], widths[2:]):
        q.append(next_square(q[-1], np.sqrt(shape[0]) * std(*shape), g))
    bound, typical = [1.0], [1.0]
    for l in range(hidden, 0, -1):  # from layer l + 1 to layer l
        W, _ = theta[l]
        bound.insert(0, bound[0] * np.linalg.norm(W, 2) * STEEPEST[activation])  # (eq-vanishing)
        squares = W.shape[0] * std(*W.shape) ** 2 * mean_square_slope(q[l - 1], g)
        typical.insert(0, typical[0] * np.sqrt(squares))  # (eq-backward-factor), for norms
    return measured / measured[-1], np.array(bound), np.array(typical)


def vanishing(X, **options):
    """Explorer of the errors by layer: activation, number of hidden layers, and start.

    Returns
    -------
    draw, describe : callable
        Functions of ``activation``, ``hidden`` and ``start``.
    first : callable
        Norm of the first layer's errors relative to the last, likewise.
    """
    known = {}

    def run(activation, hidden, start):
        key = activation, hidden, start
        if key not in known:
            known[key] = error_sizes(X, *key, **options)
        return known[key]

    def first(activation, hidden, start):
        return float(run(activation, hidden, start)[0][0])

    def draw(activation, hidden, start):
        measured, bound, typical = run(activation, hidden, start)
        layer = np.arange(1, hidden + 2)
        fig, ax = panels()
        _sizes(ax, 21, 1e-24, 1e11, "norm of the errors Δ, relative to the last layer")
        ax.set_xticks([1, 6, 11, 16, 21])
        ax.plot(layer, bound, "--", color=COLORS.warn, linewidth=1.2, gid=show("bound"))
        ax.plot(layer, typical, color=COLORS.truth, linewidth=1.2, gid=show("typical"))
        ax.plot(layer, measured, "o", color=COLORS.fit, markersize=4.5, gid=show("errors"))
        k = hidden // 2
        ax.text(layer[k], bound[k] * 1e3, "bound", color=COLORS.warn, ha="center", gid=show("bound"))
        at = typical[k] / 3e3
        ax.text(layer[k] + 0.6, at, "typical", color=COLORS.truth, gid=show("typical"))
        return fig

    def describe(activation, hidden, start):
        return (
            f"{hidden} hidden layers of 32 units, {activation}, Gaussian weights with the variance of "
            f"{start}. Dots: norm of the errors Δ of each layer for 100 digits, "
            f"{_brief(first(activation, hidden, start))} of the last at the first. Dashed: the proved bound. "
            "Line: the typical value."
        )

    return draw, describe, first


# -------------------------------------------------------------------------------------------------- training
def draw_training(hidden, errors):
    """Test errors by number of hidden layers: name -> (means, standard errors)."""
    fig, ax = panels()
    looks = dict(zip(errors, (COLORS.warn, COLORS.fit, COLORS.truth)))
    heights = spread(np.array([mean[-1] for mean, _ in errors.values()]), 0.09)
    for k, (name, (mean, se)) in enumerate(errors.items()):
        x = np.array(hidden) * 1.03 ** (k - 1)
        ax.errorbar(x, mean, se, marker="o", color=looks[name], linewidth=1.3, capsize=3)
        ax.text(x[-1] * 1.12, heights[k], name.replace("relu", "ReLU"), color=looks[name], va="center")
    ax.axhline(0.9, color=COLORS.muted, linewidth=0.8, linestyle=":")
    ax.text(1, 0.93, "guessing", color=COLORS.muted)
    ax.set(xscale="log", xlim=(0.9, 26), ylim=(0, 1), xlabel="hidden layers", ylabel="error rate, new digits")
    ax.set_xticks(hidden, [str(n) for n in hidden])
    ax.minorticks_off()
    return fig


# ---------------------------------------------------------------------------------------------------- skips
def skips(shares, blocks=30, width=100, batch=20, seed=3):
    """Explorer of a chain of blocks a + αf(a), f = ReLU and He weights, or αf(a) alone: both ways.

    Returns
    -------
    draw, describe : callable
        Functions of ``skip``, "with" or "without", and of ``alpha``.
    grown : callable
        Size behind the last block, likewise.
    """
    known = {}

    def run(skip, alpha):
        if (skip, alpha) not in known:
            rng, g, keep = np.random.default_rng(seed), ReLU(), float(skip == "with")
            W = rng.normal(0, np.sqrt(2 / width), (blocks, width, width))
            A, delta = [rng.normal(size=(batch, width))], rng.normal(size=(batch, width))
            back = [rms(delta)]
            for V in W:
                A.append(keep * A[-1] + alpha * g.g(A[-1]) @ V)  # (eq-skip)
            for V, a in zip(W[::-1], A[-2::-1]):
                delta = keep * delta + alpha * (delta @ V.T) * g.dg(a, None)  # (eq-skip-jacobian)
                back.insert(0, rms(delta))
            known[skip, alpha] = np.array([rms(a) for a in A]), np.array(back)
        return known[skip, alpha]

    def grown(skip, alpha):
        return run(skip, alpha)[0][-1]

    def draw(skip, alpha):
        fig, axes = panels(2)
        steps = np.arange(blocks + 1)
        factor = np.sqrt((skip == "with") + alpha**2)  # (eq-skip-growth)
        for ax, size, n in zip(axes, run(skip, alpha), (steps, steps[::-1])):
            color = COLORS.fit if ax is axes[0] else COLORS.warn
            title = "forward: size of a →" if ax is axes[0] else "← back: size of ∂C/∂a"
            _sizes(ax, blocks, *((0.5, 1e5) if skip == "with" else (1e-32, 1e2)), title)
            ax.plot(steps, factor**n, color=COLORS.truth, linewidth=1.2, gid=show("derived"))
            ax.plot(steps, size, "o", color=color, markersize=3.5, gid=show("sizes"))
            ax.set_xlabel("block")
        return fig

    def describe(skip, alpha):
        return (
            f"Thirty blocks {skip} a skip connection, α = {alpha:g}. Left, the size of the numbers behind "
            f"each block, {_brief(grown(skip, alpha))} behind the last; right, that of the derivatives by "
            "them. Dots are measured, lines are derived."
        )

    return draw, describe, grown


# -------------------------------------------------------------------------------------------------- sawtooth
def tent(x):
    """Up from (0, 0) to (½, 1) and down to (1, 0): two ReLUs."""
    g = ReLU().g
    return 2 * g(x) - 4 * g(x - 0.5)  # (eq-tent)


def sawtooth(x, n):
    """The tent, n times into itself: 2n ReLUs."""
    for _ in range(n):
        x = tent(x)  # (eq-sawtooth)
    return x


def pieces(y):
    """Straight pieces of a curve given at evenly spaced points, its corners among them."""
    slope = np.diff(y)
    return 1 + int(np.sum(np.abs(np.diff(slope)) > 1e-9))


def teeth(depths):
    """Explorer of the sawtooth: n layers of two ReLUs against one layer of 2n.

    Returns
    -------
    draw, describe : callable
        Functions of ``n``.
    """
    x = np.arange(2 ** max(depths) + 1) / 2 ** max(depths)

    def draw(n):
        wide = np.arange(2 * n + 1)
        fig, (left, right) = panels(2)
        left.plot(x, sawtooth(x, n), color=COLORS.fit, linewidth=1.2, gid=show("deep"))
        right.plot(wide / (2 * n), wide % 2, color=COLORS.warn, linewidth=1.2, gid=show("wide"))
        for ax, title in (
            (left, f"{n} layer{'s' * (n > 1)} of two units"),
            (right, f"one layer of {2 * n} units"),
        ):
            ax.set(xlim=(0, 1), ylim=(-0.05, 1.25), xlabel="x", ylabel="output", title=title)
        for ax, count in ((left, 2**n), (right, 2 * n)):
            ax.text(0.5, 1.1, f"{count} straight pieces", ha="center", gid=show("counts"))
        return fig

    def describe(n):
        deep = f"{n} layers of two units, the tent {n} times one after the other"
        return (
            f"Two networks of {2 * n} ReLUs. Left, {deep if n > 1 else 'one layer of two units, the tent'}: "
            f"{2**n} straight pieces. Right, one layer, as a zigzag of {2 * n} pieces."
        )

    return draw, describe
