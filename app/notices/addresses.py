"""Where mails are handed over, as one address: smtp://user:password@host:port."""

from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

PORTS = {"smtp": 25, "starttls": 587, "smtps": 465}


class BadMailUrl(ValueError):
    """MAIL_URL names no server, or a way that is not known."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """`way`: smtp (as it is), starttls (encrypted from the first word on that says anything) or
    smtps (encrypted from the start)."""

    way: str
    host: str
    port: int
    user: str = ""
    password: str = ""

    @property
    def is_encrypted(self) -> bool:
        return self.way != "smtp"

    def __str__(self) -> str:
        """Without what is secret."""
        return f"{self.way}://{self.host}:{self.port}"


def mail_server(url: str) -> MailServer | None:
    """None for an empty address: then no mail goes out."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
        (parts.hostname or "").encode("idna")
    except ValueError as error:
        raise BadMailUrl(str(error)) from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise BadMailUrl("it is smtp://, starttls:// or smtps:// with user:password@host:port")
    return MailServer(
        way=parts.scheme,
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def is_address(text: str) -> bool:
    """One address, with or without a name before it."""
    _name, address = parseaddr(text)
    local, at, domain = address.partition("@")
    return bool(local and at and domain) and text.isprintable()
