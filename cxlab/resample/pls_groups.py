"""Two groups under permutation: PLS estimates of each, and how far their composites agree."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.pls import Design
from cxlab.estimate.pls.composites import composites
from cxlab.estimate.pls.design import Scheme
from cxlab.estimate.pls.stages import Stages
from cxlab.resample.draws import Draws
from cxlab.resample.moments import weighted_moments
from cxlab.resample.pls import PlsReplicates, pls_replicates
from cxlab.resample.pls_inputs import Answers, input_replicates
from cxlab.resample.seeds import generators

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PermutedGroup:
    """One of two groups whose labels are dealt anew in each replicate; with size 0, the groups as they are.

    Examples
    --------
    >>> group = PermutedGroup(np.array([True, True, False]), 2, seed=1)
    >>> group.counts(0, 2)[0].sum(axis=1).tolist(), group.other.counts(0, 2)[0].sum(axis=1).tolist()
    ([2.0, 2.0], [1.0, 1.0])
    """

    member: NDArray[np.bool_]
    permutations: int
    seed: int
    second: bool = False

    @property
    def size(self) -> int:
        """Number of replicates."""
        return max(self.permutations, 1)

    @property
    def other(self) -> PermutedGroup:
        """The other group of the same deals."""
        return replace(self, second=not self.second)

    def counts(self, first: int, last: int) -> list[np.ndarray]:
        """See `cxlab.resample.draws.Draws`."""
        if self.permutations:
            dealt = np.stack([random.permutation(self.member) for random in generators(self.seed, first, last)])
        else:
            dealt = self.member[None]
        return [(dealt != self.second).astype(float)]


@dataclass(frozen=True, eq=False)
class TwoGroups:
    """Estimates of two groups in R deals of the labels.

    Attributes
    ----------
    first, second : PlsReplicates
    means, variances : (2, R, C)
        Of the scores of a model of both groups together, for constructs that are made of answers.
    agreement : (R, C)
        Correlation of the scores that the two groups' weights give all rows.
    """

    first: PlsReplicates
    second: PlsReplicates
    means: Array
    variances: Array
    agreement: Array


def two_groups(
    values: Array, design: Design, group: PermutedGroup, scheme: Scheme, tolerance: float, stages: Stages | None
) -> TwoGroups:
    """Each group's model in each deal, from answers (n, p).

    Scores are those of constructs that are made of answers, by the weights of all stages together. With products and
    higher-order constructs in one model nothing is said about scores.
    """
    made = composites(design, stages)
    if made.staged and stages is not None and len(stages.pairs):
        parts = [pls_replicates(values, design, one, scheme, tolerance, stages=stages) for one in (group, group.other)]
        nothing = np.full((group.size, len(made.sizes)), np.nan)
        return TwoGroups(parts[0], parts[1], np.stack([nothing] * 2), np.stack([nothing] * 2), nothing)

    def model(draws: Draws) -> tuple[PlsReplicates, Array]:
        if not made.staged:
            found = pls_replicates(values, design, draws, scheme, tolerance, stages=stages)
            return found, made.weights(found.weights, None)
        rows = Answers(values, "rows", np.zeros(values.shape[1], dtype=bool))
        both = input_replicates(rows, design, draws, scheme, tolerance, stages=stages)
        return both.estimates, made.weights(both.estimates.weights, both.maps)

    (first, weights), (second, others) = (model(one) for one in (group, group.other))
    pooled = model(PermutedGroup(np.ones(len(values), dtype=bool), 0, 0))[1][0]
    z = ((values - values.mean(axis=0)) / values.std(axis=0, ddof=1))[:, made.answer]
    scores = np.column_stack([z[:, block] @ pooled[block] for block in made.design.blocks])
    moments = [_moments(scores, one) for one in (group, group.other)]
    agreement = weight_agreement(weights, others, np.atleast_2d(np.corrcoef(z.T)), made.design)
    means, variances = (np.stack([one[place] for one in moments]) for place in (0, 1))
    return TwoGroups(first, second, means, variances, agreement)


def weight_agreement(first: Array, second: Array, cor: Array, design: Design) -> Array:
    """Correlations (R, J) of scores by two sets of weights (R, p), in rows with these correlations (p, p)."""
    found = np.empty((len(first), design.constructs))
    for place, block in enumerate(design.blocks):
        own = cor[block, block]
        one, two = first[:, block], second[:, block]
        both = np.einsum("ri,ij,rj->r", one, own, two)
        alone = np.einsum("ri,ij,rj->r", one, own, one) * np.einsum("ri,ij,rj->r", two, own, two)
        found[:, place] = both / np.sqrt(alone)
    return found


def _moments(scores: Array, draws: Draws) -> tuple[Array, Array]:
    """Means and variances (R, J)."""
    counts = draws.counts(0, draws.size)[0]
    mean, cov = weighted_moments(counts, scores)
    n = counts.sum(axis=1)[:, None]
    return mean, np.diagonal(cov, axis1=1, axis2=2) * n / (n - 1)
