"""A framework's codebook: its items on a scale, with what is rated put into the sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from cxlab.codebook import Codebook, Construct, Item
from cxlab.errors import CodebookError
from cxlab.i18n import LANGUAGES, pick, tr
from cxlab.references import cite
from cxlab.theory.frameworks.facts import Part, Text, Wording
from cxlab.theory.frameworks.scales import Scale

if TYPE_CHECKING:
    from cxlab.theory.frameworks.framework import Framework

Brand = str | Mapping[str, str]
EXPECTED = "_e"
_PLACE = "{brand}"


def build_codebook(
    source: Framework, others: Framework, added: tuple[Part, ...], scale: Scale, brand: Brand | None, expectations: bool
) -> Codebook:
    """The codebook of a framework, with outcomes of `others` added; see `Framework.codebook`."""
    named = _brand(brand, source.brand)
    constructs = {part.name: _construct(part, source) for part in source.parts}
    items = _items(source.wordings, scale, named)
    if expectations:
        twins = {part.name + EXPECTED: _expected(part, source) for part in source.parts}
        asked = [_twin(one) for one in source.wordings if one.expected]
        constructs, items = {**twins, **constructs}, {**_items(asked, scale, named), **items}
    wanted = {part.name for part in added}
    constructs |= {part.name: _construct(part, others) for part in added}
    items |= _items([one for one in others.wordings if one.construct in wanted], scale, named)
    works = dict.fromkeys((*source.references, *(part.source for part in added if part.source)))
    return Codebook(
        name=source.name,
        title=dict(source.title),
        items=items,
        constructs=constructs,
        citation=" ".join(reference_text(key) for key in works),
        notes=dict(source.notes),
    )


def reference_text(key: str) -> str:
    """The reference behind a key, without the mark of the language in use; empty for no key."""
    if not key:
        return ""
    (found,) = cite(key)
    return found.text + (f" https://doi.org/{found.doi}" if found.doi else "")


def fill(text: Text, brand: Text) -> dict[str, str]:
    """The sentence with the brand in its place; at the beginning, common words get a capital.

    Examples
    --------
    >>> fill({"en": "{brand} is handy."}, {"en": "this brand"})
    {'en': 'This brand is handy.'}
    """
    return {lang: _fill(sentence, pick(brand, lang)) for lang, sentence in text.items() if sentence}  # type: ignore[arg-type]


def _fill(sentence: str, brand: str) -> str:
    name = brand[:1].upper() + brand[1:] if sentence.startswith(_PLACE) and " " in brand else brand
    return sentence.replace(_PLACE, name, 1).replace(_PLACE, brand)


def _brand(brand: Brand | None, default: Text) -> dict[str, str]:
    if brand is None:
        return dict(default)
    if not isinstance(brand, str | Mapping):
        raise CodebookError("frameworks.empty_brand")
    given = dict.fromkeys(LANGUAGES, brand) if isinstance(brand, str) else {**brand}
    if not given or not all(isinstance(text, str) and text.strip() for text in given.values()):
        raise CodebookError("frameworks.empty_brand")
    return {str(lang): text.strip() for lang, text in given.items()}


def _construct(part: Part, source: Framework) -> Construct:
    citation = reference_text(part.source)
    return Construct(part.name, dict(part.label), source.name, "reflective", dict(part.definition), citation)


def _expected(part: Part, source: Framework) -> Construct:
    label = {str(lang): tr("frameworks.expected_label", lang, label=pick(part.label, lang)) for lang in LANGUAGES}
    definition = {
        str(lang): tr("frameworks.expected_definition", lang, label=pick(part.label, lang)) for lang in LANGUAGES
    }
    return Construct(part.name + EXPECTED, label, source.name, "reflective", definition, reference_text(part.source))


def _twin(one: Wording) -> Wording:
    """The expectation behind a perception, as an item of its own."""
    return Wording(one.name + EXPECTED, one.construct + EXPECTED, one.expected, one.reversed, one.source, one.status)


def _items(wordings: Iterable[Wording], scale: Scale, brand: Text) -> dict[str, Item]:
    return {one.name: _item(one, scale, brand) for one in wordings}


def _item(one: Wording, scale: Scale, brand: Text) -> Item:
    return Item(
        name=one.name,
        label=fill(one.text, brand),
        min=scale.min,
        max=scale.max,
        labels=scale.labels,
        scale=scale.name,
        reversed=one.reversed,
        construct=one.construct,
        note={lang: tr(f"frameworks.note_{item_state(one)}", lang) for lang in LANGUAGES},
    )


def item_state(one: Wording) -> str:
    """What a reader must know of an item's wording: drafted, a paraphrase read or recalled, or entered.

    Examples
    --------
    >>> item_state(Wording("a", "b", {}, source="brakus_2009", status="memory"))
    'paraphrase_memory'
    """
    if one.status in ("drafted", "entered"):
        return one.status
    return f"paraphrase_{one.status}"
