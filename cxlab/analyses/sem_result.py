"""The result of `cx.sem` and `cx.cfa`: holds the numbers, shows them as text, tables, figure and R script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from cxlab.analyses.sem_judgement import Judgement
from cxlab.analyses.sem_numbers import (
    ByGroup,
    estimates_table,
    explained_variance,
    item_cov,
    latent_cov,
    mean_series,
    parameter_covariances,
    residual_frame,
)
from cxlab.analyses.sem_options import Options
from cxlab.analyses.sem_outcome import Outcome
from cxlab.analyses.sem_request import Request
from cxlab.errors import CxlabError, Notice
from cxlab.estimate.sem.sample import Sample
from cxlab.evaluate.fit import fit_measures, no_fit_measures
from cxlab.i18n import Language, current_language
from cxlab.show.table import Table
from cxlab.specify import Model, ParTable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TableKind = Literal["paths", "loadings", "fit"]
KINDS: tuple[TableKind, ...] = ("paths", "loadings", "fit")


@dataclass(frozen=True, repr=False, eq=False)
class SemFit(Judgement):
    """A fitted structural equation model.

    With several groups `r2` and all matrices are mappings from a group's name to its table.

    Attributes
    ----------
    estimates : DataFrame
        lhs, op, rhs, label, group (number, from 1), est, se, z, pvalue, ci_lower, ci_upper, std_lv, std_all, std_nox;
        lavaan's rows and order. A fixed parameter has se 0.
    fit_measures : Series
        lavaan's fit measures by name, ``_`` for ``.``; nan where one does not apply, with the reason in `warnings`.
    r2 : Series
        Explained variance of items and of explained variables.
    implied_cov, sample_cov : DataFrame (items, items)
        The model's and the sample's covariance matrix, divisor n (n - 1 for GLS, ULS and WLS).
    implied_mean : Series
        The model's means; empty where means are not modelled.
    residuals : DataFrame
        group, item_1, item_2 (empty for means), observed, implied, residual, residual_cor (difference of the
        correlations).
    latent_cov, latent_cor : DataFrame
        Implied covariances and correlations of the latent variables.
    latent_mean : Series
        Their means; empty where means are not modelled.
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
    request, outcome, fitted, estimation
        The checked request, what the engine found, the model at its estimates and the own engine's full answer (None
        with semopy), for cxlab's further steps. All tables follow from `outcome`, when they are first looked at.
    """

    converged: bool
    admissible: bool
    admissibility: tuple[Notice, ...]
    warnings: tuple[Notice, ...]
    n_obs: int
    n_total: int
    model: Model
    options: Options
    request: Request
    outcome: Outcome
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    simulated: bool = False

    @cached_property
    def estimates(self) -> pd.DataFrame:
        """Every parameter with its standard error, interval and standardised values."""
        return estimates_table(self.outcome)

    @cached_property
    def fit_measures(self) -> pd.Series:
        """lavaan's fit measures."""
        return no_fit_measures() if self.outcome.fit is None else fit_measures(self.outcome.fit)[0]

    @cached_property
    def r2(self) -> pd.Series | ByGroup:
        """Explained variance of items and of explained variables."""
        return explained_variance(self.fitted)

    @cached_property
    def implied_cov(self) -> pd.DataFrame | ByGroup:
        """The model's covariance matrix."""
        return item_cov(self.outcome, self.outcome.implied_cov)

    @cached_property
    def implied_mean(self) -> pd.Series | ByGroup:
        """The model's means."""
        return mean_series(self.outcome, self.outcome.implied_mean, self.fitted.table.variables.ov)

    @cached_property
    def sample_cov(self) -> pd.DataFrame | ByGroup:
        """The sample's covariance matrix."""
        return item_cov(self.outcome, self.fitted.cov)

    @cached_property
    def residuals(self) -> pd.DataFrame:
        """Sample minus model, pair by pair."""
        return residual_frame(self.outcome)

    @cached_property
    def latent_cov(self) -> pd.DataFrame | ByGroup:
        """Implied covariances of the latent variables."""
        return latent_cov(self.outcome)

    @cached_property
    def latent_cor(self) -> pd.DataFrame | ByGroup:
        """Implied correlations of the latent variables."""
        return latent_cov(self.outcome, correlations=True)

    @cached_property
    def latent_mean(self) -> pd.Series | ByGroup:
        """Implied means of the latent variables."""
        return mean_series(self.outcome, self.outcome.latent[1], self.fitted.table.variables.lv)

    @cached_property
    def vcov(self) -> pd.DataFrame:
        """Covariance matrix of the estimates."""
        return parameter_covariances(self.outcome)

    @property
    def table(self) -> pd.DataFrame:
        """The estimates."""
        return self.estimates

    @property
    def partable(self) -> ParTable:
        """The parameter table, with lavaan's automatic rows."""
        return self.fitted.table

    @property
    def sample(self) -> Sample:
        """The rows or moments behind the fit."""
        return self.request.data.sample

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups' names in the order of their numbers; empty with one group."""
        return self.fitted.table.group_labels

    @property
    def references(self) -> tuple[str, ...]:  # type: ignore[override]
        """Keys of the works behind the method."""
        from cxlab.analyses.sem_text import references

        return references(self)

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
        """Whether the model has paths to read: regressions, defined effects, growth; or no loadings at all."""
        ops = set(self.estimates["op"])
        return bool(ops & {"~", ":=", "<~"}) or self.options.kind == "growth" or "=~" not in ops

    def to_lavaan(self) -> str:
        """An R script that fits the same model to the same rows with lavaan, for whoever wants to check."""
        from cxlab.analyses.sem_script import lavaan_script

        return lavaan_script(self)

    def plot(self, group: str | int | None = None, **settings: Any) -> Figure:
        """Path diagram with standardised estimates.

        Parameters
        ----------
        group : str or int, optional
            Name or number (from 1) of the group to draw; the first by default.
        **settings
            Go to ``cxlab.show.path_diagram``.
        """
        from cxlab.analyses.sem_diagram import draw

        return draw(self, group=group, **settings)

    def group_number(self, group: str | int | None) -> int:
        """A group's number from 1, from its name or number."""
        if group is None or (not self.groups and group == 1):
            return 1
        if group in self.groups:
            return self.groups.index(str(group)) + 1
        if isinstance(group, int) and 1 <= group <= len(self.groups):
            return group
        raise CxlabError("sem.unknown_group", group=group, known=", ".join(self.groups) or "–")

    def of_group(self, held: Any, number: int) -> Any:
        """One group's table (number from 1) of an attribute that holds one for each."""
        return held[self.groups[number - 1]] if isinstance(held, ByGroup) else held

    def __repr__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        from cxlab.analyses.sem_text import html

        return html(self, current_language())
