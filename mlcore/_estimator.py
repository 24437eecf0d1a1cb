"""What all estimators share: parameters by name, a score, a readable `repr`, and scikit-learn's protocol.

The constructor of an estimator only stores its arguments, untouched and under their own names; `fit` checks
them. That is all scikit-learn asks of an object that is to be cloned, put in a pipeline or searched over, so
its tools work on these classes although mlcore never imports it.
"""

from functools import wraps

import numpy as np

from . import _checks as check
from ._numerics.columns import centred, exponent, lengths


def _all_or_nothing(fit):
    """A `fit` that, where it fails, leaves the object as it was, and else remembers the columns' names."""

    @wraps(fit)
    def complete(self, X, *args, **kwargs):
        before = vars(self).copy()
        try:
            vars(self).pop("feature_names_in_", None)
            fit(self, X, *args, **kwargs)
            if (names := check.column_names(X)) is not None:
                self.feature_names_in_ = names
        except BaseException:
            self.__dict__ = before
            raise
        return self

    return complete


def scores(X, theta):
    """θ₀ + Xθ₁…d for `X` (m, d): (m,), or (m, K) for θ of K columns; ``ValueError`` if beyond float64."""
    with np.errstate(over="ignore", invalid="ignore"):
        z = theta[0] + X @ theta[1:]  # (eq-model)
    return check.within(z, X, what="θ₀ + xᵀθ")


class Parameters:
    """Constructor arguments by name: `get_params`, `set_params`, `repr`. For estimators and transformers.

    Attributes
    ----------
    n_features_in_ : int
        Number of columns d at fit.
    feature_names_in_ : ndarray of object, shape (d,)
        The columns' names, where `fit` was given a data frame whose columns all have text for a name;
        `predict` then insists on them.
    """

    _kind, _binary = None, False  # to scikit-learn: "regressor" or "classifier", and of two classes only

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "fit" in vars(cls):
            cls.fit = _all_or_nothing(cls.fit)

    @classmethod
    def _names(cls):
        from inspect import signature  # not needed to import mlcore

        return list(signature(cls).parameters)

    def get_params(self, deep=True):
        """Return the constructor arguments by name. `deep` is scikit-learn's; nothing here is nested."""
        return {name: getattr(self, name) for name in self._names()}

    def set_params(self, **params):
        """Set constructor arguments by name and return the object.

        Raises
        ------
        ValueError
            A name that the constructor does not have; then nothing is set.
        """
        valid = self._names()
        unknown = [name for name in params if name not in valid]
        check.expect(not unknown, f"parameters of {type(self).__name__} must be among {valid}", unknown)
        for name, value in params.items():
            setattr(self, name, value)
        return self

    def __repr__(self):
        params = self.get_params().items()
        shown = [f"{k}=<array {v.shape}>" if isinstance(v, np.ndarray) else f"{k}={v!r}" for k, v in params]
        return f"{type(self).__name__}({', '.join(shown)})"

    @property
    def n_features_in_(self):
        """Number of columns d at fit, under the name that scikit-learn looks for."""
        return len(self.theta_) - 1

    def __sklearn_tags__(self):
        """What scikit-learn wants to know of the object; only scikit-learn calls this."""
        from sklearn.utils import ClassifierTags, RegressorTags, Tags, TargetTags, TransformerTags

        kind = self._kind
        return Tags(
            estimator_type=kind,
            target_tags=TargetTags(required=kind is not None),
            transformer_tags=TransformerTags() if hasattr(self, "transform") else None,
            regressor_tags=RegressorTags() if kind == "regressor" else None,
            classifier_tags=ClassifierTags(multi_class=not self._binary) if kind == "classifier" else None,
        )


class Estimator(Parameters):
    """Base of the regressors: `Parameters`, `predict`, `score`. A subclass brings `fit(X, y)`."""

    _kind = "regressor"

    def predict(self, X):
        """Return ŷ = θ̂₀ + Xθ̂₁…d, shape (m,), in units of `y`, for `X` (m, d)."""
        return scores(check.columns(X, self), self.theta_)

    def score(self, X, y):
        """Coefficient of determination R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)².

        1 is perfect, 0 is as good as predicting the mean of `y`, and worse is negative.

        Parameters
        ----------
        X : array_like, shape (m, d)
        y : array_like, shape (m,)

        Returns
        -------
        float
            Where `y` is constant the ratio means nothing: 1.0 if every prediction is exact, otherwise 0.0. It
            is −∞ where the predictions are so far off that float64 has no number for it.

        Raises
        ------
        ValueError
            Bad `X` or `y`, or lengths that differ.
        """
        y, y_hat = check.vector(y), self.predict(X)
        check.rows(predictions=y_hat, y=y)
        if max(exponent(y), exponent(y_hat)) > 900:  # in this unit, a power of two, no sum overflows
            y, y_hat = np.ldexp(y, -100), np.ldexp(y_hat, -100)
        missed, spread = lengths(np.column_stack((y - y_hat, centred(y)[0])))
        if spread == 0:
            return 1.0 if missed == 0 else 0.0
        with np.errstate(over="ignore", under="ignore"):
            return float(1 - (missed / spread) ** 2)


class Classifier(Parameters):
    """Base of the classifiers: labels, `predict` and `score`. A subclass brings `fit` and `predict_proba`.

    Attributes
    ----------
    classes_ : ndarray, shape (K,)
        The labels met at fit, sorted: numbers or text, as they were given. Column k of `predict_proba`
        belongs to ``classes_[k]``.
    """

    _kind = "classifier"

    def _encode(self, y):
        """Return the distinct labels in `y`, sorted, and `y` as their numbers 0 … K − 1: (K,), (m,) of int.

        Raises
        ------
        ValueError
            `y` is no vector of labels (see `check.labels`), they are all the same, or too many.
        """
        classes, codes = np.unique(check.labels(y), return_inverse=True)
        what, got = "y must hold at least two classes to tell apart", f"one class only, {classes[0].item()!r}"
        check.expect(len(classes) > 1, what, got)
        what = "Only binary classification is supported. y must hold two classes"
        got, hint = f"{len(classes)}: {classes.tolist()!r:.80}", "Use SoftmaxRegression for more."
        check.expect(len(classes) == 2 or not self._binary, what, got, hint)
        return classes, codes

    def predict(self, X):
        """Return the most probable label of each row of `X` (m, d), shape (m,); the first of equals."""
        pi = self.predict_proba(X)  # (m, K); before fit, this is what complains
        return self.classes_[pi.argmax(axis=1)]

    def score(self, X, y):
        """Accuracy: the share of rows whose label is predicted right.

        Parameters
        ----------
        X : array_like, shape (m, d)
        y : array_like, shape (m,)
            Labels from among `classes_`.

        Returns
        -------
        float
            From 0 to 1.

        Raises
        ------
        ValueError
            Bad `X` or `y`, lengths that differ, or a label that was not met at fit.
        """
        y_hat, y = self.predict(X), check.labels(y)
        check.rows(predictions=y_hat, y=y)
        known = set(self.classes_.tolist())
        unknown, what = [label for label in y.tolist() if label not in known], "y must hold labels met at fit"
        if unknown:
            raise ValueError(f"{what}, from {self.classes_!r:.80}; got {unknown[0]!r:.80}.")
        return float(np.mean(y == y_hat))
