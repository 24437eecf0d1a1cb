"""Figures of the chapter on basis functions and model complexity.

The factories compute once what their frames share and return ``draw`` and ``describe`` for `explore`. Every
fit comes from mlcore; here it is only drawn.
"""

import numpy as np

from mlcore.basis import polynomial
from mlcore.explore import COLORS, panels, show
from mlcore.explore._pieces import cross, level_curve, spread, year
from mlcore.linear import LinearRegression
from mlcore.ridge import ridge_dof, ridge_path


def _off(ax, x, values, top, color, **more):
    """Arrow heads at the upper edge for values that the axis has no room for."""
    high = values > top
    ax.plot(np.where(high, x, np.nan), np.full(len(x), 0.985 * top), "^", color=color, markersize=5, **more)
    return np.where(high, np.nan, values)


def _large(value):
    """A number in words that stay short where it is absurd."""
    return f"{value:.2f}" if value < 100 else f"{value:,.0f}" if value < 1e6 else "more than a million"


def few_days(x, y, others, degrees, train, test):
    """Explorer of polynomials through a few days of a year: the curve, and what it misses.

    Parameters
    ----------
    x, y : ndarray, shape (m,)
        The days that are fitted, and their temperatures.
    others : pair of ndarray, shape (k,)
        Days between them and their temperatures, unseen by the fit.
    degrees : sequence of int
    train, test : ndarray, shape (n_degrees,)
        Root mean squared residuals on both.

    Returns
    -------
    draw, describe : callable
        Of ``degree``.
    """
    degrees, top = list(degrees), 12.0
    days = np.linspace(0, 366, 184)

    def scaled(day):
        return (day - 182.5) / 183

    curves = {
        M: LinearRegression().fit(polynomial(scaled(x), M), y).predict(polynomial(scaled(days), M))
        for M in degrees
    }

    def draw(degree):
        k = degrees.index(degree)
        fig, (left, right) = panels(2)
        left.plot(
            others[0][::3], others[1][::3], ".", color=COLORS.muted, markersize=3, gid=show("other-days")
        )
        left.plot(days, np.clip(curves[degree], -40, 70), color=COLORS.fit, gid=show("curve"))
        left.plot(x, y, "o", color=COLORS.data, markersize=6, gid=show("twelve-days"))
        year(left, (-15, 45))
        left.set_title(f"Polynomial of degree {degree}")
        right.plot(degrees, train, "s--", color=COLORS.warn, markersize=4, gid=show("fitted-error"))
        right.text(6.3, 0.75, "on the twelve days", color=COLORS.warn, fontsize=9, ha="right")
        inside = _off(right, degrees, test, top, COLORS.fit, gid=show("other-error"))
        right.plot(degrees, inside, "o-", color=COLORS.fit, markersize=4, gid=show("other-error"))
        right.text(1.2, 8.0, "on the other days", color=COLORS.fit, fontsize=9, gid=show("other-error"))
        right.text(
            9.5, 10.6, "off the axis", color=COLORS.fit, fontsize=9, ha="center", gid=show("other-error")
        )
        right.plot([degree], [train[k]], "D", color=COLORS.alt, markersize=7)
        right.set(
            xlim=(0.5, 11.5), ylim=(-0.07 * top, top), xlabel="degree", ylabel="root mean squared error (°C)"
        )
        right.set_xticks(degrees)
        right.set_title("How far the curve is off")
        return fig

    def describe(degree):
        k = degrees.index(degree)
        return (
            f"The polynomial of degree {degree} has {degree + 1} parameters. It misses the twelve days to "
            f"which it was fitted by {train[k]:.1f} °C, and the other days between them by {test[k]:.3g} °C "
            "(root mean squares)."
        )

    return draw, describe


def wave_sum(x, y, waves, weights, theta):
    """Explorer of a sum of two basis functions: the weights as a point, the curve that belongs to it.

    Parameters
    ----------
    x, y : ndarray, shape (m,)
    waves : ndarray, shape (m, 2)
        Values of the two basis functions.
    weights : sequence of float
        Values of both sliders.
    theta : ndarray, shape (3,)
        The least-squares solution; its intercept is kept.

    Returns
    -------
    draw, describe : callable
        Of ``theta1`` and ``theta2``.
    """
    gram = (waves - waves.mean(axis=0)).T @ (waves - waves.mean(axis=0))
    thin, sparse = slice(None, None, 4), slice(None, None, 6)

    def cost(theta1, theta2):
        return np.sum((y - theta[0] - waves @ [theta1, theta2]) ** 2)

    def draw(theta1, theta2):
        fig, (left, right) = panels(2)
        left.plot(x[sparse], y[sparse], ".", color=COLORS.data, markersize=4, alpha=0.7)
        parts = waves * [theta1, theta2]  # (m, 2)
        for part, color, name in zip(parts.T, (COLORS.alt, COLORS.warn), ("cosine", "sine")):
            left.plot(x[thin], part[thin], "--", color=color, linewidth=1.3, gid=show(name))
        for text, height, color in zip(
            ("θ₁ cos", "θ₂ sin"), spread(parts[-1] + [1e-3, 0], 4.2), (COLORS.alt, COLORS.warn)
        ):
            left.text(372, height, text, color=color, fontsize=9, va="center")
        left.plot(
            x[thin], theta[0] + parts.sum(axis=1)[thin], color=COLORS.fit, linewidth=2.4, gid=show("sum")
        )
        left.plot([0, 366], [0, 0], color=COLORS.muted, linewidth=0.8)  # not through the words beside it
        year(left, (-16, 36))
        left.set_xlim(0, 430)
        left.set_title("ŷ = θ₀ + θ₁ cos ωt + θ₂ sin ωt")
        cross(right)
        for excess in (2, 4.5, 7, 9.5, 12.5):
            ring = level_curve(theta[1:], gram, gram[0, 0] * excess**2)
            right.plot(*ring, color=COLORS.muted, linewidth=0.9, gid=show("bowl"))
        right.plot(*theta[1:, None], "X", color=COLORS.truth, markersize=8, gid=show("bowl"))
        right.plot([theta1], [theta2], "o", color=COLORS.fit, markersize=9)
        right.set(
            xlim=(-13, 13), ylim=(-13, 13), xlabel="θ₁, weight of the cosine", ylabel="θ₂, weight of the sine"
        )
        right.set_title(f"J(θ) = {cost(theta1, theta2):,.0f}")
        return fig

    def describe(theta1, theta2):
        return (
            f"The weights θ₁ = {theta1:g} and θ₂ = {theta2:g} are one point on the right and one curve on "
            f"the left, the sum of both waves and θ₀ = {theta[0]:.1f} °C. The sum of squares is "
            f"J = {cost(theta1, theta2):,.0f}."
        )

    return draw, describe


def learning_curves(samples, truth, degrees, ms, measured, fine, derived, noise):
    """Explorer of model complexity against the amount of data.

    Parameters
    ----------
    samples : mapping of int to (X, y)
        One training set for each m.
    truth : callable
        The true curve.
    degrees, ms : sequence of int
    measured : ndarray, shape (2, n_degrees, n_ms)
        Typical training and test errors of many fits: mean squares.
    fine : sequence of int
        All `ms` and more between them.
    derived : ndarray, shape (2, n_degrees, n_fine)
        The same errors, derived.
    noise : float
        Variance of the noise.

    Returns
    -------
    draw, describe : callable
        Of ``degree`` and ``m``.
    """
    grid = np.linspace(-1, 1, 110)
    degrees, ms = list(degrees), list(ms)
    typical = derived[:, :, [list(fine).index(m) for m in ms]]  # (2, n_degrees, n_ms)

    def draw(degree, m):
        fig, (left, right) = panels(2)
        X, y = samples[m]
        curve = LinearRegression().fit(polynomial(X, degree), y).predict(polynomial(grid, degree))
        left.plot(X[:, 0], y, ".", color=COLORS.data, alpha=0.6, markersize=4)
        left.plot(grid, truth(grid), "--", color=COLORS.truth, gid=show("truth"))
        left.plot(grid, np.clip(curve, -8, 13), color=COLORS.fit)
        left.text(-0.5, 4.6, "truth: dashed", color=COLORS.truth, fontsize=9)
        left.set(xlim=(-1, 1), ylim=(-3, 8), xlabel="x", ylabel="y")
        left.set_title(f"Degree {degree}, {m} points")
        i, j = degrees.index(degree), ms.index(m)
        _curves(right, ms, measured[:, i], fine, derived[:, i], noise)
        right.plot([m], [typical[0, i, j]], "D", color=COLORS.alt, markersize=7)
        right.set_title("Typical errors")
        return fig

    def describe(degree, m):
        i, j = degrees.index(degree), ms.index(m)
        return (
            f"A polynomial of degree {degree} fitted to {m} points. Over many training sets of this size the "
            f"training error is typically {typical[0, i, j]:.2f} and the test error "
            f"{_large(typical[1, i, j])}, where the noise alone makes {noise:.2f}."
        )

    return draw, describe


def _curves(ax, ms, measured, fine, derived, noise, top=2.6):
    """Training and test error against m, derived as lines and measured as marks."""
    ax.set_xscale("log")
    ax.axhline(noise, color=COLORS.truth, linewidth=1.2, linestyle=":", gid=show("noise-floor"))
    ax.plot(fine, derived[0], color=COLORS.warn, linewidth=1.3, gid=show("training-curve"))
    ax.plot(ms, measured[0], "s", color=COLORS.warn, markersize=4.5, gid=show("training-curve"))
    ax.plot(fine, derived[1], color=COLORS.fit, linewidth=1.3, gid=show("test-curve"))
    inside = _off(ax, ms, measured[1], top, COLORS.fit, gid=show("test-curve"))
    ax.plot(ms, inside, "o", color=COLORS.fit, markersize=4.5, gid=show("test-curve"))
    ax.text(ms[-1], 0.42, "training error", color=COLORS.warn, fontsize=9, ha="right")
    ax.text(ms[-1], 2.1, "test error", color=COLORS.fit, fontsize=9, ha="right")
    ax.set_yticks([0, 0.5, 1, 1.5, 2, 2.5], ["0", "0.5", "σ²", "1.5", "2", "2.5"])
    ax.set(xlim=(ms[0] * 0.85, ms[-1] * 1.2), ylim=(0, top), xlabel="number of points m")
    ax.set_ylabel("mean squared error")
    ax.set_xticks([30, 100, 300, 1000], ["30", "100", "300", "1000"])
    ax.set_xticks([], minor=True)


def draw_three_models(ms, measured, fine, derived, noise, limit):
    """A model that is too simple, one that is right, one that is too complex, against the number of points m.

    Parameters
    ----------
    ms : sequence of int
    measured : ndarray, shape (2, 3, n_ms)
        Training and test errors of the three.
    fine : sequence of int
        All `ms` and more between them.
    derived : ndarray, shape (2, 3, n_fine)
    noise : float
    limit : float
        What the test error of the first tends to.
    """
    fig, ax = panels(size=(4.6, 3.9))
    top = 2.0
    ax.set_xscale("log")
    ax.axhline(noise, color=COLORS.muted, linewidth=1.2, linestyle=":")
    for k, color in enumerate((COLORS.alt, COLORS.truth, COLORS.warn)):
        ax.plot(fine, derived[0, k], "--", color=color, linewidth=1.4)
        ax.plot(ms, measured[0, k], "s", color=color, markersize=4)
        ax.plot(fine, derived[1, k], color=color, linewidth=1.6)
        ax.plot(ms, _off(ax, ms, measured[1, k], top, color), "o", color=color, markersize=4.5)
    ax.set(xlim=(ms[0] * 0.85, ms[-1] * 1.2), ylim=(0, top), xlabel="number of points m")
    ax.set_xticks([30, 100, 300, 1000], ["30", "100", "300", "1000"])
    ax.set_xticks([], minor=True)
    ax.set_yticks([0, 0.5, 1, 1.5, 2], ["0", "0.5", "σ²", "1.5", "2"])
    ax.set_ylabel("mean squared error")
    ax.set_title("Solid: new points. Dashed: the points that were fitted")
    exponent = int(np.floor(np.log10(derived[1, 2, 0])))
    power = "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(c)] for c in str(exponent))
    ax.text(28, 1.86, f"degree 25: 10{power} here", color=COLORS.warn, fontsize=9, va="top")
    ax.text(270, 1.7, "and comes down\nonly with more data", color=COLORS.warn, fontsize=9)
    ax.text(
        62,
        0.5,
        "degree 25 on its own points:\nit follows their noise",
        color=COLORS.warn,
        fontsize=9,
        va="top",
    )
    ax.text(38, limit + 0.12, f"degree 1: stuck at {limit:.2f}", color=COLORS.alt, fontsize=9)
    ax.text(33, noise + 0.13, "degree 2: down to the floor", color=COLORS.truth, fontsize=9)
    return fig


def draw_leverage(x, grid, derived, measured, degree, sigma):
    """Mean squared error of a prediction against x: derived from the leverage, and measured."""
    fig, ax = panels()
    ax.axhline(sigma**2, color=COLORS.truth, linewidth=1.2, linestyle=":")
    ax.plot(grid, derived, color=COLORS.fit)
    ax.plot(grid[::8], measured[::8], "o", color=COLORS.warn, markersize=5)
    ax.plot(x, np.full(len(x), 0.13), "|", color=COLORS.data, markersize=9)
    ax.text(0.0, 0.17, "the training inputs", color=COLORS.data, fontsize=9, ha="center")
    ax.text(-0.6, 0.6, "noise floor σ²", color=COLORS.truth, fontsize=9, ha="center")
    ax.text(0.0, 9.0, "derived: σ²(1 + h(x))", color=COLORS.fit, fontsize=9, ha="center")
    ax.text(0.0, 5.0, "dots: measured", color=COLORS.warn, fontsize=9, ha="center")
    ax.set(
        xlim=(-1.02, 1.02), yscale="log", ylim=(0.1, 300), xlabel="x", ylabel="expected squared error at x"
    )
    ax.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
    ax.set_title(f"Degree {degree}, {len(x)} points: the price is paid at the ends")
    return fig


def bias_variance(x, grid, truth, fits, means, dial, derived, measured, noise, *, name, log=False, top=1.0):
    """Explorer of bias and variance: many fits to the same inputs, and the parts of their error.

    Parameters
    ----------
    x : ndarray, shape (m,)
        The training inputs.
    grid, truth : ndarray, shape (k,)
        Where the fits are drawn, and the truth there.
    fits : ndarray, shape (n, r, k)
        For each position of the dial, r fits.
    means : ndarray, shape (n, k)
        The expected fit, E ŷ = w(x)ᵀf.
    dial : sequence, length n
        Degrees, or strengths δ.
    derived, measured : ndarray, shape (2, n)
        Mean of the squared bias, mean of the variance.
    noise : float
    name : str
        What the dial is called; also the slider.
    log : bool
        Whether the dial's axis is logarithmic.
    top : float
        Upper end of the error's axis.

    Returns
    -------
    draw, describe : callable
        Of ``degree`` or ``delta``.
    """
    dial = list(dial)
    total = derived.sum(axis=0) + noise
    looks = (
        (derived[0], measured[0], COLORS.alt, "s"),
        (derived[1], measured[1], COLORS.warn, "v"),
        (total, measured.sum(axis=0) + noise, COLORS.fit, "o"),
    )

    def draw(value):
        k = dial.index(value)
        fig, (left, right) = panels(2)
        for fit in fits[k]:
            left.plot(
                grid[::3],
                np.clip(fit[::3], -4.5, 4.5),
                color=COLORS.muted,
                linewidth=0.6,
                alpha=0.7,
                gid=show("fits"),
            )
        left.plot(grid, np.clip(means[k], -4.5, 4.5), color=COLORS.fit, linewidth=2.6, gid=show("mean-fit"))
        left.plot(grid, truth, "--", color=COLORS.truth, gid=show("truth-curve"))
        left.plot(x, np.full(len(x), -2.85), "|", color=COLORS.data, markersize=8)
        left.set(xlim=(grid[0], grid[-1]), ylim=(-3, 3), xlabel="x", ylabel="y")
        left.set_title(
            f"{len(fits[k])} fits, {name} = {value:g}" if log else f"{len(fits[k])} fits of degree {value}"
        )
        right.axhline(noise, color=COLORS.truth, linewidth=1.2, linestyle=":", gid=show("parts"))
        for line, dots, color, marker in looks:
            right.plot(dial, line, color=color, linewidth=1.4, gid=show("parts"))
            right.plot(dial, dots, marker, color=color, markersize=4, gid=show("parts"))
        right.plot(
            [dial[k]] * 3,
            [look[0][k] for look in looks],
            "D",
            color=COLORS.data,
            markersize=6,
            gid=show("part-marks"),
        )
        right.set(xlim=(dial[0], dial[-1]), ylim=(0, top), ylabel="mean squared error")
        right.set(xscale="log" if log else "linear", xlabel="ridge strength δ" if log else "degree")
        if log:
            spots = {
                "bias²": (dial[-1] * 0.7, 0.62),
                "variance": (dial[0] * 1.4, 0.4),
                "sum": (dial[0] * 35, 0.7),
            }
            right.text(
                dial[-1] * 0.7,
                noise + 0.02,
                "noise",
                color=COLORS.truth,
                fontsize=9,
                ha="right",
                gid=show("parts"),
            )
        else:
            right.set(xlim=(dial[0] - 0.3, dial[-1] + 0.3), xticks=dial)
            spots = {"bias²": (1.9, 0.16), "variance": (dial[-1] - 0.2, 0.1), "sum": (dial[-1] - 1.2, 0.72)}
            right.text(
                5.6, noise + 0.015, "noise", color=COLORS.truth, fontsize=9, ha="right", gid=show("parts")
            )
        for (text, spot), color in zip(spots.items(), (COLORS.alt, COLORS.warn, COLORS.fit)):
            side = "left" if log and text != "bias²" else "right"
            right.text(*spot, text, color=color, fontsize=9, ha=side, gid=show("parts"))
        right.set_title("The parts of the test error")
        return fig

    def describe(value):
        k = dial.index(value)
        what = f"{name} = {value:g}" if log else f"{name} {value}"
        return (
            f"With {what} the mean fit is off by {np.sqrt(derived[0, k]):.2f} (root mean square), and single "
            f"fits scatter around it by {np.sqrt(derived[1, k]):.2f}. Bias² {derived[0, k]:.3f} + variance "
            f"{derived[1, k]:.3f} + noise {noise:.2f} make a test error of {total[k]:.2f}."
        )

    if log:
        return (lambda delta: draw(delta)), (lambda delta: describe(delta))
    return (lambda degree: draw(degree)), (lambda degree: describe(degree))


def strength_chooser(X, y, truth, columns, deltas, train, loo, test):
    """Explorer of a polynomial of fixed degree whose complexity is governed by ridge strength δ.

    Parameters
    ----------
    X, y : ndarray, shapes (m, 1) and (m,)
    truth : callable
        The true curve.
    columns : callable
        From (m, 1) to the scaled powers, (m, degree).
    deltas : ndarray, shape (n,)
    train, loo, test : ndarray, shape (n,)
        Mean squared errors for each δ.

    Returns
    -------
    draw, describe : callable
        Of ``delta``.
    """
    grid = np.linspace(-1, 1, 130)
    Z = columns(X)
    degree = Z.shape[1]
    thetas = ridge_path(Z, y, deltas)
    curves = thetas[:, :1] + thetas[:, 1:] @ columns(grid).T
    dof = ridge_dof(Z, deltas)
    position = {delta: k for k, delta in enumerate(deltas.tolist())}
    top = 3.0

    def draw(delta):
        k = position[delta]
        fig, (left, right) = panels(2)
        left.plot(X[:, 0], y, "o", color=COLORS.data, alpha=0.7, markersize=4)
        left.plot(grid, truth(grid), "--", color=COLORS.truth, gid=show("true-curve"))
        left.plot(grid, np.clip(curves[k], -8, 13), color=COLORS.fit)
        left.text(-0.3, 3.8, "truth: dashed", color=COLORS.truth, fontsize=9)
        left.set(xlim=(-1, 1), ylim=(-3, 8), xlabel="x", ylabel="y")
        left.set_title(f"Degree {degree}, δ = {delta:g}")
        right.set_xscale("log")
        for values, style, color, gid in (
            (test, "-", COLORS.fit, "new-error"),
            (loo, "-.", COLORS.alt, "loo-error"),
            (train, "--", COLORS.warn, "own-error"),
        ):
            right.plot(deltas, np.minimum(values, 2 * top), style, color=color, gid=show(gid))
        right.plot([delta], [train[k]], "D", color=COLORS.data, markersize=6)
        right.text(2e-4, 0.25, "training", color=COLORS.warn, fontsize=9, va="bottom")
        right.text(0.045, 2.0, "new points", color=COLORS.fit, fontsize=9, ha="right", gid=show("new-error"))
        right.text(0.28, 2.55, "leave one out", color=COLORS.alt, fontsize=9, gid=show("loo-error"))
        right.set(
            xlim=(deltas[0], deltas[-1]),
            ylim=(0, top),
            xlabel="ridge strength δ",
            ylabel="mean squared error",
        )
        right.set_title("Error against δ")
        return fig

    def describe(delta):
        k = position[delta]
        return (
            f"δ = {delta:g} leaves {1 + dof[k]:.1f} effective parameters of {degree + 1}. The mean squared "
            f"error is {train[k]:.2f} on the training points, {test[k]:.3g} on new points, and {loo[k]:.3g} "
            "by leaving one out."
        )

    return draw, describe


def left_out(x, y, degrees, scaled):
    """Explorer of leaving one day out: the curve with it, the curve without it, and both residuals.

    Parameters
    ----------
    x, y : ndarray, shape (m,)
        In the order in which the slider runs through them.
    degrees : sequence of int
    scaled : callable
        Brings x to about [−1, 1].

    Returns
    -------
    draw, describe : callable
        Of ``degree`` and ``point``, counted from 1.
    """
    days, numbers = np.linspace(0, 366, 110), np.arange(1, len(x) + 1)

    def fit(rows, degree, points):
        model = LinearRegression().fit(polynomial(scaled(x[rows]), degree), y[rows])
        return model.predict(polynomial(scaled(points), degree))

    everyone = np.arange(len(x))
    full, without, own, blind = {}, {}, {}, {}
    for M in degrees:
        full[M] = fit(everyone, M, days)
        own[M] = y - fit(everyone, M, x)
        rests = [np.delete(everyone, i) for i in everyone]
        without[M] = [fit(rest, M, days) for rest in rests]
        blind[M] = np.array([y[i] - fit(rest, M, x[[i]])[0] for i, rest in enumerate(rests)])

    def draw(degree, point):
        i = point - 1
        fig, (left, right) = panels(2)
        left.plot(days, np.clip(full[degree], -60, 90), color=COLORS.fit, gid=show("with"))
        left.plot(days, np.clip(without[degree][i], -60, 90), "--", color=COLORS.alt, gid=show("without"))
        left.plot(x, y, "o", color=COLORS.data, markersize=5)
        left.plot(
            [x[i]] * 2, [y[i], np.clip(y[i] - blind[degree][i], -60, 90)], color=COLORS.alt, linewidth=1.2
        )
        left.plot([x[i]], [y[i]], "o", color=COLORS.warn, markersize=8)
        left.text(10, 40, "all twelve days: solid", color=COLORS.fit, fontsize=9)
        left.text(10, 36, "without the orange one: dashed", color=COLORS.alt, fontsize=9)
        year(left, (-15, 45))
        left.set_title(f"Degree {degree} without no. {point}")
        right.set_yscale("log")
        right.plot(numbers, np.abs(own[degree]), "s", color=COLORS.fit, markersize=5, gid=show("own"))
        right.plot(numbers, np.abs(blind[degree]), "o", color=COLORS.alt, markersize=6, gid=show("blind"))
        right.plot(
            [point, point], np.abs([own[degree][i], blind[degree][i]]), color=COLORS.warn, linewidth=1.2
        )
        right.text(0.6, 1800, "dots: left out", color=COLORS.alt, fontsize=9)
        right.text(12.4, 1800, "squares: fitted", color=COLORS.fit, fontsize=9, ha="right")
        right.set(
            xlim=(0.3, len(x) + 0.7),
            ylim=(0.001, 5000),
            xlabel="number of the day",
            ylabel="size of the residual (°C)",
        )
        right.set_xticks(numbers)
        right.set_yticks([0.01, 1, 100], ["0.01", "1", "100"])
        right.set_title("With it and without it")
        return fig

    def describe(degree, point):
        i = point - 1
        e, e_out = own[degree][i], blind[degree][i]
        return (
            f"Degree {degree}. No. {point}, day {x[i]:.0f} of the year, has a residual of {abs(e):.2f} °C "
            f"when it is fitted, and of {abs(e_out):.3g} °C when the other eleven predict it: "
            f"{e_out / e:.3g} times as much."
        )

    return draw, describe


def draw_choice(strengths, loo, best, simple, tested):
    """Leave-one-out error against δ with the band of one standard error, and the two choices.

    Parameters
    ----------
    strengths : ndarray, shape (n,)
    loo : ndarray, shape (n, m)
        Squared leave-one-out residuals.
    best, simple : int
        Where the mean is smallest, and the choice by the one-standard-error rule.
    tested : ndarray, shape (n,)
        Mean squared errors on the test set.
    """
    fig, ax = panels()
    means = loo.mean(axis=1)
    se = loo[best].std(ddof=1) / np.sqrt(loo.shape[1])
    ax.set_xscale("log")
    ax.axhspan(means[best] - se, means[best] + se, color=COLORS.alt, alpha=0.12, linewidth=0)
    ax.plot(strengths, means, color=COLORS.alt)
    ax.plot(strengths, tested, "--", color=COLORS.fit, linewidth=1.3)
    look = {"arrowstyle": "-", "color": COLORS.data, "lw": 0.9}
    for k, text, at in ((best, "smallest", (1.5, 4.8)), (simple, "one standard error", (17, 4.8))):
        ax.annotate(text, (strengths[k], means[k]), at, color=COLORS.data, ha="center", arrowprops=look)
        ax.plot([strengths[k]], [means[k]], "D", color=COLORS.data, markersize=6)
    ax.text(0.6, 16, "solid: leave one out", color=COLORS.alt)
    ax.text(0.6, 14.6, "dashed: test set", color=COLORS.fit)
    ax.set(xlim=(0.1, 100), ylim=(4, 20), xlabel="ridge strength δ", ylabel="mean squared error (mpg²)")
    ax.set_title("83 columns, 200 cars")
    return fig


def draw_surface(X, y, predict, levels):
    """Contours of a fitted surface over two features, with the data in three shades of y."""
    fig, ax = panels()
    a, b = (np.linspace(column.min(), column.max(), 40) for column in X.T)
    A, B = np.meshgrid(a, b)
    heights = predict(np.column_stack([A.ravel(), B.ravel()])).reshape(A.shape)
    lines = ax.contour(a, b, heights, levels=levels, colors=COLORS.muted, linewidths=1.2)
    for text in ax.clabel(lines, fmt="%g", fontsize=9, colors="black"):
        text.set(zorder=5, bbox={"facecolor": "#ffffff", "edgecolor": "none", "pad": 1})
    low, high = np.quantile(y, [1 / 3, 2 / 3])
    for chosen, marker, color, label in (
        (y >= high, "^", COLORS.truth, f"{high:.0f} mpg and more"),
        ((y > low) & (y < high), "o", COLORS.fit, "between"),
        (y <= low, "v", COLORS.warn, f"{low:.0f} mpg and less"),
    ):
        ax.plot(X[chosen, 0], X[chosen, 1], marker, color=color, markersize=3.5, alpha=0.7, label=label)
    ax.set(xlabel="weight (lb)", ylabel="model year", ylim=(1969, 1987))
    ax.set_yticks([1970, 1974, 1978, 1982])
    ax.legend(loc="upper right", ncols=3, handletextpad=0.1, columnspacing=0.8)
    ax.set_title("Grey: lines of equal predicted mpg")
    return fig


def draw_extrapolation(x, y, degrees, reach, labels):
    """What polynomials of several degrees say beyond the data."""
    fig, ax = panels()
    grid = np.linspace(x.min() - reach, x.max() + reach, 120)
    ax.axvspan(x.min(), x.max(), color=COLORS.muted, alpha=0.15, lw=0)
    ax.plot(x, y, ".", color=COLORS.data, alpha=0.5, markersize=4)
    for degree, style, color in zip(degrees, ("-", "--", "-."), (COLORS.fit, COLORS.alt, COLORS.warn)):
        curve = LinearRegression().fit(polynomial(x, degree), y).predict(polynomial(grid, degree))
        ax.plot(grid, np.clip(curve, -40, 90), style, color=color, label=f"degree {degree}")
    ax.set(xlim=(grid[0], grid[-1]), ylim=(-25, 75), xlabel=labels["x"], ylabel=labels["y"])
    ax.set_xticks(labels["ticks"], labels["names"])
    ax.legend(loc="upper center", ncols=3)
    return fig
