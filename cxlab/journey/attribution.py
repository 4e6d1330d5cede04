"""Who gets the credit for a conversion: Markov removal effects against rules of first, last and every touch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import pandas as pd

from cxlab.analyses.unpack import check_level
from cxlab.errors import DataError, Notice
from cxlab.estimate.absorbing import Chain, chain_of, credits, removal
from cxlab.journey.attribution_paths import Paths, paths_of_events, paths_of_table
from cxlab.journey.attribution_result import Attribution
from cxlab.journey.events_result import Events
from cxlab.journey.map import check_draws
from cxlab.resample.intervals import intervals
from cxlab.resample.seeds import generators
from cxlab.survey.survey import Survey

__all__ = ["Attribution", "attribution"]

Model = Literal["markov", "first", "last", "linear", "time_decay", "u_shaped"]
MODELS: tuple[Model, ...] = get_args(Model)
By = Literal["touchpoint", "channel", "owner", "stage", "contact"]
_CHUNK = 50
_FEW_CONVERSIONS = 50


def attribution(
    paths: Events | Survey | pd.DataFrame,
    *,
    models: Model | Sequence[Model] = MODELS,
    order: int = 1,
    conversion: str | None = None,
    by: By = "touchpoint",
    path: str = "path",
    conversions: str = "conversions",
    non_conversions: str | None = "no_conversion",
    separator: str = ">",
    against: Model = "last",
    half_life: float = 2.0,
    quiet: float | Literal["auto"] | None = "auto",
    level: float = 0.95,
    n_boot: int = 500,
    seed: int = 0,
) -> Attribution:
    """Divide conversions among touchpoints by a Markov chain and by rules of place, side by side.

    When to use it: to see how much the credit of a touchpoint depends on the rule, above all whether last touch hides
    what prepared a purchase. It describes journeys; it does not show what a touchpoint causes.

    Parameters
    ----------
    paths : Events, Survey or DataFrame
        Events from `journey_events`, or a table with one row a path (``"search > shop"``) or a journey.
    models : one or several of "markov", "first", "last", "linear", "time_decay", "u_shaped"
    order : {1, 2, 3}
        How many touches the Markov chain remembers.
    conversion : str, optional
        For events: the stage that counts as conversion (``"buying"``; touches before the first event there count), or
        a column of the source with 0 or 1 a customer (all touches count).
    by : {"touchpoint", "channel", "owner", "stage", "contact"}
        For events: what gets the credit.
    path, conversions, non_conversions : str
        For tables: the columns. With ``non_conversions=None`` conversions must be 0 or 1, one row a journey.
    separator : str
        What stands between the touches of a path.
    against : str
        The model that differences are taken from.
    half_life : float
        For time decay: after how many touches, counted back from the last, credit is halved.
    quiet : float, "auto" or None
        For events: the silence after which a journey counts as ended, as in `funnel`.
    level : float
    n_boot, seed : int
        Bootstrap samples of journeys, and their seed. Order 3 takes about a minute for 500 samples of 10,000 paths,
        order 1 a few seconds.

    Returns
    -------
    Attribution
        ``.table``, one row a model and channel: ``model``, ``channel``, ``share`` of the credit, ``ci_lower``,
        ``ci_upper``, ``conversions`` (share times all conversions), ``difference`` (to the share by `against`),
        ``diff_lower``, ``diff_upper``. ``.removal``: ``channel``, ``journeys``, ``reach`` (share of journeys with it),
        ``conversion_rate`` (of those), ``removal_effect``, ``ci_lower``, ``ci_upper``. ``.wide`` (channels by models),
        ``.plot()``.

    Raises
    ------
    DataError
        Unknown columns or options; counts that are no whole numbers; no conversion; one channel only.

    Notes
    -----
    The chain has a start, the channels, conversion and loss; step probabilities are shares of counted steps. The
    removal effect of a channel is 1 - P(conversion without it) / P(conversion), where steps to it lead to loss, found
    exactly from the fundamental matrix (I - Q)^-1 (Kemeny & Snell, 1960); Markov shares are removal effects brought to
    the sum 1 (Anderl et al., 2016). Of order 2 or 3 a state is the last two or three touches (fewer at the start), and
    removal takes out every state that ends with the channel. U-shaped: 40% first, 40% last, 20% between. Percentile
    intervals of a bootstrap of journeys. R: ``solve(diag(k) - Q)``; the package ChannelAttribution simulates the same
    chain.

    Examples
    --------
    >>> import cxlab as cx
    >>> table = pd.DataFrame({"path": ["a > b", "a", "b"], "conversions": [1, 0, 1], "no_conversion": [0, 1, 0]})
    >>> cx.attribution(table, n_boot=20).removal[["channel", "removal_effect"]].to_numpy().tolist()
    [['b', 1.0], ['a', 0.5]]
    """
    chosen = _chosen(models, against)
    _check(order, half_life, level, n_boot, by)
    if isinstance(paths, Events):
        if conversion is None:
            raise DataError("touchpoints.attr_conversion_needed", known=", ".join(paths.stages))
        data = paths_of_events(paths, by, conversion, quiet)
    else:
        data = paths_of_table(paths, path, conversions, non_conversions, separator)
    chain = chain_of(data.paths, len(data.channels), order)
    rules = {name: credits(data.paths, len(data.channels), name, half_life) for name in chosen if name != "markov"}
    cells = np.r_[data.converted, data.lost]
    effects, shares = _shares(chain, rules, chosen, cells[None])
    drawn = _drawn(chain, rules, chosen, cells, n_boot, seed)
    return Attribution(
        table=_table(data, chosen, chosen.index(against), shares[0], drawn[1], level),
        removal=_removal(data, effects[0], drawn[0], level),
        warnings=(*data.notices, *_notices(data, chain, drawn[0])),
        models=tuple(chosen),
        against=against,
        order=order,
        level=level,
        n_boot=n_boot,
        conversions=int(data.converted.sum()),
        journeys=int(cells.sum()),
        source=data,
    )


def _chosen(models: object, against: str) -> list[str]:
    chosen = [models] if isinstance(models, str) else list(dict.fromkeys(models))  # type: ignore[call-overload]
    for option, names in (("models", chosen), ("against", [against])):
        for name in names:
            if name not in MODELS:
                raise DataError("analyses.unknown_option", option=option, value=name, known=", ".join(MODELS))
    if not chosen:
        raise DataError("analyses.unknown_option", option="models", value="()", known=", ".join(MODELS))
    return [*chosen, *([against] if against not in chosen else [])]


def _check(order: object, half_life: object, level: float, n_boot: int, by: str) -> None:
    check_level(level)
    check_draws(n_boot)
    if by not in get_args(By):
        raise DataError("analyses.unknown_option", option="by", value=by, known=", ".join(get_args(By)))
    if isinstance(order, bool) or order not in (1, 2, 3):
        raise DataError("analyses.unknown_option", option="order", value=order, known="1, 2, 3")
    if isinstance(half_life, bool) or not isinstance(half_life, int | float) or not 0 < half_life < np.inf:
        raise DataError("touchpoints.attr_half_life", value=half_life)


def _shares(
    chain: Chain, rules: dict[str, object], chosen: list[str], cells: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Removal effects (B, k) and shares (B, models, k) of B sets of counts: journeys converted, then lost."""
    half = cells.shape[1] // 2
    converted, lost = cells[:, :half], cells[:, half:]
    _, effects = removal(chain, converted, lost)
    found = []
    with np.errstate(invalid="ignore", divide="ignore"):
        for model in chosen:
            credit = effects if model == "markov" else (rules[model].T @ converted.T).T  # type: ignore[attr-defined]
            found.append(credit / credit.sum(axis=1, keepdims=True))
    return effects, np.stack(found, axis=1)


def _drawn(
    chain: Chain, rules: dict[str, object], chosen: list[str], cells: np.ndarray, n_boot: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """The same in bootstrap samples of journeys: counts drawn from a multinomial, which is that bootstrap."""
    total, chances = int(cells.sum()), cells / cells.sum()
    parts = []
    for first in range(0, n_boot, _CHUNK):
        streams = generators(seed, first, min(first + _CHUNK, n_boot))
        counts = np.array([random.multinomial(total, chances) for random in streams], dtype=float)
        parts.append(_shares(chain, rules, chosen, counts))
    return np.concatenate([one for one, _ in parts]), np.concatenate([two for _, two in parts])


def _table(
    data: Paths, chosen: list[str], base: int, shares: np.ndarray, drawn: np.ndarray, level: float
) -> pd.DataFrame:
    """One row a model and channel; channels by their share in the first model."""
    rank = np.argsort(-shares[0], kind="stable")
    rows = []
    for place, model in enumerate(chosen):
        own = intervals(drawn[:, place], shares[place], "percentile", level)
        gap = shares[place] - shares[base]
        apart = intervals(drawn[:, place] - drawn[:, base], gap, "percentile", level)
        part = {
            "model": model,
            "channel": data.channels,
            "share": shares[place],
            "ci_lower": own.lower,
            "ci_upper": own.upper,
            "conversions": shares[place] * data.converted.sum(),
            "difference": gap,
            "diff_lower": apart.lower if place != base else np.nan,
            "diff_upper": apart.upper if place != base else np.nan,
        }
        rows.append(pd.DataFrame(part).iloc[rank])
    return pd.concat(rows, ignore_index=True)


def _removal(data: Paths, effects: np.ndarray, drawn: np.ndarray, level: float) -> pd.DataFrame:
    ends = intervals(drawn, effects, "percentile", level)
    holds = np.zeros((len(data.paths), len(data.channels)))
    for row, path in enumerate(data.paths):
        holds[row, list(path)] = 1
    journeys, won = (data.converted + data.lost) @ holds, data.converted @ holds
    table = pd.DataFrame(
        {
            "channel": data.channels,
            "journeys": journeys.astype(int),
            "reach": journeys / (data.converted + data.lost).sum(),
            "conversion_rate": won / np.maximum(journeys, 1),
            "removal_effect": effects,
            "ci_lower": ends.lower,
            "ci_upper": ends.upper,
        }
    )
    return table.sort_values("removal_effect", ascending=False, kind="stable", ignore_index=True)


def _notices(data: Paths, chain: Chain, drawn: np.ndarray) -> list[Notice]:
    notices = [Notice("touchpoints.attr_not_causal", serious=True)]
    converted = int(data.converted.sum())
    if converted < _FEW_CONVERSIONS:
        notices.append(Notice("touchpoints.attr_few", {"count": converted}, serious=True))
    empty = int(np.isnan(drawn).all(axis=1).sum())
    if empty:
        notices.append(Notice("touchpoints.attr_draws", {"count": empty, "draws": len(drawn)}))
    weights = data.converted + data.lost
    leaving = np.bincount(chain.last, weights, len(chain.channel))
    np.add.at(leaving, chain.source, chain.steps.T @ weights)
    rare = float((leaving < 10).mean())
    if rare > 0.25:
        facts = {"count": int((leaving < 10).sum()), "states": len(leaving)}
        notices.append(Notice("touchpoints.attr_rare", facts))
    return notices
