"""What a review tells of each deliverable beside its row: one query for each kind of fact."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.core.clock import AsOf
from app.core.frozen import thaw
from app.core.markings import note
from app.core.permissions import Actor
from app.deliverables.models import AskedQuestion, Deliverable, Evidence, StatusUpdate
from app.deliverables.queries.states import corrected
from app.people.models import Account
from app.reviews.models import DeadlineReview, ReviewChoice, ReviewEntry
from app.reviews.rules.content import Before, Entry, Shown
from app.sharing.queries import visible


def latest_updates(
    session: Session, reader: Actor, as_of: AsOf, ids: Sequence[int]
) -> Mapping[int, StatusUpdate]:
    """The update in effect of each, with who logged it."""
    place = func.row_number().over(
        partition_by=StatusUpdate.deliverable_id,
        order_by=(StatusUpdate.effective_on.desc(), StatusUpdate.id.desc()),
    )
    ranked = (
        select(StatusUpdate.id, place.label("place"))
        .where(
            StatusUpdate.deliverable_id.in_(ids),
            StatusUpdate.effective_on <= as_of.day,
            StatusUpdate.id.not_in(corrected(reader)),
            visible(reader, StatusUpdate),
        )
        .subquery()
    )
    found = session.scalars(
        select(StatusUpdate)
        .join(ranked, ranked.c.id == StatusUpdate.id)
        .where(ranked.c.place == 1)
        .options(
            joinedload(StatusUpdate.member),
            joinedload(StatusUpdate.account).load_only(Account.id, Account.name),
        )
    )
    return {update.deliverable_id: update for update in found}


def evidence(
    session: Session, reader: Actor, as_of: AsOf, ids: Sequence[int]
) -> Mapping[int, tuple[Shown, ...]]:
    """What was shown by the end of the day, the newest first."""
    end = datetime.combine(as_of.day + timedelta(1), time(), UTC)
    rows = session.execute(
        select(Evidence.deliverable_id, Evidence.id, Evidence.title, Evidence.url)
        .outerjoin(StatusUpdate, StatusUpdate.id == Evidence.update_id)
        .where(
            Evidence.deliverable_id.in_(ids),
            or_(
                StatusUpdate.effective_on <= as_of.day,
                Evidence.update_id.is_(None) & (Evidence.added_at < end),
            ),
            visible(reader, Evidence),
        )
        .order_by(Evidence.id.desc())
    )
    found: defaultdict[int, tuple[Shown, ...]] = defaultdict(tuple)
    for deliverable_id, evidence_id, title, url in rows:
        shown = Shown(title=title, url=url or f"/evidence/{evidence_id}/file")
        found[deliverable_id] += (shown,)
    return found


def last_said(
    session: Session, reader: Actor, as_of: AsOf, ids: Sequence[int]
) -> Mapping[int, Before]:
    """From the last review of a day up to this one that was closed, whatever its deadline."""
    place = func.row_number().over(
        partition_by=ReviewEntry.deliverable_id,
        order_by=(DeadlineReview.held_on.desc(), DeadlineReview.closed_at.desc()),
    )
    ranked = (
        select(ReviewEntry.id, DeadlineReview.held_on, place.label("place"))
        .join(DeadlineReview, DeadlineReview.id == ReviewEntry.review_id)
        .where(
            ReviewEntry.deliverable_id.in_(ids),
            DeadlineReview.closed_at.is_not(None),
            DeadlineReview.held_on <= as_of.day,
        )
        .subquery()
    )
    rows = session.execute(
        select(ReviewEntry, ranked.c.held_on)
        .join(ranked, ranked.c.id == ReviewEntry.id)
        .where(ranked.c.place == 1)
    ).all()
    entries = {row.ReviewEntry.id: thaw(Entry, row.ReviewEntry.saw) for row in rows}
    kept = readable(session, reader, entries.values())
    return {
        row.ReviewEntry.deliverable_id: _before(row.ReviewEntry, row.held_on, entry)
        for row in rows
        if (entry := entries[row.ReviewEntry.id]) in kept
    }


def readable(session: Session, reader: Actor, entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Those of which the reader may see the deliverable, the update that was in effect, and every
    other deliverable that it names."""
    asked = tuple(entries)
    named = {link.key for entry in asked for link in (*entry.needs, *entry.chain)}
    known = titles(session, reader, named)
    deliverable_ids = {entry.deliverable_id for entry in asked}
    update_ids = {entry.latest.id for entry in asked if entry.latest}
    seen = set(
        session.scalars(
            select(Deliverable.id).where(
                Deliverable.id.in_(deliverable_ids), visible(reader, Deliverable)
            )
        )
    )
    updates = set(
        session.scalars(
            select(StatusUpdate.id).where(
                StatusUpdate.id.in_(update_ids), visible(reader, StatusUpdate)
            )
        )
    )
    shown = tuple(
        entry
        for entry in asked
        if entry.deliverable_id in seen
        and (not entry.latest or entry.latest.id in updates)
        and all(link.key in known for link in (*entry.needs, *entry.chain))
    )
    for entry in shown:
        note(entry.marking)  # no column says it of what was frozen
    return shown


def answers_of(review_id: int) -> Select[StatusUpdate]:
    """The updates that answered what was asked in a review."""
    return (
        select(StatusUpdate)
        .join(AskedQuestion, AskedQuestion.answered_by_id == StatusUpdate.id)
        .join(ReviewChoice, ReviewChoice.question_id == AskedQuestion.id)
        .where(ReviewChoice.review_id == review_id)
    )


def titles(session: Session, reader: Actor, keys: Iterable[str]) -> Mapping[str, str]:
    rows = session.execute(
        select(Deliverable.key, Deliverable.title).where(
            Deliverable.key.in_(sorted(set(keys))), visible(reader, Deliverable)
        )
    )
    return {row.key: row.title for row in rows}


def _before(kept: ReviewEntry, held_on: date, entry: Entry) -> Before:
    chosen = entry.chosen
    return Before(
        review_id=kept.review_id,
        held_on=held_on,
        status=entry.status,
        health=entry.health,
        choice=chosen.choice if chosen else None,
        reason=chosen.reason if chosen else "",
    )
