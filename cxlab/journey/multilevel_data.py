"""Events as numbers for the multilevel model: who, where, how it felt, and what is known besides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.unpack import check_names, is_numeric, numeric_columns
from cxlab.errors import DataError, Notice
from cxlab.i18n import pick, tr
from cxlab.journey.events_result import Events
from cxlab.show.result import Text, bilingual, each

CONTACT = "contact"
_MOST_LEVELS, _MOST_TOUCHPOINTS = 12, 400


@dataclass(frozen=True, eq=False)
class Fixed:
    """Columns of fixed effects besides the constant: `matrix` (n, p), their `terms` and `labels`."""

    matrix: NDArray[np.float64]
    terms: tuple[str, ...]
    labels: Mapping[str, Text]


@dataclass(frozen=True, eq=False)
class Rated:
    """Rated events: `value` (n,), codes of `customers` and `touchpoints` (n,), the touchpoints' names, `fixed`."""

    value: NDArray[np.float64]
    customers: NDArray[np.int64]
    touchpoints: NDArray[np.int64]
    names: tuple[str, ...]
    fixed: Fixed
    notices: tuple[Notice, ...]


def rated(events: Events, value: str, by: str, covariates: Sequence[str], contact: bool) -> Rated:
    """The events with a value and all covariates, as arrays.

    Raises
    ------
    DataError
        No values, values that do not differ, too few customers or touchpoints to tell their parts apart.
    """
    frame = events.frame
    numbers = _values(events, value)
    table = pd.DataFrame({"value": numbers, "customer": frame["customer"].to_numpy(), "by": frame[by].to_numpy()})
    columns = _covariates(events, covariates, contact)
    table = pd.concat([table, columns.reset_index(drop=True)], axis=1)
    whole = table.notna().all(axis=1)
    notices = _left_out(table, whole, said=value == "valence")
    table = table[whole]
    customers, touchpoints = pd.factorize(table["customer"])[0], pd.factorize(table["by"], sort=True)
    values = table["value"].to_numpy(dtype=float)
    _check(values, customers, touchpoints[0], by)
    alone = int((np.bincount(customers) == 1).sum())
    if alone:
        facts = {"count": alone, "customers": int(customers.max()) + 1}
        notices.append(Notice("touchpoints.levels_alone", facts, serious=alone > 0.5 * facts["customers"]))
    if customers.max() < 20:
        notices.append(Notice("touchpoints.levels_customers", {"count": int(customers.max()) + 1}, serious=True))
    if len(touchpoints[1]) < 5:
        notices.append(Notice("touchpoints.levels_few", {"count": len(touchpoints[1])}, serious=True))
    fixed, told = _fixed(table[list(columns)], events)
    names = tuple(str(one) for one in touchpoints[1])
    return Rated(values, customers, touchpoints[0], names, fixed, (*notices, *told))


def _values(events: Events, value: str) -> NDArray[np.float64]:
    if value == "valence":
        numbers = events.frame["valence"].to_numpy(dtype=float)
    else:
        rows = numeric_columns(events.source, [value], complete=False, constant="allow", min_rows=1)[0]
        numbers = rows.iloc[:, 0].loc[events.frame.index].to_numpy(dtype=float)
    if np.isnan(numbers).all():
        raise DataError("touchpoints.levels_no_value", value=value)
    return numbers


def _covariates(events: Events, covariates: Sequence[str], contact: bool) -> pd.DataFrame:
    """Numbers as floats, everything else as categories; one row an event."""
    names = list(dict.fromkeys([covariates] if isinstance(covariates, str) else covariates))
    found = {}
    if contact and CONTACT not in names and events.frame[CONTACT].nunique() > 1:
        found[CONTACT] = events.frame[CONTACT].astype(object)
    for name in names:
        if name in ("stage", "owner", "channel", CONTACT):
            found[name] = events.frame[name].astype(object)
            continue
        column = check_names(events.source, [name])[name]
        item = events.codebook.items.get(name)
        values = events.source.loc[events.frame.index, column]
        numeric = is_numeric(values) and not (item is not None and (item.role == "group" or item.labels))
        found[name] = pd.to_numeric(values).astype(float) if numeric else values.astype(object)
    return pd.DataFrame(found, index=events.frame.index)


def _left_out(table: pd.DataFrame, whole: pd.Series, said: bool) -> list[Notice]:
    if whole.all():
        return []
    if not whole.any():
        raise DataError("touchpoints.levels_none_whole", columns=", ".join(f"'{name}'" for name in table.columns[3:]))
    facts = {"dropped": int((~whole).sum()), "total": len(table), "n": int(whole.sum())}
    if said and facts["dropped"] == int(table["value"].isna().sum()):
        return []
    return [Notice("touchpoints.events_incomplete", facts, serious=facts["dropped"] > 0.2 * len(table))]


def _check(values: NDArray[np.float64], customers: NDArray[np.int64], places: NDArray[np.int64], by: str) -> None:
    rows, visits = np.bincount(customers), np.bincount(places)
    if len(visits) < 2:
        raise DataError("touchpoints.levels_one_touchpoint", by=by)
    if len(visits) > _MOST_TOUCHPOINTS:
        raise DataError("touchpoints.levels_many", count=len(visits), most=_MOST_TOUCHPOINTS, by=by)
    if len(rows) < 3:
        raise DataError("touchpoints.levels_few_customers", count=len(rows))
    if rows.max() < 2:
        raise DataError("touchpoints.levels_one_each", customers=len(rows))
    if np.ptp(values) == 0:
        raise DataError("touchpoints.levels_constant", value=f"{values[0]:g}")
    for codes, size, key in ((customers, rows, "levels_same_customer"), (places, visits, "levels_same_touchpoint")):
        means = np.bincount(codes, values) / size
        if np.abs(values - means[codes]).max() < 1e-12:
            raise DataError(f"touchpoints.{key}", by=by)


def _fixed(table: pd.DataFrame, events: Events) -> tuple[Fixed, list[Notice]]:
    """Numbers as they are, categories as columns against their first level; constant ones are left out and named."""
    columns: list[NDArray[np.float64]] = []
    labels: dict[str, Text] = {}
    flat: list[str] = []
    for name in table:
        found = _columns(table[name], str(name), events)
        flat += [] if found else [str(name)]
        for term, text, values in found:
            columns.append(values)
            labels[term] = text
    matrix = np.column_stack(columns) if columns else np.empty((len(table), 0))
    full = np.column_stack([np.ones(len(table)), matrix])
    scaled = full / np.linalg.norm(full, axis=0)
    if np.linalg.matrix_rank(scaled, tol=1e-9 * np.sqrt(len(full))) < full.shape[1]:
        raise DataError("touchpoints.levels_collinear", columns=", ".join(f"'{name}'" for name in table))
    notices = [Notice("touchpoints.levels_flat", {"columns": ", ".join(flat)})] if flat else []
    return Fixed(matrix, tuple(labels), labels), notices


def _columns(column: pd.Series, name: str, events: Events) -> list[tuple[str, Text, NDArray[np.float64]]]:
    item = events.codebook.items.get(name)
    text: Text = item.label if item is not None and item.label else {"en": name, "vi": name}
    if column.dtype.kind == "f":
        values = column.to_numpy(dtype=float)
        return [(name, text, values)] if np.ptp(values) > 0 else []
    levels = [key for key in events.stages if key in set(column)] if name == "stage" else sorted(set(column), key=str)
    if len(levels) > _MOST_LEVELS:
        raise DataError("touchpoints.levels_category", column=name, count=len(levels), most=_MOST_LEVELS)
    if name == CONTACT:
        text = bilingual("journey.col_contact")

    def shown(level: object) -> Text:
        words = item.labels.get(level) if item is not None else None  # type: ignore[call-overload]
        return each(lambda lang: pick(words, lang) if words else events.name(level, lang))

    def label(level: object) -> Text:
        own, first = shown(level), shown(levels[0])
        return each(
            lambda lang: tr(
                "touchpoints.against", lang, term=pick(text, lang), own=pick(own, lang), first=pick(first, lang)
            )
        )

    return [(f"{name}[{level}]", label(level), (column == level).to_numpy(dtype=float)) for level in levels[1:]]
