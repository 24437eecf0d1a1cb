"""``explore``: one call, three faces.

In a running notebook an explorer is a set of ipywidgets and a figure that Python draws anew (_widgets.py). In
the built book it is a piece of HTML that needs no Python (_page.py). Where a reader runs that page's code in
the browser, it is the same HTML, whose next frame the page asks Python for (_live.py).
"""

import math

from mlcore.explore._controls import Ask, Handle, Question, Slider, values_at
from mlcore.explore._frames import draw_figure, render
from mlcore.explore._live import live_face
from mlcore.explore._page import check_name, claim_name, figure_html, served, static_face
from mlcore.explore._svg import SvgWriter

MAX_FRAMES = 400  # of one explorer


class Explorer:
    """What :func:`explore` returns: a notebook or a page shows it by itself."""

    def __init__(self, bundle):
        self._bundle = bundle

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self._bundle


def explore(draw, *, describe, name=None, play=None, ask=None, handle=(), **parameters):
    """A figure with sliders, alive in a running notebook and on the published page.

    Parameters
    ----------
    draw : callable
        ``draw(**values)`` returns a matplotlib figure; called once for every combination of values when a
        book is built. Draw the same artists in the same order each time and keep the axes' limits fixed:
        then only the data change from frame to frame. Figures from :func:`panels` stack on a phone.
    describe : callable or str
        ``describe(**values)`` says in a sentence or two what the figure shows. It stands below the figure,
        follows the sliders and is read aloud.
    name : str, optional
        Names the explorer in links to a position (``page.html#name:delta=1.5``); from ``draw`` if not given.
    play : str, optional
        The parameter that is time: it gets a play button.
    ask : Ask, optional
        A question to the reader, before the figure answers it.
    handle : Handle or sequence of Handle
        Points in panels that move the sliders, at most one in a panel. On the published page only.
    **parameters : Slider or sequence
        The sliders, by the name of ``draw``'s argument.

    Returns
    -------
    Explorer
        Leave it as the last expression of a cell.

    Raises
    ------
    ValueError
        For a parameter without values, too many frames, frames that take too long or too much room, a
        ``draw`` that raises or returns no figure, a ``describe`` that returns no text, a question or a handle
        that does not fit the sliders or the panels.

    Examples
    --------
    >>> def draw(slope):
    ...     fig, ax = panels()
    ...     ax.plot([0, 1], [0, slope])
    ...     ax.set_ylim(-2, 2)
    ...     return fig
    >>> explore(draw, describe="A line through the origin.", slope=[-2, -1, 0, 1, 2])  # doctest: +SKIP
    """
    if not callable(draw):
        raise ValueError(f"draw must be a function that returns a figure; got {draw!r}")
    if not parameters:
        raise ValueError(
            "explore needs at least one parameter with its values; for a still figure call figure()"
        )
    name = check_name(name or getattr(draw, "__name__", "explorer").strip("_<>").replace("_", "-"))
    sliders = {
        key: values if isinstance(values, Slider) else Slider(values) for key, values in parameters.items()
    }
    if play is not None and play not in sliders:
        raise ValueError(f"play must name one of the parameters {sorted(sliders)}; got {play!r}")
    count = math.prod(len(slider.values) for slider in sliders.values())
    if count > MAX_FRAMES:
        sizes = " × ".join(f"{len(slider.values)} ({key})" for key, slider in sliders.items())
        raise ValueError(
            f"at most {MAX_FRAMES} frames in an explorer; {sizes} makes {count}. Take fewer values."
        )
    handles = list(handle) if isinstance(handle, (list, tuple)) else [handle]
    if not all(isinstance(one, Handle) for one in handles):
        raise ValueError(f"handle must be a Handle, or several; got {handle!r}")
    if not isinstance(ask, Ask | None):
        raise ValueError(f"ask must be an Ask; got {ask!r}")
    for one in handles:
        one.check(sliders)
    if len({one.panel for one in handles}) < len(handles):
        raise ValueError("at most one handle in a panel")
    face = {"static": static_face, "live": live_face}.get(served())
    if face is not static_face:
        sliders = {key: slider.finer() for key, slider in sliders.items()}
    question = None
    if ask is not None:
        positions = ask.positions(sliders)
        values = values_at(sliders, positions)
        question = Question(ask, positions, draw_figure(draw, values), values)
    if face:
        return Explorer(face(draw, describe, name, play, sliders, question, handles))
    from mlcore.explore._widgets import widget_face  # ipywidgets are in notebooks only

    return Explorer(widget_face(draw, describe, name, play, sliders, question)._repr_mimebundle_())


def figure(fig, *, describe, name="figure"):
    """A still figure in the book's style, with its text alternative.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    describe : str
        What the figure shows, in a sentence or two.
    name : str
        Names the figure in links.

    Returns
    -------
    Explorer
        Leave it as the last expression of a cell.

    Raises
    ------
    ValueError
        If ``fig`` is no figure or ``describe`` no text.
    """
    name = check_name(name)
    if served():
        name = claim_name(name, numbered=True)
    writer = SvgWriter(name)
    fig, text = render(lambda: fig, describe, {})
    page = figure_html(name, writer.panels(fig), writer.definitions, text)
    return Explorer({"text/html": page, "text/plain": text})
