"""Questionnaires: from a codebook to a form for Kobo, LimeSurvey, Qualtrics or paper, and back."""

from cxlab.theory.questionnaire.build import questionnaire
from cxlab.theory.questionnaire.result import Questionnaire

__all__ = ["Questionnaire", "questionnaire"]
