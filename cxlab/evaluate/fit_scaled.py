"""Fit indices of corrected chi-square statistics, as lavaan 0.6 computes them.

"scaled" puts the corrected statistic into the usual formulas; "robust" estimates the same population value as the
usual index does under normality (Brosseau-Liard and Savalei, 2014; Li and Bentler, 2006), and is the one to report.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.optimize import brentq
from scipy.special import chdtr, chdtrc, chndtr
from scipy.stats import ncx2

LEVEL, CLOSE, NOT_CLOSE = 0.90, 0.05, 0.08


@dataclass(frozen=True)
class Corrected:
    """A statistic before and after correction.

    Attributes
    ----------
    chisq, df : float
        The uncorrected statistic.
    scaled_chisq, scaled_df : float
        The corrected one.
    factor : float
        What the uncorrected statistic is too large by under the model; for a shifted statistic a (df - b) / df.
    trace : float
        df of the naively scaled RMSEA: tr(U Gamma), or df for a shifted statistic.
    scaling : float
        What the uncorrected statistic was divided by, before any shift.
    shifted : bool
        Whether the correction shifts as well as scales.
    """

    chisq: float
    df: float
    scaled_chisq: float
    scaled_df: float
    factor: float
    trace: float
    scaling: float
    shifted: bool = False

    @staticmethod
    def of(
        chisq: float, df: int, scaled_chisq: float, scaled_df: float, scaling_factor: float, shift: float, trace: float
    ) -> Corrected:
        """From the numbers of a scaled test; a shift other than 0 marks the scaled and shifted statistic."""
        factor = scaling_factor * (df - shift) / df if df else math.nan
        return Corrected(chisq, df, scaled_chisq, scaled_df, factor, trace, scaling_factor, shift != 0)


def scaled_fit(
    model: Corrected, baseline: Corrected | None, n_obs: int, groups: int = 1, robust: bool = True
) -> dict[str, float]:
    """CFI, TLI and RMSEA of a corrected test.

    When to use it: behind ``fit.fit_measures`` with a robust estimator.

    Parameters
    ----------
    model, baseline : Corrected
        The model's and the baseline model's statistics.
    n_obs : int
        Rows of all groups.
    groups : int
        Number of groups.
    robust : bool
        Whether the robust indices exist: lavaan has none for ``mean.var.adjusted``.

    Returns
    -------
    dict of str to float
        ``cfi_scaled tli_scaled rmsea_scaled`` with interval and p-values, and the same with ``_robust``; nan where
        the model has no degrees of freedom.

    Notes
    -----
    Equals ``fitMeasures(fit)`` of R's lavaan 0.6-14.

    Examples
    --------
    >>> model = Corrected.of(85.306, 24, 87.132, 24, 0.97904, 0.0, 23.497)
    >>> baseline = Corrected.of(918.852, 36, 880.082, 36, 1.04405, 0.0, 37.586)
    >>> {name: round(value, 3) for name, value in scaled_fit(model, baseline, 301).items() if "cfi" in name}
    {'cfi_scaled': 0.925, 'cfi_robust': 0.93}
    """
    found: dict[str, float] = {}
    rmsea_chisq, rmsea_df = (model.scaled_chisq, model.df) if model.shifted else (model.chisq, model.trace)
    if baseline is not None:
        pair = (model.scaled_chisq, model.scaled_df, baseline.scaled_chisq, baseline.scaled_df)
        found |= {"cfi_scaled": cfi(*pair), "tli_scaled": tli(*pair)}
    found |= _named("scaled", rmsea(rmsea_chisq, rmsea_chisq, rmsea_df, n_obs, groups))
    if not robust:
        return found
    return found | robust_fit(model, baseline, n_obs, groups)


def robust_fit(model: Corrected, baseline: Corrected | None, n_obs: int, groups: int = 1) -> dict[str, float]:
    """The ``_robust`` indices alone: what lavaan gives for FIML under normality too, from its corrected statistics."""
    found: dict[str, float] = {}
    if baseline is not None:
        factors = (model.factor, baseline.factor)
        pair = (model.chisq, model.df, baseline.chisq, baseline.df)
        found |= {"cfi_robust": cfi(*pair, *factors), "tli_robust": tli(*pair, *factors)}
    corrected = rmsea(model.chisq, model.scaled_chisq, model.df, n_obs, groups, model.factor, model.scaling)
    return found | _named("robust", corrected)


def cfi(chisq: float, df: float, base: float, base_df: float, factor: float = 1.0, base_factor: float = 1.0) -> float:
    """Comparative fit index; with factors the robust one."""
    if not df > 0:
        return math.nan
    excess, base_excess = chisq - factor * df, base - base_factor * base_df
    worst = max(excess, base_excess, 0.0)
    return 1 - max(excess, 0.0) / worst if worst > 0 else 1.0


def tli(chisq: float, df: float, base: float, base_df: float, factor: float = 1.0, base_factor: float = 1.0) -> float:
    """Tucker-Lewis index; with factors the robust one."""
    base_excess = base - base_factor * base_df
    if not df > 0 or base_excess == 0:
        return math.nan
    return 1 - (chisq - factor * df) * base_df / (base_excess * df)


def rmsea(
    chisq: float, test: float, df: float, n_obs: int, groups: int = 1, factor: float = 1.0, scaling: float = 1.0
) -> dict[str, float]:
    """RMSEA from `chisq`, its interval and p-values from the statistic `test`; plain where both are the same.

    As lavaan 0.6-14 has it, a shift counts in the point estimate's `factor` but not in the interval's `scaling`.

    Examples
    --------
    >>> {name: round(value, 3) for name, value in rmsea(85.306, 85.306, 24, 301).items()}["rmsea"]
    0.092
    """
    names = ("rmsea", "rmsea_ci_lower", "rmsea_ci_upper", "rmsea_pvalue", "rmsea_notclose_pvalue")
    if not df > 0 or not math.isfinite(test) or not scaling > 0:
        return dict.fromkeys(names, math.nan)
    point = math.sqrt(max(chisq / n_obs / df - factor / n_obs, 0.0) * groups)
    tail = (1 - LEVEL) / 2
    # the corrected statistic is (nearly) chi-square; its noncentrality times the factor is the uncorrected one's
    scale = scaling * groups / (n_obs * df)
    lower, upper = (math.sqrt(_noncentrality(test, df, p) * scale) for p in (1 - tail, tail))
    close, not_close = (n_obs * df * limit**2 / (groups * scaling) for limit in (CLOSE, NOT_CLOSE))
    values = (point, lower, upper, _survival(test, df, close), float(chndtr(test, df, not_close)))
    return dict(zip(names, values, strict=True))


def _named(kind: str, found: dict[str, float]) -> dict[str, float]:
    return {f"{name}_{kind}": value for name, value in found.items()}


def _survival(statistic: float, df: float, noncentrality: float) -> float:
    return float(ncx2.sf(statistic, df, noncentrality)) if noncentrality > 0 else float(chdtrc(df, statistic))


def _noncentrality(statistic: float, df: float, probability: float) -> float:
    """The noncentrality at which a statistic this low has this probability; 0 if even the central one is below."""

    def excess(noncentrality: float) -> float:
        below = chndtr(statistic, df, noncentrality) if noncentrality > 0 else chdtr(df, statistic)
        return float(below) - probability

    if excess(0.0) <= 0:
        return 0.0
    upper = max(statistic, 1.0)
    while excess(upper) > 0:
        upper *= 2
    return float(brentq(excess, 0.0, upper, xtol=1e-10))
