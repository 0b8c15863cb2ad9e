"""Codes of an authenticator app: six digits, another every half minute (RFC 6238)."""

import hmac
from datetime import datetime

import pyotp

STEP_SECONDS = 30
TOLERANCE = 1
"""Steps before and after the present one that count too: clocks differ."""


def new_key() -> str:
    """160 random bits, in base 32."""
    return pyotp.random_base32(32)


def address(key: str, account: str, issuer: str) -> str:
    """What the QR code says."""
    return pyotp.TOTP(key).provisioning_uri(name=account, issuer_name=issuer)


def matching_step(key: str, typed: str, last_step: int, now: datetime) -> int | None:
    """The step of which `typed` is the code, if it is one that was not used before."""
    digits = "".join(typed.split())
    if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
        return None
    present = int(now.timestamp()) // STEP_SECONDS
    codes = pyotp.TOTP(key)
    for step in range(max(present - TOLERANCE, last_step + 1), present + TOLERANCE + 1):
        if hmac.compare_digest(codes.generate_otp(step), digits):
            return step
    return None
