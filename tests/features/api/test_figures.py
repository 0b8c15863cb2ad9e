"""What programs are told on a past day is what the pages and their files of that day say: on the
real network."""

import csv
from collections.abc import Callable
from typing import Any

import make
import pytest
from browser import Browser
from bs4 import BeautifulSoup
from hand_count import FILES
from program import Program
from sqlalchemy.orm import Session

from app.core.permissions import Role
from app.people.models import Account
from app.plans.actions import import_files

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Programs = Callable[..., Program]
DAY = "2025-07-31"
SUMMIT = "2027-summit"


@pytest.fixture
def carla(session: Session) -> Account:
    """A coordinator, with the network's real plan and record before her."""
    made = make.account(session, Role.COORDINATOR, name="Carla")
    import_files(session, made.actor, FILES, make.NOW)
    session.commit()
    return made


def rows(client: Browser, address: str) -> list[dict[str, str]]:
    """The file of a page; the line above its head says how it is marked."""
    lines = client.get(address).text.lstrip("\ufeff").splitlines()
    start = next(n for n, line in enumerate(lines) if line.count(",") > 1)
    return list(csv.DictReader(lines[start:]))


def test_all_figures_of_a_past_day(program: Programs, client: Browser, carla: Account) -> None:
    """One network for all of them: bringing it in is what takes long."""
    bearer = program(carla)
    client.sign_in(carla)
    compared(bearer, client)
    slipped(bearer, client)
    parted(bearer, client)
    ranked(bearer, client)
    drawn(bearer, client)
    carried(bearer, client)
    stood(bearer, client)
    foreseen(bearer, client)


def compared(bearer: Program, client: Browser) -> None:
    days = f"from={make.PLANNED_ON}&to={DAY}"
    told = bearer.read(f"/compare?{days}")
    shown = rows(client, f"/compare?{days}&download=changes.csv")
    assert len(shown) == len(told["changes"]) > 3
    assert [row["In detail"] for row in shown] == [each["says"] for each in told["changes"]]
    for side, day in (("before", make.PLANNED_ON), ("after", DAY)):
        assert told[side] == bearer.read(f"/overview?as_of={day}")["progress"]


def slipped(bearer: Program, client: Browser) -> None:
    told = bearer.read(f"/slips?as_of={DAY}&limit=200")
    shown = rows(client, f"/slips?as_of={DAY}&download=moves.csv")
    assert [row["Deliverable"] for row in shown] == [each["title"] for each in told["items"]]
    assert [int(row["Moved"]) for row in shown] == [each["due"]["moves"] for each in told["items"]]
    assert told["moves"] == sum(int(row["Moved"]) for row in shown)


def parted(bearer: Program, client: Browser) -> None:
    told = bearer.every(f"/matrix?as_of={DAY}")
    shown = rows(client, f"/matrix?as_of={DAY}&download=matrix.csv")
    assert [row["Key"] for row in shown] == [each["key"] for each in told]
    whose = [sum(bool(cell) for cell in list(row.values())[5:-1]) for row in shown]
    assert whose == [len(each["cells"]) for each in told]
    assert sum(whose) > 10


def ranked(bearer: Program, client: Browser) -> None:
    weights = "overlap=3&impact=1&feasibility=0"
    told = bearer.read(f"/ranking?as_of={DAY}&{weights}")["items"]
    shown = rows(client, f"/functions?as_of={DAY}&{weights}&download=ranking.csv")
    assert [row["Priority"] for row in shown] == [each["title"] for each in told]
    scores = [each["score"] for each in told]
    said = [None if score is None else round(100 * score, 1) for score in scores]
    assert [float(row["Score"]) if row["Score"] else None for row in shown] == said
    assert any(scores)


def drawn(bearer: Program, client: Browser) -> None:
    told = bearer.every(f"/timeline?as_of={DAY}&zoom=year")
    page = client.page(f"/timeline?as_of={DAY}&zoom=year")
    linked = {a["href"].split("?")[0] for a in page.select('a[href^="/deliverables/"]')}
    first = {f"/deliverables/{each['key']}" for each in told[:40]}
    assert first <= linked
    whole = {each["key"]: each for each in bearer.every(f"/deliverables?as_of={DAY}&limit=200")}
    for each in told:
        needs = [needed["key"] for needed in whole[each["key"]]["depends_on"]]
        assert each["needs"] == needs


def carried(bearer: Program, client: Browser) -> None:
    told = bearer.read(f"/load?as_of={DAY}")["items"]
    shown = rows(client, f"/members?as_of={DAY}&download=members.csv")
    for name, field in (("Leads, open", "leads"), ("Asked", "asked")):
        assert [int(row[name]) for row in shown] == [each[field] for each in told]
    over_time = bearer.read(f"/over-time?as_of={DAY}")["by_status"]
    now = bearer.read(f"/overview?as_of={DAY}")["progress"]["by_status"]
    assert over_time[-1]["counts"] == {status: n for status, n in now.items() if n}


def stood(bearer: Program, client: Browser) -> None:
    """Of something that waits for another: the chain, and how much room is left."""
    keys = [each["key"] for each in bearer.every(f"/deliverables?as_of={DAY}&limit=200")]
    told = [bearer.read(f"/deliverables/{key}/schedule?as_of={DAY}") for key in keys]
    chained = [each for each in told if len(each["chain"]) > 1]
    assert chained
    for each in chained[:3]:
        page = text_of(client.page(f"/deliverables/{each['key']}?as_of={DAY}"))
        assert all(link["title"] in page for link in each["chain"])
        if each["slack_days"] is not None:
            assert f"{abs(each['slack_days']):,} day" in page


def foreseen(bearer: Program, client: Browser) -> None:
    for row in bearer.read(f"/deadlines?as_of={DAY}")["items"]:
        told = bearer.read(f"/deadlines/{row['key']}/forecast?as_of={DAY}")
        assert told["total"] == sum(
            each["deadline"] == row["key"]
            for each in bearer.every(f"/deliverables?as_of={DAY}&limit=200")
        )
        page = text_of(client.page(f"/deadlines/{row['key']}/schedule?as_of={DAY}"))
        assert all(each["title"] in page for each in told["items"])


def text_of(page: BeautifulSoup) -> str:
    said: Any = page.get_text(" ", strip=True)
    return str(said)
