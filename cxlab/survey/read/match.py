"""Which column of the file is which item of the codebook."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from cxlab.codebook import Codebook, Item, Role
from cxlab.codebook.text import did_you_mean, fold, nfc
from cxlab.errors import DataError
from cxlab.survey.read.raw import RawTable

# What platforms write by themselves; an item of the same role takes it where no column has the item's own name.
_OWN: Mapping[str, Mapping[Role, tuple[str, ...]]] = {
    "qualtrics": {
        "id": ("ResponseId",),
        "time": ("StartDate",),
        "duration": ("Duration (in seconds)", "Q_TotalDuration"),
    },
    "kobo": {"id": ("_uuid", "_id"), "time": ("start", "_submission_time"), "duration": ("duration",)},
    "limesurvey": {"id": ("id",), "time": ("startdate", "submitdate"), "duration": ("interviewtime",)},
}
# A file without these can be read all the same; one without a question cannot.
_OPTIONAL: tuple[Role, ...] = ("id", "time", "duration")
_INNER = re.compile(r"[A-Za-z]\w*\[(\w+)\](?:\.\s.*)?|grid\d+_([A-Za-z]\w*)", re.DOTALL)
_Keys = Callable[[RawTable, str], Iterable[str]]
_Names = Callable[[Item], Iterable[str]]


@dataclass(frozen=True)
class Match:
    """Item names by column, the columns that no item claims, and the items that a file may lack and this one does."""

    names: Mapping[str, str]
    extra: tuple[str, ...]
    absent: tuple[str, ...] = ()


def match_columns(raw: RawTable, codebook: Codebook) -> Match:
    """Find each item's column: by its `column` or its name, then within a grid, by its question text, by its role.

    Capitals, spaces and Unicode composition do not count. Who, when and how long may be missing from a file.

    Raises
    ------
    DataError
        An item without a column, a column that two items claim, or two columns for one item.
    """
    columns = [str(name) for name in raw.frame.columns]
    taken: dict[str, str] = {}
    waiting = list(codebook.items.values())
    stages: tuple[tuple[_Names, _Keys], ...] = (
        (_names_of, _headers),
        (_names_of, _inner),
        (_texts_of, _texts),
        (_texts_of, _last_parts),
    )
    for number, (names, keys) in enumerate(stages):
        index = _index(raw, columns, keys)
        waiting = [item for item in waiting if not _found(item, names(item), columns, index, taken, free=number > 0)]
    waiting = [item for item in waiting if not _own(item, raw, columns, taken)]
    lost = [item for item in waiting if item.role not in _OPTIONAL]
    if lost:
        raise _lost(lost, [c for c in columns if c not in taken])
    extra = tuple(c for c in columns if c not in taken)
    _check_names(taken, extra)
    return Match(taken, extra, tuple(item.name for item in waiting))


def _names_of(item: Item) -> tuple[str, ...]:
    return (item.column, item.name) if item.column else (item.name,)


def _texts_of(item: Item) -> tuple[str, ...]:
    return (item.column or "", *item.label.values())


def _headers(raw: RawTable, column: str) -> Iterable[str]:
    return (column, raw.headers.get(column, column))


def _inner(raw: RawTable, column: str) -> Iterable[str]:
    """The row's code of a grid: ``sen1`` of ``grid1[sen1]``."""
    match = _INNER.fullmatch(raw.headers.get(column, column))
    return (match[1] or match[2],) if match else ()


def _texts(raw: RawTable, column: str) -> Iterable[str]:
    return (*_headers(raw, column), raw.labels.get(column, column))


def _last_parts(raw: RawTable, column: str) -> Iterable[str]:
    """What may be the row of a grid or the end of a path: ``Stem [row]``, ``Stem - row``, ``group/question``."""
    for text in _texts(raw, column):
        yield from (text[match.end() :] for match in re.finditer(r"/| [-–] ", text))
        if text.endswith("]"):
            yield from (text[match.end() : -1] for match in re.finditer(r"\[", text))


def _index(raw: RawTable, columns: list[str], keys: _Keys) -> dict[str, list[str]]:
    """Columns by each of their folded keys."""
    found: dict[str, list[str]] = {}
    for column in columns:
        for key in {fold(k) for k in keys(raw, column)} - {""}:
            found.setdefault(key, []).append(column)
    return found


def _found(
    item: Item,
    names: Iterable[str],
    columns: list[str],
    index: Mapping[str, list[str]],
    taken: dict[str, str],
    free: bool,
) -> bool:
    """True if the item has found its column, which is then its own; with `free` no column that another item has."""
    if free:
        names = [name for name in names if name]
        index = {key: [c for c in index.get(key, ()) if c not in taken] for key in map(fold, names)}
    column = _find(item, names, columns, index)
    if column is not None:
        _take(taken, column, item)
    return column is not None


def _own(item: Item, raw: RawTable, columns: list[str], taken: dict[str, str]) -> bool:
    """True if the platform's own column of the item's role was free, and is now the item's."""
    if item.role not in _OPTIONAL:
        return False
    told = _OWN.get(str(raw.source.get("format")), {}).get(item.role, ())
    by_role = (column for column, role in raw.roles.items() if role == item.role)
    folded = {fold(column): column for column in columns}
    for name in (*told, *by_role):
        column = folded.get(fold(name))
        if column is not None and column not in taken:
            taken[column] = item.name
            return True
    return False


def _find(item: Item, names: Iterable[str], columns: list[str], index: Mapping[str, list[str]]) -> str | None:
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
