"""`cx.partner_network`: who stands between the customer and the partners, what the firm controls, where failures go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import DataError, Notice
from cxlab.estimate.spread import Spread, failure_spread
from cxlab.journey.networks_input import Edges, Share, link_values, node_values, read_links
from cxlab.journey.networks_result import PartnerNetwork

if TYPE_CHECKING:
    import networkx as nx

_CUSTOMER = ("customer", "khách hàng", "khach hang", "client", "traveller", "guest")
_FIRM = ("firm", "company", "doanh nghiệp", "doanh nghiep", "công ty", "cong ty", "hãng", "brand")
_SHARED = 0.5


def partner_network(
    edges: Edges,
    *,
    hub: str | None = None,
    control: Share = None,
    uncertainty: Mapping[str, float] | None = None,
    customer: str | None = None,
    firm: str | None = None,
    failure: float | Mapping[str, float] = 0.05,
    passes: Share = 0.5,
    seed: int = 0,
) -> PartnerNetwork:
    """The organisations behind one experience as a graph: centrality, control, uncertainty, and how failures spread.

    When to use it: several partners make one experience (a dinner out: booking, taxi, child care). Who coordinates
    them decides what the firm controls and which failures reach the customer.

    Parameters
    ----------
    edges : sequence of (str, str), DataFrame or networkx Graph
        Links between those who deal with each other; a DataFrame has the columns ``source`` and ``target``.
    hub : str, optional
        Who coordinates. Default: the node most shortest routes pass through; the result says which.
    control : mapping of (str, str) to float, str or float, optional
        The share of each link that the firm controls, from 0 to 1, or the DataFrame's column with it. Default: 1 for
        the firm's own links, 0.5 for those of a coordinating hub (shared), 0 for others. Links that a mapping leaves
        out are 0.
    uncertainty : mapping of str to float, optional
        How unsure the customer is of each partner, from 0 to 1. Default: the network's score is the probability that
        some failure reaches the customer.
    customer, firm : str, optional
        Their nodes. Default: the nodes called so, in English or Vietnamese.
    failure : float or mapping of str to float
        Probability that a partner fails by itself in one journey.
    passes : float, mapping of (str, str) to float, or str
        Probability that a link passes a failure on, from 0 (a perfect buffer) to 1.
    seed : int
        For more than 14 links, whose failures are simulated (20,000 draws).

    Returns
    -------
    PartnerNetwork
        ``.table``: node, role, degree, degree_centrality, betweenness, closeness, control, uncertainty, failure, reach
        (probability that a failure there reaches the customer), reach_se (0 where exact), cut (True if the customer
        loses others without it). ``.links``: source, target, control, passes. ``.measures``: nodes, links, density,
        centralisation, control, uncertainty, firm_sees (share of the others the firm deals with), any_failure,
        expected_failures, customer_contacts. ``.hub``, ``.form``, ``.plot()``.

    Raises
    ------
    DataError
        No links, a node linked to itself, unknown hub, customer, firm, node or link, numbers outside 0 to 1.

    Notes
    -----
    Tax, McCutcheon & Wilkinson (2013) name three forms by who coordinates: the customer, a coordinator, the firm.
    Centralities by networkx; centralisation of degree after Freeman (1979). A failure reaches the customer if links
    that pass it on join the two: exact over all states of the links up to 14 of them.

    Examples
    --------
    >>> import cxlab as cx
    >>> dinner = [("customer", "restaurant"), ("customer", "taxi"), ("customer", "child care")]
    >>> network = cx.partner_network(dinner, firm="restaurant")
    >>> network.form, round(float(network.measures["control"]), 2)
    ('customer', 0.33)
    """
    graph, frame, told = read_links(edges)
    nodes = list(graph.nodes)
    buyer = _named(customer, nodes, _CUSTOMER, "customer")
    if buyer is None:
        raise DataError("management.no_customer", known=", ".join(nodes))
    own = _named(firm, nodes, _FIRM, "firm")
    centre, chosen = _hub(hub, graph)
    default = _control(graph, own, buyer, centre) if control is None else 0.0
    links = frame[["source", "target"]].assign(
        control=link_values("control", control, frame, default), passes=link_values("passes", passes, frame, 0.0)
    )
    if own is None and control is None:
        links["control"] = np.nan
    fails = node_values("failure", failure, nodes, 0.0)
    fails[nodes.index(buyer)] = 0.0
    unsure = None if uncertainty is None else node_values("uncertainty", uncertainty, nodes, np.nan)
    places = np.array([[nodes.index(one), nodes.index(two)] for one, two in graph.edges])
    spread = failure_spread(places, links["passes"].to_numpy(), fails, nodes.index(buyer), seed=seed)
    table = _table(graph, links, buyer, own, centre, spread, fails, unsure)
    return PartnerNetwork(
        table=table,
        links=links,
        measures=_measures(graph, links, table, buyer, own, spread),
        hub=centre,
        customer=buyer,
        firm=own,
        form="customer" if centre == buyer else "firm" if centre == own else "coordinator",
        warnings=(*told, *chosen, *_notices(graph, buyer, own, control, spread, fails)),
        exact=spread.exact,
    )


def _named(name: str | None, nodes: list[str], usual: tuple[str, ...], what: str) -> str | None:
    """The node asked for, or the one that is called so."""
    if name is None:
        return next((node for node in nodes if node.casefold() in usual), None)
    if nfc(str(name)) not in nodes:
        known = ", ".join(nodes)
        raise DataError("management.unknown_node", what=what, name=name, hint=did_you_mean(name, nodes), known=known)
    return nfc(str(name))


def _hub(hub: str | None, graph: nx.Graph) -> tuple[str, list[Notice]]:
    import networkx as nx

    if hub is not None:
        return str(_named(hub, list(graph.nodes), (), "hub")), []
    between = nx.betweenness_centrality(graph)
    best = max(graph.nodes, key=lambda node: (round(between[node], 12), graph.degree(node)))
    return best, [Notice("management.hub_found", {"hub": best})]


def _control(graph: nx.Graph, firm: str | None, customer: str, hub: str) -> np.ndarray:
    """What the firm controls of each link: its own, half of a coordinator's, none of the others."""
    shared = _SHARED if hub not in (firm, customer) else 0.0
    return np.array([1.0 if firm in link else shared if hub in link else 0.0 for link in graph.edges])


def _table(
    graph: nx.Graph,
    links: pd.DataFrame,
    customer: str,
    firm: str | None,
    hub: str,
    spread: Spread,
    fails: np.ndarray,
    unsure: np.ndarray | None,
) -> pd.DataFrame:
    import networkx as nx

    nodes = list(graph.nodes)
    centrality = {
        "degree": dict(graph.degree),
        "degree_centrality": nx.degree_centrality(graph),
        "betweenness": nx.betweenness_centrality(graph),
        "closeness": nx.closeness_centrality(graph),
    }
    roles = {hub: "coordinator"} | ({firm: "firm"} if firm is not None else {}) | {customer: "customer"}
    own = {node: links["control"][(links["source"] == node) | (links["target"] == node)].mean() for node in nodes}
    cuts = set(nx.articulation_points(graph)) - {customer}
    table = pd.DataFrame({"node": nodes, "role": [roles.get(node, "partner") for node in nodes]})
    for name, values in centrality.items():
        table[name] = [values[node] for node in nodes]
    table["control"] = [own[node] for node in nodes]
    table["uncertainty"] = np.nan if unsure is None else unsure
    table["failure"], table["reach"], table["reach_se"] = fails, spread.reach, spread.errors
    table["cut"] = [node in cuts and _parts_customer(graph, node, customer) for node in nodes]
    table.loc[table["node"] == customer, ["uncertainty", "failure", "reach", "reach_se"]] = np.nan
    return table


def _parts_customer(graph: nx.Graph, node: str, customer: str) -> bool:
    """Whether the customer can reach fewer of the others once the node is gone."""
    import networkx as nx

    before = len(nx.node_connected_component(graph, customer)) - 1
    rest = graph.subgraph(one for one in graph.nodes if one != node)
    return node in nx.node_connected_component(graph, customer) and (
        len(nx.node_connected_component(rest, customer)) < before
    )


def _measures(
    graph: nx.Graph, links: pd.DataFrame, table: pd.DataFrame, customer: str, firm: str | None, spread: Spread
) -> pd.Series:
    import networkx as nx

    n, degrees = len(graph), np.array([degree for _, degree in graph.degree])
    given = table["uncertainty"].notna().any()
    return pd.Series(
        {
            "nodes": n,
            "links": graph.number_of_edges(),
            "density": nx.density(graph),
            "centralisation": (degrees.max() - degrees).sum() / ((n - 1) * (n - 2)) if n > 2 else np.nan,
            "control": links["control"].mean(),
            "uncertainty": table["uncertainty"].mean() if given else spread.any_failure,
            "firm_sees": np.nan if firm is None else graph.degree(firm) / (n - 1),
            "any_failure": spread.any_failure,
            "expected_failures": spread.expected,
            "customer_contacts": graph.degree(customer),
        },
        dtype=float,
    )


def _notices(
    graph: nx.Graph, customer: str, firm: str | None, control: Any, spread: Spread, fails: np.ndarray
) -> list[Notice]:
    import networkx as nx

    notices = []
    apart = [node for node in graph.nodes if node not in nx.node_connected_component(graph, customer)]
    if apart:
        notices.append(Notice("management.disconnected", {"nodes": ", ".join(apart)}, serious=True))
    if firm is None:
        notices.append(Notice("management.no_firm", serious=control is None))
    elif control is None:
        notices.append(Notice("management.control_assumed"))
    if not spread.exact:
        notices.append(Notice("management.spread_simulated"))
    if not fails.any():
        notices.append(Notice("management.nothing_fails"))
    return notices
