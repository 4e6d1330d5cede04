"""The result of `cx.compare_missing`: treatments of missing answers side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.analyses.pool_result import parameter_name, without_intercepts
from cxlab.analyses.result import bilingual, each, in_language, notices_text
from cxlab.analyses.validity_base import Labelled
from cxlab.errors import Notice
from cxlab.i18n import Language, format_number, tr
from cxlab.show.cells import interval_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_NUMBER = Column("", "number")
# Treatments closer than half a standard error tell the same story.
_CLOSE = 0.5


@dataclass(frozen=True, repr=False, eq=False)
class MissingComparison(Labelled):
    """Treatments of missing answers; see `cxlab.compare_missing` for the columns of the tables.

    Attributes
    ----------
    table, states, differences : DataFrame
    results : mapping of str to SemFit or Pooled
    reasons : mapping of str to Notice
        Why a treatment has no result or is not to be relied on.
    warnings : tuple of Notice
    n_total, m, seed : int
    """

    table: pd.DataFrame
    states: pd.DataFrame
    differences: pd.DataFrame
    results: Mapping[str, Any]
    reasons: Mapping[str, Notice]
    warnings: tuple[Notice, ...]
    n_total: int
    m: int
    seed: int
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    simulated: bool = False
    references: tuple[str, ...] = ("schafer_graham_2002", "enders_bandalos_2001", "rubin_1987", "barnard_rubin_1999")

    def reading(self, lang: Language | None = None) -> tuple[str, ...]:
        """Whether the treatments agree, a sentence each."""
        texts = [
            tr(f"missing.state_{state}", lang, method=self._method(name, lang), why=self._why(name, lang))
            for name, state in zip(self.states["method"], self.states["state"], strict=True)
            if state != "ok"
        ]
        if not len(self.differences):
            return (*texts, tr("missing.compare_alone", lang))
        worst = self.differences.loc[self.differences["in_se"].idxmax()]
        values = {"name": parameter_name(worst, self.labels, lang), "size": format_number(worst["in_se"], 2, lang=lang)}
        values |= {end: self._method(worst[end], lang) for end in ("lowest", "highest")}
        values["difference"] = format_number(worst["difference"], 3, lang=lang)
        key = "missing.compare_agree" if worst["in_se"] < _CLOSE else "missing.compare_differ"
        texts.append(tr(key, lang, **values))
        for column in ("sign_changes", "verdict_changes"):
            rows = self.differences[self.differences[column]].to_dict("records")
            if rows:
                names = "; ".join(parameter_name(row, self.labels, lang) for row in rows)
                texts.append(tr(f"missing.{column}", lang, names=names))
        return tuple(texts)

    def summary(self, lang: Language | None = None) -> str:
        """A line a parameter and treatment, then what it means."""
        head = tr("missing.compare_head", lang, n=self.n_total, m=self.m, seed=self.seed)
        lines = [head + (" · " + tr("analyses.simulated", lang) if self.simulated else "")]
        methods = [self._method(name, lang) for name in self.table["method"]]
        width = max((len(name) for name in methods), default=0)
        before = None
        for row in self._ordered().to_dict("records"):
            name = parameter_name(row, self.labels, lang)
            lines += [f"  {name}"] if name != before else []
            before = name
            text = self._method(row["method"], lang)
            interval = interval_text(row["ci_lower"], row["ci_upper"], _NUMBER, lang)
            estimate = format_number(row["estimate"], 2, lang=lang)
            lines.append(f"    {text:<{width}}  n = {row['n']}  {estimate} {interval}")
        lines += [f"→ {text}" for text in self.reading(lang)]
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Parameters in panels, treatments in rows."""
        rows = self._ordered()
        panels = {key: self._panel(key) for key in dict.fromkeys(_key(rows))}
        frame = rows.assign(
            panel=[panels[key] for key in _key(rows)],
            treatment=[bilingual(f"missing.method_{name}") for name in rows["method"]],
            std_all=without_intercepts(rows),
        )
        columns = {
            "treatment": Column("missing.col_treatment"),
            "n": Column("missing.col_n", "integer"),
            "estimate": Column("missing.col_estimate", "number"),
            "se": Column("missing.col_se", "number"),
            "ci": Column(bilingual("missing.col_interval", level="95"), "interval", parts=("ci_lower", "ci_upper")),
            "pvalue": Column("missing.col_p", "p"),
            "std_all": Column("missing.col_std", "bounded"),
            "fmi": Column("FMI", "bounded"),
        }
        notes = (bilingual("missing.compare_note", m=self.m, seed=self.seed), *self.told())
        title = bilingual("missing.compare_title")
        return in_language(Table(frame, columns, title, notes=notes, group="panel"), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Estimates with their intervals, a colour a treatment."""
        from cxlab.show import coefficient_plot

        rows = self._ordered()
        frame = rows.assign(
            label=[parameter_name(row, self.labels, lang) for row in rows.to_dict("records")],
            model=[self._method(name, lang) for name in rows["method"]],
        )
        return coefficient_plot(frame, xlabel=bilingual("missing.axis_compare"), lang=lang)

    def _ordered(self) -> pd.DataFrame:
        """Rows of one parameter next to one another."""
        names = pd.factorize(pd.Series(_key(self.table)))[0]
        return self.table.iloc[names.argsort(kind="stable")].reset_index(drop=True)

    def _panel(self, key: tuple[Any, ...]) -> Mapping[str, str]:
        row = dict(zip(("lhs", "op", "rhs", "group"), key, strict=True))
        return each(lambda lang: parameter_name(row, self.labels, lang))

    def _why(self, method: str, lang: Language | None) -> str:
        return self.reasons[method].text(lang) if method in self.reasons else ""

    def _method(self, name: str, lang: Language | None) -> str:
        return tr(f"missing.method_{name}", lang)


def _key(rows: pd.DataFrame) -> list[tuple[Any, ...]]:
    return list(rows[["lhs", "op", "rhs", "group"]].itertuples(index=False, name=None))
