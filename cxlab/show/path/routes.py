"""Arrows as lines and curves: straight where the way is free, bent where a node stands in it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cxlab.show.path.arms import OUTWARD, RESIDUAL_ARROW, curve_reach
from cxlab.show.path.model import Edge, Model
from cxlab.show.path.search import Places, hub_curve_reach
from cxlab.show.path.shapes import Point, Rect, bent, bezier, border_point

_BENDS = (0.12, -0.12, 0.2, -0.2, 0.3, -0.3, 0.42, -0.42)
_WIDE_BENDS = (0.18, -0.18, 0.3, -0.3, 0.42, -0.42, 0.6, -0.6, 0.85, -0.85)


@dataclass(frozen=True)
class Route:
    """One arrow on paper: its points (start, end, or start, control, end).

    `to_item` is true for an arrow between a hub and an item, `owned` for one between an item and the hub it hangs on.
    """

    edge: Edge
    points: tuple[Point, ...]
    to_item: bool = False
    owned: bool = False

    def along(self, steps: int = 41) -> np.ndarray:
        """Points along the arrow."""
        start, end = self.points[0], self.points[-1]
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2) if len(self.points) == 2 else self.points[1]
        return bezier(start, middle, end, steps)


def boxes(model: Model, places: Places) -> dict[str, Rect]:
    """The rectangle of every node."""
    rects = {}
    for hub in model.hubs:
        node = model.nodes[hub]
        rects[hub] = Rect.around(places.centres[hub], node.width, node.height)
        rects |= places.arms[hub].boxes(places.centres[hub], node.width, node.height)
    return rects


def routes(model: Model, places: Places, rects: Mapping[str, Rect]) -> list[Route]:
    """A route for every arrow but residuals."""
    drawn = [edge for edge in model.edges if edge.kind != "residual" and edge.source != edge.target]
    return [_route(edge, model, places, rects) for edge in drawn]


def _route(edge: Edge, model: Model, places: Places, rects: Mapping[str, Rect]) -> Route:
    if model.owned(edge):
        return Route(edge, _spoke(edge, model, places, rects), to_item=True, owned=True)
    if edge.kind == "covariance":
        beside = _beside(edge, model, places, rects)
        if beside:
            return Route(edge, beside)
        return Route(edge, _free_way(edge, model, places, rects, _WIDE_BENDS))
    back = any((other.source, other.target) == (edge.target, edge.source) and other.kind == edge.kind
               for other in model.edges)  # fmt: skip
    to_item = edge.kind == "loading" and bool({edge.source, edge.target} & model.owner.keys())
    bends = (0.1, *_BENDS[::2]) if back else (0.0, *_BENDS)
    return Route(edge, _free_way(edge, model, places, rects, bends), to_item)


def _centre(rect: Rect) -> Point:
    return (rect.left + rect.right) / 2, (rect.bottom + rect.top) / 2


def _spoke(edge: Edge, model: Model, places: Places, rects: Mapping[str, Rect]) -> tuple[Point, Point]:
    """Between a hub and its item: it meets the box in the middle of the side that looks at the hub."""
    item = edge.target if edge.target in model.owner else edge.source
    hub = model.owner[item]
    ux, uy = OUTWARD[places.arms[hub].side]
    (x, y), rect = _centre(rects[item]), rects[item]
    at = (x - ux * ((rect.right - rect.left) / 2 + 0.015), y - uy * ((rect.top - rect.bottom) / 2 + 0.015))
    node = model.nodes[hub]
    start = border_point(node.kind, places.centres[hub], node.width, node.height, at)
    return (start, at) if edge.source == hub else (at, start)


def _border(name: str, model: Model, rects: Mapping[str, Rect], towards: Point) -> Point:
    """Where an arrow meets a node that it comes to from `towards`."""
    rect = rects[name]
    return border_point(
        model.nodes[name].kind, _centre(rect), rect.right - rect.left, rect.top - rect.bottom, towards
    )  # fmt: skip


def _free_way(
    edge: Edge, model: Model, places: Places, rects: Mapping[str, Rect], bends: tuple[float, ...]
) -> tuple[Point, ...]:
    """The first of these bends that passes through no other node, else the one that passes through fewest."""
    others = [rect.grown(0.03) for name, rect in rects.items() if name not in (edge.source, edge.target)]
    ways: list[tuple[int, int, tuple[Point, ...]]] = []
    for bend in bends:
        way = _way(edge, model, places, rects, bend)
        curve = Route(edge, way).along(161)
        hits = sum(bool(rect.holds(curve).any()) for rect in others)
        if hits == 0:
            return way
        ways.append((hits, len(ways), way))
    return min(ways)[2]


def _way(edge: Edge, model: Model, places: Places, rects: Mapping[str, Rect], bend: float) -> tuple[Point, ...]:
    """A line or curve from border to border; item boxes are met in the middle of a side."""
    ends = {name: _centre(rects[name]) for name in (edge.source, edge.target)}
    for name, other in ((edge.source, edge.target), (edge.target, edge.source)):
        if name in model.owner:
            ux, uy = OUTWARD[places.arms[model.owner[name]].side]
            sides = [_outer_middle(rects[name], sign * ux, sign * uy) for sign in (1, -1)]
            ends[name] = min(sides, key=lambda side: math.dist(side, ends[other]))
    start, end = ends[edge.source], ends[edge.target]
    control = bent(start, end, bend)
    first, last = ((name, control if bend else ends[other]) for name, other in (
        (edge.source, edge.target), (edge.target, edge.source)))  # fmt: skip
    points = [ends[name] if name in model.owner else _border(name, model, rects, to) for name, to in (first, last)]
    return (points[0], control, points[1]) if bend else (points[0], points[1])


def _beside(edge: Edge, model: Model, places: Places, rects: Mapping[str, Rect]) -> tuple[Point, ...] | None:
    """A curve beside a column of hubs or along a row of items; None if the two do not stand in one."""
    pair = (edge.source, edge.target)
    owners = {model.owner.get(name) for name in pair}
    if owners == {None}:
        return _beside_hubs(pair, model, places, rects)
    if len(owners) == 1:
        arm = places.arms[next(owner for owner in owners if owner)]
        span = abs(arm.items.index(pair[0]) - arm.items.index(pair[1]))
        (ux, uy), reach = OUTWARD[arm.side], curve_reach(span, arm.residual)
        ends = _facing_ends([rects[name] for name in pair], ux, uy)
        middle = ((ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2)
        return ends[0], (middle[0] + 2 * ux * reach, middle[1] + 2 * uy * reach), ends[1]
    return None


def _facing_ends(pair: list[Rect], ux: float, uy: float) -> list[Point]:
    """On the outer side of two boxes, a little towards each other: the middle belongs to the residual's arrow."""
    (x0, y0), (x1, y1) = (_outer_middle(rect, ux, uy) for rect in pair)
    step = 0.28 * ((pair[0].top - pair[0].bottom) if ux else (pair[0].right - pair[0].left))
    dx, dy = (0.0, math.copysign(step, y1 - y0)) if ux else (math.copysign(step, x1 - x0), 0.0)
    return [(x0 + dx, y0 + dy), (x1 - dx, y1 - dy)]


def _outer_middle(rect: Rect, ux: float, uy: float) -> Point:
    x, y = _centre(rect)
    return x + ux * ((rect.right - rect.left) / 2 + 0.015), y + uy * ((rect.top - rect.bottom) / 2 + 0.015)


def _beside_hubs(
    pair: tuple[str, str], model: Model, places: Places, rects: Mapping[str, Rect]
) -> tuple[Point, ...] | None:
    """A curve left of the first column, or right of the last one where there are several."""
    columns = sorted({round(x, 3) for x, _ in places.centres.values()})
    x = {round(places.centres[name][0], 3) for name in pair}
    if len(x) != 1 or (x != {columns[0]} and x != {columns[-1]}):
        return None
    sign = -1 if x == {columns[0]} else 1
    members = sorted((name for name in model.hubs if round(places.centres[name][0], 3) in x),
                     key=lambda name: -places.centres[name][1])  # fmt: skip
    upper, lower = sorted(pair, key=members.index)
    span = members.index(lower) - members.index(upper)
    ends = [_beside_border(name, model, rects[name], sign, turn) for name, turn in ((upper, -1), (lower, 1))]
    reach = min(ends[0][0] * sign, ends[1][0] * sign) + 2 * hub_curve_reach(span)
    return ends[0], (sign * reach, (ends[0][1] + ends[1][1]) / 2), ends[1]


def _beside_border(name: str, model: Model, rect: Rect, sign: int, turn: int) -> Point:
    """On the left (-1) or right (1) border of a hub, a little above (1) or below (-1) its middle."""
    x, y = _centre(rect)
    towards = (x + sign * (rect.right - rect.left), y + turn * 0.56 * (rect.top - rect.bottom))
    return _border(name, model, {name: rect}, towards)


def residual_route(edge: Edge, model: Model, places: Places, rects: Mapping[str, Rect]) -> Route:
    """The short arrow into an item from outside; hubs get a loop, see `labels`."""
    arm = places.arms[model.owner[edge.target]]
    ux, uy = OUTWARD[arm.side]
    x, y = _outer_middle(rects[edge.target], ux, uy)
    return Route(edge, ((x + ux * RESIDUAL_ARROW, y + uy * RESIDUAL_ARROW), (x, y)))
