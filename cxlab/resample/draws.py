"""Which rows are in which replicate, as counts; each replicate has a random stream of its own.

Replicate r draws from ``default_rng(SeedSequence(seed, spawn_key=(r,)))``, the r-th child of ``SeedSequence(seed)``:
row floor(n u) for each uniform number u, at a fifth of the cost of whole numbers. So it is the same whether it is made
first or last, alone or among thousands, by one worker or by eight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from cxlab.errors import CxlabError
from cxlab.resample.seeds import generators

Indices = np.ndarray | Sequence[np.ndarray]


class Draws(Protocol):
    """Replicates as counts of rows, group by group."""

    @property
    def size(self) -> int:
        """Number of replicates."""

    def counts(self, first: int, last: int) -> list[np.ndarray]:
        """How often each row of each group is in replicates first to last - 1: G arrays (last - first, n_g)."""


@dataclass(frozen=True)
class RandomDraws:
    """Rows drawn with replacement, within each group.

    Examples
    --------
    >>> draws = RandomDraws(2, (5, 3), seed=1)
    >>> [counts.sum(axis=1).tolist() for counts in draws.counts(0, 2)]
    [[5.0, 5.0], [3.0, 3.0]]
    """

    size: int
    n_obs: tuple[int, ...]
    seed: int

    def counts(self, first: int, last: int) -> list[np.ndarray]:
        """See `Draws`."""
        places = [np.empty((last - first, n)) for n in self.n_obs]
        for position, random in enumerate(generators(self.seed, first, last)):
            for group in places:
                random.random(out=group[position])
        return [_counted((place * place.shape[1]).astype(np.intp)) for place in places]


def _counted(rows: np.ndarray) -> np.ndarray:
    """How often each of n rows stands in each line of row numbers (R, n)."""
    replicates, n = rows.shape
    apart = rows + n * np.arange(replicates)[:, None]
    return np.bincount(apart.ravel(), minlength=replicates * n).reshape(rows.shape).astype(float)


@dataclass(frozen=True, eq=False)
class GivenDraws:
    """Row numbers from elsewhere (R's, say), from 0 within each group; make it with `GivenDraws.of`."""

    indices: tuple[np.ndarray, ...]
    n_obs: tuple[int, ...]

    @staticmethod
    def of(indices: Indices, n_obs: Sequence[int]) -> GivenDraws:
        """From one (B, n) array, or with G groups a sequence of G arrays (B, n_g).

        Raises
        ------
        CxlabError
            Other shapes, numbers that are not whole, or rows that are not there.
        """
        several = len(n_obs) > 1
        found = [np.asarray(one) for one in (indices if several else [indices])]
        shapes = [f"(B, {n})" for n in n_obs]
        if len(found) != len(n_obs) or any(one.ndim != 2 for one in found):
            raise CxlabError("resample.indices_shape", shape=", ".join(shapes), given=_shapes(found))
        if any(one.shape != (len(found[0]), n) for one, n in zip(found, n_obs, strict=True)):
            raise CxlabError("resample.indices_shape", shape=", ".join(shapes), given=_shapes(found))
        for one, n in zip(found, n_obs, strict=True):
            if not np.issubdtype(one.dtype, np.integer):
                raise CxlabError("resample.indices_whole", kind=str(one.dtype))
            if one.size and (one.min() < 0 or one.max() >= n):
                raise CxlabError("resample.indices_range", low=int(one.min()), high=int(one.max()), last=n - 1)
        return GivenDraws(tuple(found), tuple(n_obs))

    @property
    def size(self) -> int:
        """Number of replicates."""
        return len(self.indices[0])

    def counts(self, first: int, last: int) -> list[np.ndarray]:
        """See `Draws`."""
        return [_counted(index[first:last]) for index in self.indices]


@dataclass(frozen=True)
class LeaveOneOut:
    """Every row of one group left out in turn: the jackknife.

    Examples
    --------
    >>> LeaveOneOut((3,), 0).counts(0, 3)[0].tolist()
    [[0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 0.0]]
    """

    n_obs: tuple[int, ...]
    group: int

    @property
    def size(self) -> int:
        """Number of replicates: the group's rows."""
        return self.n_obs[self.group]

    def counts(self, first: int, last: int) -> list[np.ndarray]:
        """See `Draws`."""
        found = [np.ones((last - first, n)) for n in self.n_obs]
        found[self.group][np.arange(last - first), np.arange(first, last)] = 0.0
        return found


@dataclass(frozen=True)
class PartOfDraws:
    """Some of the replicates of other draws, from `start` on.

    Examples
    --------
    >>> PartOfDraws(LeaveOneOut((3,), 0), 1, 1).counts(0, 1)[0].tolist()
    [[1.0, 0.0, 1.0]]
    """

    draws: Draws
    start: int
    size: int

    def counts(self, first: int, last: int) -> list[np.ndarray]:
        """See `Draws`."""
        return self.draws.counts(self.start + first, self.start + last)


@dataclass(frozen=True)
class OfGroup:
    """One group's rows of draws within several groups.

    Examples
    --------
    >>> OfGroup(RandomDraws(1, (5, 3), seed=1), 1).counts(0, 1)[0].sum().item()
    3.0
    """

    draws: Draws
    group: int

    @property
    def size(self) -> int:
        """Number of replicates."""
        return self.draws.size

    def counts(self, first: int, last: int) -> list[np.ndarray]:
        """See `Draws`."""
        return [self.draws.counts(first, last)[self.group]]


@dataclass(frozen=True, eq=False)
class NestedDraws:
    """Resamples of resamples, `inner` of each in turn, for standard errors within each: one group of rows.

    The k-th of replicate r draws from the stream with ``spawn_key=(r, k)``.

    Examples
    --------
    >>> nested = NestedDraws(RandomDraws(2, (4,), seed=1), inner=3, seed=1)
    >>> nested.size, nested.counts(0, 6)[0].sum(axis=1).tolist()
    (6, [4.0, 4.0, 4.0, 4.0, 4.0, 4.0])
    """

    outer: Draws
    inner: int
    seed: int

    @property
    def size(self) -> int:
        """Number of inner resamples, all replicates together."""
        return self.outer.size * self.inner

    def counts(self, first: int, last: int) -> list[np.ndarray]:
        """See `Draws`."""
        begin, end = first // self.inner, (last - 1) // self.inner + 1
        outer = self.outer.counts(begin, end)[0].astype(np.intp)
        places = np.empty((last - first, outer.shape[1]))
        for position, random in enumerate(generators(self.seed, first, last, self.inner)):
            random.random(out=places[position])
        drawn = np.repeat(np.tile(np.arange(outer.shape[1]), len(outer)), outer.ravel()).reshape(outer.shape)
        of_replicate = (np.arange(first, last) // self.inner - begin)[:, None]
        return [_counted(drawn[of_replicate, (places * outer.shape[1]).astype(np.intp)])]


def _shapes(found: list[np.ndarray]) -> str:
    return ", ".join(str(one.shape) for one in found)
