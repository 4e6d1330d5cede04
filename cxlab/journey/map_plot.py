"""From the cells of a journey map to the plain tables that its figure draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cxlab.i18n import Language, current_language, tr
from cxlab.theory.tables.topic import read_topic

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxlab.journey.map_result import JourneyMap


def draw(found: JourneyMap, lang: Language | None, most: int) -> Figure:
    """See `JourneyMap.plot`."""
    from cxlab.show.journey_map import journey_map_figure

    lang = lang or current_language()
    how, table = found.judgement, found.table
    table = table[table["rated"] > 0]
    shown = _most_frequent(table, most)
    names = _series(found, lang)
    stages = found.stages.rename(columns={"mean_valence": "estimate"})
    stages["label"] = [found.events.stages[key] for key in stages["stage"]]
    return journey_map_figure(
        _cells(found, shown, names, lang),
        stages,
        reference=how.reference,
        reference_label=found.against(lang, short=True),
        series=[*names.values()],
        title=tr(f"journey.map_title_{how.by}", lang),
        ylabel="journey.axis_valence",
        note=_note(found, len(table) - len(shown), lang),
        lang=lang,
    )


def _series(found: JourneyMap, lang: Language) -> dict[str, str]:
    """The name of each owner, the four of theory first, so that each keeps its colour; a whole channel has no owner."""
    shown = found.judgement.by == "touchpoint" and bool(found.table["owner"].any())
    known = [row["key"] for row in read_topic("touchpoint_owners").rows]
    owners = [*known, *sorted(set(found.table["owner"]) - {*known, ""})]
    return {key: found.events.name(key, lang) if shown and key else "" for key in (*owners, "")}


def _cells(found: JourneyMap, shown: pd.DataFrame, names: dict[str, str], lang: Language) -> pd.DataFrame:
    """The cells as the figure asks for them."""
    from cxlab.journey.map_words import cell_name

    return pd.DataFrame(
        {
            "stage": shown["stage"],
            "label": [cell_name(found, row, lang) for row in shown.to_dict("records")],
            "series": [names[key] for key in shown["owner"]],
            "n": shown["events"],
            "estimate": shown["mean_valence"],
            "ci_lower": shown["ci_lower"],
            "ci_upper": shown["ci_upper"],
            "verdict": shown["verdict"],
            "judged": shown["reason"] == "",
        }
    )


def _most_frequent(table: pd.DataFrame, most: int) -> pd.DataFrame:
    """The most frequent cells, pain points always among them, in the order of the journey."""
    if len(table) <= most:
        return table
    rank = table.assign(pain=table["verdict"] == "pain").sort_values(["pain", "events"], ascending=False)
    return table.loc[sorted(rank.index[:most])]


def _note(found: JourneyMap, left_out: int, lang: Language) -> str:
    how = found.judgement
    parts = [tr("journey.fig_note", lang, level=f"{100 * how.level:g}")]
    if left_out:
        parts.append(tr("journey.fig_left_out", lang, count=left_out))
    if how.weights is not None:
        parts.append(tr("journey.note_weighted", lang))
    if found.events.simulated:
        parts.append(tr("journey.note_simulated", lang))
    return " ".join(parts)
