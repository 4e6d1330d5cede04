"""What passes between the screening rules and the Survey: answers in chunks, rules, outcomes, rows set aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.codebook import Codebook
from cxlab.errors import DataError, ScaleError
from cxlab.i18n import current_language, tr
from cxlab.references import Reference, cite

CHUNK = 100_000


@dataclass(frozen=True)
class Rule:
    """One screening rule as it was applied.

    Attributes
    ----------
    name : str
        The rule's name, which `Survey.exclude` takes.
    threshold : object
        The setting in force, resolved to a number where it was given as a name such as ``"median/3"``.
    criterion : str
        Catalogue key of the sentence that says who is flagged, filled with `values`.
    sources : tuple of str
        Keys of `cxlab.references`; empty for a convention, the codebook or the researcher's own rule.
    origin : str
        Catalogue key of the origin if there is no published source, or the researcher's own words.
    flagged, only, unknown : int
        Rows flagged, flagged by no other rule, and rows that the rule could not judge.
    """

    name: str
    threshold: Any
    criterion: str
    values: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    origin: str = ""
    flagged: int = 0
    only: int = 0
    unknown: int = 0

    def words(self) -> str:
        """Who is flagged, in words."""
        if not self.criterion.startswith("survey."):
            return self.criterion
        return tr(self.criterion, **{name: _worded(value) for name, value in self.values.items()})

    def source(self) -> str:
        """Where the rule comes from: short citations, or its origin in words."""
        if self.sources:
            return "; ".join(_short(reference) for reference in cite(*self.sources))
        return tr(self.origin) if self.origin.startswith("survey.") else self.origin


@dataclass(frozen=True)
class Outcome:
    """What a rule found: the numbers behind it and, if it is in force, the rule and its flag per row.

    A flag is missing where the row cannot be judged. Without a threshold there are only numbers to look at.
    """

    indices: Mapping[str, NDArray[np.float64]]
    rule: Rule | None = None
    flag: pd.arrays.BooleanArray | None = None


@dataclass(frozen=True)
class Aside:
    """Rows that were excluded, kept so that the exclusion can be undone.

    Attributes
    ----------
    frame, flags, indices : DataFrame
        The rows' answers, flags and indices as they were when excluded.
    rule : Series
        The rule that each row is counted under: the first, in the order of exclusion, that flags it.
    order : tuple of str
        Rules in the order in which they were excluded.
    stale : DataFrame
        By row and rule, True where the rule was screened anew after the row had been excluded, so that the row's flag
        is of an older setting; a column only for rules screened anew.
    """

    frame: pd.DataFrame
    flags: pd.DataFrame
    indices: pd.DataFrame
    rule: pd.Series
    order: tuple[str, ...]
    stale: pd.DataFrame


@dataclass(frozen=True)
class Answers:
    """A survey's items as blocks of floats, as given by the respondent or with reversed items turned."""

    frame: pd.DataFrame
    codebook: Codebook
    items: tuple[str, ...]
    turned: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.frame)

    def chunks(self, items: Sequence[str] = (), *, turned: bool = False) -> Iterator[tuple[slice, NDArray[np.float64]]]:
        """Rows in blocks: ``turned=False`` as ticked in the questionnaire, ``True`` with reversed items turned."""
        names = list(items or self.items)
        flip = {name for name in names if (self._reversed(name) if turned else name in self.turned)}
        ends = {name: scale_ends(self.codebook, name) for name in flip}
        part = self.frame[names]
        plain = all(isinstance(dtype, np.dtype) for dtype in part.dtypes)
        for start in range(0, len(part), CHUNK):
            rows = slice(start, min(start + CHUNK, len(part)))
            extra: dict[str, Any] = {} if plain else {"na_value": np.nan}
            block = part.iloc[rows].to_numpy(dtype="float64", **extra)
            if flip:
                block = block.copy()
            for name, (low, high) in ends.items():
                position = names.index(name)
                block[:, position] = low + high - block[:, position]
            yield rows, block

    def _reversed(self, name: str) -> bool:
        item = self.codebook.items.get(name)
        return bool(item and item.reversed)


def scale_ends(codebook: Codebook, name: str) -> tuple[float, float]:
    """The ends of an item's scale, or an error that says how to give them."""
    item = codebook.items.get(name)
    if item is None or item.min is None or item.max is None:
        raise ScaleError("survey.no_scale", item=name)
    return item.min, item.max


def has_scale(codebook: Codebook, name: str) -> bool:
    """True if the codebook knows both ends of the item's scale."""
    item = codebook.items.get(name)
    return item is not None and item.min is not None and item.max is not None


def flags_of(hit: NDArray[np.bool_], known: NDArray[np.bool_] | None = None) -> pd.arrays.BooleanArray:
    """Booleans with "cannot be judged" as missing."""
    unknown = np.zeros(len(hit), dtype=bool) if known is None else ~known
    return pd.arrays.BooleanArray(hit & ~unknown, unknown)


def in_force(setting: Any) -> bool:
    """True unless a rule is switched off by None or False; zero is a threshold."""
    return setting is not None and setting is not False


def check_number(rule: str, value: Any, low: float, high: float) -> float:
    """A rule's setting as a number strictly between two bounds, or an error that names rule and bounds."""
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not number or not low < float(value) < high:
        key = "survey.bad_threshold" if np.isfinite(high) else "survey.threshold_low"
        raise DataError(key, rule=rule, value=repr(value), low=f"{low:g}", high=f"{high:g}")
    return float(value)


def shown(values: Sequence[Any], most: int = 5) -> str:
    """The first few values, and an ellipsis if there are more."""
    texts = [f"{value:g}" if isinstance(value, float) else str(value) for value in values[:most]]
    return ", ".join(texts) + (", …" if len(values) > most else "")


def _worded(value: Any) -> Any:
    """A number with as many digits as it needs, at most four, and the language's decimal sign."""
    if not isinstance(value, float):
        return value
    text = f"{value:.4g}"
    return text.replace(".", ",") if current_language() == "vi" else text


def _short(reference: Reference) -> str:
    import re

    head, _, tail = reference.text.partition(" (")
    names = re.findall(r"([^\W\d_][\w’'\- ]+), (?:[^\W\d_]\. ?)+", head)
    who = f"{names[0]} et al." if len(names) > 2 else " & ".join(names)
    mark = f", {tr('survey.from_memory')}" if reference.status == "memory" else ""
    return f"{who} ({tail[:4]}{mark})"
