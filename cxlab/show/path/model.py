"""What a path diagram shows: nodes and arrows with their texts, read from plain tables and checked."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from cxlab.errors import DataError
from cxlab.i18n import Language, format_number
from cxlab.show.cells import is_missing
from cxlab.show.rows import require_columns
from cxlab.show.style import construct_colours
from cxlab.show.text import fit, label, text_size

NodeKind = Literal["latent", "observed", "composite", "intercept"]
EdgeKind = Literal["loading", "regression", "covariance", "residual"]
NODE_KINDS = ("latent", "observed", "composite", "intercept")
EDGE_KINDS = ("loading", "regression", "covariance", "residual")
HUB_SIZE, ITEM_SIZE, PATH_SIZE, LOADING_SIZE = 9.0, 8.0, 8.0, 7.0


@dataclass(frozen=True)
class Node:
    """A variable: what is written in it, its shape, colour and size in inches."""

    name: str
    text: str
    kind: str
    colour: str
    width: float
    height: float


@dataclass(frozen=True)
class Edge:
    """An arrow: from where to where, its text, and whether it is numbered, dashed (not significant) or negative."""

    source: str
    target: str
    kind: str
    text: str = ""
    numbered: bool = False
    dashed: bool = False
    negative: bool = False


@dataclass(frozen=True)
class Model:
    """The diagram before it is laid out. Hubs are what the theory connects; items hang on a hub."""

    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...]
    owner: Mapping[str, str]
    hubs: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "hubs", tuple(name for name in self.nodes if name not in self.owner))

    def items(self, hub: str) -> list[str]:
        """The items that hang on a hub, in the order of the table."""
        return [name for name in self.nodes if self.owner.get(name) == hub]

    def between_hubs(self, *kinds: str) -> list[Edge]:
        """Arrows of these kinds that join two different hubs."""
        chosen = (edge for edge in self.edges if edge.kind in kinds and edge.source != edge.target)
        return [edge for edge in chosen if edge.source not in self.owner and edge.target not in self.owner]

    def owned(self, edge: Edge) -> bool:
        """True for the arrow between an item and the hub it hangs on."""
        return edge.kind == "loading" and edge.source != edge.target and (
            self.owner.get(edge.target) == edge.source or self.owner.get(edge.source) == edge.target
        )  # fmt: skip


def read_model(
    nodes: pd.DataFrame,
    edges: pd.DataFrame,
    show: Collection[str],
    alpha: float,
    digits: int,
    bounded: bool,
    lang: Language | None,
) -> Model:
    """Check the two tables and turn them into a Model with texts and sizes."""
    require_columns(nodes, ["name", "kind"], "path_diagram")
    require_columns(edges, ["source", "target", "kind"], "path_diagram")
    kinds = {str(row["name"]): str(row["kind"]) for row in nodes.to_dict("records")}
    if len(kinds) < len(nodes):
        raise DataError("show.path_twice", names=", ".join(nodes["name"][nodes["name"].duplicated()].map(str)))
    _known(set(kinds.values()), NODE_KINDS)
    arrows = [_edge(row, show, alpha, digits, bounded, lang) for row in edges.to_dict("records")]
    _known({edge.kind for edge in arrows}, EDGE_KINDS)
    lost = {name for edge in arrows for name in (edge.source, edge.target)} - set(kinds)
    if lost:
        raise DataError("show.path_unknown_node", names=", ".join(sorted(lost)), known=", ".join(kinds))
    owner = _owners(kinds, arrows)
    shown = [edge for edge in arrows if edge.kind != "residual" or "residuals" in show]
    return Model(_nodes(nodes, owner, lang), tuple(shown), owner)


def _known(given: set[str], known: Collection[str]) -> None:
    if not given <= set(known):
        raise DataError("show.unknown_kind", kind=", ".join(sorted(given - set(known))), known=", ".join(known))


def _edge(
    row: Mapping[Any, Any], show: Collection[str], alpha: float, digits: int, bounded: bool, lang: Language | None
) -> Edge:
    """One arrow with the text beside it."""
    estimate, pvalue = (_number(row.get(key)) for key in ("estimate", "pvalue"))
    known = not math.isnan(estimate)
    number = format_number(estimate, digits, bounded=bounded and abs(estimate) < 1, lang=lang)
    name = "" if is_missing(row.get("label")) else label(row["label"], lang)
    parts = [name] if name else []
    numbered = known and "estimates" in show
    parts += [number] if numbered else []
    target = str(row["target"])
    source = target if is_missing(row["source"]) else str(row["source"])
    return Edge(
        source=source,
        target=target,
        kind="residual" if source == target else str(row["kind"]),
        text=": ".join(parts),
        numbered=numbered,
        dashed="significance" in show and pvalue >= alpha,
        negative=known and estimate < 0,
    )


def _number(value: Any) -> float:
    return math.nan if is_missing(value) else float(value)


def _owners(kinds: Mapping[str, str], edges: list[Edge]) -> dict[str, str]:
    """The hub that each item hangs on: of several, the one with the fewest items (a specific, not a general factor)."""
    holders: dict[str, list[str]] = {}
    for edge in edges:
        if edge.kind == "loading":
            for item, hub in ((edge.target, edge.source), (edge.source, edge.target)):
                if kinds[item] == "observed" and kinds[hub] != "observed":
                    holders.setdefault(item, []).append(hub)
    load = [hub for hubs in holders.values() for hub in hubs]
    return {item: min(hubs, key=load.count) for item, hubs in holders.items()}


def _nodes(table: pd.DataFrame, owner: Mapping[str, str], lang: Language | None) -> dict[str, Node]:
    """Nodes with wrapped texts; hubs share one size and items another, so that the eye compares like with like."""
    rows = {str(row["name"]): row for row in table.to_dict("records")}
    construct = {name: _construct(rows[owner.get(name, name)]) for name in rows}
    colours = construct_colours(construct.values())
    texts = {name: _text(row, name in owner, lang) for name, row in rows.items()}
    hub = _largest([text_size(texts[name], HUB_SIZE) for name in rows if name not in owner])
    item = _largest([text_size(texts[name], ITEM_SIZE) for name in rows if name in owner])
    hub_size = (max(1.05, 1.28 * hub[0] + 0.2), max(0.6, 1.35 * hub[1] + 0.24))
    item_size = (max(0.44, item[0] + 0.14), max(0.24, item[1] + 0.1))
    made = {}
    for name, row in rows.items():
        width, height = item_size if name in owner else hub_size
        if name not in owner and row["kind"] == "observed":
            width, height = max(0.9, hub[0] + 0.2), max(0.42, hub[1] + 0.16)
        made[name] = Node(name, texts[name], str(row["kind"]), colours[construct[name]], width, height)
    return made


def _construct(row: Mapping[Any, Any]) -> str:
    """What a node's colour goes by: its construct, or its name."""
    return str(row["name"] if is_missing(row.get("construct")) else row["construct"])


def _text(row: Mapping[Any, Any], is_item: bool, lang: Language | None) -> str:
    """What is written in a node, wrapped."""
    text = label(row["name"] if is_missing(row.get("label")) else row["label"], lang)
    if is_item:
        return fit(text, 1.3, ITEM_SIZE, 2)
    r2 = _number(row.get("r2"))
    shown = fit(text, 1.2, HUB_SIZE, 3)
    return shown if math.isnan(r2) else f"{shown}\nR² = {format_number(r2, 2, bounded=True, lang=lang)}"


def _largest(sizes: list[tuple[float, float]]) -> tuple[float, float]:
    """The width and height that hold all of these."""
    return (max(w for w, _ in sizes), max(h for _, h in sizes)) if sizes else (0.0, 0.0)
