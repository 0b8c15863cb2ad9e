"""The account under which published records are logged."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.permissions import Role
from app.people.actions import NewAccount, create_account
from app.people.models import Account

EMAIL = "recorder@import.invalid"
NAME = "Public record (import)"


def recorder(session: Session, now: datetime) -> Account:
    """Made at the first import. It has no password, so nobody signs in as it."""
    found = session.scalars(select(Account).where(Account.email == EMAIL)).one_or_none()
    if found is not None:
        return found
    return create_account(session, None, NewAccount(EMAIL, NAME, Role.RECORDER), None, now)
