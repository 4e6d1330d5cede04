"""Does an estimate differ between two groups that were resampled apart? Three tests from resamples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student


@dataclass(frozen=True, eq=False)
class GroupDifference:
    """Standard errors and two-sided p-values of k estimates (k,); see `group_difference`."""

    se_1: np.ndarray
    se_2: np.ndarray
    henseler: np.ndarray
    parametric: np.ndarray
    welch: np.ndarray
    welch_df: np.ndarray


def group_difference(
    first: np.ndarray, second: np.ndarray, difference: np.ndarray, sizes: tuple[int, int]
) -> GroupDifference:
    """Tests of the difference of k estimates between two groups.

    Parameters
    ----------
    first, second : ndarray (R1, k), (R2, k)
        Estimates in resamples of each group; what is not finite is left out.
    difference : ndarray (k,)
        First less second, in the samples.
    sizes : (int, int)
        Rows of each group.

    Returns
    -------
    GroupDifference
        nan where a group has fewer than two finite resamples.

    Notes
    -----
    Henseler et al. (2009): with resamples b turned round their mean m, p1 = share of all pairs in which 2 m1 - b1 is
    not above 2 m2 - b2; two-sided 2 min(p1, 1 - p1). seminr's ``estimate_pls_mga`` prints p1. Parametric (Keil et al.,
    2000): t with the pooled standard error and n1 + n2 - 2 degrees of freedom; Welch: with se1² (n1 - 1)/n1 + se2² (n2
    - 1)/n2 and Satterthwaite's degrees of freedom less 2, not rounded (Sarstedt et al., 2011). cSEM's
    ``testMGD(.approach_mgd = c("Henseler", "Keil", "Nitzl"))``.

    Examples
    --------
    >>> one = np.array([[0.1], [0.2], [0.3], [0.4]])
    >>> found = group_difference(one, one + 1, np.array([-1.0]), (50, 50))
    >>> found.henseler.tolist(), bool(found.welch[0] < 0.001)
    ([0.0], True)
    """
    n1, n2 = sizes
    se1, se2 = (_spread(one) for one in (first, second))
    pooled = np.sqrt(((n1 - 1) ** 2 * se1**2 + (n2 - 1) ** 2 * se2**2) / (n1 + n2 - 2) * (1 / n1 + 1 / n2))
    one, two = se1**2 * (n1 - 1) / n1, se2**2 * (n2 - 1) / n2
    with np.errstate(invalid="ignore", divide="ignore"):
        df = (one + two) ** 2 / (se1**4 * (n1 - 1) / n1**2 + se2**4 * (n2 - 1) / n2**2) - 2
        parametric = 2 * student.sf(np.abs(difference / pooled), n1 + n2 - 2)
        welch = 2 * student.sf(np.abs(difference / np.sqrt(one + two)), df)
    share = np.array([not_above(a, b) for a, b in zip(first.T, second.T, strict=True)])
    return GroupDifference(se1, se2, 2 * np.minimum(share, 1 - share), parametric, welch, df)


def not_above(first: np.ndarray, second: np.ndarray) -> float:
    """Henseler's share: of all pairs of resamples, turned round their means, those in which the first is not above.

    Examples
    --------
    >>> not_above(np.array([0.1, 0.2, 0.3]), np.array([0.0, 0.1, 0.2])).__round__(3)
    0.333
    """
    one, two = (np.asarray(part)[np.isfinite(part)] for part in (first, second))
    if len(one) < 2 or len(two) < 2:
        return float("nan")
    turned, other = 2 * one.mean() - one, np.sort(2 * two.mean() - two)
    # rounding decides no tie
    below = np.searchsorted(other, turned - 1e-12, side="left").sum()
    return float(1 - below / (len(one) * len(two)))


def _spread(values: np.ndarray) -> np.ndarray:
    """Standard deviation of the finite values (k,)."""
    finite = [column[np.isfinite(column)] for column in values.T]
    return np.array([np.std(one, ddof=1) if len(one) > 1 else np.nan for one in finite])
