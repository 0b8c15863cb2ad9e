"""Logging where a deliverable stands."""

from collections.abc import Callable, Collection
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
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
from app.deliverables.rules.history import UpdateFact
from app.deliverables.rules.moves import ACTIVE, Status
from app.notices.actions import all_happened
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
TOLD = ("id", "effective_on", "status", "health", "progress", "marking")
Row = dict[str, Any]
Before = UpdateFact | None
Progress = Callable[[int, int], None]
NO_PART = N_("Your member neither leads this deliverable nor contributes to it.")


class UpdateLog:
    """Logs updates of these deliverables, one after the other, and keeps what follows from them.

    `add` checks an update and writes it; `plan` checks one that `close` writes, for thousands
    without evidence; `close` brings states and trail up to date and comes once, after the last.
    Nothing else logs: a screen logs one update this way, an import many.
    """

    def __init__(
        self, session: Session, actor: Actor, deliverables: Collection[Deliverable], now: datetime
    ) -> None:
        self._session, self._actor, self._now = session, actor, now
        _lock(session, deliverables)
        self._histories = states.Histories(session, deliverables, actor)
        self._may_log: dict[int, bool] = {}
        self._changed: dict[int, Deliverable] = {}
        self._unflushed: list[tuple[Deliverable, Before, StatusUpdate]] = []
        self._planned: list[tuple[Deliverable, Before, Row]] = []

    def add(self, deliverable: Deliverable, entry: UpdateEntry) -> StatusUpdate:
        """Raises Forbidden when the actor's member has no part in it, Conflict when somebody logged
        meanwhile, Refused for a move that is not open or an entry that cannot be."""
        before = self._check(deliverable, entry)
        row = self._counted_in(deliverable, entry)
        update = _add(self._session, self._actor, entry, row, self._now)
        self._unflushed.append((deliverable, before, update))
        if len(self._unflushed) >= FLUSHED_AT_ONCE:
            self._flush()
        return update

    def plan(
        self, deliverable: Deliverable, entry: UpdateEntry, undone: frozenset[int] = frozenset()
    ) -> None:
        """Raises as `add` does, and writes nothing. `undone`: updates that may be corrected, all
        of which are: none of them has a say in what may."""
        before = self._check(deliverable, entry, undone)
        self._planned.append((deliverable, before, self._counted_in(deliverable, entry)))

    def on(
        self, deliverable: Deliverable, day: date, without: frozenset[int] = frozenset()
    ) -> UpdateFact | None:
        """What is in effect on the day, as the actor may know it; None: not started."""
        return self._histories.counting(deliverable, without).on(day)

    def close(self, progress: Progress | None = None) -> list[int]:
        """The numbers of those that were planned, in their order."""
        self._flush()
        numbers: list[int] = []
        for first in range(0, len(self._planned), FLUSHED_AT_ONCE):
            some = self._planned[first : first + FLUSHED_AT_ONCE]
            numbers += self._write([row for _, _, row in some])
            self._tell(
                [
                    (deliverable, before, {**row, "id": number})
                    for (deliverable, before, row), number in zip(
                        some, numbers[first:], strict=True
                    )
                ]
            )
            if progress:
                progress(len(numbers), len(self._planned))
        self._planned.clear()
        states.rebuild(self._session, self._changed.values())
        return numbers

    def _check(
        self, deliverable: Deliverable, entry: UpdateEntry, undone: frozenset[int] = frozenset()
    ) -> Before:
        """What held on that day, for the trail."""
        session, actor = self._session, self._actor
        if deliverable.id not in self._may_log:
            self._may_log[deliverable.id] = may_log(session, actor, deliverable.id)
        if not self._may_log[deliverable.id]:
            raise Forbidden(NO_PART)
        check_seen(session, actor, deliverable, entry)
        check_entry(deliverable, entry, self._now)
        if entry.corrects_id is not None and entry.corrects_id not in undone:
            check_correction(session, actor, deliverable, entry.corrects_id)
            undone |= {entry.corrects_id}
        counting, day = self._histories.counting(deliverable, undone), entry.effective_on
        before = counting.on(day)
        status = before.status if before else Status.NOT_STARTED
        check_moves(session, actor, deliverable, entry, status, counting.after(day))
        return self._histories.openly(deliverable, undone).on(day)

    def _counted_in(self, deliverable: Deliverable, entry: UpdateEntry) -> Row:
        row = _row(self._session, self._actor, deliverable, entry, self._now)
        self._histories.foresee(deliverable.id, _fact(row))
        self._changed[deliverable.id] = deliverable
        return row

    def _write(self, rows: list[Row]) -> list[int]:
        numbered = insert(StatusUpdate).returning(StatusUpdate.id, sort_by_parameter_order=True)
        return list(self._session.scalars(numbered, rows))

    def _flush(self) -> None:
        # The trail names updates by number, which they have from here on.
        self._session.flush()
        self._tell(
            [
                (deliverable, before, {name: getattr(update, name) for name in TOLD})
                for deliverable, before, update in self._unflushed
            ]
        )
        self._unflushed.clear()

    def _tell(self, logged: list[tuple[Deliverable, Before, Row]]) -> None:
        """The trail, whoever is to be told, and those who had asked."""
        happenings = [_happening(*each) for each in logged]
        record_all(self._session, self._actor.account_id, happenings, self._now)
        news = [
            (Subject("deliverable", deliverable.key), row["id"], row["effective_on"])
            for deliverable, _, row in logged
        ]
        all_happened(self._session, self._actor, News.UPDATE_LOGGED, news, self._now)
        answers = {
            deliverable.id: row["id"]
            for deliverable, _, row in logged
            if may_go(row["marking"], Channel.TEXT)  # else the answer would say that it is there
        }
        answer_open(self._session, answers, self._now)


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


def _row(
    session: Session, actor: Actor, deliverable: Deliverable, entry: UpdateEntry, now: datetime
) -> Row:
    corrects = session.get(StatusUpdate, entry.corrects_id) if entry.corrects_id else None
    own = mark_within(session, actor, deliverable, entry.sharing, corrects)
    return {
        "deliverable_id": deliverable.id,
        "effective_on": entry.effective_on,
        "precision": entry.precision,
        "recorded_at": now,
        "account_id": actor.account_id,
        "member_id": actor.member_id,
        "status": entry.status,
        "health": entry.health,
        "progress": entry.progress,
        "note": entry.note,
        "blocker": entry.blocker,
        "next_step": entry.next_step,
        "source_id": entry.source_id,
        "corrects_id": entry.corrects_id,
        "marking": own.marking,
        "audience_id": own.audience_id,
    }


def _fact(row: Row) -> UpdateFact:
    names = ("effective_on", "status", "health", "progress", "blocker", "marking")
    return UpdateFact(id=0, corrects=row["corrects_id"], **{name: row[name] for name in names})


def _add(
    session: Session, actor: Actor, entry: UpdateEntry, row: Row, now: datetime
) -> StatusUpdate:
    update = StatusUpdate(**row)
    session.add(update)
    if entry.evidence:
        session.flush()
    for link in entry.evidence:
        evidence = Evidence(
            deliverable_id=update.deliverable_id,
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


def _happening(deliverable: Deliverable, before: Before, row: Row) -> Happening:
    was = before.status if before else Status.NOT_STARTED
    health = before.health if before and was in ACTIVE else None
    changes = {
        "status": (was, row["status"]),
        "health": (health, row["health"]),
        "progress": (before.progress if before else None, row["progress"]),
        "effective_on": (None, row["effective_on"]),
        "update": (None, row["id"]),
    }
    return Happening("update.log", Subject("deliverable", deliverable.key), changes)
