"""The frameworks' data: complete in both languages, sourced, ours in wording, and free of the known corruptions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from itertools import chain

import pytest
import yaml

import cxlab as cx
from cxlab.i18n import LANGUAGES, catalogue
from cxlab.references import all_references
from cxlab.theory.frameworks.facts import DATA
from cxlab.theory.frameworks.shelf import NAMES

OWN = ("gentile", "total_cx", "outcomes")
VIETNAMESE = re.compile("[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE)
# What a text spinner made of years, names and terms in a source.
CORRUPT = re.compile(
    r"năm trước|năm ngoái|năm nay|Reichained|W Diesel|Pucinelli|Ông Bash|DỊCH VỤ|trải nghiệm cảm xúc \(giác quan\)|"
    r"gia tài của khách hàng|phục sinh|hỗ trợ vốn|khủng hoảng cục bộ|tài chính nhà nước|truyền thông online miệng|"
    r"kim chỉ nan|\bLever\b|sự Open|\bTT\b|chăm sóc xã hội|cấu trúc trải nghiệm|tác động ảnh hưởng"
)
NEGATION = re.compile(r"\b(?:not|no|never|nothing|without|\w+n't)\b|\b(?:không|chẳng|chưa|đừng)\b", re.IGNORECASE)
# Published sentences of these and kindred scales, as the beginnings of hashes: they must not be in the repository.
PUBLISHED = """
    014a97261cd8 05d15663f1c6 0bbca2b90490 10b31ed48372 11757fd4329e 19268aaf59ba 1bd23c1aeffa 1d3a5a1c13f8
    1e11dc97b70e 1e6cc95e9c8c 214a46db87f1 28fefaa5842c 2948074e38b4 29f3b6e76b4c 29f98fbdb31c 2c421a2c86f5
    2c8bfe1ecbd8 367053eb9ad9 36d790de9c04 3e28f66eb296 405451ee150e 4523527ec1b2 4c7317d13c41 4c7786882ae7
    51bc943b2cc4 55bf1320ea9f 56ff42acaa73 5854863cb0cc 604bcee2491b 637ef9e5c112 6affb8adfc85 6edd277fb8e3
    71cd3ca73612 744032457ffb 7a8df235d86c 7f4a44728455 7fbe3e073d08 8565d42929ca 8a88ad210d89 8f0be4790eb7
    983cbe72c619 9ae6707ac536 9aecd4eac89a 9b404b7561b2 9e5a7e0d8e12 a3a3903ce7e2 a3f743f38c38 a5e3a7074f39
    a6521f46141d ab2779bc0918 abaecbb8e986 acd0c79207a3 b5e162cac50a b97134f8b78a ba18ad9e6779 c3a54a3511b7
    c4cc159df947 ccd9eea7c904 d17e11f31c76 d42b4125050c d5afb301da66 df71bdf87a4a e378c13ad26d e56f34b7197f
    eb8327977291 ec405817d8f8 ee3cdce0cbe2 f2e7539f5e9c fb51c90e90f6
"""


def texts(node: object) -> Iterator[str]:
    """Every text in a file's data."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        yield from chain.from_iterable(map(texts, node.values()))
    elif isinstance(node, list):
        yield from chain.from_iterable(map(texts, node))


def raw(name: str) -> dict:
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))


def digest(sentence: str) -> str:
    plain = sentence.lower().replace("{brand}", "b")
    plain = re.sub(r"\b(this|the) (brand|company|provider)\b|\bxyz\b", "b", plain).replace("'s", "")
    return hashlib.sha256(" ".join(re.findall("[a-z]+", plain)).encode()).hexdigest()[:12]


def test_the_shelf_and_the_files_are_the_same() -> None:
    assert sorted(NAMES) == sorted(path.stem for path in DATA.glob("*.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_there_in_both_languages_and_the_vietnamese_is_vietnamese(name: str) -> None:
    one = cx.framework(name)
    bilingual = [one.title, one.definition, one.notes, one.general_label, one.brand]
    bilingual += [text for part in one.parts for text in (part.label, part.definition)]
    bilingual += [text for item in one.wordings for text in (item.text, item.expected) if text]
    for text in bilingual:
        assert set(text) == set(LANGUAGES)
        assert all(words.strip() for words in text.values())
        assert VIETNAMESE.search(text["vi"]) or len(text["vi"].split()) < 4
        assert text["vi"] != text["en"]
        assert not VIETNAMESE.search(text["en"])


@pytest.mark.parametrize("name", NAMES)
def test_every_work_that_is_cited_is_known(name: str) -> None:
    one = cx.framework(name)
    keys = {*one.references, *(part.source for part in one.parts), *(item.source for item in one.wordings)} - {""}
    assert keys <= set(all_references())
    assert one.cite()


@pytest.mark.parametrize("name", NAMES)
def test_a_fact_with_a_source_names_it_and_one_without_is_ours(name: str) -> None:
    for part in cx.framework(name).parts:
        assert part.status in ("sourced", "memory", "drafted")
        assert bool(part.source) == (part.status != "drafted")
    for item in cx.framework(name).wordings:
        assert bool(item.source) == (item.status != "drafted")


@pytest.mark.parametrize("name", NAMES)
def test_no_corruption_of_a_source_came_through(name: str) -> None:
    assert [text for text in texts(raw(name)) if CORRUPT.search(text)] == []


def test_no_corruption_came_through_the_catalogues() -> None:
    said = [text for lang in LANGUAGES for text in catalogue(lang, "frameworks").values()]
    assert [text for text in said if CORRUPT.search(text)] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_item_is_a_published_sentence(name: str) -> None:
    items = cx.framework(name).wordings
    sentences = [text["en"] for item in items for text in (item.text, item.expected) if text]
    assert [sentence for sentence in sentences if digest(sentence) in PUBLISHED.split()] == []


def test_the_check_for_published_sentences_would_find_one() -> None:
    words = ["does", "not", "appeal", "to", "my", "senses"]
    assert digest(" ".join(["This brand", *words]) + ".") in PUBLISHED.split()


@pytest.mark.parametrize("name", OWN)
def test_our_items_leave_room_for_what_is_rated_and_differ_from_each_other(name: str) -> None:
    items = cx.framework(name).wordings
    for lang in LANGUAGES:
        sentences = [item.text[lang] for item in items]
        assert all(sentence.count("{brand}") == 1 and sentence.endswith(".") for sentence in sentences)
        assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize(("name", "size"), [("gentile", 6), ("total_cx", 6)])
def test_four_items_a_component_of_which_the_fourth_is_negative_without_a_negation(name: str, size: int) -> None:
    one = cx.framework(name)
    assert len(one.parts) == size
    for part in one.parts:
        assert [item[-1] for item in one.items_of(part.name)] == list("1234")
    reversed_items = [item for item in one.wordings if item.reversed]
    assert [item.name[-1] for item in reversed_items] == ["4"] * size
    assert [item.name for item in reversed_items if any(map(NEGATION.search, item.text.values()))] == []


@pytest.mark.parametrize("name", OWN)
def test_the_translation_record_is_of_the_items_that_are_asked(name: str) -> None:
    one = cx.framework(name)
    record = one.translation_record.set_index("item")
    assert record["english"].to_dict() == {item.name: item.text["en"] for item in one.wordings}
    assert record["forward_vi"].to_dict() == {item.name: item.text["vi"] for item in one.wordings}
    assert (record[["back_en", "comment"]] != "").all(axis=None)
    assert set(record["status"]) == {"drafted"}  # no person has put them back yet: a change here needs a reviewer


def test_kin_exist_and_know_each_other() -> None:
    found = {
        (name, link.construct, link.related_framework, link.related_construct, link.strength)
        for name in NAMES
        for link in cx.framework(name).links.itertuples()
    }
    assert found
    assert {(theirs, b, ours, a, strength) for ours, a, theirs, b, strength in found} == found
    for ours, construct, *_ in found:
        assert cx.framework(ours).part(construct)


def test_item_names_are_unique_across_frameworks() -> None:
    names = [item for name in NAMES for item in cx.framework(name).items["item"]]
    assert len(set(names)) == len(names)


def test_the_frameworks_have_the_constructs_of_the_literature() -> None:
    constructs = {name: cx.framework(name).constructs["construct"].tolist() for name in NAMES}
    assert constructs["schmitt"] == ["sense", "feel", "think", "act", "relate"]
    assert constructs["brakus"] == ["sensory", "affective", "behavioural", "intellectual"]
    assert constructs["servqual"] == ["tangibles", "reliability", "responsiveness", "assurance", "empathy"]
    assert constructs["total_cx"] == ["place", "price", "promotion", "product", "people", "process"]
    assert constructs["outcomes"] == ["satisfaction", "loyalty", "word_of_mouth", "attitude"]


def test_servqual_has_22_topics_of_which_the_nine_of_1988_are_negative() -> None:
    one = cx.framework("servqual")
    assert [len(one.items_of(part.name)) for part in one.parts] == [4, 5, 4, 4, 5]
    negative = one.items[one.items["reversed"]]["construct"]
    assert negative.value_counts().to_dict() == {"empathy": 5, "responsiveness": 4}


def test_eight_stages_lie_in_three() -> None:
    stages = cx.framework("journey").constructs
    whole = stages[stages["part_of"] == ""]["construct"].tolist()
    assert whole == ["pre_purchase", "purchase", "post_purchase"]
    assert stages[stages["part_of"] != ""]["part_of"].value_counts().reindex(whole).tolist() == [4, 1, 3]
