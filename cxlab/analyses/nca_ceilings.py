"""The ceilings of one condition, and how much they rest on single cases."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cxlab.analyses.nca_data import CeilingData, seen_ends
from cxlab.estimate.ceiling import (
    Kind,
    Peers,
    Scope,
    above_line,
    frontier,
    hull,
    levels,
    peer_points,
    regression_lines,
    required,
    zones,
)


@dataclass(frozen=True, eq=False)
class Ceiling:
    """Peers and ceilings of one condition.

    Attributes
    ----------
    points : (k, 2)
        The peers.
    counts : (k,)
        Cases at each.
    line : (intercept, slope)
        Of CR-FDH, nan with one peer.
    effects : (kinds,)
    steps : float
        The effect size of CE-FDH.
    above : int
        Cases above the line.
    """

    points: np.ndarray
    counts: np.ndarray
    line: tuple[float, float]
    scope: Scope
    effects: np.ndarray
    steps: float
    above: int

    def needed(self, kind: Kind, wanted: np.ndarray) -> np.ndarray:
        """The condition that each wanted outcome needs; see `cxlab.estimate.ceiling.required`."""
        points = hull(self.points) if kind == "ce_vrs" else self.points
        return required(kind, points, self.line, wanted, self.scope)

    def corner(self, kind: Kind) -> tuple[float, float]:
        """Where a ceiling reaches the highest outcome, and how high it begins; inside the scope, nan without one."""
        if len(self.points) == 1:
            return np.nan, np.nan
        if kind != "cr_fdh":
            return float(self.points[-1, 0]), float(self.points[0, 1])
        intercept, slope = self.line
        across = min((self.scope.y_high - intercept) / slope, self.scope.x_high)
        return across, max(intercept + slope * self.scope.x_low, self.scope.y_low)

    def path(self, kind: Kind) -> np.ndarray:
        """The ceiling as a line (m, 2) to be drawn."""
        scope, points = self.scope, self.points
        if kind == "cr_fdh":
            intercept, slope = self.line
            if np.isnan(slope):
                return np.empty((0, 2))
            ends = np.clip((np.array([scope.y_low, scope.y_high]) - intercept) / slope, scope.x_low, scope.x_high)
            return np.column_stack([ends, intercept + slope * ends])
        if kind == "ce_vrs":
            points = hull(points)
            start = [[points[0, 0], scope.y_low]]
            return np.vstack([start, points, [[scope.x_high, points[-1, 1]]]])
        corners = np.repeat(points, 2, axis=0)
        below = np.append(scope.y_low, points[:-1, 1])
        corners[::2, 1] = below
        return np.vstack([corners, [[scope.x_high, points[-1, 1]]]])


def one_ceiling(data: CeilingData, condition: str, kinds: tuple[Kind, ...], peers: Peers) -> Ceiling:
    """The ceilings of one condition."""
    x, y = data.frame[condition].to_numpy(), data.frame[data.outcome].to_numpy()
    scope, sorted_cases = data.scope(condition), levels(x)
    found = frontier(sorted_cases, y[None], count=True)
    used = found if peers == "cases" else frontier(sorted_cases, y[None])
    fitted = regression_lines(sorted_cases, used)
    line = float(fitted.intercept[0]), float(fitted.slope[0])
    areas = zones(sorted_cases, y[None], scope, (*kinds, "ce_fdh"), peers)[0]
    effects, points = areas / scope.area, peer_points(sorted_cases, found)[0]
    counts, above = found.cases[found.rising].astype(int), above_line(x, y, line, scope)
    return Ceiling(points, counts, line, scope, effects[:-1], float(effects[-1]), above)


def without_one(data: CeilingData, kinds: tuple[Kind, ...], peers: Peers) -> pd.DataFrame:
    """Effect sizes without each case that holds up a ceiling or an end of the scope alone.

    Columns: condition ceiling row effect_size without change; the largest change first. R: ``NCA::nca_outliers``.
    """
    rows = []
    for name in data.conditions:
        own = one_ceiling(data, name, kinds, peers)
        for row in _alone(data, name, own.points):
            left = data.frame.drop(index=row)
            ends = {**seen_ends(left), **{column: data.ends[column] for column in data.fixed}}
            if min(high - low for low, high in ends.values()) <= 0:
                continue
            again = one_ceiling(replace(data, frame=left, ends=ends), name, kinds, peers)
            for kind, before, after in zip(kinds, own.effects, again.effects, strict=True):
                rows.append((name, kind, row, before, after, after - before))
    table = pd.DataFrame(rows, columns=["condition", "ceiling", "row", "effect_size", "without", "change"])
    order = table["change"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def _alone(data: CeilingData, condition: str, points: np.ndarray) -> list[object]:
    """Rows that stand alone at a peer, or at an end of a scope that follows the answers."""
    pair = data.frame[[condition, data.outcome]]
    at_peer = pd.MultiIndex.from_frame(pair).isin(list(map(tuple, points))) & ~pair.duplicated(keep=False).to_numpy()
    rows = list(pair.index[at_peer])
    for name in pair:
        if name not in data.fixed:
            for end in data.ends[name]:
                there = pair.index[pair[name] == end]
                rows += list(there) if len(there) == 1 else []
    return list(dict.fromkeys(rows))
