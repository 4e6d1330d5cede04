"""The bottleneck table: how much of each condition a wanted outcome needs, and how many cases have less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd

from cxlab.analyses.result import Result, Text, bilingual, in_language, notices_text
from cxlab.errors import DataError, Notice
from cxlab.estimate.ceiling import Kind
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from cxlab.analyses.nca_result import Nca

Unit = Literal["actual", "percentage_range", "percentage_max", "percentile"]
_MANY = 12


@dataclass(frozen=True, repr=False, eq=False)
class Bottleneck(Result):
    """What levels of the outcome need.

    Attributes
    ----------
    table : DataFrame
        level (of the outcome, in the unit asked for), outcome (as recorded), condition, status ("necessary",
        "not_necessary" where the lowest possible value suffices, "out_of_reach" where the ceiling stays below the
        outcome), required (as recorded), shown (in the unit asked for), below (cases with less), below_share.
    """

    table: pd.DataFrame
    outcome: str
    ceiling: Kind
    x: Unit
    y: Unit
    n_obs: int
    warnings: tuple[Notice, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ("dul_2016",)

    def summary(self, lang: Language | None = None) -> str:
        """For each level the conditions that it needs."""
        values = {"outcome": self._label(self.outcome, lang), "ceiling": tr(f"nca.{self.ceiling}", lang)}
        lines = [tr("nca.bottleneck_head", lang, **values), *notices_text(self.warnings, lang)]
        for level, rows in self.table.groupby("level", sort=False):
            needs = [
                f"{self._label(row.condition, lang)} {_cell(row.status, row.shown, self.x, lang)}"
                for row in rows.itertuples()
                if row.status != "not_necessary"
            ]
            text = ", ".join(needs) or tr("nca.nothing_needed", lang)
            lines.append(f"  {format_number(float(level), _digits(self.y), lang=lang)}: {text}")
        return "\n".join(lines)

    def apa(self, lang: Language | None = None) -> Table:
        """One row a level, one column a condition."""
        names = list(dict.fromkeys(self.table["condition"]))
        words = {"not_necessary": bilingual("nca.nn"), "out_of_reach": bilingual("nca.na")}
        cells: dict[str, Any] = {"level": list(dict.fromkeys(self.table["level"]))}
        for place, name in enumerate(names):
            rows = self.table[self.table["condition"] == name]
            pairs = zip(rows["status"], rows["shown"], strict=True)
            cells[f"condition_{place}"] = [words.get(status, shown) for status, shown in pairs]
        columns = {"level": Column(self.labels.get(self.outcome, self.outcome), "number", _digits(self.y))}
        for place, name in enumerate(names):
            columns[f"condition_{place}"] = Column(self.labels.get(name, name), "number", _digits(self.x))
        units = {"x": bilingual(f"nca.unit_{self.x}"), "y": bilingual(f"nca.unit_{self.y}")}
        notes = (bilingual("nca.bottleneck_note", ceiling=bilingual(f"nca.{self.ceiling}"), **units, n=self.n_obs),)
        return in_language(Table(pd.DataFrame(cells), columns, "nca.bottleneck_title", notes=notes), lang)

    def _label(self, name: str, lang: Language | None) -> str:
        return pick(self.labels[name], lang) if name in self.labels else str(name)


def bottleneck(nca: Nca, ceiling: Kind | None, levels: Sequence[float] | None, x: Unit, y: Unit) -> Bottleneck:
    """How much of each condition every level of the outcome needs.

    Parameters
    ----------
    nca : Nca
    ceiling : {"ce_fdh", "cr_fdh", "ce_vrs"}, optional
        One of those of `nca`; by default the first.
    levels : sequence of float, optional
        Of the outcome in the unit `y`; by default 0, 10, ... 100 percent, or with y="actual" the values that occur.
    x, y : {"percentage_range", "percentage_max", "actual", "percentile"}
        Units: percent of the scope, percent of its upper end, as recorded, percent of the cases. The percentile of a
        condition counts cases below the required level, who cannot reach the outcome; R's NCA counts those at it too.

    Returns
    -------
    Bottleneck

    Raises
    ------
    DataError
        Unknown ceiling or unit; levels that are no numbers or lie outside the scope.

    Examples
    --------
    >>> import cxlab as cx
    >>> data = pd.DataFrame({"care": [1, 2, 3, 4, 5], "loyal": [1, 2, 1, 5, 4]})
    >>> table = cx.nca("loyal", "care", data, permutations=0).bottleneck(x="actual", y="actual").table
    >>> table[["level", "status", "required", "below"]].values.tolist()[1:]
    [[2.0, 'necessary', 2.0, 1], [4.0, 'necessary', 4.0, 3], [5.0, 'necessary', 4.0, 3]]
    """
    kind = nca.kinds[0] if ceiling is None else ceiling
    options = (("ceiling", kind, nca.kinds), ("x", x, get_args(Unit)), ("y", y, get_args(Unit)))
    for option, value, known in options:
        if value not in known:
            raise DataError("analyses.unknown_option", option=option, value=value, known=", ".join(known))
    outcome = nca.data.frame[nca.data.outcome].to_numpy()
    asked, wanted = _levels(outcome, nca.data.ends[nca.data.outcome], levels, y)
    parts = []
    for name, own in nca.ceilings.items():
        values, needed = nca.data.frame[name].to_numpy(), own.needed(kind, wanted)
        near = 1e-9 * (own.scope.x_high - own.scope.x_low)
        below = np.array([(values < one - near).sum() for one in needed])
        part = pd.DataFrame({"level": asked, "outcome": wanted, "condition": name})
        part["status"] = np.select(
            [needed == -np.inf, needed == np.inf], ["not_necessary", "out_of_reach"], "necessary"
        )
        part["required"] = np.where(np.isfinite(needed), needed, np.nan)
        part["shown"] = _in_unit(
            part["required"].to_numpy(), x, (own.scope.x_low, own.scope.x_high), below / len(values)
        )
        part["below"], part["below_share"] = below, below / len(values)
        parts.append(part)
    table = pd.concat(parts).sort_values("level", kind="stable", ignore_index=True)
    told = tuple(notice for notice in nca.warnings if notice.key == "analyses.simulated")
    return Bottleneck(table, nca.data.outcome, kind, x, y, nca.n_obs, told, nca.data.labels)


def _levels(
    outcome: np.ndarray, ends: tuple[float, float], levels: Sequence[float] | None, unit: Unit
) -> tuple[np.ndarray, np.ndarray]:
    """Levels in their unit, and as recorded."""
    low, high = ends
    if levels is None:
        seen = np.unique(outcome)
        few = seen if len(seen) <= _MANY else np.linspace(low, high, 11)
        asked = few if unit == "actual" else np.linspace(0, 100, 11)
    else:
        try:
            asked = np.sort(np.atleast_1d(np.asarray(levels, dtype=float)))
        except (TypeError, ValueError):
            raise DataError("nca.levels", low=low, high=high) from None
    start, top = (low, high) if unit == "actual" else (0.0, 100.0)
    if asked.ndim != 1 or not len(asked) or not ((asked >= start - 1e-9) & (asked <= top + 1e-9)).all():
        raise DataError("nca.levels", low=start, high=top)
    if unit == "percentile":
        return asked, np.quantile(outcome, asked / 100)
    if unit == "percentage_max":
        return asked, high * asked / 100
    return asked, asked if unit == "actual" else low + (high - low) * asked / 100


def _in_unit(required: np.ndarray, unit: Unit, ends: tuple[float, float], below: np.ndarray) -> np.ndarray:
    if unit == "percentile":
        return np.where(np.isnan(required), np.nan, 100 * below)
    if unit == "percentage_max":
        return 100 * required / ends[1]
    return required if unit == "actual" else 100 * (required - ends[0]) / (ends[1] - ends[0])


def _digits(unit: Unit) -> int:
    return 2 if unit == "actual" else 0


def _cell(status: str, shown: float, unit: Unit, lang: Language | None) -> str:
    return tr("nca.na", lang) if status == "out_of_reach" else format_number(shown, _digits(unit), lang=lang)
