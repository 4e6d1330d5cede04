"""Fit measures of a covariance structure, under lavaan's names and by lavaan's formulas."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.stats import chi2, ncx2

from cxlab.errors import Notice

RMSEA_LEVEL, RMSEA_CLOSE, RMSEA_NOT_CLOSE = 0.90, 0.05, 0.08

FIT_NAMES = (
    *("npar", "fmin", "chisq", "df", "pvalue", "baseline_chisq", "baseline_df", "baseline_pvalue"),
    *("cfi", "tli", "nnfi", "rfi", "nfi", "pnfi", "ifi", "rni"),
    *("logl", "unrestricted_logl", "aic", "bic", "ntotal", "bic2"),
    *("rmsea", "rmsea_ci_lower", "rmsea_ci_upper", "rmsea_ci_level", "rmsea_pvalue", "rmsea_close_h0"),
    *(
        "rmsea_notclose_pvalue",
        "rmsea_notclose_h0",
        "rmr",
        "srmr",
        "cn_05",
        "cn_01",
        "gfi",
        "agfi",
        "pgfi",
        "mfi",
        "ecvi",
    ),
)
# Without degrees of freedom a model reproduces the data by construction: these say nothing about it.
_NEED_DF = (
    *("pvalue", "cfi", "tli", "nnfi", "rfi", "nfi", "pnfi", "ifi", "rni", "rmsea", "rmsea_ci_lower", "rmsea_ci_upper"),
    *("rmsea_pvalue", "rmsea_notclose_pvalue", "cn_05", "cn_01", "gfi", "agfi", "pgfi", "mfi"),
)


@dataclass(frozen=True)
class FitInput:
    """What fit measures are computed from: S and Sigma (p, p) with divisor n, n, and the number of free parameters."""

    cov: np.ndarray
    implied: np.ndarray
    n_obs: int
    npar: int

    @property
    def df(self) -> int:
        """Degrees of freedom of a covariance structure without means."""
        items = len(self.cov)
        return items * (items + 1) // 2 - self.npar


def fit_measures(cov: np.ndarray, implied: np.ndarray, n_obs: int, npar: int) -> tuple[pd.Series, tuple[Notice, ...]]:
    """lavaan's fit measures for one group, maximum likelihood and complete data.

    When to use it: behind a fitted model (``fit.fit_measures``), or on matrices from a paper.

    Parameters
    ----------
    cov, implied : ndarray (p, p)
        Sample and model covariance matrix, divisor n.
    n_obs : int
        Rows.
    npar : int
        Free parameters, means not counted.

    Returns
    -------
    measures : Series of float
        Index `FIT_NAMES`, lavaan's names with ``_`` for ``.``; nan where a measure does not apply.
    notices : tuple of Notice
        Why a measure does not apply.

    Notes
    -----
    chi-square is n F_ML ("normal" likelihood); the log-likelihood is that of the data with means estimated freely
    and not counted, as lavaan gives it without a mean structure. SRMR is Bentler's. Equals
    ``fitMeasures(fit)`` of lavaan 0.6, but for a model without degrees of freedom, where lavaan prints CFI = 1 and
    RMSEA = 0 and this function gives nan with a notice.

    Examples
    --------
    >>> cov = np.array([[1.0, 0.5], [0.5, 1.0]])
    >>> measures, notices = fit_measures(cov, np.eye(2), n_obs=100, npar=2)
    >>> round(measures["chisq"], 2), measures["df"]
    (np.float64(28.77), np.float64(1.0))
    """
    data = FitInput(cov, implied, n_obs, npar)
    measures = _test(data)
    chisq, base = measures["chisq"], (measures["baseline_chisq"], measures["baseline_df"])
    measures |= _incremental(chisq, data.df, *base)
    measures |= _information(data)
    measures |= _rmsea(chisq, data.df, n_obs)
    measures |= _residual(data)
    measures |= _absolute(chisq, data)
    notices: tuple[Notice, ...] = ()
    if data.df == 0:
        measures |= dict.fromkeys(_NEED_DF, math.nan)
        notices = (Notice("sem.saturated"),)
    return pd.Series(measures, dtype=float).reindex(list(FIT_NAMES)), notices


def no_fit_measures() -> pd.Series:
    """All measures as nan: for a model that did not converge."""
    return pd.Series(math.nan, index=list(FIT_NAMES), dtype=float)


def _test(data: FitInput) -> dict[str, float]:
    items = len(data.cov)
    distance = _log_det(data.implied) - _log_det(data.cov) + _trace_ratio(data) - items
    chisq = data.n_obs * max(distance, 0.0)
    spread = np.sqrt(np.diag(data.cov))
    baseline, baseline_df = -data.n_obs * _log_det(data.cov / np.outer(spread, spread)), items * (items - 1) // 2
    return {
        "npar": data.npar,
        "fmin": chisq / data.n_obs / 2,
        "chisq": chisq,
        "df": data.df,
        "pvalue": _upper(chisq, data.df),
        "baseline_chisq": baseline,
        "baseline_df": baseline_df,
        "baseline_pvalue": _upper(baseline, baseline_df),
        "ntotal": data.n_obs,
    }


def _incremental(chisq: float, df: int, base: float, base_df: float) -> dict[str, float]:
    """Comparisons with the model of uncorrelated items."""
    if base_df == 0 or base <= 0 or df == 0:
        return dict.fromkeys(("cfi", "tli", "nnfi", "rfi", "nfi", "pnfi", "ifi", "rni"), math.nan)
    excess, base_excess = chisq - df, base - base_df
    worst = max(excess, base_excess, 0.0)
    tli = 1 - (excess * base_df) / (base_excess * df) if base_excess else math.nan
    nfi = (base - chisq) / base
    return {
        "cfi": 1 - max(excess, 0.0) / worst if worst > 0 else 1.0,
        "tli": tli,
        "nnfi": tli,
        "rfi": min((base / base_df - chisq / df) / (base / base_df), 1.0),
        "nfi": nfi,
        "pnfi": df / base_df * nfi,
        "ifi": (base - chisq) / (base - df) if base > df else 1.0,
        "rni": 1 - excess / base_excess if base_excess else math.nan,
    }


def _information(data: FitInput) -> dict[str, float]:
    items, n_obs, npar = len(data.cov), data.n_obs, data.npar
    constant = items * math.log(2 * math.pi)
    logl = -n_obs / 2 * (constant + _log_det(data.implied) + _trace_ratio(data))
    return {
        "logl": logl,
        "unrestricted_logl": -n_obs / 2 * (constant + _log_det(data.cov) + items),
        "aic": -2 * logl + 2 * npar,
        "bic": -2 * logl + npar * math.log(n_obs),
        "bic2": -2 * logl + npar * math.log((n_obs + 2) / 24),
    }


def _rmsea(chisq: float, df: int, n_obs: int) -> dict[str, float]:
    """RMSEA, its interval by inverting the non-central chi-square, and the tests of close and not-close fit."""
    levels = {"rmsea_ci_level": RMSEA_LEVEL, "rmsea_close_h0": RMSEA_CLOSE, "rmsea_notclose_h0": RMSEA_NOT_CLOSE}
    if df == 0:
        return levels
    tail = (1 - RMSEA_LEVEL) / 2
    scale = n_obs * df
    return levels | {
        "rmsea": math.sqrt(max(chisq - df, 0.0) / scale),
        "rmsea_ci_lower": math.sqrt(_noncentrality(chisq, df, 1 - tail) / scale),
        "rmsea_ci_upper": math.sqrt(_noncentrality(chisq, df, tail) / scale),
        "rmsea_pvalue": float(ncx2.sf(chisq, df, scale * RMSEA_CLOSE**2)),
        "rmsea_notclose_pvalue": float(ncx2.cdf(chisq, df, scale * RMSEA_NOT_CLOSE**2)),
    }


def _noncentrality(chisq: float, df: int, probability: float) -> float:
    """The non-centrality at which a chi-square this low has this probability; 0 if even the central one is below."""

    def excess(noncentrality: float) -> float:
        below = chi2.cdf(chisq, df) if noncentrality == 0 else ncx2.cdf(chisq, df, noncentrality)
        return float(below) - probability

    if excess(0.0) <= 0:
        return 0.0
    upper = max(chisq, 1.0)
    while excess(upper) > 0:
        upper *= 2
    return float(brentq(excess, 0.0, upper, xtol=1e-10))


def _residual(data: FitInput) -> dict[str, float]:
    lower = np.tril_indices(len(data.cov))
    spread = np.sqrt(np.diag(data.cov))
    residual = data.cov - data.implied
    standardised = residual / np.outer(spread, spread)
    return {
        "rmr": float(np.sqrt((residual[lower] ** 2).mean())),
        "srmr": float(np.sqrt((standardised[lower] ** 2).mean())),
    }


def _absolute(chisq: float, data: FitInput) -> dict[str, float]:
    items, n_obs, df = len(data.cov), data.n_obs, data.df
    moments = items * (items + 1) / 2
    ratio = np.linalg.solve(data.implied, data.cov)
    off = ratio - np.eye(items)
    gfi = 1 - float(np.trace(off @ off) / np.trace(ratio @ ratio))
    per_row = chisq / n_obs
    return {
        "cn_05": float(chi2.ppf(0.95, df)) / per_row + 1 if df and per_row else math.nan,
        "cn_01": float(chi2.ppf(0.99, df)) / per_row + 1 if df and per_row else math.nan,
        "gfi": gfi,
        "agfi": 1 - moments / df * (1 - gfi) if df else math.nan,
        "pgfi": df / moments * gfi,
        "mfi": math.exp(-0.5 * (chisq - df) / n_obs),
        "ecvi": per_row + 2 * data.npar / n_obs,
    }


def _log_det(matrix: np.ndarray) -> float:
    return float(np.linalg.slogdet(matrix)[1])


def _trace_ratio(data: FitInput) -> float:
    """tr(S Sigma^-1)."""
    return float(np.trace(np.linalg.solve(data.implied, data.cov)))


def _upper(chisq: float, df: int) -> float:
    return float(chi2.sf(chisq, df)) if df else math.nan
