"""The result of `cx.cub`: holds the numbers, shows them as text, tables and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.analyses.result import Result, bilingual, in_language, notices_text
from cxlab.errors import DataError, Notice
from cxlab.i18n import LANGUAGES, Language, format_number, p_text, pick, tr
from cxlab.show.cells import interval_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Text = Mapping[str, str]


@dataclass(frozen=True, repr=False, eq=False)
class CubModel(Result):
    """CUB models of items and groups; see `cxlab.cub` for the columns of its tables."""

    table: pd.DataFrame
    coefficients: pd.DataFrame
    fitted: pd.DataFrame
    warnings: tuple[Notice, ...]
    level: float
    by: str | None
    weighted: bool
    labels: Mapping[str, Text]
    term_labels: Mapping[str, Text]
    references: tuple[str, ...] = ("piccolo_2003", "delia_piccolo_2005", "iannario_2012", "iannario_2014")

    def summary(self, lang: Language | None = None) -> str:
        """One line a model, and one a covariate."""
        rows = self.table.to_dict("records")
        width = max(len(self._name(row)) for row in rows)
        lines = [tr("choice.cub_head", lang, models=len(rows))]
        lines += [self._line(row, width, lang) for row in rows]
        lines += [self._term_line(row, lang) for row in self._covariates().to_dict("records")]
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Uncertainty and feeling with intervals, log-likelihood, BIC and dissimilarity."""
        frame = self.table.assign(label=[self._label(row) for row in self.table.to_dict("records")])
        interval = bilingual("analyses.col_interval", level=f"{100 * self.level:g}")
        columns = {
            "label": Column("analyses.col_label"),
            "n": Column("analyses.col_n", "integer"),
            "uncertainty": Column("choice.col_uncertainty", "bounded", 3),
            "uncertainty_ci": Column(interval, "interval", 3, ("uncertainty_lower", "uncertainty_upper"), True),
            "feeling": Column("choice.col_feeling", "bounded", 3),
            "feeling_ci": Column(interval, "interval", 3, ("feeling_lower", "feeling_upper"), True),
        }
        if frame["shelter"].notna().any():
            columns["shelter"] = Column("choice.col_shelter", "bounded", 3)
        if frame["overdispersion"].notna().any():
            columns["overdispersion"] = Column("choice.col_overdispersion", "bounded", 3)
        columns |= {
            "log_likelihood": Column("choice.col_loglik", "number", 1),
            "bic": Column("choice.col_bic", "number", 1),
            "dissimilarity": Column("choice.col_dissimilarity", "bounded", 3),
        }
        notes = [bilingual("choice.cub_note")]
        notes += [bilingual("choice.cub_note_means")] if len(self._covariates()) else []
        return in_language(Table(frame, columns, "choice.cub_title", notes=tuple(notes)), lang)

    def apa_coefficients(self, lang: Language | None = None) -> Table:
        """The logits of pi and xi, with their covariates."""
        frame = self.coefficients.assign(
            panel=[self._label(row) for row in self.coefficients.to_dict("records")],
            label=[
                bilingual(
                    "choice.part_of", part=bilingual(f"choice.part_{part}"), term=self.term_labels.get(term, term)
                )
                for part, term in zip(self.coefficients["part"], self.coefficients["term"], strict=True)
            ],
        )
        interval = bilingual("analyses.col_interval", level=f"{100 * self.level:g}")
        columns = {
            "label": Column("analyses.col_term"),
            "b": Column("analyses.col_b", "number"),
            "se": Column("analyses.col_se", "number"),
            "ci": Column(interval, "interval", parts=("ci_lower", "ci_upper")),
            "z": Column("choice.col_z", "number"),
            "pvalue": Column("analyses.col_p", "p"),
        }
        notes = (bilingual("choice.cub_note_logits"),)
        table = Table(frame, columns, "choice.cub_coefficients_title", notes=notes, group="panel")
        return in_language(table, lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """The plane of uncertainty and feeling for several items or groups; fitted and observed shares for one."""
        return self.plot_plane(lang) if len(self.table) > 1 else self.plot_fit(lang=lang)

    def plot_plane(self, lang: Language | None = None) -> Figure:
        """Items and groups by uncertainty (to the right) and feeling (upwards), with their intervals."""
        from cxlab.show.cub import feeling_plane

        frame = self.table.assign(label=[self._label(row) for row in self.table.to_dict("records")])
        return feeling_plane(frame, xlabel="choice.axis_uncertainty", ylabel="choice.axis_feeling", lang=lang)

    def plot_fit(self, item: str | None = None, group: str | None = None, lang: Language | None = None) -> Figure:
        """Observed shares as bars, those of the model as points.

        Parameters
        ----------
        item, group : str, optional
            Which model; by default the first.
        lang : "en" or "vi", optional
            The language, by default the one in use.
        """
        from cxlab.show.cub import fitted_shares

        item = self.table["item"].iloc[0] if item is None else item
        chosen = self.fitted[self.fitted["item"] == item]
        group = chosen["group"].iloc[0] if group is None and len(chosen) else group
        chosen = chosen[chosen["group"] == str(group)]
        if chosen.empty:
            known = ", ".join(self._name(row) for row in self.table.to_dict("records"))
            raise DataError("choice.cub_unknown_model", item=item, group=group, known=known)
        title = self._label({"item": item, "group": group})
        share = float(0.5 * np.abs(chosen["observed"] - chosen["fitted"]).sum())
        return fitted_shares(chosen, share, title=title, lang=lang)

    def _covariates(self) -> pd.DataFrame:
        return self.coefficients[self.coefficients["term"] != "Intercept"]

    def _name(self, row: Mapping[Any, Any]) -> str:
        return f"{row['item']} · {row['group']}" if row["group"] else str(row["item"])

    def _label(self, row: Mapping[Any, Any]) -> Text:
        item, group = self.labels.get(row["item"], row["item"]), row["group"]
        words = self.labels.get(f"group:{group}", str(group))
        return {lang: pick(item, lang) + (f" · {pick(words, lang)}" if group else "") for lang in LANGUAGES}

    def _line(self, row: Mapping[Any, Any], width: int, lang: Language | None) -> str:
        parts = []
        for name in ("uncertainty", "feeling"):
            value = format_number(row[name], 3, bounded=True, lang=lang)
            interval = interval_text(row[f"{name}_lower"], row[f"{name}_upper"], Column("", "bounded", 3), lang)
            known = np.isfinite(row[f"{name}_lower"])
            parts.append(f"{tr(f'choice.col_{name}', lang)} {value}{' ' + interval if known else ''}")
        for name in ("shelter", "overdispersion"):
            if np.isfinite(row[name]):
                value = format_number(row[name], 3, bounded=True, lang=lang)
                parts.append(f"{tr(f'choice.col_{name}', lang)} {value}")
        loglik = format_number(row["log_likelihood"], 1, lang=lang)
        off = format_number(row["dissimilarity"], 3, bounded=True, lang=lang)
        parts += [f"{tr('choice.col_loglik', lang)} {loglik}", f"{tr('choice.dissimilarity', lang)} {off}"]
        return f"  {self._name(row):<{width}}  n = {row['n']:.0f}  " + "  ".join(parts)

    def _term_line(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        b, interval = format_number(row["b"], 2, lang=lang), interval_text(
            row["ci_lower"], row["ci_upper"], Column("", "number"), lang
        )  # fmt: skip
        part = tr(f"choice.part_{row['part']}", lang)
        return f"  {self._name(row)}  {part}: {row['term']}  b = {b} {interval}  {p_text(row['pvalue'], lang)}"
