"""The bundled tables against their sources, and the made ones against their truth."""

import dataclasses
from decimal import Decimal
from importlib.resources import files

import numpy as np
import pytest
from scipy import stats
from sklearn.datasets import load_diabetes as sklearn_diabetes

from mlcore import LinearRegression
from mlcore.datasets import (QUADRATIC, Dataset, load_cars, load_diabetes, load_seattle, make_quadratic,
                             make_sinusoid)

LOADERS = [load_diabetes, load_cars, load_seattle]


def column_sums(name, power=1):
    """Sums of the columns of the file as decimal numbers, free of rounding."""
    lines = files("mlcore").joinpath("data", f"{name}.csv").read_text(encoding="utf-8").split()
    columns = zip(*(line.split(",") for line in lines[1:]))
    return dict(zip(lines[0].split(","), (sum(Decimal(v) ** power for v in column) for column in columns)))


# --------------------------------------------------------------------------------------------------- diabetes
def test_diabetes_is_what_scikit_learn_has():
    data, source = load_diabetes(), sklearn_diabetes(scaled=False)
    np.testing.assert_allclose(data.X, source.data, rtol=4e-16)  # some releases: 4.803999999999999
    np.testing.assert_array_equal(data.y, source.target)


def test_diabetes_is_what_was_published():
    # table 1 of Efron et al. (2004): the first four patients and the last, with one decimal
    data = load_diabetes()
    table = np.column_stack((data.X, data.y))
    np.testing.assert_allclose(table[[0, 1, 2, 3, -1]], [
        [59, 2, 32.1, 101, 157, 93.2, 38, 4, 4.9, 87, 151],
        [48, 1, 21.6, 87, 183, 103.2, 70, 3, 3.9, 69, 75],
        [72, 2, 30.5, 93, 156, 93.6, 41, 4, 4.7, 85, 141],
        [24, 1, 25.3, 84, 198, 131.4, 40, 5, 4.9, 89, 206],
        [36, 1, 19.6, 71, 250, 133.2, 97, 3, 4.6, 92, 57]], atol=0.051)
    assert data.y.mean() == pytest.approx(152.13, abs=0.005)
    assert data.y.std(ddof=1) == pytest.approx(77.09, abs=0.005)
    assert (data.y.min(), data.y.max()) == (25, 346)


# ------------------------------------------------------------------------------------------------------- cars
def test_cars_agree_with_a_second_source():
    # sums of the columns of cars.json in vega-datasets 2.7.0, over the cars with known mpg and horsepower
    columns = ["horsepower", "weight", "displacement", "cylinders", "acceleration", "mpg"]
    sums, squares = column_sums("cars"), column_sums("cars", power=2)
    assert [str(sums[c]) for c in columns] == ["40952", "1167213", "76209.5", "2145", "6092.2", "9190.8"]
    assert [float(squares[c]) for c in columns] == [
        4857524, 3757575489, 19097634.25, 12875, 97656.90, 239305.74]
    assert np.unique(load_cars().X[:, 5]).tolist() == list(range(1970, 1983))


def test_cars_give_the_published_regression():
    # James, Witten, Hastie, Tibshirani, "An Introduction to Statistical Learning", mpg against horsepower
    data = load_cars()
    model = LinearRegression().fit(data.X[:, :1], data.y)
    np.testing.assert_allclose(model.theta_, [39.935861, -0.157845], atol=5e-7)
    assert model.score(data.X[:, :1], data.y) == pytest.approx(0.6059, abs=5e-5)
    assert model.sigma_ * np.sqrt(392 / 390) == pytest.approx(4.906, abs=5e-4)


# ---------------------------------------------------------------------------------------------------- seattle
def test_seattle_is_complete_and_agrees_with_the_source():
    data = load_seattle()
    np.testing.assert_array_equal(data.X[:, 0], np.arange(1461))  # every day of four years, one a leap year
    tenths = np.round(data.y * 10).astype(int)
    np.testing.assert_array_equal(tenths / 10, data.y)
    # seattle-weather.csv in vega-datasets 2.7.0: sum, sum of squares, and sum weighted by the day, which sees
    # the order
    assert tenths.sum() == 240175 and (tenths**2).sum() == 47369333 and tenths @ np.arange(1461) == 181929713
    days = np.datetime64("2012-01-01") + data.X[:, 0].astype(int)
    assert str(days[data.y.argmax()]) == "2014-08-11" and data.y.max() == 35.6  # 96 °F, that day's record
    assert str(days[-1]) == "2015-12-31"


# ------------------------------------------------------------------------------------------------- all tables
@pytest.mark.parametrize("load", LOADERS)
def test_datasets_are_whole(load):
    data = load()
    assert isinstance(data, Dataset)
    assert data.X.dtype == data.y.dtype == np.float64 and data.X.flags.c_contiguous
    assert data.X.shape == (len(data.y), len(data.feature_names))
    assert np.isfinite(data.X).all() and np.isfinite(data.y).all()
    assert len(data.description) > 60 and data.target_name not in data.feature_names
    assert str(data.X.shape) in repr(data) and len(repr(data)) < 200
    with pytest.raises(dataclasses.FrozenInstanceError):
        data.X = None
    data.X[:] = 0.0  # each call reads afresh, so nobody can spoil it for others
    assert load().X.any()


@pytest.mark.parametrize("name", ["diabetes", "cars", "seattle"])
def test_source_and_licence_are_named(name):
    readme = files("mlcore").joinpath("data", "README.md").read_text(encoding="utf-8")
    section = readme.split(f"## {name}.csv")[1].split("\n## ")[0]
    assert "Source:" in section and "Licence:" in section
    assert set(p.name for p in files("mlcore").joinpath("data").iterdir()) == {
        "README.md", "diabetes.csv", "cars.csv", "seattle.csv"}


# ------------------------------------------------------------------------------------------------ made tables
TRUTHS = [(make_quadratic, lambda x: np.polyval(QUADRATIC[::-1], x), -1, 1),
          (make_sinusoid, lambda x: np.sin(2 * np.pi * x / 4), 0, 4)]


@pytest.mark.parametrize("make, truth, low, high", TRUTHS)
def test_made_data_are_the_truth_and_gaussian_noise(make, truth, low, high):
    X, y = make(4000, 0.0, np.random.default_rng(0))
    assert X.shape == (4000, 1) and y.shape == (4000,)
    np.testing.assert_allclose(y, truth(X[:, 0]), atol=1e-14)
    X, y = make(4000, 0.5, np.random.default_rng(0))
    assert stats.kstest(X[:, 0], "uniform", args=(low, high - low)).pvalue > 0.01
    assert stats.kstest(y - truth(X[:, 0]), "norm", args=(0, 0.5)).pvalue > 0.01


@pytest.mark.parametrize("make", [make_quadratic, make_sinusoid])
def test_randomness_comes_from_the_generator_alone(make):
    first = make(5, 0.1, np.random.default_rng(7))
    np.random.seed(0)
    again = make(5, 0.1, np.random.default_rng(7))
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])
    rng = np.random.default_rng(7)
    make(5, 0.1, rng)
    assert not np.array_equal(make(5, 0.1, rng)[1], first[1])


@pytest.mark.parametrize("make", [make_quadratic, make_sinusoid])
@pytest.mark.parametrize("arguments, words", [
    ((0, 1.0, np.random.default_rng(0)), "m must be a whole number >= 1; got int: 0"),
    ((2.5, 1.0, np.random.default_rng(0)), "m must be a whole number"),
    ((5, -1.0, np.random.default_rng(0)), "sigma must be .* >= 0"),
    ((5, np.nan, np.random.default_rng(0)), "sigma must be a finite number"),
    ((5, 1.0, 0), r"rng must be a numpy.random.Generator.*got int: 0"),
    ((5, 1.0, None), "rng must be"),
    ((5, 1.0, np.random.RandomState(0)), "rng must be"),
])
def test_bad_arguments(make, arguments, words):
    with pytest.raises(ValueError, match=words):
        make(*arguments)
