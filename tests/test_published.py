"""Published numbers that the library must reproduce; the certified ones are in test_linear.py."""

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
from sklearn import datasets as peer
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import lars_path
from sklearn.neural_network import MLPClassifier as PeerClassifier
from sklearn.preprocessing import MinMaxScaler

from mlcore import lasso_path
from mlcore.datasets import load_diabetes


def test_lasso_on_the_diabetes_data_takes_the_twelve_published_steps():
    """Efron, Hastie, Johnstone and Tibshirani (2004): the order of the columns, and where the path ends."""
    data = load_diabetes()
    X = data.X - data.X.mean(axis=0)
    X /= np.linalg.norm(X, axis=0)
    path = lasso_path(X, data.y)
    slopes, active, events = path.thetas[:, 1:], set(), []
    for middle in (slopes[1:] + slopes[:-1]) / 2:
        now = set(np.flatnonzero(middle) + 1)
        events += [int(j) for j in now - active] + [-int(j) for j in active - now]
        active = now
    assert events == [3, 9, 4, 7, 2, 10, 5, 8, 6, 1, -7, 7]
    assert np.abs(slopes[-1]).sum() == pytest.approx(3460, abs=0.5)
    peer = lars_path(X, data.y - data.y.mean(), method="lasso")[2].T  # (13, 10)
    np.testing.assert_allclose(slopes, peer, rtol=1e-8, atol=1e-8 * np.abs(peer).max())


# ------------------------------------------------------------------------- P02, the gallery of scikit-learn
RULES = {
    "gradient descent": {"solver": "sgd", "momentum": 0, "learning_rate_init": 0.2},
    "momentum": {"solver": "sgd", "momentum": 0.9, "nesterovs_momentum": False, "learning_rate_init": 0.2},
    "Nesterov": {"solver": "sgd", "momentum": 0.9, "nesterovs_momentum": True, "learning_rate_init": 0.2},
    "Adam": {"solver": "adam", "learning_rate_init": 0.01},
}
TASKS = {"iris": (peer.load_iris, 400), "digits": (peer.load_digits, 15)}
NOTEBOOK = Path(__file__).resolve().parents[1] / "book" / "published.ipynb"


@pytest.fixture(scope="module")
def page():
    """What the cells of the page on the gallery define, and the numbers that they print beside ours."""
    cells = ["".join(cell["source"]) for cell in json.loads(NOTEBOOK.read_text("utf-8"))["cells"]]
    names = {}
    for start in ("import json", "@dataclass(frozen=True)\nclass Nesterov", "def in_unit_interval"):
        exec(next(cell for cell in cells if cell.startswith(start)), names)
    printed = next(cell for cell in cells if "printed = {" in cell)
    exec(printed[printed.index("printed = {") : printed.index("iris, images")], names)
    old = next(cell for cell in cells if "\nold = {" in cell)
    exec(old[old.index("old = {") : old.index("table(")], names)
    return names


def peer_loss(X, y, rule, epochs, seed, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        net = PeerClassifier(random_state=seed, max_iter=epochs, **RULES[rule], **options)
        return net.fit(MinMaxScaler().fit_transform(X), y).loss_


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("task", TASKS)
def test_costs_of_the_gallery_come_out_of_the_same_start(task, rule, page):
    load, epochs = TASKS[task]
    X, y = load(return_X_y=True)
    ours = [
        page["same_start"](page["in_unit_interval"](X), y, page["rules"][rule], epochs, s) for s in (0, 4)
    ]
    assert ours == pytest.approx([peer_loss(X, y, rule, epochs, seed) for seed in (0, 4)], abs=1e-9)
    published = page["printed"][task][list(RULES).index(rule)]  # on the pages since release 0.20
    assert ours[0] == pytest.approx(published, abs=5.01e-7)


@pytest.mark.parametrize("rule", RULES)
def test_older_costs_of_the_gallery_are_of_misprinted_flowers_and_less_patience(rule, page):
    X, y = peer.load_iris(return_X_y=True)
    X[[34, 37]] = [4.9, 3.1, 1.5, 0.1]
    published = page["old"][rule]
    assert peer_loss(X, y, rule, 400, 0, n_iter_no_change=2) == pytest.approx(published, abs=5.01e-7)
    ours = page["same_start"](page["in_unit_interval"](X), y, page["rules"][rule], 400, 0, patience=2)
    assert ours == pytest.approx(published, abs=5.01e-7)
