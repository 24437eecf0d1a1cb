"""Figures of the chapter on basis functions and model complexity.

The factories compute once what their frames share and return ``draw`` and ``describe`` for `explore`. Every
fit comes from mlcore; here it is only drawn.
"""

import numpy as np

from mlcore.basis import polynomial
from mlcore.explore import COLORS, panels
from mlcore.linear import LinearRegression
from mlcore.ridge import ridge_dof, ridge_path


def degree_chooser(x, y, degrees, train, loo, labels):
    """Explorer of polynomial fits to one feature: the curve, and the errors of all degrees.

    Parameters
    ----------
    x, y : ndarray, shape (m,)
        `x` scaled to about [−1, 1], so that high powers stay tame.
    degrees : sequence of int
    train, loo : ndarray, shape (n_degrees,)
        Root mean squared residuals, and root mean squared leave-one-out residuals.
    labels : dict
        ``x``, ``y``: axis labels; ``ticks``: values of x to mark; ``names``: what to write there.

    Returns
    -------
    draw, describe : callable
        Of ``degree``.
    """
    grid = np.linspace(x.min(), x.max(), 100)
    curves = {M: LinearRegression().fit(polynomial(x, M), y).predict(polynomial(grid, M)) for M in degrees}
    degrees = list(degrees)

    def draw(degree):
        fig, (left, right) = panels(2)
        left.plot(x, y, ".", color=COLORS.data, alpha=0.5, markersize=4)
        left.plot(grid, curves[degree], color=COLORS.fit)
        left.set(xlabel=labels["x"], ylabel=labels["y"], ylim=(0, 50), xlim=(grid[0] - 0.05, grid[-1] + 0.05))
        left.set_xticks(labels["ticks"], labels["names"])
        left.set_title(f"Polynomial of degree {degree}")
        right.plot(degrees, train, "s--", color=COLORS.warn, markersize=4, label="training")
        right.plot(degrees, loo, "o-", color=COLORS.fit, markersize=4, label="leave one out")
        k = degrees.index(degree)
        right.plot([degree, degree], [train[k], loo[k]], "D", color=COLORS.alt, markersize=7)
        right.set(
            xlabel="degree", ylabel="root mean squared error", ylim=(4.0, 5.2), xlim=(0.5, degrees[-1] + 0.5)
        )
        right.set_title("Error against degree")
        right.legend(loc="upper right")
        return fig

    def describe(degree):
        k = degrees.index(degree)
        best = degrees[int(np.argmin(loo))]
        verdict = (
            "It is the degree with the smallest leave-one-out error."
            if degree == best
            else "A line cannot bend with the data."
            if degree == 1
            else f"Leave-one-out prefers degree {best}."
        )
        return (
            f"Degree {degree} misses the cars it was fitted to by {train[k]:.2f} miles per gallon, "
            f"and a car left out of the fit by {loo[k]:.2f}. {verdict}"
        )

    return draw, describe


def learning_curves(samples, truth, degrees, ms, train, test, noise):
    """Explorer of model complexity against the amount of data.

    Parameters
    ----------
    samples : mapping of int to (X, y)
        One training set for each m.
    truth : callable
        The true curve.
    degrees, ms : sequence of int
    train, test : ndarray, shape (n_degrees, n_ms)
        Typical mean squared errors over many training sets.
    noise : float
        Variance of the noise.

    Returns
    -------
    draw, describe : callable
        Of ``degree`` and ``m``.
    """
    grid = np.linspace(-1, 1, 110)
    degrees, ms = list(degrees), list(ms)

    def draw(degree, m):
        fig, (left, right) = panels(2)
        X, y = samples[m]
        curve = LinearRegression().fit(polynomial(X, degree), y).predict(polynomial(grid, degree))
        left.plot(X[:, 0], y, ".", color=COLORS.data, alpha=0.6, markersize=4)
        left.plot(grid, truth(grid), "--", color=COLORS.truth, label="truth")
        left.plot(grid, np.clip(curve, -4, 9), color=COLORS.fit, label=f"degree {degree}")
        left.set(xlim=(-1, 1), ylim=(-3, 8), xlabel="x", ylabel="y")
        left.set_title(f"{m} points")
        left.legend(loc="upper right")
        i, j = degrees.index(degree), ms.index(m)
        right.loglog(ms, np.clip(test[i], None, 90), "o-", color=COLORS.fit, markersize=4, label="test")
        right.loglog(ms, train[i], "s--", color=COLORS.warn, markersize=4, label="training")
        right.axhline(noise, color=COLORS.truth, lw=1, ls=":", label="noise floor σ²")
        right.loglog([m, m], [train[i, j], min(test[i, j], 90)], "D", color=COLORS.alt, markersize=7)
        right.set(
            xlim=(ms[0] * 0.85, ms[-1] * 1.2),
            ylim=(0.08, 100),
            xlabel="number of points m",
            ylabel="mean squared error",
        )
        right.set_xticks([30, 100, 300], ["30", "100", "300"])
        right.set_xticks([], minor=True)
        right.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
        right.set_title("Typical errors")
        right.legend(loc="upper right")
        return fig

    def describe(degree, m):
        i, j = degrees.index(degree), ms.index(m)
        if degree == 1:
            moral = (
                "The line is too simple: more data bring both errors to the same level, and it is not the "
                "noise floor."
            )
        elif test[i, j] > 1.5 * noise:
            moral = "Too few points for so many coefficients: the fit follows the noise."
        else:
            moral = "There are points enough: both errors are near the noise floor."
        return (
            f"Degree {degree}, {m} points: the training error is {train[i, j]:.2f}, the test error "
            f"{test[i, j]:.3g}, the noise floor {noise:.2f}. {moral}"
        )

    return draw, describe


def strength_chooser(X, y, truth, degree, scaler, deltas, train, loo, test):
    """Explorer of a polynomial of fixed degree whose complexity is governed by ridge strength δ.

    Parameters
    ----------
    X, y : ndarray, shapes (m, 1) and (m,)
    truth : callable
        The true curve.
    degree : int
    scaler : StandardScaler
        Fitted to the polynomial's columns.
    deltas : ndarray, shape (n,)
    train, loo, test : ndarray, shape (n,)
        Mean squared errors for each δ.

    Returns
    -------
    draw, describe : callable
        Of ``delta``.
    """
    grid = np.linspace(-1, 1, 110)
    Z = scaler.transform(polynomial(X, degree))
    thetas = ridge_path(Z, y, deltas)
    curves = thetas[:, :1] + thetas[:, 1:] @ scaler.transform(polynomial(grid, degree)).T
    dof = ridge_dof(Z, deltas)
    position = {delta: k for k, delta in enumerate(deltas.tolist())}

    def draw(delta):
        k = position[delta]
        fig, (left, right) = panels(2)
        left.plot(X[:, 0], y, "o", color=COLORS.data, alpha=0.7, markersize=4)
        left.plot(grid, truth(grid), "--", color=COLORS.truth, label="truth")
        left.plot(grid, np.clip(curves[k], -5, 10), color=COLORS.fit, label=f"degree {degree}, ridge")
        left.set(xlim=(-1, 1), ylim=(-3, 8), xlabel="x", ylabel="y")
        left.set_title(f"δ = {delta:.2g}")
        left.legend(loc="upper right")
        right.semilogx(deltas, np.clip(test, None, 12), color=COLORS.fit, label="test")
        right.semilogx(deltas, np.clip(loo, None, 12), "-.", color=COLORS.alt, label="leave one out")
        right.semilogx(deltas, train, "--", color=COLORS.warn, label="training")
        right.semilogx(
            [delta] * 3, np.clip([test[k], loo[k], train[k]], None, 12), "D", color=COLORS.data, markersize=6
        )
        right.set(
            xlim=(deltas[0], deltas[-1]), ylim=(0, 4), xlabel="ridge strength δ", ylabel="mean squared error"
        )
        right.set_title("Error against δ")
        right.legend(loc="upper center")
        return fig

    def describe(delta):
        k = position[delta]
        best = deltas[np.argmin(loo)]
        side = "smallest here" if delta == best else f"smallest at δ = {best:.2g}"
        return (
            f"δ = {delta:.2g} leaves {1 + dof[k]:.1f} effective parameters of {degree + 1}. The training "
            f"error is {train[k]:.2f}, the test error {test[k]:.2f}, and the leave-one-out error "
            f"{loo[k]:.2f}; the last is {side}."
        )

    return draw, describe


def draw_surface(X, y, predict, levels):
    """Contours of a fitted surface over two features, with the data in three shades of y."""
    fig, ax = panels()
    a, b = (np.linspace(column.min(), column.max(), 40) for column in X.T)
    A, B = np.meshgrid(a, b)
    heights = predict(np.column_stack([A.ravel(), B.ravel()])).reshape(A.shape)
    lines = ax.contour(a, b, heights, levels=levels, colors=COLORS.muted, linewidths=1.2)
    ax.clabel(lines, fmt="%g", fontsize=9, colors="black")
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
