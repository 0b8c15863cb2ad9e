"""Logging where a deliverable stands."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Happening, Subject, record_all
from app.core.errors import N_, Forbidden
from app.core.history import FOREVER
from app.core.markings import Channel, may_go
from app.core.permissions import Actor, Permission, Role, can
from app.deliverables.actions import states
from app.deliverables.actions.checks import (
    check_entry,
    check_moves,
    check_seen,
    newest_update_id,
)
from app.deliverables.actions.corrections import check_correction
from app.deliverables.actions.entries import HANDS, EvidenceLink, StoredFile, UpdateEntry
from app.deliverables.actions.marks import mark_below, mark_within
from app.deliverables.actions.questions import answer_open
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
from app.deliverables.rules.history import Span, state_on
from app.notices.actions import happened
from app.notices.rules import Happening as News

__all__ = [
    "HANDS",
    "NO_PART",
    "EvidenceLink",
    "StoredFile",
    "UpdateEntry",
    "UpdateLog",
    "log_update",
    "may_log",
    "newest_update_id",
]

LOGGING_ROLES = (AssignmentRole.LEAD, AssignmentRole.CONTRIBUTOR)
TAKING_PART = (AssignmentState.PROPOSED, AssignmentState.ACCEPTED)
FLUSHED_AT_ONCE = 1000
NO_PART = N_("Your member neither leads this deliverable nor contributes to it.")


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
        self._histories = states.Histories(session, deliverables, actor)
        self._changed: dict[int, Deliverable] = {}
        self._unflushed: list[tuple[Deliverable, Span, StatusUpdate]] = []

    def add(self, deliverable: Deliverable, entry: UpdateEntry) -> StatusUpdate:
        """Raises Forbidden when the actor's member has no part in it, Conflict when somebody logged
        meanwhile, Refused for a move that is not open or an entry that cannot be."""
        session, actor = self._session, self._actor
        _check_actor(session, actor, deliverable)
        check_seen(session, actor, deliverable, entry)
        check_entry(deliverable, entry, self._now)
        if entry.corrects_id is not None:
            check_correction(session, actor, deliverable, entry.corrects_id)
        spans = self._histories.of(deliverable, without=entry.corrects_id)
        before = state_on(spans, entry.effective_on)
        assert before is not None  # noqa: S101 - check_entry refuses days before it exists
        check_moves(session, actor, deliverable, entry, before, spans)
        openly = state_on(
            self._histories.openly(deliverable, without=entry.corrects_id), entry.effective_on
        )
        update = _add(session, actor, deliverable, entry, self._now)
        self._histories.foresee(update)
        self._changed[deliverable.id] = deliverable
        self._unflushed.append((deliverable, openly or before, update))
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
        for deliverable, _, update in self._unflushed:
            happened(
                self._session,
                self._actor,
                News.UPDATE_LOGGED,
                Subject("deliverable", deliverable.key),
                self._now,
                number=update.id,
                on=update.effective_on,
            )
        logged = {
            deliverable.id: update.id
            for deliverable, _, update in self._unflushed
            if may_go(update.marking, Channel.TEXT)  # else the answer would say that it is there
        }
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


def _lock(session: Session, deliverables: Collection[Deliverable]) -> None:
    # Two updates of one deliverable follow each other; on SQLite the transaction sees to it.
    ids = [each.id for each in deliverables]
    if session.get_bind().dialect.name == "postgresql":
        rows = select(Deliverable.id).where(Deliverable.id.in_(ids)).order_by(Deliverable.id)
        session.execute(rows.with_for_update())


def _check_actor(session: Session, actor: Actor, deliverable: Deliverable) -> None:
    if not may_log(session, actor, deliverable.id):
        raise Forbidden(NO_PART)


def _add(
    session: Session, actor: Actor, deliverable: Deliverable, entry: UpdateEntry, now: datetime
) -> StatusUpdate:
    corrects = session.get(StatusUpdate, entry.corrects_id) if entry.corrects_id else None
    own = mark_within(session, actor, deliverable, entry.sharing, corrects)
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
        **asdict(own),
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
            **asdict(mark_below(session, actor, update, link.sharing)),
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
