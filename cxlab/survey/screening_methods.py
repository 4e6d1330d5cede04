"""What a Survey can do about careless answers: screen, flag, exclude, restore, and show the flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from cxlab.i18n import Language
    from cxlab.references import Reference
    from cxlab.show.table import Table
    from cxlab.survey.select import Where
    from cxlab.survey.survey import Survey


class Screening:
    """The screening half of `cxlab.Survey`, in a file of its own for its length."""

    def _survey(self) -> Survey:
        return self  # type: ignore[return-value]

    def screen(
        self,
        items: Sequence[str] | None = None,
        *,
        out_of_range: bool = True,
        missing: float | bool | None = 0.5,
        duplicates: bool = True,
        min_seconds: float | str | None = None,
        longstring: float | str | bool | None = None,
        straightline: bool | Sequence[str] = False,
        irv: float | None = None,
        attention: bool | Mapping[str, Any] | None = None,
        mahalanobis: float | bool | None = None,
        even_odd: float | bool | None = None,
        blocks: Mapping[str, Sequence[str]] | None = None,
        duration: str | None = None,
        **unknown: Any,
    ) -> Survey:
        """Flag respondents who answered carelessly or hardly at all. Flags only: `exclude` is a step of its own.

        Look at `flags_table` and at `indices`, whose numbers are there also for rules without a threshold, before
        you exclude anyone. No rule is a proof; most authors ask for two or more.

        Parameters
        ----------
        items : sequence of str, optional
            Items in the order asked; all numeric items of the survey if not given.
        out_of_range : bool
            Flag answers outside the codebook's scale.
        missing : float, optional
            Flag rows in which *more* than this share of the items is missing, 0 to 1. Default one half, a convention.
            0 asks for complete rows.
        duplicates : bool
            Flag the second and later of rows with the same answer to every item. Likely by chance with few items.
        min_seconds : float or str, optional
            Flag rows answered in less time: seconds, ``"median/3"`` (a part of the median; Leiner, 2019), or
            ``"2/item"`` (seconds per item; Huang et al., 2012).
        longstring : int or "half", optional
            Flag runs of identical neighbouring answers of at least this length; ``"half"`` is half of the items
            (Curran, 2016). A missing answer breaks a run. Equals ``careless::longstring`` in R.
        straightline : bool or sequence of str
            Flag rows with the same answer to all items (or all of those named; with `blocks`, throughout each block).
        irv : float, optional
            Flag rows whose answers have a standard deviation of at most this, in scale points (Dunn et al., 2018).
            Equals ``careless::irv``. There is no accepted threshold: look at ``indices["irv"]``.
        attention : mapping or True, optional
            Right answers of attention checks, ``{"att1": 4}`` (several: ``{"att1": [4, 5]}``), or True for those of
            the codebook. A wrong one is flagged, an unanswered one cannot be judged.
        mahalanobis : float or True, optional
            Flag rows with a chi-square p of the squared Mahalanobis distance below this; True is .001. Rows with a
            missing answer cannot be judged. Equals ``stats::mahalanobis`` on the complete rows.
        even_odd : float or True, optional
            Flag rows whose even-odd consistency over constructs is below this; True is .30 (DeSimone et al., 2015).
            Needs three constructs with two items or more, and means little with few of them. Equals
            ``careless::evenodd`` before version 1.2 (later versions turn the sign).
        blocks : mapping of str to sequence of str, optional
            Pages or grids of the questionnaire: runs and straight lines are sought within each.
        duration : str, optional
            The column with seconds, if the codebook does not say.
        **unknown
            Refused: a rule of another name would not be applied.

        Returns
        -------
        Survey
            With `flags`, `indices`, `flags_table`, a step per rule, and notices in `warnings`. Rules screened before
            stay; a rule screened again is replaced.

        Raises
        ------
        DataError
            Unknown or non-numeric items, a setting out of bounds, no column for a rule, an attention check that
            nobody answers rightly, or items whose covariance has no inverse (it names them).

        Notes
        -----
        Runs, straight lines and standard deviations use the answers as ticked, also after `reverse_scored`; even-odd
        consistency uses reversed items turned, also before it. Sources: ``cxlab.references``.

        Examples
        --------
        >>> import pandas as pd
        >>> from cxlab.survey.survey import as_survey
        >>> survey = as_survey(pd.DataFrame({"sat1": [4, 3, 5], "sat2": [4, 3, 2], "sat3": [5, 3, 4]}))
        >>> survey.screen(straightline=True).flags["straightline"].tolist()
        [False, True, False]
        """
        from cxlab.survey.screening import screen
        from cxlab.survey.screening_plan import Settings, refuse_unknown

        refuse_unknown(unknown)
        about_data = (out_of_range, missing, duplicates, min_seconds, longstring, straightline, irv)
        about_people = (attention, mahalanobis, even_odd, blocks, duration)
        return screen(self._survey(), items, Settings(*about_data, *about_people))

    def flag(self, rule: str, where: Where, reason: str = "") -> Survey:
        """Flag respondents by a rule of your own, to be excluded like any other.

        Parameters
        ----------
        rule : str
            A name for the rule.
        where : str, callable or booleans
            Who is flagged: query text, a function of the data, or one boolean per row.
        reason : str
            Why, in a few words; shown as the rule's source and in the flow.

        Examples
        --------
        >>> import pandas as pd
        >>> from cxlab.survey.survey import as_survey
        >>> survey = as_survey(pd.DataFrame({"sat1": [4, 3, 5], "age": [17, 40, 33]}))
        >>> survey.flag("minor", "age < 18", "under 18").exclude("minor").flow_table["remaining"].tolist()
        [3, 2, 2]
        """
        from cxlab.survey.exclude import flag

        return flag(self._survey(), rule, where, reason)

    @property
    def flags_table(self) -> pd.DataFrame:
        """The rules screened: rule, threshold, criterion, source, flagged, only_by_this_rule, not_judged."""
        from cxlab.survey.screening import flags_table

        return flags_table(self._survey().rules)

    def apa_flags(self, lang: Language | None = None) -> Table:
        """`flags_table` as a paper prints it, the rules named in words.

        Examples
        --------
        >>> import pandas as pd
        >>> from cxlab.survey.survey import as_survey
        >>> survey = as_survey(pd.DataFrame({"sat1": [4, 3, 5], "sat2": [4, 3, 2]})).screen(straightline=True)
        >>> survey.apa_flags("en").frame["rule"].tolist()[-1]
        'Same answer throughout'
        """
        from cxlab.i18n import current_language, language
        from cxlab.survey.screening import flags_apa

        with language(lang or current_language()):
            return flags_apa(self._survey().rules)

    def cite(self) -> tuple[Reference, ...]:
        """The works behind the rules screened, each once, in the order of `flags_table`.

        Examples
        --------
        >>> import pandas as pd
        >>> from cxlab.survey.survey import as_survey
        >>> survey = as_survey(pd.DataFrame({"sat1": [4, 3, 5], "sat2": [4, 3, 2]})).screen(irv=0.2)
        >>> [reference.key for reference in survey.cite()]
        ['dunn_2018']
        """
        from cxlab.references import cite

        return cite(*dict.fromkeys(key for rule in self._survey().rules for key in rule.sources))

    def exclude(self, *rules: str) -> Survey:
        """Leave out the rows that these rules flag, one rule after the other; logged, and undone by `restore`.

        Rows that a rule cannot judge stay, and the log says how many.

        Raises
        ------
        DataError
            If nothing has been screened, a rule has not, none is named, or nobody would be left.

        Examples
        --------
        >>> import pandas as pd
        >>> from cxlab.survey.survey import as_survey
        >>> survey = as_survey(pd.DataFrame({"sat1": [4, 3, 5], "sat2": [4, 3, 2], "sat3": [5, 3, 4]}))
        >>> survey.screen(straightline=True).exclude("straightline").data.index.tolist()
        [1, 3]
        """
        from cxlab.survey.exclude import exclude

        return exclude(self._survey(), rules)

    def restore(self, *rules: str) -> Survey:
        """Put back rows that these rules excluded (all rules if none is named), unless another of them flags the row.

        Examples
        --------
        >>> import pandas as pd
        >>> from cxlab.survey.survey import as_survey
        >>> survey = as_survey(pd.DataFrame({"sat1": [4, 3, 5], "sat2": [4, 3, 2], "sat3": [5, 3, 4]}))
        >>> len(survey.screen(straightline=True).exclude("straightline").restore())
        3
        """
        from cxlab.survey.exclude import restore

        return restore(self._survey(), rules)

    @property
    def flow_table(self) -> pd.DataFrame:
        """From collected to analysed: stage, rule, excluded, remaining."""
        from cxlab.survey.flow import flow_table

        return flow_table(self._survey())

    def flow(self, lang: Language | None = None) -> Figure:
        r"""Draw the flow of respondents: collected, excluded by rule, analysed. Returns a matplotlib Figure.

        Examples
        --------
        >>> import pandas as pd
        >>> from cxlab.survey.survey import as_survey
        >>> as_survey(pd.DataFrame({"sat1": [4, 3, 5]})).flow("vi").axes[0].texts[1].get_text()
        'Thu thập\nn = 3'
        """
        from cxlab.survey.flow import draw_flow

        return draw_flow(self._survey(), lang)
