"""Paths of an SVG, written as short as can be, and a path in place of many equal marks.

Coordinates are whole tenths of a point: less is below what an eye can see. Steps from point to point are
short numbers that come again and again, which a page's compression likes.
"""

import math
import re
from functools import lru_cache

_PIECE = re.compile(r"([MLCQz])([^A-Za-z]*)")  # all that matplotlib writes


def tenths(number):
    """A number of an SVG in whole tenths."""
    return round(10 * float(number))


def shorter(d):
    """A path in steps from point to point."""
    start, steps = _in_steps(d)
    return f"M{_numbers(start)}{steps}" if start else ""


def joined(d, style, places):
    """Paths that draw a mark at some places.

    They are as many as it takes to look the same: where two marks that let something shine through lie upon
    each other, they are in different paths.

    Parameters
    ----------
    d : str
        The mark around (0, 0), as matplotlib writes it.
    style : str
        How it is painted; of two declarations of one property, the second holds.
    places : tuple of (int, int)
        In tenths.

    Yields
    ------
    d, style : str
    """
    look = dict(declaration.split(":", 1) for declaration in style.split(";") if declaration)
    if look.get("fill-opacity") == "0":
        look["fill"] = "none"
        del look["fill-opacity"]
    fill, stroke = look.get("fill", "currentColor"), look.get("stroke", "none")
    width = tenths(look.get("stroke-width", 1)) if stroke != "none" else 0
    start, steps = _in_steps(d)
    if not start:  # a path nonetheless, that another frame can fill
        yield "", style
        return
    radius = _radius(d)
    opacity = look.get("fill-opacity")
    alike = stroke == "none" or (stroke == fill and look.get("stroke-opacity") == opacity)
    if radius and fill != "none" and alike and "opacity" not in look:
        # A disk: the round ends of a short line. What has no length, WebKit would paint twice.
        size = _numbers([2 * radius + width])
        look = {"fill": "none", "stroke": fill, "stroke-width": size, "stroke-linecap": "round"}
        if opacity:
            look["stroke-opacity"] = opacity
        start, steps = (0, 0), "h.01"
    elif radius:
        half = "a{r} {r} 0 1 0".format(r=_numbers([radius]))
        start = (-radius, 0)
        steps = f"{half} {_numbers([2 * radius, 0])}{half} {_numbers([-2 * radius, 0])}z"
    layers = [places]
    if not (alike or fill == "none") or any("opacity" in name for name in look):
        layers = _layers(places, 2 * _reach(d) + width)
    style = ";".join(f"{name}:{value}" for name, value in look.items())
    for layer in layers:
        yield "".join(f"M{_numbers([x + start[0], y + start[1]])}{steps}" for x, y in layer), style


@lru_cache(maxsize=20_000)
def _in_steps(d):
    """A path's first point, and what follows it, each point counted from the one before."""
    start, text, before = None, "", ""
    first = here = (0, 0)  # of the piece that is drawn
    for letter, numbers in _PIECE.findall(d):
        if letter == "z":
            text, here, before = f"{text}z", first, letter
            continue
        points = [tenths(number) for number in numbers.split()]
        if start is None:
            start = first = here = points
            continue
        steps = _numbers(value - here[k % 2] for k, value in enumerate(points))
        repeated = letter == before != "M"
        text += (steps if steps[0] == "-" else f" {steps}") if repeated else letter.lower() + steps
        here, before = points[-2:], letter
        first = here if letter == "M" else first
    return start, text


def _numbers(values):
    """Tenths as numbers of an SVG, parted by no more than is needed: .5 −1.2 .3 is ``.5-1.2.3``."""
    text, before = "", ""
    for value in values:
        number = _number(value)
        parted = not before or number[0] == "-" or (number[0] == "." and "." in before)
        text += number if parted else f" {number}"
        before = number
    return text


@lru_cache(maxsize=20_000)
def _number(value):
    sign, (whole, tenth) = "-" * (value < 0), divmod(abs(value), 10)
    return sign + (f"{whole or ''}.{tenth}" if tenth else str(whole))


def _points(d):
    """The points of a path without those that only bend it."""
    pieces = (numbers.split()[-2:] for _, numbers in _PIECE.findall(d))
    return [(tenths(piece[0]), tenths(piece[1])) for piece in pieces if piece]


@lru_cache(maxsize=1000)
def _reach(d):
    """How far a mark goes from its middle."""
    return max(math.hypot(x, y) for x, y in _points(d))


@lru_cache(maxsize=1000)
def _radius(d):
    """The radius of a circle around (0, 0), which matplotlib draws in eight pieces; None for another mark."""
    radius = round(_reach(d))
    return (
        radius if d.count("C") == 8 and all(abs(math.hypot(*p) - radius) <= 1 for p in _points(d)) else None
    )


@lru_cache(maxsize=1000)
def _layers(places, reach):
    """The places in layers, in each of which no two are nearer than `reach`: each in the first it fits."""
    layers = []
    for place in places:
        free = (layer for layer in layers if all(math.dist(place, other) >= reach for other in layer))
        layer = next(free, None)
        if layer is None:
            layers.append(layer := [])
        layer.append(place)
    return layers
