"""`cxlab lab`: JupyterLab on the notebooks, for this machine only, with its token on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from cxlab.errors import FileError
from cxlab.i18n import Language

START = "00_start_here.ipynb"


def lab_command(
    notebooks: Path, *, port: int | None = None, browser: bool = True, lang: Language = "en", uid: int | None = None
) -> list[str]:
    """The command that opens JupyterLab on the start page.

    Parameters
    ----------
    notebooks : Path
        The folder to open.
    port : int, optional
        The local port; Jupyter's own choice if not given.
    browser : bool
        False to print the address and open no browser.
    lang : "en" or "vi"
        Which edition's start page.
    uid : int, optional
        The user's number; 0 (root, as in containers) needs Jupyter's leave.

    Examples
    --------
    >>> [part for part in lab_command(Path("notebooks"), port=9000) if "ip=" in part or "port=" in part]
    ['--ServerApp.ip=127.0.0.1', '--ServerApp.port=9000']
    """
    start = START if lang == "en" else f"{lang}/{START}"
    page = f"/lab/tree/{start}" if (notebooks / start).exists() else "/lab"
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={notebooks}"]
    command += ["--ServerApp.ip=127.0.0.1", f"--LabApp.default_url={page}"]
    command += [f"--ServerApp.port={port}"] if port else []
    command += [] if browser else ["--no-browser"]
    return [*command, "--allow-root"] if uid == 0 else command


def open_lab(notebooks: Path, *, port: int | None, browser: bool, lang: Language) -> int:
    """Run JupyterLab until it is closed; its exit status."""
    if not notebooks.is_dir():
        raise FileError("study.no_notebooks", folder=notebooks.name)
    uid = os.getuid() if hasattr(os, "getuid") else None
    command = lab_command(notebooks, port=port, browser=browser, lang=lang, uid=uid)
    # A backend meant for scripts (the Makefile sets one) would keep figures out of the notebooks.
    environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    with subprocess.Popen(command, env=environment) as server:
        while True:
            try:
                return server.wait()
            except KeyboardInterrupt:
                continue  # Jupyter got it too, and asks whether it should stop
