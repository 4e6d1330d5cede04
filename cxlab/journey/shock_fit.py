"""Segmented regression of a series: level and slope after each shock, errors that allow for autocorrelation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import toeplitz
from scipy.optimize import minimize_scalar
from scipy.stats import t as student

Array = NDArray[np.float64]
Errors = Literal["newey_west", "ar1", "ols"]


@dataclass(frozen=True, eq=False)
class Segmented:
    """A fitted series.

    Attributes
    ----------
    design : DataFrame (n, k)
        const, trend, then ``level_<j>`` and ``slope_<j>`` for shock j from 1, then seasons.
    values : (k,) array
    covariance : (k, k) array
    df : float
        Degrees of freedom of t: n - k.
    phi : float
        AR(1) coefficient ("ar1"), else the residuals' first autocorrelation.
    """

    design: pd.DataFrame
    values: Array
    covariance: Array
    df: float
    phi: float
    r2: float

    def combine(self, weights: Mapping[str, float]) -> tuple[float, float]:
        """A linear combination of coefficients, and its standard error."""
        c = np.array([weights.get(name, 0.0) for name in self.design.columns])
        return float(c @ self.values), float(np.sqrt(max(c @ self.covariance @ c, 0.0)))


def design_matrix(t: Array, places: Sequence[int], slope: bool, season: int | None) -> pd.DataFrame:
    """Trend, steps, slopes counted from each shock's first period, and season dummies; `t` in periods from 0.

    Examples
    --------
    >>> design_matrix(np.arange(4.0), [2], True, None).to_numpy().tolist()
    [[1.0, 0.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0], [1.0, 2.0, 1.0, 0.0], [1.0, 3.0, 1.0, 1.0]]
    """
    columns = {"const": np.ones(len(t)), "trend": t}
    for j, place in enumerate(places, 1):
        after = (np.arange(len(t)) >= place).astype(float)
        columns[f"level_{j}"] = after
        if slope:
            columns[f"slope_{j}"] = np.maximum(t - t[place], 0.0) * after
    for k in range(1, season or 0):
        columns[f"season_{k}"] = (t % (season or 1) == k).astype(float)
    return pd.DataFrame(columns)


def newey_west_lags(n: int) -> int:
    """Lags by Newey & West's (1994) rule of thumb, floor(4 (n/100)^(2/9)), at least 1.

    Examples
    --------
    >>> newey_west_lags(60)
    3
    """
    return max(1, int(np.floor(4 * (n / 100) ** (2 / 9))))


def fit_series(y: Array, design: pd.DataFrame, errors: Errors, lags: int) -> Segmented:
    """OLS with Newey-West errors (factor n/(n - k)), GLS with AR(1) errors by REML, or plain OLS."""
    import statsmodels.api as sm

    x = design.to_numpy()
    n, k = x.shape
    if errors == "ar1":
        phi = _reml_phi(y, x)
        fitted = sm.GLS(y, x, sigma=toeplitz(phi ** np.arange(n))).fit()
    else:
        phi = float("nan")
        robust = {"cov_type": "HAC", "cov_kwds": {"maxlags": lags, "use_correction": True}, "use_t": True}
        fitted = sm.OLS(y, x).fit(**(robust if errors == "newey_west" else {}))
    values = np.asarray(fitted.params)
    rest = y - x @ values
    if errors != "ar1":
        phi = float(rest[1:] @ rest[:-1] / (rest @ rest)) if rest @ rest > 0 else float("nan")
    total = y - y.mean()
    return Segmented(
        design, values, np.asarray(fitted.cov_params()), n - k, phi, float(1 - rest @ rest / (total @ total))
    )


def _reml_phi(y: Array, x: Array) -> float:
    """The AR(1) coefficient that maximises the restricted likelihood, as ``nlme::gls(..., corAR1())``."""

    def minus(phi: float) -> float:
        # whitened by the exact transform of a stationary AR(1)
        root = np.sqrt(1 - phi**2)
        yw = np.concatenate([[root * y[0]], y[1:] - phi * y[:-1]])
        xw = np.vstack([root * x[0], x[1:] - phi * x[:-1]])
        b, *_ = np.linalg.lstsq(xw, yw, rcond=None)
        rss = float(np.sum((yw - xw @ b) ** 2))
        _sign, logdet = np.linalg.slogdet(xw.T @ xw)
        n, k = x.shape
        return float((n - k) * np.log(rss) + logdet - 2 * np.log(root))

    found = minimize_scalar(minus, bounds=(-0.999, 0.999), method="bounded", options={"xatol": 1e-10})
    return float(found.x)


def effect_rows(fit: Segmented, places: Sequence[int], names: Sequence[str], level: float) -> pd.DataFrame:
    """For each shock: jump in level, change of slope, effect at its last period and on average until then."""
    slope, t = "slope_1" in fit.design, fit.design["trend"].to_numpy()
    ends = [*places[1:], len(t)]
    rows = []
    for j, (name, start, end) in enumerate(zip(names, places, ends, strict=True), 1):
        last, mean = t[end - 1] - t[start], float(np.mean(t[start:end] - t[start]))
        asked = {"level": {f"level_{j}": 1.0}}
        if slope:
            asked["slope"] = {f"slope_{j}": 1.0}
            asked["last"] = {f"level_{j}": 1.0, f"slope_{j}": float(last)}
            asked["mean"] = {f"level_{j}": 1.0, f"slope_{j}": mean}
        for effect, weights in asked.items():
            rows.append({"shock": name, "effect": effect, **judged(*fit.combine(weights), fit.df, level)})
    return pd.DataFrame(rows)


def judged(estimate: float, se: float, df: float, level: float) -> dict[str, float]:
    """Estimate, error, t, p and interval.

    Examples
    --------
    >>> found = judged(2.0, 1.0, 10, 0.95)
    >>> round(found["pvalue"], 3), round(found["ci_upper"], 2)
    (0.073, 4.23)
    """
    reach = float(student.ppf(0.5 + level / 2, df)) * se
    t = estimate / se if se > 0 else float("nan")
    return {
        "estimate": estimate, "se": se, "t": t, "pvalue": float(2 * student.sf(abs(t), df)),
        "ci_lower": estimate - reach, "ci_upper": estimate + reach,
    }  # fmt: skip


def recovery_time(fit: Segmented, j: int, level: float) -> tuple[float, float, float]:
    """Periods until level + slope k is back at zero, and Fieller's interval; nan where it never is, or has no end.

    The interval holds all k >= 0 whose effect is not different from zero at the level.
    """
    a, b = fit.combine({f"level_{j}": 1.0})[0], fit.combine({f"slope_{j}": 1.0})[0]
    where = [fit.design.columns.get_loc(f"{kind}_{j}") for kind in ("level", "slope")]
    v = fit.covariance[np.ix_(where, where)]
    q = float(student.ppf(0.5 + level / 2, fit.df)) ** 2
    back = -a / b if a * b < 0 else float("nan")
    c2, c1, c0 = b**2 - q * v[1, 1], a * b - q * v[0, 1], a**2 - q * v[0, 0]
    inside = c1**2 - c2 * c0
    if c2 <= 0 or inside < 0:
        # the slope itself is not told from zero: no bound above; below, the smaller root if the start is clear
        low = _first_root(c2, c1, c0, inside) if c0 > 0 else 0.0
        return back, low, float("nan")
    low, high = ((-c1 - np.sqrt(inside)) / c2, (-c1 + np.sqrt(inside)) / c2)
    if high < 0:
        return float("nan"), float("nan"), float("nan")
    return back, float(max(low, 0.0)), float(high)


def _first_root(c2: float, c1: float, c0: float, inside: float) -> float:
    """The smallest k >= 0 from which on the effect is no longer different from zero; nan if there is none."""
    if inside < 0 or c2 == 0:
        return float("nan")
    roots = sorted(((-c1 - np.sqrt(inside)) / c2, (-c1 + np.sqrt(inside)) / c2))
    later = [root for root in roots if root >= 0]
    return float(later[0]) if later else float("nan")
