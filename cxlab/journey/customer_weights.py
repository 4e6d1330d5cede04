"""Weights of customers in analyses of events: each event counts as much as its customer stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.weights import effective_n
from cxlab.errors import DataError, Notice
from cxlab.i18n.shown import Shown
from cxlab.journey.coding import Coding
from cxlab.journey.events_names import customer_names
from cxlab.journey.events_notices import told_again
from cxlab.journey.events_result import Events
from cxlab.journey.events_table import stage_table
from cxlab.journey.under_way import record_end

CustomerWeights: TypeAlias = str | pd.Series | Mapping[object, float] | None
_SHOWN = 5
# Kish's design effect from which a reader must know what the weights cost, as elsewhere.
_LARGE = 1.5


@dataclass(frozen=True, eq=False)
class Weighed:
    """The events of customers who count, each customer's weight (mean 1, index customer; None without weights) and
    what a reader must know, the events' own notices first."""

    events: Events
    weights: pd.Series | None
    notices: tuple[Notice, ...]

    def of_events(self) -> NDArray[np.float64] | None:
        """The weight of each event, which is its customer's."""
        return None if self.weights is None else of_customers(self.events.frame["customer"], self.weights)


def of_customers(customers: pd.Series | pd.Index, weights: pd.Series) -> NDArray[np.float64]:
    """The weights of these customers.

    Examples
    --------
    >>> of_customers(pd.Series(["b", "a", "b"]), pd.Series({"a": 0.5, "b": 1.5})).tolist()
    [1.5, 0.5, 1.5]
    """
    return weights.reindex(customers).to_numpy(dtype=float)


def weighed(events: Events, weights: CustomerWeights) -> Weighed:
    """Read and check the weights of customers.

    Raises
    ------
    DataError
        A column that is not there or varies within customers; weights missing, no numbers, infinite, negative or all
        zero; something that names no customers.

    Examples
    --------
    >>> import cxlab as cx
    >>> log = pd.DataFrame({"customer": ["A", "A", "B"], "time": [1, 2, 1], "stage": "use", "touchpoint": "x",
    ...                     "w": [1, 1, 3]})
    >>> weighed(cx.journey_events(log), "w").of_events().tolist()
    [0.5, 0.5, 1.5]
    """
    if weights is None:
        return Weighed(events, None, events.warnings)
    values = _values(events, weights)
    bad = ~np.isfinite(values) | (values < 0)
    if bad.any():
        raise DataError("journey.weights_customers", count=int(bad.sum()), customers=_named(values.index[bad]))
    if not values.any():
        raise DataError("weights.all_zero")
    used = values[values > 0]
    zero = len(values) - len(used)
    events = _without(events, used.index) if zero else events
    notices = [one for one in events.warnings if one.key != "analyses.weights_unused"]
    notices += [Notice("journey.weights_zero", {"count": zero, "total": len(values)})] if zero else []
    effective = effective_n(used.to_numpy())
    if len(used) / effective > _LARGE:
        size = {"n": len(used), "effective": Shown(effective, 0), "effect": Shown(len(used) / effective, 2)}
        notices.append(Notice("journey.weights_effect", size))
    return Weighed(events, used / used.mean(), (*notices, Notice("journey.note_weighted")))


def _values(events: Events, weights: object) -> pd.Series:
    """One number a customer, missing where there is none."""
    customers = pd.Index(events.frame["customer"].unique())
    if isinstance(weights, str):
        given = events.per_customer(weights)[weights]
    elif isinstance(weights, pd.Series | Mapping):
        given = weights if isinstance(weights, pd.Series) else pd.Series(weights)
        given = given.set_axis(pd.Index(customer_names(given.index.to_series())))
        if given.index.has_duplicates or _by_row(events, weights):
            raise DataError("journey.weights_rows", kind=type(weights).__name__)
        if not given.index.isin(customers).any():
            raise DataError("journey.weights_form", kind=type(weights).__name__)
    else:
        raise DataError("journey.weights_form", kind=type(weights).__name__)
    return pd.to_numeric(given.astype(object), errors="coerce").astype(float).reindex(customers)


def _by_row(events: Events, weights: object) -> bool:
    """Row numbers can pass for customers with numbers; a value a row is then given to whoever has the row's number."""
    rows = len(events.source)
    if not isinstance(weights, pd.Series) or len(weights) != rows or events.n_customers == rows:
        return False
    return weights.index.equals(events.source.index) or weights.index.equals(pd.RangeIndex(rows))


def _named(customers: pd.Index) -> str:
    return ", ".join(map(str, customers[:_SHOWN])) + (", …" if len(customers) > _SHOWN else "")


def _without(events: Events, kept: pd.Index) -> Events:
    part = events.frame[events.frame["customer"].isin(kept)]
    table = stage_table(part, Coding(events.coding, events.stages))
    told = told_again(events.warnings, part, events.columns)
    return replace(events, frame=part, table=table, warnings=told, record_end=record_end(events))
