import itertools

import pytest

from app.deliverables.rules.moves import (
    ACTIVE,
    CLOSED,
    Hand,
    MoveRefused,
    Status,
    check_move,
    needs_evidence,
    needs_note,
    open_moves,
)

NAMES = ["not_started", "in_progress", "in_review", "delivered", "deferred", "dropped"]
# Rows: from; columns: to, in the order of NAMES. "-" closed, "=" stays, "o" open,
# "n" open with a note, "e" open with evidence.
LIAISON = """
=o----
-=o---
--=---
---=--
----=-
-----=
"""
COORDINATOR = """
=o--oo
-=o-oo
-n=eoo
-n-=-o
ooo-=o
-n---=
"""
RECORD = """
=ooeoo
-=oeoo
--=eoo
-n-=-o
oooe=o
-n---=
"""
TABLES = {Hand.LIAISON: LIAISON, Hand.COORDINATOR: COORDINATOR, Hand.RECORD: RECORD}
CELLS = [
    (hand, Status(old), Status(new), cell)
    for hand, table in TABLES.items()
    for old, row in zip(NAMES, table.split(), strict=True)
    for new, cell in zip(NAMES, row, strict=True)
]


def outcome(old: Status, new: Status, hand: Hand, note: str, has_evidence: bool) -> str | None:
    """None: allowed; otherwise what was missing, or "closed"."""
    try:
        check_move(old, new, hand, note=note, has_evidence=has_evidence)
    except MoveRefused as refused:
        return refused.missing or "closed"
    return None


def test_the_tables_here_cover_every_pair_for_every_hand() -> None:
    pairs = {(hand, old, new) for hand, old, new, _ in CELLS}
    assert pairs == set(itertools.product(Hand, Status, Status))


@pytest.mark.parametrize(("hand", "old", "new", "cell"), CELLS)
def test_each_hand_has_exactly_its_moves_and_brings_what_they_need(
    hand: Hand, old: Status, new: Status, cell: str
) -> None:
    bare, with_both = outcome(old, new, hand, " \n", False), outcome(old, new, hand, "Why", True)
    assert bare == {"-": "closed", "=": None, "o": None, "n": "note", "e": "evidence"}[cell]
    assert with_both == ("closed" if cell == "-" else None)
    assert (new in open_moves(old, hand)) == (cell in "one")
    assert needs_evidence(old, new, hand) == (cell == "e")


@pytest.mark.parametrize(("hand", "old", "new", "cell"), [c for c in CELLS if c[3] in "ne"])
def test_a_note_is_no_evidence_and_evidence_no_note(
    hand: Hand, old: Status, new: Status, cell: str
) -> None:
    assert outcome(old, new, hand, "Why", False) == ("evidence" if cell == "e" else None)
    assert outcome(old, new, hand, "", True) == ("note" if cell == "n" else None)


@pytest.mark.parametrize(("old", "new"), list(itertools.product(Status, Status)))
def test_only_sending_back_and_reopening_need_a_note(old: Status, new: Status) -> None:
    backwards = {"in_review", "delivered", "dropped"}
    assert needs_note(old, new) == (new == "in_progress" and old in backwards)


def test_a_refusal_says_which_move_was_tried_by_whom_and_which_are_open() -> None:
    with pytest.raises(MoveRefused) as caught:
        check_move(
            Status.NOT_STARTED, Status.DELIVERED, Hand.LIAISON, note="Done", has_evidence=True
        )
    refused = caught.value
    assert (refused.old, refused.new, refused.hand) == ("not_started", "delivered", "liaison")
    assert (refused.open, refused.missing) == ((Status.IN_PROGRESS,), None)


def test_open_moves_come_in_the_order_of_the_statuses() -> None:
    assert open_moves(Status.IN_REVIEW, Hand.COORDINATOR) == (
        Status.IN_PROGRESS,
        Status.DELIVERED,
        Status.DEFERRED,
        Status.DROPPED,
    )
    assert open_moves(Status.DELIVERED, Hand.LIAISON) == ()


def test_deferred_is_neither_active_nor_closed() -> None:
    assert set(Status) - ACTIVE - CLOSED == {Status.DEFERRED}
    assert not ACTIVE & CLOSED
