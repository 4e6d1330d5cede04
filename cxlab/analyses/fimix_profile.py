"""Who is in the segments: members by the groups of a column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.analyses.result import Result, Text, bilingual, in_language, notices_text
from cxlab.analyses.sem_data import group_column, group_labels
from cxlab.errors import DataError, Notice
from cxlab.i18n import Language, format_number, p_text, pick, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from cxlab.analyses.fimix_segments import Segments

_LEAST_EXPECTED = 5


@dataclass(frozen=True, repr=False, eq=False)
class SegmentProfile(Result):
    """Members of segments by the groups of a column, with a chi-squared test.

    Attributes
    ----------
    table : DataFrame
        value, segment, n, share (of the segment), expected (n without association).
    chi2, df, pvalue, cramers_v : float
        Pearson's test of independence and its effect size.
    """

    table: pd.DataFrame
    column: str
    n_obs: int
    chi2: float
    df: int
    pvalue: float
    cramers_v: float
    warnings: tuple[Notice, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ("hahn_2002",)

    def summary(self, lang: Language | None = None) -> str:
        """The test, then each segment's make-up."""
        lines = [self._test(lang), *notices_text(self.warnings, lang)]
        for segment, rows in self.table.groupby("segment"):
            parts = [
                f"{self._value(row.value, lang)} {format_number(100 * row.share, 0, lang=lang)}%"
                for row in rows.itertuples()
            ]
            lines.append(f"  {tr('segments.segment', lang, segment=segment)}: {', '.join(parts)}")
        return "\n".join(lines)

    def apa(self, lang: Language | None = None) -> Table:
        """Rows: groups of the column; columns: the share of each segment that belongs to them."""
        wide = self.table.pivot(index="value", columns="segment", values="share")
        wide = wide.loc[list(dict.fromkeys(self.table["value"]))]
        frame = wide.set_axis([f"segment_{name}" for name in wide], axis=1).reset_index()
        frame["value"] = [self.labels.get(f"value {value}", value) for value in frame["value"]]
        columns = {"value": Column(self.labels.get(self.column, self.column))}
        for name in wide:
            total = int(self.table.loc[self.table["segment"] == name, "n"].sum())
            columns[f"segment_{name}"] = Column(bilingual("segments.col_segment", segment=name, n=total), "percent", 0)
        title = bilingual("segments.profile_title", column=self.labels.get(self.column, self.column))
        notes = ({lang: self._test(lang) for lang in ("en", "vi")}, bilingual("segments.profile_note"))
        return in_language(Table(frame, columns, title, notes=notes), lang)

    def _test(self, lang: Language | None) -> str:
        numbers = {"chi2": format_number(self.chi2, 2, lang=lang), "p": p_text(self.pvalue, lang)}
        v = format_number(self.cramers_v, 2, bounded=True, lang=lang)
        name = pick(self.labels[self.column], lang) if self.column in self.labels else self.column
        return tr("segments.profile_head", lang, column=name, n=self.n_obs, df=self.df, v=v, **numbers)

    def _value(self, value: Any, lang: Language | None) -> str:
        key = f"value {value}"
        return pick(self.labels[key], lang) if key in self.labels else str(value)


def segment_profile(found: Segments, column: str) -> SegmentProfile:
    """Members of segments by the groups of a column; see `Segments.profile`."""
    from scipy.stats import chi2_contingency

    survey, segment = found.survey, found.assignment
    group_labels(survey, column)
    groups = group_column(survey, column).reindex(segment.index)
    counts = pd.crosstab(groups, segment)
    counts = counts.loc[sorted(counts.index, key=_in_order)]
    if min(counts.shape) < 2:
        raise DataError("segments.nothing_to_compare", column=column)
    test = chi2_contingency(counts.to_numpy(), correction=False)
    table = _long(counts, test.expected_freq)
    n = int(counts.to_numpy().sum())
    v = float(np.sqrt(test.statistic / (n * (min(counts.shape) - 1))))
    told = _notices(found, column, int(groups.isna().sum()), test.expected_freq)
    return SegmentProfile(
        table,
        column,
        n,
        float(test.statistic),
        int(test.dof),
        float(test.pvalue),
        v,
        told,
        _labels(found, column, counts),
    )


def _long(counts: pd.DataFrame, expected: np.ndarray) -> pd.DataFrame:
    """A crosstab, one row a cell."""
    share = counts / counts.sum(axis=0)
    return pd.DataFrame(
        {
            "value": np.repeat(list(counts.index), counts.shape[1]),
            "segment": np.tile(list(counts.columns), counts.shape[0]),
            "n": counts.to_numpy().ravel(),
            "share": share.to_numpy().ravel(),
            "expected": expected.ravel(),
        }
    )


def _in_order(value: str) -> tuple[int, float, str]:
    """Numbers by size before words by letters."""
    try:
        return 0, float(value), value
    except ValueError:
        return 1, 0.0, value


def _labels(found: Segments, column: str, counts: pd.DataFrame) -> dict[str, Text]:
    """The column's label and those of its values, by the codebook."""
    item = found.survey.codebook.items.get(column)
    if item is None:
        return {}
    labels: dict[str, Text] = {column: item.label} if item.label else {}
    known = {str(key): text for key, text in item.labels.items()}
    return labels | {f"value {value}": known[value] for value in counts.index if value in known}


def _notices(found: Segments, column: str, missing: int, expected: np.ndarray) -> tuple[Notice, ...]:
    told = [notice for notice in found.warnings if notice.key == "analyses.simulated"]
    if missing:
        told.append(Notice("segments.profile_missing", {"count": missing, "column": column}))
    low = int((expected < _LEAST_EXPECTED).sum())
    if low:
        told.append(Notice("segments.profile_thin", {"count": low, "total": expected.size}, serious=True))
    return tuple(told)
