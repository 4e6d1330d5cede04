"""Latent means of groups against a reference group, where the intercepts allow it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from cxlab.analyses.invariance_fits import level_name
from cxlab.analyses.invariance_release import invariant_items
from cxlab.analyses.invariance_text import cells
from cxlab.analyses.result import bilingual, each, in_language, notices_text
from cxlab.analyses.unpack import check_level
from cxlab.analyses.validity_base import Labelled
from cxlab.errors import CxlabError, EstimationError, ModelError, Notice
from cxlab.evaluate.invariance import Difference, latent_difference
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.show.cells import interval_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxlab.analyses.invariance_result import Invariance
    from cxlab.analyses.sem_result import SemFit

COLUMNS = ["construct", "group", "reference", "est", "se", "z", "pvalue", "ci_lower", "ci_upper", "d", "d_se",
           "d_ci_lower", "d_ci_upper", "points"]  # fmt: skip
_POINT = Column("", "number")


@dataclass(frozen=True, repr=False, eq=False)
class LatentMeans(Labelled):
    """Differences of latent means to the reference group.

    Attributes
    ----------
    table : DataFrame
        construct, group, reference, est, se, z, pvalue, ci_lower, ci_upper (units of the model: standard deviations of
        the first group, or points of the first item with ``std_lv=False``), d, d_se, d_ci_lower, d_ci_upper, points
        (what the difference means for an average invariant item, in points of its scale).
    partial : bool
        Whether some parameters differ between groups.
    level : float
        Confidence level.
    """

    table: pd.DataFrame
    warnings: tuple[Notice, ...]
    reference: str
    partial: bool
    level: float
    estimator: str
    n_obs: int
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    group_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    simulated: bool = False
    references: tuple[str, ...] = ("hancock_2001", "meredith_1993", "byrne_1989")

    def group_name(self, group: str, lang: Language | None = None) -> str:
        """A group in the codebook's words."""
        return pick(self.group_names[group], lang) if group in self.group_names else group

    def summary(self, lang: Language | None = None) -> str:
        """One line a construct and group: d with its interval and the difference in points."""
        lines = [self._head(lang), *(f"  {self._line(row, lang)}" for row in self.table.to_dict("records"))]
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Differences by construct."""
        frame = self.table.assign(
            construct=cells(self.table["construct"], self.named),
            group=cells(self.table["group"], lambda one: each(lambda lang: self.group_name(one, lang))),
        )
        columns = {
            "group": Column("invariance.col_group"),
            "est": Column("invariance.col_difference", "number"),
            "se": Column("invariance.col_se", "number"),
            "ci": Column(bilingual("validity.col_interval", level=f"{100 * self.level:g}"), "interval",
                         parts=("ci_lower", "ci_upper")),
            "pvalue": Column("evaluation.col_p", "p"),
            "d": Column("d", "number"),
            "d_ci": Column(bilingual("invariance.col_d_interval", level=f"{100 * self.level:g}"), "interval",
                           parts=("d_ci_lower", "d_ci_upper")),
            "points": Column("invariance.col_points", "number"),
        }  # fmt: skip
        pointed = self.table["points"].notna().any()
        columns = {key: own for key, own in columns.items() if pointed or key != "points"}
        said = bilingual("invariance.note_means" if pointed else "invariance.note_means_ordered")
        notes = (each(self._head), said, *self.told())
        table = Table(frame, columns, "invariance.means_title", notes=notes, group="construct")
        return in_language(table, lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Standardised differences with their intervals around zero."""
        from cxlab.show.intervals import coefficient_plot

        frame = pd.DataFrame(
            {
                "label": [{one: self.group_name(name, one) for one in ("en", "vi")} for name in self.table["group"]],
                "block": cells(self.table["construct"], self.named),
                "construct": self.table["construct"],
                "estimate": self.table["d"],
                "ci_lower": self.table["d_ci_lower"],
                "ci_upper": self.table["d_ci_upper"],
            }
        ).dropna()
        axis = Notice("invariance.axis_d", {"reference": self.group_name(self.reference, lang)})
        title: Any = "invariance.means_title"
        if self.simulated:
            title = bilingual("validity.simulated_title", title=bilingual("invariance.means_title"))
        return coefficient_plot(frame, title=title, xlabel=axis, lang=lang)

    def _head(self, lang: Language | None) -> str:
        key = "invariance.means_head_partial" if self.partial else "invariance.means_head"
        reference = self.group_name(self.reference, lang)
        made = " · " + tr("analyses.simulated", lang) if self.simulated else ""
        return tr(key, lang, reference=reference, n=self.n_obs, estimator=self.estimator) + made

    def _line(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        name = f"{self.name(row['construct'], lang)}, {self.group_name(row['group'], lang)}"
        d, points = (format_number(float(row[key]), 2, lang=lang) for key in ("d", "points"))
        interval = interval_text(row["d_ci_lower"], row["d_ci_upper"], _POINT, lang)
        if math.isnan(row["points"]):
            return tr("invariance.means_line_ordered", lang, name=name, d=d, interval=interval)
        return tr("invariance.means_line", lang, name=name, d=d, interval=interval, points=points)


def latent_means(found: Invariance, reference: str | None, level: float) -> LatentMeans:
    """The differences, or the reason why there are none."""
    check_level(level)
    fit = _scalar_fit(found)
    chosen = fit.groups[0] if reference is None else str(reference)
    if chosen not in fit.groups:
        raise CxlabError("sem.unknown_group", group=reference, known=", ".join(fit.groups))
    base = fit.groups.index(chosen)
    reach = float(ndtri(0.5 + level / 2))
    rows = []
    for construct in dict.fromkeys(term.lhs for term in found.setting.model.terms if term.op == "=~"):
        # answers that are categories have no points
        loading = math.nan if found.setting.ordered else _average_loading(found, fit, construct)
        for group in range(len(fit.groups)):
            if group == base:
                continue
            one = _difference(fit, construct, group, base)
            rows.append(_row(construct, fit.groups[group], chosen, one, reach) | {"points": one.est * loading})
    partial = bool(found.row("scalar")["partial"])
    return LatentMeans(
        table=pd.DataFrame(rows, columns=COLUMNS),
        warnings=_warnings(found),
        reference=chosen,
        partial=partial,
        level=level,
        estimator=found.setting.estimator,
        n_obs=found.n_obs,
        labels=found.labels,
        group_names=found.group_names,
        simulated=found.simulated,
    )


def _scalar_fit(found: Invariance) -> SemFit:
    """The fit with equal intercepts, if the data bear it."""
    if "scalar" not in found.setting.levels:
        raise ModelError("invariance.means_need_scalar")
    fit = found.fits.get("scalar")
    if fit is None or not fit.converged:
        why = " ".join(notice.text() for notice in found.reasons["scalar"])
        raise EstimationError("invariance.means_no_fit", why=why)
    for level in ("thresholds", "metric", "scalar"):
        if level in found.setting.levels and found.row(level)["verdict"] == "fails":
            row = found.row(level)
            if found.setting.ordered:
                delta = format_number(float(row["delta_cfi"]), 3, bounded=True)
                raise ModelError("invariance.ordered_means_fail", level=level_name(level), delta=delta)
            best = found.suggest(level)["parameter"].head(2)
            raise ModelError(
                "invariance.means_fail",
                level=level_name(level),
                delta=format_number(float(row["delta_cfi"]), 3, bounded=True),
                release=", ".join(f'"{one}"' for one in best),
            )
    return fit


def _warnings(found: Invariance) -> tuple[Notice, ...]:
    """What stands behind the comparison: doubtful steps, a single invariant item, an inadmissible solution."""
    doubtful = [name for name in ("configural", "thresholds", "metric", "scalar") if name in found.solved
                and found.row(name)["verdict"] in ("doubtful", "fails")]  # fmt: skip
    told = tuple(Notice("invariance.means_doubtful", {"level": level_name(name)}, serious=True) for name in doubtful)
    kept = ("invariance.one_invariant_item", "invariance.small_groups", "invariance.level_inadmissible")
    return (*told, *(notice for notice in found.warnings if notice.key in kept))


def _difference(fit: SemFit, construct: str, group: int, base: int) -> Difference:
    """Mean and variance of both groups with their covariances."""
    table, fitted = fit.fitted.table, fit.fitted
    places, values = [], []
    for number in (group, base):
        for op, rhs in (("~1", ""), ("~~", construct)):
            row = next(
                place
                for place in range(len(table))
                if table.lhs[place] == construct and table.op[place] == op and table.rhs[place] == rhs
                and table.group[place] == number + 1
            )  # fmt: skip
            places.append(int(table.free[row]) - 1)
            values.append(float(fitted.estimates[row]))
    covariance = np.zeros((4, 4))
    assert fitted.vcov is not None  # noqa: S101 - converged fits have one
    free = [place for place in range(4) if places[place] >= 0]
    at = [places[place] for place in free]
    covariance[np.ix_(free, free)] = fitted.vcov[np.ix_(at, at)]
    sizes = (float(fitted.n_obs[group]), float(fitted.n_obs[base]))
    return latent_difference(np.array(values), covariance, sizes)


def _average_loading(found: Invariance, fit: SemFit, construct: str) -> float:
    """Mean loading of the invariant items (of all that are held equal, if there are none)."""
    rows = fit.estimates
    own = rows[(rows["op"] == "=~") & (rows["lhs"] == construct) & (rows["group"] == 1)]
    kept = own[own["rhs"].isin(invariant_items(found.setting, found.released)[construct])]
    return float((kept if len(kept) else own)["est"].mean())


def _row(construct: str, group: str, reference: str, one: Difference, reach: float) -> dict[str, Any]:
    z = one.est / one.se if one.se > 0 else math.nan
    return {
        "construct": construct, "group": group, "reference": reference, "est": one.est, "se": one.se, "z": z,
        "pvalue": 2 * float(ndtr(-abs(z))), "ci_lower": one.est - reach * one.se, "ci_upper": one.est + reach * one.se,
        "d": one.d, "d_se": one.d_se, "d_ci_lower": one.d - reach * one.d_se, "d_ci_upper": one.d + reach * one.d_se,
    }  # fmt: skip
