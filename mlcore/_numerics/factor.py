"""Columns factored: centred, scaled to one length, QR, the singular values of R, and what these say."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .._checks import RankDeficiencyWarning, warn
from .columns import EPS, centred, lengths

# Times √d. Rounding lifts the smallest singular value of dependent columns to 7 eps √d at most in thousands
# of random designs of all shapes; a raw polynomial of degree 10 on x from -9 to -3 has it at 900,000 eps √d.
RANK_TOLERANCE = 32 * EPS


@dataclass(frozen=True, eq=False)
class Factors:
    """The centred columns of an `X` (m, d) from orthonormal ones: X − mean = P S, and (X − mean) W = P.

    Attributes
    ----------
    mean : ndarray, shape (d,)
        Means of the columns.
    unit : ndarray, shape (d,)
        In this unit the centred columns are P diag(s) Vᵀ.
    P, s, V : ndarray, shapes (m, k), (k,), (d, k)
        Orthonormal columns, at right angles to the constant, that span the centred ones, singular values and
        directions. k is the rank.
    """

    mean: np.ndarray
    unit: np.ndarray
    P: np.ndarray
    s: np.ndarray
    V: np.ndarray

    @property
    def S(self):
        """The centred columns in those of P: (k, d)."""
        return self.s[:, None] * self.V.T * self.unit

    @cached_property
    def W(self):
        """Slopes Wz for the columns of `X` predict what z does for those of `P`: (d, k).

        Where k < d many slopes do; these are the shortest, in the units of `X` (in units alike to 2²⁶, where
        they differ by more).
        """
        V, W = self.V, self.V / self.s
        if 0 < self.rank < len(V):
            # slopes from the row space of the centred columns, in their own units, are the shortest
            u = np.maximum(self.unit / self.unit.max(), 2.0**-26)[:, None]
            B, _ = np.linalg.qr(V * u)  # (d, k): a basis of it
            W = u * (B @ (B.T @ (W / u)))
            for _ in range(2):  # that was rounded in the largest unit; corrected until diag(s) VᵀW = I
                W = W @ (2 * np.eye(self.rank) - self.s[:, None] * (V.T @ W))
        with np.errstate(over="ignore"):  # where columns are so short, slopes may be beyond float64
            return W / self.unit[:, None]

    @property
    def rank(self):
        """Rank k of the centred columns: that of [1 X], less one."""
        return len(self.s)

    def warn_if_dependent(self):
        """Say so where [1 X] has linearly dependent columns."""
        if self.rank < (d := len(self.mean)):
            what = f"[1 X] has rank {self.rank + 1}, but {d + 1} columns, the constant included"
            why = "to rounding, some are constant or sums of multiples of others, so many θ fit equally well"
            which = "The one with the shortest slopes is taken; single coefficients mean nothing"
            cure = "Leave columns out, or take a penalty δ > 0."
            warn(f"{what}: {why}. {which}. {cure}", RankDeficiencyWarning)


def factor(X, length=None):
    """Factor the columns of finite `X` (m, d), centred: see `Factors`.

    Rounding disturbs each entry of a column by about one part in 2⁵³ of the column's length before centring
    (of `length` (d,), if that is given). In units in which these lengths are 1, one tolerance tells dependent
    columns from nearly dependent ones [1]_: a singular value at the level of rounding means a direction that
    the data do not determine.

    References
    ----------
    .. [1] G. W. Stewart, "Rank degeneracy", SIAM J. Sci. Stat. Comput. 5 (1984), 403-413.
    """
    Xc, mean = centred(X)
    return factor_centred(Xc, mean, lengths(X) if length is None else length)


def factor_centred(Xc, mean, length):
    """Factor columns `Xc` (m, d) from which the `mean` (d,) has been taken: see `factor`."""
    d, unit = len(length), lengths(Xc)  # the unit that keeps most digits: its columns are all of length 1
    unit = np.where(unit > 0, unit, np.where(length > 0, length, 1.0))
    share = unit / np.maximum(length, unit)  # of its length that centring left of a column
    Q, R = np.linalg.qr(Xc / unit)  # (m, n), (n, d) with n = min(m, d)
    U, s, Vt = np.linalg.svd(R, full_matrices=False)
    tolerance = RANK_TOLERANCE * np.sqrt(d)
    k = int(np.sum(s > tolerance))
    if k and s[k - 1] * share.min() <= tolerance:  # may some of these come from the rounding of long columns?
        alike = np.linalg.svd(R * share, full_matrices=False)
        determined = int(np.sum(alike[1] > tolerance))
        if determined < k:
            k, (U, s, Vt), unit = determined, alike, unit / share
    return Factors(mean, unit, Q @ U[:, :k], s[:k], Vt[:k].T)
