"""A review as a reader sees it: of its day while it is open, what it kept once it is closed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.frozen import thaw
from app.core.permissions import Actor
from app.deadlines.queries import DeadlineRow
from app.deliverables.models import AssignmentState, StatusUpdate
from app.deliverables.queries import progress
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.groups import Need, in_order_of_need, rows_of
from app.deliverables.queries.listing import DeliverableRow
from app.deliverables.queries.nodes import nodes
from app.deliverables.rules.attention import Raised
from app.deliverables.rules.schedule import Node, Place, places
from app.members.queries.network import network
from app.reviews.models import DeadlineReview, ReviewChoice, ReviewEntry
from app.reviews.queries import facts
from app.reviews.queries.reviews import newest_choices
from app.reviews.rules.content import (
    Before,
    Chosen,
    Counts,
    Entry,
    Heading,
    Latest,
    Link,
    Part,
    RaisedFlag,
    ReviewContent,
    Shown,
)

PAGE_SIZE = 20
"""Entries on a page of a review that is open: each brings its form along."""
READ_SIZE = 40
"""Entries on a page to read."""
Sentence = Callable[[Raised], str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who reads, of which day, in whose words."""

    reader: Actor
    as_of: AsOf
    sentence: Sentence
    language: str


def live(
    session: Session,
    wanted: Wanted,
    deadline: DeadlineRow,
    review: DeadlineReview | None,
    *,
    page: int | None = None,
    size: int = PAGE_SIZE,
) -> tuple[ReviewContent, int]:
    """Everything due at the deadline on the day, or one page of it, and how many there are. Without
    a review nothing is chosen."""
    which = Filter(deadline_id=deadline.id)
    keyed = in_order_of_need(session, wanted.reader, wanted.as_of, which)
    first = 0 if page is None else (page - 1) * size
    shown = keyed if page is None else keyed[first : first + size]
    content = ReviewContent(
        heading=_heading(session, wanted, deadline),
        counts=_counts(session, wanted, deadline.id),
        entries=_entries(session, wanted, shown, review),
        opened_by=review.opened_by.name if review else "",
    )
    return content, len(keyed)


def some(
    session: Session, wanted: Wanted, review: DeadlineReview, ids: Sequence[int]
) -> tuple[Entry, ...]:
    """Those of these deliverables that an open review is about."""
    which = Filter(deadline_id=review.deadline_id, ids=ids)
    keyed = in_order_of_need(session, wanted.reader, wanted.as_of, which)
    return _entries(session, wanted, keyed, review)


def kept(session: Session, reader: Actor, review: DeadlineReview) -> ReviewContent:
    """What a closed review saw, as far as the reader may see it."""
    rows = session.scalars(
        select(ReviewEntry)
        .where(ReviewEntry.review_id == review.id)
        .order_by(ReviewEntry.position, ReviewEntry.id)
    )
    entries = facts.readable(session, reader, (thaw(Entry, row.saw) for row in rows))
    return ReviewContent(
        heading=thaw(Heading, review.saw),
        counts=_counted(entries),
        entries=entries,
        opened_by=review.opened_by.name,
        closed_by=review.closed_by.name if review.closed_by else "",
        closed_at=review.closed_at,
        effective_on=review.effective_on,
    )


def _entries(
    session: Session,
    wanted: Wanted,
    keyed: Sequence[tuple[Need, int]],
    review: DeadlineReview | None,
) -> tuple[Entry, ...]:
    reader, as_of, ids = wanted.reader, wanted.as_of, [id_ for _, id_ in keyed]
    if not ids:
        return ()
    graph = nodes(session, reader, as_of)
    rows = rows_of(session, reader, as_of, ids)
    found = places(graph, as_of.day)
    chains = {key for row in rows.values() for key in found[row.key].chain}
    more = _More(
        latest=facts.latest_updates(session, reader, as_of, ids),
        evidence=facts.evidence(session, reader, as_of, ids),
        before=facts.last_said(session, reader, as_of, ids),
        chosen=newest_choices(session, reader, review, ids) if review else {},
        answers=_answers(session, review),
        places=found,
        nodes={node.key: node for node in graph},
        titles=facts.titles(session, reader, chains),
    )
    return tuple(_entry(rows[id_], need, wanted, more) for need, id_ in keyed if id_ in rows)


@dataclass(frozen=True, slots=True)
class _More:
    latest: Mapping[int, StatusUpdate]
    evidence: Mapping[int, tuple[Shown, ...]]
    before: Mapping[int, Before]
    chosen: Mapping[int, ReviewChoice]
    answers: Mapping[int, StatusUpdate]
    places: Mapping[str, Place]
    nodes: Mapping[str, Node]
    titles: Mapping[str, str]


def _entry(row: DeliverableRow, need: Need, wanted: Wanted, more: _More) -> Entry:
    place, choice = more.places[row.key], more.chosen.get(row.id)
    update = more.latest.get(row.id)
    return Entry(
        deliverable_id=row.id,
        key=row.key,
        title=row.title,
        marking=row.shown_marking,
        need=need,
        status=row.status,
        health=row.health,
        progress=row.progress,
        due_on=row.due_on,
        due_precision=row.due_precision,
        days_late=row.days_late,
        leads=tuple(
            Part(code=p.code, name=p.name, is_accepted=p.state is AssignmentState.ACCEPTED)
            for p in row.lead_parts
        ),
        flags=_flags(row, wanted.sentence),
        latest=_latest(update, wanted.as_of) if update else None,
        needs=tuple(
            Link(key=n.key, title=n.title, status=n.status, due_on=n.due_on) for n in row.needs
        ),
        chain=tuple(_link(key, more) for key in place.chain if len(place.chain) > 1),
        earliest_on=place.earliest_on,
        slack_days=place.slack_days,
        evidence=more.evidence.get(row.id, ()),
        before=more.before.get(row.id),
        chosen=_chosen(choice, more) if choice else None,
    )


def _flags(row: DeliverableRow, sentence: Sentence) -> tuple[RaisedFlag, ...]:
    def told(raised: Raised, is_muted: bool) -> RaisedFlag:
        return RaisedFlag(
            flag=raised.flag,
            severity=raised.severity,
            sentence=sentence(raised),
            is_muted=is_muted,
        )

    muted = tuple(told(each.raised, True) for each in row.muted)
    return (*(told(raised, False) for raised in row.flags), *muted)


def _latest(update: StatusUpdate, as_of: AsOf) -> Latest:
    return Latest(
        id=update.id,
        effective_on=update.effective_on,
        precision=update.precision,
        age_days=(as_of.day - update.effective_on).days,
        note=update.note,
        blocker=update.blocker,
        next_step=update.next_step,
        by=update.account.name,
        member_code=update.member.code if update.member else "",
    )


def _link(key: str, more: _More) -> Link:
    node = more.nodes[key]
    return Link(key=key, title=more.titles.get(key, key), status=node.status, due_on=node.due_on)


def _chosen(choice: ReviewChoice, more: _More) -> Chosen:
    answer = more.answers.get(choice.question.answered_by_id or 0) if choice.question else None
    title, url = choice.evidence_title or choice.evidence_url, choice.evidence_url
    return Chosen(
        choice=choice.choice,
        reason=choice.reason,
        version=choice.version,
        by=choice.chosen_by.name,
        at=choice.chosen_at,
        new_due_on=choice.new_due_on,
        new_deadline_key=choice.new_deadline.key if choice.new_deadline else "",
        new_deadline_title=choice.new_deadline.title if choice.new_deadline else "",
        evidence=Shown(title=title, url=url) if url else None,
        answered_on=answer.effective_on if answer else None,
    )


def _answers(session: Session, review: DeadlineReview | None) -> Mapping[int, StatusUpdate]:
    """The updates that answered a question of this review, by their number."""
    if review is None:
        return {}
    return {update.id: update for update in session.scalars(facts.answers_of(review.id))}


def _heading(session: Session, wanted: Wanted, deadline: DeadlineRow) -> Heading:
    known = network(session, wanted.as_of)
    return Heading(
        language=wanted.language,
        network=known.name if known else "",
        deadline_key=deadline.key,
        deadline_title=deadline.title,
        starts_on=deadline.starts_on,
        ends_on=deadline.ends_on,
        precision=deadline.precision,
        place=deadline.place,
        held_on=wanted.as_of.day,
    )


def _counts(session: Session, wanted: Wanted, deadline_id: int) -> Counts:
    by_deadline = progress.by_deadline(session, wanted.reader, wanted.as_of)
    found = by_deadline.get(deadline_id, progress.NOTHING)
    return Counts(
        delivered=found.delivered,
        total=found.total,
        overdue=found.overdue,
        by_status=tuple((status, count) for status, count in found.by_status.items() if count),
    )


def _counted(entries: Sequence[Entry]) -> Counts:
    """The same over what was kept."""
    counts: dict[str, int] = {}
    for each in entries:
        counts[each.status] = counts.get(each.status, 0) + 1
    return Counts(
        delivered=counts.get("delivered", 0),
        total=len(entries) - counts.get("dropped", 0),
        overdue=sum(any(raised.flag == "overdue" for raised in e.flags) for e in entries),
        by_status=tuple(sorted(counts.items())),
    )
