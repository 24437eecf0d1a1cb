"""Figures of the chapter on radial basis functions.

The factories (`bump_sum`, `width_strength_map`) compute once what their frames share and return ``draw`` and
``describe`` for `explore`. Every fit and every error comes from mlcore; here it is only drawn.
"""

import numpy as np

from mlcore.basis import rbf
from mlcore.explore import COLORS, panels, show
from mlcore.rbf_regression import rbf_grid
from mlcore.ridge import ridge_path


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
    ax.set_title("The larger λ, the wider the bump")
    ax.legend(loc="upper right")
    return fig


def bump_sum(X, y, centers, theta, turned):
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

    Returns
    -------
    draw, describe : callable
        Of ``lam`` and ``weight``.
    """
    x = np.linspace(-0.5, 4.5, 101)
    digit = "₀₁₂₃₄₅₆₇₈₉"[turned]

    def weighted(lam, weight, points):
        """θ, and the weighted bumps at the points, (len(points), n)."""
        at = np.array(theta, dtype=float)
        at[turned] = weight
        return at, rbf(points, centers, lam) * at[1:]

    def cost(lam, weight):
        at, bumps = weighted(lam, weight, X)
        return np.sum((y - at[0] - bumps.sum(axis=1)) ** 2)

    def draw(lam, weight):
        fig, ax = panels()
        at, bumps = weighted(lam, weight, x)
        ax.axhline(at[0], color=COLORS.muted, lw=1, ls=":", label="θ₀")
        for j, bump in enumerate(bumps.T):
            ax.plot(x, bump, "--", lw=1.2, color=COLORS.alt, label="weighted bumps" if j == 0 else None)
        ax.plot(x, at[0] + bumps.sum(axis=1), color=COLORS.fit, label="ŷ, their sum with θ₀")
        ax.plot(X[:, 0], y, "o", color=COLORS.data, label="data")
        ax.plot(centers, np.full(len(centers), -2.35), "^", color=COLORS.alt, clip_on=False)
        ax.set(xlim=(x[0], x[-1]), ylim=(-2.4, 2.9), xlabel="x (triangles: the centres μ)", ylabel="y")
        ax.set_title(f"Sum of squares J = {cost(lam, weight):.2f}")
        ax.legend(loc="upper left", ncols=2)
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
            f"J = {cost(lam, weight):.2f}."
        ).replace("= -", "= −")

    return draw, describe


def draw_curves(X, y, curves, *, xlabel="x", ylabel="y", title="", ylim=None, loc="upper right", truth=None):
    """Data and named curves: ``curves`` maps a label to (x, ŷ), ``truth`` is the (x, f) behind the data."""
    fig, ax = panels()
    if truth is not None:
        ax.plot(*truth, ":", color=COLORS.truth, label="truth")
    ax.plot(X[:, 0], y, "o", color=COLORS.data, ms=4, label="data")
    looks = ((COLORS.fit, "-", 2.2), (COLORS.warn, "-", 1.2), (COLORS.alt, "--", 1.8))
    for (label, (x, fit)), (color, style, width) in zip(curves.items(), looks):
        ax.plot(x, fit, style, color=color, lw=width, label=label)
    ax.set(xlabel=xlabel, ylabel=ylabel, ylim=ylim, title=title)
    ax.legend(loc=loc)
    return fig


def draw_condition(lams, plain, ridged):
    """Condition numbers against λ; ``plain`` without penalty, ``ridged`` maps a label to those with one."""
    fig, ax = panels()
    ax.loglog(lams, plain, "o-", color=COLORS.warn, label="K alone (δ = 0)")
    for (label, values), color, style in zip(ridged.items(), (COLORS.fit, COLORS.truth), ("-", "--")):
        ax.loglog(lams, values, style, color=color, label=label)
    ax.axhline(1 / np.finfo(float).eps, color=COLORS.muted, lw=1, ls=":")
    ax.text(lams[0], 1.6e16, "all 16 digits lost", color=COLORS.muted)
    ax.set(xlabel="width λ", ylabel="condition number", ylim=(0.5, 1e21))
    ax.set_xticks([0.001, 0.01, 0.1, 1.0], ["0.001", "0.01", "0.1", "1"])
    ax.set_yticks([1.0, 1e4, 1e8, 1e12, 1e16], ["1", "10⁴", "10⁸", "10¹²", "10¹⁶"])
    ax.minorticks_off()
    ax.set_title("Wide bumps on neighbouring points look the same")
    ax.legend(loc="center left", bbox_to_anchor=(0, 0.58))
    return fig


def draw_left_out(X, y, i, x, full, without):
    """The fit to all points and the fit without point `i`, with the two residuals of that point.

    ``full`` and ``without`` are pairs: the curve at `x`, and the value at point `i`.
    """
    fig, ax = panels()
    at = X[i, 0]
    ax.plot(np.delete(X[:, 0], i), np.delete(y, i), "o", color=COLORS.data, label="data")
    ax.plot(x, full[0], color=COLORS.fit, label="fit to all points")
    ax.plot(x, without[0], "--", color=COLORS.warn, label="fit without the ringed point")
    ax.plot([at, at], [y[i], without[1]], color=COLORS.warn, lw=1)
    ax.plot([at], [y[i]], "o", ms=9, mfc="none", mec=COLORS.data)
    ax.plot([at], [full[1]], "s", color=COLORS.fit, ms=5)
    ax.plot([at], [without[1]], "D", color=COLORS.warn, ms=5, label="y° puts the point here")
    ax.set(xlabel="x", ylabel="y", ylim=(y.min() - 1.6, y.max() + 0.6))
    ax.set_title("Left out, the point no longer pulls the curve")
    ax.legend(loc="lower left")
    return fig


def width_strength_map(X, y, lams, deltas, truth):
    """Explorer of λ × δ: data and fit on the left, the leave-one-out error over all pairs on the right.

    Parameters
    ----------
    X : ndarray, shape (m, 1)
    y : ndarray, shape (m,)
    lams, deltas : ndarray, shapes (n_lams,), (n_deltas,)
        Evenly spaced on a logarithmic scale, from 10ᵃ to 10ᵇ.
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
    log_lam, log_delta = np.log10(lams), np.log10(deltas)
    # finer where it matters: near the minimum
    levels = np.log(error.min()) + np.linspace(0, 1, 12) ** 1.5 * (np.log(error.max() / error.min()) + 1e-9)
    span = y.max() - y.min()
    ylim = (y.min() - 0.35 * span, y.max() + 0.35 * span)

    def draw(lam, delta):
        fig, (left, right) = panels(2)
        left.plot(x, truth(x), ":", color=COLORS.truth, label="truth")
        left.plot(X[:, 0], y, "o", color=COLORS.data, ms=4, label="data")
        left.plot(x, fits[lam, delta], color=COLORS.fit, label="fit")
        left.set(xlim=(x[0] - 0.1, x[-1] + 0.1), ylim=ylim, xlabel="x", ylabel="y", title="Data and fit")
        left.legend(loc="upper right", ncols=3, handlelength=1.2, columnspacing=0.8)
        right.contourf(log_lam, log_delta, np.log(error.T), levels, cmap="viridis").set_gid(show("error"))
        star = np.log10(best)[:, None]
        right.plot(*star, "*", ms=13, color="#fdfdfd", mec="#111111", mew=0.6, gid=show("star"))
        for color, width in (("#fdfdfd", 4), (COLORS.warn, 2)):  # a ring that stands out on dark and on light
            right.plot(
                *np.log10([[lam], [delta]]), "o", ms=10, mfc="none", mec=color, mew=width, clip_on=False
            )
        right.set(xlabel="log₁₀ λ", ylabel="log₁₀ δ", title="Leave-one-out error (dark: small)")
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
            f"training data, {loo:.3f} when each point is left out; {verdict(lam, delta, loo)}. "
            f"(Star: λ = {best[0]:.3g}, δ = {best[1]:.3g}, error {error.min():.3f}.)"
        )

    return draw, describe


def draw_seasons(x, y, curves):
    """A year of daily temperatures and named curves through it: ``curves`` maps a label to ŷ (m,)."""
    fig, ax = panels()
    ax.plot(x, y, "o", color=COLORS.data, ms=2.5, label="daily maximum, 2012")
    for (label, fit), color, lw in zip(curves.items(), (COLORS.warn, COLORS.fit), (1.0, 2.2)):
        ax.plot(x, fit, color=color, lw=lw, label=label)
    ax.set_xticks([0, 91, 182, 274], ["1 January", "1 April", "1 July", "1 October"])
    ax.set(ylabel="temperature in °C", xlabel="day of 2012", ylim=(-4, 52))
    ax.set_title("Two readings of the same year")
    ax.legend(loc="upper left")
    return fig


def draw_promise(widths, promised, delivered):
    """Error against the width √λ: ``promised`` maps a label to an estimate made from one year, (n,);
    ``delivered`` (n,) is the error in the years after it."""
    fig, ax = panels()
    for (label, values), color, marker in zip(promised.items(), (COLORS.warn, COLORS.fit), "os"):
        ax.semilogx(widths, values, f"{marker}-", color=color, label=label)
    ax.semilogx(widths, delivered, "D--", color=COLORS.truth, label="true error, 2013–2015")
    ax.set_xticks([1, 3, 10, 30, 100, 200], ["1", "3", "10", "30", "100", "200"])
    ax.minorticks_off()
    ax.set(xlabel="width √λ in days", ylabel="root mean squared error in °C", ylim=(0, 9.5))
    ax.set_title("What was promised, and what came true")
    ax.legend(loc="lower right")
    return fig


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
    fig, ax = panels(size=(5.2, 3.9))
    groups = (
        (-np.inf, 18, COLORS.warn, "below 18 mpg"),
        (18, 27, COLORS.alt, "18 to 27 mpg"),
        (27, np.inf, COLORS.good, "27 mpg and more"),
    )
    for low, high, color, label in groups:
        inside = (y >= low) & (y < high)
        ax.plot(X[inside, 0], X[inside, 1], "o", ms=2.6, color=color, alpha=0.75, label=label)
    lines = ax.contour(grid1, grid2, surface, levels=levels, colors=COLORS.fit, linewidths=1.1)
    ax.clabel(lines, fmt="%g", fontsize=9)
    ax.set(xlabel=names[0], ylabel=names[1], xlim=(grid1[0], grid1[-1]), ylim=(grid2[0], grid2[-1]))
    ax.set_title("Lines of equal fuel economy, miles per gallon")
    ax.legend(loc="upper right", frameon=True, facecolor="#ffffff", edgecolor="none", framealpha=1)
    return fig
