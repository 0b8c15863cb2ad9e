"""Lists narrowed by everything that can narrow them, kept under a name, and acted on together."""

from datetime import datetime, timedelta

import make
import pytest
from browser import Browser
from bs4 import BeautifulSoup
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core.clock import as_of
from app.core.markings import Marking
from app.deliverables.actions.schedule import Due
from app.deliverables.models import (
    AskedQuestion,
    AssignmentRole,
    AssignmentState,
    Deliverable,
    SavedView,
)
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.listing import listed, matching_ids, parts_of
from app.deliverables.rules.attention import Flag
from app.deliverables.rules.moves import Health, Status

Made = dict[str, Deliverable]


@pytest.fixture
def made(session: Session, cast: Cast) -> Made:
    """Three, alike in little."""
    by = cast.coordinator
    due = Due(own_due_on=make.NOW.date() - timedelta(3))
    late = make.deliverable(session, by=by, key="late", title="Shared tools", due=due)
    make.assignment(session, late, cast.kenya, by=by)
    make.update(session, late, by=by, health=Health.OFF_TRACK)
    plain = make.deliverable(session, by=by, key="plain", marking=Marking.CLEAR)
    make.assignment(session, plain, cast.kenya, AssignmentRole.REVIEWER, by=by)
    done = make.deliverable(session, by=by, key="done", title="Tools, delivered")
    make.update(session, done, Status.DELIVERED, by=by)
    make.assignment(
        session, done, cast.britain, AssignmentRole.CONTRIBUTOR, AssignmentState.PROPOSED, by=by
    )
    return {each.key: each for each in (late, plain, done)}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"late", "plain", "done"}),
        ("q=TOOLS", {"late", "done"}),
        ("status=delivered&status=in_progress", {"late", "done"}),
        ("health=off_track", {"late"}),
        ("health=unknown", {"plain"}),
        ("health=unknown&health=off_track", {"late", "plain"}),
        ("flag=off_track", {"late"}),
        ("flag=no_lead&flag=overdue", {"late", "plain"}),
        ("flag=overdue&q=nothing", set()),
        ("marking=CLEAR", {"plain"}),
        ("member=KE", {"late"}),
        ("member=KE&role=reviewer", {"plain"}),
        ("role=contributor&role=reviewer", {"plain", "done"}),
        ("member=GB&status=delivered", {"done"}),
        ("status=nonsense&flag=nonsense&member=XX", {"late", "plain", "done"}),
    ],
)
def test_a_list_shows_what_its_address_asks_for(
    client: Browser, cast: Cast, made: Made, query: str, expected: set[str]
) -> None:
    page = client.sign_in(cast.observer).page(f"/deliverables?{query}")
    assert {row["data-deliverable"] for row in page.select("[data-deliverable]")} == expected


def test_links_to_other_days_keep_every_value_of_a_filter(
    client: Browser, cast: Cast, made: Made
) -> None:
    page = client.sign_in(cast.observer).page(
        "/deliverables?status=delivered&status=in_progress&as_of=2026-11-01"
    )
    today = page.select_one(".days .btn-past")
    assert today["href"] == "/deliverables?status=delivered&status=in_progress"
    kept = page.select(".days form input[type=hidden]")
    assert [field["value"] for field in kept] == ["delivered", "in_progress"]


@pytest.mark.parametrize("flags", [(), (Flag.NO_LEAD,)])
def test_all_that_match_are_those_that_the_pages_show(
    session: Session, cast: Cast, made: Made, now: datetime, flags: tuple[Flag, ...]
) -> None:
    for _ in range(55):
        make.deliverable(session, by=cast.coordinator)
    reader, day, which = cast.observer.actor, as_of(None, now), Filter(flags=flags)
    pages = [listed(session, reader, day, which, page=number) for number in (1, 2)]
    shown = tuple(row.id for page in pages for row in page.rows)
    assert matching_ids(session, reader, day, which) == shown


def test_a_filter_is_kept_under_a_name_in_a_fixed_order_and_without_what_it_is_not(
    client: Browser, session: Session, cast: Cast, made: Made
) -> None:
    client.sign_in(cast.observer)
    answer = client.submit(
        "/deliverables/views",
        name="Späte Werkzeuge",
        query="flag=overdue&q=tools&status=none&as_of=2020-01-01&status=in_progress",
    )
    assert answer.headers["Location"] == "/deliverables/views/spate-werkzeuge"
    opened = client.get("/deliverables/views/spate-werkzeuge")
    assert opened.headers["Location"] == "/deliverables?q=tools&status=in_progress&flag=overdue"
    again = client.submit("/deliverables/views", name="Späte Werkzeuge", query="q=x")
    assert (again.status_code, "already" in again.text) == (422, True)


def test_a_view_is_its_owners_until_it_is_shared(
    client: Browser, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.observer).submit("/deliverables/views", name="日本", query="q=tools")
    view = session.scalars(select(SavedView)).one()
    address = f"/deliverables/views/{view.key}"
    assert client.sign_in(cast.liaison).get(address).status_code == 404
    assert client.submit(f"{address}/share", is_shared="yes").status_code == 404
    client.sign_in(cast.observer).submit(f"{address}/share", is_shared="yes")
    assert client.sign_in(cast.liaison).get(address).status_code == 302
    assert "日本" in client.page("/deliverables/views").text
    assert client.submit(f"{address}/remove").status_code == 404
    assert client.sign_in(cast.observer).submit(f"{address}/remove").status_code == 303
    assert session.scalars(select(SavedView)).all() == []


def results(answer: TestResponse) -> dict[str, str]:
    rows = BeautifulSoup(answer.text, "html.parser").select("[data-row]")
    return {str(row["data-row"]): str(row["data-result"]) for row in rows}


def test_a_preview_says_what_would_come_of_it_and_keeps_nothing(
    client: Browser, session: Session, cast: Cast, made: Made, now: datetime
) -> None:
    client.sign_in(cast.coordinator)
    ids = [each.id for each in made.values()]
    page = client.page("/deliverables/selection?act=assign&" + "&".join(f"d={n}" for n in ids))
    assert len(page.select("form[method=post] input[name=d]")) == 3
    fields = {"d": ids, "member": "KE", "role": "lead", "reason": "You know it best"}
    url = "/deliverables/selection/assign"
    expected = {"late": "unchanged", "plain": "done", "done": "done"}
    assert results(client.submit(f"{url}/preview", **fields)) == expected
    session.expire_all()
    parts = parts_of(session, ids, as_of(None, now))
    assert [p.code for p in parts[made["done"].id]] == ["GB"]
    assert results(client.submit(url, **fields)) == expected
    session.expire_all()
    parts = parts_of(session, ids, as_of(None, now))
    assert [(p.code, p.role, p.state) for p in parts[made["plain"].id]] == [
        ("KE", AssignmentRole.LEAD, AssignmentState.PROPOSED)
    ]
    assert [p.state for p in parts[made["late"].id]] == [AssignmentState.ACCEPTED]


def test_one_that_was_changed_meanwhile_is_refused_and_the_others_move(
    client: Browser, session: Session, cast: Cast, made: Made
) -> None:
    client.sign_in(cast.coordinator)
    seen = {each.id: each.version for each in made.values()}
    seen[made["plain"].id] -= 1
    day = make.NOW.date() + timedelta(30)
    answer = client.submit(
        "/deliverables/selection/move",
        d=list(seen),
        v=[f"{of}:{version}" for of, version in seen.items()],
        deadline="",
        due_on=day.isoformat(),
        reason="The convening moved",
    )
    assert results(answer) == {"late": "done", "plain": "refused", "done": "done"}
    reader, today = cast.observer.actor, as_of(None, make.NOW)
    rows = listed(session, reader, today, Filter(ids=list(seen))).rows
    assert {row.key: row.due_on for row in rows} == {"late": day, "plain": None, "done": day}


def test_what_is_asked_about_many_is_asked_about_each(
    client: Browser, session: Session, cast: Cast, made: Made
) -> None:
    client.sign_in(cast.coordinator)
    page = client.page("/deliverables/selection?act=ask&all=yes&health=off_track&d=999999")
    ids = [field["value"] for field in page.select("form[method=post] input[name=d]")]
    assert ids == [str(made["late"].id)]
    refused = client.submit("/deliverables/selection/ask", d=ids, reason=" ")
    assert refused.status_code == 422
    client.submit("/deliverables/selection/ask", d=ids, reason="When will it be ready?")
    asked = session.scalars(select(AskedQuestion)).one()
    assert (asked.deliverable_id, asked.text) == (made["late"].id, "When will it be ready?")


def test_only_coordinators_act_on_many(client: Browser, cast: Cast, made: Made) -> None:
    for account in (cast.liaison, cast.observer, cast.administrator):
        client.sign_in(account)
        assert client.get("/deliverables/selection?act=ask").status_code == 403
        assert client.submit("/deliverables/selection/ask", d=1, reason="x").status_code == 403
        assert not client.page("/deliverables").select("#selection")
