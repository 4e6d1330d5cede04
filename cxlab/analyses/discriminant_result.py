"""The result of `cx.discriminant`: the evidence on each pair, and the verdict in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from cxlab.analyses.result import bilingual, each, in_language, notices_text
from cxlab.analyses.sem_result import SemFit
from cxlab.analyses.sem_text import fit_line
from cxlab.analyses.validity_base import Labelled, interval
from cxlab.errors import CxlabError, Notice
from cxlab.evaluate.discriminant import SYSTEM, against
from cxlab.evaluate.rules import rule_limit, rule_note
from cxlab.i18n import Language, format_number, format_p, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TableKind = Literal["verdicts", "tests"]
_TESTS = ("one", "cut", "merged")
_SPOKEN = ("inadmissible", "interval", "one", "merged", "htmt", "htmt_interval", "fornell_larcker")


@dataclass(frozen=True, repr=False, eq=False)
class Discriminant(Labelled):
    """Whether constructs differ; see `cxlab.discriminant` for the columns of `table`.

    Attributes
    ----------
    table : DataFrame
    fit : SemFit
        The model with all correlations free.
    warnings : tuple of Notice
    estimator : str
    n_obs, n_boot : int
    seed : int or None
    ci : str
    level, cutoff : float
    """

    table: pd.DataFrame
    fit: SemFit
    warnings: tuple[Notice, ...]
    estimator: str
    n_obs: int
    n_boot: int
    seed: int | None
    ci: str
    level: float
    cutoff: float
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    simulated: bool = False
    references: tuple[str, ...] = ("ronkko_cho_2022", "anderson_gerbing_1988", "henseler_2015", "roemer_2021",
                                   "fornell_larcker_1981", "satorra_bentler_2001")  # fmt: skip

    def sentences(self, lang: Language | None = None) -> tuple[str, ...]:
        """For each pair the verdict, then what speaks against two constructs and what for them."""
        return tuple("\n".join(self._told(row, lang)) for row in self.table.to_dict("records"))

    def summary(self, lang: Language | None = None) -> str:
        """The model's fit, the verdicts with their evidence, and the rules behind them."""
        head = [tr("validity.discriminant_head", lang, n=self.n_obs, estimator=self.estimator)]
        head += ["  " + fit_line(self.fit.fit_measures, lang)] if self.fit.converged else []
        told = self.sentences(lang) if len(self.table) <= 3 else tuple(self._lines(lang))
        notes = [rule_note(SYSTEM, lang), rule_note("henseler_2015", lang)]
        return "\n".join([*head, *notices_text(self.warnings, lang), *told, *notes])

    def apa(self, lang: Language | None = None, *, kind: TableKind = "verdicts") -> Table:
        """A table for a paper.

        Parameters
        ----------
        lang : {"en", "vi"}, optional
            Language; by default the table reads in any.
        kind : {"verdicts", "tests"}
            Correlations and ratios with intervals and the verdict; or the chi-square differences.
        """
        if kind not in ("verdicts", "tests"):
            raise CxlabError("validity.unknown_table", kind=kind, known="verdicts, tests")
        return in_language(self._verdicts() if kind == "verdicts" else self._tests(), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Correlation, HTMT and HTMT2 of each pair with intervals, and the lines of the rules."""
        from cxlab.show import interval_plot

        rows = []
        for row in self.table.sort_values("r", ascending=False, key=abs).to_dict("records"):
            for key in ("r", "htmt", "htmt2"):
                if math.isnan(row[key]):
                    continue
                sign = math.copysign(1.0, row[key])
                ends = sorted(sign * row[f"{key}_ci_{end}"] for end in ("lower", "upper"))
                rows.append(
                    {
                        "label": self.pair_name(row["construct_1"], row["construct_2"], lang),
                        "model": tr("validity.series_r", lang) if key == "r" else key.upper(),
                        "estimate": abs(row[key]),
                        "ci_lower": ends[0],
                        "ci_upper": ends[1],
                    }
                )
        lines = [rule_limit("henseler_2015"), 1.0]
        title = bilingual("validity.simulated_title", title=bilingual("validity.discriminant_title"))
        axis = bilingual("validity.axis_discriminant", level=f"{100 * self.level:g}")
        return interval_plot(
            pd.DataFrame(rows), reference=lines, xlabel=axis, lang=lang, title=title if self.simulated else None
        )

    def _lines(self, lang: Language | None) -> list[str]:
        """One line a pair, for many pairs."""
        names = [self.pair_name(row["construct_1"], row["construct_2"], lang) for row in self.table.to_dict("records")]
        width = max(map(len, names))
        lines = []
        for name, row in zip(names, self.table.to_dict("records"), strict=True):
            numbers = f"r = {self._with_interval(row, 'r', lang)}  HTMT = {_bounded(row['htmt'], lang)}"
            lines.append(f"  {name:<{width}}  {numbers}  {tr('validity.short_' + row['verdict'], lang)}")
        return lines

    def _told(self, row: Mapping[Any, Any], lang: Language | None) -> list[str]:
        from cxlab.analyses.discriminant import evidence_of

        names = {"first": self.name(row["construct_1"], lang), "second": self.name(row["construct_2"], lang)}
        evidence = evidence_of(row, self.fit.admissible, self.level)
        wide = "_wide" if evidence.wide and row["verdict"] in ("doubtful", "not_distinct") else ""
        head = tr(f"validity.verdict_{row['verdict']}{wide}", lang, **names)
        # a column's name stays as it is written
        head = head[:1].upper() + head[1:] if names["first"] != row["construct_1"] else head
        if row["verdict"] == "unknown":
            return [head]
        spoken = against(evidence)
        found: dict[str, list[str]] = {"against": [], "for": []}
        for criterion in _SPOKEN:
            side = "against" if criterion in spoken else "for"
            text = self._criterion(criterion, side, row, lang)
            found[side] += [text] if text else []
        lines = [f"  {tr(f'validity.side_{side}', lang)} {'; '.join(texts)}." for side, texts in found.items() if texts]
        return [head, *lines]

    def _criterion(self, criterion: str, side: str, row: Mapping[Any, Any], lang: Language | None) -> str:
        """One criterion in words, or nothing where it was not asked or does not apply."""
        values: dict[str, Any] = {"level": f"{100 * self.level:g}", "label": tr(f"evaluate.{row['problem']}", lang)}
        if criterion == "inadmissible" and side == "for":
            return ""
        if criterion == "inadmissible":
            pass
        elif criterion == "interval":
            values["r"] = self._with_interval(row, "r", lang)
        elif criterion in ("one", "merged"):
            if math.isnan(row[f"{criterion}_p"]) or (criterion == "merged" and len(self.fit.latent_cor) == 2):
                return ""
            values["test"] = self._test(row, criterion, lang)
        elif criterion == "htmt":
            values |= {"htmt": self._with_interval(row, "htmt", lang), "htmt2": self._with_interval(row, "htmt2", lang)}
            values["limit"] = _bounded(rule_limit("henseler_2015"), lang)
        elif criterion == "htmt_interval":
            if math.isnan(row["htmt_ci_upper"]):
                return ""
        else:
            if math.isnan(row["ave_1"]) or math.isnan(row["ave_2"]):
                return ""
            values |= {"ave_1": _bounded(row["ave_1"], lang), "ave_2": _bounded(row["ave_2"], lang)}
            values["square"] = _bounded(row["r"] ** 2, lang)
        return tr(f"validity.{side}_{criterion}", lang, **values)

    def _with_interval(self, row: Mapping[Any, Any], key: str, lang: Language | None) -> str:
        text = _bounded(row[key], lang)
        if math.isnan(row[f"{key}_ci_lower"]):
            return text
        return f"{text} {interval(row[f'{key}_ci_lower'], row[f'{key}_ci_upper'], lang)}"

    def _test(self, row: Mapping[Any, Any], name: str, lang: Language | None) -> str:
        p = format_p(row[f"{name}_p"], lang)
        chisq = format_number(row[f"{name}_chisq"], 2, lang=lang)
        return f"Δχ²({row[f'{name}_df']:.0f}) = {chisq}, p {p if p.startswith('<') else '= ' + p}"

    def _frame(self) -> pd.DataFrame:
        return self.table.assign(pair=[self._both(row) for row in self.table.to_dict("records")])

    def _both(self, row: Mapping[Any, Any]) -> Mapping[str, str]:
        return each(lambda lang: self.pair_name(row["construct_1"], row["construct_2"], lang))

    def _verdicts(self) -> Table:
        verdicts = [bilingual(f"validity.short_{name}") for name in self.table["verdict"]]
        problems = [bilingual(f"evaluate.{name}") if name else "" for name in self.table["problem"]]
        frame = self._frame().assign(verdict=verdicts, problem=problems)
        heading = bilingual("validity.col_interval", level=f"{100 * self.level:g}")
        columns = {"pair": Column("validity.col_pair")}
        for key, text in (("r", "r"), ("htmt", "HTMT"), ("htmt2", "HTMT2")):
            columns[key] = Column(text, "bounded")
            if key == "r" or self.n_boot:
                parts = (f"{key}_ci_lower", f"{key}_ci_upper")
                columns[f"{key}_ci"] = Column(heading, "interval", parts=parts, bounded=True)
        columns |= {"problem": Column("validity.col_problem"), "verdict": Column("validity.col_verdict")}
        rules = tuple(each(lambda lang, name=name: rule_note(name, lang)) for name in (SYSTEM, "henseler_2015"))  # type: ignore[misc]
        notes = (*self._notes(), bilingual("validity.note_verdict"), *rules, *self.told())
        return Table(frame, columns, "validity.discriminant_title", notes=notes)

    def _tests(self) -> Table:
        columns = {"pair": Column("validity.col_pair")}
        for name in _TESTS:
            columns |= {f"{name}_chisq": Column("Δχ²", "number"), f"{name}_df": Column("Δdf", "integer"),
                        f"{name}_p": Column("p", "p")}  # fmt: skip
        heads: dict[str, Mapping[str, str]] = {
            "one": bilingual("validity.span_one"),
            "merged": bilingual("validity.span_merged"),
        }
        heads["cut"] = each(lambda lang: tr("validity.span_cut", lang, cutoff=_bounded(self.cutoff, lang)))
        spanners = tuple((heads[name], tuple(f"{name}_{part}" for part in ("chisq", "df", "p"))) for name in _TESTS)
        notes = (*self._notes(), bilingual("validity.note_tests"), *self.told())
        return Table(self._frame(), columns, "validity.tests_title", notes=notes, spanners=spanners)

    def _notes(self) -> tuple[Mapping[str, str], ...]:
        notes = [bilingual("validity.note_model", n=self.n_obs, estimator=self.estimator)]
        if self.fit.converged:
            notes.append(each(lambda lang: fit_line(self.fit.fit_measures, lang) + "."))
        if self.n_boot:
            values = {"count": self.n_boot, "seed": self.seed}
            kind = f"validity.interval_{self.ci}"
            notes.append(each(lambda lang: tr("validity.note_intervals", lang, interval=tr(kind, lang), **values)))
        return tuple(notes)


def _bounded(value: float, lang: Language | None) -> str:
    return format_number(value, 2, bounded=True, lang=lang)
