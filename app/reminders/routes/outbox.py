"""The outbox, reminders and webhooks, as coordinators and administrators look after them."""

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.audit.actions import Subject, record
from app.core.permissions import Permission
from app.extensions import db
from app.notices.actions import hooks, sending
from app.notices.models import Parcel, State, Webhook
from app.notices.queries import depth, failing, stuck, webhooks
from app.notices.rules import Happening
from app.notices.setup import mail_setup
from app.people.models import Account
from app.people.tokens import new_token
from app.reminders.actions import set_reminders
from app.reminders.forms import RemindersForm, WebhookForm
from app.reminders.queries import settings
from app.reminders.routes.links import blueprint
from app.web.access import access, actor, load_or_404
from app.web.attempts import attempt
from app.web.day import now
from app.web.labels import label

MOST_SHOWN = 50
Answer = Response | str | tuple[str, int]


@blueprint.get("/outbox")
@access(Permission.OUTBOX_TEND)
def outbox() -> str:
    return _page()


@blueprint.post("/outbox/reminders")
@access(Permission.ATTENTION_TEND)
def change_reminders() -> Answer:
    form = RemindersForm()
    if not form.validate():
        return _page(reminders=form), 422
    status = attempt(form, lambda: set_reminders(db.session, actor(), form.given, now()))
    if status:
        return _page(reminders=form), status
    flash(_("Saved."), "success")
    return redirect(url_for("mail.outbox"), 303)


@blueprint.post("/outbox/webhooks")
@access(Permission.OUTBOX_TEND)
def subscribe() -> Answer:
    """The secret is shown in the answer and nowhere else, so there is no page to lead on to."""
    form, secret = WebhookForm(), new_token()
    if not form.validate():
        return _page(hook=form), 422
    status = attempt(
        form,
        lambda: hooks.subscribe(
            db.session, actor(), form.address.data or "", form.wanted, secret, now()
        ),
    )
    return (_page(hook=form), status) if status else (_page(secret=secret), 201)


@blueprint.post("/outbox/webhooks/<int:webhook_id>/end")
@access(Permission.OUTBOX_TEND)
def end_webhook(webhook_id: int) -> Response:
    found = load_or_404(hooks.find(db.session, webhook_id))
    hooks.end(db.session, actor(), found, now())
    flash(_("It is not called any more."), "success")
    return redirect(url_for("mail.outbox"), 303)


@blueprint.post("/outbox/<int:parcel_id>/again")
@access(Permission.OUTBOX_TEND)
def try_again(parcel_id: int) -> Response:
    query = select(Parcel).where(Parcel.id == parcel_id, Parcel.state == State.GIVEN_UP)
    parcel = load_or_404(db.session.scalars(query).first())
    sending.try_again(db.session, parcel, now())
    about = Subject("outbox", str(parcel.id))
    record(db.session, actor().account_id, "outbox.again", about, {}, now())
    flash(_("It is tried again."), "success")
    return redirect(url_for("mail.outbox"), 303)


def _page(
    reminders: RemindersForm | None = None, hook: WebhookForm | None = None, secret: str = ""
) -> str:
    if reminders is None:
        reminders = RemindersForm(formdata=None)
        reminders.show_settings(settings(db.session))
    setup = mail_setup(current_app.config)
    return render_template(
        "reminders/outbox.html",
        reminders=reminders,
        hook=hook or WebhookForm(formdata=None),
        secret=secret,
        server=str(setup.server) if setup else "",
        depth=depth(db.session, now()),
        stuck=stuck(db.session, now()),
        failing=[(parcel, _to(parcel)) for parcel in failing(db.session, MOST_SHOWN)],
        webhooks=[(each, _owner(each), _wants(each)) for each in webhooks(db.session)],
    )


def _to(parcel: Parcel) -> str:
    if parcel.webhook_id is not None:
        return db.session.get_one(Webhook, parcel.webhook_id).url
    account = db.session.get(Account, parcel.account_id) if parcel.account_id else None
    return account.email if account else ""


def _owner(webhook: Webhook) -> str:
    return db.session.get_one(Account, webhook.account_id).name


def _wants(webhook: Webhook) -> list[str]:
    return [label(Happening(word)) for word in webhook.happenings]
