"""Centres that could see the patient: at most five, by a plain filter."""

from opinion.guidance.answers import Answers
from opinion.texts.translations import Translator


def show_centres(given: Answers, t: Translator) -> None:
    """Show the centres that could see the patient."""
