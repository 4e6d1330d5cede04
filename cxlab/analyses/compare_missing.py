"""`cx.compare_missing`: does the answer depend on how missing answers were treated?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cxlab.analyses.compare_missing_result import MissingComparison
from cxlab.analyses.impute import impute
from cxlab.analyses.pool_result import Pooled
from cxlab.analyses.sem import sem
from cxlab.analyses.sem_result import SemFit
from cxlab.analyses.specification_curve_target import find_parameter
from cxlab.analyses.unpack import outside_scale, source_notices
from cxlab.errors import DataError, EstimationError, Notice
from cxlab.specify import Model
from cxlab.survey.survey import Survey, as_survey

METHODS = ("listwise", "fiml", "mi")
COLUMNS = [
    "method", "lhs", "op", "rhs", "label", "group", "n", "estimate", "se", "ci_lower", "ci_upper", "pvalue", "std_all",
    "fmi",
]  # fmt: skip
_KEYS = ["lhs", "op", "rhs", "label", "group"]


@dataclass(frozen=True, eq=False)
class Answer:
    """What one treatment gave: rows of the table, or why there are none."""

    rows: pd.DataFrame | None
    result: SemFit | Pooled | None
    n: int
    reason: Notice | None


def compare_missing(
    model: str | Model,
    data: Survey | pd.DataFrame,
    methods: Sequence[str] = METHODS,
    *,
    seed: int,
    parameters: Sequence[str] | None = None,
    m: int = 20,
    auxiliary: Sequence[str] = (),
    **options: Any,
) -> MissingComparison:
    """The same model with complete rows, with all answers (FIML) and with multiple imputation, side by side.

    When to use it: for the robustness paragraph on missing data. If the treatments agree, one of them goes into the
    paper and this table into the supplement; if not, the answers are not missing completely at random, and FIML or
    imputation with the right auxiliary variables is to be believed.

    Parameters
    ----------
    model : str or Model
        lavaan syntax, as for `cx.sem`.
    data : Survey or DataFrame
        One row a respondent.
    methods : sequence of {"listwise", "fiml", "mi"}
    seed : int
        For the imputations.
    parameters : sequence of str, optional
        What to compare: ``"image -> loyalty"``, labels, defined effects. Default: all paths and defined effects, or,
        in a model without paths, the loadings.
    m : int
        Imputations.
    auxiliary : sequence of str
        Variables outside the model that help to fill gaps; see `impute`. FIML does not use them.
    **options
        For `cx.sem`: estimator, group, std_lv, ...

    Returns
    -------
    MissingComparison
        ``.table``: method, lhs, op, rhs, label, group, n, estimate, se, ci_lower, ci_upper, pvalue, std_all, fmi.
        ``.states``: method, n, state (``ok``, ``not_converged``, ``inadmissible``, ``failed``, ``same_data``), reason.
        ``.differences``: parameter by parameter the largest difference between treatments, in standard errors, and
        whether a sign or a verdict at 5% changes. ``.results``: the fits by method.

    Raises
    ------
    DataError
        Unknown methods; no treatment gives a result.
    ModelError, ModelSyntaxError
        As in `cx.sem`.

    Examples
    --------
    >>> from semopy.examples.holzinger39 import get_data
    >>> scores = get_data()
    >>> scores.loc[::7, "x4"] = None
    >>> found = compare_missing("textual =~ x4 + x5 + x6", scores, seed=1, m=5)
    >>> found.states[["method", "n", "state"]].to_numpy().tolist()
    [['listwise', 258, 'ok'], ['fiml', 301, 'ok'], ['mi', 301, 'ok']]
    """
    wanted = _methods(methods)
    if "missing" in options:
        raise DataError("missing.option_missing")
    parsed = model if isinstance(model, Model) else Model.parse(model)
    survey = as_survey(data)
    groups = [str(options["group"])] if options.get("group") is not None else []
    settings = {"seed": seed, "m": m, "auxiliary": list(dict.fromkeys([*auxiliary, *groups]))}
    answers = {name: _answer(name, parsed, survey, settings, options) for name in wanted}
    results = {name: one.result for name, one in answers.items() if one.result is not None}
    table = _table(answers, parameters)
    return MissingComparison(
        table=table,
        states=_states(answers),
        differences=_differences(table),
        results=results,
        reasons={name: one.reason for name, one in answers.items() if one.reason is not None},
        warnings=(*source_notices(survey), *outside_scale(survey, parsed.variables.ov)),
        n_total=len(survey),
        m=m,
        seed=seed,
        labels=next(iter(results.values())).labels,
        simulated=survey.simulated,
    )


def _methods(methods: Sequence[str]) -> list[str]:
    wanted = [methods] if isinstance(methods, str) else list(dict.fromkeys(methods))
    unknown = [name for name in wanted if name not in METHODS]
    if unknown or not wanted:
        raise DataError("missing.unknown_method", methods=", ".join(unknown) or "–", known=", ".join(METHODS))
    return wanted


def _table(answers: Mapping[str, Answer], parameters: Sequence[str] | None) -> pd.DataFrame:
    """The chosen parameters of every treatment that has numbers, one below the other."""
    given = {name: one for name, one in answers.items() if one.rows is not None}
    if not given:
        why = "; ".join(str(one.reason) for one in answers.values())
        raise EstimationError("missing.no_treatment", why=why)
    rows = {name: one.rows.assign(method=name, n=one.n) for name, one in given.items() if one.rows is not None}
    chosen = _chosen(next(iter(rows.values())), parameters)
    parts = [own.merge(chosen, on=_KEYS, how="inner") for own in rows.values()]
    return pd.concat(parts, ignore_index=True).reindex(columns=COLUMNS)


def _answer(
    method: str, model: Model, survey: Survey, settings: Mapping[str, Any], options: Mapping[str, Any]
) -> Answer:
    """One treatment; what stands in its way is kept as the reason."""
    try:
        if method != "mi":
            fit = sem(model, survey, missing=method, **options)
            return _of_fit(fit)
        made = impute(survey, items=list(model.variables.ov), **settings)
        pooled = made.pool(lambda one: sem(model, one, **options))
        return Answer(pooled.table, pooled, int(pooled.n_obs or 0), None)
    except (DataError, EstimationError) as error:
        return Answer(None, None, 0, Notice(error.key, error.values))


def _of_fit(fit: SemFit) -> Answer:
    if not fit.converged:
        return Answer(None, fit, fit.n_obs, fit.warnings[0] if fit.warnings else Notice("missing.state_not_converged"))
    rows = fit.estimates.rename(columns={"est": "estimate"})
    why = fit.admissibility[0] if fit.admissibility else None
    return Answer(rows, fit, fit.n_obs, why)


def _chosen(rows: pd.DataFrame, parameters: Sequence[str] | None) -> pd.DataFrame:
    """The parameters to compare, in the model's order."""
    if parameters is not None:
        names = [parameters] if isinstance(parameters, str) else list(parameters)
        picked = pd.DataFrame([find_parameter(rows, name) for name in names])
        return picked[_KEYS].drop_duplicates()
    free = rows[rows["se"] > 0]
    paths = free[free["op"].isin(["~", ":="])]
    loadings = free[free["op"] == "=~"]
    return (paths if len(paths) else loadings if len(loadings) else free)[_KEYS]


def _states(answers: Mapping[str, Answer]) -> pd.DataFrame:
    rows = []
    for name, one in answers.items():
        state = "ok" if one.reason is None else "inadmissible"
        if one.rows is None:
            state = "failed" if one.result is None else "not_converged"
        if one.reason is not None and one.reason.key == "missing.nothing_to_impute":
            state = "same_data"
        reason = "" if one.reason is None else one.reason.text()
        rows.append({"method": name, "n": one.n, "state": state, "reason": reason})
    return pd.DataFrame(rows)


def _differences(table: pd.DataFrame) -> pd.DataFrame:
    """For each parameter the two treatments that are furthest apart."""
    rows = []
    for key, own in table.groupby(_KEYS, sort=False, dropna=False):
        if len(own) < 2:
            continue
        low, high = own.loc[own["estimate"].idxmin()], own.loc[own["estimate"].idxmax()]
        size = float(max(low["se"], high["se"]))
        gap = float(high["estimate"] - low["estimate"])
        row = dict(zip(_KEYS, key, strict=True))
        row |= {"lowest": low["method"], "highest": high["method"], "difference": gap}
        row["in_se"] = gap / size if size > 0 else np.nan
        row["sign_changes"] = bool(np.sign(own["estimate"]).nunique() > 1)
        row["verdict_changes"] = bool((own["pvalue"] < 0.05).nunique() > 1)
        rows.append(row)
    columns = [*_KEYS, "lowest", "highest", "difference", "in_se", "sign_changes", "verdict_changes"]
    return pd.DataFrame(rows, columns=columns)
