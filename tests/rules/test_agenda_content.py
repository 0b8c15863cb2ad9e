"""What is frozen when an agenda is published."""

import json
from datetime import UTC, date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agendas.rules.content import (
    Content,
    ContentItem,
    fingerprint,
    frozen,
    mentioned,
    thawed,
    total_minutes,
)
from app.agendas.rules.schedule import ItemKind
from app.core.days import Precision
from app.core.markings import Marking

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ids = st.none() | st.integers(1, 10**9)
items = st.builds(
    ContentItem,
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
        thawed('{"format":"agenda/2"}')


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
