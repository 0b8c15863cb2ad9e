"""What deliverables can be narrowed by, as it exists on a day."""

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.deadlines.models import Deadline
from app.members.models import Member
from app.priorities.models import Priority, Question


@dataclass(frozen=True, slots=True)
class Option:
    id: int
    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Options:
    options: tuple[Option, ...]

    def id_of(self, key: str) -> int | None:
        """None where no option has this key."""
        return next((option.id for option in self.options if option.key == key), None)


@dataclass(frozen=True, slots=True)
class Choices:
    priorities: Options
    deadlines: Options
    members: Options


def choices(session: Session, as_of: AsOf) -> Choices:
    return Choices(
        _options(
            session,
            select(Priority.id, Priority.key, Priority.title)
            .where(Priority.exists_on(as_of.day))
            .order_by(Priority.position, Priority.id),
        ),
        _options(
            session,
            select(Deadline.id, Deadline.key, Deadline.title)
            .where(Deadline.exists_on(as_of.day))
            .order_by(Deadline.exists_from, Deadline.id),
        ),
        _options(
            session,
            select(Member.id, Member.code, Member.name)
            .where(Member.exists_on(as_of.day))
            .order_by(Member.code),
        ),
    )


def question_options(session: Session, as_of: AsOf) -> Options:
    """The questions before the network that exist on the day."""
    query = select(Question.id, Question.key, Question.title).where(Question.exists_on(as_of.day))
    return _options(session, query.order_by(Question.position, Question.id))


def _options(session: Session, query: Select[int, str, str]) -> Options:
    return Options(tuple(Option(*row) for row in session.execute(query)))
