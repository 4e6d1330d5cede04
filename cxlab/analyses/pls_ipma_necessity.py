"""Necessity on the importance-performance map: what a wanted outcome needs, and how many stay below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.analyses.nca import nca
from cxlab.analyses.nca_result import Nca
from cxlab.analyses.pls_performance import Ends
from cxlab.analyses.result import bilingual, each
from cxlab.errors import DataError, Notice
from cxlab.evaluate.rules import rule_limit
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.show.table import Column

if TYPE_CHECKING:
    from cxlab.analyses.pls_result import PlsFit


@dataclass(frozen=True, eq=False)
class Necessity:
    """A wanted outcome and what it needs.

    Attributes
    ----------
    nca : Nca
    level : float
        Of the outcome, percent of its range.
    outcome : float
        The same on the scale of performance.
    rows : DataFrame
        By condition: effect_size, pvalue, necessary, required, below.
    """

    nca: Nca = field(repr=False)
    level: float
    outcome: float
    rows: pd.DataFrame

    def added(self, table: pd.DataFrame, key: str) -> pd.DataFrame:
        """A map's table with the columns of `rows`; an item alone in its construct has the construct's."""
        own = [
            name if name in self.rows.index else group
            for name, group in zip(table[key], table["construct"], strict=True)
        ]
        more = self.rows.reindex(own).set_axis(table.index)
        more["necessary"] = more["necessary"].fillna(False).astype(bool)
        return pd.concat([table, more], axis=1)

    def notices(self) -> tuple[Notice, ...]:
        """What the analysis says of single cases; the rest stands in the map's own columns."""
        return tuple(one for one in self.nca.warnings if one.key == "nca.one_case")

    def line(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        """What the summary says of one construct."""
        if not row["necessary"]:
            return tr("nca.map_not_necessary", lang)
        if np.isnan(row["required"]):
            return tr("nca.map_not_yet", lang)
        needs = format_number(row["required"], 1, lang=lang)
        return tr("nca.map_line", lang, required=needs, below=format_number(100 * row["below"], 0, lang=lang))

    def columns(self) -> dict[str, Column]:
        """Further columns of the printed table."""
        return {
            "effect_size": Column("nca.col_effect", "bounded"),
            "pvalue": Column("nca.col_p", "p"),
            "required": Column("nca.col_required", "number"),
            "below": Column("nca.col_below", "percent", 0),
        }

    def note(self) -> dict[str, str]:
        """A note below the printed table."""

        def text(lang: Language) -> str:
            ceiling = tr(f"nca.{self.nca.kinds[0]}", lang)
            outcome = format_number(self.outcome, 1, lang=lang)
            least, level = (rule_limit("dul_2020", one) for one in ("necessity_effect", "necessity_p"))
            d, p = (format_number(one, 2, bounded=True, lang=lang) for one in (least, level))
            return tr("nca.map_note", lang, level=f"{self.level:g}", outcome=outcome, ceiling=ceiling, d=d, p=p)

        return each(text)

    def words(self) -> dict[str, dict[str, str]]:
        """What bubbles and hollow points of the map mean."""
        outcome = each(lambda lang: format_number(self.outcome, 1, lang=lang))
        return {
            "filled": each(lambda lang: tr("nca.map_filled", lang, outcome=pick(outcome, lang))),
            "hollow": bilingual("nca.map_hollow"),
        }


def asked_for(
    fit: PlsFit,
    target: str,
    tables: tuple[pd.DataFrame, pd.DataFrame],
    necessity: bool | Nca,
    level: float,
    settings: tuple[Ends | None, int, int | None],
) -> Necessity:
    """The necessity analysis of a map's constructs and items, or one that was made before, read at a level."""
    if isinstance(level, bool) or not isinstance(level, Real) or not 0 < float(level) <= 100:
        raise DataError("nca.level", level=level)
    if isinstance(necessity, Nca):
        if necessity.data.outcome != target:
            raise DataError("nca.other_outcome", other=necessity.data.outcome, target=target)
        return _read(necessity, float(level))
    if necessity is not True:
        raise DataError(
            "analyses.unknown_option", option="necessity", value=necessity, known="True, False, fit.nca(...)"
        )
    ends, permutations, seed = settings
    own = tables[1].groupby("construct")["item"].transform("size") > 1
    conditions = [*tables[0]["construct"], *tables[1].loc[own, "item"]]
    names = [name for name in dict.fromkeys(conditions) if name != target]
    found = nca(target, names, fit, ceilings="ce_fdh", ends=ends, permutations=permutations, seed=seed)
    return _read(found, float(level))


def _read(found: Nca, level: float) -> Necessity:
    """Required levels of all conditions at one level of the outcome, by the first ceiling."""
    needs = found.bottleneck(found.kinds[0], levels=[level], x="actual").table.set_index("condition")
    table = found.table[found.table["ceiling"] == found.kinds[0]].set_index("condition")
    rows = table[["effect_size", "pvalue", "necessary"]].join(needs[["required", "below_share"]])
    rows = rows.rename(columns={"below_share": "below"})
    rows["below"] = rows["below"].where(rows["necessary"])
    return Necessity(found, level, float(needs["outcome"].iloc[0]), rows)
