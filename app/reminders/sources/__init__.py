"""What there is to tell a reader: each source asks its feature, with the reader's own eyes."""

from collections.abc import Callable, Iterable

from app.reminders.rules import Thing
from app.reminders.sources import asked, dues, papers
from app.reminders.sources.look import Look

SOURCES: tuple[Callable[[Look], Iterable[Thing]], ...] = (
    dues.things,
    asked.things,
    papers.things,
)


def things(look: Look) -> list[Thing]:
    """Everything that the reader may have to be told, by the channel through which it looks."""
    return [thing for source in SOURCES for thing in source(look)]
