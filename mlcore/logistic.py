"""Logistic regression: the probability of one of two classes is the sigmoid of a linear function."""

import numpy as np

from ._linear_classifier import LinearClassifier
from .functions import sigmoid
from .objectives import LogisticNLL
from .optimisers import newton


class LogisticRegression(LinearClassifier):
    """P(class 1) = σ(θ₀ + xᵀθ₁…d) for two classes, by maximum likelihood, with a ridge penalty if wanted.

    θ̂ minimises −log likelihood + δ²(θ₁² + … + θ_d²), the intercept free.

    Parameters
    ----------
    delta : float, default 0.0
        Strength δ ≥ 0 of the ridge penalty, in units of the columns of `X`; the intercept is free.
        scikit-learn's ``C`` is 1/(2δ²). Standardise the columns first (`StandardScaler`) unless their units
        are alike.
    method : "irls" or "gradient", default "irls"
        Newton's method, to the last digits in some ten steps (see `irls`); or gradient descent, to be
        watched.
    eta : float, optional
        Learning rate η > 0 of gradient descent. By default 1/L, where L bounds the curvature of the cost.
    steps : int, default 1000
        How many steps at most.

    Attributes
    ----------
    theta_ : ndarray, shape (d + 1,)
        θ̂, the intercept first: log-odds, and log-odds per unit of the column.
    classes_ : ndarray, shape (2,)
        The labels, sorted. ``classes_[1]`` is the class whose probability θ describes.
    history_ : ndarray, shape (n_iter_ + 1,)
        The cost −log likelihood + δ²‖θ₁…d‖², in nats, a sum over the rows: at θ = 0 and after each step.
    n_iter_ : int
        Steps taken.

    Notes
    -----
    Equations eq-logistic-nll, eq-logistic-gradient, eq-logistic-hessian, eq-irls. Source: Peeters, lecture
    slides, logistic regression.

    *Separable data.* Where a hyperplane separates the classes and δ = 0, no θ is best: the longer a
    θ that separates them, the better. This is recognised, and a `SeparableDataWarning` says what to do:

    - A cost below log 2 proves that every row has more than half the probability for its own class. It is
      reached, sooner or later, exactly where the hyperplane leaves no row on it; the descent ends there.
    - Where rows of both classes lie on every separating hyperplane, the cost falls towards a limit above 0.
      The rows on it are then fitted as if alone, and θ is led so far along the hyperplanes that the others
      have probabilities of 0 and 1 to rounding: `predict_proba` gives the limits.

    Wherever the descent leaves a doubt, non-negative least squares decides: either it finds such a
    hyperplane, or weights that prove that there is none.

    *Dependent columns* and δ = 0: the probabilities are unique and θ is not. `theta_` is the one with the
    shortest slopes ("irls"; gradient descent finds the shortest θ), and a `RankDeficiencyWarning` is given
    ("irls").
    """

    _methods, _binary = ("irls", "gradient"), True

    def decision_function(self, X):
        """Return the log-odds of ``classes_[1]``, θ₀ + Xθ₁…d, shape (m,), for `X` (m, d)."""
        return self._scores(X)

    def predict_proba(self, X):
        """Return the probabilities of both `classes_`, in their order, shape (m, 2), for `X` (m, d)."""
        z = self._scores(X)
        return np.column_stack((sigmoid(-z), sigmoid(z)))  # 1 − σ(z) = σ(−z), which keeps its digits

    def _objective(self, X, codes):
        return LogisticNLL(X, codes, self.delta)

    def _descend(self, objective, steps, stop_below):
        return newton(objective, np.zeros(objective.shape), steps=steps, stop_below=stop_below)
