"""Nothing is shared more widely than what it belongs to: against a look at every reader."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from app.core.markings import Channel, Marking, highest, may_go
from app.sharing.rules import Fault, Sharing, fault_of, settled

MEMBERS, ACCOUNTS = (1, 2, 3), (10, 11, 12)
AMBER = (Marking.AMBER, Marking.AMBER_STRICT)
sharings = st.builds(
    Sharing,
    st.sampled_from(Marking),
    st.frozensets(st.sampled_from(MEMBERS)),
    st.frozensets(st.sampled_from(ACCOUNTS)),
).map(lambda given: settled(given, ACCOUNTS[0]))


@dataclass(frozen=True)
class Reader:
    account: int
    member: int | None
    coordinates: bool


READERS = [
    Reader(account, member, coordinates)
    for account in ACCOUNTS
    for member, coordinates in [(None, False), (None, True), *((m, False) for m in MEMBERS)]
]


def sees(reader: Reader, sharing: Sharing) -> bool:
    if sharing.marking is Marking.RED:
        return reader.account in sharing.accounts
    if sharing.marking in AMBER:
        return reader.coordinates or reader.member in sharing.members
    return True


@given(sharings, sharings)
def test_a_fault_is_found_wherever_somebody_would_see_more_or_it_could_go_further(
    wanted: Sharing, within: Sharing
) -> None:
    fault = fault_of(wanted, within)
    goes_further = any(
        may_go(wanted.marking, way) and not may_go(within.marking, way) for way in Channel
    )
    seen_by_more = wanted.marking is not Marking.RED and any(
        sees(reader, wanted) and not sees(reader, within) for reader in READERS
    )
    names_more = (
        wanted.marking is Marking.RED is within.marking and wanted.accounts - within.accounts
    )
    if seen_by_more or goes_further or names_more:
        assert fault is not None
    if fault is None:
        assert highest([wanted.marking, within.marking]) is wanted.marking


@given(sharings)
def test_what_is_shared_as_its_parent_or_belongs_to_nothing_is_no_fault(sharing: Sharing) -> None:
    assert fault_of(sharing, sharing) is None
    assert fault_of(sharing, None) is None


def test_each_fault_has_its_name() -> None:
    amber = Sharing(Marking.AMBER, frozenset({1}))
    red = Sharing(Marking.RED, accounts=frozenset({10}))
    assert fault_of(Sharing(Marking.GREEN), amber) is Fault.WIDER
    assert fault_of(Sharing(Marking.AMBER, frozenset({2})), amber) is Fault.MEMBERS
    assert fault_of(Sharing(Marking.RED, accounts=frozenset({11})), red) is Fault.ACCOUNTS


def test_names_without_use_are_dropped_and_the_author_of_what_is_red_is_named() -> None:
    everybody = (frozenset(MEMBERS), frozenset({11}))
    assert settled(Sharing(Marking.GREEN, *everybody), 10) == Sharing(Marking.GREEN)
    assert settled(Sharing(Marking.AMBER, *everybody), 10) == Sharing(Marking.AMBER, everybody[0])
    assert settled(Sharing(Marking.RED, *everybody), 10).accounts == {10, 11}


def test_the_table_of_ways_is_that_of_the_domain() -> None:
    stays = {way: {m for m in Marking if not may_go(m, way)} for way in Channel}
    assert stays == {
        Channel.SCREEN: set(),
        Channel.EXPORT: {Marking.RED},
        Channel.API: {Marking.RED},
        Channel.TEXT: {Marking.RED},
        Channel.FEED: {Marking.RED, Marking.AMBER_STRICT},
        Channel.MAIL: {Marking.RED, Marking.AMBER_STRICT},
    }
