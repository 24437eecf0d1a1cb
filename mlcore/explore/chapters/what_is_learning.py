"""What the first chapter draws: digits in ink, a rule with one number, means that settle, a ladder."""

import numpy as np
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from mlcore.explore import COLORS, panels, show
from mlcore.explore._pieces import counted


def ink(ax, image, x, y, width=1.0, color="black", **how):
    """Draw a grey `image` (rows, columns; 0 paper, 1 ink) with its lower left corner at (x, y).

    A pixel is a square whose area is its ink, so the picture is a drawing and follows the page's colours.
    """
    rows, columns = image.shape
    pixel = width / columns
    row, column = np.nonzero(image > 0.02)
    half = 0.55 * pixel * np.sqrt(np.clip(image[row, column], 0, 1))  # (n,)
    centre = np.column_stack((x + (column + 0.5) * pixel, y + (rows - row - 0.5) * pixel))  # (n, 2)
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)])
    points = (centre[:, None] + half[:, None, None] * corners).reshape(-1, 2)
    codes = np.tile([Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY], len(row))
    ax.add_patch(PathPatch(Path(points, codes), facecolor=color, linewidth=0, **how))


def _sheet(ax, columns, rows, gap=0.25):
    """Make `ax` a sheet of paper for `rows` × `columns` pictures of width 1."""
    ax.set(
        xlim=(-gap, columns * (1 + gap)), ylim=(-gap, rows * (1 + gap)), aspect="equal", xticks=[], yticks=[]
    )
    ax.spines[:].set_visible(False)


def digit_sheet(X, y, each=5):
    """Still picture of handwritten digits, a column a digit.

    Parameters
    ----------
    X : ndarray, shape (m, 64)
        Images, 0 to 16.
    y : ndarray, shape (m,)
    each : int
        How many of each digit.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = panels(size=(4.6, 2.35))
    _sheet(ax, 10, each)
    ax.set_position((0, 0, 1, 1))  # no axes to leave room for
    for digit in range(10):
        for row, image in enumerate(X[y == digit][:each]):
            ink(ax, image.reshape(8, 8) / 16, 1.25 * digit, 1.25 * (each - 1 - row))
    return fig


def _bars(ax, middle, heights, **style):
    """Bars with a gap between them, as one artist: a page has less to draw than with one for each."""
    edges = np.column_stack((middle - 0.0045, middle + 0.0045)).ravel()
    ax.stairs(np.column_stack((heights, 0 * heights)).ravel()[:-1], edges, fill=True, **style)


def threshold_rule(share, eight, thetas):
    """Explorer of a rule with one number: it calls an image an 8 if more of its ink than θ is on the left.

    Parameters
    ----------
    share : ndarray, shape (m,)
        The share of ink in the left half of each image.
    eight : ndarray of bool, shape (m,)
    thetas : sequence of float
        The values of the slider.

    Returns
    -------
    draw, describe : callable
        Functions of ``theta``.
    mistakes : dict of float to int
        How many images are on the wrong side.
    """
    edges = np.round(
        np.arange(0.15, 0.731, 0.01), 2
    )  # on the slider's grid: a bar is right or wrong as a whole
    middle = (edges[1:] + edges[:-1]) / 2
    threes, eights = (np.histogram(share[rows], edges)[0] for rows in (~eight, eight))
    top = max(threes.max(), eights.max())
    missed_eights = {theta: int(np.sum(share[eight] <= theta)) for theta in thetas}
    missed_threes = {theta: int(np.sum(share[~eight] > theta)) for theta in thetas}
    mistakes = {theta: missed_eights[theta] + missed_threes[theta] for theta in thetas}

    def draw(theta):
        fig, (left, right) = panels(2)
        for counts, side, color in ((threes, 1, COLORS.alt), (eights, -1, COLORS.truth)):
            wrong = (middle > theta) if side == 1 else (middle <= theta)
            _bars(left, middle, side * counts, color=color, alpha=0.35)
            _bars(left, middle, side * np.where(wrong, counts, 0), color=COLORS.warn, gid=show("wrong side"))
        left.axhline(0, color=COLORS.muted, linewidth=0.8)
        left.plot([theta, theta], [-1.1 * top, 1.1 * top], color=COLORS.fit, linewidth=2, gid=show("line"))
        left.text(0.11, 0.85 * top, f"{np.sum(~eight)} threes", color=COLORS.alt)
        left.text(0.11, -0.95 * top, f"{np.sum(eight)} eights", color=COLORS.truth)
        left.text(theta + 0.008, 1.16 * top, "called 8 →", color=COLORS.fit, fontsize=9)
        left.text(theta - 0.008, 1.16 * top, "← called 3", color=COLORS.fit, fontsize=9, ha="right")
        left.set(
            xlabel="share of the ink in the left half",
            xlim=(0.1, 0.73),
            ylim=(-1.2 * top, 1.4 * top),
            yticks=[-10, 0, 10],
            yticklabels=["10", "0", "10"],
            ylabel="number of images",
        )
        right.plot(list(mistakes), list(mistakes.values()), color=COLORS.warn, gid=show("mistakes"))
        right.plot([theta], [mistakes[theta]], "o", color=COLORS.fit, markersize=9)
        right.set(
            xlabel="θ",
            ylabel="images on the wrong side",
            xlim=(thetas[0] - 0.01, thetas[-1] + 0.01),
            ylim=(0, 1.05 * max(mistakes.values())),
        )
        return fig

    def describe(theta):
        return (
            f"With θ = {theta:.2f} the rule calls {counted(missed_threes[theta], 'three')} an 8 and "
            f"{counted(missed_eights[theta], 'eight')} a 3: {mistakes[theta]} of {len(eight)} images are "
            f"on the wrong side, {mistakes[theta] / len(eight):.0%}."
        )

    return draw, describe, mistakes


def settling_means(means, errors, sizes):
    """Explorer of the ten class means, learnt from more and more images, beside their errors.

    Parameters
    ----------
    means : mapping of int to ndarray, shape (10, 64)
        Number of training images -> θ, pixels from 0 to 16.
    errors : mapping of int to ndarray, shape (n, 2)
        Number of training images -> error rates on the training and on new images, in n repetitions.
    sizes : sequence of int

    Returns
    -------
    draw, describe : callable
        Functions of ``m``.
    """
    middle = np.array([errors[m].mean(axis=0) for m in sizes])  # (n_sizes, 2)
    swing = np.array([errors[m].std(axis=0) for m in sizes])

    def draw(m):
        fig, (left, right) = panels(2)
        _sheet(left, 4, 3)
        left.set_title(f"θ, learnt from {m} images")
        for k, image in enumerate(means[m]):
            ink(left, image.reshape(8, 8) / 16, 1.25 * (k % 4), 1.25 * (2 - k // 4), gid=show("means"))
        for j, (color, name) in enumerate(((COLORS.data, "training images"), (COLORS.fit, "new images"))):
            low, high = middle[:, j] - swing[:, j], middle[:, j] + swing[:, j]
            right.fill_between(
                sizes, 100 * low, 100 * high, color=color, alpha=0.2, linewidth=0, gid=show(name)
            )
            right.plot(sizes, 100 * middle[:, j], color=color, gid=show(name))
            right.plot([m], [100 * middle[sizes.index(m), j]], "o", color=color, markersize=8)
        right.text(24, 34, "new images", color=COLORS.fit)
        right.text(130, 2.5, "training images", color=COLORS.data)
        right.set(
            xscale="log",
            xlabel="number of training images m",
            ylabel="error rate (%)",
            xlim=(9, 1150),
            ylim=(0, 65),
            xticks=[10, 100, 1000],
        )
        right.set_xticklabels(["10", "100", "1000"])
        return fig

    def describe(m):
        (train, new), (_, around) = middle[sizes.index(m)], swing[sizes.index(m)]
        return (
            f"Learnt from {m} images, the ten means misread {train:.1%} of these images and {new:.1%} of the "
            f"797 new ones (± {around:.1%} from one draw of the images to another)."
        )

    return draw, describe


def ladder(rungs):
    """Still picture of error rates on new digits, from guessing to a network, on a logarithmic axis.

    Parameters
    ----------
    rungs : sequence of (str, int, ndarray)
        Name, number of parameters, error rates in several splits.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = panels()
    for height, (name, parameters, errors) in enumerate(rungs):
        mean, around = 100 * np.mean(errors), 100 * np.std(errors, ddof=1)
        y, far = -height, mean > 30
        ax.plot([1, 100], [y, y], color=COLORS.muted, linewidth=0.5)
        ax.plot([max(mean - around, 1), mean + around], [y, y], color=COLORS.fit, linewidth=5, alpha=0.4)
        ax.plot([mean], [y], "o", color=COLORS.fit, markersize=9)
        label = f"{mean:.1f} %, {name}" + (f" ({parameters:,})" if parameters else "")
        ax.text(
            mean * (0.85 if far else 1.17), y + 0.12, label, ha="right" if far else "left", color=COLORS.fit
        )
    ax.set(
        xscale="log",
        xlabel="error rate on digits that were not used for learning (%)",
        xlim=(1, 150),
        ylim=(0.7 - len(rungs), 0.7),
        yticks=[],
        xticks=[1, 3, 10, 30, 100],
    )
    ax.set_xticklabels(["1", "3", "10", "30", "100"])
    return fig
