"""Handing a mail to the server, and what its answer means."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from types import TracebackType

from app.notices.addresses import MailServer

TIMEOUT = 20.0
"""Seconds for each word of the conversation."""


class NotNow(Exception):
    """It was not taken, and may be later. `is_everything`: nor would any other mail be. `is_away`:
    the server was not reached, so that it cannot have taken this one either."""

    def __init__(self, said: str, *, is_everything: bool = False, is_away: bool = False) -> None:
        super().__init__(said)
        self.is_everything, self.is_away = is_everything, is_away


class Never(Exception):
    """It was refused for good."""


class Post:
    """One conversation for many mails; opened with the first, and anew after a fault."""

    def __init__(self, server: MailServer, timeout: float = TIMEOUT) -> None:
        self.server, self.timeout = server, timeout
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> "Post":
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def send(self, message: EmailMessage, sender: str, to: str) -> None:
        """Raises NotNow or Never. When it returns, the server has taken the mail."""
        try:
            connection = self._open()
        except (smtplib.SMTPException, OSError) as error:
            said = str(self._meaning(error))
            raise NotNow(said, is_everything=True, is_away=True) from error
        try:
            connection.send_message(message, sender, [to])
        except smtplib.SMTPNotSupportedError as error:  # an address beyond ASCII
            self._forget_mail()
            raise Never(str(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise self._meaning(error) from error

    def close(self) -> None:
        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._connection = None

    def _open(self) -> smtplib.SMTP:
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        server = self.server
        secure = ssl.create_default_context()
        if server.way == "smtps":
            made: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=self.timeout, context=secure
            )
        else:
            made = smtplib.SMTP(server.host, server.port, timeout=self.timeout)
        try:
            if server.way == "starttls":
                made.starttls(context=secure)
            if server.user:
                made.login(server.user, server.password)
        except BaseException:
            made.close()
            raise
        return made

    def _meaning(self, error: Exception) -> NotNow | Never:
        """A refusal of this mail or its recipient (5xx) is for good. What else goes wrong may pass:
        a server that is away, slow or busy, one that does not know us or our sender."""
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            self._forget_mail()
            code, said = next(iter(error.recipients.values()))
            told = _told(code, said)
            return Never(told) if code >= 500 else NotNow(told)
        if isinstance(error, smtplib.SMTPDataError):
            self._forget_mail()
            told = _told(error.smtp_code, error.smtp_error)
            return Never(told) if error.smtp_code >= 500 else NotNow(told)
        self._drop()
        if isinstance(error, smtplib.SMTPResponseException):
            return NotNow(_told(error.smtp_code, error.smtp_error), is_everything=True)
        return NotNow(f"{type(error).__name__}: {error}", is_everything=True)

    def _forget_mail(self) -> None:
        """So that the next one begins afresh."""
        try:
            if self._connection is not None:
                self._connection.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _told(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {text}"
