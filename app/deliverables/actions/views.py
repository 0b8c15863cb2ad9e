"""Keeping a filter under a name."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject
from app.audit.writing import Line, add, change
from app.core.errors import N_, Refused
from app.core.keys import first_free, stem_of
from app.core.permissions import Actor
from app.deliverables.models import SavedView

MOST = 50
"""Views that one account can keep."""
LONGEST_QUERY = 2000


def keep_view(
    session: Session, actor: Actor, name: str, query: str, *, is_shared: bool, now: datetime
) -> SavedView:
    """Under a name that the account has given to no other view."""
    if not name.strip():
        raise Refused(N_("Give the view a name."), field="name")
    if len(query) > LONGEST_QUERY:
        raise Refused(N_("This filter is too long to be kept. Take something out of it."))
    own = session.scalars(select(SavedView).where(SavedView.account_id == actor.account_id)).all()
    if any(view.name == name.strip() for view in own):
        raise Refused(N_("You keep a view of this name already."), field="name")
    if len(own) >= MOST:
        raise Refused(N_("You keep %(most)s views already. Remove one first."), most=MOST)
    view = SavedView(
        account_id=actor.account_id,
        key=_free_key(session, name),
        name=name.strip(),
        query=query,
        is_shared=is_shared,
        created_at=now,
    )
    columns = {"query": query, "is_shared": is_shared}
    add(session, view, columns, _line(actor, "view.keep", view, now))
    return view


def share_view(
    session: Session, actor: Actor, view: SavedView, *, is_shared: bool, now: datetime
) -> bool:
    """Let others open it by its address, or no longer; False when nothing differs."""
    return change(session, view, {"is_shared": is_shared}, _line(actor, "view.share", view, now))


def remove_view(session: Session, actor: Actor, view: SavedView, now: datetime) -> None:
    change(session, view, {"is_shared": False}, _line(actor, "view.remove", view, now))
    session.delete(view)
    session.flush()


def _free_key(session: Session, name: str) -> str:
    stem = stem_of(name, "view")
    alike = SavedView.key.startswith(stem, autoescape=True)
    return first_free(stem, set(session.scalars(select(SavedView.key).where(alike))))


def _line(actor: Actor, verb: str, view: SavedView, now: datetime) -> Line:
    return Line(actor.account_id, verb, Subject("view", view.key), now)
