"""`cx.invariance`: does a scale mean the same in every group, and what may then be compared?"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cxlab.analyses.invariance_fits import LEVELS, Setting, fit_levels, level_table
from cxlab.analyses.invariance_ordinal import LEVELS as ORDINAL
from cxlab.analyses.invariance_ordinal import REFERENCES, check_ordered, ordered_notices, wants_ordered
from cxlab.analyses.invariance_release import checked_release, release_notices
from cxlab.analyses.invariance_result import Invariance
from cxlab.analyses.moments import Moments
from cxlab.codebook.text import nfc
from cxlab.errors import DataError, ModelError, Notice
from cxlab.specify import Model
from cxlab.survey.survey import Survey, as_survey


def invariance(
    model: str | Model,
    data: Survey | pd.DataFrame | Moments,
    group: str,
    *,
    estimator: str | None = None,
    levels: Sequence[str] = LEVELS,
    missing: str = "listwise",
    std_lv: bool = True,
    release: Sequence[str] = (),
    ordered: bool | Sequence[str] | None = None,
) -> Invariance:
    """Measurement invariance: the same scale in every group, held equal step by step.

    When to use it: before groups (segments, years, channels, languages) are compared. Equal loadings (metric) allow
    paths and correlations to be compared, equal loadings and intercepts (scalar) latent means, equal residuals besides
    (strict) sums of answers.

    Parameters
    ----------
    model : str or Model
        The measurement model in lavaan syntax: ``=~`` lines, and ``~~`` between items if theory has them. No paths.
    data : Survey, DataFrame or Moments
        One row a respondent, or published moments of several groups. Reversed items of the codebook are turned.
    group : str
        Column with the groups; the first in the data is the reference.
    estimator : {"ML", "MLR", "MLM"}, optional
        As in `cx.cfa`. Default "MLR", which needs no normal answers; "ML" for published moments; "WLSMV" for ordered
        answers.
    levels : sequence of {"configural", "thresholds", "metric", "scalar", "strict"}
        Which to fit; "configural" always is, "thresholds" is for ordered answers alone.
    missing : {"listwise", "fiml"}
        As in `cx.cfa`.
    std_lv : bool
        True gives latent variables variance 1 in the first group, so that every loading is tested. False holds first
        loadings at 1 and takes their invariance for granted; latent differences are then in those items' points.
    release : sequence of str
        Parameters that may differ between groups from their level on: ``"sat =~ sat2"``, ``"sat2 ~1"``,
        ``"sat2 ~~ sat2"``, of ordered answers also ``"sat2 | t1"``. See ``.suggest()`` and ``.release()`` of the
        result.
    ordered : bool or sequence of str, optional
        True if the answers are ordered categories, three or more, with few points or skew: then thresholds are held
        equal first. All items or none.

    Returns
    -------
    Invariance
        ``.table``, one row a level: level partial n_free chisq df pvalue cfi rmsea rmsea_ci_lower rmsea_ci_upper srmr
        chisq_diff df_diff p_diff delta_cfi delta_rmsea delta_srmr cheung_rensvold chen chen_rule verdict state reason.
        Changes are against the level before; verdicts are ``holds``, ``doubtful``, ``fails``, ``not_fitted``.
        ``.group_sizes``, ``.fits[level]``, ``.suggest()``, ``.release(...)``, ``.latent_means()``, ``.alignment()``,
        ``.reading()``, ``.apa()``, ``.plot()``.

    Raises
    ------
    DataError
        The group column is missing, constant, or has too many values; a group has fewer rows than items; an item is
        constant in a group.
    ModelError
        A model with paths, unknown levels, a parameter to release that is not held equal.

    Notes
    -----
    Scaled statistics and robust indices where the estimator has them; differences by ``lavTestLRT`` (Satorra & Bentler,
    2001). Verdicts: Cheung & Rensvold (2002), and Chen (2007) by level and sample size; the chi-square difference is
    reported and does not decide, for with many rows it finds differences that do not matter. Equals
    ``lavaan::cfa(model, data, group = , group.equal = , std.lv = TRUE)``. For ordered answers equal loadings mean
    nothing before equal thresholds (Wu & Estabrook, 2016), so the levels add up: thresholds, loadings, intercepts,
    residuals, as ``semTools::measEq.syntax(..., ID.fac = "std.lv", ID.cat = "Wu.Estabrook.2016")``; differences are
    tested by Satorra (2000). There is no ``.suggest()`` or ``.alignment()`` then.

    Examples
    --------
    >>> from semopy.examples.holzinger39 import get_data
    >>> tests = "visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6; speed =~ x7 + x8 + x9"
    >>> found = invariance(tests, get_data(), "school", estimator="ML")
    >>> found.table[["level", "df", "cfi", "verdict"]].round(3).to_numpy().tolist()
    [['configural', 48, 0.923, 'doubtful'], ['metric', 54, 0.921, 'holds'],
     ['scalar', 60, 0.882, 'fails'], ['strict', 69, 0.873, 'holds']]
    >>> found.suggest("scalar")["parameter"].head(2).tolist()
    ['x3 ~1', 'x7 ~1']
    >>> found.release("x3 ~1", "x7 ~1").table["verdict"].tolist()
    ['doubtful', 'holds', 'holds', 'holds']
    """
    parsed = _checked_model(model)
    categories = wants_ordered(parsed, ordered)
    usual = "WLSMV" if categories else "ML" if isinstance(data, Moments) else "MLR"
    setting = Setting(
        model=parsed,
        group=_group_name(group),
        estimator=(estimator or usual).upper(),
        levels=_checked_levels(levels, categories),
        missing=missing,
        std_lv=std_lv,
        ordered=categories,
    )
    ready, turned = _turned(data, parsed)
    if categories:
        check_ordered(setting, ready)
    return build(setting, ready, (release,) if isinstance(release, str) else tuple(release), turned)


def build(
    setting: Setting, data: Survey | Moments, release: tuple[str, ...], told: tuple[Notice, ...] = ()
) -> Invariance:
    """The result for a checked setting; `release` in the user's words."""
    freed = checked_release(setting, data, release)
    levels = fit_levels(setting, data, freed)
    fits = {name: level.fit for name, level in levels.items() if level.fit is not None}
    first = next(iter(fits.values()))
    notices = (*told, *first.request.notices, *release_notices(setting, freed))
    notices += ordered_notices(first) if setting.ordered else ()
    table, more = level_table(levels, setting, freed)
    sizes = pd.Series(first.sample.n_obs, list(first.groups), dtype=int, name="n")
    return Invariance(
        table=table,
        group_sizes=sizes,
        fits=fits,
        reasons={name: level.reasons for name, level in levels.items()},
        released=freed,
        warnings=(*notices, *more, *_small_groups(sizes, first.fitted.table.n_free)),
        setting=setting,
        data=data,
        n_obs=first.n_obs,
        labels=first.labels,
        group_names=group_words(data, setting.group, first.groups),
        simulated=first.simulated,
        told_first=told,
        references=(*Invariance.references, *(REFERENCES if setting.ordered else ())),
    )


def _checked_model(model: str | Model) -> Model:
    parsed = model if isinstance(model, Model) else Model.parse(model)
    if not parsed.variables.lv:
        raise ModelError("validity.no_measurement")
    latent = set(parsed.variables.lv)
    for term in parsed.terms:
        if term.op in ("~", "<~") and term.rhs:
            raise ModelError("invariance.paths", line=f"{term.lhs} {term.op} {term.rhs}")
        if term.op == "=~" and term.rhs in latent:
            raise ModelError("validity.higher_order", construct=term.lhs, part=term.rhs)
    return parsed


def _checked_levels(levels: Sequence[str], ordered: bool) -> tuple[str, ...]:
    known = ORDINAL if ordered else LEVELS
    asked = [levels] if isinstance(levels, str) else list(ORDINAL if ordered and levels == LEVELS else levels)
    for level in asked:
        if level not in known:
            raise ModelError("invariance.unknown_level", level=level, known=", ".join(known))
    return tuple(level for level in known if level in asked or level == "configural")


def _group_name(group: object) -> str:
    if not isinstance(group, str) or not group:
        raise DataError("invariance.no_group", group=group)
    return nfc(group)


def _turned(data: Survey | pd.DataFrame | Moments, model: Model) -> tuple[Survey | Moments, tuple[Notice, ...]]:
    """The data with the codebook's reversed items turned."""
    if isinstance(data, Moments):
        return data, ()
    survey = as_survey(data)
    if survey.frame.empty:
        raise DataError("analyses.no_rows")
    book = survey.codebook.items
    flagged = [name for name in model.variables.ov if name in book and book[name].reversed]
    if not flagged:
        return survey, ()
    return survey.reverse_scored(), (Notice("analyses.reversed_turned", {"items": ", ".join(flagged)}),)


def _small_groups(sizes: pd.Series, n_free: int) -> tuple[Notice, ...]:
    """Groups with fewer rows than parameters of their own."""
    own = n_free // len(sizes)
    few = [f"{name} ({count})" for name, count in sizes.items() if count < own]
    if not few:
        return ()
    return (Notice("invariance.small_groups", {"groups": ", ".join(few), "parameters": own}, serious=True),)


def group_words(data: object, group: str, groups: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Words of the codebook for the groups' values."""
    if not isinstance(data, Survey) or group not in data.codebook.items:
        return {}
    known = {f"{value:g}": dict(text) for value, text in data.codebook.items[group].labels.items()}
    return {name: known[name] for name in groups if name in known}
