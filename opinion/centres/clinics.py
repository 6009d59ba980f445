"""Turns a clinic's name as a patient writes it into whether a centre of the catalogue is that clinic."""

import re
from difflib import SequenceMatcher

from opinion.centres.names import fold

# words that many clinics carry: alone they name none
_GENERIC_WORDS = """
and the of for at in de la le les du des der die das di del della do da e et y und van st sankt san saint dr
hospital hospitals hopital ospedale ziekenhuis krankenhaus klinik kliniken klinikum clinic clinics clinica
clinique center centre centrum zentrum centro medical medizinisches medico health healthcare care system
university universitair universitats universitatsklinikum universitaria universitario universitaire general
regional city county district municipal national state memorial community practice praxis private privat
department abteilung gmbh ag inc llc
"""
_GENERIC = frozenset(_GENERIC_WORDS.split())
_ALIKE = 0.88


def same_clinic(clinic: str, *names: str) -> bool:
    """Say whether ``clinic``, written by a person, may be a centre with one of ``names``; ``False`` if it is empty.

    Case, accents, punctuation and common words do not count; one name may contain the other; a slip of the pen is
    forgiven. Leans towards yes: leaving out one centre too many does less harm than sending somebody back to their
    own clinic.
    """
    written, its_words = _tidy(clinic), _telling(clinic)
    if not written:
        return False
    for name in filter(None, names):
        stated, words = _tidy(name), _telling(name)
        if written == stated:
            return True
        if its_words and words and (its_words <= words or words <= its_words):
            return True
        if its_words and words and SequenceMatcher(None, written, stated).ratio() >= _ALIKE:
            return True
    return False


def same_town(first: str, second: str) -> bool:
    """Say whether two towns are the same, whatever case, accents and punctuation; ``False`` if one is empty.

    The number of a district does not count: "Dublin 6" is Dublin.
    """
    return bool(town_words(first)) and town_words(first) == town_words(second)


def town_words(town: str) -> str:
    """Return the words of a town's name as they are compared."""
    return " ".join(word for word in _tidy(town).split() if not word.isdecimal())


def _tidy(name: str) -> str:
    return " ".join(re.findall(r"\w+", re.sub(r"['’.]", "", fold(name))))


def _telling(name: str) -> frozenset[str]:
    return frozenset(word for word in _tidy(name).split() if word not in _GENERIC and len(word) > 1)
