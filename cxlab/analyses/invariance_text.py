"""Invariance in words: what may be compared first, then what it rests on, all computed from the numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.analyses.invariance_fits import FIT_RULE
from cxlab.analyses.invariance_release import written
from cxlab.analyses.result import notices_text
from cxlab.evaluate.rules import rule_note
from cxlab.i18n import Language, format_number, format_p, tr

if TYPE_CHECKING:
    from cxlab.analyses.invariance_result import Invariance

_NAMES = {"delta_cfi": "ΔCFI", "delta_rmsea": "ΔRMSEA", "delta_srmr": "ΔSRMR"}


def cells(values: pd.Series, word: Callable[[Any], Any]) -> list[Any]:
    """A table's cell for each value, one object for equal ones so that rows group by it.

    Examples
    --------
    >>> cells(pd.Series(["a", "b", "a"]), str.upper)
    ['A', 'B', 'A']
    """
    held = {value: word(value) for value in dict.fromkeys(values)}
    return [held[value] for value in values]


def summary(found: Invariance, lang: Language | None = None) -> str:
    """Head, a line a level, the reading, the notices, the rules."""
    lines = [head(found, lang), *(f"  {_line(row, lang)}" for row in found.table.to_dict("records"))]
    lines += [f"→ {text}" for text in reading(found, lang)]
    return "\n".join([*lines, *notices_text(found.warnings, lang), *rules(found, lang)])


def head(found: Invariance, lang: Language | None) -> str:
    """What was compared: groups with their sizes, estimator."""
    sizes = found.group_sizes
    groups = ", ".join(f"{found.group_name(str(name), lang)} ({size})" for name, size in sizes.items())
    text = tr("invariance.head", lang, group=found.setting.group, groups=groups, n=found.n_obs,
              estimator=found.setting.estimator)  # fmt: skip
    return text + (" · " + tr("analyses.simulated", lang) if found.simulated else "")


def head_html(found: Invariance, lang: Language) -> str:
    """Head and reading for a notebook."""
    rows = "".join(f"<li>{escape(text)}</li>" for text in reading(found, lang))
    return f'<p class="cxlab-head">{escape(head(found, lang))}</p><ul class="cxlab-reading">{rows}</ul>'


def rules(found: Invariance, lang: Language | None) -> list[str]:
    """The rules that the verdicts used."""
    used = [rule for rule in dict.fromkeys(found.table["chen_rule"]) if rule]
    notes = [rule_note(FIT_RULE, lang, ["cfi", "srmr"])]
    return notes + ([rule_note("cheung_rensvold_2002", lang)] if used else []) + [rule_note(one, lang) for one in used]


def level_word(level: str, lang: Language | None, partial: bool = False) -> str:
    """A level in words; a partial one so named."""
    word = tr(f"invariance.level_{level}", lang)
    return tr("invariance.partial_level", lang, level=word) if partial else word


def verdict_word(verdict: str, lang: Language | None) -> str:
    """A verdict in words."""
    return tr(f"invariance.verdict_{verdict}", lang) if verdict else ""


def reading(found: Invariance, lang: Language | None = None) -> tuple[str, ...]:
    """Sentences: what may be compared, how each level did, what to do next."""
    texts = [_answer(found, lang), *_partial(found, lang)]
    texts += [text for row in found.table.to_dict("records") for text in _step(row, lang)]
    texts += _next(found, lang)
    return tuple(text[:1].upper() + text[1:] for text in texts)


def _line(row: Mapping[Any, Any], lang: Language | None) -> str:
    name = level_word(row["level"], lang, row["partial"])
    verdict = verdict_word(row["verdict"], lang)
    if pd.isna(row["chisq"]):
        return f"{name}: {verdict}"
    text = f"{name}: χ²({row['df']:.0f}) = {format_number(row['chisq'], 1, lang=lang)}"
    text += "".join(f"  {key.upper()} {_bounded(row[key], lang)}" for key in ("cfi", "rmsea", "srmr"))
    if not pd.isna(row["delta_cfi"]):
        text += "".join(f"  {shown} {_bounded(row[key], lang)}" for key, shown in _NAMES.items())
    return f"{text}  {verdict}"


def _answer(found: Invariance, lang: Language | None) -> str:
    """What may be compared; with a reserve where a step on the way is doubtful."""
    reached = found.reached
    if reached is None:
        return tr("invariance.answer_none", lang)
    row = found.row(reached)
    means = reached in ("scalar", "strict")
    text = tr(f"invariance.answer_{'means_partial' if means and row['partial'] else reached}", lang)
    steps = found.setting.levels[: found.setting.levels.index(reached) + 1]
    if any(found.row(level)["verdict"] == "doubtful" for level in steps):
        text += " " + tr("invariance.answer_reserve", lang)
    return text


def _partial(found: Invariance, lang: Language | None) -> list[str]:
    if not found.released:
        return []
    names = ", ".join(written(one) for one in found.released)
    return [tr("invariance.reading_partial", lang, parameters=names)]


def _step(row: Mapping[Any, Any], lang: Language | None) -> list[str]:
    """One level's verdict with the numbers behind it."""
    if row["verdict"] == "not_fitted":
        return []
    if pd.isna(row["delta_cfi"]):
        numbers = ", ".join(f"{key.upper()} = {_bounded(row[key], lang)}" for key in ("cfi", "rmsea", "srmr"))
        return [tr(f"invariance.reading_configural_{row['verdict']}", lang, numbers=numbers)]
    numbers = ", ".join(f"{shown} = {_bounded(row[key], lang)}" for key, shown in _NAMES.items())
    if not pd.isna(row["chisq_diff"]):
        p = format_p(row["p_diff"], lang)
        chisq = format_number(row["chisq_diff"], 2, lang=lang)
        numbers += f"; Δχ²({row['df_diff']:.0f}) = {chisq}, p {p if p.startswith('<') else '= ' + p}"
    level = level_word(row["level"], lang, row["partial"])
    return [tr(f"invariance.reading_{row['verdict']}", lang, level=level, numbers=numbers)]


def _next(found: Invariance, lang: Language | None) -> list[str]:
    """The first step that does not hold, and the parameters behind it."""
    for row in found.table.to_dict("records"):
        if row["level"] == "configural" or row["verdict"] not in ("fails", "doubtful"):
            continue
        if found.setting.ordered:
            return [tr("invariance.ordered_suggest", lang)]
        best = found.suggest(row["level"], maximum_number=2).to_dict("records")
        shown = "; ".join(_suggestion(found, one, lang) for one in best)
        texts = [tr("invariance.reading_suggest", lang, level=level_word(row["level"], lang), parameters=shown)]
        if row["level"] == "scalar":
            texts.append(tr("invariance.reading_alignment", lang))
        return texts
    return []


def _suggestion(found: Invariance, row: Mapping[Any, Any], lang: Language | None) -> str:
    return tr(
        "invariance.suggestion",
        lang,
        parameter=row["parameter"],
        chisq=format_number(row["chisq"], 1, lang=lang),
        low=found.group_name(row["low_group"], lang),
        high=found.group_name(row["high_group"], lang),
        difference=format_number(row["difference"], 2, lang=lang),
        sd=format_number(row["difference_sd"], 2, lang=lang),
    )


def _bounded(value: float, lang: Language | None) -> str:
    return format_number(float(value), 3, bounded=True, lang=lang)
