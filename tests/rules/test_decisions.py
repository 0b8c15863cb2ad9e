"""The outcome of a decision: each corner by hand, and random histories against a slow twin."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.decisions.rules import Outcome, Result, Said, Seat, Stance, Terms, Why, outcome

OPENS = datetime(2025, 1, 6, 9, tzinfo=UTC)
CLOSES = datetime(2025, 1, 10, 12, tzinfo=UTC)
EVER = date(9999, 12, 31)
TERMS = Terms(False, 2, False, OPENS, CLOSES)
SILENT = replace(TERMS, silence_is_assent=True)
OPT_IN = replace(TERMS, is_opt_in=True, quorum=1)
HOUR = timedelta(hours=1)
SEATS = [Seat(member, date(2024, 1, 1), EVER) for member in (1, 2, 3)]


def said(member: int, stance: Stance, hours: int = 1) -> Said:
    return Said(member, stance, OPENS + hours * HOUR)


def closed(
    terms: Terms, *positions: Said, seats: list[Seat] = SEATS, at: datetime = CLOSES
) -> Outcome:
    return outcome(terms, seats, positions, at)


AGREE = Stance.NO_OBJECTION


def test_consensus_passes_when_the_quorum_answered_and_nobody_objects() -> None:
    found = closed(TERMS, said(1, Stance.SUPPORT), said(2, Stance.ABSTAIN))
    assert (found.result, found.why, found.answered) == (Result.PASSED, Why.NO_OBJECTION, 2)
    assert found.silent == (3,)


def test_one_objection_is_enough() -> None:
    found = closed(TERMS, said(1, AGREE), said(2, AGREE), said(3, Stance.OBJECT))
    assert (found.result, found.why) == (Result.NOT_PASSED, Why.OBJECTION)
    assert found.objecting == (3,)


def test_an_objection_that_was_withdrawn_counts_no_more() -> None:
    found = closed(TERMS, said(1, AGREE), said(2, Stance.OBJECT), said(2, AGREE, 5))
    assert found.result is Result.PASSED


def test_a_member_can_object_until_the_last_moment_and_not_after() -> None:
    last = CLOSES - timedelta(microseconds=1)
    agreed = (said(1, AGREE), said(2, AGREE))
    assert closed(TERMS, *agreed, Said(2, Stance.OBJECT, last)).why is Why.OBJECTION
    assert closed(TERMS, *agreed, Said(2, Stance.OBJECT, CLOSES)).result is Result.PASSED
    early = Said(2, Stance.OBJECT, OPENS - timedelta(microseconds=1))
    assert closed(TERMS, *agreed, early).result is Result.PASSED


def test_a_quorum_that_is_missed_lets_nothing_pass() -> None:
    assert closed(TERMS, said(1, AGREE)).why is Why.QUORUM_MISSED
    assert closed(replace(TERMS, quorum=4), *(said(m, AGREE) for m in (1, 2, 3))).why is (
        Why.QUORUM_MISSED
    )


def test_without_a_quorum_somebody_has_to_answer_all_the_same() -> None:
    assert closed(replace(TERMS, quorum=0)).why is Why.QUORUM_MISSED
    assert closed(replace(TERMS, quorum=0), said(1, Stance.ABSTAIN)).result is Result.PASSED


def test_silence_is_assent_where_the_rule_says_so_and_only_once_it_closes() -> None:
    found = closed(SILENT)
    assert (found.result, found.assumed, found.answered) == (Result.PASSED, (1, 2, 3), 3)
    before = closed(SILENT, at=CLOSES - HOUR)
    assert (before.result, before.assumed, before.silent) == (Result.OPEN, (), (1, 2, 3))
    assert closed(SILENT, said(2, Stance.OBJECT)).why is Why.OBJECTION


def test_whoever_left_before_the_close_is_out_whatever_it_said() -> None:
    left = [SEATS[0], SEATS[1], Seat(3, date(2024, 1, 1), date(2025, 1, 10))]
    found = closed(TERMS, said(1, AGREE), said(2, AGREE), said(3, Stance.OBJECT), seats=left)
    assert (found.result, found.entitled) == (Result.PASSED, (1, 2))
    stays = [*left[:2], replace(left[2], until_on=date(2025, 1, 11))]
    assert closed(TERMS, said(1, AGREE), said(3, Stance.OBJECT), seats=stays).why is Why.OBJECTION


def test_whoever_joined_meanwhile_has_a_say_but_its_silence_says_nothing() -> None:
    joined = [SEATS[0], Seat(4, date(2025, 1, 8), EVER)]
    found = closed(SILENT, seats=joined)
    assert (found.entitled, found.assumed, found.silent) == ((1, 4), (1,), (4,))
    assert found.why is Why.QUORUM_MISSED
    assert closed(SILENT, said(4, AGREE, 60), seats=joined).result is Result.PASSED
    assert closed(SILENT, said(4, Stance.OBJECT, 60), seats=joined).why is Why.OBJECTION


def test_whoever_left_and_came_back_was_not_there_the_whole_time() -> None:
    back = [Seat(1, date(2024, 1, 1), date(2025, 1, 7)), Seat(1, date(2025, 1, 9), EVER)]
    unbroken = [Seat(1, date(2024, 1, 1), date(2025, 1, 7)), Seat(1, date(2025, 1, 7), EVER)]
    terms = replace(SILENT, quorum=1)
    assert closed(terms, seats=back).assumed == ()
    assert closed(terms, seats=unbroken).assumed == (1,)


def test_what_closes_at_midnight_is_decided_by_the_members_of_the_day_before() -> None:
    terms = replace(TERMS, closes_at=datetime(2025, 1, 10, tzinfo=UTC), quorum=1)
    late = [Seat(1, date(2025, 1, 10), EVER), Seat(2, date(2024, 1, 1), date(2025, 1, 10))]
    assert closed(terms, seats=late).entitled == (2,)


def test_an_opt_in_binds_those_who_opted_in_and_nobody_else() -> None:
    found = closed(OPT_IN, said(1, Stance.OPT_IN), said(2, Stance.OPT_OUT))
    assert (found.result, found.why, found.bound) == (Result.PASSED, Why.OPTED_IN, (1,))
    nobody = closed(OPT_IN, said(1, Stance.OPT_IN), said(1, Stance.OPT_OUT, 2))
    assert (nobody.result, nobody.why, nobody.bound) == (
        Result.NOT_PASSED,
        Why.NOBODY_OPTED_IN,
        (),
    )
    few = closed(replace(OPT_IN, quorum=2), said(1, Stance.OPT_IN))
    assert (few.why, few.bound) == (Why.QUORUM_MISSED, ())


def test_silence_never_opts_anybody_in() -> None:
    assert closed(replace(OPT_IN, silence_is_assent=True)).bound == ()


def test_a_stance_of_the_other_rule_is_none() -> None:
    assert closed(TERMS, said(1, AGREE), said(1, Stance.OPT_OUT, 3), said(2, AGREE)).stances == {
        1: AGREE,
        2: AGREE,
    }


def test_a_proposal_that_was_withdrawn_is_that_from_then_on() -> None:
    terms = replace(TERMS, withdrawn_at=OPENS + 5 * HOUR)
    agreed = [said(1, AGREE), said(2, AGREE), said(3, Stance.OBJECT, 6)]
    assert outcome(terms, SEATS, agreed, OPENS + 4 * HOUR).result is Result.OPEN
    found = outcome(terms, SEATS, agreed, CLOSES)
    assert (found.result, found.why, found.objecting) == (Result.WITHDRAWN, None, ())


def test_before_it_opens_nothing_counts() -> None:
    found = outcome(TERMS, SEATS, [said(1, AGREE, -3)], OPENS - HOUR)
    assert (found.result, found.stances) == (Result.AHEAD, {})


def test_without_members_nothing_is_decided() -> None:
    assert closed(SILENT, said(1, AGREE), seats=[]).why is Why.NO_SAY


# The slow twin walks through the time of the decision hour by hour and day by day.

hours = st.integers(-6, 110)
histories = st.lists(
    st.builds(
        lambda m, s, h: Said(m, s, OPENS + h * HOUR),
        st.integers(1, 4),
        st.sampled_from(Stance),
        hours,
    ),
    max_size=12,
)
spans = st.builds(
    lambda m, start, days: Seat(
        m, date(2025, 1, 1) + timedelta(start), date(2025, 1, 1) + timedelta(start + days)
    ),
    st.integers(1, 4),
    st.integers(0, 10),
    st.integers(0, 12),
)
terms = st.builds(
    Terms,
    is_opt_in=st.booleans(),
    quorum=st.integers(0, 4),
    silence_is_assent=st.booleans(),
    opens_at=st.just(OPENS),
    closes_at=st.integers(1, 100).map(lambda h: OPENS + h * HOUR),
    withdrawn_at=st.none() | hours.map(lambda h: OPENS + h * HOUR),
)


def days_of(seats: list[Seat], member: int) -> set[date]:
    return {
        seat.from_on + timedelta(n)
        for seat in seats
        if seat.member_id == member
        for n in range((seat.until_on - seat.from_on).days)
    }


def walk(terms: Terms, history: list[Said], at: datetime) -> tuple[str, dict[int, str]]:
    """What state it is in, and what each member said last while it was open."""
    said: dict[int, str] = {}
    hour, state = OPENS - 6 * HOUR, "ahead"
    while hour <= at:
        if state == "ahead" and hour >= terms.opens_at:
            state = "open"
        if state != "over" and terms.withdrawn_at == hour and hour < terms.closes_at:
            state = "withdrawn"
        if state == "open" and hour >= terms.closes_at:
            state = "over"
        for each in history if state == "open" else ():
            if each.at == hour and each.stance.value.startswith("opt_") == terms.is_opt_in:
                said[each.member_id] = each.stance.value
        hour += HOUR
    return state, said


@dataclass
class ByHand:
    """What a clerk writes who asks one member after the other."""

    result: str
    why: str = ""
    said: dict[int, str] = field(default_factory=dict)
    assumed: list[int] = field(default_factory=list)
    bound: list[int] = field(default_factory=list)


def by_hand(terms: Terms, seats: list[Seat], history: list[Said], at: datetime) -> ByHand:
    state, said = walk(terms, history, at)
    if state != "over":
        return ByHand(state)
    last_day = (terms.closes_at - timedelta(seconds=1)).date()
    first_day = terms.opens_at.date()
    whole = {first_day + timedelta(n) for n in range((last_day - first_day).days + 1)}
    found, has_a_say = ByHand("not_passed"), False
    for member in range(1, 5):
        days = days_of(seats, member)
        if last_day not in days:
            continue
        has_a_say = True
        if member in said:
            found.said[member] = said[member]
        elif terms.silence_is_assent and whole <= days and not terms.is_opt_in:
            found.assumed.append(member)
    found.why = why_by_hand(terms, found) if has_a_say else "no_say"
    if found.why in ("opted_in", "no_objection"):
        found.result = "passed"
        found.bound = [member for member, stance in found.said.items() if stance == "opt_in"]
    return found


def why_by_hand(terms: Terms, found: ByHand) -> str:
    if "object" in found.said.values():
        return "objection"
    if len(found.said) + len(found.assumed) < max(terms.quorum, 1):
        return "quorum_missed"
    if not terms.is_opt_in:
        return "no_objection"
    return "opted_in" if "opt_in" in found.said.values() else "nobody_opted_in"


@settings(max_examples=600)
@given(terms, st.lists(spans, max_size=6), histories, st.integers(-5, 110))
def test_the_outcome_is_that_of_a_walk_through_time(
    terms: Terms, seats: list[Seat], history: list[Said], hours_on: int
) -> None:
    at, ordered = OPENS + hours_on * HOUR, sorted(history, key=lambda each: each.at)
    found, expected = outcome(terms, seats, ordered, at), by_hand(terms, seats, ordered, at)
    assert found.result.value == expected.result
    together = [*found.stances, *found.assumed, *found.silent]
    assert sorted(together) == sorted(found.entitled)
    if expected.why:
        assert found.why == expected.why
        assert {member: said.value for member, said in found.stances.items()} == expected.said
        assert (list(found.assumed), list(found.bound)) == (expected.assumed, expected.bound)
        objecting = [member for member, said in expected.said.items() if said == "object"]
        assert list(found.objecting) == objecting


@given(terms, st.lists(spans, max_size=6), histories, st.integers(0, 50))
def test_once_closed_an_outcome_does_not_change_with_time(
    terms: Terms, seats: list[Seat], history: list[Said], later: int
) -> None:
    first = outcome(terms, seats, history, terms.closes_at)
    assert outcome(terms, seats, history, terms.closes_at + later * HOUR) == first


@pytest.mark.parametrize("is_opt_in", [True, False])
def test_each_rule_has_stances_of_its_own(is_opt_in: bool) -> None:
    assert set(replace(TERMS, is_opt_in=is_opt_in).stances) < set(Stance)
