"""``curve_playground``: a curve through points that the reader moves, and the map of its errors.

The start is drawn here; what moves, by curve.js.
"""

import numpy as np

import mlcore._checks as check
from mlcore.basis import polynomial, rbf
from mlcore.explore._controls import Ask, Question, Slider
from mlcore.explore._playground import check_points, near, number_axes, playground
from mlcore.explore._svg import COLORS, panels, show
from mlcore.ridge import Ridge, ridge_dof, ridge_loo

BASES = ("polynomial", "a bump on each point", "bumps on a grid")
GRID = 21  # bumps
DEGREES = 12
EVERY = 8  # so many steps of a slider are one of the map
VALLEY = 1.1  # times the smallest error, at most
SIZE = (3.6, 3.1)  # inches of a panel
LONGEST = (  # what the page may have to say: it keeps the place
    "200 points; a bump on each point, λ = 0.00316, δ = 0.00316: 100.0 effective parameters. Training error "
    "0.00316, leave-one-out error 0.00316. The noise of the first points makes 0.0123. One point, at "
    "x = −0.00316, makes 92 % of the leave-one-out error. The curve follows its points more closely than "
    "the best one does. The smallest on the map is 0.00316, at λ = 0.00316, δ = 0.00316."
)
CHOSEN = "Point 199 of 200: x = −0.123456, y = −0.123456. If it is left out, the curve misses it by 0.00316."


def _strengths(low, high):
    """Values in even ratios, as they are shown: what a reader copies is what is computed."""
    return [float(f"{value:.3g}") for value in np.geomspace(low, high, 25 * EVERY + 1)]


LAMS, DELTAS = _strengths(1e-3, 10), _strengths(1e-3, 100)


def curve_playground(
    x,
    y,
    *,
    xlim,
    ylim,
    truth=None,
    sigma=None,
    basis="polynomial",
    degree=3,
    lam=0.1,
    delta=0.1,
    ask=None,
    because="",
    labels=("x", "y"),
    name="curve",
):
    """Points that the reader drags, adds, deletes and pastes, and the curve of a ridge regression.

    Training error, leave-one-out error and the whole map of the latter follow at once.

    Parameters
    ----------
    x, y : array_like, shape (m,)
        The points at the start, 3 to 200.
    xlim, ylim : (float, float)
        Limits of the axes. The model sees x scaled, such that `xlim` becomes −1 … 1; λ is in squares of that.
    truth : callable, optional
        ``truth(x)`` is the curve from which the points were made.
    sigma : float, optional
        Standard deviation of their noise.
    basis : str
        "polynomial", "a bump on each point" or "bumps on a grid": with which the reader starts.
    degree : int
        From 1 to 12.
    lam, delta : float
        Width of the bumps and strength of the penalty at the start; the sliders' nearest values are taken.
    ask : str, optional
        Asks which δ the reader would choose, before the errors are shown.
    because : str
        The reason, said with the answer: the δ with the smallest leave-one-out error.
    labels : (str, str)
        Of the axes.
    name : str
        Names the playground in links.

    Returns
    -------
    Explorer
        Leave it as the last expression of a cell.

    Raises
    ------
    ValueError
        For too few or too many points, or points off the axes; a basis, degree, λ or δ that the sliders do
        not have.

    Notes
    -----
    A bump stays where it is when its point is left out. In a notebook, too, the page's script does all the
    work; what the reader does is not known to Python.
    """
    x, y = check.vector(x, name="x"), check.vector(y)
    check.rows(x=x, y=y)
    check_points((x, y), (xlim, ylim))
    check.one_of(basis, BASES, name="basis")
    lam, delta = near(LAMS, lam, "lam"), near(DELTAS, delta, "delta")
    sliders = {
        "basis": Slider(BASES, "Basis functions", start=basis),
        "degree": Slider(range(1, DEGREES + 1), "degree of the polynomial", start=degree),
        "lam": Slider(LAMS, "λ, width of the bumps", start=lam, format="{:.3g}"),
        "delta": Slider(DELTAS, "δ, strength of the penalty", start=delta, format="{:.3g}"),
    }
    values = {key: slider.values[slider.start] for key, slider in sliders.items()}
    start = _Curve(x, y, xlim, ylim, truth, labels, **values)
    return playground(
        "curve",
        start.draw(),
        hidden=1 if basis == "polynomial" else 2,  # bumps have a map of their own, in the place of the other
        name=name,
        sliders=sliders,
        question=_question(ask, because, start, sliders, values) if ask else None,
        points=np.column_stack((x, y)).tolist(),
        axes=[*xlim, *ylim],
        columns=("x", "y"),
        how="Touch the map to choose δ.",
        numbers={"training": "training error", "left-out": "leave-one-out error"}
        | ({} if sigma is None else {"noise": "noise floor σ²"}),
        text=start.describe(sigma),
        longest=LONGEST,
        chosen=CHOSEN,
        limits={"grid": GRID, "every": EVERY},
        sigma=sigma,
        truth=None if truth is None else [float(f"{v:.4g}") for v in truth(np.linspace(*xlim, 81))],
    )


class _Curve:
    """What is seen at the start."""

    def __init__(self, x, y, xlim, ylim, truth, labels, *, basis, degree, lam, delta):
        self.x, self.y, self.xlim, self.ylim, self.truth, self.labels = x, y, xlim, ylim, truth, labels
        self.basis, self.degree, self.lam, self.delta = basis, degree, lam, delta
        self.features = self.features_of(x, degree, lam)
        self.model = Ridge(delta).fit(self.features, y)

    def scaled(self, x):
        low, high = self.xlim
        return (x - (low + high) / 2) / ((high - low) / 2)

    def features_of(self, x, degree, lam):
        u = self.scaled(x)
        if self.basis == "polynomial":
            return polynomial(u, degree)
        return rbf(u, self.scaled(self.x) if self.basis == BASES[1] else np.linspace(-1, 1, GRID), lam)

    def left_out(self, deltas, degree=None, lam=None):
        """Leave-one-out error for each δ."""
        features = self.features_of(self.x, degree or self.degree, lam or self.lam)
        return np.mean(ridge_loo(features, self.y, deltas) ** 2, axis=1)

    def best(self):
        """The smallest error of the map, and where it is."""
        deltas = DELTAS[::EVERY]
        if self.basis == "polynomial":
            columns = {M: self.left_out(deltas, degree=M) for M in range(1, DEGREES + 1)}
        else:
            columns = {lam: self.left_out(deltas, lam=lam) for lam in LAMS[::EVERY]}
        at = min(columns, key=lambda key: columns[key].min())
        return columns[at].min(), at, deltas[int(columns[at].argmin())]

    def draw(self):
        fig, (left, *rights) = panels(3, size=SIZE)
        rows = np.linspace(*self.xlim, 241)
        if self.truth is not None:
            left.plot(rows, self.truth(rows), "--", color=COLORS.truth, linewidth=1.4, gid=show("truth"))
        fit = self.model.predict(self.features_of(rows, self.degree, self.lam))
        e = self.y - self.model.predict(self.features)
        ends = np.column_stack((self.y - e, self.y, np.full(len(e), np.nan))).ravel()
        left.plot(np.repeat(self.x, 3), ends, color=COLORS.warn, linewidth=1, gid=show("residuals"))
        left.plot(self.x[[0, 0]], self.y[[0, 0]], color=COLORS.alt, linewidth=2.4, gid=show("left-out"))
        left.plot(rows, fit, color=COLORS.fit, linewidth=2.2, gid=show("curve"))
        left.plot(self.x, self.y, "o", color=COLORS.data, markersize=7, gid=show("points"))
        left.set(xlim=self.xlim, ylim=self.ylim, xlabel=self.labels[0], ylabel=self.labels[1])
        left.set_title("Points and curve")
        number_axes(left, self.xlim, self.ylim)
        _, across, up = self.best()
        for ax, kind in zip(rights, ("bumps", "polynomial")):
            ax.set_yscale("log")
            decades(ax.yaxis, -3, 2)
            ax.set(ylim=_around(DELTAS), ylabel="δ, strength of the penalty")
            if kind == "polynomial":
                ax.set(xlim=(0.5, DEGREES + 0.5), xlabel="degree", xticks=[1, 3, 5, 7, 9, 11])
            else:
                ax.set_xscale("log")
                decades(ax.xaxis, -3, 1)
                ax.set(xlim=_around(LAMS), xlabel="λ, width of the bumps")
            ax.set_title("Leave-one-out error: blue is small")
            own = (kind == "polynomial") == (self.basis == "polynomial")
            place = ([across], [up]) if own else ([3 if kind == "polynomial" else 0.1], [0.1])
            ax.plot(
                *place,
                "x",
                color=COLORS.warn,
                markersize=8,
                markeredgewidth=2.5,
                gid=show(f"smallest-{kind}"),
            )
        return fig

    def describe(self, sigma):
        train = np.mean((self.y - self.model.predict(self.features)) ** 2)
        dof = 1 + ridge_dof(self.features, [self.delta])[0]
        kind = (
            f"a polynomial of degree {self.degree}"
            if self.basis == BASES[0]
            else f"{self.basis}, λ = {self.lam:.3g}"
        )
        noise = "" if sigma is None else f" The noise alone makes {sigma**2:.3g}."
        return (
            f"{len(self.x)} points; {kind}, δ = {self.delta:.3g}: {dof:.1f} effective parameters. Training "
            f"error {train:.3g}, leave-one-out error {self.left_out([self.delta])[0]:.3g}.{noise}"
        )


def decades(axis, low, high):
    """Powers of ten as ticks of a logarithmic axis."""
    powers = [10.0**k for k in range(low, high + 1)]
    axis.set_ticks(powers, [f"{power:g}" for power in powers])
    axis.set_ticks([], minor=True)


def _around(values):
    """Limits of a logarithmic axis: half a cell of the map around the values."""
    half = (values[-1] / values[0]) ** (EVERY / 2 / (len(values) - 1))
    return values[0] / half, values[-1] * half


def _question(text, because, start, sliders, values):
    """Which δ? The one with the smallest leave-one-out error, for the basis at the start."""
    errors = dict(zip(DELTAS, start.left_out(DELTAS)))
    best = min(errors, key=errors.get)
    guess = Slider(DELTAS, "δ", start=values["delta"], format="{:.3g}")

    least, one = errors[best], f" for degree {start.degree}" if start.basis == BASES[0] else ""
    smallest = f"The smallest leave-one-out error{one} is {least:.3g}, at δ = {best:.3g}"

    def said(delta):
        here = errors[delta]
        where = ", and that is in the valley" if here <= VALLEY * least else ""
        if f"{here:.3g}" == f"{least:.3g}":
            where = ", too"
        yours = "which is yours" if delta == best else f"at your δ = {delta:.3g} it is {here:.3g}{where}"
        return f"{smallest}; {yours}."

    hides = ("truth", "map", "errors", "smallest-bumps", "smallest-polynomial")
    ask = Ask(text, lambda **_: best, {"delta": best}, guess=guess, hides=hides, because=because, says=said)
    question = Question(ask, ask.positions(sliders), None, values)
    question.data["right"] = f"{smallest}. {because}".rstrip()
    return question
