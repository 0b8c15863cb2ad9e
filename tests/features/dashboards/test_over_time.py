"""Every count over time against a slow count over the raw rows, for random histories and days."""

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from browser import Browser
from cast import Cast
from raw_count import OPEN, RandomNetwork, RawCount, Standing, on, random_days
from sqlalchemy.orm import Session

from app.deliverables.models import AssignmentRole
from app.deliverables.queries.comparison import comparison
from app.deliverables.queries.filters import EVERYTHING
from app.deliverables.queries.load import Load, load_by_member
from app.deliverables.queries.matrix import Lack, matrix
from app.deliverables.queries.moved_dates import slips
from app.deliverables.queries.over_time import (
    OverTime,
    Scope,
    planned_and_delivered,
    status_over_time,
)
from app.deliverables.rules.comparison import Happened

SEEDS = [1, 2, 3]
Chosen = Callable[[int, Standing, date], bool]


@pytest.fixture(params=SEEDS)
def network(request: pytest.FixtureRequest, session: Session, cast: Cast) -> RandomNetwork:
    return RandomNetwork(session, cast, request.param)


@pytest.fixture
def raw(session: Session, network: RandomNetwork) -> RawCount:
    return RawCount(session)


def scopes(network: RandomNetwork, raw: RawCount) -> list[tuple[Scope, Chosen]]:
    """Each with what it should take in, on a day."""
    first, second, _ = network.priorities
    deadline, member = network.deadlines[1], network.members[0]
    ids = [first.id, second.id]

    def works(id_: int, _standing: Standing, day: date) -> bool:
        return any(who == member.id for who, _, _ in raw.parts_on(raw.named(id_), day))

    return [
        (Scope(), lambda _id, _standing, _day: True),
        (Scope(priority_ids=ids), lambda id_, _s, _day: raw.named(id_).priority_id in ids),
        (Scope(deadline_id=deadline.id), lambda _id, s, _day: s.deadline_id == deadline.id),
        (Scope(member_id=member.id), works),
    ]


def at(found: OverTime, day: date) -> dict[str, int]:
    """What the steps say on the day."""
    held = [counts for since, counts in found if since <= day]
    return held[-1] if held else {}


def test_status_over_time_is_what_was_so_on_each_day(
    session: Session, cast: Cast, network: RandomNetwork, raw: RawCount
) -> None:
    days = random_days(7, 25)
    for scope, belongs in scopes(network, raw):
        found = status_over_time(session, cast.observer.actor, on(max(days)), scope)
        for day in days:
            expected = Counter(s.status for i, s in raw.there(day).items() if belongs(i, s, day))
            assert at(found, day) == dict(expected), (scope, day)


def test_what_was_known_then_is_the_same_however_late_it_is_asked(
    session: Session, cast: Cast, network: RandomNetwork, raw: RawCount
) -> None:
    early, late = sorted(random_days(8, 2))
    for scope, _ in scopes(network, raw):
        asked_then = status_over_time(session, cast.observer.actor, on(early), scope)
        asked_later = status_over_time(session, cast.observer.actor, on(late), scope)
        assert at(asked_then, early) == at(asked_later, early)
        assert all(since <= early for since, _ in asked_then)


def test_planned_and_delivered_run_up_to_what_stands(
    session: Session, cast: Cast, network: RandomNetwork, raw: RawCount
) -> None:
    for day in random_days(9, 8):
        for scope, belongs in scopes(network, raw):
            found = planned_and_delivered(session, cast.observer.actor, on(day), scope)
            there = [
                s for i, s in raw.there(day).items() if belongs(i, s, day) and s.status != "dropped"
            ]
            for each in random_days(10, 10):
                expected = {
                    "planned": sum(s.due is not None and s.due <= each for s in there),
                    "delivered": sum(
                        s.delivered is not None and s.delivered <= each for s in there
                    ),
                }
                assert at(found, each) == {n: c for n, c in expected.items() if c}, (scope, day)


def test_moves_and_slips_are_those_of_a_walk_from_day_to_day(
    session: Session, cast: Cast, network: RandomNetwork, raw: RawCount
) -> None:
    for day in random_days(11, 5):
        for scope, belongs in scopes(network, raw):
            there = {
                i: s
                for i, s in raw.there(day).items()
                if belongs(i, s, day) and s.status != "dropped"
            }
            found = slips(session, cast.observer.actor, on(day), scope)
            assert found.of == len(there)
            rows = {row.key: row for row in found.rows}
            for id_, standing in there.items():
                deliverable = raw.named(id_)
                due = raw.due_days(deliverable, day)
                moves = max(len(due) - 1, 0)
                late = _days_late(standing, day)
                assert (deliverable.key in rows) == bool(moves or late), deliverable.key
                if deliverable.key in rows:
                    row = rows[deliverable.key]
                    assert (row.due.first, row.due.last, row.due.moves) == (due[0], due[-1], moves)
                    assert row.days_late == late


def _days_late(standing: Standing, day: date) -> int:
    if standing.due is None:
        return 0
    if standing.delivered is not None:
        return max((standing.delivered - standing.due).days, 0)
    return max((day - standing.due).days, 0) if standing.status in OPEN else 0


def test_a_comparison_says_what_differs_between_two_days(
    session: Session, cast: Cast, network: RandomNetwork, raw: RawCount
) -> None:
    days = random_days(12, 12)
    for pair in zip(days[::2], days[1::2], strict=True):
        first, second = sorted(pair)
        found = comparison(session, cast.observer.actor, on(first), on(second)).changes
        then, now = raw.there(first), raw.there(second)
        for kind, expected in _happened(raw, then, now, first, second).items():
            keys = {change.after.key for change in found[kind]}
            assert keys == {raw.named(i).key for i in expected}, (kind, first, second)


def _happened(
    raw: RawCount,
    then: dict[int, Standing],
    now: dict[int, Standing],
    first: date,
    second: date,
) -> dict[Happened, set[int]]:
    def became(status: str) -> set[int]:
        return {i for i, s in now.items() if s.status == status and _status(then, i) != status}

    both = then.keys() & now.keys()
    return {
        Happened.ADDED: now.keys() - then.keys(),
        Happened.DELIVERED: became("delivered"),
        Happened.DROPPED: became("dropped"),
        Happened.REOPENED: {
            i
            for i in both
            if then[i].status in ("delivered", "dropped")
            and now[i].status not in ("delivered", "dropped")
        },
        Happened.SLIPPED: {i for i in both if _slipped(then[i], now[i], first, second)},
        Happened.REASSIGNED: {
            i
            for i in both
            if raw.parts_on(raw.named(i), first) != raw.parts_on(raw.named(i), second)
        },
    }


def _status(then: dict[int, Standing], id_: int) -> str | None:
    return then[id_].status if id_ in then else None


def _slipped(then: Standing, now: Standing, first: date, second: date) -> bool:
    if now.status == "dropped":
        return False
    later = then.due is not None and (now.due is None or now.due > then.due)
    was_late = then.status in OPEN and then.due is not None and then.due < first
    is_late = now.status in OPEN and now.due is not None and now.due < second
    return later or (is_late and not was_late)


def test_the_load_of_a_member_is_the_open_work_it_has(
    session: Session, cast: Cast, network: RandomNetwork, raw: RawCount
) -> None:
    for day in random_days(13, 8):
        found = load_by_member(session, cast.observer.actor, on(day))
        for member in network.members:
            load = found.get(member.id, Load())
            parts = [
                (role, state, standing.deadline_id)
                for id_, standing in raw.there(day).items()
                if standing.status in OPEN
                for who, role, state in raw.parts_on(raw.named(id_), day)
                if who == member.id
            ]
            accepted = [role for role, state, _ in parts if state == "accepted"]
            assert load.leads == accepted.count("lead")
            assert load.contributes == accepted.count("contributor")
            assert load.asked == len(parts) - len(accepted)
            assert load.by_deadline == dict(Counter(deadline for _, _, deadline in parts))


def test_the_matrix_holds_every_part_and_finds_what_lacks_one(
    session: Session, cast: Cast, network: RandomNetwork, raw: RawCount
) -> None:
    codes = {member.id: member.code for member in network.members}
    for day in random_days(14, 6):
        there = {i: s for i, s in raw.there(day).items() if s.status != "dropped"}
        parts = {
            i: {
                codes[assignment.member_id]: (span.role, span.state)
                for assignment, span in raw.parts
                if assignment.deliverable_id == i
                and span.from_on <= day < span.until_on
                and span.state.value != "ended"
            }
            for i in there
        }
        reader = cast.observer.actor
        found = matrix(session, reader, on(day), EVERYTHING, page=None)
        assert {
            row.key: {code: (cell.role, cell.state) for code, cell in row.cells.items()}
            for row in found.rows
        } == {raw.named(i).key: cells for i, cells in parts.items()}
        leads = {
            i: {state.value for role, state in cells.values() if role is AssignmentRole.LEAD}
            for i, cells in parts.items()
        }
        for lack, expected in {
            Lack.LEAD: {i for i in there if not leads[i] & {"proposed", "accepted"}},
            Lack.ACCEPTED_LEAD: {i for i in there if "accepted" not in leads[i]},
            Lack.ANSWER: {
                i for i in there if any(state.value == "proposed" for _, state in parts[i].values())
            },
        }.items():
            lacking = matrix(session, reader, on(day), EVERYTHING, lack, page=None)
            assert {row.key for row in lacking.rows} == {raw.named(i).key for i in expected}


def test_the_pages_draw_what_the_raw_rows_say(
    client: Browser, cast: Cast, network: RandomNetwork, raw: RawCount
) -> None:
    """The last row of the figures behind the plot is the day of the page."""
    client.sign_in(cast.observer)
    priority = network.priorities[0]
    for day in [each for each in random_days(15, 12) if each >= priority.exists_from][:4]:
        page = client.page(f"/priorities/{priority.key}?as_of={day}")
        counts = Counter(
            s.status for i, s in raw.there(day).items() if raw.named(i).priority_id == priority.id
        )
        drawn = page.select('[data-figure="history"] tbody tr')
        if not counts:
            assert drawn == []
            continue
        last = [int(cell.get_text()) for cell in drawn[-1].select("td")]
        order = ("delivered", "in_review", "in_progress", "not_started", "deferred")
        assert last == [counts.get(status, 0) for status in order]
