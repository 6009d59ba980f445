"""The one catalogue that all sessions share, with each other and with the API of the server."""

from opinion.centres.shared import shared_catalogue

__all__ = ["shared_catalogue"]
