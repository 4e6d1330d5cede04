"""The result of `cx.gap`: holds the gaps, shows them as text, tables and figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.analyses.asymmetry_text import with_interval, without_start
from cxlab.analyses.result import bilingual, each, in_language, notices_text
from cxlab.analyses.validity_base import Labelled
from cxlab.errors import Notice
from cxlab.i18n import Language, format_number, p_text, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False, eq=False)
class Gap(Labelled):
    """Gaps between expectation and perception; see `cxlab.gap` for the columns of its tables.

    Attributes
    ----------
    table, dimensions : DataFrame
    warnings : tuple of Notice
    level : float
    weighted : bool
    """

    table: pd.DataFrame
    dimensions: pd.DataFrame
    warnings: tuple[Notice, ...]
    level: float
    weighted: bool
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    simulated: bool = False
    references: tuple[str, ...] = ("parasuraman_1988", "peter_1993", "edwards_2001", "kerby_2014")

    def summary(self, lang: Language | None = None) -> str:
        """One line a dimension and one an item: means, gap with interval, test; then what to know."""
        lines = [tr("asymmetry.gap_head", lang, items=len(self.table), n=int(self.table["n"].max()))]
        parts = [("asymmetry.gap_items", self.table, self.item_names(lang))]
        if len(self.table) > 1:
            names = [self.title(name, lang) for name in self.dimensions["dimension"]]
            parts.insert(0, ("asymmetry.gap_dimensions", self.dimensions, names))
        for heading, rows, names in parts:
            width = max(map(len, names))
            lines.append(tr(heading, lang))
            lines += [
                f"  {name:<{width}}  {self._line(row, lang)}"
                for name, row in zip(names, rows.to_dict("records"), strict=True)
            ]
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Items by dimension: means, gap with interval, t test, signed-rank test, effect size."""
        frame = self.table.assign(
            label=[{"en": en, "vi": vi} for en, vi in zip(self.item_names("en"), self.item_names("vi"), strict=True)],
            group=[each(lambda lang, key=key: self.title(key, lang)) for key in self.table["dimension"]],  # type: ignore[misc]
        )
        grouped = self.table["dimension"].nunique() > 1
        notes = (bilingual("asymmetry.gap_note"), *self._weighted(), *self.told())
        title = bilingual("asymmetry.gap_title")
        table = Table(
            frame, self._columns("asymmetry.col_item"), title, notes=notes, group="group" if grouped else None
        )
        return in_language(table, lang)

    def apa_dimensions(self, lang: Language | None = None) -> Table:
        """Dimensions: means, gap with interval, test, and the reliability of both sides and of the gap."""
        frame = self.dimensions.assign(
            label=[each(lambda lang, key=key: self.title(key, lang)) for key in self.dimensions["dimension"]]  # type: ignore[misc]
        )
        trust = {
            "r": Column("asymmetry.col_r", "bounded"),
            "alpha_expectation": Column("asymmetry.col_alpha_e", "bounded"),
            "alpha_perception": Column("asymmetry.col_alpha_p", "bounded"),
            "reliability_gap": Column("asymmetry.col_reliability_gap", "bounded"),
        }
        columns = self._columns("asymmetry.col_dimension") | {name: trust[name] for name in trust if name in frame}
        notes = (bilingual("asymmetry.gap_note"), bilingual("asymmetry.gap_note_reliability"), *self._weighted())
        title = bilingual("asymmetry.gap_title_dimensions")
        return in_language(Table(frame, columns, title, notes=(*notes, *self.told())), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Gaps of the items with their intervals around zero, by dimension."""
        from cxlab.show import coefficient_plot

        frame = pd.DataFrame(
            {
                "label": self.item_names(lang),
                "estimate": self.table["gap"],
                "ci_lower": self.table["gap_ci_lower"],
                "ci_upper": self.table["gap_ci_upper"],
            }
        )
        if self.table["dimension"].nunique() > 1:
            frame["block"] = [self.title(key, lang) for key in self.table["dimension"]]
        axis = bilingual("asymmetry.gap_axis", level=f"{100 * self.level:g}")
        title = bilingual("analyses.simulated") if self.simulated else None
        return coefficient_plot(frame, xlabel=axis, title=title, lang=lang)

    def item_names(self, lang: Language | None = None) -> list[str]:
        """Labels of the perception items, without a beginning that all of them share."""
        return without_start([self.name(key, lang) for key in self.table["attribute"]])

    def title(self, key: str, lang: Language | None = None) -> str:
        """An item's or dimension's label; ``all`` in words."""
        return tr("asymmetry.all_items", lang) if key == "all" and key not in self.labels else self.name(key, lang)

    def _columns(self, first: str) -> dict[str, Column]:
        interval = bilingual("analyses.col_interval", level=f"{100 * self.level:g}")
        return {
            "label": Column(first),
            "n": Column("analyses.col_n", "integer"),
            "mean_expectation": Column("asymmetry.col_expectation", "number"),
            "sd_expectation": Column("analyses.col_sd", "number"),
            "mean_perception": Column("asymmetry.col_perception", "number"),
            "sd_perception": Column("analyses.col_sd", "number"),
            "gap": Column("asymmetry.col_gap", "number"),
            "gap_ci": Column(interval, "interval", parts=("gap_ci_lower", "gap_ci_upper")),
            "t": Column("analyses.col_t", "number"),
            "pvalue": Column("analyses.col_p", "p"),
            **({} if self.weighted else {"wilcoxon_pvalue": Column("asymmetry.col_wilcoxon", "p")}),
            "d_z": Column("asymmetry.col_dz", "number"),
        }

    def _weighted(self) -> tuple[Mapping[str, str], ...]:
        return (bilingual("asymmetry.weighted_note"),) if self.weighted else ()

    def _line(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        if pd.isna(row.get("gap")):
            return tr("asymmetry.gap_too_few", lang, n=int(row["n"]))
        one, other, d = (
            format_number(row[name], 2, lang=lang) for name in ("mean_expectation", "mean_perception", "d_z")
        )
        values = {"n": int(row["n"]), "gap": with_interval(row, "gap", lang), "p": p_text(row["pvalue"], lang)}
        text = tr("asymmetry.gap_line", lang, expectation=one, perception=other, d=d, **values)
        trust = row.get("reliability_gap")
        if trust is None or pd.isna(trust):
            return text
        shown = format_number(trust, 2, bounded=True, lang=lang)
        return f"{text}  {tr('asymmetry.gap_trust', lang, value=shown)}"
