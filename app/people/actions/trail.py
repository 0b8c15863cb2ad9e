"""How the trail names an account and who acts on it."""

from app.audit.actions import Subject
from app.core.permissions import Actor
from app.people.models import Account


def subject(account: Account) -> Subject:
    return Subject("account", account.email)


def by(actor: Actor | None) -> int | None:
    """No actor: the command line."""
    return actor.account_id if actor else None
