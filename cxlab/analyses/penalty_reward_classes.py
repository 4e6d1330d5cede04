"""Who counts as low, middle and high on each attribute, and what speaks against the classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from cxlab.analyses.asymmetry_data import Answers, Ends, scale_of
from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import DataError, Notice

Limits = float | Mapping[str, float] | None
Split = Literal["scale", "sample"]
# Below this a class's mean rests on so few people that no resample of them can say how sure a factor is.
FEW = 10


@dataclass(frozen=True, eq=False)
class Classes:
    """Low, middle and high of every attribute.

    Attributes
    ----------
    table : DataFrame
        attribute low high n_low n_mid n_high mean_low mean_mid mean_high.
    low, high : DataFrames of bool
        One column an attribute.
    """

    table: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame


def check_split(split: str) -> None:
    """An error unless this is a way to find limits."""
    if split not in get_args(Split):
        known = ", ".join(get_args(Split))
        raise DataError("analyses.unknown_option", option="split", value=split, known=known)


def classes_of(
    answers: Answers, names: Sequence[str], low: Limits, high: Limits, split: Split
) -> tuple[Classes, list[Notice]]:
    """The classes of all attributes; an error if one of them is empty."""
    limits = {name: _limits(answers, name, low, high, split) for name in names}
    frame = answers.frame[list(names)]
    lower = pd.DataFrame({name: frame[name] <= limits[name][0] for name in names})
    upper = pd.DataFrame({name: frame[name] >= limits[name][1] for name in names})
    weight = np.ones(len(frame)) if answers.weights is None else answers.weights
    rows = [_row(frame[name], lower[name], upper[name], limits[name], weight) for name in names]
    table = pd.DataFrame(rows)
    by_scale = split == "scale" and (low is None or high is None)
    return Classes(table, lower, upper), _notices(table, answers.guessed and by_scale)


def scale_thirds(ends: Ends) -> Ends:
    """Where the lowest third of a scale ends and the highest begins, each answer taking one step.

    Examples
    --------
    >>> [tuple(round(x, 2) for x in scale_thirds(ends)) for ends in ((1, 5), (1, 7), (0, 10))]
    [(2.17, 3.83), (2.83, 5.17), (3.17, 6.83)]
    """
    third = (ends[1] - ends[0] + 1) / 3
    return ends[0] - 0.5 + third, ends[1] + 0.5 - third


def _limits(answers: Answers, name: str, low: Limits, high: Limits, split: Split) -> Ends:
    names = list(answers.frame.columns[1:])
    given = [_given(limit, name, names, option) for limit, option in ((low, "low"), (high, "high"))]
    thirds = _thirds(answers, name, split) if None in given else (np.nan, np.nan)
    found = thirds[0] if given[0] is None else given[0], thirds[1] if given[1] is None else given[1]
    if not found[0] < found[1]:
        raise DataError("asymmetry.limits_order", name=name, low=f"{found[0]:g}", high=f"{found[1]:g}")
    return found


def _thirds(answers: Answers, name: str, split: Split) -> Ends:
    """Limits by default: thirds of the scale or of the respondents."""
    column = answers.frame[name]
    if split == "sample":
        low, high = np.quantile(column, [1 / 3, 2 / 3], method="inverted_cdf", weights=answers.weights)
        return float(low), float(high)
    ends = scale_of(answers.survey, name)
    if ends is None:
        raise DataError("asymmetry.no_limits", name=name)
    low, high = scale_thirds(ends)
    # of whole answers the limit is an answer that can be given
    return (float(np.floor(low)), float(np.ceil(high))) if (column == column.round()).all() else (low, high)


def _given(limit: Limits, name: str, names: Sequence[str], option: str) -> float | None:
    if isinstance(limit, Mapping):
        own = {nfc(str(key)): value for key, value in limit.items()}
        unknown = [key for key in own if key not in names]
        if unknown:
            hint = did_you_mean(unknown[0], names)
            raise DataError(
                "asymmetry.limit_unknown", option=option, name=unknown[0], hint=hint, known=", ".join(names)
            )
        limit = own.get(name)
    if limit is None:
        return None
    if isinstance(limit, bool) or not isinstance(limit, int | float | np.number) or not np.isfinite(limit):
        raise DataError("asymmetry.limit_number", option=option, name=name, value=limit)
    return float(limit)


def _row(column: pd.Series, lower: pd.Series, upper: pd.Series, limits: Ends, weight: np.ndarray) -> dict[str, object]:
    row: dict[str, object] = {"attribute": column.name, "low": limits[0], "high": limits[1]}
    parts = {"low": lower.to_numpy(), "mid": ~(lower | upper).to_numpy(), "high": upper.to_numpy()}
    counts = {part: int(inside.sum()) for part, inside in parts.items()}
    empty = [part for part, count in counts.items() if count == 0]
    if empty:
        answers = ", ".join(f"{value:g}: {count}" for value, count in _most_given(column).items())
        values = {"name": column.name, "low": f"{limits[0]:g}", "high": f"{limits[1]:g}", "answers": answers}
        raise DataError(f"asymmetry.nobody_{empty[0]}", **values)
    alone = [part for part, count in counts.items() if count == 1]
    if alone:
        only = column.index[parts[alone[0]]][0]
        part = Notice(f"asymmetry.class_{alone[0]}")
        raise DataError("asymmetry.one_in_class", name=column.name, part=part, row=only)
    row |= {f"n_{part}": count for part, count in counts.items()}
    values = column.to_numpy()
    return row | {f"mean_{part}": np.average(values[own], weights=weight[own]) for part, own in parts.items()}


def _most_given(column: pd.Series) -> pd.Series:
    """Answers and how often they were given; of many different ones the ends."""
    counts = column.value_counts().sort_index()
    return counts if len(counts) <= 11 else counts.iloc[[0, 1, -2, -1]]


def _notices(table: pd.DataFrame, guessed: bool) -> list[Notice]:
    notices = [Notice("asymmetry.scale_guessed", serious=True)] if guessed else []
    few = table[table[["n_low", "n_mid", "n_high"]].min(axis=1) < FEW]
    if len(few):
        shown = [
            f"{row['attribute']} ({row['n_low']}/{row['n_mid']}/{row['n_high']})" for row in few.to_dict("records")
        ]
        notices.append(Notice("asymmetry.small_class", {"names": ", ".join(shown), "least": FEW}, serious=True))
    return notices
