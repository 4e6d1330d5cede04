"""Journeys as sequences of states, equal ones once; a sample where there are too many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.errors import DataError, Notice
from cxlab.estimate.sequences import Floats, Ints, padded
from cxlab.journey.events_result import Events


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
    states = _states(events, frame, by)
    if len(states) < 2:
        raise DataError("touchpoints.seq_one_state", by=by)
    codes = pd.Index(states).get_indexer(frame[by].astype("str"))
    customers, ids = pd.factorize(frame["customer"])
    if collapse:
        kept = np.r_[True, (codes[1:] != codes[:-1]) | (customers[1:] != customers[:-1])]
        codes, customers = codes[kept], customers[kept]
    place = pd.Series(codes).groupby(customers).cumcount().to_numpy()
    cut = place >= max_length
    if cut.any():
        facts = {"count": len(np.unique(customers[cut])), "customers": len(ids), "most": max_length}
        notices.append(Notice("touchpoints.seq_cut", facts, serious=facts["count"] > 0.1 * len(ids)))
    whole = pd.Series(codes[~cut]).groupby(customers[~cut]).agg(tuple)
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
    used = np.ones(len(ids), dtype=bool)
    if len(ids) > max_customers:
        used[:] = False
        used[np.random.default_rng(np.random.SeedSequence(seed)).choice(len(ids), max_customers, replace=False)] = True
        facts = {"used": max_customers, "customers": len(ids), "seed": seed}
        notices.append(Notice("touchpoints.seq_sampled", facts))
    return Sequences(table, lengths, tuple(states), pd.Index(ids), which.astype(np.int64), used, tuple(notices))


def _states(events: Events, frame: pd.DataFrame, by: str) -> list[str]:
    """Stages in order; other states by the stage at which they mostly stand, then by frequency."""
    if by == "stage":
        present = set(frame["stage"].astype("str").unique())
        return [key for key in events.stages if key in present]
    groups = pd.DataFrame({"stage": frame["stage"].cat.codes, "state": frame[by].astype("str")}).groupby("state")
    found = pd.DataFrame({"stage": groups["stage"].median(), "n": groups.size()})
    return [str(key) for key in found.sort_values(["stage", "n"], ascending=[True, False]).index]
