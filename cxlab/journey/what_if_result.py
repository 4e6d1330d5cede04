"""The result of `cx.what_if`: scenarios by gain for their cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.analyses.result import Result, Text, bilingual, in_language, notices_text
from cxlab.errors import Notice
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.journey.retention_result import interval_column
from cxlab.show.cells import interval_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False, eq=False)
class WhatIf(Result):
    """What raising each driver would add to the target; see `cxlab.what_if` for the columns of `table`."""

    table: pd.DataFrame
    warnings: tuple[Notice, ...]
    target: str
    target_now: float
    target_most: float
    level: float
    seed: int
    with_cost: bool
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ("rust_2004", "ringle_sarstedt_2016", "efron_1987")

    def summary(self, lang: Language | None = None) -> str:
        """One line a driver, best first, with gain, interval and the chance of being the best choice."""
        now = format_number(self.target_now, 2, lang=lang)
        lines = [tr("management.what_if_head", lang, target=self.label(self.target, lang), now=now)]
        lines += notices_text(self.warnings, lang)
        for row in self.table.to_dict("records"):
            down = "_down" if row["raised"] < 0 else ""
            values = {name: format_number(row[name], 2, lang=lang) for name in ("gain", "current")}
            values["raised"] = format_number(abs(row["raised"]), 2, lang=lang)
            values["cost"] = format_number(row["cost"], 1, lang=lang)
            interval = interval_text(row["ci_lower"], row["ci_upper"], Column("", "number"), lang)
            best = format_number(100 * row["p_best"], 0, lang=lang)
            key = f"management.what_if_line{'_cost' if self.with_cost else ''}{down}"
            name = self.label(row["driver"], lang)
            lines.append("  " + tr(key, lang, driver=name, interval=interval, best=best, **values))
        return "\n".join(lines)

    def apa(self, lang: Language | None = None) -> Table:
        """Drivers with level, possible raise, cost, gain with interval, gain for its cost, chance of being the best."""
        columns = {
            "label": Column("management.col_driver"),
            "current": Column("management.col_current", "number"),
            "ceiling": Column("management.col_ceiling", "number", digits=1),
            "raised": Column("management.col_raised", "number"),
            "gain": Column("management.col_gain", "number"),
            "ci": interval_column(self.level),
            "cost": Column("management.col_cost", "number", digits=1),
            "per_cost": Column("management.col_per_cost", "number", digits=3),
            "p_best": Column("management.col_p_best", "percent", digits=0),
        }
        if not self.with_cost:
            columns = {name: one for name, one in columns.items() if name not in ("cost", "per_cost")}
        frame = self.table.assign(label=[self.labels.get(name, name) for name in self.table["driver"]])
        title = bilingual("management.what_if_title", target=self.labels.get(self.target, self.target))
        notes = (bilingual("management.what_if_note"), bilingual("management.what_if_causal"))
        return in_language(Table(frame, columns, title, notes=notes), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Gain for its cost (without costs: gain) of each driver with its interval, best first."""
        from cxlab.show.intervals import coefficient_plot

        low, high, value = ("per_cost_lower", "per_cost_upper", "per_cost") if self.with_cost else (
            "ci_lower", "ci_upper", "gain")  # fmt: skip
        frame = pd.DataFrame(
            {
                "label": [self._line(row, lang) for row in self.table.to_dict("records")],
                "estimate": self.table[value],
                "ci_lower": self.table[low],
                "ci_upper": self.table[high],
                "construct": self.table["driver"],
            }
        )
        axis = "management.axis_per_cost" if self.with_cost else "management.axis_gain"
        text = bilingual(axis, target=self.labels.get(self.target, self.target), level=f"{100 * self.level:g}")
        largest = frame["estimate"].abs().max()
        digits = 2 if largest >= 0.1 else 3 if largest >= 0.01 else 4
        return coefficient_plot(frame, xlabel=text, digits=digits, lang=lang)

    def label(self, name: str, lang: Language | None = None) -> str:
        """A driver's or the target's label, else its name."""
        return pick(self.labels[name], lang) if name in self.labels else name

    def _line(self, row: Mapping[str, float | str], lang: Language | None) -> str:
        raised = format_number(float(row["raised"]), 2, lang=lang)
        sign = "+" if float(row["raised"]) > 0 else ""
        return f"{self.label(str(row['driver']), lang)} ({sign}{raised})"
