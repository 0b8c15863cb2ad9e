"""Taking back what a table did. Nothing is removed: later entries put right what it said."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.contributions.actions import withdraw_contribution
from app.contributions.models import Contribution
from app.core.clock import today
from app.core.errors import N_, Refused
from app.core.history import FOREVER
from app.core.markings import Channel, Marking
from app.core.permissions import Actor
from app.deliverables.actions import planning
from app.deliverables.actions.assignments import AssignmentEntry, assign
from app.deliverables.actions.planning import DeliverableEntry, dependency_edges
from app.deliverables.actions.schedule import Due, reschedule
from app.deliverables.actions.taking_back import take_back_updates
from app.deliverables.actions.updates import UpdateEntry, log_update
from app.deliverables.models import (
    Assignment,
    AssignmentRole,
    AssignmentSpan,
    AssignmentState,
    Deliverable,
    DeliverableKind,
    StatusUpdate,
)
from app.deliverables.rules.moves import Status
from app.members.models import Member
from app.plans.actions.sheets.needs import keys
from app.plans.actions.sheets.work import Done, Progress
from app.plans.models import SheetImport
from app.priorities.models import Basis
from app.sharing.queries import visible

CHANGED_SINCE = N_("It was changed since, and stays as it is.")


def undo_all(
    session: Session,
    actor: Actor,
    kept: SheetImport,
    note: str,
    now: datetime,
    say: Callable[[Refused], str],
    progress: Progress | None = None,
) -> list[str]:
    """The last first. A line for each that stays: what it is, and why."""
    undoing = _Undoing(session, actor, note, now)
    told = []
    numbers = [done["update"] for done in kept.done if "update" in done]
    for number, refused in take_back_updates(session, actor, numbers, note, now, progress):
        told.append(f"{undoing.named({'update': number})}: {say(refused)}")
    for done in reversed(kept.done):
        if "update" in done:
            continue
        try:
            with session.begin_nested():
                undoing.take_back(done)
        except Refused as refused:
            told.append(f"{undoing.named(done)}: {say(refused)}")
    subject = Subject("files", f"{kept.kind.value}: {kept.name}"[:200])
    facts = {"undone": (0, len(kept.done) - len(told)), "stayed": (0, len(told))}
    record(session, actor.account_id, "sheet.undo", subject, facts, now)
    return told


class _Undoing:
    def __init__(self, session: Session, actor: Actor, note: str, now: datetime) -> None:
        self.session, self.actor, self.note, self.now = session, actor, note, now

    def take_back(self, done: Done) -> None:
        if "contribution" in done:
            self._contribution(self.session.get_one(Contribution, done["contribution"]))
        elif "assignment" in done:
            self._assignment(done)
        else:
            self._deliverable(done)

    def named(self, done: Done) -> str:
        return " ".join(self._names(done))

    def _names(self, done: Done) -> Iterator[str]:
        if "update" in done:
            update = self.session.get_one(StatusUpdate, done["update"])
            yield self.session.get_one(Deliverable, update.deliverable_id).key
            yield update.effective_on.isoformat()
        elif "contribution" in done:
            given = self.session.get_one(Contribution, done["contribution"])
            yield self.session.get_one(Member, given.member_id).code
            yield given.about[:60]
        elif "assignment" in done:
            part = self.session.get_one(Assignment, done["assignment"])
            yield self.session.get_one(Deliverable, part.deliverable_id).key
            yield self.session.get_one(Member, part.member_id).code
        else:
            yield self.session.get_one(Deliverable, done["deliverable"]).key

    def _contribution(self, given: Contribution) -> None:
        withdraw_contribution(self.session, self.actor, given, given.given_on, self.note, self.now)

    def _assignment(self, done: Done) -> None:
        part = self.session.get_one(Assignment, done["assignment"])
        span = self.session.scalars(
            select(AssignmentSpan)
            .where(AssignmentSpan.assignment_id == part.id, AssignmentSpan.until_on == FOREVER)
            .order_by(AssignmentSpan.id.desc())
        ).first()
        if span is None or (span.role, span.state) != (done["role"], done["state"]):
            raise Refused(CHANGED_SINCE)
        before = done["before"] or {"role": done["role"], "state": AssignmentState.ENDED}
        state = AssignmentState(before["state"])
        if state is AssignmentState.ACCEPTED:
            state = AssignmentState.PROPOSED  # a member accepts for itself, the second time too
        entry = AssignmentEntry(
            role=AssignmentRole(before["role"]),
            state=state,
            from_on=max(span.from_on, today(self.now)),
            reason=self.note,
        )
        deliverable = self.session.get_one(Deliverable, part.deliverable_id)
        member = self.session.get_one(Member, part.member_id)
        assign(self.session, self.actor, deliverable, member, entry, self.now)

    def _deliverable(self, done: Done) -> None:
        deliverable = self.session.get_one(Deliverable, done["deliverable"])
        if done.get("added"):
            entry = UpdateEntry(status=Status.DROPPED, effective_on=today(self.now), note=self.note)
            log_update(self.session, self.actor, deliverable, entry, self.now)
            return
        if deliverable.version != done["version"]:
            raise Refused(CHANGED_SINCE)
        if done.get("needs"):
            self._needs(deliverable, done["needs"])
        if done["before"]:
            entry_before = _entry(done["before"])
            planning.describe(
                self.session, self.actor, deliverable, entry_before, deliverable.version, self.now
            )
        if done["due"]:
            deadline_id, own = done["due"]
            reschedule(
                self.session,
                self.actor,
                deliverable,
                Due(deadline_id, date.fromisoformat(own) if own else None),
                effective_on=max(today(self.now), deliverable.exists_from),
                reason=self.note,
                seen_version=deliverable.version,
                now=self.now,
            )

    def _needs(self, deliverable: Deliverable, change: Done) -> None:
        edges = dependency_edges(self.session).get(deliverable.key, set())
        listed = keys(self.session, self.actor.through(Channel.EXPORT))
        if edges & listed != set(change["after"]):
            raise Refused(CHANGED_SINCE)
        wanted = (edges - listed) | set(change["before"])
        seen = visible(self.actor, Deliverable)
        needed = select(Deliverable).where(Deliverable.key.in_(wanted), seen)
        needs = self.session.scalars(needed).all()
        planning.depend_on(self.session, self.actor, deliverable, needs, self.now)


def _entry(before: Done) -> DeliverableEntry:
    return DeliverableEntry(
        **{
            **before,
            "kind": DeliverableKind(before["kind"]),
            "basis": Basis(before["basis"]),
            "marking": Marking(before["marking"]),
        }
    )
