"""The result of `cx.describe`: holds the numbers, shows them as text, tables and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.analyses.result import Result, Text, bilingual, each, in_language, notices_text
from cxlab.errors import DataError, Notice
from cxlab.evaluate.rules import rule_note
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False, eq=False)
class Description(Result):
    """Items and constructs described; see `cxlab.describe` for the columns of its tables."""

    table: pd.DataFrame
    constructs: pd.DataFrame
    correlations: pd.DataFrame
    counts: pd.DataFrame
    n: int
    n_correlations: int
    moments: int
    warnings: tuple[Notice, ...]
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    points: Mapping[str, Mapping[float, Text]] = field(default_factory=dict, repr=False)
    effective_n: float = 0.0
    weighted: bool = False
    references: tuple[str, ...] = ("joanes_gill_1998", "west_1995")

    @property
    def items(self) -> pd.DataFrame:
        """The same as `table`: one row an item."""
        return self.table

    def summary(self, lang: Language | None = None) -> str:
        """Sizes, one line a construct, then what to know before reading the tables."""
        head = tr("analyses.describe_head", lang, n=self.n, items=len(self.table), constructs=len(self.constructs))
        if self.weighted:
            effective = format_number(self.effective_n, 0, lang=lang)
            head += "\n" + tr("analyses.describe_weighted", lang, n=self.n, effective=effective)
        width = max((len(self._label(name, lang)) for name in self.constructs["construct"]), default=0)
        lines = [self._line(row, width, lang) for row in self.constructs.to_dict("records")]
        return "\n".join([head, *lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Items with n, mean, standard deviation, skewness, kurtosis, floor and ceiling, by construct."""
        other = bilingual("analyses.other_items")
        frame = self.table.assign(
            label=[self.labels.get(name, "") for name in self.table["item"]],
            panel=[self.labels.get(name, name) if name else other for name in self.table["construct"]],
        )
        columns = {
            "item": Column("analyses.col_item"),
            "label": Column("analyses.col_label"),
            "n": Column("analyses.col_n", "integer"),
            "missing_share": Column("analyses.col_missing", "percent", digits=1),
            "mean": Column("analyses.col_mean", "number"),
            "sd": Column("analyses.col_sd", "number"),
            "skewness": Column("analyses.col_skewness", "number"),
            "kurtosis": Column("analyses.col_kurtosis", "number"),
            "floor_share": Column("analyses.col_floor", "percent", digits=1),
            "ceiling_share": Column("analyses.col_ceiling", "percent", digits=1),
        }
        if not any(frame["label"]):
            del columns["label"]
        moments = bilingual(f"analyses.moments_{self.moments}")
        notes = (*self._weights_note(), moments, each(lambda one: rule_note("west_1995", one)))
        group = "panel" if self.table["construct"].any() else None
        return in_language(Table(frame, columns, "analyses.items_title", notes=notes, group=group), lang)

    def apa_constructs(self, lang: Language | None = None) -> Table:
        """Constructs with items, n, mean, standard deviation, alpha, and their correlations below."""
        names = list(self.constructs["construct"])
        frame = self.constructs.assign(label=[self.labels.get(name, name) for name in names])
        for number, name in enumerate(names, start=1):
            frame[f"r{number}"] = [self._below(other, name, names) for other in names]
        columns: dict[str, Column] = {
            "label": Column("analyses.col_construct"),
            "n_items": Column("analyses.col_items", "integer"),
            "n": Column("analyses.col_n", "integer"),
            "mean": Column("analyses.col_mean", "number"),
            "sd": Column("analyses.col_sd", "number"),
            "alpha": Column("analyses.col_alpha", "bounded"),
        }
        columns |= {f"r{number}": Column(str(number), "bounded") for number in range(1, len(names))}
        note = bilingual("analyses.constructs_note", n=self.n_correlations)
        notes = (*self._weights_note(), note)
        return in_language(Table(frame, columns, "analyses.constructs_title", notes=notes), lang)

    def plot(self, lang: Language | None = None, *, items: Sequence[str] | None = None) -> Figure:
        """Distribution of responses, one bar an item; by default the items of the commonest scale."""
        from cxlab.show import response_distribution

        counts = self._drawn(items)
        missing = self.table.set_index("item")["missing"].loc[list(counts.index)]
        points = next((self.points[name] for name in counts.index if name in self.points), {})
        return response_distribution(
            counts,
            missing=missing if missing.any() else None,
            labels={name: self.labels.get(name, name) for name in counts.index},
            points={point: text for point, text in points.items() if point in counts.columns},
            title="analyses.describe_weighted_figure" if self.weighted else None,
            lang=lang,
        )

    def plot_correlations(self, lang: Language | None = None) -> Figure:
        """The correlations as a heat map."""
        from cxlab.show import correlation_heatmap

        if len(self.correlations) < 2:
            raise DataError("analyses.nothing_to_draw")
        labels = {name: self.labels.get(name, name) for name in self.correlations}
        return correlation_heatmap(self.correlations, labels=labels, lang=lang)

    def _drawn(self, items: Sequence[str] | None) -> pd.DataFrame:
        """Counts of the items asked for, or of those that share the commonest scale points."""
        if self.counts.empty:
            raise DataError("analyses.nothing_to_draw")
        if items is not None:
            unknown = [name for name in items if name not in self.counts.index]
            if unknown:
                known = ", ".join(map(str, self.counts.index))
                raise DataError("analyses.not_drawable", items=", ".join(unknown), known=known)
            chosen = self.counts.loc[list(items)]
        else:
            scales = self.counts.notna().apply(tuple, axis="columns")
            chosen = self.counts[scales == scales.mode().iloc[0]]
        drawn = chosen.dropna(axis="columns", how="all").fillna(0)
        return drawn if self.weighted else drawn.astype(int)

    def _weights_note(self) -> tuple[Text, ...]:
        return (bilingual("analyses.describe_weights_note"),) if self.weighted else ()

    def _below(self, row: str, column: str, names: list[str]) -> Any:
        if names.index(row) <= names.index(column):
            return ""
        known = row in self.correlations.index and column in self.correlations.columns
        return self.correlations.loc[row, column] if known else None

    def _label(self, name: str, lang: Language | None) -> str:
        return pick(self.labels[name], lang) if name in self.labels else str(name)

    def _line(self, row: dict[str, Any], width: int, lang: Language | None) -> str:
        name = self._label(row["construct"], lang)
        if row["reason"] == "unusable":
            return f"  {name:<{width}}  {tr('analyses.no_score', lang)}"
        mean, sd = (format_number(row[key], 2, lang=lang) for key in ("mean", "sd"))
        alpha = (
            f"  α = {format_number(row['alpha'], 2, bounded=True, lang=lang)}" if row["alpha"] == row["alpha"] else ""
        )
        return (
            f"  {name:<{width}}  {tr('analyses.col_mean', lang)} = {mean}  {tr('analyses.col_sd', lang)} = {sd}{alpha}"
        )
