"""What ridge and lasso share before they differ: columns without their means, and fewer rows with the same geometry."""

import numpy as np

EPS = np.finfo(np.float64).eps


def centred(A):
    """Return `A` (m, d) or (m,) minus its column means, and the means; a constant column becomes exactly zero.

    A free intercept is the same as centred columns: whatever the slopes, the best θ₀ makes the mean residual zero.
    """
    mean = A.mean(axis=0)
    Ac = A - mean
    rest = Ac.mean(axis=0)  # what rounding left of the mean
    Ac -= rest
    constant = np.abs(Ac).max(axis=0) <= 8 * EPS * np.abs(A).max(axis=0)  # varies by its own rounding only
    if np.any(constant):
        Ac *= ~constant
    return Ac, mean + rest


def centred_X_y(X, y):
    """Return Xc (m, d), yc (m,), the column means of `X` (d,) and the mean of `y`."""
    (Xc, x_mean), (yc, y_mean) = centred(X), centred(y)
    return Xc, yc, x_mean, y_mean


def lengths(X):
    """Lengths of the columns of `X` (m, d)."""
    squares = np.einsum("ij,ij->j", X, X)  # (d,)
    if not np.isfinite(squares).all():
        raise ValueError(f"the squares of X must stay within the range of float64 (about 1.8e308); "
                         f"got |x| up to {np.abs(X).max():g}. Standardise X first.")
    return np.sqrt(squares)


def compressed(Xc, yc):
    """At most d + 1 rows with the same XᵀX, Xᵀy and yᵀy as the m rows given: the R of the QR of [X y].

    All that a penalised least-squares fit sees of the data are lengths of columns and angles between them, and the
    rotation Qᵀ changes neither.
    """
    m, d = Xc.shape
    if m <= d + 1:
        return Xc, yc
    R = np.linalg.qr(np.column_stack((Xc, yc)), mode="r")  # (d + 1, d + 1)
    return R[:, :d], R[:, d]


def with_intercept(slopes, x_mean, y_mean):
    """Put θ₀ = ȳ − x̄ᵀθ in front of slopes (n, d): thetas (n, d + 1)."""
    return np.column_stack((y_mean - slopes @ x_mean, slopes))
