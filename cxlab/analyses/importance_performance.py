"""Importance-performance map from drivers: what matters, how well it goes today, and where to begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.drivers import check_folds, check_numbers, draw, fit_numbers
from cxlab.analyses.drivers_input import DriverData, driver_data
from cxlab.analyses.drivers_methods import SHARES, chosen_methods
from cxlab.analyses.drivers_notices import driver_notices
from cxlab.analyses.drivers_tables import Spread, coefficient_table
from cxlab.analyses.importance_performance_result import ImportancePerformanceMap
from cxlab.analyses.weights import Weights
from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import DataError, Notice
from cxlab.resample.draws import Draws, LeaveOneOut, RandomDraws
from cxlab.resample.intervals import Interval, acceleration, check_interval, check_level, intervals
from cxlab.resample.moments import weighted_moments
from cxlab.survey.survey import Survey, as_survey

Array = NDArray[np.float64]
Ends = tuple[float, float]
QUADRANTS = ("concentrate", "keep", "low_priority", "overkill")


def importance_performance(
    outcome: str,
    predictors: Sequence[str],
    data: Survey | pd.DataFrame,
    importance: str = "lmg",
    *,
    scale: Ends | Mapping[str, Ends] | None = None,
    covariates: Sequence[str] = (),
    weights: Weights | None = None,
    n_boot: int = 1000,
    ci: Interval = "percentile",
    level: float = 0.95,
    folds: int = 5,
    seed: int = 0,
) -> ImportancePerformanceMap:
    """Importance for an outcome against today's performance, with intervals on both, and where to begin.

    When to use it: to choose among experiences to improve, where importance is derived from the answers (not asked).
    The lines between the quadrants are means over the drivers, so some driver is always below them.

    Parameters
    ----------
    outcome, predictors, data, covariates, weights, n_boot, ci, level, folds, seed
        As in `cxlab.drivers`; predictors are plain columns or constructs.
    importance : str
        One method of `cxlab.drivers`.
    scale : (lowest, highest) or mapping of predictor to (lowest, highest), optional
        Ends of the answer scales; by default the codebook's.

    Returns
    -------
    ImportancePerformanceMap
        ``.table``: predictor importance importance_lower importance_upper share performance performance_lower
        performance_upper quadrant quadrant_draws priority_draws. Performance is the mean on a scale from 0 (lowest
        answer) to 100; reversed items are turned. ``quadrant_draws`` is the share of resamples in the same quadrant,
        ``priority_draws`` that in "concentrate" (above the mean in importance, below it in performance).

    Raises
    ------
    DataError
        As `cxlab.drivers`; a category; ends of a scale unknown, in the wrong order, or passed by answers.

    Notes
    -----
    Martilla & James (1977), with derived importance; on what such maps hide, Oh (2001).

    Examples
    --------
    >>> import cxlab as cx
    >>> survey = cx.load_dataset("yellow_pages")
    >>> found = cx.importance_performance("q1", ["q2", "q4", "q6", "q8"], survey, n_boot=200)
    >>> found.table.set_index("predictor").loc["q4", "quadrant"]
    'concentrate'
    """
    check_numbers(n_boot=(n_boot, 0), folds=(folds, 2), seed=(seed, 0))
    check_interval(ci)
    check_level(level)
    if not isinstance(importance, str) or importance == "all":
        raise DataError("drivers.one_method", value=importance)
    ready = driver_data(outcome, predictors, data, covariates=covariates, weights=weights)
    chosen, _ = chosen_methods(importance, ready)
    if "permutation" in chosen:
        check_folds(folds, len(ready.values))
    scores, told = _rescaled(ready, as_survey(data), scale, isinstance(data, pd.DataFrame), covariates)
    sample, drawn, left = draw(ready, chosen, n_boot, ci, folds, seed, pairs=(False, False))
    spread = Spread(sample, drawn, left, ci, level)
    table = _table(ready, spread, importance, scores, seed)
    coefficients = coefficient_table(ready, weighted_moments(ready.weights[None], ready.values)[1][0])
    fit = fit_numbers(ready, spread, n_boot)
    notices = [*driver_notices(ready, coefficients, fit, chosen, ()), *told, *_negative(coefficients)]
    return ImportancePerformanceMap(
        table=table.sort_values("importance", ascending=False, ignore_index=True),
        fit=fit,
        warnings=tuple(notices),
        outcome=ready.outcome,
        importance=importance,
        ci=ci,
        level=level,
        seed=seed,
        labels=ready.labels,
    )


def _rescaled(
    data: DriverData, survey: Survey, scale: Ends | Mapping[str, Ends] | None, guessed: bool, covariates: Sequence[str]
) -> tuple[Array, list[Notice]]:
    """Scores from 0 to 100, reversed items turned, and what to say about that."""
    ahead = 1 if isinstance(covariates, str) else len(covariates)
    factors = [term[0] for term in data.formula.terms[ahead:]]
    odd = [str(factor) for factor in factors if factor.function] + [
        name for name, size in zip(data.names, data.sizes, strict=True) if size > 1
    ]
    if odd or not data.numeric:
        raise DataError("drivers.performance_category", names=", ".join(dict.fromkeys(odd or data.columns)))
    chosen = _chosen(scale, data.names)
    ends = [own if own is not None else _own_ends(survey, name) for name, own in zip(data.names, chosen, strict=True)]
    unknown = [name for name, own in zip(data.names, ends, strict=True) if own is None]
    if unknown:
        raise DataError("drivers.no_scale", names=", ".join(unknown))
    scores = np.column_stack(
        [_to_hundred(name, data.raw[:, k], own) for k, (name, own) in enumerate(zip(data.names, ends, strict=True))]
    )
    items = survey.codebook.items
    turned = [name for name in data.names if name in items and items[name].reversed]
    for name in turned:
        scores[:, data.names.index(name)] = 100 - scores[:, data.names.index(name)]
    notices = [Notice("drivers.performance_turned", {"names": ", ".join(turned)})] if turned else []
    if guessed and any(own is None for own in chosen):
        notices.append(Notice("drivers.ends_guessed", {"ends": _listed(data.names, ends)}, serious=True))
    return scores, notices


def _chosen(scale: Ends | Mapping[str, Ends] | None, names: Sequence[str]) -> list[Any]:
    """What `scale` says of each driver; None where it is silent."""
    if not isinstance(scale, Mapping):
        return [scale] * len(names)
    given = {nfc(str(name)): ends for name, ends in scale.items()}
    unknown = [name for name in given if name not in names]
    if unknown:
        hint = did_you_mean(unknown[0], names)
        raise DataError("drivers.scale_unknown", name=unknown[0], hint=hint, known=", ".join(names))
    return [given.get(name) for name in names]


def _own_ends(survey: Survey, name: str) -> Ends | None:
    """The codebook's ends of an item, or of a construct's items."""
    items = survey.codebook.items
    own = [name] if name in items else list(survey.codebook.items_of(name)) if name in survey.constructs else []
    known = {(items[one].min, items[one].max) for one in own if one in survey.frame}
    low, high = known.pop() if len(known) == 1 else (None, None)
    return None if low is None or high is None else (low, high)


def _to_hundred(name: str, values: Array, ends: object) -> Array:
    try:
        low, high = (float(end) for end in ends)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise DataError("drivers.bad_scale", name=name, scale=ends) from None
    if not low < high:
        raise DataError("drivers.bad_scale", name=name, scale=ends)
    if values.min() < low - 1e-9 or values.max() > high + 1e-9:
        shown = {key: f"{value:g}" for key, value in zip(("least", "most", "low", "high"),
                 (values.min(), values.max(), low, high), strict=True)}  # fmt: skip
        raise DataError("drivers.outside_scale", name=name, **shown)
    return np.asarray(100 * (values - low) / (high - low))


def _listed(names: Sequence[str], ends: Sequence[Ends | None]) -> str:
    return ", ".join(f"{name} {own[0]:g}–{own[1]:g}" for name, own in zip(names, ends, strict=True) if own)


def _means(data: DriverData, scores: Array, draws: Draws) -> Array:
    step = max(1, 2_000_000 // len(scores))
    found = []
    for first in range(0, draws.size, step):
        counts = draws.counts(first, min(first + step, draws.size))[0] * data.weights
        found.append(counts @ scores / counts.sum(axis=1, keepdims=True))
    return np.concatenate(found)


def _table(data: DriverData, spread: Spread, method: str, scores: Array, seed: int) -> pd.DataFrame:
    value = spread.sample.methods[method][0]
    lower, upper = spread.ends(lambda one: one.methods[method])
    mean = np.average(scores, axis=0, weights=data.weights)
    place = _quadrants(value[None], mean[None])[0]
    table = pd.DataFrame({"predictor": data.names, "importance": value, "importance_lower": lower,
                          "importance_upper": upper, "share": value / value.sum() if method in SHARES else np.nan,
                          "performance": mean, "performance_lower": np.nan, "performance_upper": np.nan,
                          "quadrant": [QUADRANTS[k] for k in place], "quadrant_draws": np.nan,
                          "priority_draws": np.nan})  # fmt: skip
    if spread.drawn is None:
        return table
    n = (len(scores),)
    means = _means(data, scores, RandomDraws(len(spread.drawn.r2), n, seed))
    a = acceleration([_means(data, scores, LeaveOneOut(n, 0))]) if spread.left is not None else None
    ends = intervals(means, mean, spread.ci, spread.level, a)
    found = spread.drawn.methods[method]
    sound = np.isfinite(found).all(axis=1)
    places = _quadrants(found[sound], means[sound])
    return table.assign(
        performance_lower=ends.lower,
        performance_upper=ends.upper,
        quadrant_draws=(places == place).mean(axis=0) if len(places) else np.nan,
        priority_draws=(places == 0).mean(axis=0) if len(places) else np.nan,
    )


def _quadrants(importance: Array, performance: Array) -> NDArray[np.int_]:
    """Places in `QUADRANTS`, by the means over the drivers."""
    matters = importance >= importance.mean(axis=1, keepdims=True)
    well = performance >= performance.mean(axis=1, keepdims=True)
    return np.where(matters, np.where(well, 1, 0), np.where(well, 3, 2))


def _negative(coefficients: pd.DataFrame) -> list[Notice]:
    """More of these drivers goes with less of the outcome: raising them would not be the improvement."""
    names = coefficients.loc[coefficients["r"] < 0, "column"]
    return [Notice("drivers.negative_relation", {"names": ", ".join(names)}, serious=True)] if len(names) else []
