"""Pieces of drawings that several chapters share."""

import numpy as np

from mlcore.explore._svg import COLORS, panels

# Behind words, as bbox=PAPER: no line runs through them.
PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 1}


def counted(n, noun):
    """1 step, 2 steps."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def cross(ax):
    """The lines along which one of the two coefficients is zero."""
    ax.axhline(0, color=COLORS.muted, linewidth=0.8)
    ax.axvline(0, color=COLORS.muted, linewidth=0.8)


def year(ax, heights):
    """The axes of temperatures over the days of 2012; `heights` are the limits of the upright one."""
    ax.set(xlim=(0, 366), ylim=heights, xlabel="day of 2012", ylabel="highest temperature (°C)")
    ax.set_xticks([0, 91, 182, 274, 366], ["Jan", "Apr", "Jul", "Oct", "Jan"])


def equal_limits(centre, height):
    """Limits around `centre`, `height` units high, such that a unit is as long on both axes of a panel."""
    fig, (ax, _) = panels(2)
    box, (w, h) = ax.get_position(), fig.get_size_inches()
    (x, y), width = centre, height * (box.width * w) / (box.height * h)
    return {"xlim": (x - width / 2, x + width / 2), "ylim": (y - height / 2, y + height / 2)}


def level_curve(theta_hat, gram, height, n=60):
    """Points θ with (θ − θ̂)ᵀG(θ − θ̂) = height: an ellipse around θ̂, for a positive definite G (2, 2).

    Parameters
    ----------
    theta_hat : ndarray, shape (2,)
    gram : ndarray, shape (2, 2)
    height : float
        How far above the minimum.
    n : int
        Number of points.

    Returns
    -------
    ndarray, shape (2, n)
    """
    phi = np.linspace(0, 2 * np.pi, n)
    eigenvalues, vectors = np.linalg.eigh(gram)
    circle = np.vstack((np.cos(phi), np.sin(phi)))  # (2, n)
    return theta_hat[:, None] + vectors @ (np.sqrt(height / eigenvalues)[:, None] * circle)


def step_axes(ax, last, ylabel, ylim):
    """Axes for something on a logarithmic scale against the step, from 0 to `last`."""
    xlim = (-0.02 * last, 1.02 * last)
    ax.set(yscale="log", xlabel="step k", ylabel=ylabel, xlim=xlim, ylim=ylim)


def spread(heights, gap):
    """Heights for labels: near `heights` and in their order, at least `gap` apart."""
    order = np.argsort(heights)
    placed = heights[order].astype(float)
    for _ in range(200):
        overlap = np.clip(gap - np.diff(placed), 0, None)
        placed[:-1] -= overlap / 2
        placed[1:] += overlap / 2
    result = np.empty_like(placed)
    result[order] = placed
    return result
