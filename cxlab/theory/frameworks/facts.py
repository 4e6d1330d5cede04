"""What a framework file says of constructs and items, and how the file is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from cxlab.i18n import LANGUAGES
from cxlab.i18n.loading import read_yaml

Text = Mapping[str, str]
Status = Literal["sourced", "memory", "drafted", "entered", ""]

DATA = Path(__file__).with_name("data")
RECORD = ("item", "english", "forward_vi", "back_en", "comment", "status")


@dataclass(frozen=True)
class Part:
    """One construct of a framework: what it is called and means, where that comes from, and its kin elsewhere.

    Attributes
    ----------
    name : str
        The key, as in codebooks and models.
    label, definition : mapping of language to text
        In English and Vietnamese, in our words.
    source : str
        Key of the reference, or empty.
    status : {"sourced", "memory", "drafted"}
        Read in the source or a report of it, recalled, or written here.
    related, related_partly : tuple of str
        Constructs of other frameworks with the same or an overlapping meaning, as ``"schmitt.sense"``.
    part_of : str
        The construct of the same framework that this one is a part of, or empty.
    follows : tuple of str
        For an outcome: the outcomes that it is expected to follow from.
    """

    name: str
    label: Text
    definition: Text
    source: str = ""
    status: Status = "drafted"
    related: tuple[str, ...] = ()
    related_partly: tuple[str, ...] = ()
    part_of: str = ""
    follows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wording:
    """One item: its sentence in each language, with ``{brand}`` for what is rated, and where it comes from.

    Attributes
    ----------
    name, construct : str
        Keys of the item and of what it measures.
    text : mapping of language to text
        The sentence.
    reversed : bool
        True where agreement means a low level.
    source : str
        Key of the reference that the item paraphrases, or empty for our own.
    status : {"sourced", "memory", "drafted", "entered"}
        Topic read in print, topic recalled, written here, or entered by the user.
    expected : mapping of language to text
        The same topic asked about a good provider (SERVQUAL), or empty.
    """

    name: str
    construct: str
    text: Text
    reversed: bool = False
    source: str = ""
    status: Status = "drafted"
    expected: Text = field(default_factory=dict)


@cache
def read_facts(name: str) -> Mapping[str, Any]:
    """The fields of a `Framework`, from its file."""
    raw = read_yaml(DATA / f"{name}.yaml")
    source, status = raw.pop("items_source"), raw.pop("items_status")
    parts = raw.pop("constructs")
    items = raw.pop("items")
    raw["parts"] = tuple(_part(key, entry) for key, entry in parts.items())
    raw["wordings"] = tuple(
        _wording(key, {"source": source, "status": status, **entry}) for key, entry in items.items()
    )
    raw["references"] = tuple(raw["references"])
    general = raw.pop("general")
    return {**raw, "general": general["name"], "general_label": general["label"]}


def _part(name: str, entry: Mapping[str, Any]) -> Part:
    lists = {key: tuple(value) for key, value in entry.items() if isinstance(value, list)}
    return Part(name=name, **{**entry, **lists})


def _wording(name: str, entry: Mapping[str, Any]) -> Wording:
    text = {str(lang): entry[lang] for lang in LANGUAGES if lang in entry}
    return Wording(name=name, text=text, **{key: value for key, value in entry.items() if key not in LANGUAGES})


def read_translations(name: str) -> pd.DataFrame:
    """The translation record of a framework's items; an empty table where there is none."""
    path = DATA.with_name("translations") / f"{name}.csv"
    if not path.is_file():
        return pd.DataFrame(columns=list(RECORD), dtype=str)
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
