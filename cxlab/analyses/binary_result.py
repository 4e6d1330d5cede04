"""The result of `cx.binary`: holds the numbers, shows them as text, tables and figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.analyses.binary_checks import calibration_table, classified
from cxlab.analyses.choice_result import ChoiceResult
from cxlab.analyses.result import bilingual, each, in_language, notices_text
from cxlab.i18n import Language, format_number, p_text, tr
from cxlab.show.table import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False, eq=False)
class BinaryModel(ChoiceResult):
    """A binary regression; see `cxlab.binary` for its tables. ``.chances`` has the fitted probabilities."""

    chances: pd.Series = field(kw_only=True, repr=False)
    references: tuple[str, ...] = (
        "hosmer_lemeshow_1980",
        "brier_1950",
        "nagelkerke_1991",
        "mcfadden_1974",
        "statsmodels",
    )

    def classification(self, cutoff: float = 0.5) -> pd.Series:
        """How many answers the model gets right if a probability from `cutoff` on is read as a yes.

        Compare accuracy with ``majority``, what one gets by always saying the more frequent answer. All are of the rows
        that the model was estimated from, hence optimistic.

        Parameters
        ----------
        cutoff : float
            Between 0 and 1.

        Returns
        -------
        Series
            cutoff true_positive false_positive false_negative true_negative accuracy majority sensitivity specificity
            precision.
        """
        return classified(self.state.data, self._chances(), cutoff)

    def calibration(self, groups: int = 10) -> pd.DataFrame:
        """Predicted and observed shares in groups of like probability.

        Parameters
        ----------
        groups : int
            How many groups, cut at quantiles; ties may leave fewer.

        Returns
        -------
        DataFrame
            group n predicted observed ci_lower ci_upper (Wilson's interval).
        """
        return calibration_table(self.state.data, self._chances(), groups, self.level)

    def plot_calibration(self, lang: Language | None = None) -> Figure:
        """Observed against predicted shares in ten groups."""
        from cxlab.show.probabilities import calibration_plot

        level = f"{100 * self.level:g}"
        observed_label = bilingual("choice.axis_observed", level=level)
        return calibration_plot(
            self.calibration(),
            title=self._outcome_label(),
            xlabel="choice.axis_predicted",
            ylabel=observed_label,
            lang=lang,
        )

    def summary(self, lang: Language | None = None) -> str:
        """Formula, fit, one line a coefficient and term, then what to know before reading them."""
        width = max(len(name) for name in [*self.table["term"], *self.terms["term"]])
        lines = [self._line(row, width, lang) for row in self.table.to_dict("records")]
        if len(self.terms):
            lines.append(tr("choice.terms", lang))
        lines += [self._test_line(row, width, lang) for row in self.terms.to_dict("records")]
        head = tr("choice.binary_head", lang, formula=self.formula, link=self.link, errors=self._errors(lang))
        fit = [self._fit_text(lang), self._quality(lang)]
        return "\n".join([head, *fit, *lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Coefficients with errors, z, p and odds ratios; notes give the fit and the methods."""
        notes = (
            each(self._fit_text),
            each(self._quality),
            bilingual("choice.binary_note", link=self.link, errors=each(self._errors)),
        )
        answer = self._answer_label(self.answers[-1])
        title = bilingual("choice.binary_title", outcome=self._outcome_label(), answer=answer)
        return in_language(Table(self._labelled(self.table), self._coefficient_columns(), title, notes=notes), lang)

    def _chances(self) -> np.ndarray:
        return self.chances.to_numpy(float)

    def _quality(self, lang: Language | None) -> str:
        fit = self.fit
        auc, brier, share = (format_number(fit[key], 3, bounded=True, lang=lang) for key in ("auc", "brier", "share"))
        text = tr("choice.quality", lang, auc=auc, brier=brier, share=share)
        if np.isnan(fit["hl"]):
            return text
        hl = format_number(fit["hl"], 2, lang=lang)
        return f"{text} {tr('choice.hosmer', lang, hl=hl, df=int(fit['hl_df']), p=p_text(fit['hl_pvalue'], lang))}"
