"""Writing letters down, moving them from state to state, and keeping what comes with them."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.audit.actions import Subject, record
from app.audit.writing import Line, add, change
from app.core.clock import today
from app.core.errors import N_, Conflict, Forbidden, Refused
from app.core.keys import first_free, stem_of
from app.core.permissions import Actor, Permission, can
from app.correspondence.models import Letter, LetterFile, LetterStep
from app.correspondence.rules import (
    CHANGEABLE,
    FIRST,
    Direction,
    LetterHand,
    LetterState,
    Purpose,
    open_steps,
    step,
)
from app.deliverables.actions.marks import check_within
from app.deliverables.actions.updates import StoredFile
from app.deliverables.models import Deliverable
from app.sharing.actions import audience_of, mark, sharing_of
from app.sharing.rules import Sharing, settled

MOST_FILES = 20
NOT_YOURS = N_(
    "Only a coordinator, or the liaison of the member that answers, changes this letter."
)
CHANGED = N_("Somebody changed this letter meanwhile. Look at it again first.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterEntry:
    title: str
    purpose: Purpose
    body_id: int
    correspondent: str = ""
    text: str = ""
    due_on: date | None = None
    member_id: int | None = None
    priority_id: int | None = None
    deliverable_id: int | None = None
    answers_id: int | None = None


def register(
    session: Session,
    actor: Actor,
    direction: Direction,
    entry: LetterEntry,
    sharing: Sharing,
    on: date,
    now: datetime,
) -> Letter:
    """A letter that came in on this day, or the draft of one. A liaison drafts what its member
    answers. An incoming letter that answers one of ours makes that one answered."""
    _check_writer(actor, direction, entry)
    if on > today(now):
        raise Refused(N_("That day is still to come."), field="on")
    wanted = settled(sharing, actor.account_id)
    _check_deliverable(session, actor, entry.deliverable_id, wanted)
    letter = Letter(
        key=first_free(stem_of(entry.title, "letter"), set(session.scalars(select(Letter.key)))),
        direction=direction,
        exists_from=on,
        created_by_id=actor.account_id,
        created_at=now,
        marking=wanted.marking,
        audience_id=audience_of(session, wanted),
        **asdict(entry),
    )
    facts = {**asdict(entry), "direction": direction, "on": on, "marking": wanted.marking}
    line = Line(actor.account_id, "letter.register", Subject("letter", letter.key), now)
    add(session, letter, facts, line)
    _add_step(session, actor, letter, FIRST[direction], on, "", now)
    if direction is Direction.INCOMING:
        _answer_earlier(session, actor, letter, on, now)
    return letter


def amend(
    session: Session,
    actor: Actor,
    letter: Letter,
    entry: LetterEntry,
    seen_version: int,
    now: datetime,
) -> bool:
    """Until it is approved or answered. False when nothing differs."""
    _check_writer(actor, letter.direction, entry)
    _check_own(actor, letter)
    _check_seen(letter, seen_version)
    if state_of(session, letter) not in CHANGEABLE:
        raise Refused(N_("What it says does not change any more."))
    _check_deliverable(session, actor, entry.deliverable_id, sharing_of(session, letter))
    line = Line(actor.account_id, "letter.amend", Subject("letter", letter.key), now)
    return change(session, letter, asdict(entry), line)


def move(
    session: Session,
    actor: Actor,
    letter: Letter,
    to: LetterState,
    on: date,
    note: str,
    seen_version: int,
    now: datetime,
) -> None:
    """As the table allows. Sending a letter that answers another makes that one answered."""
    hand = hand_of(actor, letter)
    if hand is None:
        raise Forbidden(NOT_YOURS)
    _check_seen(letter, seen_version)
    last = _last(session, letter)
    allowed = step(letter.direction, last.state, to, hand)
    if allowed is None:
        steps = open_steps(letter.direction, last.state, hand)
        raise Refused(
            N_("From “%(old)s” it can go on to: %(open)s."), old=last.state, open=steps or "–"
        )
    if allowed.note and not note:
        raise Refused(N_("Say why, or how."), field="note")
    if on < last.from_on:
        raise Refused(N_("It was already where it is on %(day)s."), field="on", day=last.from_on)
    if on > today(now):
        raise Refused(N_("That day is still to come."), field="on")
    _step(session, actor, letter, last.state, to, on, note, now)
    if to is LetterState.SENT:
        _answer_earlier(session, actor, letter, on, now)


def attach(
    session: Session, actor: Actor, letter: Letter, stored: StoredFile, now: datetime
) -> LetterFile:
    """Until it is closed."""
    _check_own(actor, letter)
    if state_of(session, letter) is LetterState.CLOSED:
        raise Refused(N_("It is closed."))
    there = session.scalars(select(LetterFile).where(LetterFile.letter_id == letter.id)).all()
    if len(there) >= MOST_FILES:
        raise Refused(N_("A letter has %(most)s files at most."), field="file", most=MOST_FILES)
    made = LetterFile(
        letter_id=letter.id, added_by_id=actor.account_id, added_at=now, **asdict(stored)
    )
    line = Line(actor.account_id, "letter.attach", Subject("letter", letter.key), now)
    add(session, made, asdict(stored), line, named="file")
    return made


def detach(session: Session, actor: Actor, letter: Letter, file: LetterFile, now: datetime) -> None:
    """From a draft alone: what was sent or came in stays whole."""
    _check_own(actor, letter)
    if state_of(session, letter) is not LetterState.DRAFT:
        raise Refused(N_("Files are taken off a draft alone."))
    changes = {"file": (file.id, None), "name": (file.name, None), "sha256": (file.sha256, None)}
    session.delete(file)
    session.flush()
    subject = Subject("letter", letter.key)
    record(session, actor.account_id, "letter.detach", subject, changes, now)


def mark_letter(
    session: Session,
    actor: Actor,
    letter: Letter,
    wanted: Sharing,
    seen_version: int,
    now: datetime,
) -> bool:
    """By a coordinator; never wider than the deliverable that it is about. False when nothing
    differs."""
    if not can(actor, Permission.LETTER_APPROVE):
        raise Forbidden(N_("Only a coordinator changes the marking of a letter."))
    _check_seen(letter, seen_version)
    _check_deliverable(session, actor, letter.deliverable_id, settled(wanted, actor.account_id))
    line = Line(actor.account_id, "letter.mark", Subject("letter", letter.key), now)
    return mark(session, actor, letter, wanted, line)


def hand_of(actor: Actor, letter: Letter) -> LetterHand | None:
    if can(actor, Permission.LETTER_APPROVE):
        return LetterHand.COORDINATOR
    own = letter.member_id is not None and letter.member_id == actor.member_id
    return LetterHand.MEMBER if own and can(actor, Permission.LETTER_WRITE) else None


def state_of(session: Session, letter: Letter) -> LetterState:
    return _last(session, letter).state


def _last(session: Session, letter: Letter) -> LetterStep:
    return session.scalars(
        select(LetterStep)
        .where(LetterStep.letter_id == letter.id)
        .order_by(LetterStep.from_on.desc(), LetterStep.id.desc())
        .limit(1)
    ).one()


def _answer_earlier(
    session: Session, actor: Actor, letter: Letter, on: date, now: datetime
) -> None:
    """What it answers becomes answered, if it waits for that."""
    earlier = session.get(Letter, letter.answers_id) if letter.answers_id else None
    if earlier is None:
        return
    last = _last(session, earlier)
    answered = LetterState.ANSWERED
    if step(earlier.direction, last.state, answered, LetterHand.REPLY) is not None:
        _step(session, actor, earlier, last.state, answered, max(on, last.from_on), "", now)


def _step(
    session: Session,
    actor: Actor,
    letter: Letter,
    old: LetterState,
    new: LetterState,
    on: date,
    note: str,
    now: datetime,
) -> None:
    _add_step(session, actor, letter, new, on, note, now)
    flag_modified(letter, "key")
    session.flush()
    changes = {"state": (old, new), "on": (None, on), "note": (None, note or None)}
    subject = Subject("letter", letter.key)
    record(session, actor.account_id, f"letter.{new}", subject, changes, now)


def _add_step(
    session: Session,
    actor: Actor,
    letter: Letter,
    state: LetterState,
    on: date,
    note: str,
    now: datetime,
) -> None:
    session.add(
        LetterStep(
            letter_id=letter.id,
            state=state,
            from_on=on,
            note=note,
            account_id=actor.account_id,
            recorded_at=now,
        )
    )
    session.flush()


def _check_writer(actor: Actor, direction: Direction, entry: LetterEntry) -> None:
    if can(actor, Permission.LETTER_APPROVE):
        return
    if not can(actor, Permission.LETTER_WRITE) or actor.member_id is None:
        raise Forbidden(NOT_YOURS)
    if direction is Direction.INCOMING:
        raise Forbidden(N_("A coordinator writes down what comes in."))
    if entry.member_id != actor.member_id:
        raise Refused(N_("A liaison drafts what its own member answers."), field="member")


def _check_own(actor: Actor, letter: Letter) -> None:
    if hand_of(actor, letter) is None:
        raise Forbidden(NOT_YOURS)


def _check_seen(letter: Letter, seen_version: int) -> None:
    if letter.version != seen_version:
        raise Conflict(CHANGED)


def _check_deliverable(
    session: Session, actor: Actor, deliverable_id: int | None, wanted: Sharing
) -> None:
    if deliverable_id is not None:
        deliverable = session.get_one(Deliverable, deliverable_id)
        check_within(session, actor, deliverable, wanted)
