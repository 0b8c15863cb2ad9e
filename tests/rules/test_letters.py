"""Letters: each pair of states by each hand, and days that ask for somebody as any other does."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.correspondence.rules import (
    FIRST,
    TABLE,
    Direction,
    LetterHand,
    LetterState,
    Purpose,
    due_facts,
    open_steps,
    step,
)
from app.deliverables.rules.attention import DueFacts, Flag, Severity, raised_by_day
from app.deliverables.rules.thresholds import Thresholds

DAY = date(2026, 11, 24)
USUAL = Thresholds()
# By hand: who may take which step, m for the member, c for coordinators, r for a reply that goes
# out or comes in; an asterisk where a note is asked for.
OPEN = {
    "outgoing draft approved": "c",
    "outgoing draft closed": "mc*",
    "outgoing approved draft": "c*",
    "outgoing approved sent": "c",
    "outgoing approved closed": "c*",
    "outgoing sent answered": "cr",
    "outgoing sent closed": "c",
    "outgoing answered closed": "c",
    "incoming received answered": "mcr*",
    "incoming received closed": "c*",
    "incoming answered received": "c*",
    "incoming answered closed": "c",
}
LETTERS = {LetterHand.MEMBER: "m", LetterHand.COORDINATOR: "c", LetterHand.REPLY: "r"}
PAIRS = list(product(Direction, LetterState, LetterState, LetterHand))


@pytest.mark.parametrize(("direction", "old", "new", "hand"), PAIRS)
def test_each_pair_is_open_to_whom_the_list_says(
    direction: Direction, old: LetterState, new: LetterState, hand: LetterHand
) -> None:
    listed = OPEN.get(f"{direction} {old} {new}", "")
    found = step(direction, old, new, hand)
    assert (found is not None) == (LETTERS[hand] in listed)
    assert (new in open_steps(direction, old, hand)) == (found is not None)
    if found is not None:
        assert found.note == ("*" in listed)


@pytest.mark.parametrize("direction", Direction)
def test_every_letter_can_be_closed_and_is_over_then(direction: Direction) -> None:
    reached, edge = {FIRST[direction]}, [FIRST[direction]]
    while edge:
        old = edge.pop()
        for of, start, new in TABLE:
            if of is direction and start is old and new not in reached:
                reached.add(new)
                edge.append(new)
    assert LetterState.CLOSED in reached
    for state in reached - {LetterState.CLOSED}:
        assert LetterState.CLOSED in open_steps(direction, state, LetterHand.COORDINATOR)
    assert not any(old is LetterState.CLOSED for _, old, _ in TABLE)


facts = st.builds(
    DueFacts,
    st.none() | st.integers(-40, 40).map(lambda n: DAY + timedelta(n)),
    st.booleans(),
    st.just(("KE",)),
    st.booleans(),
)


@given(facts, st.integers(0, 1), st.integers(0, 30))
def test_its_day_asks_for_somebody_as_the_domain_says(
    given_facts: DueFacts, behind: int, limit: int
) -> None:
    dueness = DAY - timedelta(behind)
    found = raised_by_day(given_facts, DAY, dueness, Thresholds(due_soon_days=limit))
    flags = {raised.flag: raised for raised in found}
    late = soon = False
    if given_facts.waits and given_facts.due_on is not None:
        late = (dueness - given_facts.due_on).days > 0
        soon = not late and (given_facts.due_on - DAY).days <= limit
    assert set(flags) == ({Flag.OVERDUE} if late else {Flag.DUE_SOON} if soon else set())
    for raised in found:
        assert raised.severity is (Severity.ACT_NOW if late else Severity.SOON)
        assert raised.coordinator_acts == given_facts.coordinator_acts


@pytest.mark.parametrize(
    ("state", "purpose", "waits", "actors"),
    [
        ("received", "for_action", True, ("KE",)),
        ("received", "for_information", True, ("KE",)),
        ("draft", "in_response", True, ("KE",)),
        ("approved", "in_response", True, ()),
        ("sent", "for_comment", True, ()),
        ("sent", "in_response", False, ()),
        ("sent", "for_information", False, ()),
        ("answered", "for_action", False, ()),
        ("closed", "for_action", False, ()),
    ],
)
def test_who_is_asked_depends_on_where_it_stands(
    state: str, purpose: str, waits: bool, actors: tuple[str, ...]
) -> None:
    found = due_facts(LetterState(state), Purpose(purpose), DAY, "KE")
    assert (found.waits, found.actors) == (waits, actors)
    assert found.coordinator_acts is not bool(actors)
    alone = due_facts(LetterState(state), Purpose(purpose), DAY, None)
    assert (alone.actors, alone.coordinator_acts) == ((), True)
