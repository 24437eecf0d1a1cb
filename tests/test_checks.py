"""The checks at the door: what is let in comes out as float64, what is refused gets a useful message."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from scipy import sparse

from mlcore import _checks as check
from mlcore._checks import NotFittedError, NumericalWarning, RankDeficiencyWarning


class Frame:
    """Stands for data frames and other array-likes: all that NumPy sees of them is __array__."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype=dtype)


@pytest.mark.parametrize(
    "X",
    [
        [[1, 2], [3, 4]],
        ((1.0, 2.0), (3.0, 4.0)),
        np.array([[1, 2], [3, 4]], dtype=np.int8),
        np.array([[1, 2], [3, 4]], dtype=np.float32),
        np.array([[1, 2], [3, 4]], dtype=np.longdouble),
        np.array([[1, 2], [3, 4]], dtype=">f8"),
        np.asfortranarray([[1.0, 2.0], [3.0, 4.0]]),
        Frame([[1, 2], [3, 4]]),
        np.ma.masked_array([[1, 2], [3, 4]], mask=False),
    ],
)
def test_matrices_of_every_kind_become_float64(X):
    result = check.matrix(X)
    assert result.dtype == np.float64 and result.dtype.isnative and type(result) is np.ndarray
    np.testing.assert_array_equal(result, [[1.0, 2.0], [3.0, 4.0]])


def test_booleans_are_zeros_and_ones():
    np.testing.assert_array_equal(check.vector([True, False]), [1.0, 0.0])


@pytest.mark.parametrize(
    "X, words",
    [
        ([1.0, 2.0], ["(m, d)", "1-D", "(2,)", "x[:, None]"]),
        (3.0, ["(m, d)", "single value", "3.0"]),
        (np.zeros((2, 2, 2)), ["(m, d)", "3-D", "(2, 2, 2)"]),
        (np.zeros((0, 3)), ["at least one row", "(0, 3)"]),
        (np.zeros((3, 0)), ["at least one row", "(3, 0)"]),
        ([], ["(m, d)", "(0,)"]),
        ([[1.0, 2.0], [3.0]], ["(m, d)", "list"]),
        ([[1.0, np.nan], [np.nan, 2.0]], ["finite", "NaN", "row 0, column 1", "2 such entries of 4"]),
        ([[1.0, 2.0], [-np.inf, 2.0]], ["finite", "-inf", "row 1, column 0"]),
        ([[1.0, None]], ["missing value (None) at row 0, column 1", "drop their rows"]),
        ([["a", "b"]], ["real numbers", "text"]),
        ([["1", "2"]], ["real numbers", "text"]),
        ([[b"a"]], ["real numbers", "bytes"]),
        ([[1 + 2j]], ["real numbers", "complex"]),
        (np.array([["2012-01-01"]], dtype="datetime64[D]"), ["real numbers", "dates"]),
        ([[10**400]], ["real numbers", "object"]),
        (sparse.csr_matrix(np.eye(2)), ["sparse", "csr_matrix", "toarray"]),
        (sparse.coo_array(np.eye(2)), ["sparse", "coo_array"]),
        (np.ma.masked_array([[1.0, 2.0]], mask=[[True, False]]), ["masked", "1 masked"]),
        (None, ["real numbers", "NoneType"]),
        ((x for x in [1, 2]), ["generator"]),
        ({1.0, 2.0}, ["set"]),
        (np.array([[1.0]], dtype=[("a", float)]), ["real numbers"]),
    ],
)
def test_matrices_refused(X, words):
    with pytest.raises(ValueError) as error:
        check.matrix(X)
    for word in ["X", *words]:
        assert word in str(error.value)


@pytest.mark.skipif(np.finfo(np.longdouble).max == np.finfo(np.float64).max, reason="long double is float64")
def test_a_long_double_beyond_float64_is_refused():
    with pytest.raises(ValueError, match="finite"):
        check.matrix(np.array([[np.finfo(np.longdouble).max]]))


@pytest.mark.parametrize(
    "y, words",
    [
        (1.0, ["(m,)", "single value"]),
        ([], ["at least one entry", "empty"]),
        ([[1.0], [2.0]], ["(m,)", "(2, 1)", "ravel"]),
        (np.zeros((2, 2)), ["(m,)", "(2, 2)"]),
        ([1.0, np.inf], ["finite", "inf at row 1"]),
        (["a"], ["text"]),
    ],
)
def test_vectors_refused(y, words):
    with pytest.raises(ValueError) as error:
        check.vector(y, name="target")
    for word in ["target", *words]:
        assert word in str(error.value)
    assert "column 0" not in str(error.value)


def test_lengths_must_agree():
    with pytest.raises(ValueError, match=r"same number of rows.*\(3, 1\).*\(2,\)"):
        check.X_y(np.zeros((3, 1)), np.zeros(2))


def test_float64_passes_without_a_copy_and_is_not_written_to():
    X = np.ones((3, 2))
    X.flags.writeable = False
    assert check.matrix(X) is X


@pytest.mark.parametrize("value", [0, 2, 1.5, np.float32(2), np.int8(3), np.uint64(2**63), Fraction(1, 2)])
def test_numbers_become_float(value):
    result = check.at_least(value, 0, name="delta")
    assert type(result) is float and result == float(value)


@pytest.mark.parametrize(
    "value, words",
    [
        (-1, [">= 0", "-1"]),
        (-1e-300, [">= 0", "-1e-300"]),
        (np.nan, ["finite", "nan"]),
        (np.inf, ["finite", "inf"]),
        (True, ["bool"]),
        (np.True_, ["bool"]),
        ("1", ["str", "'1'"]),
        (None, ["NoneType"]),
        ([1.0], ["list"]),
        (np.array(1.0), ["ndarray"]),
        (np.array([1.0]), ["ndarray"]),
        (1j, ["complex"]),
        (10**400, ["range of float64"]),
    ],
)
def test_numbers_refused(value, words):
    with pytest.raises(ValueError) as error:
        check.at_least(value, 0, name="delta")
    for word in ["delta", *words]:
        assert word in str(error.value)


def test_strict_excludes_the_bound():
    assert check.at_least(0, 0, name="delta") == 0.0
    with pytest.raises(ValueError, match="lam must be a finite number > 0; got 0"):
        check.at_least(0, 0, name="lam", strict=True)


@pytest.mark.parametrize("value", [1.0, "2", True, None, 0, -3, np.float64(2), [2]])
def test_counts_refused(value):
    with pytest.raises(ValueError, match="degree must be a whole number >= 1"):
        check.count(value, 1, name="degree")


def test_counts():
    assert check.count(np.int64(3), 1, name="degree") == 3
    assert type(check.count(np.int8(3), 1, name="m")) is int


@pytest.mark.parametrize(
    "values, words",
    [
        (1.0, ["1-D", "[1]"]),
        ([], ["at least one"]),
        ([[1.0]], ["1-D", "(1, 1)"]),
        ([1.0, -2.0], [">= 0", "-2", "position 1"]),
        ([1.0, np.nan], ["finite", "NaN"]),
        ("abc", ["text"]),
        ([None], ["missing value (None) at row 0"]),
    ],
)
def test_grids_refused(values, words):
    with pytest.raises(ValueError) as error:
        check.grid(values, 0, name="deltas")
    for word in ["deltas", *words]:
        assert word in str(error.value)


def test_grids():
    np.testing.assert_array_equal(check.grid(range(3), 0, name="deltas"), [0.0, 1.0, 2.0])
    with pytest.raises(ValueError, match="lams must be > 0; got 0 at position 1"):
        check.grid([1, 0], 0, name="lams", strict=True)


@pytest.mark.parametrize("value", [True, False, np.True_, np.False_])
def test_truth_values(value):
    assert check.truth(value, name="early") is bool(value)


@pytest.mark.parametrize("bad", ["False", 0, 1, None, [True], np.array([True])])
def test_what_is_no_truth_value(bad):
    with pytest.raises(ValueError, match=f"early must be True or False; got {type(bad).__name__}"):
        check.truth(bad, name="early")


def test_objects_with_methods():
    rule = [1]
    assert check.has(rule, "append", "pop", name="rule", form="a list") is rule
    for bad in (list, (1,), None):
        with pytest.raises(ValueError, match=f"rule must be a list; got {type(bad).__name__}: "):
            check.has(bad, "append", "pop", name="rule", form="a list")


@pytest.mark.parametrize(
    "masked",
    [
        np.ma.masked_greater([1.0, 2.0], 1),
        np.ma.masked_greater(np.float32([1, 2]), 1),
        [np.ma.masked_greater([1.0, 2.0], 1), np.ma.masked_less([1.0, 2.0], 0)],
        (1.0, np.ma.masked),
    ],
    ids=["float64", "float32", "list of rows", "the masked constant"],
)
def test_a_mask_is_never_forgotten(masked):
    for one in (check.finite, check.real, check.labels, check.matrix, check.vector):
        with pytest.raises(ValueError, match="masked array with 1 masked entries"):
            if one is check.labels:
                one(masked)
            else:
                one(masked, name="X")


def test_objects_that_are_numbers():
    mixed = np.array([[1, 2.5], [True, np.float32(0.5)], [Fraction(1, 4), Decimal("0.125")]], dtype=object)
    np.testing.assert_array_equal(check.matrix(mixed), [[1, 2.5], [1, 0.5], [0.25, 0.125]])
    for bad, words in (
        ("1", "objects"),
        (1j, "objects"),
        (10**400, "beyond the range of float64"),
        (Decimal("sNaN"), "beyond the range of float64"),
        (Decimal("1e400"), "got inf at row 1, column 0"),
        (None, "a missing value .None. at row 1, column 0"),
        (np.nan, "NaN at row 1, column 0"),
    ):
        with pytest.raises(ValueError, match=words):
            check.matrix(np.array([[1.0], [bad]], dtype=object))


def test_generators():
    rng = np.random.default_rng(0)
    assert check.generator(rng) is rng
    for bad in (0, None, np.random, np.random.RandomState(0)):
        with pytest.raises(ValueError, match="rng must be a numpy.random.Generator, such as"):
            check.generator(bad)


@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 1, 2)])
def test_finite_numbers_in_any_shape(shape):
    values = check.finite(np.ones(shape, dtype=np.int8), name="x")
    assert values.shape == shape and values.dtype == np.float64
    with pytest.raises(ValueError, match="x must be an array of finite numbers; got inf"):
        check.finite(np.full((2, *shape[1:]), np.inf), name="x")


def test_fitted_and_columns():
    class Thing:
        pass

    thing = Thing()
    thing._private_, thing.alpha = 1, 2
    with pytest.raises(NotFittedError, match="Thing must be fitted first"):
        check.fitted(thing)
    with pytest.raises(NotFittedError, match="Thing must be fitted first"):
        check.columns(np.zeros((2, 2)), thing)
    thing.theta_, thing.n_features_in_ = 0, 3
    check.fitted(thing)
    with pytest.raises(ValueError, match=r"Z has 2 features, but Thing is expecting 3.*got shape \(2, 2\)"):
        check.columns(np.zeros((2, 2)), thing, name="Z")
    np.testing.assert_array_equal(check.columns([[1, 2, 3]], thing), [[1.0, 2.0, 3.0]])
    assert issubclass(NotFittedError, ValueError) and issubclass(NotFittedError, AttributeError)


def test_warning_classes():
    assert issubclass(RankDeficiencyWarning, NumericalWarning) and issubclass(NumericalWarning, UserWarning)


def test_labels_are_judged_by_their_shape_and_value_whatever_their_type():
    for column in ([["a"], ["b"]], np.array([["a"], ["b"]], dtype=object)):
        with pytest.raises(ValueError, match=r"must be a 1-D array .*shape \(2, 1\)\. Use y\.ravel\(\)"):
            check.labels(column)
    with pytest.raises(ValueError, match=r"continuous values such as 0\.5"):
        check.labels([Fraction(1, 2), Fraction(1)])
    np.testing.assert_array_equal(check.labels([Fraction(2), Fraction(1)]), [2, 1])
