"""The result of `cx.journey_map`: holds the cells, shows them as text, table and figure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.errors import DataError, Notice
from cxlab.i18n import LANGUAGES, Language, current_language, format_number, pick, tr
from cxlab.journey.events_result import Events
from cxlab.journey.map_table import Judgement
from cxlab.show.result import Result, notices_text
from cxlab.show.table import Table
from cxlab.theory.tables.topic import read_topic

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WORKS = ("lemon_verhoef_2016", "liang_zeger_1986", "holm_1979", "wilson_1927", "risdon_2011")
_ROLES = ("owner", "channel", "contact")


@dataclass(frozen=True, repr=False, eq=False)
class JourneyMap(Result):
    """Valence, volume and verdict of each cell of the journey; see `cxlab.journey_map` for the columns of `table`.

    Attributes
    ----------
    table : DataFrame
        One row a stage and touchpoint.
    stages : DataFrame
        One row a stage: events, customers, rated, mean_valence, ci_lower, ci_upper.
    events : Events
        What was mapped.
    judgement : Judgement
        ``by``, ``reference`` (the number that cells are held against), ``fixed``, ``level``, ``min_n``, ``adjust``,
        ``neutral``.
    warnings : tuple of Notice
    """

    table: pd.DataFrame
    stages: pd.DataFrame
    events: Events = field(repr=False)
    judgement: Judgement
    warnings: tuple[Notice, ...]
    references: tuple[str, ...] = _WORKS

    @property
    def pain_points(self) -> pd.DataFrame:
        """Cells that lie below the threshold for sure, the greatest loss to the journey's mean first."""
        table = self.table
        found = table[table["verdict"] == "pain"]
        return found.sort_values("gain", ascending=False, kind="stable", ignore_index=True)

    @property
    def delights(self) -> pd.DataFrame:
        """Cells that lie above the threshold for sure, the greatest lift of the journey's mean first."""
        table = self.table
        found = table[table["verdict"] == "delight"]
        return found.sort_values("gain", kind="stable", ignore_index=True)

    @property
    def opportunities(self) -> pd.DataFrame:
        """Cells below the threshold by what could be gained, with the ends of that gain and the firm's control.

        Columns: ``stage``, the cell, ``owner``, ``control``, ``rated``, ``mean_valence``, ``gain``, ``gain_lower``,
        ``gain_upper``, ``sure`` (True for a pain point). A wide interval asks for more ratings before money is spent.
        """
        table = self.table
        below = table[(table["difference"] < 0) & (table["reason"] == "")].copy()
        share = below["gain"] / -below["difference"]  # of all ratings, weighted as they are
        below["gain_lower"], below["gain_upper"] = -share * below["diff_upper"], -share * below["diff_lower"]
        below["sure"] = below["verdict"] == "pain"
        control = {row["key"]: row["control"] for row in read_topic("touchpoint_owners").rows}
        lang = current_language()
        below["control"] = [pick(control[key], lang) if key in control else "" for key in below["owner"]]
        names = list(dict.fromkeys(["stage", self.judgement.by, "owner", "control", "rated", "mean_valence"]))
        names += ["gain", "gain_lower", "gain_upper", "sure"]
        return below[names].sort_values("gain", ascending=False, kind="stable", ignore_index=True)

    def plot(self, lang: Language | None = None, *, most: int = 40) -> Figure:
        """The map as a figure: stages from left to right, touchpoints as dots with their intervals.

        Parameters
        ----------
        lang : "en" or "vi", optional
        most : int
            Cells drawn at most; beyond that the least frequent are left out, pain points never, and the figure says so.
        """
        from cxlab.journey.map_plot import draw

        return draw(self, lang, most)

    def view(self, owner: str = "", channel: str = "", contact: str = "", lang: Language | None = None) -> Figure:
        """The figure of a part of the events, held against the same number; for controls that move.

        Parameters
        ----------
        owner, channel, contact : str, optional
            A value of the column or its label as `controls` offers it; empty or "all" for every event.
        lang : "en" or "vi", optional

        Notes
        -----
        In a notebook: ``cx.explore(found.view, live=live, **found.controls())``.

        Raises
        ------
        DataError
            An unknown value.
        """
        from cxlab.journey.map import filtered

        asked = {"owner": owner, "channel": channel, "contact": contact}
        chosen = {role: self._key(role, text) for role, text in asked.items() if not _is_all(text)}
        try:
            return filtered(self, **chosen).plot(lang)
        except DataError as error:
            if error.key != "journey.none_meet":
                raise
            from cxlab.show.journey_map import empty_map

            return empty_map(tr("journey.view_empty", lang))

    def controls(self, lang: Language | None = None) -> dict[str, list[str]]:
        """The choices of `view`: for each of owner, channel and contact that the events have, all and each label."""
        frame = self.events.frame
        found: dict[str, list[str]] = {}
        for role in _ROLES:
            keys = sorted(frame[role].dropna().unique())
            if len(keys) > 1:
                found[role] = [tr("journey.all", lang), *(self.events.name(key, lang) for key in keys)]
        return found

    def summary(self, lang: Language | None = None) -> str:
        """How many cells, what they are held against, pain points and delights, a line each."""
        table, frame = self.table, self.events.frame
        head = tr(
            "journey.map_head",
            lang,
            cells=len(table),
            rated=int(table["rated"].sum()),
            customers=int(frame.loc[frame["valence"].notna(), "customer"].nunique()),
            against=self.against(lang),
        )
        lines = [head]
        for name, found in (("pain", self.pain_points), ("delight", self.delights)):
            lines.append(tr(f"journey.map_{name}s" if len(found) else f"journey.map_no_{name}", lang, count=len(found)))
            lines += [self._line(row, lang) for row in found.to_dict("records")]
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def against(self, lang: Language | None = None, *, short: bool = False) -> str:
        """The number that cells are held against, in words; `short` for a legend, where it needs a name."""
        how = self.judgement
        number = "journey.fig_threshold" if short else "journey.against_number"
        key = number if how.fixed else "journey.against_mean"
        return tr(key, lang, value=format_number(how.reference, lang=lang))

    def apa(self, lang: Language | None = None) -> Table:
        """Cells with volume, mean and interval, share of negative events, adjusted p and verdict."""
        from cxlab.journey.map_words import main_table

        return main_table(self, lang)

    def _key(self, role: str, text: str) -> str:
        keys = sorted(self.events.frame[role].dropna().unique())
        found = [key for key in keys if text == key or text in (self.events.name(key, lang) for lang in LANGUAGES)]
        if not found:
            raise DataError("analyses.unknown_option", option=role, value=text, known=", ".join(keys))
        return found[0]

    def _line(self, row: dict[object, object], lang: Language | None) -> str:
        from cxlab.journey.map_words import line

        return line(self, row, lang)


def _is_all(text: str) -> bool:
    return not text or text in ("all", *(tr("journey.all", lang) for lang in LANGUAGES))
