"""``boundary_playground``: points of two or three classes that the reader moves, and the line between them.

The start is drawn here; what moves, by boundary.js.
"""

import warnings

import numpy as np
from contourpy import contour_generator

import mlcore._checks as check
from mlcore import LogisticRegression, SoftmaxRegression
from mlcore.basis import polynomial, rbf
from mlcore.explore._controls import Ask, Question, Slider
from mlcore.explore._playground import check_points, near, number_axes, playground
from mlcore.explore._svg import COLORS, panels, show

BASES = ("a straight line", "squares and products", "cubes", "bumps on a grid")
BUMPS = 5  # in each direction
LAMS = [float(f"{value:.3g}") for value in np.geomspace(0.03, 3, 101)]
DELTAS = [0.0, *(float(f"{value:.3g}") for value in np.geomspace(0.001, 10, 201))]
STRETCH = 3  # times the best θ, at most
COST = 1.2  # nats a point, at most
LENGTH = 40  # of θ, for a whole bar
SIZE = (3.6, 3.1)  # inches of a panel
TINTS = ("fit", "warn", "truth")
MARKERS = "os^"
SPARE = ("a second class", "a third class")
LONGEST = (  # what the page may have to say: it keeps the place
    "200 points of 3 classes; squares and products, δ = 0: 0 errors, mean log loss 0.00316, |θ| = 12.3. The "
    "classes are separated without an error, so the cost has no minimum: it goes to 0 as θ grows for ever. "
    "The next steps of Newton’s method lead |θ| from 12.3 to 12.3 to 12.3 to 12.3 to 12.3, and so on. The "
    "page stops where the cost falls below log 2, as mlcore does after longer steps, with a "
    "SeparableDataWarning: the length of θ and the log loss say only where one has stopped, and its "
    "direction is one of many. With δ > 0 there is one best θ."
)
CHOSEN = (
    "Point 199 of 200: x1 = −0.123456, x2 = −0.123456, a third class. Its own class has the probability "
    "above 0.999."
)


def boundary_playground(
    X,
    y,
    *,
    xlim,
    ylim,
    basis="a straight line",
    lam=0.3,
    delta=0.1,
    ask=None,
    because="",
    labels=("x₁", "x₂"),
    name="boundary",
):
    """Points of two or three classes that the reader drags, adds, deletes and pastes, and a classifier.

    Logistic regression for two classes, softmax regression for three. The probabilities are shading; beside
    them stands what becomes of the cost when θ is drawn out or shortened.

    Parameters
    ----------
    X : array_like, shape (m, 2)
        The points at the start, 3 to 200.
    y : array_like, shape (m,)
        Their classes, one to three: numbers or text.
    xlim, ylim : (float, float)
        Limits of the axes. The model sees both coordinates scaled, such that these become −1 … 1; λ is in
        squares of that.
    basis : str
        "a straight line", "squares and products", "cubes" or "bumps on a grid": with which the reader starts.
    lam, delta : float
        Width of the bumps and strength of the penalty at the start; the sliders' nearest values are taken.
    ask : str, optional
        Asks how many of the points will be on a wrong side, before the figure shows it.
    because : str
        The reason, said with the answer.
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
        For too few or too many points or classes, or points off the axes; a basis, λ or δ that the sliders
        do not have.

    Notes
    -----
    In a notebook, too, the page's script does all the work; what the reader does is not known to Python.
    """
    X = check.matrix(X)
    check.expect(X.shape[1] == 2, "X must have two columns", f"shape {X.shape}")
    classes, codes = np.unique(np.asarray(y), return_inverse=True)
    check.rows(X=X, y=codes)
    check.expect(len(classes) <= len(MARKERS), "y must hold one to three classes", len(classes))
    check_points(X.T, (xlim, ylim))
    check.one_of(basis, BASES, name="basis")
    stretches = np.linspace(0, STRETCH, 20 * STRETCH + 1).round(2)
    sliders = {
        "basis": Slider(BASES, "Boundary", start=basis),
        "lam": Slider(LAMS, "λ, width of the bumps", start=near(LAMS, lam, "lam"), format="{:.3g}"),
        "delta": Slider(
            DELTAS, "δ, strength of the penalty", start=near(DELTAS, delta, "delta"), format="{:.3g}"
        ),
        "stretch": Slider(stretches, "factor on θ", start=1.0, format="{:.2f}"),
    }
    names = [str(one) for one in classes]
    names += SPARE[len(names) - 1 :][: len(MARKERS) - len(names)]
    values = {key: slider.values[slider.start] for key, slider in sliders.items() if key != "stretch"}
    start = _Boundary(X, codes, xlim, ylim, labels, **values)
    return playground(
        "boundary",
        start.draw(),
        name=name,
        sliders=sliders,
        question=_question(ask, because, start, sliders, values) if ask else None,
        points=[[*point, k] for point, k in zip(X.tolist(), codes.tolist())],
        axes=[*xlim, *ylim],
        columns=("x1", "x2", "class"),
        classes=names,
        colors=TINTS,
        how="Drag the ring to draw θ out.",
        numbers={"errors": "errors", "loss": "mean log loss", "length": "length of θ, |θ|"},
        text=start.describe(),
        longest=LONGEST,
        chosen=CHOSEN,
        limits={"stretch": STRETCH, "cost": COST, "length": LENGTH},
    )


class _Boundary:
    """What is seen at the start."""

    def __init__(self, X, codes, xlim, ylim, labels, *, basis, lam, delta):
        self.X, self.codes, self.xlim, self.ylim, self.labels = X, codes, xlim, ylim, labels
        self.basis, self.lam, self.delta = basis, lam, delta
        self.K = len(set(codes.tolist()))
        model = LogisticRegression(delta) if self.K == 2 else SoftmaxRegression(delta, method="newton")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the page says it in words
            self.model = model.fit(self.features_of(X), codes) if self.K > 1 else None

    def features_of(self, X):
        (x0, x1), (y0, y1) = self.xlim, self.ylim
        U = (X - [(x0 + x1) / 2, (y0 + y1) / 2]) / [(x1 - x0) / 2, (y1 - y0) / 2]
        if self.basis != BASES[-1]:
            return polynomial(U, BASES.index(self.basis) + 1)
        g = np.linspace(-1, 1, BUMPS)
        return rbf(U, [[a, b] for a in g for b in g], self.lam)

    def scores(self, X, stretch=1.0):
        """A column for each class that has points."""
        z = self.model.decision_function(self.features_of(X))
        return stretch * (np.column_stack((np.zeros_like(z), z)) if z.ndim == 1 else z)

    def loss(self, stretch=1.0):
        """Mean of −log of the probability of its own class, with θ drawn out."""
        z = self.scores(self.X, stretch)
        own = z[np.arange(len(z)), np.searchsorted(self.model.classes_, self.codes)]
        return np.mean(np.logaddexp.reduce(z, axis=1) - own)

    def errors(self):
        return int(np.sum(self.model.predict(self.features_of(self.X)) != self.codes))

    def draw(self):
        fig, (left, right) = panels(2, size=SIZE)
        lines, axes = [], [np.linspace(*self.xlim, 61), np.linspace(*self.ylim, 61)]
        if self.model is not None:
            grid = np.column_stack([one.ravel() for one in np.meshgrid(*axes)])
            z = self.scores(grid)
            for k in range(1 if self.K == 2 else 0, self.K):
                lead = (z[:, k] - np.delete(z, k, axis=1).max(axis=1)).reshape(61, 61)
                lines += contour_generator(*axes, lead).lines(0.0)
        left.plot(*_joined(lines, self.xlim, self.ylim), color=COLORS.data, linewidth=2, gid=show("boundary"))
        corner = [self.xlim[0]] * 2, [self.ylim[0]] * 2
        left.plot(*corner, color=COLORS.data, linewidth=0.8, gid=show("bands"))
        for k, marker in enumerate(MARKERS):
            own, color = self.X[self.codes == k].T, getattr(COLORS, TINTS[k])
            own = own if own.size else corner
            left.plot(*own, marker, color=color, markersize=7, gid=show(f"points-{k}"), clip_on=False)
        left.set(xlabel=self.labels[0], ylabel=self.labels[1], title="Points and probabilities")
        number_axes(left, self.xlim, self.ylim)
        stretches = np.linspace(0, STRETCH, 61)
        loss = np.array([self.loss(t) for t in stretches] if self.model else 0 * stretches)
        slopes = self.model.theta_[1:] if self.model else np.zeros(1)
        pull = self.delta**2 * np.sum(slopes**2) / len(self.X) * stretches**2
        right.plot(stretches, loss, color=COLORS.fit, gid=show("loss"))
        right.plot(stretches, loss + pull, color=COLORS.alt, linewidth=1.4, gid=show("penalised"))
        right.set(xlim=(0, STRETCH), ylim=(0, COST), xlabel="factor on θ")
        right.set(ylabel="mean log loss", title="Its cost, with the penalty in violet")
        return fig

    def describe(self):
        if self.model is None:
            return f"{len(self.X)} points of one class: there is nothing to tell apart."
        errors = self.errors()
        return (
            f"{len(self.X)} points of {self.K} classes; {self.basis}, δ = {self.delta:.3g}: {errors} "
            f"error{'' if errors == 1 else 's'}, mean log loss {self.loss():.3g}, |θ| = "
            f"{np.linalg.norm(self.model.theta_[1:]):.3g}."
        )


def _joined(lines, xlim, ylim):
    """Lines as one, with gaps; a dot in the corner if there are none."""
    if not lines:
        return [xlim[0]] * 2, [ylim[0]] * 2
    return np.vstack([part for line in lines for part in (line, [[np.nan, np.nan]])]).T


def _question(text, because, start, sliders, values):
    """How many points are on a wrong side?"""
    check.expect(start.model is not None, "a question needs two classes", "one")
    errors = start.errors()
    most = max(10, min(len(start.X), 2 * errors))
    hides = ("shading", "boundary", "bands", "errors", "loss", "penalised")
    guess = Slider(range(most + 1), "errors", start=most // 2)
    ask = Ask(text, lambda **_: errors, {"delta": values["delta"]}, guess=guess, hides=hides, because=because)
    return Question(ask, ask.positions(sliders), None, values)
