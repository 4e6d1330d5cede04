"""Where on the journey it hurts: stages by touchpoints, with intervals that know that customers return."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

import numpy as np
import pandas as pd

from cxlab.analyses.unpack import check_level
from cxlab.errors import DataError, Notice
from cxlab.i18n.shown import Shown
from cxlab.journey.customer_weights import CustomerWeights, weighed
from cxlab.journey.events_result import Events
from cxlab.journey.map_result import JourneyMap
from cxlab.journey.map_table import Judgement, cell_table, stage_means

__all__ = ["JourneyMap", "journey_map"]

By = Literal["touchpoint", "owner", "channel", "contact"]
Adjust = Literal["holm", "bonferroni", "fdr_bh", "none"]


def journey_map(
    events: Events,
    *,
    by: By = "touchpoint",
    threshold: float | Literal["mean", "neutral"] = "mean",
    level: float = 0.95,
    min_n: int = 10,
    adjust: Adjust = "holm",
    neutral: float | None = None,
    weights: CustomerWeights = None,
) -> JourneyMap:
    """Map the journey: valence, volume, share of bad events and who answers for it, at every touchpoint of every stage.

    When to use it: to see where customers suffer and where they are pleased, and how sure that is.

    Parameters
    ----------
    events : Events
        From `journey_events`, with ratings.
    by : {"touchpoint", "owner", "channel", "contact"}
        What the cells of a stage are.
    threshold : number, "mean" or "neutral"
        What a cell is held against: the mean of all rated events, the middle of the scale, or a number.
    level : float
        Confidence level; a cell is named where p, adjusted for the number of cells, is below 1 - level.
    min_n : int
        Fewest customers with a rating for which a cell is judged.
    adjust : {"holm", "bonferroni", "fdr_bh", "none"}
        Correction of the p values for many cells.
    neutral : float, optional
        Below which a rating is negative; by default the middle of the scale, or 0 if ratings go below 0.
    weights : str, Series or mapping, optional
        How much each customer stands for: a column of the source with one value a customer, or values by customer. An
        event counts as much as its customer; means, shares and `gain` are weighted, numbers of events and customers
        are not. Customers of weight zero are left out.

    Returns
    -------
    JourneyMap
        ``.table``, one row a cell: ``stage``, ``touchpoint`` (or what `by` names), ``owner``, ``channel``, ``contact``
        (the most frequent), ``events``, ``customers`` (with a rating), ``rated``, ``missing_share``, ``mean_valence``,
        ``se``, ``ci_lower``, ``ci_upper``, ``difference`` (to the threshold), ``diff_lower``, ``diff_upper``, ``p``,
        ``p_adjusted``, ``share_negative``, ``negative_lower``, ``negative_upper``, ``gain``, ``verdict`` (``"pain"``,
        ``"delight"`` or empty), ``reason`` (why a cell is not judged). ``.stages`` (means by stage), ``.pain_points``,
        ``.delights``, ``.opportunities``, ``.plot()``, ``.view()``, ``.controls()``, ``.summary()``, ``.apa()``.

    Raises
    ------
    DataError
        No ratings; an unknown option; a threshold "neutral" on an unknown scale; weights that are missing or negative.

    Notes
    -----
    Standard errors are clustered by customer, intervals are Student's with customers - 1 degrees of freedom. Against
    the overall mean the test is of the difference, in which the cell's own part of that mean counts. A pain point is a
    cell below the threshold with an adjusted p below 1 - level: its whole interval, made wide enough for all cells,
    lies below. ``gain`` is the rise of the journey's mean if the cell came up to the threshold: its share of the rated
    events times its distance. R: ``sandwich::vcovCL``, ``survey::svyby`` with ``svycontrast``, ``p.adjust``; with
    weights ``survey::svydesign(ids = ~customer, weights = ~w)``.

    Examples
    --------
    >>> import cxlab as cx
    >>> events = cx.journey_events(cx.load_dataset("journey_events"), on_problem="drop")
    >>> cx.journey_map(events).pain_points[["stage", "touchpoint"]].iloc[0].tolist()
    ['support', 'repair_partner']
    """
    _check(events, by, level, adjust)
    if isinstance(min_n, bool) or not isinstance(min_n, int) or min_n < 2:
        raise DataError("journey.min_n", value=min_n)
    counted = weighed(events, weights)
    events = counted.events
    middle = neutral if neutral is not None else neutral_of(events)
    if not events.frame["valence"].notna().any():
        raise DataError("journey.map_no_ratings")
    reference, fixed = _reference(threshold, middle, events.frame["valence"], counted.of_events())
    judgement = Judgement(by, reference, fixed, level, min_n, adjust, middle, counted.weights)
    table = cell_table(events.frame, events.stages, judgement)
    return JourneyMap(
        table=table,
        stages=stage_means(events.frame, events.stages, judgement),
        events=events,
        judgement=judgement,
        warnings=(*counted.notices, *_notices(table, events, judgement)),
    )


def neutral_of(events: Events) -> float | None:
    """The middle of the valence scale where known; 0 where ratings go below 0; else None.

    Examples
    --------
    >>> import cxlab as cx
    >>> import pandas as pd
    >>> log = pd.DataFrame({"customer": ["A"], "time": [1], "stage": "use", "touchpoint": "x", "valence": [4]})
    >>> neutral_of(cx.journey_events(log, scale=(1, 5)))
    3.0
    """
    if events.scale is not None:
        return (events.scale[0] + events.scale[1]) / 2
    return 0.0 if bool((events.frame["valence"] < 0).any()) else None


def _check(events: object, by: str, level: float, adjust: str) -> None:
    check_events(events)
    check_level(level)
    for option, value, known in (("by", by, get_args(By)), ("adjust", adjust, get_args(Adjust))):
        if value not in known:
            raise DataError("analyses.unknown_option", option=option, value=value, known=", ".join(known))


def check_events(events: object) -> None:
    """An error unless these are Events, which says how to make them.

    Examples
    --------
    >>> check_events(pd.DataFrame())
    Traceback (most recent call last):
    ...
    cxlab.errors.DataError: This needs events, not a DataFrame. Make them first: events = cx.journey_events(data).
    """
    if not isinstance(events, Events):
        raise DataError("journey.not_events", kind=type(events).__name__)


def check_draws(n_boot: object, least: int = 20) -> None:
    """An error unless this is a number of bootstrap samples that intervals can be read from.

    Examples
    --------
    >>> check_draws(1000)
    """
    if isinstance(n_boot, bool) or not isinstance(n_boot, int) or n_boot < least:
        raise DataError("journey.draws", value=n_boot, least=least)


def _reference(
    threshold: object, middle: float | None, valence: pd.Series, weights: np.ndarray | None
) -> tuple[float, bool]:
    """The number that cells are held against, and whether it is fixed rather than estimated."""
    if threshold == "mean":
        rated = valence.notna().to_numpy()
        return float(np.average(valence[rated], weights=None if weights is None else weights[rated])), False
    if threshold == "neutral":
        if middle is None:
            raise DataError("journey.no_neutral")
        return middle, True
    if isinstance(threshold, bool) or not isinstance(threshold, int | float) or not np.isfinite(threshold):
        raise DataError("journey.threshold", value=threshold)
    return float(threshold), True


def _notices(table: pd.DataFrame, events: Events, judgement: Judgement) -> list[Notice]:
    found = []
    customers = int(events.frame.loc[events.frame["valence"].notna(), "customer"].nunique())
    if customers < 30:
        found.append(Notice("journey.map_few_customers", {"customers": customers}, serious=True))
    few = int((table["reason"] == "few_customers").sum())
    if few:
        found.append(Notice("journey.map_few", {"count": few, "cells": len(table), "least": judgement.min_n}))
    flat = int((table["reason"] == "constant").sum())
    if flat:
        found.append(Notice("journey.map_constant", {"count": flat}))
    if judgement.neutral is None:
        found.append(Notice("journey.map_no_neutral"))
    pains = table[table["verdict"] == "pain"]
    mild = int((pains["mean_valence"] > judgement.neutral).sum()) if judgement.neutral is not None else 0
    if mild and not judgement.fixed:
        found.append(Notice("journey.map_less_good", {"count": mild, "pains": len(pains)}))
    lacking = table[table["rated"] < 0.5 * table["events"]]
    if len(lacking):
        worst = Shown(100 * float(lacking["missing_share"].max()), 0)
        found.append(Notice("journey.map_unrated", {"count": len(lacking), "worst": worst}, serious=True))
    return found


def filtered(found: JourneyMap, **conditions: str) -> JourneyMap:
    """The map of a part of the events, held against the number of the whole map.

    Examples
    --------
    >>> import cxlab as cx
    >>> whole = cx.journey_map(cx.journey_events(cx.load_dataset("journey_events"), on_problem="drop"))
    >>> set(filtered(whole, owner="partner").table["owner"])
    {'partner'}
    """
    how = found.judgement
    part = found.events.where(**conditions) if conditions else found.events
    judged = replace(how, fixed=True)
    table = cell_table(part.frame, part.stages, judged)
    return replace(
        found, table=table, stages=stage_means(part.frame, part.stages, judged), events=part, judgement=judged
    )
