"""`cx.claim`: what a printed percentage is worth, and how many respondents a printed difference needs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from scipy.stats import norm

from cxlab.analyses.unpack import check_level
from cxlab.codebook.text import did_you_mean
from cxlab.errors import DataError, Notice
from cxlab.i18n import LANGUAGES, Language, format_number, p_text, pick, tr
from cxlab.metrics.change import independent
from cxlab.metrics.tally import Cells, Estimate, Score, wilson
from cxlab.show.cells import interval_text
from cxlab.show.result import Result, Text, bilingual, each, in_language, notices_text
from cxlab.show.table import Column, Table
from cxlab.theory.tables.topic import read_topic

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Unit = Literal["share", "growth"]
TABLE_COLUMNS = ["claim", "share", "n", "ci_lower", "ci_upper"]
POWER_COLUMNS = ["n_each", "difference", "ci_lower", "ci_upper", "pvalue", "power"]
_BOUNDED = Column("", "bounded", 3)
_YES = Score("yes", "share", lambda value: value)


def claim(
    first: float | str,
    second: float | str | None = None,
    *,
    n: int | None = None,
    n_second: int | None = None,
    unit: Unit | None = None,
    level: float = 0.95,
    power: float = 0.8,
) -> Claim:
    """Wilson's interval of one claimed share; or how many in each group would make two claimed shares differ.

    When to use it: a number in an article, with or without n. "78% dropped a purchase" among 1,000 is 75 to 81%; "7.5%
    against 2.9%" without n is nothing until somebody says of how many.

    Parameters
    ----------
    first, second : float or str
        Shares between 0 and 1, or keys of ``cx.theory_table("claims")``: their values and n are taken from there. A key
        that compares two shares (``"retention_gap"``) stands for both.
    n, n_second : int, optional
        Respondents behind each share.
    unit : {"share", "growth"}, optional
        "growth" for rates of growth, which are treated as if they were shares, with a warning. Rows of the claims table
        know theirs.
    level : float
        Confidence level, between 0 and 1; one less it is the level of tests.
    power : float
        Wanted chance to find the difference.

    Returns
    -------
    Claim
        ``.table``: claim share n ci_lower ci_upper. For two shares, respondents in each group: ``.n_significant`` (the
        interval of the difference just leaves out zero if the shares come out exactly so), ``.n_test`` (the test with
        pooled variance just rejects), ``.n_power`` (found with the chance `power`); ``.curve`` (n_each difference
        ci_lower ci_upper pvalue power); with both n ``.pvalue`` and ``.difference_ci``. Differences are first less
        second.

    Raises
    ------
    DataError
        A share outside 0 to 1 (7.5 for 7.5%), an unknown key, a claim without a share, equal shares, n that is no
        count.

    Notes
    -----
    ``n_significant = z² (p1 q1 + p2 q2)/(p1 - p2)²``; ``n_test`` with 2 p q of the pooled share instead. ``n_power``,
    ``power``: R's ``power.prop.test(p1 =, p2 =)``. ``pvalue``: ``prop.test(correct = FALSE)``. All hold for simple
    random samples, which polls on the web are not.

    Examples
    --------
    >>> import cxlab as cx
    >>> [round(float(end), 3) for end in cx.claim(0.78, n=1000).table.loc[0, ["ci_lower", "ci_upper"]]]
    [0.753, 0.805]
    >>> cx.claim(0.075, 0.029).n_significant
    178
    """
    check_level(level)
    if isinstance(power, bool) or not isinstance(power, int | float) or not 0 < power < 1:
        raise DataError("metrics.between_0_and_1", name="power", value=power)
    sides, notices = _sides(first, second, (n, n_second), unit)
    if len(sides) == 1 and sides[0].n is None:
        raise DataError("metrics.claim_needs_n", share=sides[0].share)
    rows = []
    for side in sides:
        ends = (np.nan, np.nan)
        if side.n is not None:
            ends = wilson(Estimate(side.share, 0.0, side.n, side.n), side.n, level)
        rows.append((side.key, side.share, np.nan if side.n is None else side.n, *ends))
    table = pd.DataFrame(rows, columns=TABLE_COLUMNS)
    found: dict[str, Any] = {"curve": pd.DataFrame(columns=POWER_COLUMNS)}
    if len(sides) == 2:
        found = _compared(sides[0], sides[1], level, power)
    return Claim(table=table, warnings=tuple(notices), level=level, power=power, labels=_labels(sides),
                 keys=tuple(side.key for side in sides), **found)  # fmt: skip


@dataclass(frozen=True)
class Side:
    """One claimed share: a key or "", its value, n if anybody said it, and its words."""

    key: str
    share: float
    n: int | None
    text: Text | None = None


@dataclass(frozen=True, repr=False, eq=False)
class Claim(Result):
    """A claim checked; see `cxlab.claim`."""

    table: pd.DataFrame
    curve: pd.DataFrame
    warnings: tuple[Notice, ...]
    level: float
    power: float
    labels: Mapping[str, Text] = field(repr=False)
    keys: tuple[str, ...] = ()
    n_significant: int | None = None
    n_test: int | None = None
    n_power: int | None = None
    difference: float = math.nan
    difference_ci: tuple[float, float] = (math.nan, math.nan)
    pvalue: float = math.nan
    references: tuple[str, ...] = ("wilson_1927",)

    def summary(self, lang: Language | None = None) -> str:
        """Each share with its interval; for two, what n the difference needs."""
        lines = [self._side(row, lang) for row in self.table.to_dict("records")]
        if self.n_significant is not None:
            lines += self._needed(lang)
        head = tr("metrics.claim_head", lang)
        return "\n".join([head, *(f"  {line}" for line in lines), *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """The shares with their intervals; for two, significance and power by n."""
        heading = bilingual("analyses.col_interval", level=f"{100 * self.level:g}")
        notes = [each(notice.text) for notice in self.warnings]
        if self.n_significant is None:
            frame = self.table.assign(text=[self._text(row) for row in self.table["claim"]])
            columns = {
                "text": Column("metrics.col_claim"),
                "share": Column("metrics.col_share", "percent", 1),
                "n": Column("analyses.col_n", "integer"),
                "ci": Column(heading, "interval", 3, parts=("ci_lower", "ci_upper"), bounded=True),
            }
            return in_language(Table(frame, columns, "metrics.title_claim", notes=tuple(notes)), lang)
        columns = {
            "n_each": Column("metrics.col_n_each", "integer"),
            "difference": Column("metrics.col_difference", "bounded", 3),
            "ci": Column(heading, "interval", 3, parts=("ci_lower", "ci_upper"), bounded=True),
            "pvalue": Column("p", "p"),
            "power": Column("metrics.col_power", "bounded"),
        }
        said = [each(partial(self._one_needed, place)) for place in range(len(self._needed("en")))]
        return in_language(Table(self.curve, columns, "metrics.title_claim_two", notes=(*said, *notes)), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """One share: its interval. Two: the difference's interval by n."""
        from cxlab.show import interval_plot
        from cxlab.show.curves import curve_plot

        if self.n_significant is None:
            frame = self.table.assign(
                label=[self._text(row) for row in self.table["claim"]], estimate=self.table["share"]
            )
            return interval_plot(frame, title="metrics.title_claim", xlabel="metrics.col_share", digits=3, lang=lang)
        points = 100 * self.curve[["difference", "ci_lower", "ci_upper"]]
        names = [bilingual("metrics.col_difference")] * len(points)
        frame = points.rename(columns={"difference": "estimate"}).assign(label=names, x=self.curve["n_each"])
        axes: dict[str, Any] = {"xlabel": "metrics.col_n_each", "ylabel": "metrics.axis_points"}
        return curve_plot(frame, reference=0.0, title="metrics.title_claim_two", bounded=False, lang=lang, **axes)

    def _text(self, key: str) -> Text:
        return self.labels[key]

    def _side(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        share = format_number(100 * row["share"], 1, lang=lang)
        text = pick(self._text(row["claim"]), lang)
        bare = "bare_" if text == f"{share}%" else ""  # a number without words is its own label
        if not np.isfinite(row["n"]):
            return tr(f"metrics.claim_{bare}no_n", lang, text=text, share=share)
        ends = interval_text(row["ci_lower"], row["ci_upper"], _BOUNDED, lang)
        count = format_number(row["n"], 0, lang=lang)
        said = {"text": text, "share": share, "n": count, "level": f"{100 * self.level:g}", "ends": ends}
        return tr(f"metrics.claim_{bare}line", lang, **said)

    def _one_needed(self, place: int, lang: Language) -> str:
        return self._needed(lang)[place]

    def _needed(self, lang: Language | None) -> list[str]:
        lines = [
            tr(
                "metrics.claim_significant",
                lang,
                n=self.n_significant,
                tested=self.n_test,
                level=f"{100 * self.level:g}",
            ),
            tr("metrics.claim_power", lang, n=self.n_power, power=f"{100 * self.power:g}"),
        ]
        if np.isfinite(self.pvalue):
            ends = interval_text(*self.difference_ci, _BOUNDED, lang)
            value = format_number(self.difference, 3, bounded=True, lang=lang)
            lines.append(tr("metrics.claim_test", lang, difference=value, ends=ends, p=p_text(self.pvalue, lang)))
        return lines


def _sides(
    first: float | str, second: float | str | None, counts: tuple[int | None, int | None], unit: str | None
) -> tuple[list[Side], list[Notice]]:
    if unit not in (None, "share", "growth"):
        raise DataError("analyses.unknown_option", option="unit", value=unit, known="share, growth")
    given = [first] if second is None else [first, second]
    rows = [_row(one) if isinstance(one, str) else None for one in given]
    notices: list[Notice] = []
    if second is None and rows[0] is not None and "compares" in rows[0]:
        given, rows = [*rows[0]["compares"]], [None, None]
        unit = unit or "growth"
    for count in counts:
        if count is not None and (isinstance(count, bool) or not isinstance(count, int | np.integer) or count < 1):
            raise DataError("metrics.n_form", name="n", value=count)
    sides = []
    for place, (one, row) in enumerate(zip(given, rows, strict=True)):
        sides.append(_side(one, row, counts[place], notices))
        growth = unit == "growth" or (row is not None and row["unit"] == "growth")
        if growth and not any(notice.key == "metrics.claim_growth" for notice in notices):
            notices.append(Notice("metrics.claim_growth", serious=True))
    if all(row is not None for row in rows) and len(rows) == 2 and _related(rows[0], rows[1]):
        notices.append(Notice("metrics.claim_same", {"first": sides[0].key, "second": sides[1].key}, serious=True))
    if len(sides) == 2 and sides[0].share == sides[1].share:
        raise DataError("metrics.claim_equal", share=sides[0].share)
    return sides, notices


def _related(one: Mapping[str, Any] | None, two: Mapping[str, Any] | None) -> bool:
    """True if the ledger says that one claim is a part or a repetition of the other."""
    assert one is not None and two is not None  # noqa: S101, PT018 - the caller has looked
    names = [row.get("same_as", "") for row in (one, two)]
    return one["key"] == names[1] or two["key"] == names[0] or (names[0] == names[1] != "")


def _row(key: str) -> Mapping[str, Any]:
    rows = {row["key"]: row for row in read_topic("claims").rows}
    if key not in rows:
        raise DataError("metrics.claim_unknown", claim=key, hint=did_you_mean(key, list(rows)), known=", ".join(rows))
    if "compares" not in rows[key] and rows[key].get("unit") not in ("share", "growth"):
        raise DataError("metrics.claim_no_share", claim=key)
    return rows[key]


def _side(value: Any, row: Mapping[str, Any] | None, n: int | None, notices: list[Notice]) -> Side:
    if row is not None:
        if n is None and row.get("n") and row["unit"] == "share":
            n = int(row["n"])
            if not row.get("n_exact"):
                notices.append(Notice("metrics.claim_about", {"key": row["key"], "n": n}))
        if row["status"] != "sourced":
            notices.append(Notice("metrics.claim_memory", {"key": row["key"]}, serious=True))
        return Side(row["key"], float(row["value"]), n, row["claim"])
    number = isinstance(value, int | float | np.floating) and not isinstance(value, bool)
    if not number or not 0 <= value <= 1:
        raise DataError("metrics.claim_range", value=value)
    return Side(f"{float(value):g}", float(value), n)


def _labels(sides: list[Side]) -> dict[str, Text]:
    return {
        side.key: side.text or {lang: format_number(100 * side.share, 1, lang=lang) + "%" for lang in LANGUAGES}
        for side in sides
    }


def _compared(one: Side, two: Side, level: float, power: float) -> dict[str, Any]:
    """What the difference needs, and what it is worth where both n are known."""
    z, wanted = float(norm.ppf((1 + level) / 2)), float(norm.ppf(power))
    p, q = one.share, two.share
    spread, pooled = p * (1 - p) + q * (1 - q), (p + q) * (1 - (p + q) / 2)
    wholes = (
        z**2 * spread / (p - q) ** 2,
        z**2 * pooled / (p - q) ** 2,
        ((z * math.sqrt(pooled) + wanted * math.sqrt(spread)) / (p - q)) ** 2,
    )
    enough, tested, powerful = (max(2, math.ceil(whole)) for whole in wholes)  # nobody against everybody: 0
    sizes = sorted(
        {max(2, round(enough * part)) for part in (0.25, 0.5, 0.75, 1, 1.5, 2, 3)} | {enough, tested, powerful}
    )
    rows = []
    for size in sizes:
        found = independent(_counted(one, size), _counted(two, size), _YES, level)
        beyond = math.sqrt(size) * abs(p - q) - z * math.sqrt(pooled)
        chance = norm.cdf(beyond / math.sqrt(spread)) if spread else beyond > 0
        rows.append((size, p - q, -found.ci_upper, -found.ci_lower, found.pvalue, float(chance)))
    answer = {
        "n_significant": enough,
        "n_test": tested,
        "n_power": powerful,
        "curve": pd.DataFrame(rows, columns=POWER_COLUMNS),
    }
    if one.n is not None and two.n is not None:
        found = independent(_counted(one, one.n), _counted(two, two.n), _YES, level)
        answer |= {"difference": p - q, "difference_ci": (-found.ci_upper, -found.ci_lower), "pvalue": found.pvalue}
    return answer


def _counted(side: Side, n: int) -> Cells:
    """A share among n as if counted; the count need not be whole."""
    counts = np.array([side.share * n, (1 - side.share) * n])
    return Cells(np.array([1.0, 0.0]), counts, counts, counts)
