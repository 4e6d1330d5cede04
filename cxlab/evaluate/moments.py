"""Skewness and excess kurtosis in the two forms that statistics programs print."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

MomentType = Literal[2, 3]
"""2 as SPSS, SAS, Excel and JASP (unbiased under normality); 3 as psych::describe, MINITAB and BMDP."""


def skewness(values: NDArray[np.float64], kind: MomentType = 3) -> float:
    """Skewness of the values: type 3 is ``m3 / s^3``, type 2 ``g1 sqrt(n(n-1)) / (n-2)``; s with n - 1.

    NaN for constant values, and for type 2 below three values. Source: Joanes & Gill (1998).
    R: ``psych::skew(x, type = 3)``.

    Examples
    --------
    >>> round(skewness(np.array([1.0, 1.0, 1.0, 4.0])), 4), round(skewness(np.array([1.0, 1.0, 1.0, 4.0]), 2), 4)
    (0.75, 2.0)
    """
    n = len(values)
    if n < 2 + (kind == 2) or np.ptp(values) == 0:
        return float("nan")
    g1 = float(stats.skew(values))
    return g1 * (n * (n - 1)) ** 0.5 / (n - 2) if kind == 2 else g1 * (1 - 1 / n) ** 1.5


def kurtosis(values: NDArray[np.float64], kind: MomentType = 3) -> float:
    """Excess kurtosis, zero for normal data: type 3 is ``m4 / s^4 - 3``, type 2 the unbiased one.

    NaN for constant values, and for type 2 below four values. Source: Joanes & Gill (1998).
    R: ``psych::kurtosi(x, type = 3)``.

    Examples
    --------
    >>> round(kurtosis(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), 2), 4)
    -1.2
    """
    n = len(values)
    if n < 2 + 2 * (kind == 2) or np.ptp(values) == 0:
        return float("nan")
    g2 = float(stats.kurtosis(values))
    if kind == 2:
        return ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3))
    return (g2 + 3) * (1 - 1 / n) ** 2 - 3
