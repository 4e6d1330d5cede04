"""What the results of ordered and binary models show alike: coefficients, effects, predictions, their figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.analyses.choice_effects import SLOPE, marginal_effects, observed, predicted
from cxlab.analyses.choice_model import State
from cxlab.analyses.regression_data import level_text
from cxlab.analyses.result import Result, bilingual, in_language, notices_text
from cxlab.analyses.unpack import check_level
from cxlab.errors import DataError, Notice
from cxlab.i18n import LANGUAGES, Language, format_number, p_text, pick, tr
from cxlab.show.cells import interval_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Text = Mapping[str, str]
_MOST_VALUES = 11


@dataclass(frozen=True, repr=False, eq=False)
class ChoiceResult(Result):
    """An ordered or binary model; the classes that use it add their own tables."""

    table: pd.DataFrame
    fit: pd.Series
    terms: pd.DataFrame
    warnings: tuple[Notice, ...]
    formula: str
    link: str
    cov_type: str
    level: float
    answers: tuple[Any, ...]
    labels: Mapping[str, Text]
    state: State = field(repr=False)
    references: tuple[str, ...] = ()

    def marginal_effects(self, variables: Iterable[str] | None = None, level: float | None = None) -> MarginalEffects:
        """Average marginal effects: how much the probability of an answer changes, averaged over the respondents.

        Of a number the slope (change a unit, infinitesimal), through every term that holds it; of a category the
        change if everyone stood at that level instead of the reference.

        Parameters
        ----------
        variables : iterable of str, optional
            Predictors; all by default.
        level : float, optional
            Confidence level, by default that of the model.

        Returns
        -------
        MarginalEffects
            ``.table``: variable contrast answer effect se z pvalue ci_lower ci_upper. Errors by the delta method,
            from the model's covariance.

        Notes
        -----
        R: ``marginaleffects::avg_slopes``, or ``margins, dydx(*)`` in Stata.
        """
        level = self.level if level is None else level
        check_level(level)
        names = [variables] if isinstance(variables, str) else variables
        table = marginal_effects(self.state, names, level)
        return MarginalEffects(table, self.warnings, self.formula, level, self._labels_of_effects(table), self.fit["n"])

    def predict(self, profiles: Mapping[str, Any] | pd.DataFrame | None = None) -> pd.DataFrame:
        """Probabilities of the answers, for the respondents or for profiles.

        Parameters
        ----------
        profiles : mapping, DataFrame or None
            None: the rows of the model. A mapping of predictor to value or list of values crosses them; a DataFrame
            has one row a profile. Predictors that are not named take their mean or their most frequent level. Levels
            may be given by the codebook's words.

        Returns
        -------
        DataFrame
            ``row`` or ``profile``, the predictors, answer, probability, se, ci_lower, ci_upper (on the logit scale, so
            that they stay between 0 and 1), extrapolated (True beyond the values answered).

        Raises
        ------
        DataError
            Unknown predictors or levels, text for a number.
        """
        return predicted(self.state, profiles, self.level)

    def plot(self, lang: Language | None = None) -> Figure:
        """Coefficients with their intervals."""
        from cxlab.show import coefficient_plot

        shown = self.table[self.table["term"] != "Intercept"]
        if shown.empty:
            raise DataError("choice.no_predictors")
        names = [pick(self.labels.get(term, term), lang) for term in shown["term"]]
        frame = shown.assign(label=names, estimate=shown["b"])
        axis = bilingual(f"choice.axis_{'odds' if self.link == 'logit' else 'b'}", level=f"{100 * self.level:g}")
        return coefficient_plot(frame, xlabel=axis, lang=lang)

    def plot_probabilities(self, variable: str | None = None, lang: Language | None = None) -> Figure:
        """Probability of each answer along a predictor, the others at their mean or most frequent level.

        Parameters
        ----------
        variable : str, optional
            A predictor; by default the first one of the formula.
        lang : "en" or "vi", optional
            The language, by default the one in use.
        """
        from cxlab.show.probabilities import MOST_BANDS, probability_plot

        if not self.state.recipe.variables:
            raise DataError("choice.no_predictors")
        first = self.state.data.formula.terms[0][0].name
        table = self.predict({variable or first: self._values(variable or first)})
        name = variable or first
        numeric = name in self.state.recipe.numeric
        frame = pd.DataFrame(
            {
                "x": table[name].astype(float) if numeric else [self._level_label(name, one) for one in table[name]],
                "answer": [self._answer_label(one) for one in table["answer"]],
                "probability": table["probability"],
                "ci_lower": table["ci_lower"],
                "ci_upper": table["ci_upper"],
            }
        )
        crowded = numeric and table["answer"].nunique() > MOST_BANDS
        axis = "choice.axis_probability_alone" if crowded else "choice.axis_probability"
        share = bilingual(axis, level=f"{100 * self.level:g}")
        return probability_plot(frame, title=self._outcome_label(), xlabel=self._name(name), ylabel=share, lang=lang)

    def _values(self, name: str) -> list[Any]:
        """The values drawn: every level, every point of a short scale, else nine steps over the range."""
        if name in self.state.recipe.levels:
            return list(self.state.recipe.levels[name])
        if name not in self.state.recipe.numeric:
            return [np.nan]
        column = observed(self.state)[name]
        points = sorted(column.unique())
        if len(points) <= _MOST_VALUES:
            return list(points)
        low, high = float(column.min()), float(column.max())
        return [float(value) for value in np.linspace(low, high, 9)]

    def _name(self, name: str) -> Text:
        book = self.state.data.survey.codebook
        known = book.items.get(name) or book.constructs.get(name)
        words = known.label if known is not None else {}
        return {lang: pick(words, lang) or name for lang in LANGUAGES}

    def _outcome_label(self) -> Text:
        return self._name(self.state.data.outcome.name)

    def _answer_label(self, answer: Any) -> Text:
        outcome = self.state.data.outcome
        return outcome.labels[list(outcome.points).index(answer)]

    def _level_label(self, name: str, level: Any) -> Text:
        item = self.state.data.survey.codebook.items.get(name)
        words = item.labels.get(level) if item is not None else None
        return words or dict.fromkeys(LANGUAGES, level_text(level))

    def _labels_of_effects(self, table: pd.DataFrame) -> dict[tuple[str, str], Text]:
        """What each row of the effects' table is called: predictors and contrasts, and answers."""
        labels: dict[tuple[str, str], Text] = {}
        for name, contrast in table[["variable", "contrast"]].drop_duplicates().itertuples(index=False):
            labels[name, contrast] = self._name(name) if contrast == SLOPE else self._contrast(name, contrast)
        for answer in table["answer"].unique():
            labels["answer", str(answer)] = self._answer_label(answer)
        return labels

    def _contrast(self, name: str, contrast: str) -> Text:
        reference, *others = self.state.recipe.levels[name]
        level = next(one for one in others if contrast == f"{level_text(one)} - {level_text(reference)}")
        two = [self._level_label(name, one) for one in (level, reference)]
        return {
            lang: f"{pick(self._name(name), lang)}: {pick(two[0], lang)} − {pick(two[1], lang)}" for lang in LANGUAGES
        }

    def _coefficient_columns(self) -> dict[str, Column]:
        level = f"{100 * self.level:g}"
        columns = {
            "label": Column("analyses.col_term"),
            "b": Column("analyses.col_b", "number"),
            "se": Column("analyses.col_se", "number"),
            "z": Column("choice.col_z", "number"),
            "pvalue": Column("analyses.col_p", "p"),
        }
        if self.link == "logit":
            odds = Column(bilingual("analyses.col_interval", level=level), "interval", parts=("or_lower", "or_upper"))
            return columns | {"odds_ratio": Column("choice.col_odds", "number"), "ci": odds}
        interval = Column(bilingual("analyses.col_interval", level=level), "interval", parts=("ci_lower", "ci_upper"))
        return columns | {"ci": interval}

    def _labelled(self, table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(label=[self.labels.get(term, term) for term in table["term"]])

    def _errors(self, lang: Language | None) -> str:
        return tr(f"choice.errors_{self.cov_type}", lang)

    def _fit_text(self, lang: Language | None) -> str:
        fit = self.fit
        weighted = self.state.data.sampling is not None
        numbers = {
            key: format_number(float(fit[key]), digits, bounded=bounded, lang=lang)
            for key, digits, bounded in (
                ("log_likelihood", 2, False),
                ("aic", 1, False),
                ("lr", 2, False),
                ("mcfadden", 3, True),
                ("nagelkerke", 3, True),
            )
        }
        key = "choice.fit_weighted" if weighted else "choice.fit_line"
        p = p_text(float(fit["lr_pvalue"]), lang)
        return tr(key, lang, n=int(fit["n"]), df=int(fit["lr_df"]), p=p, **numbers)

    def _line(self, row: Mapping[Any, Any], width: int, lang: Language | None) -> str:
        b, odds = (format_number(row[key], 2, lang=lang) for key in ("b", "odds_ratio"))
        ends = ("or_lower", "or_upper") if self.link == "logit" else ("ci_lower", "ci_upper")
        interval = interval_text(row[ends[0]], row[ends[1]], Column("", "number"), lang)
        ratio = f"OR = {odds} " if self.link == "logit" else ""
        return f"  {row['term']:<{width}}  b = {b}  {ratio}{interval}  {p_text(row['pvalue'], lang)}"

    def _test_line(self, row: Mapping[Any, Any], width: int, lang: Language | None) -> str:
        kind = "lr" if not np.isnan(row["lr"]) else "wald"
        if np.isnan(row[kind]):
            return f"  {row['term']:<{width}}  {tr('choice.reason_' + row['reason'], lang)}"
        value, p = format_number(row[kind], 2, lang=lang), p_text(row[f"{kind}_pvalue"], lang)
        return f"  {row['term']:<{width}}  {tr('choice.test_' + kind, lang)} χ²({row['df']}) = {value}  {p}"


@dataclass(frozen=True, repr=False, eq=False)
class MarginalEffects(Result):
    """Average marginal effects; see `ChoiceResult.marginal_effects` for the columns of ``.table``."""

    table: pd.DataFrame
    warnings: tuple[Notice, ...]
    formula: str
    level: float
    labels: Mapping[tuple[str, str], Text]
    n: float
    references: tuple[str, ...] = ("williams_2012", "long_1997")

    def summary(self, lang: Language | None = None) -> str:
        """One line an effect."""
        rows = self._shown(lang)
        width = max(len(row["label"]) for row in rows)
        wide = max(len(row["answer"]) for row in rows)
        lines = [tr("choice.effects_head", lang, formula=self.formula)]
        for row in rows:
            effect = format_number(row["effect"], 3, bounded=True, lang=lang)
            interval = interval_text(row["ci_lower"], row["ci_upper"], Column("", "bounded", 3), lang)
            p = p_text(row["pvalue"], lang)
            lines.append(f"  {row['label']:<{width}}  {row['answer']:<{wide}}  {effect} {interval}  {p}")
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """A panel a predictor, a row an answer."""
        frame = self.table.assign(
            label=[self.labels[name, contrast] for name, contrast in self._keys()],
            answer=[self.labels["answer", str(one)] for one in self.table["answer"]],
        )
        level = f"{100 * self.level:g}"
        columns = {
            "answer": Column("choice.col_answer"),
            "effect": Column("choice.col_effect", "bounded", 3),
            "se": Column("analyses.col_se", "bounded", 3),
            "ci": Column(
                bilingual("analyses.col_interval", level=level), "interval", 3, ("ci_lower", "ci_upper"), bounded=True
            ),
            "pvalue": Column("analyses.col_p", "p"),
        }
        note = bilingual("choice.effects_note", n=int(self.n))
        return in_language(Table(frame, columns, "choice.effects_title", notes=(note,), group="label"), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """The effects with their intervals, a block an answer."""
        from cxlab.show import coefficient_plot

        frame = pd.DataFrame(self._shown(lang)).rename(columns={"effect": "estimate"})
        several = frame["answer"].nunique() > 1
        frame = frame.assign(block=frame["answer"]) if several else frame
        frame = frame.sort_values("order", kind="stable") if several else frame
        axis = bilingual("choice.axis_effect", level=f"{100 * self.level:g}")
        return coefficient_plot(frame, xlabel=axis, digits=3, lang=lang)

    def _keys(self) -> list[tuple[str, str]]:
        return list(zip(self.table["variable"], self.table["contrast"], strict=True))

    def _shown(self, lang: Language | None) -> list[dict[Any, Any]]:
        """Rows in words; `order` is that of the answers."""
        answers = [str(one) for one in self.table["answer"].unique()]
        rows = self.table.to_dict("records")
        return [
            {
                **row,
                "label": pick(self.labels[row["variable"], row["contrast"]], lang),
                "answer": pick(self.labels["answer", str(row["answer"])], lang),
                "order": answers.index(str(row["answer"])),
            }
            for row in rows
        ]
