"""The one answer to "which of these may this reader see", as a filter in the query."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from app.core.markings import OPEN_TO_ACCOUNTS, SHARED_WITH_MEMBERS, Marking, may_go
from app.core.permissions import Actor
from app.sharing.models import AudienceAccount, AudienceMember, Marked, VisibleParents, belonging


def visible(reader: Actor | None, kind: type[Marked]) -> ColumnElement[bool]:
    """Rows of `kind` that the reader may see by the reader's channel; nobody in particular (None)
    sees what is CLEAR."""
    return _visible(reader, cast(Hashable, kind))


@lru_cache(maxsize=4096)
def _visible(reader: Actor | None, kind: Any) -> ColumnElement[bool]:
    """Put together once for each reader; what it finds is asked each time."""
    parents = _Parents(reader)
    within = [kind.within(parents), *belonging(kind, parents)]
    return and_(_by_marking(reader, kind), *(each for each in within if each is not None))


class _Parents(VisibleParents):
    def __init__(self, reader: Actor | None) -> None:
        self.reader = reader

    def of(self, parent: type[Marked]) -> ColumnElement[bool]:
        return visible(self.reader, parent)


def _by_marking(reader: Actor | None, kind: type[Marked]) -> ColumnElement[bool]:
    marking = kind.__table__.c.marking  # type: ignore[attr-defined]
    if reader is None:
        return marking == Marking.CLEAR  # type: ignore[no-any-return]
    shared = [each for each in SHARED_WITH_MEMBERS if may_go(each, reader.channel)]
    conditions = [
        marking.in_(OPEN_TO_ACCOUNTS),
        and_(marking.in_(shared), _shares(reader, kind)),
    ]
    if may_go(Marking.RED, reader.channel):
        conditions.append(and_(marking == Marking.RED, _named(reader, kind)))
    return or_(*conditions)


def _shares(reader: Actor, kind: type[Marked]) -> ColumnElement[bool]:
    if reader.coordinates:
        return true()
    if reader.member_id is None:
        return false()
    named = select(AudienceMember.audience_id).where(AudienceMember.member_id == reader.member_id)
    audience = kind.__table__.c.audience_id  # type: ignore[attr-defined]
    return or_(audience.in_(named), kind.shared_by_role(reader.member_id))


def _named(reader: Actor, kind: type[Marked]) -> ColumnElement[bool]:
    named = select(AudienceAccount.audience_id).where(
        AudienceAccount.account_id == reader.account_id
    )
    return kind.__table__.c.audience_id.in_(named)  # type: ignore[attr-defined, no-any-return]


@dataclass(frozen=True, slots=True)
class Named:
    """The audiences that name the reader: its member, and its account."""

    member: frozenset[int]
    account: frozenset[int]


def audiences_naming(session: Session, reader: Actor) -> Named:
    members = select(AudienceMember.audience_id).where(AudienceMember.member_id == reader.member_id)
    accounts = select(AudienceAccount.audience_id).where(
        AudienceAccount.account_id == reader.account_id
    )
    return Named(frozenset(session.scalars(members)), frozenset(session.scalars(accounts)))


@dataclass(frozen=True, slots=True)
class NamedIn:
    """Whom an audience names."""

    members: frozenset[int]
    accounts: frozenset[int]


def named_in(session: Session, audience_id: int | None) -> NamedIn:
    members = select(AudienceMember.member_id).where(AudienceMember.audience_id == audience_id)
    accounts = select(AudienceAccount.account_id).where(AudienceAccount.audience_id == audience_id)
    return NamedIn(frozenset(session.scalars(members)), frozenset(session.scalars(accounts)))


def admits(
    reader: Actor, named: Named, marking: Marking, audience_id: int | None, *, has_part: bool
) -> bool:
    """`visible` for what is frozen in a text and is no row any more. `has_part`: the reader's
    member has a part in what it is about."""
    if marking in OPEN_TO_ACCOUNTS:
        return True
    if not may_go(marking, reader.channel):
        return False
    if marking in SHARED_WITH_MEMBERS:
        return reader.coordinates or has_part or audience_id in named.member
    return audience_id in named.account
