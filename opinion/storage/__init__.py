"""Keeps rows in a database so that nothing that was confirmed is lost, and nothing sealed can be read from the disk.

``engines`` opens SQLite or PostgreSQL, ``keys`` holds the keys and ``sealing`` uses them, ``columns`` are the types of
columns, ``stores`` reads and writes rows, ``migrating`` brings the tables up to date, ``backups`` saves and restores.
No word of the domain stands here: the tables are ``agency``'s.
"""
