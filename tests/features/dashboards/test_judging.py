"""What is counted as needing somebody is what the lists say needs somebody."""

import pytest
from cast import Cast
from raw_count import RandomNetwork, on, random_days
from sqlalchemy.orm import Session

from app.deliverables.queries.filters import EVERYTHING, Filter
from app.deliverables.queries.judging import judgements, who_can_act
from app.deliverables.queries.listing import holding_flags, most_pressing


@pytest.mark.parametrize("seed", [4, 5])
def test_judgements_are_those_of_the_whole_rows(session: Session, cast: Cast, seed: int) -> None:
    network = RandomNetwork(session, cast, seed)
    narrowed = (
        EVERYTHING,
        Filter(priority_id=network.priorities[0].id),
        Filter(member_id=network.members[0].id),
        Filter(deadline_id=network.deadlines[0].id),
    )
    for account in (cast.coordinator, cast.liaison, cast.observer):
        for day in random_days(seed, 6):
            for which in narrowed:
                rows = holding_flags(session, account.actor, on(day), which)
                pressing = most_pressing(rows)
                found = judgements(session, account.actor, on(day), which)
                flagged = [each for each in found if each.severity is not None]
                assert [each.id for each in flagged] == [row.id for row in pressing]
                for each, row in zip(flagged, pressing, strict=True):
                    assert each.flags == tuple(raised.flag for raised in row.flags)
                    assert each.severity is row.flags[0].severity
                    assert each.actors == who_can_act(row.flags)
                muted = {row.id for row in rows if row.muted}
                assert {each.id for each in found if each.is_muted} == muted
