"""Keeping notebooks in order: everything written from its source, and everything that does not agree listed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cxlab.i18n import LANGUAGES, tr
from cxlab.study.carry import carry_all
from cxlab.study.pairs import contract_problems, difference, find_pairs, write_ipynb
from cxlab.study.translation import stamp_all, translation_problems


def notebook_problems(notebooks: Path) -> list[str]:
    """One sentence for each thing out of order: pairs, parameters, report names, translations."""
    problems: list[str] = []
    for pair in (pair for lang in LANGUAGES for pair in find_pairs(notebooks, lang)):
        problems += [text for text in (difference(pair), *contract_problems(pair)) if text]
    return problems + translation_problems(notebooks)


def write_all(notebooks: Path, *, carried: bool = False, stamped: bool = False, force: bool = False) -> Iterator[str]:
    """Write every .ipynb from its source, carrying or stamping translations first if asked; yields what changed."""
    if carried:
        for name, left in carry_all(notebooks).items():
            yield tr("study.carried", name=name, left=left)
    if stamped:
        for name, count in stamp_all(notebooks).items():
            if count:
                yield tr("study.stamped", name=name, count=count)
    changed = 0
    for pair in (pair for lang in LANGUAGES for pair in find_pairs(notebooks, lang)):
        if write_ipynb(pair, force=force):
            changed += 1
            yield tr("study.wrote", name=pair.ipynb.relative_to(notebooks).as_posix())
    if not changed:
        yield tr("study.nothing_to_write")
