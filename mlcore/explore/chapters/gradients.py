"""What the chapter on gradients and curvature draws: its figures, and the functions behind each explorer."""

import numpy as np

from mlcore.explore import COLORS, panels, show
from mlcore.explore._pieces import PAPER, equal_limits, level_curve
from mlcore.objectives import LeastSquares
from mlcore.teach import minus


# -------------------------------------------------------------------------- the gradient on a map of the cost
def gradient_map(X, y, *, names, step, asked, theta1s, theta2s):
    """Explorer of a cost of two slopes: the gradient at a point, and the rise in each direction.

    Parameters
    ----------
    X : ndarray, shape (m, 2)
        Two centred columns.
    y : ndarray, shape (m,)
        Centred targets.
    names : pair of str
    step : float
        Length of the steps by which the rise in each direction is measured.
    asked : pair of float
        The point A, of which the question asks.
    theta1s, theta2s : sequence of float
        The values of the sliders: they set the limits of the axes.

    Returns
    -------
    draw, describe, angle : callable
        Functions of ``theta1`` and ``theta2``; ``angle`` is that of the gradient, in degrees.
    """
    J = LeastSquares(X, y)
    gram = X.T @ X  # half the Hessian
    best = np.linalg.solve(gram, X.T @ y)
    lows, highs = np.array([[v[0], v[-1]] for v in (theta1s, theta2s)], float).T
    limits = equal_limits((lows + highs) / 2, 1.22 * max(highs - lows))
    reach = 0.72 * max(highs - lows)
    rings = [level_curve(best, gram, np.linalg.eigvalsh(gram)[0] * (t * reach) ** 2) for t in RINGS]
    phi = np.radians(np.arange(-180, 181, 9))
    unit = np.vstack((np.cos(phi), np.sin(phi)))  # (2, n)
    length = 0.2 * max(highs - lows)  # of the arrow

    def value(theta):
        return J.value([0.0, *theta])

    def at(theta1, theta2):
        theta = np.array([theta1, theta2], float)
        return theta, J.grad([0.0, *theta])[1:]

    def angle(theta1, theta2):
        g = at(theta1, theta2)[1]
        return round(float(np.degrees(np.arctan2(g[1], g[0]))))

    def draw(theta1, theta2):
        theta, g = at(theta1, theta2)
        n = g / np.linalg.norm(g)
        t = np.array([-n[1], n[0]])
        fig, (left, right) = panels(2)
        for ring in rings:
            left.plot(*ring, color=COLORS.muted, linewidth=0.8, gid=show("level curves"))
        for point, color, style in ((asked, COLORS.warn, "--"), (theta, COLORS.truth, "-")):
            height = (point - best) @ gram @ (point - best)
            curve = level_curve(best, gram, height, n=48)
            left.plot(*curve, style, color=color, linewidth=1.4, gid=show("level curves"))
        left.plot(*best[:, None], "+", color=COLORS.data, markersize=9, markeredgewidth=1.8)
        left.plot(*np.array(asked, float)[:, None], "x", color=COLORS.warn, markersize=8, markeredgewidth=2)
        left.text(asked[0] - 9, asked[1] - 8, "A", color=COLORS.warn, fontsize=11)
        ends = theta[:, None] + length * np.outer(t, [-1, 1])
        left.plot(*ends, color=COLORS.fit, linewidth=1, linestyle="--", gid=show("tangent"))
        corner = theta[:, None] + 0.16 * length * np.column_stack((t, t + n, n))
        left.plot(*corner, color=COLORS.fit, linewidth=1, gid=show("gradient"))
        left.plot(*_arrow(theta, length * n), color=COLORS.fit, linewidth=2.2, gid=show("gradient"))
        left.plot(*theta[:, None], "o", color=COLORS.fit, markersize=8)
        left.set(
            xlabel=f"θ₁ ({names[0]})",
            ylabel=f"θ₂ ({names[1]})",
            title="level curves of the cost (+ minimum)",
            **limits,
        )
        rise = [(value(theta + step * v) - value(theta)) / step for v in unit[:, ::2].T]
        right.axhline(0, color=COLORS.muted, linewidth=0.8)
        right.plot(
            np.degrees(phi),
            g @ unit / np.linalg.norm(g),
            color=COLORS.fit,
            label="by the gradient",
            gid=show("slopes"),
        )
        right.plot(
            np.degrees(phi[::2]),
            np.where((seen := rise / np.linalg.norm(g)) < 2, seen, np.nan),
            "o",
            color=COLORS.warn,
            markersize=4,
            label=f"measured, steps of length {step:g}",
            gid=show("measured"),
        )
        right.legend(loc="upper center", bbox_to_anchor=(0.5, 1.0))
        right.set(
            xlabel="direction of the step (degrees)",
            ylabel="rise per unit of length / ‖∇J‖",
            xlim=(-184, 184),
            ylim=(-1.4, 3.1),
            yticks=[-1, 0, 1, 2],
            xticks=range(-180, 181, 90),
            title="how fast the cost rises",
        )
        return fig

    def describe(theta1, theta2):
        theta, g = at(theta1, theta2)
        size, turn = np.linalg.norm(g), angle(theta1, theta2)
        away = np.degrees(np.arctan2(*(theta - best)[::-1]))
        gain = value(theta + step * g / size) - value(theta)
        return (
            f"At θ = ({theta1:g}, {theta2:g}) the cost is {value(theta) / 1e6:.2f} million. The gradient "
            f"points to {turn}° and is {size / 1e3:.1f} thousand long; straight away from the minimum is "
            f"{away:.0f}°. A step of {step:g} "
            f"along the gradient raises the cost by {gain / 1e3:.1f} thousand; the gradient alone promises "
            f"{step * size / 1e3:.1f}."
        )

    return draw, describe, angle


RINGS = np.linspace(0.12, 1.5, 9)  # half-axes of the level curves, in units of the map


def _arrow(start, vector):
    """Corners (2, 6) of an arrow, to be drawn as one line."""
    end, side = start + vector, 0.16 * np.array([-vector[1], vector[0]])
    back = end - 0.28 * vector
    return np.array([start, end, back + side, end, back - side, end]).T


# ---------------------------------------------------------------- a numerical derivative under the microscope
def forward_error(k):
    """The error of the forward quotient of eᵗ at 0 with the step 10ᵏ, as it is drawn."""
    return max(abs(QUOTIENTS["forward"](10.0**k) - 1), FLOOR)


def difference_quotients(steps):
    """Explorer of three numerical derivatives of eᵗ at t = 0 against the step h.

    Parameters
    ----------
    steps : sequence of int or float
        The values of the slider: powers of ten, h = 10ᵏ.

    Returns
    -------
    draw, describe, best : callable
        Functions of ``k``; ``best`` is the exponent at which the forward quotient errs least.
    """
    u = 2.0**-53
    fine = np.linspace(min(steps), max(steps), 4 * (len(steps) - 1) + 1)
    h = 10.0**fine
    forward, central, imaginary = (np.abs(q(h) - 1) for q in QUOTIENTS.values())
    bounds = {"forward": h / 2 * np.exp(h) + 2 * u / h, "central": h**2 / 6 * np.exp(h) + u / h}
    s = np.linspace(-2, 2, 161)

    def draw(k):
        size = 10.0**k
        fig, (left, right) = panels(2)
        left.plot([-2, 2], [-2, 2], "--", color=COLORS.muted, linewidth=1.2, gid=show("tangent"))
        seen = (np.exp(s * size) - 1) / size
        left.plot(s, np.where(np.abs(seen) < 4, seen, np.nan), color=COLORS.data, linewidth=1.6)
        slope = (np.exp(size) - 1) / size
        left.plot([0, 1], [0, slope], "o-", color=COLORS.warn, gid=show("forward"))
        ends = np.array([np.exp(-size) - 1, np.exp(size) - 1]) / size
        left.plot([-1, 1], ends, "s-", color=COLORS.fit, linewidth=1, markersize=4, gid=show("central"))
        left.set(
            xlabel="t in units of h",
            ylabel="eᵗ − 1 in units of h",
            xlim=(-2.1, 2.1),
            ylim=(-2.6, 3.4),
            title=minus(f"eᵗ at 0, magnified {10.0**-k:.2g} times"),
        )
        marks = dict(linewidth=1, linestyle=":", gid=show("theory"))
        right.plot(h, bounds["forward"], color=COLORS.warn, **marks)
        right.plot(h, bounds["central"], color=COLORS.fit, **marks)
        for error, color, name in (
            (forward, COLORS.warn, "forward"),
            (central, COLORS.fit, "central"),
            (imaginary, COLORS.truth, "complex step"),
        ):
            right.plot(h, np.maximum(error, FLOOR), color=color, linewidth=1.5, gid=show(name))
        now = [max(abs(q(size) - 1), FLOOR) for q in QUOTIENTS.values()]
        for error, color in zip(now, (COLORS.warn, COLORS.fit, COLORS.truth)):
            right.plot([size], [error], "o", color=color, markersize=7, gid=show("errors"))
        right.text(10**-4.6, 10**-3.4, "forward", color=COLORS.warn, ha="right", gid=show("forward"))
        right.text(10**-3.3, 10**-9.3, "central", color=COLORS.fit, gid=show("central"))
        right.text(10**-15.8, 10**-15.6, "complex step", color=COLORS.truth, gid=show("complex step"))
        right.set(
            xscale="log",
            yscale="log",
            xlabel="step h",
            ylabel="error of the derivative",
            xlim=(10**-16.5, 10**0.3),
            ylim=(10**-17, 10**0.8),
            xticks=10.0 ** np.arange(-16, 1, 4),
            yticks=10.0 ** np.arange(-16, 1, 4),
            title="error against step",
        )
        right.minorticks_off()
        return fig

    def describe(k):
        size = 10.0**k
        values = ", ".join(f"{name} {abs(q(size) - 1):.1e}" for name, q in QUOTIENTS.items())
        return (
            f"With h = {size:.2g} the function is magnified by 1/h around t = 0, where its derivative is 1. "
            f"Errors of the three quotients: {values}."
        )

    def best(k):
        grid = np.arange(-16, 1)
        return int(grid[np.argmin(np.abs(QUOTIENTS["forward"](10.0**grid) - 1))])

    return draw, describe, best


QUOTIENTS = {
    "forward": lambda h: (np.exp(h) - np.exp(0.0)) / h,
    "central": lambda h: (np.exp(h) - np.exp(-h)) / (2 * h),
    "complex step": lambda h: np.exp(1j * h).imag / h,
}
FLOOR = 10.0**-16.6  # an error of 0 is drawn here


# -------------------------------------------------------------------------------- curvature along a direction
def curvature_by_direction(matrices, angles):
    """Explorer of ½θᵀHθ: level curves with a direction, and the cut along it between the extreme cuts.

    Parameters
    ----------
    matrices : mapping of str to ndarray, shape (2, 2)
        Name of the surface -> its Hessian.
    angles : sequence of float
        The values of the slider, in degrees.

    Returns
    -------
    draw, describe, steepest : callable
        Functions of ``angle`` and ``surface``; ``steepest`` is the direction of the largest eigenvalue.
    """
    limits = equal_limits((0, 0), 2.5)
    grid = np.meshgrid(np.linspace(*limits["xlim"], 61), np.linspace(*limits["ylim"], 61))
    heights = (-2, -1.4, -0.9, -0.5, -0.2, -0.05, 0.05, 0.2, 0.5, 0.9, 1.4, 2, 2.7, 3.5)
    t = np.linspace(-1, 1, 41)

    def along(angle, surface):
        v = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
        return v, np.round(v @ matrices[surface] @ v, 6) + 0.0  # a zero has no sign

    def draw(angle, surface):
        H = matrices[surface]
        v, bend = along(angle, surface)
        fig, (left, right) = panels(2)
        a, b = grid
        F = (H[0, 0] * a**2 + 2 * H[0, 1] * a * b + H[1, 1] * b**2) / 2
        left.contour(a, b, F, levels=heights, colors=COLORS.muted, linewidths=0.8, linestyles="solid")
        left.plot(*np.outer(v, [-1, 1]), color=COLORS.warn, linewidth=2, gid=show("direction"))
        left.plot(*v[:, None], "o", color=COLORS.warn, gid=show("direction"))
        left.set(
            xlabel="θ₁",
            ylabel="θ₂",
            title=f"the {surface}: level curves",
            xticks=[-1, 0, 1],
            yticks=[-1, 0, 1],
            **limits,
        )
        low, high = np.linalg.eigvalsh(H)
        right.plot([-1, 1], [0, 0], color=COLORS.muted, linewidth=0.8)
        right.fill_between(
            t,
            low * t**2 / 2,
            high * t**2 / 2,
            color=COLORS.fit,
            alpha=0.15,
            linewidth=0,
            gid=show("extremes"),
        )
        for k, eigenvalue in enumerate((high, low)):
            right.plot(t, eigenvalue * t**2 / 2, color=COLORS.fit, linewidth=1, gid=show("extremes"))
            label = minus(f"λ{'₁₂'[k]} = {eigenvalue:g}")
            right.text(1.05, eigenvalue / 2, label, color=COLORS.fit, va="center", gid=show("extremes"))
        right.plot(t, bend * t**2 / 2, color=COLORS.warn, linewidth=2.4, gid=show("cut"))
        right.set(
            xlabel="t, along the direction",
            ylabel="½θᵀHθ at θ = tv",
            title=minus(f"the cut: curvature vᵀHv = {bend:.2f}"),
            xlim=(-1.05, 1.55),
            ylim=(-0.9, 3.3),
            xticks=[-1, 0, 1],
        )
        return fig

    def describe(angle, surface):
        v, bend = along(angle, surface)
        (a, b), (_, c) = matrices[surface]
        way = "up" if bend > 0.05 else "down" if bend < -0.05 else "hardly at all"
        return (
            f"The {surface}, H = [{a:g} {b:g}; {b:g} {c:g}], cut along the direction of {angle:g}°, "
            f"v = ({v[0]:.2f}, {v[1]:.2f}). The curvature vᵀHv there is {bend:.2f}: the cut bends {way}."
        )

    def steepest(angle, surface):
        v = np.linalg.eigh(matrices[surface])[1][:, -1]
        return float(np.degrees(np.arctan2(v[1], v[0])) % 180)

    return draw, describe, steepest


# ------------------------------------------------------------------------ a computational graph, step by step
def graph_sweeps(a, b):
    """Explorer of z = x²y with x = ab and y = a + b²: values forwards, then derivatives in one of two orders.

    Parameters
    ----------
    a, b : float

    Returns
    -------
    draw, describe, answer : callable
        Functions of ``step``, 0 to 8, and of ``order``: "from z", "from a" or
        "from b".
    """
    x, y = a * b, a + b**2
    values = {"a": a, "b": b, "x": x, "y": y, "z": x**2 * y}
    local = {"ax": b, "bx": a, "ay": 1.0, "by": 2 * b, "xz": 2 * x * y, "yz": x**2}

    def backward():
        x_, y_ = local["xz"], local["yz"]
        done = {"z": 1.0, "x": x_, "y": y_}
        return done | {n: x_ * local[f"{n}x"] + y_ * local[f"{n}y"] for n in "ab"}

    def forward(seed):
        done = {
            "a": float(seed == "a"),
            "b": float(seed == "b"),
            "x": local[f"{seed}x"],
            "y": local[f"{seed}y"],
        }
        return done | {"z": done["x"] * local["xz"] + done["y"] * local["yz"]}

    formulas = {"ax": "b", "bx": "a", "ay": "1", "by": "2b", "xz": "2xy", "yz": "x²"}
    sweeps = {
        "from z": (backward(), "zxyab", "∂z/∂{}"),
        "from a": (forward("a"), "abxyz", "∂{}/∂a"),
        "from b": (forward("b"), "abxyz", "∂{}/∂b"),
    }
    places = {"a": (0, 1), "b": (0, 0), "x": (1, 1), "y": (1, 0), "z": (2, 0.5)}
    names = {"x": "x = ab", "y": "y = a + b²", "z": "z = x²y"}
    labels = {"ax": (0.5, 1.06), "bx": (0.45, 0.22), "ay": (0.45, 0.78), "by": (0.5, -0.06)}
    labels |= {"xz": (1.38, 0.62), "yz": (1.38, 0.38)}

    def state(step, order):
        """Which values and which derivatives are known, and the node that was computed last."""
        derivatives, way, form = sweeps[order]
        known = ["a", "b", *"xyz"[: min(step, 3)]]
        sent = list(way[: max(step - 3, 0)])
        now = sent[-1] if sent else known[-1] if step else None
        shown = {n: form.format(n) + (f" = {derivatives[n]:g}" if n in sent else " = ?") for n in "abxyz"}
        return known, sent, shown, now

    def draw(step, order):
        known, sent, shown, now = state(step, order)
        back = order == "from z"
        fig, ax = panels(1, size=(4.5, 3.5))
        ax.set_position((0.01, 0.02, 0.98, 0.96))
        for edge in local:
            (x0, y0), (x1, y1) = places[edge[0]], places[edge[1]]
            used = edge[1 - (back and step > 3)] == now
            ax.plot(
                [x0, x1], [y0, y1], color=COLORS.data if used and step else COLORS.muted,
                linewidth=2 if used and step else 1, zorder=1,
            )  # fmt: skip
            place, text = (
                labels[edge],
                f"∂{edge[1]}/∂{edge[0]} = " + (f"{local[edge]:g}" if step > 3 else formulas[edge]),
            )
            va = "center" if 0.3 < place[1] < 0.7 else "bottom" if place[1] > 0.5 else "top"
            ax.text(*place, text, ha="center", va=va, fontsize=9, color=COLORS.truth, gid=show("local"))
        for name, (left, up) in places.items():
            done = name in known
            ax.plot(
                [left], [up], "o", markersize=34, zorder=2, markeredgewidth=2.2 if name == now else 1.2,
                color="white", markeredgecolor=COLORS.fit if done else COLORS.muted,
            )  # fmt: skip
            text = f"{values[name]:g}" if done else "?"
            ax.text(left, up, text, ha="center", va="center", fontsize=12, zorder=3, gid=show("values"))
            above = up + (0.2 if up >= 0.5 else -0.2)
            ax.text(left, above, names.get(name, name), ha="center", va="center", fontsize=10)
            below = up + (0.33 if up >= 0.5 else -0.33)
            ax.text(
                left, below, shown[name], ha="center", va="center", fontsize=10.5,
                color=COLORS.warn if name in sent else COLORS.muted, gid=show("derivatives"),
            )  # fmt: skip
        ax.set(xlim=(-0.42, 2.42), ylim=(-0.5, 1.5), xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        return fig

    def describe(step, order):
        known, sent, shown, _ = state(step, order)
        done = ", ".join(f"{n} = {values[n]:g}" for n in known)
        said = ", ".join(shown[n] for n in sent) or "none yet"
        return f"Step {step} of 8, sweep {order}. Values: {done}. Derivatives: {said}."

    def answer(step, order):
        return backward()["b"]

    return draw, describe, answer


# ---------------------------------------------------------------------------------------------- still figures
def draw_flat_points():
    """Curves t³ and t⁴, whose second derivative vanishes at 0, and the level curves of a saddle.

    Returns
    -------
    matplotlib.figure.Figure
    """
    t = np.linspace(-1.3, 1.3, 81)
    fig, (left, right) = panels(2)
    left.axhline(0, color=COLORS.muted, linewidth=0.8)
    for power, name, color in ((3, "t³: no minimum", COLORS.warn), (4, "t⁴: a minimum", COLORS.fit)):
        left.plot(t, t**power, color=color, linewidth=2.2)
        left.text(-0.93, -1.15 if power == 3 else 1.05, name, color=color)
    left.plot([0], [0], "o", color=COLORS.data, markersize=7)
    left.set(
        xlabel="t",
        title="second derivative 0 at t = 0",
        xlim=(-1.3, 1.3),
        ylim=(-1.5, 1.6),
        xticks=[-1, 0, 1],
        yticks=[-1, 0, 1],
    )
    limits = equal_limits((0, 0), 2.5)
    a, b = np.meshgrid(np.linspace(*limits["xlim"], 61), np.linspace(*limits["ylim"], 61))
    heights = (-1.2, -0.7, -0.3, -0.1, 0, 0.1, 0.3, 0.7, 1.2)
    right.contour(a, b, a**2 - b**2, levels=heights, colors=COLORS.muted, linewidths=0.8, linestyles="solid")
    for start, vector, color in (([0.15, 0], [0.75, 0], COLORS.warn), ([0, 0.15], [0, 0.75], COLORS.fit)):
        for side in (1, -1):
            right.plot(*_arrow(side * np.array(start), side * np.array(vector)), color=color, linewidth=2.2)
    right.text(0.55, -0.14, "up", color=COLORS.warn, va="top", bbox=PAPER)
    right.text(0.12, 0.62, "down", color=COLORS.fit, bbox=PAPER)
    right.plot([0], [0], "o", color=COLORS.data, markersize=7)
    right.set(
        xlabel="θ₁",
        ylabel="θ₂",
        title="a saddle: θ₁² − θ₂²",
        xticks=[-1, 0, 1],
        yticks=[-1, 0, 1],
        **limits,
    )
    return fig


def draw_extreme_cuts(t, cuts, *, ylabel):
    """The cost along several unit directions from its minimum, measured, with the parabola ½λt² of each.

    Parameters
    ----------
    t : ndarray, shape (n,)
        Lengths of the steps from the minimum.
    cuts : mapping of str to (float, ndarray of shape (n,))
        Label -> eigenvalue, and what the cost is above its minimum, in the units of `ylabel`.
    ylabel : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = panels()
    fine = np.linspace(t[0], t[-1], 121)
    top = 1.05 * max(above.max() for _, above in list(cuts.values())[1:])
    for (label, (eigenvalue, above)), color in zip(cuts.items(), (COLORS.warn, COLORS.alt, COLORS.fit)):
        curve = eigenvalue * fine**2 / 2
        inside = curve < top
        ax.plot(fine[inside], curve[inside], color=color)
        seen = above < top
        ax.plot(t[seen], above[seen], "o", color=color, markersize=4)
        at, height = fine[inside][-1], curve[inside][-1]
        if inside.all():
            ax.text(at + 1.5, height - 0.03 * top, label, color=color, fontsize=9)  # above the axis
        else:
            ax.text(at, height + 0.03 * top, label, color=color, fontsize=9, ha="center", va="bottom")
    ax.set(
        xlabel="length t of the step from the minimum",
        ylabel=ylabel,
        xlim=(t[0], t[-1] + 0.34 * np.ptp(t)),
        ylim=(-0.06 * top, 1.22 * top),
    )
    return fig
