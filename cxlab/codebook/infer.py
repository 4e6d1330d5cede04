"""A first guess at a codebook, from the columns' names and values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd

from cxlab.codebook.model import Codebook, Construct, Item, Role
from cxlab.codebook.text import bare, language_of, nfc
from cxlab.errors import CodebookError
from cxlab.i18n.loading import read_yaml

# The usual response scales, narrowest first; a column gets the first that holds all its values.
SCALES: tuple[tuple[int, int], ...] = ((1, 5), (1, 7), (0, 4), (0, 5), (0, 6), (1, 10), (0, 10))
# Numbers that stand for "no answer" so often that they must not decide what the scale is.
MISSING_LIKE = (-999, -99, -98, -97, -96, -95, -9, -8, -7, -1, 77, 88, 97, 98, 99, 888, 997, 998, 999)
_STEM = re.compile(r"^(?P<stem>.*?)[\s_.\-\[(]*\d+[\])]?$", re.DOTALL)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DATE = re.compile(
    r"\s*(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{1,2}[-/]\d{1,2}[-/]\d{2})(?!\d)"
)
_SMALL = re.compile(r"\s*\d{1,2}(?:\.0)?\s*")
_SIGNS = re.compile(r"[\W_]+")
_SAMPLE = 2000
_FEW = 12


@cache
def _patterns() -> Mapping[str, Any]:
    return read_yaml(Path(__file__).with_name("columns.yaml"))


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Finds any of some words as a whole; nothing, where there are none."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)" if words else r"(?!)")


@lru_cache(maxsize=4096)
def _headers(name: str, label: str) -> frozenset[str]:
    """Name and question text without case and accents, and again with ``ho_ten`` and ``ho-ten`` as words."""
    folded = {bare(name), bare(label)}
    return frozenset({*folded, *(_SIGNS.sub(" ", text).strip() for text in folded)} - {""})


@lru_cache(maxsize=4096)
def _claims(headers: frozenset[str]) -> tuple[str, ...]:
    """The roles whose names or words stand in a header; the same headers come again and again."""
    return tuple(role for role, rule in _patterns()["roles"].items() if _named(headers, rule) or _holds(headers, rule))


@lru_cache(maxsize=4096)
def _points_at_a_person(headers: frozenset[str]) -> tuple[bool, bool]:
    """Whether a header is one that names a person, and whether it holds such a word."""
    rule = _patterns()["personal"]
    return _named(headers, rule), _holds(headers, rule)


def _named(headers: frozenset[str], rule: Mapping[str, Iterable[str]]) -> bool:
    """True for a header that is one of the rule's, written with or without its spaces."""
    return any(header in rule["exact"] or header in _joined(tuple(rule["exact"])) for header in headers)


@cache
def _joined(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word.replace(" ", "") for word in words if " " in word)


def _holds(headers: frozenset[str], rule: Mapping[str, Iterable[str]]) -> bool:
    words, others = _any_of(tuple(rule["inside"])), _any_of(tuple(rule.get("but", ())))
    return any(words.search(others.sub(" ", header)) for header in headers)


@dataclass(frozen=True)
class _Column:
    """What the guess needs to know of one column."""

    name: str
    read: Callable[[], pd.Series]
    label: str = ""
    numbers: np.ndarray | None = None

    @cached_property
    def values(self) -> pd.Series:
        """The answers; made when looked at, for numbers alone say most."""
        return self.read()

    @property
    def is_number(self) -> bool:
        """True for a column of numbers, yes and no not among them."""
        return self.numbers is not None or _is_number(self.values)

    @property
    def personal(self) -> bool:
        """True if the header says that the column points at one person, and the answers do not speak against it.

        A rating of the telephone service is no telephone number, and a yes or no to e-mail no address.
        """
        named, holds = _points_at_a_person(self.headers)
        if named:
            return not few_numbers(self.values)
        return holds and not few_numbers(self.values) and not _few_words(self.values)

    @property
    def headers(self) -> frozenset[str]:
        """Name and question text, without accents and case."""
        return _headers(self.name, self.label)


def infer_codebook(data: pd.DataFrame, labels: Mapping[str, str] | None = None) -> Codebook:
    """The guess behind `Codebook.infer`; `labels` are question texts by column, where the file has them."""
    if not isinstance(data, pd.DataFrame):
        raise CodebookError("codebook.not_table", kind=type(data).__name__)
    names = [nfc(str(name)) for name in data.columns]
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        raise CodebookError("codebook.duplicate_columns", names=", ".join(twice))
    labels = labels or {}
    block = _numbers(data)
    columns = [
        _Column(n, partial(_column, data, i), labels.get(n, ""), None if block is None else block[:, i])
        for i, n in enumerate(names)
    ]
    roles = {c.name: _role(c) for c in columns}
    fractions = _with_fractions(names, block)
    ranges = {c.name: None if c.name in fractions else _range(c) for c in columns if roles[c.name] is None}
    scales = _scales(ranges)
    stems = _constructs([name for name in names if scales.get(name)])
    items = {c.name: _item(c, roles[c.name], scales.get(c.name), stems.get(c.name)) for c in columns}
    constructs = {stem: Construct(stem, {language_of(stem): stem}) for stem in dict.fromkeys(stems.values())}
    return Codebook(items=items, constructs=constructs)


def is_personal(name: str, label: str = "", values: pd.Series | None = None) -> bool:
    """True if a header says that the column points at one person, as far as its values do not look like answers."""
    return _Column(name, lambda: pd.Series(dtype=object) if values is None else values, label).personal


def _column(data: pd.DataFrame, place: int) -> pd.Series:
    return data.iloc[:, place]


def _numbers(data: pd.DataFrame) -> np.ndarray | None:
    """All columns as one array where they are numbers of one kind; else None."""
    kinds = set(data.dtypes)
    if len(kinds) != 1 or not all(isinstance(kind, np.dtype) and kind.kind in "iuf" for kind in kinds):
        return None
    return data.to_numpy()


def _with_fractions(names: list[str], block: np.ndarray | None) -> frozenset[str]:
    """Columns whose first rows hold fractions already, so that no scale can claim them."""
    if block is None or block.dtype.kind != "f":
        return frozenset()
    head = block[:_SAMPLE]
    fractions = ((head != np.floor(head)) & ~np.isnan(head)).any(axis=0)
    return frozenset(name for name, found in zip(names, fractions, strict=True) if found)


def _range(column: _Column) -> tuple[int, int, int] | None:
    return whole_range(column.values) if column.numbers is None else _range_of(column.numbers)


def few_numbers(values: pd.Series) -> bool:
    """True for few whole numbers below 100 that come back: answers on a scale, not numbers that name a person."""
    given = _given(values)
    distinct = given.unique()
    return 0 < len(distinct) <= _FEW and len(given) > len(distinct) and all(_SMALL.fullmatch(str(v)) for v in distinct)


def _few_words(values: pd.Series) -> bool:
    given = _given(values)
    return 0 < given.nunique() <= _FEW and len(given) >= 2 * given.nunique()


def _given(values: pd.Series) -> pd.Series:
    """The answers without blanks, as far as a sample shows them."""
    given = values.dropna().iloc[:_SAMPLE]
    return given[given.astype(str).str.strip() != ""]


def _item(column: _Column, role: Role | None, scale: tuple[int, int] | None, stem: str | None) -> Item:
    label = {language_of(column.label): column.label} if column.label else {}
    if role is None and scale is not None:
        return Item(column.name, label, min=scale[0], max=scale[1], construct=stem)
    personal = column.personal or (column.numbers is None and _is_email(column.values))
    return Item(column.name, label, role=role or "other", personal=personal)


def _role(column: _Column) -> Role | None:
    """The role that header and values show; None for whole numbers, which a scale may claim."""
    for role in _claims(column.headers):
        if role not in ("duration", "weight") or (column.is_number and not _rated(column, role)):
            return cast(Role, role)
    if column.numbers is None and pd.api.types.is_datetime64_any_dtype(column.values):
        return "time"
    if column.personal:
        return "id"
    if column.numbers is None and pd.api.types.is_bool_dtype(column.values):
        return "group"
    return None if column.is_number else _text_role(column.values)


def _rated(column: _Column, role: str) -> bool:
    """True for ratings whose header only holds a word of the role: shoes ("giày") are written like seconds ("giây")."""
    return not _named(column.headers, _patterns()["roles"][role]) and few_numbers(column.values)


def _is_number(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _head(values: pd.Series) -> pd.Series:
    return values.dropna().iloc[:_SAMPLE].astype(str)


def _is_email(values: pd.Series) -> bool:
    if _is_number(values):
        return False
    head = _head(values)
    return len(head) > 0 and bool(head.map(lambda v: bool(_EMAIL.fullmatch(v.strip()))).mean() > 0.5)


def _text_role(values: pd.Series) -> Role:
    head = _head(values)
    if head.empty:
        return "other"
    if _is_email(values):
        return "id"
    if head.map(lambda v: bool(_DATE.match(v))).mean() > 0.9:
        return "time"
    distinct = head.nunique()
    if distinct == len(head) and len(head) > 5:
        return "text" if head.str.contains(" ").any() else "id"
    return "text" if distinct > max(12, len(head) / 5) or head.str.len().mean() > 60 else "group"


def whole_range(values: pd.Series) -> tuple[int, int, int] | None:
    """Lowest value, highest value and number of distinct values of a column of whole numbers, else None.

    Numbers that usually stand for a missing answer are left out, unless nothing else is there.
    """
    return _range_of(values.to_numpy(copy=False))


def _range_of(array: np.ndarray) -> tuple[int, int, int] | None:
    if array.dtype == object or not np.issubdtype(array.dtype, np.number) or np.iscomplexobj(array):
        return None
    if array.dtype.kind == "f":
        array = array[~np.isnan(array)]
        if array.size == 0 or not (np.isfinite(array).all() and (array == np.floor(array)).all()):
            return None
    if array.size == 0:
        return None
    low, high = array.min(), array.max()
    if low < 0 or high > 10:
        kept = array[~np.isin(array, MISSING_LIKE)]
        array = kept if kept.size else array
        low, high = array.min(), array.max()
    # Distinct values only matter when few: a two-valued column is a group, not a scale.
    few = len(np.unique(array[:_SAMPLE])) if high - low > 1 else int(high - low) + 1
    return int(low), int(high), few


def _scales(ranges: Mapping[str, tuple[int, int, int] | None]) -> dict[str, tuple[int, int]]:
    """The narrowest usual scale for the values of each column and of those with the same stem."""
    pools: dict[str, dict[str, tuple[int, int, int]]] = {}
    for name, found in ranges.items():
        if found is not None and found[0] >= 0 and found[1] <= 10:
            pools.setdefault(_stem(name) or name, {})[name] = found
    scales: dict[str, tuple[int, int]] = {}
    for pool in pools.values():
        low, high = min(r[0] for r in pool.values()), max(r[1] for r in pool.values())
        if max(r[2] for r in pool.values()) <= 2 and (len(pool) == 1 or high - low <= 1):
            continue
        scale = next((s for s in SCALES if s[0] <= low and high <= s[1]), None)
        scales |= dict.fromkeys(pool, scale) if scale else {}
    return scales


def _stem(name: str) -> str | None:
    match = _STEM.match(name)
    stem = match["stem"].strip(" _.-") if match else ""
    return stem or None


def _constructs(names: list[str]) -> dict[str, str]:
    """Construct by item, for stems that two items or more share and that mean something."""
    plain = set(_patterns()["plain_stems"])
    found = {name: stem for name in names if (stem := _stem(name)) and bare(stem) not in plain}
    counts = Counter(found.values())
    return {name: stem for name, stem in found.items() if counts[stem] > 1}
