"""The result of `cx.impute`: the completed surveys, and what was filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.analyses.missing_data_text import percent
from cxlab.analyses.result import bilingual, in_language, notices_text
from cxlab.analyses.validity_base import Labelled
from cxlab.errors import Notice
from cxlab.i18n import Language, format_number, tr
from cxlab.show.table import Column, Table
from cxlab.survey.survey import Survey

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxlab.analyses.pool_result import Pooled

_SHOWN = 8


@dataclass(frozen=True, repr=False, eq=False)
class Imputations(Labelled):
    """Completed surveys; see `cxlab.impute` for the columns of the tables.

    Attributes
    ----------
    surveys : tuple of Survey
        One for each imputation, with a line in its record and a warning that it is one of m.
    table, trace : DataFrame
    warnings : tuple of Notice
    m, seed, iterations, donors : int
        As asked for.
    n, n_incomplete : int
        Rows with an answer, and those of them with a gap.
    """

    surveys: tuple[Survey, ...]
    table: pd.DataFrame
    trace: pd.DataFrame
    warnings: tuple[Notice, ...]
    m: int
    seed: int
    iterations: int
    donors: int
    n: int
    n_incomplete: int
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    simulated: bool = False
    references: tuple[str, ...] = ("rubin_1987", "little_1988_surveys", "van_buuren_2011", "white_2011")

    def __len__(self) -> int:
        return len(self.surveys)

    def __iter__(self) -> Iterator[Survey]:
        return iter(self.surveys)

    def __getitem__(self, number: int) -> Survey:
        return self.surveys[number]

    def each(self, analysis: Callable[[Survey], Any]) -> tuple[Any, ...]:
        """The results of an analysis in every completed survey.

        Parameters
        ----------
        analysis : function
            Takes a Survey, as ``lambda survey: cx.regress("loyalty ~ image", survey)``.
        """
        return tuple(analysis(survey) for survey in self.surveys)

    def pool(self, analysis: Callable[[Survey], Any], **settings: Any) -> Pooled:
        """An analysis in every completed survey, pooled by Rubin's rules; `settings` go to `cxlab.pool`."""
        from cxlab.analyses.pool import pool

        return pool(self.each(analysis), **settings)

    def summary(self, lang: Language | None = None) -> str:
        """What was made, and observed beside filled-in means."""
        values = {"m": self.m, "n": self.n, "incomplete": self.n_incomplete, "seed": self.seed}
        lines = [tr("missing.impute_head", lang, **values)]
        rows = self.table.sort_values("n_missing", ascending=False, kind="stable").head(_SHOWN)
        width = max(len(name) for name in rows["item"])
        for row in rows.to_dict("records"):
            seen, made = (format_number(row[key], 2, lang=lang) for key in ("mean_observed", "mean_imputed"))
            start = f"  {row['item']:<{width}}  {percent(row['share'], lang):>5}%  "
            lines.append(start + tr("missing.impute_line", lang, seen=seen, made=made))
        lines.append("→ " + tr("missing.impute_next", lang))
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Items with gaps: observed and filled-in means and standard deviations."""
        frame = self.table.assign(label=[self.labels.get(item, "") for item in self.table["item"]])
        columns = {
            "item": Column("missing.col_item"),
            "label": Column("missing.col_label"),
            "n_missing": Column("missing.col_missing", "integer"),
            "share": Column("missing.col_share", "percent", digits=1),
            "mean_observed": Column("missing.col_mean_observed", "number"),
            "mean_imputed": Column("missing.col_mean_imputed", "number"),
            "sd_observed": Column("missing.col_sd_observed", "number"),
            "sd_imputed": Column("missing.col_sd_imputed", "number"),
        }
        if not any(frame["label"]):
            del columns["label"]
        values = {"m": self.m, "iterations": self.iterations, "donors": self.donors, "seed": self.seed, "n": self.n}
        notes = (bilingual("missing.impute_note", **values), *self.told())
        return in_language(Table(frame, columns, bilingual("missing.impute_title"), notes=notes), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Means of the filled-in answers after every round, a line an imputation: they should wander, not drift."""
        from cxlab.show.missing import imputation_traces

        names = {item: self._row(item, lang) for item in self.table["item"]}
        return imputation_traces(self.trace, names, title="missing.trace_title", lang=lang)

    def _row(self, item: str, lang: Language | None) -> str:
        return f"{item} · {self.name(item, lang)}" if item in self.labels else item
