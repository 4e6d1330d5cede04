"""Which screening rules run, on which columns, and what a reader must know about the settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.codebook.text import did_you_mean
from cxlab.errors import DataError, Notice
from cxlab.survey import screening_rules as rules
from cxlab.survey.screening_types import Answers, Outcome, has_scale, in_force, scale_ends
from cxlab.survey.select import check_columns, check_numeric

if TYPE_CHECKING:
    from cxlab.survey.survey import Survey

_LONG_SECONDS_PER_ITEM = 120
Said = list[Notice]


@dataclass(frozen=True)
class Settings:
    """The settings of `Survey.screen`, as given."""

    out_of_range: bool = True
    missing: float | bool | None = 0.5
    duplicates: bool = True
    min_seconds: float | str | None = None
    longstring: float | str | bool | None = None
    straightline: bool | Sequence[str] = False
    irv: float | None = None
    attention: bool | Mapping[str, Any] | None = None
    mahalanobis: float | bool | None = None
    even_odd: float | bool | None = None
    blocks: Mapping[str, Sequence[str]] | None = None
    duration: str | None = None


def refuse_unknown(names: Iterable[str]) -> None:
    """An error that proposes the nearest rule for an option that `Survey.screen` does not have."""
    known = ("items", *Settings.__dataclass_fields__)
    for name in names:
        hint = did_you_mean(name, known)
        raise DataError("survey.unknown_screen_rule", name=name, hint=hint, known=", ".join(known))


def run_rules(survey: Survey, answers: Answers, settings: Settings) -> tuple[list[Outcome], Said]:
    """What every rule found, in the order of the screening table, and the notices on the way."""
    said: Said = []
    parts = (_about_the_file, _about_time, _about_patterns, _about_attention, _about_consistency)
    return [outcome for part in parts for outcome in part(survey, answers, settings, said)], said


def _about_the_file(survey: Survey, answers: Answers, s: Settings, said: Said) -> Iterator[Outcome]:
    unscaled = [name for name in answers.items if not has_scale(survey.codebook, name)]
    if s.out_of_range and unscaled:
        said.append(Notice("survey.items_unscaled", {"items": ", ".join(unscaled), "count": len(unscaled)}))
    if s.out_of_range and len(unscaled) < len(answers.items):
        yield rules.out_of_range(answers)
    yield rules.missing_share(answers, s.missing)
    if s.duplicates:
        yield rules.duplicates(answers)


def _about_time(survey: Survey, answers: Answers, s: Settings, said: Said) -> Iterator[Outcome]:
    column = _duration_column(survey, s)
    if column is None:
        return
    outcome = rules.speeders(answers, s.min_seconds, column)
    seconds = outcome.indices["seconds"]
    typical = np.nanmedian(seconds) if not np.isnan(seconds).all() else 0.0
    if typical > _LONG_SECONDS_PER_ITEM * len(answers.items):
        said.append(Notice("survey.seconds_unit", {"column": column, "median": f"{typical:g}"}, serious=True))
    yield outcome


def _about_patterns(survey: Survey, answers: Answers, s: Settings, said: Said) -> Iterator[Outcome]:
    blocks = _blocks(survey, s.blocks, answers)
    if max(map(len, blocks.values())) > 1:
        yield rules.longstring(answers, s.longstring, blocks)
    elif in_force(s.longstring):
        raise DataError("survey.too_few_items", rule="longstring")
    if in_force(s.straightline):
        chosen = blocks if s.straightline is True else {"items": check_numeric(survey, _names(s.straightline))}
        if min(map(len, chosen.values())) < 2:
            raise DataError("survey.too_few_items", rule="straightline")
        yield rules.straightline(answers, chosen)
    if len(answers.items) > 1:
        widths = {scale_ends(survey.codebook, name) for name in answers.items if has_scale(survey.codebook, name)}
        if in_force(s.irv) and len(widths) > 1:
            said.append(Notice("survey.irv_mixed_scales", {"count": len(widths)}, serious=True))
        yield rules.irv(answers, s.irv)
    elif in_force(s.irv):
        raise DataError("survey.too_few_items", rule="irv")


def _about_attention(survey: Survey, answers: Answers, s: Settings, said: Said) -> Iterator[Outcome]:
    known = {
        name: (item.expected,)
        for name, item in survey.codebook.items.items()
        if item.expected is not None and name in survey.frame
    }
    if s.attention is None and known:
        said.append(Notice("survey.attention_not_used", {"items": ", ".join(known)}))
    if not in_force(s.attention):
        return
    if s.attention is True and not known:
        raise DataError("survey.no_attention")
    checks = known if s.attention is True else _right_answers(survey, s.attention)
    yield rules.attention(answers, checks)


def _about_consistency(survey: Survey, answers: Answers, s: Settings, said: Said) -> Iterator[Outcome]:
    if in_force(s.mahalanobis):
        yield rules.mahalanobis(answers, s.mahalanobis)
    if in_force(s.even_odd):
        wanted = set(answers.items)
        scales = {name: [item for item in items if item in wanted] for name, items in survey.constructs.items()}
        yield rules.consistency(answers, s.even_odd, scales)


def _names(names: bool | Sequence[str]) -> Sequence[str]:
    return () if isinstance(names, bool) else names


def _right_answers(survey: Survey, attention: Any) -> dict[str, tuple[Any, ...]]:
    if not isinstance(attention, Mapping) or not attention:
        raise DataError("survey.attention_form", value=repr(attention))
    check_columns(survey, list(attention))
    many = list | tuple | set | frozenset
    return {name: tuple(right) if isinstance(right, many) else (right,) for name, right in attention.items()}


def _duration_column(survey: Survey, s: Settings) -> str | None:
    """The column that holds seconds: the one named, or the codebook's only one; None if there is none to look at."""
    if s.duration is not None:
        column = check_columns(survey, [s.duration])[0]
    else:
        roles = survey.codebook.items
        timed = [name for name in survey.frame if name in roles and roles[name].role == "duration"]
        if not in_force(s.min_seconds) and len(timed) != 1:
            return None
        if len(timed) != 1:
            key = "survey.many_durations" if timed else "survey.no_duration"
            raise DataError(key, columns=", ".join(timed))
        column = timed[0]
    if not pd.api.types.is_numeric_dtype(survey.frame[column]):
        if not in_force(s.min_seconds):
            return None
        raise DataError("survey.duration_text", column=column)
    return column


def _blocks(survey: Survey, blocks: Mapping[str, Sequence[str]] | None, answers: Answers) -> dict[str, list[str]]:
    """Items in the order asked, by block; all items as one block if none are given."""
    if blocks is None:
        return {"items": list(answers.items)}
    if not isinstance(blocks, Mapping) or not blocks:
        raise DataError("survey.blocks_form", value=repr(blocks))
    return {str(name): check_numeric(survey, items) for name, items in blocks.items()}
