"""What programs read is what pages show."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import make
import pytest
from browser import Browser
from cast import Cast
from marked_world import World
from program import Program, problem
from sqlalchemy.orm import Session

from app.core.markings import Marking
from app.deliverables.actions.schedule import Due
from app.deliverables.models import Deliverable
from app.deliverables.rules.moves import Status
from app.sharing.actions import audience_of
from app.sharing.rules import Sharing
from app.web.database import Tracker

Programs = Callable[..., Program]


@pytest.fixture
def many(session: Session, cast: Cast) -> list[Deliverable]:
    of = make.priority(session, key="priority")
    due = make.deadline(session, by=cast.coordinator, key="deadline")
    made = [
        make.deliverable(
            session,
            by=cast.coordinator,
            key=f"work-{n}",
            priority=of,
            due=Due(deadline_id=due.id) if n % 2 else Due(),
        )
        for n in range(7)
    ]
    make.update(session, made[0], by=cast.coordinator)
    make.update(session, made[1], Status.IN_PROGRESS, by=cast.coordinator)
    make.update(session, made[1], Status.DELIVERED, by=cast.coordinator)
    session.commit()
    return made


@pytest.mark.usefixtures("many")
def test_portions_give_everything_once_in_the_order_of_the_page(
    program: Programs, cast: Cast
) -> None:
    bearer = program(cast.observer)
    whole = [each["key"] for each in bearer.read("/deliverables")["items"]]
    assert len(whole) == 7
    for limit in (1, 2, 3, 7):
        portions = bearer.every(f"/deliverables?limit={limit}")
        assert [each["key"] for each in portions] == whole


def test_what_is_added_or_goes_between_two_portions_moves_nothing_else(
    program: Programs, cast: Cast, session: Session, many: list[Deliverable]
) -> None:
    bearer = program(cast.observer)
    whole = [each["key"] for each in bearer.read("/deliverables")["items"]]
    first = bearer.read("/deliverables?limit=3")
    gone = next(each for each in many if each.key == whole[0])
    red = Sharing(Marking.RED, accounts=frozenset({cast.coordinator.id}))
    gone.marking, gone.audience_id = Marking.RED, audience_of(session, red)
    second = bearer.read(first["next"])
    assert [each["key"] for each in second["items"]] == whole[3:6]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "cursor=x", "status=nope", "as_of=2026-02-30", "stauts=delivered"],
)
def test_a_query_that_means_nothing_is_refused_with_its_field(
    program: Programs, cast: Cast, query: str
) -> None:
    told = problem(program(cast.observer).get(f"/deliverables?{query}"), 422)
    assert told["errors"][0]["field"].startswith(query.partition("=")[0])


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=delivered", ["work-1"]),
        ("status=delivered&status=in_progress", ["work-1", "work-0"]),
        ("priority=priority&q=work-3", ["work-3"]),
        ("priority=no-such", []),
        ("member=KE", []),
        ("deadline=deadline&limit=1", ["work-1"]),
    ],
)
def test_lists_are_narrowed_as_on_the_page(
    program: Programs, cast: Cast, query: str, found: list[str]
) -> None:
    listed = program(cast.observer).read(f"/deliverables?{query}")["items"]
    assert [each["key"] for each in listed] == found


def test_figures_are_those_of_the_pages_on_any_day(
    program: Programs, client: Browser, cast: Cast, many: list[Deliverable]
) -> None:
    bearer = program(cast.observer)
    client.sign_in(cast.observer)
    for day in (make.PLANNED_ON - timedelta(1), make.PLANNED_ON, make.NOW.date()):
        told = bearer.read(f"/overview?as_of={day}")["progress"]
        page = client.page(f"/?as_of={day}")
        shown = page.select_one("[data-progress-of]")
        assert int(shown["data-total"]) == told["total"] if shown else told["total"] == 0
        listed = bearer.read(f"/deliverables?as_of={day}")
        assert listed["total"] == sum(told["by_status"].values())
        assert listed["as_of"] == str(day)


@pytest.mark.usefixtures("many")
def test_today_is_the_same_whether_it_is_named_or_not(program: Programs, cast: Cast) -> None:
    bearer, today = program(cast.observer), make.NOW.date()
    for path in ("overview", "deliverables/work-1", "deadlines/deadline", "members/KE"):
        assert bearer.read(f"/{path}") == bearer.read(f"/{path}?as_of={today}")


def test_unknown_progress_is_null_and_never_0(
    program: Programs, cast: Cast, many: list[Deliverable]
) -> None:
    told = program(cast.observer).read("/deliverables/work-0")
    assert told["progress"] is None
    assert told["updates"][0]["progress"] is None


def test_what_is_hidden_answers_exactly_like_what_is_not_there(
    program: Programs, cast: Cast, session: Session
) -> None:
    World(session, cast).build()
    bearer = program(cast.other_liaison)
    for path in ("deliverables", "decisions"):
        stem = "d" if path == "deliverables" else "decision"
        hidden = bearer.get(f"/{path}/{stem}-red")
        missing = bearer.get(f"/{path}/no-such-thing")
        assert hidden.status_code == missing.status_code == 404
        assert hidden.data == missing.data
        assert problem(hidden, 404)
    for body in ({"status": "in_progress"}, {}):
        hidden = bearer.post("/deliverables/d-red/updates", body)
        missing = bearer.post("/deliverables/no-such-thing/updates", body)
        assert hidden.data == missing.data


def test_an_answer_that_did_not_change_is_not_sent_again(
    program: Programs, cast: Cast, session: Session, many: list[Deliverable]
) -> None:
    bearer = program(cast.observer)
    first = bearer.get("/deliverables/work-2")
    tag = first.headers["ETag"]
    again = bearer.get("/deliverables/work-2", **{"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    make.update(session, many[2], by=cast.coordinator)
    changed = bearer.get("/deliverables/work-2", **{"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag
    assert "Authorization" in changed.headers["Vary"]
    assert "private" in changed.headers["Cache-Control"]


def test_answers_say_how_high_they_are_marked(
    program: Programs, cast: Cast, session: Session
) -> None:
    World(session, cast).build()
    bearer = program(cast.liaison)
    assert bearer.get("/deliverables").headers["Marking"] == "TLP:AMBER+STRICT"
    assert program(cast.observer).get("/deliverables").headers["Marking"] == "TLP:GREEN"


def test_limits_are_told_and_kept_for_each_token(
    app: Tracker, program: Programs, cast: Cast
) -> None:
    app.config["API_READS"] = 2
    one, other = program(cast.observer), program(cast.observer)
    left = [one.get("/functions").headers["RateLimit-Remaining"] for _ in range(2)]
    assert left == ["1", "0"]
    refused = one.get("/functions")
    problem(refused, 429)
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert other.get("/functions").status_code == 200
    app.config["NOW"] = lambda: make.NOW + timedelta(seconds=61)
    assert one.get("/functions").status_code == 200


def test_lists_of_everything_else_answer(program: Programs, cast: Cast, session: Session) -> None:
    World(session, cast).build()
    make.function(session)
    make.series(session)
    bearer = program(cast.coordinator)
    for path in [
        "priorities",
        "deadlines",
        "members",
        "functions",
        "questions",
        "meetings",
        "cadence",
        "actions",
        "decisions",
        "contributions",
        "attention",
    ]:
        told = bearer.read(f"/{path}?limit=1")
        assert told["total"] >= len(told["items"]), path
        assert len(bearer.every(f"/{path}?limit=2")) == told["total"], path
    assert bearer.read("/meetings/sitting/agendas/1")["number"] == 1
    assert bearer.read("/search?q=sitting")["total"] >= 1
    numbers = [entry["id"] for entry in bearer.every("/audit?limit=20")]
    assert all(later > earlier for later, earlier in pairwise(numbers))
