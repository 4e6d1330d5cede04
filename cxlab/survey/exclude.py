"""Excluding flagged rows, putting them back, and rules of the researcher's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.errors import DataError
from cxlab.i18n import tr
from cxlab.survey.screening import add_flags, flagged_rows
from cxlab.survey.screening_types import Aside, Outcome, Rule, flags_of
from cxlab.survey.select import Where, as_mask
from cxlab.survey.step import Step
from cxlab.survey.weight_notice import with_weight_notice

if TYPE_CHECKING:
    from cxlab.survey.survey import Survey


def flag(survey: Survey, rule: str, where: Where, reason: str) -> Survey:
    """The survey with a flag column of the researcher's own; see `Survey.flag`."""
    if not rule or not isinstance(rule, str):
        raise DataError("survey.rule_unnamed")
    hit = as_mask(survey, where)
    origin = reason or "survey.origin_researcher"
    words = str(where) if isinstance(where, str) else reason or "survey.criterion_own"
    own = Rule(rule, where if isinstance(where, str) else None, words, origin=origin)
    flagged = add_flags(survey, [Outcome({}, own, flags_of(hit))])
    rows = tuple(survey.frame.index[hit].tolist())
    return replace(flagged, steps=(*survey.steps, Step("screen", rule, own.threshold, len(rows), rows, own.words())))


def select_rows(survey: Survey, where: Where, reason: str) -> Survey:
    """The survey with the rows that do not meet the condition set aside; see `Survey.select`."""
    name = reason or "select"
    keep = as_mask(survey, where)
    if not keep.any():
        condition = f" '{where}'" if isinstance(where, str) else ""
        raise DataError("survey.select_nobody", condition=condition, count=len(keep))
    words = f"not ({where})" if isinstance(where, str) else ""
    own = Rule(name, where if isinstance(where, str) else None, words, origin="survey.origin_researcher")
    return _exclude_one(add_flags(survey, [Outcome({}, own, flags_of(~keep))]), name)


def exclude(survey: Survey, names: Sequence[str]) -> Survey:
    """The survey without the rows that these rules flag; see `Survey.exclude`."""
    for name in _checked(survey, names):
        survey = _exclude_one(survey, name)
    return with_weight_notice(survey)


def restore(survey: Survey, names: Sequence[str]) -> Survey:
    """The survey with rows put back that only these rules had excluded; see `Survey.restore`."""
    aside = survey.aside
    order = aside.order if aside else ()
    unknown = [name for name in names if name not in order]
    if aside is None or unknown:
        known = ", ".join(order) or "–"
        raise DataError("survey.nothing_to_restore", names=", ".join(unknown) or "–", known=known)
    undone = set(names or order)
    left = tuple(name for name in order if name not in undone)
    still = _first_rule(aside.flags, left)
    back = still.isna().to_numpy()
    judged = _without_stale(aside)
    frame, flags, indices = (
        pd.concat([now, before[back]]).sort_index()
        for now, before in (
            (survey.frame, aside.frame),
            (_flags(survey), judged),
            (_indices(survey), aside.indices),
        )
    )
    flags = flags.astype("boolean")
    kept = _still_aside(aside, still, left) if left else None
    rows = tuple(aside.frame.index[back].tolist())
    late = [name for name in flags if name not in judged or judged.loc[back, name].isna().all()] if rows else []
    note = tr("survey.restored_unscreened", rules=", ".join(late)) if late else ""
    step = Step("restore", ", ".join(name for name in order if name in undone), None, len(rows), rows, note)
    return with_weight_notice(survey.with_step(step, frame=frame, flags=flags, indices=indices, aside=kept))


def _exclude_one(survey: Survey, name: str) -> Survey:
    rows = flagged_rows(_flags(survey), name)
    out = survey.frame.index.isin(rows)
    if out.all():
        raise DataError("survey.nobody_left", rule=name, count=len(rows))
    before = survey.aside
    now = Aside(
        survey.frame[out],
        _flags(survey)[out],
        _indices(survey)[out],
        pd.Series(name, index=survey.frame.index[out], dtype=object),
        (name,),
        pd.DataFrame(index=survey.frame.index[out]),
    )
    aside = now if before is None else _together(before, now)
    rule = next(rule for rule in survey.rules if rule.name == name)
    earlier = 0 if before is None or name not in before.flags else len(flagged_rows(before.flags, name))
    note = tr("survey.excluded_note", criterion=rule.words(), newly=len(rows), flagged=len(rows) + earlier)
    unjudged = int(_flags(survey)[name].isna().sum())
    if unjudged:
        note += " " + tr("survey.unjudged_kept", count=unjudged)
    step = Step("exclude", name, rule.threshold, len(rows) + earlier, rows, note, newly=len(rows))
    keep = np.flatnonzero(~out)
    return survey.with_step(
        step,
        frame=survey.frame.iloc[keep],
        flags=_flags(survey).iloc[keep],
        indices=_indices(survey).iloc[keep],
        aside=aside,
    )


def _checked(survey: Survey, names: Sequence[str]) -> Sequence[str]:
    screened = [rule.name for rule in survey.rules]
    if not screened:
        raise DataError("survey.not_screened")
    unknown = [name for name in names if name not in screened]
    if unknown or not names:
        raise DataError("survey.unknown_rule", names=", ".join(map(str, unknown)) or "–", known=", ".join(screened))
    return tuple(dict.fromkeys(names))


def _together(before: Aside, now: Aside) -> Aside:
    pairs = (
        (before.frame, now.frame),
        (before.flags, now.flags),
        (before.indices, now.indices),
        (before.rule, now.rule),
    )
    frame, flags, indices, rule = (pd.concat(pair) for pair in pairs)
    order = before.order if now.order[0] in before.order else before.order + now.order
    stale = before.stale.reindex(frame.index, fill_value=False)
    return Aside(frame, flags, indices, rule, order, stale)


def _still_aside(aside: Aside, still: pd.Series, order: tuple[str, ...]) -> Aside:
    """The rows that other rules keep out, each under the first of them."""
    out = still.notna().to_numpy()
    return Aside(aside.frame[out], aside.flags[out], aside.indices[out], still[out], order, aside.stale[out])


def _without_stale(aside: Aside) -> pd.DataFrame:
    """The excluded rows' flags, missing for rules that have been screened with other settings or rows since."""
    flags = aside.flags.astype("boolean")
    for name in flags.columns.intersection(aside.stale.columns):
        flags.loc[aside.stale[name].to_numpy(dtype=bool), name] = pd.NA
    return flags


def _first_rule(flags: pd.DataFrame, order: Sequence[str]) -> pd.Series:
    """The first rule of `order` that flags each row; missing where none does."""
    first = pd.Series(None, index=flags.index, dtype=object)
    for name in reversed(order):
        first[flags[name].to_numpy(dtype=bool, na_value=False)] = name
    return first


def _flags(survey: Survey) -> pd.DataFrame:
    return pd.DataFrame(index=survey.frame.index) if survey.flags is None else survey.flags


def _indices(survey: Survey) -> pd.DataFrame:
    return pd.DataFrame(index=survey.frame.index) if survey.indices is None else survey.indices
