"""Which column of the file is which item of the codebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cxlab.codebook import Codebook, Item
from cxlab.codebook.text import did_you_mean, fold, nfc
from cxlab.errors import DataError
from cxlab.survey.read.raw import RawTable


@dataclass(frozen=True)
class Match:
    """Item names by column, and the columns that no item claims."""

    names: Mapping[str, str]
    extra: tuple[str, ...]


def match_columns(raw: RawTable, codebook: Codebook) -> Match:
    """Find each item's column: by its `column`, its name, and at last by its question text.

    Capitals, spaces and Unicode composition do not count.

    Raises
    ------
    DataError
        An item without a column, a column that two items claim, or two columns for one item.
    """
    columns = [str(name) for name in raw.frame.columns]
    by_name = _index(raw, columns, texts=False)
    taken: dict[str, str] = {}
    waiting = []
    for item in codebook.items.values():
        column = _find(item, _names_of(item), columns, by_name)
        if column is None:
            waiting.append(item)
        else:
            _take(taken, column, item)
    by_text = _index(raw, columns, texts=True)
    lost = []
    for item in waiting:
        free = {key: [c for c in found if c not in taken] for key, found in by_text.items()}
        column = _find(item, (item.column or "", *item.label.values()), columns, free)
        if column is None:
            lost.append(item)
        else:
            _take(taken, column, item)
    if lost:
        raise _lost(lost, [c for c in columns if c not in taken])
    extra = tuple(c for c in columns if c not in taken)
    _check_names(taken, extra)
    return Match(taken, extra)


def _names_of(item: Item) -> tuple[str, ...]:
    return (item.column, item.name) if item.column else (item.name,)


def _index(raw: RawTable, columns: list[str], texts: bool) -> dict[str, list[str]]:
    """Columns by folded header; with `texts` also by the question text."""
    found: dict[str, list[str]] = {}
    for column in columns:
        keys = {column, raw.headers.get(column, column), *({raw.labels.get(column, column)} if texts else ())}
        for key in {fold(k) for k in keys}:
            found.setdefault(key, []).append(column)
    return found


def _find(
    item: Item, names: Iterator[str] | tuple[str, ...], columns: list[str], index: Mapping[str, list[str]]
) -> str | None:
    for name in filter(None, names):
        if nfc(name) in columns and nfc(name) in index.get(fold(name), ()):
            return nfc(name)
        found = index.get(fold(name), [])
        if len(found) > 1:
            raise DataError("readers.ambiguous_column", item=item.name, name=name, columns=", ".join(found))
        if found:
            return found[0]
    return None


def _take(taken: dict[str, str], column: str, item: Item) -> None:
    if column in taken:
        raise DataError("readers.column_taken", column=column, first=taken[column], second=item.name)
    taken[column] = item.name


def _lost(lost: list[Item], free: list[str]) -> DataError:
    lines = []
    for item in lost[:10]:
        wanted = item.column or item.name
        name = item.name if wanted == item.name else f"{item.name} ('{wanted}')"
        lines.append(f"  {name}{did_you_mean(wanted, free)}")
    names = ", ".join(free[:30]) + (", …" if len(free) > 30 else "")
    return DataError(
        "readers.items_missing", count=len(lost), items="\n" + "\n".join(lines) + "\n", columns=names or "–"
    )


def _check_names(taken: Mapping[str, str], extra: tuple[str, ...]) -> None:
    """A column that stays must not have a name that a renamed one takes."""
    source = {name: column for column, name in taken.items()}
    for column in extra:
        if column in source:
            raise DataError("readers.name_taken", name=column, column=source[column])
