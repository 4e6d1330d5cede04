"""`cx.claim_pools`: what a pooled share hides, and pooled differences that turn round inside the pools (Simpson)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.analyses.unpack import check_level
from cxlab.errors import DataError, Notice
from cxlab.i18n import Language, format_number, tr
from cxlab.i18n.shown import Shown
from cxlab.metrics.change import independent
from cxlab.metrics.tally import ALL, Cells, Estimate, Score, wilson
from cxlab.show.result import Result, bilingual, each, in_language, notices_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Pools = Mapping[str, tuple[float, int]]
COLUMNS = ["pool", "share_1", "n_1", "ci_lower_1", "ci_upper_1", "share_2", "n_2", "ci_lower_2", "ci_upper_2",
           "difference", "ci_lower", "ci_upper"]  # fmt: skip
_YES = Score("yes", "share", lambda value: value)


def claim_pools(first: Pools, second: Pools | None = None, *, level: float = 0.95) -> ClaimPools:
    """A pooled share beside the shares of its pools; with two sides, the pooled difference beside the pools' own.

    When to use it: a number over countries, channels or years that differ much. The narrow interval of the pooled share
    says nothing of that; and a difference may turn round in every pool, if the sides have other mixes.

    Parameters
    ----------
    first, second : mapping of pool to (share, n)
        Shares between 0 and 1 with their respondents; both sides name the same pools.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    ClaimPools
        ``.table``: pool ("" for all together) share_1 n_1 ci_lower_1 ci_upper_1, with a second side share_2 n_2
        ci_lower_2 ci_upper_2 difference (second less first) ci_lower ci_upper. ``.reversal``: True if the pooled
        difference has another sign than that of every pool. ``.standardised``: the difference if both sides had the
        same mix of pools.

    Raises
    ------
    DataError
        Fewer than two pools, other pools on the second side, shares or n out of range.

    Notes
    -----
    Wilson intervals of shares, R: ``prop.test(x, n, correct = FALSE)``.

    Examples
    --------
    >>> import cxlab as cx
    >>> found = cx.claim_pools({"small": (234 / 270, 270), "large": (55 / 80, 80)},
    ...                     {"small": (81 / 87, 87), "large": (192 / 263, 263)})
    >>> found.reversal, found.table["difference"].round(2).tolist()
    (True, [-0.05, 0.06, 0.04])
    """
    check_level(level)
    _check(first)
    if second is not None:
        _check(second)
        if set(first) != set(second):
            raise DataError(
                "metrics.pools_differ", first=", ".join(map(str, first)), second=", ".join(map(str, second))
            )
    rows = [_row(ALL, _pooled(first), _pooled(second), level)]
    rows += [_row(pool, first[pool], None if second is None else second[pool], level) for pool in first]
    table = pd.DataFrame(rows, columns=COLUMNS)
    if second is None:
        table = table[COLUMNS[:5]]
        return ClaimPools(table, False, np.nan, level, tuple(_spread(table)))
    gaps = table["difference"].to_numpy()
    reversal = bool(gaps[0] * gaps[1:].max() < 0 and gaps[0] * gaps[1:].min() < 0)
    mix = np.array([first[pool][1] + second[pool][1] for pool in first], dtype=float)
    standardised = float(mix @ gaps[1:] / mix.sum())
    notices = [Notice("metrics.pools_reversal", serious=True)] if reversal else []
    return ClaimPools(table, reversal, standardised, level, tuple(notices))


@dataclass(frozen=True, repr=False, eq=False)
class ClaimPools(Result):
    """Shares by pool; see `cxlab.claim_pools`."""

    table: pd.DataFrame
    reversal: bool
    standardised: float
    level: float
    warnings: tuple[Notice, ...] = ()
    references: tuple[str, ...] = ("wilson_1927", "simpson_1951")

    def summary(self, lang: Language | None = None) -> str:
        """All together, each pool, and whether the difference turns round."""
        lines = [self._line(row, lang) for row in self.table.to_dict("records")]
        if np.isfinite(self.standardised):
            value = format_number(100 * self.standardised, 1, lang=lang)
            lines.append(tr("metrics.pools_standardised", lang, value=value))
        lines = [tr("metrics.pools_head", lang), *(f"  {line}" for line in lines)]
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Shares with intervals by pool, and differences."""
        heading = bilingual("analyses.col_interval", level=f"{100 * self.level:g}")
        frame = self.table.assign(pool=[_name(pool) for pool in self.table["pool"]])
        columns = {"pool": Column("metrics.col_pool")}
        sides = ("1", "2") if "share_2" in frame else ("1",)
        for side in sides:
            columns[f"share_{side}"] = Column("metrics.col_share", "percent", 1)
            columns[f"n_{side}"] = Column("analyses.col_n", "integer")
            ends = (f"ci_lower_{side}", f"ci_upper_{side}")
            columns[f"ci_{side}"] = Column(heading, "interval", 3, parts=ends, bounded=True)
        if "share_2" in frame:
            columns["difference"] = Column("metrics.col_difference", "bounded", 3)
            columns["ci"] = Column(heading, "interval", 3, parts=("ci_lower", "ci_upper"), bounded=True)
        notes = [each(notice.text) for notice in self.warnings]
        over = [(bilingual(f"metrics.pools_side_{one}"), (f"share_{one}", f"n_{one}", f"ci_{one}")) for one in sides]
        spanners = tuple(over) if len(sides) == 2 else ()
        return in_language(Table(frame, columns, "metrics.title_pools", notes=tuple(notes), spanners=spanners), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Differences by pool, or the shares where there is one side."""
        from cxlab.show import interval_plot

        two = "difference" in self.table
        names = ("difference", "ci_lower", "ci_upper") if two else ("share_1", "ci_lower_1", "ci_upper_1")
        frame = self.table.rename(columns=dict(zip(names, ("estimate", "ci_lower", "ci_upper"), strict=True)))
        frame = frame.assign(label=[_name(pool) for pool in frame["pool"]])
        axis = "metrics.col_difference" if two else "metrics.col_share"
        lines = {"": 0.0} if two else None
        return interval_plot(frame, reference=lines, title="metrics.title_pools", xlabel=axis, digits=3, lang=lang)

    def _line(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        from cxlab.i18n import pick

        shares = [format_number(100 * row[f"share_{k}"], 1, lang=lang) + "%" for k in (1, 2) if f"share_{k}" in row]
        return f"{pick(_name(row['pool']), lang)}: " + " → ".join(shares)


def _name(pool: str) -> dict[str, str]:
    return bilingual("metrics.pools_all") if pool == ALL else each(lambda _: str(pool))


def _check(pools: object) -> None:
    if not isinstance(pools, Mapping) or len(pools) < 2:
        raise DataError("metrics.pools_form")
    for pool, pair in pools.items():
        good = isinstance(pair, tuple | list) and len(pair) == 2 and all(_number(one) for one in pair)
        if not good or not 0 <= pair[0] <= 1 or pair[1] < 1 or str(pool) == ALL:
            raise DataError("metrics.pools_pair", pool=pool, value=pair)


def _number(value: object) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def _pooled(pools: Pools | None) -> tuple[float, int] | None:
    if pools is None:
        return None
    total = sum(n for _, n in pools.values())
    return sum(share * n for share, n in pools.values()) / total, total


def _row(pool: str, one: Any, two: Any, level: float) -> tuple[Any, ...]:
    cells: tuple[Any, ...] = (pool,)
    for side in (one, two):
        if side is None:
            return (*cells, *[np.nan] * 7)
        cells = (*cells, *side, *wilson(Estimate(side[0], 0.0, side[1], side[1]), side[1], level))
    counted = [_counted(*side) for side in (one, two)]
    found = independent(counted[0], counted[1], _YES, level)
    return (*cells, found.value, found.ci_lower, found.ci_upper)


def _counted(share: float, n: int) -> Cells:
    counts = np.array([share * n, (1 - share) * n])
    return Cells(np.array([1.0, 0.0]), counts, counts, counts)


def _spread(table: pd.DataFrame) -> list[Notice]:
    """Told where the pools lie outside the pooled interval."""
    whole, own = table.iloc[0], table.iloc[1:]
    outside = own[(own["ci_upper_1"] < whole["ci_lower_1"]) | (own["ci_lower_1"] > whole["ci_upper_1"])]
    if outside.empty:
        return []
    ends = {name: Shown(100 * float(own["share_1"].agg(name)), 1) for name in ("min", "max")}
    return [Notice("metrics.pools_spread", {**ends, "count": len(outside), "pools": len(own)}, serious=True)]
