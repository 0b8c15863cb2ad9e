"""The certificate of a decision to take along: one file for all who may read it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import make
import pytest
from browser import Browser
from cast import Cast
from exported import text_of
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.core.markings import Marking
from app.decisions.actions import proposing, settling
from app.decisions.actions.positions import take_position
from app.decisions.actions.proposing import ProposalEntry
from app.decisions.certificate import Answer, Certificate
from app.decisions.documents import publication
from app.decisions.models import Decision
from app.decisions.rules import Result, Stance, Why
from app.documents import schemas
from app.documents.formats import FORMATS
from app.members.models import DecisionRule
from app.sharing.rules import Sharing
from app.web.database import Tracker

OPENED = make.NOW - timedelta(days=9)
CLOSED = OPENED + timedelta(days=7)
KINDS = {name: each.extension for name, each in FORMATS.items() if not each.needs_calendar}
URL = "/decisions/meet-twice/certificate"
GOLDEN = Certificate(
    key="meet-twice",
    title="Meet twice",
    proposal="The network meets every six months.\n# It *does* <b>",
    network="International Network",
    marking=Marking.GREEN,
    is_opt_in=False,
    quorum=2,
    silence_is_assent=True,
    opens_at=datetime(2025, 1, 6, 9, tzinfo=UTC),
    closes_at=datetime(2025, 1, 10, 12, tzinfo=UTC),
    result=Result.PASSED,
    why=Why.NO_OBJECTION,
    answered=2,
    answers=(
        Answer(
            "GB",
            "United Kingdom",
            Stance.SUPPORT,
            "Gladly | truly",
            datetime(2025, 1, 7, 9, tzinfo=UTC),
            False,
            False,
        ),
        Answer("KE", "Kenya", None, "", None, True, False),
    ),
)
AS_MARKDOWN = """\
**TLP:GREEN**

# Decision: Meet twice

**Passed. The quorum answered and nobody objects. Recorded 10 Jan 2025, 13:00 (UTC).**

- Open from: 6 Jan 2025, 09:00 (UTC)
- Closed: 10 Jan 2025, 12:00 (UTC)
- Answered: 2 of 2 with a say
- SHA-256 of what was frozen: abc

## The proposal

### 1. Meet twice

*Consensus, with a quorum of 2: it passes when nobody objects. Silence of whoever was a member the \
whole time is assent.*

The network meets every six months.

\\# It \\*does\\* \\<b>

## Answers

| Member | Position | Statement | Taken |
| --- | --- | --- | --- |
| United Kingdom | Support | Gladly \\| truly | 7 Jan 2025, 09:00 (UTC) |
| Kenya | Silent: taken as assent |  |  |

**TLP:GREEN**
"""


def test_the_certificate_reads_as_it_always_did(app: Tracker) -> None:
    settled_at = datetime(2025, 1, 10, 13, tzinfo=UTC)
    with app.test_request_context():
        made = publication(GOLDEN, settled_at, "abc", Marking.GREEN)
    assert FORMATS["markdown"].write(made).decode() == AS_MARKDOWN


def settled(session: Session, cast: Cast, marking: Marking = Marking.GREEN) -> Decision:
    entry = ProposalEntry(
        title="Meet twice",
        proposal="Every six months.\n# It *does* <b>",
        rule=DecisionRule.CONSENSUS,
        quorum=1,
        silence_is_assent=False,
        opens_at=None,
        closes_at=CLOSED,
        sharing=Sharing(marking, frozenset({cast.kenya.id})),
    )
    by = cast.coordinator.actor
    made = proposing.draft(session, by, entry, OPENED)
    proposing.put(session, by, made, made.version, OPENED)
    said_at = OPENED + timedelta(hours=1)
    take_position(session, cast.liaison.actor, made, Stance.SUPPORT, "Gladly", said_at)
    settling.settle(session, by, made, make.NOW)
    session.commit()
    return made


@pytest.mark.parametrize("name", KINDS)
def test_it_is_the_same_bytes_for_everybody_and_by_command(
    client: Browser, app: Tracker, session: Session, cast: Cast, tmp_path: Path, name: str
) -> None:
    settled(session, cast)
    url = f"{URL}.{KINDS[name]}"
    first = client.sign_in(cast.observer).get(url)
    told = text_of(first.data, KINDS[name])
    for word in ("Gladly", "Every six months.", "GREEN"):
        assert word in told
    client.sign_in(cast.liaison)
    assert client.get(url, headers={"Accept-Language": "fr"}).data == first.data
    file = tmp_path / "certificate"
    asked = ["decisions", "certificate", "meet-twice", "--format", name, "-o", str(file)]
    answer = app.test_cli_runner().invoke(args=asked)
    assert answer.exit_code == 0, answer.output
    assert file.read_bytes() == first.data


def test_the_data_is_as_its_schema_has_it(client: Browser, session: Session, cast: Cast) -> None:
    settled(session, cast)
    found = json.loads(client.sign_in(cast.observer).get(f"{URL}.json").data)
    jsonschema.validate(found, schemas.schema("decision-1"))
    assert [(a["code"], a["stance"]) for a in found["answers"]] == [
        ("GB", None),
        ("KE", "support"),
    ]


def test_the_trail_says_who_took_it(client: Browser, session: Session, cast: Cast) -> None:
    settled(session, cast)
    answer = client.sign_in(cast.observer).get(f"{URL}.md")
    assert answer.headers["X-Exported-By"] == cast.observer.email
    taken = select(AuditEntry).where(AuditEntry.verb == "decision.export")
    line = session.scalars(taken).one()
    assert (line.subject_key, line.account_id) == ("meet-twice", cast.observer.id)
    assert line.changes == {"format": [None, "markdown"]}


def test_there_is_none_before_it_is_recorded_and_none_for_whoever_may_not_know(
    client: Browser, app: Tracker, session: Session, cast: Cast, tmp_path: Path
) -> None:
    settled(session, cast, Marking.AMBER)
    email = cast.liaison.email
    for account, status in ((cast.liaison, 200), (cast.other_liaison, 404), (cast.observer, 404)):
        assert client.sign_in(account).get(f"{URL}.pdf").status_code == status
    session.commit()
    file = str(tmp_path / "certificate")
    asked = ["decisions", "certificate", "meet-twice", "-o", file]
    assert app.test_cli_runner().invoke(args=asked).exit_code == 1
    named = [*asked, "--as", email]
    assert app.test_cli_runner().invoke(args=named).exit_code == 0
    client.sign_in(cast.liaison)
    assert client.get(f"{URL}.ics").status_code == 404
    assert client.get(f"{URL}.exe").status_code == 404
    assert client.page(URL).find("a", href=f"{URL}.docx")
