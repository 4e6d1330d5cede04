"""Results of `cx.fimix`: the contest of numbers of segments, and one solution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.analyses.fimix_segments import Segments
from cxlab.analyses.result import Result, bilingual, in_language, notices_text
from cxlab.errors import DataError, Notice
from cxlab.estimate.pls.segments_criteria import CRITERIA
from cxlab.i18n import Language, format_number, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DRAWN = ("aic3", "aic4", "bic", "caic")
_NAMES = {
    "aic": "AIC", "aic3": "AIC3", "aic4": "AIC4", "bic": "BIC", "caic": "CAIC", "hq": "HQ", "mdl5": "MDL5", "en": "EN",
    "nfi": "NFI", "nec": "NEC",
}  # fmt: skip


@dataclass(frozen=True, repr=False, eq=False)
class FimixSolution(Segments):
    """Segments of a finite mixture.

    Attributes
    ----------
    posterior : DataFrame (n, segments)
        Probability of each row to belong to each segment; columns 1, 2, ...
    intercepts : DataFrame
        segment, construct, intercept; 0 unless asked for.
    log_likelihood : float
    paths, r2, sizes, assignment
        As in `Segments`; `assignment` is the most probable segment.
    """

    posterior: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    intercepts: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    log_likelihood: float = float("nan")

    def head(self, lang: Language | None = None) -> str:
        """First line of the summary."""
        likelihood = format_number(self.log_likelihood, 2, lang=lang)
        return tr("segments.fimix_head", lang, segments=self.n_segments, n=len(self.assignment), likelihood=likelihood)

    def notes(self) -> tuple[dict[str, str], ...]:
        """Notes below the table."""
        return (bilingual("segments.fimix_note", n=len(self.assignment)),)


@dataclass(frozen=True, repr=False, eq=False)
class Fimix(Result):
    """Mixtures with several numbers of segments; see `cxlab.fimix` for the columns of its table."""

    table: pd.DataFrame
    solutions: Mapping[int, FimixSolution] = field(repr=False)
    n_obs: int
    starts: int
    seed: int
    intercepts: bool
    warnings: tuple[Notice, ...] = ()
    references: tuple[str, ...] = ("hahn_2002", "sarstedt_2011", "celeux_soromenho_1996")

    @cached_property
    def picks(self) -> pd.DataFrame:
        """Which number of segments each criterion takes: criterion best segments value."""
        rows = []
        for name, best in CRITERIA.items():
            values = self.table.set_index("segments")[name].dropna()
            if len(values) > 1:
                number = values.idxmin() if best == "min" else values.idxmax()
                rows.append((name, best, int(number), float(values[number])))
        return pd.DataFrame(rows, columns=["criterion", "best", "segments", "value"])

    @property
    def suggested(self) -> int | None:
        """The number that AIC3 and CAIC agree on, else None (Sarstedt et al., 2011)."""
        picked = self.picks.set_index("criterion")["segments"]
        if "aic3" in picked and picked["aic3"] == picked["caic"]:
            return int(picked["aic3"])
        return next(iter(self.solutions)) if len(self.table) == 1 and self.solutions else None

    def solution(self, segments: int | None = None) -> FimixSolution:
        """One number of segments, by default the suggested one.

        Raises
        ------
        DataError
            Not among those tried, without a usable solution, or none is suggested.

        Examples
        --------
        >>> import cxlab as cx
        >>> survey = cx.load_dataset("ecsi_mobile")
        >>> fit = cx.pls("Image <~ IMAG1 + IMAG2 + IMAG4; CUSA1 ~ Image", survey, modes="A")
        >>> cx.fimix(fit, 2, starts=5, seed=1).solution().posterior.shape
        (250, 2)
        """
        number = self.suggested if segments is None else segments
        known = ", ".join(map(str, self.solutions)) or "–"
        if number is None:
            raise DataError("segments.none_suggested", known=known)
        if number not in self.solutions:
            raise DataError("segments.no_solution", segments=number, known=known)
        return self.solutions[number]

    def summary(self, lang: Language | None = None) -> str:
        """What each criterion takes, and the number that is suggested."""
        lines = [
            tr("segments.contest_head", lang, n=self.n_obs, starts=self.starts),
            *notices_text(self.warnings, lang),
        ]
        for number, rows in self.picks.groupby("segments"):
            names = ", ".join(_NAMES[name] for name in rows["criterion"])
            lines.append("  " + tr("segments.picked_by", lang, segments=number, criteria=names))
        if len(self.picks):
            key = {None: "segments.not_suggested", 1: "segments.suggested_one"}.get(
                self.suggested, "segments.suggested"
            )
            lines.append("  " + tr(key, lang, segments=self.suggested or 0))
        lines += [f"  {row}" for row in self._lines(lang)] if not len(self.picks) else []
        return "\n".join(lines)

    def apa(self, lang: Language | None = None) -> Table:
        """Criteria of each number of segments."""
        columns = {"segments": Column("segments.col_segments", "integer")}
        columns["log_likelihood"] = Column("segments.col_likelihood", "number")
        for name in ("aic3", "aic4", "bic", "caic", "mdl5"):
            columns[name] = Column(_NAMES[name], "number", 1)
        columns |= {name: Column(_NAMES[name], "bounded") for name in ("en", "nfi")}
        columns["smallest_n"] = Column("segments.col_smallest", "integer")
        notes = (bilingual("segments.contest_note", n=self.n_obs, starts=self.starts),)
        return in_language(Table(self.table, columns, "segments.contest_title", notes=notes), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """How far each number of segments is from a criterion's best."""
        from cxlab.show.curves import curve_plot

        rows = []
        for name in _DRAWN:
            own = self.table.dropna(subset=[name])
            away = own[name] - own[name].min()
            rows.append(pd.DataFrame({"label": _NAMES[name], "x": own["segments"], "estimate": away}))
        frame = pd.concat(rows, ignore_index=True)
        frame = frame.assign(ci_lower=frame["estimate"], ci_upper=frame["estimate"])
        axes = {"xlabel": "segments.col_segments", "ylabel": "segments.axis_away"}
        return curve_plot(frame, bounded=False, lang=lang, **axes)  # type: ignore[arg-type]

    def _lines(self, lang: Language | None) -> list[str]:
        return [
            line for found in self.solutions.values() for line in found.summary(lang).splitlines()[-found.n_segments :]
        ]
