"""Tables and figures of a carry-over panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cxlab.i18n import Language, tr
from cxlab.show.result import bilingual
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxlab.journey.carry_over_result import CarryOver


def paths_table(fit: CarryOver) -> Table:
    """Paths in panels by kind."""
    frame = fit.table
    frame["label"] = [_arrow(fit, one, two) for one, two in zip(frame["cause"], frame["outcome"], strict=True)]
    frame["panel"] = [bilingual(f"carry_over.kind_{kind}") for kind in frame["kind"]]
    columns = {"label": Column("carry_over.col_path")}
    if (frame["wave"] != "").any():
        columns["wave"] = Column("carry_over.col_wave")
    columns |= {
        "est": Column("analyses.col_b", "number"),
        "se": Column("analyses.col_se", "number"),
        "ci": _interval(fit.level),
        "pvalue": Column("analyses.col_p", "p"),
        "std": Column("β", "number"),
    }
    note = bilingual(
        "carry_over.note_paths", n=fit.fit.n_obs, waves=", ".join(fit.plan.waves), estimator=fit.fit.options.estimator,
        model=bilingual(f"carry_over.model_{fit.variant}"),
    )  # fmt: skip
    notes = [note, *([bilingual("carry_over.note_intercepts")] if fit.random_intercepts else []), *_simulated(fit)]
    return Table(frame, columns, "carry_over.title", tuple(notes), group="panel")


def comparison_table(fit: CarryOver) -> Table:
    """Rival models, the freest first, each tested against the one above."""
    if fit.comparison is None:
        frame = pd.DataFrame({"model": pd.Series(dtype=object)})
        return Table(frame, {"model": Column("evaluation.col_model")}, "carry_over.title_comparison")
    table = fit.comparison.apa()
    frame = table.frame.assign(model=[bilingual(f"carry_over.model_{name}") for name in table.frame["model"]])
    return Table(frame, table.columns, "carry_over.title_comparison", (*table.notes, *_simulated(fit)))


def invariance_table(fit: CarryOver) -> Table:
    """Levels of invariance over waves for each latent measure."""
    frame = fit.invariance
    frame["panel"] = [dict(fit.labels[name]) for name in frame["measure"]]
    frame["name"] = [bilingual(f"carry_over.level_{name}") for name in frame["level"]]
    frame["judged"] = [bilingual(f"carry_over.verdict_{name}") if name else "" for name in frame["verdict"]]
    columns = {
        "name": Column("carry_over.col_level"),
        "chisq": Column("χ²", "number"),
        "df": Column("df", "integer"),
        "cfi": Column("CFI", "bounded", 3),
        "rmsea": Column("RMSEA", "bounded", 3),
        "chisq_diff": Column("Δχ²", "number"),
        "df_diff": Column("Δdf", "integer"),
        "p_diff": Column("analyses.col_p", "p"),
        "delta_cfi": Column("ΔCFI", "bounded", 3),
        "judged": Column("carry_over.col_verdict"),
    }
    notes = (bilingual("carry_over.note_invariance"), *_simulated(fit))
    return Table(frame, columns, "carry_over.title_invariance", notes, group="panel")


def shocks_table(fit: CarryOver) -> Table:
    """Peak of each response and how long it lasts."""
    frame = fit.lasting
    frame["panel"] = [bilingual("carry_over.shock_in", measure=fit.labels[name]) for name in frame["shock"]]
    frame["label"] = [dict(fit.labels[name]) for name in frame["response"]]
    columns = {
        "label": Column("carry_over.col_response"),
        "peak": Column("carry_over.col_peak", "number"),
        "ci": _interval(fit.level),
        "peak_at": Column("carry_over.col_peak_at", "integer"),
        "half_at": Column("carry_over.col_half_at", "number", 1),
        "tenth_at": Column("carry_over.col_tenth_at", "number", 1),
        "sure_until": Column("carry_over.col_sure_until", "integer"),
    }
    notes = (bilingual("carry_over.note_shocks"), *_simulated(fit))
    return Table(frame, columns, "carry_over.title_shocks", notes, group="panel")


def paths_figure(fit: CarryOver, lang: Language | None) -> Figure:
    """Waves from left to right."""
    from cxlab.show.panel_paths import panel_figure

    place = {wave: k for k, wave in enumerate(fit.plan.waves)}
    frame = fit.by_wave.rename(columns={"std": "estimate"})
    later = frame["wave"].map(place)
    frame = frame.assign(to=later, start=later - (frame["kind"] != "within"))
    heads = [tr("carry_over.wave", lang, wave=wave).capitalize() for wave in fit.plan.waves]
    names = {name: fit.label(name, lang) for name in fit.plan.items}
    note = tr("carry_over.figure_note", lang)
    return panel_figure(
        frame, names, heads, title=_title(fit, "title", lang), note=note, alpha=1 - fit.level, lang=lang
    )


def shocks_figure(fit: CarryOver, lang: Language | None) -> Figure:
    """A panel a shock: what each measure does in the waves after."""
    from cxlab.show.shock_responses import response_figure

    frame = fit.shocks
    frame = frame[frame["waves_later"] <= min(6, int(frame["waves_later"].max()))]
    names = {name: fit.label(name, lang) for name in fit.plan.items}
    level = f"{100 * fit.level:g}"
    return response_figure(
        frame, names, title=_title(fit, "title_shocks", lang), xlabel=tr("carry_over.axis_waves", lang),
        ylabel=tr("carry_over.axis_response", lang, level=level),
        panel=lambda name: tr("carry_over.shock_in", lang, measure=name), lang=lang,
    )  # fmt: skip


def _title(fit: CarryOver, key: str, lang: Language | None) -> str:
    return tr(f"carry_over.{key}", lang) + (f" ({tr('carry_over.simulated', lang)})" if fit.fit.simulated else "")


def _simulated(fit: CarryOver) -> list[dict[str, str]]:
    return [bilingual("carry_over.note_simulated")] if fit.fit.simulated else []


def _arrow(fit: CarryOver, cause: str, outcome: str) -> dict[str, str]:
    one, two = fit.labels[cause], fit.labels[outcome]
    return {lang: f"{one[lang]} → {two[lang]}" for lang in one}


def _interval(level: float) -> Column:
    return Column(bilingual("carry_over.col_ci", level=f"{100 * level:g}"), "interval", parts=("ci_lower", "ci_upper"))
