"""How the messages stand that wait to be sent."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.notices import queries as notices


@dataclass(frozen=True, slots=True)
class Outbox:
    """`depth` messages wait; `stuck` of them for longer than trying again explains; `given_up` were
    refused for good."""

    depth: int
    stuck: int
    given_up: int


def outbox(session: Session, now: datetime) -> Outbox:
    found = notices.depth(session, now)
    return Outbox(found.waiting, notices.stuck(session, now), found.given_up)
