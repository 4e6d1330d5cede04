"""The result of `cx.method_bias`: one table a technique, and what they say together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from cxlab.analyses.method_bias_models import ALPHA
from cxlab.analyses.result import notices_html
from cxlab.analyses.sem_result import SemFit
from cxlab.analyses.validity_base import Labelled
from cxlab.errors import CxlabError, Notice
from cxlab.evaluate.rules import interpret
from cxlab.i18n import Language, current_language
from cxlab.show.table import Table

TableKind = Literal["overview", "harman", "models", "marker", "decomposition", "correlations", "collinearity"]
KINDS: tuple[TableKind, ...] = (
    "overview",
    "harman",
    "models",
    "marker",
    "decomposition",
    "correlations",
    "collinearity",
)
Verdict = Literal["signs", "no_signs", "inconclusive"]
HARMAN, FACTOR, COLLINEARITY, FACTORS = "podsakoff_2003_harman", "williams_1989", "kock_2015", "kock_2015_factors"


@dataclass(frozen=True, repr=False, eq=False)
class MethodBias(Labelled):
    """What several techniques say of common method bias; see `cxlab.method_bias` for the columns of the tables.

    Attributes
    ----------
    harman, models, marker_models, decomposition, correlations, collinearity : DataFrame
    fits : mapping of str to SemFit
        ``one_factor``, ``constructs``, ``method_equal``, ``method_free``, and with a marker ``marker_cfa``,
        ``marker_baseline``, ``marker_method_c``, ``marker_method_u``, ``marker_method_r``, ``marker_method_s95``,
        ``marker_method_s99``, as far as they could be fitted.
    marker : str
        The marker's name; empty without one.
    chosen : str or None
        The marker model on which Method-R and the decomposition rest: ``method_c`` or ``method_u``.
    rates : tuple of float
        The smallest and second smallest positive correlation that the correlations were reduced by.
    warnings : tuple of Notice
    """

    harman: pd.DataFrame
    models: pd.DataFrame
    marker_models: pd.DataFrame
    decomposition: pd.DataFrame
    correlations: pd.DataFrame
    collinearity: pd.DataFrame
    fits: Mapping[str, SemFit]
    warnings: tuple[Notice, ...]
    marker: str
    marker_items: tuple[str, ...]
    chosen: str | None
    rates: tuple[float, float]
    blocks: Mapping[str, tuple[str, ...]]
    estimator: str
    n_obs: int
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    simulated: bool = False
    references: tuple[str, ...] = ("podsakoff_2003", "howard_2024", "williams_cote_buckley_1989", "williams_2010",
                                   "lindell_whitney_2001", "kock_2015", "richardson_2009")  # fmt: skip

    def __getitem__(self, model: str) -> SemFit:
        """The fit of one model."""
        if model not in self.fits:
            raise CxlabError("method_bias.no_fit_of", model=model, known=", ".join(self.fits))
        return self.fits[model]

    @property
    def table(self) -> pd.DataFrame:
        """One row a technique: technique, statistic, value, rule, met (True where it gives no sign of bias)."""
        rows = [
            ("harman", "component", self._share("component"), HARMAN, self._met("component", HARMAN)),
            ("collinearity", "vif_scores", self._largest("vif_scores"), COLLINEARITY, self._vif_met("vif_scores")),
            ("collinearity", "vif_factors", self._largest("vif_factors"), FACTORS, self._vif_met("vif_factors")),
            ("method_factor", "method_share", self._factor("method_share"), FACTOR, self._factor_met()),
            ("method_factor", "p_diff", self._factor("p_diff"), "", None),
            ("method_factor", "correlation_change", self._factor("correlation_change"), "", None),
        ]
        if len(self.marker_models):
            c, r = self._marker("method_c", "p_diff"), self._marker("method_r", "p_diff")
            rows += [
                ("marker", "method_c", c, "", None if pd.isna(c) else bool(c >= ALPHA)),
                ("marker", "method_r", r, "", None if pd.isna(r) else bool(r >= ALPHA)),
            ]
        if self.marker:
            lost = self._lost()
            rows.append(("correlations", "lost", float(lost), "", lost == 0))
        return pd.DataFrame(rows, columns=["technique", "statistic", "value", "rule", "met"])

    @property
    def signs(self) -> tuple[str, ...]:
        """Techniques that give a sign of bias: ``harman``, ``collinearity``, ``method_factor``, ``marker``,
        ``correlations``."""
        rows = self.table
        found = [
            row["technique"]
            for row in rows.to_dict("records")
            # a marker that loads on the items matters where it changes the correlations
            if row["met"] is False and row["statistic"] != "method_c"
        ]
        return tuple(dict.fromkeys(found))

    @property
    def verdict(self) -> Verdict:
        """``signs``, ``no_signs``, or ``inconclusive`` where neither marker nor method factor could be judged."""
        if self.signs:
            return "signs"
        rows = self.table
        judged = rows[rows["technique"].isin(["method_factor", "marker"]) & rows["met"].notna()]
        return "no_signs" if len(judged) else "inconclusive"

    def reading(self, lang: Language | None = None) -> tuple[str, ...]:
        """The answer and what each technique says, a sentence each."""
        from cxlab.analyses.method_bias_text import reading

        return reading(self, lang)

    def summary(self, lang: Language | None = None) -> str:
        """The answer, then a sentence a technique, then what to know."""
        from cxlab.analyses.method_bias_text import summary

        return summary(self, lang)

    def apa(self, lang: Language | None = None, *, kind: TableKind = "overview") -> Table:
        """A table for a paper.

        Parameters
        ----------
        lang : {"en", "vi"}, optional
            Language; by default the table reads in any.
        kind : {"overview", "harman", "models", "marker", "decomposition", "correlations", "collinearity"}
            All techniques in one table, or the table of one.
        """
        from cxlab.analyses.method_bias_tables import MAKERS

        if kind not in KINDS:
            raise CxlabError("validity.unknown_table", kind=kind, known=", ".join(KINDS))
        if kind in ("marker", "decomposition") and not len(self.marker_models):
            raise CxlabError("method_bias.no_marker_models")
        return MAKERS[kind](self, lang)

    def model(self, name: str, column: str, *, marker: bool = False) -> Any:
        """One number of `models` (or `marker_models`); nan where there is none."""
        table = self.marker_models if marker else self.models
        rows = table.loc[table["model"] == name, column]
        return rows.iloc[0] if len(rows) else float("nan")

    def _share(self, statistic: str) -> float:
        return float(self.harman.set_index("statistic").loc[statistic, "value"])

    def _met(self, statistic: str, rule: str) -> bool | None:
        return interpret(self._share(statistic), rule).met

    def _largest(self, column: str) -> float:
        return float(self.collinearity[column].max())

    def _vif_met(self, column: str) -> bool | None:
        value = self._largest(column)
        return None if pd.isna(value) else interpret(value, COLLINEARITY if column == "vif_scores" else FACTORS).met

    def _factor(self, column: str) -> float:
        return float(self.model("method_equal", column))

    def _factor_met(self) -> bool | None:
        share = self._factor("method_share")
        if pd.isna(share) or self.model("method_equal", "state") != "ok":
            return None
        return interpret(share, FACTOR).met

    def _marker(self, name: str, column: str) -> float:
        return float(self.model(name, column, marker=True))

    def _lost(self) -> int:
        """Correlations that are significant and are so no longer less the marker's."""
        rows = self.correlations
        return int(((rows["pvalue"] < ALPHA) & (rows["p_adjusted"] >= ALPHA)).sum())

    def _repr_html_(self) -> str:
        from cxlab.analyses.method_bias_text import head_html

        lang = current_language()
        return head_html(self, lang) + notices_html(self.warnings, lang) + self.apa(lang).to_html(lang)
