"""A whole model from correlations: indicators made in stages, weights, structure, for B models at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.pls.algorithm import MOST, Weighting, estimate_weights
from cxlab.estimate.pls.design import Design, Scheme
from cxlab.estimate.pls.stages import Indicators, Stages, interaction_units, make_indicators
from cxlab.estimate.pls.structure import Structure, structure

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Estimates:
    """B estimated models; replicates last.

    Attributes
    ----------
    correlations : (k, k, B)
        Of the indicators.
    made : Indicators, optional
        How these were made of answers.
    weighting : Weighting
    solved : Structure
    units : (J, B)
        By which paths of interactions are divided to hold for products of standardised scores; else 1.
    usable : (B,)
        Both stages converged.
    """

    correlations: Array
    made: Indicators | None
    weighting: Weighting
    solved: Structure
    units: Array
    usable: NDArray[np.bool_]


def estimate_model(
    cov: Array, design: Design, stages: Stages | None, scheme: Scheme, tolerance: float, most: int = MOST
) -> Estimates:
    """B models from the covariances (B, e, e) of standardised answers and of their products.

    Without `stages` the answers are the indicators, and these are their correlations.
    """
    made = make_indicators(cov, stages, scheme, tolerance, most) if stages is not None else None
    cor = np.ascontiguousarray(np.moveaxis(cov, 0, -1)) if made is None else made.correlations
    weighting = estimate_weights(cor, design, scheme, tolerance, most)
    solved = structure(cor, weighting, design, made.known if made is not None else None)
    units = np.ones((design.constructs, cor.shape[2]))
    usable = weighting.converged.copy()
    if stages is not None and made is not None:
        units = interaction_units(solved.loadings, made.spread, design, stages.interactions)
        usable &= made.first is None or made.first.converged
    return Estimates(cor, made, weighting, solved, units, usable)
