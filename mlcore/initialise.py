"""Where training starts: weight matrices W (n_in, n_out) for a linear layer. Biases always start at 0.

Equal weights stay equal, for equal units get equal gradients: the symmetry must be broken by chance. How
large the random weights should be follows from what a layer does to a signal. A sum of n_in independent
terms has n_in times the variance of one term, so Var(W) = 1/n_in keeps the signal going forward, and 1/n_out
keeps the derivatives coming back.

All functions here are called as ``f(n_in, n_out, rng)`` with a `numpy.random.Generator`, and return float64.
"""

import numpy as np

from . import _checks as check


def zeros(n_in, n_out, rng=None):
    """W = 0, to show that it fails: all hidden units of a layer stay copies of one unit. Needs no `rng`."""
    return np.zeros(_checked_widths(n_in, n_out))


def uniform(n_in, n_out, rng):
    """W ~ U(−0.1, 0.1), whatever the shape: good enough for one hidden layer of moderate width.

    Parameters
    ----------
    n_in, n_out : int
        Inputs and outputs of the layer, at least 1.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (n_in, n_out)

    Raises
    ------
    ValueError
        A width that is not a whole number ≥ 1, or no generator.

    Notes
    -----
    Source: lecture notes, initialisation.
    """
    return check.generator(rng).uniform(-0.1, 0.1, _checked_widths(n_in, n_out))


def glorot_normal(n_in, n_out, rng):
    """W ~ N(0, 2/(n_in + n_out)): a compromise between 1/n_in and 1/n_out, for tanh and the softmax.

    Parameters, return value and errors as for `uniform`.

    Notes
    -----
    Equation eq-glorot. 2/(n_in + n_out) is the *variance*; some lecture notes print its root in that place.
    Derived for activations with slope 1 at 0; many layers of sigmoids need larger weights and biases.
    Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks"
    (2010), equation 12.
    """
    n_in, n_out = _checked_widths(n_in, n_out)
    std = np.sqrt(2 / (n_in + n_out))  # (eq-glorot)
    return check.generator(rng).normal(0, std, (n_in, n_out))


def glorot_uniform(n_in, n_out, rng):
    """W ~ U(−r, r) with r = √(6/(n_in + n_out)), which has the variance of `glorot_normal`.

    Parameters, return value and errors as for `uniform`.

    Notes
    -----
    Equation eq-glorot: U(−r, r) has variance r²/3. Source: Glorot and Bengio 2010, equation 16.
    """
    n_in, n_out = _checked_widths(n_in, n_out)
    r = np.sqrt(6 / (n_in + n_out))  # (eq-glorot)
    return check.generator(rng).uniform(-r, r, (n_in, n_out))


def he_normal(n_in, n_out, rng):
    """W ~ N(0, 2/n_in), for ReLU and its kin: half the signal is cut off, so the variance is doubled.

    Parameters, return value and errors as for `uniform`.

    Notes
    -----
    Equation eq-he. Source: He, Zhang, Ren and Sun, "Delving deep into rectifiers" (2015), equation 10.
    """
    n_in, n_out = _checked_widths(n_in, n_out)
    std = np.sqrt(2 / n_in)  # (eq-he)
    return check.generator(rng).normal(0, std, (n_in, n_out))


def he_uniform(n_in, n_out, rng):
    """W ~ U(−r, r) with r = √(6/n_in), which has the variance of `he_normal`.

    Parameters, return value and errors as for `uniform`.

    Notes
    -----
    Equation eq-he: U(−r, r) has variance r²/3.
    """
    n_in, n_out = _checked_widths(n_in, n_out)
    r = np.sqrt(6 / n_in)  # (eq-he)
    return check.generator(rng).uniform(-r, r, (n_in, n_out))


def _checked_widths(n_in, n_out):
    """Both as an int, whose sum does not wrap round as that of small NumPy integers does."""
    return check.count(n_in, 1, name="n_in"), check.count(n_out, 1, name="n_out")
