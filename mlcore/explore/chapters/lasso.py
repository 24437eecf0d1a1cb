"""What the chapter on the lasso draws: functions that return a figure, or the two parts of an explorer."""

import numpy as np

from mlcore.explore import COLORS, panels, show
from mlcore.explore._pieces import cross, equal_limits, level_curve, spread
from mlcore.lasso import lasso_path, soft_threshold
from mlcore.ridge import ridge_path
from mlcore.teach import minus


def which_of_ten(X, y, shares, *, names):
    """Explorer of ridge and lasso side by side, both with the same squared error on the training set.

    Parameters
    ----------
    X : ndarray, shape (m, d)
        Standardised columns.
    y : ndarray, shape (m,)
    shares : sequence of float
        The values of the slider, from 0 up: by how many per cent the squared error may exceed the smallest.
    names : sequence of str, length d

    Returns
    -------
    draw, describe : callable
        Functions of ``share``.
    counts : dict
        Share -> how many coefficients of the lasso are not zero.
    """
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    smallest = np.sum((yc - Xc @ lasso_path(X, y).thetas[-1, 1:]) ** 2)

    def with_error(thetas_at, strongest, share):
        """The slopes whose squared error is (1 + share/100) times the smallest, by bisection of δ."""
        low, high = 0.0, strongest if share else 0.0
        for _ in range(60):
            middle = (low + high) / 2
            excess = np.sum((yc - Xc @ thetas_at([middle])[0, 1:]) ** 2) / smallest - 1 - share / 100
            low, high = (low, middle) if excess > 0 else (middle, high)
        return thetas_at([low])[0, 1:]

    path = lasso_path(X, y)
    both = {
        share: (
            with_error(lambda deltas: ridge_path(X, y, deltas), 200.0, share),
            with_error(path.at, float(path.deltas[0]), share),
        )
        for share in shares
    }
    counts = {share: int(np.count_nonzero(sparse)) for share, (_, sparse) in both.items()}
    rows = np.arange(len(names))[::-1]  # the first name on top
    reach = 1.12 * max(np.abs(slopes).max() for pair in both.values() for slopes in pair)

    def draw(share):
        fig, axes = panels(2)
        for ax, slopes, name, color in zip(axes, both[share], ("ridge", "lasso"), (COLORS.alt, COLORS.fit)):
            gid = show(f"bars-{name}")
            ax.axvline(0, color=COLORS.muted, linewidth=0.8)
            for row, slope in zip(rows, slopes):
                ax.plot([0, slope], [row, row], color=color, linewidth=7, solid_capstyle="butt", gid=gid)
                words = "0" if slope == 0 else minus(f"{slope:.{1 if abs(slope) >= 0.95 else 2}f}")
                ax.text(1.45 * reach, row, words, color=color, ha="right", va="center", fontsize=9, gid=gid)
            out = np.where(slopes == 0, 0.0, np.nan)
            ax.plot(out, rows, "o", color=COLORS.warn, markersize=6, markerfacecolor="white", gid=gid)
            ax.set_yticks(rows, names)
            ax.set(
                xlabel="coefficient", xlim=(-reach, 1.5 * reach), ylim=(-0.7, len(names) - 0.3), title=name
            )
        return fig

    def describe(share):
        ridge, sparse = both[share]
        smallest_of_ridge = np.abs(ridge).argmin()
        worse = f"{share:g} % above least squares" if share else "as small as it can be"
        out = [name for name, slope in zip(names, sparse) if slope == 0]
        return (
            f"Squared error {worse}. Ridge: {np.count_nonzero(ridge)} coefficients in use, the smallest "
            f"{ridge[smallest_of_ridge]:.2f} ({names[smallest_of_ridge]}). Lasso: {counts[share]} in use; "
            f"exactly zero: {', '.join(out) or 'none'}."
        )

    return draw, describe, counts


def lasso_contours(X, y, deltas, *, names):
    """Explorer of two coefficients: level curves of the squared error with the diamond, and the path.

    Parameters
    ----------
    X : ndarray, shape (m, 2)
        Two standardised columns with positive coefficients.
    y : ndarray, shape (m,)
    deltas : sequence of float
        The values of the slider, from 0 up.
    names : pair of str

    Returns
    -------
    draw, describe : callable
        Functions of ``delta``.
    """
    Xc = X - X.mean(axis=0)
    path = lasso_path(X, y)
    fine = np.sort(np.concatenate((np.sqrt(np.linspace(0, max(deltas) ** 2, 60)), path.deltas)))
    curves = path.at(fine)[:, 1:]  # (n, 2)
    best = path.thetas[-1, 1:]  # least squares
    limits = equal_limits((0, 0), 2.2 * np.abs(best).sum())  # the largest diamond, whole
    ticks = np.arange(0, max(deltas) + 1, 50)[[0, *range(2, int(max(deltas) // 50) + 1)]]  # 50 would touch 0

    weak = np.linalg.svd(Xc, compute_uv=False)[1]

    def ellipse(level):
        """The θ with ‖y − Xθ‖² = smallest + level."""
        return level_curve(best, Xc.T @ Xc, level)

    def draw(delta):
        theta = path.at([delta])[0, 1:]
        size = np.abs(theta).sum()
        fig, (left, right) = panels(2)
        cross(left)
        for reach in (
            0.25,
            0.5,
            0.75,
            1.0,
            1.25,
            1.5,
            1.75,
        ):  # half-axis along the weak direction, in lengths of θ̂
            left.plot(*ellipse((reach * np.linalg.norm(best) * weak) ** 2), color=COLORS.muted, linewidth=0.7)
        corners = [size, 0, -size, 0, size], [0, size, 0, -size, 0]
        left.fill(*corners, color=COLORS.warn, alpha=0.12, linewidth=0, gid=show("diamond"))
        left.plot(*corners, color=COLORS.warn, gid=show("diamond"))
        left.plot(*ellipse(np.sum((Xc @ (theta - best)) ** 2)), color=COLORS.fit, gid=show("contour"))
        left.plot(*curves.T, color=COLORS.fit, linewidth=1.2, linestyle=":", gid=show("path"))
        left.plot(*best[:, None], "s", color=COLORS.data, markersize=6)
        label = {"facecolor": "white", "edgecolor": "none", "pad": 1}
        left.text(
            best[0], best[1] + 24, "least squares", color=COLORS.data, fontsize=9, ha="center", bbox=label
        )
        left.plot(best[[0, 0]], best[1] + np.array([2, 22]), color=COLORS.data, linewidth=0.8)
        left.plot(*theta[:, None], "o", color=COLORS.fit, markersize=8)
        left.set(
            xlabel=f"θ₁ ({names[0]})",
            ylabel=f"θ₂ ({names[1]})",
            title=f"the diamond ‖θ‖₁ ≤ {size:.1f}",
            **limits,
        )
        right.axhline(0, color=COLORS.muted, linewidth=0.8)
        right.axvline(delta**2, color=COLORS.warn, linewidth=1.4)
        for k, color in enumerate((COLORS.truth, COLORS.alt)):
            right.plot(fine**2, curves[:, k], color=color, gid=show("path"))
            right.text(0.02 * max(deltas) ** 2, best[k] + 1, names[k], color=color, fontsize=9)
            right.plot([delta**2], theta[[k]], "o", color=color, markersize=7)
        right.set_xticks(ticks**2, [f"{tick:g}" for tick in ticks])
        right.set(
            xlabel="lasso strength δ (the axis is even in δ²)",
            ylabel="coefficient",
            xlim=(-0.02 * max(deltas) ** 2, 1.02 * max(deltas) ** 2),
            ylim=(-0.06 * best.max(), 1.2 * best.max()),
            title=f"δ = {delta:.1f}",
        )
        return fig

    def describe(delta):
        theta = path.at([delta])[0, 1:]
        values = ", ".join(
            f"θ{'₁₂'[k]} ({names[k]}) = {theta[k]:.1f}"
            if theta[k]
            else f"θ{'₁₂'[k]} ({names[k]}) = 0 exactly"
            for k in (0, 1)
        )
        where = [
            "the diamond has shrunk to the point 0",
            "the level curve touches the diamond at a corner",
            "the level curve touches the diamond on an edge",
        ][np.count_nonzero(theta)]
        if delta == 0:
            where = "this is the least-squares solution"
        return f"δ = {delta:.1f}: {values}; {where}. ‖θ‖₁ = {np.abs(theta).sum():.1f}."

    return draw, describe


def draw_corners(points):
    """Nearest points on a diamond and on a disc: what lands on a corner.

    Parameters
    ----------
    points : ndarray, shape (n, 2)
        Least-squares solutions for an orthonormal design, outside the diamond |θ₁| + |θ₂| ≤ 1 and the disc
        θ₁² + θ₂² ≤ 1.

    Returns
    -------
    matplotlib.figure.Figure
    """
    threshold = nearest_in_diamond(points)[1]
    on_diamond = soft_threshold(points, threshold[:, None])
    on_disc = points / np.linalg.norm(points, axis=1, keepdims=True)
    corner = (on_diamond == 0).any(axis=1)
    angle = np.linspace(0, 2 * np.pi, 91)
    shapes = [([1, 0, -1, 0, 1], [0, 1, 0, -1, 0]), (np.cos(angle), np.sin(angle))]
    fig, axes = panels(2)
    for turn in range(4):  # the right-angled wedge that opens from each corner
        turned = np.linalg.matrix_power(np.array([[0, -1], [1, 0]]), turn)
        wedge = np.array([[1, 0], [6, 5], [6, -5]]) @ turned.T
        axes[0].fill(*wedge.T, color=COLORS.warn, alpha=0.12, linewidth=0)
    for ax, shape, nearest, zero, title in zip(
        axes,
        shapes,
        (on_diamond, on_disc),
        (corner, np.zeros_like(corner)),
        ("diamond (lasso)", "circle (ridge)"),
    ):
        cross(ax)
        for these, color in ((~zero, COLORS.muted), (zero, COLORS.warn)):
            lines = np.full((these.sum(), 3, 2), np.nan)  # point, nearest point, gap
            lines[:, 0], lines[:, 1] = points[these], nearest[these]
            ax.plot(*lines.reshape(-1, 2).T, color=color, linewidth=0.6)
            ax.plot(*points[these].T, "o", color=color, markersize=2.5)
        ax.plot(*shape, color=COLORS.fit)
        ax.set(
            xlabel="θ₁",
            ylabel="θ₂",
            title=f"{title}: {zero.sum()} of {len(points)} have a zero",
            **equal_limits((0, 0.7), 8.6),  # room for the words above
        )
    for ax, words, end, place, color in (
        (axes[0], "all of this wedge\nends in the corner", (1, 0), (2.9, 3.8), COLORS.warn),
        (axes[1], "only this line\nends where θ₂ = 0", (1, 0), (2.9, 3.8), COLORS.alt),
    ):
        arrow = {"arrowstyle": "->", "color": color, "linewidth": 1.4}
        ax.annotate(words, end, place, color=color, fontsize=9.5, ha="center", arrowprops=arrow)
    axes[1].plot([1, 6], [0, 0], color=COLORS.alt, linewidth=2)
    return fig


def nearest_in_diamond(points):
    """The nearest points of the diamond |θ₁| + |θ₂| ≤ 1, for points outside it.

    Parameters
    ----------
    points : ndarray, shape (n, 2)

    Returns
    -------
    nearest : ndarray, shape (n, 2)
    threshold : ndarray, shape (n,)
        By which each point was soft-thresholded: half of |θ₁| + |θ₂| − 1, unless that leaves only one of
        them, which then is 1.
    """
    size = np.abs(points)
    threshold = np.maximum((size.sum(axis=1) - 1) / 2, size.max(axis=1) - 1)
    return soft_threshold(points, threshold[:, None]), threshold


def draw_subgradients(slopes):
    """The absolute value, lines that touch it from below at 0, and the slopes of all such lines at every t.

    Parameters
    ----------
    slopes : sequence of float
        Of the lines drawn at 0, from −1 to 1.

    Returns
    -------
    matplotlib.figure.Figure
    """
    t = np.array([-2.0, 2.0])
    fig, (left, right) = panels(2)
    cross(left)
    for slope in slopes:
        left.plot(t, slope * t, color=COLORS.warn, linewidth=1)
    left.plot([-2, 0, 2], [2, 0, 2], color=COLORS.fit, linewidth=2.6)
    left.plot([0], [0], "o", color=COLORS.fit)
    left.set(
        xlabel="t", ylabel="|t|", title="lines through 0 that stay below |t|", xlim=(-2, 2), ylim=(-1.1, 2)
    )
    cross(right)
    right.plot([-2, 0], [-1, -1], color=COLORS.fit, linewidth=2.6)
    right.plot([0, 2], [1, 1], color=COLORS.fit, linewidth=2.6)
    right.plot([0, 0], [-1, 1], color=COLORS.warn, linewidth=2.6)
    right.set(
        xlabel="t",
        ylabel="slopes s allowed at t",
        title="the subgradients of |t|",
        xlim=(-2, 2),
        ylim=(-1.5, 1.5),
    )
    return fig


def scalar_lasso():
    """Explorer of the lasso with one coefficient: its cost, and where its minimum lies as the data move.

    Returns
    -------
    draw, describe : callable
        Functions of ``c`` (the least-squares value) and ``delta``.
    """
    t = np.linspace(-4, 4, 81)
    near = np.linspace(-3.4, 3.4, 69)
    white = {"facecolor": "white", "edgecolor": "none", "pad": 1}

    def draw(c, delta):
        best = soft_threshold(c, delta**2 / 2)
        fig, (left, right) = panels(2)
        left.plot(near, (near - c) ** 2, color=COLORS.muted, linestyle="--", linewidth=1.2)
        left.plot(near, delta**2 * np.abs(near), color=COLORS.warn, linewidth=1.2)
        left.plot(near, (near - c) ** 2 + delta**2 * np.abs(near), color=COLORS.fit, gid=show("sum"))
        lowest = (best - c) ** 2 + delta**2 * np.abs(best)
        left.plot([best], [lowest], "o", color=COLORS.fit, markersize=8, gid=show("estimate"))
        for place, words, color in (
            (-2.5, "price δ²|t|", COLORS.warn),
            (0.1, "squares (t − c)²", COLORS.muted),
            (2.7, "the sum", COLORS.fit),
        ):
            left.text(place, 9.4, words, color=color, ha="center", va="center", fontsize=9.5, bbox=white)
        left.set(xlabel="coefficient t", ylabel="cost", title="the cost", xlim=(-3.5, 3.5), ylim=(0, 10))
        cross(right)
        right.plot(t, t, color=COLORS.muted, linestyle="--", linewidth=1.2)
        right.plot(t, t / (1 + delta**2), color=COLORS.alt, linewidth=1.4, gid=show("ridge-rule"))
        right.plot(t, soft_threshold(t, delta**2 / 2), color=COLORS.fit, gid=show("lasso-rule"))
        right.plot([c], [best], "o", color=COLORS.fit, markersize=8, gid=show("estimate"))
        for height, words, color in (
            (3.3, "least squares", COLORS.muted),
            (2.6, "ridge", COLORS.alt),
            (1.9, "lasso", COLORS.fit),
        ):
            right.text(-3.7, height, words, color=color, fontsize=9.5)
        right.set(
            xlabel="least-squares value c",
            ylabel="estimate",
            title=f"the two rules, δ = {delta:g}",
            xlim=(-4, 4),
            ylim=(-4, 4),
        )
        return fig

    def describe(c, delta):
        best, threshold = soft_threshold(c, delta**2 / 2), delta**2 / 2
        ridge = f"Ridge with the same δ gives {c / (1 + delta**2):.2f}."
        if best == 0:
            return (
                f"c = {c:.2f} lies within δ²/2 = {threshold:.2f} of zero: the kink of the penalty "
                f"holds the minimum at exactly 0. {ridge}"
            )
        return (
            f"c = {c:.2f} is further from zero than δ²/2 = {threshold:.2f}: the minimum is at "
            f"{best:.2f}, closer to zero by {threshold:.2f}. {ridge}"
        )

    return draw, describe


def lasso_coefficients(X, y, deltas, *, names, marked):
    """Explorer of all coefficients against δ, beside the optimality conditions of each.

    Parameters
    ----------
    X : ndarray, shape (m, d)
        Standardised columns.
    y : ndarray, shape (m,)
    deltas : sequence of float
        The values of the slider, positive and increasing.
    names : sequence of str, length d
    marked : mapping of str to str
        Column name -> colour of its curve; the others are muted.

    Returns
    -------
    draw, describe : callable
        Functions of ``delta``.
    """
    names = list(names)
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    path = lasso_path(X, y)
    knots = path.deltas[(path.deltas > deltas[0]) & (path.deltas < deltas[-1])]
    fine = np.sort(np.concatenate((np.geomspace(deltas[0], deltas[-1], 60), knots)))
    curves = path.at(fine)[:, 1:]  # (n, d)
    marks = np.full((len(knots), 3), np.nan)  # top, bottom, gap of a line at each knot
    heights = spread(curves[0], 0.075 * np.ptp(curves))
    rows = np.arange(len(names))[::-1]  # the first name on top
    top = 1.1 * np.abs(curves).max()
    marks[:, :2] = -top, top
    ticks = [tick for tick in (1, 3, 10, 30, 100, 300) if deltas[0] <= tick <= deltas[-1]]

    def at(delta):
        theta = path.at([delta])[0, 1:]
        return theta, 2 * Xc.T @ (yc - Xc @ theta) / delta**2

    def draw(delta):
        theta, pull = at(delta)
        fig, (left, right) = panels(2)
        left.plot([deltas[0], 1.1 * deltas[-1]], [0, 0], color=COLORS.muted, linewidth=0.8)
        left.plot(
            np.repeat(knots, 3),
            marks.ravel(),
            color=COLORS.muted,
            alpha=0.5,
            linewidth=0.6,
            gid=show("knots"),
        )
        left.axvline(delta, color=COLORS.warn, linewidth=1.4)
        for name, values, height, now in zip(names, curves.T, heights, theta):
            color = marked.get(name, COLORS.muted)
            left.plot(fine, values, color=color, linewidth=2 if name in marked else 1.2, gid=show("path"))
            left.plot([delta], [now], "o", color=color, markersize=5 if name in marked else 3.5)
            ends = [deltas[0] / 1.3, deltas[0] / 1.05], [height, values[0]]
            left.plot(*ends, color=color, linewidth=0.6, gid=show("path"))
            left.text(
                deltas[0] / 1.35,
                height,
                name,
                color=color,
                ha="right",
                va="center",
                fontsize=9,
                gid=show("path"),
            )
        left.set(
            xscale="log",
            xlabel="lasso strength δ, logarithmic",
            ylabel="coefficient",
            xlim=(deltas[0] / 3.8, 1.1 * deltas[-1]),
            ylim=(-top, top),
        )
        left.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        left.minorticks_off()
        left.set(title=f"δ = {delta:.1f}")
        for edge in (-1, 0, 1):
            right.axvline(edge, color=COLORS.muted, linewidth=0.8 if edge == 0 else 1.6)
        out = theta == 0
        right.plot(np.where(out, np.nan, pull), rows, "o", color=COLORS.fit, markersize=8, gid=show("in-use"))
        right.plot(
            np.where(out, pull, np.nan), rows, "o", color=COLORS.data, markersize=6, markerfacecolor="none"
        )
        right.set_yticks(rows, names)
        right.set(
            xlabel="2xⱼᵀe / δ²",
            xlim=(-1.15, 1.15),
            ylim=(-0.6, len(names) - 0.4),
            title="filled: not zero; open: zero",
        )
        return fig

    def describe(delta):
        theta, pull = at(delta)
        inside = [name for name, value in zip(names, theta) if value]
        outside = [name for name, value in zip(names, theta) if not value]
        if not inside:
            return (
                f"δ = {delta:.1f}: all {len(names)} coefficients are zero; the largest |2xⱼᵀe|/δ² is "
                f"{np.abs(pull).max():.2f} ({names[np.abs(pull).argmax()]})."
            )
        values = ", ".join(f"{name} {theta[names.index(name)]:.1f}" for name in inside)
        rest = (
            "no coefficient is zero"
            if not outside
            else f"exactly zero: {', '.join(outside)}, "
            f"with |2xⱼᵀe|/δ² up to {np.abs(pull[theta == 0]).max():.2f}"
        )
        return f"δ = {delta:.1f}: {len(inside)} of {len(names)} are not zero and sit at ±1: {values}; {rest}."

    return draw, describe


def sparse_recovery(A, theta, counts):
    """Explorer of a sparse vector found from few measurements: lasso for δ → 0 against the shortest solution.

    Parameters
    ----------
    A : ndarray, shape (m, n)
        Rows are measurements; the first ``count`` of them are used.
    theta : ndarray, shape (n,)
        The truth.
    counts : sequence of int
        The values of the slider, at most m.

    Returns
    -------
    draw, describe : callable
        Functions of ``count``.
    exact : int
        The least of the counts with which the lasso is exact.
    """
    place = np.arange(1, len(theta) + 1)
    solutions = {}
    for count in counts:
        rows, y = A[:count], A[:count] @ theta
        shortest = np.linalg.lstsq(rows - rows.mean(axis=0), y - y.mean(), rcond=None)[0]
        solutions[count] = lasso_path(rows, y).thetas[-1, 1:], shortest
    top = 1.15 * np.abs(theta).max()
    true = np.flatnonzero(theta)

    def error(estimate):
        return np.linalg.norm(estimate - theta) / np.linalg.norm(theta)

    def draw(count):
        fig, axes = panels(2)
        for ax, estimate, name in zip(
            axes, solutions[count], ("smallest ‖θ‖₁ (lasso)", "smallest ‖θ‖² (shortest)")
        ):
            stems = np.full((len(theta), 3, 2), np.nan)
            stems[:, :2, 0] = place[:, None]
            stems[:, 0, 1], stems[:, 1, 1] = 0, estimate
            ax.axhline(0, color=COLORS.muted, linewidth=0.8)
            gid = show("found")
            ax.plot(*stems.reshape(-1, 2).T, color=COLORS.fit, linewidth=1.8, label="found", gid=gid)
            ax.plot(
                place[true],
                theta[true],
                "o",
                color=COLORS.truth,
                markersize=7,
                markerfacecolor="none",
                label="truth",
            )
            ax.legend(loc="lower left", ncols=2)
            ax.set(
                xlabel="place j",
                ylabel="θⱼ",
                xlim=(0, len(theta) + 1),
                ylim=(-1.35 * top, top),
                title=f"{name}",
            )
        return fig

    def describe(count):
        sparse, shortest = solutions[count]
        verdict = (
            "the lasso finds the vector exactly"
            if error(sparse) < 1e-6
            else (
                f"the lasso is off by {error(sparse):.0%} of its length, with {np.count_nonzero(sparse)} "
                "coefficients not zero"
            )
        )
        return (
            f"From {count} measurements of a vector with {len(theta)} entries, {len(true)} of them "
            f"not zero: {verdict}; the shortest solution is off by {error(shortest):.0%}."
        )

    exact = min(count for count in counts if error(solutions[count][0]) < 1e-6)
    return draw, describe, exact


def draw_degrees_of_freedom(deltas, measured, errors, counted):
    """Degrees of freedom of the lasso against δ: measured, and the mean number of coefficients in use.

    Parameters
    ----------
    deltas, measured, errors, counted : ndarray, shape (n,)
        The strengths, the measured freedom, its standard error, 1 + the mean number of non-zero slopes.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = panels()
    ax.plot(deltas, counted, color=COLORS.fit)
    ax.errorbar(deltas, measured, errors, color=COLORS.truth, marker="o", linestyle="none", capsize=3)
    ax.text(deltas[1], counted[1] + 1.0, "measured, ± one standard error", color=COLORS.truth, fontsize=9.5)
    ax.text(
        deltas[1],
        counted[4] - 4.2,
        "line: 1 + coefficients\nthat are not zero",
        color=COLORS.fit,
        fontsize=9.5,
    )
    ax.set(xscale="log", xlabel="lasso strength δ", ylabel="degrees of freedom", ylim=(0, 13.5))
    ticks = [3, 10, 30, 100]
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.minorticks_off()
    return fig


def draw_recovery_rate(sparsities, rates, trials, predicted):
    """How often a k-sparse vector is found exactly, against k.

    Parameters
    ----------
    sparsities : sequence of int
    rates : sequence of float
        Fraction of the trials that succeeded.
    trials : int
        How many trials stand behind each rate.
    predicted : float
        Where theory for large vectors puts the change.

    Returns
    -------
    matplotlib.figure.Figure
    """
    rates = np.asarray(rates)
    fig, ax = panels()
    ax.axvline(predicted, color=COLORS.warn, linewidth=1.4)
    ax.text(predicted + 0.3, 1.02, f"theory: k = {predicted:.1f}", color=COLORS.warn, fontsize=9.5)
    errors = np.sqrt(rates * (1 - rates) / trials)
    ax.errorbar(sparsities, rates, errors, color=COLORS.fit, marker="o", capsize=3)
    ax.text(
        sparsities[0], 0.86, f"found exactly,\nof {trials} trials", color=COLORS.fit, va="top", fontsize=9.5
    )
    ax.set_xticks(sparsities)
    ax.set(xlabel="non-zero entries k", ylabel="fraction found exactly", ylim=(-0.05, 1.1))
    return fig
