"""The result of `cx.polychoric`: holds the numbers, shows them as text, table and figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.analyses.result import Result, Text, bilingual, each, in_language, notices_text
from cxlab.errors import Notice
from cxlab.i18n import Language, format_number, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False, eq=False)
class Polychoric(Result):
    """Correlations of the responses behind ordinal answers; see `cxlab.polychoric` for the columns of its tables."""

    correlations: pd.DataFrame
    thresholds: pd.DataFrame
    table: pd.DataFrame
    n: int
    missing: str
    level: float
    warnings: tuple[Notice, ...]
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ("olsson_1979", "muthen_1984")

    def summary(self, lang: Language | None = None) -> str:
        """Sizes and range of the correlations, then what to know before reading them."""
        low, high = (format_number(f(self.table["correlation"]), 2, bounded=True, lang=lang) for f in (min, max))
        head = tr("ordinal.head", lang, items=len(self.correlations), n=self.n, low=low, high=high)
        return "\n".join([head, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Pairs of items with correlation, interval, rows and empty cells."""
        frame = self.table.assign(
            label_1=[self.labels.get(name, name) for name in self.table["item_1"]],
            label_2=[self.labels.get(name, name) for name in self.table["item_2"]],
            kind=[bilingual(f"ordinal.kind_{kind}") for kind in self.table["kind"]],
        )
        level = f"{100 * self.level:g}"
        columns = {
            "label_1": Column("ordinal.col_first"),
            "label_2": Column("ordinal.col_second"),
            "kind": Column("ordinal.col_kind"),
            "correlation": Column("ordinal.col_correlation", "bounded"),
            "interval": Column(
                bilingual("analyses.col_interval", level=level),
                "interval",
                parts=("ci_lower", "ci_upper"),
                bounded=True,
            ),
            "n": Column("analyses.col_n", "integer"),
            "empty_cells": Column("ordinal.col_empty", "integer"),
        }
        if self.missing == "pairwise":
            del columns["interval"]
        note = bilingual("ordinal.note", missing=bilingual(f"ordinal.rows_{self.missing}"))
        told = [each(notice.text) for notice in self.warnings if notice.serious]
        return in_language(Table(frame, columns, "ordinal.title", notes=(note, *told)), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """The correlation matrix as a heat map."""
        from cxlab.show.heatmap import correlation_heatmap

        return correlation_heatmap(self.correlations, labels=self.labels, title="ordinal.title", lang=lang)
