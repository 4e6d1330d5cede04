"""A kernel of the running interpreter for each notebook: nothing installed, nothing inherited, nothing left behind."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from cxlab.errors import StudyError
from cxlab.study.pairs import Notebook

_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
_FIRST_LINES = ("from cxlab.study.guard import install as _install", "_install()", "del _install")
# A Unix socket's address is cut at about 100 characters; five suffixes of the kernel's own have to fit too.
_LONGEST_SOCKET = 80


class _ThisPython(KernelSpecManager):
    """Offers one kernel, the interpreter that runs cxlab, whatever kernels the machine has registered."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python 3", language="python")


class Client(NotebookClient):
    """nbclient, with a kernel that is always shut down, also when several notebooks run at once and are interrupted."""

    @asynccontextmanager
    async def async_setup_kernel(self, **kwargs: Any) -> AsyncGenerator[None, None]:
        """Start kernel and channels, and stop both however the notebook ends."""
        try:
            await self._start(**kwargs)
            yield
        finally:
            if _cancelled():
                self.shutdown_kernel = "immediate"
            if self.km is not None:
                await asyncio.shield(self._async_cleanup_kernel())

    async def _start(self, **kwargs: Any) -> None:
        try:
            await self.async_start_new_kernel(**kwargs)
            await self.async_start_new_kernel_client()
        except (OSError, RuntimeError) as error:
            raise StudyError("study.kernel_failed", reason=str(error).strip().splitlines()[0]) from error


async def execute(notebook: Notebook, cwd: Path, *, timeout: int, **hooks: Any) -> None:
    """Run every cell of a notebook in place, in a kernel of its own.

    Parameters
    ----------
    notebook : NotebookNode
        Gets its outputs.
    cwd : Path
        The kernel's working folder.
    timeout : int
        Seconds one cell may take.
    **hooks
        nbclient's hooks, such as ``on_cell_executed``.
    """
    scratch = Path(tempfile.mkdtemp(prefix="cxlab-"))
    try:
        client = Client(
            notebook,
            km=_manager(scratch),
            timeout=timeout,
            startup_timeout=120,
            record_timing=False,
            store_widget_state=False,
            coalesce_streams=True,
            extra_arguments=[f"--IPKernelApp.exec_lines={line}" for line in _FIRST_LINES],
            resources={"metadata": {"path": str(cwd)}},
            **hooks,
        )
        log = scratch / "kernel.log"
        with log.open("wb") as said:
            await client.async_execute(env=_environment(scratch), stdout=said, stderr=said)
    except DeadKernelError as error:
        if _cancelled():
            raise asyncio.CancelledError from error
        raise StudyError("study.kernel_died", said=_last_words(log)) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _cancelled() -> bool:
    """True if this task was told to stop: nbclient reports that as a dead kernel."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _last_words(log: Path) -> str:
    """The last lines that a kernel wrote where only a terminal would have shown them, each on a line of its own."""
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return "".join(f"\n{line}" for line in lines[-3:])


def _manager(scratch: Path) -> AsyncKernelManager:
    """A kernel manager on files of our own: sockets in the scratch folder where there are such, else local ports."""
    manager = AsyncKernelManager(kernel_spec_manager=_ThisPython(), connection_file=str(scratch / "k.json"))
    if os.name == "posix" and len(str(scratch)) < _LONGEST_SOCKET:
        manager.transport = "ipc"
        manager.ip = str(scratch / "k")
    return manager


def _environment(scratch: Path) -> dict[str, str]:
    """The kernel's surroundings: figures inline, one thread per library, no start-up files of the user's IPython."""
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONSTARTUP", "PYTHONINSPECT"}}
    environment |= dict.fromkeys(_ONE_THREAD, "1")
    environment |= {
        "IPYTHONDIR": str(scratch / "ipython"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONHASHSEED": "0",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    return environment
