"""The smallest valid things. Everything that a test does not care about is filled in here.

Each takes the session first and what matters to the test by name; it flushes, and leaves the
commit to the test (or to the browser's next request).
"""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from app.core.days import Precision, last_day
from app.core.permissions import Actor, Role
from app.deadlines.models import Deadline, DeadlineDate, DeadlineKind
from app.deliverables.actions.assignments import AssignmentEntry, assign
from app.deliverables.actions.planning import DeliverableEntry, add_deliverable
from app.deliverables.actions.schedule import Due
from app.deliverables.actions.updates import EvidenceLink, UpdateEntry, log_update
from app.deliverables.models import (
    Assignment,
    AssignmentRole,
    AssignmentState,
    Deliverable,
    DeliverableKind,
    StatusUpdate,
)
from app.deliverables.rules.moves import Status
from app.meetings.models import Meeting, MeetingSeries, MeetingStatus
from app.members.models import (
    DecisionRule,
    Function,
    Member,
    MemberStanding,
    MemberStatus,
    Network,
    NetworkName,
)
from app.people import passwords
from app.people.models import Account
from app.priorities.models import Basis, Horizon, Priority, Theme
from app.sources.models import Source

PLANNED_ON = date(2024, 10, 30)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PASSWORD = "wide river under seven bridges"
PASSWORD_HASH = passwords.hashed(PASSWORD)
"""Made once: a hash is dear on purpose."""
_numbers = count(1)


def number() -> int:
    """Another one each time."""
    return next(_numbers)


def network(session: Session, **values: Any) -> Network:
    name = values.pop("short_name", "AISI Network")
    made = Network(
        **{
            "id": 1,
            "founded_on": date(2024, 5, 21),
            "planned_on": PLANNED_ON,
            "decision_rule": DecisionRule.CONSENSUS,
            "settings": {},
            **values,
        }
    )
    called = NetworkName(
        network=made, name="International Network", short_name=name, from_on=made.founded_on
    )
    return _kept(session, made, called)


def source(session: Session, **values: Any) -> Source:
    return _kept(session, Source(**{"key": f"source-{number()}", "title": "A report", **values}))


def member(session: Session, code: str = "KE", **values: Any) -> Member:
    status = values.pop("status", MemberStatus.MEMBER)
    made = Member(
        **{
            "code": code,
            "name": f"Territory {code}",
            "zone": "UTC",
            "exists_from": PLANNED_ON,
            **values,
        }
    )
    standing = MemberStanding(member=made, status=status, from_on=made.exists_from)
    return _kept(session, made, standing)


def account(session: Session, role: Role = Role.OBSERVER, **values: Any) -> Account:
    """Its password is PASSWORD; most tests sign in by `client.sign_in` instead."""
    made = Account(
        **{
            "email": f"{role}-{number()}@example.org",
            "name": "Somebody",
            "role": role,
            "password_hash": PASSWORD_HASH,
            "created_at": NOW,
            **values,
        }
    )
    return _kept(session, made)


def function(session: Session, **values: Any) -> Function:
    n = number()
    made = Function(
        **{"key": f"function-{n}", "name": f"Function {n}", "exists_from": PLANNED_ON, **values}
    )
    return _kept(session, made)


def priority(session: Session, **values: Any) -> Priority:
    n = number()
    made = Priority(
        **{
            "key": f"priority-{n}",
            "title": f"Priority {n}",
            "theme": Theme.GOALS,
            "horizon": Horizon.NEAR,
            "basis": Basis.STATED,
            "exists_from": PLANNED_ON,
            **values,
        }
    )
    return _kept(session, made)


def deadline(
    session: Session,
    starts_on: date = date(2024, 11, 21),
    *,
    by: Account,
    ends_on: date | None = None,
    precision: Precision = Precision.DAY,
    **values: Any,
) -> Deadline:
    n = number()
    made = Deadline(
        **{
            "key": f"deadline-{n}",
            "title": f"Deadline {n}",
            "kind": DeadlineKind.CONVENING,
            "exists_from": PLANNED_ON,
            **values,
        }
    )
    dated = DeadlineDate(
        deadline=made,
        starts_on=starts_on,
        ends_on=ends_on,
        precision=precision,
        due_on=last_day(starts_on, ends_on, precision),
        from_on=made.exists_from,
        recorded_by_id=by.id,
        recorded_at=NOW,
    )
    return _kept(session, made, dated)


def deliverable(
    session: Session, *, by: Account, due: Due | None = None, **values: Any
) -> Deliverable:
    n = number()
    key = values.pop("key", f"deliverable-{n}")
    exists_from = values.pop("exists_from", PLANNED_ON)
    of = values.pop("priority", None) or priority(session)
    entry = DeliverableEntry(
        **{
            "title": f"Deliverable {n}",
            "kind": DeliverableKind.TOOL,
            "priority_id": of.id,
            "basis": Basis.STATED,
            **values,
        }
    )
    return add_deliverable(session, by.actor, key, entry, due or Due(), exists_from, NOW)


def assignment(
    session: Session,
    of: Deliverable,
    to: Member,
    role: AssignmentRole = AssignmentRole.LEAD,
    state: AssignmentState = AssignmentState.ACCEPTED,
    *,
    by: Account,
    from_on: date = PLANNED_ON,
) -> Assignment:
    """As a published record says it: that is who may say `accepted` for a member."""
    recorded = Actor(by.id, Role.RECORDER)
    entry = AssignmentEntry(role=role, state=state, from_on=from_on)
    return assign(session, recorded, of, to, entry, NOW)


def update(
    session: Session,
    of: Deliverable,
    status: Status = Status.IN_PROGRESS,
    effective_on: date = PLANNED_ON,
    *,
    by: Account,
    **values: Any,
) -> StatusUpdate:
    """As a published record says it: any forward move, with evidence where it needs some."""
    if status is Status.DELIVERED:
        values.setdefault("evidence", (EvidenceLink(title="It", url="https://example.org/it"),))
    entry = UpdateEntry(status=status, effective_on=effective_on, **values)
    return log_update(session, Actor(by.id, Role.RECORDER), of, entry, NOW)


def series(session: Session, **values: Any) -> MeetingSeries:
    n = number()
    made = MeetingSeries(
        **{
            "key": f"series-{n}",
            "title": f"Series {n}",
            "recurrence": "FREQ=MONTHLY;INTERVAL=6",
            "starts_on": date(2024, 11, 20),
            "zone": "UTC",
            "duration_minutes": 480,
            "basis": Basis.STATED,
            "exists_from": PLANNED_ON,
            **values,
        }
    )
    return _kept(session, made)


def meeting(session: Session, starts_on: date = date(2024, 11, 20), **values: Any) -> Meeting:
    n = number()
    made = Meeting(
        **{
            "key": f"meeting-{n}",
            "title": f"Meeting {n}",
            "status": MeetingStatus.HELD,
            "starts_on": starts_on,
            "zone": "UTC",
            "exists_from": starts_on,
            **values,
        }
    )
    return _kept(session, made)


def _kept(session: Session, made: Any, *with_it: Any) -> Any:
    session.add_all([made, *with_it])
    session.flush()
    return made
