"""A Codebook becomes a file that reads back to the same codebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from cxlab.codebook.model import Codebook, Construct, Item


def codebook_yaml(codebook: Codebook) -> str:
    """The codebook as YAML text; see `Codebook.to_yaml`."""
    scales = _scales(codebook)
    out: dict[str, Any] = {
        "name": codebook.name,
        "title": dict(codebook.title),
        "citation": codebook.citation,
        "notes": dict(codebook.notes),
        "kind": "" if codebook.kind == "real" else codebook.kind,
        "truth": _Block(codebook.truth),
        "simulation": _simulation(codebook.simulation),
        "scales": scales,
        "constructs": {name: _construct(construct) for name, construct in codebook.constructs.items()},
    }
    out = {key: value for key, value in out.items() if value}
    out["items"] = {name: _item(item, scales) for name, item in codebook.items.items()}
    return yaml.dump(
        out, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120, default_flow_style=None, line_break="\n"
    )


class _Dumper(yaml.SafeDumper):
    """Writes no anchors: a reader of a codebook should not meet ``&id001``."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


class _Block(str):
    """A text of several lines, written as it is."""


_Dumper.add_representer(
    _Block, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style="|")
)


def _simulation(value: Any) -> Any:
    """Options as YAML holds them: text as keys, sequences as lists, numpy's numbers as Python's."""
    if isinstance(value, Mapping):
        return {str(key): _simulation(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_simulation(inner) for inner in value]
    return value if value is None or isinstance(value, bool) else _plain(value)


def _scales(codebook: Codebook) -> dict[str, dict[str, Any]]:
    """The named scales, each as the first item that uses it has it."""
    scales: dict[str, dict[str, Any]] = {}
    for item in codebook.items.values():
        if item.scale is not None and item.scale not in scales:
            scales[item.scale] = _scale(item)
    return scales


def _scale(item: Item) -> dict[str, Any]:
    found: dict[str, Any] = {}
    found |= {} if item.min is None else {"min": _plain(item.min)}
    found |= {} if item.max is None else {"max": _plain(item.max)}
    found |= {"labels": _labels(item)} if item.labels or item.words else {}
    return found


def _labels(item: Item) -> dict[float, dict[str, Any]]:
    out: dict[float, dict[str, Any]] = {}
    for point in sorted({*item.labels, *item.words}):
        shown, more = item.labels.get(point, {}), item.words.get(point, {})
        out[_plain(point)] = {
            lang: [*([shown[lang]] if lang in shown else []), *more[lang]] if more.get(lang) else shown[lang]
            for lang in dict.fromkeys((*shown, *more))
            if lang in shown or more[lang]
        }
    return out


def _plain(value: float | str) -> Any:
    """Whole numbers without a decimal point, numpy's numbers as Python's."""
    if isinstance(value, str):
        return value
    return int(value) if float(value).is_integer() else float(value)


def _construct(construct: Construct) -> dict[str, Any] | None:
    out = {
        "label": dict(construct.label),
        "framework": construct.framework,
        "measurement": construct.measurement,
        "definition": dict(construct.definition),
        "citation": construct.citation,
    }
    return {key: value for key, value in out.items() if value}


def _item(item: Item, scales: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    shared = scales.get(item.scale, {}) if item.scale else {}
    own = _scale(item)
    out: dict[str, Any] = {"label": dict(item.label), "column": item.column, "scale": item.scale}
    out = {key: value for key, value in out.items() if value}
    for key in ("min", "max", "labels"):
        if own.get(key) != shared.get(key):
            out[key] = own.get(key, {} if key == "labels" else None)
    if item.role != "item":
        out["role"] = item.role
    out |= {key: True for key in ("reversed", "personal") if getattr(item, key)}
    if item.construct is not None:
        out["construct"] = item.construct
    if item.missing:
        out["missing"] = [_plain(code) for code in item.missing]
    if item.expected is not None:
        out["expected"] = _plain(item.expected)
    if item.note:
        out["note"] = dict(item.note)
    return out
