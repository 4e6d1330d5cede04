"""Figures and tables from plain tables: what a reader sees. Knows no estimator.

Every figure function takes DataFrames and returns a matplotlib Figure; names load when first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

_HOMES = {
    "Column": "cxlab.show.table",
    "Table": "cxlab.show.table",
    "claims_ledger": "cxlab.show.ledger",
    "coefficient_plot": "cxlab.show.intervals",
    "construct_colour": "cxlab.show.style",
    "construct_colours": "cxlab.show.style",
    "construct_map": "cxlab.show.constructs",
    "correlation_heatmap": "cxlab.show.heatmap",
    "curve_plot": "cxlab.show.curves",
    "figure_style": "cxlab.show.style",
    "flow_diagram": "cxlab.show.flow",
    "interval_plot": "cxlab.show.intervals",
    "path_diagram": "cxlab.show.path",
    "response_distribution": "cxlab.show.responses",
    "save_figure": "cxlab.show.style",
    "scale_bars": "cxlab.show.bars",
    "tables_to_docx": "cxlab.show.table",
    "timeline": "cxlab.show.timeline",
    "truth_plot": "cxlab.show.truth",
}

__all__ = [
    "Column",
    "Table",
    "claims_ledger",
    "coefficient_plot",
    "construct_colour",
    "construct_colours",
    "construct_map",
    "correlation_heatmap",
    "curve_plot",
    "figure_style",
    "flow_diagram",
    "interval_plot",
    "path_diagram",
    "response_distribution",
    "save_figure",
    "scale_bars",
    "tables_to_docx",
    "timeline",
    "truth_plot",
]

if TYPE_CHECKING:
    from cxlab.show.bars import scale_bars
    from cxlab.show.constructs import construct_map
    from cxlab.show.curves import curve_plot
    from cxlab.show.flow import flow_diagram
    from cxlab.show.heatmap import correlation_heatmap
    from cxlab.show.intervals import coefficient_plot, interval_plot
    from cxlab.show.ledger import claims_ledger
    from cxlab.show.path import path_diagram
    from cxlab.show.responses import response_distribution
    from cxlab.show.style import construct_colour, construct_colours, figure_style, save_figure
    from cxlab.show.table import Column, Table, tables_to_docx
    from cxlab.show.timeline import timeline
    from cxlab.show.truth import truth_plot


def __getattr__(name: str) -> Any:
    """Load a public name the first time it is used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'cxlab.show' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
