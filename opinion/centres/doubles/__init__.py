"""Turns the catalogue into pairs of centres that may be one, each with a score and why; clear-cut ones by rule.

``settings`` reads ``data/centres/doubles.toml``. ``listings`` holds what is compared of each centre, in packed
``columns``; ``candidates`` finds the pairs worth comparing; ``scores`` says how alike the two are; ``rules`` says which
are merged without a person, and which of two is kept. ``queues`` is what a person has to decide, ``judgements`` what in
a pair speaks for one centre. ``drafts`` looks at a list before it is imported. ``samples`` measures all of it against
pairs that were read by hand.
"""
