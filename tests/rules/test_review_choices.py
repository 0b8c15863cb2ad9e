import pytest

from app.deliverables.rules.moves import CLOSED, TABLE, Hand, Status
from app.reviews.rules.choices import BECOMES, Choice, Given, Missing, missing, open_choices

NOTHING = Given(reason="", dates=0, has_evidence=False)


@pytest.mark.parametrize("status", list(Status))
def test_a_choice_that_logs_a_status_is_open_where_the_coordinator_has_that_move(
    status: Status,
) -> None:
    for choice, becomes in BECOMES.items():
        move = TABLE.get((status, becomes))
        has_move = move is not None and Hand.COORDINATOR in move.hands
        # Back to work from anywhere else is a reopening or a resumption, not a sending back.
        if choice is Choice.SEND_BACK:
            has_move = has_move and status is Status.IN_REVIEW
        assert (choice in open_choices(status)) is has_move, (choice, status)


@pytest.mark.parametrize("status", list(Status))
def test_what_is_done_is_only_kept_or_dropped(status: Status) -> None:
    later = {Choice.MOVE, Choice.ASK, Choice.ESCALATE}
    assert (later <= set(open_choices(status))) is (status not in CLOSED)
    assert Choice.KEEP in open_choices(status)


@pytest.mark.parametrize(
    ("choice", "given", "lacks"),
    [
        (Choice.KEEP, NOTHING, None),
        (Choice.MOVE, NOTHING, Missing.DATE),
        (Choice.MOVE, Given("late", 2, False), Missing.DATE),
        (Choice.MOVE, Given(" ", 1, False), Missing.REASON),
        (Choice.MOVE, Given("late", 1, False), None),
        (Choice.ASK, NOTHING, Missing.REASON),
        (Choice.ESCALATE, NOTHING, Missing.REASON),
        (Choice.SEND_BACK, NOTHING, Missing.REASON),
        (Choice.DROP, NOTHING, Missing.REASON),
        (Choice.DROP, Given("no", 0, False), None),
        (Choice.ACCEPT, NOTHING, Missing.EVIDENCE),
        (Choice.ACCEPT, Given("", 0, True), None),
    ],
)
def test_each_choice_names_the_first_thing_it_lacks(
    choice: Choice, given: Given, lacks: Missing | None
) -> None:
    assert missing(choice, Status.IN_REVIEW, given) is lacks
