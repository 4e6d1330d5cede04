"""The result of `cx.pool`: pooled estimates as text, table and figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.analyses.missing_data_text import p_text, percent
from cxlab.analyses.result import bilingual, each, in_language, notices_text
from cxlab.analyses.validity_base import Labelled
from cxlab.errors import Notice
from cxlab.i18n import Language, format_number, tr
from cxlab.show.cells import interval_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_NUMBER = Column("", "number")


@dataclass(frozen=True, repr=False, eq=False)
class Pooled(Labelled):
    """Estimates pooled over imputations; see `cxlab.pool` for the columns of `table`.

    Attributes
    ----------
    table : DataFrame
    warnings : tuple of Notice
    m, m_given : int
        Results that were pooled, and that were given.
    n_obs : int or None
        Rows of each completed data set, where the results say.
    level : float
    kind : {"sem", "terms"}
    """

    table: pd.DataFrame
    warnings: tuple[Notice, ...]
    m: int
    m_given: int
    n_obs: int | None
    level: float
    kind: str
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    simulated: bool = False
    references: tuple[str, ...] = ("rubin_1987", "barnard_rubin_1999", "white_2011")

    @property
    def shown(self) -> pd.DataFrame:
        """The rows that are read first: paths and defined effects, else loadings; every term of a regression."""
        if self.kind == "terms":
            return self.table
        free = self.table[self.table["se"] > 0]
        paths = free[free["op"].isin(["~", ":=", "<~"])]
        rows = paths if len(paths) else free[free["op"] == "=~"]
        return rows if len(rows) else free

    def summary(self, lang: Language | None = None) -> str:
        """Head, a line an estimate, and what to know."""
        n = "–" if self.n_obs is None else str(self.n_obs)
        lines = [tr("missing.pool_head", lang, m=self.m, n=n)]
        rows = self.shown.to_dict("records")
        names = [self.row_name(row, lang) for row in rows]
        width = max((len(name) for name in names), default=0)
        lines += [f"  {name:<{width}}  {self._numbers(row, lang)}" for name, row in zip(names, rows, strict=True)]
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Estimate, standard error, interval, t, degrees of freedom, p and fraction of missing information."""
        rows = self.shown.reset_index(drop=True)
        frame = rows.assign(name=[self._both(row) for row in rows.to_dict("records")])
        columns = {
            "name": Column("missing.col_parameter"),
            "estimate": Column("missing.col_estimate", "number"),
            "se": Column("missing.col_se", "number"),
            "ci": Column(
                bilingual("missing.col_interval", level=f"{100 * self.level:g}"),
                "interval",
                parts=("ci_lower", "ci_upper"),
            ),
            "statistic": Column("t", "number"),
            "df": Column("missing.col_df", "number", digits=1),
            "pvalue": Column("missing.col_p", "p"),
            "fmi": Column("FMI", "bounded"),
        }
        if "std_all" in frame:
            columns["std_all"] = Column("missing.col_std", "bounded")
            frame["std_all"] = without_intercepts(rows)
        notes = (bilingual("missing.pool_note", m=self.m), *self.told())
        return in_language(Table(frame, columns, bilingual("missing.pool_title"), notes=notes), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Pooled estimates with their intervals."""
        from cxlab.show import coefficient_plot

        rows = self.shown
        if self.kind == "terms" and "term" in rows:
            rows = rows[rows["term"] != "Intercept"]
        frame = rows.assign(label=[self.row_name(row, lang) for row in rows.to_dict("records")])
        xlabel = bilingual("missing.axis_pooled", level=f"{100 * self.level:g}", m=self.m)
        return coefficient_plot(frame, xlabel=xlabel, lang=lang)

    def row_name(self, row: Mapping[Any, Any], lang: Language | None = None) -> str:
        """What a row is, in the codebook's words."""
        return parameter_name(row, self.labels, lang)

    def _both(self, row: Mapping[Any, Any]) -> Mapping[str, str]:
        return each(lambda lang: self.row_name(row, lang))

    def _numbers(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        estimate = format_number(row["estimate"], 2, lang=lang)
        interval = interval_text(row["ci_lower"], row["ci_upper"], _NUMBER, lang)
        return f"{estimate} {interval}  {p_text(row['pvalue'], lang)}  FMI {percent(row['fmi'], lang, 0)}%"


def without_intercepts(rows: pd.DataFrame) -> pd.Series:
    """Standardised estimates as a table prints them: an intercept or threshold over a spread is no beta.

    Examples
    --------
    >>> without_intercepts(pd.DataFrame({"op": ["~", "~1"], "std_all": [0.4, 2.6]})).tolist()
    [0.4, nan]
    """
    return rows["std_all"].mask(rows["op"].isin(["~1", "|"]))


def parameter_name(
    row: Mapping[Any, Any], labels: Mapping[str, Mapping[str, str]], lang: Language | None = None
) -> str:
    """``image → loyalty`` for a path, ``Image: item`` for a loading; other tables' rows by their columns.

    Examples
    --------
    >>> parameter_name({"lhs": "loyalty", "op": "~", "rhs": "image", "group": 1}, {})
    'image → loyalty'
    """
    from cxlab.i18n import pick

    def name(key: str) -> str:
        return pick(labels[key], lang) if key in labels else str(key)

    if "lhs" not in row:
        keys = [value for value in row.values() if isinstance(value, str)]
        return " ".join(name(key) for key in keys)
    lhs, op, rhs = row["lhs"], row["op"], row["rhs"]
    text = {"~": f"{name(rhs)} → {name(lhs)}", "=~": f"{name(lhs)}: {rhs}", ":=": str(lhs), "~1": f"{name(lhs)} ~ 1"}
    shown = text.get(op, f"{name(lhs)} {op} {name(rhs)}")
    return f"{shown} ({row['group']})" if int(row.get("group", 1)) > 1 else shown
