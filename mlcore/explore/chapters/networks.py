"""What the chapter *Networks* draws: explorers of hidden units, activations and approximation, and stills.

Networks are lists of pairs (W, b), and every one is computed by `mlcore.mlp.forward_pass`.
"""

import numpy as np

from mlcore.explore import COLORS, panels, show
from mlcore.explore._pieces import spread
from mlcore.functions import sigmoid, softplus
from mlcore.initialise import glorot_uniform, he_uniform
from mlcore.layers import ACTIVATIONS, LeakyReLU, ReLU, Sigmoid
from mlcore.mlp import forward_pass
from mlcore.teach import minus

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([0, 1, 1, 0])
DIRECTIONS = {"x₁ + x₂": (1, 1), "x₁": (1, 0), "x₂": (0, 1), "x₂ − x₁": (-1, 1)}
NAMES = {
    "identity": "identity",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "ReLU": "relu",
    "leaky ReLU": "leaky_relu",
    "softplus": "softplus",
    "ELU": "elu",
}


# ---------------------------------------------------------------------------------------- pieces of pictures
def _grid(low, high, n=61):
    """A square grid: its coordinates along an axis (n,) and its points (n², 2)."""
    t = np.linspace(low, high, n)
    return t, np.stack(np.meshgrid(t, t), axis=-1).reshape(-1, 2)


def _region(ax, t, score, name="region"):
    """Shade where `score` (n²,) on the grid is positive, and draw its border."""
    height = np.asarray(score).reshape(t.size, t.size)
    top = max(float(np.abs(height).max()), 1e-9) + 1
    ax.contourf(t, t, height, [0, top], colors=[COLORS.fit], alpha=0.14).set_gid(show(name))
    ax.contour(t, t, height, [0], colors=[COLORS.fit], linewidths=1.4).set_gid(show(name))


def _classes(ax, P, y, size=5, name=None):
    """Points (m, 2) of two classes: 1 filled, 0 hollow."""
    gid = {} if name is None else {"gid": show(name)}
    ax.plot(*P[y == 1].T, "o", color=COLORS.fit, markersize=size, **gid)
    hollow = {"color": "none", "markeredgecolor": COLORS.warn, "markeredgewidth": 1.6}
    ax.plot(*P[y == 0].T, "o", markersize=size, **hollow, **gid)


def _line(ax, w, c, color, **more):
    """The line w·x = c, far beyond the axes."""
    w = np.asarray(w, dtype=float)
    foot, along = c * w / (w @ w), np.array([-w[1], w[0]]) / np.linalg.norm(w)
    ax.plot(*np.transpose([foot - 9 * along, foot + 9 * along]), color=color, **more)


def best_line(P, y):
    """The straight line with the fewest errors in the plane, and among those with the widest margin.

    Parameters
    ----------
    P : ndarray, shape (m, 2)
    y : ndarray, shape (m,)
        Classes 0 and 1.

    Returns
    -------
    u : ndarray, shape (2,)
        Unit vector that points to the side of class 1.
    t : float
        Class 1 is where u·p > t.
    errors : int
    """
    best = (np.inf, 0.0)
    for angle in np.radians(np.arange(0, 360, 7.5)):
        u = np.array([np.cos(angle), np.sin(angle)])
        s = P @ u
        levels = np.concatenate(([s.min() - 1], np.sort(s), [s.max() + 1]))
        for low, high in zip(levels, levels[1:]):
            t = (low + high) / 2
            found = (int(np.sum((s > t) != (y == 1))), -round(high - low, 9))
            if found < best:
                best, answer = found, (u, t, found[0])
    return answer


# -------------------------------------------------------------------------------------------------- networks
def draw_network(sizes):
    """A network as circles and lines, with the letters of its layers."""
    fig, ax = panels(size=(4.6, 3.5))
    heights = [np.linspace(-1, 1, n) * 0.42 * (n - 1) for n in sizes]
    names = ["A[0] = X", *(f"A[{l}]" for l in range(1, len(sizes) - 1)), "output"]
    for l, (left, right) in enumerate(zip(heights, heights[1:])):
        for p in left:
            for q in right:
                ends = [0.9 * p + 0.1 * q, 0.1 * p + 0.9 * q]
                ax.plot([l + 0.1, l + 0.9], ends, color=COLORS.muted, linewidth=0.9)
        ax.text(l + 0.5, 1.62, f"W[{l + 1}], b[{l + 1}]", ha="center", color=COLORS.alt)
        shape = f"({sizes[l]}, {sizes[l + 1]}), ({sizes[l + 1]},)"
        ax.text(l + 0.5, 1.36, shape, ha="center", color=COLORS.alt, fontsize=9)
    for l, (height, name) in enumerate(zip(heights, names)):
        color = COLORS.data if l == 0 else COLORS.truth if l == len(sizes) - 1 else COLORS.fit
        ax.plot(np.full(len(height), l), height, "o", color=color, markersize=15, gid=show(f"layer {l}"))
        ax.text(l, -1.5, name, ha="center", color=color)
        ax.text(l, -1.76, f"(B, {sizes[l]})", ha="center", color=color, fontsize=9)
    ax.set(xlim=(-0.4, len(sizes) - 0.6), ylim=(-1.95, 1.95), xticks=[], yticks=[])
    for side in ax.spines.values():
        side.set_visible(False)
    return fig


def draw_borders(X, y, scores):
    """The same points twice, with the border of a model's `score(points)` each: title -> function."""
    fig, axes = panels(2)
    t, points = _grid(-1.9, 2.9, 81)
    for ax, (title, score) in zip(axes, scores.items()):
        _region(ax, t, score(points))
        _classes(ax, X, y, 3.5)
        ax.set(xlim=(-1.7, 2.7), ylim=(-1.3, 1.7), xlabel="x₁", ylabel="x₂", title=title)
    return fig


# ------------------------------------------------------------------------------------------------------- XOR
def xor_lines(X, y, cuts):
    """Explorer of two hidden ReLUs: their lines in the plane of the inputs, and the plane of what they give.

    Parameters
    ----------
    X : ndarray, shape (m, 2)
    y : ndarray, shape (m,)
    cuts : sequence of float
        Where a unit may begin.

    Returns
    -------
    draw, describe : callable
        Functions of ``along``, a key of `DIRECTIONS`, and of ``first`` and ``second``.
    grip : callable
        Where one takes hold of the second line, likewise.
    """
    X, y = np.vstack((X, CORNERS)), np.append(y, XOR)
    t, points = _grid(-1.2, 1.8)
    answers = {}

    def hidden(P, along, first, second):
        w = np.array(DIRECTIONS[along], dtype=float)
        theta = [(np.column_stack((w, w)), -np.array([first, second]))]
        return ReLU().g(forward_pass(theta, P, ReLU())[0][0])

    def best(*key):
        if key not in answers:
            answers[key] = best_line(hidden(X, *key), y)
        return answers[key]

    def spot(along, cut, shift):
        w = np.array(DIRECTIONS[along], dtype=float)
        foot = cut * w / (w @ w) + (np.array([0.5, 0.5]) @ [-w[1], w[0]]) * np.array([-w[1], w[0]]) / (w @ w)
        return foot + shift * np.array([-w[1], w[0]]) / np.linalg.norm(w)

    def grip(along, first, second):
        return spot(along, second, -0.35)

    def draw(along, first, second):
        u, level, wrong = best(along, first, second)
        A = hidden(X, along, first, second)
        fig, (left, right) = panels(2)
        _region(left, t, hidden(points, along, first, second) @ u - level)
        for k, (cut, color) in enumerate(((first, COLORS.truth), (second, COLORS.alt))):
            _line(left, DIRECTIONS[along], cut, color, linewidth=1.8, gid=show(f"line {k + 1}"))
        left.plot(*grip(along, first, second)[:, None], "s", color=COLORS.alt, markersize=7)
        _classes(left, X, y, 4.5)
        left.set(xlim=(-1.2, 1.8), ylim=(-1.2, 1.8), xlabel="x₁", ylabel="x₂")
        left.set_title(f"inputs: {wrong} of {len(y)} wrong")
        _line(right, u, level, COLORS.fit, linewidth=1.4, gid=show("border"))
        _classes(right, A, y, 4.5, name="moved points")
        right.set(xlim=(-0.3, 3.5), ylim=(-0.3, 3.5), title="what the two units make of them")
        right.set_xlabel("a₁ = max(0, s − c₁)", color=COLORS.truth)
        right.set_ylabel("a₂ = max(0, s − c₂)", color=COLORS.alt)
        return fig

    def describe(along, first, second):
        wrong = best(along, first, second)[2]
        return (
            f"Both units look along s = {along}: the first is 0 up to s = {first:g} and rises from there, "
            f"the second from s = {second:g} on. The best straight line between the moved points leaves "
            f"{wrong} of {len(y)} on the wrong side."
        )

    return draw, describe, grip


def _start(activation, n, starts, rng):
    """Weights (starts, 2, n), biases, weights (starts, n, 1) and biases of many networks at once."""
    fill = he_uniform if isinstance(activation, (ReLU, LeakyReLU)) else glorot_uniform
    W = np.array([fill(2, n, rng) for _ in range(starts)])
    V = np.array([glorot_uniform(n, 1, rng) for _ in range(starts)])
    return [W, np.zeros((starts, 1, n)), V, np.zeros((starts, 1, 1))]


def train_xor(activation, n, starts, steps, eta, rng, keep=(), corners=CORNERS):
    """Gradient descent on the four corners of XOR from many random starts at once.

    Parameters
    ----------
    activation : Elementwise
        Of the n hidden units.
    n, starts, steps : int
    eta : float
        Learning rate for the mean cost of the four corners.
    rng : numpy.random.Generator
    keep : sequence of int
        After how many steps to keep a copy of the parameters.
    corners : ndarray, shape (4, 2)
        Where the corners lie, in the order of `CORNERS`.

    Returns
    -------
    cost : ndarray, shape (starts,)
        Cross-entropy at the end, summed over the corners.
    right : ndarray of bool, shape (starts,)
        Whether all four corners are on the right side.
    kept : dict
        Number of steps -> W (starts, 2, n), b (starts, 1, n), v (starts, n, 1), c (starts, 1, 1).
    """
    y, kept = XOR[:, None], {}
    # the starts stand last, side by side in memory: (2, n, S), (n, S), (n, S), (S,)
    W, b, v, c = (np.moveaxis(p, 0, -1) for p in _start(activation, n, starts, rng))
    W, b, v, c = W.copy(), b[0].copy(), v[:, 0].copy(), c[0, 0].copy()
    for k in range(steps + 1):
        Z = (corners @ W.reshape(2, -1)).reshape(4, n, starts) + b
        A = activation.g(Z)
        z = (A * v).sum(axis=1) + c  # (4, S)
        if k in keep:
            kept[k] = [np.moveaxis(p, -1, 0).copy() for p in (W, b[None], v[:, None], c[None, None])]
        if k == steps:
            break
        error = (sigmoid(z) - y) / 4
        back = error[:, None] * v * activation.dg(Z, A)
        W, b = W - eta * (corners.T @ back.reshape(4, -1)).reshape(W.shape), b - eta * back.sum(axis=0)
        v, c = v - eta * (error[:, None] * A).sum(axis=0), c - eta * error.sum(axis=0)
    cost = (softplus(z) - y * z).sum(axis=0)
    return cost, ((z > 0) == (y > 0)).all(axis=0), kept


def xor_training(kept, picks):
    """Explorer of training on XOR: the border in the plane of the inputs, and the corners among the units.

    Parameters
    ----------
    kept : dict
        What `train_xor` kept, with two hidden sigmoids.
    picks : sequence of int
        The starts to show, as start 1, 2, …

    Returns
    -------
    draw, describe : callable
        Functions of ``start`` and ``step``.
    """
    t, points = _grid(-0.5, 1.5, 51)

    def network(start, step):
        W, b, v, c = (p[picks[start - 1]] for p in kept[step])
        return [(W, b[0]), (v, c[0])]

    def state(start, step):
        theta = network(start, step)
        Z, A = forward_pass(theta, CORNERS, Sigmoid())
        z = Z[-1][:, 0]
        return theta, A[-1], z, float((softplus(z) - XOR * z).sum())

    def draw(start, step):
        theta, A, _, cost = state(start, step)
        (W, b), (v, c) = theta
        fig, (left, right) = panels(2)
        _region(left, t, forward_pass(theta, points, Sigmoid())[0][-1][:, 0])
        for k, color in enumerate((COLORS.truth, COLORS.alt)):
            _line(left, W[:, k], -b[k], color, linewidth=1.6, gid=show("lines of the units"))
        _classes(left, CORNERS, XOR, 9)
        left.set(xlim=(-0.5, 1.5), ylim=(-0.5, 1.5), xlabel="x₁", ylabel="x₂", yticks=[-0.5, 0, 0.5, 1, 1.5])
        left.set_title(f"start {start}, step {step}: cost {cost:.2f}")
        _line(right, v[:, 0], -c[0], COLORS.fit, linewidth=1.4)
        _classes(right, A, XOR, 9)
        shifts = (0.04, 0.03), (-0.1, 0.03), (0.04, -0.09), (-0.1, -0.09)
        for a, corner, (x, y) in zip(A, ("00", "01", "10", "11"), shifts):
            right.text(a[0] + x, a[1] + y, corner, color=COLORS.data, fontsize=8)
        right.set(xlim=(-0.1, 1.15), ylim=(-0.1, 1.15), xlabel="a₁", ylabel="a₂")
        right.set_title("the corners, as the two units see them")
        return fig

    def describe(start, step):
        _, _, z, cost = state(start, step)
        right = int(np.sum((z > 0) == (XOR == 1)))
        return (
            f"Start {start} after {step} steps: the cost is {cost:.2f}, and {right} of the four corners "
            f"{'is' if right == 1 else 'are'} on the right side of the border."
        )

    return draw, describe


def draw_successes(table):
    """Share of starts that solve XOR against the number of hidden units: name -> (n, shares, errors)."""
    fig, ax = panels(size=(4.6, 3.4))
    looks = dict(zip(table, (COLORS.fit, COLORS.alt, COLORS.good, COLORS.muted, COLORS.warn)))
    heights = spread(np.array([share[0] for _, share, _ in table.values()]), 0.08)
    for height, (name, (n, share, error)) in zip(heights, table.items()):
        ax.errorbar(n, share, error, marker="o", color=looks[name], linewidth=1.3, capsize=3)
        ax.text(n[0] - 0.08, height, name, color=looks[name], ha="right", va="center")
    ax.set(xlim=(0.1, 4.2), ylim=(0, 1.05), xticks=n, xlabel="hidden units", ylabel="share that succeeds")
    return fig


# ----------------------------------------------------------------------------------------------- activations
def activations(zs):
    """Explorer of the activations: the function with its tangent at z, and the derivative.

    Returns
    -------
    draw, describe : callable
        Functions of ``activation``, a key of `NAMES`, and of ``z``.
    grip : callable
        Where the point stands, likewise.
    """
    t = np.sort(np.append(np.linspace(-5, 5, 120), [-1e-9, 1e-9]))

    def at(name, z):
        g = LeakyReLU(0.1) if name == "leaky ReLU" else ACTIVATIONS[NAMES[name]]()
        z = np.atleast_1d(np.asarray(z, dtype=float))
        a = g.g(z)
        return a, g.dg(z, a)

    def draw(activation, z):
        (a, slope), (curve, slopes) = at(activation, z), at(activation, t)
        fig, (left, right) = panels(2)
        for ax in (left, right):
            ax.axhline(0, color=COLORS.muted, linewidth=0.6)
            ax.axvline(0, color=COLORS.muted, linewidth=0.6)
        left.plot(t, curve, color=COLORS.fit, gid=show("function"))
        reach = np.array([-1.2, 1.2])
        left.plot(z + reach, a + slope * reach, color=COLORS.warn, linewidth=1.2)
        left.plot([z], a, "o", color=COLORS.warn, markersize=7)
        left.set(xlim=(-5, 5), ylim=(-4.4, 4.4), xlabel="z", ylabel="g(z)")
        left.set_title(minus(f"{activation}: g({z:g}) = {a[0]:.3f}"))
        right.plot(t, slopes, color=COLORS.alt, gid=show("derivative"))
        right.plot([z], slope, "o", color=COLORS.warn, markersize=7, gid=show("slope"))
        right.set(xlim=(-5, 5), ylim=(-0.08, 1.15), xlabel="z", ylabel="g′(z)", title="its derivative")
        return fig

    def describe(activation, z):
        a, slope = at(activation, z)
        return minus(
            f"At z = {z:g} the {activation} is {a[0]:.3f}. Its slope there, the tangent's on the left, the "
            f"height of the curve on the right, is {slope[0]:.3f}: so much of an error comes back through it."
        )

    def grip(activation, z):
        return z, float(at(activation, z)[0][0])

    return draw, describe, grip


# --------------------------------------------------------------------------------------------- approximation
def step_network(f, n, sharp=60.0):
    """A network of n − 1 steep sigmoids that follows `f` on [0, 1] in n steps.

    Parameters
    ----------
    f : function
        Of an array.
    n : int
        Number of pieces, at least 2.
    sharp : float
        Steepness of a step, in units of 1 over the width of a piece.

    Returns
    -------
    list of (ndarray, ndarray)
        Pairs (W, b), for `mlcore.mlp.forward_pass`.
    """
    middle = (np.arange(n) + 0.5) / n  # of each piece
    edge = np.arange(1, n) / n  # between two pieces
    w = np.full((1, n - 1), sharp * n)
    v = np.diff(f(middle))[:, None]  # (eq-steps)
    return [(w, -w[0] * edge), (v, f(middle[:1]))]


def ramp_network(f, n):
    """A network of n ReLUs that joins n + 1 points of `f` on [0, 1] by straight pieces.

    Parameters
    ----------
    f : function
        Of an array.
    n : int
        Number of pieces, at least 1.

    Returns
    -------
    list of (ndarray, ndarray)
        Pairs (W, b), for `mlcore.mlp.forward_pass`.
    """
    knot = np.arange(n + 1) / n
    slope = np.diff(f(knot)) * n  # of each piece
    v = np.diff(slope, prepend=0.0)[:, None]  # (eq-ramps)
    return [(np.ones((1, n)), -knot[:-1]), (v, f(knot[:1]))]


BUILDERS = {"steps": (step_network, Sigmoid()), "ramps": (ramp_network, ReLU())}


def largest_error(f, theta, activation, n=4001):
    """Largest distance between `f` and a network on a fine grid of [0, 1]."""
    x = np.linspace(0, 1, n)
    return float(np.abs(forward_pass(theta, x[:, None], activation)[0][-1][:, 0] - f(x)).max())


def approximation(f, pieces, bounds):
    """Explorer of the construction: n pieces against the curve, and the error against n.

    Parameters
    ----------
    f : function
        Of an array.
    pieces : sequence of int
    bounds : mapping
        Kind (a key of `BUILDERS`) -> function of n, the proved bound.

    Returns
    -------
    draw, describe : callable
        Functions of ``kind`` and ``n``.
    error : callable
        The largest error, likewise.
    """
    x, fine = np.linspace(0, 1, 241), np.geomspace(2, max(pieces), 40)
    errors = {
        kind: [largest_error(f, build(f, n), g) for n in pieces] for kind, (build, g) in BUILDERS.items()
    }

    def error(kind, n):
        return errors[kind][pieces.index(n)]

    def draw(kind, n):
        build, g = BUILDERS[kind]
        theta = build(f, n)
        Z, A = forward_pass(theta, x[:, None], g)
        parts = A[-1] * theta[1][0][:, 0]  # (241, units)
        fig, (left, right) = panels(2)
        gaps = np.vstack((parts, np.full((1, parts.shape[1]), np.nan)))  # a break after each unit
        single = np.tile(np.append(x, np.nan), parts.shape[1]), gaps.T.ravel()
        if parts.shape[1] > 8:
            single = [], []
        left.plot(*single, color=COLORS.muted, linewidth=0.7, gid=show("single units"))
        left.plot(x, f(x), "--", color=COLORS.truth, gid=show("curve"))
        left.plot(x, Z[-1][:, 0], color=COLORS.fit, gid=show("network"))
        left.set(xlim=(0, 1), ylim=(-2.2, 2.2), xlabel="x", ylabel="f(x) and network")
        left.set_title(f"{n} pieces, {parts.shape[1]} hidden unit" + "s" * (parts.shape[1] > 1))
        for name, color in (("steps", COLORS.alt), ("ramps", COLORS.fit)):
            right.plot(fine, bounds[name](fine), "--", color=color, linewidth=1.1, gid=show("bounds"))
            right.plot(pieces, errors[name], ".", color=color, markersize=4, gid=show("measured"))
        right.text(11, 0.55, "steps", color=COLORS.alt, gid=show("measured"))
        right.text(6.2, 0.022, "ramps", color=COLORS.fit, gid=show("measured"))
        right.plot([n], [error(kind, n)], "o", color=COLORS.warn, markersize=8, gid=show("measured"))
        right.set(xscale="log", yscale="log", xlim=(1.8, max(pieces) * 1.15), ylim=(8e-4, 3))
        right.set_xticks([2, 5, 10, 20, 50], ["2", "5", "10", "20", "50"])
        right.minorticks_off()
        right.set(xlabel="pieces n", ylabel="largest error", title="dashed: what is proved")
        return fig

    def describe(kind, n):
        return (
            f"The curve sin 2πx + x/2 on [0, 1], dashed, and a network of {n} {kind} put there "
            f"by hand. Its largest distance from the curve is {error(kind, n):.2g}."
        )

    return draw, describe, error


# ----------------------------------------------------------------------------------------------------- bumps
def bump(x, half):
    """σ(x + s) − σ(x − s) with s = `half`, divided by its height at 0."""
    top = sigmoid(half) - sigmoid(-half)
    return (sigmoid(x + half) - sigmoid(x - half)) / top


def bump_gap(half):
    """Largest difference between `bump` and the Gaussian of equal height and curvature at 0."""
    x = np.linspace(0, 40, 4001)
    return float(np.abs(bump(x, half) - np.exp(-(x**2) / (2 + 2 * np.cosh(half)))).max())


def bumps(halves):
    """Explorer of the difference of two sigmoids against a Gaussian bump.

    Returns
    -------
    draw, describe : callable
        Functions of ``half``, the half distance of the two steps in units of 1/w.
    """
    x, fine = np.linspace(-9, 9, 181), np.linspace(min(halves), max(halves), 60)
    gaps = [bump_gap(s) for s in fine]

    def draw(half):
        lam = 2 + 2 * np.cosh(half)  # (eq-bump-gaussian)
        fig, (left, right) = panels(2)
        left.plot(x, sigmoid(x + half), color=COLORS.muted, linewidth=1, gid=show("sigmoids"))
        left.plot(x, sigmoid(x - half), color=COLORS.muted, linewidth=1, gid=show("sigmoids"))
        left.plot(x, bump(x, half), color=COLORS.fit, gid=show("difference"))
        left.plot(x, np.exp(-(x**2) / lam), "--", color=COLORS.warn, gid=show("Gaussian"))
        left.text(-8.6, 1.13, "difference, scaled to height 1", color=COLORS.fit)
        left.text(-8.6, 1.03, "Gaussian, dashed", color=COLORS.warn)
        left.set(xlim=(-9, 9), ylim=(-0.05, 1.25), xlabel="w x", title=f"half distance w s = {half:g}")
        right.plot(fine, gaps, color=COLORS.fit, gid=show("gap"))
        right.plot([half], [bump_gap(half)], "o", color=COLORS.warn, markersize=8, gid=show("gap"))
        right.set(xlim=(0, max(halves) * 1.03), ylim=(0, 0.45), xlabel="half distance w s")
        right.set(ylabel="largest gap", title="how far apart they are")
        return fig

    def describe(half):
        return (
            f"Two sigmoids that step at −s and s, with w s = {half:g}. Their difference, scaled to height 1, "
            f"is at most {bump_gap(half):.3f} away from the Gaussian bump of the same curvature, dashed."
        )

    return draw, describe


# -------------------------------------------------------------------------------------------------- features
def hidden_features(theta, X, y, activation):
    """Explorer of a trained network's hidden units, one by one: the feature, and the sum so far.

    Parameters
    ----------
    theta : list of (ndarray, ndarray)
        Two layers with one output, the log-odds of class 1.
    X : ndarray, shape (m, 2)
    y : ndarray, shape (m,)
    activation : Elementwise

    Returns
    -------
    draw, describe : callable
        Functions of ``k``, the number of units that are summed.
    wrong : callable
        How many points are then on the wrong side, likewise.
    """
    t, points = _grid(-1.9, 2.9, 49)
    (W, b), (v, c) = theta
    A, here = activation.g(points @ W + b), activation.g(X @ W + b)
    order = np.argsort(-np.abs(v[:, 0]) * here.std(axis=0))
    levels = np.linspace(0.05, 1, 7)
    shades = [(COLORS.fit, share) for share in np.linspace(0.1, 0.6, 6)]  # more of one ink, on any ground

    def sums(features, k):
        used = order[:k]
        return features[:, used] @ v[used, 0] + c[0]

    def wrong(k):
        return int(np.sum((sums(here, k) > 0) != (y == 1)))

    def draw(k):
        fig, (left, right) = panels(2)
        unit = order[k - 1]
        scale = A[:, unit].max() + 1e-12
        picture = (A[:, unit] / scale).reshape(t.size, t.size)
        left.contourf(t, t, picture, levels, colors=shades).set_gid(show("feature"))
        _classes(left, X, y, 3.5)
        sign = "towards class 1" if v[unit, 0] > 0 else "towards class 0"
        left.set(xlim=(-1.7, 2.7), ylim=(-1.3, 1.7), xlabel="x₁", ylabel="x₂")
        left.set_title(f"feature {k}, pulls {sign}")
        _region(right, t, sums(A, k))
        _classes(right, X, y, 3.5)
        right.set(xlim=(-1.7, 2.7), ylim=(-1.3, 1.7), xlabel="x₁", ylabel="x₂")
        right.set_title(f"sum of {k}: {wrong(k)} of {len(y)} wrong")
        return fig

    def describe(k):
        used = "unit 1 alone" if k == 1 else f"units 1 to {k}"
        return (
            f"On the left the feature that hidden unit {k} has learnt: the stronger the shade, the larger. "
            f"On the right the border of the model that uses {used}, with the weights of the network: "
            f"{wrong(k)} of {len(y)} points are on the wrong side."
        )

    return draw, describe, wrong


def draw_cars(x, y, theta, centre, spread, names):
    """Two hidden sigmoids against the cars: the fit over the points, and what each unit adds to it."""
    t = np.linspace(x.min(), x.max(), 160)
    Z, A = forward_pass(theta, ((t - centre[0]) / spread[0])[:, None], Sigmoid())
    v = theta[1][0]
    fig, (left, right) = panels(2)
    left.plot(x, y, "o", color=COLORS.data, markersize=2.2, alpha=0.6)
    left.plot(t, Z[-1][:, 0] * spread[1] + centre[1], color=COLORS.fit, linewidth=2.2)
    left.set(xlabel=names[0], ylabel=names[1], xlim=(40, 235), ylim=(5, 50))
    left.set_title("two hidden sigmoids")
    right.axhline(0, color=COLORS.muted, linewidth=0.6)
    for k, color in enumerate((COLORS.truth, COLORS.alt)):
        curve = A[-1][:, k] * v[k, 0] * spread[1]
        right.plot(t, curve, color=color, gid=show(f"unit {k + 1}"))
        right.text(t[-1] + 3, curve[-1], f"{k + 1}", color=color, va="center")
    right.set(xlabel=names[0], ylabel=names[1] + ", added", xlim=(40, 250), ylim=(-20, 12))
    right.set_title("what each unit adds")
    return fig
