"""A review to take along: the same file every time, with what its reader may see."""

import json
from pathlib import Path

import ical_reader
import jsonschema
import make
import mistune
import pytest
from browser import Browser
from bs4 import BeautifulSoup
from cast import Cast
from exported import text_of
from flask.testing import FlaskCliRunner
from review_cast import Summit
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.core.markings import Marking
from app.deliverables.actions.schedule import Due
from app.deliverables.models import Deliverable
from app.documents import schemas
from app.documents.formats import FORMATS
from app.reviews.models import DeadlineReview, ReviewChoice
from app.web.database import Tracker

TODAY = make.NOW.date()
FILES = [format_.extension for format_ in FORMATS.values()]
OPEN_FILES = [format_.extension for format_ in FORMATS.values() if not format_.needs_calendar]


def secret(session: Session, cast: Cast, summit: Summit) -> Deliverable:
    return make.deliverable(
        session,
        by=cast.coordinator,
        title="Secret",
        marking=Marking.RED,
        due=Due(deadline_id=summit.deadline.id),
    )


@pytest.fixture
def closed(reviewing: Browser, review: DeadlineReview, session: Session, summit: Summit) -> Browser:
    """Each kept but one, which is moved for a reason that looks like markup."""
    for key in ("terms", "draft", "ready", "done"):
        fields = {"choice": "keep", "reason": "", "seen": "0"}
        if key == "terms":
            reason = "# Too *early* <b>"
            fields = {"choice": "move", "reason": reason, "new_deadline": "later", "seen": "0"}
        url = f"/reviews/{review.id}/choices/{key}"
        assert reviewing.submit(url, **fields).status_code == 303
    session.rollback()
    last = max(session.scalars(select(ReviewChoice.id)))
    day = TODAY.isoformat()
    done = reviewing.submit(f"/reviews/{review.id}/close", seen=last, effective_on=day)
    assert done.status_code == 303, done.text[-500:]
    return reviewing


@pytest.mark.parametrize("extension", FILES)
def test_a_closed_review_is_the_same_bytes_every_time(
    closed: Browser, session: Session, cast: Cast, review: DeadlineReview, extension: str
) -> None:
    url = f"/reviews/{review.id}.{extension}"
    first = closed.get(url)
    assert first.status_code == 200
    session.scalars(select(Deliverable)).first().title = "Changed"  # type: ignore[union-attr]
    closed.sign_in(cast.administrator)
    assert closed.get(url, headers={"Accept-Language": "fr"}).data == first.data


@pytest.mark.parametrize("extension", FILES)
def test_every_format_tells_what_was_chosen(
    closed: Browser, review: DeadlineReview, extension: str
) -> None:
    told = text_of(closed.get(f"/reviews/{review.id}.{extension}").data, extension)
    assert "The summit" in told
    assert "Terms" in told
    assert "TLP:GREEN" in told or '"GREEN"' in told
    if extension != "ics":
        assert "Later" in told


def test_what_people_wrote_is_text(closed: Browser, review: DeadlineReview) -> None:
    assert "# Too *early* <b>" in text_of(closed.get(f"/reviews/{review.id}.pdf").data, ".pdf")
    read = str(mistune.html(closed.get(f"/reviews/{review.id}.md").text))
    assert "# Too *early* <b>" in BeautifulSoup(read, "html.parser").get_text()
    assert "# Too *early* &lt;b&gt;" in closed.get(f"/reviews/{review.id}.html").text


def test_the_data_is_as_its_schema_has_it(closed: Browser, review: DeadlineReview) -> None:
    found = json.loads(closed.get(f"/reviews/{review.id}.json").data)
    jsonschema.validate(found, schemas.schema("review-1"))
    by_key = {entry["key"]: entry for entry in found["entries"]}
    assert by_key["terms"]["chosen"]["choice"] == "move"
    assert by_key["terms"]["chosen"]["new_deadline_key"] == "later"
    assert found["counts"]["total"] == 4


def test_the_event_is_the_day_that_was_looked_at(closed: Browser, review: DeadlineReview) -> None:
    (event,) = ical_reader.events(closed.get(f"/reviews/{review.id}.ics").data)
    assert event["start"] == TODAY.isoformat()
    assert event["summary"] == "Review: The summit"


def test_an_open_review_says_that_it_is_one_and_is_no_event(
    reviewing: Browser, review: DeadlineReview
) -> None:
    for extension in OPEN_FILES:
        told = text_of(reviewing.get(f"/reviews/{review.id}.{extension}").data, extension)
        assert "Open, begun by" in told or '"closed_at": null' in told
    assert reviewing.get(f"/reviews/{review.id}.ics").status_code == 404


def test_an_open_review_fits_the_schema_too(reviewing: Browser, review: DeadlineReview) -> None:
    found = json.loads(reviewing.get(f"/reviews/{review.id}.json").data)
    jsonschema.validate(found, schemas.schema("review-1"))


def test_red_stays_on_the_screen(
    reviewing: Browser, review: DeadlineReview, session: Session, cast: Cast, summit: Summit
) -> None:
    secret(session, cast, summit)
    for extension in OPEN_FILES:
        told = text_of(reviewing.get(f"/reviews/{review.id}.{extension}").data, extension)
        assert "Secret" not in told
        assert "RED" not in told


def test_who_took_it_is_in_the_trail(
    closed: Browser, review: DeadlineReview, session: Session, cast: Cast
) -> None:
    answer = closed.get(f"/reviews/{review.id}.docx")
    assert answer.headers["X-Exported-By"] == cast.coordinator.email
    entry = session.scalars(select(AuditEntry).where(AuditEntry.verb.like("%.export"))).one()
    assert entry.verb == "review.export"
    assert (entry.account_id, entry.subject_key) == (cast.coordinator.id, "summit")
    assert entry.changes["format"] == [None, "docx"]


@pytest.fixture
def runner(closed: Browser, app: Tracker, session: Session) -> FlaskCliRunner:
    session.commit()
    return app.test_cli_runner()


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_command_writes_the_bytes_that_the_page_gives(
    closed: Browser,
    runner: FlaskCliRunner,
    session: Session,
    cast: Cast,
    review: DeadlineReview,
    tmp_path: Path,
    name: str,
) -> None:
    page = closed.get(f"/reviews/{review.id}.{FORMATS[name].extension}").data
    out, args = tmp_path / "review", ["review", "export", "summit", "--as", cast.coordinator.email]
    session.commit()
    done = runner.invoke(args=[*args, "--format", name, "-o", str(out)])
    assert done.exit_code == 0, done.output
    assert out.read_bytes() == page


def test_the_command_is_for_those_who_read_reviews(
    runner: FlaskCliRunner, session: Session, cast: Cast, tmp_path: Path
) -> None:
    out, liaison, carla = str(tmp_path / "review"), cast.liaison.email, cast.coordinator.email
    session.commit()
    for email, deadline, says in (
        (liaison, "summit", "may not do this"),
        ("nobody@example.org", "summit", "no active account"),
        (carla, "nowhere", "There is no review for nowhere"),
    ):
        done = runner.invoke(args=["review", "export", deadline, "--as", email, "-o", out])
        assert done.exit_code == 1
        assert says in done.output
    listed = runner.invoke(args=["review", "list", "--as", carla, "--json"])
    assert [found["deadline"] for found in json.loads(listed.output)["reviews"]] == ["summit"]


@pytest.mark.parametrize("extension", ["exe", "", "pdf.pdf"])
def test_no_other_format_is_to_be_had(
    closed: Browser, review: DeadlineReview, extension: str
) -> None:
    assert closed.get(f"/reviews/{review.id}.{extension}").status_code == 404
