"""What the links in mails open. Neither needs an account: they are signed."""

from flask import Blueprint, abort, current_app, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.audit.actions import Subject
from app.extensions import db
from app.notices.actions import choose
from app.notices.rules import Cadence
from app.people.models import Account
from app.people.queries import account_by_id
from app.reminders import links
from app.reminders.links import Unsubscribing
from app.reminders.wording import heading
from app.web.access import SIGN_IN, nobody_is_signed_in, public
from app.web.day import now

blueprint = Blueprint("mail", __name__, template_folder="../templates")


@blueprint.get("/mail/open/<token>")
@public
def follow(token: str) -> Response:
    """To the page that a mail is about, after signing in where that is still to do. What the page
    tells whom is asked there."""
    path = links.opened(current_app.config, token)
    if path is None:
        abort(404)
    if current_user.is_authenticated:
        return redirect(path)
    return redirect(url_for(SIGN_IN, next=path))


@blueprint.get("/mail/unsubscribe/<token>")
@public
def ask_unsubscribe(token: str) -> str:
    """Looking changes nothing: what reads mail for its owner often follows links."""
    nobody_is_signed_in()
    wanted, account = _load(token)
    return render_template(
        "reminders/unsubscribe.html",
        token=token,
        owner=account,
        topics=_named(wanted),
        is_done=False,
    )


@blueprint.post("/mail/unsubscribe/<token>")
@public
def unsubscribe(token: str) -> str:
    """Also for mail programs, which send one field and no token of a form (RFC 8058)."""
    nobody_is_signed_in()
    wanted, account = _load(token)
    never = dict.fromkeys(wanted.topics, Cadence.NEVER)
    choose(db.session, account.id, Subject("account", account.email), never, now())
    return render_template(
        "reminders/unsubscribe.html",
        token=token,
        owner=account,
        topics=_named(wanted),
        is_done=True,
    )


def _load(token: str) -> tuple[Unsubscribing, Account]:
    """What was not signed here, and what belongs to a closed account, is answered alike."""
    wanted = links.unsubscribed(current_app.config, token)
    account = account_by_id(db.session, wanted.account_id) if wanted else None
    if wanted is None or account is None or not account.is_active:
        abort(400)
    return wanted, account


def _named(wanted: Unsubscribing) -> list[str]:
    return [heading(topic) for topic in wanted.topics]
