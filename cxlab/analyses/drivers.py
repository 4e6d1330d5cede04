"""Key drivers: how much of an outcome's variance each predictor accounts for, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Integral

import numpy as np
import pandas as pd

from cxlab.analyses.drivers_input import DriverData, driver_data
from cxlab.analyses.drivers_methods import MOST_DRIVERS, Measured, chosen_methods, measure
from cxlab.analyses.drivers_notices import driver_notices
from cxlab.analyses.drivers_result import Drivers
from cxlab.analyses.drivers_tables import (
    Spread,
    coefficient_table,
    difference_table,
    dominance_tables,
    importance_table,
)
from cxlab.analyses.weights import Weights
from cxlab.errors import DataError
from cxlab.resample.draws import Draws, GivenDraws, LeaveOneOut, RandomDraws
from cxlab.resample.intervals import Interval, check_interval, check_level
from cxlab.resample.moments import weighted_moments
from cxlab.survey.survey import Survey


def drivers(
    outcome: str,
    predictors: Sequence[str],
    data: Survey | pd.DataFrame,
    method: str | Sequence[str] = "lmg",
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    covariates: Sequence[str] = (),
    weights: Weights | None = None,
    n_boot: int = 1000,
    ci: Interval = "percentile",
    level: float = 0.95,
    folds: int = 5,
    seed: int = 0,
) -> Drivers:
    """Which experiences drive an outcome: importance of each, with intervals, differences and ranks.

    When to use it: an outcome that can be treated as an interval, and two to fifteen experiences that go together, so
    that no single coefficient says what each is worth. It describes shares of explained variance; that raising a
    driver raises the outcome is a further claim, which needs a design.

    Parameters
    ----------
    outcome : str
        A column or one of the codebook's constructs (mean of its items, reversed ones turned).
    predictors : sequence of str
        Two or more columns or constructs. One variable as a formula writes it works too: ``"C(sector)"``,
        ``"log(spend)"``. A category is one driver of several columns.
    data : Survey or DataFrame
        One row a respondent. Rows with a missing answer in any variable are left out, and counted.
    method : str or sequence of str
        ``"lmg"``: what a driver adds to R², averaged over all orders of entry (Shapley). ``"dominance"``: the same
        number (general dominance), with the dominance tables in resamples. ``"relative_weights"``: Johnson's.
        ``"pmvd"``: proportional marginal variance decomposition. ``"beta"``: standardised coefficients.
        ``"zero_order"``: squared correlations; ``"structure"``: those divided by R². ``"permutation"``: mean drop of
        cross-validated R² when a driver's answers are shuffled. ``"all"``: all of these that apply.
    groups : mapping of name to list of predictors, optional
        Drivers that enter and leave together and count as one, as relaimpo's `groups`.
    covariates : sequence of str
        Always in the model; what they explain is set aside before the drivers share the rest (relaimpo's `always`).
    weights : str or sequence of float, optional
        Survey weights: a column, or one number a row.
    n_boot : int
        Resamples of respondents; 0 gives no intervals.
    ci : {"percentile", "basic", "bc", "bca"}
    level : float
        Confidence level, between 0 and 1.
    folds : int
        Folds of the cross-validation behind ``"permutation"`` (10 repeats).
    seed : int

    Returns
    -------
    Drivers
        ``.table``: method predictor importance ci_lower ci_upper share share_lower share_upper rank rank_lower
        rank_upper first_share same_rank_share. ``.differences``: method first second difference ci_lower ci_upper
        agreement distinct (differences of sizes, without sign). ``.coefficients``: predictor column r beta t vif.
        ``.fit``: n effective_n r2 r2_lower r2_upper adj_r2 r2_covariates r2_cv n_boot used. ``.dominance()``,
        ``.plot()``.

    Raises
    ------
    DataError
        Unknown, constant or collinear drivers; fewer than two; more than fifteen for "lmg", "dominance" or "pmvd";
        a category or group where a method knows single columns only.

    Notes
    -----
    All methods start from covariances, computed for all resamples at once. A driver's share is of the R² beyond the
    covariates. Shares of "lmg", "dominance", "pmvd" and "relative_weights" are never negative, so that an interval
    above zero is no test of a driver; differences between drivers are what intervals can tell. R:
    ``relaimpo::calc.relimp(type = c("lmg", "pmvd", "betasq", "first"), always = , groups = )``.

    Examples
    --------
    >>> import cxlab as cx
    >>> survey = cx.load_dataset("yellow_pages")
    >>> found = cx.drivers("q1", ["q2", "q5", "q9"], survey, n_boot=200)
    >>> found.table[["predictor", "rank"]].to_dict("list")
    {'predictor': ['q2', 'q5', 'q9'], 'rank': [1, 2, 3]}
    """
    check_numbers(n_boot=(n_boot, 0), folds=(folds, 2), seed=(seed, 0))
    check_interval(ci)
    check_level(level)
    ready = driver_data(outcome, predictors, data, covariates=covariates, groups=groups, weights=weights)
    chosen, barred = chosen_methods(method, ready)
    if "permutation" in chosen:
        check_folds(folds, len(ready.values))
    named = method == "all" or "dominance" in chosen
    few = len(ready.names) <= MOST_DRIVERS
    sample, drawn, left = draw(ready, chosen, n_boot, ci, folds, seed, pairs=(few, few and named))
    cov = weighted_moments(ready.weights[None], ready.values)[1][0]
    coefficients = coefficient_table(ready, cov)
    spread = Spread(sample, drawn, left, ci, level)
    pairs, means = dominance_tables(ready, sample, drawn if named else None)
    fit = fit_numbers(ready, spread, n_boot)
    return Drivers(
        table=importance_table(ready, spread),
        differences=difference_table(ready, spread),
        coefficients=coefficients,
        fit=fit,
        dominance_pairs=pairs,
        dominance_means=means,
        warnings=driver_notices(ready, coefficients, fit, chosen, barred),
        outcome=ready.outcome,
        methods=chosen,
        covariates=tuple(covariates) if not isinstance(covariates, str) else (covariates,),
        ci=ci,
        level=level,
        seed=seed,
        labels=ready.labels,
    )


def check_numbers(**given: tuple[object, int]) -> None:
    """An error for a count that is no whole number, or too small; given as name=(value, least)."""
    for name, (value, least) in given.items():
        if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
            raise DataError("resample.whole_number", name=name, value=value, least=least)


def check_folds(folds: int, rows: int) -> None:
    """An error for more folds than two rows each allow."""
    if 2 * folds > rows:
        raise DataError("drivers.folds", folds=folds, rows=rows)


def draw(
    data: DriverData, methods: Sequence[str], n_boot: int, ci: Interval, folds: int, seed: int, pairs: tuple[bool, bool]
) -> tuple[Measured, Measured | None, Measured | None]:
    """The sample, its resamples, and for BCa the sample without each row."""
    n = (len(data.values),)

    def measured(draws: Draws, with_pairs: bool) -> Measured:
        return measure(data, draws, methods, folds=folds, seed=seed, pairs=with_pairs)

    sample = measured(GivenDraws((np.arange(n[0])[None],), n), pairs[0])
    drawn = measured(RandomDraws(n_boot, n, seed), pairs[1]) if n_boot else None
    left = measured(LeaveOneOut(n, 0), False) if n_boot and ci == "bca" else None
    return sample, drawn, left


def fit_numbers(data: DriverData, spread: Spread, n_boot: int) -> pd.Series:
    """What the regression as a whole explains."""
    from cxlab.analyses.weights import effective_n

    n, k = data.values.shape[0], data.values.shape[1] - 1
    r2 = float(spread.sample.r2[0])
    lower, upper = spread.ends(lambda one: one.r2[:, None])
    numbers = {
        "n": n,
        "effective_n": effective_n(data.weights),
        "r2": r2,
        "r2_lower": lower[0],
        "r2_upper": upper[0],
        "adj_r2": 1 - (1 - r2) * (n - 1) / (n - k - 1),
        "r2_covariates": float(spread.sample.r2_covariates[0]),
        "r2_cv": float(spread.sample.r2_cv[0]),
        "n_boot": n_boot,
        "used": n_boot - (spread.drawn.failed if spread.drawn is not None else 0),
    }
    return pd.Series(numbers)
