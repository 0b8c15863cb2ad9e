"""Links of accounts by mail, where mail is set up."""

from flask import current_app

from app.notices.setup import derived_token, mail_setup
from app.people.actions.links import Mailed
from app.people.tokens import new_token


def mailed() -> Mailed | None:
    """For a link that goes out by mail; None where no mail does."""
    if mail_setup(current_app.config) is None:
        return None
    nonce = new_token()
    return Mailed(nonce, derived_token(current_app.config, nonce))
