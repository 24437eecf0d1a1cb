"""What all estimators share: parameters by name, a score, a readable `repr`, and scikit-learn's protocol.

The constructor of an estimator only stores its arguments, untouched and under their own names; `fit` checks
them. That is all scikit-learn asks of an object that is to be cloned, put in a pipeline or searched over, so
its tools work on these classes although mlcore never imports it.
"""

import numpy as np

from ._checks import check_vector


class Parameters:
    """Constructor arguments by name: `get_params`, `set_params`, `repr`. For estimators and transformers."""

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
        if unknown:
            raise ValueError(f"parameters of {type(self).__name__} must be among {valid}; got {unknown}.")
        for name, value in params.items():
            setattr(self, name, value)
        return self

    def __repr__(self):
        def show(value):
            return f"<array {value.shape}>" if isinstance(value, np.ndarray) else f"{value!r}"

        return f"{type(self).__name__}({', '.join(f'{k}={show(v)}' for k, v in self.get_params().items())})"

    def __sklearn_tags__(self):
        """What scikit-learn wants to know of the object; only scikit-learn calls this."""
        from sklearn.utils import Tags, TargetTags, TransformerTags

        return Tags(estimator_type=None, target_tags=TargetTags(required=False),
                    transformer_tags=TransformerTags() if hasattr(self, "transform") else None)


class Estimator(Parameters):
    """Base of the regressors: `Parameters` and a `score`. A subclass brings `fit(X, y)` and `predict(X)`."""

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
            Where `y` is constant the ratio means nothing: 1.0 if every prediction is exact, otherwise 0.0.

        Raises
        ------
        ValueError
            Bad `X` or `y`, or lengths that differ.
        """
        y, y_hat = check_vector(y), self.predict(X)
        if len(y) != len(y_hat):
            raise ValueError(f"X and y must have the same number of rows; got {len(y_hat)} and {len(y)}.")
        rss, tss = np.sum((y - y_hat) ** 2), np.sum((y - y.mean()) ** 2)
        if tss == 0:
            return 1.0 if rss == 0 else 0.0
        return float(1 - rss / tss)

    def __sklearn_tags__(self):
        """What scikit-learn wants to know of a regressor; only scikit-learn calls this."""
        from sklearn.utils import RegressorTags, TargetTags

        tags = super().__sklearn_tags__()
        tags.estimator_type, tags.regressor_tags = "regressor", RegressorTags()
        tags.target_tags = TargetTags(required=True)
        return tags
