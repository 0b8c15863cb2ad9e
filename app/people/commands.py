"""Accounts from the command line: the first administrator, and rescue."""

import functools
from collections.abc import Callable
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.permissions import Role
from app.extensions import db
from app.members.models import Member
from app.people import actions, queries
from app.people.actions import NewAccount, links, second_factors, sessions
from app.people.actions.accounts import change_account
from app.people.actions.links import MadeLink
from app.people.models import Account
from app.web.access import operator
from app.web.shell import found_or_not, json_option, plainly, say, tell_one, tell_rows

user = AppGroup("user", help="Make, list, mend and close accounts.")
ROLES = click.Choice([role.value for role in Role if role != Role.RECORDER])
name_option = click.option("--name", required=True, help="The whole name, as its owner writes it.")
role_option = click.option("--role", type=ROLES, required=True)
member_option = click.option("--member", "code", help="For a liaison: the code of the member.")
zone_option = click.option("--zone", default="UTC", show_default=True, help="IANA time zone.")


def for_one(name: str) -> Callable[[Callable[..., str]], click.Command]:
    """A command about one account: what it is made of gets the session and the account, and says
    what was done."""

    def mark(act: Callable[..., str]) -> click.Command:
        @functools.wraps(act)
        def done(email: str, wants_json: bool, **asked: Any) -> None:
            with db.aside() as session:
                found = _account(session, email)
                said = act(session, found, **asked)
                facts = _facts(session, found)
            say(said, facts, wants_json=wants_json)

        return user.command(name)(click.argument("email")(json_option(operator(plainly(done)))))

    return mark


@user.command("create")
@click.argument("email")
@name_option
@role_option
@member_option
@zone_option
@json_option
@operator
@plainly
def create(email: str, name: str, role: str, code: str | None, zone: str, wants_json: bool) -> None:
    """Create an account; asks for its password. For the first administrator."""
    password = _password()
    with db.aside() as session:
        new = NewAccount(email, name, Role(role), _member_id(session, code), zone)
        made = actions.create_account(session, None, new, password, clock.now())
        facts = _facts(session, made)
    say(f"{email} can sign in as {role}.", facts, wants_json=wants_json)


@user.command("invite")
@click.argument("email")
@name_option
@role_option
@member_option
@zone_option
@json_option
@operator
@plainly
def invite(email: str, name: str, role: str, code: str | None, zone: str, wants_json: bool) -> None:
    """Create an account and print the link by which its owner sets the password."""
    with db.aside() as session:
        new = NewAccount(email, name, Role(role), _member_id(session, code), zone)
        _tell(links.invite(session, None, new, clock.now()), wants_json=wants_json)


@user.command("link")
@click.argument("email")
@json_option
@operator
@plainly
def link(email: str, wants_json: bool) -> None:
    """Print a link by which the owner of an account sets a new password, once, within 72 hours."""
    with db.aside() as session:
        made = links.make_link(session, None, _account(session, email), clock.now())
        _tell(made, wants_json=wants_json)


@user.command("list")
@json_option
@operator
@plainly
def list_accounts(wants_json: bool) -> None:
    """List every account."""
    with db.glance() as session:
        rows = [_facts(session, account) for account in queries.accounts(session)]
    tell_rows(rows, wants_json=wants_json)


@user.command("show")
@click.argument("email")
@json_option
@operator
@plainly
def show(email: str, wants_json: bool) -> None:
    """Show one account: its role, where it is signed in, its second factor and its tokens."""
    with db.glance() as session:
        account = _account(session, email)
        factor = queries.second_factor(session, account.id)
        facts = _facts(session, account) | {
            "zone": account.zone,
            "language": account.language,
            "created_at": account.created_at,
            "second_factor": bool(factor and factor.confirmed_at),
            "sessions": len(queries.open_sessions(session, account.id)),
            "tokens": sum(
                each.account_id == account.id and each.revoked_at is None
                for each in queries.every_token(session)
            ),
        }
    tell_one(facts, wants_json=wants_json)


@for_one("role")
@click.argument("role", type=ROLES)
@member_option
def role(session: Session, account: Account, role: str, code: str | None) -> str:
    """Give an account another role. It holds from its next request on."""
    member_id = _member_id(session, code)
    change_account(session, None, account, account.name, Role(role), member_id, clock.now())
    return f"{account.email} is {role} from now on."


@for_one("deactivate")
def deactivate(session: Session, account: Account) -> str:
    """Close an account and end its sessions and links. Nothing that it did is lost."""
    actions.deactivate(session, None, account, clock.now())
    return f"{account.email} cannot sign in any more."


@for_one("activate")
def activate(session: Session, account: Account) -> str:
    """Open a deactivated account again."""
    actions.activate(session, None, account, clock.now())
    return f"{account.email} can sign in again."


@user.command("password")
@click.argument("email")
@json_option
@operator
@plainly
def set_password(email: str, wants_json: bool) -> None:
    """Give an account a new password; its sessions end."""
    password = _password()
    with db.aside() as session:
        found = _account(session, email)
        actions.set_password(session, None, found, password, clock.now())
        facts = _facts(session, found)
    say(f"The password of {email} is set.", facts, wants_json=wants_json)


@for_one("end-sessions")
def end_sessions(session: Session, account: Account) -> str:
    """End every session of an account."""
    sessions.end_sessions_of(session, None, account, clock.now())
    return f"{account.email} is signed out everywhere."


@user.command("reset-second-factor")
@click.argument("email")
@json_option
@operator
@plainly
def reset_second_factor(email: str, wants_json: bool) -> None:
    """For somebody who lost app and recovery codes: everything ends, a link gives a password."""
    with db.aside() as session:
        account, now = _account(session, email), clock.now()
        second_factors.reset(session, None, account, now)
        _tell(links.make_link(session, None, account, now), wants_json=wants_json)


def _password() -> str:
    prompted: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return prompted


def _tell(made: MadeLink, *, wants_json: bool) -> None:
    root = current_app.config["PUBLIC_URL"]
    address = f"{root}/links/{made.token}"
    lines = [
        f"For {made.account.email}, once, until {made.expires_at:%Y-%m-%d %H:%M} UTC:",
        address,
    ]
    if not root:
        lines.append("Put the address of this site before it; PUBLIC_URL does so by itself.")
    facts = {"email": made.account.email, "link": address, "expires_at": made.expires_at}
    say("\n".join(lines), facts, wants_json=wants_json)


def _facts(session: Session, account: Account) -> dict[str, Any]:
    member = session.get(Member, account.member_id) if account.member_id else None
    return {
        "email": account.email,
        "role": account.role,
        "member": member.code if member else None,
        "state": "active" if account.is_active else "deactivated",
        "name": account.name,
    }


def _account(session: Session, email: str) -> Account:
    found: Account = found_or_not(queries.account_by_email(session, email), f"account {email}")
    return found


def _member_id(session: Session, code: str | None) -> int | None:
    if code is None:
        return None
    query = select(Member.id).where(Member.code == code.upper())
    found: int = found_or_not(session.scalar(query), f"member {code}")
    return found
