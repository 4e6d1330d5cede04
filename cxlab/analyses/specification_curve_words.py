"""A specification curve in words: the answer, how far it moves, what moves it, what failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.analyses.missing_data_text import percent
from cxlab.analyses.result import each, notices_text
from cxlab.analyses.specification_curve_choices import NONE, Choice
from cxlab.i18n import Language, format_number, tr
from cxlab.show.cells import interval_text
from cxlab.show.table import Column
from cxlab.survey.flow import rule_label
from cxlab.survey.survey import Survey

if TYPE_CHECKING:
    from cxlab.analyses.specification_curve_result import SpecificationCurve

Words = Mapping[tuple[str, str], Mapping[str, str]]
_BOUNDED = Column("", "bounded")
_SHOWN = 3
# A difference that two digits do not show.
_ALIKE = 0.005


def option_words(survey: Survey, choices: Sequence[Choice]) -> Words:
    """Every option of every choice as people read it."""
    return {
        (choice.name, option): each(partial(_option, survey, choice.name, option))
        for choice in choices
        for option in choice.options
    }


def _option(survey: Survey, choice: str, option: str, lang: Language) -> str:
    if option == NONE:
        return tr(f"curve.none_{choice}", lang)
    if choice == "exclude":
        return " + ".join(rule_label(survey, rule, lang) for rule in option.split(" + "))
    if choice == "drop":
        return tr("curve.without", lang, items=option)
    return tr(f"curve.{choice}_{option}", lang) if choice == "missing" else option


def summary(curve: SpecificationCurve, lang: Language | None) -> str:
    """Head, reading, notices."""
    return "\n".join([head(curve, lang), *(f"→ {text}" for text in reading(curve, lang)),
                      *notices_text(curve.warnings, lang)])  # fmt: skip


def head(curve: SpecificationCurve, lang: Language | None) -> str:
    """What was estimated, in how many ways."""
    shown = [tr(f"curve.choice_{one.name}", lang) for one in curve.choices if len(one.options) > 1]
    values = {"target": curve.target(lang), "count": len(curve.table), "choices": ", ".join(shown) or "–"}
    text = tr("curve.head", lang, **values)
    text += " · " + tr("curve.head_null", lang, null=number(curve, curve.null, lang)) if curve.null else ""
    return text + (" · " + tr("analyses.simulated", lang) if curve.simulated else "")


def reading(curve: SpecificationCurve, lang: Language | None) -> tuple[str, ...]:
    """A sentence each: verdict, median and range, shares, influence, failures, caution."""
    texts = [_said(curve, f"verdict_{curve.verdict}", lang, target=curve.target(lang))]
    if len(curve.usable) > 1:
        texts += [_range(curve, lang), _reference(curve, lang), _shares(curve, lang), *_influence(curve, lang)]
    elif len(curve.usable):
        texts.append(_reference(curve, lang))
    texts += _failures(curve, lang)
    if len(curve.usable) > 1:
        texts.append(tr("curve.caution", lang))
    return tuple(texts)


def number(curve: SpecificationCurve, value: float, lang: Language | None) -> str:
    """An estimate as papers print it."""
    return format_number(float(value), 2, bounded=curve.standardised, lang=lang)


_OF_NULL = ("verdict_robust", "verdict_sign_holds", "verdict_sign_changes", "reading_shares")


def _said(curve: SpecificationCurve, key: str, lang: Language | None, **values: object) -> str:
    """A sentence on signs; on sides of the hypothesised value where that is not 0."""
    if not curve.null or key not in _OF_NULL:
        return tr(f"curve.{key}", lang, **values)
    return tr(f"curve.{key}_null", lang, null=number(curve, curve.null, lang), **values)


def _range(curve: SpecificationCurve, lang: Language | None) -> str:
    values = curve.usable["estimate"]
    shown = {"median": values.median(), "low": values.min(), "high": values.max()}
    texts = {name: number(curve, value, lang) for name, value in shown.items()}
    return tr("curve.reading_range", lang, count=len(values), symbol=curve.symbol, **texts)


def _reference(curve: SpecificationCurve, lang: Language | None) -> str:
    row = curve.reference
    if not row["converged"]:
        return tr("curve.reference_failed", lang, why=curve.why(1, lang))
    column = _BOUNDED if curve.standardised else Column("", "number")
    interval = interval_text(row["ci_lower"], row["ci_upper"], column, lang)
    values = {"estimate": number(curve, row["estimate"], lang), "interval": interval, "symbol": curve.symbol}
    rank = int((curve.usable["estimate"] < row["estimate"]).sum()) + 1
    return tr("curve.reading_reference", lang, **values, rank=rank, count=len(curve.usable))


def _shares(curve: SpecificationCurve, lang: Language | None) -> str:
    used = curve.usable
    sign = int((used["estimate"] > curve.null).sum())
    same = max(sign, len(used) - sign)
    clear = used.loc[curve.significant(used), "estimate"]
    values = {"same": same, "positive": int((clear > curve.null).sum()), "negative": int((clear < curve.null).sum())}
    alpha = format_number(1 - curve.level, 2, bounded=True, lang=lang)
    return _said(curve, "reading_shares", lang, **values, count=len(used), alpha=alpha)


def _influence(curve: SpecificationCurve, lang: Language | None) -> list[str]:
    table = curve.influence
    if not len(table):
        return []
    first = table.iloc[0]
    rows = curve.options[curve.options["choice"] == first["choice"]].dropna(subset="mean")
    low, high = rows.loc[rows["mean"].idxmin()], rows.loc[rows["mean"].idxmax()]
    values = {"choice": tr(f"curve.choice_{first['choice']}", lang), "share": percent(first["share"], lang, 0)}
    for end, row in (("low", low), ("high", high)):
        values |= {
            f"{end}_option": curve.word(row["choice"], row["option"], lang),
            end: number(curve, row["mean"], lang),
        }
    if first["spread"] < _ALIKE:
        return [tr("curve.reading_no_influence", lang)]
    texts = [tr("curve.reading_influence", lang, symbol=curve.symbol, **values)]
    return [*texts, tr("curve.reading_groups", lang)] if first["choice"] == "where" else texts


def _failures(curve: SpecificationCurve, lang: Language | None) -> list[str]:
    table = curve.table
    first = table[table["repeats"].isna()]
    texts = []
    for key, rows in (
        ("curve.failed", first[~first["converged"]]),
        ("curve.inadmissible", first[first["converged"] & ~first["admissible"]]),
    ):
        if len(rows):
            texts.append(tr(key, lang, count=len(rows), why=_why(curve, rows, lang)))
    repeats = int(table["repeats"].notna().sum())
    return [*texts, *([tr("curve.repeats", lang, count=repeats)] if repeats else [])]


def _why(curve: SpecificationCurve, rows: pd.DataFrame, lang: Language | None) -> str:
    reasons = pd.Series([curve.why(int(number), lang) for number in rows["specification"]]).value_counts()
    return " ".join(f"({count}) {reason}" for reason, count in reasons.head(_SHOWN).items())
