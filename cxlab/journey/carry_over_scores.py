"""Means of a measure's items in each wave, where scores are asked for instead of latent variables."""

from __future__ import annotations

from dataclasses import replace

from cxlab.journey.carry_over_plan import Plan, named
from cxlab.survey.survey import Survey


def scored(survey: Survey, plan: Plan) -> tuple[Survey, Plan]:
    """The survey with a score for each measure of several items and wave (half of them answered), and its plan."""
    frame, columns, stems = survey.frame, dict(plan.columns), dict(plan.items)
    for measure in plan.latent:
        stem = f"{measure}_score"
        for wave in plan.waves:
            items = frame[[plan.columns[one, wave] for one in plan.items[measure]]].astype(float)
            enough = items.notna().sum(axis=1) >= items.shape[1] / 2
            columns[stem, wave] = named(stem, wave, plan.pattern)
            frame = frame.assign(**{columns[stem, wave]: items.mean(axis=1).where(enough)})
        stems[measure] = (stem,)
    wanted = {stem for group in stems.values() for stem in group}
    kept = {key: column for key, column in columns.items() if key[0] in wanted}
    return replace(survey, frame=frame), replace(plan, items=stems, columns=kept)
