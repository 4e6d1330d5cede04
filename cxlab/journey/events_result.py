"""The result of `cx.journey_events`: holds the events, shows what stands in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cxlab.analyses.unpack import check_names
from cxlab.codebook import Codebook
from cxlab.errors import DataError, Notice
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.show.result import Result, Text, bilingual, in_language, notices_text
from cxlab.show.table import Column, Table
from cxlab.show.text import count

COLUMNS = ("customer", "time", "stage", "touchpoint", "owner", "channel", "contact", "valence", "step")


@dataclass(frozen=True, repr=False, eq=False)
class Events(Result):
    """Events of customer journeys, checked and in order; made by `cxlab.journey_events`.

    Attributes
    ----------
    frame : DataFrame
        One row an event, by customer and time: ``customer``, ``time``, ``stage`` (ordered categorical), ``touchpoint``,
        ``owner``, ``channel``, ``contact``, ``valence``, ``step`` (from 1 in each customer). Index: row in the source
        (of a wide table the same row for each of its events).
        A column that the source lacks is missing throughout.
    coding : str
        ``"three"``, ``"seven"``, ``"eight"`` or ``"custom"``.
    stages : mapping of str to bilingual text
        All stages of the coding in order, also those without an event.
    problems : DataFrame
        What was wrong: ``row``, ``problem``, ``value``.
    scale : (float, float) or None
        The ends of the valence scale, where known.
    table : DataFrame
        One row a stage: stage, events, customers, touchpoints, rated, mean_valence.
    labels : mapping of str to bilingual text
        How touchpoints, owners, channels and contacts are printed.
    warnings : tuple of Notice
    columns : mapping of str to str
        Which column of the source is the customer, the time, and so on.
    source : DataFrame
        The table as it came; see `per_customer`.
    codebook : Codebook
        The codebook of the source.
    record_end : time or None
        When the record of all events ended, where these are a part of them; else the last event ends it.
    """

    frame: pd.DataFrame
    coding: str
    stages: Mapping[str, Text]
    problems: pd.DataFrame
    scale: tuple[float, float] | None
    table: pd.DataFrame
    labels: Mapping[str, Text]
    warnings: tuple[Notice, ...]
    columns: Mapping[str, str]
    source: pd.DataFrame
    codebook: Codebook
    record_end: Any = None
    references: tuple[str, ...] = ("lemon_verhoef_2016", "meyer_schwager_2007")

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def n_customers(self) -> int:
        """How many customers have an event."""
        return int(self.frame["customer"].nunique())

    @property
    def simulated(self) -> bool:
        """True if the events were made by a simulation, which every table and figure then says."""
        return any(notice.key == "analyses.simulated" for notice in self.warnings)

    def name(self, key: object, lang: Language | None = None) -> str:
        """The label of a stage, touchpoint, owner, channel or contact, else its own name."""
        text = self.stages.get(str(key)) or self.labels.get(str(key)) or str(key)
        return pick(text, lang)

    def per_customer(self, names: str | Sequence[str]) -> pd.DataFrame:
        """Columns of the source that hold one value a customer, such as an overall score: index ``customer``.

        Raises
        ------
        DataError
            A column that is not there, or that varies within customers (rows are named).

        Examples
        --------
        >>> import cxlab as cx
        >>> log = pd.DataFrame({"customer": ["A", "A"], "time": [1, 2], "stage": "use", "touchpoint": ["x", "y"],
        ...                     "overall": [7, 7]})
        >>> cx.journey_events(log).per_customer("overall")["overall"].to_dict()
        {'A': 7}
        """
        wanted = check_names(self.source, [names] if isinstance(names, str) else list(names))
        first = ~self.frame.index.duplicated()
        customers = self.frame["customer"][first]
        rows = self.source.loc[customers.index, list(wanted.values())].set_axis(list(wanted), axis=1)
        groups = rows.groupby(customers.to_numpy(), sort=False)
        for column in rows:
            varied = groups[column].nunique()
            if (varied > 1).any():
                bad = rows.index[customers.isin(varied.index[varied > 1]).to_numpy()]
                shown = ", ".join(map(str, bad[:5])) + ", …"
                raise DataError("journey.varies", column=column, customers=int((varied > 1).sum()), rows=shown)
        return groups.first().rename_axis("customer")

    def where(self, **conditions: Any) -> Events:
        """The events that meet conditions: a value or a list of values for a column, as ``owner="brand"``.

        Columns are those of `frame`, or any column of the source. Each event keeps its `step` in the whole journey.

        Raises
        ------
        DataError
            A column that is not there, or no event left.

        Examples
        --------
        >>> import cxlab as cx
        >>> log = pd.DataFrame({"customer": ["A", "A"], "time": [1, 2], "stage": "use", "touchpoint": ["x", "y"]})
        >>> cx.journey_events(log).where(touchpoint="y").frame["step"].tolist()
        [2]
        """
        from cxlab.journey.events_where import where

        return where(self, conditions)

    def recoded(self, coding: str) -> Events:
        """The same events in a coarser coding of the theory, such as ``"three"`` from ``"eight"``.

        See `cxlab.stage_coding` for which stage goes where and what is lost.
        """
        from cxlab.journey.recode import recoded

        return recoded(self, coding)

    def summary(self, lang: Language | None = None) -> str:
        """How many events, customers and touchpoints; a line a stage; what to know."""
        frame = self.frame
        head = tr(
            "journey.events_head",
            lang,
            events=count(len(frame), lang),
            customers=count(self.n_customers, lang),
            touchpoints=frame["touchpoint"].nunique(),
            stages=int((self.table["events"] > 0).sum()),
        )
        lines = [
            tr(
                "journey.events_line",
                lang,
                stage=self.name(row["stage"], lang),
                events=count(row["events"], lang),
                customers=count(row["customers"], lang),
                mean=format_number(row["mean_valence"], lang=lang),
            )
            for row in self.table.to_dict("records")
            if row["events"]
        ]
        return "\n".join([head, *lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Stages with events, customers, touchpoints, ratings and their mean."""
        frame = self.table
        frame["label"] = [self.stages[key] for key in frame["stage"]]
        columns = {
            "label": Column("journey.col_stage"),
            "events": Column("journey.col_events", "integer"),
            "customers": Column("journey.col_customers", "integer"),
            "touchpoints": Column("journey.col_touchpoints", "integer"),
            "rated": Column("journey.col_rated", "integer"),
            "mean_valence": Column("journey.col_mean_valence", "number"),
        }
        notes = [bilingual("journey.note_customers", customers=self.n_customers)]
        notes += [bilingual("journey.note_simulated")] if self.simulated else []
        return in_language(Table(frame, columns, bilingual("journey.events_title"), tuple(notes)), lang)
