"""What the chapter *Downhill* draws: the two functions behind each explorer, and still figures."""

import numpy as np

from mlcore.explore import COLORS, panels, show
from mlcore.explore._pieces import counted, equal_limits, level_curve, step_axes
from mlcore.objectives import TwoWells, Valley
from mlcore.optimisers import gradient_descent
from mlcore.teach import minus

_FAR = 30.0  # what is farther away than this is not drawn


def _descend(objective, start, eta, steps):
    """Path (steps + 1, 2) and cost (steps + 1,) of steepest descent; NaN once it has gone far away."""
    with np.errstate(over="ignore", invalid="ignore"):
        path = gradient_descent(objective, np.array(start, dtype=float), eta, steps)
        gone = np.cumsum(~(np.abs(path).max(axis=1) < _FAR)) > 0
        path[gone] = np.nan
        cost = np.array([objective.value(theta) for theta in path])
    return path, cost


def _valley_curves(ax):
    """Level curves of the valley and its lowest point: θ₁ = 1 + √(2h) cos φ, θ₁² − θ₂ = √(2h) sin φ."""
    phi = np.linspace(0, 2 * np.pi, 90)
    for height in (0.02, 0.1, 0.3, 0.8, 1.8, 3.5, 6.0):
        a = 1 + np.sqrt(2 * height) * np.cos(phi)
        ax.plot(a, a**2 - np.sqrt(2 * height) * np.sin(phi), color=COLORS.muted, linewidth=0.7)
    ax.plot([1], [1], "*", color=COLORS.truth, markersize=11, gid=show("minimum"))


def valley_rates(rates, steps, *, start):
    """Explorer of the learning rate in the curved valley: the path, and the cost step by step.

    Parameters
    ----------
    rates : sequence of float
        Learning rates η of the slider.
    steps : sequence of int
        After how many steps one can stop to look, from 0 up.
    start : pair of float

    Returns
    -------
    draw, describe : callable
        Functions of ``eta`` and ``step``.
    """
    last = max(steps)
    runs = {eta: _descend(Valley(), start, eta, last) for eta in rates}

    def draw(eta, step):
        path, cost = (part[: step + 1] for part in runs[eta])
        fig, (left, right) = panels(2)
        _valley_curves(left)
        left.plot(*path.T, "-", color=COLORS.fit, linewidth=1, gid=show("path"))
        left.plot(*path.T, "o", color=COLORS.fit, markersize=2.5, gid=show("path"))
        left.plot(*path[-1:].T, "o", color=COLORS.warn, markersize=8)
        left.text(0.85, 1.3, "lowest point", color=COLORS.truth, fontsize=9, ha="right")
        left.set(
            xlabel="θ₁", ylabel="θ₂", xlim=(-1.9, 1.9), ylim=(-0.7, 2.5), title=f"η = {eta:g}: {step} steps"
        )
        drawn = np.maximum(cost, 1e-14)  # what a logarithmic axis can show
        right.plot(np.arange(len(cost)), drawn, color=COLORS.fit, linewidth=1.4, gid=show("cost"))
        right.plot([step], drawn[-1:], "o", color=COLORS.warn, markersize=8)
        step_axes(right, last, "cost f", (1e-7, 30))
        right.set_title(f"cost {cost[-1]:.2g}")
        return fig

    def describe(eta, step):
        path, cost = runs[eta]
        (a, b), value = path[step], cost[step]
        return (
            f"With η = {eta:g}, after {counted(step, 'step')} the descent is at ({a:.2f}, {b:.2f}), at a "
            f"distance of {np.hypot(a - 1, b - 1):.2g} from the lowest point, and the cost is {value:.2g}."
        )

    return draw, describe


def valley_starts(rates, across, up, *, steps):
    """Explorer of the start in the curved valley: from where does a rate arrive?

    Parameters
    ----------
    rates : sequence of float
    across, up : sequence of float
        Coordinates θ₁ and θ₂ at which a descent can start.
    steps : int
        Length of each path.

    Returns
    -------
    draw, describe : callable
        Functions of ``eta``, ``a`` and ``b``.
    """
    runs = {(eta, a, b): _descend(Valley(), (a, b), eta, steps) for eta in rates for a in across for b in up}

    def curvature(a, b):
        return np.linalg.eigvalsh(Valley().hess((a, b)))[-1]

    def draw(eta, a, b):
        path, cost = runs[eta, a, b]
        fig, (left, right) = panels(2)
        _valley_curves(left)
        left.plot(*path.T, "-", color=COLORS.fit, linewidth=1)
        left.plot(*path.T, "o", color=COLORS.fit, markersize=2.5)
        left.plot([a], [b], "o", color=COLORS.warn, markersize=9)
        left.set(
            xlabel="θ₁",
            ylabel="θ₂",
            xlim=(-2.1, 2.1),
            ylim=(-1.2, 3.2),
            title=f"from ({minus(f'{a:g}')}, {minus(f'{b:g}')}) with η = {eta:g}",
        )
        right.plot(np.arange(len(cost)), np.maximum(cost, 1.2e-7), color=COLORS.fit, linewidth=1.4)
        step_axes(right, steps, "cost f", (1e-7, 300))
        right.set_title(f"at the start 2/L = {2 / curvature(a, b):.2f}")
        return fig

    def describe(eta, a, b):
        path, cost = runs[eta, a, b]
        end = (
            f"after {steps} steps it is {np.hypot(*(path[-1] - 1)):.2g} away from the star"
            if np.isfinite(cost[-1])
            else f"after {int(np.argmax(~np.isfinite(cost)))} steps it has left for good"
        )
        return (
            f"Started at ({a:g}, {b:g}), where the largest eigenvalue of the Hessian is "
            f"{curvature(a, b):.1f}, with η = {eta:g}: {end}."
        )

    return draw, describe


def _bowl(kappa):
    """A Hessian with eigenvalues 1 and 1/κ, the steep direction turned by 30° from the vertical axis."""
    c, s = np.cos(np.pi / 6), np.sin(np.pi / 6)
    V = np.array([[c, -s], [s, c]])  # flat direction first
    return V @ np.diag([1 / kappa, 1.0]) @ V.T, V


def _bowl_panel(ax, H, path, kappa):
    for reach in (0.3, 0.6, 1.0, 1.4):
        ax.plot(*level_curve(np.zeros(2), H, reach**2 / kappa), color=COLORS.muted, linewidth=0.7)
    ax.plot(*path.T, "-", color=COLORS.fit, linewidth=1, gid=show("zigzag"))
    ax.plot(*path.T, "o", color=COLORS.fit, markersize=3, gid=show("zigzag"))
    ax.plot([0], [0], "*", color=COLORS.truth, markersize=11)
    ax.set(xlabel="θ₁", ylabel="θ₂", **equal_limits((0, 0), 2.6))


def eigen_factors(kappas, *, steps=12):
    """Explorer of one step along two eigenvectors: what is left of each part of the error, against η.

    Parameters
    ----------
    kappas : sequence of float
        Ratios κ of the two eigenvalues L = 1 and λₘᵢₙ = 1/κ.
    steps : int
        Length of the path that is drawn.

    Returns
    -------
    draw, describe : callable
        Functions of ``eta`` and ``kappa``.
    """
    high = 2.4
    fine = np.linspace(0, high, 49)

    def draw(eta, kappa):
        H, V = _bowl(kappa)
        factors = 1 - eta * np.array([1 / kappa, 1.0])
        parts = np.array([1.0, 0.6]) * factors ** np.arange(steps + 1)[:, None]
        fig, (left, right) = panels(2)
        _bowl_panel(left, H, np.clip(parts @ V.T, -_FAR, _FAR), kappa)
        left.set_title(f"η = {eta:.3g}: {steps} steps")
        right.plot([0, high], [1, 1], color=COLORS.muted, linewidth=0.8)
        right.axvline(eta, color=COLORS.muted, linewidth=0.8)
        for value, color, name in ((1.0, COLORS.warn, "steep"), (1 / kappa, COLORS.alt, "flat")):
            right.plot(fine, np.abs(1 - fine * value), color=color, linestyle="-", gid=show(name))
            right.plot([eta], [abs(1 - eta * value)], "o", color=color, markersize=7, gid=show(name))
        right.text(0.06, 0.28, "|1 − ηL|\nsteep", color=COLORS.warn, fontsize=9, gid=show("steep"))
        right.text(0.32, 1.06, "|1 − ηλₘᵢₙ|, flat", color=COLORS.alt, fontsize=9, gid=show("flat"))
        right.set(
            xlabel="learning rate η (L = 1)",
            ylabel="left of the error by one step",
            xlim=(0, high),
            ylim=(0, 1.45),
            title=f"κ = L/λₘᵢₙ = {kappa:g}",
        )
        return fig

    def describe(eta, kappa):
        steep, flat = 1 - eta, 1 - eta / kappa
        return (
            f"η = {eta:.3g}, L = 1 and λₘᵢₙ = 1/{kappa:g}: a step multiplies the error by {steep:.2f} along "
            f"the steep direction and by {flat:.2f} along the flat one. The slower of the two leaves "
            f"{max(abs(steep), abs(flat)):.0%} of its part."
        )

    return draw, describe


def steps_until(kappa, tol=1e-6):
    """Steps, counted one by one, until the error at the best constant rate is `tol` of what it was.

    Parameters
    ----------
    kappa : float
        Condition number of a quadratic cost with two parameters, at least 1.
    tol : float

    Returns
    -------
    int
    """
    eigenvalues = np.array([1 / kappa, 1.0])
    eta = 2 / eigenvalues.sum()
    start = error = np.array([1.0, 1.0])
    count = 0
    while np.linalg.norm(error) > tol * np.linalg.norm(start):
        error = error - eta * eigenvalues * error
        count += 1
    return count


def condition_steps(kappas, *, last=720):
    """Explorer of the condition number: the zigzag at the best rate, and the error against the step.

    Parameters
    ----------
    kappas : sequence of float
    last : int
        Steps on the axis.

    Returns
    -------
    draw, describe : callable
        Functions of ``kappa``.
    """
    counts = {kappa: steps_until(kappa) for kappa in kappas}

    def draw(kappa):
        H, V = _bowl(kappa)
        eta = 2 * kappa / (kappa + 1)
        error = V @ np.array([1.0, 1.0 / np.sqrt(kappa)])
        shown = min(last, int(1.1 * counts[kappa]))
        path = [error]
        for _ in range(max(30, shown)):
            path.append(path[-1] - eta * H @ path[-1])
        size = np.linalg.norm(path, axis=1) / np.linalg.norm(error)
        fig, (left, right) = panels(2)
        _bowl_panel(left, H, np.array(path[:31]), kappa)
        left.set_title(f"κ = {kappa:g}, best rate, 30 steps")
        some = np.linspace(0, shown, 16).astype(int)
        factor = (kappa - 1) / (kappa + 1)
        right.plot([0, shown], [1, factor**shown], color=COLORS.alt, gid=show("derived"))
        right.plot(some, size[some], "o", color=COLORS.fit, markersize=4, gid=show("measured"))
        step_axes(right, last, "error, relative to the first", (1e-7, 3))
        right.set_title(f"{counts[kappa]} steps to a millionth")
        return fig

    def describe(kappa):
        return (
            f"κ = {kappa:g}: at the best constant rate each step leaves {(kappa - 1) / (kappa + 1):.3f} of "
            "the error. The dots are measured, the line is the derived power. It takes "
            f"{counts[kappa]} steps to a millionth of the first error."
        )

    return draw, describe


def _conic(centre, H, through, n=60):
    """Where the quadratic model with Hessian H and critical point `centre` has its value at `through`.

    An ellipse where H is positive definite, otherwise a hyperbola's branches or two lines; (2, 2n + 1).
    """
    eigenvalues, V = np.linalg.eigh(H)
    height = (through - centre) @ H @ (through - centre)
    if eigenvalues[0] > 0 and height > 1e-12:
        curve = level_curve(np.zeros(2), H, height, 2 * n + 1)
    elif eigenvalues[0] < 0:
        t = np.linspace(-4, 4, n)
        down, up = -eigenvalues[0], eigenvalues[1]  # up·y² − down·x² = height
        one, other = (down, up) if height > 0 else (up, down)
        open_ = np.sqrt((abs(height) + one * t**2) / other)
        branches = [np.vstack((t, side * open_)) for side in (1, -1)]
        curve = np.hstack((branches[0], np.full((2, 1), np.nan), branches[1]))
        curve = V @ (curve if height > 0 else curve[::-1])
    else:
        curve = np.full((2, 2 * n + 1), np.nan)
    return centre[:, None] + curve


def newton_steps(objective, start, steps):
    """Pure Newton steps, no safeguards.

    Parameters
    ----------
    objective : Objective
    start : array_like, shape (n,)
    steps : int

    Returns
    -------
    ndarray, shape (steps + 1, n)
        NaN once a Hessian is singular or θ has gone far away.
    """
    path = [np.array(start, dtype=float)]
    for _ in range(steps):
        _, grad, hess = objective.taylor(path[-1])
        try:
            path.append(path[-1] - np.linalg.solve(hess, grad))
        except np.linalg.LinAlgError:
            path.append(np.full(len(path[0]), np.nan))
    return np.array(path)


def _well_curves():
    """Level curves of the two wells as one line with gaps: θ₂ = ½θ₁ ± √(½(h − ¼(θ₁² − 1)²)), (2, n)."""
    pieces = []
    for height in (0.03, 0.12, 0.25, 0.5, 1, 2, 3.5, 6):
        root = 2 * np.sqrt(height)  # |θ₁² − 1| may be that much
        low, high = np.sqrt(max(0, 1 - root)), np.sqrt(1 + root)
        ends = [(low, high), (-high, -low)] if root <= 1 else [(-high, high)]
        for a, b in ends:
            x = (a + b) / 2 + (b - a) / 2 * np.cos(np.linspace(np.pi, 0, 40))
            half = np.sqrt(np.maximum(0, (height - (x**2 - 1) ** 2 / 4) / 2))
            loop = np.vstack((np.append(x, x[::-1]), np.append(x / 2 + half, x[::-1] / 2 - half[::-1])))
            pieces += [loop, loop[:, :1], np.full((2, 1), np.nan)]
    return np.hstack(pieces)


def newton_against_gradient(across, up, steps, *, eta):
    """Explorer of two ways down a surface with two wells and a saddle, from one start.

    Parameters
    ----------
    across, up : sequence of float
        Coordinates θ₁ and θ₂ at which one can start.
    steps : sequence of int
        After how many steps one can stop to look.
    eta : float
        Learning rate of steepest descent.

    Returns
    -------
    draw, describe : callable
        Functions of ``a``, ``b`` and ``step``.
    """
    J, last = TwoWells(), max(steps)
    starts = [(a, b) for a in across for b in up]
    slow = {start: gradient_descent(J, np.array(start), eta, last) for start in starts}
    fast = {start: newton_steps(J, start, last + 1) for start in starts}
    levels = _well_curves()

    def draw(a, b, step):
        path, newton = slow[a, b][: step + 1], fast[a, b][: step + 1]
        fig, (left, right) = panels(2)
        left.plot(*levels, color=COLORS.muted, linewidth=0.7)
        left.plot([1, -1], [0.5, -0.5], "*", color=COLORS.truth, markersize=11, gid=show("minima"))
        left.plot([0], [0], "x", color=COLORS.data, markersize=8, gid=show("saddle"))
        for text, place, color in (
            ("minimum", (1.05, 0.26), COLORS.truth),
            ("minimum", (-1.05, -0.8), COLORS.truth),
            ("saddle", (0, -0.32), COLORS.data),
        ):
            left.text(*place, text, color=color, fontsize=9, ha="center")
        model = _conic(fast[a, b][step + 1], J.hess(newton[-1]), newton[-1])
        left.plot(*model, color=COLORS.alt, linewidth=1.2, linestyle=":", gid=show("model"))
        left.plot(*fast[a, b][step + 1][:, None], "D", color=COLORS.alt, markersize=6, gid=show("model"))
        left.plot(*path.T, "o-", color=COLORS.fit, linewidth=1.2, markersize=3.5, gid=show("gradient"))
        left.plot(*newton.T, "o-", color=COLORS.warn, linewidth=1.2, markersize=3.5, gid=show("Newton"))
        left.plot(*path[-1:].T, "o", color=COLORS.fit, markersize=6, gid=show("gradient"))
        left.plot(*newton[-1:].T, "o", color=COLORS.warn, fillstyle="none", markersize=11, gid=show("Newton"))
        left.set(
            xlabel="θ₁", ylabel="θ₂", xlim=(-2.1, 2.1), ylim=(-1.5, 1.5), title=f"step {step} from one start"
        )
        for points, color, name, height in (
            (path, COLORS.fit, "gradient", 0.3),
            (newton, COLORS.warn, "Newton", 0.2),
        ):
            cost = np.maximum([J.value(point) for point in points], 1e-14)
            right.plot(np.arange(step + 1), cost, "o-", color=color, linewidth=1.4, markersize=4)
            right.text(0.97, height, name, color=color, ha="right", transform=right.transAxes, gid=show(name))
        right.plot([0, last], [0.25, 0.25], color=COLORS.data, linewidth=0.8, linestyle="--")
        right.text(0.35 * last, 1.2, "height of the saddle", color=COLORS.data, fontsize=9)
        step_axes(right, last, "cost f", (1e-14, 200))
        return fig

    def describe(a, b, step):
        def where(points):
            theta = points[step]
            return f"({theta[0]:.3f}, {theta[1]:.3f}) with cost {J.value(theta):.2g}"

        eigenvalues = np.linalg.eigvalsh(J.hess(fast[a, b][step]))
        shape = "a bowl" if eigenvalues[0] > 0 else "a saddle"
        return (
            f"Step {step} from ({a:g}, {b:g}): steepest descent is at {where(slow[a, b])}, Newton's method "
            f"at {where(fast[a, b])}. There its quadratic model is {shape}, with curvatures "
            f"{eigenvalues[0]:.2f} and {eigenvalues[1]:.2f}."
        )

    return draw, describe


def draw_error_curves(curves):
    """Measured errors of steepest descent against the step, and the derived curve over each.

    Parameters
    ----------
    curves : mapping of float to ndarray
        Condition number κ -> errors relative to the first, one for each step.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = panels(size=(4.6, 3.4))
    last = max(map(len, curves.values())) - 1
    for (kappa, errors), color in zip(curves.items(), (COLORS.fit, COLORS.alt, COLORS.good, COLORS.warn)):
        k = np.arange(len(errors))
        factor = (kappa - 1) / (kappa + 1)
        shown = k[:: max(1, len(k) // 60)]
        ax.plot(shown, errors[shown], "o", color=color, markersize=2.5)
        ends = np.array([0, min(last, np.log(1e-9) / np.log(factor))])
        ax.plot(ends, factor**ends, color=color, linewidth=1.4)
        at = min(0.8 * last, np.log(1e-6) / np.log(factor))
        ax.text(at + 0.015 * last, 1.6 * factor**at, f"κ = {kappa:.3g}", color=color, fontsize=10)
    step_axes(ax, last, "error, relative to the first", (1e-9, 3))
    return fig


def draw_three_ways(start):
    """The valley with three descents from one start: a small rate, a large one, and Newton's method.

    Parameters
    ----------
    start : pair of float

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = panels(size=(4.6, 3.8))
    _valley_curves(ax)
    slow, fast = (_descend(Valley(), start, eta, n)[0] for eta, n in ((0.1, 60), (0.6, 9)))
    newton = newton_steps(Valley(), start, 7)
    ax.plot(*fast.T, "o-", color=COLORS.alt, linewidth=0.9, markersize=3.5)
    ax.plot(*slow.T, "o-", color=COLORS.fit, linewidth=1.2, markersize=3.5)
    ax.plot(*newton.T, "o-", color=COLORS.warn, linewidth=1.8, markersize=6)
    for text, place, color in (
        ("η = 0.1 creeps", (-0.3, 0.95), COLORS.fit),
        ("η = 0.6 is thrown out", (-0.75, 1.62), COLORS.alt),
        ("Newton: 7 steps", (0.3, -0.75), COLORS.warn),
    ):
        ax.text(*place, text, color=color, fontsize=10)
    ax.set(xlabel="θ₁", ylabel="θ₂", xlim=(-1.9, 1.9), ylim=(-1.6, 2.6))
    return fig


def draw_race(runs, labels):
    """What is left of the cost against gradients asked for, one curve for each method.

    Parameters
    ----------
    runs : mapping of str to ndarray
        Name -> cost above the smallest, relative to the first, one for each gradient.
    labels : mapping of str to pair of float
        Name -> where it is written.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = panels(size=(4.6, 3.4))
    colors = (COLORS.fit, COLORS.alt, COLORS.good, COLORS.warn)
    for (name, left), color in zip(runs.items(), colors):
        ax.plot(np.arange(1, len(left) + 1), left, color=color)
        ax.text(*labels[name], name, color=color, fontsize=10)
    ax.set(
        xscale="log",
        yscale="log",
        xlabel="gradients asked for",
        xlim=(1, 3000),
        ylim=(1e-13, 3),
    )
    ax.set_ylabel("cost above the smallest, relative", labelpad=0)
    return fig
