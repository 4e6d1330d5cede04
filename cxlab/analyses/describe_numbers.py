"""One column in numbers, of respondents as they are or weighted to the people they stand for."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.evaluate.moments import MomentType, kurtosis, skewness
from cxlab.evaluate.reliability import cronbach_alpha

Array = NDArray[np.float64]
# Sums of weights that differ by less are the same sum, added in another order.
_SAME = 1e-12


def column_numbers(values: Array, weights: Array | None, moments: MomentType = 3) -> dict[str, float]:
    """mean, sd, median, skewness and kurtosis of the answers to one question.

    With weights w: mean ``Σwx / Σw``; sd the root of ``n/(n-1) Σw(x - mean)² / Σw``; the median by `weighted_quantile`;
    skewness and kurtosis from ``m_k = Σw(x - mean)^k / Σw``, corrected for n as without weights. n counts respondents.
    R: ``survey::svymean``, ``sqrt(svyvar)``, ``svyquantile(qrule = "school")`` with ``svydesign(~1, weights = ~w)``.

    Examples
    --------
    >>> {name: round(x, 3) for name, x in column_numbers(np.array([1.0, 2, 4]), np.array([1.0, 1, 2])).items()}
    {'mean': 2.75, 'sd': 1.591, 'median': 3.0, 'skewness': -0.116, 'kurtosis': -2.431}
    """
    if weights is None:
        column = pd.Series(values)
        plain = {"mean": column.mean(), "sd": column.std(), "median": column.median()}
        return plain | {"skewness": skewness(values, moments), "kurtosis": kurtosis(values, moments)}
    n, mean = len(values), float(np.average(values, weights=weights))
    m2, m3, m4 = (float(np.average((values - mean) ** k, weights=weights)) for k in (2, 3, 4))
    skew, bend = _shape(m2, m3, m4, n, moments) if np.ptp(values) > 0 else (np.nan, np.nan)
    return {
        "mean": mean,
        "sd": float(np.sqrt(m2 * n / (n - 1))) if n > 1 else np.nan,
        "median": weighted_quantile(values, weights, 0.5),
        "skewness": skew,
        "kurtosis": bend,
    }


def weighted_quantile(values: Array, weights: Array, share: float) -> float:
    """The answer below which this share of the weight lies; the middle of two where the share ends between them.

    With equal weights the 0.5 quantile is the ordinary median. R: ``survey::svyquantile(qrule = "school")``.

    Examples
    --------
    >>> weighted_quantile(np.array([1.0, 2.0, 4.0, 5.0]), np.ones(4), 0.5)
    3.0
    """
    points, place = np.unique(values, return_inverse=True)
    below = np.cumsum(np.bincount(place, weights))
    wanted = share * below[-1]
    at = min(int(np.searchsorted(below, wanted - _SAME * below[-1])), len(points) - 1)
    between = abs(below[at] - wanted) <= _SAME * below[-1] and at + 1 < len(points)
    return float((points[at] + points[at + 1]) / 2 if between else points[at])


def weighted_counts(values: pd.Series, weights: pd.Series | None) -> pd.Series:
    """Answers by point; with weights in units of respondents, so that they add up to the answers given."""
    if weights is None:
        return values.value_counts()
    own = weights.loc[values.index]
    return own.groupby(values).sum() * (len(own) / own.sum())


def correlations(frame: pd.DataFrame, weights: pd.Series | None) -> pd.DataFrame:
    """Of complete columns. R: ``cov.wt(x, w, cor = TRUE)$cor``."""
    if weights is None:
        return frame.corr()
    cov = np.cov(frame, rowvar=False, aweights=weights.loc[frame.index]).reshape(len(frame.columns), -1)
    spread = np.sqrt(np.where(np.diag(cov) > 0, np.diag(cov), np.nan))
    return pd.DataFrame(cov / np.outer(spread, spread), frame.columns, frame.columns)


def weighted_alpha(items: pd.DataFrame, weights: pd.Series) -> float:
    """Cronbach's alpha of the weighted covariances of the rows complete in all items."""
    whole = items.dropna()
    return cronbach_alpha(np.cov(whole, rowvar=False, aweights=weights.loc[whole.index]))


def _shape(m2: float, m3: float, m4: float, n: int, moments: MomentType) -> tuple[float, float]:
    """Skewness and excess kurtosis from moments, in the form asked for (see `cxlab.evaluate.moments`)."""
    g1, g2 = m3 / m2**1.5, m4 / m2**2 - 3
    if moments == 3:
        return g1 * (1 - 1 / n) ** 1.5, (g2 + 3) * (1 - 1 / n) ** 2 - 3
    skew = g1 * np.sqrt(n * (n - 1)) / (n - 2) if n > 2 else np.nan
    return skew, ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3)) if n > 3 else np.nan
