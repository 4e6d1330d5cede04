"""The items of a hub as one arm: a tidy row beside, above or below it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cxlab.show.path.model import LOADING_SIZE, Model
from cxlab.show.path.shapes import Point, Rect
from cxlab.show.text import text_size

Side = Literal["left", "right", "top", "bottom"]
SIDES: tuple[Side, ...] = ("left", "right", "top", "bottom")
OUTWARD: dict[Side, Point] = {"left": (-1, 0), "right": (1, 0), "top": (0, 1), "bottom": (0, -1)}
_FAN = {"left": 0.85, "right": 0.85, "top": 0.66, "bottom": 0.66}
_WIDEST_ROW = 2.7
RESIDUAL_ARROW = 0.2


@dataclass(frozen=True)
class Arm:
    """How far the items of one hub reach, on one side of it, in inches."""

    items: tuple[str, ...]
    side: Side
    width: float
    height: float
    turned: bool
    pitch: float
    fan: float
    residual: float
    curves: float

    @property
    def span(self) -> float:
        """Length of the row of boxes."""
        return self.pitch * len(self.items)

    @property
    def depth(self) -> float:
        """From the hub's border to the outermost mark."""
        across = self.width if self.side in ("left", "right") else self.height
        return self.fan + across + max(self.residual, self.curves) if self.items else 0.0

    def boxes(self, hub: Point, hub_width: float, hub_height: float) -> dict[str, Rect]:
        """Where the item boxes lie when the hub's centre is at `hub`."""
        (ux, uy), (x, y) = OUTWARD[self.side], hub
        half = (hub_width if ux else hub_height) / 2
        reach = half + self.fan + (self.width if ux else self.height) / 2
        first = self.pitch * (len(self.items) - 1) / 2
        steps = [first - self.pitch * i for i in range(len(self.items))]
        centres = [(x + ux * reach, y + step) if ux else (x - step, y + uy * reach) for step in steps]
        return {
            item: Rect.around(centre, self.width, self.height)
            for item, centre in zip(self.items, centres, strict=True)
        }  # fmt: skip


def arm(model: Model, hub: str, side: Side, room: float = 0.0) -> Arm:
    """The arm of a hub on one side; `room` widens the fan of arrows, for curves that run through it."""
    items = tuple(model.items(hub))
    width = model.nodes[items[0]].width if items else 0.0
    height = model.nodes[items[0]].height if items else 0.0
    sideways = side in ("left", "right")
    turned = not sideways and (width + 0.08) * len(items) > _WIDEST_ROW
    width, height = (height, width) if turned else (width, height)
    pitch = height + 0.07 if sideways else width + (0.1 if turned else 0.08)
    residual = _residual_room(model, items, sideways)
    curves = max((curve_reach(span, residual) + 0.2 for span in _spans(model, items)), default=0.0)
    return Arm(items, side, width, height, turned, pitch, _FAN[side] + room, residual, curves)


def _residual_room(model: Model, items: tuple[str, ...], sideways: bool) -> float:
    """Room outside the boxes for residual arrows with their numbers."""
    texts = [edge.text for edge in model.edges if edge.kind == "residual" and edge.target in items]
    lengths = [text_size(text, LOADING_SIZE)[0 if sideways else 1] for text in texts]
    return RESIDUAL_ARROW + max(lengths) + 0.08 if lengths else 0.0


def _spans(model: Model, items: tuple[str, ...]) -> list[int]:
    """How many places apart the ends of each curve between these items are."""
    place = {item: i for i, item in enumerate(items)}
    pairs = [(edge.source, edge.target) for edge in model.edges if edge.kind == "covariance"]
    return [abs(place[a] - place[b]) for a, b in pairs if a in place and b in place]


def curve_reach(span: int, residual: float = 0.0) -> float:
    """How far a curve between items that many places apart leaves their line, clear of the numbers between them."""
    return 0.16 + 0.12 * span + (residual if span > 1 else 0.0)
