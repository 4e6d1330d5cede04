"""Screening: the flags of all rules join the Survey, with thresholds, sources and counts. Nothing is excluded here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.errors import DataError, Notice
from cxlab.i18n import tr
from cxlab.show.table import Column, Table
from cxlab.survey.screening_plan import Settings, run_rules
from cxlab.survey.screening_types import Answers, Outcome, Rule
from cxlab.survey.select import check_numeric
from cxlab.survey.step import Step

if TYPE_CHECKING:
    from cxlab.survey.survey import Survey


_MANY = 0.25


def screen(survey: Survey, items: Sequence[str] | None, settings: Settings) -> Survey:
    """The survey with one flag column per rule; see `Survey.screen`."""
    if survey.frame.empty:
        raise DataError("survey.no_rows")
    names, notices = screen_items(survey, items)
    answers = Answers(survey.frame, survey.codebook, tuple(names), frozenset(survey.turned))
    outcomes, more = run_rules(survey, answers, settings)
    screened = add_flags(survey, outcomes)
    fresh = {outcome.rule.name for outcome in outcomes if outcome.rule}
    more += _too_many(screened.rules, fresh, len(survey))
    steps = tuple(_step(screened, rule) for rule in screened.rules if rule.name in fresh)
    said = tuple(notice for notice in (*notices, *more) if notice not in survey.warnings)
    return replace(screened, steps=(*survey.steps, *steps), warnings=(*survey.warnings, *said))


def screen_items(survey: Survey, items: Sequence[str] | None) -> tuple[list[str], list[Notice]]:
    """The items that the rules look at: those named, or all numeric items of the survey in questionnaire order."""
    numeric = pd.api.types.is_numeric_dtype
    names = list(survey.items()) if items is None else check_numeric(survey, items)
    texts = [name for name in names if not numeric(survey.frame[name])]
    names = [name for name in names if name not in texts]
    if not names:
        raise DataError("survey.no_items")
    infinite = [name for name in names if survey.frame[name].dtype.kind == "f" and np.isinf(survey.frame[name]).any()]
    if infinite:
        raise DataError("survey.infinite", items=", ".join(infinite))
    empty = [name for name in names if survey.frame[name].isna().all()]
    named = {"survey.items_left_out": texts, "survey.items_empty": empty}
    return names, [Notice(key, {"items": ", ".join(some)}, serious=True) for key, some in named.items() if some]


def add_flags(survey: Survey, outcomes: Sequence[Outcome]) -> Survey:
    """The survey with these outcomes among its flags and indices; a rule of the same name is replaced."""
    index = survey.frame.index
    found = [(outcome.rule, outcome.flag) for outcome in outcomes if outcome.rule]
    new = pd.DataFrame({rule.name: pd.Series(flag, index=index) for rule, flag in found}, index=index)
    numbers = {name: values for outcome in outcomes for name, values in outcome.indices.items()}
    flags = _joined(survey.flags, new)
    rules = {rule.name: rule for rule in (*survey.rules, *(rule for rule, _ in found))}
    fresh = set(new.columns) if survey.aside is not None else set(flags.columns)
    aside = survey.aside
    if aside is not None:  # the rows set aside are not judged by the new settings
        aside = replace(aside, stale=aside.stale.assign(**dict.fromkeys(new.columns, True)))
    return replace(
        survey,
        aside=aside,
        flags=flags,
        indices=_joined(survey.indices, pd.DataFrame(numbers, index=index)),
        rules=tuple(_counted(rules[name], flags) if name in fresh else rules[name] for name in flags.columns),
    )


def flagged_rows(flags: pd.DataFrame, rule: str) -> tuple[int, ...]:
    """Numbers of the rows that a rule flags."""
    return tuple(flags.index[flags[rule].to_numpy(dtype=bool, na_value=False)].tolist())


def flags_table(rules: Sequence[Rule]) -> pd.DataFrame:
    """One row per rule: threshold, criterion in words, source, and how many it flags; see `Survey.flags_table`."""
    columns = ["rule", "threshold", "criterion", "source", "flagged", "only_by_this_rule", "not_judged"]
    rows = [(r.name, r.threshold, r.words(), r.source(), r.flagged, r.only, r.unknown) for r in rules]
    table = pd.DataFrame(rows, columns=columns)
    table["threshold"] = pd.Series([rule.threshold for rule in rules], dtype=object)
    return table


def flags_apa(rules: Sequence[Rule]) -> Table:
    """The rules with their names in words, as a paper prints them; see `Survey.apa_flags`."""
    frame = flags_table(rules)
    known = [tr(f"survey.rule_{name}") for name in frame["rule"]]
    named = [
        name if words.startswith("survey.rule_") else words for name, words in zip(frame["rule"], known, strict=True)
    ]
    columns = {
        "rule": Column("survey.col_rule"),
        "criterion": Column("survey.col_criterion"),
        "source": Column("survey.col_source"),
        "flagged": Column("survey.col_flagged", "integer"),
        "only_by_this_rule": Column("survey.col_only", "integer"),
    }
    if frame["not_judged"].any():
        columns["not_judged"] = Column("survey.col_not_judged", "integer")
    return Table(frame.assign(rule=named), columns, "survey.flags_title")


def _step(survey: Survey, rule: Rule) -> Step:
    assert survey.flags is not None  # noqa: S101 - for the type checker: add_flags has just set it
    rows = flagged_rows(survey.flags, rule.name)
    return Step("screen", rule.name, rule.threshold, len(rows), rows, rule.words())


def _too_many(rules: Sequence[Rule], fresh: set[str], n: int) -> list[Notice]:
    """Notices for rules that flag more than a quarter of all respondents; missing answers have reasons of their own."""
    many = [rule for rule in rules if rule.name in fresh - {"missing"} and rule.flagged > _MANY * n]
    values = [{"rule": rule.name, "percent": round(100 * rule.flagged / n)} for rule in many]
    return [Notice("survey.many_flagged", value, serious=True) for value in values]


def _joined(old: pd.DataFrame | None, new: pd.DataFrame) -> pd.DataFrame:
    if old is None:
        return new
    return pd.concat([old.drop(columns=old.columns.intersection(new.columns)), new], axis=1)


def _counted(rule: Rule, flags: pd.DataFrame) -> Rule:
    """The rule with its counts. Called before rows are excluded, so that the counts are those of the screening."""
    hit = flags[rule.name].to_numpy(dtype=bool, na_value=False)
    others = np.zeros(len(flags), dtype=bool)
    for name in flags.columns.drop(rule.name):
        others |= flags[name].to_numpy(dtype=bool, na_value=False)
    unknown = int(flags[rule.name].isna().sum())
    return replace(rule, flagged=int(hit.sum()), only=int((hit & ~others).sum()), unknown=unknown)
