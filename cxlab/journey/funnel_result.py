"""The result of `cx.funnel`: holds the counts, shows them as text, table and figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.errors import Notice
from cxlab.i18n import Language, current_language, format_number, p_text, tr
from cxlab.journey.events_result import Events
from cxlab.show.cells import interval_text, is_missing
from cxlab.show.result import Result, Text, bilingual, in_language, notices_text
from cxlab.show.table import Column, Table
from cxlab.show.text import count

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False, eq=False)
class Funnel(Result):
    """Reach and conversion, stage by stage; see `cxlab.funnel` for the columns of `table`.

    Attributes
    ----------
    table : DataFrame
        One row a stage, and with a group one a group and stage.
    tests : DataFrame
        With a group: the comparison at each step; else empty.
    events : Events
    group : str or None
    level : float
    quiet : float or None
        Days, or units of numeric times, without an event after which a journey counted as ended.
    warnings : tuple of Notice
    weighted : bool
        True where customers counted by their weights.
    """

    table: pd.DataFrame
    tests: pd.DataFrame
    events: Events = field(repr=False)
    group: str | None
    level: float
    quiet: float | None
    warnings: tuple[Notice, ...]
    weighted: bool = False

    @property
    def references(self) -> tuple[str, ...]:  # type: ignore[override]
        """Keys of the works behind the method."""
        compared = ("rao_scott_1984",) if self.weighted and self.group is not None else ()
        return ("wilson_1927", "holm_1979", "lavidge_steiner_1961", *compared)

    def summary(self, lang: Language | None = None) -> str:
        """A line a stage: how many reach it, which share of those before; then what to know."""
        lines = [tr("journey.funnel_head", lang, customers=count(self.events.n_customers, lang))]
        for name, part in self._parts():
            if self.group is not None:
                lines.append(self.group_name(name, lang) + ":")
            lines += [self._line(row, lang) for row in part.to_dict("records")]
        tests = self.tests.dropna(subset=["p_adjusted"])
        if len(tests):
            lines.append(tr("journey.funnel_compared", lang))
            lines += [self._test(row, lang) for row in tests.to_dict("records")]
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Stages with reach, share, conversion and its interval, and those still under way."""
        frame = self.table
        frame["label"] = [self.events.stages[key] for key in frame["stage"]]
        columns = {
            "label": Column("journey.col_stage"),
            "visited": Column("journey.col_visited", "integer"),
            "reached": Column("journey.col_reached", "integer"),
            "share": Column("journey.col_share", "bounded"),
            "conversion": Column("journey.col_conversion", "bounded"),
            "ci": Column(
                bilingual("journey.col_ci", level=f"{100 * self.level:g}"), "interval",
                parts=("ci_lower", "ci_upper"), bounded=True,
            ),
            "under_way": Column("journey.col_under_way", "integer"),
        }  # fmt: skip
        if self.group is not None:
            frame["group_label"] = [self._group_text(name) for name in frame["group"]]
            frame = frame.drop(columns="group")
        notes: list[Any] = ["journey.note_funnel"]
        notes += [bilingual("journey.note_weighted")] if self.weighted else []
        notes += [bilingual("journey.note_simulated")] if self.events.simulated else []
        panel = "group_label" if self.group is not None else None
        return in_language(Table(frame, columns, "journey.funnel_title", tuple(notes), panel), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Without groups: bars of reach with the conversion between; with groups: conversions with their intervals."""
        lang = lang or current_language()
        if self.group is not None:
            return self._groups_plot(lang)
        from cxlab.show.funnel import funnel_figure

        frame = self.table
        frame["label"] = [self.events.stages[key] for key in frame["stage"]]
        notes = [tr("journey.fig_funnel", lang, level=f"{100 * self.level:g}")]
        notes += [tr("journey.note_weighted", lang)] if self.weighted else []
        notes += [tr("journey.note_simulated", lang)] if self.events.simulated else []
        return funnel_figure(frame, title="journey.funnel_title", note=" ".join(notes), lang=lang)

    def group_name(self, value: object, lang: Language | None = None) -> str:
        """The label of a group in the codebook, else its value."""
        text = self._group_text(value)
        return text if isinstance(text, str) else text[lang or current_language()]

    def _group_text(self, value: object) -> Text | str:
        item = self.events.codebook.items.get(str(self.group))
        label: Mapping[str, str] | None = item.labels.get(value) if item is not None else None  # type: ignore[call-overload]
        return label or str(value)

    def _groups_plot(self, lang: Language) -> Figure:
        from cxlab.show.intervals import interval_plot

        table = self.table.dropna(subset=["conversion"])
        order = {key: place for place, key in enumerate(self.events.stages)}
        table = table.sort_values("stage", key=lambda keys: keys.map(order), kind="stable")
        rows = pd.DataFrame(
            {
                "label": [self.events.stages[key] for key in table["stage"]],
                "model": [self.group_name(name, lang) for name in table["group"]],
                "estimate": table["conversion"],
                "ci_lower": table["ci_lower"],
                "ci_upper": table["ci_upper"],
            }
        )
        title = tr("journey.funnel_groups_title", lang)
        title += f" ({tr('journey.simulated', lang)})" if self.events.simulated else ""
        axis = "journey.col_conversion_weighted" if self.weighted else "journey.col_conversion"
        return interval_plot(rows, title=title, xlabel=axis, lang=lang)

    def _parts(self) -> list[tuple[object, pd.DataFrame]]:
        table = self.table
        return [("", table)] if self.group is None else list(table.groupby("group", sort=False))

    def _test(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        """One step's comparison of the groups: chi-square, or F where customers have weights."""
        name, key = ("F", "f") if self.weighted else ("χ²", "chi2")
        of = ("df1", "df2") if self.weighted else ("df",)
        comma = "; " if (lang or current_language()) == "vi" else ", "
        df = comma.join(format_number(row[one], 1 if self.weighted else 0, lang=lang) for one in of)
        statistic = f"{name}({df}) = {format_number(row[key], lang=lang)}"
        return f"  {self.events.name(row['stage'], lang)}: {statistic}, {p_text(row['p_adjusted'], lang)}"

    def _line(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        stage = self.events.name(row["stage"], lang)
        reached = tr("journey.funnel_line", lang, stage=stage, reached=count(row["reached"], lang))
        if is_missing(row["conversion"]):
            return reached
        share = format_number(100 * row["conversion"], 1, lang=lang)
        column = Column("", "number", 1)
        ends = interval_text(100 * row["ci_lower"], 100 * row["ci_upper"], column, lang)
        more = tr("journey.funnel_open", lang, count=row["under_way"]) if row["under_way"] else ""
        return reached + tr("journey.funnel_conversion", lang, share=share, interval=ends) + more
