"""One word for one thing: what users read holds no avoided variant, no trap of the articles, no gap."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from cxlab.i18n import LANGUAGES, catalogue
from cxlab.theory.tables.topic import read_topic

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "cxlab"
THEORY = PACKAGE / "theory"
ACCENTS = re.compile("[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE)
# Names of people, methods, software and places, and loan words: alike in both languages.
SAME = {
    "Aster", "BCa", "Bellsystem", "Bentler", "Borea", "Brakus", "Corvo", "Fi", "Fornerino", "Gentile", "Giang",
    "Hearme", "Holm", "Hu", "LaTeX", "Lam", "Pearson", "PwC", "Python", "Schmitt", "Vietnambiz", "Wi", "bifactor",
    "cxlab", "df", "glb", "moment", "polyserial", "seed", "ρA", "ρC", "ωh", "ωhs",
}  # fmt: skip
# Vietnamese without an accent.
BARE = {"sau khi mua", "trong khi mua", "bootstrap bollen–stine"}
# A module's own protocol asks for it, in English.
NO_MESSAGE = {"AttributeError"}
DRAWING = {"set_title", "set_xlabel", "set_ylabel", "suptitle", "supxlabel", "supylabel"}


@cache
def avoided() -> dict[str, tuple[tuple[str, str], ...]]:
    """For each language the variants that must not be used, each with the term that is."""
    found: dict[str, list[tuple[str, str]]] = {lang: [] for lang in LANGUAGES}
    for row in read_topic("glossary").rows:
        for lang, variants in row.get("avoid", {}).items():
            found[lang] += [(variant, row["term"][lang]) for variant in variants]
    return {lang: tuple(variants) for lang, variants in found.items()}


@cache
def traps() -> tuple[re.Pattern[str], ...]:
    """What the articles print wrongly, from the table of corrections."""
    rows = read_topic("corrections").rows
    words = [re.escape(trap) for row in rows for trap in row.get("traps", ())]
    patterns = [pattern for row in rows for pattern in row.get("trap_patterns", ())]
    return tuple(re.compile(text, re.IGNORECASE) for text in (*words, *patterns))


def wrong(text: str, lang: str) -> list[str]:
    """The avoided variants and traps in a text, each with what should stand there."""
    bare = re.sub(r"`[^`]*`|\{[^}]*\}|\b\w+=\S+", " ", text)  # code is no prose
    options = set(re.findall(r"\b(\w+)=", text))
    terms = {variant.casefold(): term for variant, term in avoided()[lang]}
    hits = [hit for hit in variants_pattern(lang).findall(bare) if hit not in options]
    found = [f"'{hit}' → '{terms[hit.casefold()]}'" for hit in hits]
    return found + ([f"trap '{hit[0]}'" for trap in traps() if (hit := trap.search(bare))] if lang == "vi" else [])


@cache
def variants_pattern(lang: str) -> re.Pattern[str]:
    """All avoided variants as whole words, whatever their case."""
    variants = "|".join(re.escape(variant) for variant, _ in avoided()[lang])
    return re.compile(rf"(?<!\w)(?:{variants})(?!\w)", re.IGNORECASE)


def holds(text: str, variant: str) -> bool:
    """True if the variant stands in the text as whole words."""
    return re.search(rf"(?<!\w){re.escape(variant)}(?!\w)", text, re.IGNORECASE) is not None


def bilingual(node: Any, where: str = "") -> Iterator[tuple[str, str, str]]:
    """Every text of a tree of mappings ``{en: ..., vi: ...}``: place, language, text."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key in LANGUAGES and isinstance(value, str | list):
                yield where, str(key), value if isinstance(value, str) else "; ".join(map(str, value))
            elif key != "avoid":
                yield from bilingual(value, f"{where}/{key}")
    elif isinstance(node, list | tuple):
        for i, value in enumerate(node):
            yield from bilingual(value, f"{where}/{i}")


def read(path: Path) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - both are safe loaders


@cache
def texts() -> tuple[tuple[str, str, str], ...]:
    """Everything a user reads that stands in data: place, language, text."""
    found: list[tuple[str, str, str]] = []
    for lang in LANGUAGES:
        for path in sorted((PACKAGE / "i18n" / lang).glob("*.yaml")):
            found += [(f"i18n/{path.name}:{key}", lang, text) for key, text in catalogue(lang, path.stem).items()]
    data = [*THEORY.rglob("*.yaml"), *(ROOT / "data").glob("*/codebook.yaml"), PACKAGE / "survey" / "registry.yaml"]
    for path in sorted(data):
        found += [(f"{path.relative_to(ROOT)}{place}", lang, text) for place, lang, text in bilingual(read(path))]
    return tuple(found)


def prose(path: Path) -> Iterator[str]:
    """The text cells of a notebook source."""
    cells = re.split(r"^# %%", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for cell in cells:
        if cell.lstrip().startswith("[markdown]"):
            yield "\n".join(line.lstrip("# ") for line in cell.splitlines()[1:])


def test_the_glossary_names_every_term_once_and_never_its_own_variants() -> None:
    rows = read_topic("glossary").rows
    for lang in LANGUAGES:
        terms = [row["term"][lang].casefold() for row in rows]
        assert sorted({term for term in terms if terms.count(term) > 1}) == [], lang
        variants = [variant.casefold() for variant, _ in avoided()[lang]]
        assert sorted({one for one in variants if variants.count(one) > 1}) == [], lang
        assert sorted(set(terms) & set(variants)) == [], lang
        clash = [(variant, term) for variant, _ in avoided()[lang] for term in terms if holds(term, variant)]
        assert clash == [], lang


def test_the_scan_finds_what_it_is_meant_to_find() -> None:
    assert wrong("Mỗi điểm chạm có một bậc tự do.", "vi") == ["'điểm chạm' → 'điểm tiếp xúc'"]
    assert wrong("Theo Reichained (năm ngoái), phục sinh dịch vụ là quan trọng.", "vi")
    assert wrong("A touch point is loaded.", "en") == ["'touch point' → 'touchpoint'"]
    assert wrong("Điểm tiếp xúc, biến tiềm ẩn, độ tin cậy.", "vi") == []


def test_no_catalogue_codebook_or_theory_text_uses_a_variant_or_a_trap() -> None:
    found = [f"{place}: {', '.join(hits)}" for place, lang, text in texts() if (hits := wrong(text, lang))]
    assert found == []


@pytest.mark.parametrize(("folder", "lang"), [("notebooks/source", "en"), ("notebooks/vi/source", "vi")])
def test_no_notebook_uses_a_variant_or_a_trap(folder: str, lang: str) -> None:
    cells = [(path.name, text) for path in sorted((ROOT / folder).glob("*.py")) for text in prose(path)]
    assert cells
    found = [f"{name}: {', '.join(hits)} in '{text[:50]}…'" for name, text in cells if (hits := wrong(text, lang))]
    assert found == []


@cache
def pairs() -> dict[str, dict[str, str]]:
    """English and Vietnamese of each text, by its place."""
    found: dict[str, dict[str, str]] = {}
    for place, lang, text in texts():
        found.setdefault(place, {})[lang] = text
    return found


def untranslated(english: str, vietnamese: str) -> bool:
    """True where the Vietnamese is the English, though it holds words that are no names and no symbols."""
    words = set(re.findall(r"[^\W\d_]{2,}", re.sub(r"`[^`]*`|\{[^}]*\}|\bcx\.\w+|\w²", " ", vietnamese)))
    return english == vietnamese and not all(word in SAME or word.isupper() for word in words)


def test_every_text_stands_in_both_languages() -> None:
    lacking = {place: set(LANGUAGES) - set(found) for place, found in pairs().items()}
    assert {place: sorted(langs) for place, langs in lacking.items() if langs} == {}


def test_vietnamese_texts_are_translated() -> None:
    both = {place: found for place, found in pairs().items() if len(found) == len(LANGUAGES)}
    assert len(both) > 2000
    assert {place: one["vi"] for place, one in both.items() if untranslated(one["en"], one["vi"])} == {}


def test_vietnamese_texts_have_their_accents() -> None:
    plain = {}
    for place, found in pairs().items():
        words = re.findall(r"[^\W\d_]{2,}", re.sub(r"`[^`]*`|\"[^\"]*\"|\{[^}]*\}", " ", found.get("vi", "")))
        if len(words) >= 3 and found["vi"] != found.get("en") and not ACCENTS.search(found["vi"]):
            plain[place] = found["vi"]
    assert {place: text for place, text in plain.items() if text.casefold() not in BARE} == {}


def literals(node: ast.expr) -> Iterator[str]:
    """The words typed into an expression: a string, or the fixed parts of an f-string."""
    for part in node.values if isinstance(node, ast.JoinedStr) else [node]:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def spoken(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Words typed where a reader sees them: titles and labels of figures, printed lines, messages of errors."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        drawn = name in DRAWING
        if (
            drawn
            or name in ("print", "echo", "secho")
            or (re.fullmatch(r"\w*Error|Notice", name) and name not in NO_MESSAGE)
        ):
            english = r"[^\W\d_]{3,}" if drawn else r"[^\W\d_]{3,} +[^\W\d_]{2,}"
            for text in (text for argument in node.args[:1] for text in literals(argument)):
                yield node.lineno, text if re.search(english, text) else ""


def test_the_scan_of_code_finds_typed_words() -> None:
    code = (
        "ax.set_xlabel('Share of answers')\nraise DataError('survey.no_rows')\nraise ValueError(f'there is no {thing}')"
    )
    assert [text for _, text in spoken(ast.parse(code)) if text] == ["Share of answers", "there is no "]


def test_no_code_types_what_a_reader_sees() -> None:
    seen = 0
    typed = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for line, text in spoken(ast.parse(path.read_text(encoding="utf-8"))):
            seen += 1
            if text and not re.fullmatch(r"[a-z_0-9]+\.[a-z_0-9]*", text):
                typed.append(f"{path.relative_to(ROOT)}:{line}: {text[:60]}")
    assert seen > 200
    assert typed == []
