"""What was put in by a day, as far as a reader may know of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session, joinedload

from app.contributions.models import Contribution, ContributionEnd, ContributionKind
from app.contributions.rules import Given
from app.core.clock import AsOf
from app.core.permissions import Actor
from app.deliverables.models import Deliverable
from app.members.models import Member
from app.people.models import Account
from app.priorities.models import Priority
from app.sharing.queries import visible

LATEST = 8
"""As many as a page about something else shows, the latest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """None: any."""

    member: str | None = None
    priority: str | None = None
    year: int | None = None
    kind: ContributionKind | None = None


@dataclass(frozen=True, slots=True)
class ContributionRow:
    """`priority` is its own, or that of the deliverable that it was made for."""

    given: Contribution
    member_code: str
    member_name: str
    deliverable: Deliverable | None
    priority: Priority | None

    @property
    def unit(self) -> str:
        return self.given.currency or self.given.unit

    @property
    def year(self) -> int:
        return self.given.given_on.year


def counts_on(day: date) -> ColumnElement[bool]:
    """Given by the day, and neither withdrawn by then nor put right at any time."""
    over = exists().where(
        ContributionEnd.contribution_id == Contribution.id, ContributionEnd.from_on <= day
    )
    return and_(Contribution.given_on <= day, ~over)


def contributions(
    session: Session, reader: Actor | None, as_of: AsOf, which: Which
) -> tuple[ContributionRow, ...]:
    """The latest first."""
    query = _rows(reader, as_of).where(counts_on(as_of.day), *_narrowed(which))
    return tuple(ContributionRow(*row) for row in session.execute(query))


def latest(
    session: Session, reader: Actor | None, as_of: AsOf, which: Which
) -> tuple[ContributionRow, ...]:
    query = _rows(reader, as_of).where(counts_on(as_of.day), *_narrowed(which)).limit(LATEST)
    return tuple(ContributionRow(*row) for row in session.execute(query))


def counted_by_member(session: Session, reader: Actor | None, as_of: AsOf) -> Mapping[int, int]:
    """How many each gave up to the day, by the id of the member."""
    query = (
        select(Contribution.member_id, func.count())
        .where(counts_on(as_of.day), visible(reader, Contribution))
        .group_by(Contribution.member_id)
    )
    return dict(session.execute(query).all())


def find(
    session: Session, reader: Actor, as_of: AsOf, contribution_id: int
) -> ContributionRow | None:
    """Whether it counts on the day or not, if it was given by then."""
    row = session.execute(
        _rows(reader, as_of).where(
            Contribution.id == contribution_id, Contribution.given_on <= as_of.day
        )
    ).first()
    return ContributionRow(*row) if row else None


def replacement(session: Session, reader: Actor, end: ContributionEnd | None) -> int | None:
    """The number of the entry that stands in for one that was wrong."""
    if end is None:
        return None
    query = select(Contribution.id).where(
        Contribution.id == end.replaced_by_id, visible(reader, Contribution)
    )
    return session.scalar(query)


def replaced(session: Session, reader: Actor, contribution: Contribution) -> int | None:
    """The number of the entry for which this one stands in."""
    query = (
        select(Contribution.id)
        .join(ContributionEnd, ContributionEnd.contribution_id == Contribution.id)
        .where(ContributionEnd.replaced_by_id == contribution.id, visible(reader, Contribution))
    )
    return session.scalar(query)


def name_of(session: Session, account_id: int) -> str:
    return session.scalars(select(Account.name).where(Account.id == account_id)).one()


def given_by(rows: Sequence[ContributionRow], by: str) -> tuple[Given, ...]:
    """For the sums of `rules`, by "member", "priority" or "year"."""
    return tuple(
        Given(_name(row, by), row.given.kind.value, row.unit, row.given.amount) for row in rows
    )


def _name(row: ContributionRow, by: str) -> str:
    if by == "member":
        return row.member_code
    if by == "year":
        return str(row.year)
    return row.priority.key if row.priority else ""


def _rows(
    reader: Actor | None, as_of: AsOf
) -> Select[Contribution, str, str, Deliverable | None, Priority | None]:
    return (
        select(Contribution, Member.code, Member.name, Deliverable, Priority)
        .join(Member, Member.id == Contribution.member_id)
        .outerjoin(
            Deliverable,
            and_(
                Deliverable.id == Contribution.deliverable_id,
                Deliverable.exists_on(as_of.day),
                visible(reader, Deliverable),
            ),
        )
        .outerjoin(
            Priority,
            and_(
                Priority.id == func.coalesce(Contribution.priority_id, Deliverable.priority_id),
                Priority.exists_on(as_of.day),
            ),
        )
        .where(visible(reader, Contribution))
        .options(
            joinedload(Contribution.source),
            joinedload(Contribution.conversion),
            joinedload(Contribution.end),
        )
        .order_by(Contribution.given_on.desc(), Contribution.id.desc())
    )


def _narrowed(which: Which) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if which.member is not None:
        found.append(Member.code == which.member)
    if which.priority is not None:
        found.append(Priority.key == which.priority)
    if which.kind is not None:
        found.append(Contribution.kind == which.kind)
    if which.year is not None:
        first, next_ = date(which.year, 1, 1), date(which.year + 1, 1, 1)
        found += [Contribution.given_on >= first, Contribution.given_on < next_]
    return found
