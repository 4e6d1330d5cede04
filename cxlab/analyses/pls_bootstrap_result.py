"""Results of resampling a PLS path model: the bootstrap and the jackknife."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.analyses.pls_quantities import ARROW, KINDS, Signs
from cxlab.analyses.result import Result, Text, bilingual, each, in_language, notices_text
from cxlab.errors import CxlabError, Notice
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.resample.intervals import Interval
from cxlab.show.cells import interval_text
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
        kind ("path"; "total", "indirect" along all routes together, "specific" along one; "loading", "weight", "r2",
        "htmt"), source, target, via (the constructs that a specific route passes), estimate, mean, bias, se, t
        (estimate / se), pvalue (normal), ci_lower, ci_upper.
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
        """The rows of one kind; with `via` for "specific" alone.

        Raises
        ------
        CxlabError
            Another kind.
        """
        return of_kind(self.table, kind)

    def summary(self, lang: Language | None = None) -> str:
        """How many resamples count, and the paths with their intervals."""
        head = tr(
            "pls.boot_head",
            lang,
            n=int(self.status["replicates"]),
            used=int(self.status["used"]),
            ci=tr(f"pls_boot.ci_{self.ci}", lang),
        )
        lines = [head, *notices_text(self.warnings, lang)]
        column = Column("", "interval", bounded=True)
        for row in self.of("path").itertuples():
            ends = interval_text(row.ci_lower, row.ci_upper, column, lang)
            names = ARROW.join(pick(self.labels.get(name, name), lang) for name in (row.source, row.target))
            lines.append(f"  {names}  {format_number(row.estimate, 2, bounded=True, lang=lang)} {ends}")
        return "\n".join(lines)

    def apa(self, lang: Language | None = None, kind: str = "path") -> Table:
        """Estimates of one kind with standard errors, t, intervals and p."""
        digits = 3 if kind in ("indirect", "specific") else 2  # products of paths are small
        columns = {
            **heads(kind),
            "estimate": Column("pls.col_estimate", "bounded", digits),
            "se": Column("pls.col_se", "bounded", digits),
            "t": Column("pls_prediction.col_t", "number"),
            "interval": Column(
                bilingual("analyses.col_interval", level=f"{100 * self.level:g}"),
                "interval",
                digits,
                parts=("ci_lower", "ci_upper"),
                bounded=True,
            ),
            "pvalue": Column("pls.col_p", "p"),
        }
        if kind in ("htmt", "r2"):  # neither can be 0, so a test against 0 asks nothing
            del columns["t"], columns["pvalue"]
        frame = labelled(self.of(kind), self.labels)
        used, signs = int(self.status["used"]), bilingual(f"pls_boot.signs_{self.signs}")
        note = bilingual("pls_boot.note", n=used, ci=bilingual(f"pls_boot.ci_{self.ci}"), signs=signs)
        return in_language(Table(frame, columns, f"pls_boot.title_{kind}", notes=(note,)), lang)


@dataclass(frozen=True, repr=False, eq=False)
class PlsJackknife(Result):
    """A PLS path model with each respondent left out in turn.

    Attributes
    ----------
    table : DataFrame
        kind, source, target, via as of `PlsBootstrap`; estimate, bias ((n - 1) times the mean's distance from the
        estimate), corrected (estimate - bias), se.
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
        """The rows of one kind, as of `PlsBootstrap.of`."""
        return of_kind(self.table, kind)

    def influence(self, source: str, target: str, kind: str = "path", via: str = "") -> pd.Series:
        """What each respondent moves one estimate by, from the largest: estimate less the estimate without them.

        `via` names a specific route as the table does.

        Examples
        --------
        >>> import cxlab as cx
        >>> fit = cx.pls("Image <~ IMAG1 + IMAG2; CUSA1 ~ Image", cx.load_dataset("ecsi_mobile"))
        >>> len(fit.jackknife().influence("Image", "CUSA1"))
        250
        """
        rows = self.table
        chosen = (rows["kind"] == kind) & (rows["source"] == source) & (rows["target"] == target)
        chosen &= rows["via"] == via
        if not chosen.any():
            rows = self.table[self.table["kind"] == kind] if kind in KINDS else of_kind(self.table, kind)
            known = ", ".join(route(*row) for row in rows[["source", "via", "target"]].itertuples(index=False))
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
                    source=pick(self.labels.get(row.source, row.source), lang),
                    target=pick(self.labels.get(row.target, row.target), lang),
                    estimate=estimate,
                    bias=bias,
                    se=se,
                )
            )
        return "\n".join(lines)

    def apa(self, lang: Language | None = None, kind: str = "path") -> Table:
        """Estimates of one kind with bias and jackknife standard errors."""
        columns = {
            **heads(kind),
            "estimate": Column("pls.col_estimate", "bounded"),
            "bias": Column("pls_boot.col_bias", "bounded", digits=3),
            "se": Column("pls.col_se", "bounded", digits=3),
        }
        note = bilingual("pls_boot.jackknife_note", n=int(self.status["used"]))
        table = Table(labelled(self.of(kind), self.labels), columns, "pls_boot.title_jackknife", notes=(note,))
        return in_language(table, lang)


def of_kind(table: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The rows of one kind, or an error that says which kinds there are."""
    if kind not in KINDS:
        raise CxlabError("resample.unknown_table", kind=kind, known=", ".join(KINDS))
    rows = table[table["kind"] == kind].reset_index(drop=True)
    return rows if kind == "specific" else rows.drop(columns="via")


def heads(kind: str) -> dict[str, Column]:
    """What stands at the left of a table of one kind."""
    if kind == "r2":
        return {"target": Column("pls_prediction.col_construct")}
    if kind in ("loading", "weight"):
        return {"source": Column("pls_prediction.col_construct"), "target": Column("analyses.col_item")}
    if kind == "htmt":
        return {"source": Column("pls_prediction.col_construct"), "target": Column("pls_boot.col_other")}
    via = {"via": Column("pls_boot.col_via")} if kind == "specific" else {}
    return {"source": Column("pls.col_source"), **via, "target": Column("pls.col_target")}


def labelled(frame: pd.DataFrame, labels: Mapping[str, Text]) -> pd.DataFrame:
    """Constructs by their labels; items keep their names."""
    items = frame["kind"].isin(["loading", "weight"]).any()
    sides = ("source",) if items else ("source", "target")
    frame = frame.assign(**{side: [labels.get(name, name) for name in frame[side]] for side in sides})
    if "via" in frame:
        frame["via"] = [_route(names, labels) for names in frame["via"]]
    return frame


def _route(names: str, labels: Mapping[str, Text]) -> dict[str, str]:
    return each(lambda lang: ARROW.join(pick(labels.get(name, name), lang) for name in names.split(ARROW)))


def route(source: str, via: str, target: str) -> str:
    """The whole way of an effect, as headings and messages write it."""
    return ARROW.join([name for name in (source, via, target) if name])
