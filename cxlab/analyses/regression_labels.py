"""Terms of a regression in the codebook's words, in every language."""

from __future__ import annotations

from collections.abc import Mapping

from cxlab.analyses.regression_data import level_text
from cxlab.analyses.regression_design import INTERCEPT, Design, Piece
from cxlab.analyses.regression_formula import Factor, Formula
from cxlab.i18n import LANGUAGES, Language, pick, tr
from cxlab.survey.survey import Survey


def term_labels(survey: Survey, formula: Formula, design: Design) -> dict[str, Mapping[str, str]]:
    """Each column's and term's name, and the outcome's, to its label in every language."""
    labels: dict[str, Mapping[str, str]] = {
        name: {lang: " × ".join(_piece(survey, piece, lang) for piece in made_of) for lang in LANGUAGES}
        for name, made_of in zip(design.names, design.pieces, strict=True)
        if made_of
    }
    for term in formula.terms:
        name = ":".join(map(str, term))
        labels.setdefault(name, {lang: " × ".join(_factor(survey, one, lang) for one in term) for lang in LANGUAGES})
    labels[INTERCEPT] = {lang: tr("analyses.intercept", lang) for lang in LANGUAGES}
    labels[str(formula.outcome)] = {lang: _factor(survey, formula.outcome, lang) for lang in LANGUAGES}
    return labels


def _piece(survey: Survey, piece: Piece, lang: Language) -> str:
    text = _factor(survey, piece.factor, lang)
    if piece.level is None:
        return text
    item = survey.codebook.items.get(piece.factor.name)
    words = item.labels.get(piece.level) if item is not None else None  # type: ignore[call-overload]
    return f"{text}: {pick(words, lang) if words else level_text(piece.level)}"


def _factor(survey: Survey, factor: Factor, lang: Language) -> str:
    book = survey.codebook
    known = book.items.get(factor.name) or book.constructs.get(factor.name)
    label = (pick(known.label, lang) if known is not None and known.label else "") or factor.name
    if factor.function == "power":
        return f"{label}{'⁰¹²³⁴'[factor.power]}"
    return f"log({label})" if factor.function == "log" else label
