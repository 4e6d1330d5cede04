"""How a Survey introduces itself: counts and warnings, never a row of data."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.i18n import format_number, pick, tr
from cxlab.survey.flow import grouped

if TYPE_CHECKING:
    from cxlab.survey.survey import Survey

_LONGEST = 220


def summary(survey: Survey) -> str:
    """The survey in a few lines of text."""
    head, *lines = _lines(survey)
    return "\n".join([head, *(f"  {line}" for line in lines)])


def html(survey: Survey) -> str:
    """The survey as a small block of HTML."""
    head, *lines = (escape(line) for line in _lines(survey))
    body = "".join(f"<div style='padding-left:1.2em'>{line}</div>" for line in lines)
    return f"<div class='cxlab-survey' style='line-height:1.5'><div><strong>{head}</strong></div>{body}</div>"


def _lines(survey: Survey) -> list[str]:
    lines = [_headline(survey), _reading(survey), *_personal(survey), _missing(survey), _screened(survey)]
    return [line for line in (*lines, *_warnings(survey)) if line]


def _headline(survey: Survey) -> str:
    parts = [
        tr("survey.repr_title"),
        tr("survey.repr_simulated") if survey.simulated else "",
        _counted("respondents", len(survey)),
        _measured(survey),
        _origin(survey),
    ]
    return " · ".join(part for part in parts if part)


def _counted(what: str, n: int) -> str:
    return tr(f"survey.repr_{what}_one" if n == 1 else f"survey.repr_{what}", n=grouped(n))


def _measured(survey: Survey) -> str:
    constructs = survey.constructs
    parts = [_counted("items", len(survey.items()))] + [_counted("constructs", len(constructs))] * bool(constructs)
    frameworks = {survey.codebook.constructs[name].framework for name in constructs} - {None}
    named = f" ({', '.join(sorted(str(name) for name in frameworks))})" if frameworks else ""
    return ", ".join(parts) + named


def _origin(survey: Survey) -> str:
    title = pick(survey.codebook.title) if survey.codebook.title else ""
    origin = [title, str(survey.source.get("format") or ""), str(survey.source.get("path") or ""), _dates(survey)]
    return ", ".join(part for part in origin if part)


def _dates(survey: Survey) -> str:
    times = [name for name, item in survey.codebook.items.items() if item.role == "time" and name in survey.frame]
    for name in times:
        column = survey.frame[name]
        if pd.api.types.is_datetime64_any_dtype(column) and column.notna().any():
            return f"{column.min():%Y-%m-%d} – {column.max():%Y-%m-%d}"
    return ""


def _reading(survey: Survey) -> str:
    items = survey.items()
    numeric = sum(pd.api.types.is_numeric_dtype(survey.frame[name]) for name in items)
    key = "survey.repr_numbers_problems" if len(survey.problems) else "survey.repr_numbers"
    return tr(key, numeric=numeric, items=len(items), problems=grouped(len(survey.problems))) if items else ""


def _personal(survey: Survey) -> list[str]:
    aside = survey.personal
    found = [name for name in survey.identifiers["column"] if name not in aside]
    parts = []
    if aside:
        parts.append(tr("survey.repr_personal", count=len(aside), names=_named(aside)))
    if found:
        parts.append(tr("survey.repr_looks_personal", count=len(found), names=_named(found)))
    return parts


def _named(names: tuple[str, ...] | list[str], most: int = 6) -> str:
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")


def _missing(survey: Survey) -> str:
    items = survey.items()
    if not items or not len(survey):
        return ""
    per_row = sum(survey.frame[name].isna().to_numpy().astype("int64") for name in items) / len(items)
    share, most = (format_number(100 * float(value), 1) for value in (per_row.mean(), per_row.max()))
    return tr("survey.repr_missing", share=share, most=most)


def _screened(survey: Survey) -> str:
    if not survey.rules:
        return ""
    flags = survey.flags
    rows = 0 if flags is None else int(flags.fillna(False).any(axis=1).sum())
    out = len(survey.aside.frame) if survey.aside else 0
    return tr("survey.repr_screened", rules=len(survey.rules), rows=grouped(rows), excluded=grouped(out))


def _warnings(survey: Survey) -> list[str]:
    first = sorted(survey.warnings, key=lambda notice: not notice.serious)
    return [f"{'!' if notice.serious else '·'} {_short(notice.text())}" for notice in first]


def _short(text: str) -> str:
    """One line; `survey.warnings` has the whole text."""
    return text if len(text) <= _LONGEST else text[:_LONGEST].rstrip() + " … → survey.warnings"
