"""What the chapter *From momentum to Adam* draws: explorers of paths, roots, rates and races, and stills.

Every step is made by a rule of mlcore.optimisers; here it is only followed and drawn.
"""

import numpy as np

from mlcore import SGD, Adagrad, Adam, Momentum, RMSProp
from mlcore.explore import COLORS, panels, show
from mlcore.explore._pieces import PAPER, equal_limits, level_curve, spread, step_axes
from mlcore.objectives import Valley
from mlcore.teach import minus

RULES = {"SGD": SGD, "Momentum": Momentum, "Adagrad": Adagrad, "RMSProp": RMSProp, "Adam": Adam}
LOOKS = {
    "SGD": COLORS.data,
    "Momentum": COLORS.warn,
    "Adagrad": COLORS.truth,
    "RMSProp": COLORS.alt,
    "Adam": COLORS.fit,
}


def walk(rule, grad, start, steps):
    """The path of a rule: `start` and θ after each step, shape (steps + 1, *θ). Overflow ends as it may."""
    theta = np.array(start, dtype=float)
    path, state = [theta.copy()], rule.init(theta)
    for _ in range(steps):
        step, state = rule.update(grad(theta), state)
        theta += step
        path.append(theta.copy())
    return np.array(path)


def valley(theta):
    """The cost of `Valley` for many θ at once, (…, 2)."""
    return Valley().value(np.moveaxis(theta, -1, 0))


def valley_grad(theta):
    """Its gradient, (…, 2)."""
    return np.moveaxis(Valley().grad(np.moveaxis(theta, -1, 0)), 0, -1)


def saddle(theta):
    """½θ₁² − ½θ₂² + ¼θ₂⁴, for θ (…, 2): a saddle at 0, minima at (0, ±1)."""
    a, b = theta[..., 0], theta[..., 1]
    return a**2 / 2 - b**2 / 2 + b**4 / 4


def saddle_grad(theta):
    """Its gradient, (…, 2)."""
    a, b = theta[..., 0], theta[..., 1]
    return np.stack((a, b**3 - b), axis=-1)


def rate_of(alpha, share):
    """Size of the larger root of r² − (1 + α − c)r + α, for c = `share`; both may be arrays."""
    half = (1 + alpha - np.asarray(share, dtype=float)) / 2
    root = np.sqrt((half**2 - alpha).astype(complex))
    return np.maximum(np.abs(half + root), np.abs(half - root))


# ------------------------------------------------------------------------------------------------ momentum
def valley_momentum(alphas, flat, steep, share, *, steps=60):
    """Explorer of momentum in a straight valley ½(`flat` θ₁² + `steep` θ₂²).

    Parameters
    ----------
    alphas : sequence of float
        Values of the slider, beginning with 0.
    flat, steep : float
        The two curvatures.
    share : float
        (1 − α)η, held the same for all α.

    Returns
    -------
    draw, describe : callable
        Functions of ``alpha``.
    """
    curvature = np.array([flat, steep])
    start = np.array([-1 / flat, 1.0])
    paths = {a: walk(Momentum(share / (1 - a), a), lambda t: curvature * t, start, steps) for a in alphas}
    errors = {a: np.linalg.norm(path, axis=1) for a, path in paths.items()}
    box = {"xlim": (-12, 10), "ylim": (-1.7, 1.7)}
    per_height = np.ptp(equal_limits((0, 0), 1)["xlim"])  # units across, for one unit of height
    stretch = np.ptp(box["xlim"]) / np.ptp(box["ylim"]) / per_height

    def draw(alpha):
        fig, (left, right) = panels(2)
        for height in (0.25, 1.0, 2.25, 4.0, 6.25, 9.0, 12.25):
            ellipse = level_curve(np.zeros(2), np.diag(curvature) / 2, height)
            left.plot(*ellipse, color=COLORS.muted, linewidth=0.6)
        left.plot([0], [0], "X", color=COLORS.truth, markersize=7)
        left.plot(*paths[alpha].T, "o-", color=COLORS.fit, markersize=2.5, linewidth=1, gid=show("path"))
        left.plot(*start[:, None], "o", color=COLORS.warn)
        left.text(start[0], start[1] + 0.15, "start", color=COLORS.warn, ha="center", bbox=PAPER)
        left.text(0, -1.52, "minimum: the cross", color=COLORS.truth, ha="center", bbox=PAPER)
        left.set(
            xlabel="θ₁ (hardly curved)",
            ylabel=f"θ₂ (steep), stretched × {stretch:.0f}",
            **box,
            title=f"α = {alpha:g}, so η = {share / (1 - alpha):.2g}",
        )
        right.plot(errors[alphas[0]], "--", color=COLORS.muted, linewidth=1)
        right.text(steps, 1.9 * errors[alphas[0]][-1], "α = 0", color=COLORS.muted, ha="right", bbox=PAPER)
        right.plot(errors[alpha], color=COLORS.fit, gid=show("distance"))
        step_axes(right, steps, "distance from the minimum", (1e-4, 40))
        right.set_title(f"after {steps} steps: {errors[alpha][-1]:.2g}")
        return fig

    def describe(alpha):
        error, along = errors[alpha], paths[alpha][:, 0]
        turns = int(np.sum(np.diff(np.sign(along)) != 0))
        return (
            f"Each step keeps the share α = {alpha:g} of the last one, and η is {share / (1 - alpha):.2f}. "
            f"In {steps} steps the path runs past "
            f"the minimum, lengthwise, {turns} times. The distance is {error[0]:.1f} at first, "
            f"{error[20]:.2g} after 20 steps and {error[-1]:.2g} after {steps}."
        )

    return draw, describe


def momentum_roots(alphas, shares, *, steps=40):
    """Explorer of one eigenvector: the two roots in the complex plane, and the error step by step.

    Parameters
    ----------
    alphas : sequence of float
    shares : sequence of float
        Values of c = (1 − α)ηλ.

    Returns
    -------
    draw, describe : callable
        Functions of ``alpha`` and ``c``.
    """
    angle = np.linspace(0, 2 * np.pi, 73)
    circle = np.array([np.cos(angle), np.sin(angle)])

    def roots(alpha, c):
        half = (1 + alpha - c) / 2
        root = np.sqrt(complex(half**2 - alpha))
        return np.array([half + root, half - root])

    def errors(alpha, c):
        """ξ₀ = 1 and what follows, from rest; walked by the rule, with λ = 1 and η = c/(1 − α)."""
        return walk(Momentum(c / (1 - alpha), alpha), lambda t: t, np.ones(1), steps)[:, 0]

    def draw(alpha, c):
        r, xi, k = roots(alpha, c), errors(alpha, c), np.arange(steps + 1)
        fig, (left, right) = panels(2)
        left.axhline(0, color=COLORS.muted, linewidth=0.6)
        left.axvline(0, color=COLORS.muted, linewidth=0.6)
        left.plot(*circle, color=COLORS.warn, linewidth=1, gid=show("circle of radius 1"))
        left.plot(*(np.sqrt(alpha) * circle), ":", color=COLORS.muted, linewidth=1.2)
        r_alpha = np.sqrt(alpha)
        aside = (r_alpha + (-0.17 if r_alpha > 0.6 else 0.17)) * np.exp(-0.7j)  # off both circles and axes
        left.text(aside.real, aside.imag, "√α", color=COLORS.muted, ha="center", va="center")
        left.text(0.85, 0.85, "1", color=COLORS.warn, ha="center")
        left.plot(r.real, r.imag, "o", color=COLORS.fit, markersize=7, gid=show("roots"))
        off = r.real.min() < -1.45  # on the left alone: a root of 1 − c and less
        left.plot([-1.38 if off else np.nan], [0], "<", color=COLORS.fit, markersize=7, gid=show("roots"))
        look = {"rotation": 90, "alpha": float(off)}
        left.text(
            -1.38, 0.12, "off the axis", color=COLORS.fit, fontsize=9, ha="center", gid=show("roots"), **look
        )
        left.set(
            xlabel="real part",
            ylabel="imaginary part",
            xlim=(-1.45, 1.45),
            ylim=(-1.25, 1.25),
            title=f"larger |r| = {np.abs(r).max():.3f}",
        )
        power = np.abs(r).max() ** k
        touch = np.max(np.abs(xi[power > 1e-12]) / power[power > 1e-12])
        reach = 1.25 if np.abs(xi).max() < 1.2 else 10
        hull = np.clip(touch * power, 0, 2 * reach)
        right.plot(k, hull, ":", color=COLORS.muted)
        right.plot(k, -hull, ":", color=COLORS.muted)
        right.plot(k, np.clip(xi, -2 * reach, 2 * reach), "o-", color=COLORS.fit, markersize=3, linewidth=1)
        right.text(
            steps,
            0.86 * reach,
            "dotted: a multiple of ± larger |r|ᵏ",
            color=COLORS.muted,
            ha="right",
            bbox=PAPER,
        )
        right.set(
            xlabel="step k",
            ylabel="error along the eigenvector",
            xlim=(0, steps),
            ylim=(-reach, reach),
            yticks=[-10, -5, 0, 5, 10] if reach == 10 else [-1, -0.5, 0, 0.5, 1],  # −10.0 has no room
            title=f"α = {alpha:g}, c = {c:g}",
        )
        return fig

    def describe(alpha, c):
        r, size = roots(alpha, c), np.abs(roots(alpha, c)).max()
        if abs(r[0].imag) > 1e-9:
            turn = 2 * np.pi / np.angle(r[0])
            kind = f"a pair of complex roots, so the error swings, {turn:.1f} steps a turn"
        elif r.real.min() < 0:
            kind = "two real roots of which one is negative, so the error may jump from side to side"
        else:
            kind = "two positive real roots, so the error creeps towards zero without a swing"
        end = "The error dies out." if size < 1 - 1e-9 else "The error does not die out."
        return f"α = {alpha:g} and c = {c:g} give {kind}. The larger |r| is {size:.3f}. {end}"

    return draw, describe


def momentum_map(alphas, etas, flat, steep, *, steps=60):
    """Explorer of α and η: the rate over the plane, and the error of the chosen pair with that slope.

    Returns
    -------
    draw, describe : callable
        Functions of ``alpha`` and ``eta``.
    """
    curvature = np.array([flat, steep])
    fine = np.linspace(0, 0.985, 64)
    a, log_eta = np.meshgrid(fine, np.linspace(np.log10(min(etas)), 1.05, 61))
    rate = np.max([rate_of(a, (1 - a) * 10**log_eta * value) for value in curvature], axis=0)
    bound = 2 * (1 + fine) / ((1 - fine) * steep)
    start = np.array([1.0, 1.0])

    def rate_at(alpha, eta):
        return max(rate_of(alpha, (1 - alpha) * eta * value) for value in curvature)

    def errors(alpha, eta):
        path = walk(Momentum(eta, alpha), lambda t: curvature * t, start, steps)
        return np.clip(np.linalg.norm(path, axis=1), 1e-9, 1e9)

    def draw(alpha, eta):
        q, error, k = rate_at(alpha, eta), errors(alpha, eta), np.arange(steps + 1)
        fig, (left, right) = panels(2)
        left.fill_between(fine, bound, 20, color=COLORS.warn, alpha=0.12, linewidth=0)
        left.plot(fine, bound, color=COLORS.warn, gid=show("bound"))
        left.text(0.04, 4.6, "explodes", color=COLORS.warn)
        levels = [0.81, 0.84, 0.88, 0.92, 0.95, 0.97, 0.985]
        lines = left.contour(a, 10**log_eta, rate, levels, colors=COLORS.muted, linewidths=0.8)
        lines.set_gid(show("rate"))
        for q0, x in ((0.985, 0.12), (0.97, 0.28), (0.95, 0.42), (0.92, 0.56)):
            y = (1 - q0) * (1 - x / q0) / ((1 - x) * flat)
            left.text(x, 1.04 * y, f"{q0:g}", color=COLORS.muted, fontsize=7.5, gid=show("rate"))
        for q0 in (0.88, 0.84):  # the upright parts, where q = √α
            left.text(
                q0**2 + 0.003,
                0.97,
                f"{q0:g}",
                color=COLORS.muted,
                fontsize=7.5,
                rotation=90,
                va="center",
                gid=show("rate"),
            )
        left.plot([alpha], [eta], "o", color=COLORS.fit, markersize=8)
        left.set(
            xlabel="share α",
            ylabel="learning rate η",
            yscale="log",
            xlim=(-0.03, 0.99),
            ylim=(min(etas) / 1.15, 11),
            title=f"factor a step, derived: {q:.3f}",
        )
        left.set_yticks([0.1, 1, 10], ["0.1", "1", "10"])
        left.minorticks_off()
        last = np.flatnonzero(error < 1e8)[-1]  # the last step before the error leaves the frame
        right.plot(k, np.clip(error[last] * q ** (k - last), 1e-9, 1e9), "--", color=COLORS.warn)
        right.plot(k, error, color=COLORS.fit)
        right.text(1, 3e-7, "dashed: the slope derived", color=COLORS.warn)
        right.text(1, 5e-8, "solid: the distance measured", color=COLORS.fit)
        step_axes(right, steps, "distance from the minimum", (1e-8, 1e3))
        right.set_title(f"α = {alpha:g}, η = {eta:g}")
        return fig

    def describe(alpha, eta):
        q, error = rate_at(alpha, eta), errors(alpha, eta)
        end = f"{error[-1]:.2g}" if error[-1] < 1e8 else "more than a hundred million"
        last = (error[-1] / error[-11]) ** 0.1 if error[-1] < 1e8 else np.nan
        seen = f"over the last ten steps {last:.3f}" if np.isfinite(last) else "an explosion"
        return (
            f"α = {alpha:g}, η = {eta:g}: the derived factor a step is {q:.3f}, measured: {seen}. "
            f"The distance goes from {error[0]:.2g} to {end} in {steps} steps."
        )

    return draw, describe


def draw_measured_rates(errors, slopes, labels):
    """Errors of several descents on one logarithmic axis, each with the course that theory gives it.

    Parameters
    ----------
    errors : sequence of ndarray, shape (steps + 1,)
    slopes : sequence of ndarray, shape (steps + 1,)
        The derived courses.
    labels : sequence of (str, (float, float))
        What to write, and where.
    """
    fig, ax = panels(size=(4.6, 3.4))
    for error, slope, (label, at), color in zip(errors, slopes, labels, (COLORS.data, COLORS.fit)):
        ax.plot(error, color=color, linewidth=4, alpha=0.45)
        ax.plot(slope, "--", color=COLORS.warn, linewidth=1.2)
        ax.text(*at, label, color=color)
    ax.set_yscale("log")
    ax.set_yticks([1, 1e-3, 1e-6, 1e-9], ["1", "10⁻³", "10⁻⁶", "10⁻⁹"])
    ax.minorticks_off()
    ax.set(
        xlim=(0, len(errors[0]) - 1),
        ylim=(1e-11, 30),
        xlabel="step k",
        ylabel="‖θ − θ̂‖ / ‖θ̂‖",
        title="Diabetes data, ten columns. Dashed: derived",
    )
    return fig


def draw_hovering(products, formulas, measured, alphas):
    """Variance around the minimum against ηλ: the formulas as curves, what was measured as dots."""
    fig, ax = panels(size=(4.6, 3.4))
    for alpha, curve, dots, color in zip(alphas, formulas, measured, (COLORS.data, COLORS.fit, COLORS.truth)):
        ax.plot(products, curve, color=color)
        ax.plot(products[::8], dots, "o", color=color)
        height = curve[-1] * (1.2 if alpha == alphas[1] else 0.9)
        ax.text(2.03, height, f"α = {alpha:g}", color=color, va="center")
    ax.set(
        yscale="log",
        xlim=(0, 2.35),
        ylim=(0.03, 80),
        xlabel="ηλ",
        ylabel="variance of θ, in units of σ²/λ²",
        title="Hovering: derived (curves) and measured (dots)",
    )
    return fig


# ------------------------------------------------------------------------------------- a rate for each entry
def draw_rare(courses, rows):
    """Error of the common and of the rare coefficients, row by row, with bands of ± one standard error.

    Parameters
    ----------
    courses : dict of str to (common, rare)
        Of each rule the distances from the truth, each of shape (seeds, len(rows)).
    rows : ndarray
    """
    fig, axes = panels(2)
    for ax, part, title in zip(axes, (0, 1), ("nine common features", "one rare feature (1 row in 100)")):
        for name, course in courses.items():
            values = course[part]
            mean, error = values.mean(axis=0), values.std(axis=0, ddof=1) / len(values) ** 0.5
            ax.fill_between(rows, mean - error, mean + error, color=LOOKS[name], alpha=0.25, linewidth=0)
            ax.plot(rows, mean, color=LOOKS[name])
            if part == 1:
                height = mean[-1] + (0.02 if name == "SGD" else 0.14)
                ax.text(rows[-1], height, name, color=LOOKS[name], ha="right")
        ax.set(
            xlabel="rows seen",
            ylabel="distance from the truth",
            xlim=(0, 1.04 * rows[-1]),  # room for half of the last number
            ylim=(0, 1.12),
            title=title,
        )
    return fig


def rates_over_time(every, *, steps=1000):
    """Explorer of the rate that one entry gets, where its feature is there in one row of so many.

    Parameters
    ----------
    every : sequence of int
        Values of the slider: the feature is there once in so many rows, at random within each block.

    Returns
    -------
    draw, describe : callable
        Functions of ``every``.
    """
    seen = np.unique(np.concatenate((np.arange(1, 40), np.linspace(40, steps, 161).astype(int))))
    names, courses = ("Adagrad", "RMSProp", "Adam"), {}
    for n in every:
        rng = np.random.default_rng(0)
        g = np.zeros(steps)
        g[np.arange(0, steps, n) + rng.integers(n, size=-(-steps // n))[: len(range(0, steps, n))]] = 1
        sums, v, w, rate = 0.0, 0.0, 0.0, {name: [] for name in names}
        for k, now in enumerate(g**2, 1):
            sums, v, w = sums + now, 0.9 * v + 0.1 * now, 0.999 * w + 0.001 * now
            squares = (sums, v, w / (1 - 0.999**k))
            for name, value in zip(names, squares):
                rate[name].append(1 / np.sqrt(value) if value > 0 else np.nan)
        courses[n] = g, {name: np.array(values) for name, values in rate.items()}

    def draw(every):
        g, rate = courses[every]
        fig, (left, right) = panels(2)
        times = np.flatnonzero(g[:100]) + 1
        x, y = np.repeat(times, 3), np.tile([0, 1, np.nan], len(times))
        left.plot(x, y, color=COLORS.data, linewidth=1)
        left.set(
            xlabel="step k",
            ylabel="size of the gradient",
            xlim=(0, 101),
            ylim=(0, 1.3),
            title=f"in 1 row of {every}: the first 100 steps",
        )
        ends = spread(np.log10([np.clip(rate[name][-1], 0.02, 60) for name in names]), 0.22)
        for name, end in zip(names, ends):
            values = np.clip(rate[name], 0.01, 200)
            right.plot(seen, values[seen - 1], color=LOOKS[name], linewidth=1.6, gid=show(name))
            right.text(1.02 * steps, 10**end, name, color=LOOKS[name], va="center", fontsize=9)
        right.set(
            xlabel="step k",
            ylabel="rate of the entry, in units of η",
            yscale="log",
            xlim=(0, 1.3 * steps),
            ylim=(0.02, 100),
            title="1 / √(sum or mean of the squares)",
        )
        right.set_xticks([0, 500, 1000])
        return fig

    def describe(every):
        g, rate = courses[every]
        mean = {name: np.nanmedian(rate[name]) for name in names}
        return (
            f"The feature is there in 1 row of {every}, {int(g.sum())} times in {steps} steps. At the end "
            f"Adagrad's rate for it is {rate['Adagrad'][-1]:.3f} η. The median over all steps is "
            f"{min(mean['RMSProp'], 999):.2f} η for RMSProp and {mean['Adam']:.2f} η for Adam."
        )

    return draw, describe


# ----------------------------------------------------------------------------------------------------- races
def costs_by_rate(rules, grad, value, starts, steps, grid):
    """Costs after some steps, for each rule at each η and from each start; ∞ where the walk diverged.

    Parameters
    ----------
    rules : dict of str to callable
        Each makes a rule of an η.
    grad, value : callable
        Of many θ at once, (…, 2).
    starts : ndarray, shape (n, 2)
    steps : int
    grid : sequence of float

    Returns
    -------
    dict of str to ndarray, shape (len(grid), n)
    """

    def far(theta):
        return np.abs(theta).max(axis=-1, keepdims=True) > 1e3

    def held(theta):  # no slope out there: what has left the scene must not overflow
        return np.where(far(theta), 0, grad(np.where(far(theta), 0, theta)))

    costs = {name: [] for name in rules}
    for name, rule in rules.items():
        for eta in grid:
            end = walk(rule(eta), held, starts, steps)[-1]
            costs[name].append(np.where(far(end)[:, 0], np.inf, value(end)))
    return {name: np.array(rows) for name, rows in costs.items()}


def race(xs, ys, etas, *, steps=150):
    """Explorer of five rules in the curved valley, from a start that the reader chooses.

    Parameters
    ----------
    xs, ys : sequence of float
        The values that θ₁ and θ₂ can start at.
    etas : dict of str to float

    Returns
    -------
    draw, describe : callable
        Functions of ``x`` and ``y``.
    """
    kept = np.arange(steps + 1)
    starts = np.array([[(x, y) for y in ys] for x in xs])
    paths = {name: walk(RULES[name](eta), valley_grad, starts, steps) for name, eta in etas.items()}
    a, b = np.meshgrid(np.linspace(-2.6, 2.6, 60), np.linspace(-1.8, 4.3, 60))
    heights = valley(np.stack((a, b), axis=-1))

    def courses(x, y):
        i, j = list(xs).index(x), list(ys).index(y)
        return {name: path[:, i, j] for name, path in paths.items()}

    def draw(x, y):
        fig, (left, right) = panels(2, size=(3.9, 3.5))
        left.contour(a, b, heights, [0.05, 0.3, 1, 3, 8, 16], colors=COLORS.muted, linewidths=0.6)
        left.plot([1], [1], "X", color=COLORS.truth, markersize=8)
        ends = {name: np.log10(max(valley(path[-1]), 1e-9)) for name, path in courses(x, y).items()}
        labels = dict(zip(ends, spread(np.array(list(ends.values())), 0.62)))
        for name, path in courses(x, y).items():
            left.plot(*path[kept].T, color=LOOKS[name], linewidth=1.4, gid=show(name))
            cost = np.maximum(valley(path[kept]), 1e-13)  # where it leaves the axis it is cut off, not flat
            right.plot(kept, cost, color=LOOKS[name], linewidth=1.4, gid=show(name))
            right.text(1.03 * steps, 10 ** labels[name], name, color=LOOKS[name], va="center", fontsize=9)
        left.plot([x], [y], "o", color=COLORS.warn, markersize=8)
        left.set(xlabel="θ₁", ylabel="θ₂", xlim=(-2.6, 2.6), ylim=(-1.8, 4.3), title="drag the start")
        right.set(
            xlabel="step k",
            ylabel="cost f",
            yscale="log",
            xlim=(0, 1.42 * steps),
            ylim=(3e-10, 100),
            title=f"start at ({minus(f'{x:g}')}, {minus(f'{y:g}')})",
        )
        right.set_xticks([0, 50, 100, 150])
        return fig

    def describe(x, y):
        ends = {name: valley(path[-1]) for name, path in courses(x, y).items()}
        order = sorted(ends, key=ends.get)
        said = ", ".join(f"{name} {ends[name]:.1e}" for name in order)
        return f"From ({x:g}, {y:g}) the cost after {steps} steps, lowest first: {said}."

    return draw, describe


def race_in_time(times, etas, start, near_saddle):
    """Explorer of five rules step by step: in the curved valley, and from beside a saddle.

    Parameters
    ----------
    times : sequence of int
        Values of the slider, beginning with 0.
    etas : pair of dict of str to float
        For the valley and for the saddle.
    start, near_saddle : (float, float)

    Returns
    -------
    draw, describe : callable
        Functions of ``step``.
    """
    last = max(times)
    scenes = [(valley_grad, valley, start, etas[0]), (saddle_grad, saddle, near_saddle, etas[1])]
    paths = [
        {name: walk(RULES[name](eta), grad, at, last) for name, eta in rates.items()}
        for grad, _, at, rates in scenes
    ]
    boxes = [((-2.4, 2.4), (-1.8, 3.2)), ((-1.3, 1.3), (-0.8, 1.45))]
    levels = [[0.05, 0.3, 1, 3, 8, 16], [-0.24, -0.2, -0.12, -0.05, 0, 0.05, 0.2, 0.5]]

    def draw(step):
        fig, axes = panels(2, size=(3.9, 3.5))
        for ax, (_, value, at, _), runs, box, level in zip(axes, scenes, paths, boxes, levels):
            a, b = np.meshgrid(np.linspace(*box[0], 60), np.linspace(*box[1], 60))
            heights = value(np.stack((a, b), axis=-1))
            ax.contour(a, b, heights, level, colors=COLORS.muted, linewidths=0.6, linestyles="solid")
            ax.plot(*np.array(at)[:, None], "o", color=COLORS.muted)
            for k, (name, path) in enumerate(runs.items()):
                trail = path[max(0, step - 15) : step + 1]
                ax.plot(*trail.T, color=LOOKS[name], linewidth=1.2)
                at_step = path[step][:, None]
                size = 6.5 if step else 14 - 2.4 * k  # at the start, where all stand on one point, rings
                ax.plot(*at_step, "o", color=LOOKS[name], markersize=size, label=name, gid=show(name))
            ax.set(xlabel="θ₁", ylabel="θ₂", xlim=box[0], ylim=box[1])
        ground = {"facecolor": "white", "edgecolor": "none"}
        legend = axes[1].legend(
            loc="lower left",
            fontsize=8.5,
            handletextpad=0.2,
            ncols=3,
            columnspacing=0.8,
            frameon=True,
            framealpha=1,
            fancybox=False,
            borderpad=0.2,
            **ground,
        )
        for dot in legend.legend_handles:
            dot.set_markersize(6.5)
        axes[1].set_yticks([-0.5, 0, 0.5, 1])
        axes[0].set_title(f"curved valley, step {step}")
        axes[1].set_title(f"beside a saddle, step {step}")
        for text, place in {"saddle": (0.08, -0.1), "minimum": (0.06, 1.06)}.items():
            axes[1].text(*place, text, color=COLORS.muted, va="center", bbox=ground | {"pad": 0.6})
        return fig

    def describe(step):
        said = [
            ", ".join(f"{name} {value(path[step]):.3f}" for name, path in runs.items())
            for (_, value, _, _), runs in zip(scenes, paths)
        ]
        return f"Step {step}. Cost in the valley: {said[0]}. Cost beside the saddle: {said[1]}."

    return draw, describe


# ------------------------------------------------------------------------------------------------------ Adam
def draw_correction(steps, corrected, plain):
    """Step lengths of Adam under a constant gradient, with its correction and without, in units of η."""
    fig, ax = panels(size=(4.6, 3.0))
    ax.plot(steps, plain, color=COLORS.warn)
    ax.plot(steps, corrected, color=COLORS.fit)
    ax.text(30, plain[29] + 0.25, "not corrected", color=COLORS.warn)
    ax.text(6, 0.35, "corrected", color=COLORS.fit)
    ax.set(
        xscale="log",
        xlim=(1, steps[-1]),
        ylim=(0, 8),
        xlabel="step k",
        ylabel="length of the step, in units of η",
        title="A constant gradient: the first steps decide",
    )
    ax.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    ax.minorticks_off()
    return fig


def draw_convergence(courses, slope):
    """Distance from the minimum of several descents, and the course of a factor √β₁ a step, dashed.

    Parameters
    ----------
    courses : dict of str to (str, ndarray, (float, float), str)
        Of each label the rule's name, the errors, the place of the label and the style of the line.
    slope : ndarray
    """
    fig, ax = panels(size=(4.6, 3.6))
    for label, (name, error, at, style) in courses.items():
        k = np.arange(1, len(error) + 1)
        ax.plot(k, np.maximum(error, 1e-17), style, color=LOOKS[name], linewidth=1.3)
        ax.text(*at, label, color=LOOKS[name], fontsize=9, bbox=PAPER)
    ax.plot(np.arange(1, len(slope) + 1), slope, "--", color=COLORS.muted, linewidth=1.2)
    ax.text(45, 3e-15, "dashed:\n√0.9 a step", color=COLORS.muted, fontsize=9, bbox=PAPER)
    ax.set(
        xscale="log",
        yscale="log",
        xlim=(1, 10_000),
        ylim=(1e-16, 20),
        xlabel="step k",
        ylabel="distance from the minimum",
        title="Least squares with κ = 1.9",
    )
    ax.set_xticks([1, 10, 100, 1000, 10_000], ["1", "10", "100", "1000", "10⁴"])
    ax.set_yticks([1, 1e-4, 1e-8, 1e-12, 1e-16], ["1", "10⁻⁴", "10⁻⁸", "10⁻¹²", "10⁻¹⁶"])
    ax.minorticks_off()
    return fig


def draw_wrong_end(courses):
    """Where θ goes in the counterexample: ``courses`` maps a name to (path, place of the name)."""
    fig, ax = panels(size=(4.6, 3.2))
    for (name, (course, at)), color in zip(courses.items(), (COLORS.fit, COLORS.data, COLORS.truth)):
        k = np.unique(np.geomspace(1, len(course), 150).astype(int))
        ax.plot(k, course[k - 1], color=color)
        ax.text(*at, name, color=color, bbox=PAPER)
    ax.text(1.2 * len(course), 1, "the worst point", color=COLORS.muted, va="center")
    ax.text(1.2 * len(course), -1, "the minimum", color=COLORS.muted, va="center")
    ax.set(
        xscale="log",
        xlim=(1, 40 * len(course)),
        ylim=(-1.15, 1.15),
        xlabel="step k",
        ylabel="θ",
        title="Each third gradient is 3, the others −1",
    )
    ax.set_xticks([1, 10, 100, 1000, 10000], ["1", "10", "100", "1000", "10⁴"])
    ax.minorticks_off()
    return fig


def draw_sensitivity(etas, costs, places):
    """Final cost against η for each rule, with bands of ± one standard error over the seeds.

    Parameters
    ----------
    etas : ndarray, shape (n,)
    costs : dict of str to ndarray, shape (seeds, n)
    places : dict of str to (float, float)
        Where each rule's name is written.
    """
    fig, ax = panels(size=(4.6, 3.8))
    for name, cost in costs.items():
        mean, error = cost.mean(axis=0), cost.std(axis=0, ddof=1) / len(cost) ** 0.5
        ax.fill_between(etas, mean - error, mean + error, color=LOOKS[name], alpha=0.25, linewidth=0)
        ax.plot(etas, mean, "o-", color=LOOKS[name], markersize=3)
        ax.text(*places[name], name, color=LOOKS[name], bbox=PAPER)
    ax.set(
        xscale="log",
        yscale="log",
        xlim=(etas[0], etas[-1]),
        ylim=(0.05, 3),
        xlabel="learning rate η",
        ylabel="training cost, mean over the rows",
        title="Digits, softmax regression, 5 epochs, batches of 32",
    )
    ax.set_yticks([0.1, 0.3, 1, 3], ["0.1", "0.3", "1", "3"])
    ax.minorticks_off()
    return fig
