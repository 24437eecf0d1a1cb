"""The nearest mean: the smallest learner that tells many classes apart, and the first of the book."""

import numpy as np


def class_means(X, y, K):
    """The mean example of each of the classes 0 … K − 1: θ (K, d), from `X` (m, d) and `y` (m,)."""
    return np.array([X[y == k].mean(axis=0) for k in range(K)])  # (eq-class-means)


def nearest_mean(theta, X):
    """The class whose mean in `theta` (K, d) is nearest to each row of `X` (m, d): ŷ (m,)."""
    distance = np.sum((X[:, None, :] - theta) ** 2, axis=2)  # (m, K)
    return distance.argmin(axis=1)  # (eq-nearest-mean)
