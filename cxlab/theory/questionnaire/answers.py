"""From an item of the codebook to a question with its answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cxlab.codebook import Item, Text
from cxlab.codebook.text import fold_word
from cxlab.errors import CodebookError
from cxlab.i18n import Language
from cxlab.theory.questionnaire.conditions import Answers
from cxlab.theory.questionnaire.model import Choice, Kind, Question
from cxlab.theory.questionnaire.texts import per_language, with_brand

MOST_POINTS = 12


def check_translated(items: Sequence[Item], languages: Sequence[Language]) -> None:
    """Every item has a text in every language asked for."""
    for lang in languages:
        lost = [item.name for item in items if not (item.label.get(lang) or "").strip()]
        if lost:
            shown = ", ".join(lost[:8]) + (", …" if len(lost) > 8 else "")
            raise CodebookError(
                "questionnaire.no_translation", items=shown, count=len(lost), language=lang, first=lost[0]
            )


def question_of(item: Item, languages: Sequence[Language], brand: Text | None, required: bool = True) -> Question:
    """The question of one item: a scale, a list of answers, a number or free text.

    Raises
    ------
    CodebookError
        A text or an anchor is missing in one of the languages, a scale has no ends, or its points are not whole.
    """
    check_translated([item], languages)
    item = replace(item, label=with_brand(item.label, brand), column=None)
    text = per_language(languages, lambda lang: item.label[lang].strip())
    kind = _kind(item)
    answers = {"scale": _scale, "choice": _list}.get(kind)
    choices = answers(item, languages) if answers else ()
    codes = {c.point: {"en": (c.code,)} for c in choices if c.code != f"{c.point:g}"}
    words = {**item.words, **{p: {**item.words.get(p, {}), "en": _more(item, p, c)} for p, c in codes.items()}}
    return Question(replace(item, words=words), text, kind, choices=choices, required=required)


def _more(item: Item, point: float, code: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return (*item.words.get(point, {}).get("en", ()), *code["en"])


def _kind(item: Item) -> Kind:
    if item.role in ("item", "attention"):
        if item.min is None or item.max is None:
            raise CodebookError("questionnaire.no_scale", item=item.name)
        if not (float(item.min).is_integer() and float(item.max).is_integer()):
            raise CodebookError("questionnaire.scale_not_whole", item=item.name, min=item.min, max=item.max)
        return "scale" if item.max - item.min < MOST_POINTS else "number"
    if item.labels:
        return "choice"
    return "number" if item.min is not None and item.max is not None else "text"


def _scale(item: Item, languages: Sequence[Language]) -> tuple[Choice, ...]:
    """Every point with its words; where only some have words, the numbers stand before them."""
    points = range(int(item.min or 0), int(item.max or 0) + 1)  # _kind has seen to it that both are there
    for lang in languages:
        for end in (points[0], points[-1]):
            if not (item.labels.get(end, {}).get(lang) or "").strip():
                raise CodebookError("questionnaire.no_anchor", item=item.name, point=end, language=lang)
    named = {lang: all((item.labels.get(p, {}).get(lang) or "").strip() for p in points) for lang in languages}
    return tuple(
        Choice(p, _code(p), {lang: _point_text(item, p, lang, named[lang]) for lang in languages}) for p in points
    )


def _point_text(item: Item, point: int, lang: Language, named: bool) -> str:
    words = (item.labels.get(point, {}).get(lang) or "").strip()
    if named:
        return words
    return f"{point} – {words}" if words else str(point)


def _list(item: Item, languages: Sequence[Language]) -> tuple[Choice, ...]:
    for lang in languages:
        lost = [point for point, text in item.labels.items() if not (text.get(lang) or "").strip()]
        if lost:
            raise CodebookError("questionnaire.no_anchor", item=item.name, point=f"{lost[0]:g}", language=lang)
    return tuple(Choice(p, _code(p), {lang: t[lang].strip() for lang in languages}) for p, t in item.labels.items())


def _code(point: float) -> str:
    """Letters and digits for a point, as LimeSurvey's answer codes want: ``-2`` is ``N2``, ``1.5`` is ``1P5``.

    Examples
    --------
    >>> _code(-2), _code(7)
    ('N2', '7')
    """
    return f"{point:g}".replace("-", "N").replace(".", "P")


def known_answers(questions: Sequence[Question]) -> Answers:
    """What conditions may say of these questions: words of answers, ends of scales."""
    return {q.name: (_words(q), *_ends(q)) for q in questions if q.kind != "text"}


def _words(question: Question) -> Mapping[str, float]:
    labels = {fold_word(t): point for point, texts in question.item.labels.items() for t in texts.values()}
    shown = {fold_word(t): c.point for c in question.choices for t in c.text.values()}
    return {**shown, **labels}


def _ends(question: Question) -> tuple[float | None, float | None]:
    return (None, None) if question.kind == "choice" else (question.item.min, question.item.max)
