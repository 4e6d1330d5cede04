"""Real raw files that are served, not shipped, come in without help."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from cxlab import read_survey

pytestmark = pytest.mark.shared


def test_the_water_utility_export_is_an_old_qualtrics_file(shared_dir: Path) -> None:
    survey = read_survey(shared_dir / "mirror" / "water_utility" / "customer_survey.csv")
    assert (survey.source["format"], survey.source["encoding"], len(survey.frame)) == ("qualtrics", "utf-8", 690)
    assert survey.codebook.item("p01").label == {"en": "PII-Important:Unimportant"}
    assert (survey.codebook.item("p01").min, survey.codebook.item("p01").max) == (1, 7)
    assert survey.codebook.item("Q_TotalDuration").role == "duration"
    assert survey.codebook.item("psid").personal
    assert survey.problems.empty


def test_the_kiosk_file_is_korean_cp949(shared_dir: Path) -> None:
    survey = read_survey(shared_dir / "mirror" / "kiosk_servqual" / "kiosk.csv")
    assert (survey.source["encoding"], len(survey.frame)) == ("cp949", 211)
    assert all(unicodedata.is_normalized("NFC", name) for name in survey.frame)
    assert "HANGUL" in unicodedata.name(survey.frame.columns[0][0])


def test_words_among_the_airports_numbers_are_listed(shared_dir: Path) -> None:
    path = shared_dir / "mirror" / "sfo_airport" / "2017_SFO_Customer_Survey_20250817.csv"
    raw = path.read_text(encoding="utf-8-sig").splitlines()
    survey = read_survey(path)
    assert len(survey.frame) == len([line for line in raw[1:] if line.strip(",")])
    listed = survey.problems.query("column == 'Q7ALL'")
    assert set(listed["value"]) == {"Blank"}
    assert survey.frame.loc[listed["row"], "Q7ALL"].isna().all()
