from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from hypothesis import given
from hypothesis import strategies as st

from app.core.frozen import freeze, thaw


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


@dataclass(frozen=True)
class Inner:
    on: date
    words: tuple[str, ...]


@dataclass(frozen=True)
class Outer:
    colour: Colour | None
    inner: Inner | None
    parts: tuple[Inner, ...]
    pairs: tuple[tuple[str, ...], ...]
    at: datetime
    count: int | None
    text: str = "as it was"


INNER = st.builds(Inner, st.dates(), st.lists(st.text()).map(tuple))
OUTER = st.builds(
    Outer,
    st.none() | st.sampled_from(Colour),
    st.none() | INNER,
    st.lists(INNER, max_size=3).map(tuple),
    st.lists(st.lists(st.text(), max_size=2).map(tuple), max_size=2).map(tuple),
    st.datetimes(timezones=st.just(UTC)),
    st.none() | st.integers(),
    st.text(),
)


@given(OUTER)
def test_what_is_frozen_comes_back_as_it_was(thing: Outer) -> None:
    assert thaw(Outer, freeze(thing)) == thing


@given(OUTER)
def test_the_same_facts_are_the_same_text(thing: Outer) -> None:
    assert freeze(thaw(Outer, freeze(thing))) == freeze(thing)


def test_a_field_that_was_added_since_has_its_default() -> None:
    at = datetime(2025, 1, 20, tzinfo=UTC)
    kept = freeze(Outer(None, None, (), (), at, 1, "gone"))
    old = kept.replace(',"text":"gone"', "")
    assert old != kept
    assert thaw(Outer, old).text == "as it was"
