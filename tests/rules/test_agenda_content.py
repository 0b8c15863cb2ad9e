"""What is frozen when an agenda is published."""

import json
from datetime import UTC, date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agendas.rules.content import (
    Content,
    ContentAction,
    ContentAttendance,
    ContentItem,
    ContentLink,
    Paper,
    fingerprint,
    frozen,
    mentioned,
    thawed,
    total_minutes,
)
from app.agendas.rules.outcomes import ActionState, Outcome
from app.agendas.rules.schedule import ItemKind
from app.core.days import Precision
from app.core.markings import Marking
from app.meetings.rules.attendance import Presence

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ids = st.none() | st.integers(1, 10**9)
links = st.lists(st.builds(ContentLink, title=text, url=text), max_size=2).map(tuple)
actions = st.builds(
    ContentAction,
    action_id=st.integers(1, 10**9),
    member_code=st.just("KE"),
    member_name=text,
    task=text,
    due_on=st.none() | st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    state=st.sampled_from(ActionState),
    marking=st.sampled_from(Marking),
    audience_id=ids,
)
items = st.builds(
    ContentItem,
    item_id=ids,
    links=links,
    was_reached=st.booleans(),
    spent_minutes=st.none() | st.integers(1, 500),
    outcome=st.none() | st.sampled_from(Outcome),
    outcome_text=text,
    actions=st.lists(actions, max_size=2).map(tuple),
    kind=st.sampled_from(ItemKind),
    title=text,
    note=text,
    minutes=st.integers(0, 1440),
    in_writing=st.booleans(),
    presenter=text,
    member_code=st.sampled_from(["", "KE"]),
    member_name=text,
    marking=st.sampled_from(Marking),
    audience_id=ids,
    deliverable_id=ids,
    decision_id=ids,
    action_id=ids,
)
contents = st.builds(
    Content,
    number=st.none() | st.integers(1, 99),
    language=st.sampled_from(["en", "ja", "fr_CA"]),
    network=text,
    meeting=text,
    starts_on=st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    ends_on=st.none() | st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    precision=st.sampled_from(Precision),
    starts_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    zone=st.sampled_from(["UTC", "Asia/Tokyo"]),
    place=text,
    host_code=st.sampled_from(["", "GB"]),
    host_name=text,
    length=st.integers(60, 960),
    items=st.lists(items, max_size=4).map(tuple),
    paper=st.sampled_from(Paper),
    opened_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    closed_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    attendance=st.lists(
        st.builds(
            ContentAttendance,
            member_code=st.just("KE"),
            member_name=text,
            presence=st.sampled_from(Presence),
            note=text,
        ),
        max_size=2,
    ).map(tuple),
)


@given(contents)
def test_what_is_thawed_is_what_was_frozen(content: Content) -> None:
    assert thawed(frozen(content)) == content


@given(contents)
def test_the_same_content_is_the_same_text_with_the_same_hash(content: Content) -> None:
    again = frozen(thawed(frozen(content)))
    assert again == frozen(content)
    assert fingerprint(again) == fingerprint(frozen(content))


@given(contents)
def test_the_text_is_json_with_its_keys_in_order(content: Content) -> None:
    text = frozen(content)
    assert (
        json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        == text
    )


def test_a_text_of_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="later version"):
        thawed('{"format":"agenda/3"}')


def test_what_was_frozen_before_minutes_were_known_is_still_read() -> None:
    old = {
        "format": "agenda/1", "number": 1, "language": "en", "network": "N", "meeting": "M",
        "starts_on": "2026-12-02", "ends_on": None, "precision": "day", "starts_at": None,
        "zone": "UTC", "place": "", "host_code": "", "host_name": "", "length": 60,
        "items": [{
            "kind": "discussion", "title": "T", "note": "", "minutes": 5, "in_writing": False,
            "presenter": "", "member_code": "", "member_name": "", "marking": "GREEN",
            "audience_id": None, "deliverable_id": None, "decision_id": None, "action_id": None,
        }],
    }  # fmt: skip
    content = thawed(json.dumps(old))
    assert (content.paper, content.items[0].title) == (Paper.AGENDA, "T")
    assert content.items[0].item_id is None


def test_a_note_mentions_the_deliverables_it_links_to_and_nothing_else() -> None:
    note = (
        "[a](/deliverables/joint-tools) and [b](/deliverables/other?as_of=2025-01-01#history), "
        "not [c](https://example.org/deliverables/x) nor `[d](/deliverables/code)`"
    )
    assert mentioned(note) == ("joint-tools", "other")


def test_the_total_leaves_out_what_is_done_in_writing() -> None:
    base = {
        "kind": ItemKind.DISCUSSION, "title": "t", "note": "", "presenter": "", "member_code": "",
        "member_name": "", "marking": Marking.GREEN, "audience_id": None, "deliverable_id": None,
        "decision_id": None, "action_id": None,
    }  # fmt: skip
    one = ContentItem(minutes=30, in_writing=False, **base)
    other = ContentItem(minutes=15, in_writing=True, **base)
    assert total_minutes([one, other, one]) == 60
