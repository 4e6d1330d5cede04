"""Which topics of theory there are, and one of them as a table."""

from __future__ import annotations

import pandas as pd

from cxlab.codebook.text import bare, did_you_mean
from cxlab.errors import CxlabError
from cxlab.i18n import check_language, current_language, pick, tr
from cxlab.theory.tables.figures import FIGURES
from cxlab.theory.tables.rows import cells_of
from cxlab.theory.tables.table import TheoryTable, make_table
from cxlab.theory.tables.topic import groups, read_topic, topic_names


def theory_table(topic: str, lang: str | None = None) -> TheoryTable:
    """A topic of customer-experience theory as a table: what is said, by whom, and how sure that is.

    When to use it: to read or teach a topic, to code texts or events by its keys, to print it in a paper, to check
    where a number comes from. Texts are ours, in English and Vietnamese; each row says if it was read in a source, is
    what one of the five source articles says (topic ``"articles"``), is our own, or was recalled.

    Parameters
    ----------
    topic : str
        The topic's name, as listed by `list_theory`, for example ``"definitions"``, ``"history"`` or ``"claims"``.
    lang : "en" or "vi", optional
        Language of the texts in ``.table``; by default the one in use.

    Returns
    -------
    TheoryTable
        ``.table`` (one row a key: ``key``, the topic's columns, ``status``, ``references``, ``works``), ``.status``,
        ``.references``, ``.warnings``, ``.summary()``, ``.apa()``, ``.plot()`` where there is a figure, ``.cite()``.
        A column of keys is followed by ``<column>_label``.

    Raises
    ------
    CxlabError
        For an unknown topic or language; the message lists those there are.

    Examples
    --------
    >>> claims = theory_table("claims", "en").table.set_index("key")
    >>> claims.loc["dropped", ["figure", "verdict_label"]].tolist()
    ['78%', 'supported']
    >>> theory_table("touchpoint_owners", "vi").table["owner"].tolist()[0]
    'do thương hiệu sở hữu'
    """
    name = bare(str(topic)).replace("-", "_").replace(" ", "_")
    if name not in topic_names():
        known = topic_names()
        hint = did_you_mean(name, known) or _spoken_of(str(topic))
        raise CxlabError("theory.unknown_topic", topic=topic, hint=hint, known=", ".join(known))
    return make_table(read_topic(name), check_language(lang) if lang else current_language())


def _spoken_of(word: str) -> str:
    """A sentence that names the topics whose title or description holds the word, in either language; or nothing."""
    asked = bare(word)
    if len(asked) < 3:
        return ""
    known = (read_topic(name) for name in topic_names())
    found = [
        one.name for one in known if any(asked in bare(text) for text in (*one.title.values(), *one.about.values()))
    ]
    return tr("theory.spoken_of", names=", ".join(found)) if found else ""


def list_theory(lang: str | None = None) -> pd.DataFrame:
    """The topics of theory that `theory_table` knows, one a row.

    Parameters
    ----------
    lang : "en" or "vi", optional
        Language of the titles; by default the one in use.

    Returns
    -------
    DataFrame
        ``topic``; ``group``; ``title``; ``rows``; ``unsure``, how many of the rows are recalled and not checked;
        ``figure``, True if the topic can be drawn; ``points``, the points of the articles that it holds.

    Raises
    ------
    CxlabError
        For an unknown language.

    Examples
    --------
    >>> list_theory("en").set_index("topic").loc["partner_networks", ["group", "points"]].tolist()
    ['management', '8.6, 8.9, 8.10, 8.11']
    """
    asked = check_language(lang) if lang else current_language()
    rows = []
    for group, names in groups().items():
        for name in names:
            topic = read_topic(name)
            status = cells_of(topic)["status"]
            rows.append(
                {
                    "topic": name,
                    "group": group,
                    "title": pick(topic.title, asked),
                    "rows": len(status),
                    "unsure": int((status == "memory").sum()),
                    "figure": name in FIGURES,
                    "points": ", ".join(topic.points),
                }
            )
    return pd.DataFrame(rows)
