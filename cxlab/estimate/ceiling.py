"""Ceiling lines: the highest outcome that any case reached at each level of a condition, and the empty zone above.

A case lies at (x, y). The peers are the upper left corners of the cloud: cases with a higher outcome than all cases
with as much or less of the condition. CE-FDH is the staircase through them, CE-VRS their concave hull, CR-FDH the
least-squares line through them. The zone above a ceiling, inside the scope of possible values, is empty of cases (CE)
or nearly so (CR); the effect size is its share of the scope. Sources: Dul (2016); Dul, van der Laan & Kuik (2020).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Kind = Literal["ce_fdh", "cr_fdh", "ce_vrs"]
Peers = Literal["points", "cases"]
_NEAR = 1e-9


@dataclass(frozen=True)
class Scope:
    """The rectangle of possible values.

    Examples
    --------
    >>> Scope(0, 2, 0, 5).area
    10
    """

    x_low: float
    x_high: float
    y_low: float
    y_high: float

    @property
    def area(self) -> float:
        """Width times height."""
        return (self.x_high - self.x_low) * (self.y_high - self.y_low)


@dataclass(frozen=True, eq=False)
class Levels:
    """Cases sorted by the condition, tied ones together; make it with `levels`.

    Attributes
    ----------
    values : (L,)
        Distinct values of the condition, ascending.
    order : (n,)
        Places of the cases in this order.
    starts : (L,)
        Where each value's cases begin in `order`.
    """

    values: Array
    order: NDArray[np.intp]
    starts: NDArray[np.intp]


def levels(x: Array) -> Levels:
    """Sort cases (n,) by the condition.

    Examples
    --------
    >>> levels(np.array([3.0, 1.0, 3.0])).starts.tolist()
    [0, 1]
    """
    order = np.argsort(x, kind="stable")
    values, starts = np.unique(x[order], return_index=True)
    return Levels(values, order, starts)


@dataclass(frozen=True, eq=False)
class Frontier:
    """Highest outcomes of R samples along the condition.

    Attributes
    ----------
    running : (R, L)
        Highest outcome of all cases with at most this value of the condition.
    rising : (R, L)
        Where it rises: the peers.
    cases : (R, L)
        How many cases stand at each peer.
    """

    running: Array
    rising: NDArray[np.bool_]
    cases: Array


def frontier(sorted_cases: Levels, outcomes: Array, count: bool = False) -> Frontier:
    """The staircase of each row of `outcomes` (R, n), cases counted at the peers if asked for.

    Examples
    --------
    >>> found = frontier(levels(np.array([1.0, 2.0, 2.0, 3.0])), np.array([[1.0, 4.0, 2.0, 3.0]]))
    >>> found.running.tolist(), found.rising.tolist()
    ([[1.0, 4.0, 4.0]], [[True, True, False]])
    """
    y = outcomes[:, sorted_cases.order]
    tied = len(sorted_cases.values) < y.shape[1]
    tops = np.maximum.reduceat(y, sorted_cases.starts, axis=1) if tied else y
    running = np.maximum.accumulate(tops, axis=1)
    rising = np.ones(running.shape, dtype=bool)
    rising[:, 1:] = running[:, 1:] > running[:, :-1]
    cases = rising.astype(float)
    if count and tied:
        sizes = np.diff(np.append(sorted_cases.starts, y.shape[1]))
        at_top = (y == np.repeat(tops, sizes, axis=1)).astype(float)
        cases *= np.add.reduceat(at_top, sorted_cases.starts, axis=1)
    return Frontier(running, rising, cases)


@dataclass(frozen=True, eq=False)
class Line:
    """Ceiling lines y = intercept + slope x of R samples (R,); nan where there is one peer only."""

    intercept: Array
    slope: Array


def regression_lines(sorted_cases: Levels, found: Frontier) -> Line:
    """CR-FDH: least squares through the peers, each counted as often as `found.cases` says.

    Examples
    --------
    >>> cases = levels(np.array([0.0, 1.0, 2.0]))
    >>> line = regression_lines(cases, frontier(cases, np.array([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]])))
    >>> line.slope.tolist()
    [1.0, nan]
    """
    middle = sorted_cases.values.mean()
    x = sorted_cases.values - middle
    weight = found.cases
    total, several = weight.sum(axis=1), found.rising.sum(axis=1) > 1
    mean_x = weight @ x / total
    weighted_y = weight * found.running
    mean_y = weighted_y.sum(axis=1) / total
    spread = weight @ x**2 - total * mean_x**2
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = np.where(several, (weighted_y @ x - total * mean_x * mean_y) / spread, np.nan)
    return Line(mean_y - slope * (mean_x + middle), slope)


def staircase_zone(sorted_cases: Levels, running: Array, scope: Scope) -> Array:
    """Area (R,) above the staircases: all of the scope left of the first case belongs to it."""
    widths = np.diff(np.append(sorted_cases.values, scope.x_high))
    left = (sorted_cases.values[0] - scope.x_low) * (scope.y_high - scope.y_low)
    return np.asarray(left + (scope.y_high - running) @ widths)


def line_zone(line: Line, scope: Scope) -> Array:
    """Area (R,) above lines inside the scope; 0 where there is no line.

    Examples
    --------
    >>> line_zone(Line(np.array([0.0, np.nan]), np.array([1.0, np.nan])), Scope(0, 1, 0, 1)).tolist()
    [0.5, 0.0]
    """
    intercept, slope = line.intercept, line.slope
    with np.errstate(invalid="ignore", divide="ignore"):
        enters = np.clip((scope.y_low - intercept) / slope, scope.x_low, scope.x_high)
        leaves = np.clip((scope.y_high - intercept) / slope, scope.x_low, scope.x_high)
    under = (enters - scope.x_low) * (scope.y_high - scope.y_low)
    between = (scope.y_high - intercept) * (leaves - enters) - slope * (leaves**2 - enters**2) / 2
    return np.where(np.isnan(slope), 0.0, under + between)


def hull(points: Array) -> Array:
    """CE-VRS: the peers (k, 2) on their concave hull, from the first to the last.

    Examples
    --------
    >>> hull(np.array([[0.0, 0.0], [1.0, 0.2], [2.0, 2.0], [3.0, 2.5]])).tolist()
    [[0.0, 0.0], [2.0, 2.0], [3.0, 2.5]]
    """
    kept: list[list[float]] = []
    for x, y in points.tolist():
        while len(kept) > 1 and (kept[-1][1] - kept[-2][1]) * (x - kept[-2][0]) <= (y - kept[-2][1]) * (
            kept[-1][0] - kept[-2][0]
        ):
            kept.pop()
        kept.append([x, y])
    return np.array(kept)


def hull_zone(points: Array, scope: Scope) -> float:
    """Area above the concave hull (k, 2)."""
    x, y = np.append(points[:, 0], scope.x_high), np.append(points[:, 1], points[-1, 1])
    left = (x[0] - scope.x_low) * (scope.y_high - scope.y_low)
    return float(left + ((scope.y_high - (y[1:] + y[:-1]) / 2) * np.diff(x)).sum())


def zones(sorted_cases: Levels, outcomes: Array, scope: Scope, kinds: tuple[Kind, ...], peers: Peers) -> Array:
    """Areas (R, kinds) above the ceilings of R samples of outcomes (R, n)."""
    found = frontier(sorted_cases, outcomes, peers == "cases")
    areas = np.empty((len(outcomes), len(kinds)))
    for place, kind in enumerate(kinds):
        if kind == "ce_fdh":
            areas[:, place] = staircase_zone(sorted_cases, found.running, scope)
        elif kind == "cr_fdh":
            areas[:, place] = line_zone(regression_lines(sorted_cases, found), scope)
        else:
            areas[:, place] = [hull_zone(hull(points), scope) for points in peer_points(sorted_cases, found)]
    return areas


def peer_points(sorted_cases: Levels, found: Frontier) -> list[Array]:
    """The peers (k, 2) of each sample."""
    return [
        np.column_stack([sorted_cases.values[rising], running[rising]])
        for rising, running in zip(found.rising, found.running, strict=True)
    ]


def required(kind: Kind, points: Array, line: tuple[float, float], wanted: Array, scope: Scope) -> Array:
    """The condition (m,) without which no outcome as high as `wanted` (m,) is possible below the ceiling.

    ``-inf`` where the lowest possible value already suffices, ``inf`` where the ceiling stays below the wanted outcome
    everywhere inside the scope.

    Examples
    --------
    >>> points = np.array([[0.0, 1.0], [2.0, 4.0]])
    >>> required("ce_fdh", points, (np.nan, np.nan), np.array([1.0, 1.5, 5.0]), Scope(0, 3, 0, 5)).tolist()
    [-inf, 2.0, inf]
    """
    near_y, near_x = _NEAR * (scope.y_high - scope.y_low), _NEAR * (scope.x_high - scope.x_low)
    if kind == "cr_fdh":
        intercept, slope = line
        found = np.full(len(wanted), -np.inf) if np.isnan(slope) else (wanted - intercept) / slope
    else:
        reached = np.searchsorted(points[:, 1], wanted - near_y)
        stairs = np.append(points[:, 0], np.inf)[reached]
        sloped = np.interp(wanted, points[:, 1], points[:, 0])
        found = stairs if kind == "ce_fdh" else np.where(np.isfinite(stairs), sloped, stairs)
    found = np.where(found <= scope.x_low + near_x, -np.inf, found)
    return np.where(found > scope.x_high + near_x, np.inf, found)


def above_line(x: Array, y: Array, line: tuple[float, float], scope: Scope) -> int:
    """Cases above a line."""
    if np.isnan(line[1]):
        return 0
    return int((y > line[0] + line[1] * x + _NEAR * (scope.y_high - scope.y_low)).sum())
