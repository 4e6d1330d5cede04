"""Names beside points: each where it covers least of other names, points and lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from cxlab.show.style import MUTED
from cxlab.show.text import fit, text_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Left, bottom, right, top in inches from the axes' corner.
Box: TypeAlias = tuple[float, float, float, float]
_GAP = 0.03
_PASSES = 3


def place_names(
    ax: Axes,
    x: Sequence[float],
    y: Sequence[float],
    labels: Sequence[str],
    *,
    size: float = 8.5,
    wide: float = 1.5,
    radii: Sequence[float] | None = None,
    taken: Sequence[Box] = (),
    lines: Sequence[Box] = (),
) -> None:
    """Write a name next to each point of axes whose limits are final, with a thin line where it stands apart.

    Parameters
    ----------
    ax : matplotlib Axes
    x, y : sequence of float
        Points, in the axes' data units.
    labels : sequence of str
        Wrapped to `wide` inches and two lines.
    size : float
        Of the letters, in points.
    radii : sequence of float, optional
        Of the points, in inches.
    taken : sequence of Box
        Room that must stay free, in inches from the axes' corner.
    lines : sequence of Box
        What a name may cover if it must: intervals, lines at the means.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(4, 3)).add_subplot()
    >>> place_names(ax, [0.2, 0.21], [0.5, 0.5], ["one", "two"])
    >>> [text.get_text() for text in ax.texts]
    ['one', 'two']
    """
    room = ax.get_figure().get_size_inches() * ax.get_position().size  # type: ignore[union-attr]
    limits = np.array([ax.get_xlim(), ax.get_ylim()])
    at = (np.column_stack([x, y]) - limits[:, 0]) / (limits[:, 1] - limits[:, 0]) * room
    radius = np.full(len(at), 0.05) if radii is None else np.asarray(radii, dtype=float)
    texts = [fit(str(label), wide, size, 2) for label in labels]
    dots = [(a - r, b - r, a + r, b + r) for (a, b), r in zip(at, radius, strict=True)]
    spots = [_spots(point, own, text_size(text, size)) for point, own, text in zip(at, radius, texts, strict=True)]
    boxes: dict[int, Box] = {}
    for _ in range(_PASSES):  # those placed first make way for those that came after
        for own in _by_crowd(at):
            others = [*taken, *(box for place, box in boxes.items() if place != own)]
            boxes[own] = min(spots[own], key=lambda spot: spot[0] + _cover(spot[1], others, dots, lines, room))[1]
    for own, text in enumerate(texts):
        if not text:
            continue
        box = boxes[own]
        ax.text(box[0] / room[0], box[1] / room[1], text, transform=ax.transAxes, size=size, va="bottom", ha="left",
                linespacing=1.1, zorder=5)  # fmt: skip
        _lead(ax, at[own], radius[own], box, room)


def _by_crowd(at: np.ndarray) -> list[int]:
    """Points with the most neighbours first."""
    away = np.abs(at[:, None] - at[None])
    near = (away[..., 0] < 0.7) & (away[..., 1] < 0.25)
    return list(np.argsort(-near.sum(axis=1), kind="stable"))


def _spots(point: np.ndarray, radius: float, size: tuple[float, float]) -> list[tuple[float, Box]]:
    """Places for a name around its point, each with what its distance costs; right of it is best."""
    (x, y), (wide, tall) = point, size
    found = []
    for cost, far in ((0.0, _GAP), (0.6, 0.14), (1.2, 0.26), (1.8, 0.4), (2.4, 0.55)):
        right, left, middle = x + radius + far, x - radius - far - wide, x - wide / 2
        up, down, level = y + radius + far, y - radius - far - tall, y - tall / 2
        places = [(0.0, right, level), (0.2, left, level), (0.3, middle, up), (0.3, middle, down)]
        places += [(0.2, right, up - radius), (0.2, right, down + radius)]
        places += [(0.4, left, up - radius), (0.4, left, down + radius)]
        found += [(cost + more, (float(a), float(b), float(a + wide), float(b + tall))) for more, a, b in places]
    return found


def _cover(box: Box, taken: Sequence[Box], dots: Sequence[Box], lines: Sequence[Box], room: np.ndarray) -> float:
    """What a box covers: names and points more than lines, and never the outside."""
    outside = box[0] < 0 or box[1] < 0 or box[2] > room[0] or box[3] > room[1]
    cost = 100.0 * outside + sum(10.0 * _meet(box, other) for other in taken)
    return cost + sum(5.0 * _meet(box, dot) for dot in dots) + sum(0.5 * _meet(box, line) for line in lines)


def _meet(box: Box, other: Box) -> bool:
    return box[0] <= other[2] and other[0] <= box[2] and box[1] <= other[3] and other[1] <= box[3]


def _lead(ax: Axes, point: np.ndarray, radius: float, box: Box, room: np.ndarray) -> None:
    """A thin line from a point's edge to its name where that stands apart."""
    near = np.array([min(max(point[0], box[0]), box[2]), min(max(point[1], box[1]), box[3])])
    away = float(np.hypot(*(near - point)))
    if away - radius > 0.1:
        start = point + (near - point) * radius / away
        ends = [(start[k] / room[k], near[k] / room[k]) for k in (0, 1)]
        ax.plot(*ends, transform=ax.transAxes, color=MUTED, lw=0.5, zorder=2)
