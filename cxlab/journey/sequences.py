"""Kinds of journeys: how unlike the orders of events are, groups of journeys alike, and a typical one of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from cxlab.errors import DataError, Notice
from cxlab.estimate.sequences import (
    Floats,
    Ints,
    all_distances,
    around_medoids,
    distances,
    silhouettes,
    transition_costs,
)
from cxlab.i18n.shown import Shown
from cxlab.journey.events_result import Events
from cxlab.journey.map import check_events
from cxlab.journey.sequences_data import Sequences, sequences_of
from cxlab.journey.sequences_profile import profile
from cxlab.journey.sequences_result import SequenceClusters

__all__ = ["SequenceClusters", "sequence_clusters"]

By = Literal["stage", "touchpoint", "channel", "owner", "contact"]
Distance = Literal["optimal_matching", "lcs", "hamming"]
Substitution = Literal["transitions", "constant"]
Method = Literal["pam", "ward", "average"]
_UP_TO = 8
# Random starts of the partition besides the greedy one, where there are not too many sequences for the wait.
_STARTS, _MANY = 4, 1000
# Kaufman and Rousseeuw (1990): an average silhouette width up to .25 shows no substantial structure.
_NO_STRUCTURE = 0.25


def sequence_clusters(
    events: Events,
    k: int | None = None,
    *,
    by: By = "stage",
    distance: Distance = "optimal_matching",
    substitution: Substitution = "transitions",
    normalise: bool = True,
    collapse: bool = False,
    method: Method = "pam",
    outcomes: str | Sequence[str] = (),
    level: float = 0.95,
    max_customers: int = 2000,
    max_length: int = 60,
    seed: int = 0,
) -> SequenceClusters:
    """Group customers whose journeys run alike, and show a typical journey of each group.

    When to use it: to find kinds of journeys where one average map would hide them; as a base for personal journeys.

    Parameters
    ----------
    events : Events
        From `journey_events`.
    k : int, optional
        Number of groups; by default that from 2 to 8 with the largest average silhouette.
    by : {"stage", "touchpoint", "channel", "owner", "contact"}
        What a journey is a sequence of. Events without a value are left out.
    distance : {"optimal_matching", "lcs", "hamming"}
        The least cost of turning one sequence into the other; what is not in the longest common subsequence; places
        that differ (an ended journey being a state of its own).
    substitution : {"transitions", "constant"}
        For optimal matching, what a substitution costs: less for states that often follow each other, or 2 for all (the
        same as ``"lcs"``). Insertions and deletions cost half of the dearest substitution.
    normalise : bool
        True divides each distance by the largest possible for two journeys of these lengths. Otherwise groups mostly
        tell long from short journeys.
    collapse : bool
        True counts equal events in a row once.
    method : {"pam", "ward", "average"}
        Partition around medoids; or a hierarchy by Ward's criterion or average linkage.
    outcomes : str or sequence of str
        Columns of the source with one number a customer, to compare the groups in; they do not enter the grouping.
    level : float
        Confidence level of the outcomes' means.
    max_customers : int
        With more customers a sample of this size (by `seed`) is grouped, and everyone else goes to the nearest typical
        journey.
    max_length : int
        Only the first events of a journey, as many as this, are compared.
    seed : int

    Returns
    -------
    SequenceClusters
        ``.table``, one row a group, largest first: ``cluster`` (1, 2, ...), ``n``, ``share``, ``typical`` (the medoid's
        states), ``customer`` (whose journey that is), ``mean_length``, ``mean_distance`` (to the medoid),
        ``silhouette``. ``.quality``: ``k``, ``silhouette``, ``smallest`` (group). ``.members``: index ``customer``;
        ``cluster``, ``length``, ``silhouette`` (missing for those not sampled), ``sampled``. ``.profile``: ``outcome``,
        ``cluster``, ``n``, ``mean``, ``sd``, ``ci_lower``, ``ci_upper``. ``.tests``: ``outcome``, ``f``, ``df1``,
        ``df2``, ``pvalue``, ``eta2``. ``.plot()``.

    Raises
    ------
    DataError
        Unknown options; one state only; customers with one event each; fewer customers or different journeys than
        groups.

    Notes
    -----
    Distances are found between different sequences only. Transition costs are 2 - p(i to j) - p(j to i) (TraMineR's
    "TRATE"; Gabadinho et al., 2011); the largest possible distance is that of TraMineR's "maxdist". Outcomes: Student's
    intervals, Welch's F test, eta². Groups are a description: silhouettes say how clear they are, and other distances
    give other groups (Studer & Ritschard, 2016). R: ``TraMineR::seqdist``, ``cluster::pam``, ``hclust("ward.D2")``,
    ``oneway.test``.

    Examples
    --------
    >>> import cxlab as cx
    >>> events = cx.journey_events(cx.load_dataset("journey_events"), on_problem="drop")
    >>> cx.sequence_clusters(events, 2).table["n"].sum()
    np.int64(800)
    """
    check_events(events)
    _check(by, distance, substitution, method, {"max_customers": (max_customers, 50), "max_length": (max_length, 2)})
    data = sequences_of(events, by, collapse, max_length, max_customers, seed)
    settings = _settings(data, distance, substitution, normalise)
    part = np.flatnonzero(data.weights > 0)
    apart = all_distances(data.table[part], data.lengths[part], **settings)
    _check_k(k, len(part))
    groupings = _groupings(apart, data.weights[part], method, k, seed)
    quality = _quality(apart, data.weights[part], groupings)
    chosen = k if k is not None else int(quality.loc[quality["silhouette"].idxmax(), "k"])
    medoids, members = _placed(data, part, apart, groupings[chosen], settings)
    found = profile(events, members["cluster"], outcomes, level)
    return SequenceClusters(
        table=_table(data, members, medoids),
        quality=quality,
        members=members.drop(columns="distance"),
        profile=found[0],
        tests=found[1],
        warnings=(*events.warnings, *data.notices, *_notices(quality, chosen)),
        events=events,
        data=data,
        by=by,
        distance=distance,
        method=method,
        k=chosen,
        level=level,
    )


def _check(by: str, distance: str, substitution: str, method: str, sizes: dict[str, tuple[object, int]]) -> None:
    options = {"by": (by, By), "distance": (distance, Distance), "substitution": (substitution, Substitution)}
    for option, (value, known) in (options | {"method": (method, Method)}).items():
        if value not in get_args(known):
            raise DataError("analyses.unknown_option", option=option, value=value, known=", ".join(get_args(known)))
    for option, (size, least) in sizes.items():
        if isinstance(size, bool) or not isinstance(size, int) or size < least:
            raise DataError("journey.whole", option=option, value=size, least=least)


def _settings(data: Sequences, distance: str, substitution: str, normalise: bool) -> dict[str, Any]:
    size = len(data.states)
    costs: Floats | None = 2 * (1 - np.eye(size))
    if distance == "hamming":
        costs = None
    elif distance == "optimal_matching" and substitution == "transitions":
        costs = transition_costs(data.table, data.lengths, data.weights, size)
    indel = 1.0 if costs is None or distance == "lcs" else float(costs.max()) / 2
    return {"costs": costs, "indel": indel, "normalise": normalise}


def _check_k(k: int | None, different: int) -> None:
    if k is not None and (isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 2):
        raise DataError("journey.whole", option="k", value=k, least=2)
    if different < (k or 2) + 1:
        raise DataError("touchpoints.seq_too_alike", different=different, k=k or 2)


def _groupings(apart: Floats, weights: Floats, method: str, k: int | None, seed: int) -> dict[int, Ints]:
    """Groups of the different sequences for each number of groups."""
    most = min(_UP_TO, len(apart) - 1)
    wanted = sorted({*range(2, most + 1), *([k] if k is not None else [])})
    starts = _STARTS if len(apart) <= _MANY else 0
    if method == "pam":
        return {one: around_medoids(apart, weights, one, starts, seed)[1] for one in wanted}
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    copies = np.repeat(np.arange(len(apart)), weights.astype(int))
    tree = linkage(squareform(apart[np.ix_(copies, copies)], checks=False), method)
    first = np.searchsorted(copies, np.arange(len(apart)))
    return {one: np.unique(fcluster(tree, one, "maxclust")[first], return_inverse=True)[1] for one in wanted}


def _quality(apart: Floats, weights: Floats, groupings: dict[int, Ints]) -> pd.DataFrame:
    rows = []
    for k, groups in groupings.items():
        width = float(np.average(silhouettes(apart, weights, groups), weights=weights))
        rows.append((k, width, int(np.bincount(groups, weights).min())))
    return pd.DataFrame(rows, columns=["k", "silhouette", "smallest"])


def _placed(
    data: Sequences, part: Ints, apart: Floats, groups: Ints, settings: dict[str, Any]
) -> tuple[Ints, pd.DataFrame]:
    """The medoids, largest group first, and every customer's group, silhouette and distance to the medoid."""
    weights = data.weights[part]
    order = np.argsort(-np.bincount(groups, weights), kind="stable")
    groups = np.argsort(order)[groups]
    inside = [np.flatnonzero(groups == group) for group in range(len(order))]
    medoids = np.array([own[np.argmin(apart[np.ix_(own, own)] @ weights[own])] for own in inside])
    away = distances(data.table, data.lengths, part[medoids], **settings)
    group = np.argmin(away, axis=0)
    group[part] = groups
    widths = np.full(len(data.table), np.nan)
    widths[part] = silhouettes(apart, weights, groups)
    members = pd.DataFrame(
        {
            "cluster": group[data.which] + 1,
            "length": data.lengths[data.which],
            "silhouette": np.where(data.used, widths[data.which], np.nan),
            "sampled": data.used,
            "distance": away[group[data.which], data.which],
        },
        index=data.ids.rename("customer"),
    )
    return part[medoids], members


def _table(data: Sequences, members: pd.DataFrame, medoids: Ints) -> pd.DataFrame:
    rows = []
    for number, medoid in enumerate(medoids, start=1):
        own = members[members["cluster"] == number]
        states = [data.states[state] for state in data.table[medoid, : data.lengths[medoid]]]
        holder = data.ids[np.flatnonzero((data.which == medoid) & data.used)[0]]
        rows.append(
            {
                "cluster": number,
                "n": len(own),
                "share": len(own) / len(members),
                "typical": " > ".join(states),
                "customer": holder,
                "mean_length": own["length"].mean(),
                "mean_distance": own["distance"].mean(),
                "silhouette": own["silhouette"].mean(),
            }
        )
    return pd.DataFrame(rows)


def _notices(quality: pd.DataFrame, chosen: int) -> list[Notice]:
    row = quality.set_index("k").loc[chosen]
    notices = []
    if row["silhouette"] <= _NO_STRUCTURE:
        width = Shown(row["silhouette"], bounded=True)
        notices.append(Notice("touchpoints.seq_no_structure", {"width": width}, serious=True))
    if row["smallest"] < 5:
        notices.append(Notice("touchpoints.seq_small", {"count": int(row["smallest"])}))
    return notices
