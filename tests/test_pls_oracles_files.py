"""Every shared file of PLS numbers is compared by a test that there is, or left out for a reason that is given; data of
plspm for which none are stored are compared with its Python port."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from typing import Any

import pytest
import yaml

import cxlab as cx
from tests.conftest import ROOT, shared_folder
from tests.test_pls_oracles import equal, table

PLSPM = json.loads((ROOT / "tests" / "oracles" / "pls_plspm.json").read_text(encoding="utf-8"))
ROWS: list[dict[str, Any]] = yaml.safe_load((ROOT / "tests" / "oracles" / "pls_files.yaml").read_text(encoding="utf-8"))


@pytest.mark.shared
def test_every_file_has_its_row_and_every_row_its_files() -> None:
    folder = shared_folder() / "oracles" / "pls"
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {"README.md"}
    patterns = [pattern for row in ROWS for pattern in row["files"]]
    first = {name: next((one for one in patterns if fnmatchcase(name, one)), None) for name in sorted(files)}
    assert not [name for name, pattern in first.items() if pattern is None]
    assert not set(patterns) - set(first.values())


def test_every_row_names_tests_that_there_are_or_a_reason() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("test_pls*.py")]
    tests = {name for text in texts for name in re.findall(r"^def (test_\w+)", text, re.M)}
    for row in ROWS:
        assert set(row) <= {"files", "by", "left", "not"}
        assert ("by" in row) != ("not" in row)
        assert set(row.get("by", ())) <= tests, row["by"]


@pytest.mark.shared
@pytest.mark.parametrize("place", range(len(PLSPM["models"])))
def test_football_and_russetts_politics_are_plspms_signs_too(place: int) -> None:
    """Goals conceded weigh against matches without one: which way round such a construct stands is plspm's as well."""
    theirs = PLSPM["models"][place]
    blocks = PLSPM["blocks"][theirs["data"]]
    *causes, outcome = blocks
    text = "".join(f"{name} =~ {' + '.join(items)}\n" for name, items in blocks.items())
    fit = cx.pls(
        f"{text}{outcome} ~ {' + '.join(causes)}",
        table(f"data/plspm_{theirs['data']}.csv", index_col=None),
        consistent=False,
        scheme=theirs["scheme"],
        modes=theirs["mode"],
        tolerance=1e-12,
    )
    # plspm's rule, squares that sum to 1e-16, leaves slow weights of mode B some 1e-8 from where they go
    close = 1e-8 if theirs["mode"] == "A" else 2e-8
    items = fit.loadings.set_index("item")
    for column in ("weight", "loading"):
        equal(items[column], [theirs[column][item] for item in items.index], close)
    equal(fit.paths["estimate"], [theirs["path"][source] for source in fit.paths["source"]], close)
    equal(fit.r2["r2"], [theirs["r2"]], close)
