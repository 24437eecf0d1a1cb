"""What logistic and softmax regression share: the frame of a fit, and the warnings that go with it."""

import warnings

import numpy as np

from ._checks import (
    ConvergenceWarning,
    RankDeficiencyWarning,
    SeparableDataWarning,
    check_at_least,
    check_columns,
    check_count,
    check_rows,
    check_X,
)
from ._estimator import Classifier
from ._numerics.columns import gram_is_safe
from ._numerics.factor import RANK_TOLERANCE
from .objectives import SEPARATED_BELOW
from .optimisers import SGD, minimise


class LinearClassifier(Classifier):
    """Base of the two. A subclass brings four things.

    ``_methods``, the names of its ways to the minimum, "gradient" among them; ``_objective(X, codes)``, the
    cost of the labels 0 … K − 1; ``_descend(X, codes, steps)``, a `Minimum` found in another way than by the
    gradient; ``_margins(z, codes)``, by how much the scores z of each row favour its own class, positive on
    the right side.
    """

    def fit(self, X, y):
        """Find θ̂.

        Parameters
        ----------
        X : array_like, shape (m, d)
        y : array_like, shape (m,)
            Labels: numbers or text.

        Returns
        -------
        LogisticRegression or SoftmaxRegression
            The estimator itself.

        Raises
        ------
        ValueError
            Bad `X` or `y`, lengths that differ, one class only, or a bad parameter.

        Warns
        -----
        SeparableDataWarning
            δ = 0, and hyperplanes separate the classes: see the notes of the class.
        RankDeficiencyWarning
            δ = 0, and the columns, with the constant, are linearly dependent.
        ConvergenceWarning, DivergenceWarning
            The descent ended before the minimum.
        """
        X = check_X(X)
        classes, codes = self._encode(y)
        check_rows(X, codes)
        delta, steps = check_at_least(self.delta, 0, name="delta"), check_count(self.steps, 1, name="steps")
        if self.method not in self._methods:
            raise ValueError(f"method must be one of {list(self._methods)}; got {self.method!r:.80}.")
        if self.method == "gradient":  # the textbook's steps, in the columns as they are
            Z, back = X, np.asarray
            found = self._follow_gradient(X, codes, steps)
        else:
            Z, back = _safe_columns(X, delta)
            found = self._descend(Z, codes, steps)
        if delta == 0 and found.history[-1] < SEPARATED_BELOW:
            warnings.warn(
                "hyperplanes separate the classes without a single error, so the cost has no "
                "minimum: it goes to 0 as theta grows for ever. The descent ended once every row "
                "had more than half the probability for its own class; the length of theta_ means "
                "nothing, and its direction is one of many. Take delta > 0: then there is one best "
                "theta.",
                SeparableDataWarning,
                stacklevel=2,
            )
        elif delta == 0 and self._is_partly_separable(Z, codes, found.theta):
            warnings.warn(
                "a hyperplane has rows of different classes on its two sides and all other rows on "
                "it, so the cost has no minimum: it falls for ever as theta grows in that "
                "direction. theta_ is where the gain was lost in rounding; its length means "
                "nothing. Take delta > 0: then there is one best theta.",
                SeparableDataWarning,
                stacklevel=2,
            )
        if not found.converged and found.history[-1] <= found.history[0]:  # else it diverged, and said so
            warnings.warn(
                f"the descent was stopped after {found.steps} steps, before it had reached the "
                "minimum. Allow more steps, or standardise the columns.",
                ConvergenceWarning,
                stacklevel=2,
            )
        self.theta_, self.classes_ = back(found.theta), classes
        self.history_, self.n_iter_ = found.history, found.steps
        return self

    def _follow_gradient(self, X, codes, steps):
        objective = self._objective(X, codes)
        eta = 1 / objective.max_curvature() if self.eta is None else self.eta
        return minimise(
            objective, np.zeros(objective.shape), SGD(eta), steps=steps, enough=objective.separated_below
        )

    def _is_partly_separable(self, Z, codes, theta):
        """Whether a direction moves no row towards a wrong class and some away from it, as far as one sees.

        Such a direction costs nothing, so the descent goes on along it until the curvature there is lost in
        rounding. The part of θ in the directions that have become flat is the candidate; what it does to each
        row decides.
        """
        scores = theta[0] + Z @ theta[1:]
        if self._margins(scores, codes).max() < 16:  # nobody is sure: the descent has ended at a minimum
            return False
        objective = self._objective(Z, codes)
        at_0, at_theta = objective.hess(0 * theta), objective.hess(theta)
        unit = np.sqrt(np.diag(at_0))
        eigenvalues, V = np.linalg.eigh(at_theta / np.outer(unit, unit))
        flat = V[:, eigenvalues < 1e-6]
        v = (flat @ (flat.T @ (unit * theta.ravel())) / unit).reshape(theta.shape)
        moved = self._margins(v[0] + Z @ v[1:], codes)
        return moved.max() > 0 and moved.min() >= -1e-6 * moved.max()

    def _scores(self, X):
        """[1 X]θ̂: (m,) or (m, K)."""
        X = check_columns(X, self)
        return self.theta_[0] + X @ self.theta_[1:]


def _safe_columns(X, delta):
    """Columns Z (m, k) to work with instead of X (m, d), and the function that takes θ for Z to θ for X.

    The intercept is free, so centred columns fit as well as `X`. Without a penalty any combinations of the
    columns do: perpendicular ones, where the columns as they are would cost digits.
    """
    mean = X.mean(axis=0)
    if delta > 0 and np.all(mean**2 <= 0.9999 * np.einsum("ij,ij->j", X, X) / len(X)):  # nothing far from 0
        return X, np.asarray
    Z = np.subtract(X, mean, order="F")  # columns of one piece, as the objectives keep them
    W, (m, d) = np.eye(len(mean)), X.shape
    unit = np.sqrt(m) * np.abs(X).max(axis=0)
    unit[unit == 0] = 1.0
    if delta == 0 and not gram_is_safe((scaled := Z / unit).T @ scaled):
        Q, R = np.linalg.qr(scaled)
        U, s, Vt = np.linalg.svd(R, full_matrices=False)
        k = int(np.sum(s > RANK_TOLERANCE * np.sqrt(d)))
        Z = np.sqrt(m) * (Q @ U[:, :k])
        W = np.sqrt(m) * Vt[:k].T / s[:k] / unit[:, None]  # (d, k): (X − mean)W = Z
        if k == 0:
            Z, W = np.zeros((m, 1)), np.zeros((d, 1))
        elif k < d:
            rows, _ = np.linalg.qr(Vt[:k].T * unit[:, None])  # (d, k): a basis of the rows of the centred X
            W = rows @ (rows.T @ W)  # the same predictions from the shortest slopes
        if k < d:
            warnings.warn(
                f"the {d} columns of X and the constant have rank {k + 1} only, so theta is not "
                "unique. theta_ is the one with the shortest slopes. Take delta > 0, or leave out "
                "columns.",
                RankDeficiencyWarning,
                stacklevel=3,
            )

    def back(theta):
        slopes = W @ theta[1:]
        return np.concatenate((theta[:1] - mean @ slopes, slopes))

    return Z, back
