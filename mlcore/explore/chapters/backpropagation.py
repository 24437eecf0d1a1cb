"""What the chapter *Backpropagation* draws: a stepper through a small network, paths, bugs, and two orders.

Every gradient is computed by `mlcore.mlp` or by a layer of `mlcore.layers`; here it is only drawn.
"""

import numpy as np

from mlcore.chain import forward_accumulation, reverse_accumulation
from mlcore.explore import COLORS, panels, show
from mlcore.layers import Linear, Sigmoid, squared_error
from mlcore.mlp import backward_pass, forward_pass
from mlcore.teach import minus

STEPS = (
    "the network and its numbers",
    "forward: weighted sums",
    "forward: activations",
    "forward: output",
    "forward: cost",
    "backward: start at the cost",
    "backward: last weights and bias",
    "backward: through the last weights",
    "backward: through the bend",
    "backward: first weights",
    "backward: first biases",
)


def _digits(value):
    """A number with three significant digits, or fewer where it is short."""
    return minus(f"{value:.3g}")


def _factor(value):
    """The same, in brackets where a sign would stand beside another."""
    return f"({_digits(value)})" if value < 0 else _digits(value)


def _bare(*axes):
    """Axes without their sides: for drawings that are no graphs."""
    for ax in axes:
        for side in ax.spines.values():
            side.set_visible(False)


# --------------------------------------------------------------------------------------------------- stepper
_NODES = {"x1": (0, 1.1), "x2": (0, -1.1), "h1": (1.8, 1.1), "h2": (1.8, -1.1), "o": (3, 0), "C": (3.9, 0)}
_LABELS = {  # of each edge: where its weight stands, and how far away its derivative
    "x1 h1": (0.6, 1.29, 0.25),
    "x2 h2": (0.6, -1.29, 0.25),
    "x1 h2": (0.52, 0.5, 0.25),
    "x2 h1": (0.56, -0.62, 0.22),
    "h1 o": (2.52, 0.62, 0.25),
    "h2 o": (2.52, -0.62, 0.25),
}


def small_network(w):
    """Parameters of the 2–2–1 network of the first picture, with w the weight from x₂ to unit 1."""
    return [
        (np.array([[1.0, -1.0], [w, -1.0]]), np.zeros(2)),  # W (2, 2), b (2,)
        (np.array([[-2.0], [1.0]]), np.zeros(1)),  # W (2, 1), b (1,)
    ]


SMALL_X, SMALL_Y = np.array([[1.0, -2.0]]), np.array([[1.0]])


def backprop_stepper(weights):
    """Explorer of one pass forward and one back through a 2–2–1 network with sigmoids and a squared error.

    Parameters
    ----------
    weights : sequence of float
        Values of the weight from x₂ to hidden unit 1.

    Returns
    -------
    draw, describe : callable
        Functions of ``step`` and ``w``.
    slope : callable
        ``slope(w)``, the derivative of the cost by that weight.
    """
    runs = {}
    for w in weights:
        theta = small_network(w)
        Z, A = forward_pass(theta, SMALL_X, Sigmoid())
        cost, dZ = squared_error(Z[-1], SMALL_Y)
        runs[w] = theta, Z, A, cost, dZ, backward_pass(theta, Z, A, dZ, Sigmoid())

    def formulas(step, w):
        """What the right-hand side says at a step: lines of text, symbols and numbers in turn."""
        (W, _), (V, _) = runs[w][0]
        _, Z, A, cost, dZ, grads = runs[w]
        x, z, a = SMALL_X[0], Z[0][0], A[1][0]
        out, d = Z[1][0, 0], dZ[0, 0]
        da, dg = d * V[:, 0], Sigmoid().dg(z, a)
        delta, dW = grads[0][1], grads[0][0]
        n, f = _digits, _factor
        if step == 0:
            return [
                "x = (1, −2), target y = 1",
                f"W[1] = [1  −1;  {n(w)}  −1],  b[1] = 0",
                "v = W[2] = [−2;  1],  c = b[2] = 0",
                "activation: the sigmoid σ",
                "cost: C = (ŷ − y)²",
            ]
        if step == 1:
            return ["zₒ = Σₖ xₖ Wₖₒ + bₒ"] + [
                f"z{'₁₂'[o]} = 1·{f(W[0, o])} + (−2)·{f(W[1, o])} = {n(z[o])}" for o in (0, 1)
            ]
        if step == 2:
            return ["aₒ = σ(zₒ)"] + [f"a{'₁₂'[o]} = σ({n(z[o])}) = {n(a[o])}" for o in (0, 1)]
        if step == 3:
            return ["ŷ = a₁v₁ + a₂v₂ + c", f"ŷ = {n(a[0])}·(−2) + {n(a[1])}·1", f"   = {n(out)}"]
        if step == 4:
            return ["C = (ŷ − y)²", f"C = ({n(out)} − 1)² = {n(cost)}"]
        if step == 5:
            return ["δ = ∂C/∂ŷ = 2(ŷ − y)", f"δ = 2·({n(out)} − 1) = {n(d)}"]
        if step == 6:
            return ["∂C/∂vₒ = aₒ δ,   ∂C/∂c = δ"] + [
                f"∂C/∂v{'₁₂'[o]} = {n(a[o])}·{f(d)} = {n(grads[1][0][o, 0])}" for o in (0, 1)
            ]
        if step == 7:
            return ["∂C/∂aₒ = δ vₒ"] + [f"∂C/∂a{'₁₂'[o]} = {n(d)}·{f(V[o, 0])} = {n(da[o])}" for o in (0, 1)]
        if step == 8:
            return ["δₒ = ∂C/∂aₒ · σ′(zₒ)", "with σ′ = a(1 − a)"] + [
                f"δ{'₁₂'[o]} = {n(da[o])}·{n(dg[o])} = {n(delta[o])}" for o in (0, 1)
            ]
        if step == 9:
            return ["∂C/∂Wₖₒ = xₖ δₒ"] + [
                f"∂C/∂W{'₁₂'[k]}{'₁₂'[o]} = {n(x[k])}·{f(delta[o])} = {n(dW[k, o])}"
                for k in (0, 1)
                for o in (0, 1)
            ]
        return ["∂C/∂bₒ = δₒ"] + [f"∂C/∂b{'₁₂'[o]} = {n(delta[o])}" for o in (0, 1)]

    def draw(step, w):
        (W, _), (V, _) = runs[w][0]
        _, Z, A, cost, dZ, grads = runs[w]
        z, a, delta = Z[0][0], A[1][0], grads[0][1]
        values = {"x1 h1": (W[0, 0], grads[0][0][0, 0]), "x1 h2": (W[0, 1], grads[0][0][0, 1])}
        values |= {"x2 h1": (W[1, 0], grads[0][0][1, 0]), "x2 h2": (W[1, 1], grads[0][0][1, 1])}
        values |= {"h1 o": (V[0, 0], grads[1][0][0, 0]), "h2 o": (V[1, 0], grads[1][0][1, 0])}
        fig, (left, right) = panels(2, size=(4.1, 3.9))

        def write(x, y, text, color, since, name, **more):
            known = step >= since
            said = text if known else text.split(" ")[0]  # the letter alone, until its number is known
            now = color if known else COLORS.muted
            ground = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}  # no edge runs through it
            left.text(x, y, said, color=now, fontsize=9.5, va="center", gid=show(name), bbox=ground, **more)

        def line(start, end, steps):
            color = (COLORS.warn if step > 4 else COLORS.fit) if step in steps else COLORS.muted
            ends = np.transpose([_NODES[start], _NODES[end]])
            left.plot(*ends, color=color, linewidth=2.2 if step in steps else 0.9, zorder=1)

        for name, (value, slope) in values.items():
            start, end = name.split()
            first, asked = start[0] == "x", name == "x2 h1"
            line(start, end, (1, 9) if first else (3, 6, 7))
            x, y, up = _LABELS[name]
            text = f"w = {_digits(value)}" if asked else _digits(value)
            write(x, y, text, COLORS.alt if asked else COLORS.data, 0, "weights")
            aside = x - 0.14 * (abs(y) < 1)
            since = 9 if first else 6
            write(aside, y + up * np.sign(y), f"∂ {_digits(slope)}", COLORS.warn, since, "slopes")
        line("o", "C", (4, 5))
        for name, (x, y) in _NODES.items():
            color = COLORS.data if name[0] == "x" else COLORS.muted if name[0] == "h" else COLORS.truth
            left.plot([x], [y], "o", color=color, markersize=13, zorder=3)
        for k, sign in enumerate((1, -1)):
            write(-0.3, 1.42 * sign, f"x{'₁₂'[k]} = {_digits(SMALL_X[0, k])}", COLORS.data, 0, "inputs")
            rows = (("z", z, COLORS.fit, 1, "sums"), ("a", a, COLORS.fit, 2, "activations"))
            rows += (("δ", delta, COLORS.warn, 8, "errors"),)
            for row, (letter, number, color, since, name) in enumerate(rows):
                height = 2.0 - 0.25 * row if sign > 0 else -1.5 - 0.25 * row
                write(1.8, height, f"{letter} = {_digits(number[k])}", color, since, name, ha="center")
        write(3.04, 0.28, f"ŷ = {_digits(Z[1][0, 0])}", COLORS.fit, 3, "output")
        write(3.1, -0.3, f"δ = {_digits(dZ[0, 0])}", COLORS.warn, 5, "errors")
        write(3.8, 0.62, f"C = {_digits(cost)}", COLORS.fit, 4, "cost", ha="center")
        left.set(xlim=(-0.4, 4.3), ylim=(-2.2, 2.2), xticks=[], yticks=[])
        left.set_title(f"step {step} of {len(STEPS) - 1}")
        now = COLORS.data if step == 0 else COLORS.warn if step > 4 else COLORS.fit
        right.text(0, 0.92, STEPS[step], color=now, fontsize=12, weight="bold")
        for k, text in enumerate((formulas(step, w) + [""] * 5)[:5]):
            size, color = (12.5, now) if k == 0 and step else (11, COLORS.data)
            height = 0.75 - 0.14 * k
            right.text(0.02, height, text, color=color, fontsize=size, gid=show("equation of the step"))
        right.text(0, 0.02, "blue: forward.  Orange: backward", color=COLORS.muted, fontsize=9)
        right.set(xlim=(-0.02, 1), ylim=(0, 1), xticks=[], yticks=[])
        _bare(left, right)
        return fig

    def describe(step, w):
        said = "; ".join(line.strip() for line in formulas(step, w) if line)
        return f"Step {step}, {STEPS[step]}: {said}."

    def slope(w):
        return float(runs[w][5][0][0][1, 0])

    return draw, describe, slope


# ----------------------------------------------------------------------------------------------------- paths
def sum_of_paths(theta, x, target, activation, pairs):
    """Explorer of the paths from a weight of the third-last layer to the cost, one after another.

    Parameters
    ----------
    theta : list of (ndarray, ndarray)
        Three linear layers.
    x : ndarray, shape (1, n_0)
    target : ndarray, shape (1, K)
    activation : Elementwise
    pairs : dict of str to (int, int)
        Weights of the first layer by the names of the slider: (h, i).

    Returns
    -------
    draw, describe : callable
        Functions of ``weight`` and ``terms``.
    parts : dict
        For each name the terms, one for each unit j, and the derivative by a central difference.
    """
    (_, _), (W2, _), (W3, _) = theta
    Z, _ = forward_pass(theta, x, activation)
    _, dZ = squared_error(Z[-1], target)
    slope = [activation.dg(z, activation.g(z))[0] for z in Z[:-1]]
    n = W2.shape[1]

    def cost(h, i, step):
        moved = [(W.copy(), b) for W, b in theta]
        moved[0][0][h, i] += step
        return squared_error(forward_pass(moved, x, activation)[0][-1], target)[0]

    parts = {}
    for name, (h, i) in pairs.items():
        terms = x[0, h] * slope[0][i] * W2[i] * slope[1] * (W3 @ dZ[0])  # (n,), one for each j
        parts[name] = terms, (cost(h, i, 1e-5) - cost(h, i, -1e-5)) / 2e-5
    far = 1.15 * max(np.abs(np.cumsum(terms)).max() for terms, _ in parts.values())
    heights = [np.linspace(1, -1, k) for k in (x.shape[1], W2.shape[0], n, W3.shape[1])]

    def draw(weight, terms):
        h, i = pairs[weight]
        values, measured = parts[weight]
        fig, (left, right) = panels(2, size=(3.9, 3.4))
        for l, (ours, theirs) in enumerate(zip(heights, heights[1:])):
            for p, at in enumerate(ours):
                for q, to in enumerate(theirs):
                    on = (l == 0 and (p, q) == (h, i), l == 1 and p == i and q < terms, l == 2 and p < terms)[
                        l
                    ]
                    color = (COLORS.alt if l == 0 else COLORS.warn) if on else COLORS.muted
                    line = {"linewidth": 1.8 if on else 0.5, "alpha": 1 if on else 0.5}
                    left.plot([l, l + 1], [at, to], color=color, zorder=1, **line)
        for l, (ys, letter) in enumerate(zip(heights, "hijk")):
            left.plot(np.full(ys.size, l), ys, "o", color=COLORS.data, markersize=10, zorder=2)
            left.text(l, 1.22, letter, ha="center", color=COLORS.data, style="italic", fontsize=12)
        for l, name in enumerate(("W[1]", "W[2]", "W[3]")):
            left.text(l + 0.5, -1.38, name, ha="center", color=COLORS.alt if l == 0 else COLORS.muted)
        left.set(
            xlim=(-0.3, 3.3),
            ylim=(-1.5, 1.5),
            xticks=[],
            yticks=[],
            title=f"the paths of the weight {weight}",
        )
        sums = np.concatenate(([0], np.cumsum(values)))
        right.axhline(0, color=COLORS.muted, linewidth=0.6)
        right.plot(
            [-0.3, n + 0.15],
            [measured, measured],
            linestyle="--",
            color=COLORS.truth,
            linewidth=1.2,
            gid=show("measured"),
        )
        right.text(n + 0.25, measured, "measured", color=COLORS.truth, va="center", gid=show("measured"))
        gone = np.where(np.arange(n + 1) <= terms, sums, np.nan)
        right.plot(np.arange(n + 1), gone, "o-", color=COLORS.warn, gid=show("partial sums"))
        right.set(
            xlim=(-0.3, n + 1.9),
            ylim=(-far, far),
            xlabel="units j in the sum",
            ylabel="∂C/∂W[1]",
            title=f"so far: {minus(f'{sums[terms]:.4f}')}",
        )
        right.set_xticks(range(n + 1))
        _bare(left)
        return fig

    def describe(weight, terms):
        values, measured = parts[weight]
        return (
            f"The weight {weight}: with the terms of {terms} of the {n} units j the sum is "
            f"{values[:terms].sum():.4f}; the derivative by a central difference is {measured:.4f}."
        )

    return draw, describe, parts


# ------------------------------------------------------------------------------------------------------ bugs
def bug_clinic(errors, costs, arrays):
    """Explorer of wrong gradients: the error of each array, and the cost in training.

    Parameters
    ----------
    errors : dict of str to ndarray
        Of each bug the relative error of each array's gradient.
    costs : dict of str to ndarray
        Of each bug the mean cost epoch by epoch. The first is right.
    arrays : sequence of str

    Returns
    -------
    draw, describe : callable
        Functions of ``bug``.
    """
    right_name, last = next(iter(costs)), len(next(iter(costs.values()))) - 1
    places, top = np.arange(len(arrays)), 20  # the upper edge of the picture of the costs

    def end(bug):
        """Where a training ends; of one that runs away no digit is the same on two machines."""
        return f"at {costs[bug][-1]:.3g}" if costs[bug][-1] < 10 else "above 10"

    def draw(bug):
        fig, (left, right) = panels(2)
        error = np.clip(errors[bug], 1e-16, 10)
        left.axhline(1e-6, linestyle="--", color=COLORS.muted, linewidth=1)
        left.text(len(arrays) - 0.55, 2e-6, "10⁻⁶", color=COLORS.muted, ha="right", fontsize=9)
        bad = error > 1e-6
        left.vlines(
            places, 1e-17, np.where(bad, error, 1e-18), color=COLORS.warn, linewidth=9, gid=show("bars")
        )
        left.vlines(
            places, 1e-17, np.where(bad, 1e-18, error), color=COLORS.truth, linewidth=9, gid=show("bars")
        )
        left.set(
            yscale="log",
            xlim=(-0.6, len(arrays) - 0.4),
            ylim=(1e-17, 30),
            ylabel="relative error of the gradient",
            title="gradient check, array by array",
        )
        left.set_xticks(places, arrays)
        left.set_yticks([1e-16, 1e-12, 1e-8, 1e-4, 1], ["10⁻¹⁶", "10⁻¹²", "10⁻⁸", "10⁻⁴", "1"])
        left.minorticks_off()
        right.plot(costs[right_name], "--", color=COLORS.truth, gid=show("right gradient"))
        right.plot(np.clip(costs[bug], 1e-4, top), color=COLORS.warn, gid=show("cost"))
        below, name = 0.6 * costs[right_name][-1], show("right gradient")
        right.text(last, below, "right", color=COLORS.truth, ha="right", gid=name)
        right.set(
            yscale="log",
            xlim=(0, last),
            ylim=(0.01, top),
            xlabel="epoch",
            ylabel="mean cost",
            title=f"training: ends {end(bug)}",
        )
        right.set_xticks(range(0, last + 1, 5))
        right.set_yticks([0.01, 0.1, 1, 10], ["0.01", "0.1", "1", "10"])
        right.minorticks_off()
        return fig

    def describe(bug):
        wrong = [name for name, error in zip(arrays, errors[bug]) if error > 1e-6]
        said = "in " + ", ".join(wrong) if wrong else "nowhere"
        edge = (
            " Where it lies above the picture it is drawn along the upper edge."
            if max(costs[bug]) > top
            else ""
        )
        return (
            f"{bug[0].upper() + bug[1:]}: the check finds an error {said}. "
            f"The mean cost begins at {costs[bug][0]:.2f} and ends {end(bug)} after {last} epochs.{edge}"
        )

    return draw, describe


# ----------------------------------------------------------------------------------------------- two orders
def chain_costs(widths_in, widths_out, middle):
    """Explorer of forward and reverse accumulation: the running products' shapes, and multiplications.

    Parameters
    ----------
    widths_in, widths_out : sequence of int
        Values of n₀ and of the width of the last layer.
    middle : sequence of int
        The widths between them.

    Returns
    -------
    draw, describe : callable
        Functions of ``n_in`` and ``n_out``.
    count : callable
        ``count(n_in, n_out)``, the multiplications forwards and in reverse, counted in the code.
    """
    rng, found = np.random.default_rng(0), {}
    for n_in in widths_in:
        for n_out in widths_out:
            sizes = (n_in, *middle, n_out)
            layers = [Linear(p, q, rng) for p, q in zip(sizes, sizes[1:])]
            runs = [f(layers, np.ones(n_in)) for f in (forward_accumulation, reverse_accumulation)]
            found[n_in, n_out] = [(run.multiplications, run.stored) for run in runs]

    def curves(n_in, outs):
        """The formula eq-chain-count for many widths of the last layer."""
        inner = sum(p * q for p, q in zip(middle, middle[1:]))
        forward = n_in * (inner + middle[-1] * outs)
        reverse = outs * (n_in * middle[0] + inner)
        return forward, reverse

    fine = np.geomspace(min(widths_out), max(widths_out), 60)
    top = 2.2 * max(found[max(widths_in), max(widths_out)][k][0] for k in (0, 1))
    bottom = 0.5 * min(count for run in found.values() for count, _ in run)
    largest = max(*widths_in, *widths_out, *middle)

    def draw(n_in, n_out):
        sizes = (n_in, *middle, n_out)
        fig, (left, right) = panels(2, size=(3.9, 3.5))
        steps = len(sizes) - 1
        for row, color, name in ((1, COLORS.warn, "forward"), (0, COLORS.fit, "reverse")):
            shapes = [(sizes[l], n_in) if row else (n_out, sizes[-1 - l]) for l in range(1, steps + 1)]
            for k, (tall, wide) in enumerate(shapes):
                h, w = 0.62 * (tall / largest) ** 0.5, 0.78 * (wide / largest) ** 0.5
                x, y = k - w / 2, row + 0.1 - h / 2
                corners = np.array([(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)])
                left.fill(*corners.T, color=color, alpha=0.3, linewidth=0, gid=show(f"{name} products"))
                left.plot(*corners.T, color=color, linewidth=1.2, gid=show(f"{name} products"))
                left.text(k, row - 0.36, f"{tall}×{wide}", ha="center", color=color, fontsize=9)
            left.text(-0.5, row + 0.46, f"{name}: the product after each layer", color=color, fontsize=9.5)
        left.set(xlim=(-0.6, steps - 0.4), ylim=(-0.45, 1.62), xticks=[], yticks=[])
        left.set_title("widths " + " – ".join(map(str, sizes)))
        _bare(left)
        for k, (color, name) in enumerate(((COLORS.warn, "forward"), (COLORS.fit, "reverse"))):
            right.plot(fine, curves(n_in, fine)[k], color=color, gid=show(f"{name} curve"))
            dots = [found[n_in, other][k][0] for other in widths_out]
            right.plot(widths_out, dots, "o", color=color, markersize=4, gid=show(f"{name} curve"))
            right.plot([n_out], [found[n_in, n_out][k][0]], "o", color=color, markersize=9)
        forward, reverse = found[n_in, n_out][0][0], found[n_in, n_out][1][0]
        right.set(
            xscale="log",
            yscale="log",
            xlim=(0.8, max(widths_out) * 1.25),
            ylim=(bottom, top),
            xlabel="outputs of the last layer",
            ylabel="multiplications",
            title=f"forward {forward:_}, reverse {reverse:_}".replace("_", " "),
        )
        right.set_xticks(widths_out, list(map(str, widths_out)))
        right.minorticks_off()
        right.text(1, top / 2.2, "orange: forward, blue: reverse", color=COLORS.muted, fontsize=9)
        return fig

    def describe(n_in, n_out):
        (ahead, held), (back, kept) = found[n_in, n_out]
        return (
            f"Widths {', '.join(map(str, (n_in, *middle, n_out)))}. Forward: {ahead} multiplications, "
            f"at most {held} numbers stored. Reverse: {back} multiplications, at most {kept} numbers stored."
        )

    def count(n_in, n_out):
        return [multiplications for multiplications, _ in found[n_in, n_out]]

    return draw, describe, count


# ---------------------------------------------------------------------------------------------------- stills
def draw_path_count(depths, paths, layered, counted):
    """Multiplications against depth: every path for itself, and layer by layer; dots are counted."""
    fig, ax = panels(size=(4.6, 3.3))
    ax.plot(depths, paths, color=COLORS.warn)
    ax.plot(depths, layered, color=COLORS.fit)
    ax.plot(depths[: len(counted[0])], counted[0], "o", color=COLORS.warn)
    ax.plot(depths, counted[1], "o", color=COLORS.fit)
    ax.text(depths[-3], paths[-3] * 1.2, "every path apart ", color=COLORS.warn, ha="right")
    ax.text(depths[-1], layered[-1] * 2.2, "layer by layer", color=COLORS.fit, ha="right")
    ax.set(
        yscale="log",
        xlabel="layers L, each of 8 units",
        ylabel="multiplications",
        xlim=(depths[0] - 0.3, depths[-1] + 0.3),
        title="Curves: the formulas. Dots: counted in code",
    )
    ax.set_xticks(depths)
    return fig


def draw_kink(steps, inside, across, derived):
    """Error of a central difference against its step, with the kink of a ReLU far away and near."""
    fig, ax = panels(size=(4.6, 3.3))
    ax.plot(steps, np.maximum(inside, 1e-17), "o", color=COLORS.truth, markersize=3)
    rings = {"markersize": 6, "markerfacecolor": "none"}  # the line is seen through them
    ax.plot(steps, np.maximum(across, 1e-17), "o", color=COLORS.warn, **rings)
    ax.text(1.3e-8, 3e-4, "z at 10⁻³ from the kink", color=COLORS.warn)
    ax.text(2e-6, 2e-9, "z far from it", color=COLORS.truth)
    ax.plot(steps, derived, color=COLORS.data, linewidth=1.2)
    ax.set(
        xscale="log",
        yscale="log",
        ylim=(1e-13, 3),
        xlabel="step h",
        ylabel="relative error of the difference",
        title="Dots, rings: measured. Line: derived",
    )
    return fig


def draw_pass_times(counts, ratios, counted):
    """Time of a gradient in forward passes, by nudging and by backpropagation, against the parameters.

    `counted` is what backpropagation takes by its multiplications alone, the same for all these networks.
    """
    fig, ax = panels(size=(4.6, 3.3))
    ax.plot(counts, 2 * counts, "--", color=COLORS.warn)
    ax.plot(counts, ratios[0], "o", color=COLORS.warn)
    ax.axhline(counted, linestyle="--", color=COLORS.fit)
    ax.plot(counts, ratios[1], "o", color=COLORS.fit)
    ax.text(counts[0], 6 * counts[1], "two passes a weight", color=COLORS.warn)
    ax.text(counts[-1], 5, "backpropagation", color=COLORS.fit, ha="right")
    ax.set(
        xscale="log",
        yscale="log",
        ylim=(0.8, 8 * counts[-1]),
        xlabel="parameters P",
        ylabel="time, in forward passes",
        title="Dashed: counted. Dots: measured",
    )
    ax.set_xticks(counts, [f"{count:.0f}" for count in counts])
    ax.minorticks_off()
    return fig
