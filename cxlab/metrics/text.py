"""How a metric reads: the lines of its summary, the rows of its table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.i18n import Language, format_number, pick, tr
from cxlab.metrics.tally import ALL, Score
from cxlab.show.cells import interval_text
from cxlab.show.result import bilingual, each, notices_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from cxlab.metrics.result import MetricResult


_MOST_LINES = 30


def digits_of(score: Score) -> int:
    """Digits that a statistic is printed with: one for points of 200 or 100, two for means and shares.

    Examples
    --------
    >>> digits_of(Score("nps", "net", abs, 100.0)), digits_of(Score("mean", "mean", abs))
    (1, 2)
    """
    return 1 if score.kind == "net" or score.name == "index" else 2


def answer_title(result: MetricResult, lang: Language) -> str:
    """The title of a figure: the metric, what was asked, and that answers are weighted or data simulated."""
    title = title_of(result, lang)
    simulated = any(notice.key == "analyses.simulated" for notice in result.warnings)
    said = [key for key, known in (("weighted", result.answers.whole.weighted), ("simulated", simulated)) if known]
    return f"{title} ({', '.join(tr(f'metrics.{key}', lang) for key in said)})" if said else title


def title_of(result: MetricResult, lang: Language) -> str:
    """The metric and what was asked."""
    return f"{tr(f'metrics.name_{result.metric.name}', lang)}: {pick(result.label or result.answers.column, lang)}"


def summary_lines(result: MetricResult, lang: Language | None) -> list[str]:
    """The metric, its parts, its direction, its groups, and what to know."""
    name = tr(f"metrics.name_{result.metric.name}", lang)
    label = pick(result.label or result.answers.column, lang)
    level = f"{100 * result.level:g}"
    lines = [tr("metrics.head", lang, name=name, label=label, level=level, how=_how(result, lang))]
    table = result.table
    groups = [key for key in result.answers.parts if key != ALL]
    everyone = pick(result.group_label(ALL), lang)
    width = max(len(pick(result.group_label(key), lang)) for key in result.answers.parts)
    lines.append(f"  {everyone:<{width}}  {_row_text(result, table[table['group'] == ALL], lang)}")
    for key in groups[:_MOST_LINES]:
        own = table[table["group"] == key]
        lines.append(f"  {pick(result.group_label(key), lang):<{width}}  {_row_text(result, own, lang)}")
    if len(groups) > _MOST_LINES:
        lines.append("  " + tr("metrics.more_groups", lang, count=len(groups) - _MOST_LINES))
    lines.append("  " + direction(result, lang))
    return [*lines, *_differences(result, lang), *notices_text(result.warnings, lang)]


def direction(result: MetricResult, lang: Language | None) -> str:
    """Which way is good, and on which scale."""
    low, high = (f"{end:g}" for end in result.metric.scale)
    key = f"metrics.direction_{result.metric.name}" + (f"_{result.metric.version}" if result.metric.version else "")
    return tr(key, lang, low=low, high=high)


def _how(result: MetricResult, lang: Language | None) -> str:
    if result.how.method == "bootstrap":
        return tr("metrics.how_bootstrap", lang, n_boot=result.how.n_boot, seed=result.how.seed)
    return tr("metrics.how_t" if result.metric.name == "acsi" else f"metrics.how_{result.how.method}", lang)


def _row_text(result: MetricResult, rows: pd.DataFrame, lang: Language | None) -> str:
    """The statistics of one group in one line, the headline first."""
    records = sorted(rows.to_dict("records"), key=lambda row: row["statistic"] != result.metric.headline)
    parts = [_statistic_text(result, row, lang) for row in records]
    n = format_number(records[0]["n"], 0, lang=lang)
    if records[0]["n_effective"] < records[0]["n"] - 1e-6 * records[0]["n"]:
        n += f" ({tr('metrics.effective', lang)} {format_number(records[0]['n_effective'], 0, lang=lang)})"
    return " · ".join([*parts, f"n = {n}"])


def _statistic_text(result: MetricResult, row: dict[Any, Any], lang: Language | None) -> str:
    score = result.metric.score(row["statistic"])
    column = _column(score, "")
    value = format_number(row["estimate"], column.digits, bounded=score.kind == "share", lang=lang)
    name = pick(result.statistic_label(score.name), lang)
    if _plain(result, score):
        return f"{name} {format_number(100 * row['estimate'], 1, lang=lang)}%"
    return f"{name} {value} {interval_text(row['ci_lower'], row['ci_upper'], column, lang)}"


def _plain(result: MetricResult, score: Score) -> bool:
    """True for the three shares that a net score is made of, printed without intervals."""
    return result.metric.name == "nps" and score.kind == "share"


def _differences(result: MetricResult, lang: Language | None) -> list[str]:
    table = result.differences
    if table.empty:
        return []
    clear = int((table["pvalue_holm"] < 1 - result.level).sum())
    return ["  " + tr("metrics.pairs", lang, clear=clear, pairs=len(table), alpha=f"{100 * (1 - result.level):g}")]


def _sentence(text: str) -> str:
    first = text[:1] if text[1:2] == " " else text[:1].upper()  # a t interval keeps its small letter
    return f"{first}{text[1:]}."


def _column(score: Score, header: Any) -> Column:
    return Column(header, "bounded" if score.kind == "share" else "number", digits_of(score))


def metric_table(result: MetricResult) -> Table:
    """One row a group, the statistics side by side with their intervals."""
    table, metric = result.table, result.metric
    frame = pd.DataFrame({"group": [result.group_label(key) for key in result.answers.parts]})
    columns: dict[str, Column] = {} if len(frame) == 1 else {"group": Column("metrics.col_group")}
    own = table[table["statistic"] == metric.headline]
    frame["n"] = own["n"].to_numpy()
    columns["n"] = Column("analyses.col_n", "integer")
    if (own["n_effective"] < own["n"] * (1 - 1e-6)).any():
        frame["n_effective"] = own["n_effective"].to_numpy()
        columns["n_effective"] = Column("metrics.col_n_effective", "integer")
    heading = bilingual("analyses.col_interval", level=f"{100 * result.level:g}")
    for score in sorted(metric.scores, key=lambda one: one.name == metric.headline and metric.name == "nps"):
        rows = table[table["statistic"] == score.name]
        for part in ("estimate", "ci_lower", "ci_upper"):
            frame[f"{score.name}_{part}"] = rows[part].to_numpy()
        name = result.statistic_label(score.name)
        if _plain(result, score):
            columns[f"{score.name}_estimate"] = Column(name, "percent", 1)
            continue
        columns[f"{score.name}_estimate"] = _column(score, name)
        if score.kind == "net":
            frame[f"{score.name}_se"] = rows["se"].to_numpy()
            columns[f"{score.name}_se"] = Column("analyses.col_se", "number", digits_of(score))
        ends, bounded = (f"{score.name}_ci_lower", f"{score.name}_ci_upper"), score.kind == "share"
        columns[f"{score.name}_ci"] = Column(heading, "interval", digits_of(score), parts=ends, bounded=bounded)
    notes = [each(lambda lang: direction(result, lang)), each(lambda lang: _sentence(_how(result, lang)))]
    notes += [each(notice.text) for notice in result.warnings if notice.serious or notice.key == "analyses.simulated"]
    return Table(frame, columns, each(lambda lang: title_of(result, lang)), notes=tuple(notes))
