"""Files of an agenda, read by parsers that did not write them."""

import base64
import hashlib
from itertools import pairwise
from pathlib import Path

import html5lib
import mistune
import pytest
from browser import Browser
from cast import Cast
from exported import text_of
from flask.testing import FlaskCliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agendas.models import Agenda, AgendaItem
from app.audit.models import AuditEntry
from app.core.markings import Marking
from app.documents.formats import FORMATS
from app.meetings.models import Meeting
from app.sharing.models import AudienceAccount
from app.web.database import Tracker

TITLES = [
    "Ein *sehr* <b>langer</b> Titel & noch etwas",
    "日本語の議題：評価手法 #1",
    "한국어 안건",
    "جدول الأعمال",
    "# [Un titre](javascript:alert(1)) `avec` tout_ce_qu'il ~~faut~~",
]


@pytest.fixture
def published(proposed: Browser, session: Session) -> Browser:
    for title in TITLES:
        fields = {"kind": "discussion", "title": title, "minutes": "5", "marking": "GREEN"}
        note = "- one\n- **two**\n\n# Not a heading\n\n<script>x</script>"
        proposed.submit("/agendas/m/items", **fields, note=note, seen="0")
    publish(proposed, session)
    return proposed


def publish(browser: Browser, session: Session) -> None:
    session.expire_all()
    version = session.scalars(select(Agenda.version)).one()
    assert browser.submit("/agendas/m/publish", seen=str(version)).status_code == 303


def read(text: str) -> list[dict[str, str]]:
    """Headings of a Markdown text, as an independent parser sees them."""
    markdown = mistune.create_markdown(renderer="ast")
    tokens = markdown(text)
    assert isinstance(tokens, list)
    return [
        {"level": str(token["attrs"]["level"]), "text": plain(token)}
        for token in tokens
        if token["type"] == "heading"
    ]


def plain(token: dict[str, object]) -> str:
    children = token.get("children")
    if isinstance(children, list):
        return "".join(plain(child) for child in children)
    return str(token.get("raw", ""))


FILES = [f"1.{format_.extension}" for format_ in FORMATS.values()]
DRAFTS = [
    f"draft.{format_.extension}" for format_ in FORMATS.values() if not format_.needs_calendar
]


@pytest.mark.parametrize("file", FILES + DRAFTS)
def test_an_export_is_the_same_bytes_every_time(published: Browser, file: str) -> None:
    first = published.get(f"/agendas/m/{file}").data
    assert first
    assert published.get(f"/agendas/m/{file}").data == first


def test_a_published_version_stays_the_same_bytes_whatever_happens_to_the_draft(
    published: Browser, session: Session
) -> None:
    before = [published.get(f"/agendas/m/{file}").data for file in FILES]
    for item in session.scalars(select(AgendaItem)).all():
        item.title = "Changed"
    meeting = session.scalars(select(Meeting)).one()
    meeting.title, meeting.place = "Changed", "Elsewhere"
    assert [published.get(f"/agendas/m/{file}").data for file in FILES] == before


def test_the_bytes_do_not_depend_on_the_language_or_zone_of_who_takes_them(
    published: Browser, session: Session, cast: Cast, client: Browser
) -> None:
    mine = [published.get(f"/agendas/m/{file}").data for file in FILES]
    cast.administrator.zone = "Pacific/Auckland"
    client.sign_in(cast.administrator)
    french = {"Accept-Language": "fr"}
    assert [client.get(f"/agendas/m/{file}", headers=french).data for file in FILES] == mine


def test_the_html_is_valid_and_holds_no_script_and_one_style_of_its_own(published: Browser) -> None:
    text = published.get("/agendas/m/1.html").text
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    assert not list(tree.iter("script"))
    assert len(list(tree.iter("style"))) == 1
    assert not list(tree.iter("link"))
    assert not [node for node in tree.iter() if "style" in node.attrib]
    assert [heading.text for heading in tree.iter("h3")][-len(TITLES) - 1 : -1] == TITLES
    levels = [int(node.tag[1]) for node in tree.iter() if str(node.tag) in {"h1", "h2", "h3"}]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_page_allows_its_own_style_by_its_hash_and_nothing_else(published: Browser) -> None:
    answer = published.get("/agendas/m/1.html")
    style = answer.text.partition("<style>")[2].partition("</style>")[0]
    hashed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"]
    assert f"style-src 'sha256-{hashed}';" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


def test_an_independent_reader_of_markdown_finds_exactly_our_headings(published: Browser) -> None:
    headings = read(published.get("/agendas/m/1.md").text)
    assert headings[0] == {"level": "1", "text": "Plenary"}
    assert headings[1] == {"level": "2", "text": "In the meeting"}
    items = [heading["text"] for heading in headings[2:]]
    assert {heading["level"] for heading in headings[2:]} == {"3"}
    assert [text.partition(". ")[0] for text in items] == [str(n) for n in range(1, len(items) + 1)]
    assert [text.partition(". ")[2] for text in items][-len(TITLES) - 1 : -1] == TITLES


def test_links_within_the_site_stay_out_of_what_leaves_it(published: Browser) -> None:
    for name in ("md", "html"):
        text = published.get(f"/agendas/m/1.{name}").text
        assert "Open work" in text
        assert "/deliverables/" not in text


def test_it_is_marked_at_both_ends_with_the_highest_marking_in_it(
    published: Browser, client: Browser, cast: Cast
) -> None:
    lines = published.get("/agendas/m/1.md").text.strip().splitlines()
    assert (lines[0], lines[-1]) == ("**TLP:AMBER**", "**TLP:AMBER**")
    client.sign_in(cast.observer)
    lines = client.get("/agendas/m/1.md").text.strip().splitlines()
    assert (lines[0], lines[-1]) == ("**TLP:GREEN**", "**TLP:GREEN**")
    text = client.get("/agendas/m/1.html").text
    assert text.count("<b>TLP:GREEN</b>") == 2
    assert "AMBER" not in text.partition("</head>")[2]


def test_red_never_leaves_the_screen_not_even_for_its_author(
    proposed: Browser, session: Session, cast: Cast
) -> None:
    fields = {"kind": "discussion", "title": "Secret", "minutes": "5", "marking": "RED"}
    proposed.submit("/agendas/m/items", **fields, seen="0")
    publish(proposed, session)
    assert "Secret" in proposed.get("/agendas/m/1").text
    for file in FILES + DRAFTS:
        text = text_of(proposed.get(f"/agendas/m/{file}").data, file)
        assert "Plenary" in text
        assert "Secret" not in text
        assert "TLP:RED" not in text
    assert session.scalars(select(AudienceAccount.account_id)).all() == [cast.coordinator.id]


def test_a_draft_says_that_it_is_one(published: Browser) -> None:
    assert "Draft: not published" in published.get("/agendas/m/draft.html").text
    assert "Draft: not published" in published.get("/agendas/m/draft.md").text
    assert "Draft" not in published.get("/agendas/m/1.html").text
    assert "Agenda number 1" in published.get("/agendas/m/1.html").text


def test_who_took_it_away_is_in_the_trail_and_not_in_the_file(
    published: Browser, session: Session, cast: Cast
) -> None:
    text = published.get("/agendas/m/1.md").text
    session.expire_all()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "agenda.export")).one()
    assert entry.account_id == cast.coordinator.id
    assert entry.changes == {"number": [None, 1], "format": [None, "markdown"]}
    assert cast.coordinator.name not in text


def test_who_took_it_and_when_stands_beside_the_file(published: Browser, cast: Cast) -> None:
    headers = published.get("/agendas/m/1.pdf").headers
    assert headers["X-Exported-By"] == cast.coordinator.email
    assert headers["X-Exported-At"] == "2026-11-24T12:00:00+00:00"


def test_markdown_is_saved_under_a_name_and_html_opens(published: Browser) -> None:
    saved = published.get("/agendas/m/1.md").headers["Content-Disposition"]
    assert saved == "attachment; filename=m-1.md"
    assert "Content-Disposition" not in published.get("/agendas/m/1.html").headers


@pytest.fixture
def runner(app: Tracker, session: Session) -> FlaskCliRunner:
    session.commit()
    return app.test_cli_runner()


@pytest.mark.parametrize(
    ("name", "file"), [(name, f"1.{format_.extension}") for name, format_ in FORMATS.items()]
)
def test_the_command_writes_the_bytes_that_the_page_gives(
    published: Browser,
    runner: FlaskCliRunner,
    cast: Cast,
    tmp_path: Path,
    name: str,
    file: str,
) -> None:
    page = published.get(f"/agendas/m/{file}").data
    out = tmp_path / "agenda"
    done = runner.invoke(
        args=[
            "agenda",
            "export",
            "m",
            "--format",
            name,
            "--as",
            "carla@example.org",
            "-o",
            str(out),
        ]
    )
    assert done.exit_code == 0, done.output
    assert out.read_bytes() == page


def test_without_a_name_the_command_writes_what_every_account_may_read(
    published: Browser, client: Browser, runner: FlaskCliRunner, cast: Cast, tmp_path: Path
) -> None:
    out = tmp_path / "agenda.md"
    runner.invoke(args=["agenda", "export", "m", "--format", "markdown", "-o", str(out)])
    assert out.read_bytes() == client.sign_in(cast.observer).get("/agendas/m/1.md").data
    assert b"Narrow work" not in out.read_bytes()


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["agenda", "export", "nowhere", "-o", "x"], "There is no meeting nowhere. Known are: "),
        (["agenda", "export", "m", "--number", "7", "-o", "x"], "There is no such agenda"),
        (["agenda", "export", "m", "--draft", "-o", "x"], "A draft needs --draft and --as."),
        (
            ["agenda", "export", "m", "--draft", "--as", "otto@example.org", "-o", "x"],
            "not for this reader",
        ),
        (["agenda", "export", "m", "--as", "nobody@example.org", "-o", "x"], "no active account"),
        (["agenda", "export", "m", "-o", "/nowhere/x"], "cannot be written"),
        (["agenda", "propose", "m"], "already has an agenda"),
        (["agenda", "propose", "m", "--as", "otto@example.org"], "may not do this"),
    ],
)
def test_the_command_says_what_is_wrong_without_a_traceback(
    published: Browser, runner: FlaskCliRunner, args: list[str], says: str
) -> None:
    done = runner.invoke(args=args)
    assert done.exit_code == 1
    assert says in done.output
    assert "Traceback" not in done.output


def test_the_command_proposes_an_agenda(
    carla: Browser, runner: FlaskCliRunner, session: Session, cast: Cast
) -> None:
    session.commit()
    done = runner.invoke(args=["agenda", "propose", "m"])
    assert done.exit_code == 0, done.output
    assert "in the name of carla@example.org" in done.output
    session.expire_all()
    assert session.scalars(select(Agenda.created_by_id)).one() == cast.coordinator.id
    assert session.scalars(select(AgendaItem.marking).distinct()).all() == [Marking.GREEN]
