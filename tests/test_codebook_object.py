"""Looking things up in a codebook, changing a copy of it, and showing it."""

from __future__ import annotations

import pytest

from cxlab import Codebook
from cxlab.codebook import Construct, Item
from cxlab.errors import CodebookError
from cxlab.i18n import language

BOOK = Codebook(
    name="demo",
    title={"en": "Demo", "vi": "Bản thử"},
    items={
        "sat1": Item("sat1", {"en": "<b>Happy</b>", "vi": "Hài lòng"}, min=1, max=5, construct="SAT", reversed=True),
        "sat2": Item("sat2", min=1, max=5, construct="SAT", missing=(9, "N/A")),
        "mail": Item("mail", role="id", personal=True),
    },
    constructs={"SAT": Construct("SAT", {"en": "Satisfaction", "vi": "Sự hài lòng"})},
    kind="simulated",
)


def test_an_unknown_item_or_construct_proposes_the_nearest() -> None:
    with pytest.raises(CodebookError, match="Did you mean 'sat1'"):
        BOOK.item("sta1")
    with pytest.raises(CodebookError, match="Did you mean 'SAT'"):
        BOOK.items_of("SATT")


def test_replacing_one_item_leaves_the_others_and_the_original() -> None:
    changed = BOOK.replace(items={"sat2": Item("sat2", min=0, max=10)}, name="new")
    assert (changed.item("sat2").max, changed.item("sat1").max, changed.name) == (10, 5, "new")
    assert (BOOK.item("sat2").max, list(changed.items)) == (5, ["sat1", "sat2", "mail"])


def test_the_summary_names_title_constructs_and_that_data_are_simulated() -> None:
    text = BOOK.summary()
    assert all(part in text for part in ("Demo", "2 items", "1 construct", "Satisfaction", "sat1, sat2", "simulated"))
    assert "Bản thử" in BOOK.summary("vi")
    with language("vi"):
        assert "dữ liệu mô phỏng" in str(BOOK)


def test_html_is_escaped_and_shows_remarks() -> None:
    html = BOOK._repr_html_()
    assert "&lt;b&gt;Happy" in html
    assert all(part in html for part in ("reversed", "personal data", "missing: 9, N/A"))


def test_a_long_codebook_says_how_many_items_are_not_shown() -> None:
    book = Codebook(items={f"i{k}": Item(f"i{k}") for k in range(75)})
    assert "15 more" in book._repr_html_()
