"""The result of `cx.alignment`: means and variances of the groups, and the parameters that differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from cxlab.analyses.invariance_text import cells
from cxlab.analyses.result import bilingual, each, in_language, notices_text
from cxlab.analyses.validity_base import Labelled
from cxlab.errors import CxlabError, Notice
from cxlab.evaluate.rules import rule_note
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TableKind = Literal["means", "items"]
KINDS: tuple[TableKind, ...] = ("means", "items")


@dataclass(frozen=True, repr=False, eq=False)
class Alignment(Labelled):
    """The aligned solution; see `cxlab.alignment` for the columns of the tables.

    Attributes
    ----------
    table, items, parameters, fit_function : DataFrame
    share : float
        Share of loadings and intercepts outside their invariant set.
    warnings : tuple of Notice
    kind : {"fixed", "free"}
    epsilon, level : float
    n_obs : int
    """

    table: pd.DataFrame
    parameters: pd.DataFrame
    items: pd.DataFrame
    fit_function: pd.DataFrame
    share: float
    warnings: tuple[Notice, ...]
    kind: str
    epsilon: float
    level: float
    n_obs: int
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    group_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    simulated: bool = False
    references: tuple[str, ...] = ("asparouhov_muthen_2014", "muthen_asparouhov_2014")

    def group_name(self, group: str, lang: Language | None = None) -> str:
        """A group in the codebook's words."""
        return pick(self.group_names[group], lang) if group in self.group_names else group

    def summary(self, lang: Language | None = None) -> str:
        """One line a construct, what differs where, and how far that may be trusted."""
        lines = [self._head(lang)]
        for function in self.fit_function.to_dict("records"):
            lines += [f"  {self._line(function, lang)}", f"    {self._differing(function['construct'], lang)}"]
        return "\n".join([*lines, *notices_text(self.warnings, lang), rule_note("muthen_asparouhov_2014", lang)])

    def apa(self, lang: Language | None = None, *, kind: TableKind = "means") -> Table:
        """A table for a paper.

        Parameters
        ----------
        lang : {"en", "vi"}, optional
            Language; by default the table reads in any.
        kind : {"means", "items"}
            Means and standard deviations of the groups; or each item's aligned loading and intercept.
        """
        if kind not in KINDS:
            raise CxlabError("validity.unknown_table", kind=kind, known=", ".join(KINDS))
        return in_language(self._means() if kind == "means" else self._items(), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Aligned means with their intervals, by construct."""
        from cxlab.show.intervals import coefficient_plot

        frame = pd.DataFrame(
            {
                "label": [{one: self.group_name(name, one) for one in ("en", "vi")} for name in self.table["group"]],
                "block": cells(self.table["construct"], self.named),
                "construct": self.table["construct"],
                "estimate": self.table["mean"],
                "ci_lower": self.table["ci_lower"],
                "ci_upper": self.table["ci_upper"],
            }
        )
        reference = self.group_name(str(self.table["group"].iloc[0]), lang)
        title: Any = "invariance.aligned_title"
        if self.simulated:
            title = bilingual("validity.simulated_title", title=bilingual("invariance.aligned_title"))
        axis = Notice("invariance.aligned_axis", {"reference": reference})
        return coefficient_plot(frame, title=title, xlabel=axis, lang=lang)

    def _means(self) -> Table:
        frame = self.table.assign(
            construct=cells(self.table["construct"], self.named),
            group=cells(self.table["group"], lambda one: each(lambda lang: self.group_name(one, lang))),
        )
        columns = {
            "group": Column("invariance.col_group"),
            "n": Column("n", "integer"),
            "mean": Column("invariance.col_mean", "number"),
            "se": Column("invariance.col_se", "number"),
            "ci": Column(bilingual("validity.col_interval", level=f"{100 * self.level:g}"), "interval",
                         parts=("ci_lower", "ci_upper")),
            "sd": Column("invariance.col_sd_factor", "number"),
        }  # fmt: skip
        fixed = bilingual("invariance.note_fixed") if self.kind == "fixed" else ""
        return Table(frame, columns, "invariance.aligned_title", group="construct",
                     notes=(*self._notes(), bilingual("invariance.note_aligned", fixed=fixed)))  # fmt: skip

    def _items(self) -> Table:
        frame = self.items
        frame = frame.assign(
            construct=cells(frame["construct"], self.named),
            item=cells(frame["item"], self.named),
            kind=cells(frame["kind"], lambda one: bilingual(f"invariance.kind_{one}")),
            differing=[self._groups(text) for text in frame["differing"]],
        )
        columns = {
            "item": Column("invariance.col_item"),
            "kind": Column("invariance.col_kind"),
            "average": Column("invariance.col_average", "number"),
            "lowest": Column("invariance.col_lowest", "number"),
            "highest": Column("invariance.col_highest", "number"),
            "r2": Column("invariance.col_r2", "bounded"),
            "loss_share": Column("invariance.col_loss", "percent", digits=0),
            "differing": Column("invariance.col_differs"),
        }
        notes = (*self._notes(), bilingual("invariance.note_aligned_parameters"))
        return Table(frame, columns, "invariance.aligned_parameters_title", notes=notes, group="construct")

    def _groups(self, text: str) -> Any:
        names = text.split(", ") if text else []
        return each(lambda lang: ", ".join(self.group_name(one, lang) for one in names) or "–")

    def _notes(self) -> tuple[Mapping[str, str], ...]:
        return (each(self._head), *(each(one.text) for one in self.warnings if one.serious or "trusted" in one.key))

    def _head(self, lang: Language | None) -> str:
        made = " · " + tr("analyses.simulated", lang) if self.simulated else ""
        groups = self.table["group"].nunique()
        epsilon = format_number(self.epsilon, 2 if round(self.epsilon, 2) == self.epsilon else 4, lang=lang)
        return (
            tr("invariance.aligned_head", lang, kind=self.kind.upper(), groups=groups, n=self.n_obs, epsilon=epsilon)
            + made
        )

    def _line(self, function: Mapping[Any, Any], lang: Language | None) -> str:
        own = self.table[self.table["construct"] == function["construct"]]
        ends = {}
        for key, place in (("high", own["mean"].idxmax()), ("low", own["mean"].idxmin())):
            row = own.loc[place]
            ends[key] = (
                f"{self.group_name(str(row['group']), lang)} ({format_number(float(row['mean']), 2, lang=lang)})"
            )
        before, after = (format_number(float(function[key]), 1, lang=lang) for key in ("start", "value"))
        name = self.name(function["construct"], lang)
        return tr("invariance.aligned_line", lang, construct=name, before=before, after=after, **ends)

    def _differing(self, construct: str, lang: Language | None) -> str:
        rows = self.items[(self.items["construct"] == construct) & (self.items["n_differing"] > 0)].to_dict("records")
        name = self.name(construct, lang)
        if not rows:
            return tr("invariance.aligned_all_alike", lang, construct=name)
        shown = "; ".join(
            f"{row['item']}, {tr('invariance.kind_' + row['kind'], lang)} "
            f"({pick(self._groups(row['differing']), lang)})"
            for row in rows
        )
        return tr("invariance.aligned_noninvariant", lang, construct=name, parameters=shown)
