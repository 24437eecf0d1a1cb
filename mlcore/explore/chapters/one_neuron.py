"""What the chapter *One neuron* draws: explorers of lines, odds, descents, weights and decisions, and stills.

Fits are made by mlcore; here they are only followed and drawn.
"""

import numpy as np

from mlcore import LogisticNLL, LogisticRegression, logit, sigmoid, softplus
from mlcore.explore import COLORS, panels, show
from mlcore.explore._pieces import PAPER, counted, equal_limits
from mlcore.teach import minus
from mlcore.validation import reliability

CLASSES = ((0, "benign", COLORS.fit), (1, "malignant", COLORS.warn))
BOX = equal_limits((0.4, 0.4), 6.4)  # of two standardised columns, a unit as long on both axes
BANDS = np.array([0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 1])  # of predicted probabilities


def with_ones(X):
    """[1 X]."""
    return np.column_stack((np.ones(len(X)), X))


def cloud(ax, X, y):
    """Both classes in the plane of two standardised columns, with their names."""
    for label, name, color in CLASSES:
        ax.plot(*X[y == label].T, "o", color=color, markersize=2.6, alpha=0.5, gid=show(name))
    ax.text(-2.6, -2.45, "benign", color=COLORS.fit)
    ax.text(3.55, 3.1, "malignant", color=COLORS.warn, ha="right")
    ax.set(xlabel="mean radius (standardised)", ylabel="mean texture (standardised)", **BOX)


def level(theta, p):
    """Two far points on the line where the neuron says p, as (x, y); NaN where there is none."""
    w, length = theta[1:], np.hypot(*theta[1:])
    if length < 1e-9:
        return np.full((2, 2), np.nan)
    u, across = w / length, np.array([-w[1], w[0]]) / length
    foot = (logit(p) - theta[0]) / length * u
    return np.column_stack((foot - 20 * across, foot + 20 * across))


def best_intercept(scores, y):
    """θ₀ of least cost where the rest of the scores is given, by Newton's method."""
    b = logit(y.mean()) - scores.mean()
    for _ in range(100):
        pi = sigmoid(b + scores)
        step = np.sum(y - pi) / max(np.sum(pi * (1 - pi)), 1e-3)
        b += np.clip(step, -1, 1)
        if abs(step) < 1e-10:
            break
    return b


# ------------------------------------------------------------------------------------------------ the opening
def neuron_split(X, y, angles, lengths):
    """Explorer of the two weights of a neuron, by direction and length; the intercept is always the best.

    Parameters
    ----------
    X : ndarray, shape (m, 2)
        Standardised.
    y : ndarray, shape (m,)
        0 or 1.
    angles : sequence of float
        Of the arrow (θ₁, θ₂), in degrees.
    lengths : sequence of float

    Returns
    -------
    draw, describe : callable
        Functions of ``angle`` and ``steepness``.
    at : callable
        Where the arrow's tip stands.
    """
    edges, fine = np.arange(-3, 4.6, 0.5), np.linspace(-3, 4.5, 91)
    middle, known = (edges[1:] + edges[:-1]) / 2, {}

    def unit(angle):
        return np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])

    def state(angle, steepness):
        key = angle, steepness
        if key not in known:
            along = X @ unit(angle)
            b = best_intercept(steepness * along, y)
            cost = np.sum(softplus(-(2 * y - 1) * (b + steepness * along)))
            wrong = np.sum((b + steepness * along > 0) != y)
            place = np.digitize(along, edges) - 1
            count = [np.sum(place == k) for k in range(len(middle))]
            seen = [y[place == k].mean() if n >= 5 else np.nan for k, n in enumerate(count)]
            known[key] = b, cost, int(wrong), np.array(seen)
        return known[key]

    def at(angle, steepness):
        return 0.45 * steepness**0.75 * unit(angle)

    def draw(angle, steepness):
        b, cost, _, seen = state(angle, steepness)
        theta = np.append(b, steepness * unit(angle))
        fig, (left, right) = panels(2)
        cloud(left, X, y)
        for p, style in ((0.1, ":"), (0.9, ":"), (0.5, "-")):
            name = show("line") if p == 0.5 else show("10 % and 90 %")
            left.plot(*level(theta, p), style, color=COLORS.truth, linewidth=2 if p == 0.5 else 1.4, gid=name)
        tip = at(angle, steepness)
        left.plot([0, tip[0]], [0, tip[1]], color=COLORS.alt, linewidth=2.4, gid=show("arrow"))
        left.plot(*tip[:, None], "o", color=COLORS.alt, markersize=8)
        left.set_title(f"cost {cost:.1f}" if cost < 9999 else "cost above 9999")
        right.plot(fine, sigmoid(b + steepness * fine), color=COLORS.truth, gid=show("claim"))
        right.plot(middle, seen, "o", color=COLORS.warn, gid=show("found"))
        right.text(-2.9, 1.07, "line: what the neuron claims", color=COLORS.truth, fontsize=9)
        right.text(4.4, -0.14, "dots: share found malignant", color=COLORS.warn, fontsize=9, ha="right")
        right.set(
            xlabel="place along the arrow's direction",
            ylabel="probability of malignant",
            xlim=(-3, 4.5),
            ylim=(-0.2, 1.2),
            yticks=np.arange(6) / 5,  # a probability has no others
            title=f"direction {angle:.0f}°, steepness {steepness:g}".replace("-", "−"),
        )
        return fig

    def describe(angle, steepness):
        _, cost, wrong, _ = state(angle, steepness)
        return (
            f"The arrow points to {angle:.0f} degrees and the steepness is {steepness:g}. The cost of all "
            f"569 patients is {cost:.1f}, and {wrong} of them are on the wrong side of the line."
        )

    return draw, describe, at


def draw_neuron(x, theta, names):
    """One neuron with its numbers for one patient: inputs, weights, bias, sum, activation."""
    z = theta[0] + x @ theta[1:]
    fig, ax = panels()
    heights, places = (2.0, 1.0, 0.0), ((1.05, 1.84), (1.0, 1.09), (1.12, 0.08))
    texts = ("bias θ₀", "θ₁", "θ₂")
    round_ = {"marker": "o", "markerfacecolor": "white", "zorder": 3}  # edges end at the rim of a circle
    for v, name, value, weight, place, text in zip(
        heights, ("always 1", *names), (1, *x), theta, places, texts
    ):
        ax.plot([0, 2.1], [v, 1], color=COLORS.muted, linewidth=1.4, gid=show("weights"))
        ax.plot([0], [v], markeredgecolor=COLORS.data, markersize=33, gid=show("inputs"), **round_)
        number = minus("1" if name == "always 1" else f"{value:.2f}")
        ax.text(0, v, number, ha="center", va="center", fontsize=9, zorder=4)
        ax.text(0, v + 0.36, name, ha="center", color=COLORS.data)
        words = minus(f"{text} = {weight:.2f}")
        ax.text(*place, words, color=COLORS.alt, ha="left" if v == 2 else "center", gid=show("weights"))
    ax.plot([2.1, 3.56], [1, 1], color=COLORS.muted, linewidth=1.4)
    ax.plot([2.1], [1], markeredgecolor=COLORS.fit, markersize=38, gid=show("score"), **round_)
    ax.text(2.1, 1, minus(f"{z:.2f}"), ha="center", va="center", zorder=4, gid=show("score"))
    ax.text(2.1, 0.36, "score z", ha="center", color=COLORS.fit)
    t = np.linspace(-1, 1, 41)
    curve = 3.1 + 0.22 * t, 1 + 0.21 * (2 * sigmoid(5 * t) - 1)
    ax.plot([3.1], [1], markeredgecolor=COLORS.truth, markersize=38, **round_)
    ax.plot(*curve, color=COLORS.truth, linewidth=2.2, zorder=4, gid=show("activation"))
    ax.text(3.1, 1.5, "activation σ", ha="center", color=COLORS.truth)
    ax.text(3.66, 1, f"π = {sigmoid(z):.2f}", va="center", color=COLORS.warn, fontsize=11)
    ax.text(4.4, 0.62, "probability", va="center", ha="right", color=COLORS.warn, fontsize=9)
    ax.set(xlim=(-0.45, 4.5), ylim=(-0.38, 2.62))
    for part in (ax.xaxis, ax.yaxis, *ax.spines.values()):
        part.set_visible(False)
    return fig


# ------------------------------------------------------------------------------------------- sigmoid and odds
def odds_and_logit(probabilities, ratios):
    """Explorer of odds: a probability, its score, and what a factor on the odds makes of it.

    Parameters
    ----------
    probabilities : sequence of float
    ratios : sequence of float
        Factors on the odds.

    Returns
    -------
    draw, describe : callable
        Functions of ``p`` and ``ratio``.
    at : callable
        Where p stands on the sigmoid.
    """
    z, fine = np.linspace(-6, 6, 97), np.linspace(0, 1, 81)

    def after(p, ratio):
        return p * ratio / (1 - p + p * ratio)

    def at(p, ratio):
        return float(logit(p)), p

    def draw(p, ratio):
        q, start = after(p, ratio), float(logit(p))
        end = start + np.log(ratio)
        fig, (left, right) = panels(2)
        left.plot(z, sigmoid(z), color=COLORS.truth, gid=show("sigmoid"))
        left.plot([start, end, end], [p, p, q], color=COLORS.alt, linewidth=1.4, gid=show("step"))
        left.plot([start], [p], "o", color=COLORS.fit, markersize=8)
        left.plot([end], [q], "o", color=COLORS.warn, markersize=8, gid=show("after"))
        left.text(
            -5.8, 0.95, minus(f"the step: log {ratio:g} = {np.log(ratio):.2f}"), color=COLORS.alt, fontsize=9
        )
        left.set(
            xlabel="score z, the log-odds",
            ylabel="probability",
            xlim=(-6, 6),
            ylim=(-0.03, 1.03),
            title=f"odds {p / (1 - p):.3g} → {q / (1 - q):.3g}",
        )
        right.plot([0, 1], [0, 1], ":", color=COLORS.muted)
        right.plot(fine, after(fine, ratio), color=COLORS.alt, gid=show("curve"))
        right.plot([p, p], [p, q], color=COLORS.alt, linewidth=1.4)
        right.plot([p], [p], "o", color=COLORS.fit)
        right.plot([p], [q], "o", color=COLORS.warn, gid=show("after"))
        right.text(0.98, 0.04, "dotted: no change", color=COLORS.muted, ha="right", fontsize=9)
        right.set(
            xlabel="probability before",
            ylabel="probability after",
            xlim=(0, 1),
            ylim=(0, 1),
            title=f"{p:.2f} → {q:.2f}",
        )
        return fig

    def describe(p, ratio):
        q = after(p, ratio)
        return (
            f"The probability {p:g} has the odds {p / (1 - p):.3g}. A factor {ratio:g} makes them "
            f"{q / (1 - q):.3g}, a probability of {q:.2f}. The score has moved by {np.log(ratio):.2f}."
        )

    return draw, describe, at


# ------------------------------------------------------------------------------------------------- hyperplane
GATES = {"AND": np.array([0, 0, 0, 1]), "OR": np.array([0, 1, 1, 1]), "XOR": np.array([0, 1, 1, 0])}


def gates(angles, offsets):
    """Explorer of a line among the four corners of a square, for three tables of truth.

    Parameters
    ----------
    angles : sequence of float
        Direction in which the neuron's score grows, in degrees.
    offsets : sequence of float
        Signed distance of the line from the middle of the square, in that direction.

    Returns
    -------
    draw, describe : callable
        Functions of ``gate``, ``angle`` and ``offset``.
    """
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    middle = np.array([0.5, 0.5])

    def state(gate, angle, offset):
        u = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
        score = (corners - middle) @ u - offset
        return u, (score > 1e-9) == GATES[gate], np.abs(score) < 1e-9

    def draw(gate, angle, offset):
        u, right, on = state(gate, angle, offset)
        across, foot = np.array([-u[1], u[0]]), middle + offset * u
        fig, ax = panels(size=(4.1, 3.6))
        sides = np.vstack(
            (foot - 9 * across, foot + 9 * across, foot + 9 * across + 9 * u, foot - 9 * across + 9 * u)
        )
        ax.fill(*sides.T, color=COLORS.warn, alpha=0.12, linewidth=0, gid=show("side of 1"))
        ax.plot(*sides[:2].T, color=COLORS.truth, gid=show("line"))
        ends = foot + 0.28 * u
        ax.plot(*np.column_stack((foot, ends)), color=COLORS.alt, linewidth=2, gid=show("arrow"))
        ax.plot(*ends[:, None], "o", color=COLORS.alt, markersize=4)
        for label, color in ((0, COLORS.fit), (1, COLORS.warn)):
            ax.plot(*corners[GATES[gate] == label].T, "o", color=color, markersize=17)
        for corner, value, good, between in zip(corners, GATES[gate], right, on):
            ax.text(*corner, str(value), color="white", ha="center", va="center", fontweight="bold")
            word = ("right" if good else "wrong") + (",\non the line" if between else "")
            ax.text(corner[0] + 0.13, corner[1] + 0.1, word, color=COLORS.data, fontsize=9)
        ax.set(
            xlabel="x₁",
            ylabel="x₂",
            xlim=(-0.5, 1.6),
            ylim=(-0.4, 1.45),
            title=f"{gate}: {right.sum()} of 4 right",
        )
        ax.set_xticks([0, 1])
        ax.set_yticks([0, 1])
        return fig

    def describe(gate, angle, offset):
        _, right, on = state(gate, angle, offset)
        sides = "is on its own side" if right.sum() == 1 else "are on their own side"
        lie = "; a corner on the line has the score 0, which says 0" if on.any() else ""
        return (
            f"{gate}, the arrow at {angle:g} degrees, the line {offset:g} from the middle: "
            f"{right.sum()} of the 4 corners {sides}{lie}."
        )

    return draw, describe


# ------------------------------------------------------------------------------------------------------- cost
def draw_two_costs():
    """Cost of one example of class 1 against its score: cross-entropy and squared error, and their slopes."""
    z = np.linspace(-8, 4, 121)
    pi = sigmoid(z)
    fig, (left, right) = panels(2)
    left.plot(z, softplus(-z), color=COLORS.truth, gid=show("cross-entropy"))
    left.plot(z, (1 - pi) ** 2, color=COLORS.warn, gid=show("squared error"))
    left.text(-4.6, 5.6, "cross-entropy\n−log π", color=COLORS.truth)
    left.text(-7.8, 1.35, "squared error\n(1 − π)²", color=COLORS.warn, bbox=PAPER)
    left.set(
        xlabel="score z of a malignant mass",
        ylabel="cost",
        xlim=(-8, 4),
        ylim=(-0.2, 8.2),
        title="What it costs",
    )
    right.plot(z, pi - 1, color=COLORS.truth, gid=show("cross-entropy"))
    right.plot(z, -2 * pi * (1 - pi) ** 2, color=COLORS.warn, gid=show("squared error"))
    right.text(-7.8, -0.86, "π − 1:\na steady pull", color=COLORS.truth)
    right.text(-7.8, 0.06, "no pull where it is most wrong", color=COLORS.warn)
    right.set(
        xlabel="score z of a malignant mass",
        ylabel="slope of the cost",
        xlim=(-8, 4),
        ylim=(-1.15, 0.25),
        title="How it pulls",
    )
    return fig


def draw_bumps(t, squared, entropy):
    """Both costs along a line in the space of θ, each scaled to its largest value."""
    fig, ax = panels()
    ax.plot(t, entropy / entropy.max(), color=COLORS.truth, gid=show("cross-entropy"))
    ax.plot(t, squared / squared.max(), color=COLORS.warn, gid=show("squared error"))
    ax.text(-3.9, 0.24, "cross-entropy:\none valley", color=COLORS.truth)
    ax.text(-3.2, 1.04, "squared error: flat far out", color=COLORS.warn)
    ax.set(xlabel="t, where θ = t θ̂", ylabel="cost / largest cost", xlim=(t[0], t[-1]), ylim=(0, 1.15))
    return fig


# ---------------------------------------------------------------------------------------------------- descent
def descent(X, y, etas, steps):
    """Explorer of gradient descent on the cost: boundary and cost, step by step.

    Parameters
    ----------
    X : ndarray, shape (m, 2)
    y : ndarray, shape (m,)
    etas : sequence of float
    steps : sequence of int

    Returns
    -------
    draw, describe : callable
        Functions of ``eta`` and ``step``.
    """
    J, last = LogisticNLL(X, y), max(steps)
    best = J.value(LogisticRegression().fit(X, y).theta_)
    paths, costs = {}, {}
    for eta in etas:
        theta, path = np.zeros(3), []
        for _ in range(last + 1):
            path.append(theta.copy())
            theta -= eta * J.grad(theta)
        paths[eta], costs[eta] = np.array(path), np.array([J.value(t) for t in path])

    def draw(eta, step):
        theta, cost = paths[eta][step], costs[eta]
        fig, (left, right) = panels(2)
        cloud(left, X, y)
        for p, style in ((0.1, ":"), (0.9, ":"), (0.5, "-")):
            name = show("boundary") if p == 0.5 else show("10 % and 90 %")
            left.plot(*level(theta, p), style, color=COLORS.truth, linewidth=2 if p == 0.5 else 1.4, gid=name)
        left.set_title(f"step {step}, cost {cost[step]:.1f}")
        right.axhline(best, color=COLORS.muted, linewidth=1)
        right.text(last, best - 4, "minimum", color=COLORS.muted, ha="right", va="top", fontsize=9)
        seen = np.arange(0, step + 1)
        right.plot(
            seen,
            np.clip(cost[seen], 0, 900),
            "o-",
            color=COLORS.fit,
            markersize=3,
            linewidth=1.2,
            gid=show("cost"),
        )
        right.set(
            xlabel="step k",
            ylabel="cost",
            xlim=(-1, last + 1),
            ylim=(120, 700),
            yscale="log",
            title=f"η = {eta:g}",
        )
        right.set_yticks([150, 200, 300, 500], ["150", "200", "300", "500"])
        right.minorticks_off()
        return fig

    def describe(eta, step):
        theta, cost = paths[eta][step], costs[eta][step]
        wrong = np.sum((with_ones(X) @ theta > 0) != y)
        return (
            f"η = {eta:g}, step {step}: the weights are {theta[1]:.2f} and {theta[2]:.2f}, the cost is "
            f"{cost:.1f}, the least possible {best:.1f}; {wrong} patients are on the wrong side."
        )

    return draw, describe


def irls_steps(x, y, steps=8):
    """Explorer of Newton's method as weighted least squares, for one feature.

    Parameters
    ----------
    x : ndarray, shape (m,)
        Standardised.
    y : ndarray, shape (m,)
    steps : int

    Returns
    -------
    draw, describe : callable
        Functions of ``step``, 1 to `steps`.
    """
    A, states, theta = with_ones(x), [], np.zeros(2)
    for _ in range(steps):
        pi = sigmoid(A @ theta)
        S = pi * (1 - pi)
        target = A @ theta + (y - pi) / S
        new = np.linalg.solve((A.T * S) @ A, (A.T * S) @ target)
        states.append((theta, S, target, new, np.sum(softplus(-(2 * y - 1) * (A @ new)))))
        theta = new
    ends = np.array([-2.6, 3.4])
    fine = np.linspace(*ends, 91)

    def line(theta, where):
        return theta[0] + theta[1] * where

    def draw(step):
        theta, S, target, new, _ = states[step - 1]
        fig, (left, right) = panels(2)
        for label, _, color in CLASSES:
            for low, high, size in ((0.18, 0.26, 6.5), (0.08, 0.18, 4.5), (0.0, 0.08, 2.4)):
                inside = (y == label) & (low < S) & (high >= S)
                here = np.where(inside, np.clip(target, -9, 9), np.nan)
                left.plot(x, here, "o", color=color, markersize=size, alpha=0.75, gid=show("working targets"))
        left.plot(ends, line(theta, ends), ":", color=COLORS.muted, gid=show("old line"))
        left.plot(ends, line(new, ends), color=COLORS.truth, gid=show("new line"))
        left.text(-2.5, 7.6, "large dots: large weights", color=COLORS.data, fontsize=9)
        left.text(-2.5, 6.2, "at the rim: beyond it", color=COLORS.data, fontsize=9)
        left.set(
            xlabel="mean radius (standardised)",
            ylabel="score, and working target",
            xlim=tuple(ends),
            ylim=(-9.3, 9.3),
            title=f"step {step}: a weighted line",
        )
        right.plot(x, y, "|", color=COLORS.data, markersize=7, alpha=0.7)
        right.plot(fine, sigmoid(line(theta, fine)), ":", color=COLORS.muted, gid=show("old line"))
        right.plot(fine, sigmoid(line(new, fine)), color=COLORS.truth, gid=show("new line"))
        right.set(
            xlabel="mean radius (standardised)",
            ylabel="probability of malignant",
            xlim=tuple(ends),
            ylim=(-0.08, 1.08),
            title=f"θ = ({new[0]:.3f}, {new[1]:.3f})".replace("-", "−"),
        )
        return fig

    def describe(step):
        _, S, _, new, cost = states[step - 1]
        return (
            f"Step {step}: the weights go from {S.min():.3f} to {S.max():.3f}. The line fitted with them has "
            f"the intercept {new[0]:.5f} and the slope {new[1]:.5f}; the cost is now {cost:.5f}."
        )

    return draw, describe


def separated(x, y, deltas, steps, eta):
    """Explorer of gradient descent where a threshold separates the classes, with and without a penalty.

    Parameters
    ----------
    x : ndarray, shape (m,)
        Standardised.
    y : ndarray, shape (m,)
    deltas : sequence of float
    steps : sequence of int
    eta : float

    Returns
    -------
    draw, describe : callable
        Functions of ``delta`` and ``step``.
    """
    paths = {}
    for delta in deltas:
        J, theta, path = LogisticNLL(x[:, None], y, delta), np.zeros(2), []
        for _ in range(max(steps) + 1):
            path.append(theta.copy())
            theta -= eta * J.grad(theta)
        paths[delta] = np.array(path)
    fine, shown = np.linspace(-2, 2, 121), np.array(steps[1:])

    def nll(theta):
        return np.sum(softplus(-(2 * y - 1) * (theta[0] + theta[1] * x)))

    def draw(delta, step):
        theta = paths[delta][step]
        fig, (left, right) = panels(2)
        for label, color in ((0, COLORS.fit), (1, COLORS.warn)):
            left.plot(x[y == label], y[y == label], "|", color=color, markersize=11, gid=show("flowers"))
        left.plot(fine, sigmoid(theta[0] + theta[1] * fine), color=COLORS.truth, gid=show("sigmoid"))
        left.text(-1.9, 0.1, "setosa", color=COLORS.fit)
        left.text(1.9, 0.86, "versicolor", color=COLORS.warn, ha="right")
        left.set(
            xlabel="length of the petal (standardised)",
            ylabel="probability of versicolor",
            xlim=(-2, 2),
            ylim=(-0.08, 1.08),
            title=f"step {step}: slope {theta[1]:.1f}",
        )
        until = shown[shown <= step]
        right.plot(
            until,
            paths[delta][until, 1],
            "o-",
            color=COLORS.alt,
            markersize=3,
            linewidth=1.2,
            gid=show("slope"),
        )
        right.set(
            xlabel="step k",
            ylabel="slope θ₁",
            xscale="log",
            xlim=(0.9, 1.2 * max(steps)),
            ylim=(0, 16),
            title=f"δ = {delta:g}, likelihood's cost {nll(theta):.2g}",
        )
        right.set_xticks([1, 10, 100, 1000, 10000], ["1", "10", "100", "10³", "10⁴"])
        right.minorticks_off()
        return fig

    def describe(delta, step):
        theta = paths[delta][step]
        return (
            f"δ = {delta:g}, after {counted(step, 'step')} the slope is {theta[1]:.2f} and the negative "
            f"log-likelihood of the hundred flowers is {nll(theta):.3g}."
        )

    return draw, describe


# ------------------------------------------------------------------------------------- calibration, decisions
def calibration(deltas, scores, y):
    """Explorer of the strength of the penalty: what was predicted and what happened, and the held-out cost.

    Parameters
    ----------
    deltas : sequence of float
    scores : ndarray, shape (len(deltas), m)
        Held-out log-odds.
    y : ndarray, shape (m,)

    Returns
    -------
    draw, describe : callable
        Functions of ``delta``.
    """
    costs = np.logaddexp(0, -(2 * y - 1) * np.array(scores))  # (n, m)
    mean, error = costs.mean(axis=1), costs.std(axis=1, ddof=1) / np.sqrt(len(y))
    whiskers = np.full((2, len(mean), 3), np.nan)  # of one line: up, down, and a gap
    whiskers[0, :, :2], whiskers[1, :, 0], whiskers[1, :, 1] = np.c_[deltas], mean - error, mean + error
    whiskers = whiskers.reshape(2, -1)
    tables = [reliability(sigmoid(z), y, BANDS) for z in scores]

    def draw(delta):
        k = list(deltas).index(delta)
        count, said, found = tables[k]
        known = count >= 5
        said, found = np.where(known, said, np.nan), np.where(known, found, np.nan)
        spread = np.sqrt(said * (1 - said) / np.maximum(count, 1))
        fig, (left, right) = panels(2)
        left.plot([0, 1], [0, 1], ":", color=COLORS.muted, gid=show("diagonal"))
        bars = np.full((len(count), 3, 2), np.nan)
        bars[:, 0], bars[:, 1] = (
            np.column_stack((said, np.maximum(said - 2 * spread, 0))),
            np.column_stack((said, np.minimum(said + 2 * spread, 1))),
        )
        left.plot(
            *bars.reshape(-1, 2).T,
            color=COLORS.muted,
            linewidth=4,
            alpha=0.5,
            gid=show("two standard errors"),
        )
        left.plot(said, found, "o", color=COLORS.warn, markersize=6, gid=show("dots"))
        left.set(
            xlabel="mean predicted probability",
            ylabel="share found malignant",
            xlim=(-0.03, 1.03),
            ylim=(-0.09, 1.09),
            title=f"δ = {delta:g}",
        )
        right.plot(deltas, mean, color=COLORS.muted, linewidth=1.2, gid=show("held-out cost"))
        right.plot(*whiskers, color=COLORS.muted, linewidth=1.2, gid=show("held-out cost"))
        right.plot([delta], [mean[k]], "o", color=COLORS.fit, markersize=8)
        right.set(
            xlabel="strength of the penalty δ",
            ylabel="cost of a patient held out",
            xscale="log",
            yscale="log",
            xlim=(min(deltas) / 1.5, max(deltas) * 1.5),
            ylim=(0.05, 1.2),
            title=f"{mean[k]:.3f} ± {error[k]:.3f}",
        )
        right.set_xticks([0.1, 1, 10], ["0.1", "1", "10"])
        right.set_yticks([0.1, 0.3, 1], ["0.1", "0.3", "1"])
        right.minorticks_off()
        return fig

    def describe(delta):
        k = list(deltas).index(delta)
        wrong = int(np.sum((np.array(scores[k]) > 0) != y))
        return (
            f"δ = {delta:g}: a patient held out costs {mean[k]:.3f} ± {error[k]:.3f} on average, and {wrong} "
            f"of {len(y)} are classified wrongly. Grey bars show what chance allows, two standard errors."
        )

    return draw, describe


def decisions(pi, y, thresholds, prices):
    """Explorer of the threshold: the two error rates, and what they cost.

    Parameters
    ----------
    pi : ndarray, shape (m,)
        Held-out probabilities.
    y : ndarray, shape (m,)
    thresholds : sequence of float
    prices : sequence of float
        Of a missed tumour, in false alarms.

    Returns
    -------
    draw, describe : callable
        Functions of ``tau`` and ``price``.
    at : callable
        Where the threshold stands on the ROC curve.
    """
    fine = np.linspace(0.01, 0.99, 99)

    def counts(tau):
        said = pi > tau
        return int(np.sum(~said & (y == 1))), int(np.sum(said & (y == 0)))

    table = np.array([counts(t) for t in fine])  # (99, 2): missed, false alarms
    sick, well = int(y.sum()), int((1 - y).sum())

    def at(tau, price):
        missed, alarms = counts(tau)
        return alarms / well, 1 - missed / sick

    def draw(tau, price):
        missed, alarms = counts(tau)
        cost = table @ [price, 1] / len(y)
        fig, (left, right) = panels(2)
        left.plot([0, 1], [0, 1], ":", color=COLORS.muted)
        left.plot(
            np.r_[1, table[:, 1] / well, 0],
            np.r_[1, 1 - table[:, 0] / sick, 0],
            color=COLORS.truth,
            gid=show("ROC curve"),
        )
        left.plot([alarms / well], [1 - missed / sick], "o", color=COLORS.fit, markersize=8)
        left.text(0.97, 0.06, "dotted: by lot", color=COLORS.muted, ha="right", fontsize=9)
        left.set(
            xlabel="false-positive rate",
            ylabel="sensitivity",
            xlim=(-0.03, 1.03),
            ylim=(-0.03, 1.05),
            title=f"{missed} missed, {counted(alarms, 'false alarm')}",
        )
        right.plot(fine, cost, color=COLORS.warn, gid=show("loss"))
        right.plot([1 / (1 + price)] * 2, [0.004, 6], "--", color=COLORS.truth, gid=show("derived"))
        right.plot([tau], [(price * missed + alarms) / len(y)], "o", color=COLORS.fit, markersize=8)
        right.text(
            0.97, 0.026, "dashed: derived", color=COLORS.truth, ha="right", fontsize=9, gid=show("derived")
        )
        right.set(
            xlabel="threshold τ",
            ylabel="loss a patient, in false alarms",
            yscale="log",
            xlim=(0, 1),
            ylim=(0.02, 5),
            title=f"a missed tumour counts {price:g}",
        )
        right.set_yticks([0.03, 0.1, 0.3, 1, 3], ["0.03", "0.1", "0.3", "1", "3"])
        right.minorticks_off()
        return fig

    def describe(tau, price):
        missed, alarms = counts(tau)
        return (
            f"Whoever is above {tau:g} is called malignant. Missed: {missed} of {sick} tumours; false "
            f"alarms: {alarms} of {well} benign masses. With a price of {price:g} that is a loss of "
            f"{(price * missed + alarms) / len(y):.3f} a patient."
        )

    return draw, describe, at
