"""Where a survey's data come from, as a report prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxlab.errors import StudyError
from cxlab.i18n import Language, pick

if TYPE_CHECKING:
    from cxlab.survey.survey import Survey


def describe_source(survey: Survey, lang: Language) -> dict[str, Any]:
    """Name, title, sha256, rows in the file and rows used, kind, licence and citation of a survey's data."""
    from cxlab.survey.survey import Survey

    if not isinstance(survey, Survey):
        raise StudyError("study.data_needs_survey", kind=type(survey).__name__)
    source, codebook = survey.source, survey.codebook
    dataset = str(source.get("dataset") or "")
    kind = source.get("kind") or getattr(codebook, "kind", "")
    return {
        "name": dataset or codebook.name or str(source.get("path") or ""),
        "title": pick(codebook.title, lang) if codebook.title else "",
        "sha256": str(source.get("sha256") or ""),
        "rows": int(source.get("rows") or len(survey.frame)),
        "used": len(survey.frame),
        "kind": "simulated" if kind == "simulated" else "real",
        "licence": _licence(dataset),
        "citation": codebook.citation,
    }


def _licence(dataset: str) -> str:
    """The licence of a registered dataset; empty for a file of the researcher's own."""
    from cxlab.survey.datasets.catalogue import entries

    known = entries().get(dataset)
    return known.licence if known else ""
