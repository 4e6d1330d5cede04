"""Rows with missing answers, gathered by which items they have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxlab.errors import DataError


@dataclass(frozen=True, eq=False)
class Patterns:
    """One group's rows by missing pattern, for R replicates.

    Attributes
    ----------
    mask : ndarray (K, p)
        1 where a pattern has the item, else 0.
    count : ndarray (R, K)
        Rows of each pattern.
    mean : ndarray (R, K, p)
        Means of each pattern; 0 where the item is missing.
    cov : ndarray (R, K, p, p)
        Covariances with divisor count; 0 where an item is missing.
    values : ndarray (n, p)
        The rows themselves, without those that have nothing.
    pattern : int array (n,)
        Each row's pattern.
    """

    mask: np.ndarray
    count: np.ndarray
    mean: np.ndarray
    cov: np.ndarray
    values: np.ndarray
    pattern: np.ndarray

    @staticmethod
    def of(values: np.ndarray, names: tuple[str, ...] = ()) -> Patterns:
        """Patterns of rows (n, p) with nan where an answer is missing.

        Raises
        ------
        DataError
            No rows with an answer, or an item that nobody answered.
        """
        there = ~np.isnan(values)
        values, there = values[there.any(axis=1)], there[there.any(axis=1)]
        if not len(values):
            raise DataError("engine.empty_group")
        never = ~there.any(axis=0)
        if never.any():
            found = [names[item] if names else str(item + 1) for item in np.flatnonzero(never)]
            raise DataError("engine.never_observed", items=", ".join(f"'{name}'" for name in found))
        mask, pattern = np.unique(there, axis=0, return_inverse=True)
        pattern = pattern.reshape(-1)
        count, mean, cov = pattern_moments(values, mask, pattern, np.ones((1, len(values))))
        return Patterns(mask.astype(float), count, mean, cov, values, pattern)

    def resampled(self, weights: np.ndarray) -> Patterns:
        """The same rows, each counted as often as `weights` (R, n) says."""
        count, mean, cov = pattern_moments(self.values, self.mask > 0, self.pattern, weights)
        return Patterns(self.mask, count, mean, cov, self.values, self.pattern)

    @property
    def rows(self) -> int:
        """n."""
        return len(self.values)

    @property
    def coverage(self) -> np.ndarray:
        """Share of rows that have both items of each pair (p, p)."""
        return np.asarray((self.mask.T * self.count[0]) @ self.mask / self.count[0].sum())

    def scaled(self, items: np.ndarray) -> Patterns:
        """In other units of the items."""
        mean, cov = self.mean / items, self.cov / np.outer(items, items)
        return Patterns(self.mask, self.count, mean, cov, self.values / items, self.pattern)

    def take(self, rows: slice) -> Patterns:
        """Some of the replicates."""
        return Patterns(self.mask, self.count[rows], self.mean[rows], self.cov[rows], self.values, self.pattern)


def pattern_moments(
    values: np.ndarray, mask: np.ndarray, pattern: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weighted counts (R, K), means (R, K, p) and covariances (R, K, p, p) of each pattern's rows."""
    replicates, (kinds, p) = len(weights), mask.shape
    count = np.zeros((replicates, kinds))
    mean, cov = np.zeros((replicates, kinds, p)), np.zeros((replicates, kinds, p, p))
    centre = np.nanmean(values, axis=0)
    for kind in range(kinds):
        rows, items = np.flatnonzero(pattern == kind), np.flatnonzero(mask[kind])
        w, y = weights[:, rows], values[np.ix_(rows, items)] - centre[items]
        n = w.sum(axis=1)
        some = np.where(n > 0, n, 1.0)
        average = w @ y / some[:, None]
        products = np.einsum("rn,ni,nj->rij", w, y, y, optimize=True) / some[:, None, None]
        count[:, kind] = n
        mean[:, kind, items] = np.where(n[:, None] > 0, average + centre[items], 0.0)
        cov[:, kind, items[:, None], items] = products - average[:, :, None] * average[:, None, :]
    return count, mean, cov
