"""A fitted surface over two measures on one scale: as contours from above, or in three dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.i18n import Language
from cxlab.show.figure import Picture
from cxlab.show.rows import heading, require_columns, write_title
from cxlab.show.style import INK, MUTED, NEGATIVE, figure_style, number_formatter
from cxlab.show.text import Words, fit, label, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

_SIDE, _LEFT, _RIGHT, _BELOW, _LEGEND = 4.0, 0.65, 1.05, 0.55, 0.62
_LINES = {"congruence": (INK, "-"), "incongruence": (INK, (0, (5, 3))), "axis": (NEGATIVE, "-")}


def surface_plot(
    grid: pd.DataFrame,
    points: pd.DataFrame,
    lines: pd.DataFrame,
    *,
    solid: bool = False,
    title: Words | None = None,
    xlabel: Words = "",
    ylabel: Words = "",
    zlabel: Words = "",
    lang: Language | None = None,
) -> Figure:
    """Draw a surface with the answers it rests on and the lines it is read along; pale where there are no answers.

    Parameters
    ----------
    grid : DataFrame
        Columns ``x``, ``y``, ``z``: the surface on a rectangular grid, one row a node.
    points : DataFrame
        Columns ``x``, ``y``, ``n``: places where answers lie, and how many.
    lines : DataFrame
        Columns ``name`` (``congruence``, ``incongruence`` or ``axis``), ``label`` (text or bilingual), ``x``, ``y``,
        ``z``, one row a node of a line.
    solid : bool
        True draws in three dimensions, False contours.
    title, xlabel, ylabel, zlabel : str, bilingual text or Notice, optional
        Catalogue key or text.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure

    Raises
    ------
    DataError
        If a column is missing or a table is empty.

    Examples
    --------
    >>> nodes = pd.DataFrame([(x, y, x * y) for x in range(3) for y in range(3)], columns=["x", "y", "z"])
    >>> line = pd.DataFrame({"name": "congruence", "label": "x = y", "x": [0, 2], "y": [0, 2], "z": [0, 4]})
    >>> answers = pd.DataFrame({"x": [0, 2, 1], "y": [0, 1, 2], "n": [3, 5, 2]})
    >>> len(surface_plot(nodes, answers, line).axes)
    2
    """
    for table, names in ((grid, "x y z"), (points, "x y n"), (lines, "name label x y z")):
        require_columns(table, names.split(), "surface_plot")
    z = grid.pivot(index="y", columns="x", values="z")
    x, y = np.meshgrid(z.columns.to_numpy(float), z.index.to_numpy(float))
    texts = (xlabel, ylabel, zlabel)
    named = [words(text, lang) for text in texts]
    with figure_style():
        if solid:
            return _solid(x, y, z.to_numpy(float), points, lines, named, title, lang)
        return _contours(x, y, z.to_numpy(float), points, lines, named, title, lang)


def _contours(
    x: Any, y: Any, z: Any, points: pd.DataFrame, lines: pd.DataFrame, named: list[str], title: Any, lang: Any
) -> Figure:
    head, above = heading(title, lang, _LEFT + _SIDE)
    height = _BELOW + _SIDE + _LEGEND + above
    width = _LEFT + _SIDE + _RIGHT
    figure = Picture(figsize=(width, height))
    write_title(figure, head)
    ax = figure.add_axes((_LEFT / width, _BELOW / height, _SIDE / width, _SIDE / height))
    levels = _levels(z)
    filled = ax.contourf(x, y, z, levels=levels, cmap=_colours(), zorder=0)
    ax.contour(x, y, z, levels=levels, colors="white", linewidths=0.5, zorder=1)
    _pale(ax, x, y, points)
    _draw_lines(ax, lines, lang)
    sizes = 6 + 90 * points["n"] / max(points["n"].max(), 8)
    ax.scatter(points["x"], points["y"], s=sizes, fc="#FFFFFFB0", ec=INK, lw=0.6, zorder=4, clip_on=False)
    ax.set(xlim=(x.min(), x.max()), ylim=(y.min(), y.max()), aspect="equal")
    ax.grid(visible=False)
    ax.set_xlabel(fit(named[0], _SIDE, 8.5, 2))
    ax.set_ylabel(fit(named[1], _SIDE, 8.5, 2))
    _ticks(ax, float(x.min()), float(x.max()), lang)
    beside = figure.add_axes(((_LEFT + _SIDE + 0.15) / width, _BELOW / height, 0.14 / width, _SIDE / height))
    bar = figure.colorbar(filled, cax=beside)
    bar.outline.set_visible(False)
    bar.ax.yaxis.set_major_formatter(number_formatter(_digits(levels), lang=lang))
    bar.set_label(fit(named[2], _SIDE, 8.5, 2))
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.005), borderaxespad=0, ncols=1, handlelength=2.6, fontsize=8)
    return figure


def _solid(
    x: Any, y: Any, z: Any, points: pd.DataFrame, lines: pd.DataFrame, named: list[str], title: Any, lang: Any
) -> Figure:
    head, above = heading(title, lang)
    figure = Picture(figsize=(6.2, 5.0 + above))
    write_title(figure, head)
    top = 5.0 / (5.0 + above)
    ax: Any = figure.add_axes((0.0, 0.0, 0.97, 0.97 * top), projection="3d")
    ax.set_box_aspect((1, 1, 0.85), zoom=0.9)
    ax.set_proj_type("persp", focal_length=0.35)
    ax.computed_zorder = False
    low, high = float(z.min()), float(z.max())
    floor = low - 0.6 * (high - low or 1.0)
    shades = _colours()((z - low) / (high - low or 1.0))
    shades[..., 3] = np.where(_inside(x, y, points), 0.95, 0.4)
    ax.plot_surface(
        x, y, z, facecolors=shades, shade=False, rstride=2, cstride=2, lw=0.25, edgecolor="#FFFFFF80", zorder=2
    )
    sizes = 4 + 50 * points["n"] / max(points["n"].max(), 8)
    ax.scatter(points["x"], points["y"], floor, s=sizes, color=MUTED, alpha=0.6, lw=0, depthshade=False, zorder=1)
    for name, own in lines.groupby("name", sort=False):
        colour, style = _LINES[str(name)]
        ax.plot(own["x"], own["y"], own["z"], color=colour, ls=style, lw=1.6, zorder=3, label=_label(own, lang))
        ax.plot(own["x"], own["y"], floor, color=colour, ls=style, lw=0.7, alpha=0.6, zorder=1)
    ax.set(xlim=(x.min(), x.max()), ylim=(y.min(), y.max()), zlim=(floor, high))
    ax.view_init(elev=22, azim=-128)
    _dress_solid(ax, x, z, named, lang)
    figure.legend(*ax.get_legend_handles_labels(), loc="upper left", bbox_to_anchor=(0.02, top), fontsize=8)
    return figure


def _dress_solid(ax: Any, x: Any, z: Any, named: list[str], lang: Language | None) -> None:
    """Ticks and names of the three axes; above the floor the upright one starts where the surface does."""
    _ticks(ax, float(x.min()), float(x.max()), lang)
    ax.set_zticks([place for place in _levels(z)[::2] if z.min() <= place <= z.max()])
    ax.zaxis.set_major_formatter(number_formatter(_digits(_levels(z)), lang=lang))
    for axis, text in ((ax.xaxis, named[0]), (ax.yaxis, named[1]), (ax.zaxis, named[2])):
        axis.set_label_text(fit(text, 2.4, 8.5, 2))
        axis.set_pane_color("#FAFAFA")
        axis.labelpad = 6


def _label(own: pd.DataFrame, lang: Language | None) -> str:
    text = own["label"].iloc[0]
    return label(text if isinstance(text, dict) else str(text), lang)


def _draw_lines(ax: Axes, lines: pd.DataFrame, lang: Language | None) -> None:
    for name, own in lines.groupby("name", sort=False):
        colour, style = _LINES[str(name)]
        ax.plot(own["x"], own["y"], color=colour, ls=style, lw=1.5, zorder=3, label=_label(own, lang))


def _hull(points: pd.DataFrame) -> Any:
    """Corners of the smallest convex field with all answers; None where they lie on a line."""
    from scipy.spatial import ConvexHull, QhullError

    places = points[["x", "y"]].drop_duplicates().to_numpy(float)
    try:
        return places[ConvexHull(places).vertices]
    except (QhullError, ValueError):
        return None


def _inside(x: Any, y: Any, points: pd.DataFrame) -> Any:
    """Which nodes lie among the answers; all, where there is no field."""
    from matplotlib.path import Path

    corners = _hull(points)
    if corners is None:
        return np.ones(x.shape, dtype=bool)
    return Path(corners).contains_points(np.column_stack([x.ravel(), y.ravel()]), radius=1e-9).reshape(x.shape)


def _pale(ax: Axes, x: Any, y: Any, points: pd.DataFrame) -> None:
    """Whiten what lies outside the answers: there the surface is a guess."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    corners = _hull(points)
    if corners is None:
        return
    frame = [(x.min(), y.min()), (x.max(), y.min()), (x.max(), y.max()), (x.min(), y.max())]
    outer, inner = Path(np.array([*frame, frame[0]]), closed=True), Path([*corners[::-1], corners[-1]], closed=True)
    ax.add_patch(PathPatch(Path.make_compound_path(outer, inner), fc="white", alpha=0.62, lw=0, zorder=2))


def _colours() -> Colormap:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("cxlab", ["#F4E3C1", "#9CC9C1", "#3F8FB5", "#1F3F7A"])


def _levels(z: Any) -> Any:
    """About ten round steps."""
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(10).tick_values(float(z.min()), float(z.max()))


def _digits(levels: Any) -> int:
    step = float(levels[1] - levels[0])
    return next((digits for digits in range(4) if abs(step * 10**digits - round(step * 10**digits)) < 1e-6), 4)


def _ticks(ax: Axes, low: float, high: float, lang: Language | None) -> None:
    """The points of the scale, thinned out where there are many."""
    step = max(1, round((high - low) / 10))
    places = [low + step * i for i in range(int((high - low) / step) + 1)]
    digits = 0 if all(float(place).is_integer() for place in places) else 1
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_ticks(places)
        axis.set_major_formatter(number_formatter(digits, lang=lang))
