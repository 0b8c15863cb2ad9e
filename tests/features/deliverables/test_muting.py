"""A coordinator keeps a flag from counting; everybody sees that it is muted, and why."""

from datetime import date, datetime, timedelta

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.core.clock import AsOf, as_of
from app.core.errors import Forbidden, Refused
from app.core.markings import Marking
from app.deliverables.actions.muting import MuteEntry, mute, unmute
from app.deliverables.models import Deliverable, FlagMute
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.listing import listed
from app.deliverables.rules.attention import Flag
from app.members.models import Network
from app.people.models import Account


@pytest.fixture
def tools(session: Session, cast: Cast) -> Deliverable:
    """Nobody leads it, and nothing was ever logged."""
    return make.deliverable(session, by=cast.coordinator, key="tools")


def muted(session: Session, of: Deliverable, by: Account, now: datetime, days: int = 7) -> FlagMute:
    until_on = now.date() + timedelta(days)
    entry = MuteEntry(flag=Flag.NO_LEAD, until_on=until_on, reason="The chair is being chosen")
    return mute(session, by.actor, of, entry, now)


def flags(
    session: Session, reader: Account, of: Deliverable, day: AsOf
) -> tuple[set[str], set[str]]:
    (row,) = listed(session, reader.actor, day, Filter(ids=[of.id])).rows
    return {r.flag.value for r in row.flags}, {m.raised.flag.value for m in row.muted}


def test_a_muted_flag_does_not_count_until_its_day_comes(
    session: Session, cast: Cast, tools: Deliverable, now: datetime
) -> None:
    muted(session, tools, cast.coordinator, now)
    assert flags(session, cast.observer, tools, as_of(None, now)) == (
        {"stale", "unscheduled"},
        {"no_lead"},
    )
    for day in (now.date() - timedelta(1), now.date() + timedelta(7)):
        counting, quiet = flags(session, cast.observer, tools, as_of(day, now))
        assert "no_lead" in counting
        assert quiet == set()
    no_lead = Filter(flags=[Flag.NO_LEAD])
    assert listed(session, cast.observer.actor, as_of(None, now), no_lead).total == 0


def test_lifted_by_hand_it_counts_again_from_that_day_and_the_mute_is_kept(
    session: Session, cast: Cast, tools: Deliverable, now: datetime
) -> None:
    row = muted(session, tools, cast.coordinator, now)
    later = now + timedelta(days=2)
    unmute(session, cast.coordinator.actor, tools, row, later)
    assert flags(session, cast.observer, tools, as_of(None, later))[1] == set()
    assert flags(session, cast.observer, tools, as_of(now.date(), later))[1] == {"no_lead"}
    assert (row.until_on, row.ended_on) == (now.date() + timedelta(7), later.date())
    with pytest.raises(Refused):
        unmute(session, cast.coordinator.actor, tools, row, later)


def test_what_does_not_hold_or_is_muted_already_is_not_muted(
    session: Session, cast: Cast, tools: Deliverable, now: datetime
) -> None:
    muted(session, tools, cast.coordinator, now)
    with pytest.raises(Refused, match="already"):
        muted(session, tools, cast.coordinator, now)
    entry = MuteEntry(flag=Flag.OVERDUE, until_on=now.date() + timedelta(2), reason="Known")
    with pytest.raises(Refused, match="does not hold"):
        mute(session, cast.coordinator.actor, tools, entry, now)


def test_only_coordinators_mute(
    session: Session, client: Browser, cast: Cast, tools: Deliverable, now: datetime
) -> None:
    for account in (cast.liaison, cast.observer, cast.administrator):
        with pytest.raises(Forbidden):
            muted(session, tools, account, now)
        client.sign_in(account)
        assert client.submit("/deliverables/tools/mutes", flag="no_lead").status_code == 403
        assert client.get("/deliverables/tools").text.count("/mutes") == 0


def test_a_mute_from_the_page_and_its_end_leave_lines_in_the_trail(
    client: Browser, session: Session, cast: Cast, tools: Deliverable, now: datetime
) -> None:
    client.sign_in(cast.coordinator)
    assert client.page("/deliverables/tools/mutes?flag=no_lead").select("form [name=reason]")
    until = (now.date() + timedelta(9)).isoformat()
    refused = client.submit(
        "/deliverables/tools/mutes", flag="no_lead", until_on="2026-11-24", reason="Known"
    )
    assert refused.status_code == 422
    assert "Known" in refused.text
    answer = client.submit(
        "/deliverables/tools/mutes", flag="no_lead", until_on=until, reason="Being chosen"
    )
    assert answer.status_code == 303
    page = client.page("/deliverables/tools")
    (shown,) = page.select("[data-muted=no_lead]")
    assert "Being chosen" in shown.text
    assert not page.select("[data-flag=no_lead]")
    (form,) = shown.select("form")
    assert client.submit(str(form["action"])).status_code == 303
    assert client.page("/deliverables/tools").select("[data-flag=no_lead]")
    verbs = session.scalars(
        select(AuditEntry.verb).where(AuditEntry.verb.startswith("flag."))
    ).all()
    assert verbs == ["flag.mute", "flag.unmute"]


def test_whoever_may_not_see_what_raised_a_flag_does_not_see_its_mute(
    session: Session, cast: Cast, tools: Deliverable, now: datetime
) -> None:
    make.update(session, tools, by=cast.coordinator)
    row = muted(session, tools, cast.coordinator, now)
    row.marking = Marking.AMBER
    session.flush()
    day = as_of(None, now)
    assert flags(session, cast.coordinator, tools, day)[1] == {"no_lead"}
    assert flags(session, cast.observer, tools, day)[1] == set()


def test_thresholds_are_checked_kept_where_they_differ_and_used_at_once(
    client: Browser, session: Session, cast: Cast, tools: Deliverable, now: datetime
) -> None:
    network = session.scalars(select(Network)).one()
    client.sign_in(cast.coordinator)
    seen = str(client.page("/attention/rules").select_one("[name=seen]")["value"])  # type: ignore[index]
    refused = client.submit("/attention/rules", stale_days="soon", seen=seen)
    assert refused.status_code == 422
    assert "whole number of days" in refused.text
    numbers = {"stale_days": "900", "review_days": "7", "seen": seen}
    assert client.submit("/attention/rules", **numbers).status_code == 303
    late = client.submit("/attention/rules", **{**numbers, "stale_days": "5"})
    assert late.status_code == 409
    assert "Somebody changed these numbers meanwhile" in late.text
    session.refresh(network)
    assert network.settings == {"attention": {"stale_days": 900}}
    assert "stale" not in flags(session, cast.observer, tools, as_of(None, now))[0]
    assert "900 days" in client.page("/attention/rules").text
    assert client.sign_in(cast.observer).page("/attention/rules").select("#stale")
    assert client.submit("/attention/rules", stale_days="1").status_code == 403


def test_a_filter_by_flag_finds_exactly_those_that_raise_it_page_by_page(
    session: Session, cast: Cast, now: datetime
) -> None:
    made = [make.deliverable(session, by=cast.coordinator) for _ in range(53)]
    for led in made[::4]:
        make.assignment(session, led, cast.kenya, by=cast.coordinator)
    session.flush()
    expected = {each.id for each in made} - {each.id for each in made[::4]}
    which, day = Filter(flags=[Flag.NO_LEAD]), as_of(date(2026, 1, 1), now)
    pages = [listed(session, cast.observer.actor, day, which, page=n) for n in (1, 2)]
    found = [row.id for page in pages for row in page.rows]
    assert (set(found), len(found), pages[0].total) == (expected, len(expected), len(expected))
