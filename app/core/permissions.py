"""Who may do what: one enum, one table, one question.

A permission is `area:thing:verb`. `can` answers for a role alone; whether the actor may see
the thing, and whether it is their member's, is asked where the thing is loaded.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from app.core.markings import Channel


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    LIAISON = "liaison"
    OBSERVER = "observer"
    RECORDER = "recorder"
    """The account under which a published record is imported. It cannot sign in."""


class Scope(StrEnum):
    """What a token of the API allows, within what the role of its account does."""

    READ = "read"
    WRITE = "write"

    def allows(self, wanted: "Scope") -> bool:
        return self is Scope.WRITE or wanted is Scope.READ


class Permission(StrEnum):
    NETWORK_READ = "network:all:read"
    UPDATE_LOG = "deliverables:update:log"
    ASSIGNMENT_ANSWER = "deliverables:assignment:answer"
    DATE_PROPOSE = "deliverables:date:propose"
    DATE_ANSWER = "deliverables:date:answer"
    DELIVERABLE_PLAN = "deliverables:deliverable:plan"
    ATTENTION_TEND = "deliverables:attention:tend"
    PROFILE_KEEP = "members:profile:keep"
    NETWORK_KEEP = "members:network:keep"
    DECISION_PUT = "decisions:decision:put"
    POSITION_TAKE = "decisions:position:take"
    MEETING_PLAN = "meetings:meeting:plan"
    TIME_ANSWER = "meetings:time:answer"
    REPORT_ASK = "reports:report:ask"
    REVIEW_READ = "reviews:review:read"
    REVIEW_HOLD = "reviews:review:hold"
    CONTRIBUTION_RECORD = "contributions:contribution:record"
    LETTER_WRITE = "correspondence:letter:write"
    LETTER_APPROVE = "correspondence:letter:approve"
    DESK_OPEN = "desk:desk:open"
    AGENDA_EDIT = "agendas:agenda:edit"
    ITEM_PROPOSE = "agendas:item:propose"
    ACTION_CLOSE = "agendas:action:close"
    PLAN_IMPORT = "plans:plan:import"
    ACCOUNT_OWN = "people:account:own"
    ACCOUNT_ADMINISTER = "people:account:administer"
    AUDIT_READ = "audit:entry:read"
    OUTBOX_TEND = "notices:outbox:tend"


READS = frozenset({Permission.NETWORK_READ, Permission.ACCOUNT_OWN})
COORDINATES = READS | {
    Permission.UPDATE_LOG,
    Permission.ASSIGNMENT_ANSWER,
    Permission.DATE_ANSWER,
    Permission.DELIVERABLE_PLAN,
    Permission.ATTENTION_TEND,
    Permission.PROFILE_KEEP,
    Permission.NETWORK_KEEP,
    Permission.DECISION_PUT,
    Permission.MEETING_PLAN,
    Permission.TIME_ANSWER,
    Permission.REPORT_ASK,
    Permission.REVIEW_READ,
    Permission.REVIEW_HOLD,
    Permission.CONTRIBUTION_RECORD,
    Permission.LETTER_WRITE,
    Permission.LETTER_APPROVE,
    Permission.DESK_OPEN,
    Permission.AGENDA_EDIT,
    Permission.ACTION_CLOSE,
    Permission.PLAN_IMPORT,
    Permission.AUDIT_READ,
    Permission.OUTBOX_TEND,
}
ROLE_TABLE: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: READS
    | {
        Permission.ACCOUNT_ADMINISTER,
        Permission.AUDIT_READ,
        Permission.OUTBOX_TEND,
        Permission.REVIEW_READ,
    },
    Role.COORDINATOR: COORDINATES,
    Role.LIAISON: READS
    | {
        Permission.UPDATE_LOG,
        Permission.ASSIGNMENT_ANSWER,
        Permission.DATE_PROPOSE,
        Permission.DATE_ANSWER,
        Permission.PROFILE_KEEP,
        Permission.POSITION_TAKE,
        Permission.TIME_ANSWER,
        Permission.ITEM_PROPOSE,
        Permission.ACTION_CLOSE,
        Permission.CONTRIBUTION_RECORD,
        Permission.LETTER_WRITE,
        Permission.DESK_OPEN,
    },
    Role.OBSERVER: READS,
    Role.RECORDER: frozenset(
        {Permission.UPDATE_LOG, Permission.ASSIGNMENT_ANSWER, Permission.PLAN_IMPORT}
    ),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who reads or writes: an account, seen from the rules. What does not end on the
    screen asks as `actor.through(channel)`: then nothing is found that may not go that way."""

    account_id: int
    role: Role
    member_id: int | None = None
    channel: Channel = Channel.SCREEN

    @property
    def coordinates(self) -> bool:
        """Sees what coordinators see: administrators have no more insight, and no less."""
        return self.role in {Role.COORDINATOR, Role.ADMINISTRATOR, Role.RECORDER}

    def through(self, channel: Channel) -> "Actor":
        return replace(self, channel=channel)


def can(actor: Actor | None, permission: Permission) -> bool:
    return actor is not None and permission in ROLE_TABLE[actor.role]


EVERY_ACCOUNT = Actor(0, Role.OBSERVER)
"""A reader who sees what every account sees, and nothing more."""
