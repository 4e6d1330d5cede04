"""From latent responses to answers on a scale: thresholds, from shares or from the skewness of the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

from cxlab.codebook import Codebook
from cxlab.codebook.text import did_you_mean
from cxlab.errors import DataError

Points = int | tuple[int, int]
# Thresholds without further wishes spread over this many standard deviations of the latent response.
_SPAN = 4.0
_FURTHEST = 5.0
# Beyond this nearly everyone gives the same answer.
_MOST_SKEW = 4.0


@dataclass(frozen=True, eq=False)
class Scale:
    """A scale's lowest answer, and the thresholds between answers in z units of the latent response."""

    low: int
    thresholds: np.ndarray

    @property
    def high(self) -> int:
        """The highest answer."""
        return self.low + len(self.thresholds)

    def answers(self, z: np.ndarray) -> np.ndarray:
        """The answers that latent responses give; int."""
        return self.low + np.searchsorted(self.thresholds, z, side="left")


def scales(
    names: Sequence[str],
    codebook: Codebook | None = None,
    points: Points | Mapping[str, Points] | None = None,
    thresholds: Sequence[float] | Mapping[str, Sequence[float]] | None = None,
    shares: Sequence[float] | Mapping[str, Sequence[float]] | None = None,
    skew: float | Mapping[str, float] = 0.0,
) -> dict[str, Scale]:
    """The scale of each item that has one; the others are continuous.

    Parameters
    ----------
    names : sequence of str
        The model's observed variables.
    codebook : Codebook, optional
        Gives the ends of scales.
    points, thresholds, shares, skew
        See `simulate`; a mapping speaks of the items it names, anything else of all.

    Examples
    --------
    >>> scales(["sat1"], points=5, shares=[0.1, 0.2, 0.4, 0.2, 0.1])["sat1"].thresholds.round(2).tolist()
    [-1.28, -0.52, 0.52, 1.28]
    """
    ends = _ends(names, codebook, _by_name("points", points, names, single=(int, tuple, list)))
    cuts = _by_name("thresholds", thresholds, names, single=(list, tuple, np.ndarray))
    parts = _by_name("shares", shares, names, single=(list, tuple, np.ndarray))
    skews = _by_name("skew", skew, names, single=(int, float))
    found: dict[str, Scale] = {}
    for name in names:
        given = cuts.get(name), parts.get(name)
        if given[0] is not None and given[1] is not None:
            raise DataError("simulation.thresholds_and_shares", name=name)
        own = _checked(name, *given)
        if own is None and name not in ends:
            if isinstance(skew, Mapping) and name in skew:
                raise DataError("simulation.no_points", name=name)
            continue
        low, high = ends.get(name, (1, 1 + len(own) if own is not None else 0))
        if own is not None and len(own) != high - low:
            raise DataError("simulation.thresholds_number", name=name, needed=high - low, given=len(own))
        found[name] = Scale(low, own if own is not None else _skewed(name, high - low + 1, float(skews.get(name, 0.0))))
    if names and not found and any(skews.values()):
        raise DataError("simulation.no_points", name=names[0])
    return found


def _by_name(option: str, given: Any, names: Sequence[str], single: tuple[type, ...]) -> dict[str, Any]:
    """What is given for each variable."""
    if given is None:
        return {}
    if isinstance(given, Mapping):
        for name in given:
            if name not in names:
                hint, known = did_you_mean(str(name), names), ", ".join(names)
                raise DataError("simulation.unknown_item", option=option, name=name, hint=hint, known=known)
        return dict(given)
    if not isinstance(given, single) or isinstance(given, bool):
        raise DataError("simulation.option_form", option=option, value=repr(given))
    return dict.fromkeys(names, given)


def _ends(names: Sequence[str], codebook: Codebook | None, points: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """Lowest and highest answer of each item, from the codebook or as given; both must agree."""
    found: dict[str, tuple[int, int]] = {}
    for name in names:
        item = codebook.items.get(name) if codebook is not None else None
        own = None
        if item is not None and item.role == "item" and item.min is not None and item.max is not None:
            own = int(item.min), int(item.max)
            if (float(item.min), float(item.max)) != own:
                raise DataError("simulation.scale_not_whole", name=name, min=item.min, max=item.max)
        asked = _pair(name, points[name]) if points.get(name) is not None else None
        if own and asked and own != asked:
            ends = {"low": asked[0], "high": asked[1], "min": own[0], "max": own[1]}
            raise DataError("simulation.points_conflict", name=name, **ends)
        if own or asked:
            found[name] = own or asked  # type: ignore[assignment]
    return found


def _pair(name: str, points: Any) -> tuple[int, int]:
    pair = (1, points) if isinstance(points, int) and not isinstance(points, bool) else points
    whole = isinstance(pair, list | tuple) and len(pair) == 2 and all(isinstance(end, int) for end in pair)
    if not whole or not 1 <= pair[1] - pair[0] <= 100:
        raise DataError("simulation.points_form", name=name, value=points)
    return int(pair[0]), int(pair[1])


def _checked(name: str, thresholds: Any, shares: Any) -> np.ndarray | None:
    """Thresholds as given or from shares, in order."""
    given = thresholds if thresholds is not None else shares
    if given is None:
        return None
    try:
        numbers = np.asarray(given, dtype=float).reshape(-1)
    except (TypeError, ValueError):
        raise DataError("simulation.option_form", option=name, value=repr(given)) from None
    if thresholds is not None:
        if not len(numbers) or not np.isfinite(numbers).all() or (np.diff(numbers) <= 0).any():
            raise DataError("simulation.thresholds_order", name=name, values=_listed(numbers))
        return numbers
    if len(numbers) < 2 or not (numbers > 0).all() or abs(numbers.sum() - 1) > 1e-6:
        raise DataError("simulation.shares_sum", name=name, values=_listed(numbers), total=f"{numbers.sum():.4g}")
    return np.asarray(norm.ppf(np.cumsum(numbers)[:-1] / numbers.sum()))


def _listed(numbers: np.ndarray) -> str:
    return ", ".join(f"{number:g}" for number in numbers)


def _skewed(name: str, count: int, skew: float) -> np.ndarray:
    if abs(skew) <= _MOST_SKEW:
        return skewed_thresholds(count, skew)
    raise DataError("simulation.skew_out_of_reach", name=name, skew=skew, most=_MOST_SKEW)


@lru_cache(maxsize=256)
def skewed_thresholds(count: int, skew: float = 0.0) -> np.ndarray:
    """Equally spaced thresholds, moved until the answers have a skewness.

    The distance is 4 / (count - 1) standard deviations of the (normal) latent response: for five points -1.5, -0.5,
    0.5 and 1.5 when nothing is moved.

    Parameters
    ----------
    count : int
        Points of the scale, 2 or more.
    skew : float
        Skewness of the answers (third standardised moment); negative where most answers are high.

    Examples
    --------
    >>> skewed_thresholds(5).tolist()
    [-1.5, -0.5, 0.5, 1.5]
    >>> shares = np.diff(norm.cdf(np.concatenate([[-np.inf], skewed_thresholds(5, -1.0), [np.inf]])))
    >>> round(float(answer_moments(shares)[2]), 6)
    -1.0
    """
    even = (np.arange(1, count) - count / 2) * _SPAN / (count - 1)
    if skew == 0:
        return even

    def gap(shift: float) -> float:
        return float(answer_moments(_shares(even + shift))[2] - skew)

    shift = brentq(gap, -_FURTHEST, _FURTHEST, xtol=1e-13)
    return np.asarray(even + round(float(shift), 10))


def _shares(thresholds: np.ndarray) -> np.ndarray:
    return np.diff(norm.cdf(np.concatenate([[-np.inf], thresholds, [np.inf]])))


def answer_moments(shares: np.ndarray) -> tuple[float, float, float]:
    """Mean, variance and skewness of answers 0, 1, 2, ... with these shares."""
    answers = np.arange(len(shares))
    mean = shares @ answers
    variance = shares @ (answers - mean) ** 2
    return float(mean), float(variance), float(shares @ (answers - mean) ** 3 / variance**1.5)
