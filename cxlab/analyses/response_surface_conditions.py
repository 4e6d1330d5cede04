"""Who agrees and who does not, and whether a surface meets the conditions of a congruence effect."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]
# Condition, quantity, what is needed of its interval, and whether the broad sense needs it too.
_CONDITIONS = (
    ("ridge_slope", "p11", "covers", True),
    ("ridge_place", "p10", "covers", True),
    ("ridge_alike", "a5", "covers", True),
    ("falls_off", "a4", "below", True),
    ("no_tilt", "a3", "covers", True),
    ("level_slope", "a1", "covers", False),
    ("level_curve", "a2", "covers", False),
)
GROUPS = ("x_lower", "agree", "x_higher")


def agreement_table(frame: pd.DataFrame, weights: Array | None) -> pd.DataFrame:
    """Respondents with x below, about equal to and above y: basis group n share mean_x mean_y mean_outcome.

    ``standardised`` compares z scores, equal within half a standard deviation (Fleenor et al., 1996; Shanock et al.,
    2010), and so answers who is relatively higher; ``raw`` compares answers, equal within half the standard deviation
    of x and y pooled.
    """
    weight = np.ones(len(frame)) if weights is None else weights
    outcome, x, y = (frame.iloc[:, place].to_numpy() for place in range(3))
    spreads = [_spread(values, weight) for values in (x, y)]
    z = [(values - np.average(values, weights=weight)) / s for values, s in zip((x, y), spreads, strict=True)]
    pooled = float(np.sqrt(np.mean(np.square(spreads))))
    rows = []
    for basis, difference in (("standardised", z[0] - z[1]), ("raw", (x - y) / pooled)):
        inside = (difference < -0.5, np.abs(difference) <= 0.5, difference > 0.5)
        for group, own in zip(GROUPS, inside, strict=True):
            means = [np.average(v[own], weights=weight[own]) if own.any() else np.nan for v in (x, y, outcome)]
            rows.append((basis, group, int(own.sum()), weight[own].sum() / weight.sum(), *means))
    return pd.DataFrame(rows, columns=["basis", "group", "n", "share", "mean_x", "mean_y", "mean_outcome"])


def condition_table(table: pd.DataFrame) -> pd.DataFrame:
    """Each condition with the quantity it rests on, its interval, what is needed, and whether the interval allows it.

    ``covers``: the interval holds the value of a perfect ridge along x = y, so that the condition is not refuted; a
    wide interval refutes nothing. ``below``: the interval lies below zero.
    """
    known = table.set_index("quantity")
    rows = []
    for condition, quantity, needed, broad in _CONDITIONS:
        own = known.loc[quantity]
        low, high, null = (float(own[name]) for name in ("ci_lower", "ci_upper", "null"))
        met = high < 0 if needed == "below" else low <= null <= high
        rows.append((condition, quantity, own["estimate"], low, high, needed, null, bool(met), broad))
    names = ["condition", "quantity", "estimate", "ci_lower", "ci_upper", "needed", "null", "met", "broad"]
    return pd.DataFrame(rows, columns=names)


def verdict_of(conditions: pd.DataFrame) -> str:
    """``congruence_strict`` if all conditions are met, ``congruence_broad`` without those on the line of congruence."""
    if conditions["met"].all():
        return "congruence_strict"
    return "congruence_broad" if conditions.loc[conditions["broad"], "met"].all() else "no_congruence"


def _spread(values: Array, weight: Array) -> float:
    mean = np.average(values, weights=weight)
    n = len(values)
    return float(np.sqrt(np.average((values - mean) ** 2, weights=weight) * n / (n - 1)))
