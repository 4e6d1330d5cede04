"""Who had a failure and how it was put right: from columns of a survey, or from the events of a journey."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from cxlab.analyses.unpack import check_names, numeric_columns
from cxlab.errors import DataError, Notice
from cxlab.i18n.shown import Shown
from cxlab.journey.events_result import Events
from cxlab.survey.survey import Survey

GROUPS = ("no_failure", "recovered", "not_recovered", "unknown")


@dataclass(frozen=True, eq=False)
class Cases:
    """One row a customer: ``group`` (of `GROUPS`) and ``outcome``; the index is that of the source.

    Attributes
    ----------
    rule : Notice
        What counted as failure and recovery, in words.
    """

    frame: pd.DataFrame
    rule: Notice
    notices: tuple[Notice, ...]


def from_survey(survey: Survey, outcome: str, failure: Any, recovery: Any, recovered: float | None) -> Cases:
    """Groups from a column of failures (0/1) and one of recovery (0/1, or a rating with `recovered`)."""
    if not isinstance(failure, str) or not isinstance(recovery, str):
        raise DataError("carry_over.recovery_columns")
    frame, told = numeric_columns(survey, [outcome, failure, recovery], complete=False, min_rows=0)
    y, failed, well = (frame.iloc[:, k] for k in range(3))
    bad = failed[failed.notna() & ~failed.isin([0, 1])]
    if len(bad):
        raise DataError("carry_over.failure_codes", column=failure, value=f"{bad.iloc[0]:g}", count=len(bad))
    answers = well[failed == 1].dropna()
    limit = recovered
    if limit is None:
        if not answers.isin([0, 1]).all():
            ends = {"low": f"{answers.min():g}", "high": f"{answers.max():g}"}
            raise DataError("carry_over.recovered_limit", column=recovery, **ends)
        limit = 1.0
    group = np.select(
        [failed == 0, (failed == 1) & (well >= limit), (failed == 1) & (well < limit), failed == 1], GROUPS, ""
    )
    cases = pd.DataFrame({"group": group, "outcome": y}, index=frame.index)
    kept = cases[(cases["group"] != "") & cases["outcome"].notna()]
    rule = Notice("carry_over.rule_survey", {"failure": failure, "recovery": recovery, "limit": _number(limit)})
    return Cases(kept, rule, (*told, *_dropped(len(cases), len(kept))))


def from_events(events: Events, outcome: str, failure: Any, recovery: Any, recovered: float | None) -> Cases:
    """Groups from events: the first one felt as badly as `failure` outside stage `recovery`, and that stage later."""
    if isinstance(failure, bool) or not isinstance(failure, Real) or not isinstance(recovery, str) or recovered is None:
        raise DataError("carry_over.recovery_events")
    if recovery not in events.stages:
        raise DataError("carry_over.recovery_stage", stage=recovery, known=", ".join(events.stages))
    frame = events.frame
    rated = frame[frame["valence"].notna()].assign(stage=lambda rows: rows["stage"].astype(str))
    scores = events.per_customer(outcome)
    scores[outcome] = pd.to_numeric(scores[outcome], errors="coerce")
    fails = rated[(rated["valence"] <= float(failure)) & (rated["stage"] != recovery)]
    first = fails.groupby("customer")["step"].min()
    later = rated[(rated["stage"] == recovery) & (rated["step"] > rated["customer"].map(first))]
    felt = later.groupby("customer")["valence"].mean()
    customers = pd.Index(rated["customer"].unique(), name="customer")
    failed, well = customers.isin(first.index), felt.reindex(customers)
    group = np.select([~failed, well >= recovered, well < recovered], GROUPS[:3], GROUPS[3])
    cases = pd.DataFrame({"group": group, "outcome": scores[outcome].reindex(customers)}, index=customers)
    kept = cases.dropna(subset=["outcome"])
    values = {"failure": _number(failure), "stage": recovery, "limit": _number(recovered)}
    return Cases(
        kept,
        Notice("carry_over.rule_events", values),
        (*events.warnings, *_dropped(events.n_customers, len(kept)), Notice("carry_over.more_events", serious=True)),
    )


def _number(value: Any) -> Shown:
    return Shown(float(value), 0 if float(value).is_integer() else 2)


def _dropped(total: int, kept: int) -> list[Notice]:
    if total == kept:
        return []
    values = {"dropped": total - kept, "total": total, "n": kept}
    return [Notice("analyses.rows_incomplete", values, serious=kept < 0.8 * total)]


def justice_columns(survey: Survey, names: list[str]) -> list[str]:
    """The named columns, checked; a construct's name stands for itself.

    Examples
    --------
    >>> from cxlab.survey.survey import as_survey
    >>> justice_columns(as_survey(pd.DataFrame({"fair_outcome": [1, 2]})), ["fair_outcome"])
    ['fair_outcome']
    """
    plain = [name for name in names if name not in survey.codebook.constructs]
    if plain:
        check_names(survey.frame, plain)
    return names
