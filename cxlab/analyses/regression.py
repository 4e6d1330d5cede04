"""Linear regression with robust standard errors, standardised coefficients, collinearity, and blocks of predictors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from cxlab.analyses.regression_blocks import block_table, plan_blocks
from cxlab.analyses.regression_checks import (
    data_notices,
    fit_notices,
    is_perfect,
    residual_checks,
    small_coefficients,
)
from cxlab.analyses.regression_data import variables, weighed
from cxlab.analyses.regression_design import INTERCEPT, Design, build_design, least_squares, standard_deviation
from cxlab.analyses.regression_formula import Formula, parse_formula
from cxlab.analyses.regression_labels import term_labels
from cxlab.analyses.regression_result import Regression
from cxlab.analyses.unpack import check_level
from cxlab.analyses.weights import Weights
from cxlab.errors import DataError
from cxlab.evaluate.collinearity import generalised_vif
from cxlab.evaluate.wald import wald_f
from cxlab.survey.survey import Survey, as_survey

Covariance = Literal["nonrobust", "HC0", "HC1", "HC2", "HC3"]
Block = str | Sequence[str]
_NEEDS_LEVERAGE = ("HC2", "HC3")


def regress(
    formula: str,
    data: Survey | pd.DataFrame,
    *,
    cov_type: Covariance = "HC3",
    blocks: Sequence[Block] | None = None,
    standardise: bool = False,
    weights: Weights | None = None,
    level: float = 0.95,
) -> Regression:
    """Ordinary least squares: coefficients with robust errors, standardised ones, VIF, checks, hierarchical blocks.

    When to use it: an outcome that can be treated as an interval, explained by scores, items, categories. The standard
    errors need no equal variances by default (HC3).

    Parameters
    ----------
    formula : str
        ``"loyalty ~ image + satisfaction"``. Names are columns or the codebook's constructs (mean of the items,
        reversed ones turned). Known besides: ``a*b``, ``a:b``, ``C(group)`` and ``C(group, "reference")`` for
        categories, ``log(a)``, ``center(a)``, ``scale(a)``, ``I(a^2)``, ``- 1``, and ``Q("a name")`` or backticks
        for names with spaces. ``center`` and ``scale`` use the mean and SD of the rows in the regression. Nothing in a
        formula is run as code.
    data : Survey or DataFrame
        One row a respondent. Rows with a missing answer in any variable of any block are left out, and counted.
    cov_type : {"HC3", "HC2", "HC1", "HC0", "nonrobust"}
        Kind of standard errors; ``"nonrobust"`` is the classical one.
    blocks : sequence of str or of lists of str, optional
        Steps of a hierarchical regression, in order: ``["image", "+ satisfaction"]``. Terms of the formula that no
        block names enter first; terms that the formula lacks are added to it. All steps use the same rows.
    standardise : bool
        True turns every numeric variable and the outcome into z-scores before products are formed, so that ``b`` is
        the standardised coefficient, also of interactions.
    weights : str or sequence of float, optional
        Survey weights: a column, or one number a row. Rows with weight zero are left out. Keep robust errors with
        weights; the tests of residuals are then not given.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    Regression
        ``.table``: term b se t pvalue ci_lower ci_upper beta vif. ``.fit``: n df_model df_resid r2 adj_r2 sigma f
        f_pvalue wald_f wald_pvalue. ``.blocks``: block added n r2 adj_r2 delta_r2 f_change df1 df2 pvalue f2 wald_f
        wald_pvalue. ``.collinearity``: term columns gvif adjusted. ``.checks``: check statistic df pvalue row.
        ``.covariance``: of the coefficients (R's ``vcov``).
        ``beta`` is ``b * sd(column) / sd(outcome)``, as in SPSS. ``vif`` is GVIF to the power 1/columns. F tests
        of R² are classical, Wald tests use `cov_type`.

    Raises
    ------
    ModelSyntaxError
        The formula cannot be read, or names something unknown; the place is marked.
    DataError
        Text in a numeric column, constant or collinear predictors, fewer rows than terms, a row that HC2 or HC3 cannot
        weigh, unknown options.

    Notes
    -----
    R: ``lm``, ``lmtest::coeftest(m, vcov = sandwich::vcovHC(m, "HC3"))``, ``car::vif``, ``anova(m1, m2)``. Small-sample
    use of HC3: Long & Ervin (2000). With weights ``lm(..., weights = w)``; HC0 is then within the factor n/(n - 1) of
    ``survey::svyglm``.

    Examples
    --------
    >>> import cxlab as cx
    >>> answers = pd.DataFrame({"giá": [1, 2, 3, 4, 5, 6], "Hài lòng": [2, 1, 4, 3, 7, 5]})
    >>> result = cx.regress("Q('Hài lòng') ~ giá", answers, cov_type="nonrobust")
    >>> result.table[["term", "b", "se"]].round(3).to_dict("list")
    {'term': ['Intercept', 'giá'], 'b': [0.467, 0.914], 'se': [1.373, 0.353]}
    """
    _check_options(cov_type, level)
    parsed = parse_formula(formula)
    steps = plan_blocks(parsed, blocks)
    parsed = Formula(parsed.text, parsed.outcome, steps[-1].terms, parsed.intercept)
    survey = as_survey(data)
    used = variables(survey, parsed, guessed=isinstance(data, pd.DataFrame))
    used, sampling, told = weighed(survey, used, weights)
    design = build_design(used, parsed, standardise=standardise, weights=sampling)
    classical = least_squares(design)
    _check_leverage(classical, cov_type, used.numeric.index)
    robust = _robust(classical, cov_type)
    collinearity = _collinearity(design, parsed)
    checks = residual_checks(classical, used.numeric.index, intercept=parsed.intercept, weighted=weights is not None)
    notices = [*used.notices, *told, *data_notices(survey, used, parsed, weighted=weights is not None)]
    notices += fit_notices(classical, collinearity, checks, parsed, cov_type)
    table, fit = _coefficients(design, robust, collinearity, level), _fit_numbers(design, classical, robust)
    notices += small_coefficients(table)
    covariance = _covariance(design, robust)
    if is_perfect(classical):
        covariance[:] = np.nan
        table[["se", "t", "pvalue", "ci_lower", "ci_upper"]] = np.nan
        fit[["f", "f_pvalue", "wald_f", "wald_pvalue"]] = np.nan
    return Regression(
        table=table,
        fit=fit,
        blocks=block_table(used, parsed, steps, cov_type, standardise, sampling) if blocks is not None else None,
        collinearity=collinearity,
        checks=checks,
        covariance=covariance,
        warnings=tuple(notices),
        formula=parsed.text,
        cov_type=cov_type,
        level=level,
        labels=term_labels(survey, parsed, design),
    )


def _check_options(cov_type: str, level: float) -> None:
    if cov_type not in get_args(Covariance):
        known = ", ".join(get_args(Covariance))
        raise DataError("analyses.unknown_option", option="cov_type", value=cov_type, known=known)
    check_level(level)


def _robust(classical: Any, cov_type: Covariance) -> Any:
    return classical if cov_type == "nonrobust" else classical.get_robustcov_results(cov_type=cov_type, use_t=True)


def _check_leverage(classical: Any, cov_type: Covariance, index: pd.Index) -> None:
    """HC2 and HC3 divide by one minus the leverage: a row that alone decides a coefficient leaves nothing to divide."""
    if cov_type not in _NEEDS_LEVERAGE:
        return
    # of the weighted columns, which is what the sandwich's HC2 and HC3 divide by
    alone = index[(np.linalg.qr(classical.model.wexog)[0] ** 2).sum(axis=1) > 1 - 1e-8]
    if len(alone):
        rows = ", ".join(map(str, alone[:5]))
        raise DataError("analyses.leverage_one", rows=rows, cov_type=cov_type)


def _collinearity(design: Design, formula: Formula) -> pd.DataFrame:
    columns = ["term", "columns", "gvif", "adjusted"]
    if not formula.intercept or len(design.names) < 2:
        return pd.DataFrame(columns=columns)
    found = generalised_vif(design.matrix[:, 1:], np.array(design.term[1:]), design.weights)
    names = {key: ":".join(map(str, formula.terms[key])) for key in found}
    rows = [(names[key], count, gvif, gvif ** (1 / (2 * count))) for key, (gvif, count) in found.items()]
    return pd.DataFrame(rows, columns=columns, index=list(found))


def _coefficients(design: Design, robust: Any, collinearity: pd.DataFrame, level: float) -> pd.DataFrame:
    found = robust.t_test(design.back)
    b, interval = np.ravel(found.effect), found.conf_int(alpha=1 - level)
    spread = standard_deviation(design.matrix, design.weights) / standard_deviation(design.outcome, design.weights)
    named = np.array(design.names) == INTERCEPT
    squared = collinearity["adjusted"].astype(float) ** 2
    return pd.DataFrame(
        {
            "term": design.names,
            "b": b,
            "se": np.ravel(found.sd),
            "t": np.ravel(found.tvalue),  # of one coefficient statsmodels makes a 1 by 1 table
            "pvalue": np.ravel(found.pvalue),
            "ci_lower": interval[:, 0],
            "ci_upper": interval[:, 1],
            "beta": np.where(named, np.nan, b * spread),
            "vif": [squared.get(term, np.nan) for term in design.term],
        }
    )


def _covariance(design: Design, robust: Any) -> pd.DataFrame:
    """Of the coefficients, in the columns' own units, with the chosen kind of errors."""
    return pd.DataFrame(design.back @ robust.cov_params() @ design.back.T, design.names, design.names)


def _fit_numbers(design: Design, classical: Any, robust: Any) -> pd.Series:
    slopes = np.array([name != INTERCEPT for name in design.names])
    wald, wald_p = wald_f(robust.params[slopes], robust.cov_params()[np.ix_(slopes, slopes)], classical.df_resid)
    with np.errstate(divide="ignore", invalid="ignore"):  # no residual is left: the fit says so in words
        f, f_p = (classical.fvalue, classical.f_pvalue) if slopes.any() else (np.nan, np.nan)
    return pd.Series(
        {
            "n": classical.nobs,
            "df_model": slopes.sum(),
            "df_resid": classical.df_resid,
            "r2": classical.rsquared,
            "adj_r2": classical.rsquared_adj,
            "sigma": np.sqrt(classical.mse_resid),
            "f": f,
            "f_pvalue": f_p,
            "wald_f": wald,
            "wald_pvalue": wald_p,
        }
    )
