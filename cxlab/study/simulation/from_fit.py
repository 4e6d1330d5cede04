"""A fitted model as a population: its estimates are the true values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cxlab.errors import DataError, ModelError, NotSupportedError
from cxlab.evaluate.fitted import row_values
from cxlab.specify import Model
from cxlab.specify.statements import Modifiers, Term
from cxlab.study.simulation.population import truth_text

if TYPE_CHECKING:
    from cxlab.analyses.sem_result import SemFit


def population_of_fit(fit: SemFit | Any, n: int | Mapping[str, int]) -> Model:
    """The fitted model with its estimates as values; the sample's means where the model has none.

    Raises
    ------
    ModelError
        The fit did not converge or cannot be true; it is no fitted model; `n` has other groups than the fit.
    """
    from cxlab.analyses.sem_result import SemFit

    if not isinstance(fit, SemFit):
        raise ModelError("simulation.not_a_model", kind=type(fit).__name__)
    if not fit.converged or not fit.admissible:
        raise ModelError("simulation.fit_not_usable")
    names = tuple(map(str, n)) if isinstance(n, Mapping) else ()
    if names != fit.groups:
        raise DataError("simulation.groups_of_fit", needed=", ".join(fit.groups) or "–", given=", ".join(names) or "–")
    table, fitted = fit.partable, fit.fitted
    if table.ordered and fit.groups:
        raise NotSupportedError("simulation.ordered_groups")
    if table.ordered:
        return _of_ordinal(fit)
    held = replace(table, user=np.where(table.is_parameter, 1, table.user))
    model = Model.parse(truth_text(fit.model, held, row_values(table, fitted.theta)))
    if table.meanstructure or fitted.sample_mean is None:
        return model
    means = zip(table.variables.ov, fitted.sample_mean.T.tolist(), strict=True)
    terms = [Term(name, "~1", "", Modifiers(fixed=tuple(values))) for name, values in means]
    from cxlab.specify.write import lavaan_text

    return Model.parse(lavaan_text((*model.terms, *terms), model.constraints))


def _of_ordinal(fit: SemFit) -> Model:
    """The model of the responses behind ordinal items; their thresholds are a matter of `scales_of_fit`."""
    table, values = fit.partable, row_values(fit.partable, fit.fitted.theta)
    rows = [row for row, op in enumerate(table.op) if table.is_parameter[row] and op not in ("|", "~*~", ":=")]
    terms = [
        Term(table.lhs[row], table.op[row], table.rhs[row], Modifiers(fixed=(float(values[row]),)))
        for row in rows
        if table.op[row] != "~1" or values[row]
    ]
    from cxlab.specify.write import lavaan_text

    return Model.parse(lavaan_text(terms, ()))


def scales_of_fit(fit: SemFit | Any) -> dict[str, Any]:
    """`points` and `thresholds` of a fit's ordinal items, as `simulate` takes them; empty for numeric items.

    Raises
    ------
    DataError
        Answers between the lowest and the highest that nobody gave: there is no threshold for them.
    """
    if not fit.partable.ordered:
        return {}
    found = fit.estimates[fit.estimates["op"] == "|"]
    thresholds = {str(name): rows["std_all"].tolist() for name, rows in found.groupby("lhs", sort=False)}
    return {"points": {name: _ends(fit, name, len(own)) for name, own in thresholds.items()}, "thresholds": thresholds}


def _ends(fit: SemFit | Any, name: str, count: int) -> tuple[int, int]:
    if fit.request.survey is None:
        return 1, count + 1
    seen = fit.request.survey.frame[list(fit.sample.names)].dropna()[name]
    low, high = int(seen.min()), int(seen.max())
    if high - low != count:
        raise DataError("simulation.ordered_gap", name=name, low=low, high=high)
    return low, high
