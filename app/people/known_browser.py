"""A cookie that says: from this browser the account was signed in to before.

It opens nothing. It only lets the owner's attempts be counted apart from those of strangers, who
therefore cannot keep the owner waiting.
"""

import secrets
from typing import Any

from flask import Response, after_this_request, current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from app.web import cookies
from app.web.signing import PatientSigner

COOKIE = "browser"
HALF_A_YEAR = 180 * 24 * 3600


def remember(account_id: int) -> None:
    """Leave the cookie with the answer to this request."""
    text = _serializer().dumps([account_id, secrets.token_hex(16)])

    @after_this_request
    def leave(response: Response) -> Response:
        cookies.give(response, COOKIE, text, max_age=HALF_A_YEAR)
        return response


def known_as(account_id: int | None) -> str:
    """What this browser is counted under for the account; empty where it is not known."""
    try:
        told: Any = _serializer().loads(cookies.given(COOKIE), max_age=HALF_A_YEAR)
    except BadData:
        return ""
    return str(told[1]) if told[0] == account_id else ""


def _serializer() -> URLSafeTimedSerializer:
    # The oldest key first: the last signs, each checks.
    keys = [*reversed(current_app.config["SECRET_KEY_FALLBACKS"]), current_app.config["SECRET_KEY"]]
    return URLSafeTimedSerializer(keys, salt="known-browser", signer=PatientSigner)
