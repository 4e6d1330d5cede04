"""A reference as a text cites it: names and year."""

from __future__ import annotations

import re

from cxlab.i18n import Language, tr
from cxlab.references import Reference

_SURNAME = re.compile(r"(?:^|, (?:& )?|& )([^\W\d_][^,&]*?), (?=[^\W\d_]\.)")


def in_text(work: Reference, lang: Language | None = None) -> str:
    """The work as cited in a sentence: one or two names, or the first and "et al.", and the year.

    Examples
    --------
    >>> from cxlab.references import cite
    >>> [in_text(work, "en") for work in cite("pine_gilmore_1998", "gentile_2007", "pwc_2018")]
    ['Pine & Gilmore (1998)', 'Gentile et al. (2007)', 'PwC (2018)']
    >>> in_text(cite("gentile_2007")[0], "vi")
    'Gentile và cộng sự (2007)'
    """
    head, _, rest = work.text.partition(" (")
    year = rest[:4]  # "n.d." takes four letters too
    names = _SURNAME.findall(head)
    if len(names) > 2 or "et al." in head:
        who = tr("theory.and_others", lang, name=names[0])
    elif len(names) == 2:
        who = tr("theory.two_names", lang, first=names[0], second=names[1])
    else:
        who = names[0] if names else head.rstrip(".")
    return f"{who} ({year})"
