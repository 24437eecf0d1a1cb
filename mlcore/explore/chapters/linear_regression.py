"""Figures of the chapter on linear regression.

Each factory takes the data, computes once what all frames share, and returns the pair ``draw, describe`` that
`explore` wants.
"""

import numpy as np

from mlcore.accuracy import WAYS, race
from mlcore.explore import COLORS, panels, show
from mlcore.explore._pieces import level_curve
from mlcore.linear import LinearRegression
from mlcore.objectives import LeastSquares
from mlcore.teach import minus

MINUS = "−"


def number(value, spec=".1f"):
    """A number for a sentence or a title, with a true minus sign."""
    return minus(format(value, spec))


def line_surface(x, y, theta0s, theta1s, *, xlabel, ylabel):
    """A line and the squares of its residuals beside the error surface J(θ₀, θ₁).

    Parameters
    ----------
    x, y : array_like, shape (m,)
    theta0s, theta1s : sequence of float
        The values that the sliders will take: they set the limits of the axes.
    xlabel, ylabel : str

    Returns
    -------
    draw, describe : callable
        Functions of ``theta0`` and ``theta1``.
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    J = LeastSquares(x[:, None], y)
    best = LinearRegression().fit(x[:, None], y).theta_  # (2,)
    low, gram = J.value(best), J.hess(best) / 2
    worst = max(J.value([a, b]) for a in (theta0s[0], theta0s[-1]) for b in (theta1s[0], theta1s[-1])) - low
    rings = [level_curve(best, gram, worst * t**2) for t in np.linspace(0.1, 1, 10)]
    pad = 0.1 * np.ptp(x)
    xlim = np.array([x.min() - pad, x.max() + pad])
    ylim = np.array([y.min() - 0.2 * np.ptp(y), y.max() + 0.1 * np.ptp(y)])
    square = _as_wide_as_high(xlim, ylim)
    padded = [np.array(v)[[0, -1]] + 0.06 * np.ptp(v) * np.array([-1, 1]) for v in (theta0s, theta1s)]

    def draw(theta0, theta1):
        fig, (left, right) = panels(2)
        fitted = theta0 + theta1 * x
        away = np.where((y > fitted) == (theta1 <= 0), square, -square)  # to the side where the line is not
        for x1, y1, line, side in zip(x, y, fitted, away * np.abs(y - fitted)):
            left.fill(
                [x1, x1 + side, x1 + side, x1],
                [y1, y1, line, line],
                color=COLORS.warn,
                alpha=0.18,
                linewidth=0,
                gid=show("squares"),
            )
        left.plot(
            np.repeat(x, 3),
            np.column_stack((y, fitted, np.full_like(y, np.nan))).ravel(),
            color=COLORS.warn,
            linewidth=1.2,
            gid=show("residuals"),
        )
        left.plot(xlim, theta0 + theta1 * xlim, color=COLORS.fit, gid=show("line"))
        left.plot(x, y, "o", color=COLORS.data)
        here = J.value([theta0, theta1])
        left.set(xlim=xlim, ylim=ylim, xlabel=xlabel, ylabel=ylabel)
        left.set_title(f"the squares add up to {here:.0f}")
        for ring in rings:
            right.plot(*ring, color=COLORS.muted, linewidth=0.8, gid=show("level lines"))
        right.plot(
            *level_curve(best, gram, here - low, n=40),
            color=COLORS.warn,
            linewidth=1.2,
            gid=show("level lines"),
        )
        right.plot(
            *best[:, None],
            "+",
            color=COLORS.truth,
            markersize=10,
            markeredgewidth=2,
            gid=show("lowest place"),
        )
        right.plot([theta0], [theta1], "o", color=COLORS.fit, markersize=7, gid=show("line"))
        right.set(
            xlim=padded[0],
            ylim=padded[1],
            xlabel="θ₀",
            ylabel="θ₁",
            title="the line as a point",
            xticks=theta0s[::2],
            yticks=theta1s[::2],
        )
        right.xaxis.set_major_formatter("{x:g}")
        right.yaxis.set_major_formatter("{x:g}")
        return fig

    def describe(theta0, theta1):
        e = y - theta0 - theta1 * x
        high, few = int((e < 0).sum()), int((e > 0).sum())
        through = f", and through {len(y) - high - few}" if high + few < len(y) else ""
        sign = "+" if theta1 >= 0 else MINUS
        return (
            f"The line ŷ = {number(theta0, '.4g')} {sign} {abs(theta1):.4g}·x passes above {high} of the "
            f"{len(y)} points and below {few}{through}. The areas of the squares add up to J = {e @ e:.1f}; "
            f"the largest of them is {(e**2).max():.1f}."
        )

    return draw, describe


def _as_wide_as_high(xlim, ylim):
    """How many units of x are as long as a unit of y, in a panel of two with these limits."""
    fig, (ax, _) = panels(2)
    box, (width, height) = ax.get_position(), fig.get_size_inches()
    return (np.ptp(xlim) / (box.width * width)) / (np.ptp(ylim) / (box.height * height))


def one_feature(features, y, *, ylabel):
    """The line for one feature of several, and what it leaves over.

    Parameters
    ----------
    features : dict of str to (str, array_like (m,))
        Name on the slider -> label of the axis, with the unit, and values.
    y : array_like, shape (m,)
    ylabel : str

    Returns
    -------
    draw, describe : callable
        Functions of ``feature``, a key of `features`.
    """
    y = np.asarray(y, float)
    fits = {}
    for name, (_, x) in features.items():
        x = np.asarray(x, float)
        model = LinearRegression().fit(x[:, None], y)
        e = y - model.predict(x[:, None])
        groups = np.array_split(np.argsort(x, kind="stable"), 8)  # eight groups of as many cars each
        means = np.array([[x[g].mean(), e[g].mean()] for g in groups]).T  # (2, 8)
        fits[name] = x, model.theta_, e, means, model.score(x[:, None], y)
    reach = 1.08 * max(np.abs(fit[2]).max() for fit in fits.values())
    low = min((fit[1][0] + fit[1][1] * fit[0]).min() for fit in fits.values())

    def draw(feature):
        x, theta, e, means, _ = fits[feature]
        fig, (left, right) = panels(2)
        ends = np.array([x.min(), x.max()])
        limits = ends + np.array([-0.04, 0.04]) * np.ptp(x)
        left.plot(x, y, "o", color=COLORS.muted, markersize=2.5)
        left.plot(ends, theta[0] + theta[1] * ends, color=COLORS.fit)
        left.set(
            xlim=limits,
            ylim=(min(low, y.min()) - 1, y.max() + 2),
            xlabel=features[feature][0],
            ylabel=ylabel,
            title="the data and the line",
        )
        right.axhline(0, color=COLORS.fit)
        right.plot(x, e, "o", color=COLORS.muted, markersize=2.5)
        right.plot(*means, "o-", color=COLORS.warn, label="mean of an eighth of the cars")
        right.set(
            xlim=limits,
            ylim=(-reach, 1.25 * reach),
            xlabel=features[feature][0],
            ylabel="residual",
            title="the residuals",
        )
        right.legend(loc="upper right")
        return fig

    def describe(feature):
        _x, theta, _, means, score = fits[feature]
        return (
            f"{ylabel} ≈ {number(theta[0], '.4g')} {'+' if theta[1] >= 0 else MINUS} {abs(theta[1]):.4g} × "
            f"{features[feature][0]}: R² = {score:.2f}. The mean residual is {number(means[1][0], '+.1f')} "
            f"in the eighth of the cars with the smallest values, {number(means[1][3:5].mean(), '+.1f')} in "
            f"the middle and {number(means[1][-1], '+.1f')} in the eighth with the largest."
        )

    return draw, describe


def projection(x, y):
    """Two observations, one parameter: y, the multiples of x, and the parabola J(θ).

    Parameters
    ----------
    x, y : array_like, shape (2,)

    Returns
    -------
    draw, describe : callable
        Functions of ``theta``.
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    best = x @ y / (x @ x)
    grid = np.linspace(-0.25, 2, 81) * best
    J = ((y[:, None] - np.outer(x, grid)) ** 2).sum(axis=0)
    turned = np.array([x[1], -x[0]])  # at a right angle to x

    def draw(theta):
        fig, (left, right) = panels(2)
        foot, e = theta * x, y - theta * x
        left.axline((0, 0), x, color=COLORS.muted, linewidth=1, gid=show("multiples"))
        left.plot(*np.column_stack((foot, y)), color=COLORS.warn, gid=show("residual"))
        left.plot(*np.column_stack((np.zeros(2), y)), color=COLORS.data)
        left.plot(*y[:, None], "o", color=COLORS.data)
        left.plot(*np.column_stack((np.zeros(2), foot)), color=COLORS.fit, gid=show("prediction"))
        left.plot(*foot[:, None], "o", color=COLORS.fit, gid=show("prediction"))
        corner = foot[:, None] - 0.4 * np.column_stack((x, x + turned, turned)) / np.linalg.norm(x)  # (2, 3)
        if abs(x @ e) > 1e-9:
            corner = np.empty((2, 0))  # the angle is not right
        left.plot(*corner, color=COLORS.muted, linewidth=1)
        left.text(y[0] - 0.2, y[1] + 0.25, "y", ha="right")
        left.text(*(foot / 2 + [0.25, -0.7]), "ŷ = xθ", color=COLORS.fit)
        left.text(*((foot + y) / 2 + [0.2, 0.15]), "e", color=COLORS.warn)
        left.set(
            xlim=(-1.5, 6.5),
            ylim=(-1, 6.2),
            aspect="equal",
            xlabel="observation 1",
            ylabel="observation 2",
            title="the plane of observations",
        )
        right.plot(grid, J, color=COLORS.muted, gid=show("parabola"))
        right.plot(
            [best],
            [J.min()],
            "+",
            color=COLORS.truth,
            markersize=10,
            markeredgewidth=2,
            gid=show("parabola"),
        )
        right.plot([theta], [e @ e], "o", color=COLORS.warn, markersize=7, gid=show("residual"))
        right.set(
            xlim=grid[[0, -1]],
            ylim=(0, 1.1 * J.max()),
            xlabel="θ",
            ylabel="J(θ)",
            title="squared length of the residual",
        )
        return fig

    def describe(theta):
        e = y - theta * x
        inner = x @ e
        angle = np.degrees(np.arccos(np.clip(inner / np.linalg.norm(x) / np.linalg.norm(e), -1, 1)))
        shown = 0.0 if abs(inner) < 1e-9 else inner
        return (
            f"At θ = {number(theta, '.2f')} the squared length of the residual is {e @ e:.2f}. The residual "
            f"makes an angle of {angle:.0f}° with the column x, and their inner product is "
            f"{number(shown, '.2f')}."
        )

    return draw, describe


def centring(x, y, *, unit, xlabel, ylabel):
    """How the error surface changes with the place from which x is measured.

    Parameters
    ----------
    x, y : array_like, shape (m,)
    unit : str
        Of `x`.
    xlabel, ylabel : str

    Returns
    -------
    draw, describe : callable
        Functions of ``origin``: the model is ŷ = θ₀ + (x − origin)θ₁.
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    slope = LinearRegression().fit(x[:, None], y).theta_[1]
    spread = np.sqrt(((x - x.mean()) ** 2).sum())
    tilt = 2.7  # two lines steeper and flatter by so much, with the best intercept for their slopes
    ends = np.array([-0.5, 6.5])  # room for an origin at 0 and at 6

    def setting(origin):
        A = np.column_stack((np.ones_like(x), x - origin))
        return A.T @ A, np.linalg.cond(A)

    def at_origin(origin, more):
        """Height of the line of slope θ̂₁ + `more` at the origin: its θ₀."""
        return y.mean() + (slope + more) * (origin - x.mean())

    def draw(origin):
        fig, (left, right) = panels(2)
        gram = setting(origin)[0]
        left.axvline(origin, color=COLORS.muted, linewidth=1, gid=show("origin"))
        left.plot(x, y, "o", color=COLORS.data, markersize=3)
        left.plot(ends, at_origin(ends, 0), color=COLORS.fit)
        left.plot([origin], [at_origin(origin, 0)], "+", color=COLORS.truth, markersize=10, markeredgewidth=2)
        for more in (tilt, -tilt):
            left.plot(ends, at_origin(ends, more), color=COLORS.warn, linewidth=1, gid=show("tilted lines"))
            left.plot([origin], [at_origin(origin, more)], "o", color=COLORS.warn, gid=show("tilted lines"))
        left.set(
            xlim=ends,
            ylim=(-25, 80),
            xlabel=xlabel,
            ylabel=ylabel,
            title="three lines, and where θ₀ is read",
        )
        for t in range(1, 5):  # seen from the minimum, so that only the shape changes
            right.plot(
                *level_curve(np.zeros(2), gram, (0.9 * t * spread) ** 2), color=COLORS.muted, linewidth=1
            )
        right.plot([0], [0], "+", color=COLORS.truth, markersize=10, markeredgewidth=2)
        for more in (tilt, -tilt):
            right.plot(
                [at_origin(origin, more) - at_origin(origin, 0)],
                [more],
                "o",
                color=COLORS.warn,
                gid=show("tilted lines"),
            )
        right.set(
            xlim=(-12, 12),
            ylim=(-12, 12),
            xlabel="θ₀ − θ̂₀",
            ylabel="θ₁ − θ̂₁",
            title="level lines around the minimum",
        )
        return fig

    def describe(origin):
        kappa = setting(origin)[1]
        gaps = [round(at_origin(origin, more) - at_origin(origin, 0), 1) for more in (tilt, -tilt)]
        words = [number(gap, "+.1f") if gap else "0.0" for gap in gaps]
        return (
            f"x is counted from {origin:g} {unit}. Best slope {number(slope, '.2f')}, best intercept "
            f"{number(at_origin(origin, 0))}. The line that is steeper by {tilt} needs an intercept "
            f"{words[1]} away from that, the flatter one {words[0]}. "
            f"Condition number of [1 x]: {kappa:.1f}."
        )

    return draw, describe


# ---------------------------------------------------------------------------------------- three ways to solve
def lost_digits(residuals):
    """Relative errors of four ways against the condition number, on designs with two nearly equal columns.

    Parameters
    ----------
    residuals : sequence of float
        Sizes ‖y − ŷ‖/‖ŷ‖ that the slider will take.

    Returns
    -------
    draw, describe : callable
        Functions of ``residual``.
    """
    races = {residual: race(residual) for residual in residuals}
    colours = (COLORS.warn, COLORS.alt, COLORS.fit, COLORS.truth)
    unit = 2.0**-53
    ends = np.array([1, 1e14])

    def draw(residual):
        fig, ax = panels(size=(4.6, 4.0))
        ax.plot(ends, unit * ends, color=COLORS.muted, linewidth=1)
        ax.plot(ends, unit * ends**2, color=COLORS.muted, linewidth=1, linestyle="--")
        kappas, errors = races[residual]
        for column, label, colour, marker in zip(errors.T, WAYS, colours, "xso^"):
            ax.plot(kappas, column, marker, color=colour, markersize=4, label=label, fillstyle="none")
        ax.text(3e11, 8e-4, "κu", color=COLORS.muted, ha="right")
        ax.text(4e9, 3e1, "κ²u", color=COLORS.muted)
        ax.set(
            xscale="log",
            yscale="log",
            xlim=(1, 2e14),
            ylim=(3e-18, 1e5),
            xlabel="condition number κ of X",
            ylabel="relative error of θ̂",
            title="what is lost on the way to θ̂",
            yticks=10.0 ** np.arange(-16, 1, 4),
            xticks=10.0 ** np.arange(0, 15, 2),
        )
        ax.set_yticklabels(["10⁻¹⁶", "10⁻¹²", "10⁻⁸", "10⁻⁴", "1"])
        ax.set_xticklabels(["1", "10²", "10⁴", "10⁶", "10⁸", "10¹⁰", "10¹²", "10¹⁴"])
        ax.minorticks_off()
        ax.legend(loc="upper left")
        return fig

    def describe(residual):
        kappas, errors = races[residual]
        near = (kappas > 3e5) & (kappas < 3e6)
        digits = -np.log10(np.median(errors[near], axis=0))
        parts = ", ".join(f"{way} {np.clip(round(d), 0, 16)}" for way, d in zip(WAYS, digits))
        size = (
            "y lies exactly in the span of the columns"
            if residual == 0
            else "the residual is as long as ŷ"
            if residual == 1
            else f"the residual is {residual:g} times as long as ŷ"
        )
        return f"Here {size}. Correct decimal digits near κ = 10⁶, about: {parts}."

    return draw, describe


# ------------------------------------------------------------------------------------------------ uncertainty
def resampled_slopes(names, slopes, full):
    """Each coefficient in many resampled data sets: a row of dots a coefficient.

    Parameters
    ----------
    names : sequence of str, length d
    slopes : ndarray, shape (n, d)
        One resample a row.
    full : ndarray, shape (d,)
        The coefficients from all data.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = panels(size=(4.6, 3.8))
    rows = np.arange(len(names))
    ax.plot([0, 0], [-0.6, len(names) - 0.4], color=COLORS.muted, linewidth=1)  # up to the legend
    ax.plot(
        slopes.ravel(),
        np.tile(rows, len(slopes)),
        "o",
        color=COLORS.fit,
        markersize=3,
        alpha=0.5,
        label="resampled patients",
    )
    ax.plot(full, rows, "|", color=COLORS.warn, markersize=14, markeredgewidth=2.5, label="all patients")
    ax.set(
        yticks=rows,
        yticklabels=names,
        ylim=(len(names) - 0.4, -1.6),
        xlabel="coefficient of the standardised column",
        title="how firmly the data hold each coefficient",
    )
    ax.legend(loc="upper right", ncols=2)
    return fig
