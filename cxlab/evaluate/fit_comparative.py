"""Fit indices that compare chi-square: with the baseline model's, and with its own expectation (RMSEA)."""

from __future__ import annotations

import math

from cxlab.evaluate.fit_input import FitInput
from cxlab.evaluate.fit_scaled import CLOSE, LEVEL, NOT_CLOSE, Corrected, cfi, rmsea, robust_fit, scaled_fit, tli

INDICES = ("cfi", "tli", "nnfi", "rfi", "nfi", "pnfi", "ifi", "rni")


def comparative_measures(data: FitInput) -> dict[str, float]:
    """CFI, TLI and their kin: plain, from the corrected tests, and robust."""
    found = _against_baseline(data.chisq, data.df, data.baseline_chisq, data.baseline_df)
    scaled, robust = data.scaled_pair, data.robust_pair
    if scaled is not None:
        model, base = scaled
        others = _against_baseline(model.scaled_chisq, model.scaled_df, base.scaled_chisq, base.scaled_df)
        found |= {f"{name}_scaled": value for name, value in others.items()}
    if robust is not None:
        found |= {"rni_robust": _robust_rni(*robust), "nnfi_robust": _robust_tli(*robust)}
    return found


def _against_baseline(chisq: float, df: float, base: float, base_df: float) -> dict[str, float]:
    if not (base_df > 0 and base > 0 and df > 0):
        return dict.fromkeys(INDICES, math.nan)
    nfi, index = (base - chisq) / base, tli(chisq, df, base, base_df)
    ratio, base_ratio = chisq / df, base / base_df
    # lavaan gives no answer for a model with more degrees of freedom than its baseline
    sane = df <= base_df
    return {
        "cfi": cfi(chisq, df, base, base_df),
        "tli": index,
        "nnfi": index,
        "rfi": (1 - ratio / base_ratio if base_ratio >= ratio else 1.0) if sane else math.nan,
        "nfi": nfi if sane else math.nan,
        "pnfi": df / base_df * nfi,
        "ifi": (base - chisq) / (base - df) if base > df else 1.0,
        "rni": 1 - (chisq - df) / (base - base_df) if base != base_df else math.nan,
    }


def _robust_rni(model: Corrected, base: Corrected) -> float:
    excess, base_excess = model.chisq - model.factor * model.df, base.chisq - base.factor * base.df
    return 1 - excess / base_excess if base_excess else math.nan


def _robust_tli(model: Corrected, base: Corrected) -> float:
    return tli(model.chisq, model.df, base.chisq, base.df, model.factor, base.factor)


def rmsea_measures(data: FitInput) -> dict[str, float]:
    """RMSEA with its interval and tests of close and not-close fit; from corrected tests CFI and TLI as well."""
    found = {"rmsea_ci_level": LEVEL, "rmsea_close_h0": CLOSE, "rmsea_notclose_h0": NOT_CLOSE}
    found |= rmsea(data.chisq, data.chisq, data.df, data.rows, data.groups)
    scaled, robust = data.scaled_pair, data.robust_pair
    if scaled is not None:
        found |= scaled_fit(*scaled, data.rows, data.groups, robust=False)
    if robust is not None:
        found |= robust_fit(*robust, data.rows, data.groups)
    return found
