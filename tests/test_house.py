"""What holds for the repository as a whole."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from cxlab.study.upkeep import notebook_problems

ROOT = Path(__file__).parents[1]
TOP = {
    ".ci", ".gitignore", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md",
    "benchmarks", "cxlab", "data", "environment.yml", "notebooks", "pyproject.toml", "reports", "requirements.lock",
    "tests",
}  # fmt: skip
CONDA_NAMES = {"pyyaml": "PyYAML", "jinja2": "Jinja2"}
SUFFIXES = {".py", ".md", ".toml", ".yml", ".yaml", ".json", ".cff", ".lock", ".R", ".j2", ".css", ".csv", ".ipynb", ""}
MACHINE_PATH = re.compile(r"(?<![\w.~])/(?:home|root|tmp|Users|work)/\w")
CREDENTIAL = re.compile(
    r"AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30,}|-----BEGIN [A-Z ]*PRIVATE KEY|"
    r"(?i:password|passwd|secret|api_key|access_token)\s*[=:]\s*[\"'][^\"'\s{}]{8,}[\"']|https?://[^/\s:@]+:[^/\s@]+@"
)


@cache
def files() -> tuple[Path, ...]:
    """The files of the repository: those git tracks or would add."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git repository")
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return tuple(path for path in paths if path.is_file())


@cache
def project() -> dict[str, list[str]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]  # type: ignore[no-any-return]


def needs(texts: list[str]) -> dict[str, Requirement]:
    found = (Requirement(text) for text in texts)
    return {canonicalize_name(need.name): need for need in found}


def test_the_top_level_is_the_house_and_nothing_else() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in files()} <= TOP


def test_the_conda_road_asks_for_what_the_project_asks_for() -> None:
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    pip = next(part["pip"] for part in listed if isinstance(part, dict))
    conda = [text for text in listed if isinstance(text, str) and text != "pip"]
    python = next(text for text in conda if text.startswith("python>="))
    plain = [text for text in (*conda, *pip) if text not in {python, "-e ."}]
    renamed = [re.sub(r"^[\w-]+", lambda m: CONDA_NAMES.get(m[0], m[0]), text) for text in plain]
    ours, theirs = needs(renamed), needs(project()["dependencies"])
    assert {n: str(r.specifier) for n, r in ours.items()} == {n: str(r.specifier) for n, r in theirs.items()}
    assert pip[-1] == "-e ."
    assert Requirement(python).specifier.contains("3.11.0")
    assert Requirement(python).specifier.contains("3.13.9")
    assert not Requirement(python).specifier.contains("3.10.9")


@cache
def lock() -> dict[str, list[tuple[Version, str]]]:
    """Locked versions by name, each with the text of its entry."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    found: dict[str, list[tuple[Version, str]]] = {}
    for entry in re.split(r"\n(?=[A-Za-z0-9])", text):
        match = re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", entry.lstrip())
        if match:
            found.setdefault(canonicalize_name(match[1]), []).append((Version(match[2]), entry))
    return found


def test_the_lock_satisfies_the_project_with_hashes_for_everything() -> None:
    wanted = needs(project()["dependencies"] + project()["optional-dependencies"]["dev"])  # type: ignore[call-overload]
    for name, need in wanted.items():
        assert name in lock(), name
        assert all(need.specifier.contains(version) for version, _ in lock()[name]), name
    for name, entries in lock().items():
        assert all("--hash=sha256:" in entry for _, entry in entries), name


def test_the_lock_names_no_address_and_no_option() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "://" in line] == []
    starts = tuple(
        "-" + name for name in ("i ", "-index-url", "-extra-index-url", "-find-links", "f ", "-trusted-host", "r ")
    )
    assert [line for line in lines if line.startswith(starts)] == []


def test_no_file_holds_a_path_of_a_machine_or_a_credential() -> None:
    found = []
    for path in files():
        if path.suffix not in SUFFIXES or path == Path(__file__) or path.stat().st_size > 5_000_000:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            if MACHINE_PATH.search(line) or CREDENTIAL.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert found == []


def test_notebooks_agree_with_their_sources_and_translations() -> None:
    assert notebook_problems(ROOT / "notebooks") == []


def test_no_committed_notebook_holds_outputs() -> None:
    for path in (path for path in files() if path.suffix == ".ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells), path.name


def test_importing_cxlab_loads_nothing_heavy() -> None:
    heavy = ("numpy", "pandas", "scipy", "matplotlib", "sklearn", "statsmodels", "semopy", "yaml", "IPython")
    script = f"import sys, cxlab; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_every_public_name_can_be_loaded() -> None:
    import cxlab

    assert [name for name in cxlab.__all__ if getattr(cxlab, name, None) is None] == []


def test_files_and_functions_keep_to_their_sizes() -> None:
    files_too_long, functions = [], {}
    for path in (path for path in files() if path.suffix == ".py" and path.is_relative_to(ROOT / "cxlab")):
        text = path.read_text(encoding="utf-8")
        files_too_long += [path.name] if text.count("\n") > 400 else []
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                functions[f"{path.name}:{node.name}:{node.lineno}"] = _length(node)
    over = {name: length for name, length in functions.items() if length > 30}
    assert files_too_long == []
    assert {name: length for name, length in over.items() if length > 40} == {}
    assert len(over) <= len(functions) / 50, over


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function's body, its docstring aside."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_ci_calls_the_two_commands_that_a_reader_is_given() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make test" in script
    assert "make reproduce" in script
    assert "set -euo pipefail" in script
