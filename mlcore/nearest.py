"""The first learners of the book: a rule with one number, and the nearest mean for many classes."""

import numpy as np


def left_share(X):
    """Share of the ink of each 8 by 8 image in its left half: (m,), from `X` (m, 64)."""
    grid = X.reshape(-1, 8, 8)
    return grid[:, :, :4].sum(axis=(1, 2)) / grid.sum(axis=(1, 2))


def class_means(X, y, K):
    """The mean example of each of the classes 0 … K − 1, none empty: θ (K, d), from `X` (m, d), `y` (m,)."""
    return np.array([X[y == k].mean(axis=0) for k in range(K)])  # (eq-class-means)


def nearest_mean(theta, X):
    """The class whose mean in `theta` (K, d) is nearest to each row of `X` (m, d): ŷ (m,)."""
    distance = np.sum((X[:, None, :] - theta) ** 2, axis=2)  # (m, K)
    return distance.argmin(axis=1)  # (eq-nearest-mean)
