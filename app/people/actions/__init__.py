"""What can be done with accounts: the accounts themselves, sessions, links, second factors."""

from app.people.actions.accounts import (
    NewAccount,
    activate,
    change_password,
    choose_language_and_zone,
    create_account,
    deactivate,
    set_password,
)
from app.people.actions.sessions import end_session, sign_in

__all__ = [
    "NewAccount",
    "activate",
    "change_password",
    "choose_language_and_zone",
    "create_account",
    "deactivate",
    "end_session",
    "set_password",
    "sign_in",
]
