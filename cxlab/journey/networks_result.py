"""The result of `cx.partner_network`: nodes, links and measures, as text, table and diagram."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pandas as pd

from cxlab.analyses.result import Result, Text, bilingual, in_language, notices_text
from cxlab.errors import Notice
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Form = Literal["customer", "coordinator", "firm"]


@dataclass(frozen=True, repr=False, eq=False)
class PartnerNetwork(Result):
    """Partners of one experience as a graph; see `cxlab.partner_network` for the columns."""

    table: pd.DataFrame
    links: pd.DataFrame
    measures: pd.Series
    hub: str
    customer: str
    firm: str | None
    form: Form
    warnings: tuple[Notice, ...]
    exact: bool
    labels: Mapping[str, Text] = field(default_factory=dict)
    references: tuple[str, ...] = ("tax_2013", "freeman_1979", "networkx")

    def name(self, node: str, lang: Language | None = None) -> str:
        """A node as it is printed: the pure forms' own nodes in the reader's language, others by their name."""
        return pick(self.labels.get(node, node), lang)

    def panel(self, title: str, lang: Language | None = None) -> tuple[str, pd.DataFrame, pd.DataFrame, str]:
        """What the figure draws: title, nodes, links and hub, in the reader's words."""
        names = {node: self.name(node, lang) for node in self.table["node"]}
        links = self.links.assign(source=self.links["source"].map(names), target=self.links["target"].map(names))
        return title, self.table.assign(node=self.table["node"].map(names)), links, names[self.hub]

    def summary(self, lang: Language | None = None) -> str:
        """Form, scores, and the partners whose failures reach the customer most."""
        size = {name: int(self.measures[name]) for name in ("nodes", "links")}
        head = tr("management.network_head", lang, form=tr(f"management.form_{self.form}", lang),
                  hub=self.name(self.hub, lang), **size)  # fmt: skip
        scores = {
            name: format_number(float(self.measures[name]), 2, lang=lang)
            for name in ("control", "uncertainty", "density")
        }
        reached = format_number(100 * float(self.measures["any_failure"]), 1, lang=lang)
        lines = [
            head,
            *notices_text(self.warnings, lang),
            tr("management.network_scores", lang, reached=reached, **scores),
        ]
        for row in self.table.sort_values("reach", ascending=False, kind="stable").to_dict("records"):
            if row["node"] != self.customer:
                reach = format_number(row["reach"], 2, bounded=True, lang=lang)
                lines.append("  " + tr("management.network_line", lang, node=self.name(row["node"], lang), reach=reach))
        return "\n".join(lines)

    def apa(self, lang: Language | None = None) -> Table:
        """Nodes with their centralities, control and the chance that their failures reach the customer."""
        columns = {
            "label": Column("management.col_node"),
            "role": Column("management.col_role"),
            "degree": Column("management.col_degree", "integer"),
            "betweenness": Column("management.col_betweenness", "bounded"),
            "closeness": Column("management.col_closeness", "bounded"),
            "control": Column("management.col_control", "bounded"),
            "uncertainty": Column("management.col_uncertainty", "bounded"),
            "failure": Column("management.col_failure", "bounded"),
            "reach": Column("management.col_reach", "bounded"),
        }
        used = {name: one for name, one in columns.items() if name == "label" or self.table[name].notna().any()}
        frame = self.table.assign(
            label=[self.labels.get(node, node) for node in self.table["node"]],
            role=[bilingual(f"management.role_{role}") for role in self.table["role"]],
        )
        note = bilingual("management.network_note" if self.exact else "management.network_note_simulated")
        return in_language(Table(frame, used, "management.network_title", notes=(note,)), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """The network, its hub in the middle; links that the firm controls in colour, central nodes large."""
        from cxlab.show.network import network_figure

        return network_figure([self.panel(tr(f"management.form_{self.form}", lang), lang)], lang=lang)
