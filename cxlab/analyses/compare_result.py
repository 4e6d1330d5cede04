"""The result of `cx.compare`: holds the tests, shows them as text and table."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cxlab.analyses.result import Result, bilingual, in_language, notices_text
from cxlab.errors import Notice
from cxlab.i18n import Language, format_number, format_p, tr
from cxlab.show.table import Column, Table


@dataclass(frozen=True, repr=False, eq=False)
class Comparison(Result):
    """Nested models and the tests between them; see `cxlab.compare` for the columns of `table`.

    Attributes
    ----------
    table : DataFrame
    warnings : tuple of Notice
        What speaks against nesting, or against one of the models.
    method : str
        ``"default"`` for plain differences, else which scaled one.
    estimator : str
    n_obs : int
    """

    table: pd.DataFrame
    warnings: tuple[Notice, ...]
    method: str
    estimator: str
    n_obs: int
    references: tuple[str, ...] = ()

    def summary(self, lang: Language | None = None) -> str:
        """One line a model: its fit, and the test against the line above."""
        width = max(len(name) for name in self.table["model"])
        lines = [self._line(row, width, lang) for row in self.table.to_dict("records")]
        return "\n".join([self._head(lang), *notices_text(self.warnings, lang), *lines])

    def apa(self, lang: Language | None = None) -> Table:
        """Models with degrees of freedom, information criteria, chi-square and the test against the row above."""
        columns = {
            "model": Column("evaluation.col_model"),
            "df": Column("evaluation.col_df", "integer"),
            "aic": Column("AIC", "number", digits=1),
            "bic": Column("BIC", "number", digits=1),
            "chisq": Column("χ²", "number"),
            "chisq_diff": Column("Δχ²", "number"),
            "df_diff": Column("Δdf", "integer"),
            "pvalue": Column("evaluation.col_p", "p"),
            "rmsea_diff": Column("evaluation.col_rmsea", "bounded", digits=3),
        }
        used = {name: column for name, column in columns.items() if self.table[name].notna().any()}
        note = bilingual(f"evaluation.compare_note_{self._kind}", n=self.n_obs, estimator=self.estimator)
        return in_language(Table(self.table, used, "evaluation.compare_title", notes=(note,)), lang)

    @property
    def _kind(self) -> str:
        return {"default": "plain", "satorra.bentler.2001": "2001", "satorra.bentler.2010": "2010"}[self.method]

    def _head(self, lang: Language | None) -> str:
        return tr(f"evaluation.compare_note_{self._kind}", lang, n=self.n_obs, estimator=self.estimator)

    def _line(self, row: dict[str, float], width: int, lang: Language | None) -> str:
        start = f"  {row['model']:<{width}}  χ²({row['df']:.0f}) = {format_number(row['chisq'], 2, lang=lang)}"
        if not pd.isna(row["aic"]):
            start += f"  AIC {format_number(row['aic'], 1, lang=lang)}  BIC {format_number(row['bic'], 1, lang=lang)}"
        if pd.isna(row["chisq_diff"]):
            return start
        p = format_p(row["pvalue"], lang)
        sign = "" if p.startswith("<") else "= "
        return f"{start}  Δχ²({row['df_diff']:.0f}) = {format_number(row['chisq_diff'], 2, lang=lang)}, p {sign}{p}"

    def __repr__(self) -> str:
        return self.summary()
