"""What leaves the program: words for page and terminal, files, tables."""
