"""PLS path models in every resample of the rows, a block of resamples at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.pls import Design, Structure, estimate_weights, structure
from cxlab.estimate.pls.algorithm import MOST
from cxlab.estimate.pls.design import Scheme
from cxlab.estimate.pls.model import Estimates, estimate_model
from cxlab.estimate.pls.stages import Stages, standardised_moments, with_products
from cxlab.resample.blocks import spans
from cxlab.resample.draws import Draws
from cxlab.resample.moments import RowProducts, weighted_correlations, weighted_moments

Array = NDArray[np.float64]
# What else is to be known of each replicate, from the indicators' correlations (p, p, B) and the model: (m, B).
Measure = Callable[[Array, Structure], Array]
# Replicates a block: as many as keep a block's correlations near the processor, within these bounds.
_NEAR, _FEWEST, _MOST = 1 << 19, 48, 640
# Rounds after which the few replicates that have not settled wait for those of other blocks, to go on together.
_SOON = 300


@dataclass(frozen=True, eq=False)
class PlsReplicates:
    """Estimates of R resamples, nan where one could not be estimated.

    Attributes
    ----------
    paths, total : (R, J, J)
        Of an interaction for products of standardised scores, as `cxlab.pls` gives them.
    loadings, weights : (R, p)
    r2 : (R, J)
    measured : (R, m)
        What a `Measure` found.
    constant : (R,) an indicator did not vary
    converged, admissible : (R,)
    """

    paths: Array
    total: Array
    loadings: Array
    weights: Array
    r2: Array
    measured: Array
    constant: NDArray[np.bool_]
    converged: NDArray[np.bool_]
    admissible: NDArray[np.bool_]

    def put(self, places: NDArray[np.intp], others: PlsReplicates) -> None:
        """Other estimates in these places."""
        for name in self.__dataclass_fields__:
            getattr(self, name)[places] = getattr(others, name)

    @staticmethod
    def joined(parts: Sequence[PlsReplicates]) -> PlsReplicates:
        """Blocks of replicates as one."""
        names = PlsReplicates.__dataclass_fields__
        return PlsReplicates(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def pls_replicates(
    values: Array,
    design: Design,
    draws: Draws,
    scheme: Scheme,
    tolerance: float,
    most: int = MOST,
    stages: Stages | None = None,
    measure: Measure | None = None,
) -> PlsReplicates:
    """The model of `design` in every resample of complete rows (n, p).

    Each resample starts from weights of 1, as the sample does, so that its signs follow its own correlations. With
    `stages`, rows are answers, and products, first-stage weights and scores are found anew in each resample.
    """
    pairs = stages.pairs if stages else np.empty((0, 2), dtype=np.intp)
    rows = RowProducts(with_products(values, pairs))
    block = int(np.clip(_NEAR // design.indicators**2, _FEWEST, _MOST))

    def estimated(counts: Array, rounds: int) -> PlsReplicates:
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            if stages is None:
                cor, variances = weighted_correlations(counts, rows)
                model = _plain(cor, design, scheme, tolerance, rounds)
            else:
                sound, variances = _answers(counts, rows, stages)
                model = estimate_model(sound, design, stages, scheme, tolerance, rounds)
        return replicates_of(model, np.asarray((variances < 1e-12).any(axis=0)), measure)

    soon = min(most, _SOON)
    found = PlsReplicates.joined([estimated(draws.counts(*ends)[0], soon) for ends in spans(draws.size, block)])
    late = np.flatnonzero(~found.converged & ~found.constant) if most > soon else np.empty(0, dtype=np.intp)
    for first, last in spans(len(late), block):
        own = late[first:last]
        found.put(own, estimated(np.concatenate([draws.counts(one, one + 1)[0] for one in own.tolist()]), most))
    return found


def replicates_of(
    model: Estimates, constant: NDArray[np.bool_], measure: Measure | None, known: NDArray[np.bool_] | bool = True
) -> PlsReplicates:
    """Estimated models as replicates, nan where an indicator is `constant` (B,) or correlations were not `known`."""
    solved = model.solved
    usable = model.usable & ~constant & known
    parts = [solved.paths / model.units[:, None], solved.total / model.units[:, None], solved.loadings]
    measured = np.empty((0, len(usable))) if measure is None else measure(model.correlations, solved)
    parts += [model.weighting.weights, solved.r2, measured]
    found = [np.moveaxis(np.where(usable, part, np.nan), -1, 0) for part in parts]
    paths, total, loadings, weights, r2, measured = found
    admissible = solved.admissible & usable
    return PlsReplicates(paths, total, loadings, weights, r2, measured, constant, usable, admissible)


def _plain(cor: Array, design: Design, scheme: Scheme, tolerance: float, most: int) -> Estimates:
    """Models whose indicators are the answers themselves."""
    weighting = estimate_weights(cor, design, scheme, tolerance, most)
    solved = structure(cor, weighting, design)
    return Estimates(cor, None, weighting, solved, np.ones((design.constructs, cor.shape[2])), weighting.converged)


def _answers(counts: Array, rows: RowProducts, stages: Stages) -> tuple[Array, Array]:
    """Covariances (B, e, e) of standardised answers and their products, and the answers' variances (p, B)."""
    mean, cov = weighted_moments(counts, rows)
    n = counts.sum(axis=1)[:, None, None]
    variances = np.diagonal(cov, axis1=1, axis2=2)[:, : stages.answers].T
    return standardised_moments(mean, cov * n / (n - 1), stages.pairs), variances
