"""Accounts from the command line."""

from browser import Browser
from cast import Cast
from sqlalchemy.orm import Session

from app.people import queries
from app.web.database import Tracker

PASSWORD = "wide river under seven bridges\n"


def run(app: Tracker, session: Session, *words: str, types: str = "") -> tuple[int, str]:
    session.commit()
    result = app.test_cli_runner().invoke(args=["user", *words], input=types)
    session.rollback()
    return result.exit_code, result.output


def test_an_account_made_on_the_command_line_can_sign_in(
    app: Tracker, client: Browser, session: Session, cast: Cast
) -> None:
    words = ("create", "New@Example.org", "--name", "New", "--role", "liaison", "--member", "ke")
    assert run(app, session, *words, types=PASSWORD * 2)[0] == 0
    fields = {"email": "new@example.org", "password": PASSWORD.strip()}
    assert client.submit("/sign-in", **fields).status_code == 303


def test_what_is_wrong_is_said_in_a_sentence(app: Tracker, session: Session, cast: Cast) -> None:
    create = ("create", "x@example.org", "--name", "X", "--role", "observer")
    for words, types, said in (
        (create, "short\nshort\n", "At least 15 characters"),
        ((*create, "--zone", "Mars/Base"), PASSWORD * 2, "no time zone Mars/Base"),
        ((*create, "--member", "XX"), PASSWORD * 2, "no member XX"),
        (("deactivate", "x@example.org"), "", "no account x@example.org"),
    ):
        status, output = run(app, session, *words, types=types)
        assert (status, said in output) == (1, True), output
        assert "Traceback" not in output
    assert queries.account_by_email(session, "x@example.org") is None


def test_the_list_names_every_account_and_its_state(
    app: Tracker, session: Session, cast: Cast
) -> None:
    assert run(app, session, "deactivate", cast.observer.email)[0] == 0
    lines = [line.split() for line in run(app, session, "list")[1].splitlines()]
    assert len(lines) == len(cast.accounts) + 1  # the head
    assert ["otto@example.org", "observer", "-", "deactivated", "Otto"] in lines
    assert ["wanjiru@example.org", "liaison", "KE", "active", "Wanjiru"] in lines


def test_a_new_password_ends_the_sessions(
    app: Tracker, client: Browser, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.observer)
    assert run(app, session, "password", cast.observer.email, types=PASSWORD * 2)[0] == 0
    assert client.get("/account").status_code == 302


def test_a_link_printed_on_the_command_line_sets_a_password(
    app: Tracker, client: Browser, session: Session, cast: Cast
) -> None:
    status, output = run(app, session, "link", cast.observer.email)
    path = next(line for line in output.splitlines() if line.startswith("/links/"))
    assert status == 0
    new = "another long and calm sentence"
    assert client.submit(path, new=new).status_code == 303
    answer = client.submit("/sign-in", email=cast.observer.email, password=new)
    assert answer.status_code == 303


def test_somebody_is_invited_from_the_command_line(
    app: Tracker, session: Session, cast: Cast
) -> None:
    app.config["PUBLIC_URL"] = "https://tracker.example"
    words = ("invite", "new@example.org", "--name", "New", "--role", "observer")
    status, output = run(app, session, *words)
    assert (status, "https://tracker.example/links/" in output) == (0, True)


def test_a_role_is_changed_and_sessions_are_ended_from_the_command_line(
    app: Tracker, client: Browser, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.observer)
    assert run(app, session, "role", cast.observer.email, "liaison")[0] == 1
    assert run(app, session, "role", cast.observer.email, "liaison", "--member", "KE")[0] == 0
    session.refresh(cast.observer)
    assert cast.observer.member_id == cast.kenya.id
    assert client.get("/account").status_code == 200
    assert run(app, session, "end-sessions", cast.observer.email)[0] == 0
    assert client.get("/account").status_code == 302


def test_whoever_lost_the_second_factor_is_helped_from_the_command_line(
    app: Tracker, client: Browser, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.observer)
    status, output = run(app, session, "reset-second-factor", cast.observer.email)
    assert (status, "/links/" in output) == (0, True)
    assert client.get("/account").status_code == 302
    session.refresh(cast.observer)
    assert cast.observer.password_hash == ""
