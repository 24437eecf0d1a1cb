"""What the linear models share: columns in safe units, without their means, and in fewer rows."""

import numpy as np

from .._checks import expect

EPS = np.finfo(np.float64).eps


def lengths(A):
    """Euclidean length of each column of `A` (m, d), whatever its unit: (d,)."""
    with np.errstate(over="ignore", under="ignore"):
        squared = np.einsum("ij,ij->j", A, A)
    if np.all((squared > 1e-280) & (squared < 1e280)):
        return np.sqrt(squared)
    return np.hypot.reduce(A, axis=0)


def exponent(A):
    """The k for which 2ᵏ is just above the largest |entry| of `A`: 2⁻ᵏA, which is exact, lies within ±1."""
    return int(np.frexp(max(A.max(), -A.min()))[1])


def within_range(A, power=900):
    """`A` in a unit, a power of two, that keeps its largest entry from 2⁻ᵖ to 2ᵖ, and the unit's exponent.

    That is `A` itself and 0, unless its entries are all tiny or one is huge.
    """
    k = exponent(A)
    k -= min(max(k, -power), power)
    if k == 0:
        return A, 0
    return np.ldexp(A, -k), k


def from_first_row(A):
    """`A` (m, d) or (m,) measured from a `start` near its entries, exactly, and that start (d,).

    It is the first row where all entries of a column are within its half (then differences of float64 numbers
    are float64 numbers), otherwise 0.
    """
    with np.errstate(over="ignore"):  # opposite ends of float64
        near = np.abs(A - A[0]).max(axis=0) <= np.abs(A[0]) / 2
    start = np.where(near, A[0], 0.0)
    return (A - start if near.any() else A), start


def in_units(thetas, power, size):
    """`thetas` (…, d + 1) times 2 to the `power` (d + 1,), or a ``ValueError`` if float64 cannot hold that.

    `size` (d,) is that of the columns, relative to that of y: where it is small, a slope may vanish.
    """
    with np.errstate(over="ignore", under="ignore"):
        result = np.ldexp(thetas, power)
        lost = size * np.abs(np.ldexp(result, -power) - thetas)[..., 1:]
    good = np.isfinite(result).all() and np.all(lost <= 1e-12)
    what = "X and y must be in units in which slopes, y per unit of X, stay within float64 (1e-308 to 1e308)"
    expect(good, what, "units in which they do not", "Standardise first.")
    return result


def expect_alike(good, length):
    """Unless it is `good`, refuse centred columns of this `length` (d,): the long drown the short."""
    what = "columns of X must be in units that are more alike, or the short ones drown"
    got = f"centred columns with lengths from {length.min():g} to {length.max():g}"
    expect(good, what, got, "Standardise first.")


def centred(A):
    """Return `A` (m, d) or (m,) minus its column means, and the means; a constant column becomes exact zeros.

    A free intercept is the same as centred columns: whatever the slopes, the best θ₀ makes the mean residual
    zero. The first row is taken off first: exactly, where a column is far from 0 for its spread, so that no
    digit is lost however far that is.
    """
    Ac = A - A[0]
    shift = Ac.mean(axis=0)
    Ac -= shift
    rest = Ac.mean(axis=0)  # what rounding left of the mean
    Ac -= rest
    return Ac, A[0] + (shift + rest)


def centred_X_y(X, y):
    """Return Xc (m, d), yc (m,), the column means of `X` (d,) and the mean of `y`, for work with squares."""
    with np.errstate(over="ignore", invalid="ignore"):  # units too large are refused next
        (Xc, x_mean), (yc, y_mean) = centred(X), centred(y)
    for A, name in ((Xc, "X"), (yc, "y")):
        largest = np.abs(A).max()
        # one tiny column among others is no matter of units: a narrow bump far from all points, say
        what = f"{name} must be in units in which its squares stay within float64 (1e-150 < |x| < 1e150)"
        got = f"deviations from the mean up to {largest:g}"
        expect(largest == 0 or 1e-150 < largest < 1e150, what, got, "Standardise first.")
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
    """Products of the centred columns, in one pass over the rows and without a centred copy.

    Returns
    -------
    G (d, d), b (d,), yy, origin (d,), drift (d,), y_mean
        XᵀX, Xᵀy and yᵀy of the centred data, and the means; those of `X` are origin + drift, and X − origin
        loses no digits. None where the products would not be good to some 15 digits, or not m > d.

    Notes
    -----
    XᵀX − m x̄x̄ᵀ cancels all digits if the mean is large. Seen from an origin near the mean (that of a few
    rows from all over the data) next to nothing is left to take off, and how much it was is looked at.
    """
    if (m := len(y)) <= X.shape[1]:
        return None
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        y_mean = y.mean()
        yc = y - y_mean  # (m,)
        # the first row plus a mean of differences, so that a constant column becomes exact zeros
        origin = X[0] + (X[:: max(1, m // 64)] - X[0]).mean(axis=0)
        G, b, total = 0.0, 0.0, 0.0
        for rows, Z in blocks(X, origin):
            G, b, total = G + Z.T @ Z, b + yc[rows] @ Z, total + Z.sum(axis=0)  # (d, d), (d,), (d,)
        drift, before = total / m, np.diag(G)  # (d,): mean − origin
        G, b, yy = G - m * np.outer(drift, drift), b - yc.sum() * drift, yc @ yc
        after = np.diag(G)
        good = (before <= 16 * after) & (after >= m * (1e-10 * origin) ** 2) | (before == 0)
        good_y = yy >= m * (1e-10 * y_mean) ** 2
    if not (np.all(good) and good_y and 1e-280 < after.max() < 1e280 and 1e-280 < yy < 1e280):
        return None
    return G, b, yy, origin, drift, y_mean


def is_safe(A, cost=100):
    """Whether solving with the symmetric matrix `A` costs two decimal digits at most (its columns scaled).

    Where a solution is corrected by the next, as in Newton's method, a larger `cost` is as good.
    """
    unit = np.sqrt(np.diag(A))
    if not np.all((unit > 1e-140) & (unit < np.inf)):
        return False
    eigenvalues = np.linalg.eigvalsh(A / np.outer(unit, unit))
    return eigenvalues[-1] < cost * eigenvalues[0]


def triangle_by_products(X, y):
    """R (n, d), z (n,) in d + 1 rows with the RᵀR = XᵀX, Rᵀz = Xᵀy, zᵀz = yᵀy of the centred data.

    Penalised least squares sees no more of the data than these, and the means, which come third and fourth.
    Here R is the Cholesky factor of XᵀX: quick, and as good as that of QR for nearly orthogonal columns. None
    where the products would cost digits, or are beyond float64.
    """
    products = gram(X, y)
    if products is None or not is_safe(products[0]):
        return None
    G, b, yy, origin, drift, y_mean = products
    L = np.linalg.cholesky(G)  # (d, d)
    # turned round, L is an upper triangle, of which `solve` exchanges no rows: columns may have any units
    z = np.linalg.solve(L[::-1, ::-1], b[::-1])[::-1]  # (d,)
    rest = np.sqrt(max(yy - z @ z, 0.0))  # what no slopes can fit
    return np.vstack((L.T, np.zeros(len(b)))), np.append(z, rest), origin + drift, y_mean


def triangle_by_qr(X, y):
    """As `triangle_by_products`, by QR of [X y]; in m rows if these are fewer."""
    (m, d), (Xc, yc, x_mean, y_mean) = X.shape, centred_X_y(X, y)
    if m <= d + 1:
        return Xc, yc, x_mean, y_mean
    R = np.linalg.qr(np.column_stack((Xc, yc)), mode="r")  # (d + 1, d + 1)
    return R[:, :d], R[:, d], x_mean, y_mean


def few_rows(X, y, quick=True):
    """As `triangle_by_products` or, where that will not do, `triangle_by_qr`; and powers of two.

    They are the units of `X` and `y` in which this is, so that squares stay within float64. If not `quick`,
    the products are not tried.
    """
    if quick and (few := triangle_by_products(X, y)):
        return few, 0, 0
    (X, power_X), (y, power_y) = within_range(X, 450), within_range(y, 0)
    return triangle_by_qr(X, y), power_X, power_y
