"""A researcher's own data folder: what is read, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import cxlab as cx
from cxlab.errors import CodebookError, FileError
from cxlab.survey.datasets import read_datapackage
from cxlab.survey.datasets.package import sha256_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small valid data folder with a Vietnamese codebook."""
    home = tmp_path / "khao_sat"
    home.mkdir()
    (home / "trả_lời.csv").write_text("hl1,hl2\n4,5\n3,2\n", encoding="utf-8")
    (home / "codebook.yaml").write_text(
        "name: khao_sat\ntitle: {en: Survey, vi: Khảo sát}\nitems:\n"
        "  hl1: {label: {vi: Hài lòng}, min: 1, max: 5}\n  hl2: {label: {vi: Giới thiệu}, min: 1, max: 5}\n",
        encoding="utf-8",
    )
    describe(
        home,
        resources=[{"name": "answers", "path": "trả_lời.csv", "hash": "sha256:" + sha256_of(home / "trả_lời.csv")}],
    )
    return home


def describe(home: Path, **changes: Any) -> None:
    """Write the folder's description."""
    found = home / "datapackage.json"
    before = json.loads(found.read_text(encoding="utf-8")) if found.exists() else {"name": "khao_sat"}
    found.write_text(json.dumps(before | changes, ensure_ascii=False), encoding="utf-8")


def refused(home: Path | str) -> str:
    """The key of the error that reading the folder raises."""
    with pytest.raises(FileError) as caught:
        read_datapackage(home)
    return caught.value.key


def test_a_valid_folder_is_read_and_loads_as_a_survey(folder: Path) -> None:
    package = read_datapackage(folder)
    assert (package.name, package.resources[0].path.name) == ("khao_sat", "trả_lời.csv")
    survey = cx.load_dataset(folder)
    assert survey.data.to_numpy().tolist() == [[4, 5], [3, 2]]
    assert survey.source["dataset"] == "khao_sat"
    assert cx.load_dataset(str(folder)).data.equals(survey.data)


@pytest.mark.parametrize(
    "path",
    ["../secret.csv", "sub/../../secret.csv", "/etc/passwd", "C:\\secret.csv", "..\\secret.csv", "\\\\host\\x", ""],
)
def test_a_path_outside_the_folder_is_refused(folder: Path, path: str) -> None:
    (folder.parent / "secret.csv").write_text("a\n1\n")
    describe(folder, resources=[{"name": "x", "path": path}])
    assert refused(folder) == "datasets.outside"


def test_a_link_that_leads_outside_is_refused(folder: Path) -> None:
    secret = folder.parent / "secret.csv"
    secret.write_text("a\n1\n")
    (folder / "inside.csv").symlink_to(secret)
    describe(folder, resources=[{"name": "x", "path": "inside.csv"}])
    assert refused(folder) == "datasets.outside"


def test_a_codebook_that_links_outside_is_refused(folder: Path) -> None:
    (folder / "codebook.yaml").rename(folder.parent / "elsewhere.yaml")
    (folder / "codebook.yaml").symlink_to(folder.parent / "elsewhere.yaml")
    assert refused(folder) == "datasets.outside"


def test_changed_bytes_are_refused(folder: Path) -> None:
    (folder / "trả_lời.csv").write_text("hl1,hl2\n5,5\n3,2\n", encoding="utf-8")
    assert refused(folder) == "datasets.changed"


def test_a_folder_without_its_parts_says_which(folder: Path) -> None:
    assert refused(folder / "nothing") == "datasets.no_folder"
    describe(folder, resources=[{"name": "x", "path": "tra_loi.csv"}])
    assert refused(folder) == "datasets.no_resource"
    (folder / "codebook.yaml").unlink()
    describe(folder, resources=[{"name": "x", "path": "trả_lời.csv"}])
    assert refused(folder) == "datasets.no_codebook"
    (folder / "datapackage.json").rename(folder / "data_package.json")
    with pytest.raises(FileError, match=r"Did you mean 'data_package\.json'"):
        read_datapackage(folder)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("{", "datasets.not_json"),
        ("[]", "datasets.descriptor_key"),
        ("{}", "datasets.descriptor_key"),
        ('{"name": "x", "resources": []}', "datasets.descriptor_key"),
        ('{"name": "x", "resources": ["a.csv"]}', "datasets.descriptor_key"),
        ('{"name": "x", "resources": [{"name": "a"}]}', "datasets.descriptor_key"),
    ],
)
def test_a_broken_description_is_refused(folder: Path, text: str, key: str) -> None:
    (folder / "datapackage.json").write_text(text)
    assert refused(folder) == key


def test_a_description_in_another_encoding_is_refused(folder: Path) -> None:
    (folder / "datapackage.json").write_bytes('{"name": "kh\xe1ch"}'.encode("cp1258", "replace"))
    assert refused(folder) == "datasets.descriptor_encoding"


def test_an_md5_hash_is_refused(folder: Path) -> None:
    describe(folder, resources=[{"name": "x", "path": "trả_lời.csv", "hash": "0" * 32}])
    assert refused(folder) == "datasets.hash_form"


def test_a_broken_codebook_names_its_line(folder: Path) -> None:
    (folder / "codebook.yaml").write_text("name: x\nitems:\n  hl1: {mim: 1}\n")
    with pytest.raises(CodebookError, match="line 3"):
        read_datapackage(folder)


def test_columns_to_leave_out_must_exist(folder: Path) -> None:
    describe(folder, cxlab={"drop": ["hl9"]})
    with pytest.raises(FileError, match="hl9"):
        cx.load_dataset(folder)
