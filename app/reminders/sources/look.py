"""From where a source looks."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.core.clock import AsOf, as_of
from app.core.markings import Channel
from app.core.permissions import Actor
from app.reminders.rules import Settings


@dataclass(frozen=True, slots=True)
class Look:
    session: Session
    reader: Actor
    now: datetime
    settings: Settings

    @property
    def as_of(self) -> AsOf:
        return as_of(None, self.now)

    def through(self, channel: Channel) -> "Look":
        return replace(self, reader=self.reader.through(channel))
