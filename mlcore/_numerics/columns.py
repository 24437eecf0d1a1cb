"""What ridge and lasso share: columns without their means, and fewer rows with the same geometry."""

import numpy as np

from .._checks import check_X_y

EPS = np.finfo(np.float64).eps


def centred(A, name="X"):
    """Return `A` (m, d) or (m,) minus its column means, and the means; a constant column becomes exact zeros.

    A free intercept is the same as centred columns: whatever the slopes, the best θ₀ makes the mean residual
    zero.
    """
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):  # units too large are refused below
        mean = A.mean(axis=0)
        Ac = A - mean
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
        raise ValueError(
            f"{name} must be in units in which its squares stay within float64 "
            f"(1e-150 < |x| < 1e150); got a spread of {np.abs(Ac).max():g}. Standardise first."
        )
    return Ac, mean


def centred_X_y(X, y):
    """Return Xc (m, d), yc (m,), the column means of `X` (d,) and the mean of `y`."""
    (Xc, x_mean), (yc, y_mean) = centred(X), centred(y, name="y")
    return Xc, yc, x_mean, y_mean


def blocks(X, origin):
    """Yield which rows, and these rows of X − `origin` (k, d), by blocks that fit in the cache.

    The next block is written over the last.
    """
    m, d = X.shape
    k = min(m, max(2**16 // d, 2 * d))  # with fewer rows, adding up products (d, d) costs more than they
    Z, base = np.empty((k, d)), np.tile(origin, (k, 1))  # equal shapes subtract faster than a row does
    for i in range(0, m, k):
        n = min(k, m - i)
        yield slice(i, i + n), np.subtract(X[i : i + n], base[:n], out=Z[:n])


def gram(X, y):
    """Products of the centred columns, in one pass over m > d rows and without a centred copy.

    Returns
    -------
    G (d, d), b (d,), yy, x_mean (d,), y_mean
        XᵀX, Xᵀy and yᵀy of the centred data, and the means. All NaN, which no condition number lets pass,
        where they would not be good to some 15 digits, or something in `X` or `y` is not finite.

    Notes
    -----
    XᵀX − m x̄x̄ᵀ cancels all digits if the mean is large. Seen from an origin near the mean (that of a few
    rows from all over the data) next to nothing is left to take off, and how much it was is looked at.
    """
    m = len(y)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        y_mean = y.mean()
        yc = y - y_mean  # (m,)
        # the first row plus a mean of differences, so that a constant column becomes exact zeros
        origin = X[0] + (X[:: max(1, m // 64)] - X[0]).mean(axis=0)
        t = np.stack((yc, np.ones(m)))  # (2, m)
        G, B = 0.0, 0.0
        for rows, Z in blocks(X, origin):
            G, B = G + Z.T @ Z, B + t[:, rows] @ Z  # (d, d), (2, d)
        drift = B[1] / m  # (d,): mean − origin
        before, x_mean = np.diag(G), origin + drift
        G, b, yy = G - m * np.outer(drift, drift), B[0] - yc.sum() * drift, yc @ yc
        after = np.diag(G)
        good = (before <= 16 * after) & (after >= m * (1e-10 * x_mean) ** 2) | (before == 0)
        good_y = yy >= m * (1e-10 * y_mean) ** 2
    if not (np.all(good) and good_y and 1e-280 < after.max() < 1e280 and 1e-280 < yy < 1e280):
        G, b, yy, x_mean, y_mean = (np.full_like(a, np.nan) for a in (G, b, yy, x_mean, y_mean))
    return G, b, yy, x_mean, y_mean


def gram_is_safe(A):
    """Whether solving with the symmetric matrix `A` costs two decimal digits at most (its columns scaled)."""
    unit = np.sqrt(np.diag(A))
    if not np.all(unit > 0):
        return False
    eigenvalues = np.linalg.eigvalsh(A / np.outer(unit, unit))
    return eigenvalues[-1] < 100 * eigenvalues[0]


def compressed(X, y):
    """R (n, d), z (n,) in d + 1 rows or fewer with the RᵀR = XᵀX, Rᵀz = Xᵀy, zᵀz = yᵀy of the centred data.

    Penalised least squares sees no more of the data than these, and the means, which come third and fourth.
    [R z] is the triangle of a QR factorisation of [X y]; for nearly orthogonal columns the Cholesky factor of
    XᵀX is as good, and quicker. This is also where NaN and inf are found, if nobody has looked for them.
    """
    m, d = X.shape
    if m > d:
        G, b, yy, x_mean, y_mean = gram(X, y)
        if gram_is_safe(G):
            L = np.linalg.cholesky(G)  # (d, d)
            z = np.linalg.solve(L, b)  # (d,)
            rest = np.sqrt(max(yy - z @ z, 0.0))  # what no slopes can fit
            return np.vstack((L.T, np.zeros(d))), np.append(z, rest), x_mean, y_mean
    Xc, yc, x_mean, y_mean = centred_X_y(*check_X_y(X, y))
    if m <= d + 1:
        return Xc, yc, x_mean, y_mean
    R = np.linalg.qr(np.column_stack((Xc, yc)), mode="r")  # (d + 1, d + 1)
    return R[:, :d], R[:, d], x_mean, y_mean


def with_intercept(slopes, x_mean, y_mean):
    """Put θ₀ = ȳ − x̄ᵀθ in front of slopes (n, d): thetas (n, d + 1)."""
    return np.column_stack((y_mean - slopes @ x_mean, slopes))
