"""How many digits of θ̂ survive: four ways to least squares against exact rational arithmetic."""

import warnings
from fractions import Fraction

import numpy as np

from ._checks import NumericalWarning
from .linear import LinearRegression, solve_by_inverse, solve_by_qr, solve_normal_equations

WAYS = {
    "inverse of XᵀX": solve_by_inverse,
    "solve XᵀXθ = Xᵀy": solve_normal_equations,
    "QR of X": solve_by_qr,
    "LinearRegression": lambda X, y: LinearRegression().fit(X[:, 1:], y).theta_,
}


def solve_exactly(X, y):
    """θ̂ of the very float64 numbers given, in exact rational arithmetic, rounded once at the end.

    Parameters
    ----------
    X : ndarray, shape (m, n)
        Linearly independent columns, the ones among them; a few only, for fractions grow.
    y : ndarray, shape (m,)

    Returns
    -------
    ndarray, shape (n,)
    """
    columns = [[Fraction(v) for v in column] for column in np.transpose(X).tolist()]
    target = [Fraction(v) for v in np.asarray(y).tolist()]
    rows = [[sum(a * b for a, b in zip(p, q)) for q in [*columns, target]] for p in columns]  # [XᵀX | Xᵀy]
    for k in range(len(rows)):  # Gauss-Jordan
        rows[k] = [v / rows[k][k] for v in rows[k]]
        for i in range(len(rows)):
            if i != k:
                rows[i] = [a - rows[i][k] * b for a, b in zip(rows[i], rows[k])]
    return np.array([float(row[-1]) for row in rows])


def relative_error(way, X, y, exact):
    """‖θ − θ̂‖/‖θ̂‖ for the θ that `way` finds; 1 (no digit) where it finds none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NumericalWarning)
            theta = way(X, y)
    except np.linalg.LinAlgError:
        return 1.0
    return float(np.clip(np.linalg.norm(theta - exact) / np.linalg.norm(exact), 1e-17, 1.0))


def near_twins(gaps, m, rng):
    """Designs with two nearly equal columns, one for each of the `gaps`.

    Yields
    ------
    X : ndarray, shape (m, 3)
        The ones, x, and x + gap w.
    smooth, noise : ndarray, shape (m,)
        Xθ for a random θ, and a residual at right angles to the columns.
    """
    for gap in gaps:
        x, w, noise = rng.standard_normal((3, m))
        theta = rng.standard_normal(3)  # with θ = (1, 1, 1) the rounding errors of XᵀX and Xᵀy may cancel
        X = np.column_stack((np.ones(m), x, x + gap * w))
        Q = np.linalg.qr(np.column_stack((np.ones(m), x, w)))[0]
        yield X, X @ theta, noise - Q @ (Q.T @ noise)


def race(residual, m=20, draws=3, seed=0):
    """Relative errors of all `WAYS` against the condition number, on designs with two nearly equal columns.

    Parameters
    ----------
    residual : float
        ‖y − ŷ‖/‖ŷ‖.
    m : int
        Number of observations.
    draws : int
        Random designs for each distance of the two columns.
    seed : int

    Returns
    -------
    kappas : ndarray, shape (n,)
        Condition numbers of the designs.
    errors : ndarray, shape (n, 4)
        One column for each of the `WAYS`.
    """
    gaps = np.repeat(10.0 ** -np.arange(0, 12.5, 0.5), draws)
    kappas, errors = [], []
    for X, smooth, noise in near_twins(gaps, m, np.random.default_rng(seed)):
        y = smooth + residual * np.linalg.norm(smooth) / np.linalg.norm(noise) * noise
        exact = solve_exactly(X, y)
        kappas.append(np.linalg.cond(X))
        errors.append([relative_error(way, X, y, exact) for way in WAYS.values()])
    return np.array(kappas), np.array(errors)
