import pytest
from argon2 import PasswordHasher

from opinion.agency import passwords


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    """Hash passwords with a profile that costs next to nothing: these tests are not about how long it takes."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._hash_of_nobody.cache_clear()
    yield
    passwords._hash_of_nobody.cache_clear()
