"""Published numbers that the library must reproduce; the certified ones are in test_linear.py."""

import numpy as np
import pytest
from sklearn.linear_model import lars_path

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
