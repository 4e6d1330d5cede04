"""Eigenvalues that chance alone would give: normal columns, or the answers' own columns shuffled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from cxlab.analyses.efa_input import Sample, correlate
from cxlab.estimate.factor.number import component_eigenvalues, factor_eigenvalues
from cxlab.resample.moments import normal_moments
from cxlab.resample.seeds import generators

Draw = Literal["simulated", "permuted", "resampled"]
DRAWS: tuple[Draw, ...] = get_args(Draw)
_CELLS = 4_000_000


@dataclass(frozen=True, eq=False)
class Chance:
    """Eigenvalues of correlation matrices of unrelated columns.

    Attributes
    ----------
    components, factors : ndarray (draws, p)
        Largest first.
    lost : int
        Draws left out because a column was constant or a pair had no rows.
    """

    components: np.ndarray
    factors: np.ndarray
    lost: int


def chance(sample: Sample, draw: Draw, n_draws: int, seed: int) -> Chance:
    """Eigenvalues of `n_draws` samples in which no two items are related, each from its own random stream.

    ``simulated``: normal columns, by way of the Wishart distribution. ``permuted``: each item's answers in a new random
    order, so that their distribution stays. ``resampled``: drawn with replacement, as psych does beside simulation.
    """
    size = len(sample.names)
    rows = sample.n_obs or 0
    per_block = max(1, min(n_draws, _CELLS // max(rows * size, size * size)))
    components, factors, lost = [], [], 0
    for first in range(0, n_draws, per_block):
        streams = generators(seed, first, min(first + per_block, n_draws))
        if draw == "simulated":
            corr = np.stack([_normal(random, rows, size) for random in streams])
        else:
            corr, gone = _shuffled(sample, draw, list(streams))
            lost += gone
        if len(corr):
            components.append(component_eigenvalues(corr))
            factors.append(factor_eigenvalues(corr))
    nothing = np.empty((0, size))
    return Chance(np.concatenate([nothing, *components]), np.concatenate([nothing, *factors]), lost)


def _normal(random: np.random.Generator, rows: int, size: int) -> np.ndarray:
    cov = normal_moments(random, rows, np.zeros(size), np.eye(size))[1]
    spread = np.sqrt(np.diag(cov))
    return cov / np.outer(spread, spread)


def _shuffled(sample: Sample, draw: Draw, streams: list[np.random.Generator]) -> tuple[np.ndarray, int]:
    values = sample.values
    assert values is not None  # noqa: S101 - the caller has looked
    ranked = sample.correlation == "spearman"
    if ranked and draw == "permuted":
        values = pd.DataFrame(values).rank().to_numpy()
    made = [_one(values, draw, random) for random in streams]
    if sample.correlation == "pearson" or (ranked and draw == "permuted"):
        corr = _correlations(np.stack(made))
    else:
        corr = np.stack([_by_pairs(one, sample.correlation) for one in made])
    good = np.isfinite(corr).all(axis=(1, 2))
    return corr[good], int((~good).sum())


def _one(values: np.ndarray, draw: Draw, random: np.random.Generator) -> np.ndarray:
    if draw == "permuted":
        return random.permuted(values, axis=0)
    rows = random.integers(0, len(values), values.shape)
    return np.take_along_axis(values, rows, axis=0)


def _correlations(values: np.ndarray) -> np.ndarray:
    """Correlations (B, p, p) of tables (B, n, p), from the rows that have both."""
    given = np.isfinite(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        if given.all():
            centred = values - values.mean(axis=1, keepdims=True)
            cov = centred.swapaxes(1, 2) @ centred
            spread = np.sqrt(np.diagonal(cov, axis1=1, axis2=2))
            return np.asarray(cov / (spread[:, :, None] * spread[:, None, :]))
        x, m = np.where(given, values, 0.0), given.astype(float)
        turned, mask = x.swapaxes(1, 2), m.swapaxes(1, 2)
        count, sums = mask @ m, turned @ m
        squares = (turned**2) @ m - sums**2 / count
        cross = turned @ x - sums * sums.swapaxes(1, 2) / count
        return np.asarray(cross / np.sqrt(squares * squares.swapaxes(1, 2)))


def _by_pairs(values: np.ndarray, correlation: str) -> np.ndarray:
    """Correlations of one table that has no short cut; nan if they cannot be computed."""
    from cxlab.errors import DataError

    try:
        return correlate(pd.DataFrame(values), correlation)[0]
    except DataError:
        return np.full((values.shape[1], values.shape[1]), np.nan)
