"""Importance-performance map: which construct matters for a target, and how well it does today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.analyses.pls_made import refuse_stages
from cxlab.analyses.result import Result, Text, bilingual, in_language, notices_text
from cxlab.codebook.text import did_you_mean
from cxlab.errors import ModelError, Notice
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxlab.analyses.pls_result import PlsFit


@dataclass(frozen=True, repr=False, eq=False)
class ImportancePerformance(Result):
    """Importance and performance for one target.

    Attributes
    ----------
    table : DataFrame
        construct, importance (unstandardised total effect), importance_std, performance (mean, on a scale of 0 to 100
        where the items' ends are known).
    items : DataFrame
        construct, item, importance, performance.
    """

    table: pd.DataFrame
    items: pd.DataFrame
    target: str
    rescaled: bool
    warnings: tuple[Notice, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ("ringle_sarstedt_2016",)

    def summary(self, lang: Language | None = None) -> str:
        """Constructs by importance, with their performance."""
        lines = [tr("pls.ipma_head", lang, target=self._label(self.target, lang)), *notices_text(self.warnings, lang)]
        for row in self.table.itertuples():
            numbers = format_number(row.importance, 2, lang=lang), format_number(row.performance, 1, lang=lang)
            name = self._label(row.construct, lang)
            lines.append(f"  {name}: " + tr("pls.ipma_line", lang, importance=numbers[0], performance=numbers[1]))
        return "\n".join(lines)

    def apa(self, lang: Language | None = None) -> Table:
        """Constructs with importance and performance."""
        frame = self.table.assign(construct=[self.labels.get(name, name) for name in self.table["construct"]])
        columns = {
            "construct": Column("analyses.col_construct"),
            "importance": Column("pls.col_importance", "number"),
            "importance_std": Column("pls.col_importance_std", "bounded"),
            "performance": Column("pls.col_performance", "number"),
        }
        note = bilingual("pls.ipma_note" if self.rescaled else "pls.ipma_note_raw")
        return in_language(Table(frame, columns, "pls.title_ipma", notes=(note,)), lang)

    def plot(self, lang: Language | None = None, items: bool = False) -> Figure:
        """The map: importance to the right, performance upwards, lines at the means."""
        from cxlab.show.importance import importance_map

        if items:  # an item's label is a whole question, too long for a point
            frame = self.items.assign(name=self.items["construct"], label=self.items["item"])
        else:
            names = self.table["construct"]
            frame = self.table.assign(name=names, label=[self._label(name, lang) for name in names])
        return importance_map(
            frame,
            xlabel=bilingual("pls.axis_importance", target=self._label(self.target, lang)),
            ylabel="pls.axis_performance" if self.rescaled else "pls.axis_performance_raw",
            lang=lang,
        )

    def _label(self, name: str, lang: Language | None) -> str:
        return pick(self.labels[name], lang) if name in self.labels else name


def pls_ipma(fit: PlsFit, target: str, ends: Mapping[str, tuple[float, float]] | None = None) -> ImportancePerformance:
    """The importance-performance map of a target construct.

    Parameters
    ----------
    fit : PlsFit
    target : str
        A construct that something leads to.
    ends : mapping of item to (lowest, highest), optional
        Ends of the answer scales, to bring performance to 0 to 100; by default the codebook's.

    Returns
    -------
    ImportancePerformance

    Raises
    ------
    ModelError
        An unknown target, or one that nothing leads to.

    Notes
    -----
    Weights are divided by the items' standard deviations and made to sum to 1, so that a score is a weighted mean of
    answers; importance is the total effect between such scores: what one more point of the construct adds.
    Source: Ringle & Sarstedt (2016). R: ``cSEM::doIPMA`` (answers not rescaled).

    Examples
    --------
    >>> import cxlab as cx
    >>> survey = cx.load_dataset("ecsi_mobile")
    >>> fit = cx.pls("Image <~ IMAG1 + IMAG2 + IMAG4; CUSA1 ~ Image", survey, modes="A")
    >>> fit.ipma("CUSA1").table["construct"].tolist()
    ['Image']
    """
    refuse_stages(fit.model, ".ipma()")
    names = fit.model.constructs
    if target not in names:
        raise ModelError("pls.unknown_target", name=target, hint=did_you_mean(target, names), known=", ".join(names))
    place = names.index(target)
    sources = np.flatnonzero(fit._reaches()[:, place])
    if not len(sources):
        raise ModelError("pls.target_unexplained", name=target)
    values, known = _rescaled(fit, ends)
    sd = values.std(axis=0, ddof=1)
    raw = fit.weighting.weights[:, 0] / sd
    design = fit.model.design
    share = raw / np.add.reduceat(raw, design.starts)[design.owner]
    scores = np.column_stack([values[:, block] @ share[block] for block in design.blocks])
    spread = scores.std(axis=0, ddof=1)
    total = fit.solved.total[:, :, 0]
    importance = total[:, place] * spread[place] / spread
    table = pd.DataFrame(
        {
            "construct": [names[source] for source in sources],
            "importance": importance[sources],
            "importance_std": total[sources, place],
            "performance": scores.mean(axis=0)[sources],
        }
    ).sort_values("importance", ascending=False, ignore_index=True)
    inside = np.isin(design.owner, sources)
    items = pd.DataFrame(
        {
            "construct": np.array(names, dtype=object)[design.owner],
            "item": fit.model.items,
            "importance": importance[design.owner] * share,
            "performance": values.mean(axis=0),
        }
    )[inside].reset_index(drop=True)
    return ImportancePerformance(table, items, target, known, _notices(fit, share, sources, known), fit.labels)


def _rescaled(fit: PlsFit, ends: Mapping[str, tuple[float, float]] | None) -> tuple[np.ndarray, bool]:
    """Answers from 0 to 100 where the ends of all scales are known; else as they are."""
    given = {**fit.ends, **(ends or {})}
    values = fit.frame.to_numpy()
    if any(item not in given for item in fit.model.items):
        return values, False
    low, high = (np.array([given[item][side] for item in fit.model.items], dtype=float) for side in (0, 1))
    return 100 * (values - low) / (high - low), True


def _notices(fit: PlsFit, share: np.ndarray, sources: np.ndarray, known: bool) -> tuple[Notice, ...]:
    found = [notice for notice in fit.warnings if notice.key == "analyses.simulated"]
    owner = fit.model.design.owner
    negative = [
        item for item, own, place in zip(fit.model.items, share, owner, strict=True) if own < 0 and place in sources
    ]
    if negative:
        found.append(Notice("pls.negative_weights", {"items": ", ".join(negative)}, serious=True))
    if not known:
        found.append(Notice("pls.ends_unknown"))
    return tuple(found)
