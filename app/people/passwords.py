"""Hashing of passwords: argon2id with the library's current parameters."""

import base64
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

_hasher = PasswordHasher()


def hashed(password: str) -> str:
    return _hasher.hash(_bytes(password))


def matches(password: str, password_hash: str) -> bool:
    """Whether it is the password. Costs the same for an empty hash, which nothing matches."""
    try:
        _hasher.verify(password_hash or NOBODY, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)


def is_outdated(password_hash: str) -> bool:
    """Whether it costs less to guess than a hash made today."""
    return _hasher.check_needs_rehash(password_hash)


def _hash_of_nothing() -> str:
    """What is verified when there is no account, so that the answer takes as long. It has the
    parameters of a hash and random bytes in place of one, so that even making it costs nothing."""
    costs = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    salt, digest = _random(_hasher.salt_len), _random(_hasher.hash_len)
    return f"$argon2id$v={ARGON2_VERSION}${costs}${salt}${digest}"


def _random(length: int) -> str:
    return base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")


def _bytes(password: str) -> bytes:
    # The same password typed on another keyboard may come in decomposed.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


NOBODY = _hash_of_nothing()
