"""What the first page and the README draw: thirty points, and a curve of bumps of any width."""

import numpy as np

from mlcore.datasets import make_sinusoid
from mlcore.explore import COLORS, panels
from mlcore.rbf_regression import RBFRegression
from mlcore.validation import rms

SIGMA = 0.3  # of the noise


def thirty_points():
    """The points, X (30, 1) and y (30,)."""
    return make_sinusoid(30, SIGMA, np.random.default_rng(0))


def bumps_on(X, y, lam):
    """The sum of bumps of width `lam` on all points that fits them, as a function of x (n,)."""
    model = RBFRegression(lam, 0.05).fit(X, y)
    return lambda x: model.predict(x[:, None])


def believable(lams):
    """Explorer of the width of the bumps, from a wire through all points to a curve that can hardly bend.

    Parameters
    ----------
    lams : sequence of float
        Widths λ, in rising order.

    Returns
    -------
    draw, describe : callable
        Of ``lam``.
    """
    X, y = thirty_points()
    X_new, y_new = make_sinusoid(1000, SIGMA, np.random.default_rng(1))
    curves = {lam: bumps_on(X, y, lam) for lam in lams}
    missed = {lam: (rms(y - f(X[:, 0])), rms(y_new - f(X_new[:, 0]))) for lam, f in curves.items()}
    best = min(new for _, new in missed.values())
    x = np.sort(np.append(np.linspace(-0.02, 4.02, 304), X))  # the points' own, where narrow bumps have peaks

    def draw(lam):
        fig, ax = panels(size=(4.6, 3.4))
        ax.plot(x, curves[lam](x), color=COLORS.fit, lw=2.6)
        ax.plot(X[:, 0], y, "o", color=COLORS.data, ms=6)
        ax.set(position=(0, 0, 1, 1), xlim=(-0.1, 4.1), ylim=(-1.7, 1.7), xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        return fig

    def describe(lam):
        own, new = missed[lam]
        verdict = (
            f"that is close, as they scatter by {SIGMA:g} around the truth"
            if new < 1.06 * best
            else "it follows the accidents of the thirty"
            if own < SIGMA
            else "it is too stiff to follow either"
        )
        return f"Off by {own:.2f} on these thirty points, by {new:.2f} on a thousand new ones: {verdict}."

    return draw, describe
