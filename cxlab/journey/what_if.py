"""`cx.what_if`: which component to raise, at which cost, for how much loyalty, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any, TypeAlias, Union

import numpy as np
import pandas as pd

from cxlab.analyses.unpack import check_level
from cxlab.errors import DataError, ModelError, Notice
from cxlab.estimate.retention import Array
from cxlab.i18n.shown import Shown
from cxlab.journey.what_if_result import WhatIf
from cxlab.resample.intervals import intervals
from cxlab.survey.survey import Survey

if TYPE_CHECKING:
    from cxlab.analyses.pls_result import PlsFit
    from cxlab.analyses.regression_result import Regression
    from cxlab.analyses.result import Text
    from cxlab.analyses.sem_result import SemFit
    from cxlab.analyses.weights import Weights

Cost: TypeAlias = float | tuple[float, float]
Fit: TypeAlias = Union["Regression", "SemFit", "PlsFit"]
_AT_CEILING = 0.2


@dataclass(frozen=True, eq=False)
class Scenario:
    """What a model says of raising each driver by itself.

    Attributes
    ----------
    drivers : tuple of str
    raised : (1 + R, k) array
        Mean raise that is possible within the scale: in the sample, then in each replicate.
    gain : (1 + R, k) array
        What it adds to the mean of the target.
    current, most, capped : (k,) arrays
        Mean today, end of the scale (nan if unknown), share of respondents who come to the end of the scale.
    target : str
    target_now, target_most : float
    """

    drivers: tuple[str, ...]
    raised: Array
    gain: Array
    current: Array
    most: Array
    capped: Array
    target: str
    target_now: float
    target_most: float
    labels: Mapping[str, Text]
    notices: tuple[Notice, ...]


def what_if(
    fit: Fit,
    changes: Mapping[str, float] | Sequence[str],
    *,
    cost: Mapping[str, Cost] | None = None,
    target: str | None = None,
    data: Survey | pd.DataFrame | None = None,
    ends: Mapping[str, tuple[float, float]] | None = None,
    weights: Weights | None = None,
    n_boot: int = 1000,
    seed: int | None = None,
    level: float = 0.95,
) -> WhatIf:
    """What raising each driver would add to the target, for its cost, with the uncertainty of the model's estimates.

    When to use it: after a model has been fitted and judged, to choose what to work on first. Points are those of the
    answer scale, and nobody is raised beyond its end: a driver that stands near the ceiling has little left to give.

    Parameters
    ----------
    fit : Regression, SemFit or PlsFit
        From `cx.regress`, `cx.sem` or `cx.pls` (one group).
    changes : mapping of driver to points, or sequence of drivers
        How many points of its scale each driver is to be raised (lowered, if negative), each by itself; a sequence
        means one point each. Drivers are variables of the formula, or constructs that lead to the target.
    cost : mapping of driver to float or (low, high), optional
        What that change costs, in any unit, above 0; a pair says how unsure that is (all values between are equally
        likely). Default: the same for all, so that the gain alone counts.
    target : str, optional
        The construct to be raised; needed but for `cx.regress`, whose outcome it is.
    data : Survey or DataFrame, optional
        For `cx.regress` the data that it was fitted to.
    ends : mapping of item, column or construct to (lowest, highest), optional
        Ends of answer scales, where the codebook does not know them.
    weights : str or sequence of float, optional
        For `cx.regress` the survey weights that it was fitted with.
    n_boot : int
        Resamples of respondents, at least 100.
    seed : int, optional
        The same seed gives the same answer. Without it one is drawn and kept as ``.seed``.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    WhatIf
        ``.table``, best gain for its cost first: driver, current, ceiling, asked, raised (on average, within its
        scale), at_ceiling (share of respondents the end of the scale holds back), cost, gain, ci_lower, ci_upper,
        per_cost, per_cost_lower, per_cost_upper, p_best (share of resamples in which it gives most for its
        cost). ``.plot()``.

    Raises
    ------
    DataError
        Unknown drivers or target, changes of 0, costs that are missing, 0 or negative, data of another fit.
    ModelError
        Something else than the three kinds of fit; several groups; a driver that does not lead to the target.

    Notes
    -----
    Regression: every respondent's driver is raised, the formula evaluated again (products, powers and logarithms
    follow), and the mean change of the prediction taken, in the sample and in each resample. Constructs: total effect
    times the mean raise, both in points of a mean of the construct's answers: for PLS the score with weights that sum
    to 1, as in an importance-performance map; for structural models the latent change that moves its items by one point
    on average. What a model calls an effect is one only if its causes are.

    Examples
    --------
    >>> import cxlab as cx
    >>> survey = cx.load_dataset("ecsi_mobile")
    >>> fit = cx.regress("loyalty ~ image + value + satisfaction", survey)
    >>> found = cx.what_if(fit, ["image", "value", "satisfaction"], data=survey, n_boot=200, seed=1)
    >>> found.table["driver"].tolist()[0]
    'satisfaction'
    """
    check_level(level)
    asked = _changes(changes)
    costs = _costs(cost, asked)
    if isinstance(n_boot, bool) or not isinstance(n_boot, int) or n_boot < 100:
        raise DataError("management.few_resamples", value=n_boot)
    seed = int(np.random.SeedSequence().generate_state(1)[0]) if seed is None else seed
    found = _scenario(fit, asked, target, data, ends or {}, n_boot, seed, weights)
    table, spare = _table(found, asked, costs, level, seed)
    return WhatIf(
        table=table,
        warnings=(Notice("management.what_if_causal", serious=True), *found.notices, *_notices(found, table, spare)),
        target=found.target,
        target_now=found.target_now,
        target_most=found.target_most,
        level=level,
        seed=seed,
        with_cost=cost is not None,
        labels=found.labels,
    )


def _changes(changes: Any) -> dict[str, float]:
    named = (
        changes
        if isinstance(changes, Mapping)
        else dict.fromkeys([changes] if isinstance(changes, str) else changes, 1.0)
    )
    if not named:
        raise DataError("management.no_changes")
    for name, points in named.items():
        if isinstance(points, bool) or not isinstance(points, Real) or not np.isfinite(float(points)) or points == 0:
            raise DataError("management.change_zero", name=name, value=points)
    return {str(name): float(points) for name, points in named.items()}


def _costs(cost: Any, asked: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    if cost is None:
        return dict.fromkeys(asked, (1.0, 1.0))
    unknown, lacking = [name for name in cost if name not in asked], [name for name in asked if name not in cost]
    if unknown or lacking:
        raise DataError("management.cost_names", unknown=", ".join(unknown) or "–", lacking=", ".join(lacking) or "–")
    found = {}
    for name in asked:
        pair = cost[name] if isinstance(cost[name], tuple | list) else (cost[name], cost[name])
        fair = len(pair) == 2 and all(isinstance(one, Real) and not isinstance(one, bool) for one in pair)
        if not fair or not 0 < pair[0] <= pair[1] < np.inf:
            raise DataError("management.cost_value", name=name, value=cost[name])
        found[name] = (float(pair[0]), float(pair[1]))
    return found


def _scenario(
    fit: Any,
    asked: Mapping[str, float],
    target: str | None,
    data: Any,
    ends: Any,
    n_boot: int,
    seed: int,
    weights: Any,
) -> Scenario:
    from cxlab.analyses.pls_result import PlsFit
    from cxlab.analyses.regression_result import Regression
    from cxlab.analyses.sem_result import SemFit

    if isinstance(fit, Regression):
        from cxlab.journey.what_if_regression import regression_scenario

        if data is None:
            raise DataError("management.what_if_data")
        return regression_scenario(fit, asked, target, data, ends, n_boot, seed, weights)
    if not isinstance(fit, SemFit | PlsFit):
        raise ModelError("management.what_if_fit", type=type(fit).__name__)
    if weights is not None:
        raise ModelError("management.what_if_weights")
    if target is None:
        raise DataError("management.what_if_target")
    if isinstance(fit, PlsFit):
        from cxlab.journey.what_if_pls import pls_scenario

        return pls_scenario(fit, asked, target, ends, n_boot, seed)
    from cxlab.journey.what_if_sem import sem_scenario

    return sem_scenario(fit, asked, target, ends, n_boot, seed)


def _table(
    found: Scenario, asked: Mapping[str, float], costs: Mapping[str, tuple[float, float]], level: float, seed: int
) -> tuple[pd.DataFrame, int]:
    """The table, and how many resamples gave no number."""
    names = list(found.drivers)
    low, high = (np.array([costs[name][side] for name in names]) for side in (0, 1))
    used = np.isfinite(found.gain[1:]).all(axis=1)
    gain = found.gain[1:][used]
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(2**31,)))
    per_cost = gain / (low + (high - low) * random.random(gain.shape))
    now, middle = found.gain[0], (low + high) / 2
    of_gain, of_ratio = intervals(gain, now, level=level), intervals(per_cost, now / middle, level=level)
    best = np.bincount(per_cost.argmax(axis=1), minlength=len(names)) / max(len(per_cost), 1)
    table = pd.DataFrame(
        {
            "driver": names,
            "current": found.current,
            "ceiling": found.most,
            "asked": [asked[name] for name in names],
            "raised": found.raised[0],
            "at_ceiling": found.capped,
            "cost": middle,
            "gain": now,
            "ci_lower": of_gain.lower,
            "ci_upper": of_gain.upper,
            "per_cost": now / middle,
            "per_cost_lower": of_ratio.lower,
            "per_cost_upper": of_ratio.upper,
            "p_best": best,
        }
    )
    return table.sort_values("per_cost", ascending=False, ignore_index=True, kind="stable"), int((~used).sum())


def _notices(found: Scenario, table: pd.DataFrame, spare: int) -> list[Notice]:
    notices = []
    held = table[table["at_ceiling"] >= _AT_CEILING]
    if len(held):
        shown = ", ".join(f"{row.driver} ({100 * row.at_ceiling:.0f}%)" for row in held.itertuples())
        notices.append(Notice("management.held_back", {"drivers": shown}))
    free = table["driver"][table["ceiling"].isna()]
    if len(free):
        notices.append(Notice("management.ends_not_known", {"drivers": ", ".join(free)}, serious=True))
    over = table["driver"][table["gain"] + found.target_now > found.target_most]
    if len(over):
        values = {"drivers": ", ".join(over), "most": Shown(found.target_most, 1)}
        notices.append(Notice("management.target_beyond", values, serious=True))
    if len(table) > 1 and table["p_best"].max() < 0.8:
        notices.append(Notice("management.no_clear_best", {"share": Shown(100 * table["p_best"].max(), 0)}))
    if spare:
        notices.append(Notice("management.resamples_lost", {"count": spare}, serious=spare > 50))
    return notices
