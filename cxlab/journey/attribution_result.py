"""The result of `cx.attribution`: shares of credit by rule, removal effects, table and figure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.errors import Notice
from cxlab.i18n import Language, current_language, format_number, tr
from cxlab.journey.attribution_paths import Paths
from cxlab.show.cells import interval_text
from cxlab.show.result import Result, bilingual, each, in_language, notices_text
from cxlab.show.table import Column, Table
from cxlab.show.text import count

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DRAWN = 20


@dataclass(frozen=True, repr=False, eq=False)
class Attribution(Result):
    """Credit of touchpoints for conversions; see `cxlab.attribution` for the columns.

    Attributes
    ----------
    table, removal : DataFrame
    models : tuple of str
    against : str
    order : int
    level : float
    n_boot, conversions, journeys : int
    source : Paths
        The paths behind.
    warnings : tuple of Notice
    """

    table: pd.DataFrame
    removal: pd.DataFrame
    warnings: tuple[Notice, ...]
    models: tuple[str, ...]
    against: str
    order: int
    level: float
    n_boot: int
    conversions: int
    journeys: int
    source: Paths = field(repr=False)
    references: tuple[str, ...] = ("anderl_2016", "kemeny_snell_1960")

    @property
    def wide(self) -> pd.DataFrame:
        """Shares, channels by models."""
        table = self.table
        order = table.loc[table["model"] == self.models[0], "channel"]
        return table.pivot(index="channel", columns="model", values="share").loc[list(order), list(self.models)]

    def model_name(self, model: str, lang: Language | None = None) -> str:
        """A model in words; a chain of higher order says so."""
        key = f"touchpoints.rule_{model}" if model != "markov" or self.order == 1 else "touchpoints.rule_markov_order"
        return tr(key, lang, order=self.order) if key.endswith("_order") else tr(key, lang)

    def summary(self, lang: Language | None = None) -> str:
        """Shares of the first model with their distance to `against`, and what to know."""
        share = format_number(100 * self.conversions / self.journeys, 1, lang=lang)
        facts = {"journeys": count(self.journeys, lang), "conversions": count(self.conversions, lang)}
        first = self.models[0]
        lines = [tr("touchpoints.attr_head", lang, model=self.model_name(first, lang), share=share, **facts)]
        table = self.table
        for row in table[table["model"] == first].to_dict("records"):
            values = {name: format_number(100 * row[name], 1, lang=lang) for name in ("share", "difference")}
            ends = _percent_ends(row["ci_lower"], row["ci_upper"], lang)
            line = tr("touchpoints.attr_line", lang, channel=self.source.name(row["channel"], lang), interval=ends,
                      share=values["share"])  # fmt: skip
            if first != self.against:
                apart = _percent_ends(row["diff_lower"], row["diff_upper"], lang)
                against = self.model_name(self.against, lang)
                line += tr("touchpoints.attr_apart", lang, difference=values["difference"], interval=apart,
                           against=against)  # fmt: skip
            lines.append(line)
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Share of each channel by each model, with the interval of the first."""
        first = self.table[self.table["model"] == self.models[0]].set_index("channel")
        frame = self.wide.join(first[["ci_lower", "ci_upper"]]).join(
            self.removal.set_index("channel")["removal_effect"]
        )
        frame = frame.reset_index()
        frame["label"] = [each(lambda one, key=key: self.source.name(key, one)) for key in frame["channel"]]  # type: ignore[misc]
        names = {model: each(lambda lang, model=model: self.model_name(model, lang)) for model in self.models}  # type: ignore[misc]
        percent = {model: Column(name, "percent", 1) for model, name in names.items()}
        ci = bilingual("journey.col_ci", level=f"{100 * self.level:g}")
        frame[["ci_lower", "ci_upper"]] *= 100
        columns = {"label": Column("touchpoints.col_channel"), self.models[0]: percent.pop(self.models[0])}
        columns |= {"ci": Column(ci, "interval", 1, ("ci_lower", "ci_upper"))} | percent
        columns |= {"removal_effect": Column("touchpoints.col_removal", "bounded")}
        facts = {"journeys": self.journeys, "conversions": self.conversions, "draws": self.n_boot, "order": self.order}
        notes: list[Any] = [bilingual("touchpoints.note_attr", **facts), "touchpoints.attr_not_causal"]
        notes += [bilingual("journey.note_simulated")] if self.source.simulated else []
        return in_language(Table(frame, columns, "touchpoints.attr_title", tuple(notes)), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Shares of credit by every model, a row a channel (the 20 with most credit)."""
        from cxlab.show.attribution import credit_figure

        lang = lang or current_language()
        kept = list(self.wide.index[:_DRAWN])
        table = self.table[self.table["channel"].isin(kept)]
        table = table.assign(
            model=[self.model_name(one, lang) for one in table["model"]],
            label=[self.source.name(one, lang) for one in table["channel"]],
        )
        notes = [tr("touchpoints.fig_attr", lang, level=f"{100 * self.level:g}", model=table["model"].iloc[0])]
        if len(kept) < len(self.wide):
            rest = Notice("touchpoints.fig_attr_rest", {"count": len(self.wide) - len(kept)})
            notes.append(rest.text(lang))
        notes += [tr("journey.note_simulated", lang)] if self.source.simulated else []
        return credit_figure(table, title="touchpoints.attr_title", xlabel="touchpoints.axis_credit",
                             note=" ".join(notes), lang=lang)  # fmt: skip


def _percent_ends(low: float, high: float, lang: Language | None) -> str:
    return interval_text(100 * low if np.isfinite(low) else None, 100 * high if np.isfinite(high) else None,
                         Column("", "number", 1), lang)  # fmt: skip
