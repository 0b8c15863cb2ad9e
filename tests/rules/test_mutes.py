"""Mutes against a slow twin, and what they do to the flags of a deliverable."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from deliverable_facts import CALM, DAY, USUAL, facts
from hypothesis import given
from hypothesis import strategies as st

from app.deliverables.rules.attention import DeliverableFacts, Flag, judged, raised
from app.deliverables.rules.mutes import Mute, MuteFault, fault_of, mute_of

near = st.integers(-5, 5).map(lambda n: DAY + timedelta(n))


@st.composite
def mutes(draw: st.DrawFn) -> Mute:
    from_on = draw(near)
    until_on = from_on + timedelta(draw(st.integers(1, 6)))
    ended_on = draw(st.none() | st.integers(0, 8).map(lambda n: from_on + timedelta(n)))
    return Mute(draw(st.integers(1, 99)), draw(st.sampled_from(Flag)), from_on, until_on, ended_on)


def is_quiet(flag: str, among: list[Mute], day: date) -> bool:
    """Walks through every day that each mute covers."""
    for mute in among:
        covered = mute.from_on
        while covered < mute.until_on:
            if mute.ended_on is not None and covered >= mute.ended_on:
                break
            if covered == day and mute.flag == flag:
                return True
            covered += timedelta(1)
    return False


@given(st.lists(mutes(), max_size=6), st.sampled_from(Flag), near)
def test_a_flag_is_muted_on_exactly_the_days_that_a_mute_covers(
    among: list[Mute], flag: Flag, day: date
) -> None:
    assert (mute_of(flag, among, day) is not None) == is_quiet(flag, among, day)


@given(facts, st.lists(mutes(), max_size=6))
def test_a_mute_moves_a_flag_aside_and_changes_nothing_else(
    facts: DeliverableFacts, among: list[Mute]
) -> None:
    every = raised(facts, DAY, DAY, USUAL)
    found = judged(replace(facts, mutes=tuple(among)), DAY, DAY, USUAL)
    assert {r.flag for r in found.raised} == {
        r.flag for r in every if not is_quiet(r.flag, among, DAY)
    }
    together = [*found.raised, *(muted.raised for muted in found.muted)]
    assert sorted(together, key=lambda r: r.flag) == sorted(every, key=lambda r: r.flag)
    assert list(found.raised) == [r for r in every if r in found.raised]


def test_a_flag_that_does_not_hold_is_not_shown_as_muted() -> None:
    mute = Mute(1, Flag.OVERDUE, DAY, DAY + timedelta(9))
    assert judged(replace(CALM, mutes=(mute,)), DAY, DAY, USUAL).muted == ()


@pytest.mark.parametrize(
    ("days", "reason", "fault"),
    [
        (0, "Known", MuteFault.NOT_AHEAD),
        (-1, "Known", MuteFault.NOT_AHEAD),
        (1, "Known", None),
        (366, "Known", None),
        (367, "Known", MuteFault.TOO_LONG),
        (7, "  ", MuteFault.NO_REASON),
    ],
)
def test_a_mute_lasts_a_day_to_a_year_and_says_why(
    days: int, reason: str, fault: MuteFault | None
) -> None:
    assert fault_of(DAY, DAY + timedelta(days), reason) is fault
