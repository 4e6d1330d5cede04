"""Scoring: reversed items turned, construct scores as mean or sum with a minimum number of answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from cxlab.codebook import Codebook, Item
from cxlab.errors import DataError, Notice, ScaleError
from cxlab.i18n import tr
from cxlab.survey.screening_types import Answers, has_scale, scale_ends, shown
from cxlab.survey.select import check_constructs
from cxlab.survey.step import Step

if TYPE_CHECKING:
    from cxlab.survey.survey import Survey

Method = Literal["mean", "sum"]


@dataclass(frozen=True)
class Plan:
    """How constructs are scored: `min_answers` is None (half of the items), one number, or one per construct."""

    method: Method = "mean"
    min_answers: int | Mapping[str, int] | None = None
    constructs: str | Sequence[str] | None = None
    prorate: bool = False


def reverse_scored(survey: Survey) -> Survey:
    """The survey with reversed items turned; see `Survey.reverse_scored`."""
    book = survey.codebook
    flagged = [name for name in survey.frame if name in book.items and book.items[name].reversed]
    for name in flagged:
        _check_scale(survey.frame, book, name)
    ends = {name: scale_ends(book, name) for name in flagged}

    def turn(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(**{name: _turned(frame[name], low + high) for name, (low, high) in ends.items()})

    items = {n: _turned_item(item, ends[n]) if n in ends else item for n, item in book.items.items()}
    note = ", ".join(flagged) or tr("survey.nothing_reversed")
    step = Step("reverse", count=len(flagged), note=note)
    turned = tuple(dict.fromkeys((*survey.turned, *flagged)))
    return survey.changed(turn, step, codebook=replace(book, items=items), turned=turned)


def scores(survey: Survey, plan: Plan) -> pd.DataFrame:
    """Construct scores, one column each; see `Survey.scores`."""
    if plan.method not in ("mean", "sum"):
        raise DataError("survey.unknown_method", method=str(plan.method))
    names = check_constructs(survey, plan.constructs)
    if not names:
        raise DataError("survey.no_constructs")
    if isinstance(plan.min_answers, Mapping):
        check_constructs(survey, list(plan.min_answers) or None)
    scales = {name: survey.constructs[name] for name in names}
    needed = {name: _needed(name, len(items), plan) for name, items in scales.items()}
    for name, items in scales.items():
        _check_items(survey, name, items)
    table = _table(survey, survey.frame, needed, plan.method)
    table.attrs["notices"] = _notices(survey, scales, needed)
    return table


def with_scores(survey: Survey, plan: Plan) -> Survey:
    """The survey with construct scores as columns; see `Survey.with_scores`."""
    table = scores(survey, plan)
    taken = [name for name in table if name in survey.frame]
    if taken:
        raise DataError("survey.score_name_taken", names=", ".join(taken))
    book, notices = survey.codebook, table.attrs["notices"]
    items = {name: _score_item(survey, name) for name in table}
    note = " ".join(notice.text() for notice in notices)
    step = Step("score", ", ".join(table), plan.method, len(table.columns), note=note)
    aside = survey.aside
    if aside is not None:
        needed = {name: _needed(name, len(survey.constructs[name]), plan) for name in table}
        aside = replace(
            aside, frame=pd.concat([aside.frame, _aside_scores(survey, aside.frame, needed, plan.method)], axis=1)
        )
    frame = pd.concat([survey.frame, table], axis=1)
    frame.attrs = {}
    return survey.with_step(step, frame=frame, aside=aside, codebook=replace(book, items={**book.items, **items}))


def _table(survey: Survey, frame: pd.DataFrame, needed: Mapping[str, int], method: Method) -> pd.DataFrame:
    scales = survey.constructs
    answers = Answers(frame, survey.codebook, tuple(item for name in needed for item in scales[name]))
    return pd.DataFrame(
        {n: _score(answers, scales[n], least, method) for n, least in needed.items()}, index=frame.index
    )


def _aside_scores(survey: Survey, frame: pd.DataFrame, needed: Mapping[str, int], method: Method) -> pd.DataFrame:
    """Scores of excluded rows, should they be restored; missing where an answer is off its scale."""
    table = _table(survey, frame, needed, method)
    for name in needed:
        for item in survey.constructs[name]:
            if has_scale(survey.codebook, item):
                low, high = scale_ends(survey.codebook, item)
                table.loc[(frame[item] < low) | (frame[item] > high), name] = np.nan
    return table


def _turned(column: pd.Series, ends: float) -> pd.Series:
    # Unsigned columns would wrap below zero on the way; whole ends keep whole numbers whole.
    if column.dtype.kind in "iu" and float(ends).is_integer():
        return (int(ends) - column.astype("int64")).astype(column.dtype)
    return ends - column


def _turned_item(item: Item, ends: tuple[float, float]) -> Item:
    low, high = ends
    labels = {low + high - point: text for point, text in item.labels.items()}
    words = {low + high - point: text for point, text in item.words.items()}
    return replace(item, reversed=False, labels=dict(sorted(labels.items())), words=dict(sorted(words.items())))


def _check_scale(frame: pd.DataFrame, book: Codebook, name: str) -> None:
    """An error that names rows and values if the item holds text or anything outside its scale."""
    column = frame[name]
    if not pd.api.types.is_numeric_dtype(column):
        raise DataError("survey.items_text", items=name)
    low, high = scale_ends(book, name)
    outside = column[(column < low) | (column > high)]
    if len(outside):
        values = outside.value_counts()
        raise ScaleError(
            "survey.outside_scale",
            item=name,
            count=len(outside),
            min=f"{low:g}",
            max=f"{high:g}",
            rows=shown(outside.index.tolist(), 3),
            values=shown([float(value) for value in sorted(values.index)]),
            code=f"{values.index[0]:g}",
        )


def _check_items(survey: Survey, construct: str, items: Sequence[str]) -> None:
    book = survey.codebook
    for name in items:
        if has_scale(book, name):
            _check_scale(survey.frame, book, name)
        elif book.items[name].reversed:
            scale_ends(book, name)
        elif not pd.api.types.is_numeric_dtype(survey.frame[name]):
            raise DataError("survey.items_text", items=name)
    widths = {scale_ends(book, name) for name in items if has_scale(book, name)}
    if len(widths) > 1:
        scales = "; ".join(f"{low:g}–{high:g}" for low, high in sorted(widths))
        raise ScaleError("survey.mixed_scales", construct=construct, scales=scales)


def _needed(name: str, items: int, plan: Plan) -> int:
    own = isinstance(plan.min_answers, Mapping)
    asked = plan.min_answers.get(name) if isinstance(plan.min_answers, Mapping) else plan.min_answers
    whole = isinstance(asked, int | np.integer) and not isinstance(asked, bool)
    # One number for all constructs may exceed a short one; a number for this construct may not.
    if asked is not None and (not whole or asked < 1 or (own and asked > items)):
        raise DataError("survey.bad_min_answers", construct=name, items=items, asked=repr(asked))
    if plan.method == "sum" and not plan.prorate:
        if asked is not None and asked < items:
            raise DataError("survey.sum_needs_all", construct=name, items=items, asked=asked)
        return items
    return -(-items // 2) if asked is None else min(int(asked), items)


def _score(answers: Answers, items: Sequence[str], needed: int, method: Method) -> np.ndarray:
    score = np.full(len(answers), np.nan)
    for rows, block in answers.chunks(items, turned=True):
        given = ~np.isnan(block)
        count = given.sum(axis=1)
        mean = np.where(given, block, 0.0).sum(axis=1) / np.maximum(count, 1)
        whole = mean * len(items) if method == "sum" else mean
        score[rows] = np.where(count >= needed, whole, np.nan)
    return score


def _notices(survey: Survey, scales: Mapping[str, Sequence[str]], needed: Mapping[str, int]) -> tuple[Notice, ...]:
    rule = ", ".join(f"{name} {needed[name]}/{len(items)}" for name, items in scales.items())
    notices = [Notice("survey.score_rule", {"rule": rule})]
    turned = [i for items in scales.values() for i in items if survey.codebook.items[i].reversed]
    if turned:
        notices.append(Notice("survey.score_turned", {"items": ", ".join(turned)}))
    return tuple(notices)


def _score_item(survey: Survey, name: str) -> Item:
    construct = survey.codebook.constructs.get(name)
    return Item(name, label=construct.label if construct else {}, role="other")
