from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.deliverables.rules.counting import Counting
from app.deliverables.rules.history import (
    FOREVER,
    ScheduleFact,
    Span,
    UpdateFact,
    spans,
    state_on,
)
from app.deliverables.rules.moves import Health, Status

EXISTS = date(2024, 10, 30)
DAYS = st.integers(-10, 30).map(lambda n: EXISTS + timedelta(n))


@st.composite
def updates(draw: st.DrawFn) -> list[UpdateFact]:
    count = draw(st.integers(0, 7))
    rows = [
        UpdateFact(
            id=number,
            effective_on=draw(DAYS),
            status=draw(st.sampled_from(Status)),
            health=draw(st.none() | st.sampled_from(Health)),
            progress=draw(st.none() | st.integers(0, 100)),
            blocker=draw(st.sampled_from(["", "No budget"])),
            corrects=draw(st.none() | st.integers(1, count)),
        )
        for number in range(1, count + 1)
    ]
    return draw(st.permutations(rows))


@st.composite
def schedules(draw: st.DrawFn) -> list[ScheduleFact]:
    count = draw(st.integers(0, 4))
    rows = [
        ScheduleFact(
            number, draw(DAYS), draw(st.none() | st.integers(1, 3)), draw(st.none() | DAYS)
        )
        for number in range(1, count + 1)
    ]
    return draw(st.permutations(rows))


def update_on(rows: Sequence[UpdateFact], day: date) -> UpdateFact | None:
    """The slow twin, from the raw rows: look at each, keep the better one."""
    best = None
    for row in rows:
        is_corrected = any(other.corrects == row.id and other.id > row.id for other in rows)
        if is_corrected or row.effective_on > day:
            continue
        if best is None or (row.effective_on, row.id) > (best.effective_on, best.id):
            best = row
    return best


def status_on(rows: Sequence[UpdateFact], day: date) -> Status:
    update = update_on(rows, day)
    return update.status if update else Status.NOT_STARTED


def since_by_walking_back(rows: Sequence[UpdateFact], day: date) -> date:
    status = status_on(rows, day)
    while day > EXISTS and status_on(rows, day - timedelta(1)) == status:
        day -= timedelta(1)
    return day


def facts_by_hand(
    updates: Sequence[UpdateFact], schedules: Sequence[ScheduleFact], day: date
) -> tuple[object, ...]:
    update = update_on(updates, day)
    status, since = status_on(updates, day), since_by_walking_back(updates, day)
    plan = max(
        (row for row in schedules if row.effective_on <= day),
        key=lambda row: (row.effective_on, row.id),
        default=None,
    )
    shows_health = status in {"not_started", "in_progress", "in_review"}
    return (
        status,
        since,
        update.health if update and shows_health else None,
        update.progress if update else None,
        (update.id, update.effective_on, update.blocker) if update else (None, None, ""),
        (plan.id, plan.deadline_id, plan.due_on) if plan else (None, None, None),
        since if status == "delivered" else None,
    )


def facts_of(span: Span) -> tuple[object, ...]:
    return (
        span.status,
        span.status_since,
        span.health,
        span.progress,
        (span.update_id, span.updated_on, span.blocker),
        (span.schedule_id, span.deadline_id, span.due_on),
        span.delivered_on,
    )


@given(updates(), schedules())
def test_every_day_has_the_state_that_a_look_at_the_raw_rows_gives(
    updates: list[UpdateFact], schedules: list[ScheduleFact]
) -> None:
    history = spans(EXISTS, updates, schedules)
    for offset in range(33):
        day = EXISTS + timedelta(offset)
        span = state_on(history, day)
        assert span is not None
        assert span.from_on <= day < span.until_on
        assert facts_of(span) == facts_by_hand(updates, schedules, day)


@given(updates(), DAYS, st.sampled_from(Status), st.none() | st.integers(1, 7), st.sets(DAYS))
def test_which_update_counts_is_what_the_history_says_also_while_more_are_logged(
    logged: list[UpdateFact], day: date, status: Status, corrects: int | None, asked: set[date]
) -> None:
    counting = Counting(logged)
    more = update(100, day, status, corrects=corrects)
    for rows in (logged, [*logged, more]):
        for on in asked:
            assert counting.on(on) == update_on(rows, on)
            days = {row.effective_on for row in rows if row.effective_on > on}
            later = [update_on(rows, each) for each in sorted(days)]
            told = [each for each in later if each and each.effective_on > on]
            assert counting.after(on) == (told[0] if told else None)
        if rows is logged:
            counting.take(more)


@given(updates(), st.sets(st.integers(1, 7)))
def test_updates_that_are_left_out_of_account_were_never_logged(
    logged: list[UpdateFact], without: set[int]
) -> None:
    rest = [row for row in logged if row.id not in without]
    assert Counting(logged, without).on(FOREVER) == Counting(rest).on(FOREVER)


@given(updates(), schedules())
def test_spans_follow_one_another_and_each_differs_from_the_one_before(
    updates: list[UpdateFact], schedules: list[ScheduleFact]
) -> None:
    history = spans(EXISTS, updates, schedules)
    assert (history[0].from_on, history[-1].until_on) == (EXISTS, FOREVER)
    for before, after in pairwise(history):
        assert before.until_on == after.from_on
        assert before.from_on < before.until_on
        assert facts_of(before) != facts_of(after)


def update(id: int, day: date, status: Status, **changes: object) -> UpdateFact:
    values = {"health": None, "progress": None, "blocker": "", "corrects": None} | changes
    return UpdateFact(id, day, status, **values)  # type: ignore[arg-type]


def test_before_a_deliverable_exists_it_has_no_state() -> None:
    history = spans(EXISTS, [update(1, date(2024, 1, 1), Status.IN_PROGRESS)], [])
    assert state_on(history, EXISTS - timedelta(1)) is None


def test_without_any_update_nothing_has_started() -> None:
    (only,) = spans(EXISTS, [], [])
    assert (only.from_on, only.until_on) == (EXISTS, FOREVER)
    assert (only.status, only.status_since) == (Status.NOT_STARTED, EXISTS)


def test_a_second_update_in_the_same_status_does_not_restart_it() -> None:
    day = date(2025, 2, 10)
    history = spans(
        EXISTS,
        [
            update(1, day, Status.IN_REVIEW, health=Health.ON_TRACK),
            update(2, day + timedelta(5), Status.IN_REVIEW, health=Health.AT_RISK),
        ],
        [],
    )
    assert [s.health for s in history] == [None, Health.ON_TRACK, Health.AT_RISK]
    assert history[-1].status_since == day


def test_what_is_delivered_again_after_a_reopening_was_delivered_the_second_time() -> None:
    first, reopened, second = date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1)
    history = spans(
        EXISTS,
        [
            update(1, first, Status.DELIVERED),
            update(2, reopened, Status.IN_PROGRESS),
            update(3, second, Status.DELIVERED),
        ],
        [],
    )
    assert [s.delivered_on for s in history] == [None, first, None, second]


def test_a_corrected_update_does_not_count_even_before_its_correction_holds() -> None:
    wrong, right = date(2025, 1, 1), date(2025, 2, 1)
    history = spans(
        EXISTS,
        [update(1, wrong, Status.DELIVERED), update(2, right, Status.DELIVERED, corrects=1)],
        [],
    )
    between = state_on(history, date(2025, 1, 15))
    assert between is not None
    assert between.status is Status.NOT_STARTED


def test_a_correction_that_is_corrected_does_not_bring_the_first_mistake_back() -> None:
    day = date(2025, 1, 1)
    (_, last) = spans(
        EXISTS,
        [
            update(1, day, Status.DROPPED),
            update(2, day, Status.DELIVERED, corrects=1),
            update(3, day, Status.IN_PROGRESS, corrects=2),
        ],
        [],
    )
    assert (last.status, last.update_id) == (Status.IN_PROGRESS, 3)
