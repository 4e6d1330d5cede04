"""What a notebook's Report keeps, refuses and writes."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import docx
import pandas as pd
import pytest
from matplotlib.figure import Figure

import cxlab as cx
from cxlab.errors import PrivacyError, StudyError
from cxlab.show.table import Column, Table
from cxlab.study.report import Report
from cxlab.survey.survey import as_survey

ALPHA = pd.DataFrame({"construct": ["image", "loyalty"], "alpha": [0.723, 0.4402], "n": [250, 250]})
TITLE = {"en": "Reliability", "vi": "Độ tin cậy"}


def table() -> Table:
    columns = {"construct": Column({"en": "Construct", "vi": "Khái niệm"}), "alpha": Column("α", "bounded")}
    return Table(ALPHA, columns, TITLE)


def figure() -> Figure:
    drawn = Figure(figsize=(2, 1.5))
    drawn.subplots().plot([1, 3, 2])
    return drawn


def record(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


def test_without_a_folder_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    report = Report("demo")
    assert report.add(ALPHA, "alpha") is ALPHA
    report.finding("Alpha is low.")
    assert list(tmp_path.iterdir()) == []


def test_a_table_becomes_csv_with_raw_numbers_html_latex_and_word(tmp_path: Path) -> None:
    Report("demo", tmp_path, "en").add(table(), "alpha")
    folder = tmp_path / "demo"
    assert pd.read_csv(folder / "tables" / "alpha.csv")["alpha"].tolist() == [0.723, 0.4402]
    assert "<td>.44</td>" in (folder / "tables" / "alpha.html").read_text(encoding="utf-8")
    assert r"\toprule" in (folder / "tables" / "alpha.tex").read_text(encoding="utf-8")
    assert len(docx.Document(str(folder / "demo.docx")).tables) == 1


def test_all_tables_of_a_notebook_stand_in_one_word_file(tmp_path: Path) -> None:
    report = Report("demo", tmp_path, "en")
    for name in ("one", "two", "three"):
        report.add(table(), name)
    assert len(docx.Document(str(tmp_path / "demo" / "demo.docx")).tables) == 3


def test_a_figure_becomes_svg_and_300_dpi_png(tmp_path: Path) -> None:
    drawn = figure()
    assert Report("demo", tmp_path).add(drawn, "lines", "Three points") is drawn
    png = (tmp_path / "demo" / "figures" / "lines.png").read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png[16:20], "big") == 600  # 2 inches at 300 dots
    assert "<svg" in (tmp_path / "demo" / "figures" / "lines.svg").read_text(encoding="utf-8")


def test_axes_and_grids_are_kept_as_their_figure(tmp_path: Path) -> None:
    axes = figure().axes[0]
    assert Report("demo", tmp_path).add(axes, "axes") is axes
    assert record(tmp_path / "demo")["items"][0]["kind"] == "figure"


def test_a_result_is_kept_as_its_apa_table_in_the_reports_language(tmp_path: Path) -> None:
    asked = []
    result = SimpleNamespace(apa=lambda lang: asked.append(lang) or table())
    assert Report("demo", tmp_path, "vi").add(result, "alpha") is result
    assert asked == ["vi"]
    assert "Khái niệm" in (tmp_path / "demo" / "tables" / "alpha.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("lang", "words"), [("en", "Reliability of scales"), ("vi", "Độ tin cậy thang đo")])
def test_a_caption_takes_the_place_of_the_title_in_the_reports_language(tmp_path: Path, lang: str, words: str) -> None:
    report = Report("demo", tmp_path, lang)
    report.add(table(), "alpha", {"en": "Reliability of scales", "vi": "Độ tin cậy thang đo"})
    assert record(tmp_path / "demo")["items"][0]["caption"] == words
    assert words in (tmp_path / "demo" / "tables" / "alpha.html").read_text(encoding="utf-8")


def test_an_aggregate_with_a_speaking_index_keeps_it_as_a_column(tmp_path: Path) -> None:
    grouped = ALPHA.groupby("construct")[["alpha"]].mean()
    Report("demo", tmp_path).add(grouped, "grouped")
    written = pd.read_csv(tmp_path / "demo" / "tables" / "grouped.csv")
    assert written.columns.tolist() == ["construct", "alpha"]


def test_a_series_is_a_table_of_one_column(tmp_path: Path) -> None:
    Report("demo", tmp_path).add(pd.Series({"cfi": 0.95, "rmsea": 0.04}, name="fit"), "fit")
    assert pd.read_csv(tmp_path / "demo" / "tables" / "fit.csv")["fit"].tolist() == [0.95, 0.04]


def test_a_survey_and_its_rows_are_refused(tmp_path: Path) -> None:
    survey = as_survey(pd.DataFrame({"sat1": [1, 2, 3], "sat2": [3, 2, 1]}))
    report = Report("demo", tmp_path)
    with pytest.raises(PrivacyError, match="does not print rows"):
        report.add(survey, "rows")
    with pytest.raises(PrivacyError):
        report.add(survey.data, "rows")
    with pytest.raises(PrivacyError):
        report.add(Table(survey.data, {"sat1": Column("sat1")}, TITLE), "rows")
    assert record(tmp_path / "demo")["items"] == []
    assert not (tmp_path / "demo" / "tables").exists()


def test_rows_of_the_survey_in_use_are_refused_though_their_index_was_reset(tmp_path: Path) -> None:
    survey = as_survey(pd.DataFrame({"sat1": range(30), "sat2": range(30)}))
    report = Report("demo", tmp_path)
    report.data(survey)
    with pytest.raises(PrivacyError):
        report.add(survey.data.reset_index(drop=True), "rows")


@pytest.mark.parametrize("name", ["", "a/b", "../a", "a b", "é", ".hidden", "x" * 81, 7])
def test_a_name_that_cannot_be_a_file_name_is_refused(tmp_path: Path, name: Any) -> None:
    with pytest.raises(StudyError) as caught:
        Report("demo", tmp_path).add(ALPHA, name)
    assert caught.value.key == "study.bad_name"
    with pytest.raises(StudyError):
        Report(name, tmp_path)


def test_a_name_used_before_is_refused_unless_it_is_to_be_replaced(tmp_path: Path) -> None:
    report = Report("demo", tmp_path)
    report.add(table(), "alpha")
    with pytest.raises(StudyError) as caught:
        report.add(figure(), "alpha")
    assert caught.value.key == "study.name_used"
    report.add(table(), "alpha", "Again", replace=True)
    assert [item["caption"] for item in record(tmp_path / "demo")["items"]] == ["Again"]


@pytest.mark.parametrize("thing", [3, "text", None, [1, 2], {"a": 1}])
def test_what_is_no_table_or_figure_is_refused_with_its_type(thing: object) -> None:
    with pytest.raises(StudyError, match=type(thing).__name__):
        Report("demo").add(thing, "thing")


def test_sentences_are_kept_once_in_order_and_in_the_reports_language(tmp_path: Path) -> None:
    report = Report("demo", tmp_path, "vi")
    report.about("Giới thiệu.")
    report.question({"en": "Which?", "vi": "Cái nào?"})
    for _ in range(2):
        report.finding({"en": "Quality.", "vi": "Chất lượng."})
    report.finding("Giá trị.")
    kept = record(tmp_path / "demo")
    assert kept["about"] == ["Giới thiệu."]
    assert kept["questions"] == ["Cái nào?"]
    assert kept["findings"] == ["Chất lượng.", "Giá trị."]


def test_a_sentence_shown_in_a_notebook_is_escaped() -> None:
    assert "1 &lt; 2" in Report("demo").finding("1 < 2")._repr_html_()


def test_an_empty_sentence_is_refused() -> None:
    with pytest.raises(StudyError) as caught:
        Report("demo").finding("  ")
    assert caught.value.key == "study.empty_sentence"


def test_data_are_recorded_with_fingerprint_kind_licence_and_rows(tmp_path: Path) -> None:
    survey = cx.load_dataset("ecsi_mobile")
    assert Report("demo", tmp_path, "en").data(survey) is survey
    (source,) = record(tmp_path / "demo")["data"]
    assert (source["name"], source["kind"], source["rows"]) == ("ecsi_mobile", "real", 250)
    assert len(source["sha256"]) == 64
    assert source["licence"]
    assert "Tenenhaus" in source["citation"]


def test_a_dataframe_as_data_is_refused_because_it_has_no_origin() -> None:
    with pytest.raises(StudyError, match="DataFrame"):
        Report("demo").data(ALPHA)  # type: ignore[arg-type]


def test_a_second_run_removes_what_the_first_wrote_and_nothing_else(tmp_path: Path) -> None:
    first = Report("demo", tmp_path)
    first.add(table(), "old")
    mine = tmp_path / "demo" / "tables" / "mine.txt"
    mine.write_text("kept", encoding="utf-8")
    Report("demo", tmp_path).add(table(), "new")
    assert sorted(p.name for p in (tmp_path / "demo" / "tables").iterdir()) == [
        "mine.txt", "new.csv", "new.html", "new.tex",
    ]  # fmt: skip


def test_a_forged_record_cannot_remove_files_outside_the_folder(tmp_path: Path) -> None:
    outside = tmp_path / "precious.txt"
    outside.write_text("kept", encoding="utf-8")
    (tmp_path / "demo").mkdir()
    forged = json.dumps({"files": ["../precious.txt", str(outside), ""]})
    (tmp_path / "demo" / "report.json").write_text(forged, encoding="utf-8")
    Report("demo", tmp_path)
    assert outside.exists()


def test_the_same_report_on_another_day_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.count(1_700_000_000, 86_400)
    monkeypatch.setattr("time.time", lambda: float(next(clock)))
    for place in ("a", "b"):
        report = Report("demo", tmp_path / place, "en")
        report.add(table(), "alpha")
        report.add(figure(), "lines")
    for path in (p for p in (tmp_path / "a").rglob("*") if p.is_file()):
        assert path.read_bytes() == (tmp_path / "b" / path.relative_to(tmp_path / "a")).read_bytes(), path.name


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(cx.CxlabError):
        Report("demo", lang="fr")
