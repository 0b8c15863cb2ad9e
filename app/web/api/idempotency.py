"""A POST that is sent twice writes once.

Its sender gives it a key. In the transaction of what it writes, a row under that key is written
too, with the answer: so either both are there or neither, also over a restart. A second one with
the same key waits for the first (on SQLite for its lock, on PostgreSQL for its row) and is then
answered the same. What was refused is not kept: sent again, it is judged again.

What is kept is a receipt and holds nothing of the content; so it may be given again to somebody
who meanwhile sees less.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

from flask import Response, current_app, request
from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, UnprocessableEntity

from app.web.access import actor
from app.web.day import now
from app.web.models import KeptAnswer

View = TypeVar("View", bound=Callable[..., Any])
HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT_FOR = timedelta(days=7)
LONGEST = 255
PATTERN = r"^[!-~]{1,255}$"


def once(view: View) -> View:
    """Outermost on every view of the API that answers a POST."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Response:
        key, session = _key(), _session()
        kept = _begun(session, key)
        if kept.status:
            return _again(kept)
        response = current_app.make_response(view(*args, **kwargs))
        if response.status_code < 400:
            kept.status = response.status_code
            kept.location = response.headers.get("Location", "")
            kept.body = response.get_data(as_text=True)
            session.flush()
        return response

    answer.__dict__["answers_once"] = True
    return answer  # type: ignore[return-value]


def forget_old(session: Session) -> None:
    """What is older than anybody sends again."""
    session.execute(delete(KeptAnswer).where(KeptAnswer.created_at < now() - KEPT_FOR))


def _key() -> str:
    key = request.headers.get(HEADER, "")
    if not key:
        raise BadRequest(_("Send a key of your own choice as Idempotency-Key with every POST."))
    if len(key) > LONGEST or not all("!" <= sign <= "~" for sign in key):
        raise BadRequest(_("An Idempotency-Key is up to 255 visible ASCII signs."))
    return key


def _begun(session: Session, key: str) -> KeptAnswer:
    """The row of this key: a new one, or that of whoever came first."""
    fingerprint = _fingerprint()
    forget_old(session)
    found = _find(session, key)
    if found is None:
        made = KeptAnswer(
            account_id=actor().account_id, key=key, fingerprint=fingerprint, created_at=now()
        )
        session.add(made)
        try:
            session.flush()
        except IntegrityError:
            # Another with this key was faster, and has ended by now.
            session.rollback()
            found = _find(session, key)
            if found is None:
                raise
        else:
            return made
    if found.fingerprint != fingerprint:
        raise UnprocessableEntity(
            _("This Idempotency-Key was used for something else. Take a new one.")
        )
    return found


def _find(session: Session, key: str) -> KeptAnswer | None:
    return session.scalars(
        select(KeptAnswer).where(KeptAnswer.account_id == actor().account_id, KeptAnswer.key == key)
    ).one_or_none()


def _fingerprint() -> str:
    parts = (request.method.encode(), request.full_path.encode(), request.get_data(cache=True))
    return hashlib.sha256(b"\x00".join(parts)).hexdigest()


def _again(kept: KeptAnswer) -> Response:
    response = Response(kept.body, kept.status, mimetype="application/json")
    if kept.location:
        response.headers["Location"] = kept.location
    response.headers[REPLAYED] = "true"
    return response


def _session() -> Session:
    session: Session = current_app.extensions["database"].session
    return session
