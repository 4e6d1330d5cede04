"""Importance-performance map: which construct matters for a target, how well it does today, and what is necessary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.analyses.pls_flat import flat
from cxlab.analyses.pls_performance import Ends, Performance, doubts, performance_scores
from cxlab.analyses.result import Result, Text, bilingual, in_language, notices_text
from cxlab.codebook.text import did_you_mean
from cxlab.errors import ModelError, Notice
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxlab.analyses.nca_result import Nca
    from cxlab.analyses.pls_ipma_necessity import Necessity
    from cxlab.analyses.pls_result import PlsFit


@dataclass(frozen=True, repr=False, eq=False)
class ImportancePerformance(Result):
    """Importance and performance for one target.

    Attributes
    ----------
    table : DataFrame
        construct, importance (unstandardised total effect), importance_std, performance (mean, on a scale of 0 to 100
        where the items' ends are known); with necessity also effect_size, pvalue, necessary, required (the performance
        without which the wanted outcome does not occur; nan where none is), below (share of the respondents with less;
        nan unless necessary).
    items : DataFrame
        construct, item, importance, performance; with necessity the same columns as `table`.
    necessity : Necessity or None
        The wanted outcome, and the analysis behind these columns.
    """

    table: pd.DataFrame
    items: pd.DataFrame
    target: str
    rescaled: bool
    warnings: tuple[Notice, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ("ringle_sarstedt_2016",)
    necessity: Necessity | None = None

    def summary(self, lang: Language | None = None) -> str:
        """Constructs by importance, with their performance."""
        lines = [tr("pls.ipma_head", lang, target=self._label(self.target, lang)), *notices_text(self.warnings, lang)]
        for row in self.table.to_dict("records"):
            numbers = format_number(row["importance"], 2, lang=lang), format_number(row["performance"], 1, lang=lang)
            text = tr("pls.ipma_line", lang, importance=numbers[0], performance=numbers[1])
            more = self.necessity.line(row, lang) if self.necessity else ""
            lines.append(f"  {self._label(row['construct'], lang)}: {text}{more}")
        return "\n".join(lines)

    def apa(self, lang: Language | None = None) -> Table:
        """Constructs with importance and performance."""
        frame = self.table.assign(construct=[self.labels.get(name, name) for name in self.table["construct"]])
        columns = {
            "construct": Column("pls_prediction.col_construct"),
            "importance": Column("pls.col_importance", "number"),
            "importance_std": Column("pls.col_importance_std", "bounded"),
            "performance": Column("pls.col_performance", "number"),
        }
        notes = [bilingual("pls.ipma_note" if self.rescaled else "pls.ipma_note_raw")]
        if self.necessity:
            columns |= self.necessity.columns()
            notes.append(self.necessity.note())
        return in_language(Table(frame, columns, "pls.title_ipma", notes=tuple(notes)), lang)

    def plot(self, lang: Language | None = None, items: bool = False) -> Figure:
        """The map: importance to the right, performance upwards, lines at the means.

        With necessity, the larger a bubble, the more respondents stay below the required level.
        """
        from cxlab.show.importance import importance_map

        order = list(dict.fromkeys(self.items["construct"]))  # so that both maps give a construct the same colour
        table = self.items if items else self.table.sort_values("construct", key=lambda names: names.map(order.index))
        names = table["construct"]  # an item's label is a whole question, too long for a point
        frame = table.assign(name=names, label=table["item"] if items else [self._label(x, lang) for x in names])
        words: dict[str, Any] = self.necessity.words() if self.necessity else {}
        if items:
            words["legend"] = {name: self._label(name, lang) for name in names}
        return importance_map(
            frame,
            xlabel=bilingual("pls.axis_importance", target=self.labels.get(self.target, self.target)),
            ylabel="pls.axis_performance" if self.rescaled else "pls.axis_performance_raw",
            lang=lang,
            **words,
        )

    def _label(self, name: str, lang: Language | None) -> str:
        return pick(self.labels[name], lang) if name in self.labels else name


def pls_ipma(
    fit: PlsFit,
    target: str,
    ends: Ends | None = None,
    *,
    necessity: bool | Nca = False,
    level: float = 80.0,
    permutations: int = 10_000,
    seed: int | None = None,
) -> ImportancePerformance:
    """The importance-performance map of a target construct, also combined with necessary conditions.

    Parameters
    ----------
    fit : PlsFit
    target : str
        A construct that something leads to.
    ends : mapping of item to (lowest, highest), optional
        Ends of the answer scales, to bring performance to 0 to 100; by default the codebook's.
    necessity : bool or Nca
        True analyses all constructs and items on the map as conditions (CE-FDH, scope as observed); or an analysis of
        this fit and target with settings of your own, whose first ceiling is used.
    level : float
        With necessity: the wanted outcome in percent of its range, above 0 to 100.
    permutations, seed
        With ``necessity=True``; see `cxlab.nca`.

    Returns
    -------
    ImportancePerformance

    Raises
    ------
    ModelError
        An unknown target, or one that nothing leads to.
    DataError
        A level outside its range; a necessity analysis of another outcome.

    Notes
    -----
    Weights are divided by the items' standard deviations and made to sum to 1, so that a score is a weighted mean of
    answers; importance is the total effect between such scores: what one more point of the construct adds. Between
    common factors (PLSc) it is the effect of scores free of error, whose deviations are smaller by the root of rho_A;
    traditional PLS (``consistent=False``) takes the scores as they are. Necessary where d is at least .1 and p at most
    .05. Source: Ringle & Sarstedt (2016), Hauff et al. (2024). R: ``cSEM::doIPMA`` (answers not rescaled).

    Examples
    --------
    >>> import cxlab as cx
    >>> survey = cx.load_dataset("ecsi_mobile")
    >>> fit = cx.pls("Image <~ IMAG1 + IMAG2 + IMAG4; CUSA1 ~ Image", survey, modes="A")
    >>> fit.ipma("CUSA1").table["construct"].tolist()
    ['Image']
    """
    fit.need_rows(".ipma()")
    fit = flat(fit, ".ipma()")
    names = fit.model.constructs
    if target not in names:
        hint = did_you_mean(str(target), names)
        raise ModelError("pls.unknown_target", name=target, hint=hint, known=", ".join(names))
    sources = np.flatnonzero(fit._reaches()[:, names.index(target)])
    if not len(sources):
        raise ModelError("pls.target_unexplained", name=target)
    found = performance_scores(fit, ends)
    table, items = _tables(fit, found, names.index(target), sources)
    told = tuple(doubts(fit, found, sources, ends))
    if necessity is False:
        return ImportancePerformance(table, items, target, found.rescaled, told, fit.labels)
    from cxlab.analyses.pls_ipma_necessity import asked_for

    more = asked_for(fit, target, (table, items), necessity, level, (ends, permutations, seed))
    works = ("ringle_sarstedt_2016", "dul_2016", "hauff_2024")
    given = (more.added(table, "construct"), more.added(items, "item"), target, found.rescaled)
    return ImportancePerformance(*given, (*told, *more.notices()), fit.labels, works, more)


def _tables(fit: PlsFit, found: Performance, target: int, sources: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Constructs and items that lead to the target."""
    design, names = fit.model.design, fit.model.constructs
    # of a common factor only the reliable part of the score varies with it
    rho = fit.solved.rho_a[:, 0]
    spread = found.constructs.to_numpy().std(axis=0, ddof=1) * np.sqrt(np.where(rho > 0, rho, np.nan))
    total = fit.solved.total[:, :, 0]
    importance = total[:, target] * spread[target] / spread
    table = pd.DataFrame(
        {
            "construct": [names[source] for source in sources],
            "importance": importance[sources],
            "importance_std": total[sources, target],
            "performance": found.constructs.to_numpy().mean(axis=0)[sources],
        }
    ).sort_values("importance", ascending=False, ignore_index=True)
    items = pd.DataFrame(
        {
            "construct": np.array(names, dtype=object)[design.owner],
            "item": fit.model.items,
            "importance": importance[design.owner] * found.share,
            "performance": found.items.to_numpy().mean(axis=0),
        }
    )
    return table, items[np.isin(design.owner, sources)].reset_index(drop=True)
