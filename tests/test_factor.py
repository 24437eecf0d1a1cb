"""One factorisation of the columns for all linear models: what it promises, on random columns."""

import warnings

import numpy as np
import pytest

from mlcore import RankDeficiencyWarning
from mlcore._numerics.factor import factor


def columns(seed):
    """Random columns of all shapes, units and offsets; some are sums of others, some constant."""
    rng = np.random.default_rng(seed)
    m, d = rng.integers(1, 30), rng.integers(1, 8)
    X = rng.normal(size=(m, d)) + np.where(rng.random(d) < 0.5, 10.0 ** rng.uniform(-5, 5, d), 0.0)
    if d > 1 and rng.random() < 0.5:
        X[:, 0] = X[:, -1]
    if rng.random() < 0.3:
        X[:, rng.integers(d)] = 0.1
    return X * 10.0 ** rng.uniform(-100, 100, d)


@pytest.mark.parametrize("seed", range(100))
def test_factors_say_what_they_promise(seed):
    X = columns(seed)
    f, unit = factor(X), np.abs(X).max(axis=0)
    Xc = (X - X[0]) - (X - X[0]).mean(axis=0)
    np.testing.assert_allclose(f.P.T @ f.P, np.eye(f.rank), atol=1e-13)
    np.testing.assert_allclose(f.P.sum(axis=0), 0, atol=1e-8)
    np.testing.assert_allclose((f.P @ f.S - Xc) / unit, 0, atol=1e-13)
    np.testing.assert_allclose(f.S @ f.W, np.eye(f.rank), atol=1e-12)
    assert f.rank == np.linalg.matrix_rank(Xc / unit, tol=1e-10)


@pytest.mark.parametrize("seed", range(20))
def test_slopes_of_dependent_columns_are_the_shortest(seed):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(12, 3)) @ rng.normal(size=(3, 5)) * 10.0 ** rng.uniform(-2, 2, 5) + 3
    f = factor(X)
    z = rng.normal(size=f.rank)
    shortest = np.linalg.pinv(X - X.mean(axis=0), rcond=1e-10) @ (f.P @ z)
    np.testing.assert_allclose(f.W @ z, shortest, rtol=0, atol=1e-9 * np.abs(shortest).max())


def test_it_says_where_columns_are_dependent_and_only_there():
    X = np.random.default_rng(0).normal(size=(9, 2))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        factor(X).warn_if_dependent()
    with pytest.warns(RankDeficiencyWarning, match=r"\[1 X\] has rank 3, but 4 columns") as caught:
        factor(np.column_stack((X, X[:, 0]))).warn_if_dependent()
    assert caught[0].filename == __file__
