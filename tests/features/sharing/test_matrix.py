"""Role by thing by marking by way: who meets what, from the one table in `marked_world`.

All generated. The matrix asks, of each page, list, count, search and file that is
named in SHOWN, whether exactly those meet the thing who should. The walk opens every address of
the application as everybody, and finds nothing that should not be there; a new address is walked
without a line here, unless it takes a value that VALUES does not know. And a route that is a file,
a feed or an API fails until it stands in SHOWN or in NOTHING_MARKED.
"""

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from browser import Browser
from cast import Cast
from marked_world import (
    OUTSIDE,
    ROLES,
    THINGS,
    TOKENS,
    World,
    expected,
    found_in,
    slug,
    text_of,
    token,
)
from program import ROOT, token_of
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.core.markings import Channel, Marking
from app.documents.formats import FORMATS
from app.plans.exports.sheets import ENDINGS
from app.plans.models import SheetKind
from app.web.access import PUBLIC, mark_of
from app.web.figures import ASKED as PICTURE
from app.web.tables import DOWNLOAD, KINDS

Address = Callable[[World, Marking], str]
SCREEN, EXPORT, FEED, API = Channel.SCREEN, Channel.EXPORT, Channel.FEED, Channel.API
KENYA = frozenset({"sharing"})


@dataclass(frozen=True)
class Way:
    """How a thing reaches somebody. `roles`: who has this way at all."""

    thing: str
    channel: Channel | str
    endpoint: str
    address: Address
    roles: frozenset[str] = frozenset(ROLES)
    told_by: Callable[[str, Marking], str] = token
    """What stands in the answer where it is met."""


def searched(thing: str) -> Address:
    """The words that are looked for stand on the page anyway; a find is marked up."""
    return lambda _, marking: f"/search?q={token(thing, marking)}"


def found(_thing: str, _marking: Marking) -> str:
    return "<mark>"


DOCUMENTS = [each for each in FORMATS.values() if each.extension != "ics"]
"""A calendar holds the meeting and its agenda, and nothing of what came of it."""
CONTRIBUTIONS = f"{ROOT}/contributions"


def sought(thing: str) -> Address:
    return lambda _, marking: f"{ROOT}/search?q={token(thing, marking)}"


THROUGH_THE_API: Sequence[tuple[str, Channel, str, Address]] = (
    ("deliverable", API, "api-deliverables.listed", lambda _, m: f"{ROOT}/deliverables"),
    (
        "deliverable",
        API,
        "api-deliverables.show",
        lambda _, m: f"{ROOT}/deliverables/d-{slug(m)}",
    ),
    ("update", API, "api-deliverables.updates", lambda _, m: f"{ROOT}/deliverables/host/updates"),
    ("update", API, "api-deliverables.show", lambda _, m: f"{ROOT}/deliverables/host"),
    ("evidence", API, "api-deliverables.show", lambda _, m: f"{ROOT}/deliverables/host"),
    ("decision", API, "api-decisions.all_decisions", lambda _, m: f"{ROOT}/decisions"),
    (
        "decision",
        API,
        "api-decisions.show",
        lambda _, m: f"{ROOT}/decisions/decision-{slug(m)}",
    ),
    ("contribution", API, "api-contributions.all_contributions", lambda _, m: CONTRIBUTIONS),
    ("action", API, "api-agendas.all_actions", lambda _, m: f"{ROOT}/actions"),
    ("item", API, "api-agendas.one_agenda", lambda _, m: f"{ROOT}/meetings/sitting/agendas/1"),
    (
        "deliverable",
        API,
        "api-deliverables.schedule",
        lambda _, m: f"{ROOT}/deliverables/d-{slug(m)}/schedule",
    ),
    ("deliverable", API, "api-network.all_parts", lambda _, m: f"{ROOT}/matrix"),
    ("deliverable", API, "api-network.timeline", lambda _, m: f"{ROOT}/timeline"),
    ("deliverable", API, "api-network.compare", lambda _, m: f"{ROOT}/compare?from=2020-01-01"),
    (
        "deliverable",
        API,
        "api-deliverables.forecast",
        lambda _, m: f"{ROOT}/deadlines/due/forecast",
    ),
    (
        "contribution",
        API,
        "api-contributions.one_contribution",
        lambda w, m: f"{CONTRIBUTIONS}/{w.ids['contribution', m]}",
    ),
    (
        "action",
        API,
        "api-agendas.one_action",
        lambda w, m: f"{ROOT}/actions/{w.ids['action', m]}",
    ),
    *(
        (thing, API, "api-agendas.one_minutes", lambda _, m: f"{ROOT}/meetings/sitting/minutes/1")
        for thing in ("item", "action")
    ),
    ("letter", API, "api-letters.all_letters", lambda _, m: f"{ROOT}/letters"),
    ("letter", API, "api-letters.one_letter", lambda _, m: f"{ROOT}/letters/letter-{slug(m)}"),
    ("deliverable", API, "api-search.search", sought("deliverable")),
    ("update", API, "api-search.search", sought("update")),
    ("decision", API, "api-search.search", sought("decision")),
)
SHOWN: Sequence[Way] = (
    Way("deliverable", SCREEN, "deliverables.show", lambda _, m: f"/deliverables/d-{slug(m)}"),
    Way("deliverable", SCREEN, "deliverables.index", lambda _, m: "/deliverables"),
    Way("deliverable", SCREEN, "priorities.show", lambda _, m: "/priorities/marked"),
    Way("deliverable", SCREEN, "deadlines.show", lambda _, m: "/deadlines/due"),
    Way("deliverable", SCREEN, "matrix.show", lambda _, m: "/matrix"),
    *(
        Way(
            "deliverable",
            EXPORT,
            "matrix.show",
            lambda _, m, kind=kind: f"/matrix?download=matrix.{kind}",
        )
        for kind in KINDS
    ),
    Way("deliverable", SCREEN, "search.index", searched("deliverable"), told_by=found),
    Way("deliverable", FEED, "calendars.feed", lambda w, m: f"/feeds/{w.feed}.ics", KENYA),
    Way("deliverable", OUTSIDE, "public.show", lambda _, m: "/public"),
    Way("update", OUTSIDE, "public.show", lambda _, m: "/public"),
    Way("update", OUTSIDE, "public.feed", lambda _, m: "/public/feed.atom"),
    Way("update", SCREEN, "deliverables.show", lambda _, m: "/deliverables/host"),
    Way("update", SCREEN, "search.index", searched("update"), told_by=found),
    Way("evidence", SCREEN, "deliverables.show", lambda _, m: "/deliverables/host"),
    Way("item", SCREEN, "agendas.version", lambda _, m: "/agendas/sitting/1"),
    Way("item", SCREEN, "search.index", searched("item"), told_by=found),
    Way("item", SCREEN, "agendas.minutes_version", lambda _, m: "/agendas/sitting/minutes/1"),
    *(
        Way(
            thing,
            EXPORT,
            "agendas.export_minutes",
            lambda _, m, e=each.extension: f"/agendas/sitting/minutes/1.{e}",
        )
        for thing in ("item", "action")
        for each in DOCUMENTS
    ),
    *(
        Way(
            "deliverable",
            EXPORT,
            "reviews.export",
            lambda w, m, e=each.extension: f"/reviews/{w.review.id}.{e}",
            frozenset({"coordinator"}),
        )
        for each in DOCUMENTS
    ),
    *(
        Way(
            "item",
            EXPORT,
            "agendas.export",
            lambda _, m, e=each.extension: f"/agendas/sitting/1.{e}",
        )
        for each in FORMATS.values()
    ),
    Way("decision", SCREEN, "decisions.show", lambda _, m: f"/decisions/decision-{slug(m)}"),
    *(
        Way(
            "decision",
            EXPORT,
            "decisions.export",
            lambda _, m, e=each.extension: f"/decisions/closed-{slug(m)}/certificate.{e}",
        )
        for each in DOCUMENTS
    ),
    Way("decision", SCREEN, "decisions.index", lambda _, m: "/decisions"),
    Way("decision", SCREEN, "search.index", searched("decision"), told_by=found),
    Way("contribution", SCREEN, "members.show", lambda _, m: "/members/KE"),
    Way("contribution", SCREEN, "contributions.index", lambda _, m: "/contributions"),
    Way(
        "contribution",
        SCREEN,
        "contributions.show",
        lambda w, m: f"/contributions/{w.ids['contribution', m]}",
    ),
    *(
        Way(
            "contribution",
            EXPORT,
            "contributions.index",
            lambda _, m, kind=kind: f"/contributions?download=contributions.{kind}",
        )
        for kind in KINDS
    ),
    Way("letter", SCREEN, "correspondence.index", lambda _, m: "/letters"),
    Way("letter", SCREEN, "correspondence.show", lambda _, m: f"/letters/letter-{slug(m)}"),
    Way("letter", SCREEN, "dashboards.needs", lambda _, m: "/attention"),
    *(
        Way(
            "letter",
            EXPORT,
            "correspondence.index",
            lambda _, m, kind=kind: f"/letters?download=letters.{kind}",
        )
        for kind in KINDS
    ),
    *(
        Way(
            thing,
            EXPORT,
            "imports.export",
            lambda _, m, name=f"{thing}s", e=ending: f"/tables/{name}.{e}",
        )
        for thing in ("deliverable", "update", "contribution")
        for ending in ENDINGS
    ),
    Way("contribution", EXPORT, "imports.archived", lambda _, m: "/members/KE/archive"),
    Way("action", EXPORT, "imports.archived", lambda _, m: "/members/KE/archive"),
    Way(
        "deliverable",
        API,
        "api-reviews.one_review",
        lambda w, m: f"{ROOT}/reviews/{w.review.id}",
        frozenset({"coordinator"}),
    ),
    Way("action", API, "api-desk.desk", lambda _, m: f"{ROOT}/desk", KENYA),
    Way("action", SCREEN, "agendas.actions", lambda _, m: "/actions"),
    Way("action", SCREEN, "desk.index", lambda _, m: "/desk", KENYA),
    Way("action", FEED, "calendars.feed", lambda w, m: f"/feeds/{w.feed}.ics", KENYA),
    *(Way(*way) for way in THROUGH_THE_API),
)
"""Whoever adds a way adds a line."""

NETWORK = (
    "overview", "needs", "all_priorities", "one_priority", "all_deadlines", "one_deadline",
    "all_members", "one_member", "all_functions", "all_questions", "add_a_priority",
    "change_priority", "add_a_deadline", "move", "all_slips", "over_time", "ranked", "carried",
)  # fmt: skip
AROUND = (
    "needs", "set_needs", "dates", "propose_date", "agree", "counter", "refuse", "withdraw",
    "muted", "mute", "unmute", "end_part",
)  # fmt: skip
NOTHING_MARKED = {
    # Walked as they are, and found to tell nothing.
    "audit.export",
    "agendas.export_draft",
    "agendas.export_minutes_draft",
    "calendars.meeting",
    "calendars.series",
    "calendars.index",
    "calendars.make",
    "calendars.revoke",
    "deliverables.evidence_file",
    "correspondence.attach",
    "correspondence.detach",
    "correspondence.file",
    # They hold none of the things.
    "operations.metrics",
    "agendas.print_style",
    "documents.schema",
    "documents.print_style",
    "api.document",
    "api.documentation",
    # Walked as they are: figures over what each may see, and what has no marking.
    *(f"api-network.{each}" for each in NETWORK),
    *(f"api-meetings.{each}" for each in ("all_meetings", "one_meeting", "cadence")),
    *(f"api-agendas.{each}" for each in ("published", "published_minutes", "settle")),
    *(f"api-reviews.{each}" for each in ("all_reviews", "begin", "choose")),
    *(f"api-contributions.{each}" for each in ("correct", "withdraw")),
    "api-bodies.all_bodies",
    "api-audit.listed",
    "imports.blank",
    # They answer a receipt; what cannot be seen is refused as missing (test_matrix_of_writes.py).
    *(f"api-deliverables.{each}" for each in AROUND),
    *(f"api-deliverables.{each}" for each in ("log", "log_many", "answer", "add", "change")),
    "api-deliverables.propose",
    "api-decisions.take",
    "api-agendas.propose",
    "api-contributions.record",
    "static",
    "web.health",
}
"""Files, feeds and APIs that hold none of the things, or are walked as they are."""

IS_WAY_OUT = re.compile(r"\.|export|feed|atom|rss|ics|/api|json|csv|download|/file")


class Asker:
    """Browsers of everybody, on one world. Each address is opened once by each."""

    def __init__(self, client: Browser, world: World) -> None:
        self.client, self.world = client, world
        self.opened: dict[str, tuple[int, str]] = {}
        self.token: dict[str, str] = {}
        client.application.config.update(API_READS=10**6)

    def ask(self, path: str) -> tuple[int, str]:
        if path not in self.opened:
            answer = self.client.get(path, headers=self.token if path.startswith("/api/") else {})
            self.opened[path] = answer.status_code, text_of(answer)
        return self.opened[path]

    def each(self) -> Iterator[str]:
        for role in ROLES:
            account = self.world.roles[role]
            self.client.sign_in(account)
            secret = token_of(self.client.session, account) if account else ""
            self.token = {"Authorization": f"Bearer {secret}"} if secret else {}
            self.opened.clear()
            yield role


@pytest.fixture
def asker(client: Browser, session: Session, cast: Cast) -> Asker:
    return Asker(client, World(session, cast).build())


def test_each_meets_what_the_table_says_and_nothing_else(asker: Asker) -> None:
    wrong = []
    for role in asker.each():
        for way, marking in product(SHOWN, Marking):
            if role in way.roles:
                path = way.address(asker.world, marking)
                status, text = asker.ask(path)
                meets = status == 200 and way.told_by(way.thing, marking) in text
                if meets != expected(role, marking, way.channel):
                    wrong.append((role, way.thing, marking.value, str(way.channel), path, meets))
    assert wrong == []


def test_counts_are_over_what_each_may_see(asker: Asker) -> None:
    for role in asker.each():
        if role == "anonymous":
            continue
        page = asker.client.page("/priorities/marked")
        counted = int(page.select_one("[data-progress-of]")["data-total"])
        assert counted == sum(expected(role, marking, SCREEN) for marking in Marking), role


Values = Callable[[World], Sequence[Any]]


def numbers(thing: str) -> Values:
    return lambda world: [world.ids[thing, marking] for marking in Marking]


def only(*values: Any) -> Values:
    return lambda world: values


DELIVERABLES = only("host", *(f"d-{slug(marking)}" for marking in Marking))
EXTENSIONS = only(*(each.extension for each in FORMATS.values()))
VALUES: Mapping[str, Values] = {
    "/accounts/": only(1),
    "/actions/": numbers("action"),
    "/agendas/": only("sitting"),
    "/agendas/<key>/": only(1),
    "/agendas/<key>/draft.": EXTENSIONS,
    "/agendas/<key>/<int:number>.": EXTENSIONS,
    "/agendas/<key>/items/": numbers("item"),
    "/agendas/<key>/minutes/": only(1),
    "/agendas/<key>/minutes/<int:number>.": EXTENSIONS,
    "/agendas/<key>/minutes/draft.": EXTENSIONS,
    "/agendas/<key>/proposals/": only(1),
    "/bodies/": only("none"),
    "/bodies/<key>/engagements/": only(1),
    "/bodies/<key>/programmes/": only(1),
    "/cadence/": only("cadence"),
    "/contributions/": numbers("contribution"),
    "/deadlines/": only("due"),
    "/decisions/": only(
        *(f"{state}-{slug(marking)}" for state in ("closed", "decision") for marking in Marking)
    ),
    "/decisions/<key>/certificate.": EXTENSIONS,
    "/deliverables/": DELIVERABLES,
    f"{ROOT}/deliverables/": DELIVERABLES,
    f"{ROOT}/priorities/": only("marked"),
    f"{ROOT}/deadlines/": only("due"),
    f"{ROOT}/members/": only("KE", "GB"),
    f"{ROOT}/meetings/": only("sitting"),
    f"{ROOT}/meetings/<key:key>/agendas/": only(1),
    f"{ROOT}/meetings/<key:key>/minutes/": only(1),
    f"{ROOT}/actions/": numbers("action"),
    f"{ROOT}/contributions/": numbers("contribution"),
    f"{ROOT}/letters/": only(*(f"letter-{slug(marking)}" for marking in Marking)),
    f"{ROOT}/reviews/": lambda world: [world.review.id],
    f"{ROOT}/decisions/": only(*(f"decision-{slug(marking)}" for marking in Marking)),
    "/deliverables/<key>/updates/": numbers("update"),
    "/deliverables/views/": only("none"),
    "/evidence/": numbers("evidence"),
    "/feeds/": only("none"),
    "/functions/": only("none"),
    "/import/": only(1),
    "/leadership/": only(1),
    "/letters/": only(*(f"letter-{slug(marking)}" for marking in Marking)),
    "/letters/<key>/files/": only(1),
    "/links/": only("none"),
    "/mail/open/": only("none"),
    "/mail/unsubscribe/": only("none"),
    "/meetings/": only("sitting"),
    "/members/": only("KE", "GB"),
    "/membership/": only("KE"),
    "/membership/<code>/criteria/": only("evidence"),
    "/members/<code>/functions/": only("none"),
    "/priorities/": only("marked"),
    "/questions/": only("none"),
    "/reviews/": lambda world: [world.review.id],
    "/reviews/<int:review_id>.": EXTENSIONS,
    "/schemas/": only("agenda-1"),
    "/static/": only("0"),
    "/static/<digest>/": only("none"),
    "/tables/": only(*SheetKind),
    "/tables/<kind>.": only(*ENDINGS),
    "/tables/template/": only(*SheetKind),
    "/tables/template/<kind>.": only(*ENDINGS),
    "/tracks/": only("goals"),
}
"""By what stands before it in a rule: what an argument can be. Of several arguments all but the
last take the first value."""


ARGUMENT = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")


def addresses(rules: Sequence[Rule], world: World) -> Iterator[tuple[str, str]]:
    """Every address of the application that is read, with its endpoint; those of which a value is
    not known fail here."""
    for rule in rules:
        if "GET" in (rule.methods or ()):
            places = [(m.start(), m[1]) for m in ARGUMENT.finditer(rule.rule)]
            known = {}
            for start, name in places:
                before = rule.rule[:start]
                assert before in VALUES, f"{rule.rule}: say in VALUES what {name} can be"
                known[name] = VALUES[before](world)
            first = {name: values[0] for name, values in known.items()}
            last = places[-1][1] if places else ""
            for value in known.get(last, [None]):
                built = rule.build({**first, last: value} if last else {})
                assert built is not None
                yield rule.endpoint, built[1]


def way_of(endpoint: str, path: str) -> Channel | str:
    if path in ("/public", "/public/feed.atom"):
        return OUTSIDE
    if path.startswith("/api"):
        return API
    if path.startswith("/feeds"):
        return FEED
    is_file = bool(re.search(r"\.[a-z]{2,5}$", path)) or "/file" in path
    return EXPORT if is_file or TAKEN.search(path) else SCREEN


TAKEN = re.compile(rf"[?&](?:{DOWNLOAD}|{PICTURE})=")
"""A page that is asked for as a file."""


def files_of(text: str) -> list[str]:
    links = re.findall(r'href="([^"#]*)', text)
    return sorted({html.unescape(link) for link in links if TAKEN.search(link)})


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_address_shows_anybody_what_is_not_theirs(asker: Asker) -> None:
    rules = list(asker.client.application.url_map.iter_rules())
    every = list(addresses(rules, asker.world))
    assert len(every) > 150
    wrong, shown, taken = [], 0, 0
    for role in asker.each():
        for endpoint, path in every:
            _status, text = asker.ask(path)
            files = [] if role in FEW_FILES else files_of(text)
            taken += len(files)
            for address, answer in [(path, text), *((each, asker.ask(each)[1]) for each in files)]:
                for thing, marking in found_in(answer):
                    shown += 1
                    if not expected(role, marking, way_of(endpoint, address)):
                        wrong.append((role, address, thing, marking.value))
    assert wrong == []
    assert shown > 300
    assert taken > 50


FEW_FILES = frozenset({"anonymous", "administrator", "observer"})
"""They see no more than another role that takes every file."""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_file_feed_and_api_is_in_the_matrix(asker: Asker) -> None:
    covered = {way.endpoint for way in SHOWN} | NOTHING_MARKED
    rules = asker.client.application.url_map.iter_rules()
    ways_out = {rule.endpoint for rule in rules if IS_WAY_OUT.search(rule.rule)}
    assert ways_out >= {"agendas.export", "audit.export"}
    missing = ways_out - covered
    assert missing == set(), "add them to SHOWN (or to NOTHING_MARKED)"


def test_the_table_tells_apart_what_the_domain_does() -> None:
    """Guards the guard: each thing has a line, and each word stands for one thing alone."""
    assert {way.thing for way in SHOWN} == set(THINGS)
    assert {way.channel for way in SHOWN} >= {SCREEN, EXPORT, FEED}
    assert len(set(TOKENS.values())) == len(THINGS) * len(Marking)
    for word, other in product(TOKENS.values(), repeat=2):
        assert word == other or word not in other


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_what_is_public_answers_a_stranger(asker: Asker) -> None:
    application = asker.client.application
    for endpoint, path in addresses(list(application.url_map.iter_rules()), asker.world):
        if mark_of(application.view_functions[endpoint]) != PUBLIC:
            assert asker.client.get(path).status_code in (302, 303, 401), path
