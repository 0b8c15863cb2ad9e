"""Pages stay small and ask as many queries at 1,600 deliverables as at 16."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import Engine, event, insert
from sqlalchemy.orm import Session

from app.core.history import FOREVER
from app.deliverables.models import (
    Assignment,
    AssignmentRole,
    AssignmentSpan,
    AssignmentState,
    Deliverable,
    DeliverableKind,
    DeliverableState,
    ScheduleChange,
)
from app.deliverables.rules.moves import Status
from app.extensions import db
from app.priorities.models import Basis

PAGES = (
    "/",
    "/attention",
    "/attention?page=2",
    "/attention?who=KE",
    "/priorities",
    "/priorities/agenda",
    "/deadlines",
    "/deadlines/convening",
    "/deadlines/convening?as_of=2024-11-25",
    "/members",
    "/members/KE",
    "/deadlines/convening/review",
    "/deadlines/convening/schedule",
    "/reviews/1",
    "/deliverables/a-deliverable-with-a-rather-long-key-1",
    "/deliverables/a-deliverable-with-a-rather-long-key-1/needs?q=part",
)
LARGEST = 150_000
STATUSES = [Status.NOT_STARTED, Status.IN_PROGRESS, Status.DELIVERED, Status.DEFERRED]


class Network:
    """One priority, one deadline and one member, with all the deliverables."""

    def __init__(self, session: Session, cast: Cast) -> None:
        self.session = session
        self.by = cast.coordinator.id
        self.member = cast.kenya.id
        self.priority = make.priority(session, key="agenda").id
        self.deadline = make.deadline(session, by=cast.coordinator, key="convening").id
        self.size = 0

    def grow_to(self, size: int) -> None:
        numbers = range(self.size + 1, size + 1)
        self.size = size
        logged = {"recorded_by_id": self.by, "recorded_at": make.NOW}
        self._add(Deliverable, [self._deliverable(n) for n in numbers])
        self._add(
            ScheduleChange,
            [
                {
                    "id": n,
                    "deliverable_id": n,
                    "effective_on": make.PLANNED_ON,
                    "deadline_id": self.deadline,
                    **logged,
                }
                for n in numbers
            ],
        )
        self._add(DeliverableState, [self._state(n) for n in numbers])
        self._add(
            Assignment,
            [{"id": n, "deliverable_id": n, "member_id": self.member} for n in numbers],
        )
        self._add(
            AssignmentSpan,
            [
                {
                    "assignment_id": n,
                    "role": AssignmentRole.LEAD,
                    "state": AssignmentState.ACCEPTED if n % 2 else AssignmentState.PROPOSED,
                    "from_on": make.PLANNED_ON,
                    **logged,
                }
                for n in numbers
            ],
        )
        self.session.commit()

    def _add(self, kind: type[Any], rows: list[dict[str, Any]]) -> None:
        self.session.execute(insert(kind), rows)

    def _deliverable(self, n: int) -> dict[str, Any]:
        return {
            "id": n,
            "key": f"a-deliverable-with-a-rather-long-key-{n}",
            "title": f"Shared definitions for the evaluation of advanced systems, part {n}",
            "kind": DeliverableKind.METHOD,
            "priority_id": self.priority,
            "basis": Basis.STATED,
            "exists_from": make.PLANNED_ON,
        }

    def _state(self, n: int) -> dict[str, Any]:
        status = STATUSES[n % len(STATUSES)]
        delivered_on = date(2024, 11, 1) + timedelta(days=n % 60)
        return {
            "deliverable_id": n,
            "from_on": make.PLANNED_ON,
            "until_on": FOREVER,
            "status": status,
            "status_since": make.PLANNED_ON,
            "schedule_id": n,
            "deadline_id": self.deadline,
            "delivered_on": delivered_on if status is Status.DELIVERED else None,
        }


@pytest.fixture
def network(session: Session, cast: Cast) -> Network:
    return Network(session, cast)


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*given: Any) -> None:
        statements.append(given[2])

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def queries(client: Browser) -> dict[str, int]:
    found = {}
    for path in PAGES:
        client.page(path)
        with counted(db.engine) as statements:
            answer = client.get(path)
        assert len(answer.data) < LARGEST, (path, len(answer.data))
        found[path] = sum(statement.startswith("SELECT") for statement in statements)
    return found


def test_pages_stay_small_and_ask_no_more_at_1600_deliverables(
    client: Browser, cast: Cast, network: Network
) -> None:
    client.sign_in(cast.coordinator)
    network.grow_to(16)
    client.submit("/deadlines/convening/review", day=make.NOW.date().isoformat())
    few = queries(client)
    network.grow_to(1600)
    many = queries(client)
    assert many == few
    assert min(few.values()) > 5


@pytest.mark.parametrize("path", ["/deadlines/convening", "/priorities/agenda", "/members/KE"])
def test_a_long_list_is_paged_and_nothing_is_lost_or_repeated(
    client: Browser, cast: Cast, network: Network, path: str
) -> None:
    network.grow_to(160)
    client.sign_in(cast.observer)
    found: list[str] = []
    page = client.page(path)
    while True:
        rows = page.select("[data-deliverable]")
        assert len(rows) <= 50
        found += [str(row["data-deliverable"]) for row in rows]
        following = page.select_one('.pages a[rel="next"]:not([href*="moves-page"])')
        if following is None:
            break
        page = client.page(str(following["href"]))
    assert len(found) == len(set(found)) == 160
    assert client.page(f"{path}?page=99").select("[data-deliverable]") == []
