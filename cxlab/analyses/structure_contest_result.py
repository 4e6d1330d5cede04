"""The result of `cx.structure_contest`: the fits side by side, what each factor carries, the answer in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from cxlab.analyses.result import notices_html
from cxlab.analyses.sem_result import SemFit
from cxlab.analyses.validity_base import Labelled
from cxlab.errors import CxlabError, Notice
from cxlab.evaluate.dimensionality import Dimensionality, dimensionality
from cxlab.evaluate.rules import interpret
from cxlab.i18n import Language, current_language
from cxlab.show.table import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TableKind = Literal["fit", "general", "groups", "tests"]
KINDS: tuple[TableKind, ...] = ("fit", "general", "groups", "tests")
FIT_RULE = "hu_bentler_1999"
# CFI and SRMR are indices of different classes, as the rule asks.
_JUDGED = ("cfi", "srmr")


@dataclass(frozen=True, repr=False, eq=False)
class StructureContest(Labelled):
    """Rival structures of one questionnaire; see `cxlab.structure_contest` for the columns of the tables.

    Attributes
    ----------
    table, tests, general, groups, items : DataFrame
    fits : mapping of str to SemFit
        Those that could be fitted, also where they did not converge.
    reasons : mapping of str to tuple of Notice
        Why a structure is not ``ok``.
    blocks : mapping of str to tuple of str
        Items by construct.
    warnings : tuple of Notice
    estimator : str
    n_obs : int
    """

    table: pd.DataFrame
    tests: pd.DataFrame
    general: pd.DataFrame
    groups: pd.DataFrame
    items: pd.DataFrame
    fits: Mapping[str, SemFit]
    reasons: Mapping[str, tuple[Notice, ...]]
    blocks: Mapping[str, tuple[str, ...]]
    warnings: tuple[Notice, ...]
    estimator: str
    n_obs: int
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    simulated: bool = False
    references: tuple[str, ...] = ("gentile_2007", "reise_2012", "rodriguez_2016", "reise_bonifay_haviland_2013",
                                   "reise_scheines_2013", "schmid_leiman_1957", "yung_1999", "bonifay_2017",
                                   "hu_bentler_1999")  # fmt: skip

    def __getitem__(self, structure: str) -> SemFit:
        """The fit of one structure."""
        if structure not in self.fits:
            raise CxlabError("validity.no_fit_of", structure=structure, known=", ".join(self.fits))
        return self.fits[structure]

    @property
    def judged(self) -> str | None:
        """The structure whose general factor is read: the bifactor model, else the second order, if admissible."""
        states = dict(zip(self.table["structure"], self.table["state"], strict=True))
        return next((name for name in ("bifactor", "second_order") if states.get(name) == "ok"), None)

    @property
    def verdict(self) -> Dimensionality:
        """``one_feeling``, ``mostly_one``, ``components``, or ``undecided`` without an admissible general factor."""
        if self.judged is not None:
            row = self.general_row(self.judged)
            return dimensionality(float(row["omega_h"]), float(row["ecv"]))
        return "one_feeling" if self._one_factor_does() else "undecided"

    def general_row(self, structure: str) -> Mapping[Any, Any]:
        """One structure's row of `general`."""
        rows = self.general[self.general["structure"] == structure]
        return dict(rows.iloc[0])

    def fitting(self) -> list[str]:
        """Structures that are admissible and whose CFI and SRMR meet the rule."""
        rows = self.table[self.table["state"] == "ok"]
        return [row["structure"] for row in rows.to_dict("records") if self._meets(row)]

    def reading(self, lang: Language | None = None) -> tuple[str, ...]:
        """The answer and what it rests on, a sentence each."""
        from cxlab.analyses.structure_contest_text import reading

        return reading(self, lang)

    def summary(self, lang: Language | None = None) -> str:
        """One line a structure, then the reading, then what to know."""
        from cxlab.analyses.structure_contest_text import summary

        return summary(self, lang)

    def apa(self, lang: Language | None = None, *, kind: TableKind = "fit") -> Table:
        """A table for a paper.

        Parameters
        ----------
        lang : {"en", "vi"}, optional
            Language; by default the table reads in any.
        kind : {"fit", "general", "groups", "tests"}
            Fit of all structures; the general factor's indices; the components'; tests of nested structures.
        """
        from cxlab.analyses.structure_contest_tables import MAKERS

        if kind not in KINDS:
            raise CxlabError("validity.unknown_table", kind=kind, known=", ".join(KINDS))
        return MAKERS[kind](self, lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Fit of every structure, and what the total score and each component's score hold."""
        from cxlab.analyses.structure_contest_tables import figure

        return figure(self, lang)

    def _meets(self, row: Mapping[Any, Any]) -> bool:
        values = {name: row[name] for name in _JUDGED if not pd.isna(row[name])}
        return len(values) == len(_JUDGED) and all(one.met for one in interpret(values, FIT_RULE))

    def _one_factor_does(self) -> bool:
        """Whether one factor fits by the rule and correlated factors do not fit better beyond chance."""
        from cxlab.analyses.structure_contest_text import ALPHA

        test = self.tests[(self.tests["restricted"] == "one_factor") & (self.tests["free"] == "correlated")]
        return "one_factor" in self.fitting() and len(test) == 1 and float(test["pvalue"].iloc[0]) >= ALPHA

    def _repr_html_(self) -> str:
        from cxlab.analyses.structure_contest_text import head_html

        lang = current_language()
        return head_html(self, lang) + notices_html(self.warnings, lang) + self.apa(lang).to_html(lang)
