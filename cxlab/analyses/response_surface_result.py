"""The result of `cx.response_surface`: holds the surface, shows it as text, tables and figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

import pandas as pd

from cxlab.analyses.asymmetry_text import with_interval
from cxlab.analyses.result import bilingual, each, in_language, notices_text
from cxlab.analyses.validity_base import Labelled
from cxlab.errors import DataError, Notice
from cxlab.i18n import Language, format_number, p_text, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Kind = Literal["contour", "surface"]


@dataclass(frozen=True, repr=False, eq=False)
class ResponseSurface(Labelled):
    """A response surface; see `cxlab.response_surface` for the columns of its tables.

    Attributes
    ----------
    table, coefficients, comparisons, agreement, conditions, points : DataFrame
    fit : Series
    warnings : tuple of Notice
    verdict, shape : str
    names : (str, str, str)
        Outcome, x, y.
    scale : (float, float)
        Of x and y.
    cov_type, ci : str
    level : float
    n_boot : int
    seed : int or None
    weighted : bool
    """

    table: pd.DataFrame
    coefficients: pd.DataFrame
    comparisons: pd.DataFrame
    agreement: pd.DataFrame
    conditions: pd.DataFrame
    fit: pd.Series
    points: pd.DataFrame
    warnings: tuple[Notice, ...]
    verdict: str
    shape: str
    names: tuple[str, str, str]
    scale: tuple[float, float]
    cov_type: str
    level: float
    n_boot: int
    seed: int | None
    ci: str
    weighted: bool
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    simulated: bool = False
    references: tuple[str, ...] = (
        "edwards_parry_1993", "edwards_2002", "shanock_2010", "humberg_2019", "long_ervin_2000", "statsmodels",
    )  # fmt: skip

    def summary(self, lang: Language | None = None) -> str:
        """Fit, coefficients, a1 to a5 with axes, the test of the difference score, the verdict; then what to know."""
        lines = [
            tr("asymmetry.rs_head", lang, **self._named(lang), errors=self._errors(lang)),
            self._fit_text(lang),
            *(f"  {self._coefficient(row, lang)}" for row in self.coefficients.to_dict("records")),
            *(f"  {self._quantity(row, lang)}" for row in self.table.to_dict("records")),
            self._difference(lang),
            self._agreed(lang),
            self._verdict(lang),
        ]
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Coefficients, then slopes and curvatures along the lines, stationary point and principal axes."""
        terms = self.coefficients.rename(columns={"term": "key", "b": "estimate"}).assign(panel="terms")
        surface = self.table.rename(columns={"quantity": "key"}).assign(panel="surface")
        frame = pd.concat([terms, surface], ignore_index=True)
        frame["label"] = [self._cell(row) for row in frame.to_dict("records")]
        frame["group"] = [bilingual(f"asymmetry.rs_panel_{panel}") for panel in frame["panel"]]
        columns = {
            "label": Column("asymmetry.col_quantity"),
            "estimate": Column("asymmetry.col_estimate", "number"),
            "se": Column("analyses.col_se", "number"),
            "ci": Column(self._interval(), "interval", parts=("ci_lower", "ci_upper")),
            "t": Column("analyses.col_t", "number"),
            "pvalue": Column("analyses.col_p", "p"),
        }
        title = bilingual("asymmetry.rs_title", **self._bilingual_names())
        notes = (each(self._fit_text), each(self._difference), each(self._verdict), each(self._method), *self.told())
        return in_language(Table(frame, columns, title, notes=notes, group="group"), lang)

    def apa_agreement(self, lang: Language | None = None) -> Table:
        """Who is lower on x, who agrees and who is higher, with means."""
        outcome, x, y = (self.named(name) for name in self.names)
        frame = self.agreement.assign(
            label=[bilingual(f"asymmetry.rs_{group}", x=x, y=y) for group in self.agreement["group"]],
            panel=[bilingual(f"asymmetry.rs_basis_{basis}") for basis in self.agreement["basis"]],
        )
        columns = {
            "label": Column("asymmetry.col_group"),
            "n": Column("analyses.col_n", "integer"),
            "share": Column("asymmetry.col_share", "percent", digits=0),
            "mean_x": Column(x, "number"),
            "mean_y": Column(y, "number"),
            "mean_outcome": Column(outcome, "number"),
        }
        spanners = ((bilingual("asymmetry.spanner_means"), ("mean_x", "mean_y", "mean_outcome")),)
        notes = (bilingual("asymmetry.rs_agreement_note"),)
        title = bilingual("asymmetry.rs_agreement_title")
        return in_language(Table(frame, columns, title, notes=notes, group="panel", spanners=spanners), lang)

    def apa_comparisons(self, lang: Language | None = None) -> Table:
        """The difference score and other simpler models against the full polynomial."""
        frame = self.comparisons.assign(label=[bilingual(f"asymmetry.rs_model_{m}") for m in self.comparisons["model"]])
        columns = {
            "label": Column("asymmetry.col_model"),
            "constraints": Column("asymmetry.col_constraints", "integer"),
            "r2": Column("analyses.col_r2", "bounded", digits=3),
            "adj_r2": Column("analyses.col_adj_r2", "bounded", digits=3),
            "f": Column("asymmetry.col_f", "number"),
            "pvalue": Column("analyses.col_p", "p"),
            "wald_f": Column("asymmetry.col_wald_f", "number"),
            "wald_pvalue": Column("asymmetry.col_wald_p", "p"),
        }
        note = bilingual("asymmetry.rs_comparisons_note", errors=each(self._errors))
        return in_language(Table(frame, columns, bilingual("asymmetry.rs_comparisons_title"), notes=(note,)), lang)

    def apa_conditions(self, lang: Language | None = None) -> Table:
        """The conditions of a congruence effect one by one, with the interval that decides."""
        frame = self.conditions.assign(
            label=[bilingual(f"asymmetry.rs_condition_{name}") for name in self.conditions["condition"]],
            demand=[bilingual(f"asymmetry.rs_needed_{name}") for name in self.conditions["needed"]],
            answer=[
                bilingual(f"asymmetry.rs_{'met' if met else 'not_met'}_{needed}")
                for met, needed in zip(self.conditions["met"], self.conditions["needed"], strict=True)
            ],
        )
        columns = {
            "label": Column("asymmetry.col_condition"),
            "quantity": Column("asymmetry.col_quantity"),
            "estimate": Column("asymmetry.col_estimate", "number"),
            "ci": Column(self._interval(), "interval", parts=("ci_lower", "ci_upper")),
            "null": Column("asymmetry.col_null", "number", digits=0),
            "demand": Column("asymmetry.col_needed"),
            "answer": Column("asymmetry.col_met"),
        }
        notes = (each(self._verdict), bilingual("asymmetry.rs_conditions_note"))
        return in_language(Table(frame, columns, bilingual("asymmetry.rs_conditions_title"), notes=notes), lang)

    def plot(self, lang: Language | None = None, *, kind: Kind = "contour") -> Figure:
        """The surface with the answers, both lines and the first axis; ``kind="surface"`` in three dimensions."""
        from cxlab.analyses.response_surface_figure import figure_tables
        from cxlab.show.surface import surface_plot

        if kind not in get_args(Kind):
            known = ", ".join(get_args(Kind))
            raise DataError("analyses.unknown_option", option="kind", value=kind, known=known)
        grid, points, lines = figure_tables(self)
        outcome, x, y = (self.named(name) for name in self.names)
        title = bilingual("analyses.simulated") if self.simulated else None
        texts: dict[str, Any] = {"xlabel": x, "ylabel": y, "zlabel": bilingual("asymmetry.rs_fitted", outcome=outcome)}
        return surface_plot(grid, points, lines, solid=kind == "surface", title=title, lang=lang, **texts)

    def _named(self, lang: Language | None) -> dict[str, str]:
        return {key: self.name(name, lang) for key, name in zip(("outcome", "x", "y"), self.names, strict=True)}

    def _bilingual_names(self) -> dict[str, Mapping[str, str]]:
        return {key: self.named(name) for key, name in zip(("outcome", "x", "y"), self.names, strict=True)}

    def _interval(self) -> Mapping[str, str]:
        return bilingual("analyses.col_interval", level=f"{100 * self.level:g}")

    def _cell(self, row: Mapping[Any, Any]) -> Mapping[str, str]:
        if row["panel"] == "surface":
            return bilingual(f"asymmetry.rs_{row['key']}")
        return each(lambda lang: self._term(row["key"], lang))

    def _term(self, key: str, lang: Language | None) -> str:
        known = ("intercept", "x", "y", "x2", "xy", "y2")
        if key not in known:
            return self.name(key, lang)
        if key == "intercept":
            return tr("analyses.intercept", lang)
        named = self._named(lang)
        squares = {"x2": f"{named['x']}²", "y2": f"{named['y']}²", "xy": f"{named['x']} × {named['y']}"}
        return squares.get(key) or named[key]

    def _coefficient(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        own = {"b": row["b"], "b_ci_lower": row["ci_lower"], "b_ci_upper": row["ci_upper"]}
        return f"{self._term(row['term'], lang)}: {with_interval(own, 'b', lang)}  {p_text(row['pvalue'], lang)}"

    def _quantity(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        own = {"b": row["estimate"], "b_ci_lower": row["ci_lower"], "b_ci_upper": row["ci_upper"]}
        text = f"{tr('asymmetry.rs_' + row['quantity'], lang)}: {with_interval(own, 'b', lang)}"
        return text if row["null"] != 0 or pd.isna(row["pvalue"]) else f"{text}  {p_text(row['pvalue'], lang)}"

    def _errors(self, lang: Language | None) -> str:
        return tr("analyses.errors_classical", lang) if self.cov_type == "nonrobust" else self.cov_type

    def _fit_text(self, lang: Language | None) -> str:
        r2, adjusted = (format_number(float(self.fit[key]), 3, bounded=True, lang=lang) for key in ("r2", "adj_r2"))
        center = format_number(float(self.fit["center"]), 2, lang=lang)
        shape = tr(f"asymmetry.rs_shape_{self.shape}", lang)
        values = {"n": int(self.fit["n"]), "r2": r2, "adjusted": adjusted, "center": center, "shape": shape}
        return tr("asymmetry.rs_fit", lang, **values)

    def _difference(self, lang: Language | None) -> str:
        row = self.comparisons.set_index("model").loc["difference"]
        r2 = format_number(float(row["r2"]), 3, bounded=True, lang=lang)
        f = format_number(float(row["wald_f"]), 2, lang=lang)
        refused = bool(row["wald_pvalue"] < 1 - self.level)
        key = "asymmetry.rs_difference_refused" if refused else "asymmetry.rs_difference_kept"
        values = {"r2": r2, "f": f, "df2": int(self.fit["df_resid"]), "p": p_text(row["wald_pvalue"], lang)}
        return tr(key, lang, **values, errors=self._errors(lang))

    def _agreed(self, lang: Language | None) -> str:
        raw = self.agreement[self.agreement["basis"] == "raw"].set_index("group")["share"]
        shares = {group: f"{format_number(100 * share, 0, lang=lang)}%" for group, share in raw.items()}
        return tr(
            "asymmetry.rs_agreed", lang, **{str(group): text for group, text in shares.items()}, **self._named(lang)
        )

    def _verdict(self, lang: Language | None) -> str:
        failed = self.conditions[~self.conditions["met"] & self.conditions["broad"]]["quantity"]
        return tr(f"asymmetry.rs_{self.verdict}", lang, **({"failed": ", ".join(failed)} if len(failed) else {}))

    def _method(self, lang: Language | None) -> str:
        values = {"count": self.n_boot, "seed": self.seed, "interval": tr(f"validity.interval_{self.ci}", lang)}
        parts = [tr("asymmetry.rs_note", lang, errors=self._errors(lang))]
        parts += [tr("asymmetry.rs_note_boot", lang, **values)] if self.n_boot else []
        return " ".join([*parts, *([tr("asymmetry.weighted_note", lang)] if self.weighted else [])])
