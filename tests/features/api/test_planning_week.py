"""What else a week brings: parts that end, needs, dates that are asked for and agreed, flags that
are muted, actions that are done, contributions put right, and a review."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import make
import pytest
from cast import Cast
from program import Program, problem
from sqlalchemy.orm import Session

from app.agendas.models import Action
from app.core.permissions import Scope
from app.deliverables.actions.schedule import Due
from app.deliverables.models import Deliverable
from app.deliverables.rules.moves import Status

Programs = Callable[..., Program]
LATER = (make.NOW + timedelta(days=60)).date().isoformat()
LATEST = (make.NOW + timedelta(days=90)).date().isoformat()
SOON = (make.NOW + timedelta(days=20)).date()


@pytest.fixture
def tools(session: Session, cast: Cast) -> Deliverable:
    """Kenya leads it; due soon, and in work for long without a word."""
    of = make.priority(session, key="evaluation")
    made = make.deliverable(
        session, by=cast.coordinator, key="tools", priority=of, due=Due(own_due_on=SOON)
    )
    make.assignment(session, made, cast.kenya, by=cast.coordinator)
    make.update(session, made, Status.IN_PROGRESS, by=cast.coordinator)
    session.commit()
    return made


@pytest.mark.usefixtures("tools")
def test_a_part_ends_with_a_reason_and_by_a_coordinator_alone(
    program: Programs, cast: Cast
) -> None:
    path, why = "/deliverables/tools/assignments/KE/end", {"reason": "Others do it"}
    problem(program(cast.liaison).post(path, why), 403)
    bearer = program(cast.coordinator)
    problem(bearer.post(path, {"reason": ""}), 422)
    problem(bearer.post("/deliverables/tools/assignments/GB/end", why), 404)
    assert bearer.post(path, why).status_code == 201
    told = bearer.read("/deliverables/tools")
    assert [each["state"] for each in told["assignments"]] == ["ended"]
    assert told["assignment_history"][0]["reason"] == "Others do it"
    problem(bearer.post(path, why), 404)


@pytest.mark.usefixtures("tools")
def test_what_must_come_first_is_replaced_as_a_whole_by_who_read_it(
    program: Programs, cast: Cast, session: Session
) -> None:
    for key in ("first", "second"):
        make.deliverable(session, by=cast.coordinator, key=key, due=Due(own_due_on=SOON))
    session.commit()
    bearer, path = program(cast.coordinator), "/deliverables/tools/needs"
    tag = bearer.get(path).headers["ETag"]
    body = {"needs": ["second", "first"]}
    problem(bearer.ask("PUT", path, json=body), 428)
    changed = bearer.ask("PUT", path, json=body, headers={"If-Match": tag})
    assert changed.json["needs"] == ["first", "second"]
    problem(bearer.ask("PUT", path, json={"needs": []}, headers={"If-Match": tag}), 412)
    told = bearer.read("/deliverables/tools/schedule")
    assert [each["key"] for each in told["before"]] == ["first", "second"]
    assert told["earliest_on"] == SOON.isoformat()
    assert told["slack_days"] == 0
    now = bearer.get(path).headers["ETag"]
    fresh = {"If-Match": now}
    problem(bearer.ask("PUT", path, json={"needs": ["nothing"]}, headers=fresh), 422)
    circle = "/deliverables/first/needs"
    seen = {"If-Match": bearer.get(circle).headers["ETag"]}
    problem(bearer.ask("PUT", circle, json={"needs": ["tools"]}, headers=seen), 422)
    assert bearer.read(path)["needs"] == ["first", "second"]
    problem(program(cast.liaison).ask("PUT", path, json=body, headers=fresh), 403)


@pytest.mark.usefixtures("tools")
def test_a_member_asks_for_a_date_and_a_coordinator_agrees(program: Programs, cast: Cast) -> None:
    path = "/deliverables/tools/dates"
    asks = {"due_on": LATER, "reason": "The hall is taken"}
    problem(program(cast.other_liaison).post(path, asks), 403)
    problem(program(cast.coordinator).post(path, asks), 403)
    kenya = program(cast.liaison)
    problem(kenya.post(path, {"reason": "x"}), 422)
    problem(kenya.post(path, {**asks, "deadline": "x"}), 422)
    made = kenya.post(path, asks)
    told = kenya.read(made.headers["Location"])
    first = told["items"][0]
    assert (first["state"], first["due_on"], first["member"]) == ("open", LATER, "KE")
    where = f"{path}/{first['id']}"
    yes: dict[str, Any] = {"version": first["version"], "schedule": told["schedule"]}
    problem(kenya.post(f"{where}/agree", yes), 403)
    carla = program(cast.coordinator)
    problem(carla.post(f"{where}/agree", {**yes, "version": 99}), 409)
    assert carla.post(f"{where}/agree", yes).status_code == 201
    assert carla.read("/deliverables/tools")["due_on"] == LATER
    problem(carla.post(f"{where}/agree", yes), 409)


@pytest.mark.usefixtures("tools")
def test_a_date_is_countered_refused_and_taken_back(program: Programs, cast: Cast) -> None:
    path = "/deliverables/tools/dates"
    kenya, carla = program(cast.liaison), program(cast.coordinator)
    asked = kenya.post(path, {"due_on": LATEST, "reason": "Late"}).json["id"]
    offer = {"due_on": LATER, "reason": "Sooner", "version": 1}
    offered = carla.post(f"{path}/{asked}/counter", offer).json["id"]
    newest = kenya.read(path)["items"][0]
    assert (newest["id"], newest["is_offer"], newest["answers"]) == (offered, True, asked)
    no = {"version": newest["version"], "answer": "That is too soon"}
    assert kenya.post(f"{path}/{offered}/refuse", no).status_code == 201
    again = kenya.post(path, {"due_on": LATEST, "reason": "Late"}).json["id"]
    assert kenya.post(f"{path}/{again}/withdraw", {"version": 1}).status_code == 201
    states = [each["state"] for each in kenya.read(path)["items"]]
    assert states == ["withdrawn", "refused", "countered"]
    assert carla.read("/deliverables/tools")["due_on"] == SOON.isoformat()


@pytest.mark.usefixtures("tools")
def test_a_flag_is_muted_and_counts_again(program: Programs, cast: Cast) -> None:
    bearer, path = program(cast.coordinator), "/deliverables/tools/mutes"
    body = {"flag": "stale", "until_on": LATER, "reason": "They are at sea"}
    assert "stale" in [each["flag"] for each in bearer.read("/deliverables/tools")["flags"]]
    problem(program(cast.liaison).post(path, body), 403)
    made = bearer.post(path, body)
    assert bearer.read("/deliverables/tools")["muted_flags"] == ["stale"]
    listed = bearer.read(path)["items"]
    assert [each["reason"] for each in listed] == ["They are at sea"]
    assert bearer.read(f"{path}?as_of={make.PLANNED_ON}")["items"] == []
    assert bearer.post(f"{path}/{made.json['id']}/end", {}).status_code == 201
    assert bearer.read("/deliverables/tools")["muted_flags"] == []
    problem(bearer.post(f"{path}/{made.json['id']}/end", {}), 422)


def test_an_action_is_done_by_its_member_and_dropped_by_a_coordinator(
    program: Programs, cast: Cast, session: Session
) -> None:
    made = Action(
        member_id=cast.kenya.id,
        task="Send it",
        exists_from=make.PLANNED_ON,
        due_on=SOON,
        created_by_id=cast.coordinator.id,
    )
    session.add(made)
    session.commit()
    path = f"/actions/{made.id}"
    kenya = program(cast.liaison)
    done = {"state": "done", "note": "Sent", "version": kenya.read(path)["version"]}
    problem(program(cast.other_liaison).post(f"{path}/settle", done), 403)
    problem(kenya.post(f"{path}/settle", {**done, "state": "dropped"}), 403)
    problem(kenya.post(f"{path}/settle", {**done, "version": 9}), 409)
    assert kenya.post(f"{path}/settle", done).status_code == 201
    assert kenya.read(path)["state"] == "done"
    assert kenya.read(f"{path}?as_of={make.PLANNED_ON}")["state"] == "open"
    problem(kenya.post("/actions/999/settle", done), 404)


def test_a_contribution_is_put_right_and_taken_back(program: Programs, cast: Cast) -> None:
    kenya = program(cast.liaison)
    stated = {
        "amount": "900.00",
        "currency": "USD",
        "rate": "0.009",
        "rate_on": "2026-11-01",
        "rate_source": "The bank",
    }
    body = {
        "kind": "money",
        "given_on": "2026-11-01",
        "amount": "100000.00",
        "currency": "KES",
        "about": "A hall",
        "conversion": stated,
    }
    made = kenya.post("/contributions", {**body, "member": "KE", "marking": "AMBER"})
    path = made.headers["Location"]
    assert kenya.read(path)["conversion"]["amount"] == "900.00"
    mended = {**body, "amount": "200000.00", "reason": "A zero too few"}
    problem(program(cast.other_liaison).post(f"{path}/correction", mended), 404)
    further = kenya.post(f"{path}/correction", mended)
    before, after = kenya.read(path), kenya.read(further.headers["Location"])
    assert (before["counts"], before["replaced_by"]) == (False, after["id"])
    assert (after["amount"], after["replaces"]) == ("200000.00", before["id"])
    assert after["marking"] == "AMBER"
    problem(kenya.post(f"{path}/correction", mended), 409)
    gone = kenya.post(f"{further.headers['Location']}/withdraw", {"reason": "It fell through"})
    assert gone.status_code == 201
    assert kenya.read("/contributions")["total"] == 0


def test_a_coordinator_reviews_a_deadline(program: Programs, cast: Cast, session: Session) -> None:
    due = make.deadline(session, by=cast.coordinator, key="summit")
    make.deliverable(session, by=cast.coordinator, key="paper", due=Due(deadline_id=due.id))
    session.commit()
    carla = program(cast.coordinator)
    problem(program(cast.liaison).get("/reviews"), 403)
    problem(program(cast.administrator).post("/deadlines/summit/reviews", {}), 403)
    made = carla.post("/deadlines/summit/reviews", {})
    where = made.headers["Location"]
    entry = carla.read(where)["entries"][0]
    assert (entry["key"], entry["chosen"]) == ("paper", None)
    path = f"{where}/choices/paper"
    problem(carla.post(path, {"choice": "move", "version": 0}), 422)
    moved = {"choice": "move", "new_due_on": LATEST, "reason": "Not ready", "version": 0}
    assert carla.post(path, moved).status_code == 201
    problem(carla.post(path, {**moved, "reason": "Another"}), 409)
    chosen = carla.read(where)["entries"][0]["chosen"]
    assert (chosen["choice"], chosen["new_due_on"], chosen["version"]) == ("move", LATEST, 1)
    assert carla.read("/reviews?deadline=summit")["total"] == 1
    assert program(cast.administrator).read(where)["counts"]["total"] == 1


@pytest.mark.usefixtures("tools")
def test_a_desk_says_what_waits_for_whom(program: Programs, cast: Cast) -> None:
    kenya, carla = program(cast.liaison), program(cast.coordinator)
    problem(program(cast.observer).get("/desk"), 403)
    told = kenya.read("/desk")
    assert (told["member"], [each["deliverable"]["key"] for each in told["lines"]]) == (
        "KE",
        ["tools"],
    )
    kenya.post("/deliverables/tools/dates", {"due_on": LATER, "reason": "Late"})
    asks = carla.read("/desk")
    assert [(each["kind"], each["key"]) for each in asks["asks"]] == [("proposed_date", "tools")]
    assert asks["waiting"] == 1


@pytest.mark.usefixtures("tools")
def test_a_token_to_read_does_none_of_it(program: Programs, cast: Cast) -> None:
    bearer = program(cast.coordinator, Scope.READ)
    paths = ("assignments/KE/end", "dates", "mutes", "mutes/1/end", "dates/1/agree")
    for path in paths:
        told = problem(bearer.post(f"/deliverables/tools/{path}", {}), 403)
        assert "only reads" in told["detail"]
