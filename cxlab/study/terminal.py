"""Output that never fails for want of a letter: terminals and pipes without UTF-8 get letters without their marks."""

from __future__ import annotations

import codecs
import io
import unicodedata
from collections.abc import Iterable
from typing import TextIO

# The one Vietnamese letter that does not come apart into a letter and a mark.
_WHOLE = {"đ": "d", "Đ": "D"}


def spare_letters(streams: Iterable[TextIO]) -> None:
    """Let text streams write what their encoding can, and bare letters for the rest (``hài`` as ``hai``).

    Parameters
    ----------
    streams : iterable of text stream
        Standard output and error, for example; streams that cannot be set are left alone.

    Examples
    --------
    >>> pipe = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")  # has é and ã, but no other letter of these
    >>> spare_letters([pipe])
    >>> pipe.write("dữ liệu đã đọc: é") and pipe.flush()
    >>> pipe.buffer.getvalue().decode("latin-1")
    'du lieu dã doc: é'
    """
    codecs.register_error("cxlab.bare", bare)
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="cxlab.bare")


def bare(error: UnicodeError) -> tuple[str, int]:
    """The error handler: marks dropped, ``?`` for what has no plain letter.

    Examples
    --------
    >>> "Điểm → χ".encode("ascii", "cxlab.bare") if codecs.register_error("cxlab.bare", bare) is None else b""
    b'Diem ? ?'
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = "".join(_WHOLE.get(letter, letter) for letter in error.object[error.start : error.end])
    kept = "".join(part for part in unicodedata.normalize("NFKD", text) if not unicodedata.combining(part))
    return kept.encode("ascii", "replace").decode("ascii"), error.end
