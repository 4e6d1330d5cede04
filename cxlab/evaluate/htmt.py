"""Heterotrait-monotrait ratios: how closely two constructs' items correlate, against how closely their own do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, get_args

import numpy as np

from cxlab.resample.blocks import in_threads
from cxlab.resample.draws import Draws
from cxlab.resample.moments import weighted_moments

Method = Literal["htmt", "htmt2"]
METHODS: tuple[Method, ...] = get_args(Method)
_BLOCK = 256


def htmt_ratios(
    cor: np.ndarray, blocks: Sequence[Sequence[int]], method: Method = "htmt", absolute: bool = True
) -> np.ndarray:
    """Ratios of every pair of blocks. Batch-safe: correlations (..., p, p) give (..., k (k - 1) / 2).

    Parameters
    ----------
    cor : ndarray (..., p, p)
        Correlations of the items.
    blocks : sequence of k sequences of int
        Places of each construct's items; with one item its ratios are nan.
    method : {"htmt", "htmt2"}
        Arithmetic means (Henseler et al., 2015) or geometric means (Roemer et al., 2021).
    absolute : bool
        True takes correlations without their sign, as seminr and semTools do; False as they are, as first published.

    Returns
    -------
    ndarray (..., pairs)
        Pairs in the order of `pairs`. nan where it is not defined: a mean correlation within a block that is not
        positive, or, for geometric means, any correlation of these blocks that is not positive.

    Notes
    -----
    Mean correlation between the blocks over the geometric mean of the mean correlations within. Equals
    ``semTools::htmt(model, data, htmt2 = FALSE)`` and, for "htmt2", ``htmt2 = TRUE`` (its default).

    Examples
    --------
    >>> cor = np.array([[1, 0.6, 0.3, 0.2], [0.6, 1, 0.4, 0.3], [0.3, 0.4, 1, 0.5], [0.2, 0.3, 0.5, 1]])
    >>> htmt_ratios(cor, [[0, 1], [2, 3]]).round(3).tolist()
    [0.548]
    """
    row, column, shares = _shares(cor.shape[-1], tuple(tuple(block) for block in blocks))
    values = np.moveaxis(cor, (-2, -1), (0, 1))[row, column]
    if absolute:
        np.abs(values, out=values)
    with np.errstate(invalid="ignore", divide="ignore"):
        if method == "htmt2":
            values = np.log(np.where(values > 0, values, np.nan))
        means = np.moveaxis(_weighted(shares, values), 0, -1)
        first, second = pairs(len(blocks))
        between, within = means[..., : len(first)], means[..., len(first) :]
        within = np.where([len(block) > 1 for block in blocks], within, np.nan)
        if method == "htmt2":
            return np.exp(between - (within[..., first] + within[..., second]) / 2)
        within = np.where(within > 0, within, np.nan)
        return np.asarray(between / np.sqrt(within[..., first] * within[..., second]))


@lru_cache(maxsize=8)
def _shares(size: int, blocks: tuple[tuple[int, ...], ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places of correlations (m,), (m,), and what each adds to the mean of each pair of blocks, then of each block.

    An item's correlation with itself counts nowhere, even if two blocks share the item.
    """
    first, second = pairs(len(blocks))
    shares = np.zeros((len(first) + len(blocks), size, size))
    for place, ends in enumerate([*zip(first, second, strict=True), *((own, own) for own in range(len(blocks)))]):
        one, other = (blocks[end] for end in ends)
        shares[place][np.ix_(one, other)] = 1 / max(len(one) * (len(other) - (ends[0] == ends[1])), 1)
    shares = np.tril(shares, -1) + np.tril(np.swapaxes(shares, 1, 2), -1)
    row, column = np.nonzero(shares.any(axis=0))
    return row, column, shares[:, row, column]


def _weighted(shares: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Sums (k, ...) of values (m, ...) times shares (k, m); nan where one that counts is nan."""
    flat = values.reshape(len(values), -1)
    unknown = np.isnan(flat)
    if not unknown.any():
        found = shares @ flat
    else:
        found = shares @ np.where(unknown, 0.0, flat)
        found[(shares != 0).astype(float) @ unknown > 0] = np.nan
    return found.reshape(len(shares), *values.shape[1:])


def pairs(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Places of the first and the second of each pair of `count` things: 0-1, 0-2, ..., 1-2, ...

    Examples
    --------
    >>> [place.tolist() for place in pairs(3)]
    [[0, 0, 1], [1, 2, 2]]
    """
    return np.triu_indices(count, 1)


def htmt_replicates(
    values: np.ndarray,
    blocks: Sequence[Sequence[int]],
    draws: Draws,
    methods: Sequence[Method] = ("htmt",),
    absolute: bool = True,
    workers: int = 1,
) -> dict[Method, np.ndarray]:
    """Ratios in every resample of the rows, all of a block of resamples from one matrix product.

    Parameters
    ----------
    values : ndarray (n, p)
        Complete rows.
    blocks, absolute
        As in `htmt_ratios`.
    draws : Draws
        Which rows are in which resample.
    methods : sequence of {"htmt", "htmt2"}
        All from the same resamples.
    workers : int
        Threads; the answer does not depend on it.

    Returns
    -------
    dict of method to ndarray (R, pairs)
        nan where a resample does not define the ratio (an item that is constant in it, say).

    Examples
    --------
    >>> from cxlab.resample.draws import RandomDraws
    >>> rows = np.random.default_rng(1).normal(size=(50, 1)) + np.random.default_rng(2).normal(size=(50, 4))
    >>> htmt_replicates(rows, [[0, 1], [2, 3]], RandomDraws(20, (50,), seed=1))["htmt"].shape
    (20, 1)
    """

    def work(first: int, last: int) -> list[np.ndarray]:
        cor = correlations(weighted_moments(draws.counts(first, last)[0], values)[1])
        return [htmt_ratios(cor, blocks, method, absolute) for method in methods]

    parts = in_threads(work, draws.size, _BLOCK, workers)
    return {method: np.concatenate([part[place] for part in parts]) for place, method in enumerate(methods)}


def correlations(cov: np.ndarray) -> np.ndarray:
    """Correlations of covariance matrices (..., p, p); nan where a variance is not positive.

    Examples
    --------
    >>> correlations(np.array([[4.0, 1.0], [1.0, 1.0]]))[0, 1].item()
    0.5
    """
    variance = np.diagonal(cov, axis1=-2, axis2=-1)
    spread = np.sqrt(np.where(variance > 1e-14, variance, np.nan))
    return np.asarray(cov / (spread[..., :, None] * spread[..., None, :]))
