"""Searching on both databases: what is found, by whom, and that the index follows every change."""

from collections.abc import Iterator
from datetime import date, datetime

import make
import pytest
from browser import Browser
from cast import Cast
from click.testing import CliRunner
from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session

from app.core.clock import as_of
from app.core.markings import Marking
from app.extensions import db
from app.members.models import Institute
from app.people.models import Account
from app.priorities.models import Body, Question, Theme
from app.search import indexing
from app.search.kinds import KINDS, ROOM
from app.search.models import SearchEntry
from app.search.queries import Found, search
from app.sharing.models import Audience, AudienceAccount
from app.web.database import Tracker


def find(session: Session, reader: Account, text: str, day: date | None = None) -> Found:
    session.flush()
    return search(session, reader.actor, as_of(day, make.NOW), text)


def kinds(session: Session, reader: Account, text: str) -> set[str]:
    return {hit.kind for hit in find(session, reader, text).hits}


def keys(session: Session, reader: Account, text: str) -> list[str]:
    return [hit.key for hit in find(session, reader, text).hits]


def test_things_of_every_kind_are_found(session: Session, cast: Cast) -> None:
    by = cast.coordinator
    tools = make.deliverable(session, by=by, title="Wombat tools")
    make.update(session, tools, by=by, note="The wombats agreed")
    make.priority(session, title="Wombats first")
    make.deadline(session, by=by, place="Wombat Hall")
    make.meeting(session, title="Meeting of wombats")
    make.source(session, publisher="Wombat Press")
    make.member(session, "AU", name="Wombatia")
    session.add_all(
        [
            Institute(member=cast.kenya, name="Wombat Institute", from_on=make.PLANNED_ON),
            Body(key="wombats", name="Group of Wombats", exists_from=make.PLANNED_ON),
            Question(
                key="q1", title="Which wombat?", theme=Theme.GOALS, exists_from=make.PLANNED_ON
            ),
        ]
    )
    assert kinds(session, cast.observer, "WOMBÄT") == {
        "deliverable", "update", "priority", "deadline", "meeting", "source", "member",
        "institute", "body", "question",
    }  # fmt: skip


def test_titles_come_before_texts_and_the_latest_update_before_older_ones(
    session: Session, cast: Cast
) -> None:
    by = cast.coordinator
    noted = make.deliverable(session, by=by, note="about lynxes")
    titled = make.deliverable(session, by=by, title="Lynx")
    for day in (1, 9, 5):
        make.update(session, noted, effective_on=date(2025, 1, day), by=by, note=f"lynx {day}")
    hits = find(session, cast.observer, "lynx").hits
    assert [hit.key for hit in hits[:2]] == [titled.key, noted.key]
    assert [hit.happened_on.day for hit in hits[2:] if hit.happened_on] == [9, 5, 1]


def test_scripts_without_spaces_are_found_in_the_middle(session: Session, cast: Cast) -> None:
    made = make.deliverable(session, by=cast.coordinator, title="国際ネットワーク会合の評価手法")
    for text in ("評価", "ネットワーク", "法", "国際 評価"):
        assert keys(session, cast.observer, text) == [made.key]
    for text in ("際会", "価評", "国法"):
        assert keys(session, cast.observer, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        '"',
        "* OR x",
        "a* NEAR(b)",
        "title:x",
        "' & ! |",
        "x':*",
        "\\",
        "\x00",
        "()" * 90,
        "🦊",
        "%",
    ],
)
def test_no_query_is_taken_for_syntax(
    client: Browser, session: Session, cast: Cast, text: str
) -> None:
    make.deliverable(session, by=cast.coordinator, title="Something else")
    page = client.sign_in(cast.observer).get("/search", query_string={"q": text})
    assert page.status_code == 200
    assert find(session, cast.observer, text).hits == ()


def test_the_index_follows_changes_and_forgets_what_was_taken_back(
    session: Session, cast: Cast
) -> None:
    made = make.deliverable(session, by=cast.coordinator, title="Heron")
    session.commit()
    made.title = "Egret"
    assert keys(session, cast.observer, "heron") == []
    assert keys(session, cast.observer, "egret") == [made.key]
    session.rollback()
    assert keys(session, cast.observer, "heron") == [made.key]
    body = Body(key="un", name="Heronry", exists_from=make.PLANNED_ON)
    session.add(body)
    assert kinds(session, cast.observer, "heron") == {"deliverable", "body"}
    session.delete(body)
    assert kinds(session, cast.observer, "heron") == {"deliverable"}


def test_what_a_reader_may_not_see_is_neither_found_nor_counted(
    client: Browser, session: Session, cast: Cast
) -> None:
    by = cast.coordinator
    audience = Audience()
    session.add(audience)
    session.flush()
    session.add(AudienceAccount(audience_id=audience.id, account_id=cast.observer.id))
    amber = make.deliverable(session, by=by, title="Otter amber", marking=Marking.AMBER)
    make.update(session, amber, by=by, note="otter update")
    red = make.deliverable(session, by=by, title="Otter red", marking=Marking.RED)
    red.audience_id = audience.id
    make.assignment(session, amber, cast.kenya, by=by)
    expected = {
        cast.coordinator: {"deliverable": 1, "update": 1},
        cast.administrator: {"deliverable": 1, "update": 1},
        cast.liaison: {"deliverable": 1, "update": 1},
        cast.other_liaison: {},
        cast.observer: {"deliverable": 1},
    }
    for reader, counts in expected.items():
        found = find(session, reader, "otter")
        assert (found.counts, len(found.hits)) == (counts, sum(counts.values())), reader.email
    page = client.sign_in(cast.coordinator).page("/search?q=otter")
    assert page.select_one(".foot .tlp").text == "TLP:AMBER"
    session.flush()
    assert search(session, None, as_of(None, make.NOW), "otter").total == 0


def test_nothing_is_found_before_its_day(session: Session, cast: Cast) -> None:
    made = make.deliverable(
        session, by=cast.coordinator, title="Badger", exists_from=date(2025, 3, 1)
    )
    make.update(
        session, made, effective_on=date(2025, 6, 1), by=cast.coordinator, note="badger seen"
    )
    found = [
        find(session, cast.observer, "badger", day).total
        for day in (date(2025, 2, 28), date(2025, 3, 1), date(2025, 6, 1))
    ]
    assert found == [0, 1, 2]


@pytest.fixture
def questions_asked(app: Tracker) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield asked
    event.remove(db.engine, "before_cursor_execute", note)


def test_pages_of_finds_repeat_and_lose_nothing_and_ask_as_much_for_many_as_for_few(
    client: Browser, session: Session, cast: Cast, questions_asked: list[str]
) -> None:
    client.sign_in(cast.observer)
    made = [make.deliverable(session, by=cast.coordinator, title=f"Ibex {n}") for n in range(2)]
    client.page("/search?q=ibex")
    questions_asked.clear()
    client.page("/search?q=ibex")
    few = len(questions_asked)
    made += [make.deliverable(session, by=cast.coordinator, title=f"Ibex {n}") for n in range(58)]
    for each in made[:20]:
        make.update(session, each, by=cast.coordinator, note="ibex")
    session.commit()
    questions_asked.clear()
    pages = [client.page(f"/search?q=ibex&kind=deliverable&page={n}") for n in (1, 2, 3)]
    assert len(questions_asked) <= 3 * few
    shown = [hit["data-key"] for page in pages for hit in page.select(".hits > li[data-key]")]
    assert sorted(shown) == sorted(each.key for each in made)


def test_made_anew_the_index_is_what_it_was(
    app: Tracker, session: Session, cast: Cast, now: datetime
) -> None:
    made = make.deliverable(session, by=cast.coordinator, title="Marten")
    make.update(session, made, by=cast.coordinator, note="marten")
    session.commit()

    def everything() -> list[tuple[object, ...]]:
        session.rollback()
        rows = session.execute(select(SearchEntry.__table__).order_by(SearchEntry.id))
        return [tuple(row) for row in rows]

    before = everything()
    found = keys(session, cast.observer, "marten")
    session.execute(delete(SearchEntry))
    session.execute(delete(indexing.INDEX))
    session.commit()
    assert keys(session, cast.observer, "marten") == []
    session.rollback()
    with app.app_context():
        result = CliRunner().invoke(app.cli, ["search", "rebuild"], obj=None)
    assert result.exit_code == 0, result.output
    assert everything() == before
    assert keys(session, cast.observer, "marten") == found


def test_every_kind_has_a_number_of_its_own() -> None:
    numbers = [kind.number for kind in KINDS.values()]
    assert len(set(numbers)) == len(numbers)
    assert max(numbers) < ROOM


def test_a_find_leads_to_the_page_that_shows_it(
    client: Browser, session: Session, cast: Cast
) -> None:
    made = make.deliverable(session, by=cast.coordinator, key="stoat", title="Stoat <b>")
    update = make.update(session, made, by=cast.coordinator, note="a stoat & more")
    page = client.sign_in(cast.observer).page("/search?q=stoat&as_of=2026-01-01")
    links = [link["href"] for link in page.select(".hits a")]
    assert links == [
        "/deliverables/stoat?as_of=2026-01-01",
        f"/deliverables/stoat?as_of=2026-01-01#update-{update.id}",
    ]
    assert page.select_one(".hits mark").text == "Stoat"
    assert page.select_one(".hits b") is None
