"""Journeys as sequences of states, equal ones once; a sample where there are too many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.errors import DataError, Notice
from cxlab.estimate.sequences import Floats, Ints, padded
from cxlab.journey.events_result import Events
from cxlab.journey.states import states_of


@dataclass(frozen=True, eq=False)
class Sequences:
    """Different sequences: `table` (U, L) of states filled up with -1, `lengths` (U,); `states` in order.

    `ids` (G,) customers, `which` (G,) the sequence of each, `used` (G,) whether it takes part in the clustering.
    """

    table: Ints
    lengths: Ints
    states: tuple[str, ...]
    ids: pd.Index
    which: Ints
    used: NDArray[np.bool_]
    notices: tuple[Notice, ...]

    @property
    def weights(self) -> Floats:
        """How many customers that take part have each sequence (U,)."""
        return np.bincount(self.which[self.used], minlength=len(self.table)).astype(float)


def sequences_of(events: Events, by: str, collapse: bool, max_length: int, max_customers: int, seed: int) -> Sequences:
    """The sequence of each customer.

    Raises
    ------
    DataError
        No state, one state only, or fewer than ten customers.
    """
    frame = events.frame
    named = frame[by].notna().to_numpy()
    notices = [Notice("journey.not_in_chain", {"count": int((~named).sum()), "column": by})] if not named.all() else []
    frame = frame[named]
    states = states_of(events, frame, by)
    if len(states) < 2:
        raise DataError("touchpoints.seq_one_state", by=by)
    codes = pd.Index(states).get_indexer(frame[by].astype("str"))
    customers, ids = pd.factorize(frame["customer"])
    if collapse:
        kept = np.r_[True, (codes[1:] != codes[:-1]) | (customers[1:] != customers[:-1])]
        codes, customers = codes[kept], customers[kept]
    whole = _cut(codes, customers, max_length, notices)
    which, different = pd.factorize(whole)
    if len(ids) < 10:
        raise DataError("touchpoints.seq_few", count=len(ids))
    table, lengths = padded(list(different))
    if lengths.max() == 1:
        raise DataError("touchpoints.seq_one_each", customers=len(ids))
    alone = int((lengths[which] == 1).sum())
    if alone:
        facts = {"count": alone, "customers": len(ids)}
        notices.append(Notice("touchpoints.seq_alone", facts, serious=alone > 0.5 * len(ids)))
    used = _drawn(len(ids), max_customers, seed, notices)
    return Sequences(table, lengths, tuple(states), pd.Index(ids), which.astype(np.int64), used, tuple(notices))


def _cut(codes: np.ndarray, customers: np.ndarray, most: int, notices: list[Notice]) -> pd.Series:
    """The states of each customer in order, the first `most` of them."""
    cut = pd.Series(codes).groupby(customers).cumcount().to_numpy() >= most
    if cut.any():
        facts = {"count": len(np.unique(customers[cut])), "customers": int(customers.max()) + 1, "most": most}
        notices.append(Notice("touchpoints.seq_cut", facts, serious=facts["count"] > 0.1 * facts["customers"]))
    return pd.Series(codes[~cut]).groupby(customers[~cut]).agg(tuple)


def _drawn(customers: int, most: int, seed: int, notices: list[Notice]) -> NDArray[np.bool_]:
    """Who takes part in the clustering: all, or a sample where there are too many."""
    used = np.ones(customers, dtype=bool)
    if customers > most:
        used[:] = False
        used[np.random.default_rng(np.random.SeedSequence(seed)).choice(customers, most, replace=False)] = True
        notices.append(Notice("touchpoints.seq_sampled", {"used": most, "customers": customers, "seed": seed}))
    return used
