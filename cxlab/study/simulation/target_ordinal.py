"""What an ordinal fit would find with all respondents there are: thresholds and correlations of the responses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cxlab.errors import ModelError
from cxlab.estimate.polychoric import OrdinalMoments
from cxlab.estimate.sem.engine import Estimation
from cxlab.estimate.sem.request import Request
from cxlab.study.simulation.moments import measured_thresholds
from cxlab.study.simulation.plan import Plan
from cxlab.study.simulation.target import fitted_to_all

if TYPE_CHECKING:
    from cxlab.analyses.sem_result import SemFit


def ordinal_target(
    fit: SemFit, plan: Plan, order: Sequence[int], cov: np.ndarray, mean: np.ndarray, as_asked: Sequence[str]
) -> Estimation:
    """The fit's model at the population's thresholds and correlations, weighed as the sample weighs them.

    Parameters
    ----------
    fit : SemFit
        Of ordinal items.
    plan : Plan
    order : sequence of int
        The population's groups in the fit's order.
    cov, mean : ndarray (G, p, p), (G, p)
        Moments in the fit's order of groups: of the responses behind ordinal items, of other items as they are.
    as_asked : sequence of str
        Reversed items that the analyst did not turn; their moments have been turned back already.

    Raises
    ------
    ModelError
        An ordinal item that the simulation made without points; a model that has no such fit.
    """
    without = [name for name in fit.partable.ordered if name not in plan.scales]
    if without:
        raise ModelError("simulation.ordered_without_points", name=without[0])
    names, at = fit.sample.names, [plan.population.names.index(name) for name in fit.sample.names]
    cuts = {name: _thresholds(fit, plan, name, name in as_asked)[list(order)] for name in fit.partable.ordered}
    moments = [
        _replaced(one, names, {name: cuts[name][group] for name in cuts}, cov[group][np.ix_(at, at)], mean[group, at])
        for group, one in enumerate(fit.sample.ordinal or ())
    ]
    sample = replace(
        fit.sample,
        cov=np.array([one.cov for one in moments]),
        mean=np.array([one.means for one in moments]),
        ordinal=tuple(moments),
    )
    return fitted_to_all(fit.request.table, sample, Request(estimator=fit.options.estimator, baseline=False))


def _replaced(
    sample: OrdinalMoments, names: Sequence[str], cuts: Mapping[str, np.ndarray], cov: np.ndarray, mean: np.ndarray
) -> OrdinalMoments:
    """A group's moments with the population's values."""
    thresholds = tuple(cuts[name] if name in cuts else np.empty(0) for name in names)
    return replace(sample, thresholds=thresholds, means=mean, variances=np.diag(cov).copy(), cov=cov)


def _thresholds(fit: SemFit, plan: Plan, name: str, as_asked: bool) -> np.ndarray:
    """The population's thresholds (G, t) between the answers that the sample holds, which may lack some."""
    every, low = measured_thresholds(plan, name), plan.scales[name].low
    every = -every[:, ::-1] if as_asked else every
    count = sum(row == "|" and lhs == name for row, lhs in zip(fit.partable.op, fit.partable.lhs, strict=True))
    if fit.request.survey is None or count == every.shape[1] * fit.partable.n_groups:
        return every
    frame = fit.request.survey.frame[list(fit.sample.names)].dropna()
    seen = np.unique(frame[name].to_numpy(dtype=int))
    return every[:, seen[:-1] - low]
