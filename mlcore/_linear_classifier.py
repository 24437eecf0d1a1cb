"""What logistic and softmax regression share: the frame of a fit, and the warnings that go with it."""

import numpy as np

from . import _checks as check
from ._estimator import Classifier, scores
from ._numerics.columns import centred, is_safe, lengths
from ._numerics.factor import factor_centred
from ._numerics.separation import recession
from .objectives import SEPARATED_BELOW, Objective
from .optimisers import SGD, minimise, newton


class LinearClassifier(Classifier):
    """Base of the two. A subclass brings these.

    ``_methods``, the names of its ways to the minimum, "gradient" among them; ``_objective(X, codes)``, the
    cost of the labels 0 … K − 1; ``_descend(objective, steps, stop_below)``, a `Minimum` found in another
    way than by the gradient. θ has a column for each class, or is one for two: that of class 1 less that of
    class 0.
    """

    def __init__(self, delta=0.0, method="irls", eta=None, steps=1000):
        self.delta = delta
        self.method = method
        self.eta = eta
        self.steps = steps

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
        X = check.matrix(X)
        classes, codes = self._encode(y)
        check.rows(X=X, y=codes)
        delta, steps = check.at_least(self.delta, 0, name="delta"), check.count(self.steps, 1, name="steps")
        if self.eta is not None:
            check.at_least(self.eta, 0, name="eta", strict=True)
        if self.method not in self._methods:
            raise ValueError(f"method must be one of {list(self._methods)}; got {self.method!r:.80}.")
        stop_below = SEPARATED_BELOW if delta == 0 else -np.inf
        objective, back, found = self._descent(X, codes, delta, steps, stop_below)
        theta, history, directions = back(found.theta), found.history, []
        no_end = delta == 0 and (history[-1] < stop_below or not found.converged)
        separated = no_end and self._is_separating(theta, X, codes)
        if delta == 0 and not separated and not self._surely_has_minimum(objective, found, codes):
            directions = recession(X, codes, len(classes))
        if directions:
            sure = np.any([moved for _, moved in directions], axis=0)  # (m, K)
            separated = sure.sum() == len(X) * (len(classes) - 1)
        if separated or directions:
            self._warn_of(separated)
        if directions and self.method != "gradient":  # the other rows as if alone, then far along
            objective.leave_out(sure)
            rest = _Rest(objective)
            found = newton(rest, np.zeros(rest.U.shape[1]), steps=steps)
            ways = self._led_along(directions, back(rest.theta(found.theta)), X, codes), theta
            with np.errstate(all="ignore"):
                values = np.nan_to_num([*map(self._objective(X, codes).value, ways)], nan=np.inf)
            # rounding hides more than a hair; columns with a few entries far above all others mislead by far
            best = int(values[0] > values[1] + 0.01 * history[0])
            theta, value = ways[best], values[best]
            history = np.append(history[history > value][:steps], value)  # below it, rounding has had its way
        endless = separated or (directions and self.method == "gradient")  # more steps would not help
        if not (found.converged or endless) and found.history[-1] <= found.history[0]:  # if above, it said so
            what = f"the descent was stopped after {steps} steps, before it had reached the minimum"
            cure = "Allow more steps, or standardise the columns"
            if found.steps < steps:
                what = f"the descent ended after {found.steps} steps: rounding hides the rest of the way"
                cure = "Standardise the columns, or take a larger delta"
            check.warn(f"{what}. {cure}.", check.ConvergenceWarning)
        self.theta_, self.classes_ = theta, classes
        self.history_, self.n_iter_ = history, len(history) - 1
        return self

    def _descent(self, X, codes, delta, steps, stop_below):
        """The objective, what takes its θ back to the columns of `X`, and the `Minimum` found."""
        objective, back = self._objective(X, codes), np.asarray
        if self.method == "gradient":  # the textbook's steps, in the columns as they are
            eta = 1 / objective.max_curvature() if self.eta is None else self.eta
            start = np.zeros(objective.shape)
            found = minimise(objective, start, SGD(eta), steps=steps, stop_below=stop_below)
            return objective, back, found
        if not is_safe(objective.bound(), cost=1e4):
            objective, back = self._in_safe_columns(X, codes, delta)
        return objective, back, self._descend(objective, steps, stop_below)

    def _in_safe_columns(self, X, codes, delta):
        """The objective in other, nearly perpendicular columns, and what takes its θ back to `X`.

        The intercept is free, so centred columns do as well. Without a penalty any combinations of them do;
        with one, those that are perpendicular once the penalty is counted in: then the Hessian at θ = 0 is I.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            Xc, mean = centred(X)
        what, got = "X must be in units in which deviations from the mean are below 1e300", "larger ones"
        check.expect(np.abs(Xc).max() < 1e300, what, got, "Standardise the columns.")
        if delta == 0:
            factors = factor_centred(Xc, mean, lengths(X))
            factors.warn_if_dependent()
            mean, Z, W = factors.mean, factors.P, factors.W
        else:  # the penalty makes the columns independent, if by little: none of them is left out
            both = np.vstack((Xc, 2 * np.sqrt(2) * delta * np.eye(len(mean))))
            length = lengths(both)
            Z, R = np.linalg.qr(both / length)
            Z, W = Z[: len(X)], np.linalg.inv(R) / length[:, None]
        Z, W = np.sqrt(len(X)) * Z, np.sqrt(len(X)) * W  # (m, k), (d, k): (X − mean)W = Z
        if Z.shape[1] == 0:  # all columns are constant
            Z, W = np.zeros((len(X), 1)), np.zeros((len(mean), 1))
        objective = self._objective(Z, codes)
        objective.penalise(delta * W)

        def back(theta):
            slopes = W @ theta[1:]
            return np.concatenate((theta[:1] - mean @ slopes, slopes))

        return objective, back

    def _warn_of(self, separated):
        if separated:
            what = "hyperplanes separate the classes without a single error"
            why = "it goes to 0 as theta grows for ever"
            theta = "The length of theta_ means nothing, and its direction is one of many"
        else:
            what = "a hyperplane has rows of different classes on its two sides and all other rows on it"
            why = "it falls for ever as theta grows in that direction"
            theta = "The length of theta_ in that direction means nothing"
        cure = "Take delta > 0: then there is one best theta."
        check.warn(f"{what}, so the cost has no minimum: {why}. {theta}. {cure}", check.SeparableDataWarning)

    def _margins(self, z, codes):
        """By how much the scores z favour the own class of each row over each: (m, K), 0 for the own."""
        z = z if z.ndim == 2 else np.column_stack((np.zeros_like(z), z))
        return z[np.arange(len(z)), codes][:, None] - z

    def _is_separating(self, theta, X, codes):
        """Whether θ puts every row on the side of its own class, and by more than rounding does."""
        z = theta[0] + X @ theta[1:]
        others = np.arange(codes.max() + 1) != codes[:, None]  # (m, K)
        return self._margins(z, codes)[others].min() > 1e-12 * np.abs(z).max()

    def _surely_has_minimum(self, objective, found, codes):
        """Whether it is plain, after this descent without a penalty, that the cost has a minimum.

        So it is where the descent has converged and nobody is sure. Elsewhere: along a direction v in which
        the cost falls for ever, no b·v < 0, and with weights λ the gradient is −Σλb, so vᵀHv ≤ Σλ(b·v)² ≤
        max|b·v| |∇C·v|: an eigenvalue of the Hessian H is below max‖b‖ ‖∇C‖. If none is, there is no such
        direction.
        """
        margins = self._margins(objective.scores(found.theta), codes)
        return (found.converged and np.abs(margins).max() < 16) or objective.is_curved(found.theta)

    def _led_along(self, directions, theta, X, codes):
        """θ so far along the directions that what they move has, with 40, a probability of 0 to rounding."""
        for v, moved in reversed(directions):
            v = v if theta.ndim == 2 else v[:, 1] - v[:, 0]
            pace = self._margins(v[0] + X @ v[1:], codes)[moved]
            lack = 40 - self._margins(theta[0] + X @ theta[1:], codes)[moved]
            theta = theta + max(0.0, np.max(lack / pace)) * v
        return theta

    def _scores(self, X):
        """[1 X]θ̂: (m,) or (m, K)."""
        return scores(check.columns(X, self), self.theta_)


class _Rest(Objective):
    """A likelihood from which some labels are left out, for the θ = Uγ on which it still depends."""

    def __init__(self, objective):
        self._objective = objective
        H, n = objective.hess(np.zeros(objective.shape)), objective.shape[0]
        before = np.repeat(np.diag(objective.bound()), len(H) // n)
        after = np.diag(H)
        unit = np.sqrt(np.where(after > 1e-24 * before, after, np.where(before > 0, before, 1.0)))
        eigenvalues, V = np.linalg.eigh(H / np.outer(unit, unit))
        self.U = V[:, eigenvalues > 1e-13 * eigenvalues[-1]] / unit[:, None]

    def theta(self, gamma):
        """Uγ."""
        return (self.U @ gamma).reshape(self._objective.shape)

    def taylor(self, gamma):
        """Yield cost, gradient and Hessian with respect to γ."""
        expansion = self._objective.taylor(self.theta(gamma))
        yield next(expansion)
        yield self.U.T @ next(expansion).ravel()
        yield self.U.T @ next(expansion) @ self.U
