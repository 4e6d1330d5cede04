"""What was asked of `cx.sem`: options checked, model and data brought together, moments taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Sized
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from cxlab.analyses.unpack import numeric_columns
from cxlab.errors import ModelError, Notice, NotSupportedError
from cxlab.estimate.sem.moments import Moments, sample_moments
from cxlab.specify import Model, ParTable
from cxlab.survey.survey import Survey, as_survey

Kind = Literal["sem", "cfa"]
Engine = Literal["semopy", "cxlab"]

_ESTIMATORS = (
    "ML",
    "MLM",
    "MLMV",
    "MLMVS",
    "MLR",
    "MLF",
    "GLS",
    "ULS",
    "WLS",
    "DWLS",
    "WLSM",
    "WLSMV",
    "ULSMV",
    "PML",
    "DLS",
)
_SE = ("standard", "robust", "robust.sem", "robust.huber.white", "bootstrap", "none")
_MISSING = ("listwise", "fiml", "ml", "direct", "fiml.x", "ml.x", "two.stage", "robust.two.stage", "pairwise")


@dataclass(frozen=True)
class Options:
    """How a model is read and estimated; lavaan's words."""

    kind: Kind = "sem"
    estimator: str = "ML"
    se: str = "standard"
    missing: str = "listwise"
    std_lv: bool = False
    orthogonal: bool = False
    engine: str = "semopy"


@dataclass(frozen=True)
class Request:
    """A model and the moments it is to explain."""

    model: Model
    table: ParTable
    options: Options
    moments: Moments
    survey: Survey
    n_total: int
    notices: tuple[Notice, ...]


def read_request(
    model: str | Model,
    data: Survey | pd.DataFrame,
    options: Options,
    group: str | None,
    group_equal: str | Iterable[str],
    ordered: object,
    meanstructure: bool | None,
) -> Request:
    """Everything checked that can be checked before estimation."""
    options = _checked(options)
    _refuse_extensions(group, group_equal, ordered, meanstructure)
    parsed = model if isinstance(model, Model) else Model.parse(model)
    survey = as_survey(data)
    table = parsed.partable(
        survey.frame.columns, kind=options.kind, std_lv=options.std_lv, orthogonal=options.orthogonal
    )
    refuse_model(table)
    names = list(table.variables.ov)
    frame, notices = numeric_columns(survey, names)
    moments = sample_moments(frame.to_numpy(), names)
    found = (*table.notices, *notices, *_reversed_items(survey, names), *_few_rows(moments, table))
    return Request(parsed, table, options, moments, survey, len(survey.frame), found)


def refuse_model(table: ParTable) -> None:
    """Raise a `NotSupportedError` for what semopy gets wrong or cannot do, saying what to do instead."""
    ops = set(table.op)
    if "<~" in ops:
        composites = [lhs for lhs, op in zip(table.lhs, table.op, strict=True) if op == "<~"]
        raise NotSupportedError("sem.composites", names=_listed(dict.fromkeys(composites)))
    if table.meanstructure:
        raise NotSupportedError("sem.means")
    if table.fixed_x:
        raise NotSupportedError("sem.observed_predictors", names=_listed(table.variables.ov_x))
    if "<" in ops or ">" in ops:
        raise NotSupportedError("sem.inequalities")
    if "==" in ops:
        raise NotSupportedError("sem.equalities", labels=_listed(_tied(table)) or "==")
    if not table.variables.lv:
        raise NotSupportedError("sem.no_latent")


def _checked(options: Options) -> Options:
    """The options if this version serves them; lavaan's other words are named as such, unknown words as unknown."""
    estimator = str(options.estimator).upper()
    _served("estimator", estimator, ("ML",), _ESTIMATORS)
    _served("se", options.se, ("standard",), _SE)
    _served("missing", options.missing, ("listwise",), _MISSING)
    _served("engine", options.engine, ("semopy",), ("semopy", "cxlab"))
    return Options(options.kind, estimator, options.se, options.missing, options.std_lv, options.orthogonal)


def _served(option: str, value: str, served: Sequence[str], known: Sequence[str]) -> None:
    if value not in known:
        raise ModelError("sem.unknown_option", option=option, value=value, known=_listed(served))
    if value not in served:
        key = "sem.engine_later" if option == "engine" else f"sem.{option}_later"
        raise NotSupportedError(key, value=value)


def _refuse_extensions(
    group: str | None, group_equal: str | Iterable[str], ordered: object, meanstructure: bool | None
) -> None:
    if group is not None or tuple(group_equal):
        raise NotSupportedError("sem.groups", group=group or "–")
    if ordered is not None and ordered is not False and (not isinstance(ordered, Sized) or len(ordered)):
        raise NotSupportedError("sem.ordered")
    if meanstructure:
        raise NotSupportedError("sem.means")


def _tied(table: ParTable) -> list[str]:
    labels = [label for label, free in zip(table.label, table.free, strict=True) if free and label]
    return sorted({label for label in labels if labels.count(label) > 1 and not label.startswith(".p")})


def _reversed_items(survey: Survey, names: Sequence[str]) -> list[Notice]:
    flagged = [name for name in names if name in survey.codebook.items and survey.codebook.items[name].reversed]
    return [Notice("sem.reversed_items", {"items": _listed(flagged)}, serious=True)] if flagged else []


def _few_rows(moments: Moments, table: ParTable) -> list[Notice]:
    if moments.n_obs >= table.n_free:
        return []
    return [Notice("sem.fewer_rows_than_parameters", {"n": moments.n_obs, "npar": table.n_free}, serious=True)]


def _listed(names: Iterable[object]) -> str:
    return ", ".join(f"'{name}'" for name in names)
