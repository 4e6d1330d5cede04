"""Simple slopes: a path at low, middling and high values of what moderates it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from cxlab.analyses.pls_bootstrap_result import PlsBootstrap
from cxlab.analyses.pls_notices import carried
from cxlab.analyses.result import Result, Text, bilingual, in_language, notices_text
from cxlab.codebook.text import did_you_mean
from cxlab.errors import DataError, ModelError, Notice, NotSupportedError
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.resample.intervals import Interval, intervals
from cxlab.show.cells import interval_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxlab.analyses.pls_result import PlsFit


@dataclass(frozen=True, repr=False, eq=False)
class SimpleSlopes(Result):
    """A path at several values of its moderator.

    Attributes
    ----------
    table : DataFrame
        target, level (standard deviations of the moderator from its mean), slope, and with a bootstrap se, ci_lower,
        ci_upper (else nan).
    lines : DataFrame
        target, level, x (standard deviations of the construct whose path it is), y: what the model expects of the
        target, in standard deviations, all other constructs at their means.
    """

    table: pd.DataFrame
    lines: pd.DataFrame = field(repr=False)
    product: str
    focal: str
    moderator: str
    confidence: float = 0.95
    warnings: tuple[Notice, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ("aiken_west_1991", "henseler_chin_2010")

    def summary(self, lang: Language | None = None) -> str:
        """The slope at each level."""
        names = {"focal": self._label(self.focal, lang), "moderator": self._label(self.moderator, lang)}
        lines, ends = [tr("pls.slopes_head", lang, **names), *notices_text(self.warnings, lang)], Column("", "interval")
        for row in self.table.itertuples():
            slope = format_number(row.slope, 2, lang=lang)
            interval = "" if np.isnan(row.ci_lower) else " " + interval_text(row.ci_lower, row.ci_upper, ends, lang)
            where = f"{names['moderator']} {_signed(row.level, lang)} SD"
            lines.append(f"  {self._label(row.target, lang)}, {where}: {slope}{interval}")
        return "\n".join(lines)

    def apa(self, lang: Language | None = None) -> Table:
        """Slopes with intervals."""
        frame = self.table.assign(target=[self.labels.get(name, name) for name in self.table["target"]])
        moderator = self.labels.get(self.moderator, self.moderator)
        columns = {
            "target": Column("pls.col_target"),
            "level": Column(bilingual("pls.col_level", moderator=moderator), "number"),
            "slope": Column("pls.col_slope", "number"),
        }
        if self.table["se"].notna().any():
            columns["se"] = Column("pls.col_se", "number")
            words = bilingual("analyses.col_interval", level=f"{100 * self.confidence:g}")
            columns["interval"] = Column(words, "interval", parts=("ci_lower", "ci_upper"))
        title = bilingual("pls.title_slopes", focal=self.labels.get(self.focal, self.focal))
        return in_language(Table(frame, columns, title, notes=(bilingual("pls.slopes_note"),)), lang)

    def plot(self, lang: Language | None = None, target: str | None = None) -> Figure:
        """One line for each level of the moderator; with several targets, of the one named or the first."""
        from cxlab.show.curves import curve_plot

        wanted = target or str(self.table["target"].iloc[0])
        rows = self.lines[self.lines["target"] == wanted]
        name = self._label(self.moderator, lang)
        quadratic = self.focal == self.moderator
        labels = [
            self._label(self.focal, lang) if quadratic else f"{name} {_signed(level, lang)} SD"
            for level in rows["level"]
        ]
        table = rows.assign(label=labels, estimate=rows["y"], ci_lower=rows["y"], ci_upper=rows["y"])
        return curve_plot(
            table,
            xlabel=bilingual("pls.axis_sd", name=self.labels.get(self.focal, self.focal)),
            ylabel=bilingual("pls.axis_sd", name=self.labels.get(wanted, wanted)),
            bounded=False,
            lang=lang,
        )

    def _label(self, name: str, lang: Language | None) -> str:
        return pick(self.labels[name], lang) if name in self.labels else name


def pls_simple_slopes(
    fit: PlsFit,
    product: str | None = None,
    moderator: str | None = None,
    levels: Sequence[float] = (-1.0, 0.0, 1.0),
    bootstrap: PlsBootstrap | None = None,
) -> SimpleSlopes:
    """The path of one factor of a product at several values of the other.

    Parameters
    ----------
    fit : PlsFit
        With a two-stage product.
    product : str, optional
        As in the model text, ``"Image:Expectation"``; by default the only one.
    moderator : str, optional
        One of its factors; by default the second.
    levels : sequence of float
        Standard deviations of the moderator from its mean.
    bootstrap : PlsBootstrap, optional
        ``fit.bootstrap(...)``, for standard errors and intervals of its kind and level ("bca" and
        "studentised" become percentile).

    Returns
    -------
    SimpleSlopes

    Raises
    ------
    ModelError
        No such product or factor; a bootstrap of another model.
    NotSupportedError
        Products of indicators, whose main effects are not those at the moderator's mean.

    Notes
    -----
    Slope at m: path of the factor + m times path of the product; for a square path + 2 m times path of the square.
    Intervals hold these sums in every resample. Source: Aiken & West (1991).

    Examples
    --------
    >>> import cxlab as cx
    >>> survey = cx.load_dataset("ecsi_mobile")
    >>> text = "Image <~ IMAG1 + IMAG2 + IMAG4; Value <~ PERV1 + PERV2; CUSA1 ~ Image + Value + Image:Value"
    >>> fit = cx.pls(text, survey, modes="A")
    >>> fit.simple_slopes(levels=(-1, 1)).table["slope"].round(2).tolist()
    [0.45, 0.51]
    """
    name = _product(fit, product)
    factors = fit.model.products[name]
    chosen = factors[1] if moderator is None else moderator
    if chosen not in factors:
        raise ModelError("pls.unknown_moderator", name=chosen, product=name, known=", ".join(factors))
    focal = factors[0] if chosen == factors[1] else factors[1]
    _check_levels(levels)
    rows: list[tuple[str, float, float, float, float, float]] = []
    lines: list[tuple[str, float, float, float]] = []
    for place in fit.model.design.effects[fit.model.constructs.index(name)]:
        target = fit.model.constructs[place]
        own, crossed, other = (_path(fit, source, target) for source in (focal, name, chosen))
        for level in map(float, levels):
            many = 2 * level if focal == chosen else level
            ends = _interval(bootstrap, (focal, name, target), many, own, crossed)
            rows.append((target, level, own + many * crossed, *ends))
        lines += _lines(target, (own, other, crossed), _together(fit, focal, chosen), levels, focal == chosen)
    table = pd.DataFrame(rows, columns=["target", "level", "slope", "se", "ci_lower", "ci_upper"])
    drawn = pd.DataFrame(lines, columns=["target", "level", "x", "y"])
    told = tuple(carried(fit))
    confidence = bootstrap.level if bootstrap else 0.95
    return SimpleSlopes(table, drawn, name, focal, chosen, confidence, told, fit.labels)


def _check_levels(levels: object) -> None:
    try:
        numbers = np.asarray(levels, dtype=float)
    except (TypeError, ValueError):
        raise DataError("pls.levels") from None
    if numbers.ndim != 1 or not len(numbers) or not np.isfinite(numbers).all():
        raise DataError("pls.levels")


def _signed(level: float, lang: Language | None) -> str:
    """``+1``, ``0``, ``−1,5``."""
    digits = 0 if float(level).is_integer() else 1
    return ("+" if level > 0 else "") + format_number(level, digits, lang=lang)


def _product(fit: PlsFit, product: str | None) -> str:
    known = tuple(fit.model.products)
    if not known:
        raise ModelError("pls.no_product")
    if product is None and len(known) > 1:
        raise ModelError("pls.which_product", known=", ".join(known))
    name = known[0] if product is None else product
    if name not in known:
        raise ModelError("pls.unknown_product", name=name, hint=did_you_mean(name, known), known=", ".join(known))
    if name not in fit.model.items:
        raise NotSupportedError("pls.slopes_indicators", product=name)
    return name


def _path(fit: PlsFit, source: str, target: str) -> float:
    places = fit.model.constructs.index(source), fit.model.constructs.index(target)
    return float(fit.solved.paths[places[0], places[1], 0] / fit.units[places[0]])


def _interval(
    bootstrap: PlsBootstrap | None, names: tuple[str, str, str], many: float, own: float, crossed: float
) -> tuple[float, float, float]:
    if bootstrap is None:
        return (np.nan, np.nan, np.nan)
    focal, product, target = names
    columns = [f"path: {source} → {target}" for source in (focal, product)]
    if not isinstance(bootstrap, PlsBootstrap) or not set(columns) <= set(bootstrap.replicates):
        raise ModelError("pls_input.other_bootstrap", product=product)
    found = (bootstrap.replicates[columns[0]] + many * bootstrap.replicates[columns[1]]).to_numpy()[:, None]
    kind: Interval = "percentile" if bootstrap.ci in ("bca", "studentised") else cast(Interval, bootstrap.ci)
    ends = intervals(found, np.array([own + many * crossed]), kind, bootstrap.level, None)
    return float(np.nanstd(found, ddof=1)), float(ends.lower[0]), float(ends.upper[0])


def _together(fit: PlsFit, one: str, other: str) -> float:
    """The mean of the product of two constructs' scores, for which a product of mean 0 has to make up."""
    scores = fit.scores if fit.first_stage is None else fit.first_stage.scores
    return float((scores[one] * scores[other]).mean())


def _lines(
    target: str, slopes: tuple[float, float, float], mean: float, levels: Sequence[float], square: bool
) -> list[tuple[str, float, float, float]]:
    """Expected scores over two standard deviations; a square bends one line, so it needs more points."""
    own, other, crossed = slopes
    if square:
        places = np.linspace(-2, 2, 9)
        return [(target, 0.0, float(x), float(own * x + crossed * (x**2 - mean))) for x in places]
    return [
        (target, float(m), float(x), float(own * x + other * m + crossed * (m * x - mean)))
        for m in levels
        for x in (-1, 0, 1)
    ]
