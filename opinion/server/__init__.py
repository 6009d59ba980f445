"""The web server around the pages: routes, headers, compression."""
