"""The command line: thin, with plain messages and exit statuses that scripts can use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cxlab
from cxlab.cli import app
from cxlab.i18n import use_language
from cxlab.study import lab as lab_module
from cxlab.study.lab import lab_command, open_lab

runner = CliRunner()
SOURCE = (
    '# %% [markdown]\n# # Quick\n\n# %% tags=["parameters"]\nseed = 1\nlang = "en"\nreports = None\n\n# %%\n{code}\n'
)


@pytest.fixture(autouse=True)
def _english() -> object:
    yield
    use_language("en")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "notebooks" / "source").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def source(place: Path, name: str, code: str) -> None:
    (place / "notebooks" / "source" / f"{name}.py").write_text(SOURCE.format(code=code), encoding="utf-8")


def test_reproduce_ends_with_0_and_where_to_look(place: Path) -> None:
    source(place, "01_quick", "1 + 1")
    done = runner.invoke(app, ["reproduce"])
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[-1] == "Look at " + str(Path("reports") / "index.html")


def test_reproduce_ends_with_1_when_a_notebook_fails(place: Path) -> None:
    source(place, "01_falls", "1 / 0")
    done = runner.invoke(app, ["reproduce", "--reports", "elsewhere"])
    assert done.exit_code == 1
    assert "01_falls failed in code cell [2]: 1 / 0" in done.stdout
    assert (place / "elsewhere" / "index.html").exists()


def test_a_notebook_that_is_not_there_is_a_message_not_a_traceback(place: Path) -> None:
    source(place, "01_quick", "1 + 1")
    done = runner.invoke(app, ["reproduce", "--only", "99"])
    assert done.exit_code == 1
    assert done.stderr.strip() == "No notebook begins with '99'. There are: 01_quick."


def test_messages_are_vietnamese_when_the_edition_is(place: Path) -> None:
    done = runner.invoke(app, ["reproduce", "--lang", "vi"])
    assert done.exit_code == 1
    assert "Không có sổ tay" in done.stderr


def test_a_wrong_option_is_a_usage_error() -> None:
    assert runner.invoke(app, ["reproduce", "--jobs", "0"]).exit_code == 2
    assert runner.invoke(app, ["reproduce", "--lang", "fr"]).exit_code == 2


def test_notebooks_are_written_and_then_checked(place: Path) -> None:
    source(place, "01_quick", "1 + 1")
    assert runner.invoke(app, ["notebooks", "--check"]).exit_code == 1
    assert "01_quick.ipynb" in runner.invoke(app, ["notebooks"]).stdout
    checked = runner.invoke(app, ["notebooks", "--check"])
    assert checked.exit_code == 0, checked.output
    assert "every pair agrees" in checked.stdout


def test_datasets_are_listed() -> None:
    listed = runner.invoke(app, ["datasets"])
    assert listed.exit_code == 0
    assert "ecsi_mobile" in listed.stdout
    assert "on request" in listed.stdout


def test_the_version_is_the_packages() -> None:
    assert cxlab.__version__ in runner.invoke(app, ["version"]).stdout


def test_lab_serves_this_machine_only_with_its_token_on() -> None:
    command = lab_command(Path("notebooks"))
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert "--ServerApp.ip=127.0.0.1" in command
    assert not any("token" in part.lower() or "password" in part.lower() for part in command)
    assert "--allow-root" not in command


def test_lab_may_run_as_root_only_when_it_is_root() -> None:
    assert "--allow-root" in lab_command(Path("notebooks"), uid=0)
    assert "--allow-root" not in lab_command(Path("notebooks"), uid=1000)


@pytest.mark.parametrize(("lang", "page"), [("en", "00_start_here.ipynb"), ("vi", "vi/00_start_here.ipynb")])
def test_lab_opens_the_start_page_of_the_edition(tmp_path: Path, lang: str, page: str) -> None:
    (tmp_path / page).parent.mkdir(exist_ok=True)
    (tmp_path / page).write_text("{}", encoding="utf-8")
    command = lab_command(tmp_path, lang=lang, port=8899, browser=False)  # type: ignore[arg-type]
    assert f"--LabApp.default_url=/lab/tree/{page}" in command
    assert {"--ServerApp.port=8899", "--no-browser"} <= set(command)


def test_lab_does_not_inherit_a_backend_that_draws_no_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MPLBACKEND", "Agg")
    told = [sys.executable, "-c", "import os, sys; print(os.environ.get('MPLBACKEND')); sys.exit(3)"]
    monkeypatch.setattr(lab_module, "lab_command", lambda *_, **__: told)
    assert open_lab(tmp_path, port=None, browser=False, lang="en") == 3
    assert capfd.readouterr().out.strip() == "None"


def test_lab_options_are_ones_that_jupyter_knows() -> None:
    done = subprocess.run(
        [*lab_command(Path("notebooks"), port=8899, browser=False, uid=0), "--show-config"],
        capture_output=True, text=True, timeout=60, env=os.environ | {"JUPYTER_NO_CONFIG": "1"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "unrecognized" not in (done.stdout + done.stderr).lower()
    assert "127.0.0.1" in done.stdout


def test_help_is_quick_and_imports_nothing_heavy() -> None:
    script = (
        "import sys, cxlab.cli; print([m for m in ('pandas', 'matplotlib', 'nbclient', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
