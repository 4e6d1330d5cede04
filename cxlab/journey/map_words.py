"""A journey map in words: its lines and its printed table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cxlab.i18n import Language, format_number, p_text, tr
from cxlab.show.cells import interval_text
from cxlab.show.result import bilingual, each, in_language
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from cxlab.journey.map_result import JourneyMap


def line(found: JourneyMap, row: Mapping[Any, Any], lang: Language | None) -> str:
    """One cell in a line: where, how it felt, how sure."""
    return tr(
        "journey.map_line",
        lang,
        stage=found.events.name(row["stage"], lang),
        cell=cell_name(found, row, lang),
        mean=format_number(row["mean_valence"], lang=lang),
        interval=interval_text(row["ci_lower"], row["ci_upper"], Column("", "number"), lang),
        n=row["rated"],
        p=p_text(row["p_adjusted"], lang),
    )


def cell_name(found: JourneyMap, row: Mapping[Any, Any], lang: Language | None) -> str:
    """The label of a cell's touchpoint, owner, channel or contact; words for events without one."""
    key = row[found.judgement.by]
    return found.events.name(key, lang) if key else tr("journey.not_named", lang)


def main_table(found: JourneyMap, lang: Language | None) -> Table:
    """See `JourneyMap.apa`."""
    frame, how = found.table, found.judgement
    records = frame.to_dict("records")
    frame["stage_label"] = [found.events.stages[key] for key in frame["stage"]]
    frame["cell"] = [each(lambda one, row=row: cell_name(found, row, one)) for row in records]  # type: ignore[misc]
    frame["owner_label"] = [each(lambda one, key=key: found.events.name(key, one)) for key in frame["owner"]]  # type: ignore[misc]
    frame["says"] = [bilingual(f"journey.says_{row['reason'] or row['verdict'] or 'none'}") for row in records]
    owners = {"owner_label": Column("journey.col_owner")} if frame["owner"].any() and how.by == "touchpoint" else {}
    percent = f"{100 * how.level:g}"
    columns = {
        "cell": Column(f"journey.col_{how.by}"),
        **owners,
        "events": Column("journey.col_events", "integer"),
        "rated": Column("journey.col_rated", "integer"),
        "mean_valence": Column("journey.col_mean_valence", "number"),
        "ci": Column(bilingual("journey.col_ci", level=percent), "interval", parts=("ci_lower", "ci_upper")),
        "share_negative": Column("journey.col_negative", "percent", digits=0),
        "p_adjusted": Column("journey.col_p_adjusted", "p"),
        "says": Column("journey.col_verdict"),
    }
    if how.neutral is None:
        del columns["share_negative"]
    notes = [each(lambda one: tr("journey.note_map", one, against=found.against(one), level=percent))]
    notes.append(bilingual(f"journey.note_adjust_{how.adjust}"))
    notes += [bilingual("journey.note_weighted")] if how.weights is not None else []
    notes += [bilingual("journey.note_simulated")] if found.events.simulated else []
    title = bilingual(f"journey.map_title_{how.by}")
    return in_language(Table(frame, columns, title, tuple(notes), group="stage_label"), lang)
