"""Links in mails: signed, so that nobody can make one that leads elsewhere or ends what is told."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.notices.rules import CHOICES, Topic
from app.notices.setup import Config, signed, unsigned
from app.web.access import safe_next

OPEN, UNSUBSCRIBE = "open", "unsubscribe"


@dataclass(frozen=True, slots=True)
class Unsubscribing:
    account_id: int
    topics: tuple[Topic, ...]


def opening(config: Config, path: str) -> str:
    """The address, without the root, that leads to the path after signing in."""
    return f"/mail/open/{signed(config, OPEN, path)}"


def opened(config: Config, text: str) -> str | None:
    path = unsigned(config, OPEN, text)
    return safe_next(path) if isinstance(path, str) else None


def unsubscribing(config: Config, account_id: int, topics: Iterable[Topic]) -> str:
    what = [account_id, sorted(topic.value for topic in topics)]
    return f"/mail/unsubscribe/{signed(config, UNSUBSCRIBE, what)}"


def unsubscribed(config: Config, text: str) -> Unsubscribing | None:
    match unsigned(config, UNSUBSCRIBE, text):
        case [int(account_id), [*words]]:
            topics = tuple(topic for topic in CHOICES if topic.value in words)
            return Unsubscribing(account_id, topics)
    return None
