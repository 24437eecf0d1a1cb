"""What the chapter *Probability: numbers that scatter* draws."""

from math import erf, exp, log, sqrt

import numpy as np

from mlcore.datasets import load_seattle
from mlcore.explore import COLORS, panels, show
from mlcore.explore._pieces import PAPER, cross, equal_limits
from mlcore.probability import Gaussian, MultivariateGaussian
from mlcore.teach import minus

MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


def seattle_days():
    """Highest temperature (m,) of each day, its month (m,) from 0 to 11, and the days since New Year (m,)."""
    data = load_seattle()
    dates = np.datetime64("2012-01-01") + data.X[:, 0].astype(int)
    month = dates.astype("datetime64[M]").astype(int) % 12
    return data.y, month, (dates - dates.astype("datetime64[Y]")).astype(int)


# bars of four degrees Fahrenheit, as the days were recorded: 2 °C would hold three values or four
BARS = (np.arange(24, 105, 4) - 0.5 - 32) / 1.8


def share_below(x, mu, sigma):
    """P(value ≤ x) under N(μ, σ²)."""
    return 0.5 * (1 + erf((x - mu) / (sigma * sqrt(2))))


def density_steps(values, edges):
    """The outline of a histogram whose area is one: x and y of its corners."""
    share = np.histogram(values, edges)[0] / len(values)
    return np.repeat(edges, 2), np.concatenate(([0], np.repeat(share / np.diff(edges), 2), [0]))


def months(hot=30.0):
    """Explorer of Seattle's temperatures: the days of a month, their histogram, the Gaussian fitted to them.

    Parameters
    ----------
    hot : float
        A day that reaches it is counted, and their share compared with the Gaussian's.

    Returns
    -------
    names : list of str
        The values of the slider, "all year" first.
    draw, describe : callable
        Functions of ``month``.
    """
    y, month, day = seattle_days()
    names = ["all year", *MONTHS]
    edges, fine = BARS, np.linspace(-4, 40, 89)

    def apart(values, fit):
        """Half the area between the histogram and the bell."""
        heights = np.histogram(values, edges)[0] / len(values) / np.diff(edges)
        points = (edges[:-1, None] + np.diff(edges)[:, None] * (np.arange(20) + 0.5) / 20).ravel()
        inside = np.abs(np.repeat(heights, 20) - fit.pdf(points)) * np.repeat(np.diff(edges), 20) / 20
        beyond = share_below(edges[0], fit.mu, fit.sigma) + 1 - share_below(edges[-1], fit.mu, fit.sigma)
        return (inside.sum() + beyond) / 2

    def by_chance(fit, m):
        """The mean of `apart` for samples of the bell itself, of m values in whole °F."""
        drawn = np.random.default_rng(0).normal(fit.mu, fit.sigma, (60, m))
        drawn = (np.round(32 + 1.8 * drawn) - 32) / 1.8
        return np.mean([apart(np.clip(row, edges[0], edges[-1]), Gaussian.fit(row)) for row in drawn])

    def chosen(name):
        return y if name == names[0] else y[month == MONTHS.index(name)]

    def draw(month):
        values = chosen(month)
        part = np.full(len(y), month == names[0]) if month == names[0] else monthly[month]
        fit = Gaussian.fit(values)
        fig, (left, right) = panels(2)
        left.plot(day[::3], y[::3], "o", color=COLORS.muted, markersize=1.2, alpha=0.6)
        left.plot(day[part][::2], y[part][::2], "o", color=COLORS.fit, markersize=2)
        left.axhline(hot, color=COLORS.warn, linewidth=1, linestyle="--")
        left.text(4, hot + 0.8, f"{hot:g} °C", color=COLORS.warn, fontsize=9)
        left.set(xlabel="day of the year", ylabel="highest temperature (°C)", xlim=(0, 366), ylim=(-4, 40))
        left.set_title(f"{len(values)} days of {month if month != names[0] else 'four years'}")
        right.fill_between(
            *density_steps(values, edges), color=COLORS.data, alpha=0.3, linewidth=0, gid=show("histogram")
        )
        right.plot(fine, fit.pdf(fine), color=COLORS.fit, gid=show("bell"))
        right.axvline(hot, color=COLORS.warn, linewidth=1, linestyle="--")
        right.set(
            xlabel="highest temperature (°C)", ylabel="share of days per °C", xlim=(-4, 40), ylim=(0, 0.16)
        )
        right.set_title(f"μ = {fit.mu:.1f} °C, σ = {fit.sigma:.1f} °C")
        return fig

    monthly = {name: month == k for k, name in enumerate(MONTHS)}

    def describe(month):
        values = chosen(month)
        fit = Gaussian.fit(values)
        return (
            f"{month[:1].upper() + month[1:]}: {len(values)} days with mean {fit.mu:.1f} °C and standard "
            f"deviation {fit.sigma:.1f} °C. At {hot:g} °C or more were {np.mean(values >= hot):.1%} of them; "
            f"the bell curve would have {1 - share_below(hot, fit.mu, fit.sigma):.1%}. To make the histogram "
            f"into the bell, {apart(values, fit):.1%} of it would have to move; a sample of the bell "
            f"itself, of as many days, has {by_chance(fit, len(values)):.1%} on average."
        )

    return names, draw, describe


def bell(mus, sigmas, *, interval=(-1.0, 1.0)):
    """Explorer of the Gaussian: how μ and σ move it, and the area over an interval.

    Parameters
    ----------
    mus, sigmas : sequence of float
        The values of the sliders.
    interval : pair of float

    Returns
    -------
    draw, describe, at : callable
        Functions of ``mu`` and ``sigma``; ``at`` is the point of inflexion, one σ to the right of μ.
    """
    a, b = interval
    inside = np.linspace(a, b, 41)
    steps = np.concatenate((np.linspace(-8, -3, 6), np.linspace(-2.8, 2.8, 57), np.linspace(3, 8, 6)))

    def share(mu, sigma):
        return share_below(b, mu, sigma) - share_below(a, mu, sigma)

    def at(mu, sigma):
        return mu + sigma, Gaussian(mu, sigma).pdf(mu + sigma)

    def draw(mu, sigma):
        p = Gaussian(mu, sigma).pdf
        fig, ax = panels()
        ax.fill_between(inside, p(inside), color=COLORS.fit, alpha=0.25, linewidth=0, gid=show("area"))
        ax.plot(mu + sigma * steps, p(mu + sigma * steps), color=COLORS.fit, gid=show("density"))
        ax.plot([mu, mu], [0, p(mu)], color=COLORS.warn, linewidth=1, linestyle="--", gid=show("peak"))
        ax.axhline(1, color=COLORS.muted, linewidth=0.8, linestyle=":")
        ax.text(-3.9, 1.03, "1", color=COLORS.muted, fontsize=9)
        ax.plot(*at(mu, sigma), "o", color=COLORS.fit)
        ax.set(xlabel="x", ylabel="density p(x)", xlim=(-4, 4), ylim=(0, 2.1))
        ax.set_title(f"P({a:g} ≤ x ≤ {b:g}) = {share(mu, sigma):.3f}".replace("-", "−"))
        return fig

    def describe(mu, sigma):
        return (
            f"μ = {mu:g} and σ = {sigma:g}: the curve is highest at μ, where the density is "
            f"{Gaussian(mu, sigma).pdf(mu):.2f}. The shaded area, the probability of a value from {a:g} to "
            f"{b:g}, is {share(mu, sigma):.3f}. The whole area is 1."
        )

    return draw, describe, at


def averages(values, sizes, *, draws, rng, unit):
    """Explorer of means of m random draws: their histogram in units of σ/√m, and how far they scatter.

    Parameters
    ----------
    values : ndarray, shape (n,)
        What is drawn from, each with the same probability and put back.
    sizes : sequence of int
        The values of the slider.
    draws : int
        How many means for each size.
    rng : numpy.random.Generator
    unit : str

    Returns
    -------
    draw, describe : callable
        Functions of ``m``.
    spread : dict of int to float
        The measured standard deviation of the means, by m.
    """
    sizes = list(sizes)
    mu, sigma = values.mean(), values.std()
    means = {m: rng.choice(values, (draws, m)).mean(axis=1) for m in sizes}
    spread = {m: float(means[m].std()) for m in sizes}
    fine, edges = np.linspace(-4, 4, 81), np.arange(-4, 4.26, 0.5) - 0.125
    dodge = 2.0 ** np.random.default_rng(0).uniform(-0.28, 0.28, 90)
    law = np.geomspace(sizes[0] / 1.3, sizes[-1] * 1.3, 60)

    def draw(m):
        z = (means[m] - mu) / (sigma / sqrt(m))
        fig, (left, right) = panels(2)
        left.fill_between(
            *density_steps(z, edges), color=COLORS.data, alpha=0.3, linewidth=0, gid=show("means")
        )
        left.plot(fine, Gaussian(0, 1).pdf(fine), color=COLORS.fit, gid=show("standard"))
        left.set(xlabel="mean, in σ/√m from μ", ylabel="density", xlim=(-4, 4), ylim=(0, 0.75))
        left.set_title(f"{draws} means of {m} cars" if m > 1 else f"{draws} single cars")
        for n in sizes:
            right.plot(
                n * dodge,
                means[n][:90],
                "o",
                color=COLORS.muted,
                markersize=1.3,
                alpha=0.7,
                gid=show("cloud"),
            )
        for sign in (-1, 1):
            right.plot(law, mu + sign * sigma / np.sqrt(law), color=COLORS.fit, gid=show("law"))
            right.plot(
                sizes,
                mu + sign * np.array([spread[n] for n in sizes]),
                "o",
                color=COLORS.warn,
                markersize=4.5,
                gid=show("measured"),
            )
        right.plot([m, m], [mu - spread[m], mu + spread[m]], color=COLORS.warn, linewidth=2.4)
        right.text(
            law[-1] / 1.5, mu + 17, "μ ± σ/√m", color=COLORS.fit, ha="right", bbox=PAPER, gid=show("law")
        )
        right.set_xscale("log", base=2)
        right.set_xticks(sizes[::2], [f"{n}" for n in sizes[::2]])
        right.set(xlabel="cars in a sample, m", ylabel=f"mean ({unit})", xlim=(law[0], law[-1]))
        right.set(ylim=(mu - 2.2 * sigma, mu + 3 * sigma))
        right.set_title(f"their standard deviation: {spread[m]:.1f} {unit}")
        return fig

    def describe(m):
        z = (means[m] - mu) / (sigma / sqrt(m))
        return (
            f"{draws} means of m = {m}: their average is {means[m].mean():.1f} {unit}, their standard "
            f"deviation {spread[m]:.2f} {unit}, and σ/√m is {sigma / sqrt(m):.2f}. More than two of "
            f"these above μ lie {np.mean(z > 2):.1%}, more than two below {np.mean(z < -2):.1%}; a Gaussian "
            "has 2.3% on either side."
        )

    return draw, describe, spread


def long_axis(sigma1, sigma2, rho):
    """The angle φ in degrees from the x₁-axis to the long axis of the ellipses."""
    return float(np.degrees(0.5 * np.arctan2(2 * rho * sigma1 * sigma2, sigma1**2 - sigma2**2)))


def ellipses(sigmas, rhos, *, rng, points=120):
    """Explorer of two correlated variables with σ₂ = 1: level curves, a cloud, the angle of the long axis.

    Parameters
    ----------
    sigmas, rhos : sequence of float
        The values of σ₁ and ρ on the sliders, |ρ| < 1.
    rng : numpy.random.Generator
        The points of all clouds are made from the same independent ones.
    points : int

    Returns
    -------
    draw, describe : callable
        Functions of ``sigma1`` and ``rho``.
    """
    z = rng.normal(size=(points, 2))
    z = (z - z.mean(axis=0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(z.T, bias=True))).T
    t = np.linspace(0, 2 * np.pi, 61)
    circle = np.vstack((np.cos(t), np.sin(t)))
    fine = np.linspace(
        -0.98, 0.98, 81
    )  # with 0, where an axis is upright for σ₁ < 1, and anywhere for σ₁ = 1
    limits = equal_limits((0, 0), 6.4)

    def factor(sigma1, rho):
        return np.linalg.cholesky([[sigma1**2, rho * sigma1], [rho * sigma1, 1]])

    def draw(sigma1, rho):
        L, phi = factor(sigma1, rho), long_axis(sigma1, 1, rho)
        fig, (left, right) = panels(2)
        cross(left)
        left.plot(*(L @ z.T), "o", color=COLORS.data, markersize=1.8, alpha=0.7, gid=show("cloud"))
        for c, width in ((1, 2.2), (2, 1.2)):
            left.plot(*(c * L @ circle), color=COLORS.fit, linewidth=width, gid=show("ellipses"))
        u = np.array([np.cos(np.radians(phi)), np.sin(np.radians(phi))])
        reach = 2.9 * u * (sigma1 != 1 or rho != 0)  # a circle has no long axis
        left.plot(
            [-reach[0], reach[0]],
            [-reach[1], reach[1]],
            color=COLORS.warn,
            linewidth=1.2,
            linestyle="--",
            gid=show("axis"),
        )
        left.plot([sigma1, sigma1], [0, rho], color=COLORS.muted, linewidth=1)
        left.plot([sigma1], [rho], "o", color=COLORS.fit, markersize=7)
        left.set(xlabel="x₁", ylabel="x₂", **limits)
        left.set_title(f"Σ₁₁ = {sigma1**2:.2f}, Σ₁₂ = {rho * sigma1:.2f}, Σ₂₂ = 1".replace("-", "−"))
        for s in sigmas:
            now = s == sigma1
            right.plot(
                fine, [long_axis(s, 1, r) if r or s > 1 else np.nan for r in fine],
                color=COLORS.fit if now else COLORS.muted, linewidth=2.2 if now else 0.9,
                alpha=1 if now else 0.7, gid=show("angles"),
            )  # fmt: skip
        right.plot(
            [rho],
            [phi if sigma1 != 1 or rho else np.nan],
            "o",
            color=COLORS.warn,
            markersize=7,
            gid=show("angles"),
        )
        for s, height in zip(sorted(sigmas, reverse=True), (18, 28, 38, 48, 58, 68)):
            right.plot(
                [1, 1.11], [long_axis(s, 1, fine[-1]), height],
                color=COLORS.muted, linewidth=0.6, gid=show("angles"),
            )  # fmt: skip
            right.text(
                1.13, height, f"{s:g}", color=COLORS.fit if s == sigma1 else COLORS.muted, fontsize=8,
                va="center", gid=show("angles"),
            )  # fmt: skip
        right.text(1.07, 82, "σ₁ =", color=COLORS.muted, fontsize=8, va="center", gid=show("angles"))
        right.set(
            xlabel="correlation ρ", ylabel="angle φ of the long axis (°)", xlim=(-1, 1.36), ylim=(-95, 95)
        )
        right.set_xticks([-1, -0.5, 0, 0.5, 1])
        right.set_yticks([-90, -45, 0, 45, 90])
        right.set_title(f"σ₁ = {sigma1:g}, σ₂ = 1: tan 2φ = 2ρσ₁/(σ₁² − 1)")
        return fig

    def describe(sigma1, rho):
        long, short = np.linalg.svd(factor(sigma1, rho), compute_uv=False)
        turned = (
            "Circles have no long axis"
            if sigma1 == 1 and rho == 0
            else f"The long axis stands at {long_axis(sigma1, 1, rho):.0f}°"
        )
        return (
            f"σ₁ = {sigma1:g}, σ₂ = 1, ρ = {rho:g}: {turned}; along it the standard deviation is {long:.2f}, "
            f"across it {short:.2f}. The rightmost point of the inner ellipse is (σ₁, ρσ₂) = ({sigma1:g}, "
            f"{rho:g})."
        )

    return draw, describe


def yes_or_no(thresholds):
    """Explorer of the question "did it reach T?": its probability of yes in Seattle, and its entropy in bits.

    Parameters
    ----------
    thresholds : sequence of float
        The values of the slider, °C.

    Returns
    -------
    draw, describe, best : callable, callable, float
        The first two are functions of ``T``; ``best`` is the threshold with the largest entropy.
    """
    y = seattle_days()[0]
    thresholds = list(thresholds)
    corners, heights = density_steps(y, BARS)

    def yes(T):
        return float(np.mean(y >= T))

    def bits(p):
        return 0.0 if p in (0, 1) else -(p * log(p) + (1 - p) * log(1 - p)) / log(2)

    fine = np.linspace(0, 1, 101)
    best = max(thresholds, key=lambda T: bits(yes(T)))

    def draw(T):
        p = yes(T)
        fig, (left, right) = panels(2)
        left.fill_between(np.minimum(corners, T), heights, color=COLORS.muted, alpha=0.45, linewidth=0)
        left.fill_between(np.maximum(corners, T), heights, color=COLORS.warn, alpha=0.45, linewidth=0)
        left.axvline(T, color=COLORS.warn, linewidth=1.4)
        left.set(
            xlabel="highest temperature (°C)", ylabel="share of days per °C", xlim=(-4, 40), ylim=(0, 0.07)
        )
        left.set_title(f"{T:g} °C or more: p = {p:.3f}")
        right.plot(fine, [bits(q) for q in fine], color=COLORS.fit, gid=show("curve"))
        right.plot([p, p], [0, bits(p)], color=COLORS.warn, linewidth=1, linestyle="--", gid=show("curve"))
        right.plot([p], [bits(p)], "o", color=COLORS.warn, markersize=7, gid=show("curve"))
        right.set(
            xlabel="probability p of yes", ylabel="entropy of the answer (bits)", xlim=(0, 1), ylim=(0, 1.08)
        )
        right.set_title("entropy of a coin")
        return fig

    def describe(T):
        p = yes(T)
        surprise = [f"{-log(q) / log(2):.1f} bits" if q > 0 else "never heard" for q in (p, 1 - p)]
        return (
            f"Of {len(y)} days {p:.1%} reached {T:g} °C. To be told yes or no about a day drawn at "
            f"random is worth {bits(p):.2f} bits on average: a yes {surprise[0]}, a no {surprise[1]}."
        )

    return draw, describe, best


# ---------------------------------------------------------------------------------------------- still figures
def draw_tails(values, *, unit):
    """Histogram of values with the Gaussian of their mean and spread, and the tails counted on both sides.

    Parameters
    ----------
    values : ndarray, shape (m,)
    unit : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    fit, m = Gaussian.fit(values), len(values)
    mu, sigma = fit.mu, fit.sigma
    fine = np.linspace(mu - 4.4 * sigma, mu + 5.6 * sigma, 141)
    top = 150 * fit.pdf(mu)
    fig, ax = panels(size=(4.6, 3.7))
    edges = np.arange(20.0, 241, 10)
    x, heights = density_steps(values, edges)
    ax.fill_between(x, 100 * heights, color=COLORS.data, alpha=0.3, linewidth=0)
    ax.plot(fine, 100 * fit.pdf(fine), color=COLORS.fit, linewidth=2.2)
    tails = (
        (mu - 2 * sigma, -1, 0.52, np.sum(values < mu - 2 * sigma), 0.0228, "below μ − 2σ"),
        (mu + 2 * sigma, 1, 0.52, np.sum(values > mu + 2 * sigma), 0.0228, "above μ + 2σ"),
        (mu + 3 * sigma, 1, 0.25, np.sum(values > mu + 3 * sigma), 0.00135, "above μ + 3σ"),
    )
    for place, side, height, count, share, name in tails:
        ax.axvline(place, ymax=height + 0.16, color=COLORS.warn, linewidth=1, linestyle="--")
        ax.text(
            place + 2.5 * side, height * top, f"{name}:\nGaussian {share * m:.1f}\ncounted {count}",
            color=COLORS.warn, fontsize=9, ha="left" if side > 0 else "right",
        )  # fmt: skip
    ax.text(
        mu + 1.1 * sigma,
        0.82 * top,
        f"N(μ, σ²)\nμ = {mu:.0f} {unit}\nσ = {sigma:.0f} {unit}",
        color=COLORS.fit,
    )
    ax.text(57, 0.8 * top, f"{m} cars", color=COLORS.data, ha="right")
    ax.set(xlabel=f"power of the engine ({unit})", ylabel=f"share of cars (% per {unit})")
    ax.set(xlim=(fine[0] - 14, fine[-1]), ylim=(0, top))
    return fig


def draw_uncorrelated(x, y, *, bins=26):
    """A cloud without correlation, and the mean of y in slices of x, which shows that y depends on x.

    Parameters
    ----------
    x, y : ndarray, shape (m,)
        Days since the middle of January, and °C.
    bins : int
        Number of slices.

    Returns
    -------
    matplotlib.figure.Figure
    """
    slope = np.cov(x, y, bias=True)[0, 1] / x.var()
    edges = np.linspace(x.min(), x.max() + 1, bins + 1)
    middle = (edges[1:] + edges[:-1]) / 2
    means = [y[(x >= low) & (x < high)].mean() for low, high in zip(edges[:-1], edges[1:])]
    ends = np.array([0.0, 365.0])
    fig, ax = panels(size=(4.6, 3.3))
    ax.plot(x[::2], y[::2], "o", color=COLORS.data, markersize=1.5, alpha=0.55)
    ax.plot(middle, means, color=COLORS.truth, linewidth=2.4)
    ax.plot(ends, y.mean() + slope * (ends - x.mean()), color=COLORS.warn, linestyle="--")
    ax.annotate(
        "mean of each fortnight", (middle[18], means[18]), (362, 36), color=COLORS.truth, ha="right",
        arrowprops={"arrowstyle": "-", "color": COLORS.truth, "linewidth": 0.8}, bbox=PAPER,
    )  # fmt: skip
    ax.annotate(
        "least-squares line", (40, y.mean()), (8, 27), color=COLORS.warn, bbox=PAPER,
        arrowprops={"arrowstyle": "-", "color": COLORS.warn, "linewidth": 0.8},
    )  # fmt: skip
    ax.set(xlabel="days since 15 January", ylabel="highest temperature (°C)", xlim=(0, 365), ylim=(-3, 38))
    ax.set_title(minus(f"correlation {np.corrcoef(x, y)[0, 1]:.3f}"))
    return fig


def draw_two_days(pairs):
    """Temperatures of a day and of the next, with the ellipses that hold 39 %, 86 % and 99 % of a Gaussian.

    Parameters
    ----------
    pairs : ndarray, shape (m, 2)

    Returns
    -------
    matplotlib.figure.Figure
    """
    fit = MultivariateGaussian.fit(pairs)
    L, distance = np.linalg.cholesky(fit.Sigma), fit.mahalanobis(pairs)
    t = np.linspace(0, 2 * np.pi, 91)
    fig, ax = panels(size=(4.6, 4.2))
    ax.plot(*pairs.T, "o", color=COLORS.data, markersize=2.2, alpha=0.7)
    for c, which in ((1, "inner"), (2, "middle"), (3, "outer")):
        curve = fit.mu[:, None] + c * L @ np.vstack((np.cos(t), np.sin(t)))
        ax.plot(*curve, color=COLORS.fit, linewidth=2.4 - 0.5 * c)
        inside, law = 100 * np.mean(distance <= c), 100 * (1 - exp(-c * c / 2))
        ax.text(
            43.5, 14.2 - 2.1 * c,
            f"{which}, c = {c}: {inside:.1f} %, Gaussian {law:.1f} %",
            color=COLORS.fit, fontsize=9, ha="right",
        )  # fmt: skip
    ax.set(xlabel="today (°C)", ylabel="tomorrow (°C)", xlim=(10, 44), ylim=(7, 40))
    return fig
