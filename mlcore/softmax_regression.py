"""Softmax regression: the probabilities of K classes are the softmax of K linear functions."""

from dataclasses import replace

import numpy as np

from ._linear_classifier import LinearClassifier
from .functions import log_sum_exp, one_hot, softmax
from .objectives import Objective, SoftmaxNLL
from .optimisers import lbfgs, newton


class SoftmaxRegression(LinearClassifier):
    """P(class k) = softmaxₖ(θ₀ + xᵀθ₁…d) for K ≥ 2 classes, by maximum likelihood, with a penalty if wanted.

    θ̂ minimises −log likelihood + δ²Σₖ(θ₁ₖ² + … + θ_dₖ²), the intercepts free. For two classes it says what
    `LogisticRegression` says: see the notes.

    Parameters
    ----------
    delta : float, default 0.0
        Strength δ ≥ 0 of the penalty, in units of the columns of `X`; the intercepts are free. scikit-learn's
        ``C`` is 1/(2δ²). Standardise the columns first (`StandardScaler`) unless their units are alike.
    method : "lbfgs", "newton" or "gradient", default "lbfgs"
        "lbfgs" is quick and needs little memory, and the coefficients are good to some 8 digits. "newton"
        gives them to the last digits, for a matrix of (d + 1)K rows at each of some ten steps. "gradient" is
        gradient descent, to be watched.
    eta : float, optional
        Learning rate η > 0 of gradient descent. By default 1/L, where L bounds the curvature of the cost.
    steps : int, default 1000
        How many steps at most.

    Attributes
    ----------
    theta_ : ndarray, shape (d + 1, K)
        θ̂, the intercepts first, column k for ``classes_[k]``. Each row sums to 0.
    classes_ : ndarray, shape (K,)
        The labels, sorted.
    history_ : ndarray, shape (n_iter_ + 1,)
        The cost −log likelihood + δ²Σₖ‖θ₁…d,ₖ‖², in nats, a sum over the rows: at θ = 0 and after each step.
    n_iter_ : int
        Steps taken.

    Notes
    -----
    Equations eq-softmax-nll, eq-softmax-gradient, eq-softmax-hessian. Source: Peeters, lecture slides,
    softmax regression.

    *One θ of many.* The same vector added to every column of θ changes no probability. Of all these θ the
    shortest is taken: its rows sum to 0. With δ > 0 the penalty does that for the slopes, which are unique,
    and the intercepts are made so; with δ = 0 `theta_` is unique if the columns are independent.

    *Two classes.* Column 1 less column 0 is the θ of `LogisticRegression` with δ/√2, for the penalty on the
    two columns ±θ/2 is δ²‖θ‖²/2.

    *Separable data* (δ = 0) and *dependent columns* are treated as in `LogisticRegression`, class against
    class.
    """

    _methods = ("lbfgs", "newton", "gradient")

    def __init__(self, delta=0.0, method="lbfgs", eta=None, steps=1000):
        super().__init__(delta, method, eta, steps)

    def decision_function(self, X):
        """Return the scores θ₀ + Xθ₁…d, shape (m, K), for `X` (m, d).

        For two classes, as scikit-learn has it, the log-odds of ``classes_[1]``, shape (m,).
        """
        z = self._scores(X)
        return z if z.shape[1] > 2 else z[:, 1] - z[:, 0]

    def predict_proba(self, X):
        """Return the probabilities of the `classes_`, in their order, shape (m, K), for `X` (m, d)."""
        return softmax(self._scores(X))

    def _objective(self, X, codes):
        return SoftmaxNLL(X, one_hot(codes, codes.max() + 1), self.delta)

    def _descend(self, objective, steps, stop_below):
        start, whole = np.zeros(objective.shape), _RowsSumTo0(objective)

        def guess(theta):  # rows that sum to 0 stay so: the cost knows no better, or only through the penalty
            solve = objective.preconditioner(theta)
            return lambda v: _rows_to_0(solve(v))

        if self.method == "newton":
            found = newton(whole, start, steps=steps, stop_below=stop_below)
        else:
            found = lbfgs(objective, start, steps=steps, precondition=guess, stop_below=stop_below)
            if not found.converged and found.steps < steps:
                more = newton(whole, found.theta, steps=steps - found.steps)  # sees further into rounding
                found = replace(more, history=np.append(found.history[:-1], more.history))
        return replace(found, theta=_rows_to_0(found.theta))


def _rows_to_0(theta):
    """The shortest of all θ (n, K) with the same probabilities: its rows sum to 0."""
    return theta - theta.mean(axis=1, keepdims=True)  # (eq-softmax-gauge)


class _RowsSumTo0(Objective):
    """An objective that only differences within the rows of θ (n, K) change, with a Hessian to solve with.

    Adding cⱼ(Σₖθⱼₖ)²/2 for each row j leaves value and gradient as they are where rows sum to 0, and fills
    the directions in which the Hessian has nothing. `newton` would manage without, by eigenvalues, but
    those cost ten times as much.
    """

    def __init__(self, objective):
        self._objective = objective

    def taylor(self, theta):
        expansion, (n, K) = self._objective.taylor(theta), theta.shape
        yield next(expansion)
        yield next(expansion)
        H = next(expansion).reshape(n, K, n, K)
        for j in range(n):
            H[j, :, j, :] += np.trace(H[j, :, j, :]) / K
        yield H.reshape(n * K, n * K)


# ----------------------------------------------------------------------------------------------- plain forms
def softmax_rows(Z):
    """The softmax of each row of scores `Z` (m, K): probabilities (m, K)."""
    E = np.exp(Z - Z.max(axis=1, keepdims=True))  # (eq-softmax-shift)
    return E / E.sum(axis=1, keepdims=True)  # (eq-softmax)


def softmax_jacobian(pi):
    """The derivatives ∂πₖ/∂zⱼ (K, K) of a softmax at its probabilities `pi` (K,)."""
    return np.diag(pi) - np.outer(pi, pi)  # (eq-softmax-jacobian)


def softmax_layers(theta, x, y):
    """Cost and gradient (d + 1, K) of one example `x` (d + 1,), one-hot `y` (K,), a layer at a time."""
    z1 = theta.T @ x  # (K,), the scores
    z2 = z1 - log_sum_exp(z1)  # (K,), log π
    z3 = -np.sum(y * z2)  # (eq-softmax-layers)
    C_z3 = 1.0  # the last layer is the cost: ∂C/∂C
    C_z2 = C_z3 * -y  # (K,)
    C_z1 = C_z2 @ (np.eye(len(y)) - np.exp(z2))  # (eq-softmax-chain)
    return z3, np.outer(x, C_z1)  # (eq-softmax-outer)
