"""The result of `cx.moderation`: holds the numbers, shows them as text, tables and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pandas as pd

from cxlab.analyses.result import Result, bilingual, in_language, notices_text
from cxlab.errors import DataError, Notice
from cxlab.i18n import Language, format_number, p_text, pick, tr
from cxlab.show.cells import interval_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Labels = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, repr=False, eq=False)
class Moderation(Result):
    """A moderated regression; see `cxlab.moderation` for the columns of its tables.

    Attributes
    ----------
    lines : DataFrame
        value, x, y: what is expected of the outcome over the cause at each of the moderator's values.
    """

    table: pd.DataFrame
    fit: pd.Series
    slopes: pd.DataFrame
    region: pd.DataFrame
    band: pd.DataFrame = field(repr=False)
    test: pd.Series
    lines: pd.DataFrame = field(repr=False)
    warnings: tuple[Notice, ...]
    outcome: str
    cause: str
    moderator: str
    numeric: bool
    cov_type: str
    level: float
    labels: Labels = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ("aiken_west_1991", "johnson_fay_1950", "long_ervin_2000")

    def summary(self, lang: Language | None = None) -> str:
        """The product's test, slopes with intervals, and where the effect holds."""
        names = {key: self.label(getattr(self, key), lang) for key in ("outcome", "cause", "moderator")}
        f, df2 = format_number(self.test["f"], 2, lang=lang), int(self.test["df2"])
        product = f"F({int(self.test['df1'])}, {df2}) = {f}, {p_text(self.test['pvalue'], lang)}"
        how = {"level": f"{100 * self.level:g}", "errors": pick(self._errors(), lang)}
        head = tr("moderation.head", lang, n=int(self.fit["n"]), **how, **names)
        lines = [head, "  " + tr("moderation.product", lang, test=product)]
        for row in self.slopes.itertuples():
            ends = interval_text(row.ci_lower, row.ci_upper, Column("", "number"), lang)
            slope = f"{format_number(row.slope, 2, lang=lang)} {ends}"
            lines.append(f"  {self._where(row.value, lang)}: {slope}, {p_text(row.pvalue, lang)}")
        lines += [f"  {self._stretch(row, lang)}" for row in self.region.to_dict("records")]
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None, kind: Literal["slopes", "regression", "region"] = "slopes") -> Table:
        """Simple slopes, the regression behind them, or the stretches in which the effect holds."""
        if kind == "regression":
            return self._regression(lang)
        if kind == "region":
            return self._region(lang)
        if kind != "slopes":
            raise DataError("mediation.unknown_table", value=kind, known="slopes, regression, region")
        moderator = self.labels.get(self.moderator, self.moderator)
        shown = self.slopes["value"] if self.numeric else [self.labels.get(v, v) for v in self.slopes["value"]]
        kind_of = "number" if self.numeric else "text"
        columns = {
            "value": Column(bilingual("moderation.col_at", moderator=moderator), kind_of),  # type: ignore[arg-type]
            "slope": Column("moderation.col_slope", "number"),
            **self._inference("slope"),
        }
        title = bilingual(
            "moderation.title_slopes", cause=self.labels.get(self.cause, self.cause), outcome=self._outcome()
        )
        note = bilingual("moderation.note", n=int(self.fit["n"]), errors=self._errors())
        return in_language(Table(self.slopes.assign(value=list(shown)), columns, title, notes=(note,)), lang)

    def plot(self, lang: Language | None = None, kind: Literal["slopes", "region"] = "slopes") -> Figure:
        """Lines of the outcome over the cause, or the slope over the moderator with its interval (Johnson-Neyman)."""
        from cxlab.analyses.moderation_figure import even_ticks
        from cxlab.show.curves import curve_plot

        cause, outcome = self.labels.get(self.cause, self.cause), self._outcome()
        if kind == "slopes":
            shown = [self._where(value, lang) for value in self.lines["value"]]
            table = self.lines.assign(
                label=shown, estimate=self.lines["y"], ci_lower=self.lines["y"], ci_upper=self.lines["y"]
            )
            figure = curve_plot(table, xlabel=cause, ylabel=outcome, bounded=False, lang=lang)
            even_ticks(figure.axes[0], lang)
            return figure
        if kind != "region" or self.region.empty:
            raise DataError("moderation.no_region", kind=kind)
        from cxlab.show.region import region_plot

        return region_plot(
            self.band.rename(columns={"value": "x", "slope": "estimate"}),
            self.region,
            xlabel=self.labels.get(self.moderator, self.moderator),
            ylabel=bilingual("moderation.axis_slope", cause=cause, outcome=outcome),
            lang=lang,
        )

    def label(self, name: str, lang: Language | None) -> str:
        """A variable in the codebook's words."""
        return pick(self.labels[name], lang) if name in self.labels else name

    def _outcome(self) -> Mapping[str, str] | str:
        return self.labels.get(self.outcome, self.outcome)

    def _errors(self) -> Mapping[str, str] | str:
        return bilingual("moderation.errors_classical") if self.cov_type == "nonrobust" else self.cov_type

    def _where(self, value: object, lang: Language | None) -> str:
        if not self.numeric:
            return self.label(str(value), lang)
        return f"{self.label(self.moderator, lang)} = {format_number(float(str(value)), 2, lang=lang)}"

    def _stretch(self, row: Mapping[str, float], lang: Language | None) -> str:
        sign = "positive" if row["sign"] > 0 else "negative"
        key = f"moderation.stretch_{sign}" if row["significant"] else "moderation.stretch_none"
        ends = {end: format_number(row[end], 2, lang=lang) for end in ("lower", "upper")}
        share = format_number(100 * row["share"], 0, lang=lang)
        return tr(key, lang, moderator=self.label(self.moderator, lang), share=share, **ends)

    def _inference(self, name: str) -> dict[str, Column]:
        words = bilingual("analyses.col_interval", level=f"{100 * self.level:g}")
        return {
            "se": Column("analyses.col_se", "number"),
            "ci": Column(words, "interval", parts=("ci_lower", "ci_upper")),
            "t": Column("analyses.col_t", "number"),
            "pvalue": Column("analyses.col_p", "p"),
        }

    def _regression(self, lang: Language | None) -> Table:
        frame = self.table.assign(label=[self.labels.get(term, term) for term in self.table["term"]])
        columns = {
            "label": Column("analyses.col_term"),
            "b": Column("analyses.col_b", "number"),
            **self._inference("b"),
        }
        title = bilingual("analyses.regression_title", outcome=self._outcome())
        note = bilingual("moderation.centred", n=int(self.fit["n"]), errors=self._errors())
        return in_language(Table(frame, columns, title, notes=(note,)), lang)

    def _region(self, lang: Language | None) -> Table:
        words = {(1, True): "positive", (-1, True): "negative"}
        shown = [
            bilingual(f"moderation.effect_{words.get((int(row['sign']), bool(row['significant'])), 'none')}")
            for row in self.region.to_dict("records")
        ]
        columns = {
            "lower": Column("moderation.col_from", "number"),
            "upper": Column("moderation.col_to", "number"),
            "effect": Column("moderation.col_effect"),
            "share": Column("moderation.col_share", "percent"),
        }
        moderator = self.labels.get(self.moderator, self.moderator)
        title = bilingual("moderation.title_region", moderator=moderator)
        note = bilingual("moderation.region_note", level=f"{100 * self.level:g}")
        return in_language(Table(self.region.assign(effect=shown), columns, title, notes=(note,)), lang)
