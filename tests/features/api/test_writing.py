"""What liaisons and coordinators do every week, done by programs: through the same actions."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import make
import pytest
from browser import Browser
from cast import Cast
from program import Program, problem
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.decisions.models import Decision
from app.decisions.rules import DecisionState
from app.deliverables.models import (
    AssignmentRole,
    AssignmentState,
    Deliverable,
    StatusUpdate,
)
from app.meetings.models import MeetingStatus
from app.members.models import DecisionRule

Programs = Callable[..., Program]


@pytest.fixture
def tools(session: Session, cast: Cast) -> Deliverable:
    of = make.priority(session, key="evaluation")
    made = make.deliverable(session, by=cast.coordinator, key="joint-tools", priority=of)
    make.assignment(session, made, cast.kenya, by=cast.coordinator)
    session.commit()
    return made


def updates(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(StatusUpdate)) or 0


def test_a_liaison_logs_what_its_member_works_on(
    program: Programs, client: Browser, cast: Cast, tools: Deliverable
) -> None:
    bearer = program(cast.liaison)
    body = {
        "status": "in_progress",
        "progress": 40,
        "health": "at_risk",
        "note": "Reviewers are late",
        "evidence": [{"url": "https://example.org/draft", "title": "Draft"}],
    }
    made = bearer.post("/deliverables/joint-tools/updates", body)
    assert made.status_code == 201
    told = bearer.read(made.headers["Location"])
    assert (told["status"], told["progress"], told["health"]) == ("in_progress", 40, "at_risk")
    assert told["updates"][0]["id"] == made.json["id"]
    assert told["updates"][0]["evidence"][0]["url"] == "https://example.org/draft"
    page = client.sign_in(cast.liaison).page("/deliverables/joint-tools")
    assert "Reviewers are late" in page.text


def test_who_has_no_part_in_it_logs_nothing(
    program: Programs, cast: Cast, session: Session, tools: Deliverable
) -> None:
    body = {"status": "in_progress"}
    told = problem(program(cast.other_liaison).post("/deliverables/joint-tools/updates", body), 403)
    assert "leads" in told["detail"]
    problem(program(cast.observer).post("/deliverables/joint-tools/updates", body), 403)
    assert updates(session) == 0


def test_a_move_that_is_not_open_is_refused_with_its_field(
    program: Programs, cast: Cast, session: Session, tools: Deliverable
) -> None:
    answer = program(cast.liaison).post(
        "/deliverables/joint-tools/updates", {"status": "delivered"}
    )
    told = problem(answer, 422)
    assert told["errors"][0]["field"] == "status"
    assert updates(session) == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "status"),
        ({"status": "nope"}, "status"),
        ({"status": "in_progress", "progress": "40"}, "progress"),
        ({"status": "in_progress", "progress": 101}, "progress"),
        ({"status": "in_progress", "marking": "RED"}, "marking"),
        ({"status": "in_progress", "note": "a\x00b"}, "note"),
        ({"status": "in_progress", "evidence": [{"url": "javascript:x"}]}, "evidence.0.url"),
        ({"status": "in_progress", "account_id": 1}, "account_id"),
        ({"status": "in_progress", "effective_on": "2026-12-01"}, "effective_on"),
    ],
)
def test_a_faulty_body_is_refused_field_by_field(
    program: Programs, cast: Cast, tools: Deliverable, body: dict[str, Any], field: str
) -> None:
    answer = program(cast.liaison).post("/deliverables/joint-tools/updates", body)
    assert field in [fault["field"] for fault in problem(answer, 422)["errors"]]


def test_somebody_elses_later_update_is_a_conflict(
    program: Programs, cast: Cast, session: Session, tools: Deliverable
) -> None:
    bearer = program(cast.liaison)
    path = "/deliverables/joint-tools/updates"
    first = bearer.post(path, {"status": "in_progress"}).json["id"]
    program(cast.coordinator).post(path, {"status": "in_progress", "note": "Seen"})
    problem(bearer.post(path, {"status": "in_review", "seen_update": first}), 409)
    assert updates(session) == 2


def test_of_many_updates_each_is_logged_on_its_own(
    program: Programs, cast: Cast, session: Session, tools: Deliverable
) -> None:
    other = make.deliverable(session, by=cast.coordinator, key="not-mine")
    body = {
        "updates": [
            {"deliverable": other.key, "status": "in_progress"},
            {"deliverable": "no-such", "status": "in_progress"},
            {"deliverable": "joint-tools", "status": "in_progress"},
            {"deliverable": "joint-tools", "status": "delivered"},
        ]
    }
    told = program(cast.liaison).post("/updates", body).json
    assert (told["logged"], told["refused"]) == (1, 3)
    assert [(each["problem"] or {}).get("status") for each in told["results"]] == [
        403,
        404,
        None,
        422,
    ]
    assert updates(session) == 1


def test_a_member_answers_what_it_is_asked_to_do(
    program: Programs, cast: Cast, session: Session
) -> None:
    asked = make.deliverable(session, by=cast.coordinator, key="asked")
    make.assignment(
        session,
        asked,
        cast.kenya,
        AssignmentRole.CONTRIBUTOR,
        AssignmentState.PROPOSED,
        by=cast.coordinator,
    )
    bearer, path = program(cast.liaison), "/deliverables/asked/answer"
    version = bearer.read("/deliverables/asked")["assignment_history"][0]["version"]
    problem(bearer.post(path, {"answer": "decline", "version": version}), 422)
    assert bearer.post(path, {"answer": "accept", "version": version}).status_code == 201
    assert bearer.read("/deliverables/asked")["assignments"][0]["state"] == "accepted"
    late = {"answer": "decline", "reason": "No time", "version": version}
    problem(bearer.post(path, late), 409)
    problem(program(cast.other_liaison).post(path, late), 404)


def test_a_member_takes_its_position(program: Programs, cast: Cast, session: Session) -> None:
    made = Decision(
        key="adopt",
        title="Adopt it",
        proposal="That it be adopted.",
        rule=DecisionRule.CONSENSUS,
        quorum=1,
        state=DecisionState.OPEN,
        opens_at=make.NOW - timedelta(days=1),
        closes_at=make.NOW + timedelta(days=9),
        exists_from=make.PLANNED_ON,
        created_by_id=cast.coordinator.id,
    )
    session.add(made)
    bearer = program(cast.liaison)
    body = {"stance": "support", "statement": "Gladly"}
    assert bearer.post("/decisions/adopt/positions", body).status_code == 201
    told = bearer.read("/decisions/adopt")
    assert told["positions"] == {"KE": "support"}
    assert told["silent"] == ["GB"]
    assert told["history"][0]["statement"] == "Gladly"
    problem(bearer.post("/decisions/adopt/positions", {"stance": "opt_in"}), 422)
    problem(program(cast.coordinator).post("/decisions/adopt/positions", body), 403)


def test_a_liaison_proposes_an_agenda_item(
    program: Programs, client: Browser, cast: Cast, session: Session
) -> None:
    make.meeting(session, date(2026, 12, 10), key="next", status=MeetingStatus.PLANNED)
    made = program(cast.liaison).post(
        "/meetings/next/proposals", {"kind": "discussion", "title": "Shared test sets"}
    )
    assert made.status_code == 201
    page = client.sign_in(cast.coordinator).page("/agendas/next/proposals")
    assert "Shared test sets" in page.text


def test_a_contribution_is_recorded_for_ones_own_member(
    program: Programs, cast: Cast, session: Session
) -> None:
    bearer = program(cast.liaison)
    body = {
        "member": "KE",
        "kind": "money",
        "given_on": "2026-11-01",
        "amount": "1420000.50",
        "currency": "CAD",
        "about": "For the joint test",
    }
    made = bearer.post("/contributions", body)
    assert made.status_code == 201
    told = bearer.read(made.headers["Location"])
    assert (told["amount"], told["currency"]) == ("1420000.50", "CAD")
    assert bearer.post("/contributions", {**body, "member": "GB"}).status_code == 403
    problem(bearer.post("/contributions", {**body, "currency": ""}), 422)
    problem(bearer.post("/contributions", {**body, "given_on": "2026-12-01"}), 422)


def test_a_coordinator_plans(program: Programs, cast: Cast, tools: Deliverable) -> None:
    bearer = program(cast.coordinator)
    day = {"key": "plenary", "title": "Plenary", "kind": "convening", "starts_on": "2027-03-01"}
    assert bearer.post("/deadlines", day).status_code == 201
    of = {
        "key": "monitoring",
        "title": "Monitoring",
        "theme": "goals",
        "horizon": "near",
        "basis": "stated",
    }
    assert bearer.post("/priorities", of).status_code == 201
    new = {
        "key": "guide",
        "title": "Guide",
        "kind": "tool",
        "priority": "monitoring",
        "basis": "stated",
        "deadline": "plenary",
    }
    made = bearer.post("/deliverables", new)
    assert made.status_code == 201
    assert bearer.read(made.headers["Location"])["due_on"] == "2027-03-01"
    problem(bearer.post("/deliverables", new), 409)
    told = problem(bearer.post("/deliverables", {**new, "key": "x", "priority": "none"}), 422)
    assert told["errors"][0]["field"] == "priority"
    part = {"member": "KE", "role": "lead"}
    assert bearer.post("/deliverables/guide/assignments", part).status_code == 201
    assert bearer.read("/deliverables/guide")["assignments"] == [{**part, "state": "proposed"}]


def test_a_change_names_what_it_was_made_to(
    program: Programs, cast: Cast, session: Session, tools: Deliverable
) -> None:
    bearer, path = program(cast.coordinator), "/deliverables/joint-tools"
    problem(bearer.ask("PATCH", path, json={"title": "New"}), 428)
    seen = bearer.get(path).headers["ETag"]
    changed = bearer.patch(path, {"title": "First"}, seen)
    assert changed.status_code == 200
    assert changed.json["title"] == "First"
    problem(bearer.patch(path, {"title": "Second"}, seen), 412)
    assert bearer.read(path)["title"] == "First"
    assert bearer.patch(path, {"note": "Kept"}).json["title"] == "First"


def test_a_date_moves_with_a_reason(
    program: Programs, cast: Cast, session: Session, tools: Deliverable
) -> None:
    bearer, path = program(cast.coordinator), "/deliverables/joint-tools"
    problem(bearer.patch(path, {"own_due_on": "2027-01-31"}), 422)
    body = {"own_due_on": "2027-01-31", "reason": "The hall is free"}
    assert bearer.patch(path, body).json["due_on"] == "2027-01-31"
    make.deadline(session, date(2027, 3, 1), by=cast.coordinator, key="plenary")
    moved = bearer.patch(path, {"deadline": "plenary", "reason": "With the others"}).json
    assert (moved["due_on"], moved["own_due_on"]) == ("2027-03-01", None)
    later = {"starts_on": "2027-04-01", "reason": "The hall is full"}
    assert bearer.patch("/deadlines/plenary", later).json["due_on"] == "2027-04-01"
    assert bearer.read(path)["due_on"] == "2027-04-01"


def test_a_priority_is_changed(program: Programs, cast: Cast, tools: Deliverable) -> None:
    bearer = program(cast.coordinator)
    changed = bearer.patch("/priorities/evaluation", {"horizon": "long", "impact": 4})
    assert (changed.json["horizon"], changed.json["impact"]) == ("long", 4)
    problem(bearer.patch("/priorities/evaluation", {"title": "x"}, '"' + "0" * 32 + '"'), 412)


def test_liaisons_do_not_plan(program: Programs, cast: Cast, tools: Deliverable) -> None:
    problem(program(cast.liaison).patch("/deliverables/joint-tools", {"title": "Mine"}), 403)


def test_the_trail_names_who_wrote(
    program: Programs, cast: Cast, session: Session, tools: Deliverable
) -> None:
    program(cast.liaison).post("/deliverables/joint-tools/updates", {"status": "in_progress"})
    session.rollback()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "update.log")).one()
    assert (entry.account_id, entry.address) == (cast.liaison.id, "127.0.0.1")
