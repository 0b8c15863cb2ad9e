"""Sums and shares of what was put in, against a slow twin that knows nothing of groups."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.contributions.rules import Given, same_unit, sums, weights

amounts = st.none() | st.decimals(0, 10**6, places=2)
entries = st.lists(
    st.builds(
        Given,
        st.sampled_from(["US", "KR", "AU"]),
        st.sampled_from(["money", "compute"]),
        st.sampled_from(["USD", "usd", " USD", "KRW", "GPU  hours", "gpu hours"]),
        amounts,
    ),
    max_size=12,
)


def total_by_hand(found: list[Given], kind: str, unit: str, by: str | None = None) -> Decimal:
    total = Decimal(0)
    for each in found:
        same = each.unit.strip().lower().replace("  ", " ") == unit
        if each.kind == kind and same and each.amount is not None and by in (None, each.by):
            total += each.amount
    return total


@given(entries)
def test_a_share_is_of_one_kind_in_one_unit(found: list[Given]) -> None:
    for each in sums(found):
        unit = each.unit.strip().lower().replace("  ", " ")
        whole = total_by_hand(found, each.kind, unit)
        assert each.total == whole
        for part in each.parts:
            own = total_by_hand(found, each.kind, unit, part.by)
            assert part.amount == own
            assert part.share == (Fraction(own) / Fraction(whole) if whole else None)


@given(entries)
def test_every_entry_is_counted_once(found: list[Given]) -> None:
    made = sums(found)
    assert sum(part.entries for each in made for part in each.parts) == len(found)
    assert sum(each.unknown for each in made) == sum(g.amount is None for g in found)
    assert len({(each.kind, same_unit(each.unit)) for each in made}) == len(made)


@given(entries)
def test_shares_of_a_kind_add_up_to_the_whole(found: list[Given]) -> None:
    for each in sums(found):
        if each.total:
            assert sum(part.share or 0 for part in each.parts) == 1


def test_what_nobody_recorded_is_not_nothing() -> None:
    found = sums([Given("US", "money", "USD", Decimal(3)), Given("KR", "money", "USD", None)])
    (weight,) = {code: shares[0] for code, shares in weights(found, ["KR"]).items()}.values()
    assert weight is None
    assert weights(found, ["US"])["US"] == (Fraction(1),)


def test_currencies_are_never_summed() -> None:
    found = sums([Given("US", "money", "USD", Decimal(3)), Given("KR", "money", "KRW", Decimal(5))])
    assert [(each.unit, each.total) for each in found] == [("KRW", Decimal(5)), ("USD", Decimal(3))]
