"""Turns a list of hospitals, as whatever file somebody sent, into tables beside those of the catalogue.

``layouts`` → ``rows`` (how the file is read) → ``recipes`` (which column is what) → ``records`` (the facts of one row,
or what is wrong with it) → ``drafts`` (the whole file, checked, in a folder of its own) → ``archive`` (the
imports, and those taken back).
"""
