"""The result of `cx.against_truth`: estimates beside true values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.analyses.result import Result, bilingual, each, in_language, notices_text
from cxlab.errors import Notice
from cxlab.i18n import Language, format_number, tr
from cxlab.show.table import Column, Table
from cxlab.study.simulation.power_result import parameter_name, parameter_names

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DRAWN = ("~", ":=", "=~")
_SHOWN = 0.005  # a difference that two decimals show


@dataclass(frozen=True, repr=False, eq=False)
class TruthComparison(Result):
    """Estimates of a fit on simulated data beside the true values.

    Attributes
    ----------
    table : DataFrame
        lhs, op, rhs, group, label, estimate, ci_lower, ci_upper, truth (in the population, as it is measured),
        generating (as the true model's text has it; nan where that has no such parameter), inside.
    metric : {"raw", "std_all"}
    level : float
    population_rmsea : float
        Misfit of the fitted model in the population; 0 where it is true.
    on_points : bool
        Whether answers are points of a scale.
    """

    table: pd.DataFrame
    metric: str
    level: float
    population_rmsea: float
    on_points: bool
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    warnings: tuple[Notice, ...] = ()
    references: tuple[str, ...] = ("plackett_1954",)

    @property
    def inside(self) -> int:
        """How many intervals hold the truth."""
        return int(self.table["inside"].sum())

    def summary(self, lang: Language | None = None) -> str:
        """How many intervals hold the truth, and those that do not."""
        lines = [self._headline(lang)]
        for row in self.table[~self.table["inside"]].to_dict("records"):
            names = ("estimate", "ci_lower", "ci_upper", "truth")
            values = {name: format_number(row[name], 2, lang=lang) for name in names}
            lines.append(
                "  " + tr("simulation.truth_missed", lang, name=parameter_name(row, self.labels, lang), **values)
            )
        return "\n".join([*lines, *("  " + text for text in notices_text(self.warnings, lang))])

    def apa(self, lang: Language | None = None) -> Table:
        """Estimate, interval and truth of every parameter."""
        marks = {True: "✓", False: "✗"}
        rows = self.table
        frame = rows.assign(
            name=[parameter_names(row, self.labels) for row in rows.to_dict("records")],
            mark=[marks[bool(x)] for x in rows["inside"]],
        )
        header = bilingual("simulation.col_ci", level=f"{100 * self.level:g}")
        columns = {
            "name": Column("simulation.col_parameter"),
            "estimate": Column("simulation.col_estimate", "number"),
            "ci": Column(header, "interval", parts=("ci_lower", "ci_upper")),
            "truth": Column("simulation.col_truth", "number"),
            "generating": Column("simulation.col_generating", "number"),
            "mark": Column("simulation.col_inside"),
        }
        if not (rows["truth"] - rows["generating"]).abs().max() > _SHOWN:
            columns.pop("generating")
        notes = (each(lambda lang: self._headline(lang) + "."), *(each(notice.text) for notice in self.warnings))
        return in_language(Table(frame, columns, "simulation.truth_title", notes=notes), lang)

    def plot(self, *, ops: tuple[str, ...] | None = None, lang: Language | None = None) -> Figure:
        """Intervals with their points, and a mark at each true value.

        Parameters
        ----------
        ops : tuple of str, optional
            Which parameters: ``("~", ":=")``, ``("=~",)``, ... By default paths and loadings, or all if there are none.
        lang : {"en", "vi"}, optional
        """
        from cxlab.show.truth import truth_plot

        wanted = list(ops or _DRAWN)
        rows = self.table[self.table["op"].isin(wanted)]
        rows = rows.sort_values("op", key=lambda op: op.map(wanted.index), kind="stable")
        rows = rows if len(rows) or ops else self.table
        frame = rows.assign(label=[parameter_name(row, self.labels, lang) for row in rows.to_dict("records")])
        blocks = {"~": "simulation.block_paths", ":=": "simulation.block_defined", "=~": "simulation.block_loadings"}
        frame["block"] = [tr(blocks.get(op, "simulation.block_others"), lang) for op in rows["op"]]
        xlabel = tr(f"simulation.axis_{self.metric}", lang, level=f"{100 * self.level:g}")
        return truth_plot(frame, title=tr("simulation.truth_title", lang), xlabel=xlabel, lang=lang)

    def _headline(self, lang: Language | None) -> str:
        expected = format_number(self.level * len(self.table), 1, lang=lang)
        values = {"inside": self.inside, "total": len(self.table), "level": f"{100 * self.level:g}"}
        return tr(f"simulation.truth_head_{self.metric}", lang, expected=expected, **values)
