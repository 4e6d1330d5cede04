"""Bootstrap intervals of many quantities at once: percentile, basic, bias-corrected (BC) and accelerated (BCa).

Quantiles are boot's: the value at rank (R + 1) alpha, between two order statistics interpolated on the normal scale
(Davison & Hinkley, 1997, eq. 5.8). R's lavaan takes the same, so "percentile", "basic" and "bc" are its "perc", "basic"
and "bca.simple".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy.special import ndtr, ndtri

from cxlab.errors import CxlabError

Interval = Literal["percentile", "basic", "bc", "bca"]
INTERVALS: tuple[Interval, ...] = get_args(Interval)


@dataclass(frozen=True, eq=False)
class Ends:
    """Lower and upper ends (k,), and which quantities (k,) have an end beyond the second-most extreme replicate."""

    lower: np.ndarray
    upper: np.ndarray
    extreme: np.ndarray


def intervals(
    replicates: np.ndarray,
    estimate: np.ndarray,
    kind: Interval = "percentile",
    level: float = 0.95,
    acceleration: np.ndarray | None = None,
) -> Ends:
    """Intervals of k quantities.

    Parameters
    ----------
    replicates : ndarray (R, k)
        Values in each replicate; those that are not finite are left out, quantity by quantity.
    estimate : ndarray (k,)
        Values in the sample.
    kind : {"percentile", "basic", "bc", "bca"}
    level : float
        Confidence level, between 0 and 1.
    acceleration : ndarray (k,), optional
        For "bca"; see `acceleration`.

    Returns
    -------
    Ends
        nan where fewer than two replicates are finite, or where for "bc" and "bca" all lie on one side of the estimate.

    Notes
    -----
    Percentile: quantiles at alpha = (1 - level)/2 and 1 - alpha. Basic: twice the estimate less those, ends swapped.
    BC and BCa: quantiles at Phi(w + (w + z)/(1 - a (w + z))) with w = Phi^-1(share of replicates below the estimate), z
    the normal quantile, and a = 0 for BC (Efron, 1987).

    Examples
    --------
    >>> ends = intervals(np.arange(1.0, 100.0)[:, None], np.array([50.0]), level=0.9)
    >>> ends.lower.tolist(), ends.upper.tolist()
    ([5.0], [95.0])
    """
    check_level(level)
    check_interval(kind)
    tails = np.array([(1 - level) / 2, (1 + level) / 2])[:, None]
    estimate = np.asarray(estimate, dtype=float)
    ordered, size = _ordered(replicates)
    alpha = np.broadcast_to(tails, (2, len(estimate)))
    if kind in ("bc", "bca"):
        a = np.zeros(len(estimate)) if kind == "bc" or acceleration is None else acceleration
        below = (ordered < estimate).sum(axis=0)  # what is not finite was put last, as nan
        with np.errstate(invalid="ignore", divide="ignore"):
            w = ndtri(below / size)
            shifted = w + ndtri(alpha)
            alpha = ndtr(w + shifted / (1 - a * shifted))
            alpha = np.where(np.isfinite(w), alpha, np.nan)
    if kind == "basic":
        alpha = alpha[::-1]
    found, extreme = _quantiles(ordered, size, alpha)
    if kind == "basic":
        found = 2 * estimate - found
    return Ends(found[0], found[1], np.asarray(extreme.any(axis=0)))


def studentised(
    replicates: np.ndarray, errors: np.ndarray, estimate: np.ndarray, se: np.ndarray, level: float = 0.95
) -> Ends:
    """Bootstrap-t intervals of k quantities, from the standard error within each replicate.

    estimate - q se with q the quantiles of (replicate - estimate) / error, upper quantile for the lower end (Davison &
    Hinkley, 1997, section 5.2.1). R: ``boot::boot.ci(type = "stud")``.

    Parameters
    ----------
    replicates, errors : ndarray (R, k)
        Values, and their standard errors; pairs that are not finite or have an error of 0 are left out.
    estimate, se : ndarray (k,)

    Examples
    --------
    >>> t = np.linspace(-2, 2, 99)[:, None]
    >>> ends = studentised(5 + t, np.ones((99, 1)), np.array([5.0]), np.array([0.5]), level=0.9)
    >>> ends.lower.round(3).tolist(), ends.upper.round(3).tolist()
    ([4.082], [5.918])
    """
    check_level(level)
    with np.errstate(invalid="ignore", divide="ignore"):
        t = (replicates - estimate) / np.where(errors > 0, errors, np.nan)
    ordered, size = _ordered(t)
    tails = np.array([(1 + level) / 2, (1 - level) / 2])[:, None]
    found, extreme = _quantiles(ordered, size, np.broadcast_to(tails, (2, len(estimate))))
    lower, upper = estimate - found * se
    return Ends(lower, upper, np.asarray(extreme.any(axis=0)))


def acceleration(groups: list[np.ndarray]) -> np.ndarray:
    """The acceleration a of BCa (k,) from leave-one-out values, each group's an array (n_g, k).

    a = sum of (L_i/n_g)^3 over 6 times the 3/2 power of the sum of (L_i/n_g)^2, with influence values L_i = (n_g - 1)
    (mean of the group's leave-one-out values - value without i); with one group Efron's formula. Values that are not
    finite are left out.

    Examples
    --------
    >>> means = (np.arange(1.0, 5.0).sum() - np.array([1.0, 2.0, 3.0, 4.0])) / 3
    >>> acceleration([means[:, None]]).tolist()
    [0.0]
    """
    third = second = np.zeros(groups[0].shape[1])
    for values in groups:
        finite = np.isfinite(values)
        size = np.maximum(finite.sum(axis=0), 1)
        centred = np.where(finite, np.where(finite, values, 0.0).sum(axis=0) / size - values, 0.0)
        influence = (size - 1) * np.where(finite, centred, 0.0) / size
        third, second = third + (influence**3).sum(axis=0), second + (influence**2).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(second > 0, third / (6 * second**1.5), 0.0))


def check_interval(kind: str) -> None:
    """Raise if there is no such interval."""
    if kind not in INTERVALS:
        raise CxlabError("resample.unknown_interval", value=kind, known=", ".join(INTERVALS))


def check_level(level: float) -> None:
    """Raise if a confidence level is not between 0 and 1."""
    if not isinstance(level, int | float | np.floating) or not 0 < level < 1:
        raise CxlabError("resample.level", value=level)


def _ordered(replicates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each column in order, with what is not finite as nan at its end, and how many are finite."""
    replicates = np.where(np.isfinite(replicates), replicates, np.nan)
    return np.sort(replicates, axis=0), np.isfinite(replicates).sum(axis=0)


def _quantiles(ordered: np.ndarray, size: np.ndarray, alpha: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Quantiles (m, k) at alpha (m, k), and where they are the most extreme values there are."""
    enough = (size > 1) & np.isfinite(alpha)
    rank = np.where(enough, (size + 1) * alpha, 1.0)
    # (R + 1) alpha that should be whole may miss it by rounding
    whole = np.rint(rank)
    rank = np.where(np.abs(rank - whole) < 1e-9 * (size + 1), whole, rank)
    lower = np.clip(np.floor(rank).astype(int), 0, size)
    at = np.clip(lower, 1, np.maximum(size, 1))
    after = np.minimum(at + 1, np.maximum(size, 1))
    low, high = (np.take_along_axis(ordered, place - 1, axis=0) for place in (at, after))
    with np.errstate(invalid="ignore", divide="ignore"):
        below, above = ndtri(at / (size + 1)), ndtri((at + 1) / (size + 1))
        share = (ndtri(rank / (size + 1)) - below) / (above - below)
    inside = (lower >= 1) & (lower < size)
    found = np.where(inside, low + np.where(inside, share, 0.0) * (high - low), low)
    return np.where(enough, found, np.nan), enough & ~((rank > 1) & (rank < size))
