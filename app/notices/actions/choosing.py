"""What an account wants to be told, and how often."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.core.errors import N_, Refused
from app.notices.models import NoticeChoice
from app.notices.queries import choices
from app.notices.rules import Cadence, Topic, open_to, usual


def choose(
    session: Session,
    account_id: int,
    about: Subject,
    wanted: Mapping[Topic, Cadence],
    now: datetime,
) -> bool:
    """False when nothing differs. Only what is not the usual is kept."""
    before = choices(session, account_id)
    if any(cadence not in open_to(topic) for topic, cadence in wanted.items()):
        raise Refused(N_("Nobody is told so at that pace."))
    after = {**before, **wanted}
    changes = {topic.value: (before[topic], after[topic]) for topic in after}
    if before == after:
        return False
    session.execute(delete(NoticeChoice).where(NoticeChoice.account_id == account_id))
    session.add_all(
        NoticeChoice(account_id=account_id, topic=topic, cadence=cadence)
        for topic, cadence in after.items()
        if cadence is not usual(topic)
    )
    session.flush()
    record(session, account_id, "notices.choose", about, changes, now)
    return True
