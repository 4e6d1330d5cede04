"""Ordered answers explained: cumulative link models with odds ratios, effects, a test of parallel lines."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.choice_data import ChoiceData, Frequencies, choice_data
from cxlab.analyses.choice_design import recipe
from cxlab.analyses.choice_model import (
    Covariance,
    State,
    check_option,
    chosen_covariance,
    coefficient_table,
    fit_numbers,
    refuse_infinite,
    refuse_too_few,
    sample_notices,
    small_sample,
    term_tests,
)
from cxlab.analyses.choice_outcome import ordered_outcome
from cxlab.analyses.ordinal_result import OrdinalModel
from cxlab.analyses.regression_data import level_text
from cxlab.analyses.regression_labels import term_labels
from cxlab.analyses.unpack import check_level
from cxlab.analyses.weights import Weights
from cxlab.errors import DataError
from cxlab.estimate.ordinal import fit_cumulative
from cxlab.survey.survey import Survey

OrdinalLink = Literal["logit", "probit", "cloglog", "loglog", "cauchit"]


def ordinal(
    formula: str,
    data: Survey | pd.DataFrame,
    link: OrdinalLink = "logit",
    *,
    weights: Weights | None = None,
    frequencies: Frequencies | None = None,
    cov_type: Covariance | None = None,
    level: float = 0.95,
) -> OrdinalModel:
    """Ordered logit, probit and their kin: what moves answers up a scale whose steps need not be equal.

    When to use it: an outcome of a few ordered answers (satisfaction low, medium, high; an item of 3 to 7 points),
    where a mean would pretend that the steps are equal.

    Parameters
    ----------
    formula : str
        As in `cxlab.regress`: ``"satisfaction ~ C(influence) + price * quality"``. The outcome is a column of numbers
        in the order of the answers, or an ordered category of pandas; at most 20 answers. Thresholds take the place of
        the intercept.
    data : Survey or DataFrame
        One row a respondent, or one row a cell of a table with `frequencies`. Rows with a missing answer are left out.
    link : {"logit", "probit", "cloglog", "loglog", "cauchit"}
        F in ``P(Y <= j) = F(threshold_j - x'b)``: a positive b moves answers up. ``"cloglog"`` is proportional hazards,
        ``"loglog"`` its mirror image, ``"cauchit"`` bears answers far off.
    weights : str or sequence of float, optional
        Survey weights: a column, or one number a row. Errors are then robust; likelihood-ratio tests and AIC are not
        given.
    frequencies : str or sequence of int, optional
        How many respondents each row stands for. They raise n; survey weights do not.
    cov_type : {"nonrobust", "robust"}, optional
        Errors from the observed information, or from the sandwich times n / (n - 1). Robust with `weights`.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    OrdinalModel
        ``.table``: term b se z pvalue ci_lower ci_upper odds_ratio or_lower or_upper (the last three for the logit).
        ``.thresholds``: threshold estimate se ci_lower ci_upper. ``.fit``: n parameters log_likelihood
        null_log_likelihood deviance aic bic lr lr_df lr_pvalue mcfadden nagelkerke. ``.terms``: term df lr lr_pvalue
        wald wald_pvalue reason. Methods: ``marginal_effects()``, ``predict()``, ``parallel_test()``, ``plot()``,
        ``plot_probabilities()``.

    Raises
    ------
    ModelSyntaxError
        The formula cannot be read, or names something unknown.
    DataError
        Answers without a known order, one or two answers only, constant or collinear predictors, fewer respondents
        than parameters, negative or missing weights, frequencies that are not counts.
    EstimationError
        Separation: a predictor that tells the answers apart exactly has no finite coefficient. It is named.

    Notes
    -----
    R: ``MASS::polr(y ~ x, weights = , method = , Hess = TRUE)``, ``ordinal::clm(y ~ x, link = )``; with survey weights
    ``survey::svyolr``. McCullagh (1980); Nagelkerke (1991).

    Examples
    --------
    >>> import cxlab as cx
    >>> tenants = pd.DataFrame({"sat": [1, 2, 3] * 2, "contact": [1, 1, 1, 2, 2, 2],
    ...                         "n": [262, 178, 273, 305, 268, 395]})
    >>> model = cx.ordinal("sat ~ C(contact)", tenants, frequencies="n")
    >>> model.table[["term", "b", "se"]].round(3).to_dict("list")
    {'term': ['contact[2]'], 'b': [0.165], 'se': [0.091]}
    """
    check_option("link", link, OrdinalLink)
    check_level(level)
    ready = choice_data(formula, data, ordered_outcome, weights, frequencies)
    if len(ready.outcome.points) < 3:
        raise DataError("choice.two_answers", column=ready.outcome.name)
    refuse_too_few(ready)
    covariance = chosen_covariance(cov_type, ready)
    found = fit_cumulative(
        ready.codes, ready.x, len(ready.outcome.points), link, counts=ready.counts, sampling=ready.sampling
    )
    refuse_infinite(ready, found)
    cov = found.robust * small_sample(ready) if covariance == "robust" else found.cov
    cut = len(ready.outcome.points) - 1
    b, slopes = found.params[cut:], cov[cut:, cut:]
    return OrdinalModel(
        table=coefficient_table(ready.design.names[1:], b, slopes, level, odds=link == "logit"),
        thresholds=_thresholds(ready, found.params[:cut], cov[:cut, :cut], level),
        fit=fit_numbers(ready, found.loglik, len(found.params)),
        terms=term_tests(ready, link, found.loglik, slopes, b),
        warnings=(*ready.notices, *sample_notices(ready, b)),
        formula=ready.formula.text,
        link=link,
        cov_type=covariance,
        level=level,
        answers=ready.outcome.points,
        labels=term_labels(ready.survey, ready.formula, ready.design),
        state=State(
            ready, recipe(ready.formula, ready.used, ready.design), found.params, cov, link, tuple(range(cut + 1))
        ),
    )


def _thresholds(ready: ChoiceData, values: NDArray[np.float64], cov: NDArray[np.float64], level: float) -> pd.DataFrame:
    points = [level_text(point) for point in ready.outcome.points]
    names = [f"{low}|{high}" for low, high in pairwise(points)]
    table = coefficient_table(names, values, cov, level, odds=False)
    return table[["term", "b", "se", "ci_lower", "ci_upper"]].rename(columns={"term": "threshold", "b": "estimate"})
