"""From links as people write them to a graph, with every reason why they could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any, TypeAlias, Union

import numpy as np
import pandas as pd

from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import DataError, Notice

if TYPE_CHECKING:
    import networkx as nx

Edges: TypeAlias = Union[Sequence[tuple[str, str]], pd.DataFrame, "nx.Graph"]
Share: TypeAlias = float | str | Mapping[tuple[str, str], float] | None


def read_links(edges: Edges) -> tuple[nx.Graph, pd.DataFrame, list[Notice]]:
    """An undirected graph with nodes as text, and its links in the graph's order with the columns given beside them."""
    import networkx as nx

    frame = _frame(edges)
    if frame.empty:
        raise DataError("management.no_links")
    loops = frame[frame["source"] == frame["target"]]
    if len(loops):
        raise DataError("management.own_link", node=loops["source"].iloc[0])
    pair = [tuple(sorted(ends)) for ends in zip(frame["source"], frame["target"], strict=True)]
    once = ~pd.Series(pair).duplicated().to_numpy()
    told = [] if once.all() else [Notice("management.links_twice", {"count": int((~once).sum())})]
    frame = frame[once].reset_index(drop=True)
    graph = nx.Graph()
    if isinstance(edges, nx.Graph):
        graph.add_nodes_from(nfc(str(node)) for node in edges.nodes)
    graph.add_nodes_from(pd.unique(frame[["source", "target"]].to_numpy().ravel()))
    graph.add_edges_from(zip(frame["source"], frame["target"], strict=True))
    place = {frozenset(ends): k for k, ends in enumerate(zip(frame["source"], frame["target"], strict=True))}
    return graph, frame.iloc[[place[frozenset(link)] for link in graph.edges]].reset_index(drop=True), told


def _frame(edges: Any) -> pd.DataFrame:
    import networkx as nx

    if isinstance(edges, pd.DataFrame):
        lacking = [name for name in ("source", "target") if name not in edges.columns]
        if lacking:
            known = ", ".join(map(str, edges.columns))
            raise DataError("management.links_columns", names=", ".join(lacking), known=known)
        frame = edges.copy()
        if frame[["source", "target"]].isna().to_numpy().any():
            raise DataError("management.links_missing")
    else:
        pairs = list(edges.edges) if isinstance(edges, nx.Graph) else _pairs(edges)
        frame = pd.DataFrame(pairs, columns=["source", "target"], dtype=object)
    return frame.assign(**{name: [nfc(str(node)).strip() for node in frame[name]] for name in ("source", "target")})


def _pairs(edges: Any) -> list[tuple[Any, Any]]:
    if isinstance(edges, str) or not isinstance(edges, Iterable):
        raise DataError("management.links_shape", shown=str(edges)[:40])
    pairs = list(edges)
    for pair in pairs:
        if isinstance(pair, str) or not isinstance(pair, Sequence) or len(pair) != 2:
            raise DataError("management.links_shape", shown=str(pair)[:40])
    return [(one, other) for one, other in pairs]


def link_values(what: str, given: Share, frame: pd.DataFrame, default: Any) -> np.ndarray:
    """One number from 0 to 1 for each link of the frame."""
    if isinstance(given, Mapping):
        wanted = {frozenset(map(_text, pair)): (pair, value) for pair, value in given.items()}
        own = [frozenset(ends) for ends in zip(frame["source"], frame["target"], strict=True)]
        for key, (pair, _) in wanted.items():
            if key not in own:
                raise DataError("management.unknown_link", what=what, link=" – ".join(map(str, pair)))
        filled = np.broadcast_to(np.asarray(default, dtype=float), len(own))
        values = [wanted[key][1] if key in wanted else filled[k] for k, key in enumerate(own)]
    elif isinstance(given, str):
        if given not in frame.columns:
            raise DataError("management.links_columns", names=given, known=", ".join(map(str, frame.columns)))
        values = frame[given].tolist()
    else:
        values = list(np.broadcast_to(default if given is None else given, len(frame)))
    return _shares(what, values, [f"{a} – {b}" for a, b in zip(frame["source"], frame["target"], strict=True)])


def node_values(what: str, given: Any, nodes: list[str], default: float) -> np.ndarray:
    """One number from 0 to 1 for each node; nodes that a mapping leaves out get `default`."""
    if isinstance(given, Mapping):
        named = {_text(node): value for node, value in given.items()}
        for node in named:
            if node not in nodes:
                hint = did_you_mean(node, nodes)
                raise DataError("management.unknown_node", what=what, name=node, hint=hint, known=", ".join(nodes))
        values = [named.get(node, default) for node in nodes]
        _shares(what, [named[node] for node in nodes if node in named], [node for node in nodes if node in named])
        return np.array(values, dtype=float)
    return _shares(what, [given] * len(nodes), nodes)


def _text(name: Any) -> str:
    return nfc(str(name)).strip()


def _shares(what: str, values: list[Any], names: list[str]) -> np.ndarray:
    for name, value in zip(names, values, strict=True):
        if isinstance(value, bool | np.bool_) or not isinstance(value, Real) or not 0 <= float(value) <= 1:
            raise DataError("management.share_outside", what=what, name=name, value=value)
    return np.array(values, dtype=float)
