"""From what a user hands in to counted answers: a sequence, a column of a survey, or a file."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.unpack import check_names, complete_rows, numeric_columns, source_notices
from cxlab.analyses.weights import Weights, survey_weights
from cxlab.codebook import Item
from cxlab.errors import DataError, Notice
from cxlab.i18n import LANGUAGES
from cxlab.metrics.files import count_file, is_file
from cxlab.metrics.tally import ALL, Cells, FloatArray, cells_of, merged
from cxlab.show.result import Text
from cxlab.survey.survey import Survey, as_survey

Scores: TypeAlias = str | Path | Sequence[float] | NDArray[Any] | pd.Series
Data: TypeAlias = Survey | pd.DataFrame | str | Path | None
Group: TypeAlias = str | Sequence[Any] | pd.Series | None
_MOST_GROUPS = 1_000
_OWN = "score"


@dataclass(frozen=True, eq=False)
class Answers:
    """Counted answers, all together under `ALL` and by group, with what the codebook says of the question.

    `rows` holds the answers one by one by row number (None for a file), `weights` theirs.
    """

    parts: Mapping[Hashable, Cells]
    column: str
    notices: tuple[Notice, ...]
    item: Item | None = None
    trusted: bool = False
    group: str = ""
    labels: Mapping[Hashable, Text] = field(default_factory=dict)
    rows: pd.Series | None = None
    weights: pd.Series | None = None
    groups: pd.Series | None = None

    @property
    def whole(self) -> Cells:
        """All answers."""
        return self.parts[ALL]


def read_answers(scores: Scores, data: Data, group: Group, weights: Weights | None) -> Answers:
    """Counted answers of a sequence, a column of a survey, or a file.

    Examples
    --------
    >>> read_answers([9, 10, None], None, None, None).whole.n.tolist()
    [1.0, 1.0]
    """
    if is_file(data) or (data is None and is_file(scores)):
        path = data if is_file(data) else scores
        column = str(scores) if is_file(data) else None
        parts, name, notices = count_file(path, column, group, weights)  # type: ignore[arg-type]
        whole = {ALL: merged(parts)} | ({} if group is None else parts)
        labels = {key: each_language(str(key)) for key in parts if key != ALL}
        return Answers(whole, name, notices, group=str(group or ""), labels=labels)
    return _from_table(*_table(scores, data, group), weights, trusted=isinstance(data, Survey))


def each_language(text: str) -> dict[str, str]:
    """The same text in every language.

    Examples
    --------
    >>> each_language("A")
    {'en': 'A', 'vi': 'A'}
    """
    return dict.fromkeys(LANGUAGES, text)


def _table(scores: Scores, data: Data, group: Group) -> tuple[Survey, str, str | None]:
    """Survey, the column with the scores, the column with the groups."""
    if data is not None:
        if not isinstance(scores, str):
            raise DataError("metrics.name_the_column")
        if group is not None and not isinstance(group, str):
            raise DataError("metrics.name_the_group")
        return as_survey(data), scores, group
    if isinstance(scores, Survey | pd.DataFrame):
        raise DataError("metrics.table_as_scores")
    if isinstance(scores, str):
        raise DataError("metrics.column_without_data", column=scores)
    if isinstance(group, str):
        raise DataError("metrics.group_without_data", group=group)
    return _columns(scores, group)


def _columns(scores: Any, group: Any) -> tuple[Survey, str, str | None]:
    try:
        values = scores if isinstance(scores, pd.Series) else pd.Series(list(scores))
    except TypeError:
        raise DataError("metrics.not_scores", kind=type(scores).__name__) from None
    if isinstance(scores, Mapping) or (len(values) and np.ndim(values.iloc[0]) > 0):
        raise DataError("metrics.not_scores", kind=type(scores).__name__)
    name = str(values.name) if values.name is not None else _OWN
    if not len(values):
        raise DataError("analyses.no_rows")
    frame = pd.DataFrame({name: values.to_numpy()})
    if group is None:
        return as_survey(frame), name, None
    own = list(group)
    if len(own) != len(values):
        raise DataError("metrics.group_length", given=len(own), rows=len(values))
    other = str(getattr(group, "name", None) or "group")
    other = other if other != name else f"{other}_"
    return as_survey(frame.assign(**{other: own})), name, other


def _from_table(survey: Survey, column: str, group: str | None, weights: Weights | None, *, trusted: bool) -> Answers:
    own = check_names(survey.frame, [column])
    name, key = next(iter(own.items()))
    if pd.api.types.is_bool_dtype(survey.frame[key]):
        raise DataError("metrics.booleans", column=name)
    frame, notices = numeric_columns(survey, [name], complete=False, constant="allow", min_rows=1)
    given, dropped = complete_rows(frame)
    used = rows_used(survey, given, weights, group)
    column_notices = (*source_told(survey, weights), *reversed_left(survey, [name]), *notices, *dropped, *used.notices)
    item = survey.codebook.items.get(name)
    return used.answers(survey, used.frame[name], name, column_notices, group, item=item, trusted=trusted)


@dataclass(frozen=True, eq=False)
class Used:
    """Rows that count: with an answer, a group and a weight above zero."""

    frame: pd.DataFrame
    weights: FloatArray | None
    groups: pd.Series | None
    notices: tuple[Notice, ...]

    def answers(
        self, survey: Survey, rows: pd.Series, name: str, notices: tuple[Notice, ...], group: str | None, **more: Any
    ) -> Answers:
        """These rows counted, `rows` being the answer of each."""
        parts = parts_of(rows.to_numpy(float), self.weights, self.groups)
        labels = {} if group is None else labels_of(survey, group, parts)
        kept = None if self.weights is None else pd.Series(self.weights, self.frame.index)
        return Answers(
            parts, name, notices, group=group or "", labels=labels, rows=rows, weights=kept, groups=self.groups, **more
        )


def rows_used(survey: Survey, frame: pd.DataFrame, weights: Weights | None, group: str | None) -> Used:
    """The rows of complete answers that also have a group and a weight.

    Examples
    --------
    >>> survey = as_survey(pd.DataFrame({"nps": [9, 10, 3], "w": [1, 0, 2]}))
    >>> len(rows_used(survey, survey.frame[["nps"]], "w", None).frame)
    2
    """
    groups, lost = (None, []) if group is None else groups_of(survey, group, frame.index)
    frame = frame if groups is None else frame.loc[groups.index]
    mass, told = survey_weights(survey, weights, frame.index)
    notices = (*told, *lost)
    if mass is not None and (mass == 0).any():
        frame, mass = frame[mass > 0], mass[mass > 0]
        groups = groups if groups is None else groups.loc[frame.index]
    return Used(frame, mass, groups, notices)


def source_told(survey: Survey, weights: Weights | None) -> list[Notice]:
    return [one for one in source_notices(survey) if weights is None or one.key != "analyses.weights_unused"]


def reversed_left(survey: Survey, names: Sequence[str]) -> list[Notice]:
    """A serious notice if questions are used as recorded although the codebook says that their high answers mean less.

    Examples
    --------
    >>> reversed_left(as_survey(pd.DataFrame({"csat": [4, 5]})), ["csat"])
    []
    """
    book = survey.codebook.items
    left = [name for name in names if name in book and book[name].reversed]
    return [Notice("analyses.reversed_left", {"items": ", ".join(left)}, serious=True)] if left else []


def groups_of(survey: Survey, group: str, index: pd.Index) -> tuple[pd.Series, list[Notice]]:
    own = check_names(survey.frame, [group])[group]
    column = survey.frame[own].loc[index]
    empty = column.isna()
    if not pd.api.types.is_numeric_dtype(column):
        empty |= column.map(lambda value: isinstance(value, str) and not value.strip()).astype(bool)
    lost = int(empty.sum())
    column = column[~empty]
    if column.empty:
        raise DataError("analyses.all_missing", columns=f"'{group}'")
    if column.nunique() > _MOST_GROUPS:
        raise DataError("metrics.too_many_groups", group=group, most=_MOST_GROUPS)
    notice = Notice("metrics.group_missing", {"count": lost, "group": group}, serious=True)
    return column, [notice] if lost else []


def parts_of(values: FloatArray, weights: FloatArray | None, groups: pd.Series | None) -> dict[Hashable, Cells]:
    """Cells of all answers and of each group, the groups in order."""
    parts: dict[Hashable, Cells] = {ALL: cells_of(values, weights)}
    if groups is not None:
        code, keys = pd.factorize(groups, sort=True)
        order = np.argsort(code, kind="stable")
        ends = np.cumsum(np.bincount(code, minlength=len(keys)))[:-1]
        for key, rows in zip(keys, np.split(order, ends), strict=True):
            parts[key] = cells_of(values[rows], None if weights is None else weights[rows])
    return parts


def labels_of(survey: Survey, group: str, parts: Mapping[Hashable, Cells]) -> dict[Hashable, Text]:
    item = survey.codebook.items.get(group)
    words = item.labels if item is not None else {}
    found: dict[Hashable, Text] = {}
    for key in parts:
        if key == ALL:
            continue
        text = f"{key:g}" if isinstance(key, float) else str(key)
        found[key] = words.get(key) or each_language(text)  # type: ignore[call-overload]
    return found
