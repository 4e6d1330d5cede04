"""Missing answers in words: how much, by chance or not, what may be assumed, what to do."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.analyses.result import notices_text
from cxlab.evaluate.rules import rule_limit, rule_note
from cxlab.i18n import Language, format_number, p_text, tr

if TYPE_CHECKING:
    from cxlab.analyses.missing_data_result import MissingData

_SHOWN = 5


def percent(share: float, lang: Language | None, digits: int = 1) -> str:
    """A share in percent, without the sign.

    Examples
    --------
    >>> percent(0.1234, "vi")
    '12,3'
    """
    return format_number(100 * share, digits, lang=lang)


def summary(found: MissingData, lang: Language | None) -> str:
    """Head, items with most gaps, the reading, the notices, the rule."""
    worst = found.items.sort_values("n_missing", ascending=False, kind="stable").head(_SHOWN)
    worst = worst[worst["n_missing"] > 0]
    width = max((len(name) for name in worst["item"]), default=0)
    lines = [
        f"  {row['item']:<{width}}  {row['n_missing']:>5}  {percent(row['share'], lang):>5}%"
        for row in worst.to_dict("records")
    ]
    told = notices_text(found.warnings, lang)
    rules = [rule_note("schafer_1999", lang)] if len(worst) else []
    return "\n".join([head(found, lang), *lines, *(f"→ {text}" for text in reading(found, lang)), *told, *rules])


def head(found: MissingData, lang: Language | None) -> str:
    """Respondents, items, share missing."""
    values = {"n": found.n, "items": len(found.items), "share": percent(found.share, lang)}
    text = tr("missing.head", lang, **values)
    return text + (" · " + tr("analyses.simulated", lang) if found.simulated else "")


def head_html(found: MissingData, lang: Language) -> str:
    """Head and reading for a notebook."""
    rows = "".join(f"<li>{escape(text)}</li>" for text in reading(found, lang))
    return f'<p class="cxlab-head">{escape(head(found, lang))}</p><ul class="cxlab-reading">{rows}</ul>'


def little_text(found: MissingData, lang: Language | None) -> str:
    """Little's test as a paper reports it, or why there is none."""
    test = found.mcar
    if test.reason:
        return tr("missing.little_none", lang) if test.reason == "nothing_missing" else tr("missing.little_not", lang)
    values = {"chisq": format_number(test.statistic, 2, lang=lang), "df": f"{test.df:.0f}"}
    return tr("missing.little", lang, **values, p=p_text(test.pvalue, lang), patterns=test.patterns)


def reading(found: MissingData, lang: Language | None) -> tuple[str, ...]:
    """A sentence each: amount, loss by complete rows, test, hints, what may be assumed, what to do."""
    if found.verdict == "complete":
        return (tr("missing.reading_complete", lang),)
    texts = [_amount(found, lang), little_text(found, lang)]
    texts += _hints(found, lang)
    texts.append(tr(f"missing.verdict_{found.verdict}", lang))
    return (*texts, tr("missing.verdict_never", lang), _todo(found, lang))


def _amount(found: MissingData, lang: Language | None) -> str:
    worst = found.items.loc[found.items["share"].idxmax()]
    lost = found.n - found.n_complete
    limit = rule_limit("schafer_1999")
    key = "missing.reading_little" if worst["share"] <= limit else "missing.reading_much"
    values = {"share": percent(found.share, lang), "item": worst["item"], "most": percent(worst["share"], lang)}
    values |= {"lost": lost, "n": found.n, "lost_share": percent(lost / found.n, lang)}
    return tr(key, lang, **values, limit=percent(limit, lang, 0))


def _hints(found: MissingData, lang: Language | None) -> list[str]:
    if not len(found.predictors):
        return []
    hints = found.hints
    if not len(hints):
        return [tr("missing.reading_no_hints", lang, tests=len(found.predictors))]
    shown = "; ".join(_hint(found, row, lang) for _, row in hints.head(3).iterrows())
    return [tr("missing.reading_hints", lang, count=len(hints), tests=len(found.predictors), shown=shown)]


def _hint(found: MissingData, row: pd.Series, lang: Language | None) -> str:
    values = {"item": row["item"], "predictor": found.name(row["predictor"], lang)}
    if pd.isna(row["odds_ratio"]):
        return tr("missing.hint_plain", lang, **values, p=p_text(row["p_holm"], lang))
    odds = format_number(row["odds_ratio"], 2, lang=lang)
    return tr("missing.hint_odds", lang, **values, odds=odds, p=p_text(row["p_holm"], lang))


def _todo(found: MissingData, lang: Language | None) -> str:
    if not found.n_complete:
        return tr("missing.todo_none_complete", lang)
    if found.verdict == "not_mcar":
        return tr("missing.todo_not_mcar", lang)
    few = found.items["share"].max() <= rule_limit("schafer_1999")
    return tr("missing.todo_few" if few else "missing.todo_many", lang)
