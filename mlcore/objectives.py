"""Functions to be minimised: value, gradient and Hessian in one place, so that they cannot disagree."""

from functools import cached_property
from itertools import islice

import numpy as np

from . import _checks as check
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

    def steepness(self, grad):
        """How steep it is where the gradient is `grad`: its largest entry, where no units say otherwise."""
        return float(np.abs(grad).max())

    def hess(self, theta):
        """∇²J(θ), one row and one column for each entry of θ, in the order of ``theta.ravel()``."""
        return list(self.taylor(theta))[2]


def least_squares_taylor(theta, X, y, delta):
    """J(θ), ∇J(θ), ∇²J(θ) of ridge regression: θ (d + 1,), `X` (m, d + 1) with the ones, `y` (m,)."""
    D = np.diag(np.arange(len(theta)) > 0)  # the intercept is free
    e = y - X @ theta  # (m,)
    value = e @ e + delta**2 * theta @ D @ theta  # (eq-ridge-free)
    grad = -2 * X.T @ e + 2 * delta**2 * D @ theta  # (eq-regression-gradient)
    hess = 2 * X.T @ X + 2 * delta**2 * D  # (eq-regression-hessian)
    return value, grad, hess


def logistic_taylor(theta, X, y, delta):
    """C(θ), ∇C(θ), ∇²C(θ) of logistic regression: θ (d + 1,), `X` (m, d + 1) with the ones, `y` (m,)."""
    D = np.diag(np.arange(len(theta)) > 0)  # the intercept is free
    pi = sigmoid(X @ theta)  # (m,)
    likelihood = y * np.log(pi) + (1 - y) * np.log(1 - pi)
    S = pi * (1 - pi)  # (m,), the diagonal of S
    value = -np.sum(likelihood) + delta**2 * theta @ D @ theta  # (eq-logistic-nll)
    grad = X.T @ (pi - y) + 2 * delta**2 * D @ theta  # (eq-logistic-gradient)
    hess = X.T @ (S[:, None] * X) + 2 * delta**2 * D  # (eq-logistic-hessian)
    return value, grad, hess


def softmax_taylor(theta, X, Y, delta):
    """C(θ), ∇C(θ), ∇²C(θ) of softmax regression: θ (d + 1, K), `X` (m, d + 1) with the ones, `Y` (m, K)."""
    n, K = theta.shape
    D = np.diag(np.arange(n) > 0)
    pi = softmax(X @ theta)  # (m, K)
    own = Y * np.log(pi)  # (m, K), zero but for the class that came
    value = -np.sum(own) + delta**2 * np.sum(D @ theta**2)  # (eq-softmax-nll)
    grad = X.T @ (pi - Y) + 2 * delta**2 * D @ theta  # (eq-softmax-gradient)
    hess = np.zeros((n, K, n, K))
    for k in range(K):
        for l in range(K):
            same = k == l
            S = pi[:, k] * (same - pi[:, l])  # (m,), the diagonal of a matrix
            block = X.T @ (S[:, None] * X)
            hess[:, k, :, l] = block + same * 2 * delta**2 * D  # (eq-softmax-hessian)
    return value, grad, hess.reshape(n * K, n * K)


def pseudo_huber_taylor(theta, X, y, c):
    """J(θ), ∇J(θ), ∇²J(θ) of smooth absolute errors: θ (d + 1,), `X` (m, d + 1) with the ones, `y` (m,)."""
    e = y - X @ theta  # (m,)
    w = np.sqrt(1 + (e / c) ** 2)  # (m,)
    value = c**2 * np.sum(w - 1)  # (eq-pseudo-huber)
    grad = -X.T @ (e / w)
    hess = X.T @ (X / w[:, None] ** 3)  # (eq-pseudo-huber-derivatives)
    return value, grad, hess


class _LinearObjective(Objective):
    """What the costs of linear models share: the column of ones, the penalty, and the shape of θ."""

    _sure = 0.0  # added to scores; −∞ where the probability of a wrong class is taken for 0

    def __init__(self, X, delta, outputs=()):
        At = np.empty((X.shape[1] + 1, len(X)))  # features as rows in memory: long rows, quick to work along
        At[0], At[1:] = 1.0, X.T
        self._A = At.T  # (m, d + 1)
        delta = check.at_least(delta, 0, name="delta")
        good = delta == 0 or 1e-150 <= delta <= 1e150
        check.expect(good, "delta must be 0 or from 1e-150 to 1e150 (its square counts)", f"{delta:g}")
        self.penalise(delta * np.eye(X.shape[1]))
        self.shape = (len(At), *outputs)

    def penalise(self, root):
        """Make ‖root·θ₁…d‖² the penalty, for a root (n, d): that of δ where θ is seen in other columns."""
        self._root = np.column_stack((np.zeros(len(root)), root))  # (n, d + 1): the intercept is free
        self._penalty = self._root.T @ self._root

    def _penalty_of(self, theta):
        return ((self._root @ theta) ** 2).sum()  # never below 0, as rounding may bring θᵀPθ

    @cached_property
    def _gram(self):
        with np.errstate(over="ignore", invalid="ignore"):  # looked at where it is used
            return self._A.T @ self._A  # (d + 1, d + 1)

    def bound(self):
        """A matrix (d + 1, d + 1) that no block of ∇²J(θ) exceeds, as at θ = 0; it may hold infinities."""
        return self._steepest * self._gram + 2 * self._penalty

    def max_curvature(self):
        """L, which no eigenvalue of any ∇²J(θ) exceeds: gradient descent is stable for η < 2/L.

        Equation eq-stability-bound.

        Raises
        ------
        ValueError
            Squares of `X` are beyond float64.
        """
        H, got = self.bound(), f"numbers up to {np.abs(self._A).max():g}"
        what, hint = "X must hold numbers whose squares are within float64", "Standardise the columns."
        check.expect(np.isfinite(H).all(), what, got, hint)
        return float(np.linalg.eigvalsh(H)[-1])

    @cached_property
    def _standardise(self):
        """The matrix (d + 1, d + 1) that takes the gradient to what it is for standardised columns."""
        mean = self._A[:, 1:].mean(axis=0)
        spread = (self._A[:, 1:] - mean).std(axis=0)
        spread[spread == 0] = 1.0
        T = np.diag(np.append(1.0, 1 / spread))
        T[1:, 0] = -mean / spread
        return T

    def steepness(self, grad):
        """The largest entry of the gradient as it is for standardised columns: how far there is to go.

        The entries of `grad` itself are in the units of the columns, and so may all be small but one.
        """
        return float(np.abs(self._standardise @ grad).max())

    def scores(self, theta):
        """[1 X]θ, (m,) or (m, K)."""
        return self._A @ theta

    def is_curved(self, theta):
        """Whether ∇²C(θ) is above max‖b‖ ‖∇C(θ)‖ in all directions, b for differences of scores."""
        _, grad, H = self.taylor(theta)
        n, unit = len(theta), np.sqrt(np.diag(self._gram) / len(self._A))
        unit[unit == 0] = 1.0
        H = H.reshape(n, -1, n, grad.size // n) / np.multiply.outer(unit, unit)[:, None, :, None]
        K = H.shape[1]
        H += np.eye(n)[:, None, :, None] * (K > 1)  # the same for all classes: no direction at all
        reach = np.sqrt(2 * np.max(np.sum((self._A / unit) ** 2, axis=1)))
        noise = 1e-15 * reach * len(self._A)
        steep = np.linalg.norm(grad.reshape(n, K) / unit[:, None]) + noise
        return bool(np.linalg.eigvalsh(H.reshape(n * K, n * K))[0] > reach * steep)

    def _weighted_gram(self, w):
        """AᵀWA for weights w ≥ 0 (m,): of one matrix with itself, which BLAS does in half the time."""
        if (w == w[0]).all():  # as at θ = 0
            return w[0] * self._gram
        B = self._A * np.sqrt(w)[:, None]
        return B.T @ B

    def _as_theta(self, theta):
        theta = check.finite(theta, name="theta")
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

    with A = [1 X] (m, d + 1), e = y − Aθ (m,) and D the identity whose first diagonal entry is 0. Equations
    eq-cost, eq-cost-gradient, eq-cost-hessian for δ = 0; with it eq-ridge-free, eq-regression-gradient and
    eq-regression-hessian. Source: Peeters, lecture slides, linear regression and ridge regularization
    (gradient in matrix form).
    """

    _steepest = 2  # ∂²/∂z² of (y − z)²

    def __init__(self, X, y, delta=0.0):
        X, self._y = check.X_y(X, y)
        super().__init__(X, delta)

    def taylor(self, theta):
        """Yield J(θ) in squared units of `y`, ∇J(θ) (d + 1,) and the constant ∇²J (d + 1, d + 1)."""
        theta, A, P = self._as_theta(theta), self._A, self._penalty
        e = self._y - A @ theta  # (m,)
        yield float(e @ e + self._penalty_of(theta))  # (eq-ridge-free)
        yield -2 * A.T @ e + 2 * P @ theta  # (eq-regression-gradient)
        yield 2 * self._gram + 2 * P  # (eq-regression-hessian)


class PseudoHuber(_LinearObjective):
    """J(θ) = c² Σ[√(1 + (eᵢ/c)²) − 1] with e = y − [1 X]θ: squares of small residuals, sizes of large ones.

    About e²/2 where |e| ≪ c and c|e| where |e| ≫ c, so that a far outlier pulls no harder than a near one. No
    penalty.

    Parameters
    ----------
    X : array_like, shape (m, d)
    y : array_like, shape (m,)
    c : float
        The size above 0, in units of `y`, from which a residual counts as large; at least 1e-30 of the
        largest |y|.

    Raises
    ------
    ValueError
        Bad input, also from the methods: `theta` must have shape (d + 1,).

    Notes
    -----
    Equations eq-pseudo-huber, eq-pseudo-huber-derivatives. Convex, and not quadratic: the least example of a
    cost of real data on which Newton's method needs more than one step.
    """

    _steepest = 1  # ∂²/∂z² is 1/w³, largest at e = 0

    def __init__(self, X, y, c):
        X, self._y = check.X_y(X, y)
        self._c = check.at_least(c, 0, name="c", strict=True)
        least = 1e-30 * np.abs(self._y).max()  # below it the curvature of the cost is lost in rounding
        check.expect(self._c >= least, f"c must be at least {least:g}, 1e-30 of |y|", f"{self._c:g}")
        super().__init__(X, 0.0)

    def taylor(self, theta):
        """Yield J(θ) in squared units of `y`, ∇J(θ) (d + 1,) and ∇²J(θ) (d + 1, d + 1)."""
        theta, A = self._as_theta(theta), self._A
        e = self._y - A @ theta  # (m,)
        w = np.hypot(1, e / self._c)  # never overflows
        yield float(np.sum(e * (e / (w + 1))))  # c²(w − 1) = e²/(w + 1), with all digits where e ≪ c
        yield -A.T @ (e / w)
        yield self._weighted_gram(w**-3)


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
    diagonal entry is 0. Equations eq-logistic-nll, eq-logistic-gradient, eq-logistic-hessian. Source:
    Peeters, lecture slides, logistic regression (where the minus sign of the cost must cover both terms).
    """

    _steepest = 1 / 4  # π(1 − π) is largest at π = 1/2

    def __init__(self, X, y, delta=0.0):
        X, self._y = check.X_y(X, y)
        check.every((self._y == 0) | (self._y == 1), self._y, name="y", what="be made of 0 and 1")
        super().__init__(X, delta)

    def taylor(self, theta):
        """Yield C(θ), ∇C(θ) (d + 1,) and ∇²C(θ) (d + 1, d + 1)."""
        theta, A, P = self._as_theta(theta), self._A, self._penalty
        sign = 1 - 2 * self._y  # 1 for class 0, −1 for class 1
        t = sign * (A @ theta) + self._sure  # (m,), log-odds of the wrong class
        yield float(softplus(t).sum() + self._penalty_of(theta))
        wrong = sigmoid(t)  # |π − y|, with all its digits where π is close to y
        yield A.T @ (sign * wrong) + 2 * P @ theta
        yield self._weighted_gram(wrong * (1 - wrong)) + 2 * P

    def leave_out(self, sure):
        """Take for 0 the probability of the classes k of the rows i where `sure` (m, 2)."""
        self._sure = np.where(sure.any(axis=1), -np.inf, 0.0)


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
    ==============  =========================================  ====================
    method          formula                                    shape
    ==============  =========================================  ====================
    value(theta)    −ΣᵢΣₖ Yᵢₖ log πᵢₖ + δ²Σₖθₖᵀ Dθₖ            a number
    grad(theta)     Aᵀ(π − Y) + 2δ²Dθ                          (d + 1, K)
    hess(theta)     Aᵀ diag(πₖ(1{k=l} − πₗ)) A + 2δ²D1{k=l}    ((d + 1)K, (d + 1)K)
    ==============  =========================================  ====================

    with A = [1 X] (m, d + 1), θₖ and πₖ column k, and D the identity whose first diagonal entry is 0. The
    formula of the Hessian is its block for the classes k and l; entry (jK + k, j′K + l) is ∂²J/∂θⱼₖ∂θⱼ′ₗ, the
    order of ``theta.ravel()``. It is singular: the same number added to every θⱼₖ of a row j (row 0 if δ > 0)
    changes no probability. Equations eq-softmax-nll, eq-softmax-gradient, eq-softmax-hessian. Source:
    Peeters, lecture slides, softmax regression.
    """

    _steepest = 1 / 2  # the largest eigenvalue of diag(π) − ππᵀ, at π = (½, ½, 0, …)

    def __init__(self, X, Y, delta=0.0):
        X, Y = check.matrix(X), check.matrix(Y, name="Y")
        check.rows(X=X, Y=Y)
        bad = ((Y != 0) & (Y != 1)).any(axis=1) | (Y.sum(axis=1) != 1)
        i, what = int(bad.argmax()), "Y must be one-hot: in every row a single 1 and all else 0"
        hint = "one_hot makes such rows from class numbers."
        check.expect(not bad[i], what, f"{Y[i]!r:.80} in row {i}", hint)
        self._classes = Y.argmax(axis=1), np.arange(len(Y))  # where the ones are, in Yᵀ (K, m)
        super().__init__(X, delta, outputs=Y.shape[1:])

    def taylor(self, theta):
        """Yield C(θ), ∇C(θ) (d + 1, K) and ∇²C(θ) ((d + 1)K, (d + 1)K)."""
        theta, A, P = self._as_theta(theta), self._A, self._penalty
        z = theta.T @ A.T  # (K, m): one class a row, so that sums over classes run along whole rows
        z += self._sure
        z -= z.max(axis=0)
        true = z[self._classes]  # (m,)
        pi = np.exp(z, out=z)
        own, pi[self._classes] = pi[self._classes], 0.0
        wrong = pi.sum(axis=0)
        # log of the sum 1 + …: where the own class leads it is log1p(wrong), with all digits of a small cost
        yield float((np.log1p(wrong - (1 - own)) - true).sum() + self._penalty_of(theta))
        pi /= (total := wrong + own)
        pi[self._classes] = -wrong / total  # π − Y, with all digits where π is close to Y
        yield (pi @ A).T + 2 * P @ theta
        pi[self._classes] = own / total
        n, K = theta.shape
        H = np.zeros((n, K, n, K))
        for k in range(K):
            H[:, k, :, k] += 2 * P
            for l in range(k):  # block (k, l); the probabilities sum to 1, so a row of blocks sums to 0
                block = self._weighted_gram(pi[k] * pi[l])
                H[:, k, :, l] = H[:, l, :, k] = -block
                H[:, k, :, k] += block
                H[:, l, :, l] += block
        yield H.reshape(n * K, n * K)

    def preconditioner(self, theta):
        """Return a function that multiplies (d + 1, K) by the inverse of ∇²C(θ), its blocks k ≠ l left out.

        That is the first guess that `lbfgs` asks for; a product takes 2(d + 1)²K multiplications.
        """
        I, factors = np.eye(self.shape[0]), []
        z = self._as_theta(theta).T @ self._A.T + self._sure
        for pi in softmax(z, axis=0):  # (m,), class after class
            H = self._weighted_gram(pi * (1 - pi)) + 2 * self._penalty
            unit = np.sqrt(np.diag(H))
            unit[unit == 0] = 1.0
            L = np.linalg.cholesky(H / np.outer(unit, unit) + 1e-10 * I)  # a guess, but never singular
            factors.append(np.linalg.solve(L, I) / unit)
        W = np.array(factors)  # (K, d + 1, d + 1): WᵀW is the inverse, never negative whatever the rounding
        return lambda v: (W.transpose(0, 2, 1) @ (W @ v.T[:, :, None]))[:, :, 0].T

    def leave_out(self, sure):
        """Take for 0 the probability of the classes k of the rows i where `sure` (m, K)."""
        self._sure = np.where(sure.T, -np.inf, 0.0)


class Valley(Objective):
    """f(θ) = ½(θ₁² − θ₂)² + ½(θ₁ − 1)², a curved valley whose lowest point is (1, 1).

    Notes
    -----
    Equation eq-valley. Source: Peeters, lecture slides, steepest descent.
    """

    def taylor(self, theta):
        """Yield f(θ), ∇f(θ) (2,) and ∇²f(θ) (2, 2)."""
        a, b = theta
        r = a**2 - b
        yield r**2 / 2 + (a - 1) ** 2 / 2  # (eq-valley)
        yield np.array([2 * a * r + a - 1, -r])
        yield np.array([[2 * r + 4 * a**2 + 1, -2 * a], [-2 * a, 1]])


class TwoWells(Objective):
    """f(θ) = ¼(θ₁² − 1)² + 2(θ₂ − ½θ₁)², with minima at ±(1, ½) and a saddle point between them, at 0.

    Notes
    -----
    Equation eq-two-wells.
    """

    def taylor(self, theta):
        """Yield f(θ), ∇f(θ) (2,) and ∇²f(θ) (2, 2)."""
        a, b = theta
        r = b - a / 2
        yield (a**2 - 1) ** 2 / 4 + 2 * r**2  # (eq-two-wells)
        yield np.array([a**3 - a - 2 * r, 4 * r])
        yield np.array([[3 * a**2, -2], [-2, 4]])
