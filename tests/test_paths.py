"""Shorter paths are the same paths, and many marks in one are the same marks."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.path import Path

from mlcore.explore._paths import joined, shorter
from mlcore.explore._svg import SvgWriter

CODES = {"M": Path.MOVETO, "L": Path.LINETO, "Q": Path.CURVE3, "C": Path.CURVE4, "Z": Path.CLOSEPOLY}
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")
LENGTHS = {"m": 1, "l": 1, "q": 2, "c": 3}


def points(d):
    """The letters of a path and its points, in tenths, as a browser reads them."""
    letters, found, here, start = [], [], np.zeros(2), np.zeros(2)
    for letter, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", d):
        values = np.array(NUMBER.findall(numbers), float).reshape(-1, 2)
        if letter in "zZ":
            letters.append("Z")
            here = start
        for k in range(0, len(values), LENGTHS.get(letter.lower(), 1)):
            some = values[k : k + LENGTHS[letter.lower()]] + (here if letter.islower() else 0)
            letters.append(letter.upper())
            found += np.rint(10 * some).astype(int).tolist()
            here = some[-1]
            start = here if letter in "mM" else start
    return letters, found


coordinates = st.floats(-500, 500).map(lambda number: f"{number:.6f}".rstrip("0").rstrip("."))
pieces = st.one_of(
    *(
        st.lists(coordinates, min_size=2 * n, max_size=2 * n).map(
            lambda numbers, letter=letter: f"{letter} {' '.join(numbers)} "
        )
        for letter, n in {"M": 1, "L": 1, "Q": 2, "C": 3}.items()
    ),
    st.just("z\n"),
)


@given(st.lists(pieces, max_size=8))
def test_a_shorter_path_goes_through_the_same_points(drawn):
    d = "".join(["M 1.25 -3 \n", *drawn])
    letters, found = points(d)
    short = shorter(d)
    assert points(short) == (letters, found)
    assert len(short) <= len(d)


def test_a_path_without_points_is_none():
    assert shorter("") == ""


SQUARE = "M -2 2 \nL 2 2 \nL 2 -2 \nL -2 -2 \nz\n"


def circle(radius):
    """As matplotlib writes it."""
    fig = Figure()
    ax = fig.add_axes((0, 0, 1, 1))
    ax.plot([0.5], [0.5], "o", markersize=2 * radius)
    writer = SvgWriter("c")
    writer.panels(fig)
    return next(d for d, _ in writer._marks.values() if d.count("C") == 8)


def test_disks_are_round_ends_of_short_lines():
    places = ((100, 200), (-5, 30))
    style = "fill:red;stroke:red;stroke-width:1.5"
    ((d, look),) = joined(circle(2.5), style, places)
    assert d == "M10 20h.01M-.5 3h.01"
    assert look == "fill:none;stroke:red;stroke-width:6.5;stroke-linecap:round"
    ((_, look),) = joined(circle(2.5), "fill:red;fill-opacity:0.5", places)
    assert "stroke-width:5;" in look and look.endswith("stroke-opacity:0.5")
    ((_, look),) = joined(circle(2.5), "fill:red;fill-opacity:0.5;stroke:red", places)
    assert "fill-opacity:0.5" in look  # with a darker rim


def test_rings_are_circles_and_other_marks_keep_their_shape():
    ((d, look),) = joined(circle(3), "fill-opacity:0;stroke:red", ((100, 200),))
    assert d == "M7 20a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z" and look == "stroke:red;fill:none"
    ((d, _),) = joined(SQUARE, "fill:red;stroke:red", ((100, 200), (0, 0)))
    assert d == "M8 22l4 0 0-4-4 0zM-2 2l4 0 0-4-4 0z"


def test_a_mark_without_points_is_an_empty_path():
    assert list(joined("", "fill:red", ((0, 0),))) == [("", "fill:red")]


def test_a_region_that_is_empty_in_a_frame_is_an_empty_path():
    fig = Figure()
    region = fig.add_axes((0, 0, 1, 1)).contourf([[0, -1], [0, -1]], [0.5, 2], colors=["red"])
    region.set(edgecolor="red")
    (panel,) = SvgWriter("c").panels(fig)
    assert [path.get("d") for path in panel.iter("path") if "#ff0000" in path.get("style")] == [""]


@pytest.mark.parametrize(
    ("style", "parted"),
    [
        ("fill:red;stroke:red", False),
        ("fill:none;stroke:red", False),
        ("fill:red;fill-opacity:0.5;stroke:red;stroke-opacity:0.5", True),
        ("fill:none;stroke:red;stroke-opacity:0.5", True),
        ("fill:red;stroke:white", True),
        ("fill:red;fill-opacity:0.5;stroke:red", True),
    ],
)
@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), min_size=1, max_size=30).map(tuple))
def test_marks_that_show_each_other_through_are_parted_where_they_overlap(style, parted, places):
    (corner,) = points(SQUARE)[1][:1]
    paths = list(joined(SQUARE, style, places))
    starts = [points(d)[1][:: len(points(SQUARE)[1])] for d, _ in paths]
    wanted = [[x + corner[0], y + corner[1]] for x, y in places]
    assert sorted(start for layer in starts for start in layer) == sorted(wanted)
    assert parted or len(paths) == 1
    for layer in map(np.array, starts if parted else []):
        apart = np.hypot(*(layer[:, None] - layer).T) + np.diag([np.inf] * len(layer))
        assert apart.min() >= 40  # as wide as the square
