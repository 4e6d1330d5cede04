"""The permutation test of necessity: how large effect sizes get when outcome and condition are unrelated."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cxlab.estimate.ceiling import Kind, Levels, Peers, Scope, zones
from cxlab.resample.seeds import generators

_CELLS = 500_000


def permuted_effects(
    outcome: np.ndarray,
    conditions: Sequence[tuple[Levels, Scope]],
    kinds: tuple[Kind, ...],
    peers: Peers,
    permutations: int,
    seed: int,
) -> np.ndarray:
    """Effect sizes (conditions, kinds, permutations) with the outcome (n,) dealt anew; all conditions share the deals.

    Source: Dul, van der Laan & Kuik (2020). R: ``NCA::nca_analysis(test.rep = ...)``.
    """
    found = np.empty((len(conditions), len(kinds), permutations))
    block = max(1, _CELLS // len(outcome))
    for first in range(0, permutations, block):
        last = min(first + block, permutations)
        dealt = np.stack([random.permutation(outcome) for random in generators(seed, first, last)])
        for place, (sorted_cases, scope) in enumerate(conditions):
            found[place, :, first:last] = zones(sorted_cases, dealt, scope, kinds, peers).T / scope.area
    return found


def upper_share(permuted: np.ndarray, own: np.ndarray) -> np.ndarray:
    """p of effects (k, m) among permuted ones (k, m, R): the data are one of the permutations.

    Examples
    --------
    >>> upper_share(np.array([[[0.1, 0.2, 0.3]]]), np.array([[0.2]])).tolist()
    [[0.75]]
    """
    reached = (permuted >= own[:, :, None] - 1e-9).sum(axis=2)
    return np.asarray((1 + reached) / (1 + permuted.shape[2]))
