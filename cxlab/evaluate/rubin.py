"""Rubin's rules: one answer from the estimates of several completed data sets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student


@dataclass(frozen=True, eq=False)
class Combined:
    """Pooled estimates, each an array (q,).

    Attributes
    ----------
    estimate, se : ndarray
        Mean of the estimates; square root of the total variance.
    within, between, total : ndarray
        Mean squared standard error, variance of the estimates across imputations, and within + (1 + 1/m) between.
    df : ndarray
        Degrees of freedom (Barnard & Rubin, 1999); infinite where nothing varies between imputations and none is set.
    riv, share, fmi : ndarray
        Relative increase of variance; share of the total variance due to missing answers (lambda); fraction of missing
        information, corrected for the finite number of imputations.
    efficiency : ndarray
        Relative to infinitely many imputations: 1 / (1 + fmi / m).
    """

    estimate: np.ndarray
    se: np.ndarray
    within: np.ndarray
    between: np.ndarray
    total: np.ndarray
    df: np.ndarray
    riv: np.ndarray
    share: np.ndarray
    fmi: np.ndarray
    efficiency: np.ndarray

    def test(self) -> tuple[np.ndarray, np.ndarray]:
        """Estimate over standard error, and its two-sided p; nan where the standard error is 0."""
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(self.se > 0, self.estimate / self.se, np.nan)
        return ratio, 2 * student.sf(np.abs(ratio), self.df)

    def interval(self, level: float) -> tuple[np.ndarray, np.ndarray]:
        """Both ends of the confidence interval."""
        half = student.ppf((1 + level) / 2, self.df) * self.se
        return self.estimate - half, self.estimate + half


def rubin(estimates: np.ndarray, variances: np.ndarray, df_complete: float | np.ndarray = np.inf) -> Combined:
    """Combine the estimates of m completed data sets.

    Parameters
    ----------
    estimates, variances : ndarray (m, q)
        Estimates and squared standard errors, a row for each imputation; m at least 2.
    df_complete : float or ndarray (q,)
        Degrees of freedom that the analysis would have without missing answers; infinite for z tests.

    Returns
    -------
    Combined

    Notes
    -----
    Rubin (1987); degrees of freedom of Barnard and Rubin (1999). Equals ``mice::pool``.

    Examples
    --------
    >>> pooled = rubin(np.array([[1.0], [1.2], [0.8]]), np.full((3, 1), 0.04))
    >>> pooled.estimate.round(2).tolist(), pooled.total.round(4).tolist()
    ([1.0], [0.0933])
    """
    m = len(estimates)
    within, between = variances.mean(axis=0), estimates.var(axis=0, ddof=1)
    extra = (1 + 1 / m) * between
    total = within + extra
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(total > 0, extra / total, 0.0)
        riv = np.where(within > 0, extra / within, np.where(extra > 0, np.inf, 0.0))
        old = np.where(share > 0, (m - 1) / share**2, np.inf)
        df = _barnard_rubin(old, share, np.broadcast_to(np.asarray(df_complete, dtype=float), share.shape))
        fmi = np.where(np.isinf(riv), 1.0, (riv + 2 / (df + 3)) / (riv + 1))
    fmi = np.where(share > 0, fmi, 0.0)
    estimate = estimates.mean(axis=0)
    return Combined(estimate, np.sqrt(total), within, between, total, df, riv, share, fmi, efficiency=1 / (1 + fmi / m))


def _barnard_rubin(old: np.ndarray, share: np.ndarray, complete: np.ndarray) -> np.ndarray:
    """Degrees of freedom that never exceed those of complete data."""
    observed = (complete + 1) / (complete + 3) * complete * (1 - share)
    both = old * observed / (old + observed)
    return np.where(np.isinf(complete), old, np.where(np.isinf(old), observed, both))
