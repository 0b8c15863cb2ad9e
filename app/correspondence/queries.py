"""Letters as a reader may know of them, each as it stood on a day."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import Session, aliased, joinedload

from app.core.clock import AsOf
from app.core.permissions import Actor, Permission, can
from app.correspondence.models import Letter, LetterFile, LetterStep
from app.correspondence.rules import Direction, LetterState, Purpose, due_facts
from app.deliverables.models import Deliverable
from app.deliverables.queries.thresholds import thresholds
from app.deliverables.rules.attention import Raised, raised_by_day
from app.deliverables.rules.thresholds import Thresholds
from app.people.models import Account
from app.priorities.models import Body
from app.sharing.queries import visible

OVER = frozenset({LetterState.ANSWERED, LetterState.CLOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """None: any."""

    state: LetterState | None = None
    body: str | None = None
    purpose: Purpose | None = None
    direction: Direction | None = None


ANY = Which()


@dataclass(frozen=True, slots=True)
class LetterRow:
    """`flags` by the rules of attention, most severe first."""

    letter: Letter
    state: LetterState
    flags: tuple[Raised, ...]

    def waits_for(self, code: str) -> bool:
        return any(code in raised.actors for raised in self.flags)

    @property
    def waits_for_coordinator(self) -> bool:
        return any(raised.coordinator_acts for raised in self.flags)


@dataclass(frozen=True, slots=True)
class Happened:
    step: LetterStep
    by: str


def letters(
    session: Session, reader: Actor, as_of: AsOf, which: Which = ANY
) -> tuple[LetterRow, ...]:
    """What is not over first, by its day; then the latest first."""
    query = _rows(reader, as_of).where(*_narrowed(which))
    limits = thresholds(session)
    rows = [_row(found, state, as_of, limits) for found, state in session.execute(query)]
    late_last = as_of.day.max

    def order(row: LetterRow) -> tuple[bool, object, int]:
        is_over = row.state in OVER
        return is_over, late_last if is_over else row.letter.due_on or late_last, -row.letter.id

    return tuple(sorted(rows, key=order))


def that_wait(session: Session, reader: Actor, as_of: AsOf) -> tuple[LetterRow, ...]:
    """Those for which a flag holds, the most pressing first."""
    found = [row for row in letters(session, reader, as_of) if row.flags]
    return tuple(sorted(found, key=lambda row: row.flags[0].severity.rank))


def waiting_on(session: Session, reader: Actor, as_of: AsOf) -> tuple[LetterRow, ...]:
    """Of those the ones on which the reader can act: for its member, or as a coordinator."""
    found = that_wait(session, reader, as_of)
    if reader.member_id is None:
        return tuple(row for row in found if row.waits_for_coordinator)
    return tuple(
        row for row in found if row.letter.member_id == reader.member_id and _is_members(row)
    )


def _is_members(row: LetterRow) -> bool:
    return row.letter.member is not None and row.waits_for(row.letter.member.code)


def find(session: Session, reader: Actor, as_of: AsOf, key: str) -> LetterRow | None:
    row = session.execute(_rows(reader, as_of).where(Letter.key == key)).first()
    return _row(row[0], row[1], as_of, thresholds(session)) if row else None


def steps(session: Session, letter: Letter, as_of: AsOf) -> tuple[Happened, ...]:
    """Oldest first."""
    rows = session.execute(
        select(LetterStep, Account.name)
        .join(Account, Account.id == LetterStep.account_id)
        .where(LetterStep.letter_id == letter.id, LetterStep.from_on <= as_of.day)
        .order_by(LetterStep.from_on, LetterStep.id)
    )
    return tuple(Happened(*row) for row in rows)


def files(session: Session, letter: Letter) -> Sequence[LetterFile]:
    query = select(LetterFile).where(LetterFile.letter_id == letter.id)
    return session.scalars(query.order_by(LetterFile.id)).all()


def file(session: Session, letter: Letter, file_id: int) -> LetterFile | None:
    return session.scalars(
        select(LetterFile).where(LetterFile.letter_id == letter.id, LetterFile.id == file_id)
    ).first()


def answered(session: Session, reader: Actor, as_of: AsOf, letter: Letter) -> Letter | None:
    """The earlier letter that it answers."""
    query = _rows(reader, as_of).where(Letter.id == letter.answers_id)
    row = session.execute(query).first()
    return row[0] if row else None


def answers(session: Session, reader: Actor, as_of: AsOf, letter: Letter) -> list[Letter]:
    query = _rows(reader, as_of).where(Letter.answers_id == letter.id).order_by(Letter.id)
    return [row[0] for row in session.execute(query)]


def deliverable_of(session: Session, reader: Actor, letter: Letter) -> Deliverable | None:
    return session.scalars(
        select(Deliverable).where(
            Deliverable.id == letter.deliverable_id, visible(reader, Deliverable)
        )
    ).first()


def bodies(session: Session, as_of: AsOf) -> Sequence[Body]:
    query = select(Body).where(Body.exists_on(as_of.day)).order_by(Body.name)
    return session.scalars(query).all()


def _row(letter: Letter, state: LetterState, as_of: AsOf, limits: Thresholds) -> LetterRow:
    member = letter.member.code if letter.member else None
    facts = due_facts(state, letter.purpose, letter.due_on, member)
    return LetterRow(letter, state, raised_by_day(facts, as_of.day, as_of.dueness, limits))


def _rows(reader: Actor, as_of: AsOf) -> Select[Letter, LetterState]:
    """With the state on the day."""
    step = aliased(LetterStep)
    last = (
        select(step.id)
        .where(step.letter_id == Letter.id, step.from_on <= as_of.day)
        .order_by(step.from_on.desc(), step.id.desc())
        .limit(1)
        .correlate(Letter)
        .scalar_subquery()
    )
    return (
        select(Letter, LetterStep.state)
        .join(LetterStep, LetterStep.id == last)
        .where(visible(reader, Letter), Letter.exists_on(as_of.day), _is_out(reader, as_of))
        .options(joinedload(Letter.body), joinedload(Letter.member), joinedload(Letter.priority))
    )


def _is_out(reader: Actor, as_of: AsOf) -> ColumnElement[bool]:
    """What was never sent is for coordinators and the member that writes it."""
    if can(reader, Permission.LETTER_APPROVE):
        return true()
    step = aliased(LetterStep)
    sent = select(step.letter_id).where(step.state == LetterState.SENT, step.from_on <= as_of.day)
    known = or_(Letter.direction == Direction.INCOMING, Letter.id.in_(sent))
    if reader.member_id is None:
        return known
    return or_(known, Letter.member_id == reader.member_id)


def _narrowed(which: Which) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if which.state is not None:
        found.append(LetterStep.state == which.state)
    if which.body is not None:
        found.append(Letter.body_id.in_(select(Body.id).where(Body.key == which.body)))
    if which.purpose is not None:
        found.append(Letter.purpose == which.purpose)
    if which.direction is not None:
        found.append(Letter.direction == which.direction)
    return found
