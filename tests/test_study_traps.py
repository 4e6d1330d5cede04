"""What must not spoil a report or its run: printed respondents, endless output, a broken cell, a poor terminal."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from cxlab.study import guard
from cxlab.study.edition import Edition
from cxlab.study.pairs import find_pairs, parameters
from cxlab.study.progress import Progress
from cxlab.study.reproduce import Run, reproduce
from cxlab.study.run import Outcome, _clean, scrub
from cxlab.study.summary import summary

ROWS = pd.DataFrame({"sat1": [4, 5], "sat2": [3, 2]}, index=pd.RangeIndex(1, 3, name="row"))


@pytest.fixture
def guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (pd.DataFrame, pd.Series):
        for name in ("__repr__", "to_string"):
            monkeypatch.setattr(kind, name, getattr(kind, name))  # so that the original comes back
    guard.guard_print()


def test_printed_rows_of_respondents_leave_a_note(guarded: None) -> None:
    for text in (str(ROWS), repr(ROWS["sat1"]), ROWS.head(1).to_string(), repr([ROWS]), f"{ROWS}"):
        assert "does not print rows" in text
        assert "4" not in text
    assert "4.5" in str(ROWS.mean())
    assert "4.5" in repr(ROWS.mean().to_frame("mean"))
    assert "sat1" in repr(guard.InventedRows(ROWS))
    assert "does not print" not in repr(guard.InventedRows(ROWS))
    assert "does not print" in repr(ROWS)


def stream(text: str) -> str:
    notebook = new_notebook(cells=[new_code_cell("x", outputs=[new_output("stream", text=text)])])
    _clean(notebook, "en")
    return str(notebook.cells[0].outputs[0].text)


def test_one_endless_word_is_cleaned_at_once() -> None:
    began = time.monotonic()
    scrub("x" * 200_000)
    assert time.monotonic() - began < 2
    assert scrub("x/ipykernel_12/345.py:3: UserWarning") == "<cell>:3: UserWarning"


def test_endless_output_is_cut_in_the_middle_and_says_so() -> None:
    text = stream("first\n" + "number\n" * 20_000 + "last")
    assert text.startswith("first")
    assert text.endswith("last")
    assert len(text) < 21_000
    assert "characters of output left out" in text
    assert stream("short") == "short"


BROKEN = '# %% [markdown]\n# # Broken\n\n# %% tags=["parameters"]\nseed = = 1\n\n# %%\n1\n'


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "notebooks" / "source"
    folder.mkdir(parents=True)
    (folder / "01_broken.py").write_text(BROKEN, encoding="utf-8")
    return tmp_path


def test_a_parameters_cell_that_is_no_python_fails_its_notebook_only(place: Path) -> None:
    run = reproduce(root=place, lang="en", out=io.StringIO())
    assert [outcome.status for outcome in run.outcomes] == ["failed"]
    assert "01_broken failed in code cell [1]" in summary(run)
    assert "SyntaxError" in summary(run)


def test_a_page_that_cannot_be_made_fails_its_notebook_only(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(*_: object) -> None:
        raise ValueError("no such page")

    pairs = find_pairs(place / "notebooks")
    assert parameters(pairs[0].notebook) == {}
    monkeypatch.setattr(Edition, "write_page", fall)
    run = Run(place, place / "reports", pairs, 60, Progress(pairs, io.StringIO()))
    run.reports.mkdir()
    run.finished(Outcome(pairs[0], "done", 1.0, pairs[0].notebook))
    assert run.failed[0].failure is not None
    assert run.failed[0].failure.error == "ValueError: no such page"


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_vietnamese_reads_without_its_marks_where_the_terminal_has_none(encoding: str) -> None:
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    code = "from cxlab.cli import app; app(['datasets', '--lang', 'vi'])"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    assert "Traceback" not in done.stderr.decode(errors="replace")
    # click itself writes UTF-8 where a terminal claims to know ASCII only
    said = done.stdout.decode("cp1252" if encoding == "cp1252" else "utf-8")
    assert ("dien thoai di dong" if encoding == "cp1252" else "điện thoại di động") in said
