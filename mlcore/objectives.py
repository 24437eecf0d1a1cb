"""Functions to be minimised: value, gradient and Hessian in one place, so that they cannot disagree."""

from itertools import islice

import numpy as np

from ._checks import check_at_least, check_finite, check_X, check_X_y
from .functions import sigmoid, softmax, softplus

# A negative log-likelihood below log 2 = 0.693… gives every example more than half the probability for its
# own class: hyperplanes separate the classes, and θ has only to grow for a cost as close to 0 as one likes.
SEPARATED_BELOW = 0.69


class Objective:
    """Base of the functions J(θ) to be minimised. A subclass brings `taylor`; the rest follows from it.

    The cost of a classifier is C(θ) in the chapters; nothing else differs. `taylor` is a generator: what
    value, gradient and Hessian have in common is computed once, and nothing is computed that is not asked
    for. A function of your own takes three lines::

        class Valley(Objective):  # ½(θ₁² − θ₂)² + ½(θ₁ − 1)²
            def taylor(self, theta):
                (a, b), r = theta, theta[0]**2 - theta[1]
                yield r**2 / 2 + (a - 1)**2 / 2
                yield np.array([2 * a * r + a - 1, -r])
                yield np.array([[2 * r + 4 * a**2 + 1, -2 * a], [-2 * a, 1]])
    """

    def taylor(self, theta):
        """Yield J(θ), then ∇J(θ), then ∇²J(θ): what a quadratic model of J around θ is made of."""
        raise TypeError(f"{type(self).__name__} must have a method taylor(theta) of its own; got none.")

    def value(self, theta):
        """J(θ), a number."""
        return next(self.taylor(theta))

    def grad(self, theta):
        """∇J(θ), the shape of θ."""
        return self.value_and_grad(theta)[1]

    def value_and_grad(self, theta):
        """J(θ) and ∇J(θ)."""
        return tuple(islice(self.taylor(theta), 2))

    def hess(self, theta):
        """∇²J(θ), one row and one column for each entry of θ, in the order of ``theta.ravel()``."""
        *_, hess = self.taylor(theta)
        return hess


class _LinearObjective(Objective):
    """What the costs of linear models share: the column of ones, the penalty, and the shape of θ."""

    def __init__(self, X, delta, outputs=()):
        At = np.empty((X.shape[1] + 1, len(X)))  # features as rows in memory: long rows, quick to work along
        At[0], At[1:] = 1.0, X.T
        self._A = At.T  # (m, d + 1)
        self._penalty = np.full(self._A.shape[1], check_at_least(delta, 0, name="delta") ** 2)  # δ² diag(D)
        self._penalty[0] = 0.0
        self.shape = (self._A.shape[1], *outputs)
        self.separated_below = SEPARATED_BELOW if delta == 0 else -np.inf

    def max_curvature(self):
        """L, which no eigenvalue of any ∇²J(θ) exceeds: gradient descent is stable for η < 2/L.

        Equation eq-stability-bound.
        """
        H = self._steepest * self._A.T @ self._A + 2 * np.diag(self._penalty)
        return float(np.linalg.eigvalsh(H)[-1])

    def _check(self, theta):
        theta = check_finite(theta, name="theta")
        if theta.shape != self.shape:
            raise ValueError(f"theta must have shape {self.shape}, the intercept first; got {theta.shape}.")
        return theta


class LeastSquares(_LinearObjective):
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

    _steepest = 2  # ∂²/∂z² of (y − z)²

    def __init__(self, X, y, delta=0.0):
        X, self._y = check_X_y(X, y)
        super().__init__(X, delta)

    def taylor(self, theta):
        """Yield J(θ) in squared units of `y`, ∇J(θ) (d + 1,) and the constant ∇²J (d + 1, d + 1)."""
        theta, A = self._check(theta), self._A
        e = self._y - A @ theta  # (m,)
        yield float(e @ e + self._penalty @ theta**2)  # (eq-cost)
        yield -2 * A.T @ e + 2 * self._penalty * theta  # (eq-cost-gradient)
        yield 2 * A.T @ A + 2 * np.diag(self._penalty)  # (eq-cost-hessian)


class LogisticNLL(_LinearObjective):
    """Negative log-likelihood of logistic regression: C(θ) = −Σ[y log π + (1 − y) log(1 − π)] + δ²‖θ₁…d‖².

    π = σ([1 X]θ) is the probability of class 1. A sum over the examples, not a mean; the intercept θ₀ is not
    penalised.

    Parameters
    ----------
    X : array_like, shape (m, d)
    y : array_like, shape (m,)
        0 or 1.
    delta : float
        Strength of the penalty, at least 0. scikit-learn's ``C`` is 1/(2δ²).

    Raises
    ------
    ValueError
        Bad input, also from the methods: `theta` must have shape (d + 1,).

    Notes
    -----
    ==============  ==========================  =================
    method          formula                     shape
    ==============  ==========================  =================
    value(theta)    Σ log(1 + e⁻ˢᶻ) + δ²θᵀDθ    a number
    grad(theta)     Aᵀ(π − y) + 2δ²Dθ           (d + 1,)
    hess(theta)     AᵀSA + 2δ²D                 (d + 1, d + 1)
    ==============  ==========================  =================

    with A = [1 X] (m, d + 1), z = Aθ, s = 2y − 1 = ±1, S = diag(π(1 − π)) and D the identity whose first
    diagonal entry is 0. Equations eq-logistic-nll, eq-logistic-gradient, eq-logistic-hessian.
    Source: lecture deck D, logistic regression (where the minus sign of the cost must cover both terms).
    """

    _steepest = 1 / 4  # π(1 − π) is largest at π = 1/2

    def __init__(self, X, y, delta=0.0):
        X, self._y = check_X_y(X, y)
        if np.any(odd := (self._y != 0) & (self._y != 1)):
            raise ValueError(
                f"y must be made of 0 and 1; got {self._y[odd][0]:g} at position {odd.argmax()}."
            )
        super().__init__(X, delta)

    def taylor(self, theta):
        """Yield C(θ), ∇C(θ) (d + 1,) and ∇²C(θ) (d + 1, d + 1)."""
        theta, A = self._check(theta), self._A
        sign = 1 - 2 * self._y  # 1 for class 0, −1 for class 1
        t = sign * (A @ theta)  # (m,), log-odds of the wrong class
        yield float(softplus(t).sum() + self._penalty @ theta**2)  # (eq-logistic-nll)
        wrong = sigmoid(t)  # |π − y|, with all its digits where π is close to y
        yield A.T @ (sign * wrong) + 2 * self._penalty * theta  # (eq-logistic-gradient)
        yield _gram(A, wrong * (1 - wrong)) + 2 * np.diag(self._penalty)  # (eq-logistic-hessian)


class SoftmaxNLL(_LinearObjective):
    """Negative log-likelihood of softmax regression: C(θ) = −ΣᵢΣₖ yᵢₖ log πᵢₖ + δ²Σₖ‖θ₁…d,ₖ‖².

    π, a row for each example, is the softmax of [1 X]θ. A sum over the examples, not a mean; the intercepts,
    row 0 of θ, are not penalised.

    Parameters
    ----------
    X : array_like, shape (m, d)
    Y : array_like, shape (m, K)
        One-hot rows: a single 1, all else 0 (see `one_hot`).
    delta : float
        Strength of the penalty, at least 0. scikit-learn's ``C`` is 1/(2δ²).

    Raises
    ------
    ValueError
        Bad input, also from the methods: `theta` must have shape (d + 1, K).

    Notes
    -----
    ==============  =====================================  ============================
    method          formula                                shape
    ==============  =====================================  ============================
    value(theta)    −ΣᵢΣₖ Yᵢₖ log πᵢₖ + δ²Σₖθₖᵀ Dθₖ        a number
    grad(theta)     Aᵀ(π − Y) + 2δ²Dθ                      (d + 1, K)
    hess(theta)     Aᵀ diag(πₖ(1{k=l} − πₗ)) A + 2δ²D1{k=l}  ((d + 1)K, (d + 1)K)
    ==============  =====================================  ============================

    with A = [1 X] (m, d + 1), θₖ and πₖ column k, and D the identity whose first diagonal entry is 0. The
    formula of the Hessian is its block for the classes k and l; entry (jK + k, j′K + l) is ∂²J/∂θⱼₖ∂θⱼ′ₗ, the
    order of ``theta.ravel()``. It is singular: the same number added to every θⱼₖ of a row j (row 0 if δ > 0)
    changes no probability. Equations eq-softmax-nll, eq-softmax-gradient, eq-softmax-hessian. Source: lecture
    deck D, softmax regression.
    """

    _steepest = 1 / 2  # the largest eigenvalue of diag(π) − ππᵀ, at π = (½, ½, 0, …)

    def __init__(self, X, Y, delta=0.0):
        X, Y = check_X(X), check_X(Y, name="Y")
        if len(X) != len(Y):
            raise ValueError(
                "X and Y must have the same number of rows; "
                f"got X of shape {X.shape} and Y of shape {Y.shape}."
            )
        bad = ((Y != 0) & (Y != 1)).any(axis=1) | (Y.sum(axis=1) != 1)
        if bad.any():
            i = int(bad.argmax())
            raise ValueError(
                "Y must be one-hot: in every row a single 1 and all else 0; "
                f"got {Y[i]!r:.80} in row {i}. one_hot makes such rows from class numbers."
            )
        self._classes = Y.argmax(axis=1), np.arange(len(Y))  # where the ones are, in Yᵀ (K, m)
        super().__init__(X, delta, outputs=Y.shape[1:])

    def taylor(self, theta):
        """Yield C(θ), ∇C(θ) (d + 1, K) and ∇²C(θ) ((d + 1)K, (d + 1)K)."""
        theta, A, penalty = self._check(theta), self._A, self._penalty[:, None]
        z = theta.T @ A.T  # (K, m): one class a row, so that sums over classes run along whole rows
        z -= z.max(axis=0)
        true = z[self._classes]  # (m,)
        pi = np.exp(z, out=z)
        total = pi.sum(axis=0)
        yield float(np.log(total).sum() - true.sum() + (penalty * theta**2).sum())  # (eq-softmax-nll)
        pi /= total
        e = pi.copy()
        e[self._classes] -= 1  # π − Y
        yield (e @ A).T + 2 * penalty * theta  # (eq-softmax-gradient)
        n, K = theta.shape
        H = np.zeros((n, K, n, K))
        for k in range(K):
            H[:, k, :, k] = np.diag(2 * self._penalty)
        for k in range(K):
            for l in range(k):  # block (k, l); the probabilities sum to 1, so a row of blocks sums to 0
                block = _gram(A, pi[k] * pi[l])
                H[:, k, :, l] = H[:, l, :, k] = -block
                H[:, k, :, k] += block
                H[:, l, :, l] += block  # (eq-softmax-hessian)
        yield H.reshape(n * K, n * K)

    def preconditioner(self, theta):
        """Return a function that multiplies (d + 1, K) by the inverse of ∇²C(θ), its blocks k ≠ l left out.

        That is the first guess that `lbfgs` asks for; a product takes 2(d + 1)²K multiplications.
        """
        A, I, last = self._A, np.eye(self.shape[0]), None
        factors = []
        for pi in softmax(self._check(theta).T @ A.T, axis=0):  # (m,), one class after another
            if not np.array_equal(pi, last):  # at θ = 0 all classes are alike
                H = _gram(A, pi * (1 - pi)) + 2 * np.diag(self._penalty)
                unit = np.sqrt(np.diag(H))
                unit[unit == 0] = 1.0
                L = np.linalg.cholesky(H / np.outer(unit, unit) + 1e-10 * I)  # a guess, but never singular
                factor, last = np.linalg.solve(L, I) / unit, pi
            factors.append(factor)
        W = np.array(factors)  # (K, d + 1, d + 1): WᵀW is the inverse, never negative whatever the rounding
        return lambda v: (W.transpose(0, 2, 1) @ (W @ v.T[:, :, None]))[:, :, 0].T


def _gram(A, w):
    """AᵀWA for weights w ≥ 0 (m,): of one matrix with itself, which BLAS does in half the time."""
    if w.min() == w.max():  # as at θ = 0
        return w[0] * (A.T @ A)
    B = A * np.sqrt(w)[:, None]
    return B.T @ B
