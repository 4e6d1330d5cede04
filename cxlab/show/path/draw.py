"""Ink: a laid-out diagram as a matplotlib Figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cxlab.show.path.labels import Label
from cxlab.show.path.layout import Diagram
from cxlab.show.path.model import HUB_SIZE, ITEM_SIZE, Node
from cxlab.show.path.routes import Route
from cxlab.show.path.shapes import Rect, outline
from cxlab.show.rows import heading, write_title
from cxlab.show.style import INK, MUTED, NEGATIVE, figure_style, tint
from cxlab.show.text import fit, text_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_FAINT = "#8C8C8C"
_NOTE_SIZE = 7.5
_DASH = (0, (4, 2.4))


def draw(diagram: Diagram, title: str, notes: Sequence[str]) -> Figure:
    """The figure, as large as the diagram, with a title above and notes below."""
    from cxlab.show.figure import Picture

    bounds = diagram.bounds()
    width = max(bounds.right - bounds.left, 3.4)
    top, above = heading(title or None, None, width - 0.3)
    text = "\n".join(fit(note, width - 0.3, _NOTE_SIZE) for note in notes)
    below = text_size(text, _NOTE_SIZE)[1] + 0.14 if text else 0.0
    above = above if top else 0.0
    height = bounds.top - bounds.bottom + below + above
    left = (bounds.left + bounds.right - width) / 2
    with figure_style():
        figure = Picture(figsize=(width, height))
        ax = figure.add_axes((0, 0, 1, 1))
        ax.set(xlim=(left, left + width), ylim=(bounds.bottom - below, bounds.top + above))
        ax.axis("off")
        for route in diagram.routes:
            _arrow(ax, route)
        for node in diagram.model.nodes.values():
            _node(ax, node, diagram.rects[node.name], node.name in diagram.model.owner, node.name in diagram.turned)
        for label in diagram.labels:
            _label(ax, label)
        ax.text(left + 0.12, bounds.bottom, text, size=_NOTE_SIZE, color=MUTED, va="top", linespacing=1.2)
        write_title(figure, top)
    return figure


def _node(ax: Axes, node: Node, rect: Rect, is_item: bool, turned: bool) -> None:
    """A latent variable's ellipse, an item's box, a composite's hexagon, a constant's triangle, with its text."""
    from matplotlib.patches import Ellipse, Polygon

    x, y = (rect.left + rect.right) / 2, (rect.bottom + rect.top) / 2
    width, height = rect.right - rect.left, rect.top - rect.bottom
    style: dict[str, Any] = {"fc": tint(node.colour, 0.16), "ec": node.colour, "lw": 1.4, "zorder": 3}
    if is_item:
        style |= {"fc": "white", "ec": node.colour, "lw": 0.9}
    corners = outline(node.kind, width, height)
    ax.add_patch(
        Ellipse((x, y), width, height, **style) if corners is None else Polygon(np.add(corners, (x, y)), **style)
    )
    low = 0.14 * height if node.kind == "intercept" else 0.0
    ax.text(
        x, y - low, node.text, ha="center", va="center", zorder=4, linespacing=1.15,
        size=ITEM_SIZE if is_item else HUB_SIZE, rotation=90 if turned else 0,
    )  # fmt: skip


def _arrow(ax: Axes, route: Route) -> None:
    """A straight or curved arrow; two heads for covariances and variances."""
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    edge = route.edge
    two_heads = edge.kind == "covariance" or (edge.kind == "residual" and len(route.points) == 3)
    light = edge.kind == "covariance" or edge.kind == "residual" or route.to_item
    codes = [Path.MOVETO, Path.LINETO] if len(route.points) == 2 else [Path.MOVETO, Path.CURVE3, Path.CURVE3]
    ax.add_patch(
        FancyArrowPatch(
            path=Path(list(route.points), codes),
            arrowstyle="<|-|>" if two_heads else "-|>",
            mutation_scale=6.5 if light else 9,
            lw=0.8 if light else 1.2,
            color=NEGATIVE if edge.negative else _FAINT if light else INK,
            ls=_DASH if edge.dashed else "-",
            zorder=2 if light else 2.5,
            joinstyle="miter",
        )
    )


def _label(ax: Axes, label: Label) -> None:
    """A number on a white ground, so that its arrow does not strike it through."""
    ground = {"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none"}
    ax.text(
        *label.centre, label.text, size=label.size, ha="center", va="center", rotation=90 if label.turned else 0,
        color=NEGATIVE if label.edge.negative else INK, bbox=ground, zorder=5,
    )  # fmt: skip
