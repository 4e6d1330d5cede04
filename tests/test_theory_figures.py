"""The timeline and the ledger: what they draw, that nothing is cut off, what they say of tables they cannot draw."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Annotation, Text

import cxlab as cx
from cxlab.errors import DataError
from cxlab.i18n import LANGUAGES
from cxlab.show.ledger import claims_ledger
from cxlab.show.style import NEGATIVE
from cxlab.show.timeline import timeline

WORKS = pd.DataFrame(
    {
        "theme": ["A", "A", "B"],
        "start": [1980, 1980, 1990],
        "end": [1989, 1989, 1999],
        "label": ["One (1985)", "Two (1992)", "Three (1987)"],
        "year": [1985, 1992, 1987],
    }
)
CLAIMS = pd.DataFrame(
    {
        "claim": ["left", "stayed"],
        "verdict": ["supported", "unverifiable"],
        "value": [0.32, 0.74],
        "n": [15000, None],
        "ci_lower": [0.313, None],
        "ci_upper": [0.328, None],
        "doubtful": [False, True],
    }
)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("topic", ["history", "claims"])
def test_no_text_is_cut_off(topic: str, lang: str) -> None:
    figure = cx.theory_table(topic, lang).plot()
    figure.draw_without_rendering()
    frame = figure.bbox
    for text in figure.findobj(Text):
        if text.get_text() and text.get_visible():
            box = text.get_window_extent()
            assert frame.x0 - 1 <= box.x0, text.get_text()
            assert box.x1 <= frame.x1 + 1, text.get_text()
            assert frame.y0 - 1 <= box.y0, text.get_text()
            assert box.y1 <= frame.y1 + 1, text.get_text()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_labels_of_works_do_not_touch_each_other(lang: str) -> None:
    figure = cx.theory_table("history", lang).plot()
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in figure.findobj(Annotation)]
    assert len(boxes) == 27
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])


def test_works_outside_the_band_have_a_colour_and_a_shape_of_their_own() -> None:
    (ax,) = timeline(WORKS).axes
    diamonds = [line for line in ax.lines if line.get_marker() == "D"]
    assert sorted(float(line.get_xdata()[0]) for line in diamonds) == [1987, 1992]
    assert {to_hex(line.get_markerfacecolor()).upper() for line in diamonds} == {NEGATIVE}


def test_the_legend_names_works_outside_only_where_there_are_any() -> None:
    assert len(timeline(WORKS).legends[0].get_texts()) == 3
    assert len(timeline(WORKS.iloc[:1]).legends[0].get_texts()) == 2


def test_a_work_without_a_year_is_left_out() -> None:
    works = pd.concat([WORKS, WORKS.iloc[:1].assign(year=None)], ignore_index=True)
    assert len(timeline(works).findobj(Annotation)) == 3


def test_a_share_without_n_has_an_empty_dot_and_no_interval() -> None:
    (ax,) = claims_ledger(CLAIMS).axes
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    bars = [line for line in ax.lines if line.get_marker() in ("None", None, "")]
    assert [float(dot.get_xdata()[0]) for dot in dots] == [0.74]
    assert dots[0].get_markerfacecolor() == "white"
    assert [list(bar.get_xdata()) for bar in bars] == [[0.313, 0.328]]


@pytest.mark.parametrize(("draw", "table"), [(timeline, WORKS), (claims_ledger, CLAIMS)])
def test_a_table_that_cannot_be_drawn_is_named(draw: object, table: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="needs"):
        draw(table.iloc[:, 1:])  # type: ignore[operator]
    with pytest.raises(DataError):
        draw(table.iloc[:0])  # type: ignore[operator]
