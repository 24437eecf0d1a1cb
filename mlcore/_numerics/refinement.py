"""Iterative refinement of least squares: θ̂ and the residuals together, with twice the digits.

`numpy.longdouble` would do on some machines and is plain float64 on others (Windows, macOS on ARM, browsers),
so the extra digits come from error-free transformations of float64 numbers [2]_, exact wherever float64 is.

References
----------
.. [1] Å. Björck, "Iterative refinement of linear least squares solutions I", BIT 7 (1967), 257-278.
.. [2] T. Ogita, S. M. Rump, S. Oishi, "Accurate sum and dot product", SIAM J. Sci. Comput. 26 (2005),
   1955-1988, algorithms 3.3 (TwoProduct) and 5.3 (Dot2).
"""

import numpy as np

from .columns import EPS, in_units


def twofold_matvec(A, b):
    """A @ b, rounded once from a sum carried with twice the digits of float64 (algorithm Dot2).

    `A` (m, n) and `b` (n,) must stay far from overflow: 134217729 times an entry is formed.
    """
    b1, b2 = _halves(b)
    result, block = np.empty(len(A)), max(1, 2**15 // max(1, A.shape[1]))
    for i in range(0, len(A), block):  # blocks that fit in the cache
        a = A[i : i + block]
        a1, a2 = _halves(a)
        p = a * b
        # exactly a·b = p + what is summed here (TwoProduct)
        error = (a2 * b2 - (((p - a1 * b1) - a2 * b1) - a1 * b2)).sum(axis=1)
        while p.shape[1] > 1:  # add in pairs, and collect what each addition rounds away (TwoSum)
            k = p.shape[1] // 2
            left, right, odd = p[:, :k], p[:, k : 2 * k], p[:, 2 * k :]
            total = left + right
            shadow = total - left
            error += ((left - (total - shadow)) + (right - shadow)).sum(axis=1)
            p = np.hstack((total, odd)) if odd.size else total
        result[i : i + block] = p[:, 0] + error
    return result


def _halves(a):
    """`a` as the exact sum of two numbers of 26 bits, whose products are exact (Veltkamp's splitting)."""
    c = 134217729.0 * a  # 2²⁷ + 1
    high = c - (c - a)
    return high, a - high


def refine(X, y, start, factors):
    """Least squares of `y` (m,) on [1 X], `X` (m, d), to the last digit, from `factors` good to a few.

    What is left of the equations y = r + [1 X]θ and [1 X]ᵀr = 0 is computed with twice the digits, and solved
    for with the factors [1]_.

    Parameters
    ----------
    X, y
        Measured from `start`.
    start : ndarray, shape (d + 1,)
        What has been taken off `y` and off the columns of `X`.
    factors : Factors
        Of `X`.

    Returns
    -------
    theta : ndarray, shape (d + 1,)
        θ̂ for the columns and the target as they were before.
    rms : float
        Root mean square of the residuals.
    """
    m = len(y)
    # powers of two, so exact: units as different as 1e-200 and 1e200 cannot overflow below
    largest = np.append(np.abs(y).max(), np.abs(X).max(axis=0))
    unit = np.frexp(np.where(largest > 0, largest, start))[1]
    start, y = np.ldexp(start, -unit), np.ldexp(y, -unit[0])
    A = np.column_stack((np.ones(m), np.ldexp(X, -unit[1:])))  # (m, d + 1)
    At, lengths = np.ascontiguousarray(A.T), np.sqrt(np.einsum("ij,ij->j", A, A))
    mean, P, W = np.ldexp(factors.mean, -unit[1:]), factors.P, np.ldexp(factors.W, unit[1:, None])

    def solve(f, g):
        """The θ and r of r + Aθ = f, Aᵀr = g; f = y, g = 0: the least-squares solution, residuals."""
        # f is centred: rounding turns P a little towards the constant if columns are nearly dependent
        z = P.T @ (f - f.mean()) - W.T @ (g[1:] - mean * g[0])
        shift, slopes = f.mean() - g[0] / m, W @ z
        return np.concatenate(([shift - mean @ slopes], slopes)), f - shift - P @ z

    theta, r = solve(y, np.zeros(A.shape[1]))
    last, step = np.linalg.norm(lengths * theta), 0 * theta
    for k in range(10):
        f = twofold_matvec(np.column_stack((y, r, A)), np.concatenate(([1, -1], -theta)))  # y − r − Aθ
        change, change_r = solve(f, -twofold_matvec(At, r))
        size = np.linalg.norm(lengths * change)
        if k > 0 and size >= last / 2:  # only rounding is left; but the first θ may have no right digit
            break
        before, theta, r = theta, theta + change, r + change_r
        step = change - (theta - before)  # what was rounded away
        # the next step would be, even if this one was a thousand times better than it should
        if 1000 * size * size <= EPS * last * np.linalg.norm(lengths * theta):
            break
        last = size
    terms = np.concatenate(([start[0], theta[0], step[0]], -start[1:], -start[1:]))
    theta[0] = twofold_matvec(terms[None], np.concatenate((np.ones(3), theta[1:], step[1:])))[0]
    theta = in_units(theta, unit[0] - np.append(0, unit[1:]), 1 + np.abs(start[1:]))
    return theta, float(np.ldexp(np.sqrt(r @ r / m), unit[0]))
