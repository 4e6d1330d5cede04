"""What happens to a file between the platform and the analyst: Excel, partial answers, other versions of the form."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cxlab import Codebook, questionnaire, read_survey
from cxlab.codebook import Construct, Item
from cxlab.errors import CodebookError
from cxlab.theory.questionnaire import Questionnaire
from tests.test_questionnaire_roundtrip import answers, form, kobo, lime, qualtrics, same

ENDS: dict[float, dict[str, str]] = {1: {"en": "no", "vi": "không"}, 7: {"en": "yes", "vi": "có"}}


def partly(frame: pd.DataFrame) -> pd.DataFrame:
    """Single answers left out, and two people who stopped half-way."""
    rng, found = np.random.default_rng(3), frame.copy()
    asked = [name for name in found if name != "consent" and not name.startswith("att")]
    for row in range(3, 20):
        found.loc[row, [name for name in asked if rng.random() < 0.2]] = np.nan
    found.loc[[20, 21], list(found)[len(found.columns) // 2 :]] = np.nan
    return found


def saved_by_hand(path: Path, separator: str, headers: int) -> None:
    """The same file with its columns in another order, a column of notes, and Excel's separator."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    order = np.random.default_rng(0).permutation(len(rows[0]))
    notes = ["Ghi chú của tôi", *["Ghi chú"] * (headers - 1), *["gọi lại"] * (len(rows) - headers)]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=separator).writerows(
            [*(row[k] for k in order), note] for row, note in zip(rows, notes, strict=True)
        )


def exported(platform: str, q: Questionnaire, frame: pd.DataFrame, folder: Path) -> tuple[Path, int]:
    """The file, and how many header rows it has."""
    if platform == "kobo":
        return kobo(q, frame, folder, "Vietnamese (vi)"), 1
    if platform == "limesurvey":
        return lime(q, frame, folder, "both", True, "vi"), 1
    return qualtrics(q, frame, folder, "vi", True, True), 3


@pytest.mark.parametrize("platform", ["kobo", "limesurvey", "qualtrics"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_partial_answers_come_back_from_a_file_that_went_through_excel(
    tmp_path: Path, platform: str, separator: str
) -> None:
    q = form()
    frame = partly(answers(q))
    path, headers = exported(platform, q, frame, tmp_path)
    saved_by_hand(path, separator, headers)
    same(read_survey(path, codebook=q.codebook), frame)
    same(read_survey(path, codebook=q.versions(3)[2].codebook), frame)


def short(count: int) -> Codebook:
    items = {
        f"x{k}": Item(f"x{k}", {"en": f"One {k}", "vi": f"Câu {k}"}, construct="S", min=1, max=7, labels=ENDS)
        for k in range(count)
    }
    return Codebook("short", {"en": "Short", "vi": "Ngắn"}, items, {"S": Construct("S", {"en": "S", "vi": "S"})})


def test_a_form_too_short_for_a_check_says_to_ask_for_none() -> None:
    with pytest.raises(CodebookError, match="attention=0"):
        questionnaire(short(2), "en")
    assert len(questionnaire(short(2), "en", attention=0).items) == 2


def test_two_hundred_long_questions_go_out_on_every_platform(tmp_path: Path) -> None:
    long: dict[str, Any] = {"en": "a long sentence, " * 30, "vi": "một câu rất dài, " * 30}
    items = {
        f"x{k}": Item(f"x{k}", {lang: f"{k} {text}" for lang, text in long.items()}, construct=f"C{k // 10}",
                      min=1, max=7, labels=ENDS)
        for k in range(200)
    }  # fmt: skip
    book = Codebook("big", {"en": "Big"}, items, {f"C{k}": Construct(f"C{k}") for k in range(20)})
    q = questionnaire(book, ("vi", "en"), attention=3, seed=5)
    assert (q.table["role"] == "item").sum() == 200
    lines = q.to_limesurvey(tmp_path / "big.txt").read_text(encoding="utf-8-sig").splitlines()
    assert sum(line.startswith("SQ") for line in lines) == 2 * 203
    text = q.to_qualtrics(tmp_path / "q.txt", "vi").read_text(encoding="utf-8")
    assert text.count("[[Question:MC") == 204
