"""What the chapter on ridge regression draws: the functions behind each explorer."""

import numpy as np

from mlcore.explore import COLORS, panels, show
from mlcore.explore._pieces import cross, equal_limits, level_curve, spread
from mlcore.ridge import ridge_dof, ridge_loo, ridge_path


def resampled_ridge(X, y, deltas, *, names, size, draws, rng):
    """Explorer of ridge estimates from many small samples of the same data: how much chance is in θ̂?

    Parameters
    ----------
    X : ndarray, shape (m, 2)
        Two standardised columns.
    y : ndarray, shape (m,)
    deltas : sequence of float
        The values of the slider, beginning with 0.
    names : pair of str
    size, draws : int
        Rows in a sample (drawn without replacement), and how many samples.
    rng : numpy.random.Generator

    Returns
    -------
    draw, describe : callable
        Functions of ``delta``.
    centre, scatter : callable
        Mean of all samples' coefficients (2,), and standard deviation of the second one in percent of what
        it is at δ = 0. Functions of ``delta``.
    """
    deltas = list(deltas)
    samples = [rng.choice(len(y), size, replace=False) for _ in range(draws)]
    clouds = np.array([ridge_path(X[rows], y[rows], deltas)[:, 1:] for rows in samples])  # (draws, n, 2)
    low, high = clouds[:, 0].min(axis=0), clouds[:, 0].max(axis=0)  # least squares spreads most
    limits = equal_limits((low + high) / 2, 1.15 * max((high - low) / (1.2, 1)))
    reach = 1.06 * np.abs(X).max()

    def centre(delta):
        return clouds[:, deltas.index(delta)].mean(axis=0)

    def scatter(delta):
        return 100 * clouds[:, deltas.index(delta), 1].std() / clouds[:, 0, 1].std()

    def draw(delta):
        cloud = clouds[:, deltas.index(delta)]
        fig, (left, right) = panels(2)
        left.plot(*X.T, "o", color=COLORS.data, markersize=2)
        left.set(
            xlabel=f"{names[0]} (standardised)",
            ylabel=f"{names[1]} (standardised)",
            xlim=(-reach, reach),
            ylim=(-reach, reach),
            title=f"{len(y)} patients",
        )
        cross(right)
        right.plot(*cloud.T, "o", color=COLORS.fit, markersize=3, label="one sample", gid=show("samples"))
        ring = {"markersize": 9, "markerfacecolor": "none", "markeredgewidth": 1.8}
        right.plot(*centre(delta)[:, None], "o", color=COLORS.warn, label="mean of all", **ring)
        right.legend(loc="upper right")
        right.set(
            xlabel=f"coefficient of {names[0]}",
            ylabel=f"coefficient of {names[1]}",
            title=f"{draws} fits to {size} patients each",
            **limits,
        )
        return fig

    def describe(delta):
        cloud = clouds[:, deltas.index(delta)]
        (mean1, mean2), (spread1, spread2) = cloud.mean(axis=0), cloud.std(axis=0)
        method = "Least squares (δ = 0)" if delta == 0 else f"Ridge with δ = {delta:g}"
        return (
            f"{method}: over {draws} samples of {size} patients the coefficient of {names[0]} is "
            f"{mean1:.1f} ± {spread1:.1f} and that of {names[1]} {mean2:.1f} ± {spread2:.1f} "
            "(mean ± standard deviation). "
            f"In {np.sum(cloud[:, 1] > 0)} of the samples the coefficient of {names[1]} is positive."
        )

    return draw, describe, centre, scatter


def cloud_directions(X, angles, *, names):
    """Explorer of the lengths ‖Xv‖: how far does a cloud of examples reach in the direction v?

    Parameters
    ----------
    X : ndarray, shape (m, 2)
        Two standardised columns.
    angles : sequence of float
        The values of the slider: the direction of v in degrees, from 0 to 180.
    names : pair of str

    Returns
    -------
    draw, describe : callable
        Functions of ``angle``.
    tip, shortest : callable
        Where the arrow's handle stands, and the angle with the smallest ‖Xv‖. Functions of ``angle``.
    """
    m, rho, reach = len(X), np.corrcoef(X.T)[0, 1], 1.06 * np.abs(X).max()
    few = X[:: max(1, m // 60)]  # patients whose feet are drawn
    fine = np.linspace(0, 180, 91)
    lengths = np.sqrt(m * (1 + rho * np.sin(2 * np.radians(fine))))  # (eq-pair-length)

    def unit(angle):
        return np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])

    def tip(angle):
        return 0.85 * reach * unit(angle)

    def shortest(angle):
        return 135

    def draw(angle):
        v, length = unit(angle), np.linalg.norm(X @ unit(angle))
        fig, (left, right) = panels(2)
        left.plot(*X.T, "o", color=COLORS.data, markersize=2)
        left.plot(*np.outer(v, [-2 * reach, 2 * reach]), color=COLORS.muted, linewidth=0.8)
        left.plot(*np.outer(v, few @ v), "o", color=COLORS.warn, markersize=2.5, gid=show("feet"))
        left.plot(*np.outer(v, [0, 0.85 * reach]), color=COLORS.fit, linewidth=2, gid=show("direction"))
        left.plot(*tip(angle)[:, None], "o", color=COLORS.fit, markersize=6, gid=show("direction"))
        left.set(
            xlabel=f"{names[0]} (standardised)",
            ylabel=f"{names[1]} (standardised)",
            title=f"the direction v at {angle:g}°",
            **equal_limits((0, 0), 2 * reach),
        )
        right.plot(fine, lengths, color=COLORS.muted, gid=show("lengths"))
        right.plot([angle], [length], "o", color=COLORS.fit, markersize=8)
        right.set(
            xlabel="angle of v in degrees",
            ylabel="length of Xv",
            xlim=(-4, 184),
            xticks=[0, 45, 90, 135, 180],
            ylim=(0, 1.15 * lengths.max()),
            title=f"‖Xv‖ = {length:.1f}",
        )
        return fig

    def describe(angle):
        v = unit(angle)
        return (
            f"Direction v = ({v[0]:.2f}, {v[1]:.2f}), at {angle:g} degrees: the vector Xv, an entry for each "
            f"of the {m} patients, has the length {np.linalg.norm(X @ v):.2f}. Its entries are the places "
            f"of the patients along v, with the standard deviation {np.std(X @ v):.2f}."
        )

    return draw, describe, tip, shortest


def ridge_contours(X, y, deltas, *, names):
    """Explorer of two coefficients: level curves of the squared error with the circle, and the path.

    Parameters
    ----------
    X : ndarray, shape (m, 2)
        Two standardised columns.
    y : ndarray, shape (m,)
    deltas : sequence of float
        The values of the slider; the path is drawn from 0 to the largest.
    names : pair of str

    Returns
    -------
    draw, describe : callable
        Functions of ``delta``.
    """
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    s = np.linalg.svd(Xc, compute_uv=False)
    fine = np.linspace(0, max(deltas), 101)
    path = ridge_path(X, y, fine)[:, 1:]  # (101, 2)
    best = path[0]  # least squares
    size = np.linalg.norm(best)
    limits = equal_limits((0.1 * size, -0.3 * size), 2.8 * size)
    top = 1.4 * np.abs(path).max()

    def solution(delta):
        """The slopes for δ, and by how much their squared error exceeds the smallest."""
        theta = ridge_path(X, y, [delta])[0, 1:]
        return theta, np.sum((Xc @ (theta - best)) ** 2)

    def ellipse(excess):
        """Where the squared error is `excess` above the smallest."""
        return level_curve(best, Xc.T @ Xc, excess)

    def draw(delta):
        theta, excess = solution(delta)
        fig, (left, right) = panels(2)
        cross(left)
        for reach in (0.35, 0.75, 1.25, 1.9):  # half-axis along the weak direction, in lengths of `best`
            left.plot(*ellipse((reach * size * s[1]) ** 2), color=COLORS.muted, linewidth=0.8)
        left.plot(*path.T, color=COLORS.fit, linewidth=1, linestyle=":", gid=show("path"))
        left.plot(*ellipse(excess), color=COLORS.fit, linewidth=1.4)
        circle = level_curve(np.zeros(2), np.eye(2), theta @ theta)
        left.plot(*circle, color=COLORS.warn, gid=show("circle"))
        left.plot(*best[:, None], "s", color=COLORS.data, markersize=6, label="least squares")
        out = theta / np.linalg.norm(theta) * 0.45 * size * (delta > 0)  # Xᵀ(y − Xθ̂) points along θ̂
        side = 0.2 * np.array([[-1, 0.5], [-0.5, -1]]) @ out, 0.2 * np.array([[-1, -0.5], [0.5, -1]]) @ out
        arrow = theta + np.array([0 * out, out, out + side[0], out, out + side[1]])  # shaft and head
        left.plot(*np.transpose([0 * theta, theta]), color=COLORS.warn, linewidth=1.2, gid=show("radius"))
        left.plot(*arrow.T, color=COLORS.truth, linewidth=1.6, gid=show("downhill"))
        left.plot(*theta[:, None], "o", color=COLORS.fit, markersize=8, label="ridge")
        left.legend(loc="lower left")
        left.set(
            xlabel=f"θ₁ ({names[0]})",
            ylabel=f"θ₂ ({names[1]})",
            title=f"the circle ‖θ‖² = {theta @ theta:.1f}",
            **limits,
        )
        right.axhline(0, color=COLORS.muted, linewidth=0.8)
        right.axvline(delta, ymax=0.8, color=COLORS.warn, linewidth=1.4)
        for k, color in enumerate((COLORS.truth, COLORS.alt)):
            right.plot(fine, path[:, k], color=color, label=f"θ{'₁₂'[k]} ({names[k]})", gid=show("path"))
            right.plot([delta], theta[[k]], "o", color=color, markersize=7)
        right.legend(loc="upper right")
        right.set(
            xlabel="ridge strength δ",
            ylabel="coefficient",
            xlim=(-1, 1.02 * max(deltas)),
            ylim=(-0.35 * top, top),
            title=f"{ridge_dof(X, [delta])[0]:.2f} of 2 degrees of freedom",
        )
        return fig

    def describe(delta):
        theta, excess = solution(delta)
        kept, length, smallest = (
            s**2 / (s**2 + delta**2),
            np.linalg.norm(theta),
            np.sum((yc - Xc @ best) ** 2),
        )
        return (
            f"δ = {delta:g}: θ₁ = {theta[0]:.2f} ({names[0]}) and θ₂ = {theta[1]:.2f} ({names[1]}), on a "
            f"circle of radius {length:.2f}, {length / size:.0%} of the length of least squares. The squared "
            f"error is {excess / smallest:.2%} above the smallest. Along the strong direction {kept[0]:.0%} "
            f"of least squares is kept, along the weak one {kept[1]:.0%}: together {kept.sum():.2f} degrees "
            "of freedom."
        )

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
    names, first, last = list(names), deltas[0], deltas[-1]
    fine = np.geomspace(first, last, 70)
    paths = ridge_path(X, y, fine)  # (70, d + 1)
    test, band = _mean_square(ridge_loo(X, y, fine))  # (70,), (70,)
    training, _ = _mean_square(y - paths[:, :1] - paths[:, 1:] @ X.T)
    best, paths = fine[np.argmin(test)], paths[:, 1:]
    heights = spread(paths[0], 0.08 * np.ptp(paths))
    margin = 0.05 * np.ptp(paths)
    ticks = [tick for tick in (1, 10, 100, 1000) if first <= tick <= last]

    def draw(delta):
        theta = ridge_path(X, y, [delta])[0, 1:]
        error = _mean_square(ridge_loo(X, y, [delta]))[0]
        fig, (left, right) = panels(2)
        left.plot([first, last], [0, 0], color=COLORS.muted, linewidth=0.8)
        left.axvline(delta, color=COLORS.warn, linewidth=1.4)
        for name, values, height, now in zip(names, paths.T, heights, theta):
            color, bold = marked.get(name, COLORS.muted), name in marked
            left.plot(fine, values, color=color, linewidth=2 if bold else 1.2, gid=show("paths"))
            left.plot([delta], [now], "o", color=color, markersize=5 if bold else 3.5)
            left.plot([first / 1.5, first / 1.08], [height, values[0]], color=color, linewidth=0.6)
            left.text(first / 1.6, height, name, color=color, ha="right", va="center", fontsize=9)
        left.set(
            xscale="log",
            xlabel="ridge strength δ",
            ylabel="coefficient",
            xlim=(first / 4.5, 1.1 * last),
            ylim=(min(paths.min(), heights.min()) - margin, max(paths.max(), heights.max()) + margin),
            title=f"{ridge_dof(X, [delta])[0]:.1f} of {len(names)} degrees of freedom",
        )
        left.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        left.minorticks_off()
        right.fill_between(fine, test - band, test + band, color=COLORS.fit, alpha=0.2, linewidth=0)
        right.plot(fine, test, color=COLORS.fit, label="leave one out, ± standard error")
        right.plot(fine, training, color=COLORS.data, linestyle="--", label="training")
        right.axvline(delta, ymax=0.8, color=COLORS.warn, linewidth=1.4)
        right.plot([delta], error, "o", color=COLORS.fit, markersize=7)
        right.legend(loc="upper left")
        right.set(
            xscale="log",
            xlabel="ridge strength δ",
            ylabel="mean squared error",
            xlim=(first / 1.1, 1.1 * last),
            ylim=(training.min() - 200, 1.1 * (test + band).max()),
            title=f"leave-one-out error {error[0]:.0f}",
        )
        return fig

    def describe(delta):
        theta, dof = ridge_path(X, y, [delta])[0, 1:], ridge_dof(X, [delta])[0]
        (error,), (se,) = _mean_square(ridge_loo(X, y, [delta]))
        values = ", ".join(f"{name} {theta[names.index(name)]:.1f}" for name in marked)
        return (
            f"δ = {delta:g} leaves {dof:.1f} of {len(names)} degrees of freedom. Coefficients: {values}. "
            f"Leave-one-out error {error:.0f} ± {se:.0f} (standard error over the patients); it is smallest, "
            f"{test.min():.0f}, near δ = {best:.1f}."
        )

    return draw, describe


def bias_and_variance(X, truth, sigma, deltas, *, names, draws, rng):
    """Explorer of estimates from many simulated sets of noise: their scatter, and how far their mean is off.

    Parameters
    ----------
    X : ndarray, shape (m, 2)
        Centred columns.
    truth : ndarray, shape (2,)
        The coefficients with which the targets are made.
    sigma : float
        Standard deviation of the noise.
    deltas : sequence of float
        The values of the slider, beginning with 0.
    names : pair of str
    draws : int
        How many sets of noise.
    rng : numpy.random.Generator

    Returns
    -------
    draw, describe : callable
        Functions of ``delta``.
    best : callable
        Where the mean squared error is smallest, by formula. A function of ``delta``.
    """
    deltas = list(deltas)
    targets = X @ truth + sigma * rng.normal(size=(draws, len(X)))  # (draws, m)
    clouds = np.array([ridge_path(X, y, deltas)[:, 1:] for y in targets])  # (draws, n, 2)
    simulated, errors = _mean_square(np.linalg.norm(clouds - truth, axis=2).T)  # (n,), (n,)
    s, Vt = np.linalg.svd(X, full_matrices=False)[1:]
    a, fine = Vt @ truth, np.linspace(0, deltas[-1], 121)

    def parts(delta):
        """Squared bias and variance, (n,) each, by formula."""
        k = np.atleast_1d(delta)[:, None] ** 2
        return (k**2 * a**2 / (s**2 + k) ** 2).sum(axis=1), (sigma**2 * s**2 / (s**2 + k) ** 2).sum(axis=1)

    bias2, variance = parts(fine)
    total = bias2 + variance
    low, high = np.percentile(clouds[:, 0], [3, 97], axis=0)
    limits = equal_limits((low + high) / 2, 1.1 * max((high - low) / (1.2, 1)))

    def best(delta):
        return fine[np.argmin(total)]

    def draw(delta):
        cloud = clouds[:, deltas.index(delta)]
        mean = cloud.mean(axis=0)
        fig, (left, right) = panels(2)
        cross(left)
        left.plot(*cloud[:200].T, "o", color=COLORS.fit, markersize=2.5, gid=show("estimates"))
        left.plot(*np.transpose([truth, mean]), color=COLORS.warn, linewidth=2.5, gid=show("bias"))
        left.plot(*mean[:, None], "X", color=COLORS.warn, markersize=9, label="mean", gid=show("bias"))
        left.plot(*truth[:, None], "*", color=COLORS.truth, markersize=12, label="truth", gid=show("truth"))
        left.legend(loc="upper right")
        left.set(
            xlabel=f"coefficient of {names[0]}",
            ylabel=f"coefficient of {names[1]}",
            title=f"200 of the {draws} sets of noise",
            **limits,
        )
        end, top = fine[-1], total[0]
        for name, values, color, lift in (
            ("variance", variance, COLORS.alt, 0.04),
            ("squared bias", bias2, COLORS.warn, -0.11),
            ("their sum", total, COLORS.fit, 0.04),
        ):
            width = 2.4 if name == "their sum" else 1.6
            right.plot(fine, values, color=color, linewidth=width, gid=show(name))
            right.text(0.98 * end, values[-1] + lift * top, name, color=color, ha="right", gid=show(name))
        dots = right.errorbar(
            deltas, simulated, errors, fmt="o", color=COLORS.data, markersize=4, elinewidth=1
        )
        for artist in (dots[0], *dots[2]):
            artist.set_gid(show("simulation"))
        right.axvline(delta, ymax=0.9, color=COLORS.warn, linewidth=1.2)
        right.set(
            xlabel="ridge strength δ",
            ylabel="mean squared error of θ̂",
            xlim=(-0.02 * end, 1.02 * end),
            ylim=(0, 1.1 * top),
            title=f"δ = {delta:g}",
        )
        return fig

    def describe(delta):
        (b,), (v,) = parts(delta)
        k = deltas.index(delta)
        off = np.linalg.norm(clouds[:, k].mean(axis=0) - truth)
        return (
            f"δ = {delta:g}: the mean of {draws} estimates is {off:.1f} from the truth. By formula the "
            f"squared bias is {b:.0f} and the variance {v:.0f}, together {b + v:.0f}; the mean squared "
            f"error in the simulation is {simulated[k]:.0f} ± {errors[k]:.0f}."
        )

    return draw, describe, best


def _mean_square(residuals):
    """Mean square of each row (n, m), and its standard error."""
    squares = residuals**2
    return squares.mean(axis=1), squares.std(axis=1, ddof=1) / np.sqrt(squares.shape[1])
