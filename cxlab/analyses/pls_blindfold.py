"""Blindfolding: Stone and Geisser's Q2, for comparison with older papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.analyses.pls_made import refuse_stages
from cxlab.analyses.pls_notices import carried
from cxlab.analyses.result import Result, Text, bilingual, in_language, notices_text
from cxlab.errors import DataError, Notice
from cxlab.estimate.pls.blindfold import blindfolded
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from cxlab.analyses.pls_result import PlsFit


@dataclass(frozen=True, repr=False, eq=False)
class PlsBlindfold(Result):
    """Cross-validated redundancy of the constructs that something explains.

    Attributes
    ----------
    table : DataFrame
        construct, items, sse (of predictions from the causes), sso (of the means), q2 = 1 - sse / sso.
    items : DataFrame
        construct, item, sse, sso, q2.
    omission : int
        Answers 1, 1 + omission, ... are left out in the first of as many rounds.
    """

    table: pd.DataFrame
    items: pd.DataFrame
    omission: int
    warnings: tuple[Notice, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ("stone_1974", "geisser_1974", "shmueli_2016")

    def summary(self, lang: Language | None = None) -> str:
        """Q2 of each construct, after what has taken its place."""
        lines = [tr("pls_prediction.blindfold_head", lang, omission=self.omission), *notices_text(self.warnings, lang)]
        for row in self.table.itertuples():
            q2 = format_number(row.q2, 2, bounded=True, lang=lang)
            lines.append(f"  {pick(self.labels.get(row.construct, row.construct), lang)}: Q² {q2}")
        return "\n".join(lines)

    def apa(self, lang: Language | None = None) -> Table:
        """Sums of squares and Q2 by construct."""
        frame = self.table.assign(construct=[self.labels.get(name, name) for name in self.table["construct"]])
        columns = {
            "construct": Column("pls_prediction.col_construct"),
            "items": Column("analyses.col_items", "integer"),
            "sse": Column("pls_prediction.col_sse", "number"),
            "sso": Column("pls_prediction.col_sso", "number"),
            "q2": Column("pls_prediction.col_q2", "bounded"),
        }
        notes = (bilingual("pls_prediction.blindfold_note", omission=self.omission),)
        return in_language(Table(frame, columns, "pls_prediction.title_blindfold", notes=notes), lang)


def pls_blindfold(fit: PlsFit, omission: int = 7) -> PlsBlindfold:
    """Stone and Geisser's Q2 by blindfolding: left-out answers predicted from a construct's causes.

    When to use it: to compare with papers that print it. It is no out-of-sample prediction, since every respondent
    takes part in every round; `predict` (PLSpredict) and its CVPAT answer that question and have taken its place.

    Parameters
    ----------
    fit : PlsFit
    omission : int
        Every how manieth answer is left out, 5 to 12 by custom; the number of rows must not be divisible by it.

    Returns
    -------
    PlsBlindfold
        Formative constructs (mode B of several indicators) are left out, which a notice says.

    Raises
    ------
    DataError
        An omission distance below 2, not below the number of rows, or one that divides it.
    NotSupportedError
        Products, higher-order constructs, a fit without complete rows.

    Notes
    -----
    On standardised answers, which counts every indicator alike; cells numbered down the columns of a block; means in
    the place of what is left out. Sources: Stone (1974), Geisser (1974), Chin (1998). SmartPLS 4 no longer has it.
    semPLS leaves out whole rows and its last round.

    Examples
    --------
    >>> import cxlab as cx
    >>> survey = cx.load_dataset("ecsi_mobile")
    >>> fit = cx.pls("Image <~ IMAG1 + IMAG2 + IMAG4; CUSA1 ~ Image", survey)
    >>> bool(fit.blindfold(7).table["q2"][0] > 0)
    True
    """
    fit.need_rows(".blindfold()")
    refuse_stages(fit.model, ".blindfold()")
    _check(omission, fit.n_obs)
    model, design = fit.model, fit.model.design
    values = fit.frame.to_numpy()
    standard = (values - values.mean(axis=0)) / values.std(axis=0, ddof=1)
    rows, formative = [], []
    for place, causes in enumerate(design.causes):
        if not len(causes):
            continue
        if design.modes[place] == "B" and design.sizes[place] > 1:
            formative.append(model.constructs[place])
            continue
        found = blindfolded(standard, design, place, omission, fit.scheme, fit.tolerance)
        named = zip(model.block(place), *found, strict=True)
        rows += [(model.constructs[place], item, sse, sso) for item, sse, sso in named]
    if not rows:
        raise DataError("pls_prediction.blindfold_nothing", constructs=", ".join(formative))
    items = pd.DataFrame(rows, columns=["construct", "item", "sse", "sso"])
    grouped = items.groupby("construct", sort=False)
    table = grouped[["sse", "sso"]].sum(skipna=False).reset_index()
    table.insert(1, "items", grouped.size().to_numpy())
    told = carried(fit)
    told.append(Notice("pls_prediction.superseded"))
    if formative:
        told.append(Notice("pls_prediction.blindfold_formative", {"constructs": ", ".join(formative)}))
    return PlsBlindfold(_with_q2(table), _with_q2(items), omission, tuple(told), fit.labels)


def _with_q2(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(q2=1 - frame["sse"] / frame["sso"])


def _check(omission: int, rows: int) -> None:
    whole = isinstance(omission, int | np.integer) and not isinstance(omission, bool)
    if not whole or not 2 <= omission < rows or rows % omission == 0:
        near = [one for one in range(5, 13) if rows % one and one < rows]
        shown = ", ".join(map(str, near)) or "–"
        raise DataError("pls_prediction.omission", omission=omission, rows=rows, near=shown)
