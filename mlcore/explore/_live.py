"""The face of an explorer on a page whose reader runs Python in the browser: one frame, the next on request.

The HTML is that of the static face, so the page's own script serves it; the page asks :func:`redraw` for what
a position of the sliders shows.
"""

import itertools

from mlcore.explore._controls import values_at
from mlcore.explore._frames import frame
from mlcore.explore._page import claim_name, explorer_html, hidden_at_start
from mlcore.explore._svg import SvgWriter, markup

_explorers = {}  # name -> what draws a frame, and the writer that keeps what its frames share


def live_face(draw, describe, name, play, sliders, question=None, handles=()):
    """The frame at which the sliders start, as HTML; arguments as in :func:`mlcore.explore.explore`."""
    claim_name(name)
    writer = SvgWriter(name)

    def at(positions):
        return frame(writer, draw, describe, values_at(sliders, positions), handles)

    panels, text, _, fig = at([slider.start for slider in sliders.values()])
    hidden = hidden_at_start(fig, sliders, question, handles)
    # where handles stand in other frames, if the axes stay; each frame then says it exactly
    values = [dict(zip(sliders, one)) for one in itertools.product(*(s.values for s in sliders.values()))]
    spots = [[handle.spot(fig, one) for one in values] for handle in handles]
    frames = {"texts": [text]}
    page = explorer_html(
        name, panels, writer.definitions, text, frames, play, sliders, question, handles, spots, hidden
    )
    _explorers[name] = at, writer
    return {"text/html": page, "text/plain": text}


def redraw(name, positions):
    """What an explorer shows with its sliders at these positions.

    Parameters
    ----------
    name : str
        The explorer's.
    positions : sequence of int
        One index a slider into its values.

    Returns
    -------
    dict
        ``panels``, a list of SVG; ``definitions``, what they refer to; ``text``, the description;
        ``handles``, where each handle's point is now.

    Raises
    ------
    KeyError
        If no cell has made an explorer of this name.
    ValueError
        If the functions that draw or describe it raise.
    """
    at, writer = _explorers[name]
    panels, text, spots, _ = at(positions)
    return {
        "panels": [markup(panel) for panel in panels],
        "definitions": markup(*writer.definitions.values()),
        "text": text,
        "handles": spots,
    }
