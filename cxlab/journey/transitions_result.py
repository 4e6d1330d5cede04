"""The result of `cx.transitions`: holds the chain, shows it as text, table and figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.errors import Notice
from cxlab.i18n import Language, current_language, format_number, p_text, tr
from cxlab.journey.events_result import Events
from cxlab.show.cells import interval_text
from cxlab.show.result import Result, bilingual, each, in_language, notices_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SHOWN = 3


@dataclass(frozen=True, repr=False, eq=False)
class Transitions(Result):
    """Which state follows which; see `cxlab.transitions` for the columns of `table` and `tests`.

    Attributes
    ----------
    table, tests : DataFrame
    events : Events
    by : str
        What the states are.
    interval : str
    level : float
    warnings : tuple of Notice
    weighted : bool
        True where customers counted by their weights.
    """

    table: pd.DataFrame
    tests: pd.DataFrame
    events: Events = field(repr=False)
    by: str
    interval: str
    level: float
    warnings: tuple[Notice, ...]
    weighted: bool = False
    references: tuple[str, ...] = ("anderson_goodman_1957", "wilson_1927", "goodman_1965")

    @property
    def matrix(self) -> pd.DataFrame:
        """Probabilities, rows the present state, columns the next; a row without steps is missing."""
        return self._wide("probability")

    @property
    def counts(self) -> pd.DataFrame:
        """Steps, rows the present state, columns the next."""
        return self._wide("count")

    def _wide(self, value: str) -> pd.DataFrame:
        table = self.table
        rows, columns = table["from"].unique(), table["to"].unique()
        return table.pivot(index="from", columns="to", values=value).loc[rows, columns]

    def name(self, key: object, lang: Language | None = None) -> str:
        """The label of a state; the end of the journey in words."""
        return tr("journey.end", lang) if key == "end" else self.events.name(key, lang)

    def summary(self, lang: Language | None = None) -> str:
        """The most likely next states of each state, then the tests and what to know."""
        table = self.table
        lines = [tr("journey.transitions_head", lang, steps=int(table["count"].sum()), states=table["from"].nunique())]
        for state, part in table.groupby("from", sort=False):
            best = part[part["count"] > 0].nlargest(_SHOWN, "probability")
            steps = "; ".join(self._step(row, lang) for row in best.to_dict("records")) or "–"
            lines.append(f"  {self.name(state, lang)} → {steps}")
        lines += [self._test(row, lang) for row in self.tests.to_dict("records") if row["df"]]
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Each step that was seen, with its probability and interval."""
        frame = self.table
        frame = frame[frame["count"] > 0].reset_index(drop=True)
        for column in ("from", "to"):
            frame[f"{column}_label"] = [each(lambda one, key=key: self.name(key, one)) for key in frame[column]]  # type: ignore[misc]
        columns = {
            "to_label": Column("journey.col_next"),
            "count": Column("journey.col_steps", "integer"),
            "probability": Column("journey.col_probability", "bounded"),
            "ci": Column(
                bilingual("journey.col_ci", level=f"{100 * self.level:g}"), "interval", parts=("ci_lower", "ci_upper"),
                bounded=True,
            ),
        }  # fmt: skip
        notes: list[Any] = [f"journey.note_interval_{self.interval}"]
        notes += [bilingual("journey.note_weighted")] if self.weighted else []
        notes += [bilingual("journey.note_simulated")] if self.events.simulated else []
        table = Table(frame, columns, f"journey.transitions_title_{self.by}", tuple(notes), "from_label")
        return in_language(table, lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """The matrix as a heat map, rows the present state, columns the next."""
        from cxlab.show.share_heatmap import NUMBERS, share_heatmap

        lang = lang or current_language()
        matrix, counts = self.matrix, self.counts
        named = matrix.set_axis([self.name(key, lang) for key in matrix.index], axis=0)
        named = named.set_axis([self.name(key, lang) for key in matrix.columns], axis=1)
        cells = "journey.fig_percent" if max(matrix.shape) <= NUMBERS else "journey.fig_shade"
        notes = [cells, *(["journey.note_weighted"] if self.weighted else [])]
        notes += ["journey.note_simulated"] if self.events.simulated else []
        return share_heatmap(
            named,
            sizes=counts.sum(axis=1),
            title=f"journey.transitions_title_{self.by}",
            xlabel="journey.col_next",
            ylabel="journey.col_present",
            note=" ".join(tr(key, lang) for key in notes),
            lang=lang,
        )

    def _step(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        share = format_number(row["probability"], bounded=True, lang=lang)
        ends = interval_text(row["ci_lower"], row["ci_upper"], Column("", "bounded"), lang)
        return f"{self.name(row['to'], lang)} {share} {ends}"

    def _test(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        p = p_text(row["p"], lang)
        value = format_number(row["chi2"], 1, lang=lang)
        verdict = tr(f"journey.{row['test']}_{'rejected' if row['p'] < 1 - self.level else 'kept'}", lang)
        return tr(
            "journey.order_line",
            lang,
            test=tr(f"journey.test_{row['test']}", lang),
            df=row["df"],
            chi2=value,
            p=p,
            verdict=verdict,
        )
