"""How many segments: information criteria and how clearly cases are told apart."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

# Which end of a criterion is good.
CRITERIA: Mapping[str, str] = {
    "aic": "min", "aic3": "min", "aic4": "min", "bic": "min", "caic": "min", "hq": "min", "mdl5": "min", "en": "max",
    "nfi": "max", "nec": "min",
}  # fmt: skip


def criteria(
    likelihood: float, parameters: int, posterior: NDArray[np.float64], one_segment: float
) -> dict[str, float]:
    """Criteria of a solution with posteriors (K, n); `one_segment` is the log-likelihood of the undivided sample.

    AIC, AIC3, AIC4, BIC, CAIC, HQ (Hannan & Quinn), MDL5 = -2 logL + penalty x parameters, penalties 2, 3, 4, ln n,
    ln n + 1, 2 ln ln n, 5 ln n. E = -sum p ln p; EN = 1 - E / (n ln K); NFI = (K sum p² - n) / (n (K - 1)), the
    non-fuzzy index; NEC = E / (logL - logL of one segment), by convention 1 for one segment. Source: Sarstedt, Becker,
    Ringle & Schwaiger (2011); NEC by Celeux & Soromenho (1996).

    Examples
    --------
    >>> found = criteria(-100.0, 5, np.array([[1.0, 0.5], [0.0, 0.5]]), -110.0)
    >>> found["aic"], round(found["en"], 3), found["nfi"]
    (210.0, 0.5, 0.5)
    """
    segments, n = posterior.shape
    log_n = np.log(n)
    penalties = {"aic": 2, "aic3": 3, "aic4": 4, "bic": log_n, "caic": log_n + 1, "hq": 2 * np.log(log_n)}
    penalties["mdl5"] = 5 * log_n
    found = {name: float(-2 * likelihood + penalty * parameters) for name, penalty in penalties.items()}
    if segments == 1:
        return found | {"en": np.nan, "nfi": np.nan, "nec": 1.0}
    p = np.clip(posterior, 1e-300, 1)
    entropy = float(-(posterior * np.log(p)).sum())
    found["en"] = 1 - entropy / (n * float(np.log(segments)))
    found["nfi"] = float((segments * (posterior**2).sum() - n) / (n * (segments - 1)))
    gain = likelihood - one_segment
    found["nec"] = entropy / gain if gain > 0 else np.nan
    return found
