"""How a failure spreads over a network: each node fails by itself, each link passes a failure on, independently.

Passing on over undirected links is percolation: a failure reaches a node if open links join them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_BLOCK = 4096
MOST_EXACT = 14


@dataclass(frozen=True, eq=False)
class Spread:
    """What reaches one node, the target.

    Attributes
    ----------
    reach : (n,) array
        Probability that a failure at each node reaches the target.
    any_failure : float
        Probability that the target meets a failure of any other node.
    expected : float
        Expected number of nodes whose own failure reaches the target.
    errors : (n,) array
        Standard errors of `reach` from simulation; 0 where it is exact.
    any_error : float
    exact : bool
    """

    reach: Array
    any_failure: float
    expected: float
    errors: Array
    any_error: float
    exact: bool


def failure_spread(
    links: NDArray[np.int64], passes: Array, fails: Array, target: int, *, draws: int = 20_000, seed: int = 0
) -> Spread:
    """Exact up to 14 links, by all 2^m states; above by `draws` random states of the links.

    Parameters
    ----------
    links : (m, 2) array
        Node numbers of each link.
    passes : (m,) array
        Probability that the link passes a failure on.
    fails : (n,) array
        Probability that each node fails by itself; the target's does not count.
    target : int

    Examples
    --------
    >>> found = failure_spread(np.array([[0, 1], [0, 2]]), np.array([0.5, 0.5]), np.array([0.0, 0.1, 0.1]), 0)
    >>> found.reach.tolist(), round(found.any_failure, 4)
    ([1.0, 0.5, 0.5], 0.0975)
    """
    exact = len(links) <= MOST_EXACT
    size = 2 ** len(links) if exact else draws
    random = np.random.default_rng(np.random.SeedSequence(seed))
    own = np.where(np.arange(len(fails)) == target, 0.0, fails)
    reach, total, square = np.zeros(len(fails)), 0.0, 0.0
    for first in range(0, size, _BLOCK):
        rows = np.arange(first, min(first + _BLOCK, size))
        if exact:
            states = ((rows[:, None] >> np.arange(len(links))) & 1).astype(bool)
            weight = np.where(states, passes, 1 - passes).prod(axis=1)
        else:
            states = random.random((len(rows), len(links))) < passes
            weight = np.full(len(rows), 1 / size)
        joined = _joined(links, states, target, len(fails))
        met = 1 - np.where(joined, 1 - own, 1.0).prod(axis=1)
        reach += weight @ joined
        total += float(weight @ met)
        square += float(weight @ met**2)
    errors = np.zeros(len(fails)) if exact else np.sqrt(np.clip(reach * (1 - reach), 0, None) / size)
    any_error = 0.0 if exact else float(np.sqrt(max(square - total**2, 0) / size))
    return Spread(reach, total, float(own @ reach), errors, any_error, exact)


def _joined(links: NDArray[np.int64], states: NDArray[np.bool_], target: int, n: int) -> NDArray[np.bool_]:
    """Which nodes (rows, n) open links join to the target."""
    joined = np.zeros((len(states), n), dtype=bool)
    joined[:, target] = True
    for _ in range(n):
        before = joined.sum()
        for (one, other), open_ in zip(links, states.T, strict=True):
            either = (joined[:, one] | joined[:, other]) & open_
            joined[:, one] |= either
            joined[:, other] |= either
        if joined.sum() == before:
            break
    return joined
