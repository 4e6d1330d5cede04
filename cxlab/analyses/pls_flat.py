"""A PLS fit with its stages folded into one: every construct a weighted sum of answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cxlab.errors import NotSupportedError
from cxlab.estimate.pls import Design, Weighting
from cxlab.estimate.pls.composites import composites

if TYPE_CHECKING:
    from cxlab.analyses.pls_model import PlsModel
    from cxlab.analyses.pls_result import PlsFit


def refuse_products(model: PlsModel, what: str) -> None:
    """Raise where products leave a question without a single answer."""
    if model.products:
        raise NotSupportedError("pls_input.staged_product", what=what, product=next(iter(model.products)))


def refuse_carried(model: PlsModel, what: str) -> None:
    """Raise where corrected paths belong to no scores."""
    if model.stages is not None and model.stages.carried:
        raise NotSupportedError("pls_input.staged_carried", what=what)


def flat(fit: PlsFit, what: str) -> PlsFit:
    """The fit with answers as the only indicators: the same constructs, scores, paths and effects.

    Raises
    ------
    NotSupportedError
        Products, which are no weighted sums of answers; higher-order constructs of common factors.
    """
    model = fit.model
    if model.stages is None:
        return fit
    refuse_products(model, what)
    refuse_carried(model, what)
    made = composites(model.design, model.stages)
    design = Design(made.sizes, model.design.modes, (False,) * len(made.sizes), model.design.paths)
    items = tuple(model.answers[place] for place in made.answer)
    maps = None if fit.maps is None else fit.maps[None]
    weights = made.weights(fit.weighting.weights.T, maps).T
    given = fit.given.taken(items, items)
    projected = np.stack([given.cor[:, block] @ weights[block] for block in design.blocks], axis=1)
    own = projected[np.arange(len(items)), design.owner]
    weighting = Weighting(
        weights, projected, fit.weighting.correlations, fit.weighting.iterations, fit.weighting.converged
    )
    return replace(
        fit,
        model=replace(
            model, items=items, design=design, answers=items, higher={}, stages=None, first=None, source=None
        ),
        given=given,
        cor=given.cor,
        weighting=weighting,
        solved=replace(fit.solved, loadings=own),
        indicators=given.answers,
        standard=given.standard,
        maps=None,
        first_stage=None,
    )
