"""lavaan syntax to a parameter table: models as text says them, before any data."""

from cxlab.specify.checks import check_variables
from cxlab.specify.functions import ParameterFunctions
from cxlab.specify.matrix_map import Matrices, ModelMatrices, matrices
from cxlab.specify.model import Model
from cxlab.specify.partable import ParTable
from cxlab.specify.start import start_values
from cxlab.specify.variables import Variables

__all__ = [
    "Matrices",
    "Model",
    "ModelMatrices",
    "ParTable",
    "ParameterFunctions",
    "Variables",
    "check_variables",
    "matrices",
    "start_values",
]
