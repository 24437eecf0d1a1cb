"""Functions to be minimised: value, gradient and Hessian in one place, so that they cannot disagree."""

import numpy as np

from ._checks import check_at_least, check_vector, check_X_y


class LeastSquares:
    """J(θ) = ‖y − [1 X]θ‖² + δ²‖θ₁…d‖², the cost of linear (δ = 0) and of ridge regression.

    A sum over the examples, not a mean; the intercept θ₀ is not penalised.

    Parameters
    ----------
    X : array_like, shape (m, d)
    y : array_like, shape (m,)
    delta : float
        Strength of the penalty, at least 0.

    Raises
    ------
    ValueError
        Bad input, also from the methods: `theta` must have shape (d + 1,).

    Notes
    -----
    ==============  =====================  =================
    method          formula                shape
    ==============  =====================  =================
    value(theta)    eᵀe + δ²θᵀDθ           a number
    grad(theta)     −2Aᵀe + 2δ²Dθ          (d + 1,)
    hess(theta)     2AᵀA + 2δ²D            (d + 1, d + 1)
    ==============  =====================  =================

    with A = [1 X] (m, d + 1), e = y − Aθ (m,) and D the identity whose first diagonal entry is 0.
    Equations eq-cost, eq-cost-gradient, eq-cost-hessian for δ = 0, eq-ridge-cost with the penalty.
    Source: lecture deck D, linear regression and ridge regularization (gradient in matrix form).
    """

    def __init__(self, X, y, delta=0.0):
        X, self._y = check_X_y(X, y)
        self._A = np.column_stack((np.ones(len(X)), X))  # (m, d + 1)
        self._penalty = np.full(self._A.shape[1], check_at_least(delta, 0, name="delta") ** 2)  # δ² diag(D)
        self._penalty[0] = 0.0

    def value(self, theta):
        """J(θ), in squared units of `y`."""
        theta = self._check(theta)
        e = self._y - self._A @ theta  # (m,)
        return float(e @ e + self._penalty @ theta**2)  # (eq-cost)

    def grad(self, theta):
        """∇J(θ), shape (d + 1,)."""
        theta = self._check(theta)
        return -2 * self._A.T @ (self._y - self._A @ theta) + 2 * self._penalty * theta  # (eq-cost-gradient)

    def hess(self, theta):
        """∇²J(θ), shape (d + 1, d + 1): the same for every θ, for J is quadratic."""
        self._check(theta)
        return 2 * self._A.T @ self._A + 2 * np.diag(self._penalty)  # (eq-cost-hessian)

    def _check(self, theta):
        theta = check_vector(theta, name="theta")
        if theta.size != self._A.shape[1]:
            raise ValueError(f"theta must have shape ({self._A.shape[1]},), the intercept first; "
                             f"got {theta.shape}.")
        return theta
