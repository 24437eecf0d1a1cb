"""What the chapter on ridge regression draws: each function here returns a figure, or the two functions of an explorer."""

import re

import numpy as np

from ..ridge import Ridge, ridge_dof, ridge_loo, ridge_path
from ._svg import COLORS, panels


def resampled_ridge(X, y, deltas, *, names, size, draws, rng):
    """Explorer of ridge estimates from many small samples of the same data: how much chance is in θ̂?

    Parameters
    ----------
    X : ndarray, shape (m, 2)
        Two standardised columns.
    y : ndarray, shape (m,)
    deltas : sequence of float
        The values of the slider.
    names : pair of str
    size, draws : int
        Rows in a sample (drawn without replacement), and how many samples.
    rng : numpy.random.Generator

    Returns
    -------
    draw, describe : callable
        Functions of ``delta``.
    """
    samples = [rng.choice(len(y), size, replace=False) for _ in range(draws)]
    clouds = np.array([ridge_path(X[rows], y[rows], deltas)[:, 1:] for rows in samples])  # (draws, n, 2)
    width, height = np.ptp(clouds[:, 0], axis=0)
    limits = _equal_limits(*(clouds[:, 0].max(axis=0) + clouds[:, 0].min(axis=0)) / 2, 1.12 * max(height, width / 1.2))

    def draw(delta):
        cloud = clouds[:, list(deltas).index(delta)]
        fig, (left, right) = panels(2)
        left.plot(X[:, 0], X[:, 1], "o", color=COLORS.data, markersize=2)
        left.set(xlabel=f"{names[0]} (standardised)", ylabel=f"{names[1]} (standardised)",
                 title=f"{len(y)} patients", xlim=(-3.6, 4.6), ylim=(-3.6, 4.6))
        _cross(right)
        right.plot(*cloud.T, "o", color=COLORS.fit, markersize=3)
        right.plot(*cloud.mean(axis=0)[:, None], "X", color=COLORS.warn, markersize=8, label="their mean")
        right.legend(loc="upper right")
        right.set(xlabel=f"coefficient of {names[0]}", ylabel=f"coefficient of {names[1]}",
                  title=f"{draws} fits to {size} patients each, δ = {delta:g}", **limits)
        return fig

    def describe(delta):
        cloud = clouds[:, list(deltas).index(delta)]
        (mean1, mean2), (spread1, spread2) = cloud.mean(axis=0), cloud.std(axis=0)
        method = "Least squares (δ = 0)" if delta == 0 else f"Ridge with δ = {delta:g}"
        return _minus(f"{method}: over {draws} samples of {size} patients the coefficient of {names[0]} is {mean1:.1f} ± "
                f"{spread1:.1f} and that of {names[1]} {mean2:.1f} ± {spread2:.1f} (mean ± standard deviation). "
                f"{np.mean(cloud[:, 1] > 0):.0%} of the samples say that the coefficient of {names[1]} is positive.")

    return draw, describe


def ridge_contours(X, y, deltas, *, names):
    """Explorer of two coefficients: contours of the squared error with the circle, and the path against δ.

    Parameters
    ----------
    X : ndarray, shape (m, 2)
        Two standardised columns.
    y : ndarray, shape (m,)
    deltas : sequence of float
        The values of the slider; 0 and the largest are the ends of the path.
    names : pair of str

    Returns
    -------
    draw, describe : callable
        Functions of ``delta``.
    """
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    _, s, Vt = np.linalg.svd(Xc, full_matrices=False)
    angle = np.linspace(0, 2 * np.pi, 91)
    unit = np.array([np.cos(angle), np.sin(angle)])  # (2, 91)
    fine = np.linspace(0, max(deltas), 101)
    path = ridge_path(X, y, fine)[:, 1:]  # (101, 2)
    best = path[0]  # least squares
    limits = _equal_limits(0.2 * np.linalg.norm(best), -0.2 * np.linalg.norm(best), 2.6 * np.linalg.norm(best))
    top = 1.4 * np.abs(path).max()

    def ellipse(level):
        """The θ with ‖y − Xθ‖² = smallest + level: in the axes of V an ellipse with half-axes √level/s."""
        return best[:, None] + Vt.T @ (np.sqrt(level) / s[:, None] * unit)

    def draw(delta):
        theta = Ridge(delta).fit(X, y).theta_[1:]
        fig, (left, right) = panels(2)
        _cross(left)
        for reach in (0.35, 0.75, 1.25, 1.9):  # half-axis along the weak direction, in lengths of the least-squares θ̂
            left.plot(*ellipse((reach * np.linalg.norm(best) * s[1])**2), color=COLORS.muted, linewidth=0.8)
        left.plot(*path.T, color=COLORS.fit, linewidth=1, linestyle=":")
        left.plot(*ellipse(np.sum((Xc @ (theta - best))**2)), color=COLORS.fit, linewidth=1.4)
        left.plot(*np.linalg.norm(theta) * unit, color=COLORS.warn)
        left.plot(*best[:, None], "s", color=COLORS.data, markersize=6, label="least squares")
        left.plot(*theta[:, None], "o", color=COLORS.fit, markersize=8, label="ridge")
        left.legend(loc="lower left")
        left.set(xlabel=f"θ₁ ({names[0]})", ylabel=f"θ₂ ({names[1]})",
                 title=f"the circle ‖θ‖² = {theta @ theta:.1f}", **limits)
        right.axhline(0, color=COLORS.muted, linewidth=0.8)
        right.axvline(delta, ymax=0.8, color=COLORS.warn, linewidth=1.4)
        for k, color in enumerate((COLORS.truth, COLORS.alt)):
            right.plot(fine, path[:, k], color=color, label=f"θ{'₁₂'[k]} ({names[k]})")
            right.plot([delta], theta[[k]], "o", color=color, markersize=7)
        right.legend(loc="upper right")
        right.set(xlabel="ridge strength δ", ylabel="coefficient", xlim=(-1, 1.02 * max(deltas)), ylim=(-0.35 * top, top),
                  title=f"δ = {delta:g}: {_dof(Xc, delta):.2f} of 2 degrees of freedom")
        return fig

    def describe(delta):
        theta = Ridge(delta).fit(X, y).theta_[1:]
        ratio = np.linalg.norm(theta) / np.linalg.norm(best)
        kept = s**2 / (s**2 + delta**2)
        error = np.sum((Xc @ (theta - best))**2) / np.sum((yc - Xc @ best)**2)
        return _minus(f"δ = {delta:g}: the solution is θ₁ = {theta[0]:.2f} ({names[0]}), θ₂ = {theta[1]:.2f} ({names[1]}), on a "
                f"circle of radius {np.linalg.norm(theta):.2f}, {ratio:.0%} of the length of the least-squares solution; "
                f"the squared error is {error:.2%} above the smallest. Along the strong direction {kept[0]:.0%} of the "
                f"least-squares value is kept, along the weak one {kept[1]:.0%}: together {kept.sum():.2f} degrees of freedom.")

    return draw, describe


def ridge_coefficients(X, y, deltas, *, names, marked):
    """Explorer of all coefficients against δ, beside the training and the leave-one-out error.

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
    fine = np.geomspace(deltas[0], deltas[-1], 70)
    paths, dofs = ridge_path(X, y, fine)[:, 1:], ridge_dof(X, fine)  # (70, d), (70,)
    test, standard_error = _root_mean_square(ridge_loo(X, y, fine))  # (70,), (70,)
    training = np.sqrt([np.mean((y - theta[0] - X @ theta[1:])**2) for theta in ridge_path(X, y, fine)])
    best = fine[np.argmin(test)]
    heights = _spread(paths[0], 0.065 * np.ptp(paths[0]))
    bottom, top = min(heights.min(), paths.min()), max(heights.max(), paths.max())
    margin = 0.06 * (top - bottom)
    left_end = deltas[0] / 4  # room for the names

    def draw(delta):
        theta = Ridge(delta).fit(X, y).theta_[1:]
        dof, (error,) = ridge_dof(X, [delta])[0], _root_mean_square(ridge_loo(X, y, [delta]))[0]
        fig, (left, right) = panels(2)
        left.plot([deltas[0], deltas[-1]], [0, 0], color=COLORS.muted, linewidth=0.8)
        left.axvline(delta, color=COLORS.warn, linewidth=1.4)
        for name, values, height, now in zip(names, paths.T, heights, theta):
            color = marked.get(name, COLORS.muted)
            left.plot(fine, values, color=color, linewidth=2 if name in marked else 1.2)
            left.plot([delta], [now], "o", color=color, markersize=5 if name in marked else 3.5)
            left.text(deltas[0] / 1.3, height, name, color=color, ha="right", va="center", fontsize=9)
        left.set(xscale="log", xlabel="ridge strength δ", ylabel="coefficient",
                 xlim=(left_end, 1.1 * deltas[-1]), ylim=(bottom - margin, top + margin),
                 title=f"δ = {delta:g}: {dof:.1f} of {len(names)} degrees of freedom")
        right.fill_between(fine, test - standard_error, test + standard_error, color=COLORS.fit, alpha=0.2, linewidth=0)
        right.plot(fine, test, color=COLORS.fit, label="leave one out (± standard error)")
        right.plot(fine, training, color=COLORS.muted, linestyle="--", label="training")
        right.axvline(delta, ymax=0.8, color=COLORS.warn, linewidth=1.4)
        right.plot([delta], [error], "o", color=COLORS.fit, markersize=7)
        right.legend(loc="upper left")
        right.set(xscale="log", xlabel="ridge strength δ", ylabel="root mean square error",
                  xlim=(deltas[0] / 1.1, 1.1 * deltas[-1]),
                  ylim=(training.min() - 2, (test + standard_error).max() + 6), title=f"error {error:.1f}")
        return fig

    def describe(delta):
        theta = Ridge(delta).fit(X, y).theta_[1:]
        (error,), (se,) = _root_mean_square(ridge_loo(X, y, [delta]))
        values = ", ".join(f"{name} {theta[names.index(name)]:.1f}" for name in marked)
        return _minus(f"δ = {delta:g} leaves {ridge_dof(X, [delta])[0]:.1f} of {len(names)} degrees of freedom. Coefficients: "
                f"{values}. Leave-one-out error {error:.1f} ± {se:.1f}; it is smallest, {test.min():.1f}, near δ = {best:.1f}.")

    return draw, describe


def draw_bias_variance(deltas, bias2, variance, simulated):
    """Bias², variance and their sum against δ, with the mean squared error found by simulation.

    Parameters
    ----------
    deltas, bias2, variance : ndarray, shape (n,)
        By formula.
    simulated : ndarray, shape (n,)
        Mean of ‖θ̂ − θ‖² over simulated data sets.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = panels()
    ax.plot(deltas, variance, color=COLORS.alt, label="variance")
    ax.plot(deltas, bias2, color=COLORS.warn, label="squared bias")
    ax.plot(deltas, bias2 + variance, color=COLORS.fit, label="their sum", linewidth=2.4)
    ax.plot(deltas[::4], simulated[::4], "o", color=COLORS.data, label="mean of ‖θ̂ − θ‖², simulated")
    best = np.argmin(bias2 + variance)
    ax.plot(deltas[[best]], (bias2 + variance)[[best]], "s", color=COLORS.fit, markersize=9, markerfacecolor="none")
    ax.legend(loc="upper right")
    ax.set(xlabel="ridge strength δ", ylabel="error of θ̂", xlim=(0, deltas[-1]), ylim=(0, 1.15 * variance[0]))
    return fig


def _equal_limits(x, y, height):
    """Axis limits around (x, y), `height` units high, such that both axes of a panel have the same unit length."""
    fig, (ax, _) = panels(2)
    box, (w, h) = ax.get_position(), fig.get_size_inches()
    width = height * (box.width * w) / (box.height * h)
    return {"xlim": (x - width / 2, x + width / 2), "ylim": (y - height / 2, y + height / 2)}


def _minus(text):
    """Minus signs for the hyphens before numbers."""
    return re.sub(r"(?<!\w)-(?=\d)", "−", text)


def _cross(ax):
    ax.axhline(0, color=COLORS.muted, linewidth=0.8)
    ax.axvline(0, color=COLORS.muted, linewidth=0.8)


def _dof(X, delta):
    return ridge_dof(X, [delta])[0]


def _root_mean_square(residuals):
    """Root of the mean square of each row (n, m), and its standard error (from that of the mean, by the delta method)."""
    squares = residuals**2
    root = np.sqrt(squares.mean(axis=1))
    return root, squares.std(axis=1, ddof=1) / np.sqrt(squares.shape[1]) / (2 * root)


def _spread(heights, gap):
    """Heights for labels: in the order of `heights`, near them, at least `gap` apart."""
    order = np.argsort(heights)
    placed = heights[order].astype(float)
    for _ in range(200):
        overlap = gap - np.diff(placed)
        overlap[overlap < 1e-9] = 0
        if not overlap.any():
            break
        placed[:-1] -= overlap / 2
        placed[1:] += overlap / 2
    result = np.empty_like(placed)
    result[order] = placed
    return result
