"""Does something left out move a cause and its effect together? Gaussian copula terms in a PLS model's regressions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd
from statsmodels.stats.diagnostic import normal_ad

from cxlab.analyses.pls_score_terms import Case, arrow, error_columns, in_words, regressions, resampled_terms, told
from cxlab.analyses.result import Result, Text, bilingual, in_language, notices_text
from cxlab.errors import Notice
from cxlab.i18n import Language, format_number, p_text, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxlab.analyses.pls_result import PlsFit
    from cxlab.resample.draws import Indices

_ALPHA = 0.05


@dataclass(frozen=True, repr=False, eq=False)
class PlsEndogeneity(Result):
    """Gaussian copula terms of a PLS model.

    Attributes
    ----------
    table : DataFrame
        source, target, terms ("one": of this cause alone; "all": of all causes of the target), path (without copula
        terms), corrected (with them), estimate (of the copula term), se, t, pvalue, ci_lower, ci_upper, normal_pvalue
        (of the source's scores), stepped (whether the source is one item, whose few answers make it a staircase).
    normality : DataFrame
        construct, skewness, kurtosis (excess), statistic (Anderson-Darling), pvalue: constructs that explain others.
    status : Series
        Counts: replicates, used.
    """

    table: pd.DataFrame
    normality: pd.DataFrame
    status: pd.Series
    level: float
    seed: int
    warnings: tuple[Notice, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ("park_gupta_2012", "hult_2018", "becker_2022")

    def summary(self, lang: Language | None = None) -> str:
        """Each cause's copula term, what it says, and the path with it."""
        head = tr("pls_checks.copula_head", lang, n=int(self.status["replicates"]), used=int(self.status["used"]))
        lines = [head, *notices_text(self.warnings, lang)]
        for row in self.table.itertuples():
            numbers = {
                name: format_number(getattr(row, name), 2, bounded=True, lang=lang)
                for name in ("estimate", "path", "corrected")
            }
            words = {"path_name": arrow(self.labels, row.source, row.target, lang), "p": p_text(row.pvalue, lang)}
            terms, verdict = tr(f"pls_checks.terms_{row.terms}", lang), tr(f"pls_checks.copula_{_verdict(row)}", lang)
            line = tr("pls_checks.copula_line", lang, terms=terms, verdict=verdict, **words, **numbers)
            lines.append(f"  {line}")
        return "\n".join(lines)

    def apa(self, lang: Language | None = None) -> Table:
        """Copula terms with intervals, and paths without and with them."""
        columns = {
            "source": Column("pls.col_source"),
            "target": Column("pls.col_target"),
            "terms": Column("pls_checks.col_terms"),
            "normal_pvalue": Column("pls_checks.col_normal", "p"),
            "estimate": Column("pls_checks.col_copula", "bounded"),
            **error_columns(self.level),
            "path": Column("pls_checks.col_without", "bounded"),
            "corrected": Column("pls_checks.col_with", "bounded"),
        }
        terms = [bilingual(f"pls_checks.terms_{name}") for name in self.table["terms"]]
        frame = in_words(self.table, self.labels).assign(terms=terms)
        note = bilingual("pls_checks.copula_note", n=int(self.status["used"]))
        return in_language(Table(frame, columns, "pls_checks.title_copula", notes=(note,)), lang)


def pls_endogeneity(
    fit: PlsFit, n: int = 1000, seed: int | None = None, level: float = 0.95, *, indices: Indices | None = None
) -> PlsEndogeneity:
    """Whether causes correlate with what their targets' regressions leave out, without instruments.

    When to use it: as a robustness check before a path is read as an effect. A cause whose copula term is not zero
    shares an omitted influence with its target. The method lives on scores that are not normal and takes errors to be
    normal; where scores are close to normal it cannot tell, and in samples of some hundreds it has little power (Becker
    et al., 2022). No term is no proof that nothing was left out.

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
    PlsEndogeneity

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
    The term is the normal quantile of rank / (n + 1), ties at their highest rank, of standardised scores; programs that
    set the highest rank to 1 - 1e-7 instead get other numbers from the same data. Everything, weights and ranks too, is
    found anew in each resample. Sources: Park & Gupta (2012); for PLS Hult et al. (2018). Normality:
    ``nortest::ad.test``.

    Examples
    --------
    >>> import cxlab as cx
    >>> fit = cx.pls("Image <~ IMAG1 + IMAG2 + IMAG4; CUSA1 ~ Image", cx.load_dataset("ecsi_mobile"))
    >>> fit.endogeneity(200, seed=1).table["terms"].tolist()
    ['one']
    """
    found = resampled_terms(fit, "copula", n, seed, level, ".endogeneity()", indices)
    cases: list[tuple[str, Case]] = []
    for target, causes in regressions(fit):
        cases += [("one", (source, target, (source,), source)) for source in causes]
        cases += [("all", (source, target, causes, source)) for source in causes if len(causes) > 1]
    table = found.table([case for _, case in cases])
    table.insert(2, "terms", [terms for terms, _ in cases])
    table.insert(3, "path", [found.path(case[0], case[1], ()) for _, case in cases])
    table.insert(4, "corrected", [found.path(*case[:3]) for _, case in cases])
    normality = _normality(fit)
    table["normal_pvalue"] = table["source"].map(normality.set_index("construct")["pvalue"])
    steps = _steps(fit)
    table["stepped"] = table["source"].isin(list(steps))
    messages = told(found, table, seed)
    normal = normality.loc[normality["pvalue"] >= _ALPHA, "construct"]
    if len(normal):
        messages += (Notice("pls_checks.copula_normal", {"constructs": ", ".join(normal)}, serious=True),)
    if steps:
        shown = ", ".join(f"{name} ({count})" for name, count in steps.items())
        messages += (Notice("pls_checks.copula_steps", {"constructs": shown}, serious=True),)
    return PlsEndogeneity(table, normality, found.status, level, found.seed, messages, fit.labels)


def _steps(fit: PlsFit) -> dict[str, int]:
    """Causes with one indicator that repeats its answers, and how many different ones there are."""
    design, scores = fit.model.design, fit.scores
    causes = [name for place, name in enumerate(fit.model.constructs) if design.paths[place].any()]
    single = [name for name in causes if design.sizes[fit.model.constructs.index(name)] == 1]
    counts = {name: int(scores[name].round(10).nunique()) for name in single}
    return {name: count for name, count in counts.items() if count < len(scores) / 2}


def _normality(fit: PlsFit) -> pd.DataFrame:
    causes = [name for place, name in enumerate(fit.model.constructs) if fit.model.design.paths[place].any()]
    scores = fit.scores[causes]
    tests = [normal_ad(scores[name].to_numpy()) for name in causes]
    return pd.DataFrame(
        {
            "construct": causes,
            "skewness": scores.skew().to_numpy(),
            "kurtosis": scores.kurt().to_numpy(),
            "statistic": [float(statistic) for statistic, _ in tests],
            "pvalue": [float(pvalue) for _, pvalue in tests],
        }
    )


def _verdict(row: Any) -> str:
    """What the term can say: nothing where there is none, or scores are a staircase or may be normal."""
    if pd.isna(row.pvalue):
        return "no_term"
    if row.stepped:
        return "stepped"
    if row.normal_pvalue >= _ALPHA:
        return "silent"
    return "found" if row.pvalue < _ALPHA else "none"
