"""The map of constructs: everything on the page, one hue a meaning."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.figure import Figure

import cxlab as cx
from cxlab.errors import DataError
from cxlab.i18n import pick
from cxlab.show.constructs import construct_map
from cxlab.show.style import construct_colour, construct_colours
from cxlab.theory.frameworks.shelf import NAMES


def outside(figure: Figure) -> list[str]:
    """Texts that leave the page."""
    figure.canvas.draw()
    page = figure.bbox
    boxes = {text.get_text(): text.get_window_extent() for text in [*figure.axes[0].texts, *figure.texts]}
    inside = {t for t, b in boxes.items() if b.x0 >= 0 and b.y0 >= 0 and b.x1 <= page.x1 and b.y1 <= page.y1}
    return sorted(set(boxes) - inside)


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    figure.canvas.draw()
    boxes = [(text.get_text(), text.get_window_extent()) for text in figure.axes[0].texts if text.get_text()]
    return [(a, b) for i, (a, x) in enumerate(boxes) for b, y in boxes[i + 1 :] if x.overlaps(y)]


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize(
    ("name", "related"), [*((name, False) for name in NAMES), ("gentile", True), ("brakus", True), ("servqual", True)]
)
def test_a_map_shows_every_construct_on_the_page_and_nothing_overlaps(name: str, related: bool, lang: str) -> None:
    one = cx.framework(name)
    figure = one.plot(lang, related=related)  # type: ignore[arg-type]
    shown = {" ".join(text.get_text().split()) for text in figure.axes[0].texts}
    assert {pick(part.label, lang) for part in one.parts} <= shown  # type: ignore[arg-type]
    assert {pick(part.definition, lang) for part in one.parts} <= shown  # type: ignore[arg-type]
    assert outside(figure) == []
    assert overlapping(figure) == []


def test_kin_are_drawn_on_request() -> None:
    plain, kin = cx.framework("gentile").plot("en"), cx.framework("gentile").plot("en", related=True)
    shown = {" ".join(text.get_text().split()) for text in kin.axes[0].texts}
    assert {"Schmitt: Sense", "Brakus: Sensory", "same meaning", "overlap in meaning"} <= shown
    assert not any("Schmitt" in text.get_text() for text in plain.axes[0].texts)


def test_constructs_of_one_meaning_share_a_hue() -> None:
    for link in cx.framework("gentile").links.query("strength == 'same'").itertuples():
        assert construct_colour(link.construct) == construct_colour(link.related_construct)
    assert construct_colour("act") == construct_colour("behavioural")


@pytest.mark.parametrize("name", NAMES)
def test_constructs_of_one_framework_and_the_outcomes_keep_their_own_hues(name: str) -> None:
    names = [*cx.framework(name).constructs["construct"], "satisfaction", "loyalty"]
    assert len(set(construct_colours(names).values())) == len(set(names))


def test_a_map_of_nothing_or_of_an_orphan_is_refused() -> None:
    table = pd.DataFrame({"construct": ["a"], "label": ["A"], "definition": [""], "parent": ["b"]})
    with pytest.raises(DataError, match="'b'"):
        construct_map(table, "centre")
    with pytest.raises(DataError):
        construct_map(table.iloc[:0], "centre")
    with pytest.raises(DataError, match="definition"):
        construct_map(table[["construct", "label"]], "centre")


def test_one_construct_without_a_definition_is_a_map_too() -> None:
    figure = construct_map(pd.DataFrame({"construct": ["a"], "label": [{"en": "A"}], "definition": [""]}), "centre")
    assert outside(figure) == []
