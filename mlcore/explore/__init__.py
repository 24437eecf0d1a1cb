"""Drawing and sliders: what a chapter shows. Computes nothing; imports mlcore, never the reverse.

``explore`` makes a figure with sliders that works in a running notebook and on the published page, with a
question to answer first (``Ask``) and points to take hold of (``Handle``); ``figure`` a still one; ``panels``
and ``COLORS`` give both the book's look; ``show`` names an artist that words of the text light up;
``draw_digit`` makes a field to draw on, which a fitted network reads; ``curve_playground`` and
``boundary_playground`` what is fitted to points that the reader moves, ``network_playground`` a network that
learns to tell such points apart before the reader's eyes.
"""

from mlcore.explore._boundary import boundary_playground
from mlcore.explore._controls import Ask, Handle, Slider
from mlcore.explore._curve import curve_playground
from mlcore.explore._draw import draw_digit
from mlcore.explore._explorer import Explorer, explore, figure
from mlcore.explore._network import network_playground
from mlcore.explore._svg import COLORS, panels, show

__all__ = [
    "COLORS",
    "Ask",
    "Explorer",
    "Handle",
    "Slider",
    "boundary_playground",
    "curve_playground",
    "draw_digit",
    "explore",
    "figure",
    "network_playground",
    "panels",
    "show",
]
