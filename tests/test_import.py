"""Importing mlcore loads NumPy and the standard library, and nothing else; using it does not either."""

import subprocess
import sys
from pathlib import Path

import pytest

import mlcore

MODULES = sorted(path.stem for path in Path(mlcore.__file__).parent.glob("*.py") if path.stem != "__init__")

EVERYTHING = """
import numpy as np, mlcore
from mlcore.datasets import load_diabetes, load_seattle, make_sinusoid
data = load_diabetes(); load_seattle(); X, y = make_sinusoid(20, 0.1, np.random.default_rng(0))
model = mlcore.LinearRegression().fit(data.X, data.y)
model.predict(data.X), model.predictive_std(data.X), model.score(data.X, data.y)
repr(model), model.get_params()
mlcore.LeastSquares(data.X, data.y, 1.0).grad(model.theta_)
from mlcore.datasets import load_digits, load_iris, load_mnist, make_moons
load_digits(); load_mnist(); X, y = make_moons(20, 0.1, np.random.default_rng(0)); iris = load_iris()
for model in mlcore.SoftmaxRegression(1.0), mlcore.MLPClassifier(hidden=(3,), epochs=2, random_state=0):
    model.fit(iris.X, iris.y).score(iris.X, iris.y)
mlcore.MultivariateGaussian.fit(X).sample(3, np.random.default_rng(0))
"""


def new_modules(code):
    """Names of the modules that `code` loads in a fresh process."""
    script = f"import sys\nbefore = set(sys.modules)\n{code}\nprint(*sorted(set(sys.modules) - before))"
    root = Path(mlcore.__file__).parents[1]
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], cwd=root, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return set(result.stdout.split())


def outside(modules):
    """Top-level names that are neither in the standard library nor what NumPy itself loads."""
    return {name.partition(".")[0] for name in modules} - set(sys.stdlib_module_names) - {"mlcore", "numpy"}


@pytest.mark.parametrize(
    "code",
    ["import mlcore", *(f"import mlcore.{m}" for m in MODULES), EVERYTHING],
    ids=["mlcore", *MODULES, "in use"],
)
def test_only_numpy_is_loaded(code):
    numpy_alone = outside(new_modules("import numpy.random"))  # its generators, in Cython, on demand
    assert outside(new_modules(code)) <= numpy_alone
    assert all("cython" in name for name in numpy_alone)


def test_importing_is_light():
    # what costs time is modules: beyond NumPy's, dataclasses (with its own) and a few small ones at most
    loaded = new_modules("import mlcore")
    extra = {m for m in loaded - new_modules("import numpy, dataclasses") if not m.startswith("mlcore")}
    assert len(extra) <= 3, extra
    assert not any(name.startswith("mlcore.explore") for name in loaded)


def test_public_names():
    assert mlcore.__version__ == "0.1.0"
    assert mlcore.__all__ == sorted(mlcore.__all__) and len(set(mlcore.__all__)) == len(mlcore.__all__)
    for name in mlcore.__all__:
        assert getattr(mlcore, name).__doc__
