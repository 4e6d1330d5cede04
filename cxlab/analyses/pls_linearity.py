"""Are the paths of a PLS model straight lines? Squares of every cause, resampled, and Ramsey's test of every target."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from statsmodels.stats.diagnostic import linear_reset

from cxlab.analyses.pls_score_terms import arrow, error_columns, in_words, regressions, resampled_terms, told
from cxlab.analyses.result import Result, Text, bilingual, in_language, notices_text
from cxlab.errors import Notice
from cxlab.i18n import Language, format_number, p_text, pick, tr
from cxlab.show.cells import interval_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxlab.analyses.pls_result import PlsFit
    from cxlab.resample.draws import Indices

# A line, a square and a cube need so many values.
_VALUES = 4


@dataclass(frozen=True, repr=False, eq=False)
class PlsLinearity(Result):
    """Quadratic effects of a PLS model, one at a time.

    Attributes
    ----------
    table : DataFrame
        source, target, estimate (of the squared standardised score), se, t, pvalue, ci_lower, ci_upper, f2 (of the
        square).
    reset : DataFrame
        target, f, df1, df2, pvalue: Ramsey's test with the squared and cubed prediction.
    status : Series
        Counts: replicates, used.
    """

    table: pd.DataFrame
    reset: pd.DataFrame
    status: pd.Series
    level: float
    seed: int
    warnings: tuple[Notice, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ("sarstedt_2020_checks", "ramsey_1969")

    def summary(self, lang: Language | None = None) -> str:
        """Each path's bend with its interval, then Ramsey's test of each target."""
        head = tr("pls_checks.linear_head", lang, n=int(self.status["replicates"]), used=int(self.status["used"]))
        lines = [head, *notices_text(self.warnings, lang)]
        for row in self.table.itertuples():
            estimate = format_number(row.estimate, 2, bounded=True, lang=lang)
            ends = interval_text(row.ci_lower, row.ci_upper, Column("", "interval", bounded=True), lang)
            path, verdict = arrow(self.labels, row.source, row.target, lang), tr(f"pls_checks.linear_{bend(row)}", lang)
            lines.append(f"  {path}: {estimate} {ends}, {verdict}")
        for row in self.reset.dropna().itertuples():
            label = pick(self.labels.get(row.target, row.target), lang)
            values = {"f": format_number(row.f, 2, lang=lang), "df1": f"{row.df1:g}", "df2": f"{row.df2:g}"}
            lines.append("  " + tr("pls_checks.reset_line", lang, target=label, p=p_text(row.pvalue, lang), **values))
        return "\n".join(lines)

    def apa(self, lang: Language | None = None) -> Table:
        """Quadratic effects with intervals, p-values and effect sizes."""
        columns = {
            "source": Column("pls.col_source"),
            "target": Column("pls.col_target"),
            "estimate": Column("pls_checks.col_square", "bounded"),
            **error_columns(self.level),
            "f2": Column("pls.col_f2", "number", digits=3),
        }
        note = bilingual("pls_checks.linear_note", n=int(self.status["used"]))
        table = Table(in_words(self.table, self.labels), columns, "pls_checks.title_linear", notes=(note,))
        return in_language(table, lang)


def pls_linearity(
    fit: PlsFit, n: int = 1000, seed: int | None = None, level: float = 0.95, *, indices: Indices | None = None
) -> PlsLinearity:
    """Whether causes work in straight lines: the square of each cause, added to its target's regression in turn.

    When to use it: as a robustness check of the structural model, beside `endogeneity` and unseen segments
    (`cxlab.fimix`). A bend that is there belongs into the model, as ``Y ~ X + X:X``.

    Parameters
    ----------
    fit : PlsFit
        From complete rows, without made indicators (interactions, scores of a first stage).
    n : int
        Resamples, at least 100.
    seed : int, optional
        The same seed gives the same resamples.
    level : float
        Of the percentile intervals, between 0 and 1.
    indices : ndarray (B, n_obs), optional
        Row numbers from 0, to repeat another program's resamples.

    Returns
    -------
    PlsLinearity

    Raises
    ------
    CxlabError
        Fewer than 100 resamples, a seed that is no whole number, a level outside 0 to 1.
    NotSupportedError
        Models with made indicators, or not from complete rows.
    EstimationError
        Fewer than two resamples that can be used.

    Notes
    -----
    Scores are standardised and stay as they are; in ``cx.pls`` with the product ``X:X`` they follow the bend a little.
    Ramsey (1969) tests the scores' regressions: ``lmtest::resettest(power = 2:3)``. Source: Sarstedt et al. (2020).

    Examples
    --------
    >>> import cxlab as cx
    >>> fit = cx.pls("Image <~ IMAG1 + IMAG2 + IMAG4; CUSA1 ~ Image", cx.load_dataset("ecsi_mobile"))
    >>> fit.linearity(200, seed=1).reset["df1"].tolist()
    [2.0]
    """
    found = resampled_terms(fit, "square", n, seed, level, ".linearity()", indices)
    cases = [(source, target, (source,)) for target, causes in regressions(fit) for source in causes]
    table = found.table([(source, target, terms, source) for source, target, terms in cases])
    table["f2"] = [found.f2(target, terms) for _, target, terms in cases]
    reset = pd.DataFrame([_reset(fit, target, causes) for target, causes in regressions(fit)])
    return PlsLinearity(table, reset, found.status, level, found.seed, told(found, table, seed), fit.labels)


def _reset(fit: PlsFit, target: int, causes: list[int]) -> dict[str, object]:
    """Ramsey's test; nan where the prediction has too few values to bend."""
    scores, found = fit.scores.to_numpy(), {"target": fit.model.constructs[target]}
    if len(np.unique(np.round(scores[:, causes] @ fit.solved.paths[causes, target, 0], 10))) < _VALUES:
        return found | dict.fromkeys(("f", "df1", "df2", "pvalue"), np.nan)
    test = linear_reset(sm.OLS(scores[:, target], sm.add_constant(scores[:, causes])).fit(), power=3, use_f=True)
    df = {"df1": float(test.df_num), "df2": float(test.df_denom)}
    return found | {"f": float(test.fvalue), **df, "pvalue": float(test.pvalue)}


def bend(row: Any) -> str:
    """straight, or the way in which the interval says that the line bends."""
    if pd.isna(row.ci_lower):
        return "no_term"
    return "up" if row.ci_lower > 0 else "down" if row.ci_upper < 0 else "straight"
