"""What ridge and lasso share: columns without their means, and fewer rows with the same geometry."""

import numpy as np

EPS = np.finfo(np.float64).eps


def centred(A, name="X"):
    """Return `A` (m, d) or (m,) minus its column means, and the means; a constant column becomes exact zeros.

    A free intercept is the same as centred columns: whatever the slopes, the best θ₀ makes the mean residual
    zero.
    """
    mean = A.mean(axis=0)
    Ac = A - mean
    with np.errstate(over="ignore", under="ignore"):
        spread = np.sqrt(np.einsum("i...,i...->...", Ac, Ac) / len(A))  # root mean square of a column
    rest = Ac.mean(axis=0)  # what rounding left of the mean
    if np.any(np.abs(rest) > 8 * EPS * np.maximum(np.abs(mean), spread)):
        Ac -= rest
        mean = mean + rest
    if np.any(spread <= 1e-10 * np.abs(mean)):
        constant = np.abs(Ac).max(axis=0) <= 8 * EPS * np.abs(A).max(axis=0)  # varies by its rounding only
        Ac, mean = np.where(constant, 0.0, Ac), np.where(constant, A[0], mean)
    # one tiny column among others is no matter of units: a narrow bump far from all points, say
    if not np.all(np.isfinite(spread)) or (np.max(spread) < 1e-150 and np.any(Ac)):
        raise ValueError(f"{name} must be in units in which its squares stay within float64 "
                         f"(1e-150 < |x| < 1e150); got a spread of {np.abs(Ac).max():g}. Standardise first.")
    return Ac, mean


def centred_X_y(X, y):
    """Return Xc (m, d), yc (m,), the column means of `X` (d,) and the mean of `y`."""
    (Xc, x_mean), (yc, y_mean) = centred(X), centred(y, name="y")
    return Xc, yc, x_mean, y_mean


def gram_is_safe(A):
    """Whether solving with the symmetric matrix `A` costs two decimal digits at most (its columns scaled)."""
    unit = np.sqrt(np.diag(A))
    if not np.all(unit > 0):
        return False
    eigenvalues = np.linalg.eigvalsh(A / np.outer(unit, unit))
    return eigenvalues[-1] < 100 * eigenvalues[0]


def compressed(Xc, yc):
    """R (n, d) and z (n,) in d + 1 rows or fewer, with the same RᵀR = XᵀX, Rᵀz = Xᵀy and zᵀz = yᵀy.

    Penalised least squares sees no more of the data than these. [R z] is the triangle of a QR factorisation
    of [X y]; for many rows of nearly orthogonal columns the Cholesky factor of XᵀX is as good, and quicker.
    """
    m, d = Xc.shape
    if m <= d + 1:
        return Xc, yc
    if m > 4 * d and gram_is_safe(G := Xc.T @ Xc):
        L = np.linalg.cholesky(G)  # (d, d)
        z = np.linalg.solve(L, Xc.T @ yc)  # (d,)
        rest = np.sqrt(max(yc @ yc - z @ z, 0.0))  # what no slopes can fit
        return np.vstack((L.T, np.zeros(d))), np.append(z, rest)
    R = np.linalg.qr(np.column_stack((Xc, yc)), mode="r")  # (d + 1, d + 1)
    return R[:, :d], R[:, d]


def with_intercept(slopes, x_mean, y_mean):
    """Put θ₀ = ȳ − x̄ᵀθ in front of slopes (n, d): thetas (n, d + 1)."""
    return np.column_stack((y_mean - slopes @ x_mean, slopes))
