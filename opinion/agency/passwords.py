"""Turns passwords into hashes (argon2id, RFC 9106), and says which passwords are not taken."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from opinion.errors import RefusedError

SHORTEST, LONGEST = 12, 200
"""Characters of a password."""

_FEWEST_KINDS = 5  # different characters: "aaaaaaaaaaaa" and "121212121212" are the first that anybody tries
_HASHER = PasswordHasher()  # the library's default profile: the second of RFC 9106, with 64 MiB of memory


def check_password(password: str, *names: str) -> None:
    """Refuse a password that is too easy to guess for somebody with these names.

    Raises:
        RefusedError: ``password_short``, ``password_long``, ``password_is_name`` or ``password_simple``.

    """
    plain = _normal(password)
    if len(plain) < SHORTEST:
        raise RefusedError("password_short", f"The password is too short. Give at least {SHORTEST} characters.")
    if len(plain) > LONGEST:
        raise RefusedError("password_long", f"The password is too long. Give at most {LONGEST} characters.")
    if plain.strip().casefold() in {name.strip().casefold() for name in names}:
        raise RefusedError("password_is_name", "The password is the name. Give another one.")
    if len(set(plain.casefold())) < _FEWEST_KINDS:
        raise RefusedError("password_simple", f"Give a password with at least {_FEWEST_KINDS} different characters.")


def hash_of(password: str) -> str:
    """Return the hash to keep. It takes about a twentieth of a second, and 64 MiB of memory."""
    return _HASHER.hash(_bytes(password))


def is_right(kept_hash: str, password: str) -> bool:
    """Say whether ``password`` is the one of ``kept_hash``. An empty hash takes as long, and is never right."""
    if len(password) > LONGEST:
        return False  # said before any account is looked at: it tells nothing
    nobody = _hash_of_nobody()
    try:
        return _HASHER.verify(kept_hash or nobody, _bytes(password)) and bool(kept_hash)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept_hash: str) -> bool:
    """Say whether a hash was made with another profile than today's, so that it should be made again."""
    return _HASHER.check_needs_rehash(kept_hash)


@cache
def _hash_of_nobody() -> str:
    return hash_of("nobody has this password, and it is never right")


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)  # the same letters from another keyboard are the same password


def _bytes(password: str) -> bytes:
    return _normal(password).encode("utf-8", "surrogatepass")
