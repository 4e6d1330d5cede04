"""How well a factor solution reproduces the correlations, under the names and by the formulas of R's psych."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy.stats import chi2

from cxlab.evaluate.fit_scaled import rmsea


def degrees_of_freedom(items: int, factors: int) -> int:
    """Correlations less free parameters: ((p - m)^2 - p - m) / 2.

    Examples
    --------
    >>> degrees_of_freedom(9, 3)
    12
    """
    return ((items - factors) ** 2 - items - factors) // 2


def most_factors(items: int) -> int:
    """The most factors with degrees of freedom of 0 or more.

    Examples
    --------
    >>> most_factors(9), most_factors(3)
    (5, 1)
    """
    return max((m for m in range(1, items) if degrees_of_freedom(items, m) >= 0), default=0)


def fit_measures(corr: np.ndarray, residuals: np.ndarray, factors: int, n_obs: int | None) -> pd.Series:
    """Fit of a solution with residual correlations (p, p; zero on the diagonal).

    Parameters
    ----------
    corr : ndarray (p, p)
    residuals : ndarray (p, p)
    factors : int
    n_obs : int or None
        Rows; without them what depends on n is nan.

    Returns
    -------
    Series
        objective chisq df pvalue null_objective null_chisq null_df tli rmsea rmsea_ci_lower rmsea_ci_upper bic sabic
        rmsr crmsr srmr empirical_chisq empirical_pvalue empirical_bic fit_off.

    Notes
    -----
    Equals ``psych::fa``: its objective, STATISTIC, dof, PVAL, null.model, null.chisq, null.dof, TLI, RMSEA (90%
    interval), BIC, SABIC, rms, crms, chi, EPVAL, EBIC, fit.off. The objective is maximum likelihood's for every method
    of extraction, and Bartlett's correction multiplies it: chisq = (n - 1 - (2p + 5)/6 - 2m/3) objective. ``srmr``
    divides by p(p + 1)/2 as lavaan does, ``rmsr`` by p(p - 1)/2.
    """
    size = len(corr)
    df = degrees_of_freedom(size, factors)
    found = {"df": float(df), **_residual_measures(corr, residuals, df, n_obs)}
    found |= {"objective": _discrepancy(corr, corr - residuals), "null_objective": -float(np.linalg.slogdet(corr)[1])}
    found["null_df"] = size * (size - 1) / 2
    if n_obs is not None:
        found |= _tests(found, size, factors, n_obs)
    return pd.Series(found, dtype=float).reindex(list(FIT_NAMES))


FIT_NAMES = (
    "objective", "chisq", "df", "pvalue", "null_objective", "null_chisq", "null_df", "tli", "rmsea", "rmsea_ci_lower",
    "rmsea_ci_upper", "bic", "sabic", "rmsr", "crmsr", "srmr", "empirical_chisq", "empirical_pvalue", "empirical_bic",
    "fit_off",
)  # fmt: skip


def _discrepancy(corr: np.ndarray, implied: np.ndarray) -> float:
    """Maximum likelihood's discrepancy; nan if the implied correlations are not positive definite."""
    if np.linalg.eigvalsh(implied)[0] <= 0:
        return math.nan
    ratio = np.linalg.solve(implied, corr)
    return float(np.trace(ratio) - np.linalg.slogdet(ratio)[1] - len(corr))


def _residual_measures(corr: np.ndarray, residuals: np.ndarray, df: int, n_obs: int | None) -> dict[str, float]:
    size = len(corr)
    squares = float((residuals**2).sum())
    found = {
        "rmsr": math.sqrt(squares / (size * (size - 1))),
        "srmr": math.sqrt(squares / (size * (size + 1))),
        "fit_off": 1 - squares / float((corr**2).sum() - size),
    }
    if df > 0:
        found["crmsr"] = math.sqrt(squares / (2 * df))
    if n_obs is not None:
        chisq = squares * n_obs
        found["empirical_chisq"] = chisq
        if df > 0:
            found |= {"empirical_pvalue": float(chi2.sf(chisq, df)), "empirical_bic": chisq - df * math.log(n_obs)}
    return found


def _tests(known: dict[str, float], size: int, factors: int, n_obs: int) -> dict[str, float]:
    df, null_df = int(known["df"]), known["null_df"]
    base = n_obs - 1 - (2 * size + 5) / 6
    weight = base - 2 * factors / 3
    chisq = max(known["objective"] * weight, 0.0) if math.isfinite(known["objective"]) else math.nan
    found = {"chisq": chisq, "null_chisq": known["null_objective"] * base}
    if df <= 0 or weight <= 0 or not math.isfinite(chisq):
        return found
    per_df, null_per_df = known["objective"] / df, known["null_objective"] / null_df
    interval = rmsea(chisq, chisq, df, n_obs - 1)
    return found | {
        "pvalue": float(chi2.sf(chisq, df)),
        "tli": (null_per_df - per_df) / (null_per_df - 1 / weight),
        "rmsea": math.sqrt(max(chisq / (df * n_obs) - 1 / (n_obs - 1), 0.0)),
        "rmsea_ci_lower": interval["rmsea_ci_lower"],
        "rmsea_ci_upper": interval["rmsea_ci_upper"],
        "bic": chisq - df * math.log(n_obs),
        "sabic": chisq - df * math.log((n_obs + 2) / 24),
    }
