"""The map of a theory's constructs: what the experience is made of, and what is kin to it elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.errors import DataError
from cxlab.i18n import Language
from cxlab.show.rows import heading, require_columns, write_title
from cxlab.show.style import INK, MUTED, construct_colours, figure_style, tint
from cxlab.show.text import Text, Words, fit, label, text_size, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LABEL, SMALL = 9.0, 7.8
_CARD, _CENTRE, _CHIP = 2.35, 1.55, 1.5
_GAP, _ROW_GAP, _PAD, _EDGE = 0.42, 0.16, 0.1, 0.12


@dataclass(frozen=True)
class Card:
    """One construct as drawn: its texts wrapped, its colour, its size, and its kin in other frameworks."""

    name: str
    label: str
    text: str
    colour: str
    width: float
    chips: tuple[tuple[str, bool], ...] = ()

    @property
    def height(self) -> float:
        """Inches that the texts need, or the kin beside them."""
        own = text_size(self.label, LABEL)[1] + (text_size(self.text, SMALL)[1] + 0.05 if self.text else 0) + 2 * _PAD
        return max(own, sum(text_size(text, SMALL)[1] + 0.1 for text, _ in self.chips))


def construct_map(
    table: pd.DataFrame,
    centre: str | Text,
    *,
    title: Words | None = None,
    links: pd.DataFrame | None = None,
    lang: Language | None = None,
) -> Figure:
    """Draw the constructs of a theory around what they make up, each with its definition, in its own colour.

    Use it to open a lesson or a paper's theory section: the reader sees what there is before any number.

    Parameters
    ----------
    table : DataFrame
        One row a construct. Columns: ``construct`` (key, gives the colour), ``label`` and ``definition`` (text or
        bilingual); optional ``parent``, the key of the construct that a row is part of: parents then stand side by
        side, in the order of the table, with their parts below.
    centre : str or bilingual text
        What the constructs make up.
    title : str, bilingual text or Notice, optional
        Catalogue key or text.
    links : DataFrame, optional
        Kin in other theories: ``construct``, ``label`` (text or bilingual), and ``strength``: ``"same"`` (a full
        line) or ``"part"`` (a broken one). Not drawn for parents and parts.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        7.4 inches wide, 10.8 with links, as high as the texts need.

    Raises
    ------
    DataError
        If a column is missing, the table is empty, or a parent is not in the table.

    Examples
    --------
    >>> table = pd.DataFrame({"construct": ["sense", "feel"], "label": ["Sense", "Feel"],
    ...                       "definition": ["Through the senses.", "Through moods."]})
    >>> figure = construct_map(table, "experience")
    >>> len(figure.axes)
    1
    """
    from cxlab.show.constructs_staged import staged_map

    require_columns(table, ["construct", "label", "definition"], "construct_map")
    records = table.to_dict("records")
    if any(record.get("parent") for record in records):
        return staged_map(records, label(centre, lang), title, lang)
    colours = construct_colours(str(record["construct"]) for record in records)
    chips = _chips(links, lang)
    cards = [card_of(record, colours[record["construct"]], _CARD, lang, chips) for record in records]
    with figure_style():
        return _around(cards, label(centre, lang), title, lang)


def card_of(
    record: Mapping[Any, Any],
    colour: str,
    width: float,
    lang: Language | None,
    chips: Mapping[str, Sequence[tuple[str, bool]]] | None = None,
) -> Card:
    """A row of the table, its texts wrapped to the card."""
    inner = width - 2 * _PAD - 0.18
    name = str(record["construct"])
    return Card(
        name=name,
        label=fit(label(record["label"], lang), inner / 1.1, LABEL),
        text=fit(label(record["definition"], lang), inner, SMALL) if record["definition"] else "",
        colour=colour,
        width=width,
        chips=tuple((chips or {}).get(name, ())),
    )


def _chips(links: pd.DataFrame | None, lang: Language | None) -> dict[str, list[tuple[str, bool]]]:
    """Kin by construct: the wrapped text, and whether the meaning is the same."""
    if links is None:
        return {}
    found: dict[str, list[tuple[str, bool]]] = {}
    for record in links.to_dict("records"):
        text = fit(label(record["label"], lang), _CHIP, SMALL, 2)
        found.setdefault(str(record["construct"]), []).append((text, record["strength"] == "same"))
    return found


def _around(cards: Sequence[Card], centre: str, title: Words | None, lang: Language | None) -> Figure:
    """Cards in two columns, the centre between them, kin outside."""
    half = (len(cards) + 1) // 2
    columns = [cards[:half], cards[half:]]
    kin = any(card.chips for card in cards)
    outside = _CHIP + 0.3 if kin else 0.0
    width = 2 * (_EDGE + outside + _CARD + _GAP) + _CENTRE
    body = max(sum(card.height for card in column) + _ROW_GAP * (len(column) - 1) for column in columns)
    legend = 0.3 if kin else 0.0
    figure, ax = canvas(width, max(body, 0.9) + 0.24 + legend, title, lang)
    middle = (width / 2, legend + 0.12 + max(body, 0.9) / 2)
    for side, column in zip((-1, 1), columns, strict=True):
        stack = sum(card.height for card in column) + _ROW_GAP * (len(column) - 1)
        top = middle[1] + stack / 2
        for card in column:
            y = top - card.height / 2
            _spoke(ax, middle, side, y, card)
            top -= card.height + _ROW_GAP
    _ellipse(ax, middle, centre)
    if kin:
        _legend(ax, width, lang)
    return figure


def canvas(width: float, height: float, title: Words | None, lang: Language | None) -> tuple[Figure, Axes]:
    """A figure measured in inches, with its title written above `height` inches of room."""
    from cxlab.show.figure import Picture

    text, above = heading(title, lang, width - 0.3)
    figure = Picture(figsize=(width, height + (above if text else 0.0)))
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(0, figure.get_figheight()))
    ax.axis("off")
    write_title(figure, text)
    return figure, ax


def draw_card(ax: Axes, left: float, y: float, card: Card, *, strong: bool = False) -> None:
    """One card, its middle at height `y`: a bar in the construct's colour, the label, the definition."""
    from matplotlib.patches import Rectangle

    bottom = y - card.height / 2
    ax.add_patch(
        Rectangle((left, bottom), card.width, card.height, fc=tint(card.colour, 0.22 if strong else 0.1), ec="none")
    )
    ax.add_patch(Rectangle((left, bottom), 0.06, card.height, fc=card.colour, ec="none"))
    own = text_size(card.label, LABEL)[1] + (text_size(card.text, SMALL)[1] + 0.05 if card.text else 0)
    top, x = y + own / 2, left + 0.06 + _PAD
    ax.text(x, top, card.label, size=LABEL, weight="bold", va="top", linespacing=1.2)
    if card.text:
        below = top - text_size(card.label, LABEL)[1] - 0.05
        ax.text(x, below, card.text, size=SMALL, color=INK, va="top", linespacing=1.2)


def _spoke(ax: Axes, middle: tuple[float, float], side: int, y: float, card: Card) -> None:
    """A card on one side of the centre, the curve that joins them, and the card's kin on its outer side."""
    inner = middle[0] + side * (_CENTRE / 2 + _GAP)
    left = inner if side > 0 else inner - _CARD
    _curve(ax, (middle[0] + side * 0.3, middle[1]), (inner, y), card.colour, 1.4)
    draw_card(ax, left, y, card)
    outer, edge = inner + side * _CARD, "left" if side > 0 else "right"
    tall = [text_size(text, SMALL)[1] + 0.1 for text, _ in card.chips]
    for i, (text, same) in enumerate(card.chips):
        at = y + sum(tall) / 2 - sum(tall[:i]) - tall[i] / 2
        end = outer + side * 0.3
        _curve(ax, (outer, y), (end, at), card.colour, 0.9, "-" if same else (0, (3, 2)))
        ax.text(end + side * 0.05, at, text, size=SMALL, color=MUTED, va="center", ha=edge, linespacing=1.2)


def _curve(
    ax: Axes, start: tuple[float, float], end: tuple[float, float], colour: str, lw: float, style: Any = "-"
) -> None:
    """A curve that leaves and arrives level."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    bend = (start[0] + end[0]) / 2
    path = Path([start, (bend, start[1]), (bend, end[1]), end], [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
    ax.add_patch(PathPatch(path, fc="none", ec=colour, lw=lw, ls=style, zorder=0))


def _ellipse(ax: Axes, middle: tuple[float, float], text: str) -> None:
    from matplotlib.patches import Ellipse

    shown = _balanced(text, _CENTRE * 0.76)
    height = max(0.8, text_size(shown, LABEL)[1] + 0.45)
    ax.add_patch(Ellipse(middle, _CENTRE, height, fc="white", ec=INK, lw=1.1))
    ax.text(*middle, shown, size=LABEL, weight="bold", ha="center", va="center", linespacing=1.2)


def _balanced(text: str, inches: float) -> str:
    """The text in as few lines as fit, about equally long: words that belong together stay together more often."""
    widest = fit(text, inches, LABEL)
    narrower = (fit(text, inches * share / 20, LABEL) for share in range(8, 20))
    return next((one for one in narrower if one.count("\n") == widest.count("\n")), widest)


def _legend(ax: Axes, width: float, lang: Language | None) -> None:
    """What full and broken lines to other frameworks say."""
    texts = [words("frameworks.map_same", lang), words("frameworks.map_part", lang)]
    x = (width - sum(text_size(text, SMALL)[0] + 0.75 for text in texts) + 0.3) / 2
    for text, style in zip(texts, ("-", (0, (3, 2))), strict=True):
        ax.plot([x, x + 0.35], [0.18, 0.18], color=MUTED, lw=1.0, ls=style)
        ax.text(x + 0.43, 0.18, text, size=SMALL, color=MUTED, va="center")
        x += text_size(text, SMALL)[0] + 0.75


def parents_of(records: Sequence[Mapping[Any, Any]]) -> dict[str, list[Mapping[Any, Any]]]:
    """The parts of each parent, in the table's order; an error for a parent that is not there."""
    whole = [str(record["construct"]) for record in records if not record.get("parent")]
    for record in records:
        if record.get("parent") and record["parent"] not in whole:
            known = ", ".join(whole) or "–"
            raise DataError(
                "frameworks.map_unknown_parent", name=record["construct"], parent=record["parent"], known=known
            )
    return {name: [record for record in records if record.get("parent") == name] for name in whole}
