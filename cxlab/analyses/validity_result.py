"""Results of the validity checks on a fitted model: hold the numbers, show them as text, table and figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.analyses.result import bilingual, each, in_language, notices_text
from cxlab.analyses.validity_base import Labelled
from cxlab.errors import Notice
from cxlab.evaluate.rules import rule_note
from cxlab.i18n import Language, format_number, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_AVE = "fornell_larcker_1981"
_CR = "hair_2019_reliability"


@dataclass(frozen=True, repr=False, eq=False)
class OfFit(Labelled):
    """What all of them hold: the numbers, their warnings, and which fit they are of."""

    table: pd.DataFrame
    warnings: tuple[Notice, ...]
    n_obs: int
    estimator: str
    group: str
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    simulated: bool = False
    references: tuple[str, ...] = ("fornell_larcker_1981",)

    def _source(self, key: str, lang: Language | None = None) -> str:
        text = tr(key, lang, n=self.n_obs, estimator=self.estimator)
        return f"{text} [{self.group}]" if self.group else text

    def _text(self, key: str, lines: list[str], rule: str | None, lang: Language | None) -> str:
        notes = [rule_note(rule, lang)] if rule else []
        return "\n".join([self._source(key, lang), *lines, *notices_text(self.warnings, lang), *notes])

    def _both(self, key: str) -> Mapping[str, str]:
        return each(lambda lang: self._source(key, lang))

    def _width(self, lang: Language | None) -> int:
        return max(len(self.name(name, lang)) for name in self.table["construct"])


@dataclass(frozen=True, repr=False, eq=False)
class Convergent(OfFit):
    """Agreement of the items of each construct; see `cxlab.convergent_validity` for the columns of `table`."""

    references: tuple[str, ...] = ("fornell_larcker_1981", "raykov_2001", "hair_2019")

    def summary(self, lang: Language | None = None) -> str:
        """One line a construct: AVE, composite reliability, range of loadings, weakest item."""
        lines = [self._line(row, lang) for row in self.table.to_dict("records")]
        return self._text("validity.convergent_head", lines, _AVE, lang)

    def apa(self, lang: Language | None = None) -> Table:
        """Constructs with items, range of loadings, AVE, composite reliability, omega."""
        rows = self.table.to_dict("records")
        blank = ["" if not why else bilingual(f"validity.reason_{why}") for why in self.table["reason"]]
        frame = self.table.assign(construct=[self.named(row["construct"]) for row in rows], reason=blank)
        columns = {
            "construct": Column("validity.col_construct"),
            "n_items": Column("validity.col_items", "integer"),
            "loadings": Column("validity.col_loadings", "interval", parts=("loading_min", "loading_max"), bounded=True),
            "ave": Column("AVE", "bounded"),
            "cr": Column("validity.col_cr", "bounded"),
            "omega": Column("ω", "bounded"),
        }
        if any(blank):
            columns["reason"] = Column("validity.col_note")
        rules = (each(lambda lang: rule_note(_AVE, lang)),
                 each(lambda lang: rule_note(_CR, lang, ["composite_reliability"])))  # fmt: skip
        notes = (self._both("validity.convergent_note"), *rules, *self.told())
        return in_language(Table(frame, columns, "validity.convergent_title", notes=notes), lang)

    def _line(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        start = f"  {self.name(row['construct'], lang):<{self._width(lang)}}  k = {row['n_items']}"

        def shown(key: str) -> str:
            return format_number(row[key], 2, bounded=True, lang=lang)

        if pd.isna(row["cr"]):
            return f"{start}  " + tr("validity.reason_" + row["reason"], lang)
        mark = "" if row["reason"] else ("  ✓" if row["met"] else "  ✗")
        loadings = tr("validity.loadings_range", lang, low=shown("loading_min"), high=shown("loading_max"),
                      weakest=row["weakest"])  # fmt: skip
        return f"{start}  AVE {shown('ave')}{mark}  CR {shown('cr')}  {loadings}"


@dataclass(frozen=True, repr=False, eq=False)
class FornellLarcker(OfFit):
    """Square roots of AVE and correlations; see `cxlab.fornell_larcker` for `table` and `matrix`."""

    matrix: pd.DataFrame = field(default_factory=pd.DataFrame)
    references: tuple[str, ...] = ("fornell_larcker_1981", "henseler_2015")

    def summary(self, lang: Language | None = None) -> str:
        """One line a construct: square root of AVE against its largest correlation."""
        lines = []
        for row in self.table.to_dict("records"):
            start = f"  {self.name(row['construct'], lang):<{self._width(lang)}}"
            root, r = (format_number(row[key], 2, bounded=True, lang=lang) for key in ("sqrt_ave", "largest_r"))
            near = self.name(row["with_construct"], lang)
            mark = "" if row["reason"] else ("  ✓" if row["met"] else "  ✗")
            lines.append(start + "  " + tr("validity.fl_line", lang, root=root, r=r, other=near) + mark)
        return self._text("validity.fl_head", lines, None, lang)

    def apa(self, lang: Language | None = None) -> Table:
        """The matrix as papers print it."""
        names = list(self.matrix.index)
        numbered = self.matrix.reset_index(drop=True).set_axis([f"c{i}" for i in range(len(names))], axis=1)
        frame = numbered.astype(object).where(numbered.notna(), "")
        for place, value in enumerate(self.table["sqrt_ave"]):
            if pd.isna(value):
                frame.iloc[place, place] = "–"
        frame.insert(0, "construct", [self.named(name) for name in names])
        frame.insert(0, "number", range(1, len(names) + 1))
        columns = {"number": Column("", "integer"), "construct": Column("validity.col_construct")}
        columns |= {f"c{i}": Column(str(i + 1), "bounded") for i in range(len(names))}
        notes = (self._both("validity.fl_note"), *self.told())
        return in_language(Table(frame, columns, "validity.fl_title", notes=notes), lang)


@dataclass(frozen=True, repr=False, eq=False)
class CrossLoadings(OfFit):
    """Items against all constructs; see `cxlab.cross_loadings` for `table` and `matrix`."""

    matrix: pd.DataFrame = field(default_factory=pd.DataFrame)
    kind: str = "structure"
    references: tuple[str, ...] = ("henseler_2015",)

    def summary(self, lang: Language | None = None) -> str:
        """How many items prefer their own construct, and those that do not or hardly do."""
        close = self.table.sort_values("margin").head(5)
        lines = [tr("validity.cross_count", lang, clear=int(self.table["clear"].sum()), items=len(self.table))]
        for row in close.to_dict("records"):
            own, other = (format_number(row[key], 2, bounded=True, lang=lang) for key in ("own", "largest_other"))
            names = {"item": row["item"], "own": own, "construct": self.name(row["construct"], lang)}
            names |= {"value": other, "other": self.name(row["other"], lang)}
            lines.append("  " + tr("validity.cross_line", lang, **names) + ("" if row["clear"] else "  ✗"))
        return self._text(f"validity.cross_head_{self.kind}", lines, None, lang)

    def apa(self, lang: Language | None = None) -> Table:
        """Items in rows, constructs in columns."""
        names = list(self.matrix.columns)
        rows = self.table[["construct", "item"]].copy()
        values = self.matrix.loc[rows["item"]].reset_index(drop=True)
        values = values.set_axis([f"c{i}" for i in range(len(names))], axis=1)
        frame = pd.concat([rows.reset_index(drop=True), values], axis=1)
        heads = {name: self.named(name) for name in names}
        frame["construct"] = [heads[name] for name in frame["construct"]]
        frame["wording"] = [self.labels.get(item, "") for item in frame["item"]]
        columns = {"item": Column("validity.col_item")}
        if any(frame["wording"]):
            columns["wording"] = Column("validity.col_wording")
        columns |= {f"c{i}": Column(heads[name], "bounded") for i, name in enumerate(names)}
        notes = (self._both(f"validity.cross_note_{self.kind}"), *self.told())
        return in_language(Table(frame, columns, "validity.cross_title", notes=notes, group="construct"), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Each item's value on its own construct against its largest on another."""
        from cxlab.show import interval_plot

        rows = []
        for row in self.table.to_dict("records"):
            shared = {"label": row["item"], "ci_lower": float("nan"), "ci_upper": float("nan"),
                      "block": self.name(row["construct"], lang)}  # fmt: skip
            rows.append(shared | {"model": tr("validity.own_construct", lang), "estimate": row["own"]})
            rows.append(shared | {"model": tr("validity.other_construct", lang), "estimate": row["largest_other"]})
        return interval_plot(pd.DataFrame(rows), xlabel=f"validity.cross_axis_{self.kind}", lang=lang)
