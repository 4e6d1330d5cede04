"""`fit.cross_check()`: the same model by an engine that shares no line of the search."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.analyses.result import Result, in_language
from cxlab.analyses.sem_outcome import solve
from cxlab.analyses.sem_request import other_engine
from cxlab.errors import CxlabError, Notice
from cxlab.i18n import Language, format_number, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from cxlab.analyses.sem_result import SemFit

# Within this many standard errors two searches have found the same point: no printed digit differs.
CLOSE = 1e-3


@dataclass(frozen=True, repr=False, eq=False)
class CrossCheck(Result):
    """Two engines' estimates of one model.

    Attributes
    ----------
    table : DataFrame
        lhs, op, rhs, est, est_other, difference, in_se (difference in standard errors) of the free parameters; empty
        where the other engine cannot serve.
    largest : float
        Largest difference in standard errors; nan where there is none.
    parameter : str
        Where it is.
    chisq, chisq_other : float
        Both chi-square statistics.
    agrees : bool
        Whether the largest difference is below a thousandth of a standard error.
    engine, other : str
        Engine of the fit, engine of the check.
    reason : Notice or None
        Why the other engine cannot serve.
    """

    table: pd.DataFrame
    largest: float
    parameter: str
    chisq: float
    chisq_other: float
    agrees: bool
    engine: str
    other: str
    reason: Notice | None
    warnings: tuple[Notice, ...] = ()
    references: tuple[str, ...] = ("semopy",)

    def summary(self, lang: Language | None = None) -> str:
        """The finding in a sentence."""
        if self.reason is not None:
            return tr("sem.check_not_served", lang, other=self.other, reason=self.reason.text(lang))
        values = {
            "other": self.other,
            "largest": f"{self.largest:.1e}",
            "parameter": self.parameter,
            "chisq": format_number(self.chisq, 3, lang=lang),
            "chisq_other": format_number(self.chisq_other, 3, lang=lang),
        }
        return tr("sem.check_agrees" if self.agrees else "sem.check_differs", lang, **values)

    def apa(self, lang: Language | None = None) -> Table:
        """The parameters side by side."""
        frame = self.table.assign(parameter=[f"{row.lhs} {row.op} {row.rhs}" for row in self.table.itertuples()])
        columns = {
            "parameter": Column("sem.col_parameter"),
            "est": Column(self.engine, "number", digits=5),
            "est_other": Column(self.other, "number", digits=5),
            "in_se": Column("sem.col_in_se", "number", digits=6),
        }
        note = {"en": self.summary("en"), "vi": self.summary("vi")}
        return in_language(Table(frame, columns, "sem.check_title", notes=(note,)), lang)


def cross_check(fit: SemFit) -> CrossCheck:
    """The fit's model by the other engine; see `SemFit.cross_check`."""
    other = "cxlab" if fit.options.engine == "semopy" else "semopy"
    try:
        outcome = solve(other_engine(fit.request))
        reason = outcome.reason if fit.converged else Notice("sem.needs_convergence")
    except CxlabError as error:
        reason = Notice(error.key, error.values)
    if reason is not None:
        empty = pd.DataFrame(columns=["lhs", "op", "rhs", "est", "est_other", "difference", "in_se"])
        return CrossCheck(empty, math.nan, "", math.nan, math.nan, False, fit.options.engine, other, reason)
    table = _table(fit, outcome.fitted.theta)
    worst = table["in_se"].abs().idxmax()
    largest = float(abs(table.loc[worst, "in_se"]))
    name = " ".join(str(table.loc[worst, column]) for column in ("lhs", "op", "rhs"))
    chisq = outcome.fit.chisq if outcome.fit is not None else math.nan
    return CrossCheck(
        table=table,
        largest=largest,
        parameter=name,
        chisq=float(fit.fit_measures["chisq"]),
        chisq_other=chisq,
        agrees=largest < CLOSE,
        engine=fit.options.engine,
        other=other,
        reason=None,
    )


def _table(fit: SemFit, other: np.ndarray) -> pd.DataFrame:
    table, theta = fit.fitted.table, fit.fitted.theta
    vcov = fit.fitted.vcov
    se = np.sqrt(np.diag(vcov)) if vcov is not None else np.full(len(theta), math.nan)
    rows = [int(np.flatnonzero(table.free == number)[0]) for number in range(1, table.n_free + 1)]
    frame = pd.DataFrame({name: [getattr(table, name)[row] for row in rows] for name in ("lhs", "op", "rhs")})
    frame["est"], frame["est_other"] = theta, other
    frame["difference"] = other - theta
    frame["in_se"] = frame["difference"] / se
    return frame
