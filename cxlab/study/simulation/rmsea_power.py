"""Power of the test of fit, from RMSEA alone: nothing is simulated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import ncx2

from cxlab.analyses.result import Result, bilingual, in_language
from cxlab.errors import DataError, Notice
from cxlab.i18n import Language, format_number, tr
from cxlab.show.table import Column, Table

_LARGEST = 10_000_000


@dataclass(frozen=True, repr=False, eq=False)
class RmseaPower(Result):
    """Power of a test of fit.

    Attributes
    ----------
    table : DataFrame
        n, df, rmsea0, rmsea1, alpha, groups, test ("close fit" or "not close fit"), power.
    warnings : tuple of Notice
    """

    table: pd.DataFrame
    warnings: tuple[Notice, ...] = ()
    references: tuple[str, ...] = ("maccallum_browne_sugawara_1996",)

    def summary(self, lang: Language | None = None) -> str:
        """One line for each n."""
        lines = []
        for row in self.table.to_dict("records"):
            values = {
                name: format_number(row[name], 3, bounded=True, lang=lang) for name in ("rmsea0", "rmsea1", "power")
            }
            lines.append(tr(f"simulation.{_key(row['test'])}_line", lang, n=row["n"], df=row["df"], **values))
        return "\n".join(lines)

    def apa(self, lang: Language | None = None) -> Table:
        """n and power."""
        first = self.table.iloc[0]
        columns = {"n": Column("n", "integer"), "power": Column("simulation.col_power", "bounded", digits=3)}
        note = bilingual(
            f"simulation.{_key(first['test'])}_note",
            rmsea0=first["rmsea0"],
            rmsea1=first["rmsea1"],
            df=int(first["df"]),
            alpha=first["alpha"],
        )
        return in_language(Table(self.table, columns, "simulation.rmsea_title", notes=(note,)), lang)


def _key(test: object) -> str:
    return "close" if test == "close fit" else "not_close"


def rmsea_power(
    df: int,
    n: int | Sequence[int] | None = None,
    rmsea0: float = 0.05,
    rmsea1: float = 0.08,
    *,
    alpha: float = 0.05,
    power: float = 0.8,
    groups: int = 1,
) -> RmseaPower:
    """Power of the test of close fit, or the respondents that a power needs.

    When to use it: to plan n for the question whether a model fits, when only its degrees of freedom are known. For the
    power of single paths use `power`.

    Parameters
    ----------
    df : int
        Degrees of freedom of the model.
    n : int or sequence of int, optional
        Respondents in all groups together. Without n, the smallest n that reaches `power`.
    rmsea0, rmsea1 : float
        RMSEA under the null hypothesis, and the true one. ``rmsea0 < rmsea1`` tests close fit (power to reject a model
        that fits worse), ``rmsea0 > rmsea1`` tests not-close fit (power to confirm one that fits better).
    alpha : float
        Level of the test.
    power : float
        Power wanted, where n is asked for.
    groups : int
        Groups of a multi-group model.

    Returns
    -------
    RmseaPower
        ``table``: n, df, rmsea0, rmsea1, alpha, groups, test, power.

    Raises
    ------
    DataError
        Numbers outside their range, equal RMSEAs, a power that no n reaches.

    Notes
    -----
    The statistic is noncentral chi-square with noncentrality (n - 1) df rmsea² / groups (MacCallum, Browne & Sugawara,
    1996). Equals ``semTools::findRMSEApower`` and, for n, ``findRMSEAsamplesize``.

    Examples
    --------
    >>> print(rmsea_power(df=100, n=200))
    n = 200, df = 100: power .955 to reject close fit (RMSEA ≤ .050) when the true RMSEA is .080
    >>> int(rmsea_power(df=100).table["n"].iloc[0])
    132
    """
    _check(df, rmsea0, rmsea1, alpha, power, groups)
    given = [n] if isinstance(n, int) else n
    sizes = [_smallest(df, rmsea0, rmsea1, alpha, power, groups)] if given is None else [_size(one) for one in given]
    if not sizes:
        raise DataError("simulation.n_range", value=n, group="", most=f"{_LARGEST:,}")
    found = [_power(df, size, rmsea0, rmsea1, alpha, groups) for size in sizes]
    test = "close fit" if rmsea0 < rmsea1 else "not close fit"
    columns = {"df": df, "rmsea0": rmsea0, "rmsea1": rmsea1, "alpha": alpha, "groups": groups, "test": test}
    return RmseaPower(pd.DataFrame({"n": sizes, **columns, "power": found}))


def _power(df: int, n: int, rmsea0: float, rmsea1: float, alpha: float, groups: int) -> float:
    null, true = ((n - 1) * df * rmsea**2 / groups for rmsea in (rmsea0, rmsea1))
    if rmsea0 < rmsea1:
        return float(ncx2.sf(ncx2.isf(alpha, df, null), df, true))
    return float(ncx2.cdf(ncx2.ppf(alpha, df, null), df, true))


def _smallest(df: int, rmsea0: float, rmsea1: float, alpha: float, power: float, groups: int) -> int:
    """The smallest n that reaches a power; it grows with n."""
    low, high = 2, 8
    while _power(df, high, rmsea0, rmsea1, alpha, groups) < power:
        low, high = high, 2 * high
        if high > _LARGEST:
            raise DataError("simulation.power_out_of_reach", power=power, most=f"{_LARGEST:,}")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _power(df, middle, rmsea0, rmsea1, alpha, groups) >= power else (middle, high)
    return high


def _check(df: object, rmsea0: float, rmsea1: float, alpha: float, power: float, groups: object) -> None:
    for name, value in (("df", df), ("groups", groups)):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
            raise DataError("simulation.count_range", option=name, value=value)
    for name, share in (("alpha", alpha), ("power", power), ("rmsea0", rmsea0), ("rmsea1", rmsea1)):
        zero = name.startswith("rmsea") and share == 0
        if not isinstance(share, int | float) or not (0 < share < 1 or zero):
            raise DataError("simulation.share_range", option=name, value=share)
    if rmsea0 == rmsea1:
        raise DataError("simulation.same_rmsea", value=rmsea0)


def _size(n: object) -> int:
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or not 2 <= n <= _LARGEST:
        raise DataError("simulation.n_range", value=n, group="", most=f"{_LARGEST:,}")
    return int(n)
