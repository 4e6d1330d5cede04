"""The result of `cx.sem` and `cx.cfa`: holds the numbers, shows them as text, tables, figure and R script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from cxlab.analyses.result import Result
from cxlab.analyses.sem_request import Options
from cxlab.errors import CxlabError, Notice
from cxlab.i18n import Language, current_language
from cxlab.show.table import Table
from cxlab.specify import Model

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TableKind = Literal["paths", "loadings", "fit"]
KINDS: tuple[TableKind, ...] = ("paths", "loadings", "fit")


@dataclass(frozen=True, repr=False, eq=False)
class SemFit(Result):
    """A fitted structural equation model.

    Attributes
    ----------
    estimates : DataFrame
        lhs, op, rhs, label, group, est, se, z, pvalue, ci_lower, ci_upper, std_lv, std_all; lavaan's rows and order. A
        fixed parameter has se 0.
    fit_measures : Series
        lavaan's fit measures by name, ``_`` for ``.``; nan where one does not apply, with the reason in `warnings`.
    r2 : Series
        Explained variance of items and of explained latent variables.
    implied_cov, sample_cov : DataFrame (items, items)
        The model's and the sample's covariance matrix, divisor n.
    residuals : DataFrame
        item_1, item_2, observed, implied, residual, residual_cor (difference of the correlations).
    latent_cov, latent_cor : DataFrame
        Implied covariances and correlations of the latent variables.
    vcov : DataFrame
        Covariance matrix of the estimates.
    converged : bool
        Whether the optimum was reached. If not, everything but `est` is nan.
    admissible : bool
        Whether the solution can be true: no negative variance, covariance matrices positive (semi)definite.
    admissibility : tuple of Notice
        Why not; empty if admissible.
    warnings : tuple of Notice
        What to know before the numbers.
    n_obs, n_total : int
        Rows used, rows in the data.
    model : Model
        The model as written.
    options : Options
        How it was estimated.
    """

    estimates: pd.DataFrame
    fit_measures: pd.Series
    r2: pd.Series
    implied_cov: pd.DataFrame
    sample_cov: pd.DataFrame
    residuals: pd.DataFrame
    latent_cov: pd.DataFrame
    latent_cor: pd.DataFrame
    vcov: pd.DataFrame
    converged: bool
    admissible: bool
    admissibility: tuple[Notice, ...]
    warnings: tuple[Notice, ...]
    n_obs: int
    n_total: int
    model: Model
    options: Options
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    simulated: bool = False
    references: tuple[str, ...] = (
        *("joreskog_1969", "rosseel_2012", "semopy", "hu_bentler_1999", "steiger_1990", "bentler_1990"),
    )

    @property
    def table(self) -> pd.DataFrame:
        """The estimates."""
        return self.estimates

    def summary(self, lang: Language | None = None) -> str:
        """State, fit and paths (without paths, loadings) in a few lines."""
        from cxlab.analyses.sem_text import summary

        return summary(self, lang)

    def apa(self, lang: Language | None = None, *, kind: TableKind | None = None) -> Table:
        """A table for a paper.

        Parameters
        ----------
        lang : {"en", "vi"}, optional
            Language; by default the table reads in any.
        kind : {"paths", "loadings", "fit"}, optional
            Paths with defined effects, loadings by construct, or fit measures. Default: paths if the model has any,
            else loadings.
        """
        from cxlab.analyses.sem_tables import fit_table, loadings_table, paths_table

        makers: dict[str, Any] = {"paths": paths_table, "loadings": loadings_table, "fit": fit_table}
        chosen = kind or ("paths" if self.has_paths else "loadings")
        if chosen not in makers:
            raise CxlabError("sem.unknown_table", kind=chosen, known=", ".join(KINDS))
        table: Table = makers[chosen](self, lang)
        return table

    @property
    def has_paths(self) -> bool:
        """Whether the model has regressions or defined effects."""
        return bool(self.estimates["op"].isin(["~", ":="]).any())

    def to_lavaan(self) -> str:
        """An R script that fits the same model to the same rows with lavaan, for whoever wants to check."""
        from cxlab.analyses.sem_script import lavaan_script

        return lavaan_script(self)

    def plot(self, **settings: Any) -> Figure:
        """Path diagram with standardised estimates; settings go to ``cxlab.show.path_diagram``."""
        from cxlab.analyses.sem_diagram import draw

        return draw(self, **settings)

    def __repr__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        from cxlab.analyses.sem_text import html

        return html(self, current_language())
