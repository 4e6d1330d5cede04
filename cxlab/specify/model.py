"""A model written in lavaan syntax: text in, parameter table out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from cxlab.errors import ModelError, Notice
from cxlab.specify.automatic import Kind, rules_of
from cxlab.specify.build import build
from cxlab.specify.checks import check_labels, check_ordered, check_variables, circles, label_notices
from cxlab.specify.grammar import read
from cxlab.specify.groups import read_group_equal
from cxlab.specify.latex import equations
from cxlab.specify.partable import ParTable
from cxlab.specify.source import Source
from cxlab.specify.statements import Constraint, Term
from cxlab.specify.variables import Variables, variables
from cxlab.specify.write import lavaan_text


@dataclass(frozen=True, repr=False)
class Model:
    """A structural equation model as its text says it, before any data.

    Two models are equal when their texts say the same, term by term; blanks and comments do not count.

    Attributes
    ----------
    terms : tuple of Term
        One per ``lhs op rhs`` of the text, in its order.
    constraints : tuple of Constraint
        Lines with ``:=``, ``==``, ``<``, ``>``.
    notices : tuple of Notice
        What the writer should know: circular regressions, terms written twice.

    Examples
    --------
    >>> model = Model.parse("SAT =~ s1 + s2 + s3; LOY =~ l1 + l2 + l3; LOY ~ SAT")
    >>> model.variables.lv
    ('SAT', 'LOY')
    >>> model.partable().df
    8
    """

    terms: tuple[Term, ...]
    constraints: tuple[Constraint, ...]
    source: Source = field(compare=False)
    notices: tuple[Notice, ...] = field(default=(), compare=False)

    @staticmethod
    def parse(text: str, *, products: bool = False) -> Model:
        """Read a model in lavaan syntax.

        Use it to check a model before any data, or to see what lavaan's automatic rules make of it.

        Parameters
        ----------
        text : str
            Model text: ``=~`` measured by, ``<~`` formed by, ``~`` regressed on, ``~~`` covaries with, ``~ 1``
            intercept, ``:=`` defined, ``==``, ``<``, ``>`` constraints; ``#`` and ``!`` begin comments, a line break or
            ``;`` ends a statement. Before a variable may stand ``0.8*``, ``NA*``, ``label*``, ``start(0.5)*``,
            ``equal("label")*``, and ``c(..)*`` with an entry per group. Names may hold any letters; a name with blanks
            or signs stands in backticks.
        products : bool
            Whether ``y ~ x + z + x:z`` is read, as `cxlab.pls` needs it; else products are refused.

        Returns
        -------
        Model
            The model; equal texts give equal models.

        Raises
        ------
        ModelSyntaxError
            With line, column, the line itself and a mark under the place.
        NotSupportedError
            For lavaan syntax that cxlab does not serve: blocks, interactions, bounds.

        Examples
        --------
        >>> Model.parse("loyalty ~ b*satisfaction").terms[0].modifiers.label
        ('b',)
        """
        if not isinstance(text, str):
            raise ModelError("specify.not_text", type=type(text).__name__)
        source = Source(text, products)
        terms, constraints, notices = read(source)
        check_labels(source, terms, constraints)
        return Model(terms, constraints, source, (*notices, *circles(terms)))

    @property
    def text(self) -> str:
        """The text as it was written."""
        return self.source.text

    @cached_property
    def variables(self) -> Variables:
        """lavaan's variable sets: ``ov``, ``lv``, ``ov_x``, ...; see `Variables`."""
        return variables(self.terms)

    def partable(
        self,
        observed: Iterable[str] | None = None,
        *,
        kind: Kind = "sem",
        std_lv: bool = False,
        orthogonal: bool = False,
        meanstructure: bool | None = None,
        fixed_x: bool = True,
        n_groups: int = 1,
        group_labels: Sequence[str] = (),
        group_equal: str | Iterable[str] = (),
        group_partial: str | Iterable[str] = (),
        int_ov_free: bool | None = None,
        int_lv_free: bool | None = None,
        auto_fix_first: bool | None = None,
        auto_fix_single: bool | None = None,
        auto_var: bool | None = None,
        auto_cov_lv_x: bool | None = None,
        auto_cov_y: bool | None = None,
        ordered: Mapping[str, int] | None = None,
        parameterization: Literal["delta", "theta"] = "delta",
    ) -> ParTable:
        """The parameter table that lavaan 0.6 makes of this model: same rows, same order, same degrees of freedom.

        Parameters
        ----------
        observed : iterable of str, optional
            Columns of the data; names that are neither columns nor latent variables are then an error.
        kind : {"sem", "cfa", "growth", "lavaan"}
            Whose automatic rules hold; ``"lavaan"`` has none.
        std_lv : bool
            Set the scale by unit latent variances instead of first loadings.
        orthogonal : bool
            Hold covariances between latent variables at zero.
        meanstructure : bool, optional
            Model the means. By default when the text has an intercept, with several groups, and for growth models.
        fixed_x : bool
            Take moments of exogenous covariates from the sample instead of estimating them.
        n_groups : int
            Number of groups.
        group_labels : sequence of str
            Their names; may stand instead of `n_groups`.
        group_equal : str or iterable of str
            Sets of parameters equal across groups: loadings, intercepts, thresholds, means, residuals,
            residual.covariances, lv.variances, lv.covariances, regressions, composite.loadings.
        group_partial : str or iterable of str
            Parameters excepted from `group_equal`, as ``"f=~x2"`` or ``"x1~1"``.
        int_ov_free, int_lv_free, auto_fix_first, auto_fix_single, auto_var, auto_cov_lv_x, auto_cov_y : bool, optional
            lavaan's switches of the same names, to overrule `kind`.
        ordered : mapping of str to int, optional
            Ordinal items, each with its number of thresholds (one fewer than categories).
        parameterization : {"delta", "theta"}
            Whether the responses behind ordinal items have variance 1, or their residuals.

        Returns
        -------
        ParTable
            The table; ``.frame`` shows it with lavaan's columns.

        Raises
        ------
        ModelSyntaxError, ModelError
            For unknown variables, a wrong number of entries in ``c(..)``, unknown parameter sets.

        Notes
        -----
        Equals ``parTable(sem(model, data, do.fit = FALSE, ...))`` of R's lavaan 0.6-14.

        Examples
        --------
        >>> table = Model.parse("f =~ x1 + x2 + x3 + x4").partable(n_groups=2, group_equal="loadings")
        >>> table.n_free, table.df
        (24, 7)
        """
        columns = None if observed is None else tuple(observed)
        if columns is not None:
            check_variables(self, columns)
        equal = read_group_equal(group_equal)
        switches = {
            "int_ov_free": int_ov_free,
            "int_lv_free": int_lv_free,
            "auto_fix_first": auto_fix_first,
            "auto_fix_single": auto_fix_single,
            "auto_var": auto_var,
            "auto_cov_lv_x": auto_cov_lv_x,
            "auto_cov_y": auto_cov_y,
            "orthogonal": orthogonal,
            "fixed_x": fixed_x,
        }
        groups = _number_of_groups(n_groups, group_labels)
        by_text = any(term.op == "~1" for term in self.terms)
        by_default = kind == "growth" or groups > 1
        means = by_text or bool(ordered) or (by_default if meanstructure is None else meanstructure)
        ordinal = check_ordered(self, ordered or {})
        rules = rules_of(kind, std_lv, switches)
        rules = replace(rules, meanstructure=means, ordered=ordinal, theta=parameterization == "theta")
        if ordinal and {"intercepts", "thresholds"} & set(equal):
            equal = tuple(dict.fromkeys((*equal, "intercepts", "thresholds")))
        table = build(self.source, self.terms, self.constraints, rules, groups, group_labels, equal, group_partial)
        notices = (*self.notices, *label_notices(self, columns or ()), *table.notices)
        return replace(table, notices=notices)

    def to_lavaan(self) -> str:
        """The model as lavaan text, one statement per line; reading it again gives an equal model."""
        return lavaan_text(self.terms, self.constraints)

    def to_latex(self) -> str:
        """The measurement and structural equations, in the notation of papers, for LaTeX's ``align*``."""
        return equations(self)

    def __str__(self) -> str:
        """The text as written, with its comments."""
        return self.text.strip("\n")

    def __repr__(self) -> str:
        return f'Model.parse("""\n{self}\n""")'


def _number_of_groups(n_groups: int, group_labels: Sequence[str]) -> int:
    if group_labels and n_groups not in (1, len(group_labels)):
        raise ModelError("specify.group_labels", labels=len(group_labels), groups=n_groups)
    return len(group_labels) or n_groups
