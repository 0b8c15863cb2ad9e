"""axe-core finds nothing wrong with any page, light or dark; no page is wider than a telephone."""

from pathlib import Path
from typing import Any

import make
import pytest
from hand_count import FILES
from journey import SignIn
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.markings import Marking
from app.core.permissions import Role
from app.correspondence.actions import LetterEntry, register
from app.correspondence.rules import Direction, Purpose
from app.people.models import Account
from app.plans.actions import import_files
from app.priorities.models import Body
from app.sharing.rules import Sharing
from app.web.access import mark_of
from app.web.database import Tracker

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OF_ONE_THING = (
    "/deliverables/joint-tools",
    "/deliverables/joint-tools/updates",
    "/deadlines/summit",
    "/deadlines/geneva",
    "/priorities/evaluation",
    "/tracks/goals",
    "/members/GB",
    "/contributions/1",
    "/contributions/1/correction",
    "/contributions/1/marking",
    "/letters/a-letter",
    "/letters/a-letter/edit",
    "/letters/a-letter/marking",
    "/letters/new?direction=incoming",
    "/contributions?weights=1&by=year",
    "/members/GB/profile",
    "/members/GB/hours",
    "/membership/DE",
    "/bodies/iso",
    "/bodies/iso/edit",
    "/bodies/iso/engagements/new",
    "/bodies/iso/programmes/new",
    "/membership/DE/step",
    "/membership/DE/criteria/evidence",
    "/leadership/1/end",
    "/members/GB/functions/testing",
    "/functions/testing",
    "/questions/q1",
    "/deliverables/no-such-thing",
    "/timeline?zoom=quarter&as_of=2024-11-21",
    "/matrix?lacks=lead",
    "/compare?from=2024-11-19&to=2025-02-12",
    "/?as_of=2024-11-22",
    "/?as_of=1999-01-01",
    "/?as_of=never",
)
RUN = """async (standards) => {
  const found = await axe.run(document, {runOnly: {type: "tag", values: standards}});
  return found.violations.map(v => [v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 200))]);
}"""


@pytest.fixture
def carla(session: Session) -> Account:
    """A coordinator with the network's real plan and record before her."""
    made = make.account(session, Role.COORDINATOR, name="Carla")
    import_files(session, made.actor, FILES, make.NOW)
    body = session.scalars(select(Body).limit(1)).one()
    entry = LetterEntry(
        title="A letter", purpose=Purpose.FOR_ACTION, body_id=body.id, due_on=make.NOW.date()
    )
    green, day = Sharing(Marking.GREEN), make.NOW.date()
    register(session, made.actor, Direction.INCOMING, entry, green, day, make.NOW)
    session.commit()
    return made


@pytest.fixture
def axe() -> str:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci")
    return AXE.read_text(encoding="utf-8")


def every_list(app: Tracker) -> list[str]:
    """The address of every page that needs nothing filled in."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())]
    return sorted(
        rule.rule
        for rule in rules
        if not rule.arguments
        and "." not in rule.rule  # files
        and mark_of(app.view_functions[rule.endpoint]) is not None
    )


def violations(page: Page, axe: str, path: str) -> list[Any]:
    answer = page.goto(path)
    if answer is None or not answer.headers.get("content-type", "").startswith("text/html"):
        return []
    page.evaluate(axe)
    found: list[Any] = page.evaluate(RUN, STANDARDS)
    return [(path, *each) for each in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_violates_what_axe_checks(
    app: Tracker, carla: Account, sign_in: SignIn, axe: str, scheme: str
) -> None:
    page = sign_in(carla)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of the two
    paths = [*every_list(app), *OF_ONE_THING]
    assert len(paths) > 30
    assert [each for path in paths for each in violations(page, axe, path)] == []


def test_no_page_is_wider_than_a_small_telephone(
    app: Tracker, carla: Account, sign_in: SignIn
) -> None:
    page = sign_in(carla)
    page.set_viewport_size({"width": 360, "height": 740})
    wide = []
    for path in [*every_list(app), *OF_ONE_THING]:
        answer = page.goto(path)
        if answer and answer.headers.get("content-type", "").startswith("text/html"):
            width = page.evaluate("document.documentElement.scrollWidth")
            wide += [(path, width)] if width > 360 else []
    assert wide == []
