"""Translations: English source texts in, the reader's language out. See ``translations``."""
