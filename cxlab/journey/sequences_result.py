"""The result of `cx.sequence_clusters`: groups of journeys, their typical journeys, outcomes and figure."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.errors import Notice
from cxlab.i18n import Language, current_language, format_number, p_text, tr
from cxlab.i18n.shown import Shown
from cxlab.journey.events_result import Events
from cxlab.journey.sequences_data import Sequences
from cxlab.show.result import Result, Text, bilingual, each, in_language, notices_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_STATES = 15


@dataclass(frozen=True, repr=False, eq=False)
class SequenceClusters(Result):
    """Groups of journeys; see `cxlab.sequence_clusters` for the columns.

    Attributes
    ----------
    table, quality, members, profile, tests : DataFrame
    events : Events
    data : Sequences
        The sequences behind.
    by, distance, method : str
    k : int
    level : float
    warnings : tuple of Notice
    """

    table: pd.DataFrame
    quality: pd.DataFrame
    members: pd.DataFrame
    profile: pd.DataFrame
    tests: pd.DataFrame
    warnings: tuple[Notice, ...]
    events: Events = field(repr=False)
    data: Sequences = field(repr=False)
    by: str
    distance: str
    method: str
    k: int
    level: float
    references: tuple[str, ...] = (
        "abbott_tsay_2000", "gabadinho_2011", "kaufman_rousseeuw_1990", "rousseeuw_1987", "studer_ritschard_2016",
    )  # fmt: skip

    def typical(self, cluster: int, lang: Language | None = None) -> str:
        """The typical journey of a group in words, repeats counted."""
        holder = self.table.set_index("cluster").loc[cluster, "customer"]
        medoid = self.data.which[self.data.ids.get_loc(holder)]  # names may hold the sign between them
        states = [self.data.states[state] for state in self.data.table[medoid, : self.data.lengths[medoid]]]
        runs = [(self.events.name(state, lang), len(list(run))) for state, run in groupby(states)]
        return " → ".join(f"{name} ×{length}" if length > 1 else name for name, length in runs)

    def summary(self, lang: Language | None = None) -> str:
        """A line a group, then outcomes, and what to know."""
        best = self.quality.set_index("k").loc[self.k, "silhouette"]
        head = {"k": self.k, "customers": len(self.members), "width": format_number(best, bounded=True, lang=lang)}
        lines = [tr("touchpoints.seq_head", lang, **head)]
        for row in self.table.to_dict("records"):
            share = format_number(100 * row["share"], 0, lang=lang)
            lines.append(tr("touchpoints.seq_line", lang, cluster=row["cluster"], n=row["n"], share=share,
                            typical=self.typical(row["cluster"], lang)))  # fmt: skip
        for row in self.tests.to_dict("records"):
            part = self.profile[self.profile["outcome"] == row["outcome"]]
            means = "; ".join(
                f"{one.cluster}: {format_number(one.mean, lang=lang)} (n = {one.n})" for one in part.itertuples()
            )
            eta2, p = format_number(row["eta2"], bounded=True, lang=lang), p_text(row["pvalue"], lang)
            lines.append(tr("touchpoints.seq_outcome", lang, outcome=row["outcome"], means=means, eta2=eta2, p=p))
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Groups with size, typical journey, length, silhouette, and the outcomes' means."""
        frame = self.table
        frame["label"] = [each(lambda one, key=key: self.typical(key, one)) for key in frame["cluster"]]  # type: ignore[misc]
        columns = {
            "cluster": Column("touchpoints.col_cluster", "integer"),
            "n": Column("n", "integer"),
            "share": Column("touchpoints.col_share", "percent", 0),
            "label": Column("touchpoints.col_typical"),
            "mean_length": Column("touchpoints.col_length", "number", 1),
            "silhouette": Column("touchpoints.col_silhouette", "bounded"),
        }
        for name, part in self.profile.groupby("outcome", sort=False):
            column = f"mean_{name}"
            frame[column] = part.set_index("cluster")["mean"].loc[frame["cluster"]].to_numpy()
            columns[column] = Column(bilingual("touchpoints.col_outcome_mean", outcome=self._outcome(name)), "number")
        best = Shown(self.quality.set_index("k").loc[self.k, "silhouette"], bounded=True)
        facts = {name: bilingual(f"touchpoints.{name}_{getattr(self, name)}") for name in ("distance", "method")}
        notes: list[Any] = [bilingual("touchpoints.note_seq", width=best, **facts)]
        notes += [bilingual("journey.note_simulated")] if self.events.simulated else []
        return in_language(Table(frame, columns, "touchpoints.seq_title", tuple(notes)), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """States by place in each group, and the journeys themselves."""
        from cxlab.show.sequences import Panel, sequence_figure

        lang = lang or current_language()
        states, table = self._drawn_states(lang)
        which = table[self.data.which]
        panels = []
        for row in self.table.to_dict("records"):
            share = format_number(100 * row["share"], 0, lang=lang)
            text = tr("touchpoints.seq_panel", lang, cluster=row["cluster"], n=row["n"], share=share)
            own = (self.members["cluster"] == row["cluster"]).to_numpy()
            panels.append(Panel(text, which[own], self.typical(row["cluster"], lang)))
        notes = [tr("touchpoints.fig_seq", lang)]
        notes += [tr("journey.note_simulated", lang)] if self.events.simulated else []
        return sequence_figure(
            panels,
            states,
            ordered=self.by == "stage",
            title="touchpoints.seq_title",
            left="touchpoints.seq_left",
            right="touchpoints.seq_right",
            xlabel="touchpoints.seq_place",
            note=" ".join(notes),
            lang=lang,
        )

    def _outcome(self, name: str) -> str | Text:
        """The outcome's label in the codebook of the events, else its name."""
        items = self.events.codebook.items
        return items[name].label if name in items and items[name].label else name

    def _drawn_states(self, lang: Language) -> tuple[list[str], np.ndarray]:
        """Names of the states and the sequences with them; rare states beyond 15 joined as one."""
        data = self.data
        names = [self.events.name(state, lang) for state in data.states]
        if len(names) <= _STATES:
            return names, data.table
        counts = np.bincount(data.table[data.table >= 0], minlength=len(names))
        kept = np.sort(np.argsort(-counts, kind="stable")[:_STATES])
        code = np.full(len(names) + 1, _STATES)
        code[kept], code[-1] = np.arange(_STATES), -1
        return [*(names[i] for i in kept), tr("touchpoints.seq_others", lang)], code[data.table]
