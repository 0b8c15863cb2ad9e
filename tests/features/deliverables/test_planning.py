"""A coordinator changes the plan on screen; two who do never overwrite each other silently."""

from datetime import timedelta

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import as_of
from app.core.markings import Marking
from app.deadlines.models import Deadline, DeadlineDate
from app.deliverables.actions.planning import depend_on, dependency_edges
from app.deliverables.actions.schedule import Due
from app.deliverables.models import (
    AssignmentSpan,
    AssignmentState,
    Deliverable,
    Dependency,
    ScheduleChange,
)
from app.deliverables.queries.detail import detail
from app.priorities.models import Priority

TODAY = make.NOW.date()
NEW = {
    "title": "Testing protocol, Überblick",
    "key": "",
    "kind": "method",
    "priority": "testing",
    "basis": "proposed",
    "note": "Written by hand",
    "deadline": "",
    "due_on": "",
}


@pytest.fixture
def plan(session: Session, cast: Cast, client: Browser) -> Browser:
    """Carla, before a plan of one priority and one deadline."""
    make.priority(session, key="testing", title="Testing")
    make.deadline(session, TODAY + timedelta(40), by=cast.coordinator, key="summit", title="Summit")
    return client.sign_in(cast.coordinator)


@pytest.fixture
def tools(session: Session, cast: Cast, plan: Browser) -> Deliverable:
    of = session.scalars(select(Priority)).one()
    return make.deliverable(session, by=cast.coordinator, key="tools", title="Tools", priority=of)


def edited(page: object, **fields: str) -> dict[str, str]:
    """The form of the page as its browser would send it, with these fields changed."""
    form = page.select_one("main form[data-guard]")  # type: ignore[attr-defined]
    values = {e["name"]: e.get("value", "") for e in form.select("input[name]")}
    values |= {e["name"]: e.get_text().strip("\n") for e in form.select("textarea")}
    for choice in form.select("select"):
        option = choice.select_one("option[selected]") or choice.select_one("option")
        values[choice["name"]] = option["value"]
    values.pop("csrf_token")
    return {**values, **fields}


def test_a_deliverable_is_added_with_a_key_made_from_its_title(
    plan: Browser, session: Session, cast: Cast
) -> None:
    answer = plan.submit("/deliverables", **{**NEW, "deadline": "summit"})
    assert answer.headers["Location"].startswith("/deliverables/testing-protocol-uberblick")
    page = plan.page("/deliverables/testing-protocol-uberblick")
    assert page.h1.get_text() == NEW["title"]
    assert "Summit" in page.get_text()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"title": ""}, "Give it a title"),
        ({"title": "多言語"}, "a-z, 0-9"),
        ({"key": "New Key"}, "a-z, 0-9"),
        ({"key": "new"}, "a-z, 0-9"),
        ({"priority": "nothing"}, "Not a valid choice"),
        ({"deadline": "summit", "due_on": "2027-01-01"}, "not both"),
    ],
)
def test_what_cannot_be_added_says_why_and_keeps_what_was_typed(
    plan: Browser, session: Session, fields: dict[str, str], says: str
) -> None:
    answer = plan.submit("/deliverables", **{**NEW, **fields})
    assert answer.status_code == 422
    assert says in answer.text
    assert "Written by hand" in answer.text
    assert session.scalars(select(Deliverable)).all() == []


def test_a_key_that_is_taken_is_said_beside_the_field(plan: Browser, tools: Deliverable) -> None:
    answer = plan.submit("/deliverables", **{**NEW, "key": "tools"})
    assert answer.status_code == 409
    assert "already a deliverable with this key" in answer.text
    assert "Written by hand" in answer.text


def test_an_edit_changes_what_it_is_and_keeps_every_date(
    plan: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    page = plan.page("/deliverables/tools/edit")
    without = plan.submit("/deliverables/tools/edit", **edited(page, deadline="summit"))
    assert without.status_code == 422
    assert "Say why the date moves" in without.text
    sent = edited(page, title="Better tools", deadline="summit", reason="For the summit")
    assert plan.submit("/deliverables/tools/edit", **sent).status_code == 303
    session.rollback()
    found = detail(session, cast.coordinator.actor, tools, as_of(None, make.NOW))
    assert found is not None
    assert (found.row.title, found.row.deadline_key) == ("Better tools", "summit")
    rows = session.scalars(select(ScheduleChange).order_by(ScheduleChange.id)).all()
    assert [(row.deadline_id is None, row.reason) for row in rows] == [
        (True, ""),
        (False, "For the summit"),
    ]


@pytest.mark.parametrize("first", [{"title": "Hers"}, {"due_on": "2027-02-02", "reason": "Hers"}])
def test_the_second_of_two_who_edit_sees_what_the_first_made_of_it(
    plan: Browser, session: Session, tools: Deliverable, first: dict[str, str]
) -> None:
    page = plan.page("/deliverables/tools/edit")
    assert plan.submit("/deliverables/tools/edit", **edited(page, **first)).status_code == 303
    answer = plan.submit("/deliverables/tools/edit", **edited(page, title="His words"))
    assert answer.status_code == 409
    assert "His words" in answer.text
    assert "How it stands now" in answer.text
    assert first.get("title", "2 February 2027") in answer.text
    session.rollback()
    assert session.scalars(select(Deliverable.title)).one() == first.get("title", "Tools")


def test_what_it_needs_is_set_and_a_cycle_is_refused_with_its_path(
    plan: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    terms = make.deliverable(session, by=cast.coordinator, key="terms", title="Terms")
    assert terms.id
    assert "need-terms" in str(plan.page("/deliverables/tools/needs?q=term"))
    assert plan.submit("/deliverables/tools/needs", needs=["terms"], seen="").status_code == 303
    session.rollback()
    assert dependency_edges(session) == {"tools": {"terms"}}
    answer = plan.submit("/deliverables/terms/needs", needs=["tools"], seen="")
    assert answer.status_code == 422
    assert "terms → tools → terms" in answer.text
    session.rollback()
    assert dependency_edges(session) == {"tools": {"terms"}}


def test_needs_that_somebody_else_changed_meanwhile_are_not_overwritten(
    plan: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    terms = make.deliverable(session, by=cast.coordinator, key="terms")
    make.deliverable(session, by=cast.coordinator, key="other")
    depend_on(session, cast.coordinator.actor, tools, [terms], make.NOW)
    answer = plan.submit("/deliverables/tools/needs", needs=["other"], seen="")
    assert answer.status_code == 409
    session.rollback()
    assert dependency_edges(session) == {"tools": {"terms"}}


def test_what_the_coordinator_may_not_see_stays_needed_and_unnamed(
    plan: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    secret = make.deliverable(session, by=cast.coordinator, key="secret", title="Secret thing")
    make.deliverable(session, by=cast.coordinator, key="terms")
    session.add(Dependency(deliverable_id=tools.id, needs_id=secret.id))
    secret.marking = Marking.RED
    session.flush()
    assert "ecret" not in str(plan.page("/deliverables/tools/needs?q=secret").select("form")[1])
    assert plan.submit("/deliverables/tools/needs", needs=["terms"], seen="").status_code == 303
    session.rollback()
    assert dependency_edges(session) == {"tools": {"secret", "terms"}}


def test_a_part_is_proposed_and_can_be_ended(
    plan: Browser, session: Session, tools: Deliverable
) -> None:
    parts = "/deliverables/tools/parts"
    assert plan.submit(parts, member="KE", role="lead", reason="Has the lab").status_code == 303
    assert plan.submit(f"{parts}/end", member="KE", reason="").status_code == 422
    assert plan.submit(f"{parts}/end", member="KE", reason="Moved on").status_code == 303
    session.rollback()
    spans = session.scalars(select(AssignmentSpan).order_by(AssignmentSpan.id)).all()
    assert [(s.state, s.reason) for s in spans] == [
        (AssignmentState.PROPOSED, "Has the lab"),
        (AssignmentState.ENDED, "Moved on"),
    ]


def test_a_deadline_is_added_known_to_the_year(plan: Browser, session: Session) -> None:
    answer = plan.submit(
        "/deadlines",
        title="Summit 2028",
        key="",
        kind="summit",
        place="",
        host="",
        note="",
        starts_on="2028-06-01",
        precision="year",
    )
    assert answer.status_code == 303, answer.text
    assert "2028" in plan.page("/deadlines/summit-2028").get_text()
    dated = session.scalars(select(DeadlineDate).order_by(DeadlineDate.id)).all()[-1]
    assert dated.due_on.isoformat() == "2028-12-31"


def test_moving_a_deadline_shows_what_it_moves_and_makes_clash_before_it_does(
    plan: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    summit = session.scalars(select(Deadline)).one()
    carla = cast.coordinator
    paper = make.deliverable(
        session, by=carla, key="paper", title="Paper", due=Due(deadline_id=summit.id)
    )
    guide = make.deliverable(
        session, by=carla, key="guide", due=Due(own_due_on=TODAY + timedelta(60))
    )
    session.add(Dependency(deliverable_id=guide.id, needs_id=paper.id))
    new_day = (TODAY + timedelta(80)).isoformat()
    sent = edited(plan.page("/deadlines/summit/move"), starts_on=new_day, reason="The host asked")
    shown = plan.submit("/deadlines/summit/move", **sent)
    assert shown.status_code == 200
    assert 'data-moved="paper"' in shown.text
    assert 'data-clash="made"' in shown.text
    dates = select(DeadlineDate.starts_on).order_by(DeadlineDate.id)
    assert len(session.scalars(dates).all()) == 1
    other = {**sent, "confirmed": f"{TODAY}//day"}
    assert plan.submit("/deadlines/summit/move", **other).status_code == 200
    done = plan.submit("/deadlines/summit/move", **sent, confirmed=f"{new_day}//day")
    assert done.status_code == 303
    session.rollback()
    assert [day.isoformat() for day in session.scalars(dates)] == [
        (TODAY + timedelta(40)).isoformat(),
        new_day,
    ]


def test_a_deadline_that_somebody_moved_meanwhile_is_not_moved_over_it(
    plan: Browser, session: Session
) -> None:
    page = plan.page("/deadlines/summit/move")
    first, second = (TODAY + timedelta(50)).isoformat(), (TODAY + timedelta(70)).isoformat()
    for day, status in ((first, 303), (second, 409)):
        sent = edited(page, starts_on=day, reason="Because", confirmed=f"{day}//day")
        assert plan.submit("/deadlines/summit/move", **sent).status_code == status


def test_a_priority_is_added_and_edited_beside_another_editor(
    plan: Browser, session: Session
) -> None:
    fields = {"theme": "goals", "horizon": "near", "basis": "stated", "question": "", "note": "x"}
    fields["impact"] = "4"
    added = plan.submit("/priorities", title="Terms", key="", **fields)
    assert added.headers["Location"].startswith("/priorities/terms")
    page = plan.page("/priorities/terms/edit")
    for title, status in (("Hers", 303), ("His", 409)):
        answer = plan.submit("/priorities/terms/edit", **edited(page, title=title))
        assert answer.status_code == status, answer.text
    session.rollback()
    made = session.scalars(select(Priority).where(Priority.title == "Hers")).one()
    assert (made.impact, made.feasibility) == (4, None)
    refused = plan.submit("/priorities/terms/edit", **edited(page, impact="6"))
    assert refused.status_code == 422


@pytest.mark.parametrize("who", ["liaison", "observer", "administrator"])
def test_only_coordinators_plan(plan: Browser, cast: Cast, tools: Deliverable, who: str) -> None:
    plan.sign_in(getattr(cast, who))
    for path in ("/deliverables/new", "/deliverables/tools/edit", "/deliverables/tools/needs"):
        assert plan.get(path).status_code == 403
    for path in ("/deliverables", "/deadlines", "/priorities", "/deadlines/summit/move"):
        assert plan.submit(path).status_code == 403
    assert plan.get("/deadlines/summit/schedule").status_code == 200
