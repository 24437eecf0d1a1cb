"""Each method stands twice in mlcore: a plain form, which the chapters show, and what runs. Both say the same.

A pair is a name and a function of a random generator that returns what the plain form gives, what the public
face gives, and the relative difference allowed: the plain form has no armour, so its digits are those that
the method itself leaves.
"""

import numpy as np
import pytest

PAIRS = {}


def pair(function):
    """Register a pair under the name of the function."""
    PAIRS[function.__name__] = function
    return function


# ------------------------------------------------------------------ least squares, ridge, radial basis functions


# ------------------------------------------------------------------------------------------------------- lasso


# --------------------------------------------------------------------------- descent, logistic, softmax, optimisers


# ---------------------------------------------------------------------------------------------------- networks


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", PAIRS)
def test_the_plain_form_equals_what_runs(name, seed):
    plain, fast, rtol = PAIRS[name](np.random.default_rng(seed))
    plain, fast = np.asarray(plain), np.asarray(fast)
    assert plain.shape == fast.shape
    assert np.abs(plain - fast).max() <= rtol * np.abs(fast).max()
