"""Turns a catalogue into how good its data are, and what would help most: nothing here says how good a hospital is.

``statements`` says who states what, ``checks`` what cannot be right, ``measures`` counts both, ``fixes`` ranks what a
curator could do next, ``records`` keeps the counts of each day.
"""
