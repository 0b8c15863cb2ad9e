"""The network itself on a day: what it was called, and who led it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.days import FOREVER, Precision
from app.members.models import (
    DecisionRule,
    LeadershipTerm,
    Member,
    Network,
    NetworkName,
)


@dataclass(frozen=True, slots=True)
class NetworkView:
    """As it was on the day; `named_on` is the day from which it is called so."""

    name: str
    named_on: date
    named_precision: Precision
    former_name: str
    founding_document: str
    founded_on: date
    planned_on: date
    decision_rule: DecisionRule


@dataclass(frozen=True, slots=True)
class Leader:
    title: str
    code: str
    name: str
    from_on: date
    precision: Precision
    until_on: date

    @property
    def has_end(self) -> bool:
        """Whether its end is on record. It may be over without anybody saying so."""
        return self.until_on != FOREVER


def network(session: Session, as_of: AsOf) -> NetworkView | None:
    """None on a day before the network was founded."""
    before = (
        select(NetworkName.name)
        .where(NetworkName.until_on <= as_of.day)
        .order_by(NetworkName.until_on.desc())
        .limit(1)
        .scalar_subquery()
    )
    row = session.execute(
        select(
            NetworkName.name,
            NetworkName.from_on,
            NetworkName.precision,
            func.coalesce(before, ""),
            Network.founding_document,
            Network.founded_on,
            Network.planned_on,
            Network.decision_rule,
        )
        .join(Network, Network.id == NetworkName.network_id)
        .where(NetworkName.holds_on(as_of.day))
    ).first()
    return NetworkView(*row) if row else None


def leaders(session: Session, as_of: AsOf) -> tuple[Leader, ...]:
    """Those in office on the day, the longest first."""
    rows = session.execute(
        select(
            LeadershipTerm.title,
            Member.code,
            Member.name,
            LeadershipTerm.from_on,
            LeadershipTerm.precision,
            LeadershipTerm.until_on,
        )
        .join(Member, Member.id == LeadershipTerm.member_id)
        .where(and_(LeadershipTerm.holds_on(as_of.day), Member.exists_on(as_of.day)))
        .order_by(LeadershipTerm.from_on, LeadershipTerm.id)
    )
    return tuple(Leader(*row) for row in rows)


def founded_on(session: Session) -> date | None:
    """The first day on which there is a network; None where nothing was imported yet."""
    return session.scalar(select(func.min(NetworkName.from_on)))
