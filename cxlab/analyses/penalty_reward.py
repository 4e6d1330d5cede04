"""Penalty-reward contrasts: what low performance costs, what high performance adds, and whether the two differ."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cxlab.analyses.asymmetry_data import Answers, about_outcome, complete_answers, labels_of
from cxlab.analyses.asymmetry_fit import (
    Covariance,
    LinearFit,
    check_covariance,
    fit_linear,
    resample_notices,
    resampled,
)
from cxlab.analyses.penalty_reward_classes import FEW, Classes, Limits, Split, check_split, classes_of
from cxlab.analyses.penalty_reward_factors import check_cut, factor_columns
from cxlab.analyses.penalty_reward_result import PenaltyReward
from cxlab.analyses.unpack import check_level
from cxlab.analyses.validity_htmt import check_boot, seed_of
from cxlab.analyses.weights import Weights
from cxlab.errors import Notice
from cxlab.resample.draws import RandomDraws
from cxlab.resample.intervals import Interval, check_interval
from cxlab.survey.survey import Survey


def penalty_reward(
    outcome: str,
    attributes: str | Sequence[str],
    data: Survey | pd.DataFrame,
    *,
    low: Limits = None,
    high: Limits = None,
    split: Split = "scale",
    weights: Weights | None = None,
    cov_type: Covariance = "HC3",
    cut: float = 0.2,
    n_boot: int = 1000,
    seed: int | None = None,
    ci: Interval = "percentile",
    level: float = 0.95,
) -> PenaltyReward:
    """Penalty and reward of each attribute, the test that they differ, and how surely it is a basic or exciting factor.

    When to use it: attribute ratings and one overall judgement, and the question which attributes are taken for granted
    (low performance costs, high performance adds nothing) and which delight.

    Parameters
    ----------
    outcome : str
        Overall satisfaction or another judgement: a column, or a construct of the codebook (mean of its items).
    attributes : str or sequence of str
        Ratings of performance, columns or constructs. Reversed items are turned first.
    data : Survey or DataFrame
        One row a respondent. Rows with a missing answer in any variable are left out, and counted.
    low, high : number or mapping of attribute to number, optional
        At or below `low` counts as low performance, at or above `high` as high. Default: see `split`.
    split : {"scale", "sample"}
        Limits not given: the lowest and the highest third of the codebook's scale, each answer one step wide (1-2 and
        4-5 of 1 to 5, 1-2 and 6-7 of 1 to 7), or of the respondents. Use the latter for skewed scores, where hardly
        anyone is low on the scale; low then means lower than others.
    weights : str, sequence of float or Series, optional
        Survey weights.
    cov_type : {"HC3", "HC2", "HC1", "HC0", "nonrobust"}
        Kind of standard errors.
    cut : float
        Impact asymmetry beyond ±`cut` makes a basic (below) or an excitement factor (above); between 0 and 1.
    n_boot : int
        Resamples of the rows for the interval of the impact asymmetry and the certainty of the classes; 0 for none.
    seed : int, optional
        Of the resamples. Without it one is drawn and reported.
    ci : {"percentile", "basic", "bc", "bca"}
        Bootstrap interval.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    PenaltyReward
        ``.table`` (one row an attribute): attribute low high n_low n_mid n_high mean_low mean_mid mean_high; penalty
        and reward, each with _se _t _pvalue _ci_lower _ci_upper; asymmetry (reward + penalty) with the same; bend
        (gain per scale point above the middle less that below) with the same; impact_range with _ci_lower _ci_upper;
        impact_asymmetry with _ci_lower _ci_upper; wald_f wald_pvalue (penalty and reward both zero); factor
        (``basic``, ``performance``, ``excitement``, ``none`` if the joint test finds no effect, ``wrong_sign``,
        ``too_few`` with fewer than 10 in a class) certainty (share of resamples with the same factor) share_basic
        share_performance share_excitement share_none. ``.fit``: n df_resid r2 adj_r2 sigma linear_r2 linear_adj_r2
        asymmetry_f asymmetry_pvalue.

    Raises
    ------
    DataError
        An attribute without scale and limits or off its scale, nobody in the low, middle or high class, constant or
        collinear columns, fewer rows than terms, limits in the wrong order.

    Notes
    -----
    Least squares of the outcome on two dummies an attribute, all attributes together: low (its coefficient is the
    penalty) and high (the reward), the middle as reference (Brandt, 1987). ``impact_asymmetry = (reward - |penalty|) /
    (reward + |penalty|)``, a coefficient of the wrong sign taken as zero (Mikulić & Prebežac, 2008). The test of
    ``reward + penalty = 0`` takes low and high to lie equally far from the middle; ``bend`` divides each by the
    distance of the class means first, so that a straight line has no bend. R: ``lm``, ``sandwich::vcovHC``,
    ``car::linearHypothesis(m, "high + low = 0", vcov. = V)``.

    Examples
    --------
    >>> import cxlab as cx
    >>> found = cx.penalty_reward("q1", ["q2", "q4"], cx.load_dataset("yellow_pages"), n_boot=200, seed=1)
    >>> found.table[["attribute", "penalty", "reward", "factor"]].round(2).values.tolist()
    [['q2', -0.76, 0.65, 'performance'], ['q4', -2.21, 1.86, 'performance']]
    """
    names = [attributes] if isinstance(attributes, str) else list(attributes)
    _check(cov_type, cut, n_boot, seed, ci, level)
    check_split(split)
    answers = complete_answers(data, outcome, names, weights)
    names = list(answers.frame.columns[1:])
    classes, told = classes_of(answers, names, low, high, split)
    fit = fit_linear(_dummies(classes), answers.frame.iloc[:, 0].to_numpy(), answers.weights, cov_type)
    table = _table(classes, fit, level)
    drawn = seed_of(seed) if n_boot else None
    replicates = None if drawn is None else resampled(fit, RandomDraws(int(n_boot), (len(answers.frame),), drawn))
    factors, lost = factor_columns(fit, replicates, cut, ci, level)
    table = _with_verdict(pd.concat([table, factors], axis=1), 1 - level)
    numbers = _fit_numbers(answers, classes, fit)
    told += [
        *_fit_notices(table, fit, numbers, 1 - level),
        *resample_notices("asymmetry.resamples_lost", lost, int(n_boot), seed, drawn),
    ]
    return PenaltyReward(
        table=table,
        fit=numbers,
        warnings=(*answers.notices, *about_outcome(answers), *told),
        outcome=str(answers.frame.columns[0]),
        cov_type=cov_type,
        cut=float(cut),
        level=level,
        n_boot=int(n_boot),
        seed=drawn,
        ci=ci,
        weighted=answers.weights is not None,
        labels=labels_of(answers.survey, answers.frame.columns),
        simulated=answers.simulated,
    )


def _check(cov_type: str, cut: float, n_boot: int, seed: int | None, ci: str, level: float) -> None:
    check_covariance(cov_type)
    check_cut(cut)
    check_boot(n_boot, seed)
    check_interval(ci)
    check_level(level)


def _dummies(classes: Classes) -> pd.DataFrame:
    """Low and high of each attribute side by side, as numbers."""
    columns = {}
    for name, low, high in classes.table[["attribute", "low", "high"]].itertuples(index=False):
        columns[f"{name} ≤ {low:g}"], columns[f"{name} ≥ {high:g}"] = classes.low[name], classes.high[name]
    return pd.DataFrame(columns).astype(float)


def _table(classes: Classes, fit: LinearFit, level: float) -> pd.DataFrame:
    table = classes.table.copy()
    k = len(table)
    penalty, reward = np.eye(2 * k + 1)[1::2], np.eye(2 * k + 1)[2::2]
    below = (table["mean_mid"] - table["mean_low"]).to_numpy()[:, None]
    above = (table["mean_high"] - table["mean_mid"]).to_numpy()[:, None]
    asked = {
        "penalty": penalty,
        "reward": reward,
        "asymmetry": reward + penalty,
        "bend": reward / above + penalty / below,
        "impact_range": reward - penalty,
    }
    for name, rows in asked.items():
        found = fit.contrasts(rows, level)
        for part in ("", "_se", "_t", "_pvalue", "_ci_lower", "_ci_upper"):
            if name != "impact_range" or part not in ("_t", "_pvalue"):
                table[name + part] = getattr(found, part[1:] or "estimate")
    tests = [fit.wald(np.vstack([penalty[i], reward[i]])) for i in range(k)]
    table["wald_f"], table["wald_pvalue"] = [f for f, _ in tests], [p for _, p in tests]
    return table


def _with_verdict(table: pd.DataFrame, alpha: float) -> pd.DataFrame:
    """No factor, and no certainty of one, without an effect or without respondents to show it."""
    idle = ~(table["wald_pvalue"] < alpha)
    few = table[["n_low", "n_mid", "n_high"]].min(axis=1) < FEW
    against = _against(table, alpha)
    factor = table["factor"].mask(idle, "none").mask(against, "wrong_sign").mask(few, "too_few")
    return table.assign(factor=factor, certainty=table["certainty"].mask(idle | against | few))


def _against(table: pd.DataFrame, alpha: float) -> pd.Series:
    """Attributes of which low performance pleases or high performance costs, beyond chance."""
    pleases = (table["penalty"] > 0) & (table["penalty_pvalue"] < alpha)
    return pleases | ((table["reward"] < 0) & (table["reward_pvalue"] < alpha))


def _fit_numbers(answers: Answers, classes: Classes, fit: LinearFit) -> pd.Series:
    """Fit of the contrasts, of the attributes as they are, and the test that all contrasts are symmetric."""
    k = len(classes.table)
    both = np.eye(2 * k + 1)[1::2] + np.eye(2 * k + 1)[2::2]
    f, p = fit.wald(both)
    straight = fit_linear(answers.frame.iloc[:, 1:], fit.outcome, fit.weights, "nonrobust")
    return pd.Series(
        {
            "n": len(fit.outcome),
            "df_resid": fit.df,
            "r2": fit.r2,
            "adj_r2": fit.adj_r2,
            "sigma": fit.sigma,
            "linear_r2": straight.r2,
            "linear_adj_r2": straight.adj_r2,
            "asymmetry_f": f,
            "asymmetry_pvalue": p,
        }
    )


def _fit_notices(table: pd.DataFrame, fit: LinearFit, numbers: pd.Series, alpha: float) -> list[Notice]:
    if fit.perfect:
        return [Notice("asymmetry.perfect_fit", serious=True)]
    notices = []
    wrong = table.loc[_against(table, alpha), "attribute"]
    if len(wrong):
        notices.append(Notice("asymmetry.wrong_sign", {"names": ", ".join(wrong)}, serious=True))
    straight = table[(table["asymmetry_pvalue"] < alpha) & (table["bend_pvalue"] >= alpha)]
    if len(straight):
        notices.append(Notice("asymmetry.no_bend", {"names": ", ".join(straight["attribute"])}, serious=True))
    if numbers["linear_adj_r2"] > numbers["adj_r2"]:
        notices.append(Notice("asymmetry.lines_fit_better"))
    return notices
