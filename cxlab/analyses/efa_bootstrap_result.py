"""Bootstrap intervals of a factor solution: holds them, shows them as text, table and figure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.analyses.efa_input import Sample
from cxlab.analyses.efa_solution import SALIENT, Request
from cxlab.analyses.result import Result, bilingual, each, in_language, notices_text
from cxlab.errors import Notice
from cxlab.i18n import Language, format_number, tr
from cxlab.show.cells import interval_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BOUNDED = Column("", "bounded")


@dataclass(frozen=True, repr=False, eq=False)
class EfaBootstrap(Result):
    """Intervals of loadings, communalities and factor correlations; made by `EFA.bootstrap`.

    Attributes
    ----------
    table : DataFrame
        item factor loading primary se bias ci_lower ci_upper.
    communalities : DataFrame
        item communality se bias ci_lower ci_upper.
    correlations : DataFrame
        factor_1 factor_2 correlation se bias ci_lower ci_upper; empty for orthogonal factors.
    stability : DataFrame
        factor, congruence (Tucker's, sample with replicate, mean), share_unlike (share of replicates below .85).
    warnings : tuple of Notice
    n_boot, n_used, n_improper : int
        Resamples asked for, used, and used with a Heywood case.
    seed : int
    ci : str
    level : float
    """

    table: pd.DataFrame
    communalities: pd.DataFrame
    correlations: pd.DataFrame
    stability: pd.DataFrame
    warnings: tuple[Notice, ...]
    sample: Sample = field(repr=False)
    request: Request = field(repr=False)
    n_boot: int
    n_used: int
    n_improper: int
    seed: int
    ci: str
    level: float

    references = ("ichikawa_konishi_1995", "lorenzo_seva_2006", "davison_hinkley_1997")

    def summary(self, lang: Language | None = None) -> str:
        """The salient loadings with their intervals, factor by factor."""
        rows = self._salient()
        width = max((len(str(name)) for name in rows["item"]), default=0)
        lines = [
            f"  {row['factor']}  {row['item']:<{width}}  {format_number(row['loading'], 2, bounded=True, lang=lang)} "
            f"{interval_text(row['ci_lower'], row['ci_upper'], _BOUNDED, lang)}"
            for row in rows.to_dict("records")
        ]
        return "\n".join([self._how(lang), *lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Every loading with its interval, factors side by side."""
        factors = list(dict.fromkeys(self.table["factor"]))
        frame = pd.DataFrame({"item": list(dict.fromkeys(self.table["item"]))})
        columns = {"item": Column("analyses.col_item")}
        spanners = []
        heading = bilingual("analyses.col_interval", level=f"{100 * self.level:g}")
        for factor in factors:
            own = self.table[self.table["factor"] == factor].reset_index(drop=True)
            for part in ("loading", "ci_lower", "ci_upper"):
                frame[f"{factor}_{part}"] = own[part]
            columns[f"{factor}_loading"] = Column("factor.col_loading", "bounded")
            parts = (f"{factor}_ci_lower", f"{factor}_ci_upper")
            columns[f"{factor}_ci"] = Column(heading, "interval", parts=parts, bounded=True)
            spanners.append((factor, (f"{factor}_loading", f"{factor}_ci")))
        notes = [each(self._how), *(each(notice.text) for notice in self.warnings if notice.serious)]
        notes += [bilingual("analyses.simulated")] if self.sample.simulated else []
        table = Table(frame, columns, "factor.title_bootstrap", notes=tuple(notes), spanners=tuple(spanners))
        return in_language(table, lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """The salient loadings with their intervals, factor by factor."""
        from cxlab.show import interval_plot

        rows = self._salient()
        frame = pd.DataFrame(
            {
                "label": rows["item"],
                "estimate": rows["loading"],
                "ci_lower": rows["ci_lower"],
                "ci_upper": rows["ci_upper"],
                "block": rows["factor"],
            }
        )
        title = bilingual("factor.simulated_title") if self.sample.simulated else None
        axis = bilingual("factor.axis_loading", level=f"{100 * self.level:g}")
        return interval_plot(frame, reference={"": 0.0}, title=title, xlabel=axis, lang=lang)

    def _salient(self) -> pd.DataFrame:
        """Each item's largest loading, and others that count, by factor and size."""
        rows = self.table[self.table["primary"] | (self.table["loading"].abs() >= SALIENT)]
        rows = rows.assign(size=-rows["loading"].abs(), place=rows["factor"].str[1:].astype(int))
        return rows.sort_values(["place", "size"], kind="stable")

    def _how(self, lang: Language | None = None) -> str:
        kind = tr(f"factor.interval_{self.ci}", lang)
        level = f"{100 * self.level:g}"
        return tr(
            "factor.boot_head", lang, used=self.n_used, total=self.n_boot, interval=kind, level=level, seed=self.seed
        )
