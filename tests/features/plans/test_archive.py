"""Everything about one member as one archive."""

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import make
from browser import Browser
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.core.markings import Marking
from app.sharing.rules import Sharing
from app.web.database import Tracker


def arrange(session: Session, cast: Cast) -> None:
    tools = make.deliverable(session, by=cast.coordinator, key="tools")
    make.assignment(session, tools, cast.kenya, by=cast.coordinator)
    for marking in (Marking.GREEN, Marking.AMBER, Marking.RED):
        make.update(
            session,
            tools,
            by=cast.liaison,
            effective_on=date(2025, 1, 1),
            note=f"=told {marking}",
            sharing=Sharing(marking),
        )
    session.commit()


def read(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def test_it_holds_what_the_reader_may_take_along_and_says_how_high_that_is(
    client: Browser, session: Session, cast: Cast
) -> None:
    arrange(session, cast)
    answer = client.sign_in(cast.liaison).get("/members/KE/archive")
    files = read(answer.data)
    told = json.loads(files["member.json"])
    assert [row["note"] for row in told["updates"]] == ["=told GREEN", "=told AMBER"]
    assert told["marking"] == "TLP:AMBER"
    assert "TLP-AMBER" in answer.headers["Content-Disposition"]
    assert "'=told GREEN" in files["updates.csv"]  # nothing in a cell is computed
    assert client.get("/members/KE/archive").data == answer.data
    observer = client.sign_in(cast.observer).get("/members/KE/archive")
    assert json.loads(read(observer.data)["member.json"])["marking"] == "TLP:GREEN"
    assert "AMBER" not in read(observer.data)["updates.csv"]
    session.rollback()
    taken = session.scalars(select(AuditEntry).where(AuditEntry.verb == "page.export")).all()
    assert [entry.subject_key for entry in taken] == ["/members/KE/archive"] * 3
    assert client.get("/members/ZZ/archive").status_code == 404
    assert client.get("/members/KE/archive?as_of=2020-01-01").status_code == 404


def test_it_is_written_by_command_and_the_trail_says_so(
    app: Tracker, session: Session, cast: Cast, tmp_path: Path
) -> None:
    arrange(session, cast)
    file = tmp_path / "kenya.zip"
    words = ["member", "export", "ke", "-o", str(file), "--as", cast.liaison.email]
    session.commit()
    answer = app.test_cli_runner().invoke(args=words)
    assert answer.exit_code == 0, answer.output
    assert "TLP:AMBER" in answer.output
    assert "member.json" in read(file.read_bytes())
    session.rollback()
    assert session.scalars(select(AuditEntry).where(AuditEntry.verb == "member.export")).one()
