"""From a log or a wide table to checked events: who, when, at which stage and touchpoint, how it felt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cxlab.journey.coding import Stages
from cxlab.journey.events_build import Options, from_log
from cxlab.journey.events_problems import OnProblem
from cxlab.journey.events_result import Events
from cxlab.journey.events_wide import from_wide
from cxlab.show.result import Text
from cxlab.survey.survey import Survey, as_survey

__all__ = ["Events", "journey_events"]


def journey_events(
    data: Survey | pd.DataFrame,
    *,
    customer: str | None = None,
    time: str | None = None,
    stage: str | None = None,
    touchpoint: str | None = None,
    owner: str | None = None,
    channel: str | None = None,
    contact: str | None = None,
    valence: str | None = None,
    event: str | None = None,
    step: str | None = None,
    coding: Stages = "eight",
    scale: tuple[float, float] | None = None,
    allow_return: bool = True,
    on_problem: OnProblem = "error",
    touchpoints: Sequence[str] | None = None,
    stages: Mapping[str, str] | None = None,
    labels: Mapping[str, str | Text] | None = None,
) -> Events:
    """Read a table as events of customer journeys, check every row, and put each customer's events in order.

    When to use it: before every question about a journey. A row is one event: one customer at one touchpoint. With
    `touchpoints` a row is one customer instead, and each named column is an event.

    Parameters
    ----------
    data : Survey or DataFrame
        The log, or with `touchpoints` a wide table of ratings.
    customer, time, stage, touchpoint : str, optional
        Columns. Those not named are found by the usual headers in English or Vietnamese. Stages are keys or labels of
        the coding. Times are dates, texts of dates, or numbers.
    owner, channel, contact, valence : str, optional
        Columns: whose touchpoint it is, through which channel, direct or indirect, how it felt (a number). They may
        be absent.
    event : str, optional
        A column that numbers the events; a number that comes twice is an event logged twice.
    step : str, optional
        A column with each event's place in its customer's journey; needed where there is no time.
    coding : {"eight", "seven", "three"}, sequence of str, or mapping of str to label
        The stages in order: a coding of `stage_coding`, or your own.
    scale : (float, float), optional
        The ends of the valence scale; by default the codebook's.
    allow_return : bool
        False makes an event at an earlier stage than one before it a problem. Journeys may go back (use after
        support, a second purchase), so by default it is counted and said only.
    on_problem : {"error", "drop", "keep"}
        What to do with rows in which something is wrong: stop and say all; leave them out (of an event logged twice
        the first row stays; an unreadable rating becomes missing, its event stays); or keep them, save those that
        have no place in a journey (no customer, time, stage or touchpoint).
    touchpoints : sequence of str, optional
        Columns of ratings of a wide table, in the order of the journey. Events then have no time; the customer is the
        row, unless `customer` names a column. Without `stages` each touchpoint is its own stage.
    stages : mapping of touchpoint to stage, optional
        For a wide table: the stage of `coding` to which each touchpoint belongs.
    labels : mapping of touchpoint to str or bilingual text, optional
        How touchpoints, owners and channels are printed; known ones have labels of their own.

    Returns
    -------
    Events
        ``.frame`` (one row an event, by customer and time; index the row number in `data`; columns ``customer``,
        ``time``, ``stage`` (ordered categorical), ``touchpoint``, ``owner``, ``channel``, ``contact``, ``valence``,
        ``step`` from 1), ``.stages`` (key to label, in order), ``.problems`` (``row``, ``problem``, ``value``),
        ``.table`` (one row a stage), ``.summary()``, ``.warnings``, ``.per_customer()``, ``.recoded()``.

    Raises
    ------
    DataError
        Columns that are not there; rows with problems (missing customer, time, stage or touchpoint; unknown stage;
        unreadable time; step against time; event logged twice; rating that is no number or outside its scale), all
        counted and named; no event left.

    Notes
    -----
    The schema (who, when, channel, owner, stage, valence) is that of the theory table ``"touchpoints"``; owners are the
    four of Lemon and Verhoef (2016), contact is direct or indirect after Meyer and Schwager (2007). Of events at the
    same time the one first in the table comes first.

    Examples
    --------
    >>> import cxlab as cx
    >>> log = pd.DataFrame({"customer": ["A", "A", "B"], "time": ["2024-03-02", "2024-03-01", "2024-03-05"],
    ...                     "stage": ["buying", "discovery", "use"], "touchpoint": ["store", "website", "own use"],
    ...                     "valence": [2, -1, 3]})
    >>> events = cx.journey_events(log)
    >>> events.frame[["customer", "stage", "touchpoint", "step"]].to_numpy().tolist()
    [['A', 'discovery', 'website', 1], ['A', 'buying', 'store', 2], ['B', 'use', 'own use', 1]]
    """
    survey = as_survey(data)
    given = {
        "event": event, "customer": customer, "time": time, "stage": stage, "touchpoint": touchpoint, "owner": owner,
        "channel": channel, "contact": contact, "valence": valence, "step": step,
    }  # fmt: skip
    options = Options(coding, scale, allow_return, on_problem, labels or {})
    if touchpoints is not None:
        return from_wide(survey, touchpoints, stages, given, options)
    return from_log(survey, given, options)
