"""What a reader must know before the importance of drivers: suppression, overlap, few rows, lost resamples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxlab.analyses.drivers_input import DriverData
from cxlab.analyses.result import Text, bilingual, each
from cxlab.analyses.spoken import Spoken
from cxlab.errors import Notice
from cxlab.evaluate.rules import interpret
from cxlab.i18n import pick

# A coefficient and a correlation of opposite sign, both this many errors from zero by the classical test.
_CLEAR = 2.0
# A driver that hardly goes with the outcome has, as a suppressor, at least this many times its correlation as weight.
_WEIGHTIER = 2.0
_PERFECT = 1 - 1e-10
_ROWS_PER_DRIVER = 10
_LOST = 0.05


@dataclass(frozen=True)
class _Suppressors:
    """Drivers, each with its correlation and its coefficient."""

    rows: tuple[tuple[str, Spoken, Spoken], ...]

    def __str__(self) -> str:
        return ", ".join(f"{name} (r = {r}, β = {beta})" for name, r, beta in self.rows)


def driver_notices(
    data: DriverData, coefficients: pd.DataFrame, fit: pd.Series, methods: Sequence[str], barred: Sequence[str]
) -> tuple[Notice, ...]:
    """All notices, those of the data first."""
    notices = [*data.notices]
    if barred:
        notices.append(Notice("drivers.left_out", {"methods": ", ".join(barred)}))
    if fit["r2"] > _PERFECT:
        return (*notices, Notice("analyses.perfect_fit", {"outcome": data.outcome}, serious=True))
    notices += _suppression(coefficients, data)
    notices += _overlap(coefficients)
    columns = len(coefficients) + data.covariates
    if len(data.values) < _ROWS_PER_DRIVER * columns:
        values = {"n": len(data.values), "columns": columns, "r2": _short(fit["r2"]), "adjusted": _short(fit["adj_r2"])}
        notices.append(Notice("drivers.few_rows", values, serious=True))
    if "permutation" in methods and not fit["r2_cv"] > 0:
        notices.append(Notice("drivers.no_prediction", {"r2": _short(fit["r2_cv"])}, serious=True))
    return (*notices, *_lost(fit))


def simulated(warnings: Sequence[Notice]) -> tuple[Text, ...]:
    """The line that every table and figure of simulated data carries; nothing for real data."""
    made_up = any(notice.key == "analyses.simulated" for notice in warnings)
    return (bilingual("analyses.simulated"),) if made_up else ()


def figure_title(key: str, outcome: object, warnings: Sequence[Notice]) -> Text:
    """A figure's title, which says so where the data are simulated."""
    parts = (bilingual(key, outcome=outcome), *simulated(warnings))
    return each(lambda lang: " · ".join(pick(part, lang) for part in parts))


def _suppression(coefficients: pd.DataFrame, data: DriverData) -> list[Notice]:
    """A driver that goes with less of the outcome but has a positive weight, or the other way round."""
    n = len(data.values)
    r = coefficients["r"]
    t_r = r * np.sqrt((n - 2) / (1 - r**2).clip(lower=1e-12))
    known = t_r.abs() > _CLEAR
    weighty = coefficients["t"].abs() > _CLEAR
    clear = coefficients[weighty & known & (coefficients["beta"] * r < 0)]
    weak = coefficients[weighty & ~known & (coefficients["beta"].abs() > _WEIGHTIER * r.abs())]
    notices = []
    for key, rows in (("drivers.suppression", clear), ("drivers.suppression_weak", weak)):
        if len(rows):
            shown = tuple((row.column, _short(row.r), _short(row.beta)) for row in rows.itertuples())
            notices.append(Notice(key, {"drivers": _Suppressors(shown)}, serious=True))
    return notices


def _overlap(coefficients: pd.DataFrame) -> list[Notice]:
    notices = []
    for row in coefficients.itertuples():
        judged = interpret(float(row.vif), "hair_2019_vif")
        if judged.label == "evaluate.probable_issue":
            notices.append(Notice("drivers.overlap", {"driver": row.column, "judgement": judged}))
    return notices


def _lost(fit: pd.Series) -> list[Notice]:
    lost, total = int(fit["n_boot"] - fit["used"]), int(fit["n_boot"])
    if not total:
        return [Notice("drivers.no_intervals")]
    return [Notice("drivers.lost", {"count": lost, "total": total}, serious=lost > _LOST * total)] if lost else []


def _short(value: float) -> Spoken:
    return Spoken((float(value),), bounded=True)
