"""Accounts that ask by a token of the API."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import Flask, Response, current_app, g, request
from flask_login import UserMixin
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.core.markings import Channel
from app.core.permissions import Actor, Role, Scope
from app.extensions import db
from app.members.models import Member
from app.people.actions import tokens as actions
from app.people.models import Account, ApiToken, SecondFactor
from app.people.queries import token_lives
from app.people.tokens import token_hash
from app.web.day import now


@dataclass(frozen=True, kw_only=True)
class TokenReader(UserMixin):
    """Whoever bears a token, as it stood when the request began."""

    token_id: int
    scope: Scope
    last_used_at: datetime | None
    account_id: int
    email: str
    name: str
    role: Role
    member_id: int | None
    member_code: str | None
    zone: str
    language: str
    has_second_factor: bool

    @property
    def actor(self) -> Actor:
        """What it finds goes through the API: nothing that may not go that way."""
        return Actor(self.account_id, self.role, self.member_id).through(Channel.API)

    @property
    def needs_second_factor(self) -> bool:
        """Its role must sign in with one, and it has none yet."""
        return self.role in current_app.config["SECOND_FACTOR_ROLES"] and not self.has_second_factor

    @property
    def confined_to(self) -> tuple[str, ...]:
        return ()


def init_app(app: Flask) -> None:
    app.after_request(_note_used)


def find(secret: str, instant: datetime) -> TokenReader | None:
    """None for a token that never was, has expired, was revoked, or whose account is closed."""
    columns = (
        ApiToken.id.label("token_id"),
        ApiToken.scope,
        ApiToken.last_used_at,
        Account.id.label("account_id"),
        Account.email,
        Account.name,
        Account.role,
        Account.member_id,
        Member.code.label("member_code"),
        Account.zone,
        Account.language,
        SecondFactor.confirmed_at.is_not(None).label("has_second_factor"),
    )
    row = db.session.execute(
        select(*columns)
        .join(Account, Account.id == ApiToken.account_id)
        .outerjoin(Member, Member.id == Account.member_id)
        .outerjoin(SecondFactor, SecondFactor.account_id == Account.id)
        .where(
            ApiToken.token_hash == token_hash(secret),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > instant,
            token_lives(ApiToken.created_at.expression),
        )
    ).one_or_none()
    return TokenReader(**row._asdict()) if row else None


def _note_used(response: Response) -> Response:
    reader = g.get("_login_user")
    if isinstance(reader, TokenReader) and actions.is_use_to_note(reader.last_used_at, now()):
        # When the answer is out and the request's own transaction is over.
        address = request.remote_addr or ""
        response.call_on_close(partial(_write_used, reader.token_id, address, now()))
    return response


def _write_used(token_id: int, address: str, instant: datetime) -> None:
    with suppress(SQLAlchemyError), db.aside() as session:
        session.info["address"] = address
        actions.note_used(session, token_id, instant)
