from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.deliverables.rules.attention import Flag, Raised, Severity
from app.deliverables.rules.moves import Status
from app.desk.rules import AWAY, Asking, Facts, Reason, Turn, Wait, visited, wait
from app.reports.rules import ReportState

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def raised(flag: Flag, *actors: str, severity: Severity = Severity.ACT_NOW) -> Raised:
    return Raised(flag, severity, actors, not actors, {})


def part(**values: object) -> Facts:
    given = {"leads": True, "has_accepted": True, "status": Status.IN_PROGRESS, **values}
    return Facts(**given)  # type: ignore[arg-type]


def of(**values: object) -> Wait:
    return wait(part(**values), "KE")


@pytest.mark.parametrize(
    ("facts", "turn", "reasons"),
    [
        (part(), Turn.NOBODYS, []),
        (part(has_accepted=False), Turn.YOURS, [Reason.ANSWER_PART]),
        (part(has_accepted=False, status=Status.DROPPED), Turn.CLOSED, []),
        (part(report=ReportState.DUE), Turn.YOURS, [Reason.REPORT_DUE]),
        (part(report=ReportState.OVERDUE), Turn.YOURS, [Reason.REPORT_OVERDUE]),
        (part(report=ReportState.SENT_BACK), Turn.YOURS, [Reason.SENT_BACK]),
        (part(report=ReportState.DUE, leads=False), Turn.NOBODYS, []),
        (part(report=ReportState.IN), Turn.NOBODYS, []),
        (part(asking=Asking.OFFER), Turn.YOURS, [Reason.ANSWER_OFFER]),
        (part(asking=Asking.OWN), Turn.THEIRS, [Reason.DATE_PROPOSED]),
        (part(questions=1), Turn.YOURS, [Reason.ANSWER_QUESTION]),
        (part(status=Status.IN_REVIEW), Turn.THEIRS, [Reason.IN_REVIEW]),
        (part(needs=["a"]), Turn.THEIRS, [Reason.NEEDS_OTHERS]),
        (part(needs=["a"], status=Status.DELIVERED), Turn.CLOSED, []),
        (part(flags=[raised(Flag.OVERDUE, "KE")]), Turn.YOURS, [Reason.ACT]),
        (part(flags=[raised(Flag.OVERDUE, "GB")], leads=False), Turn.THEIRS, [Reason.LEAD_ACTS]),
        (
            part(flags=[raised(Flag.OVERDUE, "KE")], needed_by=["b"]),
            Turn.YOURS,
            [Reason.ACT, Reason.OTHERS_WAIT],
        ),
        (part(needed_by=["b"]), Turn.NOBODYS, []),
    ],
)
def test_whose_turn_it_is(facts: Facts, turn: Turn, reasons: list[Reason]) -> None:
    assert wait(facts, "KE") == Wait(turn, tuple(reasons))


def test_what_only_wants_watching_does_not_make_it_the_members_turn() -> None:
    stale = raised(Flag.STALE, "KE", severity=Severity.WATCH)
    assert of(flags=[stale]).turn is Turn.NOBODYS


def test_what_waits_for_the_member_comes_before_what_waits_for_others() -> None:
    lines = [
        of(status=Status.IN_REVIEW),
        of(),
        of(report=ReportState.DUE),
        of(status=Status.DELIVERED),
        of(has_accepted=False),
    ]
    ordered = sorted(lines, key=lambda line: line.rank)
    assert [(line.turn, line.reasons[:1]) for line in ordered] == [
        (Turn.YOURS, (Reason.ANSWER_PART,)),
        (Turn.YOURS, (Reason.REPORT_DUE,)),
        (Turn.THEIRS, (Reason.IN_REVIEW,)),
        (Turn.NOBODYS, ()),
        (Turn.CLOSED, ()),
    ]


HOURS = st.lists(st.integers(0, 60 * 24 * 3), min_size=1, max_size=12)


@given(HOURS)
def test_nothing_is_new_twice_after_a_while_away_and_nothing_is_skipped(minutes: list[int]) -> None:
    """The slow twin: what is new begins with the last look before the newest long pause."""
    looks = [NOW + timedelta(minutes=n) for n in sorted(minutes)]
    since_at = seen_at = NOW - timedelta(days=1)
    for look in looks:
        since_at, seen_at = visited(since_at, seen_at, look)
    times = [NOW - timedelta(days=1), *looks]
    pauses = [n for n in range(1, len(times)) if times[n] - times[n - 1] >= AWAY]
    assert (since_at, seen_at) == (times[pauses[-1] - 1] if pauses else times[0], looks[-1])
