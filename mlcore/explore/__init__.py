"""Drawing and sliders: what a chapter shows. Computes nothing; imports mlcore, never the reverse.

``explore`` makes a figure with sliders that works in a running notebook and on the published page;
``figure`` a still one; ``panels`` and ``COLORS`` give both the book's look. Importing this package gives
matplotlib the book's look.
"""

from mlcore.explore._explorer import Explorer, Slider, explore, figure
from mlcore.explore._svg import COLORS, panels

__all__ = ["COLORS", "Explorer", "Slider", "explore", "figure", "panels"]
