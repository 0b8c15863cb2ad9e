"""Logging where a deliverable stands."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.actions import Happening, Subject, record_all
from app.core.clock import today
from app.core.days import Precision
from app.core.errors import N_, Conflict, Forbidden, Refused
from app.core.history import FOREVER
from app.core.markings import Marking
from app.core.permissions import Actor, Permission, Role, can
from app.deliverables.actions import states
from app.deliverables.actions.corrections import check_correction
from app.deliverables.actions.questions import answer_open
from app.deliverables.actions.refusals import worded
from app.deliverables.models import (
    Assignment,
    AssignmentRole,
    AssignmentSpan,
    AssignmentState,
    Deliverable,
    Evidence,
    EvidenceFile,
    StatusUpdate,
)
from app.deliverables.rules.files import FileKind
from app.deliverables.rules.history import Span, state_on
from app.deliverables.rules.moves import (
    ACTIVE,
    TABLE,
    Hand,
    Health,
    MoveRefused,
    Status,
    check_move,
)

HANDS = {
    Role.LIAISON: Hand.LIAISON,
    Role.COORDINATOR: Hand.COORDINATOR,
    Role.RECORDER: Hand.RECORD,
}
LOGGING_ROLES = (AssignmentRole.LEAD, AssignmentRole.CONTRIBUTOR)
TAKING_PART = (AssignmentState.PROPOSED, AssignmentState.ACCEPTED)
FLUSHED_AT_ONCE = 1000
NO_PART = N_("Your member neither leads this deliverable nor contributes to it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """What is kept of a file beside its bytes, which lie under `sha256`."""

    sha256: str
    name: str
    kind: FileKind
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceLink:
    """`url` is empty where the evidence is a file of our own."""

    title: str
    url: str = ""
    source_id: int | None = None
    file: StoredFile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateEntry:
    """What is logged. `progress` is 0-100 or None for unknown; `effective_on` is the day it holds
    from. `seen_update_id` is the newest update its author had before them (None: there was none);
    `checks_seen` off logs it whatever came in meanwhile."""

    status: Status
    effective_on: date
    health: Health | None = None
    progress: int | None = None
    note: str = ""
    blocker: str = ""
    next_step: str = ""
    evidence: Sequence[EvidenceLink] = ()
    precision: Precision = Precision.DAY
    source_id: int | None = None
    corrects_id: int | None = None
    seen_update_id: int | None = None
    checks_seen: bool = False


class UpdateLog:
    """Logs updates of these deliverables, one after the other, and keeps what follows from them.

    `add` checks an update and writes it; `close` brings states and trail up to date and comes once,
    after the last. Nothing else logs: a screen logs one update this way, an import many.
    """

    def __init__(
        self, session: Session, actor: Actor, deliverables: Collection[Deliverable], now: datetime
    ) -> None:
        self._session, self._actor, self._now = session, actor, now
        _lock(session, deliverables)
        self._histories = states.Histories(session, deliverables)
        self._changed: dict[int, Deliverable] = {}
        self._unflushed: list[tuple[Deliverable, Span, StatusUpdate]] = []

    def add(self, deliverable: Deliverable, entry: UpdateEntry) -> StatusUpdate:
        """Raises Forbidden when the actor's member has no part in it, Conflict when somebody logged
        meanwhile, Refused for a move that is not open or an entry that cannot be."""
        session, actor = self._session, self._actor
        _check_actor(session, actor, deliverable)
        _check_seen(session, deliverable, entry)
        _check_entry(deliverable, entry, self._now)
        if entry.corrects_id is not None:
            check_correction(session, actor, deliverable, entry.corrects_id)
        spans = self._histories.of(deliverable, without=entry.corrects_id)
        before = state_on(spans, entry.effective_on)
        assert before is not None  # noqa: S101 - _check_entry refuses days before it exists
        _check_moves(session, actor, deliverable, entry, before, spans)
        update = _add(session, actor, deliverable, entry, self._now)
        self._histories.foresee(update)
        self._changed[deliverable.id] = deliverable
        self._unflushed.append((deliverable, before, update))
        if len(self._unflushed) >= FLUSHED_AT_ONCE:
            self._flush()
        return update

    def close(self) -> None:
        self._flush()
        states.rebuild(self._session, self._changed.values())

    def _flush(self) -> None:
        # The trail names updates by number, which they have from here on.
        self._session.flush()
        happenings = [_happening(*logged) for logged in self._unflushed]
        record_all(self._session, self._actor.account_id, happenings, self._now)
        logged = {deliverable.id: update.id for deliverable, _, update in self._unflushed}
        answer_open(self._session, logged, self._now)
        self._unflushed.clear()


def log_update(
    session: Session, actor: Actor, deliverable: Deliverable, entry: UpdateEntry, now: datetime
) -> StatusUpdate:
    """Add one update; raises as `UpdateLog.add` does."""
    log = UpdateLog(session, actor, [deliverable], now)
    update = log.add(deliverable, entry)
    log.close()
    return update


def may_log(session: Session, actor: Actor, deliverable_id: int) -> bool:
    """Liaisons log on what their member leads or contributes to; coordinators on everything."""
    if not can(actor, Permission.UPDATE_LOG):
        return False
    if actor.role is not Role.LIAISON:
        return True
    part = (
        select(AssignmentSpan.id)
        .join(Assignment)
        .where(
            Assignment.deliverable_id == deliverable_id,
            Assignment.member_id == actor.member_id,
            AssignmentSpan.until_on == FOREVER,
            AssignmentSpan.role.in_(LOGGING_ROLES),
            AssignmentSpan.state.in_(TAKING_PART),
        )
    )
    return session.scalars(part).first() is not None


def newest_update_id(session: Session, deliverable_id: int) -> int | None:
    """The update that was recorded last, whatever day it holds from."""
    newest = select(func.max(StatusUpdate.id)).where(StatusUpdate.deliverable_id == deliverable_id)
    return session.scalar(newest)


def _lock(session: Session, deliverables: Collection[Deliverable]) -> None:
    # Two updates of one deliverable follow each other; on SQLite the transaction sees to it.
    ids = [each.id for each in deliverables]
    if session.get_bind().dialect.name == "postgresql":
        rows = select(Deliverable.id).where(Deliverable.id.in_(ids)).order_by(Deliverable.id)
        session.execute(rows.with_for_update())


def _check_actor(session: Session, actor: Actor, deliverable: Deliverable) -> None:
    if not may_log(session, actor, deliverable.id):
        raise Forbidden(NO_PART)


def _check_seen(session: Session, deliverable: Deliverable, entry: UpdateEntry) -> None:
    if entry.checks_seen and newest_update_id(session, deliverable.id) != entry.seen_update_id:
        raise Conflict(
            N_(
                "Somebody logged an update of this deliverable while you were writing. It is shown "
                "below; your own text is kept. Look at it, change what you need, and log again."
            )
        )


def _check_entry(deliverable: Deliverable, entry: UpdateEntry, now: datetime) -> None:
    if entry.effective_on > today(now):
        raise Refused(
            N_(
                "This day has not come yet: it is %(today)s in UTC. "
                "Give that day or an earlier one."
            ),
            field="effective_on",
            today=today(now),
        )
    if entry.effective_on < deliverable.exists_from:
        raise Refused(
            N_("The deliverable exists only from %(day)s on. Give that day or a later one."),
            field="effective_on",
            day=deliverable.exists_from,
        )
    if entry.health is not None and entry.status not in ACTIVE:
        raise Refused(
            N_("Health is for work that is going on. Leave it open for “%(status)s”."),
            field="health",
            status=entry.status,
        )
    if deliverable.marking is Marking.RED and any(link.file for link in entry.evidence):
        raise Refused(
            N_("What is marked RED stays on the screen: name where the file is, do not add it."),
            field="evidence_file",
        )
    if entry.progress is not None and not 0 <= entry.progress <= 100:
        raise Refused(N_("Progress is a whole number from 0 to 100."), field="progress")


def _check_moves(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    entry: UpdateEntry,
    before: Span,
    spans: Sequence[Span],
) -> None:
    """The move from what held on that day, and on to what a later update already says."""
    has_evidence = bool(entry.evidence or entry.source_id or _has_evidence(session, deliverable.id))
    try:
        check_move(
            before.status,
            entry.status,
            HANDS[actor.role],
            note=entry.note,
            has_evidence=has_evidence,
        )
    except MoveRefused as refused:
        raise worded(refused) from refused
    later = next((span for span in spans if span.from_on > entry.effective_on), None)
    if later and later.status != entry.status and (entry.status, later.status) not in TABLE:
        raise Refused(
            N_(
                "A later update, of %(day)s, says “%(later)s”, and nothing goes from "
                "“%(status)s” to that. Give a later day, or correct that update first."
            ),
            field="status",
            day=later.from_on,
            later=later.status,
            status=entry.status,
        )


def _has_evidence(session: Session, deliverable_id: int) -> bool:
    any_of_it = select(Evidence.id).where(Evidence.deliverable_id == deliverable_id).limit(1)
    return session.scalars(any_of_it).first() is not None


def _add(
    session: Session, actor: Actor, deliverable: Deliverable, entry: UpdateEntry, now: datetime
) -> StatusUpdate:
    inherited = {"marking": deliverable.marking, "audience_id": deliverable.audience_id}
    update = StatusUpdate(
        deliverable_id=deliverable.id,
        effective_on=entry.effective_on,
        precision=entry.precision,
        recorded_at=now,
        account_id=actor.account_id,
        member_id=actor.member_id,
        status=entry.status,
        health=entry.health,
        progress=entry.progress,
        note=entry.note,
        blocker=entry.blocker,
        next_step=entry.next_step,
        source_id=entry.source_id,
        corrects_id=entry.corrects_id,
        **inherited,
    )
    session.add(update)
    if entry.evidence:
        session.flush()
    for link in entry.evidence:
        evidence = Evidence(
            deliverable_id=deliverable.id,
            update_id=update.id,
            title=link.title,
            url=link.url,
            source_id=link.source_id,
            added_by_id=actor.account_id,
            added_at=now,
            **inherited,
        )
        session.add(evidence)
        if link.file is not None:
            evidence.file = EvidenceFile(**asdict(link.file))
    return update


def _happening(deliverable: Deliverable, before: Span, update: StatusUpdate) -> Happening:
    changes = {
        "status": (before.status, update.status),
        "health": (before.health, update.health),
        "progress": (before.progress, update.progress),
        "effective_on": (None, update.effective_on),
        "update": (None, update.id),
    }
    return Happening("update.log", Subject("deliverable", deliverable.key), changes)
