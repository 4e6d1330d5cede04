"""The result of `cx.penalty_reward`: holds the contrasts, shows them as text, table and figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.analyses.asymmetry_text import percent, with_interval
from cxlab.analyses.result import bilingual, each, in_language, notices_text
from cxlab.analyses.validity_base import Labelled
from cxlab.errors import Notice
from cxlab.i18n import Language, format_number, p_text, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# A factor that most resamples contradict is not named without saying so.
_CLEAR = 0.5


@dataclass(frozen=True, repr=False, eq=False)
class PenaltyReward(Labelled):
    """Penalties and rewards of attributes; see `cxlab.penalty_reward` for the columns of `table`.

    Attributes
    ----------
    table : DataFrame
    fit : Series
    warnings : tuple of Notice
    outcome, cov_type, ci : str
    cut, level : float
    n_boot : int
    seed : int or None
    weighted : bool
    """

    table: pd.DataFrame
    fit: pd.Series
    warnings: tuple[Notice, ...]
    outcome: str
    cov_type: str
    cut: float
    level: float
    n_boot: int
    seed: int | None
    ci: str
    weighted: bool
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    simulated: bool = False
    references: tuple[str, ...] = (
        "brandt_1987", "mikulic_prebezac_2008", "mikulic_prebezac_2011", "matzler_sauerwein_2002",
        "long_ervin_2000", "statsmodels",
    )  # fmt: skip

    def summary(self, lang: Language | None = None) -> str:
        """Fit, one line an attribute, then what to know before reading them."""
        names = [self.name(key, lang) for key in self.table["attribute"]]
        width = max(map(len, names))
        rows = self.table.to_dict("records")
        lines = [f"  {name:<{width}}  {self._line(row, lang)}" for name, row in zip(names, rows, strict=True)]
        head = tr("asymmetry.pr_head", lang, outcome=self.name(self.outcome, lang), errors=self._errors(lang))
        return "\n".join([head, self._fit_text(lang), *lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Attributes with penalty, reward, tests of asymmetry, impact asymmetry and factor; class sizes in a note."""
        rows = self.table.to_dict("records")
        frame = self.table.assign(
            label=[self.named(key) for key in self.table["attribute"]],
            verdict=[each(lambda lang, row=row: self._factor(row, lang)) for row in rows],  # type: ignore[misc]
        )
        interval = bilingual("analyses.col_interval", level=f"{100 * self.level:g}")
        columns = {
            "label": Column("asymmetry.col_attribute"),
            "penalty": Column("asymmetry.col_penalty", "number"),
            "penalty_ci": Column(interval, "interval", parts=("penalty_ci_lower", "penalty_ci_upper")),
            "reward": Column("asymmetry.col_reward", "number"),
            "reward_ci": Column(interval, "interval", parts=("reward_ci_lower", "reward_ci_upper")),
            "asymmetry_pvalue": Column("asymmetry.col_asymmetry_p", "p"),
            "bend_pvalue": Column("asymmetry.col_bend_p", "p"),
            "impact_asymmetry": Column("asymmetry.col_ia", "bounded"),
            "verdict": Column("asymmetry.col_factor"),
        }
        title = bilingual("asymmetry.pr_title", outcome=self.named(self.outcome))
        notes = (each(self._fit_text), self._method(), each(self._classes), *self.told())
        return in_language(Table(frame, columns, title, notes=notes), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Penalty to the left and reward to the right with their intervals, largest impact range first."""
        from cxlab.show.diverging import diverging_bars

        rows = self.table.sort_values("impact_range", ascending=False, kind="stable").to_dict("records")
        sides = {"left": "penalty", "right": "reward"}
        frame = pd.DataFrame(
            [
                {"label": self.name(row["attribute"], lang), "note": self._factor(row, lang)}
                | {side: row[name] for side, name in sides.items()}
                | {
                    f"{side}_{end}": row[f"{name}_ci_{end}"]
                    for side, name in sides.items()
                    for end in ("lower", "upper")
                }
                for row in rows
            ]
        )
        heads = ("asymmetry.col_penalty", "asymmetry.col_reward", "asymmetry.col_factor")
        level = f"{100 * self.level:g}"
        axis = bilingual("asymmetry.pr_axis", outcome=self.named(self.outcome), level=level)
        title = bilingual("analyses.simulated") if self.simulated else None
        return diverging_bars(frame, heads=heads, xlabel=axis, title=title, lang=lang)

    def _line(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        penalty, reward = (with_interval(row, name, lang) for name in ("penalty", "reward"))
        values = {"penalty": penalty, "reward": reward, "p": p_text(row["asymmetry_pvalue"], lang)}
        return tr("asymmetry.pr_line", lang, **values, factor=self._factor(row, lang))

    def _factor(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        """The factor with the share of resamples that agree."""
        text = tr(f"asymmetry.factor_{row['factor']}", lang)
        if pd.isna(row["certainty"]):
            return text
        share = percent(row["certainty"], lang)
        unclear = row["certainty"] < _CLEAR
        return tr("asymmetry.factor_unclear", lang, factor=text, share=share) if unclear else f"{text} ({share})"

    def _method(self) -> Mapping[str, str]:
        kind = {lang: format_number(self.cut, 2, lang=lang) for lang in ("en", "vi")}
        return each(
            lambda lang: " ".join(
                [
                    tr("asymmetry.pr_note", lang, errors=self._errors(lang), cut=kind[lang]),
                    *([tr("asymmetry.pr_certainty", lang, count=self.n_boot, seed=self.seed)] if self.n_boot else []),
                    *([tr("asymmetry.weighted_note", lang)] if self.weighted else []),
                ]
            )
        )

    def _classes(self, lang: Language | None) -> str:
        """The class sizes, in a note since three more columns would not fit on a page."""
        sizes = [
            f"{self.name(row['attribute'], lang)} {row['n_low']:.0f}/{row['n_mid']:.0f}/{row['n_high']:.0f}"
            for row in self.table.to_dict("records")
        ]
        return tr("asymmetry.pr_classes", lang, sizes="; ".join(sizes))

    def _errors(self, lang: Language | None) -> str:
        return tr("analyses.errors_classical", lang) if self.cov_type == "nonrobust" else self.cov_type

    def _fit_text(self, lang: Language | None) -> str:
        fit = self.fit
        r2, linear = (format_number(float(fit[key]), 3, bounded=True, lang=lang) for key in ("adj_r2", "linear_adj_r2"))
        f = format_number(float(fit["asymmetry_f"]), 2, lang=lang)
        values = {"n": int(fit["n"]), "r2": r2, "linear": linear, "f": f, "df1": len(self.table)}
        return tr("asymmetry.pr_fit", lang, **values, df2=int(fit["df_resid"]), p=p_text(fit["asymmetry_pvalue"], lang))
