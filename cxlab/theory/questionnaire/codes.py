"""Names that every platform takes: which are kept free, and what becomes of the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from cxlab.codebook.text import bare, fold
from cxlab.errors import CodebookError

CONSENT, RESPONDENT, STARTED, DURATION = "consent", "respondent_id", "started", "duration"
# Columns that the platforms themselves write, and the names that a questionnaire gives to its own parts.
_TAKEN = frozenset(
    {
        *(CONSENT, RESPONDENT, STARTED, DURATION),
        *("start", "end", "today", "meta", "deviceid", "username", "instanceid", "instancename"),
        *("_id", "_uuid", "_index", "_submission_time", "_submitted_by", "_status", "_tags", "_notes", "__version__"),
        *("_version_", "_validation_status", "formhub", "_parent_index", "_parent_table_name", "_attachments"),
        *("id", "token", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "ipaddr"),
        *("refurl", "interviewtime", "completed", "time", "other"),
        *("enddate", "status", "ipaddress", "progress", "finished", "recordeddate", "responseid", "userlanguage"),
        *("recipientlastname", "recipientfirstname", "recipientemail", "externalreference", "distributionchannel"),
        *("locationlatitude", "locationlongitude", "timestamp", "thanks"),
    }
)
_OWN = re.compile(r"page_\d+|grid\d+|note_\w+")
XLSFORM_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
LIMESURVEY_CODE = re.compile(r"[A-Za-z][A-Za-z0-9]{0,19}")
_FORM_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_LONGEST = 20


def check_names(names: Iterable[str]) -> None:
    """No two questions of one name, and none that a platform writes itself.

    Capitals do not count: databases and spreadsheets do not tell them apart.
    """
    seen: dict[str, str] = {}
    for name in names:
        key = fold(name)
        if key in _TAKEN or _OWN.fullmatch(key):
            raise CodebookError("questionnaire.reserved_name", name=name, proposal=f"{name}_1")
        if key in seen:
            raise CodebookError("questionnaire.name_twice", name=name, other=seen[key])
        seen[key] = name


def is_reserved(name: str) -> bool:
    """True for a name that a platform or the questionnaire writes itself."""
    return fold(name) in _TAKEN or bool(_OWN.fullmatch(fold(name)))


def make_codes(names: Iterable[str]) -> Mapping[str, str]:
    """A code of at most twenty letters and digits for each name; the name itself where it is one.

    Examples
    --------
    >>> make_codes(["sen1", "rel_1", "hài lòng 1"])
    {'sen1': 'sen1', 'rel_1': 'rel1', 'hài lòng 1': 'hailong1'}
    """
    names = list(names)
    codes = {name: name for name in names if LIMESURVEY_CODE.fullmatch(name)}
    used = {fold(name) for name in names}
    for number, name in enumerate(names, start=1):
        if name in codes:
            continue
        plain = re.sub(r"[^A-Za-z0-9]", "", bare(name)) or f"v{number}"
        plain = (plain if plain[0].isalpha() else f"v{plain}")[:_LONGEST]
        code, more = plain, 2
        while code in used or is_reserved(code):
            code, more = f"{plain[: _LONGEST - 3]}x{more}", more + 1
        codes[name] = code
        used.add(code)
    return {name: codes[name] for name in names}


def form_name(name: str | None, fallback: str) -> str:
    """The id of the form: the one given, if platforms take it, else one made of the codebook's name.

    Raises
    ------
    CodebookError
        If the id given has other characters than letters, digits, ``_`` and ``-``, or begins with none of the letters.
    """
    if name is not None:
        if not isinstance(name, str) or not _FORM_NAME.fullmatch(name):
            raise CodebookError("questionnaire.form_name", name=name, proposal=_plain(str(name)) or "my_survey")
        return name
    return _plain(fallback) or "questionnaire"


def _plain(text: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", bare(text)).strip("_")[:64]
    return plain if plain[:1].isalpha() else f"q_{plain}" if plain else ""
