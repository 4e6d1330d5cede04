"""The result of `cx.missing_data`: holds the counts, tells what may be assumed, draws the patterns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pandas as pd

from cxlab.analyses.result import bilingual, each, in_language, notices_html
from cxlab.analyses.validity_base import Labelled
from cxlab.errors import CxlabError, Notice
from cxlab.evaluate.mcar import Little
from cxlab.evaluate.rules import rule_note
from cxlab.i18n import Language, current_language
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Kind = Literal["items", "patterns", "persons", "predictors"]
KINDS: tuple[Kind, ...] = ("items", "patterns", "persons", "predictors")
RULE = "schafer_1999"
ALPHA = 0.05
_SHOWN = 15


@dataclass(frozen=True, repr=False, eq=False)
class MissingData(Labelled):
    """Missing answers of a survey; see `cxlab.missing_data` for the columns of the tables.

    Attributes
    ----------
    table, items, persons, coverage, predictors : DataFrame
    mcar : Little
    warnings : tuple of Notice
    n, n_complete : int
        Rows, and rows without a gap.
    min_share : float
    """

    table: pd.DataFrame
    items: pd.DataFrame
    persons: pd.DataFrame
    coverage: pd.DataFrame
    mcar: Little
    predictors: pd.DataFrame
    warnings: tuple[Notice, ...]
    n: int
    n_complete: int
    min_share: float
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    simulated: bool = False
    references: tuple[str, ...] = ("little_1988", "rubin_1976", "schafer_graham_2002", "schafer_1999", "enders_2010")

    @property
    def share(self) -> float:
        """Share of all answers that are missing."""
        return float(self.items["share"].mean())

    @property
    def hints(self) -> pd.DataFrame:
        """Variables that go with a gap after Holm's correction: they speak against chance."""
        return self.predictors[self.predictors["p_holm"] < ALPHA].reset_index(drop=True)

    @property
    def verdict(self) -> Literal["complete", "not_mcar", "undecided", "nothing_against"]:
        """``complete``, ``not_mcar`` (test or hints), ``undecided`` (nothing tested) or ``nothing_against``."""
        if not self.items["n_missing"].any():
            return "complete"
        if self.mcar.pvalue < ALPHA or len(self.hints):
            return "not_mcar"
        return "undecided" if self.mcar.reason and not len(self.predictors) else "nothing_against"

    def reading(self, lang: Language | None = None) -> tuple[str, ...]:
        """How much, in which way, what may be assumed, what to do: a sentence each."""
        from cxlab.analyses.missing_data_text import reading

        return reading(self, lang)

    def summary(self, lang: Language | None = None) -> str:
        """Counts, the items with most gaps, Little's test, what to do, and what to know."""
        from cxlab.analyses.missing_data_text import summary

        return summary(self, lang)

    def apa(self, lang: Language | None = None, *, kind: Kind = "items") -> Table:
        """A table for a paper.

        Parameters
        ----------
        lang : {"en", "vi"}, optional
        kind : {"items", "patterns", "persons", "predictors"}
            Gaps by item, their patterns, gaps by respondent, or what goes with a gap.
        """
        if kind not in KINDS:
            raise CxlabError("missing.unknown_table", kind=kind, known=", ".join(KINDS))
        makers = {"items": self._items, "patterns": self._patterns, "persons": self._persons,
                  "predictors": self._predictors}  # fmt: skip
        return in_language(makers[kind](), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Items by patterns: which answers are missing together, and how often."""
        from cxlab.show.missing import missing_patterns

        return missing_patterns(
            self.table,
            self.items.assign(label=[self._row(item, lang) for item in self.items["item"]]),
            title="missing.figure_title" if not self.simulated else "missing.figure_title_simulated",
            lang=lang,
        )

    def _row(self, item: str, lang: Language | None) -> str:
        return f"{item} · {self.name(item, lang)}" if item in self.labels else item

    def _items(self) -> Table:
        gaps = self.items[self.items["n_missing"] > 0]
        shown = (gaps if len(gaps) else self.items).reset_index(drop=True)
        frame = shown.assign(label=[self.labels.get(item, "") for item in shown["item"]])
        columns = {
            "item": Column("missing.col_item"),
            "label": Column("missing.col_label"),
            "n": Column("missing.col_n", "integer"),
            "n_missing": Column("missing.col_missing", "integer"),
            "share": Column("missing.col_share", "percent", digits=1),
        }
        if not any(frame["label"]):
            del columns["label"]
        whole = len(self.items) - len(shown)
        left = (bilingual("missing.items_whole", count=whole),) if whole else ()
        notes = (
            *left,
            each(lambda lang: self._little_note(lang)),
            each(lambda lang: rule_note(RULE, lang)),
            *self.told(),
        )
        return Table(frame, columns, bilingual("missing.items_title"), notes=notes)

    def _patterns(self) -> Table:
        frame = self.table.head(_SHOWN).assign(number=range(1, min(_SHOWN, len(self.table)) + 1))
        none = bilingual("missing.no_gap")
        frame["missing"] = [text or none for text in frame["missing"]]
        columns = {
            "number": Column("", "integer"),
            "missing": Column("missing.col_missing_items"),
            "count": Column("missing.col_rows", "integer"),
            "share": Column("missing.col_share", "percent", digits=1),
        }
        left = len(self.table) - len(frame)
        notes = (bilingual("missing.patterns_left", left=left, shown=len(frame)),) if left else ()
        return Table(frame, columns, bilingual("missing.patterns_title"), notes=(*notes, *self.told()))

    def _persons(self) -> Table:
        columns = {
            "n_missing": Column("missing.col_gaps", "integer"),
            "count": Column("missing.col_rows", "integer"),
            "share": Column("missing.col_share", "percent", digits=1),
        }
        return Table(self.persons, columns, bilingual("missing.persons_title", items=len(self.items)))

    def _predictors(self) -> Table:
        frame = self.predictors.head(_SHOWN)
        reasons = [bilingual(f"missing.odds_{why}") if why else "" for why in frame["reason"]]
        frame = frame.assign(reason=reasons, predictor=[self.named(name) for name in frame["predictor"]])
        columns = {
            "item": Column("missing.col_item"),
            "predictor": Column("missing.col_predictor"),
            "n": Column("missing.col_n", "integer"),
            "odds_ratio": Column("missing.col_odds", "number"),
            "ci": Column("missing.col_ci", "interval", parts=("ci_lower", "ci_upper")),
            "pvalue": Column("missing.col_p", "p"),
            "p_holm": Column("missing.col_holm", "p"),
        }
        if any(reasons):
            columns["reason"] = Column("missing.col_note")
        note = bilingual("missing.predictors_note", tests=len(self.predictors), share=f"{100 * self.min_share:g}")
        return Table(frame, columns, bilingual("missing.predictors_title"), notes=(note, *self.told()))

    def _little_note(self, lang: Language | None) -> str:
        from cxlab.analyses.missing_data_text import little_text

        return little_text(self, lang)

    def _repr_html_(self) -> str:
        from cxlab.analyses.missing_data_text import head_html

        lang = current_language()
        return notices_html(self.warnings, lang) + head_html(self, lang) + self.apa(lang).to_html(lang)
