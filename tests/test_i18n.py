"""The catalogues: English and Vietnamese say the same things, and code asks only for what is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
import yaml

import cxlab.i18n
from cxlab.i18n import LANGUAGES, catalogue, language, tr

PACKAGE = Path(cxlab.i18n.__file__).parents[1]
ROOMS = sorted({path.stem for path in (PACKAGE / "i18n").glob("*/*.yaml")})
KEY = re.compile(rf"(?:{'|'.join(ROOMS)})\.[a-z][a-z0-9_]*")
LETTERS = re.compile("[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def word_count(text: str) -> int:
    return len(re.findall(r"[^\W\d_]{2,}", re.sub(r"\{[^}]*\}", "", text)))


@cache
def trees() -> dict[str, ast.Module]:
    files = (path for path in PACKAGE.rglob("*.py"))
    return {path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in files}


def docstrings(tree: ast.Module) -> set[int]:
    """The constants that are docstrings, which may speak of keys freely."""
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = (node.body[0] for node in ast.walk(tree) if isinstance(node, owners) and node.body)
    return {id(node.value) for node in nodes if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}


def exists(key: str) -> bool:
    """True for a key of the catalogues, and for the beginning of one (``f"analyses.moments_{name}"``)."""
    room, _, name = key.partition(".")
    known = catalogue("en", room)
    return any(one.startswith(name) for one in known) if name.endswith("_") else name in known


def keys_in_code() -> Iterator[tuple[str, str]]:
    for name, tree in trees().items():
        skip = docstrings(tree)
        for node in ast.walk(tree):
            value = node.value if isinstance(node, ast.Constant) and id(node) not in skip else None
            if (
                isinstance(value, str)
                and KEY.fullmatch(value)
                and not value.endswith((".yaml", ".json", ".py", ".csv"))
            ):
                yield name, value
    for path in PACKAGE.rglob("*.j2"):
        for key in re.findall(r"\bt\([\"']([a-z_.0-9]+)[\"']\s*[,)]", path.read_text(encoding="utf-8")):
            yield path.name, key


@pytest.mark.parametrize("room", ROOMS)
def test_both_languages_have_the_same_keys(room: str) -> None:
    english, vietnamese = (set(catalogue(lang, room)) for lang in LANGUAGES)
    assert sorted(english ^ vietnamese) == []


@pytest.mark.parametrize("room", ROOMS)
def test_both_languages_have_the_same_placeholders(room: str) -> None:
    english, vietnamese = (catalogue(lang, room) for lang in LANGUAGES)
    shared = english.keys() & vietnamese.keys()
    assert [k for k in sorted(shared) if placeholders(english[k]) != placeholders(vietnamese[k])] == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("room", ROOMS)
def test_no_text_is_empty_or_anything_but_text(room: str, lang: str) -> None:
    texts = catalogue(lang, room)  # type: ignore[arg-type]
    assert [key for key, text in texts.items() if not isinstance(text, str) or not text.strip()] == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("room", ROOMS)
def test_no_key_stands_twice_in_a_file(room: str, lang: str) -> None:
    node = yaml.compose((PACKAGE / "i18n" / lang / f"{room}.yaml").read_text(encoding="utf-8"))
    names = [key.value for key, _ in node.value] if node is not None else []
    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.parametrize("room", ROOMS)
def test_vietnamese_sentences_are_vietnamese(room: str) -> None:
    english, vietnamese = (catalogue(lang, room) for lang in LANGUAGES)
    sentences = {key: text for key, text in vietnamese.items() if word_count(text) >= 4}
    plain = [key for key, text in sentences.items() if not LETTERS.search(text)]
    same = [key for key, text in sentences.items() if text == english.get(key)]
    assert plain == []
    assert same == []


def test_every_key_that_code_asks_for_exists() -> None:
    found = list(keys_in_code())
    assert len(found) > 50
    missing = {(place, key) for place, key in found if not exists(key)}
    assert sorted(missing) == []


def test_an_error_and_a_notice_name_a_key_that_exists() -> None:
    missing = []
    for name, tree in trees().items():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Name | ast.Attribute)):
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            first = node.args[0]
            if not (called.endswith("Error") or called == "Notice") or not isinstance(first, ast.Constant):
                continue
            if isinstance(first.value, str) and called in dir(__import__("cxlab.errors").errors):
                room, _, key = first.value.partition(".")
                if key not in catalogue("en", room):
                    missing.append((name, first.value))
    assert missing == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_text_without_values_is_shown_as_it_is(lang: str) -> None:
    with language(lang):
        assert "{" not in tr("study.title")
