"""The data of the book: three real tables that come with the package, and two made from a known truth.

``mlcore/data/README.md`` says where the tables come from and on which terms they may be used.
"""

from dataclasses import dataclass

import numpy as np

from ._checks import check_at_least, check_count

#: The parameters behind `make_quadratic`: y = 1 − x + 2x² + noise.
QUADRATIC = (1.0, -1.0, 2.0)


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """A table for regression.

    Attributes
    ----------
    X : ndarray, shape (m, d)
        Features in raw units, float64.
    y : ndarray, shape (m,)
        Target.
    feature_names : tuple of str
        Names of the d columns.
    target_name : str
    description : str
        What, when, where, units.
    """

    X: np.ndarray
    y: np.ndarray
    feature_names: tuple
    target_name: str
    description: str

    def __repr__(self):
        features = ", ".join(self.feature_names)
        return f"Dataset({self.target_name} against {features}: X {self.X.shape}, y {self.y.shape})"


def _read(name, description, converters=None):
    """The table `name`.csv: all columns but the last are features, the last is the target."""
    from importlib.resources import files  # not needed to import mlcore

    with files("mlcore").joinpath("data", f"{name}.csv").open(encoding="utf-8") as lines:
        *feature_names, target_name = next(lines).strip().split(",")
        table = np.loadtxt(lines, delimiter=",", converters=converters)
    X, y = np.ascontiguousarray(table[:, :-1]), table[:, -1].copy()
    return Dataset(X, y, tuple(feature_names), target_name, description)


def load_diabetes():
    """The diabetes data: 442 patients, 10 features, the progression of the disease after one year.

    Returns
    -------
    Dataset
        X (442, 10) in raw units: age (years), sex (1, 2), bmi (kg/m²), bp (mmHg), and six blood serum
        measurements tc, ldl, hdl, tch, ltg, glu; y (442,), from 25 to 346.

    Notes
    -----
    tc, ldl and hdl are strongly correlated, which is what makes the data a good test for ridge and lasso.
    Source: Efron, Hastie, Johnstone, Tibshirani, "Least angle regression", Annals of Statistics 32 (2004),
    407-499.
    """
    return _read("diabetes", "442 diabetes patients: age, sex, body mass index, blood pressure and six blood "
                 "serum measurements, and the progression of the disease one year later (Efron et al. 2004).")


def load_cars():
    """The Auto MPG data: 392 cars of the model years 1970 to 1982.

    Returns
    -------
    Dataset
        X (392, 6): horsepower (hp), weight (lb), displacement (cubic inches), cylinders, acceleration
        (seconds from 0 to 60 mph), year; y (392,): miles per gallon.

    Notes
    -----
    Source: R. Quinlan, Auto MPG, UCI Machine Learning Repository (1993), CC BY 4.0.
    """
    return _read("cars", "392 cars of the model years 1970 to 1982: engine, weight, acceleration and year, "
                 "and the miles they go on a gallon of fuel (Auto MPG, UCI Machine Learning Repository).")


def load_seattle():
    """Highest temperature of each day of the years 2012 to 2015 in Seattle.

    Returns
    -------
    Dataset
        X (1461, 1): days since 2012-01-01, from 0 to 1460; y (1461,): °C.

    Notes
    -----
    Source: NOAA, station Seattle-Tacoma airport; public domain.
    """
    start = np.datetime64("2012-01-01")
    data = _read("seattle", "Highest temperature in °C of each day from 2012-01-01 to 2015-12-31 at "
                 "Seattle-Tacoma airport, against the number of days since 2012-01-01 (NOAA).",
                 converters={0: lambda date: float((np.datetime64(date) - start).astype(int))})
    return Dataset(data.X, data.y, ("day",), data.target_name, data.description)


def make_quadratic(m, sigma, rng):
    """A parabola with noise: x uniform on [−1, 1], y = 1 − x + 2x² + N(0, σ²).

    Parameters
    ----------
    m : int
        Number of examples, at least 1.
    sigma : float
        Standard deviation of the noise, at least 0.
    rng : numpy.random.Generator
        Where the randomness comes from, for instance ``np.random.default_rng(0)``.

    Returns
    -------
    X : ndarray, shape (m, 1)
    y : ndarray, shape (m,)

    Raises
    ------
    ValueError
        Not a whole number m ≥ 1, a negative `sigma`, or an `rng` that is not a Generator.

    Notes
    -----
    Source: lecture deck D, model complexity and amount of data (the true model there is a parabola as well).
    """
    a, b, c = QUADRATIC
    return _make(lambda x: a + b * x + c * x**2, -1.0, 1.0, m, sigma, rng)


def make_sinusoid(m, sigma, rng):
    """One period of a sine with noise: x uniform on [0, 4], y = sin(πx/2) + N(0, σ²).

    Parameters, returned values and errors are those of `make_quadratic`. The three centres 1, 2, 3 of the
    lecture's example of radial basis functions (deck D) lie evenly in [0, 4].
    """
    return _make(lambda x: np.sin(np.pi * x / 2), 0.0, 4.0, m, sigma, rng)


def _make(truth, low, high, m, sigma, rng):
    m, sigma = check_count(m, 1, name="m"), check_at_least(sigma, 0, name="sigma")
    if not isinstance(rng, np.random.Generator):
        raise ValueError("rng must be a numpy.random.Generator, such as np.random.default_rng(0); "
                         f"got {type(rng).__name__}: {rng!r:.80}.")
    x = rng.uniform(low, high, m)
    return x[:, None], truth(x) + rng.normal(0.0, sigma, m)
