"""The recipe of `cx_panel`, written for one wave, becomes one of all waves: names get the wave at their end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulate_recipe import Recipe

ONCE = ("customer", "region", "gender", "check1", "seconds")
LATER = ("retained", "answered")  # not in the first wave: everyone is a customer and answers
RECORDS = ("retained", "days")  # known also of those who did not answer


def all_waves(recipe: Recipe) -> Recipe:
    """The recipe with population, options and codebook for every wave."""
    waves = range(1, recipe["waves"] + 1)
    book = recipe["codebook"]
    names = [name for name in book["items"] if name not in ONCE]
    own = {name: [f"{name}_w{w}" for w in waves if w > 1 or name not in LATER] for name in names}
    return {
        **recipe,
        "population": _population(recipe["population"], len(waves)),
        "simulate": _options(recipe["simulate"], own, len(waves)),
        "codebook": {**book, "constructs": _constructs(book, waves), "items": _items(book, own)},
    }


def _population(parts: Mapping[str, str], waves: int) -> str:
    found = []
    for w in range(1, waves + 1):
        text = parts["every"] + (parts["first"] if w == 1 else parts["later"])
        found.append(text.replace("{w}", str(w)).replace("{v}", str(w - 1)))
    return "".join([*found, parts["shock"]])


def _options(options: Mapping[str, Any], own: Mapping[str, list[str]], waves: int) -> dict[str, Any]:
    """The options of cx.simulate with every wave's names, and who is not asked any more."""
    found = dict(options)
    for key in ("points", "shares", "skew"):
        found[key] = {name: value for stem, value in options[key].items() for name in own[stem]}
    found["missing"] = [
        {**option, "items": [name for stem in option["items"] for name in own[stem]]} for option in options["missing"]
    ]
    for w in range(2, waves + 1):
        before = [f"retained_w{k} == 1" for k in range(2, w)]
        stays = [*before, f"retained_w{w} == 1"]
        if before:
            found["missing"].append(_asked(before, [f"retained_w{w}"]))
        found["missing"].append(_asked(stays, [f"answered_w{w}", f"days_w{w}"]))
        asked = [f"{stem}_w{w}" for stem in own if stem not in (*LATER, *RECORDS)]
        found["missing"].append(_asked([*stays, f"answered_w{w} == 1"], asked))
    return found


def _asked(conditions: list[str], items: list[str]) -> dict[str, Any]:
    return {"mechanism": "routing", "asked_if": " and ".join(conditions), "items": items}


def _constructs(book: Mapping[str, Any], waves: range) -> dict[str, Any]:
    return {
        f"{name}_w{w}": {**construct, "label": _in_wave(construct["label"], w)}
        for w in waves
        for name, construct in book["constructs"].items()
    }


def _items(book: Mapping[str, Any], own: Mapping[str, list[str]]) -> dict[str, Any]:
    """Items once asked, then what is known without asking, then the questionnaires in the order of the waves."""
    items: dict[str, Any] = {name: book["items"][name] for name in ONCE}
    repeated = [(stem, name) for stem, names in own.items() for name in names]
    records = [pair for pair in repeated if pair[0] in (*LATER, *RECORDS)]
    asked = sorted((pair for pair in repeated if pair not in records), key=lambda pair: pair[1].rsplit("_w", 1)[1])
    for stem, name in [*records, *asked]:
        wave = int(name.rsplit("_w", 1)[1])
        item = {**book["items"][stem], "label": _in_wave(book["items"][stem]["label"], wave)}
        if "construct" in item:
            item["construct"] = f"{item['construct']}_w{wave}"
        items[name] = item
    for name in ("check1", "seconds"):
        items[name] = items.pop(name)
    return items


def _in_wave(label: Mapping[str, str], wave: int) -> dict[str, str]:
    return {"en": f"{label['en']} (wave {wave})", "vi": f"{label['vi']} (đợt {wave})"}
