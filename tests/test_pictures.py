"""What the chapters' figures show and say, where it once was not so."""

import json
import re
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlcore.exercises import linear_regression as exercises
from mlcore.explore.chapters import linear_regression, training

BOOK = Path(__file__).resolve().parents[1] / "book"


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def code_of(chapter):
    cells = json.loads((BOOK / f"{chapter}.ipynb").read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


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
