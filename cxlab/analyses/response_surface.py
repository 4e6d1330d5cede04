"""Two measures on one scale and an outcome: polynomial regression and its surface, in place of difference scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.asymmetry_data import Answers, Ends, about_outcome, common_scale, complete_answers, labels_of
from cxlab.analyses.asymmetry_fit import (
    Covariance,
    LinearFit,
    check_covariance,
    fit_linear,
    resample_notices,
    resampled,
)
from cxlab.analyses.response_surface_conditions import agreement_table, condition_table, verdict_of
from cxlab.analyses.response_surface_numbers import (
    MODELS,
    constraints,
    curved_quantities,
    linear_rows,
    quantity_table,
    shape_of,
    simpler_columns,
)
from cxlab.analyses.response_surface_result import ResponseSurface
from cxlab.analyses.unpack import check_level
from cxlab.analyses.validity_htmt import check_boot, seed_of
from cxlab.analyses.weights import Weights
from cxlab.errors import DataError, Notice
from cxlab.resample.draws import LeaveOneOut, RandomDraws
from cxlab.resample.intervals import Interval, acceleration, check_interval, intervals
from cxlab.survey.survey import Survey

Array = NDArray[np.float64]
TERMS = ("x", "y", "x2", "xy", "y2")
# Fewer respondents than this share on one side leave nothing to learn about disagreement.
_RARE = 0.1


def response_surface(
    outcome: str,
    x: str,
    y: str,
    data: Survey | pd.DataFrame,
    *,
    center: str | float = "midpoint",
    scale: tuple[float, float] | None = None,
    covariates: str | Sequence[str] = (),
    weights: Weights | None = None,
    cov_type: Covariance = "HC3",
    n_boot: int = 0,
    seed: int | None = None,
    ci: Interval = "percentile",
    level: float = 0.95,
) -> ResponseSurface:
    """Polynomial regression with response surface analysis: what agreement of x and y does to an outcome.

    When to use it: expectation and perception, ideal and actual, customer and staff, asked on one scale, and a claim
    that the match (or the gap) matters. A difference score assumes what this tests.

    Parameters
    ----------
    outcome, x, y : str
        Columns, or constructs of the codebook (mean of their items). Reversed items are turned first.
    data : Survey or DataFrame
        One row a respondent. Rows with a missing answer in any variable are left out, and counted.
    center : {"midpoint", "mean"} or float
        What is taken from both x and y before products are formed: the middle of the scale, the mean of both together,
        or a number. Always the same for both.
    scale : (min, max), optional
        The scale of x and y, where the codebook does not say it.
    covariates : str or sequence of str
        Further predictors, entered linearly.
    weights : str, sequence of float or Series, optional
        Survey weights.
    cov_type : {"HC3", "HC2", "HC1", "HC0", "nonrobust"}
        Kind of standard errors.
    n_boot : int
        Resamples of the rows for all intervals of ``.table``; 0 for those of `cov_type` (delta method for stationary
        point and axes, whose sampling distributions have long tails: prefer the bootstrap for them).
    seed : int, optional
        Of the resamples. Without it one is drawn and reported.
    ci : {"percentile", "basic", "bc", "bca"}
        Bootstrap interval.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    ResponseSurface
        ``.table``: quantity (a1 to a5, x0 y0, p10 p11, p20 p21) estimate se null t pvalue ci_lower ci_upper; stationary
        point and axes in centred units. ``.coefficients``: term b se t pvalue ci_lower ci_upper. ``.comparisons``:
        model constraints r2 adj_r2 f pvalue wald_f wald_pvalue (of the constraints against the full model).
        ``.agreement``: basis group n share mean_x mean_y mean_outcome. ``.conditions``: condition quantity estimate
        ci_lower ci_upper needed met. ``.verdict``: ``congruence_strict``, ``congruence_broad`` or ``no_congruence``.
        ``.shape``: ``dome``, ``bowl`` or ``saddle``. ``.fit``: n df_resid r2 adj_r2 sigma center.

    Raises
    ------
    ScaleError
        x and y have different scales, none is known, or answers lie outside it.
    DataError
        Unknown, repeated, constant or collinear columns, fewer rows than terms, unknown options.

    Notes
    -----
    ``outcome = b0 + b1 x + b2 y + b3 x² + b4 xy + b5 y²`` (Edwards & Parry, 1993). Along the line of congruence (x = y)
    slope a1 = b1 + b2 and curvature a2 = b3 + b4 + b5; along that of incongruence (x = -y) a3 = b1 - b2 and
    a4 = b3 - b4 + b5; a5 = b3 - b5. A difference score demands b1 = -b2, b3 = b4 = b5 = 0. Conditions of a congruence
    effect: Humberg, Nestler & Back (2019). R: ``lm``, ``sandwich::vcovHC``, ``car::linearHypothesis``,
    ``car::deltaMethod``.

    Examples
    --------
    >>> import cxlab as cx
    >>> survey = cx.load_dataset("ecsi_mobile")
    >>> found = cx.response_surface("satisfaction", "expectations", "quality", survey)
    >>> found.table.set_index("quantity").loc[["a1", "a4"], "estimate"].round(2).tolist()
    [0.78, 0.06]
    """
    _check(cov_type, n_boot, seed, ci, level)
    more = [covariates] if isinstance(covariates, str) else list(covariates)
    answers = complete_answers(data, outcome, [x, y, *more], weights)
    x, y = (str(name) for name in answers.frame.columns[1:3])
    ends = common_scale(answers.survey, x, y, scale, answers.guessed)
    middle = _center(center, ends, answers)
    fit = _fit(answers, middle, cov_type)
    drawn = seed_of(seed) if n_boot else None
    table, lost = _quantities_of(fit, int(n_boot), drawn, ci, level)
    conditions = condition_table(table)
    agreement = agreement_table(answers.frame, answers.weights)
    told = _scale_notices(answers, scale) + _notices(answers, fit, table, agreement, ends, middle, level)
    return ResponseSurface(
        table=table,
        coefficients=_coefficients(fit, more, level),
        comparisons=_comparisons(answers, fit),
        agreement=agreement,
        conditions=conditions,
        fit=_fit_numbers(fit, middle),
        points=answers.frame.iloc[:, :3].set_axis(["outcome", "x", "y"], axis=1),
        warnings=(
            *answers.notices,
            *told,
            *resample_notices("asymmetry.rs_resamples_lost", lost, int(n_boot), seed, drawn),
        ),
        verdict=verdict_of(conditions),
        shape=shape_of(fit.b),
        names=(str(answers.frame.columns[0]), x, y),
        scale=ends,
        cov_type=cov_type,
        level=level,
        n_boot=int(n_boot),
        seed=drawn,
        ci=ci,
        weighted=answers.weights is not None,
        labels=labels_of(answers.survey, answers.frame.columns),
        simulated=answers.simulated,
    )


def _check(cov_type: str, n_boot: int, seed: int | None, ci: str, level: float) -> None:
    check_covariance(cov_type)
    check_boot(n_boot, seed)
    check_interval(ci)
    check_level(level)


def _center(center: object, ends: Ends, answers: Answers) -> float:
    if center == "midpoint":
        return (ends[0] + ends[1]) / 2
    if center == "mean":
        return float(np.average(answers.frame.iloc[:, 1:3].mean(axis=1), weights=answers.weights))
    if isinstance(center, bool | str) or not isinstance(center, int | float | np.number) or not np.isfinite(center):
        raise DataError("asymmetry.center", value=center)
    return float(center)


def _fit(answers: Answers, middle: float, cov_type: Covariance) -> LinearFit:
    outcome = answers.frame.iloc[:, 0].to_numpy()
    try:
        return fit_linear(_terms(answers, middle), outcome, answers.weights, cov_type)
    except DataError as error:
        if error.key != "analyses.collinear":
            raise
        raise DataError("asymmetry.rs_collinear", terms=error.values["columns"]) from None


def _terms(answers: Answers, middle: float) -> pd.DataFrame:
    """The five terms, then the covariates about their means, so that the surface is that of the average respondent."""
    x, y = (answers.frame.iloc[:, place] - middle for place in (1, 2))
    first, second = (str(name) for name in answers.frame.columns[1:3])
    names = (first, second, f"{first}²", f"{first} × {second}", f"{second}²")
    terms = pd.DataFrame(dict(zip(names, (x, y, x**2, x * y, y**2), strict=True)))
    for name in answers.frame.columns[3:]:
        column = answers.frame[name]
        terms[name] = column - np.average(column, weights=answers.weights)
    return terms


def _coefficients(fit: LinearFit, covariates: Sequence[str], level: float) -> pd.DataFrame:
    found = fit.contrasts(np.eye(len(fit.b)), level)
    return pd.DataFrame(
        {
            "term": ["intercept", *TERMS, *covariates],
            "b": found.estimate,
            "se": found.se,
            "t": found.t,
            "pvalue": found.pvalue,
            "ci_lower": found.ci_lower,
            "ci_upper": found.ci_upper,
        }
    )


def _comparisons(answers: Answers, fit: LinearFit) -> pd.DataFrame:
    """Simpler models against the full one, by the F test of what they demand."""
    x, y = fit.matrix[:, 1], fit.matrix[:, 2]
    others = pd.DataFrame(fit.matrix[:, 6:]).add_prefix(" ")
    rows: list[dict[str, Any]] = []
    for model in MODELS:
        demanded = constraints(model, len(fit.b))
        columns = pd.concat([simpler_columns(model, x, y), others], axis=1)
        simple = fit_linear(columns, fit.outcome, fit.weights, "nonrobust")
        row: dict[str, Any] = {"model": model, "constraints": len(demanded), "r2": simple.r2, "adj_r2": simple.adj_r2}
        row["f"], row["pvalue"] = fit.wald(demanded, robust=False)
        row["wald_f"], row["wald_pvalue"] = fit.wald(demanded)
        rows.append(row)
    rows.append({"model": "full", "constraints": 0, "r2": fit.r2, "adj_r2": fit.adj_r2})
    return pd.DataFrame(rows, columns=["model", "constraints", "r2", "adj_r2", "f", "pvalue", "wald_f", "wald_pvalue"])


def _quantities_of(
    fit: LinearFit, n_boot: int, drawn: int | None, ci: Interval, level: float
) -> tuple[pd.DataFrame, int]:
    """The surface's quantities, with bootstrap intervals if asked for, and how many resamples gave none."""
    table = quantity_table(fit, level)
    if drawn is None:
        return table, 0
    replicates = _quantities(resampled(fit, RandomDraws(n_boot, (len(fit.outcome),), drawn)))
    bend = acceleration([_quantities(resampled(fit, LeaveOneOut((len(fit.outcome),), 0)))]) if ci == "bca" else None
    ends = intervals(replicates, table["estimate"].to_numpy(), ci, level, bend)
    lost = int((~np.isfinite(replicates)).any(axis=1).sum())
    return table.assign(ci_lower=ends.lower, ci_upper=ends.upper), lost


def _quantities(b: Array) -> Array:
    return np.hstack([b @ linear_rows(b.shape[1]).T, curved_quantities(b)])


def _fit_numbers(fit: LinearFit, middle: float) -> pd.Series:
    numbers = {"n": len(fit.outcome), "df_resid": fit.df, "r2": fit.r2, "adj_r2": fit.adj_r2, "sigma": fit.sigma}
    return pd.Series(numbers | {"center": middle})


def _scale_notices(answers: Answers, scale: object) -> list[Notice]:
    guessed = answers.guessed and scale is None
    return [*about_outcome(answers), *([Notice("asymmetry.scale_guessed", serious=True)] if guessed else [])]


def _notices(
    answers: Answers,
    fit: LinearFit,
    table: pd.DataFrame,
    agreement: pd.DataFrame,
    ends: Ends,
    middle: float,
    level: float,
) -> list[Notice]:
    if fit.perfect:
        return [Notice("asymmetry.perfect_fit", serious=True)]
    notices = []
    raw = agreement[agreement["basis"] == "raw"].set_index("group")["share"]
    if raw.drop("agree").min() < _RARE:
        rare = raw.drop("agree").idxmin()
        x, y = answers.frame.columns[1:3]
        values = {"first": x if rare == "x_higher" else y, "second": y if rare == "x_higher" else x}
        values["share"] = f"{100 * raw[rare]:.0f}"
        notices.append(Notice("asymmetry.rs_one_sided", values, serious=True))
    _, p = fit.wald(constraints("linear", len(fit.b)))
    if p >= 1 - level:
        notices.append(Notice("asymmetry.rs_flat", serious=True))
    found = table.set_index("quantity")["estimate"]
    place = [found["x0"] + middle, found["y0"] + middle]
    if not all(ends[0] <= at <= ends[1] for at in place):
        notices.append(Notice("asymmetry.rs_outside"))
    return notices
