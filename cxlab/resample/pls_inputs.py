"""PLS models in resamples of answers with gaps or in categories, whose correlations are not those of complete rows.

What rows give in one matrix product (`cxlab.resample.pls`) is found here resample by resample where it must be: the EM
algorithm and polychoric correlations search, each in blocks that may run in several processes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.pls.algorithm import MOST
from cxlab.estimate.pls.design import Design, Scheme
from cxlab.estimate.pls.model import estimate_model
from cxlab.estimate.pls.stages import Stages
from cxlab.estimate.polychoric import ordinal_moments
from cxlab.estimate.polychoric.thresholds import categories
from cxlab.estimate.sem.patterns import Patterns
from cxlab.estimate.sem.saturated import saturated_moments
from cxlab.resample.blocks import in_processes
from cxlab.resample.draws import Draws
from cxlab.resample.moments import weighted_moments
from cxlab.resample.pls import Measure, PlsReplicates, replicates_of

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Kind = Literal["rows", "pairwise", "em", "ordinal"]
_BLOCK = {"rows": 256, "pairwise": 64, "em": 16, "ordinal": 8}


@dataclass(frozen=True, eq=False)
class Answers:
    """Answers whose correlations a PLS model is estimated from.

    Attributes
    ----------
    values : (n, p)
        nan where one is missing.
    kind : {"rows", "pairwise", "em", "ordinal"}
        Complete rows; correlations of the rows that have both; by the EM algorithm; polychoric ones.
    ordinal : (p,)
        Which are ordered categories, for "ordinal".
    """

    values: Array
    kind: Kind
    ordinal: Flags


@dataclass(frozen=True, eq=False)
class InputReplicates:
    """What `cxlab.resample.pls.PlsReplicates` holds, and the weights of the answers in each construct's score.

    Attributes
    ----------
    estimates : PlsReplicates
    maps : (R, k, p), optional
        The indicators as combinations of standardised answers, where they are made of them.
    """

    estimates: PlsReplicates
    maps: Array | None


def input_replicates(
    answers: Answers,
    design: Design,
    draws: Draws,
    scheme: Scheme,
    tolerance: float,
    most: int = MOST,
    stages: Stages | None = None,
    workers: int = 1,
    measure: Measure | None = None,
) -> InputReplicates:
    """The model of `design` in every resample, by the kind of correlations that the sample itself was estimated from.

    `stages` may make scores of scores, but no products, which need complete rows.
    """

    def block(first: int, last: int) -> InputReplicates:
        found = _correlations(answers, draws.counts(first, last)[0])
        return _estimates(found, design, stages, (scheme, tolerance, most), measure)

    parts = in_processes(block, draws.size, _BLOCK[answers.kind], workers)
    maps = [part.maps for part in parts if part.maps is not None]
    joined = PlsReplicates.joined([part.estimates for part in parts])
    return InputReplicates(joined, np.concatenate(maps) if maps else None)


def _correlations(answers: Answers, counts: Array) -> tuple[Array, Flags, Flags]:
    """Of the answers (B, p, p); whether one is constant; whether the correlations were found."""
    if answers.kind == "rows":
        return _complete(answers.values, counts)
    if answers.kind == "pairwise":
        return pairwise_correlations(answers.values, counts)
    one = _em(answers) if answers.kind == "em" else _polychoric(answers)
    found = [one(own) for own in counts]
    cor, constant, converged = (np.array(part) for part in zip(*found, strict=True))
    return cor, constant, converged


def _complete(values: Array, counts: Array) -> tuple[Array, Flags, Flags]:
    cov = weighted_moments(counts, _in_deviations(values))[1]
    variances = np.diagonal(cov, axis1=1, axis2=2)
    constant = np.asarray((variances < 1e-12).any(axis=1))
    spread = np.sqrt(np.where(variances < 1e-12, np.nan, variances))
    return cov / (spread[:, :, None] * spread[:, None, :]), constant, np.ones(len(counts), dtype=bool)


def _in_deviations(values: Array) -> Array:
    """Distances from the mean in standard deviations, so that what counts as no variation hangs on no unit."""
    spread = np.nanstd(values, axis=0)
    return np.asarray((values - np.nanmean(values, axis=0)) / np.where(spread > 0, spread, 1.0))


def pairwise_correlations(values: Array, counts: Array) -> tuple[Array, Flags, Flags]:
    """Correlations (B, p, p) of the rows that have both answers, rows counted as often as `counts` (B, n) says.

    R: ``cor(x, use = "pairwise.complete.obs")``.
    """
    there = ~np.isnan(values)
    centred = np.where(there, _in_deviations(values), 0.0)
    p = values.shape[1]
    row, column = np.tril_indices(p)
    both = (there[:, row] & there[:, column]).astype(float)
    x, y = centred[:, row] * both, centred[:, column] * both
    n, sx, sy, sxx, syy, sxy = (counts @ part for part in (both, x, y, x * x, y * y, x * y))
    with np.errstate(invalid="ignore", divide="ignore"):
        vx, vy = sxx - sx**2 / n, syy - sy**2 / n
        small = 1e-12 * np.maximum(n, 1)
        r = np.where((vx > small) & (vy > small), (sxy - sx * sy / n) / np.sqrt(vx * vy), np.nan)
    own = row == column
    constant = np.asarray(~(vx[:, own] > small[:, own]).all(axis=1))
    cor = np.empty((len(counts), p, p))
    cor[:, row, column] = cor[:, column, row] = np.where(own, 1.0, r)
    return cor, constant, np.asarray(np.isfinite(r).all(axis=1))


_One = Callable[[Array], tuple[Array, bool, bool]]


def _em(answers: Answers) -> _One:
    patterns = Patterns.of(answers.values)

    def one(counts: Array) -> tuple[Array, bool, bool]:
        rows = np.repeat(patterns.values, counts.astype(int), axis=0)
        there = ~np.isnan(rows)
        low, high = np.where(there, rows, np.inf).min(axis=0), np.where(there, rows, -np.inf).max(axis=0)
        if not (high > low).all():
            return np.full((rows.shape[1],) * 2, np.nan), True, True
        try:
            found = saturated_moments(patterns.resampled(counts[None]))
        except np.linalg.LinAlgError:  # too few different rows in this resample
            return np.full((rows.shape[1],) * 2, np.nan), False, False
        spread = np.sqrt(np.diag(found.cov))
        return found.cov / np.outer(spread, spread), False, found.converged

    return one


def _polychoric(answers: Answers) -> _One:
    flags = answers.ordinal

    def one(counts: Array) -> tuple[Array, bool, bool]:
        rows = np.repeat(answers.values, counts.astype(int), axis=0)
        codes, levels = categories(rows[:, flags])
        flat = any(len(own) < 2 for own in levels) or bool((np.ptp(rows[:, ~flags], axis=0) == 0).any())
        if flat:
            return np.full((rows.shape[1],) * 2, np.nan), True, True
        rows[:, flags] = codes
        found = ordinal_moments(rows, flags.tolist(), acov=False)
        return found.corr, False, bool(found.converged.all())

    return one


def _estimates(
    correlations: tuple[Array, Flags, Flags],
    design: Design,
    stages: Stages | None,
    options: tuple[Scheme, float, int],
    measure: Measure | None,
) -> InputReplicates:
    cor, constant, found = correlations
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        model = estimate_model(cor, design, stages, *options)
    estimates = replicates_of(model, constant, measure, found)
    # correlations of pairs need not fit together as those of complete rows do
    sound = np.zeros(len(cor), dtype=bool)
    sound[estimates.converged] = np.linalg.eigvalsh(cor[estimates.converged])[:, 0] > 0
    estimates = replace(estimates, admissible=estimates.admissible & sound)
    return InputReplicates(estimates, model.made.maps if model.made is not None else None)
