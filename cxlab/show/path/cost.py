"""How bad a placement of hubs is: overlaps, arrows through nodes, crossings, length. Many placements at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

_OVERLAP, _THROUGH, _THROUGH_ITEMS, _CROSSING, _NARROW = 60.0, 40.0, 30.0, 7.0, 4.0
_BACKWARD, _SAME_COLUMN, _UPWARD, _SHORT, _INVERSION = 60.0, 2.0, 1.0, 12.0, 1.5
_LENGTH, _SLANT, _HEIGHT = 0.5, 0.35, 0.8
_MARGIN, _ROOM, _NEAR = 0.16, 0.55, 0.05
_FAN = ((0.0, 0.3, 0.2), (0.3, 0.55, 0.5), (0.55, 1.0, 1.0))  # a fan of arrows widens from its hub to the items


@dataclass(frozen=True)
class Problem:
    """What is fixed while hubs are moved. Sides are numbered left, right, top, bottom.

    Attributes
    ----------
    sizes : (n, 2) array
        Width and height of each hub.
    spans, depths : (n, 4) arrays
        Length and reach of each hub's row of items, by the side it would be on; reach 0 where it has none.
    edges : (m, 2) int array
        Source and target of each arrow between hubs.
    ordered : (m,) bool array
        Whether the target must stand right of the source.
    clearance : float
        How far an arrow keeps from hubs that it does not join.
    """

    sizes: np.ndarray
    spans: np.ndarray
    depths: np.ndarray
    edges: np.ndarray
    ordered: np.ndarray
    clearance: float = 0.14


def cost(problem: Problem, x: np.ndarray, y: np.ndarray, side: np.ndarray, focus: int | None = None) -> np.ndarray:
    """The cost of K placements; `x`, `y` and `side` are (K, n).

    With `focus`, only what depends on that hub: enough to compare placements that differ in nothing else.
    """
    hubs, arms = rectangles(problem, x, y, side)
    tall = np.maximum(hubs, arms)[:, :, 3].max(1) - np.minimum(hubs, arms)[:, :, 2].min(1)
    total = _HEIGHT * tall + _overlaps(hubs, arms, focus) + _inversions(x, y, focus)
    if len(problem.edges) == 0:
        return total + 0.05 * np.abs(y).sum(1)
    s, t = problem.edges.T
    ends = np.stack([x[:, s], y[:, s], x[:, t], y[:, t]], axis=-1)
    touched = np.ones(len(s), dtype=bool) if focus is None else (s == focus) | (t == focus)
    everyone = np.arange(len(problem.sizes))
    total = total + _passages(problem, ends, hubs, arms, side, np.flatnonzero(touched), everyone)
    if focus is not None:
        total = total + _passages(problem, ends, hubs, arms, side, np.flatnonzero(~touched), np.array([focus]))
    return total + _directions(problem, ends, touched) + _crossings(problem.edges, ends, touched)


def _passages(
    problem: Problem,
    ends: np.ndarray,
    hubs: np.ndarray,
    arms: np.ndarray,
    side: np.ndarray,
    edges: np.ndarray,
    nodes: np.ndarray,
) -> np.ndarray:
    """Arrows (of these) that pass through hubs they do not join, or through the items of any (of these)."""
    own = (problem.edges[edges][:, :, None] == nodes).any(1)
    lines, arms, side = ends[:, edges], arms[:, nodes], side[:, nodes]
    through = (_hits(lines, _grown(hubs[:, nodes], problem.clearance)) & ~own).sum((1, 2))
    pieces = [_grown(_part(arms, side, *piece), _NEAR * (piece[2] == 1.0)) for piece in _FAN]
    fans = np.stack([_hits(lines, piece) for piece in pieces]).any(0)
    fans &= (problem.depths[nodes, side] > 0)[:, None, :]
    return _THROUGH * through + _THROUGH_ITEMS * fans.sum((1, 2))


@cache
def _pairs(n: int) -> tuple[np.ndarray, np.ndarray]:
    """All pairs of n things."""
    i, j = np.triu_indices(n, k=1)
    return i, j


def _pairs_with(n: int, focus: int | None) -> tuple[np.ndarray, np.ndarray]:
    """All pairs of n things, or those with one of them."""
    i, j = _pairs(n)
    keep = slice(None) if focus is None else (i == focus) | (j == focus)
    return i[keep], j[keep]


def rectangles(problem: Problem, x: np.ndarray, y: np.ndarray, side: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Hubs and arms as (K, n, 4) arrays of left, right, bottom, top. An arm without items is a point."""
    half_w, half_h = problem.sizes[:, 0] / 2, problem.sizes[:, 1] / 2
    hubs = np.stack([x - half_w, x + half_w, y - half_h, y + half_h], axis=-1)
    n = np.arange(len(problem.sizes))
    half, depth = problem.spans[n, side] / 2, problem.depths[n, side]
    across = side < 2
    low = np.where(across, np.where(side == 0, x - half_w - depth, x + half_w), x - half)
    high = np.where(across, np.where(side == 0, x - half_w, x + half_w + depth), x + half)
    down = np.where(across, y - half, np.where(side == 3, y - half_h - depth, y + half_h))
    up = np.where(across, y + half, np.where(side == 3, y - half_h, y + half_h + depth))
    arms = np.stack([low, high, down, up], axis=-1)
    centre = np.stack([x, x, y, y], axis=-1)
    return hubs, np.where((depth > 0)[..., None], arms, centre)


def _part(arms: np.ndarray, side: np.ndarray, start: float, end: float, breadth: float) -> np.ndarray:
    """A piece of each arm, from one share of its reach to another: a fan of arrows is narrow at the hub."""
    x0, x1, y0, y1 = (arms[..., k] for k in range(4))
    wide, high = x1 - x0, y1 - y0
    near, far = np.where(np.isin(side, (0, 3)), 1 - end, start), np.where(np.isin(side, (0, 3)), 1 - start, end)
    trim = (1 - breadth) / 2
    across = side < 2
    return np.stack(
        [
            x0 + wide * np.where(across, near, trim),
            x0 + wide * np.where(across, far, 1 - trim),
            y0 + high * np.where(across, trim, near),
            y0 + high * np.where(across, 1 - trim, far),
        ],
        axis=-1,
    )


def _grown(rect: np.ndarray, by: float) -> np.ndarray:
    return rect + by * np.array([-1, 1, -1, 1])


def _overlaps(hubs: np.ndarray, arms: np.ndarray, focus: int | None) -> np.ndarray:
    """Each overlap of two hubs' rectangles costs a flat sum and its area."""
    i, j = _pairs_with(hubs.shape[1], focus)
    total = np.zeros(len(hubs))
    for first in (hubs, arms):
        for second in (hubs, arms):
            a, b = _grown(first[:, i], _MARGIN / 2), _grown(second[:, j], _MARGIN / 2)
            wide = np.minimum(a[..., 1], b[..., 1]) - np.maximum(a[..., 0], b[..., 0])
            high = np.minimum(a[..., 3], b[..., 3]) - np.maximum(a[..., 2], b[..., 2])
            area = np.where((wide > 1e-6) & (high > 1e-6), wide * high, 0.0)
            total += (_OVERLAP * (np.sqrt(area) + (area > 0))).sum(1)
    return total


def _hits(ends: np.ndarray, rect: np.ndarray) -> np.ndarray:
    """(K, m, n): whether each line passes through each rectangle (Liang and Barsky's clipping)."""
    start, way = ends[:, :, None, :2], (ends[..., 2:] - ends[..., :2])[:, :, None, :]
    way = np.where(np.abs(way) < 1e-9, 1e-9, way)
    low, high = rect[:, None, :, 0::2], rect[:, None, :, 1::2]
    a, b = (low - start) / way, (high - start) / way
    enter = np.maximum(np.minimum(a, b).max(-1), 0.0)
    leave = np.minimum(np.maximum(a, b).min(-1), 1.0)
    return leave - enter > 0.004


def _inversions(x: np.ndarray, y: np.ndarray, focus: int | None) -> np.ndarray:
    """Pairs of a column that stand against the table's order."""
    i, j = _pairs_with(x.shape[1], focus)
    return _INVERSION * ((np.abs(x[:, i] - x[:, j]) < 0.1) & (y[:, i] < y[:, j])).sum(1)


def _directions(problem: Problem, ends: np.ndarray, touched: np.ndarray) -> np.ndarray:
    """Arrows that run backwards, straight up or down, far, or askew."""
    dx, dy = ends[..., 2] - ends[..., 0], ends[..., 3] - ends[..., 1]
    level = np.abs(dx) < 0.1
    backward = _BACKWARD * ((dx < -0.1) & problem.ordered)
    between = np.abs(dy) - problem.sizes[problem.edges, 1].mean(1)
    short = _SHORT * np.maximum(0.0, _ROOM - between)
    vertical = np.where(level, _SAME_COLUMN + _UPWARD * (dy > 0) + short, 0.0)
    far = _LENGTH * np.hypot(dx, dy) + _SLANT * dy**2 / (np.abs(dx) + 1.5)
    return (backward + vertical + far)[:, touched].sum(1)


def _crossings(edges: np.ndarray, ends: np.ndarray, touched: np.ndarray) -> np.ndarray:
    """Crossings of arrows without a common end, and narrow angles between arrows with one."""
    total = np.zeros(len(ends))
    i, j = _pairs(len(edges))
    i, j = i[touched[i] | touched[j]], j[touched[i] | touched[j]]
    shared = (edges[i][:, :, None] == edges[j][:, None, :]).any((1, 2))
    a, b = ends[:, i], ends[:, j]
    p, q, r, s = a[..., :2], a[..., 2:], b[..., :2], b[..., 2:]
    apart = (_turn(p, q, r) * _turn(p, q, s) < 0) & (_turn(r, s, p) * _turn(r, s, q) < 0)
    total += _CROSSING * (apart & ~shared).sum(1)
    for k in (0, 1):
        together = edges[i, k] == edges[j, k]
        sign = 1 if k == 0 else -1
        u, v = (q - p) * sign, (s - r) * sign
        cosine = (u * v).sum(-1) / (np.linalg.norm(u, axis=-1) * np.linalg.norm(v, axis=-1) + 1e-9)
        total += _NARROW * (np.maximum(0.0, cosine - 0.985) / 0.015 * together).sum(1)
    return total


def _turn(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Positive where c lies left of the way from a to b."""
    return (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1]) - (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0])
