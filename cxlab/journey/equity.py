"""`cx.customer_equity`: what the customers of each segment are worth, and which lever moves it most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxlab.analyses.result import Result, bilingual, in_language, notices_text
from cxlab.analyses.unpack import check_names, numeric_columns
from cxlab.errors import Notice
from cxlab.i18n import Language, format_number, tr
from cxlab.journey.retention_parts import check_positive, refuse_rows
from cxlab.show.table import Column, Table
from cxlab.survey.survey import Survey, as_survey

# Retention of 1 would make a value without end.
_MOST = 0.9999
LEVERS = ("retention", "margin", "discount")


@dataclass(frozen=True, repr=False, eq=False)
class CustomerEquity(Result):
    """The worth of segments of customers; see `cxlab.customer_equity` for the columns."""

    table: pd.DataFrame
    levers: pd.DataFrame
    warnings: tuple[Notice, ...]
    discount: float
    references: tuple[str, ...] = ("rust_2004", "gupta_2004", "blattberg_deighton_1996")

    @property
    def total(self) -> float:
        """The equity of all segments."""
        return float(self.table["equity"].sum())

    def summary(self, lang: Language | None = None) -> str:
        """The whole, and what one per cent more of each lever adds."""
        total = format_number(self.total, 0, lang=lang)
        rate = format_number(100 * self.discount, 1, lang=lang)
        lines = [tr("management.equity_head", lang, total=total, rate=rate), *notices_text(self.warnings, lang)]
        for row in self.levers.dropna().to_dict("records"):
            percent = format_number(row["elasticity"], 2, lang=lang)
            lines.append("  " + tr("management.equity_lever", lang, lever=tr(f"management.lever_{row['lever']}", lang),
                                   percent=percent))  # fmt: skip
        return "\n".join(lines)

    def apa(self, lang: Language | None = None) -> Table:
        """Segments with customers, margin, retention, lifetime value and equity."""
        columns = {
            "segment": Column("management.col_segment"),
            "customers": Column("management.col_customers", "integer"),
            "margin": Column("management.col_margin", "number"),
            "retention": Column("management.col_retention", "percent", digits=1),
            "lifetime": Column("management.col_lifetime", "number", digits=1),
            "clv": Column("management.col_clv", "number"),
            "newcomer": Column("management.col_newcomer", "number"),
            "equity": Column("management.col_equity", "number", digits=0),
            "per_point": Column("management.col_per_point", "number", digits=0),
        }
        rates = {lang: format_number(100 * self.discount, 1, lang=lang) for lang in ("en", "vi")}
        note = bilingual("management.equity_note", rate=rates)
        return in_language(Table(self.table, columns, "management.equity_title", notes=(note,)), lang)


def customer_equity(
    segments: Survey | pd.DataFrame,
    *,
    segment: str = "segment",
    customers: str = "customers",
    margin: str = "margin",
    retention: str = "retention",
    acquisition_cost: str | None = None,
    discount: float = 0.1,
) -> CustomerEquity:
    """Customer lifetime value and customer equity of segments, by arithmetic, with the worth of each lever.

    When to use it: retention rates and margins are known or assumed, and one asks what they are worth. Where renewals
    are seen, `cx.shifted_beta_geometric` does better than one rate for all.

    Parameters
    ----------
    segments : Survey or DataFrame
        One row a segment.
    segment : str
        Column with the segment's name.
    customers, margin, retention : str
        Columns with the number of customers, what one earns the firm in a period, and the share that stays from one
        period to the next, from 0 to below 1.
    acquisition_cost : str, optional
        Column with the cost of winning one customer.
    discount : float
        Rate of one period, above 0: 0.1 for 10%.

    Returns
    -------
    CustomerEquity
        ``.table``: segment, customers, margin, retention, lifetime (periods expected, 1/(1 - retention)), clv (of one
        customer who has just paid), newcomer (of a customer won now: first margin + clv - cost), equity (customers
        times clv), per_point (equity that one more percentage point of retention adds). ``.levers``: lever, gain,
        elasticity (per cent of equity for one per cent better; nan if equity is not above 0). ``.total``.

    Raises
    ------
    DataError
        Negative customers or cost, retention outside 0 to below 1, a discount not above 0.

    Notes
    -----
    clv = m r / (1 + d - r), with margins at the end of each period, the same retention for all and for ever: real
    customers differ, and then their value is higher (Fader & Hardie, 2010). Gupta, Lehmann & Stuart (2004), Rust, Lemon
    & Zeithaml (2004).

    Examples
    --------
    >>> import cxlab as cx
    >>> segments = pd.DataFrame({"segment": ["A", "B"], "customers": [100, 50], "margin": [10, 30],
    ...                          "retention": [0.8, 0.9]})
    >>> equity = cx.customer_equity(segments)
    >>> equity.table["clv"].round(2).tolist(), round(equity.total)
    ([26.67, 135.0], 9417)
    """
    rate = check_positive("discount", discount)
    survey = as_survey(segments)
    wanted = [customers, margin, retention, *([acquisition_cost] if acquisition_cost is not None else [])]
    frame, told = numeric_columns(survey, wanted, constant="allow", min_rows=1)
    named = list(frame.columns)
    names = ["customers", "margin", "retention", "acquisition_cost"][: len(named)]
    frame = frame.set_axis(names, axis=1)
    refuse_rows(frame.index[(frame["retention"] < 0) | (frame["retention"] >= 1)], "retention_outside", named[2])
    for name in ("customers", "acquisition_cost"):
        if name in frame:
            refuse_rows(frame.index[frame[name] < 0], "negative_cells", named[names.index(name)])
    title = check_names(survey.frame, [segment])[segment]
    cost = frame["acquisition_cost"] if acquisition_cost is not None else 0.0
    clv = _clv(frame, rate)
    equity = frame["customers"] * clv
    more = frame.assign(retention=np.minimum(frame["retention"] + 0.01, _MOST))
    table = pd.DataFrame(
        {
            "segment": survey.frame.loc[frame.index, title].astype(str),
            **{name: frame[name] for name in names},
            "lifetime": 1 / (1 - frame["retention"]),
            "clv": clv,
            "newcomer": frame["margin"] + clv - cost,
            "equity": equity,
            "per_point": frame["customers"] * _clv(more, rate) - equity,
        }
    ).reset_index(drop=True)
    return CustomerEquity(table, _levers(frame, rate), (*told, *_notices(table)), rate)


def _notices(table: pd.DataFrame) -> list[Notice]:
    losing = ", ".join(table["segment"][table["newcomer"] < 0])
    found = [Notice("management.newcomer_loses", {"segments": losing}, serious=True)] if losing else []
    capped = ", ".join(table["segment"][np.maximum(table["retention"] + 0.01, 1.01 * table["retention"]) > _MOST])
    if capped:
        found.append(Notice("management.equity_capped", {"segments": capped}, serious=True))
    if not table["equity"].sum() > 0:
        found.append(Notice("management.equity_not_positive", serious=True))
    return [*found, Notice("management.equity_constant")]


def _clv(frame: pd.DataFrame, rate: float) -> pd.Series:
    return frame["margin"] * frame["retention"] / (1 + rate - frame["retention"])


def _levers(frame: pd.DataFrame, rate: float) -> pd.DataFrame:
    """What equity gains if a lever gets one per cent better (the discount rate: lower)."""

    def equity(own: pd.DataFrame, rate: float) -> float:
        return float((own["customers"] * _clv(own, rate)).sum())

    now = equity(frame, rate)
    better = {
        "retention": equity(frame.assign(retention=np.minimum(1.01 * frame["retention"], _MOST)), rate),
        "margin": equity(frame.assign(margin=1.01 * frame["margin"]), rate),
        "discount": equity(frame, 0.99 * rate),
    }
    gain = np.array([better[name] - now for name in LEVERS])
    return pd.DataFrame({"lever": LEVERS, "gain": gain, "elasticity": 100 * gain / now if now > 0 else np.nan})
