"""Which entry of a history says a fact, against a slow second implementation."""

from hypothesis import given
from hypothesis import strategies as st

from app.members.rules.facts import told_by
from app.members.rules.offices import Office, office_of

FACTS = ("name", "staff", "funding")
ENTRIES = st.lists(
    st.fixed_dictionaries({fact: st.sampled_from(["", "a", "b"]) for fact in FACTS}), max_size=6
)


def slowly(entries: list[dict[str, str]], fact: str) -> int:
    """Backwards from the last entry, to the first that speaks of the fact."""
    for place in range(len(entries) - 1, 0, -1):
        one, before = entries[place], entries[place - 1]
        if one[fact] != before[fact] or one == before:
            return place
    return 0


@given(ENTRIES)
def test_a_fact_is_said_by_the_last_entry_that_speaks_of_it(entries: list[dict[str, str]]) -> None:
    expected = {fact: slowly(entries, fact) for fact in FACTS} if entries else {}
    assert told_by(entries) == expected


def test_a_title_names_its_office() -> None:
    titles = {
        "Inaugural chair": Office.CHAIR,
        "Network Coordinator": Office.COORDINATOR,
        "Co-lead, testing and evaluation track": Office.TRACK,
        "Track co-chair": Office.TRACK,
        "Treasurer": Office.OTHER,
    }
    assert {title: office_of(title) for title in titles} == titles
