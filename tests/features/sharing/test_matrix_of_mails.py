"""The matrix (see test_matrix) for mail: what each reader would be mailed, from the same table."""

from collections.abc import Mapping

import make
import pytest
from cast import Cast
from marked_world import TOKENS, World, expected
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.markings import OPEN_TO_ACCOUNTS, Channel, Marking
from app.deliverables.actions.marks import mark_deliverable
from app.deliverables.models import Deliverable
from app.extensions import db
from app.notices.addresses import MailServer
from app.notices.models import Notice
from app.notices.rules import Telling, Topic
from app.notices.setup import MailSetup
from app.people.models import Account
from app.reminders.letters import Writer
from app.reminders.rules import Day, Settings, to_tell
from app.reminders.sources import things
from app.reminders.sources.look import Look
from app.sharing.rules import Sharing
from app.web.database import Tracker

KENYA = frozenset({"sharing"})
MAILED: Mapping[str, frozenset[str]] = {
    "deliverable": KENYA,
    "action": KENYA,
    "decision": frozenset({"sharing", "not_sharing"}),
}
"""Things of which mails tell, and the roles that are told of such things at all."""
SETUP = MailSetup(MailServer("smtp", "localhost", 25), "t@example.org", "https://t.example")


@pytest.fixture
def world(session: Session, cast: Cast) -> World:
    return World(session, cast).build()


def queued(session: Session, reader: Account) -> list[Notice]:
    """All that the reader is to be told now, and the week in one."""
    look = Look(session, reader.actor.through(Channel.EXPORT), make.NOW, Settings())
    today = Day(look.as_of.day, look.as_of.dueness)
    digest = Telling("digest:now", Topic.DIGEST, "digest")
    return [
        Notice(id=number, topic=each.topic, thing=each.thing, queued_at=make.NOW)
        for number, each in enumerate([*to_tell(things(look), set(), today), digest])
    ]


def mailed(app: Tracker, reader: Account, notices: list[Notice] | None = None) -> str:
    """Everything that can be read in it: subject, text and page."""
    with app.app_context(), db.glance() as session:
        account = session.get_one(Account, reader.id)
        writer = Writer(session, SETUP, account, make.NOW)
        letter = writer.letter(queued(session, account) if notices is None else notices)
        if letter is None:
            return ""
        message = writer.message(letter, "1")
    parts = [part.get_content() for part in message.walk() if not part.is_multipart()]
    return "\n".join([message["Subject"], letter.marking.label, *parts])


def test_mails_tell_what_the_table_says(app: Tracker, world: World) -> None:
    """Whoever is told of such things meets each that may go; nobody meets another."""
    wrong, met = [], 0
    for role, account in world.roles.items():
        text = mailed(app, account) if account else ""
        for (thing, marking), word in TOKENS.items():
            meets, may = word in text, expected(role, marking, Channel.MAIL)
            met += meets
            wants = role in MAILED.get(thing, ()) and _has_a_say(role, thing, marking)
            if (meets and not may) or (wants and meets != may):
                wrong.append((role, thing, marking.value, meets))
    assert wrong == []
    assert met >= 8


def _has_a_say(role: str, thing: str, marking: Marking) -> bool:
    """In what is AMBER, a member that it names."""
    return thing != "decision" or role in KENYA or marking in OPEN_TO_ACCOUNTS


def test_what_may_not_go_by_mail_is_named_by_its_marking_alone(app: Tracker, world: World) -> None:
    text = mailed(app, world.cast.liaison)
    assert "Something marked TLP:AMBER+STRICT waits for you" in text
    assert text.startswith("[TLP:AMBER] ")
    assert "TLP:RED" not in text
    assert "TLP:AMBER+STRICT" not in mailed(app, world.cast.other_liaison)


@pytest.mark.parametrize("narrower", [Marking.AMBER_STRICT, Marking.RED])
def test_what_became_narrower_after_it_was_queued_is_not_sent(
    app: Tracker, session: Session, world: World, narrower: Marking
) -> None:
    reader = world.cast.liaison
    with app.app_context(), db.glance() as reading:
        waiting = queued(reading, reading.get_one(Account, reader.id))
    word = TOKENS["deliverable", Marking.GREEN]
    assert word in mailed(app, reader, waiting)
    thing = session.get_one(Deliverable, world.ids["deliverable", Marking.GREEN])
    by = world.cast.coordinator.actor
    mark_deliverable(session, by, thing, Sharing(narrower), thing.version, make.NOW)
    session.commit()
    assert word not in mailed(app, reader, waiting)


def test_whoever_lost_its_part_or_its_role_is_not_told_what_was_queued(
    app: Tracker, session: Session, world: World
) -> None:
    reader = world.cast.liaison
    with app.app_context(), db.glance() as reading:
        waiting = queued(reading, reading.get_one(Account, reader.id))
    britain = world.cast.britain.id
    session.execute(update(Account).where(Account.id == reader.id).values(member_id=britain))
    session.commit()
    text = mailed(app, reader, waiting)
    assert not any(TOKENS["deliverable", marking] in text for marking in Marking)
    assert TOKENS["decision", Marking.AMBER] not in text
