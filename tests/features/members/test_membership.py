"""Candidates, what speaks for them, and the steps from one standing to the next."""

from datetime import datetime, timedelta

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.core.markings import Marking
from app.decisions.actions import proposing
from app.decisions.actions.positions import take_position
from app.decisions.actions.proposing import ProposalEntry
from app.decisions.models import Decision
from app.decisions.rules import Stance
from app.members.models import DecisionRule, Member, MemberStanding, MemberStatus
from app.membership.models import CriterionFinding
from app.sharing.rules import Sharing
from app.web.database import Tracker

CANDIDATE = {
    "code": "DE",
    "name": "Germany",
    "zone": "Europe/Berlin",
    "status": "prospective",
    "from_on": "2025-01-01",
    "reason": "Signed the statement",
    "source": "",
}
STEP = {"from_on": "2026-11-24", "precision": "day", "source": "", "decision": "", "reason": "Why"}
EVE = "2026-11-23"


def standings(client: Browser, day: str) -> dict[str, str]:
    page = client.page(f"/membership?as_of={day}")
    rows = page.select("[data-member]")
    return {str(row["data-member"]): str(row["data-standing"]) for row in rows}


def passed_decision(
    session: Session, cast: Cast, now: datetime, marking: Marking = Marking.GREEN
) -> Decision:
    """Put an hour ago in the past of `now`, agreed by both members, closed."""
    then, actor = now - timedelta(days=3), cast.coordinator.actor
    entry = ProposalEntry(
        title="Admit Germany",
        proposal="Germany becomes a member.",
        rule=DecisionRule.CONSENSUS,
        quorum=1,
        silence_is_assent=False,
        opens_at=None,
        closes_at=then + timedelta(days=1),
        sharing=Sharing(marking, frozenset({cast.kenya.id} if marking is Marking.AMBER else ())),
    )
    made = proposing.draft(session, actor, entry, then)
    proposing.put(session, actor, made, made.version, then)
    take_position(session, cast.liaison.actor, made, Stance.SUPPORT, "", then)
    session.commit()
    return made


def test_from_candidate_to_member_with_criteria_and_a_decision(
    client: Browser, session: Session, cast: Cast, now: datetime
) -> None:
    decision = passed_decision(session, cast, now)
    client.sign_in(cast.coordinator)
    made = client.fill("/membership", at="/membership/new", **CANDIDATE)
    assert made.headers["Location"] == "/membership/DE"
    assert standings(client, "2024-12-31") == {"GB": "member", "KE": "member"}
    assert standings(client, EVE)["DE"] == "prospective"

    def finding(criterion: str, day: str = "2026-11-24") -> str:
        page = client.page(f"/membership/DE?as_of={day}")
        return str(page.select_one(f"[data-criterion={criterion}] [data-finding]")["data-finding"])

    assert finding("capacity") == "not_known"
    address = "/membership/DE/criteria/capacity"
    assert client.fill(address, finding="met", note="").status_code == 422
    client.fill(address, finding="not_met", note="No staff yet", from_on="2025-02-01")
    client.fill(address, finding="met", note="12 people", source_title="Budget")
    assert (finding("capacity", EVE), finding("capacity")) == ("not_met", "met")
    assert finding("expertise") == "not_known"
    rows = session.scalars(select(CriterionFinding)).all()
    assert [row.note for row in rows] == ["No staff yet", "12 people"]

    page = client.page("/membership/DE/step")
    assert "Not known to be met: Expertise, Evidence" in page.text
    done = client.fill(
        "/membership/DE/step", status="member", reason="Agreed", decision="admit-germany"
    )
    assert done.status_code == 303
    assert standings(client, "2026-11-24")["DE"] == "member"
    assert standings(client, EVE)["DE"] == "prospective"
    for address in ("/membership", "/membership/DE", "/members/DE"):
        links = client.page(address).select(f"a[href='/decisions/{decision.key}']")
        assert links, address
        assert not client.page(f"{address}?as_of={EVE}").select(
            f"[href^='/decisions/{decision.key}']"
        )
    verbs = session.scalars(select(AuditEntry.verb).where(AuditEntry.subject_key == "DE")).all()
    assert set(verbs) == {"member.add", "standing.set", "criterion.judge", "standing.ground"}


def test_a_decision_is_linked_only_for_those_who_may_know_of_it(
    client: Browser, session: Session, cast: Cast, now: datetime
) -> None:
    make.member(session, "DE", status=MemberStatus.PROSPECTIVE)
    decision = passed_decision(session, cast, now, Marking.AMBER)
    client.sign_in(cast.coordinator)
    client.fill("/membership/DE/step", status="member", reason="Agreed", decision=decision.key)
    sees = {cast.coordinator, cast.liaison, cast.administrator}
    for account in cast.accounts:
        client.sign_in(account)
        for address in ("/membership", "/membership/DE", "/members/DE"):
            assert ("Admit Germany" in client.get(address).text) is (account in sees), address


def test_a_step_rests_on_a_decision_that_has_passed_and_not_before_it_did(
    client: Browser, app: Tracker, session: Session, cast: Cast, now: datetime
) -> None:
    make.member(session, "DE", status=MemberStatus.PROSPECTIVE)
    decision = passed_decision(session, cast, now)
    client.sign_in(cast.coordinator)
    fields = {"status": "member", "decision": decision.key, "reason": "x"}
    early = client.fill("/membership/DE/step", **fields, from_on="2026-11-21")
    assert (early.status_code, "It was decided on" in early.text) == (422, True)
    app.config["NOW"] = lambda: now - timedelta(days=3)
    client.sign_in(cast.coordinator)
    still_open = client.submit("/membership/DE/step", **{**STEP, **fields}, seen="1")
    assert still_open.status_code == 422
    assert session.scalars(select(MemberStanding).where(MemberStanding.status == "member")).all()
    german = select(MemberStanding).join(Member).where(Member.code == "DE")
    assert len(session.scalars(german).all()) == 1


def test_only_the_steps_of_the_table_can_be_taken(
    client: Browser, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.coordinator)
    address = "/membership/KE/step"
    refused = client.submit(address, **STEP, status="partner", seen=str(cast.kenya.version))
    assert refused.status_code == 422
    offered = client.page(address).select("[name=status] option")
    assert [str(option["value"]) for option in offered] == ["former"]
    before = client.fill(address, status="former", reason="Left", from_on="2024-10-30")
    assert (before.status_code, "begins after that" in before.text) == (422, True)
    assert client.fill(address, status="former", reason="").status_code == 422
    assert client.fill(address, status="former", reason="Left").status_code == 303
    assert standings(client, "2026-11-24")["KE"] == "former"
    late = client.submit(address, **STEP, status="prospective", seen="1")
    assert late.status_code == 409


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("code", "UK"),
        ("code", "KE"),
        ("code", "de"),
        ("zone", "Berlin"),
        ("status", "member"),
        ("reason", ""),
        ("from_on", "soon"),
    ],
)
def test_a_candidate_that_cannot_be_is_refused(
    client: Browser, session: Session, cast: Cast, field: str, text: str
) -> None:
    client.sign_in(cast.coordinator)
    answer = client.fill("/membership", at="/membership/new", **{**CANDIDATE, field: text})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert len(session.scalars(select(Member)).all()) == 2


def test_only_coordinators_keep_the_books(client: Browser, session: Session, cast: Cast) -> None:
    pages = ("/membership/new", "/membership/KE/step", "/membership/KE/criteria/evidence")
    for account in cast.accounts:
        client.sign_in(account)
        is_hers = account is cast.coordinator
        assert client.get("/membership/KE").status_code == 200
        for address in pages:
            assert client.get(address).status_code == (200 if is_hers else 403), address
        if not is_hers:
            for address in ("/membership", *pages[1:]):
                assert client.submit(address).status_code == 403, address
    client.sign_in(cast.coordinator)
    assert client.get("/membership/XX").status_code == 404
    assert client.get("/membership/KE/criteria/charm").status_code == 404


def test_of_two_who_judge_at_once_the_second_is_told(
    client: Browser, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.coordinator)
    fields = {"finding": "met", "from_on": "2026-11-24", "source": "", "seen": "0"}
    address = "/membership/KE/criteria/evidence"
    assert client.submit(address, **fields, note="Mine").status_code == 303
    assert client.submit(address, **fields, note="Mine too").status_code == 409
    assert client.fill(address, finding="not_met", note="After all").status_code == 303
    assert len(session.scalars(select(CriterionFinding)).all()) == 2
