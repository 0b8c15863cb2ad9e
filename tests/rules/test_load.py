"""When a member leads much more than its share."""

from hypothesis import given
from hypothesis import strategies as st

from app.deliverables.rules.load import FEW, TIMES, overloaded, share

leads = st.dictionaries(st.text(min_size=1, max_size=2), st.integers(0, 30), max_size=12)


@given(leads)
def test_whoever_is_warned_of_leads_more_than_twice_the_mean_and_not_just_a_few(
    spread: dict[str, int],
) -> None:
    mean = sum(spread.values()) / len(spread) if spread else 0
    warned = {code for code, n in spread.items() if n >= FEW and n > TIMES * mean}
    assert overloaded(spread) == warned
    assert share(spread) == mean


def test_one_that_leads_alone_among_idle_members_is_warned_of() -> None:
    assert overloaded({"GB": 4, "SG": 0, "US": 1}) == {"GB"}
    assert overloaded({"GB": 2, "SG": 0, "US": 0}) == set()
