"""`cx.attenuation`: what a correlation would be without measurement error, and how reliable one item is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from scipy.stats import norm

from cxlab.analyses.reliability import reliability
from cxlab.analyses.unpack import check_level, numeric_columns, outside_scale, source_notices
from cxlab.codebook.text import nfc
from cxlab.errors import DataError, Notice
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.i18n.shown import Shown
from cxlab.metrics.answers import reversed_left
from cxlab.show.cells import interval_text
from cxlab.show.result import Result, Text, bilingual, each, in_language, notices_text
from cxlab.show.table import Column, Table
from cxlab.survey.survey import Survey, as_survey

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Method = Literal["communality", "correction"]
TABLE_COLUMNS = ["reliability_x", "reliability_y", "corrected", "ci_lower", "ci_upper", "possible"]
ITEM_COLUMNS = ["item", "construct", "items", "communality", "r_rest", "alpha_rest", "correction", "used"]
_GRID = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_BOUNDED = Column("", "bounded")


def attenuation(
    x: str | None = None,
    y: str | None = None,
    data: Survey | pd.DataFrame | None = None,
    *,
    r: float | None = None,
    n: int | None = None,
    reliability_x: float | None = None,
    reliability_y: float | None = None,
    items_x: Sequence[str] | None = None,
    items_y: Sequence[str] | None = None,
    method: Method = "communality",
    level: float = 0.95,
) -> Attenuation:
    """The correlation of two measures corrected for unreliability, with a table of what other reliabilities would give.

    When to use it: single items (CSAT, NPS) correlate less than what they measure does, and differently so if one is
    less reliable: a contest between them may only show whose error is larger.

    Parameters
    ----------
    x, y : str, optional
        Columns of `data`; or leave them out and give `r` and `n`.
    data : Survey or DataFrame, optional
        One row a respondent; rows complete in both columns.
    r, n : float, int
        A correlation and its respondents, where there are no data.
    reliability_x, reliability_y : float, optional
        Known reliabilities, above 0 up to 1. Without them they are estimated from the construct's items.
    items_x, items_y : list of str, optional
        Items that measure the same construct as x (or y), x itself among them or not; by default those of the codebook.
    method : {"communality", "correction"}
        How to estimate a single item's reliability: its squared loading on one factor of the construct's items (needs
        three; Wanous & Hudy, 2001); or its squared correlation with the mean of the others, divided by their alpha, as
        if both measured exactly the same (Wanous & Reichers, 1996). Both are lower bounds.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    Attenuation
        ``.r`` with ``.r_ci``; ``.corrected`` with ``.corrected_ci``; ``.ceiling`` (the largest correlation that these
        reliabilities allow); ``.table`` (sensitivity): reliability_x reliability_y corrected ci_lower ci_upper
        possible; ``.items`` (estimated reliabilities).

    Raises
    ------
    DataError
        Neither data nor `r`; a correlation or reliability out of range; items from which none can be estimated.

    Notes
    -----
    ``r / √(reliability_x reliability_y)`` (Spearman, 1904). Intervals: Fisher's z of r (R: ``cor.test``), both ends
    divided likewise, so they take the reliabilities as known. Survey weights are not used, and the result says so where
    the codebook has some. A corrected value beyond 1 says that a reliability is too
    low, or that the measures share error.

    Examples
    --------
    >>> import cxlab as cx
    >>> found = cx.attenuation(r=0.35, n=250, reliability_x=0.7, reliability_y=0.7)
    >>> round(found.corrected, 2), round(found.ceiling, 2)
    (0.5, 0.7)
    """
    check_level(level)
    if method not in ("communality", "correction"):
        raise DataError("analyses.unknown_option", option="method", value=method, known="communality, correction")
    survey = None if data is None else as_survey(data)
    value, count, names, notices = _given(x, r, n) if survey is None else _observed(survey, x, y)
    known, rows = [], []
    for name, own, items in zip(names, (reliability_x, reliability_y), (items_x, items_y), strict=True):
        found, row, said = _reliability(survey, name, own, items, method)
        known.append(found)
        rows += [row] if row else []
        notices += said
    ends = _fisher(value, count, level)
    root = float(np.sqrt(known[0] * known[1]))
    beyond = Notice("metrics.beyond_one", {"ceiling": Shown(root, 2, bounded=True)}, serious=True)
    book = {} if survey is None else survey.codebook.items
    return Attenuation(
        table=_sensitivity(value, ends, known),
        items=pd.DataFrame(rows, columns=ITEM_COLUMNS),
        r=value,
        r_ci=ends,
        n=count,
        reliability_x=known[0],
        reliability_y=known[1],
        corrected=value / root,
        corrected_ci=(ends[0] / root, ends[1] / root),
        ceiling=root,
        warnings=(*notices, beyond) if abs(value) > root else tuple(notices),
        names=names,
        level=level,
        labels={name: book[name].label for name in names if name in book},
    )


@dataclass(frozen=True, repr=False, eq=False)
class Attenuation(Result):
    """A correlation corrected for unreliability; see `cxlab.attenuation`."""

    table: pd.DataFrame
    items: pd.DataFrame
    r: float
    r_ci: tuple[float, float]
    n: int
    reliability_x: float
    reliability_y: float
    corrected: float
    corrected_ci: tuple[float, float]
    ceiling: float
    warnings: tuple[Notice, ...]
    names: tuple[str, str]
    level: float
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ("spearman_1904", "wanous_reichers_1996", "wanous_hudy_2001")

    def summary(self, lang: Language | None = None) -> str:
        """Observed and corrected correlation, the reliabilities, the ceiling."""
        x, y = (self._label(name, lang) for name in self.names)
        level = f"{100 * self.level:g}"
        said = [
            tr("metrics.attenuation_head", lang, x=x, y=y, n=self.n),
            tr("metrics.attenuation_r", lang, level=level, **self._numbers(self.r, self.r_ci, lang)),
            tr("metrics.attenuation_rel", lang, rel_x=_short(self.reliability_x, lang),
               rel_y=_short(self.reliability_y, lang), ceiling=_short(self.ceiling, lang)),
            tr("metrics.attenuation_corrected", lang, **self._numbers(self.corrected, self.corrected_ci, lang)),
        ]  # fmt: skip
        return "\n".join([said[0], *(f"  {line}" for line in said[1:]), *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Corrected correlations by the two reliabilities."""
        grid = self.table
        wide = grid.pivot(index="reliability_x", columns="reliability_y", values="corrected")
        frame = pd.DataFrame({"reliability_x": wide.index})
        columns = {"reliability_x": Column("metrics.col_rel_x", "bounded")}
        for place, value in enumerate(wide.columns):
            frame[f"y_{place}"] = wide[value].to_numpy()
            header = each(partial(_short, value))
            columns[f"y_{place}"] = Column(header, "number")
        names = tuple(f"y_{place}" for place in range(len(wide.columns)))
        notes = [each(self._note), bilingual("metrics.attenuation_note")]
        notes += [each(notice.text) for notice in self.warnings if notice.serious or notice.key == "analyses.simulated"]
        table = Table(frame, columns, "metrics.title_attenuation", notes=tuple(notes),
                      spanners=((bilingual("metrics.col_rel_y"), names),))  # fmt: skip
        return in_language(table, lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Observed, corrected, and corrected for other reliabilities of both alike."""
        from cxlab.show import interval_plot

        alike = self.table[np.isclose(self.table["reliability_x"], self.table["reliability_y"])]
        alike = alike[alike["possible"] & alike["reliability_x"].isin(_GRID)]
        rows: list[tuple[Any, float, float, float, Any]] = [
            (bilingual("metrics.row_observed"), self.r, *self.r_ci, ""),
            (bilingual("metrics.row_corrected"), self.corrected, *self.corrected_ci, ""),
        ]
        block = bilingual("metrics.row_if")
        rows += [
            (each(partial(_short, row.reliability_x)), row.corrected,
             row.ci_lower, row.ci_upper, block)
            for row in alike.itertuples()
        ]  # fmt: skip
        frame = pd.DataFrame(rows, columns=["label", "estimate", "ci_lower", "ci_upper", "block"])
        frame["block"] = [None if text == "" else text for text in frame["block"]]
        title = bilingual("metrics.title_attenuation_of", x=each(lambda one: self._label(self.names[0], one)),
                          y=each(lambda one: self._label(self.names[1], one)))  # fmt: skip
        return interval_plot(frame, reference={"": 0.0}, title=title, xlabel="metrics.axis_correlation", lang=lang)

    def _label(self, name: str, lang: Language | None) -> str:
        own = self.labels.get(name)
        return pick(own, lang) if own else name

    def _numbers(self, value: float, ends: tuple[float, float], lang: Language | None) -> dict[str, str]:
        return {"value": _short(value, lang), "ends": interval_text(*ends, _BOUNDED, lang)}

    def _note(self, lang: Language | None = None) -> str:
        said = tr(
            "metrics.attenuation_r", lang, level=f"{100 * self.level:g}", **self._numbers(self.r, self.r_ci, lang)
        )
        return f"{said[:1].upper()}{said[1:]}."


def _short(value: float, lang: Language | None = None) -> str:
    return format_number(value, 2, bounded=abs(value) < 1, lang=lang)


def _given(x: object, r: float | None, n: int | None) -> tuple[float, int, tuple[str, str], list[Notice]]:
    if r is None or n is None:
        raise DataError("metrics.attenuation_input")
    if x is not None:
        raise DataError("metrics.column_without_data", column=x)
    if isinstance(r, bool) or not isinstance(r, int | float | np.floating) or not -1 < r < 1:
        raise DataError("metrics.correlation_range", name="r", value=r)
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 4:
        raise DataError("metrics.n_form", name="n", value=n)
    return float(r), int(n), ("x", "y"), []


def _observed(survey: Survey, x: str | None, y: str | None) -> tuple[float, int, tuple[str, str], list[Notice]]:
    if x is None or y is None:
        raise DataError("metrics.attenuation_input")
    names = (nfc(str(x)), nfc(str(y)))
    frame, notices = numeric_columns(survey, list(names), min_rows=4)
    value = float(np.corrcoef(frame.to_numpy().T)[0, 1])
    told = [*outside_scale(survey, names), *reversed_left(survey, names)]
    return value, len(frame), names, [*source_notices(survey), *told, *notices]


def _reliability(
    survey: Survey | None, name: str, known: float | None, items: Sequence[str] | None, method: Method
) -> tuple[float, tuple[Any, ...] | None, list[Notice]]:
    """A measure's reliability: as given, or estimated with the row that shows how."""
    if known is not None:
        number = isinstance(known, int | float | np.floating) and not isinstance(known, bool)
        if not number or not 0 < known <= 1:
            raise DataError("metrics.reliability_range", name=name, value=known)
        return float(known), None, []
    if survey is None:
        raise DataError("metrics.reliability_needed", name=name)
    book = survey.codebook
    construct = book.items[name].construct if name in book.items else None
    own = list(items) if items is not None else list(book.items_of(construct)) if construct else []
    own = list(dict.fromkeys([name, *(nfc(str(item)) for item in own)]))
    if len(own) < (3 if method == "communality" else 2):
        raise DataError("metrics.reliability_items", name=name, count=len(own), method=method)
    row = _single(survey, name, own, construct or "", method)
    if not np.isfinite(row[-1]) or not 0 < row[-1] <= 1:
        raise DataError("metrics.reliability_none", name=name, method=method, items=", ".join(own))
    notice = Notice("metrics.reliability_estimated", {
        "name": name, "value": Shown(row[-1], 2, bounded=True), "items": ", ".join(own),
        "method": Notice(f"metrics.method_{method}")})  # fmt: skip
    return float(row[-1]), row, [notice]


def _single(survey: Survey, name: str, items: list[str], construct: str, method: Method) -> tuple[Any, ...]:
    """One item's reliability, by both methods where they apply."""
    if survey.codebook.items and any(
        item in survey.codebook.items and survey.codebook.items[item].reversed for item in items
    ):
        survey = survey.reverse_scored()
    frame, _ = numeric_columns(survey, items, min_rows=4)
    others = [item for item in items if item != name]
    r_rest = float(np.corrcoef(frame[name], frame[others].mean(axis=1))[0, 1])
    alpha = 1.0
    if len(others) > 1:
        alpha = float(reliability(frame, {"rest": others}).table["alpha"].iloc[0])
    correction = r_rest**2 / alpha if alpha > 0 else np.nan
    communality = np.nan
    if len(items) > 2:
        loadings = reliability(frame, {"all": items}).items.set_index("item")["loading"]
        communality = float(loadings[name]) ** 2
    used = communality if method == "communality" else correction
    shown_alpha = alpha if len(others) > 1 else np.nan
    return (name, construct, ", ".join(items), communality, r_rest, shown_alpha, correction, used)


def _fisher(r: float, n: int, level: float) -> tuple[float, float]:
    if n <= 3 or abs(r) >= 1 - 1e-12:
        return r, r
    half = float(norm.ppf((1 + level) / 2)) / np.sqrt(n - 3)
    middle = np.arctanh(r)
    return float(np.tanh(middle - half)), float(np.tanh(middle + half))


def _sensitivity(r: float, ends: tuple[float, float], known: Sequence[float]) -> pd.DataFrame:
    own = [sorted({*_GRID, round(value, 10)}) for value in known]
    rows = []
    for one in own[0]:
        for two in own[1]:
            root = float(np.sqrt(one * two))
            rows.append((one, two, r / root, ends[0] / root, ends[1] / root, abs(r) <= root))
    return pd.DataFrame(rows, columns=TABLE_COLUMNS)
