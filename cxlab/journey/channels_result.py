"""The result of `cx.channel_attitudes`: paths between attitudes and the table of research shopping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from cxlab.analyses.compare_result import Comparison
from cxlab.analyses.sem_result import SemFit
from cxlab.analyses.sem_text import fit_line
from cxlab.errors import CxlabError, Notice
from cxlab.i18n import Language, format_number, p_text, pick, tr
from cxlab.show.cells import interval_text
from cxlab.show.result import Result, Text, bilingual, in_language, notices_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TableKind = Literal["attitudes", "differences", "switches"]
PlotKind = Literal["attitudes", "switches"]


@dataclass(frozen=True, repr=False, eq=False)
class ChannelAttitudes(Result):
    """Attitudes to channels over two stages; see `cxlab.channel_attitudes` for the columns.

    Attributes
    ----------
    table, differences : DataFrame
    shares : DataFrame or None
    shoppers, most_common : Series or None
        None without columns of the channels searched and bought in.
    fit : SemFit
    comparison : Comparison or None
        With ("cross") and without ("no_cross") paths across channels.
    text : str
        The lavaan text.
    warnings : tuple of Notice
    """

    table: pd.DataFrame
    differences: pd.DataFrame
    shares: pd.DataFrame | None
    shoppers: pd.Series | None
    most_common: pd.Series | None
    fit: SemFit
    comparison: Comparison | None
    text: str
    labels: Mapping[str, Text]
    weighted: bool
    level: float
    warnings: tuple[Notice, ...]

    @property
    def references(self) -> tuple[str, ...]:  # type: ignore[override]
        """Keys of the works behind the method."""
        more = ("wilson_1927",) if self.shares is not None else ()
        return ("verhoef_2007", *more, *self.fit.references)

    def label(self, channel: object, lang: Language | None = None) -> str:
        """A channel in words."""
        return pick(self.labels[str(channel)], lang) if str(channel) in self.labels else str(channel)

    def summary(self, lang: Language | None = None) -> str:
        """Lock-in, paths across channels, the commonest switch; then what to know."""
        lines = [tr("carry_over.channels_head", lang, n=self.fit.n_obs), "  " + fit_line(self.fit.fit_measures, lang)]
        for kind, part in self.table.groupby("kind", sort=False):
            lines.append(f"  {tr(f'carry_over.channels_{kind}', lang)}")
            lines += [self._path_line(row, lang) for row in part.to_dict("records")]
        if self.comparison is not None:
            row = self.comparison.table.iloc[-1]
            values = {"chisq": format_number(row["chisq_diff"], 2, lang=lang), "df": f"{row['df_diff']:.0f}"}
            lines.append("  " + tr("carry_over.cross_line", lang, p=p_text(row["pvalue"], lang), **values))
        lines += [f"  {line}" for line in self._shopping_lines(lang)]
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None, *, kind: TableKind = "attitudes") -> Table:
        """A table for a paper: paths, differences of lock-in, or research shopping."""
        makers = {"attitudes": self._attitudes, "differences": self._lock_in, "switches": self._switches}
        if kind not in makers:
            raise CxlabError("sem.unknown_table", kind=kind, known=", ".join(makers))
        return in_language(makers[kind](), lang)

    def plot(self, kind: PlotKind = "attitudes", lang: Language | None = None) -> Figure:
        """Paths with their intervals, or where those who searched in a channel bought."""
        if kind not in ("attitudes", "switches"):
            raise CxlabError("carry_over.unknown_plot", kind=kind, known="attitudes, switches")
        return self._paths_figure(lang) if kind == "attitudes" else self._switch_figure(lang)

    def _path_line(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        key = "carry_over.same_arrow" if row["kind"] == "lock_in" else "carry_over.cross_arrow"
        arrow = tr(key, lang, search=self.label(row["search"], lang), purchase=self.label(row["purchase"], lang))
        ends = interval_text(row["ci_lower"], row["ci_upper"], Column("", "number"), lang)
        est, std = (format_number(row[name], 2, lang=lang) for name in ("est", "std"))
        verdict = tr(f"carry_over.channel_{row['verdict']}", lang)
        return f"    {arrow}: {est} {ends}, {p_text(row['pvalue'], lang)}; β = {std} ({verdict})"

    def _shopping_lines(self, lang: Language | None) -> list[str]:
        if self.shoppers is None:
            return []
        lines = [tr("carry_over.shoppers_line", lang, n=int(self.shoppers["n"]), **self._share(self.shoppers, lang))]
        first = self.most_common
        if first is not None:
            names = {
                name: self.label(first[name], lang) for name in ("searched", "bought", "next_searched", "next_bought")
            }
            ends = interval_text(100 * first["ci_lower"], 100 * first["ci_upper"], Column("", "number", 1), lang)
            values = {
                "share": format_number(100 * first["share"], 1, lang=lang),
                "difference": format_number(100 * first["difference"], 1, lang=lang),
            }
            lines.append(tr(f"carry_over.switch_{first['verdict']}", lang, interval=ends, **names, **values))
        return lines

    def _share(self, row: pd.Series, lang: Language | None) -> dict[str, str]:
        ends = interval_text(100 * row["ci_lower"], 100 * row["ci_upper"], Column("", "number", 1), lang)
        return {"share": format_number(100 * row["share"], 1, lang=lang), "interval": ends}

    def _attitudes(self) -> Table:
        frame = self.table
        frame["label"] = [self._arrow(row) for row in frame.to_dict("records")]
        frame["panel"] = [bilingual(f"carry_over.channels_{kind}") for kind in frame["kind"]]
        frame["judged"] = [bilingual(f"carry_over.channel_{name}") for name in frame["verdict"]]
        columns = {
            "label": Column("carry_over.col_path"),
            "est": Column("analyses.col_b", "number"),
            "se": Column("analyses.col_se", "number"),
            "ci": self._interval_column(),
            "pvalue": Column("analyses.col_p", "p"),
            "std": Column("β", "number"),
            "judged": Column("carry_over.col_verdict"),
        }
        note = bilingual("carry_over.note_channels", n=self.fit.n_obs, estimator=self.fit.options.estimator)
        return Table(frame, columns, "carry_over.channels_title", (note, *self._simulated()), group="panel")

    def _lock_in(self) -> Table:
        frame = self.differences
        frame["label"] = [
            bilingual("carry_over.less", one=self._words(one), two=self._words(two))
            for one, two in zip(frame["channel"], frame["other"], strict=True)
        ]
        columns = {
            "label": Column("carry_over.col_channels"),
            "difference": Column("carry_over.col_difference", "number"),
            "se": Column("analyses.col_se", "number"),
            "ci": self._interval_column(),
            "pvalue": Column("analyses.col_p", "p"),
        }
        return Table(frame, columns, "carry_over.lock_in_title", tuple(self._simulated()))

    def _switches(self) -> Table:
        if self.shares is None:
            raise CxlabError("carry_over.no_shopping_table")
        frame = self.shares.sort_values(["kind", "share"], ascending=[False, False], kind="stable")
        frame["panel"] = [bilingual(f"carry_over.pair_{kind}") for kind in frame["kind"]]
        frame["label"] = [self._words(one) for one in frame["searched"]]
        frame["to"] = [self._words(two) for two in frame["bought"]]
        ends = bilingual("carry_over.col_ci", level=f"{100 * self.level:g}")
        for name in ("ci_lower", "ci_upper", "row_lower", "row_upper"):
            frame[f"{name}_percent"] = 100 * frame[name]
        columns = {
            "label": Column("carry_over.col_searched"),
            "to": Column("carry_over.col_bought"),
            "n": Column("common.n", "integer"),
            "share": Column("carry_over.col_share", "percent", 1),
            "ci": Column(ends, "interval", 1, ("ci_lower_percent", "ci_upper_percent")),
            "row_share": Column("carry_over.col_row_share", "percent", 1),
            "row_ci": Column(ends, "interval", 1, ("row_lower_percent", "row_upper_percent")),
        }
        note = bilingual("carry_over.note_shares_weighted" if self.weighted else "carry_over.note_shares")
        return Table(frame, columns, "carry_over.shares_title", (note, *self._simulated()), group="panel")

    def _paths_figure(self, lang: Language | None) -> Figure:
        from cxlab.show.intervals import coefficient_plot

        frame = self.table.rename(columns={"est": "estimate"})
        frame["label"] = [pick(self._arrow(row), lang) for row in frame.to_dict("records")]
        frame["block"] = [tr(f"carry_over.channels_{kind}", lang) for kind in frame["kind"]]
        axis = bilingual("carry_over.axis_paths", level=f"{100 * self.level:g}")
        return coefficient_plot(frame, title=self._title("channels_title", lang), xlabel=axis, lang=lang)

    def _switch_figure(self, lang: Language | None) -> Figure:
        from cxlab.show.share_heatmap import share_heatmap

        if self.shares is None:
            raise CxlabError("carry_over.no_shopping_table")
        table = self.shares
        order = list(dict.fromkeys(table["bought"]))
        matrix = table.pivot(index="searched", columns="bought", values="row_share")
        rows = [name for name in order if name in matrix.index]
        sizes = table.groupby("searched")["n"].sum()[rows]
        matrix = matrix.loc[rows, order]
        matrix.index = pd.Index([self.label(name, lang) for name in rows])
        matrix.columns = pd.Index([self.label(name, lang) for name in order])
        note = tr("carry_over.note_rows_weighted" if self.weighted else "carry_over.note_rows", lang)
        return share_heatmap(
            matrix, sizes=sizes, title=self._title("shares_title", lang), xlabel="carry_over.col_bought",
            ylabel="carry_over.col_searched", note=note, lang=lang,
        )  # fmt: skip

    def _arrow(self, row: Mapping[Any, Any]) -> dict[str, str]:
        key = "carry_over.same_arrow" if row["kind"] == "lock_in" else "carry_over.cross_arrow"
        return bilingual(key, search=self._words(row["search"]), purchase=self._words(row["purchase"]))

    def _words(self, channel: object) -> dict[str, str]:
        return dict(self.labels.get(str(channel), {"en": str(channel), "vi": str(channel)}))

    def _interval_column(self) -> Column:
        ends = bilingual("carry_over.col_ci", level=f"{100 * self.level:g}")
        return Column(ends, "interval", parts=("ci_lower", "ci_upper"))

    def _title(self, key: str, lang: Language | None) -> str:
        mark = f" ({tr('carry_over.simulated', lang)})" if self.fit.simulated else ""
        return tr(f"carry_over.{key}", lang) + mark

    def _simulated(self) -> list[dict[str, str]]:
        return [bilingual("carry_over.note_simulated")] if self.fit.simulated else []
