"""What comparisons of groups in PLS share: notices, and how groups and paths are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.analyses.invariance import group_words
from cxlab.analyses.pls_notices import carried
from cxlab.analyses.result import Text, each
from cxlab.analyses.sem_data import group_column
from cxlab.errors import Notice
from cxlab.i18n import Language, format_number, p_text, pick, tr
from cxlab.show.table import Column

if TYPE_CHECKING:
    from cxlab.analyses.pls_groups import Micom, PlsGroups
    from cxlab.analyses.pls_result import PlsFit

_GROUP = "group:"  # before a group's value among labels, so that no construct is meant


def groups_notices(fit: PlsFit, by: str, status: pd.Series, seed: int | None, drawn: int) -> tuple[Notice, ...]:
    """What the fit, rows without a group, and permutations or resamples (by the counts of `status`) ask to be said."""
    found = carried(fit, scores=True)
    missing = int(group_column(fit.survey, by).reindex(fit.answers.index).isna().sum())
    if missing:
        found.append(Notice("pls.group_missing", {"count": missing, "column": by}, serious=True))
    if seed is None:
        found.append(Notice("resample.seed_drawn", {"seed": drawn}))
    dealt = "permutations" in status
    total = int(status["permutations" if dealt else "replicates"])
    for key in ("not_converged", "constant", "inadmissible"):
        if status.get(key, 0):
            name = f"pls.{'groups' if dealt else 'boot'}_{key}"
            found.append(Notice(name, {"count": int(status[key]), "total": total}, serious=status[key] > 0.05 * total))
    return tuple(found)


def doubtful_groups(table: pd.DataFrame, improper: Mapping[str, bool]) -> tuple[Notice, ...]:
    """Pairs of groups without corrected paths, and groups whose own solution is not admissible."""
    found = []
    empty = table[table["difference"].isna()]
    without = sorted({f"{row.group_1} – {row.group_2}" for row in empty.itertuples()})
    if without:
        found.append(Notice("pls.groups_without_value", {"groups": "; ".join(without)}, serious=True))
    named = ", ".join(label for label, bad in improper.items() if bad)
    if named:
        found.append(Notice("pls.groups_improper", {"groups": named}, serious=True))
    return tuple(found)


def with_groups(fit: PlsFit, by: str, groups: Iterable[str]) -> dict[str, Text]:
    """Labels of a fit, and the codebook's words for the values of a group column."""
    words = group_words(fit.source, by, tuple(groups))
    return {**fit.labels, **{f"{_GROUP}{name}": text for name, text in words.items()}}


def groups_head(key: str, found: PlsGroups | Micom, lang: Language | None) -> str:
    """The groups with their sizes, and how many permutations count."""
    counts = {"n": int(found.status["permutations"]), "used": int(found.status["used"])}
    return tr(key, lang, groups=sizes_text(found.sizes, found.labels, lang), **counts)


def sizes_text(sizes: Mapping[str, int], labels: Mapping[str, Text], lang: Language | None) -> str:
    """Each group with its rows."""
    return ", ".join(f"{group_of(labels, name, lang)} (n = {rows})" for name, rows in sizes.items())


def label_of(labels: Mapping[str, Text], name: str, lang: Language | None) -> str:
    """A construct in words."""
    return pick(labels[name], lang) if name in labels else name


def group_of(labels: Mapping[str, Text], name: str, lang: Language | None) -> str:
    """A group in words."""
    return pick(labels.get(f"{_GROUP}{name}", name), lang)


def pairs_named(table: pd.DataFrame, labels: Mapping[str, Text], columns: tuple[str, ...]) -> pd.DataFrame:
    """Labels in the place of names, and both groups in one column."""
    named = {column: [labels.get(name, name) for name in table[column]] for column in columns}
    pairs = zip(table["group_1"], table["group_2"], strict=True)
    return table.assign(**named, pair=[_pair(labels, *pair) for pair in pairs])


def _pair(labels: Mapping[str, Text], one: str, two: str) -> Text:
    return each(lambda lang: f"{group_of(labels, one, lang)} – {group_of(labels, two, lang)}")


def path_lines(table: pd.DataFrame, labels: Mapping[str, Text], lang: Language | None) -> list[str]:
    """Each path in both groups, with p."""
    lines = []
    for row in table.itertuples():
        one, two = (format_number(x, 2, bounded=True, lang=lang) for x in (row.estimate_1, row.estimate_2))
        names = f"{label_of(labels, row.source, lang)} → {label_of(labels, row.target, lang)}"
        first, second = (group_of(labels, group, lang) for group in (row.group_1, row.group_2))
        lines.append(f"  {names}: {first} {one}, {second} {two}, {p_text(row.pvalue, lang)}")
    return lines


def path_columns() -> dict[str, Column]:
    """How both groups' paths print."""
    return {
        "pair": Column("pls.col_pair"),
        "source": Column("pls.col_source"),
        "target": Column("pls.col_target"),
        "estimate_1": Column("pls.col_first", "bounded"),
        "estimate_2": Column("pls.col_second", "bounded"),
        "difference": Column("pls.col_difference", "number"),
    }
