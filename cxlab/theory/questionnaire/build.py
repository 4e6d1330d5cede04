"""questionnaire(): from a codebook to a form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cxlab.codebook import Codebook, Text
from cxlab.i18n import Language
from cxlab.theory.questionnaire.pages import Layout
from cxlab.theory.questionnaire.put_together import built
from cxlab.theory.questionnaire.request import Conditions, Shuffle, checked
from cxlab.theory.questionnaire.result import Questionnaire


def questionnaire(
    codebook: Codebook,
    lang: Language | Sequence[Language] = "en",
    *,
    title: str | Text | None = None,
    brand: str | Text | None = None,
    consent: bool | str | Text = True,
    contact: str | Text | None = None,
    attention: int = 1,
    randomise: bool | Shuffle = True,
    layout: Layout = "construct",
    screener: Any = (),
    background: Any = (),
    show_if: Conditions | None = None,
    skip: Conditions | None = None,
    required: bool = True,
    name: str | None = None,
    seed: int = 1,
    version: int = 1,
) -> Questionnaire:
    """Make a questionnaire of a codebook's items, for Kobo, LimeSurvey, Qualtrics, paper, in one language or two.

    Use it before fieldwork. Its `codebook` reads the answers of each platform back in one call,
    ``cx.read_survey(path, codebook=q.codebook)``.

    Parameters
    ----------
    codebook : Codebook
        Items of the role ``item`` are asked, on their own scales; the researcher's notes stay out of the form. A text
        may leave room for the brand: ``{brand}``.
    lang : {"en", "vi"} or several of them
        Languages of the form; the first is the one that platforms start with.
    title : str or bilingual text, optional
        Heading of the form; if not given, one that names the brand and keeps the theory to itself.
    brand : str or bilingual text, optional
        What the questions are about: a shop, a brand, a service.
    consent : bool, str or bilingual text
        True for a page with purpose, voluntary part, anonymity, contact and the right to stop; a text of your own
        (``{contact}`` stands for `contact`); False for none.
    contact : str or bilingual text, optional
        Who answers questions about the study: name and e-mail. Without it the form has a gap to fill, and says so.
    attention : int
        Number of attention checks, at most one a page. What they ask for depends on the seed.
    randomise : bool or {"items", "blocks"}
        ``"items"`` shuffles the questions of a page, ``"blocks"`` (or True) the pages of scales too. The order is a
        draw of `seed` and `version`; LimeSurvey shuffles again for every respondent, XLSForm and TXT files cannot.
    layout : {"construct", "mixed"}
        A page for each construct, or pages on which the constructs mix.
    screener : Item, str, bilingual text, or several
        Questions before all others. A text is to be answered yes or no, and only a yes goes on; an Item lets pass who
        gives its `expected` answer, and everybody if it has none.
    background : Item, str, or several
        Questions at the end: an Item, the name of one in the codebook, or one of ``age gender education occupation
        frequency``.
    show_if : mapping of block or question to condition, optional
        Who is asked: ``{"complaints": {"complained": "yes"}}``. A condition names earlier questions with the answer,
        several answers in a list, or ``{"min": 4, "max": 7}``; several questions must hold together; ``{"any": [...]}``
        and ``{"not": {...}}`` combine them. Blocks are constructs, and ``"background"``.
    skip : mapping of block or question to condition, optional
        The same the other way round: who is *not* asked.
    required : bool
        True if platforms should insist on an answer to scale questions. Background questions never are.
    name : str, optional
        Id of the form: letters, digits, ``_`` and ``-``.
    seed : int
        Draws the order, and the checks' answers and places.
    version : int
        Another order of the same questions with the same checks; see `Questionnaire.versions`.

    Returns
    -------
    Questionnaire
        ``table`` (page, block, name, code, type, role, text, text_en, text_vi, scale, required, relevance),
        ``codebook``, ``warnings``, ``to_xlsform``, ``to_limesurvey``, ``to_qualtrics``, ``to_docx``, ``to_csv``.

    Raises
    ------
    CodebookError
        An empty codebook; an item without a text, or a scale without an anchor, in a language asked for; two questions
        of one name, a name that a platform writes itself; a condition on an unknown or a later question, or on an
        answer that there is not.
    CxlabError
        An unknown language.

    Examples
    --------
    >>> import cxlab as cx
    >>> codebook = cx.framework("gentile").codebook(brand="Phin")
    >>> q = cx.questionnaire(codebook, ("en", "vi"), brand="Phin", background=("age", "gender"), seed=7)
    >>> q.table.groupby("type").size().to_dict()
    {'choice': 2, 'number': 1, 'scale': 25}
    >>> q.codebook.item("att1").expected
    3
    """
    return built(checked(**locals()))
