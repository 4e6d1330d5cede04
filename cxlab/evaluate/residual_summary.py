"""RMR, SRMR and CRMR with standard errors and tests of exact fit; unbiased versions with test of close fit."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy.stats import norm

from cxlab.evaluate.fitted import Fitted
from cxlab.evaluate.residual_tests import Residuals

LEVEL, CLOSE = 0.90, 0.05
_SCALES = {"rmr": "raw", "srmr": "cor.bentler", "crmr": "cor.bollen"}
COLUMNS = (
    *("value", "se", "exact_z", "exact_pvalue", "unbiased", "unbiased_se"),
    *("unbiased_ci_lower", "unbiased_ci_upper", "close_h0", "close_z", "close_pvalue"),
)


def residual_summary(fitted: Fitted) -> pd.DataFrame:
    """Mean residuals of a model, with what is known of their sampling.

    When to use it: SRMR is larger in small samples even for a true model; the unbiased version and its close-fit test
    say whether the misfit itself is small.

    Parameters
    ----------
    fitted : Fitted
        At its optimum; but for ML and GLS from complete data only `value` is known.

    Returns
    -------
    DataFrame
        A row for each group, measure (rmr, srmr, crmr) and part (cov, and with mean structure mean and total). Columns:
        value, se, exact_z and exact_pvalue (test of exact fit), unbiased with its standard error and 90% interval,
        close_z and close_pvalue (test that the unbiased value is at most close_h0 = 0.05). nan where all residuals of a
        part are zero by construction.

    Notes
    -----
    Maydeu-Olivares (2017). Equals the summary of ``lavaan::lavResiduals(fit, type = ...)``.

    Examples
    --------
    >>> from cxlab.specify import Model
    >>> table = Model.parse("f =~ x1 + x2 + x3 + x4").partable(std_lv=True)
    >>> cov = np.full((4, 4), 0.25) + np.diag([0.75] * 4)
    >>> cov[0, 1] = cov[1, 0] = 0.35
    >>> fitted = Fitted.of(table, [0.5, 0.5, 0.5, 0.5, 0.75, 0.75, 0.75, 0.75], cov, 100)
    >>> residual_summary(fitted).set_index("measure")["value"].round(4).to_dict()
    {'rmr': 0.0316, 'srmr': 0.0316, 'crmr': 0.0408}
    """
    residuals, p = Residuals(fitted), fitted.cov.shape[-1]
    rows = []
    for group in range(len(fitted.n_obs)):
        for measure, scale in _SCALES.items():
            found = residuals.group(group, scale)  # type: ignore[arg-type]
            lower = found.cov[np.tril_indices(p)]
            # Variances are equal by construction on the scale of correlations and do not count there.
            unused = p if measure == "crmr" else 0
            means = len(found.mean)
            parts = [("cov", lower, found.acov[means:, means:], len(lower) - unused)]
            if means:
                parts.append(("mean", found.mean, found.acov[:p, :p], p))
                parts.append(("total", np.concatenate([found.mean, lower]), found.acov, p + len(lower) - unused))
            rows += [(group + 1, measure, part, *_summary(values, acov, count)) for part, values, acov, count in parts]
    return pd.DataFrame(rows, columns=["group", "measure", "part", *COLUMNS])


def _summary(residuals: np.ndarray, acov: np.ndarray, count: int) -> tuple[float, ...]:
    squares = float(residuals @ residuals)
    value = math.sqrt(squares / count)
    trace, trace2 = float(np.trace(acov)), float((acov * acov.T).sum())
    if trace <= 1e-14 * max(squares, 1e-300) or trace < 1e-20 or squares < 1e-20:
        return (value, *[math.nan] * 7, CLOSE, math.nan, math.nan)
    se = math.sqrt(trace2 / (trace * 2 * count))
    expected = math.sqrt(trace / count) * (4 * trace**2 - trace2) / (4 * trace**2)
    exact = max(value - expected, 0.0) / se
    spread = trace2 + 2 * float(residuals @ acov @ residuals)
    correction = 1 - spread / (4 * squares**2)
    unbiased = math.sqrt(max(squares - trace, 0.0) / count) / correction
    unbiased_se = math.sqrt(spread / (2 * count * squares)) / abs(correction)
    reach = float(norm.ppf(0.5 + LEVEL / 2)) * unbiased_se
    close = (unbiased - CLOSE) / unbiased_se
    test = (value, se, exact, float(norm.sf(exact)))
    return (*test, unbiased, unbiased_se, unbiased - reach, unbiased + reach, CLOSE, close, float(norm.sf(close)))
