"""Datasets: real ones that ship with cxlab, real ones fetched on request, and the researcher's own data folders."""

from cxlab.survey.datasets.catalogue import list_datasets
from cxlab.survey.datasets.fetch import fetch_dataset
from cxlab.survey.datasets.load import load_dataset
from cxlab.survey.datasets.package import DataPackage, Resource, read_datapackage

__all__ = ["DataPackage", "Resource", "fetch_dataset", "list_datasets", "load_dataset", "read_datapackage"]
