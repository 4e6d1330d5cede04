"""The result of `cx.nca`: effect sizes with their tests, bottlenecks, outliers, and the plot with its ceilings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.analyses.nca_ceilings import Ceiling, without_one
from cxlab.analyses.nca_data import CeilingData
from cxlab.analyses.result import Result, bilingual, each, in_language, notices_text
from cxlab.errors import Notice
from cxlab.estimate.ceiling import Kind, Peers
from cxlab.evaluate.rules import interpret, rule_limit, rule_note
from cxlab.i18n import Language, format_number, p_text, pick, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxlab.analyses.nca_bottleneck import Bottleneck, Unit

_SIZES, _NECESSARY = "dul_2016", "dul_2020"


@dataclass(frozen=True, repr=False, eq=False)
class Nca(Result):
    """Necessity of conditions for an outcome; see `cxlab.nca` for the columns of its tables."""

    data: CeilingData = field(repr=False)
    ceilings: Mapping[str, Ceiling] = field(repr=False)
    kinds: tuple[Kind, ...]
    peers_counted: Peers
    pvalues: np.ndarray = field(repr=False)
    permutations: int
    seed: int
    warnings: tuple[Notice, ...] = ()
    references: tuple[str, ...] = ("dul_2016", "dul_2020")

    @property
    def n_obs(self) -> int:
        """Rows."""
        return len(self.data.frame)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row for each condition and ceiling."""
        rows = []
        for name, own, pvalues in zip(self.ceilings, self.ceilings.values(), self.pvalues, strict=True):
            rows += [
                {"condition": name, "ceiling": kind} | _numbers(own, kind, float(effect), self.n_obs) | {"pvalue": p}
                for kind, effect, p in zip(self.kinds, own.effects, pvalues, strict=True)
            ]
        table = pd.DataFrame(rows)
        table["p_error"] = 1.96 * np.sqrt(table["pvalue"] * (1 - table["pvalue"]) / max(self.permutations, 1))
        table["size"] = [interpret(effect, _SIZES).label.split(".")[1] for effect in table["effect_size"]]
        least, level = (rule_limit(_NECESSARY, one) for one in ("necessity_effect", "necessity_p"))
        table["necessary"] = (table["effect_size"] >= least) & (table["pvalue"] <= level)
        first = ["condition", "ceiling", "effect_size", "pvalue", "p_error", "size", "necessary"]
        return table[first + [name for name in table if name not in first]]

    @cached_property
    def peers(self) -> pd.DataFrame:
        """The corners of the cloud: condition x y cases."""
        parts = [
            pd.DataFrame({"condition": name, "x": own.points[:, 0], "y": own.points[:, 1], "cases": own.counts})
            for name, own in self.ceilings.items()
        ]
        return pd.concat(parts, ignore_index=True)

    def bottleneck(
        self,
        ceiling: Kind | None = None,
        levels: Sequence[float] | None = None,
        x: Unit = "percentage_range",
        y: Unit = "percentage_range",
    ) -> Bottleneck:
        """How much of each condition every level of the outcome needs; see `cxlab.analyses.nca_bottleneck`."""
        from cxlab.analyses.nca_bottleneck import bottleneck

        return bottleneck(self, ceiling, levels, x, y)

    def outliers(self) -> pd.DataFrame:
        """Effect sizes without single cases: condition ceiling row effect_size without change, largest change first."""
        return without_one(self.data, self.kinds, self.peers_counted)

    def summary(self, lang: Language | None = None) -> str:
        """Effect size and p of each condition and ceiling, and which conditions are necessary by them."""
        head = {"outcome": self.name(self.data.outcome, lang), "n": self.n_obs, "permutations": self.permutations}
        lines = [tr("nca.head", lang, **head), *notices_text(self.warnings, lang)]
        for row in self.table.itertuples():
            effect = format_number(row.effect_size, 2, bounded=True, lang=lang)
            test = "" if np.isnan(row.pvalue) else ", " + p_text(row.pvalue, lang)
            verdict = tr(f"evaluate.{row.size}", lang) + (tr("nca.and_necessary", lang) if row.necessary else "")
            values = {"name": self.name(row.condition, lang), "ceiling": tr(f"nca.{row.ceiling}", lang)}
            lines.append("  " + tr("nca.line", lang, effect=effect, test=test, verdict=verdict, **values))
        return "\n".join(lines)

    def apa(self, lang: Language | None = None) -> Table:
        """Conditions with effect size, p, its size in words, and accuracy."""
        frame = self.table.assign(
            condition=self.names(self.table["condition"]),
            ceiling=[bilingual(f"nca.{kind}") for kind in self.table["ceiling"]],
            size=[bilingual(f"evaluate.{size}") for size in self.table["size"]],
            necessary=[bilingual("nca.is_necessary" if flag else "nca.is_not") for flag in self.table["necessary"]],
        )
        columns = {
            "condition": Column("nca.col_condition"),
            "ceiling": Column("nca.col_ceiling"),
            "effect_size": Column("nca.col_effect", "bounded"),
            "pvalue": Column("nca.col_p", "p"),
            "size": Column("nca.col_size"),
            "accuracy": Column("nca.col_accuracy", "percent", 1),
            "necessary": Column("nca.col_necessary"),
        }
        if not self.permutations:
            del columns["pvalue"], columns["necessary"]
        title = bilingual("nca.title", outcome=self.data.labels.get(self.data.outcome, self.data.outcome))
        note = bilingual("nca.note", n=self.n_obs, permutations=self.permutations)
        rules = (_SIZES, _NECESSARY) if self.permutations else (_SIZES,)
        notes = (note, *(each(lambda one, rule=rule: rule_note(rule, one)) for rule in rules))  # type: ignore[misc]
        return in_language(Table(frame, columns, title, notes=notes), lang)

    def plot(
        self, conditions: str | Sequence[str] | None = None, lang: Language | None = None, ols: bool = True
    ) -> Figure:
        """A panel for each condition: the cases, the ceilings, and for comparison the regression line."""
        from cxlab.analyses.nca_plot import nca_plot

        return nca_plot(self, conditions, lang, ols)

    def name(self, key: str, lang: Language | None = None) -> str:
        """A column's or construct's label, else its name."""
        return pick(self.data.labels[key], lang) if key in self.data.labels else str(key)

    def names(self, keys: pd.Series | Sequence[str]) -> list[Any]:
        """Labels for a table's cells."""
        return [self.data.labels.get(key, str(key)) for key in keys]


def _numbers(own: Ceiling, kind: Kind, effect: float, n: int) -> dict[str, Any]:
    """One ceiling's numbers beside its test."""
    scope = own.scope
    across, up = own.corner(kind)
    intercept, slope = own.line if kind == "cr_fdh" else (np.nan, np.nan)
    return {
        "effect_size": effect,
        "accuracy": 1 - own.above / n if kind == "cr_fdh" else 1.0,
        "fit": effect / own.steps if own.steps else np.nan,
        "zone": effect * scope.area,
        "scope": scope.area,
        "intercept": intercept,
        "slope": slope,
        "condition_inefficiency": (scope.x_high - across) / (scope.x_high - scope.x_low),
        "outcome_inefficiency": (up - scope.y_low) / (scope.y_high - scope.y_low),
        "peers": len(own.points),
    }
