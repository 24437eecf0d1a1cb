"""From a matplotlib figure to small, themeable inline SVG, and from many such pictures to "what changes".

A picture is a list of panels; a panel is an element tree of its own, so that panels stand side by side on
a wide page and below each other on a phone. Ids are hashes of contents and no date is written: the same
figure gives the same bytes.
"""

import inspect
import io
import math
import re
import xml.etree.ElementTree as ET
from functools import lru_cache, wraps
from itertools import groupby, pairwise
from types import SimpleNamespace
from xml.sax.saxutils import escape

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlcore.explore._paths import joined, shorter, tenths
from mlcore.teach import minus

# Light-mode values; explorer.css holds their dark-mode twins under the same names.
COLORS = SimpleNamespace(
    data="#4d5a6b",
    fit="#0b62b8",
    truth="#1a7a43",
    alt="#8a3fc4",
    warn="#c2410c",
    good="#0f766e",
    rose="#b0125b",
    muted="#767c86",
)

# The book's look, in force while its figures are made and drawn; matplotlib's defaults stay as they are.
STYLE = {
    "font.size": 10,
    "axes.labelsize": 10,
    "axes.titlesize": 10.5,
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
    "legend.fontsize": 9,
    "legend.frameon": False,
    "axes.facecolor": "none",  # the page is the background
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": matplotlib.cycler(
        color=[COLORS.fit, COLORS.warn, COLORS.truth, COLORS.alt, COLORS.good, COLORS.data, COLORS.muted]
    ),
    "lines.linewidth": 1.8,
    "lines.markersize": 5,
}
_SVG = {
    "svg.fonttype": "none",  # text stays text: small, selectable, in the page's font
    "svg.hashsalt": "mlcore",
    "path.simplify_threshold": 0.2,
}


_in_style = []  # not empty while the book's look is in force: to set it takes as long as to draw a line


def in_style(function):
    """The function, run with the book's look as matplotlib's defaults."""

    @wraps(function)
    def styled(*args, **kwargs):
        if _in_style:
            return function(*args, **kwargs)
        _in_style.append(True)
        try:
            with matplotlib.rc_context(STYLE):
                return function(*args, **kwargs)
        finally:
            _in_style.pop()

    return styled


# Axes whose artists have the book's look, wherever they are made: `Axes` itself defines the plotting methods,
# and an artist takes its defaults when it is made.
Panel = type(
    "Panel",
    (Axes,),
    {
        name: in_style(method)
        for name, method in vars(Axes).items()
        if inspect.isfunction(method) and not name.startswith("_")
    },
)

_PANEL_GID = "explorer-panel-"
_SHOW_GID = "explorer-show-"
_POINTS = 72  # SVG units per inch
_SIZES = {1: (4.6, 3.1), 2: (3.6, 3.1), 3: (2.9, 2.6)}  # inches of one panel, by how many stand in a row
_RING = 0.14  # inches, half the width of a handle's ring
_MARGINS = {"left": 0.68, "right": 0.12, "bottom": 0.52, "top": 0.32}  # inches, the same around every panel


def printed(text):
    """A sentence as books print it: minus signs, a space before %, and ’ in the genitive."""
    return apostrophes(re.sub(r"(?<=\d)%", "\u00a0%", minus(text)))


def apostrophes(text):
    """The genitive with ’, as it is in the book's text: Newton's and the units'."""
    return re.sub(r"(?<=[^\s([,=])'(?=s\b)|(?<=s)'(?= [a-z])", "’", text)


def show(name):
    """The ``gid`` of an artist that lights up with the words ``{show}`name``` of the text.

    Parameters
    ----------
    name : str
        May be given to several artists: ``ax.plot(x, y, gid=show("residuals"))``.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If ``name`` is no text, or an empty one.
    """
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"an artist's name must be the words that light it up; got {name!r}")
    return _SHOW_GID + name


@in_style
def panels(n=1, *, size=None):
    """A figure of ``n`` panels side by side, which stack on a narrow page.

    Parameters
    ----------
    n : int
        1, 2 or 3.
    size : (float, float), optional
        Width and height of one panel, in inches. On a phone, letters of 9 points are still large enough to
        read in a panel 4.6 inches wide, and no longer in a wider one.

    Returns
    -------
    fig : matplotlib.figure.Figure
    axes : matplotlib.axes.Axes if ``n`` is 1, else tuple of n Axes

    Raises
    ------
    ValueError
        If ``n`` is none of 1, 2, 3.
    """
    if n not in _SIZES:
        raise ValueError(f"n must be 1, 2 or 3 panels; got {n!r}")
    width, height = size or _SIZES[n]
    fig = Figure(figsize=(n * width, height))
    axes = []
    for k in range(n):
        ax = fig.add_axes(
            (
                (k * width + _MARGINS["left"]) / (n * width),
                _MARGINS["bottom"] / height,
                (width - _MARGINS["left"] - _MARGINS["right"]) / (n * width),
                (height - _MARGINS["bottom"] - _MARGINS["top"]) / height,
            ),
            axes_class=Panel,
        )
        ax.set_gid(f"{_PANEL_GID}{k}")
        axes.append(ax)
    return fig, axes[0] if n == 1 else tuple(axes)


class SvgWriter:
    """Writes the frames of one explorer as panels.

    Half the time of a frame goes into axes that never change, so an axis that would look as it did in an
    earlier frame is not drawn again: its element is taken from there.

    Parameters
    ----------
    prefix : str
        Keeps the ids of different explorers on a page apart.
    """

    def __init__(self, prefix):
        self.prefix = prefix
        self.definitions = {}  # clip paths and what else is named, by id
        self._axes = {}  # what an axis looks like -> its element
        self._marks = {}  # what matplotlib draws at many places, path and style, by id

    @in_style
    def panels(self, fig):
        """The figure's panels, as a list of ``<svg>`` elements."""
        keys = self._hide_known_axes(fig)
        buffer = io.StringIO()
        with matplotlib.rc_context(_SVG):
            fig.savefig(buffer, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
        root = ET.fromstring(buffer.getvalue())
        _strip_namespaces(root)
        self._hoist_definitions(root)
        drawing = root.find("g")
        width, height = (inches * _POINTS for inches in fig.get_size_inches())
        count = len(panel_axes(fig))
        panels = [
            ET.Element("svg", {"viewBox": f"{k * width / count:g} 0 {width / count:g} {height:g}"})
            for k in range(count)
        ]
        for child in drawing[1:]:  # the first is the figure's background: the page has its own
            gid = child.get("id") or ""
            self._settle_axes(child, keys.get(gid, ()))
            panels[int(gid[len(_PANEL_GID) :]) if gid.startswith(_PANEL_GID) else 0].append(child)
        return panels

    def _hide_known_axes(self, fig):
        """Hides what need not be drawn; returns the keys of each axes' two axes, by its gid."""
        keys = {}
        for k, ax in enumerate(fig.axes):
            if not ax.get_gid():
                ax.set_gid(f"axes-{k}")
            visible = {_axis_key(axis): axis for axis in (ax.xaxis, ax.yaxis) if axis.get_visible()}
            keys[ax.get_gid()] = list(visible)
            for key in visible.keys() & self._axes.keys():
                visible[key].set_visible(False)
        return keys

    def _settle_axes(self, group, keys):
        """Slims a group; its axis elements, new or known, go to the front: their place is always the same."""
        new = [child for child in group if (child.get("id") or "").startswith("matplotlib.axis")]
        self._slim_tree(group)
        for child in group:
            _flatten(child)
        for child in new:
            child[:] = sorted(child, key=lambda part: part.tag != "use")  # its ticks side by side
            group.remove(child)
        for tree in (group, *new):
            for parent in list(tree.iter()):
                self._join_marks(parent)
                if parent.tag == "text":
                    _settle_scripts(parent)
        for key in keys:
            if key not in self._axes:
                self._axes[key] = new.pop(0)
        for key in reversed(keys):
            group.insert(1, self._axes[key])

    def _hoist_definitions(self, parent):
        """Out of the drawing, so that it does not matter which artist came first."""
        for child in list(parent):
            if child.tag == "defs":
                for definition in child:
                    if definition.tag == "path":
                        style = _slim_style(definition.get("style", ""))
                        self._marks[definition.get("id")] = definition.get("d", ""), style
                    elif "id" in definition.attrib:
                        id_ = f"{self.prefix}-{definition.get('id')}"
                        if id_ not in self.definitions:
                            self._slim_tree(definition)
                            definition.set("id", id_)
                            self.definitions[id_] = definition
                parent.remove(child)
            else:
                self._hoist_definitions(child)

    def _join_marks(self, parent):
        """Puts paths in the place of runs of equal marks, which matplotlib draws one by one."""
        children = []
        looks = groupby(parent, key=lambda child: (child.tag, child.get("href"), child.get("style", "")))
        for (tag, href, style), run in looks:
            if tag != "use":
                children += run
                continue
            d, own = self._marks[href[1:]]
            places = tuple((tenths(mark.get("x")), tenths(mark.get("y"))) for mark in run)
            paths = joined(d, f"{style};{own}", places)
            children += [ET.Element("path", {"d": d, "style": style}) for d, style in paths]
        parent[:] = children

    def _slim_tree(self, tree):
        for element in tree.iter():
            if (id_ := element.attrib.pop("id", "")).startswith(_SHOW_GID):
                element.set("data-show", id_.removeprefix(_SHOW_GID))
            for key, value in list(element.attrib.items()):
                if short := _slim(key, value, self.prefix):
                    element.set(key, short)
                else:
                    del element.attrib[key]


def changes(frames):
    """What differs between frames of equal structure, column by column.

    The trees of all frames are walked together. Where every frame has the same children the walk goes
    down; where not, the children's markup as a whole becomes the thing that changes.

    Parameters
    ----------
    frames : list of Element
        One tree a frame.

    Returns
    -------
    groups : list of [index, slots]
        ``index`` (n_frames,) says which value a frame takes; slots that share it stand together. A slot is
        ``[path, attribute, values]``: child indices from the root, the attribute's name ("" for the text,
        "*" for the markup of all contents), and the distinct values (None for an absent attribute).
    """
    by_index = {}

    def note(path, attribute, values):
        if all(value == values[0] for value in values):
            return
        distinct = list(dict.fromkeys(values))
        lookup = {value: k for k, value in enumerate(distinct)}
        index = tuple(lookup[value] for value in values)
        by_index.setdefault(index, []).append([path, attribute, distinct])

    def walk(nodes, path):
        if all(node is nodes[0] for node in nodes):
            return
        for attribute in dict.fromkeys(key for node in nodes for key in node.attrib):
            note(path, attribute, [node.get(attribute) for node in nodes])
        tags = [[child.tag for child in node] for node in nodes]
        texts = [node.text or "" for node in nodes]
        if any(tag != tags[0] for tag in tags) or (tags[0] and len(set(texts)) > 1):
            note(path, "*", [escape(text) + markup(*node) for text, node in zip(texts, nodes)])
            return
        note(path, "", texts)
        for k in range(len(tags[0])):
            walk([node[k] for node in nodes], [*path, k])

    walk(frames, [])
    return [[list(index), slots] for index, slots in by_index.items()]


def markup(*elements):
    """Elements as inline SVG markup."""
    return "".join(ET.tostring(element, encoding="unicode") for element in elements)


def _flatten(parent):
    """Takes out groups that say nothing."""
    children = []
    for child in parent:
        _flatten(child)
        children.extend(child if child.tag == "g" and not child.attrib else [child])
    parent[:] = children


def _settle_scripts(text):
    """Exponents and indices as large as a phone asks for; a number, drawn digit by digit, in one part."""
    sizes = [float(_SIZE.search(part.get("style"))[1]) for part in text]
    parts, before = [], (None, None, -math.inf)
    for part, size in zip(text, sizes):
        look, places = (part.get("y"), part.get("style")), [*map(float, part.get("x").split())]
        # An older matplotlib, that of the browser, draws all that looks alike in one part, each at its place.
        if _DIGITS.fullmatch(part.text) and all(b - a < size for a, b in pairwise(places)):
            part.set("x", f"{places[0]:g}")
        if size < max(sizes):
            part.set("style", _SIZE.sub(f"{_SCRIPT * size:.3g}px", look[1]))
        near = places[0] - before[2] < size
        if before[:2] == look and near and _DIGITS.fullmatch(parts[-1].text + part.text):
            parts[-1].text += part.text
        else:
            parts.append(part)
        before = *look, places[-1]
    text[:] = parts


def _strip_namespaces(root):
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        element.attrib = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
        element.text = apostrophes((element.text or "").strip()) or None
        element.tail = None


def panel_axes(fig):
    """The axes that stand for the panels of a figure: those of :func:`panels`, or the first of all."""
    return [ax for ax in fig.axes if (ax.get_gid() or "").startswith(_PANEL_GID)] or fig.axes[:1]


def place(fig, panel, x, y):
    """Where a point of a panel's axes stands, in widths from the panel's left edge and heights from its top.

    A coordinate that is None is beside the lower or left edge: a ring there leaves the axis its numbers.
    """
    axes = panel_axes(fig)
    ax = axes[panel]
    edge = ax.get_xlim()[0], ax.get_ylim()[0]
    point = [low if value is None else value for value, low in zip((x, y), edge)]
    beside = [_RING * fig.dpi if value is None else 0 for value in (x, y)]
    across, up = fig.transFigure.inverted().transform(ax.transData.transform(point) + beside)
    return [round(float(across * len(axes) - panel), 4), round(float(1 - up), 4)]


def beyond(fig, panel, x, y):
    """Whether a point of a panel's axes lies outside them by more than half the width of a ring."""
    ax = panel_axes(fig)[panel]
    return not ax.bbox.padded(_RING * fig.dpi).contains(*ax.transData.transform((x, y)))


def _axis_key(axis):
    """Everything that decides what an axis looks like."""
    makers = (
        axis.get_major_locator(),
        axis.get_major_formatter(),
        axis.get_minor_locator(),
        axis.get_minor_formatter(),
    )
    return repr(
        (
            axis.axes.get_gid(),
            axis.axis_name,
            axis.axes.get_position().bounds,
            tuple(axis.get_view_interval()),
            axis.get_scale(),
            axis.get_inverted(),
            axis.get_label_text(),
            axis.label.get_color(),
            axis.get_tick_params(),
            [(type(maker), {k: v for k, v in vars(maker).items() if k != "axis"}) for maker in makers],
        )
    )


_SIZE = re.compile(r"([\d.]+)px")  # alone or among the words of a font
_SCRIPT = 1.2  # times the size that matplotlib gives them, 0.7 of the letters'
_DIGITS = re.compile(r"−?[\d.]+")
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_COLOR_VARIABLES = {"#000000": "currentColor"} | {
    value: f"var(--explorer-{name}, {value})" for name, value in vars(COLORS).items()
}


def _short(match):
    """A tenth of a point is below what an eye can see: coordinates keep one decimal."""
    return f"{float(match[0]):.1f}".removesuffix(".0")


@lru_cache(maxsize=20_000)
def _slim(key, value, prefix):
    """An attribute's value without what a page does not need; empty to leave the attribute out."""
    if key == "data-show":
        return value
    if key == "style":
        return _slim_style(value)
    if key == "clip-path":
        return value.replace("url(#", f"url(#{prefix}-")
    if key == "transform":
        return re.sub(r"\s*rotate\(-?0 [^)]*\)", "", _NUMBER.sub(_short, value))
    if key == "d":
        return shorter(value)
    return _NUMBER.sub(_short, value)


def _slim_style(style):
    kept = []
    for declaration in style.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name in ("", "font-family", "stroke-linejoin", "stroke-linecap"):  # the page's own
            continue
        if (name, value) == ("fill", "#ffffff"):
            value = "var(--explorer-paper, #ffffff)"
        value = _COLOR_VARIABLES.get(value, value)
        kept.append(f"{name}:{value}")
    return ";".join(kept)
