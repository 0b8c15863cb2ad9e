"""A decision from draft to certificate, through the pages and by the actions behind them."""

from datetime import datetime, timedelta

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import as_of
from app.core.errors import Conflict, Forbidden, Refused
from app.core.markings import Marking
from app.core.permissions import Role
from app.decisions.actions import proposing, settling
from app.decisions.actions.positions import take_position
from app.decisions.actions.proposing import ProposalEntry
from app.decisions.certificate import frozen, hash_of, thawed
from app.decisions.models import Decision, Position, Settlement
from app.decisions.queries.decisions import decisions, standing, waiting_for
from app.decisions.rules import DecisionState, Result, Stance
from app.deliverables.models import AssignmentRole, AssignmentState
from app.deliverables.queries.listing import parts_of
from app.members.models import DecisionRule, MemberStanding, MemberStatus
from app.people.models import Account
from app.sharing.rules import Sharing
from app.web.database import Tracker

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def entry(now: datetime, **values: object) -> ProposalEntry:
    return ProposalEntry(
        **{
            "title": "Meet twice a year",
            "proposal": "The network meets every six months.",
            "rule": DecisionRule.CONSENSUS,
            "quorum": 2,
            "silence_is_assent": False,
            "opens_at": None,
            "closes_at": now + DAY,
            "sharing": Sharing(Marking.GREEN),
            **values,
        }
    )


def put(session: Session, cast: Cast, now: datetime, **values: object) -> Decision:
    actor = cast.coordinator.actor
    made = proposing.draft(session, actor, entry(now, **values), now)
    proposing.put(session, actor, made, made.version, now)
    return made


def say(session: Session, by: Account, made: Decision, stance: Stance, at: datetime) -> bool:
    return take_position(session, by.actor, made, stance, "", at)


def result(session: Session, made: Decision, at: datetime) -> str:
    return standing(session, made, as_of(None, at), at).word


def test_a_draft_is_known_to_coordinators_alone(
    client: Browser, session: Session, cast: Cast, now: datetime
) -> None:
    made = proposing.draft(session, cast.coordinator.actor, entry(now), now)
    address = f"/decisions/{made.key}"
    for account in cast.accounts:
        client.sign_in(account)
        may = account.role is Role.COORDINATOR
        assert client.get(address).status_code == (200 if may else 404), account.email
        assert bool(client.page("/decisions").select("[data-decision]")) is may
        assert bool(client.page("/search?q=meet+twice").select("[data-kind=decision]")) is may


def test_from_draft_to_certificate_through_the_pages(
    client: Browser, app: Tracker, session: Session, cast: Cast, now: datetime
) -> None:
    client.sign_in(cast.coordinator)
    closes = f"{now + DAY:%Y-%m-%dT%H:%M}"
    fields = {
        "title": "Meet twice a year",
        "proposal": "Every six months.",
        "rule": "consensus",
        "quorum": "2",
        "opens_at": "",
        "question": "",
        "deliverable": "",
        "marking": "GREEN",
    }
    refused = client.submit("/decisions", **fields, closes_at="soon")
    assert (refused.status_code, "Every six months." in refused.text) == (422, True)
    assert client.submit("/decisions", **fields, closes_at=closes).status_code == 303
    address = "/decisions/meet-twice-a-year"
    (form,) = client.page(address).select(f"form[action='{address}/put']")
    seen = form.select_one("[name=seen]")["value"]
    client.submit(f"{address}/put", seen=seen)
    for liaison, stance in ((cast.liaison, "object"), (cast.other_liaison, "support")):
        client.sign_in(liaison)
        assert client.page("/decisions").select("li b")
        client.submit(f"{address}/positions", stance=stance, statement=f"I {stance} <b>")
    client.sign_in(cast.liaison)
    assert client.page(address).select_one("[data-result]")["data-result"] == "open"
    client.submit(f"{address}/positions", stance="no_objection", statement="Agreed after all")
    assert client.get(f"{address}/certificate").status_code == 404
    app.config["NOW"] = lambda: now + 2 * DAY
    client.sign_in(cast.liaison)
    late = client.submit(f"{address}/positions", stance="object", statement="Too late")
    assert (late.status_code, "Too late" in late.text) == (422, True)
    assert client.sign_in(cast.coordinator).submit(f"{address}/settle").status_code == 303
    client.sign_in(cast.observer)
    page = client.page(address)
    assert page.select_one("[data-result]")["data-result"] == "passed"
    stances = {row["data-member"]: row["data-stance"] for row in page.select("[data-member]")}
    assert stances == {"KE": "no_objection", "GB": "support"}
    assert len(page.select("[data-position]")) == 3
    certificate = client.page(f"{address}/certificate").text
    assert "Agreed after all" in certificate
    assert "I object" not in certificate
    kept = session.scalars(select(Settlement)).one()
    assert frozen(thawed(kept.content)) == kept.content
    assert hash_of(kept.content) == kept.content_hash
    assert session.scalars(select(Decision)).one().state is DecisionState.PASSED


def test_every_change_of_a_position_is_kept_and_the_same_again_is_no_change(
    session: Session, cast: Cast, now: datetime
) -> None:
    made = put(session, cast, now)
    assert say(session, cast.liaison, made, Stance.OBJECT, now)
    assert not say(session, cast.liaison, made, Stance.OBJECT, now + HOUR)
    assert say(session, cast.liaison, made, Stance.ABSTAIN, now + 2 * HOUR)
    stances = session.scalars(select(Position.stance).order_by(Position.id)).all()
    assert stances == [Stance.OBJECT, Stance.ABSTAIN]
    assert result(session, made, now + 3 * HOUR) == "open"


def test_who_may_take_a_position(session: Session, cast: Cast, now: datetime) -> None:
    made = put(session, cast, now)
    for account in (cast.coordinator, cast.observer, cast.administrator):
        with pytest.raises(Forbidden):
            say(session, account, made, Stance.SUPPORT, now)
    candidate = make.member(session, "CH", status=MemberStatus.PROSPECTIVE)
    liaison = make.account(session, Role.LIAISON, member_id=candidate.id)
    with pytest.raises(Forbidden, match="no say"):
        say(session, liaison, made, Stance.SUPPORT, now)
    with pytest.raises(Refused):
        say(session, cast.liaison, made, Stance.OPT_IN, now)
    with pytest.raises(Refused, match="closed"):
        say(session, cast.liaison, made, Stance.SUPPORT, now + DAY)


def test_what_opens_later_takes_no_position_before(
    session: Session, cast: Cast, now: datetime
) -> None:
    made = put(session, cast, now, opens_at=now + HOUR)
    assert result(session, made, now) == "ahead"
    with pytest.raises(Refused, match="not open yet"):
        say(session, cast.liaison, made, Stance.SUPPORT, now)
    assert say(session, cast.liaison, made, Stance.SUPPORT, now + HOUR)


def test_a_member_that_left_meanwhile_has_no_say_and_one_that_joined_has(
    session: Session, cast: Cast, now: datetime
) -> None:
    made = put(session, cast, now, closes_at=now + 5 * DAY, silence_is_assent=True, quorum=1)
    say(session, cast.other_liaison, made, Stance.OBJECT, now)
    british = MemberStanding.member_id == cast.britain.id
    session.scalars(select(MemberStanding).where(british)).one().until_on = now.date() + 2 * DAY
    japan = make.member(session, "JP", exists_from=now.date() + 2 * DAY)
    at = now + 5 * DAY
    row = standing(session, made, as_of(None, at), at)
    assert row.outcome is not None
    assert (row.word, row.outcome.entitled) == ("passed", (cast.kenya.id, japan.id))
    assert (row.outcome.assumed, row.outcome.silent) == ((cast.kenya.id,), (japan.id,))


def test_what_is_shared_with_some_is_decided_by_those_and_seen_by_nobody_else(
    client: Browser, session: Session, cast: Cast, now: datetime
) -> None:
    sharing = Sharing(Marking.AMBER, frozenset({cast.kenya.id}))
    made = put(session, cast, now, sharing=sharing, quorum=1)
    assert say(session, cast.liaison, made, Stance.SUPPORT, now)
    with pytest.raises(Forbidden):
        say(session, cast.other_liaison, made, Stance.OBJECT, now)
    outcome = standing(session, made, as_of(None, now), now).outcome
    assert outcome is not None
    assert outcome.entitled == (cast.kenya.id,)
    address = f"/decisions/{made.key}"
    seen = {a.email: client.sign_in(a).get(address).status_code for a in cast.accounts}
    assert [email for email, status in seen.items() if status == 404] == [
        cast.other_liaison.email,
        cast.observer.email,
    ]


def test_an_opt_in_gives_those_who_opted_in_their_part_and_nobody_else(
    session: Session, cast: Cast, now: datetime
) -> None:
    tools = make.deliverable(session, by=cast.coordinator)
    make.assignment(
        session, tools, cast.kenya, AssignmentRole.LEAD, AssignmentState.PROPOSED,
        by=cast.coordinator,
    )  # fmt: skip
    japan = make.member(session, "JP")
    tokyo = make.account(session, Role.LIAISON, member_id=japan.id)
    made = put(session, cast, now, rule=DecisionRule.OPT_IN, quorum=1, deliverable_id=tools.id)
    say(session, cast.liaison, made, Stance.OPT_IN, now)
    say(session, cast.other_liaison, made, Stance.OPT_OUT, now)
    say(session, tokyo, made, Stance.OPT_IN, now)
    at = now + 2 * DAY
    settling.settle(session, cast.coordinator.actor, made, at)
    parts = parts_of(session, [tools.id], as_of(None, at))[tools.id]
    assert [(part.code, part.role, part.state) for part in parts] == [
        ("KE", AssignmentRole.LEAD, AssignmentState.ACCEPTED),
        ("JP", AssignmentRole.CONTRIBUTOR, AssignmentState.ACCEPTED),
    ]


def test_what_was_recorded_stands_though_membership_is_corrected_later(
    session: Session, cast: Cast, now: datetime
) -> None:
    made = put(session, cast, now)
    say(session, cast.liaison, made, Stance.SUPPORT, now)
    say(session, cast.other_liaison, made, Stance.SUPPORT, now)
    at = now + 2 * DAY
    assert settling.settle(session, cast.coordinator.actor, made, at).result is Result.PASSED
    british = MemberStanding.member_id == cast.britain.id
    session.scalars(select(MemberStanding).where(british)).one().until_on = now.date()
    assert result(session, made, at + HOUR) == "passed"
    with pytest.raises(Refused, match="already"):
        settling.settle(session, cast.coordinator.actor, made, at)


def test_a_proposal_is_taken_back_with_a_reason_before_it_closes(
    session: Session, cast: Cast, now: datetime
) -> None:
    made, actor = put(session, cast, now), cast.coordinator.actor
    with pytest.raises(Refused, match="few words"):
        proposing.withdraw(session, actor, made, " ", made.version, now)
    with pytest.raises(Conflict):
        proposing.withdraw(session, actor, made, "Moot", made.version - 1, now)
    with pytest.raises(Refused, match="taken back"):
        proposing.withdraw(session, actor, made, "Moot", made.version, now + DAY)
    proposing.withdraw(session, actor, made, "Moot", made.version, now + HOUR)
    assert result(session, made, now + HOUR) == "withdrawn"
    assert result(session, made, now) == "open"


def test_what_was_put_does_not_change(session: Session, cast: Cast, now: datetime) -> None:
    made, actor = put(session, cast, now), cast.coordinator.actor
    with pytest.raises(Refused, match="do not change"):
        proposing.redraft(session, actor, made, entry(now, title="Other"), made.version, now)


def test_a_draft_can_be_changed_and_two_editors_meet(
    session: Session, cast: Cast, now: datetime
) -> None:
    actor = cast.coordinator.actor
    made = proposing.draft(session, actor, entry(now), now)
    seen = made.version
    assert proposing.redraft(session, actor, made, entry(now, proposal="Thrice"), seen, now)
    assert made.proposal == "Thrice"
    with pytest.raises(Conflict):
        proposing.redraft(session, actor, made, entry(now), seen, now)
    assert not proposing.redraft(
        session, actor, made, entry(now, proposal="Thrice"), made.version, now
    )


@pytest.mark.parametrize(
    "values",
    [
        {"closes_at": make.NOW + timedelta(minutes=59)},
        {"rule": DecisionRule.OPT_IN, "silence_is_assent": True},
        {"opens_at": make.NOW + 2 * DAY},
    ],
)
def test_a_proposal_that_makes_no_sense_is_refused(
    session: Session, cast: Cast, now: datetime, values: dict[str, object]
) -> None:
    with pytest.raises(Refused):
        proposing.draft(session, cast.coordinator.actor, entry(now, **values), now)


def test_a_liaison_learns_what_waits_for_its_answer(
    session: Session, cast: Cast, now: datetime
) -> None:
    first, second = put(session, cast, now), put(session, cast, now, closes_at=now + HOUR)
    actor, day = cast.liaison.actor, as_of(None, now)
    waiting = [row.decision.id for row in waiting_for(session, actor, day, now)]
    assert waiting == [second.id, first.id]
    say(session, cast.liaison, first, Stance.SUPPORT, now)
    waiting = [row.decision.id for row in waiting_for(session, actor, day, now)]
    assert waiting == [second.id]
    assert len(decisions(session, actor, day, now)) == 2


def test_the_command_records_everything_that_closed(
    app: Tracker, session: Session, cast: Cast, now: datetime
) -> None:
    past = datetime(2020, 1, 1, tzinfo=now.tzinfo)
    made = put(session, cast, past, closes_at=past + DAY)
    put(session, cast, now, closes_at=now + 400 * DAY)
    key, coordinator, observer = made.key, cast.coordinator.email, cast.observer.email
    session.commit()
    answer = app.test_cli_runner().invoke(args=["decisions", "settle", "--as", coordinator])
    assert (answer.exit_code, answer.output) == (0, f"{key}: Not passed\n")
    refused = app.test_cli_runner().invoke(args=["decisions", "settle", "--as", observer])
    assert refused.exit_code == 1
