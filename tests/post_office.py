"""A real mail server for the tests, on a port of its own."""

import asyncio
import email
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

Remind = Callable[..., dict[str, Any]]
"""`flask remind` at an instant, and what it says."""


class PostOffice:
    """Keeps what it took. `answer`: what it says to a recipient or to a mail, in place of yes."""

    def __init__(self) -> None:
        self.took: list[EmailMessage] = []
        self.rcpt: Callable[[str], str] = lambda _address: "250 OK"
        self.data: Callable[[EmailMessage], str] = lambda _mail: "250 OK"
        self.delay = 0.0
        """Seconds that it takes before it answers to a mail."""
        self.port = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        said = self.rcpt(address)
        if said.startswith("2"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.delay:
            await asyncio.sleep(self.delay)
        mail = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        mail["X-Rcpt"] = envelope.rcpt_tos[0]
        said = self.data(mail)
        if said.startswith("2"):
            self.took.append(mail)
        return said

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.took if mail["X-Rcpt"] == address]


class _OnItsOwnPort(Controller):
    """Knows which port the system gave it before it is asked whether it answers."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def running(office: PostOffice, port: int = 0) -> Iterator[PostOffice]:
    controller = _OnItsOwnPort(office, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        office.port = controller.port
        yield office
    finally:
        controller.stop()


def text_of(mail: EmailMessage) -> str:
    """Subject and plain text."""
    body = mail.get_body(("plain",))
    assert body is not None
    return f"{mail['Subject']}\n{body.get_content()}"


def html_of(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())
