"""Figures of the chapter on likelihood.

Each factory computes once what all frames share, and returns the pair ``draw, describe`` that `explore`
wants.
"""

import numpy as np

from mlcore.explore import COLORS, panels, show
from mlcore.explore._pieces import counted
from mlcore.explore._pieces import spread as spaced
from mlcore.linear import LinearRegression, least_absolute_deviations, linear_nll, most_likely
from mlcore.probability import tosses_log_likelihood
from mlcore.teach import minus


def bell(x, mu=0.0, sigma=1.0):
    """The density N(x | μ, σ²)."""
    return np.exp(-(((x - mu) / sigma) ** 2) / 2) / np.sqrt(2 * np.pi * sigma**2)


def with_ones(x):
    """The columns 1 and x."""
    return np.column_stack((np.ones(len(x)), x))


# ---------------------------------------------------------------------------------------------- three numbers
def three_points(y, thetas):
    """A bell N(θ, 1) over some numbers, its heights there, and their product against θ.

    Parameters
    ----------
    y : array_like, shape (m,)
    thetas : sequence of float
        The values of the slider: they set the limits of the axes.

    Returns
    -------
    draw, describe : callable
        Functions of ``theta``.
    """
    y = np.sort(np.asarray(y, float))  # factors stand in the order of the bars
    over = np.linspace(min(thetas) - 1.5, max(thetas) + 1.5, 141)
    grid = np.linspace(min(thetas), max(thetas), 121)
    likelihood = bell(y[:, None], grid).prod(axis=0)
    top = 1.18 * likelihood.max()

    def said(height):
        return f"{height:.2f}" if height > 0.1 else f"{height:.2g}"

    def draw(theta):
        heights = bell(y, theta)
        near = np.abs(theta - y) < 0.25
        sides = np.where(near, 0, np.where(theta < y, 1, -1))  # where the bell falls away
        labels = heights + 0.005
        if abs(sides.sum()) == len(y):  # all on one side: one above the other, and none in the axis
            labels = spaced(heights, 0.037)
            labels += max(0, 0.015 - labels.min())
        fig, (left, right) = panels(2)
        left.plot(over, bell(over, theta), color=COLORS.fit, gid=show("bell"))
        for place, height, side, label in zip(y, heights, sides, labels):
            left.plot([place, place], [0, height], color=COLORS.warn, linewidth=2.4, gid=show("heights"))
            left.text(
                place + 0.09 * side,
                label if side else height + 0.05,  # above the handle's ring
                said(height),
                color=COLORS.warn,
                fontsize=9,
                ha=("center", "left", "right")[side],
            )
        left.plot(y, np.zeros_like(y), "o", color=COLORS.data, markersize=7, clip_on=False)
        left.plot([theta], bell(np.zeros(1)), "o", color=COLORS.fit, markersize=7)
        left.set(
            xlim=over[[0, -1]],
            ylim=(0, 0.5),
            xlabel="reading y (g above 20)",
            ylabel="density",
            title="bell N(θ, 1) and its heights at the data",
        )
        right.plot(grid, likelihood, color=COLORS.fit, gid=show("likelihood"))
        right.plot([theta, theta], [0, heights.prod()], color=COLORS.warn, linewidth=1.2)
        right.plot([theta], [heights.prod()], "o", color=COLORS.warn, markersize=7)
        right.set(
            xlim=(min(thetas) - 0.3, max(thetas) + 0.3),  # the ring of the handle stays beside the ticks
            ylim=(-0.08 * top, top),
            xlabel="true value θ (g above 20)",
            ylabel="product of the heights",
            title=minus(f"{' × '.join(map(said, heights))} = {heights.prod():.2g}"),
        )
        return fig

    def describe(theta):
        heights = bell(y, theta)
        product = " times ".join(f"{height:.3g}" for height in heights)
        return (
            f"The bell stands at θ = {theta:g}. Its heights at the {len(y)} data multiply to {product} = "
            f"{heights.prod():.3g}."
        )

    return draw, describe


# ---------------------------------------------------------------------------------------------------- a coin
def tosses(counts):
    """The likelihood of p after some tosses, and its logarithm with the parabola of the standard error.

    Parameters
    ----------
    counts : sequence of int
        Numbers of tosses, multiples of ten.

    Returns
    -------
    draw, describe : callable
        Functions of ``ones``, the number of ones in ten tosses, and of ``m``, the number of tosses.
    """
    inner = (np.arange(200) + 0.5) / 200
    floor = -6.0

    def curve(ones, m):
        """Grid with the ends where they have a likelihood, and the logarithm, 0 at the largest."""
        p = np.unique(np.append(inner, np.clip(ones / 10 + np.linspace(-0.1, 0.1, 41), 1e-4, 1 - 1e-4)))
        k, at = ones * m // 10, np.clip(ones / 10, 1e-12, 1 - 1e-12)
        return p, tosses_log_likelihood(k, m, p) - tosses_log_likelihood(k, m, at)

    def draw(ones, m):
        p, log_likelihood = curve(ones, m)
        best = ones / 10
        spread = np.sqrt(best * (1 - best) / m)
        near = best + spread * np.linspace(-3.4, 3.4, 41) if spread else np.full(41, np.nan)
        fig, (left, right) = panels(2)
        left.plot(p, np.exp(log_likelihood), color=COLORS.fit, gid=show("likelihood"))
        left.plot([best], [1], "o", color=COLORS.warn, markersize=7)
        left.set(
            xlim=(-0.07, 1.07),  # the ring of the handle stays beside the ticks
            ylim=(0, 1.15),
            xlabel="p",
            ylabel="share of the largest likelihood",
            title=f"{counted(ones * m // 10, 'one')} in {m} tosses",
        )
        seen = log_likelihood > floor - 1
        right.plot(p[seen], log_likelihood[seen], color=COLORS.fit, gid=show("likelihood"))
        inside = (near > 0) & (near < 1)
        right.plot(
            near[inside],
            -(((near[inside] - best) / spread) ** 2) / 2 if spread else [],
            "--",
            color=COLORS.warn,
            gid=show("parabola"),
        )
        right.plot([best], [0], "o", color=COLORS.warn, markersize=7)
        right.set(
            xlim=(-0.02, 1.02),
            ylim=(floor, 0.6),
            xlabel="p",
            ylabel="log-likelihood, 0 at the top",
            title="its logarithm, and a parabola (dashed)"
            if spread
            else "its logarithm: no parabola at an edge",
        )
        return fig

    def describe(ones, m):
        p, k = np.linspace(0, 1, 20_001)[1:-1], ones * m // 10
        high = tosses_log_likelihood(k, m, p) - tosses_log_likelihood(
            k, m, np.clip(ones / 10, 1e-12, 1 - 1e-12)
        )
        inside = p[high > np.log(0.5)]
        return (
            f"{counted(ones * m // 10, 'one')} in {m} tosses: the most plausible p is {ones / 10:g}. The "
            f"likelihood is more than half of the largest from p = {inside.min():.3f} "
            f"to p = {inside.max():.3f}."
        )

    return draw, describe


# ------------------------------------------------------------------------------------------ linear regression
def bells_on_a_line(x, y, places, car, *, xlabel, ylabel):
    """The fitted line with the density of y standing on it at some places, and one point's own height.

    Parameters
    ----------
    x, y : array_like, shape (m,)
    places : sequence of float
        Where bells stand.
    car : int
        The example whose height is marked.
    xlabel, ylabel : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    theta, sigma = most_likely(with_ones(x), y)
    fig, ax = panels(size=(4.6, 4.2))
    ax.plot(x, y, "o", color=COLORS.muted, markersize=2, alpha=0.7)
    ends = np.array([1.4, 5.6])
    ax.plot(ends, theta[0] + theta[1] * ends, color=COLORS.fit)
    up = np.linspace(-3.2, 3.2, 81) * sigma
    wide = 0.55 / bell(0.0, sigma=sigma)

    def stand(place, color):
        middle = theta[0] + theta[1] * place
        ax.plot(
            np.full(2, place), middle + 3.2 * sigma * np.array([-1, 1]), color=COLORS.muted, linewidth=0.8
        )
        ax.fill_betweenx(
            middle + up, place, place + wide * bell(up, sigma=sigma), color=color, alpha=0.18, linewidth=0
        )
        ax.plot(place + wide * bell(up, sigma=sigma), middle + up, color=color, linewidth=1.6)
        return middle

    for place in places:
        stand(place, COLORS.alt)
    middle = stand(x[car], COLORS.alt)
    reach = x[car] + wide * bell(y[car] - middle, sigma=sigma)
    ax.plot([x[car], reach], [y[car], y[car]], color=COLORS.warn, linewidth=2.6)
    ax.plot([x[car]], [y[car]], "o", color=COLORS.warn, markersize=7)
    ax.annotate(
        f"the density at this car is {bell(y[car] - middle, sigma=sigma):.2f}:\none factor of the likelihood",
        (reach, y[car]),
        (2.35, 10.2),
        color=COLORS.warn,
        fontsize=9,
        va="center",
        arrowprops={"arrowstyle": "-", "color": COLORS.warn, "linewidth": 0.8},
    )
    ax.annotate(
        "N(θ₀ + xθ₁, σ²)",
        (places[0] + 0.3, theta[0] + theta[1] * places[0] + 1.1 * sigma),
        (1.5, 7.0),
        color=COLORS.alt,
        fontsize=10,
        arrowprops={"arrowstyle": "-", "color": COLORS.alt, "linewidth": 0.8},
    )
    ax.text(5.1, theta[0] + theta[1] * 5.1 - 0.95, "θ₀ + xθ₁", color=COLORS.fit, fontsize=10)
    ax.set(xlim=(1.4, 5.8), ylim=(0.5, 12), xlabel=xlabel, ylabel=ylabel)
    return fig


def slope_and_sigma(x, y, slopes, sigmas, *, xlabel, ylabel):
    """A line with the spread around it, beside the landscape of the negative log-likelihood over slope and σ.

    Parameters
    ----------
    x, y : array_like, shape (m,)
    slopes, sigmas : sequence of float
        The values that the sliders will take: they set the limits of the axes.
    xlabel, ylabel : str

    Returns
    -------
    draw, describe : callable
        Functions of ``theta1`` and ``sigma``. The intercept is the best one for the slope.
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    A, m = with_ones(x), len(y)
    best, least = most_likely(A, y)
    spread = ((x - x.mean()) ** 2).sum()
    J_min = m * least**2
    wide = (min(slopes) - 0.2, max(slopes) + 0.2)
    tall = (0.85 * min(sigmas), 1.03 * max(sigmas))
    ends = np.array([x.min() - 0.2, x.max() + 0.2])

    def nll(theta1, sigma):
        return linear_nll(A, y, np.array([y.mean() - theta1 * x.mean(), theta1]), sigma)[0]

    low = nll(best[1], least)

    def ring(height):
        """Where the NLL is `height` above its minimum, as a closed curve (2, n)."""

        def room(sigma):
            """How much larger than its minimum J is on the curve, 0 at the lowest and the highest σ."""
            return 2 * sigma**2 * (low + height - m / 2 * np.log(2 * np.pi * sigma**2)) - J_min

        ends = []
        for a, b in ((least, least / 50), (least, 50 * least)):  # room(a) > 0 > room(b)
            for _ in range(50):
                middle = np.sqrt(a * b)
                a, b = (middle, b) if room(middle) > 0 else (a, middle)
            ends.append(a)
        sigma = ends[0] + (ends[1] - ends[0]) * (1 - np.cos(np.linspace(0, np.pi, 160))) / 2
        half = np.sqrt(np.maximum(room(sigma), 0) / spread)
        curve = np.array([np.append(best[1] - half, best[1] + half[::-1]), np.append(sigma, sigma[::-1])])
        return np.column_stack((curve, curve[:, :1]))

    rings = {height: ring(height) for height in (0.5, 2, 5, 10, 20, 40)}
    grid = np.linspace(*wide, 61)
    ridge = np.sqrt((J_min + spread * (grid - best[1]) ** 2) / m)  # the best σ for each slope

    def draw(theta1, sigma):
        middle = y.mean() + theta1 * (ends - x.mean())
        fig, (left, right) = panels(2)
        left.fill_between(
            ends,
            middle - sigma,
            middle + sigma,
            color=COLORS.fit,
            alpha=0.15,
            linewidth=0,
            gid=show("spread"),
        )
        left.plot(ends, middle, color=COLORS.fit)
        left.plot(x, y, "o", color=COLORS.data)
        left.set(
            xlim=ends,
            ylim=(y.min() - 3, y.max() + 3),
            xlabel=xlabel,
            ylabel=ylabel,
            title="the line, and one σ to either side",
        )
        for height, curve in rings.items():
            right.plot(*curve, color=COLORS.muted, linewidth=0.8, gid=show("level lines"))
            if height >= 2:
                place = min(curve[0].max(), best[1] + 1.5)  # its rightmost point, or lower where it is wide
                low_side = curve[1] <= curve[1, np.argmax(curve[0])]
                at = np.argmin(np.where(low_side, abs(curve[0] - place), np.inf))
                right.text(
                    curve[0, at] + 0.04,
                    curve[1, at],
                    f"{low + height:.0f}",
                    color=COLORS.muted,
                    fontsize=8,
                    va="center",
                    gid=show("level lines"),
                )
        right.plot([best[1], best[1]], tall, color=COLORS.truth, linewidth=1.4, gid=show("best slope"))
        right.plot(grid, ridge, color=COLORS.alt, linewidth=1.4, gid=show("best σ"))
        right.text(
            best[1] + 0.08,
            0.98 * tall[1],
            "best slope,\nfor any σ",  # two lines, clear of a handle in the corner
            color=COLORS.truth,
            fontsize=9,
            va="top",
            gid=show("best slope"),
        )
        right.text(
            wide[0] + 0.08,
            1.04 * ridge[0],
            "best σ for the slope",
            color=COLORS.alt,
            fontsize=9,
            gid=show("best σ"),
        )
        right.plot([theta1], [sigma], "o", color=COLORS.warn, markersize=8)
        right.set(
            xlim=wide,
            ylim=tall,
            xlabel="slope θ₁",
            ylabel="σ",
            title=f"NLL = {nll(theta1, sigma):.1f} here, {low:.1f} at its lowest",
        )
        return fig

    def describe(theta1, sigma):
        J = ((y - y.mean() - theta1 * (x - x.mean())) ** 2).sum()
        return (
            f"With slope {theta1:g} and σ = {sigma:g} the sum of squares is J = {J:.1f}, and the negative "
            f"log-likelihood is {m / 2 * np.log(2 * np.pi * sigma**2):.1f} + {J / (2 * sigma**2):.1f} = "
            f"{nll(theta1, sigma):.1f}: the part that grows with σ, and the part that grows with the misses."
        )

    return draw, describe


def shrunken_sigma(counts, *, repeats, rng):
    """How σ̂² of a line scatters over many experiments, and its mean against the number of points.

    Parameters
    ----------
    counts : sequence of int
        Numbers of points that the slider will take, 3 or more.
    repeats : int
        Experiments for each number.
    rng : numpy.random.Generator

    Returns
    -------
    draw, describe : callable
        Functions of ``m``.
    """
    ratios = {}
    for m in counts:
        Q, _ = np.linalg.qr(with_ones(np.arange(m)))
        noise = rng.normal(size=(repeats, m))
        residuals = noise - noise @ Q @ Q.T
        ratios[m] = (residuals**2).sum(axis=1) / m
    edges = np.linspace(0, 3, 31)
    shares = {m: np.histogram(ratio, edges)[0] / repeats for m, ratio in ratios.items()}
    means = np.array([ratio.mean() for ratio in ratios.values()])
    errors = np.array([ratio.std(ddof=1) for ratio in ratios.values()]) / np.sqrt(repeats)
    fine = np.geomspace(min(counts), max(counts), 80)
    ms = np.array(counts)

    def draw(m):
        fig, (left, right) = panels(2)
        left.stairs(shares[m], edges, color=COLORS.fit, fill=False, linewidth=1.8)
        left.axvline(1, color=COLORS.truth, linewidth=1.4)
        left.text(1.06, 0.42, "truth", color=COLORS.truth, fontsize=9)
        left.set(
            xlim=(0, 3),
            ylim=(0, 0.45),
            xlabel="σ̂² / σ²",
            ylabel="share of the experiments",
            title=f"{repeats:,} lines through {m} points each",
        )
        right.axhline(1, color=COLORS.truth, linewidth=1.4)
        right.plot(fine, 1 - 2 / fine, color=COLORS.fit, gid=show("derived"))
        right.errorbar(ms, means, 2 * errors, fmt="o", color=COLORS.data, markersize=5, gid=show("measured"))
        right.errorbar(
            ms,
            means * ms / (ms - 2),
            2 * errors * ms / (ms - 2),
            fmt="s",
            color=COLORS.alt,
            markersize=4,
            gid=show("unbiased"),
        )
        right.plot([m], [means[counts.index(m)]], "o", color=COLORS.warn, markersize=8, gid=show("measured"))
        right.text(11, 0.68, "mean of J/m, ± 2 SE", color=COLORS.data, fontsize=9, gid=show("measured"))
        right.text(11, 1.07, "mean of J/(m − 2)", color=COLORS.alt, fontsize=9, gid=show("unbiased"))
        right.set(
            xscale="log",
            xlim=(2.6, 65),
            ylim=(0.2, 1.25),
            xlabel="points m",
            ylabel="mean of σ̂² / σ²",
            title="the mean over all experiments",
            xticks=[3, 5, 10, 20, 50],
        )
        right.set_xticklabels(["3", "5", "10", "20", "50"])
        right.minorticks_off()
        return fig

    def describe(m):
        ratio = ratios[m]
        return (
            f"With {m} points a line leaves residuals whose mean square is too small in "
            f"{np.mean(ratio < 1):.0%} of {repeats:,} experiments. Half of the estimates lie between "
            f"{np.quantile(ratio, 0.25):.2f} and {np.quantile(ratio, 0.75):.2f} of the true variance."
        )

    return draw, describe


# ------------------------------------------------------------------------------------------------ predictions
def band(x, y, counts, *, xlabel, ylabel, xlim, ylim):
    """The line and its predictive band from the first few of the data, and the density at one place.

    Parameters
    ----------
    x, y : array_like, shape (m,)
        In an order in which a beginning is a fair sample.
    counts : sequence of int
        How many examples the slider will use.
    xlabel, ylabel : str
    xlim, ylim : (float, float)

    Returns
    -------
    draw, describe : callable
        Functions of ``m`` and ``place``.
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    grid = np.linspace(*xlim, 61)
    up = np.linspace(*ylim, 121)
    models = {m: LinearRegression().fit(x[:m, None], y[:m]) for m in counts}

    def at(m, place):
        """Prediction, and its standard deviation."""
        model, row = models[m], np.array([[place]])
        return model.predict(row)[0], model.predictive_std(row)[0]

    def draw(m, place):
        model = models[m]
        middle, std = model.predict(grid[:, None]), model.predictive_std(grid[:, None])
        line = np.sqrt(np.maximum(std**2 - model.sigma_**2, 0))
        fig, (left, right) = panels(2)
        left.fill_between(
            grid,
            middle - 1.96 * std,
            middle + 1.96 * std,
            color=COLORS.fit,
            alpha=0.15,
            linewidth=0,
            gid=show("band"),
        )
        left.fill_between(
            grid,
            middle - 1.96 * line,
            middle + 1.96 * line,
            color=COLORS.alt,
            alpha=0.3,
            linewidth=0,
            gid=show("line's band"),
        )
        left.plot(x[:m], y[:m], "o", color=COLORS.data, markersize=5 if m < 40 else 2)
        left.plot(grid, middle, color=COLORS.fit)
        here, s = at(m, place)
        left.plot([place, place], [here - 1.96 * s, here + 1.96 * s], color=COLORS.warn, linewidth=2)
        left.plot([place], [here], "o", color=COLORS.warn, markersize=7)
        left.set(xlim=xlim, ylim=ylim, xlabel=xlabel, ylabel=ylabel, title=f"from {m} cars")
        right.plot(up, bell(up, here, s), color=COLORS.warn, gid=show("predictive"))
        right.plot(up, bell(up, here, model.sigma_), "--", color=COLORS.muted, gid=show("noise alone"))
        right.plot([here - 1.96 * s, here + 1.96 * s], [0, 0], color=COLORS.warn, linewidth=4, clip_on=False)
        right.set(
            xlim=ylim,
            ylim=(0, 1.0),
            xlabel=ylabel,
            ylabel="density",
            title=f"at {place:g}: {here:.1f} ± {1.96 * s:.2f}",
        )
        right.text(
            ylim[0] + 0.3,
            0.93,
            "predictive density",
            color=COLORS.warn,
            fontsize=9,
            gid=show("predictive"),
        )
        right.text(
            ylim[0] + 0.3,
            0.86,
            "noise alone (dashed)",
            color=COLORS.muted,
            fontsize=9,
            gid=show("noise alone"),
        )
        return fig

    def describe(m, place):
        here, s = at(m, place)
        sigma = models[m].sigma_
        return (
            f"From {m} cars: σ̂ = {sigma:.2f}. A new car at x = {place:g} is predicted at {here:.2f} ± "
            f"{1.96 * s:.2f}; the noise accounts for {sigma**2 / s**2:.0%} of the variance, the "
            f"uncertain line for {1 - sigma**2 / s**2:.0%}."
        )

    return draw, describe


def outside(x, e, half, middle, *, xlabel, ylabel):
    """Residuals of points that a fit did not see, the band that was promised them, and who lies outside.

    Parameters
    ----------
    x, e, half : ndarray, shape (m,)
        Place, residual, and half the width of the band.
    middle : float
        A place that parts the points into two halves.
    xlabel, ylabel : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    out = np.abs(e) > half
    order = np.argsort(x)
    fig, ax = panels(size=(4.6, 3.8))
    ax.fill_between(x[order], -half[order], half[order], color=COLORS.fit, alpha=0.15, linewidth=0)
    ax.plot(x[~out], e[~out], "o", color=COLORS.muted, markersize=2.5)
    ax.plot(x[out], e[out], "o", color=COLORS.warn, markersize=5)
    ax.axvline(middle, color=COLORS.muted, linewidth=1, linestyle="--")
    reach = 1.3 * np.abs(e).max()
    for part, place, side in ((x < middle, 0.98 * middle, "right"), (x >= middle, 1.02 * middle, "left")):
        ax.text(
            place,
            0.9 * reach,
            f"{int(out[part].sum())} of {int(part.sum())} outside",
            color=COLORS.warn,
            ha=side,
            va="center",
        )
    ax.text(x.max(), -half[order][-1] - 0.3, "the band of 95 %", color=COLORS.fit, ha="right", fontsize=9)
    ax.set(xlim=(x.min() - 0.1, x.max() + 0.1), ylim=(-reach, reach), xlabel=xlabel, ylabel=ylabel)
    return fig


# ------------------------------------------------------------------------------------------------ other noise
ON_THE_LINE = 1e-3  # a residual so small is none


def outlier(x, y, car, heights, *, xlabel, ylabel):
    """A point that is dragged up and down, and two lines: of least squares and of least absolute values.

    Parameters
    ----------
    x, y : array_like, shape (m,)
    car : int
        The point that moves.
    heights : sequence of float
        Where it can be.
    xlabel, ylabel : str

    Returns
    -------
    draw, describe : callable
        Functions of ``height``. `draw.lines` maps a height to the two θ.
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    A, lines = with_ones(x), {}
    for height in heights:
        moved = y.copy()
        moved[car] = height
        lines[height] = moved, most_likely(A, moved)[0], least_absolute_deviations(A, moved)
    ends = np.array([x.min() - 0.3, x.max() + 0.3])
    e = np.linspace(-4, max(heights), 81)

    def draw(height):
        moved, square, absolute = lines[height]
        fig, (left, right) = panels(2)
        left.plot(x, moved, "o", color=COLORS.data)
        left.plot([x[car]], [height], "o", color=COLORS.warn, markersize=8)
        left.plot(ends, square[0] + square[1] * ends, color=COLORS.fit, gid=show("squares"))
        left.plot(ends, absolute[0] + absolute[1] * ends, color=COLORS.alt, gid=show("absolute values"))
        left.set(
            xlim=ends,
            ylim=(0, max(heights) + 1.5),
            xlabel=xlabel,
            ylabel=ylabel,
            title="blue: squares, violet: absolute values",
        )
        right.plot(e, e**2 / 2, color=COLORS.fit, gid=show("squares"))
        right.plot(e, np.abs(e), color=COLORS.alt, gid=show("absolute values"))
        miss = [height - A[car] @ square, height - A[car] @ absolute]
        for at, cost, slope, color, name in (
            (miss[0], miss[0] ** 2 / 2, miss[0], COLORS.fit, "squares"),
            (miss[1], abs(miss[1]), np.sign(miss[1]), COLORS.alt, "absolute values"),
        ):
            corner = name == "absolute values" and abs(at) < ON_THE_LINE  # there it has no slope
            reach = np.array([-2.0, 2.0]) * (not corner)
            right.plot(
                at + reach, cost + slope * reach, "--", color=COLORS.warn, linewidth=1.4, gid=show(name)
            )
            right.plot([at], [cost], "o", color=color, markersize=7)
        right.set(
            xlim=e[[0, -1]],
            ylim=(-4, 0.3 * max(heights) ** 2),
            xlabel="residual e",
            ylabel="what a miss costs",
            title="the orange point's cost, and its slope",
        )
        return fig

    def describe(height):
        _, square, absolute = lines[height]
        by, other = height - A[car] @ square, height - A[car] @ absolute
        through = abs(other) < ON_THE_LINE
        miss = "goes through it" if through else f"misses it by {other:.1f}"
        pull = "none, at a corner" if through else f"{np.sign(other):.0f}"
        return (
            f"With the orange point at {height:g} the line of least squares has the slope {square[1]:.2f} "
            f"and misses it by {by:.1f}; the line of least absolute values has the slope {absolute[1]:.2f} "
            f"and {miss}. At these misses the costs for σ = b = 1 have the slopes {by:.1f} and {pull}."
        )

    draw.lines = {height: (square, absolute) for height, (_, square, absolute) in lines.items()}
    return draw, describe
