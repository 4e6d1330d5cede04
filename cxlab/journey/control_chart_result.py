"""The result of `cx.control_chart`: points, limits, signals and the likeliest change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.analyses.result import Result, bilingual, each, in_language, notices_text
from cxlab.errors import Notice
from cxlab.estimate.control_limits import RULES, Rules
from cxlab.i18n import Language, format_number, p_text, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_CHANGED = 0.05


@dataclass(frozen=True, repr=False, eq=False)
class ControlChart(Result):
    """A control chart; see `cxlab.control_chart` for the columns of its tables."""

    table: pd.DataFrame
    spread: pd.DataFrame | None
    change: pd.Series
    warnings: tuple[Notice, ...]
    kind: str
    rules: Rules
    of_spread: str
    sigmas: float

    @property
    def references(self) -> tuple[str, ...]:  # type: ignore[override]
        """Keys of the works behind the method."""
        works = {"western_electric": ("western_electric_1956",), "nelson": ("nelson_1984",)}
        return ("shewhart_1931", *works.get(self.rules, ()), "montgomery_2013", "pettitt_1979")

    @property
    def signals(self) -> pd.DataFrame:
        """One row a rule broken at a point: point, label, rule (those of the chart of spread start with "spread_")."""
        rows = [
            (row["point"], row["label"], mark + rule)
            for mark, table in (("", self.table), ("spread_", self.spread))
            if table is not None
            for row in table[table["signal"] != ""].to_dict("records")
            for rule in row["signal"].split(", ")
        ]
        return pd.DataFrame(rows, columns=["point", "label", "rule"])

    def summary(self, lang: Language | None = None) -> str:
        """Centre and limits, the signals with the rules behind them, and the likeliest change."""
        last, digits = self.table.iloc[-1], self._digits()
        numbers = {name: format_number(last[name], digits, lang=lang) for name in ("centre", "lower", "upper")}
        head = tr("management.chart_head", lang, kind=tr(f"management.kind_{self.kind}", lang), n=len(self.table),
                  baseline=int(self.table["baseline"].sum()), **numbers)  # fmt: skip
        lines = [head, *notices_text(self.warnings, lang), tr(f"management.rules_{self.rules}", lang)]
        signals = self.signals
        for rule, own in signals.groupby("rule", sort=False):
            points = ", ".join(own["label"].astype(str).head(12)) + (", …" if len(own) > 12 else "")
            lines.append(f"  {self._rule(str(rule), lang)}: {points}")
        if signals.empty:
            lines.append("  " + tr("management.no_signal", lang))
        return "\n".join([*lines, self._change_text(lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Points with their limits and signals."""
        digits = self._digits()
        columns = {
            "label": Column("management.col_point"),
            "value": Column("management.col_value", "number", digits),
            "size": Column("management.col_size", "integer"),
            "lower": Column("management.col_lower", "number", digits),
            "centre": Column("management.col_centre", "number", digits),
            "upper": Column("management.col_upper", "number", digits),
            "rules": Column("management.col_signal"),
        }
        if self.kind == "individuals":
            del columns["size"]
        order = ("limit", *RULES[self.rules])
        numbered = [
            ", ".join(str(order.index(rule) + 1) for rule in one.split(", ") if rule) for one in self.table["signal"]
        ]
        broken = [
            rule for rule in order if self.table["signal"].str.split(", ").map(lambda own, r=rule: r in own).any()
        ]
        notes = [bilingual(f"management.rules_{self.rules}")]
        if broken:
            notes.append(
                each(lambda lang: "; ".join(f"{order.index(one) + 1}: {self._rule(one, lang)}" for one in broken))
            )
        notes.append(each(self._change_text))
        title = bilingual("management.chart_title", kind=bilingual(f"management.kind_{self.kind}"))
        return in_language(Table(self.table.assign(rules=numbered), columns, title, notes=tuple(notes)), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """The points with centre and limits, signals in red; below them the chart of their spread."""
        from cxlab.show.control_chart import control_chart_figure

        cut = int(self.change["last_before"]) if self.change["pvalue"] < _CHANGED else None
        below = f"management.axis_{self.of_spread}" if self.spread is not None else ""
        return control_chart_figure(
            self.table, self.spread, change=cut, ylabel=f"management.axis_{self.kind}", below=below, lang=lang
        )

    def _digits(self) -> int:
        return 3 if self.kind in ("p", "u") else 2

    def _rule(self, rule: str, lang: Language | None) -> str:
        if rule.startswith("spread_"):
            return tr("management.rule_of_spread", lang, chart=tr(f"management.axis_{self.of_spread}", lang).lower())
        return tr(f"management.rule_{rule}", lang)

    def _change_text(self, lang: Language | None = None) -> str:
        p = p_text(float(self.change["pvalue"]), lang)
        if self.change["pvalue"] >= _CHANGED:
            return tr("management.change_none", lang, p=p)
        digits = self._digits()
        numbers = {
            name: format_number(float(self.change[name]), digits, lang=lang) for name in ("mean_before", "mean_after")
        }
        return tr("management.change_found", lang, label=self.change["label"], p=p, **numbers)
