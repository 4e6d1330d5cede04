"""Notebook pairs and their Vietnamese editions: written the same each time, and what disagrees is named."""

from __future__ import annotations

import json
import os
from pathlib import Path

import nbformat
import pytest

from cxlab.errors import FileError, StudyError
from cxlab.study.carry import carry_all
from cxlab.study.pairs import (
    contract_problems,
    difference,
    differing_cells,
    find_pairs,
    find_root,
    ipynb_text,
    parameters,
    text_hash,
    write_ipynb,
)
from cxlab.study.translation import stamp_all, translation_problems
from cxlab.study.upkeep import notebook_problems, write_all

SOURCE = """# %% [markdown]
# # Which *drivers* matter?
#
# Text.

# %% tags=["parameters"]
seed = 11
lang = "en"
reports = None

# %%
report = cx.Report("01_drivers", reports, lang)

# %% [markdown]
# Take-aways.
"""
VIETNAMESE = SOURCE.replace("Which *drivers* matter?", "Yếu tố nào quan trọng?").replace("Take-aways", "Điều cần nhớ")


@pytest.fixture
def notebooks(tmp_path: Path) -> Path:
    folder = tmp_path / "notebooks"
    (folder / "source").mkdir(parents=True)
    (folder / "vi" / "source").mkdir(parents=True)
    (folder / "source" / "01_drivers.py").write_text(SOURCE, encoding="utf-8")
    return folder


def translate(notebooks: Path, text: str = VIETNAMESE) -> Path:
    path = notebooks / "vi" / "source" / "01_drivers.py"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_ipynb_is_valid_without_outputs_and_names_no_machine(notebooks: Path) -> None:
    (pair,) = find_pairs(notebooks)
    assert write_ipynb(pair)
    notebook = nbformat.read(pair.ipynb, as_version=4)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert all(not cell.outputs and cell.execution_count is None for cell in notebook.cells if cell.cell_type == "code")
    assert sorted(notebook.metadata) == ["jupytext", "kernelspec", "language_info"]
    assert notebook.metadata.language_info == {"name": "python"}
    assert difference(pair) == ""


def test_writing_again_changes_nothing(notebooks: Path) -> None:
    (pair,) = find_pairs(notebooks)
    assert write_ipynb(pair)
    assert not write_ipynb(find_pairs(notebooks)[0])


def test_a_new_cell_leaves_the_ids_of_the_others_alone(notebooks: Path) -> None:
    before = [cell.id for cell in find_pairs(notebooks)[0].notebook.cells]
    source = notebooks / "source" / "01_drivers.py"
    source.write_text(SOURCE.replace("# %%\nreport", "# %%\nx = 1\n\n# %%\nreport"), encoding="utf-8")
    after = [cell.id for cell in find_pairs(notebooks)[0].notebook.cells]
    assert [name for name in after if name in before] == before
    assert len(after) == len(before) + 1


def test_cells_with_the_same_text_get_ids_of_their_own(notebooks: Path) -> None:
    (notebooks / "source" / "01_drivers.py").write_text("# %%\n1\n\n# %%\n1\n\n# %%\n1\n", encoding="utf-8")
    ids = [cell.id for cell in find_pairs(notebooks)[0].notebook.cells]
    assert len(set(ids)) == 3


def test_parameters_are_read_from_the_tagged_cell(notebooks: Path) -> None:
    assert parameters(find_pairs(notebooks)[0].notebook) == {"seed": 11, "lang": "en", "reports": None}


def test_a_title_is_the_first_heading_without_its_marks(notebooks: Path) -> None:
    assert find_pairs(notebooks)[0].title == "Which drivers matter?"


def test_only_numbered_notebooks_are_curated(notebooks: Path) -> None:
    (notebooks / "source" / "scratch.py").write_text("# %%\n1\n", encoding="utf-8")
    (notebooks / "Untitled.ipynb").write_text("{}", encoding="utf-8")
    assert [pair.name for pair in find_pairs(notebooks)] == ["01_drivers"]


def test_a_missing_ipynb_a_missing_source_and_differing_cells_are_told_apart(notebooks: Path) -> None:
    (pair,) = find_pairs(notebooks)
    assert "cxlab notebooks" in difference(pair)
    write_ipynb(pair)
    pair.source.write_text(SOURCE.replace("Text.", "Other text."), encoding="utf-8")
    (pair,) = find_pairs(notebooks)
    assert "cell 1" in difference(pair)
    pair.source.unlink()
    assert "jupytext" in difference(find_pairs(notebooks)[0])


def test_kept_outputs_are_found_and_taken_out(notebooks: Path) -> None:
    (pair,) = find_pairs(notebooks)
    notebook = nbformat.from_dict(json.loads(ipynb_text(pair.notebook)))
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", name="stdout", text="row 1")]
    nbformat.write(notebook, pair.ipynb)
    assert "outputs" in difference(pair)
    assert differing_cells(pair) == []
    write_ipynb(pair)
    assert difference(pair) == ""


def test_an_ipynb_edited_after_its_source_is_not_overwritten(notebooks: Path) -> None:
    (pair,) = find_pairs(notebooks)
    write_ipynb(pair)
    edited = pair.ipynb.read_text(encoding="utf-8").replace("Text.", "A student's own thought.")
    pair.ipynb.write_text(edited, encoding="utf-8")
    os.utime(pair.source, (1, 1))
    with pytest.raises(StudyError, match="cell 1"):
        write_ipynb(find_pairs(notebooks)[0])
    assert "own thought" in pair.ipynb.read_text(encoding="utf-8")
    assert write_ipynb(find_pairs(notebooks)[0], force=True)
    assert "own thought" not in pair.ipynb.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "suffix"), [("not json", ".ipynb"), ("# ---\n# jupyter:\n#   kernelspec:\n#     name: x\n# ---\n", ".py")]
)
def test_a_file_that_is_no_notebook_is_named(notebooks: Path, text: str, suffix: str) -> None:
    place = notebooks / ("source" if suffix == ".py" else ".") / f"02_broken{suffix}"
    place.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match="02_broken"):
        _ = find_pairs(notebooks)[1].notebook


def test_a_notebook_without_parameters_or_with_anothers_report_is_named(notebooks: Path) -> None:
    source = notebooks / "source" / "01_drivers.py"
    source.write_text(SOURCE.replace('"01_drivers"', '"02_other"').replace("reports = None\n", ""), encoding="utf-8")
    missing, misnamed = contract_problems(find_pairs(notebooks)[0])
    assert "reports" in missing
    assert "02_other" in misnamed


def test_a_folder_without_notebooks_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cxlab.study.pairs.__file__", str(tmp_path / "a" / "b" / "c.py"))
    with pytest.raises(FileError, match=tmp_path.name):
        find_root(tmp_path)


def test_the_folder_is_found_from_below(notebooks: Path) -> None:
    assert find_root(notebooks / "source") == notebooks.parent


def test_a_translation_is_unstamped_then_good_then_stale(notebooks: Path) -> None:
    translate(notebooks)
    assert [("not yet tied" in text) for text in translation_problems(notebooks)] == [True, True]
    assert stamp_all(notebooks) == {"01_drivers": 2}
    assert translation_problems(notebooks) == []
    assert stamp_all(notebooks) == {"01_drivers": 0}
    source = notebooks / "source" / "01_drivers.py"
    source.write_text(SOURCE.replace("Text.", "Text, changed."), encoding="utf-8")
    (stale,) = translation_problems(notebooks)
    assert "cell 1" in stale
    assert "has changed" in stale


def test_stamping_touches_nothing_but_the_marker_lines(notebooks: Path) -> None:
    path = translate(notebooks)
    stamp_all(notebooks)
    stamped = path.read_text(encoding="utf-8")
    first = text_hash("# Which *drivers* matter?\n\nText.")
    assert f'# %% [markdown] en_hash="{first}"' in stamped
    pairs = zip(stamped.splitlines(), VIETNAMESE.splitlines(), strict=True)
    assert all(ours == theirs for ours, theirs in pairs if "[markdown]" not in theirs)


def test_code_that_differs_from_the_english_notebook_is_named(notebooks: Path) -> None:
    translate(notebooks, VIETNAMESE.replace("seed = 11", "seed = 12"))
    stamp_all(notebooks)
    (text,) = translation_problems(notebooks)
    assert "cell 2" in text


def test_the_language_in_the_parameters_may_be_the_editions_own(notebooks: Path) -> None:
    translate(notebooks, VIETNAMESE.replace('lang = "en"', 'lang = "vi"'))
    stamp_all(notebooks)
    assert translation_problems(notebooks) == []


def test_another_number_of_cells_is_said_once_with_the_place(notebooks: Path) -> None:
    translate(notebooks, VIETNAMESE + "\n# %% [markdown]\n# Thêm.\n")
    (text,) = translation_problems(notebooks)
    assert "5 cells" in text
    assert "cell 5" in text
    with pytest.raises(StudyError):
        stamp_all(notebooks)


def test_a_translation_of_nothing_is_named(notebooks: Path) -> None:
    (notebooks / "vi" / "source" / "09_alone.py").write_text(VIETNAMESE, encoding="utf-8")
    (text,) = translation_problems(notebooks)
    assert "vi/09_alone" in text


def test_upkeep_writes_both_editions_and_then_finds_nothing(notebooks: Path) -> None:
    translate(notebooks)
    lines = list(write_all(notebooks, stamped=True))
    assert [line.split(": ")[-1] for line in lines[1:]] == ["01_drivers.ipynb", "vi/01_drivers.ipynb"]
    assert notebook_problems(notebooks) == []
    assert list(write_all(notebooks)) == ["Every .ipynb agrees with its source."]


def test_carrying_copies_code_and_keeps_translations(notebooks: Path) -> None:
    translate(notebooks)
    stamp_all(notebooks)
    before = (notebooks / "vi" / "source" / "01_drivers.py").read_text(encoding="utf-8")
    source = notebooks / "source" / "01_drivers.py"
    source.write_text(SOURCE.replace("seed = 11", "seed = 12"), encoding="utf-8")
    expected = before.replace("= 11", "= 12").replace('lang = "en"', 'lang = "vi"')
    assert carry_all(notebooks) == {"01_drivers": 0}
    assert (notebooks / "vi" / "source" / "01_drivers.py").read_text(encoding="utf-8") == expected
    assert carry_all(notebooks) == {}


def test_a_new_text_is_carried_in_english_and_stamping_leaves_it_to_the_translator(notebooks: Path) -> None:
    translate(notebooks)
    stamp_all(notebooks)
    source = notebooks / "source" / "01_drivers.py"
    source.write_text(SOURCE + "\n# %% [markdown]\n# One more thing.\n", encoding="utf-8")
    assert carry_all(notebooks) == {"01_drivers": 1}
    assert stamp_all(notebooks) == {"01_drivers": 0}
    assert any("One more thing" in problem for problem in translation_problems(notebooks))
