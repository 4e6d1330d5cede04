"""Networks with their hub in the middle, the others around it by distance."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.i18n import Language
from cxlab.show.rows import require_columns
from cxlab.show.style import INK, MUTED, figure_style, tint
from cxlab.show.text import Words, fit, label, text_size, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Panel = tuple[Words, pd.DataFrame, pd.DataFrame, str]
_ROLES: Mapping[str, tuple[str, str]] = {
    "customer": ("#CC3352", "D"),
    "firm": ("#225FC2", "s"),
    "coordinator": ("#B5650D", "o"),
    "partner": ("#6B6B6B", "o"),
}
_CONTROLLED = "#225FC2"


def network_figure(panels: Sequence[Panel], *, lang: Language | None = None) -> Figure:
    """Draw one network or several beside each other, the hub in the middle.

    Parameters
    ----------
    panels : sequence of (title, nodes, links, hub)
        nodes: DataFrame with ``node``, ``role`` ("customer", "firm", "coordinator" or "partner"), ``betweenness``;
        links: DataFrame with ``source``, ``target``, ``control`` (share of the firm, 0 to 1, or missing).
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        6.6 inches wide. A node's size shows its betweenness, a link's colour and width the firm's control.

    Raises
    ------
    DataError
        If a column is missing or a table is empty.

    Examples
    --------
    >>> nodes = pd.DataFrame({"node": ["a", "b"], "role": ["customer", "firm"], "betweenness": [0, 0]})
    >>> links = pd.DataFrame({"source": ["a"], "target": ["b"], "control": [1.0]})
    >>> len(network_figure([("One", nodes, links, "b")]).axes)
    1
    """
    from cxlab.show.figure import Picture

    for _, nodes, links, _ in panels:
        require_columns(nodes, ["node", "role", "betweenness"], "network_figure")
        require_columns(links, ["source", "target", "control"], "network_figure")
    columns = min(len(panels), 3)
    rows = math.ceil(len(panels) / columns)
    width, height = (6.6, 4.4) if len(panels) == 1 else (6.6, 2.75 * rows)
    with figure_style():
        figure = Picture(figsize=(width, height + 0.35))
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        figure.subplots_adjust(left=0.01, right=0.99, top=1 - 0.3 / (height + 0.35), bottom=0.37 / (height + 0.35),
                               wspace=0.04, hspace=0.2)  # fmt: skip
        for ax, (title, nodes, links, hub) in zip(axes, panels, strict=False):
            _draw(ax, nodes, links, hub, width / columns, height / rows)
            size = 9.5 if len(panels) == 1 else 8.5
            ax.set_title(fit(words(title, lang), width / columns / 1.15, size, 2), size=size, loc="center")
        for ax in axes[len(panels) :]:
            ax.set_axis_off()
        _legend(figure, panels, lang)
    return figure


def _draw(ax: Axes, nodes: pd.DataFrame, links: pd.DataFrame, hub: str, width: float, height: float) -> None:
    """One network; the axes' units are inches, so that texts can be placed beside marks."""
    room = 0.5 if width < 3 else 0.95
    places = _places(nodes, links, hub, (width / 2 - room, height / 2 - 0.45))
    ax.set(xlim=(-width / 2, width / 2), ylim=(-height / 2, height / 2))
    ax.set_axis_off()
    for one, two, control in links[["source", "target", "control"]].itertuples(index=False):
        held = 0.0 if math.isnan(control) else float(control)
        (x0, y0), (x1, y1) = places[one], places[two]
        colour = tint(_CONTROLLED, 0.35 + 0.65 * held) if held > 0 else "#A8A8A8"
        ax.plot([x0, x1], [y0, y1], color=colour, lw=1.0 + 1.8 * held, ls="-" if held > 0 else (0, (4, 2.5)), zorder=1)
    largest = max(float(nodes["betweenness"].max()), 1e-9)
    for node, role, between in nodes[["node", "role", "betweenness"]].itertuples(index=False):
        colour, marker = _ROLES.get(role, _ROLES["partner"])
        x, y = places[node]
        size = 7.0 + 8.0 * between / largest
        if node == hub:
            ax.plot(x, y, marker=marker, ms=size + 6, mfc="none", mec=colour, mew=1.1, zorder=2)
        ax.plot(x, y, marker=marker, ms=size, mfc=colour, mec="white", mew=0.8, zorder=3)
        _name(ax, str(node), (x, y), node == hub, size, width, places[hub][1])


def _name(
    ax: Axes, node: str, place: tuple[float, float], centre: bool, size: float, width: float, middle: float
) -> None:
    """The node's name outside the circle, away from its neighbours' names; the hub's below it on a light ground."""
    x, y = place
    reach = size / 144 + (0.1 if centre else 0.05)
    text = fit(label(node), 0.95 if width < 3 else 1.35, 8.0, 2)
    below = centre or y < middle - 1e-6
    half = text_size(text, 8.0)[0] / 2
    outward = 0.0 if centre or abs(x) < 0.05 else math.copysign(max(half - 0.15, 0.0), x)
    inside = min(max(x + outward, -width / 2 + half + 0.02), width / 2 - half - 0.02)
    ax.text(inside, y - reach if below else y + reach, text, ha="center", va="top" if below else "bottom", size=8,
            color=INK, weight="bold" if centre else "normal", linespacing=1.05, zorder=4,
            bbox={"boxstyle": "square,pad=0.08", "fc": "white", "ec": "none", "alpha": 0.8})  # fmt: skip


def _places(
    nodes: pd.DataFrame, links: pd.DataFrame, hub: str, radii: tuple[float, float]
) -> dict[str, tuple[float, float]]:
    """The hub at 0, 0; each branch gets an angle as wide as it has ends; what is not joined to it stands on the rim."""
    around: dict[str, list[str]] = {node: [] for node in nodes["node"]}
    for one, two in zip(links["source"], links["target"], strict=True):
        around[one].append(two)
        around[two].append(one)
    roles = dict(zip(nodes["node"], nodes["role"], strict=True))
    depth, order = {hub: 0}, [hub]
    children: dict[str, list[str]] = {node: [] for node in around}
    for node in order:
        for other in sorted(around[node], key=lambda one: roles[one] != "customer"):
            if other not in depth:
                depth[other] = depth[node] + 1
                children[node].append(other)
                order.append(other)
    apart = [node for node in around if node not in depth]
    children[hub] = children[hub] + apart
    depth |= {node: max([1, *depth.values()]) for node in apart}
    ends = dict.fromkeys(around, 1)
    for node in reversed(order):
        ends[node] = max(1, sum(ends[child] for child in children[node]))
    angle = {hub: (np.pi / 2 - np.pi * ends[(children[hub] or [hub])[0]] / ends[hub], 2 * np.pi)}
    places, deepest = {hub: (0.0, 0.0)}, max(1, *depth.values())
    for node in [*order, *apart]:
        start, wide = angle[node]
        for child in children[node]:
            share = wide * ends[child] / ends[node]
            angle[child] = (start, share)
            turn, far = start + share / 2, depth[child] / deepest
            places[child] = (far * radii[0] * float(np.cos(turn)), far * radii[1] * float(np.sin(turn)))
            start += share
    return _filled(places, radii)


def _filled(places: Mapping[str, tuple[float, float]], radii: tuple[float, float]) -> dict[str, tuple[float, float]]:
    """Moved and stretched to fill the panel, since branches of unequal depth leave one side empty."""
    at = np.array(list(places.values()))
    low, high = at.min(axis=0), at.max(axis=0)
    stretch = np.where(high - low > 1e-9, 2 * np.array(radii) / np.maximum(high - low, 1e-9), 1.0)
    moved = (at - (low + high) / 2) * np.minimum(stretch, 2.0)
    return {node: (float(x), float(y)) for node, (x, y) in zip(places, moved, strict=True)}


def _legend(figure: Figure, panels: Sequence[Panel], lang: Language | None) -> None:
    """What colours, marks and lines mean, as far as they occur."""
    from matplotlib.lines import Line2D

    roles = {role for _, nodes, _, _ in panels for role in nodes["role"]}
    control = pd.concat([links["control"] for _, _, links, _ in panels]).fillna(0)
    entries = [
        (Line2D([], [], marker=marker, ms=6, color=colour, mec="white", ls="none"), f"management.role_{role}")
        for role, (colour, marker) in _ROLES.items()
        if role in roles
    ]
    kinds = ((control == 1, 1.0, "full"), ((control > 0) & (control < 1), 0.5, "part"), (control == 0, 0.0, "none"))
    for which, held, name in kinds:
        if which.any():
            colour = tint(_CONTROLLED, 0.35 + 0.65 * held) if held else "#A8A8A8"
            line = Line2D([], [], color=colour, lw=1.0 + 1.8 * held, ls="-" if held else (0, (4, 2.5)))
            entries.append((line, f"management.control_{name}"))
    figure.legend([handle for handle, _ in entries], [words(key, lang) for _, key in entries], loc="lower center",
                  ncols=4, bbox_to_anchor=(0.5, 0.0), columnspacing=1.3, handletextpad=0.5, labelcolor=MUTED,
                  borderaxespad=0.1)  # fmt: skip
