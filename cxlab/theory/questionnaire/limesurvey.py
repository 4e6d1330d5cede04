"""LimeSurvey: the survey structure as tab-separated text, as the LimeSurvey manual describes it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from cxlab.i18n import Language
from cxlab.theory.questionnaire.conditions import Condition, Style, Test, written
from cxlab.theory.questionnaire.files import one_line, safe_text, write_file
from cxlab.theory.questionnaire.model import Form, Page, Question

COLUMNS = (
    *("class", "type/scale", "name", "relevance", "text", "help", "language", "validation", "mandatory", "other"),
    *("random_group", "random_order", "min_num_value_n", "max_num_value_n", "num_value_int_only"),
)
Row = dict[str, str]


def write_limesurvey(form: Form, path: Any) -> Path:
    """The form as LimeSurvey's text structure, UTF-8 with byte-order mark."""
    text = limesurvey_text(form)
    return write_file(path, ".txt", lambda target: target.write_text(text, encoding="utf-8-sig", newline=""))


def limesurvey_text(form: Form) -> str:
    """The rows of the file: settings, texts, then all groups in each language, the first language first."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, delimiter="\t", lineterminator="\n", restval="")
    writer.writeheader()
    for row in _rows(form):
        writer.writerow({key: safe_text(one_line(value)) for key, value in row.items()})
    return stream.getvalue()


def _rows(form: Form) -> Iterator[Row]:
    yield from ({"class": "S", "name": name, "text": text} for name, text in _settings(form).items())
    for lang in form.languages:
        texts = {"surveyls_title": form.title[lang], "surveyls_endtext": _html(form.thanks[lang])}
        yield from ({"class": "SL", "name": n, "text": t, "language": lang} for n, t in texts.items())
    for lang in form.languages:
        grids = 0
        for number, page in enumerate(form.pages, start=1):
            yield _group(form, page, number, lang)
            if page.intro and page.kind != "block":
                yield _note(page, number, lang)
            for grid in page.grids():
                if grid[0].kind == "scale":
                    grids += 1
                    yield from _array(form, page, grid, grids, lang)
                else:
                    yield from _single(form, grid[0], lang)


def _settings(form: Form) -> dict[str, str]:
    """One group a page, nothing kept that points at a person, times kept for screening."""
    more = {"additional_languages": " ".join(form.languages[1:])} if len(form.languages) > 1 else {}
    private = {"anonymized": "Y", "ipaddr": "N", "refurl": "N"}
    shown = {"format": "G", "showgroupinfo": "D", "showqnumcode": "X", "savetimings": "Y", "datestamp": "Y"}
    return {"language": form.languages[0], **more, **private, **shown}


def _group(form: Form, page: Page, number: int, lang: Language) -> Row:
    """A page; pages of scales that may be shuffled share a random group."""
    row = {
        "class": "G",
        "type/scale": str(number),
        "name": page.title[lang],
        "relevance": _relevance(page.relevance, form),
        "language": lang,
    }
    return row | ({"random_group": "blocks"} if form.shuffled == "blocks" and _movable(form, page) else {})


def _movable(form: Form, page: Page) -> bool:
    """A page of scales that no other page of scales has to wait for."""
    return page.kind == "block" and not {q.name for q in page.questions} & form.looks()


def _note(page: Page, number: int, lang: Language) -> Row:
    text = "<br />".join(_html(line) for line in page.intro[lang].split("\n") if line.strip())
    row = {"class": "Q", "type/scale": "X", "name": f"note{number}", "relevance": "1", "text": text, "language": lang}
    return row | {"mandatory": "N"}


def _array(form: Form, page: Page, grid: Sequence[Question], number: int, lang: Language) -> Iterator[Row]:
    """A grid: an array of type F with the items as subquestions."""
    first = lang == form.languages[0]
    yield {
        "class": "Q",
        "type/scale": "F",
        "name": f"grid{number}",
        "relevance": "1",
        "text": _html(page.intro.get(lang, "")),
        "language": lang,
        "mandatory": "Y" if all(question.required for question in grid) else "N",
        # Attributes that have no language stand once, with the first.
        "random_order": "1" if first and form.shuffled and len(grid) > 1 else "",
    }
    for question in grid:
        relevance = _relevance(question.show_if, form) if question.show_if else "1"
        row = {"class": "SQ", "type/scale": "0", "name": question.code, "relevance": relevance, "language": lang}
        yield row | {"text": _html(question.text[lang])}
    yield from _answers(grid[0], lang)


def _single(form: Form, question: Question, lang: Language) -> Iterator[Row]:
    kind = {"scale": "L", "choice": "L", "number": "N", "text": "T"}[question.kind]
    row = {
        "class": "Q",
        "type/scale": kind,
        "name": question.code,
        "relevance": _relevance(question.show_if, form),
        "text": _html(question.text[lang]),
        "language": lang,
        "mandatory": "Y" if question.required else "N",
        "other": "N",
    }
    if question.kind == "number" and lang == form.languages[0]:
        ends = {"min_num_value_n": f"{question.item.min:g}", "max_num_value_n": f"{question.item.max:g}"}
        row |= ends | {"num_value_int_only": "1"}
    yield row
    yield from _answers(question, lang)


def _answers(question: Question, lang: Language) -> Iterator[Row]:
    for choice in question.choices:
        row = {"class": "A", "type/scale": "0", "name": choice.code, "language": lang}
        yield row | {"text": _html(choice.text[lang])}


def _html(text: str) -> str:
    """A text as HTML; a curly bracket would start an expression."""
    return escape(text, quote=False).replace("{", "&#123;")


def _relevance(condition: Condition | None, form: Form) -> str:
    """The condition in LimeSurvey's expressions."""
    if condition is None:
        return "1"
    names, questions = variables(form), form.by_name()

    def test(one: Test) -> str:
        name = f"{names[one.question]}.NAOK"
        codes = {choice.point: choice.code for choice in questions[one.question].choices}
        if one.values:
            return " or ".join(f'{name} == "{codes.get(value, f"{value:g}")}"' for value in one.values)
        ends = ((">=", one.low), ("<=", one.high))
        bounds = " and ".join(f"{name} {sign} {end:g}" for sign, end in ends if end is not None)
        return f"!is_empty({name}) and {bounds}"

    return written(condition, Style(test, " and ", " or ", "!({})"))


def variables(form: Form) -> Mapping[str, str]:
    """LimeSurvey's variable of each question: the code, in a grid with the grid's code before it."""
    found: dict[str, str] = {}
    grids = 0
    for page in form.pages:
        for grid in page.grids():
            if grid[0].kind == "scale":
                grids += 1
                found |= {question.name: f"grid{grids}_{question.code}" for question in grid}
            else:
                found[grid[0].name] = grid[0].code
    return found
