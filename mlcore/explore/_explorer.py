"""``explore``: one call, two faces.

In a running notebook an explorer is a set of ipywidgets and a figure that Python draws anew. In the built
book it is a piece of HTML that needs no Python: all frames are drawn once, and a few lines of JavaScript
(explorer.js) apply what changes between them.
"""

import gzip
import html
import io
import itertools
import json
import math
import os
import re
import time
from numbers import Real

import numpy as np
from matplotlib.figure import Figure

from mlcore.explore._svg import SvgWriter, changes, markup

MAX_FRAMES = 400  # of one explorer
MAX_SECONDS = 120  # to draw one explorer's frames
MAX_BYTES = 200_000  # of one explorer, gzipped
MAX_PAGE_SECONDS = 300
MAX_PAGE_BYTES = 900_000

# The book's build sets this variable: its pages must live without a kernel.
FACE = "MLCORE_EXPLORE"

_page = {"names": set(), "seconds": 0.0, "bytes": 0}  # a page is built by one kernel


class Slider:
    """The values that one parameter of a drawing can take.

    Parameters
    ----------
    values : sequence of float or of str
        In the order in which the slider runs through them.
    label : str, optional
        What the reader sees; the parameter's name if not given.
    start : float or str, optional
        The value shown first, one of ``values``; the middle one if not given.
    unit : str
        Written behind the value.
    format : str
        How a number is shown, as for :meth:`str.format`. Two values may not look the same.

    Raises
    ------
    ValueError
        If there are no values, one is not finite, two look the same, or ``start`` is none of them.
    """

    def __init__(self, values, label=None, *, start=None, unit="", format="{:.4g}"):
        try:
            self.values = [value.item() if isinstance(value, np.generic) else value for value in values]
        except TypeError:
            raise ValueError(f"a slider needs a sequence of values; got {values!r}") from None
        if not self.values:
            raise ValueError("a slider needs at least one value; got an empty sequence")
        for value in self.values:
            if not isinstance(value, str) and not (isinstance(value, Real) and math.isfinite(value)):
                raise ValueError(f"a slider's values must be finite numbers or strings; got {value!r}")
        self.label, self.unit, self.format = label, unit, format
        self.shown = [value if isinstance(value, str) else format.format(value) for value in self.values]
        twins = sorted({text for text in self.shown if self.shown.count(text) > 1})
        if twins:
            raise ValueError(
                f"a slider's values must look different; format {format!r} shows several of them as {twins[0]!r}"
            )
        if start is None:
            self.start = len(self.values) // 2
        elif start in self.values:
            self.start = self.values.index(start)
        else:
            numbers = [value for value in self.values if not isinstance(value, str)]
            near = (
                min(numbers, key=lambda value: abs(value - start))
                if numbers and isinstance(start, Real)
                else self.values
            )
            raise ValueError(
                f"start must be one of the slider's values; got {start!r}, the nearest is {near!r}"
            )

    def text(self, k):
        """Value number ``k`` as the reader sees it."""
        return f"{self.shown[k]} {self.unit}".rstrip()


class Explorer:
    """What :func:`explore` returns: a notebook or a page shows it by itself."""

    def __init__(self, bundle):
        self._bundle = bundle

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self._bundle


def explore(draw, *, describe, name=None, play=None, **parameters):
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
        ``draw`` that raises or returns no figure, a ``describe`` that returns no text.

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
    name = _check_name(name or getattr(draw, "__name__", "explorer").strip("_<>").replace("_", "-"))
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
    if os.environ.get(FACE) == "static":
        return Explorer(_static(draw, describe, name, play, sliders))
    from mlcore.explore._widgets import widget_face

    return Explorer(widget_face(draw, describe, name, play, sliders)._repr_mimebundle_())


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
    name = _check_name(name)
    if os.environ.get(FACE) == "static":
        name = _claim_name(name, numbered=True)
    writer = SvgWriter(name)
    panels, text = render(lambda: fig, describe, {}, writer)
    return Explorer({"text/html": figure_html(name, panels, writer.definitions, text), "text/plain": text})


def render(draw, describe, values, writer):
    """One frame: its panels and its description.

    Raises
    ------
    ValueError
        If ``draw`` raises or returns no figure, or ``describe`` raises or returns no text.
    """
    fig = _draw(draw, values)
    text = describe if isinstance(describe, str) else _call(describe, "describe", values)
    if not isinstance(text, str) or not text.strip():
        raise ValueError(
            f"describe{_arguments(values)} must return a sentence about the figure; got {text!r}"
        )
    return writer.panels(fig), text.strip()


def _draw(draw, values):
    fig = _call(draw, "draw", values)
    if not isinstance(fig, Figure):
        raise ValueError(
            f"draw{_arguments(values)} must return a matplotlib Figure; got {type(fig).__name__}. "
            "Is 'return fig' missing?"
        )
    if hasattr(fig, "number"):  # made by pyplot, which would keep it
        import matplotlib.pyplot as plt

        plt.close(fig)
    return fig


def _arguments(values):
    return f"({', '.join(f'{key}={value!r}' for key, value in values.items())})"


def _call(function, role, values):
    try:
        return function(**values)
    except Exception as error:
        raise ValueError(f"{role}{_arguments(values)} raised {type(error).__name__}: {error}") from error


def _check_name(name):
    if not isinstance(name, str) or not re.fullmatch(r"[a-z][a-z0-9-]*", name):
        raise ValueError(
            f"name must be lower-case letters, digits and hyphens, as in 'ridge-path'; got {name!r}"
        )
    return name


def _claim_name(name, *, numbered=False):
    """Names are anchors: each stands once on a page."""
    if numbered:
        stem, k = name, 1
        while name in _page["names"]:
            k += 1
            name = f"{stem}-{k}"
    if name in _page["names"]:
        raise ValueError(f"the name {name!r} is already taken on this page; give another with name=")
    _page["names"].add(name)
    return name


def _static(draw, describe, name, play, sliders):
    """All frames as one picture plus what changes: HTML, and a PNG for printed editions."""
    _claim_name(name)
    began = time.perf_counter()
    frames, texts, writer = [], [], SvgWriter(name)
    for values in itertools.product(*(slider.values for slider in sliders.values())):
        panels, text = render(draw, describe, dict(zip(sliders, values)), writer)
        root = panels[0].makeelement("div", {})
        root.extend(panels)
        frames.append(root)
        texts.append(text)
        _limit("seconds", time.perf_counter() - began, MAX_SECONDS, name)
    start = [slider.start for slider in sliders.values()]
    first = int(np.ravel_multi_index(start, [len(slider.values) for slider in sliders.values()]))
    distinct_texts = list(dict.fromkeys(texts))
    data = {
        "groups": changes(frames),
        "texts": distinct_texts,
        "text": [distinct_texts.index(text) for text in texts],
        "shown": [slider.shown for slider in sliders.values()],
        "units": [slider.unit for slider in sliders.values()],
        "start": start,
    }
    controls = "".join(
        _control_html(name, key, slider, is_time=key == play) for key, slider in sliders.items()
    )
    page = figure_html(name, frames[first], writer.definitions, texts[first], controls, data)
    _page["seconds"] += time.perf_counter() - began
    size = len(gzip.compress(page.encode(), mtime=0))
    _page["bytes"] += size
    _limit("gzipped bytes", size, MAX_BYTES, name)
    _limit("seconds on this page", _page["seconds"], MAX_PAGE_SECONDS, name)
    _limit("gzipped bytes on this page", _page["bytes"], MAX_PAGE_BYTES, name)
    values = {key: slider.values[slider.start] for key, slider in sliders.items()}
    buffer = io.BytesIO()
    _draw(draw, values).savefig(buffer, format="png", dpi=150, metadata={"Software": None})
    return {"text/html": page, "image/png": buffer.getvalue(), "text/plain": texts[first]}


def _limit(what, value, limit, name):
    if value > limit:
        raise ValueError(
            f"explorer {name!r} needs {value:,.0f} {what}; the limit is {limit:,}. "
            "Take fewer values, fewer points in a curve, or draw less that changes."
        )


def _control_html(name, key, slider, *, is_time):
    id_, last = f"{name}-{key}", len(slider.values) - 1
    label = html.escape(slider.label or key)
    button = (
        f'<button type="button" class="explorer-play" data-for="{id_}" aria-pressed="false" '
        f'aria-label="play {label}">▶</button>'
        if is_time
        else ""
    )
    return (
        f'<div class="explorer-control"><label for="{id_}">{label}</label>'
        f'<input type="range" id="{id_}" data-param="{key}" min="0" max="{last}" step="1" '
        f'value="{slider.start}" aria-valuetext="{html.escape(slider.text(slider.start))}">'
        f'<output for="{id_}">{html.escape(slider.text(slider.start))}</output>{button}</div>'
    )


def figure_html(name, panels, definitions, text, controls="", data=None):
    """The figure as it stands on the page; explorer.js shows the controls where it can serve them."""
    script = ""
    if data is not None:
        coded = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
        script = f'<script type="application/json" class="explorer-frames">{coded}</script>'
        controls = f'<div class="explorer-controls" hidden>{controls}</div>'
    shared = (
        f'<svg class="explorer-defs" aria-hidden="true"><defs>{markup(*definitions.values())}</defs></svg>'
    )
    still = "" if data is not None else " explorer-still"
    return (
        f'<figure class="explorer{still}" id="{name}">{controls}{shared}'
        f'<div class="explorer-panels" role="img" aria-labelledby="{name}-text">{markup(*panels)}</div>'
        f'<figcaption class="explorer-text" id="{name}-text" aria-live="polite">{html.escape(text)}</figcaption>'
        f"{script}</figure>"
    )
