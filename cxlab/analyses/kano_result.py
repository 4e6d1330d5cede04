"""The result of `cx.kano`: holds the categories, shows them as text, tables and figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.analyses.asymmetry_text import percent, with_interval, without_start
from cxlab.analyses.kano_answers import CATEGORIES, LETTERS
from cxlab.analyses.result import bilingual, each, in_language, notices_text
from cxlab.analyses.validity_base import Labelled
from cxlab.errors import Notice
from cxlab.i18n import Language, p_text, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False, eq=False)
class Kano(Labelled):
    """Kano categories of attributes; see `cxlab.kano` for the columns of `table`.

    Attributes
    ----------
    table, counts : DataFrame
    warnings : tuple of Notice
    level : float
    n_boot : int
    seed : int or None
    ci : str
    weighted : bool
    """

    table: pd.DataFrame
    counts: pd.DataFrame
    warnings: tuple[Notice, ...]
    level: float
    n_boot: int
    seed: int | None
    ci: str
    weighted: bool
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    simulated: bool = False
    references: tuple[str, ...] = ("kano_1984", "berger_1993", "lee_newcomb_1997", "fong_1996")

    def summary(self, lang: Language | None = None) -> str:
        """One line an attribute: category with certainty, runner-up, better and worse; then what to know."""
        names = [self.name(key, lang) for key in self.table["attribute"]]
        width = max(map(len, names))
        rows = self.table.to_dict("records")
        lines = [f"  {name:<{width}}  {self._line(row, lang)}" for name, row in zip(names, rows, strict=True)]
        head = tr("asymmetry.kano_head", lang, count=len(rows), n=int(self.table["n"].max()))
        return "\n".join([head, *lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Attributes with shares of the six categories, category, strength, test, better and worse."""
        rows = self.table.to_dict("records")
        frame = self.table.assign(
            label=[self.named(key) for key in self.table["attribute"]],
            verdict=[each(lambda lang, row=row: self.verdict(row, lang)) for row in rows],  # type: ignore[misc]
        )
        shares = {f"share_{name}": Column(f"asymmetry.letter_{name}", "percent", digits=0) for name in CATEGORIES}
        columns = {
            "label": Column("asymmetry.col_attribute"),
            "n": Column("analyses.col_n", "integer"),
            **shares,
            "verdict": Column("asymmetry.col_category"),
            "category_strength": Column("asymmetry.col_strength", "percent", digits=0),
            "pvalue": Column("analyses.col_p", "p"),
            "better": Column("asymmetry.col_better", "bounded"),
            "worse": Column("asymmetry.col_worse", "bounded"),
        }
        sizes = self.table["n"].unique()
        if len(sizes) == 1:  # one number for all: a column less, so that the table fits on a page
            del columns["n"]
        n = (each(lambda lang: tr("asymmetry.kano_n", lang, n=int(sizes[0]))),) if len(sizes) == 1 else ()
        notes = (*n, self._letters(), self._method(), *self.told())
        title = bilingual("asymmetry.kano_title")
        spanners = ((bilingual("asymmetry.spanner_categories"), tuple(shares)),)
        return in_language(Table(frame, columns, title, notes=notes, spanners=spanners), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Better against worse with intervals: four fields, an attribute a number, coloured by its category."""
        from cxlab.show.kano import kano_map

        frame = self.table.assign(
            label=without_start([self.name(key, lang) for key in self.table["attribute"]]), worse=-self.table["worse"]
        ).rename(columns={"better": "x", "worse": "y"})
        ends = {"x_lower": self.table["better_ci_lower"], "x_upper": self.table["better_ci_upper"]}
        ends |= {"y_lower": -self.table["worse_ci_upper"], "y_upper": -self.table["worse_ci_lower"]}
        fields = {name: f"asymmetry.category_{name}" for name in CATEGORIES}
        title = bilingual("analyses.simulated") if self.simulated else None
        drawn = frame.assign(**ends).dropna(subset=["x"])
        level = f"{100 * self.level:g}"
        names = ("asymmetry.kano_axis_x", "asymmetry.kano_axis_y")
        plain = tuple(f"{name}_plain" for name in names)
        axes = [bilingual(name, level=level) for name in names] if self.n_boot else [bilingual(name) for name in plain]
        return kano_map(drawn, categories=fields, xlabel=axes[0], ylabel=axes[1], title=title, lang=lang)

    def verdict(self, row: Mapping[Any, Any], lang: Language | None = None) -> str:
        """The category of a row of `table` with its certainty; both, where the largest two cannot be told apart."""
        text = tr(f"asymmetry.category_{row['category']}", lang)
        if not pd.isna(row["certainty"]):
            text = f"{text} ({percent(row['certainty'], lang)})"
        told_apart = row["pvalue"] < 1 - self.level or not row["second"]
        return text if told_apart else f"{text} / {tr('asymmetry.category_' + row['second'], lang)}"

    def _line(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        shares = " ".join(f"{LETTERS[name]} {percent(row[f'share_{name}'], lang)}" for name in CATEGORIES)
        better, worse = (with_interval(row, name, lang, bounded=True) for name in ("better", "worse"))
        values = {"verdict": self.verdict(row, lang), "shares": shares, "p": p_text(row["pvalue"], lang)}
        return tr("asymmetry.kano_line", lang, **values, better=better, worse=worse)

    def _letters(self) -> Mapping[str, str]:
        def text(lang: Language) -> str:
            return "; ".join(
                f"{tr(f'asymmetry.letter_{name}', lang)} = {tr(f'asymmetry.category_{name}', lang)}"
                for name in CATEGORIES
            )

        return each(lambda lang: text(lang) + ".")

    def _method(self) -> Mapping[str, str]:
        return each(
            lambda lang: " ".join(
                [
                    tr("asymmetry.kano_note", lang),
                    *([tr("asymmetry.kano_certainty", lang, count=self.n_boot, seed=self.seed)] if self.n_boot else []),
                    *([tr("asymmetry.weighted_note", lang)] if self.weighted else []),
                ]
            )
        )
