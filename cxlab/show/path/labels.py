"""Where the numbers stand: on their arrows, clear of nodes and of each other."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cxlab.show.path.arms import OUTWARD
from cxlab.show.path.model import LOADING_SIZE, PATH_SIZE, Edge, Model
from cxlab.show.path.routes import Route
from cxlab.show.path.search import Places
from cxlab.show.path.shapes import Point, Rect, border_point
from cxlab.show.text import text_size

_ALONG = (0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7, 0.25, 0.75, 0.2, 0.8, 0.15, 0.85)
_ASIDE = (0.0, 0.1, -0.1, 0.18, -0.18)
_LOOP, _LOOP_TURN = 0.62, 15


@dataclass(frozen=True)
class Label:
    """A number or name on paper."""

    edge: Edge
    text: str
    centre: Point
    size: float
    turned: bool = False

    @property
    def rect(self) -> Rect:
        """The room it takes."""
        width, height = text_size(self.text, self.size)
        return Rect.around(self.centre, *((height, width) if self.turned else (width, height)))


def place_labels(model: Model, places: Places, rects: Mapping[str, Rect], routes: Sequence[Route]) -> list[Label]:
    """Labels of all arrows: first those whose place is given, then the others where there is most room."""
    placed = [fixed_label(route, model, places, rects) for route in routes if route.edge.text and has_place(route)]
    waiting = [route for route in routes if route.edge.text and not has_place(route)]
    curves = {id(route): route.along(60) for route in routes}
    for route in sorted(waiting, key=lambda r: math.dist(r.points[0], r.points[-1])):
        others = [curve for key, curve in curves.items() if key != id(route)]
        placed.append(_best(route, model.owner, rects.values(), [label.rect for label in placed], others))
    return placed


def has_place(route: Route) -> bool:
    """True for an item's own arrow and for residuals."""
    return route.owned or route.edge.kind == "residual"


def fixed_label(route: Route, model: Model, places: Places, rects: Mapping[str, Rect]) -> Label:
    """The number beside its item box, outside it for a residual; at the top of a hub's loop."""
    edge = route.edge
    width, height = text_size(edge.text, LOADING_SIZE)
    if len(route.points) == 3:
        x, y = route.along(3)[1]
        ux, uy = _unit(_middle(rects[edge.target]), (x, y))
        return Label(edge, edge.text, (x + ux * (width / 2 + 0.03), y + uy * (height / 2 + 0.03)), LOADING_SIZE)
    item = edge.target if edge.target in model.owner else edge.source
    arm = places.arms[model.owner[item]]
    ux, uy = OUTWARD[arm.side]
    turned = arm.turned
    along = (height if turned else width) if ux else (width if turned else height)
    if edge.kind == "residual":
        x, y = route.points[0]
        return Label(edge, edge.text, (x + ux * (along / 2 + 0.03), y + uy * (along / 2 + 0.03)), LOADING_SIZE, turned)
    (x0, y0), (x1, y1) = route.points if edge.target == item else route.points[::-1]
    back = along / 2 + 0.12
    share = min(0.6, back / max(abs(x1 - x0) if ux else abs(y1 - y0), 1e-6))
    return Label(edge, edge.text, (x1 + (x0 - x1) * share, y1 + (y0 - y1) * share), LOADING_SIZE, turned)


def _middle(rect: Rect) -> Point:
    return (rect.left + rect.right) / 2, (rect.bottom + rect.top) / 2


def _unit(start: Point, end: Point) -> Point:
    length = math.dist(start, end) or 1.0
    return (end[0] - start[0]) / length, (end[1] - start[1]) / length


def _best(
    route: Route, items: Collection[str], nodes: Iterable[Rect], taken: Sequence[Rect], curves: Sequence[np.ndarray]
) -> Label:
    """The place along (or a little beside) an arrow that meets no node, no label, and as few arrows as can be."""
    small = route.to_item or route.edge.kind == "covariance"
    size = LOADING_SIZE if small else PATH_SIZE
    fixed = [*nodes, *(rect.grown(0.01) for rect in taken)]
    path = route.along(101)
    wanted = 0.5 if not route.to_item else 0.72 if route.edge.target in items else 0.28
    best: tuple[float, Label] | None = None
    for aside in _ASIDE:
        for t in _ALONG:
            i = round(t * 100)
            ux, uy = _unit(tuple(path[max(i - 1, 0)]), tuple(path[min(i + 1, 100)]))
            centre = (float(path[i, 0]) - uy * aside, float(path[i, 1]) + ux * aside)
            label = Label(route.edge, route.edge.text, centre, size)
            rect = label.rect.grown(0.02)
            badness = 100 * sum(rect.meets(other) for other in fixed) + abs(t - wanted) + 8 * abs(aside)
            badness += 3 * sum(bool(rect.holds(curve).any()) for curve in curves)
            if best is None or badness < best[0] - 1e-9:
                best = (badness, label)
    assert best is not None  # noqa: S101 - the lists above are not empty
    return best[1]


def loop_route(
    edge: Edge, model: Model, rects: Mapping[str, Rect], routes: Sequence[Route], taken: Sequence[Rect]
) -> Route:
    """A hub's variance as a loop on the side where there is most room; `taken` are the numbers already placed."""
    rect = rects[edge.target]
    node, centre = model.nodes[edge.target], _middle(rect)
    others = [*(other for name, other in rects.items() if name != edge.target), *taken]
    curves = [route.along(60) for route in routes]
    width, height = text_size(edge.text or "0", LOADING_SIZE)
    best: tuple[float, int, Route] | None = None
    for k, angle in enumerate((90, 270, 60, 120, 240, 300, 45, 135, 225, 315, 30, 150, 210, 330, 0, 180)):
        ends = [_at(centre, angle + turn) for turn in (-_LOOP_TURN, _LOOP_TURN)]
        start, end = (border_point(node.kind, centre, node.width, node.height, point) for point in ends)
        top = border_point(node.kind, centre, node.width, node.height, _at(centre, angle), _LOOP)
        ux, uy = _unit(centre, top)
        room = Rect.around((top[0] - ux * 0.2, top[1] - uy * 0.2), width + 0.2, height + 0.3)
        badness = 10.0 * sum(room.meets(other.grown(0.03)) for other in others)
        badness += sum(bool(room.holds(curve).any()) for curve in curves)
        if best is None or (badness, k) < best[:2]:
            best = (badness, k, Route(edge, (start, top, end)))
    assert best is not None  # noqa: S101 - there are always sixteen tries
    return best[2]


def _at(centre: Point, angle: float) -> Point:
    return centre[0] + math.cos(math.radians(angle)), centre[1] + math.sin(math.radians(angle))
