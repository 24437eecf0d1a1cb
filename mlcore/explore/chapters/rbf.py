"""Figures of the chapter on radial basis functions.

The factories (`days_between`, `bump_sum`, `interpolants`, `width_strength_map`, `season_width`) compute once
what their frames share and return ``draw`` and ``describe`` for `explore`. Every fit and every error comes
from mlcore; here it is only drawn.
"""

import numpy as np

from mlcore.basis import rbf
from mlcore.explore import COLORS, panels, show
from mlcore.explore._pieces import PAPER, year
from mlcore.rbf_regression import RBFRegression, rbf_grid
from mlcore.ridge import ridge_path


def _reach_axis(ax, ticks):
    ax.set_xscale("log")
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.minorticks_off()


def _days(reach):
    return "1 day" if reach == 1 else f"{reach:g} days"


def days_between(x, y, others, widths, delta, errors):
    """Explorer of bumps on some days of a year, one on each: too narrow, too wide, and what they miss.

    Parameters
    ----------
    x, y : ndarray, shape (m,)
        The days that are fitted, and their temperatures.
    others : pair of ndarray, shape (k,)
        The days between them, and their temperatures.
    widths : sequence of float
        Reaches √λ in days.
    delta : float
    errors : pair of ndarray, shape (n_widths,)
        Root mean squared errors on both.

    Returns
    -------
    draw, describe : callable
        Of ``width``.
    """
    widths, days = list(widths), np.arange(x[0], x[-1] + 1.0)
    curves = [RBFRegression(w**2, delta).fit(x[:, None], y).predict(days[:, None]) for w in widths]

    def draw(width):
        k = widths.index(width)
        fig, (left, right) = panels(2)
        left.plot(*others, ".", color=COLORS.muted, markersize=3, gid=show("days-between"))
        left.plot(days, curves[k], color=COLORS.fit, linewidth=1.6, gid=show("bump-curve"))
        left.plot(x, y, "o", color=COLORS.data, markersize=5, gid=show("fitted-days"))
        year(left, (-2, 38))
        left.set_title(f"A bump on each dot, reach {_days(width)}")
        right.plot(widths, errors[0], "s--", color=COLORS.warn, markersize=4, gid=show("fitted-error"))
        right.text(18, 1.1, "on the fitted days", color=COLORS.warn, fontsize=9)
        right.plot(widths, errors[1], "o-", color=COLORS.fit, markersize=4, gid=show("between-error"))
        right.text(5, 4.7, "on the days between", color=COLORS.fit, fontsize=9, gid=show("between-error"))
        right.plot([width], [errors[0][k]], "D", color=COLORS.alt, markersize=7)
        right.set(xlim=(0.8, 6500), ylim=(-0.5, 8), xlabel="reach √λ in days", ylabel="error (°C)")
        _reach_axis(right, [1, 10, 100, 1000])
        right.set_title("How far the curve is off")
        return fig

    def describe(width):
        k = widths.index(width)
        return (
            f"With a reach of {_days(width)} the curve misses the {len(x)} days to which it was fitted by "
            f"{errors[0][k]:.1f} °C, and the days between them by {errors[1][k]:.1f} °C (root mean squares)."
        )

    return draw, describe


def draw_kernels(lams, reach=3.0):
    """The kernel around μ = 0 for a few widths λ, each with a dot where it has fallen to 1/e."""
    fig, ax = panels()
    x = np.linspace(-reach, reach, 121)
    for lam, color, style in zip(lams, (COLORS.warn, COLORS.fit, COLORS.truth), ("--", "-", "-.")):
        ax.plot(x, rbf(x, [0.0], lam)[:, 0], style, color=color, label=f"λ = {lam:g}")
        ax.plot([-np.sqrt(lam), np.sqrt(lam)], np.exp([-1.0, -1.0]), "o", color=color)
    ax.axhline(np.exp(-1), color=COLORS.muted, lw=0.8, ls=":")
    ax.text(0.02 - reach, np.exp(-1) + 0.02, " 1/e", color=COLORS.muted)
    ax.set(xlim=(-reach, reach), ylim=(0, 1.08), xlabel="x − μ", ylabel="k(x, μ, λ)")
    ax.set_title("At the distance √λ the bump has fallen to 1/e")
    ax.legend(loc="upper right")
    return fig


def bump_sum(X, y, centers, theta, turned, weights):
    """Explorer of the model with a few given centres: the reader sets the width λ and one of the weights.

    Parameters
    ----------
    X : ndarray, shape (m, 1)
    y : ndarray, shape (m,)
    centers : ndarray, shape (n,)
    theta : ndarray, shape (n + 1,)
        θ₀ and the weights; the one numbered `turned` is replaced by the slider's.
    turned : int
        1 … n.
    weights : sequence of float
        Values of the slider, in rising order.

    Returns
    -------
    draw, describe : callable
        Of ``lam`` and ``weight``.
    """
    x = np.linspace(-0.5, 4.5, 101)
    digit = "₀₁₂₃₄₅₆₇₈₉"[turned]
    across = np.linspace(weights[0], weights[-1], 41)

    def weighted(weight, bumps):
        """θ, and the weighted bumps."""
        at = np.array(theta, dtype=float)
        at[turned] = weight
        return at, bumps * at[1:]

    def cost(weight, bumps):
        at, parts = weighted(weight, bumps)
        return np.sum((y - at[0] - parts.sum(axis=1)) ** 2)

    def draw(lam, weight):
        fig, (left, right) = panels(2)
        at, parts = weighted(weight, rbf(x, centers, lam))
        left.axhline(0, color=COLORS.muted, lw=0.8)
        for j, part in enumerate(parts.T, 1):
            color = COLORS.warn if j == turned else COLORS.alt
            left.plot(x, part, "--", lw=1.3, color=color, gid=show("bump-turned" if j == turned else "bumps"))
        left.plot(x, at[0] + parts.sum(axis=1), color=COLORS.fit, gid=show("bump-sum"))
        left.plot(X[:, 0], y, "o", color=COLORS.data, markersize=4)
        left.plot(centers, np.full(len(centers), -2.55), "^", color=COLORS.alt, clip_on=False)
        left.plot(np.ravel(centers)[[turned - 1]], [weight], "o", color=COLORS.warn, markersize=8)
        left.set(xlim=(x[0], x[-1]), ylim=(-2.6, 2.2), xlabel="x (triangles: the centres)", ylabel="y")
        left.set_title("Three bumps, and their sum with θ₀")
        own = rbf(X, centers, lam)
        right.plot(across, [cost(w, own) for w in across], color=COLORS.warn, gid=show("parabola"))
        right.plot([weight], [min(cost(weight, own), 44)], "o", color=COLORS.warn, markersize=8)
        right.set(xlim=(across[0] - 0.1, across[-1] + 0.1), ylim=(0, 45), xlabel=f"weight θ{digit}")
        right.set_ylabel("sum of squares J")
        right.set_title(f"J = {cost(weight, own):.2f}")
        return fig

    def describe(lam, weight):
        shape = (
            "overlap hardly at all: the sum shows three separate bumps"
            if lam < 0.3
            else ("overlap: neighbours add up" if lam < 2.5 else "are so wide that they look alike")
        )
        effect = "lifts the curve" if weight > 0 else "lowers the curve" if weight else "takes the bump out"
        return (
            f"With λ = {lam:g} the bumps {shape}. The weight θ{digit} = {weight:g} {effect} around "
            f"x = {np.ravel(centers)[turned - 1]:g}; the sum of squared residuals is "
            f"J = {cost(weight, rbf(X, centers, lam)):.2f}."
        )

    return draw, describe


def draw_curves(X, y, curves, *, title="", ylim=None, truth=None):
    """Data and named curves: ``curves`` maps a label to (x, ŷ), ``truth`` is the (x, f) behind the data."""
    fig, ax = panels()
    if truth is not None:
        ax.plot(*truth, ":", color=COLORS.truth)
    ax.plot(X[:, 0], y, "o", color=COLORS.data, ms=4)
    looks = ((COLORS.fit, "-", 2.2), (COLORS.warn, "-", 1.4), (COLORS.alt, "--", 1.8))
    for (label, (x, fit)), (color, style, width) in zip(curves.items(), looks):
        ax.plot(x, fit, style, color=color, lw=width, label=label)
    ax.set(xlabel="x", ylabel="y", ylim=ylim, title=title)
    ax.legend(loc="upper right")
    return fig


def draw_condition(lams, plain, ridged, bounds):
    """Condition numbers against λ; ``plain`` of Φ, as far as float64 can tell, ``ridged`` maps a label to
    those with a penalty, and ``bounds`` to what the equation allows."""
    fig, ax = panels()
    ax.loglog(lams, np.where(np.array(plain) < 1e16, plain, np.nan), "o-", color=COLORS.warn)
    ax.text(0.14, 1e9, "Φ itself", color=COLORS.warn, ha="right")
    for (label, values), color, side in zip(ridged.items(), (COLORS.fit, COLORS.alt), ("bottom", "center")):
        ax.loglog(lams, bounds[label], "-", color=color)
        ax.loglog(lams, values, "o", color=color, ms=4)
        ax.text(0.8 * lams[0], values[0], label, color=color, ha="right", va=side)
    ax.axhline(1 / np.finfo(float).eps, color=COLORS.muted, lw=1, ls=":")
    ax.text(lams[0], 1.6e16, "from here on all 16 digits are lost", color=COLORS.muted)
    ax.set(xlabel="width λ", ylabel="condition number", xlim=(1e-4, 3.5), ylim=(0.5, 1e18))
    ax.set_xticks([0.001, 0.01, 0.1, 1.0], ["0.001", "0.01", "0.1", "1"])
    ax.set_yticks([1.0, 1e4, 1e8, 1e12, 1e16], ["1", "10⁴", "10⁸", "10¹²", "10¹⁶"])
    ax.minorticks_off()
    ax.set_title("Wide bumps on neighbouring points look the same")
    return fig


def interpolants(x, y, width, intercepts):
    """Explorer of the curves through all points: one for each intercept θ₀.

    Parameters
    ----------
    x, y : ndarray, shape (m,)
        Days and temperatures.
    width : float
        √λ in days.
    intercepts : sequence of float
        Values of the slider, in rising order.

    Returns
    -------
    draw, describe : callable
        Of ``theta0``.
    best : float
        The intercept with the smallest penalty.
    """
    days = np.arange(0.0, 366, 3)
    own, fine = rbf(x, x, width**2), rbf(days, x, width**2)
    a, b = np.linalg.solve(own, y), np.linalg.solve(own, np.ones(len(x)))
    best, across = float(a @ b / (b @ b)), np.linspace(intercepts[0], intercepts[-1], 41)

    def penalty(theta0):
        return np.sum((a - theta0 * b) ** 2)

    def draw(theta0):
        fig, (left, right) = panels(2)
        left.axhline(theta0, color=COLORS.warn, lw=1.2, ls=":", gid=show("intercept"))
        left.plot(days, theta0 + fine @ (a - theta0 * b), color=COLORS.fit, gid=show("interpolant"))
        left.plot(x, y, "o", color=COLORS.data, markersize=6)
        left.text(360, theta0 + 0.8, "θ₀", color=COLORS.warn, ha="right")
        year(left, (-24, 54))
        left.set_title("Through all six days")
        right.plot(across, [penalty(t) / 1000 for t in across], color=COLORS.alt, gid=show("penalty"))
        right.plot(
            [theta0], [penalty(theta0) / 1000], "o", color=COLORS.warn, markersize=8, gid=show("penalty")
        )
        high = 1.08e-3 * penalty(across[0])
        right.set(xlim=(across[0] - 2, across[-1] + 2), ylim=(-0.07 * high, high))
        right.set(xlabel="intercept θ₀ (°C)", ylabel="penalty (1000 °C²)")
        right.set_title("The penalty θ₁² + … + θ₆²")
        return fig

    def describe(theta0):
        weights = a - theta0 * b
        return (
            f"θ₀ = {theta0:g} °C: the curve meets all six days, with weights from {weights.min():.0f} to "
            f"{weights.max():.0f} °C; at the end of the year, far from the last day, it is at "
            f"{(theta0 + fine @ weights)[-1]:.0f} °C."
        )

    return draw, describe, best


def width_strength_map(X, y, lams, deltas, truth):
    """Explorer of λ × δ: data and fit on the left, the leave-one-out error over all pairs on the right.

    Parameters
    ----------
    X : ndarray, shape (m, 1)
    y : ndarray, shape (m,)
    lams, deltas : ndarray, shapes (n_lams,), (n_deltas,)
        Evenly spaced on a logarithmic scale.
    truth : callable
        The function behind the data.

    Returns
    -------
    draw, describe : callable
        Of ``lam`` and ``delta``, which must be among the values given.
    """
    x = np.linspace(X.min(), X.max(), 91)
    error = np.sqrt(rbf_grid(X, y, lams, deltas))  # (n_lams, n_deltas)
    fits, train = {}, {}
    for lam in lams:
        Phi, at_x = rbf(X, X, lam), rbf(x, X, lam)
        for delta, theta in zip(deltas, ridge_path(Phi, y, deltas)):
            fits[lam, delta] = theta[0] + at_x @ theta[1:]
            train[lam, delta] = np.sqrt(np.mean((y - theta[0] - Phi @ theta[1:]) ** 2))
    best_i, best_j = np.unravel_index(np.argmin(error), error.shape)
    best = lams[best_i], deltas[best_j]
    # finer where it matters: near the minimum
    levels = np.log(error.min()) + np.linspace(0, 1, 12) ** 1.5 * (np.log(error.max() / error.min()) + 1e-9)
    span = y.max() - y.min()
    ylim = (y.min() - 0.35 * span, y.max() + 0.35 * span)

    def draw(lam, delta):
        fig, (left, right) = panels(2)
        left.plot(x, truth(x), ":", color=COLORS.truth, gid=show("sine"))
        left.plot(X[:, 0], y, "o", color=COLORS.data, ms=4)
        left.plot(x, fits[lam, delta], color=COLORS.fit, gid=show("map-fit"))
        left.set(xlim=(x[0] - 0.1, x[-1] + 0.1), ylim=ylim, xlabel="x", ylabel="y")
        left.set_title("Data and fit (dotted: the truth)")
        right.contourf(lams, deltas, np.log(error.T), levels, cmap="viridis").set_gid(show("error"))
        lines = right.contour(lams, deltas, error.T, [0.35, 1.0], colors="#fdfdfd", linewidths=1)
        lines.set_gid(show("error"))  # a scale for the shades
        for level, path in zip(lines.levels, lines.get_paths()):
            a, b = path.vertices[np.argmax(path.vertices[:, 1])]
            style = {"color": "#fdfdfd", "fontsize": 9, "ha": "center", "va": "bottom"}
            right.text(a, 1.1 * b, f"{level:g}", gid=show("error"), **style)
        star = np.array(best)[:, None]
        right.plot(*star, "*", ms=13, color="#fdfdfd", mec="#111111", mew=0.6, gid=show("star"))
        for color, width in (("#fdfdfd", 4), (COLORS.warn, 2)):  # a ring that stands out on dark and on light
            right.plot([lam], [delta], "o", ms=10, mfc="none", mec=color, mew=width, clip_on=False)
        right.set(xscale="log", yscale="log", xlim=(lams[0], lams[-1]), ylim=(deltas[0], deltas[-1]))
        right.set_xticks([0.001, 0.01, 0.1, 1, 10, 100], ["0.001", "0.01", "0.1", "1", "10", "100"])
        right.set_yticks([0.001, 0.01, 0.1, 1, 10], ["0.001", "0.01", "0.1", "1", "10"])
        right.minorticks_off()
        right.set(xlabel="width λ", title="Leave-one-out error (dark: small)")
        right.set_ylabel("strength δ", labelpad=2)  # long numbers beside it
        return fig

    def verdict(lam, delta, loo):
        if (lam, delta) == best:
            return "this is the smallest of all: the star"
        if loo <= 1.05 * error.min():
            return "as good as the best: within 5 % of the star"
        if train[lam, delta] < train[best]:
            return "it overfits: closer to the data than the best fit, and worse on points it has not seen"
        return "it underfits: too stiff even for the data it has seen"

    def describe(lam, delta):
        loo = error[np.searchsorted(lams, lam), np.searchsorted(deltas, delta)]
        return (
            f"λ = {lam:.3g}, δ = {delta:.3g}: root mean squared error {train[lam, delta]:.3f} on the "
            f"training data, {loo:.3f} when each point is left out; {verdict(lam, delta, loo)}."
        )

    return draw, describe


def season_width(x, y, curves, widths, one_day, one_month, later):
    """Explorer of the width of bumps on each day of a year: the curve, and three ways to judge it.

    Parameters
    ----------
    x, y : ndarray, shape (m,)
        Days and temperatures.
    curves : dict
        Maps a reach √λ in days to the fitted curve (m,).
    widths : sequence of float
    one_day, one_month, later : ndarray, shape (n_widths,)
        Errors: with single days left out, with months left out, and in the years after.

    Returns
    -------
    draw, describe : callable
        Of ``width``.
    """
    widths = list(widths)
    lines = (
        (one_day, "s--", COLORS.warn, "one day left out", (9, 2.35), "one-day"),
        (one_month, "o-", COLORS.alt, "one month left out", (3.4, 7.6), "one-month"),
        (later, "D-", COLORS.fit, "three later years", (5, 3.5), "later-years"),
    )

    def draw(width):
        k = widths.index(width)
        fig, (left, right) = panels(2)
        left.plot(x[::2], y[::2], ".", color=COLORS.data, markersize=3)
        left.plot(x[::2], curves[width][::2], color=COLORS.fit, linewidth=1.8, gid=show("season-curve"))
        year(left, (-2, 38))
        left.set_title(f"A bump on each day, reach {_days(width)}")
        for values, style, color, label, at, name in lines:
            right.plot(widths, values, style, color=color, markersize=4, gid=show(name))
            right.text(*at, label, color=color, fontsize=9, gid=show(name))
        right.plot([width], [one_day[k]], "o", color=COLORS.warn, markersize=9)
        right.set(xlim=(0.85, 360), ylim=(0, 8.4), xlabel="reach √λ in days", ylabel="error (°C)")
        _reach_axis(right, [1, 3, 10, 30, 100, 300])
        right.set_title("Three opinions about the reach")
        return fig

    def describe(width):
        k = widths.index(width)
        return (
            f"With a reach of {_days(width)}, a day that is left out is missed by {one_day[k]:.1f} °C, a day "
            f"of a month that is left out by {one_month[k]:.1f} °C, and a day of the years 2013 to 2015 by "
            f"{later[k]:.1f} °C (root mean squares)."
        )

    return draw, describe


def draw_surface(X, y, names, grid1, grid2, surface, levels):
    """Contour lines of a fit over two features, over the training points.

    Parameters
    ----------
    X : ndarray, shape (m, 2)
    y : ndarray, shape (m,)
        Sets the colour of a point.
    names : (str, str)
        Of the features, with units.
    grid1, grid2 : ndarray, shapes (n1,), (n2,)
    surface : ndarray, shape (n2, n1)
    levels : sequence of float
    """
    fig, ax = panels(size=(4.6, 3.9))
    groups = (
        (-np.inf, 18, COLORS.warn, "below 18 mpg"),
        (18, 27, COLORS.alt, "18 to 27 mpg"),
        (27, np.inf, COLORS.good, "27 mpg and more"),
    )
    for low, high, color, label in groups:
        inside = (y >= low) & (y < high)
        ax.plot(X[inside, 0], X[inside, 1], "o", ms=2.6, color=color, alpha=0.75, label=label)
    lines = ax.contour(grid1, grid2, surface, levels=levels, colors=COLORS.fit, linewidths=1.1)
    for number in ax.clabel(lines, fmt="%g", fontsize=9):
        number.set(bbox=PAPER, zorder=3)  # in front of the dots
    ax.set(xlabel=names[0], ylabel=names[1], xlim=(grid1[0], grid1[-1]), ylim=(grid2[0], grid2[-1] + 1.6))
    ax.set_title("Lines of equal fuel economy, miles per gallon")
    ax.set_yticks(grid2[:: len(grid2) // 6])
    ax.legend(loc="upper center", ncols=3, handletextpad=0.1, columnspacing=1)
    return fig
