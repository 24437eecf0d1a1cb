"""Whether hyperplanes separate classes: directions along which a likelihood rises for ever."""

import numpy as np


def recession(X, codes, K):
    """Directions in which no row moves towards a wrong class and some move away from one.

    Parameters
    ----------
    X : ndarray, shape (m, d)
    codes : ndarray, shape (m,), int
        Classes 0 … K − 1.
    K : int

    Returns
    -------
    list of (ndarray, shape (d + 1, K), and ndarray, shape (m, K), of bool)
        Each direction, and where it takes the probability of a class to 0. What one of them has moved counts
        no more for those after it. Empty if the likelihood has a maximum.

    Notes
    -----
    With b for the scores of a row's own class less those of another one, as a linear function of θ, exactly
    one of these exists: weights λ ≥ 1 with Σλb = 0, or a direction v with b·v ≥ 0 for all b and > 0 for
    some (Stiemke 1915). Non-negative least squares, min ‖Σλb‖ over λ ≥ 1, finds either: what is left of the
    sum is such a v. The active-set method is that of Lawson and Hanson, "Solving least squares problems"
    (1974), chapter 23. Rows count by their direction alone, so that far-off ones do no harm.
    """
    middle = np.median(X, axis=0)
    Z = X - middle  # exact for whole numbers, as a mean would not be
    unit = np.median(np.abs(Z), axis=0)
    most = np.abs(Z).max(axis=0)
    unit = np.where(unit > 0, np.maximum(unit, 2.0**-27 * most), most)  # most points may lie far from a bump
    unit = np.exp2(np.round(np.log2(np.where(unit > 0, unit, 1.0))))  # powers of 2: nothing is rounded
    A = np.column_stack((np.ones(len(Z)), Z / unit))
    A /= np.sqrt(2 * np.einsum("ij,ij->i", A, A))[:, None]
    own = np.arange(K) == codes[:, None]  # (m, K)
    found, left = [], ~own
    while left.any() and (v := _direction(A, codes, own, left)) is not None:
        v, moved = v
        left = left & ~moved
        slopes = v[1:] / unit[:, None]
        found.append((np.vstack((v[0] - middle @ slopes, slopes)), moved))
    return found


def _direction(A, codes, own, left):
    """One such direction (d + 1, K) and what it moves (m, K), among the pairs `left` (m, K); or None."""

    def total(weights):  # Σλb, (d + 1, K)
        return A.T @ (own * weights.sum(axis=1, keepdims=True) - weights)

    start, chosen, weights = total(left.astype(float)), [], np.zeros(0)
    rows = np.zeros((0, start.size))
    for _ in range(10 * start.size):
        r = (start.ravel() + weights @ rows).reshape(start.shape)
        z = A @ r
        gain = np.where(left, z[own][:, None] - z, 0.0)  # b·r, (m, K)
        noise = 1e-13 * (left.sum() + weights.sum())
        worst = int(gain.argmin())
        if gain.flat[worst] >= -noise or worst in chosen:
            return (r, gain > noise) if gain.max() > noise else None
        i, k = divmod(worst, own.shape[1])
        row = np.zeros(start.shape)
        row[:, codes[i]], row[:, k] = A[i], -A[i]
        chosen, rows, weights = [*chosen, worst], np.vstack((rows, row.ravel())), np.append(weights, 0.0)
        while len(chosen):
            best = np.linalg.lstsq(rows.T, -start.ravel())[0]
            if best.min() > 0:
                weights = best
                break
            step = np.where(best > 0, 1.0, np.maximum(weights - best, 1e-300))
            part = np.where(best > 0, np.inf, weights / step)
            weights = weights + part.min() * (best - weights)
            keep = (part > part.min()) & (weights > 0)
            chosen, rows, weights = [c for c, k in zip(chosen, keep) if k], rows[keep], weights[keep]
    return None
