"""The result of `cx.shifted_beta_geometric`: parameters, curve, and the lifetime still to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.analyses.result import Result, bilingual, in_language, notices_text
from cxlab.errors import DataError, Notice
from cxlab.estimate.retention import Array, sbg_lifetime
from cxlab.i18n import Language, format_number, tr
from cxlab.journey.retention_parts import check_positive
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False, eq=False)
class ShiftedBetaGeometric(Result):
    """A shifted-beta-geometric model at its estimates; see `cxlab.shifted_beta_geometric` for its tables."""

    table: pd.DataFrame
    loglik: float
    curve: pd.DataFrame
    n: float
    warnings: tuple[Notice, ...]
    level: float
    cov: Array = field(repr=False)
    cohorts: Mapping[str, tuple[float, ...]] = field(repr=False)
    references: tuple[str, ...] = ("fader_hardie_2007", "fader_hardie_2010")

    @property
    def values(self) -> Array:
        """The estimates alpha, beta."""
        return self.table["estimate"].to_numpy()

    def lifetime(
        self, renewals: int | Sequence[int] = 0, *, discount: float = 0.1, margin: float = 1.0
    ) -> pd.DataFrame:
        """What is still to come from a customer who has renewed so often and is about to decide again.

        Parameters
        ----------
        renewals : int or sequence of int
            Renewals made so far, 0 or more.
        discount : float
            Rate of one period, above 0: 0.1 for 10%.
        margin : float
            Earned by each renewed period, at its start.

        Returns
        -------
        DataFrame
            renewals, retention (of the renewal ahead), value, ci_lower, ci_upper, constant (the value if everybody
            always renewed with the mean retention seen: too low for those who have stayed, as the doubtful left first).

        Notes
        -----
        Discounted expected residual lifetime of Fader & Hardie (2010) times `margin`:
        (beta+k)/(alpha+beta+k) 2F1(1, beta+k+1; alpha+beta+k+1; 1/(1+d)) after k renewals, a payment due at once
        counting in full.
        """
        from scipy.stats import norm

        rate, worth = check_positive("discount", discount), check_positive("margin", margin)
        k = np.atleast_1d(np.asarray(renewals, dtype=float))
        if (k < 0).any() or (k % 1 != 0).any():
            raise DataError("management.renewals", value=renewals)
        value, logs = sbg_lifetime(self.values, k, rate), np.log(self.values)
        slopes = [
            np.log(sbg_lifetime(np.exp(logs + unit), k, rate) / sbg_lifetime(np.exp(logs - unit), k, rate)) / 2e-4
            for unit in np.eye(2) * 1e-4
        ]
        reach = np.exp(norm.isf((1 - self.level) / 2) * np.sqrt(np.einsum("ik,ij,jk->k", slopes, self.cov, slopes)))
        alpha, beta = self.values
        mean = self._mean_retention()
        return pd.DataFrame(
            {
                "renewals": k.astype(int),
                "retention": (beta + k) / (alpha + beta + k),
                "value": worth * value,
                "ci_lower": worth * value / reach,
                "ci_upper": worth * value * reach,
                "constant": worth * mean * (1 + rate) / (1 + rate - mean),
            }
        )

    def _mean_retention(self) -> float:
        """Renewals made over renewals possible, as an average retention rate is often computed."""
        kept = sum(sum(one[1:]) for one in self.cohorts.values())
        return kept / sum(sum(one[:-1]) for one in self.cohorts.values())

    def summary(self, lang: Language | None = None) -> str:
        """Parameters, mean probability of ending, and retention now and later."""
        head = tr("management.sbg_head", lang, n=format_number(self.n, 0, lang=lang),
                  loglik=format_number(self.loglik, 2, lang=lang))  # fmt: skip
        lines = [head, *notices_text(self.warnings, lang)]
        for row in self.table.to_dict("records"):
            numbers = [format_number(row[name], 3, lang=lang) for name in ("estimate", "se")]
            lines.append(f"  {row['parameter']:<5}  {numbers[0]}  (SE {numbers[1]})")
        last = self.curve[self.curve["used"]].iloc[-1]
        first, now = (
            format_number(100 * value, 1, lang=lang) for value in (self.curve["retention"][1], last.retention)
        )
        lines.append(tr("management.sbg_reading", lang, first=first, now=now, period=int(last.period)))
        return "\n".join(lines)

    def apa(self, lang: Language | None = None) -> Table:
        """Periods with customers left and retention, seen and by the model."""
        columns = {
            "period": Column("management.col_period", "integer"),
            "observed": Column("management.col_observed_alive", "percent", digits=1),
            "survival": Column("management.col_survival", "percent", digits=1),
            "ci": Column(bilingual("analyses.col_interval", level=f"{100 * self.level:g}"), "text"),
            "observed_retention": Column("management.col_observed_retention", "percent", digits=1),
            "retention": Column("management.col_retention", "percent", digits=1),
        }
        ends = [
            bilingual_range(low, high) for low, high in zip(self.curve["ci_lower"], self.curve["ci_upper"], strict=True)
        ]
        numbers = {
            row["parameter"]: {lang: format_number(row["estimate"], 3, lang=lang) for lang in ("en", "vi")}
            for row in self.table.to_dict("records")
        }
        note = bilingual("management.sbg_note", **numbers)
        return in_language(Table(self.curve.assign(ci=ends), columns, "management.sbg_title", notes=(note,)), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """The share still there with its band, and the retention rate: seen, by the model, and forecast."""
        from cxlab.show.tracking import renewal_figure

        return renewal_figure(self.curve, lang=lang)


def bilingual_range(low: float, high: float) -> dict[str, str]:
    """An interval of shares as percentages."""
    marks: dict[Language, str] = {"en": ", ", "vi": "; "}
    return {
        lang: f"[{format_number(100 * low, 1, lang=lang)}%{mark}{format_number(100 * high, 1, lang=lang)}%]"
        for lang, mark in marks.items()
    }
