"""Random tokens and codes that are shown once, and the hashes that are kept of them."""

import base64
import hashlib
import secrets

TOKEN_BYTES = 32
RECOVERY_CODES = 10


def new_token() -> str:
    """256 random bits, for an address or a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """A plain hash will do: the token is too random to be guessed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def new_recovery_codes() -> list[str]:
    """Each of 120 random bits, in groups that can be copied by hand."""
    return [_grouped(base64.b32encode(secrets.token_bytes(15))) for _ in range(RECOVERY_CODES)]


def recovery_code_hash(account_id: int, typed: str) -> str:
    """As typed: in capitals or not, with or without what stands between the groups."""
    plain = "".join(mark for mark in typed.lower() if mark.isascii() and mark.isalnum())
    return token_hash(f"recovery:{account_id}:{plain}")


def _grouped(code: bytes) -> str:
    text = code.decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))
