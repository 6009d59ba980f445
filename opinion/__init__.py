"""Second Opinion: whether, how fast and where to seek a second medical opinion, and why.

``guidance`` turns answers into advice. ``centres`` turns facts about centres into a selection. Both stand
on ``errors`` and ``vocabularies`` and know nothing of each other. ``matching`` ranks centres for a case.
``agency`` keeps requests, with consent, in the sealed rows of ``storage``.
``exchange`` is what leaves: files, tables, terminal text. ``charts`` turns a table into a figure.
``texts`` holds the translations. ``server`` is the web server around the pages, ``ui`` what the pages share.
``python -m opinion`` is the command line (``__main__``).

Imports point downwards only: ``pages`` and ``server`` → ``ui`` → ``exchange``, ``charts`` and ``agency`` →
``matching`` → ``guidance`` and ``centres`` → ``errors`` and ``vocabularies``; ``agency`` → ``storage``.
``tests/unit/test_layers.py`` holds them to it.
"""
