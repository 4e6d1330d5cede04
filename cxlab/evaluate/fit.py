"""Fit measures of a structural equation model, under lavaan's names and by lavaan's formulas."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from cxlab.errors import Notice
from cxlab.evaluate.fit_absolute import absolute_measures
from cxlab.evaluate.fit_comparative import INDICES, comparative_measures, rmsea_measures
from cxlab.evaluate.fit_input import FitInput

__all__ = ["FIT_NAMES", "FitInput", "fit_measures", "fit_names", "fit_notices", "no_fit_measures"]

_RMSEA = ("rmsea", "rmsea_ci_lower", "rmsea_ci_upper", "rmsea_pvalue", "rmsea_notclose_pvalue")
_ABSOLUTE = ("cn_05", "cn_01", "gfi", "agfi", "pgfi", "mfi")
# Without degrees of freedom a model reproduces the data by construction: these say nothing about it.
_NEED_DF = ("pvalue", *INDICES, *_RMSEA, *_ABSOLUTE)


def fit_names(scaled: str | None = None, robust: bool = False) -> tuple[str, ...]:
    """lavaan's names in lavaan's order, ``_`` for ``.``.

    Parameters
    ----------
    scaled : str, optional
        Which corrected test there is, in lavaan's words; None for the plain one.
    robust : bool
        Whether there are robust versions of CFI, TLI and RMSEA.

    Examples
    --------
    >>> len(fit_names()), len(fit_names("yuan.bentler.mplus", robust=True))
    (46, 78)
    """
    test, base, likelihood = ["fmin", "chisq", "df", "pvalue"], ["chisq", "df", "pvalue"], ["logl", "unrestricted_logl"]
    first, other = ["cfi", "tli"], ["nnfi", "rfi", "nfi", "pnfi", "ifi", "rni"]
    baseline = [f"baseline_{name}" for name in base]
    rmsea = [*_RMSEA[:3], "rmsea_ci_level", "rmsea_pvalue", "rmsea_close_h0"]
    rmsea += ["rmsea_notclose_pvalue", "rmsea_notclose_h0"]
    likelihood += ["aic", "bic", "ntotal", "bic2"]
    groups = [test, baseline, first, other, likelihood, rmsea]
    if scaled:
        corrected = [f"{name}_scaled" for name in base] + ["chisq_scaling_factor"]
        test += corrected
        baseline += [f"baseline_{name}" for name in corrected]
        first += ["cfi_scaled", "tli_scaled"]
        other += [f"{name}_scaled" for name in ("nnfi", "rfi", "nfi", "pnfi", "ifi", "rni")]
        rmsea += [f"{name}_scaled" for name in _RMSEA]
    if scaled == "yuan.bentler.mplus":
        likelihood += ["scaling_factor_h1", "scaling_factor_h0"]
    if robust:
        first += ["cfi_robust", "tli_robust"]
        other += ["nnfi_robust", "rni_robust"]
        rmsea += [f"{name}_robust" for name in _RMSEA]
    residual = [*("rmr", "rmr_nomean", "srmr", "srmr_bentler", "srmr_bentler_nomean", "crmr", "crmr_nomean")]
    residual += ["srmr_mplus", "srmr_mplus_nomean"]
    return ("npar", *(name for group in groups for name in group), *residual, *_ABSOLUTE, "ecvi")


FIT_NAMES = fit_names()


def fit_measures(data: FitInput) -> tuple[pd.Series, tuple[Notice, ...]]:
    """lavaan's fit measures: any estimator, several groups, means, corrected tests.

    When to use it: behind a fitted model (``fit.fit_measures``), or, with `FitInput.of_matrices`, on matrices from a
    paper.

    Parameters
    ----------
    data : FitInput
        Test statistics, likelihoods and moments.

    Returns
    -------
    measures : Series of float
        Index `fit_names`; nan where a measure does not apply.
    notices : tuple of Notice
        Why a measure does not apply.

    Notes
    -----
    Equals ``fitMeasures(fit)`` of lavaan 0.6-14 but for a model without degrees of freedom, where lavaan prints CFI = 1
    and RMSEA = 0 and this function gives nan with a notice. Robust CFI, TLI and RMSEA: Brosseau-Liard & Savalei (2014),
    Brosseau-Liard, Savalei & Li (2012); with missing answers Zhang & Savalei (2022).

    Examples
    --------
    >>> cov = np.array([[1.0, 0.5], [0.5, 1.0]])
    >>> measures, notices = fit_measures(FitInput.of_matrices(cov, np.eye(2), n_obs=100, npar=2))
    >>> round(measures["chisq"], 2), measures["df"]
    (np.float64(28.77), np.float64(1.0))
    """
    kind = data.scaled.kind if data.scaled else None
    names = fit_names(kind, data.robust_pair is not None)
    measures = _tests(data) | _likelihood(data) | comparative_measures(data) | rmsea_measures(data)
    measures |= absolute_measures(data)
    if data.df == 0:
        gone = {name for name in names if name.removesuffix("_scaled").removesuffix("_robust") in _NEED_DF}
        measures |= dict.fromkeys(gone, math.nan)
    values = [measures.get(name, math.nan) for name in names]
    return pd.Series(values, list(names), dtype=float), fit_notices(data)


def no_fit_measures(names: tuple[str, ...] = FIT_NAMES) -> pd.Series:
    """All measures as nan: for a model that did not converge.

    Examples
    --------
    >>> int(no_fit_measures().isna().sum()) == len(FIT_NAMES)
    True
    """
    return pd.Series(math.nan, index=list(names), dtype=float)


def _tests(data: FitInput) -> dict[str, float]:
    found = {
        "npar": data.npar,
        "fmin": data.chisq / data.total / 2,
        "chisq": data.chisq,
        "df": data.df,
        "pvalue": data.pvalue,
        "baseline_chisq": data.baseline_chisq,
        "baseline_df": data.baseline_df,
        "baseline_pvalue": data.baseline_pvalue,
        "ntotal": data.total,
    }
    for prefix, test in (("", data.scaled), ("baseline_", data.baseline_scaled)):
        if test is not None:
            found |= {f"{prefix}chisq_scaled": test.chisq, f"{prefix}df_scaled": test.df}
            found |= {f"{prefix}pvalue_scaled": test.pvalue, f"{prefix}chisq_scaling_factor": test.scaling_factor}
    return found


def _likelihood(data: FitInput) -> dict[str, float]:
    deviance = -2 * data.logl
    return {
        "logl": data.logl,
        "unrestricted_logl": data.unrestricted_logl,
        "aic": deviance + 2 * data.npar,
        "bic": deviance + data.npar * math.log(data.total),
        "bic2": deviance + data.npar * math.log((data.total + 2) / 24),
        "scaling_factor_h0": data.scaling_h0,
        "scaling_factor_h1": data.scaling_h1,
    }


def fit_notices(data: FitInput) -> tuple[Notice, ...]:
    """Why measures do not apply, without computing them.

    Examples
    --------
    >>> [notice.key for notice in fit_notices(FitInput.of_matrices(np.eye(2), np.eye(2), n_obs=100, npar=3))]
    ['sem.saturated']
    """
    found = []
    if data.df == 0:
        found.append(Notice("sem.saturated"))
    if data.estimator != "ML":
        found.append(Notice("sem.no_likelihood", {"estimator": data.estimator}))
    if data.estimator == "ULS":
        found.append(Notice("sem.uls_no_test", serious=True))
    if data.baseline_chisq - data.baseline_df <= 0 and data.df > 0 and np.isfinite(data.baseline_chisq):
        found.append(Notice("sem.baseline_fits", serious=True))
    return tuple(found)
