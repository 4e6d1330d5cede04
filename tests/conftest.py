"""What all tests share: the language, the shared files, and repeatable property tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from cxlab.i18n import language

os.environ.setdefault("MPLBACKEND", "Agg")
settings.register_profile(
    "cxlab", deadline=None, derandomize=True, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("cxlab")

ROOT = Path(__file__).resolve().parents[1]
# Scripts that made the reference numbers, by packages that need not be here.
collect_ignore_glob = ["oracles/*"]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Each test starts in English, whatever language the one before it used."""
    with language("en"):
        yield


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder with the files that are served but not shipped; a test that needs it is marked ``shared``."""
    return shared_folder()


def shared_folder() -> Path:
    """The same for helpers that are no fixtures: skips without the folder, and fails in CI."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"{folder} is missing, and CI must have it")
        pytest.skip("needs ../shared")
    return folder
