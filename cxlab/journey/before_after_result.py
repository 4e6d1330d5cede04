"""The result of `cx.before_after`: changes with their intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.analyses.result import Result, bilingual, in_language, notices_text
from cxlab.errors import Notice
from cxlab.i18n import Language, format_number, p_text, tr
from cxlab.journey.retention_result import interval_column
from cxlab.show.cells import interval_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False, eq=False)
class BeforeAfter(Result):
    """A change between two waves; see `cxlab.before_after` for the columns of `table`."""

    table: pd.DataFrame
    warnings: tuple[Notice, ...]
    level: float
    paired: bool
    shares: bool

    @property
    def references(self) -> tuple[str, ...]:  # type: ignore[override]
        """Keys of the works behind the method."""
        works = {
            "welch": "welch_1947",
            "newcombe": "newcombe_1998",
            "mcnemar": "bonett_price_2012",
            "did": "card_krueger_1994",
        }
        return tuple(dict.fromkeys(works[one] for one in self.table["method"] if one in works))

    @property
    def effect(self) -> pd.Series:
        """The last row of `table`: the change, or with a control group the difference of changes."""
        return self.table.iloc[-1]

    def summary(self, lang: Language | None = None) -> str:
        """One line a change, and what to know before reading it."""
        head = tr("management.before_head", lang, pairs=tr(f"management.{'pairs' if self.paired else 'waves'}", lang))
        lines = [head, *notices_text(self.warnings, lang)]
        for row in self.table.to_dict("records"):
            lines.append(
                "  "
                + tr(
                    "management.before_line",
                    lang,
                    group=tr(f"management.group_{row['group']}", lang),
                    before=format_number(row["before"], 2, lang=lang),
                    after=format_number(row["after"], 2, lang=lang),
                    change=format_number(row["change"], 2, lang=lang),
                    interval=interval_text(row["ci_lower"], row["ci_upper"], Column("", "number"), lang),
                    p=p_text(row["pvalue"], lang),
                )
            )
        return "\n".join(lines)

    def apa(self, lang: Language | None = None) -> Table:
        """Both levels, the change with error, interval, test and effect size."""
        columns = {
            "label": Column("management.col_group"),
            "n_before": Column("management.col_n_before", "integer"),
            "n_after": Column("management.col_n_after", "integer"),
            "before": Column("management.col_before", "number"),
            "after": Column("management.col_after", "number"),
            "change": Column("management.col_change", "number"),
            "se": Column("analyses.col_se", "number"),
            "ci": interval_column(self.level),
            "pvalue": Column("analyses.col_p", "p"),
            "d": Column("h" if self.shares else "d", "number"),
        }
        frame = self.table.assign(label=[bilingual(f"management.group_{name}") for name in self.table["group"]])
        methods = [bilingual(f"management.method_{name}") for name in dict.fromkeys(self.table["method"])]
        return in_language(Table(frame, columns, "management.before_title", notes=tuple(methods)), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """The changes with their intervals around no change."""
        from cxlab.show.intervals import coefficient_plot

        names = [tr(f"management.group_{name}", lang) for name in self.table["group"]]
        frame = self.table.assign(label=names, estimate=self.table["change"])
        axis = "management.axis_change_share" if self.shares else "management.axis_change"
        return coefficient_plot(frame, xlabel=bilingual(axis, level=f"{100 * self.level:g}"), lang=lang)
