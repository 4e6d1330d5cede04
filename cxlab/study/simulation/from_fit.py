"""A fitted model as a population: its estimates are the true values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cxlab.errors import DataError, ModelError
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
    held = replace(table, user=np.where(table.is_parameter, 1, table.user))
    model = Model.parse(truth_text(fit.model, held, row_values(table, fitted.theta)))
    if table.meanstructure or fitted.sample_mean is None:
        return model
    means = zip(table.variables.ov, fitted.sample_mean.T.tolist(), strict=True)
    terms = [Term(name, "~1", "", Modifiers(fixed=tuple(values))) for name, values in means]
    from cxlab.specify.write import lavaan_text

    return Model.parse(lavaan_text((*model.terms, *terms), model.constraints))
