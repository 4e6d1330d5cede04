"""Absorbing Markov chains of journeys: how much conversion goes when a channel is taken out, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# Above this many states a dense inverse costs more than a sparse factor for each channel.
_DENSE = 250


@dataclass(frozen=True, eq=False)
class Chain:
    """Paths as walks over S states, a state being the last channels, as many as the order.

    `first`, `last` (P,) states of each path; `steps` sparse (P, T): how often each path takes each of T steps;
    `source`, `target` (T,) states of the steps; `channel` (S,) the latest channel of each state, of `k`.
    """

    first: Ints
    last: Ints
    steps: sparse.csr_array
    source: Ints
    target: Ints
    channel: Ints
    k: int


def chain_of(paths: Sequence[Sequence[int]], k: int, order: int = 1) -> Chain:
    """The states and steps of paths.

    Parameters
    ----------
    paths : sequence of sequences of int
        Channels (0 to k - 1) in order, at least one each.
    order : int
        How many channels a state remembers; at the start fewer.

    Examples
    --------
    >>> chain = chain_of([[0, 1, 0]], 2, order=2)
    >>> chain.channel.tolist(), chain.source.tolist(), chain.target.tolist()
    ([0, 1, 0], [0, 1], [1, 2])
    """
    states: dict[tuple[int, ...], int] = {}
    moves: dict[tuple[int, int], int] = {}
    first, last, rows, columns = [], [], [], []
    for row, path in enumerate(paths):
        walk = [states.setdefault(tuple(path[max(0, i + 1 - order) : i + 1]), len(states)) for i in range(len(path))]
        first.append(walk[0])
        last.append(walk[-1])
        taken = [moves.setdefault(pair, len(moves)) for pair in pairwise(walk)]
        rows += [row] * len(taken)
        columns += taken
    steps = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(paths), len(moves)))
    ends = np.array(list(moves), dtype=np.int64).reshape(-1, 2)
    channel = np.array([state[-1] for state in states], dtype=np.int64)
    return Chain(np.array(first), np.array(last), steps, ends[:, 0], ends[:, 1], channel, k)


def removal(chain: Chain, converted: Floats, lost: Floats) -> tuple[Floats, Floats]:
    """Probability of conversion (B,) and removal effect of each channel (B, k), for B sets of weights.

    Parameters
    ----------
    converted, lost : (B, P)
        How many journeys took each path and converted, or did not.

    Returns
    -------
    conversion, effects
        The removal effect is 1 - P(conversion | the channel's states lead nowhere) / P(conversion); nan where nothing
        converts.

    Notes
    -----
    With step probabilities Q, conversion probabilities r and starts s, N = (I - Q)^-1 and h = N r. Those who pass
    through the states C of a channel and convert are s N[:, C] N[C, C]^-1 h[C], which is what its removal costs.

    Examples
    --------
    >>> chain = chain_of([[0, 1], [0], [1]], 2)
    >>> conversion, effects = removal(chain, np.array([[1.0, 0, 1]]), np.array([[0.0, 1, 0]]))
    >>> conversion.round(4).tolist(), effects.round(4).tolist()
    ([0.6667], [[0.5, 1.0]])
    """
    weights = converted + lost
    size, draws = len(chain.channel), len(weights)
    totals = weights.sum(axis=1)
    inner = np.asarray((chain.steps.T @ weights.T).T)
    start, gain, end = (np.zeros((draws, size)) for _ in range(3))
    for row in range(draws):
        start[row] = np.bincount(chain.first, weights[row], size)
        gain[row] = np.bincount(chain.last, converted[row], size)
        end[row] = np.bincount(chain.last, weights[row], size)
    leaving = end.copy()
    np.add.at(leaving.T, chain.source, inner.T)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(leaving > 0, 1 / leaving, 0.0)
        q, r, s = inner * share[:, chain.source], gain * share, start / totals[:, None]
        solver = _dense if size <= _DENSE else _sparse
        found = [solver(chain, q[row], r[row], s[row]) for row in range(draws)]
        conversion = np.array([one[0] for one in found])
        return conversion, np.array([one[1] for one in found]) / conversion[:, None]


def _dense(chain: Chain, q: Floats, r: Floats, s: Floats) -> tuple[float, Floats]:
    """Conversion, and what passes through each channel and converts."""
    size = len(chain.channel)
    matrix = np.eye(size)
    matrix[chain.source, chain.target] -= q  # each pair of states is one step
    visits = np.linalg.inv(matrix)
    h, v = visits @ r, s @ visits
    through = np.zeros(chain.k)
    for channel in range(chain.k):
        own = np.flatnonzero(chain.channel == channel)
        through[channel] = np.linalg.solve(visits[np.ix_(own, own)].T, v[own]) @ h[own] if len(own) else 0.0
    return float(s @ h), through


def _sparse(chain: Chain, q: Floats, r: Floats, s: Floats) -> tuple[float, Floats]:
    size = len(chain.channel)

    def conversion(kept: NDArray[np.bool_]) -> float:
        use = kept[chain.source] & kept[chain.target]
        matrix = sparse.csc_array((q[use], (chain.source[use], chain.target[use])), shape=(size, size))
        factor = splu(sparse.csc_array(sparse.identity(size, format="csc") - matrix))
        return float((s * kept) @ factor.solve(r * kept))

    whole = conversion(np.ones(size, dtype=bool))
    return whole, np.array([whole - conversion(chain.channel != channel) for channel in range(chain.k)])


def credits(paths: Sequence[Sequence[int]], k: int, model: str, half_life: float = 2.0) -> sparse.csr_array:
    """Credit of each path (P, k) to its channels by a rule of place; each row adds up to 1.

    Parameters
    ----------
    model : {"first", "last", "linear", "time_decay", "u_shaped"}
        All to the first or the last; the same for each touch; half as much each `half_life` touches before the last;
        40% to the first, 40% to the last, the rest to those between (of two, half each).

    Examples
    --------
    >>> credits([[0, 1, 0], [1]], 2, "u_shaped").toarray().tolist()
    [[0.8, 0.2], [0.0, 1.0]]
    """
    rows = np.repeat(np.arange(len(paths)), [len(path) for path in paths])
    values = np.concatenate([place_credits(len(path), model, half_life) for path in paths])
    columns = np.concatenate([np.asarray(path, dtype=np.int64) for path in paths])
    return sparse.csr_array((values, (rows, columns)), shape=(len(paths), k))


def place_credits(length: int, model: str, half_life: float = 2.0) -> Floats:
    """Credit of each place in a path of this length.

    Examples
    --------
    >>> place_credits(3, "time_decay", half_life=1).round(3).tolist()
    [0.143, 0.286, 0.571]
    """
    weights = np.zeros(length)
    if model in ("first", "last"):
        weights[0 if model == "first" else -1] = 1
    elif model == "linear":
        weights[:] = 1
    elif model == "time_decay":
        weights = 2.0 ** (-np.arange(length)[::-1] / half_life)
    else:
        weights[1:-1] = 0.2 / max(length - 2, 1)
        weights[0] += 0.4
        weights[-1] += 0.4
    return weights / weights.sum()
