"""What the chapter *Reading digits* draws: images of 28 × 28 pixels, minds that change, weights, mistakes."""

import numpy as np
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from mlcore.explore import COLORS, panels, show

SIDE = 28


# -------------------------------------------------------------------------------------------- images in ink
def outline(mask):
    """Corners (n, 2) and codes (n,) of the border of the true pixels of `mask`, ink on the left of its way.

    The corners are (column, row), counted from the upper left; a ring goes along pixel edges, and only its
    turns are kept.
    """
    padded = np.pad(mask, 1)
    step = {}  # from a corner to the corners that follow it
    for (dr, dc), begin, end in (
        ((-1, 0), (0, 1), (0, 0)),  # above a pixel: from right to left
        ((0, -1), (0, 0), (1, 0)),  # left of it: down
        ((1, 0), (1, 0), (1, 1)),  # below: to the right
        ((0, 1), (1, 1), (0, 1)),  # right of it: up
    ):
        free = mask & ~padded[1 + dr : 1 + dr + mask.shape[0], 1 + dc : 1 + dc + mask.shape[1]]
        for row, column in zip(*np.nonzero(free)):
            start = (row + begin[0], column + begin[1])
            step.setdefault(start, []).append((row + end[0], column + end[1]))
    corners, codes = [], []
    while step:
        start = here = next(iter(step))
        ring = []
        while True:
            follow = step[here].pop()
            if not step[here]:
                del step[here]
            ring.append(here)
            here = follow
            if here == start:
                break
        ring = np.array(ring)
        before, after = ring - np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0) - ring
        ring = ring[np.any(before != after, axis=1)][:, ::-1]
        corners += [*ring, ring[0]]
        codes += [Path.MOVETO, *[Path.LINETO] * (len(ring) - 1), Path.CLOSEPOLY]
    return np.array(corners, dtype=float).reshape(-1, 2), codes


def pixels(ax, image, x, y, size=1.0, color=COLORS.data, levels=(0.2, 0.6), alpha=0.7, **how):
    """Draw an image (784,) of numbers up to 1 in a square of width `size` whose lower left corner is (x, y).

    Each level is the region above it, in ink that lets light through: what is above two of them is darker.
    """
    grid = np.asarray(image).reshape(SIDE, SIDE)
    for level in levels:
        corners, codes = outline(grid > level)
        if len(codes):
            corners = (x, y + size) + corners * (size / SIDE) * (1, -1)
        else:  # nothing to draw, but an artist all the same
            corners, codes = np.array([(x, y), (x, y)]), [Path.MOVETO, Path.LINETO]
        ax.add_patch(PathPatch(Path(corners, codes), facecolor=color, alpha=alpha, linewidth=0, **how))


def signed(ax, image, x, y, scale, size=1.0, levels=(0.25, 0.6), **how):
    """An image (784,) of weights: blue where it is above zero, orange below, darker where it is larger."""
    pixels(ax, image / scale, x, y, size, COLORS.fit, levels, 0.5, **how)
    pixels(ax, -image / scale, x, y, size, COLORS.warn, levels, 0.5, **how)


def frame(ax, x, y, size=1.0):
    """The edge of an image."""
    ax.plot(
        x + size * np.array([0, 1, 1, 0, 0]),
        y + size * np.array([0, 0, 1, 1, 0]),
        color=COLORS.muted,
        linewidth=0.6,
    )


def _sheet(ax, xlim, ylim, title=""):
    ax.set(xlim=xlim, ylim=ylim, aspect="equal", xticks=[], yticks=[], title=title)
    ax.spines[:].set_visible(False)
    axes = ax.figure.axes  # no ticks to leave room for
    left, width = (axes.index(ax) + 0.01) / len(axes), 0.98 / len(axes)
    ax.set_position((left, 0.01, width, 0.91 if title else 0.98))


def _bars(ax, pi, x, y, colors, gid, width=0.17, step=0.24, height=0.8):
    """Ten upright bars, the first at x; those of one colour are one artist: a page has less to draw."""
    bars = []
    for k in range(10):
        left, right = x + step * k, x + step * k + width
        top = y + height * pi[k]
        bars.append(Path([(left, y), (right, y), (right, top), (left, top), (left, y)], closed=True))
    for color in sorted(set(colors)):
        shape = Path.make_compound_path(*(bar for bar, own in zip(bars, colors) if own == color))
        ax.add_patch(PathPatch(shape, facecolor=color, linewidth=0, gid=gid))


def digit_rows(X, y, each=3):
    """Still picture of images (m, 784), a column a digit, the first few of each."""
    fig, ax = panels(size=(4.6, 0.1 + 0.46 * each))
    _sheet(ax, (-0.1, 10.9), (-0.1, 1.1 * each))
    for digit in range(10):
        for row, image in enumerate(X[y == digit][:each]):
            pixels(ax, image, 1.1 * digit, 1.1 * (each - 1 - row))
    return fig


# ------------------------------------------------------------------------------------------ digits by epoch
def digits_by_epoch(images, truth, course):
    """Explorer of six images and what a network thinks of them, epoch by epoch.

    Parameters
    ----------
    images : ndarray, shape (6, 784)
    truth : ndarray of int, shape (6,)
    course : ndarray, shape (n, 6, 10)
        Probabilities after 1, 2, … epochs.

    Returns
    -------
    draw, describe : callable
        Functions of ``epoch``.
    """

    def draw(epoch):
        fig, both = panels(2)
        for i, image in enumerate(images):
            ax, y = both[i // 3], 1.25 * (2 - i % 3)
            pixels(ax, image, 0, y)
            pi = course[epoch - 1, i]
            leads = [
                COLORS.muted if k != pi.argmax() else COLORS.fit if k == truth[i] else COLORS.warn
                for k in range(10)
            ]
            _bars(ax, pi, 1.2, y + 0.1, leads, show("bars"))
            ax.plot([1.2, 3.53], [y + 0.1, y + 0.1], color=COLORS.muted, linewidth=0.6)
            for k in range(10):
                ax.text(
                    1.285 + 0.24 * k,
                    y + 0.06,
                    str(k),
                    ha="center",
                    va="top",
                    fontsize=9,
                    color=COLORS.fit if k == truth[i] else COLORS.muted,
                    fontweight="bold" if k == truth[i] else "normal",
                )
        for ax, title in zip(both, (f"epoch {epoch}", "blue bar: right, orange: wrong")):
            _sheet(ax, (-0.1, 3.65), (-0.2, 3.6), title)
        return fig

    def describe(epoch):
        said = course[epoch - 1].argmax(axis=1)
        right = np.sum(said == truth)
        return (
            f"After epoch {epoch}, the six are read as {', '.join(map(str, said))}; "
            f"{right} {'is' if right == 1 else 'are'} read rightly. "
            f"The largest probabilities are {', '.join(f'{p:.0%}' for p in course[epoch - 1].max(axis=1))}."
        )

    return draw, describe


# --------------------------------------------------------------------------------- learning by m, by epoch
def learning_curve(sizes, curves):
    """Error rate (n, seeds) against the number of training images, for each named learner."""
    fig, ax = panels()
    for (name, errors), color, shift in zip(curves.items(), (COLORS.alt, COLORS.fit), (1.13, 0.72)):
        ax.plot(sizes, errors, "o", color=color, markersize=4)
        ax.plot(sizes, errors.mean(axis=1), color=color)
        ax.text(sizes[1], errors.mean(axis=1)[1] * shift, name, color=color, ha="center")
    ax.set(xscale="log", yscale="log", xlabel="training images m", ylabel="validation images wrong (%)")
    ax.set_xticks(sizes, [f"{m:,}" for m in sizes])
    ax.set_yticks([5, 10, 20], ["5", "10", "20"])
    ax.minorticks_off()
    ax.set(ylim=(4, 26), xlim=(420, 15000))
    return fig


def confusion_by_epoch(matrices, course):
    """Explorer of the mistakes, epoch by epoch: which digit for which, and how many in all.

    Parameters
    ----------
    matrices : ndarray of int, shape (n, 10, 10)
        After 1, 2, … epochs: row the true digit, column what was said.
    course : ndarray, shape (n, 2)
        Error rates on training and validation images, in per cent.

    Returns
    -------
    draw, describe : callable
        Functions of ``epoch``.
    """
    epochs = np.arange(1, len(course) + 1)

    def draw(epoch):
        fig, (left, right) = panels(2)
        counts = matrices[epoch - 1]
        for k in range(10):
            for j in range(10):
                half = 0 if k == j else 0.5 * np.sqrt(min(counts[k, j] / 40, 1))
                corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]) * half + (j, k)
                left.add_patch(
                    PathPatch(
                        Path(corners, closed=True), facecolor=COLORS.warn, linewidth=0, gid=show("mistakes")
                    )
                )
        left.plot([-0.5, 9.5], [-0.5, 9.5], color=COLORS.muted, linewidth=0.6)
        left.set(
            xlim=(-0.6, 9.6),
            ylim=(9.6, -0.6),
            xticks=range(10),
            yticks=range(10),
            xlabel="read as",
            ylabel="true digit",
            title=f"mistakes after epoch {epoch}",
        )
        places = (("training", COLORS.fit, (1.1, 1.5)), ("validation", COLORS.warn, (3, 10)))
        for j, (name, color, at) in enumerate(places):
            right.plot(epochs, course[:, j], color=color, linewidth=1, alpha=0.5)
            right.plot([epoch], course[epoch - 1 : epoch, j], "o", color=color)
            right.text(*at, name, color=color)
        right.set(
            yscale="log",
            xlim=(0.5, len(course) + 0.5),
            ylim=(0.3, 110),
            xlabel="epoch",
            title=f"validation images wrong: {course[epoch - 1, 1]:.1f} %",
        )
        right.set_yticks([1, 10, 100], ["1 %", "10 %", "100 %"])
        right.minorticks_off()
        return fig

    def describe(epoch):
        wrong = matrices[epoch - 1] - np.diag(np.diag(matrices[epoch - 1]))
        return (
            f"After epoch {epoch}, {wrong.sum()} of {matrices[epoch - 1].sum()} validation images are read "
            f"wrongly, and {course[epoch - 1, 0]:.1f} % of the training images. "
            f"The commonest mistake was made {wrong.max()} times."
        )

    return draw, describe


# -------------------------------------------------------------------------------------------------- weights
def units(W, V, b, order):
    """Explorer of the hidden units: the weights of one as an image, and what it says to the ten digits.

    Parameters
    ----------
    W : ndarray, shape (784, n)
        Weights of the first layer.
    V : ndarray, shape (n, 10)
        Weights of the last; a row's mean is taken away.
    b : ndarray, shape (n,)
        Biases of the first layer.
    order : sequence of int
        The units that are shown.

    Returns
    -------
    draw, describe : callable
        Functions of ``unit``, from 1.
    """
    V = V - V.mean(axis=1, keepdims=True)
    top = np.abs(V[order]).max()

    def draw(unit):
        k = order[unit - 1]
        fig, (left, right) = panels(2)
        signed(left, W[:, k], 0, 0, np.abs(W[:, k]).max(), levels=(0.2, 0.5), gid=show("weights"))
        frame(left, 0, 0)
        _sheet(left, (-0.1, 1.1), (-0.05, 1.05), f"the weights of unit {unit}")
        for j in range(10):
            color = COLORS.fit if V[k, j] > 0 else COLORS.warn
            corners = [(0, j - 0.35), (V[k, j], j - 0.35), (V[k, j], j + 0.35), (0, j + 0.35), (0, j - 0.35)]
            right.add_patch(
                PathPatch(Path(corners, closed=True), facecolor=color, linewidth=0, gid=show("votes"))
            )
        right.axvline(0, color=COLORS.muted, linewidth=0.8)
        right.set(
            xlim=(-1.1 * top, 1.1 * top),
            ylim=(9.6, -0.6),
            yticks=range(10),
            xlabel="weight from the unit to the digit",
            ylabel="digit",
            title="what it says",
        )
        right.locator_params(axis="x", nbins=4)  # on a phone more of them run into one
        return fig

    def describe(unit):
        k = order[unit - 1]
        return (
            f"Unit {unit} of the {len(order)} whose weights are largest. The largest of its own has the size "
            f"{np.abs(W[:, k]).max():.2f}, its bias is {b[k]:.2f}, and its weights to "
            f"the digits lie between {V[k].min():.2f} and {V[k].max():.2f}."
        )

    return draw, describe


# ------------------------------------------------------------------------------------------------- shifting
def shifts(images, said, errors, names, steps):
    """Explorer of an image that is shifted: what two networks say, and how often they err at each shift.

    Parameters
    ----------
    images : dict of (int, int) to ndarray, shape (784,)
        The image, shifted by (right, down).
    said : dict of (int, int) to ndarray, shape (2, 10)
        Probabilities by both networks.
    errors : dict of (int, int) to sequence of 2 floats
        Error rates of both on all validation images, in per cent.
    names : sequence of 2 str
    steps : sequence of int
        Values of both sliders.

    Returns
    -------
    draw, describe : callable
        Functions of ``right`` and ``down``.
    grip : callable
        Where the cell is taken hold of, likewise: beside its number.
    """
    edge = max(steps) + 0.6

    def draw(right, down):
        fig, (left, grid) = panels(2)
        pixels(left, images[right, down], 0, 0.3, 1.9, gid=show("image"))
        frame(left, 0, 0.3, 1.9)
        for row, color in enumerate((COLORS.warn, COLORS.truth)):
            y = 1.55 - 1.45 * row
            _bars(left, said[right, down][row], 2.15, y, [color] * 10, show("bars"))
            left.plot([2.15, 4.48], [y, y], color=COLORS.muted, linewidth=0.6)
            for k in range(10):
                left.text(
                    2.235 + 0.24 * k,
                    y - 0.04,
                    str(k),
                    ha="center",
                    va="top",
                    fontsize=9,
                    color=COLORS.muted,
                )
            left.text(2.15, y + 0.85, names[row], color=color, fontsize=8.5)
        _sheet(left, (-0.1, 4.6), (-0.25, 2.75), "an image, and what they say")
        cell = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]) * 0.48
        for (a, b), (first, _) in errors.items():
            corners = cell + (a, b)
            grid.add_patch(
                PathPatch(
                    Path(corners, closed=True),
                    facecolor=COLORS.warn,
                    alpha=min(0.05 + first / 130, 1),
                    linewidth=0,
                    gid=show("errors"),
                )
            )
            grid.text(a - 0.24, b, f"{first:.0f}", ha="center", va="center", fontsize=8, gid=show("errors"))
        grid.plot(*(cell + (right, down)).T, color=COLORS.data, linewidth=1.6)
        grid.set(
            xlim=(-edge, edge),
            ylim=(edge, -edge),
            xticks=steps,
            yticks=steps,
            xlabel="shift to the right (pixels)",
            ylabel="shift down",
            title=f"wrong (%), {names[0]}",
        )
        return fig

    def describe(right, down):
        pi, rates = said[right, down], errors[right, down]
        ways = [(right, "to the right", "to the left"), (down, "down", "up")]
        moved = " and ".join(f"{abs(n)} {less if n < 0 else more}" for n, more, less in ways if n)
        return (
            f"{f'Shifted by {moved}' if moved else 'In place'}, the image is read as {pi[0].argmax()} with "
            f"{pi[0].max():.0%} and as {pi[1].argmax()} with {pi[1].max():.0%}. Of all validation images "
            f"{'shifted so' if moved else 'in place'}, {rates[0]:.1f} % and {rates[1]:.1f} % "
            "are read wrongly."
        )

    def grip(right, down):
        return right + 0.2, down

    return draw, describe, grip


# ---------------------------------------------------------------------------------- reliability, nonsense
def draw_reliability(bands):
    """Shares found against the mean of what was said, with two standard errors, for named models."""
    fig, ax = panels()
    ax.plot([0.2, 1], [0.2, 1], color=COLORS.muted, linewidth=0.9)
    for (name, (count, said, found)), color, marker, at in zip(
        bands.items(), (COLORS.warn, COLORS.fit), "os", ((0.775, 0.36), (0.3, 0.83))
    ):
        used = count >= 10
        error = 2 * np.sqrt(said * (1 - said) / np.maximum(count, 1))
        ax.errorbar(said[used], found[used], error[used], fmt=marker, color=color, markersize=4, linewidth=1)
        ax.text(*at, name, color=color)
    ax.set(
        xlim=(0.2, 1.02),
        ylim=(0.1, 1.05),
        xlabel="probability of what was said",
        ylabel="share that is right",
    )
    return fig


def draw_nonsense(images, names, pi):
    """Images that are no digits, and what the network says."""
    fig, ax = panels(size=(4.6, 1.85))
    for k, (image, name) in enumerate(zip(images, names)):
        pixels(ax, image, 1.2 * k, 0, levels=(0.3, 0.7))
        frame(ax, 1.2 * k, 0)
        ax.text(1.2 * k + 0.5, 1.05, name, ha="center", va="bottom", color=COLORS.data, fontsize=9)
        for line, text in enumerate((f"read as {pi[k].argmax()}", f"{100 * pi[k].max():.1f} %")):
            up = -0.05 - 0.2 * line
            ax.text(1.2 * k + 0.5, up, text, ha="center", va="top", color=COLORS.warn, fontsize=9)
    _sheet(ax, (-0.05, 4.65), (-0.5, 1.3))
    return fig


def still_wrong(images, truth, said, pi, each=12):
    """Explorer of what is read wrongly, a page at a time, the surest mistakes first.

    Parameters
    ----------
    images : ndarray, shape (n, 784)
        In the order of `pi`, falling.
    truth, said : ndarray of int, shape (n,)
    pi : ndarray, shape (n,)
        The probability that what was said got.
    each : int
        Images on a page.

    Returns
    -------
    draw, describe : callable
        Functions of ``page``, from 1, and of ``truth``, "hidden" or "shown".
    """

    digits = truth

    def draw(page, truth):
        fig, ax = panels(size=(4.6, 4.0))
        first = each * (page - 1)
        for place in range(each):
            i = first + place
            x, y = 1.3 * (place % 4), 1.5 * (2 - place // 4)
            there = i < len(images)
            pixels(ax, images[i] if there else np.zeros(SIDE**2), x, y, gid=show("mistakes"))
            below = f"{digits[i]} read as {said[i]}" if there and truth == "shown" else ""
            ax.text(x + 0.5, y - 0.02, below, ha="center", va="top", fontsize=9)
            above = f"{100 * pi[i]:.0f} %" if there else ""
            ax.text(x + 0.5, y + 1.0, above, ha="center", va="bottom", fontsize=9, color=COLORS.warn)
        _sheet(ax, (-0.2, 5.1), (-0.3, 4.3), "above each: the probability of what was said")
        return fig

    def describe(page, truth):
        here = slice(each * (page - 1), each * page)
        shown = truth == "shown"
        pairs = ", ".join(f"{t} as {s}" for t, s in zip(digits[here], said[here]))
        return f"Page {page}, with probabilities from {pi[here].max():.0%} down to {pi[here].min():.0%}. " + (
            f"Read wrongly: {pairs}." if shown else "What each is, and what it was read as, is hidden."
        )

    return draw, describe


def ladder(rungs):
    """Test errors: ours as dots with two standard errors, published ones as crosses.

    Parameters
    ----------
    rungs : sequence of (str, float, float or None)
        Name, error rate in per cent, its standard error; None for a published number.
    """
    fig, ax = panels(size=(4.6, 0.9 + 0.34 * len(rungs)))
    for k, (name, value, error) in enumerate(rungs):
        color = COLORS.data if error is None else COLORS.fit
        if error is None:
            ax.plot([value], [k], "x", color=color, markersize=7)
        else:
            ax.errorbar([value], [k], xerr=[2 * error], fmt="o", color=color, linewidth=1.2)
        right = value + (0.8 if error is None else 2 * error + 0.5)
        digits = 1 if error is None else 2
        ax.text(right, k, f"{name}: {value:.{digits}f}", color=color, va="center", fontsize=9)
    ax.set(xlim=(0, 34), ylim=(len(rungs) - 0.4, -0.6), yticks=[], xlabel="test images wrong (%)")
    ax.spines["left"].set_visible(False)
    return fig
