"""A model on paper: everything's place in inches, before anything is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cxlab.show.path.labels import Label, fixed_label, has_place, loop_route, place_labels
from cxlab.show.path.measurement import place_column
from cxlab.show.path.model import Model
from cxlab.show.path.routes import Route, boxes, residual_route, routes
from cxlab.show.path.search import Places, place_hubs
from cxlab.show.path.shapes import Rect

_MARGIN = 0.12


@dataclass(frozen=True)
class Diagram:
    """Where nodes, arrows and numbers lie. `turned` are the items whose text runs upwards."""

    model: Model
    rects: Mapping[str, Rect]
    routes: tuple[Route, ...]
    labels: tuple[Label, ...]
    turned: frozenset[str]

    def bounds(self) -> Rect:
        """The rectangle that holds everything, with a margin."""
        rects = np.array([*self.rects.values(), *(label.rect for label in self.labels)])
        points = np.concatenate([np.array([rects[:, [0, 2]], rects[:, [1, 3]]]).reshape(-1, 2),
                                 *(route.along() for route in self.routes)])  # fmt: skip
        (left, bottom), (right, top) = points.min(axis=0), points.max(axis=0)
        return Rect(float(left), float(right), float(bottom), float(top)).grown(_MARGIN)


def lay_out(model: Model) -> Diagram:
    """Place hubs, items, arrows and numbers."""
    joined = model.between_hubs("regression", "loading")
    places = place_hubs(model) if joined else place_column(model)
    rects = boxes(model, places)
    drawn = routes(model, places, rects)
    residuals = [edge for edge in model.edges if edge.kind == "residual"]
    drawn += [residual_route(edge, model, places, rects) for edge in residuals if edge.target in model.owner]
    numbered = [route for route in drawn if route.edge.text and has_place(route)]
    taken = [fixed_label(route, model, places, rects).rect for route in numbered]
    for edge in residuals:
        if edge.target not in model.owner:
            loop = loop_route(edge, model, rects, drawn, taken)
            drawn.append(loop)
            taken.append(fixed_label(loop, model, places, rects).rect)
    labels = place_labels(model, places, rects, drawn)
    return Diagram(model, rects, tuple(drawn), tuple(labels), _turned(places))


def _turned(places: Places) -> frozenset[str]:
    return frozenset(item for arm in places.arms.values() if arm.turned for item in arm.items)
