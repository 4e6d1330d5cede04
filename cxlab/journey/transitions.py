"""Where journeys go next: a Markov chain of stages or touchpoints, with intervals and tests of its order."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd

from cxlab.analyses.unpack import check_level
from cxlab.errors import DataError, Notice
from cxlab.journey.chain import Chain, chain_of, order_tests, proportion_intervals
from cxlab.journey.customer_weights import CustomerWeights, of_customers, weighed
from cxlab.journey.events_result import Events
from cxlab.journey.map import check_draws, check_events
from cxlab.journey.states import states_of
from cxlab.journey.transitions_result import Transitions
from cxlab.journey.under_way import Quiet, UnderWay, order_given, record_end, under_way

__all__ = ["Transitions", "transitions"]

By = Literal["stage", "touchpoint", "owner", "channel"]
Interval = Literal["clustered", "bootstrap", "wilson", "goodman"]
END = "end"


def transitions(
    events: Events,
    by: By = "stage",
    *,
    end: bool = True,
    quiet: Quiet = "auto",
    interval: Interval = "clustered",
    level: float = 0.95,
    n_boot: int = 1000,
    seed: int = 0,
    weights: CustomerWeights = None,
) -> Transitions:
    """With which probability each stage (or touchpoint) is followed by which, and where journeys end.

    When to use it: to see the real order of journeys, loops and exits; as the base of Markov attribution.

    Parameters
    ----------
    events : Events
        From `journey_events`.
    by : {"stage", "touchpoint", "owner", "channel"}
        The states. Events without a value are left out of the chain.
    end : bool
        True adds the state "end", to which a customer's last event goes.
    quiet : float, "auto" or None
        The silence after which a journey counts as ended, as in `funnel`. Steps from events later than that before
        the record's end are left out: what follows them may not be recorded yet. None uses every event, and lets
        every last one end its journey.
    interval : {"clustered", "bootstrap", "wilson", "goodman"}
        Wilson's interval on the effective number of steps given the spread between customers; percentiles of a
        bootstrap of customers; Wilson's interval as if all steps were independent; Goodman's simultaneous intervals
        for all probabilities of a row, independent too.
    level : float
    n_boot, seed : int
        For the bootstrap.
    weights : str, Series or mapping, optional
        How much each customer stands for: a column of the source with one value a customer, or values by customer. A
        step counts as much as its customer; probabilities and their intervals ("clustered" or "bootstrap") are
        weighted, counts are not, and there are no tests of order. Customers of weight zero are left out.

    Returns
    -------
    Transitions
        ``.table`` (``from``, ``to``, ``count``, ``n``, ``probability``, ``ci_lower``, ``ci_upper``), ``.matrix`` and
        ``.counts`` (rows from, columns to), ``.tests`` (``test``, ``chi2``, ``df``, ``p``, ``sparse``), ``.plot()``,
        ``.summary()``.

    Raises
    ------
    DataError
        An unknown option; no customer with two events; weights that are missing or negative, or with an interval that
        knows none.

    Notes
    -----
    p_ij = n_ij / n_i., the maximum likelihood estimate. Tests by likelihood ratio (Anderson & Goodman, 1957): "order 0"
    asks whether the next state depends on the present one at all; "order 1" whether, given the present, the one before
    still matters. Customers who differ in habit make "order 1" fail too. R: ``table(from, to)``, ``prop.table``; the
    clustered error is that of ``survey::svymean`` among the steps from a state, with customers as ``ids``.

    Examples
    --------
    >>> import cxlab as cx
    >>> log = pd.DataFrame({"customer": ["A", "A", "A", "B", "B"], "time": [1, 2, 3, 1, 2], "touchpoint": "x",
    ...                     "stage": ["discovery", "buying", "use", "discovery", "use"]})
    >>> cx.transitions(cx.journey_events(log), quiet=None).matrix.loc["discovery", ["buying", "use"]].tolist()
    [0.5, 0.5]
    """
    _check(events, by, interval, level, n_boot, weights)
    counted = weighed(events, weights)
    events, frame = counted.events, counted.events.frame
    named = frame[by].notna()
    frame = frame[named]
    customers, ids = pd.factorize(frame["customer"])
    states = states_of(events, frame, by)
    if not len(frame) or (np.bincount(customers) < 2).all():
        raise DataError("journey.no_steps", column=by)
    still = under_way(frame, customers, quiet, record_end(events))
    codes = pd.Index(states).get_indexer(frame[by].astype("str")).astype(np.int64)
    w = None if counted.weights is None else of_customers(ids, counted.weights)
    chain = chain_of(codes, customers, len(states), still.events if end else None, w)
    notices = [*counted.notices, *order_given(events), *(_late(still) if end else [])]
    if not named.all():
        notices.append(Notice("journey.not_in_chain", {"count": int((~named).sum()), "column": by}))
    table = _table(chain, [*states, END] if end else states, interval, level, n_boot, seed)
    tests = order_tests(chain)
    if w is not None:
        tests = tests.iloc[:0]  # G² takes every step for one
        notices.append(Notice("journey.weights_no_order"))
    if tests["sparse"].any():
        notices.append(Notice("journey.sparse"))
    return Transitions(table, tests, events, by, interval, level, tuple(notices), weighted=w is not None)


def _check(events: Events, by: str, interval: str, level: float, n_boot: int, weights: object) -> None:
    check_events(events)
    check_level(level)
    for option, value, known in (("by", by, get_args(By)), ("interval", interval, get_args(Interval))):
        if value not in known:
            raise DataError("analyses.unknown_option", option=option, value=value, known=", ".join(known))
    check_draws(n_boot)
    if weights is not None and interval in ("wilson", "goodman"):
        raise DataError("journey.weights_interval", interval=interval)


def _late(still: UnderWay) -> list[Notice]:
    """How many events are too late for what follows them to be known."""
    if still.quiet is None:
        return still.notices(0)
    facts = {"count": int(still.events.sum()), "events": len(still.events), "quiet": still.silence()}
    return [Notice("journey.late_events", facts)] if facts["count"] else []


def _table(chain: Chain, states: list[str], interval: Interval, level: float, n_boot: int, seed: int) -> pd.DataFrame:
    low, high = proportion_intervals(chain, interval, level, n_boot, seed)
    k, m = chain.counts.shape
    return pd.DataFrame(
        {
            "from": np.repeat(states[:k], m),
            "to": np.tile(states[:m], k),
            "count": chain.counts.ravel(),
            "n": np.repeat(chain.counts.sum(axis=1), m),
            "probability": chain.shares.ravel(),
            "ci_lower": low.ravel(),
            "ci_upper": high.ravel(),
        }
    )
