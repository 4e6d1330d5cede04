"""Outcomes compared between groups of journeys."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from cxlab.analyses.unpack import check_level, numeric_columns
from cxlab.errors import DataError
from cxlab.journey.events_result import Events

_PROFILE = ["outcome", "cluster", "n", "mean", "sd", "ci_lower", "ci_upper"]
_TESTS = ["outcome", "f", "df1", "df2", "pvalue", "eta2"]


def profile(
    events: Events, clusters: pd.Series, outcomes: str | Sequence[str], level: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Means of outcomes in each group with Student's intervals, and Welch's test with eta².

    Raises
    ------
    DataError
        An unknown outcome, one that is no number, or one that varies within customers.
    """
    check_level(level)
    names = list(dict.fromkeys([outcomes] if isinstance(outcomes, str) else outcomes))
    rows, tests = [], []
    for name in names:
        column = events.per_customer(name)
        values = numeric_columns(column.reset_index(drop=True), [name], complete=False, constant="allow", min_rows=1)[0]
        scores = pd.Series(values[name].to_numpy(), index=column.index).reindex(clusters.index)
        if scores.nunique() < 2:
            raise DataError("touchpoints.seq_flat_outcome", outcome=name)
        groups = {int(key): part.to_numpy() for key, part in scores.dropna().groupby(clusters)}
        rows += [(name, key, *_mean(groups.get(key, np.empty(0)), level)) for key in sorted(clusters.unique())]
        tests.append((name, *_welch(list(groups.values()))))
    return pd.DataFrame(rows, columns=_PROFILE), pd.DataFrame(tests, columns=_TESTS)


def _mean(values: np.ndarray, level: float) -> tuple[int, float, float, float, float]:
    n = len(values)
    if n < 2:
        return n, float(values[0]) if n else np.nan, np.nan, np.nan, np.nan
    mean, sd = float(values.mean()), float(values.std(ddof=1))
    half = float(stats.t.ppf((1 + level) / 2, n - 1)) * sd / np.sqrt(n)
    return n, mean, sd, mean - half, mean + half


def _welch(groups: list[np.ndarray]) -> tuple[float, float, float, float, float]:
    """F, its degrees of freedom and p of Welch's test (missing where a group has no spread), and eta²."""
    from statsmodels.stats.oneway import anova_oneway

    every = np.concatenate(groups)
    between = sum(len(one) * (one.mean() - every.mean()) ** 2 for one in groups)
    eta2 = float(between / ((every - every.mean()) ** 2).sum())
    usable = [one for one in groups if len(one) > 1]
    if len(usable) < 2 or any(np.ptp(one) == 0 for one in usable):
        return np.nan, np.nan, np.nan, np.nan, eta2
    found = anova_oneway(usable, use_var="unequal", welch_correction=True)
    return float(found.statistic), float(found.df_num), float(found.df_denom), float(found.pvalue), eta2
