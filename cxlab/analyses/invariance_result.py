"""The result of `cx.invariance`: the ladder, what stands in its way, and what may be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from cxlab.analyses.invariance_fits import LEVELS, Setting
from cxlab.analyses.moments import Moments
from cxlab.analyses.result import notices_html
from cxlab.analyses.sem_result import SemFit
from cxlab.analyses.validity_base import Labelled
from cxlab.errors import CxlabError, EstimationError, Notice, NotSupportedError
from cxlab.i18n import Language, current_language, pick
from cxlab.show.table import Table
from cxlab.survey.survey import Survey

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxlab.analyses.alignment_result import Alignment
    from cxlab.analyses.invariance_means import LatentMeans

TableKind = Literal["levels", "changes", "suggestions"]
KINDS: tuple[TableKind, ...] = ("levels", "changes", "suggestions")


@dataclass(frozen=True, repr=False, eq=False)
class Invariance(Labelled):
    """The ladder of invariance; see `cxlab.invariance` for the columns of `table`.

    Attributes
    ----------
    table : DataFrame
    group_sizes : Series
        Rows used of each group, the reference first.
    fits : mapping of str to SemFit
        Those that could be fitted, also where they did not converge.
    reasons : mapping of str to tuple of Notice
        Why a level is not ``ok``.
    released : tuple of str
        Parameters that differ between groups, as ``group_partial`` writes them.
    warnings : tuple of Notice
    n_obs : int
    """

    table: pd.DataFrame
    group_sizes: pd.Series
    fits: Mapping[str, SemFit]
    reasons: Mapping[str, tuple[Notice, ...]]
    released: tuple[str, ...]
    warnings: tuple[Notice, ...]
    setting: Setting
    data: Survey | Moments = field(repr=False)
    n_obs: int
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    group_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    simulated: bool = False
    told_first: tuple[Notice, ...] = ()
    references: tuple[str, ...] = ("meredith_1993", "vandenberg_lance_2000", "cheung_rensvold_2002", "chen_2007",
                                   "byrne_1989", "satorra_bentler_2001", "hu_bentler_1999")  # fmt: skip

    def __getitem__(self, level: str) -> SemFit:
        """The fit of one level."""
        if level not in self.fits:
            raise CxlabError("invariance.no_fit_of", level=level, known=", ".join(self.fits))
        return self.fits[level]

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups, the reference first."""
        return tuple(str(name) for name in self.group_sizes.index)

    @property
    def solved(self) -> tuple[str, ...]:
        """Levels whose fit converged."""
        return tuple(name for name, fit in self.fits.items() if fit.converged)

    @property
    def reached(self) -> str | None:
        """The highest level up to which no step fails; None if not even the configural model holds."""
        highest = None
        for level in self.setting.levels:
            if self.row(level)["verdict"] in ("fails", "not_fitted"):
                break
            highest = level
        return highest

    def row(self, level: str) -> Mapping[Any, Any]:
        """One level's row of `table`."""
        rows = self.table[self.table["level"] == level]
        if rows.empty:
            raise CxlabError("invariance.no_fit_of", level=level, known=", ".join(self.setting.levels))
        return dict(rows.iloc[0])

    def group_name(self, group: str, lang: Language | None = None) -> str:
        """A group in the codebook's words."""
        return pick(self.group_names[group], lang) if group in self.group_names else group

    def suggest(self, level: str | None = None, *, maximum_number: int | None = None) -> pd.DataFrame:
        """The parameters held equal against the data, the one whose release would help most first.

        When to use it: a level fails. Release what has a reason (a wording, a translation, a product that only one
        group has), one parameter at a time, and look again; chance alone offers the largest of many.

        Parameters
        ----------
        level : {"metric", "scalar", "strict"}, optional
            Parameters that this level holds equal. Default: every level that was fitted.
        maximum_number : int, optional
            At most so many of each level.

        Returns
        -------
        DataFrame
            level, parameter (give it to `release`), kind, construct, item, chisq, df, pvalue of the score test of
            releasing it in all groups, p_holm (within the level), low_group, high_group, difference (largest expected
            difference between groups once it is free), difference_sd (in the item's pooled standard deviations).
        """
        from cxlab.analyses.invariance_release import KINDS as LEVEL_KINDS
        from cxlab.analyses.invariance_release import suggestions

        chosen = [one for one in LEVELS if one in LEVEL_KINDS and one in self.solved] if level is None else [level]
        if not chosen:
            raise EstimationError("invariance.level_missing", level="–", known=", ".join(self.solved))
        parts = [suggestions(self, one).head(maximum_number) if maximum_number else suggestions(self, one)
                 for one in chosen]  # fmt: skip
        return pd.concat(parts, ignore_index=True)

    def release(self, *parameters: str) -> Invariance:
        """The ladder again with these parameters free to differ between groups, from their level on.

        Parameters
        ----------
        *parameters : str
            As `suggest` writes them: ``"sat =~ sat2"``, ``"sat2 ~1"``, ``"sat2 ~~ sat2"``. Those released before stay
            free.

        Returns
        -------
        Invariance
            With ``partial`` True from the level on; says so where fewer than two invariant items are left.

        Raises
        ------
        ModelError
            A parameter that no level holds equal, or that would leave a construct without an invariant item.
        """
        from cxlab.analyses.invariance import build

        return build(self.setting, self.data, (*self.released, *parameters), self.told_first)

    def latent_means(self, reference: str | None = None, *, level: float = 0.95) -> LatentMeans:
        """Differences of latent means to a reference group, with intervals and standardised.

        Parameters
        ----------
        reference : str, optional
            A group's name. Default: the first group in the data.
        level : float
            Confidence level.

        Returns
        -------
        LatentMeans
            ``.table``: construct group reference est se z pvalue ci_lower ci_upper d d_se d_ci_lower d_ci_upper points.

        Raises
        ------
        ModelError
            Intercepts are not equal, so the means are not on one scale; the message names what to release.

        Notes
        -----
        d = (mean - mean_ref) / sqrt((n var + n_ref var_ref) / (n + n_ref)) (Hancock, 2001), its standard error by the
        delta method.
        """
        from cxlab.analyses.invariance_means import latent_means

        return latent_means(self, reference, level)

    def alignment(self, kind: str = "fixed", **settings: Any) -> Alignment:
        """Means and variances of the groups without exact invariance; see `cxlab.alignment`."""
        from cxlab.analyses.alignment import alignment

        if self.setting.ordered:
            raise NotSupportedError("invariance.ordered_alignment")

        return alignment(self["configural"], kind, **settings)

    def reading(self, lang: Language | None = None) -> tuple[str, ...]:
        """What may be compared, and why, a sentence each."""
        from cxlab.analyses.invariance_text import reading

        return reading(self, lang)

    def summary(self, lang: Language | None = None) -> str:
        """One line a level, then what may be compared, then what to know."""
        from cxlab.analyses.invariance_text import summary

        return summary(self, lang)

    def apa(self, lang: Language | None = None, *, kind: TableKind = "levels") -> Table:
        """A table for a paper.

        Parameters
        ----------
        lang : {"en", "vi"}, optional
            Language; by default the table reads in any.
        kind : {"levels", "changes", "suggestions"}
            Fit of each level; changes against the level before with verdicts; parameters to release.
        """
        from cxlab.analyses.invariance_tables import MAKERS

        if kind not in KINDS:
            raise CxlabError("validity.unknown_table", kind=kind, known=", ".join(KINDS))
        return MAKERS[kind](self, lang)

    def plot(self, lang: Language | None = None, *, kind: Literal["fit", "items"] = "fit") -> Figure:
        """The ladder as a figure.

        Parameters
        ----------
        lang : {"en", "vi"}, optional
        kind : {"fit", "items"}
            Change of the fit at each level against the rules' limits; or each item's loading and intercept in every
            group, from the configural model.
        """
        from cxlab.analyses.invariance_tables import FIGURES

        if kind not in FIGURES:
            raise CxlabError("validity.unknown_kind", kind=kind, known=", ".join(FIGURES))
        return FIGURES[kind](self, lang)

    def _repr_html_(self) -> str:
        from cxlab.analyses.invariance_text import head_html

        lang = current_language()
        tables = self.apa(lang).to_html(lang) + self.apa(lang, kind="changes").to_html(lang, style=False)
        return head_html(self, lang) + notices_html(self.warnings, lang) + tables
