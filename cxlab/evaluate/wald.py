"""The Wald test that coefficients are all zero, in any units."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]


def wald_f(estimates: Array, cov: Array, df_resid: float) -> tuple[float, float]:
    """F statistic and p-value of the hypothesis that all estimates are zero.

    Parameters
    ----------
    estimates : (k,) array
    cov : (k, k) array
        Their covariance, classical or robust.
    df_resid : float
        Denominator degrees of freedom.

    Returns
    -------
    (F, p)
        ``F = b' V^-1 b / k``; both NaN if nothing is tested or V is singular. V is scaled to correlations first, so
        that a predictor in millions does not make it look singular. R: ``lmtest::waldtest(m0, m, vcov = V)``.

    Examples
    --------
    >>> f, p = wald_f(np.array([2.0]), np.array([[1.0]]), 30)
    >>> f, round(p, 4)
    (4.0, 0.0546)
    """
    se = np.sqrt(np.diag(cov))
    if not len(se) or not (se > 0).all():
        return np.nan, np.nan
    z = estimates / se
    correlations = cov / np.outer(se, se)
    if np.linalg.cond(correlations) > 1e12:
        return np.nan, np.nan
    f = float(z @ np.linalg.solve(correlations, z) / len(z))
    return f, float(stats.f.sf(f, len(z), df_resid))
