"""One exception tree, and notices: what cxlab says when it cannot go on, and when it can but you should know.

Messages live in the catalogues of `cxlab.i18n`; code passes a key and its arguments. So the same error reads in
English or Vietnamese, and a test can ask for the key instead of the wording.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cxlab.i18n import Language, current_language, language, tr


class CxlabError(Exception):
    """Base of every error that cxlab raises on purpose: says what is wrong, where, and what to do.

    Parameters
    ----------
    key : str
        Catalogue key of the message, for example ``"survey.no_rows"``.
    **values
        The values of the message's placeholders; also readable as ``error.values``.

    Examples
    --------
    >>> try:
    ...     raise DataError("survey.no_rows")
    ... except CxlabError as error:
    ...     error.key
    'survey.no_rows'
    """

    def __init__(self, key: str, **values: Any) -> None:
        self.key = key
        self.values = values
        super().__init__(tr(key, **values))


class FileError(CxlabError):
    """A file is missing, empty, unreadable, in another encoding, or outside the folder it must stay in."""


class DataError(CxlabError):
    """The table is not fit for the question: columns, rows, types or too few cases."""


class ScaleError(DataError):
    """An item holds values outside its scale."""


class CodebookError(CxlabError):
    """A codebook breaks a rule; the message names the line."""


class DatasetError(CxlabError):
    """A dataset is unknown, cannot be fetched, or its bytes are not the registered ones."""


class PrivacyError(CxlabError):
    """The step would show or store personal data."""


class ModelError(CxlabError):
    """A model cannot be used as written."""


class ModelSyntaxError(ModelError):
    """A line of model text cannot be read; the message names line, column and the offending text."""


class IdentificationError(ModelError):
    """The model has no unique solution."""


class NotSupportedError(ModelError):
    """The engine would give a wrong or unchecked answer for this model, so it gives none."""


class EstimationError(CxlabError):
    """The estimate was not found: no convergence, or a moment matrix that cannot be used."""


class StudyError(CxlabError):
    """A notebook, report or study file failed."""


@dataclass(frozen=True)
class Notice:
    """Something a reader must know before the numbers: a catalogue key, its values, and how serious it is.

    Examples
    --------
    >>> Notice("teach.right", {"answer": "0.71"}).text("vi")
    'Đúng: 0.71.'
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    serious: bool = False

    def text(self, lang: Language | None = None) -> str:
        """The notice in words, in the given language or the one in use."""
        with language(lang or current_language()):  # values may be notices themselves
            return tr(self.key, **self.values)

    def __str__(self) -> str:
        return self.text()
