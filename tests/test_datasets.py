"""The bundled tables against their sources, and the made ones against their truth."""

import dataclasses
import gzip
from decimal import Decimal
from hashlib import sha256
from importlib.resources import files

import numpy as np
import pytest
from scipy import stats
from sklearn import datasets as peer
from sklearn.neighbors import KNeighborsClassifier

from mlcore import LinearRegression, _mnist_files
from mlcore.datasets import (
    QUADRATIC,
    Dataset,
    load_breast_cancer,
    load_cars,
    load_diabetes,
    load_digits,
    load_iris,
    load_mnist,
    load_mnist_full,
    load_seattle,
    make_blobs,
    make_moons,
    make_quadratic,
    make_sinusoid,
    make_spirals,
    make_xor,
)

LOADERS = {
    "diabetes": load_diabetes,
    "cars": load_cars,
    "seattle": load_seattle,
    "iris": load_iris,
    "breast cancer": load_breast_cancer,
    "digits": load_digits,
    "mnist train": lambda: load_mnist()[0],
    "mnist test": lambda: load_mnist()[1],
}


def column_sums(name, power=1):
    """Sums of the columns of the file as decimal numbers, free of rounding."""
    lines = files("mlcore").joinpath("data", f"{name}.csv").read_text(encoding="utf-8").split()
    columns = zip(*(line.split(",") for line in lines[1:]))
    return dict(zip(lines[0].split(","), (sum(Decimal(v) ** power for v in column) for column in columns)))


# --------------------------------------------------------------------------------------------------- diabetes
def test_diabetes_is_what_scikit_learn_has():
    data, source = load_diabetes(), peer.load_diabetes(scaled=False)
    np.testing.assert_allclose(data.X, source.data, rtol=4e-16)  # some releases: 4.803999999999999
    np.testing.assert_array_equal(data.y, source.target)


def test_diabetes_is_what_was_published():
    # table 1 of Efron et al. (2004): the first four patients and the last, with one decimal
    data = load_diabetes()
    table = np.column_stack((data.X, data.y))
    np.testing.assert_allclose(
        table[[0, 1, 2, 3, -1]],
        [
            [59, 2, 32.1, 101, 157, 93.2, 38, 4, 4.9, 87, 151],
            [48, 1, 21.6, 87, 183, 103.2, 70, 3, 3.9, 69, 75],
            [72, 2, 30.5, 93, 156, 93.6, 41, 4, 4.7, 85, 141],
            [24, 1, 25.3, 84, 198, 131.4, 40, 5, 4.9, 89, 206],
            [36, 1, 19.6, 71, 250, 133.2, 97, 3, 4.6, 92, 57],
        ],
        atol=0.051,
    )
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
        4857524,
        3757575489,
        19097634.25,
        12875,
        97656.90,
        239305.74,
    ]
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


# ------------------------------------------------------------------------------------------------------- iris
def test_iris_has_fishers_values_and_not_the_two_misprints():
    data, source = load_iris(), peer.load_iris()
    np.testing.assert_array_equal(data.X, source.data)
    np.testing.assert_array_equal(data.y, source.target)
    assert data.target_names == tuple(source.target_names)
    np.testing.assert_array_equal(data.X[[34, 37]], [[4.9, 3.1, 1.5, 0.2], [4.9, 3.6, 1.4, 0.1]])
    # the means of table 2 of Fisher (1936), species by species
    np.testing.assert_allclose(
        [data.X[data.y == k].mean(axis=0) for k in range(3)],
        [[5.006, 3.428, 1.462, 0.246], [5.936, 2.770, 4.260, 1.326], [6.588, 2.974, 5.552, 2.026]],
        rtol=1e-12,
    )


# ---------------------------------------------------------------------------------------------- breast cancer
def test_breast_cancer_is_what_scikit_learn_has():
    data, source = load_breast_cancer(), peer.load_breast_cancer()
    np.testing.assert_array_equal(data.X, source.data)
    np.testing.assert_array_equal(data.y, 1 - source.target)  # there 0 is malignant
    assert data.feature_names == tuple(name.replace(" ", "_") for name in source.feature_names)
    assert np.bincount(data.y).tolist() == [357, 212]  # as the description of the original says
    assert data.target_names == ("benign", "malignant")


# ----------------------------------------------------------------------------------------------------- digits
def test_digits_are_what_scikit_learn_has():
    data, source = load_digits(), peer.load_digits()
    np.testing.assert_array_equal(data.X, source.data)
    np.testing.assert_array_equal(data.y, source.target)
    assert data.feature_names == tuple(source.feature_names)
    # the ten counts that the description of the original gives for the test part
    assert np.bincount(data.y).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


# ------------------------------------------------------------------------------------------------------ mnist
def test_mnist_is_the_part_of_the_original_that_the_readme_says():
    # digests of the original four files (checked against their published MD5 sums), cut as the README says
    train, test = load_mnist()
    digests = [
        sha256(values.astype(np.uint8).tobytes()).hexdigest() for values in (train.X, train.y, test.X, test.y)
    ]
    assert digests == [
        "3839309a8f89a9441e618ec1982c6652bbfde173ffe4ee4cb1c41c8e19f454f4",
        "c25aa4c630314a8ec92e50c46118ae4765a4589f053ac291c301c78a89439d85",
        "f0d1250f0e1c81ed67029fd6a06f6781e6a9151cec42d9fac4a16c7f77c0c06c",
        "221abe75a4dacf229f1de7c9c10a0c614576749d93ef93f8a70bf32587b4ea2f",
    ]


def test_mnist_looks_like_mnist():
    train, test = load_mnist()
    assert train.X.shape == (15_000, 784) and test.X.shape == (2000, 784)
    assert train.X.dtype == test.X.dtype == np.uint8 and train.X.max() == test.X.max() == 255
    assert train.y[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]  # as every tutorial shows them
    assert test.y[:2].tolist() == [7, 1]  # images 0 and 5 of 7, 2, 1, 0, 4, 1, 4, 9, 5, 9
    assert np.bincount(train.y).min() > 1300 and np.bincount(test.y).min() > 150
    frame = np.ones((28, 28), dtype=bool)
    frame[4:24, 4:24] = False  # digits fill a box of 20 × 20, then are centred by their mass
    ink = train.X.reshape(-1, 28, 28)
    assert ink[:, frame].mean() < 3 < 50 < ink[:, ~frame].mean()
    rows = np.arange(28) @ ink.sum(axis=2, dtype=float).T / ink.sum(axis=(1, 2))
    assert np.abs(rows - 14).max() <= 0.5 + 1e-9


def test_mnist_labels_fit_images_and_no_test_image_is_among_those_to_learn_from():
    train, test = load_mnist()
    neighbour = KNeighborsClassifier(1).fit(train.X[:3000] / 255, train.y[:3000])
    assert neighbour.score(test.X[:500] / 255, test.y[:500]) > 0.85
    seen = {image.tobytes() for image in train.X}
    assert not any(image.tobytes() in seen for image in test.X)


# ------------------------------------------------------------------------------------------ mnist, all of it
def idx(values):
    """`values` as an IDX file of bytes."""
    lengths = b"".join(n.to_bytes(4, "big") for n in values.shape)
    return bytes([0, 0, 8, values.ndim]) + lengths + values.astype(np.uint8).tobytes()


@pytest.fixture
def originals(monkeypatch):
    """Four small files in the place of the originals: what is in them, and their bytes."""
    rng = np.random.default_rng(0)
    arrays = {
        name: rng.integers(0, 256 if "images" in name else 10, (12 + 6 * ("train" in name), *shape[1:]))
        for name, (_, shape) in _mnist_files.FILES.items()
    }
    written = {name: idx(values) for name, values in arrays.items()}
    small = {name: (sha256(written[name]).hexdigest(), arrays[name].shape) for name in arrays}
    monkeypatch.setattr(_mnist_files, "FILES", small)
    return arrays, written


def put(folder, written, packed=()):
    for name, data in written.items():
        if name in packed:
            (folder / f"{name}.gz").write_bytes(gzip.compress(data))
        else:
            (folder / name).write_bytes(data)


@pytest.mark.parametrize("packed", ["none", "some", "all"])
def test_full_mnist_is_read_from_a_folder(packed, originals, tmp_path):
    arrays, written = originals
    put(tmp_path, written, {"none": [], "some": list(written)[1:3], "all": list(written)}[packed])
    for part, data in zip(("train", "t10k"), load_mnist_full(str(tmp_path))):
        images, labels = (arrays[f"{part}-{kind}-ubyte"] for kind in ("images-idx3", "labels-idx1"))
        np.testing.assert_array_equal(data.X, images.reshape(-1, 784))
        np.testing.assert_array_equal(data.y, labels)
        assert data.X.dtype == np.uint8 and data.y.dtype == np.int64 and data.X.flags.writeable
        assert data.feature_names == load_mnist()[0].feature_names
        assert data.target_names == tuple("0123456789") and data.description.startswith(f"{len(labels)} t")


def test_full_mnist_says_which_files_are_missing_and_how_to_get_them(originals, tmp_path):
    _, written = originals
    put(tmp_path, {name: written[name] for name in list(written)[:2]}, list(written)[:1])
    what = "lacks t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte. The npm package .* fetches it"
    with pytest.raises(ValueError, match=rf"^path must be a folder that holds train.*; {tmp_path} {what}"):
        load_mnist_full(tmp_path)
    with pytest.raises(ValueError, match="path must be a folder .* lacks train-images.*, t10k-labels"):
        load_mnist_full(tmp_path / "nowhere")


@pytest.mark.parametrize("packed", [True, False])
def test_full_mnist_refuses_a_file_that_is_not_the_original(packed, originals, tmp_path):
    _, written = originals
    other = written | {"t10k-labels-idx1-ubyte": idx(np.arange(12))}
    put(tmp_path, other, written if packed else ())
    with pytest.raises(ValueError, match=r"t10k-labels.* must hold bytes with the SHA-256 .*; got .*npm"):
        load_mnist_full(tmp_path)


def test_full_mnist_refuses_the_shape_of_another_file(originals, tmp_path, monkeypatch):
    put(tmp_path, originals[1])
    other = {name: (digest, (12,)) for name, (digest, _) in _mnist_files.FILES.items()}
    monkeypatch.setattr(_mnist_files, "FILES", other)
    with pytest.raises(ValueError, match=r"train-images.* must hold an array of shape \(12,\); got \(18, 28"):
        load_mnist_full(tmp_path)


GOOD = idx(np.arange(24).reshape(2, 3, 4))


def test_idx_files_are_read():
    values = _mnist_files.read_idx(GOOD)
    assert values.dtype == np.uint8 and values.tolist() == np.arange(24).reshape(2, 3, 4).tolist()
    assert _mnist_files.read_idx(idx(np.zeros((0, 3)))).shape == (0, 3)


@pytest.mark.parametrize(
    "data, message",
    [
        (GOOD[:-1], "must have 24 bytes after its header"),
        (GOOD + b"x", r"must have 24 bytes after its header, for \(2, 3, 4\); got 25"),
        (GOOD[:9], "must have a header of 16 bytes; got 9"),
        (GOOD[:3], "must begin as an IDX file"),
        (b"", "must begin as an IDX file"),
        (b"\0\0\x0d" + GOOD[3:], "must begin as an IDX file of bytes, with 00 00 08; got '00 00 0d 03'"),
        (b"\x08\0\0" + GOOD[3:], "must begin as an IDX file"),
        (b"\0\0\x08\0" + GOOD[4:], "must begin as an IDX file"),
        (b"\0\0\x08\x02" + b"\xff" * 8, "must have 18446744065119617025 bytes"),
    ],
    ids=["short", "long", "half a header", "three bytes", "empty", "floats", "order", "no axes", "huge"],
)
def test_idx_files_that_are_damaged_are_refused(data, message):
    with pytest.raises(ValueError, match=f"^name {message}"):
        _mnist_files.read_idx(data, "name")


@pytest.mark.parametrize("damage", [lambda d: d[:-9], lambda d: d[1:], lambda d: d[:12] + b"??" + d[14:]])
def test_packed_files_that_are_damaged_are_refused(damage):
    assert _mnist_files.unpack(gzip.compress(GOOD), "name") == GOOD
    with pytest.raises(ValueError, match="name must be packed by gzip, and whole; got"):
        _mnist_files.unpack(damage(gzip.compress(GOOD)), "name")


# ------------------------------------------------------------------------------------------------- all tables
@pytest.mark.parametrize("name", LOADERS)
def test_datasets_are_whole(name):
    data = LOADERS[name]()
    assert isinstance(data, Dataset) and data.X.flags.c_contiguous
    assert data.X.dtype == (np.uint8 if name.startswith("mnist") else np.float64)
    assert data.X.shape == (len(data.y), len(data.feature_names))
    assert len(set(data.feature_names)) == len(data.feature_names)
    assert np.isfinite(data.X).all() and np.isfinite(data.y).all()
    assert len(data.description) > 60 and data.target_name not in data.feature_names
    if data.target_names:
        assert data.y.dtype == np.int64 and np.unique(data.y).tolist() == list(range(len(data.target_names)))
    else:
        assert data.y.dtype == np.float64
    assert str(data.X.shape) in repr(data) and len(repr(data)) < 200
    with pytest.raises(dataclasses.FrozenInstanceError):
        data.X = None
    data.X[:] = 0  # each call reads afresh, so nobody can spoil it for others
    assert LOADERS[name]().X.any()


def test_a_dataset_says_what_it_is():
    assert repr(load_cars()).startswith("Dataset(mpg against horsepower, weight, ")
    assert repr(load_digits()) == "Dataset(digit (10 classes) against 64 features: X (1797, 64), y (1797,))"


TABLES = ["diabetes", "cars", "seattle", "iris", "breast_cancer", "digits"]
FILES = [*(f"{name}.csv" for name in TABLES), "mnist.npz", "nist_strd.json"]


@pytest.mark.parametrize("name", FILES)
def test_source_and_licence_are_named(name):
    folder = files("mlcore").joinpath("data")
    assert {path.name for path in folder.iterdir()} == {"README.md", *FILES}
    readme = folder.joinpath("README.md").read_text(encoding="utf-8")
    section = readme.split(f"## {name}")[1].split("\n## ")[0]
    assert "Source:" in section and "Licence:" in section


def test_bundled_files_stay_small():
    # a reader's browser loads them all with the package
    assert sum(len(files("mlcore").joinpath("data", name).read_bytes()) for name in FILES) < 3_300_000


# ------------------------------------------------------------------------------------------------ made tables
MAKERS = [make_quadratic, make_sinusoid, make_moons, make_spirals, make_xor, make_blobs]
each_maker = pytest.mark.parametrize("make", MAKERS)
TRUTHS = [
    (make_quadratic, lambda x: np.polyval(QUADRATIC[::-1], x), -1, 1),
    (make_sinusoid, lambda x: np.sin(2 * np.pi * x / 4), 0, 4),
]


@pytest.mark.parametrize("make, truth, low, high", TRUTHS)
def test_made_data_are_the_truth_and_gaussian_noise(make, truth, low, high):
    X, y = make(4000, 0.0, np.random.default_rng(0))
    assert X.shape == (4000, 1) and y.shape == (4000,)
    np.testing.assert_allclose(y, truth(X[:, 0]), atol=1e-14)
    X, y = make(4000, 0.5, np.random.default_rng(0))
    assert stats.kstest(X[:, 0], "uniform", args=(low, high - low)).pvalue > 0.01
    assert stats.kstest(y - truth(X[:, 0]), "norm", args=(0, 0.5)).pvalue > 0.01


@each_maker
def test_randomness_comes_from_the_generator_alone(make):
    first = make(5, 0.1, np.random.default_rng(7))
    np.random.seed(0)  # noqa: NPY002 the global one must not matter
    again = make(5, 0.1, np.random.default_rng(7))
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])
    rng = np.random.default_rng(7)
    make(5, 0.1, rng)
    assert not np.array_equal(make(5, 0.1, rng)[1], first[1])


@each_maker
@pytest.mark.parametrize(
    "arguments, words",
    [
        ((0, 1.0, np.random.default_rng(0)), "m must be a whole number >= 1; got int: 0"),
        ((2.5, 1.0, np.random.default_rng(0)), "m must be a whole number"),
        ((5, -1.0, np.random.default_rng(0)), "sigma must be .* >= 0"),
        ((5, np.nan, np.random.default_rng(0)), "sigma must be a finite number"),
        ((5, 1e308, np.random.default_rng(0)), "sigma must be at most 1e300"),
        ((5, 1.0, 0), r"rng must be a numpy.random.Generator.*got int: 0"),
        ((5, 1.0, None), "rng must be"),
        ((5, 1.0, np.random.RandomState(0)), "rng must be"),
    ],
)
def test_bad_arguments(make, arguments, words):
    with pytest.raises(ValueError, match=words):
        make(*arguments)


def on_moons(X, y):
    centre, up = np.array([[0, 0], [1, 0.5]])[y], 1 - 2 * y
    return np.hypot(*(X - centre).T) - 1, (X - centre)[:, 1] * up >= 0


def on_spirals(X, y, K=2):
    t, angle = np.hypot(*X.T), np.arctan2(X[:, 1], X[:, 0]) / (2 * np.pi)
    turns = t + y / K - angle  # a whole number
    return turns - np.round(turns), t <= 1


@pytest.mark.parametrize("make, curve", [(make_moons, on_moons), (make_spirals, on_spirals)])
def test_points_without_noise_lie_on_their_curves(make, curve):
    X, y = make(501, 0.0, np.random.default_rng(1))
    off, right = curve(X, y)
    assert X.shape == (501, 2) and y.dtype == np.int64
    np.testing.assert_allclose(off, 0, atol=1e-12)
    assert right.all()


def test_five_arms():
    X, y = make_spirals(500, 0.0, np.random.default_rng(1), K=5)
    np.testing.assert_allclose(on_spirals(X, y, K=5)[0], 0, atol=1e-12)


def test_four_points_of_xor_are_its_truth_table():
    X, y = make_xor(4, 0.0, np.random.default_rng(3))
    assert sorted((*row, label) for row, label in zip(X.tolist(), y.tolist())) == [
        (0, 0, 0),
        (0, 1, 1),
        (1, 0, 1),
        (1, 1, 0),
    ]
    X, y = make_xor(400, 0.05, np.random.default_rng(3))
    np.testing.assert_array_equal(y, np.round(X).sum(axis=1) == 1)


@pytest.mark.parametrize("K", [2, 3, 4, 7])
def test_blobs_lie_around_the_roots_of_unity(K):
    X, y = make_blobs(50, 0.0, np.random.default_rng(4), K=K)
    roots = np.exp(2j * np.pi * y / K)
    np.testing.assert_allclose(X, np.column_stack((roots.real, roots.imag)), atol=1e-12)
    assert set(y) == set(range(K))


@pytest.mark.parametrize(
    "make, K",
    [(make_moons, 2), (make_spirals, 2), (make_spirals, 3), (make_xor, 2), (make_blobs, 3), (make_blobs, 4)],
)
def test_classes_are_balanced_in_random_order_with_gaussian_noise(make, K):
    kwargs = {} if make in (make_moons, make_xor) else {"K": K}
    X, y = make(3001, 0.3, np.random.default_rng(6), **kwargs)
    counts = np.bincount(y)
    assert len(counts) == K and counts.max() - counts.min() <= 1
    assert stats.binomtest(int(np.sum(y[1:] == y[:-1])), 3000, 1 / K).pvalue > 0.01  # no order
    clean, same = make(3001, 0.0, np.random.default_rng(6), **kwargs)  # the same draws, without the noise
    np.testing.assert_array_equal(same, y)
    for column in (X - clean).T:
        assert stats.kstest(column, "norm", args=(0, 0.3)).pvalue > 0.01
    assert abs(stats.pearsonr(*(X - clean).T)[0]) < 0.05


@pytest.mark.parametrize("make", [make_moons, make_spirals, make_xor, make_blobs])
def test_one_point_is_enough(make):
    X, y = make(1, 0.1, np.random.default_rng(0))
    assert X.shape == (1, 2) and y.shape == (1,)


@pytest.mark.parametrize("make", [make_spirals, make_blobs])
@pytest.mark.parametrize("K", [1, 2.0, None])
def test_bad_numbers_of_classes(make, K):
    with pytest.raises(ValueError, match="K must be a whole number >= 2; got"):
        make(10, 0.1, np.random.default_rng(0), K=K)
