"""What can be searched: which columns of a thing, and to whom it is known on which day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, false

from app.agendas.models import AgendaItem, PublishedAgenda
from app.core.clock import AsOf
from app.core.permissions import Actor, Permission, can
from app.deadlines.models import Deadline
from app.decisions.models import Decision
from app.decisions.queries.decisions import readable as readable_decision
from app.deliverables.models import Deliverable, StatusUpdate
from app.meetings.models import Meeting
from app.members.models import Institute, Member
from app.priorities.models import Body, Priority, Question
from app.search.rules import names_of, published_text
from app.sharing.models import Marked
from app.sharing.queries import visible
from app.sources.models import Source

ROOM = 32
"""For so many kinds there is room in the number of an entry."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a thing is found by; a find in the title comes first."""

    title: str
    body: str = ""
    key: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """`known` is the condition on rows of `model` that the reader may know of them on the day."""

    number: int
    model: Any
    words: Callable[[Any], Words]
    known: Callable[[Actor | None, AsOf], ColumnElement[bool]]

    def entry_id(self, item_id: int) -> int:
        return item_id * ROOM + self.number


def _lines(*texts: str) -> str:
    return "\n".join(text for text in texts if text)


def _existing(model: Any) -> Callable[[Actor | None, AsOf], ColumnElement[bool]]:
    """Open to every account from the day it exists."""

    def known(reader: Actor | None, as_of: AsOf) -> ColumnElement[bool]:
        exists: ColumnElement[bool] = model.exists_on(as_of.day)
        if not issubclass(model, Marked):
            return exists if reader is not None else false()
        return and_(exists, visible(reader, model))

    return known


def _updates(reader: Actor | None, as_of: AsOf) -> ColumnElement[bool]:
    return and_(StatusUpdate.effective_on <= as_of.day, visible(reader, StatusUpdate))


def _institutes(reader: Actor | None, as_of: AsOf) -> ColumnElement[bool]:
    """Under the names of today and those before."""
    return Institute.from_on <= as_of.day if reader is not None else false()


def _sources(reader: Actor | None, _as_of: AsOf) -> ColumnElement[bool]:
    return Source.id.is_not(None) if reader is not None else false()


def _items(reader: Actor | None, _as_of: AsOf) -> ColumnElement[bool]:
    """Of working agendas, for those who may read drafts."""
    if not can(reader, Permission.AGENDA_EDIT):
        return false()
    return visible(reader, AgendaItem)


def _nobody(_reader: Actor | None, _as_of: AsOf) -> ColumnElement[bool]:
    """Found by other means than as a whole."""
    return false()


KINDS: Mapping[str, Kind] = {
    "deliverable": Kind(
        1,
        Deliverable,
        lambda d: Words(d.title, _lines(d.note, d.key), d.key),
        _existing(Deliverable),
    ),
    "priority": Kind(
        2, Priority, lambda p: Words(p.title, _lines(p.note, p.key), p.key), _existing(Priority)
    ),
    "deadline": Kind(
        3,
        Deadline,
        lambda d: Words(d.title, _lines(d.place, d.note, d.key), d.key),
        _existing(Deadline),
    ),
    "member": Kind(
        4,
        Member,
        lambda m: Words(m.name, _lines(m.code, names_of(m.code)), m.code),
        _existing(Member),
    ),
    "question": Kind(
        5,
        Question,
        lambda q: Words(q.title, _lines(q.recommendation, q.note, q.key), q.key),
        _existing(Question),
    ),
    "decision": Kind(
        6, Decision, lambda d: Words(d.title, _lines(d.proposal, d.key), d.key), readable_decision
    ),
    "meeting": Kind(
        7,
        Meeting,
        lambda m: Words(m.title, _lines(m.place, m.note, m.key), m.key, m.starts_on),
        _existing(Meeting),
    ),
    "agenda_item": Kind(
        8, AgendaItem, lambda i: Words(i.title, _lines(i.note, i.outcome_text)), _items
    ),
    "update": Kind(
        9,
        StatusUpdate,
        lambda u: Words("", _lines(u.note, u.blocker, u.next_step), day=u.effective_on),
        _updates,
    ),
    "institute": Kind(
        10,
        Institute,
        lambda i: Words(i.name, _lines(i.host, i.staff, i.funding, i.note), day=i.from_on),
        _institutes,
    ),
    "body": Kind(11, Body, lambda b: Words(b.name, _lines(b.note, b.key), b.key), _existing(Body)),
    "source": Kind(
        12,
        Source,
        lambda s: Words(
            s.title, _lines(s.publisher, s.authors, s.note, s.key), s.key, s.published_on
        ),
        _sources,
    ),
    "published_agenda": Kind(
        13, PublishedAgenda, lambda p: Words("", published_text(p.content)), _nobody
    ),
}
"""In the order in which finds are listed."""

KIND_OF: Mapping[type, str] = {kind.model: word for word, kind in KINDS.items()}
ORDER: Mapping[str, int] = {word: place for place, word in enumerate(KINDS)}
