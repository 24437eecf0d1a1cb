"""What the chapter *Many classes* draws: regions, a Jacobian, layers, weights as images."""

import numpy as np
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from mlcore.explore import COLORS, panels, show
from mlcore.explore._pieces import PAPER, cross, equal_limits
from mlcore.explore.chapters.what_is_learning import ink
from mlcore.functions import one_hot, softmax
from mlcore.teach import minus

CLASSES = (COLORS.fit, COLORS.alt, COLORS.truth)
MARKERS = ("o", "s", "^")


# ------------------------------------------------------------------------------------- regions in the plane
def region(theta, k, box):
    """The corners (n, 2) of the part of a box in which class k of θ (3, K) has the largest score."""
    (left, right), (low, high) = box
    corners = np.array([(left, low), (right, low), (right, high), (left, high)], dtype=float)
    for other in np.flatnonzero(np.arange(theta.shape[1]) != k):
        b, *w = theta[:, k] - theta[:, other]
        lead, kept = corners @ w + b, []
        for i in range(len(corners)):
            p, q, a, c = corners[i - 1], corners[i], lead[i - 1], lead[i]
            if (a < 0) != (c < 0):  # the edge from p to q is cut
                kept.append(p + (q - p) * a / (a - c))
            if c >= 0:
                kept.append(q)
        corners = np.array(kept).reshape(-1, 2)
    return corners


def _area(ax, corners, color):
    corners = corners if len(corners) else np.full((1, 2), 99.0)
    path = Path(np.vstack((corners, corners[:1])), closed=True)
    ax.add_patch(PathPatch(path, facecolor=color, alpha=0.16, linewidth=0))


def with_best_intercepts(X, Y, slopes):
    """θ (d + 1, K) with the given slopes (d, K) and the intercepts that make the likelihood largest."""
    b = np.zeros(slopes.shape[1])
    for _ in range(40):
        pi = softmax(X @ slopes + b)
        H = np.diag(pi.sum(axis=0)) - pi.T @ pi
        step = np.linalg.lstsq(H, (pi - Y).sum(axis=0), rcond=1e-12)[0]
        b = b - step / max(1.0, np.abs(step).max())
    return np.vstack((b - b.mean(), slopes))


def cost_per_example(theta, X, y):
    """Mean of −log π of the class that came, for labels y (m,)."""
    pi = softmax(theta[0] + X @ theta[1:])
    return -np.mean(np.log(pi[np.arange(len(y)), y]))


def softmax_regions(X, y, names, slopes, values):
    """Explorer of three classes in the plane: the middle class's weights are moved, the others stand.

    Parameters
    ----------
    X : ndarray, shape (m, 2)
        Standardised.
    y : ndarray of int, shape (m,)
    names : sequence of str
        The names of the three classes.
    slopes : ndarray, shape (2, 3)
        The weights of all classes; column 1 is replaced.
    values : sequence of float
        Values of both sliders.

    Returns
    -------
    draw, describe : callable
        Functions of ``w1`` and ``w2``.
    best : (float, float)
        The pair of values with the lowest cost.
    """
    Y, limits = one_hot(y, 3), equal_limits((0.25, 0.3), 6.4)
    weights = equal_limits((0, -0.2), 7.4)
    box = limits["xlim"], limits["ylim"]
    fits = {}
    for w1 in values:
        for w2 in values:
            moved = slopes.copy()
            moved[:, 1] = w1, w2
            theta = with_best_intercepts(X, Y, moved)
            wrong = int(np.sum(np.argmax(theta[0] + X @ theta[1:], axis=1) != y))
            fits[w1, w2] = theta, cost_per_example(theta, X, y), wrong
    costs = {pair: cost for pair, (_, cost, _) in fits.items()}
    across, up = np.linspace(-4.7, 4.7, 20), np.linspace(-4.0, 4.0, 17)
    height = np.empty((17, 20))
    for i, j in np.ndindex(height.shape):
        moved = slopes.copy()
        moved[:, 1] = across[j], up[i]
        height[i, j] = cost_per_example(with_best_intercepts(X, Y, moved), X, y)

    def draw(w1, w2):
        theta, cost, wrong = fits[w1, w2]
        fig, (left, right) = panels(2)
        for k in range(3):
            _area(left, region(theta, k, box), CLASSES[k])
        for k in range(3):
            left.plot(*X[y == k].T, MARKERS[k], color=CLASSES[k], markersize=3, gid=show(names[k]))
        for k, at in enumerate(((-2.3, 2.75), (-1.5, -2.5), (2.2, 2.3))):
            left.text(*at, names[k], color=CLASSES[k], ha="center")
        left.set(
            xlabel="sepal length (standardised)",
            ylabel="sepal width (standardised)",
            title=f"{wrong} of {len(y)} in the wrong region",
            **limits,
        )
        cross(right)
        lines = right.contour(
            across, up, height, [0.46, 0.55, 0.7, 0.9, 1.2, 1.6], colors=COLORS.muted, linewidths=0.7
        )
        lines.set_gid(show("cost"))
        tips = theta[1:]
        right.plot(*tips[:, [0, 1, 2, 0]], "--", color=COLORS.data, linewidth=0.9, gid=show("triangle"))
        for k in range(3):
            right.plot([0, tips[0, k]], [0, tips[1, k]], color=CLASSES[k], linewidth=2.2)
            right.plot(*tips[:, k : k + 1], MARKERS[k], color=CLASSES[k], markersize=7)
        right.text(*(slopes[:, 0] + (0, 0.35)), names[0], color=CLASSES[0], ha="center")
        right.text(*(slopes[:, 2] + (0.25, -0.1)), names[2], color=CLASSES[2])
        right.set(
            xlabel="weight of sepal length",
            ylabel="weight of sepal width",
            title=f"cost per flower {cost:.3f}",
            **weights,
        )
        return fig

    def describe(w1, w2):
        theta, cost, wrong = fits[w1, w2]
        size = len(region(theta, 1, box))
        seen = f"{names[1]}'s region has {size} corners in the picture" if size else "it has no region here"
        return (
            f"{names[1].capitalize()}'s weights are ({w1:g}, {w2:g}); {seen}. "
            f"{wrong} flowers lie in a wrong region, and the cost per flower is {cost:.3f}."
        )

    return draw, describe, min(costs, key=costs.get)


def draw_one_vs_rest(X, y, names, ours, theirs):
    """Two panels: the regions of softmax, and those of three logistic regressions, with where each says ½.

    Parameters
    ----------
    X, y : ndarray, shapes (m, 2) and (m,)
    names : sequence of str
    ours, theirs : ndarray, shape (3, 3)
        θ of the softmax, and the θ of the three fits side by side.
    """
    fig, both = panels(2)
    limits = equal_limits((0.25, 0.3), 6.4)
    box = limits["xlim"], limits["ylim"]
    for ax, theta, title in zip(both, (ours, theirs), ("softmax", "one against the rest")):
        for k in range(3):
            _area(ax, region(theta, k, box), CLASSES[k])
            ax.plot(*X[y == k].T, MARKERS[k], color=CLASSES[k], markersize=3)
        wrong = np.sum(np.argmax(theta[0] + X @ theta[1:], axis=1) != y)
        ax.set(xlabel="sepal length (standardised)", title=f"{title}: {wrong} wrong", **limits)
    both[0].set_ylabel("sepal width (standardised)")
    across = np.array(box[0])
    for k in range(3):
        b, w1, w2 = theirs[:, k]
        both[1].plot(across, -(b + w1 * across) / w2, "--", color=CLASSES[k], linewidth=1.2)
    for k, at in enumerate(((-2.3, 2.75), (-1.5, -2.5), (2.2, 2.3))):
        both[0].text(*at, names[k], color=CLASSES[k], ha="center")
    both[1].text(*(box[0][1] - 0.1, box[1][0] + 0.2), "dashed: a score of 0", color=COLORS.data, ha="right")
    return fig


# ----------------------------------------------------------------------------- scores, exponentials, shares
def score_bars():
    """Explorer of the softmax of three scores: their exponentials and the probabilities as bars.

    Returns
    -------
    draw, describe : callable
        Functions of ``z1``, ``z2`` and ``z3``.
    """

    def bars(ax, heights, texts, gid):
        for k in range(3):
            ax.plot(
                [k + 1, k + 1],
                [0, heights[k]],
                color=CLASSES[k],
                linewidth=22,
                solid_capstyle="butt",
                gid=gid,
            )
        for k in range(3):
            ax.text(k + 1, heights[k], texts[k], ha="center", va="bottom", color=CLASSES[k])
        ax.set(xlim=(0.4, 3.6), xticks=[1, 2, 3], xlabel="class")

    def draw(z1, z2, z3):
        z = np.array([z1, z2, z3], dtype=float)
        e, pi = np.exp(z), softmax(z)
        fig, (left, right) = panels(2)
        bars(left, e, [f"{v:.2f}" for v in e], show("exponentials"))
        left.set(ylim=(0, 23), title=f"exponentials of the scores: sum {e.sum():.2f}")
        bars(right, pi, [f"{v:.3f}" for v in pi], show("shares"))
        right.set(ylim=(0, 1.12), title="shares of the sum: π")
        return fig

    def describe(z1, z2, z3):
        e, pi = np.exp([z1, z2, z3]), softmax([z1, z2, z3])
        return (
            f"Scores {z1:g}, {z2:g}, {z3:g}: their exponentials are {e[0]:.2f}, {e[1]:.2f}, {e[2]:.2f}, "
            f"and the shares of the sum {pi[0]:.3f}, {pi[1]:.3f}, {pi[2]:.3f}."
        )

    return draw, describe


# ------------------------------------------------------------------------------------------------- Jacobian
_CORNERS = np.array([(0.0, 0.0), (1.0, 0.0), (0.5, np.sqrt(3) / 2)])  # of the triangle of probabilities


def in_triangle(z1, z2):
    """Where softmax(z₁, z₂, 0) stands in the triangle."""
    return tuple(softmax([z1, z2, 0.0]) @ _CORNERS)


def jacobian_triangle(values):
    """Explorer of the Jacobian: how the probabilities move when one score rises, and the matrix.

    Parameters
    ----------
    values : sequence of float
        Values of z₁ and z₂; z₃ is 0.

    Returns
    -------
    draw, describe : callable
        Functions of ``z1`` and ``z2``.
    """

    def jacobian(z1, z2):
        pi = softmax([z1, z2, 0.0])
        return pi, np.diag(pi) - np.outer(pi, pi)

    def draw(z1, z2):
        pi, J = jacobian(z1, z2)
        fig, (left, right) = panels(2)
        left.plot(*_CORNERS[[0, 1, 2, 0]].T, color=COLORS.muted, linewidth=1)
        here = pi @ _CORNERS
        for k in range(3):
            there = here + J[:, k] @ _CORNERS
            left.plot(*np.array([here, there]).T, color=CLASSES[k], linewidth=2.4, gid=show("arrows"))
            left.plot(*there[:, None], MARKERS[k], color=CLASSES[k], markersize=4)
        left.plot(*here[:, None], "o", color=COLORS.data, markersize=7, gid=show("point"))
        for k, (at, ha) in enumerate(
            (((0, -0.09), "center"), ((1, -0.09), "center"), ((0.56, 0.85), "left"))
        ):
            left.text(*at, f"class {k + 1}", color=CLASSES[k], ha=ha, fontsize=9)
        left.set(
            title=minus(f"z = ({z1:g}, {z2:g}, 0)"), xticks=[], yticks=[], **equal_limits((0.5, 0.4), 1.16)
        )
        left.spines[:].set_visible(False)
        sizes = 0.96 * np.sqrt(abs(J) / 0.25) / 2
        for k in range(3):
            for j in range(3):
                size = sizes[k, j]
                color = COLORS.fit if J[k, j] > 0 else COLORS.warn
                square = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]) * size + (j + 1, k + 1)
                right.add_patch(
                    PathPatch(
                        Path(square, closed=True),
                        facecolor=color,
                        alpha=0.3,
                        linewidth=0,
                        gid=show("squares"),
                    )
                )
        for k in range(3):
            for j in range(3):
                down = 0 if sizes[k, j] > 0.27 else sizes[k, j] + 0.15  # below a square with no room for it
                number = minus(f"{J[k, j].round(2) + 0:.2f}")
                right.text(j + 1, k + 1 + down, number, ha="center", va="center")
        right.set(
            xlim=(0.45, 3.55),
            ylim=(3.55, 0.45),
            xticks=[1, 2, 3],
            yticks=[1, 2, 3],
            xlabel="score j that rises",
            ylabel="probability k",
            title=f"π = ({pi[0]:.2f}, {pi[1]:.2f}, {pi[2]:.2f})",
        )
        return fig

    def describe(z1, z2):
        pi, J = jacobian(z1, z2)
        lengths = np.linalg.norm(J.T @ _CORNERS, axis=1)
        longest = np.flatnonzero(np.isclose(lengths, lengths.max())) + 1
        length = f"{lengths.max():.2f} sides of the triangle"
        said = {
            1: f"The longest arrow, {length}, belongs to score {longest[0]}.",
            2: f"The longest arrows, {length} each, belong to the scores {longest[0]} and {longest[-1]}.",
            3: f"All three arrows are equally long, {length}.",
        }[len(longest)]
        probabilities = f"{pi[0]:.2f}, {pi[1]:.2f} and {pi[2]:.2f}"
        return f"At z = ({z1:g}, {z2:g}, 0) the probabilities are {probabilities}. {said}"

    return draw, describe


# ----------------------------------------------------------------------------------------- layers of a cost
STEPS = (
    "the input x, with its leading 1",
    "forward: z[1] = θᵀx",
    "forward: z[2] = z[1] − lse(z[1])",
    "forward: C = z[3] = −Σ yₖ z[2]ₖ",
    "backward: ∂C/∂z[3] = ∂C/∂C = 1",
    "backward: ∂C/∂z[2] = −y · 1",
    "backward: ∂C/∂z[1] = π − y",
    "backward: ∂C/∂θ = x (π − y)ᵀ",
)


def layers_of_a_cost(theta, x):
    """Explorer of one example's way through the layers and back, a step at a time.

    Parameters
    ----------
    theta : ndarray, shape (3, 3)
    x : ndarray, shape (3,)
        The features with the leading 1.

    Returns
    -------
    draw, describe : callable
        Functions of ``step`` (0 to 7) and ``y`` (1 to 3), the class of the example.
    """
    z = theta.T @ x
    pi, logs = softmax(z), np.log(softmax(z))
    columns, rows = (0.0, 1.0, 2.0, 3.0), (2.0, 1.0, 0.0)

    def numbers(step, y):
        """What stands above and below the nodes: pairs of (place, text, shown from step, colour)."""
        right = one_hot([y - 1], 3)[0]
        out = []
        for k in range(3):
            out.append((columns[0], rows[k], 0.24, f"{x[k]:g}", 0))
            out.append((columns[1], rows[k], 0.24, f"{z[k]:g}", 1))
            out.append((columns[2], rows[k], 0.24, f"{logs[k]:.2f}", 2))
            out.append((columns[1], rows[k], -0.24, f"{(pi - right)[k]:.2f}", 6))
            out.append((columns[2], rows[k], -0.24, f"{-right[k] + 0:g}", 5))
        out.append((columns[3], 1.0, 0.24, f"{-logs[y - 1]:.2f}", 3))
        out.append((columns[3], 1.0, -0.24, "1", 4))
        return out

    def draw(step, y):
        right = one_hot([y - 1], 3)[0]
        fig, ax = panels(size=(4.2, 3.9))
        for a in rows:
            for b in rows:
                ax.plot(columns[:2], [a, b], color=COLORS.muted, linewidth=0.6)
                ax.plot(columns[1:3], [a, b], color=COLORS.muted, linewidth=0.6)
            ax.plot(columns[2:], [a, 1.0], color=COLORS.muted, linewidth=0.6)
        ax.plot(np.repeat(columns[:3], 3), np.tile(rows, 3), "o", color=COLORS.data, markersize=9)
        ax.plot([3.0], [1.0], "o", color=COLORS.data, markersize=9)
        for layer, (across, name) in enumerate(zip(columns, ("input x", "scores", "log π", "cost C"))):
            ax.text(across, 2.86, name, ha="center", color=COLORS.data)
            ax.text(across, 2.56, f"z[{layer}]", ha="center", color=COLORS.data)
        for across, up, off, text, since in numbers(step, y):
            back, known = off < 0, step >= since  # a number that is not known yet has a place, unseen
            ax.text(
                across + 0.06,
                up + off,
                minus(text) if known else "·",
                alpha=float(known),
                ha="center",
                va="center",
                color=COLORS.warn if back else COLORS.fit,
                fontweight="bold" if step == since else "normal",
                gid=show("backward" if back else "forward"),
                bbox=PAPER | {"alpha": float(known)},
            )
        matrix = [[minus(f"{v:.2f}") for v in row] for row in np.outer(x, pi - right)]
        for j, row in enumerate(matrix):
            for k, text in enumerate(row):
                ax.text(
                    0.2 + 0.5 * k,
                    -0.72 - 0.28 * j,
                    text if step == 7 else "·",
                    alpha=float(step == 7),
                    ha="center",
                    color=COLORS.warn,
                    fontsize=9,
                    gid=show("gradient"),
                )
        ax.text(-0.15, -1.0, "∂C/∂θ", ha="right", color=COLORS.data, fontsize=9)
        ax.text(1.75, -0.85, "blue, above: forward", color=COLORS.fit, fontsize=9)
        ax.text(1.75, -1.15, "orange, below: backward", color=COLORS.warn, fontsize=9)
        ax.set(xlim=(-0.6, 3.6), ylim=(-1.45, 3.15), xticks=[], yticks=[], title=STEPS[step])
        ax.spines[:].set_visible(False)
        return fig

    def describe(step, y):
        right = one_hot([y - 1], 3)[0]
        said = (
            f"x = ({x[0]:g}, {x[1]:g}, {x[2]:g})",
            f"the scores are ({z[0]:g}, {z[1]:g}, {z[2]:g})",
            f"the logarithms of the probabilities are ({logs[0]:.2f}, {logs[1]:.2f}, {logs[2]:.2f})",
            f"the cost is {-logs[y - 1]:.2f}",
            "the last layer is the cost itself, so its derivative is 1",
            f"only the own class counts: −y = ({-right[0] + 0:g}, {-right[1] + 0:g}, {-right[2] + 0:g})",
            "π − y = ({:.2f}, {:.2f}, {:.2f})".format(*(pi - right)),
            "each entry of the gradient is an input times an error",
        )
        return f"The example belongs to class {y}. Step {step}, {STEPS[step]}: {said[step]}."

    return draw, describe


# --------------------------------------------------------------------------------------------------- digits
def _signed(ax, image, x, y, scale, **how):
    """An image of weights: the area of a square is a weight's size, blue above zero, orange below."""
    ink(ax, np.clip(image / scale, 0, 1), x, y, color=COLORS.fit, **how)
    ink(ax, np.clip(-image / scale, 0, 1), x, y, color=COLORS.warn, **how)


def weights_over_time(thetas, steps, errors):
    """Explorer of a descent on the digits: ten images of weights, and the errors on two sets.

    Parameters
    ----------
    thetas : ndarray, shape (n, 65, 10)
        θ after the `steps`.
    steps : sequence of int
        Values of the slider, from 0.
    errors : ndarray, shape (n, 2)
        Error rates on training and validation images, in per cent.

    Returns
    -------
    draw, describe : callable
        Functions of ``step``.
    """
    steps = list(steps)

    def draw(step):
        i = steps.index(step)
        fig, ax = panels(size=(4.4, 2.9))
        scale = np.abs(thetas[i][1:]).max() or 1.0
        for k in range(10):
            x, y = 1.25 * (k % 5), 1.4 * (1 - k // 5)
            edge = (
                x + np.array([-0.02, 1.02, 1.02, -0.02, -0.02]),
                y + np.array([-0.02, -0.02, 1.02, 1.02, -0.02]),
            )
            ax.plot(*edge, color=COLORS.muted, linewidth=0.6)  # at the start there are no weights to see
            _signed(ax, thetas[i][1:, k].reshape(8, 8), x, y, scale, gid=show("weights"))
            ax.text(x - 0.02, y + 1.06, f"{k}", va="bottom", color=COLORS.data)
        ax.text(
            3.0,
            -0.32,
            f"wrong: {errors[i, 0]:.0f} % in training, {errors[i, 1]:.0f} % of new images",
            ha="center",
            color=COLORS.data,
        )
        ax.set(
            xlim=(-0.2, 6.1), ylim=(-0.4, 2.75), aspect="equal", xticks=[], yticks=[], title=f"step {step}"
        )
        ax.spines[:].set_visible(False)
        return fig

    def describe(step):
        i = steps.index(step)
        return (
            f"After step {step} of gradient descent, {errors[i, 0]:.1f} % of the training images and "
            f"{errors[i, 1]:.1f} % of the validation images are read wrongly. "
            f"The largest weight is {np.abs(thetas[i][1:]).max():.3f}."
        )

    return draw, describe


def draw_strength(deltas, costs, errors, chosen):
    """Two panels against δ: cost per image and error rate, on training and validation images.

    Parameters
    ----------
    deltas : ndarray, shape (n,)
    costs, errors : ndarray, shape (n, 2)
        Training and validation; the errors in per cent.
    chosen : float
        δ of the lowest validation cost.
    """
    fig, (left, right) = panels(2)
    for ax, values, title in ((left, costs, "cost per image"), (right, errors, "images read wrongly (%)")):
        ax.axvline(chosen, color=COLORS.muted, linewidth=0.9)
        ax.plot(deltas, values[:, 0], "o-", color=COLORS.fit, markersize=3)
        ax.plot(deltas, values[:, 1], "o-", color=COLORS.warn, markersize=3)
        ax.set(xscale="log", xlabel="strength of the penalty δ", title=title)
        ax.set_xticks([0.01, 0.1, 1], ["0.01", "0.1", "1"])
        ax.minorticks_off()
    left.set(ylim=(0, 0.75))
    left.text(0.012, 0.03, "training", color=COLORS.fit)
    left.text(0.012, 0.25, "validation", color=COLORS.warn)
    left.text(1.1 * chosen, 0.62, f"δ = {chosen:.2g}", color=COLORS.muted)
    right.set(ylim=(-0.3, 11))
    return fig


def draw_confusion(counts):
    """The confusion matrix (10, 10) of the digits as numbers; off the diagonal with a square behind each."""
    fig, ax = panels(size=(4.6, 4.2))
    for k, j in np.ndindex(counts.shape):
        if not counts[k, j]:
            continue
        color = COLORS.fit if k == j else COLORS.warn
        size = 0.47
        square = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]) * size + (j, k)
        strength = 0.18 if k == j else min(0.25 + 0.2 * counts[k, j], 0.8)
        ax.add_patch(PathPatch(Path(square, closed=True), facecolor=color, alpha=strength, linewidth=0))
        ax.text(j, k, str(int(counts[k, j])), ha="center", va="center", fontsize=9)
    ax.set(
        xlim=(-0.6, 9.6),
        ylim=(9.6, -0.6),
        xticks=range(10),
        yticks=range(10),
        xlabel="predicted digit",
        ylabel="true digit",
        title="test images",
    )
    return fig


def draw_mistakes(images, truth, said, pi):
    """The images (n, 64) that were read wrongly: each with its digit, what was said, how certainly."""
    columns = 4
    rows = -(-len(images) // columns)
    fig, ax = panels(size=(4.2, 0.9 + 1.05 * rows))
    for i, image in enumerate(images):
        x, y = 1.35 * (i % columns), 1.62 * (rows - 1 - i // columns)  # words nearest to their own image
        ink(ax, image.reshape(8, 8), x, y)
        ax.text(x + 0.5, y - 0.03, f"{truth[i]} read as {said[i]}", ha="center", va="top", fontsize=8)
        ax.text(
            x + 0.5, y + 1.03, f"{100 * pi[i]:.0f} %", ha="center", va="bottom", fontsize=8, color=COLORS.warn
        )
    ax.set(xlim=(-0.3, 1.35 * columns), ylim=(-0.35, 1.62 * rows - 0.3), aspect="equal", xticks=[], yticks=[])
    ax.set_title("above each: the probability of what was said")
    ax.spines[:].set_visible(False)
    return fig


def draw_evidence(image, weights, first, second):
    """An image (64,), the difference of two classes' weights, and their product, side by side."""
    fig, ax = panels(size=(4.6, 2.4))
    product = image * weights
    pictures = ((image, None), (weights, np.abs(weights).max()), (product, np.abs(product).max()))
    titles = ("the image", f"weights, {first} − {second}", f"product: {product.sum():+.1f}")
    for k, ((picture, scale), title) in enumerate(zip(pictures, titles)):
        if scale is None:
            ink(ax, picture.reshape(8, 8), 1.3 * k, 0)
        else:
            _signed(ax, picture.reshape(8, 8), 1.3 * k, 0, scale)
        ax.text(1.3 * k + 0.5, 1.08, minus(title), ha="center", va="bottom", color=COLORS.data)
    ax.set(xlim=(-0.15, 3.75), ylim=(-0.1, 1.3), aspect="equal", xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    return fig
