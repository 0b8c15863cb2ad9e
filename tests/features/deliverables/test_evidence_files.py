"""Files as evidence: what they are decides, they lie out of reach, and are only ever saved."""

import io
import re
import stat
from pathlib import Path

import make
import pytest
from browser import Browser, shown_in
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.core.filestore import FileStore, sha256
from app.core.markings import Marking
from app.deliverables.models import Deliverable, Evidence, EvidenceFile, StatusUpdate
from app.deliverables.rules.files import LARGEST, FileKind
from app.sharing.models import Audience, AudienceAccount

URL = "/deliverables/tools/updates"
PDF = b"%PDF-1.7\nfor a test\n"


def deliverable(session: Session, cast: Cast, marking: Marking = Marking.GREEN) -> Deliverable:
    audience = Audience()
    session.add(audience)
    session.flush()
    if marking is Marking.RED:
        for account in (cast.liaison, cast.coordinator):
            named = AudienceAccount(audience_id=audience.id, account_id=account.id)
            session.add(named)
    made = make.deliverable(session, by=cast.coordinator, key="tools", marking=marking)
    made.audience_id = audience.id
    make.assignment(session, made, cast.kenya, by=cast.coordinator)
    session.flush()
    return made


def add(client: Browser, content: bytes, name: str = "report.pdf", **fields: str) -> int:
    sent = {"status": "in_progress", "evidence_file": (io.BytesIO(content), name), **fields}
    return client.fill(URL, **sent).status_code


def without_number(page: str, number: int) -> str:
    """The page but for the address that was asked for and its tokens, which tell the second."""
    page = re.sub(r'name="csrf_token" value="[^"]*"', "", page)
    return page.replace(f"evidence/{number}/", "").replace(f"evidence%2F{number}%2F", "")


def kept(session: Session) -> list[Evidence]:
    session.rollback()
    return list(session.scalars(select(Evidence).order_by(Evidence.id)))


def test_a_file_is_kept_under_its_hash_where_nothing_serves_it(
    client: Browser, session: Session, cast: Cast, tmp_path: Path
) -> None:
    deliverable(session, cast)
    client.sign_in(cast.liaison)
    assert add(client, PDF, evidence_title="The report") == 303
    [evidence] = kept(session)
    file = session.get_one(EvidenceFile, evidence.id)
    assert (evidence.title, evidence.url) == ("The report", "")
    assert (file.sha256, file.kind, file.size) == (sha256(PDF), FileKind.PDF, len(PDF))
    path = FileStore(tmp_path / "evidence").path(file.sha256)
    assert path.read_bytes() == PDF
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_download_is_saved_under_a_safe_name_and_never_run(
    client: Browser, session: Session, cast: Cast
) -> None:
    deliverable(session, cast)
    client.sign_in(cast.liaison)
    add(client, b"<script>alert(1)</script>", "../évil;.html")
    answer = client.get(f"/evidence/{kept(session)[0].id}/file")
    assert answer.status_code == 200
    assert answer.data == b"<script>alert(1)</script>"
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    assert "%C3%A9vil-.html.txt" in disposition


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"MZ\x90\x00", "none of the kinds of file"),
        (b"GIF89a\x00", "none of the kinds of file"),
        (b"%PDF-" + b"x" * LARGEST, "larger than 10 MB"),
    ],
)
def test_what_is_no_evidence_is_refused_and_the_text_stays(
    client: Browser, session: Session, cast: Cast, content: bytes, says: str
) -> None:
    deliverable(session, cast)
    client.sign_in(cast.liaison)
    fields = {
        **shown_in(client.page(URL), URL),
        "csrf_token": client.csrf_token(),
        "status": "in_progress",
        "note": "Kept words",
        "evidence_file": FileStorage(io.BytesIO(content), "report.pdf"),
    }
    # Encoded here: the client would leave a large one in a file that it never closes.
    boundary, body = encode_multipart(fields)
    answer = client.post(
        URL,
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
    )
    assert answer.status_code == 422
    assert says in answer.text
    assert "Kept words" in answer.text
    assert session.scalars(select(StatusUpdate)).all() == []


@pytest.mark.parametrize(
    ("marking", "who", "status"),
    [
        (Marking.GREEN, "observer", 200),
        (Marking.AMBER, "liaison", 200),
        (Marking.AMBER, "coordinator", 200),
        (Marking.AMBER, "other_liaison", 404),
        (Marking.AMBER, "observer", 404),
        (Marking.AMBER_STRICT, "other_liaison", 404),
    ],
)
def test_a_file_is_there_only_for_those_who_see_what_it_shows(
    client: Browser, session: Session, cast: Cast, marking: Marking, who: str, status: int
) -> None:
    deliverable(session, cast, marking)
    client.sign_in(cast.liaison)
    assert add(client, PDF) == 303
    number = kept(session)[0].id
    client.sign_in(getattr(cast, who))
    hidden = client.get(f"/evidence/{number}/file")
    missing = client.get("/evidence/999/file")
    assert hidden.status_code == status
    if status == 404:
        assert without_number(hidden.text, number) == without_number(missing.text, 999)


def test_red_stays_on_the_screen(client: Browser, session: Session, cast: Cast) -> None:
    deliverable(session, cast, Marking.RED)
    client.sign_in(cast.liaison)
    assert add(client, PDF) == 422
    assert kept(session) == []


def test_a_file_that_was_changed_on_the_disk_is_not_given_out(
    client: Browser, session: Session, cast: Cast, tmp_path: Path
) -> None:
    deliverable(session, cast)
    client.sign_in(cast.liaison)
    add(client, PDF)
    path = FileStore(tmp_path / "evidence").path(sha256(PDF))
    number = kept(session)[0].id
    path.write_bytes(b"%PDF-1.7\nanother\n")
    changed = client.get(f"/evidence/{number}/file")
    path.unlink()
    gone = client.get(f"/evidence/{number}/file")
    assert (changed.status_code, gone.status_code) == (404, 404)
    assert "no longer there as it was handed in" in changed.text
    assert "no longer there as it was handed in" in gone.text


def test_a_damaged_file_that_is_handed_in_again_is_mended(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    path = store.path(store.put(PDF))
    path.write_bytes(b"another")
    assert store.get(store.put(PDF)) == PDF


def test_where_no_file_can_be_kept_nothing_is_logged_and_it_is_said(
    client: Browser, session: Session, cast: Cast, tmp_path: Path
) -> None:
    deliverable(session, cast)
    client.sign_in(cast.liaison)
    (tmp_path / "evidence").write_bytes(b"")  # root may write into any folder, but not into a file
    answer = client.fill(
        URL, status="in_progress", evidence_file=(io.BytesIO(PDF), "report.pdf"), note="With it"
    )
    assert answer.status_code == 503
    assert "No file can be kept" in answer.text
    assert answer.headers["Retry-After"]
    session.rollback()
    assert session.scalars(select(StatusUpdate)).all() == []
    (tmp_path / "evidence").unlink()
    assert add(client, PDF) == 303


def test_the_same_content_is_kept_once(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    assert store.put(PDF) == store.put(PDF) == sha256(PDF)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [sha256(PDF)]
    assert store.get(sha256(PDF)) == PDF
    assert store.get("0" * 64) is None


def test_a_file_is_evidence_enough_to_deliver(
    client: Browser, session: Session, cast: Cast
) -> None:
    of = deliverable(session, cast)
    client.sign_in(cast.liaison)
    add(client, PDF)
    client.sign_in(cast.coordinator)
    for status in ("in_review", "delivered"):
        assert client.fill(URL, status=status).status_code == 303
    assert of.key == "tools"
