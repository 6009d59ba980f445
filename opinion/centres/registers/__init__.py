"""Turns the raw files of public registers into releases: one small module for each register.

A module reads what the publisher gives out and states nothing else. What a register's own codes mean stands beside it,
in ``data/centres/registers/<id>.toml``. ``releases`` settles which centres of the catalogue are meant, and writes.
"""
