"""What a reader must know before a regression's numbers: residuals, influence, and the outcome's kind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cxlab.analyses.regression_data import Variables
from cxlab.analyses.regression_formula import Formula
from cxlab.analyses.unpack import source_notices
from cxlab.errors import Notice
from cxlab.evaluate.rules import interpret
from cxlab.survey.survey import Survey

_ORDINAL_POINTS = 7
# The last digit that tables print.
PRINTED = 0.01


_CHECKS = ["check", "statistic", "df", "pvalue", "row"]


def residual_checks(fit: Any, index: pd.Index, *, intercept: bool = True, weighted: bool = False) -> pd.DataFrame:
    """Breusch-Pagan (studentised, as `lmtest::bptest`), Jarque-Bera, and the row with the largest Cook's distance.

    None of a weighted regression: these tests are about the sample, not about the people it stands for.
    """
    if weighted:
        return pd.DataFrame(columns=_CHECKS).astype({"row": "Int64"})
    from statsmodels.stats.diagnostic import het_breuschpagan
    from statsmodels.stats.stattools import jarque_bera

    rows: list[dict[str, object]] = []
    if intercept and fit.df_model > 0 and fit.ssr > 0:
        statistic, pvalue, _, _ = het_breuschpagan(fit.resid, fit.model.exog)
        rows.append({"check": "breusch_pagan", "statistic": statistic, "df": fit.df_model, "pvalue": pvalue})
    if fit.ssr > 0:
        statistic, pvalue, _, _ = jarque_bera(fit.resid)
        rows.append({"check": "jarque_bera", "statistic": statistic, "df": 2, "pvalue": pvalue})
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = pd.Series(fit.get_influence().cooks_distance[0], index=index)
    if distance.notna().any():
        rows.append({"check": "cook_max", "statistic": distance.max(), "row": distance.idxmax()})
    return pd.DataFrame(rows, columns=_CHECKS).astype({"row": "Int64"})


def is_perfect(fit: Any) -> bool:
    """True if nothing is left over but rounding: then errors and tests are noise, and are not given."""
    return bool(fit.ssr <= 1e-20 * fit.centered_tss)


def data_notices(survey: Survey, data: Variables, formula: Formula, *, weighted: bool = False) -> list[Notice]:
    """What the outcome's values, overlapping measures and simulated data mean for the reader."""
    notices = source_notices(survey, weighted=weighted)
    outcome = data.numeric[formula.outcome.name]
    points = outcome.nunique()
    whole = bool((outcome == outcome.round()).all()) and formula.outcome.name not in data.scored
    if points == 2:
        notices.append(Notice("analyses.binary_outcome", {"outcome": formula.outcome.name}, serious=True))
    elif whole and points <= _ORDINAL_POINTS:
        notices.append(Notice("analyses.ordinal_outcome", {"outcome": formula.outcome.name, "points": points}))
    return notices + _overlaps(data, formula)


def _overlaps(data: Variables, formula: Formula) -> list[Notice]:
    """An item on one side that is part of a score on the other explains itself."""
    own = {formula.outcome.name, *data.scored.get(formula.outcome.name, ())}
    predictors = {factor.name for term in formula.terms for factor in term}
    shared = [name for name in sorted(predictors) if own & {name, *data.scored.get(name, ())}]
    if not shared:
        return []
    values = {"outcome": formula.outcome.name, "predictors": ", ".join(shared)}
    return [Notice("analyses.outcome_in_predictors", values, serious=True)]


def fit_notices(
    fit: Any, collinearity: pd.DataFrame, checks: pd.DataFrame, formula: Formula, cov_type: str
) -> list[Notice]:
    """What the fit itself tells: perfect fit, collinearity, influential rows, unequal variances, products."""
    if is_perfect(fit):
        return [Notice("analyses.perfect_fit", {"outcome": formula.outcome.name}, serious=True)]
    notices = [] if formula.intercept else [Notice("analyses.no_intercept")]
    notices += _vif_notices(collinearity)
    found = checks.set_index("check")
    if cov_type == "nonrobust" and "breusch_pagan" in found.index and found.loc["breusch_pagan", "pvalue"] < 0.05:
        notices.append(Notice("analyses.unequal_variances", serious=True))
    if "cook_max" in found.index:
        judged = interpret(float(found.loc["cook_max", "statistic"]), "cook_weisberg_1982")
        if not judged.met:
            values = {"row": int(found.loc["cook_max", "row"]), "judgement": judged}
            notices.append(Notice("analyses.influential_row", values, serious=True))
    if any(len(term) > 1 for term in formula.terms) or (collinearity["columns"] > 1).any():
        notices.append(Notice("analyses.beta_of_products"))
    return notices


def small_coefficients(table: pd.DataFrame) -> list[Notice]:
    """A predictor in large units has a coefficient that two digits print as 0.00 although it matters."""
    hidden = table[(table["b"].abs() < PRINTED / 2) & (table["beta"].abs() >= 10 * PRINTED)]
    return [Notice("analyses.small_coefficient", {"terms": ", ".join(hidden["term"])})] if len(hidden) else []


def _vif_notices(collinearity: pd.DataFrame) -> list[Notice]:
    notices = []
    for row in collinearity.itertuples():
        judged = interpret(float(row.adjusted) ** 2, "hair_2019_vif")
        if judged.label == "evaluate.probable_issue":
            notices.append(Notice("analyses.high_vif", {"term": row.term, "judgement": judged}, serious=True))
    return notices
