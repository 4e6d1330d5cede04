"""From one coding of stages to a coarser one, by the theory's mapping, and what that loses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cxlab.errors import DataError, Notice
from cxlab.i18n import Language, pick, tr
from cxlab.journey.coding import CODING_NAMES, CodingName, theory_coding
from cxlab.journey.events_notices import told_again
from cxlab.journey.events_result import Events
from cxlab.journey.events_table import stage_table
from cxlab.show.result import Result, Text, bilingual, each, in_language, notices_text
from cxlab.show.table import Column, Table
from cxlab.theory.tables.rows import cells_of
from cxlab.theory.tables.topic import read_topic

_FINER: Mapping[CodingName, tuple[CodingName, ...]] = {"eight": ("seven", "three"), "seven": ("three",), "three": ()}


@dataclass(frozen=True, repr=False, eq=False)
class StageCoding(Result):
    """How one coding of the journey reads in another; see `cxlab.stage_coding`.

    Attributes
    ----------
    table : DataFrame
        One row a stage of the finer coding: ``stage``, ``to``, ``merged_with`` (stages of the finer coding that become
        the same), ``place`` and ``to_place`` (order in each coding), ``lost`` (``"merged"``, ``"order"``,
        ``"merged, order"`` or empty).
    of, to : str
    warnings : tuple of Notice
    """

    table: pd.DataFrame
    of: CodingName
    to: CodingName
    warnings: tuple[Notice, ...]
    references: tuple[str, ...] = ("lemon_verhoef_2016", "bellsystem24_journey")

    def summary(self, lang: Language | None = None) -> str:
        """A line a stage: where it goes, and with what it is merged."""
        own, other = theory_coding(self.of).stages, theory_coding(self.to).stages
        head = tr("journey.coding_head", lang, of=len(own), to=len(other))
        lines = [f"  {pick(own[row.stage], lang)} → {pick(other[row.to], lang)}" for row in self.table.itertuples()]
        return "\n".join([head, *lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Stages of both codings side by side, with what is lost."""
        own, other = theory_coding(self.of).stages, theory_coding(self.to).stages
        frame = self.table
        frame["label"] = [own[key] for key in frame["stage"]]
        frame["to_label"] = [other[key] for key in frame["to"]]
        frame["merged"] = [_listed(keys, own) for keys in frame["merged_with"]]
        columns = {
            "label": Column("journey.col_stage"),
            "to_label": Column("journey.col_to"),
            "merged": Column("journey.col_merged"),
        }
        title = bilingual("journey.coding_head", of=len(own), to=len(other))
        return in_language(Table(frame, columns, title, ("journey.note_mapping",)), lang)


def stage_coding(of: str = "eight", to: str = "three") -> StageCoding:
    """How the stages of one coding of the journey read in a coarser one, and what is lost on the way.

    When to use it: before `Events.recoded`, or to compare studies that coded the journey differently. The stages and
    their places come from the theory tables ``"stages8"``, ``"steps7"``, ``"stages3"`` and ``"stage_mapping"``.

    Parameters
    ----------
    of : {"eight", "seven"}
        The finer coding.
    to : {"seven", "three"}
        The coarser coding. The other way is not open: nobody can tell whether an event "after" the purchase was use
        or support.

    Returns
    -------
    StageCoding
        ``.table`` (``stage``, ``to``, ``merged_with``, ``place``, ``to_place``, ``lost``), ``.summary()``, ``.apa()``.

    Raises
    ------
    DataError
        An unknown coding, or one that is not coarser.

    Notes
    -----
    The mapping is the workbench's own assignment (status ``drafted`` in the theory tables): discuss it. A stage of the
    eight without a step of its own among the seven belongs to the step of the stage before it.

    Examples
    --------
    >>> import cxlab as cx
    >>> cx.stage_coding("eight", "three").table.groupby("to", sort=False).size().to_dict()
    {'pre_purchase': 4, 'purchase': 1, 'post_purchase': 3}
    >>> cx.stage_coding("eight", "seven").table.set_index("stage").loc["support", "to"]
    'after'
    """
    finer, coarser = _name(of), _name(to)
    if coarser not in _FINER[finer]:
        known = "; ".join(f"{one} → {other}" for one in _FINER for other in _FINER[one])
        raise DataError("journey.not_coarser", of=of, to=to, known=known)
    return _coding(finer, coarser)


def _name(text: str) -> CodingName:
    for name in CODING_NAMES:
        if text == name:
            return name
    raise DataError("journey.unknown_coding", coding=text, known=", ".join(CODING_NAMES))


def _coding(of: CodingName, to: CodingName) -> StageCoding:
    goes = stage_map(of, to)
    place = {key: i for i, key in enumerate(theory_coding(of).stages, 1)}
    to_place = {key: i for i, key in enumerate(theory_coding(to).stages, 1)}
    table = pd.DataFrame({"stage": list(goes), "to": list(goes.values())})
    table["merged_with"] = [
        ", ".join(other for other in goes if goes[other] == goes[key] and other != key) for key in goes
    ]
    table["place"], table["to_place"] = table["stage"].map(place), table["to"].map(to_place)
    turned = _turned(table["to_place"].to_numpy())
    merged = table["merged_with"] != ""
    table["lost"] = [
        ", ".join(word for word, holds in (("merged", one), ("order", other)) if holds)
        for one, other in zip(merged, turned, strict=True)
    ]
    notices = [Notice("journey.coding_merged", {"count": int(merged.sum())})] if merged.any() else []
    if turned.any():
        names = list(table["stage"][turned])
        stages = each(lambda lang: ", ".join(pick(theory_coding(of).stages[key], lang) for key in names))
        notices.append(Notice("journey.coding_turned", {"stages": Bilingual(stages)}))
    return StageCoding(table, of, to, (*notices, Notice("journey.coding_drafted")))


@dataclass(frozen=True)
class Bilingual:
    """A bilingual text inside a notice, read in the language of the reader."""

    text: Text

    def __str__(self) -> str:
        return pick(self.text)


def _turned(places: np.ndarray) -> np.ndarray:
    """Stages that stand in another order among the others in the coarser coding."""
    before = places[:, None] > places[None, :]
    upper = np.triu(np.ones_like(before), 1)
    return np.asarray((before & upper).any(axis=1) | (before & upper).any(axis=0))


def stage_map(of: CodingName, to: CodingName) -> dict[str, str]:
    """Where each stage of the finer coding goes.

    Examples
    --------
    >>> stage_map("seven", "three")["search"]
    'pre_purchase'
    """
    mapping = cells_of(read_topic("stage_mapping")).sort_values("position")
    three = dict(zip(mapping["stage8"], mapping["stage3"], strict=True))
    if of == "eight" and to == "three":
        return three
    if of == "seven":
        return {step["key"]: three[step["stage8"]] for step in read_topic("steps7").rows}
    steps = mapping["step7"].replace("", None).ffill()
    return dict(zip(mapping["stage8"], steps, strict=True))


def recoded(events: Events, to: str) -> Events:
    """The events in a coarser coding; see `Events.recoded`."""
    coarser = _name(to)
    if events.coding == coarser:
        return events
    if events.coding not in CODING_NAMES:
        raise DataError("journey.custom_coding", known=", ".join(CODING_NAMES))
    goes = stage_coding(events.coding, coarser)
    place = goes.table["to_place"].to_numpy() - 1
    coding = theory_coding(coarser)
    frame = events.frame
    codes = frame["stage"].cat.codes.to_numpy()
    frame["stage"] = pd.Categorical.from_codes(place[codes], categories=list(coding.stages), ordered=True)
    notices = (*told_again(events.warnings, frame, events.columns), *goes.warnings, _moves_lost(frame, codes))
    return replace(
        events,
        frame=frame,
        coding=coarser,
        stages=dict(coding.stages),
        table=stage_table(frame, coding),
        warnings=notices,
    )


def _moves_lost(frame: pd.DataFrame, before: np.ndarray) -> Notice:
    """How many moves between stages happen within a stage of the coarser coding."""
    customers = frame["customer"].to_numpy()
    same = customers[1:] == customers[:-1]
    after = frame["stage"].cat.codes.to_numpy()
    moved = same & (before[1:] != before[:-1])
    lost = moved & (after[1:] == after[:-1])
    return Notice("journey.moves_lost", {"lost": int(lost.sum()), "moves": int(moved.sum())})


def _listed(keys: str, labels: Mapping[str, Text]) -> Text | str:
    if not keys:
        return ""
    return each(lambda lang: ", ".join(pick(labels[key], lang) for key in keys.split(", ")))
