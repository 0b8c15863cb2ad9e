"""Information markings of the Traffic Light Protocol 2.0: their order, and how far each may go."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum


class Marking(StrEnum):
    CLEAR = "CLEAR"
    GREEN = "GREEN"
    AMBER = "AMBER"
    AMBER_STRICT = "AMBER+STRICT"
    RED = "RED"

    @property
    def label(self) -> str:
        """As FIRST writes it; never translated."""
        return f"TLP:{self.value}"


class Channel(StrEnum):
    """The way by which something reaches its reader."""

    SCREEN = "screen"
    EXPORT = "export"
    API = "api"
    FEED = "feed"
    MAIL = "mail"
    TEXT = "text"
    """Into a text that others read, too: it holds only what all of them see who see the thing."""


WIDEST_FIRST = tuple(Marking)
OPEN_TO_ACCOUNTS = (Marking.CLEAR, Marking.GREEN)
SHARED_WITH_MEMBERS = (Marking.AMBER, Marking.AMBER_STRICT)
CARRIED_AFAR = (Channel.FEED, Channel.MAIL)
"""Out of the product without anybody asking at the time."""


def narrowness(marking: Marking) -> int:
    return WIDEST_FIRST.index(marking)


def highest(markings: Iterable[Marking], default: Marking = Marking.CLEAR) -> Marking:
    """The narrowest of them: what a page or an export that holds all of them is marked."""
    return max(markings, key=narrowness, default=default)


def is_wider(marking: Marking, than: Marking) -> bool:
    return narrowness(marking) < narrowness(than)


def may_go(marking: Marking, channel: Channel) -> bool:
    """Whether it may take this way at all, to those who see it."""
    if marking is Marking.RED:
        return channel is Channel.SCREEN
    return marking is not Marking.AMBER_STRICT or channel not in CARRIED_AFAR


_read: ContextVar[set[Marking] | None] = ContextVar("markings_read", default=None)


def watch() -> None:
    """From here on remember, for this request or command, which markings the data has that is read.
    What came of them is marked with the highest."""
    _read.set(set())


def note(marking: Marking) -> None:
    """Something with this marking was read. The columns of markings say so by themselves."""
    noted = _read.get()
    if noted is not None:
        noted.add(marking)


@contextmanager
def apart() -> Iterator[set[Marking]]:
    """Gives what is read within, which is not among what was read otherwise."""
    read: set[Marking] = set()
    before = _read.set(read)
    try:
        yield read
    finally:
        _read.reset(before)


def highest_read(least: Marking) -> Marking:
    return highest([least, *(_read.get() or ())])
