"""The real files, and an import of them into an empty database."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import make
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.permissions import Role
from app.models import Base
from app.people.models import Account
from app.plans.actions import ImportReport, import_files

DATA = Path(__file__).parents[3] / "data"
PLAN, RECORD = DATA / "plan.yaml", DATA / "record.yaml"

Importer = Callable[..., ImportReport]
Dump = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def coordinator(session: Session) -> Account:
    return make.account(session, Role.COORDINATOR, email="carla@example.org")


@pytest.fixture
def bring_in(session: Session, coordinator: Account, now: datetime) -> Importer:
    """Imports files and commits."""

    def importer(*paths: Path) -> ImportReport:
        report = import_files(session, coordinator.actor, paths, now)
        session.commit()
        session.expire_all()
        return report

    return importer


@pytest.fixture
def dump(session: Session) -> Callable[[], Dump]:
    """Every row of every table but the trail."""

    def every_row() -> Dump:
        tables = [table for table in Base.metadata.sorted_tables if table.name != "audit_entries"]
        return {
            table.name: [
                tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))
            ]
            for table in tables
        }

    return every_row


@pytest.fixture
def edited(tmp_path: Path) -> Callable[..., Path]:
    """A copy of a file, under the same name, in which some text is replaced; each must be there
    once."""

    def edit(path: Path, *replacements: tuple[str, str]) -> Path:
        return _edit(path, tmp_path / path.name, replacements)

    return edit


def _edit(path: Path, to: Path, replacements: Sequence[tuple[str, str]]) -> Path:
    text = path.read_text(encoding="utf-8")
    for old, new in replacements:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    to.write_text(text, encoding="utf-8")
    return to
