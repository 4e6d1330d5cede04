"""A topic as it stands in its YAML file: title, columns, rows, sources; nothing computed yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from cxlab.i18n.loading import read_yaml

Status = Literal["sourced", "article", "drafted", "memory"]
STATUSES: tuple[Status, ...] = get_args(Status)
"""``sourced``: read in the work or a report of it. ``article``: said by one of the five source articles, in our words.
``drafted``: ours. ``memory``: recalled, not checked."""

Text = Mapping[str, str]
_HERE = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Heading:
    """One column of a topic.

    Attributes
    ----------
    header : mapping of language to text
    format : {"text", "integer", "number", "year"}
    labels : str
        Where the names of this column's keys stand: a framework, or ``topic.column``; empty for texts.
    taken : (str, str, str) or None
        Framework, the column that holds the construct's key, and what to take from the construct.
    """

    header: Text
    format: str = "text"
    labels: str = ""
    taken: tuple[str, str, str] | None = None


@dataclass(frozen=True, eq=False)
class Topic:
    """One topic, raw. `extra` holds what only one topic has, such as the themes of the history."""

    name: str
    group: str
    title: Text
    about: Text
    points: tuple[str, ...]
    references: tuple[str, ...]
    headings: Mapping[str, Heading]
    shown: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]
    extra: Mapping[str, Any]


@cache
def groups() -> dict[str, tuple[str, ...]]:
    """The topics of each group, in the order in which they are listed.

    Examples
    --------
    >>> groups()["history"]
    ('history', 'reading_cards')
    """
    return {group: tuple(topics) for group, topics in _read("index").items()}


def topic_names() -> tuple[str, ...]:
    """Every topic, in the order in which they are listed."""
    return tuple(name for topics in groups().values() for name in topics)


@cache
def read_topic(name: str) -> Topic:
    """One topic from its file.

    Examples
    --------
    >>> read_topic("contact_types").points
    ('1.4', '1.5')
    """
    raw = _read(name)
    headings = {column: _heading(spec) for column, spec in raw.pop("columns").items()}
    return Topic(
        name=name,
        group=next(group for group, topics in groups().items() if name in topics),
        title=raw.pop("title"),
        about=raw.pop("about"),
        points=tuple(raw.pop("checklist")),
        references=tuple(raw.pop("references")),
        headings=headings,
        shown=tuple(raw.pop("shown", headings)),
        rows=tuple(raw.pop("rows", ())),
        extra=raw,
    )


def _heading(spec: Mapping[str, str]) -> Heading:
    taken = (spec["framework"], spec["key"], spec["from"]) if "from" in spec else None
    header = {lang: spec[lang] for lang in ("en", "vi")}
    return Heading(header, spec.get("format", "text"), spec.get("labels", ""), taken)


def _read(name: str) -> dict[str, Any]:
    return dict(read_yaml(_HERE / f"{name}.yaml"))
