"""What was asked of `cx.sem`: options checked, model and data brought together, moments taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

import pandas as pd

from cxlab.analyses.moments import Moments
from cxlab.analyses.sem_data import ModelData, group_labels, of_moments, of_survey, used_rows
from cxlab.analyses.sem_options import Options, checked, listed
from cxlab.analyses.sem_ordinal import ordinal_names, threshold_counts
from cxlab.analyses.unpack import outside_scale
from cxlab.errors import ModelError, Notice, NotSupportedError
from cxlab.specify import Model, ParTable
from cxlab.specify.checks import check_variables
from cxlab.survey.survey import Survey, as_survey


@dataclass(frozen=True, eq=False)
class Request:
    """A model and the data it is to explain; `survey` is None for published moments."""

    model: Model
    table: ParTable
    options: Options
    data: ModelData
    survey: Survey | None
    notices: tuple[Notice, ...]


def read_request(
    model: str | Model, data: Survey | pd.DataFrame | Moments, options: Options, ordered: object = None
) -> Request:
    """Everything checked that can be checked before estimation."""
    options = checked(options, ordered)
    parsed = model if isinstance(model, Model) else Model.parse(model)
    if isinstance(data, Moments):
        return _of_moments(parsed, data, options)
    if options.group is None and (options.group_equal or options.group_partial):
        raise ModelError("sem.group_equal_without_group")
    survey = as_survey(data)
    labels = () if options.group is None else group_labels(survey, options.group)
    counts = _thresholds(parsed, survey, options) if options.ordered else {}
    table = _table(parsed, survey.frame.columns, options, labels, counts)
    names = list(table.variables.ov)
    found = of_survey(survey, table, options, labels)
    notices = (
        *table.notices,
        *found.notices,
        *reversed_items(survey, names),
        *outside_scale(survey, names),
        *_few_rows(found, table),
    )
    return Request(parsed, table, options, found, survey, notices)


def _thresholds(model: Model, survey: Survey, options: Options) -> dict[str, int]:
    """Thresholds of each ordinal item, by the categories in the rows that will be used."""
    check_variables(model, survey.frame.columns)
    names = ordinal_names(model, survey, options.ordered)
    return threshold_counts(used_rows(survey, model.variables.ov, options), names)


def _of_moments(model: Model, moments: Moments, options: Options) -> Request:
    if options.ordered:
        raise NotSupportedError("ordinal.moments")
    if options.group is not None and not moments.groups:
        raise ModelError("sem.moments_one_group", group=options.group)
    table = _table(model, moments.names, options, moments.groups)
    found = of_moments(moments, table.variables.ov, options, table.meanstructure)
    return Request(model, table, options, found, None, (*table.notices, *found.notices, *_few_rows(found, table)))


def _table(
    model: Model,
    columns: Sequence[str] | pd.Index,
    options: Options,
    labels: tuple[str, ...],
    thresholds: Mapping[str, int] | None = None,
) -> ParTable:
    table = model.partable(
        columns,
        kind=options.kind,
        std_lv=options.std_lv,
        orthogonal=options.orthogonal,
        meanstructure=options.means,
        fixed_x=options.covariates_fixed,
        group_labels=labels,
        group_equal=options.group_equal,
        group_partial=options.group_partial,
        ordered=thresholds,
        parameterization=cast(Literal["delta", "theta"], options.parameterization),
    )
    if options.engine == "semopy":
        refuse_model(table)
    return table


def refuse_model(table: ParTable) -> None:
    """Raise a `NotSupportedError` for what semopy gets wrong or cannot do, saying what to do instead."""
    ops = set(table.op)
    if "<~" in ops:
        composites = [lhs for lhs, op in zip(table.lhs, table.op, strict=True) if op == "<~"]
        raise NotSupportedError("sem.composites", names=listed(dict.fromkeys(composites)))
    if table.meanstructure:
        raise NotSupportedError("sem.means")
    if table.fixed_x:
        raise NotSupportedError("sem.observed_predictors", names=listed(table.variables.ov_x))
    if "<" in ops or ">" in ops:
        raise NotSupportedError("sem.inequalities")
    if "==" in ops:
        raise NotSupportedError("sem.equalities", labels=listed(_tied(table)) or "==")
    if not table.variables.lv:
        raise NotSupportedError("sem.no_latent")


def other_engine(request: Request) -> Request:
    """The same request for the other engine; a `NotSupportedError` says why it cannot serve."""
    from cxlab.analyses.sem_options import refuse_options

    if request.options.engine == "semopy":
        return replace(request, options=replace(request.options, engine="cxlab"))
    refuse_options(request.options)
    refuse_model(request.table)
    return replace(request, options=replace(request.options, engine="semopy"))


def _tied(table: ParTable) -> list[str]:
    labels = [label for label, free in zip(table.label, table.free, strict=True) if free and label]
    return sorted({label for label in labels if labels.count(label) > 1 and not label.startswith(".p")})


def reversed_items(survey: Survey, names: Sequence[str]) -> list[Notice]:
    """A serious notice if items that the codebook flags as reversed were not turned."""
    flagged = [name for name in names if name in survey.codebook.items and survey.codebook.items[name].reversed]
    return [Notice("sem.reversed_items", {"items": listed(flagged)}, serious=True)] if flagged else []


def _few_rows(data: ModelData, table: ParTable) -> list[Notice]:
    n, npar = data.sample.total, table.n_free - table.n_equalities
    if n >= npar:
        return []
    return [Notice("sem.fewer_rows_than_parameters", {"n": n, "npar": npar}, serious=True)]
