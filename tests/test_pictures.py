"""What the chapters' figures show and say, where it once was not so."""

import json
import re
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from mlcore.exercises import linear_regression as exercises
from mlcore.explore.chapters import (
    backpropagation,
    depth,
    digits,
    downhill,
    linear_regression,
    many_classes,
    momentum,
    networks,
    one_neuron,
    training,
)

BOOK = Path(__file__).resolve().parents[1] / "book"


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def code_of(chapter):
    cells = json.loads((BOOK / f"{chapter}.ipynb").read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def seen(fig):
    """Of each panel its words, with their boxes; a word that is not there yet is transparent."""
    FigureCanvasAgg(fig).draw()
    for ax in fig.axes:
        words = [text for text in ax.texts if text.get_text() and text.get_alpha() != 0]
        yield ax, [(text, text.get_window_extent()) for text in words]


def struck(fig, thin=0.0):
    """Words without paper behind them that a line of their panel, thicker than `thin`, runs through."""
    return [
        text.get_text()
        for ax, words in seen(fig)
        for text, box in words
        if text.get_bbox_patch() is None
        for line in ax.lines
        if line.get_linestyle() != "None"
        and line.get_linewidth() > thin
        and line.get_path().transformed(line.get_transform()).intersects_bbox(box, filled=False)
    ]


def test_the_cost_of_a_training_is_not_cut():
    theta = [(np.ones((2, 2)), np.zeros(2)), (np.ones((2, 1)), np.zeros(1))]
    costs, wrong = np.array([0.7, 3.0, 0.5]), np.array([2, 2, 1])
    run = dict.fromkeys([0, 1, 3], theta)
    X, y = np.eye(2), np.array([0, 1])
    draw, _ = training.regions({(2, 10): run}, X, y, {(2, 10): costs}, {(2, 10): wrong})
    _, right = draw(1, 2, 10).axes
    curves = [line.get_ydata() for line in right.lines if len(line.get_ydata()) == 3]
    assert any(np.array_equal(curve, costs) for curve in curves)
    assert right.get_ylim()[1] > costs.max()


def test_the_explorer_of_lines_starts_where_the_text_says_and_has_the_position_that_a_check_names(capsys):
    cells = code_of("linear_regression")
    low, high, step = map(
        int, re.search(r"theta0s, theta1s = range\((\d+), (\d+), (\d+)\)", cells[0]).groups()
    )
    start = re.search(r'Slider\(theta0s, "height θ₀", start=(\d+)\)', cells[0])[1]
    assert any(f"theta = np.array([{start}.0, 0.0])  # where the explorer starts" in cell for cell in cells)
    x, y = exercises._twelve()
    best = min(range(low, high, step), key=lambda theta0: np.sum((y - theta0 + 16 * x) ** 2))
    exercises.tilted(best)
    assert "this is the best slider position" in capsys.readouterr().out


def test_from_the_mean_all_intercepts_are_said_to_be_the_same():
    x = np.array([1.0, 2.0, 4.2])
    y = np.array([30.0, 22.0, 15.0])
    _, describe = linear_regression.centring(x, y, unit="lb", xlabel="", ylabel="")
    assert "needs an intercept 0.0 away from that, the flatter one 0.0." in describe(2.403)
    stops = re.search(r"origins = \[(.*?)\]", "".join(code_of("linear_regression")))[1]
    x, y = exercises._twelve()
    _, describe = linear_regression.centring(x + 3, y, unit="lb", xlabel="", ylabel="")
    assert sum("0.0 away" in describe(float(stop)) for stop in stops.split(",")) == 1


def test_one_corner_is_and_what_lies_on_the_line_is_said():
    draw, describe = one_neuron.gates([45], [0])
    assert describe("XOR", 45, 0).endswith(
        "1 of the 4 corners is on its own side; a corner on the line has the score 0, which says 0."
    )
    assert describe("XOR", 45, -0.25).endswith("3 of the 4 corners are on their own side.")
    words = [text.get_text() for text in draw("XOR", 45, 0).axes[0].texts]
    assert words.count("wrong,\non the line") == 2


def test_a_probability_has_no_tick_beyond_0_and_1():
    X, y = np.random.default_rng(0).normal(size=(60, 2)), np.arange(60) % 2
    draw, _, _ = one_neuron.neuron_split(X, y, [0], [1])
    ticks = draw(0, 1).axes[1].get_yticks()
    assert ticks.min() == 0 and ticks.max() == 1


def test_predictions_beyond_the_panel_are_counted_and_the_error_is_said():
    y, predicted = np.array([10.0, 20, 30]), np.array([12.0, 900, -77])
    arguments = [2, 40], {0: np.array([30.0, 4321])}, {0: np.ones((2, 2))}
    draw, describe = training.double_descent(*arguments, {(40, 0): predicted, (2, 0): y}, y)
    assert "2 of them beyond the panel" in describe(40, 0) and "here 4321 (mpg)²" in describe(40, 0)
    assert draw(40, 0).axes[0].get_title() == "40 random features, 2 dots beyond"
    assert "beyond" not in describe(2, 0) and draw(2, 0).axes[0].get_title() == "2 random features"


def test_the_teeth_are_counted_in_words():
    _, describe = depth.teeth(range(1, 8))
    assert "32 straight pieces" in describe(5) and "zigzag of 10 pieces" in describe(5)


@pytest.mark.parametrize("activation", depth.NAMES)
@pytest.mark.parametrize("scale", [0.25, 0.5, 0.75, 2, 4])
def test_that_a_curve_goes_on_is_not_written_over_it(activation, scale):
    draw, _, _ = depth.init_scale([scale])
    fig = draw(activation, scale)
    fig.canvas.draw()
    for ax in fig.axes:
        curve = max(ax.lines, key=lambda line: len(line.get_xdata()))
        fine = np.linspace(0, len(curve.get_xdata()) - 1, 400)
        path = np.column_stack(
            [np.interp(fine, np.arange(len(v)), v) for v in ax.transData.transform(curve.get_xydata()).T]
        )
        for text in ax.texts:
            if text.get_text():
                box = text.get_window_extent()
                assert not any(box.contains(*point) for point in path), (text.get_text(), activation, scale)


def test_the_line_at_zero_ends_below_the_legend():
    slopes = np.random.default_rng(0).normal(size=(40, 3))
    fig = linear_regression.resampled_slopes(["a", "b", "c"], slopes, slopes.mean(axis=0))
    FigureCanvasAgg(fig).draw()
    ax = fig.axes[0]
    zero = next(line for line in ax.lines if not np.any(line.get_xdata()))
    top = zero.get_transform().transform(zero.get_xydata())[:, 1].max()
    assert top <= min(text.get_window_extent().y0 for text in ax.get_legend().get_texts())


@pytest.mark.parametrize("activation", networks.NAMES)
def test_an_activation_is_within_its_panel_where_it_is_taken_hold_of(activation):
    draw, _, grip = networks.activations(zs := [-4, -2.5, 0, 4])
    for z in zs:
        left, _ = draw(activation, z).axes
        assert left.viewLim.contains(*grip(activation, z)), (activation, z)


@pytest.mark.parametrize("step", range(8))
def test_no_edge_of_a_graph_strikes_its_numbers_through(step):
    draw, _ = many_classes.layers_of_a_cost(np.eye(3), np.array([1.0, 1.0, 2.0]))
    assert not struck(draw(step, 2))
    papers = [text.get_bbox_patch() for text in draw(0, 2).axes[0].texts if text.get_text() == "·"]
    assert all(paper is None or paper.get_alpha() == 0 for paper in papers)


def dotted(fig, radius=0.0):
    """Words that a mark of their panel lies on, or nearer to them than `radius` points."""
    return [
        text.get_text()
        for ax, words in seen(fig)
        for text, box in words
        for line in ax.lines
        if line.get_marker() not in ("None", "", " ", None)
        for point in line.get_transform().transform(line.get_xydata())
        if box.padded((radius + line.get_markersize() / 2) * fig.dpi / 72).contains(*point)
    ]


@pytest.mark.parametrize("alpha", [0, 0.16, 0.5, 0.64, 0.9])
def test_neither_circle_nor_axis_crosses_the_name_of_the_radius(alpha):
    draw, _ = momentum.momentum_roots([alpha], [1])
    assert "√α" not in struck(draw(alpha, 1))


def test_words_stand_beside_the_dots_that_they_name():
    counts = np.array([160, 610, 2410, 4810])
    assert not dotted(backpropagation.draw_pass_times(counts, (2.2 * counts, np.full(4, 1.5)), 2.14))
    widths, errors = [2, 10, 1000], {0: [40, 15, 21], 0.05: [40, 15, 16], 0.5: [40, 14, 10]}
    spread = {delta: np.tile(error, (2, 1)) for delta, error in errors.items()}
    draw, _ = training.double_descent(widths, errors, spread, {(1000, 0.5): np.ones(3)}, np.ones(3))
    assert not dotted(draw(1000, 0.5))


def test_the_rate_that_is_thrown_out_is_named_between_its_lines():
    fig = downhill.draw_three_ways((-1.5, 1.0))
    assert not {
        text for text in struck(fig, thin=0.8) + dotted(fig) if text.startswith("η")
    }  # but level curves


@pytest.mark.parametrize(("level", "above"), [(2.6, False), (2.0, True), (0.3, True)])
def test_curves_near_the_cost_of_chance_leave_its_name_free(level, above):
    draw, _ = training.sick_curves({"G": np.full((61, 2), level)}, np.log(10))
    ((_, words),) = seen(draw("G"))
    (box,) = (box for text, box in words if text.get_text().startswith("all alike"))
    ax = words[0][0].axes
    line = ax.transData.transform((0, np.log(10)))[1]
    assert (box.y0 > line) if above else (box.y1 < line)


def test_a_handle_in_a_cell_leaves_its_number_to_be_read():
    steps = range(-2, 3)
    places = [(right, down) for right in steps for down in steps]
    images, said = dict.fromkeys(places, np.zeros(784)), dict.fromkeys(places, np.full((2, 10), 0.1))
    draw, _, grip = digits.shifts(images, said, dict.fromkeys(places, (67, 12)), ["a", "b"], steps)
    fig = draw(1, -2)
    _, (ax, words) = seen(fig)
    ring = ax.transData.transform(grip(1, -2))
    near = [box.padded(0.14 * fig.dpi).contains(*ring) for _, box in words]  # _svg._RING
    assert not any(near)
