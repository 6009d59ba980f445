"""Turns a value into bytes that only the keyring's owner can read, and back (AES-256-GCM).

Sealed bytes hold a version, the key's id, a nonce and the ciphertext. Table, column and row are authenticated with
them, so that a sealed value copied into another place does not open (NIST SP 800-38D: nonces are random, 96 bits).
"""

import json
import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from opinion.errors import StorageError
from opinion.storage.keys import Keyring

_VERSION, _NONCE = 1, 12


@dataclass(frozen=True)
class Place:
    """Where a sealed value stands."""

    table: str
    column: str
    row: str

    @property
    def authenticated(self) -> bytes:
        """The bytes that are authenticated with the value."""
        return "\x1f".join((self.table, self.column, self.row)).encode()


@dataclass(frozen=True)
class SealedBytes:
    """What ``seal`` returns: the only thing that a sealed column takes."""

    bytes: bytes


def seal(keyring: Keyring, value: Any, place: Place) -> SealedBytes:  # noqa: ANN401 (whatever JSON can hold)
    """Return ``value`` sealed: ``bytes``, or anything that JSON can hold, ``None`` among it."""
    plain = b"b" + value if isinstance(value, bytes) else b"j" + json.dumps(value, ensure_ascii=False).encode()
    id_ = keyring.sealing_id
    nonce = os.urandom(_NONCE)
    sealed = _cipher(keyring.keys[id_]).encrypt(nonce, plain, place.authenticated)
    return SealedBytes(bytes((_VERSION, len(id_))) + id_.encode() + nonce + sealed)


def unseal(keyring: Keyring, sealed: bytes, place: Place) -> Any:  # noqa: ANN401 (whatever was sealed)
    """Return the value that was sealed for ``place``.

    Raises:
        StorageError: the key is not in the keyring, or the bytes were changed or stood elsewhere.

    """
    where = f"{place.table}.{place.column}"
    id_ = key_id_of(sealed)
    if id_ not in keyring.keys:
        raise StorageError(f"{where}: the key '{id_}' is missing. Add it to the keyring.")
    start = 2 + len(id_)
    nonce, text = sealed[start : start + _NONCE], sealed[start + _NONCE :]
    try:
        plain = _cipher(keyring.keys[id_]).decrypt(nonce, text, place.authenticated)
    except InvalidTag:
        raise StorageError(f"{where}: a sealed value was changed or moved. Restore it from a backup.") from None
    return plain[1:] if plain[:1] == b"b" else json.loads(plain[1:])


def key_id_of(sealed: bytes) -> str:
    """Return the id of the key that sealed these bytes."""
    return sealed[2 : 2 + sealed[1]].decode("ascii", errors="replace") if len(sealed) > 2 else ""


@lru_cache(maxsize=8)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)
