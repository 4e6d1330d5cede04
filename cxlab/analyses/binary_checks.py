"""How well a binary model's probabilities separate the answers, and how well they are calibrated."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from cxlab.analyses.choice_data import ChoiceData
from cxlab.errors import DataError

Array = NDArray[np.float64]
_GROUPS = 10


def agreement(data: ChoiceData, chances: Array) -> pd.Series:
    """Share of ones, area under the ROC curve, Brier score; weighted as the model is."""
    from sklearn.metrics import roc_auc_score

    share = float(np.average(data.codes, weights=data.weights))
    brier = float(np.average((data.codes - chances) ** 2, weights=data.weights))
    auc = float(roc_auc_score(data.codes, chances, sample_weight=data.weights))
    return pd.Series({"share": share, "auc": auc, "brier": brier})


def grouped(data: ChoiceData, chances: Array, groups: int = _GROUPS) -> pd.DataFrame:
    """Respondents in groups of like probability, cut at R's quantiles (type 7): n, observed and expected ones."""
    if isinstance(groups, bool) or not isinstance(groups, int | np.integer) or groups < 2:
        raise DataError("choice.groups", groups=groups)
    weights = data.weights
    cuts = np.unique(_quantiles(chances, weights, np.linspace(0, 1, groups + 1)))
    own = np.clip(np.searchsorted(cuts, chances, side="left") - 1, 0, max(len(cuts) - 2, 0))
    size = max(len(cuts) - 1, 1)
    return pd.DataFrame(
        {
            "group": np.arange(1, size + 1),
            "n": np.bincount(own, weights, size),
            "observed": np.bincount(own, weights * data.codes, size),
            "expected": np.bincount(own, weights * chances, size),
        }
    )


def _quantiles(values: Array, weights: Array, shares: Array) -> Array:
    """Type 7 quantiles of values that stand for `weights` respondents each."""
    order = np.argsort(values, kind="stable")
    values, ends = values[order], np.cumsum(weights[order])
    place = (ends[-1] - 1) * shares
    lower = np.searchsorted(ends, np.floor(place + 1e-9) + 0.5).clip(max=len(values) - 1)
    upper = np.searchsorted(ends, np.ceil(place - 1e-9) + 0.5).clip(max=len(values) - 1)
    part = place - np.floor(place + 1e-9)
    return values[lower] + np.clip(part, 0, 1) * (values[upper] - values[lower])


def hosmer_lemeshow(data: ChoiceData, chances: Array) -> pd.Series:
    """The Hosmer-Lemeshow test in ten groups; missing with survey weights, and with fewer than three groups."""
    table = grouped(data, chances)
    df = len(table) - 2
    missing = pd.Series({"hl": np.nan, "hl_df": np.nan, "hl_pvalue": np.nan})
    if data.sampling is not None or df < 1:
        return missing
    expected, n = table["expected"], table["n"]
    chisq = float(((table["observed"] - expected) ** 2 / (expected * (1 - expected / n))).sum())
    return pd.Series({"hl": chisq, "hl_df": df, "hl_pvalue": stats.chi2.sf(chisq, df)})


def calibration_table(data: ChoiceData, chances: Array, groups: int, level: float) -> pd.DataFrame:
    """Predicted and observed shares by group, with Wilson's interval."""
    table = grouped(data, chances, groups)
    n, share = table["n"], table["observed"] / table["n"]
    z = stats.norm.isf((1 - level) / 2)
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return pd.DataFrame(
        {
            "group": table["group"],
            "n": n,
            "predicted": table["expected"] / n,
            "observed": share,
            "ci_lower": middle - half,
            "ci_upper": middle + half,
        }
    )


def classified(data: ChoiceData, chances: Array, cutoff: float) -> pd.Series:
    """How many answers a cutoff on the probability gets right, weighted as the model is."""
    if not 0 < cutoff < 1:
        raise DataError("choice.cutoff", cutoff=cutoff)
    said, given = chances >= cutoff, data.codes == 1

    def total(rows: NDArray[np.bool_]) -> float:
        return float(data.weights[rows].sum())

    hits, false_alarms = total(said & given), total(said & ~given)
    misses, rejections = total(~said & given), total(~said & ~given)
    everyone = hits + false_alarms + misses + rejections
    return pd.Series(
        {
            "cutoff": cutoff,
            "true_positive": hits,
            "false_positive": false_alarms,
            "false_negative": misses,
            "true_negative": rejections,
            "accuracy": (hits + rejections) / everyone,
            "majority": max(hits + misses, false_alarms + rejections) / everyone,
            "sensitivity": hits / (hits + misses),
            "specificity": rejections / (rejections + false_alarms),
            "precision": hits / (hits + false_alarms) if hits + false_alarms else np.nan,
        }
    )
