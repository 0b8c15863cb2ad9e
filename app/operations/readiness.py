"""Whether the site can do its work: asked by whatever stands before it."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.core import migrating
from app.core.db import reading
from app.operations.outbox import outbox

OK = "ok"


def readiness(engine: Engine, now: datetime) -> Mapping[str, str]:
    """Each thing that must hold: OK, or in a word what is wrong with it. Nothing of the inside."""
    if (database := _answered(lambda: _reach(engine), "unreachable")) != OK:
        return {"database": database}
    return {
        "database": OK,
        "migrations": _answered(lambda: _migrated(engine), "unknown"),
        "outbox": _answered(lambda: _sending(engine, now), "unknown"),
    }


def _answered(check: Callable[[], str], otherwise: str) -> str:
    try:
        return check()
    except SQLAlchemyError:
        return otherwise


def _reach(engine: Engine) -> str:
    with reading(engine).connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    return OK


def _migrated(engine: Engine) -> str:
    at = migrating.current(engine)
    if at == migrating.newest():
        return OK
    return "of a newer release" if migrating.is_newer(at) else "not current"


def _sending(engine: Engine, now: datetime) -> str:
    with Session(reading(engine)) as session:
        return "stuck" if outbox(session, now).stuck else OK
