"""Answers come back: the file of each platform, made from the form that was written for it, is read in one call."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from cxlab import Codebook, framework, questionnaire, read_survey
from cxlab.codebook import Construct, Item
from cxlab.errors import DataError
from cxlab.survey.survey import Survey
from cxlab.theory.questionnaire import Questionnaire

N = 30
AGREE = {1: {"en": "not at all", "vi": "hoàn toàn không"}, 5: {"en": "fully", "vi": "hoàn toàn đúng"}}
WORDS = {
    -1: {"en": "worse", "vi": "kém hơn"},
    0: {"en": "the same", "vi": "như nhau"},
    1: {"en": "better", "vi": "tốt hơn"},
}


def book() -> Codebook:
    """Names, scales and texts that give platforms trouble."""

    def item(name: str, en: str, vi: str, construct: str, **more: Any) -> Item:
        scale = {"min": 1, "max": 5, "labels": AGREE} | more
        return Item(name, {"en": en, "vi": vi}, construct=construct, **scale)

    items = [
        item("see_1", "The app/website is clear - at once", "Ứng dụng/trang web rõ ràng - ngay lập tức", "SEE"),
        item("see_2", "=It looks [very] ${good} & fresh", "=Trông [rất] ${đẹp} & tươi mới", "SEE"),
        item("see_3", "It is <ugly>", "Nó \"xấu\"", "SEE", reversed=True),
        item("hài lòng", "I am content", "Tôi hài lòng", "SAT"),
        item("sat2", "I would come again", "Tôi sẽ quay lại", "SAT"),
        item("cmp", "Compared with others", "So với nơi khác", "CMP", min=-1, max=1, labels=WORDS),
        item("nps", "How likely are you to recommend us?", "Bạn có giới thiệu chúng tôi không?", "NPS", min=0, max=10,
             labels={0: {"en": "never", "vi": "không bao giờ"}, 10: {"en": "surely", "vi": "chắc chắn"}}),
    ]  # fmt: skip
    constructs = {key: Construct(key, {"en": key, "vi": key}) for key in ("SEE", "SAT", "CMP", "NPS")}
    return Codebook("trouble", {"en": "Trouble", "vi": "Rắc rối"}, {i.name: i for i in items}, constructs)


def form(lang: Any = ("en", "vi"), **more: Any) -> Questionnaire:
    options: dict[str, Any] = {
        "screener": {"en": "Do you come here?", "vi": "Bạn có đến đây không?"} if not isinstance(lang, str) else None,
        "background": ("age", "gender"),
        "attention": 1,
        "seed": 3,
    }
    return questionnaire(book(), lang, **(options | more))


def answers(q: Questionnaire, seed: int = 1) -> pd.DataFrame:
    """Answers of people who take part, one row each; the second fails the check, the last declines."""
    rng = np.random.default_rng(seed)
    found = {}
    for _, question in q.form.questions():
        name, item = question.name, question.item
        points = sorted(item.labels) if item.role == "group" else range(int(item.min or 0), int(item.max or 0) + 1)
        found[name] = rng.choice(np.array(list(points)), N).astype(float)
        if item.expected is not None:
            found[name] = np.full(N, item.expected, dtype=float)
    frame = pd.DataFrame(found)
    (check,) = q.table.query("role == 'attention'")["name"]
    right = q.codebook.item(check).expected
    frame.loc[1, check] = q.codebook.item(check).min if right != q.codebook.item(check).min else right + 1
    frame.loc[N - 1, [name for name in frame if name != "consent"]] = np.nan
    frame.loc[N - 1, "consent"] = 2
    return frame


def text(value: float) -> str:
    return "" if np.isnan(value) else f"{value:g}"


def write(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    if path.suffix == ".xlsx":
        book_ = openpyxl.Workbook()
        for row in rows:
            book_.active.append([str(cell) or None for cell in row])
            for cell in book_.active[book_.active.max_row]:
                cell.data_type = "s" if cell.value is not None else "n"
        book_.save(path)
        return path
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def same(survey: Survey, frame: pd.DataFrame) -> None:
    """Every answer is the one given, nothing was unreadable."""
    assert len(survey.problems) == 0
    got = survey.frame[list(frame)].astype(float).reset_index(drop=True)
    pd.testing.assert_frame_equal(got, frame)


def works(survey: Survey, q: Questionnaire) -> None:
    """The survey can be screened, turned and scored without a further word."""
    screened = survey.screen(attention=True, missing=0.5)
    table = screened.flags_table.set_index("rule")
    assert table.loc["attention", "flagged"] == 1
    kept = screened.exclude("attention", "missing")
    turned = kept.reverse_scored()
    assert "see_3" in turned.turned
    scores = turned.scores()
    assert list(scores) == list(q.codebook.constructs)
    assert scores.notna().all().all()
    raw = kept.frame
    expected = (raw["see_1"] + raw["see_2"] + 6 - raw["see_3"]) / 3
    np.testing.assert_allclose(scores["SEE"], expected)


# --- Kobo -----------------------------------------------------------------------------------------------------------


def sheet(path: Path, name: str) -> list[dict[str, str]]:
    rows = list(openpyxl.load_workbook(path)[name].iter_rows(values_only=True))
    return [{str(k): str(v or "") for k, v in zip(rows[0], row, strict=True)} for row in rows[1:]]


def kobo(q: Questionnaire, frame: pd.DataFrame, folder: Path, labels: str = "", kind: str = "csv") -> Path:
    """An export of KoboToolbox: with XML names, or with the labels of one language, groups before the names."""
    survey = sheet(q.to_xlsform(folder / "form.xlsx"), "survey")
    choices = {(r["list_name"], r["name"]): r for r in sheet(folder / "form.xlsx", "choices")}
    names = {q.codebook.item(n).column or n: n for n in frame} | {n: n for n in frame}
    column = f"label::{labels}"
    path: list[str] = []
    head, columns = ["start", "end"], []
    for row in survey:
        if row["type"] == "begin_group":
            path.append(row[column] if labels else row["name"])
        elif row["type"] == "end_group":
            path.pop()
        elif row["type"] not in ("start", "end"):
            head.append("/".join([*path, row[column] if labels else row["name"]]))
            columns.append((row["type"].split(" ")[-1], names.get(row["name"])))
    rows = [[*head, "_id", "_uuid", "_submission_time"]]
    for i in range(N):
        minutes = f"2024-10-21T09:{5 + i % 5:02d}:30.000+07:00"
        cells = ["2024-10-21T09:00:00.000+07:00", minutes]
        for listed, name in columns:
            value = text(frame.at[i, name]) if name else ""
            cells.append(choices[listed, value][column] if labels and (listed, value) in choices else value)
        rows.append([*cells, str(i), f"uuid-{i}", "2024-10-21T02:10:05"])
    return write(folder / f"kobo.{kind}", rows)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_kobo_with_names(tmp_path: Path, kind: str) -> None:
    q = form()
    frame = answers(q)
    survey = read_survey(kobo(q, frame, tmp_path, kind=kind), codebook=q.codebook)
    assert survey.source["format"] == "kobo"
    same(survey, frame)
    works(survey, q)
    assert survey.frame["duration"].iloc[:2].tolist() == [330.0, 390.0]
    assert survey.frame["respondent_id"].iloc[0] == "uuid-0"
    assert survey.screen(min_seconds=400).flags_table.set_index("rule").loc["min_seconds", "flagged"] == 12


@pytest.mark.parametrize("language", ["English (en)", "Vietnamese (vi)"])
def test_kobo_with_labels(tmp_path: Path, language: str) -> None:
    q = form()
    frame = answers(q)
    survey = read_survey(kobo(q, frame, tmp_path, language), codebook=q.codebook)
    same(survey, frame)
    works(survey, q)


# --- LimeSurvey -----------------------------------------------------------------------------------------------------


def lime(q: Questionnaire, frame: pd.DataFrame, folder: Path, headings: str, full: bool, lang: str) -> Path:
    """A CSV export of LimeSurvey: codes or full answers, headed by codes or by codes with texts."""
    path = q.to_limesurvey(folder / "survey.txt")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(), delimiter="\t"))
    names = {q.codebook.item(n).column or n: n for n in frame}
    columns: list[tuple[str, str]] = []
    words: dict[str, dict[str, str]] = {}
    question: dict[str, str] = {}
    own: list[str] = []
    for row in rows:
        if row["language"] != lang:
            continue
        said = plain(row["text"])
        if row["class"] == "Q":
            question, own = row, []
            if row["type/scale"] in "LNT":
                columns.append((headed(row["name"], said, headings), names[row["name"]]))
                own = [names[row["name"]]]
        elif row["class"] == "SQ":
            code = f"{question['name']}[{row['name']}]"
            both = f"{plain(question['text'])} [{said}]"
            columns.append((headed(code, both, headings), names[row["name"]]))
            own.append(names[row["name"]])
        elif row["class"] == "A":
            for name in own:
                words.setdefault(name, {})[row["name"]] = said
    codes = {n: {point: code_of(q, n, point) for point in frame[n].dropna().unique()} for n in frame}
    first = ["id", "submitdate", "lastpage", "startlanguage", "seed", "startdate"]
    said = ["Response ID", "Date submitted", "Last page", "Start language", "Seed", "Date started"]
    last = "Total time" if headings == "text" else "interviewtime"
    out = [[*(said if headings == "text" else first), *(head for head, _ in columns), last]]
    for i in range(N):
        cells = [str(i + 1), "2024-10-21 09:10:00", "9", lang, "77", "2024-10-21 09:00:00"]
        for _, name in columns:
            value = frame.at[i, name]
            code = "" if np.isnan(value) else codes[name][value]
            cells.append(words.get(name, {}).get(code, code) if full else code)
        out.append([*cells, f"{200 + i}.5"])
    return write(folder / "lime.csv", out)


def plain(html: str) -> str:
    """What is left of a text when LimeSurvey exports it: no tags, no entities, no invisible signs."""
    return unescape(html).replace("\u2060", "")


def headed(code: str, said: str, headings: str) -> str:
    return {"code": code, "both": f"{code}. {said}", "text": said}[headings]


def code_of(q: Questionnaire, name: str, point: float) -> str:
    question = next(question for _, question in q.form.questions() if question.name == name)
    return next((choice.code for choice in question.choices if choice.point == point), f"{point:g}")


@pytest.mark.parametrize(
    ("headings", "full"), [("code", False), ("code", True), ("both", False), ("both", True), ("text", True)]
)
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_limesurvey(tmp_path: Path, headings: str, full: bool, lang: str) -> None:
    q = form()
    frame = answers(q)
    survey = read_survey(lime(q, frame, tmp_path, headings, full, lang), codebook=q.codebook)
    same(survey, frame)
    works(survey, q)
    if headings == "text":  # nothing but texts: the file does not show where it comes from
        return
    assert survey.source["format"] == "limesurvey"
    assert survey.frame["duration"].iloc[:2].tolist() == [200.5, 201.5]
    assert survey.frame["respondent_id"].iloc[:2].tolist() == [1, 2]


# --- Qualtrics ------------------------------------------------------------------------------------------------------


def qualtrics(q: Questionnaire, frame: pd.DataFrame, folder: Path, lang: Any, matrix: bool, words: bool) -> Path:
    """A CSV export of Qualtrics with its three header rows, numeric or with choice texts."""
    path = q.to_qualtrics(folder / "survey.txt", lang, matrix)
    parts = re.split(r"\[\[Question:(.+?)\]\]\n", path.read_text(encoding="utf-8"))[1:]
    names = {q.codebook.item(n).column or n: n for n in frame} | {n: n for n in frame}
    by_text = {plain(question.text[lang]): question.name for _, question in q.form.questions()}
    columns: list[tuple[str, str, str, Mapping[str, str]]] = []
    for kind, body in zip(parts[::2], parts[1::2], strict=True):
        lines = body.split("[[Block:")[0].strip().split("\n")
        tag = re.fullmatch(r"\[\[ID:(.+)\]\]", lines[0])
        assert tag is not None
        if kind == "DB":
            continue
        points = {m[1]: plain(lines[i + 1]) for i, one in enumerate(lines) if (m := POINT.fullmatch(one))}
        if kind == "Matrix":
            stem = plain(lines[1])
            statements = lines[lines.index("[[Choices]]") + 1 : lines.index("[[AdvancedAnswers]]")]
            for k, statement in enumerate(map(plain, statements), start=1):
                columns.append((f"{tag[1]}_{k}", f"{stem} - {statement}", by_text[statement], points))
        else:
            columns.append((tag[1], plain(lines[1]), names[tag[1]], points))
    first = ["StartDate", "EndDate", "Status", "IPAddress", "Duration (in seconds)", "Finished", "ResponseId"]
    texts = [
        "Start Date",
        "End Date",
        "Response Type",
        "IP Address",
        "Duration (in seconds)",
        "Finished",
        "Response ID",
    ]
    out = [[*first, *(c[0] for c in columns)], [*texts, *(c[1] for c in columns)]]
    out.append([f'{{"ImportId":"{name}"}}' for name in out[0]])
    for i in range(N):
        cells = ["2024-10-21 09:00:00", "2024-10-21 09:10:00", "0", "203.0.113.7", str(100 + i), "1", f"R_{i}"]
        for _, _, name, points in columns:
            value = text(frame.at[i, name])
            cells.append(points.get(value, value) if words else value)
        out.append(cells)
    return write(folder / "qualtrics.csv", out)


POINT = re.compile(r"\[\[(?:Choice|Answer):(.+)\]\]")


@pytest.mark.parametrize("matrix", [False, True])
@pytest.mark.parametrize(("lang", "words"), [("en", False), ("en", True), ("vi", True)])
def test_qualtrics(tmp_path: Path, lang: str, matrix: bool, words: bool) -> None:
    q = form()
    frame = answers(q)
    survey = read_survey(qualtrics(q, frame, tmp_path, lang, matrix, words), codebook=q.codebook)
    assert survey.source["format"] == "qualtrics"
    same(survey, frame)
    works(survey, q)
    assert survey.frame["duration"].iloc[:2].tolist() == [100, 101]
    assert survey.frame["respondent_id"].iloc[0] == "R_0"


# --- Google Forms and paper -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("grid", [False, True])
def test_google_forms_with_question_texts_in_vietnamese(tmp_path: Path, grid: bool) -> None:
    q = form("vi")
    frame = answers(q)
    questions = [question for _, question in q.form.questions()]
    stem = "Xin chọn một câu trả lời ở mỗi dòng"
    head = [f"{stem} [{x.text['vi']}]" if grid and x.kind == "scale" else x.text["vi"] for x in questions]
    rows = [["Dấu thời gian", *head]]
    for i in range(N):
        said = [{c.point: c.text["vi"] for c in x.choices}.get(frame.at[i, x.name]) for x in questions]
        cells = [word or text(frame.at[i, x.name]) for word, x in zip(said, questions, strict=True)]
        rows.append([f"2024/10/21 9:{i:02d}:33 SA GMT+7", *cells])
    survey = read_survey(write(tmp_path / "google.csv", rows), codebook=q.codebook)
    assert survey.source["format"] == "google_forms"
    same(survey, frame)
    works(survey, q)
    assert survey.frame["started"].dt.hour.iloc[0] == 9
    (absent,) = [notice for notice in survey.warnings if notice.key == "readers.absent_items"]
    assert absent.values["names"] == "respondent_id, duration"


def test_answers_typed_in_from_paper(tmp_path: Path) -> None:
    q = form("en")
    frame = answers(q)
    rows = [list(frame), *([text(v) for v in row] for row in frame.to_numpy())]
    survey = read_survey(write(tmp_path / "typed.csv", rows), codebook=q.codebook)
    same(survey, frame)
    works(survey, q)


def test_every_version_reads_with_the_codebook_of_the_first(tmp_path: Path) -> None:
    q = form()
    frame = answers(q)
    for version in q.versions(3):
        (tmp_path / str(version.version)).mkdir()
        path = kobo(version, frame, tmp_path / str(version.version))
        same(read_survey(path, codebook=q.codebook), frame)


def test_the_codebook_reads_back_from_its_own_file(tmp_path: Path) -> None:
    q = form()
    q.codebook.to_yaml(tmp_path / "codebook.yaml")
    frame = answers(q)
    survey = read_survey(kobo(q, frame, tmp_path), codebook=tmp_path / "codebook.yaml")
    same(survey, frame)
    works(survey, q)


def test_a_framework_goes_out_and_comes_back(tmp_path: Path) -> None:
    q = framework("gentile").questionnaire(("vi", "en"), outcomes=["satisfaction"], brand="Phin", seed=2)
    frame = answers(q)
    survey = read_survey(kobo(q, frame, tmp_path), codebook=q.codebook)
    same(survey, frame)
    scores = survey.screen(attention=True).exclude("attention").reverse_scored().scores()
    assert set(scores) == {*framework("gentile").constructs["construct"], "satisfaction"}


def test_a_file_without_a_question_still_cannot_be_read(tmp_path: Path) -> None:
    q = form("en")
    frame = answers(q).drop(columns="sat2")
    path = write(tmp_path / "short.csv", [list(frame), *([text(v) for v in row] for row in frame.to_numpy())])
    with pytest.raises(DataError) as caught:
        read_survey(path, codebook=q.codebook)
    assert caught.value.key == "readers.items_missing"
