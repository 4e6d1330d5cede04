"""The result of `cx.reliability`: holds the numbers, shows them as text, tables and figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.analyses.result import Result, bilingual
from cxlab.errors import DataError, Notice
from cxlab.evaluate.rules import rule_limit
from cxlab.i18n import Language, pick, tr
from cxlab.show.table import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_RULE = "nunnally_1978"
_WORKS = (
    "cronbach_1951", "feldt_1987", "duhachek_iacobucci_2004", "mcdonald_1999", "raykov_2001", "fornell_larcker_1981",
    "nunnally_1978", "hair_2019", "hu_bentler_1999", "field_2009", "guttman_1945", "jackson_agunwamba_1977",
    "ten_berge_socan_2004", "hancock_mueller_2001", "dijkstra_henseler_2015", "zinbarg_2005",
    "raykov_marcoulides_2011", "eisinga_2013",
)  # fmt: skip


@dataclass(frozen=True, repr=False, eq=False)
class Reliability(Result):
    """Reliability of one or several scales; see `cxlab.reliability` for the columns of its tables."""

    table: pd.DataFrame
    items: pd.DataFrame
    reasons: pd.DataFrame
    warnings: tuple[Notice, ...]
    missing: str
    interval: str
    level: float
    ordinal: bool = False
    group_factors: int = 3
    n_boot: int = 0
    seed: int | None = None
    ci: str = "percentile"
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)

    @property
    def references(self) -> tuple[str, ...]:  # type: ignore[override]
        """Keys of the works behind the method."""
        return (*_WORKS, *(("zumbo_2007", "chalmers_2018", "green_yang_2009") if self.ordinal else ()))

    def summary(self, lang: Language | None = None) -> str:
        """One line a scale, then what to know before reading them."""
        from cxlab.analyses.reliability_text import summary

        return summary(self, lang)

    def apa(self, lang: Language | None = None) -> Table:
        """Scales with items, n, alpha and omega with intervals, CR, AVE, and the item to look at."""
        from cxlab.analyses.reliability_tables import main_table

        return main_table(self, lang)

    def apa_bounds(self, lang: Language | None = None) -> Table:
        """Scales with Guttman's lambdas, split halves, greatest lower bound, standardised alpha, H, omega_h, rho_A."""
        from cxlab.analyses.reliability_tables import bounds_table

        return bounds_table(self, lang)

    def apa_items(self, lang: Language | None = None) -> Table:
        """Items with mean, standard deviation, item-total correlations, alpha without the item, and loading."""
        from cxlab.analyses.reliability_tables import item_table

        return item_table(self, lang)

    def why(self, construct: str, statistic: str, lang: Language | None = None) -> str:
        """Why a statistic of a construct has no value, in words; empty if it has one.

        Raises
        ------
        DataError
            No such construct, or no such column of `table`.

        Examples
        --------
        >>> import cxlab as cx
        >>> survey = cx.load_dataset("ecsi_mobile")
        >>> value = cx.reliability(survey, {"value": ["PERV1", "PERV2"]})
        >>> value.why("value", "omega_total", "en")
        'two items identify one factor only if their loadings are taken to be equal; see the standardised alpha'
        """
        own = self.table[self.table["construct"] == construct]
        for value, known in ((construct, self.table["construct"]), (statistic, self.table.columns[3:])):
            if value not in set(known):
                raise DataError("reliability.unknown", name=value, known=", ".join(known))
        if own.iloc[0]["reason"] not in ("", "no_total_variance"):
            return tr(f"analyses.reason_{own.iloc[0]['reason']}", lang)
        found = self.reasons[(self.reasons["construct"] == construct) & (self.reasons["statistic"] == statistic)]
        return reason_text(found.iloc[0]["reason"], found.iloc[0]["items"], lang) if len(found) else ""

    def plot(self, lang: Language | None = None) -> Figure:
        """Alpha and omega of each scale with their intervals, and the line of the rule."""
        from cxlab.show import interval_plot

        rows = []
        for row in self.table[self.table["reason"] == ""].to_dict("records"):
            for sign, name in (("α", "alpha"), ("ω", "omega_total")):
                if not pd.isna(row[name]):
                    ends = {"ci_lower": row[f"{name}_ci_lower"], "ci_upper": row[f"{name}_ci_upper"]}
                    rows.append(
                        {"label": self.name(row["construct"], lang), "model": sign, "estimate": row[name]} | ends
                    )
        frame = pd.DataFrame(rows, columns=["label", "model", "estimate", "ci_lower", "ci_upper"])
        if frame["model"].nunique() == 1:
            frame = frame.drop(columns="model")
        axis = bilingual("reliability.axis", level=f"{100 * self.level:g}")
        return interval_plot(frame, reference=rule_limit(_RULE), xlabel=axis, lang=lang)

    def name(self, key: str, lang: Language | None = None) -> str:
        """A scale's or item's label, else its name."""
        return pick(self.labels[key], lang) if key in self.labels else str(key)

    def names(self, keys: pd.Series, unknown: str | None = None) -> list[Any]:
        """Labels for a table's cells; `unknown` stands for those without one, by default the name."""
        return [self.labels.get(key, str(key) if unknown is None else unknown) for key in keys]


def reason_text(reason: str, items: str, lang: Language | None = None) -> str:
    """A reason in words, with the items that cause it.

    Examples
    --------
    >>> reason_text("heywood", "q3", "en")
    'improper solution: no error variance is left in q3'
    """
    return tr(f"reliability.reason_{reason}", lang, items=items)
