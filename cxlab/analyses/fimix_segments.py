"""What every segmentation of a PLS model holds: paths, R² and members of its segments, and how to describe them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.analyses.result import Result, Text, bilingual, in_language, notices_text
from cxlab.errors import Notice
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.show.table import Column, Table
from cxlab.survey.survey import Survey

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxlab.analyses.fimix_profile import SegmentProfile

_MANY = 5


@dataclass(frozen=True, repr=False, eq=False)
class Segments(Result):
    """Segments of a PLS model.

    Attributes
    ----------
    paths : DataFrame
        segment (0: all rows together), source, target, estimate.
    r2 : DataFrame
        segment, construct, r2.
    sizes : DataFrame
        segment, share (of the mixture or of the rows), n (rows assigned to it).
    assignment : Series
        Segment of each row used, 1 for the largest; index: the rows' numbers.
    """

    paths: pd.DataFrame
    r2: pd.DataFrame
    sizes: pd.DataFrame
    assignment: pd.Series
    seed: int
    survey: Survey = field(repr=False)
    warnings: tuple[Notice, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ()

    @property
    def table(self) -> pd.DataFrame:
        """The same as `paths`."""
        return self.paths

    @property
    def n_segments(self) -> int:
        """How many."""
        return len(self.sizes)

    def profile(self, column: str) -> SegmentProfile:
        """Who is in the segments: their members by the groups of a column.

        Parameters
        ----------
        column : str
            With groups: answers to one item, a region, a cohort. Cut a measure such as age into bands first.

        Raises
        ------
        DataError, PrivacyError
            Unknown column, one group only, too many groups, personal data.

        Examples
        --------
        >>> import cxlab as cx
        >>> survey = cx.load_dataset("ecsi_mobile")
        >>> fit = cx.pls("Image <~ IMAG1 + IMAG2 + IMAG4; CUSA1 ~ Image", survey, modes="A")
        >>> found = cx.fimix(fit, 2, seed=1).solution().profile("CUSCO")
        >>> list(found.table.columns)
        ['value', 'segment', 'n', 'share', 'expected']
        """
        from cxlab.analyses.fimix_profile import segment_profile

        return segment_profile(self, column)

    def summary(self, lang: Language | None = None) -> str:
        """Each segment's size, R² and paths."""
        lines = [self.head(lang), *notices_text(self.warnings, lang)]
        for row in self.sizes.itertuples():
            size = {"segment": row.segment, "n": int(row.n), "share": format_number(100 * row.share, 0, lang=lang)}
            own = self.r2[self.r2["segment"] == row.segment]
            shares = [
                f"{self.label(one.construct, lang)} {format_number(one.r2, 2, bounded=True, lang=lang)}"
                for one in own.itertuples()
            ]
            lines.append("  " + tr("segments.line", lang, r2=", ".join(shares), **size))
        return "\n".join(lines)

    @abstractmethod
    def head(self, lang: Language | None = None) -> str:
        """First line of the summary."""

    def apa(self, lang: Language | None = None) -> Table:
        """Paths and R² side by side, one column a segment and one for all rows."""
        names = [0, *self.sizes["segment"]]
        paths = self.paths.assign(row=_pairs(self.paths, self.labels), panel="paths")
        shares = self.r2.assign(
            row=[self.labels.get(x, x) for x in self.r2["construct"]], panel="r2", estimate=self.r2["r2"]
        )
        cells: list[dict[str, Any]] = []
        for panel in (paths, shares):
            own = panel[panel["segment"] == 0].reset_index(drop=True)
            for place, row in own.iterrows():
                line: dict[str, Any] = {"row": row["row"], "panel": bilingual(f"segments.panel_{row['panel']}")}
                for name in names:
                    line[f"segment_{name}"] = panel[panel["segment"] == name]["estimate"].to_numpy()[place]
                cells.append(line)
        columns = {"row": Column("segments.col_path"), "segment_0": Column("segments.col_all", "bounded")}
        for row in self.sizes.itertuples():
            head = bilingual("segments.col_segment", segment=row.segment, n=int(row.n))
            columns[f"segment_{row.segment}"] = Column(head, "bounded")
        table = Table(pd.DataFrame(cells), columns, self.title(), notes=self.notes(), group="panel")
        return in_language(table, lang)

    def title(self) -> dict[str, str]:
        """Title of the table."""
        return bilingual("segments.title", segments=self.n_segments)

    @abstractmethod
    def notes(self) -> tuple[dict[str, str], ...]:
        """Notes below the table."""

    def plot(self, lang: Language | None = None) -> Figure:
        """Each path in each segment, and, next to few segments, in all rows together."""
        from cxlab.show.intervals import coefficient_plot

        paths = self.paths if self.n_segments < _MANY else self.paths[self.paths["segment"] > 0]
        frame = paths.assign(label=_pairs(paths, self.labels, lang))
        names = {row.segment: tr("segments.segment", lang, segment=row.segment) for row in self.sizes.itertuples()}
        names[0] = tr("segments.col_all", lang)
        frame = frame.assign(model=[names[segment] for segment in frame["segment"]])
        frame = frame.assign(ci_lower=frame["estimate"], ci_upper=frame["estimate"])
        return coefficient_plot(frame, xlabel="segments.axis_path", lang=lang)

    def label(self, name: str, lang: Language | None = None) -> str:
        """A construct's label, else its name."""
        return pick(self.labels[name], lang) if name in self.labels else str(name)


def _pairs(frame: pd.DataFrame, labels: Mapping[str, Text], lang: Language | None = None) -> list[Any]:
    """Both ends of each path as one text."""

    def called(name: str, one: Language) -> str:
        return pick(labels[name], one) if name in labels else str(name)

    ends = list(zip(frame["source"], frame["target"], strict=True))
    if lang is not None:
        return [f"{called(a, lang)} → {called(b, lang)}" for a, b in ends]
    return [{one: f"{called(a, one)} → {called(b, one)}" for one in ("en", "vi")} for a, b in ends]


def path_rows(segment: int, matrix: np.ndarray, paths: np.ndarray, names: tuple[str, ...]) -> pd.DataFrame:
    """A segment's paths from a matrix (J, J), ordered by target."""
    sources, targets = np.nonzero(paths)
    order = np.lexsort((sources, targets))
    sources, targets = sources[order], targets[order]
    own = np.array(names, dtype=object)
    return pd.DataFrame(
        {"segment": segment, "source": own[sources], "target": own[targets], "estimate": matrix[sources, targets]}
    )


def r2_rows(segment: int, r2: np.ndarray, paths: np.ndarray, names: tuple[str, ...]) -> pd.DataFrame:
    """A segment's R² (J,) of explained constructs."""
    places = np.flatnonzero(paths.any(axis=0))
    return pd.DataFrame({"segment": segment, "construct": np.array(names, dtype=object)[places], "r2": r2[places]})
