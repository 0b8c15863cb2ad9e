"""How an agenda shares out the time of a meeting."""

from collections import Counter
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.agendas.rules.schedule import (
    LAST_TO_GO,
    SHARES,
    UNIT,
    Draft,
    ItemKind,
    Placed,
    meeting_length,
    moved,
    schedule,
)
from app.deliverables.rules.attention import Severity

FRAME = {ItemKind.OPENING, ItemKind.CLOSING}


def draft(kind: ItemKind = ItemKind.DISCUSSION, severity: Severity | None = None) -> Draft:
    return Draft(kind=kind, title="An item", why="", severity=severity)


drafts = st.lists(
    st.builds(
        Draft,
        kind=st.sampled_from(ItemKind),
        title=st.text(min_size=1, max_size=5),
        why=st.just(""),
        severity=st.sampled_from([None, *Severity]),
    ),
    max_size=40,
)
lengths = st.integers(1, 1200)


def timed(placed: tuple[Placed, ...]) -> list[Placed]:
    return [item for item in placed if item.minutes is not None]


@given(drafts, lengths)
def test_the_minutes_given_out_never_exceed_the_meeting(items: list[Draft], length: int) -> None:
    assert sum(item.minutes or 0 for item in schedule(items, length)) <= length


@given(drafts, lengths)
def test_nothing_is_lost_and_nothing_is_added(items: list[Draft], length: int) -> None:
    placed = schedule(items, length)
    assert Counter(id(item.draft) for item in placed) == Counter(id(item) for item in items)


@given(drafts, lengths)
def test_what_is_for_writing_comes_last(items: list[Draft], length: int) -> None:
    in_writing = [item.minutes is None for item in schedule(items, length)]
    assert in_writing == sorted(in_writing)


@given(drafts, lengths)
def test_the_opening_is_first_and_the_closing_last(items: list[Draft], length: int) -> None:
    kinds = [item.draft.kind for item in timed(schedule(items, length))]
    openings, closings = kinds.count(ItemKind.OPENING), kinds.count(ItemKind.CLOSING)
    assert kinds[:openings] == [ItemKind.OPENING] * openings
    assert kinds[len(kinds) - closings :] == [ItemKind.CLOSING] * closings


@given(drafts, lengths)
def test_between_them_the_proposed_order_is_kept(items: list[Draft], length: int) -> None:
    middle = [i.draft for i in timed(schedule(items, length)) if i.draft.kind not in FRAME]
    places = [next(n for n, item in enumerate(items) if item is one) for one in middle]
    assert places == sorted(places)


@given(drafts, lengths)
def test_every_item_gets_a_time_that_makes_sense(items: list[Draft], length: int) -> None:
    for item in timed(schedule(items, length)):
        share = SHARES[item.draft.kind]
        assert item.minutes is not None
        assert share.least <= item.minutes <= share.most


@given(drafts, lengths)
def test_no_time_is_left_while_an_item_could_use_it(items: list[Draft], length: int) -> None:
    placed = timed(schedule(items, length))
    left = length - sum(item.minutes or 0 for item in placed)
    assert left < UNIT or all(
        (item.minutes or 0) + UNIT > SHARES[item.draft.kind].most for item in placed
    )


@given(drafts, lengths)
def test_the_same_drafts_give_the_same_agenda(items: list[Draft], length: int) -> None:
    assert schedule(items, length) == schedule(list(items), length)


@given(drafts, lengths)
def test_nobody_in_writing_would_have_fitted_in(items: list[Draft], length: int) -> None:
    """Slow and obvious: the least times of those in the meeting, and of each that is not."""
    placed = schedule(items, length)
    used = sum(SHARES[item.draft.kind].least for item in timed(placed))
    left_out = [item.draft for item in placed if item.minutes is None]
    assert all(used + SHARES[one.kind].least > length for one in left_out)


@given(drafts, lengths)
def test_a_graver_item_is_not_left_out_for_a_lesser_one_of_its_kind(
    items: list[Draft], length: int
) -> None:
    placed = schedule(items, length)
    for one, other in combinations(placed, 2):
        if one.draft.kind is not other.draft.kind or one.draft.kind in FRAME:
            continue
        ranks = [
            len(Severity) if item.draft.severity is None else item.draft.severity.rank
            for item in (one, other)
        ]
        if ranks[0] < ranks[1]:
            assert one.minutes is not None or other.minutes is None
        if ranks[1] < ranks[0]:
            assert other.minutes is not None or one.minutes is None


def test_a_graver_item_gets_more_time() -> None:
    grave, slight = schedule(
        [draft(ItemKind.STATUS_REVIEW, s) for s in (Severity.ACT_NOW, Severity.WATCH)], 90
    )
    assert grave.minutes == 60
    assert slight.minutes == 30


def test_a_longer_meeting_gives_its_items_more_time() -> None:
    items = [draft(ItemKind.OPENING), draft(), draft(), draft(ItemKind.CLOSING)]
    assert [item.minutes for item in schedule(items, 60)] == [10, 20, 20, 10]
    assert [item.minutes for item in schedule(items, 120)] == [15, 45, 45, 15]


def test_what_has_no_room_goes_to_written_procedure() -> None:
    items = [draft(ItemKind.OPENING), *[draft() for _ in range(9)], draft(ItemKind.CLOSING)]
    assert [item.minutes for item in schedule(items, 60)] == [
        5, 10, 10, 10, 10, 10, 5, None, None, None, None,
    ]  # fmt: skip


def test_every_kind_has_its_share_and_its_place_when_time_is_short() -> None:
    assert set(SHARES) == set(LAST_TO_GO) == set(ItemKind)


def test_an_agenda_shares_out_between_one_hour_and_sixteen() -> None:
    lengths = [meeting_length(minutes) for minutes in (None, 15, 90, 960, 5000)]
    assert lengths == [120, 60, 90, 960, 960]


@given(st.lists(st.integers(), unique=True, min_size=1), st.data())
def test_an_item_that_is_moved_ends_where_it_should_and_the_others_keep_their_order(
    order: list[int], data: st.DataObject
) -> None:
    item = data.draw(st.sampled_from(order))
    place = data.draw(st.integers(-3, len(order) + 3))
    after = moved(order, item, place)
    assert after.index(item) == min(max(place, 0), len(order) - 1)
    assert [x for x in after if x != item] == [x for x in order if x != item]
