"""Naming where facts come from."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject
from app.audit.writing import Line, add, change
from app.core.days import Precision
from app.core.keys import first_free, stem_of
from app.core.permissions import Actor
from app.sources.models import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    title: str
    publisher: str = ""
    authors: str = ""
    published_on: date | None = None
    """First day of the month or year where `precision` says that no more is known."""
    precision: Precision = Precision.DAY
    url: str = ""
    note: str = ""


def cite(session: Session, actor: Actor, key: str, entry: SourceEntry, now: datetime) -> Source:
    """A new source, for things to name. Whoever may write the thing may cite."""
    source = Source(key=key, **asdict(entry))
    add(session, source, asdict(entry), _line(actor, "source.add", key, now))
    return source


def cite_anew(session: Session, actor: Actor, entry: SourceEntry, now: datetime) -> Source:
    """A new source under a key made of its title."""
    stem = stem_of(entry.title, "source")
    taken = set(session.scalars(select(Source.key).where(Source.key.startswith(stem))))
    return cite(session, actor, first_free(stem, taken), entry, now)


def describe(
    session: Session, actor: Actor, source: Source, entry: SourceEntry, now: datetime
) -> bool:
    """False when nothing differs."""
    line = _line(actor, "source.describe", source.key, now)
    return change(session, source, asdict(entry), line)


def _line(actor: Actor, verb: str, key: str, now: datetime) -> Line:
    return Line(actor.account_id, verb, Subject("source", key), now)
