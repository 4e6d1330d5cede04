"""`cx.specification_curve`: the key estimate under every reasonable combination of choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from cxlab.analyses.sem import sem
from cxlab.analyses.sem_options import Options, checked
from cxlab.analyses.specification_curve_choices import Choice, Specification, read_choices
from cxlab.analyses.specification_curve_result import SpecificationCurve
from cxlab.analyses.specification_curve_target import find_parameter
from cxlab.analyses.specification_curve_words import option_words
from cxlab.analyses.unpack import check_level, outside_scale, source_notices
from cxlab.errors import CxlabError, DataError, EstimationError, ModelError, Notice
from cxlab.specify import Model
from cxlab.survey.survey import Survey, as_survey

_NUMBERS = ["n", "estimate", "se", "ci_lower", "ci_upper", "pvalue"]
_END = ["converged", "admissible", "usable", "repeats", "reason"]


def specification_curve(
    target: str,
    model: str | Model | Mapping[str, str | Model],
    data: Survey | pd.DataFrame,
    *,
    exclude: Sequence[str | Sequence[str]] | None = None,
    missing: str | Sequence[str] = ("listwise",),
    estimator: str | Sequence[str] = ("ML",),
    drop: Sequence[str | Sequence[str]] = ((),),
    where: Mapping[str, str | None] | Sequence[str | None] | None = None,
    standardised: bool = True,
    null: float = 0.0,
    level: float = 0.95,
    most: int = 300,
    **options: Any,
) -> SpecificationCurve:
    """The same path under every combination of choices that a careful colleague might have made.

    When to use it: for the one picture of robustness. Name only choices that you could defend; the first of each is
    your own, and together they are the reference.

    Parameters
    ----------
    target : str
        ``"satisfaction -> loyalty"`` (from, to), lavaan's ``"loyalty ~ satisfaction"``, a label, or a defined effect.
    model : str, Model or mapping of name to model
        lavaan syntax; several models are a choice of their own, and all must have the target.
    data : Survey or DataFrame
        A screened Survey, before exclusion, if rules are to be compared. Rows that these rules have already excluded
        are put back first.
    exclude : sequence of rules or of tuples of rules, optional
        Sets of screening rules whose flagged rows are left out: ``[(), ("attention",), ("attention", "longstring")]``;
        ``()`` is none. Default: what has been excluded already, none, each screened rule by itself, and all.
    missing : sequence of {"listwise", "fiml"}
    estimator : sequence of str
        As in `cx.sem`.
    drop : sequence of items or of tuples of items
        Items left out of the model: ``[(), ("sat3",)]``.
    where : mapping of name to condition, or sequence of conditions, optional
        Groups of respondents: ``{"all": None, "contract": "servicetype == 2"}``.
    standardised : bool
        True reads the standardised estimate, which does not depend on the item that sets the scale.
    null : float
        Value of the estimate under the hypothesis that is to be rejected, in the unit of the estimate. p, sign and
        verdict are against it: with ``null=0.2`` an estimate of .10 lies on the wrong side.
    level : float
        Confidence level; p below 1 - level counts as significant.
    most : int
        More combinations than this are an error.
    **options
        For `cx.sem`, the same in every specification: std_lv, orthogonal, ...

    Returns
    -------
    SpecificationCurve
        ``.table``, one row a specification: specification (number, 1 is the reference), model, exclude, where, drop,
        missing, estimator, n, estimate, se, ci_lower, ci_upper, pvalue, converged, admissible, usable (both, and no
        repeat), repeats (number of an earlier specification with the same rows, model and method), reason.
        ``.influence``: choice, options, spread (between the options' mean estimates), share (of the variance between
        specifications). ``.options``: choice, option, specifications, mean, lowest, highest. ``.reading(lang)``:
        median, range, shares, which choice moves it most. ``.plot()``: sorted estimates above, choices below.

    Raises
    ------
    DataError
        A `null` that is no number, unknown rules or items, rules without screening, too many combinations, no
        combination at all.
    ModelError
        The target is not in the model; a construct without items.
    EstimationError
        No specification gives a result. One that fails alone is kept with its reason.

    Notes
    -----
    Simonsohn et al. (2020); multiverse analysis of Steegen et al. (2016). Specifications share rows, so their number is
    no sample size and the share of significant ones no test.

    Examples
    --------
    >>> from semopy.examples.holzinger39 import get_data
    >>> model = "visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6; textual ~ visual"
    >>> curve = specification_curve("visual -> textual", model, get_data(), estimator=["ML", "MLR"], drop=[(), "x3"])
    >>> curve.table[["drop", "estimator", "n", "estimate"]].round(2).to_numpy().tolist()
    [['', 'ML', 301, 0.46], ['', 'MLR', 301, 0.46], ['x3', 'ML', 301, 0.5], ['x3', 'MLR', 301, 0.5]]
    """
    check_level(level)
    against = _null(null)
    if options.get("group") is not None:
        raise ModelError("curve.no_groups", group=options["group"])
    survey = as_survey(data)
    plan = read_choices(
        survey,
        {"model": model, "exclude": exclude, "where": where, "drop": drop, "missing": missing, "estimator": estimator},
        most,
    )
    for one in plan.specifications:
        checked(Options(estimator=one.estimator, missing=one.missing), options.get("ordered"))
    found = [find_parameter(one.partable(plan.survey.frame.columns).frame, target) for one in plan.models]
    used = [name for one in plan.models for name in one.variables.ov]
    rows = _rows(target, plan.specifications, _Asked(bool(standardised), against, float(level)), options)
    table = pd.DataFrame(rows, columns=["specification", *plan.names, *_NUMBERS, *_END])
    table["repeats"] = table["repeats"].astype("Int64")
    if not table["converged"].any():
        raise EstimationError("curve.nothing", count=len(table), why=rows[0]["reason"])
    return SpecificationCurve(
        table=table,
        influence=_influence(table, plan.choices),
        options=_options(table, plan.choices),
        choices=plan.choices,
        warnings=(*plan.notices, *source_notices(survey), *outside_scale(plan.survey, used)),
        parameter={name: found[0][name] for name in ("lhs", "op", "rhs")},
        standardised=bool(standardised),
        level=float(level),
        null=against,
        reasons=tuple(row["why"] for row in rows),
        words=option_words(plan.survey, plan.choices),
        labels=_labels(survey, plan.models),
        simulated=survey.simulated,
    )


@dataclass(frozen=True)
class _Asked:
    """Which estimate is read, the value it is held against, and the level."""

    standardised: bool
    null: float
    level: float


def _null(value: object) -> float:
    number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    if not number or not np.isfinite(float(value)):  # type: ignore[arg-type]
        raise DataError("curve.null_number", value=value)
    return float(value)  # type: ignore[arg-type]


def _rows(
    target: str, specifications: Sequence[Specification], asked: _Asked, options: Mapping[str, Any]
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    seen: dict[Any, int] = {}
    for number, one in enumerate(specifications, start=1):
        row: dict[str, Any] = {"specification": number, **one.chosen, "converged": False, "admissible": False}
        row |= {"usable": False, "repeats": None, "why": ()}
        first = seen.setdefault(one.same, number)
        if first != number:
            numbers = [*_NUMBERS, "converged", "admissible", "why"]
            earlier = rows[first - 1]
            row |= {name: earlier[name] for name in numbers if name in earlier} | {"repeats": first}
        elif one.survey is None:
            row["why"] = () if one.reason is None else (one.reason,)
        else:
            row |= _estimate(target, one, asked, options)
            row["usable"] = row["converged"] and row["admissible"]
        row["reason"] = " ".join(notice.text() for notice in row["why"])
        rows.append(row)
    return rows


def _estimate(target: str, one: Specification, asked: _Asked, options: Mapping[str, Any]) -> dict[str, Any]:
    """The estimate of one specification, or why there is none."""
    assert one.survey is not None and one.model is not None  # noqa: S101, PT018 - for the type checker
    try:
        fit = sem(one.model, one.survey, missing=one.missing, estimator=one.estimator, **options)
        if not fit.converged:
            why = fit.warnings[0] if fit.warnings else Notice("missing.state_not_converged")
            return {"n": fit.n_obs, "why": (why,)}
        row = find_parameter(fit.estimates, target)
        if asked.standardised:
            row = find_parameter(fit.standardized(level=asked.level), target).rename({"est_std": "est"})
    except CxlabError as error:
        return {"why": (Notice(error.key, error.values),)}
    half = norm.isf((1 - asked.level) / 2) * row["se"]
    found = {"n": fit.n_obs, "estimate": row["est"], "se": row["se"], "pvalue": row["pvalue"]}
    if asked.null:
        found["pvalue"] = 2 * norm.sf(abs(row["est"] - asked.null) / row["se"]) if row["se"] > 0 else np.nan
    found |= {"ci_lower": row["est"] - half, "ci_upper": row["est"] + half, "converged": True}
    return found | {"admissible": fit.admissible, "why": fit.admissibility}


def _influence(table: pd.DataFrame, choices: Sequence[Choice]) -> pd.DataFrame:
    """How far the mean estimates of a choice's options lie apart, and their share of the variance."""
    used = table[table["usable"]]
    total = float(((used["estimate"] - used["estimate"].mean()) ** 2).sum())
    rows = []
    for choice in choices:
        groups = used.groupby(choice.name, sort=False)["estimate"]
        if len(choice.options) < 2 or groups.ngroups < 2:
            continue
        means = groups.mean()
        between = float((groups.size() * (means - used["estimate"].mean()) ** 2).sum())
        share = between / total if total > 0 else np.nan
        rows.append((choice.name, len(choice.options), float(means.max() - means.min()), share))
    frame = pd.DataFrame(rows, columns=["choice", "options", "spread", "share"])
    return frame.sort_values("spread", ascending=False, kind="stable", ignore_index=True)


def _options(table: pd.DataFrame, choices: Sequence[Choice]) -> pd.DataFrame:
    used, rows = table[table["usable"]], []
    for choice in choices:
        for option in choice.options:
            own = used.loc[used[choice.name] == option, "estimate"]
            rows.append((choice.name, option, len(own), own.mean(), own.min(), own.max()))
    return pd.DataFrame(rows, columns=["choice", "option", "specifications", "mean", "lowest", "highest"])


def _labels(survey: Survey, models: Sequence[Model]) -> dict[str, Mapping[str, str]]:
    """The codebook's words for the constructs of the models."""
    known = {name.casefold(): construct.label for name, construct in survey.codebook.constructs.items()}
    names = dict.fromkeys(name for model in models for name in model.variables.lv)
    return {name: known[name.casefold()] for name in names if known.get(name.casefold())}
