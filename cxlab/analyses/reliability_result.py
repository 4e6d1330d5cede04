"""The result of `cx.reliability`: holds the numbers, shows them as text, table and figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.analyses.result import Result, bilingual, each, in_language, notices_text
from cxlab.errors import Notice
from cxlab.evaluate.rules import rule_limit, rule_note
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.show.cells import interval_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_RULE = "nunnally_1978"
_BOUNDED = Column("", "bounded")


@dataclass(frozen=True, repr=False, eq=False)
class Reliability(Result):
    """Internal consistency of one or several scales; see `cxlab.reliability` for the columns of `table` and `items`."""

    table: pd.DataFrame
    items: pd.DataFrame
    warnings: tuple[Notice, ...]
    missing: str
    interval: str
    level: float
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ("cronbach_1951", "feldt_1987", "duhachek_iacobucci_2004", "nunnally_1978")

    def summary(self, lang: Language | None = None) -> str:
        """One line a scale, then what to know before reading them."""
        width = max((len(self._label(name, lang)) for name in self.table["construct"]), default=0)
        head = tr(
            "analyses.reliability_head",
            lang,
            scales=len(self.table),
            missing=tr(f"analyses.missing_{self.missing}", lang),
        )
        return "\n".join([head, *self._lines(width, lang), *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Scales with items, n, alpha and interval, standardised alpha, mean correlation; notes name the methods."""
        why = [bilingual(f"analyses.reason_{reason}") if reason else "" for reason in self.table["reason"]]
        frame = self.table.assign(construct=self._labels(self.table["construct"]), reason=why)
        level = f"{100 * self.level:g}"
        columns = {
            "construct": Column("analyses.col_construct"),
            "n_items": Column("analyses.col_items", "integer"),
            "n": Column("analyses.col_n", "integer"),
            "alpha": Column("analyses.col_alpha", "bounded"),
            "alpha_ci": Column(
                bilingual("analyses.col_interval", level=level),
                "interval",
                parts=("alpha_ci_lower", "alpha_ci_upper"),
                bounded=True,
            ),
            "alpha_std": Column("analyses.col_alpha_std", "bounded"),
            "average_r": Column("analyses.col_average_r", "bounded"),
        }
        if any(why):
            columns["reason"] = Column("analyses.col_reason")
        return in_language(Table(frame, columns, "analyses.reliability_title", notes=self._notes()), lang)

    def apa_items(self, lang: Language | None = None) -> Table:
        """Items with mean, standard deviation, item-total correlations, and alpha without the item."""
        frame = self.items.assign(
            construct=self._labels(self.items["construct"]), label=self._labels(self.items["item"], "")
        )
        columns = {
            "item": Column("analyses.col_item"),
            "label": Column("analyses.col_label"),
            "n": Column("analyses.col_n", "integer"),
            "mean": Column("analyses.col_mean", "number"),
            "sd": Column("analyses.col_sd", "number"),
            "r_total": Column("analyses.col_r_total", "bounded"),
            "r_drop": Column("analyses.col_r_drop", "bounded"),
            "alpha_if_dropped": Column("analyses.col_alpha_if_dropped", "bounded"),
        }
        if not any(frame["label"]):
            del columns["label"]
        table = Table(frame, columns, "analyses.item_total_title", notes=self._notes()[:1], group="construct")
        return in_language(table, lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Alpha of each scale with its interval, and the line of the rule."""
        from cxlab.show import interval_plot

        shown = self.table[self.table["reason"] == ""]
        limit = rule_limit(_RULE)
        frame = pd.DataFrame(
            {
                "construct": shown["construct"],
                "label": [self._label(name, lang) for name in shown["construct"]],
                "estimate": shown["alpha"],
                "ci_lower": shown["alpha_ci_lower"],
                "ci_upper": shown["alpha_ci_upper"],
            }
        )
        return interval_plot(
            frame, reference=limit, xlabel=bilingual("analyses.axis_alpha", level=f"{100 * self.level:g}"), lang=lang
        )

    def _label(self, name: str, lang: Language | None) -> str:
        return pick(self.labels[name], lang) if name in self.labels else str(name)

    def _labels(self, names: pd.Series, unknown: str | None = None) -> list[Any]:
        return [self.labels.get(name, str(name) if unknown is None else unknown) for name in names]

    def _notes(self) -> tuple[Mapping[str, str], ...]:
        missing, interval = (
            bilingual(f"analyses.{key}") for key in (f"missing_{self.missing}", f"interval_{self.interval}")
        )
        note = bilingual("analyses.reliability_note", missing=missing, interval=interval)
        return note, each(lambda lang: rule_note(_RULE, lang))

    def _lines(self, width: int, lang: Language | None) -> list[str]:
        lines = []
        for row in self.table.to_dict("records"):
            start = f"  {self._label(row['construct'], lang):<{width}}  k = {row['n_items']}"
            if row["reason"] in ("", "no_total_variance") and not pd.isna(row["alpha"]):
                alpha = format_number(row["alpha"], 2, bounded=True, lang=lang)
                interval = interval_text(row["alpha_ci_lower"], row["alpha_ci_upper"], _BOUNDED, lang)
                lines.append(f"{start}  n = {int(row['n'])}  α = {alpha} {interval}")
            else:
                reason = tr(f"analyses.reason_{row['reason']}", lang)
                lines.append(f"{start}  {reason}")
        return lines
