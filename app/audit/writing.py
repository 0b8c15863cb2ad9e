"""Rows that are written together with their line in the trail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record


@dataclass(frozen=True, slots=True)
class Line:
    """How the trail names what is written: who, which verb, what about, when."""

    account_id: int
    verb: str
    subject: Subject
    now: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What the line says beside the changed columns."""


def add(
    session: Session, row: object, columns: Mapping[str, Any], line: Line, *, named: str = ""
) -> None:
    """Add a row, with the columns that the trail names; `named` also by its number, under this
    name."""
    session.add(row)
    session.flush()
    changes = {name: (None, value) for name, value in columns.items()}
    if named:
        changes[named] = (None, inspect(row).identity[0])
    _record(session, changes, line)


def change(session: Session, row: object, columns: Mapping[str, Any], line: Line) -> bool:
    """Give columns of a row new values; False, and no line in the trail, when nothing differs."""
    changes = {
        name: (getattr(row, name), value)
        for name, value in columns.items()
        if getattr(row, name) != value
    }
    for name, (_, value) in changes.items():
        setattr(row, name, value)
    if changes:
        session.flush()
        _record(session, changes, line)
    return bool(changes)


def _record(session: Session, changes: Mapping[str, tuple[Any, Any]], line: Line) -> None:
    facts = {name: (None, value) for name, value in line.facts.items()}
    record(session, line.account_id, line.verb, line.subject, {**changes, **facts}, line.now)
