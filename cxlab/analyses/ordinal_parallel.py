"""Parallel lines: does a predictor work alike at every threshold?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from cxlab.analyses.choice_data import ChoiceData
from cxlab.analyses.regression_data import level_text
from cxlab.analyses.result import Result, bilingual, in_language, notices_text
from cxlab.errors import DataError, Notice
from cxlab.estimate.ordinal import fit_cumulative
from cxlab.estimate.ordinal_parallel import BinaryFits, binary_fits, equal_slopes
from cxlab.i18n import Language, format_number, p_text, pick, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxlab.analyses.ordinal_result import OrdinalModel

COLUMNS = ["term", "brant", "brant_df", "brant_pvalue", "lr", "lr_df", "lr_pvalue", "reason"]
_LEVEL = 0.05
# Information a respondent below which a coefficient by threshold has no finite value.
_FLAT = 1e-8


@dataclass(frozen=True, repr=False, eq=False)
class ParallelTest(Result):
    """The test of parallel lines; see `OrdinalModel.parallel_test` for the columns of its tables."""

    table: pd.DataFrame
    slopes: pd.DataFrame
    warnings: tuple[Notice, ...]
    formula: str
    link: str
    labels: Mapping[str, Mapping[str, str]]
    cuts: Mapping[str, Mapping[str, str]]
    references: tuple[str, ...] = ("brant_1990", "peterson_harrell_1990")

    def summary(self, lang: Language | None = None) -> str:
        """One line a test."""
        width = max(len(term) for term in self.table["term"])
        head = tr("choice.parallel_head", lang, formula=self.formula, link=self.link)
        lines = [self._line(row, width, lang) for row in self.table.to_dict("records")]
        return "\n".join([head, *lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Both tests, of all predictors and of each."""
        frame = self.table.assign(label=[self._label(term) for term in self.table["term"]])
        columns = {
            "label": Column("analyses.col_term"),
            "brant": Column("choice.col_chisq", "number"),
            "brant_df": Column("choice.col_df", "integer"),
            "brant_pvalue": Column("analyses.col_p", "p"),
            "lr": Column("choice.col_chisq", "number"),
            "lr_df": Column("choice.col_df", "integer"),
            "lr_pvalue": Column("analyses.col_p", "p"),
        }
        spanners = (
            ({"en": "Brant", "vi": "Brant"}, ("brant", "brant_df", "brant_pvalue")),
            (bilingual("choice.likelihood_ratio"), ("lr", "lr_df", "lr_pvalue")),
        )
        table = Table(frame, columns, "choice.parallel_title", notes=("choice.parallel_note",), spanners=spanners)
        return in_language(table, lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """The coefficients threshold by threshold: parallel lines would put those of a predictor above each other."""
        from cxlab.show import coefficient_plot

        half = stats.norm.isf(0.025) * self.slopes["se"]
        frame = self.slopes.assign(
            block=[pick(self._label(term), lang) for term in self.slopes["term"]],
            label=[pick(self.cuts[name], lang) for name in self.slopes["threshold"]],
            estimate=self.slopes["b"],
            ci_lower=self.slopes["b"] - half,
            ci_upper=self.slopes["b"] + half,
        )
        return coefficient_plot(frame.dropna(subset=["b"]), xlabel="choice.axis_slopes", lang=lang)

    def _label(self, term: str) -> Any:
        return bilingual("choice.all_terms") if term == "all" else self.labels.get(term, term)

    def _line(self, row: Mapping[Any, Any], width: int, lang: Language | None) -> str:
        parts = []
        for kind, name in (("brant", "Brant"), ("lr", tr("choice.test_lr", lang))):
            if not np.isnan(row[kind]):
                value = format_number(row[kind], 2, lang=lang)
                parts.append(f"{name} χ²({int(row[f'{kind}_df'])}) = {value}, {p_text(row[f'{kind}_pvalue'], lang)}")
        if row["reason"]:
            parts.append(tr(f"choice.reason_{row['reason']}", lang))
        term = tr("choice.all_terms", lang) if row["term"] == "all" else row["term"]
        return f"  {term:<{width}}  {'   '.join(parts)}"


def parallel_test(model: OrdinalModel) -> ParallelTest:
    """Brant's test and the likelihood ratio against coefficients that differ by threshold."""
    data, link = model.state.data, model.link
    q = data.x.shape[1]
    if not q:
        raise DataError("choice.no_predictors")
    fits = binary_fits(data.codes, data.x, len(data.outcome.points), link, data.counts, data.sampling)
    owners = np.array(data.design.term[1:])
    sets = {"all": np.ones(q, dtype=bool)}
    sets |= {":".join(map(str, term)): owners == number for number, term in enumerate(data.formula.terms)}
    rows = [_row(name, columns, data, fits, model) for name, columns in sets.items()]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return ParallelTest(
        table=table,
        slopes=_slopes(data, fits),
        warnings=tuple(_notices(table, data, fits)),
        formula=model.formula,
        link=link,
        labels=model.labels,
        cuts={name: model.cut_label(k) for k, name in enumerate(model.thresholds["threshold"])},
    )


def _row(
    name: str, columns: NDArray[np.bool_], data: ChoiceData, fits: BinaryFits, model: OrdinalModel
) -> dict[str, object]:
    row: dict[str, object] = {"term": name, "reason": ""}
    if fits.lost.any():
        row["reason"] = "separated"
    else:
        chisq, df, p = equal_slopes(fits, list(np.flatnonzero(columns)))
        row |= {"brant": chisq, "brant_df": df, "brant_pvalue": p}
    if data.sampling is not None:
        return row | {"reason": row["reason"] or "weighted"}
    loose = fit_cumulative(data.codes, data.x, len(data.outcome.points), model.link, counts=data.counts, free=columns)
    if not loose.converged or loose.information < _FLAT:
        return row | {"reason": "neither" if row["reason"] else "crossing"}
    lr = max(0.0, 2 * (loose.loglik - float(model.fit["log_likelihood"])))
    df = int(columns.sum()) * (len(data.outcome.points) - 2)
    return row | {"lr": lr, "lr_df": df, "lr_pvalue": stats.chi2.sf(lr, df)}


def _slopes(data: ChoiceData, fits: BinaryFits) -> pd.DataFrame:
    """Coefficients of the binary models in the predictors' own units."""
    spread = data.x.std(axis=0)
    q = len(spread)
    errors = np.sqrt(np.maximum(np.diag(fits.cov), 0.0)).reshape(-1, q)
    points = [level_text(point) for point in data.outcome.points]
    rows = [
        (name, f"{points[cut]}|{points[cut + 1]}", fits.slopes[cut, k] / spread[k], errors[cut, k] / spread[k])
        for k, name in enumerate(data.design.names[1:])
        for cut in range(len(points) - 1)
    ]
    table = pd.DataFrame(rows, columns=["term", "threshold", "b", "se"])
    lost = [f"{points[cut]}|{points[cut + 1]}" for cut in np.flatnonzero(fits.lost)]
    table.loc[table["threshold"].isin(lost), ["b", "se"]] = np.nan
    return table


def _notices(table: pd.DataFrame, data: ChoiceData, fits: BinaryFits) -> list[Notice]:
    notices = []
    points = [level_text(point) for point in data.outcome.points]
    if fits.lost.any():
        where = ", ".join(f"{points[cut]}|{points[cut + 1]}" for cut in np.flatnonzero(fits.lost))
        notices.append(Notice("choice.brant_separated", {"thresholds": where}, serious=True))
    crossing = table["reason"].isin(["crossing", "neither"])
    if crossing.any():
        terms = ", ".join(table.loc[crossing, "term"])
        notices.append(Notice("choice.lines_cross", {"terms": terms}))
    if data.sampling is not None:
        notices.append(Notice("choice.parallel_weighted"))
    return [*notices, *_refused(table)]


def _refused(table: pd.DataFrame) -> list[Notice]:
    """Whether the tests of all predictors together refuse parallel lines, and whether the two disagree."""
    overall = table.iloc[0]
    refusing = {
        name: overall[f"{name}_pvalue"] < _LEVEL for name in ("brant", "lr") if pd.notna(overall[f"{name}_pvalue"])
    }
    if not any(refusing.values()):
        return []
    terms = table.iloc[1:]
    chosen = terms[(terms["brant_pvalue"] < _LEVEL) | (terms["lr_pvalue"] < _LEVEL)]["term"]
    named = ", ".join(chosen) or Notice("choice.all_terms")
    notices = [Notice("choice.not_parallel", {"terms": named}, serious=True)]
    if not all(refusing.values()):
        which = Notice("choice.test_lr") if refusing["lr"] else "Brant"
        notices.append(Notice("choice.parallel_disagree", {"test": which}))
    return notices
