"""A `SemBootstrap` in words and as tables for a paper."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from cxlab.analyses.result import bilingual, each, in_language, notices_text
from cxlab.evaluate.effects import ARROW
from cxlab.i18n import Language, format_number, p_text, pick, tr
from cxlab.show.cells import interval_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from cxlab.analyses.bootstrap_result import SemBootstrap

_MOST_LINES = 15
_SHOWN = {"paths": ("~", ":="), "loadings": ("=~",)}


def summary(boot: SemBootstrap, lang: Language | None = None) -> str:
    """How it was resampled, what to know, then each path (loading) with standard error and interval."""
    notices = [f"  {line}" for line in notices_text(boot.warnings, lang)]
    lines = parameter_lines(boot, lang)
    more = len(lines) - _MOST_LINES
    if more > 0:
        lines = [*lines[:_MOST_LINES], tr("resample.more_lines", lang, count=more)]
    return "\n".join([*head_lines(boot, lang), *notices, *(f"  {line}" for line in lines)])


def head_html(boot: SemBootstrap, lang: Language) -> str:
    """The head of a notebook's output."""
    return '<p class="cxlab-head">' + "<br>".join(escape(line.strip()) for line in head_lines(boot, lang)) + "</p>"


def head_lines(boot: SemBootstrap, lang: Language | None) -> list[str]:
    """Kind, replicates, interval and seed; the test of fit where there is one."""
    setting, status = boot.setting, boot.status
    parts = [
        "SemBootstrap",
        tr(f"resample.kind_{setting.kind}", lang),
        tr("resample.counts", lang, used=int(status["used"]), total=int(status["replicates"])),
        tr(f"resample.ci_{setting.ci}", lang, level=f"{100 * setting.level:g}"),
        f"n = {setting.n_obs}",
        tr("resample.given_rows", lang) if setting.seed is None else tr("resample.seed", lang, seed=setting.seed),
    ]
    if boot.simulated:
        parts.append(tr("resample.simulated", lang))
    return [" · ".join(parts), *_test_lines(boot, lang)]


def parameter_lines(boot: SemBootstrap, lang: Language | None) -> list[str]:
    """One line a path or defined effect (or loading): β and B with their intervals."""
    rows = shown_rows(boot.estimates, boot.main)
    other = boot.std_all.loc[rows.index]
    names = [arrow(row) for row in rows.itertuples()]
    width = max(map(len, names), default=0)
    lines = []
    for name, raw, std in zip(names, rows.to_dict("records"), other.to_dict("records"), strict=True):
        beta = format_number(std["est"], 2, bounded=True, lang=lang)
        b = format_number(raw["est"], 2, lang=lang)
        lines.append(f"{name:<{width}}  β = {beta:>5} {_interval(std, lang, True)}  B = {b} {_interval(raw, lang)}")
    return lines


def parameter_table(boot: SemBootstrap, kind: Literal["paths", "loadings"], lang: Language | None) -> Table:
    """Paths with defined effects, or loadings: B with standard error, bias and interval, β with its interval."""
    rows = shown_rows(boot.estimates, kind)
    other = boot.std_all.loc[rows.index]
    frame = rows.assign(
        name=[wording(boot, row) for row in rows.itertuples()],
        std_all=other["est"],
        std_ci_lower=other["ci_lower"],
        std_ci_upper=other["ci_upper"],
    ).reset_index(drop=True)
    fixed = frame["se"] == 0
    frame.loc[fixed, ["se", "bias", "ci_lower", "ci_upper"]] = float("nan")
    columns = {"name": Column("resample.col_path" if kind == "paths" else "resample.col_loading")}
    columns |= _groups(frame) | _estimate(boot) | _standard(boot)
    return _finished(boot, frame, columns, f"title_{kind}", lang)


def effects_table(boot: SemBootstrap, lang: Language | None) -> Table:
    """Direct, indirect and total effects."""
    frame = boot.effects
    frame = frame.assign(
        name=[route(boot, row) for row in frame.to_dict("records")],
        what=[each(partial(effect_kind, kind)) for kind in frame["kind"]],
    )
    columns = {"name": Column("resample.col_path"), "what": Column("resample.col_effect")}
    columns |= _groups(frame) | _estimate(boot) | _standard(boot)
    return _finished(boot, frame, columns, "title_effects", lang)


def explained_table(boot: SemBootstrap, lang: Language | None) -> Table:
    """R² of items and constructs."""
    frame = boot.r2.assign(name=[_label(boot, name) for name in boot.r2["variable"]])
    columns = {
        "name": Column("resample.col_variable"),
        **_groups(frame),
        "est": Column("R²", "bounded"),
        "se": Column("resample.col_se", "bounded", digits=3),
        "bias": Column("resample.col_bias", "bounded", digits=3),
        "ci": Column(_level(boot), "interval", parts=("ci_lower", "ci_upper"), bounded=True),
    }
    return _finished(boot, frame, columns, "title_r2", lang)


def effect_kind(kind: str, lang: Language | None) -> str:
    """direct, indirect, total indirect or total, in words."""
    return tr(f"resample.effect_{kind}", lang)


def quantity_title(boot: SemBootstrap, kind: str, lang: Language | None) -> str:
    """What an axis shows: the kind of quantity and the level of its intervals."""
    return tr(f"resample.axis_{kind}", lang, level=f"{100 * boot.setting.level:g}")


def _finished(
    boot: SemBootstrap, frame: pd.DataFrame, columns: Mapping[str, Column], title: str, lang: Language | None
) -> Table:
    setting, status = boot.setting, boot.status
    note = bilingual(
        "resample.note",
        kind=bilingual(f"resample.kind_{setting.kind}"),
        ci=bilingual(f"resample.ci_{setting.ci}", level=f"{100 * setting.level:g}"),
        used=int(status["used"]),
        total=int(status["replicates"]),
        n=setting.n_obs,
    )
    seed = bilingual("resample.given_rows") if setting.seed is None else bilingual("resample.seed", seed=setting.seed)
    serious = tuple(each(notice.text) for notice in boot.warnings if notice.serious)
    test = () if boot.bollen_stine_p is None else (each(lambda one: _test_lines(boot, one)[0].strip()),)
    marked = (bilingual("resample.simulated"),) if boot.simulated else ()
    return in_language(Table(frame, columns, f"resample.{title}", notes=(note, seed, *test, *marked, *serious)), lang)


def _estimate(boot: SemBootstrap) -> dict[str, Column]:
    return {
        "est": Column("resample.col_est", "number"),
        "se": Column("resample.col_se", "number"),
        "bias": Column("resample.col_bias", "number", digits=3),
        "ci": Column(_level(boot), "interval", parts=("ci_lower", "ci_upper")),
    }


def _standard(boot: SemBootstrap) -> dict[str, Column]:
    return {
        "std_all": Column("resample.col_std", "bounded"),
        "std_ci": Column(_level(boot), "interval", parts=("std_ci_lower", "std_ci_upper"), bounded=True),
    }


def _groups(frame: pd.DataFrame) -> dict[str, Column]:
    return {"group": Column("resample.col_group", "integer")} if frame["group"].max() > 1 else {}


def _level(boot: SemBootstrap) -> dict[str, str]:
    return bilingual("resample.col_ci", level=f"{100 * boot.setting.level:g}")


def shown_rows(frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Rows of paths and defined effects, or of loadings."""
    return frame[frame["op"].isin(_SHOWN[kind])]


def arrow(row: Any) -> str:
    """A parameter as the text output writes it."""
    text = {"~": f"{row.rhs} → {row.lhs}", "=~": f"{row.lhs} =~ {row.rhs}"}.get(row.op, f"{row.lhs} := {row.rhs}")
    return text + (f" ({row.group})" if row.group > 1 else "")


def wording(boot: SemBootstrap, row: Any) -> Mapping[str, str] | str:
    """A parameter in the codebook's words."""
    if row.op == ":=":
        return f"{row.lhs} := {row.rhs}"
    source, target = (row.rhs, row.lhs) if row.op == "~" else (row.lhs, row.rhs)
    return each(lambda lang: f"{pick(_label(boot, source), lang)} → {pick(_label(boot, target), lang)}")


def route(boot: SemBootstrap, row: Mapping[str, Any]) -> Mapping[str, str]:
    """The variables an effect passes, in the codebook's words."""
    via = row["via"].split(ARROW) if row["via"] else []
    steps = [row["from"], *via, row["to"]]
    return each(lambda lang: " → ".join(pick(_label(boot, step), lang) for step in steps))


def _label(boot: SemBootstrap, name: str) -> Mapping[str, str] | str:
    return boot.labels.get(name, name)


def _interval(row: Mapping[str, float], lang: Language | None, bounded: bool = False) -> str:
    if not row["se"] or row["ci_lower"] != row["ci_lower"]:
        return ""
    return interval_text(row["ci_lower"], row["ci_upper"], Column("", "number", bounded=bounded), lang)


def _test_lines(boot: SemBootstrap, lang: Language | None) -> list[str]:
    if boot.bollen_stine_p is None:
        return []
    return ["  " + tr("resample.bollen_stine_test", lang, p=p_text(boot.bollen_stine_p, lang))]
