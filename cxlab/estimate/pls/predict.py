"""Out-of-sample predictions of a PLS path model's endogenous answers, and the linear benchmarks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.pls.composites import composites
from cxlab.estimate.pls.design import Design, Scheme
from cxlab.estimate.pls.model import Estimates, estimate_model
from cxlab.estimate.pls.stages import Stages

Array = NDArray[np.float64]
Antecedents = Literal["earliest", "direct"]
Benchmark = Literal["exogenous", "outside"]


@dataclass(frozen=True, eq=False)
class Predictor:
    """A model that is estimated from some rows of answers and predicts others.

    Attributes
    ----------
    design : Design
    stages : Stages, optional
    scheme, tolerance : as in `cxlab.estimate.pls.estimate_weights`
    """

    design: Design
    stages: Stages | None
    scheme: Scheme
    tolerance: float

    @cached_property
    def owner(self) -> NDArray[np.intp]:
        """Construct of each answer (p,)."""
        found = composites(self.design, self.stages)
        owner = np.empty(len(found.answer), dtype=np.intp)
        owner[found.answer] = np.repeat(found.constructs, found.sizes)
        return owner

    @cached_property
    def exogenous(self) -> NDArray[np.bool_]:
        """Constructs that nothing explains (J,)."""
        return np.array([not len(causes) for causes in self.design.causes])

    @cached_property
    def places(self) -> NDArray[np.intp]:
        """Answers of constructs that something explains."""
        return np.flatnonzero(~self.exogenous[self.owner])


def pls_predictions(train: Array, test: Array, model: Predictor, antecedents: Antecedents) -> tuple[Array, bool]:
    """Predicted endogenous answers (m, q) of new rows (m, p), from a model estimated on others (n, p); its convergence.

    New rows are standardised by the training rows' means and deviations, multiplied and weighted by the training rows'
    weights, in as many stages as the model has. "earliest" carries only the scores of constructs that nothing explains
    along the paths; "direct" takes each construct's own causes' scores. A construct's predicted score times the
    indicators' loadings gives their prediction (Shmueli et al., 2016); where an indicator is the score of a component,
    that times the answers' loadings on the component.
    """
    mean, sd = train.mean(axis=0), train.std(axis=0, ddof=1)
    own, new = ((rows - mean) / sd for rows in (train, test))
    pairs = np.empty((0, 2), dtype=np.intp) if model.stages is None else model.stages.pairs
    wide, wide_new = (np.hstack([z, z[:, pairs[:, 0]] * z[:, pairs[:, 1]]]) for z in (own, new))
    found = estimate_model(np.cov(wide.T)[None], model.design, model.stages, model.scheme, model.tolerance)
    if found.made is not None:
        maps = found.made.maps[0].T
        wide_new = (wide_new @ maps - (wide @ maps).mean(axis=0)) / found.made.spread[:, 0]
    weights = np.zeros((model.design.indicators, model.design.constructs))
    weights[np.arange(model.design.indicators), model.design.owner] = found.weighting.weights[:, 0]
    scores = wide_new @ weights
    if antecedents == "direct":
        predicted = scores @ found.solved.paths[:, :, 0]
    else:
        predicted = np.where(model.exogenous, scores, 0.0) @ found.solved.total[:, :, 0]
    places = model.places
    answers = predicted[:, model.owner[places]] * _loadings(model, found)[places] * sd[places] + mean[places]
    return answers, bool(found.usable[0])


def _loadings(model: Predictor, found: Estimates) -> Array:
    """Of each answer on its construct (p,), through the component between them where there is one."""
    belongs = composites(model.design, model.stages)
    loadings = np.ones(len(model.owner))
    loadings[belongs.answer] = found.solved.loadings[belongs.indicator, 0]
    if model.stages is None or model.stages.first is None or found.made is None or found.made.first is None:
        return loadings
    first, projected = model.stages.first, found.made.first.projected[:, :, 0]
    for made in model.stages.made:
        if made.kind == "score":
            for place in range(*first.blocks[made.places[0]].indices(first.indicators)):
                loadings[model.stages.first_places[place]] *= projected[place, made.places[0]]
    return loadings


def linear_predictions(train: Array, test: Array, model: Predictor, benchmark: Benchmark) -> Array:
    """Predictions of the same answers by linear regression.

    "exogenous" regresses each on all answers of constructs that nothing explains (Shmueli et al., 2016; cSEM 0.6, which
    leaves out the constant), "outside" on all answers to other constructs (seminr 2.3). Products are not among them.
    """
    columns = []
    for place in model.places:
        chosen = model.exogenous[model.owner] if benchmark == "exogenous" else model.owner != model.owner[place]
        left, right = _with_one(train[:, chosen]), _with_one(test[:, chosen])
        columns.append(right @ np.linalg.lstsq(left, train[:, place], rcond=None)[0])
    return np.column_stack(columns)


def _with_one(values: Array) -> Array:
    return np.column_stack([np.ones(len(values)), values])
