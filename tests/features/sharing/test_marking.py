"""Marking things, and what then nobody learns who may not."""

import re
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import timedelta

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.agendas.actions.marks import mark_action
from app.agendas.models import Action, Agenda, AgendaItem
from app.agendas.rules.schedule import ItemKind
from app.audit.models import AuditEntry
from app.contributions.actions import mark_contribution
from app.contributions.models import Contribution, ContributionKind
from app.core.clock import as_of
from app.core.errors import Conflict, Forbidden, Refused
from app.core.markings import Marking
from app.deliverables.actions import marks, muting, planning
from app.deliverables.actions.updates import EvidenceLink, UpdateEntry, log_update
from app.deliverables.models import Deliverable, Evidence, StatusUpdate
from app.deliverables.queries.detail import find
from app.deliverables.queries.latest import latest_updates
from app.deliverables.queries.listing import listed
from app.deliverables.rules.attention import Flag
from app.deliverables.rules.moves import Health, Status
from app.people.models import Account
from app.sharing.actions import sharing_of
from app.sharing.queries import visible
from app.sharing.rules import Sharing

RED, AMBER = Sharing(Marking.RED), Sharing(Marking.AMBER)
TODAY = make.NOW.date()
LINK = EvidenceLink(title="A report", url="https://example.org/report")


@pytest.fixture
def tools(session: Session, cast: Cast) -> Deliverable:
    """Kenya leads it; everybody sees it."""
    made = make.deliverable(session, by=cast.coordinator, key="tools")
    make.assignment(session, made, cast.kenya, by=cast.coordinator)
    return made


def log(
    session: Session,
    by: Account,
    of: Deliverable,
    status: Status = Status.IN_PROGRESS,
    **values: object,
) -> StatusUpdate:
    entry = UpdateEntry(status=status, effective_on=values.pop("on", TODAY), **values)  # type: ignore[arg-type]
    return log_update(session, by.actor, of, entry, make.NOW)


def status_for(session: Session, reader: Account, of: Deliverable) -> Status:
    rows = listed(session, reader.actor, as_of(None, make.NOW)).rows
    return next(row.status for row in rows if row.id == of.id)


def test_a_coordinator_marks_a_deliverable_and_names_who_sees_it(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    client.sign_in(cast.coordinator)
    page = client.page("/deliverables/tools/marking")
    assert page.select_one("#marking option[selected]")["value"] == "GREEN"
    answer = client.submit(
        "/deliverables/tools/marking",
        marking="RED",
        accounts=[str(cast.observer.id)],
        members=[str(cast.britain.id)],
        seen=str(tools.version),
    )
    assert answer.status_code == 303
    seen_by = {cast.coordinator.id, cast.observer.id}
    assert sharing_of(session, tools) == Sharing(Marking.RED, accounts=frozenset(seen_by))
    for account in cast.accounts:
        found = find(session, account.actor, "tools")
        assert (found is not None) is (account.id in seen_by), account.email


def test_two_who_mark_at_once_meet(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    client.sign_in(cast.coordinator)
    seen = str(tools.version)
    assert (
        client.submit("/deliverables/tools/marking", marking="AMBER", seen=seen).status_code == 303
    )
    answer = client.submit("/deliverables/tools/marking", marking="GREEN", seen=seen)
    assert answer.status_code == 409
    assert "changed this deliverable meanwhile" in answer.text


@pytest.mark.parametrize("path", ["/deliverables/tools/marking"])
def test_only_a_coordinator_marks_a_deliverable(
    client: Browser, cast: Cast, tools: Deliverable, path: str
) -> None:
    for account in (cast.liaison, cast.observer, cast.administrator):
        client.sign_in(account)
        assert client.get(path).status_code == 403
        assert client.submit(path, marking="CLEAR", seen="1").status_code == 403


def test_what_belongs_to_it_becomes_as_narrow(
    session: Session, cast: Cast, tools: Deliverable
) -> None:
    update = log(session, cast.liaison, tools, evidence=(LINK,))
    wanted = Sharing(Marking.AMBER_STRICT, frozenset({cast.britain.id}))
    marks.mark_deliverable(session, cast.coordinator.actor, tools, wanted, tools.version, make.NOW)
    evidence = session.scalars(select(Evidence)).one()
    assert {update.marking, evidence.marking} == {Marking.AMBER_STRICT}
    assert update.audience_id == tools.audience_id == evidence.audience_id
    assert status_for(session, cast.other_liaison, tools) is Status.IN_PROGRESS


def test_a_liaison_logs_an_update_that_only_those_see_whom_it_names(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    client.sign_in(cast.liaison)
    answer = client.submit(
        "/deliverables/tools/updates",
        status="in_progress",
        note="Quiet talks",
        effective_on=TODAY.isoformat(),
        seen="0",
        marking="RED",
        accounts=[str(cast.observer.id)],
        evidence_url="https://example.org/quiet",
    )
    assert answer.status_code == 303
    for account in cast.accounts:
        client.sign_in(account)
        knows = account in (cast.liaison, cast.observer)
        text = client.get("/deliverables/tools").text
        assert ("Quiet talks" in text) is knows, account.email
        assert ("example.org/quiet" in text) is knows
        assert (
            "In progress"
            in client.page("/deliverables/tools").select_one("[data-deliverable]").get_text()
        ) is knows


@pytest.mark.parametrize(
    ("marking", "field"), [("GREEN", "marking"), ("AMBER", "members"), ("RED", "accounts")]
)
def test_an_update_is_never_wider_than_its_deliverable(
    client: Browser, session: Session, cast: Cast, tools: Deliverable, marking: str, field: str
) -> None:
    marks.mark_deliverable(session, cast.coordinator.actor, tools, AMBER, tools.version, make.NOW)
    client.sign_in(cast.liaison)
    answer = client.submit(
        "/deliverables/tools/updates",
        status="in_progress",
        effective_on=TODAY.isoformat(),
        seen="0",
        marking=marking,
        members=[str(cast.britain.id)],
        accounts=[str(cast.observer.id)],
    )
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert session.scalar(select(func.count()).select_from(StatusUpdate)) == 0


def test_evidence_is_never_wider_than_its_update_and_can_be_narrower(
    session: Session, cast: Cast, tools: Deliverable
) -> None:
    wide = EvidenceLink(title="A", url="https://example.org", sharing=Sharing(Marking.GREEN))
    with pytest.raises(Refused), session.begin_nested():
        log(session, cast.coordinator, tools, sharing=AMBER, evidence=(wide,))
    narrow = EvidenceLink(title="A", url="https://example.org", sharing=AMBER)
    log(session, cast.coordinator, tools, evidence=(narrow,))
    assert session.scalars(select(Evidence)).one().marking is Marking.AMBER


def test_who_logged_an_update_marks_it_anew_and_its_correction_follows(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    first = log(session, cast.liaison, tools, note="First")
    second = log(session, cast.liaison, tools, note="Second", corrects_id=first.id)
    path = f"/deliverables/tools/updates/{first.id}/marking"
    client.sign_in(cast.other_liaison)
    assert client.submit(path, marking="AMBER").status_code == 403
    client.sign_in(cast.liaison)
    assert client.page(path).select_one("#marking option[selected]")["value"] == "GREEN"
    assert client.submit(path, marking="AMBER").status_code == 303
    assert {first.marking, second.marking} == {Marking.AMBER}
    assert status_for(session, cast.other_liaison, tools) is Status.NOT_STARTED
    assert status_for(session, cast.coordinator, tools) is Status.IN_PROGRESS
    wider = f"/deliverables/tools/updates/{second.id}/marking"
    assert client.submit(wider, marking="GREEN").status_code == 422


def test_a_hidden_update_neither_blocks_nor_betrays_itself_to_who_logs(
    session: Session, cast: Cast, tools: Deliverable
) -> None:
    first = log(session, cast.liaison, tools)
    log(session, cast.coordinator, tools, Status.IN_REVIEW, sharing=RED, evidence=(LINK,))
    seen = {"seen_update_id": first.id, "checks_seen": True}
    again = log(session, cast.liaison, tools, Status.IN_REVIEW, note="Done", **seen)
    with pytest.raises(Conflict):
        log(session, cast.liaison, tools, Status.IN_REVIEW, note="Late", **seen)
    assert again.id is not None


def test_evidence_that_a_coordinator_may_not_see_does_not_count_for_it(
    session: Session, cast: Cast, tools: Deliverable
) -> None:
    log(session, cast.liaison, tools, evidence=(LINK,), sharing=RED)
    log(session, cast.liaison, tools, Status.IN_REVIEW, note="Look")
    with pytest.raises(Refused, match="needs evidence"):
        log(session, cast.coordinator, tools, Status.DELIVERED)


def test_a_correction_that_is_hidden_leaves_the_earlier_entry_as_it_was(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    first = log(session, cast.coordinator, tools, note="First", health=Health.ON_TRACK)
    corrected = {"corrects_id": first.id, "note": "Second", "health": Health.OFF_TRACK}
    log(session, cast.coordinator, tools, sharing=RED, **corrected)
    for reader, expected in ((cast.coordinator, "Second"), (cast.observer, "First")):
        latest = latest_updates(session, reader.actor, as_of(None, make.NOW), limit=9)
        assert [update.note for update in latest] == [expected]
    client.sign_in(cast.observer)
    assert "Corrected" not in client.get("/deliverables/tools").text


def test_a_mute_is_as_narrow_as_what_raised_the_flag(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    log(session, cast.coordinator, tools, health=Health.OFF_TRACK, sharing=RED)
    until_on = TODAY + timedelta(days=9)
    entry = muting.MuteEntry(flag=Flag.OFF_TRACK, until_on=until_on, reason="A pause")
    muting.mute(session, cast.coordinator.actor, tools, entry, make.NOW)
    for account in (cast.liaison, cast.administrator):
        client.sign_in(account)
        assert "A pause" not in client.get("/deliverables/tools").text


def test_dependencies_on_what_is_hidden_stay_and_are_not_told(
    session: Session, cast: Cast, tools: Deliverable
) -> None:
    other = make.account(session, cast.coordinator.role, name="Corin")
    secret = make.deliverable(session, by=other, key="secret", marking=Marking.RED)
    open_one = make.deliverable(session, by=other, key="open")
    planning.depend_on(session, other.actor, tools, [secret, open_one], make.NOW)
    assert planning.depend_on(session, cast.coordinator.actor, tools, [open_one], make.NOW) is False
    assert planning.depend_on(session, cast.coordinator.actor, tools, [], make.NOW) is True
    assert planning.dependency_edges(session) == {"tools": {"secret"}}
    with pytest.raises(Refused) as refused:
        planning.depend_on(session, other.actor, secret, [tools], make.NOW)
    assert "secret" in str(refused.value.params)
    told = [str(entry.changes) for entry in trail_of(session, "tools")]
    assert told
    assert "secret" not in " ".join(told)


def trail_of(session: Session, key: str) -> Sequence[AuditEntry]:
    return session.scalars(select(AuditEntry).where(AuditEntry.subject_key == key)).all()


def test_the_trail_tells_nothing_of_what_its_reader_may_not_see(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    log(session, cast.liaison, tools, progress=37, sharing=RED)
    log(session, cast.liaison, tools, progress=41)
    make.deliverable(
        session, by=cast.coordinator, key="quiet", title="Quiet talks", marking=Marking.RED
    )
    for account, knows in ((cast.coordinator, True), (cast.administrator, False)):
        client.sign_in(account)
        for path in ("/audit?subject=quiet", "/audit"):
            assert ("Quiet talks" in client.get(path).text) is knows, (account.email, path)
    for path in ("/audit", "/audit.csv"):
        text = client.get(path).text
        assert re.search(r"→ 41\b|, 41\]", text)
        assert not re.search(r"→ 37\b|\b37 →|, 37\]|\[37,", text)


def test_what_is_red_is_not_in_the_file_of_the_trail_even_for_those_named(
    client: Browser, session: Session, cast: Cast
) -> None:
    make.deliverable(
        session, by=cast.coordinator, key="quiet", title="Quiet talks", marking=Marking.RED
    )
    client.sign_in(cast.coordinator)
    assert "Quiet talks" in client.get("/audit").text
    assert "Quiet talks" not in client.get("/audit.csv").text


def test_administrators_see_what_coordinators_see_and_no_more(
    session: Session, cast: Cast, tools: Deliverable
) -> None:
    log(session, cast.liaison, tools, sharing=AMBER)
    log(session, cast.liaison, tools, sharing=RED)
    assert not marks.may_mark(
        cast.administrator.actor, session.scalars(select(StatusUpdate)).first()
    )
    for reader in (cast.coordinator, cast.administrator):
        latest = latest_updates(session, reader.actor, as_of(None, make.NOW), limit=9)
        assert [update.marking for update in latest] == [Marking.AMBER]


def test_an_update_changes_its_marking_and_nothing_else(
    session: Session, cast: Cast, tools: Deliverable
) -> None:
    update = log(session, cast.liaison, tools, note="First")
    update.note = "Another"
    with pytest.raises(Exception, match="only ever added to"):
        session.flush()


def test_a_liaison_does_not_mark_what_a_coordinator_logged(
    session: Session, cast: Cast, tools: Deliverable
) -> None:
    update = log(session, cast.coordinator, tools)
    with pytest.raises(Forbidden):
        marks.mark_update(session, cast.liaison.actor, tools, update, AMBER, make.NOW)


def test_a_coordinator_names_who_sees_an_agenda_item(
    client: Browser, session: Session, cast: Cast
) -> None:
    meeting = make.meeting(session, key="sitting")
    agenda = Agenda(
        meeting_id=meeting.id,
        created_by_id=cast.coordinator.id,
        created_at=make.NOW,
        proposed_as_of=TODAY,
    )
    session.add(agenda)
    session.flush()
    item = AgendaItem(agenda_id=agenda.id, position=1, kind=ItemKind.DISCUSSION, title="Quiet")
    session.add(item)
    session.commit()
    client.sign_in(cast.coordinator)
    path = f"/agendas/sitting/items/{item.id}/marking"
    assert client.page(path).select_one("#marking option[selected]")["value"] == "GREEN"
    before = agenda.version
    answer = client.submit(path, marking="AMBER", members=[str(cast.kenya.id)])
    assert answer.status_code == 303
    assert sharing_of(session, item) == Sharing(Marking.AMBER, frozenset({cast.kenya.id}))
    assert agenda.version > before
    for account in (cast.liaison, cast.administrator):
        client.sign_in(account)
        assert client.get(path).status_code == 403


def test_an_action_and_a_contribution_are_never_wider_than_their_deliverable(
    session: Session, cast: Cast
) -> None:
    about = make.deliverable(session, by=cast.coordinator, marking=Marking.AMBER)
    rows = {
        "action": Action(
            member_id=cast.kenya.id,
            task="Write it",
            deliverable_id=about.id,
            created_by_id=cast.coordinator.id,
            exists_from=make.PLANNED_ON,
            marking=Marking.AMBER,
        ),
        "contribution": Contribution(
            member_id=cast.kenya.id,
            given_on=make.PLANNED_ON,
            kind=ContributionKind.HOSTING,
            deliverable_id=about.id,
            recorded_by_id=cast.coordinator.id,
            recorded_at=make.NOW,
            marking=Marking.AMBER,
        ),
    }
    session.add_all(rows.values())
    session.flush()
    by = cast.coordinator.actor
    action, gift = rows["action"], rows["contribution"]
    for wanted, is_refused in ((Sharing(Marking.GREEN), True), (RED, False)):
        with nullcontext() if not is_refused else pytest.raises(Refused):
            mark_action(session, by, action, wanted, make.NOW)
        with nullcontext() if not is_refused else pytest.raises(Refused):
            mark_contribution(session, by, cast.kenya, gift, wanted, make.NOW)
    assert {action.marking, gift.marking} == {Marking.RED}
    assert sharing_of(session, action).accounts == {cast.coordinator.id}


def test_a_coordinator_marks_an_action_on_its_page(
    client: Browser, session: Session, cast: Cast
) -> None:
    about = make.deliverable(session, by=cast.coordinator, marking=Marking.AMBER)
    action = Action(
        member_id=cast.kenya.id,
        task="Write it",
        deliverable_id=about.id,
        created_by_id=cast.coordinator.id,
        exists_from=make.PLANNED_ON,
        marking=Marking.AMBER,
    )
    session.add(action)
    session.flush()
    path = f"/actions/{action.id}/marking"
    assert client.sign_in(cast.liaison).get(path).status_code == 403
    page = client.sign_in(cast.coordinator).page(path)
    seen = str(page.select_one("[name=seen]")["value"])  # type: ignore[index]
    assert client.submit(path, marking="GREEN", seen=seen).status_code == 422
    assert client.submit(path, marking="RED", seen=seen).status_code == 303
    session.rollback()
    assert action.marking is Marking.RED
    assert client.sign_in(cast.liaison).page("/actions?state=all").select("[data-action]") == []


def test_evidence_is_hidden_with_its_update_however_it_is_marked_itself(
    session: Session, cast: Cast, tools: Deliverable
) -> None:
    log(session, cast.coordinator, tools, sharing=RED, evidence=(LINK,))
    evidence = session.scalars(select(Evidence)).one()
    evidence.marking, evidence.audience_id = Marking.GREEN, None
    session.flush()
    for reader, knows in ((cast.coordinator, True), (cast.observer, False)):
        seen = session.scalars(select(Evidence).where(visible(reader.actor, Evidence))).all()
        assert bool(seen) is knows
