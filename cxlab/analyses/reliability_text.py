"""The summary of `cx.reliability`: one line a scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.analyses.reliability_tables import look_text
from cxlab.analyses.result import notices_text
from cxlab.i18n import Language, format_number, tr
from cxlab.show.cells import interval_text
from cxlab.show.table import Column

if TYPE_CHECKING:
    from cxlab.analyses.reliability_result import Reliability

_BOUNDED = Column("", "bounded")


def summary(result: Reliability, lang: Language | None = None) -> str:
    """One line a scale, then what to know before reading them."""
    width = max((len(result.name(name, lang)) for name in result.table["construct"]), default=0)
    missing = tr(f"analyses.missing_{result.missing}", lang)
    head = tr("analyses.reliability_head", lang, scales=len(result.table), missing=missing)
    lines = [_line(result, row, width, lang) for row in result.table.to_dict("records")]
    return "\n".join([head, *lines, *notices_text(result.warnings, lang)])


def _line(result: Reliability, row: Mapping[Any, Any], width: int, lang: Language | None) -> str:
    start = f"  {result.name(row['construct'], lang):<{width}}  k = {row['n_items']}"
    if row["reason"] not in ("", "no_total_variance") or pd.isna(row["alpha"]):
        return f"{start}  " + tr(f"analyses.reason_{row['reason']}", lang)
    parts = [start, f"n = {int(row['n'])}", _with_interval("α", row, "alpha", lang)]
    if pd.isna(row["omega_total"]):
        parts.append(tr("reliability.no_omega", lang, why=result.why(row["construct"], "omega_total", lang)))
    else:
        cr, ave = (format_number(row[name], 2, bounded=True, lang=lang) for name in ("composite_reliability", "ave"))
        parts += [_with_interval("ω", row, "omega_total", lang), f"CR {cr}", f"AVE {ave}"]
    look = look_text(row, lang)
    return "  ".join([*parts, tr("reliability.look_at", lang, item=look)] if look else parts)


def _with_interval(sign: str, row: Mapping[Any, Any], name: str, lang: Language | None) -> str:
    value = format_number(row[name], 2, bounded=True, lang=lang)
    ends = interval_text(row[f"{name}_ci_lower"], row[f"{name}_ci_upper"], _BOUNDED, lang)
    return f"{sign} = {value} {ends}"
