"""Results of resampling a PLS path model: the bootstrap and the jackknife."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.analyses.pls_quantities import Signs
from cxlab.analyses.result import Result, Text, bilingual, in_language, notices_text
from cxlab.errors import CxlabError, Notice
from cxlab.i18n import Language, format_number, tr
from cxlab.resample.intervals import Interval
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    PlsInterval = Interval | Literal["studentised"]


@dataclass(frozen=True, repr=False, eq=False)
class PlsBootstrap(Result):
    """Resamples of a PLS path model.

    Attributes
    ----------
    table : DataFrame
        kind ("path", "total", "indirect", "loading", "weight", "r2", "htmt"), source, target, estimate, mean, bias, se,
        t, pvalue (normal), ci_lower, ci_upper.
    replicates : DataFrame
        One row a resample, one column a row of `table`.
    status : Series
        Counts: replicates, used, not_converged, constant, inadmissible.
    """

    table: pd.DataFrame
    replicates: pd.DataFrame = field(repr=False)
    status: pd.Series
    ci: PlsInterval
    level: float
    seed: int | None
    signs: Signs = "none"
    warnings: tuple[Notice, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ("efron_1987", "davison_hinkley_1997")

    def of(self, kind: str) -> pd.DataFrame:
        """The rows of one kind."""
        return self.table[self.table["kind"] == kind].reset_index(drop=True)

    def summary(self, lang: Language | None = None) -> str:
        """How many resamples count, and the paths with their intervals."""
        head = tr(
            "pls.boot_head",
            lang,
            n=int(self.status["replicates"]),
            used=int(self.status["used"]),
            ci=_kind(self.ci, lang),
        )
        lines = [head, *notices_text(self.warnings, lang)]
        for row in self.of("path").itertuples():
            numbers = [format_number(v, 2, bounded=True, lang=lang) for v in (row.estimate, row.ci_lower, row.ci_upper)]
            lines.append(f"  {row.source} → {row.target}  {numbers[0]} [{numbers[1]}; {numbers[2]}]")
        return "\n".join(lines)

    def apa(self, lang: Language | None = None, kind: str = "path") -> Table:
        """Estimates of one kind with standard errors and intervals."""
        frame = _labelled(self.of(kind), self.labels)
        columns = {
            "source": Column("pls.col_source"),
            "target": Column("pls.col_target"),
            "estimate": Column("pls.col_estimate", "number"),
            "se": Column("pls.col_se", "number"),
            "interval": Column(
                bilingual("analyses.col_interval", level=f"{100 * self.level:g}"),
                "interval",
                parts=("ci_lower", "ci_upper"),
            ),
            "pvalue": Column("pls.col_p", "p"),
        }
        used, signs = int(self.status["used"]), bilingual(f"pls_boot.signs_{self.signs}")
        note = bilingual("pls_boot.note", n=used, ci=bilingual(f"pls_boot.ci_{self.ci}"), signs=signs)
        return in_language(Table(frame, columns, "pls.title_bootstrap", notes=(note,)), lang)


@dataclass(frozen=True, repr=False, eq=False)
class PlsJackknife(Result):
    """A PLS path model with each respondent left out in turn.

    Attributes
    ----------
    table : DataFrame
        kind, source, target as of `PlsBootstrap`; estimate, bias ((n - 1) times the mean's distance from the estimate),
        corrected (estimate - bias), se.
    replicates : DataFrame
        One row a respondent left out (its row number), one column a row of `table`.
    status : Series
        Counts: replicates, used, not_converged, constant, inadmissible.
    """

    table: pd.DataFrame
    replicates: pd.DataFrame = field(repr=False)
    status: pd.Series
    warnings: tuple[Notice, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ("efron_1987",)

    def of(self, kind: str) -> pd.DataFrame:
        """The rows of one kind."""
        return self.table[self.table["kind"] == kind].reset_index(drop=True)

    def influence(self, source: str, target: str, kind: str = "path") -> pd.Series:
        """What each respondent moves one estimate by, from the largest: estimate less the estimate without them.

        Examples
        --------
        >>> import cxlab as cx
        >>> fit = cx.pls("Image <~ IMAG1 + IMAG2; CUSA1 ~ Image", cx.load_dataset("ecsi_mobile"))
        >>> len(fit.jackknife().influence("Image", "CUSA1"))
        250
        """
        rows = self.table
        chosen = (rows["kind"] == kind) & (rows["source"] == source) & (rows["target"] == target)
        if not chosen.any():
            known = ", ".join(f"{row.source} → {row.target}" for row in self.of(kind).itertuples())
            raise CxlabError("pls_boot.jackknife_unknown", source=source, target=target, kind=kind, known=known)
        place = int(chosen.to_numpy().argmax())
        moved = self.table["estimate"].iloc[place] - self.replicates.iloc[:, place]
        return moved.sort_values(key=abs, ascending=False, kind="stable").rename("influence")

    def summary(self, lang: Language | None = None) -> str:
        """How many were left out, and the paths with bias and standard error."""
        head = tr("pls_boot.jackknife_head", lang, n=int(self.status["replicates"]), used=int(self.status["used"]))
        lines = [head, *notices_text(self.warnings, lang)]
        for row in self.of("path").itertuples():
            estimate, bias, se = (format_number(v, 3, lang=lang) for v in (row.estimate, row.bias, row.se))
            lines.append(
                "  "
                + tr(
                    "pls_boot.jackknife_path",
                    lang,
                    source=row.source,
                    target=row.target,
                    estimate=estimate,
                    bias=bias,
                    se=se,
                )
            )
        return "\n".join(lines)

    def apa(self, lang: Language | None = None, kind: str = "path") -> Table:
        """Estimates of one kind with bias and jackknife standard errors."""
        columns = {
            "source": Column("pls.col_source"),
            "target": Column("pls.col_target"),
            "estimate": Column("pls.col_estimate", "number"),
            "bias": Column("pls_boot.col_bias", "number", digits=3),
            "se": Column("pls.col_se", "number", digits=3),
        }
        note = bilingual("pls_boot.jackknife_note", n=int(self.status["used"]))
        table = Table(_labelled(self.of(kind), self.labels), columns, "pls_boot.title_jackknife", notes=(note,))
        return in_language(table, lang)


def _labelled(frame: pd.DataFrame, labels: Mapping[str, Text]) -> pd.DataFrame:
    return frame.assign(**{side: [labels.get(name, name) for name in frame[side]] for side in ("source", "target")})


def _kind(ci: str, lang: Language | None) -> str:
    return tr(f"pls_boot.ci_{ci}", lang)
