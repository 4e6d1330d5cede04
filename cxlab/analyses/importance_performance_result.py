"""The result of `cx.importance_performance`: table, map, and priorities in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.analyses.drivers_notices import figure_title, simulated
from cxlab.analyses.result import Result, Text, bilingual, each, in_language, notices_text
from cxlab.errors import Notice
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.show.cells import cell_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ORDER = ("concentrate", "keep", "low_priority", "overkill")


@dataclass(frozen=True, repr=False, eq=False)
class ImportancePerformanceMap(Result):
    """Importance and performance of drivers; see `cxlab.importance_performance` for the columns of `table`."""

    table: pd.DataFrame
    fit: pd.Series
    warnings: tuple[Notice, ...]
    outcome: str
    importance: str
    ci: str
    level: float
    seed: int
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ("martilla_james_1977", "oh_2001", "gromping_2007", "davison_hinkley_1997")

    def summary(self, lang: Language | None = None) -> str:
        """Priorities in words, quadrant by quadrant, then what to know before acting on them."""
        lines = [self._head(lang)]
        for quadrant in _ORDER:
            rows = self.table[self.table["quadrant"] == quadrant].to_dict("records")
            if not rows:
                continue
            lines.append(f" {tr(f'drivers.quadrant_{quadrant}', lang)}")
            lines += [self._line(row, lang) for row in rows]
        lines += [f" {tr(f'drivers.caveat_{name}', lang)}" for name in ("lines", "cause")]
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Importance and performance with intervals, the quadrant, and how sure it is."""
        quadrants = [each(partial(tr, f"drivers.quadrant_short_{name}")) for name in self.table["quadrant"]]
        frame = self.table.assign(
            label=[self.labels.get(name, name) for name in self.table["predictor"]], place=quadrants
        )
        level = bilingual("analyses.col_interval", level=f"{100 * self.level:g}")
        columns = {
            "label": Column("drivers.col_driver"),
            "importance": Column("drivers.col_importance", "number", digits=3),
            "importance_ci": Column(level, "interval", 3, ("importance_lower", "importance_upper")),
            "performance": Column("drivers.col_performance", "number", digits=1),
            "performance_ci": Column(level, "interval", 1, ("performance_lower", "performance_upper")),
            "place": Column("drivers.col_quadrant"),
            "quadrant_draws": Column("drivers.col_quadrant_draws", "percent", digits=0),
        }
        if not self.fit["n_boot"]:
            columns = {key: columns[key] for key in ("label", "importance", "performance", "place")}
        notes = (
            each(self._head),
            bilingual("drivers.caveat_lines"),
            bilingual("drivers.caveat_cause"),
            *simulated(self.warnings),
        )
        title = bilingual("drivers.map_title", outcome=self.labels.get(self.outcome, self.outcome))
        return in_language(Table(frame, columns, title, notes=notes), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """The map: importance to the right, performance upwards, intervals on both, lines at the means."""
        from cxlab.show.importance_intervals import importance_interval_map

        frame = self.table.assign(
            name=self.table["predictor"], label=[self._label(name, lang) for name in self.table["predictor"]]
        )
        method = each(partial(tr, f"drivers.short_{self.importance}"))
        return importance_interval_map(
            frame,
            title=figure_title("drivers.map_title", self.labels.get(self.outcome, self.outcome), self.warnings),
            xlabel=bilingual("drivers.axis_importance", method=method),
            ylabel="drivers.axis_performance",
            corners={name: bilingual(f"drivers.quadrant_short_{name}") for name in _ORDER},
            lang=lang,
        )

    def _label(self, name: str, lang: Language | None) -> str:
        return pick(self.labels[name], lang) if name in self.labels else name

    def _head(self, lang: Language | None) -> str:
        r2 = format_number(float(self.fit["r2"]), 3, bounded=True, lang=lang)
        method = tr(f"drivers.short_{self.importance}", lang)
        values = {"outcome": self._label(self.outcome, lang), "n": int(self.fit["n"]), "method": method, "r2": r2}
        head = tr("drivers.map_head", lang, **values)
        if self.fit["n_boot"]:
            used = {"used": int(self.fit["used"]), "total": int(self.fit["n_boot"]), "seed": self.seed}
            ci = tr(f"resample.ci_{self.ci}", lang, level=f"{100 * self.level:g}")
            head += " · " + tr("drivers.head_boot", lang, ci=ci, **used)
        return head

    def _line(self, row: Mapping[object, object], lang: Language | None) -> str:
        importance = cell_text(row["importance"], Column("", "bounded", 3), lang)
        performance = cell_text(row["performance"], Column("", "number", 0), lang)
        key = "drivers.map_line" if pd.notna(row["quadrant_draws"]) else "drivers.map_line_bare"
        draws = cell_text(row["quadrant_draws"], Column("", "percent", 0), lang)
        name = self._label(str(row["predictor"]), lang)
        return "  " + tr(key, lang, name=name, importance=importance, performance=performance, draws=draws)
