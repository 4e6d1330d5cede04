"""Factor solutions of resampled respondents, each brought to the order and signs of the sample's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.analyses.efa_bootstrap_result import EfaBootstrap
from cxlab.analyses.efa_input import Sample, correlate
from cxlab.analyses.efa_solution import Solution
from cxlab.errors import CxlabError, DataError, Notice
from cxlab.estimate.factor.arrange import congruence, matched, towards
from cxlab.estimate.factor.extraction import extract
from cxlab.estimate.factor.rotation import rotate
from cxlab.resample.draws import RandomDraws
from cxlab.resample.intervals import Interval, check_interval, check_level, intervals
from cxlab.resample.moments import weighted_moments
from cxlab.resample.request import check_whole

if TYPE_CHECKING:
    from cxlab.analyses.efa_result import EFA

_BLOCK = 250
_SMALLEST = 1e-8
# The rotation of a replicate need not be carried as far as the sample's: intervals have no sixth digit.
_TOLERANCE, _ROUNDS = 1e-5, 500
_SIMILAR = 0.85


@dataclass(frozen=True, eq=False)
class _Replicates:
    """Loadings (R, p, m), factor correlations (R, m, m), congruence with the sample (R, m), improper solutions."""

    loadings: np.ndarray
    correlations: np.ndarray
    alike: np.ndarray
    improper: int
    lost: int


def bootstrap(result: EFA, n: int, seed: int | None, ci: Interval, level: float) -> EfaBootstrap:
    """See `EFA.bootstrap`."""
    check_whole("n", n, 2)
    check_interval(ci)
    check_level(level)
    if ci == "bca":
        raise CxlabError("factor.no_bca")
    if result.sample.values is None:
        raise DataError("factor.no_rows_to_draw")
    drawn = int(np.random.SeedSequence().generate_state(1)[0]) if seed is None else check_whole("seed", seed, 0)
    found = _replicates(result, n, drawn)
    if len(found.loadings) < 2:
        raise DataError("factor.no_replicates", total=n)
    notices = _notices(result, found, n, seed, drawn)
    return EfaBootstrap(
        table=_loadings(result, found, ci, level),
        communalities=_communalities(result, found, ci, level),
        correlations=_correlations(result, found, ci, level),
        stability=_stability(result, found),
        warnings=tuple(notices),
        sample=result.sample,
        request=result.request,
        n_boot=n,
        n_used=len(found.loadings),
        n_improper=found.improper,
        seed=drawn,
        ci=ci,
        level=level,
    )


def _replicates(result: EFA, n: int, seed: int) -> _Replicates:
    parts = [_block(result, corr) for corr in resampled(result.sample, n, seed)]
    kept = sum(len(part.loadings) for part in parts)
    return _Replicates(
        np.concatenate([part.loadings for part in parts]),
        np.concatenate([part.correlations for part in parts]),
        np.concatenate([part.alike for part in parts]),
        sum(part.improper for part in parts),
        n - kept,
    )


def resampled(sample: Sample, n: int, seed: int) -> Iterator[np.ndarray]:
    """Correlation matrices (b, p, p) of resampled rows, block by block; nan where one cannot be computed."""
    values = sample.values
    assert values is not None  # noqa: S101 - the caller has looked
    draws = RandomDraws(n, (len(values),), seed)
    plain = sample.correlation == "pearson" and np.isfinite(values).all()
    for first in range(0, n, _BLOCK):
        counts = draws.counts(first, min(first + _BLOCK, n))[0]
        if plain:
            cov = weighted_moments(counts, values)[1]
            spread = np.sqrt(np.maximum(np.diagonal(cov, axis1=1, axis2=2), 0.0))
            with np.errstate(divide="ignore", invalid="ignore"):
                yield cov / (spread[:, :, None] * spread[:, None, :])
        elif sample.correlation == "pearson":
            yield _pairwise(counts, values)
        else:
            yield np.stack([_one(row, values, sample.correlation) for row in counts])


def _pairwise(counts: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Weighted correlations from the rows that have both answers."""
    given = np.isfinite(values).astype(float)
    x = np.where(given > 0, values - np.nanmean(values, axis=0), 0.0)
    size = values.shape[1]

    def sums(left: np.ndarray, right: np.ndarray) -> np.ndarray:
        products = (left[:, :, None] * right[:, None, :]).reshape(len(values), -1)
        return (counts @ products).reshape(-1, size, size)

    with np.errstate(divide="ignore", invalid="ignore"):
        both, first, squares, cross = sums(given, given), sums(x, given), sums(x**2, given), sums(x, x)
        variance = squares - first**2 / both
        cov = cross - first * first.swapaxes(1, 2) / both
        corr = cov / np.sqrt(variance * variance.swapaxes(1, 2))
    place = np.arange(size)
    corr[:, place, place] = np.where(np.isfinite(corr[:, place, place]), 1.0, np.nan)
    return np.asarray(corr)


def _one(counts: np.ndarray, values: np.ndarray, correlation: str) -> np.ndarray:
    rows = np.repeat(values, counts.astype(int), axis=0)
    try:
        return correlate(pd.DataFrame(rows), correlation)[0]
    except DataError:
        return np.full((values.shape[1], values.shape[1]), np.nan)


def _block(result: EFA, corr: np.ndarray) -> _Replicates:
    request, sample = result.request, result.solution
    good = np.isfinite(corr).all(axis=(1, 2))
    if request.method == "ml":
        good[good] = np.linalg.eigvalsh(corr[good])[:, 0] > _SMALLEST
    corr = corr[good]
    how = request.how
    begin = 1 - sample.communalities if request.method != "pa" else None
    found = extract(
        corr, request.factors, request.method, start=begin, tolerance=request.tolerance, max_iter=request.max_iter
    )
    turn = towards(found.loadings, sample.extraction.loadings[0]) @ sample.rotation.turn[0]
    rotated = rotate(found.loadings, how, turn, tolerance=_TOLERANCE, max_iter=_ROUNDS)
    done = rotated.converged & (found.converged | (request.method == "pa"))
    done &= np.isfinite(rotated.loadings).all(axis=(1, 2))
    loadings, correlations, alike = _aligned(rotated.loadings[done], rotated.correlations[done], sample)
    return _Replicates(loadings, correlations, alike, int(found.improper[done].any(axis=1).sum()), 0)


def _aligned(
    loadings: np.ndarray, correlations: np.ndarray, sample: Solution
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    alike = np.empty((len(loadings), loadings.shape[2]))
    for place in range(len(loadings)):
        own = matched(loadings[place], correlations[place], sample.loadings)
        loadings[place], correlations[place] = own
        alike[place] = np.diag(congruence(sample.loadings, own[0]))
    return loadings, correlations, alike


def _columns(replicates: np.ndarray, estimate: np.ndarray, ci: Interval, level: float) -> dict[str, np.ndarray]:
    ends = intervals(replicates, estimate, ci, level)
    return {
        "se": replicates.std(axis=0, ddof=1),
        "bias": replicates.mean(axis=0) - estimate,
        "ci_lower": ends.lower,
        "ci_upper": ends.upper,
    }


def _loadings(result: EFA, found: _Replicates, ci: Interval, level: float) -> pd.DataFrame:
    flat = found.loadings.reshape(len(found.loadings), -1)
    frame = result.table[["item", "factor", "loading", "primary"]]
    return frame.assign(**_columns(flat, frame["loading"].to_numpy(), ci, level))


def _communalities(result: EFA, found: _Replicates, ci: Interval, level: float) -> pd.DataFrame:
    drawn = ((found.loadings @ found.correlations) * found.loadings).sum(axis=2)
    frame = result.communalities.rename_axis("item").reset_index()
    return frame.assign(**_columns(drawn, frame["communality"].to_numpy(), ci, level))


def _correlations(result: EFA, found: _Replicates, ci: Interval, level: float) -> pd.DataFrame:
    factors = list(result.loadings)
    first, second = np.triu_indices(len(factors), 1)
    if not result.request.how.oblique:
        first, second = first[:0], second[:0]
    frame = pd.DataFrame(
        {
            "factor_1": [factors[i] for i in first],
            "factor_2": [factors[j] for j in second],
            "correlation": result.solution.correlations[first, second],
        }
    )
    return frame.assign(**_columns(found.correlations[:, first, second], frame["correlation"].to_numpy(), ci, level))


def _stability(result: EFA, found: _Replicates) -> pd.DataFrame:
    """How alike each factor's loadings are in sample and replicates, by Tucker's congruence."""
    return pd.DataFrame(
        {
            "factor": list(result.loadings),
            "congruence": found.alike.mean(axis=0),
            "share_unlike": (found.alike < _SIMILAR).mean(axis=0),
        }
    )


def _notices(result: EFA, found: _Replicates, n: int, seed: int | None, drawn: int) -> list[Notice]:
    notices = []
    if seed is None:
        notices.append(Notice("resample.seed_drawn", {"seed": drawn}))
    if found.lost:
        notices.append(Notice("factor.replicates_lost", {"lost": found.lost, "total": n}, serious=True))
    if found.improper:
        notices.append(Notice("factor.replicates_improper", {"count": found.improper, "total": n}))
    shares = (found.alike < _SIMILAR).mean(axis=0)
    loose = [name for name, share in zip(result.loadings, shares, strict=True) if share > 0.05]
    if loose:
        values = {"factors": ", ".join(loose)}
        notices.append(Notice("factor.unstable", values, serious=True))
    return [*(notice for notice in result.warnings if notice.key == "analyses.simulated"), *notices]
