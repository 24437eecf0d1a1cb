"""The functions between a linear model and a probability, written so that no finite number overflows them.

All take arrays of any shape, keep float32 and float64 as they are, and turn other numbers into float64. An
infinity gives the limit where there is one, a NaN goes through: it is `fit` that refuses bad data.
"""

import numpy as np

from . import _checks as check


def sigmoid(z):
    """σ(z) = 1/(1 + e⁻ᶻ), the probability of class 1 when its log-odds are z.

    Parameters
    ----------
    z : array_like, any shape
        Log-odds.

    Returns
    -------
    ndarray, the shape of `z`
        In [0, 1], right to the last digits at both ends: σ(−700) is 10⁻³⁰⁴ and not 0.

    Raises
    ------
    ValueError
        `z` is not made of real numbers.

    Notes
    -----
    Equation eq-sigmoid. Source: Peeters, lecture slides, logistic regression. Of its two forms, 1/(1 + e⁻ᶻ)
    overflows for z ≪ 0 and eᶻ/(1 + eᶻ) for z ≫ 0; each is used where the other fails.
    """
    z = check.real(z, name="z")
    e = np.exp(-np.abs(z))  # never above 1
    return np.where(z < 0, e, 1) / (1 + e)  # (eq-sigmoid)


def logit(p):
    """log(p/(1 − p)), the log-odds of a probability: the inverse of `sigmoid`.

    Parameters
    ----------
    p : array_like, any shape
        Probabilities in [0, 1].

    Returns
    -------
    ndarray, the shape of `p`
        −∞ for 0, ∞ for 1.

    Raises
    ------
    ValueError
        `p` is not made of real numbers, or an entry is outside [0, 1].

    Notes
    -----
    Equation eq-logit. (Peeters's slides call the sigmoid itself "logit".)
    """
    p = check.real(p, name="p")
    check.every(~((p < 0) | (p > 1)), p, name="p", what="be made of probabilities, 0 <= p <= 1")
    with np.errstate(divide="ignore", invalid="ignore"):  # log 0 is meant to be −∞
        # around 1/2 the logarithm is near 0: there only a formula with p − 1/2 in it keeps the digits
        return np.where(p < 0.25, np.log(p) - np.log1p(-p), 2 * np.arctanh(2 * p - 1))[()]  # (eq-logit)


def softplus(z):
    """log(1 + eᶻ), the smooth ramp whose slope is `sigmoid`; −log σ(z) is softplus(−z).

    Parameters
    ----------
    z : array_like, any shape

    Returns
    -------
    ndarray, the shape of `z`

    Raises
    ------
    ValueError
        `z` is not made of real numbers.

    Notes
    -----
    Equation eq-softplus.
    """
    z = check.real(z, name="z")
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))  # (eq-softplus)


def log_sum_exp(z, axis=-1):
    """log Σₖ exp(zₖ), a maximum with rounded corners.

    Parameters
    ----------
    z : array_like, any shape
    axis : int
        The axis that is summed over.

    Returns
    -------
    ndarray, the shape of `z` without `axis`
        Between the largest entry and that plus log K.

    Raises
    ------
    ValueError
        `z` is not made of real numbers, has no such axis, or the axis is empty.

    Notes
    -----
    Equation eq-log-sum-exp: the largest entry is taken out first, and then no exponential is above 1.
    """
    z = check.real(z, name="z")
    top, e = _exp_below_top(z, axis)
    # the largest stands for itself, and what the others add to it keeps its digits in log1p
    np.put_along_axis(e, z.argmax(axis=axis, keepdims=True), 0, axis=axis)
    return (top + np.log1p(e.sum(axis=axis, keepdims=True))).squeeze(axis)  # (eq-log-sum-exp)


def softmax(z, axis=-1):
    """πₖ = exp(zₖ) / Σⱼ exp(zⱼ): scores to probabilities that sum to 1.

    Parameters
    ----------
    z : array_like, any shape
        Scores; only their differences matter. −∞ rules a class out, and a single ∞ all others.
    axis : int
        The axis of the classes.

    Returns
    -------
    ndarray, the shape of `z`

    Raises
    ------
    ValueError
        `z` is not made of real numbers, has no such axis, or the axis is empty; several scores are ∞ or all
        are −∞, where there is no limit.

    Notes
    -----
    Equation eq-softmax. Source: Peeters, lecture slides, softmax regression (whose denominator lacks the
    exponential).
    """
    z = check.real(z, name="z")
    top, e = _exp_below_top(z, axis)
    edge = np.isinf(top)
    if edge.any() and np.any(edge & ((z == top).sum(axis=axis, keepdims=True) > 1)):
        raise ValueError("z must have a largest score along the axis; got several that are ∞, or all are −∞.")
    return e / e.sum(axis=axis, keepdims=True)  # (eq-softmax)


def _exp_below_top(z, axis):
    """The largest entry along the axis, which it keeps, and exp(z − that): at most 1, and 1 somewhere."""
    top = z.max(axis=axis, keepdims=True)
    with np.errstate(over="ignore", invalid="ignore"):
        below = z - top  # may be −∞, and is NaN where both are infinite
    return top, np.exp(below if np.isfinite(top).all() else np.where(z == top, 0, below))


def one_hot(labels, K):
    """Class numbers as rows of 0 and a single 1.

    Parameters
    ----------
    labels : array_like, shape (m,)
        Whole numbers 0 … K − 1.
    K : int
        Number of classes, at least 1.

    Returns
    -------
    ndarray, shape (m, K), float64
        Entry (i, k) is 1 where ``labels[i] == k``.

    Raises
    ------
    ValueError
        A label that is not a whole number from 0 to K − 1, or a bad `K`.
    """
    labels, K = check.vector(labels, name="labels"), check.count(K, 1, name="K")
    good = (labels >= 0) & (labels < K) & (labels == np.floor(labels))
    check.every(good, labels, name="labels", what=f"be whole numbers from 0 to {K - 1}")
    return (labels[:, None] == np.arange(K)).astype(np.float64)


def attention(queries, keys, values):
    """Weighted means of the values, and their weights: the more alike query and key, the more a value counts.

    Parameters
    ----------
    queries : ndarray, shape (B, n)
    keys : ndarray, shape (m, n)
    values : ndarray, shape (m, k)

    Returns
    -------
    output : ndarray, shape (B, k)
    weights : ndarray, shape (B, m)
        Positive; each row sums to 1.

    Notes
    -----
    Equation eq-attention.
    """
    n = keys.shape[1]
    scores = queries @ keys.T / np.sqrt(n)  # (B, m)
    weights = softmax(scores)  # each row sums to 1
    return weights @ values, weights  # (B, k)  (eq-attention)
