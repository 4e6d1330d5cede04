"""Constructs that are stages with parts: side by side in their order, the parts below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cxlab.i18n import Language
from cxlab.show.constructs import LABEL, Card, canvas, card_of, draw_card, parents_of
from cxlab.show.style import INK, MUTED, construct_colours, figure_style
from cxlab.show.text import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _EDGE, _GAP, _ROW_GAP = 7.4, 0.12, 0.26, 0.12
_ARROW = 0.42


def staged_map(records: Sequence[Mapping[Any, Any]], centre: str, title: Words | None, lang: Language | None) -> Figure:
    """The map for a table with parents; see `cxlab.show.constructs.construct_map`."""
    parts = parents_of(records)
    by_name = {str(record["construct"]): record for record in records}
    colours = construct_colours(parts)
    width = (_WIDTH - 2 * _EDGE - _GAP * (len(parts) - 1)) / len(parts)
    heads = [card_of(by_name[name], colours[name], width, lang) for name in parts]
    bodies = [[card_of(one, colours[name], width - 0.18, lang) for one in below] for name, below in parts.items()]
    with figure_style():
        first = max(card.height for card in heads)
        rows = max(len(body) for body in bodies)
        levels = [max((body[i].height for body in bodies if i < len(body)), default=0.0) for i in range(rows)]
        total = _ARROW + first + sum(levels) + _ROW_GAP * (rows + 1) + 0.1
        figure, ax = canvas(_WIDTH, total, title, lang)
        _arrow(ax, total - 0.2, centre)
        for i, (head, body) in enumerate(zip(heads, bodies, strict=True)):
            _column(ax, _EDGE + i * (width + _GAP), total - _ARROW, head, body, first, levels)
    return figure


def _arrow(ax: Axes, y: float, text: str) -> None:
    """The path's direction, with its name."""
    line = {"arrowstyle": "-|>", "color": MUTED, "lw": 1.0, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", xy=(_WIDTH - _EDGE, y), xytext=(_EDGE, y), arrowprops=line)
    box = {"fc": "white", "ec": "none", "pad": 2.5}
    ax.text(_WIDTH / 2, y, text, size=LABEL, weight="bold", color=INK, ha="center", va="center", bbox=box)


def _column(
    ax: Axes, left: float, top: float, head: Card, body: Sequence[Card], first: float, levels: Sequence[float]
) -> None:
    """One stage and its parts, in rows that are level across the stages."""
    draw_card(ax, left, top - head.height / 2, head, strong=True)
    y = top - first - _ROW_GAP
    for card, level in zip(body, levels, strict=False):
        draw_card(ax, left + 0.18, y - card.height / 2, card)
        y -= level + _ROW_GAP
