"""The result of `cx.ordinal`: holds the numbers, shows them as text, tables and figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.analyses.choice_result import ChoiceResult
from cxlab.analyses.result import bilingual, each, in_language, notices_text
from cxlab.i18n import Language, format_number, tr
from cxlab.show.table import Table

if TYPE_CHECKING:
    from cxlab.analyses.ordinal_parallel import ParallelTest


@dataclass(frozen=True, repr=False, eq=False)
class OrdinalModel(ChoiceResult):
    """A cumulative link model; see `cxlab.ordinal` for the columns of its tables."""

    thresholds: pd.DataFrame = field(kw_only=True)
    references: tuple[str, ...] = ("mccullagh_1980", "agresti_2010", "nagelkerke_1991", "mcfadden_1974")

    def parallel_test(self) -> ParallelTest:
        """Test whether one coefficient serves all thresholds (proportional odds): Brant, and likelihood ratio.

        When to use it: before the odds ratios are read as one number for the whole scale. In large samples small
        deviations are significant: look at ``.slopes``, the coefficients threshold by threshold.

        Returns
        -------
        ParallelTest
            ``.table`` (first row ``"all"``, then a row a term): term brant brant_df brant_pvalue lr lr_df lr_pvalue
            reason. ``.slopes``: term threshold b se, of binary models "above this threshold".

        Notes
        -----
        R: ``brant::brant`` (by coefficient there, by term here), ``ordinal::nominal_test``. Brant (1990).
        """
        from cxlab.analyses.ordinal_parallel import parallel_test

        return parallel_test(self)

    def summary(self, lang: Language | None = None) -> str:
        """Formula, fit, one line a coefficient, threshold and term, then what to know before reading them."""
        names = [*self.table["term"], *self.thresholds["threshold"], *self.terms["term"]]
        width = max(len(name) for name in names)
        lines = [self._line(row, width, lang) for row in self.table.to_dict("records")]
        lines.append(tr("choice.thresholds", lang))
        for name, estimate, se in self.thresholds[["threshold", "estimate", "se"]].itertuples(index=False):
            numbers = f"{format_number(estimate, 2, lang=lang)} (SE {format_number(se, 2, lang=lang)})"
            lines.append(f"  {name:<{width}}  {numbers}")
        if len(self.terms):
            lines.append(tr("choice.terms", lang))
        lines += [self._test_line(row, width, lang) for row in self.terms.to_dict("records")]
        values = {"formula": self.formula, "link": self.link, "errors": self._errors(lang)}
        head = tr("choice.ordinal_head", lang, **values)
        return "\n".join([head, self._fit_text(lang), *lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Coefficients and thresholds in two panels; notes give the fit and the methods."""
        above = self._labelled(self.table)
        below = self.thresholds.rename(columns={"threshold": "term", "estimate": "b"})
        below = below.assign(label=[self.cut_label(k) for k in range(len(below))])
        panels = [bilingual("choice.predictors")] * len(above) + [bilingual("choice.thresholds")] * len(below)
        below = below.reindex(columns=above.columns)
        frame = pd.concat([part for part in (above, below) if len(part)], ignore_index=True).assign(panel=panels)
        notes = (each(self._fit_text), bilingual("choice.ordinal_note", link=self.link, errors=each(self._errors)))
        title = bilingual("choice.ordinal_title", outcome=self._outcome_label())
        table = Table(frame, self._coefficient_columns(), title, notes=notes, group="panel")
        return in_language(table, lang)

    def cut_label(self, k: int) -> dict[str, str]:
        """The two answers between which a threshold lies, in words."""
        low, high = (self._answer_label(self.answers[code]) for code in (k, k + 1))
        return bilingual("choice.threshold_between", low=low, high=high)
