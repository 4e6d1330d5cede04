"""Which column of a table is the customer, the time, the stage, and so on: as told, or by the usual headers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from cxlab.analyses.unpack import check_names
from cxlab.codebook.text import bare
from cxlab.errors import DataError
from cxlab.i18n.loading import read_yaml
from cxlab.survey.survey import Survey

ROLES = ("event", "customer", "time", "stage", "touchpoint", "owner", "channel", "contact", "valence", "step")


@cache
def _headers() -> dict[str, tuple[str, ...]]:
    raw = read_yaml(Path(__file__).parent / "columns.yaml")
    return {role: tuple(bare(str(word)) for word in words) for role, words in raw.items()}


def find_columns(survey: Survey, given: Mapping[str, str | None], needed: tuple[str, ...]) -> dict[str, str]:
    """The column behind each role that has one: the one named, else the one whose header or label is usual for it.

    Raises
    ------
    DataError
        A named column that is not there, one column in two roles, or a needed role without a column.

    Examples
    --------
    >>> import pandas as pd
    >>> from cxlab.survey.survey import as_survey
    >>> table = as_survey(pd.DataFrame({"Khách hàng": ["A", "B"], "Giai đoạn": ["mua", "mua"], "cửa": [1, 2]}))
    >>> find_columns(table, {"touchpoint": "cửa"}, ("customer", "stage"))
    {'customer': 'Khách hàng', 'stage': 'Giai đoạn', 'touchpoint': 'cửa'}
    """
    told = {role: str(name) for role, name in given.items() if name is not None}
    check_names(survey.frame, list(dict.fromkeys(told.values()))) if told else None
    _refuse_twice(told)
    free = [str(name) for name in survey.frame if str(name) not in told.values()]
    found: dict[str, str] = {}
    for role in ROLES:
        name = told.get(role) or _guess(survey, role, [one for one in free if one not in found.values()])
        if name is not None:
            found[role] = name
    lacking = [role for role in needed if role not in found]
    if lacking:
        names = ", ".join(f"{role}=" for role in lacking)
        known = ", ".join(f"'{name}'" for name in survey.frame)
        raise DataError("journey.columns_lacking", names=names, known=known)
    return found


def _refuse_twice(told: Mapping[str, str]) -> None:
    names = list(told.values())
    for name in names:
        if names.count(name) > 1:
            roles = ", ".join(f"{role}=" for role, own in told.items() if own == name)
            raise DataError("journey.column_twice", column=name, roles=roles)


def _guess(survey: Survey, role: str, free: list[str]) -> str | None:
    """The first free column whose header is usual for the role, else whose label in the codebook is."""
    usual = _headers()[role]
    by_header = [name for word in usual for name in free if bare(name) == word]
    items = survey.codebook.items
    by_label = [name for name in free if name in items and {bare(t) for t in items[name].label.values()} & set(usual)]
    return next(iter([*by_header, *by_label]), None)
