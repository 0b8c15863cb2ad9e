"""Tables uploaded on the site: looked through, confirmed once, undone once."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer

from app.core.errors import N_, Conflict, Forbidden, Refused
from app.core.permissions import Actor, Permission, can
from app.plans.actions.sheets import Came, Result, bring_in
from app.plans.actions.sheets.undoing import undo_all
from app.plans.actions.sheets.work import Progress
from app.plans.models import SheetImport, SheetKind

KEPT_FOR = timedelta(hours=24)
"""How long a file waits to be confirmed."""
MOST_WAITING = 20
"""Of one account."""

Say = Callable[[Refused], str]


def keep(
    session: Session, actor: Actor, kind: SheetKind, name: str, content: bytes, now: datetime
) -> SheetImport:
    """Keep the file; nothing is known of it before it is looked through."""
    _check(actor)
    _let_go(session, actor, now)
    kept = SheetImport(
        account_id=actor.account_id,
        kind=kind,
        name=name[:200],
        uploaded_at=now,
        content=content,
        preview=[],
    )
    session.add(kept)
    session.flush()
    return kept


def look_through(
    session: Session,
    actor: Actor,
    number: int,
    now: datetime,
    say: Say,
    progress: Progress | None = None,
) -> None:
    """See what it would do. Raises Refused for what is no such table."""
    _check(actor)
    kept = _locked(session, actor, number)
    if kept.confirmed_at is not None or kept.content is None:
        raise Conflict(N_("The file is no longer here. Choose it again."))
    name, kind, content = kept.name, kept.kind, kept.content
    result = bring_in(session, actor, kind, name, content, now, keep=False, progress=progress)
    kept = _locked(session, actor, number)
    kept.preview = _told(result, say)


def confirm(
    session: Session,
    actor: Actor,
    number: int,
    now: datetime,
    say: Say,
    progress: Progress | None = None,
) -> tuple[SheetImport, bool]:
    """Do what was shown, all of it; False where something else would come of it by now, or where it
    was done before. Nothing is done then, and the preview says how it stands."""
    _check(actor)
    kept = _locked(session, actor, number)
    if kept.confirmed_at is not None:
        return kept, False
    if kept.content is None or now - kept.uploaded_at > KEPT_FOR:
        raise Conflict(N_("The file is no longer here. Choose it again."))
    shown = [line[:3] for line in kept.preview]
    name, kind, content = kept.name, kept.kind, kept.content
    trial = session.begin_nested()
    result = bring_in(session, actor, kind, name, content, now, keep=True, progress=progress)
    told = _told(result, say)
    if result.count(Came.FAULTY) or [line[:3] for line in told] != shown:
        trial.rollback()
        kept = _locked(session, actor, number)
        kept.preview = told
        return kept, False
    trial.commit()
    kept.confirmed_at, kept.done, kept.content = now, result.done, None
    return kept, True


def undo(
    session: Session,
    actor: Actor,
    number: int,
    note: str,
    now: datetime,
    say: Say,
    progress: Progress | None = None,
) -> tuple[SheetImport, bool]:
    """Take back what was done, by later entries with `note`; False where that was done before. What
    has changed since stays, and `told` says so."""
    _check(actor)
    kept = _locked(session, actor, number)
    if kept.confirmed_at is None:
        raise Conflict(N_("It was never confirmed, so there is nothing to undo."))
    if kept.undone_at is not None:
        return kept, False
    kept.undone_at = now
    kept.told = "\n".join(undo_all(session, actor, kept, note, now, say, progress))
    return kept, True


def _locked(session: Session, actor: Actor, number: int) -> SheetImport:
    """Two who confirm at once wait for each other here; on SQLite the transaction sees to it."""
    found = session.scalars(
        select(SheetImport)
        .where(SheetImport.id == number, SheetImport.account_id == actor.account_id)
        .options(undefer(SheetImport.content))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise Forbidden(N_("There is no such file of yours."))
    return found


def _let_go(session: Session, actor: Actor, now: datetime) -> None:
    """Files that nobody confirmed in time, and the oldest of an account that has many."""
    waiting = SheetImport.confirmed_at.is_(None)
    lapsed = SheetImport.uploaded_at < now - KEPT_FOR
    session.execute(delete(SheetImport).where(waiting, lapsed))
    own = select(SheetImport.id).where(waiting, SheetImport.account_id == actor.account_id)
    too_many = session.scalars(own.order_by(SheetImport.id.desc()).offset(MOST_WAITING - 1)).all()
    if too_many:
        session.execute(delete(SheetImport).where(SheetImport.id.in_(too_many)))


def _told(result: Result, say: Say) -> list[list[object]]:
    """Line, key, what comes of it, column, reason."""
    return [
        [
            line.line,
            line.key,
            line.came.value,
            line.refused.field if line.refused else "",
            say(line.refused) if line.refused else "",
        ]
        for line in result.lines
    ]


def _check(actor: Actor) -> None:
    if not can(actor, Permission.PLAN_IMPORT):
        raise Forbidden(N_("Only a coordinator brings in tables."))
