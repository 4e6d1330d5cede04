"""The codebook: what an item and a construct are. It turns a DataFrame into a Survey, and writes a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["item", "attention", "duration", "id", "group", "weight", "time", "text", "other"]
Measurement = Literal["reflective", "composite", "single"]
Text = Mapping[str, str]


@dataclass(frozen=True)
class Item:
    """One column of a survey.

    Attributes
    ----------
    name : str
        The column's name in cxlab (NFC).
    label : mapping of language to text
        The question, ``{"en": ..., "vi": ...}``.
    column : str or None
        The column's name in the raw file where it differs (a whole question, say).
    min, max : float or None
        The scale's ends; None for a column without a scale.
    labels : mapping of number to text
        The words of scale points, in both languages; answers in words become these numbers.
    reversed : bool
        True where a high answer means a low level of the construct.
    construct : str or None
        Key of the construct it measures.
    missing : tuple
        Codes that mean "no answer".
    role : Role
        What the column is for.
    personal : bool
        True for a direct identifier.
    expected : float or None
        The right answer of an attention check.
    """

    name: str
    label: Text = field(default_factory=dict)
    column: str | None = None
    min: float | None = None
    max: float | None = None
    labels: Mapping[float, Text] = field(default_factory=dict)
    reversed: bool = False
    construct: str | None = None
    missing: tuple[float | str, ...] = ()
    role: Role = "item"
    personal: bool = False
    expected: float | None = None


@dataclass(frozen=True)
class Construct:
    """One construct: its label, the framework it comes from, and how its items measure it."""

    name: str
    label: Text = field(default_factory=dict)
    framework: str | None = None
    measurement: Measurement = "reflective"
    definition: Text = field(default_factory=dict)
    citation: str = ""


@dataclass(frozen=True)
class Codebook:
    """Items, constructs and where they come from."""

    name: str = ""
    title: Text = field(default_factory=dict)
    items: Mapping[str, Item] = field(default_factory=dict)
    constructs: Mapping[str, Construct] = field(default_factory=dict)
    citation: str = ""
