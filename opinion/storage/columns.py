"""The types of columns that SQLAlchemy lacks: times in UTC, and sealed values."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from opinion.storage.sealing import SealedBytes


class UtcTime(TypeDecorator[datetime]):
    """A time in UTC. SQLite keeps no time zone, so it is put back when the time is read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a time zone."""
        if value is not None and value.tzinfo is None:
            raise TypeError("a time without a time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Sealed(TypeDecorator[Any]):
    """A sealed value. It takes nothing but what ``seal`` returned, so that plain text cannot be written by mistake."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: SealedBytes | None, dialect: Dialect) -> bytes | None:
        """Return the bytes; refuse what is not sealed."""
        if value is None:
            return None
        if not isinstance(value, SealedBytes):
            raise TypeError("a sealed column takes sealed bytes only")
        return value.bytes
