"""`cx.compare_networks`: the same partners coordinated by the customer, by a coordinator, by the firm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.analyses.result import Result, Text, bilingual, in_language, notices_text
from cxlab.errors import DataError, Notice
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.journey.networks import partner_network
from cxlab.journey.networks_result import PartnerNetwork
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMS = ("customer", "coordinator", "firm")


@dataclass(frozen=True, repr=False, eq=False)
class NetworkComparison(Result):
    """Several partner networks side by side; see `cxlab.compare_networks` for the columns."""

    table: pd.DataFrame
    networks: Mapping[str, PartnerNetwork] = field(repr=False)
    labels: Mapping[str, str | Text] = field(repr=False)
    warnings: tuple[Notice, ...] = ()
    references: tuple[str, ...] = ("tax_2013", "freeman_1979", "networkx")

    def summary(self, lang: Language | None = None) -> str:
        """One line a network."""
        lines = [tr("management.compare_head", lang), *notices_text(self.warnings, lang)]
        for row in self.table.to_dict("records"):
            shown = {name: format_number(row[name], 2, lang=lang) for name in ("control", "uncertainty", "firm_sees")}
            reached = format_number(100 * row["any_failure"], 1, lang=lang)
            name = pick(self.labels[row["network"]], lang)
            lines.append("  " + tr("management.compare_line", lang, name=name, reached=reached, **shown))
        return "\n".join(lines)

    def apa(self, lang: Language | None = None) -> Table:
        """Networks with size, density, centralisation, control, uncertainty and failures that reach the customer."""
        columns = {
            "label": Column("management.col_network"),
            "links": Column("management.col_links", "integer"),
            "density": Column("management.col_density", "bounded"),
            "centralisation": Column("management.col_centralisation", "bounded"),
            "customer_contacts": Column("management.col_contacts", "integer"),
            "control": Column("management.col_control", "bounded"),
            "firm_sees": Column("management.col_firm_sees", "bounded"),
            "uncertainty": Column("management.col_uncertainty", "bounded"),
            "any_failure": Column("management.col_any_failure", "bounded"),
        }
        frame = self.table.assign(label=[self.labels[name] for name in self.table["network"]])
        notes = (bilingual("management.compare_note"),)
        return in_language(Table(frame, columns, "management.compare_title", notes=notes), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """The networks beside each other, each with its hub in the middle."""
        from cxlab.show.network import network_figure

        panels = [one.panel(pick(self.labels[name], lang), lang) for name, one in self.networks.items()]
        return network_figure(panels, lang=lang)


def compare_networks(
    networks: Mapping[str, PartnerNetwork] | Sequence[str],
    *,
    failure: float = 0.05,
    passes: float = 0.5,
    lang: Language | None = None,
) -> NetworkComparison:
    """Partner networks side by side; from partners' names alone, the three forms they can take.

    When to use it: before partners are bound closer, to see what coordination by the customer, a coordinator or the
    firm changes in control, in what the firm sees, and in which failures reach the customer.

    Parameters
    ----------
    networks : mapping of name to PartnerNetwork, or sequence of str
        Networks made by `cx.partner_network`; or the partners beside the firm, at least two, for the three pure forms
        of Tax, McCutcheon & Wilkinson (2013): all joined to the customer, to a coordinator, or to the firm.
    failure, passes : float
        For the three forms: see `cx.partner_network`.
    lang : {"en", "vi"}, optional
        Language of the nodes' names in the tables of the three forms (customer, firm, coordinator); texts and figures
        have them in the language of the reader.

    Returns
    -------
    NetworkComparison
        ``.table``: network, form, hub, and the measures of each. ``.networks``, ``.plot()``.

    Raises
    ------
    DataError
        Fewer than two networks or partners, a partner twice, or called as customer, firm or coordinator are.

    Notes
    -----
    The pure forms are drawings of the theory, not data: which form does best depends on `passes`. A hub keeps failures
    from the customer only as far as it does not pass them on, and adds its own.

    Examples
    --------
    >>> import cxlab as cx
    >>> forms = cx.compare_networks(["taxi", "child care", "booking"])
    >>> forms.table[["network", "control"]].round(2).to_dict("list")
    {'network': ['customer', 'coordinator', 'firm'], 'control': [0.25, 0.6, 1.0]}
    """
    if isinstance(networks, Mapping):
        found = dict(networks)
        wrong = [name for name, one in found.items() if not isinstance(one, PartnerNetwork)]
        if wrong or len(found) < 2:
            raise DataError("management.compare_two", count=len(found))
        labels: dict[str, str | Text] = {name: str(name) for name in found}
        warnings = _shared_warnings(found)
    else:
        found = _forms(networks, failure, passes, lang)
        labels = {form: bilingual(f"management.form_{form}") for form in FORMS}
        warnings = (Notice("management.forms_assumed"), _against_theory(found))
    rows = [{"network": name, "form": one.form, "hub": one.hub, **one.measures} for name, one in found.items()]
    return NetworkComparison(pd.DataFrame(rows), found, labels, warnings)


def _forms(partners: Sequence[str], failure: float, passes: float, lang: Language | None) -> dict[str, PartnerNetwork]:
    names = [] if isinstance(partners, str) else [str(name).strip() for name in partners]
    words = {role: bilingual(f"management.role_{role}") for role in ("customer", "firm", "coordinator")}
    customer, firm, broker = (pick(text, lang) for text in words.values())
    if len(names) < 2:
        raise DataError("management.too_few_partners", count=len(names))
    # In either language: a partner called as the customer is would be drawn as one node with it.
    taken = {word for text in words.values() for word in text.values()}
    twice = sorted({name for name in names if name in taken or names.count(name) > 1})
    if twice:
        raise DataError("management.partner_twice", names=", ".join(twice))
    edges = {
        "customer": [(customer, one) for one in (firm, *names)],
        "coordinator": [(customer, broker), *((broker, one) for one in (firm, *names))],
        "firm": [(customer, firm), *((firm, one) for one in names)],
    }
    hubs = {"customer": customer, "coordinator": broker, "firm": firm}
    labels = {pick(text, lang): text for text in words.values()}
    made = {
        form: partner_network(edges[form], hub=hubs[form], customer=customer, firm=firm, failure=failure, passes=passes)
        for form in FORMS
    }
    return {form: replace(one, labels=labels) for form, one in made.items()}


def _shared_warnings(networks: Mapping[str, PartnerNetwork]) -> tuple[Notice, ...]:
    """What must be said of any of them, with the name of the network before it."""
    return tuple(
        Notice("management.of_network", {"name": name, "notice": notice}, notice.serious)
        for name, one in networks.items()
        for notice in one.warnings
        if notice.serious
    )


def _against_theory(found: Mapping[str, PartnerNetwork]) -> Notice:
    """Whether control and uncertainty rank the forms as the theory says."""
    from cxlab.theory.tables import theory_table

    frame = theory_table("partner_networks").table.set_index("key")
    agree = [
        pd.Series({form: found[form].measures[name] for form in FORMS}).rank().tolist()
        == [float(frame.loc[form, name]) for form in FORMS]
        for name in ("control", "uncertainty")
    ]
    words = {
        name: Notice(f"management.rank_{'same' if one else 'other'}")
        for name, one in zip(("control", "uncertainty"), agree, strict=True)
    }
    return Notice("management.ranks", words, serious=not all(agree))
