"""Turns tables of facts about centres into a selection: which centres, and how sure that is.

``sources`` and ``tables`` read ``data/centres``; ``compiling`` (with ``attribution``) writes it from raw tables.
``listings`` reads all inputs centre by centre, ``focuses`` says how strongly one stands for an area. ``packing``
turns them into two files under ``var/``, ``catalogues`` reads these. ``facets`` turns filters into rows, ``nearby``
finds neighbours, ``coverage`` says for which countries anything is stated, ``quality`` how good the data are.
``commands`` is the command line.

Importing the package imports nothing else: pandas loads with ``catalogues``.
"""
