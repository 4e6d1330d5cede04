"""Counts of steps between states, intervals of their shares, and tests of the chain's order. Arrays only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse, stats

from cxlab.journey.cluster import effective_wilson
from cxlab.resample.draws import RandomDraws
from cxlab.resample.intervals import intervals

_CHUNK = 50


@dataclass(frozen=True, eq=False)
class Chain:
    """Steps between states.

    `counts` (k, m) steps from each of k states to each of m (m = k, or k + 1 with the end); `before`, `at`, `after` the
    states of every step and of the event before it (-1 where there is none); `owner` the customer of each step;
    `weights` (G,) how much each customer counts, all the same where it is None.
    """

    counts: NDArray[np.int64]
    before: NDArray[np.int64]
    at: NDArray[np.int64]
    after: NDArray[np.int64]
    owner: NDArray[np.int64]
    weights: NDArray[np.float64] | None = None

    @property
    def weighted(self) -> NDArray[np.float64]:
        """The steps (k, m), each as often as its customer's weight says."""
        if self.weights is None:
            return self.counts.astype(float)
        k, m = self.counts.shape
        steps = np.bincount(self.at * m + self.after, self.weights[self.owner], k * m)
        return np.asarray(steps, dtype=float).reshape(k, m)

    @property
    def shares(self) -> NDArray[np.float64]:
        """The share of each step among those from its state (k, m); nan for a state without steps."""
        steps = self.weighted
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(steps / steps.sum(axis=1, keepdims=True))


def chain_of(
    states: np.ndarray,
    customers: np.ndarray,
    k: int,
    late: np.ndarray | None,
    weights: NDArray[np.float64] | None = None,
) -> Chain:
    """The steps of events in order.

    Parameters
    ----------
    states, customers : (n,)
        State (0 to k - 1) and customer of each event, a customer's events together and in order.
    k : int
    late : (n,) of bool or None
        Events from which no step is counted, because what follows may lie beyond the record (taking only the steps
        that were seen from them would make ends look rare); None for a chain without an end.
    weights : (G,) or None
        How much each customer counts.

    Examples
    --------
    >>> chain_of(np.array([0, 1, 0]), np.array([0, 0, 1]), 2, np.zeros(3, bool)).counts.tolist()
    [[0, 1, 1], [0, 0, 1]]
    """
    same = np.r_[customers[1:] == customers[:-1], False]
    first = np.r_[True, customers[1:] != customers[:-1]]
    before = np.where(first, -1, np.r_[-1, states[:-1]])
    after = np.where(same, np.r_[states[1:], -1], k if late is not None else -1)
    if late is not None:
        after = np.where(late, -1, after)
    kept = after >= 0
    m = k + (late is not None)
    at, after = states[kept].astype(np.int64), after[kept].astype(np.int64)
    counts = np.bincount(at * m + after, minlength=k * m).reshape(k, m)
    return Chain(counts, before[kept].astype(np.int64), at, after, customers[kept].astype(np.int64), weights)


def proportion_intervals(
    chain: Chain, kind: str, level: float, n_boot: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lower and upper ends (k, m) of the share of each step among those from its state; nan for a state without steps.

    Examples
    --------
    >>> chain = chain_of(np.array([0, 1, 0, 0]), np.array([0, 0, 1, 1]), 2, None)
    >>> low, high = proportion_intervals(chain, "wilson", 0.95, 0, 0)
    >>> low[0].round(3).tolist(), high[0].round(3).tolist()
    ([0.095, 0.095], [0.905, 0.905])
    """
    from statsmodels.stats.proportion import multinomial_proportions_confint, proportion_confint

    counts = chain.counts
    n = counts.sum(axis=1)
    if kind == "bootstrap":
        return _bootstrap(chain, level, n_boot, seed)
    low, high = np.full(counts.shape, np.nan), np.full(counts.shape, np.nan)
    if kind == "clustered":
        return _clustered(chain, level)
    for i in np.flatnonzero(n):
        if kind == "goodman":
            ends = multinomial_proportions_confint(counts[i], alpha=1 - level, method="goodman")
            low[i], high[i] = np.clip(ends[:, 0], 0, 1), np.clip(ends[:, 1], 0, 1)
        else:
            low[i], high[i] = proportion_confint(counts[i], n[i], alpha=1 - level, method="wilson")
    return low, high


def _clustered(chain: Chain, level: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Wilson's interval on the effective number of steps, with the linearised variance between customers."""
    k, m = chain.counts.shape
    total, _ = _per_customer(chain)
    steps = total @ _row_sums(k, m)
    share, size = chain.shares, chain.weighted.sum(axis=1)
    seen = steps > 0
    clusters = np.asarray(seen.sum(axis=0)).ravel()
    # sum over customers of w² (n_gij - p_ij n_gi.)², expanded so that only sparse products are needed
    square = np.asarray(total.multiply(total).sum(axis=0)).reshape(k, m)
    cross = np.asarray(total.multiply(steps @ _row_sums(k, m).T).sum(axis=0)).reshape(k, m)
    own = np.asarray(steps.multiply(steps).sum(axis=0)).reshape(k, 1)
    filled = np.nan_to_num(share)
    spread = np.maximum(square - 2 * filled * cross + filled**2 * own, 0)
    w = np.ones(total.shape[0]) if chain.weights is None else chain.weights[: total.shape[0]]
    with np.errstate(invalid="ignore", divide="ignore"):
        factor = np.where(clusters > 1, clusters / (clusters - 1.0), np.nan)[:, None]
        se = np.sqrt(factor * spread) / size[:, None]
        effective = np.nan_to_num((seen.T @ w) ** 2 / (seen.T @ w**2))
    n = chain.counts.sum(axis=1)
    wide = np.broadcast_to(n[:, None], share.shape), np.broadcast_to(effective[:, None], share.shape)
    return effective_wilson(share, se, wide[0], wide[1], level)


def _per_customer(chain: Chain) -> tuple[sparse.csr_array, int]:
    """Steps of each customer (G, k m), times the customer's weight; sparse."""
    k, m = chain.counts.shape
    size = int(chain.owner.max()) + 1 if len(chain.owner) else 0
    values = np.ones(len(chain.owner)) if chain.weights is None else chain.weights[chain.owner]
    return sparse.csr_array((values, (chain.owner, chain.at * m + chain.after)), shape=(size, k * m)), size


def _row_sums(k: int, m: int) -> sparse.csr_array:
    """Adds the m entries of each of the k rows."""
    return sparse.csr_array((np.ones(k * m), (np.arange(k * m), np.repeat(np.arange(k), m))), shape=(k * m, k))


def _bootstrap(chain: Chain, level: float, n_boot: int, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Percentiles over bootstrap samples of customers."""
    per, customers = _per_customer(chain)
    k, m = chain.counts.shape
    draws = RandomDraws(n_boot, (customers,), seed)
    found = np.empty((n_boot, k * m))
    for first in range(0, n_boot, _CHUNK):
        last = min(first + _CHUNK, n_boot)
        counts = (per.T @ draws.counts(first, last)[0].T).T.reshape(-1, k, m)
        with np.errstate(invalid="ignore", divide="ignore"):
            found[first:last] = (counts / counts.sum(axis=2, keepdims=True)).reshape(last - first, k * m)
    ends = intervals(found, chain.shares.ravel(), "percentile", level)
    return ends.lower.reshape(k, m), ends.upper.reshape(k, m)


def order_tests(chain: Chain) -> pd.DataFrame:
    """Likelihood-ratio tests of order 0 against 1 and of order 1 against 2: test, chi2, df, p, sparse.

    `sparse` is True where more than a fifth of the expected counts are below 5.

    Examples
    --------
    >>> chain = chain_of(np.tile([0, 1], 20), np.zeros(40, dtype=int), 2, None)
    >>> order_tests(chain)["df"].tolist()
    [1, 0]
    """
    first = _independence(chain.counts)
    inner = chain.before >= 0
    m = chain.counts.shape[1]
    chi2, df, cells, low = 0.0, 0, 0, 0
    for state in np.unique(chain.at[inner]):
        here = inner & (chain.at == state)
        table = np.bincount(chain.before[here] * m + chain.after[here], minlength=m * m).reshape(-1, m)
        part = _independence(table)
        chi2, df, cells, low = chi2 + part[0], df + part[1], cells + part[2], low + part[3]
    rows = [("order_0", *first), ("order_1", chi2, df, cells, low)]
    return pd.DataFrame(
        [
            (name, value, free, float(stats.chi2.sf(value, free)) if free else np.nan, bool(few > 0.2 * size))
            for name, value, free, size, few in rows
        ],
        columns=["test", "chi2", "df", "p", "sparse"],
    )


def _independence(table: np.ndarray) -> tuple[float, int, int, int]:
    """G² of independence over rows and columns that are not empty, its df, the cells, and those expected below 5."""
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0].astype(float)
    if table.size == 0:
        return 0.0, 0, 0, 0
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    seen = table > 0
    value = 2 * float((table[seen] * np.log(table[seen] / expected[seen])).sum())
    return value, (table.shape[0] - 1) * (table.shape[1] - 1), table.size, int((expected < 5).sum())
