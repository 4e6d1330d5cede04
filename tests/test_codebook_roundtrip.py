"""What is written to YAML reads back to the same codebook, whatever is in it."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cxlab import Codebook
from cxlab.codebook import Construct, Item
from cxlab.codebook.text import fold, fold_word, nfc

LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"])
WORDS = (
    st.text(LETTERS | st.sampled_from("đồngýHÀIạ :#'\"-[]{},&*!|>%@`~?\\"), min_size=1, max_size=12)
    .map(nfc)
    .filter(bool)
)
LABELS = st.dictionaries(st.sampled_from(["en", "vi", "ko"]), WORDS, max_size=2)


def unique(words: list[str], key: Any) -> bool:
    return len({key(word) for word in words}) == len(words)


@st.composite
def items(draw: st.DrawFn, name: str, constructs: list[str]) -> Item:
    low = draw(st.integers(-3, 3))
    high = low + draw(st.integers(2, 9))
    points = draw(st.lists(st.integers(low, high), unique=True, max_size=3))
    words = draw(
        st.lists(WORDS, min_size=3 * len(points), max_size=3 * len(points)).filter(lambda w: unique(w, fold_word))
    )
    shown = {p: {"en": words[3 * i], "vi": words[3 * i + 1]} for i, p in enumerate(sorted(points))}
    more = {p: {"en": (words[3 * i + 2],)} for i, p in enumerate(sorted(points)) if draw(st.booleans())}
    scaled = draw(st.booleans())
    codes = st.integers(high + 1, high + 90) | st.floats(high + 0.5, 1e6) | WORDS.filter(lambda w: not _is_number(w))
    return Item(
        name,
        label=draw(LABELS),
        column=draw(st.none() | WORDS.map(lambda w: f"{w} {name}")),
        min=low if scaled else None,
        max=high if scaled else None,
        labels=shown if scaled else {},
        words=more if scaled else {},
        reversed=scaled and draw(st.booleans()),
        construct=draw(st.sampled_from([None, *constructs])),
        missing=tuple(draw(st.lists(codes, max_size=2))),
        role=draw(st.sampled_from(["item", "attention", "duration", "id", "group", "text"])),
        personal=draw(st.booleans()),
        expected=draw(st.none() | st.integers(low, high)) if scaled else None,
        scale=draw(st.sampled_from([None, "s1", "s2"])) if scaled else None,
        note=draw(LABELS),
    )


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


TRUTHS = st.lists(st.text(LETTERS, max_size=20), max_size=4).map(lambda lines: nfc("\n".join(lines)))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.floats(-1e6, 1e6) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    names = draw(st.lists(WORDS, max_size=4).filter(lambda w: unique(w, fold)))
    constructs = draw(st.lists(WORDS, max_size=2, unique=True))
    kind = draw(st.sampled_from(["real", "simulated"]))
    return Codebook(
        name=draw(st.just("") | WORDS),
        title=draw(LABELS),
        items={name: draw(items(name, constructs)) for name in names},
        constructs={name: Construct(name, draw(LABELS), citation=draw(st.just("") | WORDS)) for name in constructs},
        citation=draw(st.just("") | WORDS),
        kind=kind,
        truth=draw(TRUTHS) if kind == "simulated" else "",
        simulation=draw(st.dictionaries(WORDS, PLAIN, max_size=3)) if kind == "simulated" else {},
        notes=draw(LABELS),
    )


@settings(max_examples=25)
@given(codebooks())
def test_a_codebook_survives_the_way_through_a_file(book: Codebook) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "codebook.yaml"
        text = book.to_yaml(path)
        assert path.read_text(encoding="utf-8") == text
        assert Codebook.from_yaml(path) == book


def test_vietnamese_is_written_as_letters_not_escapes() -> None:
    book = Codebook(items={"hài lòng": Item("hài lòng", {"vi": "Mức độ hài lòng"})})
    assert "Mức độ hài lòng" in book.to_yaml()
    assert unicodedata.is_normalized("NFC", book.to_yaml())


def test_a_shared_scale_is_written_once(tmp_path: Path) -> None:
    text = "scales: {s: {min: 1, max: 5}}\nitems: {a: {scale: s}, b: {scale: s}, c: {scale: s, max: 7}}\n"
    path = tmp_path / "codebook.yaml"
    path.write_text(text, encoding="utf-8")
    book = Codebook.from_yaml(path)
    assert (book.item("b").max, book.item("c").max) == (5, 7)
    assert book.to_yaml().count("min: 1") == 1
