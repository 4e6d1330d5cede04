"""The result of `cx.htmt`: holds the ratios, shows them as text, table and figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from cxlab.analyses.result import bilingual, each, in_language, notices_text
from cxlab.analyses.validity_base import Labelled, interval
from cxlab.errors import CxlabError, Notice
from cxlab.evaluate.rules import rule_limit, rule_note
from cxlab.i18n import Language, format_number, format_p, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TableKind = Literal["pairs", "matrix"]


@dataclass(frozen=True, repr=False, eq=False)
class Htmt(Labelled):
    """Heterotrait-monotrait ratios of all pairs; see `cxlab.htmt` for the columns of `table`.

    Attributes
    ----------
    table : DataFrame
    warnings : tuple of Notice
    blocks : mapping of str to tuple of str
        Items by construct.
    left_out : mapping of str to str
        Constructs without a ratio, with the reason.
    method : {"htmt", "htmt2"}
    absolute : bool
    n_obs, n_boot : int
    seed : int or None
        Of the resamples; None without.
    ci : str
    level : float
    rule : str
    """

    table: pd.DataFrame
    warnings: tuple[Notice, ...]
    blocks: Mapping[str, tuple[str, ...]]
    left_out: Mapping[str, str]
    method: str
    absolute: bool
    n_obs: int
    n_boot: int
    seed: int | None
    ci: str
    level: float
    rule: str
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    simulated: bool = False

    @property
    def references(self) -> tuple[str, ...]:  # type: ignore[override]
        """Keys of the works behind the method."""
        own = ("henseler_2015",) if self.method == "htmt" else ("henseler_2015", "roemer_2021")
        return (*own, "franke_sarstedt_2019") if self.n_boot else own

    @property
    def matrix(self) -> pd.DataFrame:
        """The ratios below the diagonal, constructs in rows and columns; the rest is empty."""
        names = list(self.blocks)
        square = pd.DataFrame(np.nan, names, names)
        for one, other, value in self.table[["construct_1", "construct_2", "htmt"]].itertuples(index=False):
            square.loc[other, one] = value
        return square

    @property
    def title(self) -> str:
        """HTMT or HTMT2."""
        return self.method.upper()

    def summary(self, lang: Language | None = None) -> str:
        """One line a pair: ratio, interval, p of a ratio at or above the cut-off, whether the estimate is below it."""
        names = [self._pair(row, lang) for row in self.table.to_dict("records")]
        width = max(map(len, names))
        rows = self.table.to_dict("records")
        lines = [f"  {name:<{width}}  {self._numbers(row, lang)}" for name, row in zip(names, rows, strict=True)]
        lines += self._reaching(lang)
        return "\n".join([self._head(lang), *lines, *notices_text(self.warnings, lang), rule_note(self.rule, lang)])

    def apa(self, lang: Language | None = None, *, kind: TableKind | None = None) -> Table:
        """A table for a paper.

        Parameters
        ----------
        lang : {"en", "vi"}, optional
            Language; by default the table reads in any.
        kind : {"pairs", "matrix"}, optional
            One row a pair with its interval, or the ratios below the diagonal. Default: pairs with a bootstrap, matrix
            without.
        """
        chosen = kind or ("pairs" if self.n_boot else "matrix")
        if chosen not in ("pairs", "matrix"):
            raise CxlabError("validity.unknown_table", kind=chosen, known="pairs, matrix")
        return in_language(self._pairs_table() if chosen == "pairs" else self._matrix_table(), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Each pair's ratio with its interval, largest first, and the lines of the rules and of 1."""
        from cxlab.show import interval_plot

        rows = self.table.dropna(subset="htmt").sort_values("htmt", ascending=False)
        frame = pd.DataFrame(
            {
                "label": [self._pair(row, lang) for row in rows.to_dict("records")],
                "estimate": rows["htmt"],
                "ci_lower": rows["ci_lower"],
                "ci_upper": rows["ci_upper"],
            }
        )
        lines = [rule_limit(self.rule, "htmt"), 1.0]
        title = bilingual("validity.simulated_title", title=self.title) if self.simulated else None
        axis = bilingual("validity.axis_htmt", method=self.title, level=f"{100 * self.level:g}")
        return interval_plot(frame, reference=lines, title=title, xlabel=axis if self.n_boot else self.title, lang=lang)

    def _head(self, lang: Language | None) -> str:
        values = {"method": self.title, "n": self.n_obs, "constructs": len(self.blocks)}
        head = tr("validity.htmt_head", lang, **values)
        return head + (" · " + self._resampled(lang) if self.n_boot else "")

    def _resampled(self, lang: Language | None) -> str:
        kind = tr(f"validity.interval_{self.ci}", lang)
        return tr("validity.resampled", lang, count=self.n_boot, interval=kind, seed=self.seed)

    def _numbers(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        if row["reason"]:
            return tr(f"validity.reason_{row['reason']}", lang)
        text = format_number(row["htmt"], 2, bounded=True, lang=lang)
        if self.n_boot:
            p = format_p(row["pvalue"], lang)
            text += f" {interval(row['ci_lower'], row['ci_upper'], lang)}"
            cutoff = format_number(row["cutoff"], 2, bounded=True, lang=lang)
            text += f"  p(≥ {cutoff}) {p if p.startswith('<') else '= ' + p}"
        return f"{text}  {'✓' if row['met'] else '✗'}"

    def _reaching(self, lang: Language | None) -> list[str]:
        """A sentence on the pairs whose estimate meets the rule while the interval does not, or nothing."""
        rows = self.table[self.table["met"] & (self.table["ci_upper"] >= self.table["cutoff"])]
        if rows.empty:
            return []
        cutoff = format_number(rows["cutoff"].iloc[0], 2, bounded=True, lang=lang)
        pairs = ", ".join(self._pair(row, lang) for row in rows.to_dict("records"))
        return [tr("validity.htmt_reaches", lang, cutoff=cutoff, pairs=pairs)]

    def _pairs_table(self) -> Table:
        names = [each(lambda lang, row=row: self._pair(row, lang)) for row in self.table.to_dict("records")]  # type: ignore[misc]
        shown = [bilingual(f"validity.reason_{why}") if why else "" for why in self.table["reason"]]
        ratio = [value if not why else "–" for value, why in zip(self.table["htmt"], self.table["reason"], strict=True)]
        frame = self.table.assign(pair=names, reason=shown, htmt=pd.Series(ratio, self.table.index, dtype=object))
        columns = {"pair": Column("validity.col_pair"), "htmt": Column(self.title, "bounded")}
        if self.n_boot:
            heading = bilingual("validity.col_interval", level=f"{100 * self.level:g}")
            columns["ci"] = Column(heading, "interval", parts=("ci_lower", "ci_upper"), bounded=True)
            columns["pvalue"] = Column(each(self._p_heading), "p")
        if any(shown):
            columns["reason"] = Column("validity.col_note")
        return Table(frame, columns, self._title(), notes=self._notes())

    def _matrix_table(self) -> Table:
        square = self.matrix
        names = list(square.index)
        frame = square.reset_index(drop=True).set_axis([f"c{place}" for place in range(len(names))], axis=1)
        frame = frame.astype(object).where(frame.notna(), "")
        for row in self.table[self.table["reason"] != ""].to_dict("records"):
            frame.iloc[names.index(row["construct_2"]), names.index(row["construct_1"])] = "–"
        frame.insert(0, "construct", [self.named(name) for name in names])
        numbers = {f"c{place}": Column(str(place + 1), "bounded") for place in range(len(names) - 1)}
        frame.insert(0, "number", range(1, len(names) + 1))
        columns = {"number": Column("", "integer"), "construct": Column("validity.col_construct"), **numbers}
        return Table(frame, columns, self._title(), notes=self._notes())

    def _p_heading(self, lang: Language) -> str:
        limit = rule_limit(self.rule, "htmt")
        return tr("validity.col_p_below", lang, cutoff=format_number(limit, 2, bounded=True, lang=lang))

    def _title(self) -> Mapping[str, str]:
        return bilingual("validity.htmt_title", method=self.title)

    def _notes(self) -> tuple[Mapping[str, str], ...]:
        kind = f"{self.method}_{'absolute' if self.absolute else 'signed'}"
        notes = [bilingual(f"validity.note_{kind}", n=self.n_obs)]
        if self.n_boot:
            notes.append(each(lambda lang: tr("validity.note_boot", lang, resampled=self._resampled(lang))))
            notes += [each(lambda lang: self._reaching(lang)[0])] if self._reaching("en") else []
        return (*notes, each(lambda lang: rule_note(self.rule, lang)), *self.told())

    def _pair(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        return self.pair_name(row["construct_1"], row["construct_2"], lang)
