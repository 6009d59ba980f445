"""Turns country names in many languages and everyday words into the words by which imported lists are understood."""

from functools import cache

from opinion.centres.imports.words import Words, read_words
from opinion.matching.everyday_words import everyday_words
from opinion.texts.countries import country_names

LANGUAGES = tuple("en de fr es it pt nl pl cs sk hu ro bg el tr ru uk sv nb da fi ar he fa hi zh ja ko".split())  # noqa: SIM905
"""The languages in which lists may name countries."""


@cache
def import_words() -> Words:
    """Return what the words of lists mean; read once."""
    return read_words([country_names(language) for language in LANGUAGES], everyday_words())
