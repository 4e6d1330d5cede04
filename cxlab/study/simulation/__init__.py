"""Simulation: surveys with a known truth, power by Monte Carlo, estimates held against the truth."""

from cxlab.study.simulation.against import against_truth
from cxlab.study.simulation.against_result import TruthComparison
from cxlab.study.simulation.options import MAR, MCAR, Careless, MethodFactor, Routing
from cxlab.study.simulation.panel import panel_model
from cxlab.study.simulation.power import power
from cxlab.study.simulation.power_result import Power
from cxlab.study.simulation.rmsea_power import RmseaPower, rmsea_power
from cxlab.study.simulation.simulate import simulate
from cxlab.study.simulation.truth import SimulatedTruth, simulated_truth

__all__ = [
    "MAR",
    "MCAR",
    "Careless",
    "MethodFactor",
    "Power",
    "RmseaPower",
    "Routing",
    "SimulatedTruth",
    "TruthComparison",
    "against_truth",
    "panel_model",
    "power",
    "rmsea_power",
    "simulate",
    "simulated_truth",
]
