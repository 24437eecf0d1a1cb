"""Ridge regression from few rows and one singular value decomposition: what runs behind `mlcore.ridge`."""

import numpy as np

from .._checks import expect
from .columns import EPS, centred_X_y, expect_alike, few_rows, gram, in_units, is_safe, lengths, within_range
from .factor import RANK_TOLERANCE, factor_centred


def solve(X, y, delta):
    """θ̂ (d + 1,) for one δ > 0: from the products of the centred columns, where these will do."""
    products = gram(X, y) if 1e-140 < delta < 1e140 else None
    if products is not None:
        G, b, _, origin, drift, y_mean = products  # XᵀX (d, d), Xᵀy (d,) of the centred columns
        A = G + delta**2 * np.eye(len(b))
        if is_safe(A):
            unit = np.sqrt(np.diag(A))  # in which all columns are alike
            slopes = np.linalg.solve(A / np.outer(unit, unit), b / unit) / unit
            return np.append(y_mean - drift @ slopes - origin @ slopes, slopes)
    return path(X, y, np.array([delta]), quick=False)[0]


def path(X, y, deltas, quick=True):
    """θ̂ (n, d + 1) for all `deltas` (n,) > 0; if not `quick`, without the products of the columns."""
    (R, z, x_mean, y_mean), power_X, power_y = few_rows(X, y, quick)  # (n, d), (n,): d + 1 rows at most
    delta = _in_unit(deltas, power_X)
    U, s, V = svd(R, delta.min())  # (n, k), (k,), (d, k)
    h = np.hypot(s, delta)  # (n_deltas, k): s² + δ² = h² may be beyond float64
    slopes = (s / h / h * (U.T @ z)) @ V.T  # (n_deltas, d)
    power = np.append(power_y, np.full(X.shape[1], power_y - power_X))
    size = np.abs(R).max(axis=0) / (np.abs(z).max() or 1.0)
    return in_units(np.column_stack((y_mean - slopes @ x_mean, slopes)), power, size)


def degrees_of_freedom(X, deltas):
    """Σⱼ sⱼ²/(sⱼ² + δ²) for all `deltas`: (n,)."""
    (R, _, x_mean, _), power_X, _ = few_rows(X, X[:, 0])  # any y will do
    delta = _in_unit(deltas, power_X)
    _, s, _ = svd(R, delta.min(), np.any(deltas == 0) * np.sqrt(len(X)) * x_mean)
    return ((s / np.hypot(s, delta)) ** 2).sum(axis=1)


def left_out(X, y, deltas):
    """Numerator and denominator of the leave-one-out residuals, and the rank of the centred columns.

    Returns
    -------
    e, one_minus_h : ndarray, shape (n, m)
        Residuals and 1 − h, from the part of the data that the fit does not explain: 1 − h would lose its
        digits to cancellation where h is close to 1. For points with h = 1 at δ = 0 both are divided by δ²,
        so that the ratio is right for δ = 0 too, as the limit.
    k : int
    """
    expect((m := len(y)) > 1, "X must have at least two rows to leave one out", "one")
    (X, power_X), (y, power_y) = within_range(X, 450), within_range(y, 0)
    delta = _in_unit(deltas, power_X)
    Xc, yc, x_mean, _ = centred_X_y(X, y)  # (m, d), (m,)
    # Rotate the constant vector onto the first axis: centred columns have no part along it; m - 1 rows remain
    R = Xc[1:] + Xc[0] / (np.sqrt(m) - 1)
    U, s, _ = svd(R, delta.min(), np.any(deltas == 0) * np.sqrt(m) * x_mean)  # (m - 1, k), (k,)
    U = np.vstack((U.sum(axis=0) / np.sqrt(m), U - U.sum(axis=0) / (m - np.sqrt(m))))  # (m, k), rotated back
    b = U.T @ yc  # (k,)
    e_outside, outside = outside_of(U, yc)  # (m,), (m,): what remains for δ = 0
    pinned = outside <= (8 * m * EPS) ** 2  # nothing, whatever y is there
    e_outside[pinned] = outside[pinned] = 0.0
    h = np.hypot(s, delta)  # (n, k)
    held = (delta / h) ** 2  # (n, k): what δ leaves along each column of U, δ²/(s² + δ²)
    e, one_minus_h = e_outside + (held * b) @ U.T, outside + held @ U.T**2
    if pinned.any():
        held = (h.min(axis=1, keepdims=True) / h) ** 2  # in proportion, and not 0 for δ = 0
        e[:, pinned], one_minus_h[:, pinned] = (held * b) @ U[pinned].T, held @ U[pinned].T ** 2
    return np.ldexp(e, power_y), one_minus_h, len(s)


def left_out_symmetric(Phi, y, deltas):
    """Leave-one-out residuals (n_deltas, m) for features `Phi` (m, m) that are a symmetric matrix, δ > 0.

    With M = Φ² + δ²I the residuals are e = δ²M⁻¹(y − θ₀), where θ₀ makes them add up to 0, and what the
    leverages leave of 1 is the diagonal of δ²(M⁻¹ − M⁻¹11ᵀM⁻¹/1ᵀM⁻¹1). One Φ = V diag(s) Vᵀ does for all δ.
    """
    s, V = np.linalg.eigh(Phi)  # (m,), (m, m): a third of the work of an SVD
    w = 1 / (s**2 + deltas[:, None] ** 2)  # (n, m): M⁻¹ = V diag(w) Vᵀ
    by_y, by_one = (w * (V.T @ t) @ V.T for t in (y - y.mean(), np.ones(len(y))))  # M⁻¹y, M⁻¹1: (n, m)
    total = by_one.sum(axis=1, keepdims=True)  # (n, 1)
    e = by_y - by_one * by_y.sum(axis=1, keepdims=True) / total
    return e / (w @ (V**2).T - by_one**2 / total)  # δ² cancelled


def _in_unit(deltas, power):
    """`deltas` (n,) in the unit 2^`power`, as a column (n, 1)."""
    with np.errstate(over="ignore"):  # a larger δ does nothing that 1e300 does not
        return np.minimum(np.ldexp(deltas, -power), 1e300)[:, None]


def svd(Xc, least, offset=0.0):
    """Thin SVD of centred columns `Xc` (m, d), without the directions in which they are dependent.

    With their `offset` (d,), √m times the means, the rank k is the one that `LinearRegression` finds, the
    constant not counted; without it the columns are taken to be exact, however far from 0 they were. Returns
    U (m, k), s (k,), V (d, k).

    The QR factorisation with the longest columns first keeps the small singular values of columns in very
    different units (a raw polynomial, say) accurate, which the SVD alone would drown in the rounding of the
    large ones. Where it does not, and the strength `least` does not hide it, that is a ``ValueError``.
    """
    (m, d), length = Xc.shape, lengths(Xc)
    order, unit = np.argsort(-length), np.hypot(length, offset)
    P = None
    if m >= d and np.all(length > 0):
        P, R = np.linalg.qr(Xc[:, order])  # (m, d), (d, d)
        alike = np.linalg.svd(R / unit[order], compute_uv=False)
    if P is None or alike[-1] <= RANK_TOLERANCE * np.sqrt(d):  # dependent columns
        factors = factor_centred(Xc, 0 * length, unit)
        Q, R = np.linalg.qr(factors.S[:, order])  # (k, k), (k, d)
        P = factors.P @ Q
    U, s, Vt = np.linalg.svd(R, full_matrices=False)
    lost = np.any(lengths(R - (U * s) @ Vt) > np.maximum(1e-8 * length[order], 1e-4 * least))
    expect_alike(not lost, length)
    V = np.empty_like(Vt.T)
    V[order] = Vt.T
    return P @ U, s, V


def outside_of(U, yc):
    """Residuals of `yc` (m,) after a fit of the constant and the columns of `U` (m, k); 1 − h: (m,), (m,)."""
    m = len(yc)
    e, outside = yc - U @ (U.T @ yc), 1 - 1 / m - (U**2).sum(axis=1)
    near = np.flatnonzero(outside < 0.01)  # few unless k is close to m: here the difference has lost digits
    P = -1 / m - U[near] @ U.T
    P[np.arange(len(near)), near] += 1  # rows of the projection onto the residuals
    e[near], outside[near] = P @ yc, (P**2).sum(axis=1)
    return e, outside
