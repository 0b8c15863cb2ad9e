"""What the environment says about mail, and what is derived from the site's key."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from itsdangerous import BadSignature, URLSafeSerializer

from app.notices.addresses import MailServer, mail_server

Config = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MailSetup:
    """`root`: where links in mails lead, without a slash at its end."""

    server: MailServer
    sender: str
    root: str

    @property
    def host(self) -> str:
        return urlsplit(self.root).hostname or "localhost"


def mail_setup(config: Config) -> MailSetup | None:
    """None where not everything is there: then nothing is queued and nothing is sent."""
    server = mail_server(config["MAIL_URL"])
    if server is None or not config["MAIL_FROM"] or not config["PUBLIC_URL"]:
        return None
    return MailSetup(server, config["MAIL_FROM"], config["PUBLIC_URL"])


def derived_token(config: Config, nonce: str) -> str:
    """256 bits that nobody can tell from the nonce without the site's key. So the outbox keeps the
    nonce and no secret, and a second try sends the same link."""
    made = hmac.new(config["SECRET_KEY"].encode(), f"mailed:{nonce}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(made.digest()).rstrip(b"=").decode()


def signed(config: Config, purpose: str, what: Any) -> str:
    return str(_serializer(config, purpose).dumps(what))


def unsigned(config: Config, purpose: str, text: str) -> Any | None:
    """None for what was not signed here for this purpose."""
    try:
        return _serializer(config, purpose).loads(text)
    except BadSignature:
        return None


def _serializer(config: Config, purpose: str) -> URLSafeSerializer:
    keys = [*config["SECRET_KEY_FALLBACKS"], config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt=f"mail-{purpose}")
