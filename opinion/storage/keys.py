"""Turns a key file, or a setting, into the keys that seal columns.

A keyring is lines of ``id base64``; the first key seals, all of them open. The file is made at the first start, for
its owner alone. Without it sealed columns cannot be read by anybody: keep it apart from the backups of the database.
"""

import base64
import binascii
import os
import secrets
import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from opinion.errors import StorageError

KEYS = "OPINION_KEYS"
"""The environment variable with the lines of a keyring, separated by commas; it goes before the file."""

KEY_FILE = "OPINION_KEY_FILE"
"""The environment variable with the path of the key file."""

_BYTES = 32


@dataclass(frozen=True)
class Keyring:
    """Keys of 32 bytes by id, the one that seals first."""

    keys: dict[str, bytes]

    @property
    def sealing_id(self) -> str:
        """The id of the key that seals."""
        return next(iter(self.keys))

    def newest(self) -> "Keyring":
        """Return the keys as they are now."""
        return self

    def __repr__(self) -> str:
        """Name the ids alone: a key is never in a log."""
        return f"Keyring({', '.join(self.keys)})"


@dataclass(frozen=True, repr=False)
class FileKeyring(Keyring):
    """The keys that stood in a file. A running server takes new keys from it at once: see ``rotations``."""

    path: Path

    def newest(self) -> Keyring:
        """Return the keys that stand in the file now; those that were read if it is gone."""
        try:
            state = self.path.stat()
        except OSError:
            return self
        return _read_file(self.path, (state.st_ino, state.st_mtime_ns, state.st_size))


def new_key() -> tuple[str, bytes]:
    """Return a new id and a new key."""
    return f"k{secrets.token_hex(4)}", secrets.token_bytes(_BYTES)


def load_keyring(default_file: Path) -> Keyring:
    """Return the keys of the setting, else of the file; a file that is missing is made.

    Raises:
        StorageError: a key is no key, or others than its owner may read the file.

    """
    given = os.environ.get(KEYS, "").strip()
    if given:
        return _read(given.split(","), KEYS)
    path = key_file(default_file)
    if not path.exists():
        write_key_file(path, Keyring(dict([new_key()])), is_new=True)
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise StorageError(f"{path}: others may read this key file. Run: chmod 600 {path}")
    return read_key_file(path)


def read_key_file(path: Path) -> FileKeyring:
    """Return the keys of a file.

    Raises:
        StorageError: a key is no key.

    """
    lines = path.read_text("ascii", errors="replace").splitlines()
    return FileKeyring(_read(lines, str(path)).keys, path)


@lru_cache(maxsize=4)
def _read_file(path: Path, state: tuple[int, int, int]) -> FileKeyring:
    return read_key_file(path)  # once for each ``state`` of the file


def key_file(default_file: Path) -> Path:
    """Return the path of the key file: the setting's, else ``default_file``."""
    return Path(os.environ.get(KEY_FILE) or default_file)


def write_key_file(path: Path, keyring: Keyring, is_new: bool = False) -> None:
    """Write the keys for their owner alone, whole or not at all. ``is_new``: a file that is there stays as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{id_} {base64.b64encode(key).decode()}\n" for id_, key in keyring.keys.items())
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if not is_new:
        draft.replace(path)
        return
    try:
        os.link(draft, path)  # fails if another process was first: then its key is the key
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _read(lines: list[str], where: str) -> Keyring:
    keys: dict[str, bytes] = {}
    for number, line in enumerate(filter(str.strip, lines), start=1):
        id_, _, coded = line.strip().partition(" ")
        try:
            key = base64.b64decode(coded.strip(), validate=True)
        except binascii.Error:
            key = b""
        if len(key) != _BYTES or not id_.isascii() or not id_.isalnum() or id_ in keys:
            raise StorageError(f"{where}, key {number}: is no key. Give 'id base64' with {_BYTES} bytes, each id once.")
        keys[id_] = key
    if not keys:
        raise StorageError(f"{where}: holds no key. Restore the key file; without it nothing sealed can be read.")
    return Keyring(keys)
