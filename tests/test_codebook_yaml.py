"""A codebook file is read as written, and every mistake in it is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxlab import Codebook
from cxlab.errors import CodebookError
from cxlab.i18n import language

GOOD = """\
name: mobile
title: {en: Mobile phones, vi: Điện thoại di động}
citation: "Nguyen, A. (2020). A study."
kind: simulated
notes: Only a test
scales:
  agree5:
    min: 1
    max: 5
    labels:
      1: {en: [strongly disagree, totally disagree], vi: hoàn toàn không đồng ý}
      5: {en: strongly agree, vi: hoàn toàn đồng ý}
constructs:
  image: {label: {en: Image, vi: Hình ảnh}, framework: ecsi, measurement: composite, definition: {en: Fame}}
items:
  img1: {label: {en: no, vi: Hình ảnh tốt}, scale: agree5, construct: image}
  img2:
    {label: Tin cậy, column: "Tin cậy?", min: 1, max: 7, reversed: true, construct: image, missing: [-99, "N/A", "99"]}
  att1: {role: attention, expected: 4, scale: agree5, note: {en: pick four}}
  secs: {role: duration}
  mail: {role: id, personal: true}
  on:
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "codebook.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def book(tmp_path: Path) -> Codebook:
    return Codebook.from_yaml(write(tmp_path, GOOD))


def test_items_are_read_in_the_order_of_the_file(book: Codebook) -> None:
    assert list(book.items) == ["img1", "img2", "att1", "secs", "mail", "on"]
    assert (book.name, book.kind, book.notes) == ("mobile", "simulated", {"en": "Only a test"})
    assert book.items_of("image") == ("img1", "img2")
    assert book.constructs["image"].measurement == "composite"


def test_a_scale_gives_its_ends_its_words_and_all_their_spellings(book: Codebook) -> None:
    item = book.item("img1")
    assert (item.min, item.max, item.scale) == (1, 5, "agree5")
    assert item.labels[1] == {"en": "strongly disagree", "vi": "hoàn toàn không đồng ý"}
    assert item.words == {1: {"en": ("totally disagree",)}}


def test_words_that_yaml_takes_for_truth_values_stay_words(book: Codebook) -> None:
    assert book.item("img1").label["en"] == "no"
    assert book.item("on").role == "item"


def test_numbers_and_texts_among_missing_codes_are_told_apart(book: Codebook) -> None:
    assert book.item("img2").missing == (-99, "N/A", "99")
    assert book.item("img2").label == {"vi": "Tin cậy"}


def test_decomposed_vietnamese_is_composed(tmp_path: Path) -> None:
    import unicodedata

    text = unicodedata.normalize("NFD", "items: {hài_lòng: {label: {vi: Mức độ hài lòng}}}")
    book = Codebook.from_yaml(write(tmp_path, text))
    assert book.item("hài_lòng").label["vi"] == unicodedata.normalize("NFC", "Mức độ hài lòng")


MISTAKES = [
    ("", "empty_file", None),
    ("# only a comment\n", "empty_file", None),
    ("- a\n- b\n", "not_codebook", None),
    ("just text\n", "not_codebook", None),
    ("name: x\n", "no_items", None),
    ("items:\n  a: [1, 2\n", "not_yaml", None),
    ("items:\n\ta: 1\n", "not_yaml", None),
    ("items:\n  a: {min: 1, max: 5}\n  b: {mni: 1, max: 5}\n", "unknown_key", 3),
    ("itens: {}\nitems: {}\n", "unknown_key", 1),
    ("items:\n  a: {min: 1, max: 5}\n  a: {min: 1, max: 7}\n", "duplicate_key", 3),
    ("items: {}\nname: x\nitems: {}\n", "duplicate_key", 3),
    ("items:\n  a:\n    min: 1\n    min: 2\n    max: 5\n", "duplicate_key", 4),
    ("items:\n  a: {min: one, max: 5}\n", "wrong_type", 2),
    ("items:\n  a: {min: [1], max: 5}\n", "wrong_type", 2),
    ('items:\n  a: {min: "1", max: 5}\n', "wrong_type", 2),
    ("items: [a, b]\n", "wrong_type", 1),
    ("items:\n  a: text\n", "wrong_type", 2),
    ("items:\n  a: {reversed: maybe, min: 1, max: 5}\n", "wrong_type", 2),
    ("items:\n  a: {role: itm}\n", "unknown_value", 2),
    ("kind: fake\nitems: {a: }\n", "unknown_value", 1),
    ("constructs: {X: {measurement: formative}}\nitems: {a: }\n", "unknown_value", 1),
    ("scales: {agree: {min: 1, max: 5}}\nitems:\n  a: {scale: agre}\n", "unknown_scale", 3),
    ("constructs: {image: }\nitems:\n  a: {construct: imgae}\n", "unknown_construct", 3),
    ("items:\n  a: {min: 5, max: 5}\n", "min_not_below_max", 2),
    ("scales:\n  s: {min: 7, max: 1}\nitems: {a: {scale: s}}\n", "min_not_below_max", 2),
    ("items:\n  a: {min: 1, max: 5, labels: {6: {en: great}}}\n", "label_outside", 2),
    ("items:\n  a: {labels: {good: {en: great}}}\n", "point_not_number", 2),
    ("items:\n  a: {labels: {1: {en: good}, 2: {vi: Good}}}\n", "word_twice", 2),
    ("items:\n  a: {reversed: true}\n", "reversed_without_scale", 2),
    ("items:\n  a: {role: attention, min: 1, max: 5, expected: 6}\n", "expected_outside", 2),
    ("items:\n  a: {min: 1, max: 5, missing: [3]}\n", "missing_on_scale", 2),
    ("items:\n  a: {column: Q 1}\n  b: {column: q  1}\n", "column_twice", 3),
    ("items:\n  a: {label: {en: one, two}}\n", "comma_in_text", 2),
    ("items:\n  a: {label: {eng: one}}\n", "unknown_key", 2),
    ("items: {a: }\ntruth: f =~ 1*a\n", "truth_of_real", 2),
    ("kind: real\nsimulation: {n: 300}\nitems: {a: }\n", "truth_of_real", 2),
    ("kind: simulated\nsimulation: [300]\nitems: {a: }\n", "wrong_type", 2),
    ("kind: simulated\ntruth: [f =~ 1*a]\nitems: {a: }\n", "wrong_type", 2),
]


@pytest.mark.parametrize(("text", "key", "line"), MISTAKES)
def test_a_mistake_is_named_with_file_and_line(tmp_path: Path, text: str, key: str, line: int | None) -> None:
    with pytest.raises(CodebookError) as caught:
        Codebook.from_yaml(write(tmp_path, text))
    assert caught.value.key == f"codebook.{key}"
    assert "codebook.yaml" in str(caught.value)
    if line is not None:
        assert caught.value.values["line"] == line


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("items: {a: {revresed: true, min: 1, max: 5}}", "reversed"),
        ("items: {a: {role: atention}}", "attention"),
        ("constructs: {Hình ảnh: }\nitems: {a: {construct: Hinh anh}}", "Hình ảnh"),
    ],
)
def test_the_nearest_right_name_is_proposed(tmp_path: Path, text: str, right: str) -> None:
    with pytest.raises(CodebookError, match=f"Did you mean '{right}'"):
        Codebook.from_yaml(write(tmp_path, text))
    with language("vi"), pytest.raises(CodebookError, match=f"Có phải ý bạn là '{right}'"):
        Codebook.from_yaml(write(tmp_path, text))


def test_a_missing_file_proposes_the_one_that_is_there(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    with pytest.raises(CodebookError, match=r"Did you mean 'codebook\.yaml'"):
        Codebook.from_yaml(tmp_path / "codebok.yaml")
    with pytest.raises(CodebookError) as caught:
        Codebook.from_yaml(tmp_path)
    assert caught.value.key == "codebook.is_folder"


def test_another_encoding_is_named_with_its_byte(tmp_path: Path) -> None:
    path = tmp_path / "codebook.yaml"
    path.write_bytes("items: {a: {label: Müller}}".encode("cp1252"))
    with pytest.raises(CodebookError) as caught:
        Codebook.from_yaml(path)
    assert (caught.value.key, caught.value.values["byte"]) == ("codebook.not_utf8", 20)


def test_utf8_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "codebook.yaml"
    path.write_bytes(GOOD.encode("utf-8-sig"))
    assert Codebook.from_yaml(path).name == "mobile"


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("items:\n  q1: {label: !!python/name:os.system x}\n", "codebook.tag", 2),
        ("items:\n  q1: !!python/object/apply:os.system [ls]\n", "codebook.tag", 2),
        ("items:\n  q1: {label: !secret x}\n", "codebook.tag", 2),
        ("items:\n  '': {min: 1}\n", "codebook.no_name", 2),
    ],
)
def test_tags_and_nameless_entries_are_refused(tmp_path: Path, text: str, key: str, line: int) -> None:
    path = tmp_path / "codebook.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CodebookError) as caught:
        Codebook.from_yaml(path)
    assert (caught.value.key, caught.value.values["line"]) == (key, line)


def test_an_exclamation_mark_in_a_text_is_no_tag(tmp_path: Path) -> None:
    path = tmp_path / "codebook.yaml"
    path.write_text("items:\n  q1: {label: Tuyệt vời!, note: '!'}\n", encoding="utf-8")
    assert Codebook.from_yaml(path).item("q1").label == {"vi": "Tuyệt vời!"}


def test_a_wrong_key_at_the_top_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "codebook.yaml"
    path.write_text("mục: {}\nitems: {q1: }\n", encoding="utf-8")
    with pytest.raises(CodebookError, match=r"'mục' in 'codebook\.yaml'"):
        Codebook.from_yaml(path)


def test_simulated_data_carry_the_true_model_and_the_options_that_made_them(tmp_path: Path) -> None:
    text = """kind: simulated
truth: |
  SAT =~ 0.8*sat1 + 0.7*sat2
  SAT ~~ 1*SAT
simulation: {n: 300, seed: 7, missing: {share: 0.1, items: [sat1, sat2], strict: true}}
items: {sat1: , sat2: }
"""
    path = tmp_path / "codebook.yaml"
    path.write_text(text, encoding="utf-8")
    book = Codebook.from_yaml(path)
    assert book.truth == "SAT =~ 0.8*sat1 + 0.7*sat2\nSAT ~~ 1*SAT"
    assert book.simulation["missing"] == {"share": 0.1, "items": ["sat1", "sat2"], "strict": True}
    assert "truth: |-\n  SAT =~ 0.8*sat1" in book.to_yaml()
    assert ".truth" in book.summary()
    assert "0.8" not in book.summary()


def test_a_codebook_of_real_data_takes_no_truth() -> None:
    with pytest.raises(CodebookError) as caught:
        Codebook(truth="f =~ 1*a")
    assert caught.value.key == "codebook.truth_of_real_data"


def test_wrong_calls_are_codebook_errors(tmp_path: Path) -> None:
    for call, key in (
        (lambda: Codebook.from_yaml(5), "codebook.not_path"),  # type: ignore[arg-type]
        (lambda: Codebook.infer([1, 2]), "codebook.not_table"),  # type: ignore[arg-type]
        (lambda: Codebook().to_yaml(tmp_path / "no" / "codebook.yaml"), "codebook.not_written"),
        (lambda: Codebook().to_yaml(tmp_path), "codebook.not_written"),
    ):
        with pytest.raises(CodebookError) as caught:
            call()
        assert caught.value.key == key
