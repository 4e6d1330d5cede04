"""From a file to a Survey: read_survey and the readers behind it."""

from cxlab.survey.read.main import read_survey

__all__ = ["read_survey"]
