"""From a diary of episodes to one row a person and brand: how often each touchpoint was met, and how it was felt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxlab.analyses.unpack import check_names, numeric_columns, source_notices
from cxlab.codebook.text import nfc
from cxlab.errors import DataError, Notice
from cxlab.i18n.shown import Shown
from cxlab.survey.survey import Survey

FREQUENCY, POSITIVITY = "frequency", "positivity"
_FEW_PAIRS, _MINUTES = 20, 5


@dataclass(frozen=True)
class Columns:
    """Which column is what; `brand` and `time` may be absent."""

    respondent: str
    brand: str | None
    touchpoint: str
    positivity: str
    before: str
    after: str
    time: str | None


@dataclass(frozen=True, eq=False)
class Pairs:
    """One row a respondent and brand: columns ``respondent``, ``brand``, ``before``, ``after``, and of each type
    ``frequency_<type>`` (ln(1 + episodes)) and ``positivity_<type>`` (mean less neutral, 0 without). `types` in order
    of frequency; `counts`: ``touchpoint``, ``episodes``, ``pairs``, ``mean_positivity``."""

    frame: pd.DataFrame
    types: tuple[str, ...]
    counts: pd.DataFrame
    notices: tuple[Notice, ...]


def pairs_of(survey: Survey, columns: Columns, none: Sequence[str], neutral: float | None, guessed: bool) -> Pairs:
    """Count and average the episodes of each respondent and brand; `guessed` scales give no neutral point.

    Raises
    ------
    DataError
        No episode; a score that varies within a respondent and brand; a type nobody rated; an unknown neutral point.
    """
    table, notices = _read(survey, columns)
    middle, said = _neutral(survey, columns.positivity, neutral, guessed)
    notices += said
    empty = table["touchpoint"].isna() | table["touchpoint"].isin([nfc(one) for one in none])
    episodes = table[~empty]
    if episodes.empty:
        raise DataError("touchpoints.effects_no_episode", column=columns.touchpoint, none=", ".join(none))
    if not empty.any():
        notices.append(Notice("touchpoints.effects_met_only", serious=True))
    notices += _sent_twice(survey, episodes, columns)
    keys = ["respondent", "brand"]
    groups = table.groupby(keys, sort=False)
    for name in ("before", "after"):
        spread = groups[name].transform("nunique") > 1
        if spread.any():
            rows = ", ".join(map(str, table.index[spread][:5])) + ", …"
            raise DataError("touchpoints.effects_varies", column=getattr(columns, name), rows=rows)
    frame = groups[["before", "after"]].first().reset_index()
    wide, counts = _counted(episodes, frame, middle)
    unrated = int(episodes["positivity"].isna().sum())
    if unrated:
        facts = {"count": unrated, "episodes": len(episodes), "percent": Shown(100 * unrated / len(episodes), 0)}
        notices.append(Notice("touchpoints.effects_unrated", facts, serious=unrated > 0.2 * len(episodes)))
    frame = pd.concat([frame, wide], axis=1)
    whole = frame[["before", "after"]].notna().all(axis=1)
    if not whole.all():
        lost = {"dropped": int((~whole).sum()), "total": len(frame), "n": int(whole.sum())}
        notices.append(Notice("touchpoints.effects_incomplete", lost, serious=lost["dropped"] > 0.2 * len(frame)))
    frame = frame[whole].reset_index(drop=True)
    return Pairs(frame, tuple(counts["touchpoint"]), _checked(counts, frame), tuple(notices))


def _read(survey: Survey, columns: Columns) -> tuple[pd.DataFrame, list[Notice]]:
    """The columns under their roles; rows without a respondent, brand or both scores' owner are left out."""
    names = [columns.respondent, *([columns.brand] if columns.brand else []), columns.touchpoint]
    numbers = [columns.positivity, columns.before, columns.after]
    found = check_names(survey.frame, [*names, *numbers, *([columns.time] if columns.time else [])])
    frame = survey.frame
    scores, told = numeric_columns(survey, numbers, complete=False, constant="allow", min_rows=1)
    text = frame[found[nfc(columns.touchpoint)]]
    table = pd.DataFrame(
        {
            "respondent": frame[found[nfc(columns.respondent)]],
            "brand": frame[found[nfc(columns.brand)]] if columns.brand else "",
            "touchpoint": text.astype(object).where(text.notna()).map(lambda one: nfc(str(one)).strip(), "ignore"),
        },
        index=frame.index,
    )
    table[["positivity", "before", "after"]] = scores.to_numpy()
    lost = table[["respondent", "brand"]].isna().any(axis=1)
    notices = [*source_notices(survey), *told]
    if lost.any():
        rows = ", ".join(map(str, table.index[lost][:5]))
        notices.append(Notice("touchpoints.effects_no_owner", {"count": int(lost.sum()), "rows": rows}, serious=True))
    return table[~lost], notices


def _neutral(survey: Survey, positivity: str, neutral: float | None, guessed: bool) -> tuple[float, list[Notice]]:
    if neutral is not None:
        return float(neutral), []
    item = survey.codebook.items.get(nfc(positivity))
    if guessed or item is None or item.min is None or item.max is None:
        raise DataError("touchpoints.effects_neutral", column=positivity)
    middle = (float(item.min) + float(item.max)) / 2
    return middle, [Notice("touchpoints.effects_middle", {"value": f"{middle:g}"})]


def _counted(episodes: pd.DataFrame, frame: pd.DataFrame, middle: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    keys = pd.MultiIndex.from_frame(frame[["respondent", "brand"]])
    order = episodes["touchpoint"].value_counts()
    wide, counts = {}, []
    for name in sorted(order.index, key=lambda one: (-order[one], one)):
        grouped = episodes[episodes["touchpoint"] == name].groupby(["respondent", "brand"])["positivity"]
        size, mean = grouped.size().reindex(keys, fill_value=0), grouped.mean().reindex(keys)
        if mean.isna().all():
            raise DataError("touchpoints.effects_type_unrated", touchpoint=name)
        wide[f"{FREQUENCY}_{name}"] = np.log1p(size.to_numpy())
        wide[f"{POSITIVITY}_{name}"] = (mean - middle).fillna(0).to_numpy(dtype=float)
        own = episodes.loc[episodes["touchpoint"] == name, "positivity"].mean()
        counts.append((name, int(size.sum()), int((size > 0).sum()), float(own)))
    return pd.DataFrame(wide), pd.DataFrame(counts, columns=["touchpoint", "episodes", "pairs", "mean_positivity"])


def _checked(counts: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """The counts of the pairs that remain; an error for a type that cannot have an effect in them."""
    used = []
    for name in counts["touchpoint"]:
        used.append(int((frame[f"{FREQUENCY}_{name}"] > 0).sum()))
        for measure in (FREQUENCY, POSITIVITY):
            if len(frame) and np.ptp(frame[f"{measure}_{name}"].to_numpy()) == 0:
                raise DataError(f"touchpoints.effects_flat_{measure}", touchpoint=name)
    return counts.assign(pairs=used)


def few_notices(counts: pd.DataFrame) -> list[Notice]:
    """A notice about types that few people and brands had.

    Examples
    --------
    >>> few_notices(pd.DataFrame({"touchpoint": ["news"], "pairs": [4]}))[0].values["names"]
    'news (4)'
    """
    few = counts[counts["pairs"] < _FEW_PAIRS]
    if few.empty:
        return []
    names = ", ".join(f"{row.touchpoint} ({row.pairs})" for row in few.itertuples())
    return [Notice("touchpoints.effects_few_pairs", {"names": names, "least": _FEW_PAIRS}, serious=True)]


def _sent_twice(survey: Survey, episodes: pd.DataFrame, columns: Columns) -> list[Notice]:
    """Messages about the same thing within minutes of each other: counted, not removed."""
    if columns.time is None:
        return []
    times = pd.to_datetime(survey.frame[check_names(survey.frame, [columns.time])[nfc(columns.time)]], errors="coerce")
    table = episodes.assign(time=times.loc[episodes.index]).dropna(subset=["time"])
    what = ["respondent", "brand", "touchpoint"]
    table = table.sort_values([*what, "time"], kind="stable")
    gap = table.groupby(what, sort=False)["time"].diff()
    close = gap <= pd.Timedelta(minutes=_MINUTES)
    if not close.any():
        return []
    rows = ", ".join(map(str, sorted(table.index[close])[:5])) + ", …"
    return [Notice("touchpoints.effects_twice", {"count": int(close.sum()), "minutes": _MINUTES, "rows": rows})]
