"""cxlab: a workbench for customer-experience research, from a survey file to a report a reviewer can check.

``import cxlab as cx`` is the whole interface for a notebook. Names are loaded when first used, so that the import
itself takes no time.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "Careless": "cxlab.study.simulation",
    "Codebook": "cxlab.codebook",
    "CxlabError": "cxlab.errors",
    "Events": "cxlab.journey.events",
    "InventedRows": "cxlab.study.guard",
    "MAR": "cxlab.study.simulation",
    "MCAR": "cxlab.study.simulation",
    "MethodFactor": "cxlab.study.simulation",
    "Moments": "cxlab.analyses.moments",
    "Report": "cxlab.study.report",
    "Routing": "cxlab.study.simulation",
    "Survey": "cxlab.survey.survey",
    "acsi": "cxlab.metrics.acsi",
    "against_truth": "cxlab.study.simulation",
    "alignment": "cxlab.analyses.alignment",
    "attenuation": "cxlab.metrics.attenuation",
    "attribution": "cxlab.journey.attribution",
    "before_after": "cxlab.journey.before_after",
    "bg_nbd": "cxlab.journey.retention",
    "binary": "cxlab.analyses.binary",
    "carry_over": "cxlab.journey.carry_over",
    "ces": "cxlab.metrics.ces",
    "cfa": "cxlab.analyses.sem",
    "channel_attitudes": "cxlab.journey.channels",
    "check_answer": "cxlab.teach.exercises",
    "claim": "cxlab.metrics.claim",
    "claim_pools": "cxlab.metrics.claim_pools",
    "compare": "cxlab.analyses.compare",
    "compare_metrics": "cxlab.metrics.contest",
    "compare_missing": "cxlab.analyses.compare_missing",
    "compare_networks": "cxlab.journey.networks_forms",
    "control_chart": "cxlab.journey.control_chart",
    "convergent_validity": "cxlab.analyses.validity",
    "cross_loadings": "cxlab.analyses.validity",
    "csat": "cxlab.metrics.csat",
    "cub": "cxlab.analyses.cub",
    "customer_equity": "cxlab.journey.equity",
    "describe": "cxlab.analyses.describe",
    "discriminant": "cxlab.analyses.discriminant",
    "drivers": "cxlab.analyses.drivers",
    "efa": "cxlab.analyses.efa",
    "explore": "cxlab.teach.widgets",
    "factorability": "cxlab.analyses.factorability",
    "fetch_dataset": "cxlab.survey.datasets",
    "fimix": "cxlab.analyses.fimix",
    "fornell_larcker": "cxlab.analyses.validity",
    "framework": "cxlab.theory.frameworks",
    "funnel": "cxlab.journey.funnel",
    "gap": "cxlab.analyses.gap",
    "growth": "cxlab.analyses.sem",
    "htmt": "cxlab.analyses.validity",
    "importance_performance": "cxlab.analyses.importance_performance",
    "impute": "cxlab.analyses.impute",
    "interpret": "cxlab.evaluate.rules",
    "invariance": "cxlab.analyses.invariance",
    "journey_events": "cxlab.journey.events",
    "journey_map": "cxlab.journey.map",
    "journey_summaries": "cxlab.journey.summaries",
    "kano": "cxlab.analyses.kano",
    "language": "cxlab.i18n",
    "list_datasets": "cxlab.survey.datasets",
    "list_frameworks": "cxlab.theory.frameworks",
    "list_theory": "cxlab.theory.tables",
    "load_dataset": "cxlab.survey.datasets",
    "measurement_report": "cxlab.analyses.reviewer_checklist",
    "mediation": "cxlab.analyses.mediation",
    "method_bias": "cxlab.analyses.method_bias",
    "missing_data": "cxlab.analyses.missing_data",
    "moderation": "cxlab.analyses.moderation",
    "nca": "cxlab.analyses.nca",
    "nps": "cxlab.metrics.nps",
    "ordinal": "cxlab.analyses.ordinal",
    "panel_model": "cxlab.study.simulation",
    "parallel_analysis": "cxlab.analyses.parallel_analysis",
    "partner_network": "cxlab.journey.networks",
    "penalty_reward": "cxlab.analyses.penalty_reward",
    "pls": "cxlab.analyses.pls",
    "pls_differences": "cxlab.analyses.pls_differences",
    "pls_pos": "cxlab.analyses.pls_pos",
    "polychoric": "cxlab.analyses.polychoric",
    "pool": "cxlab.analyses.pool",
    "power": "cxlab.study.simulation",
    "provenance": "cxlab.study.provenance",
    "purchase_history": "cxlab.journey.purchases",
    "questionnaire": "cxlab.theory.questionnaire",
    "quiz": "cxlab.teach.quiz",
    "read_datapackage": "cxlab.survey.datasets",
    "read_survey": "cxlab.survey.read",
    "regress": "cxlab.analyses.regression",
    "reliability": "cxlab.analyses.reliability",
    "response_surface": "cxlab.analyses.response_surface",
    "reviewer_checklist": "cxlab.analyses.reviewer_checklist",
    "rmsea_power": "cxlab.study.simulation",
    "rules_table": "cxlab.evaluate.rules",
    "sem": "cxlab.analyses.sem",
    "sequence_clusters": "cxlab.journey.sequences",
    "service_recovery": "cxlab.journey.recovery",
    "shifted_beta_geometric": "cxlab.journey.contract",
    "shock": "cxlab.journey.shock",
    "simulate": "cxlab.study.simulation",
    "simulated_truth": "cxlab.study.simulation",
    "specification_curve": "cxlab.analyses.specification_curve",
    "stage_coding": "cxlab.journey.recode",
    "structure_contest": "cxlab.analyses.structure_contest",
    "theory_table": "cxlab.theory.tables",
    "touchpoint_effects": "cxlab.journey.touchpoint_effects",
    "touchpoint_levels": "cxlab.journey.multilevel",
    "transitions": "cxlab.journey.transitions",
    "use_language": "cxlab.i18n",
    "what_if": "cxlab.journey.what_if",
    "yardsticks": "cxlab.analyses.yardsticks",
}

__all__ = ["__version__", *sorted(_HOMES)]

if TYPE_CHECKING:
    from cxlab.analyses.alignment import alignment as alignment
    from cxlab.analyses.binary import binary as binary
    from cxlab.analyses.compare import compare as compare
    from cxlab.analyses.compare_missing import compare_missing as compare_missing
    from cxlab.analyses.cub import cub as cub
    from cxlab.analyses.describe import describe as describe
    from cxlab.analyses.discriminant import discriminant as discriminant
    from cxlab.analyses.drivers import drivers as drivers
    from cxlab.analyses.efa import efa as efa
    from cxlab.analyses.factorability import factorability as factorability
    from cxlab.analyses.fimix import fimix as fimix
    from cxlab.analyses.gap import gap as gap
    from cxlab.analyses.importance_performance import importance_performance as importance_performance
    from cxlab.analyses.impute import impute as impute
    from cxlab.analyses.invariance import invariance as invariance
    from cxlab.analyses.kano import kano as kano
    from cxlab.analyses.mediation import mediation as mediation
    from cxlab.analyses.method_bias import method_bias as method_bias
    from cxlab.analyses.missing_data import missing_data as missing_data
    from cxlab.analyses.moderation import moderation as moderation
    from cxlab.analyses.moments import Moments as Moments
    from cxlab.analyses.nca import nca as nca
    from cxlab.analyses.ordinal import ordinal as ordinal
    from cxlab.analyses.parallel_analysis import parallel_analysis as parallel_analysis
    from cxlab.analyses.penalty_reward import penalty_reward as penalty_reward
    from cxlab.analyses.pls import pls as pls
    from cxlab.analyses.pls_differences import pls_differences as pls_differences
    from cxlab.analyses.pls_pos import pls_pos as pls_pos
    from cxlab.analyses.polychoric import polychoric as polychoric
    from cxlab.analyses.pool import pool as pool
    from cxlab.analyses.regression import regress as regress
    from cxlab.analyses.reliability import reliability as reliability
    from cxlab.analyses.response_surface import response_surface as response_surface
    from cxlab.analyses.reviewer_checklist import measurement_report as measurement_report
    from cxlab.analyses.reviewer_checklist import reviewer_checklist as reviewer_checklist
    from cxlab.analyses.sem import cfa as cfa
    from cxlab.analyses.sem import growth as growth
    from cxlab.analyses.sem import sem as sem
    from cxlab.analyses.specification_curve import specification_curve as specification_curve
    from cxlab.analyses.structure_contest import structure_contest as structure_contest
    from cxlab.analyses.validity import convergent_validity as convergent_validity
    from cxlab.analyses.validity import cross_loadings as cross_loadings
    from cxlab.analyses.validity import fornell_larcker as fornell_larcker
    from cxlab.analyses.validity import htmt as htmt
    from cxlab.analyses.yardsticks import yardsticks as yardsticks
    from cxlab.codebook import Codebook as Codebook
    from cxlab.errors import CxlabError as CxlabError
    from cxlab.evaluate.rules import interpret as interpret
    from cxlab.evaluate.rules import rules_table as rules_table
    from cxlab.i18n import language as language
    from cxlab.i18n import use_language as use_language
    from cxlab.journey.attribution import attribution as attribution
    from cxlab.journey.before_after import before_after as before_after
    from cxlab.journey.carry_over import carry_over as carry_over
    from cxlab.journey.channels import channel_attitudes as channel_attitudes
    from cxlab.journey.contract import shifted_beta_geometric as shifted_beta_geometric
    from cxlab.journey.control_chart import control_chart as control_chart
    from cxlab.journey.equity import customer_equity as customer_equity
    from cxlab.journey.events import Events as Events
    from cxlab.journey.events import journey_events as journey_events
    from cxlab.journey.funnel import funnel as funnel
    from cxlab.journey.map import journey_map as journey_map
    from cxlab.journey.multilevel import touchpoint_levels as touchpoint_levels
    from cxlab.journey.networks import partner_network as partner_network
    from cxlab.journey.networks_forms import compare_networks as compare_networks
    from cxlab.journey.purchases import purchase_history as purchase_history
    from cxlab.journey.recode import stage_coding as stage_coding
    from cxlab.journey.recovery import service_recovery as service_recovery
    from cxlab.journey.retention import bg_nbd as bg_nbd
    from cxlab.journey.sequences import sequence_clusters as sequence_clusters
    from cxlab.journey.shock import shock as shock
    from cxlab.journey.summaries import journey_summaries as journey_summaries
    from cxlab.journey.touchpoint_effects import touchpoint_effects as touchpoint_effects
    from cxlab.journey.transitions import transitions as transitions
    from cxlab.journey.what_if import what_if as what_if
    from cxlab.metrics.acsi import acsi as acsi
    from cxlab.metrics.attenuation import attenuation as attenuation
    from cxlab.metrics.ces import ces as ces
    from cxlab.metrics.claim import claim as claim
    from cxlab.metrics.claim_pools import claim_pools as claim_pools
    from cxlab.metrics.contest import compare_metrics as compare_metrics
    from cxlab.metrics.csat import csat as csat
    from cxlab.metrics.nps import nps as nps
    from cxlab.study.guard import InventedRows as InventedRows
    from cxlab.study.provenance import provenance as provenance
    from cxlab.study.report import Report as Report
    from cxlab.study.simulation import MAR as MAR
    from cxlab.study.simulation import MCAR as MCAR
    from cxlab.study.simulation import Careless as Careless
    from cxlab.study.simulation import MethodFactor as MethodFactor
    from cxlab.study.simulation import Routing as Routing
    from cxlab.study.simulation import against_truth as against_truth
    from cxlab.study.simulation import panel_model as panel_model
    from cxlab.study.simulation import power as power
    from cxlab.study.simulation import rmsea_power as rmsea_power
    from cxlab.study.simulation import simulate as simulate
    from cxlab.study.simulation import simulated_truth as simulated_truth
    from cxlab.survey.datasets import fetch_dataset as fetch_dataset
    from cxlab.survey.datasets import list_datasets as list_datasets
    from cxlab.survey.datasets import load_dataset as load_dataset
    from cxlab.survey.datasets import read_datapackage as read_datapackage
    from cxlab.survey.read import read_survey as read_survey
    from cxlab.survey.survey import Survey as Survey
    from cxlab.teach.exercises import check_answer as check_answer
    from cxlab.teach.quiz import quiz as quiz
    from cxlab.teach.widgets import explore as explore
    from cxlab.theory.frameworks import framework as framework
    from cxlab.theory.frameworks import list_frameworks as list_frameworks
    from cxlab.theory.questionnaire import questionnaire as questionnaire
    from cxlab.theory.tables import list_theory as list_theory
    from cxlab.theory.tables import theory_table as theory_table


def __getattr__(name: str) -> Any:
    """Load a public name from its room the first time it is used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'cxlab' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
