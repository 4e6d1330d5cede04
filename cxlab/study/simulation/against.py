"""`cx.against_truth`: a fit on simulated data beside the values that made the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from cxlab.analyses.unpack import check_level
from cxlab.errors import DataError, ModelError, Notice
from cxlab.estimate.sem.engine import Estimation
from cxlab.evaluate.fitted import free_rows
from cxlab.evaluate.standardised import standardised_table, standardised_values
from cxlab.specify import Model, ParTable
from cxlab.study.simulation.against_result import TruthComparison
from cxlab.study.simulation.moments import measured_moments
from cxlab.study.simulation.options import read_careless, read_method_factor
from cxlab.study.simulation.plan import Plan, read_plan
from cxlab.study.simulation.population import Population
from cxlab.study.simulation.power_result import parameter_name
from cxlab.study.simulation.target import misfit, target
from cxlab.study.simulation.target_ordinal import ordinal_target
from cxlab.study.simulation.truth import plan_of

if TYPE_CHECKING:
    from cxlab.analyses.sem_result import SemFit

METRICS = ("raw", "std_all")
_MISFIT = 0.01
# Differences between a path in the fitted and in the true model that answers on points alone do not make, or rounding.
_ON_POINTS, _APART = 0.04, 0.001
_CONSTRAINTS = ("==", "<", ">")


def against_truth(
    fit: SemFit, truth: str | Model | None = None, *, metric: str | None = None, level: float = 0.95
) -> TruthComparison:
    """Hold a fitted model's estimates against the truth behind simulated data.

    When to use it: at the end of a lesson or a simulation, to see which intervals hold the true values, and what skewed
    answers, careless respondents or a wrong model do to the others.

    Parameters
    ----------
    fit : SemFit
        Fitted to a simulated survey.
    truth : str or Model, optional
        The true model, every value stated, if the survey's codebook does not hold it; its answers then count as
        continuous.
    metric : {"raw", "std_all"}, optional
        Compare raw or standardised parameters. Default: raw where the fit sets scales as the true model does, else
        standardised.
    level : float
        Of the intervals.

    Returns
    -------
    TruthComparison
        ``table``: lhs, op, rhs, group, label, estimate, ci_lower, ci_upper, truth, generating, inside; estimated and
        defined parameters only.

    Raises
    ------
    DataError
        The survey is not simulated, or its codebook does not say how; unknown `metric`.
    ModelError
        The fit did not converge, or has variables or groups that the true model has not.

    Notes
    -----
    ``truth`` is the value of each parameter when the same model is fitted to the moments of the whole population, as it
    answers on its scales, attentive and without a method factor. Where the fitted model holds in the population these
    are the true values, in the fit's own parameters; where it does not, they are what it would reach with everyone
    there is, and a warning says so. On answer scales of few points they lie below the loadings of the latent responses
    (attenuation): these stand in ``generating``, as do the true model's own values for all rows that it has. A fit of
    ordinal items (``ordered=``) is held against the latent responses themselves, which are what it estimates.

    Examples
    --------
    >>> from cxlab.analyses.sem import sem
    >>> from cxlab.study.simulation import simulate
    >>> true = "SAT =~ 0.8*s1 + 0.7*s2 + 0.7*s3; LOY =~ 0.8*l1 + 0.7*l2 + 0.7*l3; LOY ~ 0.5*SAT"
    >>> survey = simulate(true, 500, seed=12, standardized=True)
    >>> found = against_truth(sem("SAT =~ s1 + s2 + s3; LOY =~ l1 + l2 + l3; LOY ~ SAT", survey))
    >>> found.metric, len(found.table)
    ('std_all', 14)
    """
    check_level(level)
    if metric is not None and metric not in METRICS:
        raise DataError("simulation.unknown_word", option="metric", value=metric, known=", ".join(METRICS))
    if not fit.converged:
        raise ModelError("simulation.fit_not_usable")
    plan = _plan(fit, truth)
    order = _groups(fit, plan)
    found = _target(fit, plan, order)
    on_points = any(name in plan.scales for name in fit.partable.variables.ov if name not in fit.partable.ordered)
    chosen = metric or _metric(fit.partable, plan, order)
    table = _table(fit, found, plan.population, order, chosen, level)
    return TruthComparison(
        table=table,
        metric=chosen,
        level=level,
        population_rmsea=misfit(found),
        on_points=on_points,
        labels={name: fit.labels[name] for name in fit.partable.variables.lv if name in fit.labels},
        warnings=(*_apart(table, on_points), *_notices(plan, found, fit, on_points)),
    )


def _plan(fit: SemFit, truth: str | Model | None) -> Plan:
    if truth is None:
        if fit.request.survey is None:
            raise DataError("simulation.not_simulated")
        return plan_of(fit.request.survey, whole=False)
    groups: Any = dict.fromkeys(fit.groups, 2) if fit.groups else 2
    return read_plan(truth, groups, 0)


def _groups(fit: SemFit, plan: Plan) -> list[int]:
    """The population's groups in the fit's order."""
    known = plan.population.groups
    if not fit.groups:
        if known:
            raise ModelError("simulation.fit_without_groups", groups=", ".join(known))
        return [0]
    if not known:  # one population, cut into groups that it does not know
        return [0] * len(fit.groups)
    lacking = [group for group in fit.groups if group not in known]
    if lacking:
        raise ModelError("simulation.unknown_group", group=lacking[0], known=", ".join(known))
    return [known.index(group) for group in fit.groups]


def _target(fit: SemFit, plan: Plan, order: list[int]) -> Estimation:
    """The fit's model at the moments of everyone, as the fit sees them."""
    ordered = fit.partable.ordered
    cov, mean = _as_seen(fit, plan, *(part[order] for part in measured_moments(plan, responses=ordered)))
    if ordered:
        return ordinal_target(fit, plan, order, cov, mean, _as_asked(fit, plan))
    family = fit.options.family if fit.options.family in ("ML", "GLS", "ULS") else "ML"
    return target(fit.partable, plan.population.names, cov, mean, fit.fitted.n_obs.tolist(), family)


def _as_asked(fit: SemFit, plan: Plan) -> tuple[str, ...]:
    """Reversed items that the analyst left as the questionnaire shows them."""
    turned = fit.request.survey.turned if fit.request.survey is not None else ()
    return tuple(name for name in plan.turned if name not in turned)


def _as_seen(fit: SemFit, plan: Plan, cov: np.ndarray, mean: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Moments with reversed items that the analyst did not turn as they stand in the questionnaire."""
    sign, mean = np.ones(cov.shape[-1]), mean.copy()
    for name in _as_asked(fit, plan):
        at, scale = plan.population.names.index(name), plan.scales[name]
        sign[at] = -1.0
        mean[:, at] = 0.0 if name in fit.partable.ordered else scale.low + scale.high - mean[:, at]
    return cov * np.outer(sign, sign), mean


def _metric(table: ParTable, plan: Plan, order: Sequence[int]) -> str:
    """Raw if what the fit holds fixed is so in the population."""
    if plan.scales:
        return "std_all"
    own = _generating(plan.population, order, "raw")
    for row in np.flatnonzero(table.is_parameter & (table.free == 0) & (table.exo == 0)).tolist():
        value = own.get(_key(table, row), 0.0)
        if abs(value - table.ustart[row]) > 1e-6:
            return "std_all"
    return "raw"


def _key(table: ParTable, row: int) -> tuple[str, str, str, int]:
    lhs, op, rhs = table.lhs[row], table.op[row], table.rhs[row]
    if op == "~~" and lhs > rhs:
        lhs, rhs = rhs, lhs
    return lhs, op, "" if op == ":=" else rhs, int(table.group[row])


def _generating(found: Population, order: Sequence[int], metric: str) -> dict[tuple[str, str, str, int], float]:
    """The true model's own values, by parameter, groups numbered as in the fit."""
    table, values = found.table, found.values
    theta = values[free_rows(table)]
    if metric == "std_all":
        shown = standardised_values(table, theta, "std_all", fixed=values)
    else:
        shown = values.copy()
        defined = [row for row, op in enumerate(table.op) if op == ":="]
        if defined:
            shown[defined] = table.functions.defined(theta)
    known: dict[tuple[str, str, str, int], float] = {}
    for row, op in enumerate(table.op):
        if op in _CONSTRAINTS:
            continue
        lhs, sign, rhs, group = _key(table, row)
        if sign == "~~" and lhs != rhs and table.user[row] != 1:
            continue  # the text does not speak of it, and in another structure it means something else
        numbers = [0] if op == ":=" else [k + 1 for k, one in enumerate(order) if one == group - 1]
        known |= {(lhs, sign, rhs, number): float(shown[row]) for number in numbers}
    return known


def _table(
    fit: SemFit, found: Estimation, population: Population, order: Sequence[int], metric: str, level: float
) -> pd.DataFrame:
    table = fit.partable
    rows = [row for row, op in enumerate(table.op) if op not in _CONSTRAINTS]
    if metric == "raw":
        values, frame = found.values[rows], fit.estimates
        reach = norm.ppf(0.5 + level / 2) * frame["se"].to_numpy()
        estimate = frame["est"].to_numpy()
        lower, upper, spread = estimate - reach, estimate + reach, frame["se"].to_numpy()
    else:
        values = standardised_values(found.table, found.theta, "std_all", fixed=found.values)[rows]
        frame = standardised_table(fit.fitted, "std_all", level)
        estimate, spread = frame["est_std"].to_numpy(), frame["se"].to_numpy()
        lower, upper = frame["ci_lower"].to_numpy(), frame["ci_upper"].to_numpy()
    known = _generating(population, order, metric)
    held = pd.DataFrame(
        {
            "lhs": [table.lhs[row] for row in rows],
            "op": [table.op[row] for row in rows],
            "rhs": [table.rhs[row] for row in rows],
            "group": table.group[rows],
            "label": ["" if table.label[row].startswith(".p") else table.label[row] for row in rows],
            "estimate": estimate,
            "ci_lower": lower,
            "ci_upper": upper,
            "truth": values,
            "generating": [known.get(_key(table, row), np.nan) for row in rows],
        }
    )
    held["inside"] = (held["ci_lower"] <= held["truth"]) & (held["truth"] <= held["ci_upper"])
    estimated = (spread > 0) & np.isfinite(values)
    return held[estimated].reset_index(drop=True)


def _apart(table: pd.DataFrame, on_points: bool) -> list[Notice]:
    """Paths and effects whose value in the fitted model is another than in the true one: causes were left out, say."""
    gap = (table["truth"] - table["generating"]).abs()
    rows = table[table["op"].isin(["~", ":="]) & (gap > (_ON_POINTS if on_points else _APART))]
    names = ", ".join(parameter_name(row) for row in rows.to_dict("records"))
    return [Notice("simulation.truth_apart", {"names": names}, serious=True)] if names else []


def _notices(plan: Plan, found: Estimation, fit: SemFit, on_points: bool) -> list[Notice]:
    notices = [Notice("analyses.simulated")]
    made = {} if fit.request.survey is None else fit.request.survey.codebook.simulation
    if misfit(found) > _MISFIT:
        notices.append(Notice("simulation.another_model", {"rmsea": f"{misfit(found):.3f}"}, serious=True))
    if on_points:
        notices.append(Notice("simulation.truth_on_points"))
    careless, method = read_careless(made.get("careless")), read_method_factor(made.get("method_factor"))
    if careless is not None and careless.share:
        notices.append(Notice("simulation.truth_without_careless", {"share": f"{100 * careless.share:.3g}"}))
    if method is not None and method.share:
        notices.append(Notice("simulation.truth_without_method", {"share": f"{100 * method.share:.3g}"}))
    if fit.n_obs < fit.n_total:
        notices.append(Notice("simulation.truth_of_all", {"n": fit.n_obs, "total": fit.n_total}))
    return notices
