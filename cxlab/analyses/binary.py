"""Yes or no explained: logit, probit and cloglog with odds ratios, effects on the probability, fit and calibration."""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.binary_checks import agreement, hosmer_lemeshow
from cxlab.analyses.binary_result import BinaryModel
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
from cxlab.analyses.choice_outcome import binary_outcome
from cxlab.analyses.regression_labels import term_labels
from cxlab.analyses.unpack import check_level
from cxlab.analyses.weights import Weights
from cxlab.estimate.ordinal import fit_cumulative
from cxlab.estimate.ordinal_effects import as_cumulative
from cxlab.survey.survey import Survey

Array = NDArray[np.float64]
BinaryLink = Literal["logit", "probit", "cloglog"]
_MIRRORED = {"cloglog": "loglog"}


def binary(
    formula: str,
    data: Survey | pd.DataFrame,
    link: BinaryLink = "logit",
    *,
    success: Any = None,
    weights: Weights | None = None,
    frequencies: Frequencies | None = None,
    cov_type: Covariance | None = None,
    level: float = 0.95,
) -> BinaryModel:
    """Logistic, probit or complementary log-log regression of an answer that is yes or no.

    When to use it: recommended or not, complained or not, top two boxes or below.

    Parameters
    ----------
    formula : str
        As in `cxlab.regress`: ``"recommends ~ image + C(channel)"``.
    data : Survey or DataFrame
        One row a respondent, or one row a cell of a table with `frequencies`. Rows with a missing answer are left out.
    link : {"logit", "probit", "cloglog"}
        G in ``P(Y = 1) = G(b0 + x'b)``. Odds ratios come with the logit.
    success : value or list of values, optional
        The answers that count as 1, as numbers, as text or in the codebook's words: ``success=[9, 10]`` for promoters.
        Needed for more than two answers, and for words; else the higher of two numbers counts as 1.
    weights : str or sequence of float, optional
        Survey weights: a column, or one number a row. Errors are then robust; likelihood-ratio tests and AIC are not
        given.
    frequencies : str or sequence of int, optional
        How many respondents each row stands for.
    cov_type : {"nonrobust", "robust"}, optional
        Errors from the expected information as R's ``glm``, or from the sandwich times n / (n - 1). Robust with
        `weights`.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    BinaryModel
        ``.table``: term b se z pvalue ci_lower ci_upper odds_ratio or_lower or_upper (the last three for the logit).
        ``.fit``: n parameters log_likelihood null_log_likelihood deviance aic bic lr lr_df lr_pvalue mcfadden
        nagelkerke share auc brier hl hl_df hl_pvalue. ``.terms``: term df lr lr_pvalue wald wald_pvalue reason.
        Methods: ``marginal_effects()``, ``predict()``, ``classification()``, ``calibration()``, ``plot()``,
        ``plot_probabilities()``, ``plot_calibration()``.

    Raises
    ------
    ModelSyntaxError
        The formula cannot be read, or names something unknown.
    DataError
        An outcome with one answer only, or with several and no `success`; constant or collinear predictors; fewer
        respondents than parameters; unusable weights or frequencies.
    EstimationError
        Complete or quasi-complete separation; the predictors that cause it are named.

    Notes
    -----
    Estimated by statsmodels' GLM. R: ``glm(y ~ x, family = binomial(link))``, ``sandwich::sandwich``; with survey
    weights ``survey::svyglm(family = quasibinomial())``; ``ResourceSelection::hoslem.test``.

    Examples
    --------
    >>> import cxlab as cx
    >>> visits = pd.DataFrame({"wait": [1, 2, 3, 4, 5, 6, 7, 8], "returns": [1, 1, 1, 0, 1, 0, 1, 0]})
    >>> model = cx.binary("returns ~ wait", visits)
    >>> model.table[["term", "b"]].round(3).to_dict("list")
    {'term': ['Intercept', 'wait'], 'b': [3.228, -0.561]}
    """
    check_option("link", link, BinaryLink)
    check_level(level)
    ready = choice_data(formula, data, partial(binary_outcome, success=success), weights, frequencies)
    refuse_too_few(ready)
    covariance = chosen_covariance(cov_type, ready)
    mirrored = _MIRRORED.get(link, link)
    first = fit_cumulative(ready.codes, ready.x, 2, mirrored, counts=ready.counts, sampling=ready.sampling)
    refuse_infinite(ready, first)
    b, cov, chances = _estimate(ready, link, covariance)
    loglik = float(ready.weights @ np.log(np.where(ready.codes == 1, chances, 1 - chances)))
    turned, turned_cov, _ = as_cumulative(b, cov, link)
    return BinaryModel(
        table=coefficient_table(ready.design.names, b, cov, level, odds=link == "logit"),
        fit=pd.concat([fit_numbers(ready, loglik, len(b)), agreement(ready, chances), hosmer_lemeshow(ready, chances)]),
        terms=term_tests(ready, mirrored, loglik, cov[1:, 1:], b[1:]),
        warnings=(*ready.notices, *sample_notices(ready, b[1:])),
        formula=ready.formula.text,
        link=link,
        cov_type=covariance,
        level=level,
        answers=ready.outcome.points,
        labels=term_labels(ready.survey, ready.formula, ready.design),
        state=State(ready, recipe(ready.formula, ready.used, ready.design), turned, turned_cov, mirrored, (1,)),
        chances=pd.Series(chances, index=ready.used.numeric.index, name="probability"),
    )


def _estimate(data: ChoiceData, link: str, covariance: Covariance) -> tuple[Array, Array, Array]:
    """Coefficients, their covariance and the fitted probabilities, by statsmodels on centred columns of unit length."""
    from statsmodels.genmod.families import Binomial, links
    from statsmodels.genmod.generalized_linear_model import GLM

    kinds = {"logit": links.Logit, "probit": links.Probit, "cloglog": links.CLogLog}
    design = data.design
    columns = (design.matrix - design.centre) / design.size
    model = GLM(data.codes, columns, family=Binomial(link=kinds[link]()), freq_weights=data.weights)
    fit = model.fit(maxiter=200, tol=1e-9, tol_criterion="params")
    chances = np.asarray(fit.fittedvalues, dtype=float)
    cov = fit.normalized_cov_params
    if covariance == "robust":
        slope = 1 / model.family.link.deriv(chances)
        scores = columns * ((data.codes - chances) * slope / (chances * (1 - chances)))[:, None]
        meat = scores.T @ (scores * (data.weights**2 / data.counts)[:, None])
        cov = small_sample(data) * cov @ meat @ cov
    back = design.back
    return back @ fit.params, back @ cov @ back.T, chances
