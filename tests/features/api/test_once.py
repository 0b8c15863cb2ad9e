"""A POST that is sent twice writes once: one after the other, at the same time, and over a
restart."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import make
import pytest
from browser import Browser
from cast import Cast
from program import Program, problem, token_of
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import create_app
from app.core.permissions import Role
from app.deliverables.models import Deliverable, StatusUpdate
from app.extensions import db
from app.web.database import Tracker
from app.web.models import KeptAnswer
from config import Settings

Programs = Callable[..., Program]
PATH = "/deliverables/joint-tools/updates"
BODY = {"status": "in_progress", "note": "Under way"}


@pytest.fixture
def tools(session: Session, cast: Cast) -> Deliverable:
    made = make.deliverable(session, by=cast.coordinator, key="joint-tools")
    make.assignment(session, made, cast.kenya, by=cast.coordinator)
    session.commit()
    return made


def logged(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(StatusUpdate)) or 0


def test_a_repeated_one_is_answered_the_same_and_writes_once(
    program: Programs, cast: Cast, session: Session, tools: Deliverable
) -> None:
    bearer = program(cast.liaison)
    first = bearer.post(PATH, BODY, key="mine")
    again = bearer.post(PATH, BODY, key="mine")
    assert first.status_code == again.status_code == 201
    assert first.json == again.json
    assert first.headers["Location"] == again.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert logged(session) == 1


def test_another_body_under_the_same_key_is_refused(
    program: Programs, cast: Cast, session: Session, tools: Deliverable
) -> None:
    bearer = program(cast.liaison)
    bearer.post(PATH, BODY, key="mine")
    problem(bearer.post(PATH, {**BODY, "note": "Other"}, key="mine"), 422)
    assert logged(session) == 1


def test_without_a_key_nothing_is_written(
    program: Programs, cast: Cast, session: Session, tools: Deliverable
) -> None:
    problem(program(cast.liaison).ask("POST", PATH, json=BODY), 400)
    problem(program(cast.liaison).post(PATH, BODY, key="x" * 256), 400)
    assert logged(session) == 0


def test_what_was_refused_is_judged_again(
    program: Programs, cast: Cast, session: Session, tools: Deliverable
) -> None:
    bearer, body = program(cast.liaison), {"status": "in_review"}
    problem(bearer.post(PATH, body, key="mine"), 422)
    bearer.post(PATH, {"status": "in_progress"})
    assert bearer.post(PATH, body, key="mine").status_code == 201
    assert logged(session) == 2


def test_the_keys_of_two_accounts_have_nothing_to_do_with_each_other(
    program: Programs, cast: Cast, session: Session, tools: Deliverable
) -> None:
    program(cast.liaison).post(PATH, BODY, key="mine")
    answer = program(cast.coordinator).post(PATH, {"status": "in_review", "note": "x"}, key="mine")
    assert answer.status_code == 201
    assert logged(session) == 2


def test_both_arriving_at_the_same_time_write_once(
    app: Tracker, cast: Cast, session: Session, tools: Deliverable
) -> None:
    token = {"Authorization": f"Bearer {token_of(session, cast.liaison)}"}
    start = Barrier(4)
    app.test_client_class = None

    def send(_n: int) -> tuple[int, str]:
        start.wait()
        answer = app.test_client().post(
            f"/api/v1{PATH}", json=BODY, headers={**token, "Idempotency-Key": "mine"}
        )
        return answer.status_code, answer.text

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(send, range(4)))
    assert {status for status, _text in answers} == {201}
    assert len({text.strip() for _status, text in answers}) == 1
    assert logged(session) == 1


def test_a_repeated_one_over_a_restart_writes_once(
    program: Programs, settings: Settings, cast: Cast, session: Session, tools: Deliverable
) -> None:
    bearer = program(cast.liaison)
    first = bearer.post(PATH, BODY, key="mine")
    before = db.engine
    started_anew = create_app(settings)
    started_anew.config.update(TESTING=True, NOW=lambda: make.NOW)
    again = started_anew.test_client().post(
        f"/api/v1{PATH}", json=BODY, headers={**bearer.headers, "Idempotency-Key": "mine"}
    )
    assert (first.json, 201) == (again.json, again.status_code)
    assert logged(session) == 1
    session.close()
    before.dispose()


def test_a_clock_that_is_set_back_writes_once(
    app: Tracker, program: Programs, cast: Cast, session: Session, tools: Deliverable
) -> None:
    bearer = program(cast.liaison)
    first = bearer.post(PATH, BODY, key="mine")
    app.config["NOW"] = lambda: make.NOW - timedelta(hours=1)
    again = bearer.post(PATH, BODY, key="mine")
    assert (again.status_code, again.json) == (201, first.json)
    assert logged(session) == 1


def test_a_key_is_forgotten_after_a_week(
    app: Tracker, program: Programs, cast: Cast, session: Session, tools: Deliverable
) -> None:
    bearer = program(cast.liaison)
    bearer.post(PATH, BODY, key="mine")
    app.config["NOW"] = lambda: make.NOW + timedelta(days=8)
    bearer.post(PATH, BODY, key="another")
    session.rollback()
    assert session.scalars(select(KeptAnswer.key)).all() == ["another"]


def test_who_may_no_longer_write_is_not_answered_from_what_is_kept(
    program: Programs, cast: Cast, session: Session, tools: Deliverable
) -> None:
    bearer = program(cast.liaison)
    bearer.post(PATH, BODY, key="mine")
    cast.liaison.role, cast.liaison.member_id = Role.OBSERVER, None
    problem(bearer.post(PATH, BODY, key="mine"), 403)


def test_what_is_kept_holds_nothing_of_the_content(
    program: Programs, cast: Cast, session: Session, tools: Deliverable, client: Browser
) -> None:
    program(cast.liaison).post(PATH, BODY)
    session.rollback()
    assert "Under way" not in session.scalars(select(KeptAnswer.body)).one()
