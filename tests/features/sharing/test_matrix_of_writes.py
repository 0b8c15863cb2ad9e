"""Role by thing by marking by what a program writes: whoever may not see a thing is answered as if
it were not there, and nothing is written on it. Generated from the one table in `marked_world`.

Every address of the API that writes stands in WRITES or in NAMES_NOTHING; a new one fails here
until it does.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import make
import pytest
from browser import Browser
from cast import Cast
from marked_world import ROLES, World, expected, slug
from program import ROOT, Program
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.audit.models import AuditEntry
from app.core.markings import Channel, Marking
from app.deliverables.models import Assignment, AssignmentState

MISSING = "nothing-of-this-name"
NO_NUMBER = 10**9
LIAISONS = frozenset({"sharing", "not_sharing"})
PLANNERS = frozenset({"coordinator"})
LOGGERS = LIAISONS | PLANNERS
Named = str | int


@dataclass(frozen=True)
class Write:
    """What a program sends about a thing that it names. `roles`: who may do this at all, where
    they see the thing."""

    thing: str
    endpoint: str
    path: Callable[[Named], str]
    body: Callable[[Named], dict[str, Any]]
    roles: frozenset[str]
    method: str = "POST"


def constant(**fields: Any) -> Callable[[Named], dict[str, Any]]:
    return lambda _named: fields


def at(path: str) -> Callable[[Named], str]:
    return lambda named: f"{ROOT}{path}".replace("NAMED", str(named))


UPDATE = {"status": "in_progress", "note": "By a program"}
WRITES: Sequence[Write] = (
    Write(
        "deliverable",
        "api-deliverables.log",
        at("/deliverables/NAMED/updates"),
        constant(**UPDATE),
        LOGGERS,
    ),
    Write(
        "deliverable",
        "api-deliverables.log_many",
        at("/updates"),
        lambda named: {"updates": [{**UPDATE, "deliverable": named}]},
        LOGGERS,
    ),
    Write(
        "deliverable",
        "api-deliverables.answer",
        at("/deliverables/NAMED/answer"),
        constant(answer="accept", version=1),
        LOGGERS,
    ),
    Write(
        "deliverable",
        "api-deliverables.propose",
        at("/deliverables/NAMED/assignments"),
        constant(member="FR", role="reviewer"),
        PLANNERS,
    ),
    Write(
        "deliverable",
        "api-deliverables.change",
        at("/deliverables/NAMED"),
        constant(note="By a program"),
        PLANNERS,
        method="PATCH",
    ),
    Write(
        "deliverable",
        "api-deliverables.set_needs",
        at("/deliverables/NAMED/needs"),
        constant(needs=[]),
        PLANNERS,
        method="PUT",
    ),
    Write(
        "deliverable",
        "api-deliverables.propose_date",
        at("/deliverables/NAMED/dates"),
        constant(due_on="2027-06-01", reason="By a program"),
        frozenset({"sharing", "not_sharing"}),
    ),
    Write(
        "deliverable",
        "api-deliverables.end_part",
        at("/deliverables/NAMED/assignments/KE/end"),
        constant(reason="By a program"),
        PLANNERS,
    ),
    Write(
        "deliverable",
        "api-deliverables.mute",
        at("/deliverables/NAMED/mutes"),
        constant(flag="no_lead", until_on="2027-01-01", reason="By a program"),
        PLANNERS,
    ),
    Write(
        "action",
        "api-agendas.settle",
        at("/actions/NAMED/settle"),
        constant(state="done", version=1),
        LOGGERS,
    ),
    Write(
        "contribution",
        "api-contributions.correct",
        at("/contributions/NAMED/correction"),
        constant(kind="hosting", given_on="2024-11-20", about="It", reason="By a program"),
        LOGGERS,
    ),
    Write(
        "contribution",
        "api-contributions.withdraw",
        at("/contributions/NAMED/withdraw"),
        constant(reason="By a program"),
        LOGGERS,
    ),
    Write(
        "update",
        "api-deliverables.log",
        at("/deliverables/host/updates"),
        lambda named: {**UPDATE, "corrects": named},
        LOGGERS - {"not_sharing"},
    ),
    Write(
        "decision",
        "api-decisions.take",
        at("/decisions/NAMED/positions"),
        constant(stance="support"),
        LIAISONS,
    ),
)
"""`not_sharing` has no part in the host, so that it is refused before it names an update of it. In
an order in which each can follow the one before: a part that ended leaves a flag to mute."""

NAMES_NOTHING = {
    # What is made new, by names of what carries no marking.
    "api-deliverables.add",
    "api-network.add_a_priority",
    "api-network.add_a_deadline",
    "api-contributions.record",
    "api-agendas.propose",
    # Priorities and deadlines carry none.
    "api-network.change_priority",
    "api-network.move",
    "api-reviews.begin",
    # Of a deliverable that has to be seen first, or chosen for (tests/features/api), by number.
    *(f"api-deliverables.{each}" for each in ("agree", "counter", "refuse", "withdraw", "unmute")),
    "api-reviews.choose",
}


def named(world: World, thing: str, marking: Marking) -> Named:
    if thing == "deliverable":
        return f"d-{slug(marking)}"
    return f"decision-{slug(marking)}" if thing == "decision" else world.ids[thing, marking]


def missing(thing: str) -> Named:
    return MISSING if thing in ("deliverable", "decision") else NO_NUMBER


def told(answer: TestResponse, name: Named) -> tuple[int, str]:
    """Status and body, but for the name that was asked for."""
    text = answer.text.replace(json.dumps(name), "NAMED") if isinstance(name, str) else answer.text
    return answer.status_code, text


def send(program: Program, write: Write, name: Named) -> TestResponse:
    path, body = write.path(name), write.body(name)
    if write.method == "POST":
        return program.post(path, body)
    seen = program.get(path).headers.get("ETag", '"' + "0" * 32 + '"')
    return program.ask(write.method, path, json=body, headers={"If-Match": seen})


def wrote(session: Session) -> int:
    """How many lines the trail has of what changes something."""
    session.rollback()
    verbs = session.scalars(select(AuditEntry.verb))
    return sum(not verb.endswith((".refused", ".used")) for verb in verbs)


@pytest.fixture
def world(session: Session, cast: Cast) -> World:
    world = World(session, cast).build()
    # Whose part in a thing lets nobody here see it.
    make.member(session, "FR")
    # Asked anew, so that there is something to answer.
    parts = select(Assignment).where(Assignment.member_id == cast.kenya.id)
    for part in session.scalars(parts):
        if part.deliverable_id != world.host.id:
            part.state = AssignmentState.PROPOSED
    session.commit()
    return world


def test_what_may_not_be_seen_cannot_be_written_on_and_answers_as_if_it_were_not_there(
    client: Browser, world: World, session: Session
) -> None:
    client.application.config.update(API_READS=10**6, API_WRITES=10**6)
    wrong, met = [], 0
    for role in ROLES:
        program = Program(client, session, world.roles[role])
        for write, marking in product(WRITES, Marking):
            name, none = named(world, write.thing, marking), missing(write.thing)
            nothing = told(send(program, write, none), none)
            before = wrote(session)
            answer = told(send(program, write, name), name)
            sees = expected(role, marking, Channel.API) and role in write.roles
            met += sees
            case = (role, write.endpoint, marking.value, answer, nothing)
            if sees != (answer != nothing) or (not sees and wrote(session) != before):
                wrong.append(case)
    assert "\n".join(map(str, wrong)) == ""
    assert met > 30


def test_whoever_sees_it_writes_on_it(client: Browser, world: World, session: Session) -> None:
    """Guards the guard: what is sent is whole, so that only its marking can be in the way."""
    for write in WRITES:
        by_member = (".answer", ".take", ".propose_date")
        role = "sharing" if write.endpoint.endswith(by_member) else "coordinator"
        program = Program(client, session, world.roles[role])
        # What was put right cannot be taken back.
        marking = Marking.GREEN if write.endpoint.endswith(".withdraw") else Marking.AMBER
        answer = send(program, write, named(world, write.thing, marking))
        assert answer.status_code in (200, 201), (write.endpoint, answer.text)
        assert '"refused": 1' not in answer.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_address_that_writes_is_in_the_matrix(client: Browser, world: World) -> None:
    writing = {
        rule.endpoint
        for rule in client.application.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        and (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
    }
    covered = {write.endpoint for write in WRITES} | NAMES_NOTHING
    assert writing == covered, "add them to WRITES (or to NAMES_NOTHING)"
