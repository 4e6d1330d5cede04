"""Models whose indicators are made of the answers: products for interactions, scores for higher-order constructs.

Every such indicator is a linear combination of the standardised answers and of the products of their deviations from
the mean. So the correlations that the PLS algorithm needs follow from the covariances of answers and products, in the
sample as in thousands of resamples at once, without going back to the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.pls.algorithm import Weighting, estimate_weights
from cxlab.estimate.pls.design import Design, Scheme
from cxlab.estimate.pls.solve import solve_many
from cxlab.estimate.pls.structure import reliabilities

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Made:
    """What an indicator of the model is.

    Attributes
    ----------
    kind : {"answer", "score", "score_product", "product", "residual"}
        An answer; the score of a first-stage construct; the product of two such scores; the product of two answers;
        that product less its regression on the answers in `given`.
    places : tuple of int
        Of the answers, or of the first stage's constructs.
    """

    kind: Literal["answer", "score", "score_product", "product", "residual"]
    places: tuple[int, ...]
    given: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Stages:
    """How the indicators of a model come from p answers.

    Attributes
    ----------
    first : Design, optional
        Estimated before, when scores are needed.
    first_places : tuple of int
        Where its indicators stand among the answers.
    pairs : int array (q, 2)
        Answers whose products are needed.
    made : tuple of Made (k,)
        The indicators of the model.
    interactions : bool array (J,)
        Which constructs of the model are interactions or quadratic effects.
    carried : bool
        Whether the reliabilities of the first stage's scores correct the second stage.
    """

    answers: int
    first: Design | None
    first_places: tuple[int, ...]
    pairs: NDArray[np.intp]
    made: tuple[Made, ...]
    interactions: NDArray[np.bool_]
    carried: bool = False

    @cached_property
    def place_of_pair(self) -> dict[tuple[int, int], int]:
        """Where the product of two answers stands among answers and products."""
        return {(int(i), int(j)): self.answers + number for number, (i, j) in enumerate(self.pairs)}

    def place(self, one: int, other: int) -> int:
        """Where the product of two answers stands, whichever is named first."""
        return self.place_of_pair[(min(one, other), max(one, other))]


@dataclass(frozen=True, eq=False)
class Indicators:
    """The model's indicators as combinations of answers and products.

    Attributes
    ----------
    correlations : (k, k, B)
    spread : (k, B)
        Standard deviations before they are standardised: 1 for answers and scores.
    maps : (B, k, p + q)
    first : Weighting, optional
    known : (k, B), optional
        Reliabilities of indicators that are scores, where the model is to be corrected for them.
    """

    correlations: Array
    spread: Array
    maps: Array
    first: Weighting | None
    known: Array | None = None


def with_products(values: Array, pairs: NDArray[np.intp]) -> Array:
    """Answers (n, p), standardised, and the products of some pairs: (n, p + q)."""
    z = (values - values.mean(axis=0)) / values.std(axis=0, ddof=1)
    return np.hstack([z, z[:, pairs[:, 0]] * z[:, pairs[:, 1]]])


def standardised_moments(mean: Array, cov: Array, pairs: NDArray[np.intp]) -> Array:
    """Covariances (B, e, e) of standardised answers and of the products of standardised answers.

    From means (B, e) and covariances (B, e, e) of answers and their products as they are. The product of deviations is
    x_i x_j - m_i x_j - m_j x_i and a constant, so it needs no rows either.
    """
    answers = mean.shape[1] - len(pairs)
    variances = np.diagonal(cov, axis1=1, axis2=2)[:, :answers]
    sd = np.sqrt(np.where(variances < 1e-12, np.nan, variances))
    change = np.tile(np.eye(mean.shape[1]), (len(mean), 1, 1))
    rows = answers + np.arange(len(pairs))
    for row, (i, j) in zip(rows, pairs, strict=True):
        change[:, row, j] -= mean[:, i]
        change[:, row, i] -= mean[:, j]
    scale = np.concatenate([sd, sd[:, pairs[:, 0]] * sd[:, pairs[:, 1]]], axis=1)
    change /= scale[:, :, None]
    return np.asarray(change @ cov @ change.transpose(0, 2, 1))


def make_indicators(cov: Array, stages: Stages, scheme: Scheme, tolerance: float, most: int) -> Indicators:
    """The model's indicators from the covariances (B, e, e) of standardised answers and their products."""
    first = known = None
    if stages.first is not None:
        own = np.array(stages.first_places)
        between = np.ascontiguousarray(np.moveaxis(cov[:, own[:, None], own], 0, -1))
        first = estimate_weights(between, stages.first, first_scheme(stages, scheme), tolerance, most)
        if stages.carried:
            known = _known(reliabilities(between, first, stages.first), stages.made)
    maps = np.zeros((len(cov), len(stages.made), cov.shape[1]))
    for row, made in enumerate(stages.made):
        _write(maps[:, row], made, cov, stages, first)
    found = maps @ cov @ maps.transpose(0, 2, 1)
    spread = np.sqrt(np.diagonal(found, axis1=1, axis2=2))
    correlations = found / (spread[:, :, None] * spread[:, None, :])
    return Indicators(np.ascontiguousarray(np.moveaxis(correlations, 0, -1)), spread.T, maps, first, known)


def first_scheme(stages: Stages, scheme: Scheme) -> Scheme:
    """The first stage's inner weights: where all its constructs are only correlated, no path gives a direction."""
    return "factorial" if stages.carried and scheme == "path" else scheme


def _known(rho: Array, made: Sequence[Made]) -> Array:
    """Reliabilities (k, B) of scores, 1 for answers."""
    return np.stack([rho[one.places[0]] if one.kind == "score" else np.ones(rho.shape[1]) for one in made])


def _write(row: Array, made: Made, cov: Array, stages: Stages, first: Weighting | None) -> None:
    """One indicator's combination (B, e)."""
    if made.kind == "answer":
        row[:, made.places[0]] = 1.0
    elif made.kind == "score":
        for place, weight in _weights(made.places[0], stages, first):
            row[:, place] = weight
    elif made.kind == "score_product":
        for i, one in _weights(made.places[0], stages, first):
            for j, other in _weights(made.places[1], stages, first):
                row[:, stages.place(i, j)] += one * other
    else:
        product = stages.place(*made.places)
        row[:, product] = 1.0
        if made.kind == "residual":
            row[:, list(made.given)] = -_slopes(cov, made.given, product)


def _weights(construct: int, stages: Stages, first: Weighting | None) -> list[tuple[int, Array]]:
    """Answers of a first-stage construct, each with its weight (B,)."""
    if stages.first is None or first is None:
        return []
    block = range(*stages.first.blocks[construct].indices(stages.first.indicators))
    return [(stages.first_places[place], first.weights[place]) for place in block]


def _slopes(cov: Array, given: Sequence[int], product: int) -> Array:
    """Regression (B, g) of a product on answers; not finite where these are collinear."""
    places = np.array(given)
    left = np.moveaxis(cov[:, places[:, None], places], 0, -1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return solve_many(left, cov[:, places, product].T).T


def interaction_units(loadings: Array, spread: Array, design: Design, interactions: NDArray[np.bool_]) -> Array:
    """What one standard deviation of an interaction's score is in products of standardised scores (J, B); else 1.

    Products of standardised variables do not have variance 1; a path divided by this is the change of the slope for one
    standard deviation of the moderator. Mean of the indicators' deviations, weighted by their loadings. R: seminr.
    """
    found = np.ones((design.constructs, loadings.shape[1]))
    for place in np.flatnonzero(interactions):
        own = np.abs(loadings[design.blocks[place]])
        found[place] = (own * spread[design.blocks[place]]).sum(axis=0) / own.sum(axis=0)
    return found
