"""One data set as the engine takes it: rows or moments of each group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cxlab.errors import DataError
from cxlab.estimate.polychoric import OrdinalMoments
from cxlab.estimate.sem.moments import Moments, check_positive_definite


@dataclass(frozen=True, eq=False)
class Sample:
    """Rows or moments of G groups, items in the model's order (``table.variables.ov``).

    Attributes
    ----------
    names : tuple of str
        The p items.
    cov : ndarray (G, p, p)
        Covariances with divisor n; nan with missing answers.
    mean : ndarray (G, p) or None
    n_obs : int array (G,)
    values : tuple of ndarray (n_g, p), or None
        The rows; None when only moments are known.
    ordinal : tuple of OrdinalMoments, or None
        Of each group, when some items are ordinal; `cov` then holds correlations of the responses behind them.
    theta : bool
        With ordinal items, the theta instead of the delta parameterisation.
    """

    names: tuple[str, ...]
    cov: np.ndarray
    mean: np.ndarray | None
    n_obs: np.ndarray
    values: tuple[np.ndarray, ...] | None = None
    ordinal: tuple[OrdinalMoments, ...] | None = None
    theta: bool = False

    @staticmethod
    def of_ordinal(moments: Sequence[OrdinalMoments], names: Sequence[str], *, theta: bool = False) -> Sample:
        """From the moments of ordinal and numeric items, one per group."""
        cov, mean = np.array([one.cov for one in moments]), np.array([one.means for one in moments])
        n_obs = np.array([one.n_obs for one in moments])
        return Sample(tuple(names), cov, mean, n_obs, None, tuple(moments), theta)

    @staticmethod
    def of_values(values: Sequence[np.ndarray] | np.ndarray, names: Sequence[str]) -> Sample:
        """From one group's rows (n, p) or a sequence of groups' rows; nan marks a missing answer.

        Raises
        ------
        DataError
            A group without rows.
        """
        groups = [values] if isinstance(values, np.ndarray) and values.ndim == 2 else list(values)
        rows = tuple(np.asarray(group, dtype=float) for group in groups)
        for position, group in enumerate(rows, start=1):
            if not len(group):
                raise DataError("engine.empty_group_numbered", group=position)
        mean = np.array([group.mean(axis=0) for group in rows])
        cov = np.array([(group - m).T @ (group - m) / len(group) for group, m in zip(rows, mean, strict=True)])
        return Sample(tuple(names), cov, mean, np.array([len(group) for group in rows]), rows)

    @staticmethod
    def of_moments(
        cov: np.ndarray, n_obs: int | Sequence[int], names: Sequence[str], mean: np.ndarray | None = None
    ) -> Sample:
        """From published moments: cov (p, p) or (G, p, p) with divisor n, means likewise."""
        n = np.atleast_1d(np.asarray(n_obs, dtype=int))
        matrix = np.asarray(cov, dtype=float).reshape(len(n), len(names), len(names))
        means = None if mean is None else np.asarray(mean, dtype=float).reshape(len(n), len(names))
        return Sample(tuple(names), matrix, means, n)

    @property
    def groups(self) -> int:
        """G."""
        return len(self.n_obs)

    @property
    def total(self) -> int:
        """Rows of all groups."""
        return int(self.n_obs.sum())

    @property
    def incomplete(self) -> bool:
        """Whether answers are missing."""
        return bool(np.isnan(self.cov).any())

    def check(self) -> None:
        """Raise a `DataError` that names the items if a group's covariance matrix cannot be used."""
        for cov, mean, n in self._each():
            if self.values is not None and n <= len(self.names):
                raise DataError("sem.too_few_rows", n=int(n), items=len(self.names))
            check_positive_definite(Moments(self.names, cov, mean, int(n)))

    def _each(self) -> list[tuple[np.ndarray, np.ndarray, int]]:
        means = np.zeros((self.groups, len(self.names))) if self.mean is None else self.mean
        return [(self.cov[group], means[group], int(self.n_obs[group])) for group in range(self.groups)]

    def complete_in(self, items: Sequence[int]) -> Sample:
        """Without the rows in which one of these items is missing."""
        if self.values is None or not len(items):
            return self
        kept = [group[~np.isnan(group[:, list(items)]).any(axis=1)] for group in self.values]
        return Sample.of_values(kept, self.names)
