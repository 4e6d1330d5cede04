"""`cx.before_after`: did the change work, and did it work more than where nothing was changed?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from cxlab.analyses.unpack import check_level, numeric_columns, source_notices
from cxlab.analyses.weights import survey_weights
from cxlab.errors import DataError, Notice
from cxlab.estimate.change import (
    Array,
    Change,
    difference_in_differences,
    level_of,
    mean_change,
    paired_change,
    paired_share_change,
    share_change,
)
from cxlab.i18n.shown import Shown
from cxlab.journey.before_after_result import BeforeAfter
from cxlab.survey.survey import Survey, as_survey

Values: TypeAlias = str | Sequence[float] | np.ndarray | pd.Series
Kind = Literal["auto", "mean", "proportion"]
_FEW = 30


@dataclass(frozen=True)
class Waves:
    """Both waves of one group; with pairs row by row, weights the same."""

    before: Array
    after: Array
    weights: tuple[Array | None, Array | None]


def before_after(
    before: Values,
    after: Values,
    *,
    data: Survey | pd.DataFrame | None = None,
    control: tuple[Values, Values] | None = None,
    treated: str | None = None,
    paired: bool = False,
    kind: Kind = "auto",
    weights: Any = None,
    control_weights: Any = None,
    level: float = 0.95,
) -> BeforeAfter:
    """The change from one wave to the next with its interval and test; with a control group, the difference of changes.

    When to use it: something was fixed, and scores were taken before and after. Without a control group nobody can say
    what would have happened anyway; with one, the difference of the two changes is the estimate of what the fix did.

    Parameters
    ----------
    before, after : sequence of float, or str
        Scores, or 0/1 for a share; with `data` the columns of the two waves, one row a respondent.
    data : Survey or DataFrame, optional
        Makes the waves paired: the same people twice.
    control : (before, after), optional
        The scores of those for whom nothing was changed.
    treated : str, optional
        With `data` the column with 1 for those concerned by the change and 0 for the control group.
    paired : bool
        True if the values of both waves belong to the same people, in the same order.
    kind : {"auto", "mean", "proportion"}
        ``"auto"`` takes values that are all 0 or 1 for a share.
    weights : optional
        With `data` a column or one number a row; else a pair (of the first wave, of the second), or with `paired` one
        sequence. The values count in proportion.
    control_weights : optional
        The same for `control`.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    BeforeAfter
        ``.table``: group ("changed", "control", "difference"), n_before, n_after, before, after, change, se, df,
        statistic, pvalue, ci_lower, ci_upper, d, method. In the row "difference" before is the change of the control
        group and after that of the changed one, each with the n behind it (people if paired, else scores). d is
        Cohen's d of means, h of shares. ``.plot()``.

    Raises
    ------
    DataError
        Fewer than two values (with a weight above zero) in a wave, no variation at all, pairs of unequal length, shares
        that are not 0 or 1.

    Notes
    -----
    Means: Welch's t; pairs: t of the differences. Shares: chi-square without correction and Newcombe's (1998) interval;
    pairs: McNemar's exact test and Bonett & Price's (2012) interval. Difference in differences: the variances of the
    changes added, Welch's degrees of freedom; shares on the scale of shares. Weighted values by linearisation. R:
    ``t.test``, ``prop.test(correct = FALSE)``, ``mcnemar.test``; ``lm(y ~ wave * treated)`` with HC2 errors.

    Examples
    --------
    >>> import cxlab as cx
    >>> fit = cx.before_after([6, 7, 5, 8, 6, 7], [8, 7, 8, 9, 7, 8], control=([6, 6, 7, 5, 8], [7, 6, 6, 6, 8]))
    >>> fit.table[["group", "change"]].round(2).to_dict("list")
    {'group': ['changed', 'control', 'difference'], 'change': [1.33, 0.2, 1.13]}
    """
    check_level(level)
    if kind not in get_args(Kind):
        raise DataError("analyses.unknown_option", option="kind", value=kind, known=", ".join(get_args(Kind)))
    if data is not None:
        changed, other, told = _from_data(data, before, after, treated, weights, control)
        paired = True
    else:
        if treated is not None:
            raise DataError("management.treated_without_data")
        changed, told = _from_values(before, after, paired, weights, "")
        other = None
        if control is not None:
            if isinstance(control, str) or len(control) != 2:
                raise DataError("management.control_pair")
            other, more = _from_values(*control, paired, control_weights, "control")
            told = (*told, *more)
    shares = _is_share(kind, [changed, *([other] if other else [])])
    rows = {"changed": _change(changed, paired, shares, level)}
    if other is not None:
        rows["control"] = _change(other, paired, shares, level)
        rows["difference"] = _difference(changed, other, rows, paired, level)
    table = pd.DataFrame([{"group": name, **asdict(row)} for name, row in rows.items()])
    return BeforeAfter(table, (*told, *_notices(changed, other, table)), level, paired, shares)


def _from_data(
    data: Survey | pd.DataFrame, before: Any, after: Any, treated: str | None, weights: Any, control: Any
) -> tuple[Waves, Waves | None, tuple[Notice, ...]]:
    if control is not None or not isinstance(before, str) or not isinstance(after, str):
        raise DataError("management.names_with_data")
    survey = as_survey(data)
    columns = [before, after, *([treated] if treated is not None else [])]
    frame, told = numeric_columns(survey, columns, constant="allow", min_rows=2)
    weight, said = survey_weights(survey, weights, frame.index)
    notices = [*source_notices(survey), *told, *said]
    if weight is not None:
        notices = [one for one in notices if one.key != "analyses.weights_unused"]
    one, two = frame.iloc[:, 0].to_numpy(), frame.iloc[:, 1].to_numpy()
    flag = np.ones(len(frame)) if treated is None else frame.iloc[:, 2].to_numpy()
    if not np.isin(flag, [0, 1]).all() or not (flag == 1).any() or (treated is not None and not (flag == 0).any()):
        raise DataError("management.treated_codes", column=treated)

    def part(rows: np.ndarray, group: str) -> Waves:
        mine = _kept(weight, rows)
        return _checked(Waves(one[rows], two[rows], (mine, mine)), group)

    other = None if treated is None else part(flag == 0, "control")
    return part(flag == 1, ""), other, tuple(notices)


def _from_values(before: Any, after: Any, paired: bool, weights: Any, group: str) -> tuple[Waves, tuple[Notice, ...]]:
    one, two = (_numbers(values, wave) for values, wave in ((before, "before"), (after, "after")))
    if paired and len(one) != len(two):
        raise DataError("management.pairs_length", before=len(one), after=len(two))
    given = (weights, weights) if paired or weights is None else weights
    if isinstance(given, str) or len(given) != 2:
        raise DataError("management.weights_pair")
    first, said = _weights(given[0], len(one))
    second, more = _weights(given[1], len(two))
    keep_one, keep_two = np.isfinite(one), np.isfinite(two)
    if paired:
        keep_one = keep_two = keep_one & keep_two
    waves = Waves(one[keep_one], two[keep_two], (_kept(first, keep_one), _kept(second, keep_two)))
    lost = int((~keep_one).sum()) if paired else int((~keep_one).sum() + (~keep_two).sum())
    total = len(one) if paired else len(one) + len(two)
    told = [Notice("analyses.rows_incomplete", {"dropped": lost, "total": total, "n": total - lost},
                   serious=lost > 0.2 * total)] if lost else []  # fmt: skip
    return _checked(waves, group), (*told, *said, *(more if not paired else ()))


def _numbers(values: Any, wave: str) -> Array:
    if isinstance(values, str):
        raise DataError("management.names_without_data", name=values)
    try:
        found = np.asarray(pd.to_numeric(pd.Series(values)), dtype=float)
    except (TypeError, ValueError):
        raise DataError("management.wave_not_numbers", wave=Notice(f"management.{wave}")) from None
    if np.isinf(found).any():
        raise DataError("management.wave_not_numbers", wave=Notice(f"management.{wave}"))
    return found


def _weights(weights: Any, n: int) -> tuple[Array | None, tuple[Notice, ...]]:
    if weights is None:
        return None, ()
    rows = as_survey(pd.DataFrame({"value": np.zeros(n)}))
    return survey_weights(rows, list(weights), rows.frame.index)


def _kept(weights: Array | None, rows: np.ndarray) -> Array | None:
    return None if weights is None else weights[rows]


def _counting(waves: Waves) -> Waves:
    """The scores whose weight is above zero; pairs share their weights, so they stay pairs."""
    one, two = (
        np.ones(len(values), dtype=bool) if weights is None else weights > 0
        for values, weights in zip((waves.before, waves.after), waves.weights, strict=True)
    )
    weights = (_kept(waves.weights[0], one), _kept(waves.weights[1], two))
    return Waves(waves.before[one], waves.after[two], weights)


def _checked(waves: Waves, group: str) -> Waves:
    waves = _counting(waves)
    for values, wave in ((waves.before, "before"), (waves.after, "after")):
        if len(values) < 2:
            raise DataError("management.wave_too_short", wave=Notice(f"management.{wave}"), n=len(values))
    if np.ptp(waves.before) == 0 and np.ptp(waves.after) == 0:
        where = Notice("management.group_control" if group else "management.group_changed")
        raise DataError("management.no_variation", group=where)
    return waves


def _is_share(kind: Kind, groups: list[Waves]) -> bool:
    values = np.concatenate([values for one in groups for values in (one.before, one.after)])
    binary = bool(np.isin(values, [0, 1]).all())
    if kind == "proportion" and not binary:
        raise DataError("management.share_codes")
    return binary if kind == "auto" else kind == "proportion"


def _change(waves: Waves, paired: bool, shares: bool, level: float) -> Change:
    weighted = waves.weights[0] is not None or waves.weights[1] is not None
    if shares and not weighted:
        return (paired_share_change if paired else share_change)(waves.before, waves.after, level)
    if paired:
        return paired_change(waves.before, waves.after, waves.weights[0], level)
    return mean_change(level_of(waves.before, waves.weights[0]), level_of(waves.after, waves.weights[1]), level)


def _difference(changed: Waves, other: Waves, rows: dict[str, Change], paired: bool, level: float) -> Change:
    parts, spreads = [], []
    for one in (changed, other):
        levels = [level_of(one.before, one.weights[0]), level_of(one.after, one.weights[1])]
        spreads += [each.spread for each in levels]
        gains = [level_of(one.after - one.before, one.weights[0])] if paired else levels
        parts += [(each.variance, each.n) for each in gains]
    gain = rows["changed"].change - rows["control"].change
    scale = np.sqrt(np.mean(spreads))
    d = float(gain / scale) if scale else float("nan")
    found = difference_in_differences(rows["changed"], rows["control"], tuple(parts), level, d)
    return replace(found, n_before=len(other.before), n_after=len(changed.before)) if paired else found


def _notices(changed: Waves, other: Waves | None, table: pd.DataFrame) -> list[Notice]:
    notices = []
    if other is None:
        notices.append(Notice("management.no_control", serious=True))
    else:
        notices.append(Notice("management.parallel"))
        gap = mean_change(level_of(other.before, other.weights[0]), level_of(changed.before, changed.weights[0]), 0.95)
        if gap.pvalue < 0.05:
            notices.append(Notice("management.baseline_gap", {"gap": Shown(gap.change, 2)}, serious=True))
    smallest = int(table.loc[table["group"] != "difference", ["n_before", "n_after"]].to_numpy().min())
    if smallest < _FEW:
        notices.append(Notice("management.few_in_wave", {"n": smallest}))
    for group in table["group"][table["ci_lower"].isna()]:
        notices.append(Notice("management.change_alike", {"group": Notice(f"management.group_{group}")}, serious=True))
    return notices
