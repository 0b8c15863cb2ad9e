"""What members put in."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from app.audit.actions import Subject
from app.audit.writing import Line, add
from app.core.days import Precision
from app.core.errors import N_, Forbidden
from app.core.markings import Marking
from app.core.permissions import Actor, Permission, can
from app.members.models import Contribution, ContributionKind, Member


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionEntry:
    given_on: date
    kind: ContributionKind
    precision: Precision = Precision.DAY
    amount: Decimal | None = None
    unit: str = ""
    currency: str = ""
    period_starts_on: date | None = None
    period_ends_on: date | None = None
    about: str = ""
    note: str = ""
    deliverable_id: int | None = None
    priority_id: int | None = None
    marking: Marking = Marking.GREEN
    audience_id: int | None = None
    source_id: int | None = None


def record_contribution(
    session: Session, actor: Actor, member: Member, entry: ContributionEntry, now: datetime
) -> Contribution:
    """The member's own liaison records what it gave, or a coordinator for it."""
    check_recorder(actor, member)
    contribution = Contribution(
        member_id=member.id, recorded_by_id=actor.account_id, recorded_at=now, **asdict(entry)
    )
    line = Line(actor.account_id, "contribution.record", Subject("member", member.code), now)
    add(session, contribution, asdict(entry), line, named="contribution")
    return contribution


def check_recorder(actor: Actor, member: Member) -> None:
    own = actor.member_id == member.id and can(actor, Permission.UPDATE_LOG)
    if not (own or can(actor, Permission.DELIVERABLE_PLAN) or can(actor, Permission.PLAN_IMPORT)):
        raise Forbidden(N_("Only the member's own liaison records what it contributes."))
