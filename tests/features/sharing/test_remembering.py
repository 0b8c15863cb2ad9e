"""What is remembered is never stale and never told to whom it does not concern."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier, current_thread

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy.orm import Session

from app.core.markings import Marking
from app.decisions.actions import proposing
from app.decisions.actions.proposing import ProposalEntry
from app.deliverables.actions.schedule import Due
from app.deliverables.models import AssignmentRole, AssignmentState, Deliverable
from app.deliverables.rules.moves import Status
from app.extensions import db
from app.members.models import DecisionRule
from app.sharing import remembering
from app.sharing.remembering import remembered
from app.sharing.rules import Sharing
from app.web.database import Tracker

PAGES = (
    "/",
    "/attention",
    "/priorities",
    "/priorities/agenda",
    "/deadlines",
    "/deadlines/convening",
    "/members",
    "/members/KE",
    "/timeline",
    "/matrix",
    "/compare?from=2024-10-01",
    "/functions",
    "/deliverables",
    "/deliverables/plain",
)


@pytest.fixture
def client(client: Browser) -> Browser:
    """A browser of somebody who relies on what is remembered."""
    client.forgets = False
    return client


@pytest.fixture
def plain(session: Session, cast: Cast) -> Deliverable:
    of = make.priority(session, key="agenda")
    due = make.deadline(session, date(2027, 1, 5), by=cast.coordinator, key="convening")
    made = make.deliverable(
        session,
        by=cast.coordinator,
        key="plain",
        title="Plain work",
        priority=of,
        due=Due(deadline_id=due.id),
    )
    make.assignment(session, made, cast.kenya, by=cast.coordinator)
    return made


def main(client: Browser, path: str) -> str:
    """The page without what the frame says of the reader."""
    page = client.page(path)
    for field in page.select('input[name="csrf_token"]'):
        field.decompose()
    return str(page.main)


def test_a_page_asked_again_is_the_same_page(
    client: Browser, cast: Cast, plain: Deliverable
) -> None:
    client.sign_in(cast.coordinator)
    for path in PAGES:
        assert main(client, path) == main(client, path), path


def test_what_is_logged_shows_at_once(
    client: Browser, session: Session, cast: Cast, plain: Deliverable
) -> None:
    client.sign_in(cast.observer)
    before = {path: main(client, path) for path in PAGES}
    make.update(session, plain, Status.DELIVERED, date(2026, 11, 20), by=cast.coordinator)
    for path in PAGES:
        if path not in {"/functions", "/matrix"}:  # they do not tell how far the work is
            assert main(client, path) != before[path], path
    figures = client.page("/").select_one('[data-progress-of="network"]')
    assert (figures["data-delivered"], figures["data-total"]) == ("1", "1")


@pytest.mark.parametrize("marking", [Marking.AMBER, Marking.AMBER_STRICT, Marking.RED])
@pytest.mark.parametrize("order", [1, -1])
def test_each_reader_is_told_what_that_reader_may_know(
    client: Browser,
    session: Session,
    cast: Cast,
    plain: Deliverable,
    marking: Marking,
    order: int,
) -> None:
    secret = make.deliverable(
        session,
        by=cast.coordinator,
        title="Quiet talks",
        key="quiet",
        marking=marking,
    )
    make.assignment(session, secret, cast.kenya, AssignmentRole.LEAD, by=cast.coordinator)
    sees = _who_sees(cast, marking)
    for account in cast.accounts[::order] + cast.accounts[::-order]:
        client.sign_in(account)
        for path in ("/", "/attention", "/timeline", "/matrix", "/deliverables"):
            page = client.page(path)
            assert ("Quiet talks" in page.get_text()) is (account.email in sees), (
                account.email,
                path,
            )
            marked = page.select_one(".foot .tlp").get_text()
            assert (marked == f"TLP:{marking}") is (account.email in sees), (account.email, path)


def _who_sees(cast: Cast, marking: Marking) -> set[str]:
    if marking is Marking.RED:
        return {cast.coordinator.email}
    return {a.email for a in (cast.coordinator, cast.administrator, cast.liaison)}


def test_what_the_role_allows_is_not_offered_to_another(
    client: Browser, cast: Cast, plain: Deliverable
) -> None:
    for account in (cast.coordinator, cast.observer, cast.liaison, cast.other_liaison) * 2:
        client.sign_in(account)
        page = client.page("/deliverables/plain").main.get_text()
        may_log = account in (cast.coordinator, cast.liaison)
        assert ("Log an update" in page) is may_log, account.email


def test_a_form_on_a_remembered_page_carries_the_token_of_its_reader(
    client: Browser, session: Session, cast: Cast, plain: Deliverable
) -> None:
    make.assignment(
        session,
        plain,
        cast.britain,
        AssignmentRole.CONTRIBUTOR,
        AssignmentState.PROPOSED,
        by=cast.coordinator,
    )
    tokens = []
    for account in (cast.other_liaison, cast.other_liaison):
        client.sign_in(account)
        client.page("/deliverables/plain")
        page = client.page("/deliverables/plain")
        form = page.select_one('form[action*="/answer"]')
        fields = {
            str(i["name"]): str(i.get("value", "")) for i in form.select("input[type=hidden]")
        }
        tokens.append(fields["csrf_token"])
        assert "\x1d" not in str(page)
    assert tokens[0] != tokens[1]
    answer = client.post(str(form["action"]), data={**fields, "answer": "accept"})
    assert answer.status_code == 303


def test_an_unchanged_page_is_not_sent_again_and_a_changed_one_is(
    client: Browser, session: Session, cast: Cast, plain: Deliverable
) -> None:
    client.sign_in(cast.observer)
    for path in PAGES:
        tag = client.get(path).headers["ETag"]
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b""), path
    tags = {path: client.get(path).headers["ETag"] for path in PAGES}
    make.update(session, plain, Status.IN_PROGRESS, date(2026, 11, 20), by=cast.coordinator)
    for path, tag in tags.items():
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 200, path


def test_a_tag_is_of_no_use_to_another_reader(
    client: Browser, cast: Cast, plain: Deliverable
) -> None:
    tag = client.sign_in(cast.coordinator).get("/").headers["ETag"]
    client.sign_in(cast.administrator)
    assert client.get("/", headers={"If-None-Match": tag}).status_code == 200


def test_what_is_red_is_not_written_down_by_the_browser(
    client: Browser, session: Session, cast: Cast
) -> None:
    make.deliverable(session, by=cast.coordinator, marking=Marking.RED)
    answer = client.sign_in(cast.coordinator).get("/deliverables")
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.sign_in(cast.observer).get("/deliverables").headers["ETag"]


def test_a_decision_leaves_the_overview_when_its_time_is_over(
    app: Tracker, client: Browser, session: Session, cast: Cast, now: datetime
) -> None:
    """Nothing is written at that moment: the hour alone changes the page."""
    entry = ProposalEntry(
        title="Meet twice a year",
        proposal="The network meets every six months.",
        rule=DecisionRule.CONSENSUS,
        quorum=1,
        silence_is_assent=True,
        opens_at=now,
        closes_at=now + timedelta(hours=2),
        sharing=Sharing(Marking.GREEN),
    )
    made = proposing.draft(session, cast.coordinator.actor, entry, now)
    proposing.put(session, cast.coordinator.actor, made, made.version, now)
    client.sign_in(cast.observer)
    tag = client.get("/").headers["ETag"]
    assert "Meet twice a year" in main(client, "/")
    app.config["NOW"] = lambda: now + timedelta(hours=3)
    assert "Meet twice a year" not in main(client, "/")
    assert client.get("/", headers={"If-None-Match": tag}).status_code == 200


def test_what_many_ask_for_at_once_is_worked_out_once(
    app: Tracker, session: Session, cast: Cast, plain: Deliverable
) -> None:
    session.commit()
    remembering.forget()
    reader, begun, made = cast.observer.actor, Barrier(4), []

    def make_it() -> int:
        made.append(current_thread())
        return len(made)

    def ask(_: int) -> int:
        with db.glance() as glance:
            begun.wait(timeout=20)
            return remembered(glance, reader, None, "once", make_it)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(4))) == [1, 1, 1, 1]
    assert len(made) == 1
