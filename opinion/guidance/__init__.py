"""Answers in, advice out. Needs only the standard library; returns ids and source texts, never translations.

``conditions`` reads the small language of ``when``. ``contents`` loads ``data/guidance``. ``answers`` checks what
a person or program gave. ``decisions`` applies the rules, ``assessments`` makes the
advice, ``changes`` finds what would change it.
"""
