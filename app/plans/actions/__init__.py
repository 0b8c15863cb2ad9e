"""Importing plan and record files."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.core.permissions import Actor
from app.people.models import Account


def recorder(session: Session, now: datetime) -> Account:
    raise NotImplementedError


def import_files(
    session: Session,
    actor: Actor,
    paths: Sequence[Path],
    now: datetime,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> object:
    raise NotImplementedError
