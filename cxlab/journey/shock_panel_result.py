"""The result of `cx.shock` on a panel: a difference in differences with its course over waves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.errors import Notice
from cxlab.i18n import Language, format_number, p_text, pick, tr
from cxlab.journey.shock_result import effect_columns
from cxlab.show.cells import interval_text
from cxlab.show.result import Result, Text, bilingual, in_language, notices_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False, eq=False)
class PanelShock(Result):
    """A shock in a panel with a control group; see `cxlab.shock`.

    Attributes
    ----------
    table : DataFrame
        effect ("mean", "wave"), wave, estimate, se, t, pvalue, ci_lower, ci_upper, d (in SDs before the shock).
    before : DataFrame
        Differences in waves before the last one before the shock; they should be zero.
    before_test : Series or None
        f, df1, df2, pvalue of all of `before` being zero; None with one wave before the shock.
    means : DataFrame
        group ("treated", "control"), wave, n, mean, ci_lower, ci_upper, counterfactual.
    warnings : tuple of Notice
    """

    table: pd.DataFrame
    before: pd.DataFrame
    before_test: pd.Series | None
    means: pd.DataFrame
    value: str
    label: Text
    waves: tuple[str, ...]
    at: str
    group: str
    control: str
    customers: int
    level: float
    simulated: bool
    warnings: tuple[Notice, ...]
    references: tuple[str, ...] = ("card_krueger_1994", "cameron_miller_2015", "gijsenberg_2015")

    def summary(self, lang: Language | None = None) -> str:
        """The mean effect, wave by wave, and the test before the shock; then what to know."""
        head = tr(
            "carry_over.panel_head", lang, value=pick(self.label, lang), at=self.at, group=self.group,
            control=self.control, customers=self.customers,
        )  # fmt: skip
        lines = [head, *(self._line(row, lang) for row in self.table.to_dict("records"))]
        if self.before_test is not None:
            p = p_text(float(self.before_test["pvalue"]), lang)
            lines.append("  " + tr("carry_over.panel_before", lang, p=p))
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Effects after the shock, and differences before it."""
        before = self.before.assign(effect="before", d=float("nan"))
        frame = pd.concat([self.table, before], ignore_index=True) if len(before) else self.table
        frame["label"] = [bilingual(panel_key(row["effect"]), wave=row["wave"]) for row in frame.to_dict("records")]
        columns = {
            **effect_columns(self.level),
            "d": Column("d", "number"),
        }
        notes = [bilingual("carry_over.note_panel", customers=self.customers, group=self.group, control=self.control)]
        notes += [bilingual("carry_over.note_simulated")] if self.simulated else []
        return in_language(Table(frame, columns, "carry_over.panel_title", tuple(notes)), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Means of both groups by wave, and the hit group's mean as it would have been."""
        from cxlab.show.counterfactual import counterfactual_figure

        title = tr("carry_over.panel_title", lang) + (
            f" ({tr('carry_over.simulated', lang)})" if self.simulated else ""
        )
        hit = self.means[self.means["group"] == "treated"].reset_index(drop=True)
        other = self.means[self.means["group"] == "control"].reset_index(drop=True)
        frame = pd.DataFrame(
            {
                "label": [tr("carry_over.wave", lang, wave=wave) for wave in hit["wave"]],
                "value": hit["mean"],
                "value_lower": hit["ci_lower"],
                "value_upper": hit["ci_upper"],
                "fitted": hit["mean"],
                "counterfactual": hit["counterfactual"],
                "cf_lower": float("nan"),
                "cf_upper": float("nan"),
                "control": other["mean"],
                "control_lower": other["ci_lower"],
                "control_upper": other["ci_upper"],
            }
        )
        place = self.waves.index(self.at)
        return counterfactual_figure(
            frame, {place: ""}, title=title, ylabel=self.label,
            note=tr("carry_over.figure_panel", lang, level=f"{100 * self.level:g}"), lang=lang,
        )  # fmt: skip

    def _line(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        ends = interval_text(row["ci_lower"], row["ci_upper"], Column("", "number"), lang)
        effect = tr(panel_key(row["effect"]), lang, wave=row["wave"])
        size = format_number(row["d"], 2, lang=lang)
        estimate = format_number(row["estimate"], 2, lang=lang)
        return f"  {effect}: {estimate} {ends}, {p_text(row['pvalue'], lang)}; d = {size}"


def panel_key(effect: str) -> str:
    """The catalogue key of an effect.

    Examples
    --------
    >>> panel_key("wave")
    'carry_over.panel_wave_effect'
    """
    return "carry_over.panel_mean" if effect == "mean" else f"carry_over.panel_{effect}_effect"
