"""How a page is shown by others: a search engine's list, or a message in which somebody shares its address.

They read a description, which is the page's first paragraph, and where the address of the book is known, a
picture: the book's title above points, a curve through them, and the bumps whose sum it is.
"""

import html
import io
import posixpath
import re
import textwrap

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from mlcore import RBFRegression
from mlcore.basis import rbf
from mlcore.datasets import make_sinusoid
from mlcore.explore import COLORS

PLACE = "_static/card.png"
SIZE = 1200, 630  # pixels, as those who show it ask for
ABOUT = "An interactive textbook\nof machine learning"
PICTURE = "Points, a curve through them, and the bumps whose sum it is"
TURN = " to "  # where the title goes on in a second line


def about(page, book, base):
    """What the head of a page says of it; `base` is the book's address, or empty where nobody knows it."""
    first = re.search(r"<article.*?<h1>(.*?)<a class=\"headerlink.*?</h1>(?:.*?<p>(.*?)</p>)?", page, re.S)
    if not first:
        return ""
    title = _text(re.sub(r'<span class="section-number">.*?</span>', "", first[1]))
    text = textwrap.shorten(_text(first[2] or ABOUT), 200, placeholder=" …")
    said = {"title": title, "description": text, "type": "article", "site_name": book}
    if address := re.search(r'<link rel="canonical" href="([^"]*)"', page):
        said |= {"url": html.unescape(address[1]), "image": posixpath.join(base, PLACE)}
        said |= dict(zip(("image:width", "image:height"), map(str, SIZE))) | {"image:alt": PICTURE}
    named = {"description": text, "twitter:card": "summary_large_image" if address else "summary"}
    metas = [f'<meta name="{name}" content="{html.escape(value)}">' for name, value in named.items()]
    metas += [f'<meta property="og:{name}" content="{html.escape(value)}">' for name, value in said.items()]
    return "\n".join([*metas, ""])


def _text(markup):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", markup)).split())


def draw(title):
    """The picture as a PNG, the same bytes for the same title."""
    with matplotlib.rc_context({"font.family": "STIXGeneral", "mathtext.fontset": "stix"}):
        fig = Figure(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100, facecolor="#fdfdfb")
        _curve(fig.add_axes((0, 0, 1, 0.62)))
        for row, line in enumerate(_lines(title)):
            fig.text(
                0.06, 0.86 - 0.125 * row, line, fontsize=55, fontweight="bold", color="#1f2328", va="center"
            )
        fig.text(0.06, 0.07, ABOUT, fontsize=27, color=COLORS.data, linespacing=1.1)
        saved = io.BytesIO()
        fig.savefig(saved, format="png", metadata={"Software": None})
    return saved.getvalue()


def _lines(title):
    first, turn, second = title.partition(TURN)
    return [first + turn.rstrip(), second] if second else [title]


def _curve(ax):
    X, y = make_sinusoid(30, 0.3, np.random.default_rng(0))
    model = RBFRegression(0.3, 0.3, np.linspace(0, 4, 9)).fit(X, y)
    x = np.linspace(-0.3, 4.3, 500)
    ax.axhline(0, color=COLORS.muted, linewidth=1)
    for bump in (rbf(x, model.centers_, model.lam) * model.theta_[1:]).T:
        ax.fill_between(x, bump, color=COLORS.alt, alpha=0.10, linewidth=0)
        bump = np.where(np.abs(bump) > 0.006, bump, np.nan)
        ax.plot(x, bump, color=COLORS.alt, linewidth=1.5, alpha=0.55)
    ax.plot(x, model.predict(x[:, None]), color=COLORS.fit, linewidth=5, solid_capstyle="round")
    ax.plot(X[:, 0], y, "o", color=COLORS.data, markersize=10)
    ax.set(xlim=(-0.12, 4.12), ylim=(-1.75, 1.75))
    ax.axis("off")
