"""What `cxlab reproduce` says at the end: what failed and where, and where to look."""

from __future__ import annotations

import textwrap

from cxlab.i18n import tr
from cxlab.study.progress import label
from cxlab.study.reproduce import Run, say_relative
from cxlab.study.run import Outcome


def summary(run: Run) -> str:
    """The closing lines of a run: each failure with cell, line and error, then the first page's place."""
    lines = [_failure(outcome) for outcome in run.failed]
    if run.interrupted:
        lines.append(tr("study.interrupted", done=len(run.outcomes), total=len(run.pairs)))
    good, total = len(run.outcomes) - len(run.failed), len(run.pairs)
    lines.append(tr("study.closing", good=good, total=total, seconds=f"{run.facts['seconds']:.0f}"))
    lines.append(tr("study.look_at", path=say_relative(run.first_page)))
    return "\n".join(lines)


def _failure(outcome: Outcome) -> str:
    failure = outcome.failure
    assert failure is not None  # noqa: S101 - only failures come here
    name = label(outcome.pair)
    if not failure.cell:
        return tr("study.failure_before", name=name) + "\n" + textwrap.indent(failure.error, "    ")
    head = tr("study.failure", name=name, cell=failure.cell, line=failure.line)
    at = tr("study.failure_at", line=failure.at) + "\n" if failure.at and failure.at != failure.line else ""
    return head + "\n" + textwrap.indent(at + failure.error, "    ")
