"""Datasets on request: terms first, pinned bytes only, and a useful word when something fails. Never the network."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pooch
import pytest
import requests

import cxlab as cx
from cxlab.errors import DatasetError, FileError
from cxlab.i18n import language
from cxlab.survey.datasets.catalogue import RemoteFile, data_folder, entries
from cxlab.survey.datasets.fetch import cache_folder

ON_REQUEST = {name: entry for name, entry in entries().items() if entry.kind == "on request"}
MIRROR_ONLY = ["servqual_1992", "brand_equity_2000", "university_desk", "cdnow", "channel_journeys"]
NAME = "water_utility"
BYTES = b"V1,p01\nResponseID,Question\nR_1,4\n"


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, no mirror, and a network that must not be touched."""
    monkeypatch.setenv("CXLAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("CXLAB_MIRROR", raising=False)
    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", _forbidden)
    return tmp_path / "cache"


def _forbidden(*args: Any, **options: Any) -> None:
    raise AssertionError("the test tried to use the network")


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The registry entry, with the fingerprint of a few bytes of our own."""
    import dataclasses
    import hashlib

    entry = ON_REQUEST[NAME]
    file = RemoteFile(entry.files[0].file, hashlib.sha256(BYTES).hexdigest(), len(BYTES), entry.files[0].path)
    changed = dict(entries()) | {NAME: dataclasses.replace(entry, files=(file,))}
    monkeypatch.setattr("cxlab.survey.datasets.catalogue.entries", lambda: changed)


def answers_with(content: bytes, calls: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that gives these bytes for every address."""

    def give(self: Any, url: str, output: Any, pooch: Any, **options: Any) -> None:
        calls.append(url)
        Path(output).write_bytes(content)

    monkeypatch.setattr("pooch.HTTPDownloader.__call__", give)


class Terminal(io.StringIO):
    """Standard input at which somebody sits."""

    def isatty(self) -> bool:
        return True


def test_every_entry_is_complete() -> None:
    assert list(ON_REQUEST) == ["water_utility", "kiosk_servqual", "retail_bank_csi", "sfo_airport", *MIRROR_ONLY]
    for name, entry in ON_REQUEST.items():
        assert entry.files, name
        assert all(re.fullmatch(r"[0-9a-f]{64}", file.sha256) and file.bytes > 0 for file in entry.files)
        for text in (entry.title, entry.about, entry.terms, entry.traps):
            assert set(text) == {"en", "vi"}, name
            assert all(text.values()), name
        assert entry.citation
        if name in MIRROR_ONLY:
            assert entry.repository is None
            assert set(entry.original) == {"en", "vi"}
        else:
            assert re.fullmatch(r"[0-9a-f]{40}", entry.commit or "")
            assert all(
                str(entry.address(file)).startswith("https://raw.githubusercontent.com/") for file in entry.files
            )


@pytest.mark.parametrize("name", list(ON_REQUEST))
def test_data_package_and_registry_name_the_same_bytes(name: str) -> None:
    import json

    entry = ON_REQUEST[name]
    resources = json.loads((data_folder() / name / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    pinned = [(entry.address(f) or f.file, f"sha256:{f.sha256}", f.bytes) for f in entry.files]
    assert [(r["path"], r["hash"], r["bytes"]) for r in resources] == pinned


@pytest.mark.parametrize("name", list(ON_REQUEST))
def test_no_file_on_request_lies_in_the_repository(name: str) -> None:
    assert {path.name for path in (data_folder() / name).iterdir()} == {"codebook.yaml", "datapackage.json", "TERMS.md"}


def test_an_embedded_set_needs_no_fetch() -> None:
    assert cx.fetch_dataset("airline_journey") == data_folder() / "airline_journey" / "AIRLINE_SURVEY.csv.gz"


def test_without_a_terminal_the_error_shows_terms_and_the_exact_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    with pytest.raises(DatasetError) as caught:
        cx.load_dataset(NAME)
    assert caught.value.key == "datasets.terms_first"
    assert "ShareAlike 4.0" in str(caught.value)
    assert "cx.load_dataset('water_utility', accept_terms=True)" in str(caught.value)


@pytest.mark.usefixtures("registered")
def test_terms_are_shown_before_the_first_fetch_and_only_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: list[str] = []
    answers_with(BYTES, calls, monkeypatch)
    path = cx.fetch_dataset(NAME, accept_terms=True)
    assert path.read_bytes() == BYTES
    assert calls == [
        "https://raw.githubusercontent.com/pprevos/r4h2o/9db7209aa0df30c76f3fbf7e05a7b0ff261c8110/data/customer_survey.csv"
    ]
    assert "ShareAlike 4.0" in capsys.readouterr().err
    assert cx.fetch_dataset(NAME) == path
    assert len(calls) == 1
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("registered")
@pytest.mark.parametrize(("lang", "answer"), [("en", "y"), ("en", " YES "), ("vi", "c"), ("vi", "Có")])
def test_a_terminal_asks_and_a_yes_fetches(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lang: str, answer: str
) -> None:
    answers_with(BYTES, [], monkeypatch)
    monkeypatch.setattr("sys.stdin", Terminal(answer + "\n"))
    with language(lang):
        assert cx.fetch_dataset(NAME).is_file()
    assert "4.0" in capsys.readouterr().out


@pytest.mark.parametrize("answer", ["n", "", "k", "maybe"])
def test_anything_but_a_yes_fetches_nothing(monkeypatch: pytest.MonkeyPatch, empty_cache: Path, answer: str) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(answer + "\n"))
    with pytest.raises(DatasetError) as caught:
        cx.fetch_dataset(NAME)
    assert caught.value.key == "datasets.declined"
    assert not empty_cache.exists()


@pytest.mark.parametrize("error", [requests.ConnectionError("x"), requests.HTTPError("404"), TimeoutError()])
def test_offline_says_what_to_do(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fails(*args: Any, **options: Any) -> None:
        raise error

    monkeypatch.setattr("pooch.HTTPDownloader.__call__", fails)
    with pytest.raises(DatasetError) as caught:
        cx.fetch_dataset(NAME, accept_terms=True)
    assert caught.value.key == "datasets.not_reached"
    assert "CXLAB_MIRROR" in str(caught.value)


def test_wrong_bytes_are_refused_and_not_kept(monkeypatch: pytest.MonkeyPatch, empty_cache: Path) -> None:
    answers_with(b"something else", [], monkeypatch)
    with pytest.raises(DatasetError) as caught:
        cx.fetch_dataset(NAME, accept_terms=True)
    assert caught.value.key == "datasets.wrong_bytes"
    assert not [path for path in empty_cache.rglob("*") if path.is_file()]


@pytest.mark.usefixtures("registered")
def test_a_spoilt_cache_is_fetched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    spoilt = cache_folder() / NAME / "customer_survey.csv"
    spoilt.parent.mkdir(parents=True)
    spoilt.write_bytes(b"cut off")
    answers_with(BYTES, [], monkeypatch)
    assert cx.fetch_dataset(NAME, accept_terms=True).read_bytes() == BYTES


@pytest.mark.usefixtures("registered")
def test_a_mirror_serves_the_same_bytes_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mirror = tmp_path / "mirror" / NAME
    mirror.mkdir(parents=True)
    monkeypatch.setenv("CXLAB_MIRROR", str(mirror.parent))
    with pytest.raises(DatasetError) as caught:
        cx.fetch_dataset(NAME, accept_terms=True)
    assert caught.value.key == "datasets.mirror_lacks"
    (mirror / "customer_survey.csv").write_bytes(b"another file")
    with pytest.raises(DatasetError) as caught:
        cx.fetch_dataset(NAME, accept_terms=True)
    assert caught.value.key == "datasets.wrong_bytes"
    (mirror / "customer_survey.csv").write_bytes(BYTES)
    assert cx.fetch_dataset(NAME, accept_terms=True).read_bytes() == BYTES


def test_a_mirror_that_links_elsewhere_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mirror = tmp_path / "mirror" / NAME
    mirror.mkdir(parents=True)
    (tmp_path / "other.csv").write_bytes(BYTES)
    (mirror / "customer_survey.csv").symlink_to(tmp_path / "other.csv")
    monkeypatch.setenv("CXLAB_MIRROR", str(mirror.parent))
    with pytest.raises(FileError, match="leaves the folder"):
        cx.fetch_dataset(NAME, accept_terms=True)


@pytest.mark.parametrize("name", MIRROR_ONLY)
def test_what_is_not_pinned_comes_from_a_mirror_only(name: str) -> None:
    with pytest.raises(DatasetError) as caught:
        cx.fetch_dataset(name, accept_terms=True)
    assert caught.value.key == "datasets.mirror_only"
    assert "only be had through CXLAB_MIRROR" in str(caught.value)


@pytest.mark.parametrize("name", ["servqual_1992", "brand_equity_2000"])
def test_a_matrix_is_no_survey(name: str) -> None:
    with pytest.raises(DatasetError, match="fetch_dataset") as caught:
        cx.load_dataset(name)
    assert caught.value.key == "datasets.matrix"


def test_a_closed_cache_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*args: Any, **options: Any) -> None:
        raise PermissionError("no")

    monkeypatch.setattr("pooch.retrieve", closed)
    with pytest.raises(DatasetError) as caught:
        cx.fetch_dataset(NAME, accept_terms=True)
    assert caught.value.key == "datasets.cache_closed"
