"""How well does a fit predict what it has not seen: derived for a known truth, estimated from data alone.

All functions are the equations as the chapter on basis functions prints them. Predictions of least squares
and ridge regression are weighted sums of the targets; the weights give bias and variance without a
simulation. Where the truth is not known, data are put aside: `folds` and `cross_validate` do so in turn.
"""

import numpy as np


def prediction_weights(X, rows, delta):
    """w(x) for each of the `rows` (k, d), so that ŷ = W y after ridge on `X` (m, d) with δ ≥ 0: W (k, m)."""
    A = np.column_stack((np.ones(len(X)), X))  # (m, d + 1)
    a = np.column_stack((np.ones(len(rows)), rows))  # (k, d + 1)
    D = np.diag(np.append(0.0, np.ones(X.shape[1])))  # the intercept is free
    Q, R = np.linalg.qr(np.vstack((A, delta * D)))  # RᵀR = AᵀA + δ²D
    return np.linalg.solve(R.T, a.T).T @ Q[: len(X)].T  # (eq-weights)


def bias_and_variance(W, f, f_rows, sigma):
    """Bias and variance (k,) of the predictions W y, W (k, m): y is `f` (m,) + noise, the truth `f_rows`."""
    bias = W @ f - f_rows  # (eq-weights-moments)
    variance = sigma**2 * (W**2).sum(axis=1)  # (eq-weights-moments)
    return bias, variance


def folds(m, k, rng):
    """The numbers 0 … m − 1 in random order, dealt into `k` parts of nearly the same size."""
    return np.array_split(rng.permutation(m), k)


def cross_validate(fit, X, y, parts):
    """Residuals (m,): each part is predicted by a fit to the others; `fit(X, y)` returns a `predict`."""
    e = np.empty(len(y))
    for part in parts:
        rest = np.setdiff1d(np.arange(len(y)), part)
        predict = fit(X[rest], y[rest])  # whatever is learnt is learnt here
        e[part] = y[part] - predict(X[part])
    return e  # mean of e² is (eq-cross-validation)


def leave_blocks_out(H, y, blocks):
    """Residuals (m,) with a whole block left out at a time, for a fit ŷ = Hy by least squares or ridge."""
    e, missed = y - H @ y, np.empty(len(y))
    for F in blocks:
        H_FF = H[np.ix_(F, F)]  # (b, b)
        missed[F] = np.linalg.solve(np.eye(len(F)) - H_FF, e[F])  # (eq-loo-block)
    return missed


def rms(e):
    """Root of the mean square of residuals `e`, in the units of the target."""
    return np.sqrt(np.mean(np.square(e)))


def paired_difference(e1, e2):
    """Mean of e1² − e2² over the same m examples, and its standard error."""
    d = e1**2 - e2**2  # (m,)
    return d.mean(), d.std(ddof=1) / np.sqrt(len(d))  # (eq-paired)


def one_standard_error(squares):
    """The last row of `squares` (n, m) whose mean is within a standard error of the smallest mean."""
    means = squares.mean(axis=1)
    best = np.argmin(means)
    se = squares[best].std(ddof=1) / np.sqrt(squares.shape[1])
    return np.flatnonzero(means <= means[best] + se)[-1]  # (eq-one-se)


def reliability(pi, y, edges):
    """Of each band of predicted probabilities: how many (n,), their mean, and the share with y = 1.

    `edges` (n + 1,) rise from 0 to 1; an empty band has NaN.
    """
    band = np.digitize(pi, edges[1:-1])
    summed = [np.bincount(band, w, len(edges) - 1) for w in (np.ones(len(y)), pi, y)]
    count, said, found = summed
    with np.errstate(invalid="ignore"):  # 0/0
        return count, said / count, found / count


def roc_curve(pi, y):
    """False-positive rate and sensitivity as the threshold comes down past each example; no two pi equal."""
    hits = y[np.argsort(-pi)]  # the most suspect first
    false = np.cumsum(1 - hits) / np.sum(1 - hits)  # (eq-roc)
    true = np.cumsum(hits) / np.sum(hits)  # (eq-roc)
    return np.append(0, false), np.append(0, true)
