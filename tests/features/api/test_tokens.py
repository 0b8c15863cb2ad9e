"""Tokens: made once, used often, and dead when they should be."""

import json
from collections.abc import Callable
from datetime import timedelta

import make
import pytest
from browser import Browser
from cast import Cast
from program import Program, problem, token_of
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.core.permissions import Role, Scope
from app.people import actions
from app.people.actions import tokens
from app.people.models import ApiToken
from app.web.database import Tracker

Programs = Callable[..., Program]
LIST = "/deliverables"


def verbs(session: Session) -> list[str]:
    session.rollback()
    found = select(AuditEntry.verb).where(AuditEntry.subject_kind == "token")
    return list(session.scalars(found.order_by(AuditEntry.id)))


def test_a_token_reads_in_the_name_of_its_account(program: Programs, cast: Cast) -> None:
    assert program(cast.observer, Scope.READ).read(LIST)["items"] == []


def test_without_a_token_the_answer_names_what_is_wanted(program: Programs) -> None:
    answer = program().get(LIST)
    problem(answer, 401)
    assert answer.headers["WWW-Authenticate"].lower().startswith("bearer")


@pytest.mark.parametrize("sent", ["Bearer x", "Bearer", "Basic abc", "Bearer \x7fé"])
def test_what_is_no_token_is_refused(program: Programs, sent: str) -> None:
    answer = program().get(LIST, Authorization=sent)
    assert "invalid_token" in answer.headers["WWW-Authenticate"]
    problem(answer, 401)


def test_being_signed_in_with_a_browser_opens_nothing_here(client: Browser, cast: Cast) -> None:
    problem(client.sign_in(cast.coordinator).get("/api/v1/deliverables"), 401)


def test_an_expired_token_opens_nothing(
    app: Tracker, program: Programs, cast: Cast, session: Session
) -> None:
    bearer = program(cast.liaison)
    assert bearer.get(LIST).status_code == 200
    app.config["NOW"] = lambda: make.NOW + timedelta(days=91)
    problem(bearer.get(LIST), 401)


def test_a_revoked_token_opens_nothing(program: Programs, cast: Cast, session: Session) -> None:
    bearer = program(cast.liaison)
    token = session.scalars(select(ApiToken)).one()
    tokens.revoke_token(session, cast.liaison.actor, token, make.NOW)
    problem(bearer.get(LIST), 401)


def test_a_token_dies_with_its_account_and_stays_dead(
    program: Programs, cast: Cast, session: Session
) -> None:
    bearer = program(cast.liaison)
    actions.deactivate(session, None, cast.liaison, make.NOW)
    problem(bearer.get(LIST), 401)
    actions.activate(session, None, cast.liaison, make.NOW)
    problem(bearer.get(LIST), 401)


def test_a_token_may_what_the_role_of_its_account_may_at_the_time(
    program: Programs, cast: Cast, session: Session
) -> None:
    bearer = program(cast.coordinator)
    assert bearer.get("/audit").status_code == 200
    cast.coordinator.role = Role.OBSERVER
    problem(bearer.get("/audit"), 403)


def test_a_token_to_read_writes_nothing(program: Programs, cast: Cast) -> None:
    bearer = program(cast.coordinator, Scope.READ)
    told = problem(bearer.post("/deliverables", {}), 403)
    assert "token" in told["detail"]


def test_who_needs_a_second_factor_and_has_none_asks_nothing(
    app: Tracker, program: Programs, cast: Cast
) -> None:
    app.config["SECOND_FACTOR_ROLES"] = (Role.COORDINATOR,)
    problem(program(cast.coordinator).get(LIST), 403)
    assert program(cast.liaison).get(LIST).status_code == 200


def test_the_trail_says_that_it_was_made_and_used_but_not_how_often(
    program: Programs, cast: Cast, session: Session
) -> None:
    bearer = program(cast.liaison)
    for _ in range(3):
        bearer.get(LIST)
    assert verbs(session) == ["token.make", "token.used"]
    assert session.scalars(select(ApiToken.last_used_at)).one() == make.NOW


def test_only_the_hash_is_kept(program: Programs, cast: Cast, session: Session) -> None:
    secret = program(cast.liaison).secret
    kept = session.scalars(select(ApiToken)).one()
    assert secret not in str(vars(kept))
    trail = session.scalars(select(AuditEntry)).all()
    assert not any(secret in json.dumps(entry.changes) for entry in trail)


def test_one_makes_a_token_on_ones_account_page_and_ends_it_there(
    client: Browser, cast: Cast, program: Programs
) -> None:
    client.sign_in(cast.liaison)
    made = client.fill("/account/tokens", name="My script", scope="read", days="30")
    secret = made.text.split("data-token>")[1].split("<")[0]
    assert secret not in client.get("/account/tokens").text
    bearer = program()
    bearer.headers["Authorization"] = f"Bearer {secret}"
    assert bearer.get(LIST).status_code == 200
    page = client.page("/account/tokens")
    assert "My script" in page.text
    number = page.select_one("[data-token-id]")["data-token-id"]
    client.submit(f"/account/tokens/{number}/revoke")
    problem(bearer.get(LIST), 401)


def test_nobody_ends_the_token_of_another(client: Browser, cast: Cast, session: Session) -> None:
    token_of(session, cast.liaison)
    number = session.scalars(select(ApiToken.id)).one()
    client.sign_in(cast.coordinator)
    assert client.submit(f"/account/tokens/{number}/revoke").status_code == 404


@pytest.mark.parametrize("days", ["0", "-1", "367", "many"])
def test_a_token_lives_for_a_year_at_most(client: Browser, cast: Cast, days: str) -> None:
    client.sign_in(cast.liaison)
    answer = client.fill("/account/tokens", name="x", scope="read", days=days)
    assert answer.status_code == 422


def test_commands_make_list_and_end_tokens(
    app: Tracker, cast: Cast, session: Session, program: Programs
) -> None:
    run = app.test_cli_runner()
    email = cast.liaison.email
    session.commit()
    made = run.invoke(args=["token", "create", "--email", email, "--scope", "read", "--json"])
    told = json.loads(made.output)
    bearer = program()
    bearer.headers["Authorization"] = f"Bearer {told['token']}"
    assert bearer.get(LIST).status_code == 200
    listed = run.invoke(args=["token", "list", "--email", email])
    assert email in listed.output
    assert told["token"] not in listed.output
    assert run.invoke(args=["token", "revoke", str(told["id"])]).exit_code == 0
    problem(bearer.get(LIST), 401)
    rows = json.loads(run.invoke(args=["token", "list", "--json"]).output)
    assert [row["state"] for row in rows] == ["revoked"]


@pytest.mark.parametrize(
    "args",
    [
        ["create", "--email", "nobody@example.org", "--scope", "read"],
        ["create", "--email", "otto@example.org", "--scope", "read", "--days", "0"],
        ["revoke", "99"],
    ],
)
def test_a_command_that_cannot_says_why(app: Tracker, cast: Cast, args: list[str]) -> None:
    result = app.test_cli_runner().invoke(args=["token", *args])
    assert result.exit_code == 1
    assert "Traceback" not in result.output
