"""Bootstrap-based test of exact fit of a PLS path model: could these distances come about if the model were true?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.analyses.pls_notices import carried
from cxlab.analyses.pls_replicates import status_of
from cxlab.analyses.result import Result, bilingual, in_language, notices_text
from cxlab.errors import EstimationError, Notice, NotSupportedError
from cxlab.estimate.pls import Structure
from cxlab.estimate.sem.inverses import is_definite
from cxlab.evaluate.pls import distance, implied_correlations
from cxlab.i18n import Language, format_number, p_text, tr
from cxlab.resample.draws import RandomDraws
from cxlab.resample.intervals import check_level
from cxlab.resample.moments import transformed_rows
from cxlab.resample.pls import pls_replicates
from cxlab.resample.request import check_whole, given_seed
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from cxlab.analyses.pls_result import PlsFit

MEASURES = ("srmr", "d_uls", "d_g")
_FEWEST = 100


@dataclass(frozen=True, repr=False, eq=False)
class PlsExactFit(Result):
    """Distances of a PLS model to the data against those that arise when the model holds.

    Attributes
    ----------
    table : DataFrame
        measure ("srmr", "d_uls", "d_g"), value, critical (quantile `level` of the replicates), pvalue, rejected.
    replicates : DataFrame
        One row a resample, one column a measure; nan where a resample is left out.
    status : Series
        Counts: replicates, used, not_converged, constant, inadmissible.
    """

    table: pd.DataFrame
    replicates: pd.DataFrame = field(repr=False)
    status: pd.Series
    saturated: bool
    level: float
    seed: int
    warnings: tuple[Notice, ...] = ()
    references: tuple[str, ...] = ("beran_srivastava_1985", "dijkstra_henseler_2015")

    def summary(self, lang: Language | None = None) -> str:
        """Each distance with its critical value, and what follows."""
        model = tr("pls_boot.exact_saturated" if self.saturated else "pls_boot.exact_estimated", lang)
        used, total = int(self.status["used"]), int(self.status["replicates"])
        lines = [tr("pls_boot.exact_head", lang, model=model, used=used, n=total), *notices_text(self.warnings, lang)]
        for row in self.table.itertuples():
            value, critical = (format_number(one, 3, lang=lang) for one in (row.value, row.critical))
            verdict = tr("pls_boot.exact_rejected" if row.rejected else "pls_boot.exact_kept", lang)
            name, p = tr(f"pls_boot.col_{row.measure}", lang), p_text(row.pvalue, lang)
            values = {"name": name, "value": value, "critical": critical, "p": p, "verdict": verdict}
            lines.append("  " + tr("pls_boot.exact_line", lang, level=f"{100 * self.level:g}", **values))
        return "\n".join(lines)

    def apa(self, lang: Language | None = None) -> Table:
        """Distances, critical values and p-values."""
        frame = self.table.assign(measure=[bilingual(f"pls_boot.col_{name}") for name in self.table["measure"]])
        columns = {
            "measure": Column("pls_boot.col_measure"),
            "value": Column("pls_boot.col_value", "number", digits=3),
            "critical": Column(bilingual("pls_boot.col_critical", level=f"{100 * self.level:g}"), "number", digits=3),
            "pvalue": Column("pls.col_p", "p"),
        }
        model = bilingual("pls_boot.exact_saturated" if self.saturated else "pls_boot.exact_estimated")
        note = bilingual("pls_boot.exact_note", n=int(self.status["used"]), model=model)
        return in_language(Table(frame, columns, "pls_boot.title_exact", notes=(note,)), lang)


def pls_exact_fit(
    fit: PlsFit, n: int = 1000, seed: int | None = None, *, saturated: bool = False, level: float = 0.95
) -> PlsExactFit:
    """Whether the model's distances to the data are larger than chance allows if it holds exactly.

    When to use it: for composites and common factors alike, before paths are read. A large sample rejects small
    misfit too: look at the size of SRMR and at residuals beside the test.

    Parameters
    ----------
    fit : PlsFit
        From complete rows, without made indicators (interactions, scores of a first stage).
    n : int
        Resamples, at least 100.
    seed : int, optional
        The same seed gives the same resamples.
    saturated : bool
        True tests the measurement part alone: constructs are free to correlate.
    level : float
        1 less the probability of rejecting a true model.

    Returns
    -------
    PlsExactFit

    Raises
    ------
    CxlabError
        Fewer than 100 resamples, a seed that is no whole number, a level outside 0 to 1.
    NotSupportedError
        Models with made or repeated indicators, or not from complete rows.
    EstimationError
        Sample or implied correlations that are not positive definite.

    Notes
    -----
    Standardised answers Z become Z S^(-1/2) Sigma^(1/2), in which the model holds (Beran & Srivastava, 1985);
    resamples of them give the distances' distribution. Resamples that do not converge or are inadmissible are left out
    and counted. p = (1 + resamples at or beyond the value) / (1 + resamples). R: ``cSEM::testOMF``, whose d_G takes
    logarithms to base 10.

    Examples
    --------
    >>> import cxlab as cx
    >>> fit = cx.pls("Image <~ IMAG1 + IMAG2 + IMAG4; CUSA1 ~ Image", cx.load_dataset("ecsi_mobile"))
    >>> fit.exact_fit(200, seed=1).table["measure"].tolist()
    ['srmr', 'd_uls', 'd_g']
    """
    check_level(level)
    check_whole("n", n, _FEWEST)
    drawn_seed = given_seed(seed)
    if fit.model.stages is not None or fit.model.repeated:
        raise NotSupportedError("pls_boot.exact_made")
    fit.need_rows(".exact_fit()")
    rows = _as_if_true(fit, saturated)
    design, draws = fit.model.design, RandomDraws(n, (len(rows),), drawn_seed)

    def measure(cor: np.ndarray, solved: Structure) -> np.ndarray:
        found = distance(cor, implied_correlations(cor, solved, design, not saturated))
        return np.array([found.srmr, found.d_uls, found.d_g])

    found = pls_replicates(rows, design, draws, fit.scheme, fit.tolerance, measure=measure)
    drawn = np.where(found.admissible[:, None], found.measured, np.nan)
    own = measure(fit.cor[:, :, None], fit.solved)[:, 0]
    status = status_of(found)
    status["used"] = int(found.admissible.sum())  # only admissible resamples tell how far apart chance puts them
    if status["used"] < 2:
        raise EstimationError("pls_boot.exact_none_left", n=n)
    table = _judged(own, drawn, level)
    replicates = pd.DataFrame(drawn, columns=list(MEASURES))
    told = _notices(fit, status)
    told += (Notice("resample.seed_drawn", {"seed": drawn_seed}),) if seed is None else ()
    return PlsExactFit(table, replicates, status, saturated, level, drawn_seed, told)


def _judged(own: np.ndarray, drawn: np.ndarray, level: float) -> pd.DataFrame:
    counted = np.isfinite(drawn).sum(axis=0)
    critical = np.nanquantile(drawn, level, axis=0)
    beyond = (drawn >= own).sum(axis=0)
    p = (1 + beyond) / (1 + counted)
    return pd.DataFrame(
        {"measure": MEASURES, "value": own, "critical": critical, "pvalue": p, "rejected": own > critical}
    )


def _as_if_true(fit: PlsFit, saturated: bool) -> np.ndarray:
    """Standardised answers turned so that their correlations are those the model implies."""
    cor = fit.cor[:, :, None]
    implied = implied_correlations(cor, fit.solved, fit.model.design, not saturated)[:, :, 0]
    for name, matrix in (("sample", fit.cor), ("implied", implied)):
        if not is_definite(matrix):
            raise EstimationError(f"pls_boot.exact_not_definite_{name}")
    answers = fit.frame.to_numpy()
    z = (answers - answers.mean(axis=0)) / answers.std(axis=0)
    return transformed_rows([z], fit.cor[None], implied[None], None)[0]


def _notices(fit: PlsFit, status: pd.Series) -> tuple[Notice, ...]:
    left = int(status["replicates"] - status["used"])
    values = {"count": left, "total": int(status["replicates"])}
    out = [Notice("pls_boot.exact_left_out", values, serious=left > 0.05 * status["replicates"])] if left else []
    return (*carried(fit, sampling=True), *out)
