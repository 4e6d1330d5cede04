"""`cx.factorability`: are these items worth a factor analysis?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.analyses.efa_input import Data, Items, Sample, read_sample
from cxlab.analyses.result import Result, bilingual, each, in_language, notices_text
from cxlab.errors import Notice
from cxlab.estimate.factor.adequacy import sampling_adequacy, sphericity
from cxlab.estimate.factor.extraction import squared_multiple
from cxlab.evaluate.rules import interpret
from cxlab.i18n import Language, format_number, format_p, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_RULE = "kaiser_1974"
_LOWEST = 0.5


def factorability(
    data: Data,
    *,
    items: Items = None,
    correlation: str = "pearson",
    missing: str = "listwise",
    n_obs: int | None = None,
    smooth: bool = False,
) -> Factorability:
    """Sampling adequacy (KMO) overall and by item, and Bartlett's test: do the items share enough to be factored?

    When to use it: before `efa`. Bartlett's test is significant in nearly every sample of some size; KMO and the items'
    own values say more.

    Parameters
    ----------
    data, items, correlation, missing, n_obs, smooth
        As for `efa`.

    Returns
    -------
    Factorability
        ``.kmo``, ``.bartlett`` (Series: chisq df pvalue), ``.determinant``, ``.table`` (one row an item: item kmo smc
        largest_r with), ``.anti_image`` (matrix of anti-image correlations).

    Raises
    ------
    DataError
        As `efa`.

    Notes
    -----
    R: ``psych::KMO(R)``, ``psych::cortest.bartlett(R, n)``, ``psych::smc(R)``.

    Examples
    --------
    >>> from semopy.examples.holzinger39 import get_data
    >>> found = factorability(get_data()[[f"x{number}" for number in range(1, 10)]])
    >>> round(found.kmo, 3), int(found.bartlett["df"])
    (0.752, 36)
    """
    sample = read_sample(data, items, correlation=correlation, missing=missing, n_obs=n_obs, smooth=smooth)
    found = sampling_adequacy(sample.corr)
    test = sphericity(sample.corr, np.nan if sample.n_obs is None else sample.n_obs)
    off = np.abs(sample.corr - np.eye(len(sample.corr)))
    table = pd.DataFrame(
        {
            "item": list(sample.names),
            "kmo": found.items,
            "smc": squared_multiple(sample.corr[None])[0],
            "largest_r": sample.corr[np.arange(len(off)), off.argmax(axis=1)],
            "with": [sample.names[place] for place in off.argmax(axis=1)],
        }
    )
    known = sample.n_obs is not None
    bartlett = {"chisq": test.chisq, "df": test.df, "pvalue": test.pvalue if known else np.nan}
    return Factorability(
        kmo=found.overall,
        bartlett=pd.Series(bartlett, dtype=float),
        determinant=float(np.exp(test.log_determinant)),
        log_determinant=test.log_determinant,
        table=table,
        anti_image=sample.frame(found.anti_image),
        warnings=(*sample.notices, *_notices(sample, found.overall, table)),
        sample=sample,
    )


@dataclass(frozen=True, repr=False, eq=False)
class Factorability(Result):
    """Sampling adequacy and sphericity; see `cxlab.factorability` for the columns of `table`.

    Attributes
    ----------
    kmo : float
        Overall.
    bartlett : Series
        chisq, df, pvalue.
    determinant, log_determinant : float
        Of the correlation matrix; near 0 items say much the same.
    table, anti_image : DataFrame
    warnings : tuple of Notice
    """

    kmo: float
    bartlett: pd.Series
    determinant: float
    log_determinant: float
    table: pd.DataFrame
    anti_image: pd.DataFrame
    warnings: tuple[Notice, ...]
    sample: Sample = field(repr=False)

    references = ("kaiser_rice_1974", "kaiser_1974", "bartlett_1951")

    def summary(self, lang: Language | None = None) -> str:
        """KMO with Kaiser's word for it, Bartlett's test, the weakest items."""
        n = "–" if self.sample.n_obs is None else self.sample.n_obs
        kind = tr(f"factor.correlation_{self.sample.correlation}", lang)
        head = tr("factor.factorability_head", lang, n=n, items=len(self.table), kind=kind)
        weakest = self.table.nsmallest(3, "kmo")
        shown = " · ".join(
            f"{row['item']} {format_number(row['kmo'], 2, bounded=True, lang=lang)}"
            for row in weakest.to_dict("records")
        )
        lines = [interpret(self.kmo, _RULE).text(lang), self._test(lang), tr("factor.lowest_kmo", lang, items=shown)]
        return "\n".join([head, *(f"  {line}" for line in lines), *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Items with their sampling adequacy, squared multiple correlation and largest correlation."""
        frame = self.table.assign(label=[self.sample.labels.get(name, "") for name in self.table["item"]])
        columns = {
            "item": Column("analyses.col_item"),
            "label": Column("analyses.col_label"),
            "kmo": Column("factor.col_kmo", "bounded"),
            "smc": Column("factor.col_smc", "bounded"),
            "largest_r": Column("factor.col_largest_r", "bounded"),
            "with": Column("factor.col_with"),
        }
        if not any(frame["label"]):
            del columns["label"]
        kmo = each(lambda lang: interpret(self.kmo, _RULE).text(lang) + ".")
        notes = [kmo, each(self._test)]
        notes += [bilingual("analyses.simulated")] if self.sample.simulated else []
        notes += [each(notice.text) for notice in self.warnings if notice.serious]
        return in_language(Table(frame, columns, "factor.title_factorability", notes=tuple(notes)), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """The correlations of the items."""
        from cxlab.show import correlation_heatmap

        title = bilingual("factor.simulated_title") if self.sample.simulated else None
        frame = self.sample.frame(self.sample.corr)
        return correlation_heatmap(frame, labels=self.sample.labels, title=title, lang=lang)

    def _test(self, lang: Language | None = None) -> str:
        if self.sample.n_obs is None:
            return tr("factor.bartlett_no_n", lang)
        p = format_p(self.bartlett["pvalue"], lang)
        return tr(
            "factor.bartlett",
            lang,
            df=int(self.bartlett["df"]),
            chisq=format_number(self.bartlett["chisq"], 2, lang=lang),
            p=p if p.startswith("<") else f"= {p}",
        )


def _notices(sample: Sample, kmo: float, table: pd.DataFrame) -> list[Notice]:
    low = table.loc[table["kmo"] < _LOWEST, "item"]
    notices = []
    if kmo < _LOWEST:
        notices.append(Notice("factor.kmo_low", serious=True))
    if len(low):
        notices.append(Notice("factor.items_low", {"items": ", ".join(low)}, serious=True))
    if sample.correlation in ("polychoric", "spearman"):
        notices.append(Notice("factor.rough_test", {"kind": Notice(f"factor.correlation_{sample.correlation}")}))
    return notices
