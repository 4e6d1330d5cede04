"""From raw rows to a table of bilingual cells: labels of keys, facts taken from frameworks, sources in words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd

from cxlab.i18n import LANGUAGES, tr
from cxlab.references import cite
from cxlab.theory.frameworks import framework
from cxlab.theory.tables.citations import in_text
from cxlab.theory.tables.computed import COMPUTED
from cxlab.theory.tables.topic import Heading, Text, Topic, read_topic

Cell = str | float | int | Text | None
_NUMBERS = ("integer", "number", "year")


@cache
def cells_of(topic: Topic) -> pd.DataFrame:
    """The topic's rows: ``key``, its columns (a column of keys is followed by ``<column>_label``), ``status``,
    ``references`` (keys) and ``works`` (as cited in a text). Texts are bilingual mappings.
    """
    compute = COMPUTED.get(topic.name)
    rows = [_row(topic, row) for row in (compute(topic) if compute else topic.rows)]
    return pd.DataFrame(rows, columns=column_names(topic))


def column_names(topic: Topic) -> list[str]:
    """The columns of a topic's table, in order."""
    own = [
        part for name, head in topic.headings.items() for part in ([name, f"{name}_label"] if head.labels else [name])
    ]
    return [*dict.fromkeys(["key", *own]), "status", "references", "works"]


def _row(topic: Topic, row: Mapping[str, Any]) -> dict[str, Cell]:
    out: dict[str, Cell] = {"key": row.get("key", "")}
    for name, head in topic.headings.items():
        value = _taken(head.taken, row) if head.taken else row.get(name)
        out[name] = _plain(value, head)
        if head.labels:
            out[f"{name}_label"] = _labels(value, head.labels)
    works = cite(*row.get("references", ()))
    out["status"] = row["status"]
    out["references"] = ", ".join(work.key for work in works)
    out["works"] = {lang: "; ".join(in_text(work, lang) for work in works) for lang in LANGUAGES} if works else ""
    return out


def _plain(value: Any, head: Heading) -> Cell:
    if isinstance(value, list | tuple):
        return ", ".join(value)
    if value is None:
        return None if head.format in _NUMBERS else ""
    return value


def _taken(taken: tuple[str, str, str], row: Mapping[str, Any]) -> Any:
    """A fact that a framework knows about the construct which the row names."""
    name, column, fact = taken
    model = framework(name)
    if fact == "n_items":
        return len(model.items_of(row[column]))
    part = next(one for one in model.parts if one.name == row[column])
    return getattr(part, fact)


def _labels(value: Any, where: str) -> Cell:
    keys = [value] if isinstance(value, str) else list(value or ())
    found = [label_of(key, where) for key in keys if key]
    return {lang: ", ".join(one[lang] for one in found) for lang in LANGUAGES} if found else ""


def label_of(key: str, where: str) -> Text:
    """The name of a key in both languages: of a framework's construct, of another topic's row, or of a
    fixed list of words.

    Examples
    --------
    >>> label_of("brand", "touchpoint_owners.owner")["vi"]
    'do thương hiệu sở hữu'
    """
    name, _, column = where.partition(".")
    if name == "words":
        return {lang: tr(f"theory.{column}_{key}", lang) for lang in LANGUAGES}
    if not column:
        return next(part.label for part in framework(name).parts if part.name == key)
    other = next(row for row in read_topic(name).rows if row["key"] == key)
    return other[column]
