"""What the chapter on stochastic gradients draws: still figures, and what is behind each explorer."""

from math import ceil

import numpy as np

from mlcore.explore import COLORS, panels, show
from mlcore.explore._pieces import counted, equal_limits, level_curve, spread


class _Bowl:
    """The squared error of two centred columns: its minimum, level lines and examples' gradients."""

    def __init__(self, X, y):
        self.X, self.y, self.m = X, y, len(y)
        self.H = 2 * X.T @ X
        self.best = np.linalg.solve(self.H, 2 * X.T @ y)  # (2,)
        self.curvatures, self.axes = np.linalg.eigh(self.H)  # (2,), in columns
        self.L = self.curvatures[-1]
        self.lowest = np.sum((y - X @ self.best) ** 2)
        own = X[:, :, None] * np.column_stack((X, -y))[:, None, :]  # (m, 2, 3)
        self.own = 2 * self.m * own.reshape(self.m, 6).T.copy()  # of example i: ∇(mJᵢ) = own[:, i] @ (θ, 1)

    def excess(self, theta):
        """J(θ) − J(θ̂) as a share of J(θ̂), for θ (…, 2)."""
        away = theta - self.best
        return 0.5 * np.einsum("...i,ij,...j", away, self.H, away) / self.lowest

    def pulls(self, theta):
        """The gradient of each example, (m, 2)."""
        return 2 * self.X * (self.X @ theta - self.y)[:, None]

    def step(self, theta, rows, eta):
        """θ (runs, 2) after a step with the batch `rows` (runs, B) of each run."""
        X = self.X[rows]  # (runs, B, 2)
        missed = (X @ theta[..., None])[..., 0] - self.y[rows]  # (runs, B)
        return theta - eta * self.m * 2 * np.mean(X * missed[..., None], axis=1)

    def gradients(self, sums):
        """Means of `own`, (6, …), as matrices (…, 2, 2) and vectors (…, 2, 1): ĝ = matrix θ + vector."""
        maps = np.moveaxis(sums, 0, -1).reshape(*sums.shape[1:], 2, 3)
        return maps[..., :2], maps[..., 2:]

    def epoch(self, theta, order, batch, eta):
        """θ (m / batch, runs, 2) after each step of an epoch; the examples of a run are a row of `order`."""
        rows = order.reshape(len(order), -1, batch).T  # (batch, steps, runs)
        matrices, vectors = self.gradients(self.own.take(rows, axis=1).mean(axis=1))
        theta, path = theta[..., None], []
        for keep, push in zip(np.eye(2) - eta * matrices, -eta * vectors):
            theta = keep @ theta + push
            path.append(theta)
        return np.array(path)[..., 0]

    def cloud(self, eta, batch):
        """Standard deviations of θ along the two axes of the bowl, by formula, and the covariance."""
        C = self.axes.T @ np.cov(self.pulls(self.best).T, bias=True) @ self.axes * self.m**2 / batch
        keep = 1 - eta * self.curvatures
        V = eta**2 * C / (1 - np.outer(keep, keep))
        return np.sqrt(np.diag(V)), self.axes @ V @ self.axes.T

    def level_lines(self, ax, levels):
        """Level lines, `levels` of them as shares of the lowest cost above it, and the minimum."""
        for level in levels:
            ax.plot(
                *level_curve(self.best, self.H / 2, level * self.lowest), color=COLORS.muted, linewidth=0.7
            )
        ax.plot(*self.best[:, None], "x", color="black", markersize=8, markeredgewidth=2)


def _thin(points, most):
    """At most `most` rows of an array, evenly chosen, the first and the last among them."""
    if len(points) <= most:
        return points
    return points[np.round(np.linspace(0, len(points) - 1, most)).astype(int)]


def _plane(ax, names, **settings):
    """The plane of the two parameters, with its axes named."""
    ax.set(xlabel=f"θ₁ ({names[0]})", ylabel=f"θ₂ ({names[1]})", **settings)


def race(X, y, start, entries, passes, *, names, runs, rng):
    """Explorer of descents that have looked at equally many examples: one path each, and the mean cost.

    Parameters
    ----------
    X : ndarray, shape (m, 2)
        Two standardised columns.
    y : ndarray, shape (m,)
        Centred.
    start : ndarray, shape (2,)
    entries : dict of str to (int, float, str)
        Name -> examples in a batch, a divisor of m, ηL, colour.
    passes : sequence of float
        The values of the slider: how often the data have been looked at.
    names : pair of str
    runs : int
        Over how many runs the cost is averaged.
    rng : numpy.random.Generator

    Returns
    -------
    draw, describe, first : callable
        Functions of ``passes``; ``first`` names the entry with the lowest cost.
    """
    bowl, m, last = _Bowl(X, y), len(y), max(passes)
    tracks = {}
    for name, (batch, eta_L, _) in entries.items():
        theta = np.tile(start, (runs, 1))
        path, cost = [start[None]], [[bowl.excess(start)]]
        for _ in range(ceil(last)):
            order = rng.permuted(np.tile(np.arange(m), (runs, 1)), axis=1)
            steps_of = bowl.epoch(theta, order, batch, eta_L / bowl.L)
            theta = steps_of[-1]
            path.append(steps_of[:, 0])
            cost.append(bowl.excess(steps_of).mean(axis=1))
        cost = np.concatenate(cost)
        tracks[name] = np.concatenate(path), cost, batch * np.arange(len(cost)) / m
    limits = equal_limits((bowl.best + start) / 2 + [0.6, 0.4], 1.25 * np.abs(start - bowl.best).max())

    def steps(name, time):
        return np.searchsorted(tracks[name][2], time + 1e-9) - 1

    def now(name, time):
        return tracks[name][1][steps(name, time)]

    def draw(passes):
        fig, (left, right) = panels(2)
        bowl.level_lines(left, (0.03, 0.15, 0.4, 0.8, 1.4, 2.2))
        for name, (_, _, color) in entries.items():
            (path, cost, looked), end = tracks[name], steps(name, passes) + 1
            early = _thin(path[: min(end, m)], 110)
            left.plot(*np.vstack((early, _thin(path[m:end], 50))).T, color=color, linewidth=1, gid=show(name))
            left.plot(*path[end - 1][:, None], "o", color=color, markersize=7)
            marks = np.unique(np.searchsorted(looked, np.geomspace(1 / m, last, 50)))
            marks = np.append(marks[marks < end - 1], end - 1)
            right.plot(
                np.maximum(looked[marks], 1 / m), cost[marks], color=color, linewidth=1.6, gid=show(name)
            )
            right.plot(
                [passes],
                [now(name, passes)],
                "o",
                color=color,
                markersize=7,
                label=f"{name}, B = {entries[name][0]}, ηL = {entries[name][1]:g}",
            )
        left.plot(*start[:, None], "s", color="black", markersize=5)
        left.text(*start + [0, 0.5], "start", ha="center")
        right.legend(loc="lower left")
        _plane(left, names, title="one run of each", **limits)
        right.set(
            xscale="log",
            yscale="log",
            xlabel="passes through the data",
            ylabel="excess cost, in shares of J(θ̂)",
            xlim=(0.7 / m, 1.3 * last),
            ylim=(1e-5, 8),
            title=f"mean cost after {_passes(passes)}",
        )
        return fig

    def describe(passes):
        parts = [
            f"{name.capitalize()}: {_counted(steps(name, passes), 'step')}, "
            f"cost {now(name, passes):.2%} above the lowest"
            for name in entries
        ]
        return f"After {_passes(passes)} through {m} cars, means of {runs} runs. " + ". ".join(parts) + "."

    def first(passes):
        return min(entries, key=lambda name: now(name, passes))

    return draw, describe, first


def _passes(number):
    return f"{number:.3g} pass{'' if number == 1 else 'es'}"


def _counted(number, word):
    return f"{number} {word}{'' if number == 1 else 's'}"


def sampled_angles(stages, batches, *, draws, rng):
    """Explorer of gradients of small batches: how far do they point from the whole gradient?

    Parameters
    ----------
    stages : dict of str to ndarray, shape (m, n)
        Name of a moment of the training -> the gradients of the examples.
    batches : sequence of int
        The values of the slider.
    draws : int
        Batches drawn of each size.
    rng : numpy.random.Generator

    Returns
    -------
    draw, describe, mean_angle : callable
        Functions of ``stage`` and ``batch``.
    """
    batches, grid = list(batches), np.geomspace(min(batches), max(batches), 60)
    colors = dict(zip(stages, (COLORS.fit, COLORS.alt, COLORS.warn)))
    arrows, angles, curves = {}, {}, {}
    for name, gradients in stages.items():
        m, whole = len(gradients), gradients.mean(axis=0)
        length = np.linalg.norm(whole)
        total = np.sum(gradients**2) / m - length**2  # the variances of all entries, added up
        curves[name] = np.degrees(np.arctan(np.sqrt(total / grid * (m - grid) / (m - 1)) / length))
        for batch in batches:
            drawn = [gradients[rng.choice(m, batch, replace=False)].mean(axis=0) for _ in range(draws)]
            along = np.array([g @ whole for g in drawn]) / length**2
            across = np.array([np.linalg.norm(g - a * whole) for g, a in zip(drawn, along)]) / length
            across *= np.where(np.arange(draws) % 2, 1, -1)
            arrows[name, batch] = along, across
            angles[name, batch] = np.degrees(np.arctan2(np.abs(across), along))

    def mean_angle(stage, batch):
        return angles[stage, batch].mean()

    def draw(stage, batch):
        fig, (left, right) = panels(2)
        along, across = arrows[stage, batch]
        size = np.hypot(along, across)
        lines = np.full((draws, 3, 2), np.nan)
        lines[:, 0], lines[:, 1, 0], lines[:, 1, 1] = 0, along / size, across / size
        left.plot(*lines.reshape(-1, 2).T, color=colors[stage], linewidth=0.9, gid=show("batches"))
        left.plot([0, 1], [0, 0], color="black", linewidth=2.6)
        left.text(1.05, 0, "whole", va="center")
        left.set(
            xlabel="part along the whole gradient",
            ylabel="part across it",
            title=f"{draws} batches of {batch}",
            **equal_limits((0.25, 0), 2.3),
        )
        for name, curve in curves.items():
            bold = name == stage
            right.plot(grid, curve, color=colors[name], linewidth=2 if bold else 1, gid=show("curves"))
            right.plot(
                batches,
                [mean_angle(name, b) for b in batches],
                "o",
                color=colors[name],
                markersize=4,
                gid=show("curves"),
            )
        right.plot([batch], [mean_angle(stage, batch)], "o", color=colors[stage], markersize=9)
        for name, (x, y) in labels.items():
            right.text(x, y, name, color=colors[name], gid=show("curves"))
        right.set(
            xscale="log",
            xlabel="examples in the batch B",
            ylabel="mean angle (degrees)",
            xlim=(min(batches) / 1.3, max(batches) * 1.3),
            ylim=(0, 102),
            title=f"{stage}: {mean_angle(stage, batch):.0f}°",
        )
        return fig

    first, *_, last = stages
    middle = [name for name in stages if name not in (first, last)]
    labels = {first: (1.1, 38), last: (60, 95), **dict.fromkeys(middle, (8, 67))}

    def describe(stage, batch):
        found = angles[stage, batch]
        return (
            f"{stage.capitalize()}, {draws} batches of {batch} of the {m} images. Their gradients lie "
            f"{found.mean():.0f}° from the whole gradient on average, from {found.min():.0f}° to "
            f"{found.max():.0f}°."
        )

    return draw, describe, mean_angle


def draw_batch_variance(batches, drawn, curves):
    """Mean squared error of a batch's gradient against B, with and without replacement.

    Parameters
    ----------
    batches : ndarray, shape (n,)
    drawn : dict of str to ndarray, shape (n,)
        Measured.
    curves : dict of str to (ndarray, ndarray)
        By formula: B and the error.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = panels()
    for (name, measured), color in zip(drawn.items(), (COLORS.warn, COLORS.fit)):
        ax.plot(*curves[name], color=color)
        ax.plot(batches, measured, "o", color=color, label=name)
    ax.legend(loc="lower left")
    ax.set(
        xscale="log",
        yscale="log",
        xlabel="examples in the batch B",
        ylabel="mean of ‖ĝ − ∇J‖² / ‖∇J‖²",
    )
    return fig


def draw_pulls(X, y, eta_L, *, names, steps, rng):
    """At the minimum each example still pulls; and where online descent wanders that starts there.

    Parameters
    ----------
    X : ndarray, shape (m, 2)
        Two standardised columns.
    y : ndarray, shape (m,)
        Centred.
    eta_L : float
    names : pair of str
    steps : int
    rng : numpy.random.Generator

    Returns
    -------
    matplotlib.figure.Figure
    """
    bowl = _Bowl(X, y)
    pulls = -eta_L / bowl.L * bowl.m * bowl.pulls(bowl.best)  # the step that each example asks for
    lines = np.zeros((bowl.m, 2, 2))
    lines[:, 1] = pulls
    theta, path = bowl.best[None], [bowl.best]
    for _ in range(steps):
        theta = bowl.step(theta, rng.integers(bowl.m, size=(1, 1)), eta_L / bowl.L)
        path.append(theta[0])
    fig, (left, right) = panels(2)
    left.plot(*lines.reshape(-1, 2).T, color=COLORS.warn, linewidth=0.5)
    left.plot(0, 0, "x", color="black", markersize=9, markeredgewidth=2.4)
    reach = 1.15 * np.quantile(np.abs(pulls), 0.995)
    left.text(0.25 * reach, -0.75 * reach, f"{bowl.m} pulls,\nsum zero", va="center")
    left.set(
        xlabel=f"step in θ₁ ({names[0]})",
        ylabel=f"step in θ₂ ({names[1]})",
        title="the step that each car asks for",
        **equal_limits((0, 0), 2 * reach),
    )
    right.plot(*np.array(path).T, color=COLORS.fit, linewidth=0.8)
    bowl.level_lines(right, (0.01, 0.05, 0.12, 0.22))
    _plane(
        right,
        names,
        title=f"{steps} online steps from the minimum",
        **equal_limits(bowl.best, 6.5),
    )
    return fig


def batch_paths(X, y, start, batches, *, eta_L, epochs, runs, names, rng):
    """Explorer of the batch size: a path, the cloud in which it ends, and the cost of the way there.

    Parameters
    ----------
    X : ndarray, shape (m, 2)
        Two standardised columns.
    y : ndarray, shape (m,)
        Centred.
    start : ndarray, shape (2,)
    batches : sequence of int
        The values of the slider: divisors of m that rise.
    eta_L : float
        The learning rate in units of 1/L, the same for all.
    epochs, runs : int
        Length of the path, and over how many runs the cost is averaged.
    names : pair of str
    rng : numpy.random.Generator

    Returns
    -------
    draw, describe, width : callable
        Functions of ``batch``; ``width`` is the root mean square distance of the cloud from the minimum.
    """
    bowl, m, batches = _Bowl(X, y), len(y), list(batches)
    eta = eta_L / bowl.L
    paths, costs = {}, {}
    for batch in batches:
        theta = np.tile(start, (runs, 1))
        path, costs[batch] = [start[None]], [bowl.excess(start)]
        for _ in range(epochs):
            order = rng.permuted(np.tile(np.arange(m), (runs, 1)), axis=1)
            steps_of = bowl.epoch(theta, order, batch, eta)
            theta = steps_of[-1]
            path.append(steps_of[:, 0])
            costs[batch].append(bowl.excess(theta).mean())
        paths[batch] = np.concatenate(path)
    sizes, squares, before = np.array(batches), 0.0, [0, *batches[:-1]]
    theta = np.tile(bowl.best[:, None], (60, len(sizes), 1, 1))  # all batch sizes side by side
    for k in range(600):  # batches drawn afresh: the first `batch` rows of a new order each
        order = rng.permuted(np.tile(np.arange(m), (60, 1)), axis=1)
        each = bowl.own.take(order[:, : sizes[-1]], axis=1)
        added = np.add.reduceat(each, before, axis=-1)  # what a batch has more than the one before
        matrices, vectors = bowl.gradients(np.cumsum(added, axis=-1) / sizes)
        theta = theta - eta * (matrices @ theta + vectors)
        if k >= 300:
            squares = squares + np.mean(np.sum((theta[..., 0] - bowl.best) ** 2, axis=2), axis=0) / 300
    clouds, squares = dict(zip(batches, theta[..., 0].swapaxes(0, 1))), dict(zip(batches, squares))
    limits = equal_limits((bowl.best + start) / 2 + [0.3, 0.4], 1.3 * np.abs(start - bowl.best).max())

    heights = np.exp(spread(np.log([costs[batch][-1] for batch in batches]), 0.5))

    def width(batch):
        return np.sqrt(squares[batch])

    def draw(batch):
        fig, (left, right) = panels(2)
        bowl.level_lines(left, (0.03, 0.15, 0.4, 0.8, 1.4))
        left.plot(*_thin(paths[batch], 250).T, color=COLORS.fit, linewidth=0.9, gid=show("path"))
        left.plot(*clouds[batch].T, "o", color=COLORS.warn, markersize=2.5, gid=show("cloud"))
        left.plot(*start[:, None], "s", color="black", markersize=5)
        _plane(
            left,
            names,
            title=f"{epochs} epochs, {len(paths[batch]) - 1} steps",
            **limits,
        )
        for other, height in zip(batches, heights):
            right.plot(costs[other], color=COLORS.muted, linewidth=0.8)
            bold = {"color": COLORS.fit, "fontweight": "bold"} if other == batch else {"color": COLORS.muted}
            right.text(epochs + 0.1, height, f"{other}", va="center", fontsize=8, **bold)
        right.plot(costs[batch], color=COLORS.fit, linewidth=2.2)
        right.text(epochs + 0.1, 3, "B", color=COLORS.muted, fontsize=9)
        right.set(
            yscale="log",
            xlabel="epochs",
            ylabel="excess cost, in shares of J(θ̂)",
            xlim=(0, epochs + 1),
            ylim=(8e-4, 7),
            title=f"B = {batch}, steps per epoch: {ceil(m / batch)}",
        )
        return fig

    def describe(batch):
        return (
            f"Batches of {batch}: an epoch of {m} cars makes {_counted(ceil(m / batch), 'step')}. "
            f"After {epochs} epochs the cost is {costs[batch][-1]:.1%} above the lowest, "
            f"averaged over {runs} runs."
        )

    return draw, describe, width


def rate_and_batch(X, y, rates, batches, *, steps, runs, names, rng):
    """Explorer of the cloud around the minimum, for each learning rate and batch size.

    Parameters
    ----------
    X : ndarray, shape (m, 2)
        Two standardised columns.
    y : ndarray, shape (m,)
        Centred.
    rates : sequence of float
        ηL.
    batches : sequence of int
    steps, runs : int
        Steps before the cloud is looked at, and runs that make it.
    names : pair of str
    rng : numpy.random.Generator

    Returns
    -------
    draw, describe, width : callable
        Functions of ``rate`` and ``batch``; ``width`` is the root mean square distance from the minimum.
    """
    bowl, rates, batches = _Bowl(X, y), list(rates), list(batches)
    etas = np.array(rates) / bowl.L
    clouds = {}
    for batch in batches:
        theta = np.tile(bowl.best[:, None], (runs, 1, len(rates)))  # (runs, 2, rates)
        for done in range(0, steps, 50):  # the batches of fifty steps are looked up at once
            rows = rng.integers(bowl.m, size=(min(50, steps - done), runs, batch)).transpose(2, 0, 1)
            means = bowl.own.take(rows.astype(np.intp), axis=1).mean(axis=1)  # (6, steps, runs)
            for matrix, vector in zip(*bowl.gradients(means)):
                theta = theta - etas * (matrix @ theta + vector)
            theta = np.clip(theta, -1e6, 1e6)
        clouds |= {(rate, batch): theta[..., k] for k, rate in enumerate(rates)}
    limits = equal_limits(bowl.best, 8)

    def measured(rate, batch):
        return np.sqrt(np.mean(np.sum((clouds[rate, batch] - bowl.best) ** 2, axis=1)))

    def outside(rate, batch):
        low, high = np.array([limits["xlim"], limits["ylim"]]).T
        inside = np.all((clouds[rate, batch] > low) & (clouds[rate, batch] < high), axis=1)
        return np.sum(~inside)

    def width(rate, batch):
        return np.sqrt(np.sum(bowl.cloud(rate / bowl.L, batch)[0] ** 2))

    def draw(rate, batch):
        fig, (left, right) = panels(2)
        bowl.level_lines(left, (0.05, 0.3, 0.8))
        left.plot(*clouds[rate, batch].T, "o", color=COLORS.fit, markersize=2.5, gid=show("runs"))
        V = bowl.cloud(rate / bowl.L, batch)[1]
        ellipse = level_curve(bowl.best, np.linalg.inv(V), 4)
        left.plot(*ellipse, color=COLORS.warn, gid=show("ellipse"))
        _plane(
            left,
            names,
            title=f"{runs} runs, {outside(rate, batch)} outside the frame",
            **limits,
        )
        for ratio in (0.16, 0.04, 0.01, 0.0025):
            fine = np.array([batches[0] / 1.5, batches[-1] * 1.5])
            right.plot(fine, ratio * fine, color=COLORS.muted, linewidth=0.8, gid=show("ratio lines"))
        right.axhline(2, color=COLORS.warn, linewidth=1.2)
        right.text(batches[0], 2.15, "η = 2/L", color=COLORS.warn)
        right.plot([batch], [rate], "o", color=COLORS.fit, markersize=9)
        right.set(
            xscale="log",
            yscale="log",
            xlabel="examples in the batch B",
            ylabel="learning rate ηL",
            xlim=(batches[0] / 1.5, batches[-1] * 1.5),
            ylim=(rates[0] / 1.5, 4),
            title="along a grey line η/B is constant",
        )
        right.set_xticks(batches, [f"{b}" for b in batches], minor=False)
        right.set_xticks([], minor=True)
        return fig

    def describe(rate, batch):
        found = measured(rate, batch)
        seen = f"{found:.2f}" if found < 100 else "beyond all bounds"
        return (
            f"ηL = {rate:g}, batches of {batch}: the runs' distance from the minimum (root mean square) is "
            f"{seen}; the formula says {width(rate, batch):.2f}."
        )

    return draw, describe, width


def schedules_raced(runs, curves, target, moments, *, unit):
    """Explorer of learning-rate schedules on one number: some runs, and the error of many.

    Parameters
    ----------
    runs : dict of str to ndarray, shape (steps + 1, n)
        Schedule -> the estimates of n runs after each step.
    curves : dict of str to ndarray, shape (steps + 1,)
        Root mean square errors by formula.
    target : float
        What is right.
    moments : sequence of int
        The values of the slider for the step.
    unit : str

    Returns
    -------
    draw, describe, best : callable
        Functions of ``schedule`` and ``step``; ``best`` names the schedule with the smallest error.
    """
    last = max(moments)
    marks = np.unique(np.round(np.geomspace(1, last, 70)).astype(int))
    errors = {name: np.full(len(paths), np.nan) for name, paths in runs.items()}
    seen_at = np.union1d(marks, moments)
    for name, paths in runs.items():
        errors[name][seen_at] = np.sqrt(np.mean((paths[seen_at] - target) ** 2, axis=1))
    paint = (COLORS.fit, COLORS.alt, COLORS.truth)

    def best(schedule, step):
        return min(errors, key=lambda name: errors[name][step])

    def draw(schedule, step):
        seen = marks[marks <= step]
        fig, (left, right) = panels(2)
        left.axhline(target, color="black", linewidth=0.9)
        for k, color in enumerate(paint):
            left.plot(seen, runs[schedule][seen, k], color=color, linewidth=1, gid=show("runs"))
            left.plot([step], runs[schedule][step, [k]], "o", color=color, markersize=5)
        left.set(
            xscale="log",
            xlabel="step k",
            ylabel=f"estimate θ ({unit})",
            xlim=(0.8, 1.3 * last),
            ylim=(0, 46),
            title=f"{schedule}: three of the runs",
        )
        for error in errors.values():
            right.plot(seen, error[seen], color=COLORS.muted, linewidth=0.8, gid=show("others"))
        right.plot(
            seen, curves[schedule][seen], color=COLORS.warn, linewidth=3.4, alpha=0.45, gid=show("formula")
        )
        right.plot(seen, errors[schedule][seen], color=COLORS.fit, linewidth=1.4, gid=show("measured"))
        right.plot([step], errors[schedule][[step]], "o", color=COLORS.fit, markersize=7)
        right.text(1, 0.13, "line: measured, all runs", color=COLORS.fit, fontsize=8)
        right.text(1, 0.07, "band: by formula", color=COLORS.warn, fontsize=8)
        right.set(
            xscale="log",
            yscale="log",
            xlabel="step k",
            ylabel=f"root mean square error ({unit})",
            xlim=(0.8, 1.3 * last),
            ylim=(0.05, 40),
            title=f"error after {counted(step, 'step')}: {errors[schedule][step]:.2f}",
        )
        return fig

    def describe(schedule, step):
        return (
            f"Schedule {schedule}, after {counted(step, 'step')}: root mean square error "
            f"{errors[schedule][step]:.2f} {unit} over {runs[schedule].shape[1]} runs; the formula "
            f"says {curves[schedule][step]:.2f}."
        )

    return draw, describe, best


def draw_averaging(epochs, last, mean, curves, path, means, X, y, *, names):
    """The last iterate and the mean of all iterates: one run over the level lines, and the cost of many.

    Parameters
    ----------
    epochs : ndarray, shape (n,)
    last, mean : ndarray, shape (n,)
        Cost above the lowest, in shares of it, averaged over runs.
    curves : (ndarray, ndarray, ndarray), shape (n,)
        The same by formula, and the mean's for many steps.
    path, means : ndarray, shape (steps, 2)
        One run, and the mean of its iterates so far.
    X : ndarray, shape (m, 2)
    y : ndarray, shape (m,)
    names : pair of str

    Returns
    -------
    matplotlib.figure.Figure
    """
    bowl = _Bowl(X, y)
    fig, (left, right) = panels(2)
    bowl.level_lines(left, (0.02, 0.1, 0.25, 0.5))
    left.plot(*_thin(path, 400).T, color=COLORS.fit, linewidth=0.6)
    left.plot(*_thin(means, 200).T, color=COLORS.warn, linewidth=2)
    _plane(
        left,
        names,
        title="iterates, and their running mean",
        **equal_limits(bowl.best, 8),
    )
    for measured, curve, color in zip((last, mean), curves, (COLORS.fit, COLORS.warn)):
        right.plot(epochs, curve, color=color, linewidth=3.4, alpha=0.4)
        right.plot(epochs, measured, "o", color=color, markersize=4)
    right.plot(epochs, curves[2], color=COLORS.warn, linewidth=1, linestyle="--")
    right.text(epochs[-1], 1.4 * last.max(), "last iterate", color=COLORS.fit, ha="right")
    right.text(epochs[0], 0.12 * mean[0], "mean of iterates", color=COLORS.warn)
    right.set(
        xscale="log",
        yscale="log",
        xlabel="passes",
        ylabel="excess cost, in shares of J(θ̂)",
        title="formula (band) and 200 runs (dots)",
    )
    return fig


def draw_scaling(batches, measured, curve, costs):
    """The rate in proportion to the batch: the cloud of one number, and the cost on the images.

    Parameters
    ----------
    batches : ndarray, shape (n,)
    measured : ndarray, shape (n,)
        Variance around the minimum, in shares of that at B = 1.
    curve : (ndarray, ndarray)
        The same by formula, against B.
    costs : dict of str to (ndarray, ndarray)
        "fixed" and "scaled" -> batch sizes and costs per image.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, (left, right) = panels(2)
    left.plot(*curve, color=COLORS.warn, linewidth=3.4, alpha=0.4)
    left.plot(batches, measured, "o", color=COLORS.fit)
    left.set(
        xscale="log",
        yscale="log",
        xlabel="examples in the batch B",
        ylabel="variance, in units of that at B = 1",
        title="one number, η in proportion to B",
    )
    for (sizes, values), color in zip(costs.values(), (COLORS.data, COLORS.fit)):
        right.plot(sizes, values, "o-", color=color)
    fixed, scaled = costs
    right.text(60, 0.36, fixed, color=COLORS.data, ha="right")
    right.text(7, 0.281, scaled, color=COLORS.fit)
    right.set(
        xscale="log",
        xlabel="examples in the batch B",
        ylabel="cost per image after 2 epochs",
        ylim=(0.27, 0.5),
        title="15 000 images",
    )
    return fig


def draw_images(tracks, moments, early):
    """Cost per image against epochs and against steps, for several batch sizes.

    Parameters
    ----------
    tracks : dict of int to sequence of float
        Batch size -> the cost at the start and after each epoch.
    moments : sequence of int
        Steps.
    early : dict of int to sequence of float
        Batch size -> the cost after so many steps.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, (left, right) = panels(2)
    heights = dict(zip(early, spread(np.array([costs[-1] for costs in early.values()]), 0.028)))
    for (batch, costs), color in zip(tracks.items(), (COLORS.warn, COLORS.alt, COLORS.truth, COLORS.fit)):
        left.plot(costs, color=color, label=f"B = {batch}")
        right.plot(moments, early[batch], "o-", color=color, markersize=3)
        right.text(1.15 * moments[-1], heights[batch], f"{batch}", color=color, va="center")
    left.legend(loc="upper right")
    left.set(xlabel="epochs", ylabel="training cost per image", ylim=(0.25, 0.72), title="against epochs")
    right.set(
        xscale="log",
        xlabel="steps",
        ylabel="training cost per image",
        xlim=(0.9, 5 * moments[-1]),
        ylim=(0.25, 0.72),
        title="against steps",
    )
    return fig
