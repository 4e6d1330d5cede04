"""A codebook file becomes a Codebook, or an error that names the line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from cxlab.codebook.model import Codebook, Construct, Item, Kind, Measurement, Role, Text, Words
from cxlab.codebook.nodes import LABEL_LANGUAGES, Place, load
from cxlab.codebook.text import did_you_mean, fold, fold_word, language_of

TOP_KEYS = ("name", "title", "citation", "notes", "kind", "scales", "constructs", "items", "truth", "simulation")
SCALE_KEYS = ("min", "max", "labels")
CONSTRUCT_KEYS = ("label", "framework", "measurement", "definition", "citation")
ITEM_KEYS = (
    *("label", "column", "scale", "min", "max", "labels", "reversed", "construct", "missing", "role", "personal"),
    *("expected", "note"),
)


@dataclass(frozen=True)
class _Scale:
    min: float | None = None
    max: float | None = None
    labels: Mapping[float, Text] = field(default_factory=dict)
    words: Mapping[float, Words] = field(default_factory=dict)


def read_codebook(path: str | Path) -> Codebook:
    """Read a codebook file; see `Codebook.from_yaml`."""
    root = load(path)
    top = root.pairs(TOP_KEYS)
    if "items" not in top:
        raise root.fail("no_items")
    scales = {name: _scale(place) for name, place in _section(top, "scales").items()}
    constructs = {name: _construct(name, place) for name, place in _section(top, "constructs").items()}
    items = {name: _item(name, place, scales, constructs) for name, place in _section(top, "items").items()}
    _check_columns(items, _section(top, "items"))
    kind = top["kind"].choice(get_args(Kind)) if "kind" in top else "real"
    return Codebook(
        name=top["name"].string() if "name" in top else "",
        title=_text(top.get("title")),
        items=items,
        constructs=constructs,
        citation=top["citation"].string() if "citation" in top else "",
        kind=kind,  # type: ignore[arg-type]
        notes=_text(top.get("notes")),
        **_simulation(top, kind),
    )


def _simulation(top: Mapping[str, Place], kind: str) -> dict[str, Any]:
    """The truth behind simulated data and the options that made them; real data have neither."""
    given = [top[key] for key in ("truth", "simulation") if key in top and not top[key].empty]
    if kind == "real" and given:
        raise given[0].fail("truth_of_real")
    found: dict[str, Any] = {}
    if "truth" in top:
        found["truth"] = top["truth"].string()
    if "simulation" in top:
        found["simulation"] = {key: place.plain() for key, place in top["simulation"].pairs().items()}
    return found


def _section(top: Mapping[str, Place], key: str) -> dict[str, Place]:
    return top[key].pairs() if key in top else {}


def _text(place: Place | None) -> Text:
    """A bilingual text; a plain one counts as the language its letters show."""
    if place is None or place.empty:
        return {}
    if hasattr(place.node, "value") and isinstance(place.node.value, str):
        text = place.string()
        return {language_of(text): text}
    return {lang: entry.string() for lang, entry in place.pairs(LABEL_LANGUAGES).items()}


def _construct(name: str, place: Place) -> Construct:
    keys = place.pairs(CONSTRUCT_KEYS)
    values: dict[str, Any] = {key: _text(keys[key]) for key in ("label", "definition") if key in keys}
    values |= {key: keys[key].string() for key in ("framework", "citation") if key in keys and not keys[key].empty}
    if "measurement" in keys:
        values["measurement"] = keys["measurement"].choice(get_args(Measurement))
    return Construct(name, **values)


def _scale(place: Place) -> _Scale:
    return _read_scale(place, place.pairs(SCALE_KEYS), _Scale())


def _read_scale(place: Place, keys: Mapping[str, Place], base: _Scale) -> _Scale:
    """A scale written out, on top of the named one it may start from."""
    low = _number(keys["min"]) if "min" in keys else base.min
    high = _number(keys["max"]) if "max" in keys else base.max
    if low is not None and high is not None and low >= high:
        raise (keys.get("max") or keys.get("min") or place).fail("min_not_below_max", name=place.key, min=low, max=high)
    labels, words = _labels(keys["labels"]) if "labels" in keys else (base.labels, base.words)
    for point in labels:
        if (low is not None and point < low) or (high is not None and point > high):
            raise keys.get("labels", place).fail("label_outside", name=place.key, point=point, min=low, max=high)
    return _Scale(low, high, labels, words)


def _number(place: Place) -> float | None:
    return None if place.empty else place.number()


def _labels(place: Place) -> tuple[dict[float, Text], dict[float, Words]]:
    labels: dict[float, Text] = {}
    words: dict[float, Words] = {}
    owner: dict[str, float] = {}
    for key, entry in place.pairs().items():
        point = _point(key, entry)
        spellings = _spellings(entry)
        labels[point] = {lang: texts[0] for lang, texts in spellings.items()}
        more = {lang: texts[1:] for lang, texts in spellings.items() if texts[1:]}
        words |= {point: more} if more else {}
        for text in (t for texts in spellings.values() for t in texts):
            other = owner.setdefault(fold_word(text), point)
            if other != point:
                raise entry.fail("word_twice", word=text, first=other, second=point)
    return labels, words


def _point(key: str, entry: Place) -> float:
    try:
        value = float(key)
    except ValueError:
        raise entry.fail("point_not_number") from None
    return int(value) if value.is_integer() else value


def _spellings(entry: Place) -> dict[str, tuple[str, ...]]:
    """The words of one scale point by language; the first of a list is shown, all are read."""
    node = entry.node
    if not isinstance(node.value, str) and node.tag.endswith(":map"):
        found = {
            lang: tuple(e.string() for e in place.entries()) for lang, place in entry.pairs(LABEL_LANGUAGES).items()
        }
        return {lang: texts for lang, texts in found.items() if texts}
    texts = tuple(e.string() for e in entry.entries())
    return {language_of(texts[0]): texts} if texts else {}


def _item(name: str, place: Place, scales: Mapping[str, _Scale], constructs: Mapping[str, Construct]) -> Item:
    keys = place.pairs(ITEM_KEYS)
    used = _known(keys.get("scale"), scales, "unknown_scale")
    scale = _read_scale(place, keys, scales[used] if used else _Scale())
    item = Item(
        name=name,
        label=_text(keys.get("label")),
        column=(keys["column"].string() or None) if "column" in keys else None,
        min=scale.min,
        max=scale.max,
        labels=scale.labels,
        words=scale.words,
        scale=used,
        reversed=keys["reversed"].boolean() if "reversed" in keys else False,
        construct=_known(keys.get("construct"), constructs, "unknown_construct"),
        missing=tuple(e.number_or_string() for e in keys["missing"].entries()) if "missing" in keys else (),
        role=keys["role"].choice(get_args(Role)) if "role" in keys else "item",  # type: ignore[arg-type]
        personal=keys["personal"].boolean() if "personal" in keys else False,
        expected=_number(keys["expected"]) if "expected" in keys else None,
        note=_text(keys.get("note")),
    )
    _check_item(item, place, keys)
    return item


def _known(place: Place | None, known: Mapping[str, Any], error: str) -> str | None:
    if place is None or place.empty:
        return None
    name = place.string()
    if name not in known:
        raise place.fail(error, name=name, hint=did_you_mean(name, known), known=", ".join(known) or "–")
    return name


def _check_item(item: Item, place: Place, keys: Mapping[str, Place]) -> None:
    """What no item may say: a mirror without ends, a right answer off the scale, a missing code on it."""
    if item.reversed and (item.min is None or item.max is None):
        raise keys["reversed"].fail("reversed_without_scale", name=item.name)
    if item.expected is not None and not on_scale(item, item.expected):
        raise keys["expected"].fail("expected_outside", name=item.name, value=item.expected, min=item.min, max=item.max)
    if item.min is None or item.max is None:
        return
    for code in item.missing:
        try:
            value = float(code)
        except ValueError:
            continue
        if item.min <= value <= item.max:
            raise keys["missing"].fail("missing_on_scale", name=item.name, code=code, min=item.min, max=item.max)


def on_scale(item: Item, value: float) -> bool:
    """True if the value lies between the item's ends, as far as it has ends."""
    return (item.min is None or value >= item.min) and (item.max is None or value <= item.max)


def _check_columns(items: Mapping[str, Item], places: Mapping[str, Place]) -> None:
    """Two items cannot read one column."""
    owner: dict[str, str] = {}
    for name, item in items.items():
        other = owner.setdefault(fold(item.column or name), name)
        if other != name and (item.column or items[other].column):
            raise places[name].fail("column_twice", column=item.column or name, first=other, second=name)
