"""Accounts as administrators keep them."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.core.errors import N_, Conflict, Refused
from app.core.permissions import Permission, Role
from app.extensions import db
from app.members.models import Member
from app.people import queries
from app.people.actions import accounts as actions
from app.people.actions import links, second_factors, sessions
from app.people.actions.accounts import NewAccount
from app.people.actions.links import MadeLink
from app.people.forms import AccountForm, InviteForm
from app.people.mailed import mailed
from app.people.models import Account
from app.web.access import access, actor, load_or_404
from app.web.day import now
from app.web.languages import territory

blueprint = Blueprint("accounts", __name__, template_folder="../templates")
Answer = str | Response | tuple[str, int]


@blueprint.get("/accounts")
@access(Permission.ACCOUNT_ADMINISTER)
def index() -> str:
    rows = queries.account_rows(db.session, now())
    return render_template("accounts/index.html", rows=rows)


@blueprint.route("/accounts/invite", methods=["GET", "POST"])
@access(Permission.ACCOUNT_ADMINISTER)
def invite() -> Answer:
    form = InviteForm()
    form.offer(_members())
    if not form.is_submitted():
        return render_template("accounts/invite.html", form=form)
    if not form.validate():
        return render_template("accounts/invite.html", form=form), 422
    role = Role(form.role.data)
    new = NewAccount(form.email.data or "", form.name.data or "", role, form.member_id)
    try:
        by_mail = mailed()
        made = links.invite(db.session, actor(), new, now(), by_mail)
    except Refused as refused:
        db.discard()
        form.refuse(refused)
        return render_template("accounts/invite.html", form=form), refused.status
    return _link_page(made, is_mailed=by_mail is not None)


@blueprint.get("/accounts/<int:account_id>")
@access(Permission.ACCOUNT_ADMINISTER)
def show(account_id: int) -> str:
    account = _load(account_id)
    return _page(account, _form(account))


@blueprint.post("/accounts/<int:account_id>/change")
@access(Permission.ACCOUNT_ADMINISTER)
def change(account_id: int) -> Answer:
    account = _load(account_id)
    form = AccountForm()
    form.offer(_members())
    if not form.validate():
        return _page(account, form), 422
    try:
        if form.seen.data != _seen(account):
            raise Conflict(N_("Somebody changed it meanwhile: look at what it is now."))
        role, name = Role(form.role.data), form.name.data or ""
        actions.change_account(db.session, actor(), account, name, role, form.member_id, now())
    except Refused as refused:
        db.discard()
        account = _load(account_id)
        form.refuse(refused)
        form.seen.data = _seen(account)
        return _page(account, form), refused.status
    return _back(account, _("Saved. It holds from now on."))


@blueprint.post("/accounts/<int:account_id>/link")
@access(Permission.ACCOUNT_ADMINISTER)
def make_link(account_id: int) -> Answer:
    by_mail = mailed()
    made = links.send_link(db.session, actor(), _load(account_id), now(), by_mail)
    return _link_page(made, is_mailed=by_mail is not None)


@blueprint.post("/accounts/<int:account_id>/end-sessions")
@access(Permission.ACCOUNT_ADMINISTER)
def end_sessions(account_id: int) -> Response:
    account = _load(account_id)
    sessions.end_sessions_of(db.session, actor(), account, now())
    return _back(account, _("Every session of this account has ended."))


@blueprint.get("/accounts/<int:account_id>/deactivate")
@access(Permission.ACCOUNT_ADMINISTER)
def ask_deactivate(account_id: int) -> str:
    account = _load(account_id)
    confirm = {
        "title": _("Close the account of %(name)s", name=account.name),
        "question": _("It can be opened again. Until then:"),
        "consequences": [
            _("nobody can sign in with it;"),
            _("every session and every link of it ends at once;"),
            _("what it did stays, under its name."),
        ],
        "action_url": url_for("accounts.deactivate", account_id=account.id),
        "cancel_url": url_for("accounts.show", account_id=account.id),
        "label": _("Close it"),
        "danger": True,
    }
    return render_template("confirm.html", confirm=confirm)


@blueprint.post("/accounts/<int:account_id>/deactivate")
@access(Permission.ACCOUNT_ADMINISTER)
def deactivate(account_id: int) -> Response:
    account = _load(account_id)
    actions.deactivate(db.session, actor(), account, now())
    return _back(account, _("The account is closed. Its sessions and links have ended."))


@blueprint.post("/accounts/<int:account_id>/activate")
@access(Permission.ACCOUNT_ADMINISTER)
def activate(account_id: int) -> Response:
    account = _load(account_id)
    actions.activate(db.session, actor(), account, now())
    return _back(account, _("The account is open again."))


@blueprint.get("/accounts/<int:account_id>/second-factor/reset")
@access(Permission.ACCOUNT_ADMINISTER)
def ask_reset_second_factor(account_id: int) -> str:
    account = _load(account_id)
    confirm = {
        "title": _("Reset the second factor of %(name)s", name=account.name),
        "question": _(
            "Do this only when you know that it is its owner who asks: call back on a number that "
            "you had before."
        ),
        "consequences": [
            _("its app and its recovery codes no longer count;"),
            _("its password and its sessions end;"),
            _("you get a link by which the owner sets a new password."),
        ],
        "action_url": url_for("accounts.reset_second_factor", account_id=account.id),
        "cancel_url": url_for("accounts.show", account_id=account.id),
        "label": _("Reset it"),
        "danger": True,
    }
    return render_template("confirm.html", confirm=confirm)


@blueprint.post("/accounts/<int:account_id>/second-factor/reset")
@access(Permission.ACCOUNT_ADMINISTER)
def reset_second_factor(account_id: int) -> Answer:
    account = _load(account_id)
    second_factors.reset(db.session, actor(), account, now())
    return _link_page(links.make_link(db.session, actor(), account, now()))


def _load(account_id: int) -> Account:
    return load_or_404(queries.account_by_id(db.session, account_id))


def _form(account: Account) -> AccountForm:
    form = AccountForm(
        formdata=None,
        data={
            "name": account.name,
            "role": account.role.value,
            "member": str(account.member_id or ""),
            "seen": _seen(account),
        },
    )
    form.offer(_members())
    return form


def _seen(account: Account) -> str:
    """What an administrator who changes it must have before them."""
    return f"{account.role}/{account.member_id or ''}/{account.name}"


def _members() -> list[tuple[int, str]]:
    known = db.session.execute(select(Member.id, Member.code, Member.name).order_by(Member.code))
    return [(row.id, territory(row.code, row.name)) for row in known]


def _page(account: Account, form: AccountForm) -> str:
    rows = queries.account_rows(db.session, now())
    row = next(row for row in rows if row.account.id == account.id)
    return render_template("accounts/show.html", owner=account, row=row, form=form)


def _link_page(made: MadeLink, *, is_mailed: bool = False) -> tuple[str, int]:
    """The one page on which the link is shown, where it does not go by mail to its owner alone."""
    if is_mailed:
        return render_template("accounts/link.html", made=made, owner=made.account, url=""), 201
    root = current_app.config["PUBLIC_URL"] or request.host_url.rstrip("/")
    url = root + url_for("people.open_link", token=made.token)
    return render_template("accounts/link.html", made=made, owner=made.account, url=url), 201


def _back(account: Account, said: str) -> Response:
    flash(said, "success")
    return redirect(url_for("accounts.show", account_id=account.id), 303)
