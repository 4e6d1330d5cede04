"""What a person sees while notebooks run: a bar on a terminal, a line for each notebook elsewhere."""

from __future__ import annotations

import sys
from typing import TextIO

from tqdm import tqdm

from cxlab.i18n import tr
from cxlab.study.pairs import Pair
from cxlab.study.run import Outcome


class Progress:
    """Counts cells over all notebooks, so that the time remaining means something.

    Parameters
    ----------
    pairs : list of Pair
        The notebooks to come.
    out : text stream, optional
        Where to write, by default standard error.
    """

    def __init__(self, pairs: list[Pair], out: TextIO | None = None) -> None:
        self._out = out or sys.stderr
        self._total, self._done = len(pairs), 0
        self._running: list[str] = []
        cells = sum(_code_cells(pair) for pair in pairs)
        shape = "{desc} {percentage:3.0f}%|{bar:24}| {elapsed} < {remaining}"
        terminal = self._out.isatty()
        self._bar = tqdm(
            total=cells, file=self._out, bar_format=shape, disable=not terminal, leave=False, mininterval=0.2
        )

    def start(self, pair: Pair) -> None:
        """A notebook begins."""
        self._running.append(label(pair))
        self._show()

    def cell(self) -> None:
        """A code cell is done."""
        self._bar.update(1)

    def finish(self, outcome: Outcome) -> None:
        """A notebook ended: one line that stays."""
        self._done += 1
        if label(outcome.pair) in self._running:
            self._running.remove(label(outcome.pair))
        key = "study.progress_failed" if outcome.failure else "study.progress_done"
        count = f"{self._done}/{self._total}"
        line = tr(key, count=count, name=label(outcome.pair), seconds=f"{outcome.seconds:.0f}")
        tqdm.write(line, file=self._out)
        self._out.flush()
        self._show()

    def close(self) -> None:
        """Take the bar away."""
        self._bar.close()

    def _show(self) -> None:
        self._bar.set_description_str(", ".join(self._running))


def label(pair: Pair) -> str:
    """How a notebook is called on the terminal: its name, and its language unless English."""
    return pair.name if pair.lang == "en" else f"{pair.name} ({pair.lang})"


def _code_cells(pair: Pair) -> int:
    return sum(cell.cell_type == "code" and bool(cell.source.strip()) for cell in pair.notebook.cells)
