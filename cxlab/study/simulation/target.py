"""What an analysis would find with all respondents there are: a model fitted to a population's moments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cxlab.errors import CxlabError, ModelError
from cxlab.estimate.sem.engine import Estimation, estimate
from cxlab.estimate.sem.request import Request
from cxlab.estimate.sem.sample import Sample
from cxlab.specify import Model, ParTable
from cxlab.specify.statements import Modifiers, Term
from cxlab.specify.write import lavaan_text
from cxlab.study.simulation.population import Population

# Rows that stand for the whole population; only their shares by group matter.
_ALL = 1_000_000
# A population in which F is below this is one in which the model holds.
HOLDS = 1e-8


def target(
    table: ParTable,
    names: Sequence[str],
    cov: np.ndarray,
    mean: np.ndarray,
    sizes: Sequence[float],
    estimator: str = "ML",
) -> Estimation:
    """The fit of a model to the moments of a population.

    Parameters
    ----------
    table : ParTable
    names : sequence of str
        Variables of the moments; the model may use fewer.
    cov, mean : ndarray (G, p, p), (G, p)
    sizes : sequence of float
        Respondents by group; their shares weigh the groups.
    estimator : {"ML", "GLS", "ULS"}

    Raises
    ------
    ModelError
        The model has variables that the population has not, or cannot be fitted to it; the message says why.
    """
    lacking = [name for name in table.variables.ov if name not in names]
    if lacking:
        raise ModelError("simulation.not_in_population", name=lacking[0], known=", ".join(names))
    at = [list(names).index(name) for name in table.variables.ov]
    n = [round(_ALL * size / sum(sizes)) for size in sizes]
    sample = Sample.of_moments(cov[:, at][:, :, at], n, table.variables.ov, mean[:, at])
    return fitted_to_all(table, sample, Request(estimator=estimator, baseline=False))


def fitted_to_all(table: ParTable, sample: Sample, request: Request) -> Estimation:
    """The fit to a population's moments, or a `ModelError` that says why there is none."""
    try:
        found = estimate(table, sample, request)
    except CxlabError as error:
        raise ModelError("simulation.no_target", problem=str(error)) from error
    if not found.converged:
        raise ModelError("simulation.no_target", problem="; ".join(notice.text() for notice in found.notices))
    return found


def misfit(found: Estimation) -> float:
    """RMSEA of the model in the population; 0 where it holds."""
    f = float(found.solution.discrepancy[0])
    return float(np.sqrt(f * len(found.n_obs) / found.df)) if found.df > 0 and f > HOLDS else 0.0


def free_model(found: Population) -> Model:
    """The population's model with its values to be estimated, each latent variable on the scale it has there.

    A latent variable whose first loading is 1 keeps that; the variance of any other is held at its value. Values of 0
    that the text states are held, but for paths: a path of 0 is an effect that is not there, and is estimated.

    Raises
    ------
    ModelError
        Composites, whose scale has no such rule.
    """
    table, size = found.table, int((found.table.group == 1).sum())
    values = found.values[: size * table.n_groups].reshape(table.n_groups, size)
    held = set(found.latent) - _marked(table, values, size)
    terms = []
    for row in range(size):
        lhs, op, rhs = table.lhs[row], table.op[row], table.rhs[row]
        if op == "<~":
            raise ModelError("simulation.composite_needs_fit_model", name=lhs)
        scale = op == "~~" and lhs == rhs and lhs in held
        if op == "~1" or (table.user[row] != 1 and not scale):
            continue
        zero = op != "~" and not values[:, row].any()
        marker = op == "=~" and lhs not in held and _first(table, row)
        fixed = tuple(values[:, row].tolist()) if scale or zero or marker else (None,) if op == "=~" else ()
        labels = [table.label[row + group * size] for group in range(table.n_groups)] if fixed in ((), (None,)) else []
        own = tuple("" if label.startswith(".p") else label for label in labels)
        own = own[:1] if len(set(own)) == 1 else own
        terms.append(Term(lhs, op, rhs, Modifiers(fixed=fixed, label=own if any(own) else ())))
    return Model.parse(lavaan_text(terms, found.model.constraints))


def _marked(table: ParTable, values: np.ndarray, size: int) -> set[str]:
    """Latent variables whose first loading is 1 in every group."""
    return {
        table.lhs[row]
        for row in range(size)
        if table.op[row] == "=~" and _first(table, row) and (values[:, row] == 1).all()
    }


def _first(table: ParTable, row: int) -> bool:
    """Whether this is the first loading of its latent variable."""
    return not any(table.op[one] == "=~" and table.lhs[one] == table.lhs[row] for one in range(row))
