"""Keeps the index true to what is written, in the same transaction.

It listens to every session: whatever action changes a thing that can be searched, nobody has to
remember the index. What is written past the session (SQL by hand) needs `flask search rebuild`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, column, delete, event, func, select, table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.orm.unitofwork import UOWTransaction

from app.core.progress import Progress
from app.search.kinds import KIND_OF, KINDS, Kind
from app.search.models import SearchEntry
from app.search.rules import as_tsvector, words_of

AT_ONCE = 500
INDEX = table("search_index", column("rowid"), column("search_index"), column("words"))

_INTO_SQLITE = text("INSERT INTO search_index (rowid, title, body) VALUES (:id, :title, :body)")
_INTO_POSTGRES = text(
    "INSERT INTO search_index (rowid, words) VALUES (:id, CAST(:words AS tsvector)) "
    "ON CONFLICT (rowid) DO UPDATE SET words = excluded.words"
)


@event.listens_for(Session, "after_flush")
def _follow(session: Session, _context: UOWTransaction) -> None:
    gone = [entry_id(thing) for thing in session.deleted if type(thing) in KIND_OF]
    there = [thing for thing in (*session.new, *session.dirty) if type(thing) in KIND_OF]
    if gone:
        remove(session.connection(), gone)
    if there:
        write(session.connection(), [entry_of(thing) for thing in there])


def entry_id(thing: Any) -> int:
    return KINDS[KIND_OF[type(thing)]].entry_id(thing.id)


def entry_of(thing: Any) -> Mapping[str, Any]:
    word = KIND_OF[type(thing)]
    kind = KINDS[word]
    words = kind.words(thing)
    return {
        "id": kind.entry_id(thing.id),
        "kind": word,
        "item_id": thing.id,
        "key": words.key,
        "title": words.title,
        "body": words.body,
        "happened_on": words.day,
    }


def write(connection: Connection, entries: Sequence[Mapping[str, Any]]) -> None:
    """Put entries in, or in the place of those that are there."""
    for start in range(0, len(entries), AT_ONCE):
        _write(connection, entries[start : start + AT_ONCE])


def remove(connection: Connection, ids: Sequence[int]) -> None:
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        connection.execute(delete(INDEX).where(INDEX.c.rowid.in_(some)))
        connection.execute(delete(SearchEntry).where(SearchEntry.id.in_(some)))


def rebuild(session: Session, progress: Progress | None = None) -> int:
    """Make the index anew from everything there is; how many entries it holds. `progress` is told
    how many are in it, of how many."""
    connection = session.connection()
    connection.execute(delete(INDEX))
    connection.execute(delete(SearchEntry))
    total = sum(session.scalar(_count(kind)) or 0 for kind in KINDS.values()) if progress else 0
    done = 0
    for kind in KINDS.values():
        for count in _rebuild(session, kind):
            done += count
            if progress:
                progress(done, total)
    return done


def _count(kind: Kind) -> Select[int]:
    return select(func.count()).select_from(kind.model)


def _rebuild(session: Session, kind: Kind) -> Iterator[int]:
    things = session.scalars(select(kind.model).execution_options(yield_per=AT_ONCE))
    for some in things.partitions():
        write(session.connection(), [entry_of(thing) for thing in some])
        yield len(some)


def _write(connection: Connection, entries: Sequence[Mapping[str, Any]]) -> None:
    is_postgres = connection.dialect.name == "postgresql"
    insert: Any = (postgresql if is_postgres else sqlite).insert(SearchEntry)
    columns = {name: insert.excluded[name] for name in ("key", "title", "body", "happened_on")}
    upsert = insert.on_conflict_do_update(index_elements=["id"], set_=columns)
    connection.execute(upsert, list(entries))
    if is_postgres:
        connection.execute(_INTO_POSTGRES, [_vector(entry) for entry in entries])
        return
    connection.execute(delete(INDEX).where(INDEX.c.rowid.in_([entry["id"] for entry in entries])))
    connection.execute(_INTO_SQLITE, [_columns(entry) for entry in entries])


def _columns(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": entry["id"], "title": _words(entry["title"]), "body": _words(entry["body"])}


def _vector(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": entry["id"], "words": as_tsvector(_words(entry["title"]), _words(entry["body"]))}


def _words(text: str) -> str:
    return " ".join(words_of(text))
