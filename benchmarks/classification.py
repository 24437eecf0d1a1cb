"""Logistic and softmax regression beside scikit-learn, with the penalty that is its default, C = 1."""

import numpy as np

import mlcore
from mlcore.datasets import load_digits

from .harness import Case

DELTA = np.sqrt(0.5)  # C = 1/(2δ²) = 1


def largest_gradient(objective, *thetas):
    """The largest |gradient| at each θ, as a part of that at θ = 0: what is left to descend."""
    at_zero = np.abs(objective.grad(np.zeros_like(thetas[0]))).max()
    return [np.abs(objective.grad(theta)).max() / at_zero for theta in thetas]


def standardised(X):
    return mlcore.StandardScaler().fit_transform(X)


def breast_cancer():
    from sklearn.datasets import load_breast_cancer

    X, y = load_breast_cancer(return_X_y=True)
    return standardised(X), y


def two_classes(m, d):
    """Correlated columns, and labels drawn with the probabilities of a known θ."""
    rng = np.random.default_rng(1)
    X = standardised(rng.normal(size=(m, d)) @ (np.eye(d) + rng.normal(size=(d, d)) / (2 * np.sqrt(d))))
    p = mlcore.sigmoid(X @ rng.normal(size=d) * 2 / np.sqrt(d) - 0.5)
    return X, (rng.random(m) < p).astype(int)


def logistic(data, *arguments, tol=1e-4):
    """Newton's method on both sides; `tol` is the peer's, and its default."""

    def build():
        from sklearn.linear_model import LogisticRegression

        X, y = data(*arguments)
        ours, peer = mlcore.LogisticRegression(DELTA), LogisticRegression(solver="newton-cholesky", tol=tol)
        objective = mlcore.LogisticNLL(X, y, DELTA)

        def errors(ours, peer):
            return largest_gradient(objective, ours.theta_, np.append(peer.intercept_, peer.coef_))

        return lambda: ours.fit(X, y), lambda: peer.fit(X, y), errors

    return build


def digits(m, method):
    """Ten classes of 8 × 8 pixels, the first `m` pictures."""

    def build():
        from sklearn.linear_model import LogisticRegression

        data = load_digits()
        X, y = np.asarray(data.X[:m], dtype=float) / 16, data.y[:m]
        ours = mlcore.SoftmaxRegression(DELTA, method=method)
        peer = LogisticRegression(solver="lbfgs", max_iter=1000)
        objective = mlcore.SoftmaxNLL(X, mlcore.one_hot(y, 10), DELTA)

        def errors(ours, peer):
            return largest_gradient(objective, ours.theta_, np.vstack((peer.intercept_, peer.coef_.T)))

        return lambda: ours.fit(X, y), lambda: peer.fit(X, y), errors

    return build


def cases(quick=False):
    """The rows on classifiers; sizes for a trial run if `quick`."""
    left = "largest gradient, relative to that at θ = 0"
    yield Case(
        "logistic regression, 569 × 30 (breast cancer)",
        "scikit-learn newton-cholesky",
        0.7,
        logistic(two_classes, 40, 3) if quick else logistic(breast_cancer),
        left,
    )
    size = (60, 4) if quick else (10_000, 100)
    yield Case(
        "logistic regression, 10,000 × 100",
        "scikit-learn newton-cholesky",
        0.7,
        logistic(two_classes, *size),
        left,
    )
    yield Case(
        "logistic regression, 10,000 × 100",
        "scikit-learn newton-cholesky, tol=1e-8",
        None,
        logistic(two_classes, *size, tol=1e-8),
        left,
    )
    yield Case(
        "softmax regression, 1,797 × 64, 10 classes (digits)",
        "scikit-learn lbfgs",
        0.7,
        digits(100 if quick else None, "lbfgs"),
        left,
    )
