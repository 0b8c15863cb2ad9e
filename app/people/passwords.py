"""Hashing of passwords: argon2id with the library's current parameters."""

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()


def hashed(password: str) -> str:
    return _hasher.hash(_bytes(password))


def matches(password: str, password_hash: str) -> bool:
    """Whether it is the password. Costs the same for an empty hash, which nothing matches."""
    try:
        _hasher.verify(password_hash or _nobody(), _bytes(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)


@cache
def _nobody() -> str:
    """What is verified when there is no account, so that the answer takes as long."""
    return _hasher.hash(secrets.token_urlsafe(32))


def _bytes(password: str) -> bytes:
    # The same password typed on another keyboard may come in decomposed.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
