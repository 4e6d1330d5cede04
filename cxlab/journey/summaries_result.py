"""The result of `cx.journey_summaries`: holds the contest, shows it as text, table and figure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.errors import Notice
from cxlab.i18n import Language, current_language, format_number, tr
from cxlab.journey.events_result import Events
from cxlab.show.cells import interval_text
from cxlab.show.result import Result, bilingual, in_language, notices_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False, eq=False)
class JourneySummaries(Result):
    """Rules of aggregation and how well each explains an overall score; see `cxlab.journey_summaries` for the columns.

    Attributes
    ----------
    table, coefficients : DataFrame
    customers : DataFrame
        The sample: outcome and summaries, index ``customer``.
    events : Events
    outcome, against : str
    level : float
    n_boot : int
    warnings : tuple of Notice
    """

    table: pd.DataFrame
    coefficients: pd.DataFrame
    customers: pd.DataFrame = field(repr=False)
    events: Events = field(repr=False)
    outcome: str
    against: str
    level: float
    n_boot: int
    warnings: tuple[Notice, ...]
    references: tuple[str, ...] = ("fredrickson_kahneman_1993", "kahneman_1993")

    def summary(self, lang: Language | None = None) -> str:
        """A line a rule, the best out of sample first; then what to know."""
        table = self.table
        against = rule_name(self.against, lang)
        lines = [tr("journey.summaries_head", lang, outcome=self.outcome, n=int(table["n"].iloc[0]), against=against)]
        for row in table.to_dict("records"):
            values = {name: format_number(row[name], bounded=True, lang=lang) for name in ("r2", "cv_r2", "difference")}
            ends = interval_text(row["diff_lower"], row["diff_upper"], Column("", "bounded"), lang)
            key = "journey.summaries_base" if row["rule"] == self.against else "journey.summaries_line"
            lines.append(tr(key, lang, rule=rule_name(row["rule"], lang), interval=ends, **values))
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Rules with R², cross-validated R², AIC and the difference to the rule they are held against."""
        frame = self.table
        frame["label"] = [bilingual(f"journey.rule_{rule}") for rule in frame["rule"]]
        level = f"{100 * self.level:g}"
        columns = {
            "label": Column("journey.col_rule"),
            "r2": Column("R²", "bounded"),
            "cv_r2": Column("journey.col_cv_r2", "bounded"),
            "aic": Column("AIC", "number", 1),
            "difference": Column("journey.col_difference", "bounded"),
            "ci": Column(
                bilingual("journey.col_ci", level=level), "interval", parts=("diff_lower", "diff_upper"), bounded=True
            ),
        }
        notes: list[Any] = [
            bilingual(
                "journey.note_summaries",
                n=int(frame["n"].iloc[0]),
                against=bilingual(f"journey.rule_{self.against}"),
                draws=self.n_boot,
            )
        ]
        notes += [bilingual("journey.note_simulated")] if self.events.simulated else []
        return in_language(Table(frame, columns, "journey.summaries_title", tuple(notes)), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """R² of each rule with its bootstrap interval."""
        from cxlab.show.intervals import interval_plot

        lang = lang or current_language()
        table = self.table
        rows = pd.DataFrame(
            {
                "label": [rule_name(rule, lang) for rule in table["rule"]],
                "estimate": table["r2"],
                "ci_lower": table["r2_lower"],
                "ci_upper": table["r2_upper"],
            }
        )
        title = tr("journey.summaries_title", lang)
        title += f" ({tr('journey.simulated', lang)})" if self.events.simulated else ""
        return interval_plot(
            rows, title=title, xlabel=bilingual("journey.axis_r2", level=f"{100 * self.level:g}"), lang=lang
        )


def rule_name(rule: str, lang: Language | None = None) -> str:
    """A rule in words.

    Examples
    --------
    >>> rule_name("peak_end", "en")
    'peak and end'
    """
    return tr(f"journey.rule_{rule}", lang)
