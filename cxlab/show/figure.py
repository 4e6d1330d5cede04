"""The Figure that every drawing function returns: shows itself once in a notebook, leaves pyplot alone."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from cxlab.show.style import figure_style


class Picture(Figure):
    """A matplotlib Figure that pyplot does not know of.

    A figure made by pyplot is drawn twice in a notebook (when the cell ends, and as the cell's value) and stays in
    memory until closed. This one is drawn where it is the value, and only there.

    Examples
    --------
    >>> float(Picture(figsize=(2, 1)).get_figwidth())
    2.0
    """

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        FigureCanvasAgg(self)

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        """Twice the screen's resolution, shown at its natural size."""
        out = BytesIO()
        with figure_style():
            self.savefig(out, format="png", dpi=192)
        width, height = (round(inches * 96) for inches in self.get_size_inches())
        return out.getvalue(), {"width": width, "height": height}
