"""Signatures with a time, on servers whose clocks do not agree.

itsdangerous refuses what was signed in the future. After a clock is set back, or where two servers
differ by a second, that would sign everybody out; so here it counts as signed just now.
"""

from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer


class PatientSigner(TimestampSigner):
    def unsign(
        self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False
    ) -> Any:
        value, at = super().unsign(signed_value, return_timestamp=True)
        if max_age is not None and self.get_timestamp() - at.timestamp() > max_age:
            raise SignatureExpired("too old", payload=value, date_signed=at)
        return (value, at) if return_timestamp else value


class SessionCookies(SecureCookieSessionInterface):
    """How long a session lasts is written in its row; see app/people/sessions.py."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        made = super().get_signing_serializer(app)
        if made is not None:
            made.signer = PatientSigner
        return made
