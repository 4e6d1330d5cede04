"""From a necessity analysis to the plain tables of its figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.analyses.result import bilingual
from cxlab.codebook.text import did_you_mean
from cxlab.errors import DataError
from cxlab.i18n import Language, tr

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxlab.analyses.nca_result import Nca


def nca_plot(nca: Nca, conditions: str | Sequence[str] | None, lang: Language | None, ols: bool) -> Figure:
    """The cases of each condition with its ceilings; see `cxlab.show.ceiling.ceiling_plot`."""
    from cxlab.show.ceiling import ceiling_plot

    names = [conditions] if isinstance(conditions, str) else list(conditions or nca.data.conditions)
    for name in names:
        if name not in nca.ceilings:
            known = ", ".join(nca.ceilings)
            raise DataError("nca.unknown_condition", name=name, hint=did_you_mean(name, nca.ceilings), known=known)
    outcome = nca.data.outcome
    points, lines = [], []
    for name in names:
        pair = nca.data.frame[[name, outcome]].set_axis(["x", "y"], axis=1)
        counted = pair.groupby(["x", "y"], as_index=False).size().rename(columns={"size": "cases"})
        points.append(counted.assign(panel=nca.name(name, lang), construct=name))
        for kind in nca.kinds:
            path = nca.ceilings[name].path(kind)
            lines.append(_line(path, nca.name(name, lang), kind, tr(f"nca.{kind}", lang)))
        if ols:
            slope, intercept = np.polyfit(pair["x"], pair["y"], 1)
            ends = np.array([pair["x"].min(), pair["x"].max()])
            path = np.column_stack([ends, intercept + slope * ends])
            lines.append(_line(path, nca.name(name, lang), "ols", tr("nca.ols", lang)))
    label = nca.data.labels.get(outcome, {"en": outcome, "vi": outcome})
    title = bilingual("nca.plot_title", outcome=label)
    return ceiling_plot(pd.concat(points), pd.concat(lines), title=title, ylabel=label, lang=lang)


def _line(path: np.ndarray, panel: str, kind: str, label: str) -> pd.DataFrame:
    return pd.DataFrame({"panel": panel, "line": kind, "label": label, "x": path[:, 0], "y": path[:, 1]})
