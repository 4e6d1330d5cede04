"""The result of `cx.touchpoint_effects`: frequency against positivity, and what the score before changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from cxlab.errors import DataError, Notice
from cxlab.i18n import Language, current_language, format_number, p_text, pick, tr
from cxlab.i18n.shown import Shown
from cxlab.show.cells import interval_text
from cxlab.show.result import Result, Text, bilingual, each, in_language, notices_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Kind = Literal["map", "before"]


@dataclass(frozen=True, repr=False, eq=False)
class TouchpointEffects(Result):
    """Effects of touchpoints on the change of a score; see `cxlab.touchpoint_effects` for the columns.

    Attributes
    ----------
    table, models, fit, tests : DataFrame
    pairs : DataFrame
        The data of the regression, one row a respondent and brand.
    labels : mapping of str to bilingual text
    outcomes : (str, str)
        The columns before and after.
    level : float
    simulated : bool
    warnings : tuple of Notice
    """

    table: pd.DataFrame
    models: pd.DataFrame
    fit: pd.DataFrame
    tests: pd.DataFrame
    pairs: pd.DataFrame = field(repr=False)
    warnings: tuple[Notice, ...]
    labels: Mapping[str, Text]
    outcomes: tuple[str, str]
    level: float
    simulated: bool
    references: tuple[str, ...] = ("baxendale_2015", "cameron_miller_2015", "lord_1967")

    def name(self, touchpoint: str, lang: Language | None = None) -> str:
        """The label of a touchpoint."""
        return pick(self.labels.get(touchpoint, touchpoint), lang)

    def summary(self, lang: Language | None = None) -> str:
        """One line an effect, joint tests, what happens without the score before, and what to know."""
        fit = self.fit.iloc[0]
        head = {"n": int(fit["n"]), "respondents": int(fit["respondents"])}
        r2 = format_number(fit["r2"], bounded=True, lang=lang)
        lines = [tr("touchpoints.effects_head", lang, outcome=self.outcomes[1], r2=r2, **head)]
        for row in self.table.to_dict("records"):
            values = {name: format_number(row[name], lang=lang) for name in ("estimate", "without_before")}
            ends = interval_text(row["ci_lower"], row["ci_upper"], Column("", "number"), lang)
            measure = tr(f"touchpoints.measure_{row['measure']}", lang)
            lines.append(tr("touchpoints.effects_line", lang, touchpoint=self.name(row["touchpoint"], lang),
                            measure=measure, interval=ends, p=p_text(row["pvalue"], lang), **values))  # fmt: skip
        for row in self.tests.to_dict("records"):
            f = format_number(row["f"], lang=lang)
            lines.append(tr(f"touchpoints.effects_test_{row['test']}", lang, f=f, df1=row["df1"], df2=row["df2"],
                            p=p_text(row["pvalue"], lang)))  # fmt: skip
        lines += [f"  {one.text(lang)}" for one in self._swelling()]
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def _swelling(self) -> list[Notice]:
        """By how much the sum of effects changes without the score before; nothing where the sums are not above 0."""
        sums = self.table.groupby("measure")[["estimate", "without_before"]].sum()
        if (sums <= 0).any(axis=None):
            return []
        ratio = sums["without_before"] / sums["estimate"]
        return [Notice("touchpoints.effects_swelling", {str(name): Shown(one, 1) for name, one in ratio.items()})]

    def apa(self, lang: Language | None = None) -> Table:
        """Effects of frequency and positivity, with and without the score before."""
        frame = self.table
        frame["label"] = [each(lambda one, key=key: self.name(key, one)) for key in frame["touchpoint"]]  # type: ignore[misc]
        frame["measure_label"] = [bilingual(f"touchpoints.measure_{one}") for one in frame["measure"]]
        ci = bilingual("journey.col_ci", level=f"{100 * self.level:g}")
        columns = {
            "measure_label": Column("touchpoints.col_measure"),
            "episodes": Column("touchpoints.col_episodes", "integer"),
            "estimate": Column("b", "number"),
            "se": Column("SE", "number"),
            "ci": Column(ci, "interval", parts=("ci_lower", "ci_upper")),
            "pvalue": Column("p", "p"),
            "beta": Column("β", "bounded"),
            "without_before": Column("touchpoints.col_without", "number"),
        }
        fit = self.fit.iloc[0]
        facts = {"n": int(fit["n"]), "respondents": int(fit["respondents"]), "r2": Shown(fit["r2"], 2, bounded=True)}
        notes: list[Any] = [bilingual("touchpoints.note_effects", outcome=self.outcomes[1], **facts)]
        notes += [bilingual("journey.note_simulated")] if self.simulated else []
        return in_language(Table(frame, columns, "touchpoints.effects_title", tuple(notes), "label"), lang)

    def plot(self, kind: Kind = "map", lang: Language | None = None) -> Figure:
        """Frequency against positivity (``"map"``), or each effect with and without the score before (``"before"``)."""
        if kind not in ("map", "before"):
            raise DataError("analyses.unknown_option", option="kind", value=kind, known="map, before")
        lang = lang or current_language()
        return self._map(lang) if kind == "map" else self._before(lang)

    def _map(self, lang: Language) -> Figure:
        from cxlab.show.effects_map import effects_map

        parts = {measure: part.set_index("touchpoint") for measure, part in self.table.groupby("measure")}
        often, good = parts["frequency"], parts["positivity"]
        rows = {"name": list(often.index), "label": [self.name(key, lang) for key in often.index]}
        for axis, part in (("x", often), ("y", good.loc[often.index])):
            columns = {axis: "estimate", f"{axis}_lower": "ci_lower", f"{axis}_upper": "ci_upper"}
            rows |= {name: part[column].to_numpy() for name, column in columns.items()}
        note = tr("touchpoints.fig_effects", lang, level=f"{100 * self.level:g}")
        return effects_map(
            pd.DataFrame(rows),
            title="touchpoints.effects_figure",
            xlabel="touchpoints.axis_frequency",
            ylabel="touchpoints.axis_positivity",
            note=f"{note} {tr('journey.note_simulated', lang)}" if self.simulated else note,
            lang=lang,
        )

    def _before(self, lang: Language) -> Figure:
        from cxlab.show.intervals import coefficient_plot

        table = self.table.sort_values("measure", kind="stable")
        models = {"with_before": ("estimate", "ci_lower", "ci_upper"),
                  "without_before": ("without_before", "without_lower", "without_upper")}  # fmt: skip
        rows = [
            {"label": self.name(row["touchpoint"], lang), "block": tr(f"touchpoints.measure_{row['measure']}", lang)}
            | {"model": tr(f"touchpoints.model_{model}", lang)}
            | dict(zip(("estimate", "ci_lower", "ci_upper"), (row[name] for name in names), strict=True))
            for row in table.to_dict("records")
            for model, names in models.items()
        ]
        title = tr("touchpoints.before_figure", lang)
        title += f" ({tr('journey.simulated', lang)})" if self.simulated else ""
        return coefficient_plot(pd.DataFrame(rows), title=title, xlabel="touchpoints.axis_effect", lang=lang)
