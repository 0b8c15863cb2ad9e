"""Generated input at every form, address and query string: never a fault of ours, never a change
that was not allowed, always a message.

`BAD_INPUT_EXAMPLES=50` looks deeper than an ordinary run has time for.
"""

import os
import shutil
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import make
import pytest
from browser import Browser
from bs4 import BeautifulSoup
from databases import SqliteFile
from faults.crawling import Form, Site, crawl
from faults.nasty import NAMES, Pairs, encoded, filled, in_gap, in_path, texts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app import create_app
from app.audit.models import AuditEntry
from app.core.db import reading, writing
from app.core.permissions import Role
from app.deliverables.models import Assignment, Deliverable
from app.extensions import db
from app.meetings.models import MeetingSeries, MeetingStatus
from app.members.models import Member
from app.models import Base
from app.people.models import Account
from app.plans.actions import import_files
from app.web.database import Tracker
from config import Settings

DATA = Path(__file__).resolve().parents[2] / "data"
FILES = [DATA / "plan.yaml", DATA / "record.yaml"]
EXAMPLES = int(os.environ.get("BAD_INPUT_EXAMPLES", "2"))
ROLES = ("administrator", "coordinator", "liaison", "observer")
KNOWN = {200, 201, 302, 303, 304, 400, 401, 403, 404, 405, 409, 413, 415, 422, 429}
NOISE = {"audit_entries", "signed_in_sessions", "attempt_counts"}
"""Tables in which a request that is refused may leave a line: that it was."""
OWN = {
    "accounts",
    "api_tokens",
    "calendar_feeds",
    "notice_choices",
    "recovery_codes",
    "saved_views",
    "second_factors",
}
"""Tables in which an observer keeps what is only the observer's."""


class Kept:
    """Everything that the database holds, to see which tables changed."""

    def __init__(self, engine: Engine) -> None:
        self.watch, self.version = reading(engine).connect(), -1
        self.rows: dict[str, int] = {}
        self.changed()

    def changed(self) -> set[str]:
        """The tables that differ from when this was asked last."""
        version = self.watch.exec_driver_sql("PRAGMA data_version").scalar_one()
        found = self.rows
        if version != self.version:
            found = {
                table.name: hash(frozenset(map(repr, self.watch.execute(table.select()))))
                for table in Base.metadata.sorted_tables
            }
        self.watch.rollback()
        before, self.rows, self.version = self.rows, found, version
        return {name for name in found if before.get(name) != found[name]}


@dataclass(frozen=True)
class Prepared:
    """A database with the real plan, an account of each role, and what each of them finds."""

    path: Path
    accounts: dict[str, int]
    sites: dict[str, Site]


@pytest.fixture(scope="module")
def prepared(sqlite_file: SqliteFile, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Made once: SQLite alone, for what is looked at here does not depend on the database."""
    folder = tmp_path_factory.mktemp("bad-input")
    app = tracker(sqlite_file.fresh(folder), folder)
    with Session(writing(db.engine)) as session:
        accounts = readers(session)
        client = browser(app, session)
        sites = {}
        client.sign_in(session.get_one(Account, accounts["coordinator"]))
        for form in list(crawl(app, client, visits=1).forms.values()):
            send(client, form, [(name, values[-1]) for name, values in form.fields if values])
        for role in ROLES:
            sites[role] = crawl(app, client.sign_in(session.get_one(Account, accounts[role])))
    db.engine.dispose()
    return Prepared(folder / "network.sqlite3", accounts, sites)


@pytest.fixture
def client(prepared: Prepared, tmp_path: Path) -> Iterator[Browser]:
    path = tmp_path / "network.sqlite3"
    shutil.copyfile(prepared.path, path)
    app = tracker(f"sqlite:///{path}", tmp_path)
    with Session(writing(db.engine)) as session:
        yield browser(app, session)
    db.engine.dispose()


def tracker(url: str, folder: Path) -> Tracker:
    app = create_app(
        Settings(
            secret_key="only for tests",
            secret_key_fallbacks=(),
            database_url=url,
            instance=folder,
            served_over_tls=False,
            trusted_hosts=(),
            public_url="",
            proxies=0,
            demo=False,
        )
    )
    app.config.update(TESTING=True, NOW=lambda: make.NOW)
    app.test_client_class = Browser
    return app


def browser(app: Tracker, session: Session) -> Browser:
    client = app.test_client()
    assert isinstance(client, Browser)
    client.session = session
    return client


def readers(session: Session) -> dict[str, int]:
    """The real plan and its record, and an account of each role."""
    coordinator = make.account(session, Role.COORDINATOR)
    import_files(session, coordinator.actor, FILES, make.NOW)
    kenya = session.scalars(select(Member).where(Member.code == "KE")).one()
    make.meeting(
        session,
        date(2026, 12, 10),
        status=MeetingStatus.PLANNED,
        exists_from=date(2026, 1, 1),
        series_id=session.scalars(select(MeetingSeries.id)).first(),
    )
    made = {
        "administrator": make.account(session, Role.ADMINISTRATOR),
        "coordinator": coordinator,
        "liaison": make.account(session, Role.LIAISON, member_id=kenya.id),
        "observer": make.account(session, Role.OBSERVER),
    }
    session.commit()
    return {role: account.id for role, account in made.items()}


@pytest.mark.parametrize("role", ROLES)
def test_no_form_breaks_and_none_does_what_its_sender_may_not(
    client: Browser, prepared: Prepared, role: str
) -> None:
    sender = client.session.get_one(Account, prepared.accounts[role])
    forms = list(every_form(client.application, prepared.sites, role))
    assert len(forms) > 40
    kept = Kept(db.engine)
    faults = [fault for form in forms if (fault := fault_of(try_form, client, sender, form, kept))]
    assert not faults, "\n\n".join(faults)


@pytest.mark.parametrize("role", ROLES)
def test_no_address_and_no_query_string_breaks(
    client: Browser, prepared: Prepared, role: str
) -> None:
    client.sign_in(client.session.get_one(Account, prepared.accounts[role]))
    kept, site = Kept(db.engine), prepared.sites[role]
    rules = [
        rule
        for rule in client.application.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and rule.endpoint != "static"
    ]
    faults = [fault for rule in rules if (fault := fault_of(try_address, client, rule, site))]
    assert not faults, "\n\n".join(faults)
    assert kept.changed() <= NOISE | {"calendar_feeds"}


def test_nothing_breaks_before_signing_in(client: Browser) -> None:
    fields = tuple((name, ("",)) for name in ("email", "password", "code", "new", "next"))

    @settings(_examples, max_examples=20 * EXAMPLES)
    @given(st.sampled_from(["/sign-in", "/sign-in/code", "/sign-in/forgotten", "/links/abc"]),
           filled(fields))  # fmt: skip
    def tried(path: str, pairs: Pairs) -> None:
        check(send(client, Form("", path, fields), pairs))

    tried()
    assert client.get("/account").status_code == 302


_examples = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES < 10,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def fault_of(attempt: Callable[..., None], *about: Any) -> str:
    """What went wrong, so that one run tells of all that does; empty for nothing."""
    try:
        attempt(*about)
    except Exception as error:
        notes = getattr(error, "__notes__", [])
        place = traceback.extract_tb(error.__traceback__)[-1]
        return "\n".join(
            [f"{type(error).__name__} at {place.filename}:{place.lineno}", str(error)[:700], *notes]
        )
    return ""


def try_form(client: Browser, sender: Account, form: Form, kept: Kept) -> None:
    @_examples
    @given(filled(form.fields))
    def tried(pairs: Pairs) -> None:
        client.sign_in(sender)  # some forms end the session
        seen = newest_entry(client.session)
        kept.changed()
        answer = send(client, form, pairs)
        check(answer)
        changed = kept.changed()
        if answer.status_code >= 400:
            assert changed <= NOISE, (form, pairs, answer.status)
        if sender.role == Role.OBSERVER:
            assert changed <= NOISE | OWN, (form, pairs)
        check_trail(client.session, sender, seen)

    tried()


def try_address(client: Browser, rule: Rule, site: Site) -> None:
    names = sorted({*site.queries.get(rule.endpoint, set()), *NAMES[-12:], "as_of", "page", "q"})
    known = [urlsplit(address).path for address in site.pages.get(rule.endpoint, [])]

    @_examples
    @given(st.one_of(paths(rule), st.sampled_from(known)) if known else paths(rule),
           st.lists(st.tuples(st.sampled_from(names), texts), max_size=4))  # fmt: skip
    def tried(path: str, pairs: Pairs) -> None:
        check(client.get(path, query_string=encoded(pairs).decode()))

    tried()


@st.composite
def paths(draw: st.DrawFn, rule: Rule) -> str:
    """The path of a rule with anything at all in its gaps."""
    return "".join(
        in_path(draw(texts) or "x") if is_dynamic else part for is_dynamic, part in rule._trace
    ).lstrip("|")


def send(client: Browser, form: Form, pairs: Pairs) -> TestResponse:
    return client.post(
        form.address,
        data=encoded(pairs),
        content_type="application/x-www-form-urlencoded",
        headers={"X-CSRFToken": client.csrf_token()},
    )


def check(answer: TestResponse) -> None:
    where = (answer.request.method, answer.request.url)
    assert answer.status_code in KNOWN, (where, answer.status)
    if answer.status_code < 400:
        return
    if answer.mimetype != "text/html":
        assert answer.text.strip(), where
        return
    page = BeautifulSoup(answer.text, "html.parser")
    where_told = (
        "main [role=alert], main .error, main .code, main .empty"
        if answer.status_code == 422
        else "h1"
    )
    assert page.select(where_told), (where, answer.status, page.get_text(" ", strip=True)[:300])


def every_form(app: Tracker, sites: dict[str, Site], role: str) -> Iterator[Form]:
    """The reader's own; and what others find, and what no page shows, sent all the same."""
    mine = sites[role].forms
    yield from mine.values()
    others = {name: form for other in ROLES for name, form in sites[other].forms.items()}
    yield from (form for name, form in others.items() if name not in mine)
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or set()) and rule.endpoint not in {*others, "people.sign_out"}:
            filled_in = {name: in_gap(gap) for name, gap in rule._converters.items()}
            _domain, path = rule.build(filled_in, append_unknown=False) or ("", "/")
            yield Form(rule.endpoint, path, tuple((name, ("1",)) for name in NAMES[:12]))


def check_trail(session: Session, sender: Account, after: int) -> None:
    """What was done is in the trail under who did it, and a liaison did nothing to a deliverable
    that the own member has no part in."""
    session.commit()
    done = session.scalars(select(AuditEntry).where(AuditEntry.id > after)).all()
    assert {entry.account_id for entry in done} <= {sender.id, None}
    if sender.role != Role.LIAISON:
        return
    about = {e.subject_key for e in done if e.subject_kind == "deliverable" and e.account_id}
    part = select(Deliverable.key).join(Assignment, Assignment.deliverable_id == Deliverable.id)
    own = set(session.scalars(part.where(Assignment.member_id == sender.member_id)))
    assert about <= own


def newest_entry(session: Session) -> int:
    session.commit()
    return session.scalar(select(func.max(AuditEntry.id))) or 0
