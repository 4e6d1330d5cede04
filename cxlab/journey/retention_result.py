"""The result of `cx.bg_nbd`: parameters, customers, and how well the counts are met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.analyses.result import Result, bilingual, in_language, notices_text
from cxlab.errors import DataError, Notice
from cxlab.estimate.retention import Array, bg_nbd_expected, bg_nbd_newcomer
from cxlab.i18n import Language, format_number, tr
from cxlab.journey.retention_parts import check_positive
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False, eq=False)
class BgNbd(Result):
    """A BG/NBD model at its estimates; see `cxlab.bg_nbd` for the columns of its tables."""

    table: pd.DataFrame
    loglik: float
    customers: pd.DataFrame
    tracking: pd.DataFrame
    holdout: pd.DataFrame | None
    warnings: tuple[Notice, ...]
    horizon: float
    level: float
    cov: Array = field(repr=False)
    history: pd.DataFrame = field(repr=False)
    references: tuple[str, ...] = ("fader_2005", "schmittlein_1987")

    @property
    def n(self) -> int:
        """Customers."""
        return len(self.customers)

    @property
    def values(self) -> Array:
        """The estimates r, alpha, a, b."""
        return self.table["estimate"].to_numpy()

    def expected(self, times: float | Sequence[float]) -> pd.DataFrame:
        """Repeat purchases expected of a new customer until each of the times.

        Parameters
        ----------
        times : float or sequence of float
            Since the first purchase, in the data's unit.

        Returns
        -------
        DataFrame
            time, expected, se, ci_lower, ci_upper; the errors by the delta method in the logarithm.
        """
        from scipy.stats import norm

        at = np.atleast_1d(np.asarray(times, dtype=float))
        for time in at:
            check_positive("times", float(time))
        logs = np.log(self.values)
        value = bg_nbd_newcomer(self.values, at)
        slopes = [
            (np.log(bg_nbd_newcomer(np.exp(logs + unit), at)) - np.log(bg_nbd_newcomer(np.exp(logs - unit), at))) / 2e-4
            for unit in np.eye(4) * 1e-4
        ]
        spread = np.sqrt(np.einsum("it,ij,jt->t", slopes, self.cov, slopes))
        reach = np.exp(norm.isf((1 - self.level) / 2) * spread)
        ends = {"ci_lower": value / reach, "ci_upper": value * reach}
        return pd.DataFrame({"time": at, "expected": value, "se": value * spread, **ends})

    def value(self, margin: float, discount: float, *, periods: int = 52) -> pd.Series:
        """What each customer will bring in the coming periods, discounted to now.

        Parameters
        ----------
        margin : float
            Earned by one purchase, taken to be the same for all.
        discount : float
            Rate of one unit of time (a week, say), 0 or above: a yearly rate of 10% is 1.1 ** (1 / 52) - 1.
        periods : int
            Units of time to look ahead.

        Returns
        -------
        Series
            One value a customer; its sum is the customer equity of those in the data.
        """
        rate, worth = check_positive("discount", discount, zero=True), check_positive("margin", margin)
        if check_positive("periods", periods) % 1:
            raise DataError("management.not_whole", name="periods", value=periods)
        x, t_x, age = (self.history[name].to_numpy() for name in ("frequency", "recency", "age"))
        before, total = np.zeros(self.n), np.zeros(self.n)
        for period in range(1, int(periods) + 1):
            bought = bg_nbd_expected(self.values, x, t_x, age, float(period))
            total += (bought - before) / (1 + rate) ** (period - 0.5)
            before = bought
        return pd.Series(worth * total, self.history.index, name="value")

    def summary(self, lang: Language | None = None) -> str:
        """Parameters, and what is expected of all customers together."""
        lines = [self._head(lang), *notices_text(self.warnings, lang)]
        for row in self.table.to_dict("records"):
            numbers = [format_number(row[name], 3, lang=lang) for name in ("estimate", "se")]
            lines.append(f"  {row['parameter']:<5}  {numbers[0]}  (SE {numbers[1]})")
        total = format_number(float(self.customers["expected"].sum()), 0, lang=lang)
        alive = format_number(100 * float(self.customers["p_alive"].mean()), 0, lang=lang)
        ahead = format_number(self.horizon, 1, lang=lang)
        lines.append(tr("management.bgnbd_forecast", lang, total=total, horizon=ahead, alive=alive))
        return "\n".join(lines)

    def apa(self, lang: Language | None = None) -> Table:
        """Parameters with standard errors and intervals."""
        meaning = [bilingual(f"management.meaning_{name}") for name in self.table["parameter"]]
        columns = {
            "parameter": Column("management.col_parameter"),
            "meaning": Column("management.col_meaning"),
            "estimate": Column("management.col_estimate", "number", digits=3),
            "se": Column("analyses.col_se", "number", digits=3),
            "ci": interval_column(self.level, digits=3),
        }
        note = bilingual("management.bgnbd_note", n=self.n, loglik=_loglik(self.loglik))
        return in_language(
            Table(self.table.assign(meaning=meaning), columns, "management.bgnbd_title", notes=(note,)), lang
        )

    def apa_holdout(self, lang: Language | None = None) -> Table | None:
        """Forecast and holdout by what was bought before; None without a holdout."""
        if self.holdout is None:
            return None
        columns = {
            "label": Column("management.col_repeats"),
            "customers": Column("management.col_customers", "integer"),
            "observed": Column("management.col_observed", "number"),
            "ci": interval_column(self.level),
            "expected": Column("management.col_expected", "number"),
        }
        frame = self.holdout.assign(label=repeat_labels(self.holdout["repeats"]))
        return in_language(Table(frame, columns, "management.holdout_title"), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Customers by repeat purchases, seen and expected; with a holdout also later purchases by earlier ones."""
        from cxlab.show.tracking import tracking_figure

        return tracking_figure(self.tracking, self.holdout, lang=lang)

    def _head(self, lang: Language | None) -> str:
        return tr("management.bgnbd_head", lang, n=self.n, loglik=format_number(self.loglik, 2, lang=lang))


def _loglik(value: float) -> dict[str, str]:
    return {lang: format_number(value, 2, lang=lang) for lang in ("en", "vi")}


def interval_column(level: float, digits: int = 2) -> Column:
    """A column of intervals from ci_lower and ci_upper."""
    header = bilingual("analyses.col_interval", level=f"{100 * level:g}")
    return Column(header, "interval", digits, parts=("ci_lower", "ci_upper"))


def repeat_labels(repeats: pd.Series) -> list[str]:
    """The counts as text, the last one open above."""
    return [*(str(int(count)) for count in repeats[:-1]), f"{int(repeats.iloc[-1])}+"]
