"""Basic, performance or excitement factor: by the impact asymmetry, and how often the resamples agree."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.asymmetry_fit import LinearFit
from cxlab.errors import DataError
from cxlab.resample.intervals import Interval, acceleration, intervals

Array = NDArray[np.float64]
FACTORS = ("basic", "performance", "excitement", "none")


def check_cut(cut: object) -> None:
    """An error unless the cut is a number from 0 to below 1."""
    if isinstance(cut, bool) or not isinstance(cut, int | float | np.number) or not 0 <= float(cut) < 1:
        raise DataError("asymmetry.cut", value=cut)


def impact_asymmetry(penalty: Array, reward: Array) -> Array:
    """(reward - |penalty|) / (reward + |penalty|), wrong signs taken as zero; nan where both have the wrong sign.

    Examples
    --------
    >>> impact_asymmetry(np.array([-1.0, -0.5, 0.2]), np.array([0.0, 0.5, -0.1])).tolist()
    [-1.0, 0.0, nan]
    """
    cost, gain = np.maximum(-penalty, 0.0), np.maximum(reward, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((gain - cost) / (gain + cost))


def factor_of(asymmetry: Array, cut: float) -> NDArray[np.int_]:
    """Places in `FACTORS`.

    Examples
    --------
    >>> [FACTORS[place] for place in factor_of(np.array([-0.9, 0.1, 0.5, np.nan]), 0.2)]
    ['basic', 'performance', 'excitement', 'none']
    """
    inside = np.where(np.abs(asymmetry) <= cut, 1, np.where(asymmetry < 0, 0, 2))
    return np.where(np.isnan(asymmetry), 3, inside)


def factor_columns(
    fit: LinearFit, replicates: Array | None, cut: float, ci: Interval, level: float
) -> tuple[pd.DataFrame, int]:
    """Impact asymmetry with its interval, factor and shares of the resamples; and how many resamples gave no value.

    Coefficients stand in pairs after the intercept: penalty, reward, penalty, reward, ...
    """
    estimate = _asymmetry(fit.b[None])[0]
    factor = factor_of(estimate, cut)
    table = pd.DataFrame({"impact_asymmetry": estimate, "impact_asymmetry_ci_lower": np.nan,
                          "impact_asymmetry_ci_upper": np.nan, "factor": [FACTORS[place] for place in factor],
                          "certainty": np.nan})  # fmt: skip
    table[[f"share_{name}" for name in FACTORS]] = np.nan
    if replicates is None:
        return table, 0
    usable = replicates[np.isfinite(replicates).all(axis=1)]
    lost = len(replicates) - len(usable)
    if not len(usable):
        return table, lost
    drawn = _asymmetry(usable)
    bend = acceleration([_asymmetry(_without_each_row(fit))]) if ci == "bca" else None
    ends = intervals(drawn, estimate, ci, level, bend)
    table["impact_asymmetry_ci_lower"], table["impact_asymmetry_ci_upper"] = ends.lower, ends.upper
    shares = np.array([(factor_of(drawn, cut) == place).mean(axis=0) for place in range(len(FACTORS))])
    for place, name in enumerate(FACTORS):
        table[f"share_{name}"] = shares[place]
    table["certainty"] = shares[factor, np.arange(len(factor))]
    return table, lost


def _asymmetry(b: Array) -> Array:
    return impact_asymmetry(b[:, 1::2], b[:, 2::2])


def _without_each_row(fit: LinearFit) -> Array:
    """Coefficients (n, q) without each row in turn, in closed form; nan for a row that alone decides one."""
    weight = np.ones(len(fit.outcome)) if fit.weights is None else fit.weights
    inverse = np.linalg.inv((fit.matrix * weight[:, None]).T @ fit.matrix)
    pull = fit.matrix @ inverse * weight[:, None]
    room = 1 - (pull * fit.matrix).sum(axis=1)
    residual = fit.outcome - fit.matrix @ fit.b
    with np.errstate(invalid="ignore", divide="ignore"):
        moved = np.where(room > 1e-10, residual / room, np.nan)
    return np.asarray(fit.b - pull * moved[:, None])
