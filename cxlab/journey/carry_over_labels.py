"""Measures in words: the theory's roles, or the codebook's labels without their wave."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cxlab.i18n import LANGUAGES, pick
from cxlab.journey.carry_over_plan import ROLES, Plan, named
from cxlab.show.result import bilingual
from cxlab.survey.survey import Survey


def measure_labels(survey: Survey, plan: Plan) -> dict[str, Mapping[str, str]]:
    """Each measure's label in every language; its name where nothing better is known."""
    return {name: _label(survey, plan, name) for name in plan.items}


def _label(survey: Survey, plan: Plan, name: str) -> Mapping[str, str]:
    if name in ROLES:
        return bilingual(f"carry_over.role_{name}")
    wave = plan.waves[0]
    book, stem = survey.codebook, plan.items[name][0]
    one = plan.items[name] == (name,)  # who gave it a name of their own reads that
    known = book.constructs.get(named(name, wave, plan.pattern))
    known = known or (book.items.get(plan.columns[stem, wave]) if one else None)  # type: ignore[assignment]
    if known is None or not known.label:
        return dict.fromkeys(LANGUAGES, name)
    return {lang: _without_wave(pick(known.label, lang), wave) or name for lang in LANGUAGES}


def _without_wave(text: str, wave: str) -> str:
    """The label without a bracket at its end that names the wave."""
    return re.sub(rf"\s*\([^()]*\b{re.escape(wave)}\)\s*$", "", text)
