"""Rows that are not typed but found: intervals of claims, works outside their decade, links of frameworks, mappings."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cxlab.i18n import LANGUAGES, tr
from cxlab.references import all_references, cite
from cxlab.theory.frameworks import framework
from cxlab.theory.tables.citations import in_text
from cxlab.theory.tables.topic import Topic, read_topic, topic_names

Row = dict[str, Any]
_LEVEL = 0.95


def _claims(topic: Topic) -> Iterator[Row]:
    """Adds Wilson's interval to shares with a known n, and the n that two compared shares would need."""
    for row in topic.rows:
        found: Row = dict(row)
        if row.get("n") and row.get("unit") == "share":
            found["ci_lower"], found["ci_upper"] = wilson(row["value"], row["n"])
        if "compares" in row:
            found["n_needed"] = n_needed(*row["compares"])
            said = {lang: tr("theory.needed", lang, n=found["n_needed"]) for lang in LANGUAGES}
            found["note"] = {lang: f"{said[lang]} {row['note'][lang]}" for lang in LANGUAGES}
        yield found


def wilson(share: float, n: int) -> tuple[float, float]:
    """Wilson's 95% interval of a share among n, as for a simple random sample.

    R: ``prop.test(share * n, n, correct = FALSE)$conf.int``.

    Examples
    --------
    >>> [round(end, 3) for end in wilson(0.78, 1000)]
    [0.753, 0.805]
    """
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(share * n, n, alpha=1 - _LEVEL, method="wilson")
    return float(low), float(high)


def n_needed(first: float, second: float) -> int:
    """The smallest n in each group at which the 95% (Wald) interval of the difference of two shares leaves out zero.

    ``n = z² (p1 q1 + p2 q2) / (p1 - p2)²``, rounded up.

    Examples
    --------
    >>> n_needed(0.075, 0.029)
    178
    """
    from scipy.stats import norm

    spread = first * (1 - first) + second * (1 - second)
    return math.ceil(norm.ppf((1 + _LEVEL) / 2) ** 2 * spread / (first - second) ** 2)


def _history(topic: Topic) -> Iterator[Row]:
    """One row a work: its year from the reference, and whether it falls outside the decade of its row."""
    for theme in topic.extra["themes"]:
        for work in cite(*theme["works"]):
            year = _year(work.text)
            outside = not theme["first_year"] <= year <= theme["last_year"]
            yield {
                **theme,
                "key": f"{theme['key']}_{work.key}",
                "theme": theme["key"],
                "theme_label": theme["theme"],
                "work": _cited(work.key),
                "year": year,
                "outside": _both("theory.outside") if outside else "",
                "references": [work.key],
                "status": "article",
            }


def _reading_cards(topic: Topic) -> Iterator[Row]:
    for row in topic.rows:
        yield {**row, "card": _cited(row["work"]), "references": [row["work"]]}


def _bibliography(topic: Topic) -> Iterator[Row]:
    """Every work that a topic names, its details as sure as the reference says."""
    for key in sorted(works_named()):
        work = all_references()[key]
        yield {
            "key": key,
            "work": _cited(key),
            "year": _year(work.text),
            "text": work.text,
            "doi": work.doi,
            "references": [key],
            "status": work.status,
        }


def works_named() -> set[str]:
    """Keys of all works that the topics name, in their heads, rows and themes."""
    found: set[str] = set()
    for name in topic_names():
        topic = read_topic(name)
        found |= set(topic.references)
        found |= {key for row in topic.rows for key in row.get("references", ())}
        found |= {key for theme in topic.extra.get("themes", ()) for key in theme["works"]}
        found |= {row["work"] for row in topic.rows if isinstance(row.get("work"), str)}
    return found


def _conclusions(topic: Topic) -> Iterator[Row]:
    """Adds the studies for and against, found in the table of studies."""
    studies = read_topic("metric_studies").rows
    for row in topic.rows:
        sides = {side: [study for study in studies if row["key"] in study[side]] for side in ("supports", "against")}
        works = dict.fromkeys(key for found in sides.values() for study in found for key in study.get("references", ()))
        yield {
            **row,
            "evidence_for": _names(sides["supports"]),
            "evidence_against": _names(sides["against"]),
            "references": list(works),
        }


def _names(studies: list[Mapping[str, Any]]) -> Any:
    if not studies:
        return _both("theory.none_found")
    return {
        lang: "; ".join(
            study["study"][lang] + (f" [{tr('theory.recalled', lang)}]" if study["status"] == "memory" else "")
            for study in studies
        )
        for lang in LANGUAGES
    }


def _crosswalk(topic: Topic) -> Iterator[Row]:
    """Adds to each component its kin in the other frameworks, as the framework states them."""
    links = framework("gentile").links
    for row in topic.rows:
        found: Row = dict(row)
        for other in ("schmitt", "brakus"):
            kin = links[(links["construct"] == row["gentile"]) & (links["related_framework"] == other)]
            found[other] = list(kin["related_construct"])
            found[f"{other}_strength"] = _both(f"theory.overlap_{kin['strength'].iloc[0]}") if len(kin) else ""
        yield found


def _stage_mapping(topic: Topic) -> Iterator[Row]:
    """The eight stages with their place among the three, and the steps of the seven that fall into each."""
    stages = [part for part in framework("journey").parts if part.part_of]
    steps = read_topic("steps7").rows
    for position, part in enumerate(stages, start=1):
        yield {
            "key": part.name,
            "position": position,
            "stage8": part.name,
            "stage3": part.part_of,
            "step7": [step["key"] for step in steps if step["stage8"] == part.name],
            "status": "drafted",
        }


def _glossary(topic: Topic) -> Iterator[Row]:
    for row in topic.rows:
        avoid = row.get("avoid", {})
        yield {
            "key": row["term"]["en"],
            "field": _both(f"theory.field_{row['field']}"),
            "term_en": row["term"]["en"],
            "term_vi": row["term"]["vi"],
            "definition": row["definition"],
            "avoid_en": avoid.get("en", ()),
            "avoid_vi": avoid.get("vi", ()),
            "article": row["article"],
            "status": "drafted",
        }


def _checklist(topic: Topic) -> Iterator[Row]:
    """Adds to each point the topics that hold it."""
    holders = {name: read_topic(name).points for name in topic_names()}
    for row in topic.rows:
        point = row["point"]
        yield {
            **row,
            "key": point,
            "section": int(point.split(".")[0]),
            "topics": [name for name, points in holders.items() if point in points],
            "status": "article",
        }


def _year(text: str) -> int | None:
    found = text.partition(" (")[2][:4]
    return int(found) if found.isdigit() else None


def _cited(key: str) -> dict[str, str]:
    return {lang: in_text(all_references()[key], lang) for lang in LANGUAGES}


def _both(key: str) -> dict[str, str]:
    return {lang: tr(key, lang) for lang in LANGUAGES}


COMPUTED: Mapping[str, Callable[[Topic], Iterator[Row]]] = {
    "bibliography": _bibliography,
    "checklist": _checklist,
    "claims": _claims,
    "crosswalk": _crosswalk,
    "glossary": _glossary,
    "history": _history,
    "metric_conclusions": _conclusions,
    "reading_cards": _reading_cards,
    "stage_mapping": _stage_mapping,
}
