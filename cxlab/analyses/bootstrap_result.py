"""The result of `SemFit.bootstrap`: holds the numbers, shows them as text, tables and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

import pandas as pd

from cxlab.analyses.bootstrap_quantities import QuantityKind
from cxlab.analyses.result import Result, notices_html
from cxlab.errors import CxlabError, Notice
from cxlab.i18n import Language, current_language
from cxlab.resample.intervals import Interval
from cxlab.resample.sem import Kind
from cxlab.show.table import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TableKind = Literal["paths", "loadings", "effects", "r2"]


@dataclass(frozen=True)
class Setting:
    """How it was resampled: kind of bootstrap, interval, level, seed (None with given indices), rows."""

    kind: Kind
    ci: Interval
    level: float
    seed: int | None
    n_obs: int


@dataclass(frozen=True, repr=False, eq=False)
class SemBootstrap(Result):
    """Replicates of a structural model and what follows from them.

    Attributes
    ----------
    estimates, std_lv, std_all : DataFrame
        lhs, op, rhs, label, group, est, se, bias, ci_lower, ci_upper: unstandardised, and standardised by the latent
        or by all variables. se is the standard deviation of the replicates, 0 for what cannot vary.
    r2 : DataFrame
        group, variable, est, se, bias, ci_lower, ci_upper.
    effects : DataFrame
        group, from, to, kind, via, est, se, bias, ci_lower, ci_upper, std_all, std_se, std_ci_lower, std_ci_upper.
    status : Series
        Counts: replicates, used, proper, improper, not_converged, singular.
    outcome : Series (B,)
        The status of each replicate, in these words.
    chisq : Series (B,)
        The chi-square statistic of each; nan where it does not count.
    bollen_stine_p : float or None
        Share of replicates with a larger chi-square than the sample's, with ``kind="bollen_stine"``.
    setting : Setting
    """

    estimates: pd.DataFrame
    std_lv: pd.DataFrame
    std_all: pd.DataFrame
    r2: pd.DataFrame
    effects: pd.DataFrame
    status: pd.Series
    outcome: pd.Series
    chisq: pd.Series
    bollen_stine_p: float | None
    setting: Setting
    values: Mapping[str, pd.DataFrame] = field(repr=False)
    warnings: tuple[Notice, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    simulated: bool = False
    references: tuple[str, ...] = ()

    @property
    def table(self) -> pd.DataFrame:
        """The unstandardised estimates."""
        return self.estimates

    @property
    def seed(self) -> int | None:
        """The seed used, given or drawn; None with given indices."""
        return self.setting.seed

    def replicates(self, kind: QuantityKind = "est") -> pd.DataFrame:
        """Values in every replicate, one row each; nan in the rows of those that do not count.

        Parameters
        ----------
        kind : {"est", "std_lv", "std_all", "r2", "effects", "effects_std"}
            Columns are named as in lavaan's ``coef`` (``f=~x2``), by variable, or by route.
        """
        if kind not in self.values:
            raise CxlabError("resample.unknown_replicates", kind=kind, known=", ".join(self.values))
        return self.values[kind].copy()

    def summary(self, lang: Language | None = None) -> str:
        """What was resampled and how many replicates count, then paths (or loadings) with intervals."""
        from cxlab.analyses.bootstrap_text import summary

        return summary(self, lang)

    def apa(self, lang: Language | None = None, *, kind: TableKind | None = None) -> Table:
        """A table for a paper.

        Parameters
        ----------
        lang : {"en", "vi"}, optional
            Language; by default the table reads in any.
        kind : {"paths", "loadings", "effects", "r2"}, optional
            Default: paths with defined effects if the model has any, else loadings.
        """
        from cxlab.analyses.bootstrap_text import effects_table, explained_table, parameter_table

        chosen = kind or self.main
        if chosen == "paths" or chosen == "loadings":
            return parameter_table(self, chosen, lang)
        if chosen == "effects":
            return effects_table(self, lang)
        if chosen == "r2":
            return explained_table(self, lang)
        raise CxlabError("resample.unknown_table", kind=chosen, known=", ".join(get_args(TableKind)))

    @property
    def main(self) -> Literal["paths", "loadings"]:
        """What is shown first."""
        return "paths" if self.estimates["op"].isin(["~", ":="]).any() else "loadings"

    def plot(
        self, parameter: str | None = None, *, kind: QuantityKind = "std_all", lang: Language | None = None
    ) -> Figure:
        """The distribution of one quantity with its interval, or all paths (loadings) with theirs.

        Parameters
        ----------
        parameter : str, optional
            A column of ``.replicates(kind)`` (``"loyalty~image"``), a label of the model, or the name of a ``:=``.
        kind : str
            As for `replicates`.
        """
        from cxlab.analyses.bootstrap_plot import histogram, intervals_figure

        return intervals_figure(self, kind, lang) if parameter is None else histogram(self, parameter, kind, lang)

    def _repr_html_(self) -> str:
        from cxlab.analyses.bootstrap_text import head_html

        lang = current_language()
        return head_html(self, lang) + notices_html(self.warnings, lang) + self.apa(lang).to_html(lang)
